//! Calendar files, read back by an independent parser: the moments they name, their lines, and text that stays text.

use assured::web::calendar_file::{Event, Method, Status, calendar};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use icalendar::parser::{Component as Read, read_calendar, unfold};
use icalendar::{Component, EventLike};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn event(starts_at: DateTime<Utc>) -> Event {
    Event {
        uid: "0190-demonstration@assured.example".to_owned(),
        sequence: 3,
        starts_at,
        ends_at: starts_at + TimeDelta::hours(2),
        summary: "Demonstration of Ward View".to_owned(),
        description: "Sam Brown will hold it.\nBring your test user; and, if you can, 2 devices.".to_owned(),
        location: Some("Video call".to_owned()),
        url: "https://assured.example/products/ward-view/demonstration".to_owned(),
        status: Status::Confirmed,
        changed_at: at("2026-11-24T09:30:00Z"),
        organizer: Some(("Sam Brown".to_owned(), "sam.brown@nhs.example".to_owned())),
    }
}

fn one(event: &Event) -> String {
    calendar("Demonstrations", std::slice::from_ref(event), Method::Publish)
}

/// The only event of a file, as the parser understands it.
fn read(file: &str) -> icalendar::Event {
    let read: icalendar::Calendar = file.parse().unwrap();
    let mut events = read.events();
    let first = events.next().unwrap().clone();
    assert!(events.next().is_none(), "one event:\n{file}");
    first
}

/// The last Sunday of a month.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let days = NaiveDate::from_ymd_opt(year, month, 1).unwrap().iter_days().take_while(|d| d.month() == month);
    days.filter(|d| d.weekday() == Weekday::Sun).last().unwrap()
}

fn value(component: &Read<'_>, name: &str) -> String {
    component.find_prop(name).unwrap_or_else(|| panic!("no {name}")).val.as_str().to_owned()
}

/// Hours that the clock of London is ahead at a local time, by the rules which the file itself carries: those of the
/// latest change that is not later (RFC 5545, 3.6.5).
fn hours_ahead(file: &str, local: NaiveDateTime) -> i64 {
    let unfolded = unfold(file);
    let read = read_calendar(&unfolded).unwrap();
    let zone = read.components.iter().find(|c| c.name == "VTIMEZONE").unwrap();
    assert_eq!(value(zone, "TZID"), "Europe/London");
    assert_eq!(zone.components.len(), 2);
    let changes = zone.components.iter().flat_map(|change| {
        let first = NaiveDateTime::parse_from_str(&value(change, "DTSTART"), "%Y%m%dT%H%M%S").unwrap();
        let rule = value(change, "RRULE");
        let month = rule.strip_prefix("FREQ=YEARLY;BYMONTH=").and_then(|r| r.strip_suffix(";BYDAY=-1SU")).unwrap();
        let (month, hours): (u32, i64) = (month.parse().unwrap(), value(change, "TZOFFSETTO")[1..3].parse().unwrap());
        assert_eq!(first.date(), last_sunday(first.year(), month), "the first change is one of its rule");
        let years = [local.year() - 1, local.year()];
        years.map(|year| (last_sunday(year, month).and_time(first.time()), hours)).into_iter().filter(move |(c, _)| *c >= first)
    });
    changes.filter(|(change, _)| *change <= local).max().unwrap().1
}

/// The moment that a time in the file names.
fn moment(file: &str, time: &icalendar::DatePerhapsTime) -> DateTime<Utc> {
    use icalendar::{CalendarDateTime, DatePerhapsTime};
    if let DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) = time {
        return *at;
    }
    let DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid }) = time else {
        panic!("{time:?} names no moment");
    };
    assert_eq!(tzid, "Europe/London");
    (*date_time - TimeDelta::hours(hours_ahead(file, *date_time))).and_utc()
}

fn assert_moments(event: &Event) {
    let file = one(event);
    let read = read(&file);
    assert_eq!(moment(&file, &read.get_start().unwrap()), event.starts_at, "{file}");
    assert_eq!(moment(&file, &read.get_end().unwrap()), event.ends_at, "{file}");
}

#[test]
fn times_are_right_around_and_on_the_days_when_clocks_change() {
    for starts_at in [
        "2026-03-28T10:00:00Z",
        "2026-03-29T00:59:59Z",
        "2026-03-29T01:00:00Z",
        "2026-03-29T09:00:00Z",
        "2026-03-30T09:00:00Z",
        "2026-10-24T09:00:00Z",
        "2026-10-24T23:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:00:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T02:00:00Z",
        "2026-10-25T10:00:00Z",
        "2026-10-26T10:00:00Z",
        "2026-12-31T23:30:00Z",
    ] {
        assert_moments(&event(at(starts_at)));
    }
    let summer = one(&event(at("2026-06-01T09:00:00Z")));
    assert!(summer.contains("\r\nDTSTART;TZID=Europe/London:20260601T100000\r\nDTEND;TZID=Europe/London:20260601T120000\r\n"));
    let winter = one(&event(at("2026-12-07T10:00:00Z")));
    assert!(winter.contains("\r\nDTSTART;TZID=Europe/London:20261207T100000\r\n"), "{winter}");
}

#[test]
fn an_event_is_read_back_with_all_it_says() {
    let event = event(at("2026-12-07T10:00:00Z"));
    let read = read(&one(&event));
    assert_eq!(read.get_uid(), Some(event.uid.as_str()));
    assert_eq!(read.get_sequence(), Some(3));
    assert_eq!(read.get_timestamp(), Some(event.changed_at));
    assert_eq!(read.get_last_modified(), Some(event.changed_at));
    assert_eq!(read.get_summary(), Some(event.summary.as_str()));
    assert_eq!(read.get_description(), Some(event.description.as_str()));
    assert_eq!(read.get_location(), Some("Video call"));
    assert_eq!(read.get_url(), Some(event.url.as_str()));
    assert_eq!(read.get_status(), Some(icalendar::EventStatus::Confirmed));
    assert_eq!(read.property_value("ORGANIZER"), Some("mailto:sam.brown@nhs.example"));
}

#[test]
fn a_cancelled_booking_takes_its_event_out_of_the_calendar() {
    let cancelled = Event { status: Status::Cancelled, sequence: 4, ..event(at("2026-12-07T10:00:00Z")) };
    let file = calendar("Demonstrations", std::slice::from_ref(&cancelled), Method::Cancel);
    let unfolded = unfold(&file);
    let whole = read_calendar(&unfolded).unwrap();
    assert!(whole.properties.iter().any(|p| p.name == "METHOD" && p.val == "CANCEL"));
    let read = read(&file);
    assert_eq!(read.get_status(), Some(icalendar::EventStatus::Cancelled));
    assert_eq!((read.get_uid(), read.get_sequence()), (Some(cancelled.uid.as_str()), Some(4)));
    assert_eq!(read.property_value("TRANSP"), Some("TRANSPARENT"), "its hours are free again");
}

#[test]
fn a_feed_has_a_name_and_is_fetched_again_and_one_event_has_neither() {
    let events = [event(at("2026-12-07T10:00:00Z")), event(at("2026-12-08T10:00:00Z"))];
    let feed: icalendar::Calendar = calendar("Demonstrations, Sam", &events, Method::Feed).parse().unwrap();
    assert_eq!(feed.events().count(), 2);
    let named = |calendar: &icalendar::Calendar, name: &str| {
        calendar.properties.iter().find(|p| p.key() == name).map(|p| p.value().replace('\\', ""))
    };
    assert_eq!(named(&feed, "X-WR-CALNAME").as_deref(), Some("Demonstrations, Sam"));
    assert_eq!(named(&feed, "REFRESH-INTERVAL").as_deref(), Some("PT1H"));
    let single: icalendar::Calendar = one(&events[0]).parse().unwrap();
    assert_eq!(named(&single, "METHOD").as_deref(), Some("PUBLISH"));
    assert_eq!(named(&single, "X-WR-CALNAME"), None);
    assert_eq!(named(&single, "REFRESH-INTERVAL"), None);
    let empty: icalendar::Calendar = calendar("Nothing yet", &[], Method::Feed).parse().unwrap();
    assert_eq!(empty.events().count(), 0);
}

#[test]
fn a_name_cannot_end_the_event_or_begin_another() {
    let name = "Ward\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:other\rATTACH:x\u{85}A:b\u{2028}C:d";
    let hostile = Event {
        uid: format!("1{name}"),
        summary: name.to_owned(),
        description: name.to_owned(),
        location: Some(name.to_owned()),
        url: format!("https://assured.example/{name}"),
        organizer: Some((format!("Sam \"{name}\":;,"), format!("sam@nhs.example{name}"))),
        ..event(at("2026-12-07T10:00:00Z"))
    };
    let file = calendar(name, std::slice::from_ref(&hostile), Method::Feed);
    assert_eq!(file.matches("\r\nBEGIN:").count(), 4, "the zone, its two halves and the event:\n{file}");
    for line in ["UID:other", "ATTACH:x", "A:b", "C:d"] {
        let starts = |l: &str| l.starts_with(line);
        assert!(!file.split(['\r', '\n', '\u{85}', '\u{2028}']).any(starts), "{line} is a line of its own:\n{file}");
    }
    let read = read(&file);
    let text = "Ward\nEND:VEVENT\nBEGIN:VEVENT\nUID:other\nATTACH:x\nA:b\nC:d";
    assert_eq!(read.get_summary(), Some(text));
    assert_eq!(read.get_location(), Some(text));
    assert_eq!(read.get_sequence(), Some(3));
    assert_moments(&hostile);
}

/// Lines end with CRLF, hold no other control character, and are at most 75 octets long.
fn assert_lines(file: &str) {
    assert!(file.ends_with("\r\n"));
    for line in file.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.is_empty() && !line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn long_lines_are_folded_between_characters() {
    for unit in ["é", "👩‍⚕️", "界", "a", "\\", ",;", "Llŷn – "] {
        for shift in 0..5 {
            let summary = format!("{}{}", "x".repeat(shift), unit.repeat(60));
            let file = one(&Event { summary: summary.clone(), ..event(at("2026-12-07T10:00:00Z")) });
            assert_lines(&file);
            assert_eq!(read(&file).get_summary(), Some(summary.as_str()));
        }
    }
    let long = one(&Event { description: "long ".repeat(100_000), ..event(at("2026-12-07T10:00:00Z")) });
    assert!(long.len() < 5_000, "{} octets", long.len());
}

proptest! {
    #[test]
    fn any_text_is_read_back(summary in "[^\\p{C}\\p{Z}]([^\\p{C}\\p{Zl}\\p{Zp}]|\n){0,300}[^\\p{C}\\p{Z}]", name in any::<String>()) {
        let organizer = Some((name.clone(), "sam@nhs.example".to_owned()));
        let location = Some(name);
        let file = one(&Event { summary: summary.clone(), organizer, location, ..event(at("2026-12-07T10:00:00Z")) });
        assert_lines(&file);
        let read = read(&file);
        prop_assert_eq!(read.get_summary(), Some(summary.as_str()));
    }

    #[test]
    fn any_moment_is_read_back(seconds in 852_076_800_i64..3_786_912_000, length in 1..10_000_i64) {
        let starts_at = DateTime::from_timestamp(seconds, 0).unwrap();
        assert_moments(&Event { ends_at: starts_at + TimeDelta::seconds(length), ..event(starts_at) });
    }
}
