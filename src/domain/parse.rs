//! From what was posted to a value: refuses hard faults only, each with the sentence shown beside the field.

mod text;

use chrono::{Datelike, NaiveDate};

use super::answer::{Raw, Value};
use super::catalogue::{Format, Kind, NumberRule, Question};

pub(in crate::domain) use self::text::{client_id, tidy};
pub use self::text::{email, ip_address, phone, secret_in, url, user_number};

/// Most characters of an address, and of any text whose question sets no length.
const MAX_CHARACTERS: usize = 2_000;
/// A year further away than this is a slip of the keys.
const YEARS_AWAY: i32 = 100;

/// What was posted for a question as a value; `None` when nothing was.
///
/// A fixed option is added to whatever else is chosen, but is no answer by itself unless it was posted. Files are
/// handled where they are received: of an upload only the expiry date is read here, and never refused; ask
/// [`parse_date`] for its error.
///
/// # Errors
/// The sentence to show beside the field.
pub fn parse(question: &Question, raw: &Raw, today: NaiveDate) -> Result<Option<Value>, String> {
    let typed = raw.values.first().map_or("", String::as_str);
    match question.kind {
        Kind::YesNo | Kind::SingleChoice => choice(question, raw),
        Kind::MultipleChoice => choices(question, raw),
        Kind::Declaration => Ok(raw.values.iter().any(|v| !v.trim().is_empty()).then_some(Value::Ticked)),
        Kind::Date => {
            let date = parse_date(&question.name, &raw.date)?;
            if date.is_some_and(|d| (d.year() - today.year()).abs() > YEARS_AWAY) {
                return Err(format!("{} must have a year within 100 years of today", capitalised(&question.name)));
            }
            Ok(date.map(Value::Date))
        }
        Kind::Number => number(question, typed),
        Kind::File => {
            let expires = question.file.as_ref().is_some_and(|rule| rule.expires);
            let date = if expires { parse_date(&question.name, &raw.date).unwrap_or_default() } else { None };
            Ok(date.map(|d| Value::Files { files: Vec::new(), expires_on: Some(d) }))
        }
        Kind::ShortText | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::IpAddress | Kind::Uuid => {
            written(question, typed)
        }
    }
}

/// Day, month and year as typed; `None` when all three are empty. A month may be a number or a name.
///
/// # Errors
/// The sentence to show beside the date.
pub fn parse_date(name: &str, parts: &[String; 3]) -> Result<Option<NaiveDate>, String> {
    let [day, month, year] = parts;
    let (day, month, year) = (day.trim(), month.trim(), year.trim());
    let missing: Vec<&str> = [(day, "day"), (month, "month"), (year, "year")]
        .iter()
        .filter(|(part, _)| part.is_empty())
        .map(|(_, name)| *name)
        .collect();
    let name = capitalised(name);
    match missing.as_slice() {
        [_, _, _] => return Ok(None),
        [one, two] => return Err(format!("{name} must include a {one} and {two}")),
        [one] => return Err(format!("{name} must include a {one}")),
        _ => {}
    }
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("{name} must include a year with 4 numbers, like 2026"));
    }
    let date = || NaiveDate::from_ymd_opt(year.parse().ok()?, month_number(month)?, digits(day)?.parse().ok()?);
    date().map(Some).ok_or_else(|| format!("{name} must be a real date"))
}

fn digits(part: &str) -> Option<&str> {
    (part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit())).then_some(part)
}

fn month_number(part: &str) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    if let Some(number) = digits(part) {
        return number.parse().ok();
    }
    let typed = part.to_lowercase();
    if typed.len() < 3 {
        return None;
    }
    (1..).zip(NAMES).find(|(_, name)| name.starts_with(&typed)).map(|(number, _)| number)
}

fn choice(question: &Question, raw: &Raw) -> Result<Option<Value>, String> {
    let posted: Vec<&str> = raw.values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
    match posted.as_slice() {
        [] => Ok(None),
        [word] if is_option(question, word) => Ok(Some(Value::Choice((*word).to_owned()))),
        [_] => Err(format!("Choose one of the options for {}", question.name)),
        _ => Err(format!("Choose only one option for {}", question.name)),
    }
}

fn choices(question: &Question, raw: &Raw) -> Result<Option<Value>, String> {
    let posted: Vec<&str> = raw.values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
    if posted.is_empty() {
        return Ok(None);
    }
    if posted.iter().any(|word| !is_option(question, word)) {
        return Err(format!("Choose from the options for {}", question.name));
    }
    let fixed = question.options.iter().filter(|o| o.fixed).map(|o| o.value.clone());
    Ok(Some(Value::Choices(posted.iter().map(|word| (*word).to_owned()).chain(fixed).collect())))
}

fn is_option(question: &Question, word: &str) -> bool {
    let plain = question.kind == Kind::YesNo && question.options.is_empty();
    if plain { word == "yes" || word == "no" } else { question.choice(word).is_some() }
}

fn number(question: &Question, typed: &str) -> Result<Option<Value>, String> {
    let Some(rule) = &question.number else { return Err(format!("{} cannot be answered here", capitalised(&question.name))) };
    let unit = rule.unit.as_deref().unwrap_or_default();
    let typed = typed.trim();
    let typed = typed.strip_suffix(unit).unwrap_or(typed).trim_end();
    if typed.is_empty() {
        return Ok(None);
    }
    let name = capitalised(&question.name);
    let tenths = in_tenths(typed).ok_or_else(|| match rule {
        NumberRule { decimal: true, .. } => {
            format!("{name} must be a number with at most one decimal, like {}", shown_tenths(rule.max))
        }
        NumberRule { decimal: false, .. } => format!("{name} must be a whole number, like {}", shown_tenths(rule.max)),
    })?;
    if !rule.decimal && tenths % 10 != 0 {
        return Err(format!("{name} must be a whole number, like {}", shown_tenths(rule.max)));
    }
    if tenths < rule.min || tenths > rule.max {
        return Err(format!("{name} must be between {} and {}", shown_tenths(rule.min), shown_tenths(rule.max)));
    }
    Ok(Some(Value::Number(tenths)))
}

/// `7` is 70, `7.5` is 75; `None` for anything else than digits with at most one decimal.
fn in_tenths(typed: &str) -> Option<i64> {
    let (negative, typed) = typed.strip_prefix('-').map_or((false, typed), |rest| (true, rest));
    let (whole, tenth) = typed.split_once('.').unwrap_or((typed, "0"));
    let tenth = if tenth.len() > 1 { tenth.trim_end_matches('0') } else { tenth };
    let tenth = if tenth.is_empty() { "0" } else { tenth };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(tenth) || tenth.len() != 1 || typed.ends_with('.') {
        return None;
    }
    let tenths = whole.parse::<i64>().ok()?.checked_mul(10)?.checked_add(tenth.parse().ok()?)?;
    Some(if negative { -tenths } else { tenths })
}

/// A number in tenths as people write it: `75` is "7.5", `150` is "15".
#[must_use]
pub fn shown_tenths(tenths: i64) -> String {
    if tenths % 10 == 0 {
        (tenths / 10).to_string()
    } else {
        let sign = if tenths < 0 { "-" } else { "" };
        format!("{sign}{}.{}", (tenths / 10).abs(), (tenths % 10).abs())
    }
}

fn written(question: &Question, typed: &str) -> Result<Option<Value>, String> {
    let lines = matches!(question.kind, Kind::LongText);
    let text = text::tidy(typed, lines);
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(found) = secret_in(&text) {
        return Err(secret_error(found));
    }
    let most = question.length.map_or(MAX_CHARACTERS, |(_, most)| most);
    let text = match question.kind {
        Kind::Email => email(&text)?,
        Kind::Phone => phone(&text)?,
        Kind::Url => url(&text)?,
        Kind::IpAddress => ip_address(&text)?,
        Kind::Uuid => user_number(&text)?,
        Kind::YesNo
        | Kind::SingleChoice
        | Kind::MultipleChoice
        | Kind::ShortText
        | Kind::LongText
        | Kind::Date
        | Kind::File
        | Kind::Number
        | Kind::Declaration => named(question, text)?,
    };
    let count = text.chars().count();
    if count > most {
        return Err(format!(
            "Answer must be {} characters or less. You have {} too many",
            thousands(most),
            thousands(count - most)
        ));
    }
    Ok(Some(Value::Text(text)))
}

/// What to tell somebody whose text holds a secret (`found` comes from [`secret_in`]).
#[must_use]
pub fn secret_error(found: &str) -> String {
    format!("This looks as if it contains {found}, so nothing was saved. Remove it, and replace it wherever it is in use")
}

/// The named formats that refuse something; the others only warn.
fn named(question: &Question, text: String) -> Result<String, String> {
    match question.format {
        Some(Format::PersonName) => text::person_name(&question.name, text),
        Some(Format::ClientId) => text::client_id(&question.name, text),
        Some(Format::Registration) => text::registration(&question.name, &text),
        Some(Format::RedirectUris) => text::redirect_uris(&text),
        Some(
            Format::DsptPublished
            | Format::SupportHours
            | Format::DeskPhone
            | Format::SharedMailbox
            | Format::WorkEmail
            | Format::Expected
            | Format::LogoutUrl,
        )
        | None => Ok(text),
    }
}

/// A name at the start of a sentence: "hazard log" is "Hazard log".
#[must_use]
pub fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A count with commas: 2000 is "2,000".
#[must_use]
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests;
