//! Who is told what: notices are data, written in the transaction of the change and rendered when sent.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::catalogue::Section;
use super::words::{InvitationId, PersonId};

/// Whom a notice goes to. Commit makes one outbox row for each recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the product's organisation.
    Team,
    /// One person.
    Person(PersonId),
    /// Somebody who has no account yet.
    Address {
        /// Full name.
        name: String,
        /// E-mail address.
        email: String,
    },
}

/// What is told. Holds no answer, comment or link: those are looked up or made when the mail is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Notice {
    /// E01: somebody was invited.
    Invitation {
        /// Which invitation.
        invitation: InvitationId,
        /// Who invited.
        inviter: String,
        /// To what: the organisation, or the assurance team.
        to: String,
        /// What the role lets one do.
        can: String,
        /// Last day on which it can be used.
        until: NaiveDate,
    },
    /// E02: the account is ready.
    AccountReady,
    /// E03: somebody asked to reset a password.
    PasswordReset {
        /// Which request.
        reset: uuid::Uuid,
        /// Until when it can be used, in Europe/London, such as "3.20pm on 2 April 2026".
        until: String,
    },
    /// E04: a password was changed.
    PasswordChanged {
        /// When, in Europe/London, as it is shown.
        at: String,
    },
    /// E06: a product was added.
    ProductAdded {
        /// Who did it.
        by: String,
    },
    /// E08: a section was sent.
    SectionSent {
        /// Which.
        section: Section,
        /// Who sent it.
        by: String,
        /// The day of sending.
        on: NaiveDate,
        /// The promise.
        reply_by: Option<NaiveDate>,
        /// Sections that can be worked on meanwhile.
        open: Vec<Section>,
    },
    /// E10: a review was given to somebody.
    ReviewAssigned {
        /// Which.
        section: Section,
        /// Who gave it.
        by: String,
        /// Round.
        round: u32,
        /// The promise to the supplier.
        reply_by: Option<NaiveDate>,
        /// Working days until then.
        days: i64,
    },
    /// E13: a section came back with questions.
    ChangesNeeded {
        /// Which.
        section: Section,
        /// Questions accepted.
        accepted: usize,
        /// Questions in all.
        of: usize,
        /// Questions that need more.
        asked: usize,
    },
    /// E14: a section was accepted.
    SectionAccepted {
        /// Which.
        section: Section,
        /// Sections that are left.
        open: Vec<Section>,
    },
    /// An accepted section was opened again; the reason is on the page.
    SectionReopened {
        /// Which.
        section: Section,
        /// Who did it.
        by: String,
        /// Questions that need an answer.
        asked: usize,
    },
}

impl Notice {
    /// The stored word of the kind.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::AccountReady => "account-ready",
            Self::PasswordReset { .. } => "password-reset",
            Self::PasswordChanged { .. } => "password-changed",
            Self::ProductAdded { .. } => "product-added",
            Self::SectionSent { .. } => "section-sent",
            Self::ReviewAssigned { .. } => "review-assigned",
            Self::ChangesNeeded { .. } => "changes-needed",
            Self::SectionAccepted { .. } => "section-accepted",
            Self::SectionReopened { .. } => "section-reopened",
        }
    }
}
