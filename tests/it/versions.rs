//! The history of an answer: every version, for the supplier all of them, for the assurance team those that were sent.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::{Ruling, SectionCommand};
use assured::domain::section::Verdict;
use assured::migrations::Migrator;
use chrono::Duration;
use sea_orm::{ConnectionTrait as _, Statement};
use sea_orm_migration::MigratorTrait as _;

use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;
const KEY: &str = "sm-support-hours";
const ADDRESS: &str = "/products/c2a-1001/sections/service-management/questions/sm-support-hours/history";
const FIRST: &str = "The desk answers on weekdays from 9am to 5pm, and nobody answers at night.";
const SECOND: &str = "The desk answers on weekdays from 8am to 6pm, and nobody answers at night.";
const THIRD: &str = "The desk answers on weekdays from 8am to 6pm, and the on-call engineer answers at night.";

async fn write(app: &TestApp, who: Persona, text: &str, remark: &str) {
    app.answer(who, "C2A-1001", (KEY, Value::Text(text.to_owned())), remark).await;
    app.advance(Duration::hours(1));
}

/// The page with ordinary spaces.
async fn page(app: &TestApp, who: Persona, query: &str) -> Reply {
    let reply = app.get(who, &format!("{ADDRESS}{query}")).await;
    Reply { body: reply.body.replace('\u{a0}', " "), ..reply }
}

/// Sent once with the first version, asked about, and answered twice since.
async fn asked(app: &TestApp) {
    app.product(OWNER).await;
    write(app, OWNER, FIRST, "").await;
    app.send(OWNER, "C2A-1001", SECTION).await;
    app.advance(Duration::hours(1));
    app.send_back(REVIEWER, "C2A-1001", SECTION, &[KEY]).await;
    app.advance(Duration::hours(1));
    write(app, EDITOR, SECOND, "").await;
    write(app, OWNER, THIRD, "We have hired somebody.").await;
}

#[actix_web::test]
async fn one_version_has_not_changed_and_none_says_what_would_be_here() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    page(&app, OWNER, "").await.is(200).has("This question has not been answered yet.").lacks("<form action=\"/products");
    write(&app, OWNER, FIRST, "").await;
    page(&app, OWNER, "").await.has("This answer has not changed since it was first saved on Thursday 2 April 2026.").has(FIRST);
    page(&app, REVIEWER, "").await.is(200).has("This answer has not been sent yet.").lacks(FIRST);
    app.send(OWNER, "C2A-1001", SECTION).await;
    let sent = "This answer has not changed since it was first sent on Thursday 2 April 2026.";
    page(&app, REVIEWER, "").await.has(sent).has("Sent in round 1 by Priya Shah on 2 April 2026").has(FIRST);
    app.finish().await;
}

#[actix_web::test]
async fn any_two_versions_are_compared_in_either_order_with_words_and_messages() {
    let app = TestApp::new().await;
    asked(&app).await;
    let all = page(&app, OWNER, "").await;
    all.is(200).has("Versions (3)").has("Saved by Tom Bell on 2 April 2026").has("Sent in round 1 by Priya Shah");
    all.has("What Amina Okafor asked in round 1, 2 April 2026").has("Say more about this.").has("We have hired somebody.");
    all.lacks("What changed from");
    for query in ["?from=1&to=3", "?from=3&to=1"] {
        let compared = page(&app, VIEWER, query).await;
        compared.is(200).has("What changed from version 1 to version 3").has("<ins>").has("<del>").has("on-call engineer");
        compared.has("Message to the reviewer");
    }
    let other = page(&app, OWNER, "?from=1&to=2").await;
    other.has("What changed from version 1 to version 2").lacks("<h3 class=\"nhsuk-heading-s\">Message to the reviewer");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_no_version_is_said_beside_the_choice() {
    let app = TestApp::new().await;
    asked(&app).await;
    let none = "of this answer. Select one of the list";
    for (query, sentence) in [
        ("?from=1&to=4", format!("There is no version 4 {none}")),
        ("?from=0&to=1", format!("There is no version 0 {none}")),
        ("?from=first&to=2", format!("There is no version first {none}")),
        ("?from=99999999999&to=2", format!("There is no version 99999999999 {none}")),
        ("?from=-1&to=2", format!("There is no version -1 {none}")),
        ("?from=1", "Select the later version".to_owned()),
        ("?to=1", "Select the earlier version".to_owned()),
        ("?from=2&to=2", "Select 2 different versions".to_owned()),
    ] {
        page(&app, OWNER, query).await.is(422).has(&sentence).has("Versions (3)").lacks("What changed from");
    }
    for path in ["sections/data-security/questions/sm-support-hours/history", "sections/service-management/questions/none/history"]
    {
        app.get(OWNER, &format!("/products/c2a-1001/{path}")).await.is(404);
    }
    app.get(RIVAL, ADDRESS).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn the_assurance_team_reads_what_was_sent_and_the_supplier_what_was_told() {
    let app = TestApp::new().await;
    asked(&app).await;
    for who in [REVIEWER, MANAGER] {
        let seen = page(&app, who, "").await;
        seen.is(200).has(FIRST).lacks(SECOND).lacks(THIRD).lacks("Version 2").has("has not changed since it was first sent");
        // A version that was not sent and one that does not exist look the same.
        let (unsent, unknown) = (page(&app, who, "?from=1&to=2").await, page(&app, who, "?from=1&to=9").await);
        unsent.is(422);
        assert_eq!(unsent.body.replace("to=2", "to=9").replace("version 2", "version 9"), unknown.body);
    }
    app.act(OWNER, "C2A-1001", SECTION, SectionCommand::Send(statement(SECTION))).await;
    let seen = page(&app, REVIEWER, "?from=1&to=3").await;
    seen.is(200).has("Versions (2)").has("Sent in round 2").has("What changed from version 1 to version 3").lacks("Version 2,");
    let ruling = Ruling { question: KEY.to_owned(), verdict: Some(Verdict::Accept), comment: String::new() };
    app.act(REVIEWER, "C2A-1001", SECTION, SectionCommand::Take).await;
    app.act(REVIEWER, "C2A-1001", SECTION, SectionCommand::Decide(vec![ruling])).await;
    page(&app, REVIEWER, "").await.has("Accepted by Amina Okafor in round 2");
    page(&app, OWNER, "").await.lacks("Accepted by Amina Okafor");
    app.accept(REVIEWER, "C2A-1001", SECTION).await;
    page(&app, OWNER, "").await.has("Accepted by Amina Okafor in round 2").has("What Amina Okafor asked in round 1");
    app.finish().await;
}

#[actix_web::test]
async fn the_pages_where_an_answer_is_lead_to_its_history() {
    let app = TestApp::new().await;
    asked(&app).await;
    let to = format!("href=\"{ADDRESS}\"");
    app.get(OWNER, "/products/c2a-1001/sections/service-management/questions/sm-desk-phone").await.has(&to);
    app.get(OWNER, "/products/c2a-1001/sections/service-management/feedback").await.has(&to);
    app.get(VIEWER, "/products/c2a-1001/sections/service-management").await.has(&to);
    app.act(OWNER, "C2A-1001", SECTION, SectionCommand::Send(statement(SECTION))).await;
    app.get(REVIEWER, "/products/c2a-1001/sections/service-management/review").await.has(&to);
    app.finish().await;
}

#[actix_web::test]
async fn many_versions_come_in_pages_that_keep_what_is_compared_and_run_the_same_statements() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    for number in 0..3 {
        write(&app, OWNER, &format!("Version of {number} o'clock."), "").await;
    }
    let count = async |query: &str| {
        page(&app, OWNER, query).await.is(200);
        let before = app.db.statements();
        page(&app, OWNER, query).await.is(200);
        app.db.statements() - before
    };
    let few = count("?from=1&to=2").await;
    for number in 3..27 {
        app.answer(OWNER, "C2A-1001", (KEY, Value::Text(format!("Version of {number} o'clock."))), "").await;
    }
    assert_eq!(count("?from=1&to=2").await, few);
    assert!(few <= 22, "{few} statements");
    let first = page(&app, OWNER, "?from=1&to=27").await;
    first.has("Versions (27)").has("id=\"version-27\"").has("id=\"version-3\"").lacks("id=\"version-2\"");
    first.has("from=1&#38;to=27&#38;page=2").has("Version 1, saved by");
    page(&app, OWNER, "?page=2").await.has("id=\"version-2\"").lacks("id=\"version-3\"");
    app.finish().await;
}

#[actix_web::test]
async fn versions_are_only_added() {
    let app = TestApp::new().await;
    asked(&app).await;
    let raw = app.place.raw().await;
    for statement in ["UPDATE answer_version SET remark = 'Never said'", "DELETE FROM answer_version"] {
        assert!(raw.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    raw.close().await.unwrap();
    app.finish().await;
}

#[actix_web::test]
async fn what_was_saved_before_versions_were_kept_is_found_in_what_was_sent_and_what_is_there() {
    let app = TestApp::new().await;
    asked(&app).await;
    app.act(OWNER, "C2A-1001", SECTION, SectionCommand::Send(statement(SECTION))).await;
    app.advance(Duration::hours(1));
    app.act(OWNER, "C2A-1001", SECTION, SectionCommand::TakeBack).await;
    write(&app, OWNER, "Day and night.", "").await;
    let raw = app.place.raw().await;
    let all = Migrator::migrations();
    let steps = all.iter().rev().position(|m| m.name().ends_with("m0016_asking")).unwrap() + 1;
    Migrator::down(&raw, Some(u32::try_from(steps).unwrap())).await.unwrap();
    Migrator::up(&raw, None).await.unwrap();
    let strings = async |query: &str| -> Vec<String> {
        let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), query)).await.unwrap();
        rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect()
    };
    let of = format!("question = '{KEY}' ORDER BY");
    let versions =
        strings(&format!("SELECT CAST(edition AS text) || ' ' || CAST(value AS text) FROM answer_version WHERE {of} edition"))
            .await;
    assert_eq!(versions.len(), 3, "{versions:?}");
    for (found, (edition, text)) in versions.iter().zip([("1", FIRST), ("3", THIRD), ("4", "Day and night.")]) {
        assert!(found.starts_with(edition) && found.contains(text), "{versions:?}");
    }
    let sent =
        strings(&format!("SELECT CAST(round AS text) || ' ' || CAST(edition AS text) FROM answer_sent WHERE {of} round")).await;
    assert_eq!(sent, ["1 1", "2 3"]);
    raw.close().await.unwrap();
    app.finish_with_mail().await;
}
