//! Times of day: as people type them, the hours in which a demonstration fits, and the moment they mean in London.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};

/// The first hour of the day, in Europe/London, at which a demonstration can start.
pub const FIRST_HOUR: u32 = 9;
/// The last start, so that two hours fit into the working day.
pub const LAST_HOUR: u32 = 15;

/// A time of day as people type it: "10am", "10.30am", "2:30 pm", "14:30", "midday".
///
/// An hour alone is refused, for "2" could be night or afternoon.
///
/// # Errors
/// The sentence to show beside the field.
pub fn parse_time(typed: &str) -> Result<NaiveTime, String> {
    read_time(&typed.trim().to_lowercase()).ok_or_else(|| "Enter a start time, like 10am or 2.30pm".to_owned())
}

/// Several times of day in one field, with commas or "and" between them; in order, each once.
///
/// # Errors
/// The sentence to show beside the field.
pub fn parse_times(typed: &str) -> Result<Vec<NaiveTime>, String> {
    let typed = typed.to_lowercase().replace(" and ", ",");
    let parts = typed.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut times: Vec<NaiveTime> = parts.map(parse_time).collect::<Result<_, _>>()?;
    if times.is_empty() {
        return Err("Enter at least 1 start time, like 10am".to_owned());
    }
    times.sort_unstable();
    times.dedup();
    Ok(times)
}

fn read_time(typed: &str) -> Option<NaiveTime> {
    match typed {
        "midday" | "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return NaiveTime::from_hms_opt(0, 0, 0),
        _ => {}
    }
    let half = |endings: [&str; 2]| endings.iter().find_map(|ending| typed.strip_suffix(ending)).map(str::trim_end);
    let (clock, is_pm) = match (half(["am", "a.m."]), half(["pm", "p.m."])) {
        (Some(clock), _) => (clock, Some(false)),
        (None, Some(clock)) => (clock, Some(true)),
        (None, None) => (typed, None),
    };
    let (hour, minute) = match clock.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        None if is_pm.is_some() => (clock, "0"),
        Some(_) | None => return None,
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match is_pm {
        None => hour,
        Some(is_pm) if (1..=12).contains(&hour) => hour % 12 + if is_pm { 12 } else { 0 },
        Some(_) => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

fn number(part: &str) -> Option<u32> {
    let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if plain { part.parse().ok() } else { None }
}

/// Refuses a start outside the hours in which a demonstration fits.
///
/// # Errors
/// The sentence to show beside the field.
pub fn check_time(time: NaiveTime) -> Result<(), String> {
    let hours = FIRST_HOUR * 3600..=LAST_HOUR * 3600;
    if !hours.contains(&time.num_seconds_from_midnight()) {
        return Err("Start time must be between 9am and 3pm, so that 2 hours fit".to_owned());
    }
    Ok(())
}

/// The moment of a time of day in Europe/London.
///
/// In the hour that comes twice in autumn it is the first; in the hour that is left out in spring there is none.
#[must_use]
pub fn london_moment(date: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    chrono_tz::Europe::London.from_local_datetime(&date.and_time(time)).earliest().map(|at| at.with_timezone(&Utc))
}
