//! Checking a signed Connection Agreement, for the assurance team; recording one from the NHS portal; beginning a new one.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::page::{ok, page, unprocessable};
use super::parts::{DateParts, Item};
use super::session::said;
use crate::domain::agreement::command::AgreementCommand;
use crate::domain::agreement::judge::Judge;
use crate::domain::agreement::signing::{SigningCheck, contract_number, start_date};
use crate::domain::agreement::{AgreementAct, AgreementState, Contract};
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::error::Error;
use crate::words::{long_date, short_date, size};

/// Most characters of a reason.
const LONGEST_REASON: usize = 1000;

async fn product_of(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    let product = me.visible().product(reference).await?;
    if me.actor.sees_all() { Ok(product) } else { Err(Error::NotFound) }
}

fn offer(me: &SignedIn, product: &Product, act: AgreementAct) -> Result<(), Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    Ok(Judge { setting: &setting, actor: &me.actor, product }.offer(act)?)
}

fn home(product: &Product) -> String {
    format!("{}/agreement", product.address())
}

#[derive(Template)]
#[template(path = "agreement/check.html")]
struct CheckPage {
    frame: Frame,
    back: String,
    product: String,
    /// SHA-256 of the copy that is looked at.
    copy: String,
    name: String,
    size: String,
    facts: Vec<(&'static str, String)>,
    checks: Vec<Item>,
    decision: String,
    reason: String,
    words: Vec<&'static str>,
}

fn check_page(me: &SignedIn, product: &Product, fields: &Fields) -> Result<CheckPage, Error> {
    let agreement = product.agreement();
    let (signed, issue) = agreement.signed.as_ref().zip(agreement.issue.as_ref()).ok_or(Error::NotFound)?;
    let field = if signed.has_signature_field {
        "Yes. Look at it yourself: this says nothing about who signed"
    } else {
        "No. A signature by hand has none"
    };
    let text = if signed.has_issued_text {
        "Found in it"
    } else {
        "Not found. A scan has no text, so this alone is no reason to return it"
    };
    let ticked = fields.all("checks");
    let item = |c: &SigningCheck| Item::new(c.word(), c.label()).hint(c.hint()).checked(ticked.iter().any(|t| t == c.word()));
    Ok(CheckPage {
        frame: me.frame(format!("Check the signed agreement – {}", product.facts.name)),
        back: home(product),
        product: product.facts.name.clone(),
        copy: signed.digest.clone(),
        name: signed.name.clone(),
        size: size(signed.size),
        facts: vec![
            ("Organisation", issue.parties.organisation.clone()),
            ("Named signatory", format!("{}, {}", agreement.signatory.name, agreement.signatory.job_title)),
            ("Date signed", short_date(signed.signed_on)),
            ("Issued", short_date(issue.on)),
            ("Sent", format!("{} by {}", short_date(signed.sent_on), signed.sent_by)),
            ("Check by", long_date(signed.check_by)),
            ("Pages", format!("{}, and {} were issued", signed.pages, issue.pages)),
            ("Signature field in the file", field.to_owned()),
            ("Reference and terms as issued", text.to_owned()),
        ],
        checks: SigningCheck::ALL.iter().map(item).collect(),
        decision: fields.text("decision"),
        reason: fields.text("reason"),
        words: SigningCheck::ALL.iter().map(|c| c.problem()).collect(),
    })
}

/// P50: what the signed copy tells, and the points to look at.
pub async fn check(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    offer(&me, &product, AgreementAct::Accept)?;
    ok(&check_page(&me, &product, &Fields::default())?)
}

/// The decision on the copy, or its problems.
fn decision(fields: &Fields) -> Result<AgreementCommand, Problems> {
    let mut problems = Problems::default();
    let ticked: BTreeSet<SigningCheck> = fields.all("checks").iter().filter_map(|c| SigningCheck::from_word(c)).collect();
    match fields.raw("decision") {
        "accept" => {
            let left = SigningCheck::ALL.iter().filter(|c| !ticked.contains(c)).count();
            if left == 0 {
                return Ok(AgreementCommand::Accept(ticked));
            }
            problems.add("checks", "Tick every point, or return the copy");
        }
        "return" => {
            let reason = problems.line(fields, "reason", ("Say what the supplier needs to do", LONGEST_REASON));
            if problems.is_empty() {
                return Ok(AgreementCommand::Return(reason));
            }
        }
        _ => problems.add("decision", "Select whether you accept the copy"),
    }
    Err(problems)
}

/// Accepts the signed copy, or sends it back.
pub async fn decide(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    let agreement = product.agreement();
    let is_seen = agreement.signed.as_ref().is_some_and(|s| s.digest == fields.text("copy"));
    let decided = decision(&fields);
    if let (Ok(command), true) = (&decided, is_seen)
        && is_decided(&me, &product, command)
    {
        return Ok(answered(&me, &product, command));
    }
    offer(&me, &product, AgreementAct::Accept)?;
    let mut template = check_page(&me, &product, &fields)?;
    if !is_seen {
        let sentence = "Another copy has arrived since you opened this page. Check that one";
        template.frame.problems = vec![(String::new(), sentence.to_owned())];
        return page(StatusCode::CONFLICT, &template);
    }
    match decided {
        Ok(command) => {
            let product = me.act(&product.reference, &Command::Agreement(command.clone())).await?;
            Ok(answered(&me, &product, &command))
        }
        Err(problems) => {
            template.frame.problems = problems.0;
            unprocessable(&template)
        }
    }
}

/// Whether the same person has decided the same: a second press of the same button.
fn is_decided(me: &SignedIn, product: &Product, command: &AgreementCommand) -> bool {
    let agreement = product.agreement();
    if let AgreementCommand::Return(why) = command {
        return agreement.state == AgreementState::Returned && agreement.reason == *why;
    }
    let by_me = agreement.accepted.as_ref().is_some_and(|(by, _)| by == me.actor.name());
    agreement.state == AgreementState::Accepted && by_me
}

fn answered(me: &SignedIn, product: &Product, command: &AgreementCommand) -> HttpResponse {
    let is_return = matches!(command, AgreementCommand::Return(_));
    let title = if is_return { "The copy went back to the supplier" } else { "The agreement is accepted" };
    see_other_with(me, &home(product), &said(title))
}

#[derive(Template)]
#[template(path = "agreement/contract.html")]
struct ContractPage {
    frame: Frame,
    back: String,
    product: String,
    number: String,
    starts_on: DateParts,
}

fn contract_page(me: &SignedIn, product: &Product, number: String, starts_on: DateParts) -> ContractPage {
    ContractPage {
        frame: me.frame(format!("Accepted in the NHS portal – {}", product.facts.name)),
        back: home(product),
        product: product.facts.name.clone(),
        number,
        starts_on,
    }
}

/// Asks for the contract in the NHS portal.
pub async fn ask_contract(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    offer(&me, &product, AgreementAct::Record)?;
    ok(&contract_page(&me, &product, product.party.contract_number.clone(), DateParts::default()))
}

/// Records that the agreement was accepted in the NHS portal.
pub async fn record(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    let mut problems = Problems::default();
    let number = problems.take("number", contract_number(fields.raw("number")));
    let starts_on = problems.take("starts-on-day", start_date(&fields.date("starts-on"), me.today()));
    let Some((number, starts_on)) = number.zip(starts_on) else {
        offer(&me, &product, AgreementAct::Record)?;
        let [day, month, year] = fields.date("starts-on");
        let mut page = contract_page(&me, &product, fields.text("number"), DateParts::new(day, month, year));
        page.frame.problems = problems.0;
        return unprocessable(&page);
    };
    let contract = Contract { number, starts_on };
    let agreement = product.agreement();
    let is_there = agreement.state == AgreementState::Accepted && agreement.contract.as_ref() == Some(&contract);
    let product = if is_there {
        product
    } else {
        me.act(&product.reference, &Command::Agreement(AgreementCommand::Record(contract))).await?
    };
    Ok(see_other_with(&me, &home(&product), &said("The agreement is accepted")))
}

#[derive(Template)]
#[template(path = "products/reason.html")]
struct RenewalPage {
    frame: Frame,
    back: String,
    heading: String,
    paragraphs: &'static [&'static str],
    button: &'static str,
    is_final: bool,
    reason: String,
}

fn renewal_page(me: &SignedIn, product: &Product, reason: String) -> RenewalPage {
    let heading = format!("Begin a new agreement for {}", product.facts.name);
    RenewalPage {
        frame: me.frame(heading.clone()),
        back: home(product),
        heading,
        paragraphs: &[
            "Do this when the terms or the parties have changed. The agreement of before stays in the list, and the product is not assured until the new one is accepted.",
        ],
        button: "Begin a new agreement",
        is_final: false,
        reason,
    }
}

/// Asks why a new agreement is needed.
pub async fn ask_renewal(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    offer(&me, &product, AgreementAct::Renew)?;
    ok(&renewal_page(&me, &product, String::new()))
}

/// Begins a new agreement.
pub async fn renew(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    let mut problems = Problems::default();
    let reason = problems.line(&fields, "reason", ("Enter a reason", 500));
    if !problems.is_empty() {
        offer(&me, &product, AgreementAct::Renew)?;
        let mut page = renewal_page(&me, &product, reason);
        page.frame.problems = problems.0;
        return unprocessable(&page);
    }
    let product = me.act(&product.reference, &Command::Agreement(AgreementCommand::Renew(reason))).await?;
    Ok(see_other_with(&me, &home(&product), &said("A new agreement has begun")))
}
