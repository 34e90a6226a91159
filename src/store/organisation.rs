//! Organisations, their facts and their members.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::account::{Member, happened, member};
use super::row::party;
use super::schema::{membership, organisation, person, product, session};
use super::told::About;
use super::{Db, assignee, commit, load};
use crate::domain::account::may_change;
use crate::domain::actor::{Actor, Duty, Membership};
use crate::domain::assignee::{With, gone};
use crate::domain::decide::Decision;
use crate::domain::event::EventKind;
use crate::domain::facts::OrganisationFacts;
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;
use crate::domain::words::{OrganisationId, PersonId};
use crate::error::Error;
use crate::secret::new_id;

/// An organisation.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Which.
    pub id: OrganisationId,
    /// Name.
    pub name: String,
    /// ODS code.
    pub ods_code: String,
    /// Facts asked once.
    pub facts: OrganisationFacts,
}

impl Db {
    /// The members of an organisation, by name.
    pub async fn members(&self, organisation: OrganisationId) -> Result<Vec<Member>, Error> {
        members(&self.read, organisation).await
    }

    /// Gives a member another role, or removes them (`None`). Their sessions end when they are removed.
    pub async fn change_member(
        &self,
        actor: &Actor,
        organisation: OrganisationId,
        (person, role): (PersonId, Option<Membership>),
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let write = self.begin().await?;
        organisation::Entity::find_by_id(organisation.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let all = members(&write.0, organisation).await?;
        let roles: Vec<_> = all.iter().filter_map(|m| m.role.map(|r| (m.person, r))).collect();
        may_change(actor, organisation, &roles, (person, role))?;
        let key = (organisation.0, person.0);
        let kind = if let Some(role) = role {
            let update = membership::Entity::update_many().col_expr(membership::Column::Role, Expr::value(role.word()));
            let update = update.filter(membership::Column::OrganisationId.eq(key.0)).filter(membership::Column::PersonId.eq(key.1));
            update.exec(&write.0).await?;
            EventKind::RoleChanged
        } else {
            membership::Entity::delete_by_id(key).exec(&write.0).await?;
            session::Entity::delete_many().filter(session::Column::PersonId.eq(person.0)).exec(&write.0).await?;
            EventKind::PersonRemoved
        };
        if role.is_none_or(|role| role == Membership::Viewer) {
            let with = With::Colleague(person);
            assignee::follow(&write, (actor, now), organisation, &with, |product| gone(product, &with)).await?;
        }
        let name = all.iter().find(|m| m.person == person).map(|m| m.name.clone()).unwrap_or_default();
        happened(&write, &About { product: None, organisation, now }, actor, kind, &name).await?;
        write.commit().await
    }

    /// Adds an organisation; only administrators do.
    pub async fn add_organisation(
        &self,
        actor: &Actor,
        name: &str,
        ods_code: &str,
        now: DateTime<Utc>,
    ) -> Result<OrganisationId, Error> {
        if !actor.is(Duty::Administrator) {
            return Err(Refusal::NotYours.into());
        }
        let write = self.begin().await?;
        let id = OrganisationId(new_id());
        let facts = OrganisationFacts { legal_name: name.to_owned(), ..OrganisationFacts::default() };
        let row = organisation::ActiveModel {
            id: Set(id.0),
            name: Set(name.to_owned()),
            ods_code: Set(ods_code.to_owned()),
            facts: Set(serde_json::to_value(facts)?),
            added_at: Set(now),
        };
        organisation::Entity::insert(row).exec_without_returning(&write.0).await.map_err(|e| match e.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
                Refusal::People(format!("There is an organisation with the ODS code {ods_code} already")).into()
            }
            _ => Error::from(e),
        })?;
        happened(&write, &About { product: None, organisation: id, now }, actor, EventKind::OrganisationAdded, name).await?;
        write.commit().await?;
        Ok(id)
    }

    /// Changes the facts of an organisation, and what its products wait for if that depends on them; its owners and editors do.
    pub async fn change_organisation(
        &self,
        actor: &Actor,
        id: OrganisationId,
        (facts, edition): (&OrganisationFacts, &str),
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        match actor.in_organisation(id) {
            None => return Err(Error::NotFound),
            Some(Membership::Viewer) => return Err(Refusal::NotYours.into()),
            Some(Membership::Owner | Membership::Editor) => {}
        }
        let write = self.begin().await?;
        let row = organisation::Entity::find_by_id(id.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let present = organisation_of(row.clone())?.facts;
        if present == *facts {
            return Ok(());
        }
        if present.edition() != edition {
            return Err(Refusal::Outdated(Vec::new()).into());
        }
        let json = serde_json::to_value(facts)?;
        let party = party(&organisation::Model { facts: json.clone(), ..row })?;
        let products = product::Entity::find()
            .filter(product::Column::OrganisationId.eq(id.0))
            .filter(product::Column::State.ne(ProductState::Withdrawn.word()))
            .order_by_asc(product::Column::Id)
            .lock_exclusive();
        for product in load::wholes(&write.0, products.all(&write.0).await?).await? {
            if let Some(decision) = Decision::of_party(&product, &party) {
                Box::pin(commit::keep(&write, actor, product, decision, now)).await?;
            }
        }
        let update = organisation::Entity::update_many()
            .col_expr(organisation::Column::Facts, Expr::value(json))
            .col_expr(organisation::Column::Name, Expr::value(facts.legal_name.clone()));
        update.filter(organisation::Column::Id.eq(id.0)).exec(&write.0).await?;
        happened(&write, &About { product: None, organisation: id, now }, actor, EventKind::OrganisationChanged, "").await?;
        write.commit().await
    }

    /// Organisations by name, a page of them; only for administrators.
    pub async fn organisations(&self, actor: &Actor, page: u64) -> Result<super::visible::Page<Organisation>, Error> {
        if !actor.is(Duty::Administrator) {
            return Err(Error::NotFound);
        }
        let select = organisation::Entity::find();
        let total = sea_orm::PaginatorTrait::count(select.clone(), &self.read).await?;
        let number = page.max(1);
        let select = select.order_by_asc(organisation::Column::Name).offset((number - 1) * super::visible::PAGE);
        let rows = select.limit(super::visible::PAGE).all(&self.read).await?;
        let rows = rows.into_iter().map(organisation_of).collect::<Result<_, _>>()?;
        Ok(super::visible::Page { rows, total, number })
    }
}

/// The members of an organisation, by name.
pub(super) async fn members(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Member>, Error> {
    let rows = membership::Entity::find().filter(membership::Column::OrganisationId.eq(organisation.0)).all(db).await?;
    let roles: BTreeMap<Uuid, String> = rows.into_iter().map(|m| (m.person_id, m.role)).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(roles.keys().copied()));
    let people = people.order_by_asc(person::Column::Name).all(db).await?;
    Ok(people
        .into_iter()
        .map(|p| (roles.get(&p.id).and_then(|r| Membership::from_word(r)), p))
        .map(|(r, p)| member(p, r))
        .collect())
}

/// One organisation.
pub(super) async fn organisation(db: &Db, id: OrganisationId) -> Result<Organisation, Error> {
    organisation_of(organisation::Entity::find_by_id(id.0).one(&db.read).await?.ok_or(Error::NotFound)?)
}

/// The organisation of a row.
pub(super) fn organisation_of(row: organisation::Model) -> Result<Organisation, Error> {
    let facts = serde_json::from_value(row.facts)?;
    Ok(Organisation { id: OrganisationId(row.id), name: row.name, ods_code: row.ods_code, facts })
}
