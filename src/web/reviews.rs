//! The review of a section: read, decide on each question, and give the review to somebody.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::answers::settle;
use super::conflict::keep_review;
use super::ctx::{SignedIn, see_other, see_other_with};
use super::due_view::DueView;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::opened::{Note, Opened};
use super::page::{ok, unprocessable};
use super::parts::Item;
use super::place::texts;
use super::presence;
use super::review_view::{Card, Source, acceptance, open_questions};
use crate::domain::actor::Duty;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Acceptance, Section};
use crate::domain::checks::findings;
use crate::domain::command::{Command, Reviewer, Ruling, SectionCommand};
use crate::domain::decide::offer;
use crate::domain::draft::{Form, Place};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::{ProductState, SectionAct, SectionState, Verdict};
use crate::error::Error;
use crate::words::{counted, listed, short_date};

/// Longest comment, reason or note.
const LONGEST: usize = 4000;

/// What the address of a review may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReviewQuery {
    show: String,
    round: Option<u32>,
}

/// A product for somebody of the assurance team; for others its reviews do not exist.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn for_team(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    if me.actor.sees_all() { me.visible().product(reference).await } else { Err(Error::NotFound) }
}

/// The address of a review.
#[must_use]
pub fn address(product: &Product, section: Section) -> String {
    format!("{}/sections/{section}/review", product.address())
}

/// Who has the review, and what the reader can do about it.
#[derive(Default)]
struct Holder {
    sentence: String,
    can_take: bool,
    can_take_over: bool,
    reopening: String,
    colleagues: Vec<Item>,
    /// Who is not among them, and why; empty when everybody is.
    left_out: String,
}

impl Holder {
    fn of_round(round: u32) -> Self {
        Self { sentence: format!("This is round {round} as it was sent and decided."), ..Self::default() }
    }
}

#[derive(Template)]
#[template(path = "reviews/show.html")]
struct ReviewPage {
    frame: Frame,
    product_name: String,
    product_address: String,
    address: String,
    title: String,
    round: u32,
    rounds: Vec<u32>,
    due: Option<DueView>,
    sent: String,
    decided: String,
    holder: Holder,
    cards: Vec<Card>,
    carried: Vec<Card>,
    list: Vec<(usize, String, String, String)>,
    shows_all: bool,
    is_mine: bool,
    unchanged: bool,
    place: String,
    draft: Option<Note>,
    present: String,
}

/// What was typed, when the page is shown again.
#[derive(Default)]
struct Typed<'a> {
    fields: Option<&'a Fields>,
    problems: Vec<(String, String)>,
}

async fn review_page(
    me: &SignedIn,
    product: &Product,
    section: Section,
    asked: &ReviewQuery,
    typed: Typed<'_>,
) -> Result<ReviewPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let record = product.section(section);
    if record.round == 0 {
        return Err(Error::NotFound);
    }
    let round = asked.round.unwrap_or(record.round);
    if round == 0 || round > record.round {
        return Err(Error::NotFound);
    }
    let text = texts(setting.catalogue, section)?;
    let is_mine = round == record.round && offer(&setting, &me.actor, product, section, SectionAct::Decide).is_ok();
    let source = source(me, product, section, (round, is_mine)).await?;
    let shows_all = asked.show == "all" || round < record.round;
    let all = source.cards(typed.fields);
    let list = all.iter().map(|c| (c.number, c.key.clone(), c.name.clone(), c.state.clone())).collect();
    let unchanged = round > 1 && all.iter().all(|c| !c.change.as_ref().is_some_and(super::diff::Diff::is_changed));
    let (carried, mut cards): (Vec<Card>, Vec<Card>) = all.into_iter().partition(|c| c.is_carried && !shows_all);
    // Changed questions first, then those without a decision in any round; what was accepted before comes last.
    cards.sort_by_key(|c| (c.is_carried, !c.is_changed, c.number));
    let (done, of) = product.decided(&source.given, section);
    let sent_by = source.sent.get(&round).map(|sent| {
        let name = source.names.get(&sent.by).map_or("Somebody", String::as_str);
        format!("{name}, {}", short_date(london_date(sent.at)))
    });
    let mut frame = me.frame(format!("Review: {} – {}", text.short, product.facts.name));
    frame.problems = typed.problems;
    Ok(ReviewPage {
        frame,
        product_name: product.facts.name.clone(),
        product_address: product.address(),
        address: address(product, section),
        title: text.short.clone(),
        round,
        rounds: (1..=record.round).collect(),
        due: product
            .due(section, setting.calendar)
            .filter(|_| record.state() == SectionState::Submitted && round == record.round)
            .map(|d| DueView::new(&d, setting.calendar, me.today())),
        sent: sent_by.unwrap_or_default(),
        decided: if round == record.round { format!("{done} of {}", counted(of, "question")) } else { String::new() },
        holder: if round == record.round { holder(me, product, section, &source).await? } else { Holder::of_round(round) },
        cards,
        carried,
        list,
        shows_all,
        is_mine,
        unchanged,
        place: Place::new(product, section, Form::Review).to_string(),
        draft: None,
        present: String::new(),
    })
}

async fn source<'a>(
    me: &'a SignedIn,
    product: &'a Product,
    section: Section,
    (round, is_mine): (u32, bool),
) -> Result<Source<'a>, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let record = product.section(section);
    let visible = me.visible();
    let mut sent = std::collections::BTreeMap::new();
    let decided = record.decisions.values().flatten().map(|d| d.round).filter(|r| *r < round);
    for number in decided.chain([round]).collect::<std::collections::BTreeSet<_>>() {
        if let Some(submission) = visible.submission(product, section, number).await? {
            sent.insert(number, submission);
        }
    }
    let notes = visible.notes(product).await?;
    let people = record.decisions.values().flatten().map(|d| d.by).chain(notes.iter().map(|n| n.by));
    let people = people.chain(record.reviewer).chain(sent.values().map(|s| s.by));
    let names = visible.names(people).await?;
    Ok(Source {
        product,
        given: product.given(setting.catalogue, me.today()),
        section,
        text: texts(setting.catalogue, section)?,
        round,
        sent,
        names,
        notes,
        reader: me.actor.person(),
        is_mine,
    })
}

async fn holder(me: &SignedIn, product: &Product, section: Section, source: &Source<'_>) -> Result<Holder, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let record = product.section(section);
    let can = |act: SectionAct| offer(&setting, &me.actor, product, section, act).is_ok();
    let name = record.reviewer.and_then(|r| source.names.get(&r)).map_or("A colleague", String::as_str);
    let is_mine = record.reviewer == Some(me.actor.person());
    let sentence = match (product.state, record.state()) {
        (ProductState::OnHold, _) => {
            "This product is on hold. Its dates stand still and nothing can be decided until it is resumed.".to_owned()
        }
        (ProductState::Withdrawn, _) => "This product has been withdrawn.".to_owned(),
        (ProductState::Active, SectionState::Draft) => {
            "The supplier took this section back. You can review it when it is sent again.".to_owned()
        }
        (ProductState::Active, SectionState::Returned) => "This section went back to the supplier with questions.".to_owned(),
        (ProductState::Active, SectionState::Accepted) => "This section has been accepted.".to_owned(),
        (ProductState::Active, SectionState::Submitted) if is_mine => String::new(),
        (ProductState::Active, SectionState::Submitted) if record.reviewer.is_some() => format!("{name} has this review."),
        (ProductState::Active, SectionState::Submitted) => "Nobody has this review yet.".to_owned(),
    };
    let (mut colleagues, mut left_out) = (Vec::new(), String::new());
    if can(SectionAct::Assign) {
        colleagues.push(Item::new("", "Choose a reviewer"));
        let reviewers = me.visible().reviewers().await?;
        let is_interested = |r: &Reviewer| product.interested.contains(&r.person);
        let (interested, reviewers): (Vec<_>, Vec<_>) = reviewers.into_iter().partition(is_interested);
        left_out = cannot_be_chosen(interested, &product.organisation_name);
        colleagues.extend(
            reviewers.into_iter().map(|r| Item::new(r.person.to_string(), r.name).checked(record.reviewer == Some(r.person))),
        );
    }
    Ok(Holder {
        sentence,
        can_take: can(SectionAct::Take),
        can_take_over: can(SectionAct::TakeOver),
        reopening: if can(SectionAct::Reopen) {
            format!("{}/sections/{section}/reopening", product.address())
        } else {
            String::new()
        },
        colleagues,
        left_out,
    })
}

/// Who cannot be given a review, and why; empty for nobody.
fn cannot_be_chosen(interested: Vec<Reviewer>, supplier: &str) -> String {
    let names: Vec<String> = interested.into_iter().map(|r| r.name).collect();
    let has = if names.len() == 1 { "has" } else { "have" };
    if names.is_empty() {
        return String::new();
    }
    format!("{} cannot be chosen: {has} declared an interest in {supplier}", listed(&names))
}

/// P42: the review of a section.
pub async fn show(me: SignedIn, path: Path<(String, Section)>, query: Query<ReviewQuery>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let is_now = query.round.is_none_or(|round| round == product.section(section).round);
    let is_mine = is_now && offer(&setting, &me.actor, &product, section, SectionAct::Decide).is_ok();
    let place = Place::new(&product, section, Form::Review);
    let opened = Opened::at(&me, &place).await?;
    let (fields, draft) = opened.of_review(&product, section, is_mine);
    let page = review_page(&me, &product, section, &query, Typed { fields, problems: Vec::new() }).await?;
    let present = presence::at(&me, &product, &place).await?;
    ok(&ReviewPage { draft, present, ..page })
}

/// Takes a review, takes it over, or gives it to a colleague.
pub async fn assign(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let (command, title) = match fields.raw("act") {
        "take" => (SectionCommand::Take, "You have this review".to_owned()),
        "take-over" => (SectionCommand::TakeOver, "You have this review now".to_owned()),
        "assign" => {
            if !me.actor.is(Duty::Manager) {
                return Err(Refusal::NotYours.into());
            }
            let reviewers = me.visible().reviewers().await?;
            let Some(reviewer) = reviewers.into_iter().find(|r| r.person.to_string() == fields.raw("reviewer")) else {
                let problems = vec![("reviewer".to_owned(), "Select who should take this review".to_owned())];
                let typed = Typed { fields: None, problems };
                return unprocessable(&review_page(&me, &product, section, &ReviewQuery::default(), typed).await?);
            };
            let title = format!("{} has this review", reviewer.name);
            (SectionCommand::Assign(reviewer), title)
        }
        other => return Err(Error::Bad(format!("an assignment of the kind {other:?}"))),
    };
    let product = me.act(&reference, &Command::Section(section, command)).await?;
    Ok(see_other_with(&me, &address(&product, section), &Flash { title, text: String::new(), link: None }))
}

/// Reads the decisions of the page. Each problem stands at the field where it can be mended.
fn rulings(me: &SignedIn, product: &Product, section: Section, fields: &Fields) -> Result<(Vec<Ruling>, Problems), Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let found = findings(&given, section);
    let open = open_questions(product, &given, section);
    let (mut rulings, mut problems) = (Vec::new(), Problems::default());
    for (number, question) in (1..).zip(given.shown(section)).filter(|(_, q)| open.iter().any(|o| o.key == q.key)) {
        let key = &question.key;
        let verdict = Verdict::from_word(fields.raw(&format!("decision-{key}")));
        let longest = |name: &str, missing: String, problems: &mut Problems| problems.line(fields, name, (&missing, LONGEST));
        let comment = match (verdict, acceptance(&found, key)) {
            (None, _) if fields.raw("go") == "check" => {
                problems.add(&format!("decision-{key}"), format!("Select a decision for question {number}"));
                continue;
            }
            (None, _) => continue,
            (Some(Verdict::More), _) => {
                let missing = format!("Say what the supplier needs to do for question {number}");
                longest(&format!("comment-{key}"), missing, &mut problems)
            }
            (Some(Verdict::Accept), Acceptance::Free) => String::new(),
            (Some(Verdict::Accept), Acceptance::WithReason) => {
                let missing = format!("Give the reason or condition for question {number}");
                longest(&format!("reason-{key}"), missing, &mut problems)
            }
            (Some(Verdict::Accept), Acceptance::Never) => {
                problems.add(
                    &format!("decision-{key}"),
                    format!("Ask for more information about question {number}. It cannot be accepted as it stands"),
                );
                continue;
            }
        };
        rulings.push(Ruling { question: key.clone(), verdict, comment });
    }
    for question in given.shown(section) {
        problems.line(fields, &format!("note-{}", question.key), ("", LONGEST));
    }
    Ok((rulings, problems))
}

/// Saves every decision and note of the page, and goes on to the check, to the queue, or to the next open question.
pub async fn decide(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    if let Err(refusal) = offer(&setting, &me.actor, &product, section, SectionAct::Decide) {
        keep_review(&me, &product, section, &fields).await?;
        return Err(refusal.into());
    }
    let (rulings, problems) = rulings(&me, &product, section, &fields)?;
    if !problems.is_empty() {
        keep_review(&me, &product, section, &fields).await?;
        let typed = Typed { fields: Some(&fields), problems: problems.0 };
        return unprocessable(&review_page(&me, &product, section, &ReviewQuery::default(), typed).await?);
    }
    let product = me.act(&reference, &Command::Section(section, SectionCommand::Decide(rulings))).await?;
    let given = product.given(setting.catalogue, me.today());
    let notes = me.visible().notes(&product).await?;
    for question in given.shown(section) {
        let note = fields.text(&format!("note-{}", question.key));
        // The same form sent twice, such as after going back, adds nothing.
        let is_there = notes.iter().any(|n| n.question == question.key && n.by == me.actor.person() && n.body == note);
        if !note.is_empty() && !is_there {
            me.app.db.add_note(&me.actor, &product, (&question.key, &note), me.now).await?;
        }
    }
    settle(&me, &Place::new(&product, section, Form::Review)).await?;
    let review = address(&product, section);
    let (title, text) = ("Your decisions are saved".to_owned(), "The supplier sees them when you send them.".to_owned());
    Ok(match fields.raw("go") {
        "check" => see_other(&format!("{review}/check")),
        "queue" => see_other_with(&me, "/queue", &Flash { title, text, link: Some((review, "Go back to the review".to_owned())) }),
        _ => {
            let record = product.section(section);
            let decided = |key: &str| record.last(key).is_some_and(|d| d.round == record.round);
            let next = open_questions(&product, &given, section).into_iter().find(|q| !decided(&q.key));
            let anchor = next.map(|q| format!("#{}", q.key)).unwrap_or_default();
            see_other_with(&me, &format!("{review}{anchor}"), &Flash { title, text, link: None })
        }
    })
}
