//! Dates on which a demonstration can be held: read, published by hand or by rule, and offered to suppliers.

mod times;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday, WeekdaySet};

use super::calendar::{Calendar, london_date};
use super::words::{LeaveId, PersonId, SlotId};
use crate::words;

pub use self::times::{FIRST_HOUR, LAST_HOUR, check_time, london_moment, parse_time, parse_times};

/// Hours that a demonstration takes ("It takes about 2 hours", NHS England, "Get your software assured").
pub const SLOT_HOURS: i64 = 2;
/// Most dates that one rule can make; more is a slip of the keys.
pub const RULE_SLOTS: usize = 400;
/// How far ahead dates are published, in months from today.
pub const MONTHS_AHEAD: u32 = 12;

/// What is wrong with a form: the name of the field, and the sentence shown beside it.
pub type Faults = Vec<(&'static str, String)>;

/// A published date for a demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its identifier.
    pub id: SlotId,
    /// When it starts; it lasts [`SLOT_HOURS`].
    pub starts_at: DateTime<Utc>,
    /// Who will hold the demonstration, with their name; `None` while nobody is named.
    pub assessor: Option<(PersonId, String)>,
    /// Whether a booking holds it.
    pub taken: bool,
}

impl Slot {
    /// When it ends.
    #[must_use]
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.starts_at + TimeDelta::hours(SLOT_HOURS)
    }

    /// Its calendar date in Europe/London.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        london_date(self.starts_at)
    }
}

/// Days on which a person does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Its identifier.
    pub id: LeaveId,
    /// Whose leave it is.
    pub person: PersonId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; it belongs to the leave.
    pub until: NaiveDate,
}

impl Leave {
    /// Whether a date belongs to the leave.
    #[must_use]
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.until
    }

    /// Whether this person was to hold a date while away.
    #[must_use]
    pub fn holds(&self, slot: &Slot) -> bool {
        let is_theirs = slot.assessor.as_ref().is_some_and(|(person, _)| *person == self.person);
        is_theirs && self.covers(slot.date())
    }

    /// The dates that this person was to hold while away.
    #[must_use]
    pub fn touches<'a>(&self, slots: &'a [Slot]) -> Vec<&'a Slot> {
        slots.iter().filter(|s| self.holds(s)).collect()
    }
}

/// Refuses a leave that ends before it starts.
///
/// # Errors
/// The field `until` with its sentence.
pub fn check_leave(from: NaiveDate, until: NaiveDate) -> Result<(), Faults> {
    if until < from {
        return Err(vec![("until", "The end date must be on or after the start date".to_owned())]);
    }
    Ok(())
}

/// The start of a single date: on a working day, in the hours that fit, later than now and at most a year ahead.
///
/// # Errors
/// The fields `date` and `time` with their sentences.
pub fn start(date: NaiveDate, time: NaiveTime, calendar: &Calendar, now: DateTime<Utc>) -> Result<DateTime<Utc>, Faults> {
    let today = london_date(now);
    let mut faults = Vec::new();
    if date < today {
        faults.push(("date", "The date must be in the future".to_owned()));
    } else if date > furthest(today) {
        faults.push(("date", too_far("The date", today)));
    } else if let Some(name) = calendar.holiday(date) {
        faults.push(("date", format!("The date must not be a bank holiday: {name}")));
    } else if let Some(name) = calendar.day_off(date) {
        faults.push(("date", format!("The date must be a working day: {} is a {name}", words::short_date(date))));
    }
    if let Err(sentence) = check_time(time) {
        faults.push(("time", sentence));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let later = london_moment(date, time).filter(|at| *at > now);
    later.ok_or_else(|| vec![("time", "Start time must be in the future".to_owned())])
}

fn furthest(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(MONTHS_AHEAD)).unwrap_or(NaiveDate::MAX)
}

fn too_far(name: &str, today: NaiveDate) -> String {
    format!("{name} must be on or before {}, 1 year from today", words::short_date(furthest(today)))
}

/// Why a date should not be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Nobody works on that day: the name of the bank holiday, "Saturday" or "Sunday".
    NotWorkingDay(String),
    /// The assessor is away: their name.
    OnLeave(String),
    /// The assessor already has a date within two hours of it: its start. So it is for two dates without an assessor.
    Overlaps(DateTime<Utc>),
}

impl Clash {
    /// The clash of a date that starts then, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self, starts_at: DateTime<Utc>) -> String {
        let date = words::long_date(london_date(starts_at));
        match self {
            Self::NotWorkingDay(name) if date.starts_with(name.as_str()) => format!("{date} is not a working day"),
            Self::NotWorkingDay(name) => format!("{date} is {name}"),
            Self::OnLeave(name) => format!("{name} is on leave on {date}"),
            Self::Overlaps(other) => {
                format!("There is already a date at {} on {}", words::time(*other), words::long_date(london_date(*other)))
            }
        }
    }
}

/// What a new date is held against.
#[derive(Clone, Copy, Debug)]
pub struct Diary<'a> {
    /// The working days.
    pub calendar: &'a Calendar,
    /// The dates that are published, taken or not.
    pub slots: &'a [Slot],
    /// Everybody's leave.
    pub leave: &'a [Leave],
    /// Who will hold the new date, with their name.
    pub assessor: Option<&'a (PersonId, String)>,
}

impl Diary<'_> {
    /// Why a date should not start then; the first reason counts.
    #[must_use]
    pub fn clash(&self, starts_at: DateTime<Utc>) -> Option<Clash> {
        let date = london_date(starts_at);
        if let Some(name) = self.calendar.day_off(date) {
            return Some(Clash::NotWorkingDay(name));
        }
        if let Some((person, name)) = self.assessor
            && self.leave.iter().any(|l| l.person == *person && l.covers(date))
        {
            return Some(Clash::OnLeave(name.clone()));
        }
        let who = self.assessor.map(|(person, _)| *person);
        let beside = |s: &&Slot| {
            s.assessor.as_ref().map(|(person, _)| *person) == who && (s.starts_at - starts_at).abs() < TimeDelta::hours(SLOT_HOURS)
        };
        self.slots.iter().filter(beside).map(|s| s.starts_at).min().map(Clash::Overlaps)
    }
}

/// Dates at the same times on the same weekdays: "every Tuesday and Thursday at 10am until…".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The days of the week, Monday to Friday.
    pub weekdays: WeekdaySet,
    /// The starts on each of those days, in Europe/London.
    pub times: Vec<NaiveTime>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; it belongs to the rule.
    pub until: NaiveDate,
}

/// A date that a rule would publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// When it would start.
    pub starts_at: DateTime<Utc>,
    /// Why it should not be published.
    pub clash: Option<Clash>,
}

impl Proposed {
    /// Its clash in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        self.clash.as_ref().map(|clash| clash.sentence(self.starts_at))
    }
}

impl Rule {
    /// The dates of the rule that are still to come, in order, each with what stands against it.
    ///
    /// # Errors
    /// The fields `weekdays`, `times`, `from` and `until` with their sentences.
    pub fn dates(&self, diary: &Diary<'_>, now: DateTime<Utc>) -> Result<Vec<Proposed>, Faults> {
        let faults = self.faults(london_date(now));
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut times = self.times.clone();
        times.sort_unstable();
        let days = self.from.iter_days().take_while(|d| *d <= self.until).filter(|d| self.weekdays.contains(d.weekday()));
        let starts: Vec<DateTime<Utc>> =
            days.flat_map(|d| times.iter().filter_map(move |t| london_moment(d, *t))).filter(|at| *at > now).collect();
        match starts.len() {
            0 => Err(vec![("until", "Choose a later last date: none of the days you selected comes before it".to_owned())]),
            1..=RULE_SLOTS => {
                Ok(starts.into_iter().map(|starts_at| Proposed { starts_at, clash: diary.clash(starts_at) }).collect())
            }
            many => Err(vec![(
                "until",
                format!("Choose an earlier last date: this makes {many} dates, and you can add up to {RULE_SLOTS} at once"),
            )]),
        }
    }

    fn faults(&self, today: NaiveDate) -> Faults {
        let mut faults = Vec::new();
        if self.weekdays.is_empty() {
            faults.push(("weekdays", "Select at least 1 day of the week".to_owned()));
        } else if self.weekdays.contains(Weekday::Sat) || self.weekdays.contains(Weekday::Sun) {
            faults.push(("weekdays", "Select days from Monday to Friday".to_owned()));
        }
        faults.extend(self.fault_of_times().map(|sentence| ("times", sentence)));
        if self.from < today {
            faults.push(("from", "First date must be today or later".to_owned()));
        }
        if self.until < self.from {
            faults.push(("until", "Last date must be on or after the first date".to_owned()));
        } else if self.until > furthest(today) {
            faults.push(("until", too_far("Last date", today)));
        }
        faults
    }

    fn fault_of_times(&self) -> Option<String> {
        if self.times.is_empty() {
            return Some("Enter at least 1 start time, like 10am".to_owned());
        }
        if let Some(sentence) = self.times.iter().find_map(|time| check_time(*time).err()) {
            return Some(sentence);
        }
        let mut times = self.times.clone();
        times.sort_unstable();
        let close = times.iter().zip(times.iter().skip(1)).any(|(one, next)| *next - *one < TimeDelta::hours(SLOT_HOURS));
        close.then(|| format!("Start times must be at least {SLOT_HOURS} hours apart"))
    }
}

/// The dates of one week, Monday to Sunday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week<'a> {
    /// Its Monday.
    pub monday: NaiveDate,
    /// Its dates, in order.
    pub slots: Vec<&'a Slot>,
}

impl Week<'_> {
    /// What stands above its dates: "Week of 7 December 2026".
    #[must_use]
    pub fn heading(&self) -> String {
        format!("Week of {}", words::short_date(self.monday))
    }
}

/// The dates that a supplier can take: free, and on the earliest day or later. In order, one for each start.
#[must_use]
pub fn free(slots: &[Slot], earliest: NaiveDate) -> Vec<&Slot> {
    let mut free: Vec<&Slot> = slots.iter().filter(|s| !s.taken && s.date() >= earliest).collect();
    free.sort_unstable_by_key(|s| (s.starts_at, s.id));
    free.dedup_by_key(|s| s.starts_at);
    free
}

/// Dates under the headings of their weeks, as many at a time as the page shows. They come in order.
#[must_use]
pub fn by_week<'a>(slots: &[&'a Slot]) -> Vec<Week<'a>> {
    let mut weeks: Vec<Week<'a>> = Vec::new();
    for slot in slots {
        let date = slot.date();
        let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
        match weeks.last_mut() {
            Some(week) if week.monday == monday => week.slots.push(slot),
            _ => weeks.push(Week { monday, slots: vec![slot] }),
        }
    }
    weeks
}

/// All dates that a supplier can take, by week.
#[must_use]
pub fn offered(slots: &[Slot], earliest: NaiveDate) -> Vec<Week<'_>> {
    by_week(&free(slots, earliest))
}
