//! stub

/// One run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The same in both.
    Same(String),
    /// Only in the new text.
    Added(String),
    /// Only in the old text.
    Removed(String),
}

/// d
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Segment> {
    vec![Segment::Removed(old.into()), Segment::Added(new.into())]
}
