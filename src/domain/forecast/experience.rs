//! What finished products teach about the time that steps take.

use chrono::NaiveDate;

use super::fit::{self, Fit};
use super::leg::{Leg, PerLeg, PerSection};
use super::published;
use super::spread::Spread;
use crate::domain::catalogue::Section;
use crate::domain::section::Turn;

/// A step that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What kind of step.
    pub leg: Leg,
    /// In which section, if in one.
    pub section: Option<Section>,
    /// Working days from the day of its beginning, which is not counted, to the day of its end; pauses left out. For a test,
    /// the working days after the earliest day that the notice allows.
    pub days: u32,
    /// Whether it had to be done again: a review that asked for more, a test that was not passed or not held on the day that
    /// was booked, a signed copy that came back.
    pub again: bool,
}

/// A product that is assured, as an example for others of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The day on which it was added.
    pub started: NaiveDate,
    /// The day on which it became assured.
    pub finished: NaiveDate,
    /// Its steps.
    pub taken: Vec<Taken>,
}

/// How quick a finished product was, compared with others, step for step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pattern {
    /// How much it counts.
    pub weight: f64,
    /// By which factor its steps were slower than usual, as a logarithm: supplier, team.
    pub pace: [f64; 2],
    /// By which factor its reviews asked for more than usual.
    pub returns: f64,
}

/// What is known of the time that steps take, learned from finished products of one kind.
///
/// The days of a step are what is usual for its leg and its section, times the pace of whoever takes it, times chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Experience {
    pub(super) finished: u32,
    /// How many of them say something of all: those that were added so long ago that slow ones have finished too.
    pub(super) telling: u32,
    /// The logarithm of the usual days.
    pub(super) usual: PerLeg<f64>,
    /// What a section adds to it.
    pub(super) lean: PerLeg<PerSection<f64>>,
    /// Chance, as the logarithm of a factor.
    pub(super) chance: PerLeg<Spread>,
    /// How often the step has to be done again.
    pub(super) again: PerLeg<f64>,
    /// Variance of chance: supplier, team.
    pub(super) noise: [f64; 2],
    /// Variance of the pace around that of a pattern: supplier, team.
    pub(super) around: [f64; 2],
    pub(super) patterns: Vec<Pattern>,
}

impl Experience {
    /// What is published: most products take 2 to 12 weeks (NHS England, "Get your software assured").
    #[must_use]
    pub fn published() -> Self {
        published::experience()
    }

    /// What finished products of one kind teach on a day. `started` holds the days on which all products of the kind were
    /// added, finished or not: a slow product has had less chance to be among the finished, so it counts for more.
    #[must_use]
    pub fn learn(finished: &[Finished], started: &[NaiveDate], today: NaiveDate) -> Self {
        let weights: Vec<f64> = finished.iter().map(|f| weight(f, started, today)).collect();
        let telling = finished.iter().filter(|f| (today - f.started).num_days() >= LONG).count();
        Self { telling: u32::try_from(telling).unwrap_or(u32::MAX), ..Fit::new(finished, &weights).experience() }
    }

    /// From how many finished products it was learned.
    #[must_use]
    pub const fn finished(&self) -> u32 {
        self.finished
    }

    /// The logarithm of the days that are usual for a leg in a section.
    pub(super) fn usual(&self, leg: Leg, section: Option<Section>) -> f64 {
        self.usual.of(leg) + section.map_or(0.0, |s| *self.lean.of(leg).of(s))
    }
}

/// Days after which most products have finished: 12 weeks (NHS England, "Get your software assured").
const LONG: i64 = 84;
/// The most that one product counts for.
const MOST: f64 = 6.0;

/// One divided by the share of products that began early enough to be finished by now, had they taken as long.
fn weight(one: &Finished, started: &[NaiveDate], today: NaiveDate) -> f64 {
    let latest = today - (one.finished - one.started);
    let (early, all) = (started.iter().filter(|s| **s <= latest).count(), started.len());
    (fit::number(all) / fit::number(early.max(1))).clamp(1.0, MOST)
}

/// The place of a party in a pair; `None` for what nobody hurries.
pub(super) const fn place(turn: Turn) -> Option<usize> {
    match turn {
        Turn::Supplier => Some(0),
        Turn::Team => Some(1),
        Turn::Nobody => None,
    }
}
