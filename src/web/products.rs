//! The list of products, and the home of one: whose turn it is, by when, and what else can start now.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::assignees::with_you;
use super::ctx::SignedIn;
use super::frame::Frame;
use super::next::{Next, next};
use super::page::ok;
use super::parts::Pagination;
use super::place::Place;
use super::strip::{SmallStrip, Strip};
use super::tasks::{Stagelist, stages};
use super::views::ViewsBar;
use crate::domain::catalogue::Section;
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionStatus, Turn};
use crate::domain::waits::Topic;
use crate::error::Error;
use crate::store::visible::{PAGE, ProductFilter, ProductRow};
use crate::words::{long_date, short_date};

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    q: String,
    turn: String,
    page: u64,
}

impl ListQuery {
    /// The products that the address asks for.
    #[must_use]
    pub fn filter(&self) -> ProductFilter {
        ProductFilter { words: self.q.clone(), turn: Turn::from_word(&self.turn), page: self.page }
    }
}

/// One product of the list.
struct Row {
    name: String,
    href: String,
    organisation: String,
    waiting: String,
    progress: String,
    strip: Option<SmallStrip>,
    tag: &'static str,
    look: &'static str,
}

/// Products that wait for the same side.
struct Group {
    heading: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "products/index.html")]
struct IndexPage {
    frame: Frame,
    words: String,
    total: u64,
    groups: Vec<Group>,
    pages: Pagination,
    table: String,
    can_add: bool,
    is_staff: bool,
    has_filter: bool,
    /// How many questions are with the reader.
    with_you: String,
    views: ViewsBar,
}

/// P10: the products that the person may see, those that need them first.
pub async fn index(me: SignedIn, query: Query<ListQuery>) -> Result<HttpResponse, Error> {
    let filter = query.filter();
    let (page, by_turn) = me.visible().products(&filter).await?;
    let is_staff = me.actor.is_staff();
    let order = if is_staff { [Turn::Team, Turn::Supplier, Turn::Nobody] } else { [Turn::Supplier, Turn::Team, Turn::Nobody] };
    let groups = order.into_iter().map(|turn| {
        let rows: Vec<Row> = page.rows.iter().filter(|r| r.turn == turn).map(|r| row(&me, r)).collect();
        let number = by_turn.get(&turn).copied().unwrap_or_default();
        Group { heading: format!("{} ({number})", heading(turn, is_staff)), rows }
    });
    let last = page.total.div_ceil(PAGE).max(1);
    let (words, chosen) = (query.q.clone(), query.turn.clone());
    let address = |n: u64| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("q", &words), ("turn", &chosen)])
            .append_pair("page", &n.to_string())
            .finish();
        format!("/products?{query}")
    };
    let here = url::form_urlencoded::Serializer::new("/products?".to_owned())
        .extend_pairs([("q", &query.q), ("turn", &query.turn)])
        .finish();
    let has_filter = !query.q.trim().is_empty() || filter.turn.is_some();
    let template = IndexPage {
        frame: me.frame("Products"),
        table: address(1),
        pages: Pagination::new(page.number, last, address),
        words: query.q.clone(),
        total: page.total,
        groups: groups.filter(|g| !g.rows.is_empty()).collect(),
        can_add: me.actor.memberships().values().any(|m| *m != crate::domain::actor::Membership::Viewer),
        is_staff,
        has_filter,
        with_you: if me.actor.memberships().is_empty() { String::new() } else { with_you(me.visible().given_count().await?) },
        views: ViewsBar::load(&me, &here).await?,
    };
    ok(&template)
}

const fn heading(turn: Turn, is_staff: bool) -> &'static str {
    match (turn, is_staff) {
        (Turn::Supplier, false) => "Needs you",
        (Turn::Supplier, true) => "With the supplier",
        (Turn::Team, false) => "With the assurance team",
        (Turn::Team, true) => "With us",
        (Turn::Nobody, _) => "Nobody needs to do anything",
    }
}

fn row(me: &SignedIn, row: &ProductRow) -> Row {
    let is_staff = me.actor.is_staff();
    let late = row.turn_by.is_some_and(|by| by < me.today());
    let (tag, look) = match (row.state, row.turn) {
        (ProductState::Withdrawn, _) => ("Withdrawn", "grey"),
        (ProductState::OnHold, _) => ("On hold", "grey"),
        (ProductState::Active, _) if row.is_assured() && row.live_on.is_some() => ("Live", "green"),
        (ProductState::Active, _) if row.is_assured() => ("Assured", "green"),
        (ProductState::Active, Turn::Supplier) if is_staff => ("With the supplier", "white"),
        (ProductState::Active, Turn::Supplier) => ("Your turn", "orange"),
        (ProductState::Active, Turn::Team) if is_staff && late => ("Overdue", "red"),
        (ProductState::Active, Turn::Team) if is_staff => ("Our turn", "purple"),
        (ProductState::Active, Turn::Team) => ("With us", "purple"),
        (ProductState::Active, Turn::Nobody) => ("Waiting", "white"),
    };
    Row {
        name: row.name.clone(),
        href: row.address(),
        organisation: if is_staff { row.organisation.clone() } else { String::new() },
        waiting: match row.state {
            ProductState::Withdrawn => "Withdrawn".to_owned(),
            ProductState::OnHold => "On hold: nobody needs to do anything until it is resumed".to_owned(),
            ProductState::Active => waiting(row, me.today()),
        },
        progress: format!(
            "{} – {} of 6 sections accepted, started {}",
            row.reference,
            row.accepted(),
            short_date(crate::domain::calendar::london_date(row.added_at))
        ),
        strip: row.underway.map(|u| SmallStrip::new(&u, me.today())),
        tag,
        look,
    }
}

/// What an active product waits for, and by when.
fn waiting(row: &ProductRow, today: NaiveDate) -> String {
    let said = |text: &str, with_date: &str| match row.turn_by {
        Some(by) => format!("{with_date} {}", long_date(by)),
        None => text.to_owned(),
    };
    let late = row.turn_by.is_some_and(|by| by < today);
    let Some(topic) = row.waits_for else {
        let live = row.live_on.map(|on| format!("Live since {}", long_date(on)));
        return live.unwrap_or_else(|| "Nobody needs to do anything".to_owned());
    };
    match topic {
        Topic::Feedback => said("Waiting for changes", "Waiting for changes, expected by"),
        Topic::Review if late => said("In review", "Reply was due by"),
        Topic::Review => said("In review", "Reply by"),
        Topic::Answers => "Waiting for answers".to_owned(),
        Topic::Booking => "Demonstration can be booked".to_owned(),
        Topic::DateWish => said("Date asked for", "Date for the demonstration asked for, reply by"),
        Topic::TestFacts => said("Details needed", "Details for the demonstration needed by"),
        Topic::CheckProblem => said("Problem found", "Background check found a problem, to put right by"),
        Topic::Checks => said("Background checks", "Demonstration booked, background checks by"),
        Topic::Test if row.turn_by == Some(today) => "Demonstration is today".to_owned(),
        Topic::Test if late => format!("{}, no result yet", said("Demonstration", "Demonstration was on")),
        Topic::Test => said("Demonstration confirmed", "Demonstration on"),
        Topic::RunSheet => "Demonstration is under way".to_owned(),
        Topic::Certificate if late => said("Certificate", "Certificate was due by"),
        Topic::Certificate => said("No certificate stands", "Certificate by"),
        Topic::Doubt => "Changed since it was certified".to_owned(),
        Topic::Signatory => "Waiting for the name of who signs the agreement".to_owned(),
        Topic::AgreementIssue => said("Agreement to be issued", "Connection Agreement to be issued by"),
        Topic::Signature => said("Agreement to be signed", "Connection Agreement to be signed, expected by"),
        Topic::SignedCopy => said("Signed agreement to be checked", "Signed agreement to be checked by"),
        Topic::Production => "Assured, production configuration comes next".to_owned(),
        Topic::GoLive => "Assured, ready to go live".to_owned(),
    }
}

#[derive(Template)]
#[template(path = "products/show.html")]
struct ShowPage {
    frame: Frame,
    place: Place,
    next: Next,
    strip: Strip,
    stages: Vec<Stagelist>,
    facts: Vec<(&'static str, String)>,
    needs_connection: bool,
    is_supplier: bool,
    /// How many questions of it are with the reader.
    with_you: String,
}

/// Where the product is, and when it is likely to finish; two statements.
async fn strip(me: &SignedIn, product: &Product, is_supplier: bool) -> Result<Strip, Error> {
    let events = me.visible().postures(product).await?;
    let made = me.visible().forecast(product).await?;
    Ok(Strip::new(product, &events, me.today(), is_supplier).with_forecast(product, made, me.today(), is_supplier))
}

/// P13: the one page to bookmark.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let reviewers = me.visible().names(product.sections.values().filter_map(|s| s.reviewer)).await?;
    let given = product.given(setting.catalogue, me.today());
    let is_supplier = me.actor.in_organisation(product.organisation).is_some();
    let accepted = Section::ALL.iter().filter(|s| product.status(&given, **s) == SectionStatus::Accepted).count();
    let kind = match product.facts.migrating_from_cis1 {
        Some(true) => "Moving from CIS1",
        Some(false) => "New connection",
        None => "Not said yet",
    };
    let mut facts = vec![
        ("Type", kind.to_owned()),
        ("Version", product.facts.version.clone()),
        ("Started", short_date(crate::domain::calendar::london_date(product.added_at))),
        ("Sections accepted", format!("{accepted} of 6")),
    ];
    facts.extend(product.live_on.map(|on| ("Live since", short_date(on))));
    let template = ShowPage {
        frame: me.frame(product.facts.name.clone()),
        place: Place::new(&me, &product, &given, "tasks"),
        next: next(&me, &setting, &product, &reviewers)?,
        strip: strip(&me, &product, is_supplier).await?,
        stages: stages(&me, &setting, &product)?,
        facts,
        needs_connection: is_supplier && product.state != ProductState::Withdrawn && product.facts.migrating_from_cis1.is_none(),
        is_supplier,
        with_you: with_you(product.assignees.values().filter(|a| a.is_with(me.actor.person())).count() as u64),
    };
    ok(&template)
}
