//! How a product connects: P12.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::details::{changeable, saved, saved_facts};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::parts::{DateParts, Item};
use super::question_view::date_parts;
use crate::domain::command::Command;
use crate::domain::facts::{Authenticator, CareSetting, Facts, NationalApi, UserKind};
use crate::domain::parse::parse_date;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;

#[derive(Template)]
#[template(path = "products/connection.html")]
struct ConnectionPage {
    frame: Frame,
    back: String,
    product_name: String,
    migrating: Vec<Item>,
    settings: Vec<Item>,
    users: Vec<Item>,
    apis: Vec<Item>,
    authenticators: Vec<Item>,
    int_working: Vec<Item>,
    since: DateParts,
    go_live: DateParts,
    edition: String,
    theirs: Vec<(&'static str, String)>,
}

/// Items of a list of words, those chosen ticked.
macro_rules! items {
    ($type:ty, $chosen:expr) => {
        <$type>::ALL.iter().map(|v| Item::new(v.word(), v.label()).checked($chosen(v.word()))).collect::<Vec<_>>()
    };
}

/// What was ticked of a list of words; anything else is left out and told.
macro_rules! ticked {
    ($type:ty, $fields:expr, $name:literal) => {
        $fields
            .all($name)
            .iter()
            .map(|v| <$type>::from_word(v))
            .collect::<Option<BTreeSet<$type>>>()
            .ok_or("Select from the list".to_owned())
    };
}

fn yes_no(yes: &'static str, no: &'static str, chosen: &str) -> Vec<Item> {
    vec![Item::new("yes", yes).checked(chosen == "yes"), Item::new("no", no).checked(chosen == "no")]
}

const fn word(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn connection_page(me: &SignedIn, product: &Product, typed: Option<&Fields>) -> ConnectionPage {
    let facts = &product.facts;
    let any = |name: &str, saved: bool, value: &str| typed.map_or(saved, |f| f.all(name).iter().any(|v| v == value));
    let one = |name: &str, saved: Option<bool>| typed.map_or_else(|| word(saved).to_owned(), |f| f.text(name));
    let date = |name: &str, saved| {
        typed.map_or_else(
            || date_parts(saved),
            |f| {
                let [day, month, year] = f.date(name);
                DateParts::new(day, month, year)
            },
        )
    };
    ConnectionPage {
        frame: me.frame(format!("How it connects – {}", facts.name)),
        back: product.address(),
        product_name: facts.name.clone(),
        migrating: yes_no("Moving from CIS1", "A new connection", &one("migrating", facts.migrating_from_cis1)),
        settings: items!(CareSetting, |w| any("settings", facts.care_settings.iter().any(|s| s.word() == w), w)),
        users: items!(UserKind, |w| any("users", facts.users.iter().any(|s| s.word() == w), w)),
        apis: items!(NationalApi, |w| any("apis", facts.national_apis.iter().any(|s| s.word() == w), w)),
        authenticators: items!(Authenticator, |w| any("authenticators", facts.authenticators.iter().any(|s| s.word() == w), w)),
        int_working: yes_no("Yes", "No, not yet", &one("int", facts.int_working)),
        since: date("since", facts.int_working_since),
        go_live: date("go-live", facts.go_live_target),
        edition: typed.map_or_else(|| facts.edition(), |f| f.text("edition")),
        theirs: Vec::new(),
    }
}

/// P12: how it connects.
pub async fn edit(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = changeable(&me, &path).await?;
    ok(&connection_page(&me, &product, None))
}

fn connection(me: &SignedIn, fields: &Fields, facts: Facts) -> (Facts, Problems) {
    let mut problems = Problems::default();
    let choice = |name: &str| match fields.raw(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let migrating = choice("migrating");
    if migrating.is_none() {
        problems.add("migrating", "Select if this is a new connection or a move from CIS1");
    }
    let care_settings = problems.take("settings", ticked!(CareSetting, fields, "settings")).unwrap_or_default();
    let users = problems.take("users", ticked!(UserKind, fields, "users")).unwrap_or_default();
    let national_apis = problems.take("apis", ticked!(NationalApi, fields, "apis")).unwrap_or_default();
    let authenticators: BTreeSet<Authenticator> =
        problems.take("authenticators", ticked!(Authenticator, fields, "authenticators")).unwrap_or_default();
    if migrating == Some(true) && authenticators.len() == 1 && authenticators.contains(&Authenticator::HscnSmartcard) {
        problems.add("authenticators", "Select an authenticator other than a smartcard over HSCN as well");
    }
    let int_working = choice("int");
    let since = parse_date("Date since when it works", &fields.date("since")).and_then(|date| match date {
        Some(date) if date > me.today() => Err("Date since when it works must be today or in the past".to_owned()),
        date => Ok(date.filter(|_| int_working == Some(true))),
    });
    let int_working_since = problems.take("since-day", since).flatten();
    let go_live_target = problems.take("go-live-day", parse_date("Planned go-live", &fields.date("go-live"))).flatten();
    let facts = Facts {
        migrating_from_cis1: migrating,
        care_settings,
        users,
        national_apis,
        authenticators,
        int_working,
        int_working_since,
        go_live_target,
        ..facts
    };
    (facts, problems)
}

/// Saves how it connects.
pub async fn save(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = changeable(&me, &path).await?;
    let (facts, problems) = connection(&me, &fields, product.facts.clone());
    if !problems.is_empty() {
        let mut page = connection_page(&me, &product, Some(&fields));
        page.frame.problems = problems.0;
        return unprocessable(&page);
    }
    let is_first = product.facts.migrating_from_cis1.is_none();
    let product = match me.act(&product.reference, &Command::Change(Box::new(facts), fields.text("edition"))).await {
        Ok(product) => product,
        Err(Error::Refused(Refusal::Outdated(_))) => return conflict(&me, &product.reference, &fields).await,
        Err(error) => return Err(error),
    };
    if is_first {
        let text = "You can start with any section.".to_owned();
        let flash = Flash { title: format!("{} is ready to start", product.facts.name), text, link: None };
        return Ok(see_other_with(&me, &product.address(), &flash));
    }
    Ok(saved(&me, &product))
}

/// The form again with what was typed, beside what somebody else saved meanwhile. Saving once more keeps what was typed.
async fn conflict(me: &SignedIn, reference: &str, fields: &Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(reference).await?;
    let mut template = connection_page(me, &product, Some(fields));
    template.edition = product.facts.edition();
    template.theirs = saved_facts(&product.facts, "connection");
    page(StatusCode::CONFLICT, &template)
}
