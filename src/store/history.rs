//! History: what happened to a product, read from its events.

use sea_orm::prelude::ChronoDateTimeUtc;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::batch::{BATCH, Batch};
use super::register::{Place, before};
use super::row::known;
use super::schema::event;
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::catalogue::Section;
use crate::domain::event::{Detail, EventKind};
use crate::domain::event_topic::EventTopic;
use crate::domain::product::Product;
use crate::domain::words::ProductId;
use crate::error::Error;

/// Most names that the history can be filtered by.
const NAMES: u64 = 200;

/// Which part of a product's history.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    /// Events of one topic only.
    pub topic: Option<EventTopic>,
    /// By one person only, by the name that the events carry.
    pub by: String,
    /// About one section only.
    pub section: Option<Section>,
    /// From a moment on.
    pub from: Option<ChronoDateTimeUtc>,
    /// Before a moment.
    pub until: Option<ChronoDateTimeUtc>,
}

impl Visible<'_> {
    /// A page of all of a product's history, as [`Visible::history_of`].
    pub async fn history(&self, product: &Product, page: u64) -> Result<Page<Happened>, Error> {
        self.history_of(product, &HistoryFilter::default(), page).await
    }

    /// A page of what a filter chooses of a product's history, newest first, by the index on product and moment. Private
    /// events are left out for suppliers.
    pub async fn history_of(&self, product: &Product, filter: &HistoryFilter, page: u64) -> Result<Page<Happened>, Error> {
        let select = self.events(product.id, filter);
        let total = select.clone().count(self.read()).await?;
        let number = at_least_one(page);
        let select = select.order_by_desc(event::Column::At).order_by_desc(event::Column::Id);
        let rows = select.offset((number - 1) * PAGE).limit(PAGE).all(self.read()).await?;
        let rows = rows.into_iter().map(happened).collect::<Result<_, _>>()?;
        Ok(Page { rows, total, number })
    }

    /// All of a product's history that a filter chooses, newest first, a batch at a time.
    pub async fn history_before(
        &self,
        product: &Product,
        filter: &HistoryFilter,
        place: Option<Place<Uuid>>,
    ) -> Result<Batch<Happened, Place<Uuid>>, Error> {
        let mut select = self.events(product.id, filter);
        if let Some(place) = place {
            select = select.filter(before(place, (event::Column::At, event::Column::Id)));
        }
        let select = select.order_by_desc(event::Column::At).order_by_desc(event::Column::Id).limit(BATCH);
        let rows = select.all(self.read()).await?;
        let last = rows.last().map(|r| (r.at, r.id));
        Ok(Batch::new(rows.into_iter().map(happened).collect::<Result<_, _>>()?, last))
    }

    /// The names of those who did something to a product that the actor may read of.
    pub async fn history_names(&self, product: &Product) -> Result<Vec<String>, Error> {
        let select = self.events(product.id, &HistoryFilter::default()).select_only().column(event::Column::ByName).distinct();
        Ok(select.order_by_asc(event::Column::ByName).limit(NAMES).into_tuple().all(self.read()).await?)
    }

    /// The events of a product that the actor may read and a filter chooses.
    fn events(&self, product: ProductId, filter: &HistoryFilter) -> Select<event::Entity> {
        let chosen = |kind: &&EventKind| {
            (self.actor.sees_all() || !kind.is_private()) && filter.topic.is_none_or(|topic| kind.topic() == topic)
        };
        let mut select = event::Entity::find().filter(event::Column::ProductId.eq(product.0));
        if !self.actor.sees_all() || filter.topic.is_some() {
            select = select.filter(event::Column::Kind.is_in(EventKind::ALL.iter().filter(chosen).map(|k| k.word())));
        }
        if !filter.by.is_empty() {
            select = select.filter(event::Column::ByName.eq(&filter.by));
        }
        if let Some(section) = filter.section {
            select = select.filter(event::Column::Section.eq(section.word()));
        }
        if let Some(from) = filter.from {
            select = select.filter(event::Column::At.gte(from));
        }
        if let Some(until) = filter.until {
            select = select.filter(event::Column::At.lt(until));
        }
        select
    }
}

/// One event.
#[derive(Clone, Debug)]
pub struct Happened {
    /// What.
    pub kind: EventKind,
    /// Section, if it is about one.
    pub section: Option<Section>,
    /// Question key, if it is about one.
    pub question: Option<String>,
    /// More.
    pub detail: Detail,
    /// Who.
    pub by: String,
    /// When.
    pub at: ChronoDateTimeUtc,
}

fn happened(row: event::Model) -> Result<Happened, Error> {
    Ok(Happened {
        kind: known(&row.kind, EventKind::from_word(&row.kind))?,
        section: row.section.as_deref().and_then(Section::from_word),
        question: row.question,
        detail: serde_json::from_value(row.detail)?,
        by: row.by_name,
        at: row.at,
    })
}
