//! Reminders: what is due as of now, worked out from a product as it is, each with the moment after which it makes no sense.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::decide::Setting;
use super::demonstration::Demonstration;
use super::forecast::Shown;
use super::notice::{Audience, Notice};
use super::product::Product;
use super::section::ProductState;
use super::slot::london_moment;
use crate::words;

mod assurance;
pub mod by_hand;
mod messages;
pub mod promises;
mod supplier;

/// Hour of the day, in Europe/London, from which reminders are written.
const HOUR: u32 = 8;

words! {
    /// The kinds of reminders; each is written once for a product and a date.
    pub enum ReminderKind {
        /// Details of the test are missing, ten working days before it.
        Details = "details",
        /// They are still missing on the day by which they are needed.
        LastDetails = "last-details",
        /// The test is in two working days.
        Test = "test",
        /// Something that the assurance team promised is due on the next working day.
        Tomorrow = "tomorrow",
        /// A promise of the assurance team was not kept.
        Late = "late",
        /// Feedback is not answered when an answer was expected, nor ten or twenty working days later.
        Unanswered = "unanswered",
        /// Evidence runs out in 60 days.
        Evidence = "evidence",
        /// Evidence runs out in 30 days.
        LastEvidence = "last-evidence",
        /// The agreement is not signed after five working days.
        Signing = "signing",
        /// It is not signed after ten.
        LastSigning = "last-signing",
    }
}

/// A reminder that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Which.
    pub kind: ReminderKind,
    /// What of the product it is about: the word of what is waited for with its section, or a question; may be empty.
    pub part: String,
    /// The date that it is about: of the test, of the promise, of the issue.
    pub about: NaiveDate,
    /// Who is told what.
    pub notices: Vec<(Audience, Notice)>,
}

/// A reminder with the time in which it makes sense.
struct Planned {
    from: NaiveDate,
    /// The day on which something else takes its place; `None` when nothing does.
    until: Option<NaiveDate>,
    reminder: Reminder,
}

impl Planned {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let begins = |day: NaiveDate| NaiveTime::from_hms_opt(HOUR, 0, 0).and_then(|hour| london_moment(day, hour));
        begins(self.from).is_some_and(|from| from <= now) && self.until.and_then(begins).is_none_or(|until| now < until)
    }
}

/// The reminders of a product that are due now, whether or not they were written before, and none whose follow-up is due as
/// well. While it is on hold only messages are reminded of; once it is withdrawn, nothing. `shown` are the ranges that were forecast, oldest first.
#[must_use]
pub fn reminders(setting: &Setting<'_>, product: &Product, shown: &[Shown]) -> Vec<Reminder> {
    let mut planned = messages::of_threads(setting, product);
    if product.state == ProductState::Active {
        planned.extend(assurance::of_test(setting, product));
        planned.extend(assurance::of_agreement(setting, product));
        planned.extend(promises::of_team(setting, product));
        planned.extend(supplier::unanswered(setting, product, shown));
        planned.extend(supplier::evidence(setting, product));
    }
    planned.into_iter().filter(|p| p.is_due(setting.now)).map(|p| p.reminder).collect()
}

/// Who holds the test, or the assurance team while that is not known.
fn holder(test: &Demonstration) -> Audience {
    let assessor = test.date.as_ref().and_then(|d| d.assessor.as_ref());
    assessor.map_or(Audience::Staff, |a| Audience::Person(a.person))
}
