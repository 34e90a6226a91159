//! The worker's rounds between what people do: reminders in the morning, summaries in the evening, mail every hour.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc, Weekday};

use super::hours::at_hour;
use crate::clock::Clock;
use crate::demo::people;
use crate::domain::calendar::london_date;
use crate::worker::Worker;

/// Hours of the day at which the worker looks: reminders are written at the first, summaries at the last but one.
const HOURS: [u32; 11] = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
/// Messages older than this have been read.
const READ: Duration = Duration::days(4);

/// The rounds.
pub struct Rounds {
    worker: Worker,
    day: NaiveDate,
    hour: usize,
}

impl Rounds {
    /// Rounds from a day on.
    pub fn new(worker: &Worker, since: DateTime<Utc>) -> Self {
        let worker = Worker { clock: Clock::fixed(since), ..worker.clone() };
        Self { worker, day: london_date(since), hour: 0 }
    }

    /// All rounds up to a moment.
    pub async fn until(&mut self, until: DateTime<Utc>) -> anyhow::Result<()> {
        loop {
            let Some(hour) = HOURS.get(self.hour).copied() else {
                (self.day, self.hour) = (self.day + Duration::days(1), 0);
                continue;
            };
            let Some(at) = at_hour(self.day, hour).filter(|at| *at <= until) else { return Ok(()) };
            self.worker.clock.set(at);
            self.round(hour, at).await?;
            self.hour += 1;
        }
    }

    async fn round(&self, hour: u32, at: DateTime<Utc>) -> anyhow::Result<()> {
        let worker = &self.worker;
        // Dates fall on working days. A look over all products costs time, and a weekend leaves nothing undone.
        if hour == 8 && worker.writer.rules.calendar().is_working_day(self.day) {
            worker.forecast().await?;
            worker.remind().await?;
            worker.tell_of_new_work().await?;
            if self.day.weekday() == Weekday::Mon {
                worker.remind_of_evidence().await?;
            }
        }
        if hour == 17 {
            worker.summarise().await?;
        }
        if hour == 18 {
            worker.tally().await?;
            if self.day.weekday() == Weekday::Fri {
                people::read_messages(&worker.db, at - READ, at).await?;
            }
        }
        while worker.step().await? > 0 {}
        Ok(())
    }
}
