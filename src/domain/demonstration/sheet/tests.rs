//! Which lines are on the sheet of a product, and in which words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::domain::answer::Value;
use crate::domain::catalogue_tests::{World, choice, choices};
use crate::domain::facts::Authenticator;

fn left_out(world: &World, facts: &TestFacts) -> Vec<&'static str> {
    LINES.iter().filter(|line| applies(line, &world.given(), facts).is_err()).map(|line| line.id).collect()
}

fn why(world: &World, id: &str) -> &'static str {
    applies(Line::find(id).unwrap(), &world.given(), &TestFacts::default()).unwrap_err()
}

fn says(world: &World, id: &str, facts: &TestFacts) -> String {
    shown(Line::find(id).unwrap(), &world.given(), facts)
}

fn says_plainly(world: &World, id: &str) -> String {
    says(world, id, &TestFacts::default())
}

fn moving(is_moving: bool) -> World {
    let mut world = World::typical();
    world.facts.migrating_from_cis1 = Some(is_moving);
    world
}

#[test]
fn the_sheet_has_its_24_lines_in_5_areas() {
    let ids: Vec<&str> = LINES.iter().map(|line| line.id).collect();
    let expected = [
        "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1", "b2", "b3", "b4", "c1", "c2", "c3", "c4", "c5", "c6", "d1",
        "d2", "d3", "e1", "e2",
    ];
    assert_eq!(ids, expected);
    for line in LINES {
        let letter = ["a", "b", "c", "d", "e"][Area::ALL.iter().position(|area| *area == line.area).unwrap()];
        assert!(line.id.starts_with(letter), "{}", line.id);
        assert!(!line.ask.is_empty() && !line.see.is_empty());
        let words = format!("{} {}", line.ask, line.see).to_lowercase();
        assert!(["please", "invalid", "successfully"].iter().all(|word| !words.contains(word)), "{words}");
    }
    assert_eq!(Line::find("b9"), None);
}

#[test]
fn a_product_that_moves_from_cis1_shows_every_line() {
    assert_eq!(left_out(&moving(true), &TestFacts::default()), [""; 0]);
    assert_eq!(left_out(&moving(false), &TestFacts::default()), ["e1", "e2"]);
    assert_eq!(why(&moving(false), "e1"), "The product is not a move from CIS1.");
}

#[test]
fn lines_that_do_not_apply_say_why() {
    let world = moving(true).with("cx-bcl-used", choice("no"));
    assert_eq!(left_out(&world, &TestFacts::default()), ["b1", "b2", "b3", "b4"]);
    assert_eq!(why(&world, "b3"), "The product does not use back-channel logout.");
    let world = moving(true).with("cx-button-use", choice("automatic"));
    assert_eq!(left_out(&world, &TestFacts::default()), ["d1", "d2", "d3"]);
    assert_eq!(why(&world, "d1"), "There is no button: users are sent to CIS2 straight away.");
}

#[test]
fn refusal_is_shown_with_roles_or_with_a_second_identity() {
    let second = TestFacts { second_user_number: "555012345679".to_owned(), ..TestFacts::default() };
    for model in ["national", "local", "both"] {
        assert_eq!(left_out(&moving(true).with("cx-role-model", choice(model)), &TestFacts::default()), [""; 0], "{model}");
    }
    let alike = moving(true).with("cx-role-model", choice("none"));
    assert_eq!(left_out(&alike, &TestFacts::default()), ["a7"]);
    assert_eq!(left_out(&alike, &second), [""; 0]);
    assert!(says(&alike, "a7", &second).starts_with("User 555012345679 is refused"));
}

#[test]
fn limits_are_named_as_stated() {
    let world = World::typical();
    assert_eq!(says_plainly(&world, "c1"), "Sign-out after 15 minutes without activity, with a warning");
    assert_eq!(says_plainly(&world, "c3"), "The session ends after 7.5 hours, however active the user is");
    let short = world.with("cx-inactivity-minutes", Value::Number(10)).with("cx-max-session-hours", Value::Number(10));
    assert_eq!(says_plainly(&short, "c1"), "Sign-out after 1 minute without activity, with a warning");
    assert_eq!(says_plainly(&short, "c3"), "The session ends after 1 hour, however active the user is");
}

#[test]
fn identity_and_authenticator_are_named_as_stated() {
    let facts = TestFacts {
        user_number: "555012345678".to_owned(),
        authenticator: Some(Authenticator::WindowsHello),
        ..TestFacts::default()
    };
    assert_eq!(says(&World::typical(), "a2", &facts), "User 555012345678 signs in with: Windows Hello for Business");
    assert_eq!(says_plainly(&World::typical(), "a2"), "The stated identity signs in with: the stated authenticator");
}

#[test]
fn request_and_checks_are_listed_as_answered() {
    let world = World::typical()
        .with("cx-request-protection", choices(&["pkce", "state"]))
        .with("cx-assurance-level", choice("aal3"))
        .with("cx-id-token-checks", choices(&["issuer", "signature"]))
        .with("cx-scopes", choices(&["openid", "profile"]));
    assert_eq!(
        says_plainly(&world, "a3"),
        "The request carries what the answers say. Protection: A fresh state value, checked on return; PKCE with S256. \
         Level: AAL3 only"
    );
    assert_eq!(
        says_plainly(&world, "a4"),
        "The code is exchanged on the server with Private Key JWT. The ID token is checked for: \
         Signature against CIS2's key set; Issuer"
    );
    assert!(says_plainly(&world, "a5").ends_with("Scopes: openid, profile"));
}

#[test]
fn the_way_into_sign_in_and_the_roles_are_as_answered() {
    let with = |key, word, id| says_plainly(&World::typical().with(key, choice(word)), id);
    assert_eq!(with("cx-button-use", "automatic", "a1"), "Opening the product leads straight to the INT sign-in page");
    assert!(with("cx-button-use", "primary", "a1").starts_with("Sign-in starts from the sign-in page"));
    assert!(with("cx-button-use", "primary", "d3").ends_with("it is the only way in"));
    assert!(with("cx-button-use", "alternative", "d3").ends_with("the other way in is clearly separate"));
    assert!(with("cx-role-model", "national", "a6").contains("national role"));
    assert!(!with("cx-role-model", "none", "a6").contains("role"));
}

#[test]
fn without_answers_every_line_has_its_general_words() {
    let world = World::empty();
    for line in LINES.iter().filter(|line| line.id != "a2") {
        assert_eq!(shown(line, &world.given(), &TestFacts::default()), line.see, "{}", line.id);
    }
}

#[test]
fn marks_have_their_words_and_looks() {
    let marks: Vec<_> = MarkResult::ALL.iter().map(|mark| (mark.word(), mark.label(), mark.look())).collect();
    let expected = [("seen", "Seen", "green"), ("not-seen", "Not seen", "orange"), ("not-applicable", "Does not apply", "grey")];
    assert_eq!(marks, expected);
    assert!(Area::ALL.iter().all(|area| !area.title().is_empty()));
}
