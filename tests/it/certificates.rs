//! Certificates as people and programs meet them: issued, checked by anybody, in doubt, withdrawn, replaced.

use std::process::Command as Program;

use assured::domain::catalogue::Section;
use assured::domain::certificate::{CertificateCommand, CertificateState};
use assured::domain::command::{Command, SectionCommand};
use assured::domain::demonstration::DemonstrationState;
use assured::domain::live::{Altered, LiveCommand, Touched};
use assured::domain::notice::Notice;
use assured::domain::refusal::Refusal;
use assured::error::Error;
use serde_json::Value;

use crate::support::http::Reply;
use crate::support::*;

const REASON: &str = "The version on it has a slip of the pen.";

/// A product whose conformance test was passed: its address.
async fn tested(app: &TestApp) -> String {
    let reference = app.accepted_product().await;
    app.tested(&reference).await;
    format!("/products/{}", reference.to_lowercase())
}

/// Issues or replaces over HTTP, as the page asks. Gives the number.
async fn issue(app: &TestApp, product: &str) -> String {
    let address = format!("{product}/certificate/issue");
    let page = app.get(REVIEWER, &address).await;
    let replaces = hidden(&page, "replaces");
    let reply = app.post(REVIEWER, &address, &[("replaces", &replaces), ("reason", REASON)]).await;
    reply.goes_to(&format!("{product}/certificate"));
    app.follow(REVIEWER, &reply).await.is(200).has(" issued").has("We’ve told");
    number(app, product).await
}

/// The number of the certificate that stands.
async fn number(app: &TestApp, product: &str) -> String {
    let reference = product.rsplit('/').next().unwrap();
    app.see(OWNER, reference).await.unwrap().certificate().unwrap().content.number.clone()
}

#[track_caller]
fn hidden(page: &Reply, name: &str) -> String {
    page.is(200);
    let (_, after) = page.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{}", page.body));
    after.split_once('"').unwrap().0.to_owned()
}

/// The program of the documentation, which knows nothing of this service: what it says of a signed form and keys.
fn checked_by_others(jws: &str, keys: &str) -> String {
    let folder = folder();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/certificates.md")).unwrap();
    let program = page.split("```js\n").nth(1).unwrap().split("```").next().unwrap();
    std::fs::write(folder.join("check.mjs"), program).unwrap();
    std::fs::write(folder.join("certificate.jws"), jws).unwrap();
    std::fs::write(folder.join("certificate-keys.json"), keys).unwrap();
    let run = Program::new("node").arg("check.mjs").current_dir(&folder).output().expect("install Node.js");
    let said = String::from_utf8(run.stdout).unwrap().trim().to_owned();
    std::fs::remove_dir_all(folder).unwrap();
    said
}

/// The text of a PDF with single spaces.
fn text_of(pdf: &[u8]) -> String {
    let folder = folder();
    let path = folder.join("certificate.pdf");
    std::fs::write(&path, pdf).unwrap();
    let run = Program::new("pdftotext").arg(&path).arg("-").output().expect("install the Debian package poppler-utils");
    std::fs::remove_dir_all(folder).unwrap();
    String::from_utf8(run.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn a_certificate_is_awaited_issued_downloaded_and_checked_by_programs_of_others() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    let waiting = app.get(OWNER, &format!("{product}/certificate")).await;
    waiting.is(200).has("We’ll issue the certificate by").has("How we worked out this date").lacks("certificate/issue");
    app.get(OWNER, &format!("{product}/certificate.pdf")).await.is(404);
    let page = app.get(REVIEWER, &format!("{product}/certificate/issue")).await;
    page.is(200).has("What the certificate will say").has("Wardlight Health Limited").has("Due by").has("working days left");

    let number = issue(&app, &product).await;
    let page = app.get(OWNER, &format!("{product}/certificate")).await;
    page.is(200).has(&number).has("Valid").has(&format!("{BASE}/certificates/{number}")).has("class=\"app-qr\"");
    let pdf = app.get(OWNER, &format!("{product}/certificate.pdf")).await;
    pdf.is(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert_eq!(pdf.header("content-disposition"), format!("attachment; filename=\"{number}.pdf\""));
    let text = text_of(&pdf.bytes);
    for said in [number.as_str(), "Wardlight 1", "version 4.2", "Wardlight Health Limited", "by Amina Okafor"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }

    let keys = app.get(None, "/.well-known/certificate-keys.json").await;
    let open: Value = serde_json::from_str(&app.get(None, &format!("/certificates/{number}.json")).await.is(200).body).unwrap();
    let own: Value = serde_json::from_str(&app.get(OWNER, &format!("{product}/certificate.json")).await.is(200).body).unwrap();
    assert_eq!(open, own);
    let told = checked_by_others(open["jws"].as_str().unwrap(), &keys.is(200).body);
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap(), open["certificate"], "what is signed is what is shown");
    assert_eq!((open["status"].as_str(), open["certificate"]["number"].as_str()), (Some("valid"), Some(number.as_str())));
    let (signed, _) = open["jws"].as_str().unwrap().rsplit_once('.').unwrap();
    assert_eq!(checked_by_others(&format!("{signed}.AAAA"), &keys.body), "Not genuine");
    assert!(!keys.body.contains("\"d\""), "only public keys are given away");

    let letters = app.db.all_mail(1).await.unwrap().rows;
    let about = Notice::CertificateIssued { number, on: assured::domain::calendar::london_date(app.now()) };
    assert_eq!(letters.iter().filter(|l| l.notice == about).count(), 3, "everybody of the team is told once");
    app.finish().await;
}

#[actix_web::test]
async fn the_public_page_shows_the_certificate_and_nothing_else() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    app.advance(chrono::Duration::hours(1));
    let number = issue(&app, &product).await;
    let address = format!("/certificates/{number}");
    let page = app.get(None, &address).await;
    page.is(200).has("Valid").has("Wardlight 1").has("Wardlight Health Limited").has("This certificate is genuine and stands");
    for secret in ["@", "Electronic ward rounds", "int.wardlight", "555012345678", "/products/", "Priya", "Long Row"] {
        page.lacks(secret);
    }
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(app.get(RIVAL, &address).await.is(200).body.matches("Wardlight Health Limited").count(), 1);
    app.get(RIVAL, &format!("{product}/certificate")).await.is(404);
    app.get(RIVAL, &format!("{product}/certificate.pdf")).await.is(404);
    app.get(RIVAL, &format!("{product}/certificate.json")).await.is(404);
    app.get(VIEWER, &format!("{product}/certificate")).await.is(200).lacks("What you can do");

    for typed in [number.to_lowercase(), number.replace('-', ""), number.replace('0', "o").replace('1', "l")] {
        app.get(None, &format!("/certificates/{typed}")).await.is(200).has(&number);
        let found = app.get(None, &format!("/certificates?number=+{typed}+")).await;
        found.goes_to(&address);
    }
    let before = app.db.statements();
    app.get(None, &address).await.is(200);
    assert_eq!(app.db.statements() - before, 1, "one question to the database");
    app.finish().await;
}

#[actix_web::test]
async fn a_wrong_number_gets_a_kind_answer() {
    let app = TestApp::new().await;
    app.get(None, "/login").await.is(200).has("href=\"/certificates\"");
    app.get(None, "/certificates").await.is(200).has("Check a certificate").lacks("There is a problem");
    app.get(None, "/certificates?number=").await.is(422).has("Enter a certificate number, like SAC-2026-");
    for typed in ["SAC-2026-0042", "C2A-1001", "SAC-2026-UUUU-UUUU-UUUU", "%00%0a%3Cscript%3E", &"9".repeat(3000)] {
        let page = app.get(None, &format!("/certificates?number={typed}")).await;
        page.is(422).has("has a year and 12 characters").lacks("<script>");
    }
    for typed in ["SAC-2026-7K3M-9QXT-4WZP", "SAC-2026-0042", "nonsense", "%3Cscript%3E", "SAC-2026-%F0%9F%98%80"] {
        let page = app.get(None, &format!("/certificates/{typed}")).await;
        page.is(404).has("We have no certificate with that number").has("Check that you have typed it exactly").lacks("<script>");
    }
    app.get(None, "/certificates/SAC-2026-7K3M-9QXT-4WZP.json").await.is(404);
    app.get(None, "/certificates/nonsense.json").await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn what_stands_in_the_way_is_said_and_only_reviewers_issue() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let product = format!("/products/{}", reference.to_lowercase());
    let address = format!("{product}/certificate/issue");
    let blocked = app.get(REVIEWER, &address).await;
    blocked.is(200).has("until the conformance test is passed").lacks("Issue certificate\n");
    app.post(REVIEWER, &address, &[]).await.is(409).has("until the conformance test is passed");
    app.tested(&reference).await;
    let reopen = SectionCommand::Reopen(vec!["cx-signin-walkthrough".to_owned()], "Show the new screen.".to_owned());
    app.act(REVIEWER, &reference, Section::Cis2Conformance, reopen).await;
    app.get(REVIEWER, &address).await.is(200).has("until technical conformance is accepted");
    app.post(REVIEWER, &address, &[]).await.is(409).has("until technical conformance is accepted");
    app.get(OWNER, &format!("{product}/certificate")).await.is(200).has("when both technical sections are accepted");

    for (who, status) in [(OWNER, 404), (VIEWER, 404), (RIVAL, 404), (ADMINISTRATOR, 404), (MANAGER, 403)] {
        app.get(who, &address).await.is(status);
        app.post(who, &address, &[]).await.is(status);
    }
    assert!(app.see(OWNER, &reference).await.unwrap().certificates.is_empty(), "no number was used up");
    app.finish().await;
}

#[actix_web::test]
async fn names_that_the_fonts_cannot_show_are_refused_with_the_characters() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    let reference = product.rsplit('/').next().unwrap();
    let present = app.see(OWNER, reference).await.unwrap().facts;
    let edition = present.edition();
    let facts = assured::domain::facts::Facts { name: "Ward日本".to_owned(), ..present };
    app.command(OWNER, reference, Command::Change(Box::new(facts), edition)).await;
    let address = format!("{product}/certificate/issue");
    let sentence = "The certificate cannot show the characters “日” and “本” in “product”.";
    app.get(REVIEWER, &address).await.is(200).has(sentence);
    app.post(REVIEWER, &address, &[]).await.is(409).has(sentence);
    assert!(app.see(OWNER, reference).await.unwrap().certificates.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn a_manager_withdraws_with_a_reason_and_everybody_can_see_that_it_no_longer_counts() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    let number = issue(&app, &product).await;
    let address = format!("{product}/certificate/withdrawal");
    app.get(MANAGER, &format!("{product}/certificate")).await.is(200).has("Withdraw the certificate");
    app.get(REVIEWER, &address).await.is(403);
    app.post(REVIEWER, &address, &[("number", &number), ("reason", REASON)]).await.is(403);
    app.post(OWNER, &address, &[("number", &number), ("reason", REASON)]).await.is(404);
    let page = app.get(MANAGER, &address).await;
    assert_eq!(hidden(&page, "number"), number);
    let long = "x".repeat(501);
    app.post(MANAGER, &address, &[("number", &number), ("reason", " ")]).await.is(422).has("Say why the certificate is withdrawn");
    app.post(MANAGER, &address, &[("number", &number), ("reason", &long)]).await.is(422).has(&long);
    app.post(MANAGER, &address, &[("number", "SAC-2026-0000-0000-0000"), ("reason", REASON)]).await.is(409).has("Nothing was done");
    app.get(None, &format!("/certificates/{number}")).await.is(200).has("Valid");

    let reply = app.post(MANAGER, &address, &[("number", &number), ("reason", REASON)]).await;
    reply.goes_to(&format!("{product}/certificate"));
    let page = app.get(None, &format!("/certificates/{number}")).await;
    page.is(200).has("Withdrawn").has("It no longer counts").lacks(REASON).lacks("genuine and stands");
    assert!(app.get(None, &format!("/certificates/{number}.json")).await.body.contains("\"status\":\"withdrawn\""));
    app.get(OWNER, &format!("{product}/certificate")).await.is(200).has("Withdrawn").has(REASON).lacks("Download PDF");
    app.get(OWNER, &format!("{product}/certificate.pdf")).await.is(404);
    app.post(MANAGER, &address, &[("number", &number), ("reason", REASON)]).await.is(409);
    let another = issue(&app, &product).await;
    assert_ne!(another, number);
    app.get(OWNER, &format!("{product}/certificate")).await.is(200).has(&another).has("Earlier certificates").has(&number);
    app.finish().await;
}

#[actix_web::test]
async fn a_certificate_is_replaced_for_a_reason_and_its_page_leads_to_the_new_one() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    let first = issue(&app, &product).await;
    let address = format!("{product}/certificate/issue");
    app.get(REVIEWER, &address).await.is(200).has("Replace the certificate").has(&first);
    app.post(REVIEWER, &address, &[("replaces", &first)]).await.is(422).has("Say why the certificate is replaced");
    // A form that was opened before there was a certificate, or a second press of the same button.
    app.post(REVIEWER, &address, &[("replaces", ""), ("reason", REASON)]).await.is(409).has("Nothing was issued twice").has(&first);
    let second = issue(&app, &product).await;
    app.post(REVIEWER, &address, &[("replaces", &first), ("reason", REASON)]).await.is(409).has(&second);

    let page = app.get(None, &format!("/certificates/{first}")).await;
    page.is(200).has("Replaced").has(&format!("href=\"/certificates/{second}\"")).lacks(REASON);
    app.get(None, &format!("/certificates/{second}")).await.is(200).has("Valid").has(&format!("Certificate {first}"));
    app.get(OWNER, &format!("{product}/certificate")).await.is(200).has(&second).has(&format!("by {second}")).has(REASON);
    app.finish().await;
}

#[actix_web::test]
async fn who_decided_on_a_certificate_that_was_replaced_meanwhile_is_told_and_the_new_one_is_untouched() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    let reference = product.rsplit('/').next().unwrap();
    let first = issue(&app, &product).await;
    let second = issue(&app, &product).await;
    let altered = Altered { touched: [Touched::SignIn].into(), what: "We sign in through a new gateway.".to_owned() };
    app.command(OWNER, reference, Command::Live(LiveCommand::Alter(altered))).await;
    let address = format!("{product}/certificate/decision");
    let page = app.get(MANAGER, &address).await;
    assert_eq!(hidden(&page, "number"), second);
    for number in ["", first.as_str()] {
        let fields = [("decision", "withdraw"), ("number", number), ("reason", REASON)];
        app.post(MANAGER, &address, &fields).await.is(409).has("Nothing was done").has(&second);
        let fields = [("number", number), ("reason", REASON)];
        app.post(MANAGER, &format!("{product}/certificate/withdrawal"), &fields).await.is(409).has("Nothing was done");
    }
    // The same when the page was right and the certificate is replaced before the press is judged.
    let withdraw = CertificateCommand::Withdraw { number: first, reason: REASON.to_owned() };
    let refused = app.try_act(MANAGER, reference, &Command::Certificate(withdraw)).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::Elsewhere("The certificate has been replaced."))), "{refused}");
    assert_eq!(app.see(OWNER, reference).await.unwrap().certificate().unwrap().state, CertificateState::AtRisk);
    let fields = [("decision", "withdraw"), ("number", second.as_str()), ("reason", REASON)];
    app.post(MANAGER, &address, &fields).await.goes_to(&format!("{product}/certificate"));
    app.finish().await;
}

#[actix_web::test]
async fn a_certificate_at_risk_stands_until_somebody_decides() {
    let app = TestApp::new().await;
    let product = tested(&app).await;
    let reference = product.rsplit('/').next().unwrap();
    let number = issue(&app, &product).await;
    let address = format!("{product}/certificate/decision");
    app.get(REVIEWER, &address).await.is(409);
    let what = "We sign in through a new gateway.".to_owned();
    let altered = Altered { touched: [Touched::SignIn].into(), what: what.clone() };
    app.command(OWNER, reference, Command::Live(LiveCommand::Alter(altered))).await;
    app.get(OWNER, &format!("{product}/certificate")).await.is(200).has("At risk").has(&what);
    app.get(None, &format!("/certificates/{number}")).await.is(200).has("Valid").has("has changed since").lacks(&what);

    // The change opened a technical section again: it cannot be kept until that is accepted.
    app.get(REVIEWER, &address).await.is(200).has(&what).has("You can keep the certificate when").lacks("value=\"keep\"");
    app.get(MANAGER, &address).await.is(200).has("value=\"withdraw\"").lacks("value=\"test\"");
    app.get(OWNER, &address).await.is(404);
    let product_now = app.see(OWNER, reference).await.unwrap();
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        if product_now.section(section).state() != assured::domain::section::SectionState::Accepted {
            let setting = app.rules.setting(&product_now, app.now()).unwrap();
            let asked = product_now.asked(&product_now.given(setting.catalogue, setting.today()), section);
            for question in asked.iter().map(|q| q.key.clone()) {
                let value = product_now.answers[&question].value.clone().unwrap();
                app.answer(OWNER, reference, (&question, value), "Nothing else changes.").await;
            }
            app.send(OWNER, reference, section).await;
            app.accept(REVIEWER, reference, section).await;
        }
    }
    app.get(REVIEWER, &address).await.is(200).has("value=\"keep\"").lacks("You can keep the certificate when");
    let decide = async |decision: &str, reason: &str| {
        app.post(REVIEWER, &address, &[("number", &number), ("decision", decision), ("reason", reason)]).await
    };
    decide("", "").await.is(422).has("Select what is to become of the certificate").has("Say why");
    decide("withdraw", REASON).await.is(422).has(REASON);
    decide("keep", REASON).await.goes_to(&format!("{product}/certificate"));
    let kept = app.see(OWNER, reference).await.unwrap();
    assert_eq!(kept.certificate().unwrap().state, CertificateState::Valid);
    decide("keep", REASON).await.is(409);

    let altered = Altered { touched: [Touched::Logout].into(), what };
    app.command(OWNER, reference, Command::Live(LiveCommand::Alter(altered))).await;
    decide("test", REASON).await.goes_to(&format!("{product}/certificate"));
    let again = app.see(OWNER, reference).await.unwrap();
    assert_eq!(again.demonstration().state, DemonstrationState::NotBooked);
    assert_eq!(again.certificate().unwrap().state, CertificateState::AtRisk);
    app.finish().await;
}
