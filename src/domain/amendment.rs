//! Changes of the calendar by an administrator: days that nobody works on, and days that are worked on after all.
//!
//! Changes are numbered and never taken out. The number of the last one is the edition of the calendar; a product remembers
//! the edition that its promises were counted with, so each change moves each promise once (decision 18).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::calendar::Calendar;
use crate::words;

/// The last year whose bank holidays were compared with the list on GOV.UK; later years follow the rules.
pub const PUBLISHED_UNTIL: i32 = 2028;
/// Month from which the bank holidays of the next year should be known.
const KNOWN_FROM_MONTH: u32 = 10;
/// Most characters of a name.
pub const NAME_MAX: usize = 100;
/// Most characters of a reason.
pub const REASON_MAX: usize = 500;

words! {
    /// What a change does.
    pub enum Act {
        /// A day is no working day.
        Added = "added",
        /// A day is a working day.
        Removed = "removed",
        /// The bank holidays of a year are as they were published; no day changes.
        Compared = "compared",
    }
}

words! {
    /// Why a day is no working day.
    pub enum DayKind {
        /// A bank or public holiday.
        BankHoliday = "bank-holiday",
        /// The assurance team does not work.
        Closure = "closure",
    }
}

impl DayKind {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::BankHoliday => "Bank holiday",
            Self::Closure => "Closure of the assurance team",
        }
    }
}

/// A change of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Which, from 1.
    pub number: u32,
    /// The day; of a year that was compared its first.
    pub on: NaiveDate,
    /// What it does.
    pub act: Act,
    /// Kind of the day.
    pub kind: DayKind,
    /// Name of the day.
    pub name: String,
    /// Why a day was removed; empty otherwise.
    pub reason: String,
}

impl Amendment {
    /// What it means for the calendar: the day with its name, or `None` for a working day.
    #[must_use]
    pub fn change(&self) -> Option<(NaiveDate, Option<String>)> {
        match self.act {
            Act::Added => Some((self.on, Some(self.name.clone()))),
            Act::Removed => Some((self.on, None)),
            Act::Compared => None,
        }
    }

    /// Where a promise lies after it, in the calendar as it is with it: a working day later when a day before it, or the
    /// day itself, is worked on no more; a working day earlier when one before it is.
    #[must_use]
    pub fn moved(&self, calendar: &Calendar, promised: NaiveDate) -> NaiveDate {
        match self.act {
            Act::Added if self.on <= promised => calendar.after(promised, 1, &[]).map_or(promised, |due| due.on),
            Act::Removed if self.on < promised => calendar.before(promised, 1),
            Act::Added | Act::Removed | Act::Compared => promised,
        }
    }

    /// The sentence that says why dates move: "Monday 8 June 2026 is a bank holiday (State visit)".
    #[must_use]
    pub fn sentence(&self) -> String {
        let day = crate::words::plain_date(self.on);
        match (self.act, self.kind) {
            (Act::Added, DayKind::BankHoliday) => format!("{day} is a bank holiday ({})", self.name),
            (Act::Added, DayKind::Closure) => format!("the assurance team does not work on {day} ({})", self.name),
            (Act::Removed, _) => format!("{day} is a working day after all ({})", self.reason),
            (Act::Compared, _) => format!("the bank holidays of {} were compared with the published list", self.on.year()),
        }
    }
}

/// Why a day cannot be added.
///
/// # Errors
/// The sentence to show beside the date.
pub fn may_add(calendar: &Calendar, on: NaiveDate, today: NaiveDate) -> Result<(), String> {
    if on <= today {
        return Err("The day must be in the future: dates that were promised have been kept or not".to_owned());
    }
    if let Some(name) = calendar.holiday(on) {
        return Err(format!("{name} {} is already in the calendar", on.year()));
    }
    match on.weekday() {
        Weekday::Sat | Weekday::Sun => Err(format!("{} is no working day already", crate::words::plain_date(on))),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => Ok(()),
    }
}

/// The name of a day that can be removed.
#[must_use]
pub fn removable(calendar: &Calendar, on: NaiveDate, today: NaiveDate) -> Option<String> {
    calendar.holiday(on).filter(|_| on > today)
}

/// The year whose bank holidays nobody has compared with the published list although they should be known by now.
#[must_use]
pub fn missing_year(amendments: &[Amendment], today: NaiveDate) -> Option<i32> {
    let last = if today.month() >= KNOWN_FROM_MONTH { today.year() + 1 } else { today.year() };
    let compared: BTreeSet<i32> = amendments.iter().filter(|a| a.act == Act::Compared).map(|a| a.on.year()).collect();
    (today.year()..=last).find(|year| *year > PUBLISHED_UNTIL && !compared.contains(year))
}
