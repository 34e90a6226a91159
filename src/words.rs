//! Dates and times as people read them, in Europe/London: "Monday 13 April 2026", "2.41pm".

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// A date with its weekday; the space between day and month does not break.
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    format!("{} {}", date.format("%A"), short_date(date))
}

/// A date without its weekday.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    format!("{}\u{a0}{} {}", date.day(), date.format("%B"), date.year())
}

/// A date in an e-mail: with ordinary spaces.
#[must_use]
pub fn plain_date(date: NaiveDate) -> String {
    long_date(date).replace('\u{a0}', " ")
}

/// A time of day: "2.41pm", "10am", "midday", "midnight".
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&chrono_tz::Europe::London);
    let (is_pm, hour) = local.hour12();
    let half = if is_pm { "pm" } else { "am" };
    match (local.hour(), local.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => format!("{hour}{half}"),
        (_, minute) => format!("{hour}.{minute:02}{half}"),
    }
}

/// A date and time: "13 April 2026 at 2.41pm".
#[must_use]
pub fn date_time(at: DateTime<Utc>) -> String {
    let date = crate::domain::calendar::london_date(at);
    format!("{} at {}", short_date(date), time(at))
}

/// A number with its noun: "1 question", "3 questions".
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A number with commas between thousands: "1,024".
#[must_use]
pub fn thousands(number: &u64) -> String {
    let figures = number.to_string();
    let groups = figures.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// Things in a sentence: "a", "a and b", "a, b and c".
#[must_use]
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A size for people: "84KB", "1.2MB".
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}KB", bytes / 1_000),
        _ => format!("{}.{}MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas() {
        for (number, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(thousands(&number), words);
        }
    }
}
