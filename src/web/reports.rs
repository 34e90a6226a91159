//! Reports for those who plan: what they share, and the list of them. Reviewers may read them too: they hold nothing that
//! the queue and the products do not show already.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::ctx::SignedIn;
use super::frame::Frame;
use super::page::ok;
use super::parts::Item;
use crate::domain::measure::Histogram;
use crate::domain::waits::Topic;
use crate::error::Error;

pub mod bottlenecks;
pub mod cycle_time;
pub mod flow;
pub mod forecast;
pub mod service_level;

/// The reports: address, name, and the question that each answers.
pub const REPORTS: &[(&str, &str, &str)] = &[
    ("/board", "Timeline board", "Who is late, and because of whom?"),
    ("/reports/service-level", "Service level", "Do we answer when we said that we would?"),
    ("/reports/workload", "Workload", "Who has which reviews, and who has room?"),
    ("/reports/cycle-time", "Cycle time", "How long does a product take?"),
    ("/reports/flow", "Flow", "Where do products pile up?"),
    ("/reports/forecast", "Forecast", "When will products finish, and how good were earlier forecasts?"),
    ("/reports/bottlenecks", "Bottlenecks", "Which step takes longest, and what do we ask about most?"),
];

/// The ranges that reports offer, in months. The first is shown unless another is asked for.
const RANGES: [u32; 3] = [12, 6, 3];

#[derive(Template)]
#[template(path = "reports/index.html")]
struct IndexPage {
    frame: Frame,
}

/// The list of reports.
pub async fn index(me: SignedIn) -> Result<HttpResponse, Error> {
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    ok(&IndexPage { frame: me.frame("Reports") })
}

/// An address with those of its fields that hold something.
#[must_use]
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let held = fields.iter().filter(|(_, value)| !value.is_empty());
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(held).finish();
    if text.is_empty() { path.to_owned() } else { format!("{path}?{text}") }
}

/// The first day of the month that an address asks for, such as `2026-03`; nothing for one that has not begun.
fn asked_month(asked: &str, today: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{asked}-01"), "%Y-%m-%d").ok().filter(|month| *month <= today)
}

/// The range that an address asks for, in months.
fn range(asked: &str) -> u32 {
    let asked: u32 = asked.parse().unwrap_or_default();
    RANGES.into_iter().find(|r| *r == asked).unwrap_or(12)
}

/// The ranges as options.
fn ranges(chosen: u32) -> Vec<Item> {
    RANGES.iter().map(|r| Item::new(r.to_string(), format!("{r} months")).checked(*r == chosen)).collect()
}

/// How long a step took: half and 85 in 100, in days.
pub struct TimeRow {
    /// What is measured.
    pub name: &'static str,
    /// How many there were.
    pub number: u64,
    /// Days within which half were done.
    pub half: u32,
    /// Days within which 85 in 100 were done.
    pub most: u32,
}

/// The rows of what was measured, the longest first. What never happened has none.
pub fn time_rows<'a>(measured: impl Iterator<Item = (&'static str, &'a Histogram)>) -> Vec<TimeRow> {
    let row = |(name, times): (&'static str, &Histogram)| {
        let (half, most) = times.within(50).zip(times.within(85))?;
        Some(TimeRow { name, number: times.total(), half, most })
    };
    let mut rows: Vec<TimeRow> = measured.filter_map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.half, row.most)));
    rows
}

/// What happens in a step, in a few words.
#[must_use]
pub const fn step(topic: Topic) -> &'static str {
    match topic {
        Topic::Feedback => "Supplier answers feedback",
        Topic::Review => "We review a section",
        Topic::Answers => "Supplier answers a section",
        Topic::Booking => "Supplier books the demonstration",
        Topic::DateWish => "We answer a wish for a date",
        Topic::TestFacts => "Supplier gives details of the demonstration",
        Topic::CheckProblem => "Supplier puts right what a check found",
        Topic::Checks => "We do the background checks",
        Topic::Test => "Wait for the demonstration",
        Topic::RunSheet => "We record the result",
        Topic::Certificate => "We issue the certificate",
        Topic::Doubt => "We decide on a certificate in doubt",
        Topic::Signatory => "Supplier names who signs",
        Topic::AgreementIssue => "We issue the Connection Agreement",
        Topic::Signature => "Supplier signs the agreement",
        Topic::SignedCopy => "We check the signed agreement",
        Topic::Production => "Supplier gives the production configuration",
        Topic::GoLive => "We record the day of going live",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_asked_for_and_a_range_is_one_of_those_offered() {
        assert_eq!(address("/board", &[("waiting", "supplier"), ("risk", ""), ("page", "2")]), "/board?waiting=supplier&page=2");
        assert_eq!(address("/board", &[("risk", "")]), "/board");
        assert_eq!((range("3"), range("6"), range("99"), range("")), (3, 6, 12, 12));
    }
}
