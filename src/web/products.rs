//! The list of products, and the home of one: whose turn it is, by when, and what else can start now.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::ctx::SignedIn;
use super::frame::Frame;
use super::next::{Next, Strip, next};
use super::page::ok;
use super::parts::Pagination;
use super::place::{Place, texts};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::decide::Setting;
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionStatus, Turn};
use crate::error::Error;
use crate::store::visible::{PAGE, ProductFilter, ProductRow};
use crate::words::{counted, long_date, short_date};

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    q: String,
    turn: String,
    page: u64,
}

/// One product of the list.
struct Row {
    name: String,
    href: String,
    organisation: String,
    waiting: String,
    progress: String,
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
    can_add: bool,
    is_staff: bool,
    has_filter: bool,
}

/// P10: the products that the person may see, those that need them first.
pub async fn index(me: SignedIn, query: Query<ListQuery>) -> Result<HttpResponse, Error> {
    let turn = Turn::from_word(&query.turn);
    let filter = ProductFilter { words: query.q.clone(), turn, page: query.page };
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
    let has_filter = !query.q.trim().is_empty() || turn.is_some();
    let template = IndexPage {
        frame: me.frame("Products"),
        pages: Pagination::new(page.number, last, address),
        words: query.q.clone(),
        total: page.total,
        groups: groups.filter(|g| !g.rows.is_empty()).collect(),
        can_add: me.actor.memberships().values().any(|m| *m != crate::domain::actor::Membership::Viewer),
        is_staff,
        has_filter,
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
    let by = row.turn_by.map(long_date);
    let late = row.turn_by.is_some_and(|by| by < me.today());
    let all = row.accepted() == Section::ALL.len();
    let waiting = match (row.state, row.turn, by) {
        (ProductState::Withdrawn, ..) => "Withdrawn".to_owned(),
        (ProductState::OnHold, ..) => "On hold: nobody needs to do anything until it is resumed".to_owned(),
        (ProductState::Active, Turn::Nobody, _) if all => "All 6 sections are accepted".to_owned(),
        (ProductState::Active, Turn::Nobody, _) => "Nobody needs to do anything".to_owned(),
        (ProductState::Active, Turn::Supplier, None) => "Waiting for answers".to_owned(),
        (ProductState::Active, Turn::Supplier, Some(by)) => format!("Waiting for changes, expected by {by}"),
        (ProductState::Active, Turn::Team, Some(by)) if late => format!("Reply was due by {by}"),
        (ProductState::Active, Turn::Team, Some(by)) => format!("Reply by {by}"),
        (ProductState::Active, Turn::Team, None) => "In review".to_owned(),
    };
    let (tag, look) = match (row.state, row.turn) {
        (ProductState::Withdrawn, _) => ("Withdrawn", "grey"),
        (ProductState::OnHold, _) => ("On hold", "grey"),
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
        waiting,
        progress: format!(
            "{} – {} of 6 sections accepted, started {}",
            row.reference,
            row.accepted(),
            short_date(crate::domain::calendar::london_date(row.added_at))
        ),
        tag,
        look,
    }
}

/// One section in the task list.
struct Task {
    id: String,
    title: String,
    href: String,
    hint: String,
    tag: &'static str,
    look: &'static str,
}

/// The sections of a stage.
struct Stagelist {
    heading: &'static str,
    hint: &'static str,
    tasks: Vec<Task>,
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
}

/// P13: the one page to bookmark.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let reviewers = me.visible().names(product.sections.values().filter_map(|s| s.reviewer)).await?;
    let given = product.given(setting.catalogue, me.today());
    let is_supplier = me.actor.in_organisation(product.organisation).is_some();
    let stage = |stage: Stage, heading, hint| -> Result<Stagelist, Error> {
        let sections = Section::ALL.iter().filter(|s| s.stage() == stage);
        Ok(Stagelist { heading, hint, tasks: sections.map(|s| task(&me, &setting, &product, *s)).collect::<Result<_, _>>()? })
    };
    let accepted = Section::ALL.iter().filter(|s| product.status(&given, **s) == SectionStatus::Accepted).count();
    let kind = match product.facts.migrating_from_cis1 {
        Some(true) => "Moving from CIS1",
        Some(false) => "New connection",
        None => "Not said yet",
    };
    let facts = vec![
        ("Type", kind.to_owned()),
        ("Version", product.facts.version.clone()),
        ("Started", short_date(crate::domain::calendar::london_date(product.added_at))),
        ("Sections accepted", format!("{accepted} of 6")),
    ];
    let template = ShowPage {
        frame: me.frame(product.facts.name.clone()),
        place: Place::new(&me, &product, &given, "tasks"),
        next: next(&me, &setting, &product, &reviewers)?,
        strip: Strip::new(&product, me.today()),
        stages: vec![
            stage(
                Stage::NonFunctional,
                "Non-functional requirements",
                "Send each section as soon as it’s ready. We reply within 5 working days.",
            )?,
            stage(
                Stage::Technical,
                "Technical conformance",
                "You can draft these now. Only send them when your product works in our integration (INT) environment.",
            )?,
        ],
        facts,
        needs_connection: is_supplier && product.facts.migrating_from_cis1.is_none(),
        is_supplier,
    };
    ok(&template)
}

fn task(me: &SignedIn, setting: &Setting<'_>, product: &Product, section: Section) -> Result<Task, Error> {
    let given = product.given(setting.catalogue, setting.today());
    let status = product.status(&given, section);
    let (answered, of) = product.answered(&given, section);
    let asked = product.asked(&given, section).len();
    let record = product.section(section);
    let text = texts(setting.catalogue, section)?;
    let hub = format!("{}/sections/{section}", product.address());
    let first = text.groups.iter().find(|g| g.questions.iter().any(|q| given.is_shown(q))).map_or("", |g| g.key());
    let is_editor = crate::domain::machine::Who::Editor.admits(&me.actor, product.organisation);
    let review = me.actor.sees_all() && record.round > 0;
    let (href, hint) = match status {
        SectionStatus::InReview => {
            let late = record.reply_by.is_some_and(|by| by < me.today());
            let words = match (late, review) {
                (true, _) => "Reply was due by",
                (false, true) => "Reply by",
                (false, false) => "We’ll reply by",
            };
            let href = if review { format!("{hub}/review") } else { hub };
            (href, record.reply_by.map(|d| format!("{words} {}", long_date(d))))
        }
        SectionStatus::ChangesNeeded if is_editor => (format!("{hub}/feedback"), Some(needs_more(asked, of))),
        SectionStatus::ChangesNeeded => (hub, Some(needs_more(asked, of))),
        SectionStatus::NotStarted if is_editor => (format!("{hub}/questions/{first}"), Some(counted(of, "question"))),
        SectionStatus::NotStarted => (hub, Some(counted(of, "question"))),
        SectionStatus::InProgress | SectionStatus::ReadyToSend | SectionStatus::Problem | SectionStatus::CannotStart => {
            (hub, Some(format!("{answered} of {of} questions answered")))
        }
        SectionStatus::Accepted => (hub, None),
    };
    let look = if status.tag().is_empty() { "plain" } else { status.tag() };
    Ok(Task {
        id: section.word().to_owned(),
        title: text.title.clone(),
        href,
        hint: hint.unwrap_or_default(),
        tag: status.label(),
        look,
    })
}

fn needs_more(asked: usize, of: usize) -> String {
    if asked == 1 {
        format!("1 of {of} questions needs more information")
    } else {
        format!("{asked} of {of} questions need more information")
    }
}
