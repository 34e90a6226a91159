//! The clock of one review: a box for each working day of the promise, filled when it is used, and a triangle when it is broken.

use chrono::NaiveDate;

use crate::domain::calendar::{Calendar, REVIEW_DAYS};
use crate::words::counted;

/// How much of the time for a reply is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// One for each working day: whether it is used.
    pub boxes: Vec<bool>,
    /// Whether the promised day has passed.
    pub is_overdue: bool,
    /// The same in words.
    pub story: String,
}

impl Clock {
    /// The clock of a promise as it stands on a day. Bank holidays and weekends are no days of the clock.
    #[must_use]
    pub fn new(by: NaiveDate, calendar: &Calendar, today: NaiveDate) -> Self {
        let left = calendar.days_left(today, by);
        let used = REVIEW_DAYS.saturating_sub(u32::try_from(left).unwrap_or_default());
        let days = usize::try_from(REVIEW_DAYS).unwrap_or_default();
        let mut story = format!("{used} of {} used", counted(days, "working day"));
        if left < 0 {
            let over = usize::try_from(left.unsigned_abs()).unwrap_or_default();
            story = format!("All {} used, overdue by {over}", counted(days, "working day"));
        }
        Self { boxes: (0..REVIEW_DAYS).map(|n| n < used).collect(), is_overdue: left < 0, story }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_filled_for_each_working_day_that_is_used() {
        let calendar = Calendar::england();
        let day = |day| NaiveDate::from_ymd_opt(2026, 4, day).unwrap_or_default();
        // Sent on Thursday 2 April, before Easter: due on Monday 13 April.
        for (today, used, is_overdue, story) in [
            (2, 0, false, "0 of 5 working days used"),
            (6, 0, false, "0 of 5 working days used"),
            (8, 2, false, "2 of 5 working days used"),
            (13, 5, false, "5 of 5 working days used"),
            (15, 5, true, "All 5 working days used, overdue by 2"),
        ] {
            let clock = Clock::new(day(13), &calendar, day(today));
            assert_eq!((clock.boxes.iter().filter(|b| **b).count(), clock.is_overdue), (used, is_overdue), "{today} April");
            assert_eq!(clock.story, story);
        }
    }
}
