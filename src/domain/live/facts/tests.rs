//! What is taken about production, what is refused, and when production does not mirror INT.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::domain::catalogue_tests::{World, choice, choices, day, text};

const HOST: &str = "https://rounds.wardlight.example.com";

fn parts(date: &str) -> [String; 3] {
    let mut parts = date.split('-').map(str::to_owned).rev();
    [parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap()]
}

/// Production as it mirrors the INT of the world below; today is 24 November 2026.
fn typed() -> Typed {
    Typed {
        redirect_uris: format!("{HOST}/callback"),
        logout_url: format!("{HOST}/logout"),
        client_auth: "private-key-jwt".to_owned(),
        jwks_url: format!("{HOST}/keys"),
        signing_algorithm: "RS512".to_owned(),
        userinfo_signed: "no".to_owned(),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        sent_on: parts("2026-11-01"),
        planned_on: parts("2026-11-15"),
        done: vec!["monitoring".to_owned(), "nonsense".to_owned()],
    }
}

fn world() -> World {
    World::typical()
        .with("cx-redirect-uris", text("https://int.wardlight.example.com/callback"))
        .with("cx-bcl-url", text("https://int.wardlight.example.com/logout"))
        .with("cx-jwks-url", text("https://int.wardlight.example.com/keys"))
        .with("cx-client-auth", choice("private-key-jwt"))
        .with("cx-scopes", choices(&["openid", "profile"]))
}

fn read(typed: &Typed, world: &World) -> Result<LiveFacts, Vec<(&'static str, String)>> {
    LiveFacts::parse(typed, &world.given())
}

/// The only fault of what was typed.
fn fault(typed: &Typed, world: &World) -> (&'static str, String) {
    let faults = read(typed, world).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap()
}

fn likenesses(facts: &LiveFacts, world: &World) -> Vec<(&'static str, Likeness)> {
    facts.compared(&world.given()).into_iter().map(|row| (row.label, row.likeness)).collect()
}

#[test]
fn a_full_form_is_taken_and_kept() {
    let facts = read(&typed(), &world()).unwrap();
    assert_eq!(facts.signing_algorithm, Some(SigningAlgorithm::Rs512));
    assert_eq!(facts.userinfo_signed, Some(false));
    assert_eq!(facts.sent_on, Some(day("2026-11-01")));
    assert_eq!(facts.done, BTreeSet::from([GoLiveStep::Monitoring]));
    assert_eq!(facts.steps_left().len(), GoLiveStep::ALL.len() - 1);
    assert!(facts.missing(&world().given()).is_empty());
    let stored = serde_json::to_string(&facts).unwrap();
    assert!(stored.contains("\"client-auth\":\"private-key-jwt\""), "{stored}");
    assert_eq!(serde_json::from_str::<LiveFacts>(&stored).unwrap(), facts);
    assert_eq!(serde_json::from_str::<LiveFacts>("{}").unwrap(), LiveFacts::default());
}

#[test]
fn everything_may_be_told_later_but_not_after_going_live() {
    let facts = read(&Typed::default(), &world()).unwrap();
    assert_eq!(facts, LiveFacts::default());
    let fields = |facts: &LiveFacts, world: &World| -> Vec<&str> {
        facts.missing(&world.given()).into_iter().map(|(field, _)| field).collect()
    };
    let always = ["redirect-uris", "client-auth", "userinfo-signed", "scopes", "sent-on"];
    assert_eq!(fields(&facts, &world().with("cx-bcl-used", choice("no"))), always);
    assert!(fields(&facts, &world()).contains(&"logout-url"));
    let with_keys = LiveFacts { client_auth: Some(ClientAuth::PrivateKeyJwt), ..facts.clone() };
    assert!(fields(&with_keys, &world()).contains(&"jwks-url"));
    assert!(fields(&with_keys, &world()).contains(&"signing-algorithm"));
    let with_secret = LiveFacts { client_auth: Some(ClientAuth::ClientSecret), ..facts };
    assert!(!fields(&with_secret, &world()).contains(&"jwks-url"));
}

#[test]
fn the_words_are_those_of_the_int_questions() {
    let world = World::empty();
    let options: Vec<&str> = world.catalogue.find("cx-client-auth").unwrap().1.options.iter().map(|o| o.value.as_str()).collect();
    assert_eq!(ClientAuth::ALL.iter().map(|m| m.word()).collect::<Vec<_>>(), options);
}

#[test]
fn addresses_follow_the_rules_of_int() {
    let world = world();
    let with = |change: fn(&mut Typed)| {
        let mut typed = typed();
        change(&mut typed);
        fault(&typed, &world)
    };
    let (field, text) = with(|t| t.redirect_uris = "https://a.example.com/x\nhttp://b.example.com/x".to_owned());
    assert_eq!(field, "redirect-uris");
    assert!(text.starts_with("Line 2 must start with https://"), "{text}");
    let (field, text) = with(|t| t.redirect_uris = "https://10.0.0.4/callback".to_owned());
    assert_eq!(field, "redirect-uris");
    assert_eq!(text, "Redirect URIs must not use 10.0.0.4. Give an address that can be reached from the internet");
    assert_eq!(with(|t| t.logout_url = "https://localhost/logout".to_owned()).0, "logout-url");
    assert_eq!(with(|t| t.jwks_url = "keys".to_owned()).0, "jwks-url");
    assert!(with(|t| t.logout_url = format!("{HOST}/?client_secret=1")).1.contains("a client secret"));
}

#[test]
fn a_native_application_may_come_back_to_its_own_device() {
    let on_device = Typed { redirect_uris: "https://localhost:8443/callback\nhttps://[::1]/x".to_owned(), ..typed() };
    assert_eq!(fault(&on_device, &world()).0, "redirect-uris");
    let native = world().with("cx-architecture", choice("native-backend"));
    assert!(read(&on_device, &native).is_ok());
    let private = Typed { redirect_uris: "https://localhost/x\nhttps://192.168.1.1/x".to_owned(), ..typed() };
    assert!(fault(&private, &native).1.contains("192.168.1.1"));
}

#[test]
fn words_that_are_not_offered_are_refused() {
    let cases = [
        ("client-auth", Typed { client_auth: "none".to_owned(), ..typed() }),
        ("signing-algorithm", Typed { signing_algorithm: "HS256".to_owned(), ..typed() }),
        ("userinfo-signed", Typed { userinfo_signed: "perhaps".to_owned(), ..typed() }),
        ("scopes", Typed { scopes: vec!["admin".to_owned()], ..typed() }),
    ];
    for (field, typed) in cases {
        assert_eq!(fault(&typed, &world()).0, field);
    }
}

#[test]
fn keys_are_forgotten_when_a_secret_is_used() {
    let facts = read(&Typed { client_auth: "client-secret".to_owned(), ..typed() }, &world()).unwrap();
    assert_eq!((facts.jwks_url.as_str(), facts.signing_algorithm), ("", None));
}

#[test]
fn dates_are_refused_when_they_cannot_be() {
    let with = |sent: &str, planned: &str| fault(&Typed { sent_on: parts(sent), planned_on: parts(planned), ..typed() }, &world());
    assert_eq!(with("2026-11-25", "2026-12-20"), ("sent-on", "Date sent must be today or in the past".to_owned()));
    assert_eq!(with("2026-11-01", "2062-11-15"), ("planned-on", "Planned date must be within 5 years of today".to_owned()));
    let (today, sent) = (day("2026-11-23"), Some(day("2026-11-12")));
    let live = |date: &str| live_date(&parts(date), sent, today);
    assert_eq!(live("--"), Ok(None));
    assert_eq!(live("2026-11-12"), Ok(Some(day("2026-11-12"))));
    assert_eq!(live("2026-11-23"), Ok(Some(today)));
    assert!(live("2026-11-24").unwrap_err().starts_with("Date of going live must be today or in the past"));
    let early = "Date of going live must be on or after 12 November 2026, when the production configuration was sent";
    assert_eq!(live("2026-11-11").unwrap_err(), early);
}

#[test]
fn hosts_may_differ_and_the_rest_is_the_same() {
    use Likeness::Same;
    let (world, facts) = (world(), read(&typed(), &world()).unwrap());
    let rows = likenesses(&facts, &world);
    let labels = ["Redirect URIs", "Back-channel logout address", "Client authentication", "Address of public keys", "Scopes"];
    assert_eq!(rows, labels.map(|label| (label, Same)));
    assert_eq!(facts.compared(&world.given())[0].int, "https://int.wardlight.example.com/callback");
    assert_eq!(facts.compared(&world.given())[4].production, "openid, profile");
    assert!(facts.warnings(&world.given()).is_empty());
}

#[test]
fn x18_production_that_does_not_mirror_int() {
    let warned = |change: fn(&mut LiveFacts), world: &World| {
        let mut facts = read(&typed(), world).unwrap();
        change(&mut facts);
        facts.warnings(&world.given())
    };
    let path = warned(|f| f.redirect_uris = format!("{HOST}/other"), &world());
    assert_eq!(
        path,
        ["Redirect URIs: production and INT differ. Hosts may differ, paths should not. Check that this is what you mean."]
    );
    assert_eq!(warned(|f| f.redirect_uris = format!("{HOST}/callback?x=1"), &world()).len(), 1, "a query belongs to a path");
    assert_eq!(warned(|f| f.redirect_uris.push_str("\nhttps://two.example.com/more"), &world()).len(), 1);
    assert!(warned(|f| f.logout_url = HOST.to_owned(), &world())[0].starts_with("Back-channel logout address"));
    let method = warned(|f| f.client_auth = Some(ClientAuth::ClientSecret), &world());
    assert_eq!(method, ["Client authentication: production and INT differ. Check that this is what you mean."]);
    assert!(warned(|f| f.scopes = BTreeSet::from(["openid".to_owned()]), &world())[0].starts_with("Scopes"));
    assert!(warned(|f| f.jwks_url = format!("{HOST}/elsewhere"), &world()).is_empty(), "public keys may be elsewhere");
    let two = "https://b.example.com/two\nhttps://a.example.com/one";
    let int = world().with("cx-redirect-uris", text("https://c.example.com/one\nhttps://c.example.com/two"));
    assert!(
        LiveFacts { redirect_uris: two.to_owned(), ..read(&typed(), &int).unwrap() }.warnings(&int.given()).is_empty(),
        "the order of lines does not matter"
    );
}

#[test]
fn what_is_not_given_is_no_difference() {
    let empty = LiveFacts::default();
    assert!(likenesses(&empty, &world()).iter().all(|(_, likeness)| *likeness == Likeness::NotGiven));
    assert!(empty.warnings(&world().given()).is_empty());
    let facts = read(&typed(), &world()).unwrap();
    assert!(likenesses(&facts, &World::empty()).iter().all(|(_, likeness)| *likeness == Likeness::NotGiven));
}

#[test]
fn back_channel_logout_that_int_does_not_use() {
    let world = world().with("cx-bcl-used", choice("no"));
    let mut facts = read(&Typed { logout_url: String::new(), ..typed() }, &world).unwrap();
    assert_eq!(likenesses(&facts, &world)[1].1, Likeness::Same);
    facts.logout_url = format!("{HOST}/logout");
    assert_eq!(likenesses(&facts, &world)[1].1, Likeness::Differs);
    assert_eq!(facts.warnings(&world.given()).len(), 1);
}

#[test]
fn keys_are_not_compared_when_both_sides_use_a_secret() {
    let world = world().with("cx-client-auth", choice("client-secret"));
    let facts = read(&Typed { client_auth: "client-secret".to_owned(), ..typed() }, &world).unwrap();
    assert!(likenesses(&facts, &world).iter().all(|(label, _)| *label != "Address of public keys"));
}

#[test]
fn a_plan_leaves_two_weeks_for_deployment() {
    let world = world();
    let warned = |sent: Option<&str>, planned: &str| {
        let facts = read(&typed(), &world).unwrap();
        let dated = LiveFacts { sent_on: sent.map(day), planned_on: Some(day(planned)), ..facts };
        dated.warnings(&world.given())
    };
    assert!(warned(Some("2026-11-01"), "2026-11-15").is_empty());
    let early = ["The planned date leaves less than 2 weeks for deployment. Plan for 15 November 2026 or later."];
    assert_eq!(warned(Some("2026-11-01"), "2026-11-14"), early);
    assert!(warned(None, "2026-12-07")[0].contains("8 December 2026"), "counted from today while nothing was sent");
    assert!(warned(None, "2026-12-08").is_empty());
}
