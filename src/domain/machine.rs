//! A state machine is a table of rows; pages, docs, permissions and tests are read from it.

use super::actor::{Actor, Duty, Membership};
use super::words::OrganisationId;
use crate::words;

words! {
    /// The column "who" of a table.
    pub enum Who {
        /// An owner of the product's organisation.
        Owner = "owner",
        /// An owner or editor of the product's organisation.
        Editor = "editor",
        /// A reviewer.
        Reviewer = "reviewer",
        /// A manager.
        Manager = "manager",
        /// The officer who was named to sign the agreement, by a link of their own.
        Signatory = "signatory",
    }
}

impl Who {
    /// Whether the actor is one of these for a product of the organisation.
    #[must_use]
    pub fn admits(self, actor: &Actor, organisation: OrganisationId) -> bool {
        let membership = actor.in_organisation(organisation);
        match self {
            Self::Owner => membership == Some(Membership::Owner),
            Self::Editor => matches!(membership, Some(Membership::Owner | Membership::Editor)),
            Self::Reviewer => actor.is(Duty::Reviewer),
            Self::Manager => actor.is(Duty::Manager),
            Self::Signatory => actor.signs_for(organisation),
        }
    }

    /// The words of the documentation.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "an owner of the supplier",
            Self::Editor => "an owner or editor of the supplier",
            Self::Reviewer => "a reviewer",
            Self::Manager => "a manager",
            Self::Signatory => "the signatory, by the link in an e-mail",
        }
    }
}

/// From a state, an act, by whom, when all guards hold, to a state.
#[derive(Clone, Copy, Debug)]
pub struct Row<S: 'static, A: 'static, G: 'static> {
    /// State before.
    pub from: S,
    /// What is asked.
    pub act: A,
    /// Who may ask it.
    pub who: Who,
    /// What must hold.
    pub when: &'static [G],
    /// State after.
    pub to: S,
}

/// Writes a row in one line.
pub const fn row<S, A, G>(from: S, act: A, who: Who, when: &'static [G], to: S) -> Row<S, A, G> {
    Row { from, act, who, when, to }
}
