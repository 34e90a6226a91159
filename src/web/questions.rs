//! One group of questions on a page of its own: P21.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::answers::{Saved, again, save, settle};
use super::assignees::AssigneeForm;
use super::coach_view;
use super::conflict::{self, Attempt, resolved_post};
use super::ctx::{SignedIn, see_other};
use super::form::Posted;
use super::frame::Frame;
use super::kept::typed;
use super::opened::{Filled, Note, Opened, is_on};
use super::page::{ok, page};
use super::place::texts;
use super::presence;
use super::question_view::{Field, Source};
use super::reuse::choice;
use super::reuse::offer::{self, OfferView};
use crate::domain::catalogue::{Catalogue, Group, Question, Section};
use crate::domain::decide;
use crate::domain::draft::{Form, Place};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::SectionAct;
use crate::error::Error;

#[derive(Template)]
#[template(path = "sections/question.html")]
pub(super) struct QuestionPage {
    pub(super) frame: Frame,
    back: String,
    section_title: String,
    product_name: String,
    caption: String,
    heading: String,
    fields: Vec<Field>,
    has_files: bool,
    /// Who answers, and the form that gives it to a colleague.
    pub(super) assignee: Option<AssigneeForm>,
    offer: Option<OfferView>,
    place: String,
    draft: Option<Note>,
    present: String,
}

/// Where a group stands in its section.
struct At<'a> {
    section: Section,
    title: &'a str,
    group: &'a Group,
    number: usize,
    of: usize,
}

impl At<'_> {
    fn place(&self, product: &Product) -> Place {
        Place::new(product, self.section, Form::Question(self.group.key().to_owned()))
    }
}

fn find<'a>(catalogue: &'a Catalogue, product: &Product, section: Section, key: &str, me: &SignedIn) -> Result<At<'a>, Error> {
    let text = texts(catalogue, section)?;
    let given = product.given(catalogue, me.today());
    let shown: Vec<&Group> = text.groups.iter().filter(|g| g.questions.iter().any(|q| given.is_shown(q))).collect();
    let number = shown.iter().position(|g| g.questions.iter().any(|q| q.key == key)).ok_or(Error::NotFound)?;
    let group = shown.get(number).ok_or(Error::NotFound)?;
    Ok(At { section, title: &text.title, group, number: number + 1, of: shown.len() })
}

fn template(me: &SignedIn, product: &Product, at: &At<'_>, fields: Vec<Field>) -> QuestionPage {
    let heading = crate::domain::parse::capitalised(at.group.name());
    QuestionPage {
        frame: me.frame(format!("{heading} – {}", product.facts.name)),
        back: format!("{}/sections/{}", product.address(), at.section),
        section_title: at.title.to_owned(),
        product_name: product.facts.name.clone(),
        caption: format!("Page {} of {}", at.number, at.of),
        heading,
        has_files: fields.iter().any(|f| f.input == "file"),
        fields,
        assignee: None,
        offer: None,
        place: at.place(product).to_string(),
        draft: None,
        present: String::new(),
    }
}

/// Shows the questions of a page. Who cannot answer now is shown the section instead.
pub async fn show(me: SignedIn, path: Path<(String, Section, String)>) -> Result<HttpResponse, Error> {
    let (reference, section, key) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    find(setting.catalogue, &product, section, &key, &me)?;
    if decide::offer(&setting, &me.actor, &product, section, SectionAct::Answer).is_err() {
        return Ok(see_other(&format!("{}/sections/{section}#{key}", product.address())));
    }
    match open(&me, &product, section, &key).await? {
        Opening::Form(form) => ok(&*form),
        Opening::Conflict(answer) => Ok(answer),
    }
}

/// What is found when the form of a question is opened.
pub(super) enum Opening {
    /// The form, with what is saved or what the reader typed before.
    Form(Box<QuestionPage>),
    /// The page of a conflict: what the reader typed before and what somebody saved since.
    Conflict(HttpResponse),
}

/// The form with what stands beside the answers: who gives them, and those that can be taken over.
async fn beside(me: &SignedIn, product: &Product, at: &At<'_>, page: QuestionPage) -> Result<QuestionPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let assignee = AssigneeForm::load(me, &setting, product, (at.section, at.group)).await?;
    Ok(QuestionPage { assignee, offer: offer::of_page(me, product, (at.section, at.group)).await?, ..page })
}

/// Opens the form of a question.
pub(super) async fn open(me: &SignedIn, product: &Product, section: Section, key: &str) -> Result<Opening, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let at = find(setting.catalogue, product, section, key, me)?;
    let names = me.visible().names(people(product, &at)).await?;
    let given = product.given(setting.catalogue, me.today());
    let source = Source { product, given, names: &names };
    let shown: Vec<&Question> = at.group.questions.iter().filter(|q| given.is_shown(q)).collect();
    let place = at.place(product);
    let opened = Opened::at(me, &place).await?;
    let Filled { mut fields, note, outdated } = opened.fill(&source, section, &shown);
    let present = presence::at(me, product, &place).await?;
    if !outdated.is_empty() {
        let files = note.map(|n| n.files).unwrap_or_default();
        let attempt = Attempt { place: &place, questions: &shown, fields: opened.typed(), files: &files, outdated: &outdated };
        return Ok(Opening::Conflict(conflict::show(me, product, &attempt, StatusCode::OK).await?));
    }
    choice::offer_files(me, product, &mut fields).await?;
    coach_view::beside(&mut fields, &source, section);
    let page = template(me, product, &at, fields);
    Ok(Opening::Form(Box::new(QuestionPage { draft: note, present, ..beside(me, product, &at, page).await? })))
}

fn people(product: &Product, at: &At<'_>) -> Vec<crate::domain::words::PersonId> {
    let answers = at.group.questions.iter().filter_map(|q| product.answers.get(&q.key)).map(|a| a.by);
    let decisions = at.group.questions.iter().filter_map(|q| product.section(at.section).last(&q.key)).map(|d| d.by);
    answers.chain(decisions).collect()
}

/// Saves the questions of a page, and goes on to the next one that has none, back, or stays to add a file.
pub async fn answer(me: SignedIn, path: Path<(String, Section, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (reference, section, key) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let at = match find(setting.catalogue, &product, section, &key, &me) {
        Err(Error::NotFound) if setting.catalogue.find(&key).is_some_and(|(_, q)| is_on(&posted.fields, q)) => {
            // Not asked any more since the form was opened.
            let place = Place::new(&product, section, Form::Question(key));
            me.app.db.keep_draft(&me.actor, typed(&place.to_string(), &posted.fields), me.now).await?;
            return Ok(see_other("/drafts"));
        }
        found => found?,
    };
    let questions: Vec<&Question> = at.group.questions.iter().collect();
    let place = at.place(&product);
    let posted = resolved_post(posted);
    let (fields, files) = (posted.fields.clone(), posted.names());
    let saved = save(&me, &product, section, &questions, posted).await;
    if let Err(Error::Refused(Refusal::NotNow(_) | Refusal::ProductNotNow(_))) = &saved {
        let attempt = Attempt { place: &place, questions: &questions, fields: &fields, files: &files, outdated: &[] };
        conflict::keep(&me, &product, &attempt).await?;
    }
    match saved? {
        Saved::Yes(product) => {
            settle(&me, &place).await?;
            Ok(see_other(&next_address(&me, setting.catalogue, &product, &at, fields.raw("go"))))
        }
        Saved::Problems(problems) => {
            let attempt = Attempt { place: &place, questions: &questions, fields: &fields, files: &files, outdated: &[] };
            conflict::keep(&me, &product, &attempt).await?;
            let names = me.visible().names(people(&product, &at)).await?;
            let source = Source { product: &product, given: product.given(setting.catalogue, me.today()), names: &names };
            let (mut again, list) = again(&source, section, &questions, &fields, &problems);
            choice::offer_files(&me, &product, &mut again).await?;
            let mut template = beside(&me, &product, &at, template(&me, &product, &at, again)).await?;
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

/// Where to go after the answers of a page were given in another way than by its form.
///
/// # Errors
/// Not found when there is no such page.
pub fn next_page(me: &SignedIn, product: &Product, (section, key): (Section, &str)) -> Result<String, Error> {
    let catalogue = me.app.rules.catalogue(product.question_set)?;
    let at = find(catalogue, product, section, key, me)?;
    Ok(next_address(me, catalogue, product, &at, ""))
}

/// Where to go after saving: the same page when follow-ups came up or a file was added, else the next page with
/// something left to answer, else the check.
fn next_address(me: &SignedIn, catalogue: &Catalogue, product: &Product, at: &At<'_>, go: &str) -> String {
    let hub = format!("{}/sections/{}", product.address(), at.section);
    let here = format!("{hub}/questions/{}", at.group.key());
    let given = product.given(catalogue, me.today());
    let open = |g: &Group| g.questions.iter().any(|q| given.is_shown(q) && given.value(&q.key).is_none());
    match go {
        "add" => return here,
        "back" => return hub,
        _ => {}
    }
    if let Some(address) = choice::address(product, at.section, go) {
        return address;
    }
    let follow_ups = at.group.questions.iter().any(|q| {
        q.show_when.is_some() && given.is_shown(q) && given.value(&q.key).is_none() && !product.answers.contains_key(&q.key)
    });
    if follow_ups {
        return here;
    }
    let groups = catalogue.section(at.section).map(|s| s.groups.as_slice()).unwrap_or_default();
    let position = groups.iter().position(|g| g.key() == at.group.key()).unwrap_or_default();
    let later = groups.iter().skip(position + 1).find(|g| open(g));
    later.map_or_else(|| format!("{hub}/check"), |g| format!("{hub}/questions/{}", g.key()))
}
