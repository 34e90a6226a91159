//! The end of a review: what the supplier will read, sending it, and opening an accepted section again.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::Item;
use super::place::texts;
use super::reviews::{address, for_team};
use crate::act;
use crate::domain::catalogue::{Question, Section};
use crate::domain::command::{Command, SectionCommand};
use crate::domain::decide::offer;
use crate::domain::parse::capitalised;
use crate::domain::product::{Product, Standing};
use crate::domain::reply::Outcome;
use crate::domain::section::{SectionAct, Verdict};
use crate::error::Error;
use crate::words::counted;

/// Longest message and reason.
const LONGEST: usize = 2000;

/// One question as the supplier will read it.
struct Told {
    question: String,
    comment: String,
}

#[derive(Template)]
#[template(path = "reviews/check.html")]
struct CheckPage {
    frame: Frame,
    back: String,
    action: String,
    product_name: String,
    organisation: String,
    title: String,
    outcome: &'static str,
    sentence: String,
    asked: Vec<Told>,
    conditions: Vec<Told>,
    obstacles: Vec<String>,
    message: String,
}

/// P43: exactly what the supplier will read.
pub async fn check(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let (decided, of) = product.decided(&product.given(setting.catalogue, me.today()), section);
    if decided < of || offer(&setting, &me.actor, &product, section, SectionAct::Decide).is_err() {
        return Ok(see_other(&address(&product, section)));
    }
    // What was written before the sending was undone is not written again.
    let message = product.section(section).reply.as_ref().map(|reply| reply.message.clone()).unwrap_or_default();
    ok(&check_page(&me, &product, section, message)?)
}

fn check_page(me: &SignedIn, product: &Product, section: Section, message: String) -> Result<CheckPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let text = texts(setting.catalogue, section)?;
    let record = product.section(section);
    let asks = product.asks(&given, section);
    let numbered = || (1..).zip(given.shown(section));
    let told = |(number, question): (i32, &Question)| Told {
        question: format!("{number}. {}", question.text),
        comment: record.last(&question.key).map(|d| d.comment.clone()).unwrap_or_default(),
    };
    let is_condition = |question: &Question| {
        let new = |d: &&crate::domain::product::Decided| d.round == record.round && d.verdict == Verdict::Accept;
        product.standing(section, question) == Standing::Accepted
            && record.last(&question.key).filter(new).is_some_and(|d| !d.comment.is_empty())
    };
    let of = given.shown(section).len();
    let accepted = of - asks.len();
    let (outcome, sentence) = match (asks.len(), accepted) {
        (0, _) => (Outcome::Accept.word(), "You’ve accepted every question. The section is accepted.".to_owned()),
        (asked, 0) => (
            Outcome::Return.word(),
            format!(
                "You’ve accepted none of {}. The section goes back to the supplier with {}.",
                counted(of, "question"),
                counted(asked, "question")
            ),
        ),
        (asked, accepted) => (
            Outcome::Return.word(),
            format!(
                "You’ve accepted {accepted} of {}. The section goes back to the supplier with {}.",
                counted(of, "question"),
                counted(asked, "question")
            ),
        ),
    };
    let obstacles = product.unacceptable(&given, section).into_iter().map(|f| f.text).collect();
    Ok(CheckPage {
        frame: me.frame(format!("Check and send: {} – {}", text.short, product.facts.name)),
        back: address(product, section),
        action: format!("{}/outcome", address(product, section)),
        product_name: product.facts.name.clone(),
        organisation: product.organisation_name.clone(),
        title: text.title.clone(),
        outcome,
        sentence,
        asked: numbered().filter(|(_, q)| asks.iter().any(|a| a.key == q.key)).map(told).collect(),
        conditions: numbered().filter(|(_, q)| is_condition(q)).map(told).collect(),
        obstacles,
        message,
    })
}

/// Sends the outcome that was shown; it leaves in a few minutes. If the decisions have changed since, the rules refuse.
pub async fn send(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let mut problems = Problems::default();
    let message = problems.line(&fields, "message", ("", LONGEST));
    if !problems.is_empty() {
        let mut template = check_page(&me, &product, section, message)?;
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    let word = fields.raw("outcome");
    let outcome = Outcome::from_word(word).ok_or_else(|| Error::Bad(format!("an outcome of the kind {word:?}")))?;
    let product = me.act(&reference, &Command::Section(section, SectionCommand::Reply(outcome, message))).await?;
    if product.section(section).due_reply(me.now).is_some() {
        // Nothing is to be undone: it leaves at once.
        act::let_reply_leave(&me.app.db, &me.app.rules, (product.id, section), me.now).await?;
        let text = format!("We’ve told {}.", product.organisation_name);
        let link = Some((address(&product, section), "Go to the review".to_owned()));
        return Ok(see_other_with(&me, "/queue", &Flash { title: "Feedback sent".to_owned(), text, link }));
    }
    // The queue says what is on its way, and until when that can be undone.
    Ok(see_other("/queue"))
}

#[derive(Template)]
#[template(path = "reviews/reopening.html")]
struct ReopeningPage {
    frame: Frame,
    back: String,
    product_name: String,
    title: String,
    questions: Vec<Item>,
    reason: String,
}

fn reopening_page(me: &SignedIn, product: &Product, section: Section, fields: &Fields) -> Result<ReopeningPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    offer(&setting, &me.actor, product, section, SectionAct::Reopen)?;
    let text = texts(setting.catalogue, section)?;
    let given = product.given(setting.catalogue, me.today());
    let chosen = fields.all("questions");
    let item = |(number, q): (i32, &Question)| {
        Item::new(q.key.clone(), format!("{number}. {}", capitalised(&q.name)))
            .hint(q.text.clone())
            .checked(chosen.contains(&q.key))
    };
    Ok(ReopeningPage {
        frame: me.frame(format!("Open again: {} – {}", text.short, product.facts.name)),
        back: address(product, section),
        product_name: product.facts.name.clone(),
        title: text.title.clone(),
        questions: (1..).zip(given.shown(section)).map(item).collect(),
        reason: fields.raw("reason").to_owned(),
    })
}

/// The form to open an accepted section again.
pub async fn reopening(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    ok(&reopening_page(&me, &product, section, &Fields::default())?)
}

/// Opens an accepted section again: the supplier is asked about the chosen questions.
pub async fn reopen(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let mut template = reopening_page(&me, &product, section, &fields)?;
    let questions = fields.all("questions").to_vec();
    let mut problems = Problems::default();
    if questions.is_empty() {
        problems.add("questions", "Select the questions that the supplier needs to look at again");
    }
    let reason = problems.line(&fields, "reason", ("Say why the section is opened again, in 10 characters or more", LONGEST));
    if problems.0.iter().all(|(field, _)| field != "reason") && reason.chars().count() < 10 {
        problems.add("reason", "Say why the section is opened again, in 10 characters or more");
    }
    if !problems.is_empty() {
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    let number = questions.len();
    let product = me.act(&reference, &Command::Section(section, SectionCommand::Reopen(questions, reason))).await?;
    let text = format!("The supplier has {} to look at again.", counted(number, "question"));
    let flash = Flash { title: format!("{} is open again", template.title), text, link: None };
    Ok(see_other_with(&me, &address(&product, section), &flash))
}
