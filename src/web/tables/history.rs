//! The history of a product.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use uuid::Uuid;

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Column, Table, column, export};
use super::super::history::{HistoryQuery, event_title};
use super::plain;
use crate::domain::product::Product;
use crate::error::Error;
use crate::store::history::HistoryFilter;
use crate::store::register::Place;

struct History {
    me: SignedIn,
    product: Product,
    filter: HistoryFilter,
}

impl Table for History {
    type Key = Place<Uuid>;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("at", "When", 18),
            column("by", "Who", 24),
            column("what", "What", 48),
            column("topic", "About", 16),
            column("section", "Section", 28),
            column("reason", "Reason", 40),
            column("reply-by", "Reply by", 12),
        ]
    }

    async fn batch(&self, before: Option<Place<Uuid>>) -> Result<Batch<Place<Uuid>>, Error> {
        let catalogue = self.me.app.rules.catalogue(self.product.question_set)?;
        let read = self.me.visible().history_before(&self.product, &self.filter, before).await?;
        Ok(Batch::of(read, |event| {
            let section = event.section.and_then(|s| catalogue.section(s));
            vec![
                event.at.into(),
                event.by.clone().into(),
                event_title(catalogue, event).into(),
                event.kind.topic().label().into(),
                section.map(|s| plain(&s.short)).into(),
                event.detail.reason.clone().into(),
                event.detail.reply_by.into(),
            ]
        }))
    }
}

/// The history of a product that the filters of its page choose. A date that is none chooses nothing there either.
pub async fn history(me: SignedIn, path: Path<(String, String)>, query: Query<HistoryQuery>) -> Result<HttpResponse, Error> {
    let (reference, suffix) = path.into_inner();
    let format = super::Format::of(&suffix)?;
    let product = me.visible().product(&reference).await?;
    let (filter, problems) = query.filter();
    if let Some((_, sentence)) = problems.0.first() {
        return Err(Error::Bad(sentence.clone()));
    }
    let name = format!("history-{}", product.reference.to_lowercase());
    export(History { me, product, filter }, (&name, format)).await
}
