//! What is kept of a conformance test: its date, facts, checks, marks and outcome.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::checks::{Check, CheckResult};
use super::facts::TestFacts;
use super::sheet::{MarkResult, SheetLine};
use super::{DemonstrationState, TEST_HOURS};
use crate::domain::answer::Evidence;
use crate::domain::facts;
use crate::domain::words::{PersonId, SlotId};

/// Somebody who holds a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessor {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
}

/// A date that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Date {
    /// Which published date.
    pub slot: SlotId,
    /// When it begins; it takes [`TEST_HOURS`].
    pub starts_at: DateTime<Utc>,
    /// Who holds it, if that is known.
    pub assessor: Option<Assessor>,
    /// The day from which the two weeks' notice count.
    pub noticed_on: NaiveDate,
    /// By when the supplier gives the facts.
    pub facts_by: NaiveDate,
    /// By when the team does the checks.
    pub checks_by: NaiveDate,
    /// The address at which people join, `https` as checked by [`parse::url`](crate::domain::parse::url); empty until
    /// staff give it.
    #[serde(default)]
    pub joining: String,
}

/// A wish for a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Wish {
    /// The moments that would suit.
    pub moments: Vec<DateTime<Utc>>,
    /// The day of asking, from which the notice counts.
    pub asked_on: NaiveDate,
    /// By when the team answers.
    pub reply_by: NaiveDate,
}

/// A background check that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What came of it.
    pub result: CheckResult,
    /// What the supplier reads beside it: the problem, or the reason for waiving.
    pub note: String,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A line of the run sheet that was marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// Seen, not seen, not applicable.
    pub result: MarkResult,
    /// What was noticed.
    pub note: String,
    /// Who marked it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A word for a mark as it is, empty for none: who marks a line says with it which mark they have read.
#[must_use]
pub fn edition(mark: Option<(MarkResult, &str)>) -> String {
    mark.map_or_else(String::new, |mark| facts::edition(&mark))
}

/// Something that is to be put right after a passed test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Observation {
    /// What.
    pub text: String,
    /// Who deals with it.
    pub owner: String,
    /// By when.
    pub due_on: NaiveDate,
    /// How it was dealt with; empty while it is open.
    pub settled: String,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// The day of the test.
    pub on: NaiveDate,
    /// Who recorded it.
    pub by: String,
    /// Why it was not passed or not held, or what else the supplier should know.
    pub why: String,
    /// What is to be put right after a passed test.
    pub observations: Vec<Observation>,
    /// By when the certificate is issued: the fifth working day after a passed test.
    pub certificate_by: Option<NaiveDate>,
}

/// One conformance test of a product: the first, or a further one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Demonstration {
    /// Which, from 1.
    pub attempt: u32,
    /// State.
    pub state: DemonstrationState,
    /// The wish for a date, while it waits.
    pub wish: Option<Wish>,
    /// The date.
    pub date: Option<Date>,
    /// How often the calendar file changed.
    pub sequence: u32,
    /// Facts of the test.
    pub facts: TestFacts,
    /// How many facts were missing or wrong when they were given last.
    pub lacks: u32,
    /// Background checks, by check.
    pub checks: BTreeMap<Check, Checked>,
    /// Marks, by the line's identifier.
    pub marks: BTreeMap<String, Marked>,
    /// Files that were put beside lines, by the line's identifier; no line has an empty list.
    #[serde(default)]
    pub files: BTreeMap<String, Vec<Evidence>>,
    /// When the test began.
    pub started_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The sheet as it was when the test ended; empty until then.
    #[serde(default)]
    pub sheet: Vec<SheetLine>,
    /// Why there is no date: what the team or the supplier said when it was declined or cancelled.
    pub remark: String,
    /// When the date that was given back last would have begun; calendars need it to take it out again.
    pub given_back: Option<DateTime<Utc>>,
}

impl Default for Demonstration {
    fn default() -> Self {
        Self::next(0)
    }
}

impl Demonstration {
    /// An empty one after so many others.
    #[must_use]
    pub fn next(earlier: u32) -> Self {
        Self {
            attempt: earlier + 1,
            state: DemonstrationState::NotBooked,
            wish: None,
            date: None,
            sequence: 0,
            facts: TestFacts::default(),
            lacks: 0,
            checks: BTreeMap::new(),
            marks: BTreeMap::new(),
            files: BTreeMap::new(),
            started_at: None,
            outcome: None,
            sheet: Vec::new(),
            remark: String::new(),
            given_back: None,
        }
    }

    /// The edition of the mark of a line.
    #[must_use]
    pub fn mark_edition(&self, line: &str) -> String {
        edition(self.marks.get(line).map(|m| (m.result, m.note.as_str())))
    }

    /// When it ends, by the clock.
    #[must_use]
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.date.as_ref().map(|d| d.starts_at + chrono::Duration::hours(TEST_HOURS))
    }

    /// Whether the supplier reads what was noticed of a line, note and files: the test was not passed, and this was not seen.
    #[must_use]
    pub fn tells_of(&self, line: &str) -> bool {
        self.state == DemonstrationState::NotPassed && self.marks.get(line).is_some_and(|m| m.result == MarkResult::NotSeen)
    }

    /// The files beside a line.
    #[must_use]
    pub fn files_of(&self, line: &str) -> &[Evidence] {
        self.files.get(line).map_or(&[], Vec::as_slice)
    }

    /// The observations that are not dealt with.
    #[must_use]
    pub fn open_observations(&self) -> usize {
        let all = self.outcome.as_ref().map_or(&[][..], |o| &o.observations);
        all.iter().filter(|o| o.settled.is_empty()).count()
    }

    /// What came of each check that was recorded.
    #[must_use]
    pub fn results(&self) -> BTreeMap<Check, CheckResult> {
        self.checks.iter().map(|(check, checked)| (*check, checked.result)).collect()
    }

    /// A word for a check as it is recorded: a form carries the edition that it was opened with. Empty when nobody did it.
    #[must_use]
    pub fn edition_of(&self, check: Check) -> String {
        self.checks.get(&check).map(facts::edition).unwrap_or_default()
    }

    /// The checks that found a problem.
    #[must_use]
    pub fn problems(&self) -> Vec<Check> {
        self.checks.iter().filter(|(_, c)| c.result == CheckResult::Problem).map(|(check, _)| *check).collect()
    }
}
