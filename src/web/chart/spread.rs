//! How long finished products took: a mark for each, by the day on which it finished, with half and 85 in 100 as lines.
//!
//! Where there are too many for single marks, a mark stands for all of a month that took as many weeks, the larger the
//! more there are. Those that took longer than 12 weeks are triangles.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{percent, weeks};
use crate::domain::measure::{ENOUGH, Histogram, USUAL_DAYS, month};
use crate::words::{short_date, thousands};

/// Most marks that stand for one product each.
pub const SINGLE: usize = 300;
/// Height of the plot in pixels.
const HEIGHT: u32 = 240;
/// Months that are named on the axis at most, for want of room on a narrow window.
const MOST_MONTHS: usize = 6;
/// Weeks on the axis at least, and at most; what took longer stands at the upper edge.
const AXIS_WEEKS: (u32, u32) = (16, 40);

/// What is shown: since when, how long all took, and where the marks are.
pub struct Shown<'a> {
    /// The first and the last day.
    pub span: (NaiveDate, NaiveDate),
    /// How long all took.
    pub times: &'a Histogram,
    /// Each finished product, if they are few: when, and days.
    pub single: &'a [(NaiveDate, u32)],
    /// All of them by month and weeks, rounded up.
    pub by_month: &'a BTreeMap<(NaiveDate, u32), u64>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// In percent of the width.
    pub x: String,
    /// In pixels from above.
    pub y: u32,
    /// Radius in pixels.
    pub size: u32,
    /// Whether it took longer than 12 weeks.
    pub is_late: bool,
}

/// A line across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In pixels from above.
    pub y: u32,
    /// Where its words stand.
    pub label_y: u32,
    /// Its words.
    pub label: String,
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The message.
    pub title: String,
    /// What is measured, how many, from when to when.
    pub measure: String,
    /// The picture in words.
    pub description: String,
    /// The marks; none where there is too little to say.
    pub marks: Vec<Mark>,
    /// Half of them.
    pub half: Option<Line>,
    /// 85 in 100.
    pub most: Option<Line>,
    /// The usual 2 to 12 weeks: from above, and how high.
    pub usual: (u32, u32),
    /// Weeks on the axis, each with its place from above.
    pub ticks: Vec<(u32, u32)>,
    /// Months on the axis, each with its place.
    pub months: Vec<(String, String)>,
}

impl Spread {
    /// The picture of what is shown.
    #[must_use]
    pub fn new(shown: &Shown<'_>) -> Self {
        let total = shown.times.total();
        let longest = shown.by_month.keys().map(|(_, weeks)| *weeks).max().unwrap_or_default();
        let top = longest.next_multiple_of(4).clamp(AXIS_WEEKS.0, AXIS_WEEKS.1) * 7;
        let (half, most) = if total < ENOUGH { (None, None) } else { (shown.times.within(50), shown.times.within(85)) };
        let line = |days: u32, label: String, below: bool| {
            let y = height(days, top);
            Line { y, label_y: if below { y + 16 } else { y.saturating_sub(6) }, label }
        };
        Self {
            title: title(total, half),
            measure: measure(shown, total),
            description: description(shown.times, (half, most)),
            marks: if total < ENOUGH { Vec::new() } else { marks(shown, top) },
            half: half.map(|d| line(d, format!("Half: {} weeks", weeks(d)), true)),
            most: most.map(|d| line(d, format!("85 in 100: {} weeks", weeks(d)), false)),
            usual: (height(USUAL_DAYS.1, top), height(USUAL_DAYS.0, top) - height(USUAL_DAYS.1, top)),
            ticks: (0..=top / 28).map(|four| (height(four * 28, top), four * 4)).collect(),
            months: months(shown.span, MOST_MONTHS),
        }
    }
}

fn title(total: u64, half: Option<u32>) -> String {
    match half {
        Some(days) => format!("Half of products finish within {} weeks", weeks(days)),
        None if total == 0 => "No product has finished yet in this time".to_owned(),
        None => format!("{} finished: too few to say how long products take", products(total)),
    }
}

fn products(number: u64) -> String {
    format!("{} {}", thousands(&number), if number == 1 { "product" } else { "products" })
}

fn measure(shown: &Shown<'_>, total: u64) -> String {
    let (from, to) = shown.span;
    let what = if shown.single.len() > SINGLE {
        "Weeks from the first answer to assurance, without days on hold. Larger marks stand for more products of a month."
    } else {
        "Weeks from the first answer to assurance, without days on hold. Each mark is 1 product."
    };
    format!(
        "{what} Triangles took more than 12 weeks. {} finished from {} to {}.",
        products(total),
        short_date(from),
        short_date(to)
    )
}

fn description(times: &Histogram, (half, most): (Option<u32>, Option<u32>)) -> String {
    let (Some(half), Some(most)) = (half, most) else {
        return format!("Fewer than {ENOUGH} products have finished, so no half and no 85 in 100 are drawn.");
    };
    let late = times.longer_than(USUAL_DAYS.1);
    let took = if late == 0 { "None".to_owned() } else { thousands(&late) };
    format!(
        "Half of the products took {} weeks or less, 85 in 100 took {} weeks or less. {took} of {} took more than 12 weeks.",
        weeks(half),
        weeks(most),
        thousands(&times.total())
    )
}

fn height(days: u32, top: u32) -> u32 {
    HEIGHT - days.min(top) * HEIGHT / top
}

fn across((from, to): (NaiveDate, NaiveDate), day: NaiveDate) -> String {
    let days = |d: NaiveDate| u64::try_from((d - from).num_days()).unwrap_or_default();
    percent(days(day), days(to).max(1))
}

fn marks(shown: &Shown<'_>, top: u32) -> Vec<Mark> {
    if shown.single.len() <= SINGLE {
        let mark = |(on, days): &(NaiveDate, u32)| Mark {
            x: across(shown.span, *on),
            y: height(*days, top),
            size: 4,
            is_late: *days > USUAL_DAYS.1,
        };
        return shown.single.iter().map(mark).collect();
    }
    let mut bins: BTreeMap<(NaiveDate, u32), u64> = BTreeMap::new();
    for ((month, weeks), number) in shown.by_month {
        *bins.entry((*month, (*weeks).min(top / 7))).or_default() += number;
    }
    let most = bins.values().copied().max().unwrap_or(1).max(1);
    let mark = |((month, weeks), number): (&(NaiveDate, u32), &u64)| Mark {
        x: across(shown.span, (*month + Days::new(14)).clamp(shown.span.0, shown.span.1)),
        y: height((weeks * 7).saturating_sub(3), top),
        // The area says how many.
        size: 2 + u32::try_from((number * 64 / most).isqrt()).unwrap_or_default(),
        is_late: *weeks * 7 > USUAL_DAYS.1,
    };
    bins.iter().map(mark).collect()
}

/// A row for each month: the month, how many finished, and how many of them took more than 12 weeks. The last first.
#[must_use]
pub fn rows(by_month: &BTreeMap<(NaiveDate, u32), u64>) -> Vec<(String, u64, u64)> {
    let mut rows: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
    for ((month, weeks), number) in by_month {
        let row = rows.entry(*month).or_default();
        row.0 += number;
        row.1 += if weeks * 7 > USUAL_DAYS.1 { *number } else { 0 };
    }
    rows.into_iter().rev().map(|(month, (all, late))| (month.format("%B %Y").to_string(), all, late)).collect()
}

/// The months that begin within a span: all, or every second or third, so that there are at most so many.
pub(super) fn months(span: (NaiveDate, NaiveDate), most: usize) -> Vec<(String, String)> {
    let mut firsts = Vec::new();
    let mut next = month(span.0);
    while next <= span.1 {
        if next >= span.0 {
            firsts.push(next);
        }
        next = next + chrono::Months::new(1);
    }
    let step = firsts.len().div_ceil(most).max(1);
    let label = |day: &NaiveDate| (across(span, *day), day.format("%b").to_string());
    firsts.iter().step_by(step).map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
    }

    fn picture(single: &[(NaiveDate, u32)]) -> Spread {
        let mut times = Histogram::default();
        let mut by_month = BTreeMap::new();
        for (on, days) in single {
            times.add(*days, 1);
            *by_month.entry((month(*on), days.div_ceil(7))).or_default() += 1;
        }
        Spread::new(&Shown { span: (day(1, 5), day(6, 29)), times: &times, single, by_month: &by_month })
    }

    #[test]
    fn the_title_is_the_message_and_marks_stand_where_their_days_are() {
        let single: Vec<_> =
            (1..=12).map(|n| (day(1, 5) + Days::new(14 * n), 28 + 7 * u32::try_from(n).unwrap_or_default())).collect();
        let spread = picture(&single);
        assert_eq!(spread.title, "Half of products finish within 10 weeks");
        assert_eq!(
            spread.description,
            "Half of the products took 10 weeks or less, 85 in 100 took 15 weeks or less. 4 of 12 took more than 12 weeks."
        );
        assert_eq!(spread.marks.first(), Some(&Mark { x: "8.0%".to_owned(), y: 165, size: 4, is_late: false }));
        assert_eq!(spread.marks.iter().filter(|m| m.is_late).count(), 4);
        assert_eq!((spread.half.map(|l| l.y), spread.most.map(|l| l.y), spread.usual), (Some(90), Some(15), (60, 150)));
    }

    #[test]
    fn too_few_draw_nothing_and_say_so() {
        let spread = picture(&[(day(2, 2), 30), (day(3, 2), 40)]);
        assert!(spread.marks.is_empty() && spread.half.is_none() && spread.most.is_none());
        assert_eq!(spread.title, "2 products finished: too few to say how long products take");
        assert_eq!(spread.description, "Fewer than 10 products have finished, so no half and no 85 in 100 are drawn.");
    }

    #[test]
    fn many_share_marks_whose_area_says_how_many() {
        let single: Vec<_> = (0..2000_u32).map(|n| (day(1, 5) + Days::new(u64::from(n) % 170), 20 + n % 90)).collect();
        let spread = picture(&single);
        assert!(spread.marks.len() < 120, "{}", spread.marks.len());
        assert!(spread.marks.iter().all(|m| (2..=10).contains(&m.size)));
        assert!(spread.measure.contains("Larger marks stand for more products"));
    }
}
