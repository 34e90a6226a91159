//! How a Connection Agreement is issued: with or without a signature, when, and what stops it.

use assured::act::Rules;
use assured::domain::agreement::command::AgreementCommand;
use assured::domain::agreement::{AgreementState, Trigger};
use assured::domain::catalogue::Section;
use assured::domain::command::Command;
use assured::domain::facts::{ExistingAgreement, NamedPerson, OrganisationFacts};
use assured::domain::words::SigningId;

use crate::agreements::{at, issuable, non_functional, post, state};
use crate::page::form;
use crate::support::assurance::*;
use crate::support::*;

async fn existing(app: &TestApp, existing: ExistingAgreement) {
    let owner = app.actor(OWNER).await;
    let id = app.organisation(OWNER).await;
    let present = app.db.visible(&owner).organisation(id).await.unwrap().facts;
    let facts = OrganisationFacts { existing_agreement: Some(existing), ..present.clone() };
    app.db.change_organisation(&owner, id, (&facts, &present.edition()), app.now()).await.unwrap();
}

#[actix_web::test]
async fn an_agreement_that_stands_is_issued_again_without_a_signature() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    existing(&app, ExistingAgreement::SamePerson).await;
    app.get(OWNER, &at(&reference, "")).await.has("Re-issued, no need to sign");
    let address = at(&reference, "/issue");
    let page = app.get(REVIEWER, &address).await;
    let pressed = form(page.is(200), &address, "Issue the agreement").pressed("Issue the agreement");
    assert!(pressed.contains(&("kind".to_owned(), "reissued".to_owned())), "{pressed:?}");
    post(&app, REVIEWER, &address, &pressed).await.goes_to(&at(&reference, ""));
    post(&app, REVIEWER, &address, &pressed).await.goes_to(&at(&reference, ""));
    app.get(OWNER, &at(&reference, "")).await.has("Nobody needs to sign").has("Not needed").has("nobody needs to sign again");
    assert_eq!(state(&app, &reference).await, AgreementState::Accepted);
    assert!(app.mail().await.iter().all(|m| m.to != officer().email));
    app.finish().await;
}

#[actix_web::test]
async fn nobody_is_asked_for_a_signatory_where_nobody_signs_again() {
    let app = TestApp::new().await;
    app.name_party().await;
    let owner = app.actor(OWNER).await;
    let id = app.organisation(OWNER).await;
    let present = app.db.visible(&owner).organisation(id).await.unwrap().facts;
    let same = Some(ExistingAgreement::SamePerson);
    let facts = OrganisationFacts { existing_agreement: same, signatory: officer(), ..present.clone() };
    app.db.change_organisation(&owner, id, (&facts, &present.edition()), app.now()).await.unwrap();
    let reference = app.product(OWNER).await;
    let home = format!("/products/{}", reference.to_lowercase());
    app.get(OWNER, &home).await.is(200).lacks("Say who will sign");
    app.accept_all(&reference, &non_functional()).await;
    app.answer_all(OWNER, &reference, Section::CoreConformance).await;
    app.get(OWNER, &at(&reference, "")).await.has("Not needed").has("we’ll issue the agreement by").lacks("who will sign it");
    app.get(OWNER, &home).await.lacks("Say who will sign").lacks("Say first who will sign");
    let address = at(&reference, "/issue");
    let page = app.get(REVIEWER, &address).await;
    page.is(200).lacks("What is missing").has(&officer().name);
    let pressed = form(&page, &address, "Issue the agreement").pressed("Issue the agreement");
    post(&app, REVIEWER, &address, &pressed).await.goes_to(&at(&reference, ""));
    post(&app, REVIEWER, &address, &pressed).await.goes_to(&at(&reference, ""));
    assert_eq!(state(&app, &reference).await, AgreementState::Accepted);
    app.get(OWNER, &home).await.lacks("Say who will sign");
    app.finish().await;
}

#[actix_web::test]
async fn what_an_organisation_says_of_itself_changes_what_its_products_wait_for() {
    let app = TestApp::new().await;
    app.name_party().await;
    let (first, second) = (app.product(OWNER).await, app.product(OWNER).await);
    app.command(OWNER, &second, Command::Withdraw("We retire it.".to_owned())).await;
    let owner = app.actor(OWNER).await;
    let id = app.organisation(OWNER).await;
    let home = format!("/products/{}", first.to_lowercase());
    app.get(OWNER, &home).await.is(200).has("Say who will sign");
    for existing in [Some(ExistingAgreement::SamePerson), None] {
        let present = app.db.visible(&owner).organisation(id).await.unwrap().facts;
        let facts = OrganisationFacts { existing_agreement: existing, signatory: officer(), ..present.clone() };
        app.advance(chrono::Duration::days(1));
        app.db.change_organisation(&owner, id, (&facts, &present.edition()), app.now()).await.unwrap();
        let page = app.get(OWNER, &home).await;
        if existing.is_some() {
            page.lacks("Say who will sign")
        } else {
            page.has("Say who will sign")
        };
        app.clocks_agree().await;
    }
    app.finish().await;
}

#[actix_web::test]
async fn who_names_the_signatory_late_is_promised_five_days_from_then() {
    let app = TestApp::new().await;
    app.name_party().await;
    let reference = app.product(OWNER).await;
    app.accept_all(&reference, &non_functional()).await;
    app.advance(chrono::Duration::days(26));
    let home = format!("/products/{}", reference.to_lowercase());
    app.get(OWNER, &home).await.has("Say who will sign");
    app.agree(OWNER, &reference, AgreementCommand::Name(officer(), SigningId(new_uuid()))).await;
    // From Tuesday 28 April 2026 over the early May bank holiday.
    let page = app.get(OWNER, &home).await;
    page.has("Wednesday 6\u{a0}May 2026").lacks("We’re sorry").has("The person who signs was named on Tuesday 28\u{a0}April 2026.");
    app.mail().await;
    assert_eq!(app.worker.remind().await.unwrap(), 0, "nothing is late, and nobody apologises");
    // Another name does not move it.
    let other = NamedPerson { name: "Ada Dean".to_owned(), ..officer() };
    app.advance(chrono::Duration::days(1));
    app.agree(OWNER, &reference, AgreementCommand::Name(other, SigningId(new_uuid()))).await;
    app.get(OWNER, &home).await.has("Wednesday 6\u{a0}May 2026");
    app.finish().await;
}

#[actix_web::test]
async fn somebody_else_signs_again_and_the_page_says_what_changed() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    existing(&app, ExistingAgreement::OtherPerson).await;
    let address = at(&reference, "/issue");
    let page = app.get(REVIEWER, &address).await;
    page.is(200).has("Proposed: <strong>Re-issued, to be signed again");
    let mut again = form(&page, &address, "Issue the agreement");
    again.set("reason", "");
    post(&app, REVIEWER, &address, &again.pressed("Issue the agreement")).await.is(422).has("Say what changed");
    again.set("reason", "A director signs now.");
    post(&app, REVIEWER, &address, &again.pressed("Issue the agreement")).await.is(303);
    app.get(OWNER, &at(&reference, "")).await.has("A director signs now.").has("needs to sign");
    assert_eq!(state(&app, &reference).await, AgreementState::Issued);
    app.finish().await;
}

#[actix_web::test]
async fn what_is_missing_or_has_changed_stops_the_issue() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = at(&reference, "/issue");
    let page = app.get(REVIEWER, &address).await;
    page.is(200)
        .has("You cannot issue it now")
        .has("Registered address: from the details of the organisation")
        .has("Signatory: when");
    page.lacks("What changed?");
    app.post(REVIEWER, &address, &[("kind", "new"), ("role", "processor")]).await.is(409);
    app.get(MANAGER, &address).await.is(200);
    app.post(MANAGER, &address, &[("kind", "new"), ("role", "processor")]).await.is(403);

    app.name_party().await;
    app.accept_all(&reference, &non_functional()).await;
    app.agree(OWNER, &reference, AgreementCommand::Name(officer(), SigningId(new_uuid()))).await;
    let pressed = form(&app.get(REVIEWER, &address).await, &address, "Issue").pressed("Issue");
    let other = NamedPerson { name: "Ada Dean".to_owned(), ..officer() };
    app.agree(OWNER, &reference, AgreementCommand::Name(other, SigningId(new_uuid()))).await;
    let stale = post(&app, REVIEWER, &address, &pressed).await;
    stale.is(409).has("Something on the agreement has changed").has("Ada Dean");
    let mut unknown = form(&stale, &address, "Issue");
    unknown.set("kind", "gift").set("role", "friend");
    let unknown = post(&app, REVIEWER, &address, &unknown.pressed("Issue")).await;
    unknown.is(422).has("Select how to issue the agreement").has("Select the role in data protection");
    let mut reissued = form(&stale, &address, "Issue");
    reissued.set("kind", "reissued").set("reason", "Why not.");
    post(&app, REVIEWER, &address, &reissued.pressed("Issue")).await.is(422).has("needs one that is in force");
    assert_eq!(state(&app, &reference).await, AgreementState::NotIssued);
    app.finish().await;
}

#[actix_web::test]
async fn the_setting_moves_the_day_from_which_an_agreement_can_be_issued() {
    for (trigger, words) in [
        (Trigger::Sections, "all 6 sections are accepted. 2 are left"),
        (Trigger::Certificate, "when the product has its certificate"),
    ] {
        let app = TestApp::with(Rules::published().unwrap().with_trigger(trigger)).await;
        let reference = issuable(&app).await;
        app.get(OWNER, &at(&reference, "")).await.has(words);
        app.get(REVIEWER, &at(&reference, "/issue")).await.has(words).lacks("What changed?");
        app.finish().await;
    }
}
