//! Who works on the same page: colleagues are told, nobody else is.

use assured::domain::catalogue::Section;
use chrono::Duration;

use crate::drafts::autosave;
use crate::queries::statements;
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;

#[actix_web::test]
async fn colleagues_are_told_for_some_minutes() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    let hub = format!("/products/{}/sections/{SECTION}", product.to_lowercase());
    let place = format!("{hub}/questions/sm-desk-phone");
    let sentence = "Tom Bell is working on this question now. If you both make changes, you’ll be able to choose which to keep.";
    app.get(EDITOR, &place).await.is(200).lacks("is working on");
    app.get(OWNER, &place).await.is(200).has(sentence);
    app.get(OWNER, &hub).await.is(200).has("Tom Bell is working on this now");
    app.get(REVIEWER, &hub).await.is(200).lacks("Tom Bell is working");

    app.advance(Duration::minutes(2));
    autosave(&app, EDITOR, &place, &[("edition-sm-support-hours", "0"), ("answer-sm-support-hours", "Still here")]).await.is(200);
    app.advance(Duration::minutes(2));
    app.get(OWNER, &place).await.has(sentence);
    app.advance(Duration::minutes(4));
    app.get(OWNER, &place).await.lacks("Tom Bell is working");
    app.worker.sweep().await.unwrap();
    app.finish().await;
}

#[actix_web::test]
async fn who_has_saved_works_on_it_no_more() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    let place = format!("/products/{}/sections/{SECTION}/questions/sm-desk-phone", product.to_lowercase());
    app.get(EDITOR, &place).await.is(200);
    app.post(EDITOR, &place, &[("edition-sm-desk-phone", "0"), ("answer-sm-desk-phone", "0113 496 0001"), ("go", "back")])
        .await
        .is(303);
    app.get(OWNER, &place).await.is(200).lacks("is working on");
    app.finish().await;
}

#[actix_web::test]
async fn reviewers_see_reviewers_and_suppliers_see_their_own() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    let review = format!("/products/{}/sections/{SECTION}/review", product.to_lowercase());
    app.get(OTHER_REVIEWER, &review).await.is(200);
    app.get(REVIEWER, &review).await.is(200).has("Sam Reed has this page open.");
    let reviewer = app.actor(OTHER_REVIEWER).await;
    let owner = app.actor(OWNER).await;
    let editor = app.actor(EDITOR).await;
    // Whoever is noted at an address: the two sides do not see each other there.
    let place = format!("/products/{}/sections/{SECTION}/questions/sm-desk-phone", product.to_lowercase());
    app.db.be_present(&reviewer, &place, app.now()).await.unwrap();
    app.db.be_present(&app.actor(RIVAL).await, &place, app.now()).await.unwrap();
    app.db.be_present(&editor, &place, app.now()).await.unwrap();
    let seen = app.see(OWNER, &product).await.unwrap();
    let names = async |actor: &assured::domain::actor::Actor| {
        let present = app.db.visible(actor).present(&seen, std::slice::from_ref(&place), app.now()).await.unwrap();
        present.into_iter().map(|p| p.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&owner).await, ["Tom Bell"]);
    assert_eq!(names(&reviewer).await, ["Sam Reed"]);
    app.finish().await;
}

#[actix_web::test]
async fn the_pages_of_a_section_run_the_same_statements_with_many_drafts_and_people() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    let hub = format!("/products/{}/sections/{SECTION}", product.to_lowercase());
    let place = format!("{hub}/questions/sm-desk-phone");
    let pages = [place.clone(), hub.clone(), format!("{hub}/check"), "/drafts".to_owned()];
    let mut few = Vec::new();
    for page in &pages {
        few.push(statements(&app, OWNER, page).await);
    }
    for question in ["sm-desk-phone", "sm-incident-process", "sm-change-notice"] {
        let place = format!("{hub}/questions/{question}");
        autosave(&app, OWNER, &place, &[("edition-sm-support-hours", "0"), ("answer-sm-support-hours", "More")]).await.is(200);
        app.get(EDITOR, &place).await;
    }
    for (page, few) in pages.iter().zip(few) {
        let many = statements(&app, OWNER, page).await;
        assert!(many <= few + 1 && many <= 26, "{page} ran {few} statements, then {many}");
    }
    app.finish().await;
}
