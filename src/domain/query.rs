//! What somebody types into a search: words, "phrases", -without and or, as web searches have them.

/// Most words of a search; what comes after them is not looked at.
const WORDS: usize = 32;
/// Most characters of one word or phrase.
const LONGEST: usize = 100;

/// A word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// One word, or several that follow one another.
    pub text: String,
    /// Whether it must not be there.
    pub is_excluded: bool,
}

/// A search: one of the groups must be met; a group is met when all of its terms are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The groups. Every one has a term that must be there.
    pub groups: Vec<Vec<Term>>,
}

impl Query {
    /// Reads a search. Whatever is typed is one; what cannot be looked for is left out.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let (mut groups, mut group): (Vec<Vec<Term>>, Vec<Term>) = Default::default();
        for piece in pieces(typed).take(WORDS) {
            match piece {
                Piece::Or => groups.push(std::mem::take(&mut group)),
                Piece::Term(term) => group.push(term),
            }
        }
        groups.push(group);
        groups.retain(|group| group.iter().any(|t| !t.is_excluded));
        Self { groups }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

enum Piece {
    Or,
    Term(Term),
}

fn pieces(typed: &str) -> impl Iterator<Item = Piece> {
    let mut rest = typed;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(is_gap);
            if rest.is_empty() {
                return None;
            }
            let is_excluded = rest.starts_with('-');
            let (text, is_phrase, after) = first(rest.trim_start_matches('-'));
            rest = after;
            if !is_phrase && !is_excluded && text.eq_ignore_ascii_case("or") {
                return Some(Piece::Or);
            }
            let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            if text.contains(char::is_alphanumeric) {
                return Some(Piece::Term(Term { text, is_excluded }));
            }
        }
    })
}

/// The first word or phrase of a text, whether it is a phrase, and what comes after it.
fn first(text: &str) -> (&str, bool, &str) {
    if let Some(inside) = text.strip_prefix('"') {
        let (phrase, after) = inside.split_once('"').unwrap_or((inside, ""));
        return (phrase, true, after);
    }
    let end = text.find(|c| is_gap(c) || c == '"').unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    (word, false, after)
}

fn is_gap(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> String {
        let term = |t: &Term| format!("{}{}", if t.is_excluded { "-" } else { "" }, t.text);
        let group = |g: &Vec<Term>| g.iter().map(term).collect::<Vec<_>>().join("+");
        Query::parse(typed).groups.iter().map(group).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn a_search_is_words_phrases_exclusions_and_alternatives() {
        for (typed, expected) in [
            ("ward round", "ward+round"),
            ("\"ward round\" log", "ward round+log"),
            ("ward -hazard", "ward+-hazard"),
            ("ward OR clinic log", "ward|clinic+log"),
            ("-ward", ""),
            ("or or", ""),
            ("", ""),
            ("* AND ( ' \" :", "AND"),
            ("\"never closed", "never closed"),
            ("a\0b", "a+b"),
            ("-- -\"x y\" z", "-x y+z"),
            ("c2a-1001", "c2a-1001"),
        ] {
            assert_eq!(read(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_long_search_is_cut() {
        let query = Query::parse(&"word ".repeat(10_000));
        assert_eq!(query.groups[0].len(), WORDS);
        let query = Query::parse(&"x".repeat(10_000));
        assert_eq!(query.groups[0][0].text.len(), LONGEST);
    }
}
