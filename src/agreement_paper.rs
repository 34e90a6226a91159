//! The Connection Agreement of one product as a paper: its parties, its text, its PDF, and keeping that among the files.

use anyhow::anyhow;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::act::Rules;
use crate::document::agreement::{AgreementPaper, fingerprint, pdf};
use crate::document::unprintable;
use crate::domain::agreement::signing::{AgreementKind, proposed_kind, proposed_reason};
use crate::domain::agreement::terms::{DataRole, Paper, Parties, Placeholder, Terms};
use crate::domain::agreement::{Agreement, AgreementState, IssuedPaper};
use crate::domain::answer::{Value, hex};
use crate::domain::product::Product;
use crate::error::Error;
use crate::inspect::{Expected, examine};
use crate::store::file::Files;

/// The question whose answer is the role in data protection.
const ROLE_QUESTION: &str = "cc-data-role";

/// A PDF that was made.
pub struct Made {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of them.
    pub digest: String,
    /// Its pages.
    pub pages: u32,
}

/// The reference of an agreement: that of its product, and which of the product's agreements it is.
#[must_use]
pub fn reference(product: &Product, agreement: &Agreement) -> String {
    format!("{}-{}", product.reference, agreement.number)
}

/// The terms that would be issued on a day.
///
/// # Errors
/// When this program has none.
pub fn terms(rules: &Rules, on: NaiveDate) -> Result<&Terms, Error> {
    rules.terms(on).ok_or_else(|| Error::Internal(anyhow!("no terms of the agreement are in force on {on}")))
}

/// Who and what the next agreement of a product would be about. What is not known yet is empty.
#[must_use]
pub fn parties(product: &Product, data_role: DataRole) -> Parties {
    let (party, agreement) = (&product.party, product.agreement());
    let is_repeated = !(agreement.is_signatory_named() || product.needs_signatory());
    // What is issued again without a signature names the officer who signed before.
    let signatory = if is_repeated { &party.signatory } else { &agreement.signatory };
    Parties {
        organisation: party.registered_name.clone(),
        address: party.address.clone(),
        ods_code: party.ods_code.clone(),
        product: product.facts.name.clone(),
        version: product.facts.version.clone(),
        reference: reference(product, agreement),
        signatory: signatory.name.clone(),
        job_title: signatory.job_title.clone(),
        data_role,
    }
}

/// The role in data protection that the supplier gave in the answers.
#[must_use]
pub fn answered_role(product: &Product) -> Option<DataRole> {
    let value = product.answers.get(ROLE_QUESTION)?.value.as_ref()?;
    if let Value::Choice(word) = value { DataRole::from_word(word) } else { None }
}

/// How the present agreement would be issued with these terms, and why; staff confirm it.
#[must_use]
pub fn proposed(product: &Product, version: &str) -> (AgreementKind, &'static str) {
    let present = product.agreement();
    let is_earlier = |a: &&Agreement| a.number < present.number && a.state == AgreementState::Accepted;
    let earlier = product.agreements.iter().rev().find(is_earlier);
    let same_terms = earlier.and_then(|e| e.issue.as_ref()).is_none_or(|issue| issue.terms == version);
    let existing = product.party.existing;
    match proposed_kind(existing, same_terms) {
        // A new one was begun because something has changed, so it is no first one.
        AgreementKind::New if earlier.is_some() => (AgreementKind::SignAgain, AgreementKind::SignAgain.reason()),
        kind @ (AgreementKind::New | AgreementKind::Reissued | AgreementKind::SignAgain) => {
            (kind, proposed_reason(existing, same_terms))
        }
    }
}

/// The text that was issued.
///
/// # Errors
/// When its terms are not in this program.
pub fn issued_text(rules: &Rules, issue: &IssuedPaper) -> Result<Paper, Error> {
    let terms = rules.terms_of(&issue.terms);
    let terms = terms.ok_or_else(|| Error::Internal(anyhow!("the terms {} are not in this program", issue.terms)))?;
    Ok(terms.fill(&issue.parties))
}

/// What a signed copy of an issued agreement is compared with.
///
/// # Errors
/// When its terms are not in this program.
pub fn expected(rules: &Rules, issue: &IssuedPaper) -> Result<Expected, Error> {
    let document = document(&issued_text(rules, issue)?, &issue.parties, issue.on);
    Ok(Expected { min_pages: issue.pages, phrase: fingerprint(&document) })
}

/// The paper as it is drawn.
#[must_use]
pub fn document(paper: &Paper, parties: &Parties, issued_on: NaiveDate) -> AgreementPaper {
    // The drawing has these in rows of its own.
    let own = [Placeholder::Organisation, Placeholder::Product, Placeholder::Reference].map(Placeholder::label);
    // A paragraph without a number.
    let declaration = ("What the signatory declares".to_owned(), vec![format!(" {}", paper.declaration)]);
    AgreementPaper {
        title: paper.title.clone(),
        terms_version: paper.version.clone(),
        is_sample: paper.is_sample,
        reference: parties.reference.clone(),
        product: parties.product.clone(),
        organisation: parties.organisation.clone(),
        issued_on,
        parties: paper.facts.iter().filter(|(label, _)| !own.contains(&label.as_str())).cloned().collect(),
        clauses: paper.clauses.iter().cloned().chain([declaration]).collect(),
        signatory_name: parties.signatory.clone(),
        signatory_title: parties.job_title.clone(),
    }
}

/// The characters of the parties that have no shape in the document.
#[must_use]
pub fn without_shape(parties: &Parties) -> String {
    let all = [&parties.organisation, &parties.address, &parties.product, &parties.version, &parties.signatory, &parties.job_title];
    let lines = all.iter().flat_map(|text| text.lines()).flat_map(unprintable);
    let mut found: Vec<String> = lines.map(String::from).collect();
    found.sort();
    found.dedup();
    found.join(" ")
}

/// Draws a paper, and reads it back as a signed copy is read.
///
/// # Errors
/// When it cannot be drawn, or what was drawn would not be taken back.
pub async fn make(document: AgreementPaper) -> Result<Made, Error> {
    let made = tokio::task::spawn_blocking(move || {
        let bytes = pdf(&document)?;
        let expected = Expected { min_pages: 1, phrase: fingerprint(&document) };
        let report = examine(&bytes, &expected).map_err(|fault| anyhow!("an agreement that was drawn: {}", fault.sentence()))?;
        anyhow::Ok(Made { digest: hex(&Sha256::digest(&bytes)), pages: report.pages, bytes })
    });
    Ok(made.await.map_err(anyhow::Error::from)??)
}

/// Keeps a paper among the files.
///
/// # Errors
/// When it cannot be written.
pub async fn keep(files: &Files, made: &Made) -> Result<(), Error> {
    let mut incoming = files.receive().await?;
    incoming.write(&made.bytes).await?;
    files.keep(incoming).await?;
    Ok(())
}
