//! The people and suppliers of the demonstration.

use anyhow::Context;

use crate::domain::actor::{Actor, Duty, Membership};
use crate::store::Db;

/// A person of the demonstration: name, e-mail address, what they do.
pub type Cast = (&'static str, &'static str, &'static str);
/// A supplier of the demonstration: name, ODS code, people.
pub type Supplier = (&'static str, &'static str, &'static [(Cast, Membership)]);

/// The assurance team.
pub const STAFF: &[(Cast, Duty)] = &[
    (("Amina Okafor", "amina.okafor@assurance.example.nhs.uk", "reviewer"), Duty::Reviewer),
    (("Sam Reed", "sam.reed@assurance.example.nhs.uk", "reviewer"), Duty::Reviewer),
    (("Grace Lin", "grace.lin@assurance.example.nhs.uk", "manager of the assurance team"), Duty::Manager),
    (("Owen Davies", OWEN, "administrator"), Duty::Administrator),
];

/// The suppliers.
pub const SUPPLIERS: &[Supplier] = &[
    (
        "Wardlight Health Ltd",
        "WLH01",
        &[
            (("Priya Shah", "priya.shah@wardlight.example.com", "owner at Wardlight Health"), Membership::Owner),
            (("Tom Bell", "tom.bell@wardlight.example.com", "editor at Wardlight Health"), Membership::Editor),
            (("Joan Price", "joan.price@wardlight.example.com", "viewer at Wardlight Health"), Membership::Viewer),
        ],
    ),
    (
        "Medibridge Systems",
        "MBS02",
        &[(("Daniel Osei", "daniel.osei@medibridge.example.com", "owner at Medibridge Systems"), Membership::Owner)],
    ),
    (
        "Fernhill Care Software",
        "FCS03",
        &[(("Helen Marsh", "helen.marsh@fernhill.example.com", "owner at Fernhill Care Software"), Membership::Owner)],
    ),
];

/// Address of Priya.
pub const PRIYA: &str = "priya.shah@wardlight.example.com";
/// Address of Tom.
pub const TOM: &str = "tom.bell@wardlight.example.com";
/// Address of Daniel.
pub const DANIEL: &str = "daniel.osei@medibridge.example.com";
/// Address of Helen.
pub const HELEN: &str = "helen.marsh@fernhill.example.com";
/// Address of Amina.
pub const AMINA: &str = "amina.okafor@assurance.example.nhs.uk";
/// Address of Grace.
pub const GRACE: &str = "grace.lin@assurance.example.nhs.uk";
/// Address of Owen.
pub const OWEN: &str = "owen.davies@assurance.example.nhs.uk";
/// Address of Sam.
pub const SAM: &str = "sam.reed@assurance.example.nhs.uk";

/// A stored password that nothing matches.
#[must_use]
pub fn unusable_hash() -> String {
    "none".to_owned()
}

/// Somebody of the cast.
///
/// # Errors
/// When they are not in the database.
pub async fn actor(db: &Db, email: &str) -> anyhow::Result<Actor> {
    let (id, _) = db.person_by_email(email).await?.with_context(|| format!("{email} is not there"))?;
    db.actor(id).await?.with_context(|| format!("{email} is not there"))
}
