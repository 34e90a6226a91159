//! Who has which reviews, who has room for more this week, and what nobody has.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use super::admin::{Paging, pages};
use super::chart::load::{Mark, Shape};
use super::ctx::SignedIn;
use super::due_view::left;
use super::frame::Frame;
use super::page::ok;
use super::parts::{Item, Pagination};
use super::queue::Titles;
use crate::domain::actor::Duty;
use crate::domain::calendar::Calendar;
use crate::domain::interest::may_look_after;
use crate::domain::slot::Leave;
use crate::domain::workload::{room, week};
use crate::error::Error;
use crate::store::queue::Review;
use crate::store::reviewer::ReviewerLoad;
use crate::words::{counted, long_date, short_date};

/// Days ahead for which leave is mentioned.
const LEAVE_AHEAD: i64 = 14;

/// A row: somebody, or nobody, with their reviews.
struct Row {
    name: String,
    /// Where what they review is set; empty for those who may not.
    href: String,
    marks: Vec<Mark>,
    /// "4 reviews, 1 overdue".
    number: String,
    /// How many there are beyond those that are drawn, and where they are.
    more: String,
    all: String,
    room: String,
    leave: String,
    tests: String,
    /// The reviews to select, for managers.
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "workload/index.html")]
struct WorkloadPage {
    frame: Frame,
    /// The message of the picture.
    message: String,
    /// What is counted, and when.
    measure: String,
    rows: Vec<Row>,
    pages: Pagination,
    can_assign: bool,
    here: &'static str,
    /// The address with its page, to come back to.
    from: String,
}

/// "4 reviews, 1 overdue".
#[must_use]
pub fn number(open: u32, overdue: u32) -> String {
    let reviews = match usize::try_from(open).unwrap_or_default() {
        0 => "No reviews".to_owned(),
        number => counted(number, "review"),
    };
    if overdue == 0 { reviews } else { format!("{reviews}, {overdue} overdue") }
}

/// How many more somebody has room for this week.
#[must_use]
pub fn room_of(load: &ReviewerLoad, calendar: &Calendar, today: NaiveDate) -> u32 {
    room(load.a_week(), load.open, &load.leave, calendar, today)
}

/// "Room for 2 more this week", "No room this week".
#[must_use]
pub fn room_words(room: u32) -> String {
    if room == 0 { "No room this week".to_owned() } else { format!("Room for {room} more this week") }
}

/// The leave that somebody is on, or that begins within 2 weeks.
#[must_use]
pub fn leave_soon(leave: &[Leave], today: NaiveDate) -> Option<&Leave> {
    leave.iter().find(|l| l.until >= today && (l.from - today).num_days() <= LEAVE_AHEAD)
}

/// "On leave until 20 April 2026", or from when to when if it begins within 2 weeks; empty without leave.
#[must_use]
pub fn leave_words(leave: &[Leave], today: NaiveDate) -> String {
    match leave_soon(leave, today) {
        None => String::new(),
        Some(l) if l.from <= today => format!("On leave until {}", short_date(l.until)),
        Some(l) if l.from == l.until => format!("On leave on {}", short_date(l.from)),
        Some(l) => format!("On leave from {} to {}", short_date(l.from), short_date(l.until)),
    }
}

/// A review in words: "Clinical risk – Wardlight, round 2: overdue 1 day".
#[must_use]
pub fn review_words(me: &SignedIn, review: &Review, titles: &Titles) -> String {
    let due = review.reply_by.map(|by| left(by, me.app.rules.calendar(), me.today()).0).unwrap_or_default();
    format!("{} – {}, round {}: {}", titles.short(review.section), review.product, review.round, due.to_lowercase())
}

/// What all rows of the page are made with.
struct Maker<'a> {
    me: &'a SignedIn,
    titles: Titles,
    can_assign: bool,
}

impl Maker<'_> {
    fn row(&self, (name, assigned): (String, String), reviews: &[Review], (open, overdue): (u32, u32)) -> Row {
        let (me, calendar) = (self.me, self.me.app.rules.calendar());
        let mark = |review: &Review| Mark {
            shape: Shape::of(review.reply_by, calendar, me.today()),
            href: review.address(),
            words: review_words(me, review, &self.titles),
        };
        let item = |review: &Review| Item::new(review.key(), review_words(me, review, &self.titles));
        let drawn = u32::try_from(reviews.len()).unwrap_or_default();
        Row {
            name,
            href: String::new(),
            marks: reviews.iter().map(mark).collect(),
            number: number(open, overdue),
            more: if open > drawn { format!("{} more", open - drawn) } else { String::new() },
            all: format!("/queue?assigned={assigned}"),
            room: String::new(),
            leave: String::new(),
            tests: String::new(),
            items: if self.can_assign { reviews.iter().map(item).collect() } else { Vec::new() },
        }
    }

    fn reviewer(&self, load: &ReviewerLoad, reviews: &[Review]) -> Row {
        let (me, calendar) = (self.me, self.me.app.rules.calendar());
        let tests = usize::try_from(load.tests).unwrap_or_default();
        let row = self.row((load.name.clone(), load.person.to_string()), reviews, (load.open, load.overdue));
        Row {
            href: if may_look_after(&me.actor, load.person) { format!("/reviewers/{}", load.person) } else { String::new() },
            room: room_words(room_of(load, calendar, me.today())),
            leave: leave_words(&load.leave, me.today()),
            tests: if tests == 0 { String::new() } else { format!("{} this week", counted(tests, "demonstration")) },
            ..row
        }
    }
}

/// What the picture says first: what nobody has, then what is late, then who has room.
fn message(loads: &[ReviewerLoad], nobody: u32, calendar: &Calendar, today: NaiveDate) -> String {
    let overdue = loads.iter().map(|l| l.overdue).sum::<u32>();
    let rooms: Vec<u32> = loads.iter().map(|l| room_of(l, calendar, today)).filter(|r| *r > 0).collect();
    let free: u32 = rooms.iter().sum();
    let people = if rooms.len() == 1 { "1 person has".to_owned() } else { format!("{} people have", rooms.len()) };
    let room = if free == 0 {
        "nobody has room for more this week".to_owned()
    } else {
        format!("{people} room for {free} more this week")
    };
    let reviews = |number: u32| counted(usize::try_from(number).unwrap_or_default(), "review");
    let late = if overdue == 1 { "1 review is overdue".to_owned() } else { format!("{} are overdue", reviews(overdue)) };
    let waits = if nobody == 1 { "1 review is with nobody".to_owned() } else { format!("{} are with nobody", reviews(nobody)) };
    match (nobody, overdue) {
        (0, 0) => crate::domain::parse::capitalised(&room),
        (0, _) => format!("{late}, and {room}"),
        (_, _) => format!("{waits}, and {room}"),
    }
}

/// P56: one row for each reviewer, oneself first, and one for nobody.
pub async fn index(me: SignedIn, paging: Query<Paging>) -> Result<HttpResponse, Error> {
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    let (visible, today, calendar) = (me.visible(), me.today(), me.app.rules.calendar());
    let page = visible.reviewer_loads(today, paging.number()).await?;
    let unassigned = visible.unassigned(today).await?;
    let people: Vec<_> = page.rows.iter().map(|l| l.person).collect();
    let drawn = visible.drawn_reviews(&people).await?;
    let of = |id: Uuid| drawn.get(&id).map(Vec::as_slice).unwrap_or_default();
    let maker = Maker { me: &me, titles: Titles::new(&me)?, can_assign: me.actor.is(Duty::Manager) };
    let mut rows: Vec<Row> = page.rows.iter().map(|load| maker.reviewer(load, of(load.person.0))).collect();
    let nobody = ("Nobody".to_owned(), "nobody".to_owned());
    rows.push(maker.row(nobody, of(Uuid::nil()), unassigned));
    let open: u32 = page.rows.iter().map(|l| l.open).sum::<u32>() + unassigned.0;
    let sunday = week(today).1;
    ok(&WorkloadPage {
        frame: me.frame("Workload"),
        message: message(&page.rows, unassigned.0, calendar, today),
        measure: format!(
            "Reviews that wait for us by person: {open} on {}. The week ends on {}.",
            long_date(today),
            long_date(sunday)
        ),
        here: "/reports/workload",
        from: if page.number > 1 { format!("/reports/workload?page={}", page.number) } else { "/reports/workload".to_owned() },
        pages: pages(&page, "/reports/workload"),
        rows,
        can_assign: maker.can_assign && open > 0,
    })
}
