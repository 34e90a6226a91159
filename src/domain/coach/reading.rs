//! A text as the coach reads it: sentences and words, up to a bound.

use std::sync::LazyLock;

use super::phrase::Phrase;

/// Bytes of a text that are read; a good answer has fewer than 5,000, and the rest of a longer one is left unread.
pub const LONGEST: usize = 20_000;

/// A text, cut into sentences.
pub struct Reading<'a> {
    /// What is read.
    pub text: &'a str,
    /// Its sentences in order.
    pub sentences: Vec<Sentence<'a>>,
}

/// Words up to a full stop, question or exclamation mark, semicolon or line end.
pub struct Sentence<'a> {
    /// As written.
    pub text: &'a str,
    /// Its words in order.
    pub words: Vec<Word<'a>>,
}

/// A word or a number.
pub struct Word<'a> {
    /// As written.
    pub raw: &'a str,
    /// In small letters, without apostrophes and the `s` of the genitive.
    pub low: String,
}

/// Sentences that put an answer off: what they name is not answered by them.
static PUT_OFF: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "tbc|tbd|tba|to follow",
        "to be .. confirmed|decided|determined|defined|advised|completed",
        "yet to be|still to be",
        "not yet .. decided|agreed|defined|written|confirmed|settled",
        "have not|has not|havent|hasnt .. decided|agreed|defined|settled|thought",
        "added|confirmed|decided|defined .. later",
        "under discussion|being discussed",
    ])
});

impl<'a> Reading<'a> {
    /// Reads a text, or as much of it as is read of any.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let text = text.get(..end).unwrap_or_default();
        Self { text, sentences: sentences(text).map(Sentence::new).filter(|s| !s.words.is_empty()).collect() }
    }

    /// How many words there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sentences.iter().map(|s| s.words.len()).sum()
    }

    /// Whether a sentence says one of the phrases.
    #[must_use]
    pub fn says(&self, phrases: &[Phrase]) -> bool {
        self.sentences.iter().any(|s| s.says(phrases))
    }

    /// The sentences that answer something: not those that put it off.
    pub fn answering(&self) -> impl Iterator<Item = &Sentence<'a>> {
        self.sentences.iter().filter(|s| !s.says(&PUT_OFF))
    }
}

impl<'a> Sentence<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, words: words(text) }
    }

    /// Whether it says one of the phrases.
    #[must_use]
    pub fn says(&self, phrases: &[Phrase]) -> bool {
        phrases.iter().any(|phrase| phrase.is_in(&self.words))
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let mut ends: Vec<usize> = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let is_last = letters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(letter, '!' | '?' | ';' | '\n') || (letter == '.' && is_last) {
            ends.push(at + letter.len_utf8());
        }
    }
    ends.push(text.len());
    ends.into_iter().filter_map(move |end| text.get(std::mem::replace(&mut start, end)..end))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    let mut before = ' ';
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        let joins = match letter {
            '\'' | '\u{2019}' | '.' | '_' => before.is_alphanumeric() && next.is_alphanumeric(),
            '/' | ',' => before.is_ascii_digit() && next.is_ascii_digit(),
            other => other.is_alphanumeric(),
        };
        before = letter;
        match (joins, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.extend(text.get(from..at).map(Word::new));
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    found.extend(start.and_then(|from| text.get(from..)).map(Word::new));
    found
}

impl<'a> Word<'a> {
    fn new(raw: &'a str) -> Self {
        let low = raw.to_lowercase().replace('\u{2019}', "'");
        let low = low.strip_suffix("'s").unwrap_or(&low).replace('\'', "");
        Self { raw, low }
    }

    /// Whether it is written with a capital first.
    #[must_use]
    pub fn is_capital(&self) -> bool {
        self.raw.starts_with(char::is_uppercase)
    }
}
