//! The checks before a test: worked out, recorded, mailed when there is a problem, and confirmed.

use assured::domain::demonstration::DemonstrationState;
use assured::domain::demonstration::checks::{Check, CheckResult};
use assured::domain::demonstration::command::{CheckEntry, DemonstrationCommand};
use assured::domain::demonstration::facts::TestFacts;

use crate::page::{Form, form};
use crate::support::http::Reply;
use crate::support::*;

/// A product with everything accepted and a booked test; its reference and the address of its checks.
async fn booked(app: &TestApp) -> (String, String) {
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    let address = format!("/products/{}/demonstration/checks", reference.to_lowercase());
    (reference, address)
}

async fn press(app: &TestApp, who: Persona, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

async fn sheet(app: &TestApp, who: Persona, address: &str) -> Form {
    form(&app.get(who, address).await, address, "Save the checks")
}

async fn results(app: &TestApp, reference: &str) -> std::collections::BTreeMap<Check, CheckResult> {
    app.see(REVIEWER, reference).await.unwrap().demonstration().results()
}

#[actix_web::test]
async fn what_the_service_knows_is_chosen_and_the_rest_waits_for_a_person() {
    let app = TestApp::new().await;
    let (reference, address) = booked(&app).await;
    app.described(&reference).await;
    let page = app.get(REVIEWER, &address).await;
    page.is(200).has("What the service worked out").has("No feedback is open on the technical sections.").has("wardlight-int.01");
    page.has("Checks by").has("Monday 20\u{a0}April 2026").has("Check 12 of 12");
    let form = sheet(&app, REVIEWER, &address).await;
    let chosen = |check: Check| form.fields.iter().find(|(n, _)| n == check.word()).map(|(_, v)| v.as_str());
    assert_eq!(chosen(Check::IntConfiguration), Some("none"));
    assert_eq!(chosen(Check::OpenFeedback), Some("passed"));
    assert!(results(&app, &reference).await.is_empty(), "nothing is recorded by looking");
    for check in Check::ALL {
        let may_waive = page.body.contains(&format!("name=\"{check}-reason\""));
        assert_eq!(may_waive, check.can_be_waived(), "{check}");
    }
    app.get(OWNER, &address).await.is(404);
    app.get(MANAGER, &address).await.is(200).has("Reviewers record background checks.").lacks("Save the checks");
    app.post(MANAGER, &address, &[("deployed", "passed"), ("deployed-edition", "")]).await.is(403);
    app.finish().await;
}

#[actix_web::test]
async fn a_problem_that_the_service_worked_out_is_told_only_when_a_person_says_so() {
    let app = TestApp::new().await;
    let (reference, address) = booked(&app).await;
    let product = app.see(OWNER, &reference).await.unwrap();
    let today = assured::domain::calendar::london_date(app.now());
    let facts = TestFacts { test_url: "https://localhost:8443/".to_owned(), ..crate::support::assurance::test_facts(today) };
    let describe = DemonstrationCommand::Describe(Box::new(facts), product.demonstration().facts.edition());
    app.test(OWNER, &reference, describe).await;
    let before = app.mail().await.len();

    let page = app.get(REVIEWER, &address).await;
    page.is(200).has("localhost cannot be reached from the internet.").has("Select “Problem found” to tell the supplier");
    let mut unread = form(&page, &address, "Save the checks");
    press(&app, REVIEWER, &unread, "Save the checks").await.goes_to(&address);
    let saved = results(&app, &reference).await;
    assert_eq!(saved.get(&Check::Deployed), None, "nobody said that this is a problem");
    assert_eq!(saved.get(&Check::OpenFeedback), Some(&CheckResult::Passed));
    assert_eq!(app.mail().await.len(), before);

    unread = sheet(&app, REVIEWER, &address).await;
    unread.set("deployed", "problem");
    press(&app, REVIEWER, &unread, "Save the checks").await.goes_to(&address);
    assert_eq!(results(&app, &reference).await.get(&Check::Deployed), Some(&CheckResult::Problem));
    let checks = app.see(OWNER, &reference).await.unwrap().demonstration().checks.clone();
    assert!(checks[&Check::Deployed].note.starts_with("localhost cannot be reached"), "the finding is there to be sent");
    assert!(app.mail().await.len() > before);
    app.finish().await;
}

#[actix_web::test]
async fn a_problem_needs_a_note_and_is_mailed_at_once() {
    let app = TestApp::new().await;
    let (reference, address) = booked(&app).await;
    app.described(&reference).await;
    let before = app.mail().await.len();
    let mut checks = sheet(&app, REVIEWER, &address).await;
    checks
        .set("int-authentication", "problem")
        .set("int-authentication-note", " ")
        .set("jwks", "waived")
        .set("redirect-uris", "passed");
    let wrong = press(&app, REVIEWER, &checks, "Save the checks").await;
    wrong.is(422).has("Tell the supplier what the problem is").has("Say why this check is waived").has("#int-authentication-note");
    assert!(results(&app, &reference).await.is_empty(), "nothing was saved");
    let typed = form(&wrong, &address, "Save the checks");
    assert!(typed.fields.contains(&("jwks".to_owned(), "waived".to_owned())), "what was chosen is kept");

    checks.set("int-authentication-note", "We see no sign-in since March. Sign in once with the test identity.");
    checks.set("jwks-reason", "We fetched it last week for another product.");
    let done = press(&app, REVIEWER, &checks, "Save the checks").await;
    done.goes_to(&address);
    let page = app.follow(REVIEWER, &done).await;
    page.has("Background checks saved")
        .has("e-mailed the supplier about 1 problem")
        .has("Problem found")
        .has("Recorded by Amina Okafor");
    let saved = results(&app, &reference).await;
    assert_eq!(saved.get(&Check::IntAuthentication), Some(&CheckResult::Problem));
    assert_eq!(saved.get(&Check::Jwks), Some(&CheckResult::Waived));
    assert_eq!(saved.get(&Check::OpenFeedback), Some(&CheckResult::Passed), "what was worked out is recorded by saving");
    assert_eq!(saved.get(&Check::IntConfiguration), None);
    let mail = app.mail().await;
    assert!(mail[before..].iter().any(|m| m.to.contains(OWNER.email)), "the supplier was not told");

    // Saving again changes nothing and mails nobody.
    let again = sheet(&app, REVIEWER, &address).await;
    let version = app.see(REVIEWER, &reference).await.unwrap().version;
    press(&app, REVIEWER, &again, "Save the checks").await.goes_to(&address);
    assert_eq!(app.see(REVIEWER, &reference).await.unwrap().version, version);
    assert_eq!(app.mail().await.len(), mail.len());
    app.get(REVIEWER, "/demonstrations").await.has("Problem found");
    app.finish().await;
}

#[actix_web::test]
async fn what_a_colleague_recorded_meanwhile_is_shown_before_it_is_overwritten() {
    let app = TestApp::new().await;
    let (reference, address) = booked(&app).await;
    let mut stale = sheet(&app, OTHER_REVIEWER, &address).await;
    let note = "The client ID is another product's.".to_owned();
    let entry = CheckEntry { check: Check::IntConfiguration, result: Some(CheckResult::Problem), note };
    app.test(REVIEWER, &reference, DemonstrationCommand::Check(vec![entry])).await;
    stale.set("int-configuration", "passed").set("ip-seen", "passed");
    let page = press(&app, OTHER_REVIEWER, &stale, "Save the checks").await;
    page.is(409).has("Somebody else recorded some of these checks").has("The client ID is another product").has("Amina Okafor");
    assert_eq!(results(&app, &reference).await.get(&Check::IntConfiguration), Some(&CheckResult::Problem), "nothing was lost");
    let kept = form(&page, &address, "Save the checks");
    assert!(kept.fields.contains(&("ip-seen".to_owned(), "passed".to_owned())));
    press(&app, OTHER_REVIEWER, &kept, "Save the checks").await.goes_to(&address);
    assert_eq!(results(&app, &reference).await.get(&Check::IntConfiguration), Some(&CheckResult::Passed));
    app.finish().await;
}

#[actix_web::test]
async fn a_demonstration_is_confirmed_when_nothing_is_missing() {
    let app = TestApp::new().await;
    let (reference, address) = booked(&app).await;
    let confirmation = address.replace("/checks", "/confirmation");
    let page = app.get(REVIEWER, &address).await;
    page.has("What is missing before the demonstration can be confirmed")
        .has("The supplier has not given: Person leading the test");
    page.has("Configuration exists in INT: it has not been done").lacks("Confirm the demonstration");
    app.post(REVIEWER, &confirmation, &[]).await.is(409).has("Some details for the test are missing or need to change.");
    app.described(&reference).await;
    app.post(REVIEWER, &confirmation, &[]).await.is(409).has("Some background checks are not done, or found a problem.");

    let mut checks = sheet(&app, REVIEWER, &address).await;
    for check in Check::ALL {
        checks.set(check.word(), "passed");
    }
    press(&app, REVIEWER, &checks, "Save the checks").await.goes_to(&address);
    let ready = app.get(REVIEWER, &address).await;
    let confirm = form(&ready, &address, "Confirm the demonstration");
    for _ in 0..2 {
        let done = press(&app, REVIEWER, &confirm, "Confirm the demonstration").await;
        done.goes_to(&address);
        app.follow(REVIEWER, &done).await.has("The demonstration is confirmed").has("If you change a check, confirm it again");
    }
    let product = app.see(REVIEWER, &reference).await.unwrap();
    assert_eq!(product.demonstration().state, DemonstrationState::Confirmed);
    app.post(MANAGER, &confirmation, &[]).await.is(403);

    // Taking a check back takes the confirmation back.
    let mut checks = sheet(&app, REVIEWER, &address).await;
    checks.set("ip-seen", "none");
    press(&app, REVIEWER, &checks, "Save the checks").await.goes_to(&address);
    let product = app.see(REVIEWER, &reference).await.unwrap();
    assert_eq!(product.demonstration().state, DemonstrationState::Booked);
    app.finish().await;
}

#[actix_web::test]
async fn without_a_date_there_is_nothing_to_check() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = format!("/products/{}/demonstration/checks", reference.to_lowercase());
    app.get(REVIEWER, &address).await.is(200).has("There is none at the moment").lacks("Save the checks");
    app.post(REVIEWER, &address, &[("deployed", "passed")]).await.is(409).has("No demonstration is booked.");
    app.finish().await;
}
