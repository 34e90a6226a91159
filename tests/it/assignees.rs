//! Questions that are given to colleagues: asked by mail, shown to both, answered once, and free again when people leave.

use assured::domain::account::Place;
use assured::domain::actor::Membership;
use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::event::EventKind;

use crate::letters::{ABOUT, letters};
use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;
const HUB: &str = "/products/c2a-1001/sections/service-management";
const QUESTION: &str = "/products/c2a-1001/sections/service-management/questions/sm-nsd-status";
const GIVE: &str = "/products/c2a-1001/sections/service-management/questions/sm-nsd-status/assignee";
const STRANGER: &str = "sara.khan@wardlight.example";

async fn give(app: &TestApp, who: Persona, fields: &[(&str, &str)]) -> Reply {
    app.post(who, GIVE, fields).await
}

async fn give_to(app: &TestApp, who: Persona, email: &str) -> Reply {
    give(app, who, &[("act", "assign"), ("email", email)]).await
}

async fn is_with(app: &TestApp) -> Option<String> {
    app.see(OWNER, "C2A-1001").await.unwrap().assignees.get("sm-nsd-status").map(|a| a.name.clone())
}

/// Answers the question.
async fn answer(app: &TestApp, who: Persona) {
    app.answer(who, "C2A-1001", ("sm-nsd-status", Value::Choice("registered".to_owned())), "").await;
}

/// How many letters of a kind somebody has, and how they leave.
async fn kinds(app: &TestApp, who: &str, kind: &str) -> Vec<String> {
    letters(app).await.into_iter().filter(|l| l.email == who && l.notice.word() == kind).map(|l| l.how).collect()
}

async fn invitation(app: &TestApp) -> Option<uuid::Uuid> {
    let organisation = app.organisation(OWNER).await;
    app.db.invitations(Some(organisation)).await.unwrap().first().map(|i| i.id.0)
}

#[actix_web::test]
async fn a_colleague_is_told_by_mail_and_finds_the_question_on_every_page() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    app.mail().await;
    let editor = app.id(EDITOR).await.to_string();
    let fields = [("act", "assign"), ("colleague", editor.as_str()), ("note", "You know them best.")];
    give(&app, OWNER, &fields).await.goes_to(HUB);
    app.get(OWNER, HUB).await.has("Tom Bell is asked to answer").has("With Tom Bell.");
    let mail = app.mail().await;
    let letter = mail.iter().rfind(|m| m.to == EDITOR.email).unwrap();
    assert_eq!(letter.text.subject, "Priya Shah needs your help with Wardlight 1");
    let title = assured::domain::parse::capitalised(
        app.rules.catalogue(1).unwrap().section(SECTION).unwrap().groups.first().unwrap().name(),
    );
    let body = format!(
        "Dear Tom Bell\n\nPriya Shah has asked you to answer \"{title}\" in \"{}\".\n\nPriya Shah wrote: You know them best.\n\n\
         Answer it here: {BASE}{QUESTION}\n{ABOUT}",
        app.rules.catalogue(1).unwrap().section(SECTION).unwrap().title
    );
    assert_eq!(letter.text.body, body);
    app.get(EDITOR, "/notifications").await.has("Priya Shah needs your help with Wardlight 1").has(QUESTION);
    app.get(EDITOR, QUESTION).await.has("Priya Shah asked you to answer this.").has("You know them best.");
    app.get(OWNER, QUESTION).await.has("Tom Bell is asked to answer this, since").lacks("asked you to answer this");
    for path in ["/products", "/products/c2a-1001"] {
        app.get(EDITOR, path).await.has("1 question is with you").has("href=\"/questions/mine\"");
        app.get(OWNER, path).await.lacks("with you</a>");
    }
    app.get(EDITOR, "/questions/mine").await.has("Questions given to you (1)").has(&title).has("You know them best.").has(QUESTION);
    app.get(OWNER, "/questions/mine").await.has("No questions are with you.");
    app.get(RIVAL, "/questions/mine").await.lacks(&title);
    let product = app.see(OWNER, "C2A-1001").await.unwrap();
    let actor = app.actor(OWNER).await;
    let page = app.db.visible(&actor).history(&product, 1).await.unwrap();
    assert_eq!(page.rows[0].kind, EventKind::QuestionAssigned);
    assert!(page.rows[0].detail.reason.is_empty(), "the note is no part of the history");
    app.finish().await;
}

#[actix_web::test]
async fn whoever_asked_is_told_once_in_the_inbox_when_all_of_the_page_is_answered() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    // Somebody else's answer leaves it with the colleague.
    answer(&app, OWNER).await;
    assert_eq!(is_with(&app).await.as_deref(), Some("Tom Bell"));
    app.answer(EDITOR, "C2A-1001", ("sm-nsd-status", Value::Choice("organisation".to_owned())), "").await;
    assert_eq!(is_with(&app).await, None);
    assert_eq!(kinds(&app, OWNER.email, "question-answered").await, ["never"]);
    app.get(OWNER, "/notifications").await.has("Tom Bell has answered");
    answer(&app, EDITOR).await;
    assert_eq!(kinds(&app, OWNER.email, "question-answered").await.len(), 1);
    app.mail().await;
    assert!(app.mail_so_far().iter().all(|m| !m.text.subject.contains("has answered")), "only in the inbox");
    app.get(EDITOR, "/questions/mine").await.has("No questions are with you.");
    app.finish().await;
}

#[actix_web::test]
async fn a_page_that_is_answered_in_part_stays_with_the_colleague() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let desk = format!("{HUB}/questions/sm-desk-phone/assignee");
    app.post(OWNER, &desk, &[("act", "assign"), ("email", EDITOR.email)]).await.goes_to(HUB);
    app.answer(EDITOR, "C2A-1001", ("sm-desk-phone", Value::Text("020 7946 0000".to_owned())), "").await;
    assert!(app.see(OWNER, "C2A-1001").await.unwrap().assignees.contains_key("sm-desk-phone"));
    app.answer_all(EDITOR, "C2A-1001", SECTION).await;
    assert!(app.see(OWNER, "C2A-1001").await.unwrap().assignees.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn viewers_are_not_asked_and_only_those_who_answer_ask() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    app.get(OWNER, QUESTION).await.has("Joan Price can read but not answer, so you cannot give it to them");
    let viewer = app.id(VIEWER).await.to_string();
    let refused = "Joan Price can read but not answer. An owner can change what they can do";
    give_to(&app, OWNER, VIEWER.email).await.is(422).has(refused);
    give(&app, OWNER, &[("colleague", &viewer)]).await.is(422).has(refused);
    for who in [VIEWER, REVIEWER, MANAGER] {
        give_to(&app, who, EDITOR.email).await.is(403);
        give(&app, who, &[("act", "take-back")]).await.is(403);
    }
    for who in [RIVAL, INTERESTED] {
        give_to(&app, who, EDITOR.email).await.is(404);
    }
    let rival = app.id(RIVAL).await.to_string();
    give(&app, OWNER, &[("colleague", &rival)]).await.is(422).has("We could not find that person in your organisation.");
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    give(&app, VIEWER, &[("act", "take-back")]).await.is(403);
    assert_eq!(is_with(&app).await.as_deref(), Some("Tom Bell"));
    app.finish().await;
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let (editor, long) = (app.id(EDITOR).await.to_string(), "a".repeat(501));
    let secret = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
    for (fields, sentence) in [
        (vec![("note", "Read this.")], "Choose a colleague or enter an email address"),
        (vec![("colleague", editor.as_str()), ("email", STRANGER), ("note", "Read this.")], "email address, not both"),
        (vec![("email", "sara"), ("note", "Read this.")], "Enter an email address in the correct format"),
        (vec![("email", EDITOR.email), ("note", long.as_str())], "Your note must be 500 characters or less"),
        (vec![("email", EDITOR.email), ("note", secret)], "This looks as if it contains"),
    ] {
        let reply = give(&app, OWNER, &fields).await;
        reply.is(422).has(sentence).has("Save and continue");
        for (_, typed) in fields.iter().filter(|(name, _)| *name == "email" || *name == "note") {
            reply.has(typed.lines().next().unwrap());
        }
        assert_eq!(is_with(&app).await, None);
    }
    app.post(OWNER, &format!("{HUB}/questions/sm-support-hours/assignee"), &[("email", EDITOR.email)]).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn a_stranger_is_invited_by_those_who_may_and_the_question_waits() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    give_to(&app, EDITOR, STRANGER).await.is(422).has("is not in your organisation. Priya Shah can invite them");
    let asked = give_to(&app, OWNER, STRANGER).await;
    asked.is(422).has("Enter their full name and we’ll invite them as an editor").has("name=\"full-name\"").has(STRANGER);
    assert!(invitation(&app).await.is_none() && is_with(&app).await.is_none(), "nothing is half done");
    let fields = [("email", "Sara.Khan@Wardlight.example"), ("full-name", "Sara Khan"), ("note", "Welcome!")];
    give(&app, OWNER, &fields).await.goes_to(HUB);
    app.get(OWNER, HUB).await.has("Waits for Sara Khan, who is invited.");
    assert_eq!(kinds(&app, STRANGER, "invitation").await.len(), 1);
    // An editor can let another question wait for somebody who is invited already.
    let desk = format!("{HUB}/questions/sm-desk-phone/assignee");
    app.post(EDITOR, &desk, &[("colleague", STRANGER)]).await.goes_to(HUB);
    assert_eq!(kinds(&app, STRANGER, "invitation").await.len(), 1);
    let id = invitation(&app).await.unwrap();
    let person = app.db.accept(id, "Sara Khan", Some("hash".to_owned()), app.now()).await.unwrap();
    let product = app.see(OWNER, "C2A-1001").await.unwrap();
    assert_eq!(product.assignees.values().filter(|a| a.is_with(person)).count(), 2);
    let told = letters(&app).await.into_iter().filter(|l| l.email == STRANGER && l.notice.word() == "question-assigned").count();
    assert_eq!(told, 2);
    let actor = app.db.actor(person).await.unwrap().unwrap();
    assert_eq!(app.db.visible(&actor).given_count().await.unwrap(), 2);
    app.finish().await;
}

#[actix_web::test]
async fn whoever_leaves_may_only_read_or_is_not_invited_any_more_has_no_questions() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let (owner, organisation, editor) = (app.actor(OWNER).await, app.organisation(OWNER).await, app.id(EDITOR).await);
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    app.db.change_member(&owner, organisation, (editor, Some(Membership::Owner)), app.now()).await.unwrap();
    assert_eq!(is_with(&app).await.as_deref(), Some("Tom Bell"));
    app.db.change_member(&owner, organisation, (editor, Some(Membership::Viewer)), app.now()).await.unwrap();
    assert_eq!(is_with(&app).await, None);
    app.db.change_member(&owner, organisation, (editor, Some(Membership::Editor)), app.now()).await.unwrap();
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    app.db.change_member(&owner, organisation, (editor, None), app.now()).await.unwrap();
    assert_eq!(is_with(&app).await, None);
    app.get(OWNER, "/products/c2a-1001/history").await.has("Tom Bell is not asked any more to answer");

    give(&app, OWNER, &[("email", STRANGER), ("full-name", "Sara Khan")]).await.goes_to(HUB);
    app.db.cancel_invitation(&owner, invitation(&app).await.unwrap(), app.now()).await.unwrap();
    assert_eq!(is_with(&app).await, None);

    let place = Place::Supplier(organisation, Membership::Viewer);
    app.db.invite(&owner, ("Sara Khan", STRANGER), &place, app.now()).await.unwrap();
    give_to(&app, OWNER, STRANGER).await.is(422).has("Sara Khan can read but not answer");
    app.finish().await;
}

#[actix_web::test]
async fn whoever_asked_and_left_is_told_nothing() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let (owner, organisation, editor) = (app.actor(OWNER).await, app.organisation(OWNER).await, app.id(EDITOR).await);
    give_to(&app, EDITOR, OWNER.email).await.goes_to(HUB);
    app.db.change_member(&owner, organisation, (editor, None), app.now()).await.unwrap();
    answer(&app, OWNER).await;
    assert_eq!(is_with(&app).await, None);
    assert!(kinds(&app, EDITOR.email, "question-answered").await.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn a_question_is_taken_back_given_to_another_and_free_when_the_section_is_sent() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    assert_eq!(kinds(&app, EDITOR.email, "question-assigned").await.len(), 1, "a second press tells nobody again");
    for _ in 0..2 {
        give(&app, EDITOR, &[("act", "take-back")]).await.goes_to(HUB);
        assert_eq!(is_with(&app).await, None);
    }
    // To oneself: nobody needs to be told.
    give_to(&app, EDITOR, EDITOR.email).await.goes_to(HUB);
    assert_eq!(kinds(&app, EDITOR.email, "question-assigned").await.len(), 1);
    give_to(&app, EDITOR, OWNER.email).await.goes_to(HUB);
    assert_eq!(is_with(&app).await.as_deref(), Some("Priya Shah"));
    app.send(EDITOR, "C2A-1001", SECTION).await;
    assert_eq!(is_with(&app).await, None);
    app.get(OWNER, "/questions/mine").await.has("No questions are with you.");
    give_to(&app, OWNER, EDITOR.email).await.is(409).has("This section cannot be answered now.");
    app.finish().await;
}

#[actix_web::test]
async fn people_choose_how_they_hear_of_questions() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let matters =
        ["your-turn", "questions", "progress", "demonstration", "certificate", "agreement", "messages", "reminders", "late"];
    let fields: Vec<_> = matters.iter().map(|m| (*m, if *m == "questions" { "never" } else { "now" })).collect();
    app.post(EDITOR, "/account/preferences", &fields).await.goes_to("/account/preferences");
    give_to(&app, OWNER, EDITOR.email).await.goes_to(HUB);
    assert_eq!(kinds(&app, EDITOR.email, "question-assigned").await, ["never"]);
    app.get(EDITOR, "/notifications").await.has("needs your help");
    app.finish().await;
}

#[actix_web::test]
async fn the_list_comes_in_pages_with_the_same_statements_for_one_and_for_many() {
    let app = TestApp::new().await;
    let count = async || {
        app.get(EDITOR, "/questions/mine").await.is(200);
        let before = app.db.statements();
        app.get(EDITOR, "/questions/mine").await.is(200);
        app.db.statements() - before
    };
    let mut few = 0;
    for number in 1..=27 {
        let reference = app.product(OWNER).await.to_lowercase();
        let give = format!("/products/{reference}/sections/service-management/questions/sm-nsd-status/assignee");
        app.post(OWNER, &give, &[("email", EDITOR.email)]).await.is(303);
        if number == 1 {
            few = count().await;
        }
    }
    assert_eq!(count().await, few);
    assert!(few <= 6, "{few} statements");
    app.get(EDITOR, "/questions/mine").await.has("Questions given to you (27)").has("page=2").lacks("Wardlight 27 –");
    app.get(EDITOR, "/questions/mine?page=2").await.has("Wardlight 27 –");
    app.get(EDITOR, "/products").await.has("27 questions are with you");
    app.finish().await;
}
