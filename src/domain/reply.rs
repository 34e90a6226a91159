//! A reply of the assurance team that was sent and has not left yet: for a few minutes it can be undone.
//!
//! Until it leaves, the section is in review for everybody: no clock turns, no promise is kept or made, and nobody is
//! told. So nothing has to be put back when it is undone.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::calendar::london_date;
use super::catalogue::Section;
use super::command::{Change, Command, SectionCommand};
use super::decide::{Decision, Setting, decide};
use super::product::{Product, SectionRecord};
use super::slot::london_moment;
use super::words::PersonId;
use crate::words;

/// Minutes for which a reply can be undone, where nothing else is set.
pub const UNDO_MINUTES: u32 = 5;
/// When the last reply of a day leaves, in Europe/London: it counts for the day on which it was sent.
const LAST: (u32, u32) = (23, 59);

words! {
    /// What a reply says of a section.
    pub enum Outcome {
        /// It goes back with questions.
        Return = "return",
        /// It is accepted.
        Accept = "accept",
    }
}

/// A reply, from the moment at which the reviewer sent it until it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reply {
    /// What it says.
    pub outcome: Outcome,
    /// Message to the supplier; may be empty.
    pub message: String,
    /// Who sent it.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// When it leaves; `None` once it was undone or stopped. Its message is kept for the next try.
    pub leaves_at: Option<DateTime<Utc>>,
}

impl Reply {
    /// A reply that somebody sends now.
    #[must_use]
    pub fn new(setting: &Setting<'_>, by: PersonId, outcome: Outcome, message: String) -> Self {
        Self { outcome, message, by, at: setting.now, leaves_at: Some(leaves_at(setting.now, setting.undo_minutes)) }
    }

    /// The command that carries it out when it leaves.
    #[must_use]
    pub fn command(&self) -> SectionCommand {
        match self.outcome {
            Outcome::Return => SectionCommand::Return(self.message.clone()),
            Outcome::Accept => SectionCommand::Accept(self.message.clone()),
        }
    }
}

/// When a reply leaves that is sent at a moment: so many minutes later, at the end of the day at the latest.
#[must_use]
pub fn leaves_at(sent: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
    let last = NaiveTime::from_hms_opt(LAST.0, LAST.1, 0).and_then(|time| london_moment(london_date(sent), time));
    let leaves = sent + Duration::minutes(minutes.into());
    last.map_or(leaves, |last| leaves.min(last)).max(sent)
}

impl SectionRecord {
    /// When the reply leaves that is on its way; `None` when none is.
    #[must_use]
    pub fn leaves_at(&self) -> Option<DateTime<Utc>> {
        self.reply.as_ref().and_then(|reply| reply.leaves_at)
    }

    /// The reply whose time has come.
    #[must_use]
    pub fn due_reply(&self, now: DateTime<Utc>) -> Option<&Reply> {
        self.reply.as_ref().filter(|reply| reply.leaves_at.is_some_and(|at| at <= now))
    }
}

/// What becomes of a reply whose time has come: it leaves; or, where the rules no longer allow that, it stays with the
/// reviewer, and the history says why. `None` when no reply is due.
#[must_use]
pub fn left(setting: &Setting<'_>, sender: &Actor, product: &Product, section: Section) -> Option<Decision> {
    let command = product.section(section).due_reply(setting.now)?.command();
    let decision = decide(setting, sender, product, &Command::Section(section, command));
    Some(decision.unwrap_or_else(|refusal| Decision::new(vec![Change::ReplyStopped(section, refusal.sentence())])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_leaves_after_some_minutes_and_on_the_day_on_which_it_was_sent() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (sent, leaves) in [
            ("2026-04-02T13:41:00Z", "2026-04-02T13:46:00Z"),
            ("2026-01-12T23:53:59Z", "2026-01-12T23:58:59Z"),
            ("2026-01-12T23:57:00Z", "2026-01-12T23:59:00Z"),
            ("2026-01-12T23:59:30Z", "2026-01-12T23:59:30Z"),
            // In summer the day ends an hour earlier.
            ("2026-07-01T22:58:00Z", "2026-07-01T22:59:00Z"),
        ] {
            assert_eq!(leaves_at(at(sent), UNDO_MINUTES), at(leaves), "sent {sent}");
            assert_eq!(leaves_at(at(sent), 0), at(sent), "nothing can be undone");
        }
    }
}
