//! Saying who will sign the Connection Agreement: P37.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::organisation;
use super::page::{ok, unprocessable};
use crate::domain::agreement::command::AgreementCommand;
use crate::domain::agreement::judge::Judge;
use crate::domain::agreement::signing::{signatory, signatory_warnings};
use crate::domain::agreement::{AgreementAct, AgreementState};
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::facts::NamedPerson;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::words::SigningId;
use crate::error::Error;
use crate::secret::new_id;

#[derive(Template)]
#[template(path = "agreement/signatory.html")]
struct SignatoryPage {
    frame: Frame,
    back: String,
    product: String,
    person: NamedPerson,
    is_officer: bool,
    warnings: Vec<String>,
    /// What follows for whoever was named before.
    follows: String,
    /// Where the legal name and address are given, while they are missing.
    organisation: Option<String>,
}

fn template(me: &SignedIn, product: &Product, person: NamedPerson, is_officer: bool) -> SignatoryPage {
    let agreement = product.agreement();
    let is_out = matches!(agreement.state, AgreementState::Issued | AgreementState::Returned);
    let follows = if is_out {
        format!(
            "The agreement is issued. Whoever you name gets a link at once, and the link of {} stops working.",
            agreement.signatory.name
        )
    } else {
        "They get an email with a link when we issue the agreement, and not before.".to_owned()
    };
    SignatoryPage {
        frame: me.frame(format!("Say who will sign – {}", product.facts.name)),
        back: format!("{}/agreement", product.address()),
        product: product.facts.name.clone(),
        person,
        is_officer,
        warnings: Vec::new(),
        follows,
        organisation: None,
    }
}

/// The product, and whether its legal name and address come first. Other reasons why not are refusals.
async fn nameable(me: &SignedIn, reference: &str) -> Result<(Product, bool), Error> {
    let product = me.visible().product(reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product: &product };
    match judge.offer(AgreementAct::Name) {
        Ok(()) => Ok((product, true)),
        Err(Refusal::Missing(Condition::PartyKnown)) => Ok((product, false)),
        Err(refusal) => Err(refusal.into()),
    }
}

fn organisation_first(me: &SignedIn, product: &Product) -> SignatoryPage {
    let organisation = Some(organisation::address(product.organisation));
    SignatoryPage { organisation, ..template(me, product, NamedPerson::default(), false) }
}

/// Asks who will sign; filled in with whoever was named, or whom the organisation names.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let (product, is_party_known) = nameable(&me, &path).await?;
    if !is_party_known {
        return ok(&organisation_first(&me, &product));
    }
    let agreement = product.agreement();
    let is_named = agreement.is_signatory_named();
    let person = if is_named { &agreement.signatory } else { &product.party.signatory };
    ok(&template(&me, &product, person.clone(), false))
}

/// Keeps who will sign. A title that is unlikely is shown once before.
pub async fn save(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let (product, is_party_known) = nameable(&me, &path).await?;
    if !is_party_known {
        return unprocessable(&organisation_first(&me, &product));
    }
    let typed = ["name", "job-title", "email"].map(|field| fields.text(field));
    let [name, job_title, email] = &typed;
    let mut problems = Problems::default();
    let person = match signatory(name, job_title, email) {
        Ok(person) => Some(person),
        Err(found) => {
            for (field, sentence) in found {
                problems.add(field.word(), sentence);
            }
            None
        }
    };
    let is_officer = fields.has("officer");
    if !is_officer {
        problems.add("officer", "Confirm that this person is an officer of the organisation with authority to sign");
    }
    let Some(person) = person.filter(|_| problems.is_empty()) else {
        let [name, job_title, email] = typed;
        let mut page = template(&me, &product, NamedPerson { name, job_title, email }, is_officer);
        page.frame.problems = problems.0;
        return unprocessable(&page);
    };
    let warnings = signatory_warnings(&person);
    if !warnings.is_empty() && fields.text("warned") != person.job_title {
        let page = template(&me, &product, person, true);
        return ok(&SignatoryPage { warnings, ..page });
    }
    let flash = Flash { title: format!("{} will sign", person.name), text: String::new(), link: None };
    let command = Command::Agreement(AgreementCommand::Name(person, SigningId(new_id())));
    let product = me.act(&product.reference, &command).await?;
    Ok(see_other_with(&me, &format!("{}/agreement", product.address()), &flash))
}
