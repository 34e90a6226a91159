//! The life of a conformance test, from the wish for a date to its outcome (NHS England, "Get your software assured":
//! at least 2 weeks' notice, background checks, about 2 hours in INT).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::machine::{Row, Who, row};
use super::words::{PersonId, SlotId};
use crate::words;
use Condition::{
    AllSeen, AmongAsked, BookingOpen, ChecksPassed, EveryLineMarked, Explained, FactsGiven, InProgress, NoInterest, Noticed,
    ObservationsOwned, OnTheDay, SlotFree, SomeNotSeen,
};
use DemonstrationAct::{
    Agree, Ask, Book, Cancel, Check, Confirm, Decline, Describe, Fail, Mark, Move, NotHold, Observe, Pass, Repeat, Settle, Start,
};
use DemonstrationState::{Asked, Booked, Confirmed, NotBooked, NotHeld, NotPassed, Passed, UnderWay};
use Who::{Editor, Manager, Reviewer};

pub mod addresses;
pub mod checks;
pub mod command;
pub mod facts;
mod follows;
pub mod judge;
pub mod sheet;

use self::checks::CheckResult;
use self::facts::TestFacts;
use self::sheet::MarkResult;

/// Working days before the test by which the facts must be there.
pub const FACTS_DAYS: u32 = 5;
/// Working days before the test by which the background checks are done.
pub const CHECK_DAYS: u32 = 3;
/// Working days in which the team answers a wish for a date.
pub const ASKED_DAYS: u32 = 5;
/// Hours that a test takes.
pub const TEST_HOURS: i64 = 2;

words! {
    /// The stored states of a demonstration.
    pub enum DemonstrationState {
        /// There is no date.
        NotBooked = "not-booked",
        /// The supplier asked for a date, because no published one fits.
        Asked = "asked",
        /// There is a date.
        Booked = "booked",
        /// The checks allow the test.
        Confirmed = "confirmed",
        /// The test is being held.
        UnderWay = "under-way",
        /// Passed, perhaps with observations.
        Passed = "passed",
        /// Not passed; a new date is needed.
        NotPassed = "not-passed",
        /// It did not take place; a new date is needed.
        NotHeld = "not-held",
    }
}

impl DemonstrationState {
    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            NotBooked => "No demonstration is booked.",
            Asked => "The supplier has asked for a date.",
            Booked => "The demonstration is booked.",
            Confirmed => "The demonstration is confirmed.",
            UnderWay => "The demonstration is under way.",
            Passed => "The conformance test is passed.",
            NotPassed => "The conformance test was not passed.",
            NotHeld => "The demonstration did not take place.",
        }
    }

    /// The text and colour of the tag.
    #[must_use]
    pub const fn tag(self) -> (&'static str, &'static str) {
        match self {
            NotBooked => ("Not booked", "blue"),
            Asked => ("Date asked for", "purple"),
            Booked => ("Booked", "aqua-green"),
            Confirmed => ("Confirmed", "aqua-green"),
            UnderWay => ("Under way", "purple"),
            Passed => ("Passed", "green"),
            NotPassed => ("Not passed", "orange"),
            NotHeld => ("Not held", "orange"),
        }
    }

    /// Whether a date is held.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Booked | Confirmed | UnderWay)
    }
}

words! {
    /// What can be asked of a demonstration.
    pub enum DemonstrationAct {
        /// Ask for a date when none fits.
        Ask = "ask",
        /// Take a published date.
        Book = "book",
        /// Fix one of the dates that were asked for.
        Agree = "agree",
        /// Say that none of the dates can be.
        Decline = "decline",
        /// Give the facts of the test.
        Describe = "describe",
        /// Take another date.
        Move = "move",
        /// Give the date back.
        Cancel = "cancel",
        /// Record background checks.
        Check = "check",
        /// Say that the test can be held.
        Confirm = "confirm",
        /// Begin the test.
        Start = "start",
        /// Mark lines of the run sheet.
        Mark = "mark",
        /// Passed, with every line seen.
        Pass = "pass",
        /// Passed, with observations.
        Observe = "pass-with-observations",
        /// Not passed.
        Fail = "fail",
        /// It did not take place.
        NotHold = "not-hold",
        /// An observation is dealt with.
        Settle = "settle",
        /// Ask for another test of a product that had passed.
        Repeat = "repeat",
    }
}

/// The life of a demonstration.
#[rustfmt::skip]
pub const DEMONSTRATION: &[Row<DemonstrationState, DemonstrationAct, Condition>] = &[
    //  from       act       who       when                                              to
    row(NotBooked, Ask,      Editor,   &[InProgress, BookingOpen, Noticed],              Asked),
    row(NotPassed, Ask,      Editor,   &[InProgress, BookingOpen, Noticed],              Asked),
    row(NotHeld,   Ask,      Editor,   &[InProgress, BookingOpen, Noticed],              Asked),
    row(NotBooked, Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(Asked,     Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(NotPassed, Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(NotHeld,   Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(Asked,     Agree,    Reviewer, &[InProgress, NoInterest, AmongAsked, Noticed],               Booked),
    row(Asked,     Agree,    Manager,  &[InProgress, NoInterest, AmongAsked, Noticed],               Booked),
    row(Asked,     Decline,  Reviewer, &[NoInterest, Explained],                                     NotBooked),
    row(Asked,     Decline,  Manager,  &[NoInterest, Explained],                                     NotBooked),
    row(Asked,     Cancel,   Editor,   &[],                                              NotBooked),
    row(Booked,    Describe, Editor,   &[InProgress],                                    Booked),
    row(Confirmed, Describe, Editor,   &[InProgress],                                    Booked),
    row(Booked,    Move,     Editor,   &[InProgress, SlotFree, Noticed],                 Booked),
    row(Confirmed, Move,     Editor,   &[InProgress, SlotFree, Noticed],                 Booked),
    row(Booked,    Cancel,   Editor,   &[],                                              NotBooked),
    row(Booked,    Cancel,   Manager,  &[NoInterest, Explained],                                     NotBooked),
    row(Confirmed, Cancel,   Editor,   &[],                                              NotBooked),
    row(Confirmed, Cancel,   Manager,  &[NoInterest, Explained],                                     NotBooked),
    row(Booked,    Check,    Reviewer, &[InProgress, NoInterest],                                    Booked),
    row(Confirmed, Check,    Reviewer, &[InProgress, NoInterest],                                    Booked),
    row(Booked,    Confirm,  Reviewer, &[InProgress, NoInterest, FactsGiven, ChecksPassed],          Confirmed),
    row(Confirmed, Start,    Reviewer, &[InProgress, NoInterest, OnTheDay],                          UnderWay),
    row(UnderWay,  Mark,     Reviewer, &[InProgress, NoInterest],                                    UnderWay),
    row(UnderWay,  Pass,     Reviewer, &[InProgress, NoInterest, EveryLineMarked, AllSeen],          Passed),
    row(UnderWay,  Observe,  Reviewer, &[InProgress, NoInterest, EveryLineMarked, ObservationsOwned], Passed),
    row(UnderWay,  Fail,     Reviewer, &[InProgress, NoInterest, SomeNotSeen],                       NotPassed),
    row(Booked,    NotHold,  Reviewer, &[NoInterest, OnTheDay, Explained],                           NotHeld),
    row(Confirmed, NotHold,  Reviewer, &[NoInterest, OnTheDay, Explained],                           NotHeld),
    row(UnderWay,  NotHold,  Reviewer, &[NoInterest, Explained],                                     NotHeld),
    row(Passed,    Settle,   Reviewer, &[NoInterest, Explained],                                     Passed),
    row(Passed,    Repeat,   Reviewer, &[InProgress, NoInterest, Explained],                         NotBooked),
];

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
    mark.map_or_else(String::new, |mark| super::facts::edition(&mark))
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
    pub checks: BTreeMap<checks::Check, Checked>,
    /// Marks, by the line's identifier.
    pub marks: BTreeMap<String, Marked>,
    /// When the test began.
    pub started_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
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
            state: NotBooked,
            wish: None,
            date: None,
            sequence: 0,
            facts: TestFacts::default(),
            lacks: 0,
            checks: BTreeMap::new(),
            marks: BTreeMap::new(),
            started_at: None,
            outcome: None,
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

    /// The observations that are not dealt with.
    #[must_use]
    pub fn open_observations(&self) -> usize {
        let all = self.outcome.as_ref().map_or(&[][..], |o| &o.observations);
        all.iter().filter(|o| o.settled.is_empty()).count()
    }

    /// What came of each check that was recorded.
    #[must_use]
    pub fn results(&self) -> BTreeMap<checks::Check, CheckResult> {
        self.checks.iter().map(|(check, checked)| (*check, checked.result)).collect()
    }

    /// A word for a check as it is recorded: a form carries the edition that it was opened with. Empty when nobody did it.
    #[must_use]
    pub fn edition_of(&self, check: checks::Check) -> String {
        self.checks.get(&check).map(super::facts::edition).unwrap_or_default()
    }

    /// The checks that found a problem.
    #[must_use]
    pub fn problems(&self) -> Vec<checks::Check> {
        self.checks.iter().filter(|(_, c)| c.result == CheckResult::Problem).map(|(check, _)| *check).collect()
    }
}
