//! Reminders: on the day, once, whoever looks and however often, and nothing that makes no sense any more.

use assured::domain::agreement::command::AgreementCommand;
use assured::domain::command::Command;
use assured::domain::demonstration::command::DemonstrationCommand;
use assured::store::Db;
use chrono::{DateTime, Utc};

use crate::letters::letters;
use crate::support::assurance::signed_copy;
use crate::support::*;

/// 8am in London in summer on a day.
fn morning(day: &str) -> DateTime<Utc> {
    format!("{day}T07:00:00Z").parse().unwrap()
}

/// Moves the clock to 8am on a day and writes what is due; returns how many reminders that were.
async fn on(app: &TestApp, day: &str) -> usize {
    app.clock.set(morning(day));
    app.worker.remind().await.unwrap()
}

/// Who got a kind of letter, in the order of addresses.
async fn told(app: &TestApp, kind: &str) -> Vec<String> {
    let mut found: Vec<String> = letters(app).await.into_iter().filter(|l| l.notice.word() == kind).map(|l| l.email).collect();
    found.sort_unstable();
    found
}

const TEAM: [&str; 3] = ["joan.price@wardlight.example", "priya.shah@wardlight.example", "tom.bell@wardlight.example"];

/// A product whose demonstration is booked for Thursday 23 April 2026 at 10am, without its details.
async fn booked(app: &TestApp) -> String {
    let reference = app.accepted_product().await;
    let product = app.booked(&reference).await;
    let date = product.demonstrations[0].date.as_ref().unwrap();
    assert_eq!(date.starts_at, "2026-04-23T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
    reference
}

#[actix_web::test]
async fn missing_details_are_asked_for_twice_and_the_test_is_announced() {
    let app = TestApp::new().await;
    let reference = booked(&app).await;
    assert_eq!(app.worker.remind().await.unwrap(), 0, "who has just booked is not reminded");
    app.clock.set("2026-04-09T06:59:59Z".parse().unwrap());
    assert_eq!(app.worker.remind().await.unwrap(), 0, "nobody is woken");
    assert_eq!(on(&app, "2026-04-09").await, 1, "10 working days before");
    assert_eq!(told(&app, "details-missing").await, TEAM);
    assert_eq!(app.worker.remind().await.unwrap(), 0);
    assert_eq!(on(&app, "2026-04-15").await, 0);
    assert_eq!(on(&app, "2026-04-16").await, 1, "5 working days before");
    assert_eq!(told(&app, "details-missing").await.len(), 6);
    app.described(&reference).await;
    assert_eq!(on(&app, "2026-04-17").await, 1, "the checks are due on the next working day");
    assert_eq!(told(&app, "due-tomorrow").await, [REVIEWER.email]);
    app.confirmed(&reference).await;
    assert_eq!(on(&app, "2026-04-20").await, 0);
    assert_eq!(on(&app, "2026-04-21").await, 1, "2 working days before");
    let mut all = vec![REVIEWER.email];
    all.extend(TEAM);
    assert_eq!(told(&app, "demonstration-reminder").await, all);
    assert_eq!(on(&app, "2026-04-23").await, 0);
    app.finish().await;
}

#[actix_web::test]
async fn after_an_outage_only_what_still_makes_sense_is_written() {
    let app = TestApp::new().await;
    booked(&app).await;
    assert_eq!(on(&app, "2026-04-17").await, 2, "the last call for details and the checks, not the first call");
    assert_eq!(told(&app, "details-missing").await, TEAM);
    assert_eq!(on(&app, "2026-04-22").await, 2, "the test is near, and the checks were not done in time");
    assert_eq!(told(&app, "demonstration-reminder").await.len(), 4);
    app.clock.set("2026-04-23T09:00:00Z".parse().unwrap());
    assert_eq!(app.worker.remind().await.unwrap(), 0);
    app.finish().await;
}

#[actix_web::test]
async fn a_test_that_has_begun_is_announced_to_nobody() {
    let app = TestApp::new().await;
    booked(&app).await;
    app.clock.set("2026-04-23T09:00:00Z".parse().unwrap());
    assert_eq!(app.worker.remind().await.unwrap(), 0);
    assert_eq!(told(&app, "demonstration-reminder").await, Vec::<String>::new());
    app.finish().await;
}

#[actix_web::test]
async fn two_workers_a_restart_and_a_clock_that_goes_back_write_each_reminder_once() {
    let app = TestApp::new().await;
    booked(&app).await;
    app.clock.set(morning("2026-04-16"));
    let mut other = app.worker.clone();
    other.db = Db::open(&app.place.address).await.unwrap();
    let (one, two, three) = tokio::join!(app.worker.remind(), other.remind(), app.worker.remind());
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 1);
    other.db.clone().close().await.unwrap();
    let mut later = app.worker.clone();
    later.db = Db::open(&app.place.address).await.unwrap();
    assert_eq!(later.remind().await.unwrap(), 0, "after a restart");
    later.db.clone().close().await.unwrap();
    assert_eq!(on(&app, "2026-04-14").await, 1, "the earlier one was not written yet");
    assert_eq!(on(&app, "2026-04-16").await, 0);
    assert_eq!(on(&app, "2026-04-14").await, 0);
    assert_eq!(told(&app, "details-missing").await.len(), 6);
    app.clock.set(morning("2026-04-16"));
    app.finish().await;
}

#[actix_web::test]
async fn nobody_is_reminded_of_a_product_on_hold_or_of_a_date_that_was_given_back() {
    let app = TestApp::new().await;
    let reference = booked(&app).await;
    app.command(OWNER, &reference, Command::Hold("The team is moving.".to_owned())).await;
    assert_eq!(on(&app, "2026-04-16").await, 0);
    app.command(OWNER, &reference, Command::Resume("Back again.".to_owned())).await;
    assert_eq!(app.worker.remind().await.unwrap(), 1);
    app.test(OWNER, &reference, DemonstrationCommand::Cancel("Not ready.".to_owned())).await;
    assert_eq!(on(&app, "2026-04-21").await, 0);
    app.finish().await;
}

#[actix_web::test]
async fn staff_are_told_that_a_certificate_is_due_unless_it_is_there() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.tested(&reference).await;
    assert_eq!(on(&app, "2026-04-28").await, 0);
    assert_eq!(on(&app, "2026-04-29").await, 1, "due on Thursday 30 April");
    assert_eq!(told(&app, "due-tomorrow").await, [REVIEWER.email]);
    assert_eq!(on(&app, "2026-04-30").await, 0);

    let other = app.accepted_product().await;
    app.tested(&other).await;
    app.certified(&other).await;
    for day in ["2026-05-27", "2026-05-28", "2026-05-29", "2026-06-01"] {
        on(&app, day).await;
    }
    assert_eq!(told(&app, "due-tomorrow").await, [REVIEWER.email], "one that was issued is due no more");
    app.finish().await;
}

#[actix_web::test]
async fn an_unsigned_agreement_is_asked_for_after_5_and_10_working_days_with_the_link() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let product = app.issued(&reference).await;
    let issue = product.agreements[0].issue.clone().unwrap();
    assert_eq!(issue.sign_by.to_string(), "2026-04-20");
    assert_eq!(on(&app, "2026-04-10").await, 0);
    assert_eq!(on(&app, "2026-04-13").await, 1, "5 working days after Thursday 2 April");
    assert_eq!(told(&app, "signing-reminder").await, TEAM);
    let link = format!("/sign/{}", app.data.links.sign("signing", product.agreements[0].link.unwrap().0));
    let asked: Vec<String> = app.mail().await.into_iter().filter(|m| m.to.contains("margaret.hale")).map(|m| m.text.body).collect();
    assert_eq!(asked.len(), 2, "once when it was issued, once again");
    assert!(asked.iter().all(|body| body.contains(&link) && body.contains("by Monday 1 June 2026")), "{asked:?}");
    assert_eq!(on(&app, "2026-04-20").await, 1);
    assert_eq!(on(&app, "2026-05-20").await, 0);

    let other = app.accepted_product().await;
    app.issued(&other).await;
    let today = assured::domain::calendar::london_date(app.now());
    app.agree(OWNER, &other, AgreementCommand::Sign(Box::new(signed_copy(today)))).await;
    on(&app, "2026-06-10").await;
    assert_eq!(told(&app, "signing-reminder").await.len(), 6, "a signed one is with the assurance team");
    app.finish().await;
}
