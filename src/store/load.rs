//! What a decision needs: one product, whole, locked, if the actor may see it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::row::{self, Rows};
use super::schema::{
    agreement, answer, assignee, certificate, decision, demonstration, interest, organisation, passage, product, section, thread,
};
use super::{Write, visible};
use crate::domain::actor::Actor;
use crate::domain::agreement::Party;
use crate::domain::product::Product;
use crate::domain::words::{OrganisationId, PersonId};
use crate::error::Error;

/// Loads and locks a product for a decision. What the actor may not see is not found.
pub async fn product(write: &Write, actor: &Actor, reference: &str) -> Result<Product, Error> {
    let row = visible::named_by(actor, reference)?.lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
    whole(&write.0, row).await
}

/// The product of a row, with everything in it.
pub(super) async fn whole(db: &impl ConnectionTrait, row: product::Model) -> Result<Product, Error> {
    wholes(db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// The products of some rows, in their order, with everything in them: eleven statements, whatever their number and size.
/// They are sent at once; within a transaction they follow each other all the same.
pub(super) async fn wholes(db: &impl ConnectionTrait, rows: Vec<product::Model>) -> Result<Vec<Product>, Error> {
    let mut parts = Box::pin(Parts::load(db, &rows)).await?;
    rows.into_iter().map(|row| parts.take(row)?.product()).collect()
}

/// What belongs to some products, by product or by organisation.
struct Parts {
    organisations: BTreeMap<Uuid, organisation::Model>,
    sections: BTreeMap<Uuid, Vec<section::Model>>,
    answers: BTreeMap<Uuid, Vec<answer::Model>>,
    decisions: BTreeMap<Uuid, Vec<decision::Model>>,
    demonstrations: BTreeMap<Uuid, Vec<demonstration::Model>>,
    certificates: BTreeMap<Uuid, Vec<certificate::Model>>,
    agreements: BTreeMap<Uuid, Vec<agreement::Model>>,
    threads: BTreeMap<Uuid, Vec<thread::Model>>,
    passages: BTreeMap<Uuid, Vec<passage::Model>>,
    interests: BTreeMap<Uuid, Vec<interest::Model>>,
    assignees: BTreeMap<Uuid, Vec<assignee::Model>>,
}

impl Parts {
    async fn load(db: &impl ConnectionTrait, rows: &[product::Model]) -> Result<Self, Error> {
        let ids = || rows.iter().map(|row| row.id);
        let owners: BTreeSet<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
        let (
            organisations,
            sections,
            answers,
            decisions,
            demonstrations,
            certificates,
            agreements,
            threads,
            passages,
            interests,
            assignees,
        ) = tokio::try_join!(
            organisation::Entity::find().filter(organisation::Column::Id.is_in(owners.clone())).all(db),
            section::Entity::find().filter(section::Column::ProductId.is_in(ids())).all(db),
            answer::Entity::find().filter(answer::Column::ProductId.is_in(ids())).all(db),
            decision::Entity::find().filter(decision::Column::ProductId.is_in(ids())).order_by_asc(decision::Column::Round).all(db),
            demonstration::Entity::find()
                .filter(demonstration::Column::ProductId.is_in(ids()))
                .order_by_asc(demonstration::Column::Attempt)
                .all(db),
            certificate::Entity::find()
                .filter(certificate::Column::ProductId.is_in(ids()))
                .order_by_asc(certificate::Column::PreparedAt)
                .order_by_asc(certificate::Column::Number)
                .all(db),
            agreement::Entity::find()
                .filter(agreement::Column::ProductId.is_in(ids()))
                .order_by_asc(agreement::Column::Number)
                .all(db),
            thread::Entity::find().filter(thread::Column::ProductId.is_in(ids())).order_by_asc(thread::Column::Id).all(db),
            passage::Entity::find().filter(passage::Column::ProductId.is_in(ids())).order_by_asc(passage::Column::Number).all(db),
            interests(db, owners),
            assignee::Entity::find().filter(assignee::Column::ProductId.is_in(ids())).all(db),
        )?;
        Ok(Self {
            organisations: organisations.into_iter().map(|row| (row.id, row)).collect(),
            sections: by(sections, |row| row.product_id),
            answers: by(answers, |row| row.product_id),
            decisions: by(decisions, |row| row.product_id),
            demonstrations: by(demonstrations, |row| row.product_id),
            certificates: by(certificates, |row| row.product_id),
            agreements: by(agreements, |row| row.product_id),
            threads: by(threads, |row| row.product_id),
            passages: by(passages, |row| row.product_id),
            interests: by(interests, |row| row.organisation_id),
            assignees: by(assignees, |row| row.product_id),
        })
    }

    /// The rows of one product, taken out, and those of its organisation.
    fn take(&mut self, product: product::Model) -> Result<Rows, Error> {
        let (id, owner) = (product.id, product.organisation_id);
        Ok(Rows {
            product,
            organisation: self.organisations.get(&owner).cloned().ok_or(Error::NotFound)?,
            sections: self.sections.remove(&id).unwrap_or_default(),
            answers: self.answers.remove(&id).unwrap_or_default(),
            decisions: self.decisions.remove(&id).unwrap_or_default(),
            demonstrations: self.demonstrations.remove(&id).unwrap_or_default(),
            certificates: self.certificates.remove(&id).unwrap_or_default(),
            agreements: self.agreements.remove(&id).unwrap_or_default(),
            threads: self.threads.remove(&id).unwrap_or_default(),
            passage: self.passages.remove(&id).unwrap_or_default().pop(),
            interests: self.interests.get(&owner).cloned().unwrap_or_default(),
            assignees: self.assignees.remove(&id).unwrap_or_default(),
        })
    }
}

/// Rows by what they belong to, in the order in which they were read.
fn by<T>(rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> BTreeMap<Uuid, Vec<T>> {
    let mut found: BTreeMap<Uuid, Vec<T>> = BTreeMap::new();
    for row in rows {
        found.entry(id(&row)).or_default().push(row);
    }
    found
}

/// The interests in some organisations that have not ended; served by their own unique index.
async fn interests(db: &impl ConnectionTrait, organisations: BTreeSet<Uuid>) -> Result<Vec<interest::Model>, DbErr> {
    let lasting = interest::Entity::find().filter(interest::Column::EndedAt.is_null());
    lasting.filter(interest::Column::OrganisationId.is_in(organisations)).all(db).await
}

/// What an organisation says of itself, for a product that is new.
pub async fn party(write: &Write, organisation: OrganisationId) -> Result<Party, Error> {
    row::party(&organisation::Entity::find_by_id(organisation.0).one(&write.0).await?.ok_or(Error::NotFound)?)
}

/// Who declared an interest in an organisation, for a product that is new.
pub async fn interested(write: &Write, organisation: OrganisationId) -> Result<BTreeSet<PersonId>, Error> {
    Ok(interests(&write.0, [organisation.0].into()).await?.into_iter().map(|i| PersonId(i.person_id)).collect())
}
