//! How many products finish by the end of each month: a line for what is expected, an area for what is possible.

use chrono::NaiveDate;

use super::bands::{hundredths, top};
use crate::domain::forecast::MonthAhead;
use crate::words::{short_date, thousands};

/// Height of the plot in pixels.
const HEIGHT: u64 = 240;
/// Months that are named on the axis at most, for want of room on a narrow window.
const MOST_MONTHS: usize = 3;

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fan {
    /// The message.
    pub title: String,
    /// What is measured, how many, on which day.
    pub measure: String,
    /// The picture in words.
    pub description: String,
    /// The outline of the area in a square of 100.
    pub area: String,
    /// The line in the same square.
    pub line: String,
    /// Numbers on the axis, each with its place in pixels from above.
    pub ticks: Vec<(u64, u64)>,
    /// Months on the axis, each with the place of its end.
    pub months: Vec<(String, String)>,
}

impl Fan {
    /// The picture of some months, as it is on a day, of so many products.
    #[must_use]
    pub fn new(months: &[MonthAhead], today: NaiveDate, total: u64) -> Self {
        let top = top(months.iter().map(|m| m.possible).max().unwrap_or_default());
        let all = months.len() as u64;
        let at =
            |place: usize, number: u64| format!("{},{}", hundredths(place as u64 + 1, all), hundredths(top - number.min(top), top));
        let points = |number: fn(&MonthAhead) -> u64| -> Vec<String> {
            months.iter().enumerate().map(|(place, m)| at(place, number(m))).collect()
        };
        let start = || "0.00,100.00".to_owned();
        let upper = std::iter::once(start()).chain(points(|m| m.possible));
        let lower = points(|m| m.sure).into_iter().rev();
        let line = std::iter::once(start()).chain(points(|m| m.expected));
        let step = months.len().div_ceil(MOST_MONTHS).max(1);
        let name = |(place, m): (usize, &MonthAhead)| (hundredths(place as u64 + 1, all) + "%", m.month.format("%B").to_string());
        let mut named: Vec<(String, String)> = months.iter().enumerate().rev().step_by(step).map(name).collect();
        named.reverse();
        Self {
            title: title(months, total),
            measure: format!(
                "Products in progress that are assured by the end of each month. {} on {}.",
                products(total),
                short_date(today)
            ),
            description: description(months),
            area: upper.chain(lower).collect::<Vec<_>>().join(" "),
            line: line.collect::<Vec<_>>().join(" "),
            ticks: (0..=4).map(|quarter| (HEIGHT - HEIGHT * quarter / 4, top * quarter / 4)).collect(),
            months: named,
        }
    }
}

fn products(number: u64) -> String {
    format!("{} {}", thousands(&number), if number == 1 { "product" } else { "products" })
}

/// By when half of them are expected.
fn title(months: &[MonthAhead], total: u64) -> String {
    let half = months.iter().find(|m| m.expected * 2 >= total && total > 0);
    match half {
        Some(month) if total > 1 => {
            format!(
                "{} of {} are expected to be assured by the end of {}",
                thousands(&month.expected),
                products(total),
                named(month)
            )
        }
        Some(month) => format!("1 product is expected to be assured by the end of {}", named(month)),
        None => format!("Fewer than half of {} are expected to be assured within a year", products(total)),
    }
}

fn named(month: &MonthAhead) -> String {
    month.month.format("%B %Y").to_string()
}

fn description(months: &[MonthAhead]) -> String {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return String::new() };
    let said = |m: &MonthAhead| {
        format!(
            "By the end of {} {} are expected, {} very likely and {} possible.",
            named(m),
            thousands(&m.expected),
            thousands(&m.sure),
            thousands(&m.possible)
        )
    };
    if first == last { said(first) } else { format!("{} {}", said(first), said(last)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(number: u32, sure: u64, expected: u64, possible: u64) -> MonthAhead {
        let month = NaiveDate::from_ymd_opt(2026, number, 1).unwrap_or_default();
        MonthAhead { month, within: 0, sure, expected, possible }
    }

    #[test]
    fn the_area_runs_from_what_is_very_likely_to_what_is_possible() {
        let today = NaiveDate::from_ymd_opt(2026, 4, 2).unwrap_or_default();
        let fan = Fan::new(&[month(4, 0, 3, 6), month(5, 8, 8, 8)], today, 8);
        assert_eq!(fan.area, "0.00,100.00 50.00,25.00 100.00,0.00 100.00,0.00 50.00,100.00");
        assert_eq!(fan.line, "0.00,100.00 50.00,62.50 100.00,0.00");
        assert_eq!(fan.title, "8 of 8 products are expected to be assured by the end of May 2026");
        assert_eq!(fan.months, [("50.00%".to_owned(), "April".to_owned()), ("100.00%".to_owned(), "May".to_owned())]);
        assert_eq!(
            fan.description,
            "By the end of April 2026 3 are expected, 0 very likely and 6 possible. \
             By the end of May 2026 8 are expected, 8 very likely and 8 possible."
        );
    }
}
