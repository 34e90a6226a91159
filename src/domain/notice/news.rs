//! What is new in a thread of messages.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is new in a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum News {
    /// A supplier wrote; to the assurance team.
    Received {
        /// Who wrote.
        from: String,
        /// By when it is answered.
        reply_by: Option<NaiveDate>,
    },
    /// The assurance team asks; to the supplier.
    Asked,
    /// E30: the assurance team answered; to the supplier.
    Answered,
    /// An answer is due by the next working day; to the assurance team.
    Due {
        /// The date.
        by: NaiveDate,
    },
    /// An answer was not given in time; to the assurance team.
    Overdue {
        /// By when it was promised.
        by: NaiveDate,
        /// What the supplier was told instead.
        again: NaiveDate,
    },
    /// An answer was not given in time; to the supplier.
    Late {
        /// By when it was promised.
        by: NaiveDate,
        /// By when it is expected now.
        again: NaiveDate,
    },
}

impl News {
    /// The stored word of the kind of notice.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Received { .. } => "message-received",
            Self::Asked => "message-asked",
            Self::Answered => "message-answered",
            Self::Due { .. } => "message-due",
            Self::Overdue { .. } => "message-overdue",
            Self::Late { .. } => "message-late",
        }
    }

    /// Whether it is told to the assurance team.
    #[must_use]
    pub const fn is_for_staff(&self) -> bool {
        match self {
            Self::Received { .. } | Self::Due { .. } | Self::Overdue { .. } => true,
            Self::Asked | Self::Answered | Self::Late { .. } => false,
        }
    }
}
