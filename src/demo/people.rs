//! The people that the demonstration can be looked at as.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::cast::{Cast, STAFF, SUPPLIERS};
use super::weeks;
use crate::domain::words::PersonId;
use crate::store::Db;
use crate::store::inbox::Read;

/// Whether a demonstration is there.
///
/// # Errors
/// When the database holds something else than a demonstration.
pub async fn are_there(db: &Db) -> anyhow::Result<bool> {
    let first = cast().next().context("a cast")?;
    let are_there = db.person_by_email(first.1).await?.is_some();
    if !are_there && db.has_people().await? {
        bail!("This database is in use and holds no demonstration. Choose an empty one");
    }
    Ok(are_there)
}

/// Everybody, with what they do. Those of a programme of many weeks come last, if one was made.
///
/// # Errors
/// When somebody is missing.
pub async fn everybody(db: &Db) -> anyhow::Result<Vec<(PersonId, String, String)>> {
    let mut people = Vec::new();
    for (name, email, what) in cast() {
        let (id, _) = db
            .person_by_email(email)
            .await?
            .with_context(|| format!("{name} is missing from the demonstration. Start with --fresh"))?;
        people.push((id, name.to_owned(), what.to_owned()));
    }
    for (name, email, what) in weeks::cast::people() {
        if let Some((id, _)) = db.person_by_email(email).await? {
            people.push((id, name.to_owned(), what.to_owned()));
        }
    }
    Ok(people)
}

/// Lets everybody read what they were told until a moment.
///
/// # Errors
/// When the database fails.
pub async fn read_messages(db: &Db, until: DateTime<Utc>, now: DateTime<Utc>) -> anyhow::Result<()> {
    for (_, email, _) in cast().chain(weeks::cast::people()) {
        if let Some((person, _)) = db.person_by_email(email).await? {
            db.mark_read(person, Read::Until(until), now).await?;
        }
    }
    Ok(())
}

fn cast() -> impl Iterator<Item = Cast> {
    SUPPLIERS.iter().flat_map(|s| s.2.iter().map(|(c, _)| *c)).chain(STAFF.iter().map(|(c, _)| *c))
}
