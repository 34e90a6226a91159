//! Bank holidays as published, dates worked out by hand, and what must be true of any date.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn holidays(year: i32) -> Vec<(NaiveDate, String)> {
    let calendar = Calendar::england();
    let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|d| d.year() == year);
    days.filter_map(|d| calendar.holiday(d).map(|name| (d, name))).collect()
}

/// GOV.UK, "UK bank holidays", England and Wales; 2029 and 2030 follow from the same rules.
const PUBLISHED: &[(i32, &[&str])] = &[
    (2019, &["01-01", "04-19", "04-22", "05-06", "05-27", "08-26", "12-25", "12-26"]),
    (2020, &["01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"]),
    (2021, &["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"]),
    (2022, &["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"]),
    (2023, &["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"]),
    (2024, &["01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"]),
    (2025, &["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"]),
    (2026, &["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]),
    (2027, &["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]),
    (2028, &["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"]),
    (2029, &["01-01", "03-30", "04-02", "05-07", "05-28", "08-27", "12-25", "12-26"]),
    (2030, &["01-01", "04-19", "04-22", "05-06", "05-27", "08-26", "12-25", "12-26"]),
];

#[test]
fn bank_holidays_are_those_that_were_published() {
    for (year, dates) in PUBLISHED {
        let expected: Vec<NaiveDate> = dates.iter().map(|d| day(&format!("{year}-{d}"))).collect();
        let found: Vec<NaiveDate> = holidays(*year).into_iter().map(|(d, _)| d).collect();
        assert_eq!(found, expected, "{year}");
    }
}

#[test]
fn bank_holidays_have_names() {
    let calendar = Calendar::england();
    for (date, name) in [
        ("2026-01-01", "New Year's Day"),
        ("2028-01-03", "New Year's Day (substitute day)"),
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
        ("2020-05-08", "Early May bank holiday (VE Day)"),
        ("2022-06-02", "Spring bank holiday"),
        ("2022-06-03", "Platinum Jubilee bank holiday"),
        ("2022-09-19", "State Funeral of Queen Elizabeth II"),
        ("2023-05-08", "Coronation of King Charles III"),
        ("2026-08-31", "Summer bank holiday"),
        ("2021-12-27", "Christmas Day (substitute day)"),
        ("2026-12-28", "Boxing Day (substitute day)"),
        ("2022-12-26", "Boxing Day"),
        ("2022-12-27", "Christmas Day (substitute day)"),
    ] {
        assert_eq!(calendar.holiday(day(date)).as_deref(), Some(name), "{date}");
    }
    assert_eq!(calendar.day_off(day("2026-04-04")).as_deref(), Some("Saturday"));
    assert_eq!(calendar.day_off(day("2026-04-05")).as_deref(), Some("Sunday"));
}

#[test]
fn each_year_has_so_many_working_days() {
    let calendar = Calendar::england();
    for (year, expected) in [(2024, 254), (2025, 253), (2026, 253), (2027, 253), (2028, 252), (2029, 253), (2030, 253)] {
        let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|d| d.year() == year);
        assert_eq!(days.filter(|d| calendar.is_working_day(*d)).count(), expected, "{year}");
    }
}

#[test]
fn five_working_days_after() {
    let calendar = Calendar::england();
    for (from, due) in [
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
    ] {
        let found = calendar.after(day(from), REVIEW_DAYS, &[]).unwrap();
        assert_eq!(found.on, day(due), "{from}");
        assert_eq!(found.counted.len(), 5);
    }
}

#[test]
fn the_first_day_for_a_test() {
    let calendar = Calendar::england();
    for (requested, first) in [
        ("2026-01-05", "2026-01-19"),
        ("2026-03-20", "2026-04-07"),
        ("2026-03-23", "2026-04-07"),
        ("2026-11-23", "2026-12-07"),
        ("2026-12-11", "2026-12-29"),
        ("2026-12-14", "2026-12-29"),
        ("2026-12-18", "2027-01-04"),
        ("2027-03-12", "2027-03-30"),
    ] {
        assert_eq!(calendar.earliest_test(day(requested)), day(first), "{requested}");
    }
}

#[test]
fn the_working_of_a_due_date_names_every_day() {
    let due = Calendar::england().after(day("2026-04-02"), REVIEW_DAYS, &[]).unwrap();
    let counted: Vec<String> = due.counted.iter().map(ToString::to_string).collect();
    let skipped: Vec<String> = due.skipped.iter().map(|(d, name)| format!("{d} {name}")).collect();
    assert_eq!(counted, ["2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10", "2026-04-13"]);
    assert_eq!(
        skipped,
        [
            "2026-04-03 Good Friday",
            "2026-04-04 Saturday",
            "2026-04-05 Sunday",
            "2026-04-06 Easter Monday",
            "2026-04-11 Saturday",
            "2026-04-12 Sunday"
        ]
    );
}

#[test]
fn a_pause_stops_the_clock() {
    let calendar = Calendar::england();
    let pause = |from: &str, until: Option<&str>| Pause { from: day(from), until: until.map(day) };
    let on = |pauses: &[Pause]| calendar.after(day("2026-01-05"), 5, pauses).map(|d| d.on);
    assert_eq!(on(&[pause("2026-01-07", None)]), None, "no date while it lasts");
    assert_eq!(on(&[pause("2026-01-07", Some("2026-01-09"))]), Some(day("2026-01-14")), "two days later");
    assert_eq!(on(&[pause("2026-01-07", Some("2026-01-07"))]), Some(day("2026-01-12")), "held and resumed on one day");
    assert_eq!(on(&[pause("2026-01-10", Some("2026-01-12"))]), Some(day("2026-01-12")), "a weekend costs nothing");
    assert_eq!(on(&[pause("2025-12-01", Some("2025-12-24"))]), Some(day("2026-01-12")), "before the first day");
}

#[test]
fn days_left_count_working_days() {
    let calendar = Calendar::england();
    for (today, due, left) in [
        ("2026-04-02", "2026-04-13", 5),
        ("2026-04-10", "2026-04-13", 1),
        ("2026-04-13", "2026-04-13", 0),
        ("2026-04-14", "2026-04-13", -1),
        ("2026-04-20", "2026-04-13", -5),
        // Due on a Friday, looked at on Saturday: late, although no working day has passed.
        ("2026-04-18", "2026-04-17", -1),
    ] {
        assert_eq!(calendar.days_left(day(today), day(due)), left, "{today}");
    }
}

#[test]
fn a_holiday_can_be_added_and_taken_away() {
    let calendar = Calendar::england().with([(day("2026-06-15"), Some("Extra day".to_owned())), (day("2026-08-31"), None)]);
    assert_eq!(calendar.day_off(day("2026-06-15")).as_deref(), Some("Extra day"));
    assert!(calendar.is_working_day(day("2026-08-31")));
}

#[test]
fn dates_are_those_of_london() {
    for (moment, date) in [
        ("2026-07-01T22:59:59Z", "2026-07-01"),
        ("2026-07-01T23:30:00Z", "2026-07-02"),
        ("2026-01-01T23:30:00Z", "2026-01-01"),
        ("2026-03-29T00:30:00Z", "2026-03-29"),
        ("2026-10-24T23:30:00Z", "2026-10-25"),
    ] {
        assert_eq!(london_date(moment.parse().unwrap()), day(date), "{moment}");
    }
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..4_000_u64).prop_map(|n| day("2020-01-01") + Days::new(n))
}

fn any_pauses() -> impl Strategy<Value = Vec<Pause>> {
    let pause = (any_day(), 0..30_u64).prop_map(|(from, days)| Pause { from, until: Some(from + Days::new(days)) });
    proptest::collection::vec(pause, 0..4)
}

proptest! {
    #[test]
    fn the_working_covers_each_day_once(from in any_day(), n in 1..30_u32, pauses in any_pauses()) {
        let due = Calendar::england().after(from, n, &pauses).unwrap();
        let mut days: Vec<NaiveDate> = due.counted.iter().copied().chain(due.skipped.iter().map(|(d, _)| *d)).collect();
        days.sort_unstable();
        let expected: Vec<NaiveDate> = from.iter_days().skip(1).take_while(|d| *d <= due.on).collect();
        prop_assert_eq!(days, expected);
        prop_assert_eq!(due.counted.len(), n as usize);
        prop_assert_eq!(due.counted.last(), Some(&due.on));
    }

    #[test]
    fn pausing_never_shortens_a_promise(from in any_day(), n in 1..30_u32, pauses in any_pauses(), one in 0..4_usize) {
        let calendar = Calendar::england();
        let fewer: Vec<Pause> = pauses.iter().enumerate().filter(|(i, _)| *i != one).map(|(_, p)| *p).collect();
        prop_assert!(calendar.after(from, n, &pauses).unwrap().on >= calendar.after(from, n, &fewer).unwrap().on);
    }

    #[test]
    fn nothing_is_left_on_the_due_day(from in any_day(), n in 1..30_u32) {
        let calendar = Calendar::england();
        let due = calendar.after(from, n, &[]).unwrap().on;
        prop_assert_eq!(calendar.days_left(due, due), 0);
        prop_assert_eq!(calendar.days_left(from, due), i64::from(n));
        prop_assert!(calendar.days_left(due + Days::new(1), due) < 0);
    }

    #[test]
    fn a_test_is_on_a_working_day_two_weeks_ahead_or_later(requested in any_day()) {
        let calendar = Calendar::england();
        let first = calendar.earliest_test(requested);
        prop_assert!(calendar.is_working_day(first) && first >= requested + Days::new(TEST_NOTICE_DAYS));
    }
}
