//! Whom notices go to, and what the assurance team promised them.

use serde::{Deserialize, Serialize};

use crate::domain::catalogue::Section;
use crate::domain::waits::Topic;
use crate::domain::words::PersonId;

/// Whom a notice goes to. Commit makes one outbox row for each recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the product's organisation.
    Team,
    /// Reviewers and managers of the assurance team.
    Staff,
    /// Reviewers of the assurance team.
    Reviewers,
    /// Managers of the assurance team.
    Managers,
    /// One person.
    Person(PersonId),
    /// One person, while they belong to the product's organisation.
    Member(PersonId),
    /// Somebody who has no account yet.
    Address {
        /// Full name.
        name: String,
        /// E-mail address.
        email: String,
    },
}

/// Something that the assurance team promised to do by a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What.
    pub topic: Topic,
    /// Of which section, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
}
