//! Checks across answers, numbered as in the question set. X10, X12 and X18 are elsewhere: formats, options, go-live.

use super::countries::named_abroad;
use super::dates::{running_out, written};
use super::{Finding, formats, hosts};
use crate::domain::answer::{Given, Value};
use crate::domain::catalogue::Question;

/// Identity products that stand between a product and CIS2.
const IDENTITY_PRODUCTS: &[&str] = &[
    "keycloak",
    "red hat",
    "auth0",
    "okta",
    "azure ad",
    "azure active",
    "entra",
    "b2c",
    "adfs",
    "cognito",
    "ping identity",
    "pingfederate",
    "pingone",
    "pingaccess",
    "forgerock",
    "identityserver",
    "identity server",
    "duende",
    "authentik",
    "zitadel",
    "onelogin",
    "wso2",
    "gravitee",
    "curity",
    "fusionauth",
    "ory hydra",
    "kratos",
    "openam",
    "openiddict",
    "shibboleth",
    "simplesaml",
    "gluu",
    "janssen",
    "authelia",
    "casdoor",
    "dex",
    "ibm verify",
    "security verify",
    "salesforce",
    "firebase",
    "identity platform",
    "hydra",
    "sailpoint",
    "transmit security",
    "oracle identity",
    "imprivata",
    "rauthy",
    "kanidm",
    "logto",
    "descope",
    "stytch",
    "workos",
    "frontegg",
    "clerk.com",
    "supertokens",
    "cyberark",
];

/// Every finding across answers, in no order.
pub(super) fn findings(given: &Given<'_>) -> Vec<Finding> {
    let one = [x2(given), x3(given), x4(given), x5(given), x6(given), x9(given), x11(given), x13(given), x14(given), x16(given)];
    let many = [x1(given), x7(given), x8(given), x15(given), running_out(given)];
    one.into_iter().flatten().chain(many.into_iter().flatten()).collect()
}

fn question<'a>(given: &Given<'a>, key: &str) -> Option<&'a Question> {
    given.catalogue.find(key).map(|(_, question)| question)
}

fn warning(given: &Given<'_>, key: &str, text: impl Into<String>) -> Option<Finding> {
    question(given, key).map(|question| Finding::warning(question, text.into()))
}

/// The same warning at each of the questions where it can be mended.
fn warnings(given: &Given<'_>, keys: &[&str], text: &str) -> Vec<Finding> {
    keys.iter().filter_map(|key| warning(given, key, text)).collect()
}

/// A multiple choice that was answered without this option.
fn lacks(given: &Given<'_>, key: &str, option: &str) -> bool {
    matches!(given.value(key), Some(Value::Choices(set)) if !set.contains(option))
}

fn includes_any(given: &Given<'_>, key: &str, options: &[&str]) -> bool {
    options.iter().any(|option| given.includes(key, option))
}

fn is_out_of_scope(given: &Given<'_>) -> bool {
    given.choice("cr-standard-scope") == Some("neither")
}

fn x1(given: &Given<'_>) -> Vec<Finding> {
    if !is_out_of_scope(given) || !given.includes("cc-data-categories", "health") {
        return Vec::new();
    }
    let text = "The product processes health information, but the answers say that neither clinical risk standard applies.";
    warnings(given, &["cr-standard-scope", "cc-data-categories"], text)
}

fn x2(given: &Given<'_>) -> Option<Finding> {
    let apis: Vec<&str> = given.facts.national_apis.iter().filter(|api| api.needs_aal3()).map(|api| api.label()).collect();
    if given.choice("cx-assurance-level") != Some("aal2") || apis.is_empty() {
        return None;
    }
    let text = format!("The product calls a national API whose users need AAL3: {}.", apis.join(", "));
    warning(given, "cx-assurance-level", text)
}

fn x3(given: &Given<'_>) -> Option<Finding> {
    let asks_fresh = includes_any(given, "cx-request-protection", &["prompt-login", "max-age"]);
    if !asks_fresh || !lacks(given, "cx-id-token-checks", "auth-time") {
        return None;
    }
    let text = "Tick the time of authentication, or untick prompt=login and max_age in the authentication request: \
                a request for a fresh sign-in protects only if its time is checked";
    question(given, "cx-id-token-checks").map(|question| Finding::error(question, text.to_owned()))
}

fn x4(given: &Given<'_>) -> Option<Finding> {
    let sends = given.includes("cx-request-protection", "nonce") && lacks(given, "cx-id-token-checks", "nonce");
    let text = "The authentication request sends a nonce, but the ID token checks do not include it.";
    if sends { warning(given, "cx-id-token-checks", text) } else { None }
}

fn has_national_roles(given: &Given<'_>) -> bool {
    matches!(given.choice("cx-role-model"), Some("national" | "both"))
}

fn x5(given: &Given<'_>) -> Option<Finding> {
    // A national role without its scope, and a chosen role without the scope that lists them, end in the same gap.
    let wants = has_national_roles(given) || given.includes("cx-scopes", "selectedrole");
    if !wants || !lacks(given, "cx-scopes", "nationalrbacaccess") {
        return None;
    }
    warning(given, "cx-scopes", "National roles are used, but the scope nationalrbacaccess is not asked for.")
}

fn x6(given: &Given<'_>) -> Option<Finding> {
    let handling = given.text("cx-role-handling").to_lowercase();
    let mentions = ["choos", "chose", "select", "pick", "switch"].iter().any(|word| handling.contains(word));
    if !has_national_roles(given) || !lacks(given, "cx-scopes", "selectedrole") || handling.is_empty() || mentions {
        return None;
    }
    let text = "National roles are used without the scope selectedrole. Say how a user with several roles chooses one.";
    warning(given, "cx-role-handling", text)
}

fn x7(given: &Given<'_>) -> Vec<Finding> {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let userinfo = plain(given.text("cx-userinfo"));
    if userinfo.is_empty() {
        return Vec::new();
    }
    let wide = ["nhsperson", "professionalmemberships", "organisationalmemberships"];
    let unnamed = wide.iter().filter(|scope| given.includes("cx-scopes", scope) && !userinfo.contains(*scope));
    let text = |scope| format!("The scope {scope} is asked for, but this answer does not say what it is needed for.");
    unnamed.filter_map(|scope| warning(given, "cx-userinfo", text(scope))).collect()
}

fn x8(given: &Given<'_>) -> Vec<Finding> {
    let keys = ["cc-data-categories", "cx-scopes"];
    let roles = ["nationalrbacaccess", "selectedrole", "associatedorgs", "professionalmemberships", "organisationalmemberships"];
    let mut found = Vec::new();
    if includes_any(given, "cx-scopes", &["email", "profile"]) && lacks(given, "cc-data-categories", "staff-identity") {
        let text = "The scopes bring staff names or email addresses, but the personal data listed does not include staff identity.";
        found.extend(warnings(given, &keys, text));
    }
    if includes_any(given, "cx-scopes", &roles) && lacks(given, "cc-data-categories", "staff-roles") {
        let text = "The scopes bring staff roles or organisations, but the personal data listed does not include staff roles.";
        found.extend(warnings(given, &keys, text));
    }
    found
}

fn x9(given: &Given<'_>) -> Option<Finding> {
    let tested = hosts::host(given.text("cx-test-url"))?;
    let own_device = |line: &&str| formats::is_native(given) && hosts::is_loopback(line);
    let lines = given.text("cx-redirect-uris").lines().filter(|line| !own_device(line));
    let other = lines.filter_map(hosts::host).find(|host| *host != tested)?;
    let text = format!("A redirect URI is on {other}, but the test deployment is on {tested}.");
    warning(given, "cx-redirect-uris", text)
}

fn x11(given: &Given<'_>) -> Option<Finding> {
    let walkthrough = given.text("cx-signin-walkthrough");
    let is_named = identity_product(walkthrough).is_some();
    if given.choice("cx-architecture") != Some("broker") || walkthrough.is_empty() || is_named {
        return None;
    }
    let text =
        "An identity product talks to CIS2, but we found no name of one that we know in this answer. Check that it is named.";
    warning(given, "cx-signin-walkthrough", text)
}

/// The first identity product that a text names, in small letters.
pub(in crate::domain) fn identity_product(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    IDENTITY_PRODUCTS.iter().find(|product| has_words(&text, product)).copied()
}

/// Whether the words stand in the text with no letter directly before or after them.
fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + words.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
    })
}

fn x13(given: &Given<'_>) -> Option<Finding> {
    let (completed, working) = (given.date("cc-pentest-completed-on")?, given.facts.int_working_since?);
    if completed >= working {
        return None;
    }
    let text =
        format!("Testing was completed before the build worked in INT ({}), so it may not cover CIS2 sign-in.", written(working));
    warning(given, "cc-pentest-completed-on", text)
}

fn x14(given: &Given<'_>) -> Option<Finding> {
    if given.choice("cc-uk-only") != Some("yes") {
        return None;
    }
    let country = named_abroad(given.text("cc-processors"))?;
    let text = format!("The answer about processors names {country}. Check that data stays in the UK.");
    warning(given, "cc-uk-only", text)
}

fn x15(given: &Given<'_>) -> Vec<Finding> {
    if given.choice("md-is-device") != Some("yes") || !is_out_of_scope(given) {
        return Vec::new();
    }
    let text = "The product is a medical device, but the answers say that neither clinical risk standard applies.";
    warnings(given, &["cr-standard-scope", "md-is-device"], text)
}

fn x16(given: &Given<'_>) -> Option<Finding> {
    let removal = given.text("cx-cis1-removal").to_lowercase();
    let in_use = ["still", "not yet", "continue", "for now", "currently", "remain"];
    let gone = ["no longer", "nothing", "none", "no identity agent", "not still", "never", "does not remain", "no part"];
    let is_left = |sentence: &str| {
        sentence.contains("identity agent")
            && in_use.iter().any(|word| sentence.contains(word))
            && !gone.iter().any(|word| sentence.contains(word))
    };
    if !removal.split(['.', ';', '\n', '!', '?']).any(is_left) {
        return None;
    }
    let text = "This answer reads as if the Identity Agent were still in use. Nothing that needs it may be left.";
    warning(given, "cx-cis1-removal", text)
}
