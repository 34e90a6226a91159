//! How far apart things lie: a distribution kept as its quantiles, with a tail that never ends.

/// Quantiles that are kept.
const POINTS: u32 = 65;
/// Chance of lying above the last of them.
const ABOVE: f64 = 0.5 / 65.0;
/// The least that the tail reaches on, in the unit of the values.
const LEAST_TAIL: f64 = 0.1;

/// A distribution of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spread {
    /// Values at the middles of as many equal shares, ascending; never empty.
    points: Vec<f64>,
    /// How far the values above the last point lie from it, on average.
    tail: f64,
}

impl Spread {
    /// The distribution of values with their weights; `None` without any.
    pub(super) fn of(mut seen: Vec<(f64, f64)>) -> Option<Self> {
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = seen.iter().map(|(_, weight)| weight).sum();
        let (last, _) = seen.last().copied().filter(|_| total > 0.0)?;
        let mut points = Vec::new();
        let (mut before, mut rest) = (0.0, seen.iter().peekable());
        let mut lower: Option<(f64, f64)> = None;
        for point in 0..POINTS {
            let share = (f64::from(point) + 0.5) / f64::from(POINTS);
            while let Some((value, weight)) = rest.peek().filter(|(_, weight)| (before + weight / 2.0) / total < share) {
                lower = Some((*value, (before + weight / 2.0) / total));
                before += weight;
                rest.next();
            }
            points.push(match (lower, rest.peek()) {
                (Some((low, at)), Some((high, weight))) => {
                    low + (high - low) * (share - at) / ((before + weight / 2.0) / total - at)
                }
                (None, Some((high, _))) => *high,
                (_, None) => last,
            });
        }
        let edge = points.get(52).copied().unwrap_or(last);
        let (excess, count) = points.iter().skip(52).fold((0.0, 0.0), |(sum, n), p| (sum + p - edge, n + 1.0));
        Some(Self { points, tail: f64::max(excess / f64::max(count, 1.0), LEAST_TAIL) })
    }

    /// Values around 0 with a deviation, as the logistic distribution has them: like the normal one, with longer tails.
    pub(super) fn logistic(deviation: f64) -> Self {
        let scale = deviation * 3_f64.sqrt() / std::f64::consts::PI;
        let share = |point: u32| (f64::from(point) + 0.5) / f64::from(POINTS);
        let points = (0..POINTS).map(|point| scale * (share(point) / (1.0 - share(point))).ln());
        Self { points: points.collect(), tail: scale.max(LEAST_TAIL) }
    }

    /// The value that a share of all lies below; `share` from 0 up to but not including 1.
    pub(super) fn at(&self, share: f64) -> f64 {
        let place = (share * f64::from(POINTS) - 0.5).max(0.0);
        let (low, part) = (super::whole(place), place.fract());
        let point = |index: u32| self.points.get(index as usize).copied();
        match (point(low), point(low + 1)) {
            (Some(low), Some(high)) => low + (high - low) * part,
            (Some(last), None) => last + self.tail * (ABOVE / (1.0 - share)).ln().max(0.0),
            (None, _) => 0.0,
        }
    }

    /// The share of all that lies below a value; less than 1.
    pub(super) fn below(&self, value: f64) -> f64 {
        let index = self.points.partition_point(|p| *p < value);
        let share = |place: f64| (place + 0.5) / f64::from(POINTS);
        let position = f64::from(u32::try_from(index).unwrap_or(POINTS));
        match (index.checked_sub(1).and_then(|i| self.points.get(i)), self.points.get(index)) {
            (None, _) => 0.0,
            (Some(low), Some(high)) => share(position - 1.0 + (value - low) / (high - low)),
            (Some(last), None) => 1.0 - ABOVE * ((last - value) / self.tail).exp(),
        }
    }

    /// The value that a share lies below of all that lie above another value.
    pub(super) fn above(&self, value: f64, share: f64) -> f64 {
        if self.points.last().is_some_and(|last| *last <= value) {
            return value - self.tail * (1.0 - share).ln();
        }
        let before = self.below(value);
        self.at(before + share * (1.0 - before))
    }

    /// The points, each standing for an equal share.
    pub(super) fn points(&self) -> &[f64] {
        &self.points
    }
}
