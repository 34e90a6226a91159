//! After a review was sent: for a few minutes it can be undone, and afterwards a page says why not.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::Fields;
use super::frame::{Flash, Frame};
use super::page::{ok, page};
use super::place::texts;
use super::reviews::{address, for_team};
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, SectionCommand};
use crate::domain::decide::offer;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::{Guard, SectionAct, SectionState};
use crate::error::Error;
use crate::store::reply::OnItsWay;
use crate::words::{date_time, time};

/// One's own review that is about to leave, as the queue shows it.
pub struct Leaving {
    /// The section, with a capital letter.
    pub title: String,
    /// The product.
    pub product: String,
    /// The address of the review.
    pub address: String,
    /// Until when it can be undone: "2.46pm".
    pub until: String,
}

impl Leaving {
    /// Of a reply of the store; `short` finds the name of a section.
    #[must_use]
    pub fn new(reply: OnItsWay, short: impl Fn(Section) -> String) -> Self {
        Self {
            title: Section::from_word(&reply.section).map(short).unwrap_or_default(),
            address: format!("/products/{}/sections/{}/review", reply.reference.to_lowercase(), reply.section),
            product: reply.name,
            until: time(reply.leaves_at),
        }
    }
}

#[derive(Template)]
#[template(path = "reviews/sending.html")]
struct SendingPage {
    frame: Frame,
    heading: &'static str,
    product_name: String,
    title: String,
    sentence: String,
    review: String,
    can_undo: bool,
    reopening: String,
    messages: String,
}

fn sending_page(me: &SignedIn, product: &Product, section: Section, refusal: Option<&Refusal>) -> Result<SendingPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let record = product.section(section);
    let can = |act| offer(&setting, &me.actor, product, section, act).is_ok();
    let (heading, sentence) = state(me, product, section, refusal)?;
    let reopening = format!("{}/sections/{section}/reopening", product.address());
    let text = texts(setting.catalogue, section)?;
    Ok(SendingPage {
        frame: me.frame(format!("Sending of a review: {} – {}", text.short, product.facts.name)),
        heading,
        product_name: product.facts.name.clone(),
        title: text.title.clone(),
        sentence,
        review: address(product, section),
        can_undo: can(SectionAct::Undo),
        reopening: if can(SectionAct::Reopen) { reopening } else { String::new() },
        messages: if record.state() == SectionState::Returned { format!("{}/messages", product.address()) } else { String::new() },
    })
}

/// Where the sending stands, or why it cannot be undone. There is nothing to say of a review that was never sent.
fn state(me: &SignedIn, product: &Product, section: Section, refusal: Option<&Refusal>) -> Result<(&'static str, String), Error> {
    let record = product.section(section);
    let supplier = &product.organisation_name;
    let left = || record.replied_at.map(date_time).ok_or(Error::NotFound);
    Ok(match (record.state(), record.leaves_at(), &record.reply) {
        (SectionState::Returned, ..) => (
            "You can no longer undo this",
            format!("The review left on {}, and {supplier} was told. The section is with them.", left()?),
        ),
        (SectionState::Accepted, ..) => (
            "You can no longer undo this",
            format!("The review left on {}, and {supplier} was told. The section is accepted.", left()?),
        ),
        (SectionState::Submitted, Some(at), _) if at <= me.now => {
            ("You can no longer undo this", format!("The time to undo ended at {}. The review is leaving now.", time(at)))
        }
        (SectionState::Submitted, Some(_), _) if refusal == Some(&Refusal::Unmet(Guard::HeldByYou)) => {
            ("You cannot undo this", "Only the reviewer who sent it can undo that.".to_owned())
        }
        (SectionState::Submitted, Some(at), _) => {
            ("The review is on its way", format!("{supplier} can read it from {}.", time(at)))
        }
        (SectionState::Submitted, None, Some(_)) => {
            ("The review has not left", "The sending was undone or stopped. Nobody outside the assurance team was told.".to_owned())
        }
        (SectionState::Submitted | SectionState::Draft, None, None) | (SectionState::Draft, ..) => return Err(Error::NotFound),
    })
}

/// P44: where the sending of a review stands.
pub async fn show(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    ok(&sending_page(&me, &product, section, None)?)
}

/// Undoes the sending of a review, or says why that is not possible.
pub async fn undo(me: SignedIn, path: Path<(String, Section)>, _fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    match me.act(&reference, &Command::Section(section, SectionCommand::Undo)).await {
        Ok(product) => {
            let text = format!("{} was not told, and your decisions and your message are as they were.", product.organisation_name);
            let flash = Flash { title: "Sending undone".to_owned(), text, link: None };
            Ok(see_other_with(&me, &address(&product, section), &flash))
        }
        Err(Error::Refused(refusal)) if refusal != Refusal::NotYours => {
            let product = for_team(&me, &product.reference).await?;
            page(StatusCode::CONFLICT, &sending_page(&me, &product, section, Some(&refusal))?)
        }
        Err(error) => Err(error),
    }
}
