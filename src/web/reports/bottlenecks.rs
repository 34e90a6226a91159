//! Bottlenecks: which steps take longest, and which questions are asked about most.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::chart::percent;
use super::super::ctx::SignedIn;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::Item;
use super::{TimeRow, address, range, ranges, step, time_rows};
use crate::domain::measure::{ENOUGH, months_back};
use crate::error::Error;
use crate::store::report::Report;
use crate::words::short_date;

/// Questions that are listed.
const QUESTIONS: usize = 20;

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BottleneckQuery {
    months: String,
}

impl BottleneckQuery {
    /// The month from which on the address asks for steps and questions.
    #[must_use]
    pub fn from(&self, today: NaiveDate) -> NaiveDate {
        months_back(today, range(&self.months))
    }
}

/// One step, with its bars.
struct StepRow {
    time: TimeRow,
    half: String,
    most: String,
}

/// One question, and how often more was asked about it.
pub struct Asked {
    /// Its key.
    pub key: String,
    /// What it asks; its key if no set holds it any more.
    pub text: String,
    /// Where it stands.
    pub section: String,
    /// How often more was asked.
    pub number: u64,
    /// In how many words each time, on average.
    pub words: u64,
}

/// One question, with its bar.
struct QuestionRow {
    asked: Asked,
    bar: String,
}

#[derive(Template)]
#[template(path = "reports/bottlenecks.html")]
struct BottleneckPage {
    frame: Frame,
    here: &'static str,
    title: String,
    since: String,
    steps: Vec<StepRow>,
    questions: Vec<QuestionRow>,
    ranges: Vec<Item>,
    /// The address with its range.
    table: String,
    /// The address of the questions, with the range.
    asked: String,
}

/// P57: steps and questions, the worst first.
pub async fn show(me: SignedIn, query: Query<BottleneckQuery>) -> Result<HttpResponse, Error> {
    let today = me.today();
    let from = query.from(today);
    let visible = me.visible();
    let report = visible.report(today).await?;
    let times = longest(&report, from).await?;
    let mut asked = most_asked(&me, &report, from).await?;
    asked.truncate(QUESTIONS);
    let template = BottleneckPage {
        frame: me.frame("Bottlenecks"),
        here: "/reports/bottlenecks",
        title: title(&times),
        since: short_date(from),
        questions: questions(asked),
        steps: bars(times),
        ranges: ranges(range(&query.months)),
        table: address("/reports/bottlenecks", &[("months", &query.months)]),
        asked: address("/reports/bottlenecks/questions", &[("months", &query.months)]),
    };
    ok(&template)
}

/// The step that takes longest, of those that came often enough to say so.
fn title(times: &[TimeRow]) -> String {
    match times.iter().find(|row| row.number >= ENOUGH) {
        Some(row) => format!("Longest step: {}, half within {} days", lower(row.name), row.half),
        None => "Too few steps have come to their end to name the longest".to_owned(),
    }
}

/// With a small first letter, but for "We".
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn bars(times: Vec<TimeRow>) -> Vec<StepRow> {
    let longest = times.iter().map(|row| row.most).max().unwrap_or_default().into();
    let bar = |time: TimeRow| StepRow { half: percent(time.half.into(), longest), most: percent(time.most.into(), longest), time };
    times.into_iter().map(bar).collect()
}

fn questions(asked: Vec<Asked>) -> Vec<QuestionRow> {
    let most = asked.first().map(|a| a.number).unwrap_or_default();
    asked.into_iter().map(|asked| QuestionRow { bar: percent(asked.number, most), asked }).collect()
}

/// How long each step took that ended in the month of a day or later, the longest first.
///
/// # Errors
/// Those of the database.
pub async fn longest(report: &Report<'_>, from: NaiveDate) -> Result<Vec<TimeRow>, Error> {
    let steps = report.steps(from).await?;
    Ok(time_rows(steps.iter().map(|((_, topic), times)| (step(*topic), times))))
}

/// The questions about which more was asked in the month of a day or later, those asked about most first.
///
/// # Errors
/// Those of the database.
pub async fn most_asked(me: &SignedIn, report: &Report<'_>, from: NaiveDate) -> Result<Vec<Asked>, Error> {
    let catalogue = me.app.rules.catalogue(me.app.rules.newest())?;
    let mut asked: Vec<(String, (u64, u64))> = report.asked(from).await?.into_iter().collect();
    asked.sort_by_key(|(_, sums)| std::cmp::Reverse(*sums));
    let row = |(key, (number, words)): (String, (u64, u64))| {
        let found = catalogue.find(&key);
        let section = found.and_then(|(section, _)| catalogue.sections.iter().find(|s| s.key == section));
        Asked {
            text: found.map_or_else(|| key.clone(), |(_, question)| question.text.clone()),
            section: section.map(|s| crate::domain::parse::capitalised(&s.short)).unwrap_or_default(),
            number,
            words: words.checked_div(number).unwrap_or_default(),
            key,
        }
    };
    Ok(asked.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_step_is_named_when_it_came_often_enough() {
        let row = |name, number, half| TimeRow { name, number, half, most: half * 2 };
        assert_eq!(title(&[row("Wait for the demonstration", 3, 30)]), "Too few steps have come to their end to name the longest");
        let times = [row("Wait for the demonstration", 3, 30), row("Supplier answers feedback", 10, 16)];
        assert_eq!(title(&times), "Longest step: supplier answers feedback, half within 16 days");
        let bars = bars(times.into());
        assert_eq!(
            bars.iter().map(|b| (b.half.as_str(), b.most.as_str())).collect::<Vec<_>>(),
            [("50.0%", "100.0%"), ("26.6%", "53.3%")]
        );
    }
}
