//! Replies of the assurance team that are on their way: whose they are, and letting them leave when their time has come.

use chrono::{DateTime, Utc};
use sea_orm::prelude::ChronoDateTimeUtc;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::row::known;
use super::schema::{product, section};
use super::visible::Visible;
use super::{Db, commit, load};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Section;
use crate::domain::decide::Decision;
use crate::domain::product::Product;
use crate::domain::section::SectionState;
use crate::domain::words::ProductId;
use crate::error::Error;

/// Replies that are looked at together; more are taken at the next look.
const BATCH: u64 = 50;
/// Most of one's own replies that are shown.
const SHOWN: u64 = 10;

/// A reply that can still be undone.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OnItsWay {
    /// `C2A-1042`.
    pub reference: String,
    /// Name of the product.
    pub name: String,
    /// The section's word.
    pub section: String,
    /// When it leaves.
    pub leaves_at: ChronoDateTimeUtc,
}

/// What becomes of a reply, by the rules and its sender; `None` when it is not due any more.
pub type Left<'a> = dyn Fn(&Product, &Actor) -> Result<Option<Decision>, Error> + Sync + 'a;

impl Visible<'_> {
    /// One's own replies that have not left yet, the last one first; by the index on when they leave.
    pub async fn replies_on_their_way(&self, now: DateTime<Utc>) -> Result<Vec<OnItsWay>, Error> {
        let to_product = section::Entity::belongs_to(product::Entity).from(section::Column::ProductId).to(product::Column::Id);
        let select = self.in_state(SectionState::Submitted)?.filter(section::Column::LeavesAt.gt(now));
        let select = select
            .filter(section::Column::ReviewerId.eq(self.actor.person().0))
            .join(sea_orm::JoinType::InnerJoin, to_product.into())
            .select_only()
            .columns([section::Column::Section, section::Column::LeavesAt])
            .columns([product::Column::Reference, product::Column::Name])
            .order_by_desc(section::Column::LeavesAt)
            .limit(SHOWN);
        Ok(select.into_model().all(self.read()).await?)
    }
}

impl Db {
    /// The replies whose time has come, the first one first.
    pub async fn replies_due(&self, now: DateTime<Utc>) -> Result<Vec<(ProductId, Section)>, Error> {
        let select = section::Entity::find().filter(section::Column::LeavesAt.lte(now));
        let due = select.order_by_asc(section::Column::LeavesAt).limit(BATCH).all(&self.read).await?;
        due.into_iter().map(|row| Ok((ProductId(row.product_id), known(&row.section, Section::from_word(&row.section))?))).collect()
    }

    /// Lets a reply leave in the name of its sender, if it is still due. Returns whether it was.
    pub async fn let_reply_leave(
        &self,
        (product, section): (ProductId, Section),
        left: &Left<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let write = self.begin().await?;
        let row = product::Entity::find_by_id(product.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let product = load::whole(&write.0, row).await?;
        let Some(reply) = product.section(section).due_reply(now) else { return Ok(false) };
        let sender = self.actor(reply.by).await?.ok_or(Error::NotFound)?;
        let Some(decision) = left(&product, &sender)? else { return Ok(false) };
        commit::commit(write, &sender, product, decision, now).await?;
        Ok(true)
    }
}
