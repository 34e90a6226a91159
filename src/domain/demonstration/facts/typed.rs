//! The facts of a test from what was typed: all may be left for later, but what is given must be right.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{Fact, MAX_SERVERS, Network, TRIED_WITHIN_DAYS, TestFacts};
use crate::domain::checks::{inward_host, written};
use crate::domain::demonstration::addresses::judge;
use crate::domain::facts::Authenticator;
use crate::domain::parse::{self, parse_date, secret_error, secret_in, thousands, tidy};

/// Most characters of a text in one line.
const SHORT: usize = 200;
/// Most characters of a text in several lines, and of an address.
const LONG: usize = 2_000;
/// Most characters of a version, as of a product.
const VERSION: usize = 50;
/// Most characters of a client ID, as in the answers.
const CLIENT_ID: usize = 100;
/// Fewest characters that name a device, an operating system and a browser.
const DEVICE_LEAST: usize = 5;

/// What was typed, and what is wrong with it so far.
struct Form<'a> {
    text: &'a dyn Fn(&str) -> String,
    date: &'a dyn Fn(&str) -> [String; 3],
    faults: Vec<(&'static str, String)>,
}

/// The facts from a form, and what is wrong: the field with the sentence to show beside it.
///
/// `text` gives a field as typed and `date` its day, month and year; both are asked with the word of a [`Fact`].
/// A fact that is wrong stays empty: nothing is to be kept while anything is wrong. `booked_on` is the day of the
/// booking (today while booking), and both days are in Europe/London.
pub fn parse(
    text: &dyn Fn(&str) -> String,
    date: &dyn Fn(&str) -> [String; 3],
    booked_on: NaiveDate,
    today: NaiveDate,
) -> (TestFacts, Vec<(&'static str, String)>) {
    let mut form = Form { text, date, faults: Vec::new() };
    let mut facts = TestFacts {
        contact_name: form.line(Fact::ContactName, SHORT),
        contact_email: form.ruled(Fact::ContactEmail, parse::email),
        contact_phone: form.ruled(Fact::ContactPhone, parse::phone),
        developer: form.line(Fact::DeveloperOnHand, SHORT),
        attendees: form.several(Fact::Attendees),
        product_version: form.line(Fact::ProductVersion, VERSION),
        test_url: form.ruled(Fact::TestUrl, reachable_url),
        int_client_id: form.ruled(Fact::IntClientId, client_id),
        device_address: form.ruled(Fact::UserDeviceIp, |typed| judge(typed).map(|judged| judged.address.to_string())),
        server_addresses: form.servers(),
        user_number: form.ruled(Fact::UserUuid, user_number),
        second_user_number: form.ruled(Fact::SecondUserUuid, user_number),
        authenticator: form.choice(Fact::Authenticator, Authenticator::from_word, "Select an authenticator from the list"),
        network: form.choice(Fact::Network, Network::from_word, "Select the network of the device from the list"),
        device: form.ruled(Fact::Device, device),
        authenticator_tried_on: form.recent(Fact::AuthenticatorTriedOn, "date of the last sign-in", booked_on, today),
        logout_received_on: form.recent(Fact::LogoutReceivedOn, "date of the last logout token", booked_on, today),
        changes_since: form.several(Fact::ChangesSince),
        is_declared: !text(Fact::Declaration.word()).trim().is_empty(),
    };
    if !facts.user_number.is_empty() && facts.user_number == facts.second_user_number {
        facts.second_user_number.clear();
        form.fault(Fact::SecondUserUuid, "Enter a user number that is different from the first");
    }
    form.faults.sort_by_key(|(field, _)| Fact::from_word(field));
    (facts, form.faults)
}

impl Form<'_> {
    fn fault(&mut self, fact: Fact, sentence: impl Into<String>) {
        self.faults.push((fact.word(), sentence.into()));
    }

    /// What a rule makes of the text; empty, with a fault, where it refuses.
    fn take(&mut self, fact: Fact, lines: bool, rule: impl FnOnce(&str) -> Result<String, String>) -> String {
        let typed = tidy(&(self.text)(fact.word()), lines);
        if typed.is_empty() {
            return typed;
        }
        let taken = match secret_in(&typed) {
            Some(found) => Err(secret_error(found)),
            None => rule(&typed),
        };
        taken.unwrap_or_else(|sentence| {
            self.fault(fact, sentence);
            String::new()
        })
    }

    fn ruled(&mut self, fact: Fact, rule: impl FnOnce(&str) -> Result<String, String>) -> String {
        self.take(fact, false, rule)
    }

    fn line(&mut self, fact: Fact, most: usize) -> String {
        self.take(fact, false, |typed| limited(typed, most))
    }

    fn several(&mut self, fact: Fact) -> String {
        self.take(fact, true, |typed| limited(typed, LONG))
    }

    fn servers(&mut self) -> Vec<String> {
        let kept = self.take(Fact::ServerIp, true, servers);
        kept.lines().map(str::to_owned).collect()
    }

    fn choice<T>(&mut self, fact: Fact, from_word: fn(&str) -> Option<T>, sentence: &str) -> Option<T> {
        let typed = (self.text)(fact.word());
        let word = typed.trim();
        let chosen = from_word(word);
        if chosen.is_none() && !word.is_empty() {
            self.fault(fact, sentence);
        }
        chosen
    }

    /// A date that is not in the future, and within the days before the booking or after it.
    fn recent(&mut self, fact: Fact, name: &str, booked_on: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let first = booked_on.checked_sub_days(Days::new(TRIED_WITHIN_DAYS)).unwrap_or(booked_on);
        let named = parse::capitalised(name);
        let taken = parse_date(name, &(self.date)(fact.word())).and_then(|date| match date {
            Some(date) if date > today => Err(format!("{named} must be today or in the past")),
            Some(date) if date < first => {
                let first = written(first);
                Err(format!(
                    "{named} must be on or after {first}, {TRIED_WITHIN_DAYS} days before the test was booked. Try it again"
                ))
            }
            date => Ok(date),
        });
        taken.unwrap_or_else(|sentence| {
            self.fault(fact, sentence);
            None
        })
    }
}

fn limited(typed: &str, most: usize) -> Result<String, String> {
    let count = typed.chars().count();
    if count <= most {
        return Ok(typed.to_owned());
    }
    Err(format!("Answer must be {} characters or less. You have {} too many", thousands(most), thousands(count - most)))
}

/// An https address whose host can be reached from outside (rule X10 of the answers).
fn reachable_url(typed: &str) -> Result<String, String> {
    let address = parse::url(typed)?;
    match inward_host(&address) {
        Some(host) => Err(format!("Address must not use {host}. Give an address that can be reached from the internet")),
        None => Ok(address),
    }
}

fn client_id(typed: &str) -> Result<String, String> {
    parse::client_id("client ID", limited(typed, CLIENT_ID)?)
}

fn device(typed: &str) -> Result<String, String> {
    if typed.chars().count() < DEVICE_LEAST {
        return Err("Enter the device, its operating system and the browser".to_owned());
    }
    limited(typed, SHORT)
}

/// The 12 digits of a Care Identity profile; the identifier of a machine, with or without dashes, is explained.
fn user_number(typed: &str) -> Result<String, String> {
    parse::user_number(typed).map_err(|_| {
        let plain: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if Uuid::parse_str(&plain).is_ok() {
            "That is a technical identifier. Enter the 12-digit number of the Care Identity profile, which is on the smartcard"
        } else {
            "Enter the UUID as 12 digits"
        }
        .to_owned()
    })
}

/// One address on each line, or with commas between them.
fn servers(typed: &str) -> Result<String, String> {
    let entries: Vec<&str> = typed.split(['\n', ',', ';']).map(str::trim).filter(|entry| !entry.is_empty()).collect();
    if entries.len() > MAX_SERVERS {
        return Err(format!("Give at most {MAX_SERVERS} addresses. You have {}", entries.len()));
    }
    let mut kept: Vec<String> = Vec::new();
    for (number, entry) in (1..).zip(&entries) {
        let place = if entries.len() > 1 { format!("Address {number}: ") } else { String::new() };
        let address = judge(entry).map_err(|sentence| format!("{place}{sentence}"))?.address.to_string();
        if kept.contains(&address) {
            return Err(format!("{place}{address} is there already. Remove one of them"));
        }
        kept.push(address);
    }
    Ok(kept.join("\n"))
}
