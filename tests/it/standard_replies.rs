//! Texts that reviewers start from: chosen, kept, counted, changed, retired, each by those who may.

use assured::domain::catalogue::Section;

use crate::page::{form, link};
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;
const LIST: &str = "/standard-replies";
const TEXT: &str = "Name the person who does this, and say when.";

/// A review in the hands of a reviewer: the address of its page.
async fn review(app: &TestApp) -> String {
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    app.act(REVIEWER, &product, SECTION, assured::domain::command::SectionCommand::Take).await;
    format!("/products/{}/sections/{SECTION}/review", product.to_lowercase())
}

#[actix_web::test]
async fn a_reviewer_keeps_a_comment_and_another_one_starts_from_it() {
    let app = TestApp::new().await;
    app.get(REVIEWER, LIST).await.is(200).has("No standard replies. Reviewers can save one from a review");
    let first = review(&app).await;
    app.get(REVIEWER, &first).await.is(200).lacks("Start from a standard reply").has("Save this as a standard reply");
    let fields = [
        ("decision-sm-support-hours", "more"),
        ("comment-sm-support-hours", TEXT),
        ("keep-sm-support-hours", "yes"),
        ("go", "stay"),
    ];
    for _ in 0..2 {
        app.post(REVIEWER, &format!("{first}/decisions"), &fields).await.is(303);
    }
    app.get(OTHER_REVIEWER, LIST).await.is(200).has("Standard replies (1)").has(TEXT).has("0 times").has("Amina Okafor");

    // Choosing it without a script: the text comes behind what was typed, and nothing typed is lost.
    let second = review(&app).await;
    let page = app.get(REVIEWER, &second).await;
    let mut decisions = form(&page, &second, "Check and send feedback");
    let id = page.body.split("id=\"text-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    decisions
        .set("comment-sm-support-hours", "The answer is short.")
        .set("standard-sm-support-hours", &id)
        .set("note-sm-desk-phone", "Ask Sam.")
        .set("decision-sm-desk-phone", "accept");
    let fields = decisions.pressed("Put it into the text");
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.retain(|(name, _)| *name != "insert");
    fields.push(("insert", "sm-support-hours"));
    let shown = app.post(REVIEWER, &format!("{second}/decisions"), &fields).await;
    shown.is(200).has(&format!("The answer is short.\n\n{TEXT}")).has("Ask Sam.");
    let mut again = form(&shown, &second, "Check and send feedback");
    let value = |name: &str| again.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!(value("decision-sm-support-hours"), Some("more"));
    assert_eq!(value("decision-sm-desk-phone"), Some("accept"));
    app.get(REVIEWER, &second).await.lacks("Ask Sam.");

    // Saving counts it once, however often the page is saved.
    for _ in 0..2 {
        again.set("standard-sm-support-hours", &id);
        let fields = again.pressed("Save and go to queue");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        app.post(REVIEWER, &format!("{second}/decisions"), &fields).await.goes_to("/queue");
    }
    app.get(MANAGER, LIST).await.has("1 time<");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_wrong_stands_beside_its_field() {
    let app = TestApp::new().await;
    let address = review(&app).await;
    app.post(REVIEWER, LIST, &[("body", ""), ("question", "")]).await.is(422).has("Enter the text that reviewers start from");
    let long = "long ".repeat(500);
    let fields = [("body", long.as_str()), ("question", "sm-support-hours")];
    app.post(REVIEWER, LIST, &fields).await.is(422).has("This must be 2,000 characters or less.").has(&long);
    app.post(REVIEWER, LIST, &[("body", TEXT), ("question", "nothing")]).await.is(400);
    app.post(REVIEWER, LIST, &[("body", TEXT), ("question", "")]).await.goes_to(LIST);
    app.post(OTHER_REVIEWER, LIST, &[("body", TEXT), ("question", "")]).await.is(422).has("with this text already").has(TEXT);
    let decisions = format!("{address}/decisions");
    let typed =
        [("insert", "sm-support-hours"), ("comment-sm-support-hours", "Typed before."), ("decision-sm-support-hours", "more")];
    app.post(REVIEWER, &decisions, &typed).await.is(422).has("Choose a standard reply").has("Typed before.");
    let fields = [
        ("decision-sm-support-hours", "more"),
        ("comment-sm-support-hours", long.as_str()),
        ("keep-sm-support-hours", "yes"),
        ("go", "stay"),
    ];
    app.post(REVIEWER, &decisions, &fields).await.is(422).has("Only a text of 2,000 characters or less can be a standard reply");
    app.finish().await;
}

#[actix_web::test]
async fn it_is_changed_and_retired_by_those_who_may() {
    let app = TestApp::new().await;
    app.post(REVIEWER, LIST, &[("body", TEXT), ("question", "sm-support-hours")]).await.goes_to(LIST);
    let list = app.get(REVIEWER, LIST).await;
    let address = link(&list, "Change");
    for (who, status) in [(OTHER_REVIEWER, 403), (OWNER, 404), (ADMINISTRATOR, 404), (MANAGER, 200)] {
        app.get(who, &address).await.is(status);
        if status != 200 {
            app.post(who, &address, &[("body", "Other words."), ("question", "")]).await.is(status);
            app.post(who, &format!("{address}/retirement"), &[]).await.is(status);
        }
    }
    app.get(OWNER, LIST).await.is(404);
    app.post(OWNER, LIST, &[("body", TEXT), ("question", "")]).await.is(404);
    app.post(REVIEWER, &address, &[("body", " "), ("question", "")]).await.is(422).has("Enter the text that reviewers start from");
    app.post(MANAGER, &address, &[("body", "Other words."), ("question", "")]).await.goes_to(LIST);
    app.get(REVIEWER, LIST).await.has("Other words.").has("Any question").lacks(TEXT);
    let of_a_question = review(&app).await;
    app.get(REVIEWER, &of_a_question).await.has("Other words.");
    app.post(REVIEWER, &format!("{address}/retirement"), &[]).await.goes_to(LIST);
    app.get(REVIEWER, LIST).await.has("Standard replies (0)");
    app.get(REVIEWER, "/standard-replies?show=retired").await.has("Other words.").lacks(&address);
    app.get(REVIEWER, &of_a_question).await.lacks("Other words.");
    for gone in [app.get(REVIEWER, &address).await, app.post(REVIEWER, &format!("{address}/retirement"), &[]).await] {
        gone.is(404);
    }
    app.finish().await;
}
