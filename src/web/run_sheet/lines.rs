//! The lines of the run sheet as people see them: what to ask, what to see, and what was marked.

use std::collections::BTreeMap;

use crate::domain::answer::Given;
use crate::domain::demonstration::sheet::{Area, LINES, Line, MarkResult, applies, shown};
use crate::domain::demonstration::{Demonstration, DemonstrationState, Marked};
use crate::web::parts::Item;
use crate::words::{counted, date_time, time};

/// The lines of one part of the test.
pub struct AreaView {
    /// The anchor.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// "3 of 9 marked".
    pub done: String,
    /// Its lines, in order.
    pub lines: Vec<LineView>,
}

/// One line.
pub struct LineView {
    /// Identifier, the end of every field's name.
    pub id: &'static str,
    /// As people say it: "A3".
    pub name: String,
    /// What to ask the supplier to do.
    pub ask: &'static str,
    /// What to see then, in the words of the product's answers.
    pub see: String,
    /// Why it needs no mark; empty when it applies.
    pub why_not: &'static str,
    /// The results to choose from.
    pub results: Vec<Item>,
    /// The note, as saved or as typed.
    pub note: String,
    /// The edition of the mark that the form is opened with.
    pub was: String,
    /// The words and look of the saved mark.
    pub tag: Option<(&'static str, &'static str)>,
    /// Who marked it and when.
    pub said: String,
}

/// What was typed for one line of a form that is shown again.
#[derive(Clone, Debug)]
pub struct TypedLine {
    /// The word of the result; perhaps none.
    pub mark: String,
    /// The note.
    pub note: String,
    /// The edition to save against.
    pub was: String,
}

/// What was typed, by line, where it was not saved.
pub type Overlay = BTreeMap<&'static str, TypedLine>;

/// A line as people say it: "A3".
#[must_use]
pub fn name(line: &Line) -> String {
    line.id.to_uppercase()
}

/// Whether a line is to be marked. After the test, what was marked counts, whatever the answers say since.
#[must_use]
pub fn is_shown(line: &Line, test: &Demonstration, given: &Given<'_>) -> bool {
    match test.outcome {
        Some(_) if test.marks.contains_key(line.id) => true,
        Some(_) | None => applies(line, given, &test.facts).is_ok(),
    }
}

/// "14 of 22 lines marked".
#[must_use]
pub fn progress(test: &Demonstration, given: &Given<'_>) -> String {
    let (done, of) = count(LINES.iter().filter(|l| is_shown(l, test, given)), test);
    format!("{done} of {} marked", counted(of, "line"))
}

fn count<'a>(lines: impl Iterator<Item = &'a Line>, test: &Demonstration) -> (usize, usize) {
    lines.fold((0, 0), |(done, of), line| (done + usize::from(test.marks.contains_key(line.id)), of + 1))
}

/// The lines that apply and have no mark.
#[must_use]
pub fn unmarked(test: &Demonstration, given: &Given<'_>) -> Vec<String> {
    let is_open = |line: &&Line| is_shown(line, test, given) && !test.marks.contains_key(line.id);
    LINES.iter().filter(is_open).map(name).collect()
}

/// The lines that were not seen.
#[must_use]
pub fn missed(test: &Demonstration, given: &Given<'_>) -> Vec<LineView> {
    let is_missed = |line: &&Line| test.marks.get(line.id).is_some_and(|m| m.result == MarkResult::NotSeen);
    let lines = LINES.iter().filter(|l| is_shown(l, test, given)).filter(is_missed);
    lines.map(|line| view(line, test, given, &Overlay::new())).collect()
}

/// Every line, by part of the test, with what was typed in place of what is saved.
#[must_use]
pub fn areas(test: &Demonstration, given: &Given<'_>, typed: &Overlay) -> Vec<AreaView> {
    let area = |area: &Area| {
        let lines = || LINES.iter().filter(|l| l.area == *area);
        let (done, of) = count(lines().filter(|l| is_shown(l, test, given)), test);
        AreaView {
            id: area.word(),
            title: area.title(),
            done: if of == 0 { "Does not apply".to_owned() } else { format!("{done} of {of} marked") },
            lines: lines().map(|line| view(line, test, given, typed)).collect(),
        }
    };
    Area::ALL.iter().map(area).collect()
}

fn view(line: &'static Line, test: &Demonstration, given: &Given<'_>, typed: &Overlay) -> LineView {
    let saved = test.marks.get(line.id);
    let mark = typed.get(line.id).map_or_else(|| saved.map_or("", |m| m.result.word()), |t| t.mark.as_str());
    let note = typed.get(line.id).map_or_else(|| saved.map_or("", |m| m.note.as_str()), |t| t.note.as_str());
    let result = |result: &MarkResult| Item::new(result.word(), result.label()).checked(mark == result.word());
    let is_shown = is_shown(line, test, given);
    LineView {
        id: line.id,
        name: name(line),
        ask: line.ask,
        see: shown(line, given, &test.facts),
        why_not: if is_shown { "" } else { applies(line, given, &test.facts).err().unwrap_or_default() },
        results: MarkResult::ALL.iter().map(result).collect(),
        note: note.to_owned(),
        was: typed.get(line.id).map_or_else(|| test.mark_edition(line.id), |t| t.was.clone()),
        tag: saved.map(|m| (m.result.label(), m.result.look())),
        said: saved.map(|m| said(m, test)).unwrap_or_default(),
    }
}

/// Who marked a line and when: the time while the test is held, with its day afterwards.
#[must_use]
pub fn said(mark: &Marked, test: &Demonstration) -> String {
    let when = if test.state == DemonstrationState::UnderWay {
        format!("at {}", time(mark.at))
    } else {
        format!("on {}", date_time(mark.at))
    };
    format!("{}, marked by {} {when}", mark.result.label(), mark.by)
}
