//! Finishes certificates that a crash left open: at the start, and now and then.

use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;
use crate::error::Error;
use crate::issue::Issuer;

/// How long between two looks.
const PAUSE: Duration = Duration::from_secs(30);

/// Finishes or voids certificates that were prepared and not issued. Several may run at once, in one process or in many.
#[derive(Clone)]
pub struct Finisher {
    /// Issues.
    pub issuer: Issuer,
    /// The clock.
    pub clock: Clock,
}

impl Finisher {
    /// At the start: nobody in this process is issuing, so everything that is open is finished. Another process that is
    /// issuing the same one makes the same bytes, and one of both commits.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub async fn begin(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        self.issuer.finish_open(now, now).await
    }

    /// Finishes what has been open for longer than issuing takes. Returns how many there were.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub async fn step(&self) -> Result<usize, Error> {
        self.issuer.finish_late(self.clock.now()).await
    }

    /// Looks until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut looked = self.begin().await;
        while !*stop.borrow() {
            if let Err(error) = looked {
                tracing::error!(error = %error, "certificates that were left open could not be finished");
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => return,
            }
            looked = self.step().await;
        }
    }
}
