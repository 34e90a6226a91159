//! Demonstrations as the assurance team sees them: by week, with the wishes that wait for an answer, and the personal calendar.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use super::bookings::calendar::uid;
use super::calendar_file::{Event, MEDIA_TYPE, Method, Status, calendar};
use super::ctx::{Anyone, SignedIn, see_other_with};
use super::due_view::left;
use super::frame::{Flash, Frame};
use super::page::ok;
use super::parts::Pagination;
use super::session::said;
use crate::domain::calendar::london_date;
use crate::domain::demonstration::checks::Check;
use crate::domain::demonstration::{Demonstration, DemonstrationState};
use crate::domain::section::ProductState;
use crate::domain::slot::london_moment;
use crate::error::Error;
use crate::secret::new_token;
use crate::store::slot::{ListedDemonstration, When};
use crate::store::visible::PAGE;
use crate::words::{counted, date_time, long_date, short_date, time};

/// Most wishes that the list shows; the rest follow when these are answered.
const WISHES: usize = 25;

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DatesQuery {
    when: String,
    page: u64,
}

/// Which part of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Upcoming,
    Today,
    Past,
}

impl View {
    fn asked(word: &str) -> Self {
        match word {
            "today" => Self::Today,
            "past" => Self::Past,
            _ => Self::Upcoming,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "",
            Self::Today => "today",
            Self::Past => "past",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Upcoming => "Demonstrations",
            Self::Today => "Demonstrations today",
            Self::Past => "Past demonstrations",
        }
    }

    fn address(self, page: u64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if self != Self::Upcoming {
            query.append_pair("when", self.word());
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        let text = query.finish();
        if text.is_empty() { "/demonstrations".to_owned() } else { format!("/demonstrations?{text}") }
    }
}

/// Words in a tag, with more about them.
struct State {
    words: String,
    look: &'static str,
    more: String,
}

/// One demonstration of the list.
struct Row {
    product: String,
    href: String,
    organisation: String,
    date: String,
    time: String,
    assessor: String,
    state: State,
    facts: State,
    checks: State,
}

/// The demonstrations of one week.
struct Week {
    heading: String,
    rows: Vec<Row>,
}

/// A wish for a date that waits for an answer.
struct WishRow {
    product: String,
    href: String,
    about: String,
    moments: Vec<String>,
    left: String,
    look: &'static str,
    reply_by: String,
}

#[derive(Template)]
#[template(path = "dates/index.html")]
struct DatesPage {
    frame: Frame,
    heading: String,
    tab: &'static str,
    wishes: Vec<WishRow>,
    more_wishes: usize,
    weeks: Vec<Week>,
    free: u64,
    pages: Pagination,
    table: String,
    feed_made: String,
}

/// The moment at which a day begins in London.
pub(super) fn beginning(day: NaiveDate) -> DateTime<Utc> {
    london_moment(day, NaiveTime::MIN).unwrap_or_else(|| day.and_time(NaiveTime::MIN).and_utc())
}

/// "Week of 13 April 2026", for any day of it.
pub(super) fn week_of(day: NaiveDate) -> String {
    let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    format!("Week of {}", short_date(monday))
}

/// Who may plan: reviewers and managers. For others these pages do not exist.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) fn must_plan(me: &SignedIn) -> Result<(), Error> {
    if me.actor.sees_all() { Ok(()) } else { Err(Error::NotFound) }
}

/// Which demonstrations an address asks for, from the beginning of today.
pub(super) fn which(me: &SignedIn, query: &DatesQuery) -> When {
    match View::asked(&query.when) {
        View::Upcoming => When::Coming,
        View::Today => When::Before(beginning(me.today() + Days::new(1))),
        View::Past => When::Past,
    }
}

/// P45: demonstrations by week, and the wishes for a date above them.
pub async fn index(me: SignedIn, query: Query<DatesQuery>) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let view = View::asked(&query.when);
    let (visible, today) = (me.visible(), me.today());
    let page = visible.demonstrations(beginning(today), which(&me, &query), query.page).await?;
    let wishes = if view == View::Past { Vec::new() } else { visible.wishes().await? };
    let free = visible.free_count(beginning(me.app.rules.calendar().earliest_test(today))).await?;
    let feed_made = me.app.db.feed_made_at(&me.actor).await?;
    let template = DatesPage {
        frame: me.frame(view.title()),
        heading: format!("{} ({})", view.title(), page.total),
        tab: if view == View::Upcoming { "upcoming" } else { view.word() },
        more_wishes: wishes.len().saturating_sub(WISHES),
        wishes: wishes.iter().take(WISHES).map(|w| wish_row(&me, w)).collect(),
        weeks: by_week(&me, &page.rows),
        free,
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| view.address(n)),
        table: view.address(1),
        feed_made: feed_made.map(date_time).unwrap_or_default(),
    };
    ok(&template)
}

fn by_week(me: &SignedIn, listed: &[ListedDemonstration]) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for item in listed {
        let Some(date) = &item.test.date else { continue };
        let heading = week_of(london_date(date.starts_at));
        let row = row(me, item, date);
        match weeks.last_mut() {
            Some(week) if week.heading == heading => week.rows.push(row),
            _ => weeks.push(Week { heading, rows: vec![row] }),
        }
    }
    weeks
}

fn row(me: &SignedIn, item: &ListedDemonstration, date: &crate::domain::demonstration::Date) -> Row {
    let test = &item.test;
    let (words, look) = test.state.tag();
    let held = if item.state == ProductState::OnHold { "The product is on hold".to_owned() } else { String::new() };
    let is_before = matches!(test.state, DemonstrationState::Booked);
    let due = |by: NaiveDate| if is_before { format!("By {}", long_date(by)) } else { String::new() };
    let late = |by: NaiveDate| is_before && by < me.today();
    let facts = match test.lacks {
        0 => State { words: "All given".to_owned(), look: "plain", more: String::new() },
        lacks => {
            let look = if late(date.facts_by) { "red" } else { "orange" };
            let missing = format!("{lacks} missing or to change. {}", due(date.facts_by));
            State { words: "Details needed".to_owned(), look, more: missing.trim().to_owned() }
        }
    };
    Row {
        product: item.product.clone(),
        href: format!("/products/{}", item.reference.to_lowercase()),
        organisation: item.organisation.clone(),
        date: long_date(london_date(date.starts_at)),
        time: time(date.starts_at),
        assessor: date.assessor.as_ref().map_or_else(|| "Nobody yet".to_owned(), |a| a.name.clone()),
        state: State { words: words.to_owned(), look, more: held },
        facts,
        checks: checks(me, test, date.checks_by),
    }
}

/// How far the background checks are: what counts most first.
fn checks(me: &SignedIn, test: &Demonstration, by: NaiveDate) -> State {
    let tag = |words: &str, look, more| State { words: words.to_owned(), look, more };
    let problems = test.problems().len();
    if problems > 0 {
        return tag("Problem found", "red", format!("{} of {}", problems, counted(Check::ALL.len(), "check")));
    }
    if test.state != DemonstrationState::Booked {
        return tag("Done", "plain", String::new());
    }
    let (words, look) = left(by, me.app.rules.calendar(), me.today());
    let when = format!("{words}, {}", short_date(by));
    let recorded = test.checks.len();
    let all = Check::ALL.len();
    if by < me.today() {
        tag("Overdue", "red", when)
    } else if recorded == 0 {
        tag("Not done", if look == "plain" { "blue" } else { look }, when)
    } else {
        tag(&format!("{recorded} of {all} done"), if look == "plain" { "white" } else { look }, when)
    }
}

fn wish_row(me: &SignedIn, item: &ListedDemonstration) -> WishRow {
    let wish = item.test.wish.as_ref();
    let asked = wish.map(|w| format!(", asked {}", short_date(w.asked_on))).unwrap_or_default();
    let (left, look) = wish.map_or((String::new(), "plain"), |w| left(w.reply_by, me.app.rules.calendar(), me.today()));
    let moment = |at: &DateTime<Utc>| format!("{} at {}", long_date(london_date(*at)), time(*at));
    WishRow {
        product: item.product.clone(),
        href: format!("/products/{}", item.reference.to_lowercase()),
        about: format!("{}{asked}", item.organisation),
        moments: wish.map(|w| w.moments.iter().map(moment).collect()).unwrap_or_default(),
        left,
        look,
        reply_by: wish.map(|w| long_date(w.reply_by)).unwrap_or_default(),
    }
}

/// Makes an address for the person's calendar, in place of the one before. It is shown once, on the next page.
pub async fn make_feed(me: SignedIn) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let token = new_token()?;
    me.app.db.renew_feed(&me.actor, Some(&token), me.now).await?;
    let address = format!("{}/demonstrations/feed/{token}.ics", me.app.base);
    let text = format!("Copy it into your calendar program now. We show it only once: {address}");
    let flash = Flash { title: "Your calendar has a new address".to_owned(), text, link: None };
    Ok(see_other_with(&me, "/demonstrations", &flash))
}

/// Stops the address of the person's calendar.
pub async fn stop_feed(me: SignedIn) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    me.app.db.renew_feed(&me.actor, None, me.now).await?;
    Ok(see_other_with(&me, "/demonstrations", &said("The address of your calendar has stopped working")))
}

/// The calendar of one person, for a program that has its address and nothing else.
pub async fn feed(visit: Anyone, token: Path<String>) -> Result<HttpResponse, Error> {
    let app = &visit.app;
    let person = app.db.feed_of(&token).await?.ok_or(Error::NotFound)?;
    let actor = app.db.actor(person).await?.ok_or(Error::NotFound)?;
    let tests = app.db.visible(&actor).coming_for(person, beginning(visit.today())).await?;
    let events: Vec<Event> = tests.iter().filter_map(|t| event(&visit, t)).collect();
    let text = calendar(&format!("Demonstrations of {}", actor.name()), &events, Method::Feed);
    let name = (header::CONTENT_DISPOSITION, "inline; filename=\"demonstrations.ics\"");
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).insert_header(name).body(text))
}

/// One test in a calendar, and how to join it: nothing of its facts, for calendars are read by many.
fn event(visit: &Anyone, item: &ListedDemonstration) -> Option<Event> {
    let (test, base) = (&item.test, &visit.app.base);
    let date = test.date.as_ref()?;
    let is_confirmed = matches!(test.state, DemonstrationState::Confirmed | DemonstrationState::UnderWay);
    let holder = date.assessor.as_ref().map_or_else(|| "Nobody holds it yet.".to_owned(), |a| format!("Held by {}.", a.name));
    let lines =
        [format!("{} ({})", item.product, item.reference), item.organisation.clone(), holder, test.state.sentence().to_owned()];
    Some(Event {
        uid: uid(base, &item.reference, test.attempt),
        sequence: test.sequence,
        starts_at: date.starts_at,
        ends_at: test.ends_at()?,
        summary: format!("Demonstration: {}", item.product),
        description: lines.join("\n"),
        location: Some(date.joining.clone()).filter(|link| !link.is_empty()),
        url: format!("{base}/products/{}/demonstration", item.reference.to_lowercase()),
        status: if is_confirmed { Status::Confirmed } else { Status::Tentative },
        changed_at: visit.now,
        organizer: None,
    })
}
