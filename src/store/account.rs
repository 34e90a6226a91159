//! People: sessions, log-in, invitations, password resets, memberships, organisations.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::commit::{About, post, record};
use super::row::{duties, duties_text, known};
use super::schema::{event, invitation, membership, organisation, password_reset, person, session};
use super::{Db, Write};
use crate::domain::account::{INVITATION_DAYS, Place, RESET_MINUTES, may_change, may_invite, wait_minutes};
use crate::domain::actor::{Actor, Duty, Membership};
use crate::domain::calendar::london_date;
use crate::domain::event::{Detail, EventKind};
use crate::domain::facts::OrganisationFacts;
use crate::domain::notice::{Audience, Notice};
use crate::domain::refusal::Refusal;
use crate::domain::words::{InvitationId, OrganisationId, PersonId};
use crate::error::Error;
use crate::secret::{new_id, token_hash};

/// Minutes without a request after which a session of supplier staff ends.
const IDLE_SUPPLIER: i64 = 30;
/// The same for assurance staff.
const IDLE_STAFF: i64 = 15;
/// Hours after which any session ends.
const SESSION_HOURS: i64 = 8;

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
    /// The person of a session, if it lives; marks it as seen at most once a minute.
    pub async fn session(&self, token: &str, now: DateTime<Utc>) -> Result<Option<Actor>, Error> {
        let hash = token_hash(token);
        let found = session::Entity::find_by_id(hash.clone()).one(&self.read).await?;
        let Some(session) = found.filter(|s| s.expires_at > now) else { return Ok(None) };
        let actor = self.actor(PersonId(session.person_id)).await?;
        let Some(actor) = actor else { return Ok(None) };
        let idle = Duration::minutes(if actor.is_staff() { IDLE_STAFF } else { IDLE_SUPPLIER });
        if session.seen_at + idle < now {
            return Ok(None);
        }
        if session.seen_at + Duration::minutes(1) < now {
            let write = self.begin().await?;
            let seen = session::Entity::update_many().col_expr(session::Column::SeenAt, Expr::value(now));
            seen.filter(session::Column::TokenHash.eq(hash)).exec(&write.0).await?;
            write.commit().await?;
        }
        Ok(Some(actor))
    }

    /// A person with everything that decides what they may do.
    #[expect(clippy::disallowed_methods, reason = "the one place at which identity enters: called for a checked session")]
    pub async fn actor(&self, id: PersonId) -> Result<Option<Actor>, Error> {
        let Some(row) = person::Entity::find_by_id(id.0).one(&self.read).await? else { return Ok(None) };
        let rows = membership::Entity::find().filter(membership::Column::PersonId.eq(id.0)).all(&self.read).await?;
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

    /// Ends a session.
    pub async fn log_out(&self, token: &str) -> Result<(), Error> {
        let write = self.begin().await?;
        session::Entity::delete_by_id(token_hash(token)).exec(&write.0).await?;
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
        let notice = Notice::PasswordReset { reset: id, until: crate::words::time(expires_at) };
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

    /// Invites somebody. The mail goes through the outbox; its link is made when it is sent.
    pub async fn invite(&self, actor: &Actor, who: (&str, &str), place: &Place, now: DateTime<Utc>) -> Result<(), Error> {
        may_invite(actor, place)?;
        let (name, email) = who;
        let email = email.to_lowercase();
        let write = self.begin().await?;
        let organisation = match place {
            Place::Supplier(id, _) => Some(organisation::Entity::find_by_id(id.0).one(&write.0).await?.ok_or(Error::NotFound)?),
            Place::Staff(_) => None,
        };
        refuse_known(&write, name, &email, organisation.as_ref().map(|o| o.id)).await?;
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
        happened(&write, &about, actor, EventKind::PersonInvited, name).await?;
        let notice = Notice::Invitation {
            invitation: InvitationId(id),
            inviter: actor.name().to_owned(),
            to: organisation.map_or_else(|| "the CIS2 assurance team".to_owned(), |o| o.name),
            can,
            until: london_date(expires_at),
        };
        post(&write, &about, &Audience::Address { name: name.to_owned(), email }, &notice).await?;
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
        let close = invitation::Entity::update_many()
            .col_expr(invitation::Column::ClosedAt, Expr::value(Some(now)))
            .filter(invitation::Column::Id.eq(id))
            .filter(invitation::Column::ClosedAt.is_null());
        if close.exec(&write.0).await?.rows_affected == 1 {
            let about = About { product: None, organisation: found.organisation_id(), now };
            happened(&write, &about, actor, EventKind::InvitationCancelled, &found.name).await?;
        }
        write.commit().await
    }

    /// Sends the mail of an open invitation again, with the full time to answer.
    pub async fn renew_invitation(&self, actor: &Actor, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let found = self.invitation(id).await?;
        if !found.is_visible_to(actor) || found.is_closed {
            return Err(Error::NotFound);
        }
        self.cancel_invitation(actor, id, now).await?;
        self.invite(actor, (&found.name, &found.email), &found.place, now).await
    }

    /// The members of an organisation, by name.
    pub async fn members(&self, organisation: OrganisationId) -> Result<Vec<Member>, Error> {
        members(&self.read, organisation).await
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

    /// Changes the facts of an organisation; its owners and editors do.
    pub async fn change_organisation(
        &self,
        actor: &Actor,
        id: OrganisationId,
        facts: &OrganisationFacts,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        match actor.in_organisation(id) {
            None => return Err(Error::NotFound),
            Some(Membership::Viewer) => return Err(Refusal::NotYours.into()),
            Some(Membership::Owner | Membership::Editor) => {}
        }
        let write = self.begin().await?;
        let update = organisation::Entity::update_many()
            .col_expr(organisation::Column::Facts, Expr::value(serde_json::to_value(facts)?))
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

fn nowhere(now: DateTime<Utc>) -> About {
    About { product: None, organisation: OrganisationId(Uuid::nil()), now }
}

async fn start_session(write: &Write, id: PersonId, token: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let row = session::ActiveModel {
        token_hash: Set(token_hash(token)),
        person_id: Set(id.0),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + Duration::hours(SESSION_HOURS)),
    };
    session::Entity::insert(row).exec_without_returning(&write.0).await?;
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(now)).exec(&write.0).await?;
    Ok(())
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

async fn add_person(
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
    };
    person::Entity::insert(row).exec_without_returning(&write.0).await.map_err(|e| match e.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Refusal::People(format!("{} has an account already", who.1)).into(),
        _ => Error::from(e),
    })?;
    Ok(id)
}

async fn happened(write: &Write, about: &About, actor: &Actor, kind: EventKind, subject: &str) -> Result<(), Error> {
    let row = record(about, Some(actor), kind, Detail { subject: subject.to_owned(), ..Detail::default() })?;
    event::Entity::insert(row).exec_without_returning(&write.0).await?;
    Ok(())
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

fn member(row: person::Model, role: Option<Membership>) -> Member {
    Member { person: PersonId(row.id), name: row.name, email: row.email, role, duties: duties(&row.duties) }
}

async fn members(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Member>, Error> {
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

/// One organisation.
pub(super) async fn organisation(db: &Db, id: OrganisationId) -> Result<Organisation, Error> {
    organisation_of(organisation::Entity::find_by_id(id.0).one(&db.read).await?.ok_or(Error::NotFound)?)
}

fn organisation_of(row: organisation::Model) -> Result<Organisation, Error> {
    let facts = serde_json::from_value(row.facts)?;
    Ok(Organisation { id: OrganisationId(row.id), name: row.name, ods_code: row.ods_code, facts })
}
