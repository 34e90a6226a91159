//! What to look for in a text: words with their endings, stems, and kinds of words, near each other.
//!
//! `look .. up` is two steps with at most `GAP` words between them; `cso|safety officer` are alternatives;
//! `encrypt*` is a stem; `fault + told|tell` are two parts that stand in the same sentence in any order. A word stands
//! for its plain endings too: `log` for logs, logged, logging. `#` is a number, `@date`, `@month`, `@version`,
//! `@role`, `@country` and `@person` are kinds of words. A hyphen is a space.

use serde::Deserialize;

use super::kinds::Kind;
use super::reading::Word;

/// Most words between two steps of a part.
const GAP: usize = 4;

#[derive(Clone, Debug, PartialEq)]
enum Term {
    Word(String),
    Stem(String),
    Kind(Kind),
}

type Run = Vec<Term>;
type Step = Vec<Run>;
type Part = Vec<Step>;

/// One thing to look for in a sentence.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Phrase(Vec<Part>);

impl TryFrom<String> for Phrase {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text)
    }
}

impl Phrase {
    /// Reads a phrase.
    ///
    /// # Errors
    /// A sentence about what cannot be read.
    pub fn read(text: &str) -> Result<Self, String> {
        let parts = text.split(" + ").map(|part| part.split(" .. ").map(step).collect()).collect::<Result<Vec<Part>, String>>();
        parts.map(Self)
    }

    /// Phrases of the code; one that cannot be read looks for nothing.
    #[must_use]
    pub fn list(texts: &[&str]) -> Vec<Self> {
        texts.iter().filter_map(|text| Self::read(text).ok()).collect()
    }

    /// Whether a sentence holds every part.
    #[must_use]
    pub fn is_in(&self, words: &[Word<'_>]) -> bool {
        self.0.iter().all(|part| (0..words.len()).any(|at| part_at(part, words, at)))
    }
}

fn step(text: &str) -> Result<Step, String> {
    text.split('|').map(run).collect()
}

fn run(text: &str) -> Result<Run, String> {
    let plain = text.replace('-', " ").replace('\'', "");
    let terms = plain.split_whitespace().map(term).collect::<Result<Run, String>>()?;
    if terms.is_empty() { Err(format!("An alternative is empty in {text:?}.")) } else { Ok(terms) }
}

fn term(word: &str) -> Result<Term, String> {
    if let Some(kind) = word.strip_prefix('@') {
        return Kind::from_word(kind).map(Term::Kind).ok_or_else(|| format!("@{kind} is no kind of word."));
    }
    if word == "#" {
        return Ok(Term::Kind(Kind::Number));
    }
    let is_plain = |text: &str| text.chars().all(|c| c.is_lowercase() || c.is_ascii_digit() || "_./".contains(c));
    match word.strip_suffix('*') {
        Some(stem) if is_plain(stem) && stem.len() > 2 => Ok(Term::Stem(stem.to_owned())),
        None if is_plain(word) => Ok(Term::Word(word.to_owned())),
        _ => Err(format!("{word:?} is no word and no stem.")),
    }
}

/// Whether the part begins at a word: its first step there, each other one soon after the one before.
fn part_at(part: &[Step], words: &[Word<'_>], at: usize) -> bool {
    let Some((first, rest)) = part.split_first() else { return true };
    first.iter().filter(|run| is_at(run, words, at)).any(|run| {
        let end = at + run.len();
        rest.is_empty() || (end..=end + GAP).any(|next| next < words.len() && part_at(rest, words, next))
    })
}

fn is_at(run: &[Term], words: &[Word<'_>], at: usize) -> bool {
    words.len() >= at + run.len() && run.iter().enumerate().all(|(i, term)| is_term(term, words, at + i))
}

fn is_term(term: &Term, words: &[Word<'_>], at: usize) -> bool {
    let Some(word) = words.get(at) else { return false };
    match term {
        Term::Word(base) => is_form(base, &word.low),
        Term::Stem(stem) => word.low.starts_with(stem.as_str()),
        Term::Kind(kind) => kind.is_at(words, at),
    }
}

/// Whether a word is the base or has one of its plain endings.
fn is_form(base: &str, word: &str) -> bool {
    if let Some(ending) = word.strip_prefix(base) {
        let last = base.chars().next_back();
        let doubled = ending.strip_prefix(|c| Some(c) == last).unwrap_or_default();
        let hisses = last.is_some_and(|c| "sxzho".contains(c));
        return matches!(ending, "" | "s" | "d" | "ed" | "ing") || (ending == "es" && hisses) || matches!(doubled, "ed" | "ing");
    }
    let short = |last: char, endings: &[&str]| {
        let stem = base.strip_suffix(last);
        stem.and_then(|stem| word.strip_prefix(stem)).is_some_and(|ending| endings.contains(&ending))
    };
    short('e', &["ing"]) || short('y', &["ies", "ied"])
}
