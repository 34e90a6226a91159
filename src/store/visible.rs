//! Reads for pages: every one starts from what the actor may see, and runs a fixed number of statements.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::prelude::{ChronoDateTimeUtc, Uuid};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::interest::without_interest;
use super::row::{count, known};
use super::schema::{file, note, organisation, outbox, person, product, reply, submission};
use super::{Db, load};
use crate::domain::actor::{Actor, Duty};
use crate::domain::catalogue::Section;
use crate::domain::command::{Reviewer, Submission};
use crate::domain::product::Product;
use crate::domain::words::{FileId, OrganisationId, PersonId, ProductId};
use crate::error::Error;

pub use super::listed::{ProductFilter, ProductRow};

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

impl<T> Page<T> {
    /// The number of the page after it; `None` after the last.
    #[must_use]
    pub const fn next(&self) -> Option<u64> {
        if self.number.saturating_mul(PAGE) < self.total { Some(self.number + 1) } else { None }
    }
}

/// The products that an actor may see; every read of a product starts here.
pub(super) fn products(actor: &Actor) -> Select<product::Entity> {
    let select = product::Entity::find();
    if actor.sees_all() {
        return match without_interest(actor) {
            Some(only) => select.filter(only),
            None => select,
        };
    }
    if let Some(product) = actor.signs() {
        return select.filter(product::Column::Id.eq(product.0));
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
    pub(super) db: &'a Db,
    pub(super) actor: &'a Actor,
}

pub(super) fn join_organisation() -> sea_orm::RelationDef {
    product::Entity::belongs_to(organisation::Entity).from(product::Column::OrganisationId).to(organisation::Column::Id).into()
}

/// Pages count from 1, whatever an address says.
pub(super) fn at_least_one(page: u64) -> u64 {
    Ord::clamp(page, 1, 1_000_000)
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
        submission::Entity::find_by_id(key).one(self.read()).await?.map(sent).transpose()
    }

    /// A section as it was sent in some rounds, by the round; one statement.
    pub async fn submissions(
        &self,
        product: &Product,
        section: Section,
        rounds: &BTreeSet<u32>,
    ) -> Result<BTreeMap<u32, Sent>, Error> {
        let select = submission::Entity::find()
            .filter(submission::Column::ProductId.eq(product.id.0))
            .filter(submission::Column::Section.eq(section.word()))
            .filter(submission::Column::Round.is_in(rounds.iter().copied().map(super::row::stored)));
        let rows = select.all(self.read()).await?;
        rows.into_iter().map(|row| Ok((count(row.round), sent(row)?))).collect()
    }

    /// The sections of a product that were sent, with their rounds, in order.
    pub async fn sent_rounds(&self, product: &Product) -> Result<Vec<(Section, u32)>, Error> {
        let select = submission::Entity::find()
            .select_only()
            .columns([submission::Column::Section, submission::Column::Round])
            .filter(submission::Column::ProductId.eq(product.id.0));
        let rows: Vec<(String, i32)> = select.into_tuple().all(self.read()).await?;
        let row = |(word, round): (String, i32)| Ok((known(&word, Section::from_word(&word))?, count(round)));
        let mut rounds = rows.into_iter().map(row).collect::<Result<Vec<_>, Error>>()?;
        rounds.sort_unstable();
        Ok(rounds)
    }

    /// A section as it was sent in a round, as the text that its digest was taken of.
    pub async fn sent_text(&self, product: &Product, section: Section, round: u32) -> Result<String, Error> {
        let key = (product.id.0, section.word().to_owned(), super::row::stored(round));
        Ok(submission::Entity::find_by_id(key).one(self.read()).await?.ok_or(Error::NotFound)?.content)
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
        super::outbox::page(self.db, outbox::Entity::find(), page).await
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

fn sent(row: submission::Model) -> Result<Sent, Error> {
    let content = serde_json::from_str(&row.content)?;
    Ok(Sent { content, digest: row.digest, by: PersonId(row.by_id), at: row.at })
}
