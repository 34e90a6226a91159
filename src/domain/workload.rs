//! What reviewers have to do: how urgent a review is, and how many more somebody has room for this week.

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::slot::Leave;
use crate::words;

/// Reviews a week that a reviewer has room for unless a manager says otherwise.
pub const REVIEWS_A_WEEK: u32 = 5;
/// Most reviews a week that can be set.
pub const REVIEWS_A_WEEK_MAX: u32 = 50;
/// Most reviews that are given to somebody at once.
pub const TOGETHER_MAX: usize = 50;

words! {
    /// How soon a reply is due; the headings of the queue.
    pub enum Urgency {
        /// The promised day has passed.
        Overdue = "overdue",
        /// Due on this day.
        Today = "today",
        /// Due on the next day.
        Tomorrow = "tomorrow",
        /// Due later in the same week, Sunday included.
        Week = "this-week",
        /// Due in another week, or on no day.
        Later = "later",
    }
}

impl Urgency {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Due today",
            Self::Tomorrow => "Due tomorrow",
            Self::Week => "Due later this week",
            Self::Later => "Due after this week",
        }
    }

    /// How urgent a promise is on a day.
    #[must_use]
    pub fn of(by: Option<NaiveDate>, today: NaiveDate) -> Self {
        let Some(by) = by else { return Self::Later };
        let is_within = |u: &&Self| u.days(today).is_some_and(|(from, until)| from <= by && by <= until);
        Self::ALL.iter().find(is_within).copied().unwrap_or(Self::Later)
    }

    /// The first and the last day on which promises are this urgent; `None` when there is no such day, as on a Saturday
    /// for what is due later in the week.
    #[must_use]
    pub fn days(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
        let sunday = week(today).1;
        let (from, until) = match self {
            Self::Overdue => (NaiveDate::from_ymd_opt(2000, 1, 1)?, today.pred_opt()?),
            Self::Today => (today, today),
            Self::Tomorrow => (tomorrow, tomorrow),
            Self::Week => (tomorrow.succ_opt()?, sunday),
            Self::Later => (sunday.max(tomorrow).succ_opt()?, NaiveDate::from_ymd_opt(9999, 12, 31)?),
        };
        (from <= until).then_some((from, until))
    }
}

/// Monday and Sunday of the week of a day.
#[must_use]
pub fn week(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let monday = day.week(chrono::Weekday::Mon);
    (monday.first_day(), monday.last_day())
}

/// How many more reviews somebody has room for this week: their reviews a week, for the part of the week's working days
/// on which they are not on leave (rounded down), less the reviews that they have. 0 when they have too many.
#[must_use]
pub fn room(a_week: u32, open: u32, leave: &[Leave], calendar: &Calendar, today: NaiveDate) -> u32 {
    let (monday, sunday) = week(today);
    let days: Vec<NaiveDate> = monday.iter_days().take_while(|d| *d <= sunday).filter(|d| calendar.is_working_day(*d)).collect();
    let is_away = |day: &&NaiveDate| leave.iter().any(|l| l.covers(**day));
    let there = u32::try_from(days.iter().filter(|d| !is_away(d)).count()).unwrap_or_default();
    let of = u32::try_from(days.len()).unwrap_or_default().max(1);
    (a_week * there / of).saturating_sub(open)
}

/// Whether a promise falls due today or within 2 working days: such reviews are marked in the workload.
#[must_use]
pub fn is_soon(by: NaiveDate, calendar: &Calendar, today: NaiveDate) -> bool {
    by >= today && calendar.days_left(today, by) <= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::{LeaveId, PersonId};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
    }

    #[test]
    fn promises_are_grouped_by_urgency() {
        let wednesday = day(4, 8);
        for (by, expected) in [
            (Some(day(4, 7)), Urgency::Overdue),
            (Some(day(4, 8)), Urgency::Today),
            (Some(day(4, 9)), Urgency::Tomorrow),
            (Some(day(4, 10)), Urgency::Week),
            (Some(day(4, 13)), Urgency::Later),
            (None, Urgency::Later),
        ] {
            assert_eq!(Urgency::of(by, wednesday), expected);
        }
    }

    #[test]
    fn every_day_is_of_one_urgency_whatever_the_weekday() {
        for today in day(4, 6).iter_days().take(8) {
            for by in day(4, 1).iter_days().take(40) {
                let holds = |u: &&Urgency| u.days(today).is_some_and(|(from, until)| from <= by && by <= until);
                assert_eq!(Urgency::ALL.iter().filter(holds).count(), 1, "{by} seen on {today}");
            }
        }
    }

    #[test]
    fn room_is_what_is_left_of_the_week() {
        let calendar = Calendar::england();
        let leave = |from, until| [Leave { id: LeaveId(uuid::Uuid::nil()), person: PersonId(uuid::Uuid::nil()), from, until }];
        let wednesday = day(4, 15);
        assert_eq!(room(5, 2, &[], &calendar, wednesday), 3);
        assert_eq!(room(5, 7, &[], &calendar, wednesday), 0);
        assert_eq!(room(5, 1, &leave(day(4, 16), day(4, 20)), &calendar, wednesday), 2);
        assert_eq!(room(10, 0, &leave(day(4, 1), day(4, 30)), &calendar, wednesday), 0);
        // The week of Easter Monday has 4 working days; 1 of them away leaves 3 of 4.
        assert_eq!(room(5, 0, &leave(day(4, 7), day(4, 7)), &calendar, day(4, 8)), 3);
    }

    #[test]
    fn what_is_due_in_two_working_days_is_soon() {
        let calendar = Calendar::england();
        let friday = day(4, 17);
        assert!(is_soon(friday, &calendar, friday));
        assert!(is_soon(day(4, 21), &calendar, friday), "the weekend does not count");
        assert!(!is_soon(day(4, 22), &calendar, friday));
        assert!(!is_soon(day(4, 16), &calendar, friday), "that is overdue");
    }
}
