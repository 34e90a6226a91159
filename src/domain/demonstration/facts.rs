//! The facts of a conformance test: who, what, where from and with which identity.

mod against;
mod typed;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::answer::Given;
use crate::domain::checks::written;
use crate::domain::facts::{Authenticator, edition};
use crate::words;

pub use self::against::TestFinding;
pub use self::typed::parse;

/// Most IP addresses of servers.
pub const MAX_SERVERS: usize = 5;
/// Calendar days before the booking within which the identity and a logout token must have been tried.
pub const TRIED_WITHIN_DAYS: u64 = 14;

words! {
    /// The network of the user's device during the test.
    pub enum Network {
        /// The internet.
        Internet = "internet",
        /// The Health and Social Care Network.
        Hscn = "hscn",
        /// A VPN that leads to HSCN.
        Vpn = "vpn",
    }
}

impl Network {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Internet => "The internet",
            Self::Hscn => "HSCN",
            Self::Vpn => "A VPN to HSCN",
        }
    }
}

words! {
    /// One fact of a test; its word is the name of its field on the form, before `-day` and so on for a date.
    pub enum Fact {
        /// Person leading the test.
        ContactName = "contact-name",
        /// Their e-mail address.
        ContactEmail = "contact-email",
        /// Their telephone on the day.
        ContactPhone = "contact-phone",
        /// Who can read logs during the test.
        DeveloperOnHand = "developer-on-hand",
        /// Who else will join.
        Attendees = "attendees",
        /// Version to be tested.
        ProductVersion = "product-version",
        /// Address of the deployment.
        TestUrl = "test-url",
        /// Client ID in INT.
        IntClientId = "int-client-id",
        /// IP address of the user's device.
        UserDeviceIp = "user-device-ip",
        /// IP addresses that calls to CIS2 come from.
        ServerIp = "server-ip",
        /// Number of the test identity.
        UserUuid = "user-uuid",
        /// Number of a second test identity.
        SecondUserUuid = "second-user-uuid",
        /// How the identity signs in.
        Authenticator = "authenticator",
        /// Network of the device.
        Network = "network",
        /// Device, operating system and browser.
        Device = "device",
        /// When the identity last signed in with the authenticator.
        AuthenticatorTriedOn = "authenticator-tried-on",
        /// When a logout token was last accepted.
        LogoutReceivedOn = "logout-received-on",
        /// What changed since the technical sections were sent.
        ChangesSince = "changes-since",
        /// The declaration about the build.
        Declaration = "declaration",
    }
}

impl Fact {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.words().0
    }

    /// What stands below the label; empty where the label says all.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::ContactName => ("Person leading the test", ""),
            Self::ContactEmail => ("Their email address", "We'll use it on the day of the test"),
            Self::ContactPhone => ("Their telephone number", "We'll use it on the day of the test"),
            Self::DeveloperOnHand => ("Developer who can read logs during the test", "Best somebody other than the person leading"),
            Self::Attendees => ("Others who will join (optional)", "One name on each line"),
            Self::ProductVersion => ("Version to be tested", "The certificate names it"),
            Self::TestUrl => ("Address of the deployment", "It must be a test environment, not a developer's computer"),
            Self::IntClientId => ("Client ID in INT", "It is shown in Connection Manager. Do not give the client secret"),
            Self::UserDeviceIp => ("IP address of the user's device", "The public address that CIS2 sees"),
            Self::ServerIp => {
                ("IP address of the server that calls CIS2", "The public address that calls come from. Up to 5, one on each line")
            }
            Self::UserUuid => ("User number (UUID) of the test identity", "12 digits, which are on the smartcard"),
            Self::SecondUserUuid => {
                ("User number (UUID) of a second test identity (optional)", "One with a different role or with no role")
            }
            Self::Authenticator => ("Authenticator to be used", "A move from CIS1 cannot be shown with a smartcard over HSCN"),
            Self::Network => ("Network of the user's device", ""),
            Self::Device => ("Device, operating system and browser", "For example, a Windows 11 laptop with Edge 143"),
            Self::AuthenticatorTriedOn => (
                "When did this identity last sign in to INT with this authenticator?",
                "It must be within the 14 days before you booked, or later",
            ),
            Self::LogoutReceivedOn => (
                "When did your server last accept a logout token from CIS2 in INT?",
                "It must be within the 14 days before you booked, or later",
            ),
            Self::ChangesSince => {
                ("What has changed since you sent the technical sections?", "If nothing has changed, write \u{201C}Nothing\u{201D}")
            }
            Self::Declaration => ("The build is deployed to a test environment, mirrors production, and holds only test data", ""),
        }
    }

    /// Whether the test cannot be held without it.
    #[must_use]
    pub fn is_required(self, given: &Given<'_>) -> bool {
        match self {
            Self::Attendees | Self::SecondUserUuid => false,
            Self::LogoutReceivedOn => uses_logout(given),
            Self::ContactName
            | Self::ContactEmail
            | Self::ContactPhone
            | Self::DeveloperOnHand
            | Self::ProductVersion
            | Self::TestUrl
            | Self::IntClientId
            | Self::UserDeviceIp
            | Self::ServerIp
            | Self::UserUuid
            | Self::Authenticator
            | Self::Network
            | Self::Device
            | Self::AuthenticatorTriedOn
            | Self::ChangesSince
            | Self::Declaration => true,
        }
    }
}

/// Whether the answers say that CIS2 may end sessions by back-channel logout.
#[must_use]
pub fn uses_logout(given: &Given<'_>) -> bool {
    given.choice("cx-bcl-used") == Some("yes")
}

/// What the rules of a test look at beside its facts.
#[derive(Clone, Copy)]
pub struct TestContext<'a> {
    /// The product and its answers.
    pub given: &'a Given<'a>,
    /// The day on which the test was booked, in Europe/London.
    pub booked_on: NaiveDate,
    /// The day of the test; `None` while there is none.
    pub test_on: Option<NaiveDate>,
}

/// The facts of a test as far as they are known; an empty text is a fact that is to follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct TestFacts {
    /// Person leading the test; at most 200 characters.
    pub contact_name: String,
    /// Their e-mail address.
    pub contact_email: String,
    /// Their telephone on the day.
    pub contact_phone: String,
    /// Who can read logs during the test; at most 200 characters.
    pub developer: String,
    /// Who else will join, one on each line; at most 2,000 characters.
    pub attendees: String,
    /// Version to be tested; at most 50 characters, as of a product.
    pub product_version: String,
    /// Address of the deployment.
    pub test_url: String,
    /// Client ID in INT.
    pub int_client_id: String,
    /// IP address of the user's device, as CIS2 sees it.
    pub device_address: String,
    /// IP addresses that calls to CIS2 come from; 1 to 5.
    pub server_addresses: Vec<String>,
    /// Number of the test identity: 12 digits.
    pub user_number: String,
    /// Number of a second test identity: 12 digits, not the first.
    pub second_user_number: String,
    /// How the identity signs in.
    pub authenticator: Option<Authenticator>,
    /// Network of the device.
    pub network: Option<Network>,
    /// Device, operating system and browser; 5 to 200 characters.
    pub device: String,
    /// When the identity last signed in to INT with the authenticator.
    pub authenticator_tried_on: Option<NaiveDate>,
    /// When a logout token from CIS2 in INT was last accepted.
    pub logout_received_on: Option<NaiveDate>,
    /// What changed since the technical sections were sent; at most 2,000 characters.
    pub changes_since: String,
    /// Whether somebody declared that the build is deployed, mirrors production and holds only test data.
    pub is_declared: bool,
}

impl TestFacts {
    /// What the answers and the product's facts tell already.
    #[must_use]
    pub fn prefill(given: &Given<'_>) -> Self {
        Self {
            product_version: given.facts.version.clone(),
            test_url: given.text("cx-test-url").to_owned(),
            int_client_id: given.text("cx-int-client-id").to_owned(),
            ..Self::default()
        }
    }

    /// A word for these facts as they are: a form carries the edition that it was opened with.
    #[must_use]
    pub fn edition(&self) -> String {
        edition(self)
    }

    /// A fact as people read it, one line for each address or person; empty when it is not known.
    #[must_use]
    pub fn shown(&self, fact: Fact) -> String {
        let date = |date: Option<NaiveDate>| date.map(written).unwrap_or_default();
        match fact {
            Fact::ContactName => self.contact_name.clone(),
            Fact::ContactEmail => self.contact_email.clone(),
            Fact::ContactPhone => self.contact_phone.clone(),
            Fact::DeveloperOnHand => self.developer.clone(),
            Fact::Attendees => self.attendees.clone(),
            Fact::ProductVersion => self.product_version.clone(),
            Fact::TestUrl => self.test_url.clone(),
            Fact::IntClientId => self.int_client_id.clone(),
            Fact::UserDeviceIp => self.device_address.clone(),
            Fact::ServerIp => self.server_addresses.join("\n"),
            Fact::UserUuid => self.user_number.clone(),
            Fact::SecondUserUuid => self.second_user_number.clone(),
            Fact::Authenticator => self.authenticator.map_or("", Authenticator::label).to_owned(),
            Fact::Network => self.network.map_or("", Network::label).to_owned(),
            Fact::Device => self.device.clone(),
            Fact::AuthenticatorTriedOn => date(self.authenticator_tried_on),
            Fact::LogoutReceivedOn => date(self.logout_received_on),
            Fact::ChangesSince => self.changes_since.clone(),
            Fact::Declaration => if self.is_declared { "Declared" } else { "" }.to_owned(),
        }
    }

    /// The facts that the test cannot be held without and that are not known yet: field and words shown.
    #[must_use]
    pub fn missing(&self, context: &TestContext<'_>) -> Vec<(&'static str, &'static str)> {
        let is_missing = |fact: &&Fact| fact.is_required(context.given) && self.shown(**fact).trim().is_empty();
        Fact::ALL.iter().filter(is_missing).map(|fact| (fact.word(), fact.label())).collect()
    }
}

#[cfg(test)]
mod tests;
