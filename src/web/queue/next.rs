//! Taking the next review: the first due that nobody has, of a section that the person reviews if there is one.

use std::collections::BTreeSet;

use actix_web::HttpResponse;

use super::super::ctx::{SignedIn, see_other_with};
use super::super::frame::Flash;
use crate::domain::actor::Duty;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, SectionCommand};
use crate::domain::refusal::Refusal;
use crate::domain::section::Guard;
use crate::error::Error;
use crate::store::queue::{Assigned, QueueFilter, Review};

/// Times that the queue is read again when colleagues were quicker with everything that was read.
const ROUNDS: usize = 3;

/// Takes a review for the person. When a colleague is quicker, the next one.
pub async fn next(me: SignedIn) -> Result<HttpResponse, Error> {
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    if !me.actor.is(Duty::Reviewer) {
        return Err(Refusal::NotYours.into());
    }
    let skills = me.visible().own_skills().await?;
    if !skills.is_empty()
        && let Some(review) = take_one_of(&me, skills.clone()).await?
    {
        return Ok(taken(&me, &review, String::new()));
    }
    if let Some(review) = take_one_of(&me, BTreeSet::new()).await? {
        let text = if skills.is_empty() { "" } else { "Nothing is waiting in the sections that you usually review." };
        return Ok(taken(&me, &review, text.to_owned()));
    }
    let text = "Every review in the queue is with somebody.".to_owned();
    Ok(see_other_with(&me, "/queue", &Flash { title: "There is no review to take".to_owned(), text, link: None }))
}

fn taken(me: &SignedIn, review: &Review, text: String) -> HttpResponse {
    see_other_with(me, &review.address(), &Flash { title: "You have this review".to_owned(), text, link: None })
}

async fn take_one_of(me: &SignedIn, sections: BTreeSet<Section>) -> Result<Option<Review>, Error> {
    let filter = QueueFilter { assigned: Assigned::Nobody, sections, page: 1, ..QueueFilter::default() };
    for _ in 0..ROUNDS {
        let waiting = me.visible().queue(&filter, me.today()).await?.page.rows;
        if waiting.is_empty() {
            return Ok(None);
        }
        for review in waiting {
            match me.act(&review.reference, &Command::Section(review.section, SectionCommand::Take)).await {
                Ok(_) => return Ok(Some(review)),
                Err(
                    Error::Stale
                    | Error::NotFound
                    | Error::Refused(Refusal::NotNow(_) | Refusal::Unmet(Guard::Unassigned | Guard::InProgress | Guard::NoInterest)),
                ) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(None)
}
