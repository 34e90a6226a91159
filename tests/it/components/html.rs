//! HTML cut into pieces that can be compared: white space as browsers show it, attributes in one order.

use std::fmt;

/// A piece of HTML.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// The start of an element with its attributes, sorted.
    Start(String, Vec<(String, String)>),
    /// The end of an element.
    End(String),
    /// Words between tags.
    Words(String),
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(name, attributes) => {
                let all: Vec<String> = attributes.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
                write!(f, "<{name}{}>", all.concat())
            }
            Self::End(name) => write!(f, "</{name}>"),
            Self::Words(words) => write!(f, "{words:?}"),
        }
    }
}

const VOID: &[&str] = &["br", "hr", "img", "input", "link", "meta", "path", "source"];
/// Elements within a line: a space beside them is seen.
const INLINE: &[&str] = &["a", "b", "em", "span", "strong"];

/// The pieces of some HTML.
pub fn pieces(html: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_words(&mut all, &rest[..at]);
        let end = end_of_tag(&rest[at..]);
        push_tag(&mut all, &rest[at + 1..at + end]);
        rest = &rest[at + end + 1..];
    }
    push_words(&mut all, rest);
    trimmed(&all)
}

/// Where a tag that starts here ends: the first `>` outside quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    tag.find(|sign| {
        quoted ^= sign == '"';
        sign == '>' && !quoted
    })
    .expect("a tag has an end")
}

fn push_words(all: &mut Vec<Piece>, words: &str) {
    if words.is_empty() {
        return;
    }
    let plain = plain(words);
    let mut line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.starts_with(char::is_whitespace) {
        line.insert(0, ' ');
    }
    if plain.ends_with(char::is_whitespace) && line != " " {
        line.push(' ');
    }
    all.push(Piece::Words(line));
}

/// Words with their characters in place of entities.
fn plain(words: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&quot;", "\"")];
    let more = [("&#39;", "'"), ("&#x27;", "'"), ("&ctdot;", "⋯"), ("&#38;", "&"), ("&amp;", "&")];
    pairs.iter().chain(&more).fold(words.to_owned(), |words, (entity, sign)| words.replace(entity, sign))
}

fn push_tag(all: &mut Vec<Piece>, tag: &str) {
    if tag.starts_with('!') {
        return;
    }
    if let Some(name) = tag.strip_prefix('/') {
        all.push(Piece::End(name.trim().to_owned()));
        return;
    }
    let tag = tag.trim_end_matches('/');
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(|sign: char| sign == '=' || sign.is_whitespace()).unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').expect("a value has an end"),
            None => ("", after),
        };
        let mut words: Vec<&str> = value.split_whitespace().collect();
        if attribute == "class" {
            words.sort_unstable();
        }
        attributes.push((attribute.to_owned(), plain(&words.join(" "))));
        rest = after;
    }
    attributes.sort();
    all.push(Piece::Start(name.to_owned(), attributes));
    if VOID.contains(&name) {
        all.push(Piece::End(name.to_owned()));
    }
}

/// Without the spaces that nobody sees: beside blocks, also through the tags of elements within a line.
fn trimmed(all: &[Piece]) -> Vec<Piece> {
    let mut kept = Vec::new();
    for (at, piece) in all.iter().enumerate() {
        let Piece::Words(words) = piece else {
            kept.push(piece.clone());
            continue;
        };
        let mut words = words.as_str();
        if is_edge(all[..at].iter().rev()) {
            words = words.trim_start();
        }
        if is_edge(all[at + 1..].iter()) {
            words = words.trim_end();
        }
        if !words.is_empty() {
            kept.push(Piece::Words(words.to_owned()));
        }
    }
    kept
}

/// Whether a block begins or ends here before any words come.
fn is_edge<'a>(pieces: impl Iterator<Item = &'a Piece>) -> bool {
    for piece in pieces {
        match piece {
            Piece::Start(name, _) | Piece::End(name) if !INLINE.contains(&name.as_str()) => return true,
            Piece::Words(words) if !words.trim().is_empty() => return false,
            Piece::Start(..) | Piece::End(_) | Piece::Words(_) => {}
        }
    }
    true
}

/// The first element with this class, with all that is in it.
pub fn element(all: &[Piece], class: &str) -> Vec<Piece> {
    let has_class = |piece: &Piece| match piece {
        Piece::Start(_, attributes) => {
            attributes.iter().any(|(name, value)| name == "class" && value.split(' ').any(|c| c == class))
        }
        Piece::End(_) | Piece::Words(_) => false,
    };
    let Some(start) = all.iter().position(has_class) else { return Vec::new() };
    let mut depth = 0;
    let mut found = Vec::new();
    for piece in &all[start..] {
        found.push(piece.clone());
        match piece {
            Piece::Start(..) => depth += 1,
            Piece::End(_) => depth -= 1,
            Piece::Words(_) => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Changes the attributes of every element by its name.
pub fn change(all: &mut [Piece], mut with: impl FnMut(&str, &mut Vec<(String, String)>)) {
    for piece in all {
        if let Piece::Start(name, attributes) = piece {
            with(name, attributes);
        }
    }
}

/// The two places where they differ first, with a little around them.
pub fn difference(expected: &[Piece], made: &[Piece]) -> String {
    let at = expected.iter().zip(made).position(|(one, other)| one != other).unwrap_or(expected.len().min(made.len()));
    let from = at.saturating_sub(2);
    let part = |all: &[Piece]| all.iter().skip(from).take(6).map(|piece| format!("{piece:?}")).collect::<Vec<_>>().join("\n      ");
    format!("    package:\n      {}\n    ours:\n      {}", part(expected), part(made))
}
