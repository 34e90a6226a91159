//! Where on a product's pages somebody is: the part above the content that all of them share.

use super::ctx::SignedIn;
use crate::domain::answer::Given;
use crate::domain::catalogue::{Catalogue, Section, SectionText};
use crate::domain::product::Product;
use crate::domain::section::Turn;
use crate::error::Error;

/// The product's name, its tabs and which of them is open.
#[derive(Clone, Debug)]
pub struct Place {
    /// `C2A-1042`.
    pub reference: String,
    /// Name.
    pub name: String,
    /// `/products/c2a-1042`.
    pub address: String,
    /// Supplier; empty where the reader is the supplier.
    pub organisation: String,
    /// The open tab: `tasks`, `feedback`, `files`, `messages`, `demonstration`, `team`, `history`, `details`.
    pub tab: &'static str,
    /// Questions that wait for the supplier's answer.
    pub asked: usize,
    /// Threads of messages that wait for the reader's side.
    pub messages: usize,
}

impl Place {
    /// The place of a page.
    #[must_use]
    pub fn new(me: &SignedIn, product: &Product, given: &Given<'_>, tab: &'static str) -> Self {
        let mine = if me.actor.is_staff() { Turn::Team } else { Turn::Supplier };
        Self {
            reference: product.reference.clone(),
            name: product.facts.name.clone(),
            address: product.address(),
            organisation: if me.actor.is_staff() { product.organisation_name.clone() } else { String::new() },
            tab,
            messages: product.threads.iter().filter(|t| t.state.turn() == mine).count(),
            asked: Section::ALL.iter().map(|s| product.asked(given, *s).len()).sum(),
        }
    }
}

/// The texts of a section of the product's question set.
///
/// # Errors
/// When the question set is not in this program.
pub fn texts(catalogue: &Catalogue, section: Section) -> Result<&SectionText, Error> {
    catalogue.section(section).ok_or(Error::NotFound)
}
