//! Bottlenecks: which steps take longest, and which questions are asked about most.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::super::chart::percent;
use super::super::ctx::SignedIn;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::Item;
use super::{TimeRow, range, ranges, step, time_rows};
use crate::domain::measure::{ENOUGH, months_back};
use crate::error::Error;
use crate::words::short_date;

/// Questions that are listed.
const QUESTIONS: usize = 20;

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BottleneckQuery {
    months: String,
}

/// One step, with its bars.
struct StepRow {
    time: TimeRow,
    half: String,
    most: String,
}

/// One question, with its bar.
struct QuestionRow {
    text: String,
    section: String,
    asked: u64,
    bar: String,
    words: u64,
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
}

/// P57: steps and questions, the worst first.
pub async fn show(me: SignedIn, query: Query<BottleneckQuery>) -> Result<HttpResponse, Error> {
    let today = me.today();
    let months = range(&query.months);
    let from = months_back(today, months);
    let visible = me.visible();
    let report = visible.report(today).await?;
    let steps = report.steps(from).await?;
    let times = time_rows(steps.iter().map(|((_, topic), times)| (step(*topic), times)));
    let mut asked: Vec<(String, (u64, u64))> = report.asked(from).await?.into_iter().collect();
    asked.sort_by_key(|(_, sums)| std::cmp::Reverse(*sums));
    asked.truncate(QUESTIONS);
    let template = BottleneckPage {
        frame: me.frame("Bottlenecks"),
        here: "/reports/bottlenecks",
        title: title(&times),
        since: short_date(from),
        questions: questions(&me, asked)?,
        steps: bars(times),
        ranges: ranges(months),
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

fn questions(me: &SignedIn, asked: Vec<(String, (u64, u64))>) -> Result<Vec<QuestionRow>, Error> {
    let catalogue = me.app.rules.catalogue(me.app.rules.newest())?;
    let most = asked.first().map(|(_, (asked, _))| *asked).unwrap_or_default();
    let row = |(key, (asked, words)): (String, (u64, u64))| {
        let found = catalogue.find(&key);
        let section = found.and_then(|(section, _)| catalogue.sections.iter().find(|s| s.key == section));
        QuestionRow {
            text: found.map_or_else(|| key.clone(), |(_, question)| question.text.clone()),
            section: section.map(|s| crate::domain::parse::capitalised(&s.short)).unwrap_or_default(),
            asked,
            bar: percent(asked, most),
            words: words.checked_div(asked).unwrap_or_default(),
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
