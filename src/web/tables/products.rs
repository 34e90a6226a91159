//! Products, and the certificates that were issued for them.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Cell, Column, Table, column, export};
use super::super::products::ListQuery;
use super::{Suffix, plain};
use crate::domain::calendar::london_date;
use crate::domain::words::ProductId;
use crate::error::Error;
use crate::store::listed::{ProductFilter, ProductRow};

struct Products {
    me: SignedIn,
    filter: ProductFilter,
}

impl Table for Products {
    type Key = ProductId;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
            column("state", "State", 12),
            column("turn", "Whose turn", 16),
            column("waits-for", "Waits for", 24),
            column("by", "By", 12),
            column("sections-accepted", "Sections accepted", 18),
            column("started", "Started", 12),
            column("live-on", "Live on", 12),
        ]
    }

    async fn batch(&self, after: Option<ProductId>) -> Result<Batch<ProductId>, Error> {
        Ok(Batch::of(self.me.visible().products_after(&self.filter, after).await?, product))
    }
}

fn product(row: &ProductRow) -> Vec<Cell> {
    let topic = row.waits_for.map(|topic| plain(topic.word()));
    vec![
        row.reference.clone().into(),
        row.name.clone().into(),
        row.organisation.clone().into(),
        plain(row.state.word()).into(),
        plain(row.turn.word()).into(),
        topic.into(),
        row.turn_by.into(),
        row.accepted().into(),
        london_date(row.added_at).into(),
        row.live_on.into(),
    ]
}

/// The products that the person may see, with the filters of the list.
pub async fn products(me: SignedIn, suffix: Path<Suffix>, query: Query<ListQuery>) -> Result<HttpResponse, Error> {
    let (format, filter) = (suffix.format()?, query.filter());
    export(Products { me, filter }, ("products", format)).await
}

struct Certificates {
    me: SignedIn,
}

impl Table for Certificates {
    type Key = String;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("number", "Number", 26),
            column("state", "State", 12),
            column("issued-on", "Issued on", 12),
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
        ]
    }

    async fn batch(&self, after: Option<String>) -> Result<Batch<String>, Error> {
        let read = self.me.visible().certificates_after(after).await?;
        Ok(Batch::of(read, |c| {
            vec![
                c.number.clone().into(),
                plain(c.state.word()).into(),
                london_date(c.prepared_at).into(),
                c.reference.clone().into(),
                c.product.clone().into(),
                c.organisation.clone().into(),
            ]
        }))
    }
}

/// The certificates that were issued for the products that the person may see.
pub async fn certificates(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(Certificates { me }, ("certificates", format)).await
}
