//! The sending of a review can be undone for five minutes; until then nothing has happened for the supplier.

use assured::domain::catalogue::Section;
use assured::domain::command::{Command, SectionCommand};
use assured::domain::event::EventKind;
use assured::domain::product::Product;
use assured::domain::refusal::Refusal;
use assured::domain::reply::Outcome;
use assured::domain::section::{Guard, SectionState};
use assured::error::Error;
use assured::worker::Worker;
use chrono::Duration;

use crate::support::*;

const SECTION: Section = Section::ServiceManagement;
const ASKED: &str = "sm-support-hours";

/// A product with a review that is decided on, and the address of the review.
async fn decided(app: &TestApp, more: &[&str]) -> (String, String) {
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    app.decide(REVIEWER, &product, SECTION, more).await;
    app.mail().await;
    let address = format!("/products/{}/sections/{SECTION}/review", product.to_lowercase());
    (product, address)
}

async fn send(app: &TestApp, address: &str, outcome: &str) {
    let fields = [("outcome", outcome), ("message", "Nearly there.")];
    app.post(REVIEWER, &format!("{address}/outcome"), &fields).await.goes_to("/queue");
}

/// How much mail about a review the supplier has.
fn letters(app: &TestApp) -> usize {
    let is_one = |subject: &str| subject.contains("more information") || subject.contains("is accepted");
    app.mail_so_far().iter().filter(|m| m.to == OWNER.email && is_one(&m.text.subject)).count()
}

async fn kinds(app: &TestApp, who: Persona, product: &str) -> Vec<EventKind> {
    let actor = app.actor(who).await;
    let product = app.see(who, product).await.unwrap();
    app.db.visible(&actor).history(&product, 1).await.unwrap().rows.into_iter().map(|e| e.kind).collect()
}

/// All of a product but its version and the reply that was written.
fn without_reply(product: &Product) -> Product {
    let mut product = Product { version: 0, ..product.clone() };
    for record in product.sections.values_mut() {
        record.reply = None;
    }
    product
}

#[actix_web::test]
async fn until_it_leaves_the_supplier_sees_a_review_under_way_and_hears_nothing() {
    let app = TestApp::new().await;
    let (product, address) = decided(&app, &[ASKED]).await;
    send(&app, &address, "return").await;
    app.advance(Duration::minutes(4));
    app.worker.let_replies_leave().await.unwrap();
    app.mail().await;
    assert_eq!(letters(&app), 0);
    let home = format!("/products/{}", product.to_lowercase());
    app.get(OWNER, &home).await.is(200).has("In review").lacks("Changes needed");
    app.get(OWNER, &format!("{home}/sections/{SECTION}")).await.is(200).has("We’ll reply by").lacks("Nearly there.");
    app.get(OWNER, &format!("{home}/history")).await.is(200).lacks("Review sent:");
    app.get(OWNER, "/notifications").await.is(200).lacks("more information");
    app.get(REVIEWER, "/queue").await.has("Feedback sent").has("Undo (until 10.05am)").has("You sent it. It leaves at 10.05am");
    app.get(OTHER_REVIEWER, "/queue").await.lacks("Undo (until").has("sent it. It leaves at 10.05am");

    app.advance(Duration::minutes(1));
    assert_eq!(app.worker.let_replies_leave().await.unwrap(), 1);
    app.mail().await;
    assert_eq!(letters(&app), 1);
    app.get(OWNER, &home).await.has("Changes needed");
    app.get(REVIEWER, "/queue").await.lacks("Undo (until");
    app.finish().await;
}

#[actix_web::test]
async fn undoing_puts_the_round_back_as_it_was_and_is_recorded() {
    let app = TestApp::new().await;
    let (product, address) = decided(&app, &[ASKED]).await;
    let before = app.see(REVIEWER, &product).await.unwrap();
    send(&app, &address, "return").await;
    app.advance(Duration::minutes(4));
    let undone = app.post(REVIEWER, &format!("{address}/undo"), &[]).await;
    undone.goes_to(&address);
    app.follow(REVIEWER, &undone).await.is(200).has("Sending undone").has("Check and send feedback");
    assert_eq!(without_reply(&app.see(REVIEWER, &product).await.unwrap()), without_reply(&before));
    app.get(REVIEWER, &format!("{address}/check")).await.is(200).has("Nearly there.");
    app.get(REVIEWER, &format!("{address}/sending")).await.is(200).has("The review has not left");

    // Nothing leaves later, and the second press says why there is nothing to undo.
    app.let_replies_leave().await;
    app.mail().await;
    assert_eq!(letters(&app), 0);
    app.post(REVIEWER, &format!("{address}/undo"), &[]).await.is(409).has("The review has not left");
    let team = kinds(&app, REVIEWER, &product).await;
    assert_eq!(team[..2], [EventKind::ReplyUndone, EventKind::ReplySent]);
    let supplier = kinds(&app, OWNER, &product).await;
    assert!(!supplier.contains(&EventKind::ReplyUndone) && !supplier.contains(&EventKind::ReplySent), "{supplier:?}");

    // It can be sent again.
    send(&app, &address, "return").await;
    app.let_replies_leave().await;
    app.mail().await;
    assert_eq!(letters(&app), 1);
    assert_eq!(app.see(OWNER, &product).await.unwrap().section(SECTION).reply, None);
    app.finish().await;
}

#[actix_web::test]
async fn afterwards_and_for_others_a_page_says_why_it_cannot_be_undone() {
    let app = TestApp::new().await;
    let (product, address) = decided(&app, &[]).await;
    app.post(REVIEWER, &format!("{address}/undo"), &[]).await.is(404);
    send(&app, &address, "accept").await;
    let undo = format!("{address}/undo");
    app.post(OTHER_REVIEWER, &undo, &[]).await.is(409).has("Only the reviewer who sent it can undo that.");
    app.post(MANAGER, &undo, &[]).await.is(403);
    app.post(OWNER, &undo, &[]).await.is(404);
    app.get(OTHER_REVIEWER, &address).await.is(200).has("Amina Okafor has sent this review.").lacks("Undo the sending");
    app.get(REVIEWER, &format!("{address}/sending")).await.is(200).has("The review is on its way").has("Undo");

    // The time is over, and no worker has come by yet.
    app.advance(Duration::minutes(5));
    app.post(REVIEWER, &undo, &[]).await.is(409).has("You can no longer undo this").has("The time to undo ended at 10.05am.");
    app.worker.let_replies_leave().await.unwrap();
    app.post(REVIEWER, &undo, &[]).await.is(409).has("The section is accepted.").has("open this section again");
    assert_eq!(app.see(OWNER, &product).await.unwrap().section(SECTION).state(), SectionState::Accepted);
    app.finish().await;
}

#[actix_web::test]
async fn while_it_is_on_its_way_nothing_of_the_review_changes() {
    let app = TestApp::new().await;
    let (product, address) = decided(&app, &[ASKED]).await;
    let reply = |outcome| Command::Section(SECTION, SectionCommand::Reply(outcome, String::new()));
    let wrong = app.try_act(REVIEWER, &product, &reply(Outcome::Accept)).await;
    assert!(matches!(wrong, Err(Error::Refused(Refusal::Unmet(Guard::AsDecided)))), "{wrong:?}");
    app.try_act(REVIEWER, &product, &reply(Outcome::Return)).await.unwrap();
    app.get(REVIEWER, &address).await.is(200).has("You have sent this review.").lacks("Check and send feedback");
    app.post(REVIEWER, &format!("{address}/decisions"), &[("go", "stay")]).await.is(409);
    for (who, command) in [
        (REVIEWER, reply(Outcome::Return)),
        (OTHER_REVIEWER, Command::Section(SECTION, SectionCommand::TakeOver)),
        (REVIEWER, Command::Section(SECTION, SectionCommand::Decide(Vec::new()))),
    ] {
        let refused = app.try_act(who, &product, &command).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Unmet(Guard::NotOnItsWay)))), "{refused:?}");
    }
    app.let_replies_leave().await;
    app.finish().await;
}

#[actix_web::test]
async fn two_workers_let_it_leave_once() {
    let app = TestApp::new().await;
    let (product, address) = decided(&app, &[ASKED]).await;
    send(&app, &address, "return").await;
    app.advance(Duration::minutes(5));
    let other: Worker = app.worker.clone();
    let (one, two) = tokio::join!(app.worker.let_replies_leave(), other.let_replies_leave());
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    app.mail().await;
    assert_eq!(letters(&app), 1);
    let returned = kinds(&app, MANAGER, &product).await.into_iter().filter(|k| *k == EventKind::SectionReturned).count();
    assert_eq!(returned, 1);
    app.finish().await;
}

#[actix_web::test]
async fn what_may_not_leave_any_more_stays_with_the_reviewer() {
    let app = TestApp::new().await;
    let (product, address) = decided(&app, &[ASKED]).await;
    send(&app, &address, "return").await;
    app.try_act(OWNER, &product, &Command::Hold("No time.".to_owned())).await.unwrap();
    app.let_replies_leave().await;
    let seen = app.see(REVIEWER, &product).await.unwrap();
    assert_eq!((seen.section(SECTION).state(), seen.section(SECTION).leaves_at()), (SectionState::Submitted, None));
    let home = format!("/products/{}", product.to_lowercase());
    app.get(REVIEWER, &format!("{home}/history")).await.has("Review could not leave").has("This product is on hold");
    app.mail().await;
    assert_eq!(letters(&app), 0);
    app.try_act(OWNER, &product, &Command::Resume("There is time.".to_owned())).await.unwrap();
    send(&app, &address, "return").await;
    app.let_replies_leave().await;
    app.mail().await;
    assert_eq!(letters(&app), 1);
    app.finish().await;
}

#[actix_web::test]
async fn what_follows_from_an_acceptance_follows_when_it_leaves() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    let before = [Section::ClinicalRisk, Section::DataSecurity, Section::MedicalDevice];
    for section in before {
        app.send(OWNER, &product, section).await;
        app.accept(REVIEWER, &product, section).await;
    }
    app.send(OWNER, &product, SECTION).await;
    app.decide(REVIEWER, &product, SECTION, &[]).await;
    let address = format!("/products/{}/sections/{SECTION}/review", product.to_lowercase());
    send(&app, &address, "accept").await;
    let issue_by = async || app.see(OWNER, &product).await.unwrap().agreement().issue_by;
    assert_eq!(issue_by().await, None);
    app.post(REVIEWER, &format!("{address}/undo"), &[]).await.is(303);
    app.let_replies_leave().await;
    assert_eq!(issue_by().await, None, "nothing follows from what was undone");
    send(&app, &address, "accept").await;
    app.let_replies_leave().await;
    assert!(issue_by().await.is_some(), "the agreement is due");
    app.finish().await;
}

#[actix_web::test]
async fn where_nothing_can_be_undone_it_leaves_at_once() {
    let app = TestApp::with(assured::act::Rules::published().unwrap().with_undo_minutes(0)).await;
    let (product, address) = decided(&app, &[ASKED]).await;
    send(&app, &address, "return").await;
    app.get(REVIEWER, "/queue").await.is(200).has("Feedback sent").lacks("Undo");
    assert_eq!(app.see(OWNER, &product).await.unwrap().section(SECTION).state(), SectionState::Returned);
    app.mail().await;
    assert_eq!(letters(&app), 1);
    app.finish().await;
}
