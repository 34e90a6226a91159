//! The way that a product still has to go: which steps are under way since when, which follow, and what is fixed already.

use chrono::NaiveDate;

use super::axis::Axis;
use super::experience::Taken;
use super::leg::Leg;
use crate::domain::agreement::signing::proposed_kind;
use crate::domain::agreement::{AgreementState, Trigger};
use crate::domain::calendar::{Calendar, Pause, london_date};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::certificate::CertificateState;
use crate::domain::decide::Setting;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionState};
use crate::domain::waits::What;

/// A step that a product went through or is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was waited for.
    pub what: What,
    /// In which round of the section or attempt at the test; 1 for all else.
    pub round: u32,
    /// The day on which it began.
    pub from: NaiveDate,
    /// The day on which it ended; `None` while it lasts.
    pub until: Option<NaiveDate>,
    /// Whether it had to be done again, as [`Taken::again`].
    pub again: bool,
}

impl Step {
    /// The step in working days, once it is done; `None` before, and for what follows assurance.
    #[must_use]
    pub fn taken(&self, calendar: &Calendar, pauses: &[Pause]) -> Option<Taken> {
        let (leg, until) = (Leg::of(self.what, self.round)?, self.until?);
        let from = if leg == Leg::Test { calendar.earliest_test(self.from) } else { self.from };
        let days = calendar.worked(from, until, pauses);
        Some(Taken { leg, section: self.what.section(), days, again: self.again })
    }
}

/// A section that is not accepted, or is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionWay {
    /// Which.
    pub section: Section,
    /// Where it stands.
    pub state: SectionState,
    /// How often it was sent.
    pub round: u32,
    /// Working days since it came into this state.
    pub passed: u32,
}

/// The way to a passed test. `passed` counts working days since the step began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestWay {
    /// The supplier books it, or will when that is open.
    ToBook {
        /// Which attempt, from 1.
        attempt: u32,
        /// Working days since it could be booked.
        passed: u32,
    },
    /// The team answers a wish for a date.
    Asked {
        /// Working days since the wish.
        passed: u32,
    },
    /// It is on this day, or its outcome is still to be recorded.
    Booked {
        /// The day.
        on: NaiveDate,
    },
    /// Passed.
    Passed,
}

/// The way to a certificate that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateWay {
    /// The team issues it when test and technical sections are done.
    ToIssue {
        /// Working days since it could be issued.
        passed: u32,
    },
    /// The team decides whether it holds.
    InDoubt {
        /// Working days since the doubt.
        passed: u32,
    },
    /// It stands.
    Issued,
}

/// The way to an agreement in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementWay {
    /// The supplier says who signs.
    ToName {
        /// Working days since the product was added.
        passed: u32,
    },
    /// The team issues it when it may.
    ToIssue {
        /// Working days since it may.
        passed: u32,
    },
    /// The signatory signs.
    ToSign {
        /// Working days since it was issued or came back.
        passed: u32,
    },
    /// The team checks the signed copy.
    ToCheck {
        /// Working days since it was signed.
        passed: u32,
    },
    /// In force.
    Accepted,
}

/// All that lies before a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its six sections.
    pub sections: Vec<SectionWay>,
    /// Its test.
    pub test: TestWay,
    /// Its certificate.
    pub certificate: CertificateWay,
    /// Its agreement.
    pub agreement: AgreementWay,
    /// Whether somebody has to sign the agreement.
    pub needs_signature: bool,
    /// From when the agreement may be issued.
    pub trigger: Trigger,
    /// What it has done: it tells the pace of its supplier.
    pub taken: Vec<Taken>,
}

impl Way {
    /// The way of a product, with the steps that it went through and those that it is in; `None` for one that is assured,
    /// withdrawn or on hold.
    #[must_use]
    pub fn of(product: &Product, steps: &[Step], setting: &Setting<'_>, axis: &Axis) -> Option<Self> {
        if product.state != ProductState::Active || product.is_assured() {
            return None;
        }
        let look = Look { product, steps, setting, now: axis.first() };
        // The terms are taken to be those signed before: that they changed is known when the agreement is issued.
        let kind = proposed_kind(product.party.existing, true);
        Some(Self {
            sections: Section::ALL.iter().map(|s| look.section(*s)).collect(),
            test: look.test(),
            certificate: look.certificate(),
            agreement: look.agreement(),
            needs_signature: kind.needs_signature(),
            trigger: setting.trigger,
            taken: steps.iter().filter_map(|step| step.taken(setting.calendar, &product.pauses)).collect(),
        })
    }

    /// The sections of a stage.
    pub(super) fn stage(&self, stage: Stage) -> impl Iterator<Item = &SectionWay> {
        self.sections.iter().filter(move |s| s.section.stage() == stage)
    }

    /// Whether the test can be booked: both technical sections were sent once.
    pub(super) fn is_booking_open(&self) -> bool {
        self.stage(Stage::Technical).all(|s| s.round > 0 || s.state != SectionState::Draft)
    }
}

/// Reads a product.
struct Look<'a> {
    product: &'a Product,
    steps: &'a [Step],
    setting: &'a Setting<'a>,
    now: NaiveDate,
}

impl Look<'_> {
    fn added(&self) -> NaiveDate {
        london_date(self.product.added_at)
    }

    /// The step under way.
    fn open(&self, what: What) -> Option<&Step> {
        self.steps.iter().rev().find(|s| s.what == what && s.until.is_none())
    }

    /// Working days since a step began that is under way; where no step is recorded, since another day.
    fn passed(&self, what: What, otherwise: Option<NaiveDate>) -> u32 {
        let since = self.open(what).map(|s| s.from).or(otherwise).unwrap_or(self.now);
        self.setting.calendar.worked(since, self.now, &self.product.pauses)
    }

    fn section(&self, section: Section) -> SectionWay {
        let record = self.product.section(section);
        let state = record.state();
        let passed = match state {
            SectionState::Draft => self.passed(What::Answers(section), Some(self.added())),
            SectionState::Submitted => self.passed(What::Review(section), record.sent.map(|(at, _)| london_date(at))),
            SectionState::Returned => self.passed(What::Feedback(section), record.replied_at.map(london_date)),
            SectionState::Accepted => 0,
        };
        SectionWay { section, state, round: record.round, passed }
    }

    fn test(&self) -> TestWay {
        let test = self.product.demonstration();
        let date = test.date.as_ref().map(|d| london_date(d.starts_at));
        let attempt = self.open(What::Booking).map_or_else(|| self.attempt(), |step| step.round);
        let to_book = TestWay::ToBook { attempt, passed: self.passed(What::Booking, None) };
        match test.state {
            DemonstrationState::NotBooked | DemonstrationState::NotPassed | DemonstrationState::NotHeld => to_book,
            DemonstrationState::Asked => {
                TestWay::Asked { passed: self.passed(What::DateWish, test.wish.as_ref().map(|w| w.asked_on)) }
            }
            DemonstrationState::Booked | DemonstrationState::Confirmed | DemonstrationState::UnderWay => {
                date.map_or(to_book, |on| TestWay::Booked { on })
            }
            DemonstrationState::Passed => TestWay::Passed,
        }
    }

    /// Which attempt comes next: one more than the tests that did not count.
    fn attempt(&self) -> u32 {
        let test = self.product.demonstration();
        let is_over = matches!(test.state, DemonstrationState::NotPassed | DemonstrationState::NotHeld);
        test.attempt.max(1) + u32::from(is_over)
    }

    fn certificate(&self) -> CertificateWay {
        let test = self.product.demonstration();
        match self.product.certificate().map(|c| c.state) {
            Some(CertificateState::Valid) => CertificateWay::Issued,
            Some(CertificateState::AtRisk) => {
                let since = self.product.certificate().map(|c| c.changed_on);
                CertificateWay::InDoubt { passed: self.passed(What::Doubt, since) }
            }
            Some(_) | None => {
                let is_ready = test.state == DemonstrationState::Passed && self.product.is_stage_accepted(Stage::Technical);
                let replied = Section::ALL.iter().filter(|s| s.stage() == Stage::Technical);
                let accepted = replied.filter_map(|s| self.product.section(*s).replied_at).map(london_date).max();
                let since = accepted.max(test.outcome.as_ref().map(|o| o.on)).filter(|_| is_ready);
                CertificateWay::ToIssue { passed: self.passed(What::Certificate, since) }
            }
        }
    }

    fn agreement(&self) -> AgreementWay {
        let agreement = self.product.agreement();
        let issued = agreement.issue.as_ref().map(|i| i.on);
        match agreement.state {
            AgreementState::NotIssued if self.product.needs_signatory() => {
                AgreementWay::ToName { passed: self.passed(What::Signatory, Some(self.added())) }
            }
            AgreementState::NotIssued => AgreementWay::ToIssue { passed: self.passed(What::AgreementIssue, None) },
            AgreementState::Issued | AgreementState::Returned => {
                AgreementWay::ToSign { passed: self.passed(What::Signature, issued) }
            }
            AgreementState::Signed => {
                let since = agreement.signed.as_ref().map(|s| s.sent_on);
                AgreementWay::ToCheck { passed: self.passed(What::SignedCopy, since) }
            }
            AgreementState::Accepted => AgreementWay::Accepted,
        }
    }
}
