//! The signatory without an account: a link, a code, the signature; and everything that must not open the page.

use std::cell::RefCell;
use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use assured::domain::agreement::AgreementState;
use assured::domain::agreement::command::AgreementCommand;
use assured::domain::facts::NamedPerson;
use assured::domain::words::SigningId;
use assured::store::signing::Link;
use chrono::Duration;

use crate::agreements::{at, files_kept, issuable, issued_bytes, press_issue, signed_today};
use crate::support::assurance::*;
use crate::support::http::Reply;
use crate::support::*;

/// A browser in which nobody is logged in.
pub struct Browser<'a> {
    app: &'a TestApp,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: RefCell::default() }
    }

    async fn ask(&self, request: TestRequest) -> Reply {
        let line = self.cookies.borrow().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
        let reply = self.app.request(request.insert_header(("cookie", line)).insert_header(("origin", BASE))).await;
        for cookie in reply.headers.get_all("set-cookie").filter_map(|v| v.to_str().ok()) {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask(TestRequest::get().uri(path)).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.ask(TestRequest::post().uri(path).insert_header(kind).set_payload(body)).await
    }

    pub async fn upload(&self, path: &str, fields: &[(&str, String)], file: &[u8]) -> Reply {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"copy\"; filename=\"by hand.pdf\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--edge--\r\n");
        let kind = ("content-type", "multipart/form-data; boundary=edge");
        self.ask(TestRequest::post().uri(path).insert_header(kind).set_payload(body)).await
    }

    /// Asks for a code and gives it.
    async fn enter(&self, address: &str) {
        self.post(&format!("{address}/code"), &[]).await.goes_to(address);
        let code = code(self.app, &link_of(self.app, address).await);
        self.post(&format!("{address}/entry"), &[("code", &code)]).await.goes_to(address);
    }
}

/// The link behind an address.
async fn link_of(app: &TestApp, address: &str) -> Link {
    let id = app.data.links.verify("signing", address.strip_prefix("/sign/").unwrap()).unwrap();
    app.db.signing(SigningId(id)).await.unwrap().unwrap()
}

/// The code that was mailed last.
fn code(app: &TestApp, link: &Link) -> String {
    app.data.links.signing_code(link.id.0, link.code_at.unwrap())
}

/// A code that is not the one.
fn wrong(app: &TestApp, link: &Link) -> String {
    let right: u32 = code(app, link).parse().unwrap();
    format!("{:06}", (right + 1) % 1_000_000)
}

/// The address in the signatory's last mail.
pub async fn mailed(app: &TestApp) -> String {
    let mail = app.mail().await;
    let letter = mail.iter().rfind(|m| m.text.body.contains("/sign/")).expect("a letter with a link");
    let word = letter.text.body.split_whitespace().find(|w| w.contains("/sign/")).unwrap();
    word.strip_prefix(BASE).unwrap().to_owned()
}

/// A product whose agreement is issued, and the address that its signatory got.
async fn issued(app: &TestApp) -> (String, String) {
    let reference = issuable(app).await;
    press_issue(app, &reference).await.is(303);
    let address = mailed(app).await;
    (reference, address)
}

/// The answer that lets a signatory in who gave the right code.
pub async fn entered(app: &TestApp, browser: &Browser<'_>) -> Reply {
    let (_, address) = issued(app).await;
    browser.post(&format!("{address}/code"), &[]).await.goes_to(&address);
    let code = code(app, &link_of(app, &address).await);
    browser.post(&format!("{address}/entry"), &[("code", &code)]).await
}

#[actix_web::test]
async fn an_officer_signs_by_a_link_and_a_code() {
    let app = TestApp::new().await;
    let (reference, address) = issued(&app).await;
    let browser = Browser::new(&app);
    let first = browser.get(&address).await;
    first.is(200).has("Send me a code").has("m•••@wardlight.example").lacks("Read the agreement").lacks("margaret.hale");
    let before = app.mail().await.len();
    browser.post(&format!("{address}/code"), &[]).await.goes_to(&address);
    let mail = app.mail().await;
    assert_eq!((mail.len(), mail.last().unwrap().to.as_str()), (before + 1, officer().email.as_str()));
    browser.get(&address).await.is(200).has("6 digit code").has("It works until 10.15am");
    let entry = format!("{address}/entry");
    browser.post(&entry, &[("code", "12345")]).await.is(422).has("Enter the 6 digit code from your email");
    let link = link_of(&app, &address).await;
    browser.post(&entry, &[("code", &wrong(&app, &link))]).await.is(422).has("That code is not right or has run out");
    let right = code(&app, &link);
    let opened = browser.post(&entry, &[("code", &format!("{} {}", &right[..3], &right[3..]))]).await;
    let cookie = opened.goes_to(&address).header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains(&format!("Path={address}")), "{cookie}");

    let product = app.see(OWNER, &reference).await.unwrap();
    let digest = product.agreement().issue.as_ref().unwrap().pdf.clone();
    let page = browser.get(&address).await;
    page.is(200)
        .has(&digest)
        .has("Sample terms")
        .has("Wardlight Health Limited")
        .has("What the signatory declares")
        .has("Accepted");
    let bytes = browser.get(&format!("{address}/agreement.pdf")).await.is(200).bytes.clone();
    assert_eq!(bytes, issued_bytes(&app, &reference).await);

    let fields = signed_today(&app, &product);
    let kept = files_kept(&app);
    let unsigned: Vec<_> = fields.iter().filter(|(n, _)| *n != "authorised").cloned().collect();
    let refused = browser.upload(&address, &unsigned, &bytes).await;
    refused.is(422).has("Confirm that you are an officer of the organisation with authority to accept these terms");
    browser.upload(&address, &fields, b"Dear team").await.is(422).has("The selected file must be a PDF");
    assert_eq!(files_kept(&app), kept);
    browser.upload(&address, &fields, &bytes).await.goes_to(&address);
    browser.get(&address).await.is(200).has("The agreement is signed").has("You’ve sent the signed agreement");
    let again = browser.upload(&address, &fields, &bytes).await;
    again.is(200).has("The agreement is signed");
    let product = app.see(OWNER, &reference).await.unwrap();
    let signed = product.agreement().signed.as_ref().unwrap();
    assert_eq!((signed.sent_by.as_str(), signed.name.as_str()), ("Margaret Hale", "by hand.pdf"));
    app.get(REVIEWER, &at(&reference, "/check")).await.is(200).has("Margaret Hale");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_no_link_of_ours_looks_like_an_address_that_is_none() {
    let app = TestApp::new().await;
    let (_, address) = issued(&app).await;
    let id = link_of(&app, &address).await.id;
    let mut forged = address.clone();
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.replace_range(forged.len() - 2..forged.len() - 1, &last.to_string());
    let other = format!("/sign/{}", app.data.links.sign("invitation", id.0));
    let unknown = format!("/sign/{}", app.data.links.sign("signing", new_uuid()));
    let plain = app.get(None, "/sign/unknown").await;
    plain.is(404);
    for address in [forged, other, unknown] {
        let reply = app.get(None, &address).await;
        assert_eq!((reply.status, &reply.body), (404, &plain.body), "{address}");
        for part in ["", "/code", "/entry", "/refusal"] {
            app.post(None, &format!("{address}{part}"), &[]).await.is(404);
        }
        app.get(None, &format!("{address}/agreement.pdf")).await.is(404);
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_code_is_sent_once_a_minute_works_for_15_minutes_and_has_5_tries() {
    let app = TestApp::new().await;
    let (_, address) = issued(&app).await;
    let browser = Browser::new(&app);
    let (ask, entry) = (format!("{address}/code"), format!("{address}/entry"));
    browser.post(&entry, &[("code", "123456")]).await.is(422).has("Send me a code");
    browser.post(&ask, &[]).await.goes_to(&address);
    let before = app.mail().await.len();
    let old = link_of(&app, &address).await;
    browser.post(&ask, &[]).await.goes_to(&address);
    browser.get(&address).await.has("We’ve just sent a code");
    assert_eq!(app.mail().await.len(), before, "no second mail within a minute");
    assert_eq!(link_of(&app, &address).await.code_at, old.code_at);

    let guess = wrong(&app, &old);
    for _ in 0..5 {
        browser.post(&entry, &[("code", &guess)]).await.is(422);
    }
    browser.post(&entry, &[("code", &code(&app, &old))]).await.is(422).has("ask for a new one").has("Send me a code");
    app.advance(Duration::minutes(2));
    browser.post(&ask, &[]).await.goes_to(&address);
    let new = link_of(&app, &address).await;
    let (late, fresh) = (code(&app, &old), code(&app, &new));
    assert_ne!(late, fresh);
    browser.post(&entry, &[("code", &late)]).await.is(422);
    app.advance(Duration::minutes(15));
    browser.post(&entry, &[("code", &fresh)]).await.is(422).has("has run out");
    browser.enter(&address).await;
    browser.get(&address).await.has("Read the agreement");
    app.finish().await;
}

#[actix_web::test]
async fn many_guesses_at_once_have_no_more_tries_than_one_after_another() {
    let app = TestApp::new().await;
    let (_, address) = issued(&app).await;
    let browser = Browser::new(&app);
    browser.post(&format!("{address}/code"), &[]).await.goes_to(&address);
    let link = link_of(&app, &address).await;
    let tries = futures_util::future::join_all((0..12).map(|_| app.db.try_signing_code(&link))).await;
    assert_eq!(tries.into_iter().filter(|t| *t.as_ref().unwrap()).count(), 5);
    browser.post(&format!("{address}/entry"), &[("code", &code(&app, &link))]).await.is(422);
    app.finish().await;
}

#[actix_web::test]
async fn the_code_opens_one_link_for_2_hours() {
    let app = TestApp::new().await;
    let (reference, address) = issued(&app).await;
    let (_, other) = issued(&app).await;
    let browser = Browser::new(&app);
    let pdf = format!("{address}/agreement.pdf");
    browser.get(&pdf).await.goes_to(&address);
    browser.enter(&address).await;
    browser.get(&pdf).await.is(200);
    browser.get(&other).await.is(200).lacks("Read the agreement");
    browser.get(&format!("{other}/agreement.pdf")).await.goes_to(&other);
    let value = browser.cookies.borrow().get("signing").cloned().unwrap();
    let (until, signature) = value.split_once('.').unwrap();
    let longer = format!("{}.{signature}", until.parse::<i64>().unwrap() + 3600);
    browser.cookies.borrow_mut().insert("signing".to_owned(), longer);
    browser.get(&pdf).await.goes_to(&address);
    browser.cookies.borrow_mut().insert("signing".to_owned(), value);
    browser.get(&pdf).await.is(200);

    app.advance(Duration::hours(2));
    browser.get(&pdf).await.goes_to(&address);
    let product = app.see(OWNER, &reference).await.unwrap();
    let late = browser.upload(&address, &signed_today(&app, &product), &issued_bytes(&app, &reference).await).await;
    late.is(422).has("for more than 2 hours");
    assert_eq!(app.see(OWNER, &reference).await.unwrap().agreement().state, AgreementState::Issued);
    app.finish().await;
}

#[actix_web::test]
async fn a_link_that_was_replaced_or_ran_out_says_so() {
    let app = TestApp::new().await;
    let (reference, first) = issued(&app).await;
    let browser = Browser::new(&app);
    browser.enter(&first).await;
    let other = NamedPerson { name: "Ada Dean".to_owned(), email: "ada.dean@wardlight.example".to_owned(), ..officer() };
    app.agree(OWNER, &reference, AgreementCommand::Name(other, SigningId(new_uuid()))).await;
    let second = mailed(&app).await;
    assert_ne!(first, second);
    browser.get(&first).await.is(410).has("This link cannot be used any more");
    let product = app.see(OWNER, &reference).await.unwrap();
    let bytes = issued_bytes(&app, &reference).await;
    browser.upload(&first, &signed_today(&app, &product), &bytes).await.is(410);
    browser.get(&second).await.is(200).has("a•••@wardlight.example");
    browser.get(&format!("{first}/agreement.pdf")).await.goes_to(&first);

    app.advance(Duration::days(61));
    browser.get(&second).await.is(410).has("This link has run out");
    browser.post(&format!("{second}/code"), &[]).await.is(410);

    // Issuing again sends a new one.
    press_issue(&app, &reference).await.is(303);
    let third = mailed(&app).await;
    browser.enter(&third).await;
    let product = app.see(OWNER, &reference).await.unwrap();
    let bytes = issued_bytes(&app, &reference).await;
    browser.upload(&third, &signed_today(&app, &product), &bytes).await.goes_to(&third);
    browser.get(&third).await.is(200).has("The agreement is signed");
    app.finish().await;
}

#[actix_web::test]
async fn a_link_that_is_sent_once_more_works_as_long_as_its_letter_says() {
    let app = TestApp::new().await;
    let (reference, address) = issued(&app).await;
    app.advance(Duration::days(50));
    let today = assured::domain::calendar::london_date(app.now());
    app.agree(OWNER, &reference, AgreementCommand::Sign(Box::new(signed_copy(today)))).await;
    app.agree(REVIEWER, &reference, AgreementCommand::Return("A page is missing.".to_owned())).await;
    assert_eq!(mailed(&app).await, address);
    // Past the end that the link had at first.
    app.advance(Duration::days(20));
    let browser = Browser::new(&app);
    browser.enter(&address).await;
    browser.get(&address).await.is(200);
    app.advance(Duration::days(41));
    browser.get(&address).await.is(410).has("This link has run out");
    app.finish().await;
}

#[actix_web::test]
async fn on_hold_nobody_signs() {
    let app = TestApp::new().await;
    let (reference, address) = issued(&app).await;
    let browser = Browser::new(&app);
    browser.enter(&address).await;
    app.command(OWNER, &reference, assured::domain::command::Command::Hold("We move house.".to_owned())).await;
    browser.get(&address).await.is(200).has("There is nothing to sign now");
    app.finish().await;
}

#[actix_web::test]
async fn whoever_is_not_the_right_person_says_so_once() {
    let app = TestApp::new().await;
    let (reference, address) = issued(&app).await;
    let before = app.mail().await.len();
    let browser = Browser::new(&app);
    let refusal = format!("{address}/refusal");
    browser.post(&refusal, &[]).await.goes_to(&refusal);
    let told = app.mail().await;
    let to: Vec<&str> = told.iter().skip(before).map(|m| m.to.as_str()).collect();
    assert_eq!(to.len(), 3, "everybody of the supplier: {to:?}");
    assert!(to.contains(&OWNER.email) && told.last().unwrap().text.subject.contains("somebody else needs to sign"));
    browser.post(&refusal, &[]).await.goes_to(&refusal);
    assert_eq!(app.mail().await.len(), told.len(), "said twice, told once");
    browser.get(&refusal).await.is(200).has("Thank you for telling us");
    let history = app.get(OWNER, &format!("/products/{}/history", reference.to_lowercase())).await;
    history.has("The named signatory says that somebody else has to sign").has("Margaret Hale");
    app.finish().await;
}
