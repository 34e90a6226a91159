//! Versions of answers: each is kept as it is saved, and which of them was sent in which round.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select};

use super::Write;
use super::row::{count, stored};
use super::schema::{answer_sent, answer_version, submission};
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::answer::Value;
use crate::domain::catalogue::Section;
use crate::domain::command::{By, Entry, Submission};
use crate::domain::product::Product;
use crate::domain::words::{PersonId, ProductId};
use crate::error::Error;

/// Keeps a version beside the answer that it is.
pub(super) async fn keep(write: &Write, product: ProductId, entry: &Entry, by: By) -> Result<(), Error> {
    let row = answer_version::ActiveModel {
        product_id: Set(product.0),
        question: Set(entry.question.clone()),
        edition: Set(stored(entry.edition)),
        value: Set(entry.value.as_ref().map(serde_json::to_value).transpose()?),
        remark: Set(entry.remark.clone()),
        by_id: Set(by.person.0),
        at: Set(by.at),
    };
    answer_version::Entity::insert(row).exec_without_returning(&write.0).await?;
    Ok(())
}

/// Keeps which versions were sent in a round.
pub(super) async fn sent(write: &Write, after: &Product, round: u32, submission: &Submission) -> Result<(), Error> {
    let rows = submission.answers.iter().filter_map(|frozen| {
        let answer = after.answers.get(&frozen.question)?;
        Some(answer_sent::ActiveModel {
            product_id: Set(after.id.0),
            question: Set(frozen.question.clone()),
            round: Set(stored(round)),
            edition: Set(stored(answer.edition)),
        })
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        answer_sent::Entity::insert_many(rows).exec_without_returning(&write.0).await?;
    }
    Ok(())
}

/// A version of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub edition: u32,
    /// The value; `None` when the answer was cleared.
    pub value: Option<Value>,
    /// What the supplier told the reviewer beside it.
    pub remark: String,
    /// Who saved it.
    pub by: PersonId,
    /// When.
    pub at: ChronoDateTimeUtc,
}

/// A round in which a version was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentRound {
    /// Round, from 1.
    pub round: u32,
    /// Who sent it.
    pub by: PersonId,
    /// When.
    pub at: ChronoDateTimeUtc,
}

/// From what was sent to its submission; the section is compared beside it.
fn join_submission() -> RelationDef {
    answer_sent::Entity::belongs_to(submission::Entity)
        .from((answer_sent::Column::ProductId, answer_sent::Column::Round))
        .to((submission::Column::ProductId, submission::Column::Round))
        .into()
}

impl Visible<'_> {
    /// A page of the versions of an answer that the actor may read, the newest first: all of them at the supplier, those
    /// that were sent in the assurance team. Two statements, by the primary key.
    pub async fn versions(&self, product: &Product, question: &str, page: u64) -> Result<Page<Version>, Error> {
        let select = self.versions_of(product, question);
        let (total, number) = (select.clone().count(self.read()).await?, at_least_one(page));
        let select = select.order_by_desc(answer_version::Column::Edition);
        let rows = select.offset((number - 1) * PAGE).limit(PAGE).all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(version).collect::<Result<_, _>>()?, total, number })
    }

    /// Some versions of an answer by number; those that the actor may not read are missing, as are those that do not exist.
    pub async fn some_versions(
        &self,
        product: &Product,
        question: &str,
        editions: &[u32],
    ) -> Result<BTreeMap<u32, Version>, Error> {
        let only = answer_version::Column::Edition.is_in(editions.iter().map(|e| stored(*e)));
        let rows = self.versions_of(product, question).filter(only).all(self.read()).await?;
        rows.into_iter().map(|row| version(row).map(|v| (v.edition, v))).collect()
    }

    /// The rounds in which an answer of a section was sent, by version, the first first.
    pub async fn rounds_of(
        &self,
        product: &Product,
        section: Section,
        question: &str,
    ) -> Result<BTreeMap<u32, Vec<SentRound>>, Error> {
        use answer_sent::Column as C;
        let select = answer_sent::Entity::find()
            .select_only()
            .columns([C::Edition, C::Round])
            .columns([submission::Column::ById, submission::Column::At])
            .join(JoinType::InnerJoin, join_submission())
            .filter(C::ProductId.eq(product.id.0))
            .filter(C::Question.eq(question))
            .filter(submission::Column::Section.eq(section.word()));
        let rows: Vec<(i32, i32, Uuid, ChronoDateTimeUtc)> = select.order_by_asc(C::Round).into_tuple().all(self.read()).await?;
        let mut rounds: BTreeMap<u32, Vec<SentRound>> = BTreeMap::new();
        for (edition, round, by, at) in rows {
            rounds.entry(count(edition)).or_default().push(SentRound { round: count(round), by: PersonId(by), at });
        }
        Ok(rounds)
    }

    fn versions_of(&self, product: &Product, question: &str) -> Select<answer_version::Entity> {
        use answer_version::Column as C;
        let select = answer_version::Entity::find().filter(C::ProductId.eq(product.id.0)).filter(C::Question.eq(question));
        if self.actor.in_organisation(product.organisation).is_some() {
            return select;
        }
        let sent = Query::select()
            .column(answer_sent::Column::Edition)
            .from(answer_sent::Entity)
            .and_where(Expr::col((answer_sent::Entity, answer_sent::Column::ProductId)).eq(product.id.0))
            .and_where(Expr::col((answer_sent::Entity, answer_sent::Column::Question)).eq(question))
            .to_owned();
        select.filter(C::Edition.in_subquery(sent))
    }
}

fn version(row: answer_version::Model) -> Result<Version, Error> {
    Ok(Version {
        edition: count(row.edition),
        value: row.value.map(serde_json::from_value).transpose()?,
        remark: row.remark,
        by: PersonId(row.by_id),
        at: row.at,
    })
}
