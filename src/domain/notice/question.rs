//! News of a question that was given to a colleague.

use serde::{Deserialize, Serialize};

use crate::domain::catalogue::Section;

/// What is new about a question that was given to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum QuestionNews {
    /// E07: it is given to the recipient.
    Assigned {
        /// In which section.
        section: Section,
        /// Key of its page.
        question: String,
        /// What it is called.
        title: String,
        /// Who gave it.
        by: String,
        /// What they wrote to the recipient, for whom alone it is; may be empty.
        note: String,
    },
    /// Whom the recipient gave it to has answered it.
    Answered {
        /// In which section.
        section: Section,
        /// Key of its page.
        question: String,
        /// What it is called.
        title: String,
        /// Who answered.
        by: String,
    },
}

impl QuestionNews {
    /// The stored word of the kind of notice.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Assigned { .. } => "question-assigned",
            Self::Answered { .. } => "question-answered",
        }
    }

    /// The section and the key of the page.
    #[must_use]
    pub fn place(&self) -> (Section, &str) {
        match self {
            Self::Assigned { section, question, .. } | Self::Answered { section, question, .. } => (*section, question),
        }
    }
}
