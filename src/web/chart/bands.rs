//! Where products were, day by day: five bands upon each other. A band that grows wider is where they pile up.

use chrono::NaiveDate;

use super::spread::months;
use crate::domain::flow::Band;
use crate::store::report::Flow;
use crate::words::{short_date, thousands};

/// Height of the plot in pixels.
const HEIGHT: u64 = 280;
/// Months that are named on the axis at most.
const MOST_MONTHS: usize = 3;
/// The least distance of two labels in pixels: each has two lines.
const APART: u64 = 34;

/// One band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Which.
    pub word: &'static str,
    /// Its outline in a square of 100.
    pub points: String,
    /// Its name, as it stands beside it.
    pub label: &'static str,
    /// How many there are at the end.
    pub number: u64,
    /// Where its name stands, in pixels from above.
    pub label_y: u64,
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands {
    /// The message.
    pub title: String,
    /// What is measured, how many, from when to when.
    pub measure: String,
    /// The picture in words.
    pub description: String,
    /// From the bottom.
    pub bands: Vec<Drawn>,
    /// Numbers on the axis, each with its place in pixels from above.
    pub ticks: Vec<(u64, u64)>,
    /// Months on the axis, each with its place.
    pub months: Vec<(String, String)>,
}

impl Bands {
    /// The picture of some days. What had finished before the first of them is left out.
    #[must_use]
    pub fn new(flow: &Flow) -> Self {
        let flow = from_start(flow);
        let span = (flow.first().map(|f| f.0).unwrap_or_default(), flow.last().map(|f| f.0).unwrap_or_default());
        let top = top(flow.iter().map(|(_, levels)| levels.iter().sum()).max().unwrap_or_default());
        let mut bands: Vec<Drawn> = Band::ALL.iter().enumerate().map(|(place, band)| drawn(&flow, (place, *band), top)).collect();
        spread_labels(&mut bands);
        Self {
            title: title(&flow),
            measure: measure(&flow, span),
            description: description(&flow),
            bands,
            ticks: (0..=4).map(|quarter| (HEIGHT - HEIGHT * quarter / 4, top * quarter / 4)).collect(),
            months: months(span, MOST_MONTHS),
        }
    }
}

/// The numbers of each day in the order of the bands, finished ones counted from the first day on.
fn from_start(flow: &Flow) -> Vec<(NaiveDate, [u64; 5])> {
    let of = |levels: &std::collections::BTreeMap<Band, u64>, band: Band| levels.get(&band).copied().unwrap_or_default();
    let before = flow.first().map(|(_, levels)| of(levels, Band::Finished)).unwrap_or_default();
    let row = |(day, levels): &(NaiveDate, std::collections::BTreeMap<Band, u64>)| {
        let finished = of(levels, Band::Finished).saturating_sub(before);
        let [agreement, test, review, supplier] =
            [Band::Agreement, Band::Demonstration, Band::Review, Band::Supplier].map(|band| of(levels, band));
        (*day, [finished, agreement, test, review, supplier])
    };
    flow.iter().map(row).collect()
}

/// The end of the axis: a round number of which a quarter is whole, at least 4.
pub(super) fn top(most: u64) -> u64 {
    let mut unit = 4;
    loop {
        for factor in [1, 2, 3, 4, 5, 6, 8] {
            if most <= unit * factor {
                return unit * factor;
            }
        }
        unit *= 10;
    }
}

fn drawn(flow: &[(NaiveDate, [u64; 5])], (place, band): (usize, Band), top: u64) -> Drawn {
    let first = flow.first().map(|f| f.0).unwrap_or_default();
    let days = |day: NaiveDate| u64::try_from((day - first).num_days()).unwrap_or_default();
    let all = flow.last().map(|f| days(f.0)).unwrap_or_default().max(1);
    let point = |day: NaiveDate, level: u64| format!("{},{}", hundredths(days(day), all), hundredths(top - level.min(top), top));
    let below = |row: &[u64; 5]| row.iter().take(place).sum::<u64>();
    let own = |row: &[u64; 5]| row.get(place).copied().unwrap_or_default();
    let upper = flow.iter().map(|(day, row)| point(*day, below(row) + own(row)));
    let lower = flow.iter().rev().map(|(day, row)| point(*day, below(row)));
    let (under, number) = flow.last().map(|(_, row)| (below(row), own(row))).unwrap_or_default();
    Drawn {
        word: band.word(),
        points: upper.chain(lower).collect::<Vec<_>>().join(" "),
        label: short(band),
        number,
        label_y: HEIGHT - (under * 2 + number) * HEIGHT / (top * 2),
    }
}

/// A part of a whole in percent with two decimals.
pub(super) fn hundredths(part: u64, whole: u64) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Moves labels up until none covers another, and down again where they would leave the picture.
fn spread_labels(bands: &mut [Drawn]) {
    let mut lowest = HEIGHT;
    for band in bands.iter_mut() {
        band.label_y = band.label_y.min(lowest);
        lowest = band.label_y.saturating_sub(APART);
    }
    let mut highest = 12;
    for band in bands.iter_mut().rev() {
        band.label_y = band.label_y.max(highest);
        highest = band.label_y + APART;
    }
}

const fn short(band: Band) -> &'static str {
    match band {
        Band::Agreement => "Agreement",
        Band::Supplier => "With supplier",
        Band::Finished | Band::Demonstration | Band::Review => band.label(),
    }
}

/// The band with most products, and how it was at the start.
fn title(flow: &[(NaiveDate, [u64; 5])]) -> String {
    let (Some((start, first)), Some((_, last))) = (flow.first(), flow.last()) else { return "Nothing is in progress".to_owned() };
    let under_way = last.iter().zip(Band::ALL).zip(first).skip(1);
    let Some(((now, band), then)) = under_way.max_by_key(|((now, _), _)| **now).filter(|((now, _), _)| **now > 0) else {
        return "Nothing is in progress".to_owned();
    };
    let number = format!("{} {}", thousands(now), if *now == 1 { "product" } else { "products" });
    let place = match band {
        Band::Agreement => "at the certificate or the agreement",
        Band::Demonstration => "at the demonstration",
        Band::Review => "in review",
        Band::Supplier => "with suppliers",
        Band::Finished => "finished",
    };
    let most = if *now == 1 { format!("{number} is {place}") } else { format!("Most are {place}: {number}") };
    if now == then {
        format!("{most}, as many as on {}", short_date(*start))
    } else {
        format!("{most}, {} on {}", thousands(then), short_date(*start))
    }
}

fn measure(flow: &[(NaiveDate, [u64; 5])], (from, to): (NaiveDate, NaiveDate)) -> String {
    let (finished, under_way) = flow.last().map(|(_, [done, rest @ ..])| (*done, rest.iter().sum::<u64>())).unwrap_or_default();
    format!(
        "Products by where they were at the end of each week, without those on hold. {} in progress, {} finished \
         from {} to {}.",
        thousands(&under_way),
        thousands(&finished),
        short_date(from),
        short_date(to)
    )
}

fn description(flow: &[(NaiveDate, [u64; 5])]) -> String {
    let Some((_, last)) = flow.last() else { return String::new() };
    let parts: Vec<String> =
        Band::ALL.iter().zip(last).map(|(band, number)| format!("{} {}", short(*band).to_lowercase(), thousands(number))).collect();
    format!("Five bands from the bottom to the top, at the end: {}.", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(rows: &[(u32, [u64; 5])]) -> Flow {
        let day = |month| NaiveDate::from_ymd_opt(2026, month, 1).unwrap_or_default();
        rows.iter().map(|(month, row)| (day(*month), Band::ALL.iter().copied().zip(*row).collect())).collect()
    }

    #[test]
    fn the_widest_band_is_the_message_and_finished_ones_count_from_the_start() {
        let bands = Bands::new(&flow(&[(1, [10, 1, 3, 2, 4]), (4, [15, 2, 7, 4, 2])]));
        assert_eq!(bands.title, "Most are at the demonstration: 7 products, 3 on 1\u{a0}January 2026");
        assert_eq!(
            bands.description,
            "Five bands from the bottom to the top, at the end: finished 5, agreement 2, demonstration 7, in review 4, with supplier 2."
        );
        let finished = bands.bands.first();
        assert_eq!(
            finished.map(|b| (b.points.as_str(), b.number)),
            Some(("0.00,100.00 100.00,75.00 100.00,100.00 0.00,100.00", 5))
        );
        assert_eq!(bands.ticks, [(280, 0), (210, 5), (140, 10), (70, 15), (0, 20)]);
    }

    #[test]
    fn labels_keep_their_distance_inside_the_picture() {
        let bands = Bands::new(&flow(&[(1, [0, 0, 0, 0, 0]), (4, [0, 1, 1, 1, 40])]));
        let places: Vec<u64> = bands.bands.iter().map(|b| b.label_y).collect();
        assert!(places.windows(2).all(|pair| matches!(pair, [low, high] if low - high >= APART)), "{places:?}");
        assert!(places.iter().all(|y| (12..=HEIGHT).contains(y)), "{places:?}");
    }

    #[test]
    fn nothing_in_progress_says_so() {
        assert_eq!(Bands::new(&flow(&[(1, [0; 5]), (4, [3, 0, 0, 0, 0])])).title, "Nothing is in progress");
    }
}
