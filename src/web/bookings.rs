//! A conformance test as the supplier sees it: the page of it, choosing a date, the facts, moving, cancelling, the calendar file.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};

use super::ctx::SignedIn;
use super::frame::Frame;
use super::next::Next;
use super::page::ok;
use super::place::Place;
use crate::domain::calendar::london_date;
use crate::domain::decide::Setting;
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::{Demonstration, DemonstrationAct, DemonstrationState, TEST_HOURS};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::words::{long_date, time};

pub mod calendar;
pub mod cancellation;
pub mod choice;
pub mod facts;
mod fields;
mod next;
pub mod request;
mod view;

use view::{AreaView, CheckView, Earlier, FactView, ResultView, Row};

/// A product's test, with what rules are asked with: the start of every page here.
struct Subject<'a> {
    me: &'a SignedIn,
    product: &'a Product,
    setting: Setting<'a>,
}

impl<'a> Subject<'a> {
    fn new(me: &'a SignedIn, product: &'a Product) -> Result<Self, Error> {
        Ok(Self { me, product, setting: me.app.rules.setting(product, me.now)? })
    }

    fn judge(&self) -> Judge<'_> {
        Judge { setting: &self.setting, actor: &self.me.actor, product: self.product }
    }

    fn test(&self) -> &Demonstration {
        self.product.demonstration()
    }

    fn offers(&self, act: DemonstrationAct) -> bool {
        self.judge().offer(act).is_ok()
    }

    /// Whether the reader belongs to the supplier.
    fn is_ours(&self) -> bool {
        self.me.actor.in_organisation(self.product.organisation).is_some()
    }

    /// The address of the page of the test.
    fn address(&self) -> String {
        address(self.product)
    }
}

/// The address of the page of a product's test.
fn address(product: &Product) -> String {
    format!("{}/demonstration", product.address())
}

/// "Tuesday 28 April 2026, 10am to midday".
fn span(starts_at: DateTime<Utc>) -> String {
    let ends_at = starts_at + chrono::Duration::hours(TEST_HOURS);
    format!("{}, {} to {}", long_date(london_date(starts_at)), time(starts_at), time(ends_at))
}

/// "Tuesday 28 April 2026 at 10am".
fn moment(at: DateTime<Utc>) -> String {
    format!("{} at {}", long_date(london_date(at)), time(at))
}

/// Words of the rules as pages write them.
fn typographic(words: &str) -> String {
    words.replace('\'', "\u{2019}")
}

/// What came of a command, where pressing a button twice is no mistake: a refusal counts as done when the product is
/// already as it was to be.
async fn settled(
    me: &SignedIn,
    reference: &str,
    done: Result<Product, Error>,
    is_done: impl Fn(&Demonstration) -> bool,
) -> Result<Product, Error> {
    let Err(Error::Refused(refusal)) = done else { return done };
    if refusal == Refusal::NotYours {
        return Err(refusal.into());
    }
    let product = me.visible().product(reference).await?;
    if is_done(product.demonstration()) { Ok(product) } else { Err(refusal.into()) }
}

#[derive(Template)]
#[template(path = "demonstration/show.html")]
struct ShowPage {
    frame: Frame,
    place: Place,
    next: Next,
    status: (&'static str, &'static str),
    rows: Vec<Row>,
    result: Option<ResultView>,
    facts: Vec<FactView>,
    can_describe: bool,
    checks: Vec<CheckView>,
    checks_by: String,
    areas: Vec<AreaView>,
    preparations: Vec<String>,
    earlier: Vec<Earlier>,
}

/// P30: everything about the test of a product.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let subject = Subject::new(&me, &product)?;
    let given = product.given(subject.setting.catalogue, me.today());
    let first_free = if subject.offers(DemonstrationAct::Book) {
        choice::free(&subject, DemonstrationAct::Book).await?.first().map(|slot| slot.starts_at)
    } else {
        None
    };
    let test = subject.test();
    let template = ShowPage {
        frame: me.frame(format!("Demonstration – {}", product.facts.name)),
        place: Place::new(&me, &product, &given, "demonstration"),
        next: next::next(&subject, first_free)?,
        status: view::status(test),
        rows: view::rows(&subject),
        result: view::result(&product, test, &given),
        facts: view::facts(&subject, &given),
        can_describe: subject.offers(DemonstrationAct::Describe),
        checks: view::checks(test, &given),
        checks_by: test.date.as_ref().map(|d| long_date(d.checks_by)).unwrap_or_default(),
        // Who has passed does not have to prepare.
        areas: if test.state == DemonstrationState::Passed { Vec::new() } else { view::areas(&given, &test.facts) },
        preparations: view::preparations(&given),
        earlier: view::earlier(&product, &given),
    };
    ok(&template)
}
