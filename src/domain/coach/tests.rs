//! What each rule says and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::phrase::Phrase;
use super::reading::{LONGEST, Reading};
use super::{Advice, Draft, Rule, advice};
use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::Section;
use crate::domain::catalogue_tests::{World, choice, choices, date, day, text};

fn says(phrase: &str, sentence: &str) -> bool {
    Reading::new(sentence).says(&[Phrase::read(phrase).unwrap()])
}

fn draft(world: &World) -> Draft<'_> {
    Draft { given: world.given(), organisation: "Wardlight Health Ltd", test_on: None }
}

/// The advice of all sections by one rule, as question and sentence.
fn found(draft: &Draft<'_>, rule: Rule) -> Vec<Advice> {
    Section::ALL.iter().flat_map(|section| advice(draft, *section)).filter(|a| a.rule == rule).collect()
}

/// Whether a text as the answer to a question is advised about by a rule.
fn is_found(rule: Rule, key: &str, words: &str) -> bool {
    let mut world = World::empty().with(key, text(words));
    world.facts.name = "Wardlight Observations".to_owned();
    let world = open(world, key);
    found(&draft(&world), rule).iter().any(|a| a.question == key)
}

/// The choices that open a follow-up.
fn open(world: World, key: &str) -> World {
    let condition = world.catalogue.find(key).and_then(|(_, q)| q.show_when.clone());
    match condition.filter(|c| !c.any_of.is_empty() && !c.on.starts_with("product")) {
        Some(condition) => world.with(&condition.on, choice(&condition.any_of[0])),
        None => world,
    }
}

#[test]
fn words_stand_for_their_endings_and_for_each_other_near_by() {
    let cases = [
        ("log", "We logged it.", true),
        ("log", "Logging is on.", true),
        ("log", "The logic is sound.", false),
        ("store", "It is storing them.", true),
        ("apply", "It applies.", true),
        ("encrypt*", "Encryption at rest", true),
        ("look .. up", "She looks each customer up.", true),
        ("look .. up", "She looks at a list that somebody else sent, and then gives up.", false),
        ("fault + told|tell", "Customers are told about any fault.", true),
        ("fault + told|tell", "There was a fault. Customers are told.", false),
        ("break-glass", "A break glass account", true),
        ("# .. day", "within five working days", true),
        ("@date", "by 3 March 2027", true),
        ("@date", "They may march on.", false),
        ("@version", "Spring Security 6.3", true),
        ("@version", "over TLS 1.2", false),
        ("@country", "A team in Poland", true),
        ("@country", "in Northern Ireland", false),
        ("@role", "the security lead", true),
    ];
    for (phrase, sentence, expected) in cases {
        assert_eq!(says(phrase, sentence), expected, "{phrase:?} in {sentence:?}");
    }
    for fault in ["", "a || b", "@colour", "Big", "*", "a*"] {
        assert!(Phrase::read(fault).is_err(), "{fault:?}");
    }
}

#[test]
fn a_sentence_that_puts_a_point_off_does_not_address_it() {
    let said = "Results are kept. Who makes the check has not been agreed yet. The board decides in May.";
    let reading = Reading::new(said);
    assert_eq!(reading.answering().count(), 2);
}

#[test]
fn an_answer_that_says_why_a_question_does_not_apply_needs_no_points() {
    let key = "sm-change-notice";
    assert!(!is_found(Rule::Missing, key, "Not applicable because we have no customers but our own trust, which runs it."));
    assert!(is_found(Rule::Placeholder, key, "Not applicable."));
}

#[test]
fn placeholders_are_told_from_prose() {
    let key = "sm-change-notice";
    let cases = [
        ("The person who decides is TBC.", true),
        ("xxxx", true),
        ("[Insert who decides here]", true),
        ("As above.", true),
        ("See attached policy.", true),
        ("How will you tell NHS England and your customers about changes that could affect sign-in? By email.", true),
        ("The steps to follow are in the run book that our technical lead keeps, and he decides what matters.", false),
        ("We confirm every change by email to NHS England, and the answers here are updated.", false),
    ];
    for (words, expected) in cases {
        assert_eq!(is_found(Rule::Placeholder, key, words), expected, "{words}");
    }
}

#[test]
fn only_addresses_that_open_nowhere_else_are_unreachable() {
    let key = "sm-change-notice";
    let cases = [
        ("It runs on localhost.", true),
        ("See http://10.1.2.3/notes for more.", true),
        ("Look at 169.254.10.1 first.", true),
        ("Write to changes@wardlight.local.", true),
        ("See https://[fd00::1]/notes.", true),
        ("See https://status.wardlight.example.com.", false),
        ("Our address is 81.2.69.160.", false),
        ("We are on version 10.2.3.4 of it.", false),
        ("Requests to localhost are refused.", false),
        ("The network 10.0.0.0/8 is ours.", false),
    ];
    for (words, expected) in cases {
        assert_eq!(is_found(Rule::Unreachable, key, words), expected, "{words}");
    }
}

#[test]
fn secrets_and_patients_are_found_and_never_repeated() {
    let key = "sm-change-notice";
    let secrets = [
        ("The password is Heron-44 for now.", true),
        ("pwd: Heron44x", true),
        ("The API key: 9f8a7b6c5d4e3f2a1b0c", true),
        ("The access key AKIAABCDEFGHIJKLMNOP is used.", true),
        ("The password is hashed with argon2id.", false),
        ("A password: 14-character minimum.", false),
        ("The key is kept in a vault.", false),
    ];
    for (words, expected) in secrets {
        assert_eq!(is_found(Rule::Secret, key, words), expected, "{words}");
    }
    let patients = [
        ("The patient 943 476 5919 was seen.", true),
        ("The patient 9434765919 was seen.", true),
        ("The patient 943 476 5918 was seen.", false),
        ("The test patient 999 000 0018 was seen.", false),
        ("Call 0113 496 0000.", false),
        ("A man born on 12 May 1948.", true),
        ("DOB 12/05/1948", true),
        ("We hold the date of birth.", false),
    ];
    for (words, expected) in patients {
        assert_eq!(is_found(Rule::Patient, key, words), expected, "{words}");
    }
    let world = World::empty().with(key, text("The password is Heron-44 and the patient is 943 476 5919."));
    let all = advice(&draft(&world), Section::ServiceManagement);
    assert!(all.iter().all(|a| !a.say.contains("Heron-44") && !a.say.contains("5919")), "{all:?}");
}

#[test]
fn other_names_are_found_where_the_own_is_expected() {
    let key = "md-intended-purpose";
    let cases = [
        ("BedFlow is a bed management application.", true),
        ("Wardlight Observations lets nurses record observations.", false),
        ("Clinicians record observations with the product.", false),
        ("The product is used by nurses.", false),
        ("It is a system called BedFlow for wards.", true),
    ];
    for (words, expected) in cases {
        assert_eq!(is_found(Rule::OtherName, key, words), expected, "{words}");
    }
    assert!(is_found(Rule::OtherName, "cr-process-summary", "Acme Medical Ltd follows DCB0129."));
    assert!(!is_found(Rule::OtherName, "cr-process-summary", "Wardlight Health Ltd follows DCB0129."));
}

#[test]
fn letters_that_only_insiders_read_are_asked_to_be_written_out() {
    let key = "sm-change-notice";
    assert!(is_found(Rule::Acronyms, key, "The CAB and the TDA look at each RFC with the SRE and the PSO."));
    assert!(!is_found(Rule::Acronyms, key, "The NHS and the GP use TLS, MFA, an API, a VPN and PKCE with AES."));
    assert!(!is_found(Rule::Acronyms, key, "Our technical lead decides, and the TDA (design authority) agrees."));
}

#[test]
fn answers_of_different_sections_are_compared() {
    let is = |world: &World, key: &str| found(&draft(world), Rule::Contradiction).iter().any(|a| a.question == key);
    let world = World::empty().with("cx-client-auth", choice("private-key-jwt"));
    let world = world.with("cx-key-management", text("Our client secret is kept in a vault."));
    assert!(is(&world, "cx-key-management"));
    let world = world.with("cx-key-management", text("There is no client secret."));
    assert!(!is(&world, "cx-key-management"));

    let world = World::empty().with("cc-uk-only", choice("yes"));
    let world = world.with("ds-protection-measures", text("The servers are in Frankfurt, Germany, and backups too."));
    assert!(is(&world, "ds-protection-measures") && is(&world, "cc-uk-only"), "both sections are told");

    let world = World::empty().with("cr-standard-scope", choice("dcb0129")).with("cr-cso-name", text("Dr Lena Ortiz"));
    let named = |name: &str| world_with(&world, &format!("Our Clinical Safety Officer, {name}, signs off."));
    assert!(is(&named("Dr Henry Vance"), "cr-process-summary"));
    assert!(!is(&named("Lena Ortiz"), "cr-process-summary"));

    let world = World::empty().with("cx-inactivity-minutes", Value::Number(150));
    let idle = |minutes: &str| world.clone_with("cx-session-behaviour", &format!("After {minutes} minutes of inactivity it ends."));
    assert!(is(&idle("30"), "cx-session-behaviour") && !is(&idle("15"), "cx-session-behaviour"));

    let mut world = World::empty().with("cc-pentest-open-findings", Value::Number(10));
    world.facts.go_live_target = Some(day("2027-04-30"));
    let plan = |on: &str| world.clone_with("cc-pentest-fix-plan", &format!("The owner fixes it by {on}."));
    assert!(is(&plan("30 June 2027"), "cc-pentest-fix-plan") && is(&plan("1 June 2026"), "cc-pentest-fix-plan"));
    assert!(!is(&plan("31 March 2027"), "cc-pentest-fix-plan"));

    let world = World::empty().with("cx-request-protection", choices(&["state"]));
    assert!(is(&world.clone_with("cx-signin-walkthrough", "The server keeps a nonce."), "cx-signin-walkthrough"));
}

fn world_with(world: &World, words: &str) -> World {
    world.clone_with("cr-process-summary", words)
}

impl World {
    fn clone_with(&self, key: &str, words: &str) -> Self {
        let (catalogue, facts, answers) = (self.catalogue.clone(), self.facts.clone(), self.answers.clone());
        Self { catalogue, facts, answers, today: self.today }.with(key, text(words))
    }
}

#[test]
fn evidence_is_in_date_on_the_day_of_the_test_and_final_by_its_name() {
    let world = World::empty().with("ds-cyber-essentials", choice("plus"));
    let world = world.with("ds-cyber-essentials-expires-on", date("2027-01-31"));
    let on = |test: &str| found(&Draft { test_on: Some(day(test)), ..draft(&world) }, Rule::OutOfDate).len();
    assert_eq!((on("2027-02-01"), on("2027-01-31")), (1, 0));
    let named = |name: &str| {
        let file = Evidence {
            id: crate::domain::words::FileId(uuid::Uuid::nil()),
            name: name.to_owned(),
            digest: "00".to_owned(),
            size: 1,
        };
        let world = World::empty().with("cc-pentest-summary", Value::Files { files: vec![file], expires_on: None });
        found(&draft(&world), Rule::NotFinal).len()
    };
    assert_eq!((named("summary DRAFT.pdf"), named("summary-v2.pdf"), named("draftsman.pdf")), (1, 0, 0));
}

#[test]
fn the_weightiest_comes_first() {
    let words = "The password is Heron-44. It is at https://intranet/notes. More is TBC.";
    let world = World::empty().with("sm-change-notice", text(words));
    let rules: Vec<Rule> = advice(&draft(&world), Section::ServiceManagement).iter().map(|a| a.rule).collect();
    assert!(rules.is_sorted() && rules[0] == Rule::Secret && rules.contains(&Rule::Missing), "{rules:?}");
}

#[test]
fn a_huge_text_is_read_up_to_a_bound() {
    let huge = "a 1/2 (b) \u{2019}\u{e9}. ".repeat(100_000);
    assert!(huge.len() > 1_000_000);
    let reading = Reading::new(&huge);
    assert!(reading.text.len() <= LONGEST && reading.text.len() > LONGEST - 4);
    let world = World::empty().with("sm-change-notice", text(&"1234567890 -".repeat(100_000)));
    assert!(advice(&draft(&world), Section::ServiceManagement).len() < 10);
}
