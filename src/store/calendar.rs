//! Changes of the calendar, the products whose promises they move, and what a change would move.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{ChronoDate, ChronoDateTimeUtc};
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, Select,
};
use uuid::Uuid;

use super::interest::apart;
use super::row::{count, known, stored};
use super::schema::{amendment, demonstration, product, thread, wait};
use super::visible::{PAGE, Visible};
use super::{Db, Write, commit, load};
use crate::domain::actor::{Actor, Duty};
use crate::domain::amendment::{Act, Amendment, DayKind};
use crate::domain::catalogue::Section;
use crate::domain::decide::Decision;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::product::Product;
use crate::domain::recount::COUNTED;
use crate::domain::section::ProductState;
use crate::domain::thread::ThreadState;
use crate::domain::waits::Topic;
use crate::error::Error;

/// Products that are looked for together.
const BATCH: u64 = 50;

/// What a product's promises become in the calendar as it is; `None` when nothing of it moves.
pub type Recounting<'a> = dyn Fn(&Product) -> Result<Option<Decision>, Error> + Sync + 'a;

/// A change of the calendar, with who made it and when.
#[derive(Clone, Debug)]
pub struct Amended {
    /// The change.
    pub amendment: Amendment,
    /// Who.
    pub by: String,
    /// When.
    pub at: ChronoDateTimeUtc,
}

async fn all(db: &impl ConnectionTrait) -> Result<Vec<Amended>, Error> {
    let rows = amendment::Entity::find().order_by_asc(amendment::Column::Number).all(db).await?;
    let amended = |row: amendment::Model| {
        let amendment = Amendment {
            number: count(row.number),
            on: row.day,
            act: known(&row.act, Act::from_word(&row.act))?,
            kind: known(&row.kind, DayKind::from_word(&row.kind))?,
            name: row.name,
            reason: row.reason,
        };
        Ok(Amended { amendment, by: row.by_name, at: row.at })
    };
    rows.into_iter().map(amended).collect()
}

/// The changes of the calendar as a decision sees them.
pub async fn amendments(write: &Write) -> Result<Vec<Amendment>, Error> {
    Ok(all(&write.0).await?.into_iter().map(|a| a.amendment).collect())
}

fn administrator(actor: &Actor) -> Result<(), Error> {
    if actor.is(Duty::Administrator) { Ok(()) } else { Err(Error::NotFound) }
}

impl Db {
    /// Every change of the calendar, the oldest first.
    pub async fn amendments(&self) -> Result<Vec<Amended>, Error> {
        all(&self.read).await
    }

    /// The same without who made them and when: what rules are asked with.
    pub async fn calendar(&self) -> Result<Vec<Amendment>, Error> {
        Ok(all(&self.read).await?.into_iter().map(|a| a.amendment).collect())
    }

    /// Keeps a change. Its number says which calendar it was made for: when somebody else has changed that one meanwhile,
    /// nothing is kept; the same change twice is one.
    pub async fn amend(&self, actor: &Actor, change: &Amendment, now: DateTime<Utc>) -> Result<(), Error> {
        administrator(actor)?;
        let write = self.begin().await?;
        let row = amendment::ActiveModel {
            number: Set(stored(change.number)),
            day: Set(change.on),
            act: Set(change.act.word().to_owned()),
            kind: Set(change.kind.word().to_owned()),
            name: Set(change.name.clone()),
            reason: Set(change.reason.clone()),
            by_id: Set(actor.person().0),
            by_name: Set(actor.name().to_owned()),
            at: Set(now),
        };
        let last = amendments(&write).await?.last().map_or(0, |a| a.number);
        let on = OnConflict::column(amendment::Column::Number).do_nothing().to_owned();
        if last + 1 == change.number && amendment::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await? == 1
        {
            return write.commit().await;
        }
        if amendments(&write).await?.contains(change) { Ok(()) } else { Err(Error::Stale) }
    }

    /// Brings the promises of products up to an edition of the calendar, each product in a transaction of its own: those
    /// with an open promise on a day or later. Returns how many products moved.
    pub async fn recount(
        &self,
        recounted: &Recounting<'_>,
        (edition, from): (u32, NaiveDate),
        by: (&Actor, DateTime<Utc>),
    ) -> Result<usize, Error> {
        let (mut number, mut after) = (0, Uuid::nil());
        loop {
            let select = product::Entity::find().select_only().column(product::Column::Id);
            let ids: Vec<Uuid> = select
                .filter(product::Column::Calendar.lt(stored(edition)))
                .filter(product::Column::State.ne(ProductState::Withdrawn.word()))
                .filter(product::Column::Id.gt(after))
                .filter(product::Column::Id.in_subquery(promised(from)))
                .order_by_asc(product::Column::Id)
                .limit(BATCH)
                .into_tuple()
                .all(&self.read)
                .await?;
            let Some(last) = ids.last() else { return Ok(number) };
            after = *last;
            for id in ids {
                number += usize::from(Box::pin(self.recount_one(id, recounted, edition, by)).await?);
            }
        }
    }

    async fn recount_one(
        &self,
        id: Uuid,
        recounted: &Recounting<'_>,
        edition: u32,
        (actor, now): (&Actor, DateTime<Utc>),
    ) -> Result<bool, Error> {
        let write = self.begin().await?;
        let row = product::Entity::find_by_id(id).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let product = load::whole(&write.0, row).await?;
        if let Some(decision) = recounted(&product)? {
            commit::commit(write, actor, product, decision, now).await?;
            return Ok(true);
        }
        // Nothing of it moves: it need not be looked at again.
        product::Entity::update_many()
            .col_expr(product::Column::Calendar, Expr::value(stored(edition.max(product.calendar))))
            .filter(product::Column::Id.eq(id))
            .exec(&write.0)
            .await?;
        write.commit().await?;
        Ok(false)
    }
}

/// Products with an open promise on a day or later, by the indexes on open waits and on messages.
fn promised(from: NaiveDate) -> SelectStatement {
    let asked = Query::select()
        .column(thread::Column::ProductId)
        .from(thread::Entity)
        .and_where(thread::Column::State.eq(ThreadState::WithTeam.word()))
        .and_where(thread::Column::ReplyBy.gte(from))
        .to_owned();
    Query::select()
        .column(wait::Column::ProductId)
        .from(wait::Entity)
        .and_where(wait::Column::UntilOn.is_null())
        .and_where(wait::Column::Due.gte(from))
        .union(UnionType::Distinct, asked)
        .to_owned()
}

/// A promise that a change would move.
#[derive(Clone, Debug)]
pub struct Movable {
    /// `C2A-1042`.
    pub reference: String,
    /// Product.
    pub product: String,
    /// What was promised, and of which section; `None` for an answer to a message.
    pub topic: Option<(Topic, Option<Section>)>,
    /// What the message is about.
    pub subject: String,
    /// The date as it is.
    pub due: ChronoDate,
}

#[derive(FromQueryResult)]
struct Found {
    reference: String,
    name: String,
    topic: Option<String>,
    section: Option<String>,
    subject: Option<String>,
    due: ChronoDate,
}

impl Found {
    fn movable(self) -> Result<Movable, Error> {
        let section = self.section.as_ref().map(|word| known(word, Section::from_word(word))).transpose()?;
        let topic = self.topic.as_ref().map(|word| known(word, Topic::from_word(word))).transpose()?;
        Ok(Movable {
            reference: self.reference,
            product: self.name,
            topic: topic.map(|t| (t, section)),
            subject: self.subject.unwrap_or_default(),
            due: self.due,
        })
    }
}

fn of_wait() -> RelationDef {
    wait::Entity::belongs_to(product::Entity).from(wait::Column::ProductId).to(product::Column::Id).into()
}

fn of_thread() -> RelationDef {
    thread::Entity::belongs_to(product::Entity).from(thread::Column::ProductId).to(product::Column::Id).into()
}

fn of_test() -> RelationDef {
    demonstration::Entity::belongs_to(product::Entity).from(demonstration::Column::ProductId).to(product::Column::Id).into()
}

impl Visible<'_> {
    fn waits_from(&self, first: NaiveDate) -> Select<wait::Entity> {
        let select = wait::Entity::find()
            .filter(wait::Column::UntilOn.is_null())
            .filter(wait::Column::Due.gte(first))
            .filter(wait::Column::Topic.is_in(COUNTED.iter().map(|t| t.word())));
        match apart(self.actor, wait::Column::ProductId) {
            Some(only) => select.filter(only),
            None => select,
        }
    }

    fn messages_from(&self, first: NaiveDate) -> Select<thread::Entity> {
        let select = thread::Entity::find()
            .filter(thread::Column::State.eq(ThreadState::WithTeam.word()))
            .filter(thread::Column::ReplyBy.gte(first));
        match apart(self.actor, thread::Column::ProductId) {
            Some(only) => select.filter(only),
            None => select,
        }
    }

    /// The open promises on a day or later that a change of the calendar would move: how many there are, and the first of
    /// them, promises of products before answers to messages; four statements. Only for administrators.
    pub async fn movable(&self, first: NaiveDate) -> Result<(u64, Vec<Movable>), Error> {
        administrator(self.actor)?;
        let (waits, messages) = (self.waits_from(first), self.messages_from(first));
        let total = waits.clone().count(self.read()).await? + messages.clone().count(self.read()).await?;
        let waits: Vec<Found> = waits
            .join(JoinType::InnerJoin, of_wait())
            .select_only()
            .columns([wait::Column::Topic, wait::Column::Section, wait::Column::Due])
            .columns([product::Column::Reference, product::Column::Name])
            .column_as(Expr::value(Option::<String>::None), "subject")
            .order_by_asc(wait::Column::Due)
            .order_by_asc(wait::Column::Id)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        let messages: Vec<Found> = messages
            .join(JoinType::InnerJoin, of_thread())
            .select_only()
            .column(thread::Column::Subject)
            .column_as(thread::Column::ReplyBy, "due")
            .columns([product::Column::Reference, product::Column::Name])
            .column_as(Expr::value(Option::<String>::None), "topic")
            .column_as(Expr::value(Option::<String>::None), "section")
            .order_by_asc(thread::Column::ReplyBy)
            .order_by_asc(thread::Column::Id)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        let rows = waits.into_iter().chain(messages).map(Found::movable).collect::<Result<_, _>>()?;
        Ok((total, rows))
    }

    /// Demonstrations that are booked between two moments: reference and name of the product, and when. Only for
    /// administrators.
    pub async fn booked_between(
        &self,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<(String, String, DateTime<Utc>)>, Error> {
        administrator(self.actor)?;
        let open = [DemonstrationState::Booked, DemonstrationState::Confirmed, DemonstrationState::UnderWay];
        let select = demonstration::Entity::find()
            .filter(demonstration::Column::State.is_in(open.map(DemonstrationState::word)))
            .filter(demonstration::Column::StartsAt.gte(from))
            .filter(demonstration::Column::StartsAt.lt(until))
            .join(JoinType::InnerJoin, of_test());
        let select = match apart(self.actor, demonstration::Column::ProductId) {
            Some(only) => select.filter(only),
            None => select,
        };
        let select = select.select_only().columns([product::Column::Reference, product::Column::Name]);
        let select = select.column(demonstration::Column::StartsAt).order_by_asc(demonstration::Column::StartsAt);
        Ok(select.into_tuple().all(self.read()).await?)
    }
}
