//! The decisions of a review as they are posted: read, saved, and started from standard replies.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::answers::settle;
use super::conflict::keep_review;
use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Flash;
use super::page::{ok, unprocessable};
use super::parts::thousands;
use super::review_view::{acceptance, open_questions};
use super::reviews::{ReviewQuery, Typed, address, for_team, review_page};
use crate::domain::catalogue::{Acceptance, Section};
use crate::domain::checks::findings;
use crate::domain::command::{Command, Ruling, SectionCommand};
use crate::domain::decide::offer;
use crate::domain::draft::{Form, Place};
use crate::domain::product::Product;
use crate::domain::section::{SectionAct, Verdict};
use crate::domain::standard_reply::{LONGEST as LONGEST_STANDARD, StandardReply, inserted};
use crate::error::Error;

/// Longest comment, reason or note.
const LONGEST: usize = 4000;

/// Reads the decisions of the page. Each problem stands at the field where it can be mended.
fn rulings(me: &SignedIn, product: &Product, section: Section, fields: &Fields) -> Result<(Vec<Ruling>, Problems), Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let found = findings(&given, section);
    let open = open_questions(product, &given, section);
    let (mut rulings, mut problems) = (Vec::new(), Problems::default());
    for (number, question) in (1..).zip(given.shown(section)).filter(|(_, q)| open.iter().any(|o| o.key == q.key)) {
        let key = &question.key;
        let verdict = Verdict::from_word(fields.raw(&format!("decision-{key}")));
        let longest = |name: &str, missing: String, problems: &mut Problems| problems.line(fields, name, (&missing, LONGEST));
        let comment = match (verdict, acceptance(&found, key)) {
            (None, _) if fields.raw("go") == "check" => {
                problems.add(&format!("decision-{key}"), format!("Select a decision for question {number}"));
                continue;
            }
            (None, _) => continue,
            (Some(Verdict::More), _) => {
                let missing = format!("Say what the supplier needs to do for question {number}");
                longest(&format!("comment-{key}"), missing, &mut problems)
            }
            (Some(Verdict::Accept), Acceptance::Free) => String::new(),
            (Some(Verdict::Accept), Acceptance::WithReason) => {
                let missing = format!("Give the reason or condition for question {number}");
                longest(&format!("reason-{key}"), missing, &mut problems)
            }
            (Some(Verdict::Accept), Acceptance::Never) => {
                problems.add(
                    &format!("decision-{key}"),
                    format!("Ask for more information about question {number}. It cannot be accepted as it stands"),
                );
                continue;
            }
        };
        rulings.push(Ruling { question: key.clone(), verdict, comment });
    }
    for question in given.shown(section) {
        problems.line(fields, &format!("note-{}", question.key), ("", LONGEST));
    }
    for ruling in rulings.iter().filter(|r| fields.has(&format!("keep-{}", r.question))) {
        if ruling.comment.chars().count() > LONGEST_STANDARD {
            let most = thousands(&LONGEST_STANDARD);
            let sentence = format!("Only a text of {most} characters or less can be a standard reply");
            problems.add(&format!("keep-{}", ruling.question), sentence);
        }
    }
    Ok((rulings, problems))
}

/// Saves every decision and note of the page, and goes on to the check, to the queue, or to the next open question.
pub async fn decide(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    if let Err(refusal) = offer(&setting, &me.actor, &product, section, SectionAct::Decide) {
        keep_review(&me, &product, section, &fields).await?;
        return Err(refusal.into());
    }
    if fields.has("insert") {
        return insert(&me, &product, section, fields).await;
    }
    let (rulings, problems) = rulings(&me, &product, section, &fields)?;
    if !problems.is_empty() {
        keep_review(&me, &product, section, &fields).await?;
        let typed = Typed { fields: Some(&fields), problems: problems.0 };
        return unprocessable(&review_page(&me, &product, section, &ReviewQuery::default(), typed).await?);
    }
    let command = Command::Section(section, SectionCommand::Decide(rulings.clone()));
    let before = product;
    let product = me.act(&reference, &command).await?;
    keep_notes(&me, &product, section, &fields).await?;
    keep_standard_replies(&me, (&before, section), &rulings, &fields).await?;
    settle(&me, &Place::new(&product, section, Form::Review)).await?;
    let review = address(&product, section);
    let (title, text) = ("Your decisions are saved".to_owned(), "The supplier sees them when you send them.".to_owned());
    Ok(match fields.raw("go") {
        "check" => see_other(&format!("{review}/check")),
        "queue" => see_other_with(&me, "/queue", &Flash { title, text, link: Some((review, "Go back to the review".to_owned())) }),
        _ => {
            let given = product.given(setting.catalogue, me.today());
            let record = product.section(section);
            let decided = |key: &str| record.last(key).is_some_and(|d| d.round == record.round);
            let next = open_questions(&product, &given, section).into_iter().find(|q| !decided(&q.key));
            let anchor = next.map(|q| format!("#{}", q.key)).unwrap_or_default();
            see_other_with(&me, &format!("{review}{anchor}"), &Flash { title, text, link: None })
        }
    })
}

async fn keep_notes(me: &SignedIn, product: &Product, section: Section, fields: &Fields) -> Result<(), Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let notes = me.visible().notes(product).await?;
    for question in given.shown(section) {
        let note = fields.text(&format!("note-{}", question.key));
        // The same form sent twice, such as after going back, adds nothing.
        let is_there = notes.iter().any(|n| n.question == question.key && n.by == me.actor.person() && n.body == note);
        if !note.is_empty() && !is_there {
            me.app.db.add_note(&me.actor, product, (&question.key, &note), me.now).await?;
        }
    }
    Ok(())
}

/// Counts the texts that new comments were started from, and keeps the comments that are to be standard replies.
async fn keep_standard_replies(
    me: &SignedIn,
    (before, section): (&Product, Section),
    rulings: &[Ruling],
    fields: &Fields,
) -> Result<(), Error> {
    let record = before.section(section);
    let is_new = |ruling: &&Ruling| {
        let present = record.last(&ruling.question).filter(|d| d.round == record.round);
        ruling.verdict == Some(Verdict::More) && present.is_none_or(|d| d.comment != ruling.comment)
    };
    let started: Vec<&str> = rulings
        .iter()
        .filter(is_new)
        .map(|r| fields.raw(&format!("standard-{}", r.question)))
        .filter(|id| !id.is_empty())
        .collect();
    if !started.is_empty() {
        let questions: Vec<&str> = rulings.iter().map(|r| r.question.as_str()).collect();
        let offered = me.visible().standard_replies_for(&questions).await?;
        let used = offered.iter().filter(|reply| started.contains(&reply.id.to_string().as_str())).map(|reply| reply.id);
        me.app.db.standard_replies_used(&used.collect::<BTreeSet<_>>()).await?;
    }
    for ruling in rulings.iter().filter(|r| r.verdict == Some(Verdict::More) && fields.has(&format!("keep-{}", r.question))) {
        me.app.db.add_standard_reply(&me.actor, (Some(&ruling.question), &ruling.comment), me.now).await?;
    }
    Ok(())
}

/// Puts the chosen standard reply into the comment of a question, and shows the page again with all that was typed.
/// Nothing is saved.
async fn insert(me: &SignedIn, product: &Product, section: Section, mut fields: Fields) -> Result<HttpResponse, Error> {
    let key = fields.text("insert");
    let (chosen, comment) = (fields.text(&format!("standard-{key}")), format!("comment-{key}"));
    let offered = me.visible().standard_replies_for(&[key.as_str()]).await?;
    let Some(StandardReply { body, .. }) = offered.into_iter().find(|reply| reply.id.to_string() == chosen) else {
        let problems = vec![(format!("standard-{key}"), "Choose a standard reply".to_owned())];
        let typed = Typed { fields: Some(&fields), problems };
        return unprocessable(&review_page(me, product, section, &ReviewQuery::default(), typed).await?);
    };
    let text = inserted(&fields.raw(&comment).replace("\r\n", "\n"), &body);
    fields.put(&comment, text);
    fields.put(&format!("decision-{key}"), Verdict::More.word().to_owned());
    let typed = Typed { fields: Some(&fields), problems: Vec::new() };
    ok(&review_page(me, product, section, &ReviewQuery::default(), typed).await?)
}
