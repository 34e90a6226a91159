//! Forecasts of products in progress: which are to be made, from what, and the rows that pages read.
//!
//! The worker makes them (decision 17). A row holds as long as its product has the same version and the day is the same;
//! it is taken away in the transaction in which a product stops being in progress.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{Json, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, Select,
};
use serde::{Deserialize, Serialize};

use super::row::{count, known, stored};
use super::schema::forecast::Column as C;
use super::schema::{event, forecast, forecast_week, leave, passage, product, slot};
use super::{Db, Write, load};
use crate::domain::calendar::{Pause, london_date};
use crate::domain::catalogue::Section;
use crate::domain::event::EventKind;
use crate::domain::forecast::{Basis, Driver, Forecast, Happened, Likely, Past, Shown};
use crate::domain::passage::{End, Party};
use crate::domain::product::Product;
use crate::domain::section::ProductState;
use crate::domain::slot::{Leave, Slot};
use crate::domain::waits::{Topic, What};
use crate::domain::words::{LeaveId, PersonId, ProductId, SlotId};
use crate::error::Error;

/// Products that are forecast together.
pub const TOGETHER: u64 = 25;
/// The most finished products of a kind that forecasts learn from: the latest.
const LATEST: u64 = 200;

/// A product whose forecast is to be made.
#[derive(Clone, Debug)]
pub struct Unmade {
    /// The product.
    pub product: Product,
    /// What happened to it, oldest first.
    pub events: Vec<Happened>,
}

/// A forecast as it is kept.
#[derive(Clone, Debug)]
pub struct Made {
    /// Of which product.
    pub product: ProductId,
    /// The version that it was made of.
    pub version: i64,
    /// Whether the product moves from CIS1.
    pub is_move: bool,
    /// The passage that it is in.
    pub passage: u32,
    /// The week of its passage, from 1.
    pub week: u32,
    /// Whether it is likely to take longer than 12 weeks: the day of 5 in 10 lies beyond.
    pub is_long: bool,
    /// The forecast.
    pub forecast: Forecast,
}

/// What a driver is as a row keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    topic: Topic,
    section: Option<Section>,
    is_open: bool,
    saves: u32,
}

/// The passages that are under way and whose clock runs.
fn running() -> Condition {
    Condition::all().add(passage::Column::Ended.is_null()).add(passage::Column::Party.ne(Party::OnHold.word()))
}

fn join_passage() -> RelationDef {
    product::Entity::belongs_to(passage::Entity).from(product::Column::Id).to(passage::Column::ProductId).into()
}

fn join_forecast() -> RelationDef {
    product::Entity::belongs_to(forecast::Entity).from(product::Column::Id).to(forecast::Column::ProductId).into()
}

/// Products in progress without a forecast of this day and of their present version, by the index on running clocks.
fn unmade(today: NaiveDate, after: Uuid) -> Select<product::Entity> {
    let same_version = Expr::col((forecast::Entity, C::Version)).equals((product::Entity, product::Column::Version));
    let is_made = C::MadeOn.eq(today).and(same_version);
    product::Entity::find()
        .join(JoinType::InnerJoin, join_passage())
        .join(JoinType::LeftJoin, join_forecast())
        .filter(running())
        .filter(product::Column::State.eq(ProductState::Active.word()))
        .filter(product::Column::Id.gt(after))
        .filter(C::ProductId.is_null().or(is_made.not()))
        .order_by_asc(product::Column::Id)
        .limit(TOGETHER)
}

/// What an event says of the way.
#[derive(FromQueryResult)]
struct Line {
    product_id: Uuid,
    at: DateTime<Utc>,
    kind: String,
    posture: Json,
}

/// What happened to some products, oldest first; one statement, by the index on product and moment.
async fn happened(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Happened>>, Error> {
    let rows: Vec<Line> = event::Entity::find()
        .select_only()
        .columns([event::Column::ProductId, event::Column::At, event::Column::Kind, event::Column::Posture])
        .filter(event::Column::ProductId.is_in(ids.iter().copied()))
        .filter(event::Column::Posture.is_not_null())
        .order_by_asc(event::Column::At)
        .order_by_asc(event::Column::Id)
        .into_model()
        .all(db)
        .await?;
    let mut found: BTreeMap<Uuid, Vec<Happened>> = BTreeMap::new();
    for line in rows {
        let posture = serde_json::from_value(line.posture).context("what an event says of the clocks")?;
        let kind = known(&line.kind, EventKind::from_word(&line.kind))?;
        found.entry(line.product_id).or_default().push(Happened { on: london_date(line.at), kind, posture });
    }
    Ok(found)
}

impl Db {
    /// The next products whose forecasts are to be made, after one in the order of their identifiers; twelve statements,
    /// whatever their number, at most [`TOGETHER`].
    pub async fn unmade_forecasts(&self, today: NaiveDate, after: ProductId) -> Result<Vec<Unmade>, Error> {
        let rows = unmade(today, after.0).all(&self.read).await?;
        let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let products = load::wholes(&self.read, rows).await?;
        let mut events = happened(&self.read, &ids).await?;
        let with_events = |product: Product| {
            let events = events.remove(&product.id.0).unwrap_or_default();
            Unmade { product, events }
        };
        Ok(products.into_iter().map(with_events).collect())
    }

    /// The latest products of a kind that were assured before a day, and the first days of all of the kind that began
    /// before it; four statements. What they say of a day does not change during it.
    pub async fn finished_before(&self, day: NaiveDate, is_move: bool) -> Result<(Vec<Past>, Vec<NaiveDate>), Error> {
        use passage::Column as P;
        let of_kind = || passage::Entity::find().filter(P::Number.eq(1)).filter(P::IsMove.eq(is_move));
        let ended = of_kind()
            .filter(P::Ended.eq(End::Assured.word()))
            .filter(P::EndedOn.lt(day))
            .order_by_desc(P::EndedOn)
            .order_by_desc(P::ProductId)
            .limit(LATEST)
            .all(&self.read)
            .await?;
        let ids: Vec<Uuid> = ended.iter().map(|p| p.product_id).collect();
        let pauses: Vec<(Uuid, Json)> = product::Entity::find()
            .select_only()
            .columns([product::Column::Id, product::Column::Pauses])
            .filter(product::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(&self.read)
            .await?;
        let mut pauses: BTreeMap<Uuid, Json> = pauses.into_iter().collect();
        let mut events = happened(&self.read, &ids).await?;
        let started: Vec<(NaiveDate, i64)> = of_kind()
            .select_only()
            .column(P::StartedOn)
            .column_as(P::ProductId.count(), "number")
            .filter(P::StartedOn.lt(day))
            .group_by(P::StartedOn)
            .into_tuple()
            .all(&self.read)
            .await?;
        let past = ended.into_iter().map(|p| {
            let pauses: Vec<(NaiveDate, Option<NaiveDate>)> =
                serde_json::from_value(pauses.remove(&p.product_id).unwrap_or_default()).context("pauses")?;
            Ok(Past {
                started: p.started_on,
                finished: p.counted_to,
                pauses: pauses.into_iter().map(|(from, until)| Pause { from, until }).collect(),
                events: events.remove(&p.product_id).unwrap_or_default(),
            })
        });
        let times = |number: i64| usize::try_from(number).unwrap_or_default();
        let started = started.into_iter().flat_map(|(on, number)| std::iter::repeat_n(on, times(number)));
        Ok((past.collect::<Result<_, Error>>()?, started.collect()))
    }

    /// Every date of a test from a moment on, taken or not, and all leave that is not over; two statements. Names are left out.
    pub async fn dates_ahead(&self, now: DateTime<Utc>) -> Result<(Vec<Slot>, Vec<Leave>), Error> {
        let slots = slot::Entity::find().filter(slot::Column::StartsAt.gte(now)).order_by_asc(slot::Column::StartsAt);
        let slots = slots.all(&self.read).await?.into_iter().map(|s| Slot {
            id: SlotId(s.id),
            starts_at: s.starts_at,
            assessor: s.assessor_id.map(|id| (PersonId(id), String::new())),
            taken: s.product_id.is_some(),
        });
        let leave = leave::Entity::find().filter(leave::Column::LastDay.gte(london_date(now))).all(&self.read).await?;
        let leave = leave.into_iter().map(|l| Leave {
            id: LeaveId(l.id),
            person: PersonId(l.person_id),
            from: l.first_day,
            until: l.last_day,
        });
        Ok((slots.collect(), leave.collect()))
    }

    /// Keeps forecasts, each unless its product changed meanwhile; and the first of a week for good. Returns how many.
    pub async fn keep_forecasts(&self, made: &[Made], today: NaiveDate) -> Result<usize, Error> {
        use forecast_week::Column as W;
        let write = self.begin().await?;
        let ids = made.iter().map(|m| m.product.0);
        let versions: Vec<(Uuid, i64)> = product::Entity::find()
            .select_only()
            .columns([product::Column::Id, product::Column::Version])
            .filter(product::Column::Id.is_in(ids))
            .order_by_asc(product::Column::Id)
            .lock_exclusive()
            .into_tuple()
            .all(&write.0)
            .await?;
        let versions: BTreeMap<Uuid, i64> = versions.into_iter().collect();
        let kept: Vec<&Made> = made.iter().filter(|m| versions.get(&m.product.0) == Some(&m.version)).collect();
        if kept.is_empty() {
            return Ok(0);
        }
        let rows = kept.iter().map(|m| present(m, today)).collect::<Result<Vec<_>, Error>>()?;
        let renewed = OnConflict::column(C::ProductId)
            .update_columns([C::Version, C::MadeOn, C::IsMove, C::Early, C::Middle, C::Late])
            .update_columns([C::IsLong, C::Basis, C::Finished, C::Drivers])
            .to_owned();
        forecast::Entity::insert_many(rows).on_conflict(renewed).exec_without_returning(&write.0).await?;
        let weeks = kept.iter().map(|m| forecast_week::ActiveModel {
            product_id: Set(m.product.0),
            passage: Set(stored(m.passage)),
            week: Set(stored(m.week)),
            made_on: Set(today),
            middle: Set(m.forecast.five_in_ten),
            late: Set(m.forecast.nine_in_ten),
        });
        let first = OnConflict::columns([W::ProductId, W::Passage, W::Week]).do_nothing().to_owned();
        forecast_week::Entity::insert_many(weeks).on_conflict(first).exec_without_returning(&write.0).await?;
        write.commit().await?;
        Ok(kept.len())
    }
}

fn present(made: &Made, today: NaiveDate) -> Result<forecast::ActiveModel, Error> {
    let (basis, finished) = match made.forecast.basis {
        Basis::Published => ("published", 0),
        Basis::Blend { finished } => ("blend", finished),
        Basis::Finished { finished } => ("finished", finished),
    };
    let drivers = made.forecast.drivers.iter().map(|d| Kept {
        topic: d.what.topic(),
        section: d.what.section(),
        is_open: d.is_open,
        saves: d.saves,
    });
    Ok(forecast::ActiveModel {
        product_id: Set(made.product.0),
        version: Set(made.version),
        made_on: Set(today),
        is_move: Set(made.is_move),
        early: Set(made.forecast.one_in_ten),
        middle: Set(made.forecast.five_in_ten),
        late: Set(made.forecast.nine_in_ten),
        is_long: Set(made.is_long),
        basis: Set(basis.to_owned()),
        finished: Set(stored(finished)),
        drivers: Set(serde_json::to_value(drivers.collect::<Vec<_>>())?),
    })
}

/// The forecast of a row.
pub(super) fn read(row: forecast::Model) -> Result<Forecast, Error> {
    let finished = count(row.finished);
    let basis = match row.basis.as_str() {
        "published" => Some(Basis::Published),
        "blend" => Some(Basis::Blend { finished }),
        "finished" => Some(Basis::Finished { finished }),
        _ => None,
    };
    let kept: Vec<Kept> = serde_json::from_value(row.drivers).context("what moves a forecast")?;
    let driver = |k: Kept| Some(Driver { what: What::of(k.topic, k.section)?, is_open: k.is_open, saves: k.saves });
    Ok(Forecast {
        one_in_ten: row.early,
        five_in_ten: row.middle,
        nine_in_ten: row.late,
        drivers: kept.into_iter().filter_map(driver).collect(),
        basis: known(&row.basis, basis)?,
    })
}

/// Takes the forecast of a product away that is no longer in progress.
pub(super) async fn forget(write: &Write, id: ProductId) -> Result<(), Error> {
    forecast::Entity::delete_by_id(id.0).exec(&write.0).await?;
    Ok(())
}

/// The ranges that were shown of the present passage of a product, oldest first, the present one last; none without a
/// forecast. Two statements.
pub(super) async fn shown(write: &Write, product: &Product) -> Result<Vec<Shown>, Error> {
    let Some(present) = forecast::Entity::find_by_id(product.id.0).one(&write.0).await? else { return Ok(Vec::new()) };
    let weeks = forecast_week::Entity::find()
        .filter(forecast_week::Column::ProductId.eq(product.id.0))
        .filter(forecast_week::Column::Passage.eq(product.passage.map_or(0, |p| stored(p.number))))
        .order_by_asc(forecast_week::Column::Week)
        .all(&write.0)
        .await?;
    let mut shown: Vec<Shown> =
        weeks.into_iter().map(|w| Shown { on: w.made_on, likely: Likely { from: w.middle, until: w.late } }).collect();
    shown.push(Shown { on: present.made_on, likely: Likely { from: present.middle, until: present.late } });
    Ok(shown)
}
