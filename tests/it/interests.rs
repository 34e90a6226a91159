//! A declared interest: whoever has one has no part in the review of that supplier's products and finds no trace of them.

use assured::domain::agreement::AGREEMENT;
use assured::domain::catalogue::Section;
use assured::domain::certificate::CERTIFICATE;
use assured::domain::command::{Command, Reviewer, SectionCommand};
use assured::domain::condition::Condition;
use assured::domain::demonstration::DEMONSTRATION;
use assured::domain::demonstration::command::DemonstrationCommand;
use assured::domain::live::LIVE;
use assured::domain::machine::Who;
use assured::domain::refusal::Refusal;
use assured::domain::section::{Guard, PRODUCT, ProductAct, SECTION};
use assured::domain::thread::THREAD;
use assured::error::Error;

use crate::support::*;

const DESK: Section = Section::ServiceManagement;

#[test]
fn every_row_of_the_assurance_team_asks_for_no_interest() {
    let is_team = |who: Who| matches!(who, Who::Reviewer | Who::Manager);
    for row in SECTION.iter().filter(|r| is_team(r.who)) {
        assert!(row.when.contains(&Guard::NoInterest), "{row:?}");
    }
    let second = DEMONSTRATION.iter().map(|r| (r.who, r.when)).chain(CERTIFICATE.iter().map(|r| (r.who, r.when)));
    let reminding = PRODUCT.iter().filter(|r| r.act == ProductAct::Remind).map(|r| (r.who, r.when));
    let second =
        second.chain(reminding).chain(AGREEMENT.iter().map(|r| (r.who, r.when))).chain(LIVE.iter().map(|r| (r.who, r.when)));
    let second = second.chain(THREAD.iter().map(|r| (r.who, r.when)));
    for (who, when) in second.filter(|(who, _)| is_team(*who)) {
        assert!(when.contains(&Condition::NoInterest), "{who:?} {when:?}");
    }
}

#[actix_web::test]
async fn whoever_has_an_interest_finds_no_trace_of_the_products() {
    let app = TestApp::new().await;
    let theirs = app.product(OWNER).await;
    app.send(OWNER, &theirs, DESK).await;
    let address = format!("/products/{}", theirs.to_lowercase());
    let review = format!("{address}/sections/{DESK}/review");
    app.worker.forecast().await.unwrap();
    let reads = ["/search?q=wardlight", "/board", "/reports/service-level", "/reports/forecast", "/queue.csv", "/products.csv"];
    for path in reads {
        let found = if path.starts_with("/search") { address.as_str() } else { "Wardlight 1" };
        app.get(REVIEWER, path).await.is(200).has(found);
        app.get(INTERESTED, path).await.is(200).lacks(found);
    }
    let lists = ["/queue", "/products", "/reports/workload", "/queue/sent-back", "/products?q=wardlight", "/reports/cycle-time"];
    for path in lists.into_iter().chain(reads).chain(["/demonstrations.csv", "/certificates.csv"]) {
        app.get(INTERESTED, path).await.is(200).lacks("Wardlight 1");
    }
    for path in [&address, &review, &format!("{address}/history"), &format!("{address}/demonstration/checks")] {
        app.get(INTERESTED, path).await.is(404);
        app.get(REVIEWER, path).await;
    }
    app.post(INTERESTED, "/queue/next", &[]).await.goes_to("/queue");
    let take = Command::Section(DESK, SectionCommand::Take);
    assert!(matches!(app.try_act(INTERESTED, &theirs, &take).await, Err(Error::NotFound)));
    app.get(MANAGER, "/queue").await.has("Wardlight 1");
    app.get(REVIEWER, "/queue").await.has("Wardlight 1");
    // Other suppliers are not touched by it.
    let other = app.product(RIVAL).await;
    app.send(RIVAL, &other, DESK).await;
    app.post(INTERESTED, "/queue/next", &[]).await.goes_to(&format!("/products/{}/sections/{DESK}/review", other.to_lowercase()));
    app.finish().await;
}

#[actix_web::test]
async fn dates_of_the_products_are_taken_and_no_more() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    app.booked(&reference).await;
    app.get(REVIEWER, "/demonstrations").await.has("Wardlight 1");
    app.get(INTERESTED, "/demonstrations").await.is(200).lacks("Wardlight 1");
    app.get(REVIEWER, "/demonstrations/slots").await.has("Wardlight 1");
    app.get(INTERESTED, "/demonstrations/slots").await.is(200).lacks("Wardlight 1");
    app.finish().await;
}

#[actix_web::test]
async fn a_supplier_is_not_offered_dates_that_somebody_with_an_interest_would_hold() {
    let app = TestApp::new().await;
    let (reviewer, interested) = (app.actor(REVIEWER).await, app.id(INTERESTED).await);
    let date = app.published(21).await.starts_at + chrono::Duration::days(1);
    app.db.publish_slots(&reviewer, &[date], Some(interested), app.now()).await.unwrap();
    let offered = async |who: Persona| app.db.visible(&app.actor(who).await).free_slots(app.now()).await.unwrap();
    assert!(offered(RIVAL).await.iter().any(|s| s.starts_at == date));
    assert!(offered(OWNER).await.iter().all(|s| s.starts_at != date));
    let slot = offered(RIVAL).await.into_iter().find(|s| s.starts_at == date).unwrap();
    assert!(app.db.visible(&app.actor(OWNER).await).chosen_slot(slot.id).await.unwrap().is_none());
    // Whoever knows the date all the same is refused by the rules.
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    let book = Command::Demonstration(DemonstrationCommand::Book(app.chosen(slot.id).await));
    let refused = app.try_act(OWNER, &reference, &book).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Missing(Condition::SlotFree)))));
    app.finish().await;
}

#[actix_web::test]
async fn nobody_gives_a_review_to_somebody_with_an_interest() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, DESK).await;
    let id = app.id(INTERESTED).await;
    let reviewer = Reviewer { person: id, name: INTERESTED.name.to_owned() };
    let refused = app.try_act(MANAGER, &reference, &Command::Section(DESK, SectionCommand::Assign(reviewer))).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Unmet(Guard::NoInterest)))));
    let review = format!("/products/{}/sections/{DESK}/review", reference.to_lowercase());
    let why = "Ines Costa cannot be chosen: has declared an interest in Wardlight Health";
    app.get(MANAGER, &review).await.has(why).lacks(&format!("value=\"{id}\""));
    let key = format!("{}/{DESK}", reference.to_lowercase());
    let page = app.get(MANAGER, &format!("/queue/assignment?review={key}")).await;
    page.is(200).has("<strong>Ines Costa</strong> cannot be chosen: has declared an interest in Wardlight Health.");
    page.lacks(&format!("value=\"{id}\""));
    let fields = [("review", key.as_str()), ("reviewer", &id.to_string())];
    let refused = app.post(MANAGER, "/queue/assignment", &fields).await;
    refused.is(422).has("Somebody who has declared an interest in this supplier cannot have this review.");
    assert_eq!(app.see(MANAGER, &reference).await.unwrap().section(DESK).reviewer, None);
    app.finish().await;
}

#[actix_web::test]
async fn an_interest_is_declared_and_ended_with_reasons_that_stay() {
    let app = TestApp::new().await;
    let reference = app.product(RIVAL).await;
    app.send(RIVAL, &reference, DESK).await;
    app.act(REVIEWER, &reference, DESK, SectionCommand::Take).await;
    let page = format!("/reviewers/{}", app.id(REVIEWER).await);
    let form = format!("{page}/interests");
    let empty = app.post(REVIEWER, &form, &[]).await;
    empty.is(422).has("Enter the name or ODS code of the supplier").has("Say what the interest is");
    let unknown = app.post(REVIEWER, &form, &[("supplier", "Nobody Ltd"), ("reason", "My sister works there.")]).await;
    unknown.is(422).has("We know no supplier").has("Nobody Ltd").has("My sister works there.");
    let long = "x".repeat(1_001);
    app.post(REVIEWER, &form, &[("supplier", "MB02"), ("reason", &long)]).await.is(422).has("1 too many");
    let done = app.post(REVIEWER, &form, &[("supplier", "medibridge"), ("reason", "My sister works there.")]).await;
    let after = app.follow(REVIEWER, &done).await;
    after.has("The interest in Medibridge is declared").has("You have 1 review of this supplier");
    after.has("My sister works there.").has("In force").lacks("End this interest");
    app.get(REVIEWER, "/queue/mine").await.lacks("Wardlight");
    app.get(REVIEWER, &format!("/products/{}", reference.to_lowercase())).await.is(404);
    // Again is once; nobody else reads it; a manager ends it, and not without a reason.
    app.post(REVIEWER, &form, &[("supplier", "MB02"), ("reason", "Again.")]).await.is(303);
    app.get(OTHER_REVIEWER, &page).await.is(404);
    let shown = app.get(MANAGER, &page).await;
    shown.has("My sister works there.").lacks("Again.");
    let end = crate::page::form(&shown, "/end", "End this interest").action;
    app.post(REVIEWER, &end, &[("x", "y")]).await.is(403);
    app.post(OTHER_REVIEWER, &end, &[]).await.is(404);
    app.post(MANAGER, &end, &[]).await.is(422).has("Say why the interest has ended");
    let field = format!("because-{}", end.trim_end_matches("/end").rsplit('/').next().unwrap());
    let ended = app.post(MANAGER, &end, &[(&field, "She left.")]).await;
    app.follow(MANAGER, &ended).await.has("The interest in Medibridge has ended").has("She left.").has("My sister works there.");
    app.get(REVIEWER, &format!("/products/{}", reference.to_lowercase())).await.is(200);
    app.finish().await;
}
