//! Reads of forecasts: of one product, of the products of a list, of all by month, and how good earlier ones were.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::forecast::read;
use super::interest::apart;
use super::schema::forecast::Column as C;
use super::schema::{forecast, passage};
use super::tally::positive;
use super::visible::{PAGE, Visible, at_least_one};
use crate::domain::actor::Actor;
use crate::domain::forecast::{Coming, Forecast, Likely};
use crate::domain::passage::Party;
use crate::domain::product::Product;
use crate::error::Error;

/// What a list says of a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The range.
    pub likely: Likely,
    /// Whether it is likely to take longer than 12 weeks: the day of 5 in 10 lies beyond.
    pub is_long: bool,
}

/// How far a product under way has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Underway {
    clock_from: NaiveDate,
    /// Since when the clock stands still, if it does.
    held_on: Option<NaiveDate>,
    /// When it is likely to finish, if that is forecast and its clock runs.
    pub likely: Option<Likely>,
}

impl Underway {
    /// Days since it was started, those on hold left out.
    #[must_use]
    pub fn days(&self, today: NaiveDate) -> u32 {
        u32::try_from((self.held_on.unwrap_or(today) - self.clock_from).num_days()).unwrap_or_default()
    }

    fn new(row: &passage::Model, expected: Option<&Expected>) -> Self {
        let is_held = row.party.as_deref() == Some(Party::OnHold.word());
        let likely = expected.map(|e| e.likely).filter(|_| !is_held);
        Self { clock_from: row.clock_from, held_on: is_held.then_some(row.counted_to), likely }
    }
}

/// Which forecasts are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ForecastFilter {
    /// Only moves from CIS1, or only new connections.
    pub is_move: Option<bool>,
    /// Only those that are likely to take longer than 12 weeks.
    pub is_long: bool,
    /// Page, from 1.
    pub page: u64,
}

/// A product with its forecast.
#[derive(Clone, Debug)]
pub struct ForecastRow {
    /// `C2A-1042`.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Whose it is.
    pub organisation: String,
    /// Whether it moves from CIS1.
    pub is_move: bool,
    /// Whether it is likely to take longer than 12 weeks.
    pub is_long: bool,
    /// The forecast.
    pub forecast: Forecast,
}

fn expected(row: &forecast::Model) -> Expected {
    Expected { likely: Likely { from: row.middle, until: row.late }, is_long: row.is_long }
}

/// The forecasts that a filter lets through and that the actor may see.
fn listed(actor: &Actor, filter: &ForecastFilter) -> Select<forecast::Entity> {
    let mut select = forecast::Entity::find();
    if let Some(only) = apart(actor, C::ProductId) {
        select = select.filter(only);
    }
    if let Some(is_move) = filter.is_move {
        select = select.filter(C::IsMove.eq(is_move));
    }
    if filter.is_long { select.filter(C::IsLong.eq(true)) } else { select }
}

impl Visible<'_> {
    /// The forecast of a product and the day on which it was made, for whoever sees the product; one statement.
    pub async fn forecast(&self, product: &Product) -> Result<Option<(NaiveDate, Forecast)>, Error> {
        let row = forecast::Entity::find_by_id(product.id.0).one(self.read()).await?;
        row.map(|row| Ok((row.made_on, read(row)?))).transpose()
    }

    /// What is expected of some products; one statement.
    pub(super) async fn expected(&self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Expected>, Error> {
        let rows = forecast::Entity::find().filter(C::ProductId.is_in(ids.iter().copied())).all(self.read()).await?;
        Ok(rows.iter().map(|row| (row.product_id, expected(row))).collect())
    }

    /// How far some products have come, of those that are under way; two statements, by the key of passages.
    pub(super) async fn underway(&self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Underway>, Error> {
        let of_these = passage::Entity::find().filter(passage::Column::ProductId.is_in(ids.iter().copied()));
        let rows = of_these.filter(passage::Column::Ended.is_null()).all(self.read()).await?;
        let expected = self.expected(ids).await?;
        Ok(rows.iter().map(|row| (row.product_id, Underway::new(row, expected.get(&row.product_id)))).collect())
    }

    /// A page of forecasts, the next to finish first; two statements, by the index on the day of 5 in 10. How many there
    /// are [`Visible::coming`] says.
    pub async fn forecasts(&self, filter: &ForecastFilter) -> Result<Vec<ForecastRow>, Error> {
        self.of_the_team()?;
        let rows = listed(self.actor, filter)
            .order_by_asc(C::Middle)
            .order_by_asc(C::ProductId)
            .offset((at_least_one(filter.page) - 1) * PAGE)
            .limit(PAGE)
            .all(self.read())
            .await?;
        let mut named = self.named(&rows.iter().map(|r| r.product_id).collect::<Vec<_>>()).await?;
        let row = |row: forecast::Model| {
            let product = named.remove(&row.product_id)?;
            let (is_move, is_long) = (row.is_move, row.is_long);
            Some(read(row).map(|forecast| ForecastRow {
                reference: product.reference,
                name: product.name,
                organisation: product.organisation_name,
                is_move,
                is_long,
                forecast,
            }))
        };
        rows.into_iter().filter_map(row).collect()
    }

    /// On which days the products of a filter finish, with chances of 1, 5 and 9 in 10; three statements.
    pub async fn coming(&self, filter: &ForecastFilter) -> Result<Coming, Error> {
        self.of_the_team()?;
        let mut coming = Coming::default();
        for (column, days) in [(C::Early, &mut coming.early), (C::Middle, &mut coming.middle), (C::Late, &mut coming.late)] {
            let rows: Vec<(NaiveDate, i64)> = listed(self.actor, filter)
                .select_only()
                .column(column)
                .column_as(C::ProductId.count(), "number")
                .group_by(column)
                .into_tuple()
                .all(self.read())
                .await?;
            days.extend(rows.into_iter().map(|(on, number)| (on, positive(number))));
        }
        Ok(coming)
    }
}
