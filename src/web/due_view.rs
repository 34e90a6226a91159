//! A promised date as people read it: the date, how long is left, and how it was worked out.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::{Calendar, Due};
use crate::words::{counted, listed, long_date};

/// A promised date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueView {
    /// "Monday 13 April 2026".
    pub date: String,
    /// "3 working days left", "Due today", "Overdue 1 day".
    pub left: String,
    /// The look of a tag around `left`: red, orange, yellow or plain.
    pub tag: &'static str,
    /// How it was worked out, a sentence each.
    pub sentences: Vec<String>,
}

impl DueView {
    /// The promise for a section that was sent, for both sides.
    #[must_use]
    pub fn new(due: &Due, calendar: &Calendar, today: NaiveDate) -> Self {
        Self::from_start(due, calendar, today, "This section was sent on")
    }

    /// The same with words of one's own before the first date, such as "You sent this on".
    #[must_use]
    pub fn from_start(due: &Due, calendar: &Calendar, today: NaiveDate, start: &str) -> Self {
        let (left, tag) = left(due.on, calendar, today);
        let days = counted(due.counted.len(), "working day");
        let mut sentences = vec![
            format!("{start} {}.", long_date(due.from)),
            format!("We count {days}, starting the day after: {}.", listed(&counted_days(&due.counted))),
        ];
        sentences.extend(not_counted(&due.skipped));
        Self { date: long_date(due.on), left, tag, sentences }
    }
}

/// How a date some working days before a demonstration was worked out, a sentence each.
#[must_use]
pub fn back(day: NaiveDate, days: u32, calendar: &Calendar) -> Vec<String> {
    let first = calendar.before(day, days);
    let between: Vec<NaiveDate> = first.iter_days().take_while(|d| *d < day).collect();
    let (mut counted_back, mut left_out) = (Vec::new(), Vec::new());
    for date in between.into_iter().rev() {
        match calendar.day_off(date) {
            Some(name) => left_out.push((date, name)),
            None => counted_back.push(date),
        }
    }
    let days = counted(counted_back.len(), "working day");
    let mut sentences = vec![
        format!("The demonstration is on {}.", long_date(day)),
        format!("We count back {days}, starting the day before: {}.", listed(&counted_days(&counted_back))),
    ];
    sentences.extend(not_counted(&left_out));
    sentences
}

/// The sentence about days that are not counted, if there are any.
fn not_counted(days: &[(NaiveDate, String)]) -> Option<String> {
    match skipped(days).as_slice() {
        [] => None,
        [only] => Some(format!("We do not count {only}.")),
        [rest @ .., last] => Some(format!("We do not count {} or {last}.", rest.join(", "))),
    }
}

/// How long is left until a promised date, and the look of a tag with it.
#[must_use]
pub fn left(due: NaiveDate, calendar: &Calendar, today: NaiveDate) -> (String, &'static str) {
    let left = calendar.days_left(today, due);
    let number = usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX);
    if due < today {
        (format!("Overdue {}", counted(number, "day")), "red")
    } else if due == today {
        ("Due today".to_owned(), "orange")
    } else if today.succ_opt() == Some(due) {
        ("Due tomorrow".to_owned(), "yellow")
    } else {
        (format!("{} left", counted(number, "working day")), "plain")
    }
}

/// "Tuesday 7", "Wednesday 8", "Monday 13 April": the month stands with its last day.
fn counted_days(days: &[NaiveDate]) -> Vec<String> {
    let next = days.iter().skip(1).map(Some).chain([None]);
    let named = days.iter().zip(next).map(|(day, next)| {
        let is_last = next.is_none_or(|next| next.month() != day.month());
        if is_last {
            format!("{} {}", day.format("%A"), day_and_month(*day))
        } else {
            format!("{} {}", day.format("%A"), day.day())
        }
    });
    named.collect()
}

fn day_and_month(day: NaiveDate) -> String {
    format!("{}\u{a0}{}", day.day(), day.format("%B"))
}

/// What is not counted, in order of time: bank holidays by name, weekends and days on hold together.
fn skipped(days: &[(NaiveDate, String)]) -> Vec<String> {
    let is_weekend = |name: &str| name == "Saturday" || name == "Sunday";
    let is_held = |name: &str| name == "on hold";
    let weekends: BTreeSet<_> = days.iter().filter(|(_, name)| is_weekend(name)).map(|(day, _)| day.iso_week()).collect();
    let held = days.iter().filter(|(_, name)| is_held(name)).count();
    let mut said = Vec::new();
    for (day, name) in days {
        let words = match name.as_str() {
            name if is_weekend(name) && weekends.len() == 1 => "the weekend".to_owned(),
            name if is_weekend(name) => "weekends".to_owned(),
            name if is_held(name) => format!("{} on hold", counted(held, "day")),
            name => format!("{name} ({})", day_and_month(*day)),
        };
        if !said.contains(&words) {
            said.push(words);
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
    }

    #[test]
    fn the_working_is_told_in_three_sentences() {
        let calendar = Calendar::england();
        let due = calendar.after(day(4, 2), 5, &[]).unwrap_or_else(|| unreachable!("no pause lasts"));
        let view = DueView::from_start(&due, &calendar, day(4, 8), "You sent this on");
        assert_eq!(view.date, "Monday 13\u{a0}April 2026");
        assert_eq!((view.left.as_str(), view.tag), ("3 working days left", "plain"));
        assert_eq!(
            view.sentences.iter().map(|s| s.replace('\u{a0}', " ")).collect::<Vec<_>>(),
            [
                "You sent this on Thursday 2 April 2026.",
                "We count 5 working days, starting the day after: Tuesday 7, Wednesday 8, Thursday 9, Friday 10 and Monday 13 April.",
                "We do not count Good Friday (3 April), weekends or Easter Monday (6 April).",
            ]
        );
    }

    #[test]
    fn days_before_a_demonstration_are_counted_back() {
        let sentences = back(day(4, 9), 5, &Calendar::england());
        assert_eq!(
            sentences.iter().map(|s| s.replace('\u{a0}', " ")).collect::<Vec<_>>(),
            [
                "The demonstration is on Thursday 9 April 2026.",
                "We count back 5 working days, starting the day before: Wednesday 8, Tuesday 7, Thursday 2, Wednesday 1 April \
                 and Tuesday 31 March.",
                "We do not count Easter Monday (6 April), the weekend or Good Friday (3 April).",
            ]
        );
    }

    #[test]
    fn what_is_left_has_words_and_a_colour() {
        let calendar = Calendar::england();
        let monday = day(4, 13);
        for (today, words, look) in [
            (day(4, 8), "3 working days left", "plain"),
            (day(4, 10), "1 working day left", "plain"),
            (day(4, 12), "Due tomorrow", "yellow"),
            (monday, "Due today", "orange"),
            (day(4, 14), "Overdue 1 day", "red"),
            (day(4, 16), "Overdue 3 days", "red"),
        ] {
            assert_eq!(left(monday, &calendar, today), (words.to_owned(), look));
        }
    }
}
