//! What can be asked of a product, and the facts that a permitted command makes true.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::agreement::command::AgreementCommand;
use super::agreement::{Agreement, Party};
use super::answer::{Evidence, Value};
use super::assignee::{Assignee, AssigneeCommand};
use super::catalogue::Section;
use super::certificate::{Certificate, CertificateCommand};
use super::demonstration::Demonstration;
use super::demonstration::command::DemonstrationCommand;
use super::event::{Detail, EventKind};
use super::facts::Facts;
use super::live::facts::LiveFacts;
use super::live::{Altered, LiveCommand};
use super::passage::Awaited;
use super::recount::Recount;
use super::reply::{Outcome, Reply};
use super::reuse::Origin;
use super::section::{ProductAct, SectionAct, Verdict};
use super::thread::{Message, Thread, ThreadCommand};
use super::words::PersonId;

/// One question of a saved page.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which question.
    pub question: String,
    /// The edition of the answer that the form was opened with; 0 when there was none.
    pub edition: u32,
    /// The new value; `None` clears it.
    pub value: Option<Value>,
    /// What the supplier tells the reviewer beside it.
    pub remark: String,
}

/// What the sender confirms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// "These answers are complete and accurate."
    pub is_complete: bool,
    /// "Our product works end to end in the INT environment"; technical sections only.
    pub works_in_int: bool,
    /// Address of the test environment; technical sections only.
    pub test_address: String,
}

/// One decision of a saved review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Which question.
    pub question: String,
    /// The decision; `None` takes back one made in this round.
    pub verdict: Option<Verdict>,
    /// What is needed, or the reason or condition of an acceptance.
    pub comment: String,
}

/// Somebody who may be given a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
}

/// What is asked of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum SectionCommand {
    /// Save answers.
    Answer(Vec<Entry>),
    /// Save answers that another product of the organisation gave.
    Copy(Origin, Vec<Entry>),
    /// Send for review.
    Send(Statement),
    /// Take back before the review started.
    TakeBack,
    /// Take the review.
    Take,
    /// Take the review over.
    TakeOver,
    /// Give the review to somebody.
    Assign(Reviewer),
    /// Decide on questions.
    Decide(Vec<Ruling>),
    /// Send the review with this outcome and an optional message; it leaves in a few minutes.
    Reply(Outcome, String),
    /// Undo the sending.
    Undo,
    /// Send back with questions, and an optional message.
    Return(String),
    /// Accept, with an optional message.
    Accept(String),
    /// Open an accepted section again: the questions concerned and the reason.
    Reopen(Vec<String>, String),
}

impl SectionCommand {
    /// The act in the table.
    #[must_use]
    pub const fn act(&self) -> SectionAct {
        match self {
            Self::Answer(_) | Self::Copy(..) => SectionAct::Answer,
            Self::Send(_) => SectionAct::Send,
            Self::TakeBack => SectionAct::TakeBack,
            Self::Take => SectionAct::Take,
            Self::TakeOver => SectionAct::TakeOver,
            Self::Assign(_) => SectionAct::Assign,
            Self::Decide(_) => SectionAct::Decide,
            Self::Reply(..) => SectionAct::Reply,
            Self::Undo => SectionAct::Undo,
            Self::Return(_) => SectionAct::Return,
            Self::Accept(_) => SectionAct::Accept,
            Self::Reopen(..) => SectionAct::Reopen,
        }
    }
}

/// What is asked of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Change its facts, from the edition that the form was opened with.
    Change(Box<Facts>, String),
    /// Put it on hold, with the reason.
    Hold(String),
    /// Go on, with the reason.
    Resume(String),
    /// Remind the supplier of what it waits for.
    Remind,
    /// Withdraw it, with the reason.
    Withdraw(String),
    /// Something about one section.
    Section(Section, SectionCommand),
    /// Something about the conformance test.
    Demonstration(DemonstrationCommand),
    /// Something about the certificate.
    Certificate(CertificateCommand),
    /// Something about the Connection Agreement.
    Agreement(AgreementCommand),
    /// Going live, and changes afterwards.
    Live(LiveCommand),
    /// Something about messages.
    Thread(ThreadCommand),
    /// Something about who answers a question.
    Assignee(AssigneeCommand),
}

impl Command {
    /// The act in the product's table, if it is about the product itself.
    #[must_use]
    pub const fn product_act(&self) -> Option<ProductAct> {
        match self {
            Self::Change(..) => Some(ProductAct::Change),
            Self::Hold(_) => Some(ProductAct::Hold),
            Self::Resume(_) => Some(ProductAct::Resume),
            Self::Remind => Some(ProductAct::Remind),
            Self::Withdraw(_) => Some(ProductAct::Withdraw),
            Self::Section(..)
            | Self::Demonstration(_)
            | Self::Certificate(_)
            | Self::Agreement(_)
            | Self::Live(_)
            | Self::Thread(_)
            | Self::Assignee(_) => None,
        }
    }
}

/// A question as it stood when its section was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FrozenAnswer {
    /// Key of the question.
    pub question: String,
    /// Revision of the question.
    pub revision: u32,
    /// The question as it was asked.
    pub text: String,
    /// The options as they were shown, value and label.
    pub options: Vec<(String, String)>,
    /// The answer.
    pub value: Value,
    /// What the supplier told the reviewer.
    pub remark: String,
}

/// A section as it was sent: what the signed agreement makes contractual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Submission {
    /// Version of the question set.
    pub question_set: u32,
    /// The shown questions with their answers, in order.
    pub answers: Vec<FrozenAnswer>,
    /// What the sender confirmed.
    pub statement: Statement,
}

impl Submission {
    /// The answer to a question.
    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&FrozenAnswer> {
        self.answers.iter().find(|a| a.question == question)
    }

    /// The files of an answer.
    #[must_use]
    pub fn files(&self, question: &str) -> &[Evidence] {
        match self.answer(question).map(|a| &a.value) {
            Some(Value::Files { files, .. }) => files,
            _ => &[],
        }
    }
}

/// How a change is told in the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What happened.
    pub kind: EventKind,
    /// More.
    pub detail: Detail,
}

/// One fact that a decision makes true. Stored with who and when, it is an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A product was added; only the first change of a new product.
    ProductAdded,
    /// Its facts are these now.
    ProductChanged(Box<Facts>),
    /// It is on hold.
    ProductHeld(String),
    /// It goes on; the promises that moved.
    ProductResumed(String, Vec<(Section, Option<NaiveDate>)>),
    /// The supplier was reminded of this.
    SupplierReminded(Awaited),
    /// It is withdrawn.
    ProductWithdrawn(String),
    /// A question has this answer now; the edition is the new one.
    Answered(Section, Entry),
    /// The same, and the answer was copied from there.
    Copied(Section, Entry, Origin),
    /// A section was sent, as this, with a digest, and a promise.
    SectionSent {
        /// Which.
        section: Section,
        /// Round, from 1.
        round: u32,
        /// What was sent.
        submission: Box<Submission>,
        /// SHA-256 of the submission as JSON, in hexadecimal.
        digest: String,
        /// By when the team replies.
        reply_by: Option<NaiveDate>,
    },
    /// A section was taken back.
    SectionTakenBack(Section),
    /// A review is with this reviewer.
    ReviewAssigned(Section, Reviewer),
    /// A question has this decision in this round; `None` means that it was taken back.
    Decided {
        /// Which section.
        section: Section,
        /// Round.
        round: u32,
        /// The decision.
        ruling: Ruling,
        /// Digest of the answer decided on.
        fingerprint: String,
    },
    /// A reply was sent that leaves later.
    ReplySent(Section, Box<Reply>),
    /// Whoever sent a reply undid that before it left.
    ReplyUndone(Section),
    /// A reply could not leave any more, for this reason.
    ReplyStopped(Section, String),
    /// A section went back with these questions.
    SectionReturned {
        /// Which.
        section: Section,
        /// Questions asked.
        asked: Vec<String>,
        /// Message to the supplier; may be empty.
        message: String,
        /// When an answer is expected.
        reply_by: Option<NaiveDate>,
    },
    /// A section is accepted, with a message that may be empty.
    SectionAccepted(Section, String),
    /// An accepted section is open again.
    SectionReopened {
        /// Which.
        section: Section,
        /// Questions concerned.
        asked: Vec<String>,
        /// Why.
        reason: String,
        /// When an answer is expected.
        reply_by: Option<NaiveDate>,
    },
    /// The conformance test of this number is this now.
    Demonstrated(Box<Demonstration>, Told),
    /// The certificate of this number is this now.
    Certified(Box<Certificate>, Told),
    /// The agreement of this number is this now.
    Agreed(Box<Agreement>, Told),
    /// A thread is this now, with the message that was written, if one was.
    Talked(Box<Thread>, Option<Message>, Told),
    /// A question is with a colleague.
    Assigned(Box<Assignee>),
    /// A page of questions of a section is with nobody in particular any more.
    Freed(Section, String, Told),
    /// Promises have moved with the calendar.
    Recounted(Box<Recount>, Told),
    /// What the organisation says of itself has changed, and with it what the product waits for.
    PartyChanged(Box<Party>),
    /// The production configuration is this now.
    ProductionGiven(Box<LiveFacts>),
    /// The product went live on this day.
    WentLive(NaiveDate),
    /// The supplier changed something that the certificate speaks of.
    SignInAltered(Altered),
    /// Everything is accepted, certified and signed.
    BecameAssured,
}

/// The person who carries a change out and when, for the model of what follows.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}
