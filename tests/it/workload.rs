//! Who has which reviews, and giving several of them to somebody at once.

use assured::domain::catalogue::Section;
use assured::domain::command::{Command, SectionCommand};
use assured::domain::event::EventKind;
use chrono::Duration;

use crate::support::http::Reply;
use crate::support::*;

const SECTIONS: [Section; 3] = [Section::ServiceManagement, Section::MedicalDevice, Section::DataSecurity];

/// A product with three reviews that nobody has, and two of another supplier that a reviewer has.
async fn busy() -> TestApp {
    let app = TestApp::new().await;
    let (one, other) = (app.product(OWNER).await, app.product(RIVAL).await);
    for section in SECTIONS {
        app.send(OWNER, &one, section).await;
    }
    for section in [SECTIONS[0], SECTIONS[1]] {
        app.send(RIVAL, &other, section).await;
        app.act(REVIEWER, &other, section, SectionCommand::Take).await;
    }
    app
}

async fn assign(app: &TestApp, to: &str, reviews: &[&str]) -> Reply {
    let mut fields: Vec<(&str, &str)> = reviews.iter().map(|r| ("review", *r)).collect();
    fields.extend([("reviewer", to), ("from", "/queue?due=overdue&page=2")]);
    app.post(MANAGER, "/queue/assignment", &fields).await
}

#[actix_web::test]
async fn the_workload_says_who_has_what_and_who_has_room() {
    let app = busy().await;
    let person = app.id(OTHER_REVIEWER).await.to_string();
    let leave = [
        ("person", person.as_str()),
        ("from-day", "2"),
        ("from-month", "4"),
        ("from-year", "2026"),
        ("until-day", "20"),
        ("until-month", "4"),
        ("until-year", "2026"),
    ];
    app.post(MANAGER, "/availability", &leave).await.is(303);
    let page = app.get(MANAGER, "/reports/workload").await;
    // Four working days before Good Friday: 5 for Ines, 5 less 2 for Amina, 3 of 4 days are left to Sam: 3.
    page.is(200).has("3 reviews are with nobody, and 3 people have room for 11 more this week");
    page.has("On leave until 20\u{a0}April 2026")
        .has("Service and incident management – Wardlight 2, round 1: 5 working days left");
    page.has("href=\"/products/c2a-1002/sections/medical-device/review\"").has("Reassign selected reviews");
    let own = app.get(REVIEWER, "/reports/workload").await;
    own.is(200).has("Room for 3 more this week").lacks("Reassign selected reviews").lacks("name=\"review\"");
    assert!(own.body.find("Amina Okafor</a></span>") < own.body.find("Ines Costa"), "one's own row comes first");
    app.advance(Duration::days(13));
    app.get(MANAGER, "/reports/workload").await.has("2 reviews, 2 overdue").has("round 1: overdue 2 days");
    app.get(OWNER, "/reports/workload").await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn several_reviews_are_given_at_once_each_with_its_event_and_letter() {
    let app = busy().await;
    let person = app.id(OTHER_REVIEWER).await.to_string();
    let chosen = ["c2a-1001/service-management", "c2a-1001/medical-device", "c2a-1002/service-management"];
    let query: Vec<String> = chosen.iter().map(|c| format!("review={c}")).collect();
    let ask = app.get(MANAGER, &format!("/queue/assignment?{}&from=%2Fqueue", query.join("&"))).await;
    ask.is(200).has("Reassign 3 reviews").has("Amina Okafor has it").has("2 reviews. Room for 3 more this week.");
    let done = assign(&app, &person, &chosen).await;
    done.goes_to("/queue?due=overdue");
    app.follow(MANAGER, &done).await.has("3 reviews are with Sam Reed");
    for (reference, section) in [("C2A-1001", SECTIONS[0]), ("C2A-1001", SECTIONS[1]), ("C2A-1002", SECTIONS[0])] {
        let product = app.see(MANAGER, reference).await.unwrap();
        assert_eq!(product.section(section).reviewer, Some(app.id(OTHER_REVIEWER).await));
    }
    let letters = app.mail().await;
    assert_eq!(letters.iter().filter(|m| m.to == OTHER_REVIEWER.email).count(), 3);
    let actor = app.actor(MANAGER).await;
    let product = app.see(MANAGER, "C2A-1001").await.unwrap();
    let history = app.db.visible(&actor).history(&product, 1).await.unwrap();
    assert_eq!(history.rows.iter().filter(|e| e.kind == EventKind::ReviewAssigned).count(), 2);
    app.finish().await;
}

#[actix_web::test]
async fn what_cannot_be_given_is_said_and_the_rest_is_done() {
    let app = busy().await;
    let person = app.id(OTHER_REVIEWER).await.to_string();
    // Taken back and put on hold after the page was opened.
    app.act(OWNER, "C2A-1001", SECTIONS[1], SectionCommand::TakeBack).await;
    app.try_act(RIVAL, "C2A-1002", &Command::Hold("No time.".to_owned())).await.unwrap();
    let chosen = ["c2a-1001/medical-device", "c2a-1001/data-security", "c2a-1002/service-management", "c2a-9999/data-security"];
    let reply = assign(&app, &person, &chosen).await;
    reply.is(422).has("1 review is with Sam Reed. The others could not be given:");
    reply.has("Medical device status of C2A-1001: This section has not been sent yet.");
    reply.has("Service and incident management of C2A-1002: This product is on hold or has been withdrawn.");
    reply.has("of C2A-9999: It is not there any more.");
    let one = app.see(MANAGER, "C2A-1001").await.unwrap();
    assert_eq!(one.section(SECTIONS[2]).reviewer, Some(app.id(OTHER_REVIEWER).await));
    let other = app.see(MANAGER, "C2A-1002").await.unwrap();
    assert_eq!(other.section(SECTIONS[0]).reviewer, Some(app.id(REVIEWER).await));
    app.finish().await;
}

#[actix_web::test]
async fn a_choice_that_is_missing_or_wrong_is_named_and_nothing_is_lost() {
    let app = busy().await;
    let person = app.id(OTHER_REVIEWER).await.to_string();
    app.get(MANAGER, "/queue/assignment").await.is(422).has("Select at least one review").has("href=\"/reports/workload\"");
    app.get(MANAGER, "/queue/assignment?review=nonsense&review=a/b").await.is(422).has("Select at least one review");
    assign(&app, &person, &[]).await.is(422).has("Select at least one review").lacks("Select who should");
    let key = "c2a-1001/data-security";
    let nobody = assign(&app, "", &[key]).await;
    nobody.is(422).has("Select who should take these reviews").has(&format!("value=\"{key}\" checked"));
    let supplier = app.id(OWNER).await.to_string();
    assign(&app, &supplier, &[key]).await.is(422).has("Select who should take these reviews");
    let many: Vec<String> = (1000..1051).map(|n| format!("c2a-{n}/data-security")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assign(&app, &person, &many).await.is(422).has("Select 50 reviews or fewer. You have selected 51");
    for who in [REVIEWER, OWNER, ADMINISTRATOR] {
        app.get(who, &format!("/queue/assignment?review={key}")).await.is(404);
        app.post(who, "/queue/assignment", &[("review", key), ("reviewer", &person)]).await.is(404);
    }
    // Back is a list of ours, whatever the form says.
    let fields = [("review", key), ("reviewer", person.as_str()), ("from", "https://evil.example/")];
    app.post(MANAGER, "/queue/assignment", &fields).await.goes_to("/reports/workload");
    app.finish().await;
}

#[actix_web::test]
async fn leave_says_which_reviews_fall_into_it() {
    let app = busy().await;
    let person = app.id(REVIEWER).await.to_string();
    let days = [
        ("from-day", "7"),
        ("from-month", "4"),
        ("from-year", "2026"),
        ("until-day", "17"),
        ("until-month", "4"),
        ("until-year", "2026"),
    ];
    let mut fields = days.to_vec();
    fields.push(("person", &person));
    let booked = app.post(MANAGER, "/availability", &fields).await;
    let after = app.follow(MANAGER, &booked).await;
    after.has("Amina Okafor has 2 reviews due while away.").has(&format!("/queue?assigned={person}")).has("Reassign reviews");
    let own = app
        .post(
            REVIEWER,
            "/availability",
            &[("until-day", "16")].into_iter().chain(days.into_iter().filter(|d| d.0 != "until-day")).collect::<Vec<_>>(),
        )
        .await;
    app.follow(REVIEWER, &own).await.has("You have 2 reviews due while away.").has("href=\"/queue/mine\"");
    app.finish().await;
}
