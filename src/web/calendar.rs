//! The calendar of working days: bank holidays by year, days that an administrator added, and a look at what a change moves.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::admin::administrator;
use super::ctx::{SignedIn, see_other_with};
use super::dates::beginning;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::{DateParts, Item};
use super::queue::Titles;
use crate::domain::amendment::{Act, Amendment, DayKind, NAME_MAX, REASON_MAX, may_add, missing_year, removable};
use crate::domain::calendar::{Calendar, london_date};
use crate::domain::parse::{capitalised, parse_date};
use crate::error::Error;
use crate::store::calendar::{Amended, Movable};
use crate::words::{counted, date_time, long_date, short_date, time};

/// Years after this one that are shown.
const YEARS: i32 = 3;

/// What the address of the calendar may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct YearQuery {
    year: i32,
}

/// A day of the table.
struct DayRow {
    date: String,
    name: String,
    kind: &'static str,
    added: String,
    /// Where it is removed; empty for days that have passed.
    removal: String,
}

#[derive(Template)]
#[template(path = "admin/calendar.html")]
struct CalendarPage {
    frame: Frame,
    year: i32,
    years: Vec<(i32, bool)>,
    days: Vec<DayRow>,
    /// What was changed in the year shown, a sentence each.
    changes: Vec<String>,
    /// The year whose bank holidays nobody has compared.
    missing: Option<i32>,
    date: DateParts,
    /// Not `name`, which is a field's own in the template.
    day_name: String,
    kinds: Vec<Item>,
}

/// The days of a year that are no working days, weekends aside.
fn days(calendar: &Calendar, amended: &[Amended], (year, today): (i32, NaiveDate)) -> Vec<DayRow> {
    let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Vec::new() };
    let row = |date: NaiveDate| {
        let name = calendar.holiday(date)?;
        let added = amended.iter().rev().find(|a| a.amendment.on == date && a.amendment.act == Act::Added);
        let by = |a: &Amended| format!("Added by {}, {}", a.by, short_date(london_date(a.at)));
        Some(DayRow {
            date: long_date(date),
            name,
            kind: added.map_or(DayKind::BankHoliday, |a| a.amendment.kind).label(),
            added: added.map(by).unwrap_or_default(),
            removal: if date > today { format!("/admin/calendar/{date}/removal") } else { String::new() },
        })
    };
    first.iter_days().take_while(|d| d.year() == year).filter_map(row).collect()
}

fn told(amended: &Amended) -> String {
    format!("{}: {}, {}", capitalised(&amended.amendment.sentence()), amended.by, date_time(amended.at))
}

async fn calendar_page(me: &SignedIn, year: i32, (fields, problems): (&Fields, Problems)) -> Result<CalendarPage, Error> {
    let amended = renewed(me).await?;
    let (calendar, today) = (me.app.rules.calendar(), me.today());
    let this = today.year();
    let year = if (this - 1..=this + YEARS).contains(&year) { year } else { this };
    let amendments: Vec<Amendment> = amended.iter().map(|a| a.amendment.clone()).collect();
    let [day, month, typed_year] = fields.date("day");
    let kind = fields.text("kind");
    Ok(CalendarPage {
        frame: Frame { problems: problems.0, ..me.frame("Working days") },
        year,
        years: (this - 1..=this + YEARS).map(|y| (y, y == year)).collect(),
        days: days(calendar, &amended, (year, today)),
        changes: amended.iter().rev().filter(|a| a.amendment.on.year() == year).map(told).collect(),
        missing: missing_year(&amendments, today),
        date: DateParts::new(day, month, typed_year),
        day_name: fields.text("name"),
        kinds: DayKind::ALL.iter().map(|k| Item::new(k.word(), k.label()).checked(kind == k.word())).collect(),
    })
}

/// The changes of the calendar, after this process has taken them up.
async fn renewed(me: &SignedIn) -> Result<Vec<Amended>, Error> {
    let amended = me.app.db.amendments().await?;
    let amendments: Vec<Amendment> = amended.iter().map(|a| a.amendment.clone()).collect();
    me.app.rules.renew(&amendments);
    Ok(amended)
}

/// P65: the calendar of a year, and the form to add a day.
pub async fn show(me: SignedIn, query: Query<YearQuery>) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    ok(&calendar_page(&me, query.year, (&Fields::default(), Problems::default())).await?)
}

/// A promise that would move.
struct MoveRow {
    product: String,
    what: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin/calendar_change.html")]
struct ChangePage {
    frame: Frame,
    heading: String,
    /// "This closure moves 4 reply-by dates."
    summary: String,
    rows: Vec<MoveRow>,
    more: u64,
    /// Demonstrations that are booked on the day, a sentence each.
    booked: Vec<String>,
    action: String,
    fields: Vec<(&'static str, String)>,
    is_removal: bool,
    reason: String,
    button: &'static str,
}

/// What a change moves, before it is made.
async fn preview(me: &SignedIn, change: &Amendment) -> Result<ChangePage, Error> {
    let titles = Titles::new(me)?;
    let after = me.app.rules.calendar().clone().amended(vec![change.clone()]);
    let first = if change.act == Act::Added { Some(change.on) } else { change.on.succ_opt() };
    let (total, found) = me.visible().movable(first.unwrap_or(change.on)).await?;
    let what = |m: &Movable| match m.topic {
        Some((topic, Some(section))) => format!("{}, {}", capitalised(topic.thing()), titles.short(section).to_lowercase()),
        Some((topic, None)) => capitalised(topic.thing()),
        None => format!("Answer to “{}”", m.subject),
    };
    let rows: Vec<MoveRow> = found
        .iter()
        .map(|m| MoveRow {
            product: format!("{}, {}", m.product, m.reference),
            what: what(m),
            before: long_date(m.due),
            after: long_date(change.moved(&after, m.due)),
        })
        .collect();
    let day = long_date(change.on);
    let is_removal = change.act == Act::Removed;
    let thing = match (is_removal, change.kind) {
        (true, _) => "This",
        (false, DayKind::BankHoliday) => "This bank holiday",
        (false, DayKind::Closure) => "This closure",
    };
    let number = usize::try_from(total).unwrap_or(usize::MAX);
    let fields = vec![
        ("seen", (change.number - 1).to_string()),
        ("day", change.on.to_string()),
        ("name", change.name.clone()),
        ("kind", change.kind.word().to_owned()),
    ];
    let heading = if is_removal { format!("Make {day} a working day") } else { format!("Add {day}: {}", change.name) };
    Ok(ChangePage {
        frame: me.frame(heading.clone()),
        heading,
        summary: match number {
            0 => format!("{thing} moves no dates."),
            _ if is_removal => format!("{thing} moves {} to a day earlier.", counted(number, "reply-by date")),
            _ => format!("{thing} moves {} to a day later.", counted(number, "reply-by date")),
        },
        more: total - u64::try_from(rows.len()).unwrap_or(total).min(total),
        rows,
        booked: if is_removal { Vec::new() } else { booked(me, change.on).await? },
        action: if is_removal { format!("/admin/calendar/{}/removal", change.on) } else { "/admin/calendar".to_owned() },
        fields: if is_removal { fields.into_iter().take(1).collect() } else { fields },
        is_removal,
        reason: String::new(),
        button: if is_removal { "Make it a working day" } else { "Add this day" },
    })
}

async fn booked(me: &SignedIn, on: NaiveDate) -> Result<Vec<String>, Error> {
    let until = on.succ_opt().unwrap_or(on);
    let found = me.visible().booked_between((beginning(on), beginning(until))).await?;
    Ok(found.into_iter().map(|(reference, name, at)| format!("{name}, {reference}, at {}", time(at))).collect())
}

fn next_number(me: &SignedIn) -> u32 {
    me.app.rules.calendar().edition() + 1
}

/// The change that a form asks for, with what is wrong with it.
fn addition(me: &SignedIn, fields: &Fields, problems: &mut Problems) -> Option<Amendment> {
    let date = problems.take("day-day", parse_date("Date", &fields.date("day")));
    let on = match date {
        Some(None) => {
            problems.add("day-day", "Enter the date");
            None
        }
        Some(Some(on)) => problems.take("day-day", may_add(me.app.rules.calendar(), on, me.today()).map(|()| on)),
        None => None,
    };
    let name = problems.line(fields, "name", ("Enter a name", NAME_MAX));
    let kind = DayKind::from_word(&fields.text("kind"));
    if kind.is_none() {
        problems.add("kind", "Select what kind of day it is");
    }
    let (on, kind) = on.zip(kind)?;
    problems.is_empty().then(|| Amendment { number: next_number(me), on, act: Act::Added, kind, name, reason: String::new() })
}

/// Shows what a new day would move; nothing is changed yet.
pub async fn check(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    renewed(&me).await?;
    let mut problems = Problems::default();
    match addition(&me, &fields, &mut problems) {
        Some(change) => ok(&preview(&me, &change).await?),
        None => unprocessable(&calendar_page(&me, me.today().year(), (&fields, problems)).await?),
    }
}

/// The number of the change that a form makes: the one after the calendar that was looked at.
fn number_of(fields: &Fields) -> Result<u32, Error> {
    let seen: Option<u32> = fields.text("seen").parse().ok().filter(|n| *n < 1_000_000);
    seen.map(|n| n + 1).ok_or_else(|| Error::Bad("the form says no edition of the calendar".to_owned()))
}

/// Keeps a change, takes it up, and goes back to its year.
async fn keep(me: &SignedIn, change: &Amendment, title: String) -> Result<HttpResponse, Error> {
    me.app.db.amend(&me.actor, change, me.now).await?;
    renewed(me).await?;
    let text = match change.act {
        Act::Added | Act::Removed => "Dates that move do so within a minute, and the people whom they concern are told.",
        Act::Compared => "",
    };
    let flash = Flash { title, text: text.to_owned(), link: None };
    Ok(see_other_with(me, &format!("/admin/calendar?year={}", change.on.year()), &flash))
}

/// Adds a day.
pub async fn add(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    renewed(&me).await?;
    let number = number_of(&fields)?;
    let bad = || Error::Bad("the form names no day".to_owned());
    let on: NaiveDate = fields.text("day").parse().map_err(|_| bad())?;
    let mut problems = Problems::default();
    let name = problems.line(&fields, "name", ("Enter a name", NAME_MAX));
    let kind = DayKind::from_word(&fields.text("kind")).filter(|_| problems.is_empty()).ok_or_else(bad)?;
    let change = Amendment { number, on, act: Act::Added, kind, name, reason: String::new() };
    let is_new = me.app.rules.calendar().edition() < number;
    if let Err(sentence) = may_add(me.app.rules.calendar(), on, me.today())
        && is_new
    {
        problems.add("day-day", sentence);
        return unprocessable(&calendar_page(&me, on.year(), (&fields, problems)).await?);
    }
    keep(&me, &change, format!("{} is in the calendar", long_date(on))).await
}

/// The change that makes a day a working day, if it can be.
fn removal(me: &SignedIn, day: &str) -> Result<Amendment, Error> {
    let on: NaiveDate = day.parse().map_err(|_| Error::NotFound)?;
    let name = removable(me.app.rules.calendar(), on, me.today()).ok_or(Error::NotFound)?;
    let kind = DayKind::BankHoliday;
    Ok(Amendment { number: next_number(me), on, act: Act::Removed, kind, name, reason: String::new() })
}

/// Shows what would move if a day were worked on, and asks why it should be.
pub async fn ask_removal(me: SignedIn, day: Path<String>) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    renewed(&me).await?;
    ok(&preview(&me, &removal(&me, &day)?).await?)
}

/// Makes a day a working day.
pub async fn remove(me: SignedIn, day: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    let amended = renewed(&me).await?;
    let number = number_of(&fields)?;
    let mut problems = Problems::default();
    let reason = problems.line(&fields, "reason", ("Enter a reason", REASON_MAX));
    let sent = amended.into_iter().map(|a| a.amendment).find(|a| a.number == number && a.reason == reason);
    let change = match sent {
        // The form was sent twice.
        Some(sent) => sent,
        None => removal(&me, &day)?,
    };
    if !problems.is_empty() {
        let page = preview(&me, &change).await?;
        return unprocessable(&ChangePage { frame: Frame { problems: problems.0, ..page.frame }, reason, ..page });
    }
    let change = Amendment { number, reason, ..change };
    keep(&me, &change, format!("{} is a working day", long_date(change.on))).await
}

/// Says that the bank holidays of a year are as they were published.
pub async fn compared(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    let amended = renewed(&me).await?;
    let year: Option<i32> = fields.text("year").parse().ok();
    let amendments: Vec<Amendment> = amended.into_iter().map(|a| a.amendment).collect();
    let missing = missing_year(&amendments, me.today());
    let Some(on) = year.filter(|y| Some(*y) == missing).and_then(|y| NaiveDate::from_ymd_opt(y, 1, 1)) else {
        return Err(Error::Stale);
    };
    let (number, kind) = (next_number(&me), DayKind::BankHoliday);
    let change = Amendment { number, on, act: Act::Compared, kind, name: String::new(), reason: String::new() };
    keep(&me, &change, format!("The bank holidays of {} are known", on.year())).await
}
