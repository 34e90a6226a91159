//! When a certificate no longer counts, or is in doubt: withdrawing it, and deciding whether it holds.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::certificates::answer;
use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::Item;
use crate::domain::certificate::{Certificate, CertificateAct, CertificateCommand, CertificateState, Judge};
use crate::domain::command::Command;
use crate::domain::decide::Setting;
use crate::domain::demonstration::DemonstrationAct;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::judge::Judge as TestJudge;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::words;

/// Longest reason, in characters.
const LONGEST: usize = 500;

/// What is shown when the certificate of the form is no longer the one that stands.
const CHANGED: &str = "The certificate changed while you had the page open. Nothing was done: this is how it stands now.";

#[derive(Template)]
#[template(path = "certificate/withdrawal.html")]
struct WithdrawalPage {
    frame: Frame,
    back: String,
    product_name: String,
    number: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "certificate/decision.html")]
struct DecisionPage {
    frame: Frame,
    back: String,
    product_name: String,
    number: String,
    doubt: String,
    blocked: String,
    choices: Vec<Item>,
    reason: String,
}

words! {
    /// What can be decided on a certificate in doubt.
    pub enum Choice {
        /// It holds.
        Keep = "keep",
        /// It is withdrawn.
        Withdraw = "withdraw",
        /// The test is held again; the certificate stays in doubt until then.
        Test = "test",
    }
}

impl Choice {
    const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Keep => ("Keep the certificate", "The change does not alter what was assured"),
            Self::Withdraw => ("Withdraw the certificate", "It no longer counts, at once and for good"),
            Self::Test => ("Test again", "The supplier books another conformance test. The certificate stays at risk until then"),
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Keep => "The certificate holds",
            Self::Withdraw => "The certificate has been withdrawn",
            Self::Test => "Another conformance test is needed",
        }
    }

    /// What is asked of the certificate that was shown.
    fn command(self, number: String, reason: String) -> Command {
        match self {
            Self::Keep => Command::Certificate(CertificateCommand::Keep { number, reason }),
            Self::Withdraw => Command::Certificate(CertificateCommand::Withdraw { number, reason }),
            Self::Test => Command::Demonstration(DemonstrationCommand::Repeat(reason)),
        }
    }

    fn offer(self, me: &SignedIn, setting: &Setting<'_>, product: &Product) -> Result<(), Refusal> {
        let judge = Judge { setting, actor: &me.actor, product };
        match self {
            Self::Keep => judge.offer(CertificateAct::Keep),
            Self::Withdraw => judge.offer(CertificateAct::Withdraw),
            Self::Test => TestJudge { setting, actor: &me.actor, product }.offer(DemonstrationAct::Repeat),
        }
    }
}

fn standing(product: &Product) -> Result<&Certificate, Error> {
    Ok(product.certificate().ok_or(Refusal::Elsewhere(CertificateState::Absent.sentence()))?)
}

/// A product and what stands of its certificates, for staff.
async fn seen(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    me.visible().product(reference).await
}

fn withdrawal_page(me: &SignedIn, product: &Product, reason: String) -> Result<WithdrawalPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    Choice::Withdraw.offer(me, &setting, product)?;
    let number = standing(product)?.content.number.clone();
    Ok(WithdrawalPage {
        frame: me.frame(format!("Withdraw certificate {number}? – {}", product.facts.name)),
        back: format!("{}/certificate", product.address()),
        product_name: product.facts.name.clone(),
        number,
        reason,
    })
}

/// Asks whether the certificate is to be withdrawn, and why.
pub async fn ask_withdrawal(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = seen(&me, &path).await?;
    ok(&withdrawal_page(&me, &product, String::new())?)
}

/// Withdraws the certificate that was shown.
pub async fn withdraw(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = seen(&me, &path).await?;
    let mut template = withdrawal_page(&me, &product, fields.text("reason"))?;
    if is_outdated(&product, &fields) {
        return answer(&me, &product, (StatusCode::CONFLICT, CHANGED));
    }
    let mut problems = Problems::default();
    let reason = problems.line(&fields, "reason", ("Say why the certificate is withdrawn", LONGEST));
    if !problems.is_empty() {
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    carry_out(&me, &product, (Choice::Withdraw, reason)).await
}

/// Whether a form speaks of another certificate than the one that stands now.
fn is_outdated(product: &Product, fields: &Fields) -> bool {
    product.certificate().is_some_and(|c| c.content.number != fields.text("number"))
}

async fn carry_out(me: &SignedIn, product: &Product, (choice, reason): (Choice, String)) -> Result<HttpResponse, Error> {
    let number = standing(product)?.content.number.clone();
    let product = me.act(&product.reference, &choice.command(number, reason)).await?;
    let flash = Flash { title: choice.done().to_owned(), text: format!("We’ve told {}.", product.organisation_name), link: None };
    Ok(see_other_with(me, &format!("{}/certificate", product.address()), &flash))
}

fn decision_page(me: &SignedIn, product: &Product, fields: &Fields) -> Result<DecisionPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let certificate = standing(product)?;
    if certificate.state != CertificateState::AtRisk {
        return Err(Refusal::Elsewhere(certificate.state.sentence()).into());
    }
    let offered = Choice::ALL.iter().filter(|c| c.offer(me, &setting, product).is_ok());
    let chosen = fields.raw("decision");
    let item = |choice: &Choice| {
        let (label, hint) = choice.label();
        Item::new(choice.word(), label).hint(hint).checked(chosen == choice.word())
    };
    let choices: Vec<Item> = offered.map(item).collect();
    let kept = Choice::Keep.offer(me, &setting, product);
    if let (true, Err(refusal)) = (choices.is_empty(), kept.clone()) {
        return Err(refusal.into());
    }
    let is_missing = matches!(kept, Err(Refusal::Missing(_)));
    let blocked = if is_missing {
        "You can keep the certificate when the product is in progress and both technical sections are accepted."
    } else {
        ""
    };
    Ok(DecisionPage {
        frame: me.frame(format!("Does the certificate hold? – {}", product.facts.name)),
        back: format!("{}/certificate", product.address()),
        product_name: product.facts.name.clone(),
        number: certificate.content.number.clone(),
        doubt: certificate.doubt.clone(),
        blocked: blocked.to_owned(),
        choices,
        reason: fields.text("reason"),
    })
}

/// What is to become of a certificate in doubt.
pub async fn ask_decision(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = seen(&me, &path).await?;
    ok(&decision_page(&me, &product, &Fields::default())?)
}

/// Keeps, withdraws or tests again.
pub async fn decide(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = seen(&me, &path).await?;
    if is_outdated(&product, &fields) {
        return answer(&me, &product, (StatusCode::CONFLICT, CHANGED));
    }
    let mut template = decision_page(&me, &product, &fields)?;
    let mut problems = Problems::default();
    let choice = Choice::from_word(fields.raw("decision")).filter(|c| template.choices.iter().any(|i| i.value == c.word()));
    if choice.is_none() {
        problems.add("decision", "Select what is to become of the certificate");
    }
    let reason = problems.line(&fields, "reason", ("Say why", LONGEST));
    match choice {
        Some(choice) if problems.is_empty() => carry_out(&me, &product, (choice, reason)).await,
        _ => {
            template.frame.problems = problems.0;
            unprocessable(&template)
        }
    }
}
