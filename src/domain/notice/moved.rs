//! A promised date that a change of the calendar has moved.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Promise;

/// A date before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedDate {
    /// What was promised; `None` for an answer to a message.
    pub promise: Option<Promise>,
    /// What the message is about; empty for everything else.
    pub subject: String,
    /// The date before.
    pub before: NaiveDate,
    /// The date now.
    pub by: NaiveDate,
}
