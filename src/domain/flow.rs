//! Where products are on a day, in five bands, from what each waited for first.

use super::waits::Topic;
use crate::words;

words! {
    /// Where a product is. In the order in which the bands lie upon each other, from the bottom.
    pub enum Band {
        /// Assured.
        Finished = "finished",
        /// At the certificate or the agreement.
        Agreement = "agreement",
        /// At its demonstration: from the booking to the result.
        Demonstration = "demonstration",
        /// Sections are being reviewed.
        Review = "review",
        /// The supplier writes answers.
        Supplier = "supplier",
    }
}

impl Band {
    /// The bands of products under way.
    pub const UNDER_WAY: &'static [Self] = &[Self::Supplier, Self::Review, Self::Demonstration, Self::Agreement];

    /// The band of a product under way that waits for something first, or for nothing in particular.
    #[must_use]
    pub const fn of(topic: Option<Topic>) -> Self {
        match topic {
            Some(Topic::Review) => Self::Review,
            Some(Topic::Feedback | Topic::Answers) | None => Self::Supplier,
            Some(
                Topic::Booking
                | Topic::DateWish
                | Topic::TestFacts
                | Topic::CheckProblem
                | Topic::Checks
                | Topic::Test
                | Topic::RunSheet,
            ) => Self::Demonstration,
            Some(
                Topic::Certificate
                | Topic::Doubt
                | Topic::Signatory
                | Topic::AgreementIssue
                | Topic::Signature
                | Topic::SignedCopy
                | Topic::Production
                | Topic::GoLive,
            ) => Self::Agreement,
        }
    }

    /// What products of the band wait for first.
    pub fn topics(self) -> impl Iterator<Item = Topic> {
        Topic::ALL.iter().copied().filter(move |t| Self::of(Some(*t)) == self)
    }

    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Finished => "Finished",
            Self::Agreement => "Certificate and agreement",
            Self::Demonstration => "Demonstration",
            Self::Review => "In review",
            Self::Supplier => "With the supplier",
        }
    }
}
