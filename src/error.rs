//! Everything that can go wrong while a request is answered, each with the status that people and programs see.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::domain::refusal::Refusal;

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is logged in: 303 to the log-in page, remembering where.
    #[error("nobody is logged in")]
    SignedOut,
    /// Absent, or not theirs to know: 404.
    #[error("not found")]
    NotFound,
    /// The request came from another site, or does not say from where: 403.
    #[error("refused: the request came from another site")]
    CrossSite,
    /// The rules refuse: 403 for [`Refusal::NotYours`], 409 otherwise.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The request itself cannot be read: 400.
    #[error("bad request: {0}")]
    Bad(String),
    /// The request is too large: 413, with the sentence shown.
    #[error("too large")]
    TooLarge(String),
    /// Too many attempts: 429, with the moment from which to try again.
    #[error("too many attempts")]
    TooMany(DateTime<Utc>),
    /// Somebody else changed the same product meanwhile: 409.
    #[error("stale")]
    Stale,
    /// A fault of ours: 500. The cause is logged once with the request's id; the page shows only the id.
    #[error("internal: {0}")]
    Internal(#[from] anyhow::Error),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Internal(anyhow::Error::new(error).context("database"))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("template"))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("file"))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("JSON"))
    }
}
