//! Two people, or one twice, press a button at the same moment: one wins, nothing is lost, everybody gets a kind page.

use assured::domain::account::Place;
use assured::domain::actor::Membership;
use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, Reviewer, SectionCommand};
use assured::domain::event::EventKind;
use assured::domain::product::Product;
use assured::domain::refusal::Refusal;
use assured::domain::section::SectionState;
use assured::domain::words::PersonId;
use assured::error::Error;
use sea_orm::{ConnectionTrait, Statement};

use crate::page::{Form, form};
use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;

async fn press(app: &TestApp, who: Persona, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

/// Both people ask for their own thing at once.
async fn both(
    app: &TestApp,
    reference: &str,
    (one, first): (Persona, SectionCommand),
    (other, second): (Persona, SectionCommand),
) -> (Result<Product, Error>, Result<Product, Error>) {
    let (first, second) = (Command::Section(SECTION, first), Command::Section(SECTION, second));
    tokio::join!(app.try_act(one, reference, &first), app.try_act(other, reference, &second))
}

/// The refusal of the one that lost.
#[track_caller]
fn lost((one, other): (Result<Product, Error>, Result<Product, Error>)) -> Error {
    match (one, other) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
        (Ok(_), Ok(_)) => panic!("both won"),
        (Err(one), Err(other)) => panic!("nobody won: {one}, {other}"),
    }
}

/// How often something of this kind is in the history of a product.
async fn told(app: &TestApp, reference: &str, kind: EventKind) -> usize {
    let actor = app.actor(MANAGER).await;
    let product = app.see(MANAGER, reference).await.unwrap();
    let mut number = 0;
    for page in 1.. {
        let page = app.db.visible(&actor).history(&product, page).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        number += page.rows.iter().filter(|e| e.kind == kind).count();
    }
    number
}

/// How many e-mails with such a subject went to somebody.
async fn letters(app: &TestApp, to: Persona, subject: &str) -> usize {
    app.mail().await.iter().filter(|m| m.to == to.email && m.text.subject.contains(subject)).count()
}

/// A number from the database.
async fn count(app: &TestApp, query: &str) -> i64 {
    let raw = app.place.raw().await;
    let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), query)).await.unwrap().unwrap();
    let number = row.try_get_by_index(0).unwrap();
    raw.close().await.unwrap();
    number
}

#[actix_web::test]
async fn two_who_ask_for_the_next_review_get_different_ones() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    app.send(OWNER, &product, Section::MedicalDevice).await;
    let (one, other) = tokio::join!(app.post(REVIEWER, "/queue/next", &[]), app.post(OTHER_REVIEWER, "/queue/next", &[]));
    one.is(303);
    other.is(303);
    assert_ne!(one.location, other.location);
    for (who, reply) in [(REVIEWER, one), (OTHER_REVIEWER, other)] {
        app.follow(who, &reply).await.is(200).has("You have this review");
    }
    app.finish().await;
}

#[actix_web::test]
async fn when_one_review_is_left_the_slower_reviewer_reads_that_there_is_none() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    let (one, other) = tokio::join!(app.post(REVIEWER, "/queue/next", &[]), app.post(OTHER_REVIEWER, "/queue/next", &[]));
    let mut answers = [(REVIEWER, one), (OTHER_REVIEWER, other)];
    answers.sort_by_key(|(_, reply)| reply.location.as_deref() == Some("/queue"));
    let [(winner, won), (loser, lost)] = answers;
    app.follow(winner, &won).await.is(200).has("You have this review");
    lost.goes_to("/queue");
    app.follow(loser, &lost).await.is(200).has("There is no review to take").has("is with somebody");
    app.finish().await;
}

#[actix_web::test]
async fn a_double_press_on_send_sends_once() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.answer_all(OWNER, &product, SECTION).await;
    app.mail().await;
    let home = format!("/products/{}", product.to_lowercase());
    let address = format!("{home}/sections/{SECTION}/submission");
    app.get(OWNER, &home).await.is(200);
    let fields = [("complete", "yes")];
    let (one, other) = tokio::join!(app.post(OWNER, &address, &fields), app.post(OWNER, &address, &fields));
    one.goes_to(&home);
    other.goes_to(&home);
    app.follow(OWNER, &one).await.is(200).has("It’s our turn:");
    assert_eq!(app.see(OWNER, &product).await.unwrap().section(SECTION).round, 1);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM submission").await, 1);
    assert_eq!(told(&app, &product, EventKind::SectionSent).await, 1);
    for person in [OWNER, EDITOR, VIEWER] {
        assert_eq!(letters(&app, person, "We have your").await, 1, "{}", person.name);
    }
    // A third press, later, says what is so.
    let late = app.post(OWNER, &address, &fields).await;
    late.goes_to(&home);
    app.follow(OWNER, &late).await.has("has been sent already");
    app.finish().await;
}

#[actix_web::test]
async fn accept_and_return_at_once_have_one_effect() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    app.decide(REVIEWER, &product, SECTION, &["sm-support-hours"]).await;
    let (accept, back) = (SectionCommand::Accept(String::new()), SectionCommand::Return(String::new()));
    lost(both(&app, &product, (REVIEWER, accept.clone()), (REVIEWER, back)).await);
    assert_eq!(app.see(OWNER, &product).await.unwrap().section(SECTION).state(), SectionState::Returned);
    assert_eq!(letters(&app, OWNER, "needs more information").await, 1);
    assert_eq!(letters(&app, OWNER, "is accepted").await, 0);
    app.answer(OWNER, &product, ("sm-support-hours", Value::Text("Every day from 6am to 10pm, by the desk.".to_owned())), "").await;
    app.act(OWNER, &product, SECTION, SectionCommand::Send(statement(SECTION))).await;

    // Twice the same at once is once as well.
    app.decide(REVIEWER, &product, SECTION, &[]).await;
    let error = lost(both(&app, &product, (REVIEWER, accept.clone()), (REVIEWER, accept)).await);
    assert!(matches!(error, Error::Refused(Refusal::NotNow(SectionState::Accepted)) | Error::Stale), "{error:?}");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM reply").await, 2);
    assert_eq!(told(&app, &product, EventKind::SectionAccepted).await, 1);
    assert_eq!(letters(&app, OWNER, "is accepted").await, 1);
    app.finish().await;
}

#[actix_web::test]
async fn a_manager_and_a_reviewer_at_once_leave_one_reviewer() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    let other = Reviewer { person: app.id(OTHER_REVIEWER).await, name: OTHER_REVIEWER.name.to_owned() };
    let (given, taken) =
        both(&app, &product, (MANAGER, SectionCommand::Assign(other.clone())), (REVIEWER, SectionCommand::Take)).await;
    assert!(given.is_ok(), "{given:?}");
    let reviewer = app.see(MANAGER, &product).await.unwrap().section(SECTION).reviewer;
    assert_eq!(reviewer, Some(other.person), "what a manager decides stays");
    let assigned = if taken.is_ok() { 2 } else { 1 };
    assert_eq!(told(&app, &product, EventKind::ReviewAssigned).await, assigned);
    assert_eq!(letters(&app, OTHER_REVIEWER, "Review:").await, 1);
    app.finish().await;
}

#[actix_web::test]
async fn two_people_who_save_the_same_answer_read_both_texts() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.answer_all(OWNER, &product, SECTION).await;
    let address = format!("/products/{}/sections/{SECTION}/questions/sm-desk-phone", product.to_lowercase());
    let opened = |page: Reply, hours: &str| {
        let mut form = form(&page, &address, "Save and continue");
        form.set("answer-sm-support-hours", hours);
        form
    };
    let owners = opened(app.get(OWNER, &address).await, "Every day from 6am to 10pm.");
    let editors = opened(app.get(EDITOR, &address).await, "Weekdays from 9am to 5pm.");
    let (one, other) =
        tokio::join!(press(&app, OWNER, &owners, "Save and continue"), press(&app, EDITOR, &editors, "Save and continue"));
    let mut answers = [(OWNER, one), (EDITOR, other)];
    answers.sort_by_key(|(_, reply)| reply.status);
    let [(winner, saved), (loser, conflict)] = answers;
    saved.is(303);
    conflict.is(409).has("Somebody else changed this answer").has("Nothing of yours is lost");
    conflict.has("Every day from 6am to 10pm").has("Weekdays from 9am to 5pm").has(&format!("{}’s version", winner.name));
    let again = form(&conflict, &address, "Keep mine");
    press(&app, loser, &again, "Keep mine").await.is(303);
    let kept = app.see(OWNER, &product).await.unwrap();
    let mine = if loser == OWNER { "Every day from 6am to 10pm." } else { "Weekdays from 9am to 5pm." };
    assert_eq!(kept.answers["sm-support-hours"].value, Some(Value::Text(mine.to_owned())), "saving again keeps one's own text");
    app.finish().await;
}

#[actix_web::test]
async fn an_invitation_accepted_twice_at_once_makes_one_member() {
    let app = TestApp::new().await;
    let owner = app.actor(OWNER).await;
    let organisation = app.organisation(OWNER).await;
    let place = Place::Supplier(organisation, Membership::Editor);
    app.db.invite(&owner, ("Lena Marsh", "lena.marsh@wardlight.example"), &place, app.now()).await.unwrap();
    let id = app.db.invitations(Some(organisation)).await.unwrap()[0].id;
    let address = format!("/invitations/{}", app.data.links.sign("invitation", id.0));
    let fields = [("name", "Lena Marsh"), ("password", "seven quiet herons")];
    let (one, other) = tokio::join!(app.post(None, &address, &fields), app.post(None, &address, &fields));
    let (won, lost) = if one.location.as_deref() == Some("/") { (one, other) } else { (other, one) };
    won.goes_to("/");
    let lost = if lost.status == 303 { app.follow(None, &lost).await } else { lost };
    lost.is(410).has("This invitation has been used or cancelled").has("you can log in");
    let members = app.db.members(organisation).await.unwrap();
    assert_eq!(members.iter().filter(|m| m.name == "Lena Marsh").count(), 1);
    let ready = app.mail().await.iter().filter(|m| m.text.subject == "Your account is ready").count();
    assert_eq!(ready, 1);
    app.finish().await;
}

#[actix_web::test]
async fn an_invitation_sent_again_twice_at_once_is_one_invitation() {
    let app = TestApp::new().await;
    let owner = app.actor(OWNER).await;
    let organisation = app.organisation(OWNER).await;
    let place = Place::Supplier(organisation, Membership::Editor);
    let who = ("Lena Marsh", "lena.marsh@wardlight.example");
    app.db.invite(&owner, who, &place, app.now()).await.unwrap();
    let id = app.db.invitations(Some(organisation)).await.unwrap()[0].id.0;
    let again = || app.db.renew_invitation(&owner, id, app.now());
    let _ = tokio::join!(again(), again());
    let open = app.db.invitations(Some(organisation)).await.unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_ne!(open[0].id.0, id, "the older link no longer works");
    let twice = || app.db.invite(&owner, ("Ann Lee", "ann.lee@wardlight.example"), &place, app.now());
    let (one, other) = tokio::join!(twice(), twice());
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(app.db.invitations(Some(organisation)).await.unwrap().len(), 2);
    app.finish().await;
}

#[actix_web::test]
async fn a_name_that_two_people_give_at_once_is_given_once() {
    let app = TestApp::new().await;
    let fields = [("name", "Wardlight Rounds"), ("version", "4.2"), ("description", "Electronic ward rounds.")];
    let (one, other) = tokio::join!(app.post(OWNER, "/products/new", &fields), app.post(EDITOR, "/products/new", &fields));
    let (added, refused) = if one.status == 303 { (one, other) } else { (other, one) };
    added.is(303);
    refused.is(422).has("Your organisation already has a product called").has("Electronic ward rounds.");
    app.get(VIEWER, "/products").await.has("C2A-1001").lacks("C2A-1002");
    app.finish().await;
}

#[actix_web::test]
async fn two_owners_who_demote_each_other_leave_one_owner() {
    let app = TestApp::new().await;
    let organisation = app.organisation(OWNER).await;
    let (first, second) = (app.id(OWNER).await, app.id(EDITOR).await);
    let owner = app.actor(OWNER).await;
    app.db.change_member(&owner, organisation, (second, Some(Membership::Owner)), app.now()).await.unwrap();
    let member = |person: PersonId| format!("/organisations/{organisation}/members/{person}");
    let (of_first, of_second) = (member(first), member(second));
    for (who, page) in [(OWNER, &of_second), (EDITOR, &of_first)] {
        app.get(who, page).await.is(200);
    }
    let fields = [("role", "editor")];
    let (one, other) = tokio::join!(app.post(OWNER, &of_second, &fields), app.post(EDITOR, &of_first, &fields));
    let (won, lost) = if one.status == 303 { (one, other) } else { (other, one) };
    won.is(303);
    match lost.status {
        422 => lost.has("is the only owner. Make somebody else an owner first"),
        _ => lost.is(403).has("You can read this but not change it."),
    };
    let owners = app.db.members(organisation).await.unwrap().into_iter().filter(|m| m.role == Some(Membership::Owner));
    assert_eq!(owners.count(), 1);
    app.finish().await;
}
