//! Names of other products and organisations where the supplier's own are expected: left over from copying.

use super::reading::{Reading, Sentence, Word};
use super::{Advice, Draft, Rule};
use crate::domain::catalogue::Question;

/// Where the product itself is described.
const DESCRIBES: &[&str] = &["md-intended-purpose", "cc-use-case-change", "cx-signin-walkthrough"];

/// Words at the beginning of a sentence that are no names.
const COMMON: &[&str] = &[
    "the",
    "our",
    "we",
    "it",
    "this",
    "that",
    "each",
    "every",
    "all",
    "users",
    "staff",
    "software",
    "access",
    "data",
    "information",
    "care",
    "treatment",
    "support",
    "nobody",
    "nothing",
    "everything",
    "medication",
    "a",
    "an",
    "sign",
    "signing",
    "after",
    "before",
    "when",
    "if",
    "on",
    "in",
    "at",
    "for",
    "with",
    "no",
    "there",
    "they",
    "he",
    "she",
    "you",
    "one",
    "any",
    "only",
    "its",
    "both",
    "cis2",
    "nhs",
    "care",
    "identity",
    "login",
    "version",
];

const VERBS: &[&str] = &["lets", "allows", "helps", "enables", "provides", "supports", "gives", "offers"];
const FIRMS: &[&str] = &["ltd", "limited", "plc", "llp"];

/// The first name of somebody else.
pub(super) fn advice(draft: &Draft<'_>, question: &Question, reading: &Reading<'_>) -> Option<Advice> {
    let first = reading.sentences.first();
    let told = reading.sentences.iter().find_map(named_product);
    let described = first.filter(|_| DESCRIBES.contains(&question.key.as_str())).and_then(|s| subject(s, reading));
    let product = told.or(described).filter(|name| !shares_word(name, &[&draft.given.facts.name, draft.organisation]));
    if let Some(name) = product.filter(|_| !draft.given.facts.name.is_empty()) {
        let say = format!("Check the name {name}: this product is called {}", draft.given.facts.name);
        return Some(Advice::new(&question.key, Rule::OtherName, say));
    }
    let name = first.and_then(firm).filter(|name| !shares_word(name, &[draft.organisation]))?;
    let say = format!("Check the name {name}: your organisation is called {}", draft.organisation);
    (!draft.organisation.is_empty() && is_own(question)).then(|| Advice::new(&question.key, Rule::OtherName, say))
}

/// Where a supplier speaks of itself and not of others.
fn is_own(question: &Question) -> bool {
    !matches!(
        question.key.as_str(),
        "cc-processors" | "cc-pentest-provider" | "cc-controllers" | "md-mhra-reference" | "cc-offshoring"
    )
}

/// The words with capitals from a place on.
fn capitals<'a>(words: &'a [Word<'a>], from: usize) -> &'a [Word<'a>] {
    let rest = words.get(from..).unwrap_or_default();
    let end = rest.iter().position(|word| !word.is_capital()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn joined(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.raw).collect::<Vec<_>>().join(" ")
}

/// "Our product, Acme" and "a system called Acme".
fn named_product(sentence: &Sentence<'_>) -> Option<String> {
    let words = &sentence.words;
    let is = |at: usize, any: &[&str]| words.get(at).is_some_and(|w| any.contains(&w.low.as_str()));
    let thing = ["product", "application", "system", "platform", "software", "app", "solution"];
    let is_named = |at: usize| {
        let called = is(at + 1, &["called", "named"]) && is(at, &thing);
        let own = at > 0 && is(at - 1, &["our"]) && is(at, &thing);
        let from = if called { at + 2 } else { at + 1 };
        let name = capitals(words, from);
        let is_short = (1..=3).contains(&name.len());
        (is_short && (called || own)).then(|| joined(name))
    };
    (0..words.len()).find_map(is_named)
}

/// "Acme is a bed management application", at the beginning.
fn subject(sentence: &Sentence<'_>, reading: &Reading<'_>) -> Option<String> {
    let name = capitals(&sentence.words, 0);
    let (first, next) = (name.first()?, sentence.words.get(name.len())?);
    let then = sentence.words.get(name.len() + 1).map_or("", |w| w.low.as_str());
    let is_described = (next.low == "is" && matches!(then, "a" | "an" | "used" | "designed" | "intended" | "our"))
        || VERBS.contains(&next.low.as_str());
    let is_word = COMMON.contains(&first.low.as_str()) || is_common(first, reading);
    (name.len() <= 3 && is_described && !is_word).then(|| joined(name))
}

/// Whether the word stands somewhere else in small letters.
fn is_common(word: &Word<'_>, reading: &Reading<'_>) -> bool {
    reading.sentences.iter().flat_map(|s| &s.words).any(|other| other.raw == word.low)
}

/// "Acme Health Ltd operates …", at the beginning.
fn firm(sentence: &Sentence<'_>) -> Option<String> {
    let words = &sentence.words;
    let start = words.iter().position(|w| !matches!(w.low.as_str(), "at" | "we" | "the"))?;
    let name = capitals(words, start);
    let end = name.iter().position(|w| FIRMS.contains(&w.low.as_str()))?;
    let next = words.get(start + end + 1).map_or("", |w| w.low.as_str());
    let then = words.get(start + end + 2).map_or("", |w| w.low.as_str());
    let speaks = matches!(next, "holds" | "maintains" | "takes" | "follows" | "employs" | "uses" | "operates" | "runs" | "we")
        || (next == "is" && matches!(then, "certified" | "registered" | "committed" | "a"))
        || (next == "has" && matches!(then, "a" | "an" | "appointed" | "implemented" | "completed"));
    (end > 0 && speaks).then(|| joined(name.get(..=end).unwrap_or_default()))
}

fn shares_word(name: &str, own: &[&str]) -> bool {
    let low = |text: &str| text.to_lowercase();
    let own: Vec<String> = own.iter().map(|text| low(text)).collect();
    let is_telling = |word: &&str| word.len() > 2 && !FIRMS.contains(word) && !matches!(*word, "health" | "care" | "the");
    low(name).split_whitespace().filter(is_telling).any(|word| own.iter().any(|text| text.contains(word)))
}
