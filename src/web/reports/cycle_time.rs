//! Cycle time: how long finished products took, each as a mark and as a row.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::super::chart::spread::{SINGLE, Shown, Spread};
use super::super::chart::weeks;
use super::super::ctx::SignedIn;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::{Item, Pagination};
use super::{address, range, ranges};
use crate::domain::measure::{ENOUGH, Histogram, USUAL_DAYS, months_back};
use crate::error::Error;
use crate::store::report::{Finish, Finishing};
use crate::store::visible::PAGE;
use crate::words::{short_date, thousands};

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CycleQuery {
    kind: String,
    months: String,
    page: u64,
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
    pages: Pagination,
}

/// P55: how long finished products took.
pub async fn show(me: SignedIn, query: Query<CycleQuery>) -> Result<HttpResponse, Error> {
    let today = me.today();
    let months = range(&query.months);
    let is_move = match query.kind.as_str() {
        "new" => Some(false),
        "move" => Some(true),
        _ => None,
    };
    let which = Finishing { from: months_back(today, months), is_move };
    let visible = me.visible();
    let report = visible.report(today).await?;
    let all = report.times(which).await?.remove(&None).unwrap_or_default();
    let by_month = report.by_month(which).await?;
    let page = visible.finished(which, query.page).await?;
    let single = visible.last_finished(which, SINGLE as u64 + 1).await?;
    let item = |value: &str, label: &str| Item::new(value, label).checked(query.kind == value);
    let at = |n: u64| address("/reports/cycle-time", &[("kind", &query.kind), ("months", &query.months), ("page", &n.to_string())]);
    let template = CyclePage {
        frame: me.frame("Cycle time"),
        here: "/reports/cycle-time",
        spread: Spread::new(&Shown { span: (which.first_day(), today), times: &all, single: &single, by_month: &by_month }),
        sentences: sentences(&all),
        is_enough: all.total() >= ENOUGH,
        heading: format!("Finished products ({})", thousands(&page.total)),
        rows: page.rows.into_iter().map(row).collect(),
        kinds: vec![item("", "All products"), item("new", "New to CIS2"), item("move", "Moved from CIS1")],
        ranges: ranges(months),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), at),
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
        weeks: weeks(finish.days),
        is_late: finish.days > USUAL_DAYS.1,
        kind: if finish.is_move { "Moved from CIS1" } else { "New" },
    }
}
