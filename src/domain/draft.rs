//! Drafts: what somebody typed on a form and did not save yet. Which forms have them, what is kept, and how much.

use std::fmt;

use super::catalogue::Section;
use super::product::Product;

/// Most bytes of one draft, written as a form is sent: as large as a form without files can be.
pub const BYTES: usize = 256 * 1024;
/// Most drafts of one person.
pub const DRAFTS: usize = 50;
/// Most bytes of all drafts of one person.
pub const ALL_BYTES: usize = 2 * 1024 * 1024;
/// Most posts of one person that wait for a log-in; the oldest makes room.
pub const KEPT: usize = 10;
/// Minutes for which a post is kept whose log-in had run out, and for which such a log-in is still recognised.
pub const KEPT_MINUTES: i64 = 60;
/// Minutes for which somebody counts as working on a page after they opened it or typed on it.
pub const PRESENT_MINUTES: i64 = 3;

/// A form that has drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page of questions, by the key of its first one.
    Question(String),
    /// The answers to what was asked in a round.
    Feedback,
    /// A review.
    Review,
}

/// Where a draft belongs: a form of a section of a product. It is written as the form's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The product's reference as in addresses: `c2a-1001`.
    pub product: String,
    /// The section.
    pub section: Section,
    /// The form.
    pub form: Form,
}

impl Place {
    /// A form of a product's section.
    #[must_use]
    pub fn new(product: &Product, section: Section, form: Form) -> Self {
        Self { product: product.reference.to_lowercase(), section, form }
    }

    /// The place of an address, or of the address to which its form is sent. Nothing for any other address.
    #[must_use]
    pub fn parse(address: &str) -> Option<Self> {
        let rest = address.strip_prefix("/products/")?;
        let (product, rest) = rest.split_once("/sections/")?;
        let (section, form) = rest.split_once('/')?;
        let form = match form {
            "feedback" => Form::Feedback,
            "review" | "review/decisions" => Form::Review,
            other => Form::Question(other.strip_prefix("questions/").filter(|key| is_name(key))?.to_owned()),
        };
        let section = Section::from_word(section)?;
        is_name(product).then(|| Self { product: product.to_lowercase(), section, form })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", hub(&self.product, self.section))?;
        match &self.form {
            Form::Question(key) => write!(f, "questions/{key}"),
            Form::Feedback => write!(f, "feedback"),
            Form::Review => write!(f, "review"),
        }
    }
}

/// What every place of a section begins with.
#[must_use]
pub fn hub(reference: &str, section: Section) -> String {
    format!("/products/{}/sections/{section}/", reference.to_lowercase())
}

fn is_name(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Whether a post whose log-in had run out is kept: not what belongs to an account, nor anything with a secret.
#[must_use]
pub fn is_kept<'a>(path: &str, mut fields: impl Iterator<Item = &'a str>) -> bool {
    let is_own = ["/account", "/drafts", "/session", "/login", "/logout", "/invitations", "/reset-password", "/forgotten-password"];
    let is_apart = is_own.iter().any(|own| path.starts_with(own));
    !is_apart && !fields.any(|name| name.contains("password") || name == "code" || name.contains("token"))
}

/// Whether a person with drafts of these sizes may have one more, all in bytes.
#[must_use]
pub fn has_room(others: &[usize], size: usize) -> bool {
    size <= BYTES && others.len() < DRAFTS && others.iter().sum::<usize>() + size <= ALL_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_of_sections_are_places_of_drafts() {
        for address in [
            "/products/c2a-1001/sections/data-security/questions/ds-dspt-profile",
            "/products/c2a-1001/sections/clinical-risk/feedback",
            "/products/c2a-1001/sections/clinical-risk/review",
        ] {
            assert_eq!(Place::parse(address).map(|p| p.to_string()).as_deref(), Some(address));
        }
        let posted = Place::parse("/products/C2A-1001/sections/clinical-risk/review/decisions").map(|p| p.to_string());
        assert_eq!(posted.as_deref(), Some("/products/c2a-1001/sections/clinical-risk/review"));
        for address in [
            "",
            "/account/preferences",
            "/products/c2a-1001",
            "/products/c2a-1001/sections/data-security",
            "/products/c2a-1001/sections/no-section/feedback",
            "/products/c2a-1001/sections/data-security/questions/",
            "/products/c2a-1001/sections/data-security/questions/a/b",
            "/products/c2a-1001/sections/data-security/questions/a?b",
            "/products/../sections/data-security/feedback",
            "https://elsewhere.example/products/c2a-1001/sections/data-security/feedback",
        ] {
            assert_eq!(Place::parse(address), None, "{address}");
        }
    }

    #[test]
    fn nothing_with_a_secret_and_nothing_of_an_account_is_kept() {
        assert!(is_kept("/products/c2a-1001/messages", ["subject", "body"].into_iter()));
        assert!(!is_kept("/products/c2a-1001/messages", ["subject", "new-password"].into_iter()));
        assert!(!is_kept("/account/preferences", ["matter"].into_iter()));
        assert!(!is_kept("/login", std::iter::empty()));
        assert!(!is_kept("/drafts/1/removal", std::iter::empty()));
    }

    #[test]
    fn drafts_are_limited_in_size_and_number() {
        assert!(has_room(&[], BYTES));
        assert!(!has_room(&[], BYTES + 1));
        assert!(has_room(&[10; DRAFTS - 1], 10));
        assert!(!has_room(&[10; DRAFTS], 10));
        assert!(!has_room(&[BYTES; 8], 1));
    }
}
