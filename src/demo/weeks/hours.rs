//! Working hours in London: the moments at which people do something.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

use crate::backtest::dice::Dice;
use crate::domain::calendar::{Calendar, london_date};
use crate::domain::slot::london_moment;

/// The hour at which people begin.
const BEGIN: u32 = 9;
/// Minutes after [`BEGIN`] in which something is begun, so that it ends within the day.
const MINUTES: u32 = 400;

/// A moment so many working days after another: later on the same day, or at some time of a later one.
pub fn after(calendar: &Calendar, at: DateTime<Utc>, days: u32, dice: &mut Dice) -> Option<DateTime<Utc>> {
    let today = london_date(at);
    let later = at + Duration::minutes(i64::from(20 + dice.whole(120)));
    if days == 0 && calendar.is_working_day(today) && moment(today, 0)? <= later && later <= moment(today, MINUTES)? {
        return Some(later);
    }
    on(calendar.after(today, days.max(1), &[])?.on, dice)
}

/// Some time of a day.
pub fn on(day: NaiveDate, dice: &mut Dice) -> Option<DateTime<Utc>> {
    // Seconds, so that few things happen at the same moment.
    Some(moment(day, dice.whole(MINUTES))? + Duration::seconds(i64::from(dice.whole(60))))
}

/// A whole hour of a day.
pub fn at_hour(day: NaiveDate, hour: u32) -> Option<DateTime<Utc>> {
    london_moment(day, NaiveTime::from_hms_opt(hour, 0, 0)?)
}

fn moment(day: NaiveDate, minutes: u32) -> Option<DateTime<Utc>> {
    Some(at_hour(day, BEGIN)? + Duration::minutes(i64::from(minutes)))
}
