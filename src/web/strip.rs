//! Where a product is on its way: the week against the usual 2 to 12, and whom each day so far belonged to.

use chrono::NaiveDate;

use super::chart::percent;
use crate::domain::forecast::Forecast;
use crate::domain::parse::capitalised;
use crate::domain::passage::{Days, End, Party, Passage, Posture, Stretch, told};
use crate::domain::product::Product;
use crate::store::likely::Underway;
use crate::words::{counted, listed, short_date};

/// Days of the usual longest way, and of the whole strip (NHS England, "Get your software assured": 2 to 12 weeks).
const STRIP_DAYS: u32 = 14 * 7;

/// The strip and what is written with it.
#[derive(Default)]
pub struct Strip {
    /// The sentence above it.
    pub sentence: String,
    /// Where today is, in percent of 14 weeks; empty before the first answer.
    pub today: String,
    /// Whom the days so far belonged to; empty on the first day.
    pub shares: String,
    /// The stretches, each with its dates and its length.
    pub stretches: Vec<(String, String, String)>,
    /// When it is likely to finish: where that begins and how wide it is, in percent; `None` beyond the strip, and when
    /// nothing is forecast.
    pub likely: Option<(String, String)>,
    /// What the forecast rests on, and what moves it; only for the assurance team.
    pub basis: Vec<String>,
    /// What moves the date most, the most first; only for the assurance team.
    pub drivers: Vec<String>,
}

/// The same for a row of a list: as small as that, with its words.
pub struct SmallStrip {
    /// Where today is, in percent of 14 weeks.
    pub today: String,
    /// Where the likely finish begins and how wide it is, in percent; `None` beyond the strip and without a forecast.
    pub likely: Option<(String, String)>,
    /// "Week 7 of the usual 2 to 12. Likely to finish between 11 May and 1 June 2026."
    pub words: String,
}

impl SmallStrip {
    /// The strip of a product under way on a day.
    #[must_use]
    pub fn new(underway: &Underway, today: NaiveDate) -> Self {
        let days = underway.days(today);
        let from_start = |on: NaiveDate| days + u32::try_from((on - today).num_days()).unwrap_or_default();
        let week = format!("Week {} of the usual 2 to 12.", days / 7 + 1);
        let ahead = underway.likely.map(|l| format!(" Likely to finish {}.", l.words())).unwrap_or_default();
        Self {
            today: place(days),
            likely: underway.likely.and_then(|l| stretch(from_start(l.from), from_start(l.until))),
            words: format!("{week}{ahead}"),
        }
    }
}

impl Strip {
    /// The strip of a product on a day, with what its events say, for a reader of the supplier's side or of the team's.
    #[must_use]
    pub fn new(product: &Product, events: &[(NaiveDate, Posture)], today: NaiveDate, is_supplier: bool) -> Self {
        let Some(passage) = product.passage else {
            let sentence = "Not started yet. The clock begins with the first answer. Most products take 2 to 12 weeks.".to_owned();
            return Self { sentence, ..Self::default() };
        };
        let days = passage.days_to(today, Posture::of(product).party);
        let (_, stretches) = told(events);
        let of_passage = stretches.iter().filter(|s| s.passage == passage.number && s.days(today) > 0);
        Self {
            sentence: sentence(&passage, days),
            today: place(days.elapsed()),
            shares: shares(days, is_supplier),
            stretches: of_passage.map(|s| row(s, today, is_supplier)).collect(),
            ..Self::default()
        }
    }

    /// The same with the forecast that was made on a day, if there is one.
    #[must_use]
    pub fn with_forecast(
        self,
        product: &Product,
        made: Option<(NaiveDate, Forecast)>,
        today: NaiveDate,
        is_supplier: bool,
    ) -> Self {
        let Some((passage, (made_on, forecast))) = product.passage.filter(|_| product.is_under_way()).zip(made) else {
            return self;
        };
        let likely = forecast.likely();
        let day = |on: NaiveDate| u32::try_from((on.max(today) - passage.clock_from()).num_days()).unwrap_or_default();
        let said = if is_supplier { likely.sentence() } else { format!("At its current pace it finishes {}.", likely.words()) };
        let basis = vec![forecast.basis.sentence(), format!("Made on {}.", short_date(made_on))];
        Self {
            sentence: format!("{} {said}", self.sentence),
            likely: stretch(day(likely.from), day(likely.until)),
            basis: if is_supplier { Vec::new() } else { basis },
            drivers: if is_supplier { Vec::new() } else { forecast.drivers.iter().map(|d| capitalised(&d.sentence())).collect() },
            ..self
        }
    }
}

/// Where a stretch of days begins and how wide it is; `None` beyond the strip.
fn stretch(from: u32, until: u32) -> Option<(String, String)> {
    let width = until.min(STRIP_DAYS).saturating_sub(from).max(1);
    (from < STRIP_DAYS).then(|| (place(from), percent(width.into(), STRIP_DAYS.into())))
}

/// Where a day of its clock is.
fn place(day: u32) -> String {
    percent(day.into(), STRIP_DAYS.into())
}

fn sentence(passage: &Passage, days: Days) -> String {
    let weeks = days.elapsed().div_ceil(7).max(1);
    match passage.end {
        Some(End::Assured) => format!("It took {}. Most products take 2 to 12 weeks.", counted_days(weeks, "week")),
        Some(End::Withdrawn) => format!("Withdrawn after {}.", counted_days(weeks, "week")),
        None => format!("Week {}. Most products take 2 to 12 weeks.", days.elapsed() / 7 + 1),
    }
}

fn counted_days(number: u32, noun: &str) -> String {
    counted(usize::try_from(number).unwrap_or(usize::MAX), noun)
}

/// Whom a day belongs to, as the reader says it.
#[must_use]
pub const fn party(party: Party, is_supplier: bool) -> &'static str {
    match (party, is_supplier) {
        (Party::Supplier, true) => "you",
        (Party::Supplier, false) => "the supplier",
        (Party::Team, true) => "the assurance team",
        (Party::Team, false) => "us",
        (Party::Nobody, _) => "a fixed date",
        (Party::OnHold, _) => "nobody, on hold",
    }
}

/// "So far it waited 12 days for you and 5 days for the assurance team."
fn shares(days: Days, is_supplier: bool) -> String {
    let of = |p: &&Party| **p != Party::OnHold && days.of(**p) > 0;
    let parts =
        Party::ALL.iter().filter(of).map(|p| format!("{} for {}", counted_days(days.of(*p), "day"), party(*p, is_supplier)));
    let parts: Vec<String> = parts.collect();
    let held = if days.on_hold > 0 {
        format!(" It was on hold for {}, which do not count.", counted_days(days.on_hold, "day"))
    } else {
        String::new()
    };
    if parts.is_empty() { held.trim_start().to_owned() } else { format!("So far it waited {}.{held}", listed(&parts)) }
}

fn row(stretch: &Stretch, today: NaiveDate, is_supplier: bool) -> (String, String, String) {
    let until = stretch.until.map_or_else(|| "today".to_owned(), short_date);
    let dates = format!("{} to {until}", short_date(stretch.from));
    let whom = party(stretch.party, is_supplier);
    let what = stretch.topic.map_or_else(|| whom.to_owned(), |topic| format!("{whom}: {}", topic.thing()));
    (dates, what, counted_days(stretch.days(today), "day"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likely_finish_is_drawn_as_far_as_the_strip_goes() {
        let (x, width) = stretch(70, 126).expect("within the strip");
        assert_eq!((x.as_str(), width.as_str()), ("71.4%", "28.5%"));
        assert_eq!(stretch(98, 120), None);
    }

    #[test]
    fn the_shares_are_told_in_one_sentence() {
        let days = Days { supplier: 12, team: 1, nobody: 3, on_hold: 0 };
        assert_eq!(
            shares(days, true),
            "So far it waited 12 days for you, 1 day for the assurance team and 3 days for a fixed date."
        );
        let held = Days { supplier: 0, team: 2, nobody: 0, on_hold: 5 };
        assert_eq!(shares(held, false), "So far it waited 2 days for us. It was on hold for 5 days, which do not count.");
        assert_eq!(shares(Days::default(), true), "");
    }
}
