//! The time that steps take before products have finished here: a stated guess, whose whole is what is published.

use super::experience::{Experience, Pattern};
use super::fit::log_days;
use super::leg::{Leg, PerLeg, PerSection};
use super::spread::Spread;
use crate::domain::section::Turn;

/// Of how many imagined products the guess is made, and a number without a common divisor that mixes them.
const PRODUCTS: u32 = 41;
const MIX: u32 = 16;
/// How far the paces of suppliers and of the team lie apart: the deviation of a logarithm.
const PACE: [f64; 2] = [0.8, 0.2];
/// How far chance moves what they do, likewise.
const CHANCE: [f64; 2] = [0.65, 0.45];

/// The usual working days of a step, and how often it has to be done again.
const fn guess(leg: Leg) -> (u32, f64) {
    match leg {
        Leg::FirstReview => (3, 0.5),
        Leg::LaterReview => (2, 0.25),
        Leg::Feedback | Leg::Doubt | Leg::Signature => (3, 0.0),
        Leg::Answers | Leg::Booking | Leg::Rebooking | Leg::DateWish | Leg::AgreementIssue => (2, 0.0),
        Leg::Certificate | Leg::Signatory => (1, 0.0),
        Leg::SignedCopy => (1, 0.05),
        Leg::Test => (0, 0.12),
    }
}

/// The guess: together, most products finish within 2 to 12 weeks (NHS England, "Get your software assured").
pub(super) fn experience() -> Experience {
    let ([supplier, team], [of_supplier, of_team]) = (PACE, CHANCE);
    let (suppliers, teams) = (Spread::logistic(supplier), Spread::logistic(team));
    let share = |n: u32| (f64::from(n % PRODUCTS) + 0.5) / f64::from(PRODUCTS);
    let pattern = |n: u32| Pattern { weight: 1.0, pace: [suppliers.at(share(n)), teams.at(share(n * MIX))], returns: 1.0 };
    Experience {
        finished: 0,
        telling: 0,
        usual: PerLeg::new(|leg| log_days(guess(leg).0)),
        lean: PerLeg::new(|_| PerSection::new(|_| 0.0)),
        chance: PerLeg::new(|leg| Spread::logistic(if leg.turn() == Turn::Team { of_team } else { of_supplier })),
        again: PerLeg::new(|leg| guess(leg).1),
        noise: [of_supplier * of_supplier, of_team * of_team],
        around: [0.0; 2],
        patterns: (0..PRODUCTS).map(pattern).collect(),
    }
    .smoothed()
}
