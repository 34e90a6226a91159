//! Declared interests: who of the assurance team has no part in the review of which supplier, since when and why.
//!
//! Somebody with an interest in a supplier, such as an earlier post or a relative there, does not judge its products.
//! They declare it themselves, or a manager does. It ends by a manager whom it is not about, with a reason; nobody can
//! end their own and go on with a review.

use super::actor::{Actor, Duty};
use super::refusal::Refusal;
use super::words::{InterestId, OrganisationId, PersonId};

use chrono::{DateTime, Utc};

/// Most characters of a reason.
pub const REASON_MAX: usize = 1_000;

/// An interest that was declared, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interest {
    /// Which.
    pub id: InterestId,
    /// Whose.
    pub person: PersonId,
    /// In which supplier.
    pub organisation: OrganisationId,
    /// The supplier's name.
    pub supplier: String,
    /// Why, as it was declared.
    pub reason: String,
    /// Who declared it, by name, and when.
    pub declared: (String, DateTime<Utc>),
    /// Who ended it, by name, when and why; `None` while it lasts.
    pub ended: Option<(String, DateTime<Utc>, String)>,
}

/// Whether somebody may read and set what the team knows of a reviewer: the reviewer, and managers.
#[must_use]
pub fn may_look_after(actor: &Actor, person: PersonId) -> bool {
    actor.is(Duty::Manager) || (actor.is(Duty::Reviewer) && actor.person() == person)
}

/// Whether somebody may declare an interest of a person.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn may_declare(actor: &Actor, person: PersonId) -> Result<(), Refusal> {
    if may_look_after(actor, person) { Ok(()) } else { Err(Refusal::NotYours) }
}

/// Whether somebody may end an interest of a person: a manager whom it is not about.
///
/// # Errors
/// [`Refusal::People`] with the sentence for those who may not.
pub fn may_end(actor: &Actor, person: PersonId) -> Result<(), Refusal> {
    if actor.is(Duty::Manager) && actor.person() != person {
        return Ok(());
    }
    Err(Refusal::People("Only a manager can end an interest, and not their own".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "people that no database knows")]
    fn somebody(number: u128, duty: Duty) -> Actor {
        let person = PersonId(uuid::Uuid::from_u128(number));
        Actor::admitted(person, "Somebody".to_owned(), BTreeMap::new(), BTreeSet::from([duty]))
    }

    #[test]
    fn reviewers_declare_their_own_and_managers_everybodys() {
        let (reviewer, manager) = (somebody(1, Duty::Reviewer), somebody(2, Duty::Manager));
        assert!(may_declare(&reviewer, reviewer.person()).is_ok());
        assert!(may_declare(&reviewer, manager.person()).is_err());
        assert!(may_declare(&manager, reviewer.person()).is_ok());
        assert!(may_declare(&somebody(3, Duty::Administrator), reviewer.person()).is_err());
    }

    #[test]
    fn nobody_ends_their_own_interest() {
        let (reviewer, manager) = (somebody(1, Duty::Reviewer), somebody(2, Duty::Manager));
        assert!(may_end(&reviewer, reviewer.person()).is_err());
        assert!(may_end(&manager, manager.person()).is_err());
        assert!(may_end(&manager, reviewer.person()).is_ok());
    }
}
