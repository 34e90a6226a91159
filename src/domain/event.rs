//! The kinds of facts that history is made of, and the sentence that each is read as.

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    /// What happened.
    pub enum EventKind {
        /// A product was added.
        ProductAdded = "product-added",
        /// Its details changed.
        ProductChanged = "product-changed",
        /// It was put on hold.
        ProductHeld = "product-held",
        /// It went on.
        ProductResumed = "product-resumed",
        /// The supplier was reminded of what it waits for.
        SupplierReminded = "supplier-reminded",
        /// It was withdrawn.
        ProductWithdrawn = "product-withdrawn",
        /// A question was answered.
        Answered = "answered",
        /// A question was given to a colleague.
        QuestionAssigned = "question-assigned",
        /// It is with nobody in particular any more.
        QuestionFreed = "question-freed",
        /// The colleague answered it.
        QuestionDone = "question-done",
        /// An answer was copied from another product of the organisation.
        AnswerCopied = "answer-copied",
        /// A section was sent.
        SectionSent = "section-sent",
        /// A section was taken back.
        SectionTakenBack = "section-taken-back",
        /// A review was taken or given.
        ReviewAssigned = "review-assigned",
        /// A reviewer decided on a question; only the assurance team sees it.
        Decided = "decided",
        /// A review was sent, to leave in a few minutes; only the assurance team sees it.
        ReplySent = "reply-sent",
        /// That was undone before it left; only the assurance team sees it.
        ReplyUndone = "reply-undone",
        /// A review that was sent could not leave; only the assurance team sees it.
        ReplyStopped = "reply-stopped",
        /// A section went back with questions.
        SectionReturned = "section-returned",
        /// A section was accepted.
        SectionAccepted = "section-accepted",
        /// An accepted section was opened again.
        SectionReopened = "section-reopened",
        /// The supplier asked for a date.
        DateAsked = "date-asked",
        /// A date that was asked for was fixed.
        DateAgreed = "date-agreed",
        /// None of the dates that were asked for could be.
        DateDeclined = "date-declined",
        /// The wish for a date was taken back.
        WishTakenBack = "wish-taken-back",
        /// A published date was taken.
        DemonstrationBooked = "demonstration-booked",
        /// Another date was taken.
        DemonstrationMoved = "demonstration-moved",
        /// The date was given back.
        DemonstrationCancelled = "demonstration-cancelled",
        /// The facts of the test were given.
        TestDescribed = "test-described",
        /// Background checks were recorded.
        ChecksRecorded = "checks-recorded",
        /// The checks allow the test.
        DemonstrationConfirmed = "demonstration-confirmed",
        /// How people join was said, or taken back.
        JoiningGiven = "joining-given",
        /// The test began.
        TestStarted = "test-started",
        /// Lines of the run sheet were marked; only the assurance team sees it.
        LinesMarked = "lines-marked",
        /// A file was put beside a line of the run sheet; only the assurance team sees it.
        SheetFileAdded = "sheet-file-added",
        /// A file was taken away from a line of the run sheet; only the assurance team sees it.
        SheetFileRemoved = "sheet-file-removed",
        /// The test was passed.
        TestPassed = "test-passed",
        /// The test was not passed.
        TestNotPassed = "test-not-passed",
        /// The test did not take place.
        TestNotHeld = "test-not-held",
        /// An observation was dealt with.
        ObservationSettled = "observation-settled",
        /// Another test is needed.
        TestRepeated = "test-repeated",
        /// Promised dates moved after a hold.
        DatesMoved = "dates-moved",
        /// Promised dates moved with the calendar.
        CalendarMoved = "calendar-moved",
        /// A certificate was prepared; only the assurance team sees it.
        CertificatePrepared = "certificate-prepared",
        /// A certificate was issued.
        CertificateIssued = "certificate-issued",
        /// One that was prepared was given up; only the assurance team sees it.
        CertificateVoided = "certificate-voided",
        /// The certificate is in doubt.
        CertificateDoubted = "certificate-doubted",
        /// The certificate holds.
        CertificateKept = "certificate-kept",
        /// The certificate was withdrawn.
        CertificateWithdrawn = "certificate-withdrawn",
        /// Another certificate took its place.
        CertificateReplaced = "certificate-replaced",
        /// A signatory was named.
        SignatoryNamed = "signatory-named",
        /// The agreement can be issued.
        AgreementDue = "agreement-due",
        /// The agreement was issued.
        AgreementIssued = "agreement-issued",
        /// The agreement was issued again without a new signature.
        AgreementReissued = "agreement-reissued",
        /// Whoever was named says that somebody else has to sign.
        SigningRefused = "signing-refused",
        /// A signed copy was sent.
        AgreementSigned = "agreement-signed",
        /// The signed copy came back.
        AgreementReturned = "agreement-returned",
        /// The agreement is in force.
        AgreementAccepted = "agreement-accepted",
        /// A new agreement is needed.
        AgreementRenewed = "agreement-renewed",
        /// The product is assured.
        Assured = "assured",
        /// The production configuration was given.
        ProductionGiven = "production-given",
        /// The product went live.
        WentLive = "went-live",
        /// Something that the certificate speaks of changed.
        SignInAltered = "sign-in-altered",
        /// The supplier wrote a message.
        SupplierWrote = "supplier-wrote",
        /// The assurance team wrote a message.
        TeamWrote = "team-wrote",
        /// Messages need no answer any more.
        ThreadSettled = "thread-settled",
        /// A file was opened that is marked sensitive.
        FileOpened = "file-opened",
        /// An organisation was added.
        OrganisationAdded = "organisation-added",
        /// An organisation's details changed.
        OrganisationChanged = "organisation-changed",
        /// Somebody was invited.
        PersonInvited = "person-invited",
        /// Somebody joined.
        PersonJoined = "person-joined",
        /// Somebody's role changed.
        RoleChanged = "role-changed",
        /// Somebody was removed.
        PersonRemoved = "person-removed",
        /// An invitation was cancelled.
        InvitationCancelled = "invitation-cancelled",
        /// An interest in a supplier was declared; only the assurance team sees it.
        InterestDeclared = "interest-declared",
        /// It ended; only the assurance team sees it.
        InterestEnded = "interest-ended",
        /// A standard reply was added; only the assurance team sees it.
        StandardReplyAdded = "standard-reply-added",
        /// A standard reply was changed; only the assurance team sees it.
        StandardReplyChanged = "standard-reply-changed",
        /// A standard reply was retired; only the assurance team sees it.
        StandardReplyRetired = "standard-reply-retired",
        /// What somebody reviews, or how much, changed; only the assurance team sees it.
        ReviewerChanged = "reviewer-changed",
        /// Somebody chose a new password.
        PasswordChanged = "password-changed",
    }
}

impl EventKind {
    /// Whether only the assurance team may read it.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(
            self,
            Self::Decided
                | Self::ReplySent
                | Self::ReplyUndone
                | Self::ReplyStopped
                | Self::LinesMarked
                | Self::SheetFileAdded
                | Self::SheetFileRemoved
                | Self::CertificatePrepared
                | Self::CertificateVoided
                | Self::InterestDeclared
                | Self::InterestEnded
                | Self::ReviewerChanged
                | Self::StandardReplyAdded
                | Self::StandardReplyChanged
                | Self::StandardReplyRetired
        )
    }
}

/// What an event carries beside its kind; never an answer, a comment or an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Detail {
    /// Round of the review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Number of questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// Promised date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<chrono::NaiveDate>,
    /// Reason that was given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The person or thing that it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// A moment: when a demonstration begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// A digest: of a submission, of a file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

/// The title of an event in the history.
///
/// `section` and `question` are the names shown, empty where there is none.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table of sentences, one for each kind")]
pub fn title(kind: EventKind, section: &str, question: &str, detail: &Detail) -> String {
    let count = detail.count.unwrap_or_default();
    let questions = if count == 1 { "1 question".to_owned() } else { format!("{count} questions") };
    let subject = &detail.subject;
    let when = detail.at.map(|at| format!(" for {}", crate::words::date_time(at))).unwrap_or_default();
    match kind {
        EventKind::ProductAdded => "Product added".to_owned(),
        EventKind::ProductChanged => "Product details changed".to_owned(),
        EventKind::ProductHeld => "Product put on hold".to_owned(),
        EventKind::ProductResumed => "Product resumed".to_owned(),
        EventKind::SupplierReminded => format!("Supplier reminded of {subject}"),
        EventKind::ProductWithdrawn => "Product withdrawn".to_owned(),
        EventKind::Answered => format!("Answer saved: {question}"),
        EventKind::QuestionAssigned => format!("{subject} is asked to answer: {question}"),
        EventKind::QuestionFreed => format!("{subject} is not asked any more to answer: {question}"),
        EventKind::QuestionDone => format!("{subject} answered what they were asked to: {question}"),
        EventKind::AnswerCopied => format!("Answer copied from {subject}: {question}"),
        EventKind::SectionSent if detail.round.unwrap_or(1) > 1 => format!("Section sent again: {section}"),
        EventKind::SectionSent => format!("Section sent: {section}"),
        EventKind::SectionTakenBack => format!("Section taken back: {section}"),
        EventKind::ReviewAssigned => format!("Review of {section} is with {subject}"),
        EventKind::Decided => format!("Decision saved: {question}"),
        EventKind::ReplySent => format!(
            "Review sent: {section}. It leaves{}",
            detail.at.map(|at| format!(" at {}", crate::words::time(at))).unwrap_or_default()
        ),
        EventKind::ReplyUndone => format!("Sending of the review undone: {section}"),
        EventKind::ReplyStopped => format!("Review could not leave: {section}"),
        EventKind::SectionReturned => {
            format!("{section}: {questions} {} more information", if count == 1 { "needs" } else { "need" })
        }
        EventKind::SectionAccepted => format!("Section accepted: {section}"),
        EventKind::SectionReopened => format!("Section opened again: {section}"),
        EventKind::DateAsked => "A date for the demonstration asked for".to_owned(),
        EventKind::DateAgreed => format!("Demonstration agreed{when}"),
        EventKind::DateDeclined => "None of the dates asked for could be".to_owned(),
        EventKind::WishTakenBack => "Request for a date taken back".to_owned(),
        EventKind::DemonstrationBooked => format!("Demonstration booked{when}"),
        EventKind::DemonstrationMoved => format!("Demonstration moved{when}"),
        EventKind::DemonstrationCancelled => "Demonstration cancelled".to_owned(),
        EventKind::TestDescribed => "Details for the demonstration saved".to_owned(),
        EventKind::ChecksRecorded => "Background checks saved".to_owned(),
        EventKind::DemonstrationConfirmed => format!("Demonstration confirmed{when}"),
        EventKind::TestStarted => "Conformance test started".to_owned(),
        EventKind::JoiningGiven => "Joining link of the demonstration saved".to_owned(),
        EventKind::LinesMarked => "Run sheet saved".to_owned(),
        EventKind::SheetFileAdded => format!("File added to the run sheet: {subject}"),
        EventKind::SheetFileRemoved => format!("File removed from the run sheet: {subject}"),
        EventKind::TestPassed if detail.count.unwrap_or_default() > 0 => "Conformance test passed with observations".to_owned(),
        EventKind::TestPassed => "Conformance test passed".to_owned(),
        EventKind::TestNotPassed => "Conformance test not passed".to_owned(),
        EventKind::TestNotHeld => "Demonstration did not take place".to_owned(),
        EventKind::ObservationSettled => "Observation dealt with".to_owned(),
        EventKind::TestRepeated => "Another conformance test needed".to_owned(),
        EventKind::DatesMoved => "Dates moved after the hold".to_owned(),
        EventKind::CalendarMoved if count == 1 => "1 date moved with the calendar".to_owned(),
        EventKind::CalendarMoved => format!("{count} dates moved with the calendar"),
        EventKind::CertificatePrepared => format!("Certificate {subject} prepared"),
        EventKind::CertificateIssued => format!("Certificate {subject} issued"),
        EventKind::CertificateVoided => format!("Certificate {subject} given up before it was issued"),
        EventKind::CertificateDoubted => format!("Certificate {subject} in doubt after a change"),
        EventKind::CertificateKept => format!("Certificate {subject} holds"),
        EventKind::CertificateWithdrawn => format!("Certificate {subject} withdrawn"),
        EventKind::CertificateReplaced => format!("Certificate {subject} replaced"),
        EventKind::SignatoryNamed => "Signatory named".to_owned(),
        EventKind::AgreementDue => "Connection Agreement can be issued".to_owned(),
        EventKind::AgreementIssued => "Connection Agreement issued".to_owned(),
        EventKind::AgreementReissued => "Connection Agreement issued again, no signature needed".to_owned(),
        EventKind::SigningRefused => "The named signatory says that somebody else has to sign".to_owned(),
        EventKind::AgreementSigned => "Signed Connection Agreement sent".to_owned(),
        EventKind::AgreementReturned => "Signed Connection Agreement came back".to_owned(),
        EventKind::AgreementAccepted => "Connection Agreement accepted".to_owned(),
        EventKind::AgreementRenewed => "A new Connection Agreement is needed".to_owned(),
        EventKind::Assured => "Product assured".to_owned(),
        EventKind::ProductionGiven => "Production configuration saved".to_owned(),
        EventKind::WentLive => "Product went live".to_owned(),
        EventKind::SignInAltered => "A change of sign-in recorded".to_owned(),
        EventKind::SupplierWrote => format!("Message from the supplier: {subject}"),
        EventKind::TeamWrote => format!("Message from the assurance team: {subject}"),
        EventKind::ThreadSettled => format!("Message marked as answered: {subject}"),
        EventKind::FileOpened => format!("File opened: {subject}"),
        EventKind::OrganisationAdded => format!("Organisation added: {subject}"),
        EventKind::OrganisationChanged => "Organisation details changed".to_owned(),
        EventKind::PersonInvited => format!("{subject} invited"),
        EventKind::PersonJoined => format!("{subject} joined"),
        EventKind::RoleChanged => format!("{subject} has a new role"),
        EventKind::PersonRemoved => format!("{subject} removed"),
        EventKind::InvitationCancelled => format!("Invitation of {subject} cancelled"),
        EventKind::InterestDeclared => format!("Interest of {subject} declared"),
        EventKind::InterestEnded => format!("Interest of {subject} ended"),
        EventKind::ReviewerChanged => format!("What {subject} reviews changed"),
        EventKind::StandardReplyAdded => format!("Standard reply added, {subject}"),
        EventKind::StandardReplyChanged => format!("Standard reply changed, {subject}"),
        EventKind::StandardReplyRetired => format!("Standard reply retired, {subject}"),
        EventKind::PasswordChanged => "Password changed".to_owned(),
    }
}
