//! Standard replies: read by the assurance team, added while a review is written, counted, changed and retired.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::account::{happened, nowhere};
use super::batch::{BATCH, Batch};
use super::row::count;
use super::schema::standard_reply::{self, Column};
use super::visible::{PAGE, Page, Visible, at_least_one};
use super::{Db, Write};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::refusal::Refusal;
use crate::domain::standard_reply::{StandardReply, may_add};
use crate::domain::words::{PersonId, StandardReplyId};
use crate::error::Error;
use crate::secret::new_id;

/// Most texts that one page of a review offers.
const OFFERED: u64 = 200;

fn reply(row: standard_reply::Model) -> StandardReply {
    StandardReply {
        id: StandardReplyId(row.id),
        question: row.question,
        body: row.body,
        uses: count(row.uses),
        by: PersonId(row.by_id),
        by_name: row.by_name,
        added_at: row.added_at,
        retired_at: row.retired_at,
    }
}

fn in_use() -> Select<standard_reply::Entity> {
    standard_reply::Entity::find().filter(Column::RetiredAt.is_null())
}

/// What an event calls it: the question, by its key, or none.
fn subject(question: Option<&str>) -> String {
    question.map_or_else(|| "for any question".to_owned(), |key| format!("for the question {key}"))
}

impl Visible<'_> {
    /// A page of the standard replies, the most used first: those in use, or those that were retired.
    pub async fn standard_replies(&self, is_retired: bool, page: u64) -> Result<Page<StandardReply>, Error> {
        self.only_team()?;
        let number = at_least_one(page);
        let select = if is_retired { standard_reply::Entity::find().filter(Column::RetiredAt.is_not_null()) } else { in_use() };
        let total = select.clone().count(self.read()).await?;
        let select = select.order_by_desc(Column::Uses).order_by_asc(Column::Id);
        let rows = select.offset((number - 1) * PAGE).limit(PAGE).all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(reply).collect(), total, number })
    }

    /// A batch of the standard replies, in use and retired, the oldest first.
    pub async fn standard_replies_after(
        &self,
        last: Option<StandardReplyId>,
    ) -> Result<Batch<StandardReply, StandardReplyId>, Error> {
        self.only_team()?;
        let mut select = standard_reply::Entity::find().order_by_asc(Column::Id).limit(BATCH);
        if let Some(last) = last {
            select = select.filter(Column::Id.gt(last.0));
        }
        let rows: Vec<StandardReply> = select.all(self.read()).await?.into_iter().map(reply).collect();
        let last = rows.last().map(|r| r.id);
        Ok(Batch::new(rows, last))
    }

    /// One that is in use.
    pub async fn standard_reply(&self, id: StandardReplyId) -> Result<StandardReply, Error> {
        self.only_team()?;
        let found = in_use().filter(Column::Id.eq(id.0)).one(self.read()).await?;
        found.map(reply).ok_or(Error::NotFound)
    }

    /// Those that fit some questions, the most used first.
    pub async fn standard_replies_for(&self, questions: &[&str]) -> Result<Vec<StandardReply>, Error> {
        self.only_team()?;
        let fits = Column::Question.is_null().or(Column::Question.is_in(questions.iter().copied()));
        let select = in_use().filter(fits).order_by_desc(Column::Uses).order_by_asc(Column::Id);
        Ok(select.limit(OFFERED).all(self.read()).await?.into_iter().map(reply).collect())
    }

    fn only_team(&self) -> Result<(), Error> {
        if self.actor.sees_all() { Ok(()) } else { Err(Error::NotFound) }
    }
}

impl Db {
    /// Adds a text for a question, or for any. One that is there already is not added again. Returns whether it was added.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody outside the assurance team.
    pub async fn add_standard_reply(
        &self,
        actor: &Actor,
        (question, body): (Option<&str>, &str),
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        if !may_add(actor) {
            return Err(Error::NotFound);
        }
        let write = self.begin().await?;
        if same(&write, question, body).await?.is_some() {
            return Ok(false);
        }
        let row = standard_reply::ActiveModel {
            id: Set(new_id()),
            question: Set(question.map(str::to_owned)),
            body: Set(body.to_owned()),
            uses: Set(0),
            by_id: Set(actor.person().0),
            by_name: Set(actor.name().to_owned()),
            added_at: Set(now),
            retired_at: Set(None),
        };
        standard_reply::Entity::insert(row).exec_without_returning(&write.0).await?;
        happened(&write, &nowhere(now), actor, EventKind::StandardReplyAdded, &subject(question)).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Changes a text, or what it is for.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not in use, [`Refusal::NotYours`] when the actor may not, [`Refusal::People`]
    /// with the sentence when the same text is there already.
    pub async fn change_standard_reply(
        &self,
        actor: &Actor,
        id: StandardReplyId,
        (question, body): (Option<&str>, &str),
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let write = self.begin().await?;
        let present = theirs(&write, actor, id).await?;
        if (present.question.as_deref(), present.body.as_str()) == (question, body) {
            return Ok(());
        }
        if same(&write, question, body).await?.is_some_and(|other| other != id) {
            return Err(Refusal::People("There is a standard reply with this text already".to_owned()).into());
        }
        let update = standard_reply::Entity::update_many()
            .col_expr(Column::Question, Expr::value(question.map(str::to_owned)))
            .col_expr(Column::Body, Expr::value(body));
        update.filter(Column::Id.eq(id.0)).exec(&write.0).await?;
        happened(&write, &nowhere(now), actor, EventKind::StandardReplyChanged, &subject(question)).await?;
        write.commit().await
    }

    /// Retires a text: it is offered no more. Comments that were started from it stay as they are.
    ///
    /// # Errors
    /// As [`Db::change_standard_reply`].
    pub async fn retire_standard_reply(&self, actor: &Actor, id: StandardReplyId, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        let present = theirs(&write, actor, id).await?;
        let update = standard_reply::Entity::update_many().col_expr(Column::RetiredAt, Expr::value(Some(now)));
        update.filter(Column::Id.eq(id.0)).exec(&write.0).await?;
        let of = subject(present.question.as_deref());
        happened(&write, &nowhere(now), actor, EventKind::StandardReplyRetired, &of).await?;
        write.commit().await
    }

    /// Counts comments that were started from texts.
    pub async fn standard_replies_used(&self, ids: &BTreeSet<StandardReplyId>) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let write = self.begin().await?;
        let update = standard_reply::Entity::update_many().col_expr(Column::Uses, Expr::col(Column::Uses).add(1));
        update.filter(Column::Id.is_in(ids.iter().map(|id| id.0))).exec(&write.0).await?;
        write.commit().await
    }
}

/// One that is in use and that the actor may change, locked.
async fn theirs(write: &Write, actor: &Actor, id: StandardReplyId) -> Result<StandardReply, Error> {
    if !may_add(actor) {
        return Err(Error::NotFound);
    }
    let found = in_use().filter(Column::Id.eq(id.0)).lock_exclusive().one(&write.0).await?;
    let found = found.map(reply).ok_or(Error::NotFound)?;
    if found.may_change(actor) { Ok(found) } else { Err(Refusal::NotYours.into()) }
}

/// The one in use with the same text for the same question.
async fn same(write: &Write, question: Option<&str>, body: &str) -> Result<Option<StandardReplyId>, Error> {
    let select = match question {
        Some(key) => in_use().filter(Column::Question.eq(key)),
        None => in_use().filter(Column::Question.is_null()),
    };
    Ok(select.filter(Column::Body.eq(body)).one(&write.0).await?.map(|row| StandardReplyId(row.id)))
}
