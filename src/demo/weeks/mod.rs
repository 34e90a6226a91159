//! The time machine of the demonstration: many weeks of a lively programme, by real commands with a moved clock.
//!
//! What a product waits for says what is done next and by whom; paces and chance say when. Everything that happens
//! stands in one agenda in the order of time, the worker's own rounds in between.

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use super::programme::Programme;
use crate::domain::forecast::Seed;
use crate::issue::Issuer;
use crate::secret;
use crate::worker::Worker;

mod agenda;
pub mod cast;
mod feedback;
mod firm;
mod hours;
mod papers;
mod rounds;
mod sections;
mod simulation;
mod team;
mod test_days;
mod work;

use self::rounds::Rounds;
use self::simulation::Simulation;

/// Weeks that are printed while they are made.
const PRINTED: u32 = 6;

/// What is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Weeks up to now.
    pub weeks: u32,
    /// Products that are added in them.
    pub products: u32,
    /// Where chance begins.
    pub seed: Seed,
    /// Whether the products of the small demonstration are there as well, as they are today.
    pub has_stories: bool,
}

impl Plan {
    /// A lively programme: 13 products in 5 weeks.
    #[must_use]
    pub const fn new(weeks: u32, seed: Seed) -> Self {
        Self { weeks, products: (weeks * 13).div_ceil(5), seed, has_stories: true }
    }
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// How often somebody did something.
    pub acts: u32,
    /// What was refused; it should be nothing.
    pub refused: Vec<String>,
}

/// Makes a programme that ends now; `tell` hears now and then which week has begun.
///
/// The same plan and moment make the same content: identifiers, times and texts.
///
/// # Errors
/// When the database or the disk fails.
pub async fn make(
    issuer: &Issuer,
    worker: &Worker,
    (now, plan): (DateTime<Utc>, Plan),
    tell: &dyn Fn(u32) -> anyhow::Result<()>,
) -> anyhow::Result<Made> {
    let begin = now - Duration::weeks(i64::from(plan.weeks));
    // Its people are there before it begins, and before the first of the small demonstration's products.
    let eve = begin - Duration::days(14);
    let since = if plan.has_stories { eve.min(now - Duration::days(120)) } else { eve };
    let making = async {
        let mut programme = Programme::new(issuer, (now, since)).await?;
        programme.join((cast::STAFF, cast::SUPPLIERS), since).await?;
        if plan.has_stories {
            Box::pin(programme.play()).await?;
        } else {
            programme.name_parties().await?;
        }
        let mut rounds = Rounds::new(worker, since);
        let simulation = Simulation::new(&programme, plan, (since, begin, now)).await?;
        Box::pin(simulation.run(&mut rounds, tell)).await
    };
    Box::pin(secret::repeatable(plan.seed, since, making)).await.context("The programme could not be made")
}
