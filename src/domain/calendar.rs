//! Working days in England, and due dates that can show their working.
//!
//! A working day is any day but Saturday, Sunday and a bank or public holiday of England and Wales
//! (Banking and Financial Dealings Act 1971, schedule 1, and royal proclamations; the working day of the
//! published Connection Agreement). Dates are calendar dates in Europe/London. Day 0 is never counted.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::amendment::Amendment;

/// Working days in which a reviewer replies (NHS England, "Get your software assured").
pub const REVIEW_DAYS: u32 = 5;
/// Working days in which a supplier is expected to answer feedback; only a reminder.
pub const REPLY_DAYS: u32 = 10;
/// Working days after a passed test in which the certificate is issued (the same page).
pub const CERTIFICATE_DAYS: u32 = 5;
/// Calendar days of notice before a conformance test ("at least 2 weeks").
pub const TEST_NOTICE_DAYS: u64 = 14;

/// Days that differ from the rules: proclaimed once, moved, or taken away.
const ONE_OFF: &[(i32, u32, u32, Option<&str>)] = &[
    (2020, 5, 4, None),
    (2020, 5, 8, Some("Early May bank holiday (VE Day)")),
    (2022, 5, 30, None),
    (2022, 6, 2, Some("Spring bank holiday")),
    (2022, 6, 3, Some("Platinum Jubilee bank holiday")),
    (2022, 9, 19, Some("State Funeral of Queen Elizabeth II")),
    (2023, 5, 8, Some("Coronation of King Charles III")),
];

/// The days on which nobody is expected to work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    changes: BTreeMap<NaiveDate, Option<String>>,
    amendments: Vec<Amendment>,
}

/// Days on which a clock stood still: from the first day, up to but not including the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// First day of the pause.
    pub from: NaiveDate,
    /// Day on which it ended; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Pause {
    /// Whether the clock stood still on a day.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A due date and how it was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Day 0: the day of the event, not counted.
    pub from: NaiveDate,
    /// The last day on which the promise is kept.
    pub on: NaiveDate,
    /// The days counted, in order; the last is the due date.
    pub counted: Vec<NaiveDate>,
    /// The days left out, each with its name: "Good Friday", "Saturday", "on hold".
    pub skipped: Vec<(NaiveDate, String)>,
}

impl Calendar {
    /// The rules for England with the known one-off days.
    #[must_use]
    pub fn england() -> Self {
        Self::default().with(
            ONE_OFF
                .iter()
                .filter_map(|(y, m, d, name)| NaiveDate::from_ymd_opt(*y, *m, *d).map(|date| (date, name.map(str::to_owned)))),
        )
    }

    /// The same calendar with days added (`Some` name) or taken away (`None`).
    #[must_use]
    pub fn with(mut self, changes: impl IntoIterator<Item = (NaiveDate, Option<String>)>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// The same calendar with changes that an administrator made, in their order.
    #[must_use]
    pub fn amended(mut self, amendments: Vec<Amendment>) -> Self {
        self.changes.extend(amendments.iter().filter_map(Amendment::change));
        self.amendments.extend(amendments);
        self
    }

    /// The number of the last change; 0 when there is none.
    #[must_use]
    pub fn edition(&self) -> u32 {
        self.amendments.last().map_or(0, |a| a.number)
    }

    /// The changes after an edition.
    #[must_use]
    pub fn since(&self, edition: u32) -> Vec<&Amendment> {
        self.amendments.iter().filter(|a| a.number > edition).collect()
    }

    /// The first day after another one that was changed; `None` when there is none.
    #[must_use]
    pub fn first_change(&self, after: NaiveDate) -> Option<NaiveDate> {
        self.amendments.iter().map(|a| a.on).filter(|on| *on > after).min()
    }

    /// A promise that was counted with an edition of this calendar, after the changes since.
    #[must_use]
    pub fn recounted(&self, promised: NaiveDate, edition: u32) -> NaiveDate {
        // Each change is taken in the calendar as it was with it: a later one may have taken it back.
        let mut then = self.clone();
        for amendment in self.since(edition).into_iter().rev() {
            then.changes.remove(&amendment.on);
        }
        then.changes.extend(self.amendments.iter().filter(|a| a.number <= edition).filter_map(Amendment::change));
        self.since(edition).into_iter().fold(promised, |date, amendment| {
            then.changes.extend(amendment.change());
            amendment.moved(&then, date)
        })
    }

    /// The name of a bank holiday, if the day is one.
    #[must_use]
    pub fn holiday(&self, date: NaiveDate) -> Option<String> {
        match self.changes.get(&date) {
            Some(change) => change.clone(),
            None => by_rule(date).map(str::to_owned),
        }
    }

    /// Why a day is no working day; `None` for a working day.
    #[must_use]
    pub fn day_off(&self, date: NaiveDate) -> Option<String> {
        self.holiday(date).or_else(|| match date.weekday() {
            Weekday::Sat => Some("Saturday".to_owned()),
            Weekday::Sun => Some("Sunday".to_owned()),
            Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => None,
        })
    }

    /// Whether people work on this day.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.day_off(date).is_none()
    }

    /// The `n`-th working day after `from`, pauses left out; `None` while a pause lasts.
    #[must_use]
    pub fn after(&self, from: NaiveDate, n: u32, pauses: &[Pause]) -> Option<Due> {
        if pauses.iter().any(|p| p.until.is_none()) {
            return None;
        }
        let mut due = Due { from, on: from, counted: Vec::new(), skipped: Vec::new() };
        while due.counted.len() < n as usize {
            due.on = due.on.succ_opt()?;
            let held = pauses.iter().any(|p| p.covers(due.on));
            match self.day_off(due.on) {
                Some(name) => due.skipped.push((due.on, name)),
                None if held => due.skipped.push((due.on, "on hold".to_owned())),
                None => due.counted.push(due.on),
            }
        }
        Some(due)
    }

    /// The `n`-th working day before a day, which is not counted itself.
    #[must_use]
    pub fn before(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let mut found = day;
        let mut left = n;
        while left > 0 {
            let Some(earlier) = found.pred_opt() else { return found };
            found = earlier;
            left -= u32::from(self.is_working_day(found));
        }
        found
    }

    /// A promised date after a pause: what was left of it on the first day of the pause is counted from the day it ended.
    #[must_use]
    pub fn resumed(&self, promised: NaiveDate, from: NaiveDate, until: NaiveDate) -> NaiveDate {
        let left = from.iter_days().take_while(|d| *d <= promised).filter(|d| self.is_working_day(*d)).count();
        if left == 0 {
            return promised;
        }
        let days = u32::try_from(left).unwrap_or(u32::MAX);
        until.pred_opt().and_then(|eve| self.after(eve, days, &[])).map_or(promised, |due| due.on)
    }

    /// Working days from `today` to `due`: 0 when due today, negative when late.
    #[must_use]
    pub fn days_left(&self, today: NaiveDate, due: NaiveDate) -> i64 {
        let (first, last, sign) = if due >= today { (today, due, 1) } else { (due, today, -1) };
        let working = first.iter_days().skip(1).take_while(|d| *d <= last).filter(|d| self.is_working_day(*d)).count();
        // A deadline that passed over a weekend is late on the next morning, whatever the day.
        let count = i64::try_from(working).unwrap_or(i64::MAX).max(i64::from(due < today));
        sign * count
    }

    /// Working days after a day up to and with another one, those of pauses left out; 0 if there are none.
    #[must_use]
    pub fn worked(&self, from: NaiveDate, until: NaiveDate, pauses: &[Pause]) -> u32 {
        let days = from.iter_days().skip(1).take_while(|d| *d <= until);
        let worked = days.filter(|d| self.is_working_day(*d) && !pauses.iter().any(|p| p.covers(*d)));
        u32::try_from(worked.count()).unwrap_or(u32::MAX)
    }

    /// The first day for a conformance test: 14 calendar days after the request, then on to a working day.
    #[must_use]
    pub fn earliest_test(&self, requested: NaiveDate) -> NaiveDate {
        let first = requested + Days::new(TEST_NOTICE_DAYS);
        first.iter_days().find(|d| self.is_working_day(*d)).unwrap_or(first)
    }
}

/// The calendar date in Europe/London at a moment.
#[must_use]
pub fn london_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// Easter Sunday of the Gregorian calendar (anonymous algorithm as given by Meeus).
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?)
}

fn by_rule(date: NaiveDate) -> Option<&'static str> {
    let (month, day, weekday) = (date.month(), date.day(), date.weekday());
    let monday = weekday == Weekday::Mon;
    let sunday = easter(date.year())?;
    if date + Days::new(2) == sunday {
        return Some("Good Friday");
    }
    if date == sunday + Days::new(1) {
        return Some("Easter Monday");
    }
    match (month, day) {
        (1, 1) if !is_weekend(weekday) => Some("New Year's Day"),
        (1, 2 | 3) if monday => Some("New Year's Day (substitute day)"),
        (5, 1..=7) if monday => Some("Early May bank holiday"),
        (5, 25..=31) if monday => Some("Spring bank holiday"),
        (8, 25..=31) if monday => Some("Summer bank holiday"),
        (12, 25) if !is_weekend(weekday) => Some("Christmas Day"),
        (12, 26) if !is_weekend(weekday) => Some("Boxing Day"),
        // Christmas on a Saturday moves to Monday 27; on a Sunday to Tuesday 27. Boxing Day on a weekend moves to 28.
        (12, 27) if monday || weekday == Weekday::Tue => Some("Christmas Day (substitute day)"),
        (12, 28) if monday || weekday == Weekday::Tue => Some("Boxing Day (substitute day)"),
        _ => None,
    }
}

fn is_weekend(weekday: Weekday) -> bool {
    weekday == Weekday::Sat || weekday == Weekday::Sun
}
