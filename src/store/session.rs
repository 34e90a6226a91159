//! Sessions: who is logged in, until when, and who was until an hour ago.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::inbox::{shortcuts_of_session, unread_of_session};
use super::schema::{draft, person, presence, session};
use super::{Db, Write};
use crate::domain::actor::Actor;
use crate::domain::draft::{KEPT_MINUTES, PRESENT_MINUTES};
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::secret::token_hash;

/// Minutes without a request after which a session of supplier staff ends.
pub const IDLE_SUPPLIER: i64 = 30;
/// The same for assurance staff.
pub const IDLE_STAFF: i64 = 15;
/// Hours after which any session ends.
pub const SESSION_HOURS: i64 = 8;

/// A session that lives.
pub struct Admitted {
    /// Who.
    pub actor: Actor,
    /// How many messages they have not read.
    pub unread: u64,
    /// Whether they switched keyboard shortcuts on.
    pub has_shortcuts: bool,
    /// When it ends if nothing more is asked for.
    pub ends_at: DateTime<Utc>,
}

/// A session with the number of unread messages.
#[derive(FromQueryResult)]
struct Living {
    person_id: Uuid,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    unread: i64,
    shortcuts: bool,
}

/// A session, living or not, and what decides how long it lives.
#[derive(FromQueryResult)]
struct Any {
    person_id: Uuid,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    duties: String,
}

fn end(seen_at: DateTime<Utc>, expires_at: DateTime<Utc>, is_staff: bool) -> DateTime<Utc> {
    let idle = Duration::minutes(if is_staff { IDLE_STAFF } else { IDLE_SUPPLIER });
    expires_at.min(seen_at + idle)
}

impl Db {
    /// The person of a session, if it lives, and how many messages they have not read; marks the session as seen at most
    /// once a minute.
    pub async fn session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<Admitted>, Error> {
        let hash = token_hash(token);
        let found: Option<Living> = session::Entity::find_by_id(hash.clone())
            .select_only()
            .columns([session::Column::PersonId, session::Column::SeenAt, session::Column::ExpiresAt])
            .column_as(unread_of_session(), "unread")
            .column_as(shortcuts_of_session(), "shortcuts")
            .into_model()
            .one(&self.read)
            .await?;
        let Some(session) = found.filter(|s| s.expires_at > now) else { return Ok(None) };
        let actor = self.actor(PersonId(session.person_id)).await?;
        let Some(actor) = actor else { return Ok(None) };
        let ends_at = |seen_at| end(seen_at, session.expires_at, actor.is_staff());
        if ends_at(session.seen_at) < now {
            return Ok(None);
        }
        let mut seen_at = session.seen_at;
        if seen_at + Duration::minutes(1) < now {
            let write = self.begin().await?;
            let seen = session::Entity::update_many().col_expr(session::Column::SeenAt, Expr::value(now));
            seen.filter(session::Column::TokenHash.eq(hash)).exec(&write.0).await?;
            write.commit().await?;
            seen_at = now;
        }
        let unread = u64::try_from(session.unread).unwrap_or_default();
        Ok(Some(Admitted { ends_at: ends_at(seen_at), has_shortcuts: session.shortcuts, actor, unread }))
    }

    async fn any_session(&self, token: &str) -> Result<Option<Any>, Error> {
        let to_person = session::Entity::belongs_to(person::Entity).from(session::Column::PersonId).to(person::Column::Id);
        let select = session::Entity::find_by_id(token_hash(token))
            .join(JoinType::InnerJoin, to_person.into())
            .select_only()
            .columns([session::Column::PersonId, session::Column::SeenAt, session::Column::ExpiresAt])
            .column(person::Column::Duties);
        Ok(select.into_model().one(&self.read).await?)
    }

    /// When a session ends, if it lives. Asking does not make it live longer.
    pub async fn session_end(&self, token: &str, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let found = self.any_session(token).await?;
        let ends_at = found.map(|s| end(s.seen_at, s.expires_at, !s.duties.is_empty()));
        Ok(ends_at.filter(|at| *at >= now))
    }

    /// The person of a session that ran out within the last hour. One that was logged out is not known any more.
    pub async fn ended_session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<PersonId>, Error> {
        let Some(found) = self.any_session(token).await? else { return Ok(None) };
        let ends_at = end(found.seen_at, found.expires_at, !found.duties.is_empty());
        let is_recent = ends_at < now && now < ends_at + Duration::minutes(KEPT_MINUTES);
        Ok(is_recent.then_some(PersonId(found.person_id)))
    }

    /// Ends a session.
    pub async fn log_out(&self, token: &str) -> Result<(), Error> {
        let write = self.begin().await?;
        session::Entity::delete_by_id(token_hash(token)).exec(&write.0).await?;
        write.commit().await
    }

    /// Deletes what is over: posts that were kept for an hour, who had which page open, and sessions that are not
    /// recognised any more. Returns how many posts.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let write = self.begin().await?;
        let kept = draft::Entity::delete_many().filter(draft::Column::KeptUntil.lte(now)).exec(&write.0).await?;
        let left = presence::Column::At.lt(now - Duration::minutes(PRESENT_MINUTES));
        presence::Entity::delete_many().filter(left).exec(&write.0).await?;
        let over = session::Column::ExpiresAt.lt(now - Duration::minutes(KEPT_MINUTES));
        session::Entity::delete_many().filter(over).exec(&write.0).await?;
        write.commit().await?;
        Ok(kept.rows_affected)
    }
}

/// Starts a session with a token that was just made.
pub(super) async fn start_session(write: &Write, id: PersonId, token: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let row = session::ActiveModel {
        token_hash: Set(token_hash(token)),
        person_id: Set(id.0),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + Duration::hours(SESSION_HOURS)),
    };
    session::Entity::insert(row).exec_without_returning(&write.0).await?;
    Ok(())
}
