//! What a decision needs: one product, whole, locked, if the actor may see it.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::row::Rows;
use super::schema::{agreement, answer, certificate, decision, demonstration, interest, organisation, passage, product, section};
use super::{Write, visible};
use crate::domain::actor::Actor;
use crate::domain::product::Product;
use crate::domain::words::{OrganisationId, PersonId};
use crate::error::Error;

/// Loads and locks a product for a decision. What the actor may not see is not found.
pub async fn product(write: &Write, actor: &Actor, reference: &str) -> Result<Product, Error> {
    let row = visible::named_by(actor, reference)?.lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
    whole(&write.0, row).await
}

/// The product of a row, with everything in it: ten statements, whatever its size.
pub(super) async fn whole(db: &impl ConnectionTrait, row: product::Model) -> Result<Product, Error> {
    let id = row.id;
    let organisation = organisation::Entity::find_by_id(row.organisation_id).one(db).await?.ok_or(Error::NotFound)?;
    let sections = section::Entity::find().filter(section::Column::ProductId.eq(id)).all(db).await?;
    let answers = answer::Entity::find().filter(answer::Column::ProductId.eq(id)).all(db).await?;
    let decisions =
        decision::Entity::find().filter(decision::Column::ProductId.eq(id)).order_by_asc(decision::Column::Round).all(db).await?;
    let demonstrations = demonstration::Entity::find()
        .filter(demonstration::Column::ProductId.eq(id))
        .order_by_asc(demonstration::Column::Attempt)
        .all(db)
        .await?;
    let certificates = certificate::Entity::find()
        .filter(certificate::Column::ProductId.eq(id))
        .order_by_asc(certificate::Column::PreparedAt)
        .order_by_asc(certificate::Column::Number)
        .all(db)
        .await?;
    let agreements = agreement::Entity::find()
        .filter(agreement::Column::ProductId.eq(id))
        .order_by_asc(agreement::Column::Number)
        .all(db)
        .await?;
    let passage =
        passage::Entity::find().filter(passage::Column::ProductId.eq(id)).order_by_desc(passage::Column::Number).one(db).await?;
    let interests = interests(db, organisation.id).await?;
    let threads = super::thread::of(db, id).await?;
    Rows {
        product: row,
        organisation,
        sections,
        answers,
        decisions,
        demonstrations,
        certificates,
        agreements,
        threads,
        passage,
        interests,
    }
    .product()
}

/// The interests in an organisation that have not ended; served by their own unique index.
async fn interests(db: &impl ConnectionTrait, organisation: uuid::Uuid) -> Result<Vec<interest::Model>, Error> {
    let lasting = interest::Entity::find().filter(interest::Column::EndedAt.is_null());
    Ok(lasting.filter(interest::Column::OrganisationId.eq(organisation)).all(db).await?)
}

/// Who declared an interest in an organisation, for a product that is new.
pub async fn interested(write: &Write, organisation: OrganisationId) -> Result<BTreeSet<PersonId>, Error> {
    Ok(interests(&write.0, organisation.0).await?.into_iter().map(|i| PersonId(i.person_id)).collect())
}
