//! Declared interests: kept for ever, in force until they are ended, and left out of everything that a reviewer sees.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Db;
use super::account::happened;
use super::listed::has;
use super::schema::{interest, organisation, person, product, slot};
use super::told::About;
use super::visible::Visible;
use crate::domain::actor::{Actor, Duty};
use crate::domain::event::EventKind;
use crate::domain::interest::{Interest, may_declare, may_end, may_look_after};
use crate::domain::words::{InterestId, OrganisationId, PersonId};
use crate::error::Error;
use crate::secret::new_id;

/// Most interests that are listed of one person.
const MOST: u64 = 200;

/// The suppliers in which somebody has an interest now.
fn suppliers_of(person: Uuid) -> SelectStatement {
    Query::select()
        .column(interest::Column::OrganisationId)
        .from(interest::Entity)
        .and_where(interest::Column::PersonId.eq(person))
        .and_where(interest::Column::EndedAt.is_null())
        .to_owned()
}

/// For a statement with products in it: those in whose supplier the actor has an interest. `None` for whoever sees them
/// all the same: managers, and those who are not of the assurance team.
pub(super) fn of_interest(actor: &Actor) -> Option<SimpleExpr> {
    let is_held_to_it = actor.is(Duty::Reviewer) && !actor.is(Duty::Manager);
    let column = Expr::col((product::Entity, product::Column::OrganisationId));
    is_held_to_it.then(|| column.in_subquery(suppliers_of(actor.person().0)))
}

/// The same the other way round: only products of other suppliers.
pub(super) fn without_interest(actor: &Actor) -> Option<SimpleExpr> {
    of_interest(actor).map(sea_orm::sea_query::ExprTrait::not)
}

/// For a statement with ids of products in it: those of suppliers in which the actor has no interest.
pub(super) fn apart(actor: &Actor, column: impl ColumnTrait) -> Option<SimpleExpr> {
    of_interest(actor).map(|theirs| column.not_in_subquery(super::queue::products_where(theirs)))
}

/// For a statement with dates in it: a supplier is offered none that somebody would hold who has an interest in it.
pub(super) fn held_without_interest(actor: &Actor) -> SimpleExpr {
    let suppliers = actor.memberships().keys().map(|id| id.0);
    let interested = Query::select()
        .column(interest::Column::PersonId)
        .from(interest::Entity)
        .and_where(interest::Column::OrganisationId.is_in(suppliers))
        .and_where(interest::Column::EndedAt.is_null())
        .to_owned();
    slot::Column::AssessorId.is_null().or(slot::Column::AssessorId.not_in_subquery(interested))
}

/// For a statement with people in it: only those without an interest in an organisation, managers apart.
pub(super) fn people_without_interest(organisation: OrganisationId) -> SimpleExpr {
    let interested = Query::select()
        .column(interest::Column::PersonId)
        .from(interest::Entity)
        .and_where(interest::Column::OrganisationId.eq(organisation.0))
        .and_where(interest::Column::EndedAt.is_null())
        .to_owned();
    person::Column::Duties.contains(Duty::Manager.word()).or(person::Column::Id.not_in_subquery(interested))
}

pub(super) fn join_organisation() -> sea_orm::RelationDef {
    interest::Entity::belongs_to(organisation::Entity).from(interest::Column::OrganisationId).to(organisation::Column::Id).into()
}

impl Visible<'_> {
    /// The interests of a person, for them and for managers: those in force first, then the newest.
    pub async fn interests(&self, of: PersonId) -> Result<Vec<Interest>, Error> {
        if !may_look_after(self.actor, of) {
            return Err(Error::NotFound);
        }
        let rows = interest::Entity::find()
            .join(JoinType::InnerJoin, join_organisation())
            .select_also(organisation::Entity)
            .filter(interest::Column::PersonId.eq(of.0))
            .order_by(interest::Column::EndedAt.is_not_null(), sea_orm::Order::Asc)
            .order_by_desc(interest::Column::DeclaredAt)
            .limit(MOST)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|(row, of)| interest(row, of.map(|o| o.name).unwrap_or_default())).collect())
    }

    /// Suppliers that a name or an ODS code could mean, at most 6, for whoever may declare an interest.
    pub async fn suppliers_like(&self, words: &str) -> Result<Vec<(OrganisationId, String, String)>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let name = Expr::col((organisation::Entity, organisation::Column::Name));
        let name = SimpleExpr::from(sea_orm::sea_query::Func::lower(name));
        let same = organisation::Column::OdsCode.eq(words.to_uppercase());
        let rows = organisation::Entity::find()
            .filter(same.clone().or(has(name, words)))
            .order_by(same, sea_orm::Order::Desc)
            .order_by_asc(organisation::Column::Name)
            .limit(6)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|o| (OrganisationId(o.id), o.name, o.ods_code)).collect())
    }
}

fn interest(row: interest::Model, supplier: String) -> Interest {
    let ended = row.ended_by.zip(row.ended_at).zip(row.ended_because);
    Interest {
        id: InterestId(row.id),
        person: PersonId(row.person_id),
        organisation: OrganisationId(row.organisation_id),
        supplier,
        reason: row.reason,
        declared: (row.declared_by, row.declared_at),
        ended: ended.map(|((by, at), because)| (by, at, because)),
    }
}

impl Db {
    /// Declares an interest of a person. One that is in force already is left as it is.
    pub async fn declare_interest(
        &self,
        actor: &Actor,
        (of, organisation): (PersonId, OrganisationId),
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        may_declare(actor, of)?;
        let write = self.begin().await?;
        let person = person::Entity::find_by_id(of.0).one(&write.0).await?.ok_or(Error::NotFound)?;
        let row = interest::ActiveModel {
            id: Set(new_id()),
            person_id: Set(of.0),
            organisation_id: Set(organisation.0),
            reason: Set(reason.to_owned()),
            declared_by: Set(actor.name().to_owned()),
            declared_at: Set(now),
            ended_by: Set(None),
            ended_at: Set(None),
            ended_because: Set(None),
        };
        let on = OnConflict::new().do_nothing().to_owned();
        if interest::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await? == 0 {
            return Ok(());
        }
        let about = About { product: None, organisation, now };
        happened(&write, &about, actor, EventKind::InterestDeclared, &person.name).await?;
        write.commit().await
    }

    /// Ends an interest, with the reason. It stays in the history.
    pub async fn end_interest(&self, actor: &Actor, id: InterestId, because: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        let row = interest::Entity::find_by_id(id.0).one(&write.0).await?.ok_or(Error::NotFound)?;
        may_end(actor, PersonId(row.person_id))?;
        let person = person::Entity::find_by_id(row.person_id).one(&write.0).await?.ok_or(Error::NotFound)?;
        let end = interest::Entity::update_many()
            .col_expr(interest::Column::EndedBy, Expr::value(actor.name()))
            .col_expr(interest::Column::EndedAt, Expr::value(now))
            .col_expr(interest::Column::EndedBecause, Expr::value(because))
            .filter(interest::Column::Id.eq(id.0))
            .filter(interest::Column::EndedAt.is_null());
        if end.exec(&write.0).await?.rows_affected == 0 {
            return Ok(());
        }
        let about = About { product: None, organisation: OrganisationId(row.organisation_id), now };
        happened(&write, &about, actor, EventKind::InterestEnded, &person.name).await?;
        write.commit().await
    }
}
