//! What a change of the calendar does to a product: its open promises are counted anew, and people are told.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::agreement::Agreement;
use super::calendar::Calendar;
use super::catalogue::Section;
use super::command::{Change, Told};
use super::decide::{Decision, Setting};
use super::demonstration::Demonstration;
use super::event::{Detail, EventKind};
use super::notice::{Audience, MovedDate, Notice, Promise};
use super::parse::capitalised;
use super::product::Product;
use super::section::{ProductState, SectionState};
use super::thread::Thread;
use super::waits::{Topic, What};

/// What of a product has moved, each as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recount {
    /// Promises of sections.
    pub sections: Vec<(Section, NaiveDate)>,
    /// The present conformance test.
    pub demonstration: Option<Demonstration>,
    /// The present agreement.
    pub agreement: Option<Agreement>,
    /// Threads of messages.
    pub threads: Vec<Thread>,
}

/// The promises that are counted forward from a day, and so move. Dates before a test are counted back from a day that
/// people agreed on, and stay.
pub const COUNTED: &[Topic] = &[
    Topic::Review,
    Topic::Feedback,
    Topic::DateWish,
    Topic::Certificate,
    Topic::AgreementIssue,
    Topic::Signature,
    Topic::SignedCopy,
];

/// The decision that brings a product up to the calendar; `None` when nothing of it moves.
#[must_use]
pub fn recounted(setting: &Setting<'_>, product: &Product) -> Option<Decision> {
    let calendar = setting.calendar;
    let pending = calendar.since(product.calendar);
    if pending.is_empty() || product.state == ProductState::Withdrawn {
        return None;
    }
    let (recount, moved) = moved(calendar, product);
    let first = moved.iter().map(|m| m.by).min()?;
    let why: Vec<String> = pending.iter().filter(|a| a.change().is_some()).map(|a| a.sentence()).collect();
    let why = capitalised(&crate::words::listed(&why));
    let detail = Detail { reason: why.clone(), count: Some(moved.len()), reply_by: Some(first), ..Detail::default() };
    let told = Told { kind: EventKind::CalendarMoved, detail };
    let decision = Decision::new(vec![Change::Recounted(Box::new(recount), told)]);
    // Only messages have a date that runs while a product is on hold.
    let is_running = |m: &MovedDate| product.state == ProductState::Active || m.promise.is_none();
    let moved: Vec<MovedDate> = moved.into_iter().filter(is_running).collect();
    if moved.is_empty() {
        return Some(decision);
    }
    let holders: BTreeSet<_> = moved.iter().filter_map(|m| holder(product, m)).collect();
    let notice = Notice::DatesMoved { why, moved };
    let decision = decision.telling(Audience::Team, notice.clone());
    Some(holders.into_iter().fold(decision, |d, person| d.telling(Audience::Person(person), notice.clone())))
}

/// Who of the assurance team has what was promised.
fn holder(product: &Product, moved: &MovedDate) -> Option<super::words::PersonId> {
    let section = moved.promise?.section?;
    let record = product.section(section);
    record.reviewer.filter(|_| record.state() == SectionState::Submitted)
}

fn moved(calendar: &Calendar, product: &Product) -> (Recount, Vec<MovedDate>) {
    let (mut recount, mut all) = (Recount::default(), Vec::new());
    // On hold nothing is waited for, but what is left of a promise is counted from its date.
    let running = Product { state: ProductState::Active, ..product.clone() };
    for wait in running.waits() {
        let promise = Promise { topic: wait.what.topic(), section: wait.what.section() };
        let Some(before) = wait.by.filter(|_| COUNTED.contains(&promise.topic)) else { continue };
        let by = calendar.recounted(before, product.calendar);
        if by != before {
            recount.put(product, wait.what, by);
            all.push(MovedDate { promise: Some(promise), subject: String::new(), before, by });
        }
    }
    for thread in &product.threads {
        let Some(before) = thread.reply_by else { continue };
        let by = calendar.recounted(before, product.calendar);
        if by != before {
            recount.threads.push(Thread { reply_by: Some(by), ..thread.clone() });
            all.push(MovedDate { promise: None, subject: thread.subject.clone(), before, by });
        }
    }
    (recount, all)
}

impl Recount {
    fn put(&mut self, product: &Product, what: What, by: NaiveDate) {
        let test = || product.demonstration().clone();
        let agreement = || product.agreement().clone();
        match what {
            What::Review(section) | What::Feedback(section) => self.sections.push((section, by)),
            What::DateWish => {
                let test = self.demonstration.get_or_insert_with(test);
                test.wish.iter_mut().for_each(|wish| wish.reply_by = by);
            }
            What::Certificate => {
                let test = self.demonstration.get_or_insert_with(test);
                test.outcome.iter_mut().for_each(|outcome| outcome.certificate_by = Some(by));
            }
            What::AgreementIssue => self.agreement.get_or_insert_with(agreement).issue_by = Some(by),
            What::Signature => {
                let agreement = self.agreement.get_or_insert_with(agreement);
                agreement.issue.iter_mut().for_each(|issue| issue.sign_by = by);
            }
            What::SignedCopy => {
                let agreement = self.agreement.get_or_insert_with(agreement);
                agreement.signed.iter_mut().for_each(|signed| signed.check_by = by);
            }
            What::Answers(_)
            | What::Booking
            | What::TestFacts
            | What::CheckProblem
            | What::Checks
            | What::Test
            | What::RunSheet
            | What::Doubt
            | What::Signatory
            | What::Production
            | What::GoLive => {}
        }
    }
}
