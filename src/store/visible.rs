//! Reads for pages: every one starts from what the actor may see, and runs a fixed number of statements.

use std::collections::BTreeMap;

use sea_orm::prelude::{ChronoDate, ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use super::row::{count, known};
use super::schema::{file, note, organisation, outbox, person, product, reply, section, submission};
use super::{Db, load};
use crate::domain::actor::{Actor, Duty};
use crate::domain::catalogue::Section;
use crate::domain::command::{Reviewer, Submission};
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionState, Turn};
use crate::domain::words::{FileId, OrganisationId, PersonId, ProductId};
use crate::error::Error;

/// Rows on a page of any list.
pub const PAGE: u64 = 25;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, at most [`PAGE`].
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// Which page, from 1.
    pub number: u64,
}

/// The products that an actor may see; every read of a product starts here.
pub(super) fn products(actor: &Actor) -> Select<product::Entity> {
    let select = product::Entity::find();
    if actor.sees_all() {
        return select;
    }
    let own = actor.memberships().keys().map(|id| id.0);
    select.filter(product::Column::OrganisationId.is_in(own))
}

/// The product of a reference, if the actor may see it. What is no reference names nothing.
pub(super) fn named_by(actor: &Actor, reference: &str) -> Result<Select<product::Entity>, Error> {
    let is_reference = reference.len() <= 32 && reference.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let select = products(actor).filter(product::Column::Reference.eq(reference.to_uppercase()));
    is_reference.then_some(select).ok_or(Error::NotFound)
}

/// What an actor may see.
pub struct Visible<'a> {
    db: &'a Db,
    pub(super) actor: &'a Actor,
}

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
    /// When it was added.
    pub added_at: ChronoDateTimeUtc,
    /// State of each section.
    pub sections: BTreeMap<Section, SectionState>,
}

impl ProductRow {
    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/products/{}", self.reference.to_lowercase())
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
    /// Part of the name, the reference or the organisation's name.
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
    added_at: ChronoDateTimeUtc,
}

#[derive(FromQueryResult)]
struct TurnCount {
    turn: String,
    number: i64,
}

pub(super) fn join_organisation() -> sea_orm::RelationDef {
    product::Entity::belongs_to(organisation::Entity).from(product::Column::OrganisationId).to(organisation::Column::Id).into()
}

/// Pages count from 1, whatever an address says.
pub(super) fn at_least_one(page: u64) -> u64 {
    Ord::clamp(page, 1, 1_000_000)
}

/// A comparison that finds words anywhere in a lower-cased column, with wild cards taken literally.
fn has(column: SimpleExpr, words: &str) -> SimpleExpr {
    let escaped = words.replace('\0', "").to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    column.like(sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

impl Db {
    /// What the actor may see.
    #[must_use]
    pub fn visible<'a>(&'a self, actor: &'a Actor) -> Visible<'a> {
        Visible { db: self, actor }
    }
}

impl Visible<'_> {
    pub(super) fn read(&self) -> &DatabaseConnection {
        &self.db.read
    }

    /// One product, whole.
    pub async fn product(&self, reference: &str) -> Result<Product, Error> {
        let row = named_by(self.actor, reference)?.one(self.read()).await?.ok_or(Error::NotFound)?;
        load::whole(self.read(), row).await
    }

    /// A page of products, those that wait for the actor's side first, and how many wait for whom.
    pub async fn products(&self, filter: &ProductFilter) -> Result<(Page<ProductRow>, BTreeMap<Turn, u64>), Error> {
        let mut select = products(self.actor).join(JoinType::InnerJoin, join_organisation());
        select = named(select, filter.words.trim());
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
        let listed: Vec<ListedProduct> = select
            .select_only()
            .columns([product::Column::Id, product::Column::Reference, product::Column::Name, product::Column::State])
            .columns([product::Column::Turn, product::Column::TurnBy, product::Column::AddedAt])
            .column_as(organisation::Column::Name, "organisation_name")
            .order_by(SimpleExpr::Case(Box::new(order)), Order::Asc)
            .order_by(Expr::col((product::Entity, product::Column::TurnBy)).is_null(), Order::Asc)
            .order_by_asc(product::Column::TurnBy)
            .order_by_asc(product::Column::Reference)
            .offset((number - 1) * PAGE)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        let mut states = section_states(self.read(), listed.iter().map(|p| p.id).collect()).await?;
        let mut rows = Vec::with_capacity(listed.len());
        for p in listed {
            rows.push(ProductRow {
                sections: states.remove(&p.id).unwrap_or_default(),
                reference: p.reference,
                name: p.name,
                organisation: p.organisation_name,
                state: known(&p.state, ProductState::from_word(&p.state))?,
                turn: known(&p.turn, Turn::from_word(&p.turn))?,
                turn_by: p.turn_by,
                added_at: p.added_at,
            });
        }
        Ok((Page { rows, total, number }, by_turn))
    }

    /// The full names of people by id.
    pub async fn names(&self, ids: impl IntoIterator<Item = PersonId>) -> Result<BTreeMap<PersonId, String>, Error> {
        let mut ids: Vec<Uuid> = ids.into_iter().map(|p| p.0).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(self.read()).await?;
        Ok(rows.into_iter().map(|p| (PersonId(p.id), p.name)).collect())
    }

    /// The reviewers, by name. Only for managers; anybody else finds none.
    pub async fn reviewers(&self) -> Result<Vec<Reviewer>, Error> {
        if !self.actor.is(Duty::Manager) {
            return Ok(Vec::new());
        }
        let select = person::Entity::find().filter(person::Column::Duties.contains(Duty::Reviewer.word()));
        let rows = select.order_by_asc(person::Column::Name).all(self.read()).await?;
        Ok(rows.into_iter().map(|p| Reviewer { person: PersonId(p.id), name: p.name }).collect())
    }

    /// A section as it was sent in a round.
    pub async fn submission(&self, product: &Product, section: Section, round: u32) -> Result<Option<Sent>, Error> {
        let key = (product.id.0, section.word().to_owned(), super::row::stored(round));
        let Some(row) = submission::Entity::find_by_id(key).one(self.read()).await? else { return Ok(None) };
        let content = serde_json::from_str(&row.content)?;
        Ok(Some(Sent { content, digest: row.digest, by: PersonId(row.by_id), at: row.at }))
    }

    /// What the assurance team told the supplier about the sections of a product, newest first.
    pub async fn replies(&self, product: &Product) -> Result<Vec<Reply>, Error> {
        let select = reply::Entity::find().filter(reply::Column::ProductId.eq(product.id.0));
        let rows = select.order_by_desc(reply::Column::At).all(self.read()).await?;
        rows.into_iter()
            .map(|r| {
                Ok(Reply {
                    section: known(&r.section, Section::from_word(&r.section))?,
                    round: count(r.round),
                    outcome: r.outcome,
                    message: r.message,
                    by: PersonId(r.by_id),
                    at: r.at,
                })
            })
            .collect()
    }

    /// Private notes on a product. Suppliers find none, whatever they ask.
    pub async fn notes(&self, product: &Product) -> Result<Vec<Note>, Error> {
        if !self.actor.sees_all() {
            return Ok(Vec::new());
        }
        let select = note::Entity::find().filter(note::Column::ProductId.eq(product.id.0));
        let rows = select.order_by_asc(note::Column::At).all(self.read()).await?;
        Ok(rows.into_iter().map(|n| Note { question: n.question, body: n.body, by: PersonId(n.by_id), at: n.at }).collect())
    }

    /// A file of a product that the actor may see.
    pub async fn file(&self, product: ProductId, id: FileId) -> Result<StoredFile, Error> {
        let row = file::Entity::find_by_id(id.0).filter(file::Column::ProductId.eq(product.0)).one(self.read()).await?;
        let row = row.ok_or(Error::NotFound)?;
        let size = u64::try_from(row.size).unwrap_or_default();
        Ok(StoredFile { id, question: row.question, name: row.name, digest: row.digest, size, content_type: row.content_type })
    }

    /// Messages in the outbox, newest first; only for administrators.
    pub async fn mail(&self, page: u64) -> Result<Page<super::outbox::Letter>, Error> {
        if !self.actor.is(Duty::Administrator) {
            return Err(Error::NotFound);
        }
        super::outbox::page(self.db, page).await
    }

    /// Messages that could not be delivered; only for administrators.
    pub async fn parked(&self) -> Result<u64, Error> {
        if !self.actor.is(Duty::Administrator) {
            return Ok(0);
        }
        Ok(outbox::Entity::find().filter(outbox::Column::ParkedAt.is_not_null()).count(self.read()).await?)
    }

    /// Name, code and facts of an organisation that the actor belongs to or, as staff, may see.
    pub async fn organisation(&self, id: OrganisationId) -> Result<super::organisation::Organisation, Error> {
        if !(self.actor.is_staff() || self.actor.in_organisation(id).is_some()) {
            return Err(Error::NotFound);
        }
        super::organisation::organisation(self.db, id).await
    }
}

/// Products whose name, reference or supplier holds the words.
fn named(select: Select<product::Entity>, words: &str) -> Select<product::Entity> {
    if words.is_empty() {
        return select;
    }
    let lower = |column: SimpleExpr| SimpleExpr::from(sea_orm::sea_query::Func::lower(column));
    let name = has(Expr::col((product::Entity, product::Column::NameKey)), words);
    let reference = has(lower(Expr::col((product::Entity, product::Column::Reference))), words);
    let supplier = has(lower(Expr::col((organisation::Entity, organisation::Column::Name))), words);
    select.filter(name.or(reference).or(supplier))
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

/// A section as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Questions and answers.
    pub content: Submission,
    /// SHA-256 of the content as JSON.
    pub digest: String,
    /// Who sent it.
    pub by: PersonId,
    /// When.
    pub at: ChronoDateTimeUtc,
}

/// What the supplier was told at the end of a review.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Which section.
    pub section: Section,
    /// Round.
    pub round: u32,
    /// `returned`, `accepted` or `reopened`.
    pub outcome: String,
    /// Message or reason.
    pub message: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: ChronoDateTimeUtc,
}

/// A note that only the assurance team reads.
#[derive(Clone, Debug)]
pub struct Note {
    /// Question that it is on.
    pub question: String,
    /// Text.
    pub body: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: ChronoDateTimeUtc,
}

/// A file without its bytes.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// Which.
    pub id: FileId,
    /// Question that it answers.
    pub question: String,
    /// Name.
    pub name: String,
    /// SHA-256, in hexadecimal.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Type by its content.
    pub content_type: String,
}
