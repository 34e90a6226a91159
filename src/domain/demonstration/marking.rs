//! What follows from marks on the run sheet, and from files that are put beside its lines.

use chrono::{DateTime, Utc};

use super::command::MarkEntry;
use super::judge::Judge;
use super::sheet::Line;
use super::{Demonstration, DemonstrationState, Marked, edition};
use crate::domain::answer::Evidence;
use crate::domain::command::Change;
use crate::domain::decide::Decision;
use crate::domain::event::{Detail, EventKind};
use crate::domain::refusal::Refusal;
use crate::domain::words::FileId;

const NO_LINE: Refusal = Refusal::Unknown("that line of the run sheet");

impl Judge<'_> {
    pub(super) fn mark(&self, entries: &[MarkEntry], to: DemonstrationState) -> Result<Decision, Refusal> {
        let mut record = self.present();
        let mut outdated = Vec::new();
        for entry in entries {
            if Line::find(&entry.line).is_none() {
                return Err(NO_LINE);
            }
            let wanted = edition(entry.result.map(|result| (result, entry.note.as_str())));
            let is_untouched = entry.was.as_ref() == Some(&wanted);
            if is_untouched || record.mark_edition(&entry.line) == wanted {
                continue;
            }
            let at = self.marked_at(&record, entry);
            if self.is_marked_by_another(&record, entry, at) {
                outdated.push(entry.line.clone());
            } else if let Some(result) = entry.result {
                let marked = Marked { result, note: entry.note.clone(), by: self.actor.name().to_owned(), at };
                record.marks.insert(entry.line.clone(), marked);
            } else {
                record.marks.remove(&entry.line);
            }
        }
        if !outdated.is_empty() {
            return Err(Refusal::Outdated(outdated));
        }
        if record.marks == self.product.demonstration().marks {
            return Ok(Decision::new(Vec::new()));
        }
        let detail = Detail { count: Some(record.marks.len()), ..Detail::default() };
        Ok(Decision::new(vec![Self::changed(record, to, EventKind::LinesMarked, detail)]))
    }

    /// A mark that was kept without a connection says itself when it was made, but never before the test or in the future.
    fn marked_at(&self, record: &Demonstration, entry: &MarkEntry) -> DateTime<Utc> {
        let (began, now) = (record.started_at.unwrap_or(self.setting.now), self.setting.now);
        entry.at.map_or(now, |at| at.max(began).min(now))
    }

    /// Whether the line was marked after it was read, unless that was the same person's own earlier mark.
    fn is_marked_by_another(&self, record: &Demonstration, entry: &MarkEntry, at: DateTime<Utc>) -> bool {
        let is_read = entry.was.as_ref().is_none_or(|was| *was == record.mark_edition(&entry.line));
        let is_own = record.marks.get(&entry.line).is_some_and(|m| m.by == self.actor.name() && m.at <= at);
        !is_read && !is_own
    }

    /// The same content beside the same line is there once.
    pub(super) fn attach(&self, line: &str, file: &Evidence, to: DemonstrationState) -> Result<Decision, Refusal> {
        if Line::find(line).is_none() {
            return Err(NO_LINE);
        }
        let mut record = self.present();
        let beside = record.files.entry(line.to_owned()).or_default();
        if beside.iter().any(|f| f.digest == file.digest) {
            return Ok(Decision::new(Vec::new()));
        }
        beside.push(file.clone());
        Ok(Decision::new(vec![told_of(record, to, (EventKind::SheetFileAdded, &file.name))]))
    }

    pub(super) fn detach(&self, line: &str, file: FileId, to: DemonstrationState) -> Decision {
        let mut record = self.present();
        let Some(beside) = record.files.get_mut(line) else { return Decision::new(Vec::new()) };
        let Some(place) = beside.iter().position(|f| f.id == file) else { return Decision::new(Vec::new()) };
        let gone = beside.remove(place);
        if beside.is_empty() {
            record.files.remove(line);
        }
        Decision::new(vec![told_of(record, to, (EventKind::SheetFileRemoved, &gone.name))])
    }
}

fn told_of(record: Demonstration, to: DemonstrationState, (kind, name): (EventKind, &str)) -> Change {
    Judge::changed(record, to, kind, Detail { subject: name.to_owned(), ..Detail::default() })
}
