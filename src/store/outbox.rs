//! The outbox: messages claimed with a lease, sent, tried again later, or parked where people see them.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::Db;
use super::schema::{organisation, outbox, product};
use super::visible::{PAGE, Page};
use crate::domain::notice::Notice;
use crate::error::Error;

/// Seconds for which a claimed message belongs to the process that claimed it.
pub const LEASE_SECONDS: i64 = 60;
/// Tries after which a message is parked.
pub const MAX_ATTEMPTS: i32 = 10;

/// A message with all that its text needs.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Identifier; its Message-ID is made of it.
    pub id: Uuid,
    /// Full name of the recipient.
    pub name: String,
    /// Address of the recipient.
    pub email: String,
    /// What is told.
    pub notice: Notice,
    /// Reference and name of the product, if it is about one.
    pub product: Option<(String, String)>,
    /// Name of the supplier, if it is about a product.
    pub organisation: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it is tried next.
    pub due_at: DateTime<Utc>,
    /// Tries so far, the one under way included.
    pub attempts: i32,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub parked_at: Option<DateTime<Utc>>,
    /// What went wrong last.
    pub last_error: String,
    /// How it leaves: by itself (`now`), with others (`daily`, `round`), or not at all (`never`).
    pub how: String,
}

/// Seconds to wait after a number of failed tries: half a minute, doubled each time, six hours at most.
#[must_use]
pub fn backoff_seconds(attempts: i32) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or_default();
    (30_i64 << doublings).min(21_600)
}

impl Db {
    /// Claims up to 20 messages that are due: nobody else gets them until the lease runs out.
    pub async fn claim_mail(&self, now: DateTime<Utc>) -> Result<Vec<Letter>, Error> {
        let select = outbox::Entity::find()
            .filter(outbox::Column::SentAt.is_null())
            .filter(outbox::Column::ParkedAt.is_null())
            .filter(outbox::Column::DueAt.lte(now));
        let due = select.order_by_asc(outbox::Column::DueAt).order_by_asc(outbox::Column::Id).limit(20).all(&self.read).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let write = self.begin().await?;
        let mut mine = Vec::new();
        for row in due {
            let claim = outbox::Entity::update_many()
                .col_expr(outbox::Column::DueAt, Expr::value(now + Duration::seconds(LEASE_SECONDS)))
                .col_expr(outbox::Column::Attempts, Expr::value(row.attempts + 1))
                .filter(outbox::Column::Id.eq(row.id))
                .filter(outbox::Column::Attempts.eq(row.attempts))
                .filter(outbox::Column::SentAt.is_null())
                .filter(outbox::Column::ParkedAt.is_null());
            if claim.exec(&write.0).await?.rows_affected == 1 {
                mine.push(outbox::Model { attempts: row.attempts + 1, ..row });
            }
        }
        write.commit().await?;
        letters(self, mine).await
    }

    /// Marks a message as sent.
    pub async fn mail_sent(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        let sent = outbox::Entity::update_many()
            .col_expr(outbox::Column::SentAt, Expr::value(Some(now)))
            .col_expr(outbox::Column::ParkedAt, Expr::value(Option::<DateTime<Utc>>::None))
            .col_expr(outbox::Column::LastError, Expr::value(""));
        sent.filter(outbox::Column::Id.eq(id)).exec(&write.0).await?;
        write.commit().await
    }

    /// Gives claimed messages back that were not tried: they are due at once, and the claim does not count as a try.
    pub async fn mail_untried(&self, letters: &[Letter], now: DateTime<Utc>) -> Result<(), Error> {
        let write = self.begin().await?;
        for letter in letters {
            let back = outbox::Entity::update_many()
                .col_expr(outbox::Column::DueAt, Expr::value(now))
                .col_expr(outbox::Column::Attempts, Expr::value(letter.attempts - 1));
            back.filter(still_claimed(letter)).exec(&write.0).await?;
        }
        write.commit().await
    }

    /// Marks a try as failed: later again, or parked after ten tries. What another worker has claimed or sent meanwhile
    /// is left alone.
    pub async fn mail_failed(&self, letter: &Letter, error: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let parked = (letter.attempts >= MAX_ATTEMPTS).then_some(now);
        let write = self.begin().await?;
        let failed = outbox::Entity::update_many()
            .col_expr(outbox::Column::DueAt, Expr::value(now + Duration::seconds(backoff_seconds(letter.attempts))))
            .col_expr(outbox::Column::ParkedAt, Expr::value(parked))
            .col_expr(outbox::Column::LastError, Expr::value(error.chars().take(500).collect::<String>()));
        failed.filter(still_claimed(letter)).exec(&write.0).await?;
        write.commit().await
    }

    /// Puts a parked message back, as if it had not been tried. Only administrators do.
    pub async fn send_again(&self, actor: &crate::domain::actor::Actor, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        if !actor.is(crate::domain::actor::Duty::Administrator) {
            return Err(Error::NotFound);
        }
        let write = self.begin().await?;
        let again = outbox::Entity::update_many()
            .col_expr(outbox::Column::DueAt, Expr::value(now))
            .col_expr(outbox::Column::Attempts, Expr::value(0))
            .col_expr(outbox::Column::ParkedAt, Expr::value(Option::<DateTime<Utc>>::None))
            .filter(outbox::Column::Id.eq(id))
            .filter(outbox::Column::ParkedAt.is_not_null());
        if again.exec(&write.0).await?.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        write.commit().await
    }

    /// Messages for the demonstration's page of mail, newest first.
    pub async fn all_mail(&self, number: u64) -> Result<Page<Letter>, Error> {
        page(self, outbox::Entity::find(), number).await
    }

    /// Those among them that carry a personal link or a code.
    pub async fn mail_with_links(&self, number: u64) -> Result<Page<Letter>, Error> {
        let kinds = ["invitation", "password-reset", "signature-asked", "signing-code"];
        page(self, outbox::Entity::find().filter(outbox::Column::Kind.is_in(kinds)), number).await
    }
}

/// The message as it was claimed, neither sent nor claimed by anybody since.
fn still_claimed(letter: &Letter) -> Condition {
    Condition::all()
        .add(outbox::Column::Id.eq(letter.id))
        .add(outbox::Column::Attempts.eq(letter.attempts))
        .add(outbox::Column::SentAt.is_null())
}

/// A page of messages, newest first.
pub(super) async fn page(db: &Db, select: Select<outbox::Entity>, number: u64) -> Result<Page<Letter>, Error> {
    let total = select.clone().count(&db.read).await?;
    let number = number.max(1);
    let select = select.order_by_desc(outbox::Column::CreatedAt).order_by_desc(outbox::Column::Id);
    let rows = select.offset((number - 1) * PAGE).limit(PAGE).all(&db.read).await?;
    Ok(Page { rows: letters(db, rows).await?, total, number })
}

/// Messages with all that their texts need.
pub(super) async fn letters(db: &Db, rows: Vec<outbox::Model>) -> Result<Vec<Letter>, Error> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|r| r.product_id).collect();
    let products = product::Entity::find().filter(product::Column::Id.is_in(ids)).all(&db.read).await?;
    let owners: Vec<Uuid> = products.iter().map(|p| p.organisation_id).collect();
    let organisations = organisation::Entity::find().filter(organisation::Column::Id.is_in(owners)).all(&db.read).await?;
    rows.into_iter()
        .map(|row| {
            let product = products.iter().find(|p| Some(p.id) == row.product_id);
            let owner = product.and_then(|p| organisations.iter().find(|o| o.id == p.organisation_id));
            Ok(Letter {
                id: row.id,
                name: row.name,
                email: row.email,
                notice: serde_json::from_value(row.payload)?,
                product: product.map(|p| (p.reference.clone(), p.name.clone())),
                organisation: owner.map(|o| o.name.clone()).unwrap_or_default(),
                created_at: row.created_at,
                due_at: row.due_at,
                attempts: row.attempts,
                sent_at: row.sent_at,
                parked_at: row.parked_at,
                last_error: row.last_error,
                how: row.how,
            })
        })
        .collect()
}
