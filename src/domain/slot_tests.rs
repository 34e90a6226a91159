//! Dates for demonstrations: times as typed, rules, clashes, and the moments they mean when clocks change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday, WeekdaySet};
use proptest::prelude::*;
use uuid::Uuid;

use super::calendar::{Calendar, london_date};
use super::slot::*;
use super::words::{LeaveId, PersonId, SlotId};
use crate::words;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// Tuesday 24 November 2026, 9.30am.
fn now() -> DateTime<Utc> {
    at("2026-11-24T09:30:00Z")
}

fn sam() -> (PersonId, String) {
    (PersonId(Uuid::from_u128(1)), "Sam Brown".to_owned())
}

fn amina() -> (PersonId, String) {
    (PersonId(Uuid::from_u128(2)), "Amina Okafor".to_owned())
}

fn slot(number: u128, starts_at: &str, assessor: Option<(PersonId, String)>) -> Slot {
    Slot { id: SlotId(Uuid::from_u128(number)), starts_at: at(starts_at), assessor, taken: false }
}

fn leave(from: &str, until: &str) -> Leave {
    Leave { id: LeaveId(Uuid::from_u128(9)), person: sam().0, from: day(from), until: day(until) }
}

fn rule(weekdays: &[Weekday], times: &[NaiveTime], from: &str, until: &str) -> Rule {
    Rule { weekdays: weekdays.iter().copied().collect(), times: times.to_vec(), from: day(from), until: day(until) }
}

fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// What a rule makes with nothing to clash with.
fn made(rule: &Rule) -> Result<Vec<Proposed>, Faults> {
    let diary = Diary { calendar: &Calendar::england(), slots: &[], leave: &[], assessor: None };
    rule.dates(&diary, now())
}

/// The field and the sentence of the only fault.
fn fault(rule: &Rule) -> (&'static str, String) {
    let faults = made(rule).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    (faults[0].0, plain(&faults[0].1))
}

#[test]
fn times_are_read_as_people_type_them() {
    for (typed, hour, minute) in [
        ("10am", 10, 0),
        ("10:00", 10, 0),
        ("10.30am", 10, 30),
        ("14:30", 14, 30),
        ("9.05", 9, 5),
        ("2 PM", 14, 0),
        ("2:30 p.m.", 14, 30),
        (" 12pm ", 12, 0),
        ("12.15am", 0, 15),
        ("midday", 12, 0),
        ("Noon", 12, 0),
        ("midnight", 0, 0),
    ] {
        assert_eq!(parse_time(typed), Ok(clock(hour, minute)), "{typed}");
    }
}

#[test]
fn what_is_no_time_is_refused_with_an_example() {
    let typed =
        ["", "2", "10", "1030", "24:00", "13pm", "0am", "10.5am", "10:60", "10:00:00", "+9am", "am", ":", "١٠am", "10 30", "9h"];
    for typed in typed {
        assert_eq!(parse_time(typed), Err("Enter a start time, like 10am or 2.30pm".to_owned()), "{typed}");
    }
}

#[test]
fn several_times_come_in_order_and_once() {
    assert_eq!(parse_times("2pm, 10am and 10:00"), Ok(vec![clock(10, 0), clock(14, 0)]));
    assert!(parse_times("10am, later").is_err());
    assert_eq!(parse_times(" , "), Err("Enter at least 1 start time, like 10am".to_owned()));
}

proptest! {
    #[test]
    fn a_time_as_we_write_it_is_read_back(hour in 0..24u32, minute in 0..60u32) {
        let moment = london_moment(day("2026-12-07"), clock(hour, minute)).unwrap();
        prop_assert_eq!(parse_time(&words::time(moment)), Ok(clock(hour, minute)));
    }

    #[test]
    fn anything_typed_gets_an_answer(typed in "\\PC*") {
        let _ = (parse_time(&typed), parse_times(&typed));
    }

    #[test]
    fn a_start_reads_back_as_its_date_and_time(days in 0..4_000u64, hour in FIRST_HOUR..=LAST_HOUR, minute in 0..60u32) {
        let (date, time) = (day("2026-01-01") + Days::new(days), clock(hour, minute));
        let moment = london_moment(date, time).unwrap();
        prop_assert_eq!(moment.with_timezone(&chrono_tz::Europe::London).naive_local(), date.and_time(time));
    }
}

#[test]
fn moments_follow_the_clocks_of_london() {
    let moment = |date, hour, minute| london_moment(day(date), clock(hour, minute));
    assert_eq!(moment("2026-03-28", 10, 0), Some(at("2026-03-28T10:00:00Z")));
    assert_eq!(moment("2026-03-29", 10, 0), Some(at("2026-03-29T09:00:00Z")));
    assert_eq!(moment("2026-03-29", 1, 30), None, "left out in spring");
    assert_eq!(moment("2026-10-24", 10, 0), Some(at("2026-10-24T09:00:00Z")));
    assert_eq!(moment("2026-10-25", 10, 0), Some(at("2026-10-25T10:00:00Z")));
    assert_eq!(moment("2026-10-25", 1, 30), Some(at("2026-10-25T00:30:00Z")), "the first of two in autumn");
}

#[test]
fn a_single_date_must_be_one_on_which_a_demonstration_fits() {
    let calendar = Calendar::england();
    let tried = |date: &str, hour, minute| start(day(date), clock(hour, minute), &calendar, now());
    assert_eq!(tried("2026-12-07", 9, 0), Ok(at("2026-12-07T09:00:00Z")));
    assert_eq!(tried("2027-06-07", 15, 0), Ok(at("2027-06-07T14:00:00Z")));
    assert_eq!(tried("2026-11-24", 9, 31), Ok(at("2026-11-24T09:31:00Z")));
    for (date, hour, minute, field, sentence) in [
        ("2026-11-23", 10, 0, "date", "The date must be in the future"),
        ("2026-11-24", 9, 30, "time", "Start time must be in the future"),
        ("2026-12-05", 10, 0, "date", "The date must be a working day: 5 December 2026 is a Saturday"),
        ("2027-03-29", 10, 0, "date", "The date must not be a bank holiday: Easter Monday"),
        ("2026-12-28", 10, 0, "date", "The date must not be a bank holiday: Boxing Day (substitute day)"),
        ("2027-11-25", 10, 0, "date", "The date must be on or before 24 November 2027, 1 year from today"),
        ("2026-12-07", 8, 59, "time", "Start time must be between 9am and 3pm, so that 2 hours fit"),
        ("2026-12-07", 15, 1, "time", "Start time must be between 9am and 3pm, so that 2 hours fit"),
    ] {
        let faults = tried(date, hour, minute).unwrap_err();
        let faults: Vec<(&str, String)> = faults.into_iter().map(|(field, sentence)| (field, plain(&sentence))).collect();
        assert_eq!(faults, [(field, sentence.to_owned())], "{date} {hour}:{minute}");
    }
    let both = tried("2026-12-06", 18, 0).unwrap_err();
    assert_eq!(both.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["date", "time"]);
}

#[test]
fn a_rule_makes_its_dates_on_both_sides_of_the_clock_change() {
    let rule = rule(&[Weekday::Thu, Weekday::Tue], &[clock(14, 0), clock(10, 0)], "2027-03-23", "2027-03-30");
    let starts: Vec<DateTime<Utc>> = made(&rule).unwrap().iter().map(|p| p.starts_at).collect();
    let expected = [
        "2027-03-23T10:00:00Z",
        "2027-03-23T14:00:00Z",
        "2027-03-25T10:00:00Z",
        "2027-03-25T14:00:00Z",
        "2027-03-30T09:00:00Z",
        "2027-03-30T13:00:00Z",
    ];
    assert_eq!(starts, expected.map(at));
}

#[test]
fn a_rule_that_starts_today_leaves_out_what_has_passed() {
    let tuesdays = rule(&[Weekday::Tue], &[clock(9, 0), clock(14, 0)], "2026-11-24", "2026-11-24");
    let starts: Vec<DateTime<Utc>> = made(&tuesdays).unwrap().iter().map(|p| p.starts_at).collect();
    assert_eq!(starts, [at("2026-11-24T14:00:00Z")]);
}

#[test]
fn a_rule_shows_bank_holidays_and_leave() {
    let (calendar, away) = (Calendar::england(), [leave("2026-12-21", "2026-12-22")]);
    let sam = sam();
    let diary = Diary { calendar: &calendar, slots: &[], leave: &away, assessor: Some(&sam) };
    let rule = rule(&[Weekday::Mon, Weekday::Tue], &[clock(10, 0)], "2026-12-21", "2026-12-29");
    let sentences: Vec<Option<String>> =
        rule.dates(&diary, now()).unwrap().iter().map(|p| p.sentence().map(|s| plain(&s))).collect();
    let expected = [
        Some("Sam Brown is on leave on Monday 21 December 2026"),
        Some("Sam Brown is on leave on Tuesday 22 December 2026"),
        Some("Monday 28 December 2026 is Boxing Day (substitute day)"),
        None,
    ];
    assert_eq!(sentences, expected.map(|s| s.map(str::to_owned)));
    let others = Diary { assessor: Some(&amina()), ..diary };
    assert_eq!(others.clash(at("2026-12-21T10:00:00Z")), None, "somebody else's leave");
}

#[test]
fn a_weekend_is_no_working_day() {
    let diary = Diary { calendar: &Calendar::england(), slots: &[], leave: &[], assessor: None };
    let saturday = at("2026-12-05T10:00:00Z");
    let sentence = diary.clash(saturday).unwrap().sentence(saturday);
    assert_eq!(plain(&sentence), "Saturday 5 December 2026 is not a working day");
}

#[test]
fn dates_of_one_assessor_must_not_overlap() {
    let calendar = Calendar::england();
    let slots = [slot(1, "2026-12-07T10:00:00Z", Some(sam())), slot(2, "2026-12-08T10:00:00Z", None)];
    let (sam, amina) = (sam(), amina());
    let clash = |assessor, starts_at: &str| Diary { calendar: &calendar, slots: &slots, leave: &[], assessor }.clash(at(starts_at));
    let overlap = Clash::Overlaps(slots[0].starts_at);
    let first = Some(overlap.clone());
    assert_eq!(clash(Some(&sam), "2026-12-07T10:00:00Z"), first);
    assert_eq!(clash(Some(&sam), "2026-12-07T11:59:00Z"), first);
    assert_eq!(clash(Some(&sam), "2026-12-07T12:00:00Z"), None, "one after the other");
    assert_eq!(clash(Some(&sam), "2026-12-07T08:01:00Z"), first);
    assert_eq!(clash(Some(&amina), "2026-12-07T10:00:00Z"), None, "two people");
    assert_eq!(clash(None, "2026-12-07T10:00:00Z"), None, "nobody is named for the new one");
    assert_eq!(clash(None, "2026-12-08T11:00:00Z"), Some(Clash::Overlaps(slots[1].starts_at)), "nobody for both");
    let sentence = overlap.sentence(at("2026-12-07T11:00:00Z"));
    assert_eq!(plain(&sentence), "There is already a date at 10am on Monday 7 December 2026");
}

#[test]
fn a_rule_with_bad_input_says_what_to_change() {
    let tuesday = [Weekday::Tue];
    let ten = [clock(10, 0)];
    let (from, until) = ("2026-12-01", "2026-12-31");
    for (rule, field, sentence) in [
        (rule(&[], &ten, from, until), "weekdays", "Select at least 1 day of the week"),
        (rule(&[Weekday::Mon, Weekday::Sun], &ten, from, until), "weekdays", "Select days from Monday to Friday"),
        (rule(&tuesday, &[], from, until), "times", "Enter at least 1 start time, like 10am"),
        (rule(&tuesday, &[clock(8, 0)], from, until), "times", "Start time must be between 9am and 3pm, so that 2 hours fit"),
        (rule(&tuesday, &[clock(11, 30), clock(10, 0)], from, until), "times", "Start times must be at least 2 hours apart"),
        (rule(&tuesday, &ten, "2026-11-23", until), "from", "First date must be today or later"),
        (rule(&tuesday, &ten, from, "2026-11-30"), "until", "Last date must be on or after the first date"),
        (rule(&tuesday, &ten, from, "2027-11-25"), "until", "Last date must be on or before 24 November 2027, 1 year from today"),
        (
            rule(&tuesday, &ten, "2026-12-02", "2026-12-07"),
            "until",
            "Choose a later last date: none of the days you selected comes before it",
        ),
    ] {
        assert_eq!(fault(&rule), (field, sentence.to_owned()));
    }
}

#[test]
fn a_rule_makes_at_most_400_dates() {
    let all = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let times = [clock(10, 0), clock(14, 0)];
    let fits = rule(&all, &times, "2026-11-25", "2027-08-31");
    assert_eq!(made(&fits).unwrap().len(), RULE_SLOTS);
    let sentence = "Choose an earlier last date: this makes 402 dates, and you can add up to 400 at once";
    assert_eq!(fault(&Rule { until: day("2027-09-01"), ..fits }), ("until", sentence.to_owned()));
}

proptest! {
    #[test]
    fn dates_of_a_rule_are_on_its_days_in_order_and_apart(days in 1..32u8, skip in 0..200u64, length in 0..150u64) {
        let weekdays: WeekdaySet = (0..5).filter(|n| days & (1 << n) != 0).map(|n| Weekday::try_from(n).unwrap()).collect();
        let from = day("2026-11-24") + Days::new(skip);
        let rule = Rule { weekdays, times: vec![clock(13, 0), clock(10, 30)], from, until: from + Days::new(length) };
        let proposed = made(&rule).unwrap_or_default();
        for one in &proposed {
            let date = london_date(one.starts_at);
            prop_assert!(weekdays.contains(chrono::Datelike::weekday(&date)) && rule.from <= date && date <= rule.until);
            prop_assert!(one.starts_at > now());
            prop_assert_eq!(one.clash.is_none(), Calendar::england().is_working_day(date));
        }
        prop_assert!(proposed.windows(2).all(|two| two[1].starts_at - two[0].starts_at >= TimeDelta::hours(SLOT_HOURS)));
    }
}

#[test]
fn a_supplier_is_offered_free_dates_that_keep_the_notice() {
    let mut slots = [
        slot(1, "2026-12-16T14:00:00Z", None),
        slot(2, "2026-12-14T10:00:00Z", Some(amina())),
        slot(3, "2026-12-14T10:00:00Z", Some(sam())),
        slot(4, "2026-12-07T10:00:00Z", None),
        slot(5, "2026-12-08T00:00:00Z", None),
        slot(6, "2026-12-20T23:59:00Z", None),
        slot(7, "2026-12-15T10:00:00Z", None),
        slot(8, "2027-01-04T10:00:00Z", None),
    ];
    slots[6].taken = true;
    let weeks = offered(&slots, day("2026-12-08"));
    let shown: Vec<(String, Vec<u128>)> =
        weeks.iter().map(|w| (plain(&w.heading()), w.slots.iter().map(|s| s.id.0.as_u128()).collect())).collect();
    let expected =
        [("Week of 7 December 2026", vec![5]), ("Week of 14 December 2026", vec![2, 1, 6]), ("Week of 4 January 2027", vec![8])];
    assert_eq!(shown, expected.map(|(heading, ids)| (heading.to_owned(), ids)));
    slots[1].taken = true;
    assert!(free(&slots, day("2026-12-08")).iter().any(|s| s.id.0.as_u128() == 3), "the other assessor is still free");
}

#[test]
fn leave_has_both_its_ends_and_names_the_dates_it_touches() {
    let slots = [
        slot(1, "2026-12-07T10:00:00Z", Some(sam())),
        slot(2, "2026-12-09T10:00:00Z", Some(sam())),
        slot(3, "2026-12-10T10:00:00Z", Some(sam())),
        slot(4, "2026-12-08T10:00:00Z", Some(amina())),
    ];
    let touched: Vec<u128> = leave("2026-12-07", "2026-12-09").touches(&slots).iter().map(|s| s.id.0.as_u128()).collect();
    assert_eq!(touched, [1, 2]);
    assert_eq!(check_leave(day("2026-12-07"), day("2026-12-07")), Ok(()));
    let backwards = check_leave(day("2026-12-07"), day("2026-12-06"));
    assert_eq!(backwards, Err(vec![("until", "The end date must be on or after the start date".to_owned())]));
}
