//! Feedback: what reviewers asked, answered on one page, checked and sent as one batch.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::answer_view::shown;
use super::answers::{Saved, again, save, settle};
use super::conflict::{self, Attempt, resolved_post};
use super::ctx::{SignedIn, see_other};
use super::diff::{self, Diff};
use super::form::Posted;
use super::frame::Frame;
use super::opened::{Filled, Note, Opened, Unsaved, unsaved};
use super::page::{ok, page};
use super::place::{self, texts};
use super::presence;
use super::question_view::{Field, Source};
use super::reuse::choice;
use super::reviews::CALL_FROM;
use crate::domain::answer::Given;
use crate::domain::catalogue::{Question, Section, Stage};
use crate::domain::decide::offer;
use crate::domain::draft::{Form, Place};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::{SectionAct, SectionState, Verdict};
use crate::error::Error;
use crate::store::visible::Sent;
use crate::words::{counted, long_date, short_date};

/// One thing that was asked.
struct Row {
    question: String,
    section: String,
    text: String,
    asked: String,
    href: String,
}

#[derive(Template)]
#[template(path = "feedback/index.html")]
struct IndexPage {
    frame: Frame,
    place: place::Place,
    open: Vec<Row>,
    answered: Vec<Row>,
    closed: Vec<Row>,
}

/// P25: everything that was asked, over all sections.
pub async fn index(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let (mut open, mut answered, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for section in Section::ALL.iter().copied() {
        let text = texts(setting.catalogue, section)?;
        let record = product.section(section);
        for question in text.questions() {
            let Some(decision) = record.told(&question.key) else { continue };
            let was_asked = record.decisions.get(&question.key).into_iter().flatten().rfind(|d| d.verdict == Verdict::More);
            let Some(asked) = was_asked.filter(|d| d.round <= decision.round) else { continue };
            let row = Row {
                question: crate::domain::parse::capitalised(&question.name),
                section: text.title.clone(),
                text: cut(&asked.comment),
                asked: short_date(crate::domain::calendar::london_date(asked.at)),
                href: format!("{}/sections/{section}", product.address()),
            };
            if decision.verdict == Verdict::Accept {
                closed.push(row);
            } else if record.state() == SectionState::Submitted {
                answered.push(row);
            } else if given.is_shown(question) {
                open.push(Row { href: format!("{}/feedback#{}", row.href, question.key), ..row });
            }
        }
    }
    let place = place::Place::new(&me, &product, &given, "feedback");
    ok(&IndexPage { frame: me.frame(format!("Feedback – {}", product.facts.name)), place, open, answered, closed })
}

fn cut(text: &str) -> String {
    if text.chars().count() <= 140 { text.to_owned() } else { text.chars().take(139).collect::<String>() + "…" }
}

#[derive(Template)]
#[template(path = "feedback/round.html")]
struct RoundPage {
    frame: Frame,
    back: String,
    product_name: String,
    title: String,
    progress: String,
    reply_by: String,
    message: String,
    round: u32,
    /// Who could settle it in a call; empty before the third round.
    call: String,
    fields: Vec<Field>,
    has_files: bool,
    place: String,
    draft: Option<Note>,
    present: String,
}

/// What both ways to this page need.
struct Round<'a> {
    product: &'a Product,
    given: Given<'a>,
    section: Section,
    asked: Vec<&'a Question>,
}

async fn round_page(me: &SignedIn, round: &Round<'_>, fields: Vec<Field>) -> Result<RoundPage, Error> {
    let Round { product, given, section, asked } = round;
    let text = texts(given.catalogue, *section)?;
    let done = asked.iter().filter(|q| product.is_replied(*section, q)).count();
    let replies = me.visible().replies(product).await?;
    let last = replies.iter().find(|r| r.section == *section);
    Ok(RoundPage {
        frame: me.frame(format!("Feedback: {} – {}", text.short, product.facts.name)),
        back: product.address(),
        product_name: product.facts.name.clone(),
        title: text.title.clone(),
        progress: format!("{done} of {} answered", counted(asked.len(), "question")),
        reply_by: product.section(*section).reply_by.map(long_date).unwrap_or_default(),
        round: product.section(*section).round,
        call: caller(me, product, *section).await?,
        message: last.map(|r| r.message.clone()).unwrap_or_default(),
        has_files: fields.iter().any(|f| f.input == "file"),
        fields,
        place: Place::new(product, *section, Form::Feedback).to_string(),
        draft: None,
        present: String::new(),
    })
}

/// The reviewer to talk to, from the third round on.
async fn caller(me: &SignedIn, product: &Product, section: Section) -> Result<String, Error> {
    let record = product.section(section);
    let reviewer = record.reviewer.filter(|_| record.round >= CALL_FROM);
    let names = me.visible().names(reviewer).await?;
    Ok(reviewer.and_then(|id| names.get(&id).cloned()).unwrap_or_default())
}

/// P26: only what was returned, all on one page.
pub async fn show(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let asked = on_page(&product, &given, section);
    if asked.is_empty() || offer(&setting, &me.actor, &product, section, SectionAct::Answer).is_err() {
        return Ok(see_other(&format!("{}/sections/{section}", product.address())));
    }
    let names = me.visible().names(people(&product, section)).await?;
    let source = Source { product: &product, given, names: &names };
    let sent = last_sent(&me, &product, section).await?;
    let place = Place::new(&product, section, Form::Feedback);
    let opened = Opened::at(&me, &place).await?;
    let Filled { mut fields, note, outdated } = opened.fill(&source, section, &asked);
    let present = presence::at(&me, &product, &place).await?;
    if !outdated.is_empty() {
        let files = note.map(|n| n.files).unwrap_or_default();
        let attempt = Attempt { place: &place, questions: &asked, fields: opened.typed(), files: &files, outdated: &outdated };
        return conflict::show(&me, &product, &attempt, StatusCode::OK).await;
    }
    for (field, question) in fields.iter_mut().zip(&asked) {
        let before = sent.as_ref().and_then(|s| s.content.answer(&question.key));
        field.before = before.map(|b| shown(question, Some(&b.value), &product.address()));
    }
    choice::offer_files(&me, &product, &mut fields).await?;
    let round = Round { product: &product, given, section, asked };
    ok(&RoundPage { draft: note, present, ..round_page(&me, &round, fields).await? })
}

/// The questions that were asked about and the follow-ups that came up since and have no answer that was sent.
fn on_page<'a>(product: &Product, given: &Given<'a>, section: Section) -> Vec<&'a Question> {
    let asked = product.asked(given, section);
    if asked.is_empty() {
        return asked;
    }
    let new = |q: &&Question| product.section(section).last(&q.key).is_none();
    given.shown(section).into_iter().filter(|q| asked.iter().any(|a| a.key == q.key) || new(q)).collect()
}

fn people(product: &Product, section: Section) -> Vec<crate::domain::words::PersonId> {
    let decisions = product.section(section).decisions.values().flatten().map(|d| d.by);
    product.answers.values().map(|a| a.by).chain(decisions).collect()
}

async fn last_sent(me: &SignedIn, product: &Product, section: Section) -> Result<Option<Sent>, Error> {
    me.visible().submission(product, section, product.section(section).round).await
}

/// Saves the answers of the page, and goes on to the check or stays.
pub async fn answer(me: SignedIn, path: Path<(String, Section)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let questions: Vec<&Question> = texts(setting.catalogue, section)?.questions().collect();
    let place = Place::new(&product, section, Form::Feedback);
    let posted = resolved_post(posted);
    let (fields, files) = (posted.fields.clone(), posted.names());
    let saved = save(&me, &product, section, &questions, posted).await;
    if let Err(Error::Refused(Refusal::NotNow(_) | Refusal::ProductNotNow(_))) = &saved {
        let attempt = Attempt { place: &place, questions: &questions, fields: &fields, files: &files, outdated: &[] };
        conflict::keep(&me, &product, &attempt).await?;
    }
    match saved? {
        Saved::Yes(_) => {
            settle(&me, &place).await?;
            let choose = choice::address(&product, section, fields.raw("go")).map(|to| format!("{to}?back=feedback"));
            Ok(see_other(&match fields.raw("go") {
                "add" => place.to_string(),
                "back" => product.address(),
                _ => choose.unwrap_or_else(|| format!("{place}/check")),
            }))
        }
        Saved::Problems(problems) => {
            let attempt = Attempt { place: &place, questions: &questions, fields: &fields, files: &files, outdated: &[] };
            conflict::keep(&me, &product, &attempt).await?;
            let names = me.visible().names(people(&product, section)).await?;
            let given = product.given(setting.catalogue, me.today());
            let source = Source { product: &product, given, names: &names };
            let (mut again, list) = again(&source, section, &questions, &fields, &problems);
            choice::offer_files(&me, &product, &mut again).await?;
            let asked = on_page(&product, &given, section);
            let mut template = round_page(&me, &Round { product: &product, given, section, asked }, again).await?;
            template.frame.problems = list.0;
            page(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Saved::Conflict(outdated) => {
            let product = me.visible().product(&reference).await?;
            let attempt = Attempt { place: &place, questions: &questions, fields: &fields, files: &files, outdated: &outdated };
            conflict::keep(&me, &product, &attempt).await?;
            conflict::show(&me, &product, &attempt, StatusCode::CONFLICT).await
        }
    }
}

/// What changed in one answer.
struct Changed {
    id: String,
    text: String,
    change: Diff,
    remark: String,
    is_replied: bool,
}

#[derive(Template)]
#[template(path = "feedback/check.html")]
struct CheckPage {
    frame: Frame,
    back: String,
    product_name: String,
    title: String,
    rows: Vec<Changed>,
    unsaved: Vec<Unsaved>,
    can_send: bool,
    is_technical: bool,
    test_address: String,
    action: String,
}

/// P27: what changed, as the reviewer will see it, and the way to send it.
pub async fn check(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let text = texts(setting.catalogue, section)?;
    let sent = last_sent(&me, &product, section).await?;
    let row = |question: &&Question| {
        let before = sent.as_ref().and_then(|s| s.content.answer(&question.key)).map(|a| &a.value);
        Changed {
            id: question.key.clone(),
            text: question.text.clone(),
            change: diff::answer(question, before, given.value(&question.key), &product.address()),
            remark: product.answers.get(&question.key).map(|a| a.remark.clone()).unwrap_or_default(),
            is_replied: product.is_replied(section, question),
        }
    };
    let address = format!("{}/sections/{section}", product.address());
    let template = CheckPage {
        frame: me.frame(format!("Check what you changed: {} – {}", text.short, product.facts.name)),
        back: format!("{address}/feedback"),
        product_name: product.facts.name.clone(),
        title: text.title.clone(),
        rows: on_page(&product, &given, section).iter().map(row).collect(),
        unsaved: unsaved(&me, &product, section).await?,
        can_send: offer(&setting, &me.actor, &product, section, SectionAct::Send).is_ok(),
        is_technical: section.stage() == Stage::Technical,
        test_address: given.text("cx-test-url").to_owned(),
        action: format!("{address}/submission"),
    };
    ok(&template)
}
