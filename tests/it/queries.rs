//! A page runs a fixed number of statements, whatever the size of the data.

use assured::domain::catalogue::Section;
use assured::domain::demonstration::command::DemonstrationCommand;
use chrono::Days;

use crate::support::*;

/// The statements that a page runs, sessions and all.
pub async fn statements(app: &TestApp, who: Persona, path: &str) -> u64 {
    app.get(who, path).await.is(200);
    let before = app.db.statements();
    app.get(who, path).await.is(200);
    app.db.statements() - before
}

#[actix_web::test]
async fn lists_and_the_product_home_do_not_depend_on_the_data() {
    let app = TestApp::new().await;
    let pages = [
        (OWNER, "/products"),
        (MANAGER, "/products"),
        (REVIEWER, "/queue"),
        (MANAGER, "/queue?due=later&round=first"),
        (INTERESTED, "/queue"),
        (MANAGER, "/reports/workload"),
        (MANAGER, "/queue/assignment?review=c2a-1001/medical-device"),
        (OWNER, "/products/c2a-1001"),
    ];
    for _ in 0..10 {
        app.product(OWNER).await;
    }
    app.send(OWNER, "C2A-1001", Section::MedicalDevice).await;
    let mut few = Vec::new();
    for (who, path) in pages {
        few.push(statements(&app, who, path).await);
    }
    for number in 10..1000 {
        let reference = app.product(OWNER).await;
        if number % 10 == 0 {
            app.send(OWNER, &reference, Section::MedicalDevice).await;
        }
    }
    for ((who, path), few) in pages.into_iter().zip(few) {
        let many = statements(&app, who, path).await;
        assert_eq!(many, few, "{path} ran {few} statements with 10 products and {many} with 1,000");
        assert!(many <= 17, "{path} runs {many} statements");
    }
    app.finish().await;
}

#[actix_web::test]
async fn the_lists_of_those_who_plan_do_not_depend_on_the_data() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    let date = app.published(21).await;
    app.test(OWNER, &reference, DemonstrationCommand::Book(date)).await;
    let reviewer = app.actor(REVIEWER).await;
    let grow = async |from: u64, until: u64| {
        for number in from..until {
            let day = app.rules.calendar().earliest_test(assured::domain::calendar::london_date(app.now())) + Days::new(number);
            let starts_at = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
            app.db.publish_slots(&reviewer, &[starts_at], Some(reviewer.person()), app.now()).await.unwrap();
            app.db.add_leave(&reviewer, reviewer.person(), (day, day), app.now()).await.unwrap();
        }
    };
    let checks = format!("/products/{}/demonstration/checks", reference.to_lowercase());
    let pages = [
        "/demonstrations",
        "/demonstrations?when=today",
        "/demonstrations?when=past",
        "/demonstrations/slots",
        "/availability",
        checks.as_str(),
    ];
    grow(0, 2).await;
    let mut few = Vec::new();
    for path in pages {
        few.push(statements(&app, MANAGER, path).await);
    }
    grow(2, 80).await;
    let mut number = 0;
    while number < 5 {
        let reference = app.product(OWNER).await;
        for section in [Section::CoreConformance, Section::Cis2Conformance] {
            app.send(OWNER, &reference, section).await;
        }
        let date = app.published(22 + 2 * number).await;
        let command =
            if number % 2 == 0 { DemonstrationCommand::Book(date) } else { DemonstrationCommand::Ask(vec![date.starts_at]) };
        app.test(OWNER, &reference, command).await;
        number += 1;
    }
    for (path, few) in pages.into_iter().zip(few) {
        let many = statements(&app, MANAGER, path).await;
        assert_eq!(many, few, "{path} ran {few} statements with few dates and {many} with many");
        assert!(many <= 20, "{path} runs {many} statements");
    }
    app.finish().await;
}
