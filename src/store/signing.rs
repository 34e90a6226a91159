//! Links by which signatories without an account sign: looked up, opened with a code, closed.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::Db;
use super::schema::{event, product, signing};
use super::told::{About, post, record};
use crate::domain::actor::Actor;
use crate::domain::event::{Detail, EventKind};
use crate::domain::notice::{Audience, Notice};
use crate::domain::words::{OrganisationId, ProductId, SigningId};
use crate::error::Error;

/// Wrong codes after which a new one must be asked for.
pub const MOST_FAILURES: i32 = 5;
/// Time between two codes of one link.
pub const CODE_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// Time for which a code works.
pub const CODE_TIME: TimeDelta = TimeDelta::minutes(15);

/// A link as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which.
    pub id: SigningId,
    /// Of which product.
    pub product: ProductId,
    /// Its reference.
    pub reference: String,
    /// Whose product it is.
    pub organisation: OrganisationId,
    /// Who signs.
    pub name: String,
    /// Where the code goes.
    pub email: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When the last code was made.
    pub code_at: Option<DateTime<Utc>>,
    /// Wrong codes since then.
    pub failures: i32,
}

impl Link {
    /// Whoever came by the link and gave the code.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "called where the code was checked")]
    pub fn actor(&self) -> Actor {
        Actor::signatory(self.name.clone(), self.product, self.organisation)
    }

    fn about(&self, now: DateTime<Utc>) -> About {
        About { product: Some(self.product), organisation: self.organisation, now }
    }
}

impl Db {
    /// A link by its identifier, which came out of a signed token.
    pub async fn signing(&self, id: SigningId) -> Result<Option<Link>, Error> {
        let Some(row) = signing::Entity::find_by_id(id.0).one(&self.read).await? else { return Ok(None) };
        let Some(of) = product::Entity::find_by_id(row.product_id).one(&self.read).await? else { return Ok(None) };
        Ok(Some(Link {
            id,
            product: ProductId(row.product_id),
            reference: of.reference,
            organisation: OrganisationId(of.organisation_id),
            name: row.name,
            email: row.email,
            expires_at: row.expires_at,
            code_at: row.code_at,
            failures: row.failures,
        }))
    }

    /// Makes a new code and mails it to the signatory, in one transaction. The code itself is worked out, never stored.
    /// Says no when the last code is younger than [`CODE_PAUSE`], however many ask at once.
    pub async fn send_signing_code(&self, link: &Link, until: String, now: DateTime<Utc>) -> Result<bool, Error> {
        let write = self.begin().await?;
        let is_old = signing::Column::CodeAt.is_null().or(signing::Column::CodeAt.lte(now - CODE_PAUSE));
        let made = signing::Entity::update_many()
            .col_expr(signing::Column::CodeAt, Expr::value(now))
            .col_expr(signing::Column::Failures, Expr::value(0))
            .filter(signing::Column::Id.eq(link.id.0))
            .filter(is_old)
            .exec(&write.0)
            .await?;
        if made.rows_affected == 0 {
            return Ok(false);
        }
        let audience = Audience::Address { name: link.name.clone(), email: link.email.clone() };
        post(&write, &link.about(now), &audience, &Notice::SigningCode { signing: link.id, at: now, until }).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Takes one of the tries of a code, before it is compared: as many as there are, however many come at once.
    pub async fn try_signing_code(&self, link: &Link) -> Result<bool, Error> {
        let write = self.begin().await?;
        let taken = signing::Entity::update_many()
            .col_expr(signing::Column::Failures, Expr::col(signing::Column::Failures).add(1))
            .filter(signing::Column::Id.eq(link.id.0))
            .filter(signing::Column::CodeAt.eq(link.code_at))
            .filter(signing::Column::Failures.lt(MOST_FAILURES))
            .exec(&write.0)
            .await?;
        write.commit().await?;
        Ok(taken.rows_affected == 1)
    }

    /// Gives the tries back after a right code.
    pub async fn signing_code_was_right(&self, link: &Link) -> Result<(), Error> {
        let write = self.begin().await?;
        signing::Entity::update_many()
            .col_expr(signing::Column::Failures, Expr::value(0))
            .filter(signing::Column::Id.eq(link.id.0))
            .filter(signing::Column::CodeAt.eq(link.code_at))
            .exec(&write.0)
            .await?;
        write.commit().await
    }

    /// Tells the supplier that the person behind a link is not the one to sign; once for each link, however often it is said.
    pub async fn refuse_to_sign(&self, link: &Link, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        // The row is held until the end, so that of two at once the second sees what the first wrote.
        signing::Entity::find_by_id(link.id.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let said = event::Entity::find()
            .filter(event::Column::ProductId.eq(link.product.0))
            .filter(event::Column::Kind.eq(EventKind::SigningRefused.word()))
            .filter(event::Column::Question.eq(link.id.0.to_string()))
            .one(&write.0)
            .await?;
        if said.is_some() {
            return Ok(());
        }
        let about = link.about(now);
        let row = record(&about, Some(&link.actor()), EventKind::SigningRefused, Detail::default())?;
        let row = event::ActiveModel { question: Set(Some(link.id.0.to_string())), ..row };
        event::Entity::insert(row).exec_without_returning(&write.0).await?;
        post(&write, &about, &Audience::Team, &Notice::SigningRefused { signatory: link.name.clone() }).await?;
        write.commit().await
    }
}
