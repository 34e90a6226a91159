//! Working days and due dates, against the published lists and vectors of dates.

use assured::domain::calendar::{Calendar, Pause, REVIEW_DAYS, london_date};
use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Bank holidays of England, by year: month and day. To 2028 as published, then as computed by the same rules.
const HOLIDAYS: &[(i32, &str)] = &[
    (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
    (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
    (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
    (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
    (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
    (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
    (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
    (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
    (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
    (2029, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"),
    (2030, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
];

#[test]
fn bank_holidays_are_those_of_england() {
    let calendar = Calendar::england();
    for (year, dates) in HOLIDAYS {
        let all = day(&format!("{year}-01-01")).iter_days().take_while(|d| d.year() == *year);
        let found: Vec<String> = all.filter(|d| calendar.holiday(*d).is_some()).map(|d| d.format("%m-%d").to_string()).collect();
        assert_eq!(found.join(" "), *dates, "{year}");
    }
}

#[test]
fn years_have_their_working_days() {
    let calendar = Calendar::england();
    for (year, expected) in [(2024, 254), (2025, 253), (2026, 253), (2027, 253), (2028, 252), (2029, 253), (2030, 253)] {
        let all = day(&format!("{year}-01-01")).iter_days().take_while(|d| d.year() == year);
        assert_eq!(all.filter(|d| calendar.is_working_day(*d)).count(), expected, "{year}");
    }
}

/// Day 0 and the fifth working day after it.
const FIVE_DAYS: &[(&str, &str)] = &[
    ("2026-01-05", "2026-01-12"),
    ("2026-01-09", "2026-01-16"),
    ("2026-01-10", "2026-01-16"),
    ("2026-01-11", "2026-01-16"),
    ("2026-03-27", "2026-04-07"),
    ("2026-04-01", "2026-04-10"),
    ("2026-04-02", "2026-04-13"),
    ("2026-04-03", "2026-04-13"),
    ("2026-05-01", "2026-05-11"),
    ("2026-05-22", "2026-06-01"),
    ("2026-08-28", "2026-09-07"),
    ("2026-11-23", "2026-11-30"),
    ("2020-05-04", "2020-05-12"),
    ("2021-12-24", "2022-01-05"),
    ("2026-12-18", "2026-12-29"),
    ("2026-12-21", "2026-12-30"),
    ("2026-12-24", "2027-01-05"),
    ("2026-12-26", "2027-01-05"),
    ("2026-12-31", "2027-01-08"),
    ("2027-03-24", "2027-04-02"),
    ("2027-12-22", "2027-12-31"),
    ("2027-12-24", "2028-01-05"),
    ("2027-12-31", "2028-01-10"),
    ("2028-04-13", "2028-04-24"),
    ("2022-05-30", "2022-06-08"),
    ("2022-09-14", "2022-09-22"),
    ("2023-05-02", "2023-05-10"),
    ("2022-12-23", "2023-01-04"),
];

#[test]
fn a_review_is_due_on_the_fifth_working_day() {
    let calendar = Calendar::england();
    for (sent, due) in FIVE_DAYS {
        let found = calendar.after(day(sent), REVIEW_DAYS, &[]).unwrap();
        assert_eq!(found.on, day(due), "sent on {sent}");
        assert_eq!(found.counted.len(), 5);
        assert_eq!(found.counted.last(), Some(&found.on));
    }
}

#[test]
fn a_test_needs_two_weeks_notice_and_a_working_day() {
    let calendar = Calendar::england();
    for (asked, earliest) in [
        ("2026-01-05", "2026-01-19"),
        ("2026-03-20", "2026-04-07"),
        ("2026-03-23", "2026-04-07"),
        ("2026-11-23", "2026-12-07"),
        ("2026-12-11", "2026-12-29"),
        ("2026-12-14", "2026-12-29"),
        ("2026-12-18", "2027-01-04"),
        ("2027-03-12", "2027-03-30"),
    ] {
        assert_eq!(calendar.earliest_test(day(asked)), day(earliest), "asked on {asked}");
    }
}

#[test]
fn a_due_date_names_the_days_that_it_skips() {
    let due = Calendar::england().after(day("2026-04-02"), REVIEW_DAYS, &[]).unwrap();
    let skipped: Vec<String> = due.skipped.iter().map(|(d, name)| format!("{} {name}", d.format("%d"))).collect();
    let expected = ["03 Good Friday", "04 Saturday", "05 Sunday", "06 Easter Monday", "11 Saturday", "12 Sunday"];
    assert_eq!(skipped, expected);
}

#[test]
fn the_day_is_that_of_london() {
    let at = |text: &str| london_date(text.parse().unwrap());
    assert_eq!(at("2026-07-01T23:30:00Z"), day("2026-07-02"));
    assert_eq!(at("2026-01-01T23:30:00Z"), day("2026-01-01"));
    assert_eq!(at("2026-10-25T00:30:00Z"), day("2026-10-25"));
}

#[test]
fn a_day_can_be_added_and_taken_away() {
    let date = day("2026-06-10");
    let calendar = Calendar::england().with([(date, Some("National day of thanks".to_owned())), (day("2026-05-25"), None)]);
    assert_eq!(calendar.after(day("2026-06-08"), 5, &[]).unwrap().on, day("2026-06-16"));
    assert!(calendar.is_working_day(day("2026-05-25")));
}

proptest! {
    #[test]
    fn counted_and_skipped_are_all_days_from_the_first_to_the_due(offset in 0u64..4000, n in 1u32..30) {
        let from = day("2020-01-01") + Days::new(offset);
        let due = Calendar::england().after(from, n, &[]).unwrap();
        let mut days: Vec<NaiveDate> = due.counted.iter().copied().chain(due.skipped.iter().map(|(d, _)| *d)).collect();
        days.sort_unstable();
        let all: Vec<NaiveDate> = from.iter_days().skip(1).take_while(|d| *d <= due.on).collect();
        prop_assert_eq!(days, all);
    }

    #[test]
    fn a_pause_never_shortens_a_promise(offset in 0u64..4000, start in 0u64..20, length in 0u64..30) {
        let calendar = Calendar::england();
        let from = day("2020-01-01") + Days::new(offset);
        let pause = Pause { from: from + Days::new(start), until: Some(from + Days::new(start + length)) };
        let plain = calendar.after(from, REVIEW_DAYS, &[]).unwrap();
        let paused = calendar.after(from, REVIEW_DAYS, &[pause]).unwrap();
        prop_assert!(paused.on >= plain.on);
        prop_assert!(paused.counted.iter().all(|d| *d < pause.from || pause.until.unwrap() <= *d));
    }

    #[test]
    fn nothing_is_left_on_the_day_and_less_than_nothing_after_it(offset in 0u64..4000, late in 1u64..20) {
        let calendar = Calendar::england();
        let due = calendar.after(day("2020-01-01") + Days::new(offset), REVIEW_DAYS, &[]).unwrap();
        prop_assert_eq!(calendar.days_left(due.from, due.on), 5);
        prop_assert_eq!(calendar.days_left(due.on, due.on), 0);
        prop_assert!(calendar.days_left(due.on + Days::new(late), due.on) < 0);
    }
}

#[test]
fn a_promise_waits_while_a_hold_lasts() {
    let pause = Pause { from: day("2026-04-08"), until: None };
    assert_eq!(Calendar::england().after(day("2026-04-02"), REVIEW_DAYS, &[pause]), None);
}

#[test]
fn a_pause_that_ended_moves_a_promise_by_its_working_days() {
    let calendar = Calendar::england();
    let pause = |from: &str, until: &str| Pause { from: day(from), until: Some(day(until)) };
    let on = |pauses: &[Pause]| calendar.after(day("2026-01-05"), 5, pauses).map(|d| d.on);
    assert_eq!(on(&[pause("2026-01-07", "2026-01-09")]), Some(day("2026-01-14")), "two working days");
    assert_eq!(on(&[pause("2026-01-07", "2026-01-07")]), Some(day("2026-01-12")), "held and resumed on one day");
    assert_eq!(on(&[pause("2026-01-10", "2026-01-12")]), Some(day("2026-01-12")), "a weekend costs nothing");
    assert_eq!(on(&[pause("2025-12-01", "2025-12-24")]), Some(day("2026-01-12")), "over before the first day");
    let both = [pause("2026-01-06", "2026-01-07"), pause("2026-01-08", "2026-01-09")];
    assert_eq!(on(&both), Some(day("2026-01-14")), "one day each");
}

#[test]
fn days_left_are_working_days() {
    let calendar = Calendar::england();
    for (today, due, left) in [
        ("2026-04-02", "2026-04-13", 5),
        ("2026-04-10", "2026-04-13", 1),
        ("2026-04-13", "2026-04-13", 0),
        ("2026-04-14", "2026-04-13", -1),
        ("2026-04-20", "2026-04-13", -5),
        // Due on a Friday and looked at on Saturday: late, although no working day has passed.
        ("2026-04-18", "2026-04-17", -1),
    ] {
        assert_eq!(calendar.days_left(day(today), day(due)), left, "{today}");
    }
}

#[test]
fn bank_holidays_have_the_names_that_people_know() {
    let calendar = Calendar::england();
    for (date, name) in [
        ("2026-01-01", "New Year's Day"),
        ("2028-01-03", "New Year's Day (substitute day)"),
        ("2026-04-06", "Easter Monday"),
        ("2022-06-02", "Spring bank holiday"),
        ("2022-09-19", "State Funeral of Queen Elizabeth II"),
        ("2026-08-31", "Summer bank holiday"),
        ("2021-12-27", "Christmas Day (substitute day)"),
        ("2026-12-28", "Boxing Day (substitute day)"),
        ("2022-12-27", "Christmas Day (substitute day)"),
    ] {
        assert_eq!(calendar.holiday(day(date)).as_deref(), Some(name), "{date}");
    }
}
