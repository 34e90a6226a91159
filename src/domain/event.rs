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
        /// It was withdrawn.
        ProductWithdrawn = "product-withdrawn",
        /// A question was answered.
        Answered = "answered",
        /// A section was sent.
        SectionSent = "section-sent",
        /// A section was taken back.
        SectionTakenBack = "section-taken-back",
        /// A review was taken or given.
        ReviewAssigned = "review-assigned",
        /// A reviewer decided on a question; only the assurance team sees it.
        Decided = "decided",
        /// A section went back with questions.
        SectionReturned = "section-returned",
        /// A section was accepted.
        SectionAccepted = "section-accepted",
        /// An accepted section was opened again.
        SectionReopened = "section-reopened",
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
        /// Somebody chose a new password.
        PasswordChanged = "password-changed",
    }
}

impl EventKind {
    /// Whether only the assurance team may read it.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Decided)
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
    /// A digest: of a submission, of a file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

/// The title of an event in the history.
///
/// `section` and `question` are the names shown, empty where there is none.
#[must_use]
pub fn title(kind: EventKind, section: &str, question: &str, detail: &Detail) -> String {
    let count = detail.count.unwrap_or_default();
    let questions = if count == 1 { "1 question".to_owned() } else { format!("{count} questions") };
    let subject = &detail.subject;
    match kind {
        EventKind::ProductAdded => "Product added".to_owned(),
        EventKind::ProductChanged => "Product details changed".to_owned(),
        EventKind::ProductHeld => "Product put on hold".to_owned(),
        EventKind::ProductResumed => "Product resumed".to_owned(),
        EventKind::ProductWithdrawn => "Product withdrawn".to_owned(),
        EventKind::Answered => format!("Answer saved: {question}"),
        EventKind::SectionSent if detail.round.unwrap_or(1) > 1 => format!("Section sent again: {section}"),
        EventKind::SectionSent => format!("Section sent: {section}"),
        EventKind::SectionTakenBack => format!("Section taken back: {section}"),
        EventKind::ReviewAssigned => format!("Review of {section} is with {subject}"),
        EventKind::Decided => format!("Decision saved: {question}"),
        EventKind::SectionReturned => {
            format!("{section}: {questions} {} more information", if count == 1 { "needs" } else { "need" })
        }
        EventKind::SectionAccepted => format!("Section accepted: {section}"),
        EventKind::SectionReopened => format!("Section opened again: {section}"),
        EventKind::FileOpened => format!("File opened: {subject}"),
        EventKind::OrganisationAdded => format!("Organisation added: {subject}"),
        EventKind::OrganisationChanged => "Organisation details changed".to_owned(),
        EventKind::PersonInvited => format!("{subject} invited"),
        EventKind::PersonJoined => format!("{subject} joined"),
        EventKind::RoleChanged => format!("{subject} has a new role"),
        EventKind::PersonRemoved => format!("{subject} removed"),
        EventKind::InvitationCancelled => format!("Invitation of {subject} cancelled"),
        EventKind::PasswordChanged => "Password changed".to_owned(),
    }
}
