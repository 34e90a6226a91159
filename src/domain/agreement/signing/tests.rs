//! Who may sign, when, and what is said when something is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn parts(day: &str, month: &str, year: &str) -> [String; 3] {
    [day, month, year].map(str::to_owned)
}

#[test]
fn only_an_earlier_signatory_of_the_same_terms_need_not_sign() {
    use ExistingAgreement::{No, NotSure, OtherPerson, SamePerson};
    let cases = [
        (None, true, AgreementKind::New),
        (Some(No), true, AgreementKind::New),
        (Some(NotSure), true, AgreementKind::New),
        (Some(NotSure), false, AgreementKind::New),
        (Some(SamePerson), true, AgreementKind::Reissued),
        (Some(SamePerson), false, AgreementKind::SignAgain),
        (Some(OtherPerson), true, AgreementKind::SignAgain),
        (Some(OtherPerson), false, AgreementKind::SignAgain),
    ];
    for (existing, same_terms, kind) in cases {
        assert_eq!(proposed_kind(existing, same_terms), kind, "{existing:?} {same_terms}");
        assert_eq!(kind.needs_signature(), kind != AgreementKind::Reissued);
        let reason = proposed_reason(existing, same_terms);
        assert_eq!(reason.contains("nobody needs to sign again"), !kind.needs_signature(), "{reason}");
        assert_eq!(reason.contains("needs to be signed again"), kind == AgreementKind::SignAgain, "{reason}");
    }
}

#[test]
fn the_reason_says_what_changed() {
    let reason = |existing, same| proposed_reason(Some(existing), same);
    assert!(reason(ExistingAgreement::SamePerson, false).contains("terms have changed"));
    assert!(!reason(ExistingAgreement::SamePerson, false).contains("somebody else"));
    assert!(reason(ExistingAgreement::OtherPerson, true).contains("terms have not changed, but somebody else"));
    assert!(reason(ExistingAgreement::OtherPerson, false).contains("terms have changed and somebody else"));
}

#[test]
fn a_signatory_has_a_name_a_job_title_and_an_address() {
    let person = signatory("  Priya \n Shah", " Chief Executive ", " p.shah@Example.NHS.uk ").unwrap();
    assert_eq!((person.name.as_str(), person.job_title.as_str()), ("Priya Shah", "Chief Executive"));
    assert_eq!(person.email, "p.shah@example.nhs.uk");
    let faults = signatory(" ", "", " ").unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.word()).collect();
    assert_eq!(fields, ["name", "job-title", "email"]);
    assert_eq!(faults[1].1, "Enter the signatory\u{2019}s job title, like Chief Executive");
    let faults = signatory("Priya Shah", &"x".repeat(103), "p.shah").unwrap_err();
    assert_eq!(faults.len(), 2);
    assert_eq!(faults[0], (SignatoryField::JobTitle, "Job title must be 100 characters or less. You have 3 too many".to_owned()));
    assert!(faults[1].1.contains("name@example.com"));
}

#[test]
fn a_job_title_that_rarely_binds_an_organisation_is_a_warning() {
    let warned = |title: &str| {
        let person = NamedPerson { name: "Jo Hill".to_owned(), job_title: title.to_owned(), ..NamedPerson::default() };
        !signatory_warnings(&person).is_empty()
    };
    for title in ["Lead Developer", "business analyst", "Engineer/Architect", "Tester", "Intern", "Head of developers"] {
        assert!(warned(title), "{title}");
    }
    for title in ["Chief Executive", "Director of Engineering", "Director, Internal Affairs", "International Director", ""] {
        assert!(!warned(title), "{title}");
    }
}

#[test]
fn a_signature_is_dated_from_the_day_of_issue_to_today() {
    let on = |d: &str, m: &str, y: &str| signed_on(&parts(d, m, y), day("2026-04-09"), day("2026-04-20"));
    assert_eq!(on("9", "4", "2026"), Ok(day("2026-04-09")));
    assert_eq!(on("20", "April", "2026"), Ok(day("2026-04-20")));
    assert_eq!(on("21", "4", "2026").unwrap_err(), "Date signed must be today or in the past");
    assert_eq!(on("8", "4", "2026").unwrap_err(), "Date signed must be on or after 9 April 2026, when we issued the agreement");
    assert_eq!(on("", "", "").unwrap_err(), "Enter the date signed");
    assert_eq!(on("9", "", "2026").unwrap_err(), "Date signed must include a month");
    assert_eq!(on("31", "4", "2026").unwrap_err(), "Date signed must be a real date");
}

#[test]
fn a_contract_number_is_cntr_and_seven_digits() {
    assert_eq!(contract_number(" cntr 001 2345 "), Ok("CNTR0012345".to_owned()));
    assert_eq!(contract_number("").unwrap_err(), "Enter the contract number, like CNTR0012345");
    for wrong in ["CNTR001234", "CNTR00123456", "0012345", "CNTR001234A", "CNTR\u{661}\u{662}\u{663}4567", "XCNTR0012345"] {
        assert!(contract_number(wrong).unwrap_err().contains("CNTR and 7 numbers"), "{wrong}");
    }
}

#[test]
fn a_contract_counts_when_it_has_started() {
    let on = |d: &str, m: &str, y: &str| start_date(&parts(d, m, y), day("2026-04-20"));
    assert_eq!(on("20", "4", "2026"), Ok(day("2026-04-20")));
    assert!(on("21", "4", "2026").unwrap_err().contains("today or in the past"));
    assert_eq!(on("1", "4", "2013"), Ok(day("2013-04-01")));
    assert_eq!(on("20", "4", "0226").unwrap_err(), "Start date must be on or after 1 April 2013");
    assert_eq!(on("", "", "").unwrap_err(), "Enter the start date of the contract");
}

#[test]
fn a_signed_copy_is_checked_when_nothing_is_left() {
    let all = SigningCheck::ALL;
    assert!(SigningCheck::left(all).is_empty());
    assert_eq!(SigningCheck::left(&[SigningCheck::Dated, SigningCheck::RightVersion]).len(), all.len() - 2);
    assert_eq!(SigningCheck::left(&[]), all);
}
