//! Writes the reminders that are due, each once, whatever the number of workers and restarts.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{OnConflict, Query, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::schema::{answer, daily, product, reminder, section, thread, wait};
use super::told::{About, ROUND, post, post_as};
use super::{Db, Write, forecast, load};
use crate::domain::answer::Value;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Catalogue;
use crate::domain::checks::{end_of, evidence_questions};
use crate::domain::forecast::Shown;
use crate::domain::notice::{Audience, Notice};
use crate::domain::product::Product;
use crate::domain::reminder::Reminder;
use crate::domain::section::{ProductState, SectionState};
use crate::domain::thread::ThreadState;
use crate::domain::words::OrganisationId;
use crate::error::Error;

/// Products that are looked at together.
const BATCH: usize = 50;
/// Calendar days ahead in which a date can have a reminder: the test has one ten working days before.
const HORIZON_DAYS: u64 = 21;
/// Answers that are looked at together for evidence that runs out.
const ANSWERS: u64 = 500;
/// Calendar days before the end of evidence from which it has reminders.
const EVIDENCE_DAYS: u64 = 60;

/// The reminders of a product that are due now, as the rules have them; with the ranges that were forecast of it, which
/// only words depend on.
pub type Due<'a> = dyn Fn(&Product, &[Shown]) -> Result<Vec<Reminder>, Error> + Sync + 'a;

impl Db {
    /// Writes every reminder of a date that is due now and was not written before. Returns how many.
    pub async fn remind(&self, due: &Due<'_>, now: DateTime<Utc>) -> Result<usize, Error> {
        let near = waiting(london_date(now)).into_tuple().all(&self.read).await?;
        self.remind_of_each(&near, due, now).await
    }

    /// Looks at some products, [`BATCH`] together.
    async fn remind_of_each(&self, ids: &[Uuid], due: &Due<'_>, now: DateTime<Utc>) -> Result<usize, Error> {
        let mut number = 0;
        for some in ids.chunks(BATCH) {
            let rows = product::Entity::find().filter(product::Column::Id.is_in(some.iter().copied())).all(&self.read).await?;
            number += Box::pin(self.remind_of(rows, due, now)).await?;
        }
        Ok(number)
    }

    /// The same for evidence that runs out, which products of every kind can have.
    pub async fn remind_of_evidence(&self, catalogue: &Catalogue, due: &Due<'_>, now: DateTime<Utc>) -> Result<usize, Error> {
        let ids: Vec<Uuid> = self.with_evidence_ending(catalogue, london_date(now)).await?.into_iter().collect();
        self.remind_of_each(&ids, due, now).await
    }

    async fn remind_of(&self, rows: Vec<product::Model>, due: &Due<'_>, now: DateTime<Utc>) -> Result<usize, Error> {
        let written = self.written(rows.iter().map(|r| r.id).collect()).await?;
        let mut number = 0;
        for product in load::wholes(&self.read, rows).await? {
            let id = product.id.0;
            let is_new = |r: &Reminder| !written.contains(&(id, r.kind.word().to_owned(), r.part.clone(), r.about));
            if due(&product, &[])?.iter().any(is_new) {
                number += self.write_reminders(id, due, now).await?;
            }
        }
        Ok(number)
    }

    /// The reminders of some products that were written before.
    async fn written(&self, ids: Vec<Uuid>) -> Result<BTreeSet<(Uuid, String, String, NaiveDate)>, Error> {
        let rows = reminder::Entity::find().filter(reminder::Column::ProductId.is_in(ids)).all(&self.read).await?;
        Ok(rows.into_iter().map(|r| (r.product_id, r.kind, r.part, r.about)).collect())
    }

    /// Looks at one product again, alone, and writes what is due together with the mark that it was.
    async fn write_reminders(&self, id: Uuid, due: &Due<'_>, now: DateTime<Utc>) -> Result<usize, Error> {
        let write = self.begin().await?;
        let row = product::Entity::find_by_id(id).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let product = load::whole(&write.0, row).await?;
        let about = About { product: Some(product.id), organisation: product.organisation, now };
        let mut number = 0;
        let shown = forecast::shown(&write, &product).await?;
        for reminder in due(&product, &shown)? {
            if mark(&write, &product, &reminder, now).await? {
                number += 1;
                for (audience, notice) in &reminder.notices {
                    post_as(&write, &about, (audience, ROUND), notice).await?;
                }
            }
        }
        write.commit().await?;
        Ok(number)
    }

    /// Products with evidence that ends within two months, by the index on question and product.
    async fn with_evidence_ending(&self, catalogue: &Catalogue, today: NaiveDate) -> Result<BTreeSet<Uuid>, Error> {
        let mut found = BTreeSet::new();
        for key in evidence_questions() {
            let mut after = Uuid::nil();
            loop {
                let rows = answer::Entity::find()
                    .filter(answer::Column::Question.eq(key))
                    .filter(answer::Column::ProductId.gt(after))
                    .order_by_asc(answer::Column::ProductId)
                    .limit(ANSWERS)
                    .all(&self.read)
                    .await?;
                let Some(last) = rows.last() else { break };
                after = last.product_id;
                for row in rows {
                    let value: Option<Value> = row.value.map(serde_json::from_value).transpose().context("answer")?;
                    let end = value.and_then(|value| end_of(catalogue, key, &value));
                    if end.is_some_and(|end| today <= end && end <= today + Days::new(EVIDENCE_DAYS)) {
                        found.insert(row.product_id);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Tells reviewers how many reviews and messages wait, once a day. Returns whether this call did.
    pub async fn tell_of_new_work(&self, now: DateTime<Utc>) -> Result<bool, Error> {
        let waiting = section::Entity::find()
            .inner_join_active()
            .filter(section::Column::State.eq(SectionState::Submitted.word()))
            .order_by_asc(section::Column::ReplyBy)
            .select_only()
            .columns([section::Column::ReviewerId])
            .column(section::Column::ReplyBy)
            .into_tuple::<(Option<Uuid>, Option<NaiveDate>)>()
            .all(&self.read)
            .await?;
        let asked = thread::Entity::find().filter(thread::Column::State.eq(ThreadState::WithTeam.word()));
        let messages = asked.clone().count(&self.read).await?;
        let first_message = asked.order_by_asc(thread::Column::ReplyBy).one(&self.read).await?;
        let write = self.begin().await?;
        if !once_a_day(&write, "new-work", now).await? {
            return Ok(false);
        }
        if !waiting.is_empty() || messages > 0 {
            let unassigned = waiting.iter().filter(|(reviewer, _)| reviewer.is_none()).count();
            let notice = Notice::NewWork {
                waiting: waiting.len() as u64,
                unassigned: unassigned as u64,
                first_due: waiting.iter().find_map(|(_, by)| *by),
                messages,
                first_message_due: first_message.and_then(|m| m.reply_by),
            };
            let about = About { product: None, organisation: OrganisationId(Uuid::nil()), now };
            post(&write, &about, &Audience::Reviewers, &notice).await?;
        }
        write.commit().await?;
        Ok(true)
    }
}

/// Reviews of products that are not on hold.
trait OfActive {
    /// Joins the product and leaves those out that stand still.
    fn inner_join_active(self) -> Self;
}

impl OfActive for sea_orm::Select<section::Entity> {
    fn inner_join_active(self) -> Self {
        let of: sea_orm::RelationDef =
            section::Entity::belongs_to(product::Entity).from(section::Column::ProductId).to(product::Column::Id).into();
        self.join(sea_orm::JoinType::InnerJoin, of).filter(product::Column::State.eq(ProductState::Active.word()))
    }
}

/// Products that wait for something with a date that has passed or is near, by the index on open waits, or with a message
/// that waits for the team.
fn waiting(today: NaiveDate) -> sea_orm::Select<product::Entity> {
    let asked = Query::select()
        .column(thread::Column::ProductId)
        .from(thread::Entity)
        .and_where(thread::Column::State.eq(ThreadState::WithTeam.word()))
        .and_where(thread::Column::ReplyBy.lte(today + Days::new(HORIZON_DAYS)))
        .to_owned();
    let near = Query::select()
        .column(wait::Column::ProductId)
        .from(wait::Entity)
        .and_where(wait::Column::UntilOn.is_null())
        .and_where(wait::Column::Due.lte(today + Days::new(HORIZON_DAYS)))
        .union(UnionType::Distinct, asked)
        .to_owned();
    product::Entity::find()
        .filter(product::Column::State.ne(ProductState::Withdrawn.word()))
        .filter(product::Column::Id.in_subquery(near))
        .order_by_asc(product::Column::Id)
        .select_only()
        .column(product::Column::Id)
}

/// Marks a reminder as written; `false` when it was before.
async fn mark(write: &Write, product: &Product, due: &Reminder, now: DateTime<Utc>) -> Result<bool, Error> {
    use reminder::Column as C;
    let row = reminder::ActiveModel {
        product_id: Set(product.id.0),
        kind: Set(due.kind.word().to_owned()),
        part: Set(due.part.clone()),
        about: Set(due.about),
        written_at: Set(now),
    };
    let on = OnConflict::columns([C::ProductId, C::Kind, C::Part, C::About]).do_nothing().to_owned();
    Ok(reminder::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await? == 1)
}

/// Marks something as done today; `false` when it was.
async fn once_a_day(write: &Write, kind: &str, now: DateTime<Utc>) -> Result<bool, Error> {
    let row = daily::ActiveModel { kind: Set(kind.to_owned()), day: Set(london_date(now)), done_at: Set(now) };
    let on = OnConflict::columns([daily::Column::Kind, daily::Column::Day]).do_nothing().to_owned();
    Ok(daily::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await? == 1)
}
