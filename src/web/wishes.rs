//! The answer to a supplier who asks for a date: one of the asked moments with somebody who holds it, or why none can be.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

use super::ctx::{SignedIn, see_other_with};
use super::due_view::{DueView, left};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::parts::Item;
use super::reviews::for_team;
use super::session::said;
use crate::domain::calendar::london_date;
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::demonstration::command::{Chosen, DemonstrationCommand};
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::{ASKED_DAYS, Assessor, DemonstrationAct, Wish};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::slot::{Clash, Diary, Leave, Slot};
use crate::domain::words::SlotId;
use crate::error::Error;
use crate::secret::new_id;
use crate::words::{listed, long_date, time};

/// Longest reason.
const LONGEST: usize = 2_000;

/// What agreeing to a date looks at.
struct Choices {
    wish: Wish,
    assessors: Vec<Assessor>,
    slots: Vec<Slot>,
    leave: Vec<Leave>,
}

#[derive(Template)]
#[template(path = "dates/wish.html")]
struct WishPage {
    frame: Frame,
    product: String,
    reference: String,
    organisation: String,
    address: String,
    /// Why there is nothing to answer; empty when there is.
    nothing: &'static str,
    due: DueView,
    /// Moments that cannot be any more, each with the reason.
    gone: Vec<String>,
    moments: Vec<Item>,
    assessors: Vec<Item>,
    /// Why no date can be agreed at the moment; empty when one can.
    cannot_agree: String,
    reason: String,
}

fn in_words(at: DateTime<Utc>) -> String {
    format!("{} at {}", long_date(london_date(at)), time(at))
}

async fn choices(me: &SignedIn, product: &Product) -> Result<Option<Choices>, Error> {
    let Some(wish) = product.demonstration().wish.clone() else { return Ok(None) };
    let (Some(first), Some(last)) = (wish.moments.iter().min().copied(), wish.moments.iter().max().copied()) else {
        return Ok(None);
    };
    let visible = me.visible();
    let (from, until) = (first - TimeDelta::hours(2), last + TimeDelta::hours(2));
    let slots = visible.published_slots(from, until).await?.into_iter().map(|s| s.slot).collect();
    let leave = visible.leave(me.today()).await?.into_iter().map(|(leave, _)| leave).collect();
    Ok(Some(Choices { wish, assessors: visible.assessors().await?, slots, leave }))
}

impl Choices {
    /// What stands against a person at a moment; a date of theirs that is free and starts then does not.
    fn clash(&self, me: &SignedIn, assessor: &Assessor, at: DateTime<Utc>) -> Option<Clash> {
        let who = (assessor.person, assessor.name.clone());
        let others: Vec<Slot> = self.slots.iter().filter(|s| !Self::is_offered(s, assessor, at)).cloned().collect();
        let diary = Diary { calendar: me.app.rules.calendar(), slots: &others, leave: &self.leave, assessor: Some(&who) };
        diary.clash(at)
    }

    fn is_offered(slot: &Slot, assessor: &Assessor, at: DateTime<Utc>) -> bool {
        let is_theirs = slot.assessor.as_ref().is_some_and(|(person, _)| *person == assessor.person);
        is_theirs && !slot.taken && slot.starts_at == at
    }

    /// The moments that can still be, and the others with their reasons.
    fn split(&self, me: &SignedIn) -> (Vec<DateTime<Utc>>, Vec<String>) {
        let (mut open, mut gone) = (Vec::new(), Vec::new());
        for at in &self.wish.moments {
            let day = london_date(*at);
            match me.app.rules.calendar().day_off(day) {
                _ if *at <= me.now => gone.push(format!("{} has passed", in_words(*at))),
                Some(name) if long_date(day).starts_with(&name) => gone.push(format!("{} is not a working day", in_words(*at))),
                Some(name) => gone.push(format!("{} is {name}", in_words(*at))),
                None => open.push(*at),
            }
        }
        (open, gone)
    }
}

fn wish_page(me: &SignedIn, product: &Product, choices: Option<&Choices>, fields: &Fields) -> Result<WishPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let (open, gone) = choices.map(|c| c.split(me)).unwrap_or_default();
    let due = choices.map(|c| due(me, product, &c.wish)).unwrap_or_default();
    let moment = |at: &DateTime<Utc>| {
        let value = at.to_rfc3339();
        let checked = fields.raw("moment") == value;
        Item::new(value, in_words(*at)).checked(checked)
    };
    let assessors = choices.map(|c| c.assessors.as_slice()).unwrap_or_default();
    let assessor = |a: &Assessor| {
        let clashes: Vec<String> = open.iter().filter_map(|at| Some(choices?.clash(me, a, *at)?.sentence(*at))).collect();
        let value = a.person.to_string();
        let checked = fields.raw("assessor") == value;
        Item::new(value, a.name.clone()).hint(listed(&clashes)).checked(checked)
    };
    Ok(WishPage {
        frame: me.frame(format!("Answer a wish for a date – {}", product.facts.name)),
        product: product.facts.name.clone(),
        reference: product.reference.clone(),
        organisation: product.organisation_name.clone(),
        address: format!("{}/demonstration", product.address()),
        nothing: if choices.is_none() { product.demonstration().state.sentence() } else { "" },
        due,
        gone,
        moments: open.iter().map(moment).collect(),
        assessors: assessors.iter().map(assessor).collect(),
        cannot_agree: judge.offer(DemonstrationAct::Agree).err().map(|refusal| refusal.sentence()).unwrap_or_default(),
        reason: fields.raw("reason").to_owned(),
    })
}

/// The promise to answer, with its working where no hold has moved it.
fn due(me: &SignedIn, product: &Product, wish: &Wish) -> DueView {
    let (calendar, today) = (me.app.rules.calendar(), me.today());
    let counted = calendar.after(wish.asked_on, ASKED_DAYS, &product.pauses).filter(|due| due.on == wish.reply_by);
    if let Some(due) = counted {
        return DueView::from_start(&due, calendar, today, "The supplier asked on");
    }
    let (left, tag) = left(wish.reply_by, calendar, today);
    DueView { date: long_date(wish.reply_by), left, tag, sentences: Vec::new() }
}

/// The wish of a product, and the two ways to answer it.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let choices = choices(&me, &product).await?;
    ok(&wish_page(&me, &product, choices.as_ref(), &Fields::default())?)
}

/// Fixes one of the moments, with somebody who holds the demonstration.
pub async fn agree(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let Some(choices) = choices(&me, &product).await? else {
        return Err(Refusal::Elsewhere(product.demonstration().state.sentence()).into());
    };
    let mut problems = Problems::default();
    let wanted = |at: &DateTime<Utc>| at.to_rfc3339() == fields.raw("moment");
    let moment = choices.split(&me).0.into_iter().find(wanted);
    let assessor = choices.assessors.iter().find(|a| a.person.to_string() == fields.raw("assessor"));
    problems.take("moment", moment.ok_or_else(|| "Select a date and time".to_owned()));
    problems.take("assessor", assessor.ok_or_else(|| "Select who will hold the demonstration".to_owned()));
    let (Some(at), Some(assessor)) = (moment, assessor) else {
        return again(&me, (&product, &choices), &fields, (problems, StatusCode::UNPROCESSABLE_ENTITY));
    };
    if let Some(clash) = choices.clash(&me, assessor, at) {
        problems.add("assessor", clash.sentence(at));
        return again(&me, (&product, &choices), &fields, (problems, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let offered = choices.slots.iter().find(|s| Choices::is_offered(s, assessor, at));
    let slot = offered.map_or_else(|| SlotId(new_id()), |s| s.id);
    let chosen = Chosen { slot, starts_at: at, assessor: Some(assessor.clone()), is_free: true };
    match me.act(&product.reference, &Command::Demonstration(DemonstrationCommand::Agree(chosen))).await {
        Ok(_) => {
            let text = format!("We’ve told the supplier and {}.", assessor.name);
            let title = format!("The demonstration of {} is on {}", product.facts.name, in_words(at));
            Ok(see_other_with(&me, "/demonstrations", &Flash { title, text, link: None }))
        }
        Err(Error::Refused(Refusal::Missing(Condition::SlotFree))) => {
            problems.add("assessor", format!("{} has just been given another date at this time", assessor.name));
            again(&me, (&product, &choices), &fields, (problems, StatusCode::CONFLICT))
        }
        Err(error) => Err(error),
    }
}

fn again(
    me: &SignedIn,
    (product, choices): (&Product, &Choices),
    fields: &Fields,
    (problems, status): (Problems, StatusCode),
) -> Result<HttpResponse, Error> {
    let mut template = wish_page(me, product, Some(choices), fields)?;
    template.frame.problems = problems.0;
    page(status, &template)
}

/// Says that none of the moments can be, and why.
pub async fn decline(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let mut problems = Problems::default();
    let reason = problems.line(&fields, "reason", ("Say why none of the dates can be", LONGEST));
    if !problems.is_empty() {
        let choices = choices(&me, &product).await?;
        let mut template = wish_page(&me, &product, choices.as_ref(), &fields)?;
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    me.act(&product.reference, &Command::Demonstration(DemonstrationCommand::Decline(reason))).await?;
    let title = format!("The supplier of {} has been told that none of the dates can be", product.facts.name);
    Ok(see_other_with(&me, "/demonstrations", &said(title)))
}
