//! A log-in that ran out: what is sent afterwards is kept for an hour, for its person alone, and never sent by itself.

use assured::domain::catalogue::Section;
use assured::domain::draft::KEPT;
use chrono::Duration;

use crate::page::{form, link};
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;

fn desk(product: &str) -> String {
    format!("/products/{}/sections/{SECTION}/questions/sm-desk-phone", product.to_lowercase())
}

const TYPED: [(&str, &str); 3] =
    [("edition-sm-support-hours", "0"), ("answer-sm-support-hours", "Typed for half an hour"), ("go", "continue")];

/// Somebody who opened a product and then did nothing for longer than a session lasts.
async fn idle() -> (TestApp, String) {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.get(OWNER, &desk(&product)).await.is(200);
    app.advance(Duration::minutes(31));
    (app, product)
}

#[actix_web::test]
async fn an_answer_sent_too_late_becomes_a_draft_of_the_same_person() {
    let (app, product) = idle().await;
    let place = desk(&product);
    app.post_late(OWNER, &place, &TYPED).await.goes_to("/login");
    assert!(app.see(OWNER, &product).await.unwrap().answers.is_empty());
    app.get_late(OWNER, "/login").await.is(200).has("Log in to save your answer. We’ve kept what you typed");
    let wrong = app.post_late(OWNER, "/login", &[("email", OWNER.email), ("password", "not the password")]).await;
    wrong.is(422).has("We’ve kept what you typed");

    app.log_in_at(OWNER, OWNER).await.goes_to(&place);
    let page = app.get_late(OWNER, &place).await;
    page.is(200).has("We kept what you typed at 10.31am").has("Typed for half an hour");
    assert!(app.see(OWNER, &product).await.unwrap().answers.is_empty(), "it is a draft, and no answer");
    app.finish().await;
}

#[actix_web::test]
async fn text_that_the_script_sends_too_late_is_kept_as_well() {
    let (app, product) = idle().await;
    let place = desk(&product);
    let said = app.post_late(OWNER, &format!("/drafts?place={place}"), &TYPED).await;
    said.is(401).has("\"kept\":true").has("We’ve kept what you typed until 11.31am");
    app.log_in_at(OWNER, OWNER).await.goes_to(&place);
    app.get_late(OWNER, &place).await.has("Typed for half an hour");
    let out = app
        .request(actix_web::test::TestRequest::post().uri(&format!("/drafts?place={place}")).insert_header(("origin", BASE)))
        .await;
    out.is(401).has("\"kept\":false").has("Not saved: you’ve been logged out");
    app.finish().await;
}

#[actix_web::test]
async fn any_other_form_is_shown_and_sent_again_by_its_person() {
    let (app, product) = idle().await;
    let messages = format!("/products/{}/messages", product.to_lowercase());
    app.log_in_at(OWNER, OWNER).await.is(303);
    let page = app.get_late(OWNER, &messages).await;
    let mut write = form(&page, &messages, "Send message");
    write.set("subject", "Test users").set("text", "Which \"test\" users <can> we use?");
    app.advance(Duration::minutes(31));
    let fields = write.pressed("Send message");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post_late(OWNER, &write.action, &fields).await.goes_to("/login");

    let inside = app.log_in_at(OWNER, OWNER).await;
    let kept = inside.location.clone().unwrap();
    assert!(kept.starts_with("/drafts/"), "{kept}");
    let page = app.get_late(OWNER, &kept).await;
    page.is(200)
        .has("Nothing has been sent or saved yet.")
        .has("Test users")
        .has("Which &#34;test&#34; users &#60;can&#62; we use?");
    app.get_late(OWNER, &messages).await.lacks("Test users");

    let again = form(&page, &kept, "Send it again");
    let fields = again.pressed("Send it again");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let sent = app.post_late(OWNER, &again.action, &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    app.get_late(OWNER, &messages).await.has("Test users");
    app.get_late(OWNER, &kept).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn what_cannot_be_taken_stays_kept() {
    let (app, product) = idle().await;
    let about = format!("/products/{}/about", product.to_lowercase());
    app.post_late(OWNER, &about, &[("name", ""), ("description", "A long text")]).await.goes_to("/login");
    let kept = app.log_in_at(OWNER, OWNER).await.location.unwrap();
    let page = app.get_late(OWNER, &kept).await;
    let again = form(&page, &kept, "Send it again");
    let fields: Vec<(&str, &str)> = again.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post_late(OWNER, &again.action, &fields).await.is(422).has("A long text");
    app.get_late(OWNER, &kept).await.is(200).has("A long text");
    let id = kept.rsplit('/').next().unwrap();
    app.post(EDITOR, &format!("{about}?kept={id}"), &[("name", "Another name"), ("version", "1"), ("description", "Text")]).await;
    app.get_late(OWNER, &kept).await.is(200);
    app.finish().await;
}

#[actix_web::test]
async fn somebody_else_at_the_same_browser_finds_nothing() {
    let (app, product) = idle().await;
    let place = desk(&product);
    app.post_late(OWNER, &place, &TYPED).await.goes_to("/login");
    app.log_in_at(OWNER, EDITOR).await.goes_to("/");
    app.get_late(OWNER, &place).await.is(200).lacks("Typed for half an hour");
    app.get_late(OWNER, "/drafts").await.has("There is nothing.");
    app.forget(OWNER);
    app.get(OWNER, "/drafts").await.has("There is nothing.");
    app.log_in_at(OWNER, OWNER).await.goes_to("/");
    app.finish().await;
}

#[actix_web::test]
async fn after_an_hour_it_is_gone() {
    let (app, product) = idle().await;
    app.post_late(OWNER, &desk(&product), &TYPED).await.goes_to("/login");
    app.advance(Duration::minutes(59));
    assert_eq!(app.worker.sweep().await.unwrap(), 0);
    app.advance(Duration::minutes(1));
    app.get_late(OWNER, "/login").await.is(200).lacks("kept what you typed");
    assert_eq!(app.worker.sweep().await.unwrap(), 1);
    app.log_in_at(OWNER, OWNER).await.goes_to("/");
    app.finish().await;
}

#[actix_web::test]
async fn only_a_session_that_ran_out_within_the_hour_is_recognised() {
    let (app, product) = idle().await;
    let place = desk(&product);
    app.advance(Duration::minutes(60));
    app.post_late(OWNER, &place, &TYPED).await.goes_to("/login");
    app.log_in_at(OWNER, OWNER).await.goes_to("/");
    // Who logged out has ended it.
    let cookie = |reply: &crate::support::http::Reply| reply.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let inside = app.log_in_at(OWNER, OWNER).await;
    let token = cookie(&inside);
    app.post_late(OWNER, "/logout", &[]).await.is(303);
    app.advance(Duration::minutes(31));
    let late = actix_web::test::TestRequest::post().uri(&place).insert_header(("origin", BASE)).insert_header(("cookie", token));
    let late = late.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload("answer-sm-support-hours=x");
    app.request(late).await.goes_to("/login");
    app.log_in_at(OWNER, OWNER).await.goes_to("/");
    app.finish().await;
}

#[actix_web::test]
async fn a_session_that_reached_its_full_length_is_recognised_too() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.get(OWNER, "/products").await.is(200);
    for _ in 0..24 {
        app.advance(Duration::minutes(20));
        app.get_late(OWNER, "/products").await;
    }
    app.advance(Duration::minutes(5));
    app.post(EDITOR, "/session", &[]).await.is(200);
    app.worker.sweep().await.unwrap();
    app.post_late(OWNER, &desk(&product), &TYPED).await.goes_to("/login");
    app.log_in_at(OWNER, OWNER).await.goes_to(&desk(&product));
    app.finish().await;
}

#[actix_web::test]
async fn nothing_of_an_account_is_kept_and_nothing_from_elsewhere() {
    let (app, product) = idle().await;
    for (path, fields) in [("/account/preferences", [("matter", "now")]), ("/queue/next", [("new-password", "secret words")])] {
        app.post_late(OWNER, path, &fields).await.goes_to("/login");
    }
    let foreign = actix_web::test::TestRequest::post().uri(&desk(&product)).insert_header(("origin", "https://evil.example"));
    app.request(foreign).await.is(403);
    app.log_in_at(OWNER, OWNER).await.goes_to("/");
    app.finish().await;
}

#[actix_web::test]
async fn files_have_to_be_chosen_again_and_the_page_says_which() {
    let (app, product) = idle().await;
    let place = format!("/products/{}/sections/data-security/questions/ds-isms-basis", product.to_lowercase());
    let fields = [("edition-ds-isms-certificate", "0"), ("remark-ds-isms-certificate", "It expires soon")];
    let file = ("file-ds-isms-certificate", "iso-27001.pdf", b"%PDF-1.7".as_slice());
    app.upload_late(OWNER, &place, &fields, &[file]).await.goes_to("/login");
    let inside = app.log_in_at(OWNER, OWNER).await;
    let list = app.get_late(OWNER, "/drafts").await;
    let one = link(&list, "C2A-1001");
    app.get_late(OWNER, &one).await.is(200).has("iso-27001.pdf").has("choose them again").has("It expires soon");
    inside.goes_to(&place);
    app.finish().await;
}

#[actix_web::test]
async fn nobody_fills_the_disk_with_posts() {
    let (app, product) = idle().await;
    for number in 0..KEPT + 5 {
        let path = format!("/products/{}/messages/{number}", product.to_lowercase());
        app.post_late(OWNER, &path, &[("text", "One more")]).await.goes_to("/login");
    }
    app.log_in_at(OWNER, OWNER).await.goes_to("/drafts");
    let list = app.get_late(OWNER, "/drafts").await;
    assert_eq!(list.body.matches("A form that was not sent").count(), KEPT);
    app.advance(Duration::minutes(31));
    app.post_late(OWNER, &desk(&product), &[("answer-sm-support-hours", &"x".repeat(300_000))]).await.is(413);
    app.finish().await;
}

#[actix_web::test]
async fn asking_how_long_a_session_lasts_does_not_make_it_last_longer() {
    let app = TestApp::new().await;
    app.get(OWNER, "/products").await.has("data-session-left=\"1800\"");
    app.advance(Duration::minutes(28));
    app.get_late(OWNER, "/session").await.is(200).has("\"left\":120,\"at\":\"10.30am\"");
    app.advance(Duration::minutes(1));
    app.get_late(OWNER, "/session").await.has("\"left\":60");
    app.post_late(OWNER, "/session", &[]).await.is(200).has("\"left\":1800,\"at\":\"10.59am\"");
    app.advance(Duration::minutes(31));
    app.get_late(OWNER, "/session").await.has("\"left\":0");
    app.post_late(OWNER, "/session", &[]).await.goes_to("/login");
    app.get(None, "/session").await.has("\"left\":0");
    app.finish().await;
}
