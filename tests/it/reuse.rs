//! Answers that are not typed twice: copied from another product of the organisation, by people who look at both.

use assured::act::Rules;
use assured::domain::answer::Value;
use assured::domain::calendar::Calendar;
use assured::domain::catalogue::{Catalogue, Section};
use assured::domain::event::EventKind;
use assured::domain::section::SectionState;
use sea_orm::ConnectionTrait;

use crate::page::{form, link};
use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::DataSecurity;

fn copy_of(reference: &str, section: Section) -> String {
    format!("/products/{}/sections/{section}/copy", reference.to_lowercase())
}

/// Presses the button of a page's form with these words.
async fn press(app: &TestApp, who: Persona, (page, address): (&Reply, &str), button: &str) -> Reply {
    let form = form(page, address, button);
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

/// Two products of one organisation; the first has answered the section.
async fn two(app: &TestApp, section: Section) -> (String, String) {
    let (old, new) = (app.product(OWNER).await, app.product(OWNER).await);
    app.answer_all(OWNER, &old, section).await;
    (old, new)
}

#[actix_web::test]
async fn a_second_product_is_filled_by_copying_in_a_few_presses() {
    let app = TestApp::new().await;
    let (old, new) = (app.product(OWNER).await, app.product(OWNER).await);
    let mut presses = 0;
    for section in Section::ALL.iter().copied() {
        app.answer_all(OWNER, &old, section).await;
        let hub = format!("/products/{}/sections/{section}", new.to_lowercase());
        let page = app.get(EDITOR, &hub).await;
        let address = link(&page, "Copy answers from another product");
        let page = app.get(EDITOR, &address).await;
        page.is(200).has("Copy answers from Wardlight 1").has("Not answered yet");
        let done = press(&app, EDITOR, (&page, &address), "Copy the ticked answers").await;
        done.goes_to(&hub);
        app.follow(EDITOR, &done).await.has("You’ve copied");
        presses += 2;
    }
    let product = app.see(OWNER, &new).await.unwrap();
    let setting = app.rules.setting(&product, app.now()).unwrap();
    let given = product.given(setting.catalogue, setting.today());
    let open: Vec<&str> = Section::ALL
        .iter()
        .flat_map(|s| given.shown(*s))
        .filter(|q| given.value(&q.key).is_none())
        .map(|q| q.key.as_str())
        .collect();
    // What is left is what nobody can say for somebody else.
    assert_eq!(open, ["ds-breach-declaration", "cr-incident-declaration", "sm-hssi-declaration"]);
    assert_eq!(presses, 12);
    println!("{presses} presses copied {} answers", product.answers.len());
    for key in open {
        app.answer(EDITOR, &new, (key, Value::Ticked), "").await;
    }
    // Each section can be sent as it is, as one that was typed.
    for section in Section::ALL.iter().copied() {
        app.send(EDITOR, &new, section).await;
    }
    app.finish().await;
}

#[actix_web::test]
async fn the_history_says_where_an_answer_came_from() {
    let app = TestApp::new().await;
    let (_, new) = two(&app, SECTION).await;
    let address = copy_of(&new, SECTION);
    let page = app.get(EDITOR, &address).await;
    press(&app, EDITOR, (&page, &address), "Copy the ticked answers").await.is(303);
    let product = app.see(REVIEWER, &new).await.unwrap();
    let history = app.db.visible(&app.actor(REVIEWER).await).history(&product, 1).await.unwrap();
    let copied = history.rows.iter().filter(|e| e.kind == EventKind::AnswerCopied).count();
    assert_eq!(copied, product.answers.len());
    let page = app.get(REVIEWER, &format!("{}/history", product.address())).await;
    page.has("Answer copied from Wardlight 1 (C2A-1001): DSPT profile").has("Tom Bell");
    app.finish().await;
}

#[actix_web::test]
async fn nothing_that_is_answered_is_replaced_unless_it_is_ticked() {
    let app = TestApp::new().await;
    let (old, new) = two(&app, SECTION).await;
    let own = "We protect this one in another way. ".repeat(10).trim_end().to_owned();
    app.answer(OWNER, &new, ("ds-protection-measures", Value::Text(own.clone())), "As agreed.").await;
    let address = format!("{}?from={}", copy_of(&new, SECTION), old.to_lowercase());
    let page = app.get(OWNER, &address).await;
    page.has("You have another answer").has(&own);
    let mut choice = form(&page, &address, "Copy the ticked answers");
    press(&app, OWNER, (&page, &address), "Copy the ticked answers").await.is(303);
    let product = app.see(OWNER, &new).await.unwrap();
    assert_eq!(product.answers["ds-protection-measures"].value, Some(Value::Text(own)));
    // Ticked on purpose, it is replaced; what the supplier told the reviewer stays.
    choice.fields.retain(|(name, _)| name != "take");
    choice.fields.push(("take".to_owned(), "ds-protection-measures".to_owned()));
    let fields: Vec<(&str, &str)> = choice.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(OWNER, &choice.action, &fields).await.is(303);
    // A second press of the same form finds it done.
    app.post(OWNER, &choice.action, &fields).await.is(303);
    let (mine, theirs) = (app.see(OWNER, &new).await.unwrap(), app.see(OWNER, &old).await.unwrap());
    assert_eq!(mine.answers["ds-protection-measures"].value, theirs.answers["ds-protection-measures"].value);
    assert_eq!(mine.answers["ds-protection-measures"].remark, "As agreed.");
    app.get(OWNER, &address).await.has("the same in both products already");
    app.finish().await;
}

#[actix_web::test]
async fn a_choice_that_cannot_be_is_refused_beside_the_box() {
    let app = TestApp::new().await;
    let (old, new) = two(&app, SECTION).await;
    app.answer(OWNER, &new, ("ds-cyber-essentials", Value::Choice("none".to_owned())), "").await;
    let (address, from) = (copy_of(&new, SECTION), old.to_lowercase());
    let nothing = app.post(OWNER, &address, &[("from", &from)]).await;
    nothing.is(422).has("Select at least one answer to copy").has("href=\"#take-");
    let page = app.get(OWNER, &format!("{address}?from={from}")).await;
    let theirs =
        form(&page, &address, "Copy").fields.iter().find(|(n, _)| n == "theirs-ds-cyber-essentials-expires-on").unwrap().1.clone();
    let alone =
        [("from", from.as_str()), ("take", "ds-cyber-essentials-expires-on"), ("theirs-ds-cyber-essentials-expires-on", &theirs)];
    let refused = app.post(OWNER, &address, &alone).await;
    refused.is(422).has("is only asked with that answer").has("href=\"#take-ds-cyber-essentials-expires-on\"");
    assert!(!app.see(OWNER, &new).await.unwrap().answers.contains_key("ds-cyber-essentials-expires-on"));
    app.finish().await;
}

#[actix_web::test]
async fn who_copies_past_a_colleague_is_shown_what_changed() {
    let app = TestApp::new().await;
    let (old, new) = two(&app, SECTION).await;
    let address = format!("{}?from={}", copy_of(&new, SECTION), old.to_lowercase());
    let opened = app.get(OWNER, &address).await;
    // A colleague answers here meanwhile.
    app.answer(EDITOR, &new, ("ds-dspt-profile", Value::Choice("company".to_owned())), "").await;
    let late = press(&app, OWNER, (&opened, &address), "Copy the ticked answers").await;
    late.is(409).has("Somebody changed an answer").has("Changed just now").has("You have another answer");
    assert_eq!(app.see(OWNER, &new).await.unwrap().answers.len(), 1, "nothing is half done");
    // And there, in the product that is copied from.
    app.answer(EDITOR, &old, ("ds-cyber-essentials", Value::Choice("basic".to_owned())), "").await;
    let form = form(&late, &address, "Copy the ticked answers");
    assert!(!form.fields.iter().any(|(n, v)| n == "take" && v == "ds-dspt-profile"), "what changed is not ticked any more");
    press(&app, OWNER, (&late, &address), "Copy the ticked answers").await.is(409).has("Changed just now");
    let fresh = app.get(OWNER, &address).await;
    press(&app, OWNER, (&fresh, &address), "Copy the ticked answers").await.is(303);
    let product = app.see(OWNER, &new).await.unwrap();
    assert_eq!(product.answers["ds-dspt-profile"].value, Some(Value::Choice("company".to_owned())));
    assert_eq!(product.answers["ds-cyber-essentials"].value, Some(Value::Choice("basic".to_owned())));
    app.finish().await;
}

#[actix_web::test]
async fn only_products_of_the_own_organisation_are_copied_from() {
    let app = TestApp::new().await;
    let (old, new) = two(&app, SECTION).await;
    let foreign = app.product(RIVAL).await;
    app.answer_all(RIVAL, &foreign, SECTION).await;
    let address = copy_of(&new, SECTION);
    app.get(OWNER, &address).await.is(200).lacks(&foreign);
    let missing = app.get(OWNER, &format!("{address}?from=c2a-9999")).await;
    for from in [foreign.to_lowercase(), new.to_lowercase(), "x".repeat(400)] {
        let reply = app.get(OWNER, &format!("{address}?from={from}")).await;
        assert_eq!((reply.status, &reply.body), (404, &missing.body), "{from}");
        app.post(OWNER, &address, &[("from", &from), ("take", "ds-dspt-profile"), ("theirs-ds-dspt-profile", "1")]).await.is(404);
    }
    assert!(app.see(OWNER, &new).await.unwrap().answers.is_empty());
    // Somebody who only reads is not offered it, and cannot.
    app.get(VIEWER, &address).await.is(303);
    app.post(VIEWER, &address, &[("from", &old.to_lowercase()), ("take", "ds-dspt-profile")]).await.is(403);
    app.get(VIEWER, &address.replace("/copy", "")).await.lacks("Copy answers from another product");
    // The rival has no other product: there is nothing to copy, and no link.
    app.get(RIVAL, &copy_of(&foreign, SECTION)).await.has("None of your other products has answers for this section");
    app.get(RIVAL, &copy_of(&foreign, SECTION).replace("/copy", "")).await.lacks("Copy answers from another product");
    app.finish().await;
}

#[actix_web::test]
async fn a_section_that_was_sent_or_accepted_takes_no_copies() {
    let app = TestApp::new().await;
    let (old, new) = two(&app, Section::MedicalDevice).await;
    app.send(OWNER, &new, Section::MedicalDevice).await;
    let (address, from) = (copy_of(&new, Section::MedicalDevice), old.to_lowercase());
    let fields = [("from", from.as_str()), ("take", "md-is-device"), ("theirs-md-is-device", "1"), ("mine-md-is-device", "1")];
    app.post(OWNER, &address, &fields).await.is(409).has("has been sent");
    app.accept(REVIEWER, &new, Section::MedicalDevice).await;
    app.post(OWNER, &address, &fields).await.is(409).has("has been accepted");
    app.get(OWNER, &address).await.goes_to(&address.replace("/copy", ""));
    assert_eq!(app.see(OWNER, &new).await.unwrap().section(Section::MedicalDevice).state(), SectionState::Accepted);
    app.finish().await;
}

#[actix_web::test]
async fn a_question_that_was_revised_is_marked_and_left_alone() {
    let first = include_str!("../../src/domain/catalogue/v1.toml");
    let second = first.replacen("version = 1", "version = 2", 1).replacen(
        "key = \"ds-protection-measures\"",
        "key = \"ds-protection-measures\"\nrevision = 2",
        1,
    );
    let sets = [first, &second].map(|text| Catalogue::parse(text).unwrap());
    let app = TestApp::with(Rules::of(sets.into(), Calendar::england())).await;
    let old = app.product(OWNER).await;
    // It was added when there was one question set.
    let raw = app.place.raw().await;
    raw.execute_unprepared("UPDATE product SET question_set = 1").await.unwrap();
    raw.close().await.unwrap();
    app.answer_all(OWNER, &old, SECTION).await;
    let new = app.product(OWNER).await;
    let address = copy_of(&new, SECTION);
    let page = app.get(OWNER, &address).await;
    page.is(200).has("The question has changed");
    press(&app, OWNER, (&page, &address), "Copy the ticked answers").await.is(303);
    let product = app.see(OWNER, &new).await.unwrap();
    assert_eq!(product.question_set, 2);
    assert!(!product.answers.contains_key("ds-protection-measures") && product.answers.contains_key("ds-dspt-profile"));
    app.finish().await;
}

#[actix_web::test]
async fn what_the_organisation_answered_is_offered_and_used_with_one_press() {
    let app = TestApp::new().await;
    let (_, new) = two(&app, SECTION).await;
    app.advance(chrono::Duration::days(1));
    let hub = format!("/products/{}/sections/{SECTION}", new.to_lowercase());
    let page = app.get(EDITOR, &hub).await;
    page.has("9 answers can be taken from Wardlight 1");
    let address = link(&page, "Look at them and use them");
    let compare = app.get(EDITOR, &address).await;
    let ticked = form(&compare, &address, "Copy").fields.iter().filter(|(n, _)| n == "take").count();
    assert_eq!(ticked, 9, "exactly those are ticked");
    let question = format!("{hub}/questions/ds-dspt-profile");
    let page = app.get(EDITOR, &question).await;
    page.has("Your organisation answered this for Wardlight 1 on 2\u{a0}April 2026").has("Are they still true?");
    let used = press(&app, EDITOR, (&page, &question), "Use these 3 answers").await;
    used.goes_to(&format!("{hub}/questions/ds-euo-dspt-check"));
    let product = app.see(OWNER, &new).await.unwrap();
    let keys: Vec<&str> = product.answers.keys().map(String::as_str).collect();
    assert_eq!(keys, ["ds-dspt-profile", "ds-dspt-published-on", "ds-dspt-status"]);
    // What is answered is offered no more, and what is about the product never was.
    app.get(EDITOR, &question).await.lacks("Your organisation answered this");
    app.get(EDITOR, &format!("{hub}/questions/ds-protection-measures")).await.lacks("Your organisation answered this");
    app.get(RIVAL, &question).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn evidence_that_has_run_out_since_is_not_offered() {
    let app = TestApp::new().await;
    let (_, new) = two(&app, SECTION).await;
    app.advance(chrono::Duration::days(300));
    let hub = format!("/products/{}/sections/{SECTION}", new.to_lowercase());
    let page = app.get(EDITOR, &format!("{hub}/questions/ds-cyber-essentials")).await;
    page.has("Use this answer").has("must be in the future");
    let form = form(&page, &hub, "Use this answer");
    let taken: Vec<&str> = form.fields.iter().filter(|(n, _)| n == "take").map(|(_, v)| v.as_str()).collect();
    assert_eq!(taken, ["ds-cyber-essentials"]);
    app.get(EDITOR, &format!("{hub}/copy")).await.has("Needs a change").has("must be in the future");
    app.finish().await;
}

/// What an answer is about is no part of what was frozen or decided on.
#[actix_web::test]
async fn marking_answers_of_the_organisation_changes_no_digest() {
    let set = include_str!("../../src/domain/catalogue/v1.toml");
    let mut digests = Vec::new();
    for text in [set.to_owned(), set.replace("about = \"organisation\"\n", "")] {
        let app = TestApp::with(Rules::of(vec![Catalogue::parse(&text).unwrap()], Calendar::england())).await;
        let reference = app.product(OWNER).await;
        let product = app.send(OWNER, &reference, Section::ServiceManagement).await;
        let sent = app.db.visible(&app.actor(OWNER).await).submission(&product, Section::ServiceManagement, 1).await;
        digests.push(sent.unwrap().unwrap().digest);
        app.finish().await;
    }
    assert_eq!(digests[0], digests[1]);
}
