//! The lane of one product on the timeline: its days so far by whom it waited for, against the usual 2 to 12 weeks.

use chrono::NaiveDate;

use super::percent;
use crate::domain::forecast::Likely;
use crate::domain::measure::USUAL_DAYS;
use crate::domain::passage::Party;
use crate::store::board::Running;
use crate::words::{counted, listed};

/// Days of the whole width: 16 weeks.
pub const AXIS_DAYS: u32 = 16 * 7;

/// A part of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it begins.
    pub x: String,
    /// How wide it is.
    pub width: String,
    /// Whom it waited for: `us`, `supplier` or `nobody`.
    pub look: &'static str,
}

/// The lane of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its days so far.
    pub parts: Vec<Part>,
    /// Where it was on hold.
    pub holds: Vec<String>,
    /// Where today is.
    pub end: String,
    /// The week in which it is.
    pub label: String,
    /// Whether the label stands left of its end, for want of room.
    pub is_left: bool,
    /// Whether it goes on beyond the picture.
    pub is_cut: bool,
    /// When it is likely to end, if that is forecast.
    pub forecast: Option<Part>,
    /// The same in words.
    pub story: String,
}

impl Lane {
    /// The lane of a product on a day.
    #[must_use]
    pub fn new(row: &Running, today: NaiveDate) -> Self {
        let likely = row.expected.map(|e| e.likely);
        let (mut parts, mut holds, mut at) = (Vec::new(), Vec::new(), 0);
        for stretch in &row.stretches {
            let days = stretch.days(today);
            if stretch.party == Party::OnHold {
                holds.push(place(at));
            } else if days > 0 && at < AXIS_DAYS {
                parts.push(part(at, at + days, look(stretch.party)));
                at += days;
            }
        }
        let ahead = |on: NaiveDate| row.days + u32::try_from((on - today).num_days()).unwrap_or_default();
        let forecast = likely.filter(|l| ahead(l.from) < AXIS_DAYS);
        let forecast = forecast.map(|l| part(ahead(l.from), ahead(l.until).max(ahead(l.from) + 1), "forecast"));
        Self {
            parts,
            holds,
            end: place(row.days),
            label: format!("week {}", row.days / 7 + 1),
            is_left: row.days * 2 > AXIS_DAYS,
            is_cut: row.days > AXIS_DAYS,
            forecast,
            story: story(row, today, likely),
        }
    }
}

/// The weeks that are written above all lanes, each with its place.
#[must_use]
pub fn ticks() -> Vec<(String, u32)> {
    (0..=AXIS_DAYS / 7).step_by(2).map(|week| (place(week * 7), week)).collect()
}

/// The usual way: where it begins and how wide it is.
#[must_use]
pub fn usual() -> (String, String) {
    (place(USUAL_DAYS.0), percent((USUAL_DAYS.1 - USUAL_DAYS.0).into(), AXIS_DAYS.into()))
}

fn place(day: u32) -> String {
    percent(day.into(), AXIS_DAYS.into())
}

fn part(from: u32, to: u32, look: &'static str) -> Part {
    let (from, to) = (from.min(AXIS_DAYS), to.min(AXIS_DAYS));
    Part { x: place(from), width: percent((to - from).into(), AXIS_DAYS.into()), look }
}

const fn look(party: Party) -> &'static str {
    match party {
        Party::Team => "us",
        Party::Supplier => "supplier",
        Party::Nobody | Party::OnHold => "nobody",
    }
}

fn story(row: &Running, today: NaiveDate, likely: Option<Likely>) -> String {
    let of = |party: Party| row.stretches.iter().filter(|s| s.party == party).map(|s| s.days(today)).sum::<u32>();
    let named = [(Party::Supplier, "the supplier"), (Party::Team, "us"), (Party::Nobody, "a fixed date")];
    let days = |days: u32| counted(usize::try_from(days).unwrap_or(usize::MAX), "day");
    let parts: Vec<String> =
        named.iter().filter(|(p, _)| of(*p) > 0).map(|(p, words)| format!("{} for {words}", days(of(*p)))).collect();
    let mut story = format!("Week {} of the usual 2 to 12.", row.days / 7 + 1);
    if !parts.is_empty() {
        story = format!("{story} It waited {}.", listed(&parts));
    }
    if of(Party::OnHold) > 0 {
        story = format!("{story} {} on hold do not count.", days(of(Party::OnHold)));
    }
    match likely {
        Some(likely) => format!("{story} Likely to finish {}.", likely.words()),
        None => story,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::passage::Stretch;
    use crate::store::likely::Expected;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default() + chrono::Days::new(number)
    }

    fn running(days: u32, stretches: &[(Party, u64, Option<u64>)]) -> Running {
        Running {
            reference: "C2A-1001".to_owned(),
            name: "Wardlight".to_owned(),
            organisation: "Wardlight Health".to_owned(),
            party: Party::Supplier,
            topic: None,
            since: day(0),
            by: None,
            reminded_on: None,
            days,
            expected: None,
            stretches: stretches
                .iter()
                .map(|(party, from, until)| Stretch {
                    passage: 1,
                    party: *party,
                    topic: None,
                    from: day(*from),
                    until: until.map(day),
                })
                .collect(),
        }
    }

    #[test]
    fn days_lie_behind_each_other_and_those_on_hold_take_no_room() {
        let row = running(35, &[(Party::Supplier, 0, Some(14)), (Party::OnHold, 14, Some(24)), (Party::Team, 24, None)]);
        let lane = Lane::new(&row, day(45));
        let parts: Vec<_> = lane.parts.iter().map(|p| (p.x.as_str(), p.width.as_str(), p.look)).collect();
        assert_eq!(parts, [("0.0%", "12.5%", "supplier"), ("12.5%", "18.7%", "us")]);
        assert_eq!((lane.holds, lane.end.as_str(), lane.label.as_str()), (vec!["12.5%".to_owned()], "31.2%", "week 6"));
        assert_eq!(
            lane.story,
            "Week 6 of the usual 2 to 12. It waited 14 days for the supplier and 21 days for us. 10 days on hold do not count."
        );
    }

    #[test]
    fn what_is_longer_than_the_picture_is_cut_and_says_its_week() {
        let row = running(200, &[(Party::Supplier, 0, None)]);
        let lane = Lane::new(&row, day(200));
        assert!(lane.is_cut && lane.is_left);
        assert_eq!(
            (lane.parts.len(), lane.parts.first().map(|p| p.width.clone()), lane.label.as_str()),
            (1, Some("100.0%".to_owned()), "week 29")
        );
    }

    #[test]
    fn a_forecast_lies_ahead_of_today() {
        let expected = Some(Expected { likely: Likely { from: day(56), until: day(84) }, is_long: false });
        let lane = Lane::new(&Running { expected, ..running(28, &[(Party::Team, 0, None)]) }, day(28));
        let forecast = lane.forecast.map(|p| (p.x, p.width));
        assert_eq!(forecast, Some(("50.0%".to_owned(), "25.0%".to_owned())));
        assert!(lane.story.ends_with("Likely to finish between 26\u{a0}February and 26\u{a0}March 2026."), "{}", lane.story);
    }
}
