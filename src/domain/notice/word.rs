//! The stored word of each kind of notice.

use super::Notice;

impl Notice {
    /// The stored word of the kind.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::AccountReady => "account-ready",
            Self::PasswordReset { .. } => "password-reset",
            Self::PasswordChanged { .. } => "password-changed",
            Self::ProductAdded { .. } => "product-added",
            Self::SectionSent { .. } => "section-sent",
            Self::ReviewAssigned { .. } => "review-assigned",
            Self::ChangesNeeded { .. } => "changes-needed",
            Self::SectionAccepted { .. } => "section-accepted",
            Self::SectionReopened { .. } => "section-reopened",
            Self::DateAsked { .. } => "date-asked",
            Self::DateWanted { .. } => "date-wanted",
            Self::NoDate => "no-date",
            Self::WishTakenBack { .. } => "wish-taken-back",
            Self::DemonstrationBooked { .. } => "demonstration-booked",
            Self::DetailsMissing { .. } => "details-missing",
            Self::CheckProblem { .. } => "check-problem",
            Self::DemonstrationConfirmed { .. } => "demonstration-confirmed",
            Self::DemonstrationReminder { .. } => "demonstration-reminder",
            Self::DemonstrationMoved { .. } => "demonstration-moved",
            Self::DemonstrationCancelled { .. } => "demonstration-cancelled",
            Self::TestPassed { .. } => "test-passed",
            Self::TestNotPassed { .. } => "test-not-passed",
            Self::TestNotHeld { .. } => "test-not-held",
            Self::TestRepeated => "test-repeated",
            Self::CertificateIssued { .. } => "certificate-issued",
            Self::CertificateWithdrawn { .. } => "certificate-withdrawn",
            Self::CertificateKept { .. } => "certificate-kept",
            Self::AgreementIssued { .. } => "agreement-issued",
            Self::AgreementReissued => "agreement-reissued",
            Self::SignatureAsked { .. } => "signature-asked",
            Self::SigningCode { .. } => "signing-code",
            Self::AgreementSigned { .. } => "agreement-signed",
            Self::AgreementToCheck { .. } => "agreement-to-check",
            Self::SigningReminder { .. } => "signing-reminder",
            Self::SigningRefused { .. } => "signing-refused",
            Self::AgreementAccepted => "agreement-accepted",
            Self::AgreementReturned => "agreement-returned",
            Self::AgreementRenewed => "agreement-renewed",
            Self::Assured => "assured",
            Self::WentLive { .. } => "went-live",
            Self::SignInAltered { .. } => "sign-in-altered",
            Self::DueTomorrow { .. } => "due-tomorrow",
            Self::Overdue { .. } => "overdue",
            Self::WeAreLate { .. } => "we-are-late",
            Self::Unanswered { .. } => "unanswered",
            Self::Reminded { .. } => "reminded",
            Self::EvidenceEnds { .. } => "evidence-ends",
            Self::NewWork { .. } => "new-work",
            Self::Message { news, .. } => news.word(),
            Self::DatesMoved { .. } => "dates-moved",
            Self::Summary { .. } => "summary",
        }
    }
}
