//! What is to be seen on the day, in the words of this product's own answers.

use super::{Line, TestFacts};
use crate::domain::answer::{Given, Value};
use crate::domain::facts::Authenticator;
use crate::domain::parse::shown_tenths;

/// What to see for a line: with the minutes, names and choices that the supplier gave, as far as they are known.
#[must_use]
pub fn shown(line: &Line, given: &Given<'_>, facts: &TestFacts) -> String {
    let own = match line.id {
        "a1" => start(given),
        "a2" => Some(identity(facts)),
        "a3" => request(given),
        "a4" => exchange(given),
        "a5" => details(given),
        "a6" => roles(given),
        "a7" => second(facts),
        "c1" => limit(given, "cx-inactivity-minutes", "minute")
            .map(|minutes| format!("Sign-out after {minutes} without activity, with a warning")),
        "c3" => limit(given, "cx-max-session-hours", "hour")
            .map(|hours| format!("The session ends after {hours}, however active the user is")),
        "d3" => place(given),
        _ => None,
    };
    own.unwrap_or_else(|| line.see.to_owned())
}

fn start(given: &Given<'_>) -> Option<String> {
    let is_automatic = given.choice("cx-button-use") == Some("automatic");
    is_automatic.then(|| "Opening the product leads straight to the INT sign-in page".to_owned())
}

fn identity(facts: &TestFacts) -> String {
    let who = match facts.user_number.as_str() {
        "" => "The stated identity".to_owned(),
        number => format!("User {number}"),
    };
    let how = facts.authenticator.map_or("the stated authenticator", Authenticator::label);
    format!("{who} signs in with: {how}")
}

fn request(given: &Given<'_>) -> Option<String> {
    let parts = labels(given, "cx-request-protection");
    let level = labels(given, "cx-assurance-level");
    if parts.is_empty() && level.is_empty() {
        return None;
    }
    let said =
        |what: &str, labels: &[&str]| if labels.is_empty() { String::new() } else { format!(". {what}: {}", labels.join("; ")) };
    Some(format!("The request carries what the answers say{}{}", said("Protection", &parts), said("Level", &level)))
}

fn exchange(given: &Given<'_>) -> Option<String> {
    let checks = labels(given, "cx-id-token-checks");
    if checks.is_empty() {
        return None;
    }
    let proof = labels(given, "cx-client-auth").first().map_or_else(String::new, |label| format!(" with {label}"));
    Some(format!("The code is exchanged on the server{proof}. The ID token is checked for: {}", checks.join("; ")))
}

fn details(given: &Given<'_>) -> Option<String> {
    let scopes = labels(given, "cx-scopes").join(", ");
    let text = format!("UserInfo is called from the server, and only needed items are kept. Scopes: {scopes}");
    (!scopes.is_empty()).then_some(text)
}

fn roles(given: &Given<'_>) -> Option<String> {
    let text = match given.choice("cx-role-model")? {
        "national" => "The user lands with the right organisation and national role, or is asked to choose",
        "local" => "The user lands with the right organisation and the role held in the product",
        "both" => "The user lands with the right organisation, national role and role held in the product, or is asked to choose",
        "none" => "The user lands with the right organisation, or is asked to choose",
        _ => return None,
    };
    Some(text.to_owned())
}

fn second(facts: &TestFacts) -> Option<String> {
    let number = Some(&facts.second_user_number).filter(|number| !number.is_empty())?;
    Some(format!("User {number} is refused what they may not do, with a clear message"))
}

fn place(given: &Given<'_>) -> Option<String> {
    let text = match given.choice("cx-button-use")? {
        "primary" => "The button is where users find it, and it is the only way in",
        "alternative" => "The button is where users find it, and the other way in is clearly separate",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A number of the answers with its unit: "15 minutes".
fn limit(given: &Given<'_>, key: &str, unit: &str) -> Option<String> {
    match given.value(key) {
        Some(Value::Number(10)) => Some(format!("1 {unit}")),
        Some(Value::Number(tenths)) => Some(format!("{} {unit}s", shown_tenths(*tenths))),
        _ => None,
    }
}

/// The words of the chosen options of a question that is shown, in its order.
fn labels<'a>(given: &Given<'a>, key: &str) -> Vec<&'a str> {
    let Some((_, question)) = given.catalogue.find(key) else { return Vec::new() };
    let is_chosen = |word: &str| given.includes(key, word) || given.choice(key) == Some(word);
    question.options.iter().filter(|option| is_chosen(&option.value)).map(|option| option.label.as_str()).collect()
}
