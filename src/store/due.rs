//! Writes the reminders that are due, each once, whatever the number of workers and restarts.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{ExprTrait as _, OnConflict, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::schema::{agreement, certificate, demonstration, product, reminder};
use super::told::{About, post};
use super::{Db, Write, load};
use crate::domain::agreement::AgreementState;
use crate::domain::calendar::Calendar;
use crate::domain::certificate::CertificateState;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::product::Product;
use crate::domain::reminder::{Reminder, reminders};
use crate::domain::section::ProductState;
use crate::error::Error;

/// Products that are looked at together.
const BATCH: u64 = 50;

impl Db {
    /// Writes every reminder that is due now and was not written before. Returns how many.
    pub async fn remind(&self, calendar: &Calendar, now: DateTime<Utc>) -> Result<usize, Error> {
        let (mut number, mut after) = (0, Uuid::nil());
        loop {
            let rows = candidates(after).all(&self.read).await?;
            let Some(last) = rows.last() else { return Ok(number) };
            after = last.id;
            let written = self.written(rows.iter().map(|r| r.id).collect()).await?;
            for row in rows {
                let id = row.id;
                let product = load::whole(&self.read, row).await?;
                let is_new = |r: &Reminder| !written.contains(&(id, r.kind.word().to_owned(), r.about));
                if reminders(&product, calendar, now).iter().any(is_new) {
                    number += self.write_reminders(id, calendar, now).await?;
                }
            }
        }
    }

    /// The reminders of some products that were written before.
    async fn written(&self, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String, chrono::NaiveDate)>, Error> {
        let rows = reminder::Entity::find().filter(reminder::Column::ProductId.is_in(ids)).all(&self.read).await?;
        Ok(rows.into_iter().map(|r| (r.product_id, r.kind, r.about)).collect())
    }

    /// Looks at one product again, alone, and writes what is due together with the mark that it was.
    async fn write_reminders(&self, id: Uuid, calendar: &Calendar, now: DateTime<Utc>) -> Result<usize, Error> {
        let write = self.begin().await?;
        let row = product::Entity::find_by_id(id).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let product = load::whole(&write.0, row).await?;
        let about = About { product: Some(product.id), organisation: product.organisation, now };
        let mut number = 0;
        for due in reminders(&product, calendar, now) {
            if mark(&write, &product, &due, now).await? {
                number += 1;
                for (audience, notice) in &due.notices {
                    post(&write, &about, audience, notice).await?;
                }
            }
        }
        write.commit().await?;
        Ok(number)
    }
}

/// Products that a reminder could be about: a test is booked, a certificate or a signature is waited for.
fn candidates(after: Uuid) -> sea_orm::Select<product::Entity> {
    let words = |states: &[DemonstrationState]| states.iter().map(|s| s.word()).collect::<Vec<_>>();
    let booked = Query::select()
        .column(demonstration::Column::ProductId)
        .from(demonstration::Entity)
        .and_where(demonstration::Column::State.is_in(words(&[DemonstrationState::Booked, DemonstrationState::Confirmed])))
        .to_owned();
    let passed = Query::select()
        .column(demonstration::Column::ProductId)
        .from(demonstration::Entity)
        .and_where(demonstration::Column::State.eq(DemonstrationState::Passed.word()))
        .to_owned();
    let certified = Query::select()
        .column(certificate::Column::ProductId)
        .from(certificate::Entity)
        .and_where(certificate::Column::State.is_in([CertificateState::Valid.word(), CertificateState::AtRisk.word()]))
        .to_owned();
    let unsigned = Query::select()
        .column(agreement::Column::ProductId)
        .from(agreement::Entity)
        .and_where(agreement::Column::State.eq(AgreementState::Issued.word()))
        .to_owned();
    let uncertified = product::Column::Id.in_subquery(passed).and(product::Column::Id.in_subquery(certified).not());
    product::Entity::find()
        .filter(product::Column::State.eq(ProductState::Active.word()))
        .filter(product::Column::Id.gt(after))
        .filter(
            Condition::any()
                .add(product::Column::Id.in_subquery(booked))
                .add(uncertified)
                .add(product::Column::Id.in_subquery(unsigned)),
        )
        .order_by_asc(product::Column::Id)
        .limit(BATCH)
}

/// Marks a reminder as written; `false` when it was before.
async fn mark(write: &Write, product: &Product, due: &Reminder, now: DateTime<Utc>) -> Result<bool, Error> {
    let row = reminder::ActiveModel {
        product_id: Set(product.id.0),
        kind: Set(due.kind.word().to_owned()),
        about: Set(due.about),
        written_at: Set(now),
    };
    let on =
        OnConflict::columns([reminder::Column::ProductId, reminder::Column::Kind, reminder::Column::About]).do_nothing().to_owned();
    Ok(reminder::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await? == 1)
}
