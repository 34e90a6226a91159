//! The day of the test over HTTP: marking with and without the script, by two people, late and twice.

use actix_web::test::TestRequest;
use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::SectionCommand;
use assured::domain::demonstration::sheet::MarkResult;
use assured::domain::demonstration::{DemonstrationState, Marked};
use assured::domain::event::EventKind;
use assured::secret::new_token;
use assured::web::ctx::session_cookie;
use chrono::{Duration, SecondsFormat};
use serde_json::Value as Json;

use crate::page::{Form, form};
use crate::support::http::Reply;
use crate::support::*;

pub fn at(reference: &str, page: &str) -> String {
    format!("/products/{}/demonstration/{page}", reference.to_lowercase())
}

pub async fn press(app: &TestApp, who: Persona, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

/// Posts as the script of the page does.
async fn script(app: &TestApp, who: Persona, reference: &str, fields: &[(&str, &str)]) -> (u16, Json) {
    let token = new_token().unwrap();
    app.db.log_in(app.id(who).await, &token, app.now()).await.unwrap();
    let request = TestRequest::post()
        .uri(&at(reference, "marks"))
        .insert_header(("origin", BASE))
        .insert_header(("accept", "application/json"))
        .insert_header(("cookie", format!("{}={token}", session_cookie(BASE))))
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .set_payload(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish());
    let reply = app.request(request).await;
    (reply.status, serde_json::from_str(&reply.body).unwrap_or_else(|e| panic!("{e} in {}", reply.body)))
}

async fn mark(app: &TestApp, reference: &str, line: &str) -> Option<Marked> {
    app.see(REVIEWER, reference).await.unwrap().demonstration().marks.get(line).cloned()
}

/// A product whose test is under way since 10am on 23 April 2026.
pub async fn under_way(app: &TestApp) -> String {
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    reference
}

async fn open(app: &TestApp, who: Persona, reference: &str) -> Form {
    let address = at(reference, "run-sheet");
    form(&app.get(who, &address).await, &address, "Save marks")
}

/// How often marks are in the history.
async fn told(app: &TestApp, reference: &str) -> usize {
    let actor = app.actor(MANAGER).await;
    let product = app.see(MANAGER, reference).await.unwrap();
    let page = app.db.visible(&actor).history(&product, 1).await.unwrap();
    page.rows.iter().filter(|e| e.kind == EventKind::LinesMarked).count()
}

#[actix_web::test]
async fn the_test_begins_on_its_day_and_once() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let sheet = at(&reference, "run-sheet");
    app.get(REVIEWER, &sheet).await.is(200).has("has no date for a test").lacks("Start the test");
    app.booked(&reference).await;
    app.described(&reference).await;
    app.get(REVIEWER, &sheet).await.has("when the background checks are done").lacks("Start the test");
    app.confirmed(&reference).await;
    app.get(REVIEWER, &sheet).await.has("You can start the test on Thursday 23\u{a0}April 2026.").lacks("Start the test");
    app.get(MANAGER, &sheet).await.is(200).has("A reviewer starts the test.");
    app.post(REVIEWER, &at(&reference, "start"), &[]).await.is(409).has("This can be done on the day of the demonstration.");

    app.clock.set("2026-04-23T08:55:00Z".parse().unwrap());
    let page = app.get(REVIEWER, &sheet).await;
    page.has("Security key").has("51.140.10.30").has("555012345678").has("Priya Shah").has("0 of 22 lines marked");
    page.has("The product is not a move from CIS1.");
    let start = form(&page, &sheet, "Start the test");
    press(&app, REVIEWER, &start, "Start the test").await.goes_to(&sheet);
    press(&app, REVIEWER, &start, "Start the test").await.goes_to(&sheet);
    app.advance(Duration::minutes(65));
    app.get(REVIEWER, &sheet).await.has("1 hour 5 minutes").has("Record the outcome").has("/assets/run-sheet");
    app.get(MANAGER, &sheet).await.has("Only reviewers mark lines.").lacks("Save marks");
    for (who, page) in [(OWNER, "run-sheet"), (RIVAL, "run-sheet"), (OWNER, "outcome"), (VIEWER, "observations")] {
        app.get(who, &at(&reference, page)).await.is(404);
    }
    app.post(OWNER, &at(&reference, "marks"), &[("mark-a1", "seen"), ("was-a1", "")]).await.is(404);
    app.post(MANAGER, &at(&reference, "marks"), &[("mark-a1", "seen"), ("was-a1", "")]).await.is(403);
    app.finish().await;
}

#[actix_web::test]
async fn without_the_script_the_form_saves_what_is_right_and_says_what_is_wrong() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let sheet = at(&reference, "run-sheet");
    let mut sent = open(&app, REVIEWER, &reference).await;
    sent.set("mark-a1", "seen").set("mark-a3", "not-seen").set("note-a3", "  No nonce\r\nin the request ");
    press(&app, REVIEWER, &sent, "Save marks").await.goes_to(&format!("{sheet}#line-a3"));
    let page = app.get(REVIEWER, &sheet).await;
    page.has("Seen, marked by Amina Okafor at 10am").has("2 of 22 lines marked").has("No nonce\nin the request");
    let kept = mark(&app, &reference, "a3").await.unwrap();
    assert_eq!((kept.result, kept.note.as_str(), kept.at), (MarkResult::NotSeen, "No nonce\nin the request", app.now()));

    let mut sent = open(&app, REVIEWER, &reference).await;
    sent.set("mark-b1", "seen").set("note-b1", "4 seconds").set("note-b2", "Went to sign-in").set("mark-b3", "seen");
    sent.set("note-b3", &"x".repeat(1001)).set("mark-b4", "seen");
    sent.set("note-b4", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI1NTUwMTIzNDU2NzgifQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw");
    let page = press(&app, REVIEWER, &sent, "Save marks").await;
    page.is(422).has("Select a result for line B2").has("Went to sign-in").has("3 of 22 lines marked");
    page.has("Note on line B3 must be 1,000 characters or less. You have 1 too many");
    page.has("Note on line B4 looks like a key or a token").has("#mark-b2").has("#note-b3");
    assert_eq!(mark(&app, &reference, "b1").await.unwrap().note, "4 seconds");
    for line in ["b2", "b3", "b4"] {
        assert_eq!(mark(&app, &reference, line).await, None);
    }
    let mut again = form(&page, &sheet, "Save marks");
    again.set("mark-b2", "seen").set("note-b3", "").set("note-b4", "");
    press(&app, REVIEWER, &again, "Save marks").await.goes_to(&format!("{sheet}#line-b4"));
    assert_eq!(mark(&app, &reference, "b2").await.unwrap().note, "Went to sign-in");
    let before = told(&app, &reference).await;
    press(&app, REVIEWER, &open(&app, REVIEWER, &reference).await, "Save marks").await.is(303);
    assert_eq!(told(&app, &reference).await, before, "nothing changed, so nothing is told");
    app.finish().await;
}

#[actix_web::test]
async fn a_mark_that_was_kept_in_the_browser_keeps_its_time_and_counts_once() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let began = app.now();
    app.advance(Duration::minutes(30));
    let iso = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let (marked, now) = (iso(began + Duration::minutes(12)), iso(app.now()));
    let fields = [("attempt", "1"), ("sent", &now), ("was-a1", ""), ("mark-a1", "seen"), ("note-a1", "Quick"), ("at-a1", &marked)];
    let (status, reply) = script(&app, REVIEWER, &reference, &fields).await;
    assert_eq!((status, &reply["progress"], &reply["problem"]), (200, &Json::from("1 of 22 lines marked"), &Json::from("")));
    assert_eq!(reply["lines"][0]["said"], "Seen, marked by Amina Okafor at 10.12am");
    // The answer was lost, so the browser sends it again.
    assert_eq!(script(&app, REVIEWER, &reference, &fields).await, (200, reply.clone()));
    assert_eq!(told(&app, &reference).await, 1);

    // The same person changed it before the answer came: no conflict, the later mark counts whatever arrives first.
    let later = iso(began + Duration::minutes(13));
    let changed = [("attempt", "1"), ("sent", now.as_str()), ("was-a1", ""), ("mark-a1", "not-seen"), ("at-a1", &later)];
    script(&app, REVIEWER, &reference, &changed).await;
    assert_eq!(mark(&app, &reference, "a1").await.unwrap().result, MarkResult::NotSeen);
    let (_, late) = script(&app, REVIEWER, &reference, &fields).await;
    assert!(late["lines"][0]["problem"].as_str().unwrap().starts_with("Line A1 has changed while you had it open"), "{late}");
    assert_eq!(mark(&app, &reference, "a1").await.unwrap().result, MarkResult::NotSeen);

    // Times before the test, in the future and without sense.
    for (line, time, kept) in
        [("a2", "2020-01-01T00:00:00Z", began), ("a4", "2031-01-01T00:00:00Z", app.now()), ("a5", "x", app.now())]
    {
        let (was, result, when) = (format!("was-{line}"), format!("mark-{line}"), format!("at-{line}"));
        script(&app, REVIEWER, &reference, &[(was.as_str(), ""), (&result, "seen"), (&when, time)]).await;
        assert_eq!(mark(&app, &reference, line).await.unwrap().at, kept, "{time}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn the_script_is_told_what_cannot_be_saved() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let (status, reply) =
        script(&app, REVIEWER, &reference, &[("was-a1", ""), ("mark-a1", "perhaps"), ("was-a2", ""), ("mark-a2", "seen")]).await;
    assert_eq!(status, 200);
    assert_eq!(reply["lines"][0]["problem"], "Select a result for line A1");
    assert_eq!(reply["lines"][1]["said"], "Seen, marked by Amina Okafor at 10am");
    let one = [("was-a1", ""), ("mark-a1", "seen")];
    let (status, reply) = script(&app, REVIEWER, &reference, &[("attempt", "2"), one[0], one[1]]).await;
    assert_eq!((status, &reply["problem"]), (409, &Json::from("This is the run sheet of an earlier test.")));
    let (status, _) = script(&app, MANAGER, &reference, &one).await;
    assert_eq!(status, 403);
    app.marked(&reference, &[]).await;
    app.post(REVIEWER, &at(&reference, "outcome"), &[("outcome", "pass")]).await.is(303);
    let (status, reply) = script(&app, REVIEWER, &reference, &one).await;
    assert_eq!((status, &reply["problem"]), (409, &Json::from("The conformance test is passed.")));
    let page = app.get(REVIEWER, &at(&reference, "run-sheet")).await;
    page.is(200).lacks("Save marks").has("Seen, marked by Amina Okafor on 23\u{a0}April 2026 at 10am").has("22 of 22 lines marked");
    app.finish().await;
}

#[actix_web::test]
async fn two_reviewers_never_overwrite_each_other_unseen() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let sheet = at(&reference, "run-sheet");
    let mut mine = open(&app, REVIEWER, &reference).await;
    let mut theirs = open(&app, OTHER_REVIEWER, &reference).await;
    theirs.set("mark-c1", "not-seen").set("note-c1", "No warning").set("mark-c2", "seen").set("mark-c3", "seen");
    press(&app, OTHER_REVIEWER, &theirs, "Save marks").await.is(303);
    // Lines that were not touched stay as the other saved them; the same mark by both is no conflict.
    mine.set("mark-a1", "seen").set("mark-c1", "seen").set("mark-c3", "seen");
    let page = press(&app, REVIEWER, &mine, "Save marks").await;
    page.is(422).has("Line C1 has changed while you had it open");
    page.has("it is Not seen, marked by Sam Reed at 10am, with the note “No warning”");
    assert_eq!(mark(&app, &reference, "c1").await.unwrap().result, MarkResult::NotSeen);
    assert_eq!(mark(&app, &reference, "c2").await.unwrap().by, OTHER_REVIEWER.name);
    assert_eq!(mark(&app, &reference, "a1").await.unwrap().by, REVIEWER.name);
    let again = form(&page, &sheet, "Save marks");
    press(&app, REVIEWER, &again, "Save marks").await.goes_to(&format!("{sheet}#line-c1"));
    let kept = mark(&app, &reference, "c1").await.unwrap();
    assert_eq!((kept.result, kept.by.as_str(), kept.note.as_str()), (MarkResult::Seen, REVIEWER.name, ""));

    // At the same moment, on different lines.
    let (one, other) = ([("was-d1", ""), ("mark-d1", "seen")], [("was-d2", ""), ("mark-d2", "seen")]);
    let (one, other) = tokio::join!(script(&app, REVIEWER, &reference, &one), script(&app, OTHER_REVIEWER, &reference, &other));
    assert_eq!((one.0, other.0), (200, 200));
    for line in ["d1", "d2"] {
        assert!(mark(&app, &reference, line).await.is_some(), "{line}");
    }
    // At the same moment, on the same line: one of them is told.
    let (one, other) = ([("was-d3", ""), ("mark-d3", "seen")], [("was-d3", ""), ("mark-d3", "not-seen")]);
    let (one, other) = tokio::join!(script(&app, REVIEWER, &reference, &one), script(&app, OTHER_REVIEWER, &reference, &other));
    let told = [&one, &other].iter().filter(|(_, reply)| reply["lines"][0]["problem"].is_string()).count();
    assert_eq!(told, 1, "{one:?} {other:?}");
    app.finish().await;
}

#[actix_web::test]
async fn the_sheet_of_an_earlier_test_can_still_be_read() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    app.marked(&reference, &["a3"]).await;
    app.post(REVIEWER, &at(&reference, "outcome"), &[("outcome", "fail"), ("message", "Nearly.")]).await.is(303);
    assert_eq!(app.see(OWNER, &reference).await.unwrap().demonstration().state, DemonstrationState::NotPassed);
    app.booked(&reference).await;
    let sheet = at(&reference, "run-sheet");
    app.get(REVIEWER, &sheet).await.is(200).has("0 of 22 lines marked").has("Run sheet of test 1");
    let earlier = app.get(REVIEWER, &format!("{sheet}?attempt=1")).await;
    earlier.is(200).has("22 of 22 lines marked").has("The conformance test was not passed.").lacks("Save marks");
    app.get(REVIEWER, &format!("{sheet}?attempt=9")).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn a_finished_sheet_keeps_the_words_of_its_day_whatever_is_answered_afterwards() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let sheet = at(&reference, "run-sheet");
    app.marked(&reference, &["b1", "c1"]).await;
    app.post(REVIEWER, &at(&reference, "outcome"), &[("outcome", "fail")]).await.is(303);
    let minutes = "Sign-out after 15 minutes without activity, with a warning";
    app.get(REVIEWER, &sheet).await.is(200).has(minutes);

    let questions = ["cx-inactivity-minutes", "cx-bcl-used"];
    let reopen = SectionCommand::Reopen(questions.map(str::to_owned).to_vec(), "These two have changed.".to_owned());
    app.act(REVIEWER, &reference, Section::Cis2Conformance, reopen).await;
    app.answer(OWNER, &reference, (questions[0], Value::Number(200)), "Now 20.").await;
    app.answer(OWNER, &reference, (questions[1], Value::Choice("no".to_owned())), "No more.").await;

    let page = app.get(REVIEWER, &sheet).await;
    page.is(200).has(minutes).lacks("20 minutes").has("22 of 22 lines marked").lacks("does not use back-channel logout");
    let page = app.get(OWNER, &format!("/products/{}/demonstration", reference.to_lowercase())).await;
    page.is(200).has(minutes).has("The product\u{2019}s session ends on the server").lacks("20 minutes");
    // The next test is held by what is answered now.
    app.booked(&reference).await;
    let page = app.get(REVIEWER, &sheet).await;
    page.is(200).has("Sign-out after 20 minutes").has("does not use back-channel logout").lacks(minutes);
    app.get(REVIEWER, &format!("{sheet}?attempt=1")).await.has(minutes).has("22 of 22 lines marked");
    app.finish().await;
}
