//! Who is told what: notices are data, written in the transaction of the change and rendered when sent.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::Section;
use super::demonstration::checks::Check;
use super::words::{InvitationId, PersonId, SigningId};

/// Whom a notice goes to. Commit makes one outbox row for each recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the product's organisation.
    Team,
    /// Reviewers and managers of the assurance team.
    Staff,
    /// One person.
    Person(PersonId),
    /// Somebody who has no account yet.
    Address {
        /// Full name.
        name: String,
        /// E-mail address.
        email: String,
    },
}

/// What is told. Holds no answer, comment or link: those are looked up or made when the mail is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Notice {
    /// E01: somebody was invited.
    Invitation {
        /// Which invitation.
        invitation: InvitationId,
        /// Who invited.
        inviter: String,
        /// To what: the organisation, or the assurance team.
        to: String,
        /// What the role lets one do.
        can: String,
        /// Last day on which it can be used.
        until: NaiveDate,
    },
    /// E02: the account is ready.
    AccountReady,
    /// E03: somebody asked to reset a password.
    PasswordReset {
        /// Which request.
        reset: uuid::Uuid,
        /// Until when it can be used, in Europe/London, such as "3.20pm on 2 April 2026".
        until: String,
    },
    /// E04: a password was changed.
    PasswordChanged {
        /// When, in Europe/London, as it is shown.
        at: String,
    },
    /// E06: a product was added.
    ProductAdded {
        /// Who did it.
        by: String,
    },
    /// E08: a section was sent.
    SectionSent {
        /// Which.
        section: Section,
        /// Who sent it.
        by: String,
        /// The day of sending.
        on: NaiveDate,
        /// The promise.
        reply_by: Option<NaiveDate>,
        /// Sections that can be worked on meanwhile.
        open: Vec<Section>,
    },
    /// E10: a review was given to somebody.
    ReviewAssigned {
        /// Which.
        section: Section,
        /// Who gave it.
        by: String,
        /// Round.
        round: u32,
        /// The promise to the supplier.
        reply_by: Option<NaiveDate>,
        /// Working days until then.
        days: i64,
    },
    /// E13: a section came back with questions.
    ChangesNeeded {
        /// Which.
        section: Section,
        /// Questions accepted.
        accepted: usize,
        /// Questions in all.
        of: usize,
        /// Questions that need more.
        asked: usize,
    },
    /// E14: a section was accepted.
    SectionAccepted {
        /// Which.
        section: Section,
        /// Sections that are left.
        open: Vec<Section>,
    },
    /// An accepted section was opened again; the reason is on the page.
    SectionReopened {
        /// Which.
        section: Section,
        /// Who did it.
        by: String,
        /// Questions that need an answer.
        asked: usize,
    },
    /// The wish for a date arrived; to the supplier.
    DateAsked {
        /// By when the team answers.
        reply_by: NaiveDate,
    },
    /// A supplier wishes for a date; to the assurance team.
    DateWanted {
        /// Who asked.
        by: String,
        /// By when it is answered.
        reply_by: NaiveDate,
    },
    /// None of the dates asked for could be; the reason is on the page.
    NoDate,
    /// The wish for a date was taken back.
    WishTakenBack {
        /// Who did it.
        by: String,
    },
    /// E18: a demonstration is booked.
    DemonstrationBooked {
        /// When it begins.
        at: DateTime<Utc>,
        /// Who holds it; empty if that is not known.
        assessor: String,
        /// By when the facts are needed.
        facts_by: NaiveDate,
    },
    /// E19: facts of the test are missing.
    DetailsMissing {
        /// When it begins.
        at: DateTime<Utc>,
        /// How many are missing.
        missing: u32,
        /// By when they are needed.
        facts_by: NaiveDate,
    },
    /// E20: background checks found problems.
    CheckProblem {
        /// Which; the notes are on the page.
        checks: Vec<Check>,
        /// When the demonstration begins.
        at: DateTime<Utc>,
    },
    /// The checks allow the test.
    DemonstrationConfirmed {
        /// When it begins.
        at: DateTime<Utc>,
    },
    /// E21: the demonstration is in two working days.
    DemonstrationReminder {
        /// When it begins.
        at: DateTime<Utc>,
        /// Whether the background checks are done.
        is_confirmed: bool,
    },
    /// The background checks are due; to the assurance team.
    ChecksDue {
        /// By when they are done.
        checks_by: NaiveDate,
        /// When the demonstration begins.
        at: DateTime<Utc>,
    },
    /// E22: it was moved.
    DemonstrationMoved {
        /// When it would have begun.
        before: DateTime<Utc>,
        /// When it begins.
        at: DateTime<Utc>,
        /// Who moved it.
        by: String,
        /// By when the facts are needed.
        facts_by: NaiveDate,
    },
    /// E22: it was cancelled.
    DemonstrationCancelled {
        /// When it would have begun.
        at: DateTime<Utc>,
        /// Who cancelled it.
        by: String,
    },
    /// E23: the test was passed.
    TestPassed {
        /// Day of the test.
        on: NaiveDate,
        /// How many observations there are.
        observations: usize,
        /// By when the certificate is issued.
        certificate_by: NaiveDate,
    },
    /// E24: the test was not passed.
    TestNotPassed {
        /// Day of the test.
        on: NaiveDate,
        /// How many lines were not seen.
        lines: usize,
    },
    /// The test did not take place; who and why is on the page.
    TestNotHeld {
        /// Day.
        on: NaiveDate,
    },
    /// Another test is needed; the reason is on the page.
    TestRepeated,
    /// The certificate is due; to the assurance team.
    CertificateDue {
        /// By when it is issued.
        certificate_by: NaiveDate,
    },
    /// E25: the certificate was issued.
    CertificateIssued {
        /// Its number.
        number: String,
        /// Day of issue.
        on: NaiveDate,
    },
    /// The certificate was withdrawn; the reason is on the page.
    CertificateWithdrawn {
        /// Its number.
        number: String,
    },
    /// The certificate holds after a change.
    CertificateKept {
        /// Its number.
        number: String,
    },
    /// E15: the agreement was issued.
    AgreementIssued {
        /// Who signs.
        signatory: String,
        /// By when the signed copy is expected.
        sign_by: NaiveDate,
    },
    /// The agreement was issued again; nobody needs to sign.
    AgreementReissued,
    /// E26: the signatory is asked to sign.
    SignatureAsked {
        /// Which link.
        signing: SigningId,
        /// Who issued the agreement or named the signatory.
        by: String,
        /// For which organisation.
        organisation: String,
        /// Until when the link works.
        until: NaiveDate,
    },
    /// The code that opens a signatory's page.
    SigningCode {
        /// Which link.
        signing: SigningId,
        /// When the code was made; it is worked out from this and never stored.
        at: DateTime<Utc>,
        /// Until when it works, as it is shown.
        until: String,
    },
    /// A signed copy arrived; to the supplier.
    AgreementSigned {
        /// Who sent it.
        by: String,
        /// By when it is checked.
        check_by: NaiveDate,
    },
    /// A signed copy waits for the check; to the assurance team.
    AgreementToCheck {
        /// By when it is checked.
        check_by: NaiveDate,
    },
    /// Reminder that the agreement is not signed.
    SigningReminder {
        /// Who signs.
        signatory: String,
        /// When it was issued.
        issued_on: NaiveDate,
    },
    /// Whoever was named says that somebody else has to sign; to the supplier.
    SigningRefused {
        /// Who was named.
        signatory: String,
    },
    /// E27: the signed agreement was accepted.
    AgreementAccepted,
    /// E27: the signed agreement came back; the reason is on the page.
    AgreementReturned,
    /// A new agreement is needed; the reason is on the page.
    AgreementRenewed,
    /// E28: the product is assured.
    Assured,
    /// The product went live.
    WentLive {
        /// On which day.
        on: NaiveDate,
    },
    /// The supplier recorded a change that the certificate speaks of.
    SignInAltered {
        /// Who recorded it.
        by: String,
        /// How many questions are open again.
        asked: usize,
    },
}

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
            Self::ChecksDue { .. } => "checks-due",
            Self::DemonstrationMoved { .. } => "demonstration-moved",
            Self::DemonstrationCancelled { .. } => "demonstration-cancelled",
            Self::TestPassed { .. } => "test-passed",
            Self::TestNotPassed { .. } => "test-not-passed",
            Self::TestNotHeld { .. } => "test-not-held",
            Self::TestRepeated => "test-repeated",
            Self::CertificateDue { .. } => "certificate-due",
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
        }
    }
}
