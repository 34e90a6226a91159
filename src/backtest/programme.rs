//! An invented programme whose truth is known: suppliers and a team of many paces, returns, failed tests, few dates,
//! busy months and holidays. It is made by other laws than those that forecasts assume.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::Calendar;
use crate::domain::catalogue::{Section, Stage};
use crate::domain::forecast::{Axis, Seed};
use crate::domain::waits::What;

use super::dice::Dice;

/// Of how many working days products are added.
pub const ADDED_DAYS: u32 = 420;
/// Working days for which dates of tests are published ahead.
pub const PUBLISHED_AHEAD: u32 = 50;

/// A product of the programme, from beginning to end.
#[derive(Clone, Debug)]
pub struct Made {
    /// Whether it moves from CIS1.
    pub is_moving: bool,
    /// Whether its agreement has to be signed.
    pub needs_signature: bool,
    /// The day on which it was added.
    pub started: u32,
    /// The day on which it became assured.
    pub finished: u32,
    /// All that it went through.
    pub steps: Vec<Past>,
}

/// A step, on numbered working days.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// What was waited for.
    pub what: What,
    /// Round or attempt.
    pub round: u32,
    /// The day on which it began.
    pub from: u32,
    /// The day on which it ended.
    pub until: u32,
    /// Whether it had to be done again.
    pub again: bool,
    /// The day that was booked, for a test.
    pub booked: Option<u32>,
}

/// The dates of tests: when each is, and from which day on it is taken.
#[derive(Clone, Copy, Debug)]
pub struct TestDate {
    /// The day.
    pub on: u32,
    /// The days between which a product holds it.
    pub taken: Option<(u32, u32)>,
}

/// A programme.
pub struct Programme {
    /// Its working days.
    pub axis: Axis,
    /// Its products.
    pub products: Vec<Made>,
    /// Its dates of tests, in order.
    pub dates: Vec<TestDate>,
}

/// What is true of a product, and nobody knows.
struct Truth {
    slower: f64,
    careless: f64,
    is_moving: bool,
}

impl Programme {
    /// Invents a programme.
    #[must_use]
    pub fn new(calendar: &Calendar, first: NaiveDate, seed: Seed) -> Self {
        let axis = Axis::new(first, calendar, &[]);
        let mut dice = Dice::new(seed);
        let (busy, rate) = (dice.between(0.8, 1.3), dice.between(0.25, 0.5));
        let mut making = Making { axis, busy, dice, dates: Vec::new() };
        making.publish();
        let mut products = Vec::new();
        let mut queue = BinaryHeap::new();
        for day in 0..ADDED_DAYS {
            if making.dice.chance(rate) {
                let (truth, made, opens) = making.product(day);
                let booked = opens + making.supplier(1.0, &truth, opens);
                queue.push(Reverse((booked, products.len(), 1, opens)));
                products.push((truth, made));
            }
        }
        while let Some(Reverse((booked, index, attempt, since))) = queue.pop() {
            let Some((truth, made)) = products.get_mut(index) else { continue };
            if let Some(next) = making.test(truth, made, (booked, attempt, since)) {
                queue.push(Reverse((next.0, index, attempt + 1, next.1)));
            }
        }
        let products = products.into_iter().map(|(truth, made)| making.papers(&truth, made)).collect();
        Self { axis: making.axis, products, dates: making.dates }
    }
}

/// The work of inventing.
struct Making {
    axis: Axis,
    busy: f64,
    dice: Dice,
    dates: Vec<TestDate>,
}

/// The usual working days for the first answers of a section.
const fn answers(section: Section) -> f64 {
    match section {
        Section::DataSecurity => 3.0,
        Section::ClinicalRisk => 5.0,
        Section::ServiceManagement => 2.5,
        Section::MedicalDevice => 2.0,
        Section::CoreConformance => 3.5,
        Section::Cis2Conformance => 4.0,
    }
}

impl Making {
    /// Two dates on most Tuesdays and Thursdays.
    fn publish(&mut self) {
        for on in 0..self.axis.len() {
            let weekday = self.axis.date(on).weekday().num_days_from_monday();
            for _ in 0..2 {
                if matches!(weekday, 1 | 3) && self.dice.chance(0.85) {
                    self.dates.push(TestDate { on, taken: None });
                }
            }
        }
    }

    /// Working days that a supplier takes; around the new year often more.
    fn supplier(&mut self, usual: f64, truth: &Truth, from: u32) -> u32 {
        let stalls = if self.dice.chance(0.05) { 2.5 } else { 1.0 };
        let days = self.dice.gamma(usual * truth.slower * stalls);
        let date = self.axis.date(from + days);
        let is_holiday = (date.month() == 12 && date.day() > 18) || (date.month() == 1 && date.day() < 4);
        days + if is_holiday && self.dice.chance(0.5) { 5 } else { 0 }
    }

    /// Working days that the team takes: more in some months, and often on the last day of what it promised.
    fn team(&mut self, usual: f64, from: u32) -> u32 {
        let season = f64::from(self.axis.date(from).ordinal()) / 365.0 * std::f64::consts::TAU;
        let days = self.dice.gamma(usual * self.busy * (1.0 + 0.35 * season.sin()));
        if days > 5 && self.dice.chance(0.7) { 5 } else { days }
    }

    /// A product with its sections, and the day on which its test can be booked.
    fn product(&mut self, started: u32) -> (Truth, Made, u32) {
        let staller = if self.dice.chance(0.1) { 1.7 } else { 1.0 };
        let slower = (0.65 * self.dice.normal()).exp() * staller;
        let careless = 0.1 + 0.6 * self.dice.between(0.0, 1.0).powi(2);
        let truth = Truth { slower, careless, is_moving: self.dice.chance(0.4) };
        let needs_signature = !(truth.is_moving && self.dice.chance(0.5));
        let mut made = Made { is_moving: truth.is_moving, needs_signature, started, finished: started, steps: Vec::new() };
        let mut opens = started;
        for section in Section::ALL {
            let harder = if truth.is_moving && section.stage() == Stage::Technical { 1.4 } else { 1.0 };
            let sent = started + self.supplier(answers(*section) * harder, &truth, started);
            made.done(What::Answers(*section), 1, (started, sent), false);
            if section.stage() == Stage::Technical {
                opens = opens.max(sent);
            }
            self.reviews(*section, sent, (&truth, &mut made));
        }
        (truth, made, opens)
    }

    fn reviews(&mut self, section: Section, sent: u32, (truth, made): (&Truth, &mut Made)) {
        let (mut day, mut round) = (sent, 1);
        loop {
            let replied = day + self.team(if round > 1 { 1.6 } else { 2.5 }, day);
            let again = round < 6 && self.dice.chance(if round > 1 { truth.careless * 0.6 } else { truth.careless });
            made.done(What::Review(section), round, (day, replied), again);
            if !again {
                break;
            }
            day = replied + self.supplier(3.0, truth, replied);
            made.done(What::Feedback(section), round, (replied, day), false);
            round += 1;
        }
    }

    /// Takes a date and holds the test; the day of the next booking and since when it was due, if it has to be repeated.
    fn test(&mut self, truth: &Truth, made: &mut Made, (booked, attempt, since): (u32, u32, u32)) -> Option<(u32, u32)> {
        let wanted = self.axis.earliest_test(booked) + self.dice.gamma(1.0);
        let moved = self.dice.chance(0.05);
        let failed = self.dice.chance(0.05 + 0.25 * truth.careless);
        let free = self.dates.iter_mut().find(|d| d.on >= wanted && d.taken.is_none_or(|(_, until)| until < booked));
        let on = free.as_ref().map_or(wanted, |d| d.on);
        let until = if moved { on.saturating_sub(3).max(booked) } else { on };
        if let Some(date) = free {
            date.taken = Some((booked, if moved { until } else { u32::MAX }));
        }
        let again = attempt < 5 && (moved || failed);
        made.done(What::Booking, attempt, (since, booked), false);
        made.done(What::Test, attempt, (booked, until), again);
        if let Some(last) = made.steps.last_mut() {
            last.booked = Some(on);
        }
        again.then(|| (until + if moved { 0 } else { self.supplier(4.0, truth, until) }, until))
    }

    /// Certificate and agreement, and with them the day of assurance.
    fn papers(&mut self, truth: &Truth, mut made: Made) -> Made {
        let last = |stage: Stage, made: &Made| {
            let of = made.steps.iter().filter(|s| s.what.section().is_some_and(|section| section.stage() == stage));
            of.map(|s| s.until).max().unwrap_or(made.started)
        };
        let test = made.steps.iter().filter(|s| s.what == What::Test).map(|s| s.until).max().unwrap_or(made.started);
        let ready = last(Stage::Technical, &made).max(test);
        let certified = ready + self.team(2.0, ready);
        made.done(What::Certificate, 1, (ready, certified), false);
        let named = made.started + self.supplier(4.0, truth, made.started);
        made.done(What::Signatory, 1, (made.started, named), false);
        let accepted = last(Stage::NonFunctional, &made);
        let may = accepted.max(named);
        let mut day = may + self.team(2.0, may);
        made.done(What::AgreementIssue, 1, (may, day), false);
        let mut number = 1;
        while made.needs_signature {
            let signed = day + self.supplier(3.0, truth, day);
            made.done(What::Signature, number, (day, signed), false);
            day = signed + self.team(1.8, signed);
            let again = number < 4 && self.dice.chance(0.06);
            made.done(What::SignedCopy, number, (signed, day), again);
            number += 1;
            if !again {
                break;
            }
        }
        made.finished = certified.max(day).max(accepted);
        made
    }
}

impl Made {
    fn done(&mut self, what: What, round: u32, (from, until): (u32, u32), again: bool) {
        self.steps.push(Past { what, round, from, until, again, booked: None });
    }
}
