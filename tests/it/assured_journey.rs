//! From an invitation to live as people go it, and three ways that are different. What each side reads at each turn is asserted.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::Command;
use assured::domain::facts::Facts;
use chrono::NaiveDate;

use crate::agreements::{at, issued_bytes, signed_today};
use crate::journey::{add_product, answer_and_send, answer_feedback, press, review};
use crate::page::form;
use crate::pdf_files::Pdf;
use crate::signing::{Browser, mailed};
use crate::steps::{Way, set_date};
use crate::support::assurance::officer;
use crate::support::*;

/// The first person of a new supplier.
const NADIA: Persona = Persona { name: "Nadia Karim", email: "nadia.karim@lantern.example" };

/// The section that is sent after the test: the agreement waits for it.
const LATE: Section = Section::MedicalDevice;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The administrator adds an organisation; its first owner follows the invitation and says who the organisation is.
async fn invited(app: &TestApp) {
    let organisations = "/admin/organisations";
    let mut new = form(&app.get(ADMINISTRATOR, organisations).await, organisations, "Add organisation");
    new.set("organisation", "Lantern Health Limited").set("ods-code", "LH03").set("name", NADIA.name).set("email", NADIA.email);
    press(app, ADMINISTRATOR, &new, "Add organisation").await.is(303);
    let mail = app.mail().await;
    let letter = mail.iter().find(|m| m.to == NADIA.email).expect("an invitation");
    let address = letter.text.body.split_whitespace().find_map(|w| w.strip_prefix(BASE)).unwrap().to_owned();
    let page = app.get(None, &address).await;
    page.is(200).has("Lantern Health Limited").has("close this page. The invitation can be used until Thursday 9\u{a0}April 2026");
    let mut account = form(&page, &address, "Create account");
    account.set("password", PASSWORD);
    let fields = account.pressed("Create account");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(None, &address, &fields).await.goes_to("/");

    let organisation = app.get(NADIA, "/organisation").await;
    let page = app.follow(NADIA, &organisation).await;
    let address = organisation.location.unwrap();
    let mut party = form(&page, &address, "Save details");
    party.set("address", "5 Mill Lane, Hull HU1 1AA").set("existing-agreement", "no");
    press(app, NADIA, &party, "Save details").await.is(303);
}

/// Answers a section, which a reviewer accepts.
async fn accepted(way: &Way<'_>, section: Section) {
    answer_and_send(way.app, way.supplier, &way.product, section).await;
    review(way.app, OTHER_REVIEWER, &[]).await.is(200);
}

/// A section that comes back once, and the others, but for one that takes longer.
async fn reviewed(way: &Way<'_>) {
    answer_and_send(way.app, NADIA, &way.product, Section::ServiceManagement).await;
    let ours = "It’s our turn: we’re reviewing your service and incident management answers. We’ll reply by Monday 13 April 2026.";
    way.tells(NADIA, &[ours, "You can also work on: data security, clinical risk"]).await;
    way.tells(REVIEWER, &["the service and incident management answers are in review. Reply by Monday 13 April 2026."]).await;
    review(way.app, REVIEWER, &["sm-support-hours", "sm-change-notice"]).await.is(200);
    let more = "Amina Okafor needs more information about 2 of the service and incident management answers. \
        An answer is expected by Monday 20 April 2026.";
    way.tells(NADIA, &["It’s your turn.", more, "Answer 2 questions"]).await;
    way.tells(REVIEWER, &["It’s the supplier’s turn.", more]).await;
    answer_feedback(way.app, NADIA, &way.product).await;
    way.tells(NADIA, &[ours]).await;
    review(way.app, REVIEWER, &[]).await.is(200);
    for section in Section::ALL.iter().filter(|s| ![Section::ServiceManagement, LATE].contains(s)) {
        accepted(way, *section).await;
    }
    way.tells(NADIA, &["Also your turn. Book the demonstration of your product.", "we need 2 weeks’ notice"]).await;
    way.tells(REVIEWER, &["It’s the supplier’s turn.", "The demonstration can be booked."]).await;
}

/// Booked, described, checked twice, confirmed.
async fn confirmed(way: &Way<'_>) {
    way.book(day("2026-04-28"), "Tuesday 28\u{a0}April 2026, 10am").await.has("Your demonstration is booked");
    let when = "The demonstration is on Tuesday 28 April 2026.";
    let needed = "We need 14 details more by Tuesday 21 April 2026.";
    way.tells(NADIA, &["It’s your turn.", when, needed, "We count back 5 working days"]).await;
    way.tells(MANAGER, &["It’s the supplier’s turn.", "needs 14 details more by Tuesday 21 April 2026."]).await;
    way.describe("security-key", "internet").await.has("Details saved");
    way.tells(NADIA, &["It’s our turn:", "We do the background checks by Thursday 23 April 2026."]).await;
    way.tells(REVIEWER, &["Finish the background checks by Thursday 23 April 2026. Do the background checks"]).await;

    let note = "The address answers with a log-in page. Open it to everybody.";
    way.check(Some(("jwks", note))).await.has("e-mailed the supplier about 1 problem");
    let found = "The background checks found 1 problem. The demonstration on Tuesday 28 April 2026 can go ahead if it is put right by \
        Thursday 23 April 2026.";
    way.tells(NADIA, &["It’s your turn.", found, "See what we found"]).await;
    way.tells(REVIEWER, &["It’s the supplier’s turn.", found]).await;
    way.app.get(NADIA, &format!("{}/demonstration", way.product)).await.is(200).has(note);
    way.check(None).await.is(200);
    way.tells(REVIEWER, &["It’s our turn:"]).await;
    way.confirm().await;
    let held = "It begins at 10am with Amina Okafor and takes about 2 hours.";
    way.tells(NADIA, &[when, held, "See how to prepare"]).await;
    way.tells(REVIEWER, &[when, held]).await;
}

/// The test, its result and the certificate that anybody can check.
async fn certified(way: &Way<'_>) {
    way.hold(&[]).await;
    way.tells(NADIA, &["It’s our turn: your demonstration has begun."]).await;
    way.tells(REVIEWER, &["Record what you see and the result. Open the run sheet"]).await;
    way.end("pass", "Thank you for a calm test.").await.is(200);
    let passed = "We’ll issue the certificate by Wednesday 6 May 2026.";
    way.tells(NADIA, &[passed, "We do not count the weekend or Early May bank holiday (4 May)."]).await;
    way.tells(REVIEWER, &["Issue the certificate by Wednesday 6 May 2026. Issue the certificate"]).await;
    let open = way.certify().await;
    open.has("Lantern Wards").has("Lantern Health Limited").lacks(NADIA.name);
    let lists = way.next(NADIA).await;
    assert!(!lists.contains("certificate"), "nothing about the certificate is left to do: {lists}");
}

/// The signatory opens the link of the last letter with the code of the next one.
async fn opened(way: &Way<'_>, browser: &Browser<'_>) -> String {
    let address = mailed(way.app).await;
    browser.get(&address).await.is(200).has("Send me a code").lacks("Read the agreement");
    browser.post(&format!("{address}/code"), &[]).await.goes_to(&address);
    let mail = way.app.mail().await;
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    let code = mail.last().unwrap().text.body.split([' ', '.', '\n']).find(is_code).expect("a code").to_owned();
    browser.post(&format!("{address}/entry"), &[("code", &code)]).await.goes_to(&address);
    address
}

/// The agreement issued, signed by its signatory, returned, signed again and accepted.
async fn agreed(way: &Way<'_>) {
    let (app, reference) = (way.app, way.reference());
    way.tells(NADIA, &["It’s our turn: we’re making your Connection Agreement. We’ll issue it by Wednesday 6 May 2026."]).await;
    way.tells(REVIEWER, &["the Connection Agreement can be issued. Issue it by Wednesday 6 May 2026. Issue the agreement"]).await;
    way.fill(REVIEWER, "agreement/issue", "Issue the agreement", |_| {}).await.is(200);
    let expected = "Margaret Hale needs to sign it. It’s expected by Wednesday 13 May 2026.";
    way.tells(NADIA, &["It’s your turn.", expected, "Send the signed agreement"]).await;
    way.tells(REVIEWER, &["It’s the supplier’s turn.", expected]).await;

    let product = app.see(NADIA, reference).await.unwrap();
    let issued = app.get(NADIA, &at(reference, ".pdf")).await.is(200).bytes.clone();
    let browser = Browser::new(app);
    let address = opened(way, &browser).await;
    let page = browser.get(&address).await;
    page.is(200).has("Read the agreement").has("Lantern Health Limited").has("You are here as Margaret Hale");
    assert_eq!(browser.get(&format!("{address}/agreement.pdf")).await.is(200).bytes, issued, "the signatory reads what was issued");
    browser.upload(&address, &signed_today(app, &product), &Pdf::of_pages(30).bytes()).await.goes_to(&address);
    browser.get(&address).await.is(200).has("The agreement is signed");
    way.tells(NADIA, &["It’s our turn: we’re checking your signed Connection Agreement. We’ll reply by Wednesday 6 May 2026."])
        .await;
    way.tells(REVIEWER, &["the signed Connection Agreement is here. Check it by Wednesday 6 May 2026. Check the signed agreement"])
        .await;

    let reason = "Page 3 cannot be read. Scan it again.";
    way.decide("return", reason).await.is(200);
    let again = "came back with a reason, and Margaret Hale needs to sign it again. It’s expected by Wednesday 13 May 2026.";
    way.tells(NADIA, &["It’s your turn.", again]).await;
    way.tells(REVIEWER, &["It’s the supplier’s turn.", again]).await;
    browser.get(&address).await.is(200).has("The last copy came back").has(reason);
    browser.upload(&address, &signed_today(app, &product), &issued).await.goes_to(&address);
    way.tells(REVIEWER, &["It’s our turn:", "Check the signed agreement"]).await;
    way.decide("accept", "").await.is(200);
}

/// Assured, told to everybody of the supplier; configured, and live on a day.
async fn live(way: &Way<'_>) {
    let assured =
        "C2A-1001 is assured. All 6 sections are accepted, the certificate stands and the Connection Agreement is accepted.";
    way.tells(NADIA, &[assured, "It’s your turn. Next you go live: tell us how the product is configured in production."]).await;
    way.tells(REVIEWER, &[assured, "It’s the supplier’s turn. The production configuration comes next."]).await;
    let told = way.app.mail().await.into_iter().filter(|m| m.text.subject == "Lantern Wards is assured");
    assert_eq!(told.map(|m| m.to).collect::<Vec<_>>(), [NADIA.email]);
    way.configure(day("2026-04-28"), day("2026-06-01")).await.is(200).has("Same").lacks("Different");
    way.tells(NADIA, &["It’s our turn: we have your production configuration", "It’s planned for Monday 1 June 2026."]).await;
    way.tells(MANAGER, &["Record the day on which the product goes live.", "Record the go-live date"]).await;
    way.app.clock.set("2026-06-01T14:00:00Z".parse().unwrap());
    way.fill(MANAGER, "live", "Record the go-live date", |form| set_date(form, "live-on", day("2026-06-01"))).await.is(200);
    let live = "C2A-1001 is assured and live. It went live on Monday 1 June 2026.";
    way.tells(NADIA, &[live, "Record a change that alters sign-in"]).await;
    way.tells(MANAGER, &[live]).await;
}

#[actix_web::test]
async fn a_supplier_goes_from_an_invitation_to_live() {
    let app = TestApp::new().await;
    invited(&app).await;
    let product = add_product(&app, NADIA, "Lantern Wards").await;
    let way = Way { app: &app, supplier: NADIA, product };
    way.name_signatory(&officer()).await.is(200).has("Margaret Hale, Chief Executive");
    reviewed(&way).await;
    confirmed(&way).await;
    certified(&way).await;
    way.tells(NADIA, &["It’s your turn.", "medical device status"]).await;
    accepted(&way, LATE).await;
    agreed(&way).await;
    live(&way).await;
    app.get(RIVAL, &way.product).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn a_move_from_cis1_is_tested_with_another_authenticator_than_a_smartcard_over_hscn() {
    let app = TestApp::new().await;
    app.name_party().await;
    let reference = app.product(OWNER).await;
    let product = app.see(OWNER, &reference).await.unwrap();
    let facts = Facts { migrating_from_cis1: Some(true), ..product.facts.clone() };
    app.command(OWNER, &reference, Command::Change(Box::new(facts), product.facts.edition())).await;
    let gone = "The Identity Agent, its ticket calls and the smartcard library are removed. ".repeat(3);
    app.answer(OWNER, &reference, ("cx-cis1-removal", Value::Text(gone)), "").await;
    app.accept_all(&reference, Section::ALL).await;
    let way = Way::of(&app, OWNER, &reference);
    way.book(day("2026-04-28"), "Tuesday 28\u{a0}April 2026, 10am").await.has("Not for a move from CIS1");
    let refused = way.describe("hscn-smartcard", "hscn").await;
    refused.is(422).has("Choose an authenticator other than a smartcard over HSCN").has("value=\"555012345678\"");
    way.tells(OWNER, &["We need 14 details more by Tuesday 21 April 2026."]).await;
    way.describe("windows-hello", "internet").await.has("Details saved");
    way.tells(REVIEWER, &["Finish the background checks by Thursday 23 April 2026."]).await;
    way.pass().await;
    way.certify().await.has("Wardlight Health Limited");
    app.finish().await;
}

#[actix_web::test]
async fn a_failed_test_leads_to_another_and_to_a_certificate() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let way = Way::of(&app, OWNER, &reference);
    way.book(day("2026-04-28"), "Tuesday 28\u{a0}April 2026, 10am").await.has("Your demonstration is booked");
    way.describe("security-key", "internet").await.has("Details saved");
    way.check(None).await.is(200);
    way.confirm().await;
    let note = "The session was open after 10 minutes.";
    way.hold(&[("b1", note)]).await;
    way.end("pass", "").await.is(422).has("Some lines were not seen.");
    way.end("fail", "Sign-in is in good order.").await.is(200);
    way.tells(OWNER, &["It’s your turn. The last test was not passed. Book another one when you’re ready."]).await;
    way.tells(REVIEWER, &["It’s the supplier’s turn. The last test was not passed. Another one can be booked."]).await;
    app.get(OWNER, &format!("{}/demonstration", way.product)).await.has(note).has("Sign-in is in good order.");
    let early = app.get(REVIEWER, &format!("{}/certificate/issue", way.product)).await;
    early.is(200).has("You cannot issue a certificate until the conformance test is passed.");

    way.book(day("2026-05-14"), "Thursday 14\u{a0}May 2026, 10am").await.has("Your demonstration is booked");
    // What was given for the first test is kept; what has to be confirmed for each test is asked again.
    way.tells(OWNER, &["We need 1 detail more by Thursday 7 May 2026."]).await;
    way.describe("security-key", "internet").await.has("Details saved");
    way.pass().await;
    way.tells(REVIEWER, &["Issue the certificate by Thursday 21 May 2026."]).await;
    way.certify().await;
    app.finish().await;
}

#[actix_web::test]
async fn an_organisation_whose_signatory_signed_before_need_not_sign_again() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let way = Way::of(&app, OWNER, &reference);
    let organisation = app.get(OWNER, "/organisation").await.location.unwrap();
    let mut party = form(&app.get(OWNER, &organisation).await, &organisation, "Save details");
    party.set("existing-agreement", "same-person");
    press(&app, OWNER, &party, "Save details").await.is(303);
    way.name_signatory(&officer()).await.is(200);
    way.tells(OWNER, &["we’re making your Connection Agreement. We’ll issue it by Monday 13 April 2026."]).await;
    app.get(REVIEWER, &at(&reference, "/issue")).await.is(200).has("Re-issued, no need to sign");
    way.fill(REVIEWER, "agreement/issue", "Issue the agreement", |_| {}).await.is(200);
    app.get(OWNER, &at(&reference, "")).await.has("Nobody needs to sign");
    assert!(!issued_bytes(&app, &reference).await.is_empty());
    app.tested(&reference).await;
    way.certify().await;
    way.tells(OWNER, &["C2A-1001 is assured.", "tell us how the product is configured in production"]).await;
    let mail = app.mail().await;
    assert!(mail.iter().all(|m| m.to != officer().email), "nobody is asked to sign");
    assert!(mail.iter().any(|m| m.to == OWNER.email && m.text.subject == "Wardlight 1 is assured"));
    app.finish().await;
}
