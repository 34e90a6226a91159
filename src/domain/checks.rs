//! Soft rules: what stops a section from being sent, what both sides are warned of, and what may not be accepted.

mod countries;
mod cross;
mod dates;
mod formats;
mod hosts;

use chrono::NaiveDate;

use super::answer::{Evidence, Given, Value};
use super::catalogue::{Acceptance, Kind, Question, Section};
use super::parse::{capitalised, shown_tenths, thousands};

pub(in crate::domain) use self::countries::is_abroad;
pub(in crate::domain) use self::cross::identity_product;
pub use self::dates::{dspt_current_until, end_of, evidence_questions};
pub(in crate::domain) use self::dates::{ends, written};
pub(in crate::domain) use self::formats::is_native;
pub use self::hosts::inward_host;
pub(in crate::domain) use self::hosts::{host, is_loopback};

/// How much a finding matters to the supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Stops the section from being sent.
    Error,
    /// Is shown to both sides and stops nothing.
    Warning,
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Key of the question to look at.
    pub question: String,
    /// How much it matters to the supplier.
    pub level: Level,
    /// Whether a reviewer may accept the answer while this stands.
    pub acceptance: Acceptance,
    /// What to do, or what to know, in a sentence or two.
    pub text: String,
}

impl Finding {
    /// Stops sending; nobody can accept the answer either.
    fn error(question: &Question, text: String) -> Self {
        Self { question: question.key.clone(), level: Level::Error, acceptance: Acceptance::Never, text }
    }

    /// Stops sending. An answer that was in date when it was sent may still be accepted with a reason.
    fn out_of_date(question: &Question, text: String) -> Self {
        Self { acceptance: Acceptance::WithReason, ..Self::error(question, text) }
    }

    /// Tells both sides.
    fn warning(question: &Question, text: String) -> Self {
        Self { level: Level::Warning, acceptance: Acceptance::Free, ..Self::error(question, text) }
    }
}

/// Everything found for the questions of a section that are shown, in their order.
///
/// A finding across two sections is in both, at the question where it can be mended.
#[must_use]
pub fn findings(given: &Given<'_>, section: Section) -> Vec<Finding> {
    let shown = given.shown(section);
    let mut found = Vec::new();
    for (number, question) in (1..).zip(&shown) {
        match given.value(&question.key).filter(|value| is_answer(question, value)) {
            Some(value) => found.extend(of_answer(given, question, value)),
            None => found.push(Finding::error(question, format!("Answer question {number}: {}", question.name))),
        }
    }
    found.extend(cross::findings(given));
    let place = |finding: &Finding| shown.iter().position(|q| q.key == finding.question);
    found.retain(|finding| place(finding).is_some());
    found.sort_by_key(place);
    found
}

/// Whether a value answers the question at all: an upload without files does not.
fn is_answer(question: &Question, value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.trim().is_empty(),
        Value::Choice(word) => !word.is_empty(),
        Value::Choices(set) => !set.is_empty(),
        Value::Date(_) => question.kind == Kind::Date,
        Value::Number(_) => question.kind == Kind::Number,
        Value::Files { files, .. } => !files.is_empty(),
        Value::Ticked => question.kind == Kind::Declaration,
    }
}

fn of_answer(given: &Given<'_>, question: &Question, value: &Value) -> Vec<Finding> {
    let mut found = match value {
        Value::Text(text) => too_short(question, text).into_iter().collect(),
        Value::Choice(word) => option(question, word).into_iter().collect(),
        Value::Choices(set) => set.iter().filter_map(|word| option(question, word)).collect(),
        Value::Date(date) => dates::findings(given, question, *date),
        Value::Number(tenths) => number(question, *tenths).into_iter().collect(),
        Value::Files { files, expires_on } => upload(question, files, *expires_on, given.today),
        Value::Ticked => Vec::new(),
    };
    found.extend(formats::findings(given, question, value));
    found
}

fn too_short(question: &Question, text: &str) -> Option<Finding> {
    let (least, _) = question.length?;
    let count = text.trim().chars().count();
    if count >= least {
        return None;
    }
    let (least, name) = (thousands(least), &question.name);
    let text = if question.kind == Kind::LongText {
        format!("Write at least {least} characters about {name}. You have {count}")
    } else {
        format!("{} must be {least} characters or more. You have {count}", capitalised(name))
    };
    Some(Finding::error(question, text))
}

fn option(question: &Question, word: &str) -> Option<Finding> {
    let choice = question.choice(word)?;
    let silent = match choice.acceptance {
        Acceptance::Free => None,
        Acceptance::WithReason => Some(format!("\u{201C}{}\u{201D} can be accepted only with a recorded reason.", choice.label)),
        Acceptance::Never => Some(format!("\u{201C}{}\u{201D} can be sent, but it cannot be accepted.", choice.label)),
    };
    let text = choice.warning.clone().or(silent)?;
    Some(Finding { acceptance: choice.acceptance, ..Finding::warning(question, text) })
}

fn number(question: &Question, tenths: i64) -> Option<Finding> {
    let rule = question.number.as_ref()?;
    let limit = rule.reason_above.filter(|limit| tenths > *limit)?;
    let unit = rule.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let (name, given, limit) = (capitalised(&question.name), shown_tenths(tenths), shown_tenths(limit));
    let text = format!("{name}: {given}{unit} is above {limit}. The answer can be accepted only with a recorded reason.");
    Some(Finding { acceptance: Acceptance::WithReason, ..Finding::warning(question, text) })
}

fn upload(question: &Question, files: &[Evidence], expires_on: Option<NaiveDate>, today: NaiveDate) -> Vec<Finding> {
    let Some(rule) = &question.file else { return Vec::new() };
    let name = &question.name;
    let mut found = Vec::new();
    if files.len() > rule.max_files as usize {
        let text = format!("Keep at most {} files for {name}. You have {}", rule.max_files, files.len());
        found.push(Finding::error(question, text));
    }
    if rule.expires {
        match expires_on {
            None => found.push(Finding::error(question, format!("Enter the expiry date of the {name}"))),
            Some(date) if date <= today => {
                let text = format!("{} expired on {}. Upload one that is in date", capitalised(name), dates::written(date));
                found.push(Finding::out_of_date(question, text));
            }
            Some(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests;
