//! Questions that are with colleagues: kept as a decision left them, and followed when people join and leave.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};

use super::organisation::members;
use super::row::known;
use super::schema::{assignee, invitation, organisation, product};
use super::visible::{PAGE, Page, Visible, at_least_one, named_by};
use super::{Write, commit, load};
use crate::domain::actor::{Actor, Membership};
use crate::domain::assignee::{Assignee, Candidate, With};
use crate::domain::catalogue::Section;
use crate::domain::decide::Decision;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;
use crate::domain::words::{OrganisationId, PersonId, ProductId};
use crate::error::Error;

/// Writes with whom a question is.
pub(super) async fn keep(write: &Write, product: ProductId, assigned: &Assignee) -> Result<(), Error> {
    use assignee::Column as C;
    let (person, email) = match &assigned.with {
        With::Colleague(person) => (Some(person.0), String::new()),
        With::Invited(email) => (None, email.clone()),
    };
    let row = assignee::ActiveModel {
        product_id: Set(product.0),
        question: Set(assigned.question.clone()),
        section: Set(assigned.section.word().to_owned()),
        title: Set(assigned.title.clone()),
        person_id: Set(person),
        email: Set(email),
        name: Set(assigned.name.clone()),
        note: Set(assigned.note.clone()),
        by_id: Set(assigned.by.0),
        by_name: Set(assigned.by_name.clone()),
        at: Set(assigned.at),
    };
    let on = OnConflict::columns([C::ProductId, C::Question])
        .update_columns([C::PersonId, C::Email, C::Name, C::Note, C::ById, C::ByName, C::At])
        .to_owned();
    assignee::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}

/// Takes away that a question is with somebody.
pub(super) async fn free(write: &Write, product: ProductId, question: &str) -> Result<(), Error> {
    assignee::Entity::delete_by_id((product.0, question.to_owned())).exec(&write.0).await?;
    Ok(())
}

/// The question and the person of a row.
pub(super) fn assignee(row: assignee::Model) -> Result<Assignee, Error> {
    Ok(Assignee {
        section: known(&row.section, Section::from_word(&row.section))?,
        question: row.question,
        title: row.title,
        with: row.person_id.map_or(With::Invited(row.email), |id| With::Colleague(PersonId(id))),
        name: row.name,
        note: row.note,
        by: PersonId(row.by_id),
        by_name: row.by_name,
        at: row.at,
    })
}

/// Holds the organisation of a product, so that nobody joins or leaves it before the transaction ends. What the actor may
/// not see is not found. It is held before the product, as by everybody who changes who belongs to it.
pub async fn hold(write: &Write, actor: &Actor, reference: &str) -> Result<OrganisationId, Error> {
    let row = named_by(actor, reference)?.one(&write.0).await?.ok_or(Error::NotFound)?;
    organisation::Entity::find_by_id(row.organisation_id).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
    Ok(OrganisationId(row.organisation_id))
}

/// Somebody whom a form names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A member, chosen from a list.
    Member(PersonId),
    /// Whoever has this e-mail address, in lower case, and their full name if they have to be invited.
    Address(String, String),
}

/// Who somebody is in an organisation that is held.
pub async fn candidate(write: &Write, organisation: OrganisationId, named: &Named) -> Result<Candidate, Error> {
    let members = members(&write.0, organisation).await?;
    let member = members.iter().find(|m| match named {
        Named::Member(person) => m.person == *person,
        Named::Address(email, _) => m.email == *email,
    });
    let (email, name) = match (member, named) {
        (Some(member), _) => {
            let role = member.role.unwrap_or(Membership::Viewer);
            return Ok(Candidate::Colleague(member.person, member.name.clone(), role));
        }
        (None, Named::Member(_)) => return Err(Refusal::Unknown("that person in your organisation").into()),
        (None, Named::Address(email, name)) => (email, name),
    };
    let invited = invitation::Entity::find()
        .filter(invitation::Column::Email.eq(email))
        .filter(invitation::Column::OrganisationId.eq(organisation.0))
        .filter(invitation::Column::ClosedAt.is_null());
    if let Some(row) = invited.one(&write.0).await? {
        let role = row.role.as_deref().and_then(Membership::from_word).unwrap_or(Membership::Viewer);
        return Ok(Candidate::Invited(row.email, row.name, role));
    }
    let owners = members.into_iter().filter(|m| m.role == Some(Membership::Owner)).map(|m| m.name).collect();
    Ok(Candidate::Stranger { email: email.clone(), name: name.clone(), owners })
}

/// Carries out what follows for the products in which questions are with somebody, or wait for them.
pub(super) async fn follow(
    write: &Write,
    (actor, now): (&Actor, DateTime<Utc>),
    organisation: OrganisationId,
    who: &With,
    follows: impl Fn(&Product) -> Decision,
) -> Result<(), Error> {
    let theirs = assignee::Entity::find().select_only().column(assignee::Column::ProductId).distinct();
    let theirs = match who {
        With::Colleague(person) => theirs.filter(assignee::Column::PersonId.eq(person.0)),
        With::Invited(email) => theirs.filter(assignee::Column::Email.eq(email)),
    };
    let ids: Vec<Uuid> = theirs.into_tuple().all(&write.0).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let products = product::Entity::find()
        .filter(product::Column::Id.is_in(ids))
        .filter(product::Column::OrganisationId.eq(organisation.0))
        .order_by_asc(product::Column::Id)
        .lock_exclusive();
    for product in load::wholes(&write.0, products.all(&write.0).await?).await? {
        let decision = follows(&product);
        Box::pin(commit::keep(write, actor, product, decision, now)).await?;
    }
    Ok(())
}

/// A question that is with the reader.
#[derive(Clone, Debug, FromQueryResult)]
pub struct GivenQuestion {
    /// `C2A-1042`.
    pub reference: String,
    /// Name of the product.
    pub product: String,
    /// The stored word of the section.
    pub section: String,
    /// Key of the page.
    pub question: String,
    /// What it is called.
    pub title: String,
    /// What the reader was told.
    pub note: String,
    /// Who gave it.
    pub by_name: String,
    /// When.
    pub at: ChronoDateTimeUtc,
}

fn join_product() -> RelationDef {
    assignee::Entity::belongs_to(product::Entity).from(assignee::Column::ProductId).to(product::Column::Id).into()
}

impl Visible<'_> {
    /// How many questions are with the actor; one statement, by the index on the person.
    pub async fn given_count(&self) -> Result<u64, Error> {
        Ok(self.given().count(self.read()).await?)
    }

    /// A page of the questions that are with the actor, the first given first; two statements.
    pub async fn given_questions(&self, page: u64) -> Result<Page<GivenQuestion>, Error> {
        let (total, number) = (self.given_count().await?, at_least_one(page));
        let rows = self
            .given()
            .select_only()
            .columns([assignee::Column::Section, assignee::Column::Question, assignee::Column::Title, assignee::Column::Note])
            .columns([assignee::Column::ByName, assignee::Column::At])
            .column_as(product::Column::Reference, "reference")
            .column_as(product::Column::Name, "product")
            .order_by_asc(assignee::Column::At)
            .order_by_asc(assignee::Column::ProductId)
            .order_by_asc(assignee::Column::Question)
            .offset((number - 1) * PAGE)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        Ok(Page { rows, total, number })
    }

    fn given(&self) -> Select<assignee::Entity> {
        let own = self.actor.memberships().keys().map(|id| id.0);
        assignee::Entity::find()
            .join(JoinType::InnerJoin, join_product())
            .filter(assignee::Column::PersonId.eq(self.actor.person().0))
            .filter(product::Column::OrganisationId.is_in(own))
            .filter(product::Column::State.ne(ProductState::Withdrawn.word()))
    }
}
