//! The calendar file of one test, to add to a calendar, to bring up to date there, or to take out again.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use chrono::{DateTime, Duration, Utc};

use super::address;
use crate::domain::demonstration::{Demonstration, DemonstrationState, TEST_HOURS};
use crate::domain::product::Product;
use crate::error::Error;
use crate::web::calendar_file::{Event, MEDIA_TYPE, Method, Status, calendar};
use crate::web::ctx::SignedIn;

/// P34: the file.
pub async fn file(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let event = event(&me.app.base, &product, me.now).ok_or(Error::NotFound)?;
    let method = if event.status == Status::Cancelled { Method::Cancel } else { Method::Publish };
    let name = format!("attachment; filename=\"demonstration-{}.ics\"", product.reference.to_lowercase());
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).insert_header((header::CONTENT_DISPOSITION, name)).body(calendar(
        &product.facts.name,
        &[event],
        method,
    )))
}

/// The test as an event; none when it never had a date. Facts of the test are not for calendars, but how to join is.
fn event(base: &str, product: &Product, now: DateTime<Utc>) -> Option<Event> {
    let test = product.demonstration();
    let starts_at = test.date.as_ref().map(|d| d.starts_at).or(test.given_back)?;
    let url = format!("{base}{}", address(product));
    let mut lines = vec![
        format!("Conformance test of {} ({}), {}.", product.facts.name, product.reference, product.organisation_name),
        "It takes about 2 hours.".to_owned(),
    ];
    if let Some(assessor) = test.date.as_ref().and_then(|d| d.assessor.as_ref()) {
        lines.push(format!("Assurance team: {}.", assessor.name));
    }
    let joining = test.date.as_ref().map(|d| d.joining.clone()).filter(|link| !link.is_empty());
    lines.extend(joining.as_ref().map(|link| format!("Join: {link}")));
    lines.push(format!("Details: {url}"));
    Some(Event {
        uid: uid(base, &product.reference, test.attempt),
        sequence: test.sequence,
        starts_at,
        ends_at: starts_at + Duration::hours(TEST_HOURS),
        summary: format!("CIS2 demonstration of {}", product.facts.name),
        description: lines.join("\n"),
        location: Some(joining.unwrap_or_else(|| "INT environment".to_owned())),
        url,
        status: status(test),
        changed_at: now,
        organizer: None,
    })
}

/// Stays the same however often the date is changed, and is the same in every calendar; another attempt is another event.
#[must_use]
pub fn uid(base: &str, reference: &str, attempt: u32) -> String {
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    format!("{}-demonstration-{attempt}@{host}", reference.to_lowercase())
}

fn status(test: &Demonstration) -> Status {
    match test.state {
        DemonstrationState::NotBooked | DemonstrationState::Asked | DemonstrationState::NotHeld => Status::Cancelled,
        DemonstrationState::Booked => Status::Tentative,
        DemonstrationState::Confirmed
        | DemonstrationState::UnderWay
        | DemonstrationState::Passed
        | DemonstrationState::NotPassed => Status::Confirmed,
    }
}
