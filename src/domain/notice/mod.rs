//! Who is told what: notices are data, written in the transaction of the change and rendered when sent.

mod audience;
mod moved;
mod news;
mod question;
mod word;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::Section;
use super::demonstration::checks::Check;
use super::forecast::Likely;
use super::passage::Awaited;
use super::words::{InvitationId, SigningId, ThreadId};

pub use self::audience::{Audience, Promise};
pub use self::moved::MovedDate;
pub use self::news::News;
pub use self::question::QuestionNews;

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
    /// E11: something that the assurance team promised is due on the next working day.
    DueTomorrow {
        /// What.
        promise: Promise,
        /// The date.
        by: NaiveDate,
        /// How many questions are decided, of a review.
        decided: usize,
        /// Of how many; 0 where there are none.
        of: usize,
    },
    /// E12: a promise was not kept; to the assurance team.
    Overdue {
        /// What.
        promise: Promise,
        /// By when it was promised.
        by: NaiveDate,
        /// What the supplier was told instead.
        again: NaiveDate,
        /// Whether somebody has it.
        has_holder: bool,
    },
    /// E17: a promise was not kept; to the supplier.
    WeAreLate {
        /// What.
        promise: Promise,
        /// By when it was promised.
        by: NaiveDate,
        /// By when it is expected now.
        again: NaiveDate,
    },
    /// E16: feedback waits for an answer.
    Unanswered {
        /// On which section.
        section: Section,
        /// When it was given.
        asked_on: NaiveDate,
        /// How many questions are open.
        open: usize,
        /// When the product is likely to finish, if that has moved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        likely: Option<Likely>,
    },
    /// A manager reminds the supplier.
    Reminded {
        /// Who reminds.
        by: String,
        /// Of what.
        of: Awaited,
        /// Since when the product waits for the supplier.
        since: NaiveDate,
    },
    /// Evidence runs out.
    EvidenceEnds {
        /// In which section.
        section: Section,
        /// For which question.
        question: String,
        /// Its last day.
        on: NaiveDate,
    },
    /// E09: reviews wait; to reviewers, once a working day.
    NewWork {
        /// How many wait.
        waiting: u64,
        /// How many of them nobody has.
        unassigned: u64,
        /// The first promise among them.
        first_due: Option<NaiveDate>,
        /// How many messages of suppliers wait.
        #[serde(default)]
        messages: u64,
        /// By when the first of them is answered.
        #[serde(default)]
        first_message_due: Option<NaiveDate>,
    },
    /// News of a thread of messages.
    Message {
        /// Which thread.
        thread: ThreadId,
        /// What it is about.
        subject: String,
        /// What is new.
        news: News,
    },
    /// News of a question that was given to a colleague.
    Question(QuestionNews),
    /// Promised dates have moved with the calendar; one message for all dates of a product.
    DatesMoved {
        /// What changed in the calendar.
        why: String,
        /// Which dates.
        moved: Vec<MovedDate>,
    },
    /// E29: what changed, in one message.
    Summary {
        /// What it is the summary of, oldest first.
        letters: Vec<uuid::Uuid>,
        /// The first of them, as their subjects say it; the inbox has the rest.
        lines: Vec<String>,
    },
    /// The supplier recorded a change that the certificate speaks of.
    SignInAltered {
        /// Who recorded it.
        by: String,
        /// How many questions are open again.
        asked: usize,
    },
}
