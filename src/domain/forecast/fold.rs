//! The steps that a product went through and those that it is in, told from its events alone.

use chrono::NaiveDate;

use super::experience::{Finished, Taken};
use super::way::Step;
use crate::domain::calendar::{Calendar, Pause};
use crate::domain::event::EventKind;
use crate::domain::passage::{Awaited, Party, Phase, Posture};
use crate::domain::waits::{Topic, What};

/// What an event says of the way: what happened, and what the product waits for after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The day, in Europe/London.
    pub on: NaiveDate,
    /// What.
    pub kind: EventKind,
    /// What is waited for from then on.
    pub posture: Posture,
}

/// A product that came to assurance, as its events tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The day of its first answer.
    pub started: NaiveDate,
    /// The day on which it became assured.
    pub finished: NaiveDate,
    /// When it was on hold.
    pub pauses: Vec<Pause>,
    /// What happened, oldest first.
    pub events: Vec<Happened>,
}

impl Past {
    /// The same as an example for others: its steps up to assurance, in working days.
    #[must_use]
    pub fn example(&self, calendar: &Calendar) -> Finished {
        let until = self.events.partition_point(|e| e.on <= self.finished);
        let steps = steps(self.events.get(..until).unwrap_or_default());
        let taken: Vec<Taken> = steps.iter().filter_map(|s| s.taken(calendar, &self.pauses)).collect();
        Finished { started: self.started, finished: self.finished, taken }
    }
}

/// The steps, in the order in which they began, from the first answer on. What is waited for while a test is booked is one
/// step, from the booking to the day of the test. A hold ends nothing: its days are no working days. What was called off is
/// no step: a review that was taken back, a certificate that a section stopped which was opened again.
#[must_use]
pub fn steps(events: &[Happened]) -> Vec<Step> {
    let mut walk = Walk::default();
    for event in events {
        match event.posture.phase {
            Phase::Withdrawn => {
                walk.steps.retain(|s| s.until.is_some());
                return walk.steps;
            }
            Phase::UnderWay | Phase::Assured if event.posture.party != Party::OnHold => walk.go(event),
            Phase::NotStarted | Phase::UnderWay | Phase::Assured => {}
        }
    }
    walk.steps
}

/// The way up to an event.
#[derive(Default)]
struct Walk {
    steps: Vec<Step>,
    /// The day of the test that is booked, once it is known.
    test_on: Option<NaiveDate>,
}

impl Walk {
    fn go(&mut self, event: &Happened) {
        let waits = &event.posture.waits;
        let now: Vec<What> = waits.iter().filter_map(what).collect();
        let open: Vec<What> = self.steps.iter().filter(|s| s.until.is_none()).map(|s| s.what).collect();
        for gone in open.iter().filter(|w| !now.contains(w)) {
            self.end(*gone, event, &now);
        }
        if event.kind == EventKind::DemonstrationMoved && open.contains(&What::Test) {
            self.close(What::Test, event.on, true);
            self.begin(What::Booking, event.on);
            self.close(What::Booking, event.on, false);
        }
        for come in now {
            if self.open(come).is_none() {
                self.begin(come, event.on);
            }
        }
        let day = waits.iter().find(|w| matches!(w.topic, Topic::Test | Topic::RunSheet)).and_then(|w| w.by);
        self.test_on = day.or(self.test_on);
    }

    /// Something is no longer waited for: it came, or was called off.
    fn end(&mut self, what: What, event: &Happened, now: &[What]) {
        let comes = |other: What| now.contains(&other);
        let is_stopped = event.kind == EventKind::SectionReopened;
        match what {
            What::Review(section) if comes(What::Answers(section)) => {
                self.drop(what);
                self.resume(What::Answers(section));
            }
            What::Certificate | What::Doubt if is_stopped => self.drop(what),
            What::Signature if comes(What::Signatory) => self.drop(what),
            What::Review(section) => self.close(what, event.on, comes(What::Feedback(section))),
            What::SignedCopy => self.close(what, event.on, comes(What::Signature)),
            What::Test => {
                let held_on = self.test_on.filter(|day| *day <= event.on);
                self.close(what, held_on.unwrap_or(event.on), comes(What::Booking));
            }
            What::Answers(_)
            | What::Feedback(_)
            | What::Booking
            | What::DateWish
            | What::TestFacts
            | What::CheckProblem
            | What::Checks
            | What::RunSheet
            | What::Certificate
            | What::Doubt
            | What::Signatory
            | What::AgreementIssue
            | What::Signature
            | What::Production
            | What::GoLive => self.close(what, event.on, false),
        }
    }

    fn open(&mut self, what: What) -> Option<&mut Step> {
        self.steps.iter_mut().rev().find(|s| s.what == what && s.until.is_none())
    }

    fn begin(&mut self, what: What, on: NaiveDate) {
        if what == What::Test {
            self.test_on = None;
        }
        self.steps.push(Step { what, round: self.round(what), from: on, until: None, again: false });
    }

    fn close(&mut self, what: What, on: NaiveDate, again: bool) {
        if let Some(step) = self.open(what) {
            step.until = Some(on.max(step.from));
            step.again = again;
        }
    }

    fn drop(&mut self, what: What) {
        self.steps.retain(|s| s.what != what || s.until.is_some());
    }

    /// What the supplier did last in a section goes on: a section that was taken back waits for answers.
    fn resume(&mut self, answers: What) {
        let of_supplier = |s: &&mut Step| s.what.section() == answers.section() && !matches!(s.what, What::Review(_));
        if let Some(step) = self.steps.iter_mut().rev().find(of_supplier) {
            (step.what, step.until, step.again) = (answers, None, false);
        }
    }

    /// The round of a section, or the attempt at the test.
    fn round(&self, what: What) -> u32 {
        let before = |other: What| u32::try_from(self.steps.iter().filter(|s| s.what == other).count()).unwrap_or(u32::MAX);
        match what {
            What::Review(_) => before(what) + 1,
            What::Feedback(section) => before(What::Review(section)).max(1),
            What::Booking | What::Test => before(What::Test) + 1,
            What::Answers(_)
            | What::DateWish
            | What::TestFacts
            | What::CheckProblem
            | What::Checks
            | What::RunSheet
            | What::Certificate
            | What::Doubt
            | What::Signatory
            | What::AgreementIssue
            | What::Signature
            | What::SignedCopy
            | What::Production
            | What::GoLive => 1,
        }
    }
}

/// What a wait is as a step; `None` for what follows assurance.
fn what(awaited: &Awaited) -> Option<What> {
    let what = What::of(awaited.topic, awaited.section)?;
    match what {
        What::TestFacts | What::CheckProblem | What::Checks | What::Test | What::RunSheet => Some(What::Test),
        What::Production | What::GoLive => None,
        What::Feedback(_)
        | What::Review(_)
        | What::Answers(_)
        | What::Booking
        | What::DateWish
        | What::Certificate
        | What::Doubt
        | What::Signatory
        | What::AgreementIssue
        | What::Signature
        | What::SignedCopy => Some(what),
    }
}
