//! Forecast: when products in progress are likely to finish, how many by month, and how good earlier forecasts were.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::super::chart::fan::Fan;
use super::super::ctx::SignedIn;
use super::super::frame::Frame;
use super::super::page::ok;
use super::super::parts::{Item, Pagination};
use super::address;
use crate::domain::forecast::{Held, MonthAhead};
use crate::domain::measure::{ENOUGH, months_back};
use crate::domain::parse::capitalised;
use crate::error::Error;
use crate::store::likely::{ForecastFilter, ForecastRow};
use crate::store::visible::PAGE;
use crate::words::thousands;

/// Months that are looked back on.
const MONTHS: u32 = 12;
/// The week of which the heading speaks: by then most sections were sent.
const SPOKEN_WEEK: u32 = 4;
/// From this week on ranges are counted together.
const LAST_WEEK: u32 = 13;

/// What the address may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ForecastQuery {
    kind: String,
    time: String,
    page: u64,
}

impl ForecastQuery {
    fn filter(&self) -> ForecastFilter {
        let is_move = match self.kind.as_str() {
            "new" => Some(false),
            "move" => Some(true),
            _ => None,
        };
        ForecastFilter { is_move, is_long: self.time == "long", page: self.page }
    }
}

/// One product.
struct Row {
    name: String,
    href: String,
    organisation: String,
    kind: &'static str,
    likely: String,
    is_long: bool,
    driver: String,
}

/// How often the ranges held that were shown in a week.
struct HeldRow {
    week: String,
    number: u64,
    by_middle: String,
    by_late: String,
    within: String,
}

#[derive(Template)]
#[template(path = "reports/forecast.html")]
struct ForecastPage {
    frame: Frame,
    here: &'static str,
    heading: String,
    rows: Vec<Row>,
    bases: Vec<String>,
    has_filter: bool,
    kinds: Vec<Item>,
    times: Vec<Item>,
    pages: Pagination,
    fan: Option<Fan>,
    months: Vec<MonthAhead>,
    held_title: String,
    held: Vec<HeldRow>,
}

/// P58: when products in progress are likely to finish.
pub async fn show(me: SignedIn, query: Query<ForecastQuery>) -> Result<HttpResponse, Error> {
    let (filter, today) = (query.filter(), me.today());
    let visible = me.visible();
    let rows = visible.forecasts(&filter).await?;
    let coming = visible.coming(&filter).await?;
    let held = visible.report(today).await?.held(months_back(today, MONTHS)).await?;
    let months = coming.by_month(today);
    let total = coming.total();
    let (held_title, held) = quality(held);
    let kind = |value: &str, label: &str| Item::new(value, label).checked(query.kind == value);
    let time = |value: &str, label: &str| Item::new(value, label).checked(query.time == value);
    let at = |n: u64| address("/reports/forecast", &[("kind", &query.kind), ("time", &query.time), ("page", &n.to_string())]);
    let template = ForecastPage {
        frame: me.frame("Forecast"),
        here: "/reports/forecast",
        heading: format!("Products in progress ({})", thousands(&total)),
        bases: bases(&rows),
        rows: rows.iter().map(row).collect(),
        has_filter: filter.is_long || filter.is_move.is_some(),
        kinds: vec![kind("", "All products"), kind("new", "New to CIS2"), kind("move", "Moving from CIS1")],
        times: vec![time("", "Any time"), time("long", "Likely to take more than 12 weeks")],
        pages: Pagination::new(query.page.max(1), total.div_ceil(PAGE).max(1), at),
        fan: (total > 0).then(|| Fan::new(&months, today, total)),
        months,
        held_title,
        held,
    };
    ok(&template)
}

const fn kind(is_move: bool) -> &'static str {
    if is_move { "Moving from CIS1" } else { "New to CIS2" }
}

fn row(row: &ForecastRow) -> Row {
    Row {
        name: row.name.clone(),
        href: format!("/products/{}", row.reference.to_lowercase()),
        organisation: row.organisation.clone(),
        kind: kind(row.is_move),
        likely: row.forecast.likely().range(),
        is_long: row.is_long,
        driver: row.forecast.drivers.first().map(|d| capitalised(&d.sentence())).unwrap_or_default(),
    }
}

/// What the forecasts of each kind rest on.
fn bases(rows: &[ForecastRow]) -> Vec<String> {
    let of = |is_move: bool| rows.iter().find(|r| r.is_move == is_move);
    [false, true].into_iter().filter_map(of).map(|r| format!("{}: {}", kind(r.is_move), r.forecast.basis.sentence())).collect()
}

/// How good earlier forecasts were: the message, and a row for each week in which ranges were shown.
fn quality(held: BTreeMap<u32, Held>) -> (String, Vec<HeldRow>) {
    let mut weeks: BTreeMap<u32, Held> = BTreeMap::new();
    for (week, more) in held {
        weeks.entry(week.min(LAST_WEEK)).or_default().add(more);
    }
    let most = weeks.iter().max_by_key(|(week, held)| (held.number, **week == SPOKEN_WEEK)).map(|(week, held)| (*week, *held));
    let Some((week, most)) = most.filter(|(_, held)| held.number >= ENOUGH) else {
        let number = most.map_or(0, |(_, held)| held.number);
        let text = format!(
            "Not enough data yet. This table appears when {ENOUGH} products have finished whose likely finish we showed. {} have.",
            thousands(&number)
        );
        return (text, Vec::new());
    };
    let spoken = weeks.get(&SPOKEN_WEEK).filter(|h| h.number >= ENOUGH).map_or((week, most), |h| (SPOKEN_WEEK, *h));
    let title = format!(
        "{} of {} products finished by the last date that we showed in week {}",
        thousands(&spoken.1.by_late),
        thousands(&spoken.1.number),
        spoken.0
    );
    (title, weeks.iter().map(|(week, held)| held_row(*week, held)).collect())
}

fn held_row(week: u32, held: &Held) -> HeldRow {
    let of = |part: u64| {
        let percent = (part * 200 + held.number) / (held.number * 2).max(1);
        if held.number < ENOUGH { thousands(&part) } else { format!("{} ({percent}%)", thousands(&part)) }
    };
    HeldRow {
        week: if week == LAST_WEEK { format!("{week} or later") } else { week.to_string() },
        number: held.number,
        by_middle: of(held.by_middle),
        by_late: of(held.by_late),
        within: of(held.within),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_good_forecasts_were_is_said_when_10_products_have_finished() {
        let held = |number| Held { number, by_middle: number / 2, by_late: number - 1, within: 4 };
        let (title, rows) = quality([(1, held(9)), (4, held(8))].into());
        assert!(title.starts_with("Not enough data yet.") && title.ends_with("9 have."), "{title}");
        assert!(rows.is_empty());
        let (title, rows) = quality([(1, held(14)), (4, held(12)), (9, held(3)), (13, held(1)), (20, held(1))].into());
        assert_eq!(title, "11 of 12 products finished by the last date that we showed in week 4");
        let said: Vec<_> = rows.iter().map(|r| (r.week.as_str(), r.number, r.by_middle.as_str(), r.by_late.as_str())).collect();
        assert_eq!(
            said,
            [("1", 14, "7 (50%)", "13 (93%)"), ("4", 12, "6 (50%)", "11 (92%)"), ("9", 3, "1", "2"), ("13 or later", 2, "0", "0")]
        );
    }
}
