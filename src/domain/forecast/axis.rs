//! The working days ahead, numbered from 0: a forecast counts on them, and only its answer is a date again.

use chrono::NaiveDate;

use crate::domain::calendar::{Calendar, Pause};
use crate::domain::slot::{Leave, Slot, free};

/// How many working days are laid out: three years.
const LENGTH: usize = 760;

/// The working days from today on, with the dates on which a test can be held. One serves all forecasts of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    today: NaiveDate,
    days: Vec<NaiveDate>,
    notice: Vec<u32>,
    slots: Vec<u32>,
    published_until: Option<u32>,
}

impl Axis {
    /// The working days from a day on; those of a pause that is still to come are left out.
    #[must_use]
    pub fn new(today: NaiveDate, calendar: &Calendar, pauses: &[Pause]) -> Self {
        let is_open = |d: &NaiveDate| calendar.is_working_day(*d) && !pauses.iter().any(|p| p.covers(*d));
        let working = today.iter_days().take(2 * LENGTH).filter(is_open);
        let mut axis =
            Self { today, days: working.take(LENGTH).collect(), notice: Vec::new(), slots: Vec::new(), published_until: None };
        axis.notice = axis.days.iter().map(|d| axis.index(calendar.earliest_test(*d))).collect();
        axis
    }

    /// The same with the published dates of tests: those that are free and whose assessor is not away can be taken.
    #[must_use]
    pub fn with_slots(mut self, slots: &[Slot], leave: &[Leave]) -> Self {
        let open = free(slots, self.today).into_iter().filter(|slot| !leave.iter().any(|l| l.holds(slot)));
        let mut days: Vec<u32> = open.map(|slot| self.index(slot.date())).collect();
        days.dedup();
        self.published_until = slots.iter().map(Slot::date).max().map(|last| self.index(last));
        self.slots = days;
        self
    }

    /// The day that forecasts are made on.
    #[must_use]
    pub const fn today(&self) -> NaiveDate {
        self.today
    }

    /// The first working day: today, or the next one after a weekend or holiday.
    #[must_use]
    pub fn first(&self) -> NaiveDate {
        self.date(0)
    }

    /// The date of a number; the last one for all beyond.
    #[must_use]
    pub fn date(&self, number: u32) -> NaiveDate {
        self.days.get(number as usize).or(self.days.last()).copied().unwrap_or(self.today)
    }

    /// The number of the first working day on or after a date.
    #[must_use]
    pub fn index(&self, date: NaiveDate) -> u32 {
        u32::try_from(self.days.partition_point(|d| *d < date)).unwrap_or(u32::MAX)
    }

    /// How many numbers have a date of their own.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.days.len()).unwrap_or(u32::MAX)
    }

    /// Whether no day is laid out: a pause without an end.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The first day for a test that is booked on a day.
    #[must_use]
    pub fn earliest_test(&self, booked: u32) -> u32 {
        self.notice.get(booked as usize).copied().unwrap_or(booked.saturating_add(10))
    }

    /// The day of a test that is booked on a day and wanted so many days after the earliest one: the nearest free date,
    /// or the wanted day where dates are not published yet.
    #[must_use]
    pub fn test_day(&self, booked: u32, later: u32) -> u32 {
        let earliest = self.earliest_test(booked);
        let wanted = earliest.saturating_add(later);
        let Some(until) = self.published_until.filter(|until| wanted <= *until) else { return wanted };
        let index = self.slots.partition_point(|s| *s < wanted);
        let before = index.checked_sub(1).and_then(|i| self.slots.get(i)).filter(|s| **s >= earliest);
        match (before, self.slots.get(index)) {
            (Some(before), Some(after)) if wanted - before < after - wanted => *before,
            (_, Some(after)) => *after,
            (Some(before), None) => *before,
            (None, None) => until + 1,
        }
    }
}
