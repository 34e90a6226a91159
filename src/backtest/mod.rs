//! Measures forecasts on invented programmes: how often the dates of 5 in 10 and of 9 in 10 hold.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::calendar::Calendar;
use crate::domain::forecast::{Basis, Seed, forecast};

pub mod dice;
mod known;
mod programme;

use self::known::Morning;
use self::programme::{ADDED_DAYS, Programme};

/// Working days after the last product was added for which forecasts are measured.
const AFTER: u32 = 100;
/// Weeks from this one on are counted together.
const LAST_WEEK: u32 = 13;

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

    fn row(&self, name: &str) -> String {
        let (five, nine) = self.percent();
        format!("| {name} | {} | {five:.1}% | {nine:.1}% |\n", self.forecasts)
    }
}

/// What forecasts rested on, as the table tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rests {
    /// On what is published alone.
    Published,
    /// On that and on finished products.
    Blend,
    /// On fewer than 50 finished products.
    Some,
    /// On 50 finished products or more.
    Many,
}

impl Rests {
    const fn on(basis: Basis) -> Self {
        match basis {
            Basis::Published => Self::Published,
            Basis::Blend { .. } => Self::Blend,
            Basis::Finished { finished: ..50 } => Self::Some,
            Basis::Finished { .. } => Self::Many,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Published => "The published time alone",
            Self::Blend => "That and finished products",
            Self::Some => "Up to 49 finished products",
            Self::Many => "50 finished products or more",
        }
    }
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// All forecasts.
    pub all: Held,
    /// By what they rested on.
    pub by_basis: BTreeMap<Rests, Held>,
    /// By the week after the product was added, from 0; the last holds all later ones.
    pub by_week: BTreeMap<u32, Held>,
}

impl Measured {
    /// Invents programmes and forecasts their products in progress on every so many weeks' Mondays or the day after.
    #[must_use]
    pub fn new(seed: Seed, programmes: u32, weeks: u32) -> Self {
        let calendar = Calendar::england();
        let mut measured = Self::default();
        for number in 0..programmes {
            let seed = seed.with(u64::from(number));
            // Programmes begin in different months, so that no season has a part of its own.
            let first = NaiveDate::from_ymd_opt(2023, 1 + number * 5 % 12, 3).unwrap_or_default();
            let programme = Programme::new(&calendar, first, seed);
            let mut day = 5;
            while day < ADDED_DAYS + AFTER {
                measured.morning(&Morning { programme: &programme, calendar: &calendar, day }, seed.with(u64::from(day)));
                day += 5 * weeks.max(1);
            }
        }
        measured
    }

    fn morning(&mut self, morning: &Morning<'_>, seed: Seed) {
        let axis = morning.axis();
        for is_moving in [false, true] {
            let knowledge = morning.knowledge(is_moving);
            let products = morning.programme.products.iter().zip(0..).filter(|(p, _)| p.is_moving == is_moving);
            for (product, number) in products.filter(|(p, _)| p.started < morning.day && p.finished >= morning.day) {
                let made = forecast(&morning.way(product), &axis, &knowledge, seed.with(number));
                let finished = morning.programme.axis.date(product.finished);
                let (five, nine) = (finished <= made.five_in_ten, finished <= made.nine_in_ten);
                let week = (morning.day - product.started) / 5;
                self.all.add(five, nine);
                self.by_basis.entry(Rests::on(made.basis)).or_default().add(five, nine);
                self.by_week.entry(week.min(LAST_WEEK)).or_default().add(five, nine);
            }
        }
    }

    /// The tables, as they stand in `docs/forecast.md`.
    #[must_use]
    pub fn tables(&self) -> String {
        let head = |name: &str| format!("| {name} | Forecasts | 5 in 10 held | 9 in 10 held |\n| --- | ---: | ---: | ---: |\n");
        let by_basis = self.by_basis.iter().map(|(rests, held)| held.row(rests.label()));
        let week = |week: u32| if week == LAST_WEEK { format!("{week} or later") } else { week.to_string() };
        let by_week = self.by_week.iter().map(|(number, held)| held.row(&week(*number)));
        let rests = head("What it rests on") + &by_basis.collect::<String>() + &self.all.row("All");
        format!("{rests}\n{}{}", head("Weeks since the product was added"), by_week.collect::<String>())
    }
}
