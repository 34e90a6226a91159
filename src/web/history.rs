//! Who did what to a product, and when.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::ctx::SignedIn;
use super::frame::Frame;
use super::page::ok;
use super::parts::Pagination;
use super::place::Place;
use crate::domain::catalogue::Catalogue;
use crate::domain::event::title;
use crate::domain::parse::capitalised;
use crate::error::Error;
use crate::store::history::Happened;
use crate::store::visible::PAGE;
use crate::words::{date_time, long_date};

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HistoryQuery {
    page: u64,
}

/// One event.
struct Item {
    title: String,
    by: String,
    when: String,
    machine: String,
    reason: String,
    promise: String,
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    place: Place,
    items: Vec<Item>,
    pages: Pagination,
    total: u64,
}

/// P60: the history of a product, newest first.
pub async fn show(me: SignedIn, path: Path<String>, query: Query<HistoryQuery>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let page = me.visible().history(&product, query.page).await?;
    let address = format!("{}/history", product.address());
    let template = HistoryPage {
        frame: me.frame(format!("History – {}", product.facts.name)),
        place: Place::new(&me, &product, &product.given(setting.catalogue, me.today()), "history"),
        items: page.rows.iter().map(|h| item(setting.catalogue, h)).collect(),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| format!("{address}?page={n}")),
        total: page.total,
    };
    ok(&template)
}

fn item(catalogue: &Catalogue, happened: &Happened) -> Item {
    let section = happened.section.and_then(|s| catalogue.section(s)).map_or("", |s| s.short.as_str());
    let key = happened.question.as_deref().unwrap_or_default();
    let question = catalogue.find(key).map_or(key, |(_, q)| q.name.as_str());
    Item {
        title: capitalised(&title(happened.kind, section, question, &happened.detail)),
        by: happened.by.clone(),
        when: date_time(happened.at),
        machine: happened.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        reason: happened.detail.reason.clone(),
        promise: happened.detail.reply_by.map(|by| format!("Reply by {}", long_date(by))).unwrap_or_default(),
    }
}
