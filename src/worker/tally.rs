//! Finished days, added up now and then for the reports. What was missed is made up for at the next look.

use std::time::Duration;

use tokio::time::Instant;

use super::Worker;
use crate::error::Error;

/// Time from one look to the next.
const EVERY: Duration = Duration::from_mins(10);

/// When the last look was.
#[derive(Debug, Default)]
pub struct Tallies(Option<Instant>);

impl Worker {
    /// Adds up every finished day that was not added up yet. Returns how many days.
    ///
    /// # Errors
    /// Only when the database fails; what was not added up is read as it is, and tried again.
    pub async fn tally(&self) -> Result<u64, Error> {
        self.db.tally(self.clock.now()).await
    }

    /// Adds up at the start and every few minutes.
    pub(super) async fn tally_now_and_then(&self, tallies: &mut Tallies) {
        if tallies.0.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        tallies.0 = Some(Instant::now());
        if let Err(error) = self.tally().await {
            tracing::error!(error = %error, "the worker could not add up finished days");
        }
    }
}
