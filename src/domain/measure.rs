//! How long things took, counted by days, and what that says in plain words: half of them, and 85 in 100.
//!
//! Times of this kind are skewed, so an average would mislead; nothing here makes one.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::passage::Passage;
use crate::words;

/// Finished things from which on half and 85 in 100 are worth saying.
pub const ENOUGH: u64 = 10;
/// The usual way at its shortest and at its longest, in days (NHS England, "Get your software assured": 2 to 12 weeks).
pub const USUAL_DAYS: (u32, u32) = (2 * 7, 12 * 7);
/// Days after which a product under way is likely to take longer than is usual.
pub const RISK_DAYS: u32 = 10 * 7;
/// The round of a review from which on somebody should ask why.
pub const LONG_ROUND: u32 = 3;

words! {
    /// How a product under way stands against the usual 12 weeks.
    pub enum Risk {
        /// Past 10 weeks or likely to pass 12, those past 12 among them.
        Late = "late",
        /// Past 12 weeks.
        Over = "over",
    }
}

impl Risk {
    /// The worst that is true of a product after so many days, whatever is forecast.
    #[must_use]
    pub const fn of(days: u32) -> Option<Self> {
        if days > USUAL_DAYS.1 {
            Some(Self::Over)
        } else if days >= RISK_DAYS {
            Some(Self::Late)
        } else {
            None
        }
    }

    /// The latest day on which the clock of such a product may have begun.
    #[must_use]
    pub fn clock_from(self, today: NaiveDate) -> NaiveDate {
        let days = match self {
            Self::Late => RISK_DAYS,
            Self::Over => USUAL_DAYS.1 + 1,
        };
        today - Days::new(days.into())
    }
}

impl Passage {
    /// Where it would have started had its clock never stood still: the earlier, the longer it is under way.
    #[must_use]
    pub fn clock_from(&self) -> NaiveDate {
        self.counted_to - Days::new(self.days.elapsed().into())
    }

    /// The week in which it is on a day while its clock runs, from 1.
    #[must_use]
    pub fn week(&self, on: NaiveDate) -> u32 {
        u32::try_from((on - self.clock_from()).num_days()).unwrap_or_default() / 7 + 1
    }
}

words! {
    /// What became of a promise.
    pub enum Promise {
        /// Kept: answered on the promised day or before.
        Kept = "kept",
        /// Broken.
        Broken = "broken",
        /// Nothing was promised.
        None = "none",
    }
}

impl Promise {
    /// Of something that came on a day.
    #[must_use]
    pub fn of(due: Option<NaiveDate>, came: NaiveDate) -> Self {
        match due {
            Some(due) if came <= due => Self::Kept,
            Some(_) => Self::Broken,
            None => Self::None,
        }
    }
}

/// How many took how many days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(BTreeMap<u32, u64>);

impl Histogram {
    /// Counts some that took so many days.
    pub fn add(&mut self, days: u32, number: u64) {
        *self.0.entry(days).or_default() += number;
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// How many took longer than so many days.
    #[must_use]
    pub fn longer_than(&self, days: u32) -> u64 {
        self.0.range(days.saturating_add(1)..).map(|(_, n)| n).sum()
    }

    /// The days within which so many in 100 were done: the nearest rank. `None` when there are none.
    #[must_use]
    pub fn within(&self, percent: u64) -> Option<u32> {
        let rank = (self.total() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        self.0
            .iter()
            .find(|(_, number)| {
                seen += **number;
                seen >= rank
            })
            .map(|(days, _)| *days)
    }
}

impl Extend<(u32, u64)> for Histogram {
    fn extend<T: IntoIterator<Item = (u32, u64)>>(&mut self, counts: T) {
        for (days, number) in counts {
            self.add(days, number);
        }
    }
}

/// The first day of a month.
#[must_use]
pub fn month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The Monday of a week.
#[must_use]
pub fn week(day: NaiveDate) -> NaiveDate {
    day - Days::new(day.weekday().num_days_from_monday().into())
}

/// The first day of the month that lies so many months back; 1 is this month.
#[must_use]
pub fn months_back(today: NaiveDate, months: u32) -> NaiveDate {
    let first = month(today);
    first.checked_sub_months(chrono::Months::new(months.saturating_sub(1))).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
    }

    #[test]
    fn half_and_85_in_100_are_the_nearest_ranks() {
        let mut times = Histogram::default();
        assert_eq!((times.total(), times.within(50)), (0, None));
        times.extend((1..=10).map(|days| (days, 1)));
        assert_eq!((times.within(50), times.within(85), times.within(100)), (Some(5), Some(9), Some(10)));
        times.add(3, 90);
        assert_eq!((times.within(50), times.within(85), times.longer_than(3)), (Some(3), Some(3), 7));
    }

    #[test]
    fn a_product_is_at_risk_from_10_weeks_and_late_after_12() {
        for (days, risk) in [(69, None), (70, Some(Risk::Late)), (84, Some(Risk::Late)), (85, Some(Risk::Over))] {
            assert_eq!(Risk::of(days), risk, "{days}");
            let began = day(4, 30) - Days::new(days.into());
            assert_eq!(began <= Risk::Late.clock_from(day(4, 30)), risk.is_some(), "{days}");
            assert_eq!(began <= Risk::Over.clock_from(day(4, 30)), risk == Some(Risk::Over), "{days}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_their_first_day() {
        assert_eq!((week(day(4, 12)), week(day(4, 13))), (day(4, 6), day(4, 13)));
        assert_eq!((month(day(4, 30)), months_back(day(4, 30), 3)), (day(4, 1), day(2, 1)));
    }
}
