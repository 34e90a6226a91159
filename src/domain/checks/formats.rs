//! The named formats, as far as they warn: registration numbers, desk telephone, mailboxes, hours, addresses, ticks.

use super::{Finding, hosts};
use crate::domain::answer::{Given, Value};
use crate::domain::catalogue::{Format, Kind, Question};
use crate::domain::parse::capitalised;

/// Mail services for private people.
const WEBMAIL: &[&str] = &[
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "live",
    "msn",
    "yahoo",
    "ymail",
    "icloud",
    "me",
    "mac",
    "aol",
    "btinternet",
    "sky",
    "talktalk",
    "virginmedia",
    "ntlworld",
    "blueyonder",
    "protonmail",
    "proton",
    "gmx",
    "mail",
    "tiscali",
];

/// Words of an address that belong to a desk and not to a person.
const DESK_WORDS: &[&str] = &[
    "service",
    "services",
    "desk",
    "servicedesk",
    "support",
    "help",
    "helpdesk",
    "team",
    "info",
    "it",
    "ict",
    "incident",
    "incidents",
    "ops",
    "operations",
    "noc",
    "contact",
    "admin",
    "enquiries",
    "customer",
    "customers",
    "care",
    "digital",
    "nhs",
    "tech",
    "technical",
    "product",
    "alerts",
    "duty",
    "oncall",
    "clinical",
    "safety",
    "mailbox",
    "office",
    "uk",
];

/// What an answer's named format and kind say about it.
pub(super) fn findings(given: &Given<'_>, question: &Question, value: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    match value {
        Value::Text(text) => {
            found.extend(inward(given, question, text));
            found.extend(text_finding(given, question, text));
        }
        Value::Choices(set) => {
            let missing = question.expected.iter().filter(|word| !set.contains(*word));
            let label = |word: &String| question.choice(word).map_or_else(|| word.clone(), |choice| choice.label.clone());
            let text = |word| format!("\u{201C}{}\u{201D} is not ticked. It is expected.", label(word));
            found.extend(missing.map(|word| Finding::warning(question, text(word))));
        }
        Value::Choice(_) | Value::Date(_) | Value::Number(_) | Value::Files { .. } | Value::Ticked => {}
    }
    found
}

fn text_finding(given: &Given<'_>, question: &Question, text: &str) -> Option<Finding> {
    let warning = match question.format? {
        Format::Registration => registration(given.choice("cr-cso-body")?, text),
        Format::DeskPhone => is_mobile(text)
            .then(|| "This looks like a mobile number. Give a number that more than one person can answer.".to_owned()),
        Format::SharedMailbox => {
            is_personal(text).then(|| "This looks like one person's address. Use a shared mailbox.".to_owned())
        }
        Format::WorkEmail => webmail(text)
            .map(|domain| format!("This address is at {domain}, a mail service for private people. Use a work address.")),
        Format::SupportHours => support_hours(text),
        Format::LogoutUrl => return logout_address(given, question, text),
        Format::PersonName | Format::ClientId | Format::RedirectUris | Format::DsptPublished | Format::Expected => None,
    };
    warning.map(|text| Finding::warning(question, text))
}

/// Addresses that CIS2 and reviewers cannot reach (X10).
fn inward(given: &Given<'_>, question: &Question, text: &str) -> Option<Finding> {
    let is_redirects = question.format == Some(Format::RedirectUris);
    if question.kind != Kind::Url && !is_redirects {
        return None;
    }
    // A desktop or mobile application may send the user back to a port on the same device.
    let is_own_device = |line: &&str| is_redirects && hosts::is_loopback(line) && is_native(given);
    let host = text.lines().filter(|line| !is_own_device(line)).find_map(hosts::inward_host)?;
    let name = capitalised(&question.name);
    Some(Finding::error(question, format!("{name} must not use {host}. Give an address that can be reached from the internet")))
}

/// Whether the answers say that the product is a desktop or mobile application.
pub(in crate::domain) fn is_native(given: &Given<'_>) -> bool {
    given.choice("cx-architecture") == Some("native-backend")
}

fn registration(body: &str, number: &str) -> Option<String> {
    let shape: String = number
        .chars()
        .map(|c| match c {
            '0'..='9' => '9',
            'A'..='Z' | 'a'..='z' => 'A',
            other => other,
        })
        .collect();
    match body {
        "gmc" if shape != "9999999" => Some("A General Medical Council number has 7 digits. Check it.".to_owned()),
        "nmc" if shape != "99A9999A" => Some("A Nursing and Midwifery Council number looks like 12A3456B. Check it.".to_owned()),
        _ => None,
    }
}

/// UK mobile, personal and pager numbers start 07.
fn is_mobile(phone: &str) -> bool {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_abroad = phone.trim_start().starts_with('+');
    let national = digits.strip_prefix("0044").or_else(|| digits.strip_prefix("44").filter(|_| is_abroad));
    match national {
        Some(rest) => rest.trim_start_matches('0').starts_with('7'),
        None => !is_abroad && digits.starts_with("07"),
    }
}

/// Two or three words with dots, such as first.last, none of which belongs to a desk.
fn is_personal(email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let words: Vec<&str> = local.split(['.', '_']).map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
    let is_name = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'');
    let is_desk = |word: &&str| word.split('-').any(|part| DESK_WORDS.contains(&part));
    (2..=3).contains(&words.len()) && words.iter().all(is_name) && !words.iter().any(is_desk)
}

/// The domain of the address, if it belongs to a mail service for private people.
fn webmail(email: &str) -> Option<String> {
    let domain = email.split('@').nth(1)?.to_lowercase();
    let (service, rest) = domain.split_once('.')?;
    let is_public = matches!(rest, "com" | "co.uk" | "net" | "me" | "fr" | "de" | "ie" | "uk" | "org");
    (is_public && WEBMAIL.contains(&service)).then_some(domain)
}

fn support_hours(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["365", "every day of the year"]) {
        return None;
    }
    let all_week = says(&["24/7", "24x7", "24 x 7", "7 days", "seven days", "every day"]);
    let parts = [
        ("weekdays", all_week || says(&["weekday", "week day", "monday", "mon-", "mon ", "mon to", "working day"])),
        ("weekends", all_week || says(&["weekend", "saturday", "sunday", "sat "])),
        ("bank holidays", says(&["bank holiday", "public holiday"])),
    ];
    let missing: Vec<&str> = parts.into_iter().filter(|(_, said)| !said).map(|(name, _)| name).collect();
    let missing = match missing.as_slice() {
        [] => return None,
        [first, second, third] => format!("{first}, {second} and {third}"),
        some => some.join(" and "),
    };
    Some(format!("The answer does not mention {missing}. Say what cover there is, even if there is none."))
}

fn logout_address(given: &Given<'_>, question: &Question, text: &str) -> Option<Finding> {
    if hosts::inward_host(text).is_some() {
        // An error already.
        return None;
    }
    if hosts::is_literal(text) {
        let text = format!("{} must use a host name, not an IP address", capitalised(&question.name));
        return Some(Finding::error(question, text));
    }
    let (logout, tested) = (hosts::host(text)?, hosts::host(given.text("cx-test-url"))?);
    if hosts::registered_domain(&logout) == hosts::registered_domain(&tested) {
        return None;
    }
    let text = format!("This address is on {logout}, but the test deployment is on {tested}. Check that both are this product.");
    Some(Finding::warning(question, text))
}
