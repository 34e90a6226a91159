//! Who asks: a person with memberships and duties, or the service's own worker.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{OrganisationId, PersonId, ProductId};
use crate::words;

words! {
    /// What a supplier's person may do in an organisation (the roles of NHS digital onboarding).
    pub enum Membership {
        /// Everything, people included.
        Owner = "owner",
        /// Answer, send, change details.
        Editor = "editor",
        /// Read.
        Viewer = "viewer",
    }
}

impl Membership {
    /// The word shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Editor => "Editor",
            Self::Viewer => "Viewer",
        }
    }

    /// What it lets somebody do, after "You can" or "They can".
    #[must_use]
    pub const fn can(self) -> &'static str {
        match self {
            Self::Owner => "answer and send sections, change details and invite people",
            Self::Editor => "answer and send sections and change details",
            Self::Viewer => "read everything about the products of the organisation",
        }
    }
}

words! {
    /// What a person of the assurance team does.
    pub enum Duty {
        /// Reviews sections.
        Reviewer = "reviewer",
        /// Assigns reviews and watches over time.
        Manager = "manager",
        /// Looks after people, organisations and mail.
        Administrator = "administrator",
    }
}

impl Duty {
    /// The word shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reviewer => "Reviewer",
            Self::Manager => "Manager",
            Self::Administrator => "Administrator",
        }
    }

    /// What it lets somebody do, after "You can".
    #[must_use]
    pub const fn can(self) -> &'static str {
        match self {
            Self::Reviewer => "review sections and reply to suppliers",
            Self::Manager => "see every product and assign reviews",
            Self::Administrator => "look after people, organisations, working days and e-mail",
        }
    }
}

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    person: PersonId,
    name: String,
    memberships: BTreeMap<OrganisationId, Membership>,
    duties: BTreeSet<Duty>,
    signs: Option<(ProductId, OrganisationId)>,
}

impl Actor {
    /// Only a checked session or the worker may call this: identity enters at one place.
    #[must_use]
    pub fn admitted(
        person: PersonId,
        name: String,
        memberships: BTreeMap<OrganisationId, Membership>,
        duties: BTreeSet<Duty>,
    ) -> Self {
        Self { person, name, memberships, duties, signs: None }
    }

    /// A signatory who came by the link of one product's agreement, without an account.
    #[must_use]
    pub fn signatory(name: String, product: ProductId, organisation: OrganisationId) -> Self {
        let signs = Some((product, organisation));
        Self { person: PersonId(uuid::Uuid::nil()), name, memberships: BTreeMap::new(), duties: BTreeSet::new(), signs }
    }

    /// The service itself, finishing what a reviewer began.
    #[must_use]
    pub fn worker() -> Self {
        let duties = BTreeSet::from([Duty::Reviewer]);
        let name = "CIS2 assurance".to_owned();
        Self { person: PersonId(uuid::Uuid::nil()), name, memberships: BTreeMap::new(), duties, signs: None }
    }

    /// Who it is.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Who it is, if it is somebody with an account.
    #[must_use]
    pub fn account(&self) -> Option<PersonId> {
        (!self.person.0.is_nil()).then_some(self.person)
    }

    /// The one product that a signatory's link lets them see.
    #[must_use]
    pub fn signs(&self) -> Option<ProductId> {
        self.signs.map(|(product, _)| product)
    }

    /// Whether the actor signs for a product of this organisation.
    #[must_use]
    pub fn signs_for(&self, organisation: OrganisationId) -> bool {
        self.signs.is_some_and(|(_, of)| of == organisation)
    }

    /// Full name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The organisations that the person belongs to.
    #[must_use]
    pub const fn memberships(&self) -> &BTreeMap<OrganisationId, Membership> {
        &self.memberships
    }

    /// What the person does in the assurance team.
    #[must_use]
    pub const fn duties(&self) -> &BTreeSet<Duty> {
        &self.duties
    }

    /// The role in one organisation.
    #[must_use]
    pub fn in_organisation(&self, organisation: OrganisationId) -> Option<Membership> {
        self.memberships.get(&organisation).copied()
    }

    /// Whether the person has a duty.
    #[must_use]
    pub fn is(&self, duty: Duty) -> bool {
        self.duties.contains(&duty)
    }

    /// Whether the person belongs to the assurance team.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        !self.duties.is_empty()
    }

    /// Whether the person reads products of every organisation: reviewers and managers, not administrators.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        self.is(Duty::Reviewer) || self.is(Duty::Manager)
    }
}
