//! What is told of a change: an event for the history, and one outbox row for each recipient of a notice.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::Write;
use super::interest::people_without_interest;
use super::schema::{event, membership, outbox, person, preference};
use crate::domain::actor::{Actor, Duty};
use crate::domain::catalogue::Section;
use crate::domain::command::Change;
use crate::domain::event::{Detail, EventKind};
use crate::domain::matter::{How, Matter};
use crate::domain::notice::{Audience, Notice, QuestionNews};
use crate::domain::product::Product;
use crate::domain::words::{OrganisationId, ProductId};
use crate::error::Error;
use crate::secret::new_id;

/// What an event says; answers, comments and messages stay out of it.
fn told(change: &Change, after: &Product) -> (EventKind, Option<Section>, Option<String>, Detail) {
    let reason = |text: &String| Detail { reason: text.clone(), ..Detail::default() };
    let subject = |name: &str| Detail { subject: name.to_owned(), ..Detail::default() };
    let round = |section: &Section| Some(after.section(*section).round);
    let in_round = |section: &Section| Detail { round: round(section), ..Detail::default() };
    match change {
        Change::ProductAdded => (EventKind::ProductAdded, None, None, Detail::default()),
        Change::ProductChanged(_) => (EventKind::ProductChanged, None, None, Detail::default()),
        Change::ProductHeld(text) => (EventKind::ProductHeld, None, None, reason(text)),
        Change::ProductResumed(text, _) => (EventKind::ProductResumed, None, None, reason(text)),
        Change::SupplierReminded(of) => (EventKind::SupplierReminded, of.section, None, subject(of.topic.thing())),
        Change::ProductWithdrawn(text) => (EventKind::ProductWithdrawn, None, None, reason(text)),
        Change::Answered(section, entry) => (EventKind::Answered, Some(*section), Some(entry.question.clone()), Detail::default()),
        Change::Copied(section, entry, from) => {
            (EventKind::AnswerCopied, Some(*section), Some(entry.question.clone()), subject(&from.to_string()))
        }
        Change::SectionSent { section, round, digest, reply_by, submission } => {
            let count = Some(submission.answers.len());
            let detail = Detail { round: Some(*round), count, reply_by: *reply_by, digest: digest.clone(), ..Detail::default() };
            (EventKind::SectionSent, Some(*section), None, detail)
        }
        Change::SectionTakenBack(section) => (EventKind::SectionTakenBack, Some(*section), None, Detail::default()),
        Change::ReviewAssigned(section, reviewer) => {
            (EventKind::ReviewAssigned, Some(*section), None, Detail { round: round(section), ..subject(&reviewer.name) })
        }
        Change::Decided { section, round, ruling, .. } => {
            let detail = Detail { round: Some(*round), ..Detail::default() };
            (EventKind::Decided, Some(*section), Some(ruling.question.clone()), detail)
        }
        Change::ReplySent(section, reply) => {
            (EventKind::ReplySent, Some(*section), None, Detail { at: reply.leaves_at, ..in_round(section) })
        }
        Change::ReplyUndone(section) => (EventKind::ReplyUndone, Some(*section), None, in_round(section)),
        Change::ReplyStopped(section, why) => {
            (EventKind::ReplyStopped, Some(*section), None, Detail { round: round(section), ..reason(why) })
        }
        Change::SectionReturned { section, asked, reply_by, .. } => {
            let detail = Detail { round: round(section), count: Some(asked.len()), reply_by: *reply_by, ..Detail::default() };
            (EventKind::SectionReturned, Some(*section), None, detail)
        }
        Change::SectionAccepted(section, _) => (EventKind::SectionAccepted, Some(*section), None, in_round(section)),
        Change::SectionReopened { section, asked, reason, reply_by } => {
            let detail = Detail { count: Some(asked.len()), reason: reason.clone(), reply_by: *reply_by, ..Detail::default() };
            (EventKind::SectionReopened, Some(*section), None, detail)
        }
        Change::Demonstrated(_, told)
        | Change::Certified(_, told)
        | Change::Agreed(_, told)
        | Change::Talked(_, _, told)
        | Change::Recounted(_, told) => (told.kind, None, None, told.detail.clone()),
        Change::Assigned(assignee) => {
            (EventKind::QuestionAssigned, Some(assignee.section), Some(assignee.question.clone()), subject(&assignee.name))
        }
        Change::Freed(section, question, told) => (told.kind, Some(*section), Some(question.clone()), told.detail.clone()),
        Change::PartyChanged(_) => (EventKind::OrganisationChanged, None, None, Detail::default()),
        Change::ProductionGiven(_) => (EventKind::ProductionGiven, None, None, Detail::default()),
        Change::WentLive(on) => (EventKind::WentLive, None, None, Detail { reply_by: Some(*on), ..Detail::default() }),
        Change::SignInAltered(altered) => (EventKind::SignInAltered, None, None, reason(&altered.what)),
        Change::BecameAssured => (EventKind::Assured, None, None, Detail::default()),
    }
}

pub(super) fn event_of(after: &Product, change: &Change, actor: &Actor, now: DateTime<Utc>) -> Result<event::ActiveModel, Error> {
    let (kind, section, question, detail) = told(change, after);
    let about = About { product: Some(after.id), organisation: after.organisation, now };
    // What moves with the calendar is nobody's act in the product, whoever came by.
    let actor = Some(actor).filter(|_| !matches!(change, Change::Recounted(..)));
    let row = record(&about, actor, kind, detail)?;
    Ok(event::ActiveModel { section: Set(section.map(|s| s.word().to_owned())), question: Set(question), ..row })
}

/// What an event or a notice is about, and when.
pub(super) struct About {
    pub product: Option<ProductId>,
    pub organisation: OrganisationId,
    pub now: DateTime<Utc>,
}

/// An event to insert.
pub(super) fn record(about: &About, actor: Option<&Actor>, kind: EventKind, detail: Detail) -> Result<event::ActiveModel, Error> {
    let organisation = (!about.organisation.0.is_nil()).then_some(about.organisation.0);
    Ok(event::ActiveModel {
        id: Set(new_id()),
        product_id: Set(about.product.map(|p| p.0)),
        organisation_id: Set(organisation),
        section: Set(None),
        question: Set(None),
        kind: Set(kind.word().to_owned()),
        detail: Set(serde_json::to_value(detail)?),
        by_id: Set(actor.and_then(Actor::account).map(|p| p.0)),
        by_name: Set(actor.map_or_else(|| "CIS2 assurance".to_owned(), |a| a.name().to_owned())),
        at: Set(about.now),
        posture: Set(None),
    })
}

/// How messages leave that were written in one round of reminders: by e-mail, or together if somebody has many.
pub(super) const ROUND: &str = "round";

/// When what is not sent by itself would be due: never.
fn never() -> DateTime<Utc> {
    DateTime::<Utc>::MAX_UTC.min(DateTime::from_timestamp(253_402_214_400, 0).unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// Puts a notice into the outbox, one row for each recipient, each in the way that the recipient chose.
pub(super) async fn post(write: &Write, about: &About, audience: &Audience, notice: &Notice) -> Result<(), Error> {
    let at_once = if matches!(notice, Notice::DatesMoved { .. }) {
        // Many products move at once: whoever has several gets one message.
        ROUND
    } else if matches!(notice, Notice::Question(QuestionNews::Answered { .. })) {
        // Whoever asked a colleague finds the answer where they look anyway.
        How::Never.word()
    } else {
        How::Now.word()
    };
    post_as(write, about, (audience, at_once), notice).await
}

/// The same with a way of its own for those who hear of it straight away.
pub(super) async fn post_as(
    write: &Write,
    about: &About,
    (audience, at_once): (&Audience, &str),
    notice: &Notice,
) -> Result<(), Error> {
    let people: Vec<(Option<uuid::Uuid>, String, String)> = match audience {
        Audience::Address { name, email } => vec![(None, name.clone(), email.clone())],
        Audience::Member(id) => {
            let is_member = membership::Entity::find_by_id((about.organisation.0, id.0)).one(&write.0).await?.is_some();
            let found = person::Entity::find_by_id(id.0).one(&write.0).await?.filter(|_| is_member);
            found.into_iter().map(|p| (Some(p.id), p.name, p.email)).collect()
        }
        Audience::Person(id) => {
            let found = person::Entity::find_by_id(id.0).one(&write.0).await?;
            found.into_iter().map(|p| (Some(p.id), p.name, p.email)).collect()
        }
        Audience::Staff => with_duty(write, about, &[Duty::Reviewer, Duty::Manager]).await?,
        Audience::Reviewers => with_duty(write, about, &[Duty::Reviewer]).await?,
        Audience::Managers => with_duty(write, about, &[Duty::Manager]).await?,
        Audience::Team => {
            let members = Query::select()
                .column(membership::Column::PersonId)
                .from(membership::Entity)
                .and_where(membership::Column::OrganisationId.eq(about.organisation.0))
                .to_owned();
            let found = person::Entity::find().filter(person::Column::Id.in_subquery(members)).all(&write.0).await?;
            found.into_iter().map(|p| (Some(p.id), p.name, p.email)).collect()
        }
    };
    if people.is_empty() {
        return Ok(());
    }
    let payload = serde_json::to_value(notice)?;
    let chosen = chosen(write, Matter::of(notice), people.iter().filter_map(|p| p.0)).await?;
    let how = |person: Option<uuid::Uuid>| match person.and_then(|p| chosen.get(&p)) {
        Some(how) if *how != How::Now => how.word(),
        Some(_) | None => at_once,
    };
    let rows = people.into_iter().map(|(person_id, name, email)| outbox::ActiveModel {
        how: Set(how(person_id).to_owned()),
        read_at: Set(None),
        id: Set(new_id()),
        kind: Set(notice.word().to_owned()),
        payload: Set(payload.clone()),
        product_id: Set(about.product.map(|p| p.0)),
        person_id: Set(person_id),
        name: Set(name),
        email: Set(email),
        created_at: Set(about.now),
        due_at: Set(if how(person_id) == How::Now.word() { about.now } else { never() }),
        attempts: Set(0),
        sent_at: Set(None),
        parked_at: Set(None),
        last_error: Set(String::new()),
    });
    outbox::Entity::insert_many(rows).exec_without_returning(&write.0).await?;
    Ok(())
}

/// Everybody in the assurance team with one of the duties and without an interest in the supplier.
async fn with_duty(write: &Write, about: &About, duties: &[Duty]) -> Result<Vec<(Option<uuid::Uuid>, String, String)>, Error> {
    let any = duties.iter().fold(Condition::any(), |any, duty| any.add(person::Column::Duties.contains(duty.word())));
    let found = person::Entity::find().filter(any).filter(people_without_interest(about.organisation)).all(&write.0).await?;
    Ok(found.into_iter().map(|p| (Some(p.id), p.name, p.email)).collect())
}

/// What people chose for a matter; those who chose nothing are not in it.
async fn chosen(
    write: &Write,
    matter: Matter,
    people: impl Iterator<Item = uuid::Uuid>,
) -> Result<BTreeMap<uuid::Uuid, How>, Error> {
    if matter.choices().len() < 2 {
        return Ok(BTreeMap::new());
    }
    let rows = preference::Entity::find()
        .filter(preference::Column::Matter.eq(matter.word()))
        .filter(preference::Column::PersonId.is_in(people))
        .all(&write.0)
        .await?;
    Ok(rows.into_iter().filter_map(|r| Some((r.person_id, How::from_word(&r.how)?))).collect())
}
