//! What messages are about, and how somebody wants to hear of each matter: at once, once a day, or in the inbox only.

use super::notice::{News, Notice};
use crate::words;

words! {
    /// How a message reaches somebody. The inbox has every one, whatever was chosen.
    pub enum How {
        /// By e-mail, straight away.
        Now = "now",
        /// In one e-mail a day.
        Daily = "daily",
        /// In the inbox only.
        Never = "never",
    }
}

impl How {
    /// The words of the choice.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Now => "Straight away",
            Self::Daily => "Daily summary",
            Self::Never => "No e-mail",
        }
    }
}

words! {
    /// Matters of messages, in the order in which they are chosen.
    pub enum Matter {
        /// Something waits for the supplier.
        YourTurn = "your-turn",
        /// A question was given to a colleague, or answered by one.
        Questions = "questions",
        /// A section was sent or accepted, a product was added or is assured.
        Progress = "progress",
        /// A demonstration was booked, moved, cancelled, held.
        Demonstration = "demonstration",
        /// The certificate.
        Certificate = "certificate",
        /// The Connection Agreement.
        Agreement = "agreement",
        /// Messages that are about no answer.
        Messages = "messages",
        /// Something is due soon, or evidence runs out.
        Reminders = "reminders",
        /// A promise was not kept.
        Late = "late",
        /// A review, a date or a signed copy was given to somebody of the assurance team.
        Assigned = "assigned",
        /// Reviews wait.
        NewWork = "new-work",
        /// Invitations, passwords, links and codes.
        Account = "account",
    }
}

impl Matter {
    /// The matter of a notice.
    #[must_use]
    pub const fn of(notice: &Notice) -> Self {
        match notice {
            Notice::Invitation { .. }
            | Notice::AccountReady
            | Notice::PasswordReset { .. }
            | Notice::PasswordChanged { .. }
            | Notice::SignatureAsked { .. }
            | Notice::SigningCode { .. }
            | Notice::Summary { .. } => Self::Account,
            Notice::ChangesNeeded { .. }
            | Notice::SectionReopened { .. }
            | Notice::CheckProblem { .. }
            | Notice::AgreementReturned
            | Notice::SigningRefused { .. }
            | Notice::Unanswered { .. }
            | Notice::Reminded { .. } => Self::YourTurn,
            Notice::ProductAdded { .. }
            | Notice::SectionSent { .. }
            | Notice::SectionAccepted { .. }
            | Notice::Assured
            | Notice::WentLive { .. } => Self::Progress,
            Notice::DateAsked { .. }
            | Notice::NoDate
            | Notice::WishTakenBack { .. }
            | Notice::DemonstrationBooked { .. }
            | Notice::DemonstrationConfirmed { .. }
            | Notice::DemonstrationMoved { .. }
            | Notice::DemonstrationCancelled { .. }
            | Notice::TestPassed { .. }
            | Notice::TestNotPassed { .. }
            | Notice::TestNotHeld { .. }
            | Notice::TestRepeated => Self::Demonstration,
            Notice::CertificateIssued { .. } | Notice::CertificateWithdrawn { .. } | Notice::CertificateKept { .. } => {
                Self::Certificate
            }
            Notice::AgreementIssued { .. }
            | Notice::AgreementReissued
            | Notice::AgreementSigned { .. }
            | Notice::AgreementAccepted
            | Notice::AgreementRenewed => Self::Agreement,
            Notice::Question(_) => Self::Questions,
            Notice::Message { news, .. } => match news {
                News::Asked => Self::YourTurn,
                News::Received { .. } | News::Answered => Self::Messages,
                News::Due { .. } => Self::Reminders,
                News::Overdue { .. } | News::Late { .. } => Self::Late,
            },
            Notice::DetailsMissing { .. }
            | Notice::DatesMoved { .. }
            | Notice::DemonstrationReminder { .. }
            | Notice::SigningReminder { .. }
            | Notice::DueTomorrow { .. }
            | Notice::EvidenceEnds { .. } => Self::Reminders,
            Notice::Overdue { .. } | Notice::WeAreLate { .. } => Self::Late,
            Notice::ReviewAssigned { .. }
            | Notice::DateWanted { .. }
            | Notice::AgreementToCheck { .. }
            | Notice::SignInAltered { .. } => Self::Assigned,
            Notice::NewWork { .. } => Self::NewWork,
        }
    }

    /// What it is called where it is chosen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::YourTurn => "It’s your turn",
            Self::Questions => "Questions given to you",
            Self::Progress => "Progress of a product",
            Self::Demonstration => "Demonstrations",
            Self::Certificate => "Certificates",
            Self::Agreement => "Connection Agreements",
            Self::Messages => "Messages",
            Self::Reminders => "Reminders",
            Self::Late => "A date was not kept",
            Self::Assigned => "Work given to you",
            Self::NewWork => "Reviews that wait",
            Self::Account => "Your account",
        }
    }

    /// What belongs to it, in a sentence.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::YourTurn => "Feedback, a problem found, an agreement that came back, a question of ours",
            Self::Questions => "A colleague asks you to answer a question",
            Self::Progress => "A section was sent or accepted, a product is assured",
            Self::Demonstration => "Booked, moved, cancelled, and the result",
            Self::Certificate => "Issued, withdrawn, kept after a change",
            Self::Agreement => "Issued, signed, accepted",
            Self::Messages => "Questions that are not about an answer, and replies to them",
            Self::Reminders => "Something is due soon, a date has moved, or evidence runs out",
            Self::Late => "We have not replied in time, with the new date",
            Self::Assigned => "A review, a date that is asked for, a signed agreement",
            Self::NewWork => "How many reviews and messages wait, once every working day",
            Self::Account => "Passwords, invitations and links; always sent straight away",
        }
    }

    /// What may be chosen. What somebody has to know cannot be switched off.
    #[must_use]
    pub const fn choices(self) -> &'static [How] {
        match self {
            Self::Account => &[How::Now],
            Self::YourTurn | Self::Late => &[How::Now, How::Daily],
            Self::Questions
            | Self::Progress
            | Self::Demonstration
            | Self::Certificate
            | Self::Agreement
            | Self::Messages
            | Self::Reminders
            | Self::Assigned
            | Self::NewWork => How::ALL,
        }
    }

    /// Whether it concerns somebody: suppliers, the assurance team, or both.
    #[must_use]
    pub const fn concerns(self, is_staff: bool) -> bool {
        match self {
            Self::Assigned | Self::NewWork => is_staff,
            Self::YourTurn | Self::Questions | Self::Progress | Self::Certificate | Self::Agreement => !is_staff,
            Self::Demonstration | Self::Messages | Self::Reminders | Self::Late | Self::Account => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_chosen_comes_straight_away() {
        for matter in Matter::ALL {
            assert_eq!(matter.choices().first(), Some(&How::Now), "{matter}");
            assert!(matter.concerns(true) || matter.concerns(false));
        }
    }
}
