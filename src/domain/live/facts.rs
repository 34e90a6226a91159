//! Going live: the production configuration, whether it mirrors INT, the dates, and the steps before the first user.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::domain::answer::Given;
use crate::words;

mod compare;
mod read;

pub use self::compare::{Compared, Likeness};
pub use self::read::{Typed, live_date};

/// Days that NHS England asks for to deploy a production configuration: "at least 2 weeks" ("Put your software live").
pub const DEPLOYMENT_DAYS: i64 = 14;

words! {
    /// How a product proves who it is to the token endpoint; the words are the options of `cx-client-auth`.
    pub enum ClientAuth {
        /// A signed assertion, with public keys that the product publishes.
        PrivateKeyJwt = "private-key-jwt",
        /// A shared secret.
        ClientSecret = "client-secret",
    }
}

impl ClientAuth {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PrivateKeyJwt => "Private Key JWT",
            Self::ClientSecret => "Client secret",
        }
    }
}

words! {
    /// The algorithm that a product signs its assertion with, by the names of RFC 7518 section 3.1.
    pub enum SigningAlgorithm {
        /// RSA with SHA-256.
        Rs256 = "RS256",
        /// RSA with SHA-384.
        Rs384 = "RS384",
        /// RSA with SHA-512.
        Rs512 = "RS512",
        /// RSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSA-PSS with SHA-384.
        Ps384 = "PS384",
        /// RSA-PSS with SHA-512.
        Ps512 = "PS512",
        /// ECDSA with P-256 and SHA-256.
        Es256 = "ES256",
        /// ECDSA with P-384 and SHA-384.
        Es384 = "ES384",
        /// ECDSA with P-521 and SHA-512.
        Es512 = "ES512",
    }
}

words! {
    /// What is done before users sign in to a product in production.
    pub enum GoLiveStep {
        /// The CIS2 team has the production configuration.
        ConfigurationSent = "configuration-sent",
        /// There is time for it to be deployed.
        DeploymentTime = "deployment-time",
        /// CIS2 can reach what it has to reach.
        AddressesReachable = "addresses-reachable",
        /// Live services know of the product.
        ServiceDeskTold = "service-desk-told",
        /// The organisations that will use it meet the standard.
        OrganisationsChecked = "organisations-checked",
        /// The organisations know the clinical risk that comes with it.
        ClinicalSafety = "clinical-safety",
        /// Users can prove who they are.
        AuthenticatorsReady = "authenticators-ready",
        /// Users know what changes.
        UsersTold = "users-told",
        /// Somebody notices when sign-in fails.
        Monitoring = "monitoring",
        /// There is a way back.
        WayBack = "way-back",
    }
}

impl GoLiveStep {
    /// The words of the step.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ConfigurationSent => "Send the production configuration",
            Self::DeploymentTime => "Allow at least 2 weeks for deployment",
            Self::AddressesReachable => "Check that your addresses can be reached",
            Self::ServiceDeskTold => "Tell the national service desk",
            Self::OrganisationsChecked => "Check the organisations that will use the product",
            Self::ClinicalSafety => "Share your clinical safety case",
            Self::AuthenticatorsReady => "Check that users can sign in",
            Self::UsersTold => "Tell and train users",
            Self::Monitoring => "Watch sign-in",
            Self::WayBack => "Plan a way back",
        }
    }

    /// What it means, in a sentence or two.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::ConfigurationSent => {
                "Redirect URIs, logout address, client authentication, keys and signing algorithm, and whether UserInfo is signed. \
                 It should mirror INT."
            }
            Self::DeploymentTime => {
                "Count from the day on which you send the configuration. Plan for change freezes and bank holidays."
            }
            Self::AddressesReachable => {
                "The logout address and the address of your public keys answer from the internet, without a password and with a \
                 certificate that matches."
            }
            Self::ServiceDeskTold => "Live services have your support hours and contacts, and your desk knows how to reach theirs.",
            Self::OrganisationsChecked => {
                "Each is registered with the Data Security and Protection Toolkit, meets its standards and knows the acceptable use policy."
            }
            Self::ClinicalSafety => "The clinical safety officer of each organisation has seen your safety case and hazard log.",
            Self::AuthenticatorsReady => {
                "Each user has a Care Identity profile and an authenticator that your product accepts. Their Registration Authority can help."
            }
            Self::UsersTold => {
                "They know how to sign in and out, when a session ends, and whom to call. Taking out a smartcard does not sign them out."
            }
            Self::Monitoring => "You are alerted when failed sign-ins rise or logout notices stop, and somebody acts on it.",
            Self::WayBack => {
                "You can return to the earlier version, and users can go on with their work while sign-in is not available."
            }
        }
    }
}

/// What is known about a product in production. Empty until somebody tells us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct LiveFacts {
    /// Redirect URIs, one on each line.
    pub redirect_uris: String,
    /// Address that CIS2 sends logout notices to; empty when back-channel logout is not used.
    pub logout_url: String,
    /// How the product proves who it is.
    pub client_auth: Option<ClientAuth>,
    /// Address of the product's public keys; only with Private Key JWT.
    pub jwks_url: String,
    /// What the product signs with; only with Private Key JWT.
    pub signing_algorithm: Option<SigningAlgorithm>,
    /// Whether `UserInfo` responses are to be signed; `None` until asked.
    pub userinfo_signed: Option<bool>,
    /// Scopes, by the words of `cx-scopes`.
    pub scopes: BTreeSet<String>,
    /// When the production configuration was sent to the CIS2 team.
    pub sent_on: Option<NaiveDate>,
    /// Planned first day of use.
    pub planned_on: Option<NaiveDate>,
    /// The steps that are done.
    pub done: BTreeSet<GoLiveStep>,
}

impl LiveFacts {
    /// What must still be told before the product can be recorded as live: field and the sentence beside it.
    #[must_use]
    pub fn missing(&self, given: &Given<'_>) -> Vec<(&'static str, &'static str)> {
        let is_key = self.client_auth == Some(ClientAuth::PrivateKeyJwt);
        let has_logout = given.choice("cx-bcl-used") == Some("yes");
        let wanted = [
            (self.redirect_uris.is_empty(), "redirect-uris", "Enter the redirect URIs in production"),
            (has_logout && self.logout_url.is_empty(), "logout-url", "Enter the back-channel logout address in production"),
            (self.client_auth.is_none(), "client-auth", "Select how the product proves who it is in production"),
            (is_key && self.jwks_url.is_empty(), "jwks-url", "Enter the address of your public keys in production"),
            (is_key && self.signing_algorithm.is_none(), "signing-algorithm", "Select what the product signs with in production"),
            (self.userinfo_signed.is_none(), "userinfo-signed", "Select yes if UserInfo responses are to be signed"),
            (self.scopes.is_empty(), "scopes", "Select the scopes that the product asks for in production"),
            (self.sent_on.is_none(), "sent-on", "Enter the date on which the production configuration was sent"),
        ];
        wanted.into_iter().filter(|(is_missing, ..)| *is_missing).map(|(_, field, text)| (field, text)).collect()
    }

    /// The first day that leaves enough time for deployment, counted from the day on which the configuration was sent or,
    /// while it was not, from today.
    #[must_use]
    pub fn earliest(&self, today: NaiveDate) -> NaiveDate {
        self.sent_on.unwrap_or(today).checked_add_signed(TimeDelta::days(DEPLOYMENT_DAYS)).unwrap_or(NaiveDate::MAX)
    }

    /// Everything that both sides should know and that stops nothing: production that does not mirror INT, and a plan
    /// that leaves too little time.
    #[must_use]
    pub fn warnings(&self, given: &Given<'_>) -> Vec<String> {
        let mut found = self.mirror_warnings(given);
        let earliest = self.earliest(given.today);
        if self.planned_on.is_some_and(|planned| planned < earliest) {
            let earliest = earliest.format("%-d %B %Y");
            found.push(format!("The planned date leaves less than 2 weeks for deployment. Plan for {earliest} or later."));
        }
        found
    }

    /// Whether the configuration was given; the form takes it whole or not at all.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.client_auth.is_some()
    }

    /// A word for these facts as they are: a form carries the edition that it was opened with.
    #[must_use]
    pub fn edition(&self) -> String {
        crate::domain::facts::edition(self)
    }

    /// The steps that are not done, in order.
    #[must_use]
    pub fn steps_left(&self) -> Vec<GoLiveStep> {
        GoLiveStep::ALL.iter().copied().filter(|step| !self.done.contains(step)).collect()
    }
}

#[cfg(test)]
mod tests;
