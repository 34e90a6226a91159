//! The legs of the way to assurance: the kinds of steps whose time is learned apart.

use crate::domain::catalogue::Section;
use crate::domain::section::Turn;
use crate::domain::waits::What;
use crate::words;

words! {
    /// A kind of step. Its time is learned from the same step of finished products.
    pub enum Leg {
        /// The supplier answers a section and sends it for the first time.
        Answers = "answers",
        /// The team reviews a section that was sent for the first time.
        FirstReview = "first-review",
        /// The supplier answers feedback.
        Feedback = "feedback",
        /// The team reviews a section that was sent again.
        LaterReview = "later-review",
        /// The supplier books the first test.
        Booking = "booking",
        /// The supplier books another test after one that was not passed or not held.
        Rebooking = "rebooking",
        /// The team answers a wish for a date.
        DateWish = "date-wish",
        /// From the earliest day that the notice allows to the day of the test.
        Test = "test",
        /// The team issues the certificate.
        Certificate = "certificate",
        /// The team decides whether the certificate holds.
        Doubt = "doubt",
        /// The supplier says who will sign the agreement.
        Signatory = "signatory",
        /// The team issues the agreement.
        AgreementIssue = "agreement-issue",
        /// The signatory signs.
        Signature = "signature",
        /// The team checks the signed copy.
        SignedCopy = "signed-copy",
    }
}

impl Leg {
    /// The leg that a wait belongs to, in a round of its section or an attempt at the test, from 1; `None` after assurance.
    #[must_use]
    pub const fn of(what: What, round: u32) -> Option<Self> {
        Some(match what {
            What::Answers(_) => Self::Answers,
            What::Review(_) if round > 1 => Self::LaterReview,
            What::Review(_) => Self::FirstReview,
            What::Feedback(_) => Self::Feedback,
            What::Booking if round > 1 => Self::Rebooking,
            What::Booking => Self::Booking,
            What::DateWish => Self::DateWish,
            What::TestFacts | What::CheckProblem | What::Checks | What::Test | What::RunSheet => Self::Test,
            What::Certificate => Self::Certificate,
            What::Doubt => Self::Doubt,
            What::Signatory => Self::Signatory,
            What::AgreementIssue => Self::AgreementIssue,
            What::Signature => Self::Signature,
            What::SignedCopy => Self::SignedCopy,
            What::Production | What::GoLive => return None,
        })
    }

    /// Whose turn it is on it; nobody's where people wait for a day.
    #[must_use]
    pub const fn turn(self) -> Turn {
        match self {
            Self::Answers | Self::Feedback | Self::Booking | Self::Rebooking | Self::Signatory | Self::Signature => Turn::Supplier,
            Self::FirstReview
            | Self::LaterReview
            | Self::DateWish
            | Self::Certificate
            | Self::Doubt
            | Self::AgreementIssue
            | Self::SignedCopy => Turn::Team,
            Self::Test => Turn::Nobody,
        }
    }

    /// Whether it is a review of a section.
    #[must_use]
    pub const fn is_review(self) -> bool {
        matches!(self, Self::FirstReview | Self::LaterReview)
    }
}

/// One value for each leg.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PerLeg<T>([T; 14]);

impl<T> PerLeg<T> {
    /// The values, made leg by leg.
    pub(super) fn new(mut make: impl FnMut(Leg) -> T) -> Self {
        Self(std::array::from_fn(|place| make(Leg::ALL.get(place).copied().unwrap_or(Leg::Answers))))
    }

    /// The value of a leg.
    pub(super) fn of(&self, leg: Leg) -> &T {
        let [first, ..] = &self.0;
        self.0.get(leg as usize).unwrap_or(first)
    }
}

/// One value for each section.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PerSection<T>([T; 6]);

impl<T> PerSection<T> {
    /// The values, made section by section.
    pub(super) fn new(mut make: impl FnMut(Section) -> T) -> Self {
        Self(std::array::from_fn(|place| make(Section::ALL.get(place).copied().unwrap_or(Section::DataSecurity))))
    }

    /// The value of a section.
    pub(super) fn of(&self, section: Section) -> &T {
        let [first, ..] = &self.0;
        self.0.get(section as usize).unwrap_or(first)
    }
}
