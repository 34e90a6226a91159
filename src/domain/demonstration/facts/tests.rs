//! What is taken and refused of the facts, what is missing, and what does not fit the answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::domain::catalogue_tests::{World, choice, day, text};
use crate::domain::checks::Level;

/// A form that is filled in well, booked on 24 November 2026.
fn well() -> Vec<(&'static str, &'static str)> {
    vec![
        ("contact-name", " Jo Ellis "),
        ("contact-email", "jo@supplier.example.com"),
        ("contact-phone", "01632 960 001"),
        ("developer-on-hand", "Sam Roe"),
        ("attendees", "Ann\r\nBo"),
        ("product-version", "4.2"),
        ("test-url", "https://product.supplier.example.com/"),
        ("int-client-id", "1234.apps.int"),
        ("user-device-ip", "81.2.69.160"),
        ("server-ip", "81.2.69.161\r\n2A02:6B8::11"),
        ("user-uuid", "5550 1234 5678"),
        ("second-user-uuid", "555012345679"),
        ("authenticator", "windows-hello"),
        ("network", "internet"),
        ("device", "Windows 11 laptop, Edge"),
        ("authenticator-tried-on", "20/11/2026"),
        ("logout-received-on", "10/11/2026"),
        ("changes-since", "Nothing"),
        ("declaration", "yes"),
    ]
}

fn read(form: &[(&str, &str)], today: &str) -> (TestFacts, Vec<(&'static str, String)>) {
    let typed = |key: &str| form.iter().find(|(k, _)| *k == key).map_or_else(String::new, |(_, value)| (*value).to_owned());
    let date = |key: &str| {
        let typed = typed(key);
        let mut parts = typed.split('/').map(str::to_owned);
        [(); 3].map(|()| parts.next().unwrap_or_default())
    };
    parse(&typed, &date, day("2026-11-24"), day(today))
}

/// The fault when one field of a good form is typed differently; empty when there is none.
fn fault(key: &str, typed: &str) -> String {
    let mut form = well();
    form.iter_mut().find(|(k, _)| *k == key).unwrap().1 = typed;
    let (facts, faults) = read(&form, "2026-11-26");
    assert!(faults.len() <= 1, "{faults:?}");
    if !faults.is_empty() {
        assert_eq!(faults[0].0, key);
        assert_eq!(facts.shown(Fact::from_word(key).unwrap()), "", "a wrong fact is not taken");
    }
    faults.into_iter().next().map_or_else(String::new, |(_, sentence)| sentence)
}

fn facts() -> TestFacts {
    read(&well(), "2026-11-26").0
}

fn world() -> World {
    let mut world = World::typical();
    world.facts.version = "4.2".to_owned();
    world
}

fn context<'a>(given: &'a Given<'a>) -> TestContext<'a> {
    TestContext { given, booked_on: day("2026-11-24"), test_on: Some(day("2026-12-10")) }
}

fn found(world: &World, facts: &TestFacts) -> Vec<(&'static str, Level, String)> {
    facts.faults(&context(&world.given())).into_iter().map(|f| (f.field, f.level, f.text)).collect()
}

/// The only finding, which must be at this field and of this level.
fn only(world: &World, facts: &TestFacts, field: &str, level: Level) -> String {
    let all = found(world, facts);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].0, all[0].1), (field, level));
    all[0].2.clone()
}

#[test]
fn a_form_that_is_filled_in_well_is_taken_as_it_is() {
    let (facts, faults) = read(&well(), "2026-11-26");
    assert_eq!(faults, []);
    let expected = TestFacts {
        contact_name: "Jo Ellis".to_owned(),
        contact_email: "jo@supplier.example.com".to_owned(),
        contact_phone: "01632 960 001".to_owned(),
        developer: "Sam Roe".to_owned(),
        attendees: "Ann\nBo".to_owned(),
        product_version: "4.2".to_owned(),
        test_url: "https://product.supplier.example.com/".to_owned(),
        int_client_id: "1234.apps.int".to_owned(),
        device_address: "81.2.69.160".to_owned(),
        server_addresses: vec!["81.2.69.161".to_owned(), "2a02:6b8::11".to_owned()],
        user_number: "555012345678".to_owned(),
        second_user_number: "555012345679".to_owned(),
        authenticator: Some(Authenticator::WindowsHello),
        network: Some(Network::Internet),
        device: "Windows 11 laptop, Edge".to_owned(),
        authenticator_tried_on: Some(day("2026-11-20")),
        logout_received_on: Some(day("2026-11-10")),
        changes_since: "Nothing".to_owned(),
        is_declared: true,
    };
    assert_eq!(facts, expected);
    assert!(Fact::ALL.iter().all(|fact| !facts.shown(*fact).is_empty()), "every fact can be read");
    assert_eq!(facts.shown(Fact::ServerIp), "81.2.69.161\n2a02:6b8::11");
    assert_eq!(facts.shown(Fact::AuthenticatorTriedOn), "20 November 2026");
}

#[test]
fn everything_may_be_left_for_later() {
    assert_eq!(read(&[], "2026-11-24"), (TestFacts::default(), Vec::new()));
    let blank: Vec<(&str, &str)> = Fact::ALL.iter().map(|fact| (fact.word(), " \r\n ")).collect();
    assert_eq!(read(&blank, "2026-11-24"), (TestFacts::default(), Vec::new()));
}

#[test]
fn what_is_given_must_be_right() {
    let cases = [
        ("contact-email", "jo", "Enter an email address in the correct format, like name@example.com"),
        ("contact-phone", "ext 5", "Enter a telephone number, like 01632 960 001 or +44 808 157 0192"),
        ("test-url", "http://a.example.com", "Address must start with https://, like https://product.example.com"),
        ("int-client-id", "12 34", "Client ID must only include letters, numbers, dots, hyphens and underscores"),
        ("user-device-ip", "here", "Enter an IP address, like 192.0.2.10 or 2001:db8::1"),
        ("user-device-ip", "127.0.0.1", "127.0.0.1 is your own computer. Enter the address that we will see"),
        ("user-uuid", "55501234567", "Enter the UUID as 12 digits"),
        ("user-uuid", "5550123456789", "Enter the UUID as 12 digits"),
        ("second-user-uuid", "555012345678", "Enter a user number that is different from the first"),
        ("authenticator", "fingerprint", "Select an authenticator from the list"),
        ("network", "wifi", "Select the network of the device from the list"),
        ("device", "iPad", "Enter the device, its operating system and the browser"),
        (
            "changes-since",
            "the key is client_secret=abc",
            "This looks as if it contains a client secret, so nothing was saved. Remove it, and replace it wherever it is in use",
        ),
    ];
    for (key, typed, sentence) in cases {
        assert_eq!(fault(key, typed), sentence, "{key}: {typed}");
    }
    for key in ["contact-name", "developer-on-hand", "attendees", "product-version", "device", "contact-email", "server-ip"] {
        assert!(fault(key, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln").contains("a signed token"), "{key}");
    }
}

#[test]
fn the_deployment_must_be_reachable_from_the_internet() {
    for host in
        ["localhost:8443", "127.0.0.1", "10.0.0.4", "192.168.1.1", "[::1]", "box.local", "app.internal", "app.test", "intranet"]
    {
        let sentence = fault("test-url", &format!("https://{host}/"));
        let end = "Give an address that can be reached from the internet";
        assert!(sentence.starts_with("Address must not use ") && sentence.ends_with(end), "{host}: {sentence}");
    }
    assert_eq!(fault("test-url", "https://test.product.example.com:8443/x"), "");
}

#[test]
fn the_identifier_of_a_machine_is_explained() {
    let explained =
        "That is a technical identifier. Enter the 12-digit number of the Care Identity profile, which is on the smartcard";
    for key in ["user-uuid", "second-user-uuid"] {
        for typed in
            ["c9a5a3f0-1b2c-4d5e-8f90-123456789012", " C9A5A3F0-1B2C-4D5E-8F90-123456789012 ", "c9a5a3f01b2c4d5e8f90123456789012"]
        {
            assert_eq!(fault(key, typed), explained, "{typed}");
        }
    }
}

#[test]
fn up_to_5_servers_are_named_one_on_each_line() {
    let some = |count: usize| (1..=count).map(|n| format!("81.2.69.{n}")).collect::<Vec<_>>().join("\n");
    assert_eq!(fault("server-ip", &some(5)), "");
    assert_eq!(fault("server-ip", "81.2.69.1, 81.2.69.2"), "");
    assert_eq!(fault("server-ip", &some(6)), "Give at most 5 addresses. You have 6");
    let loopback = "127.0.0.1 is your own computer. Enter the address that we will see";
    assert_eq!(fault("server-ip", "127.0.0.1"), loopback);
    assert_eq!(fault("server-ip", "81.2.69.1\n\n127.0.0.1"), format!("Address 2: {loopback}"));
    let twice = "Address 2: 81.2.69.1 is there already. Remove one of them";
    assert_eq!(fault("server-ip", "81.2.69.1\n::ffff:81.2.69.1"), twice);
}

#[test]
fn texts_have_limits() {
    let cases = [
        ("contact-name", 200, "200"),
        ("developer-on-hand", 200, "200"),
        ("device", 200, "200"),
        ("product-version", 50, "50"),
        ("int-client-id", 100, "100"),
        ("attendees", 2000, "2,000"),
        ("changes-since", 2000, "2,000"),
    ];
    for (key, most, shown) in cases {
        assert_eq!(fault(key, &"a".repeat(most)), "", "{key}");
        let sentence = format!("Answer must be {shown} characters or less. You have 43 too many");
        assert_eq!(fault(key, &"a".repeat(most + 43)), sentence, "{key}");
    }
}

#[test]
fn both_dates_are_recent_and_not_in_the_future() {
    for (key, name) in
        [("authenticator-tried-on", "Date of the last sign-in"), ("logout-received-on", "Date of the last logout token")]
    {
        assert_eq!(fault(key, "10/11/2026"), "", "the fourteenth day before the booking");
        let old = "must be on or after 10 November 2026, 14 days before the test was booked. Try it again";
        assert_eq!(fault(key, "9/11/2026"), format!("{name} {old}"));
        assert_eq!(fault(key, "26/11/2026"), "", "today, after the booking");
        assert_eq!(fault(key, "27/11/2026"), format!("{name} must be today or in the past"));
        assert_eq!(fault(key, "31/11/2026"), format!("{name} must be a real date"));
        assert_eq!(fault(key, "20//2026"), format!("{name} must include a month"));
    }
}

#[test]
fn faults_stand_in_the_order_of_the_form() {
    let mut form = well();
    for (key, typed) in &mut form {
        if ["contact-email", "server-ip", "network", "logout-received-on"].contains(key) {
            *typed = "x/y/z";
        }
        if *key == "second-user-uuid" {
            *typed = "555012345678";
        }
    }
    let fields: Vec<&str> = read(&form, "2026-11-26").1.into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["contact-email", "server-ip", "second-user-uuid", "network", "logout-received-on"]);
}

#[test]
fn required_facts_are_missing_until_they_are_given() {
    let world = world();
    let missing = |world: &World, facts: &TestFacts| -> Vec<&'static str> {
        facts.missing(&context(&world.given())).into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(missing(&world, &facts()), [""; 0]);
    let all: Vec<&str> = Fact::ALL.iter().map(|fact| fact.word()).collect();
    let optional = ["attendees", "second-user-uuid"];
    let required: Vec<&str> = all.iter().copied().filter(|key| !optional.contains(key)).collect();
    assert_eq!(missing(&world, &TestFacts::default()), required);
    let silent = world.with("cx-bcl-used", choice("no"));
    let without: Vec<&str> = required.iter().copied().filter(|key| *key != "logout-received-on").collect();
    assert_eq!(missing(&silent, &TestFacts::default()), without);
    let one = TestFacts { user_number: String::new(), ..facts() };
    let expected = [("user-uuid", "User number (UUID) of the test identity")];
    assert_eq!(one.missing(&context(&silent.given())), expected);
}

#[test]
fn the_answers_fill_in_what_they_tell() {
    let prefilled = TestFacts::prefill(&world().given());
    let expected = TestFacts {
        product_version: "4.2".to_owned(),
        test_url: "https://product.supplier.example.com/".to_owned(),
        int_client_id: "1234.apps.int".to_owned(),
        ..TestFacts::default()
    };
    assert_eq!(prefilled, expected);
    let empty = World::empty();
    assert_eq!(TestFacts::prefill(&empty.given()), TestFacts::default());
}

#[test]
fn the_edition_changes_with_every_fact_and_unknown_facts_read_as_empty() {
    assert_eq!(facts().edition(), facts().edition());
    assert_ne!(facts().edition(), TestFacts { network: Some(Network::Vpn), ..facts() }.edition());
    let stored = serde_json::to_string(&facts()).unwrap();
    assert_eq!(serde_json::from_str::<TestFacts>(&stored).unwrap(), facts());
    assert!(stored.contains("\"authenticator-tried-on\":\"2026-11-20\""), "{stored}");
    assert_eq!(serde_json::from_str::<TestFacts>("{}").unwrap(), TestFacts::default());
}

#[test]
fn good_facts_fit_and_unknown_ones_say_nothing() {
    let world = world().with("cx-role-model", choice("local"));
    assert_eq!(found(&world, &facts()), []);
    assert_eq!(found(&world, &TestFacts::default()), []);
}

#[test]
fn a_move_from_cis1_is_not_shown_with_a_smartcard_over_hscn() {
    let card = TestFacts { authenticator: Some(Authenticator::HscnSmartcard), network: Some(Network::Hscn), ..facts() };
    let mut world = world();
    assert_eq!(found(&world, &card), []);
    world.facts.migrating_from_cis1 = Some(true);
    let text = only(&world, &card, "authenticator", Level::Error);
    assert!(text.starts_with("Choose an authenticator other than a smartcard over HSCN"), "{text}");
    let other = TestFacts { authenticator: Some(Authenticator::InternetSmartcard), ..facts() };
    assert_eq!(found(&world, &other), []);
}

#[test]
fn the_authenticator_must_reach_the_level_of_the_answers() {
    let aal2 = [Authenticator::Passkey, Authenticator::NhsNetConnect, Authenticator::MicrosoftAuthenticator];
    for authenticator in Authenticator::ALL {
        let facts = TestFacts { authenticator: Some(*authenticator), network: Some(Network::Hscn), ..facts() };
        let at = |level: &str| {
            let all = found(&world().with("cx-assurance-level", choice(level)), &facts);
            all.into_iter()
                .filter(|(_, _, text)| !text.contains("beta"))
                .map(|(field, level, _)| (field, level))
                .collect::<Vec<_>>()
        };
        let is_low = aal2.contains(authenticator);
        assert_eq!(at("aal2"), []);
        assert_eq!(at("aal3"), if is_low { vec![("authenticator", Level::Error)] } else { vec![] }, "{authenticator}");
        assert_eq!(at("step-up"), if is_low { vec![("authenticator", Level::Warning)] } else { vec![] }, "{authenticator}");
    }
    let beta = TestFacts { authenticator: Some(Authenticator::Aal3PasskeyApp), ..facts() };
    assert!(only(&world(), &beta, "authenticator", Level::Warning).contains("in beta"));
}

#[test]
fn a_smartcard_over_hscn_needs_hscn() {
    let on = |network| TestFacts { authenticator: Some(Authenticator::HscnSmartcard), network, ..facts() };
    let text = only(&world(), &on(Some(Network::Internet)), "network", Level::Error);
    assert!(text.starts_with("Choose HSCN or a VPN to HSCN"), "{text}");
    for network in [Some(Network::Hscn), Some(Network::Vpn), None] {
        assert_eq!(found(&world(), &on(network)), []);
    }
}

#[test]
fn private_addresses_are_warned_of_but_for_a_device_on_hscn() {
    let device = |network| TestFacts { device_address: "10.0.0.4".to_owned(), network, ..facts() };
    let warned = "CIS2 will not see this address, 10.0.0.4. Give the public address.";
    for network in [Some(Network::Internet), Some(Network::Vpn), None] {
        assert_eq!(only(&world(), &device(network), "user-device-ip", Level::Warning), warned);
    }
    assert_eq!(found(&world(), &device(Some(Network::Hscn))), []);
    let servers = vec!["81.2.69.1".to_owned(), "fd00::1".to_owned()];
    let server = TestFacts { server_addresses: servers, network: Some(Network::Hscn), ..facts() };
    assert!(only(&world(), &server, "server-ip", Level::Warning).contains("fd00::1"));
}

#[test]
fn small_differences_are_warned_of() {
    let same = TestFacts { server_addresses: vec!["81.2.69.9".to_owned(), "81.2.69.160".to_owned()], ..facts() };
    assert!(only(&world(), &same, "server-ip", Level::Warning).contains("own machine?"));
    let newer = TestFacts { product_version: "4.3".to_owned(), ..facts() };
    let text = only(&world(), &newer, "product-version", Level::Warning);
    assert_eq!(text, "The product's details say version 4.2. Check that the answers still hold for version 4.3.");
    let alone = TestFacts { developer: "jo ellis".to_owned(), ..facts() };
    assert!(only(&world(), &alone, "developer-on-hand", Level::Warning).contains("2 people"));
}

#[test]
fn a_second_identity_is_suggested_where_roles_are_national() {
    let single = TestFacts { second_user_number: String::new(), ..facts() };
    for (model, is_suggested) in [("national", true), ("both", true), ("local", false), ("none", false)] {
        let all = found(&world().with("cx-role-model", choice(model)), &single);
        assert_eq!(
            all.iter().any(|(field, level, _)| *field == "second-user-uuid" && *level == Level::Warning),
            is_suggested,
            "{model}"
        );
    }
}

#[test]
fn an_address_taken_over_from_the_answers_is_judged_too() {
    let world = world().with("cx-test-url", text("https://localhost:8443/")).with("cx-role-model", choice("local"));
    let facts = TestFacts::prefill(&world.given());
    assert!(only(&world, &facts, "test-url", Level::Error).starts_with("Address must not use localhost"));
}

#[test]
fn words_beside_fields_are_plain() {
    for fact in Fact::ALL {
        let all = format!("{} {}", fact.label(), fact.hint()).to_lowercase();
        assert!(!fact.label().is_empty());
        assert!(["please", "invalid", "successfully", "required"].iter().all(|word| !all.contains(word)), "{all}");
    }
}
