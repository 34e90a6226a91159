//! Forecasts of products in progress, kept fresh: each once a day, and again when its product changed (decision 17).

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use tokio::time::Instant;
use uuid::Uuid;

use super::Worker;
use crate::domain::calendar::london_date;
use crate::domain::forecast::{Axis, Experience, Finished, Knowledge, Seed, Way, forecast, steps};
use crate::domain::measure::USUAL_DAYS;
use crate::domain::words::ProductId;
use crate::error::Error;
use crate::store::forecast::{Made, TOGETHER, Unmade};

/// Time from one look to the next.
const EVERY: Duration = Duration::from_mins(1);

/// What finished products taught by the morning of a day: new connections, and moves from CIS1. It is the same for every
/// process, because what finishes during the day counts from the next.
struct Learned {
    day: NaiveDate,
    of_new: Knowledge,
    of_moves: Knowledge,
}

/// Where the look is that goes on, when the last one ended, and what was learned.
#[derive(Default)]
pub struct Forecasts {
    last: Option<Instant>,
    after: Option<ProductId>,
    learned: Option<Learned>,
}

impl Worker {
    /// Makes every forecast that is missing or out of date. Returns how many.
    ///
    /// # Errors
    /// Only when the database fails; what was not made is still missing.
    pub async fn forecast(&self) -> Result<usize, Error> {
        let (mut forecasts, mut number) = (Forecasts::default(), 0);
        loop {
            number += Box::pin(self.forecast_some(&mut forecasts)).await?;
            if forecasts.after.is_none() {
                return Ok(number);
            }
        }
    }

    /// Makes a batch of forecasts, and says where the next one goes on.
    async fn forecast_some(&self, forecasts: &mut Forecasts) -> Result<usize, Error> {
        let now = self.clock.now();
        let today = london_date(now);
        let after = forecasts.after.take().unwrap_or(ProductId(Uuid::nil()));
        let unmade = self.db.unmade_forecasts(today, after).await?;
        let Some(last) = unmade.last() else { return Ok(0) };
        if unmade.len() as u64 == TOGETHER {
            forecasts.after = Some(last.product.id);
        }
        let learned = match forecasts.learned.take().filter(|l| l.day == today) {
            Some(learned) => learned,
            None => Learned { day: today, of_new: self.learn(today, false).await?, of_moves: self.learn(today, true).await? },
        };
        let (slots, leave) = self.db.dates_ahead(now).await?;
        let axis = Axis::new(today, self.writer.rules.calendar(), &[]).with_slots(&slots, &leave);
        let mut made = Vec::new();
        for one in &unmade {
            made.extend(self.made(one, (&learned, &axis), now)?);
            // Mail is not kept waiting by a long row of them.
            tokio::task::yield_now().await;
        }
        forecasts.learned = Some(learned);
        self.db.keep_forecasts(&made, today).await
    }

    async fn learn(&self, today: NaiveDate, is_move: bool) -> Result<Knowledge, Error> {
        let (past, started) = self.db.finished_before(today, is_move).await?;
        let examples = past.iter().map(|p| p.example(self.writer.rules.calendar()));
        // Products from before events said what is waited for teach nothing.
        let examples: Vec<Finished> = examples.filter(|e| !e.taken.is_empty()).collect();
        Ok(Knowledge::new(Experience::learn(&examples, &started, today)))
    }

    /// The forecast of a product; `None` for one that is not in progress.
    fn made(&self, of: &Unmade, (learned, axis): (&Learned, &Axis), now: DateTime<Utc>) -> Result<Option<Made>, Error> {
        let (product, today) = (&of.product, axis.today());
        let setting = self.writer.rules.setting(product, now)?;
        let Some(passage) = product.passage.filter(|_| product.is_under_way()) else { return Ok(None) };
        let Some(way) = Way::of(product, &steps(&of.events), &setting, axis) else { return Ok(None) };
        let is_move = product.facts.migrating_from_cis1 == Some(true);
        let knowledge = if is_move { &learned.of_moves } else { &learned.of_new };
        let forecast = forecast(&way, axis, knowledge, Seed::of(product.id, today));
        Ok(Some(Made {
            product: product.id,
            version: product.version,
            is_move,
            passage: passage.number,
            week: passage.week(today),
            is_long: forecast.five_in_ten > passage.clock_from() + Days::new(USUAL_DAYS.1.into()),
            forecast,
        }))
    }

    /// Makes forecasts now and then, a batch at a time. Returns whether there are more to make at once.
    pub(super) async fn forecast_now_and_then(&self, forecasts: &mut Forecasts) -> bool {
        let goes_on = forecasts.after.is_some();
        if !goes_on && forecasts.last.is_some_and(|last| last.elapsed() < EVERY) {
            return false;
        }
        forecasts.last = Some(Instant::now());
        if let Err(error) = Box::pin(self.forecast_some(forecasts)).await {
            forecasts.after = None;
            tracing::error!(error = %error, "the worker could not forecast");
        }
        forecasts.after.is_some()
    }
}
