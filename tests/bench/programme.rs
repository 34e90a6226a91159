//! A programme of 110,000 products, put into the tables at once: what commands would take hours to make.
//!
//! It is for reading only: the products have no answers, so nothing can be done with them.

use assured::store::Address;
use sea_orm::{ConnectionTrait, Database};

/// The cookie of the manager who is logged in.
pub const TOKEN: &str = "programme";

/// Fills a migrated, empty PostgreSQL database.
///
/// # Errors
/// When the database refuses a statement.
pub async fn fill(address: &Address) -> anyhow::Result<()> {
    let Address::Postgres(url) = address else { anyhow::bail!("only for PostgreSQL") };
    let db = Database::connect(url).await?;
    db.execute_unprepared(include_str!("programme.sql")).await?;
    Ok(db.close().await?)
}
