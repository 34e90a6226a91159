//! The reviews of one person as shapes: a triangle is overdue, a filled square is due soon, an empty one is due later.

use chrono::NaiveDate;

use crate::domain::calendar::Calendar;
use crate::domain::workload::is_soon;

/// How a review is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The promised day has passed.
    Overdue,
    /// Due today or within 2 working days.
    Soon,
    /// Due later.
    Later,
}

impl Shape {
    /// The shape of a promise as it stands on a day; what has no promise is due later.
    #[must_use]
    pub fn of(by: Option<NaiveDate>, calendar: &Calendar, today: NaiveDate) -> Self {
        match by {
            Some(by) if by < today => Self::Overdue,
            Some(by) if is_soon(by, calendar, today) => Self::Soon,
            Some(_) | None => Self::Later,
        }
    }
}

/// One review: what it looks like, its page and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How it is drawn.
    pub shape: Shape,
    /// Where it leads.
    pub href: String,
    /// "Clinical risk – Wardlight, round 2. Overdue 1 day".
    pub words: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_says_how_soon_a_review_is_due() {
        let calendar = Calendar::england();
        let day = |day| NaiveDate::from_ymd_opt(2026, 4, day);
        let friday = day(17).unwrap_or_default();
        for (by, shape) in [
            (day(16), Shape::Overdue),
            (day(17), Shape::Soon),
            (day(21), Shape::Soon),
            (day(22), Shape::Later),
            (None, Shape::Later),
        ] {
            assert_eq!(Shape::of(by, &calendar, friday), shape);
        }
    }
}
