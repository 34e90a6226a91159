//! The only writer of products: state, one event for each change, one outbox row for each recipient, all or none.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::document::keep_rows;
use super::passage::keep as keep_clocks;
use super::row::stored;
use super::schema::answer::Column as AnswerColumn;
use super::schema::section::Column as SectionColumn;
use super::schema::{answer, counter, decision, event, product, reply, section, submission};
use super::told::{About, event_of, post};
use super::{Write, assignee, assurance, forecast, thread, version};
use crate::domain::actor::Actor;
use crate::domain::answer::Value;
use crate::domain::catalogue::Section;
use crate::domain::command::{By, Change, Entry, Ruling};
use crate::domain::decide::Decision;
use crate::domain::event::EventKind;
use crate::domain::passage::Posture;
use crate::domain::product::Product;
use crate::domain::recount::Recount;
use crate::domain::words::ProductId;
use crate::error::Error;
use crate::secret::new_id;

/// Writes a decision and commits. Returns the product as it is now.
pub async fn commit(
    write: Write,
    actor: &Actor,
    product: Product,
    decision: Decision,
    now: DateTime<Utc>,
) -> Result<Product, Error> {
    let after = Box::pin(keep(&write, actor, product, decision, now)).await?;
    write.commit().await?;
    Ok(after)
}

/// Writes a decision; whoever began the transaction commits it. Returns the product as it is then.
pub(super) async fn keep(
    write: &Write,
    actor: &Actor,
    product: Product,
    decision: Decision,
    now: DateTime<Utc>,
) -> Result<Product, Error> {
    if decision.changes().is_empty() {
        return Ok(product);
    }
    let by = By { person: actor.person(), at: now };
    let is_new = decision.changes().first() == Some(&Change::ProductAdded);
    let expected = product.version;
    let (before, passage) = (Posture::of(&product), product.passage);
    let was_under_way = product.is_under_way();
    let after = Product { version: expected + 1, ..decision.applied(product, by) };
    if is_new {
        insert(write, &after).await?;
    } else {
        claim(write, &after, expected).await?;
    }
    let mut touched = BTreeSet::new();
    for change in decision.changes() {
        touched.extend(apply(write, &after, change, by).await?);
    }
    for section in touched {
        keep_section(write, &after, section).await?;
    }
    let mut events = decision.changes().iter().map(|c| event_of(&after, c, actor, now)).collect::<Result<Vec<_>, _>>()?;
    if let (Some(posture), Some(last)) = (keep_clocks(write, (&before, passage), &after, now).await?, events.last_mut()) {
        last.posture = Set(Some(serde_json::to_value(posture)?));
    }
    if was_under_way && !after.is_under_way() {
        forecast::forget(write, after.id).await?;
    }
    event::Entity::insert_many(events).exec_without_returning(&write.0).await?;
    let about = About { product: Some(after.id), organisation: after.organisation, now };
    for (audience, notice) in decision.notices() {
        post(write, &about, audience, notice).await?;
    }
    Ok(after)
}

fn row(product: &Product) -> Result<product::ActiveModel, Error> {
    let (turn, turn_by) = product.turn();
    let waits_for = product.waits().first().map_or("", |w| w.what.topic().word());
    let pauses: Vec<_> = product.pauses.iter().map(|p| (p.from, p.until)).collect();
    Ok(product::ActiveModel {
        id: Set(product.id.0),
        reference: Set(product.reference.clone()),
        organisation_id: Set(product.organisation.0),
        version: Set(product.version),
        question_set: Set(stored(product.question_set)),
        state: Set(product.state.word().to_owned()),
        name: Set(product.facts.name.clone()),
        name_key: Set(name_key(&product.facts.name)),
        facts: Set(serde_json::to_value(&product.facts)?),
        pauses: Set(serde_json::to_value(pauses)?),
        added_at: Set(product.added_at),
        turn: Set(turn.word().to_owned()),
        turn_by: Set(turn_by),
        live: Set(product.live.is_given().then(|| serde_json::to_value(&product.live)).transpose()?),
        live_on: Set(product.live_on),
        waits_for: Set(waits_for.to_owned()),
        since: Set(product.since),
        reminded_on: Set(product.reminded_on),
        calendar: Set(stored(product.calendar)),
    })
}

/// A name as it is compared: without regard to case and spaces.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn insert(write: &Write, after: &Product) -> Result<(), Error> {
    product::Entity::insert(row(after)?).exec_without_returning(&write.0).await.map_err(|e| taken(e, &after.facts.name))?;
    for section in Section::ALL {
        keep_section(write, after, *section).await?;
    }
    Ok(())
}

fn taken(error: sea_orm::DbErr, name: &str) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => crate::domain::refusal::Refusal::Duplicate(name.to_owned()).into(),
        _ => error.into(),
    }
}

/// Writes the product's row if nobody else has since it was loaded.
async fn claim(write: &Write, after: &Product, expected: i64) -> Result<(), Error> {
    let changed = product::Entity::update_many()
        .set(row(after)?)
        .filter(product::Column::Id.eq(after.id.0))
        .filter(product::Column::Version.eq(expected))
        .exec(&write.0)
        .await
        .map_err(|e| taken(e, &after.facts.name))?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Writes what a change says beyond the product's and the section's row; tells which sections' rows changed.
async fn apply(write: &Write, after: &Product, change: &Change, by: By) -> Result<Vec<Section>, Error> {
    match change {
        Change::ProductResumed(_, moved) => Ok(moved.iter().map(|(s, _)| *s).collect()),
        Change::Answered(_, entry) | Change::Copied(_, entry, _) => {
            keep_answer(write, after.id, entry, by).await.map(|()| Vec::new())
        }
        Change::SectionSent { section, round, submission, digest, .. } => {
            let frozen = submission::ActiveModel {
                product_id: Set(after.id.0),
                section: Set(section.word().to_owned()),
                round: Set(stored(*round)),
                content: Set(serde_json::to_string(submission)?),
                digest: Set(digest.clone()),
                by_id: Set(by.person.0),
                at: Set(by.at),
            };
            submission::Entity::insert(frozen).exec_without_returning(&write.0).await?;
            version::sent(write, after, *round, submission).await?;
            Ok(vec![*section])
        }
        Change::SectionTakenBack(section)
        | Change::ReviewAssigned(section, _)
        | Change::ReplySent(section, _)
        | Change::ReplyUndone(section)
        | Change::ReplyStopped(section, _) => Ok(vec![*section]),
        Change::Decided { section, round, ruling, fingerprint } => {
            keep_decision(write, (after.id, *section, *round), (ruling, fingerprint), by).await.map(|()| Vec::new())
        }
        Change::SectionReturned { section, asked, message, .. } => {
            clear_remarks(write, after.id, asked).await?;
            replied(write, (after, *section), ("returned", message), by).await
        }
        Change::Demonstrated(record, told) => {
            let is_new_slot = told.kind == EventKind::DateAgreed;
            assurance::keep_demonstration(write, after, record, (is_new_slot, by)).await.map(|()| Vec::new())
        }
        Change::Certified(record, _) => assurance::keep_certificate(write, after, record).await.map(|()| Vec::new()),
        Change::Agreed(record, _) => assurance::keep_agreement(write, after, record, by).await.map(|()| Vec::new()),
        Change::Talked(record, message, _) => thread::keep(write, after, (record, message.as_ref()), by).await.map(|()| Vec::new()),
        Change::Assigned(assigned) => assignee::keep(write, after.id, assigned).await.map(|()| Vec::new()),
        Change::Freed(_, question, _) => assignee::free(write, after.id, question).await.map(|()| Vec::new()),
        Change::Recounted(recount, _) => Box::pin(keep_recount(write, after, recount, by)).await,
        Change::ProductAdded
        | Change::ProductChanged(_)
        | Change::ProductHeld(_)
        | Change::SupplierReminded(_)
        | Change::ProductWithdrawn(_)
        | Change::ProductionGiven(_)
        | Change::WentLive(_)
        | Change::SignInAltered(_)
        | Change::PartyChanged(_)
        | Change::BecameAssured => Ok(Vec::new()),
        Change::SectionAccepted(section, message) => replied(write, (after, *section), ("accepted", message), by).await,
        Change::SectionReopened { section, asked, reason, .. } => {
            clear_remarks(write, after.id, asked).await?;
            replied(write, (after, *section), ("reopened", reason), by).await
        }
    }
}

/// Writes what moved with the calendar; tells which sections' rows changed.
async fn keep_recount(write: &Write, after: &Product, recount: &Recount, by: By) -> Result<Vec<Section>, Error> {
    if let Some(test) = &recount.demonstration {
        assurance::keep_demonstration(write, after, test, (false, by)).await?;
    }
    if let Some(agreement) = &recount.agreement {
        assurance::keep_agreement(write, after, agreement, by).await?;
    }
    for record in &recount.threads {
        thread::keep(write, after, (record, None), by).await?;
    }
    Ok(recount.sections.iter().map(|(section, _)| *section).collect())
}

async fn keep_section(write: &Write, after: &Product, section: Section) -> Result<(), Error> {
    let record = after.section(section);
    let row = section::ActiveModel {
        product_id: Set(after.id.0),
        section: Set(section.word().to_owned()),
        state: Set(record.state().word().to_owned()),
        round: Set(stored(record.round)),
        reviewer_id: Set(record.reviewer.map(|r| r.0)),
        sent_at: Set(record.sent.map(|s| s.0)),
        sent_by: Set(record.sent.map(|s| s.1.0)),
        replied_at: Set(record.replied_at),
        reply_by: Set(record.reply_by),
        leaves_at: Set(record.leaves_at()),
        reply: Set(record.reply.as_ref().map(serde_json::to_value).transpose()?),
    };
    let on = OnConflict::columns([SectionColumn::ProductId, SectionColumn::Section])
        .update_columns([
            SectionColumn::State,
            SectionColumn::Round,
            SectionColumn::ReviewerId,
            SectionColumn::SentAt,
            SectionColumn::SentBy,
            SectionColumn::RepliedAt,
            SectionColumn::ReplyBy,
            SectionColumn::LeavesAt,
            SectionColumn::Reply,
        ])
        .to_owned();
    section::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}

async fn keep_answer(write: &Write, product: ProductId, entry: &Entry, by: By) -> Result<(), Error> {
    if let Some(Value::Files { files, .. }) = &entry.value {
        keep_rows(write, product, (&entry.question, files), by).await?;
    }
    let row = answer::ActiveModel {
        product_id: Set(product.0),
        question: Set(entry.question.clone()),
        value: Set(entry.value.as_ref().map(serde_json::to_value).transpose()?),
        remark: Set(entry.remark.clone()),
        edition: Set(stored(entry.edition)),
        by_id: Set(by.person.0),
        at: Set(by.at),
    };
    let on = OnConflict::columns([AnswerColumn::ProductId, AnswerColumn::Question])
        .update_columns([AnswerColumn::Value, AnswerColumn::Remark, AnswerColumn::Edition, AnswerColumn::ById, AnswerColumn::At])
        .to_owned();
    answer::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    version::keep(write, product, entry, by).await?;
    Ok(())
}

async fn clear_remarks(write: &Write, product: ProductId, questions: &[String]) -> Result<(), Error> {
    answer::Entity::update_many()
        .col_expr(answer::Column::Remark, Expr::value(""))
        .filter(answer::Column::ProductId.eq(product.0))
        .filter(answer::Column::Question.is_in(questions.iter().cloned()))
        .exec(&write.0)
        .await?;
    Ok(())
}

async fn keep_decision(
    write: &Write,
    (product, section, round): (ProductId, Section, u32),
    (ruling, fingerprint): (&Ruling, &String),
    by: By,
) -> Result<(), Error> {
    use decision::Column as C;
    let Some(verdict) = ruling.verdict else {
        decision::Entity::delete_many()
            .filter(C::ProductId.eq(product.0))
            .filter(C::Question.eq(&ruling.question))
            .filter(C::Round.eq(stored(round)))
            .exec(&write.0)
            .await?;
        return Ok(());
    };
    let row = decision::ActiveModel {
        product_id: Set(product.0),
        question: Set(ruling.question.clone()),
        round: Set(stored(round)),
        section: Set(section.word().to_owned()),
        verdict: Set(verdict.word().to_owned()),
        comment: Set(ruling.comment.clone()),
        fingerprint: Set(fingerprint.clone()),
        by_id: Set(by.person.0),
        at: Set(by.at),
    };
    let on = OnConflict::columns([C::ProductId, C::Question, C::Round])
        .update_columns([C::Verdict, C::Comment, C::Fingerprint, C::ById, C::At])
        .to_owned();
    decision::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}

async fn replied(
    write: &Write,
    (after, section): (&Product, Section),
    (outcome, message): (&str, &String),
    by: By,
) -> Result<Vec<Section>, Error> {
    let row = reply::ActiveModel {
        id: Set(new_id()),
        product_id: Set(after.id.0),
        section: Set(section.word().to_owned()),
        round: Set(stored(after.section(section).round)),
        outcome: Set(outcome.to_owned()),
        message: Set(message.clone()),
        by_id: Set(by.person.0),
        at: Set(by.at),
    };
    reply::Entity::insert(row).exec_without_returning(&write.0).await?;
    Ok(vec![section])
}

/// The next number of a sequence, from 1,001.
pub(super) async fn next_number(write: &Write, name: &str) -> Result<i64, Error> {
    let start = counter::ActiveModel { name: Set(name.to_owned()), value: Set(1000) };
    let on = OnConflict::column(counter::Column::Name).do_nothing().to_owned();
    counter::Entity::insert(start).on_conflict(on).exec_without_returning(&write.0).await?;
    counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::col(counter::Column::Value).add(1))
        .filter(counter::Column::Name.eq(name))
        .exec(&write.0)
        .await?;
    let row = counter::Entity::find_by_id(name).one(&write.0).await?;
    Ok(row.context("the counter that was just written")?.value)
}

/// The reference of the next product: `C2A-` and a number.
pub async fn next_reference(write: &Write) -> Result<String, Error> {
    Ok(format!("C2A-{}", next_number(write, "product").await?))
}
