//! The worker delivers: it claims what is due in the outbox, sends it, and says so or tries later.

use std::time::Duration;

use lettre::message::Mailbox;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::error::Error;
use crate::store::Db;

pub mod mail;

/// Delivers what is in the outbox. Several may run at once, in one process or in many.
#[derive(Clone)]
pub struct Worker {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Makes texts and links.
    pub writer: mail::Writer,
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
        let batch = self.db.claim_mail(self.clock.now()).await?;
        for letter in &batch {
            let sent = match self.writer.write(letter) {
                Ok(text) => self.transport.send(&self.from, letter, &text).await,
                Err(error) => Err(error),
            };
            match sent {
                Ok(()) => self.db.mail_sent(letter.id, self.clock.now()).await?,
                Err(error) => {
                    tracing::warn!(mail.id = %letter.id, mail.attempts = letter.attempts, error = %error, "a message could not be sent");
                    self.db.mail_failed(letter, &format!("{error:#}"), self.clock.now()).await?;
                }
            }
        }
        Ok(batch.len())
    }

    /// Delivers until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.step().await {
                Ok(0) => Duration::from_secs(2),
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
