//! Published dates for demonstrations: the list, one more by hand, many by a rule after a look at them, and taking one back.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday, WeekdaySet};
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::dates::{beginning, must_plan, week_of};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::{DateParts, Item, Pagination};
use super::session::said;
use crate::domain::calendar::london_date;
use crate::domain::demonstration::Assessor;
use crate::domain::parse::parse_date;
use crate::domain::slot::{Diary, Leave, Proposed, Rule, Slot, parse_time, parse_times, start};
use crate::domain::words::{PersonId, SlotId};
use crate::error::Error;
use crate::store::slot::PublishedSlot;
use crate::store::visible::PAGE;
use crate::words::{counted, long_date, time};

/// The days that a rule can name: the word of the field, and the day.
const DAYS: [(&str, &str, Weekday); 5] = [
    ("monday", "Monday", Weekday::Mon),
    ("tuesday", "Tuesday", Weekday::Tue),
    ("wednesday", "Wednesday", Weekday::Wed),
    ("thursday", "Thursday", Weekday::Thu),
    ("friday", "Friday", Weekday::Fri),
];

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SlotsQuery {
    page: u64,
}

/// A published date of the list.
struct Row {
    when: String,
    assessor: String,
    /// Address and name of the product that has it.
    product: Option<(String, String)>,
    /// Where a free one is removed.
    removal: String,
}

struct Week {
    heading: String,
    rows: Vec<Row>,
}

/// The form for one date.
struct OneForm {
    date: DateParts,
    time: String,
    assessors: Vec<Item>,
}

/// The form for a rule.
struct RuleForm {
    weekdays: Vec<Item>,
    times: String,
    from: DateParts,
    until: DateParts,
    assessors: Vec<Item>,
}

#[derive(Template)]
#[template(path = "dates/slots.html")]
struct SlotsPage {
    frame: Frame,
    tab: &'static str,
    heading: String,
    free: u64,
    weeks: Vec<Week>,
    pages: Pagination,
    one: OneForm,
    rule: RuleForm,
}

fn row(published: &PublishedSlot) -> Row {
    let slot = &published.slot;
    Row {
        when: format!("{}, {}", long_date(slot.date()), time(slot.starts_at)),
        assessor: slot.assessor.as_ref().map_or_else(|| "Nobody yet".to_owned(), |(_, name)| name.clone()),
        product: published.product.as_ref().map(|(reference, name)| {
            let address = format!("/products/{}", reference.to_lowercase());
            (address, name.clone())
        }),
        removal: format!("/demonstrations/slots/{}/removal", slot.id),
    }
}

fn by_week(rows: &[PublishedSlot]) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for published in rows {
        let heading = week_of(published.slot.date());
        match weeks.last_mut() {
            Some(week) if week.heading == heading => week.rows.push(row(published)),
            _ => weeks.push(Week { heading, rows: vec![row(published)] }),
        }
    }
    weeks
}

/// The people who can be named for a date; nobody is a choice too.
fn choices(assessors: &[Assessor], chosen: &str) -> Vec<Item> {
    let people = assessors.iter().map(|a| Item::new(a.person.to_string(), a.name.clone()));
    let all = std::iter::once(Item::new("", "Nobody yet")).chain(people);
    all.map(|item| Item { checked: item.value == chosen, ..item }).collect()
}

fn parts(fields: &Fields, name: &str) -> DateParts {
    let [day, month, year] = fields.date(name);
    DateParts::new(day, month, year)
}

/// The page with what was typed; a form that was not sent is empty.
async fn slots_page(me: &SignedIn, page: u64, fields: &Fields) -> Result<SlotsPage, Error> {
    let visible = me.visible();
    let listed = visible.slot_page(me.now, page).await?;
    let assessors = visible.assessors().await?;
    let free = visible.free_count(me.now).await?;
    let address = |n: u64| if n > 1 { format!("/demonstrations/slots?page={n}") } else { "/demonstrations/slots".to_owned() };
    let chosen = fields.all("weekdays");
    let day = |(word, label, _): &(&str, &str, Weekday)| Item::new(*word, *label).checked(chosen.iter().any(|c| c == word));
    Ok(SlotsPage {
        frame: me.frame("Published dates"),
        tab: "slots",
        heading: format!("Published dates ({})", listed.total),
        free,
        weeks: by_week(&listed.rows),
        pages: Pagination::new(listed.number, listed.total.div_ceil(PAGE).max(1), address),
        one: OneForm {
            date: parts(fields, "date"),
            time: fields.text("time"),
            assessors: choices(&assessors, fields.raw("assessor")),
        },
        rule: RuleForm {
            weekdays: DAYS.iter().map(day).collect(),
            times: fields.text("times"),
            from: parts(fields, "from"),
            until: parts(fields, "until"),
            assessors: choices(&assessors, fields.raw("rule-assessor")),
        },
    })
}

async fn again(me: &SignedIn, fields: &Fields, problems: Problems) -> Result<HttpResponse, Error> {
    let mut template = slots_page(me, 1, fields).await?;
    template.frame.problems = problems.0;
    unprocessable(&template)
}

/// P46: the dates that are published from now on, and the forms for more.
pub async fn index(me: SignedIn, query: Query<SlotsQuery>) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    ok(&slots_page(&me, query.page, &Fields::default()).await?)
}

/// Who was chosen for new dates: a person, or nobody; the inner error is the sentence beside the field.
async fn chosen(me: &SignedIn, word: &str) -> Result<Result<Option<(PersonId, String)>, String>, Error> {
    if word.is_empty() {
        return Ok(Ok(None));
    }
    let assessors = me.visible().assessors().await?;
    let found = assessors.into_iter().find(|a| a.person.to_string() == word);
    Ok(found.map(|a| Some((a.person, a.name))).ok_or_else(|| "Select who will hold the demonstration".to_owned()))
}

fn date(problems: &mut Problems, fields: &Fields, (field, name, missing): (&str, &str, &str)) -> Option<NaiveDate> {
    let parsed = parse_date(name, &fields.date(field)).and_then(|date| date.ok_or_else(|| missing.to_owned()));
    problems.take(&format!("{field}-day"), parsed)
}

/// What new dates of somebody are held against.
struct Against {
    slots: Vec<Slot>,
    leave: Vec<Leave>,
    assessor: Option<(PersonId, String)>,
}

impl Against {
    async fn between(
        me: &SignedIn,
        assessor: Option<(PersonId, String)>,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Self, Error> {
        let visible = me.visible();
        let slots = visible.diary(assessor.as_ref().map(|(person, _)| *person), from, until).await?;
        let leave = visible.leave(me.today()).await?;
        Ok(Self {
            slots: slots.into_iter().map(|s| s.slot).collect(),
            leave: leave.into_iter().map(|(leave, _)| leave).collect(),
            assessor,
        })
    }

    fn diary<'a>(&'a self, me: &'a SignedIn) -> Diary<'a> {
        Diary { calendar: me.app.rules.calendar(), slots: &self.slots, leave: &self.leave, assessor: self.assessor.as_ref() }
    }

    fn person(&self) -> Option<PersonId> {
        self.assessor.as_ref().map(|(person, _)| *person)
    }
}

/// Publishes one date.
pub async fn publish_one(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let mut problems = Problems::default();
    let on = date(&mut problems, &fields, ("date", "Date", "Enter the date"));
    let at = problems.take("time", parse_time(fields.raw("time")));
    let who = chosen(&me, fields.raw("assessor")).await?;
    let assessor = problems.take("assessor", who).flatten();
    let begins = on.zip(at).map(|(on, at)| start(on, at, me.app.rules.calendar(), me.now));
    let (Some(Ok(starts_at)), true) = (&begins, problems.is_empty()) else {
        for (field, sentence) in begins.and_then(Result::err).into_iter().flatten() {
            problems.add(if field == "date" { "date-day" } else { field }, sentence);
        }
        return again(&me, &fields, problems).await;
    };
    let against = Against::between(&me, assessor, (*starts_at, *starts_at)).await?;
    if let Some(clash) = against.diary(&me).clash(*starts_at) {
        problems.add("date-day", clash.sentence(*starts_at));
        return again(&me, &fields, problems).await;
    }
    let added = me.app.db.publish_slots(&me.actor, &[*starts_at], against.person(), me.now).await?;
    let when = format!("{} at {}", long_date(london_date(*starts_at)), time(*starts_at));
    let title = if added == 0 { format!("{when} was published already") } else { format!("{when} can be booked") };
    Ok(see_other_with(&me, "/demonstrations/slots", &said(title)))
}

/// A date of the preview.
struct Offered {
    heading: String,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "dates/preview.html")]
struct PreviewPage {
    frame: Frame,
    assessor: String,
    assessor_name: String,
    number: usize,
    weeks: Vec<Offered>,
    left_out: Vec<String>,
}

/// The rule as it was typed, if nothing is wrong so far.
fn typed_rule(problems: &mut Problems, fields: &Fields) -> Option<Rule> {
    let mut weekdays = WeekdaySet::EMPTY;
    for (word, _, day) in DAYS {
        if fields.all("weekdays").iter().any(|w| w == word) {
            weekdays.insert(day);
        }
    }
    if weekdays.is_empty() {
        problems.add("weekdays", "Select at least 1 day of the week");
    }
    let times = problems.take("times", parse_times(fields.raw("times")));
    let from = date(problems, fields, ("from", "First date", "Enter the first date"));
    let until = date(problems, fields, ("until", "Last date", "Enter the last date"));
    Some(Rule { weekdays, times: times?, from: from?, until: until? }).filter(|_| problems.is_empty())
}

/// Shows the dates of a rule before any is published: those that can be, and what stands against the others.
pub async fn preview(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let mut problems = Problems::default();
    let rule = typed_rule(&mut problems, &fields);
    let who = chosen(&me, fields.raw("rule-assessor")).await?;
    let assessor = problems.take("rule-assessor", who).flatten();
    let (Some(rule), true) = (rule, problems.is_empty()) else { return again(&me, &fields, problems).await };
    // A period that is too long is refused by the rule; nothing needs to be read for it.
    let last = rule.until.min(me.today() + TimeDelta::days(400));
    let against = Against::between(&me, assessor, (beginning(rule.from), beginning(last) + TimeDelta::days(1))).await?;
    match rule.dates(&against.diary(&me), me.now) {
        Ok(proposed) => ok(&preview_page(&me, &proposed, against.assessor.as_ref())),
        Err(faults) => {
            for (field, sentence) in faults {
                let is_date = field == "from" || field == "until";
                problems.add(&if is_date { format!("{field}-day") } else { field.to_owned() }, sentence);
            }
            again(&me, &fields, problems).await
        }
    }
}

fn preview_page(me: &SignedIn, proposed: &[Proposed], assessor: Option<&(PersonId, String)>) -> PreviewPage {
    let mut weeks: Vec<Offered> = Vec::new();
    let mut number = 0;
    for date in proposed.iter().filter(|p| p.clash.is_none()) {
        let day = london_date(date.starts_at);
        let heading = week_of(day);
        number += 1;
        let item = Item::new(date.starts_at.to_rfc3339(), format!("{}, {}", long_date(day), time(date.starts_at)))
            .checked(true)
            .id(if number == 1 { "dates".to_owned() } else { format!("dates-{number}") });
        match weeks.last_mut() {
            Some(week) if week.heading == heading => week.items.push(item),
            _ => weeks.push(Offered { heading, items: vec![item] }),
        }
    }
    PreviewPage {
        frame: me.frame("Check the dates"),
        assessor: assessor.map(|(person, _)| person.to_string()).unwrap_or_default(),
        assessor_name: assessor.map(|(_, name)| name.clone()).unwrap_or_default(),
        number,
        weeks,
        left_out: proposed.iter().filter_map(left_out).collect(),
    }
}

/// A date that clashes, and why.
fn left_out(date: &Proposed) -> Option<String> {
    Some(format!("{}, {}: {}", long_date(london_date(date.starts_at)), time(date.starts_at), date.sentence()?))
}

/// Publishes the dates that were ticked. What clashes by now is left out, and said.
pub async fn publish_many(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let assessor = chosen(&me, fields.raw("assessor")).await?.map_err(Error::Bad)?;
    let read = |text: &String| DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
    let wanted: Vec<DateTime<Utc>> = fields.all("dates").iter().filter_map(read).collect();
    let (Some(first), Some(last)) = (wanted.iter().min().copied(), wanted.iter().max().copied()) else {
        return Ok(see_other_with(&me, "/demonstrations/slots", &said("No date was selected, so none was published")));
    };
    let against = Against::between(&me, assessor, (first, last)).await?;
    let diary = against.diary(&me);
    let can_be = |at: &DateTime<Utc>| {
        let local = at.with_timezone(&chrono_tz::Europe::London).naive_local();
        start(local.date(), local.time(), diary.calendar, me.now) == Ok(*at) && diary.clash(*at).is_none()
    };
    let dates: Vec<DateTime<Utc>> = wanted.iter().copied().filter(can_be).collect();
    let added = me.app.db.publish_slots(&me.actor, &dates, against.person(), me.now).await?;
    let missed = wanted.len() - added;
    let text = match missed {
        0 => String::new(),
        1 => "1 date was left out: it clashes with another date, with leave or with a day off by now.".to_owned(),
        many => format!("{many} dates were left out: they clash with other dates, with leave or with days off by now."),
    };
    let title = format!("{} can be booked", counted(added, "date"));
    Ok(see_other_with(&me, "/demonstrations/slots", &Flash { title, text, link: None }))
}

/// Takes back a date that nobody has.
pub async fn remove(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let is_gone = me.app.db.remove_slot(&me.actor, SlotId(*id)).await?;
    let title = if is_gone { "The date has been removed" } else { "This date was booked or removed meanwhile" };
    Ok(see_other_with(&me, "/demonstrations/slots", &said(title)))
}
