//! Two people changed the same answer: both versions, what differs between them, and the choice which to keep (P22).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::answer_view::{Shown, shown, without_files};
use super::ctx::SignedIn;
use super::diff::{Segment, lines, words};
use super::form::{Fields, Posted};
use super::frame::Frame;
use super::kept::typed;
use super::opened::{Opened, StartedFrom, changed, is_review_saved, started_from};
use super::page::page;
use super::question_view::{Field, Source, raw};
use crate::domain::answer::Answer;
use crate::domain::catalogue::{Kind, Question, Section};
use crate::domain::draft::{Form, Place};
use crate::domain::parse::parse;
use crate::domain::product::Product;
use crate::error::Error;
use crate::store::draft::Typed;
use crate::words::date_time;

/// One of the two versions.
struct Version {
    title: String,
    /// The text; what the other version does not have counts as a change.
    text: Vec<Segment>,
    files: Vec<(String, String, String)>,
    remark: String,
}

/// One answer that two people changed.
struct Collision {
    field: Field,
    theirs: Version,
    mine: Version,
    /// What both started from, where that is known.
    before: Option<Shown>,
    /// "Keep Tom’s".
    keep_theirs: String,
    /// The edition of their version, which saving replaces.
    seen: u32,
    /// My version as it was typed, for "Keep mine" after the field has been changed.
    typed: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "drafts/conflict.html")]
struct ConflictPage {
    frame: Frame,
    back: String,
    product_name: String,
    heading: &'static str,
    place: String,
    fields: Vec<Collision>,
    /// Everything else that was typed on the form: name and value.
    carried: Vec<(String, String)>,
    /// Files that were chosen and have to be chosen again.
    chosen: Vec<String>,
}

/// What was typed on a form that collided.
pub struct Attempt<'a> {
    /// The form.
    pub place: &'a Place,
    /// Its questions.
    pub questions: &'a [&'a Question],
    /// What was typed.
    pub fields: &'a Fields,
    /// The names of the files that were chosen.
    pub files: &'a [String],
    /// The questions that somebody else changed.
    pub outdated: &'a [String],
}

/// Whether a field of a form belongs to a question.
fn is_of(name: &str, key: &str) -> bool {
    let name = name.strip_prefix("mine-").unwrap_or(name);
    let of = ["answer-", "remark-", "remove-", "edition-", "seen-"].iter().find_map(|part| name.strip_prefix(part));
    of.is_some_and(|rest| rest == key || matches!(rest.strip_prefix(key), Some("-day" | "-month" | "-year")))
}

/// What was chosen on the page of a conflict, as the form would have been sent without one: "mine" and "theirs" settle one
/// question, the text in the fields settles all. A question that is not settled keeps its edition and collides again.
#[must_use]
pub fn resolved(fields: &Fields) -> Fields {
    let keep = fields.raw("keep").to_owned();
    let (choice, key) = keep.split_once(':').unwrap_or((&keep, ""));
    let mut settled = Fields::default();
    for (name, value) in fields.pairs() {
        let is_here = is_of(name, key);
        match (choice, name.strip_prefix("mine-")) {
            ("mine", Some(own)) if is_here => settled.push(own, value.to_owned()),
            ("mine" | "theirs", _) if is_here => {}
            (_, Some(_)) => {}
            ("fields", None) if name.starts_with("edition-") => {
                let seen = fields.raw(&name.replacen("edition-", "seen-", 1));
                settled.push(name, if seen.is_empty() { value } else { seen }.to_owned());
            }
            (_, None) if name.starts_with("seen-") || name == "keep" => {}
            (_, None) => settled.push(name, value.to_owned()),
        }
    }
    if choice == "mine" {
        settled.push(&format!("edition-{key}"), fields.raw(&format!("seen-{key}")).to_owned());
    }
    settled
}

/// The same of a form with files.
#[must_use]
pub fn resolved_post(posted: Posted) -> Posted {
    Posted { fields: resolved(&posted.fields), files: posted.files }
}

/// Keeps what was typed and could not be saved, so that closing the page loses nothing.
///
/// # Errors
/// When the store fails.
pub async fn keep(me: &SignedIn, product: &Product, attempt: &Attempt<'_>) -> Result<(), Error> {
    let Attempt { place, questions, fields, files, outdated: _ } = attempt;
    let setting = me.app.rules.setting(product, me.now)?;
    let names = BTreeMap::new();
    let source = Source { product, given: product.given(setting.catalogue, me.today()), names: &names };
    if changed(&source, place.section, questions, fields).is_empty() {
        return me.app.db.settle_draft(&me.actor, &place.to_string()).await;
    }
    let before = Opened::at(me, place).await?.started_from();
    let started_from = started_from(product, fields, &before);
    let typed = Typed { started_from, files: files.to_vec(), ..typed(&place.to_string(), fields) };
    match me.app.db.keep_draft(&me.actor, typed, me.now).await {
        // The page shows all of it; it is only not kept beside that.
        Err(Error::TooLarge(_)) => Ok(()),
        other => other,
    }
}

/// The same of a review that could not be saved.
///
/// # Errors
/// When the store fails.
pub async fn keep_review(me: &SignedIn, product: &Product, section: Section, fields: &Fields) -> Result<(), Error> {
    if is_review_saved(product, section, fields) {
        return Ok(());
    }
    let place = Place::new(product, section, Form::Review);
    match me.app.db.keep_draft(&me.actor, typed(&place.to_string(), fields), me.now).await {
        Err(Error::TooLarge(_)) => Ok(()),
        other => other,
    }
}

/// The page with both versions of each answer.
///
/// # Errors
/// When the store fails.
pub async fn show(me: &SignedIn, product: &Product, attempt: &Attempt<'_>, status: StatusCode) -> Result<HttpResponse, Error> {
    let Attempt { place, questions, fields, files, outdated } = attempt;
    let setting = me.app.rules.setting(product, me.now)?;
    let people = outdated.iter().filter_map(|key| product.answers.get(key)).map(|a| a.by);
    let names = me.visible().names(people).await?;
    let source = Source { product, given: product.given(setting.catalogue, me.today()), names: &names };
    let before = Opened::at(me, place).await?.started_from();
    let collided = questions.iter().filter(|q| outdated.contains(&q.key));
    let collisions = collided.map(|q| collision(me, &source, (place, fields), q, &before)).collect();
    let is_carried = |name: &str| !outdated.iter().any(|key| is_of(name, key)) && !["go", "keep"].contains(&name);
    let carried = fields.pairs().filter(|(name, _)| is_carried(name));
    let heading = if outdated.len() == 1 { "Somebody else changed this answer" } else { "Somebody else changed these answers" };
    let template = ConflictPage {
        frame: me.frame(format!("{heading} – {}", product.facts.name)),
        back: format!("{}/sections/{}", product.address(), place.section),
        product_name: product.facts.name.clone(),
        heading,
        place: place.to_string(),
        fields: collisions,
        carried: carried.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        chosen: files.to_vec(),
    };
    page(status, &template)
}

fn collision(
    me: &SignedIn,
    source: &Source<'_>,
    (place, fields): (&Place, &Fields),
    question: &Question,
    before: &StartedFrom,
) -> Collision {
    let address = source.product.address();
    let answer = source.product.answers.get(&question.key);
    let value = answer.and_then(|a| a.value.as_ref());
    let field = source.posted(place.section, question, fields);
    let (theirs, mine) = (without_files(question, value), text_of(question, fields, me));
    let is_text = matches!(question.kind, Kind::LongText | Kind::ShortText);
    let compare = if is_text { words } else { lines };
    let only = |other: &str, own: &str| compare(other, own).into_iter().filter(|s| !matches!(s, Segment::Removed(_))).collect();
    let name = answer.and_then(|a| source.names.get(&a.by)).map_or("Somebody", String::as_str);
    let is_own = answer.is_some_and(|a| a.by == me.actor.person());
    let whose = if is_own { "Your saved version".to_owned() } else { format!("{name}’s version") };
    let first = name.split(' ').next().unwrap_or(name);
    let base = before.get(&question.key).filter(|(edition, _)| *edition == field.edition);
    let files = shown(question, value, &address).files;
    let stays = files.iter().zip(&field.attached).filter(|(_, a)| !a.is_removed).map(|(file, _)| file.clone()).collect();
    Collision {
        theirs: Version {
            title: answer.map(|a: &Answer| format!("{whose}, saved {}", date_time(a.at))).unwrap_or(whose),
            text: only(&mine, &theirs),
            files,
            remark: answer.map(|a| a.remark.clone()).unwrap_or_default(),
        },
        mine: Version {
            title: "Your version, not saved yet".to_owned(),
            text: only(&theirs, &mine),
            files: stays,
            remark: field.remark.clone(),
        },
        before: base.map(|(_, value)| shown(question, value.as_ref(), &address)),
        keep_theirs: if is_own { "Keep what is saved".to_owned() } else { format!("Keep {first}’s") },
        seen: answer.map_or(0, |a| a.edition),
        typed: mine_fields(fields, &question.key),
        field,
    }
}

/// My version once more under other names, which the field does not change.
fn mine_fields(fields: &Fields, key: &str) -> Vec<(String, String)> {
    let of_question = fields.pairs().filter(|(name, _)| is_of(name, key) && !name.starts_with("edition-"));
    of_question.map(|(name, value)| (format!("mine-{name}"), value.to_owned())).collect()
}

/// What was typed as people read it; half of a date or a number that is none as it was typed.
fn text_of(question: &Question, fields: &Fields, me: &SignedIn) -> String {
    let raw = raw(question, fields);
    match parse(question, &raw, me.today()) {
        Ok(value) => without_files(question, value.as_ref()),
        Err(_) if raw.date.iter().any(|part| !part.is_empty()) => raw.date.join(" "),
        Err(_) => raw.values.join("\n").replace("\r\n", "\n"),
    }
}
