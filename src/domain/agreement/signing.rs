//! Who signs an agreement, whether it needs signing at all, and what is checked when a signed copy comes back.

use chrono::NaiveDate;

use crate::domain::facts::{ExistingAgreement, NamedPerson};
use crate::domain::parse::{email, parse_date};
use crate::words;

/// Most characters of a name and of a job title.
const MAX_CHARACTERS: usize = 100;
/// Words in a job title of somebody who can rarely bind an organisation.
const UNLIKELY_TITLES: &[&str] = &["developer", "analyst", "engineer", "tester", "intern"];

words! {
    /// Why an agreement is issued, and so whether somebody signs it.
    pub enum AgreementKind {
        /// The organisation's first.
        New = "new",
        /// An agreement that stands is issued again with another product on it.
        Reissued = "reissued",
        /// An agreement that stands is issued again and needs a new signature.
        SignAgain = "sign-again",
    }
}

impl AgreementKind {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "New agreement, to be signed",
            Self::Reissued => "Re-issued, no need to sign",
            Self::SignAgain => "Re-issued, to be signed again",
        }
    }

    /// Whether somebody has to sign.
    #[must_use]
    pub const fn needs_signature(self) -> bool {
        match self {
            Self::New | Self::SignAgain => true,
            Self::Reissued => false,
        }
    }

    /// Why the agreement has to be signed, or why not, as far as the kind alone tells.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::New => "Your organisation has no Connection Agreement that we know of, so an officer needs to sign this one.",
            Self::Reissued => {
                "The terms have not changed since your organisation signed. This product is added, and nobody needs to sign again."
            }
            Self::SignAgain => {
                "The terms or the signatory have changed since your organisation signed, so the agreement needs to be signed again."
            }
        }
    }
}

/// The kind that an organisation's facts ask for; staff confirm it. `same_terms` is whether the terms to issue are those
/// signed before. Published: existing signatories get their agreement again and only sometimes sign again (NHS England,
/// "Get your software assured"). Somebody else than the earlier signatory has signed nothing yet.
#[must_use]
pub const fn proposed_kind(existing: Option<ExistingAgreement>, same_terms: bool) -> AgreementKind {
    match (existing, same_terms) {
        (None | Some(ExistingAgreement::No | ExistingAgreement::NotSure), _) => AgreementKind::New,
        (Some(ExistingAgreement::SamePerson), true) => AgreementKind::Reissued,
        (Some(ExistingAgreement::SamePerson), false) | (Some(ExistingAgreement::OtherPerson), _) => AgreementKind::SignAgain,
    }
}

/// What exactly changed, or that nothing did, for the kind that is proposed.
#[must_use]
pub const fn proposed_reason(existing: Option<ExistingAgreement>, same_terms: bool) -> &'static str {
    match (existing, same_terms) {
        (Some(ExistingAgreement::NotSure), _) => {
            "We do not know of an agreement that your organisation has signed, so an officer needs to sign this one."
        }
        (Some(ExistingAgreement::OtherPerson), true) => {
            "The terms have not changed, but somebody else signs now, so the agreement needs to be signed again."
        }
        (Some(ExistingAgreement::OtherPerson), false) => {
            "The terms have changed and somebody else signs now, so the agreement needs to be signed again."
        }
        (Some(ExistingAgreement::SamePerson), false) => {
            "The terms have changed since your organisation signed, so the agreement needs to be signed again."
        }
        (None | Some(ExistingAgreement::No), _) | (Some(ExistingAgreement::SamePerson), true) => {
            proposed_kind(existing, same_terms).reason()
        }
    }
}

words! {
    /// A field of the form that names the signatory.
    pub enum SignatoryField {
        /// Full name.
        Name = "name",
        /// Job title.
        JobTitle = "job-title",
        /// E-mail address.
        Email = "email",
    }
}

/// The officer who will sign, from what was typed.
///
/// # Errors
/// Each field that is wrong, with the sentence to show beside it.
pub fn signatory(name: &str, job_title: &str, address: &str) -> Result<NamedPerson, Vec<(SignatoryField, String)>> {
    let missing = "Enter the signatory\u{2019}s job title, like Chief Executive";
    let address = address.trim();
    let no_address = || "Enter the email address of the person who will sign".to_owned();
    let email = if address.is_empty() { Err(no_address()) } else { email(address) };
    match (line("Name", name, "Enter the name of the person who will sign"), line("Job title", job_title, missing), email) {
        (Ok(name), Ok(job_title), Ok(email)) => Ok(NamedPerson { name, job_title, email }),
        (name, job_title, email) => {
            use SignatoryField::{Email, JobTitle, Name};
            let faults = [(Name, name.err()), (JobTitle, job_title.err()), (Email, email.err())];
            Err(faults.into_iter().filter_map(|(field, fault)| fault.map(|text| (field, text))).collect())
        }
    }
}

fn line(name: &str, typed: &str, missing: &str) -> Result<String, String> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = text.chars().count();
    if text.is_empty() {
        Err(missing.to_owned())
    } else if length > MAX_CHARACTERS {
        Err(format!("{name} must be {MAX_CHARACTERS} characters or less. You have {} too many", length - MAX_CHARACTERS))
    } else {
        Ok(text)
    }
}

/// What may be wrong with a signatory, though it is not certain.
#[must_use]
pub fn signatory_warnings(person: &NamedPerson) -> Vec<String> {
    let title = person.job_title.to_lowercase();
    let is_unlikely = |word: &str| {
        let plain = word.strip_suffix('s').unwrap_or(word);
        UNLIKELY_TITLES.contains(&plain)
    };
    if !title.split(|c: char| !c.is_alphanumeric()).any(is_unlikely) {
        return Vec::new();
    }
    let (name, title) = (&person.name, &person.job_title);
    let rule = "The agreement must be signed by an officer who can bind your organisation.";
    vec![format!("{rule} Check that {name}, {title}, can do that.")]
}

/// The date on a signed copy, from day, month and year as typed.
///
/// # Errors
/// The sentence to show beside the date.
pub fn signed_on(parts: &[String; 3], issued_on: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    let date = parse_date("date signed", parts)?.ok_or("Enter the date signed")?;
    signed_on_date(date, issued_on, today)
}

/// The same rules for a date that is a date already.
///
/// # Errors
/// The sentence to show beside the date.
pub fn signed_on_date(date: NaiveDate, issued_on: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    if date > today {
        return Err("Date signed must be today or in the past".to_owned());
    }
    if date < issued_on {
        let issued = issued_on.format("%-d %B %Y");
        return Err(format!("Date signed must be on or after {issued}, when we issued the agreement"));
    }
    Ok(date)
}

/// The number of a contract in the NHS customer portal: `CNTR` and 7 digits, in capitals and without spaces (NHS digital
/// onboarding, "Approved connection agreement").
///
/// # Errors
/// The sentence to show beside the field.
pub fn contract_number(typed: &str) -> Result<String, String> {
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if number.is_empty() {
        return Err("Enter the contract number, like CNTR0012345".to_owned());
    }
    let digits = number.strip_prefix("CNTR").unwrap_or_default();
    if digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(number)
    } else {
        Err("Contract number must be CNTR and 7 numbers, like CNTR0012345".to_owned())
    }
}

/// NHS England took on its duties on 1 April 2013, so that no contract with it began before.
const FIRST_CONTRACT: NaiveDate = match NaiveDate::from_ymd_opt(2013, 4, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// The day on which a contract became active in the NHS customer portal, from day, month and year as typed. One that
/// starts later is not active, and does not count yet (NHS digital onboarding, "Approved connection agreement").
///
/// # Errors
/// The sentence to show beside the date.
pub fn start_date(parts: &[String; 3], today: NaiveDate) -> Result<NaiveDate, String> {
    let date = parse_date("start date", parts)?.ok_or("Enter the start date of the contract")?;
    if date > today {
        return Err("Start date must be today or in the past. Record the agreement when it is active".to_owned());
    }
    if date < FIRST_CONTRACT {
        return Err(format!("Start date must be on or after {}", FIRST_CONTRACT.format("%-d %B %Y")));
    }
    Ok(date)
}

words! {
    /// What staff look at when a signed copy arrives.
    pub enum SigningCheck {
        /// The version that was issued.
        RightVersion = "right-version",
        /// The organisation that it was issued to.
        RightParty = "right-party",
        /// The officer who was named.
        RightSignatory = "right-signatory",
        /// A date that can be.
        Dated = "dated",
        /// Nothing left out.
        EveryPage = "every-page",
    }
}

impl SigningCheck {
    /// The words beside the tick.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::RightVersion => "It is the version that we issued",
            Self::RightParty => "It names the organisation by its legal name",
            Self::RightSignatory => "It is signed by the named signatory",
            Self::Dated => "It is dated",
            Self::EveryPage => "Every page is there",
        }
    }

    /// What to look at.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::RightVersion => "Compare the version and the reference with the issued document.",
            Self::RightParty => "The name is the same as in the organisation\u{2019}s details.",
            Self::RightSignatory => {
                "Name and job title are those that the supplier gave, or there is a reason. The job title is plausible for an officer."
            }
            Self::Dated => "The date is not before the day of issue and not in the future.",
            Self::EveryPage => "It has as many pages as the issued document, and all can be read.",
        }
    }

    /// What to tell the supplier when it does not hold.
    #[must_use]
    pub const fn problem(self) -> &'static str {
        match self {
            Self::RightVersion => "This is not the version that we issued. Sign the one on this page.",
            Self::RightParty => "The organisation on the agreement is not the legal name in your details. Tell us which is right.",
            Self::RightSignatory => {
                "Somebody else than the named signatory has signed. Ask the signatory to sign, or tell us who signs and why."
            }
            Self::Dated => "The signature has no date, or a date that cannot be right. Sign and date the agreement again.",
            Self::EveryPage => "Some pages are missing or cannot be read. Upload every page.",
        }
    }

    /// The checks that nobody has ticked, in order.
    #[must_use]
    pub fn left(ticked: &[Self]) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|check| !ticked.contains(check)).collect()
    }
}

#[cfg(test)]
mod tests;
