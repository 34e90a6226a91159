//! Who has which page open: for the colleagues who open it as well.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::schema::{membership, person, presence};
use super::visible::Visible;
use super::{Db, Write};
use crate::domain::actor::Actor;
use crate::domain::draft::PRESENT_MINUTES;
use crate::domain::product::Product;
use crate::domain::words::PersonId;
use crate::error::Error;

/// Most people who are named.
const NAMED: u64 = 20;
/// Minutes after which the same page is noted again.
const AGAIN_MINUTES: i64 = 1;

/// Somebody who has a page open.
#[derive(Clone, Debug)]
pub struct Present {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// The page's address.
    pub place: String,
    /// When they opened it, or typed on it last.
    pub at: DateTime<Utc>,
}

impl Present {
    /// Whether it need not be noted again yet.
    #[must_use]
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.at + Duration::minutes(AGAIN_MINUTES) > now
    }
}

impl Visible<'_> {
    /// Who of the actor's own side has one of some pages of a product open, by their addresses: people of the supplier for
    /// the supplier, the assurance team for the team. The actor is among them.
    pub async fn present(&self, product: &Product, places: &[String], now: DateTime<Utc>) -> Result<Vec<Present>, Error> {
        let to_person = presence::Entity::belongs_to(person::Entity).from(presence::Column::PersonId).to(person::Column::Id);
        let select = presence::Entity::find()
            .join(JoinType::InnerJoin, to_person.into())
            .select_only()
            .columns([presence::Column::PersonId, presence::Column::Place, presence::Column::At])
            .column(person::Column::Name)
            .filter(presence::Column::Place.is_in(places))
            .filter(presence::Column::At.gt(now - Duration::minutes(PRESENT_MINUTES)));
        let select = if self.actor.in_organisation(product.organisation).is_some() {
            let members = Query::select()
                .column(membership::Column::PersonId)
                .from(membership::Entity)
                .and_where(membership::Column::OrganisationId.eq(product.organisation.0))
                .to_owned();
            select.filter(presence::Column::PersonId.in_subquery(members))
        } else {
            select.filter(person::Column::Duties.ne(""))
        };
        let rows: Vec<(Uuid, String, DateTime<Utc>, String)> =
            select.order_by_asc(person::Column::Name).limit(NAMED).into_tuple().all(self.read()).await?;
        let present = |(id, place, at, name)| Present { person: PersonId(id), name, place, at };
        Ok(rows.into_iter().map(present).collect())
    }
}

impl Db {
    /// Notes that somebody has a page open.
    pub async fn be_present(&self, actor: &Actor, place: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let person = actor.account().ok_or(Error::NotFound)?;
        let write = self.begin().await?;
        note(&write, person, place, now).await?;
        write.commit().await
    }
}

/// Notes that somebody has a page open, with what else is written.
pub(super) async fn note(write: &Write, person: PersonId, place: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let row = presence::ActiveModel { place: Set(place.to_owned()), person_id: Set(person.0), at: Set(now) };
    let mut again = OnConflict::columns([presence::Column::Place, presence::Column::PersonId]);
    again.update_column(presence::Column::At);
    presence::Entity::insert(row).on_conflict(again).exec_without_returning(&write.0).await?;
    Ok(())
}

/// Notes that somebody has finished with a page.
pub(super) async fn forget(write: &Write, person: PersonId, place: &str) -> Result<(), Error> {
    presence::Entity::delete_by_id((place.to_owned(), person.0)).exec(&write.0).await?;
    Ok(())
}
