//! Promises and reminders of the first half: told before, owned up to after, once each, and never many mails at once.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::{Reviewer, SectionCommand};
use assured::domain::forecast::Shown;
use assured::domain::notice::Notice;
use assured::domain::product::Product;
use assured::domain::reminder::reminders;
use assured::store::Db;
use assured::store::outbox::Letter;
use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::letters::letters;
use crate::support::*;

const SECTION: Section = Section::MedicalDevice;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 8am in London in summer on a day.
fn morning(text: &str) -> DateTime<Utc> {
    format!("{text}T07:00:00Z").parse().unwrap()
}

async fn on(app: &TestApp, text: &str) -> usize {
    app.clock.set(morning(text));
    app.worker.remind().await.unwrap()
}

async fn told(app: &TestApp, kind: &str) -> Vec<String> {
    let mut found: Vec<String> = letters(app).await.into_iter().filter(|l| l.notice.word() == kind).map(|l| l.email).collect();
    found.sort_unstable();
    found
}

const TEAM: [&str; 3] = ["joan.price@wardlight.example", "priya.shah@wardlight.example", "tom.bell@wardlight.example"];

#[actix_web::test]
async fn a_review_is_reminded_of_once_and_owned_up_to_every_three_working_days() {
    let app = TestApp::new().await;
    // Sent on Thursday 2 April 2026: due on Monday 13 April.
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    let reviewer = app.actor(REVIEWER).await;
    let assign = SectionCommand::Assign(Reviewer { person: reviewer.person(), name: reviewer.name().to_owned() });
    app.act(MANAGER, &reference, SECTION, assign).await;
    assert_eq!(on(&app, "2026-04-09").await, 0);
    assert_eq!(on(&app, "2026-04-10").await, 1, "the working day before");
    assert_eq!(told(&app, "due-tomorrow").await, [REVIEWER.email]);
    assert_eq!(on(&app, "2026-04-13").await, 0, "on the day itself the promise can be kept");
    assert_eq!(on(&app, "2026-04-14").await, 1);
    assert_eq!(told(&app, "overdue").await, [REVIEWER.email, MANAGER.email]);
    assert_eq!(told(&app, "we-are-late").await, TEAM);
    let late = letters(&app).await.into_iter().find(|l| l.notice.word() == "we-are-late").unwrap();
    let Notice::WeAreLate { by, again, .. } = late.notice else { panic!("{late:?}") };
    assert_eq!((by, again), (day("2026-04-13"), day("2026-04-16")));
    let home = app.get(OWNER, "/products/c2a-1001").await;
    home.has("We have not replied on time. We’re sorry.").has("We now expect to reply by Thursday 16\u{a0}April 2026.");
    assert_eq!(on(&app, "2026-04-15").await, 0);
    assert_eq!(on(&app, "2026-04-17").await, 1, "and again when the new date was not kept");
    assert_eq!(told(&app, "we-are-late").await.len(), 6);
    app.accept(REVIEWER, &reference, SECTION).await;
    assert_eq!(on(&app, "2026-04-22").await, 0);
    app.finish().await;
}

#[actix_web::test]
async fn a_review_that_nobody_has_is_told_to_managers() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    assert_eq!(on(&app, "2026-04-14").await, 1);
    assert_eq!(told(&app, "overdue").await, [MANAGER.email]);
    let text = app.worker.writer.write(&letters(&app).await.into_iter().find(|l| l.notice.word() == "overdue").unwrap()).unwrap();
    assert!(text.body.contains("was due on Monday 13 April 2026. Nobody has it."), "{}", text.body);
    app.finish().await;
}

#[actix_web::test]
async fn feedback_without_an_answer_is_reminded_of_three_times() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    app.send_back(REVIEWER, &reference, SECTION, &["md-is-device"]).await;
    // Asked on Thursday 2 April 2026: expected by Monday 20 April.
    let mut days = Vec::new();
    for number in 0..120 {
        let today = day("2026-04-03") + chrono::Days::new(number);
        if on(&app, &today.to_string()).await > 0 {
            days.push(today.to_string());
        }
    }
    assert_eq!(days, ["2026-04-20", "2026-05-05", "2026-05-19"]);
    assert_eq!(told(&app, "unanswered").await.len(), 9);
    app.finish().await;
}

#[actix_web::test]
async fn after_an_outage_somebody_with_many_reminders_gets_one_message() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        let reference = app.product(OWNER).await;
        app.send(OWNER, &reference, SECTION).await;
    }
    app.mail().await;
    let before = app.mail_so_far().len();
    assert_eq!(on(&app, "2026-04-14").await, 5);
    app.mail().await;
    let sent: Vec<_> = app.mail_so_far().split_off(before);
    let to = |email: &str| sent.iter().filter(|m| m.to == email).collect::<Vec<_>>();
    for email in TEAM.into_iter().chain([MANAGER.email]) {
        let mine = to(email);
        assert_eq!(mine.len(), 1, "{email}: {mine:?}");
        assert_eq!(mine[0].text.subject, "5 things changed");
        assert!(mine[0].text.body.contains("http://assured.test/notifications"), "{:?}", mine[0].text);
    }
    let inbox = app.get(OWNER, "/notifications").await;
    inbox.has("Wardlight 1: we have not kept to our date").has("Wardlight 5: we have not kept to our date");
    app.finish().await;
}

#[actix_web::test]
async fn two_workers_write_each_reminder_once_and_a_stop_between_writing_and_sending_loses_none() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        let reference = app.product(OWNER).await;
        app.send(OWNER, &reference, SECTION).await;
    }
    app.mail().await;
    let before = app.mail_so_far().len();
    app.clock.set(morning("2026-04-14"));
    // The first worker stops after it has written, before anything is let go.
    let (rules, now) = (&app.rules, app.now());
    let due = |product: &Product, shown: &[Shown]| Ok(reminders(&rules.setting(product, now)?, product, shown));
    app.db.remind(&due, now).await.unwrap();
    let mut other = app.worker.clone();
    other.db = Db::open(&app.place.address).await.unwrap();
    let (one, two) = tokio::join!(app.worker.remind(), other.remind());
    assert_eq!((one.unwrap(), two.unwrap()), (0, 0));
    other.db.clone().close().await.unwrap();
    app.mail().await;
    let sent: Vec<String> = app.mail_so_far().split_off(before).into_iter().map(|m| m.to).collect();
    assert_eq!(sent.len(), 4, "{sent:?}");
    app.finish().await;
}

#[actix_web::test]
async fn evidence_is_reminded_of_60_and_30_days_before_it_ends() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let product = app.answer_all(OWNER, &reference, Section::DataSecurity).await;
    let key = "ds-cyber-essentials-expires-on";
    let command = SectionCommand::Answer(vec![entry(&product, key, Value::Date(day("2026-12-01")))]);
    app.act(OWNER, &reference, Section::DataSecurity, command).await;
    for number in 0..80 {
        // 8am or later, in summer and in winter.
        app.clock.set(morning(&(day("2026-09-20") + chrono::Days::new(number)).to_string()) + Duration::hours(1));
        app.worker.remind_of_evidence().await.unwrap();
    }
    let is_it = |l: &Letter| matches!(&l.notice, Notice::EvidenceEnds { question, .. } if question == key);
    let found: Vec<Letter> = letters(&app).await.into_iter().filter(|l| l.email == OWNER.email && is_it(l)).collect();
    let days: Vec<String> = found.iter().rev().map(|l| l.created_at.date_naive().to_string()).collect();
    assert_eq!(days, ["2026-10-02", "2026-11-01"]);
    let letter = found[0].clone();
    let text = app.worker.writer.write(&letter).unwrap();
    assert_eq!(text.subject, "Wardlight 1: evidence runs out on Tuesday 1 December 2026");
    assert!(text.body.contains("/sections/data-security/questions/ds-cyber-essentials-expires-on"), "{}", text.body);
    app.finish().await;
}

#[actix_web::test]
async fn reviewers_hear_what_waits_once_on_the_morning_of_a_working_day() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    app.clock.set(morning("2026-04-03"));
    assert!(!app.worker.tell_of_new_work().await.unwrap(), "not on Good Friday");
    app.clock.set(morning("2026-04-07") - Duration::seconds(1));
    assert!(!app.worker.tell_of_new_work().await.unwrap(), "nobody is woken");
    app.clock.set(morning("2026-04-07"));
    assert!(app.worker.tell_of_new_work().await.unwrap());
    assert!(!app.worker.tell_of_new_work().await.unwrap());
    let told = letters(&app).await.into_iter().filter(|l| l.notice.word() == "new-work").collect::<Vec<_>>();
    let mut emails: Vec<&str> = told.iter().map(|l| l.email.as_str()).collect();
    emails.sort_unstable();
    assert_eq!(emails, [REVIEWER.email, INTERESTED.email, OTHER_REVIEWER.email]);
    let text = app.worker.writer.write(&told[0]).unwrap();
    assert_eq!(text.subject, "1 review is waiting");
    assert!(text.body.contains("Not assigned: 1. The first is due Monday 13 April 2026."), "{}", text.body);
    app.finish().await;
}
