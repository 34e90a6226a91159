//! The review of a section: its page, and giving it to somebody.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::ctx::{SignedIn, see_other_with};
use super::due_view::DueView;
use super::form::Fields;
use super::frame::{Flash, Frame};
use super::opened::{Note, Opened};
use super::page::{ok, unprocessable};
use super::place::texts;
use super::presence;
use super::review_holder::Holder;
use super::review_view::{Card, Source};
use crate::domain::actor::Duty;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, SectionCommand};
use crate::domain::decide::offer;
use crate::domain::draft::{Form, Place};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::{SectionAct, SectionState};
use crate::error::Error;
use crate::words::{counted, short_date};

/// The round from which a call is suggested.
pub const CALL_FROM: u32 = 3;

/// What the address of a review may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReviewQuery {
    show: String,
    round: Option<u32>,
}

/// A product for somebody of the assurance team; for others its reviews do not exist.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn for_team(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    if me.actor.sees_all() { me.visible().product(reference).await } else { Err(Error::NotFound) }
}

/// The address of a review.
#[must_use]
pub fn address(product: &Product, section: Section) -> String {
    format!("{}/sections/{section}/review", product.address())
}

#[derive(Template)]
#[template(path = "reviews/show.html")]
pub(super) struct ReviewPage {
    frame: Frame,
    product_name: String,
    product_address: String,
    address: String,
    title: String,
    round: u32,
    rounds: Vec<u32>,
    due: Option<DueView>,
    sent: String,
    decided: String,
    holder: Holder,
    cards: Vec<Card>,
    carried: Vec<Card>,
    list: Vec<(usize, String, String, String)>,
    shows_all: bool,
    is_mine: bool,
    unchanged: bool,
    /// Who could settle it in a call; empty before the third round.
    call: String,
    /// The standard replies that the cards offer, by identifier, for the script.
    texts: Vec<(String, String)>,
    place: String,
    draft: Option<Note>,
    present: String,
}

/// What was typed, when the page is shown again.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub fields: Option<&'a Fields>,
    pub problems: Vec<(String, String)>,
}

pub(super) async fn review_page(
    me: &SignedIn,
    product: &Product,
    section: Section,
    asked: &ReviewQuery,
    typed: Typed<'_>,
) -> Result<ReviewPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let record = product.section(section);
    if record.round == 0 {
        return Err(Error::NotFound);
    }
    let round = asked.round.unwrap_or(record.round);
    if round == 0 || round > record.round {
        return Err(Error::NotFound);
    }
    let text = texts(setting.catalogue, section)?;
    let is_mine = round == record.round && offer(&setting, &me.actor, product, section, SectionAct::Decide).is_ok();
    let source = source(me, product, section, (round, is_mine)).await?;
    let shows_all = asked.show == "all" || round < record.round;
    let all = source.cards(typed.fields);
    let list = all.iter().map(|c| (c.number, c.key.clone(), c.name.clone(), c.state.clone())).collect();
    let unchanged = round > 1 && all.iter().all(|c| !c.change.as_ref().is_some_and(super::diff::Diff::is_changed));
    let (carried, mut cards): (Vec<Card>, Vec<Card>) = all.into_iter().partition(|c| c.is_carried && !shows_all);
    // Changed questions first, then those without a decision in any round; what was accepted before comes last.
    cards.sort_by_key(|c| (c.is_carried, !c.is_changed, c.number));
    let (done, of) = product.decided(&source.given, section);
    let sender = source.sent.get(&round).map(|sent| source.names.get(&sent.by).map_or("Somebody", String::as_str).to_owned());
    let sent_on = source.sent.get(&round).map(|sent| short_date(london_date(sent.at)));
    let sent_by = sender.as_ref().zip(sent_on).map(|(name, on)| format!("{name}, {on}"));
    let mut frame = me.frame(format!("Review: {} – {}", text.short, product.facts.name));
    frame.problems = typed.problems;
    Ok(ReviewPage {
        frame,
        product_name: product.facts.name.clone(),
        product_address: product.address(),
        address: address(product, section),
        title: text.short.clone(),
        round,
        rounds: (1..=record.round).collect(),
        due: product
            .due(section, setting.calendar)
            .filter(|_| record.state() == SectionState::Submitted && round == record.round)
            .map(|d| DueView::new(&d, setting.calendar, me.today())),
        sent: sent_by.unwrap_or_default(),
        decided: if round == record.round { format!("{done} of {}", counted(of, "question")) } else { String::new() },
        holder: if round == record.round {
            Box::pin(Holder::of(me, product, section, &source)).await?
        } else {
            Holder::of_round(round)
        },
        cards,
        carried,
        list,
        shows_all,
        is_mine,
        unchanged,
        call: sender.filter(|_| is_mine && round >= CALL_FROM).unwrap_or_default(),
        texts: source.standard.into_iter().map(|reply| (reply.id.to_string(), reply.body)).collect(),
        place: Place::new(product, section, Form::Review).to_string(),
        draft: None,
        present: String::new(),
    })
}

async fn source<'a>(
    me: &'a SignedIn,
    product: &'a Product,
    section: Section,
    (round, is_mine): (u32, bool),
) -> Result<Source<'a>, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let record = product.section(section);
    let visible = me.visible();
    let decided = record.decisions.values().flatten().map(|d| d.round).filter(|r| *r < round);
    let sent = visible.submissions(product, section, &decided.chain([round]).collect()).await?;
    let notes = visible.notes(product).await?;
    let people = record.decisions.values().flatten().map(|d| d.by).chain(notes.iter().map(|n| n.by));
    let people = people.chain(record.reviewer).chain(sent.values().map(|s| s.by));
    let names = visible.names(people).await?;
    let given = product.given(setting.catalogue, me.today());
    let keys: Vec<&str> = given.shown(section).into_iter().map(|q| q.key.as_str()).collect();
    let standard = if is_mine { visible.standard_replies_for(&keys).await? } else { Vec::new() };
    Ok(Source {
        product,
        given,
        section,
        text: texts(setting.catalogue, section)?,
        round,
        sent,
        names,
        notes,
        reader: me.actor.person(),
        is_mine,
        standard,
    })
}

/// P42: the review of a section.
pub async fn show(me: SignedIn, path: Path<(String, Section)>, query: Query<ReviewQuery>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let is_now = query.round.is_none_or(|round| round == product.section(section).round);
    let is_mine = is_now && offer(&setting, &me.actor, &product, section, SectionAct::Decide).is_ok();
    let place = Place::new(&product, section, Form::Review);
    let opened = Opened::at(&me, &place).await?;
    let (fields, draft) = opened.of_review(&product, section, is_mine);
    let page = review_page(&me, &product, section, &query, Typed { fields, problems: Vec::new() }).await?;
    let present = presence::at(&me, &product, &place).await?;
    ok(&ReviewPage { draft, present, ..page })
}

/// Takes a review, takes it over, or gives it to a colleague.
pub async fn assign(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let (command, title) = match fields.raw("act") {
        "take" => (SectionCommand::Take, "You have this review".to_owned()),
        "take-over" => (SectionCommand::TakeOver, "You have this review now".to_owned()),
        "assign" => {
            if !me.actor.is(Duty::Manager) {
                return Err(Refusal::NotYours.into());
            }
            let reviewers = me.visible().reviewers().await?;
            let Some(reviewer) = reviewers.into_iter().find(|r| r.person.to_string() == fields.raw("reviewer")) else {
                let problems = vec![("reviewer".to_owned(), "Select who should take this review".to_owned())];
                let typed = Typed { fields: None, problems };
                return unprocessable(&review_page(&me, &product, section, &ReviewQuery::default(), typed).await?);
            };
            let title = format!("{} has this review", reviewer.name);
            (SectionCommand::Assign(reviewer), title)
        }
        other => return Err(Error::Bad(format!("an assignment of the kind {other:?}"))),
    };
    let product = me.act(&reference, &Command::Section(section, command)).await?;
    Ok(see_other_with(&me, &address(&product, section), &Flash { title, text: String::new(), link: None }))
}
