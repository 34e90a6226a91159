//! The end of a test over HTTP: every outcome, what is wrong with the form, observations afterwards, and another test.

use assured::domain::demonstration::DemonstrationState;
use assured::domain::event::EventKind;

use crate::page::{Form, form};
use crate::support::http::Reply;
use crate::support::*;

fn at(reference: &str, page: &str) -> String {
    format!("/products/{}/demonstration{page}", reference.to_lowercase())
}

async fn press(app: &TestApp, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(REVIEWER, &form.action, &fields).await
}

/// A product whose test is under way, with every line marked: seen, but for those named.
async fn marked(app: &TestApp, missed: &[&str]) -> String {
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    app.marked(&reference, missed).await;
    reference
}

async fn state(app: &TestApp, reference: &str) -> DemonstrationState {
    app.see(OWNER, reference).await.unwrap().demonstration().state
}

#[actix_web::test]
async fn a_test_with_a_line_missing_or_not_seen_is_not_passed_by_mistake() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    let outcome = at(&reference, "/outcome");
    app.get(REVIEWER, &outcome).await.is(409).has("This can be done on the day of the demonstration.");
    app.get(MANAGER, &outcome).await.is(403);
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    app.get(REVIEWER, &outcome).await.is(200).has("No result yet: A1, A2").has("0 of 22 lines marked");
    app.post(REVIEWER, &outcome, &[]).await.is(422).has("Select how the test ended");
    let reply = app.post(REVIEWER, &outcome, &[("outcome", "pass"), ("message", "Well done.")]).await;
    reply.is(422).has("Some lines of the run sheet have no result yet.").has("Well done.");
    app.marked(&reference, &["a3"]).await;
    app.post(REVIEWER, &outcome, &[("outcome", "pass")]).await.is(422).has("Some lines were not seen.");
    app.marked(&reference, &[]).await;
    app.post(REVIEWER, &outcome, &[("outcome", "fail")]).await.is(422).has("Every line was seen, so the test cannot be");
    app.post(REVIEWER, &outcome, &[("outcome", "repeat")]).await.is(422).has("Select how the test ended");
    let long = "x".repeat(2001);
    app.post(REVIEWER, &outcome, &[("outcome", "pass"), ("message", &long)]).await.is(422).has("2,000 characters or less");
    assert_eq!(state(&app, &reference).await, DemonstrationState::UnderWay);
    app.finish().await;
}

#[actix_web::test]
async fn a_double_press_on_passed_passes_once() {
    let app = TestApp::new().await;
    let reference = marked(&app, &[]).await;
    let outcome = at(&reference, "/outcome");
    let fields = [("outcome", "pass"), ("message", "A good test.")];
    let (one, other) = tokio::join!(app.post(REVIEWER, &outcome, &fields), app.post(REVIEWER, &outcome, &fields));
    one.goes_to(&at(&reference, ""));
    other.goes_to(&at(&reference, ""));
    assert_eq!(state(&app, &reference).await, DemonstrationState::Passed);
    let actor = app.actor(MANAGER).await;
    let product = app.see(MANAGER, &reference).await.unwrap();
    let history = app.db.visible(&actor).history(&product, 1).await.unwrap();
    assert_eq!(history.rows.iter().filter(|e| e.kind == EventKind::TestPassed).count(), 1);
    app.get(REVIEWER, &at(&reference, "/run-sheet")).await.has("Amina Okafor recorded it").has("Ask for another test");
    app.get(REVIEWER, &outcome).await.is(409).has("The conformance test is passed.");
    app.finish().await;
}

#[actix_web::test]
async fn observations_have_a_text_an_owner_and_a_date_and_are_put_right_one_by_one() {
    let app = TestApp::new().await;
    let reference = marked(&app, &["a3", "c1"]).await;
    let outcome = at(&reference, "/outcome");
    let page = app.get(REVIEWER, &outcome).await;
    page.has("A3. The request carries").has(": not seen").has("Priya Shah").has("What Wardlight Health Limited will read");
    let mut sent = form(&page, &outcome, "Record the outcome");
    sent.set("outcome", "pass-with-observations").set("text-2", "").set("due-2-day", "31").set("due-2-month", "2");
    sent.set("due-2-year", "2027");
    let page = press(&app, &sent, "Record the outcome").await;
    page.is(422).has("Enter the date by which observation 1 is put right").has("#due-1-day");
    page.has("Say what is to be put right in observation 2").has("Date of observation 2 must be a real date");

    // One more row, without losing what was typed; it may stay empty.
    let more = press(&app, &sent, "Add another observation").await;
    more.is(200).has("Observation 3: what is to be put right").has("value=\"31\"");
    let mut sent = form(&more, &outcome, "Record the outcome");
    sent.set("due-1-day", "1").set("due-1-month", "4").set("due-1-year", "2026");
    sent.set("text-2", "Warn before sign-out").set("due-2-day", "29").set("due-2-month", "5").set("due-2-year", "2026");
    press(&app, &sent, "Record the outcome").await.is(422).has("Date of observation 1 must be today or in the future");
    sent.set("due-1-month", "5").set("owner-1", "");
    press(&app, &sent, "Record the outcome").await.is(422).has("Enter who deals with observation 1");
    sent.set("owner-1", "Tom Bell");
    press(&app, &sent, "Record the outcome").await.goes_to(&at(&reference, ""));
    let test = app.see(OWNER, &reference).await.unwrap().demonstration().clone();
    let kept = test.outcome.as_ref().unwrap().observations.clone();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[1].text.as_str(), kept[0].owner.as_str()), ("Warn before sign-out", "Tom Bell"));

    let list = at(&reference, "/observations");
    app.get(REVIEWER, &list).await.is(200).has("To be put right (2)").has("Tom Bell, by Friday 1\u{a0}May 2026").lacks("Late");
    app.get(MANAGER, &list).await.is(200).lacks("How was observation");
    app.post(REVIEWER, &format!("{list}/2"), &[]).await.is(422).has("Say how observation 2 was put right");
    app.post(REVIEWER, &format!("{list}/3"), &[("how-3", "Done.")]).await.is(404);
    app.post(REVIEWER, &format!("{list}/0"), &[("how-0", "Done.")]).await.is(404);
    app.post(OWNER, &format!("{list}/2"), &[("how-2", "Done.")]).await.is(404);
    let done = app.post(REVIEWER, &format!("{list}/2"), &[("how-2", "A warning is there in 4.2.1.")]).await;
    app.follow(REVIEWER, &done).await.has("1 observation left.").has("Put right (1)").has("A warning is there in 4.2.1.");
    app.post(REVIEWER, &format!("{list}/2"), &[("how-2", "Again.")]).await.goes_to(&list);
    app.get(REVIEWER, &list).await.has("A warning is there in 4.2.1.").lacks("Again.");
    app.finish().await;
}

#[actix_web::test]
async fn a_test_without_observations_cannot_be_passed_with_them() {
    let app = TestApp::new().await;
    let reference = marked(&app, &[]).await;
    let outcome = at(&reference, "/outcome");
    let fields = [("outcome", "pass-with-observations"), ("text-1", ""), ("owner-1", "")];
    app.post(REVIEWER, &outcome, &fields).await.is(422).has("Say what is to be put right, by whom and by when");
    app.get(REVIEWER, &at(&reference, "/observations")).await.is(200).has("The test has no observations.");
    app.finish().await;
}

#[actix_web::test]
async fn a_test_that_was_not_held_says_who_called_it_off_and_why() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    app.clock.set("2026-04-23T08:00:00Z".parse().unwrap());
    let outcome = at(&reference, "/outcome");
    let page = app.get(REVIEWER, &outcome).await;
    page.is(200).has("Not held").lacks("Passed with observations");
    let refused = app.post(REVIEWER, &outcome, &[("outcome", "not-hold")]).await;
    refused.is(422).has("Select who called the test off").has("Say why the test was not held");
    let fields = [("outcome", "not-hold"), ("caller", "supplier"), ("why", "Their developer is ill.")];
    app.post(REVIEWER, &outcome, &fields).await.goes_to(&at(&reference, ""));
    let product = app.see(OWNER, &reference).await.unwrap();
    let test = product.demonstration();
    assert_eq!(test.state, DemonstrationState::NotHeld);
    assert_eq!(test.outcome.as_ref().unwrap().why, "The supplier called it off. Their developer is ill.");
    app.post(REVIEWER, &outcome, &fields).await.goes_to(&at(&reference, ""));
    app.finish().await;
}

#[actix_web::test]
async fn another_test_is_asked_for_with_a_reason() {
    let app = TestApp::new().await;
    let reference = marked(&app, &[]).await;
    let repetition = at(&reference, "/repetition");
    app.get(REVIEWER, &repetition).await.is(409);
    app.post(REVIEWER, &at(&reference, "/outcome"), &[("outcome", "pass")]).await.is(303);
    // Thursday 23 April, then 5 working days.
    let page = app.get(REVIEWER, &at(&reference, "/run-sheet")).await;
    page.has("has passed the test").has("The certificate is due by Thursday 30\u{a0}April 2026.");
    app.get(OWNER, &repetition).await.is(404);
    app.get(MANAGER, &repetition).await.is(403);
    let page = app.get(REVIEWER, &repetition).await;
    let mut sent = form(&page, &repetition, "Ask for another test");
    press(&app, &sent, "Ask for another test").await.is(422).has("Say why another test is needed");
    sent.set("reason", "The sign-in was rebuilt.");
    press(&app, &sent, "Ask for another test").await.goes_to(&at(&reference, ""));
    let product = app.see(OWNER, &reference).await.unwrap();
    assert_eq!((product.demonstration().attempt, product.demonstration().state), (2, DemonstrationState::NotBooked));
    let actor = app.actor(OWNER).await;
    let history = app.db.visible(&actor).history(&product, 1).await.unwrap();
    assert_eq!(history.rows[0].kind, EventKind::TestRepeated);
    assert_eq!(history.rows[0].detail.reason, "The sign-in was rebuilt.");
    app.finish().await;
}
