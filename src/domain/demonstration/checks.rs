//! The checks before a conformance test: twelve, of which the service works out what it can know itself.

mod known;

use std::collections::BTreeMap;

use super::facts::uses_logout;
use crate::domain::answer::Given;
use crate::words;

pub use self::known::{WorkedOut, worked_out};

words! {
    /// A check before the test. The first four are on the published page (NHS England, "CIS2 Authentication: get your
    /// software assured"); the others follow from the guidance.
    pub enum Check {
        /// A client configuration for the product exists in INT.
        IntConfiguration = "int-configuration",
        /// Sign-in works in INT.
        IntAuthentication = "int-authentication",
        /// Logout tokens are delivered and accepted.
        LogoutTokens = "logout-tokens",
        /// The product runs in a test environment.
        Deployed = "deployed",
        /// The redirect URIs are those of the answer.
        RedirectUris = "redirect-uris",
        /// CIS2 can reach the logout address.
        LogoutEndpoint = "logout-endpoint",
        /// CIS2 can fetch the public keys.
        Jwks = "jwks",
        /// The address of the server is the one in the logs.
        IpSeen = "ip-seen",
        /// The authenticator is allowed and works.
        Authenticator = "authenticator",
        /// The test identity has what it needs.
        TestIdentity = "test-identity",
        /// No feedback is open on the technical sections.
        OpenFeedback = "open-feedback",
        /// Evidence is in date on the day of the test.
        EvidenceCurrent = "evidence-current",
    }
}

impl Check {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::IntConfiguration => "Configuration exists in INT",
            Self::IntAuthentication => "Sign-in works in INT",
            Self::LogoutTokens => "Logout tokens arrive and are accepted",
            Self::Deployed => "Deployed to a test environment",
            Self::RedirectUris => "Redirect URIs agree with the answer",
            Self::LogoutEndpoint => "Logout address can be reached",
            Self::Jwks => "Public keys can be fetched",
            Self::IpSeen => "Server address agrees with the national logs",
            Self::Authenticator => "Authenticator is allowed and works",
            Self::TestIdentity => "Test identity is ready",
            Self::OpenFeedback => "No feedback is open",
            Self::EvidenceCurrent => "Evidence is in date on the day of the test",
        }
    }

    /// What to look at.
    #[must_use]
    pub const fn evidence(self) -> &'static str {
        match self {
            Self::IntConfiguration => "Find the client ID in INT. Its owner is this supplier.",
            Self::IntAuthentication => "Find a recent sign-in with this client ID that worked, best one with the test identity.",
            Self::LogoutTokens => "Find a logout token that was delivered in INT and answered with success.",
            Self::Deployed => "Open the address. It answers, and it is not on a developer's computer.",
            Self::RedirectUris => "Compare the redirect URIs registered in INT with the answer.",
            Self::LogoutEndpoint => {
                "Test the connection. The address is public, the certificate matches it and leads to a public root, and no \
                 password is asked for."
            }
            Self::Jwks => "Fetch the key set from the internet, without a password.",
            Self::IpSeen => "Find the server address in the national logs.",
            Self::Authenticator => "Check the rules for authenticators, and find a recent sign-in with it.",
            Self::TestIdentity => {
                "Look at the profile. It has the roles that are needed to show the product. A second identity, if used, is ready."
            }
            Self::OpenFeedback => "Look at the feedback on the 2 technical sections.",
            Self::EvidenceCurrent => {
                "Compare the last days of the DSPT status, the penetration test and certificates with the test."
            }
        }
    }

    /// Whether the test may be held without it, with a reason. The four of the published page are always needed.
    #[must_use]
    pub const fn can_be_waived(self) -> bool {
        match self {
            Self::IntConfiguration | Self::IntAuthentication | Self::LogoutTokens | Self::Deployed => false,
            Self::RedirectUris
            | Self::LogoutEndpoint
            | Self::Jwks
            | Self::IpSeen
            | Self::Authenticator
            | Self::TestIdentity
            | Self::OpenFeedback
            | Self::EvidenceCurrent => true,
        }
    }

    /// Why the check is not needed for this product; `None` when it is.
    #[must_use]
    pub fn not_needed(self, given: &Given<'_>) -> Option<&'static str> {
        match self {
            Self::LogoutTokens | Self::LogoutEndpoint => {
                (!uses_logout(given)).then_some("The product does not use back-channel logout.")
            }
            Self::Jwks => {
                let has_keys = given.choice("cx-client-auth") == Some("private-key-jwt");
                (!has_keys).then_some("The product does not use Private Key JWT.")
            }
            Self::IntConfiguration
            | Self::IntAuthentication
            | Self::Deployed
            | Self::RedirectUris
            | Self::IpSeen
            | Self::Authenticator
            | Self::TestIdentity
            | Self::OpenFeedback
            | Self::EvidenceCurrent => None,
        }
    }
}

words! {
    /// The result of a check; one that nobody recorded has none.
    pub enum CheckResult {
        /// As it should be.
        Passed = "passed",
        /// Not as it should be; the supplier must act.
        Problem = "problem",
        /// Left out, with a reason.
        Waived = "waived",
        /// Does not apply to this product.
        NotNeeded = "not-needed",
    }
}

impl CheckResult {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Problem => "Problem found",
            Self::Waived => "Waived",
            Self::NotNeeded => "Not needed",
        }
    }

    /// The look of its tag.
    #[must_use]
    pub const fn look(self) -> &'static str {
        match self {
            Self::Passed => "green",
            Self::Problem => "red",
            Self::Waived | Self::NotNeeded => "grey",
        }
    }

    /// Words and look of a result, also of one that nobody recorded.
    #[must_use]
    pub fn tag(result: Option<Self>) -> (&'static str, &'static str) {
        result.map_or(("Not done", "blue"), |result| (result.label(), result.look()))
    }
}

/// Whether a check is needed for this product.
#[must_use]
pub fn applies(check: Check, given: &Given<'_>) -> bool {
    check.not_needed(given).is_none()
}

/// The checks that keep the test from being confirmed, each with the reason; none when it may be confirmed.
///
/// A check that does not apply needs no result, but a problem that somebody recorded always counts.
#[must_use]
pub fn blocking(results: &BTreeMap<Check, CheckResult>, given: &Given<'_>) -> Vec<(Check, &'static str)> {
    let reason = |check: Check| match results.get(&check) {
        Some(CheckResult::Problem) => Some("a problem was found"),
        _ if !applies(check, given) => None,
        None => Some("it has not been done"),
        Some(CheckResult::Waived) if !check.can_be_waived() => Some("it cannot be waived"),
        Some(CheckResult::NotNeeded) if !check.can_be_waived() => Some("it is needed for this product"),
        Some(CheckResult::Passed | CheckResult::Waived | CheckResult::NotNeeded) => None,
    };
    Check::ALL.iter().filter_map(|check| Some((*check, reason(*check)?))).collect()
}

#[cfg(test)]
mod tests;
