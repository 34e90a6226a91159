//! Published dates, leave, and the list of demonstrations.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{ExprTrait as _, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::interest::{held_without_interest, without_interest};
use super::row::known;
use super::schema::{demonstration, feed, leave, organisation, person, product, slot};
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation};
use super::{Db, Write};
use crate::domain::actor::{Actor, Duty};
use crate::domain::demonstration::command::Chosen;
use crate::domain::demonstration::{Assessor, Demonstration, DemonstrationState};
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;
use crate::domain::slot::{Leave, SLOT_HOURS, Slot};
use crate::domain::words::{LeaveId, PersonId, SlotId};
use crate::error::Error;
use crate::secret::{new_id, token_hash};

/// Most dates that are read at once.
pub(super) const MOST: u64 = 400;
/// The states of a demonstration that is still to be held.
pub(super) const OPEN: [&str; 3] = ["booked", "confirmed", "under-way"];

#[derive(FromQueryResult)]
pub(super) struct SlotRow {
    id: Uuid,
    starts_at: ChronoDateTimeUtc,
    assessor_id: Option<Uuid>,
    assessor_name: Option<String>,
    product_id: Option<Uuid>,
    reference: Option<String>,
    product_name: Option<String>,
}

/// A published date as staff see it.
#[derive(Clone, Debug)]
pub struct PublishedSlot {
    /// The date.
    pub slot: Slot,
    /// Reference and name of the product that has it.
    pub product: Option<(String, String)>,
}

/// A demonstration in a list.
#[derive(Clone, Debug)]
pub struct ListedDemonstration {
    /// `C2A-1042`.
    pub reference: String,
    /// Product.
    pub product: String,
    /// Supplier.
    pub organisation: String,
    /// Active, on hold, withdrawn.
    pub state: ProductState,
    /// The test.
    pub test: Demonstration,
}

#[derive(FromQueryResult)]
struct DemonstrationRow {
    reference: String,
    name: String,
    state: String,
    organisation_name: String,
    record: sea_orm::prelude::Json,
}

fn join_assessor() -> sea_orm::RelationDef {
    slot::Entity::belongs_to(person::Entity).from(slot::Column::AssessorId).to(person::Column::Id).into()
}

/// The product that has a date; not of a supplier in which the actor has an interest, to whom the date is just taken.
fn join_holder(actor: &Actor) -> sea_orm::RelationDef {
    let only = without_interest(actor);
    let holder = slot::Entity::belongs_to(product::Entity).from(slot::Column::ProductId).to(product::Column::Id);
    holder.on_condition(move |_, _| Condition::all().add_option(only.clone())).into()
}

fn join_product() -> sea_orm::RelationDef {
    demonstration::Entity::belongs_to(product::Entity).from(demonstration::Column::ProductId).to(product::Column::Id).into()
}

pub(super) fn slots(actor: &Actor) -> Select<slot::Entity> {
    slot::Entity::find()
        .join(JoinType::LeftJoin, join_assessor())
        .join(JoinType::LeftJoin, join_holder(actor))
        .select_only()
        .columns([slot::Column::Id, slot::Column::StartsAt, slot::Column::AssessorId, slot::Column::ProductId])
        .column_as(person::Column::Name, "assessor_name")
        .column_as(product::Column::Reference, "reference")
        .column_as(product::Column::Name, "product_name")
        .order_by_asc(slot::Column::StartsAt)
        .order_by_asc(slot::Column::Id)
        .limit(MOST)
}

pub(super) fn between(from: DateTime<Utc>, until: DateTime<Utc>) -> SimpleExpr {
    slot::Column::StartsAt.gte(from).and(slot::Column::StartsAt.lt(until))
}

impl SlotRow {
    pub(super) fn published(self) -> PublishedSlot {
        PublishedSlot {
            slot: Slot {
                id: SlotId(self.id),
                starts_at: self.starts_at,
                assessor: self.assessor_id.map(PersonId).zip(self.assessor_name),
                taken: self.product_id.is_some(),
            },
            product: self.reference.zip(self.product_name),
        }
    }
}

impl Visible<'_> {
    /// Dates that nobody has, from a moment on. Suppliers see no more than that they are free.
    pub async fn free_slots(&self, from: DateTime<Utc>) -> Result<Vec<Slot>, Error> {
        let select = slots(self.actor).filter(between(from, from + Duration::days(366))).filter(slot::Column::ProductId.is_null());
        let select = select.filter(held_without_interest(self.actor));
        let rows: Vec<SlotRow> = select.into_model().all(self.read()).await?;
        Ok(rows.into_iter().map(|r| r.published().slot).collect())
    }

    /// A published date, as somebody who chooses it needs it; whoever else has it is not said.
    pub async fn chosen_slot(&self, id: SlotId) -> Result<Option<Chosen>, Error> {
        let select = slots(self.actor).filter(slot::Column::Id.eq(id.0)).filter(held_without_interest(self.actor));
        let row: Option<SlotRow> = select.into_model().one(self.read()).await?;
        Ok(row.map(|r| {
            let slot = r.published().slot;
            let assessor = slot.assessor.map(|(person, name)| Assessor { person, name });
            Chosen { slot: id, starts_at: slot.starts_at, assessor, is_free: !slot.taken }
        }))
    }

    /// All dates of some weeks, for staff.
    pub async fn published_slots(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<PublishedSlot>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let rows: Vec<SlotRow> = slots(self.actor).filter(between(from, until)).into_model().all(self.read()).await?;
        Ok(rows.into_iter().map(SlotRow::published).collect())
    }

    /// Leave that is not over on a day, for staff: by first day.
    pub async fn leave(&self, today: NaiveDate) -> Result<Vec<(Leave, String)>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let rows = leave::Entity::find()
            .filter(leave::Column::LastDay.gte(today))
            .order_by_asc(leave::Column::FirstDay)
            .order_by_asc(leave::Column::Id)
            .limit(MOST)
            .all(self.read())
            .await?;
        let people: Vec<PersonId> = rows.iter().map(|r| PersonId(r.person_id)).collect();
        let names = self.names(people).await?;
        let leave = |row: leave::Model| {
            let person = PersonId(row.person_id);
            let name = names.get(&person).cloned().unwrap_or_default();
            (Leave { id: LeaveId(row.id), person, from: row.first_day, until: row.last_day }, name)
        };
        Ok(rows.into_iter().map(leave).collect())
    }

    /// The people who hold tests: every reviewer, by name, for staff.
    pub async fn assessors(&self) -> Result<Vec<Assessor>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let select = person::Entity::find().filter(person::Column::Duties.contains(Duty::Reviewer.word()));
        let rows = select.order_by_asc(person::Column::Name).all(self.read()).await?;
        Ok(rows.into_iter().map(|p| Assessor { person: PersonId(p.id), name: p.name }).collect())
    }

    /// Wishes for a date that wait for an answer, for staff; the first promised first.
    pub async fn wishes(&self) -> Result<Vec<ListedDemonstration>, Error> {
        let select = self.tests().filter(demonstration::Column::State.eq(DemonstrationState::Asked.word()));
        let mut wishes = self.listed(select.order_by_asc(demonstration::Column::ProductId).limit(MOST)).await?;
        wishes.sort_by_key(|w| w.test.wish.as_ref().map(|wish| (wish.reply_by, wish.asked_on)));
        Ok(wishes)
    }

    /// Demonstrations that begin from a moment on (or before it, the last first), for staff, a page of them.
    pub async fn demonstrations(&self, from: DateTime<Utc>, when: When, page: u64) -> Result<Page<ListedDemonstration>, Error> {
        let number = at_least_one(page);
        let select = self.tests_when(from, when);
        let total = select.clone().count(self.read()).await?;
        let select = match when {
            When::Coming | When::Before(_) => select.order_by_asc(demonstration::Column::StartsAt),
            When::Past => select.order_by_desc(demonstration::Column::StartsAt),
        };
        let select = select.order_by_asc(demonstration::Column::ProductId).offset((number - 1) * PAGE).limit(PAGE);
        Ok(Page { rows: self.listed(select).await?, total, number })
    }

    /// The tests of products that the actor may see, for [`Visible::listed`].
    pub(super) fn tests(&self) -> Select<demonstration::Entity> {
        let select = demonstration::Entity::find().join(JoinType::InnerJoin, join_product());
        match without_interest(self.actor) {
            Some(only) => select.filter(only),
            None => select,
        }
    }

    /// Tests of one kind, those that the actor may see.
    pub(super) fn tests_when(&self, from: DateTime<Utc>, when: When) -> Select<demonstration::Entity> {
        let (find, starts_at) = (self.tests(), demonstration::Column::StartsAt);
        match when {
            When::Coming => find.filter(starts_at.gte(from)).filter(demonstration::Column::State.is_in(OPEN)),
            When::Before(until) => find.filter(starts_at.gte(from)).filter(starts_at.lt(until)),
            When::Past => find.filter(starts_at.lt(from)),
        }
    }

    pub(super) async fn listed(&self, select: Select<demonstration::Entity>) -> Result<Vec<ListedDemonstration>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let rows: Vec<DemonstrationRow> = select
            .join(JoinType::InnerJoin, join_organisation())
            .select_only()
            .column(demonstration::Column::Record)
            .columns([product::Column::Reference, product::Column::Name, product::Column::State])
            .column_as(organisation::Column::Name, "organisation_name")
            .into_model()
            .all(self.read())
            .await?;
        let listed = |row: DemonstrationRow| {
            Ok(ListedDemonstration {
                reference: row.reference,
                product: row.name,
                organisation: row.organisation_name,
                state: known(&row.state, ProductState::from_word(&row.state))?,
                test: serde_json::from_value(row.record)?,
            })
        };
        rows.into_iter().map(listed).collect()
    }
}

/// Which demonstrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Those that are to be held.
    Coming,
    /// All that begin before this moment, whatever became of them.
    Before(DateTime<Utc>),
    /// Those whose date is over.
    Past,
}

/// Waits until nobody else gives a person dates, and lets nobody do so before this transaction ends: whether two dates
/// overlap is asked after this.
pub(super) async fn hold_diary(write: &Write, person: PersonId) -> Result<(), Error> {
    // Rows that only refer to the person can be written meanwhile.
    let row = person::Entity::find_by_id(person.0).lock(LockType::NoKeyUpdate).one(&write.0).await?;
    row.map(|_| ()).ok_or(Error::NotFound)
}

fn must_plan(actor: &Actor) -> Result<(), Error> {
    if actor.sees_all() { Ok(()) } else { Err(Refusal::NotYours.into()) }
}

impl Db {
    /// Publishes dates. Those that run into another date of the same person (or of nobody) are left out.
    pub async fn publish_slots(
        &self,
        actor: &Actor,
        dates: &[DateTime<Utc>],
        assessor: Option<PersonId>,
        now: DateTime<Utc>,
    ) -> Result<usize, Error> {
        must_plan(actor)?;
        let write = self.begin().await?;
        if let Some(person) = assessor {
            hold_diary(&write, person).await?;
        }
        let same = match assessor {
            Some(person) => slot::Column::AssessorId.eq(person.0),
            None => slot::Column::AssessorId.is_null(),
        };
        let margin = Duration::hours(SLOT_HOURS);
        let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) else { return Ok(0) };
        let there = slot::Entity::find().filter(between(*first - margin, *last + margin)).filter(same).all(&write.0).await?;
        let mut held: Vec<DateTime<Utc>> = there.iter().map(|s| s.starts_at).collect();
        let mut new = Vec::new();
        for date in dates {
            if held.iter().all(|other| (*other - *date).abs() >= margin) {
                held.push(*date);
                new.push(*date);
            }
        }
        if new.is_empty() {
            return Ok(0);
        }
        let rows = new.iter().map(|starts_at| slot::ActiveModel {
            id: Set(new_id()),
            starts_at: Set(*starts_at),
            assessor_id: Set(assessor.map(|p| p.0)),
            product_id: Set(None),
            added_by: Set(actor.account().map(|p| p.0)),
            added_at: Set(now),
        });
        slot::Entity::insert_many(rows).exec_without_returning(&write.0).await?;
        write.commit().await?;
        Ok(new.len())
    }

    /// Takes back a published date that nobody has.
    pub async fn remove_slot(&self, actor: &Actor, id: SlotId) -> Result<bool, Error> {
        must_plan(actor)?;
        let write = self.begin().await?;
        let delete = slot::Entity::delete_many().filter(slot::Column::Id.eq(id.0)).filter(slot::Column::ProductId.is_null());
        let gone = delete.exec(&write.0).await?.rows_affected > 0;
        write.commit().await?;
        Ok(gone)
    }

    /// Books leave: everybody of the assurance team their own, managers everybody's. The same leave is booked once.
    pub async fn add_leave(
        &self,
        actor: &Actor,
        person: PersonId,
        (from, until): (NaiveDate, NaiveDate),
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        must_plan(actor)?;
        if actor.account() != Some(person) && !actor.is(Duty::Manager) {
            return Err(Refusal::NotYours.into());
        }
        let row = leave::ActiveModel {
            id: Set(new_id()),
            person_id: Set(person.0),
            first_day: Set(from),
            last_day: Set(until),
            added_at: Set(now),
        };
        let write = self.begin().await?;
        let same = leave::Entity::find()
            .filter(leave::Column::PersonId.eq(person.0))
            .filter(leave::Column::FirstDay.eq(from))
            .filter(leave::Column::LastDay.eq(until));
        if same.one(&write.0).await?.is_some() {
            return Ok(());
        }
        leave::Entity::insert(row).exec_without_returning(&write.0).await?;
        write.commit().await
    }

    /// Takes back leave: one's own, or as a manager anybody's.
    pub async fn remove_leave(&self, actor: &Actor, id: LeaveId) -> Result<(), Error> {
        must_plan(actor)?;
        let write = self.begin().await?;
        let mut delete = leave::Entity::delete_many().filter(leave::Column::Id.eq(id.0));
        if !actor.is(Duty::Manager) {
            delete = delete.filter(leave::Column::PersonId.eq(actor.person().0));
        }
        if delete.exec(&write.0).await?.rows_affected == 0 {
            return Err(Error::NotFound);
        }
        write.commit().await
    }

    /// Makes a new address for somebody's calendar feed; the one before stops working. Only its hash is stored.
    pub async fn renew_feed(&self, actor: &Actor, token: Option<&str>, now: DateTime<Utc>) -> Result<(), Error> {
        must_plan(actor)?;
        let person = actor.account().ok_or(Error::NotFound)?;
        let write = self.begin().await?;
        feed::Entity::delete_many().filter(feed::Column::PersonId.eq(person.0)).exec(&write.0).await?;
        if let Some(token) = token {
            let row = feed::ActiveModel { token_hash: Set(token_hash(token)), person_id: Set(person.0), made_at: Set(now) };
            feed::Entity::insert(row).exec_without_returning(&write.0).await?;
        }
        write.commit().await
    }

    /// When the address of somebody's feed was made, if there is one.
    pub async fn feed_made_at(&self, actor: &Actor) -> Result<Option<DateTime<Utc>>, Error> {
        let select = feed::Entity::find().filter(feed::Column::PersonId.eq(actor.person().0));
        Ok(select.one(&self.read).await?.map(|f| f.made_at))
    }

    /// Whose feed an address is, while that person may still see demonstrations.
    pub async fn feed_of(&self, token: &str) -> Result<Option<PersonId>, Error> {
        let Some(row) = feed::Entity::find_by_id(token_hash(token)).one(&self.read).await? else { return Ok(None) };
        let person = person::Entity::find_by_id(row.person_id).one(&self.read).await?;
        let duties = person.map(|p| super::row::duties(&p.duties)).unwrap_or_default();
        let may = duties.contains(&Duty::Reviewer) || duties.contains(&Duty::Manager);
        Ok(may.then_some(PersonId(row.person_id)))
    }
}
