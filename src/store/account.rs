//! People: log-in, password resets, who is who.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::row::{duties, duties_text, known};
use super::schema::{event, membership, password_reset, person, session};
use super::session::start_session;
use super::told::{About, post, record};
use super::{Db, Write};
use crate::domain::account::{RESET_MINUTES, wait_minutes};
use crate::domain::actor::{Actor, Duty, Membership};
use crate::domain::calendar::london_date;
use crate::domain::event::{Detail, EventKind};
use crate::domain::notice::{Audience, Notice};
use crate::domain::refusal::Refusal;
use crate::domain::words::{OrganisationId, PersonId};
use crate::error::Error;
use crate::secret::new_id;

/// A member of an organisation, or of the assurance team.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role in the organisation, if listed for one.
    pub role: Option<Membership>,
    /// Duties in the assurance team.
    pub duties: BTreeSet<Duty>,
}

impl Db {
    /// A person with everything that decides what they may do.
    #[expect(clippy::disallowed_methods, reason = "the one place at which identity enters: called for a checked session")]
    pub async fn actor(&self, id: PersonId) -> Result<Option<Actor>, Error> {
        let (row, rows) = tokio::try_join!(
            person::Entity::find_by_id(id.0).one(&self.read),
            membership::Entity::find().filter(membership::Column::PersonId.eq(id.0)).all(&self.read),
        )?;
        let Some(row) = row else { return Ok(None) };
        let mut memberships = BTreeMap::new();
        for m in rows {
            memberships.insert(OrganisationId(m.organisation_id), known(&m.role, Membership::from_word(&m.role))?);
        }
        Ok(Some(Actor::admitted(id, row.name, memberships, duties(&row.duties))))
    }

    /// A person's name, e-mail address and duties.
    pub async fn person(&self, id: PersonId) -> Result<Member, Error> {
        let found = person::Entity::find_by_id(id.0).one(&self.read).await?;
        Ok(member(found.ok_or(Error::NotFound)?, None))
    }

    /// The person of an e-mail address.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<(PersonId, Option<String>)>, Error> {
        let found = person::Entity::find().filter(person::Column::Email.eq(email.to_lowercase())).one(&self.read).await?;
        Ok(found.map(|p| (PersonId(p.id), p.password_hash)))
    }

    /// Whether anybody has an account: an empty database may be filled with a demonstration.
    pub async fn has_people(&self) -> Result<bool, Error> {
        Ok(person::Entity::find().one(&self.read).await?.is_some())
    }

    /// Until when an account waits after wrong passwords.
    pub async fn locked_until(&self, id: PersonId, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let found = person::Entity::find_by_id(id.0).one(&self.read).await?;
        Ok(found.and_then(|p| p.locked_until).filter(|until| *until > now))
    }

    /// Counts a wrong password. Returns until when the account waits, if it does now.
    pub async fn log_in_failed(&self, id: PersonId, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let write = self.begin().await?;
        let Some(row) = person::Entity::find_by_id(id.0).lock_exclusive().one(&write.0).await? else { return Ok(None) };
        let failures = row.failures + 1;
        let wait = wait_minutes(failures);
        let until = (wait > 0).then(|| now + Duration::minutes(wait));
        let mut row = row.into_active_model();
        row.failures = Set(failures);
        row.locked_until = Set(until);
        row.update(&write.0).await?;
        write.commit().await?;
        Ok(until)
    }

    /// Starts a session with a token that was just made.
    pub async fn log_in(&self, id: PersonId, token: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        start_session(&write, id, token, now).await?;
        let reset = person::Entity::update_many()
            .col_expr(person::Column::Failures, Expr::value(0))
            .col_expr(person::Column::LockedUntil, Expr::value(Option::<DateTime<Utc>>::None));
        reset.filter(person::Column::Id.eq(id.0)).exec(&write.0).await?;
        write.commit().await
    }

    /// Asks for a link to choose a new password, if the address is somebody's. Nobody learns whether it is.
    pub async fn ask_reset(&self, email: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        let found = person::Entity::find().filter(person::Column::Email.eq(email.to_lowercase())).one(&write.0).await?;
        let Some(person) = found else { return Ok(()) };
        let recent = password_reset::Entity::find()
            .filter(password_reset::Column::PersonId.eq(person.id))
            .filter(password_reset::Column::AskedAt.gt(now - Duration::hours(1)));
        if recent.all(&write.0).await?.len() >= 3 {
            return Ok(());
        }
        let id = new_id();
        let expires_at = now + Duration::minutes(RESET_MINUTES);
        let row = password_reset::ActiveModel {
            id: Set(id),
            person_id: Set(person.id),
            asked_at: Set(now),
            expires_at: Set(expires_at),
            used_at: Set(None),
        };
        password_reset::Entity::insert(row).exec_without_returning(&write.0).await?;
        let until = format!("{} on {}", crate::words::time(expires_at), crate::words::short_date(london_date(expires_at)));
        let notice = Notice::PasswordReset { reset: id, until };
        post(&write, &nowhere(now), &Audience::Person(PersonId(person.id)), &notice).await?;
        write.commit().await
    }

    /// The person of a reset that can be used.
    pub async fn open_reset(&self, id: Uuid, now: DateTime<Utc>) -> Result<Option<Member>, Error> {
        let found = password_reset::Entity::find_by_id(id).one(&self.read).await?;
        let Some(reset) = found.filter(|r| r.used_at.is_none() && r.expires_at > now) else { return Ok(None) };
        Ok(person::Entity::find_by_id(reset.person_id).one(&self.read).await?.map(|p| member(p, None)))
    }

    /// Uses a reset: sets the password, voids the person's other resets and ends their sessions.
    pub async fn use_reset(&self, id: Uuid, hash: String, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        let claim = password_reset::Entity::update_many()
            .col_expr(password_reset::Column::UsedAt, Expr::value(Some(now)))
            .filter(password_reset::Column::Id.eq(id))
            .filter(password_reset::Column::UsedAt.is_null())
            .filter(password_reset::Column::ExpiresAt.gt(now));
        if claim.exec(&write.0).await?.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        let reset = password_reset::Entity::find_by_id(id).one(&write.0).await?.ok_or(Error::NotFound)?;
        let others = password_reset::Entity::update_many()
            .col_expr(password_reset::Column::UsedAt, Expr::value(Some(now)))
            .filter(password_reset::Column::PersonId.eq(reset.person_id))
            .filter(password_reset::Column::UsedAt.is_null());
        others.exec(&write.0).await?;
        set_password(&write, reset.person_id, hash).await?;
        let name = person::Entity::find_by_id(reset.person_id).one(&write.0).await?.map(|p| p.name).unwrap_or_default();
        let row = record(&nowhere(now), None, EventKind::PasswordChanged, Detail { subject: name.clone(), ..Detail::default() })?;
        let row = event::ActiveModel { by_id: Set(Some(reset.person_id)), by_name: Set(name), ..row };
        event::Entity::insert(row).exec_without_returning(&write.0).await?;
        let notice = Notice::PasswordChanged { at: crate::words::date_time(now) };
        post(&write, &nowhere(now), &Audience::Person(PersonId(reset.person_id)), &notice).await?;
        write.commit().await
    }

    /// The assurance team by name; only for administrators.
    pub async fn team(&self, actor: &Actor) -> Result<Vec<Member>, Error> {
        if !actor.is(Duty::Administrator) {
            return Err(Error::NotFound);
        }
        let select = person::Entity::find().filter(person::Column::Duties.ne(""));
        let rows = select.order_by_asc(person::Column::Name).limit(200).all(&self.read).await?;
        Ok(rows.into_iter().map(|p| member(p, None)).collect())
    }

    /// Adds a person of the assurance team from the console: how the first administrator comes to be.
    pub async fn add_staff(
        &self,
        who: (&str, &str),
        hash: String,
        duties: &BTreeSet<Duty>,
        now: DateTime<Utc>,
    ) -> Result<PersonId, Error> {
        let write = self.begin().await?;
        let id = add_person(&write, who, Some(hash), &duties_text(duties), now).await?;
        write.commit().await?;
        Ok(PersonId(id))
    }
}

/// For what is about no organisation and no product.
pub(super) fn nowhere(now: DateTime<Utc>) -> About {
    About { product: None, organisation: OrganisationId(Uuid::nil()), now }
}

async fn set_password(write: &Write, person_id: Uuid, hash: String) -> Result<(), Error> {
    let update = person::Entity::update_many()
        .col_expr(person::Column::PasswordHash, Expr::value(Some(hash)))
        .col_expr(person::Column::Failures, Expr::value(0))
        .col_expr(person::Column::LockedUntil, Expr::value(Option::<DateTime<Utc>>::None));
    update.filter(person::Column::Id.eq(person_id)).exec(&write.0).await?;
    session::Entity::delete_many().filter(session::Column::PersonId.eq(person_id)).exec(&write.0).await?;
    Ok(())
}

/// Adds a person.
pub(super) async fn add_person(
    write: &Write,
    who: (&str, &str),
    hash: Option<String>,
    duties: &str,
    now: DateTime<Utc>,
) -> Result<Uuid, Error> {
    let id = new_id();
    let row = person::ActiveModel {
        id: Set(id),
        email: Set(who.1.to_lowercase()),
        name: Set(who.0.to_owned()),
        password_hash: Set(hash),
        duties: Set(duties.to_owned()),
        failures: Set(0),
        locked_until: Set(None),
        added_at: Set(now),
        reviews_a_week: Set(None),
        shortcuts: Set(false),
    };
    person::Entity::insert(row).exec_without_returning(&write.0).await.map_err(|e| match e.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Refusal::People(format!("{} has an account already", who.1)).into(),
        _ => Error::from(e),
    })?;
    Ok(id)
}

/// Records something about people.
pub(super) async fn happened(write: &Write, about: &About, actor: &Actor, kind: EventKind, subject: &str) -> Result<(), Error> {
    let row = record(about, Some(actor), kind, Detail { subject: subject.to_owned(), ..Detail::default() })?;
    event::Entity::insert(row).exec_without_returning(&write.0).await?;
    Ok(())
}

/// A person's row.
pub(super) fn member(row: person::Model, role: Option<Membership>) -> Member {
    Member { person: PersonId(row.id), name: row.name, email: row.email, role, duties: duties(&row.duties) }
}
