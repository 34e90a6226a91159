//! Whether production mirrors INT (check X18): hosts differ by their nature, the rest should not.

use std::collections::BTreeSet;

use url::Url;

use super::{ClientAuth, LiveFacts};
use crate::domain::answer::{Given, Value};
use crate::words;

words! {
    /// How a value in production stands beside the one in INT.
    pub enum Likeness {
        /// Both are given and agree.
        Same = "same",
        /// Both are given and do not agree.
        Differs = "differs",
        /// At least one is not given yet.
        NotGiven = "not-given",
    }
}

impl Likeness {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Same => "Same",
            Self::Differs => "Different",
            Self::NotGiven => "Not given yet",
        }
    }
}

/// One row of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What is compared.
    pub label: &'static str,
    /// As accepted for INT; empty when not given.
    pub int: String,
    /// As told for production; empty when not given.
    pub production: String,
    /// How they stand to each other.
    pub likeness: Likeness,
    /// Whether a difference is a warning (X18), or just shown.
    pub should_mirror: bool,
}

const NO_LOGOUT: &str = "Not used";

impl LiveFacts {
    /// The values in INT, from the accepted answers, beside those in production.
    #[must_use]
    pub fn compared(&self, given: &Given<'_>) -> Vec<Compared> {
        let int_auth = given.choice("cx-client-auth").and_then(ClientAuth::from_word);
        let auth = |method: Option<ClientAuth>| method.map_or("", ClientAuth::label).to_owned();
        let int_scopes = match given.value("cx-scopes") {
            Some(Value::Choices(set)) => set.clone(),
            _ => BTreeSet::new(),
        };
        let keys = addresses("Address of public keys", given.text("cx-jwks-url"), &self.jwks_url);
        let mut rows = vec![
            addresses("Redirect URIs", given.text("cx-redirect-uris"), &self.redirect_uris),
            self.logout(given),
            plain("Client authentication", auth(int_auth), auth(self.client_auth)),
            Compared { should_mirror: false, ..keys },
            plain("Scopes", listed(&int_scopes), listed(&self.scopes)),
        ];
        // Neither side has public keys when both use a secret: there is nothing to compare.
        rows.retain(|row| row.should_mirror || !(row.int.is_empty() && row.production.is_empty()));
        rows
    }

    /// A sentence for each thing that should be the same in INT and in production, and is not.
    pub(super) fn mirror_warnings(&self, given: &Given<'_>) -> Vec<String> {
        let differs = |row: &Compared| row.should_mirror && row.likeness == Likeness::Differs;
        let text = |row: Compared| {
            let hosts = if row.int.contains("://") { " Hosts may differ, paths should not." } else { "" };
            format!("{}: production and INT differ.{hosts} Check that this is what you mean.", row.label)
        };
        self.compared(given).into_iter().filter(differs).map(text).collect()
    }

    fn logout(&self, given: &Given<'_>) -> Compared {
        let label = "Back-channel logout address";
        if given.choice("cx-bcl-used") != Some("no") {
            return addresses(label, given.text("cx-bcl-url"), &self.logout_url);
        }
        let production = if self.logout_url.is_empty() { NO_LOGOUT } else { &self.logout_url };
        plain(label, NO_LOGOUT.to_owned(), production.to_owned())
    }
}

fn plain(label: &'static str, int: String, production: String) -> Compared {
    let likeness = likeness(&int, &production, int == production);
    Compared { label, int, production, likeness, should_mirror: true }
}

/// Addresses agree when their paths do, in whatever order they are written.
fn addresses(label: &'static str, int: &str, production: &str) -> Compared {
    let likeness = likeness(int, production, paths(int) == paths(production));
    Compared { label, int: int.to_owned(), production: production.to_owned(), likeness, should_mirror: true }
}

fn likeness(int: &str, production: &str, is_same: bool) -> Likeness {
    match (int.is_empty() || production.is_empty(), is_same) {
        (true, _) => Likeness::NotGiven,
        (false, true) => Likeness::Same,
        (false, false) => Likeness::Differs,
    }
}

/// The path and query of each line; a line that is no address counts as it stands.
fn paths(text: &str) -> BTreeSet<String> {
    let path = |line: &str| match Url::parse(line) {
        Ok(url) => url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())),
        Err(_) => line.to_owned(),
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(path).collect()
}

fn listed(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
