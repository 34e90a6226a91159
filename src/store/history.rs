//! History: what happened to a product, read from its events.

use sea_orm::prelude::ChronoDateTimeUtc;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::row::known;
use super::schema::event;
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::catalogue::Section;
use crate::domain::event::{Detail, EventKind};
use crate::domain::product::Product;
use crate::error::Error;

impl Visible<'_> {
    /// A page of a product's history, newest first. Private events are left out for suppliers.
    pub async fn history(&self, product: &Product, page: u64) -> Result<Page<Happened>, Error> {
        let mut select = event::Entity::find().filter(event::Column::ProductId.eq(product.id.0));
        if !self.actor.sees_all() {
            let private = EventKind::ALL.iter().filter(|k| k.is_private()).map(|k| k.word());
            select = select.filter(event::Column::Kind.is_not_in(private));
        }
        let total = select.clone().count(self.read()).await?;
        let number = at_least_one(page);
        let select = select.order_by_desc(event::Column::At).order_by_desc(event::Column::Id);
        let rows = select.offset((number - 1) * PAGE).limit(PAGE).all(self.read()).await?;
        let rows = rows.into_iter().map(happened).collect::<Result<_, _>>()?;
        Ok(Page { rows, total, number })
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
