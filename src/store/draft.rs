//! Drafts: what people typed and did not save yet. Each belongs to one person, and nobody else finds it.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::presence;
use super::schema::{draft, person, session};
use super::visible::Visible;
use super::{Db, Write};
use crate::domain::actor::Actor;
use crate::domain::draft::{DRAFTS, KEPT, KEPT_MINUTES, has_room};
use crate::domain::words::{DraftId, PersonId};
use crate::error::Error;
use crate::secret::{new_id, token_hash};

/// What somebody typed on a form.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Which.
    pub id: DraftId,
    /// The form's address.
    pub place: String,
    /// The fields as a form is sent (`application/x-www-form-urlencoded`).
    pub body: String,
    /// What was saved when it was begun, as JSON by question; empty where that is not known.
    pub started_from: String,
    /// The names of the files that were chosen; they are not kept.
    pub files: Vec<String>,
    /// When it was typed.
    pub at: DateTime<Utc>,
    /// Until when it is kept; without end for a draft, an hour for a post whose log-in had run out.
    pub kept_until: Option<DateTime<Utc>>,
}

/// The columns of a draft in a list, as they are read.
type Listed = (Uuid, String, DateTime<Utc>, Option<DateTime<Utc>>);

/// A draft in a list.
#[derive(Clone, Debug)]
pub struct DraftRow {
    /// Which.
    pub id: DraftId,
    /// The form's address.
    pub place: String,
    /// When it was typed.
    pub at: DateTime<Utc>,
    /// As [`Draft::kept_until`].
    pub kept_until: Option<DateTime<Utc>>,
}

/// What was typed, on its way into the store.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The form's address.
    pub place: String,
    /// As [`Draft::body`].
    pub body: String,
    /// As [`Draft::started_from`].
    pub started_from: String,
    /// As [`Draft::files`].
    pub files: Vec<String>,
}

fn drawn(row: draft::Model) -> Draft {
    Draft {
        id: DraftId(row.id),
        place: row.place,
        body: row.body,
        started_from: row.started_from,
        files: row.files.lines().map(str::to_owned).collect(),
        at: row.at,
        kept_until: row.kept_until,
    }
}

/// The drafts of a person that they may see at a moment: those kept for an hour only until it is over, and only once the
/// person has logged in again.
fn own(person: PersonId, now: DateTime<Utc>) -> Condition {
    let lasts = Condition::any().add(draft::Column::KeptUntil.is_null()).add(draft::Column::KeptUntil.gt(now));
    Condition::all().add(draft::Column::PersonId.eq(person.0)).add(draft::Column::Session.is_null()).add(lasts)
}

impl Visible<'_> {
    /// The actor's own draft of a form.
    pub async fn draft_of(&self, place: &str) -> Result<Option<Draft>, Error> {
        let select = draft::Entity::find()
            .filter(draft::Column::PersonId.eq(self.actor.person().0))
            .filter(draft::Column::Place.eq(place))
            .filter(draft::Column::KeptUntil.is_null());
        Ok(select.one(self.read()).await?.map(drawn))
    }

    /// The actor's own drafts, newest first; they are few ([`DRAFTS`]).
    pub async fn drafts(&self, now: DateTime<Utc>) -> Result<Vec<DraftRow>, Error> {
        let select = draft::Entity::find()
            .select_only()
            .columns([draft::Column::Id, draft::Column::Place, draft::Column::At, draft::Column::KeptUntil])
            .filter(own(self.actor.person(), now))
            .order_by_desc(draft::Column::At)
            .limit(u64::try_from(DRAFTS + KEPT).unwrap_or_default());
        let rows: Vec<Listed> = select.into_tuple().all(self.read()).await?;
        Ok(rows.into_iter().map(|(id, place, at, kept_until)| DraftRow { id: DraftId(id), place, at, kept_until }).collect())
    }

    /// One of the actor's own drafts.
    pub async fn draft(&self, id: Uuid, now: DateTime<Utc>) -> Result<Draft, Error> {
        let found = draft::Entity::find_by_id(id).filter(own(self.actor.person(), now)).one(self.read()).await?;
        found.map(drawn).ok_or(Error::NotFound)
    }
}

impl Db {
    /// Keeps what somebody typed on a form, in place of what they typed on it before, and notes that they have it open.
    ///
    /// # Errors
    /// [`Error::TooLarge`] with the sentence when there is no room; what was kept before stays.
    pub async fn keep_draft(&self, actor: &Actor, typed: Typed, now: DateTime<Utc>) -> Result<(), Error> {
        let owner = actor.account().ok_or(Error::NotFound)?;
        let write = self.begin().await?;
        presence::note(&write, owner, &typed.place, now).await?;
        put(&write, owner, typed, now).await?;
        write.commit().await
    }

    /// Forgets the actor's own draft of a form that is the same as what is saved.
    pub async fn settle_draft(&self, actor: &Actor, place: &str) -> Result<(), Error> {
        let write = self.begin().await?;
        settle(&write, actor.person(), place).await?;
        write.commit().await
    }

    /// Forgets the draft of a form that has been saved, and that its person has it open.
    pub async fn finish_form(&self, actor: &Actor, place: &str) -> Result<(), Error> {
        let write = self.begin().await?;
        presence::forget(&write, actor.person(), place).await?;
        settle(&write, actor.person(), place).await?;
        write.commit().await
    }

    /// Forgets one of the actor's own drafts.
    ///
    /// # Errors
    /// [`Error::NotFound`] for somebody else's.
    pub async fn discard_draft(&self, actor: &Actor, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        let gone = draft::Entity::delete_many().filter(draft::Column::Id.eq(id)).filter(own(actor.person(), now));
        if gone.exec(&write.0).await?.rows_affected == 0 {
            return Err(Error::NotFound);
        }
        write.commit().await
    }

    /// Forgets a post that was kept and has now been taken, if it is of the person of this session.
    pub async fn taken_again(&self, token: &str, id: Uuid) -> Result<(), Error> {
        let person = Query::select()
            .column(session::Column::PersonId)
            .from(session::Entity)
            .and_where(session::Column::TokenHash.eq(token_hash(token)))
            .to_owned();
        let write = self.begin().await?;
        let delete = draft::Entity::delete_many().filter(draft::Column::Id.eq(id));
        delete.filter(draft::Column::PersonId.in_subquery(person)).exec(&write.0).await?;
        write.commit().await
    }

    /// Keeps a post whose log-in had run out, for its person, for an hour. The oldest of too many makes room.
    pub async fn keep_post(&self, token: &str, owner: PersonId, typed: Typed, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        person::Entity::find_by_id(owner.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let waiting = draft::Entity::find()
            .select_only()
            .columns([draft::Column::Id, draft::Column::Place])
            .filter(draft::Column::PersonId.eq(owner.0))
            .filter(draft::Column::KeptUntil.is_not_null())
            .order_by_desc(draft::Column::At);
        let waiting: Vec<(Uuid, String)> = waiting.into_tuple().all(&write.0).await?;
        let (same, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, place)| *place == typed.place);
        let gone = same.into_iter().chain(others.into_iter().skip(KEPT - 1)).map(|(id, _)| id);
        draft::Entity::delete_many().filter(draft::Column::Id.is_in(gone)).exec(&write.0).await?;
        let row = draft::ActiveModel {
            kept_until: Set(Some(now + Duration::minutes(KEPT_MINUTES))),
            session: Set(Some(token_hash(token))),
            ..row(owner, typed, now)
        };
        draft::Entity::insert(row).exec_without_returning(&write.0).await?;
        write.commit().await
    }

    /// Whether something that was typed waits for the person of a session to log in again.
    pub async fn has_kept(&self, token: &str, now: DateTime<Utc>) -> Result<bool, Error> {
        let select = draft::Entity::find()
            .select_only()
            .column(draft::Column::Id)
            .filter(draft::Column::Session.eq(token_hash(token)))
            .filter(draft::Column::KeptUntil.gt(now));
        Ok(select.into_tuple::<Uuid>().one(&self.read).await?.is_some())
    }

    /// Hands what was kept to its person, who has logged in. What a form with drafts was sent becomes its draft, unless
    /// there is a newer one. What the browser's last session left for somebody else is deleted. Returns the address at
    /// which each can be seen, newest first.
    pub async fn claim_kept(&self, owner: PersonId, old: Option<&str>, now: DateTime<Utc>) -> Result<Vec<String>, Error> {
        let write = self.begin().await?;
        if let Some(old) = old {
            let foreign = draft::Entity::delete_many().filter(draft::Column::Session.eq(token_hash(old)));
            foreign.filter(draft::Column::PersonId.ne(owner.0)).exec(&write.0).await?;
        }
        let waiting = draft::Entity::find()
            .filter(draft::Column::PersonId.eq(owner.0))
            .filter(draft::Column::Session.is_not_null())
            .filter(draft::Column::KeptUntil.gt(now))
            .order_by_desc(draft::Column::At);
        let mut places = Vec::new();
        for row in waiting.all(&write.0).await? {
            places.push(claim(&write, owner, row).await?);
        }
        write.commit().await?;
        Ok(places)
    }
}

async fn claim(write: &Write, owner: PersonId, row: draft::Model) -> Result<String, Error> {
    let (id, at) = (row.id, row.at);
    if let Some(place) = crate::domain::draft::Place::parse(&row.place).map(|p| p.to_string()) {
        let kept = drawn(row);
        let before = draft::Entity::find()
            .filter(draft::Column::PersonId.eq(owner.0))
            .filter(draft::Column::Place.eq(&place))
            .filter(draft::Column::KeptUntil.is_null());
        let is_newest = before.one(&write.0).await?.is_none_or(|d| d.at <= at);
        let typed = Typed { place: place.clone(), body: kept.body, started_from: String::new(), files: kept.files };
        if is_newest && put(write, owner, typed, at).await.is_ok() {
            draft::Entity::delete_by_id(id).exec(&write.0).await?;
            return Ok(place);
        }
    }
    let claimed = draft::Entity::update_many()
        .col_expr(draft::Column::Session, Expr::value(Option::<String>::None))
        .filter(draft::Column::Id.eq(id));
    claimed.exec(&write.0).await?;
    Ok(format!("/drafts/{id}"))
}

fn row(owner: PersonId, typed: Typed, at: DateTime<Utc>) -> draft::ActiveModel {
    draft::ActiveModel {
        id: Set(new_id()),
        person_id: Set(owner.0),
        place: Set(typed.place),
        body: Set(typed.body),
        started_from: Set(typed.started_from),
        files: Set(typed.files.join("\n")),
        at: Set(at),
        kept_until: Set(None),
        session: Set(None),
    }
}

/// Writes a draft in place of the one before, if there is room.
async fn settle(write: &Write, person: PersonId, place: &str) -> Result<(), Error> {
    let delete = draft::Entity::delete_many()
        .filter(draft::Column::PersonId.eq(person.0))
        .filter(draft::Column::Place.eq(place))
        .filter(draft::Column::KeptUntil.is_null());
    delete.exec(&write.0).await?;
    Ok(())
}

async fn put(write: &Write, owner: PersonId, typed: Typed, at: DateTime<Utc>) -> Result<(), Error> {
    // The person's row is held, so that two at once cannot pass the limit together or write the same place twice.
    person::Entity::find_by_id(owner.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
    let sizes = draft::Entity::find()
        .select_only()
        .columns([draft::Column::Id, draft::Column::Place])
        .column_as(Expr::expr(Func::char_length(Expr::col(draft::Column::Body))), "size")
        .filter(draft::Column::PersonId.eq(owner.0))
        .filter(draft::Column::KeptUntil.is_null());
    let sizes: Vec<(Uuid, String, i32)> = sizes.into_tuple().all(&write.0).await?;
    let (same, others): (Vec<_>, Vec<_>) = sizes.into_iter().partition(|(_, place, _)| *place == typed.place);
    let others: Vec<usize> = others.into_iter().map(|(.., size)| usize::try_from(size).unwrap_or_default()).collect();
    if !has_room(&others, typed.body.len()) {
        let sentence = "You have more unsaved text than we can keep. Save or discard some of it first";
        return Err(Error::TooLarge(sentence.to_owned()));
    }
    match same.first() {
        Some((id, ..)) => {
            let row = draft::ActiveModel { id: Set(*id), ..row(owner, typed, at) };
            draft::Entity::update(row).exec(&write.0).await?;
        }
        None => {
            draft::Entity::insert(row(owner, typed, at)).exec_without_returning(&write.0).await?;
        }
    }
    Ok(())
}
