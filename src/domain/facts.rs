//! Facts of a product and of its organisation: asked once, used by conditions, checks, certificate and agreement.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answer::hex;

use crate::words;

words! {
    /// Where a product is used.
    pub enum CareSetting {
        /// GP practices and primary care networks.
        PrimaryCare = "primary-care",
        /// Acute hospitals.
        Hospital = "hospital",
        /// Community health services.
        Community = "community",
        /// Mental health services.
        MentalHealth = "mental-health",
        /// Pharmacies.
        Pharmacy = "pharmacy",
        /// Ambulance, NHS 111 and urgent care.
        UrgentCare = "urgent-care",
        /// Dental and optical services.
        DentalOptical = "dental-optical",
        /// Social care.
        SocialCare = "social-care",
        /// Another setting.
        Other = "other",
    }
}

impl CareSetting {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PrimaryCare => "GP practices and primary care",
            Self::Hospital => "Hospitals",
            Self::Community => "Community health services",
            Self::MentalHealth => "Mental health services",
            Self::Pharmacy => "Pharmacies",
            Self::UrgentCare => "Ambulance, NHS 111 and urgent care",
            Self::DentalOptical => "Dental and optical services",
            Self::SocialCare => "Social care",
            Self::Other => "Another setting",
        }
    }
}

words! {
    /// Who uses a product.
    pub enum UserKind {
        /// Doctors, nurses, allied health professionals, pharmacists.
        Clinicians = "clinicians",
        /// Reception, booking, records.
        Administrators = "administrators",
        /// Managers and analysts.
        Managers = "managers",
        /// Supplier's own support staff.
        Support = "support",
        /// Somebody else.
        Other = "other",
    }
}

impl UserKind {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Clinicians => "Clinicians",
            Self::Administrators => "Administrative staff",
            Self::Managers => "Managers and analysts",
            Self::Support => "Our own support staff",
            Self::Other => "Somebody else",
        }
    }
}

words! {
    /// National APIs that a product calls.
    pub enum NationalApi {
        /// Personal Demographics Service, application-restricted or AAL2.
        Pds = "pds",
        /// Electronic Prescription Service.
        Eps = "eps",
        /// e-Referral Service.
        Ers = "ers",
        /// Summary Care Record.
        Scr = "scr",
        /// National Record Locator.
        Nrl = "nrl",
        /// GP Connect.
        GpConnect = "gp-connect",
        /// Another API.
        Other = "other",
    }
}

impl NationalApi {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pds => "Personal Demographics Service (PDS)",
            Self::Eps => "Electronic Prescription Service (EPS)",
            Self::Ers => "e-Referral Service (e-RS)",
            Self::Scr => "Summary Care Record (SCR)",
            Self::Nrl => "National Record Locator (NRL)",
            Self::GpConnect => "GP Connect",
            Self::Other => "Another national API",
        }
    }

    /// Whether users need AAL3 for it. PDS accepts AAL2 (NHS developer community, "PDS FHIR API now supports
    /// AAL2 authenticators"); the others are treated as AAL3 until their owners say otherwise.
    #[must_use]
    pub const fn needs_aal3(self) -> bool {
        match self {
            Self::Eps | Self::Ers | Self::Scr => true,
            Self::Pds | Self::Nrl | Self::GpConnect | Self::Other => false,
        }
    }
}

words! {
    /// How a user proves who they are to CIS2 (NHS England, "Care Identity Service authenticators").
    pub enum Authenticator {
        /// Smartcard over HSCN with the Identity Agent.
        HscnSmartcard = "hscn-smartcard",
        /// Smartcard over the internet.
        InternetSmartcard = "internet-smartcard",
        /// Windows Hello for Business.
        WindowsHello = "windows-hello",
        /// FIDO2 security key.
        SecurityKey = "security-key",
        /// iPad app.
        Ipad = "ipad",
        /// AAL3 passkey app, in beta.
        Aal3PasskeyApp = "aal3-passkey-app",
        /// Passkey.
        Passkey = "passkey",
        /// NHS.net Connect.
        NhsNetConnect = "nhs-net-connect",
        /// Microsoft Authenticator.
        MicrosoftAuthenticator = "microsoft-authenticator",
    }
}

impl Authenticator {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::HscnSmartcard => "Smartcard over HSCN",
            Self::InternetSmartcard => "Smartcard over the internet",
            Self::WindowsHello => "Windows Hello for Business",
            Self::SecurityKey => "Security key",
            Self::Ipad => "iPad app",
            Self::Aal3PasskeyApp => "AAL3 passkey app (beta)",
            Self::Passkey => "Passkey",
            Self::NhsNetConnect => "NHS.net Connect",
            Self::MicrosoftAuthenticator => "Microsoft Authenticator",
        }
    }
}

words! {
    /// How strongly an authenticator proves who somebody is (NIST SP 800-63B, as CIS2 uses it).
    pub enum Level {
        /// Two factors.
        Aal2 = "aal2",
        /// Two factors, one of them hardware that resists phishing.
        Aal3 = "aal3",
    }
}

impl Authenticator {
    /// The authenticator assurance level that CIS2 reports for it (NHS England, "Care Identity Service authenticators").
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::HscnSmartcard
            | Self::InternetSmartcard
            | Self::WindowsHello
            | Self::SecurityKey
            | Self::Ipad
            | Self::Aal3PasskeyApp => Level::Aal3,
            Self::Passkey | Self::NhsNetConnect | Self::MicrosoftAuthenticator => Level::Aal2,
        }
    }
}

words! {
    /// Whether an organisation is party to a Connection Agreement already.
    pub enum ExistingAgreement {
        /// None.
        No = "no",
        /// Yes, and the same person will sign.
        SamePerson = "same-person",
        /// Yes, but somebody else will sign.
        OtherPerson = "other-person",
        /// Not known.
        NotSure = "not-sure",
    }
}

impl ExistingAgreement {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::No => "No",
            Self::SamePerson => "Yes, and the same person will sign",
            Self::OtherPerson => "Yes, but somebody else will sign",
            Self::NotSure => "I'm not sure",
        }
    }
}

/// Facts of a product.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Facts {
    /// Its name, unique within the organisation whatever its letters' case; at most 100 characters.
    pub name: String,
    /// The version to be tested; the certificate names it.
    pub version: String,
    /// What it does; at most 500 characters.
    pub description: String,
    /// The approved use case; at most 2,000 characters.
    pub use_case: String,
    /// When the use case was approved.
    pub use_case_approved_on: Option<NaiveDate>,
    /// Where it is used.
    pub care_settings: BTreeSet<CareSetting>,
    /// By whom it is used.
    pub users: BTreeSet<UserKind>,
    /// Whether this is a move from CIS1; `None` until asked.
    pub migrating_from_cis1: Option<bool>,
    /// National APIs that it calls.
    pub national_apis: BTreeSet<NationalApi>,
    /// The authenticators that its users will use.
    pub authenticators: BTreeSet<Authenticator>,
    /// Whether a build that mirrors production works in INT; `None` until asked.
    pub int_working: Option<bool>,
    /// Since when it works in INT.
    pub int_working_since: Option<NaiveDate>,
    /// Planned go-live.
    pub go_live_target: Option<NaiveDate>,
}

/// A named person whom an organisation gives, who needs no account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct NamedPerson {
    /// Full name.
    pub name: String,
    /// Job title; only asked of the signatory.
    pub job_title: String,
    /// E-mail address.
    pub email: String,
}

/// Facts of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct OrganisationFacts {
    /// Registered name; used on the agreement.
    pub legal_name: String,
    /// Registered address.
    pub address: String,
    /// ICO registration number.
    pub ico_number: String,
    /// Data protection officer.
    pub dpo: NamedPerson,
    /// Senior person accountable for information security.
    pub security_owner: NamedPerson,
    /// Officer who will sign the agreement.
    pub signatory: NamedPerson,
    /// Whether an agreement is there already.
    pub existing_agreement: Option<ExistingAgreement>,
    /// Its contract number, `CNTR` and 7 digits, if known.
    pub contract_number: String,
}

impl Facts {
    /// A word for these facts as they are: a form carries the edition that it was opened with.
    #[must_use]
    pub fn edition(&self) -> String {
        edition(self)
    }
}

impl OrganisationFacts {
    /// A word for these facts as they are: a form carries the edition that it was opened with.
    #[must_use]
    pub fn edition(&self) -> String {
        edition(self)
    }
}

pub(in crate::domain) fn edition(facts: &impl Serialize) -> String {
    hex(&Sha256::digest(serde_json::to_vec(facts).unwrap_or_default())).chars().take(16).collect()
}
