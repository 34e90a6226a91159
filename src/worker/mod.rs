//! The worker delivers: it claims what is due in the outbox, sends it, and says so or tries later.

use std::time::Duration;

use anyhow::anyhow;
use lettre::message::Mailbox;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::error::Error;
use crate::store::Db;
use crate::store::outbox::{LEASE_SECONDS, Letter};

pub mod due;
pub mod finish;
pub mod forecast;
pub mod letter;
pub mod mail;
pub mod recount;
mod replies;
mod sweep;
mod tally;

/// Longest time for sending one message, in seconds; well within the lease.
const LONGEST_SECONDS: i64 = 40;

/// Delivers what is in the outbox. Several may run at once, in one process or in many.
#[derive(Clone)]
pub struct Worker {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Makes texts and links.
    pub writer: letter::Writer,
    /// Where messages go.
    pub transport: mail::Transport,
    /// Sender.
    pub from: Mailbox,
}

impl Worker {
    /// Claims and sends one batch. Returns how many messages were claimed.
    ///
    /// # Errors
    /// Only when the database fails; a message that cannot be sent is kept for later.
    pub async fn step(&self) -> Result<usize, Error> {
        let claimed_at = self.clock.now();
        let batch = self.db.claim_mail(claimed_at).await?;
        for (number, letter) in batch.iter().enumerate() {
            if (self.clock.now() - claimed_at).num_seconds() >= LEASE_SECONDS - LONGEST_SECONDS {
                // The lease could run out before the next one is sent, and then somebody else would send it as well.
                self.db.mail_untried(batch.get(number..).unwrap_or_default(), self.clock.now()).await?;
                break;
            }
            match self.send(letter).await {
                Ok(()) => self.db.mail_sent(letter.id, self.clock.now()).await?,
                Err(error) => {
                    tracing::warn!(mail.id = %letter.id, mail.attempts = letter.attempts, error = %error, "a message could not be sent");
                    self.db.mail_failed(letter, &format!("{error:#}"), self.clock.now()).await?;
                }
            }
        }
        Ok(batch.len())
    }

    /// Writes and sends one message, or gives up while its lease still lasts.
    async fn send(&self, letter: &Letter) -> anyhow::Result<()> {
        let text = self.writer.write(letter)?;
        let longest = Duration::from_secs(LONGEST_SECONDS.unsigned_abs());
        let sent = tokio::time::timeout(longest, self.transport.send(&self.from, letter, &text)).await;
        sent.unwrap_or_else(|_| Err(anyhow!("The mail server took longer than {LONGEST_SECONDS} seconds")))
    }

    /// Delivers until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut reminders = due::Rounds::default();
        let mut tallies = tally::Tallies::default();
        let mut sweeps = sweep::Sweeps::default();
        let mut forecasts = forecast::Forecasts::default();
        let mut calendar = 0;
        while !*stop.borrow() {
            self.recount_when_changed(&mut calendar).await;
            self.remind_now_and_then(&mut reminders).await;
            self.tally_now_and_then(&mut tallies).await;
            self.let_replies_leave_soon().await;
            self.sweep_now_and_then(&mut sweeps).await;
            let has_more = self.forecast_now_and_then(&mut forecasts).await;
            let pause = match self.step().await {
                Ok(0) if !has_more => Duration::from_secs(2),
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(error = %error, "the worker could not read the outbox");
                    Duration::from_secs(5)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
    }
}
