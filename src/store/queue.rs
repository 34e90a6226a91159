//! Lists of reviews: those that wait for the assurance team, and those that went back to suppliers.

use sea_orm::prelude::{ChronoDate, ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::batch::{BATCH, Batch};
use super::row::{count, known};
use super::schema::{organisation, person, product, section};
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation};
use crate::domain::catalogue::Section;
use crate::domain::section::{ProductState, SectionState};
use crate::domain::words::{PersonId, ProductId};
use crate::error::Error;

impl Visible<'_> {
    /// Reviews that wait for the assurance team, the first due first.
    pub async fn queue(&self, filter: &QueueFilter) -> Result<Page<Review>, Error> {
        self.reviews(SectionState::Submitted, filter).await
    }

    /// Sections that went back and wait for the supplier, those that wait longest first.
    pub async fn sent_back(&self, filter: &QueueFilter) -> Result<Page<Review>, Error> {
        self.reviews(SectionState::Returned, filter).await
    }

    /// All reviews in a state of a filter, a batch at a time, by the primary key: products in the order in which they
    /// were added.
    pub async fn reviews_after(
        &self,
        state: SectionState,
        filter: &QueueFilter,
        after: Option<ReviewKey>,
    ) -> Result<Batch<Review, ReviewKey>, Error> {
        let mut select = self.reviews_in(state, filter)?;
        if let Some((product, section)) = after {
            let later = section::Column::ProductId.eq(product.0).and(section::Column::Section.gt(section.word()));
            select = select.filter(section::Column::ProductId.gt(product.0).or(later));
        }
        let select = columns(select).order_by_asc(section::Column::ProductId).order_by_asc(section::Column::Section);
        let listed: Vec<ListedReview> = select.limit(BATCH).into_model().all(self.read()).await?;
        let last = listed.last().map(|r| ProductId(r.product_id));
        let rows = listed.into_iter().map(ListedReview::review).collect::<Result<Vec<_>, _>>()?;
        let last = last.zip(rows.last().map(|r| r.section));
        Ok(Batch::new(rows, last))
    }

    /// The reviews in a state that a filter chooses, for staff.
    fn reviews_in(&self, state: SectionState, filter: &QueueFilter) -> Result<Select<section::Entity>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let mut select = section::Entity::find()
            .join(JoinType::InnerJoin, join_product())
            .join(JoinType::InnerJoin, join_organisation())
            .filter(section::Column::State.eq(state.word()))
            .filter(product::Column::State.eq(ProductState::Active.word()));
        select = match filter.assigned {
            Assigned::Anyone => select,
            Assigned::Nobody => select.filter(section::Column::ReviewerId.is_null()),
            Assigned::To(person) => select.filter(section::Column::ReviewerId.eq(person.0)),
        };
        if let Some(only) = filter.section {
            select = select.filter(section::Column::Section.eq(only.word()));
        }
        Ok(select)
    }

    async fn reviews(&self, state: SectionState, filter: &QueueFilter) -> Result<Page<Review>, Error> {
        let number = at_least_one(filter.page);
        let select = self.reviews_in(state, filter)?;
        let total = select
            .clone()
            .select_only()
            .column(section::Column::Section)
            .column(section::Column::ProductId)
            .count(self.read())
            .await?;
        let rows: Vec<ListedReview> = columns(select)
            .order_by_asc(section::Column::ReplyBy)
            .order_by_asc(section::Column::SentAt)
            .order_by_asc(section::Column::Section)
            .offset((number - 1) * PAGE)
            .limit(PAGE)
            .into_model()
            .all(self.read())
            .await?;
        let rows = rows.into_iter().map(ListedReview::review).collect::<Result<_, _>>()?;
        Ok(Page { rows, total, number })
    }
}

/// The columns of [`ListedReview`].
fn columns(select: Select<section::Entity>) -> Select<section::Entity> {
    select
        .join(JoinType::LeftJoin, join_reviewer())
        .select_only()
        .columns([section::Column::ProductId, section::Column::Section, section::Column::Round, section::Column::ReviewerId])
        .columns([section::Column::SentAt, section::Column::RepliedAt, section::Column::ReplyBy])
        .columns([product::Column::Reference, product::Column::Name])
        .column_as(organisation::Column::Name, "organisation_name")
        .column_as(person::Column::Name, "reviewer_name")
}

fn join_product() -> sea_orm::RelationDef {
    section::Entity::belongs_to(product::Entity).from(section::Column::ProductId).to(product::Column::Id).into()
}

fn join_reviewer() -> sea_orm::RelationDef {
    section::Entity::belongs_to(person::Entity).from(section::Column::ReviewerId).to(person::Column::Id).into()
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

/// A list of reviews: which, and which page.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// Whose.
    pub assigned: Assigned,
    /// Of one section only.
    pub section: Option<Section>,
    /// Page, from 1.
    pub page: u64,
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
}

/// A review, by its product and section.
pub type ReviewKey = (ProductId, Section);

#[derive(FromQueryResult)]
struct ListedReview {
    product_id: Uuid,
    reference: String,
    name: String,
    organisation_name: String,
    section: String,
    round: i32,
    reviewer_id: Option<Uuid>,
    reviewer_name: Option<String>,
    sent_at: Option<ChronoDateTimeUtc>,
    replied_at: Option<ChronoDateTimeUtc>,
    reply_by: Option<ChronoDate>,
}

impl ListedReview {
    fn review(self) -> Result<Review, Error> {
        Ok(Review {
            section: known(&self.section, Section::from_word(&self.section))?,
            reference: self.reference,
            product: self.name,
            organisation: self.organisation_name,
            round: count(self.round),
            reviewer: self.reviewer_id.map(PersonId).zip(self.reviewer_name),
            sent_at: self.sent_at,
            replied_at: self.replied_at,
            reply_by: self.reply_by,
        })
    }
}
