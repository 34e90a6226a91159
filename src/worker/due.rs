//! Reminders, looked for now and then: what is due is worked out anew each time, so nothing is lost while nobody looks.

use std::time::Duration;

use chrono::{NaiveDate, NaiveTime, Timelike as _};
use tokio::time::Instant;

use super::Worker;
use crate::domain::calendar::london_date;
use crate::domain::forecast::Shown;
use crate::domain::notice::Notice;
use crate::domain::product::Product;
use crate::domain::reminder::reminders;
use crate::domain::slot::london_moment;
use crate::error::Error;
use crate::store::inbox::Held;
use crate::store::outbox::Letter;

/// Time from one look to the next.
const EVERY: Duration = Duration::from_mins(5);
/// Hour of the day, in Europe/London, from which reviewers are told what waits.
const MORNING: u32 = 8;
/// Hour from which the summary of the day is sent.
const EVENING: u32 = 17;
/// Reminders of one round that come one by one; more come as one message.
const FEW: usize = 3;
/// Lines of a summary; the inbox has the rest.
const LINES: usize = 20;

/// When the last look was, and the day of the last look at evidence.
#[derive(Debug, Default)]
pub struct Rounds {
    last: Option<Instant>,
    evidence: Option<NaiveDate>,
}

impl Worker {
    /// Writes the reminders that are due into the outbox, each once. Returns how many there were.
    ///
    /// # Errors
    /// Only when the database fails; what was not written is still due.
    pub async fn remind(&self) -> Result<usize, Error> {
        let (rules, now) = (&self.writer.rules, self.clock.now());
        let due = |product: &Product, shown: &[Shown]| Ok(reminders(&rules.setting(product, now)?, product, shown));
        let number = self.db.remind(&due, now).await?;
        self.let_go().await?;
        Ok(number)
    }

    /// The same for evidence that runs out: a look over all products, once a day.
    ///
    /// # Errors
    /// As [`Worker::remind`].
    pub async fn remind_of_evidence(&self) -> Result<usize, Error> {
        let (rules, now) = (&self.writer.rules, self.clock.now());
        let due = |product: &Product, shown: &[Shown]| Ok(reminders(&rules.setting(product, now)?, product, shown));
        let number = self.db.remind_of_evidence(rules.catalogue(rules.newest())?, &due, now).await?;
        self.let_go().await?;
        Ok(number)
    }

    /// Sends what was written in a round: one by one, or as one message to whoever would get many at once.
    pub(super) async fn let_go(&self) -> Result<(), Error> {
        let now = self.clock.now();
        for (person, letters) in self.db.held(Held::Round, now).await? {
            if letters.len() <= FEW {
                self.db.release(&letters, now).await?;
            } else {
                self.db.gather(person, &letters, &self.summary(&letters), now).await?;
            }
        }
        Ok(())
    }

    /// Tells reviewers in the morning of a working day what waits, once. Returns whether this call did.
    ///
    /// # Errors
    /// As [`Worker::remind`].
    pub async fn tell_of_new_work(&self) -> Result<bool, Error> {
        let now = self.clock.now();
        let is_time = hour(now) >= MORNING && self.writer.rules.calendar().is_working_day(london_date(now));
        if is_time { self.db.tell_of_new_work(now).await } else { Ok(false) }
    }

    /// Sends what people want to hear once a day, in the evening. Returns how many summaries were written.
    ///
    /// # Errors
    /// As [`Worker::remind`].
    pub async fn summarise(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let mut number = 0;
        let evening = NaiveTime::from_hms_opt(EVENING, 0, 0).and_then(|time| london_moment(london_date(now), time));
        let Some(evening) = evening.filter(|evening| *evening <= now) else { return Ok(number) };
        // What is written later in the evening belongs to the next day's summary.
        for (person, letters) in self.db.held(Held::Daily, evening).await? {
            if self.db.gather(person, &letters, &self.summary(&letters), now).await? {
                number += 1;
            }
        }
        Ok(number)
    }

    fn summary(&self, letters: &[Letter]) -> Notice {
        let line = |letter: &Letter| self.writer.write(letter).map(|text| text.subject).unwrap_or_default();
        let lines = letters.iter().take(LINES).map(line).collect();
        Notice::Summary { letters: letters.iter().map(|l| l.id).collect(), lines }
    }

    /// Looks at the start and every few minutes.
    pub(super) async fn remind_now_and_then(&self, rounds: &mut Rounds) {
        if rounds.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        rounds.last = Some(Instant::now());
        if let Err(error) = self.round(rounds).await {
            tracing::error!(error = %error, "the worker could not write reminders");
        }
    }

    async fn round(&self, rounds: &mut Rounds) -> Result<(), Error> {
        self.recount().await?;
        self.remind().await?;
        let today = london_date(self.clock.now());
        if rounds.evidence != Some(today) && hour(self.clock.now()) >= MORNING {
            self.remind_of_evidence().await?;
            rounds.evidence = Some(today);
        }
        self.tell_of_new_work().await?;
        self.summarise().await?;
        Ok(())
    }
}

fn hour(at: chrono::DateTime<chrono::Utc>) -> u32 {
    at.with_timezone(&chrono_tz::Europe::London).hour()
}
