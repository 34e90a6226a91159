//! What the events of a history are about, so that it can be read a topic at a time.

use super::event::EventKind;
use crate::words;

words! {
    /// What an event is about.
    pub enum EventTopic {
        /// The product itself: added, changed, held, resumed, withdrawn, assured; its files.
        Product = "product",
        /// Answers of the supplier.
        Answers = "answers",
        /// Sections that were sent, reviewed, returned and accepted.
        Review = "review",
        /// Dates, checks and conformance tests.
        Demonstration = "demonstration",
        /// Certificates, and changes that they speak of.
        Certificate = "certificate",
        /// The Connection Agreement.
        Agreement = "agreement",
        /// Production and going live.
        Live = "live",
        /// Messages between supplier and assurance team.
        Messages = "messages",
        /// Organisations and people.
        People = "people",
    }
}

impl EventTopic {
    /// The words of a choice.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Product => "The product",
            Self::Answers => "Answers",
            Self::Review => "Reviews",
            Self::Demonstration => "Demonstration",
            Self::Certificate => "Certificate",
            Self::Agreement => "Agreement",
            Self::Live => "Going live",
            Self::Messages => "Messages",
            Self::People => "People and organisations",
        }
    }
}

impl EventKind {
    /// What it is about.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table with a row for each kind")]
    pub const fn topic(self) -> EventTopic {
        match self {
            Self::ProductAdded
            | Self::ProductChanged
            | Self::ProductHeld
            | Self::ProductResumed
            | Self::SupplierReminded
            | Self::ProductWithdrawn
            | Self::Assured
            | Self::FileOpened
            | Self::DatesMoved
            | Self::CalendarMoved => EventTopic::Product,
            Self::Answered | Self::AnswerCopied | Self::QuestionAssigned | Self::QuestionFreed | Self::QuestionDone => {
                EventTopic::Answers
            }
            Self::SectionSent
            | Self::SectionTakenBack
            | Self::ReviewAssigned
            | Self::Decided
            | Self::ReplySent
            | Self::ReplyUndone
            | Self::ReplyStopped
            | Self::StandardReplyAdded
            | Self::StandardReplyChanged
            | Self::StandardReplyRetired
            | Self::SectionReturned
            | Self::SectionAccepted
            | Self::SectionReopened => EventTopic::Review,
            Self::DateAsked
            | Self::DateAgreed
            | Self::DateDeclined
            | Self::WishTakenBack
            | Self::JoiningGiven
            | Self::SheetFileAdded
            | Self::SheetFileRemoved
            | Self::DemonstrationBooked
            | Self::DemonstrationMoved
            | Self::DemonstrationCancelled
            | Self::TestDescribed
            | Self::ChecksRecorded
            | Self::DemonstrationConfirmed
            | Self::TestStarted
            | Self::LinesMarked
            | Self::TestPassed
            | Self::TestNotPassed
            | Self::TestNotHeld
            | Self::ObservationSettled
            | Self::TestRepeated => EventTopic::Demonstration,
            Self::CertificatePrepared
            | Self::CertificateIssued
            | Self::CertificateVoided
            | Self::CertificateDoubted
            | Self::CertificateKept
            | Self::CertificateWithdrawn
            | Self::CertificateReplaced
            | Self::SignInAltered => EventTopic::Certificate,
            Self::SignatoryNamed
            | Self::AgreementDue
            | Self::AgreementIssued
            | Self::AgreementReissued
            | Self::SigningRefused
            | Self::AgreementSigned
            | Self::AgreementReturned
            | Self::AgreementAccepted
            | Self::AgreementRenewed => EventTopic::Agreement,
            Self::ProductionGiven | Self::WentLive => EventTopic::Live,
            Self::SupplierWrote | Self::TeamWrote | Self::ThreadSettled => EventTopic::Messages,
            Self::OrganisationAdded
            | Self::OrganisationChanged
            | Self::PersonInvited
            | Self::PersonJoined
            | Self::RoleChanged
            | Self::PersonRemoved
            | Self::InvitationCancelled
            | Self::InterestDeclared
            | Self::InterestEnded
            | Self::ReviewerChanged
            | Self::PasswordChanged => EventTopic::People,
        }
    }
}
