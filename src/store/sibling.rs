//! The other products of an organisation, as far as answers can be taken from them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use sea_orm::prelude::{ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait as _, RelationDef, Select,
};

use super::row::{answered, count, known};
use super::schema::{answer, product, section};
use super::visible::{PAGE, Page, Visible, at_least_one, named_by, products};
use crate::domain::answer::Answer;
use crate::domain::catalogue::Section;
use crate::domain::product::Product;
use crate::domain::reuse::Sibling;
use crate::domain::section::SectionState;
use crate::domain::words::ProductId;
use crate::error::Error;

/// A product whose answers to a section can be looked at.
#[derive(Clone, Debug)]
pub struct Answered {
    /// `C2A-1042`.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Version of its question set.
    pub question_set: u32,
    /// State of the section there.
    pub state: SectionState,
    /// When it was sent last.
    pub sent_at: Option<ChronoDateTimeUtc>,
    /// When the assurance team replied last.
    pub replied_at: Option<ChronoDateTimeUtc>,
    /// Questions with an answer.
    pub answers: u64,
    /// When the newest answer was given.
    pub newest_at: ChronoDateTimeUtc,
}

#[derive(FromQueryResult)]
struct Listed {
    reference: String,
    name: String,
    question_set: i32,
    state: String,
    sent_at: Option<ChronoDateTimeUtc>,
    replied_at: Option<ChronoDateTimeUtc>,
    answers: i64,
    newest_at: ChronoDateTimeUtc,
}

/// The place of an answer among the answers of an organisation to the same question, the newest first.
const PLACE: &str = "ROW_NUMBER() OVER (PARTITION BY answer.question ORDER BY answer.at DESC, answer.product_id DESC)";

impl Visible<'_> {
    /// The products of a product's organisation, itself among them, that the actor may see.
    pub(super) fn products_of(&self, product: &Product) -> Select<product::Entity> {
        products(self.actor).filter(product::Column::OrganisationId.eq(product.organisation.0))
    }

    /// Another product of the same organisation. Anything else is not found.
    pub async fn sibling(&self, product: &Product, reference: &str) -> Result<Sibling, Error> {
        let select = named_by(self.actor, reference)?
            .filter(product::Column::OrganisationId.eq(product.organisation.0))
            .filter(product::Column::Id.ne(product.id.0));
        let row = select.one(self.read()).await?.ok_or(Error::NotFound)?;
        self.siblings(vec![row]).await?.pop().ok_or(Error::NotFound)
    }

    /// A page of the other products of the organisation that have answers to some questions of a section, those that
    /// answered last first. Two statements.
    pub async fn answered_elsewhere(
        &self,
        product: &Product,
        (section, questions): (Section, &[&str]),
        page: u64,
    ) -> Result<Page<Answered>, Error> {
        let given: RelationDef =
            product::Entity::belongs_to(answer::Entity).from(product::Column::Id).to(answer::Column::ProductId).into();
        let part: RelationDef =
            product::Entity::belongs_to(section::Entity).from(product::Column::Id).to(section::Column::ProductId).into();
        let select = self
            .products_of(product)
            .filter(product::Column::Id.ne(product.id.0))
            .join(JoinType::InnerJoin, given)
            .join(JoinType::InnerJoin, part)
            .filter(section::Column::Section.eq(section.word()))
            .filter(has_value(questions))
            .select_only()
            .columns([product::Column::Reference, product::Column::Name, product::Column::QuestionSet])
            .columns([section::Column::State, section::Column::SentAt, section::Column::RepliedAt])
            .column_as(answer::Column::Question.count(), "answers")
            .column_as(answer::Column::At.max(), "newest_at")
            .group_by(product::Column::Reference)
            .group_by(product::Column::Name)
            .group_by(product::Column::QuestionSet)
            .group_by(section::Column::State)
            .group_by(section::Column::SentAt)
            .group_by(section::Column::RepliedAt);
        let total = select.clone().count(self.read()).await?;
        let number = at_least_one(page);
        let select = select.order_by(answer::Column::At.max(), Order::Desc).order_by_asc(product::Column::Reference);
        let rows: Vec<Listed> = select.offset((number - 1) * PAGE).limit(PAGE).into_model().all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(listed).collect::<Result<_, _>>()?, total, number })
    }

    /// How many other products of the organisation have an answer to one of some questions, counted up to `most`; one
    /// statement that looks no further.
    pub async fn count_answered_elsewhere(&self, product: &Product, questions: &[&str], most: u64) -> Result<u64, Error> {
        let answers = Query::select()
            .column(answer::Column::ProductId)
            .from(answer::Entity)
            .and_where(Expr::col((answer::Entity, answer::Column::ProductId)).equals((product::Entity, product::Column::Id)))
            .cond_where(has_value(questions))
            .to_owned();
        let others = self.products_of(product).filter(product::Column::Id.ne(product.id.0)).filter(Expr::exists(answers));
        let found: Vec<Uuid> = others.select_only().column(product::Column::Id).limit(most).into_tuple().all(self.read()).await?;
        Ok(found.len() as u64)
    }

    /// The product of the newest answer to each of some questions among the other products of the organisation, and those
    /// products. Three statements, or one when there is none.
    pub async fn newest_elsewhere(
        &self,
        product: &Product,
        questions: &[&str],
    ) -> Result<(BTreeMap<String, ProductId>, Vec<Sibling>), Error> {
        if questions.is_empty() {
            return Ok((BTreeMap::new(), Vec::new()));
        }
        let others = self.products_of(product).filter(product::Column::Id.ne(product.id.0));
        let ids = others.select_only().column(product::Column::Id).into_query();
        let ranked = answer::Entity::find()
            .filter(answer::Column::ProductId.in_subquery(ids))
            .filter(has_value(questions))
            .select_only()
            .columns([answer::Column::Question, answer::Column::ProductId])
            .column_as(Expr::cust(PLACE), "place");
        let first = Query::select()
            .columns(["question", "product_id"])
            .from_subquery(ranked.into_query(), "ranked")
            .and_where(Expr::col("place").eq(1))
            .to_owned();
        let rows = self.read().query_all(&first).await?;
        let row = |row: &QueryResult| -> Result<(String, ProductId), Error> {
            Ok((row.try_get("", "question")?, ProductId(row.try_get("", "product_id")?)))
        };
        let newest: BTreeMap<String, ProductId> = rows.iter().map(row).collect::<Result<_, _>>()?;
        let ids: BTreeSet<Uuid> = newest.values().map(|p| p.0).collect();
        if ids.is_empty() {
            return Ok((newest, Vec::new()));
        }
        let rows = products(self.actor).filter(product::Column::Id.is_in(ids)).all(self.read()).await?;
        Ok((newest, self.siblings(rows).await?))
    }

    async fn siblings(&self, rows: Vec<product::Model>) -> Result<Vec<Sibling>, Error> {
        let ids = rows.iter().map(|row| row.id);
        let mut answers: BTreeMap<Uuid, BTreeMap<String, Answer>> = BTreeMap::new();
        for row in answer::Entity::find().filter(answer::Column::ProductId.is_in(ids)).all(self.read()).await? {
            answers.entry(row.product_id).or_default().insert(row.question.clone(), answered(row)?);
        }
        let sibling = |row: product::Model| {
            Ok(Sibling {
                id: ProductId(row.id),
                reference: row.reference,
                question_set: count(row.question_set),
                facts: serde_json::from_value(row.facts).context("product facts")?,
                answers: answers.remove(&row.id).unwrap_or_default(),
            })
        };
        rows.into_iter().map(sibling).collect()
    }
}

fn has_value(questions: &[&str]) -> Condition {
    let asked = answer::Column::Question.is_in(questions.iter().copied());
    Condition::all().add(asked).add(answer::Column::Value.is_not_null())
}

fn listed(row: Listed) -> Result<Answered, Error> {
    Ok(Answered {
        reference: row.reference,
        name: row.name,
        question_set: count(row.question_set),
        state: known(&row.state, SectionState::from_word(&row.state))?,
        sent_at: row.sent_at,
        replied_at: row.replied_at,
        answers: u64::try_from(row.answers).unwrap_or_default(),
        newest_at: row.newest_at,
    })
}
