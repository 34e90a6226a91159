//! The calendar of this process, read anew every few seconds, and the promises that a change of it moves.

use super::Worker;
use crate::domain::actor::Actor;
use crate::domain::calendar::london_date;
use crate::domain::product::Product;
use crate::domain::recount::recounted;
use crate::error::Error;

/// Days after a changed day on which products are still looked for that were counted without it.
const LOOK_BACK: u64 = 31;

impl Worker {
    /// Reads the calendar as it is in the database. Returns its edition.
    ///
    /// # Errors
    /// Only when the database fails; the calendar stays as it was.
    pub async fn read_calendar(&self) -> Result<u32, Error> {
        self.writer.rules.renew(&self.db.calendar().await?);
        Ok(self.writer.rules.calendar().edition())
    }

    /// Moves every open promise that was counted with an older calendar, and tells the people whom it concerns. Returns how
    /// many products moved.
    ///
    /// # Errors
    /// As [`Worker::read_calendar`]; what was not moved is moved at the next look.
    #[expect(clippy::disallowed_methods, reason = "the calendar moves promises, and nobody else")]
    pub async fn recount(&self) -> Result<usize, Error> {
        let edition = self.read_calendar().await?;
        let (rules, now) = (&self.writer.rules, self.clock.now());
        let Some(from) = rules.calendar().first_change(london_date(now) - chrono::Days::new(LOOK_BACK)) else { return Ok(0) };
        let decide = |product: &Product| Ok(recounted(&rules.setting(product, now)?, product).map(|d| d.counted_by(edition)));
        let number = Box::pin(self.db.recount(&decide, (edition, from), (&Actor::worker(), now))).await?;
        self.let_go().await?;
        Ok(number)
    }

    /// Looks every few seconds whether the calendar has changed, and moves promises if it has.
    pub(super) async fn recount_when_changed(&self, last: &mut u32) {
        let done = match self.read_calendar().await {
            Ok(edition) if edition == *last => return,
            Ok(edition) => self.recount().await.map(|_| edition),
            Err(error) => Err(error),
        };
        match done {
            Ok(edition) => *last = edition,
            Err(error) => tracing::error!(error = %error, "the worker could not move promises to a changed calendar"),
        }
    }
}
