//! Leave of the people who hold demonstrations: booked, listed and taken back, with the tests that fall into it.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{Months, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::dates::must_plan;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::{DateParts, Item, Pagination};
use super::session::said;
use crate::domain::actor::Duty;
use crate::domain::demonstration::Assessor;
use crate::domain::parse::parse_date;
use crate::domain::slot::{Leave, check_leave};
use crate::domain::words::LeaveId;
use crate::error::Error;
use crate::store::slot::PublishedSlot;
use crate::store::visible::PAGE;
use crate::words::{counted, date_time, listed, long_date, short_date};

/// How far ahead leave is booked, in months; a date further away is a slip of the keys.
const MONTHS_AHEAD: u32 = 24;

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LeaveQuery {
    page: u64,
}

/// Leave in the list.
struct Row {
    name: String,
    days: String,
    /// Demonstrations and free dates that fall into it.
    touched: String,
    /// Where it is taken back; empty for somebody else's.
    removal: String,
}

#[derive(Template)]
#[template(path = "dates/availability.html")]
struct LeavePage {
    frame: Frame,
    tab: &'static str,
    heading: String,
    rows: Vec<Row>,
    pages: Pagination,
    /// Whose leave can be booked; empty when it is one's own alone.
    people: Vec<Item>,
    /// Where what somebody reviews is set, and whose it is.
    reviewers: Vec<(String, String)>,
    from: DateParts,
    until: DateParts,
}

/// The people whose leave the person may book: everybody for managers.
async fn people(me: &SignedIn) -> Result<Vec<Assessor>, Error> {
    let own = Assessor { person: me.actor.person(), name: me.actor.name().to_owned() };
    if !me.actor.is(Duty::Manager) {
        return Ok(vec![own]);
    }
    let mut people = me.visible().assessors().await?;
    if !people.contains(&own) {
        people.push(own);
    }
    Ok(people)
}

/// Whether one of [`people`] reviews: everybody but a manager who only plans.
fn is_reviewer(me: &SignedIn, who: &Assessor) -> bool {
    who.person != me.actor.person() || me.actor.is(Duty::Reviewer)
}

fn days(leave: &Leave) -> String {
    if leave.from == leave.until {
        long_date(leave.from)
    } else {
        format!("{} to {}", long_date(leave.from), long_date(leave.until))
    }
}

/// "2 demonstrations and 1 free date while away"; empty when there is none.
fn touched(leave: &Leave, slots: &[PublishedSlot]) -> String {
    let theirs = || slots.iter().filter(|s| leave.holds(&s.slot));
    let booked = theirs().filter(|s| s.slot.taken).count();
    let free = theirs().count() - booked;
    let said = [(booked, "demonstration"), (free, "free date")];
    let said: Vec<String> = said.into_iter().filter(|(n, _)| *n > 0).map(|(n, noun)| counted(n, noun)).collect();
    if said.is_empty() { String::new() } else { format!("{} while away", listed(&said)) }
}

async fn leave_page(me: &SignedIn, page: u64, fields: &Fields) -> Result<LeavePage, Error> {
    let visible = me.visible();
    let all = visible.leave(me.today()).await?;
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let number = page.clamp(1, total.div_ceil(PAGE).max(1));
    let first = usize::try_from((number - 1) * PAGE).unwrap_or(usize::MAX);
    let shown: Vec<(Leave, String)> = all.into_iter().skip(first).take(usize::try_from(PAGE).unwrap_or(usize::MAX)).collect();
    let leave: Vec<Leave> = shown.iter().map(|(leave, _)| leave.clone()).collect();
    let slots = visible.while_away(&leave, me.now).await?;
    let is_ours = |leave: &Leave| leave.person == me.actor.person() || me.actor.is(Duty::Manager);
    let row = |(leave, name): &(Leave, String)| Row {
        name: name.clone(),
        days: days(leave),
        touched: touched(leave, &slots),
        removal: if is_ours(leave) { format!("/availability/{}/removal", leave.id) } else { String::new() },
    };
    let chosen = if fields.raw("person").is_empty() { me.actor.person().to_string() } else { fields.text("person") };
    let people = if me.actor.is(Duty::Manager) { people(me).await? } else { Vec::new() };
    let reviewers = if people.is_empty() && me.actor.is(Duty::Reviewer) {
        vec![(format!("/reviewers/{}", me.actor.person()), "What you review".to_owned())]
    } else {
        people.iter().filter(|a| is_reviewer(me, a)).map(|a| (format!("/reviewers/{}", a.person), a.name.clone())).collect()
    };
    let item = |a: &Assessor| Item::new(a.person.to_string(), a.name.clone()).checked(a.person.to_string() == chosen);
    let parts = |name: &str| {
        let [day, month, year] = fields.date(name);
        DateParts::new(day, month, year)
    };
    let address = |n: u64| if n > 1 { format!("/availability?page={n}") } else { "/availability".to_owned() };
    Ok(LeavePage {
        frame: me.frame("Leave"),
        tab: "leave",
        heading: format!("Leave ({total})"),
        rows: shown.iter().map(row).collect(),
        pages: Pagination::new(number, total.div_ceil(PAGE).max(1), address),
        people: people.iter().map(item).collect(),
        reviewers,
        from: parts("from"),
        until: parts("until"),
    })
}

/// P66: leave that is not over, and the form for more.
pub async fn index(me: SignedIn, query: Query<LeaveQuery>) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    ok(&leave_page(&me, query.page, &Fields::default()).await?)
}

/// The days as they were typed, if they can be leave.
fn typed_days(problems: &mut Problems, fields: &Fields, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let mut date = |field: &str, name: &str, missing: &str| {
        let parsed = parse_date(name, &fields.date(field)).and_then(|date| date.ok_or_else(|| missing.to_owned()));
        problems.take(&format!("{field}-day"), parsed)
    };
    let from = date("from", "First day", "Enter the first day of the leave");
    let until = date("until", "Last day", "Enter the last day of the leave");
    let (from, until) = (from?, until?);
    let furthest = today.checked_add_months(Months::new(MONTHS_AHEAD)).unwrap_or(NaiveDate::MAX);
    if let Err(faults) = check_leave(from, until) {
        for (field, sentence) in faults {
            problems.add(&format!("{field}-day"), sentence);
        }
    } else if until < today {
        problems.add("until-day", "The end date must be today or later");
    } else if until > furthest {
        problems.add("until-day", format!("The end date must be on or before {}, 2 years from today", short_date(furthest)));
    }
    problems.is_empty().then_some((from, until))
}

/// Books leave, and says which demonstrations fall into it.
pub async fn book(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let mut problems = Problems::default();
    let people = people(&me).await?;
    let person = if me.actor.is(Duty::Manager) {
        people.iter().find(|a| a.person.to_string() == fields.raw("person"))
    } else {
        people.first()
    };
    problems.take("person", person.ok_or_else(|| "Select whose leave it is".to_owned()));
    let days = typed_days(&mut problems, &fields, me.today());
    let (Some(person), Some((from, until))) = (person, days) else {
        let mut template = leave_page(&me, 1, &fields).await?;
        template.frame.problems = problems.0;
        return unprocessable(&template);
    };
    me.app.db.add_leave(&me.actor, person.person, (from, until), me.now).await?;
    let flash = booked(&me, person, (from, until)).await?;
    Ok(see_other_with(&me, "/availability", &flash))
}

/// What is said about new leave: the demonstrations and the free dates that fall into it.
async fn booked(me: &SignedIn, who: &Assessor, (from, until): (NaiveDate, NaiveDate)) -> Result<Flash, Error> {
    let leave = Leave { id: LeaveId(Uuid::nil()), person: who.person, from, until };
    let slots = me.visible().while_away(std::slice::from_ref(&leave), me.now).await?;
    let title = format!("Leave is booked for {}", who.name);
    let touched = touched(&leave, &slots);
    let reviews = me.visible().due_while_away(who.person, (from, until)).await?;
    if touched.is_empty() && reviews == 0 {
        return Ok(said(title));
    }
    let taken = slots.iter().filter(|s| s.slot.taken);
    let named = taken.filter_map(|s| Some(format!("{} on {}", s.product.as_ref()?.1, date_time(s.slot.starts_at))));
    let named: Vec<String> = named.collect();
    let has = if who.person == me.actor.person() { "You have".to_owned() } else { format!("{} has", who.name) };
    let which = if named.is_empty() { String::new() } else { format!(": {}", listed(&named)) };
    let mut said = Vec::new();
    if reviews > 0 {
        let reviews = counted(usize::try_from(reviews).unwrap_or(usize::MAX), "review");
        said.push(format!("{has} {reviews} due while away."));
    }
    if !touched.is_empty() {
        said.push(format!("{has} {touched}{which}."));
    }
    let link = match reviews {
        0 => ("/demonstrations/slots".to_owned(), "See the published dates".to_owned()),
        _ if me.actor.is(Duty::Manager) => (format!("/queue?assigned={}", who.person), "Reassign reviews".to_owned()),
        _ => ("/queue/mine".to_owned(), "See your reviews".to_owned()),
    };
    Ok(Flash { title, text: said.join(" "), link: Some(link) })
}

/// Takes leave back.
pub async fn remove(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    me.app.db.remove_leave(&me.actor, LeaveId(*id)).await?;
    Ok(see_other_with(&me, "/availability", &said("The leave has been taken back")))
}
