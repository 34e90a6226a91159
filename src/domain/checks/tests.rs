//! What each check says, and that it is silent when there is nothing to say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::domain::catalogue_tests::{World, choice, choices, date, day, files, text};

/// Every finding at a question: level, acceptance and text.
pub(super) fn at(world: &World, key: &str) -> Vec<(Level, Acceptance, String)> {
    let (section, _) = world.catalogue.find(key).unwrap();
    let found = findings(&world.given(), section).into_iter().filter(|f| f.question == key);
    found.map(|f| (f.level, f.acceptance, f.text)).collect()
}

/// The text of the only finding of a typical supplier with one answer changed; empty when there is none.
pub(super) fn says(key: &str, value: Value) -> String {
    only(&World::typical().with(key, value), key)
}

pub(super) fn only(world: &World, key: &str) -> String {
    let mut found = at(world, key);
    assert!(found.len() <= 1, "{key}: {found:#?}");
    found.pop().map_or_else(String::new, |(_, _, text)| text)
}

fn all(world: &World) -> Vec<Finding> {
    Section::ALL.iter().flat_map(|section| findings(&world.given(), *section)).collect()
}

#[test]
fn a_typical_supplier_has_nothing_to_mend() {
    assert_eq!(all(&World::typical()), []);
}

#[test]
fn each_missing_answer_is_named_with_its_number() {
    let found = all(&World::empty());
    assert_eq!(found.len(), 58);
    assert!(found.iter().all(|f| f.level == Level::Error && f.acceptance == Acceptance::Never));
    assert_eq!(found[0].text, "Answer question 1: DSPT profile");
    let world = World::typical().without("cc-hazard-log");
    assert_eq!(only(&world, "cc-hazard-log"), "Answer question 18: hazard log", "hidden questions have no number");
    assert_eq!(
        only(&World::typical().without("ds-breach-declaration"), "ds-breach-declaration"),
        "Answer question 11: personal data breach declaration"
    );
    let no_files = Value::Files { files: Vec::new(), expires_on: Some(day("2027-12-01")) };
    assert_eq!(says("ds-isms-certificate", no_files), "Answer question 7: ISO/IEC 27001 certificate");
}

#[test]
fn hidden_questions_are_left_alone() {
    let world =
        World::typical().with("cr-standard-scope", choice("neither")).without("cc-hazard-log").with("cr-cso-name", text("A"));
    assert_eq!(at(&world, "cc-hazard-log"), []);
    assert_eq!(at(&world, "cr-cso-name"), []);
}

#[test]
fn findings_are_in_the_order_of_the_questions() {
    let world = World::typical()
        .with("cx-scopes", choices(&["openid", "email"]))
        .without("cx-button-use")
        .with("cx-request-protection", choices(&["prompt-login"]))
        .with("cx-id-token-checks", choices(&["signature"]));
    let found = findings(&world.given(), Section::Cis2Conformance);
    let keys: Vec<&str> = found.iter().map(|f| f.question.as_str()).collect();
    let places: Vec<usize> = keys.iter().map(|key| world.catalogue.questions().position(|(_, q)| q.key == *key).unwrap()).collect();
    assert!(places.len() > 5 && places.is_sorted(), "{keys:?}");
}

#[test]
fn short_texts_are_told_how_much_is_there() {
    let error = says("cr-process-summary", text(&format!("  {}  ", "é".repeat(43))));
    assert_eq!(error, "Write at least 200 characters about clinical risk management process. You have 43");
    assert_eq!(says("cr-cso-name", text("Ed")), "Name of the Clinical Safety Officer must be 3 characters or more. You have 2");
    assert_eq!(says("cr-process-summary", text(&"é".repeat(200))), "");
}

#[test]
fn answers_that_cannot_be_accepted_say_so() {
    use Acceptance::{Free, Never, WithReason};
    let cases = [
        ("ds-dspt-status", "approaching", Never),
        ("ds-dspt-status", "not-met", Never),
        ("ds-dspt-status", "not-published", Never),
        ("ds-euo-dspt-check", "no", Never),
        ("ds-isms-basis", "none", Never),
        ("ds-cyber-essentials", "none", WithReason),
        ("sm-nsd-status", "not-yet", Never),
        ("sm-nsd-status", "submitted", WithReason),
        ("md-is-device", "awaiting", WithReason),
        ("cc-dpia-status", "in-progress", Never),
        ("cc-pentest-scheme", "crest", WithReason),
        ("cc-pentest-scheme", "other", WithReason),
        ("cc-uk-only", "no", Free),
        ("cx-architecture", "public", WithReason),
        ("cx-button-use", "none", Free),
    ];
    for (key, word, acceptance) in cases {
        let found = at(&World::typical().with(key, choice(word)), key);
        assert_eq!(found.len(), 1, "{key} {word}");
        assert_eq!((found[0].0, found[0].1), (Level::Warning, acceptance), "{key} {word}");
    }
    let silent = [("ds-dspt-status", "exceeded"), ("sm-nsd-status", "organisation"), ("cx-client-auth", "client-secret")];
    for (key, word) in silent {
        assert_eq!(says(key, choice(word)), "", "{key} {word}");
    }
}

#[test]
fn a_number_above_its_limit_needs_a_reason() {
    let found = at(&World::typical().with("cx-inactivity-minutes", Value::Number(200)), "cx-inactivity-minutes");
    let expected = "Inactivity limit: 20 minutes is above 15. The answer can be accepted only with a recorded reason.";
    assert_eq!(found, [(Level::Warning, Acceptance::WithReason, expected.to_owned())]);
    assert_eq!(says("cx-max-session-hours", Value::Number(120)), "");
    assert_ne!(says("cx-max-session-hours", Value::Number(125)), "");
    assert_eq!(says("cc-pentest-open-findings", Value::Number(0)), "");
    assert_ne!(says("cc-pentest-open-findings", Value::Number(10)), "");
}

#[test]
fn a_dspt_status_lasts_until_the_june_after_its_edition() {
    let cases = [
        ("2025-10-10", "2027-06-30"),
        ("2025-07-01", "2027-06-30"),
        ("2026-06-30", "2027-06-30"),
        ("2026-07-01", "2028-06-30"),
        ("2026-01-31", "2027-06-30"),
        ("2025-06-30", "2026-06-30"),
    ];
    for (published, until) in cases {
        assert_eq!(dspt_current_until(day(published)), day(until), "{published}");
    }
}

#[test]
fn a_dspt_status_is_checked_on_the_day() {
    let on = |today: &str, published: &str| {
        let world = World { today: day(today), ..World::typical().with("ds-dspt-published-on", date(published)) };
        at(&world, "ds-dspt-published-on")
    };
    assert_eq!(on("2026-11-24", "2025-10-10"), [], "more than twelve months old, and current");
    assert_eq!(on("2027-05-01", "2025-10-10"), [], "60 days left");
    let few = "This DSPT status is current until 30 June 2027: fewer than 60 days are left.";
    assert_eq!(on("2027-05-02", "2025-10-10"), [(Level::Warning, Acceptance::Free, few.to_owned())]);
    assert_eq!(on("2027-06-30", "2025-10-10")[0].1, Acceptance::Free, "the last day counts");
    let lapsed = "This DSPT status lapsed on 30 June 2027. It can be sent, but it cannot be accepted.";
    assert_eq!(on("2027-07-01", "2025-10-10"), [(Level::Warning, Acceptance::Never, lapsed.to_owned())]);
    let early = "Date the DSPT status was published must be on or after 1 July 2018";
    assert_eq!(on("2026-11-24", "2018-06-30"), [(Level::Error, Acceptance::Never, early.to_owned())]);
    let late = "Date the DSPT status was published must be today or in the past";
    assert_eq!(on("2026-11-24", "2026-11-25"), [(Level::Error, Acceptance::Never, late.to_owned())]);
    assert_eq!(on("2026-11-24", "2026-11-24"), []);
}

#[test]
fn dates_are_measured_from_today() {
    let cases = [
        ("ds-cyber-essentials-expires-on", "2026-11-24", "Expiry date of the Cyber Essentials certificate must be in the future"),
        (
            "ds-cyber-essentials-expires-on",
            "2026-11-25",
            "Expiry date of the Cyber Essentials certificate is 25 November 2026: fewer than 60 days are left.",
        ),
        ("ds-cyber-essentials-expires-on", "2027-01-23", ""),
        ("ds-cyber-essentials-expires-on", "2027-11-25", ""),
        (
            "ds-cyber-essentials-expires-on",
            "2027-11-26",
            "Expiry date of the Cyber Essentials certificate must be on or before 25 November 2027",
        ),
        ("cr-cso-trained-on", "2023-11-24", ""),
        ("cr-cso-trained-on", "2023-11-23", "Date of the clinical risk management training is more than 3 years ago."),
        ("sm-continuity-tested-on", "2025-11-24", ""),
        ("sm-continuity-tested-on", "2025-11-23", "Date of the last continuity test is more than 12 months ago."),
        ("sm-continuity-tested-on", "2026-11-25", "Date of the last continuity test must be today or in the past"),
        ("cc-pentest-completed-on", "2025-11-24", ""),
        ("cc-pentest-completed-on", "2025-11-23", "Date the penetration test was completed must be within the last 12 months"),
    ];
    for (key, answer, expected) in cases {
        assert_eq!(says(key, date(answer)), expected, "{key} {answer}");
    }
}

#[test]
fn a_certificate_is_in_date() {
    let key = "ds-isms-certificate";
    assert_eq!(says(key, files(None)), "Enter the expiry date of the ISO/IEC 27001 certificate");
    let expired = "ISO/IEC 27001 certificate expired on 24 November 2026. Upload one that is in date";
    assert_eq!(says(key, files(Some("2026-11-24"))), expired);
    assert_eq!(says(key, files(Some("2026-11-25"))), "");
    assert_eq!(says("cc-hazard-log", files(None)), "", "only certificates expire");
}

#[test]
fn expected_ticks_that_are_missing_are_named() {
    let ticked = choices(&["signature", "issuer", "audience", "end-session"]);
    let event = "\u{201C}Back-channel logout event is present\u{201D} is not ticked. It is expected.";
    assert_eq!(says("cx-bcl-checks", ticked), event);
    let found = at(&World::typical().with("cx-request-protection", choices(&["pkce"])), "cx-request-protection");
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|(level, acceptance, _)| (*level, *acceptance) == (Level::Warning, Acceptance::Free)));
    assert_eq!(says("cx-request-protection", choices(&["state", "discovery"])), "");
}

#[test]
fn registration_numbers_are_looked_at_by_body() {
    let number = |body: &str, number: &str| {
        let world = World::typical().with("cr-cso-body", choice(body)).with("cr-cso-registration", text(number));
        at(&world, "cr-cso-registration")
    };
    for (body, right, wrong) in [("gmc", "7123456", "712345"), ("nmc", "12A3456B", "A1234567")] {
        assert_eq!(number(body, right), []);
        assert_eq!(number(body, wrong)[0].0, Level::Warning);
        assert_eq!(number("hcpc", wrong), []);
    }
    assert_eq!(number("hcpc", "PH12")[0].0, Level::Error);
}

#[test]
fn desk_telephones_are_not_mobiles() {
    for mobile in ["07700 900 123", "+44 7700 900123", "+44 (0)7700 900123", "0044 7700 900123"] {
        assert_ne!(says("sm-desk-phone", text(mobile)), "", "{mobile}");
        assert_eq!(says("sm-hssi-phone", text(mobile)), "", "{mobile}");
    }
    for desk in ["01632 960 001", "+44 20 7946 0018", "0808 157 0192", "+7 495 123 4567", "+353 1 234 5678"] {
        assert_eq!(says("sm-desk-phone", text(desk)), "", "{desk}");
    }
}

#[test]
fn mailboxes_belong_to_desks_and_work_addresses_to_work() {
    for personal in ["ana.oneil@s.example.com", "a.smith@s.example.com", "ana_oneil2@s.example.com"] {
        assert_ne!(says("sm-desk-email", text(personal)), "", "{personal}");
    }
    for shared in ["service.desk@s.example.com", "support@s.example.com", "it-help.uk@s.example.com", "ops24@s.example.com"] {
        assert_eq!(says("sm-desk-email", text(shared)), "", "{shared}");
    }
    for webmail in ["cso@gmail.com", "cso@Yahoo.co.uk", "cso@btinternet.com"] {
        assert_ne!(says("cr-cso-email", text(webmail)), "", "{webmail}");
    }
    for work in ["ana.oneil@supplier.example.com", "cso@nhs.net", "cso@outlook.supplier.co.uk"] {
        assert_eq!(says("cr-cso-email", text(work)), "", "{work}");
    }
}

#[test]
fn support_hours_cover_the_whole_week() {
    let hours = |answer: &str| says("sm-support-hours", text(answer));
    assert_eq!(hours("Monday to Friday 8 to 6. Weekends and bank holidays: not supported."), "");
    assert_eq!(hours("24/7, and on bank holidays by the on-call rota"), "");
    assert_eq!(hours("Around the clock, 365 days a year"), "");
    let expected = "The answer does not mention weekends and bank holidays. Say what cover there is, even if there is none.";
    assert_eq!(hours("Weekdays from 8am to 6pm, by telephone"), expected);
    assert!(hours("From eight in the morning until six at night").contains("weekdays, weekends and bank holidays"));
}

mod cross;
