//! Rules of dates: how old, how far ahead, and when evidence runs out.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::Finding;
use crate::domain::answer::{Given, Value};
use crate::domain::catalogue::{Acceptance, Catalogue, DateRule, Format, Question};
use crate::domain::parse::capitalised;

/// Fewer days than this before evidence runs out are a warning.
const FEW_DAYS: i64 = 60;
/// Months for which a penetration test counts, unless its question says otherwise.
const TEST_MONTHS: u32 = 12;

/// A date as people write it: 30 June 2027.
pub(in crate::domain) fn written(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The last day on which a DSPT status is current: the 30 June that follows the end of its edition.
///
/// An edition ends on 30 June. A status published on 10 October 2025 is of the edition that ends on
/// 30 June 2026, and current until 30 June 2027.
#[must_use]
pub fn dspt_current_until(published: NaiveDate) -> NaiveDate {
    let edition_ends = published.year() + i32::from(published.month() > 6);
    NaiveDate::from_ymd_opt(edition_ends + 1, 6, 30).unwrap_or(NaiveDate::MAX)
}

/// What a date's own rules say about it.
pub(super) fn findings(given: &Given<'_>, question: &Question, date: NaiveDate) -> Vec<Finding> {
    let rule = question.date.clone().unwrap_or_default();
    let today = given.today;
    if let Some(error) = error(question, &rule, date, today) {
        return vec![error];
    }
    let mut found: Vec<Finding> = warnings(&rule, &question.name, date, today).map(|t| Finding::warning(question, t)).collect();
    if question.format == Some(Format::DsptPublished) {
        found.extend(dspt(question, date, today));
    }
    found
}

fn error(question: &Question, rule: &DateRule, date: NaiveDate, today: NaiveDate) -> Option<Finding> {
    let name = capitalised(&question.name);
    if rule.not_future && date > today {
        return Some(Finding::error(question, format!("{name} must be today or in the past")));
    }
    if let Some(first) = rule.not_before.filter(|first| date < *first) {
        return Some(Finding::error(question, format!("{name} must be on or after {}", written(first))));
    }
    let last = rule.within_days.and_then(TimeDelta::try_days).and_then(|span| today.checked_add_signed(span));
    if let Some(last) = last.filter(|last| date > *last) {
        return Some(Finding::error(question, format!("{name} must be on or before {}", written(last))));
    }
    if rule.future && date <= today {
        return Some(Finding::out_of_date(question, format!("{name} must be in the future")));
    }
    let months = rule.max_age_months.filter(|months| is_older(date, *months, today))?;
    Some(Finding::out_of_date(question, format!("{name} must be within the last {}", period(months))))
}

fn warnings(rule: &DateRule, name: &str, date: NaiveDate, today: NaiveDate) -> impl Iterator<Item = String> {
    let name = capitalised(name);
    let old = rule.warn_age_months.filter(|months| is_older(date, *months, today));
    let old = old.map(|months| format!("{name} is more than {} ago.", period(months)));
    let near = rule.warn_days_left.filter(|days| (date - today).num_days() < *days);
    let near = near.map(|days| format!("{name} is {}: fewer than {days} days are left.", written(date)));
    old.into_iter().chain(near)
}

fn dspt(question: &Question, published: NaiveDate, today: NaiveDate) -> Option<Finding> {
    let until = dspt_current_until(published);
    if today > until {
        let text = format!("This DSPT status lapsed on {}. It can be sent, but it cannot be accepted.", written(until));
        return Some(Finding { acceptance: Acceptance::Never, ..Finding::warning(question, text) });
    }
    let few = (until - today).num_days() < FEW_DAYS;
    few.then(|| {
        let text = format!("This DSPT status is current until {}: fewer than {FEW_DAYS} days are left.", written(until));
        Finding::warning(question, text)
    })
}

/// Evidence that is in date today and runs out before the planned go-live, or shortly after it (X17).
pub(super) fn running_out(given: &Given<'_>) -> Vec<Finding> {
    let Some(go_live) = given.facts.go_live_target.filter(|date| *date >= given.today) else { return Vec::new() };
    let warn = |(key, what, end): (&str, &str, NaiveDate)| {
        let (_, question) = given.catalogue.find(key)?;
        if end < given.today || end >= go_live {
            return None;
        }
        let text = format!("{what} runs out on {}, before the planned go-live on {}.", written(end), written(go_live));
        Some(Finding::warning(question, text))
    };
    ends(given).into_iter().filter_map(warn).chain(test_margin(given, go_live)).collect()
}

/// The questions that say until when evidence counts, and what the evidence is called.
const EVIDENCE: [(&str, &str); 4] = [
    ("ds-dspt-published-on", "The DSPT status"),
    ("ds-isms-certificate", "The ISO/IEC 27001 certificate"),
    ("ds-cyber-essentials-expires-on", "The Cyber Essentials certificate"),
    (TEST_QUESTION, "The penetration test"),
];
const TEST_QUESTION: &str = "cc-pentest-completed-on";

/// The last days of the evidence that there is, with the question that holds it.
pub(in crate::domain) fn ends(given: &Given<'_>) -> Vec<(&'static str, &'static str, NaiveDate)> {
    let end = |key| end_of(given.catalogue, key, given.value(key)?);
    EVIDENCE.into_iter().filter_map(|(key, what)| Some((key, what, end(key)?))).collect()
}

/// The questions whose answers say until when evidence counts.
pub fn evidence_questions() -> impl Iterator<Item = &'static str> {
    EVIDENCE.into_iter().map(|(key, _)| key)
}

/// Until when the evidence of one such answer counts.
#[must_use]
pub fn end_of(catalogue: &Catalogue, key: &str, value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Files { expires_on, .. } => *expires_on,
        Value::Date(published) if key == "ds-dspt-published-on" => Some(dspt_current_until(*published)),
        Value::Date(completed) if key == TEST_QUESTION => {
            let (_, question) = catalogue.find(key)?;
            let months = question.date.as_ref().and_then(|rule| rule.max_age_months).unwrap_or(TEST_MONTHS);
            completed.checked_add_months(Months::new(months))
        }
        Value::Date(end) => Some(*end),
        Value::Text(_) | Value::Choice(_) | Value::Choices(_) | Value::Number(_) | Value::Ticked => None,
    }
}

fn test_end(given: &Given<'_>) -> Option<NaiveDate> {
    end_of(given.catalogue, TEST_QUESTION, given.value(TEST_QUESTION)?)
}

fn test_margin(given: &Given<'_>, go_live: NaiveDate) -> Option<Finding> {
    let end = test_end(given).filter(|end| *end >= go_live && (*end - go_live).num_days() < FEW_DAYS)?;
    let (_, question) = given.catalogue.find("cc-pentest-completed-on")?;
    let text = format!(
        "The penetration test counts until {}: fewer than {FEW_DAYS} days are left at the planned go-live on {}.",
        written(end),
        written(go_live)
    );
    Some(Finding::warning(question, text))
}

fn is_older(date: NaiveDate, months: u32, today: NaiveDate) -> bool {
    date.checked_add_months(Months::new(months)).is_some_and(|end| end < today)
}

fn period(months: u32) -> String {
    if months > 12 && months.is_multiple_of(12) { format!("{} years", months / 12) } else { format!("{months} months") }
}
