//! Everything about a product on one page, to be printed or read by those who have no account.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::answer_view::shown;
use super::ctx::SignedIn;
use super::details::facts_of;
use super::frame::Frame;
use super::page::ok;
use crate::document::record::{Group, Part, Record, Row};
use crate::domain::answer::Given;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Question, Section, SectionText};
use crate::domain::product::Product;
use crate::domain::section::{SectionState, Verdict};
use crate::domain::thread::{Side, Thread};
use crate::error::Error;
use crate::store::thread::Written;
use crate::store::visible::Reply;
use crate::words::short_date;

/// Whether what the assurance team asked stands beside the answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PrintQuery {
    feedback: String,
}

#[derive(Template)]
#[template(path = "products/print.html")]
struct PrintPage {
    frame: Frame,
    address: String,
    record: Record,
    made_on: String,
    has_feedback: bool,
}

/// P17: all answers of all sections on one page.
pub async fn show(me: SignedIn, path: Path<String>, query: Query<PrintQuery>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let has_feedback = query.feedback == "yes";
    let template = PrintPage {
        frame: me.frame(format!("Everything about {}", product.facts.name)),
        address: product.address(),
        record: record(&me, &product, has_feedback).await?,
        made_on: short_date(me.today()),
        has_feedback,
    };
    ok(&template)
}

/// Everything that was answered about a product, with what the supplier was told if that is wanted. What only the
/// assurance team reads is in it for nobody, because it is made to be passed on.
///
/// # Errors
/// When the question set is not in this program.
pub async fn record(me: &SignedIn, product: &Product, has_feedback: bool) -> Result<Record, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let replies = if has_feedback { me.visible().replies(product).await? } else { Vec::new() };
    let written = if has_feedback { me.visible().all_messages(product).await? } else { Vec::new() };
    let messages = talks(product, &written);
    let facts = facts_of(&product.facts).into_iter();
    let facts = facts.map(|f| Row { question: f.key.to_owned(), answer: vec![f.value], said: Vec::new() });
    let details = Group { title: String::new(), rows: facts.collect() };
    let details = Part { title: "Product details".to_owned(), state: String::new(), told: Vec::new(), groups: vec![details] };
    let sections = setting.catalogue.sections.iter().map(|text| part(product, &given, text, (has_feedback, &replies)));
    Ok(Record {
        reference: product.reference.clone(),
        product: product.facts.name.clone(),
        organisation: product.organisation_name.clone(),
        made_on: me.today(),
        parts: std::iter::once(details).chain(sections).chain(messages).collect(),
    })
}

/// The messages, if there are any: who wrote them is not said by name.
fn talks(product: &Product, written: &[Written]) -> Option<Part> {
    let row = |m: &Written| {
        let who = match m.side {
            Side::Supplier => product.organisation_name.as_str(),
            Side::Team => "The assurance team",
        };
        Row { question: format!("{who}, {}", short_date(london_date(m.at))), answer: vec![m.text.clone()], said: Vec::new() }
    };
    let group =
        |t: &Thread| Group { title: t.subject.clone(), rows: written.iter().filter(|m| m.thread == t.id).map(row).collect() };
    let groups: Vec<Group> = product.threads.iter().map(group).filter(|g| !g.rows.is_empty()).collect();
    (!groups.is_empty()).then(|| Part { title: "Messages".to_owned(), state: String::new(), told: Vec::new(), groups })
}

fn part(product: &Product, given: &Given<'_>, text: &SectionText, (has_feedback, replies): (bool, &[Reply])) -> Part {
    let section = text.key;
    let round = product.section(section).round;
    let status = product.status(given, section).label();
    let told = replies.iter().rev().filter(|r| r.section == section && !r.message.is_empty());
    let told = told.map(|r| (format!("Message after round {}, {}", r.round, short_date(london_date(r.at))), r.message.clone()));
    let groups = text.groups.iter().map(|group| Group {
        title: group.title.clone(),
        rows: group
            .questions
            .iter()
            .filter(|q| given.is_shown(q))
            .map(|q| row(product, given, (section, q), has_feedback))
            .collect(),
    });
    Part {
        title: text.title.clone(),
        state: if round > 0 { format!("{status}, round {round}") } else { status.to_owned() },
        told: told.collect(),
        groups: groups.filter(|g| !g.rows.is_empty()).collect(),
    }
}

fn row(product: &Product, given: &Given<'_>, (section, question): (Section, &Question), has_feedback: bool) -> Row {
    let answer = shown(question, given.value(&question.key), "");
    let files = answer.files.into_iter().map(|(_, name, size)| format!("{name} ({size})"));
    let mut said = Vec::new();
    if has_feedback {
        said.extend(asked(product, section, question));
    }
    let remark = product.answers.get(&question.key).map(|a| a.remark.as_str()).unwrap_or_default();
    if !remark.is_empty() {
        said.push(("To the reviewer".to_owned(), remark.to_owned()));
    }
    Row { question: question.text.clone(), answer: answer.lines.into_iter().chain(files).collect(), said }
}

/// What was asked about a question in the rounds that the supplier has been told of.
fn asked(product: &Product, section: Section, question: &Question) -> Vec<(String, String)> {
    let record = product.section(section);
    let is_under_way = |round: u32| record.state() == SectionState::Submitted && round == record.round;
    let decisions = record.decisions.get(&question.key).into_iter().flatten();
    let told = decisions.filter(|d| d.verdict == Verdict::More && !is_under_way(d.round));
    told.map(|d| (format!("Asked in round {}, {}", d.round, short_date(london_date(d.at))), d.comment.clone())).collect()
}
