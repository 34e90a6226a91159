//! Every "no", with the sentence that people read.

use super::condition::Condition;
use super::section::{Guard, ProductState, SectionState};

/// Why a command is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The actor may see the product but not do this.
    NotYours,
    /// The section is in a state in which this cannot be done.
    NotNow(SectionState),
    /// The product is in a state in which this cannot be done.
    ProductNotNow(ProductState),
    /// A condition does not hold.
    Unmet(Guard),
    /// A condition of the demonstration, the certificate, the agreement or going live does not hold.
    Missing(Condition),
    /// The demonstration, the certificate or the agreement is in a state in which this cannot be done; its sentence.
    Elsewhere(&'static str),
    /// Somebody else changed these answers since the form was opened.
    Outdated(Vec<String>),
    /// Something named in the command does not exist; carries what was wrong, for the log.
    Unknown(&'static str),
    /// The name is in use in the organisation.
    Duplicate(String),
    /// Whoever has this e-mail address has to be invited, and is nameless so far.
    Nameless(String),
    /// Something about people: its own sentence.
    People(String),
}

impl Refusal {
    /// The sentence shown.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NotYours => {
                "You can read this but not change it. An owner of your organisation can give you more rights.".to_owned()
            }
            Self::NotNow(state) => format!("This section {}.", state.sentence()),
            Self::ProductNotNow(state) => format!("This product {}.", state.sentence()),
            Self::Unmet(guard) => guard.sentence().to_owned(),
            Self::Missing(condition) => condition.sentence().to_owned(),
            Self::Elsewhere(sentence) => (*sentence).to_owned(),
            Self::Outdated(_) => "Somebody else changed this while you had it open.".to_owned(),
            Self::Unknown(what) => format!("We could not find {what}."),
            Self::Duplicate(name) => format!("Your organisation already has a product called \"{name}\""),
            Self::Nameless(email) => {
                format!("{email} is not in your organisation yet. Enter their full name and we’ll invite them as an editor")
            }
            Self::People(sentence) => sentence.clone(),
        }
    }
}
