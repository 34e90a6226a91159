//! Bad input: each kind gets its clear answer, what was typed is kept, and nothing half-done is stored.

use actix_web::test::TestRequest;
use assured::demo::answers::pdf;
use assured::domain::catalogue::Section;

use crate::page::form;
use crate::support::*;

const DESK: &str = "/products/c2a-1001/sections/service-management/questions/sm-desk-phone";

async fn app_with_product() -> TestApp {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    app
}

#[actix_web::test]
async fn wrong_values_come_back_with_their_sentence_and_nothing_is_stored() {
    let app = app_with_product().await;
    let long = "x".repeat(2043);
    let at = |section: &str, key: &str| format!("/products/c2a-1001/sections/{section}/questions/{key}");
    let cases: &[(String, &str, &str, &str)] = &[
        (at("service-management", "sm-desk-email"), "sm-desk-email", "nobody", "Enter an email address in the correct format"),
        (at("service-management", "sm-incident-process"), "sm-incident-process", &long, "You have 43 too many"),
        (at("data-security", "ds-dspt-profile"), "ds-dspt-profile", "forged", "Choose one of the options"),
        (at("cis2-conformance", "cx-test-url"), "cx-test-url", "http://plain.example", "https"),
        (at("cis2-conformance", "cx-inactivity-minutes"), "cx-inactivity-minutes", "ten", "number"),
        (at("cis2-conformance", "cx-key-management"), "cx-key-management", "-----BEGIN RSA PRIVATE KEY-----", "private key"),
    ];
    for (address, key, value, sentence) in cases {
        let name = format!("answer-{key}");
        let edition = format!("edition-{key}");
        let reply = app.post(OWNER, address, &[(&name, value), (&edition, "0"), ("go", "continue")]).await;
        reply.is(422).has("There is a problem").has(sentence).has("Error: ");
        let shown = app.see(OWNER, "C2A-1001").await.unwrap();
        assert!(shown.answers.is_empty(), "{key} was stored");
    }
    app.finish().await;
}

#[actix_web::test]
async fn what_was_typed_beside_a_wrong_field_is_kept() {
    let app = app_with_product().await;
    let page = app.get(OWNER, DESK).await;
    let mut desk = form(&page, DESK, "Save and continue");
    desk.set("answer-sm-desk-phone", "0113 496 0000").set("answer-sm-desk-email", "nobody");
    let fields = desk.pressed("Save and continue");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let again = app.post(OWNER, DESK, &fields).await;
    again.is(422).has("0113 496 0000").has("value=\"nobody\"");
    app.finish().await;
}

#[actix_web::test]
async fn an_old_edition_shows_both_versions_and_loses_neither() {
    let app = app_with_product().await;
    let save = |who, text: &'static str, edition: &'static str| {
        let app = &app;
        async move {
            let fields = [("answer-sm-desk-phone", text), ("edition-sm-desk-phone", edition), ("go", "back")];
            app.post(who, DESK, &fields).await
        }
    };
    save(OWNER, "0113 496 0001", "0").await.is(303);
    let conflict = save(EDITOR, "0113 496 0002", "0").await;
    conflict.is(409).has("Somebody else changed this answer").has("0113 496 0001").has("0113 496 0002").has("Priya Shah");
    save(EDITOR, "0113 496 0002", "1").await.is(303);
    app.get(OWNER, DESK).await.has("0113 496 0002");
    app.finish().await;
}

#[actix_web::test]
async fn files_that_are_not_what_they_say_are_refused() {
    let app = app_with_product().await;
    let address = "/products/c2a-1001/sections/clinical-risk/questions/cr-plan";
    app.answer(OWNER, "C2A-1001", ("cr-standard-scope", assured::domain::answer::Value::Choice("dcb0129".to_owned())), "").await;
    let good = pdf("Plan");
    let mut locked = pdf("Plan");
    locked.extend(b"/Encrypt 9 0 R %%EOF");
    let large = vec![b'x'; 21 * 1024 * 1024];
    let cases: &[(&str, &[u8], &str)] = &[
        ("plan.pdf", b"", "The selected file is empty"),
        ("plan.exe", &good, "The selected file must be a PDF"),
        ("plan.pdf", b"not a pdf at all", "what is in it must agree with its name"),
        ("plan.docx", &good, "what is in it must agree with its name"),
        ("plan.pdf", &locked, "The selected file is password protected"),
        ("plan.pdf", &large, "The selected file must be smaller than 20MB"),
    ];
    for (name, bytes, sentence) in cases {
        let reply = app.upload(OWNER, address, &[("edition-cr-plan", "0"), ("go", "add")], &[("file-cr-plan", name, bytes)]).await;
        reply.is(422).has(sentence);
    }
    assert!(!app.see(OWNER, "C2A-1001").await.unwrap().answers.contains_key("cr-plan"));

    let hostile = "..\\..\\\u{202e}fdp.plan<script>.pdf";
    app.upload(OWNER, address, &[("edition-cr-plan", "0"), ("go", "add")], &[("file-cr-plan", hostile, &good)]).await.is(303);
    let page = app.get(OWNER, address).await;
    page.has("fdp.plan&#60;script&#62;.pdf").lacks("<script>.pdf").lacks("\u{202e}");
    let href = crate::page::link(&page, "fdp.plan");
    let file = app.get(OWNER, &href).await;
    file.is(200);
    assert_eq!(file.bytes, good);
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.header("content-security-policy").contains("sandbox"));
    app.get(RIVAL, &href).await.is(404);
    app.get(REVIEWER, &href).await.is(200);
    app.finish().await;
}

#[actix_web::test]
async fn a_section_with_gaps_names_each_of_them() {
    let app = app_with_product().await;
    app.answer_all(OWNER, "C2A-1001", Section::ServiceManagement).await;
    let address = "/products/c2a-1001/sections/service-management/submission";
    let reply = app.post(OWNER, address, &[]).await;
    reply.is(422).has("Confirm that these answers are complete and accurate");
    let empty = "/products/c2a-1001/sections/core-conformance/submission";
    let reply = app.post(OWNER, empty, &[("complete", "yes")]).await;
    reply
        .is(422)
        .has("Answer question 1")
        .has("href=\"#cc-use-case-match\"")
        .has("Confirm that your product works in the INT environment");
    let both = app.post(OWNER, address, &[("complete", "yes")]).await;
    both.is(303);
    let twice = app.post(OWNER, address, &[("complete", "yes")]).await;
    app.follow(OWNER, &twice).await.has("has been sent already");
    app.finish().await;
}

#[actix_web::test]
async fn requests_that_cannot_be_read_are_answered_and_never_with_500() {
    let app = app_with_product().await;
    for address in [
        "/products?page=x",
        "/products?page=99999999999",
        "/products/c2a-1001/sections/no-such-section",
        "/products/%00",
        "/queue?assigned=zzz",
    ] {
        let status = app.get(OWNER, address).await.status;
        assert!(status < 500, "{address}: {status}");
    }
    let broken = TestRequest::post()
        .uri(DESK)
        .insert_header(("origin", BASE))
        .insert_header(("content-type", "multipart/form-data; boundary=edge"))
        .set_payload("--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nbreaks o");
    let reply = app.request(broken).await;
    assert!((300..500).contains(&reply.status), "{}", reply.status);
    let large = "a=".to_owned() + &"x".repeat(300_000);
    let request = TestRequest::post().uri("/login").insert_header(("origin", BASE)).set_payload(large);
    app.request(request).await.is(413).has("This is too large");
    let reply = app.request(TestRequest::with_uri("/products/c2a-1001").method(actix_web::http::Method::DELETE)).await;
    assert_eq!(reply.status, 405);
    app.finish().await;
}

#[actix_web::test]
async fn names_are_unique_within_an_organisation() {
    let app = app_with_product().await;
    let fields = [("name", "  WARDLIGHT   1 "), ("version", "1"), ("description", "Again")];
    let reply = app.post(OWNER, "/products/new", &fields).await;
    reply.is(422).has("Your organisation already has a product called");
    app.post(RIVAL, "/products/new", &fields).await.is(303);
    app.finish().await;
}

#[actix_web::test]
async fn old_forms_of_details_show_both_versions_and_lose_neither() {
    let app = app_with_product().await;
    let organisation = format!("/organisations/{}", app.organisation(OWNER).await);
    let forms = [
        ("/products/c2a-1001/about", "Save", "name", "Priya's name", "Tom's name"),
        ("/products/c2a-1001/connection", "Save and continue", "go-live-year", "2027", "2028"),
        (organisation.as_str(), "Save", "address", "1 Priya Street", "2 Tom Street"),
    ];
    for (address, button, field, first, second) in forms {
        let page = app.get(OWNER, address).await;
        let mut old = form(&page, address, button);
        if field == "go-live-year" {
            old.set("go-live-day", "1").set("go-live-month", "9");
        }
        let send = |who, value: &'static str, filled: crate::page::Form| {
            let app = &app;
            async move {
                let mut filled = filled;
                let fields = filled.set(field, value).pressed(button);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                app.post(who, address, &fields).await
            }
        };
        send(OWNER, first, old.clone()).await.is(303);
        let escaped = |text: &str| text.replace('\'', "&#39;");
        let conflict = send(EDITOR, second, old).await;
        conflict.is(409).has("Somebody else changed these details").has(&escaped(first)).has(&escaped(second));
        let again = form(&conflict, address, button);
        send(EDITOR, second, again).await.is(303);
        app.get(OWNER, address).await.has(&escaped(second)).lacks(&escaped(first));
    }
    app.finish().await;
}
