//! Kinds of words that a phrase can ask for: numbers, dates, versions, roles, countries, people.

use chrono::NaiveDate;

use super::reading::Word;
use crate::domain::checks::is_abroad;
use crate::words;

words! {
    /// A kind of word.
    pub enum Kind {
        /// A number in digits or, up to twelve, in letters.
        Number = "number",
        /// A month with its day or year, a year, a quarter, or a date in digits.
        Date = "date",
        /// The name of a month.
        Month = "month",
        /// A version such as 6.3 or version 6, not of a protocol.
        Version = "version",
        /// Somebody with a post: manager, lead, officer.
        Role = "role",
        /// A country outside the United Kingdom.
        Country = "country",
        /// A first name and a family name.
        Person = "person",
    }
}

const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty",
    "thirty", "sixty", "ninety",
];

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// Months that are words of their own.
const PLAIN: &[&str] = &["may", "march", "mar", "sep", "dec", "jan"];

/// Standards whose versions are not the version of a library.
const PROTOCOLS: &[&str] =
    &["tls", "oauth", "connect", "ssl", "http", "oidc", "saml", "iso", "wcag", "chapter", "section", "clause"];

const ROLES: &[&str] = &[
    "manager",
    "managers",
    "lead",
    "leads",
    "officer",
    "officers",
    "director",
    "head",
    "analyst",
    "administrator",
    "administrators",
    "coordinator",
    "adviser",
    "advisor",
    "specialist",
    "assistant",
    "architect",
    "owner",
    "board",
    "committee",
    "consultant",
    "secretary",
    "cto",
    "ciso",
    "ceo",
    "coo",
    "cso",
    "dpo",
    "engineer",
    "supervisor",
    "chief",
    "executive",
    "principal",
];

/// Words of the names of companies, not of people.
const FIRMS: &[&str] = &[
    "ltd",
    "limited",
    "plc",
    "llp",
    "security",
    "cyber",
    "consulting",
    "assurance",
    "labs",
    "group",
    "services",
    "solutions",
    "systems",
    "testing",
    "digital",
    "check",
    "team",
    "software",
    "technologies",
    "health",
];

impl Kind {
    /// Whether a word of this kind begins at a place.
    #[must_use]
    pub fn is_at(self, words: &[Word<'_>], at: usize) -> bool {
        let Some(word) = words.get(at) else { return false };
        let before = at.checked_sub(1).and_then(|i| words.get(i));
        let after = words.get(at + 1);
        match self {
            Self::Number => is_number(&word.low),
            Self::Month => MONTHS.contains(&word.low.as_str()) && word.is_capital(),
            Self::Date => is_date(word, before, after),
            Self::Version => is_version(&word.low, before),
            Self::Role => ROLES.contains(&word.low.as_str()),
            Self::Country => {
                word.is_capital()
                    && before.is_none_or(|w| w.low != "northern")
                    && is_abroad(words.iter().skip(at).map(|w| w.low.as_str()))
            }
            Self::Person => is_person(word, after, words.get(at + 2)),
        }
    }
}

fn is_number(low: &str) -> bool {
    low.starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&low)
}

fn is_year(low: &str) -> bool {
    low.len() == 4 && low.starts_with("20") && low.bytes().all(|b| b.is_ascii_digit())
}

fn is_date(word: &Word<'_>, before: Option<&Word<'_>>, after: Option<&Word<'_>>) -> bool {
    let low = word.low.as_str();
    if MONTHS.contains(&low) && word.is_capital() {
        let numbered = [before, after].into_iter().flatten().any(|w| is_number(&w.low));
        return numbered || !PLAIN.contains(&low);
    }
    let in_digits = low.split('/').filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())).count() == 3;
    in_digits || is_year(low) || matches!(low, "q1" | "q2" | "q3" | "q4")
}

fn is_version(low: &str, before: Option<&Word<'_>>) -> bool {
    let named = before.is_some_and(|w| matches!(w.low.as_str(), "version" | "release" | "v"));
    let is_protocol = before.is_some_and(|w| PROTOCOLS.contains(&w.low.as_str()));
    let number = low.strip_prefix('v').unwrap_or(low);
    let is_digits = number.starts_with(|c: char| c.is_ascii_digit());
    let is_dotted = number.split('.').count() > 1 && !number.contains('/');
    is_digits && !is_protocol && (named || is_dotted || number.len() < low.len())
}

fn is_person(word: &Word<'_>, after: Option<&Word<'_>>, then: Option<&Word<'_>>) -> bool {
    let is_name =
        |w: &Word<'_>| w.is_capital() && w.raw.chars().skip(1).any(char::is_lowercase) && !FIRMS.contains(&w.low.as_str());
    is_name(word) && after.is_some_and(is_name) && !then.is_some_and(|w| FIRMS.contains(&w.low.as_str()))
}

/// The number that a word is, in tenths.
#[must_use]
pub fn number_at(words: &[Word<'_>], at: usize) -> Option<i64> {
    let low = &words.get(at)?.low;
    if let Some(place) = NUMBERS.iter().position(|name| name == low) {
        let values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 60, 90];
        return values.get(place).map(|value| value * 10);
    }
    let plain = low.replace(',', "");
    let (whole, tenth) = plain.split_once('.').unwrap_or((&plain, "0"));
    let is_short = whole.len() <= 9 && tenth.len() == 1;
    is_short.then(|| Some(whole.parse::<i64>().ok()? * 10 + tenth.parse::<i64>().ok()?)).flatten()
}

/// The date that begins at a word: 3 March 2027, 03/03/2027, 2027 03 03, and March 2027 for its first day.
#[must_use]
pub fn date_at(words: &[Word<'_>], at: usize) -> Option<NaiveDate> {
    let low = |at: usize| words.get(at).map(|w| w.low.as_str());
    let month = |at: usize| {
        let place = MONTHS.iter().position(|name| Some(*name) == low(at))?;
        let numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 6, 7, 8, 9, 9, 10, 11, 12];
        numbers.get(place).copied()
    };
    let year = |at: usize| low(at).filter(|y| is_year(y))?.parse::<i32>().ok();
    let small = |text: &str| text.trim_end_matches(|c: char| c.is_alphabetic()).parse::<u32>().ok();
    let word = low(at)?;
    if let Some(number) = month(at) {
        let day = at.checked_sub(1).and_then(low).and_then(small).filter(|day| (1..=31).contains(day));
        let year = year(at + 1).or_else(|| year(at + 2).filter(|_| low(at + 1).and_then(small).is_some()))?;
        return NaiveDate::from_ymd_opt(year, number, day.unwrap_or(1));
    }
    let parts: Vec<&str> = word.split('/').collect();
    if let [day, month, year] = parts.as_slice() {
        return NaiveDate::from_ymd_opt(year.parse().ok()?, small(month)?, small(day)?);
    }
    let (month, day) = (low(at + 1).and_then(small)?, low(at + 2).and_then(small)?);
    NaiveDate::from_ymd_opt(year(at)?, month, day)
}
