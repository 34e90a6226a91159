//! Choosing a date for a test: the first one, or another in place of the one that is booked.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{Subject, address, moment, settled, span};
use crate::domain::calendar::{Calendar, TEST_NOTICE_DAYS, london_date};
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::demonstration::command::{Chosen, DemonstrationCommand};
use crate::domain::demonstration::{Demonstration, DemonstrationAct, DemonstrationState};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::slot::{self, Slot};
use crate::domain::words::SlotId;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other, see_other_with};
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::page;
use crate::web::parts::Item;
use crate::words::{long_date, short_date, time};

/// Dates shown at once.
const SHOWN: usize = 8;
/// Days after the first possible day of which we say that none is free, when none is.
const LOOKED_AT: u64 = 84;

/// Which of the dates.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Paging {
    page: usize,
}

/// Booking, or moving what is booked.
#[derive(Clone, Copy)]
enum Choice {
    Book,
    Move,
}

/// The dates of a week.
struct WeekView {
    heading: String,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "demonstration/choose.html")]
struct ChoicePage {
    frame: Frame,
    back: String,
    product_name: String,
    heading: &'static str,
    button: &'static str,
    /// When the test is now, if it is being moved.
    present: String,
    is_confirmed: bool,
    first_day: String,
    how: Vec<String>,
    weeks: Vec<WeekView>,
    earlier: Option<String>,
    later: Option<String>,
    /// The day before which nothing is free, when nothing is.
    none_before: String,
    request: Option<String>,
}

/// The free dates that keep the notice, in order; one for each start.
pub(super) async fn free(subject: &Subject<'_>, act: DemonstrationAct) -> Result<Vec<Slot>, Error> {
    let slots = subject.me.visible().free_slots(subject.me.now).await?;
    let judge = subject.judge();
    let suiting = slot::free(&slots, subject.me.today()).into_iter().filter(|s| judge.suits(act, s.starts_at));
    Ok(suiting.cloned().collect())
}

/// How the first possible day was worked out.
pub(super) fn working(calendar: &Calendar, today: NaiveDate) -> Vec<String> {
    let after = today + Days::new(TEST_NOTICE_DAYS);
    let mut said = vec![format!("Today is {}.", long_date(today)), format!("2 weeks later is {}.", long_date(after))];
    if let Some(name) = calendar.day_off(after) {
        let first = long_date(calendar.earliest_test(today));
        let why = if long_date(after).starts_with(&name) { "not a working day".to_owned() } else { name };
        said.push(format!("That is {why}, so the first day is the next working day: {first}."));
    }
    said
}

/// "10am on 28 April", as people say it.
fn spoken(at: DateTime<Utc>) -> String {
    let date = london_date(at);
    format!("{} on {}\u{a0}{}", time(at), date.day(), date.format("%B"))
}

impl Choice {
    const fn act(self) -> DemonstrationAct {
        match self {
            Self::Book => DemonstrationAct::Book,
            Self::Move => DemonstrationAct::Move,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Book => ("Choose a date for your demonstration", "Book demonstration"),
            Self::Move => ("Change the date of your demonstration", "Change date"),
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Move => "reschedule",
        }
    }

    const fn command(self, chosen: Chosen) -> Command {
        Command::Demonstration(match self {
            Self::Book => DemonstrationCommand::Book(chosen),
            Self::Move => DemonstrationCommand::Move(chosen),
        })
    }

    /// The page with the free dates of now.
    async fn show(
        self,
        me: &SignedIn,
        product: &Product,
        number: usize,
        (status, problems): (StatusCode, Problems),
    ) -> Result<HttpResponse, Error> {
        let subject = Subject::new(me, product)?;
        subject.judge().offer(self.act())?;
        let slots = free(&subject, self.act()).await?;
        let last = slots.len().div_ceil(SHOWN).max(1);
        let number = number.clamp(1, last);
        let shown: Vec<&Slot> = slots.iter().skip((number - 1) * SHOWN).take(SHOWN).collect();
        let here = format!("{}/{}", subject.address(), self.path());
        let to = |number: usize| format!("{here}?page={number}");
        let (calendar, test) = (subject.setting.calendar, subject.test());
        let first_day = calendar.earliest_test(me.today());
        let (heading, button) = self.words();
        let mut template = ChoicePage {
            frame: me.frame(format!("{heading} – {}", product.facts.name)),
            back: subject.address(),
            product_name: product.facts.name.clone(),
            heading,
            button,
            present: test.date.as_ref().map(|d| span(d.starts_at)).unwrap_or_default(),
            is_confirmed: test.state == DemonstrationState::Confirmed,
            first_day: long_date(first_day),
            how: working(calendar, me.today()),
            weeks: weeks(&shown),
            earlier: (number > 1).then(|| to(number - 1)),
            later: (number < last).then(|| to(number + 1)),
            none_before: if slots.is_empty() { short_date(first_day + Days::new(LOOKED_AT)) } else { String::new() },
            request: subject.offers(DemonstrationAct::Ask).then(|| format!("{}/request", subject.address())),
        };
        template.frame.problems = problems.0;
        page(status, &template)
    }

    async fn carry_out(
        self,
        me: SignedIn,
        path: Path<String>,
        paging: Query<Paging>,
        fields: Fields,
    ) -> Result<HttpResponse, Error> {
        let product = me.visible().product(&path).await?;
        let again = |status, sentence: String| {
            let problems = Problems(vec![("slot".to_owned(), sentence)]);
            self.show(&me, &product, paging.page, (status, problems))
        };
        let Ok(id) = Uuid::parse_str(&fields.text("slot")).map(SlotId) else {
            return again(StatusCode::UNPROCESSABLE_ENTITY, "Select a date and time".to_owned()).await;
        };
        let Some(chosen) = me.visible().chosen_slot(id).await? else {
            return again(StatusCode::CONFLICT, "This date is no longer offered. Choose another time".to_owned()).await;
        };
        let starts_at = chosen.starts_at;
        match self.take(&me, &product, chosen).await {
            Ok(product) => Ok(self.done(&me, &product)),
            Err(Error::Refused(Refusal::Missing(Condition::SlotFree))) => {
                again(StatusCode::CONFLICT, format!("Somebody has just booked {}. Choose another time", spoken(starts_at))).await
            }
            Err(Error::Refused(Refusal::Missing(Condition::Noticed))) => {
                let first = long_date(me.app.rules.calendar().earliest_test(me.today()));
                again(StatusCode::UNPROCESSABLE_ENTITY, format!("Choose a date on or after {first}. We need 2 weeks’ notice")).await
            }
            Err(error) => Err(error),
        }
    }

    /// Takes the chosen date. If somebody was quicker, another one that begins at the same moment does as well.
    async fn take(self, me: &SignedIn, product: &Product, chosen: Chosen) -> Result<Product, Error> {
        let (id, starts_at) = (chosen.slot, chosen.starts_at);
        let holds = |test: &Demonstration| test.state.is_open() && test.date.as_ref().is_some_and(|d| d.slot == id);
        let first = me.act(&product.reference, &self.command(chosen)).await;
        let first = settled(me, &product.reference, first, holds).await;
        if !matches!(first, Err(Error::Refused(Refusal::Missing(Condition::SlotFree)))) {
            return first;
        }
        let slots = me.visible().free_slots(me.now).await?;
        let Some(twin) = slots.iter().find(|s| s.starts_at == starts_at && s.id != id) else { return first };
        match me.visible().chosen_slot(twin.id).await? {
            Some(chosen) => me.act(&product.reference, &self.command(chosen)).await,
            None => first,
        }
    }

    /// After booking come the details; after moving, the page of the test.
    fn done(self, me: &SignedIn, product: &Product) -> HttpResponse {
        let record = product.demonstration();
        let when = record.date.as_ref().map(|d| moment(d.starts_at)).unwrap_or_default();
        let base = address(product);
        match self {
            Self::Book => {
                let text = "Now give us the details for it. You can add them later, too.".to_owned();
                let link = Some((format!("{base}.ics"), "Add to calendar".to_owned()));
                let flash = Flash { title: format!("Your demonstration is booked for {when}"), text, link };
                see_other_with(me, &format!("{base}/details"), &flash)
            }
            Self::Move => {
                let link = Some((format!("{base}.ics"), "Add to calendar".to_owned()));
                let flash = Flash { title: format!("Your demonstration is now on {when}"), text: String::new(), link };
                see_other_with(me, &base, &flash)
            }
        }
    }
}

fn weeks(shown: &[&Slot]) -> Vec<WeekView> {
    let mut place = 0;
    let mut item = |slot: &&Slot| {
        place += 1;
        let id = if place == 1 { "slot".to_owned() } else { format!("slot-{place}") };
        Item::new(slot.id.to_string(), span(slot.starts_at)).id(id)
    };
    slot::by_week(shown)
        .iter()
        .map(|week| WeekView { heading: week.heading(), items: week.slots.iter().map(&mut item).collect() })
        .collect()
}

/// P31: the free dates.
pub async fn book_form(me: SignedIn, path: Path<String>, paging: Query<Paging>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    if product.demonstration().state.is_open() && Subject::new(&me, &product)?.is_ours() {
        return Ok(see_other(&address(&product)));
    }
    Choice::Book.show(&me, &product, paging.page, (StatusCode::OK, Problems::default())).await
}

/// Books a date.
pub async fn book(me: SignedIn, path: Path<String>, paging: Query<Paging>, fields: Fields) -> Result<HttpResponse, Error> {
    Choice::Book.carry_out(me, path, paging, fields).await
}

/// P33: the free dates again, for a test that has one.
pub async fn reschedule_form(me: SignedIn, path: Path<String>, paging: Query<Paging>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    Choice::Move.show(&me, &product, paging.page, (StatusCode::OK, Problems::default())).await
}

/// Moves the test to another date.
pub async fn reschedule(me: SignedIn, path: Path<String>, paging: Query<Paging>, fields: Fields) -> Result<HttpResponse, Error> {
    Choice::Move.carry_out(me, path, paging, fields).await
}
