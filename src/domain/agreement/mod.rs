//! The Connection Agreement: who signs, issued, signed, checked, accepted (NHS England, "Get your software assured").

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::facts::{ExistingAgreement, NamedPerson};
use super::machine::{Row, Who, row};
use super::words::SigningId;
use crate::words;
use AgreementAct::{Accept, Issue, Name, Record, Reissue, Renew, Return, Sign};
use AgreementState::{Accepted, Issued, NotIssued, Returned, Signed};
use Condition::{
    AlreadyParty, Authorised, CopyChecked, Explained, InProgress, NoInterest, PartyKnown, SignatoryNamed, SignedInTime, TriggerMet,
};
use Who::{Editor, Reviewer, Signatory};

pub mod command;
pub mod judge;
pub mod signing;
pub mod terms;

use self::signing::AgreementKind;
use self::terms::{DataRole, Parties};

/// Working days in which the team issues the agreement once it may.
pub const ISSUE_DAYS: u32 = 5;
/// Working days after which an unsigned agreement is asked for again.
pub const SIGNING_DAYS: u32 = 10;
/// Working days in which the team checks a signed copy.
pub const CHECK_DAYS: u32 = 5;
/// Days for which the link of a signatory works.
pub const LINK_DAYS: u64 = 60;

words! {
    /// The stored states of an agreement.
    pub enum AgreementState {
        /// Not issued yet; the sample can be read and the signatory named.
        NotIssued = "not-issued",
        /// It waits for the signature.
        Issued = "issued",
        /// A signed copy waits for the check.
        Signed = "signed",
        /// The signed copy came back with a reason.
        Returned = "returned",
        /// In force.
        Accepted = "accepted",
    }
}

impl AgreementState {
    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            NotIssued => "The agreement has not been issued yet.",
            Issued => "The agreement waits for the signature.",
            Signed => "The signed agreement is being checked.",
            Returned => "The signed agreement came back.",
            Accepted => "The agreement is accepted.",
        }
    }

    /// The text and colour of the tag.
    #[must_use]
    pub const fn tag(self) -> (&'static str, &'static str) {
        match self {
            NotIssued => ("Sample only", "blue"),
            Issued => ("Issued", "orange"),
            Signed => ("Being checked", "purple"),
            Returned => ("Sign again", "orange"),
            Accepted => ("Accepted", ""),
        }
    }
}

words! {
    /// What can be asked of an agreement.
    pub enum AgreementAct {
        /// Say who will sign.
        Name = "name-signatory",
        /// Issue it for signing.
        Issue = "issue",
        /// Issue it again without a new signature.
        Reissue = "reissue",
        /// Send the signed copy.
        Sign = "sign",
        /// Accept the signed copy.
        Accept = "accept",
        /// Send the signed copy back.
        Return = "return",
        /// Record that it was accepted in the NHS portal.
        Record = "record",
        /// Begin a new one, because terms or parties changed.
        Renew = "renew",
    }
}

words! {
    /// From when the agreement may be issued. Published sources differ, so it is a setting.
    pub enum Trigger {
        /// When the four non-functional sections are accepted ("Get your software assured").
        NonFunctional = "non-functional",
        /// When all six sections are accepted.
        Sections = "all-sections",
        /// When the certificate is issued.
        Certificate = "certificate",
    }
}

/// The life of an agreement.
#[rustfmt::skip]
pub const AGREEMENT: &[Row<AgreementState, AgreementAct, Condition>] = &[
    //  from       act      who        when                                                           to
    row(NotIssued, Name,    Editor,    &[InProgress, PartyKnown],                                     NotIssued),
    row(Issued,    Name,    Editor,    &[InProgress],                                                 Issued),
    row(Returned,  Name,    Editor,    &[InProgress],                                                 Returned),
    row(NotIssued, Issue,   Reviewer,  &[InProgress, NoInterest, TriggerMet, PartyKnown, SignatoryNamed],         Issued),
    row(Issued,    Issue,   Reviewer,  &[InProgress, NoInterest, TriggerMet, PartyKnown, SignatoryNamed],         Issued),
    row(Returned,  Issue,   Reviewer,  &[InProgress, NoInterest, TriggerMet, PartyKnown, SignatoryNamed],         Issued),
    row(NotIssued, Reissue, Reviewer,  &[InProgress, NoInterest, TriggerMet, PartyKnown, AlreadyParty],           Accepted),
    row(Issued,    Sign,    Editor,    &[InProgress, Authorised, SignedInTime],                       Signed),
    row(Issued,    Sign,    Signatory, &[InProgress, Authorised, SignedInTime],                       Signed),
    row(Returned,  Sign,    Editor,    &[InProgress, Authorised, SignedInTime],                       Signed),
    row(Returned,  Sign,    Signatory, &[InProgress, Authorised, SignedInTime],                       Signed),
    row(Signed,    Accept,  Reviewer,  &[InProgress, NoInterest, CopyChecked],                                    Accepted),
    row(Signed,    Return,  Reviewer,  &[InProgress, NoInterest, Explained],                                      Returned),
    row(Issued,    Record,  Reviewer,  &[InProgress, NoInterest],                                                 Accepted),
    row(Signed,    Record,  Reviewer,  &[InProgress, NoInterest],                                                 Accepted),
    row(Returned,  Record,  Reviewer,  &[InProgress, NoInterest],                                                 Accepted),
    row(Accepted,  Renew,   Reviewer,  &[InProgress, NoInterest, Explained],                                      NotIssued),
];

/// What an organisation says of itself that agreements and certificates name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Party {
    /// ODS code.
    pub ods_code: String,
    /// Registered name; empty until given.
    pub registered_name: String,
    /// Registered address; empty until given.
    pub address: String,
    /// Whether an agreement is there already.
    pub existing: Option<ExistingAgreement>,
    /// Its contract number, if known.
    pub contract_number: String,
    /// The officer whom the organisation named.
    pub signatory: NamedPerson,
}

impl Party {
    /// The registered name, or the name that the organisation goes by until it is given.
    #[must_use]
    pub fn legal_name<'a>(&'a self, otherwise: &'a str) -> &'a str {
        if self.registered_name.is_empty() { otherwise } else { &self.registered_name }
    }
}

/// The document that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssuedPaper {
    /// Version of the terms.
    pub terms: String,
    /// New, issued again, or to be signed again.
    pub kind: AgreementKind,
    /// Role in data protection.
    pub data_role: DataRole,
    /// Who and what it is about, so that its text can be read again.
    pub parties: Parties,
    /// Day of issue.
    pub on: NaiveDate,
    /// By when the signed copy is expected; only a reminder.
    pub sign_by: NaiveDate,
    /// Who issued it.
    pub by: String,
    /// SHA-256 of the PDF.
    pub pdf: String,
    /// Its pages.
    pub pages: u32,
    /// What changed, where it is issued again.
    pub reason: String,
}

/// A signed copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignedCopy {
    /// The date on it.
    pub signed_on: NaiveDate,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Pages.
    pub pages: u32,
    /// Whether the file has a signature field; says nothing about the signature.
    pub has_signature_field: bool,
    /// Whether the text of the issued document was found in it.
    pub has_issued_text: bool,
    /// SHA-256 of the document that was issued when it was signed.
    pub issued: String,
    /// Who sent it.
    pub sent_by: String,
    /// Day of sending.
    pub sent_on: NaiveDate,
    /// By when the team checks it.
    pub check_by: NaiveDate,
}

/// A contract in the NHS portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Contract {
    /// `CNTR` and 7 digits.
    pub number: String,
    /// When it begins.
    pub starts_on: NaiveDate,
}

/// An agreement of a product: the first, or a renewed one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agreement {
    /// Which, from 1.
    pub number: u32,
    /// State.
    pub state: AgreementState,
    /// Who signs; empty until named.
    pub signatory: NamedPerson,
    /// The link by which the signatory signs.
    pub link: Option<SigningId>,
    /// Day on which somebody was named first.
    #[serde(default)]
    pub named_on: Option<NaiveDate>,
    /// By when it is issued, once it may be; counted from that day if it is the later one.
    pub issue_by: Option<NaiveDate>,
    /// What was issued.
    pub issue: Option<IssuedPaper>,
    /// The last signed copy.
    pub signed: Option<SignedCopy>,
    /// The contract in the portal.
    pub contract: Option<Contract>,
    /// Why the signed copy came back, or why it is renewed.
    pub reason: String,
    /// Who accepted it, and when.
    pub accepted: Option<(String, NaiveDate)>,
}

impl Default for Agreement {
    fn default() -> Self {
        Self::next(0)
    }
}

impl Agreement {
    /// An empty one after so many others.
    #[must_use]
    pub fn next(earlier: u32) -> Self {
        Self {
            number: earlier + 1,
            state: NotIssued,
            signatory: NamedPerson::default(),
            link: None,
            named_on: None,
            issue_by: None,
            issue: None,
            signed: None,
            contract: None,
            reason: String::new(),
            accepted: None,
        }
    }

    /// Whether somebody is named who can sign.
    #[must_use]
    pub fn is_signatory_named(&self) -> bool {
        !(self.signatory.name.is_empty() || self.signatory.email.is_empty() || self.signatory.job_title.is_empty())
    }
}
