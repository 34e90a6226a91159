//! Reminders, looked for now and then: what is due is worked out anew each time, so nothing is lost while nobody looks.

use std::time::Duration;

use tokio::time::Instant;

use super::Worker;
use crate::error::Error;

/// Time from one look to the next.
const EVERY: Duration = Duration::from_mins(5);

/// When the last look was.
#[derive(Debug, Default)]
pub struct Rounds(Option<Instant>);

impl Worker {
    /// Writes the reminders that are due into the outbox, each once. Returns how many there were.
    ///
    /// # Errors
    /// Only when the database fails; what was not written is still due.
    pub async fn remind(&self) -> Result<usize, Error> {
        self.db.remind(self.writer.rules.calendar(), self.clock.now()).await
    }

    /// Looks for reminders at the start and every few minutes.
    pub(super) async fn remind_now_and_then(&self, rounds: &mut Rounds) {
        if rounds.0.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        rounds.0 = Some(Instant::now());
        if let Err(error) = self.remind().await {
            tracing::error!(error = %error, "the worker could not write reminders");
        }
    }
}
