//! Messages as their recipients have them: the inbox, what each chose, and what is held to be sent together.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::Db;
use super::outbox::{Letter, letters};
use super::schema::{outbox, person, preference};
use super::told::ROUND;
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::matter::{How, Matter};
use crate::domain::notice::Notice;
use crate::domain::words::PersonId;
use crate::error::Error;

/// Kinds that the inbox leaves out: they carry a link or a code, or repeat what is in it.
const NOT_IN_INBOX: &[&str] =
    &["invitation", "account-ready", "password-reset", "password-changed", "signature-asked", "signing-code", "summary"];

/// Most unread messages that are counted for the head of a page; more are "99+".
pub const UNREAD_MAX: u64 = 100;

/// The number of unread messages of a session's person as a column, at most [`UNREAD_MAX`]; by the index on those that are
/// unread. It rides on the statement that every page begins with.
pub(super) fn unread_of_session() -> SimpleExpr {
    let left_out: Vec<String> = NOT_IN_INBOX.iter().map(|kind| format!("'{kind}'")).collect();
    Expr::cust(format!(
        "(SELECT count(*) FROM (SELECT 1 FROM outbox WHERE outbox.person_id = session.person_id AND outbox.read_at IS NULL \
         AND outbox.kind NOT IN ({}) LIMIT {UNREAD_MAX}) AS unread)",
        left_out.join(", ")
    ))
}

/// Whether a session's person switched keyboard shortcuts on, as a column of the same statement.
pub(super) fn shortcuts_of_session() -> SimpleExpr {
    Expr::cust("(SELECT shortcuts FROM person WHERE person.id = session.person_id)")
}

/// A message in the inbox.
#[derive(Clone, Debug)]
pub struct Message {
    /// The message.
    pub letter: Letter,
    /// Whether it was marked as read.
    pub is_read: bool,
}

impl Visible<'_> {
    /// A page of the actor's own messages: unread first, then the newest; by the index on recipient and time.
    pub async fn inbox(&self, only_unread: bool, number: u64) -> Result<(Page<Message>, u64), Error> {
        let number = at_least_one(number);
        let Some(person) = self.actor.account() else { return Err(Error::NotFound) };
        let mine = outbox::Entity::find()
            .filter(outbox::Column::PersonId.eq(person.0))
            .filter(outbox::Column::Kind.is_not_in(NOT_IN_INBOX.iter().copied()));
        let unread = mine.clone().filter(outbox::Column::ReadAt.is_null()).count(self.read()).await?;
        let total = if only_unread { unread } else { mine.clone().count(self.read()).await? };
        let select = if only_unread { mine.filter(outbox::Column::ReadAt.is_null()) } else { mine };
        let rows = select
            .order_by_desc(Expr::col(outbox::Column::ReadAt).is_null())
            .order_by_desc(outbox::Column::CreatedAt)
            .order_by_desc(outbox::Column::Id)
            .offset((number - 1) * PAGE)
            .limit(PAGE)
            .all(self.read())
            .await?;
        let is_read: Vec<bool> = rows.iter().map(|r| r.read_at.is_some()).collect();
        let found = letters(self.db, rows).await?;
        let rows = found.into_iter().zip(is_read).map(|(letter, is_read)| Message { letter, is_read }).collect();
        Ok((Page { rows, total, number }, unread))
    }

    /// How the actor wants to hear of each matter.
    pub async fn preferences(&self) -> Result<BTreeMap<Matter, How>, Error> {
        let Some(person) = self.actor.account() else { return Err(Error::NotFound) };
        let rows = preference::Entity::find().filter(preference::Column::PersonId.eq(person.0)).all(self.read()).await?;
        let chosen = rows.into_iter().filter_map(|r| Some((Matter::from_word(&r.matter)?, How::from_word(&r.how)?)));
        let mut all: BTreeMap<Matter, How> = Matter::ALL.iter().map(|m| (*m, How::Now)).collect();
        all.extend(chosen);
        Ok(all)
    }
}

impl Db {
    /// Marks messages of a person as read: one, or all that were written until a moment.
    pub async fn mark_read(&self, person: PersonId, which: Read, now: DateTime<Utc>) -> Result<u64, Error> {
        let write = self.begin().await?;
        let mine = outbox::Entity::update_many()
            .col_expr(outbox::Column::ReadAt, Expr::value(Some(now)))
            .filter(outbox::Column::PersonId.eq(person.0))
            .filter(outbox::Column::ReadAt.is_null());
        let those = match which {
            Read::One(id) => mine.filter(outbox::Column::Id.eq(id)),
            Read::Until(moment) => mine.filter(outbox::Column::CreatedAt.lte(moment)),
        };
        let number = those.exec(&write.0).await?.rows_affected;
        write.commit().await?;
        Ok(number)
    }

    /// Keeps what a person chose: how they hear of each matter, and whether keyboard shortcuts are on.
    pub async fn prefer(&self, person: PersonId, chosen: &BTreeMap<Matter, How>, shortcuts: bool) -> Result<(), Error> {
        let write = self.begin().await?;
        person::Entity::update_many()
            .col_expr(person::Column::Shortcuts, Expr::value(shortcuts))
            .filter(person::Column::Id.eq(person.0))
            .exec(&write.0)
            .await?;
        let rows = chosen.iter().map(|(matter, how)| preference::ActiveModel {
            person_id: Set(person.0),
            matter: Set(matter.word().to_owned()),
            how: Set(how.word().to_owned()),
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return write.commit().await;
        }
        let on = OnConflict::columns([preference::Column::PersonId, preference::Column::Matter])
            .update_column(preference::Column::How)
            .to_owned();
        preference::Entity::insert_many(rows).on_conflict(on).exec_without_returning(&write.0).await?;
        write.commit().await
    }

    /// What is held in a way until a moment, by recipient, oldest first.
    pub async fn held(&self, how: Held, until: DateTime<Utc>) -> Result<Vec<(PersonId, Vec<Letter>)>, Error> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::How.eq(how.word()))
            .filter(outbox::Column::SentAt.is_null())
            .filter(outbox::Column::CreatedAt.lte(until))
            .order_by_asc(outbox::Column::CreatedAt)
            .order_by_asc(outbox::Column::Id)
            .all(&self.read)
            .await?;
        let mut of: BTreeMap<PersonId, Vec<outbox::Model>> = BTreeMap::new();
        for row in rows {
            // Somebody without an account is told one thing at a time.
            of.entry(PersonId(row.person_id.unwrap_or(row.id))).or_default().push(row);
        }
        let mut found = Vec::with_capacity(of.len());
        for (person, rows) in of {
            found.push((person, letters(self, rows).await?));
        }
        Ok(found)
    }

    /// Lets held messages go out one by one.
    pub async fn release(&self, letters: &[Letter], now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::How, Expr::value(How::Now.word()))
            .col_expr(outbox::Column::DueAt, Expr::value(now))
            .filter(outbox::Column::Id.is_in(letters.iter().map(|l| l.id)))
            .filter(outbox::Column::How.eq(ROUND))
            .filter(outbox::Column::SentAt.is_null())
            .exec(&write.0)
            .await?;
        write.commit().await
    }

    /// Puts one message in place of several that were held, all or none. Returns whether this call did; somebody else
    /// may have been first.
    pub async fn gather(&self, person: PersonId, held: &[Letter], summary: &Notice, now: DateTime<Utc>) -> Result<bool, Error> {
        let write = self.begin().await?;
        let taken = outbox::Entity::update_many()
            .col_expr(outbox::Column::SentAt, Expr::value(Some(now)))
            .filter(outbox::Column::Id.is_in(held.iter().map(|l| l.id)))
            .filter(outbox::Column::SentAt.is_null())
            .exec(&write.0)
            .await?;
        if taken.rows_affected != held.len() as u64 {
            return Ok(false);
        }
        let about = super::told::About { product: None, organisation: crate::domain::words::OrganisationId(Uuid::nil()), now };
        super::told::post(&write, &about, &crate::domain::notice::Audience::Person(person), summary).await?;
        write.commit().await?;
        Ok(true)
    }
}

/// Which messages are read.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// One.
    One(Uuid),
    /// All that were written until a moment.
    Until(DateTime<Utc>),
}

/// In which way messages are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// For the daily summary.
    Daily,
    /// For the end of a round of reminders.
    Round,
}

impl Held {
    const fn word(self) -> &'static str {
        match self {
            Self::Daily => How::Daily.word(),
            Self::Round => ROUND,
        }
    }
}
