//! An organisation's own pages: which ones somebody belongs to, and the facts that are asked once.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::page::{ok, page, unprocessable};
use super::parts::Item;
use super::session::said;
use crate::domain::actor::Membership;
use crate::domain::agreement::signing;
use crate::domain::facts::{ExistingAgreement, NamedPerson, OrganisationFacts};
use crate::domain::parse;
use crate::domain::refusal::Refusal;
use crate::domain::words::OrganisationId;
use crate::error::Error;
use crate::store::organisation::Organisation;

/// The address of an organisation's pages.
#[must_use]
pub fn address(id: OrganisationId) -> String {
    format!("/organisations/{id}")
}

#[derive(Template)]
#[template(path = "people/organisations.html")]
struct OrganisationsPage {
    frame: Frame,
    /// Address, name and the person's role.
    organisations: Vec<(String, String, &'static str)>,
}

/// The organisation of the person, or a list of them.
pub async fn mine(me: SignedIn) -> Result<HttpResponse, Error> {
    let mut organisations = Vec::new();
    for (id, role) in me.actor.memberships() {
        organisations.push((address(*id), me.visible().organisation(*id).await?.name, role.label()));
    }
    match organisations.as_slice() {
        [] => Err(Error::NotFound),
        [(only, ..)] => Ok(see_other(only)),
        _ => ok(&OrganisationsPage { frame: me.frame("Your organisations"), organisations }),
    }
}

#[derive(Template)]
#[template(path = "people/organisation.html")]
struct OrganisationPage {
    frame: Frame,
    name: String,
    ods_code: String,
    address: String,
    form: Form,
    agreements: Vec<Item>,
    /// The facts in words, for those who only read them.
    facts: Vec<(&'static str, Vec<String>)>,
    warnings: Vec<String>,
    can_change: bool,
    /// Edition that the form was opened with.
    edition: String,
    /// What somebody else saved meanwhile.
    theirs: Vec<(&'static str, String)>,
}

/// The facts as they stand in the form.
type Form = OrganisationFacts;

impl OrganisationPage {
    fn new(me: &SignedIn, organisation: Organisation, form: Form, problems: Problems) -> Self {
        let agreements = ExistingAgreement::ALL.iter();
        let agreements = agreements.map(|a| Item::new(a.word(), a.label()).checked(form.existing_agreement == Some(*a))).collect();
        let warnings = if problems.is_empty() { warnings(&form) } else { Vec::new() };
        Self {
            frame: Frame { problems: problems.0, ..me.frame(&organisation.name) },
            name: organisation.name,
            ods_code: organisation.ods_code,
            address: address(organisation.id),
            facts: in_words(&form),
            form,
            agreements,
            warnings,
            can_change: may_change(me, organisation.id),
            edition: organisation.facts.edition(),
            theirs: Vec::new(),
        }
    }
}

fn in_words(facts: &OrganisationFacts) -> Vec<(&'static str, Vec<String>)> {
    let person = |p: &NamedPerson| vec![p.name.clone(), p.job_title.clone(), p.email.clone()];
    let agreement = facts.existing_agreement.map_or("", ExistingAgreement::label);
    let rows = [
        ("Legal name", vec![facts.legal_name.clone()]),
        ("Registered address", facts.address.lines().map(str::to_owned).collect()),
        ("ICO registration number", vec![facts.ico_number.clone()]),
        ("Data protection officer", person(&facts.dpo)),
        ("Person accountable for security", person(&facts.security_owner)),
        ("Officer who will sign", person(&facts.signatory)),
        ("Connection Agreement signed before", vec![agreement.to_owned()]),
        ("Contract number", vec![facts.contract_number.clone()]),
    ];
    let given = |lines: Vec<String>| {
        let lines: Vec<String> = lines.into_iter().filter(|l| !l.is_empty()).collect();
        if lines.is_empty() { vec!["Not given yet".to_owned()] } else { lines }
    };
    rows.into_iter().map(|(key, lines)| (key, given(lines))).collect()
}

fn may_change(me: &SignedIn, id: OrganisationId) -> bool {
    matches!(me.actor.in_organisation(id), Some(Membership::Owner | Membership::Editor))
}

/// The facts of an organisation; a form for those who may change them.
pub async fn show(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    let organisation = me.visible().organisation(OrganisationId(*id)).await?;
    let facts = organisation.facts.clone();
    ok(&OrganisationPage::new(&me, organisation, facts, Problems::default()))
}

/// Saves the facts of an organisation.
pub async fn save(me: SignedIn, path: Path<Uuid>, fields: Fields) -> Result<HttpResponse, Error> {
    let organisation = me.visible().organisation(OrganisationId(*path)).await?;
    if !may_change(&me, organisation.id) {
        return Err(Refusal::NotYours.into());
    }
    let mut problems = Problems::default();
    let facts = read(&mut problems, &fields);
    if !problems.is_empty() {
        let template = OrganisationPage::new(&me, organisation, facts, problems);
        return unprocessable(&OrganisationPage { edition: fields.text("edition"), ..template });
    }
    let id = organisation.id;
    match me.app.db.change_organisation(&me.actor, id, (&facts, &fields.text("edition")), me.now).await {
        Ok(()) => {}
        Err(Error::Refused(Refusal::Outdated(_))) => {
            let organisation = me.visible().organisation(id).await?;
            let theirs = in_words(&organisation.facts).into_iter().map(|(key, lines)| (key, lines.join(", "))).collect();
            let template = OrganisationPage::new(&me, organisation, facts, Problems::default());
            return page(StatusCode::CONFLICT, &OrganisationPage { theirs, ..template });
        }
        Err(error) => return Err(error),
    }
    Ok(see_other_with(&me, &address(id), &said("Details saved")))
}

fn read(problems: &mut Problems, fields: &Fields) -> OrganisationFacts {
    let legal_name = problems.line(fields, "legal-name", ("Enter the legal name of your organisation", 200));
    let address = problems.line(fields, "address", ("", 500));
    let ico_number = fields.text("ico-number").replace(' ', "").to_uppercase();
    if !ico_number.is_empty() && !is_code(&ico_number, 6..=12) {
        problems.add("ico-number", "ICO registration number must be 6 to 12 letters or numbers, like ZA123456");
    }
    let dpo = named(problems, fields, "dpo", "the data protection officer");
    let security_owner = named(problems, fields, "security-owner", "the person accountable for security");
    let signatory = signatory(problems, fields);
    let typed = fields.text("contract-number");
    let number = if typed.is_empty() { None } else { problems.take("contract-number", signing::contract_number(&typed)) };
    let contract_number = number.unwrap_or(typed);
    OrganisationFacts {
        legal_name,
        address,
        ico_number,
        dpo,
        security_owner,
        signatory,
        existing_agreement: ExistingAgreement::from_word(fields.raw("existing-agreement")),
        contract_number,
    }
}

/// Whether a text is made of so many capital letters and digits.
#[must_use]
pub fn is_code(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn named(problems: &mut Problems, fields: &Fields, who: &str, words: &str) -> NamedPerson {
    let (name_field, email_field) = (format!("{who}-name"), format!("{who}-email"));
    let has_email = fields.has(&email_field);
    let missing = if has_email { format!("Enter the name of {words}") } else { String::new() };
    let name = problems.line(fields, &name_field, (&missing, 100));
    let typed = fields.text(&email_field);
    let email = if typed.is_empty() { None } else { problems.take(&email_field, parse::email(&typed)) };
    NamedPerson { name, job_title: String::new(), email: email.unwrap_or(typed) }
}

fn signatory(problems: &mut Problems, fields: &Fields) -> NamedPerson {
    let person = named(problems, fields, "signatory", "the person who will sign");
    let missing = if person.name.is_empty() { "" } else { "Enter the job title of the person who will sign" };
    let job_title = problems.line(fields, "signatory-job-title", (missing, 100));
    NamedPerson { job_title, ..person }
}

/// What may be wrong, though it is not certain.
fn warnings(facts: &OrganisationFacts) -> Vec<String> {
    let mut warnings = Vec::new();
    let ico = &facts.ico_number;
    if !ico.is_empty() && !is_usual_ico_number(ico) {
        warnings.push(format!("ICO registration numbers usually look like Z1234567 or ZA123456. Check that {ico} is right."));
    }
    warnings.extend(signing::signatory_warnings(&facts.signatory));
    warnings
}

/// Z and 7 digits, or Z with A, B or C and 6 digits.
fn is_usual_ico_number(number: &str) -> bool {
    let rest = number.strip_prefix('Z').unwrap_or_default();
    let digits = rest.strip_prefix(['A', 'B', 'C']);
    let (digits, wanted) = digits.map_or((rest, 7), |digits| (digits, 6));
    is_digits(digits, wanted)
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> (OrganisationFacts, Vec<String>) {
        let mut fields = Fields::default();
        fields.push("legal-name", "Wardlight Ltd".to_owned());
        for (name, value) in pairs {
            fields.push(name, (*value).to_owned());
        }
        let mut problems = Problems::default();
        let facts = read(&mut problems, &fields);
        (facts, problems.0.into_iter().map(|p| p.0).collect())
    }

    #[test]
    fn only_what_cannot_be_right_is_refused() {
        for (field, value, wrong) in [
            ("ico-number", "z123 4567", false),
            ("ico-number", "ABCDEF", false),
            ("ico-number", "Z1234", true),
            ("ico-number", "Z123456789012", true),
            ("ico-number", "Z-123456", true),
            ("contract-number", "cntr0012345", false),
            ("contract-number", "CNTR001234", true),
            ("contract-number", "CNTR00123456", true),
            ("contract-number", "0012345", true),
            ("dpo-email", "nobody", true),
        ] {
            let (_, problems) = form(&[(field, value)]);
            assert_eq!(problems.contains(&field.to_owned()), wrong, "{field} {value}");
        }
    }

    #[test]
    fn an_address_needs_a_name_and_a_signatory_a_job_title() {
        assert_eq!(form(&[("dpo-email", "dpo@wardlight.example")]).1, ["dpo-name"]);
        assert_eq!(form(&[("signatory-name", "Priya Shah")]).1, ["signatory-job-title"]);
        assert!(form(&[]).1.is_empty());
    }

    #[test]
    fn what_is_unusual_is_a_warning() {
        for (number, usual) in
            [("Z1234567", true), ("ZA123456", true), ("ZC123456", true), ("ZD123456", false), ("Z123456", false), ("ABCDEF", false)]
        {
            assert_eq!(is_usual_ico_number(number), usual, "{number}");
        }
        let (facts, _) =
            form(&[("signatory-name", "Jo Hill"), ("signatory-job-title", "Lead Developer"), ("ico-number", "ABCDEF")]);
        assert_eq!(warnings(&facts).len(), 2);
        let (facts, _) =
            form(&[("signatory-name", "Jo Hill"), ("signatory-job-title", "Chief Executive"), ("ico-number", "ZA123456")]);
        assert!(warnings(&facts).is_empty());
    }
}
