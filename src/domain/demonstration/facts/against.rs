//! The facts of a test against the product's answers, and against each other.

use super::{Fact, Network, TestContext, TestFacts};
use crate::domain::answer::Given;
use crate::domain::checks::{Level, inward_host};
use crate::domain::demonstration::addresses::judge;
use crate::domain::facts::{self, Authenticator};

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFinding {
    /// The field where it can be mended.
    pub field: &'static str,
    /// Whether it stops the test from being confirmed, or is shown to both sides only.
    pub level: Level,
    /// What to do, or what to know, in a sentence or two.
    pub text: String,
}

fn error(fact: Fact, text: impl Into<String>) -> TestFinding {
    TestFinding { field: fact.word(), level: Level::Error, text: text.into() }
}

fn warning(fact: Fact, text: impl Into<String>) -> TestFinding {
    TestFinding { level: Level::Warning, ..error(fact, text) }
}

impl TestFacts {
    /// Everything about these facts that does not fit, in the order of the fields. Unknown facts say nothing.
    #[must_use]
    pub fn faults(&self, context: &TestContext<'_>) -> Vec<TestFinding> {
        let given = context.given;
        let one = [self.developer(), self.version(given), self.deployment(), self.second_identity(given), self.network_fault()];
        let mut found: Vec<TestFinding> = one.into_iter().flatten().collect();
        found.extend(self.private_addresses());
        found.extend(self.same_addresses());
        found.extend(self.authenticator_faults(given));
        found.sort_by_key(|finding| Fact::from_word(finding.field));
        found
    }

    /// What is said about the authenticator: moving from CIS1, the assurance level, and beta.
    #[must_use]
    pub fn authenticator_faults(&self, given: &Given<'_>) -> Vec<TestFinding> {
        let Some(authenticator) = self.authenticator else { return Vec::new() };
        let (fact, label) = (Fact::Authenticator, authenticator.label());
        let mut found = Vec::new();
        if authenticator == Authenticator::HscnSmartcard && given.facts.migrating_from_cis1 == Some(true) {
            let text = "Choose an authenticator other than a smartcard over HSCN. A move from CIS1 has to be shown without it";
            found.push(error(fact, text));
        }
        match (authenticator.level(), given.choice("cx-assurance-level")) {
            (facts::Level::Aal2, Some("aal3")) => {
                let text =
                    format!("Choose an AAL3 authenticator. {label} gives AAL2, and the answers say that the product needs AAL3");
                found.push(error(fact, text));
            }
            (facts::Level::Aal2, Some("step-up")) => {
                let text = format!("{label} gives AAL2. An AAL3 authenticator is needed as well, for the functions that step up.");
                found.push(warning(fact, text));
            }
            (facts::Level::Aal2 | facts::Level::Aal3, _) => {}
        }
        if authenticator == Authenticator::Aal3PasskeyApp {
            found.push(warning(fact, "The AAL3 passkey app is in beta. Have another authenticator at hand."));
        }
        found
    }

    fn developer(&self) -> Option<TestFinding> {
        let is_same = !self.developer.is_empty() && self.developer.to_lowercase() == self.contact_name.to_lowercase();
        let text = "The developer is the person leading the test. It is easier with 2 people.";
        is_same.then(|| warning(Fact::DeveloperOnHand, text))
    }

    fn version(&self, given: &Given<'_>) -> Option<TestFinding> {
        let (tested, known) = (&self.product_version, given.facts.version.trim());
        if tested.is_empty() || known.is_empty() || tested == known {
            return None;
        }
        let text = format!("The product's details say version {known}. Check that the answers still hold for version {tested}.");
        Some(warning(Fact::ProductVersion, text))
    }

    /// An address of the answers is taken over as it is, so its host is judged again.
    fn deployment(&self) -> Option<TestFinding> {
        let host = inward_host(&self.test_url)?;
        let text = format!("Address must not use {host}. Give an address that can be reached from the internet");
        Some(error(Fact::TestUrl, text))
    }

    fn second_identity(&self, given: &Given<'_>) -> Option<TestFinding> {
        let has_roles = matches!(given.choice("cx-role-model"), Some("national" | "both"));
        let text = "The product uses national roles. A second identity with another role, or with none, shows more.";
        (has_roles && self.second_user_number.is_empty()).then(|| warning(Fact::SecondUserUuid, text))
    }

    fn network_fault(&self) -> Option<TestFinding> {
        let is_card = self.authenticator == Some(Authenticator::HscnSmartcard);
        let text = "Choose HSCN or a VPN to HSCN, or another authenticator. A smartcard over HSCN does not work over the internet";
        (is_card && self.network == Some(Network::Internet)).then(|| error(Fact::Network, text))
    }

    fn private_addresses(&self) -> Vec<TestFinding> {
        let is_private = |address: &str| judge(address).is_ok_and(|judged| judged.is_private);
        let text = |address: &str| format!("CIS2 will not see this address, {address}. Give the public address.");
        let device = Some(self.device_address.as_str()).filter(|address| is_private(address));
        let device = device.filter(|_| self.network != Some(Network::Hscn));
        let servers = self.server_addresses.iter().filter(|address| is_private(address));
        let servers = servers.map(|address| warning(Fact::ServerIp, text(address)));
        device.map(|address| warning(Fact::UserDeviceIp, text(address))).into_iter().chain(servers).collect()
    }

    fn same_addresses(&self) -> Option<TestFinding> {
        let is_same = !self.device_address.is_empty() && self.server_addresses.contains(&self.device_address);
        let text = "The device and the server have the same address. Is the product running on the user's own machine?";
        is_same.then(|| warning(Fact::ServerIp, text))
    }
}
