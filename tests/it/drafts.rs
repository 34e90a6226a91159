//! Drafts: what is typed is kept on the server, offered again, and never taken for an answer.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::SectionCommand;
use assured::domain::draft::{ALL_BYTES, BYTES, DRAFTS};
use assured::error::Error;
use assured::store::draft::Typed;
use assured::web::form::Fields;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::journey::press;
use crate::page::form;
use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;
const HOURS: &str = "answer-sm-support-hours";

/// The address of the page of questions about the service desk.
fn desk(product: &str) -> String {
    format!("/products/{}/sections/{SECTION}/questions/sm-desk-phone", product.to_lowercase())
}

/// Sends what is typed on a form, as the script does.
pub async fn autosave(app: &TestApp, who: Persona, place: &str, fields: &[(&str, &str)]) -> Reply {
    let place: String = url::form_urlencoded::byte_serialize(place.as_bytes()).collect();
    app.post(who, &format!("/drafts?place={place}"), fields).await
}

/// A product whose questions about the service desk are on edition 0.
async fn begun() -> (TestApp, String, String) {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    let place = desk(&product);
    (app, product, place)
}

#[actix_web::test]
async fn what_was_typed_is_offered_on_the_next_visit_and_goes_when_it_is_saved() {
    let (app, product, place) = begun().await;
    let typed = [
        ("edition-sm-support-hours", "0"),
        (HOURS, "Weekdays <8am> to\r\n\"6pm\" &"),
        ("edition-sm-desk-email", "0"),
        ("answer-sm-desk-email", "half@"),
    ];
    let kept = autosave(&app, OWNER, &place, &typed).await;
    kept.is(200).has("\"kept\":true").has("Draft saved at 10am. Only you can see it until you save it.");

    app.forget(OWNER);
    let page = app.get(OWNER, &place).await;
    page.is(200).has("We kept what you typed at 10am on 2\u{a0}April 2026.").has("not saved yet").has("Discard what you typed");
    let open = form(&page, &place, "Save and continue");
    assert!(open.fields.contains(&(HOURS.to_owned(), "Weekdays <8am> to\n\"6pm\" &".to_owned())), "{:?}", open.fields);
    assert!(open.fields.contains(&("answer-sm-desk-email".to_owned(), "half@".to_owned())), "half typed input comes back");
    assert!(app.see(OWNER, &product).await.unwrap().answers.is_empty(), "a draft is no answer");

    let mut complete = open.clone();
    complete.set("answer-sm-desk-email", "desk@wardlight.example").set("answer-sm-desk-phone", "0113 496 0000");
    complete.set(HOURS, "Weekdays from 8am to 6pm, and at night for severity 1 by the on-call engineer.");
    let saved = press(&app, OWNER, &complete, "Save and go back").await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    app.get(OWNER, &place).await.is(200).lacks("We kept what you typed");
    app.get(OWNER, "/drafts").await.has("There is nothing.");
    app.finish().await;
}

#[actix_web::test]
async fn a_draft_that_is_the_same_as_what_is_saved_is_none() {
    let (app, product, place) = begun().await;
    let hours = "Weekdays from 8am to 6pm.";
    app.answer(OWNER, &product, ("sm-support-hours", Value::Text(hours.to_owned())), "").await;
    autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "1"), (HOURS, "Something else")]).await.is(200);
    app.get(OWNER, "/drafts").await.has("C2A-1001");
    let same = autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "1"), (HOURS, hours)]).await;
    same.is(200).has("the same as what is saved");
    app.get(OWNER, "/drafts").await.has("There is nothing.");
    app.finish().await;
}

#[actix_web::test]
async fn a_form_with_problems_is_kept_as_well() {
    let (app, _, place) = begun().await;
    let page = app.get(OWNER, &place).await;
    let mut wrong = form(&page, &place, "Save and continue");
    wrong.set("answer-sm-desk-email", "nobody").set("answer-sm-desk-phone", "0113 496 0000");
    press(&app, OWNER, &wrong, "Save and continue").await.is(422);
    app.get(OWNER, &place).await.is(200).has("We kept what you typed").has("value=\"nobody\"").has("0113 496 0000");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_saved_can_be_seen_and_the_draft_discarded() {
    let (app, product, place) = begun().await;
    app.answer(OWNER, &product, ("sm-support-hours", Value::Text("Weekdays from 8am to 6pm.".to_owned())), "").await;
    autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "1"), (HOURS, "Every day")]).await.is(200);
    let page = app.get(OWNER, &place).await;
    page.has("Every day").has("What is saved: ").has("Weekdays from 8am to 6pm.");
    let discard = form(&page, &place, "Discard what you typed");
    press(&app, OWNER, &discard, "Discard what you typed").await.goes_to(&place);
    let page = app.get(OWNER, &place).await;
    page.has("What you typed has been discarded").lacks("Every day").has("Weekdays from 8am to 6pm.");
    app.finish().await;
}

#[actix_web::test]
async fn nobody_sends_a_section_without_knowing_of_their_drafts() {
    let (app, product, place) = begun().await;
    autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "0"), (HOURS, "Every day")]).await.is(200);
    let hub = format!("/products/{}/sections/{SECTION}", product.to_lowercase());
    for page in [hub.clone(), format!("{hub}/check")] {
        app.get(OWNER, &page).await.is(200).has("You have typed text that is not saved").has(&format!("href=\"{place}\""));
        app.get(EDITOR, &page).await.is(200).lacks("You have typed text that is not saved");
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_draft_that_fits_its_form_no_more_can_still_be_read() {
    let (app, product, place) = begun().await;
    let typed = [
        ("edition-sm-gone", "0"),
        ("answer-sm-gone", "An answer to what was asked once"),
        ("edition-sm-support-hours", "9"),
        (HOURS, "From the future"),
    ];
    autosave(&app, OWNER, &place, &typed).await.is(200);
    let list = app.get(OWNER, "/drafts").await;
    let one = crate::page::link(&list, "C2A-1001");
    app.get(OWNER, &one).await.is(200).has("An answer to what was asked once").has("From the future");
    app.get(OWNER, &place).await.is(200).has("Keep mine").has("From the future");

    app.answer_all(OWNER, &product, SECTION).await;
    app.act(EDITOR, &product, SECTION, SectionCommand::Send(statement(SECTION))).await;
    let late = autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "0"), (HOURS, "Too late")]).await;
    late.is(409).has("\"kept\":true").has("sent or closed meanwhile");
    let one = crate::page::link(&app.get(OWNER, "/drafts").await, "C2A-1001");
    app.get(OWNER, &one).await.is(200).has("Too late").has("cannot be filled in now");
    app.finish().await;
}

#[actix_web::test]
async fn an_answer_that_comes_when_the_section_has_been_sent_is_kept() {
    let (app, product, place) = begun().await;
    app.answer_all(OWNER, &product, SECTION).await;
    let mut open = form(&app.get(OWNER, &place).await, &place, "Save and continue");
    app.act(EDITOR, &product, SECTION, SectionCommand::Send(statement(SECTION))).await;
    open.set(HOURS, "A minute too late, from 8am to 6pm on weekdays.");
    press(&app, OWNER, &open, "Save and continue").await.is(409);
    let one = crate::page::link(&app.get(OWNER, "/drafts").await, "C2A-1001");
    app.get(OWNER, &one).await.is(200).has("A minute too late");
    app.finish().await;
}

#[actix_web::test]
async fn somebody_elses_draft_looks_like_one_that_does_not_exist() {
    let (app, _, place) = begun().await;
    autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "0"), (HOURS, "Only for me")]).await.is(200);
    let id = app.db.visible(&app.actor(OWNER).await).drafts(app.now()).await.unwrap()[0].id.to_string();
    let missing = "01890000-0000-7000-8000-000000000000";
    for who in [EDITOR, RIVAL, REVIEWER, ADMINISTRATOR] {
        for (address, is_post) in [("/drafts/{}", false), ("/drafts/{}/removal", true)] {
            let ask = async |id: &str| {
                let address = address.replace("{}", id);
                if is_post { app.post(who, &address, &[]).await } else { app.get(who, &address).await }
            };
            let (foreign, absent) = (ask(&id).await, ask(missing).await);
            assert_eq!((foreign.status, &foreign.body), (404, &absent.body), "{} {address}", who.name);
        }
        app.get(who, "/drafts").await.is(200).lacks("Only for me").has("There is nothing.");
    }
    app.get(EDITOR, &place).await.is(200).lacks("Only for me");
    for who in [RIVAL, INTERESTED] {
        autosave(&app, who, &place, &[(HOURS, "Mine")]).await.is(404);
        autosave(&app, who, &place.replace("1001", "9999"), &[(HOURS, "Mine")]).await.is(404);
    }
    let review = place.replace("questions/sm-desk-phone", "review");
    autosave(&app, OWNER, &review, &[("decision-sm-support-hours", "accept")]).await.is(404);
    app.get(OWNER, &format!("/drafts/{id}")).await.is(200).has("Only for me");
    app.finish().await;
}

#[actix_web::test]
async fn drafts_are_limited_and_say_so() {
    let (app, _, place) = begun().await;
    let owner = app.actor(OWNER).await;
    let typed =
        |number: usize, size: usize| Typed { place: format!("{place}-{number}"), body: "x".repeat(size), ..Typed::default() };
    let full = async |number: usize, size: usize| {
        matches!(app.db.keep_draft(&owner, typed(number, size), app.now()).await, Err(Error::TooLarge(_)))
    };
    assert!(full(0, BYTES + 1).await);
    for number in 0..ALL_BYTES / BYTES {
        assert!(!full(number, BYTES).await);
    }
    assert!(full(100, 1).await);
    assert!(!full(0, 10).await, "a draft that gets shorter makes room");
    assert!(!full(0, BYTES).await);
    let said = autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "0"), (HOURS, &"x".repeat(BYTES - 200))]).await;
    said.is(413).has("\"kept\":false").has("Save or discard some of it first");
    autosave(&app, OWNER, &place, &[(HOURS, &"x".repeat(BYTES + 200))]).await.is(413);
    let other = app.actor(EDITOR).await;
    for number in 0..DRAFTS {
        app.db.keep_draft(&other, typed(number, 5), app.now()).await.unwrap();
    }
    assert!(matches!(app.db.keep_draft(&other, typed(DRAFTS, 5), app.now()).await, Err(Error::TooLarge(_))));
    app.finish().await;
}

#[actix_web::test]
async fn a_review_in_progress_is_kept_for_its_round() {
    let (app, product, place) = begun().await;
    app.send(OWNER, &product, SECTION).await;
    app.act(REVIEWER, &product, SECTION, SectionCommand::Take).await;
    let review = place.replace("questions/sm-desk-phone", "review");
    let typed = [
        ("round", "1"),
        ("decision-sm-support-hours", "more"),
        ("comment-sm-support-hours", "Say what happens at ni"),
        ("note-sm-support-hours", "Ask Sam"),
    ];
    autosave(&app, REVIEWER, &review, &typed).await.is(200).has("Only you can see this until you send it.");
    let page = app.get(REVIEWER, &review).await;
    page.is(200).has("We kept what you typed").has("Say what happens at ni").has("Ask Sam");
    app.get(OTHER_REVIEWER, &review).await.is(200).lacks("Say what happens at ni");
    let open = form(&page, &review, "Check and send feedback");
    assert!(open.fields.contains(&("decision-sm-support-hours".to_owned(), "more".to_owned())));
    press(&app, REVIEWER, &open, "Save and go to queue").await.is(303);
    app.get(REVIEWER, &review).await.is(200).lacks("We kept what you typed").has("Say what happens at ni");

    autosave(&app, REVIEWER, &review, &[("round", "1"), ("comment-sm-desk-phone", "Old news"), ("decision-sm-desk-phone", "more")])
        .await;
    app.act(OTHER_REVIEWER, &product, SECTION, SectionCommand::TakeOver).await;
    let page = app.get(REVIEWER, &review).await;
    page.is(200).has("does not fit this form any more").lacks("Old news");
    app.finish().await;
}

#[actix_web::test]
async fn a_feedback_round_opens_with_its_draft() {
    let (app, product, place) = begun().await;
    app.send(OWNER, &product, SECTION).await;
    app.send_back(REVIEWER, &product, SECTION, &["sm-support-hours"]).await;
    let round = place.replace("questions/sm-desk-phone", "feedback");
    let typed = [("edition-sm-support-hours", "1"), (HOURS, "Now also at night"), ("remark-sm-support-hours", "See the end")];
    autosave(&app, OWNER, &round, &typed).await.is(200);
    app.get(OWNER, &round).await.is(200).has("We kept what you typed").has("Now also at night").has("See the end");
    app.get(OWNER, &format!("{round}/check")).await.is(200).has("You have typed text that is not saved");
    app.finish().await;
}

#[actix_web::test]
async fn nothing_that_is_typed_is_in_the_log_of_what_happened() {
    let (app, product, place) = begun().await;
    autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "0"), (HOURS, "a-word-that-is-nowhere-else")]).await.is(200);
    let history = format!("/products/{}/history", product.to_lowercase());
    for who in [OWNER, EDITOR, REVIEWER] {
        app.get(who, &history).await.lacks("a-word-that-is-nowhere-else");
    }
    app.finish().await;
}

#[test]
fn a_draft_of_any_text_comes_back_unchanged() {
    let system = actix_web::rt::System::new();
    system.block_on(async {
        let app = TestApp::new().await;
        let owner = app.actor(OWNER).await;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let fields = proptest::collection::vec((any::<String>(), any::<String>()), 0..6);
        for number in 0..64 {
            let typed = fields.new_tree(&mut runner).unwrap().current();
            let mut form = Fields::default();
            for (name, value) in &typed {
                form.push(name, value.clone());
            }
            let place = format!("/a/{}", number % 5);
            let body = form.encoded();
            app.db.keep_draft(&owner, Typed { place: place.clone(), body, ..Typed::default() }, app.now()).await.unwrap();
            let back = app.db.visible(&owner).draft_of(&place).await.unwrap().unwrap();
            let back = Fields::of_query(&back.body).unwrap();
            assert_eq!(back.pairs().collect::<Vec<_>>(), form.pairs().collect::<Vec<_>>());
        }
        app.finish().await;
    });
}
