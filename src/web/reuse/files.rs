//! Every file that a product's answers have or had, with its versions.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::answer::{Given, Value};
use crate::domain::parse::capitalised;
use crate::domain::product::Product;
use crate::error::Error;
use crate::store::document::FileVersion;
use crate::store::visible::PAGE;
use crate::web::ctx::SignedIn;
use crate::web::frame::Frame;
use crate::web::page::ok;
use crate::web::parts::Pagination;
use crate::web::place::Place;
use crate::words::{date_time, short_date, size};

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FilesQuery {
    page: u64,
}

/// One version of a file.
struct Line {
    name: String,
    href: String,
    version: u32,
    question: String,
    place: String,
    use_now: String,
    by: String,
    when: String,
    size: String,
    expires: String,
    is_out_of_date: bool,
}

#[derive(Template)]
#[template(path = "products/files.html")]
struct FilesPage {
    frame: Frame,
    place: Place,
    files: Vec<Line>,
    total: u64,
    pages: Pagination,
    can_answer: bool,
}

/// P16: the files of a product, those that were added last first.
pub async fn index(me: SignedIn, path: Path<String>, query: Query<FilesQuery>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let given = product.given(me.app.rules.catalogue(product.question_set)?, me.today());
    let list = me.visible().files(&product, query.page).await?;
    let address = product.address();
    let template = FilesPage {
        frame: me.frame(format!("Files – {}", product.facts.name)),
        place: Place::new(&me, &product, &given, "files"),
        files: list.rows.iter().map(|file| line(&product, &given, file)).collect(),
        total: list.total,
        pages: Pagination::new(list.number, list.total.div_ceil(PAGE).max(1), |n| format!("{address}/files?page={n}")),
        can_answer: !me.actor.is_staff(),
    };
    ok(&template)
}

/// The answer that has a file: its expiry date, if it gives one.
struct Use {
    expires_on: Option<NaiveDate>,
}

fn use_of(product: &Product, file: &FileVersion) -> Option<Use> {
    match product.answers.get(&file.question).and_then(|a| a.value.as_ref()) {
        Some(Value::Files { files, expires_on }) if files.iter().any(|f| f.id == file.id) => Some(Use { expires_on: *expires_on }),
        _ => None,
    }
}

/// The day on which a file that an answer has runs out, if the answer says.
pub(in crate::web) fn expiry(product: &Product, file: &FileVersion) -> Option<NaiveDate> {
    use_of(product, file)?.expires_on
}

/// Why no answer has a file any more; empty for one that an answer has.
pub(in crate::web) fn why_unused(product: &Product, file: &FileVersion) -> String {
    match use_of(product, file) {
        Some(_) => String::new(),
        None if file.version < file.newest => format!("Replaced by version {}", file.version + 1),
        None => "Removed from the answer".to_owned(),
    }
}

fn line(product: &Product, given: &Given<'_>, file: &FileVersion) -> Line {
    let address = product.address();
    let found = given.catalogue.find(&file.question);
    let expires_on = expiry(product, file);
    Line {
        name: file.name.clone(),
        href: format!("{address}/files/{}", file.id),
        version: file.version,
        question: found.map_or_else(|| file.question.clone(), |(_, q)| capitalised(&q.name)),
        place: found.map(|(s, q)| format!("{address}/sections/{s}/questions/{}", q.key)).unwrap_or_default(),
        use_now: why_unused(product, file),
        by: file.by.clone(),
        when: date_time(file.at),
        size: size(file.size),
        expires: expires_on.map(short_date).unwrap_or_default(),
        is_out_of_date: expires_on.is_some_and(|on| on <= given.today),
    }
}
