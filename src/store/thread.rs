//! Threads of messages: kept as a decision left them, and read by those who may see the product.

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::ChronoDateTimeUtc;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};

use super::Write;
use super::interest::apart;
use super::row::{count, known, stored};
use super::schema::{message, organisation, product, thread};
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation};
use crate::domain::command::By;
use crate::domain::product::Product;
use crate::domain::thread::{Message, Side, Thread, ThreadState};
use crate::domain::words::{MessageId, PersonId, ProductId, ThreadId};
use crate::error::Error;

/// Most messages of a product that go into its record.
const MOST: u64 = 1_000;

/// Writes a thread, and the message that was written in it. An identifier that is in use elsewhere stays with its owner.
pub(super) async fn keep(
    write: &Write,
    after: &Product,
    (record, written): (&Thread, Option<&Message>),
    by: By,
) -> Result<(), Error> {
    use thread::Column as C;
    let row = thread::ActiveModel {
        id: Set(record.id.0),
        product_id: Set(after.id.0),
        subject: Set(record.subject.clone()),
        state: Set(record.state.word().to_owned()),
        asked_on: Set(record.asked_on),
        reply_by: Set(record.reply_by),
        last_message: Set(record.last.0.0),
        last_at: Set(record.last.1),
        messages: Set(stored(record.messages)),
    };
    let on = OnConflict::column(C::Id)
        .update_columns([C::State, C::AskedOn, C::ReplyBy, C::LastMessage, C::LastAt, C::Messages])
        .action_and_where(C::ProductId.eq(after.id.0))
        .to_owned();
    if thread::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await? != 1 {
        return Err(Error::Stale);
    }
    let Some(written) = written else { return Ok(()) };
    let row = message::ActiveModel {
        id: Set(written.id.0),
        thread_id: Set(record.id.0),
        side: Set(written.side.word().to_owned()),
        body: Set(written.text.clone()),
        by_id: Set(by.person.0),
        at: Set(by.at),
    };
    let on = OnConflict::column(message::Column::Id).do_nothing().to_owned();
    let kept = message::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    if kept == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// The thread of a row.
pub(super) fn thread(row: thread::Model) -> Result<Thread, Error> {
    Ok(Thread {
        id: ThreadId(row.id),
        state: known(&row.state, ThreadState::from_word(&row.state))?,
        subject: row.subject,
        asked_on: row.asked_on,
        reply_by: row.reply_by,
        last: (MessageId(row.last_message), row.last_at),
        messages: count(row.messages),
    })
}

/// Which threads, and which page of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadFilter {
    /// Of one product only.
    pub product: Option<ProductId>,
    /// In one state only.
    pub state: Option<ThreadState>,
    /// Page, from 1.
    pub page: u64,
}

/// A thread in a list.
#[derive(Clone, Debug)]
pub struct ThreadRow {
    /// The thread.
    pub thread: Thread,
    /// `C2A-1042`.
    pub reference: String,
    /// Product.
    pub product: String,
    /// Supplier.
    pub organisation: String,
}

/// A message as it is read.
#[derive(Clone, Debug)]
pub struct Written {
    /// Which.
    pub id: MessageId,
    /// In which thread.
    pub thread: ThreadId,
    /// Whose.
    pub side: Side,
    /// Text.
    pub text: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: ChronoDateTimeUtc,
}

#[derive(FromQueryResult)]
struct Listed {
    #[sea_orm(nested)]
    thread: thread::Model,
    reference: String,
    product_name: String,
    organisation_name: String,
}

impl Listed {
    fn row(self) -> Result<ThreadRow, Error> {
        Ok(ThreadRow {
            thread: thread(self.thread)?,
            reference: self.reference,
            product: self.product_name,
            organisation: self.organisation_name,
        })
    }
}

fn join_product() -> RelationDef {
    thread::Entity::belongs_to(product::Entity).from(thread::Column::ProductId).to(product::Column::Id).into()
}

impl Visible<'_> {
    fn threads_of(&self, filter: &ThreadFilter) -> Select<thread::Entity> {
        let mut select = thread::Entity::find();
        if let Some(product) = filter.product {
            select = select.filter(thread::Column::ProductId.eq(product.0));
        }
        if let Some(state) = filter.state {
            select = select.filter(thread::Column::State.eq(state.word()));
        }
        if self.actor.sees_all() {
            return match apart(self.actor, thread::Column::ProductId) {
                Some(only) => select.filter(only),
                None => select,
            };
        }
        let own = self.actor.memberships().keys().map(|id| id.0);
        select
            .filter(thread::Column::ProductId.in_subquery(super::queue::products_where(product::Column::OrganisationId.is_in(own))))
    }

    /// How many threads a filter lets through: the length of the list behind the number.
    pub async fn thread_count(&self, filter: &ThreadFilter) -> Result<u64, Error> {
        Ok(self.threads_of(filter).count(self.read()).await?)
    }

    /// How many threads wait for the team, and by when the first is answered; one statement.
    pub async fn waiting_messages(&self) -> Result<(u64, Option<NaiveDate>), Error> {
        let waiting = ThreadFilter { state: Some(ThreadState::WithTeam), ..ThreadFilter::default() };
        let select = self
            .threads_of(&waiting)
            .select_only()
            .column_as(thread::Column::Id.count(), "number")
            .column_as(thread::Column::ReplyBy.min(), "first_due");
        let found: Option<(i64, Option<NaiveDate>)> = select.into_tuple().one(self.read()).await?;
        Ok(found.map_or((0, None), |(number, first)| (u64::try_from(number).unwrap_or_default(), first)))
    }

    /// A page of threads; two statements. What waits for the team comes in the order of its dates, by the index on state
    /// and date; everything else by the last message, the newest first, by the index on its time, of a product by the
    /// index on product and time.
    pub async fn threads(&self, filter: &ThreadFilter) -> Result<Page<ThreadRow>, Error> {
        let (total, number) = (self.thread_count(filter).await?, at_least_one(filter.page));
        let select = self.threads_of(filter);
        let select = if filter.state == Some(ThreadState::WithTeam) {
            select.order_by_asc(thread::Column::ReplyBy).order_by_asc(thread::Column::Id)
        } else {
            select.order_by_desc(thread::Column::LastAt).order_by_desc(thread::Column::Id)
        };
        let rows: Vec<Listed> = select
            .join(JoinType::InnerJoin, join_product())
            .join(JoinType::InnerJoin, join_organisation())
            .column_as(product::Column::Reference, "reference")
            .column_as(product::Column::Name, "product_name")
            .column_as(organisation::Column::Name, "organisation_name")
            .offset((number - 1) * PAGE)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        Ok(Page { rows: rows.into_iter().map(Listed::row).collect::<Result<_, _>>()?, total, number })
    }

    /// A page of the messages of a thread of a product that the actor sees, the oldest first; page 0 is the last page.
    pub async fn messages(&self, of: ThreadId, page: u64) -> Result<Page<Written>, Error> {
        let select = message::Entity::find().filter(message::Column::ThreadId.eq(of.0));
        let total = select.clone().count(self.read()).await?;
        let number = if page == 0 { total.div_ceil(PAGE).max(1) } else { at_least_one(page) };
        let select = select.order_by_asc(message::Column::At).order_by_asc(message::Column::Id);
        let rows = select.offset((number - 1) * PAGE).limit(PAGE).all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(written).collect::<Result<_, _>>()?, total, number })
    }

    /// The messages of all threads of a product, the oldest first, for its record.
    pub async fn all_messages(&self, product: &Product) -> Result<Vec<Written>, Error> {
        let threads = product.threads.iter().map(|t| t.id.0);
        let select = message::Entity::find().filter(message::Column::ThreadId.is_in(threads));
        let rows = select.order_by_asc(message::Column::At).order_by_asc(message::Column::Id).limit(MOST).all(self.read()).await?;
        rows.into_iter().map(written).collect()
    }
}

fn written(row: message::Model) -> Result<Written, Error> {
    Ok(Written {
        id: MessageId(row.id),
        thread: ThreadId(row.thread_id),
        side: known(&row.side, Side::from_word(&row.side))?,
        text: row.body,
        by: PersonId(row.by_id),
        at: row.at,
    })
}
