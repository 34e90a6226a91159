//! One run: what chance gives each step that is left, and the day on which the product is assured then.

use super::axis::Axis;
use super::experience::{Experience, place};
use super::leg::Leg;
use super::outlook::Pace;
use super::seed::Seed;
use super::way::{AgreementWay, CertificateWay, SectionWay, TestWay, Way};
use crate::domain::agreement::Trigger;
use crate::domain::catalogue::{Section, Stage};
use crate::domain::section::SectionState;
use crate::domain::waits::What;

/// The most rounds of a section, attempts at a test and copies of an agreement that a run goes through.
const MOST: u32 = 6;
/// To which part of its chances a step is held when it is made quick.
const QUICK: f64 = 0.2;
/// The least chance that a step is given to last as long as it does: however long it lasted, it can last.
const LEAST: f64 = 1e-12;

/// The working days that are left of a step.
#[derive(Clone, Copy, Debug, Default)]
struct Left {
    days: u32,
    quick: u32,
}

impl Left {
    const fn days(self, is_quick: bool) -> u32 {
        if is_quick { self.quick } else { self.days }
    }
}

/// Chance in one run.
struct Run<'a> {
    experience: &'a Experience,
    seed: Seed,
    pace: Pace,
    /// How likely it was that the steps under way last as long as they do, at this pace.
    weight: f64,
}

/// A step at its place: leg, section, and round, attempt or copy.
type At = (Leg, Option<Section>, u32);

impl Run<'_> {
    fn number((leg, section, round): At) -> u32 {
        100 + (((leg as u32) * 8 + section.map_or(7, |s| s as u32)) * (MOST + 2) + round) * 2
    }

    /// What is left of a step that has lasted some days already: only times that are longer than that can be.
    fn left(&mut self, at: At, passed: u32) -> Left {
        let (leg, section, _) = at;
        let slower = place(leg.turn()).and_then(|p| self.pace.slower.get(p).copied()).unwrap_or(0.0);
        let usual = self.experience.usual(leg, section) + slower;
        let chance = self.experience.chance.of(leg);
        let roll = self.seed.roll(Self::number(at));
        let log = f64::from(passed).ln() - usual;
        let days = |share: f64| {
            let rest = if passed > 0 { chance.above(log, share) } else { chance.at(share) };
            super::whole((usual + rest).exp()).saturating_sub(passed)
        };
        if passed > 0 {
            self.weight *= f64::max(1.0 - chance.below(log), LEAST);
        }
        Left { days: days(roll), quick: days(roll * QUICK) }
    }

    fn days(&mut self, at: At) -> u32 {
        self.left(at, 0).days
    }

    fn is_again(&self, at: At) -> bool {
        let (leg, ..) = at;
        let factor = if leg.is_review() { self.pace.returns } else { 1.0 };
        self.seed.roll(Self::number(at) + 1) < f64::min(self.experience.again.of(leg) * factor, 0.95)
    }
}

/// What chance gives a section.
#[derive(Clone, Copy, Debug)]
struct SectionLot {
    section: Section,
    what: Option<What>,
    now: Left,
    later: u32,
    opens_booking: bool,
}

/// What chance gives all steps in one run.
pub(super) struct Lot {
    /// How much the run counts.
    pub weight: f64,
    sections: Vec<SectionLot>,
    /// Booking and days after the earliest day, for each attempt.
    tests: Vec<(Left, u32)>,
    certificate: Left,
    signatory: Left,
    issue: Left,
    signature: Left,
    copy: Left,
    copies_again: u32,
}

impl Lot {
    /// Rolls for every step.
    pub(super) fn new(way: &Way, experience: &Experience, pace: Pace, seed: Seed) -> Self {
        let mut run = Run { experience, seed, pace, weight: 1.0 };
        let sections = way.sections.iter().map(|s| run.section(s)).collect();
        let tests = run.tests(way);
        let certificate = match way.certificate {
            CertificateWay::ToIssue { passed } => run.left((Leg::Certificate, None, 1), passed),
            CertificateWay::InDoubt { passed } => run.left((Leg::Doubt, None, 1), passed),
            CertificateWay::Issued => Left::default(),
        };
        let mut lot = Self {
            weight: 1.0,
            sections,
            tests,
            certificate,
            signatory: Left::default(),
            issue: Left::default(),
            signature: Left::default(),
            copy: Left::default(),
            copies_again: 0,
        };
        run.agreement(way, &mut lot);
        lot.weight = run.weight;
        lot
    }

    /// The number of the day on which the product is assured, when one thing goes quickly.
    pub(super) fn finish(&self, way: &Way, axis: &Axis, quick: Option<What>) -> u32 {
        let is = |what: What| quick == Some(what);
        let end = |s: &SectionLot| s.now.days(s.what.is_some_and(is)) + s.later;
        let of = |stage: Stage| self.sections.iter().filter(move |s| s.section.stage() == stage);
        let last = |stage: Stage| of(stage).map(end).max().unwrap_or(0);
        let (non_functional, technical) = (last(Stage::NonFunctional), last(Stage::Technical));
        let opens = of(Stage::Technical).filter(|s| s.opens_booking).map(|s| s.now.days(s.what.is_some_and(is))).max();
        let test = self.test(way, axis, (opens.unwrap_or(0), quick));
        let certificate = match way.certificate {
            CertificateWay::ToIssue { .. } => technical.max(test) + self.certificate.days(is(What::Certificate)),
            CertificateWay::InDoubt { .. } => technical + self.certificate.days(is(What::Doubt)),
            CertificateWay::Issued => 0,
        };
        let issued = || {
            let may = match way.trigger {
                Trigger::NonFunctional => non_functional,
                Trigger::Sections => non_functional.max(technical),
                Trigger::Certificate => certificate,
            };
            may.max(self.signatory.days(is(What::Signatory))) + self.issue.days(is(What::AgreementIssue))
        };
        let signed = self.signature.days(is(What::Signature)) + self.copy.days(is(What::SignedCopy)) + self.copies_again;
        let agreement = match way.agreement {
            AgreementWay::ToName { .. } | AgreementWay::ToIssue { .. } => issued() + signed,
            AgreementWay::ToSign { .. } | AgreementWay::ToCheck { .. } => signed,
            AgreementWay::Accepted => 0,
        };
        non_functional.max(technical).max(certificate).max(agreement)
    }

    fn test(&self, way: &Way, axis: &Axis, (opens, quick): (u32, Option<What>)) -> u32 {
        let mut day = 0;
        for (attempt, (booking, later)) in self.tests.iter().enumerate() {
            let fixed = if let (0, TestWay::Booked { on }) = (attempt, way.test) { Some(axis.index(on)) } else { None };
            let is_quick = attempt == 0 && matches!(quick, Some(What::Booking | What::DateWish));
            let from = if attempt == 0 && matches!(way.test, TestWay::ToBook { .. }) { opens } else { day };
            day = fixed.unwrap_or_else(|| axis.test_day(from + booking.days(is_quick), *later));
        }
        day
    }
}

impl Run<'_> {
    fn section(&mut self, way: &SectionWay) -> SectionLot {
        let section = Some(way.section);
        let review = |round: u32| if round > 1 { Leg::LaterReview } else { Leg::FirstReview };
        let mut lot = SectionLot { section: way.section, what: None, now: Left::default(), later: 0, opens_booking: false };
        let mut round = way.round.clamp(1, MOST - 1);
        match way.state {
            SectionState::Accepted => return lot,
            SectionState::Submitted => {
                lot.what = Some(What::Review(way.section));
                lot.now = self.left((review(round), section, round), way.passed);
            }
            SectionState::Returned => {
                lot.what = Some(What::Feedback(way.section));
                lot.now = self.left((Leg::Feedback, section, round), way.passed);
                round += 1;
                lot.later = self.days((review(round), section, round));
            }
            SectionState::Draft => {
                lot.what = Some(What::Answers(way.section));
                lot.opens_booking = way.round == 0;
                round = (way.round + 1).min(MOST);
                lot.now = self.left((Leg::Answers, section, 1), way.passed);
                lot.later = self.days((review(round), section, round));
            }
        }
        while round < MOST && self.is_again((review(round), section, round)) {
            lot.later += self.days((Leg::Feedback, section, round));
            round += 1;
            lot.later += self.days((review(round), section, round));
        }
        lot
    }

    fn tests(&mut self, way: &Way) -> Vec<(Left, u32)> {
        let (mut attempt, first) = match way.test {
            TestWay::Passed => return Vec::new(),
            TestWay::Booked { .. } => (1, Left::default()),
            TestWay::Asked { passed } => (1, self.left((Leg::DateWish, None, 1), passed)),
            TestWay::ToBook { attempt, passed } => {
                let leg = if attempt > 1 { Leg::Rebooking } else { Leg::Booking };
                let passed = if way.is_booking_open() { passed } else { 0 };
                (attempt.clamp(1, MOST), self.left((leg, None, attempt.clamp(1, MOST)), passed))
            }
        };
        let mut tests = vec![(first, self.days((Leg::Test, None, attempt)))];
        while attempt < MOST && self.is_again((Leg::Test, None, attempt)) {
            attempt += 1;
            tests.push((self.left((Leg::Rebooking, None, attempt), 0), self.days((Leg::Test, None, attempt))));
        }
        tests
    }

    fn agreement(&mut self, way: &Way, lot: &mut Lot) {
        let (mut signature, mut copy) = (None, Some(0));
        match way.agreement {
            AgreementWay::ToName { passed } => {
                lot.signatory = self.left((Leg::Signatory, None, 1), passed);
                lot.issue = self.left((Leg::AgreementIssue, None, 1), 0);
                signature = Some(0);
            }
            AgreementWay::ToIssue { passed } => {
                lot.issue = self.left((Leg::AgreementIssue, None, 1), passed);
                signature = Some(0);
            }
            AgreementWay::ToSign { passed } => signature = Some(passed),
            AgreementWay::ToCheck { passed } => copy = Some(passed),
            AgreementWay::Accepted => copy = None,
        }
        let is_before_issue = matches!(way.agreement, AgreementWay::ToName { .. } | AgreementWay::ToIssue { .. });
        let (Some(passed), true) = (copy, way.needs_signature || !is_before_issue) else { return };
        lot.signature = signature.map_or(Left::default(), |passed| self.left((Leg::Signature, None, 1), passed));
        lot.copy = self.left((Leg::SignedCopy, None, 1), passed);
        let mut number = 1;
        while number < MOST && self.is_again((Leg::SignedCopy, None, number)) {
            number += 1;
            lot.copies_again += self.days((Leg::Signature, None, number)) + self.days((Leg::SignedCopy, None, number));
        }
    }
}
