//! The page of a product's Connection Agreement, the sample of it, and its files: P36.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::agreement_view::{Step, Task, View, issued_rows, signed_rows};
use super::ctx::SignedIn;
use super::files::{attachment, download_of};
use super::frame::Frame;
use super::page::ok;
use super::place::Place;
use crate::agreement_paper::{answered_role, document, make, terms};
use crate::domain::agreement::terms::{DataRole, Paper, Parties};
use crate::domain::agreement::{Agreement, AgreementState};
use crate::domain::product::Product;
use crate::domain::words::FileId;
use crate::error::Error;
use crate::store::visible::StoredFile;
use crate::words::size;

/// An agreement of before.
struct Earlier {
    heading: String,
    rows: Vec<(&'static str, String)>,
    paper: Option<String>,
    copy: Option<String>,
}

#[derive(Template)]
#[template(path = "agreement/show.html")]
struct ShowPage {
    frame: Frame,
    place: Place,
    tag: (&'static str, &'static str),
    step: Step,
    tasks: Vec<Task>,
    proposal: Option<(&'static str, &'static str)>,
    issued: Vec<(&'static str, String)>,
    digest: String,
    signed: Vec<(&'static str, String)>,
    /// Name and size of the signed copy.
    copy: Option<(String, String)>,
    links: Vec<(String, &'static str)>,
    earlier: Vec<Earlier>,
}

/// P36: where the agreement stands, what is left to do, and what was issued.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let view = View { me: &me, product: &product, setting: &setting };
    let agreement = product.agreement();
    let look = |state: AgreementState| {
        let (words, look) = state.tag();
        (words, if look.is_empty() { "plain" } else { look })
    };
    let earlier = product.agreements.iter().rev().filter(|a| a.number != agreement.number);
    let template = ShowPage {
        frame: me.frame(format!("Agreement – {}", product.facts.name)),
        place: Place::new(&me, &product, &given, "agreement"),
        tag: look(agreement.state),
        step: view.step()?,
        tasks: view.tasks(),
        proposal: view.proposal(),
        issued: issued_rows(&product, agreement),
        digest: agreement.issue.as_ref().map(|i| i.pdf.clone()).unwrap_or_default(),
        signed: signed_rows(agreement),
        copy: agreement.signed.as_ref().map(|s| (s.name.clone(), size(s.size))),
        links: view.links(),
        earlier: earlier.map(|a| before(&product, a)).collect(),
    };
    ok(&template)
}

fn before(product: &Product, agreement: &Agreement) -> Earlier {
    let number = agreement.number;
    let file = |name: &str| format!("{}/agreement{name}?number={number}", product.address());
    let mut rows = issued_rows(product, agreement);
    rows.extend(signed_rows(agreement));
    Earlier {
        heading: format!("Agreement {number}"),
        rows,
        paper: agreement.issue.as_ref().map(|_| file(".pdf")),
        copy: agreement.signed.as_ref().map(|_| file("/signed.pdf")),
    }
}

#[derive(Template)]
#[template(path = "agreement/sample.html")]
struct SamplePage {
    frame: Frame,
    back: String,
    paper: Paper,
    pdf: String,
    role: &'static str,
}

fn sample_of(me: &SignedIn, product: &Product) -> Result<(Paper, Parties), Error> {
    let role = answered_role(product).unwrap_or(DataRole::Processor);
    let parties = Parties::unnamed(role);
    Ok((terms(&me.app.rules, me.today())?.fill(&parties), parties))
}

/// The sample as a page: the terms without names.
pub async fn sample(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let (paper, parties) = sample_of(&me, &product)?;
    let back = format!("{}/agreement", product.address());
    let frame = me.frame(format!("Sample of the agreement – {}", product.facts.name));
    ok(&SamplePage { frame, pdf: format!("{back}/sample.pdf"), back, paper, role: parties.data_role.label() })
}

/// The sample as a PDF.
pub async fn sample_pdf(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let (paper, parties) = sample_of(&me, &product)?;
    let made = make(document(&paper, &parties, me.today())).await?;
    Ok(download_of("sample-connection-agreement.pdf", "application/pdf").body(made.bytes))
}

/// Which of a product's agreements is asked for; the present one unless it is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    number: Option<u32>,
}

fn chosen<'a>(product: &'a Product, which: &Which) -> Result<&'a Agreement, Error> {
    match which.number {
        None => Ok(product.agreement()),
        Some(number) => product.agreements.iter().find(|a| a.number == number).ok_or(Error::NotFound),
    }
}

/// The name under which an agreement is saved.
#[must_use]
pub fn file_name(product: &Product, agreement: &Agreement) -> String {
    format!("connection-agreement-{}-{}.pdf", product.reference.to_lowercase(), agreement.number)
}

/// The agreement that was issued, as it was.
pub async fn issued_pdf(me: SignedIn, path: Path<String>, which: Query<Which>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let agreement = chosen(&product, &which)?;
    let issue = agreement.issue.as_ref().ok_or(Error::NotFound)?;
    attachment(&me.app, &issue.pdf, (&file_name(&product, agreement), "application/pdf")).await
}

/// The signed copy. Opening it is recorded in the history first.
pub async fn signed_pdf(me: SignedIn, path: Path<String>, which: Query<Which>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let signed = chosen(&product, &which)?.signed.as_ref().ok_or(Error::NotFound)?;
    let stored = StoredFile {
        id: FileId(Uuid::nil()),
        question: "agreement".to_owned(),
        name: signed.name.clone(),
        digest: signed.digest.clone(),
        size: signed.size,
        content_type: "application/pdf".to_owned(),
    };
    me.app.db.file_opened(&me.actor, &product, &stored, me.now).await?;
    attachment(&me.app, &stored.digest, (&stored.name, &stored.content_type)).await
}
