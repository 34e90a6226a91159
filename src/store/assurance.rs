//! Keeps conformance tests, certificates and agreements as a decision left them.

use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Write;
use super::row::stored;
use super::schema::{agreement, certificate, demonstration, signing, slot};
use super::slot::hold_diary;
use crate::domain::agreement::{Agreement, AgreementState, LINK_DAYS};
use crate::domain::certificate::Certificate;
use crate::domain::command::By;
use crate::domain::condition::Condition;
use crate::domain::demonstration::{Date, Demonstration};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::slot::SLOT_HOURS;
use crate::error::Error;

/// Writes a conformance test, and makes its date the only one that the product holds.
pub async fn keep_demonstration(
    write: &Write,
    after: &Product,
    record: &Demonstration,
    (is_new_slot, by): (bool, By),
) -> Result<(), Error> {
    let held = record.date.as_ref();
    free_others(write, after, held).await?;
    if let Some(date) = held {
        if is_new_slot {
            add_slot(write, date, by).await?;
        }
        take(write, after, date).await?;
    }
    let row = demonstration::ActiveModel {
        product_id: Set(after.id.0),
        attempt: Set(stored(record.attempt)),
        state: Set(record.state.word().to_owned()),
        starts_at: Set(held.map(|d| d.starts_at)),
        record: Set(serde_json::to_value(record)?),
    };
    let on = OnConflict::columns([demonstration::Column::ProductId, demonstration::Column::Attempt])
        .update_columns([demonstration::Column::State, demonstration::Column::StartsAt, demonstration::Column::Record])
        .to_owned();
    demonstration::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}

async fn free_others(write: &Write, after: &Product, held: Option<&Date>) -> Result<(), Error> {
    let mut update = slot::Entity::update_many()
        .col_expr(slot::Column::ProductId, Expr::value(None::<uuid::Uuid>))
        .filter(slot::Column::ProductId.eq(after.id.0));
    if let Some(date) = held {
        update = update.filter(slot::Column::Id.ne(date.slot.0));
    }
    update.exec(&write.0).await?;
    Ok(())
}

/// A date that was agreed for this product alone, unless it is one that was published. Whoever holds it holds no other
/// in these hours.
async fn add_slot(write: &Write, date: &Date, by: By) -> Result<(), Error> {
    if let Some(assessor) = &date.assessor {
        hold_diary(write, assessor.person).await?;
        let margin = TimeDelta::hours(SLOT_HOURS);
        let beside = slot::Entity::find()
            .filter(slot::Column::AssessorId.eq(assessor.person.0))
            .filter(slot::Column::StartsAt.gt(date.starts_at - margin))
            .filter(slot::Column::StartsAt.lt(date.starts_at + margin))
            .filter(slot::Column::Id.ne(date.slot.0));
        if beside.one(&write.0).await?.is_some() {
            return Err(Refusal::Missing(Condition::SlotFree).into());
        }
    }
    let row = slot::ActiveModel {
        id: Set(date.slot.0),
        starts_at: Set(date.starts_at),
        assessor_id: Set(date.assessor.as_ref().map(|a| a.person.0)),
        product_id: Set(None),
        added_by: Set((!by.person.0.is_nil()).then_some(by.person.0)),
        added_at: Set(by.at),
    };
    let on = OnConflict::column(slot::Column::Id).do_nothing().to_owned();
    slot::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}

/// One date, one demonstration: whoever comes second is refused, and nothing of theirs is kept.
async fn take(write: &Write, after: &Product, date: &Date) -> Result<(), Error> {
    let is_free = slot::Column::ProductId.is_null().or(slot::Column::ProductId.eq(after.id.0));
    let taken = slot::Entity::update_many()
        .col_expr(slot::Column::ProductId, Expr::value(after.id.0))
        .filter(slot::Column::Id.eq(date.slot.0))
        .filter(is_free)
        .exec(&write.0)
        .await?;
    if taken.rows_affected == 1 { Ok(()) } else { Err(Refusal::Missing(Condition::SlotFree).into()) }
}

/// Writes a certificate.
pub async fn keep_certificate(write: &Write, after: &Product, record: &Certificate) -> Result<(), Error> {
    let row = certificate::ActiveModel {
        number: Set(record.content.number.clone()),
        product_id: Set(after.id.0),
        state: Set(record.state.word().to_owned()),
        prepared_at: Set(record.prepared_at),
        record: Set(serde_json::to_value(record)?),
    };
    let on = OnConflict::column(certificate::Column::Number)
        .update_columns([certificate::Column::State, certificate::Column::Record])
        // A number that another product has stays with it.
        .action_and_where(certificate::Column::ProductId.eq(after.id.0))
        .to_owned();
    let kept = certificate::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    if kept == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Writes an agreement, and the link by which its signatory signs.
pub async fn keep_agreement(write: &Write, after: &Product, record: &Agreement, by: By) -> Result<(), Error> {
    let row = agreement::ActiveModel {
        product_id: Set(after.id.0),
        number: Set(stored(record.number)),
        state: Set(record.state.word().to_owned()),
        record: Set(serde_json::to_value(record)?),
    };
    let on = OnConflict::columns([agreement::Column::ProductId, agreement::Column::Number])
        .update_columns([agreement::Column::State, agreement::Column::Record])
        .to_owned();
    agreement::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    let Some(link) = record.link else { return Ok(()) };
    let row = signing::ActiveModel {
        id: Set(link.0),
        product_id: Set(after.id.0),
        name: Set(record.signatory.name.clone()),
        email: Set(record.signatory.email.clone()),
        expires_at: Set(by.at + chrono::Days::new(LINK_DAYS)),
        code_at: Set(None),
        failures: Set(0),
    };
    let mut on = OnConflict::column(signing::Column::Id);
    if record.state == AgreementState::Returned {
        // The signatory was asked once more, by the same link: it works as long as the letter says.
        on.update_column(signing::Column::ExpiresAt);
    } else {
        on.do_nothing();
    }
    signing::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}
