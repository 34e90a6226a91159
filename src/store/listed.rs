//! The list of products: those that an actor may see, whose turn it is, and what each waits for.

use std::collections::BTreeMap;

use sea_orm::prelude::{ChronoDate, ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::batch::{BATCH, Batch};
use super::likely::Underway;
use super::row::known;
use super::schema::{organisation, product, section};
use super::search::named;
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation, products};
use crate::domain::catalogue::Section;
use crate::domain::section::{ProductState, SectionState, Turn};
use crate::domain::waits::Topic;
use crate::domain::words::ProductId;
use crate::error::Error;

/// A product in a list.
#[derive(Clone, Debug)]
pub struct ProductRow {
    /// `C2A-1042`.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Whose it is.
    pub organisation: String,
    /// Active, on hold, withdrawn.
    pub state: ProductState,
    /// Whose turn.
    pub turn: Turn,
    /// By when, if promised.
    pub turn_by: Option<ChronoDate>,
    /// What comes first of all that is waited for; `None` when nothing is.
    pub waits_for: Option<Topic>,
    /// When it went live.
    pub live_on: Option<ChronoDate>,
    /// When it was added.
    pub added_at: ChronoDateTimeUtc,
    /// State of each section.
    pub sections: BTreeMap<Section, SectionState>,
    /// How far it has come, if it is under way and the list is one of a page.
    pub underway: Option<Underway>,
}

impl ProductRow {
    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/products/{}", self.reference.to_lowercase())
    }

    /// Whether all is accepted, certified and signed.
    #[must_use]
    pub fn is_assured(&self) -> bool {
        let is_live = self.live_on.is_some() && self.waits_for.is_none();
        self.state == ProductState::Active && (is_live || matches!(self.waits_for, Some(Topic::Production | Topic::GoLive)))
    }

    /// How many sections are accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.sections.values().filter(|s| **s == SectionState::Accepted).count()
    }
}

/// A list of products: what to look for, and which page.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter {
    /// Words, or beginnings of words, of the name, the reference or the organisation's name.
    pub words: String,
    /// Whose turn.
    pub turn: Option<Turn>,
    /// Page, from 1.
    pub page: u64,
}

#[derive(FromQueryResult)]
struct ListedProduct {
    id: Uuid,
    reference: String,
    name: String,
    organisation_name: String,
    state: String,
    turn: String,
    turn_by: Option<ChronoDate>,
    waits_for: String,
    live_on: Option<ChronoDate>,
    added_at: ChronoDateTimeUtc,
}

#[derive(FromQueryResult)]
struct TurnCount {
    turn: String,
    number: i64,
}

impl Visible<'_> {
    /// A page of products, those that wait for the actor's side first, and how many wait for whom.
    pub async fn products(&self, filter: &ProductFilter) -> Result<(Page<ProductRow>, BTreeMap<Turn, u64>), Error> {
        let mut select = products(self.actor).join(JoinType::InnerJoin, join_organisation());
        if let Some(named) = named(self.db, "product.id", &filter.words) {
            select = select.filter(named);
        }
        let by_turn = turns(self.read(), select.clone()).await?;
        if let Some(turn) = filter.turn {
            select = select.filter(product::Column::Turn.eq(turn.word()));
        }
        let total = match filter.turn {
            Some(turn) => by_turn.get(&turn).copied().unwrap_or_default(),
            None => by_turn.values().sum(),
        };
        let first = if self.actor.is_staff() { Turn::Team } else { Turn::Supplier };
        let order = Expr::case(Expr::col((product::Entity, product::Column::Turn)).eq(first.word()), 0)
            .case(Expr::col((product::Entity, product::Column::Turn)).eq(Turn::Nobody.word()), 2)
            .finally(1);
        let number = at_least_one(filter.page);
        let listed: Vec<ListedProduct> = columns(select)
            .order_by(SimpleExpr::Case(Box::new(order)), Order::Asc)
            .order_by(Expr::col((product::Entity, product::Column::TurnBy)).is_null(), Order::Asc)
            .order_by_asc(product::Column::TurnBy)
            .order_by_asc(product::Column::Reference)
            .offset((number - 1) * PAGE)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        let ids: Vec<Uuid> = listed.iter().map(|p| p.id).collect();
        let underway = self.underway(&ids).await?;
        let mut rows = rows(self.read(), listed).await?;
        for (row, id) in rows.iter_mut().zip(&ids) {
            row.underway = underway.get(id).copied();
        }
        Ok((Page { rows, total, number }, by_turn))
    }

    /// All products of a filter in the order in which they were added, a batch at a time, by the primary key.
    pub async fn products_after(
        &self,
        filter: &ProductFilter,
        after: Option<ProductId>,
    ) -> Result<Batch<ProductRow, ProductId>, Error> {
        let mut select = products(self.actor).join(JoinType::InnerJoin, join_organisation());
        if let Some(named) = named(self.db, "product.id", &filter.words) {
            select = select.filter(named);
        }
        if let Some(turn) = filter.turn {
            select = select.filter(product::Column::Turn.eq(turn.word()));
        }
        if let Some(after) = after {
            select = select.filter(product::Column::Id.gt(after.0));
        }
        let select = columns(select).order_by_asc(product::Column::Id).limit(BATCH);
        let listed: Vec<ListedProduct> = select.into_model().all(self.read()).await?;
        let last = listed.last().map(|p| ProductId(p.id));
        Ok(Batch::new(rows(self.read(), listed).await?, last))
    }
}

/// The columns of [`ListedProduct`].
fn columns(select: Select<product::Entity>) -> Select<product::Entity> {
    select
        .select_only()
        .columns([product::Column::Id, product::Column::Reference, product::Column::Name, product::Column::State])
        .columns([product::Column::Turn, product::Column::TurnBy, product::Column::AddedAt])
        .columns([product::Column::WaitsFor, product::Column::LiveOn])
        .column_as(organisation::Column::Name, "organisation_name")
}

async fn rows(db: &DatabaseConnection, listed: Vec<ListedProduct>) -> Result<Vec<ProductRow>, Error> {
    let mut states = section_states(db, listed.iter().map(|p| p.id).collect()).await?;
    let row = |p: ListedProduct| {
        Ok(ProductRow {
            sections: states.remove(&p.id).unwrap_or_default(),
            reference: p.reference,
            name: p.name,
            organisation: p.organisation_name,
            state: known(&p.state, ProductState::from_word(&p.state))?,
            turn: known(&p.turn, Turn::from_word(&p.turn))?,
            turn_by: p.turn_by,
            waits_for: Topic::from_word(&p.waits_for),
            live_on: p.live_on,
            added_at: p.added_at,
            underway: None,
        })
    };
    listed.into_iter().map(row).collect()
}

/// A comparison that finds words anywhere in a lower-cased column, with wild cards taken literally.
pub(super) fn has(column: SimpleExpr, words: &str) -> SimpleExpr {
    let escaped = words.replace('\0', "").to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    column.like(sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// How many products wait for whom.
async fn turns(db: &DatabaseConnection, select: Select<product::Entity>) -> Result<BTreeMap<Turn, u64>, Error> {
    let counts = select.select_only().column(product::Column::Turn).column_as(product::Column::Id.count(), "number");
    let counts: Vec<TurnCount> = counts.group_by(product::Column::Turn).into_model().all(db).await?;
    let mut by_turn = BTreeMap::new();
    for row in counts {
        let number = u64::try_from(row.number).unwrap_or_default();
        by_turn.insert(known(&row.turn, Turn::from_word(&row.turn))?, number);
    }
    Ok(by_turn)
}

async fn section_states(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeMap<Section, SectionState>>, Error> {
    let mut states: BTreeMap<Uuid, BTreeMap<Section, SectionState>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(states);
    }
    for row in section::Entity::find().filter(section::Column::ProductId.is_in(ids)).all(db).await? {
        let key = known(&row.section, Section::from_word(&row.section))?;
        let state = known(&row.state, SectionState::from_word(&row.state))?;
        states.entry(row.product_id).or_default().insert(key, state);
    }
    Ok(states)
}
