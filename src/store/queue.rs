//! Lists of reviews: those that wait for the assurance team, and those that went back to suppliers.
//!
//! A page is the start of a walk along `ix_section_state_reply_by_sent_at_section_product_id`, or along the index that
//! begins with the reviewer; how many there are, by urgency, is one statement for the whole list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sea_orm::prelude::{ChronoDate, ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Select};

use super::batch::{BATCH, Batch};
use super::interest::of_interest;
use super::row::{count, known};
use super::schema::{organisation, person, product, section};
use super::tally::positive;
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation};
use crate::domain::catalogue::Section;
use crate::domain::section::{ProductState, SectionState};
use crate::domain::words::{PersonId, ProductId};
use crate::domain::workload::Urgency;
use crate::error::Error;
use crate::words;

impl Visible<'_> {
    /// Reviews that wait for the assurance team, the first due first.
    pub async fn queue(&self, filter: &QueueFilter, today: NaiveDate) -> Result<Queue, Error> {
        self.reviews(SectionState::Submitted, filter, today).await
    }

    /// Sections that went back and wait for the supplier, those that wait longest first.
    pub async fn sent_back(&self, filter: &QueueFilter, today: NaiveDate) -> Result<Queue, Error> {
        self.reviews(SectionState::Returned, filter, today).await
    }

    /// All reviews in a state of a filter, a batch at a time, by the primary key: products in the order in which they
    /// were added.
    pub async fn reviews_after(
        &self,
        state: SectionState,
        (filter, today): (&QueueFilter, NaiveDate),
        after: Option<ReviewKey>,
    ) -> Result<Batch<Review, ReviewKey>, Error> {
        let mut select = filter.of(self.in_state(state)?);
        if let Some((product, section)) = after {
            let later = section::Column::ProductId.eq(product.0).and(section::Column::Section.gt(section.word()));
            select = select.filter(section::Column::ProductId.gt(product.0).or(later));
        }
        let select = match filter.due {
            Some(due) => select.filter(is_due(due, today)),
            None => select,
        };
        let select = shown(select).order_by_asc(section::Column::ProductId).order_by_asc(section::Column::Section);
        let listed: Vec<ListedReview> = select.limit(BATCH).into_model().all(self.read()).await?;
        let last = listed.last().map(|r| ProductId(r.product_id));
        let rows = listed.into_iter().map(ListedReview::review).collect::<Result<Vec<_>, _>>()?;
        let last = last.zip(rows.last().map(|r| r.section));
        Ok(Batch::new(rows, last))
    }

    async fn reviews(&self, state: SectionState, filter: &QueueFilter, today: NaiveDate) -> Result<Queue, Error> {
        let number = at_least_one(filter.page);
        let select = filter.of(self.in_state(state)?);
        let by_urgency = self.by_urgency(select.clone(), today).await?;
        let total = match filter.due {
            Some(due) => by_urgency.get(&due).copied().unwrap_or_default(),
            None => by_urgency.values().sum(),
        };
        let select = match filter.due {
            Some(due) => select.filter(is_due(due, today)),
            None => select,
        };
        let rows = in_order(select).offset((number - 1) * PAGE).limit(PAGE).into_model::<ListedReview>().all(self.read()).await?;
        let rows = rows.into_iter().map(ListedReview::review).collect::<Result<_, _>>()?;
        Ok(Queue { page: Page { rows, total, number }, by_urgency })
    }

    /// How many of a list are due when. They are counted by day, so that the index alone answers, in its order.
    async fn by_urgency(&self, select: Select<section::Entity>, today: NaiveDate) -> Result<BTreeMap<Urgency, u64>, Error> {
        let by_day = select.select_only().column(section::Column::ReplyBy);
        let by_day = by_day.column_as(section::Column::ProductId.count(), "number").group_by(section::Column::ReplyBy);
        let by_day: Vec<(Option<NaiveDate>, i64)> = by_day.into_tuple().all(self.read()).await?;
        let mut counts: BTreeMap<Urgency, u64> = Urgency::ALL.iter().map(|u| (*u, 0)).collect();
        for (day, number) in by_day {
            *counts.entry(Urgency::of(day, today)).or_default() += positive(number);
        }
        Ok(counts)
    }

    /// Some reviews by product and section, those that wait for the assurance team and that the actor may see.
    pub async fn chosen_reviews(&self, chosen: &BTreeSet<(String, Section)>) -> Result<Vec<Review>, Error> {
        let select = self.in_state(SectionState::Submitted)?;
        let references = chosen.iter().map(|(reference, _)| reference.to_uppercase());
        let rows = in_order(select.filter(product::Column::Reference.is_in(references))).into_model::<ListedReview>();
        let rows = rows.all(self.read()).await?.into_iter().map(ListedReview::review).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().filter(|r| chosen.contains(&(r.reference.to_lowercase(), r.section))).collect())
    }

    /// The sections in a state, of products in progress that the actor may see; only for the assurance team.
    ///
    /// The products that do not belong are taken out, instead of the others looked for: they are few, so that numbers of a
    /// long list come from the index of sections alone.
    pub(super) fn in_state(&self, state: SectionState) -> Result<Select<section::Entity>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let resting = ProductState::ALL.iter().filter(|s| **s != ProductState::Active).map(|s| s.word());
        let mut apart = vec![products_where(product::Column::State.is_in(resting))];
        apart.extend(of_interest(self.actor).map(products_where));
        let select = section::Entity::find().filter(section::Column::State.eq(state.word()));
        Ok(apart.into_iter().fold(select, |select, products| select.filter(section::Column::ProductId.not_in_subquery(products))))
    }
}

/// The products that a condition holds for, by id.
pub(super) fn products_where(condition: SimpleExpr) -> SelectStatement {
    Query::select().column(product::Column::Id).from(product::Entity).and_where(condition).to_owned()
}

fn join_product() -> sea_orm::RelationDef {
    section::Entity::belongs_to(product::Entity).from(section::Column::ProductId).to(product::Column::Id).into()
}

fn join_reviewer() -> sea_orm::RelationDef {
    section::Entity::belongs_to(person::Entity).from(section::Column::ReviewerId).to(person::Column::Id).into()
}

/// In the order of the queue; section and product settle what is otherwise equal.
pub(super) fn in_order(select: Select<section::Entity>) -> Select<section::Entity> {
    in_due_order(shown(select))
}

/// The first due first.
pub(super) fn in_due_order(select: Select<section::Entity>) -> Select<section::Entity> {
    select
        .order_by_asc(section::Column::ReplyBy)
        .order_by_asc(section::Column::SentAt)
        .order_by_asc(section::Column::Section)
        .order_by_asc(section::Column::ProductId)
}

/// What a page shows of each review.
fn shown(select: Select<section::Entity>) -> Select<section::Entity> {
    select
        .join(JoinType::InnerJoin, join_product())
        .join(JoinType::InnerJoin, join_organisation())
        .join(JoinType::LeftJoin, join_reviewer())
        .select_only()
        .columns([section::Column::ProductId, section::Column::Section, section::Column::Round, section::Column::ReviewerId])
        .columns([section::Column::SentAt, section::Column::RepliedAt, section::Column::ReplyBy, section::Column::LeavesAt])
        .columns([product::Column::Reference, product::Column::Name, product::Column::OrganisationId])
        .column_as(organisation::Column::Name, "organisation_name")
        .column_as(person::Column::Name, "reviewer_name")
}

/// Promises that are this urgent; none when no day is.
pub(super) fn is_due(urgency: Urgency, today: NaiveDate) -> SimpleExpr {
    let within = match urgency.days(today) {
        Some((from, until)) => section::Column::ReplyBy.between(from, until),
        None => Expr::value(false),
    };
    if urgency == Urgency::Later { within.or(section::Column::ReplyBy.is_null()) } else { within }
}

/// How many rows a condition holds for, beside other numbers of the same statement.
pub(super) fn sum_of(condition: SimpleExpr) -> SimpleExpr {
    SimpleExpr::Case(Box::new(Expr::case(condition, 1).finally(0))).sum()
}

/// Whose reviews.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assigned {
    /// Everybody's.
    #[default]
    Anyone,
    /// Those that nobody has.
    Nobody,
    /// One person's.
    To(PersonId),
}

words! {
    /// Which rounds.
    pub enum Rounds {
        /// What was sent for the first time.
        First = "first",
        /// What was sent again.
        Later = "later",
    }
}

/// A list of reviews: which, and which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Whose.
    pub assigned: Assigned,
    /// Of these sections only; of all when there is none.
    pub sections: BTreeSet<Section>,
    /// Of these rounds only.
    pub rounds: Option<Rounds>,
    /// Due then only.
    pub due: Option<Urgency>,
    /// Page, from 1.
    pub page: u64,
}

impl QueueFilter {
    /// Everything but when it is due: the counts by urgency are of all that the rest lets through.
    fn of(&self, mut select: Select<section::Entity>) -> Select<section::Entity> {
        select = match self.assigned {
            Assigned::Anyone => select,
            Assigned::Nobody => select.filter(section::Column::ReviewerId.is_null()),
            Assigned::To(person) => select.filter(section::Column::ReviewerId.eq(person.0)),
        };
        if !self.sections.is_empty() {
            select = select.filter(section::Column::Section.is_in(self.sections.iter().map(|s| s.word())));
        }
        match self.rounds {
            Some(Rounds::First) => select.filter(section::Column::Round.lte(1)),
            Some(Rounds::Later) => select.filter(section::Column::Round.gt(1)),
            None => select,
        }
    }
}

/// A page of a list, and how much of the whole list is how urgent.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The page.
    pub page: Page<Review>,
    /// How many are due when, whatever the filter for when they are due.
    pub by_urgency: BTreeMap<Urgency, u64>,
}

/// A review in a list.
#[derive(Clone, Debug)]
pub struct Review {
    /// `C2A-1042`.
    pub reference: String,
    /// Product.
    pub product: String,
    /// Supplier.
    pub organisation: String,
    /// Which supplier.
    pub organisation_id: Uuid,
    /// Section.
    pub section: Section,
    /// Round.
    pub round: u32,
    /// Who has it.
    pub reviewer: Option<(PersonId, String)>,
    /// When it was sent.
    pub sent_at: Option<ChronoDateTimeUtc>,
    /// When it was replied to last.
    pub replied_at: Option<ChronoDateTimeUtc>,
    /// The promise.
    pub reply_by: Option<ChronoDate>,
    /// When the reply leaves that was sent and can still be undone.
    pub leaves_at: Option<ChronoDateTimeUtc>,
}

impl Review {
    /// What a form calls it: `c2a-1042/clinical-risk`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.reference.to_lowercase(), self.section)
    }

    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/products/{}/sections/{}/review", self.reference.to_lowercase(), self.section)
    }
}

/// A review, by its product and section.
pub type ReviewKey = (ProductId, Section);

#[derive(FromQueryResult)]
pub(super) struct ListedReview {
    product_id: Uuid,
    reference: String,
    name: String,
    organisation_id: Uuid,
    organisation_name: String,
    section: String,
    round: i32,
    reviewer_id: Option<Uuid>,
    reviewer_name: Option<String>,
    sent_at: Option<ChronoDateTimeUtc>,
    replied_at: Option<ChronoDateTimeUtc>,
    reply_by: Option<ChronoDate>,
    leaves_at: Option<ChronoDateTimeUtc>,
}

impl ListedReview {
    pub(super) fn review(self) -> Result<Review, Error> {
        Ok(Review {
            section: known(&self.section, Section::from_word(&self.section))?,
            reference: self.reference,
            product: self.name,
            organisation: self.organisation_name,
            organisation_id: self.organisation_id,
            round: count(self.round),
            reviewer: self.reviewer_id.map(PersonId).zip(self.reviewer_name),
            sent_at: self.sent_at,
            replied_at: self.replied_at,
            reply_by: self.reply_by,
            leaves_at: self.leaves_at,
        })
    }
}
