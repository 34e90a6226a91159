//! Flow: where products were at the end of each week. A band that grows wider is where they pile up.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::super::chart::bands::Bands;
use super::super::ctx::SignedIn;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::Item;
use super::{address, range, ranges};
use crate::domain::flow::Band;
use crate::domain::measure::{months_back, week};
use crate::error::Error;
use crate::store::report::Flow;
use crate::words::short_date;

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FlowQuery {
    months: String,
}

impl FlowQuery {
    /// The days that the address asks for: the end of each week, and today.
    #[must_use]
    pub fn days(&self, today: NaiveDate) -> Vec<NaiveDate> {
        ends_of_weeks(months_back(today, range(&self.months)), today)
    }
}

#[derive(Template)]
#[template(path = "reports/flow.html")]
struct FlowPage {
    frame: Frame,
    here: &'static str,
    chart: Bands,
    is_empty: bool,
    ranges: Vec<Item>,
    /// The address with its range.
    table: String,
    rows: Vec<(String, Vec<(&'static str, u64)>)>,
}

/// P54: where products were, week by week.
pub async fn show(me: SignedIn, query: Query<FlowQuery>) -> Result<HttpResponse, Error> {
    let today = me.today();
    let flow = me.visible().report(today).await?.flow(&query.days(today)).await?;
    let chart = Bands::new(&flow);
    let template = FlowPage {
        frame: me.frame("Flow"),
        here: "/reports/flow",
        is_empty: flow.iter().all(|(_, levels)| levels.values().all(|n| *n == 0)),
        chart,
        ranges: ranges(range(&query.months)),
        table: address("/reports/flow", &[("months", &query.months)]),
        rows: rows(&flow),
    };
    ok(&template)
}

/// The Sundays of a span and its last day.
fn ends_of_weeks(from: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    let sundays = (week(from) + Days::new(6)).iter_weeks().take_while(|d| *d < today);
    sundays.chain([today]).collect()
}

/// A row for each week, the last first, in the order of the bands.
fn rows(flow: &Flow) -> Vec<(String, Vec<(&'static str, u64)>)> {
    let row = |(day, levels): &(NaiveDate, std::collections::BTreeMap<Band, u64>)| {
        (short_date(*day), Band::ALL.iter().map(|b| (b.label(), levels.get(b).copied().unwrap_or_default())).collect())
    };
    flow.iter().rev().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_end_on_sunday_and_the_last_one_today() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 4, day).unwrap_or_default();
        assert_eq!(ends_of_weeks(day(1), day(14)), [day(5), day(12), day(14)]);
        assert_eq!(ends_of_weeks(day(1), day(12)), [day(5), day(12)]);
    }
}
