//! Giving a date back, or taking back a wish for one.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::{Subject, address, moment, settled};
use crate::domain::calendar::london_date;
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::{DemonstrationAct, DemonstrationState};
use crate::domain::machine::Who;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other_with};
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::{ok, unprocessable};

/// Working days before a demonstration within which somebody should also be told in person.
const SHORT_NOTICE: i64 = 2;

#[derive(Template)]
#[template(path = "demonstration/cancel.html")]
struct CancelPage {
    frame: Frame,
    back: String,
    heading: &'static str,
    paragraphs: Vec<String>,
    is_soon: bool,
    is_ours: bool,
    label: &'static str,
    hint: &'static str,
    button: &'static str,
    reason: String,
}

fn cancel_page(subject: &Subject<'_>, reason: String) -> Result<CancelPage, Error> {
    subject.judge().offer(DemonstrationAct::Cancel)?;
    let (me, test) = (subject.me, subject.test());
    let is_ours = Who::Editor.admits(&me.actor, subject.product.organisation);
    let (heading, button, paragraphs) = match &test.date {
        Some(date) => {
            let after = if is_ours {
                "You can book another date, with at least 2 weeks’ notice. The details that you gave are kept."
            } else {
                "The supplier can book another date, with at least 2 weeks’ notice. We tell them at once."
            };
            let when = format!("The date will be free for others: {}.", moment(date.starts_at));
            ("Cancel the demonstration?", "Cancel demonstration", vec![when, after.to_owned()])
        }
        None => (
            "Take back what you asked for?",
            "Take it back",
            vec!["We’ll stop looking for a date. You can ask again, or book one of the free dates.".to_owned()],
        ),
    };
    let is_soon = |at| subject.setting.calendar.days_left(me.today(), london_date(at)) <= SHORT_NOTICE;
    Ok(CancelPage {
        frame: me.frame(format!("{heading} – {}", subject.product.facts.name)),
        back: subject.address(),
        heading,
        paragraphs,
        is_soon: test.date.as_ref().is_some_and(|d| is_soon(d.starts_at)),
        is_ours,
        label: if is_ours { "Why? (optional)" } else { "Why?" },
        hint: "Everybody who can see the product can read this in its history",
        button,
        reason,
    })
}

/// P33: asks whether the date is to be given back.
pub async fn form(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    ok(&cancel_page(&Subject::new(&me, &product)?, String::new())?)
}

/// Gives the date back.
pub async fn cancel(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let mut problems = Problems::default();
    let reason = problems.line(&fields, "reason", ("", 500));
    if !problems.is_empty() {
        return again(&me, &product, reason, problems);
    }
    let had_date = product.demonstration().state != DemonstrationState::Asked;
    let command = Command::Demonstration(DemonstrationCommand::Cancel(reason.clone()));
    let done = me.act(&product.reference, &command).await;
    let is_gone = |state: DemonstrationState| state == DemonstrationState::NotBooked && !product.demonstrations.is_empty();
    match settled(&me, &product.reference, done, |test| is_gone(test.state)).await {
        Ok(product) => Ok(done_with(&me, &product, had_date)),
        Err(Error::Refused(Refusal::Missing(Condition::Explained))) => {
            problems.add("reason", "Enter a reason");
            again(&me, &product, reason, problems)
        }
        Err(error) => Err(error),
    }
}

fn again(me: &SignedIn, product: &Product, reason: String, problems: Problems) -> Result<HttpResponse, Error> {
    let mut page = cancel_page(&Subject::new(me, product)?, reason)?;
    page.frame.problems = problems.0;
    unprocessable(&page)
}

fn done_with(me: &SignedIn, product: &Product, had_date: bool) -> HttpResponse {
    let (title, link) = if had_date {
        let link = (format!("{}.ics", address(product)), "Take it out of your calendar".to_owned());
        ("The demonstration has been cancelled", Some(link))
    } else {
        ("You’ve taken back what you asked for", None)
    };
    see_other_with(me, &address(product), &Flash { title: title.to_owned(), text: String::new(), link })
}
