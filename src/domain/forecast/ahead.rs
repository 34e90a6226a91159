//! What many forecasts say together: how many products finish in each month, and how often earlier forecasts held.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use crate::domain::measure::month;

/// Months ahead at most.
const MOST: u32 = 12;

/// On which days products finish, with a chance of 1 in 10, of 5 in 10 and of 9 in 10: how many on each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coming {
    /// 1 in 10.
    pub early: BTreeMap<NaiveDate, u64>,
    /// 5 in 10.
    pub middle: BTreeMap<NaiveDate, u64>,
    /// 9 in 10.
    pub late: BTreeMap<NaiveDate, u64>,
}

/// How many of the products in progress finish by the end of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthAhead {
    /// The first day of the month.
    pub month: NaiveDate,
    /// Expected in the month itself.
    pub within: u64,
    /// Very likely by its end: each has a chance of at least 9 in 10.
    pub sure: u64,
    /// Expected by its end.
    pub expected: u64,
    /// Possible by its end: each has a chance of at least 1 in 10.
    pub possible: u64,
}

impl Coming {
    /// How many products there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.middle.values().sum()
    }

    /// The months from today's on, to the one in which all have very likely finished, at most 12.
    ///
    /// Expected is 3 tenths for the day of 1 in 10, 4 for that of 5 in 10 and 3 for that of 9 in 10: the mean of a skewed
    /// distribution from its three days (Swanson's rule; Megill, 1977).
    #[must_use]
    pub fn by_month(&self, today: NaiveDate) -> Vec<MonthAhead> {
        let last = month(self.late.keys().next_back().copied().unwrap_or(today));
        let mut months = Vec::new();
        let mut before = 0;
        for number in 0..MOST {
            let Some(first) = month(today).checked_add_months(Months::new(number)) else { break };
            let Some(next) = first.checked_add_months(Months::new(1)) else { break };
            let [possible, middle, sure] =
                [&self.early, &self.middle, &self.late].map(|days| days.range(..next).map(|(_, n)| n).sum::<u64>());
            let expected = (3 * possible + 4 * middle + 3 * sure + 5) / 10;
            months.push(MonthAhead { month: first, within: expected - before, sure, expected, possible });
            before = expected;
            if first >= last {
                break;
            }
        }
        months
    }
}

/// How often ranges held that had been shown of products which finished since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Products.
    pub number: u64,
    /// Finished by the day of 5 in 10.
    pub by_middle: u64,
    /// Finished by the day of 9 in 10.
    pub by_late: u64,
    /// Finished between both, the days themselves included.
    pub within: u64,
}

impl Held {
    /// Adds others.
    pub const fn add(&mut self, other: Self) {
        self.number += other.number;
        self.by_middle += other.by_middle;
        self.by_late += other.by_late;
        self.within += other.within;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
    }

    #[test]
    fn products_are_counted_by_the_end_of_each_month_until_all_are_there() {
        let coming = Coming {
            early: [(day(4, 10), 6), (day(5, 2), 4)].into(),
            middle: [(day(4, 30), 4), (day(5, 31), 6)].into(),
            late: [(day(5, 20), 5), (day(6, 1), 5)].into(),
        };
        let months = coming.by_month(day(4, 2));
        let numbers: Vec<_> = months.iter().map(|m| (m.within, m.sure, m.expected, m.possible)).collect();
        assert_eq!(numbers, [(3, 0, 3, 6), (6, 5, 9, 10), (1, 10, 10, 10)]);
        assert_eq!((months[2].month, coming.total()), (day(6, 1), 10));
        assert_eq!(Coming::default().by_month(day(4, 2)).len(), 1);
    }
}
