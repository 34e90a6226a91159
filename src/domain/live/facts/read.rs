//! From what was typed about production to facts: the rules of the INT questions, so that both can be compared.

use std::collections::BTreeSet;
use std::net::IpAddr;

use chrono::NaiveDate;

use super::{ClientAuth, GoLiveStep, LiveFacts, SigningAlgorithm};
use crate::domain::answer::{Given, Raw, Value};
use crate::domain::checks::inward_host;
use crate::domain::parse::{capitalised, parse, parse_date};

/// What was typed, field by field. Everything may be left out and told later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Redirect URIs, one on each line.
    pub redirect_uris: String,
    /// Address for logout notices.
    pub logout_url: String,
    /// Word of a [`ClientAuth`].
    pub client_auth: String,
    /// Address of the public keys.
    pub jwks_url: String,
    /// Word of a [`SigningAlgorithm`].
    pub signing_algorithm: String,
    /// `yes`, `no` or nothing.
    pub userinfo_signed: String,
    /// Words of the scopes.
    pub scopes: Vec<String>,
    /// Day, month and year on which the configuration was sent.
    pub sent_on: [String; 3],
    /// Day, month and year that are planned.
    pub planned_on: [String; 3],
    /// Words of the steps that are done.
    pub done: Vec<String>,
}

/// Collects what is wrong while the rest is read.
struct Reader<'a> {
    given: &'a Given<'a>,
    faults: Vec<(&'static str, String)>,
}

impl LiveFacts {
    /// The facts from what was typed.
    ///
    /// # Errors
    /// Each field that is wrong, with the sentence to show beside it.
    pub fn parse(typed: &Typed, given: &Given<'_>) -> Result<Self, Vec<(&'static str, String)>> {
        let mut reader = Reader { given, faults: Vec::new() };
        let client_auth = reader.one_of("client-auth", &typed.client_auth, ClientAuth::from_word);
        let is_key = client_auth != Some(ClientAuth::ClientSecret);
        let signing_algorithm = reader.one_of("signing-algorithm", &typed.signing_algorithm, SigningAlgorithm::from_word);
        let today = given.today;
        let facts = Self {
            redirect_uris: reader.addresses("redirect-uris", "cx-redirect-uris", &typed.redirect_uris),
            logout_url: reader.addresses("logout-url", "cx-bcl-url", &typed.logout_url),
            client_auth,
            jwks_url: if is_key { reader.addresses("jwks-url", "cx-jwks-url", &typed.jwks_url) } else { String::new() },
            signing_algorithm: if is_key { signing_algorithm } else { None },
            userinfo_signed: reader.one_of("userinfo-signed", &typed.userinfo_signed, yes_no),
            scopes: reader.scopes(&typed.scopes),
            sent_on: reader.take("sent-on", sent_date(&typed.sent_on, today)),
            planned_on: reader.take("planned-on", planned_date(&typed.planned_on, today)),
            done: typed.done.iter().filter_map(|word| GoLiveStep::from_word(word)).collect(),
        };
        if reader.faults.is_empty() { Ok(facts) } else { Err(reader.faults) }
    }
}

impl Reader<'_> {
    fn take<T>(&mut self, field: &'static str, read: Result<Option<T>, String>) -> Option<T> {
        match read {
            Ok(value) => value,
            Err(text) => {
                self.faults.push((field, text));
                None
            }
        }
    }

    fn one_of<T>(&mut self, field: &'static str, word: &str, from_word: fn(&str) -> Option<T>) -> Option<T> {
        let word = word.trim();
        let read = match from_word(word) {
            None if !word.is_empty() => Err("Select one of the options".to_owned()),
            value => Ok(value),
        };
        self.take(field, read)
    }

    /// A value by the rules of the question that asks for the same thing in INT.
    fn like(&mut self, field: &'static str, key: &str, values: Vec<String>) -> Option<Value> {
        let (_, question) = self.given.catalogue.find(key)?;
        let raw = Raw { values, ..Raw::default() };
        self.take(field, parse(question, &raw, self.given.today))
    }

    /// One or more addresses that CIS2, or a browser that comes from it, can reach.
    fn addresses(&mut self, field: &'static str, key: &str, typed: &str) -> String {
        let Some(Value::Text(text)) = self.like(field, key, vec![typed.to_owned()]) else { return String::new() };
        let is_native = key == "cx-redirect-uris" && self.given.choice("cx-architecture") == Some("native-backend");
        let inward = text.lines().filter_map(inward_host).find(|host| !(is_native && is_loopback(host)));
        if let Some(host) = inward {
            let name = self.given.catalogue.find(key).map_or_else(String::new, |(_, question)| capitalised(&question.name));
            let fault = format!("{name} must not use {host}. Give an address that can be reached from the internet");
            self.faults.push((field, fault));
        }
        text
    }

    fn scopes(&mut self, typed: &[String]) -> BTreeSet<String> {
        match self.like("scopes", "cx-scopes", typed.to_vec()) {
            Some(Value::Choices(set)) => set,
            _ => BTreeSet::new(),
        }
    }
}

/// A native application may come back to the device that it runs on.
fn is_loopback(host: &str) -> bool {
    let is_ip = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    is_ip || host == "localhost" || host.ends_with(".localhost")
}

fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn sent_date(parts: &[String; 3], today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    match parse_date("date sent", parts)? {
        Some(date) if date > today => Err("Date sent must be today or in the past".to_owned()),
        date => Ok(date),
    }
}

/// A plan in the past is kept when it was made before: only a far year is a slip of the keys.
fn planned_date(parts: &[String; 3], today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    match parse_date("planned date", parts)? {
        Some(date) if (date - today).num_days().abs() > 5 * 366 => Err("Planned date must be within 5 years of today".to_owned()),
        date => Ok(date),
    }
}

/// The first day of use from day, month and year as typed; `None` when all are empty.
///
/// # Errors
/// The sentence to show beside the date.
pub fn live_date(parts: &[String; 3], sent_on: Option<NaiveDate>, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    let Some(date) = parse_date("date of going live", parts)? else { return Ok(None) };
    if date > today {
        return Err("Date of going live must be today or in the past. Use the planned date for a day to come".to_owned());
    }
    match sent_on {
        Some(sent) if date < sent => {
            let sent = sent.format("%-d %B %Y");
            Err(format!("Date of going live must be on or after {sent}, when the production configuration was sent"))
        }
        _ => Ok(Some(date)),
    }
}
