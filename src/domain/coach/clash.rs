//! Choices that a text contradicts: a table of what was chosen and of the words that do not go with it.

use std::sync::LazyLock;

use super::clash_rows::CLASHES;
use super::phrase::Phrase;
use super::reading::Sentence;
use super::{Advice, Draft, Readings, Rule};
use crate::domain::answer::Value;

/// What was chosen.
pub(super) enum When {
    /// A choice has one of these options.
    Is(&'static str, &'static [&'static str]),
    /// A multiple choice was answered without this option.
    Lacks(&'static str, &'static str),
    /// A number is nought.
    Nought(&'static str),
    /// The product is said not to come from CIS1.
    NewProduct,
}

/// A choice, the texts that may contradict it, and how.
pub(super) struct Clash {
    pub when: When,
    /// Keys of the texts.
    pub texts: &'static [&'static str],
    /// Phrases that do not go with the choice.
    pub words: &'static [&'static str],
    /// Whether a sentence that denies them still contradicts the choice.
    pub even_denied: bool,
    /// What to do.
    pub say: &'static str,
}

/// Words of a sentence that denies, or that speaks of another time.
static DENIALS: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "not|no|never|nor|neither|none|without|cannot|nobody|isnt|dont|doesnt",
        "instead of|rather than|used to|previously|formerly|until|plan*|roadmap|will move|if|would",
    ])
});

/// The phrases of each row of the table, in its order.
static PHRASES: LazyLock<Vec<Vec<Phrase>>> = LazyLock::new(|| CLASHES.iter().map(|clash| Phrase::list(clash.words)).collect());

/// Every contradiction of a choice, at the text and, when that is in another section, at the choice too.
pub(super) fn advice(draft: &Draft<'_>, readings: &Readings<'_>) -> Vec<Advice> {
    let rows = CLASHES.iter().zip(PHRASES.iter()).filter(|(clash, _)| clash.holds(draft));
    rows.flat_map(|(clash, phrases)| clash.found(draft, readings, phrases)).collect()
}

impl Clash {
    fn holds(&self, draft: &Draft<'_>) -> bool {
        let given = &draft.given;
        match self.when {
            When::Is(key, options) => given.choice(key).is_some_and(|option| options.contains(&option)),
            When::Lacks(key, option) => matches!(given.value(key), Some(Value::Choices(set)) if !set.contains(option)),
            When::Nought(key) => matches!(given.value(key), Some(Value::Number(0))),
            When::NewProduct => given.facts.migrating_from_cis1 == Some(false),
        }
    }

    const fn choice(&self) -> &'static str {
        match self.when {
            When::Is(key, _) | When::Lacks(key, _) | When::Nought(key) => key,
            When::NewProduct => "",
        }
    }

    fn found(&self, draft: &Draft<'_>, readings: &Readings<'_>, phrases: &[Phrase]) -> Vec<Advice> {
        let contradicts = |s: &Sentence<'_>| s.says(phrases) && (self.even_denied || !s.says(&DENIALS));
        let texts = self.texts.iter().filter(|key| readings.get(key).is_some_and(|r| r.sentences.iter().any(contradicts)));
        let catalogue = draft.given.catalogue;
        let section = |key: &str| catalogue.find(key).map(|(section, _)| section);
        let mut found = Vec::new();
        for key in texts {
            found.push(Advice::new(key, Rule::Contradiction, self.say));
            let name = catalogue.find(key).map_or("", |(_, question)| question.name.as_str());
            if !self.choice().is_empty() && section(self.choice()) != section(key) {
                let say = format!("{}. The words are in another section, in the answer about {name}", self.say);
                found.push(Advice::new(self.choice(), Rule::Contradiction, say));
            }
        }
        found
    }
}
