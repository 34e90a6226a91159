//! What nobody should read in an answer: passwords and keys, and patients who can be recognised.
//!
//! Advice names the kind of thing and never the thing.

use super::kinds::Kind;
use super::reading::{Reading, Sentence};
use super::{Advice, Rule};
use crate::domain::catalogue::Question;

/// What seems to be a secret, and who seems to be a patient.
pub(super) fn advice(question: &Question, reading: &Reading<'_>) -> Vec<Advice> {
    let mut found = Vec::new();
    if let Some(what) = reading.sentences.iter().find_map(secret) {
        let say = format!("Take {what} out of this answer");
        found.push(Advice::new(&question.key, Rule::Secret, say));
    }
    if reading.sentences.iter().any(|sentence| has_nhs_number(sentence.text)) {
        let say = "Take the NHS number out of this answer, or use one of the numbers for tests, which begin with 999";
        found.push(Advice::new(&question.key, Rule::Patient, say));
    } else if reading.sentences.iter().any(has_birth) {
        found.push(Advice::new(&question.key, Rule::Patient, "Take the date of birth out of this answer"));
    }
    found
}

const PASSWORDS: &[&str] = &["password", "passwort", "passphrase", "passcode", "pwd", "pw", "pin"];
const KEYS: &[&str] = &["key", "secret", "token", "apikey", "api_key"];
/// How passwords are kept and what they consist of, which is no password.
const METHODS: &[&str] = &[
    "sha",
    "aes",
    "argon",
    "bcrypt",
    "pbkdf",
    "scrypt",
    "md5",
    "base64",
    "nist",
    "rsa",
    "rs256",
    "es256",
    "hs256",
    "character",
    "digit",
    "letter",
    "day",
    "hour",
    "month",
    "minute",
    "bit",
];

fn secret(sentence: &Sentence<'_>) -> Option<&'static str> {
    let pieces: Vec<&str> = sentence.text.split_whitespace().collect();
    for (at, piece) in pieces.iter().enumerate() {
        let lower = piece.to_lowercase();
        let (label, inline) = lower.split_once([':', '=']).unwrap_or((&lower, ""));
        let label = label.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        let is_password = PASSWORDS.contains(&label);
        let is_key = KEYS.contains(&label);
        if !is_password && !is_key {
            if piece.starts_with("AKIA") && piece.len() >= 20 {
                return Some("the access key");
            }
            continue;
        }
        let says = |next: &&&str| !matches!(next.to_lowercase().as_str(), "is" | "was" | ":" | "=" | "are");
        let is_told = !inline.is_empty() || piece.ends_with([':', '=']) || pieces.get(at + 1).is_some_and(|n| !says(&n));
        let after = pieces.get(at + 1..).unwrap_or_default().iter().find(|next| says(next)).copied().unwrap_or_default();
        let value = if inline.is_empty() { after } else { piece.split_once([':', '=']).map_or("", |(_, v)| v) };
        let least = if is_password { 6 } else { 16 };
        if is_told && is_random(value, least) {
            return Some(if is_password { "the password" } else { "the key" });
        }
    }
    None
}

/// Letters together with digits or signs in one piece, and no method.
fn is_random(piece: &str, least: usize) -> bool {
    let piece = piece.trim_matches(|c: char| "()<>[],;.\"'`\u{201C}\u{201D}".contains(c));
    let lower = piece.to_lowercase();
    let has = |kind: fn(char) -> bool| piece.chars().any(kind);
    piece.len() >= least
        && has(char::is_alphabetic)
        && (has(|c| c.is_ascii_digit()) || has(|c| "!$%&*#@^+".contains(c)))
        && !METHODS.iter().any(|method| lower.contains(method))
        && !lower.contains("://")
}

/// Ten digits in a row, in groups of 3, 3 and 4 or without groups, whose last one checks the others.
///
/// The check digit is by the rule of the NHS Data Dictionary (weights 10 to 2, modulus 11). Numbers that begin with 999
/// are set aside for tests.
fn has_nhs_number(text: &str) -> bool {
    let mut digits: Vec<u32> = Vec::new();
    let mut is_run = true;
    let mut before = ' ';
    for letter in text.chars().chain(['.']) {
        match letter.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if matches!(letter, ' ' | '-') && before.is_ascii_digit() => {}
            None => {
                if is_run && is_nhs_number(&digits) {
                    return true;
                }
                digits.clear();
                is_run = !(letter.is_alphanumeric() || matches!(letter, '+' | '/' | '_'));
            }
        }
        before = letter;
    }
    false
}

fn is_nhs_number(digits: &[u32]) -> bool {
    let Some((check, nine)) = digits.split_last().filter(|(_, nine)| nine.len() == 9) else { return false };
    let sum: u32 = nine.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let expected = (11 - sum % 11) % 11;
    expected == *check && !nine.starts_with(&[9, 9, 9]) && nine.first().is_some_and(|first| *first >= 3)
}

/// A day of birth with its month and year.
fn has_birth(sentence: &Sentence<'_>) -> bool {
    let words = &sentence.words;
    let is_birth = |at: usize| words.get(at).is_some_and(|w| matches!(w.low.as_str(), "dob" | "birth" | "born"));
    let is_day = |at: usize| {
        let in_digits = words.get(at).is_some_and(|w| w.low.split('/').count() == 3);
        let in_words =
            Kind::Month.is_at(words, at) && at > 0 && Kind::Number.is_at(words, at - 1) && Kind::Number.is_at(words, at + 1);
        in_digits || in_words
    };
    (0..words.len()).filter(|at| is_birth(*at)).any(|at| (at..at + 6).any(is_day))
}
