//! Measures forecasts on invented programmes: how often the dates of 5 in 10 and of 9 in 10 hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::domain::agreement::Trigger;
use crate::domain::calendar::Calendar;
use crate::domain::catalogue::Section;
use crate::domain::forecast::way::{AgreementWay, CertificateWay, SectionWay, TestWay};
use crate::domain::forecast::{Axis, Basis, Experience, Finished, Knowledge, Seed, Step, Way, forecast};
use crate::domain::section::SectionState;
use crate::domain::slot::Slot;
use crate::domain::waits::What;
use crate::domain::words::SlotId;

pub mod dice;
pub mod programme;

use self::programme::{Made, PUBLISHED_AHEAD, Programme};

/// The most finished products that forecasts learn from: the latest.
pub const LATEST: usize = 200;

/// How many forecasts there were, and how many held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Forecasts.
    pub forecasts: u32,
    /// Assured by the date of 5 in 10.
    pub five: u32,
    /// Assured by the date of 9 in 10.
    pub nine: u32,
}

impl Held {
    fn add(&mut self, five: bool, nine: bool) {
        self.forecasts += 1;
        self.five += u32::from(five);
        self.nine += u32::from(nine);
    }

    /// In how many of 100 forecasts the dates of 5 in 10 and of 9 in 10 held.
    #[must_use]
    pub fn percent(&self) -> (f64, f64) {
        let of = |count: u32| f64::from(count) * 100.0 / f64::from(self.forecasts.max(1));
        (of(self.five), of(self.nine))
    }
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// All forecasts.
    pub all: Held,
    /// By what they rested on.
    pub by_basis: BTreeMap<Rests, Held>,
    /// By the week after the product was added, from 0.
    pub by_week: BTreeMap<u32, Held>,
}

impl Measured {
    fn add(&mut self, (week, basis): (u32, Basis), five: bool, nine: bool) {
        self.all.add(five, nine);
        self.by_basis.entry(rests(basis)).or_default().add(five, nine);
        self.by_week.entry(week.min(LAST_WEEK)).or_default().add(five, nine);
    }
}

/// Weeks from this one on are counted together.
const LAST_WEEK: u32 = 13;

/// What a forecast rested on, as the table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rests {
    /// On what is published alone.
    Published,
    /// On that and on 1 to 9 finished products.
    Blend,
    /// On 10 to 49 finished products.
    Some,
    /// On 50 finished products or more.
    Many,
}

impl Rests {
    const fn label(self) -> &'static str {
        match self {
            Self::Published => "Nothing finished yet",
            Self::Blend => "1 to 9 finished products",
            Self::Some => "10 to 49 finished products",
            Self::Many => "50 finished products or more",
        }
    }
}

const fn rests(basis: Basis) -> Rests {
    match basis {
        Basis::Published => Rests::Published,
        Basis::Blend { .. } => Rests::Blend,
        Basis::Finished { finished: ..50 } => Rests::Some,
        Basis::Finished { .. } => Rests::Many,
    }
}

/// Makes programmes and forecasts each product every so many weeks; `products` divides: of as many, one is measured.
#[must_use]
pub fn measure(seed: u64, programmes: u32, every: u32) -> Measured {
    let calendar = Calendar::england();
    let mut measured = Measured::default();
    for number in 0..programmes {
        let seed = Seed::new(seed).with(u64::from(number));
        let first = NaiveDate::from_ymd_opt(2023, 1, 3).unwrap_or_default();
        let programme = Programme::new(&calendar, first, seed);
        let mut day = 5;
        while day < programme::ADDED_DAYS + 100 {
            measure_day((&programme, &calendar), day, seed, &mut measured);
            day += 5 * every;
        }
    }
    measured
}

fn measure_day((programme, calendar): (&Programme, &Calendar), morning: u32, seed: Seed, measured: &mut Measured) {
    let today = programme.axis.date(morning);
    let axis = Axis::new(today, calendar, &[]).with_slots(&slots(programme, morning), &[]);
    for is_moving in [false, true] {
        let of_kind = || programme.products.iter().enumerate().filter(move |(_, p)| p.is_moving == is_moving);
        let knowledge = Knowledge::new(learn(programme, calendar, morning, is_moving));
        for (number, product) in of_kind().filter(|(_, p)| p.started < morning && p.finished >= morning) {
            let Some(way) = way(programme, calendar, product, morning) else { continue };
            let made = forecast(&way, &axis, &knowledge, seed.with(u64::from(morning)).with(number as u64));
            let finished = programme.axis.date(product.finished);
            let week = (morning - product.started) / 5;
            measured.add((week, made.basis), finished <= made.five_in_ten, finished <= made.nine_in_ten);
        }
    }
}

fn learn(programme: &Programme, calendar: &Calendar, morning: u32, is_moving: bool) -> Experience {
    let of_kind = || programme.products.iter().filter(move |p| p.is_moving == is_moving && p.started < morning);
    let mut finished: Vec<&Made> = of_kind().filter(|p| p.finished < morning).collect();
    finished.sort_by_key(|p| std::cmp::Reverse(p.finished));
    finished.truncate(LATEST);
    let examples: Vec<Finished> = finished
        .iter()
        .map(|p| Finished {
            started: programme.axis.date(p.started),
            finished: programme.axis.date(p.finished),
            taken: steps(programme, p, morning).iter().filter_map(|s| s.taken(calendar, &[])).collect(),
        })
        .collect();
    let started: Vec<NaiveDate> = of_kind().map(|p| programme.axis.date(p.started)).collect();
    Experience::learn(&examples, &started, programme.axis.date(morning))
}

fn steps(programme: &Programme, product: &Made, morning: u32) -> Vec<Step> {
    product.steps.iter().filter_map(|s| s.known(&programme.axis, morning)).collect()
}

/// The dates of tests that are known on a morning.
fn slots(programme: &Programme, morning: u32) -> Vec<Slot> {
    let published = programme.dates.iter().filter(|d| d.on >= morning && d.on < morning + PUBLISHED_AHEAD);
    published
        .enumerate()
        .map(|(number, date)| Slot {
            id: SlotId(uuid::Uuid::from_u128(number as u128)),
            starts_at: DateTime::<Utc>::from_naive_utc_and_offset(programme.axis.date(date.on).and_time(NaiveTime::MIN), Utc)
                + chrono::TimeDelta::hours(10),
            assessor: None,
            taken: date.taken.is_some_and(|(from, until)| from < morning && morning <= until),
        })
        .collect()
}

/// What lies before a product, as it is known on a morning.
fn way(programme: &Programme, calendar: &Calendar, product: &Made, morning: u32) -> Option<Way> {
    let steps = steps(programme, product, morning);
    let since = |what: What| product.steps.iter().rev().find(|s| s.what == what && s.from < morning && s.until >= morning);
    let passed = |what: What| since(what).map(|s| morning - s.from);
    let last = |what: What| product.steps.iter().rev().find(|s| s.what == what && s.until < morning);
    let is_done = |what: What| last(what).is_some_and(|s| !s.again);
    let sections = Section::ALL.iter().map(|section| {
        let (review, feedback, answers) = (What::Review(*section), What::Feedback(*section), What::Answers(*section));
        let (state, open) = if let Some(step) = since(answers) {
            (SectionState::Draft, Some(step))
        } else if let Some(step) = since(review) {
            (SectionState::Submitted, Some(step))
        } else if let Some(step) = since(feedback) {
            (SectionState::Returned, Some(step))
        } else {
            (SectionState::Accepted, None)
        };
        let round = if state == SectionState::Draft { 0 } else { open.map_or(1, |s| s.round) };
        SectionWay { section: *section, state, round, passed: open.map_or(0, |s| morning - s.from) }
    });
    let test = match (since(What::Test), since(What::Booking)) {
        (Some(test), _) => TestWay::Booked { on: programme.axis.date(test.booked?) },
        (None, Some(booking)) => TestWay::ToBook { attempt: booking.round, passed: morning - booking.from },
        (None, None) if is_done(What::Test) => TestWay::Passed,
        (None, None) => TestWay::ToBook { attempt: 1, passed: 0 },
    };
    let is_certified = is_done(What::Certificate);
    let agreement = if let Some(passed) = passed(What::Signatory) {
        AgreementWay::ToName { passed }
    } else if let Some(passed) = passed(What::Signature) {
        AgreementWay::ToSign { passed }
    } else if let Some(passed) = passed(What::SignedCopy) {
        AgreementWay::ToCheck { passed }
    } else if is_done(if product.needs_signature { What::SignedCopy } else { What::AgreementIssue }) {
        AgreementWay::Accepted
    } else {
        AgreementWay::ToIssue { passed: passed(What::AgreementIssue).unwrap_or(0) }
    };
    Some(Way {
        sections: sections.collect(),
        test,
        certificate: if is_certified {
            CertificateWay::Issued
        } else {
            CertificateWay::ToIssue { passed: passed(What::Certificate).unwrap_or(0) }
        },
        agreement,
        needs_signature: product.needs_signature,
        trigger: Trigger::NonFunctional,
        taken: steps.iter().filter_map(|s| s.taken(calendar, &[])).collect(),
    })
}

impl Measured {
    /// The tables, as they stand in `docs/forecast.md`.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = String::new();
        let mut head = |name: &str| {
            let _ = write!(text, "| {name} | Forecasts | 5 in 10 held | 9 in 10 held |\n| --- | ---: | ---: | ---: |\n");
        };
        head("Rests on");
        let line = |name: &str, held: &Held| {
            let (five, nine) = held.percent();
            format!("| {name} | {} | {five:.1}% | {nine:.1}% |\n", held.forecasts)
        };
        for (rests, held) in &self.by_basis {
            text += &line(rests.label(), held);
        }
        text += &line("All", &self.all);
        text += "\n| Week | Forecasts | 5 in 10 held | 9 in 10 held |\n| --- | ---: | ---: | ---: |\n";
        for (week, held) in &self.by_week {
            text += &line(&if *week == LAST_WEEK { format!("{week} or later") } else { week.to_string() }, held);
        }
        text
    }
}
