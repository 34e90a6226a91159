//! Writes calendar files: one demonstration to add to a calendar, or a feed to subscribe to (RFC 5545, 5546 and 7986).

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Europe::London;

use crate::words;

/// The media type of a calendar file (RFC 5545, 8.1).
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
/// Most octets on a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;
/// Most characters of a text; what is longer is cut.
const TEXT: usize = 2_000;

/// The rules of Europe/London as they are since 1996 (Directive 2000/84/EC and its forerunners, as kept in UK law).
const LONDON: &[&str] = &[
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "DTSTART:19960331T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
];

words! {
    /// Whether an event will take place (RFC 5545, 3.8.1.11).
    pub enum Status {
        /// Agreed.
        Confirmed = "CONFIRMED",
        /// Booked, but not confirmed yet.
        Tentative = "TENTATIVE",
        /// Called off.
        Cancelled = "CANCELLED",
    }
}

/// What the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// To add to a calendar, or to bring up to date what is there.
    Publish,
    /// To take out of a calendar.
    Cancel,
    /// To subscribe to: it has a name, and programs fetch it again.
    Feed,
}

/// One event of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stays the same for the life of the booking.
    pub uid: String,
    /// Raised with every change, so that programs know which file is newer.
    pub sequence: u32,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends, later than it starts.
    pub ends_at: DateTime<Utc>,
    /// Its title.
    pub summary: String,
    /// What there is to know, in lines.
    pub description: String,
    /// Where it is, or how to join.
    pub location: Option<String>,
    /// The full address of its page.
    pub url: String,
    /// Whether it will take place.
    pub status: Status,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// Who asks people to it: name and e-mail address.
    pub organizer: Option<(String, String)>,
}

/// A calendar file. The name is shown by programs that subscribe to a feed; a single event goes into the calendar
/// that is there, so it carries none.
#[must_use]
pub fn calendar(name: &str, events: &[Event], method: Method) -> String {
    let mut file = File(String::with_capacity(1_024 * (events.len() + 1)));
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Assured//Demonstrations//EN", "CALSCALE:GREGORIAN"] {
        file.line(line);
    }
    match method {
        Method::Publish => file.line("METHOD:PUBLISH"),
        Method::Cancel => file.line("METHOD:CANCEL"),
        Method::Feed => {
            file.line("METHOD:PUBLISH");
            file.text("NAME", name);
            file.text("X-WR-CALNAME", name);
            file.line("X-WR-TIMEZONE:Europe/London");
            file.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
            file.line("X-PUBLISHED-TTL:PT1H");
        }
    }
    for line in LONDON {
        file.line(line);
    }
    for event in events {
        file.event(event);
    }
    file.line("END:VCALENDAR");
    file.0
}

struct File(String);

impl File {
    fn event(&mut self, event: &Event) {
        self.line("BEGIN:VEVENT");
        self.text("UID", &event.uid);
        self.line(&format!("SEQUENCE:{}", event.sequence));
        self.line(&format!("DTSTAMP:{}", utc(event.changed_at)));
        self.line(&format!("LAST-MODIFIED:{}", utc(event.changed_at)));
        self.times(event.starts_at, event.ends_at);
        self.text("SUMMARY", &event.summary);
        if !event.description.is_empty() {
            self.text("DESCRIPTION", &event.description);
        }
        if let Some(location) = &event.location {
            self.text("LOCATION", location);
        }
        self.line(&format!("URL:{}", address(&event.url)));
        self.line(&format!("STATUS:{}", event.status));
        self.line(match event.status {
            Status::Confirmed | Status::Tentative => "TRANSP:OPAQUE",
            Status::Cancelled => "TRANSP:TRANSPARENT",
        });
        if let Some((name, email)) = &event.organizer {
            self.line(&format!("ORGANIZER;CN=\"{}\":mailto:{}", quoted(name), address(email)));
        }
        self.line("END:VEVENT");
    }

    /// Both times on the clock of London; in UTC when that clock would name another moment, in the hour that comes
    /// twice in autumn, of which a reader takes the first.
    fn times(&mut self, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) {
        let local = |at: DateTime<Utc>| at.with_timezone(&London).naive_local();
        let is_first = |at: DateTime<Utc>| London.from_local_datetime(&local(at)).earliest().is_some_and(|first| first == at);
        for (name, at) in [("DTSTART", starts_at), ("DTEND", ends_at)] {
            if is_first(starts_at) && is_first(ends_at) {
                self.line(&format!("{name};TZID=Europe/London:{}", local(at).format("%Y%m%dT%H%M%S")));
            } else {
                self.line(&format!("{name}:{}", utc(at)));
            }
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    /// Ends a line, and folds it where it is too long, never inside a character (RFC 5545, 3.1).
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for character in line.chars() {
            if used + character.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(character);
            used += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as a value: every kind of line end as `\n`, other control characters left out (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars().take(TEXT) {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A name between double quotes, which cannot hold one (RFC 5545, 3.2).
fn quoted(name: &str) -> String {
    name.chars().take(TEXT).filter(|c| !is_break(*c)).map(|c| if c == '"' { '\'' } else { c }).collect()
}

/// An address, which holds no space and no end of line.
fn address(address: &str) -> String {
    address.chars().take(TEXT).filter(|c| !is_break(*c) && !c.is_whitespace()).collect()
}

fn is_break(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}
