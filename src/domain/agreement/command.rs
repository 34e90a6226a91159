//! What can be asked of an agreement.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::signing::{AgreementKind, SigningCheck};
use super::terms::{DataRole, Parties};
use super::{AgreementAct, Contract};
use crate::domain::facts::NamedPerson;
use crate::domain::words::SigningId;

/// A document that was made for signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Version of the terms.
    pub terms: String,
    /// New, issued again, or to be signed again.
    pub kind: AgreementKind,
    /// Role in data protection.
    pub data_role: DataRole,
    /// Who and what it is about, so that its text can be read again.
    pub parties: Parties,
    /// SHA-256 of the PDF.
    pub pdf: String,
    /// Its pages.
    pub pages: u32,
    /// What changed, where it is issued again.
    pub reason: String,
}

/// A signed copy that passed the checks of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The date on it.
    pub signed_on: NaiveDate,
    /// Whether the sender declares that the signatory is an officer with authority.
    pub is_authorised: bool,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Pages.
    pub pages: u32,
    /// Whether it has a signature field.
    pub has_signature_field: bool,
    /// Whether the text of the issued document was found in it.
    pub has_issued_text: bool,
}

/// What is asked of an agreement.
#[derive(Clone, Debug, PartialEq)]
pub enum AgreementCommand {
    /// This officer will sign, by this link.
    Name(NamedPerson, SigningId),
    /// Issue this document for signing, by this link.
    Issue(Paper, SigningId),
    /// Issue this document again; no signature is needed.
    Reissue(Paper),
    /// Send a signed copy.
    Sign(Box<Copy>),
    /// The copy passed these checks.
    Accept(BTreeSet<SigningCheck>),
    /// The copy goes back, and why.
    Return(String),
    /// It was accepted in the portal.
    Record(Contract),
    /// Begin a new one, and why.
    Renew(String),
}

impl AgreementCommand {
    /// The act in the table.
    #[must_use]
    pub const fn act(&self) -> AgreementAct {
        match self {
            Self::Name(..) => AgreementAct::Name,
            Self::Issue(..) => AgreementAct::Issue,
            Self::Reissue(_) => AgreementAct::Reissue,
            Self::Sign(_) => AgreementAct::Sign,
            Self::Accept(_) => AgreementAct::Accept,
            Self::Return(_) => AgreementAct::Return,
            Self::Record(_) => AgreementAct::Record,
            Self::Renew(_) => AgreementAct::Renew,
        }
    }
}
