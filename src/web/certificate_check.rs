//! Checking a certificate, for everybody: by its number, by a link, by a program.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::certificates::{facts, signed_form};
use super::ctx::{Anyone, see_other};
use super::frame::Frame;
use super::page::{ok, page, unprocessable};
use crate::domain::certificate::CertificateState;
use crate::domain::certificate::number::normalised;
use crate::error::Error;
use crate::words::long_date;

/// What an empty search is answered with.
const ENTER: &str = "Enter a certificate number, like SAC-2026-7K3M-9QXT-4WZP";

/// How long others may keep the public keys, in seconds.
const KEYS_KEPT: &str = "public, max-age=300";

/// What was searched for.
#[derive(Deserialize)]
pub struct Search {
    number: Option<String>,
}

#[derive(Template)]
#[template(path = "certificate/search.html")]
struct SearchPage {
    frame: Frame,
    number: String,
    is_unknown: bool,
}

#[derive(Template)]
#[template(path = "certificate/check.html")]
struct CheckPage {
    frame: Frame,
    number: String,
    tag: &'static str,
    look: &'static str,
    sentence: String,
    replaced_by: String,
    is_in_doubt: bool,
    facts: Vec<(&'static str, String)>,
    address: String,
    base: String,
}

/// The number in a field as it was typed, without the characters that no page shows, at a length that a page can show.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// P71: the form; a number that can be one leads to its page.
pub async fn search(visit: Anyone, query: Query<Search>) -> Result<HttpResponse, Error> {
    let Some(typed) = &query.number else {
        return ok(&SearchPage { frame: visit.frame("Check a certificate"), number: String::new(), is_unknown: false });
    };
    if let Some(number) = normalised(typed) {
        return Ok(see_other(&format!("/certificates/{number}")));
    }
    let mut template = SearchPage { frame: visit.frame("Check a certificate"), number: shortened(typed), is_unknown: false };
    let sentence = if typed.trim().is_empty() {
        ENTER
    } else {
        "A certificate number has a year and 12 characters, like SAC-2026-7K3M-9QXT-4WZP. Check what you typed"
    };
    template.frame.problems.push(("number".to_owned(), sentence.to_owned()));
    unprocessable(&template)
}

fn unknown(visit: &Anyone, typed: &str) -> Result<HttpResponse, Error> {
    let frame = visit.frame("We have no certificate with that number");
    page(StatusCode::NOT_FOUND, &SearchPage { frame, number: shortened(typed), is_unknown: true })
}

/// P71: what a certificate says, and whether it stands.
pub async fn show(visit: Anyone, path: Path<String>) -> Result<HttpResponse, Error> {
    let Some(number) = normalised(&path) else { return unknown(&visit, &path) };
    let Some(certificate) = visit.app.db.issued_certificate(&number).await? else { return unknown(&visit, &number) };
    let on = long_date(certificate.changed_on);
    let (tag, look, sentence) = match certificate.state {
        CertificateState::Valid | CertificateState::AtRisk => {
            ("Valid", "green", "This certificate is genuine and stands.".to_owned())
        }
        CertificateState::Withdrawn => {
            ("Withdrawn", "red", format!("This certificate was withdrawn on {on}. It no longer counts."))
        }
        CertificateState::Replaced => ("Replaced", "grey", format!("This certificate was replaced on {on}. It no longer counts.")),
        CertificateState::Absent | CertificateState::Prepared | CertificateState::Voided => return unknown(&visit, &number),
    };
    ok(&CheckPage {
        frame: visit.frame(format!("Certificate {number}")),
        tag,
        look,
        sentence,
        replaced_by: certificate.replaced_by.clone().unwrap_or_default(),
        is_in_doubt: certificate.state == CertificateState::AtRisk,
        facts: facts(&certificate.content),
        address: certificate.content.address,
        base: visit.app.base.clone(),
        number,
    })
}

/// The signed form of a certificate, for programs.
pub async fn json_form(visit: Anyone, path: Path<String>) -> Result<HttpResponse, Error> {
    let number = normalised(&path).ok_or(Error::NotFound)?;
    let certificate = visit.app.db.issued_certificate(&number).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().json(signed_form(&certificate)))
}

/// The public keys that certificates are signed with (RFC 7517).
pub async fn keys(visit: Anyone) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, KEYS_KEPT))
        .content_type("application/jwk-set+json")
        .body(visit.app.keys.jwks().to_string())
}
