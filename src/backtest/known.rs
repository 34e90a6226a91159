//! What is known on the morning of a day in an invented programme, and no more: forecasts are made of this.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::programme::{Made, PUBLISHED_AHEAD, Past, Programme};
use crate::domain::agreement::Trigger;
use crate::domain::calendar::Calendar;
use crate::domain::catalogue::Section;
use crate::domain::forecast::way::{AgreementWay, CertificateWay, SectionWay, TestWay};
use crate::domain::forecast::{Axis, Experience, Finished, Knowledge, Step, Way};
use crate::domain::section::SectionState;
use crate::domain::slot::Slot;
use crate::domain::waits::What;
use crate::domain::words::SlotId;

/// The most finished products that forecasts learn from: the latest.
pub const LATEST: usize = 200;

/// A morning.
pub struct Morning<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The number of the day.
    pub day: u32,
}

impl Morning<'_> {
    /// The date.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.date(self.day)
    }

    fn date(&self, day: u32) -> NaiveDate {
        self.programme.axis.date(day)
    }

    /// The working days ahead with the published dates of tests.
    #[must_use]
    pub fn axis(&self) -> Axis {
        let published = self.programme.dates.iter().filter(|d| d.on >= self.day && d.on < self.day + PUBLISHED_AHEAD);
        let slots = published.enumerate().map(|(number, date)| Slot {
            id: SlotId(uuid::Uuid::from_u128(number as u128)),
            starts_at: self.date(date.on).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(10),
            assessor: None,
            taken: date.taken.is_some_and(|(from, until)| from < self.day && self.day <= until),
        });
        Axis::new(self.today(), self.calendar, &[]).with_slots(&slots.collect::<Vec<_>>(), &[])
    }

    /// What products of a kind that have finished by now teach.
    #[must_use]
    pub fn knowledge(&self, is_moving: bool) -> Knowledge {
        let of_kind = || self.programme.products.iter().filter(move |p| p.is_moving == is_moving && p.started < self.day);
        let mut finished: Vec<&Made> = of_kind().filter(|p| p.finished < self.day).collect();
        finished.sort_by_key(|p| std::cmp::Reverse(p.finished));
        let examples = finished.into_iter().take(LATEST).map(|p| Finished {
            started: self.date(p.started),
            finished: self.date(p.finished),
            taken: self.steps(p).iter().filter_map(|s| s.taken(self.calendar, &[])).collect(),
        });
        let started: Vec<NaiveDate> = of_kind().map(|p| self.date(p.started)).collect();
        Knowledge::new(Experience::learn(&examples.collect::<Vec<_>>(), &started, self.today()))
    }

    fn steps(&self, product: &Made) -> Vec<Step> {
        let known = product.steps.iter().filter(|s| s.from < self.day);
        known
            .map(|s| {
                let is_done = s.until < self.day;
                Step {
                    what: s.what,
                    round: s.round,
                    from: self.date(s.from),
                    until: is_done.then(|| self.date(s.until)),
                    again: is_done && s.again,
                }
            })
            .collect()
    }

    /// What lies before a product.
    #[must_use]
    pub fn way(&self, product: &Made) -> Way {
        Way {
            sections: Section::ALL.iter().map(|s| self.section(product, *s)).collect(),
            test: self.test(product),
            certificate: match (self.is_done(product, What::Certificate), self.passed(product, What::Certificate)) {
                (true, _) => CertificateWay::Issued,
                (false, passed) => CertificateWay::ToIssue { passed: passed.unwrap_or(0) },
            },
            agreement: self.agreement(product),
            needs_signature: product.needs_signature,
            trigger: Trigger::NonFunctional,
            taken: self.steps(product).iter().filter_map(|s| s.taken(self.calendar, &[])).collect(),
        }
    }

    fn under_way<'p>(&self, product: &'p Made, what: What) -> Option<&'p Past> {
        product.steps.iter().find(|s| s.what == what && s.from < self.day && s.until >= self.day)
    }

    fn passed(&self, product: &Made, what: What) -> Option<u32> {
        self.under_way(product, what).map(|s| self.day - s.from)
    }

    fn is_done(&self, product: &Made, what: What) -> bool {
        product.steps.iter().rev().find(|s| s.what == what && s.until < self.day).is_some_and(|s| !s.again)
    }

    fn section(&self, product: &Made, section: Section) -> SectionWay {
        let states = [
            (SectionState::Draft, What::Answers(section)),
            (SectionState::Submitted, What::Review(section)),
            (SectionState::Returned, What::Feedback(section)),
        ];
        let found = states.into_iter().find_map(|(state, what)| self.under_way(product, what).map(|step| (state, step)));
        let Some((state, step)) = found else { return SectionWay { section, state: SectionState::Accepted, round: 1, passed: 0 } };
        let round = if state == SectionState::Draft { 0 } else { step.round };
        SectionWay { section, state, round, passed: self.day - step.from }
    }

    fn test(&self, product: &Made) -> TestWay {
        if let Some(on) = self.under_way(product, What::Test).and_then(|s| s.booked) {
            return TestWay::Booked { on: self.date(on) };
        }
        match self.under_way(product, What::Booking) {
            Some(booking) => TestWay::ToBook { attempt: booking.round, passed: self.day - booking.from },
            None if self.is_done(product, What::Test) => TestWay::Passed,
            None => TestWay::ToBook { attempt: 1, passed: 0 },
        }
    }

    fn agreement(&self, product: &Made) -> AgreementWay {
        let last = if product.needs_signature { What::SignedCopy } else { What::AgreementIssue };
        let passed = |what: What| self.passed(product, what);
        match (passed(What::Signatory), passed(What::Signature), passed(What::SignedCopy)) {
            (Some(passed), ..) => AgreementWay::ToName { passed },
            (None, Some(passed), _) => AgreementWay::ToSign { passed },
            (None, None, Some(passed)) => AgreementWay::ToCheck { passed },
            (None, None, None) if self.is_done(product, last) => AgreementWay::Accepted,
            (None, None, None) => AgreementWay::ToIssue { passed: passed(What::AgreementIssue).unwrap_or(0) },
        }
    }
}
