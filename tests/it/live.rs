//! Going live over HTTP: production beside INT, the day, and changes that alter sign-in.

use assured::domain::catalogue::Section;
use assured::domain::certificate::CertificateState;
use assured::domain::section::SectionState;

use crate::support::*;

const INT: &str = "https://login.supplier.example.com";

/// A whole configuration that mirrors INT as the samples answer it.
pub fn configuration() -> Vec<(&'static str, String)> {
    let date = |name: &'static str, [day, month, year]: [&str; 3]| {
        let part = |part: &str| match (name, part) {
            ("sent-on", "day") => "sent-on-day",
            ("sent-on", "month") => "sent-on-month",
            ("sent-on", _) => "sent-on-year",
            (_, "day") => "planned-on-day",
            (_, "month") => "planned-on-month",
            (_, _) => "planned-on-year",
        };
        [(part("day"), day.to_owned()), (part("month"), month.to_owned()), (part("year"), year.to_owned())]
    };
    let mut fields = vec![
        ("redirect-uris", format!("{INT}/auth/callback")),
        ("logout-url", format!("{INT}/auth/backchannel-logout")),
        ("client-auth", "private-key-jwt".to_owned()),
        ("jwks-url", format!("{INT}/.well-known/jwks.json")),
        ("signing-algorithm", "RS512".to_owned()),
        ("userinfo-signed", "no".to_owned()),
    ];
    fields.extend(["openid", "profile", "nationalrbacaccess", "selectedrole"].map(|s| ("scopes", s.to_owned())));
    fields.extend(date("sent-on", ["22", "4", "2026"]));
    fields.extend(date("planned-on", ["1", "6", "2026"]));
    fields.push(("done", "users-told".to_owned()));
    fields
}

/// The same with one field instead of another, and the edition of the form.
fn with<'a>(fields: &'a [(&'static str, String)], edition: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| !changed.iter().any(|(n, _)| n == name));
    let mut all: Vec<(&str, &str)> = kept.map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(changed);
    all.push(("edition", edition));
    all
}

/// The edition that the form carries.
async fn edition(app: &TestApp, address: &str) -> String {
    let page = app.get(OWNER, address).await;
    page.is(200);
    let (_, rest) = page.body.split_once("name=\"edition\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[actix_web::test]
async fn production_is_compared_with_int_and_the_day_is_recorded() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let home = format!("/products/{}", reference.to_lowercase());
    let address = format!("{home}/live");
    app.get(REVIEWER, &address).await.is(200).has("The supplier has not given the production configuration yet.");
    app.get(MANAGER, &address).await.has("You cannot record the day yet. The production configuration is needed first.");
    let day = [("live-on-day", "23"), ("live-on-month", "4"), ("live-on-year", "2026")];
    app.post(MANAGER, &format!("{address}/date"), &day).await.is(409);
    let typed = configuration();
    let first = edition(&app, &address).await;
    app.post(OWNER, &address, &with(&typed, &first, &[])).await.goes_to(&address);
    app.post(OWNER, &address, &with(&typed, &first, &[])).await.goes_to(&address);
    let page = app.get(OWNER, &address).await;
    page.has("INT and production compared").has("Same").lacks("Different").lacks("Check before you go live");
    page.has("value=\"users-told\" checked").has("value=\"RS512\" selected");
    app.get(OWNER, &home).await.has("we have your production configuration");
    app.get(MANAGER, &home).await.has("Record the go-live date");
    app.get(REVIEWER, &address).await.has("RS512").has("Not done").lacks("name=\"redirect-uris\"");

    app.post(OWNER, &format!("{address}/date"), &day).await.is(403);
    for (wrong, sentence) in [
        (["", "", ""], "Enter the date on which the product went live"),
        (["31", "2", "2026"], "must be a real date"),
        (["1", "6", "2026"], "Date of going live must be today or in the past"),
        (["21", "4", "2026"], "Date of going live must be on or after 22 April 2026"),
    ] {
        let fields = [("live-on-day", wrong[0]), ("live-on-month", wrong[1]), ("live-on-year", wrong[2])];
        app.post(MANAGER, &format!("{address}/date"), &fields).await.is(422).has(sentence).has("Error: Go live");
    }
    app.post(MANAGER, &format!("{address}/date"), &day).await.goes_to(&home);
    app.post(MANAGER, &format!("{address}/date"), &day).await.goes_to(&home);
    app.get(OWNER, &home).await.has(&format!("{reference} is assured and live."));
    app.get(OWNER, "/products").await.has("Live since").has(">\n  Live\n<");
    let told = app.mail().await.into_iter().filter(|m| m.text.subject == "Wardlight 1 is live").count();
    assert_eq!(told, 3, "each in the team once");
    app.finish().await;
}

#[actix_web::test]
async fn what_does_not_mirror_int_is_a_warning_and_stops_nothing() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let address = format!("/products/{}/live", reference.to_lowercase());
    let typed = configuration();
    let first = edition(&app, &address).await;
    let other = format!("{INT}/other/callback");
    let changed = [("redirect-uris", other.as_str()), ("planned-on-day", "30"), ("planned-on-month", "4")];
    app.post(EDITOR, &address, &with(&typed, &first, &changed)).await.goes_to(&address);
    for who in [OWNER, VIEWER, REVIEWER] {
        let page = app.get(who, &address).await;
        page.is(200).has("Different").has("Redirect URIs: production and INT differ.");
        page.has("The planned date leaves less than 2 weeks for deployment.");
    }
    app.get(RIVAL, &address).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn each_wrong_field_has_its_sentence_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let address = format!("/products/{}/live", reference.to_lowercase());
    let typed = configuration();
    let first = edition(&app, &address).await;
    for (field, value, sentence) in [
        ("redirect-uris", "", "Enter the redirect URIs in production"),
        ("redirect-uris", "https://10.0.0.4/callback", "must not use 10.0.0.4"),
        ("logout-url", "", "Enter the back-channel logout address in production"),
        ("client-auth", "", "Select how the product proves who it is in production"),
        ("client-auth", "magic", "Select one of the options"),
        ("jwks-url", "", "Enter the address of your public keys in production"),
        ("signing-algorithm", "none", "Select one of the options"),
        ("userinfo-signed", "", "Select yes if UserInfo responses are to be signed"),
        ("sent-on-day", "", "Date sent must include a day"),
        ("sent-on-month", "13", "Date sent must be a real date"),
        ("sent-on-year", "2027", "Date sent must be today or in the past"),
    ] {
        let page = app.post(OWNER, &address, &with(&typed, &first, &[(field, value)])).await;
        page.is(422).has("There is a problem").has(sentence).has("value=\"users-told\" checked").has("value=\"2026\"");
    }
    assert!(!app.see(OWNER, &reference).await.unwrap().live.is_given());
    app.post(VIEWER, &address, &with(&typed, &first, &[])).await.is(403);
    app.post(RIVAL, &address, &with(&typed, &first, &[])).await.is(404);

    app.post(OWNER, &address, &with(&typed, &first, &[])).await.goes_to(&address);
    let late = app.post(EDITOR, &address, &with(&typed, &first, &[("signing-algorithm", "ES256")])).await;
    late.is(409).has("Somebody else changed these details").has("Signing algorithm: RS512").has("value=\"ES256\" selected");
    app.finish().await;
}

#[actix_web::test]
async fn a_change_says_what_follows_before_it_is_recorded() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let home = format!("/products/{}", reference.to_lowercase());
    let address = format!("{home}/alteration");
    app.get(OWNER, &address).await.is(200).has("What does the change touch?");
    app.get(VIEWER, &address).await.is(403);
    app.get(REVIEWER, &address).await.is(403);
    app.get(RIVAL, &address).await.is(404);
    app.post(OWNER, &address, &[]).await.is(422).has("Select what the change touches").has("Enter what changed");
    let token = "Secret: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlc2lnbmF0dXJl";
    app.post(OWNER, &address, &[("touched", "keys"), ("what", token)]).await.is(422).has("looks like a key or a token");

    let typed = [("touched", "button"), ("what", "The button <moves> up.")];
    let check = app.post(OWNER, &address, &typed).await;
    check.is(200).has("What follows from this change").has("answers of the technical section are open again");
    check.has("The button &#60;moves&#62; up.").has("Record this change");
    let before = app.see(OWNER, &reference).await.unwrap();
    assert!(before.is_assured(), "nothing is recorded before it is confirmed");
    let again = app.post(OWNER, &address, &[typed[0], typed[1], ("step", "change")]).await;
    again.is(200).has("value=\"button\" checked").has("The button &#60;moves&#62; up.");

    app.post(OWNER, &address, &[typed[0], typed[1], ("step", "record")]).await.goes_to(&home);
    let after = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(after.certificate().unwrap().state, CertificateState::AtRisk);
    assert_eq!(after.section(Section::Cis2Conformance).state(), SectionState::Returned);
    app.get(OWNER, &home).await.has("Your change has been recorded");
    app.finish().await;
}

#[actix_web::test]
async fn without_a_certificate_a_change_is_made_in_the_answers() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = format!("/products/{}/alteration", reference.to_lowercase());
    app.get(OWNER, &address).await.is(409).has("This is for products with a certificate.");
    app.get(OWNER, &format!("/products/{}/live", reference.to_lowercase())).await.is(200).has("You can prepare this now.");
    app.finish().await;
}
