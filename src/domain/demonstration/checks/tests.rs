//! Which checks are needed, what the service knows of them, and when the test may be confirmed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::domain::catalogue_tests::{World, choice, date, day, files, text};
use crate::domain::demonstration::facts::{TestContext, TestFacts};
use crate::domain::facts::Authenticator;

fn facts() -> TestFacts {
    TestFacts {
        test_url: "https://product.supplier.example.com/start".to_owned(),
        authenticator: Some(Authenticator::WindowsHello),
        authenticator_tried_on: Some(day("2026-11-20")),
        ..TestFacts::default()
    }
}

fn known(world: &World, check: Check, facts: &TestFacts) -> Option<(CheckResult, String)> {
    on(world, check, facts, Some("2026-12-10"))
}

fn on(world: &World, check: Check, facts: &TestFacts, test_on: Option<&str>) -> Option<(CheckResult, String)> {
    let given = world.given();
    let context = TestContext { given: &given, booked_on: day("2026-11-24"), test_on: test_on.map(day) };
    worked_out(check, &context, facts, 0).map(|known| (known.result, known.why))
}

fn all_passed() -> BTreeMap<Check, CheckResult> {
    Check::ALL.iter().map(|check| (*check, CheckResult::Passed)).collect()
}

fn blocked(world: &World, changes: &[(Check, Option<CheckResult>)]) -> Vec<Check> {
    let mut results = all_passed();
    for (check, result) in changes {
        match result {
            Some(result) => results.insert(*check, *result),
            None => results.remove(check),
        };
    }
    blocking(&results, &world.given()).into_iter().map(|(check, _)| check).collect()
}

#[test]
fn the_four_checks_of_the_published_page_cannot_be_waived() {
    let never: Vec<&str> = Check::ALL.iter().filter(|check| !check.can_be_waived()).map(|check| check.word()).collect();
    assert_eq!(never, ["int-configuration", "int-authentication", "logout-tokens", "deployed"]);
    assert_eq!(Check::ALL.len(), 12);
}

#[test]
fn logout_and_key_checks_depend_on_the_answers() {
    let skipped =
        |world: World| -> Vec<Check> { Check::ALL.iter().copied().filter(|check| !applies(*check, &world.given())).collect() };
    assert_eq!(skipped(World::typical()), []);
    let no_logout = World::typical().with("cx-bcl-used", choice("no"));
    assert_eq!(skipped(no_logout), [Check::LogoutTokens, Check::LogoutEndpoint]);
    assert_eq!(skipped(World::typical().with("cx-client-auth", choice("client-secret"))), [Check::Jwks]);
}

#[test]
fn checks_that_are_not_needed_are_worked_out() {
    let world = World::typical().with("cx-bcl-used", choice("no")).with("cx-client-auth", choice("client-secret"));
    for check in [Check::LogoutTokens, Check::LogoutEndpoint, Check::Jwks] {
        assert_eq!(known(&world, check, &facts()).unwrap().0, CheckResult::NotNeeded, "{check}");
        assert_eq!(known(&World::typical(), check, &facts()), None, "{check}: only a person can tell");
    }
    let (_, why) = known(&world, Check::LogoutTokens, &facts()).unwrap();
    assert_eq!(why, "The product does not use back-channel logout.");
}

#[test]
fn what_only_a_person_can_tell_is_left_to_people() {
    for check in [Check::IntConfiguration, Check::IntAuthentication, Check::IpSeen, Check::TestIdentity] {
        assert_eq!(known(&World::typical(), check, &facts()), None, "{check}");
    }
    for check in [Check::Deployed, Check::RedirectUris, Check::Authenticator] {
        assert_eq!(known(&World::typical(), check, &TestFacts::default()), None, "{check}: the facts are to follow");
    }
}

#[test]
fn a_local_address_is_a_problem() {
    let (result, why) = known(&World::typical(), Check::Deployed, &facts()).unwrap();
    assert_eq!(result, CheckResult::Passed);
    assert!(why.contains("https://product.supplier.example.com/start"), "{why}");
    for url in ["https://localhost:8443/", "https://10.1.1.1/", "https://app.internal/"] {
        let facts = TestFacts { test_url: url.to_owned(), ..facts() };
        assert_eq!(known(&World::typical(), Check::Deployed, &facts).unwrap().0, CheckResult::Problem, "{url}");
    }
}

#[test]
fn redirect_uris_are_listed_and_belong_to_the_host_of_the_test() {
    let (result, why) = known(&World::typical(), Check::RedirectUris, &facts()).unwrap();
    assert_eq!(result, CheckResult::Passed);
    assert!(why.ends_with("\nhttps://product.supplier.example.com/callback"), "{why}");
    let lines = "https://PRODUCT.supplier.example.com/a\nhttps://old.example.com/b\nhttps://old.example.com/c\nhttps://localhost/d";
    let world = World::typical().with("cx-redirect-uris", text(lines));
    let (result, why) = known(&world, Check::RedirectUris, &facts()).unwrap();
    assert_eq!(result, CheckResult::Problem);
    assert!(why.contains("redirect URIs on localhost and old.example.com.") && why.ends_with(lines), "{why}");
    let native = World::typical()
        .with("cx-architecture", choice("native-backend"))
        .with("cx-redirect-uris", text("https://localhost:8443/d\nhttps://product.supplier.example.com/a"));
    assert_eq!(known(&native, Check::RedirectUris, &facts()).unwrap().0, CheckResult::Passed);
    assert_eq!(known(&World::typical().without("cx-redirect-uris"), Check::RedirectUris, &facts()), None);
}

#[test]
fn the_authenticator_follows_its_rules() {
    let with = |authenticator| TestFacts { authenticator: Some(authenticator), ..facts() };
    let (result, why) = known(&World::typical(), Check::Authenticator, &facts()).unwrap();
    assert_eq!(result, CheckResult::Passed);
    assert_eq!(why, "Windows Hello for Business is allowed. The supplier last signed in with it on 20 November 2026.");
    let strict = World::typical().with("cx-assurance-level", choice("aal3"));
    assert_eq!(known(&strict, Check::Authenticator, &with(Authenticator::Passkey)).unwrap().0, CheckResult::Problem);
    let mut moving = World::typical();
    moving.facts.migrating_from_cis1 = Some(true);
    assert_eq!(known(&moving, Check::Authenticator, &with(Authenticator::HscnSmartcard)).unwrap().0, CheckResult::Problem);
    let (result, why) = known(&World::typical(), Check::Authenticator, &with(Authenticator::Aal3PasskeyApp)).unwrap();
    assert_eq!(result, CheckResult::Passed);
    assert!(why.contains("in beta"), "warnings are passed on: {why}");
    let untried = TestFacts { authenticator_tried_on: None, ..facts() };
    assert_eq!(known(&World::typical(), Check::Authenticator, &untried), None);
    let untried = TestFacts { authenticator: Some(Authenticator::Passkey), ..untried };
    assert_eq!(known(&strict, Check::Authenticator, &untried).unwrap().0, CheckResult::Problem, "a fault needs no date");
}

#[test]
fn open_feedback_is_counted() {
    let world = World::typical();
    let given = world.given();
    let context = TestContext { given: &given, booked_on: day("2026-11-24"), test_on: None };
    let with = |open| {
        let known = worked_out(Check::OpenFeedback, &context, &facts(), open).unwrap();
        (known.result, known.why)
    };
    assert_eq!(with(0), (CheckResult::Passed, "No feedback is open on the technical sections.".to_owned()));
    assert_eq!(with(1), (CheckResult::Problem, "1 question of the technical sections has open feedback.".to_owned()));
    assert_eq!(with(3), (CheckResult::Problem, "3 questions of the technical sections have open feedback.".to_owned()));
}

#[test]
fn evidence_must_last_to_the_day_of_the_test() {
    // The DSPT status of 10 October 2026 is current until 30 June 2028; the test of that day counts until 10 October 2027.
    let check = |world: &World, test_on| on(world, Check::EvidenceCurrent, &facts(), Some(test_on)).unwrap();
    let world = World::typical();
    let (result, why) = check(&world, "2026-12-10");
    assert_eq!(result, CheckResult::Passed);
    assert!(why.contains("The penetration test: until 10 October 2027."), "{why}");
    let short =
        world.with("ds-cyber-essentials-expires-on", date("2027-12-31")).with("ds-isms-certificate", files(Some("2027-12-01")));
    assert_eq!(check(&short, "2027-10-10").0, CheckResult::Passed, "on its last day");
    let (result, why) = check(&short, "2027-10-11");
    assert_eq!(result, CheckResult::Problem);
    assert_eq!(why, "The penetration test runs out on 10 October 2027, before the test on 11 October 2027.");
    let (_, why) = check(&short, "2028-07-01");
    for what in ["The DSPT status", "The ISO/IEC 27001 certificate", "The Cyber Essentials certificate", "The penetration test"] {
        assert!(why.contains(&format!("{what} runs out on ")), "{what} is named: {why}");
    }
    assert_eq!(on(&short, Check::EvidenceCurrent, &facts(), None), None, "there is no day to compare with");
}

#[test]
fn evidence_without_a_date_is_named() {
    let world = World::typical().with("ds-dspt-status", choice("not-published")).without("cc-pentest-completed-on");
    let (result, why) = known(&world, Check::EvidenceCurrent, &facts()).unwrap();
    assert_eq!(result, CheckResult::Problem);
    assert_eq!(why, "There is no date for the DSPT status.\nThere is no date for the penetration test.");
}

#[test]
fn the_test_is_confirmed_only_when_the_checks_allow_it() {
    let world = World::typical();
    assert_eq!(blocked(&world, &[]), []);
    for check in Check::ALL {
        assert_eq!(blocked(&world, &[(*check, None)]), [*check], "not done");
        assert_eq!(blocked(&world, &[(*check, Some(CheckResult::Problem))]), [*check], "a problem");
        let stays = if check.can_be_waived() { vec![] } else { vec![*check] };
        assert_eq!(blocked(&world, &[(*check, Some(CheckResult::Waived))]), stays, "waived");
        assert_eq!(blocked(&world, &[(*check, Some(CheckResult::NotNeeded))]), stays, "not needed");
    }
    assert_eq!(blocking(&BTreeMap::new(), &world.given()).len(), 12);
}

#[test]
fn a_check_that_does_not_apply_blocks_only_with_a_problem() {
    let world = World::typical().with("cx-bcl-used", choice("no"));
    for result in [None, Some(CheckResult::NotNeeded), Some(CheckResult::Waived)] {
        assert_eq!(blocked(&world, &[(Check::LogoutTokens, result)]), [], "{result:?}");
    }
    assert_eq!(blocked(&world, &[(Check::LogoutTokens, Some(CheckResult::Problem))]), [Check::LogoutTokens]);
}

#[test]
fn results_have_their_words_and_looks() {
    let tags: Vec<_> = CheckResult::ALL.iter().map(|result| CheckResult::tag(Some(*result))).collect();
    assert_eq!(tags, [("Passed", "green"), ("Problem found", "red"), ("Waived", "grey"), ("Not needed", "grey")]);
    assert_eq!(CheckResult::tag(None), ("Not done", "blue"));
    assert!(Check::ALL.iter().all(|check| !check.label().is_empty() && check.evidence().ends_with('.')));
}
