//! Forecasts in use: made from real products, shown to whom they concern, kept, and measured.

use assured::domain::calendar::london_date;
use assured::domain::catalogue::{Section, Stage};
use assured::domain::command::Command;
use assured::domain::demonstration::command::DemonstrationCommand;
use assured::domain::forecast::{Forecast, Step, steps};
use assured::domain::waits::What;
use assured::domain::words::ProductId;
use chrono::Duration;
use uuid::Uuid;

use crate::golden::compare;
use crate::reports::svg;
use crate::support::*;

const DESK: Section = Section::ServiceManagement;

impl TestApp {
    async fn forecast_of(&self, reference: &str) -> Option<Forecast> {
        let product = self.see(OWNER, reference).await.unwrap();
        let owner = self.actor(OWNER).await;
        self.db.visible(&owner).forecast(&product).await.unwrap().map(|(_, forecast)| forecast)
    }

    async fn forecasts(&self) -> usize {
        self.worker.forecast().await.unwrap()
    }

    /// What happened to a product that is in progress and not forecast yet, as steps.
    async fn steps_of(&self, reference: &str) -> Vec<Step> {
        let unmade = self.db.unmade_forecasts(london_date(self.now()), ProductId(Uuid::nil())).await.unwrap();
        let one = unmade.into_iter().find(|u| u.product.reference == reference).expect("in progress");
        steps(&one.events)
    }
}

#[actix_web::test]
async fn a_product_in_progress_has_a_likely_finish_that_stays_for_the_day() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let home = format!("/products/{}", reference.to_lowercase());
    assert_eq!(app.forecasts().await, 0, "nothing was answered yet");
    app.get(OWNER, &home).await.lacks("At your current pace");
    app.send(OWNER, &reference, DESK).await;
    assert_eq!((app.forecasts().await, app.forecasts().await), (1, 0), "once a day");
    let made = app.forecast_of(&reference).await.unwrap();
    app.get(OWNER, &home).await.has(&made.likely().sentence()).has("app-strip__forecast").lacks("What this forecast rests on");
    let for_staff = app.get(REVIEWER, &home).await;
    for_staff.has("At its current pace it finishes").has("What this forecast rests on").has(&made.basis.sentence());
    for driver in &made.drivers {
        for_staff.has(&driver.sentence()[1..]);
    }
    app.get(RIVAL, &home).await.is(404);
    // A change that changes nothing on the way: the same day gives the same answer.
    app.answer_all(OWNER, &reference, Section::DataSecurity).await;
    assert_eq!(app.forecasts().await, 1);
    assert_eq!(app.forecast_of(&reference).await.unwrap(), made);
    app.advance(Duration::days(1));
    assert_eq!(app.forecasts().await, 1, "each day anew");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_not_in_progress_has_none_from_that_moment_on() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let home = format!("/products/{}", reference.to_lowercase());
    app.send(OWNER, &reference, DESK).await;
    app.forecasts().await;
    app.command(OWNER, &reference, Command::Hold("Budget".to_owned())).await;
    assert_eq!((app.forecast_of(&reference).await, app.forecasts().await), (None, 0));
    app.get(OWNER, &home).await.lacks("At your current pace");
    app.get(MANAGER, "/reports/forecast").await.has("Products in progress (0)").has("No forecast has been made.");
    app.get(MANAGER, "/board?waiting=on-hold").await.has("Wardlight 1").lacks("Likely finish");
    app.command(OWNER, &reference, Command::Resume(String::new())).await;
    assert_eq!(app.forecasts().await, 1);
    // A forecast that was being made while the product changed is not kept.
    app.answer_all(OWNER, &reference, Section::DataSecurity).await;
    let (today, nobody) = (london_date(app.now()), ProductId(Uuid::nil()));
    let unmade = app.db.unmade_forecasts(today, nobody).await.unwrap();
    let made = assured::store::forecast::Made {
        product: unmade[0].product.id,
        version: unmade[0].product.version,
        is_move: false,
        passage: 1,
        week: 1,
        is_long: false,
        forecast: app.forecast_of(&reference).await.unwrap(),
    };
    app.command(OWNER, &reference, Command::Withdraw("We retire it.".to_owned())).await;
    assert_eq!(app.db.keep_forecasts(&[made], today).await.unwrap(), 0);
    assert_eq!((app.forecast_of(&reference).await, app.forecasts().await), (None, 0));
    app.finish().await;
}

#[actix_web::test]
async fn an_assured_product_is_an_example_for_others_and_has_no_forecast() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    assert_eq!((app.forecast_of(&reference).await, app.forecasts().await), (None, 0));
    let day = london_date(app.now());
    let of_today = app.db.finished_before(day, false).await.unwrap();
    assert!(of_today.0.is_empty(), "what finishes today counts from tomorrow");
    let (past, started) = app.db.finished_before(day + chrono::Days::new(1), false).await.unwrap();
    assert_eq!((past.len(), started), (1, vec![past[0].started]));
    assert!(app.db.finished_before(day + chrono::Days::new(1), true).await.unwrap().0.is_empty(), "another kind");
    let all = steps(&past[0].events);
    let count = |is: &dyn Fn(What) -> bool| all.iter().filter(|s| is(s.what) && s.until.is_some() && !s.again).count();
    assert_eq!(count(&|w| matches!(w, What::Answers(_))), 6);
    assert_eq!(count(&|w| matches!(w, What::Review(_))), 6);
    for what in [What::Booking, What::Test, What::Certificate, What::Signatory, What::Signature, What::SignedCopy] {
        assert_eq!(count(&|w| w == what), 1, "{what:?}");
    }
    let test = app.see(OWNER, &reference).await.unwrap().demonstration().date.clone().unwrap();
    let held = all.iter().find(|s| s.what == What::Test).unwrap();
    assert_eq!(held.until, Some(london_date(test.starts_at)), "to the day of the test");
    let example = past[0].example(app.rules.calendar());
    assert_eq!(example.taken.len(), all.len());
    app.finish().await;
}

#[actix_web::test]
async fn a_test_that_is_moved_and_a_review_that_returned_are_done_again() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    for section in Section::ALL.iter().filter(|s| s.stage() == Stage::Technical) {
        app.send(OWNER, &reference, *section).await;
    }
    app.advance(Duration::days(4));
    app.booked(&reference).await;
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.advance(Duration::days(3));
    let later = app.published(30).await;
    app.test(OWNER, &reference, DemonstrationCommand::Move(later)).await;
    app.send_back(REVIEWER, &reference, Section::CoreConformance, &["cc-use-case-match"]).await;
    let all = app.steps_of(&reference).await;
    let of = |what: What| all.iter().filter(|s| s.what == what).map(|s| (s.round, s.again, s.until.is_some())).collect::<Vec<_>>();
    assert_eq!(of(What::Test), [(1, true, true), (2, false, false)]);
    assert_eq!(of(What::Booking), [(1, false, true), (2, false, true)]);
    assert_eq!(of(What::Review(Section::CoreConformance)), [(1, true, true)]);
    assert_eq!(of(What::Feedback(Section::CoreConformance)), [(1, false, false)]);
    let moved = all.iter().find(|s| s.what == What::Booking && s.round == 2).unwrap();
    assert_eq!(moved.taken(app.rules.calendar(), &[]).unwrap().days, 0, "moving books at once");
    app.clocks_agree().await;
    app.finish().await;
}

#[actix_web::test]
async fn the_report_lists_products_draws_months_and_says_how_good_forecasts_were() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        let reference = app.product(OWNER).await;
        app.send(OWNER, &reference, DESK).await;
    }
    let id = app.see(OWNER, "C2A-1001").await.unwrap().id;
    assert_eq!(app.forecasts().await, 3);
    app.run("UPDATE forecast SET early = '2026-04-21', middle = '2026-05-11', late = '2026-06-08', is_long = FALSE").await;
    let first = if app.db.is_embedded() { format!("x'{}'", id.0.simple()) } else { format!("'{}'", id.0) };
    app.run(&format!("UPDATE forecast SET late = '2026-08-03', is_long = TRUE WHERE product_id = {first}")).await;
    let page = app.get(MANAGER, "/reports/forecast").await;
    page.is(200).has("Products in progress (3)").has("href=\"/products/c2a-1001\"").has("11\u{a0}May to 8\u{a0}June 2026");
    page.has("11\u{a0}May to 3\u{a0}August 2026").has("Likely to take more than 12 weeks");
    page.has("2 of 3 products are expected to be assured by the end of May 2026");
    page.has("New to CIS2: Too few products have finished yet to learn from");
    page.has("This table appears when 10 products have finished whose likely finish we showed. 0 have.");
    compare("tests/it/charts/fan.svg", &svg(&page.body, "app-chart app-chart--fan", 1));
    app.get(MANAGER, "/reports/forecast?time=long").await.has("Products in progress (1)").has("Wardlight 1<").lacks("Wardlight 2<");
    app.get(MANAGER, "/reports/forecast?kind=move").await.has("No products match.");
    app.get(MANAGER, "/reports").await.has("href=\"/reports/forecast\"");
    app.get(MANAGER, "/board")
        .await
        .has("Likely finish")
        .has("11\u{a0}May to 8\u{a0}June 2026")
        .has("At risk")
        .has("app-lane__forecast");
    app.get(MANAGER, "/dashboard").await.has("11\u{a0}May to 8\u{a0}June 2026");
    for (who, status) in [(REVIEWER, 200), (OWNER, 404), (VIEWER, 404), (ADMINISTRATOR, 404)] {
        app.get(who, "/reports/forecast").await.is(status);
    }
    app.get(INTERESTED, "/reports/forecast").await.has("Products in progress (0)").lacks("Wardlight");
    app.finish().await;
}

#[actix_web::test]
async fn earlier_forecasts_are_measured_by_the_week_in_which_they_were_shown() {
    let app = TestApp::new().await;
    app.finished(&[4, 5, 6, 6, 7, 8, 9, 13, 5, 6, 7, 8]).await;
    let shown = |week: u32, middle: &str, late: &str| {
        format!(
            "INSERT INTO forecast_week (product_id, passage, week, made_on, middle, late) \
             SELECT product_id, number, {week}, started_on, {middle}, {late} FROM passage WHERE ended = 'assured'"
        )
    };
    // In week 1 all were said to finish on the day they began, in week 4 on the day that came, later by that day at last.
    app.run(&shown(1, "started_on", "started_on")).await;
    app.run(&shown(4, "ended_on", "ended_on")).await;
    app.run(&shown(14, "started_on", "ended_on")).await;
    let read = async || app.get(MANAGER, "/reports/forecast").await;
    let page = read().await;
    page.has("12 of 12 products finished by the last date that we showed in week 4").has("13 or later");
    let table = page.body.split("id=\"kept\"").nth(1).unwrap();
    assert_eq!((table.matches(">0 (0%)<").count(), table.matches(">12 (100%)<").count()), (4, 5));
    assert!(app.worker.tally().await.unwrap() > 0);
    assert_eq!(read().await.body, page.body, "added up or not, it is the same");
    app.finish().await;
}

#[actix_web::test]
async fn the_first_range_of_each_week_is_kept_for_good() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, DESK).await;
    for _ in 0..15 {
        app.forecasts().await;
        app.advance(Duration::days(1));
    }
    let raw = app.place.raw().await;
    let query = "SELECT week, CAST(made_on AS text) FROM forecast_week ORDER BY week";
    let statement = sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(&raw), query);
    let rows = sea_orm::ConnectionTrait::query_all_raw(&raw, statement).await.unwrap();
    raw.close().await.unwrap();
    let kept: Vec<(i32, String)> = rows.iter().map(|r| (r.try_get_by_index(0).unwrap(), r.try_get_by_index(1).unwrap())).collect();
    let expected = [(1, "2026-04-02"), (2, "2026-04-09"), (3, "2026-04-16")].map(|(week, on)| (week, on.to_owned()));
    assert_eq!(kept, expected);
    app.finish().await;
}

#[actix_web::test]
async fn the_reminder_to_the_supplier_says_when_the_likely_finish_has_moved() {
    let app = TestApp::new().await;
    let (told, untold) = (app.product(OWNER).await, app.product(RIVAL).await);
    for (who, reference) in [(OWNER, &told), (RIVAL, &untold)] {
        app.send(who, reference, DESK).await;
        app.send_back(REVIEWER, reference, DESK, &["sm-desk-email"]).await;
    }
    app.forecasts().await;
    app.run("DELETE FROM forecast_week").await;
    app.run("UPDATE forecast SET middle = '2026-04-20', late = '2026-05-04'").await;
    app.run(
        "INSERT INTO forecast_week (product_id, passage, week, made_on, middle, late) \
         SELECT product_id, 1, 1, made_on, middle, late FROM forecast",
    )
    .await;
    // Ten working days after 2 April, two of them bank holidays.
    app.clock.set("2026-04-20T07:30:00Z".parse().unwrap());
    app.forecasts().await;
    let rival = app.see(RIVAL, &untold).await.unwrap();
    let theirs = if app.db.is_embedded() { format!("x'{}'", rival.id.0.simple()) } else { format!("'{}'", rival.id.0) };
    app.run(&format!("DELETE FROM forecast WHERE product_id = {theirs}")).await;
    app.mail().await;
    let before = app.mail_so_far().len();
    app.worker.remind().await.unwrap();
    let likely = app.forecast_of(&told).await.unwrap().likely().words().replace('\u{a0}', " ");
    let mail = app.mail().await.split_off(before);
    let to = |email: &str| mail.iter().find(|m| m.to.contains(email) && m.text.subject.contains("is waiting for you")).unwrap();
    let sentence = format!("Your likely finish has moved to {likely}.");
    assert!(to(OWNER.email).text.body.contains(&sentence), "{}", to(OWNER.email).text.body);
    assert!(!to(RIVAL.email).text.body.contains("likely finish"), "{}", to(RIVAL.email).text.body);
    app.finish().await;
}
