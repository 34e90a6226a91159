//! Whom a product waits for, for what, and by when: all of it, and the one thing that comes first.

use chrono::NaiveDate;

use super::agreement::AgreementState;
use super::calendar::london_date;
use super::catalogue::{Section, Stage};
use super::certificate::CertificateState;
use super::demonstration::DemonstrationState;
use super::product::Product;
use super::section::{ProductState, SectionState, Turn};
use crate::words;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The supplier answers feedback on a section.
    Feedback(Section),
    /// The team reviews a section.
    Review(Section),
    /// The supplier answers and sends a section for the first time.
    Answers(Section),
    /// The supplier books the conformance test.
    Booking,
    /// The team answers a wish for a date.
    DateWish,
    /// The supplier gives the facts of the test.
    TestFacts,
    /// The supplier puts right what a background check found.
    CheckProblem,
    /// The team does the background checks and confirms the test.
    Checks,
    /// The day of the test comes.
    Test,
    /// The team finishes the test.
    RunSheet,
    /// The team issues the certificate.
    Certificate,
    /// The team decides whether the certificate holds.
    Doubt,
    /// The supplier says who will sign the agreement.
    Signatory,
    /// The team issues the agreement.
    AgreementIssue,
    /// The signatory signs.
    Signature,
    /// The team checks the signed copy.
    SignedCopy,
    /// The supplier gives the production configuration.
    Production,
    /// The team records that the product went live.
    GoLive,
}

words! {
    /// What is waited for, without the section: the word that lists keep beside a product.
    pub enum Topic {
        /// Answers to feedback.
        Feedback = "feedback",
        /// A review.
        Review = "review",
        /// Answers that were never sent.
        Answers = "answers",
        /// A booking.
        Booking = "booking",
        /// An answer to a wish for a date.
        DateWish = "date-wish",
        /// Facts of the test.
        TestFacts = "test-facts",
        /// Something that a background check found.
        CheckProblem = "check-problem",
        /// The background checks.
        Checks = "checks",
        /// The day of the test.
        Test = "test",
        /// The result of the test.
        RunSheet = "run-sheet",
        /// The certificate.
        Certificate = "certificate",
        /// A decision whether the certificate holds.
        Doubt = "doubt",
        /// The name of who signs.
        Signatory = "signatory",
        /// The issue of the agreement.
        AgreementIssue = "agreement-issue",
        /// A signature.
        Signature = "signature",
        /// The check of a signed copy.
        SignedCopy = "signed-copy",
        /// The production configuration.
        Production = "production",
        /// The day of going live.
        GoLive = "go-live",
    }
}

impl Topic {
    /// What is waited for, in a few words.
    #[must_use]
    pub const fn thing(self) -> &'static str {
        match self {
            Self::Feedback => "answers to feedback",
            Self::Review => "a review",
            Self::Answers => "answers to a section",
            Self::Booking => "a booking of the demonstration",
            Self::DateWish => "an answer about a date",
            Self::TestFacts => "details for the demonstration",
            Self::CheckProblem => "a problem to be put right before the demonstration",
            Self::Checks => "background checks",
            Self::Test => "the day of the demonstration",
            Self::RunSheet => "the result of the demonstration",
            Self::Certificate => "the certificate",
            Self::Doubt => "a decision about the certificate",
            Self::Signatory => "the name of who signs",
            Self::AgreementIssue => "the Connection Agreement",
            Self::Signature => "the signature",
            Self::SignedCopy => "the check of the signed agreement",
            Self::Production => "the production configuration",
            Self::GoLive => "the day of going live",
        }
    }
}

impl What {
    /// What a topic and its section mean; `None` where the section is missing.
    #[must_use]
    pub fn of(topic: Topic, section: Option<Section>) -> Option<Self> {
        Some(match topic {
            Topic::Feedback => Self::Feedback(section?),
            Topic::Review => Self::Review(section?),
            Topic::Answers => Self::Answers(section?),
            Topic::Booking => Self::Booking,
            Topic::DateWish => Self::DateWish,
            Topic::TestFacts => Self::TestFacts,
            Topic::CheckProblem => Self::CheckProblem,
            Topic::Checks => Self::Checks,
            Topic::Test => Self::Test,
            Topic::RunSheet => Self::RunSheet,
            Topic::Certificate => Self::Certificate,
            Topic::Doubt => Self::Doubt,
            Topic::Signatory => Self::Signatory,
            Topic::AgreementIssue => Self::AgreementIssue,
            Topic::Signature => Self::Signature,
            Topic::SignedCopy => Self::SignedCopy,
            Topic::Production => Self::Production,
            Topic::GoLive => Self::GoLive,
        })
    }

    /// The section that it is about, if it is about one.
    #[must_use]
    pub const fn section(self) -> Option<Section> {
        match self {
            Self::Feedback(section) | Self::Review(section) | Self::Answers(section) => Some(section),
            Self::Booking
            | Self::DateWish
            | Self::TestFacts
            | Self::CheckProblem
            | Self::Checks
            | Self::Test
            | Self::RunSheet
            | Self::Certificate
            | Self::Doubt
            | Self::Signatory
            | Self::AgreementIssue
            | Self::Signature
            | Self::SignedCopy
            | Self::Production
            | Self::GoLive => None,
        }
    }

    /// The same without the section.
    #[must_use]
    pub const fn topic(self) -> Topic {
        match self {
            Self::Feedback(_) => Topic::Feedback,
            Self::Review(_) => Topic::Review,
            Self::Answers(_) => Topic::Answers,
            Self::Booking => Topic::Booking,
            Self::DateWish => Topic::DateWish,
            Self::TestFacts => Topic::TestFacts,
            Self::CheckProblem => Topic::CheckProblem,
            Self::Checks => Topic::Checks,
            Self::Test => Topic::Test,
            Self::RunSheet => Topic::RunSheet,
            Self::Certificate => Topic::Certificate,
            Self::Doubt => Topic::Doubt,
            Self::Signatory => Topic::Signatory,
            Self::AgreementIssue => Topic::AgreementIssue,
            Self::Signature => Topic::Signature,
            Self::SignedCopy => Topic::SignedCopy,
            Self::Production => Topic::Production,
            Self::GoLive => Topic::GoLive,
        }
    }
}

/// One thing that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Whose turn it is.
    pub turn: Turn,
    /// What.
    pub what: What,
    /// By when, if that is promised, expected or booked.
    pub by: Option<NaiveDate>,
}

const fn supplier(what: What, by: Option<NaiveDate>) -> Wait {
    Wait { turn: Turn::Supplier, what, by }
}

const fn team(what: What, by: Option<NaiveDate>) -> Wait {
    Wait { turn: Turn::Team, what, by }
}

impl Wait {
    /// What was returned comes first, then what is with the team, then what the supplier owes by a date, then the rest.
    const fn rank(&self) -> u8 {
        match (self.turn, self.what, self.by) {
            (_, What::Feedback(_), _) => 0,
            (Turn::Team, ..) => 1,
            (Turn::Supplier, _, Some(_)) => 2,
            (Turn::Supplier, _, None) => 3,
            (Turn::Nobody, ..) => 4,
        }
    }
}

impl Product {
    /// Everything that is waited for; nothing while the product is on hold or withdrawn.
    #[must_use]
    pub fn waits(&self) -> Vec<Wait> {
        if self.state != ProductState::Active {
            return Vec::new();
        }
        let mut waits: Vec<Wait> = Section::ALL.iter().filter_map(|s| self.waits_for_section(*s)).collect();
        waits.extend(self.waits_for_test());
        waits.extend(self.waits_for_certificate());
        waits.extend(self.waits_for_agreement());
        if self.is_assured() && self.live_on.is_none() {
            waits.push(if self.live.is_given() { team(What::GoLive, None) } else { supplier(What::Production, None) });
        }
        waits.sort_by_key(|w| (w.rank(), w.by.unwrap_or(NaiveDate::MAX)));
        waits
    }

    /// Whose turn it is in the whole product, and by when if there is a date.
    #[must_use]
    pub fn turn(&self) -> (Turn, Option<NaiveDate>) {
        self.waits().first().map_or((Turn::Nobody, None), |w| (w.turn, w.by))
    }

    fn waits_for_section(&self, section: Section) -> Option<Wait> {
        let record = self.section(section);
        match record.state() {
            SectionState::Draft => Some(supplier(What::Answers(section), None)),
            SectionState::Returned => Some(supplier(What::Feedback(section), record.reply_by)),
            SectionState::Submitted => Some(team(What::Review(section), record.reply_by)),
            SectionState::Accepted => None,
        }
    }

    fn waits_for_test(&self) -> Option<Wait> {
        let test = self.demonstration();
        let date = test.date.as_ref();
        match test.state {
            DemonstrationState::NotBooked | DemonstrationState::NotPassed | DemonstrationState::NotHeld => {
                self.is_booking_open().then_some(supplier(What::Booking, None))
            }
            DemonstrationState::Asked => Some(team(What::DateWish, test.wish.as_ref().map(|w| w.reply_by))),
            DemonstrationState::Booked if !test.problems().is_empty() => {
                Some(supplier(What::CheckProblem, date.map(|d| d.checks_by)))
            }
            DemonstrationState::Booked if test.lacks > 0 => Some(supplier(What::TestFacts, date.map(|d| d.facts_by))),
            DemonstrationState::Booked => Some(team(What::Checks, date.map(|d| d.checks_by))),
            DemonstrationState::Confirmed => {
                Some(Wait { turn: Turn::Nobody, what: What::Test, by: date.map(|d| london_date(d.starts_at)) })
            }
            DemonstrationState::UnderWay => Some(team(What::RunSheet, date.map(|d| london_date(d.starts_at)))),
            DemonstrationState::Passed => None,
        }
    }

    fn waits_for_certificate(&self) -> Option<Wait> {
        let is_ready = self.is_stage_accepted(Stage::Technical);
        match self.certificate().map(|c| c.state) {
            Some(CertificateState::AtRisk) => is_ready.then_some(team(What::Doubt, None)),
            None if self.demonstration().state == DemonstrationState::Passed && is_ready => {
                let by = self.demonstration().outcome.as_ref().and_then(|o| o.certificate_by);
                // One that was withdrawn leaves no promise behind.
                let is_first = self.certificates.iter().all(|c| !matches!(c.state, CertificateState::Withdrawn));
                Some(team(What::Certificate, by.filter(|_| is_first)))
            }
            Some(_) | None => None,
        }
    }

    fn waits_for_agreement(&self) -> Option<Wait> {
        let agreement = self.agreement();
        match agreement.state {
            AgreementState::NotIssued if self.needs_signatory() => Some(supplier(What::Signatory, None)),
            AgreementState::NotIssued => agreement.issue_by.map(|by| team(What::AgreementIssue, Some(by))),
            AgreementState::Issued | AgreementState::Returned => {
                Some(supplier(What::Signature, agreement.issue.as_ref().map(|i| i.sign_by)))
            }
            AgreementState::Signed => Some(team(What::SignedCopy, agreement.signed.as_ref().map(|s| s.check_by))),
            AgreementState::Accepted => None,
        }
    }
}
