//! The solution assurance certificate: prepared, issued, in doubt, withdrawn or replaced.
//!
//! It is issued within 5 working days after a passed test (NHS England, "Get your software assured").

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::machine::{Row, Who, row};
use super::product::Product;
use crate::words;
use CertificateAct::{Doubt, Issue, Keep, Prepare, Replace, Void, Withdraw};
use CertificateState::{Absent, AtRisk, Prepared, Replaced, Valid, Voided, Withdrawn};
use Condition::{Explained, InProgress, NoInterest, OneAtATime, TechnicalAccepted, TestPassed};
use Who::{Editor, Manager, Reviewer};

pub mod judge;
pub mod number;

pub use self::judge::Judge;

words! {
    /// The states of a certificate.
    pub enum CertificateState {
        /// Not there; never stored.
        Absent = "absent",
        /// Its number and content are fixed; it is being signed.
        Prepared = "prepared",
        /// It stands.
        Valid = "valid",
        /// The supplier changed something that it speaks of; it stands until the team decides.
        AtRisk = "at-risk",
        /// It no longer stands.
        Withdrawn = "withdrawn",
        /// Another one stands in its place.
        Replaced = "replaced",
        /// It was never issued; its number is used up.
        Voided = "voided",
    }
}

impl CertificateState {
    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Absent => "There is no certificate.",
            Prepared => "A certificate is being issued.",
            Valid => "The certificate stands.",
            AtRisk => {
                "The product has changed since it was certified. The assurance team is deciding whether the certificate holds."
            }
            Withdrawn => "The certificate has been withdrawn.",
            Replaced => "The certificate has been replaced.",
            Voided => "The certificate was never issued.",
        }
    }

    /// Whether it ever stood: only such a certificate is shown to anybody.
    #[must_use]
    pub const fn was_issued(self) -> bool {
        matches!(self, Valid | AtRisk | Withdrawn | Replaced)
    }

    /// Whether it counts as a certificate.
    #[must_use]
    pub const fn stands(self) -> bool {
        matches!(self, Valid | AtRisk)
    }
}

words! {
    /// What can be asked of a certificate.
    pub enum CertificateAct {
        /// Fix number and content.
        Prepare = "prepare",
        /// Publish what was signed.
        Issue = "issue",
        /// Give up one that was prepared.
        Void = "void",
        /// Put it in doubt after a change.
        Doubt = "doubt",
        /// Decide that it holds.
        Keep = "keep",
        /// Withdraw it.
        Withdraw = "withdraw",
        /// Another one takes its place.
        Replace = "replace",
    }
}

/// The life of a certificate. "Doubt" follows from a change that the supplier records, "replace" from issuing another.
#[rustfmt::skip]
pub const CERTIFICATE: &[Row<CertificateState, CertificateAct, Condition>] = &[
    //  from      act       who       when                                                     to
    row(Absent,   Prepare,  Reviewer, &[InProgress, NoInterest, TestPassed, TechnicalAccepted, OneAtATime], Prepared),
    row(Prepared, Issue,    Reviewer, &[InProgress, NoInterest, TestPassed, TechnicalAccepted],             Valid),
    row(Prepared, Void,     Reviewer, &[NoInterest],                                                      Voided),
    row(Valid,    Doubt,    Editor,   &[],                                                      AtRisk),
    row(AtRisk,   Keep,     Reviewer, &[InProgress, NoInterest, TechnicalAccepted, Explained],              Valid),
    row(Valid,    Withdraw, Manager,  &[NoInterest, Explained],                                             Withdrawn),
    row(AtRisk,   Withdraw, Manager,  &[NoInterest, Explained],                                             Withdrawn),
    row(Valid,    Replace,  Reviewer, &[NoInterest],                                                      Replaced),
    row(AtRisk,   Replace,  Reviewer, &[NoInterest],                                                      Replaced),
];

/// What a certificate says. Never changes once it is prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Content {
    /// `SAC-`, the year, and 12 characters in groups of 4.
    pub number: String,
    /// Product.
    pub product: String,
    /// The version that was tested.
    pub version: String,
    /// `C2A-1042`.
    pub reference: String,
    /// Organisation.
    pub organisation: String,
    /// Its ODS code.
    pub ods_code: String,
    /// What was assured, in a sentence.
    pub scope: String,
    /// Authenticator assurance level, as it is shown.
    pub assurance_level: String,
    /// Authenticator of the test.
    pub authenticator: String,
    /// Whether back-channel logout is used.
    pub back_channel_logout: bool,
    /// Day of the test.
    pub tested_on: NaiveDate,
    /// Who held it.
    pub assessors: Vec<String>,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Who issued it.
    pub issued_by: String,
    /// Observations that are to be put right.
    pub conditions: Vec<String>,
    /// The certificate that it replaces.
    pub replaces: Option<String>,
    /// Version of the question set.
    pub question_set: u32,
    /// Its public page.
    pub address: String,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Certificate {
    /// What it says.
    pub content: Content,
    /// State.
    pub state: CertificateState,
    /// When it was prepared.
    pub prepared_at: DateTime<Utc>,
    /// The content signed as a compact JWS (RFC 7515, Ed25519); empty until it is issued.
    pub signed: String,
    /// SHA-256 of the PDF; empty until it is issued.
    pub pdf: String,
    /// Why it was withdrawn, replaced or kept.
    pub reason: String,
    /// What changed while it stood.
    pub doubt: String,
    /// When its state changed last.
    pub changed_on: NaiveDate,
    /// The certificate that took its place.
    pub replaced_by: Option<String>,
}

/// What is asked of a product's certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateCommand {
    /// Fix number and content.
    Prepare {
        /// A new number from the random source.
        number: String,
        /// Its public page.
        address: String,
        /// Why one that stands is replaced; otherwise empty.
        reason: String,
    },
    /// Publish one that was prepared.
    Issue {
        /// Which.
        number: String,
        /// The signed content.
        signed: String,
        /// SHA-256 of the PDF.
        pdf: String,
    },
    /// Give up one that was prepared.
    Void(String),
    /// One in doubt holds.
    Keep {
        /// Which.
        number: String,
        /// Why.
        reason: String,
    },
    /// One that stands is withdrawn.
    Withdraw {
        /// Which.
        number: String,
        /// Why.
        reason: String,
    },
}

impl CertificateCommand {
    /// The act in the table.
    #[must_use]
    pub const fn act(&self) -> CertificateAct {
        match self {
            Self::Prepare { .. } => Prepare,
            Self::Issue { .. } => Issue,
            Self::Void(_) => Void,
            Self::Keep { .. } => Keep,
            Self::Withdraw { .. } => Withdraw,
        }
    }
}

impl Product {
    /// The certificate that stands.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.iter().rev().find(|c| c.state.stands())
    }

    /// The certificate that is being issued.
    #[must_use]
    pub fn prepared(&self) -> Option<&Certificate> {
        self.certificates.iter().find(|c| c.state == Prepared)
    }
}
