//! The lines of the run sheet as people see them: what to ask, what to see, and what was marked.

use std::collections::BTreeMap;

use super::files::{FileLink, links};
use crate::domain::answer::Given;
use crate::domain::demonstration::sheet::{Area, MarkResult, SheetLine, sheet};
use crate::domain::demonstration::{Demonstration, DemonstrationState, Marked};
use crate::domain::product::Product;
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
    pub id: String,
    /// As people say it: "A3".
    pub name: String,
    /// What to ask the supplier to do.
    pub ask: String,
    /// What to see then, in the words of the product's answers.
    pub see: String,
    /// Why it needs no mark; empty when it applies.
    pub why_not: String,
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
    /// The files beside it.
    pub files: Vec<FileLink>,
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
pub fn name(id: &str) -> String {
    id.to_uppercase()
}

/// The sheet of a test, with what was marked on it.
pub struct Sheet<'a> {
    product: &'a Product,
    test: &'a Demonstration,
    lines: Vec<SheetLine>,
}

impl<'a> Sheet<'a> {
    /// The sheet of one of a product's tests.
    #[must_use]
    pub fn new((product, test): (&'a Product, &'a Demonstration), given: &Given<'_>) -> Self {
        Self { product, test, lines: sheet(test, given) }
    }

    /// "14 of 22 lines marked".
    #[must_use]
    pub fn progress(&self) -> String {
        let (done, of) = self.count(self.lines.iter());
        format!("{done} of {} marked", counted(of, "line"))
    }

    /// How many lines have a mark, of those that need one.
    fn count<'b>(&self, lines: impl Iterator<Item = &'b SheetLine>) -> (usize, usize) {
        let needed = lines.filter(|line| line.why_not.is_empty());
        needed.fold((0, 0), |(done, of), line| (done + usize::from(self.test.marks.contains_key(&line.id)), of + 1))
    }

    /// The lines that apply and have no mark.
    #[must_use]
    pub fn unmarked(&self) -> Vec<String> {
        let is_open = |line: &&SheetLine| line.why_not.is_empty() && !self.test.marks.contains_key(&line.id);
        self.lines.iter().filter(is_open).map(|line| name(&line.id)).collect()
    }

    /// The lines that were not seen.
    #[must_use]
    pub fn missed(&self) -> Vec<LineView> {
        let is_missed = |line: &&SheetLine| self.test.marks.get(&line.id).is_some_and(|m| m.result == MarkResult::NotSeen);
        let lines = self.lines.iter().filter(|line| line.why_not.is_empty()).filter(is_missed);
        lines.map(|line| self.view(line, &Overlay::new())).collect()
    }

    /// Every line, by part of the test, with what was typed in place of what is saved.
    #[must_use]
    pub fn areas(&self, typed: &Overlay) -> Vec<AreaView> {
        let area = |area: &Area| {
            let lines = || self.lines.iter().filter(|line| line.area == *area);
            let (done, of) = self.count(lines());
            AreaView {
                id: area.word(),
                title: area.title(),
                done: if of == 0 { "Does not apply".to_owned() } else { format!("{done} of {of} marked") },
                lines: lines().map(|line| self.view(line, typed)).collect(),
            }
        };
        Area::ALL.iter().map(area).collect()
    }

    fn view(&self, line: &SheetLine, typed: &Overlay) -> LineView {
        let id = line.id.as_str();
        let (saved, typed) = (self.test.marks.get(id), typed.get(id));
        let mark = typed.map_or_else(|| saved.map_or("", |m| m.result.word()), |t| t.mark.as_str());
        let note = typed.map_or_else(|| saved.map_or("", |m| m.note.as_str()), |t| t.note.as_str());
        let result = |result: &MarkResult| Item::new(result.word(), result.label()).checked(mark == result.word());
        LineView {
            id: line.id.clone(),
            name: name(id),
            ask: line.ask.clone(),
            see: line.see.clone(),
            why_not: line.why_not.clone(),
            results: MarkResult::ALL.iter().map(result).collect(),
            note: note.to_owned(),
            was: typed.map_or_else(|| self.test.mark_edition(id), |t| t.was.clone()),
            tag: saved.map(|m| (m.result.label(), m.result.look())),
            said: saved.map(|m| said(m, self.test)).unwrap_or_default(),
            files: links(self.product, self.test, id),
        }
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
