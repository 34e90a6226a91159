//! The page of a product's certificate: awaited, issued, in doubt, withdrawn or replaced; and its files.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Path;
use askama::Template;
use serde_json::json;

use super::ctx::SignedIn;
use super::due_view::DueView;
use super::frame::Frame;
use super::page::page;
use crate::document::qr;
use crate::domain::calendar::CERTIFICATE_DAYS;
use crate::domain::catalogue::Stage;
use crate::domain::certificate::{Certificate, CertificateAct, CertificateState, Content, Judge};
use crate::domain::decide::Setting;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::words::{listed, long_date, short_date};

/// A QR code as the numbers of a picture.
pub struct Code {
    /// Squares on each side, the quiet ones included.
    pub side: usize,
    /// The dark squares, as the `d` of an SVG path.
    pub path: String,
}

impl Code {
    /// The code of a text.
    ///
    /// # Errors
    /// When the text is too long for one.
    pub fn of(text: &str) -> anyhow::Result<Self> {
        let modules = qr::modules(text)?;
        let draw = |(x, y, length): &(usize, usize, usize)| format!("M{} {}h{length}v1h-{length}z", x + qr::QUIET, y + qr::QUIET);
        Ok(Self { side: modules.len() + 2 * qr::QUIET, path: qr::runs(&modules).iter().map(draw).collect() })
    }
}

/// What a certificate says, as lines of a list.
#[must_use]
pub fn facts(content: &Content) -> Vec<(&'static str, String)> {
    let given = |text: &String| if text.is_empty() { "Not given".to_owned() } else { text.clone() };
    let conditions = if content.conditions.is_empty() { "None".to_owned() } else { content.conditions.join("\n") };
    let logout = if content.back_channel_logout { "Used, and tested" } else { "Not used" };
    let mut facts = vec![
        ("Product", content.product.clone()),
        ("Version", given(&content.version)),
        ("Supplier", content.organisation.clone()),
        ("ODS code", given(&content.ods_code)),
        ("Scope", content.scope.clone()),
        ("Assurance level", given(&content.assurance_level)),
        ("Authenticator tested", given(&content.authenticator)),
        ("Back-channel logout", logout.to_owned()),
        ("Conditions", conditions),
        ("Tested", format!("{} by {}", short_date(content.tested_on), listed(&content.assessors))),
        ("Issued", format!("{} by {}", short_date(content.issued_on), content.issued_by)),
        ("Product reference", format!("{}, question set {}", content.reference, content.question_set)),
    ];
    if let Some(former) = &content.replaces {
        facts.push(("Replaces", format!("Certificate {former}")));
    }
    facts
}

/// The words and the colour of a state's tag.
#[must_use]
pub const fn tag(state: CertificateState) -> (&'static str, &'static str) {
    match state {
        CertificateState::Valid => ("Valid", "green"),
        CertificateState::AtRisk => ("At risk", "orange"),
        CertificateState::Withdrawn => ("Withdrawn", "red"),
        CertificateState::Replaced => ("Replaced", "grey"),
        CertificateState::Absent | CertificateState::Prepared | CertificateState::Voided => ("Not issued", "grey"),
    }
}

/// The signed form as programs read it: the signature, what it says, and what became of it.
#[must_use]
pub fn signed_form(certificate: &Certificate) -> serde_json::Value {
    json!({
        "status": certificate.state.word(),
        "replaced-by": certificate.replaced_by,
        "jws": certificate.signed,
        "certificate": certificate.content,
    })
}

/// A certificate on the page.
struct Shown {
    number: String,
    tag: &'static str,
    look: &'static str,
    facts: Vec<(&'static str, String)>,
    address: String,
    code: Code,
    is_standing: bool,
    is_at_risk: bool,
    doubt: String,
    reason: String,
    changed: String,
}

/// Another certificate that was there before.
struct Former {
    number: String,
    tag: &'static str,
    look: &'static str,
    sentence: String,
}

/// Why there is none yet, and when there will be.
#[derive(Default)]
struct Waiting {
    text: String,
    date: String,
    more: &'static str,
    how: Vec<String>,
}

#[derive(Template)]
#[template(path = "certificate/show.html")]
struct ShowPage {
    frame: Frame,
    notice: &'static str,
    product_address: String,
    product_name: String,
    reference: String,
    shown: Option<Shown>,
    waiting: Option<Waiting>,
    former: Vec<Former>,
    can_issue: bool,
    can_withdraw: bool,
    can_decide: bool,
}

impl Shown {
    fn of(certificate: &Certificate) -> Result<Self, Error> {
        let (tag, look) = tag(certificate.state);
        Ok(Self {
            number: certificate.content.number.clone(),
            tag,
            look,
            facts: facts(&certificate.content),
            address: certificate.content.address.clone(),
            code: Code::of(&certificate.content.address)?,
            is_standing: certificate.state.stands(),
            is_at_risk: certificate.state == CertificateState::AtRisk,
            doubt: certificate.doubt.clone(),
            reason: certificate.reason.clone(),
            changed: long_date(certificate.changed_on),
        })
    }
}

impl Former {
    fn of(certificate: &Certificate) -> Self {
        let (tag, look) = tag(certificate.state);
        let on = short_date(certificate.changed_on);
        let mut sentence = match &certificate.replaced_by {
            Some(by) => format!("Replaced on {on} by {by}."),
            None => format!("{tag} on {on}."),
        };
        if !certificate.reason.is_empty() {
            sentence = format!("{sentence} Reason: {}", certificate.reason);
        }
        Self { number: certificate.content.number.clone(), tag, look, sentence }
    }
}

fn waiting(setting: &Setting<'_>, product: &Product, is_supplier: bool) -> Waiting {
    let test = product.demonstration();
    let who = if is_supplier { "you pass" } else { "the supplier passes" };
    let Some(outcome) = test.outcome.as_ref().filter(|_| test.state == DemonstrationState::Passed) else {
        let told = format!(
            "There’s no certificate yet. We issue it within 5 working days after {who} the conformance test, when both technical sections are accepted."
        );
        return Waiting { text: told, ..Waiting::default() };
    };
    let passed = format!("The conformance test was passed on {}.", long_date(outcome.on));
    if !product.is_stage_accepted(Stage::Technical) {
        let told = format!("{passed} We can issue the certificate when both technical sections are accepted.");
        return Waiting { text: told, ..Waiting::default() };
    }
    let Some(by) = outcome.certificate_by else { return Waiting { text: passed, ..Waiting::default() } };
    let is_late = by < setting.today();
    let due = setting.calendar.after(outcome.on, CERTIFICATE_DAYS, &product.pauses).filter(|due| due.on == by);
    let how = due.map(|due| DueView::from_start(&due, setting.calendar, setting.today(), "The test was passed on").sentences);
    Waiting {
        text: format!(
            "{passed} {}",
            if is_late { "We said that we would issue the certificate by" } else { "We’ll issue the certificate by" }
        ),
        date: long_date(by),
        more: if is_late { "We have not issued it on time. We’re sorry." } else { "" },
        how: how.unwrap_or_default(),
    }
}

/// P35 with a status and a sentence above it.
///
/// # Errors
/// When the question set is not in this program.
pub fn answer(me: &SignedIn, product: &Product, (status, notice): (StatusCode, &'static str)) -> Result<HttpResponse, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let mut issued: Vec<&Certificate> = product.certificates.iter().filter(|c| c.state.was_issued()).rev().collect();
    let shown = product.certificate().or_else(|| issued.first().copied());
    issued.retain(|c| shown != Some(c));
    let is_supplier = me.actor.in_organisation(product.organisation).is_some();
    let wait = if product.prepared().is_some() {
        let text = "A certificate is being issued. Reload this page in a moment.".to_owned();
        Some(Waiting { text, ..Waiting::default() })
    } else {
        shown.is_none().then(|| waiting(&setting, product, is_supplier))
    };
    let template = ShowPage {
        frame: me.frame(format!("Certificate – {}", product.facts.name)),
        notice,
        product_address: product.address(),
        product_name: product.facts.name.clone(),
        reference: product.reference.clone(),
        shown: shown.map(Shown::of).transpose()?,
        waiting: wait,
        former: issued.into_iter().map(Former::of).collect(),
        can_issue: !matches!(judge.offer(CertificateAct::Prepare), Err(Refusal::NotYours)),
        can_withdraw: judge.offer(CertificateAct::Withdraw).is_ok(),
        can_decide: me.actor.sees_all() && product.certificate().is_some_and(|c| c.state == CertificateState::AtRisk),
    };
    page(status, &template)
}

/// P35: the certificate of a product.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    answer(&me, &product, (StatusCode::OK, ""))
}

fn standing(product: &Product) -> Result<&Certificate, Error> {
    product.certificate().ok_or(Error::NotFound)
}

/// The PDF of the certificate that stands.
pub async fn pdf(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let certificate = standing(&product)?;
    let file = me.app.files.path(&certificate.pdf).ok_or(Error::NotFound)?;
    let bytes = tokio::fs::read(file).await?;
    let name = format!("attachment; filename=\"{}.pdf\"", certificate.content.number);
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ))
        .body(bytes))
}

/// The signed form of the certificate that stands.
pub async fn json_form(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    Ok(HttpResponse::Ok().json(signed_form(standing(&product)?)))
}
