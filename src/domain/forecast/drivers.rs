//! What would move the date of a forecast most.

use super::way::{AgreementWay, CertificateWay, TestWay, Way};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::section::SectionState;
use crate::domain::waits::What;
use crate::words;

/// Something that moves the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Driver {
    /// What is waited for, now or later.
    pub what: What,
    /// Whether it can be done now; if not, something else comes first.
    pub is_open: bool,
    /// By how many working days the product is assured earlier, on average, when it goes quickly; at least 1.
    pub saves: u32,
}

impl Driver {
    /// What it is, in words: "booking the demonstration this week".
    #[must_use]
    pub fn words(&self) -> String {
        let text = match self.what {
            What::Answers(section) => return format!("answers about {}", topic(section)),
            What::Feedback(section) => return format!("answers to feedback on {}", topic(section)),
            What::Review(section) => return format!("our review of {}", topic(section)),
            What::Booking if self.is_open => "booking the demonstration this week",
            What::Booking => "booking the demonstration as soon as it can be booked",
            What::DateWish => "our answer to the dates that you asked for",
            What::TestFacts => "the facts of the demonstration",
            What::CheckProblem => "putting right what the background checks found",
            What::Checks => "the background checks",
            What::Test => "the day of the demonstration",
            What::RunSheet => "the result of the demonstration",
            What::Certificate => "issuing the certificate",
            What::Doubt => "our decision whether the certificate holds",
            What::Signatory => "naming who signs the agreement",
            What::AgreementIssue => "issuing the agreement",
            What::Signature => "signing the agreement",
            What::SignedCopy => "our check of the signed agreement",
            What::Production => "the production configuration",
            What::GoLive => "going live",
        };
        text.to_owned()
    }

    /// The same with what it saves: "booking the demonstration this week: 4 working days".
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.words(), words::counted(self.saves as usize, "working day"))
    }
}

/// A section in the middle of a sentence.
const fn topic(section: Section) -> &'static str {
    match section {
        Section::DataSecurity => "data security",
        Section::ClinicalRisk => "clinical risk",
        Section::ServiceManagement => "service management",
        Section::MedicalDevice => "medical devices",
        Section::CoreConformance => "core conformance",
        Section::Cis2Conformance => "CIS2 conformance",
    }
}

/// The things that a product waits for or will certainly wait for, and whether each can be done now.
pub(super) fn candidates(way: &Way) -> Vec<(What, bool)> {
    let mut all: Vec<(What, bool)> = way
        .sections
        .iter()
        .filter_map(|s| match s.state {
            SectionState::Draft => Some((What::Answers(s.section), true)),
            SectionState::Submitted => Some((What::Review(s.section), true)),
            SectionState::Returned => Some((What::Feedback(s.section), true)),
            SectionState::Accepted => None,
        })
        .collect();
    match way.test {
        TestWay::ToBook { .. } => all.push((What::Booking, way.is_booking_open())),
        TestWay::Asked { .. } => all.push((What::DateWish, true)),
        TestWay::Booked { .. } | TestWay::Passed => {}
    }
    let is_accepted = |s: Stage| way.stage(s).all(|s| s.state == SectionState::Accepted);
    match way.certificate {
        CertificateWay::ToIssue { .. } => {
            all.push((What::Certificate, way.test == TestWay::Passed && is_accepted(Stage::Technical)));
        }
        CertificateWay::InDoubt { .. } => all.push((What::Doubt, is_accepted(Stage::Technical))),
        CertificateWay::Issued => {}
    }
    let (names, issues, signs, checks) = match way.agreement {
        AgreementWay::ToName { .. } => (true, true, way.needs_signature, way.needs_signature),
        AgreementWay::ToIssue { .. } => (false, true, way.needs_signature, way.needs_signature),
        AgreementWay::ToSign { .. } => (false, false, true, true),
        AgreementWay::ToCheck { .. } => (false, false, false, true),
        AgreementWay::Accepted => (false, false, false, false),
    };
    all.extend(names.then_some((What::Signatory, true)));
    all.extend(issues.then_some((What::AgreementIssue, !names && is_accepted(Stage::NonFunctional))));
    all.extend(signs.then_some((What::Signature, !issues)));
    all.extend(checks.then_some((What::SignedCopy, !signs)));
    all
}
