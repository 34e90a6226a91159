//! Saved views: filters of lists that a person gave a name, and nobody else sees.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::commit::name_key;
use super::schema::{person, saved_view};
use super::visible::Visible;
use super::{Db, Write};
use crate::domain::actor::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::words::ViewId;
use crate::error::Error;
use crate::secret::new_id;

/// Most views of one person.
pub const VIEWS_MAX: u64 = 20;
/// Most characters of a view's name.
pub const NAME_MAX: usize = 60;

/// A filter of a list under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Which.
    pub id: ViewId,
    /// Its name, unique among the person's views whatever its letters' case.
    pub name: String,
    /// The address of the list with its filters, which can be sent to anybody who sees the list.
    pub address: String,
}

impl Visible<'_> {
    /// The actor's own views, by name; served by the unique index on person and name.
    pub async fn views(&self) -> Result<Vec<SavedView>, Error> {
        let select = saved_view::Entity::find().filter(saved_view::Column::PersonId.eq(self.actor.person().0));
        let rows = select.order_by_asc(saved_view::Column::NameKey).limit(VIEWS_MAX).all(self.read()).await?;
        Ok(rows.into_iter().map(|v| SavedView { id: ViewId(v.id), name: v.name, address: v.address }).collect())
    }
}

fn taken(error: sea_orm::DbErr, name: &str) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
            Refusal::People(format!("You have a view called \"{name}\" already. Enter another name")).into()
        }
        _ => error.into(),
    }
}

impl Db {
    /// Keeps a view.
    ///
    /// # Errors
    /// [`Refusal::People`] with the sentence when the name is in use or there are too many.
    pub async fn add_view(&self, actor: &Actor, (name, address): (&str, &str), now: DateTime<Utc>) -> Result<(), Error> {
        let owner = actor.account().ok_or(Error::NotFound)?;
        let write = self.begin().await?;
        // The person's row is held, so that two presses at once cannot pass the limit together.
        person::Entity::find_by_id(owner.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let own = saved_view::Entity::find().filter(saved_view::Column::PersonId.eq(owner.0));
        if own.count(&write.0).await? >= VIEWS_MAX {
            let sentence = format!("You have {VIEWS_MAX} views, which is the most. Remove one first");
            return Err(Refusal::People(sentence).into());
        }
        let row = saved_view::ActiveModel {
            id: Set(new_id()),
            person_id: Set(owner.0),
            name: Set(name.to_owned()),
            name_key: Set(name_key(name)),
            address: Set(address.to_owned()),
            added_at: Set(now),
        };
        saved_view::Entity::insert(row).exec_without_returning(&write.0).await.map_err(|e| taken(e, name))?;
        write.commit().await
    }

    /// Gives one's own view another name.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's, [`Refusal::People`] when the name is in use.
    pub async fn rename_view(&self, actor: &Actor, id: ViewId, name: &str) -> Result<(), Error> {
        let write = self.begin().await?;
        let update = saved_view::Entity::update_many()
            .col_expr(saved_view::Column::Name, Expr::value(name))
            .col_expr(saved_view::Column::NameKey, Expr::value(name_key(name)))
            .filter(saved_view::Column::Id.eq(id.0))
            .filter(saved_view::Column::PersonId.eq(actor.person().0));
        let changed = update.exec(&write.0).await.map_err(|e| taken(e, name))?;
        finish(write, changed.rows_affected).await
    }

    /// Forgets one's own view.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's.
    pub async fn remove_view(&self, actor: &Actor, id: ViewId) -> Result<(), Error> {
        let write = self.begin().await?;
        let delete = saved_view::Entity::delete_many()
            .filter(saved_view::Column::Id.eq(id.0))
            .filter(saved_view::Column::PersonId.eq(actor.person().0));
        let gone = delete.exec(&write.0).await?;
        finish(write, gone.rows_affected).await
    }
}

async fn finish(write: Write, rows: u64) -> Result<(), Error> {
    if rows == 0 { Err(Error::NotFound) } else { write.commit().await }
}
