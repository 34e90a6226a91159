//! What can be asked of a demonstration.

use chrono::{DateTime, Utc};

use super::checks::{Check, CheckResult};
use super::facts::TestFacts;
use super::sheet::MarkResult;
use super::{Assessor, DemonstrationAct, Observation};
use crate::domain::answer::Evidence;
use crate::domain::words::{FileId, SlotId};

/// A published date as it was read when somebody chose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub slot: SlotId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// Who holds it.
    pub assessor: Option<Assessor>,
    /// Whether nobody had it.
    pub is_free: bool,
}

/// A background check to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckEntry {
    /// Which.
    pub check: Check,
    /// What came of it; `None` takes back what was recorded.
    pub result: Option<CheckResult>,
    /// What the supplier reads beside it.
    pub note: String,
}

/// A line of the run sheet to mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkEntry {
    /// Identifier of the line.
    pub line: String,
    /// The mark; `None` takes it back.
    pub result: Option<MarkResult>,
    /// What was noticed.
    pub note: String,
    /// When it was marked, if the mark was kept for a while where there was no connection.
    pub at: Option<DateTime<Utc>>,
    /// The edition of the mark that was read before, see [`edition`](super::edition); `None` marks whatever is there.
    pub was: Option<String>,
}

/// What is asked of a demonstration.
#[derive(Clone, Debug, PartialEq)]
pub enum DemonstrationCommand {
    /// Ask for one of these moments.
    Ask(Vec<DateTime<Utc>>),
    /// Take this date.
    Book(Chosen),
    /// Fix this moment, which was asked for.
    Agree(Chosen),
    /// None of the moments can be, for this reason.
    Decline(String),
    /// Give the facts, from the edition that the form was opened with.
    Describe(Box<TestFacts>, String),
    /// Take this date in place of the present one.
    Move(Chosen),
    /// Give the date back, with a reason that may be empty for the supplier.
    Cancel(String),
    /// Record checks.
    Check(Vec<CheckEntry>),
    /// The test can be held.
    Confirm,
    /// The address at which people join; empty takes it back.
    Invite(String),
    /// Begin.
    Start,
    /// Mark lines.
    Mark(Vec<MarkEntry>),
    /// Put a file beside this line.
    Attach(String, Evidence),
    /// Take a file away from this line.
    Detach(String, FileId),
    /// Passed, with a message that may be empty.
    Pass(String),
    /// Passed, with what is to be put right.
    Observe(Vec<Observation>, String),
    /// Not passed, with a message.
    Fail(String),
    /// Not held, with who and why.
    NotHold(String),
    /// The observation of this number, from 0, is dealt with, and how.
    Settle(usize, String),
    /// Another test, and why.
    Repeat(String),
}

impl DemonstrationCommand {
    /// The act in the table.
    #[must_use]
    pub const fn act(&self) -> DemonstrationAct {
        match self {
            Self::Ask(_) => DemonstrationAct::Ask,
            Self::Book(_) => DemonstrationAct::Book,
            Self::Agree(_) => DemonstrationAct::Agree,
            Self::Decline(_) => DemonstrationAct::Decline,
            Self::Describe(..) => DemonstrationAct::Describe,
            Self::Move(_) => DemonstrationAct::Move,
            Self::Cancel(_) => DemonstrationAct::Cancel,
            Self::Check(_) => DemonstrationAct::Check,
            Self::Confirm => DemonstrationAct::Confirm,
            Self::Start => DemonstrationAct::Start,
            Self::Invite(_) => DemonstrationAct::Invite,
            Self::Mark(_) => DemonstrationAct::Mark,
            Self::Attach(..) => DemonstrationAct::Attach,
            Self::Detach(..) => DemonstrationAct::Detach,
            Self::Pass(_) => DemonstrationAct::Pass,
            Self::Observe(..) => DemonstrationAct::Observe,
            Self::Fail(_) => DemonstrationAct::Fail,
            Self::NotHold(_) => DemonstrationAct::NotHold,
            Self::Settle(..) => DemonstrationAct::Settle,
            Self::Repeat(_) => DemonstrationAct::Repeat,
        }
    }
}
