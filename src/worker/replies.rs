//! Replies of the assurance team leave when the time to undo them is over.

use super::Worker;
use crate::act;
use crate::error::Error;

impl Worker {
    /// Lets every reply leave whose time has come: the section goes back or is accepted, and people are told. Returns how
    /// many there were.
    ///
    /// # Errors
    /// Only when the database fails. One that fails does not hold the others up, and is still due.
    pub async fn let_replies_leave(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let (mut number, mut failed) = (0, None);
        for of in self.db.replies_due(now).await? {
            match act::let_reply_leave(&self.db, &self.writer.rules, of, now).await {
                Ok(has_left) => number += usize::from(has_left),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(number), Err)
    }

    /// The same, at every look of the worker.
    pub(super) async fn let_replies_leave_soon(&self) {
        if let Err(error) = self.let_replies_leave().await {
            tracing::error!(error = %error, "the worker could not let replies leave");
        }
    }
}
