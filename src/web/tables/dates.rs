//! Demonstrations, and the dates that are published for them.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::ctx::SignedIn;
use super::super::dates::{DatesQuery, beginning, must_plan, which};
use super::super::export::{Batch, Cell, Column, Table, column, export};
use super::{Suffix, plain};
use crate::domain::demonstration::checks::Check;
use crate::error::Error;
use crate::store::register::Place;
use crate::store::slot::{ListedDemonstration, When};

struct Demonstrations {
    me: SignedIn,
    which: (DateTime<Utc>, When),
}

impl Table for Demonstrations {
    type Key = Place<String>;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("starts-at", "Starts", 18),
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
            column("held-by", "Held by", 24),
            column("state", "State", 16),
            column("details-missing", "Details missing", 16),
            column("details-by", "Details by", 12),
            column("checks-recorded", "Checks recorded", 16),
            column("checks-missing", "Checks missing", 16),
            column("checks-by", "Checks by", 12),
        ]
    }

    async fn batch(&self, after: Option<Place<String>>) -> Result<Batch<Place<String>>, Error> {
        Ok(Batch::of(self.me.visible().demonstrations_after(self.which, after).await?, demonstration))
    }
}

fn demonstration(listed: &ListedDemonstration) -> Vec<Cell> {
    let (test, date) = (&listed.test, listed.test.date.as_ref());
    let recorded = test.checks.len();
    vec![
        date.map(|d| d.starts_at).into(),
        listed.reference.clone().into(),
        listed.product.clone().into(),
        listed.organisation.clone().into(),
        date.and_then(|d| d.assessor.as_ref()).map(|a| a.name.clone()).into(),
        test.state.tag().0.into(),
        test.lacks.into(),
        date.map(|d| d.facts_by).into(),
        recorded.into(),
        Check::ALL.len().saturating_sub(recorded).into(),
        date.map(|d| d.checks_by).into(),
    ]
}

/// Demonstrations: those to come, today's or past ones, as the list shows them.
pub async fn demonstrations(me: SignedIn, suffix: Path<Suffix>, query: Query<DatesQuery>) -> Result<HttpResponse, Error> {
    must_plan(&me)?;
    let which = (beginning(me.today()), which(&me, &query));
    export(Demonstrations { me, which }, ("demonstrations", suffix.format()?)).await
}

struct Slots {
    me: SignedIn,
}

impl Table for Slots {
    type Key = Place<Uuid>;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("starts-at", "Starts", 18),
            column("held-by", "Held by", 24),
            column("state", "State", 12),
            column("reference", "Reference", 12),
            column("product", "Product", 32),
        ]
    }

    async fn batch(&self, after: Option<Place<Uuid>>) -> Result<Batch<Place<Uuid>>, Error> {
        let read = self.me.visible().slots_after(self.me.now, after).await?;
        Ok(Batch::of(read, |date| {
            let (reference, product) = date.product.clone().unzip();
            vec![
                date.slot.starts_at.into(),
                date.slot.assessor.as_ref().map(|(_, name)| name.clone()).into(),
                plain(if date.slot.taken { "booked" } else { "free" }).into(),
                reference.into(),
                product.into(),
            ]
        }))
    }
}

/// Dates from today on, free or booked.
pub async fn slots(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(Slots { me }, ("dates", format)).await
}
