//! The home of a product from a booked demonstration to live: whose turn it is, by when, and the one button, for each side.

use assured::domain::agreement::command::AgreementCommand;
use assured::domain::agreement::signing::SigningCheck;
use assured::domain::catalogue::Section;
use assured::domain::certificate::CertificateCommand;
use assured::domain::command::Command;
use assured::domain::demonstration::checks::{Check, CheckResult};
use assured::domain::demonstration::command::{CheckEntry, DemonstrationCommand};
use assured::domain::facts::Facts;
use assured::domain::live::{Altered, LiveCommand, Touched};

use crate::support::assurance::{officer, signed_copy};
use crate::support::http::Reply;
use crate::support::*;

/// The product's home, with ordinary spaces.
async fn home(app: &TestApp, who: Persona, reference: &str) -> Reply {
    let reply = app.get(who, &format!("/products/{}", reference.to_lowercase())).await;
    reply.is(200);
    plain(reply)
}

fn plain(reply: Reply) -> Reply {
    Reply { body: reply.body.replace('\u{a0}', " "), ..reply }
}

/// The list of products, with ordinary spaces.
async fn list(app: &TestApp, who: Persona) -> Reply {
    plain(app.get(who, "/products").await)
}

/// A link to a page of the product.
fn to(reference: &str, path: &str) -> String {
    format!("href=\"/products/{}/{path}\"", reference.to_lowercase())
}

#[actix_web::test]
async fn a_new_product_shows_four_groups_of_tasks_and_lets_the_signatory_be_named() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("It’s your turn.").has("Also your turn.").has("Say who will sign the Connection Agreement.");
    page.has(&to(&reference, "agreement/signatory")).has("Send both technical sections first");
    for heading in ["Non-functional requirements", "Technical conformance", "Demonstration", "Certificate and agreement"] {
        page.has(&format!(">{heading}</h2>"));
    }
    home(&app, VIEWER, &reference).await.lacks(&to(&reference, "agreement/signatory"));
    home(&app, REVIEWER, &reference).await.has("It’s the supplier’s turn.").lacks("Also the supplier’s turn.");
    app.finish().await;
}

#[actix_web::test]
async fn where_most_people_start_is_said_to_those_who_have_not_started() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let start = "Most people start with data security.";
    home(&app, OWNER, &reference).await.has(start);
    app.send(OWNER, &reference, Section::DataSecurity).await;
    app.accept(REVIEWER, &reference, Section::DataSecurity).await;
    home(&app, OWNER, &reference).await.lacks(start).has("Start with any section that is left.").has("Start with clinical risk");
    app.finish().await;
}

#[actix_web::test]
async fn the_way_to_the_test_is_told_step_by_step() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let page = home(&app, OWNER, &reference).await;
    page.has("All 6 sections are accepted. Book the demonstration").has(&to(&reference, "demonstration/book"));
    list(&app, OWNER).await.has("Demonstration can be booked").has("Your turn");

    let moments = vec![app.published(30).await.starts_at];
    app.test(OWNER, &reference, DemonstrationCommand::Ask(moments)).await;
    home(&app, OWNER, &reference)
        .await
        .has("We’ll reply by <strong>Monday 13 April 2026</strong>")
        .has("How we worked out this date");
    home(&app, REVIEWER, &reference).await.has(&to(&reference, "demonstration/wish")).has("Answer the request");
    list(&app, REVIEWER).await.has("Date for the demonstration asked for, reply by Monday 13 April 2026");
    app.test(OWNER, &reference, DemonstrationCommand::Cancel("Found one.".to_owned())).await;

    app.booked(&reference).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("The demonstration is on Thursday 23 April 2026.").has("<strong>Thursday 16 April 2026</strong>");
    page.has("We count back 5 working days").has(&to(&reference, "demonstration/details")).has("Details needed");
    list(&app, OWNER).await.has("Details for the demonstration needed by Thursday 16 April 2026");

    app.described(&reference).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("your demonstration is booked for Thursday 23 April 2026").has("<strong>Monday 20 April 2026</strong>");
    page.lacks(&to(&reference, "demonstration/checks"));
    home(&app, REVIEWER, &reference).await.has(&to(&reference, "demonstration/checks")).has("Do the background checks");

    let problem = CheckEntry { check: Check::LogoutTokens, result: Some(CheckResult::Problem), note: "404".to_owned() };
    app.test(REVIEWER, &reference, DemonstrationCommand::Check(vec![problem])).await;
    home(&app, OWNER, &reference).await.has("The background checks found 1 problem.").has("See what we found");
    list(&app, REVIEWER).await.has("Background check found a problem").has("With the supplier");

    app.agree(OWNER, &reference, AgreementCommand::Name(officer(), assured::domain::words::SigningId(uuid::Uuid::nil()))).await;
    app.confirmed(&reference).await;
    // The agreement is due, so the day of the test comes second.
    home(&app, OWNER, &reference).await.has("We’ll issue it by").has("The demonstration is on Thursday 23 April 2026.");
    app.finish().await;
}

#[actix_web::test]
async fn a_day_that_all_wait_for_is_ahead_then_today_then_past() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.agreed(&reference).await;
    app.booked(&reference).await;
    app.described(&reference).await;
    app.confirmed(&reference).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("Nobody needs to do anything until Thursday 23 April 2026.").has("It begins at 10am with Amina Okafor");
    page.has("app-next--quiet");
    list(&app, OWNER).await.has("Demonstration on Thursday 23 April 2026").has("Waiting");
    app.clock.set("2026-04-23T07:00:00Z".parse().unwrap());
    home(&app, OWNER, &reference).await.has("The demonstration is today.").lacks("Nobody needs to do anything until");
    home(&app, REVIEWER, &reference).await.has(&to(&reference, "demonstration/run-sheet"));
    list(&app, OWNER).await.has("Demonstration is today");
    app.clock.set("2026-04-24T07:00:00Z".parse().unwrap());
    home(&app, OWNER, &reference).await.has("The demonstration was on Thursday 23 April 2026.").has("It has no result yet.");
    list(&app, REVIEWER).await.has("Demonstration was on Thursday 23 April 2026, no result yet");
    app.test(REVIEWER, &reference, DemonstrationCommand::Start).await;
    home(&app, REVIEWER, &reference).await.has("the demonstration has begun").has("Open the run sheet");
    app.finish().await;
}

#[actix_web::test]
async fn nobody_stands_before_an_empty_box_when_booking_is_closed() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.agreed(&reference).await;
    let product = app.see(OWNER, &reference).await.unwrap();
    let facts = Facts { int_working: Some(false), int_working_since: None, ..product.facts.clone() };
    app.command(OWNER, &reference, Command::Change(Box::new(facts), product.facts.edition())).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("The demonstration can be booked once the product works in the INT environment.").has(&to(&reference, "connection"));
    app.finish().await;
}

#[actix_web::test]
async fn a_test_that_was_not_passed_leads_to_another_booking() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    let line = assured::domain::demonstration::sheet::LINES[0].id;
    app.marked(&reference, &[line]).await;
    app.test(REVIEWER, &reference, DemonstrationCommand::Fail("See the lines.".to_owned())).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("The last test was not passed.").has(&to(&reference, "demonstration/book")).has("Not passed");
    app.finish().await;
}

#[actix_web::test]
async fn the_certificate_and_the_agreement_are_told_to_each_side() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.tested(&reference).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("We’ll issue the certificate by <strong>Thursday 30 April 2026</strong>");
    page.has("The conformance test was passed on Thursday 23 April 2026.").lacks(&to(&reference, "certificate/issue"));
    home(&app, REVIEWER, &reference).await.has(&to(&reference, "certificate/issue"));
    list(&app, REVIEWER).await.has("Certificate by Thursday 30 April 2026").has("Our turn");
    app.clock.set("2026-05-01T09:00:00Z".parse().unwrap());
    home(&app, OWNER, &reference).await.has("We have not kept to this date. We’re sorry.");
    list(&app, REVIEWER).await.has("Certificate was due by Thursday 30 April 2026").has("Overdue");

    app.certified(&reference).await;
    app.issued(&reference).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("Margaret Hale needs to sign it.").has(&to(&reference, "agreement/signature")).has("Valid");
    list(&app, OWNER).await.has("Connection Agreement to be signed, expected by");
    let today = assured::domain::calendar::london_date(app.now());
    app.agree(OWNER, &reference, AgreementCommand::Sign(Box::new(signed_copy(today)))).await;
    home(&app, OWNER, &reference).await.has("we’re checking your signed Connection Agreement");
    home(&app, REVIEWER, &reference).await.has(&to(&reference, "agreement/check")).has("Being checked");
    app.agree(REVIEWER, &reference, AgreementCommand::Return("Page 3 is missing.".to_owned())).await;
    home(&app, OWNER, &reference).await.has("came back with a reason").has("Sign again");
    app.agree(OWNER, &reference, AgreementCommand::Sign(Box::new(signed_copy(today)))).await;
    app.agree(REVIEWER, &reference, AgreementCommand::Accept(SigningCheck::ALL.iter().copied().collect())).await;
    let page = home(&app, OWNER, &reference).await;
    page.has(&format!("{reference} is assured.")).has("app-next--done").has(&to(&reference, "live"));
    list(&app, OWNER).await.has("Assured, production configuration comes next").has(">\n  Assured\n<");
    app.finish().await;
}

#[actix_web::test]
async fn a_change_puts_the_certificate_in_doubt_and_staff_decide() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let altered = Altered { touched: [Touched::Button].into(), what: "The button moves.".to_owned() };
    app.command(OWNER, &reference, Command::Live(LiveCommand::Alter(altered))).await;
    let page = home(&app, OWNER, &reference).await;
    page.has("A change of sign-in was recorded").has("decides whether the certificate holds");
    page.lacks("is assured.").lacks("At risk");
    home(&app, REVIEWER, &reference).await.has("At risk");
    let product = app.see(OWNER, &reference).await.unwrap();
    let setting = app.rules.setting(&product, app.now()).unwrap();
    let given = product.given(setting.catalogue, setting.today());
    for question in product.asked(&given, Section::Cis2Conformance) {
        let value = product.answers[&question.key].value.clone().unwrap();
        app.answer(OWNER, &reference, (&question.key, value), "It still holds.").await;
    }
    app.send(OWNER, &reference, Section::Cis2Conformance).await;
    app.accept(REVIEWER, &reference, Section::Cis2Conformance).await;
    home(&app, OWNER, &reference).await.has("We’re deciding whether your certificate holds.");
    home(&app, REVIEWER, &reference).await.has(&to(&reference, "certificate/decision"));
    let number = app.see(OWNER, &reference).await.unwrap().certificate().unwrap().content.number.clone();
    let keep = CertificateCommand::Keep { number, reason: "A move only.".to_owned() };
    app.command(REVIEWER, &reference, Command::Certificate(keep)).await;
    home(&app, OWNER, &reference).await.has("is assured.");
    app.finish().await;
}

#[actix_web::test]
async fn the_history_reads_well_and_keeps_private_events_from_suppliers() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let address = format!("/products/{}/history", reference.to_lowercase());
    let mut pages = (String::new(), String::new());
    for number in 1..=20 {
        let address = format!("{address}?page={number}");
        pages.0.push_str(&app.get(OWNER, &address).await.body);
        pages.1.push_str(&app.get(REVIEWER, &address).await.body);
    }
    for title in [
        "Product assured",
        "Connection Agreement accepted",
        "Connection Agreement issued",
        "Signatory named",
        "Conformance test passed",
        "Demonstration confirmed for",
        "Demonstration booked for",
        "Background checks saved",
    ] {
        assert!(pages.0.contains(title) && pages.1.contains(title), "{title}");
    }
    for title in ["Run sheet saved", "prepared"] {
        assert!(!pages.0.contains(title), "{title} is told to the supplier");
        assert!(pages.1.contains(title), "{title}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_withdrawn_product_asks_for_nothing_any_more() {
    let app = TestApp::new().await;
    let new = Facts { name: "Wardlight Rota".to_owned(), migrating_from_cis1: None, ..facts() };
    let of = (app.organisation(OWNER).await, new);
    let product = assured::act::add_product(&app.db, &app.rules, &app.actor(OWNER).await, of, app.now()).await.unwrap();
    let home = format!("/products/{}", product.reference.to_lowercase());
    app.get(OWNER, &home).await.has("Say how it connects");
    app.command(OWNER, &product.reference, Command::Withdraw("It was sold.".to_owned())).await;
    app.get(OWNER, &home).await.is(200).lacks("Say how it connects");
    app.finish().await;
}
