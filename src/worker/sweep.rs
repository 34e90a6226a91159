//! What is over, deleted now and then: posts that were kept for an hour, who had a page open, sessions that ran out.

use std::time::Duration;

use tokio::time::Instant;

use super::Worker;
use crate::error::Error;

/// Time from one look to the next.
const EVERY: Duration = Duration::from_mins(1);

/// When the last look was.
#[derive(Debug, Default)]
pub struct Sweeps(Option<Instant>);

impl Worker {
    /// Deletes what is over. Returns how many kept posts.
    ///
    /// # Errors
    /// Only when the database fails; what is over is not shown to anybody meanwhile.
    pub async fn sweep(&self) -> Result<u64, Error> {
        self.db.sweep(self.clock.now()).await
    }

    /// Deletes at the start and every minute.
    pub(super) async fn sweep_now_and_then(&self, sweeps: &mut Sweeps) {
        if sweeps.0.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        sweeps.0 = Some(Instant::now());
        if let Err(error) = self.sweep().await {
            tracing::error!(error = %error, "the worker could not delete what is over");
        }
    }
}
