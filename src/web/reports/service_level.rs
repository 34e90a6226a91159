//! Service level: what the team owes now against its promise, and how promises were kept, month by month.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::super::chart::clock::Clock;
use super::super::ctx::SignedIn;
use super::super::due_view::left;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::{Item, Pagination};
use super::super::queue::Titles;
use super::{asked_month, step};
use crate::domain::measure::{ENOUGH, months_back};
use crate::domain::waits::Topic;
use crate::error::Error;
use crate::store::promise::{PromiseFilter, Promised};
use crate::store::report::Kept;
use crate::store::visible::PAGE;
use crate::words::{long_date, thousands};

/// Months that are looked back, when no month is asked for.
const MONTHS: u32 = 12;

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServiceQuery {
    what: String,
    due: String,
    assigned: String,
    month: String,
    page: u64,
}

/// One open promise.
struct Row {
    title: String,
    href: String,
    product: String,
    organisation: String,
    clock: Option<Clock>,
    left: (String, &'static str),
    date: String,
    who: String,
}

/// How promises of one kind or one month were kept.
struct KeptRow {
    name: String,
    href: String,
    all: u64,
    kept: u64,
    share: String,
}

#[derive(Template)]
#[template(path = "reports/service_level.html")]
struct ServicePage {
    frame: Frame,
    here: &'static str,
    heading: String,
    rows: Vec<Row>,
    filters: Vec<(String, String)>,
    what: Vec<Item>,
    due: Vec<Item>,
    assigned: Vec<Item>,
    month: String,
    /// The address with its filters.
    table: String,
    /// The address of what came to its end, with its month.
    kept: String,
    pages: Pagination,
    title: String,
    measure: String,
    by_month: Vec<KeptRow>,
    by_topic: Vec<KeptRow>,
}

impl ServiceQuery {
    /// The open promises that the address asks for.
    #[must_use]
    pub fn filter(&self) -> PromiseFilter {
        PromiseFilter {
            topic: Topic::from_word(&self.what),
            is_overdue: self.due == "overdue",
            from: None,
            is_unassigned: self.assigned == "nobody",
            page: self.page,
        }
    }

    /// The first day of the month that is asked for.
    #[must_use]
    pub fn asked(&self, today: NaiveDate) -> Option<NaiveDate> {
        asked_month(&self.month, today)
    }

    /// The month from which on promises are looked at that came to their end.
    #[must_use]
    pub fn from(&self, today: NaiveDate) -> NaiveDate {
        let usual = months_back(today, MONTHS);
        self.asked(today).map_or(usual, |m| m.min(usual))
    }

    fn with(&self, changed: &[(&str, &str)]) -> String {
        let now = [
            ("what", self.what.as_str()),
            ("due", self.due.as_str()),
            ("assigned", self.assigned.as_str()),
            ("month", self.month.as_str()),
        ];
        let kept = now.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        super::address("/reports/service-level", &kept.chain(changed.iter().copied()).collect::<Vec<_>>())
    }

    fn chosen(&self, filter: &PromiseFilter) -> Vec<(String, String)> {
        let mut chosen = Vec::new();
        if let Some(topic) = filter.topic {
            chosen.push((step(topic).to_owned(), self.with(&[("what", "")])));
        }
        if filter.is_overdue {
            chosen.push(("Overdue".to_owned(), self.with(&[("due", "")])));
        }
        if filter.is_unassigned {
            chosen.push(("Not assigned".to_owned(), self.with(&[("assigned", "")])));
        }
        chosen
    }
}

/// P53: open promises and those that came to their end.
pub async fn show(me: SignedIn, query: Query<ServiceQuery>) -> Result<HttpResponse, Error> {
    let (query, today) = (query.into_inner(), me.today());
    let filter = query.filter();
    let visible = me.visible();
    let page = visible.promises(&filter, today).await?;
    let asked = query.asked(today);
    let kept = visible.report(today).await?.kept(query.from(today)).await?;
    let titles = Titles::new(&me)?;
    let item = |value: &str, label: &str, now: &str| Item::new(value, label).checked(now == value);
    let (title, measure) = message(&kept, asked, today);
    let template = ServicePage {
        frame: me.frame("Service level"),
        here: "/reports/service-level",
        heading: format!("Open promises ({})", thousands(&page.total)),
        rows: page.rows.iter().map(|p| row(&me, &titles, p)).collect(),
        filters: query.chosen(&filter),
        what: std::iter::once(item("", "Everything", &query.what))
            .chain(PROMISED.iter().map(|t| item(t.word(), step(*t), &query.what)))
            .collect(),
        due: vec![item("", "Any day", &query.due), item("overdue", "Overdue", &query.due)],
        assigned: vec![item("", "Anybody or nobody", &query.assigned), item("nobody", "Not assigned", &query.assigned)],
        month: query.month.clone(),
        table: query.with(&[]),
        kept: super::address("/reports/service-level/kept", &[("month", &query.month)]),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| query.with(&[("page", &n.to_string())])),
        title,
        measure,
        by_month: by_month(&query, &kept),
        by_topic: by_topic(&kept, asked),
    };
    ok(&template)
}

/// What the team promises by a day.
const PROMISED: [Topic; 7] =
    [Topic::Review, Topic::DateWish, Topic::Checks, Topic::RunSheet, Topic::Certificate, Topic::AgreementIssue, Topic::SignedCopy];

fn row(me: &SignedIn, titles: &Titles, promise: &Promised) -> Row {
    let (calendar, today) = (me.app.rules.calendar(), me.today());
    // Checks and results are due before or on the day of a demonstration, not so many working days after something.
    let has_clock = !matches!(promise.topic, Topic::Checks | Topic::RunSheet);
    Row {
        title: what(titles, promise),
        href: address(promise),
        product: promise.product.clone(),
        organisation: promise.organisation.clone(),
        clock: has_clock.then(|| Clock::new(promise.due, calendar, today)),
        left: left(promise.due, calendar, today),
        date: long_date(promise.due),
        who: who(promise).to_owned(),
    }
}

/// Who has it; empty for what the whole team looks after.
#[must_use]
pub fn who(promise: &Promised) -> &str {
    match (&promise.reviewer, promise.section) {
        (Some((_, name)), _) => name,
        (None, Some(_)) => "Not assigned",
        (None, None) => "",
    }
}

/// What was promised: "Clinical risk, round 2".
#[must_use]
pub fn what(titles: &Titles, promise: &Promised) -> String {
    match promise.section {
        Some((section, round)) => format!("{}, round {round}", titles.short(section)),
        None => step(promise.topic).to_owned(),
    }
}

/// Where a promise is kept.
#[must_use]
pub fn address(promise: &Promised) -> String {
    let product = format!("/products/{}", promise.reference.to_lowercase());
    let place = match promise.topic {
        Topic::DateWish => "/demonstration/wish",
        Topic::Checks => "/demonstration/checks",
        Topic::RunSheet => "/demonstration/run-sheet",
        Topic::Certificate => "/certificate/issue",
        Topic::Doubt => "/certificate/decision",
        Topic::AgreementIssue => "/agreement/issue",
        Topic::SignedCopy => "/agreement/check",
        Topic::GoLive => "/live",
        Topic::Review
        | Topic::Feedback
        | Topic::Answers
        | Topic::Booking
        | Topic::TestFacts
        | Topic::CheckProblem
        | Topic::Test
        | Topic::Signatory
        | Topic::Signature
        | Topic::Production => "",
    };
    match promise.section {
        Some((section, _)) => format!("{product}/sections/{section}/review"),
        None => format!("{product}{place}"),
    }
}

/// The message: how many reviews were answered in time.
fn message(kept: &Kept, asked: Option<NaiveDate>, today: NaiveDate) -> (String, String) {
    let reviews = kept.iter().filter(|((of, topic), _)| *topic == Topic::Review && asked.is_none_or(|m| m == *of));
    let (good, all) = reviews.fold((0, 0), |(good, all), (_, (g, a))| (good + g, all + a));
    let span = match asked {
        Some(month) => format!("in {}", month.format("%B %Y")),
        None => format!("since {}", months_back(today, MONTHS).format("%B %Y")),
    };
    let title = match all {
        0 => format!("No review was answered {span}"),
        few if few < ENOUGH => format!("{good} of {few} reviews were answered in time"),
        _ => format!("{} reviews were answered in time", in_ten(good, all)),
    };
    (
        title,
        format!(
            "Reviews that were answered within 5 working days, bank holidays and days on hold left out. {} answered {span}.",
            thousands(&all)
        ),
    )
}

/// "9 in 10", never better than it is.
fn in_ten(good: u64, all: u64) -> String {
    match good * 10 / all.max(1) {
        10 => "All".to_owned(),
        0 => "Fewer than 1 in 10".to_owned(),
        tenths => format!("{tenths} in 10"),
    }
}

fn share(good: u64, all: u64) -> String {
    format!("{}%", (good * 100).checked_div(all).unwrap_or_default())
}

fn by_month(query: &ServiceQuery, kept: &Kept) -> Vec<KeptRow> {
    let reviews = kept.iter().rev().filter(|((_, topic), _)| *topic == Topic::Review);
    let row = |((of, _), (good, all)): (&(NaiveDate, Topic), &(u64, u64))| KeptRow {
        name: of.format("%B %Y").to_string(),
        href: query.with(&[("month", &of.format("%Y-%m").to_string())]),
        all: *all,
        kept: *good,
        share: share(*good, *all),
    };
    reviews.map(row).collect()
}

fn by_topic(kept: &Kept, asked: Option<NaiveDate>) -> Vec<KeptRow> {
    let mut topics: BTreeMap<Topic, (u64, u64)> = BTreeMap::new();
    for ((_, topic), (good, all)) in kept.iter().filter(|((of, _), _)| asked.is_none_or(|m| m == *of)) {
        let sums = topics.entry(*topic).or_default();
        sums.0 += good;
        sums.1 += all;
    }
    let row = |(topic, (good, all)): (Topic, (u64, u64))| KeptRow {
        name: step(topic).to_owned(),
        href: String::new(),
        all,
        kept: good,
        share: share(good, all),
    };
    topics.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_rounds_down_and_says_its_month() {
        let day = |m| NaiveDate::from_ymd_opt(2026, m, 1).unwrap_or_default();
        let kept = Kept::from([
            ((day(3), Topic::Review), (19, 20)),
            ((day(4), Topic::Review), (4, 4)),
            ((day(4), Topic::Certificate), (0, 7)),
        ]);
        assert_eq!(message(&kept, None, day(4)).0, "9 in 10 reviews were answered in time");
        assert_eq!(message(&kept, Some(day(4)), day(4)).0, "4 of 4 reviews were answered in time");
        let (title, measure) = message(&kept, Some(day(2)), day(4));
        assert_eq!(title, "No review was answered in February 2026");
        assert!(measure.ends_with("0 answered in February 2026."), "{measure}");
        assert_eq!((in_ten(20, 20).as_str(), in_ten(1, 30).as_str(), share(19, 20).as_str()), ("All", "Fewer than 1 in 10", "95%"));
    }
}
