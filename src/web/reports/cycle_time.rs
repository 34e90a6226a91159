//! Cycle time: how long finished products took, each as a mark and as a row.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use chrono::{Months, NaiveDate};
use serde::Deserialize;

use super::super::chart::spread::{SINGLE, Shown, Spread};
use super::super::chart::weeks;
use super::super::ctx::SignedIn;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::{Item, Pagination};
use super::{address, asked_month, range, ranges};
use crate::domain::measure::{ENOUGH, Histogram, USUAL_DAYS, months_back};
use crate::error::Error;
use crate::store::report::{Ended, Finish, Finishing};
use crate::store::visible::PAGE;
use crate::words::{short_date, thousands};

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CycleQuery {
    kind: String,
    months: String,
    month: String,
    page: u64,
}

impl CycleQuery {
    /// The finished products that the address asks for: those of one month, or of the last ones.
    #[must_use]
    pub fn which(&self, today: NaiveDate) -> Finishing {
        let is_move = match self.kind.as_str() {
            "new" => Some(false),
            "move" => Some(true),
            _ => None,
        };
        let since = Ended::Since(months_back(today, range(&self.months)));
        Finishing { when: asked_month(&self.month, today).map_or(since, Ended::Month), is_move }
    }

    fn at(&self, page: u64) -> String {
        let page = page.to_string();
        let fields = [("kind", self.kind.as_str()), ("months", &self.months), ("month", &self.month), ("page", &page)];
        address("/reports/cycle-time", &fields)
    }

    /// The months that can be chosen: those of the range, and the one that is chosen.
    fn month_items(&self, today: NaiveDate) -> Vec<Item> {
        let (chosen, first) = (asked_month(&self.month, today), months_back(today, range(&self.months)));
        let range = (0..).map_while(|n| months_back(today, 1).checked_sub_months(Months::new(n))).take_while(|m| *m >= first);
        let older = chosen.filter(|m| *m < first);
        let item =
            |m: NaiveDate| Item::new(m.format("%Y-%m").to_string(), m.format("%B %Y").to_string()).checked(chosen == Some(m));
        std::iter::once(Item::new("", "Every month").checked(chosen.is_none())).chain(range.chain(older).map(item)).collect()
    }
}

/// One finished product.
struct Row {
    name: String,
    href: String,
    organisation: String,
    on: String,
    weeks: String,
    is_late: bool,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "reports/cycle_time.html")]
struct CyclePage {
    frame: Frame,
    here: &'static str,
    spread: Spread,
    sentences: Vec<String>,
    is_enough: bool,
    heading: String,
    rows: Vec<Row>,
    kinds: Vec<Item>,
    ranges: Vec<Item>,
    months: Vec<Item>,
    /// The address with its filters.
    table: String,
    pages: Pagination,
}

/// P55: how long finished products took.
pub async fn show(me: SignedIn, query: Query<CycleQuery>) -> Result<HttpResponse, Error> {
    let today = me.today();
    let which = query.which(today);
    let visible = me.visible();
    let report = visible.report(today).await?;
    let all = report.times(which).await?.remove(&None).unwrap_or_default();
    let by_month = report.by_month(which).await?;
    let page = visible.finished(which, query.page).await?;
    let single = visible.last_finished(which, SINGLE as u64 + 1).await?;
    let item = |value: &str, label: &str| Item::new(value, label).checked(query.kind == value);
    let template = CyclePage {
        frame: me.frame("Cycle time"),
        here: "/reports/cycle-time",
        spread: Spread::new(&Shown {
            span: (which.first_day(), which.last_day(today)),
            times: &all,
            single: &single,
            by_month: &by_month,
        }),
        sentences: sentences(&all),
        is_enough: all.total() >= ENOUGH,
        heading: format!("Finished products ({})", thousands(&page.total)),
        rows: page.rows.into_iter().map(row).collect(),
        kinds: vec![item("", "All products"), item("new", "New to CIS2"), item("move", "Moved from CIS1")],
        ranges: ranges(range(&query.months)),
        months: query.month_items(today),
        table: query.at(page.number),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| query.at(n)),
    };
    ok(&template)
}

/// Half, 85 in 100 and the usual 12 weeks in words.
fn sentences(times: &Histogram) -> Vec<String> {
    let total = times.total();
    if total < ENOUGH {
        return vec![format!("Not enough data yet. This chart appears when {ENOUGH} products have finished. {total} have.")];
    }
    let within = |percent| times.within(percent).map(weeks).unwrap_or_default();
    vec![
        format!("Half of them took {} weeks or less.", within(50)),
        format!("85 in 100 took {} weeks or less.", within(85)),
        format!("{} of {} took more than 12 weeks.", thousands(&times.longer_than(USUAL_DAYS.1)), thousands(&total)),
    ]
}

fn row(finish: Finish) -> Row {
    Row {
        href: format!("/products/{}", finish.reference.to_lowercase()),
        name: finish.name,
        organisation: finish.organisation,
        on: short_date(finish.on),
        weeks: weeks(finish.days.elapsed()),
        is_late: finish.days.elapsed() > USUAL_DAYS.1,
        kind: kind(finish.is_move),
    }
}

/// What kind of way it was.
#[must_use]
pub const fn kind(is_move: bool) -> &'static str {
    if is_move { "Moved from CIS1" } else { "New" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_of_an_address_is_chosen_whatever_the_range_and_what_is_none_is_not() {
        let today = NaiveDate::from_ymd_opt(2026, 4, 2).unwrap_or_default();
        let query = |month: &str| CycleQuery { month: month.to_owned(), months: "3".to_owned(), ..CycleQuery::default() };
        let labels = |query: CycleQuery| query.month_items(today).into_iter().map(|i| (i.label, i.checked)).collect::<Vec<_>>();
        let named = |names: &[(&str, bool)]| names.iter().map(|(name, is)| ((*name).to_owned(), *is)).collect::<Vec<_>>();
        let range = [("April 2026", false), ("March 2026", false), ("February 2026", false)];
        assert_eq!(labels(query("2025-11")), named(&[&[("Every month", false)], &range[..], &[("November 2025", true)]].concat()));
        for none in ["", "2026-05", "2026-13", "soon"] {
            assert_eq!(labels(query(none)), named(&[&[("Every month", true)], &range[..]].concat()), "{none}");
            assert!(matches!(query(none).which(today).when, Ended::Since(_)), "{none}");
        }
        let march = query("2026-03").which(today);
        assert_eq!((march.first_day().to_string(), march.last_day(today).to_string()), ("2026-03-01".into(), "2026-03-31".into()));
        assert_eq!(query("2026-04").which(today).last_day(today), today);
    }
}
