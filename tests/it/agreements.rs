//! The Connection Agreement over HTTP: named, issued, signed, checked; issued again; hostile copies; two at once.

use std::path::Path;

use assured::domain::agreement::AgreementState;
use assured::domain::agreement::command::AgreementCommand;
use assured::domain::catalogue::{Section, Stage};
use assured::domain::facts::{NamedPerson, OrganisationFacts};
use assured::domain::product::Product;
use assured::domain::words::SigningId;
use sha2::{Digest as _, Sha256};

use crate::page::{form, link};
use crate::pdf_files::{Pdf, encrypted, with_action};
use crate::support::assurance::*;
use crate::support::http::Reply;
use crate::support::*;

/// The sections that an agreement waits for.
pub fn non_functional() -> Vec<Section> {
    Section::ALL.iter().copied().filter(|s| s.stage() == Stage::NonFunctional).collect()
}

/// A product whose agreement can be issued: sections accepted, parties known, signatory named.
pub async fn issuable(app: &TestApp) -> String {
    app.name_party().await;
    let reference = app.product(OWNER).await;
    app.accept_all(&reference, &non_functional()).await;
    // The role in data protection is asked in a technical section, which may be a draft still.
    app.answer_all(OWNER, &reference, Section::CoreConformance).await;
    app.agree(OWNER, &reference, AgreementCommand::Name(officer(), SigningId(new_uuid()))).await;
    reference
}

/// The address of a page of the agreement.
pub fn at(reference: &str, page: &str) -> String {
    format!("/products/{}/agreement{page}", reference.to_lowercase())
}

/// Presses "Issue the agreement" on the page as it is proposed.
pub async fn press_issue(app: &TestApp, reference: &str) -> Reply {
    let address = at(reference, "/issue");
    let page = app.get(REVIEWER, &address).await;
    let pressed = form(page.is(200), &address, "Issue the agreement").pressed("Issue the agreement");
    post(app, REVIEWER, &address, &pressed).await
}

/// Presses a button.
pub async fn post(app: &TestApp, who: Persona, address: &str, fields: &[(String, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, address, &fields).await
}

/// The bytes that were issued.
pub async fn issued_bytes(app: &TestApp, reference: &str) -> Vec<u8> {
    app.get(OWNER, &at(reference, ".pdf")).await.is(200).bytes.clone()
}

/// How many files are kept, and how many are on their way in.
pub fn files_kept(app: &TestApp) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    let any = app.data.files.path(&"00".repeat(32)).unwrap();
    count(any.parent().unwrap().parent().unwrap())
}

/// The fields of a signed copy that was signed today.
pub fn signed_today(app: &TestApp, product: &Product) -> Vec<(&'static str, String)> {
    let today = assured::domain::calendar::london_date(app.now());
    vec![
        ("issued", product.agreement().issue.as_ref().unwrap().pdf.clone()),
        ("signed-on-day", today.format("%-d").to_string()),
        ("signed-on-month", today.format("%-m").to_string()),
        ("signed-on-year", today.format("%Y").to_string()),
        ("authorised", "yes".to_owned()),
    ]
}

async fn send_copy(app: &TestApp, reference: &str, bytes: &[u8], change: &[(&'static str, &str)]) -> Reply {
    let product = app.see(OWNER, reference).await.unwrap();
    let mut fields = signed_today(app, &product);
    for (name, value) in change {
        fields.retain(|(n, _)| n != name);
        fields.push((name, (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    app.upload(OWNER, &at(reference, "/signature"), &fields, &[("copy", "signed.pdf", bytes)]).await
}

/// The state of the agreement.
pub async fn state(app: &TestApp, reference: &str) -> AgreementState {
    app.see(OWNER, reference).await.unwrap().agreement().state
}

/// Every tick and a decision.
fn decided<'a>(copy: &'a str, decision: &'a str, reason: &'a str) -> Vec<(&'a str, &'a str)> {
    let checks = ["right-version", "right-party", "right-signatory", "dated", "every-page"];
    let mut fields: Vec<(&str, &str)> = checks.map(|c| ("checks", c)).to_vec();
    fields.extend([("copy", copy), ("decision", decision), ("reason", reason)]);
    fields
}

#[actix_web::test]
async fn the_sample_can_be_read_and_the_signatory_named_from_the_first_day() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let page = app.get(OWNER, &at(&reference, "")).await;
    page.is(200)
        .has("Sample only")
        .has("all 4 non-functional sections are accepted. 4 are left")
        .has("New agreement, to be signed");
    let sample = app.get(VIEWER, &link(&page, "Read the sample")).await;
    sample.is(200).has("Sample terms").has("[organisation]").has("Appendix");
    assert!(app.get(VIEWER, &link(&sample, "Download the sample")).await.is(200).bytes.starts_with(b"%PDF-"));

    let address = at(&reference, "/signatory");
    let first = app.get(OWNER, &address).await;
    let organisation = link(first.is(200), "Give the legal name and address");
    app.get(OWNER, &organisation).await.is(200).has("Legal name");
    app.post(OWNER, &address, &[("name", "A")]).await.is(422);
    app.name_party().await;

    let empty = app.post(OWNER, &address, &[]).await;
    empty
        .is(422)
        .has("Enter the name of the person who will sign")
        .has("Enter the signatory’s job title, like Chief Executive")
        .has("Enter the email address of the person who will sign")
        .has("Confirm that this person is an officer of the organisation with authority to sign");
    let typed = [("name", "Jo Hill"), ("job-title", "Lead Developer"), ("email", "jo@wardlight.example"), ("officer", "yes")];
    let warned = app.post(OWNER, &address, &typed).await;
    warned.is(200).has("Check that Jo Hill, Lead Developer, can do that.");
    assert!(
        !app.see(OWNER, &reference).await.unwrap().agreement().is_signatory_named(),
        "a warning is shown before anything is kept"
    );
    let pressed = form(&warned, &address, "Save who will sign").pressed("Save who will sign");
    post(&app, OWNER, &address, &pressed).await.goes_to(&at(&reference, ""));
    app.get(OWNER, &at(&reference, "")).await.has("Jo Hill, Lead Developer");
    app.get(OWNER, &address).await.has("value=\"Jo Hill\"");
    app.get(VIEWER, &address).await.is(403);
    app.get(RIVAL, &address).await.is(404);
    assert!(app.mail().await.iter().all(|m| m.to != "jo@wardlight.example"), "nobody is asked before there is something to sign");
    app.finish().await;
}

#[actix_web::test]
async fn whom_the_organisation_names_is_proposed() {
    let app = TestApp::new().await;
    app.name_party().await;
    let owner = app.actor(OWNER).await;
    let id = app.organisation(OWNER).await;
    let present = app.db.visible(&owner).organisation(id).await.unwrap().facts;
    let person = NamedPerson { name: "Ada Dean".to_owned(), ..officer() };
    let facts = OrganisationFacts { signatory: person, ..present.clone() };
    app.db.change_organisation(&owner, id, (&facts, &present.edition()), app.now()).await.unwrap();
    let reference = app.product(OWNER).await;
    app.get(OWNER, &at(&reference, "/signatory")).await.is(200).has("value=\"Ada Dean\"");
    app.finish().await;
}

#[actix_web::test]
async fn a_new_agreement_is_issued_once_however_often_it_is_pressed() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    app.get(OWNER, &at(&reference, "/issue")).await.is(404);
    let address = at(&reference, "/issue");
    let page = app.get(REVIEWER, &address).await;
    page.is(200)
        .has("Proposed: <strong>New agreement, to be signed")
        .has("Wardlight Health Limited")
        .has("The supplier’s answer: Processor");
    let preview = app.get(REVIEWER, &at(&reference, "/preview.pdf?role=joint")).await;
    assert!(preview.is(200).bytes.starts_with(b"%PDF-"));
    let pressed = form(&page, &address, "Issue the agreement").pressed("Issue the agreement");
    post(&app, REVIEWER, &address, &pressed).await.goes_to(&at(&reference, ""));
    let issued = app.see(OWNER, &reference).await.unwrap();
    post(&app, REVIEWER, &address, &pressed).await.goes_to(&at(&reference, ""));
    assert_eq!(app.see(OWNER, &reference).await.unwrap().agreement(), issued.agreement(), "pressed twice, issued once");
    let asked = app.mail().await.iter().filter(|m| m.to == officer().email).count();
    assert_eq!(asked, 1);

    let bytes = issued_bytes(&app, &reference).await;
    let digest = format!("{:x}", Sha256::digest(&bytes));
    assert_eq!(issued.agreement().issue.as_ref().unwrap().pdf, digest);
    let page = app.get(OWNER, &at(&reference, "")).await;
    page.has(&digest).has("Margaret Hale, Chief Executive, needs to sign").has("C2A-1001-1");
    app.get(VIEWER, &at(&reference, "/signature")).await.is(403);
    app.get(VIEWER, &at(&reference, "")).await.is(200).lacks("Send the signed agreement");

    app.finish().await;
}

#[actix_web::test]
async fn a_signed_copy_is_checked_returned_sent_again_and_accepted() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    press_issue(&app, &reference).await.is(303);
    let bytes = issued_bytes(&app, &reference).await;
    send_copy(&app, &reference, &bytes, &[]).await.goes_to(&at(&reference, ""));
    send_copy(&app, &reference, &bytes, &[]).await.goes_to(&at(&reference, ""));
    app.get(OWNER, &at(&reference, "")).await.has("Being checked").has("You’ve sent the signed agreement");
    let told = app.mail().await.iter().filter(|m| m.to == REVIEWER.email).count();

    let check = at(&reference, "/check");
    let page = app.get(REVIEWER, &check).await;
    page.is(200).has("Found in it").has("Margaret Hale, Chief Executive").has("signed.pdf");
    app.get(OWNER, &check).await.is(404);
    let copy = app.see(OWNER, &reference).await.unwrap().agreement().signed.as_ref().unwrap().digest.clone();
    app.post(REVIEWER, &check, &[("copy", &copy)]).await.is(422).has("Select whether you accept the copy");
    app.post(REVIEWER, &check, &[("copy", &copy), ("decision", "accept"), ("checks", "dated")])
        .await
        .is(422)
        .has("Tick every point");
    app.post(REVIEWER, &check, &decided(&copy, "return", " ")).await.is(422).has("Say what the supplier needs to do");
    app.post(REVIEWER, &check, &decided("another", "accept", "")).await.is(409).has("Another copy has arrived");
    assert_eq!(state(&app, &reference).await, AgreementState::Signed);
    app.get(REVIEWER, &at(&reference, "/signed.pdf")).await.is(200);
    app.get(REVIEWER, &format!("/products/{}/history", reference.to_lowercase())).await.has("File opened: signed.pdf");

    let back = decided(&copy, "return", "Page 2 cannot be read.");
    app.post(REVIEWER, &check, &back).await.goes_to(&at(&reference, ""));
    app.post(REVIEWER, &check, &back).await.goes_to(&at(&reference, ""));
    app.get(OWNER, &at(&reference, "")).await.has("Page 2 cannot be read.").has("Sign again");
    send_copy(&app, &reference, &bytes, &[]).await.goes_to(&at(&reference, ""));
    let accept = decided(&copy, "accept", "");
    app.post(REVIEWER, &check, &accept).await.goes_to(&at(&reference, ""));
    app.post(REVIEWER, &check, &accept).await.goes_to(&at(&reference, ""));
    assert_eq!(state(&app, &reference).await, AgreementState::Accepted);
    app.get(OWNER, &at(&reference, "")).await.has("The agreement is accepted.");
    let now_told = app.mail().await.iter().filter(|m| m.to == REVIEWER.email).count();
    assert_eq!(now_told, told + 1, "one mail for each copy that waits");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_signed_copy_is_said_and_nothing_is_kept() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    press_issue(&app, &reference).await.is(303);
    let good = issued_bytes(&app, &reference).await;
    let before = files_kept(&app);
    let none = app.upload(OWNER, &at(&reference, "/signature"), &[], &[]).await;
    none.is(422).has("We issued another version of the agreement");
    for (change, sentence) in [
        (("signed-on-day", ""), "Date signed must include a day"),
        (("signed-on-day", "1"), "Date signed must be on or after 2 April 2026, when we issued the agreement"),
        (("signed-on-day", "3"), "Date signed must be today or in the past"),
        (("signed-on-month", "13"), "Date signed must be a real date"),
        (("authorised", ""), "Confirm that the signatory is an officer of the organisation with authority to accept these terms"),
        (("issued", "older"), "We issued another version of the agreement on Thursday"),
    ] {
        let reply = send_copy(&app, &reference, &good, &[change]).await;
        reply.is(422).has(sentence);
    }
    let large = [good.clone(), vec![b' '; 20 * 1024 * 1024]].concat();
    for (bytes, sentence) in [
        (Vec::new(), "The selected file is empty"),
        (b"Dear team".to_vec(), "The selected file must be a PDF"),
        (encrypted(""), "The selected file is password protected"),
        (with_action("<< /S /JavaScript /JS (app.alert(1)) >>"), "The selected file contains a script"),
        (with_action("<< /S /Launch /F (calc.exe) >>"), "starts another program"),
        (good[..good.len() / 2].to_vec(), "The selected file is damaged or not complete"),
        (Pdf::of_pages(1).bytes(), "The selected file has 1 page. The agreement that we issued has"),
        (large, "The selected file must be smaller than 20MB"),
    ] {
        let reply = send_copy(&app, &reference, &bytes, &[]).await;
        reply.is(422).has(sentence).has("value=\"2026\"");
    }
    let product = app.see(OWNER, &reference).await.unwrap();
    let fields = signed_today(&app, &product);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    app.upload(OWNER, &at(&reference, "/signature"), &fields, &[]).await.is(422).has("Select the signed agreement");
    assert_eq!(files_kept(&app), before, "nothing of what was refused is kept");
    assert_eq!(state(&app, &reference).await, AgreementState::Issued);

    // A scan has no text; a person looks at it.
    send_copy(&app, &reference, &Pdf::of_pages(30).bytes(), &[]).await.is(303);
    app.get(REVIEWER, &at(&reference, "/check")).await.has("Not found. A scan has no text").has("30, and");
    app.finish().await;
}

#[actix_web::test]
async fn acceptance_in_the_portal_takes_the_place_of_a_signed_copy() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    press_issue(&app, &reference).await.is(303);
    let address = at(&reference, "/contract");
    app.get(OWNER, &address).await.is(404);
    app.get(REVIEWER, &address).await.is(200);
    let date = [("starts-on-day", "1"), ("starts-on-month", "4"), ("starts-on-year", "2026")];
    let with = |number| [&[("number", number)][..], &date].concat();
    app.post(REVIEWER, &address, &[]).await.is(422).has("Enter the contract number").has("Enter the start date of the contract");
    app.post(REVIEWER, &address, &with("CNTR12")).await.is(422).has("must be CNTR and 7 numbers").has("value=\"CNTR12\"");
    let future = [("number", "CNTR0012345"), ("starts-on-day", "9"), ("starts-on-month", "4"), ("starts-on-year", "2026")];
    app.post(REVIEWER, &address, &future).await.is(422).has("Start date must be today or in the past");
    app.post(REVIEWER, &address, &with("cntr 0012345")).await.goes_to(&at(&reference, ""));
    app.post(REVIEWER, &address, &with("cntr 0012345")).await.goes_to(&at(&reference, ""));
    app.get(OWNER, &at(&reference, "")).await.has("CNTR0012345").has("The agreement is accepted.");
    app.finish().await;
}

#[actix_web::test]
async fn a_new_agreement_leaves_the_old_one_in_the_list_with_its_files() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    press_issue(&app, &reference).await.is(303);
    let bytes = issued_bytes(&app, &reference).await;
    send_copy(&app, &reference, &bytes, &[]).await.is(303);
    let copy = app.see(OWNER, &reference).await.unwrap().agreement().signed.as_ref().unwrap().digest.clone();
    app.post(REVIEWER, &at(&reference, "/check"), &decided(&copy, "accept", "")).await.is(303);

    let address = at(&reference, "/renewal");
    app.get(OWNER, &address).await.is(404);
    app.get(REVIEWER, &address).await.is(200);
    app.post(REVIEWER, &address, &[("reason", " ")]).await.is(422).has("Enter a reason");
    app.post(REVIEWER, &address, &[("reason", "The company was bought.")]).await.goes_to(&at(&reference, ""));
    let page = app.get(OWNER, &at(&reference, "")).await;
    page.has("The company was bought.").has("Earlier agreements").has("Re-issued, to be signed again");
    let old = app.get(OWNER, &link(&page, "Download agreement 1 as issued")).await;
    assert_eq!(old.is(200).bytes, bytes);
    assert_eq!(app.get(OWNER, &link(&page, "Download agreement 1 as signed")).await.is(200).bytes, bytes);
    app.get(OWNER, &at(&reference, ".pdf")).await.is(404);
    app.get(OWNER, &at(&reference, ".pdf?number=7")).await.is(404);
    press_issue(&app, &reference).await.is(303);
    app.get(OWNER, &at(&reference, "")).await.has("C2A-1001-2").has("needs to sign");
    app.finish().await;
}

#[actix_web::test]
async fn of_accepting_and_returning_at_once_one_holds() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    press_issue(&app, &reference).await.is(303);
    let bytes = issued_bytes(&app, &reference).await;
    send_copy(&app, &reference, &bytes, &[]).await.is(303);
    let copy = app.see(OWNER, &reference).await.unwrap().agreement().signed.as_ref().unwrap().digest.clone();
    let check = at(&reference, "/check");
    let (accept, back) = (decided(&copy, "accept", ""), decided(&copy, "return", "Page 2 cannot be read."));
    let (accepted, returned) = tokio::join!(app.post(REVIEWER, &check, &accept), app.post(OTHER_REVIEWER, &check, &back));
    let mut answers = [accepted.status, returned.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    let expected = if accepted.status == 303 { AgreementState::Accepted } else { AgreementState::Returned };
    assert_eq!(state(&app, &reference).await, expected);
    app.finish().await;
}

#[actix_web::test]
async fn of_two_presses_at_once_one_copy_is_sent() {
    let app = TestApp::new().await;
    let reference = issuable(&app).await;
    press_issue(&app, &reference).await.is(303);
    let bytes = issued_bytes(&app, &reference).await;
    let (one, two) = tokio::join!(send_copy(&app, &reference, &bytes, &[]), send_copy(&app, &reference, &bytes, &[]));
    assert_eq!((one.status, two.status), (303, 303));
    let mail = app.mail().await;
    let told = mail.iter().filter(|m| m.to == MANAGER.email).count();
    app.get(REVIEWER, &at(&reference, "/check")).await.is(200);
    assert_eq!(told, 1, "{mail:?}");
    app.finish().await;
}
