//! Points that an answer must address, and answers with too little in them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::phrase::Phrase;
use super::reading::{Reading, Sentence};
use super::{Advice, Rule};
use crate::domain::catalogue::{Kind, Question};

/// Fewer words than this are little, unless they say all that is asked.
const FEW: usize = 20;

/// Something that an answer must address.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Its name within the question, in lower case with hyphens.
    pub key: String,
    /// What to do, to somebody whose answer does not address it: "Say who makes the check".
    pub say: String,
    /// Any of these addresses it.
    pub words: Vec<Phrase>,
}

/// An answer that says that the question does not apply.
static NOT_APPLICABLE: LazyLock<Vec<Phrase>> =
    LazyLock::new(|| Phrase::list(&["not applicable", "n a", "does not apply|doesnt apply|do not apply", "not relevant"]));

/// A reason, told from the words that lead to it.
static REASON: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&["because|since|as|reason|so", "we do not|we have no|we hold no|there is no|there are no|no|nothing|only|never"])
});

/// Words of an answer that may do without its points when it gives a reason.
const EXCUSED: usize = 60;

/// What the answer does not address.
pub(super) fn advice(question: &Question, reading: &Reading<'_>) -> Vec<Advice> {
    let key = &question.key;
    let few_words = reading.count() <= EXCUSED;
    if few_words && reading.says(&NOT_APPLICABLE) {
        let without: String = reading.text.to_lowercase().replace("not applicable", "").replace("not relevant", "");
        let has_reason = Reading::new(&without).says(&REASON) && reading.count() > 5;
        return if has_reason { Vec::new() } else { vec![Advice::new(key, Rule::Placeholder, "Say why this does not apply")] };
    }
    let sentences: Vec<&Sentence<'_>> = reading.answering().collect();
    let addressed = |point: &&Point| sentences.iter().any(|sentence| sentence.says(&point.words));
    let missing: Vec<&Point> = question.points.iter().filter(|point| !addressed(point)).collect();
    let mut found = Vec::new();
    let is_little = question.kind == Kind::LongText && reading.count() < FEW;
    if is_little && missing.len() >= 2 && missing.len() * 2 >= question.points.len() {
        found.push(Advice::new(key, Rule::Thin, "Write more: this is short for what the question asks"));
    }
    found.extend(
        missing.into_iter().map(|point| Advice { point: point.key.clone(), ..Advice::new(key, Rule::Missing, &point.say) }),
    );
    found
}
