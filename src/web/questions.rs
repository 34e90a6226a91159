//! One group of questions on a page of its own: P21.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::answers::{Saved, again, save};
use super::assignees::AssigneeForm;
use super::coach_view;
use super::ctx::{SignedIn, see_other};
use super::form::Posted;
use super::frame::Frame;
use super::page::{ok, page};
use super::place::texts;
use super::question_view::{Field, Source};
use super::reuse::choice;
use super::reuse::offer::{self, OfferView};
use crate::domain::catalogue::{Catalogue, Group, Question, Section};
use crate::domain::decide;
use crate::domain::product::Product;
use crate::domain::section::SectionAct;
use crate::error::Error;

#[derive(Template)]
#[template(path = "sections/question.html")]
pub(super) struct QuestionPage {
    pub(super) frame: Frame,
    back: String,
    action: String,
    section_title: String,
    product_name: String,
    caption: String,
    heading: String,
    fields: Vec<Field>,
    has_files: bool,
    is_conflict: bool,
    /// Who answers, and the form that gives it to a colleague.
    pub(super) assignee: Option<AssigneeForm>,
    offer: Option<OfferView>,
}

/// Where a group stands in its section.
struct At<'a> {
    section: Section,
    title: &'a str,
    group: &'a Group,
    number: usize,
    of: usize,
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
        action: format!("{}/sections/{}/questions/{}", product.address(), at.section, at.group.key()),
        section_title: at.title.to_owned(),
        product_name: product.facts.name.clone(),
        caption: format!("Page {} of {}", at.number, at.of),
        heading,
        has_files: fields.iter().any(|f| f.input == "file"),
        fields,
        is_conflict: false,
        assignee: None,
        offer: None,
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
    ok(&question_page(&me, &product, section, &key).await?)
}

/// The page of a question as it is saved.
pub(super) async fn question_page(me: &SignedIn, product: &Product, section: Section, key: &str) -> Result<QuestionPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let at = find(setting.catalogue, product, section, key, me)?;
    let names = me.visible().names(people(product, &at)).await?;
    let given = product.given(setting.catalogue, me.today());
    let source = Source { product, given, names: &names };
    let shown = at.group.questions.iter().filter(|q| given.is_shown(q));
    let mut fields: Vec<Field> = shown.map(|q| source.field(section, q)).collect();
    choice::offer_files(me, product, &mut fields).await?;
    coach_view::beside(&mut fields, &source, section);
    let mut template = template(me, product, &at, fields);
    template.assignee = AssigneeForm::load(me, &setting, product, (section, at.group)).await?;
    template.offer = offer::of_page(me, product, (section, at.group)).await?;
    Ok(template)
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
    let at = find(setting.catalogue, &product, section, &key, &me)?;
    let questions: Vec<&Question> = at.group.questions.iter().collect();
    let fields = posted.fields.clone();
    let (status, problems, outdated, product) = match save(&me, &product, section, &questions, posted).await? {
        Saved::Yes(product) => return Ok(see_other(&next_address(&me, setting.catalogue, &product, &at, fields.raw("go")))),
        Saved::Problems(problems) => (StatusCode::UNPROCESSABLE_ENTITY, problems, Vec::new(), product),
        Saved::Conflict(keys) => {
            (StatusCode::CONFLICT, std::collections::BTreeMap::new(), keys, me.visible().product(&reference).await?)
        }
    };
    let names = me.visible().names(people(&product, &at)).await?;
    let source = Source { product: &product, given: product.given(setting.catalogue, me.today()), names: &names };
    let (mut again, list) = again(&source, section, &questions, &fields, &problems);
    for field in again.iter_mut().filter(|f| outdated.contains(&f.key)) {
        if let Some(question) = questions.iter().find(|q| q.key == field.key) {
            source.conflict(field, question);
        }
    }
    choice::offer_files(&me, &product, &mut again).await?;
    let mut template = template(&me, &product, &at, again);
    template.is_conflict = !outdated.is_empty();
    template.assignee = AssigneeForm::load(&me, &setting, &product, (section, at.group)).await?;
    template.frame.problems = list.0;
    page(status, &template)
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
