//! What is taken, what is refused, and the words that it is refused with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unnecessary_wraps)]

use super::*;
use crate::domain::catalogue_tests::{World, choice, choices, day};

fn post(key: &str, typed: &str) -> Result<Option<Value>, String> {
    posted(key, &[typed], ["", "", ""])
}

fn posted(key: &str, values: &[&str], date: [&str; 3]) -> Result<Option<Value>, String> {
    let world = World::empty();
    let raw = Raw { values: values.iter().map(|v| (*v).to_owned()).collect(), date: date.map(str::to_owned) };
    parse(world.catalogue.find(key).unwrap().1, &raw, world.today)
}

fn taken(text: &str) -> Result<Option<Value>, String> {
    Ok(Some(Value::Text(text.to_owned())))
}

#[test]
fn nothing_typed_is_no_answer() {
    let world = World::empty();
    for (_, question) in world.catalogue.questions() {
        assert_eq!(parse(question, &Raw::default(), world.today), Ok(None), "{}", question.key);
        assert_eq!(posted(&question.key, &["  \r\n "], [" ", "", ""]), Ok(None), "{}", question.key);
    }
}

#[test]
fn text_is_tidied_and_counted_in_characters() {
    assert_eq!(post("cc-purpose", "  One\r\nTwo\u{0}\u{202E} \r\n"), taken("One\nTwo"));
    assert_eq!(post("cc-pentest-provider", "One\nTwo"), taken("One Two"));
    assert_eq!(post("cc-purpose", &"é".repeat(2000)), taken(&"é".repeat(2000)));
    let error = post("cc-purpose", &format!("{}\r\n{}", "a".repeat(2000), "b".repeat(42)));
    assert_eq!(error.unwrap_err(), "Answer must be 2,000 characters or less. You have 43 too many");
    assert!(post("cx-signin-walkthrough", &"a".repeat(4000)).is_ok());
    assert!(post("sm-support-hours", &"a".repeat(1001)).is_err());
}

#[test]
fn secrets_are_refused_in_every_text() {
    let cases = [
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", Some("a private key")),
        ("-----BEGIN PRIVATE KEY-----", Some("a private key")),
        ("-----begin openssh private key-----", Some("a private key")),
        ("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_x ends", Some("a signed token")),
        ("grant_type=x&client_secret=abc", Some("a client secret")),
        ("{\"client_secret\": \"abc\"}", Some("a client secret")),
        ("db: password=hunter2", Some("a password")),
        ("We begin with the private key in a vault", None),
        ("-----BEGIN PUBLIC KEY-----", None),
        ("A token starts with eyJ and has three parts.", None),
        ("They are at heyJude.example.com", None),
        ("The client_secret is kept in a vault", None),
        ("Everyone has a password = nobody shares one", None),
    ];
    for (text, secret) in cases {
        assert_eq!(secret_in(text), secret, "{text}");
        assert_eq!(post("cx-key-management", text).is_err(), secret.is_some(), "{text}");
    }
    let error = post("cx-int-client-id", "eyJa.eyJb.c").unwrap_err();
    assert_eq!(
        error,
        "This looks as if it contains a signed token, so nothing was saved. Remove it, and replace it wherever it is in use"
    );
    assert!(post("cx-test-url", "https://a.example.com/?client_secret=1").unwrap_err().contains("a client secret"));
}

#[test]
fn choices_are_taken_from_the_options() {
    assert_eq!(post("cc-uk-only", "no"), Ok(Some(choice("no"))));
    assert_eq!(post("cx-bcl-used", "yes"), Ok(Some(choice("yes"))));
    assert_eq!(post("cx-bcl-used", "maybe").unwrap_err(), "Choose one of the options for use of back-channel logout");
    assert_eq!(post("md-class", "iia"), Ok(Some(choice("iia"))));
    assert!(post("md-class", "iv").is_err());
    assert_eq!(posted("md-class", &["i", "iia"], ["", "", ""]).unwrap_err(), "Choose only one option for device class");
    let two = posted("cx-scopes", &["profile", "email"], ["", "", ""]);
    assert_eq!(two, Ok(Some(choices(&["openid", "profile", "email"]))), "openid cannot be removed");
    assert!(posted("cx-scopes", &["profile", "admin"], ["", "", ""]).is_err());
    assert_eq!(post("ds-breach-declaration", "on"), Ok(Some(Value::Ticked)));
}

#[test]
fn dates_are_real_days() {
    let name = "Date of the last continuity test";
    let cases = [
        (["1", "2", "2026"], Ok(day("2026-02-01"))),
        ([" 09 ", "sept", "2026"], Ok(day("2026-09-09"))),
        (["29", "February", "2024"], Ok(day("2024-02-29"))),
        (["29", "2", "2026"], Err("must be a real date")),
        (["1", "13", "2026"], Err("must be a real date")),
        (["x", "1", "2026"], Err("must be a real date")),
        (["1", "ju", "2026"], Err("must be a real date")),
        (["1", "", "2026"], Err("must include a month")),
        (["", "5", "2026"], Err("must include a day")),
        (["", "", "2026"], Err("must include a day and month")),
        (["1", "5", "26"], Err("must include a year with 4 numbers, like 2026")),
        (["1", "5", "1826"], Err("must have a year within 100 years of today")),
    ];
    for (parts, expected) in cases {
        let expected = expected.map(|d| Some(Value::Date(d))).map_err(|e| format!("{name} {e}"));
        assert_eq!(posted("sm-continuity-tested-on", &[], parts), expected, "{parts:?}");
    }
}

#[test]
fn an_upload_is_never_refused_here() {
    let expiry = |parts| posted("ds-isms-certificate", &[], parts);
    let expected = Value::Files { files: Vec::new(), expires_on: Some(day("2027-03-01")) };
    assert_eq!(expiry(["1", "3", "2027"]), Ok(Some(expected)));
    assert_eq!(expiry(["31", "2", "2027"]), Ok(None));
    assert_eq!(posted("cc-hazard-log", &[], ["1", "3", "2027"]), Ok(None));
    let parts = ["31", "2", "2027"].map(str::to_owned);
    assert_eq!(parse_date("expiry date", &parts).unwrap_err(), "Expiry date must be a real date");
}

#[test]
fn numbers_keep_one_decimal_exactly() {
    let cases = [
        ("cx-inactivity-minutes", "15", Ok(150)),
        ("cx-inactivity-minutes", " 15 minutes ", Ok(150)),
        ("cx-inactivity-minutes", "60", Ok(600)),
        ("cx-inactivity-minutes", "15.0", Ok(150)),
        ("cx-inactivity-minutes", "0", Err("Inactivity limit must be between 1 and 60")),
        ("cx-inactivity-minutes", "61", Err("Inactivity limit must be between 1 and 60")),
        ("cx-inactivity-minutes", "7.5", Err("Inactivity limit must be a whole number, like 60")),
        ("cx-inactivity-minutes", "ten", Err("Inactivity limit must be a whole number, like 60")),
        ("cx-max-session-hours", "7.5", Ok(75)),
        ("cx-max-session-hours", "7.55", Err("Longest session must be a number with at most one decimal, like 24")),
        ("cx-max-session-hours", "24.1", Err("Longest session must be between 1 and 24")),
        ("cc-pentest-open-findings", "0", Ok(0)),
        ("cc-pentest-open-findings", "999", Ok(9990)),
        ("cc-pentest-open-findings", "-1", Err("Number of open critical and high findings must be between 0 and 999")),
        (
            "cc-pentest-open-findings",
            "99999999999999999999",
            Err("Number of open critical and high findings must be a whole number, like 999"),
        ),
    ];
    for (key, typed, expected) in cases {
        assert_eq!(post(key, typed), expected.map(|n| Some(Value::Number(n))).map_err(str::to_owned), "{key} {typed}");
    }
    assert_eq!((shown_tenths(75), shown_tenths(150), shown_tenths(-5)), ("7.5".to_owned(), "15".to_owned(), "-0.5".to_owned()));
}

#[test]
fn email_addresses() {
    assert_eq!(email(" Ana.O'Neil+x@NHS.net "), Ok("Ana.O'Neil+x@nhs.net".to_owned()));
    assert_eq!(email("a@b-c.co.uk"), Ok("a@b-c.co.uk".to_owned()));
    let wrong = [
        "",
        "a",
        "a@b",
        "@b.uk",
        "a@",
        "a@@b.uk",
        "a@b@c.uk",
        "a b@c.uk",
        ".a@b.uk",
        "a..b@c.uk",
        "a@-b.uk",
        "a@b..uk",
        "a@b.1",
        "a@b.uk, c@d.uk",
        "<a@b.uk>",
        "a@b.uk\nBcc: x@y.uk",
    ];
    for typed in wrong {
        let expected = "Enter an email address in the correct format, like name@example.com";
        assert_eq!(email(typed).unwrap_err(), expected, "{typed}");
    }
    let long = format!("a@{}.uk", "b.".repeat(130));
    assert_eq!(email(&long).unwrap_err(), "Email address must be 254 characters or less");
}

#[test]
fn telephone_numbers() {
    assert_eq!(phone(" +44 (0)20  7946-0018 "), Ok("+44 (0)20 7946-0018".to_owned()));
    assert_eq!(phone("1234567"), Ok("1234567".to_owned()));
    for typed in ["123456", "1234567890123456", "01632 96O 001", "++441632960001", "01632 960 001 ext 5", ""] {
        assert!(phone(typed).is_err(), "{typed}");
    }
}

#[test]
fn addresses() {
    for typed in
        ["https://a.example.com", "HTTPS://a.example.com:8443/x?y#z", "https://10.0.0.1/", "https://localhost/", "https://[::1]/"]
    {
        assert_eq!(url(typed), Ok(typed.to_owned()), "hosts are for the checks: {typed}");
    }
    let cases = [
        ("http://a.example.com", "must start with https://, like https://product.example.com"),
        ("a.example.com", "must start with https://, like https://product.example.com"),
        ("javascript:alert(1)", "must start with https://, like https://product.example.com"),
        ("https:a.example.com", "must start with https://, like https://product.example.com"),
        ("https://", "must include the name of a host, like https://product.example.com"),
        ("https:///path", "must include the name of a host, like https://product.example.com"),
        ("https://?x", "must include the name of a host, like https://product.example.com"),
        ("https://exa mple.com", "must not contain spaces or backslashes"),
        ("https://good.example.com\\@bad.example.com", "must not contain spaces or backslashes"),
        ("https://me:word@a.example.com", "must not include a user name or password"),
        ("https://@a.example.com", "must not include a user name or password"),
    ];
    for (typed, fault) in cases {
        assert_eq!(url(typed).unwrap_err(), format!("Address {fault}"), "{typed}");
    }
}

#[test]
fn ip_addresses_and_user_numbers() {
    assert_eq!(ip_address(" 81.2.69.160 "), Ok("81.2.69.160".to_owned()));
    assert_eq!(ip_address("2A02:6B8::11"), Ok("2a02:6b8::11".to_owned()));
    for typed in ["81.2.69", "256.1.1.1", "081.2.69.160", "81.2.69.160/24", ""] {
        assert!(ip_address(typed).is_err(), "{typed}");
    }
    assert_eq!(user_number("5550 1234 5678"), Ok("555012345678".to_owned()));
    let expected = "Enter the 12-digit user number (UUID) of the Care Identity profile, like 555012345678";
    assert_eq!(user_number("55501234567").unwrap_err(), expected);
    let dashed = user_number("c9a5a3f0-1b2c-4d5e-8f90-123456789012").unwrap_err();
    assert!(dashed.ends_with(expected) && dashed.starts_with("This is a computer's identifier"), "{dashed}");
}

#[test]
fn names_identifiers_and_registrations() {
    assert_eq!(post("cr-cso-name", "Dr. Zoë O\u{2019}Neil-Šmíd"), taken("Dr. Zoë O\u{2019}Neil-Šmíd"));
    assert!(post("cr-cso-name", "Dr 4").unwrap_err().ends_with("letters, spaces, hyphens, apostrophes and full stops"));
    assert_eq!(post("cx-int-client-id", "12_a-b.apps"), taken("12_a-b.apps"));
    assert!(post("cx-int-client-id", "12 34").is_err());
    assert_eq!(post("cr-cso-registration", " 12a 3456b "), taken("12A3456B"));
    assert!(post("cr-cso-registration", "7123456?").is_err());
}

#[test]
fn redirect_uris_are_one_on_each_line() {
    let take = |lines: &str| post("cx-redirect-uris", lines);
    assert_eq!(
        take(" https://a.example.com/cb \r\n\r\nhttps://b.example.com/cb"),
        taken("https://a.example.com/cb\nhttps://b.example.com/cb")
    );
    assert!(take("https://localhost:8443/cb").is_ok(), "whether it may be local depends on another answer");
    let cases = [
        ("https://a.example.com/cb\nhttp://a.example.com/cb", "Line 2 must start with https://, like https://product.example.com"),
        ("/callback", "Line 1 must start with https://, like https://product.example.com"),
        ("https://a.example.com/#x", "Line 1 must not contain #. Take away the # and what follows it"),
        ("https://*.example.com/cb", "Line 1 must not contain *. Write each address in full"),
        ("https://a.example.com/\n\nhttps://a.example.com/", "Line 3 is the same as line 1. Remove one of them"),
    ];
    for (lines, error) in cases {
        assert_eq!(take(lines).unwrap_err(), error, "{lines}");
    }
    let many = |count: usize| (0..count).map(|n| format!("https://a.example.com/{n}")).collect::<Vec<_>>().join("\n");
    assert!(take(&many(20)).is_ok());
    assert_eq!(take(&many(21)).unwrap_err(), "Give at most 20 addresses. You have 21");
}

#[test]
fn errors_use_plain_words() {
    let world = World::empty();
    let junk = ["x y", "\u{1}", "-1", "https://", "eyJa.b.c"];
    let refused = world.catalogue.questions().flat_map(|(_, q)| junk.iter().filter_map(|typed| post(&q.key, typed).err()));
    for error in refused {
        let words: Vec<&str> = error.split(' ').collect();
        assert!(["please", "invalid", "valid", "required", "successfully"].iter().all(|w| !words.contains(w)), "{error}");
        assert!(!error.ends_with('.') && error.chars().next().unwrap().is_uppercase(), "{error}");
    }
}

#[test]
fn counts_have_commas() {
    assert_eq!([7, 999, 2000, 1_234_567].map(thousands), ["7", "999", "2,000", "1,234,567"]);
}
