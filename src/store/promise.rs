//! What the assurance team owes at the moment, by when, and who has it.

use sea_orm::prelude::{ChronoDate, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _,
    RelationDef, Select,
};

use super::batch::{BATCH, Batch};
use super::interest::apart;
use super::register::{Place, after};
use super::row::{count, known};
use super::schema::{organisation, person, product, section, wait};
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Section;
use crate::domain::waits::Topic;
use crate::domain::words::PersonId;
use crate::error::Error;

/// Open promises of the team: which, and which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseFilter {
    /// Of one kind only.
    pub topic: Option<Topic>,
    /// Only those whose day has passed.
    pub is_overdue: bool,
    /// Only those whose day is this one or later.
    pub from: Option<ChronoDate>,
    /// Only reviews that nobody has.
    pub is_unassigned: bool,
    /// Page, from 1.
    pub page: u64,
}

/// One open promise.
#[derive(Clone, Debug)]
pub struct Promised {
    /// `C2A-1042`.
    pub reference: String,
    /// Product.
    pub product: String,
    /// Supplier.
    pub organisation: String,
    /// What was promised.
    pub topic: Topic,
    /// Which section and which round, if it is a review.
    pub section: Option<(Section, u32)>,
    /// Since when it waits.
    pub since: ChronoDate,
    /// The promised day.
    pub due: ChronoDate,
    /// Who has the review.
    pub reviewer: Option<(PersonId, String)>,
}

#[derive(FromQueryResult)]
struct Listed {
    id: Uuid,
    reference: String,
    name: String,
    organisation_name: String,
    topic: String,
    section: Option<String>,
    round: Option<i32>,
    from_on: ChronoDate,
    due: Option<ChronoDate>,
    reviewer_id: Option<Uuid>,
    reviewer_name: Option<String>,
}

fn join_product() -> RelationDef {
    wait::Entity::belongs_to(product::Entity).from(wait::Column::ProductId).to(product::Column::Id).into()
}

fn join_section() -> RelationDef {
    wait::Entity::belongs_to(section::Entity)
        .from((wait::Column::ProductId, wait::Column::Section))
        .to((section::Column::ProductId, section::Column::Section))
        .into()
}

fn join_reviewer() -> RelationDef {
    section::Entity::belongs_to(person::Entity).from(section::Column::ReviewerId).to(person::Column::Id).into()
}

/// The open promises that a filter lets through.
fn promises(actor: &Actor, filter: &PromiseFilter, today: ChronoDate) -> Select<wait::Entity> {
    // The words of the partial index on what is due.
    let mut select = wait::Entity::find()
        .filter(wait::Column::UntilOn.is_null())
        .filter(Expr::cust("wait.turn = 'team'"))
        .filter(wait::Column::Due.is_not_null());
    if let Some(topic) = filter.topic {
        select = select.filter(wait::Column::Topic.eq(topic.word()));
    }
    if filter.is_overdue {
        select = select.filter(wait::Column::Due.lt(today));
    }
    if let Some(from) = filter.from {
        select = select.filter(wait::Column::Due.gte(from));
    }
    if filter.is_unassigned {
        select = select
            .filter(wait::Column::Topic.eq(Topic::Review.word()))
            .join(JoinType::InnerJoin, join_section())
            // The words of the partial index on reviews that nobody has.
            .filter(Expr::cust("section.state = 'submitted' AND section.reviewer_id IS NULL"));
    }
    match apart(actor, wait::Column::ProductId) {
        Some(only) => select.filter(only),
        None => select,
    }
}

impl Visible<'_> {
    /// How many open promises a filter lets through: the length of the list behind the number.
    pub async fn promised(&self, filter: &PromiseFilter, today: ChronoDate) -> Result<u64, Error> {
        self.of_the_team()?;
        Ok(promises(self.actor, filter, today).select_only().column(wait::Column::Id).count(self.read()).await?)
    }

    /// A page of open promises, the first due first; two statements. Served by the index on what is due of the team.
    pub async fn promises(&self, filter: &PromiseFilter, today: ChronoDate) -> Result<Page<Promised>, Error> {
        let total = self.promised(filter, today).await?;
        let number = at_least_one(filter.page);
        Ok(Page { rows: self.first_due(filter, today, ((number - 1) * PAGE, PAGE)).await?, total, number })
    }

    /// The open promises that are due first, after so many and at most so many; one statement, which joins only them.
    pub async fn first_due(
        &self,
        filter: &PromiseFilter,
        today: ChronoDate,
        (offset, most): (u64, u64),
    ) -> Result<Vec<Promised>, Error> {
        self.of_the_team()?;
        let rows: Vec<Listed> = first(promises(self.actor, filter, today), (offset, most)).into_model().all(self.read()).await?;
        rows.into_iter().map(Listed::promised).collect()
    }

    /// All open promises of a filter, the first due first, a batch at a time; by the same index.
    pub async fn promises_after(
        &self,
        filter: &PromiseFilter,
        today: ChronoDate,
        place: Option<PromiseKey>,
    ) -> Result<Batch<Promised, PromiseKey>, Error> {
        self.of_the_team()?;
        let mut select = promises(self.actor, filter, today);
        if let Some(place) = place {
            select = select.filter(after(place, (wait::Column::Due, wait::Column::Id)));
        }
        let rows: Vec<Listed> = first(select, (0, BATCH)).into_model().all(self.read()).await?;
        let last = rows.last().and_then(|r| Some((r.due?, r.id)));
        Ok(Batch::new(rows.into_iter().map(Listed::promised).collect::<Result<_, _>>()?, last))
    }
}

/// Where open promises go on: the day by which something is due, and which it is.
pub type PromiseKey = Place<Uuid, ChronoDate>;

/// The columns of [`Listed`] of the promises that are due first, which are chosen before anything is joined to them.
fn first(select: Select<wait::Entity>, (offset, most): (u64, u64)) -> Select<wait::Entity> {
    let chosen = select
        .select_only()
        .column(wait::Column::Id)
        .order_by_asc(wait::Column::Due)
        .order_by_asc(wait::Column::Id)
        .offset(offset)
        .limit(most);
    wait::Entity::find()
        .filter(wait::Column::Id.in_subquery(chosen.into_query()))
        .join(JoinType::LeftJoin, join_section())
        .join(JoinType::InnerJoin, join_product())
        .join(JoinType::InnerJoin, join_organisation())
        .join(JoinType::LeftJoin, join_reviewer())
        .select_only()
        .columns([wait::Column::Id, wait::Column::Topic, wait::Column::Section, wait::Column::FromOn, wait::Column::Due])
        .columns([product::Column::Reference, product::Column::Name])
        .columns([section::Column::Round, section::Column::ReviewerId])
        .column_as(organisation::Column::Name, "organisation_name")
        .column_as(person::Column::Name, "reviewer_name")
        .order_by_asc(wait::Column::Due)
        .order_by_asc(wait::Column::Id)
}

impl Listed {
    fn promised(self) -> Result<Promised, Error> {
        let section = self.section.as_ref().map(|word| known(word, Section::from_word(word))).transpose()?;
        Ok(Promised {
            topic: known(&self.topic, Topic::from_word(&self.topic))?,
            section: section.zip(self.round.map(count)),
            reference: self.reference,
            product: self.name,
            organisation: self.organisation_name,
            since: self.from_on,
            due: self.due.unwrap_or_default(),
            reviewer: self.reviewer_id.map(PersonId).zip(self.reviewer_name),
        })
    }
}
