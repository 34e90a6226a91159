//! What changed between two versions of an answer, by words, so that only the changes need to be read.
//!
//! The shortest list of changes is looked for (Myers), for `TIME` at most and among `MOST` words at most. Texts that differ
//! in more are not compared word by word: what is between their common beginning and end is shown as replaced. So the time
//! for an answer is bounded by its length and 50 milliseconds, whatever was typed.

use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use super::answer_view::{shown, without_files};
use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::{Kind, Question};

/// Longest time spent on one answer; after it the marks are coarser.
const TIME: Duration = Duration::from_millis(50);
/// Most words on both sides together that are compared one by one.
const MOST: usize = 20_000;
/// Unchanged words between two changes that are too few to stand alone.
const FEW_WORDS: usize = 3;
/// Unchanged lines shown on each side of a change.
const LINES: usize = 3;
/// Characters that fit on a line, about.
const LINE: usize = 90;

/// A piece of a text with its changes. `Same` and `Added` pieces in a row are the new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// In both versions.
    Same(String),
    /// Only in the new version.
    Added(String),
    /// Only in the old version.
    Removed(String),
}

impl Segment {
    /// The text with the white space around it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Same(text) | Self::Added(text) | Self::Removed(text) => text,
        }
    }

    /// The white space before the text, which is never marked.
    #[must_use]
    pub fn lead(&self) -> &str {
        let text = self.text();
        text.get(..text.len() - text.trim_start().len()).unwrap_or_default()
    }

    /// The text itself.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text().trim()
    }

    /// The white space behind the text, which is never marked.
    #[must_use]
    pub fn gap(&self) -> &str {
        let text = self.text();
        text.get(text.trim_end().len()..).unwrap_or_default()
    }

    /// Whether it is a change.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Same(_))
    }
}

/// A file of an answer, as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Whether it is only in the new version.
    pub is_added: bool,
    /// Whether it is only in the old version.
    pub is_removed: bool,
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What the same file was called before; empty when it has its old name.
    pub was: String,
    /// Its size.
    pub size: String,
}

/// What changed in one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The text around the changes.
    pub short: Vec<Segment>,
    /// The whole text, when `short` leaves some of it out.
    pub all: Vec<Segment>,
    /// Its files.
    pub files: Vec<FileChange>,
}

impl Diff {
    /// Whether anything changed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.short.iter().any(Segment::is_change) || self.files.iter().any(|f| f.is_added || f.is_removed)
    }
}

/// What changed between two values of an answer. Texts are compared by words, everything else in whole lines.
#[must_use]
pub fn answer(question: &Question, before: Option<&Value>, after: Option<&Value>, product_address: &str) -> Diff {
    let (old, new) = (without_files(question, before), without_files(question, after));
    let is_text = matches!(question.kind, Kind::LongText | Kind::ShortText);
    let all = if is_text { words(&old, &new) } else { lines(&old, &new) };
    let (short, all) = match short(&all) {
        Some(short) => (short, all),
        None => (all, Vec::new()),
    };
    Diff { short, all, files: files(question, (before, after), product_address) }
}

fn files(question: &Question, (before, after): (Option<&Value>, Option<&Value>), address: &str) -> Vec<FileChange> {
    let listed = |value: Option<&Value>| {
        let evidence = evidence(value).to_vec();
        evidence.into_iter().map(|e| e.digest).zip(shown(question, value, address).files).collect::<Vec<_>>()
    };
    let (old, new) = (listed(before), listed(after));
    let is_in = |files: &[(String, _)], digest: &str| files.iter().any(|(other, _)| other == digest);
    let is_there = |digest: &str, called: &str| old.iter().any(|(other, (_, name, _))| other == digest && name == called);
    let change = |is_added, is_removed, (href, name, size): (String, String, String)| FileChange {
        is_added,
        is_removed,
        href,
        name,
        was: String::new(),
        size,
    };
    // A file is its content: under another name it is the same file.
    let old_name = |digest: &str, called: &str| {
        let before = old.iter().find(|(other, _)| other == digest).filter(|_| !is_there(digest, called));
        before.map(|(_, (_, name, _))| name.clone()).unwrap_or_default()
    };
    let kept = new
        .iter()
        .map(|(digest, file)| FileChange { was: old_name(digest, &file.1), ..change(!is_in(&old, digest), false, file.clone()) });
    let gone = old.iter().filter(|(digest, _)| !is_in(&new, digest)).map(|(_, file)| change(false, true, file.clone()));
    kept.chain(gone).collect()
}

fn evidence(value: Option<&Value>) -> &[Evidence] {
    match value {
        Some(Value::Files { files, .. }) => files,
        Some(Value::Text(_) | Value::Choice(_) | Value::Choices(_) | Value::Date(_) | Value::Number(_) | Value::Ticked) | None => {
            &[]
        }
    }
}

/// What changed between two texts, by words. White space alone is no change.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Segment> {
    let (old, new) = (Tokens::words(old), Tokens::words(new));
    let mut runs = compare(&old, &new);
    merge(&mut runs, &new);
    segments(&runs, &old, &new)
}

/// What changed between two texts, by whole lines. White space alone is no change.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<Segment> {
    let (old, new) = (Tokens::lines(old), Tokens::lines(new));
    segments(&compare(&old, &new), &old, &new)
}

/// A text in units that are compared; the white space behind each is kept beside it.
struct Tokens<'a> {
    units: Vec<&'a str>,
    gaps: Vec<&'a str>,
}

impl<'a> Tokens<'a> {
    fn words(text: &'a str) -> Self {
        let mut tokens = Self { units: Vec::new(), gaps: Vec::new() };
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(word);
            rest = behind.trim_start();
            let (gap, _) = behind.split_at(behind.len() - rest.len());
            // Marks at its ends are units of their own: a full stop that moves does not change the word before it.
            let body = word.trim_start_matches(is_mark);
            let (opening, body) = word.split_at(word.len() - body.len());
            let (body, closing) = body.split_at(body.trim_end_matches(is_mark).len());
            let parts: Vec<&str> = [opening, body, closing].into_iter().filter(|part| !part.is_empty()).collect();
            let last = parts.len().saturating_sub(1);
            for (place, part) in parts.into_iter().enumerate() {
                tokens.units.push(part);
                tokens.gaps.push(if place == last { gap } else { "" });
            }
        }
        tokens
    }

    fn lines(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.len().saturating_sub(1);
        let gaps = (0..lines.len()).map(|place| if place == last { "" } else { "\n" }).collect();
        Self { units: lines, gaps }
    }

    fn text(&self, range: &Range<usize>) -> String {
        let units = self.units.get(range.clone()).unwrap_or_default();
        let gaps = self.gaps.get(range.clone()).unwrap_or_default();
        units.iter().zip(gaps).flat_map(|(unit, gap)| [*unit, *gap]).collect()
    }

    fn gap_before(&self, place: usize) -> &'a str {
        place.checked_sub(1).and_then(|before| self.gaps.get(before)).copied().unwrap_or_default()
    }
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() || matches!(c, '‘' | '’' | '“' | '”' | '…')
}

/// A stretch that is the same on both sides, or not.
struct Run {
    is_same: bool,
    old: Range<usize>,
    new: Range<usize>,
}

fn compare(old: &Tokens<'_>, new: &Tokens<'_>) -> Vec<Run> {
    let start = old.units.iter().zip(&new.units).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (old.units.get(start..).unwrap_or_default(), new.units.get(start..).unwrap_or_default());
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let (old_end, new_end) = (old.units.len() - end, new.units.len() - end);
    let (old_middle, new_middle) = (start..old_end, start..new_end);
    let mut runs: Vec<Run> = Vec::new();
    add(&mut runs, Run { is_same: true, old: 0..start, new: 0..start });
    if old_middle.len() + new_middle.len() > MOST {
        add(&mut runs, Run { is_same: false, old: old_middle, new: new_middle });
    } else {
        let (old_units, new_units) = (old.units.get(old_middle), new.units.get(new_middle));
        for run in word_by_word(start, old_units.unwrap_or_default(), new_units.unwrap_or_default()) {
            add(&mut runs, run);
        }
    }
    add(&mut runs, Run { is_same: true, old: old_end..old.units.len(), new: new_end..new.units.len() });
    runs
}

fn word_by_word(start: usize, old: &[&str], new: &[&str]) -> Vec<Run> {
    let deadline = Instant::now().checked_add(TIME);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, old, new, deadline);
    let mut runs: Vec<Run> = Vec::new();
    let (mut old_at, mut new_at) = (start, start);
    for op in ops {
        // Only the lengths are used: the places that an operation names can be those before it was moved.
        let (old_end, new_end) = (old_at + op.old_range().len(), new_at + op.new_range().len());
        let run = Run { is_same: op.tag() == DiffTag::Equal, old: old_at..old_end, new: new_at..new_end };
        runs.push(run);
        (old_at, new_at) = (old_end, new_end);
    }
    runs
}

/// Adds a run to those before it; one of the same kind goes on, and one without words is none.
fn add(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        _ if run.old.is_empty() && run.new.is_empty() => {}
        Some(last) if last.is_same == run.is_same => {
            last.old.end = run.old.end;
            last.new.end = run.new.end;
        }
        _ => runs.push(run),
    }
}

/// Takes a few words between two changes into the change: whole phrases read better than scattered marks.
fn merge(runs: &mut Vec<Run>, new: &Tokens<'_>) {
    let last = runs.len().saturating_sub(1);
    let mut merged = Vec::with_capacity(runs.len());
    for (place, mut run) in std::mem::take(runs).into_iter().enumerate() {
        let units = new.units.get(run.new.clone()).unwrap_or_default();
        let words = units.iter().filter(|unit| unit.chars().any(char::is_alphanumeric)).count();
        run.is_same = run.is_same && (place == 0 || place == last || words >= FEW_WORDS);
        add(&mut merged, run);
    }
    *runs = merged;
}

fn segments(runs: &[Run], old: &Tokens<'_>, new: &Tokens<'_>) -> Vec<Segment> {
    let mut segments = Vec::new();
    for run in runs {
        if run.is_same {
            segments.push(Segment::Same(new.text(&run.new)));
            continue;
        }
        let (mut removed, added) = (old.text(&run.old), new.text(&run.new));
        if !removed.is_empty() {
            // The new text may have no space where the old one had: without one, two words would run together.
            if new.gap_before(run.new.start).is_empty() && !old.gap_before(run.old.start).is_empty() {
                removed.insert(0, ' ');
            }
            if !added.is_empty() && !removed.ends_with(char::is_whitespace) {
                removed.push(' ');
            }
            segments.push(Segment::Removed(removed));
        }
        if !added.is_empty() {
            segments.push(Segment::Added(added));
        }
    }
    segments
}

/// The changes with a few lines around each; `None` when that is everything.
#[must_use]
pub fn short(all: &[Segment]) -> Option<Vec<Segment>> {
    let last = all.len().saturating_sub(1);
    let mut is_cut = false;
    let mut short = Vec::with_capacity(all.len());
    for (place, segment) in all.iter().enumerate() {
        let Segment::Same(text) = segment else {
            short.push(segment.clone());
            continue;
        };
        let head = if place == 0 { 0 } else { head_end(text) };
        let tail = if place == last { text.len() } else { tail_start(text) };
        // Nothing to read is saved by hiding less than a line.
        if all.len() == 1 || head + LINE >= tail {
            short.push(segment.clone());
            continue;
        }
        is_cut = true;
        let (before, after) = (text.get(..head).unwrap_or_default(), text.get(tail..).unwrap_or_default());
        short.push(Segment::Same([before.trim_end(), "…", after.trim_start()].join(" ")));
    }
    is_cut.then_some(short)
}

/// Where the first lines of a text end, at a space.
fn head_end(text: &str) -> usize {
    let (mut lines, mut column) = (0, 0);
    for (at, c) in text.char_indices() {
        column += 1;
        if c == '\n' || (column > LINE && c.is_whitespace()) {
            lines += 1;
            column = 0;
        }
        if lines == LINES {
            return at;
        }
    }
    text.len()
}

/// Where the last lines of a text start, at a space.
fn tail_start(text: &str) -> usize {
    let (mut lines, mut column) = (0, 0);
    for (at, c) in text.char_indices().rev() {
        column += 1;
        if c == '\n' || (column > LINE && c.is_whitespace()) {
            lines += 1;
            column = 0;
        }
        if lines == LINES {
            return at + c.len_utf8();
        }
    }
    0
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
