//! Invitations: how people come to an organisation or to the assurance team.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::account::{add_person, happened};
use super::row::{duties, duties_text, known};
use super::schema::{event, invitation, membership, organisation, person};
use super::told::{About, post, record};
use super::{Db, Write, assignee};
use crate::domain::account::{INVITATION_DAYS, Place, may_invite};
use crate::domain::actor::{Actor, Duty, Membership};
use crate::domain::assignee::{With, gone, joined};
use crate::domain::calendar::london_date;
use crate::domain::event::{Detail, EventKind};
use crate::domain::notice::{Audience, Notice};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::words::{InvitationId, OrganisationId, PersonId};
use crate::error::Error;
use crate::secret::new_id;

/// An invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// Invited address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// What the person will be.
    pub place: Place,
    /// Name of the organisation; empty for the assurance team.
    pub organisation: String,
    /// Who invited.
    pub invited_by: String,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// Used or cancelled.
    pub is_closed: bool,
}

impl Db {
    /// Invites somebody. The mail goes through the outbox; its link is made when it is sent.
    pub async fn invite(&self, actor: &Actor, who: (&str, &str), place: &Place, now: DateTime<Utc>) -> Result<(), Error> {
        may_invite(actor, place)?;
        let write = self.begin().await?;
        add(&write, actor, who, place, now).await?;
        write.commit().await
    }

    /// An invitation.
    pub async fn invitation(&self, id: Uuid) -> Result<Invitation, Error> {
        let row = invitation::Entity::find_by_id(id).one(&self.read).await?.ok_or(Error::NotFound)?;
        invited(&self.read, row).await
    }

    /// Accepts an invitation as somebody who is logged in or, with a password hash, as a new person.
    pub async fn accept(&self, id: Uuid, name: &str, hash: Option<String>, now: DateTime<Utc>) -> Result<PersonId, Error> {
        let write = self.begin().await?;
        let claim = invitation::Entity::update_many()
            .col_expr(invitation::Column::ClosedAt, Expr::value(Some(now)))
            .filter(invitation::Column::Id.eq(id))
            .filter(invitation::Column::ClosedAt.is_null())
            .filter(invitation::Column::ExpiresAt.gt(now));
        if claim.exec(&write.0).await?.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        let row = invitation::Entity::find_by_id(id).one(&write.0).await?.ok_or(Error::NotFound)?;
        if let Some(organisation) = row.organisation_id {
            // Questions may be given to the person at this moment.
            organisation::Entity::find_by_id(organisation).lock_exclusive().one(&write.0).await?;
        }
        let found = person::Entity::find().filter(person::Column::Email.eq(&row.email)).one(&write.0).await?;
        let person_id = if let Some(person) = found {
            let mut all = duties(&person.duties);
            all.extend(duties(&row.duties));
            let mut model = person.clone().into_active_model();
            model.duties = Set(duties_text(&all));
            model.update(&write.0).await?;
            person.id
        } else {
            add_person(&write, (name, &row.email), hash, &row.duties, now).await?
        };
        let about = About { product: None, organisation: OrganisationId(row.organisation_id.unwrap_or(Uuid::nil())), now };
        if let (Some(organisation_id), Some(role)) = (row.organisation_id, row.role.clone()) {
            let member = membership::ActiveModel {
                organisation_id: Set(organisation_id),
                person_id: Set(person_id),
                role: Set(role),
                since: Set(now),
            };
            membership::Entity::insert(member).exec_without_returning(&write.0).await?;
            welcome(&write, &row, (PersonId(person_id), name), now).await?;
        }
        let joined = record(&about, None, EventKind::PersonJoined, Detail { subject: name.to_owned(), ..Detail::default() })?;
        let joined = event::ActiveModel { by_id: Set(Some(person_id)), by_name: Set(name.to_owned()), ..joined };
        event::Entity::insert(joined).exec_without_returning(&write.0).await?;
        post(&write, &about, &Audience::Person(PersonId(person_id)), &Notice::AccountReady).await?;
        write.commit().await?;
        Ok(PersonId(person_id))
    }

    /// Cancels an open invitation of an organisation.
    pub async fn cancel_invitation(&self, actor: &Actor, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let found = self.invitation(id).await?;
        if !found.is_visible_to(actor) {
            return Err(Error::NotFound);
        }
        may_invite(actor, &found.place)?;
        let write = self.begin().await?;
        if close(&write, id, now).await? {
            let about = About { product: None, organisation: found.organisation_id(), now };
            happened(&write, &about, actor, EventKind::InvitationCancelled, &found.name).await?;
            let with = With::Invited(found.email);
            assignee::follow(&write, (actor, now), about.organisation, &with, |product| gone(product, &with)).await?;
        }
        write.commit().await
    }

    /// Sends the mail of an open invitation again, with the full time to answer. Pressed twice, it is done once.
    pub async fn renew_invitation(&self, actor: &Actor, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let found = self.invitation(id).await?;
        if !found.is_visible_to(actor) || found.is_closed {
            return Err(Error::NotFound);
        }
        may_invite(actor, &found.place)?;
        let write = self.begin().await?;
        if close(&write, id, now).await? {
            add(&write, actor, (&found.name, &found.email), &found.place, now).await?;
        }
        write.commit().await
    }

    /// The open invitations to an organisation, or to the assurance team.
    pub async fn invitations(&self, organisation: Option<OrganisationId>) -> Result<Vec<Invitation>, Error> {
        let select = invitation::Entity::find().filter(invitation::Column::ClosedAt.is_null());
        let select = match organisation {
            Some(id) => select.filter(invitation::Column::OrganisationId.eq(id.0)),
            None => select.filter(invitation::Column::OrganisationId.is_null()),
        };
        let rows = select.order_by_asc(invitation::Column::InvitedAt).limit(100).all(&self.read).await?;
        let name = match organisation {
            Some(id) => organisation::Entity::find_by_id(id.0).one(&self.read).await?.map(|o| o.name).unwrap_or_default(),
            None => String::new(),
        };
        rows.into_iter().map(|row| invitation_of(row, name.clone())).collect()
    }
}

/// What waited for somebody in the products of an organisation is theirs.
#[expect(clippy::disallowed_methods, reason = "it follows of joining, and is nobody's act in a product")]
async fn welcome(write: &Write, row: &invitation::Model, who: (PersonId, &str), now: DateTime<Utc>) -> Result<(), Error> {
    let Some((organisation, word)) = row.organisation_id.zip(row.role.as_deref()) else { return Ok(()) };
    let role = known(word, Membership::from_word(word))?;
    let with = With::Invited(row.email.clone());
    let theirs = |product: &Product| joined(product, &row.email, (who.0, who.1, role));
    assignee::follow(write, (&Actor::worker(), now), OrganisationId(organisation), &with, theirs).await
}

/// Closes an open invitation. False when somebody else was quicker.
async fn close(write: &Write, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    let close = invitation::Entity::update_many()
        .col_expr(invitation::Column::ClosedAt, Expr::value(Some(now)))
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::ClosedAt.is_null());
    Ok(close.exec(&write.0).await?.rows_affected == 1)
}

/// Writes an invitation with its event and its letter. Invitations to one organisation wait for each other.
pub async fn add(write: &Write, actor: &Actor, who: (&str, &str), place: &Place, now: DateTime<Utc>) -> Result<(), Error> {
    let (name, email) = who;
    let email = email.to_lowercase();
    let organisation = match place {
        Place::Supplier(id, _) => {
            Some(organisation::Entity::find_by_id(id.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?)
        }
        Place::Staff(_) => None,
    };
    refuse_known(write, name, &email, organisation.as_ref().map(|o| o.id)).await?;
    let id = new_id();
    let expires_at = now + Duration::days(INVITATION_DAYS);
    let (role, can, duty_words) = match place {
        Place::Supplier(_, role) => (Some(role.word().to_owned()), role.can().to_owned(), String::new()),
        Place::Staff(set) => (None, set.iter().map(|d| d.can()).collect::<Vec<_>>().join("; "), duties_text(set)),
    };
    let row = invitation::ActiveModel {
        id: Set(id),
        email: Set(email.clone()),
        name: Set(name.to_owned()),
        organisation_id: Set(organisation.as_ref().map(|o| o.id)),
        role: Set(role),
        duties: Set(duty_words),
        invited_by: Set(actor.name().to_owned()),
        invited_at: Set(now),
        expires_at: Set(expires_at),
        closed_at: Set(None),
        accepted_by: Set(None),
    };
    invitation::Entity::insert(row).exec_without_returning(&write.0).await?;
    let about = About { product: None, organisation: OrganisationId(organisation.as_ref().map_or(Uuid::nil(), |o| o.id)), now };
    happened(write, &about, actor, EventKind::PersonInvited, name).await?;
    let notice = Notice::Invitation {
        invitation: InvitationId(id),
        inviter: actor.name().to_owned(),
        to: organisation.map_or_else(|| "the CIS2 assurance team".to_owned(), |o| o.name),
        can,
        until: london_date(expires_at),
    };
    post(write, &about, &Audience::Address { name: name.to_owned(), email }, &notice).await?;
    Ok(())
}

impl Invitation {
    /// The organisation that somebody is invited to; nil for the assurance team.
    #[must_use]
    pub fn organisation_id(&self) -> OrganisationId {
        match &self.place {
            Place::Supplier(id, _) => *id,
            Place::Staff(_) => OrganisationId(Uuid::nil()),
        }
    }

    fn is_visible_to(&self, actor: &Actor) -> bool {
        actor.is(Duty::Administrator) || actor.in_organisation(self.organisation_id()).is_some()
    }
}

/// Refuses to invite somebody who is there already or is invited.
async fn refuse_known(write: &Write, name: &str, email: &str, organisation: Option<Uuid>) -> Result<(), Error> {
    let person = person::Entity::find().filter(person::Column::Email.eq(email)).one(&write.0).await?;
    if let Some(person) = person {
        let is_member = match organisation {
            Some(id) => membership::Entity::find_by_id((id, person.id)).one(&write.0).await?.is_some(),
            None => !person.duties.is_empty(),
        };
        if is_member {
            return Err(Refusal::People(format!("{} is already in the team", person.name)).into());
        }
    }
    let open =
        invitation::Entity::find().filter(invitation::Column::Email.eq(email)).filter(invitation::Column::ClosedAt.is_null());
    let open = match organisation {
        Some(id) => open.filter(invitation::Column::OrganisationId.eq(id)),
        None => open.filter(invitation::Column::OrganisationId.is_null()),
    };
    if open.one(&write.0).await?.is_some() {
        return Err(Refusal::People(format!("{name} has been invited already. You can send the invitation again")).into());
    }
    Ok(())
}

async fn invited(db: &impl ConnectionTrait, row: invitation::Model) -> Result<Invitation, Error> {
    let name = match row.organisation_id {
        Some(id) => organisation::Entity::find_by_id(id).one(db).await?.map(|o| o.name).unwrap_or_default(),
        None => String::new(),
    };
    invitation_of(row, name)
}

fn invitation_of(row: invitation::Model, organisation: String) -> Result<Invitation, Error> {
    let place = match (row.organisation_id, row.role.as_deref()) {
        (Some(id), Some(role)) => Place::Supplier(OrganisationId(id), known(role, Membership::from_word(role))?),
        _ => Place::Staff(duties(&row.duties)),
    };
    Ok(Invitation {
        id: InvitationId(row.id),
        email: row.email,
        name: row.name,
        place,
        organisation,
        invited_by: row.invited_by,
        invited_at: row.invited_at,
        expires_at: row.expires_at,
        is_closed: row.closed_at.is_some(),
    })
}
