//! When a product in progress will be assured: a range of dates, from simulating what is left.
//!
//! Each run takes a finished product of the same kind as its pattern, rolls for every step that is left, and walks them in
//! working days, with what is fixed already. `docs/forecast.md` says how, and how well it holds.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

mod ahead;
pub mod axis;
mod drivers;
pub mod experience;
mod fit;
pub mod fold;
pub mod leg;
mod lot;
mod outlook;
mod published;
pub mod seed;
mod spread;
pub mod way;

#[cfg(test)]
mod tests;

pub use self::ahead::{Coming, Held, MonthAhead};
pub use self::axis::Axis;
pub use self::drivers::Driver;
pub use self::experience::{Experience, Finished, Taken};
pub use self::fold::{Happened, Past, steps};
pub use self::seed::Seed;
pub use self::way::{Step, Way};

use self::lot::Lot;
use self::outlook::Outlook;
use crate::domain::waits::What;
use crate::words;

/// Runs of one forecast.
const RUNS: u32 = 1_000;
/// Of how many runs one measures what would move the date.
const MEASURED: u32 = 4;
/// Of how many runs of equal weight the weights of all are worth at least.
const ENOUGH_RUNS: f64 = 40.0;
/// From how many finished products on the published time no longer counts.
pub const ENOUGH: u32 = 10;

/// What a forecast rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The published 2 to 12 weeks: no product that was added at least 12 weeks ago has finished.
    Published,
    /// Some of both, by how many of those have finished; fewer than [`ENOUGH`].
    Blend {
        /// All finished products that were looked at.
        finished: u32,
    },
    /// Finished products.
    Finished {
        /// All finished products that were looked at.
        finished: u32,
    },
}

impl Basis {
    /// A sentence for people.
    #[must_use]
    pub fn sentence(self) -> String {
        let products = |finished: u32| words::counted(finished as usize, "finished product");
        match self {
            Self::Published => {
                "Too few products have finished yet to learn from, so this rests on the usual 2 to 12 weeks.".to_owned()
            }
            Self::Blend { finished } => format!("This rests on the usual 2 to 12 weeks and on {}.", products(finished)),
            Self::Finished { finished } => format!("This rests on {}.", products(finished)),
        }
    }
}

/// What is known on a day about products of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge {
    published: Experience,
    learned: Experience,
}

impl Knowledge {
    /// What is published, and what was learned.
    #[must_use]
    pub fn new(learned: Experience) -> Self {
        Self { published: Experience::published(), learned }
    }

    /// What forecasts rest on.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        let finished = self.learned.finished();
        match self.learned.telling {
            0 => Basis::Published,
            1..ENOUGH => Basis::Blend { finished },
            _ => Basis::Finished { finished },
        }
    }

    /// In which share of the runs what was learned counts: it grows with each finished product.
    fn share(&self) -> f64 {
        f64::from(self.learned.telling.min(ENOUGH)) / f64::from(ENOUGH)
    }
}

/// When a product will be assured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Assured by this day with a chance of 1 in 10: hardly before.
    pub one_in_ten: NaiveDate,
    /// With a chance of 5 in 10: the middle.
    pub five_in_ten: NaiveDate,
    /// With a chance of 9 in 10.
    pub nine_in_ten: NaiveDate,
    /// What would move the date most if it went quickly; at most three, the most first.
    pub drivers: Vec<Driver>,
    /// What it rests on.
    pub basis: Basis,
}

impl Forecast {
    /// The range that people are shown.
    #[must_use]
    pub const fn likely(&self) -> Likely {
        Likely { from: self.five_in_ten, until: self.nine_in_ten }
    }
}

/// When a product is likely to finish: from the day of 5 in 10 to that of 9 in 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likely {
    /// With a chance of 5 in 10 it has finished by this day.
    pub from: NaiveDate,
    /// With a chance of 9 in 10 by this one.
    pub until: NaiveDate,
}

/// A range that moves by less is taken to be where it was: chance moves it by a day or two, a weekend by two more.
const MOVED_DAYS: i64 = 7;

impl Likely {
    /// In a sentence: "between 11 May and 1 June 2026", "by 11 May 2026".
    #[must_use]
    pub fn words(&self) -> String {
        let until = words::short_date(self.until);
        if self.from == self.until { format!("by {until}") } else { format!("between {} and {until}", self.first()) }
    }

    /// On its own: "11 May to 1 June 2026".
    #[must_use]
    pub fn range(&self) -> String {
        let until = words::short_date(self.until);
        if self.from == self.until { until } else { format!("{} to {until}", self.first()) }
    }

    /// The sentence for the supplier.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("At your current pace you\u{2019}ll finish {}.", self.words())
    }

    /// Whether it lies elsewhere than an earlier range: one of its ends by a week or more.
    #[must_use]
    pub fn has_moved_from(&self, earlier: &Self) -> bool {
        let by = |one: NaiveDate, other: NaiveDate| (one - other).num_days().abs();
        by(self.from, earlier.from).max(by(self.until, earlier.until)) >= MOVED_DAYS
    }

    /// The first day, without what it shares with the last.
    fn first(&self) -> String {
        shorter(self.from, self.until)
    }
}

/// A range as it was shown from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The day.
    pub on: NaiveDate,
    /// The range.
    pub likely: Likely,
}

/// The last range, if it has moved from the one that was shown on a day. Ranges come oldest first.
#[must_use]
pub fn moved(shown: &[Shown], since: NaiveDate) -> Option<Likely> {
    let earlier = shown.iter().rev().find(|s| s.on <= since)?;
    shown.last().map(|s| s.likely).filter(|last| last.has_moved_from(&earlier.likely))
}

/// A date, without what it shares with a later one.
fn shorter(date: NaiveDate, later: NaiveDate) -> String {
    match (date.year() == later.year(), date.month() == later.month()) {
        (true, true) => date.day().to_string(),
        (true, false) => format!("{}\u{a0}{}", date.day(), date.format("%B")),
        (false, _) => words::short_date(date),
    }
}

/// Forecasts the day on which a product is assured. The same way, axis, knowledge and seed give the same answer.
#[must_use]
pub fn forecast(way: &Way, axis: &Axis, knowledge: &Knowledge, seed: Seed) -> Forecast {
    let candidates = drivers::candidates(way);
    let outlooks = [&knowledge.learned, &knowledge.published].map(|experience| Outlook::new(experience, &way.taken));
    let [learned, published] = &outlooks;
    let (mut ends, mut weights, mut savings) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        let seed = seed.with(u64::from(run));
        let outlook = if seed.roll(1) < knowledge.share() { learned } else { published };
        let lot = Lot::new(way, outlook.experience(), outlook.pace(seed), seed);
        let day = lot.finish(way, axis, None);
        if run % MEASURED == 0 {
            let saved = |(what, _): &(What, bool)| f64::from(day - lot.finish(way, axis, Some(*what)).min(day));
            savings.push((ends.len(), candidates.iter().map(saved).collect()));
        }
        ends.push(day);
        weights.push(lot.weight);
    }
    let weights = evened(weights);
    let mut days = Days::new(axis);
    for (day, weight) in ends.into_iter().zip(&weights) {
        days.add(day, *weight);
    }
    let drivers = biggest(&candidates, &savings, &weights);
    let date = |share: f64| axis.date(days.quantile(share));
    Forecast { one_in_ten: date(0.1), five_in_ten: date(0.5), nine_in_ten: date(0.9), drivers, basis: knowledge.basis() }
}

/// What saves most on average; each saving is that of a run, by its number, in the order of the candidates.
fn biggest(candidates: &[(What, bool)], savings: &[(usize, Vec<f64>)], weights: &[f64]) -> Vec<Driver> {
    let (mut sums, mut measured) = (vec![0.0; candidates.len()], 0.0);
    for (run, of_run) in savings {
        let weight = weights.get(*run).copied().unwrap_or_default();
        measured += weight;
        for (sum, days) in sums.iter_mut().zip(of_run) {
            *sum += weight * days;
        }
    }
    let all = candidates.iter().zip(sums).map(|((what, is_open), sum)| {
        let days = if measured > 0.0 { sum / measured } else { 0.0 };
        Driver { what: *what, is_open: *is_open, saves: whole(days + 0.5) }
    });
    let mut drivers: Vec<Driver> = all.filter(|d| d.saves > 0).collect();
    drivers.sort_by_key(|d| std::cmp::Reverse(d.saves));
    drivers.truncate(3);
    drivers
}

/// Evens weights out until they are worth [`ENOUGH_RUNS`] equal ones. Where steps have lasted longer than almost any run
/// would have it, very few runs would carry all the weight otherwise, and their days would pass for all that can happen.
fn evened(mut weights: Vec<f64>) -> Vec<f64> {
    let most = weights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    for weight in &mut weights {
        *weight /= most;
    }
    loop {
        let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
        if sum * sum >= ENOUGH_RUNS * squares || weights.len() < 2 {
            return weights;
        }
        for weight in &mut weights {
            *weight = weight.sqrt();
        }
    }
}

/// On which days the runs finished.
struct Days {
    weights: Vec<f64>,
}

impl Days {
    fn new(axis: &Axis) -> Self {
        Self { weights: vec![0.0; axis.len().max(1) as usize] }
    }

    fn add(&mut self, day: u32, weight: f64) {
        let last = self.weights.len() - 1;
        if let Some(sum) = self.weights.get_mut(last.min(day as usize)) {
            *sum += weight;
        }
    }

    /// The day by which a share of all has finished: of the two around it, the nearer one.
    fn quantile(&self, share: f64) -> u32 {
        let wanted = share * self.weights.iter().sum::<f64>();
        let (mut before, mut day, mut earlier) = (0.0, 0, None);
        for weight in &self.weights {
            let until = before + weight;
            if until >= wanted && *weight > 0.0 {
                return earlier.filter(|_| wanted - before < until - wanted).unwrap_or(day);
            }
            if *weight > 0.0 {
                earlier = Some(day);
            }
            before = until;
            day += 1;
        }
        earlier.unwrap_or(0)
    }
}

/// The whole part of a number, from 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and a million before")]
fn whole(number: f64) -> u32 {
    number.clamp(0.0, 1_000_000.0) as u32
}
