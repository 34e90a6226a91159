//! Who has a review, how far it is on its way, and what the reader can do about that.

use super::ctx::SignedIn;
use super::parts::Item;
use super::review_view::Source;
use crate::domain::catalogue::Section;
use crate::domain::command::Reviewer;
use crate::domain::decide::offer;
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionAct, SectionState};
use crate::error::Error;
use crate::words::{listed, time};

/// Who has the review, and what the reader can do about it.
#[derive(Default)]
pub struct Holder {
    /// What there is to say about it; empty when it is the reader's.
    pub sentence: String,
    /// Whether the reader can take it.
    pub can_take: bool,
    /// Whether the reader can take it over.
    pub can_take_over: bool,
    /// Whether the reader can undo the sending.
    pub can_undo: bool,
    /// The address where an accepted section is opened again; empty when it cannot be.
    pub reopening: String,
    /// To whom it can be given; empty for those who cannot.
    pub colleagues: Vec<Item>,
    /// Who is not among them, and why; empty when everybody is.
    pub left_out: String,
}

impl Holder {
    /// Of a round that is over.
    #[must_use]
    pub fn of_round(round: u32) -> Self {
        Self { sentence: format!("This is round {round} as it was sent and decided."), ..Self::default() }
    }

    /// Of the round under way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(me: &SignedIn, product: &Product, section: Section, source: &Source<'_>) -> Result<Self, Error> {
        let setting = me.app.rules.setting(product, me.now)?;
        let record = product.section(section);
        let can = |act: SectionAct| offer(&setting, &me.actor, product, section, act).is_ok();
        let (mut colleagues, mut left_out) = (Vec::new(), String::new());
        if can(SectionAct::Assign) {
            colleagues.push(Item::new("", "Choose a reviewer"));
            let reviewers = me.visible().reviewers().await?;
            let is_interested = |r: &Reviewer| product.interested.contains(&r.person);
            let (interested, reviewers): (Vec<_>, Vec<_>) = reviewers.into_iter().partition(is_interested);
            left_out = cannot_be_chosen(interested, &product.organisation_name);
            let item = |r: Reviewer| Item::new(r.person.to_string(), r.name).checked(record.reviewer == Some(r.person));
            colleagues.extend(reviewers.into_iter().map(item));
        }
        Ok(Self {
            sentence: sentence(me, product, section, source),
            can_take: can(SectionAct::Take),
            can_take_over: can(SectionAct::TakeOver),
            can_undo: can(SectionAct::Undo),
            reopening: if can(SectionAct::Reopen) {
                format!("{}/sections/{section}/reopening", product.address())
            } else {
                String::new()
            },
            colleagues,
            left_out,
        })
    }
}

fn sentence(me: &SignedIn, product: &Product, section: Section, source: &Source<'_>) -> String {
    let record = product.section(section);
    let name = record.reviewer.and_then(|r| source.names.get(&r)).map_or("A colleague", String::as_str);
    let is_mine = record.reviewer == Some(me.actor.person());
    match (product.state, record.state()) {
        (ProductState::OnHold, _) => {
            "This product is on hold. Its dates stand still and nothing can be decided until it is resumed.".to_owned()
        }
        (ProductState::Withdrawn, _) => "This product has been withdrawn.".to_owned(),
        (ProductState::Active, SectionState::Draft) => {
            "The supplier took this section back. You can review it when it is sent again.".to_owned()
        }
        (ProductState::Active, SectionState::Returned) => "This section went back to the supplier with questions.".to_owned(),
        (ProductState::Active, SectionState::Accepted) => "This section has been accepted.".to_owned(),
        (ProductState::Active, SectionState::Submitted) => match (record.leaves_at(), record.reviewer) {
            (Some(at), _) => {
                let who = if is_mine { "You have" } else { &format!("{name} has") };
                format!("{who} sent this review. {} can read it from {}.", product.organisation_name, time(at))
            }
            (None, Some(_)) if is_mine => String::new(),
            (None, Some(_)) => format!("{name} has this review."),
            (None, None) => "Nobody has this review yet.".to_owned(),
        },
    }
}

/// Who cannot be given a review, and why; empty for nobody.
fn cannot_be_chosen(interested: Vec<Reviewer>, supplier: &str) -> String {
    let names: Vec<String> = interested.into_iter().map(|r| r.name).collect();
    let has = if names.len() == 1 { "has" } else { "have" };
    if names.is_empty() {
        return String::new();
    }
    format!("{} cannot be chosen: {has} declared an interest in {supplier}", listed(&names))
}
