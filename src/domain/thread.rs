//! Messages: what a supplier and the assurance team ask each other that is about no answer, as threads of a product.
//!
//! A thread is no part of what a product waits for: it starts and stops none of its clocks, and a hold does not stop the
//! promise of a thread. A message of the supplier waits for the assurance team until it is answered or needs no answer;
//! a question of the assurance team waits for the supplier without a promise.

use chrono::{DateTime, NaiveDate, Utc};

use super::actor::Actor;
use super::calendar::Due;
use super::command::{Change, Told};
use super::condition::{Asked, Condition, admit};
use super::decide::{Decision, Setting};
use super::event::{Detail, EventKind};
use super::machine::{Row, Who, row};
use super::notice::{Audience, News, Notice};
use super::product::Product;
use super::refusal::Refusal;
use super::section::{ProductState, Turn};
use super::words::{MessageId, ThreadId};
use crate::words;

use Condition::{Discussed, NoInterest, NotWithdrawn};
use ThreadAct::{Ask, Inquire, Reply, Settle};
use ThreadState::{Answered, New, WithSupplier, WithTeam};
use Who::{Editor, Manager, Reviewer};

/// Working days in which the assurance team answers a message.
pub const MESSAGE_DAYS: u32 = 2;
/// Most characters of a subject.
pub const SUBJECT_MAX: usize = 100;
/// Most characters of a message.
pub const TEXT_MAX: usize = 4_000;

words! {
    /// The states of a thread.
    pub enum ThreadState {
        /// Nothing was written yet; never stored.
        New = "new",
        /// The assurance team is waited for.
        WithTeam = "with-team",
        /// The supplier is waited for.
        WithSupplier = "with-supplier",
        /// Nobody is waited for.
        Answered = "answered",
    }
}

impl ThreadState {
    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            New => "Nothing has been written yet.",
            WithTeam => "This waits for the assurance team.",
            WithSupplier => "This waits for the supplier.",
            Answered => "This has been answered.",
        }
    }

    /// Whose turn it is.
    #[must_use]
    pub const fn turn(self) -> Turn {
        match self {
            WithTeam => Turn::Team,
            WithSupplier => Turn::Supplier,
            New | Answered => Turn::Nobody,
        }
    }
}

words! {
    /// What can be done with a thread.
    pub enum ThreadAct {
        /// The supplier writes.
        Ask = "ask",
        /// The assurance team writes and waits for an answer.
        Inquire = "inquire",
        /// The assurance team writes and waits for nothing.
        Reply = "reply",
        /// Somebody says that no answer is needed.
        Settle = "settle",
    }
}

/// The life of a thread.
#[rustfmt::skip]
pub const THREAD: &[Row<ThreadState, ThreadAct, Condition>] = &[
    //  from           act      who       when                        to
    row(New,          Ask,     Editor,   &[NotWithdrawn],             WithTeam),
    row(WithTeam,     Ask,     Editor,   &[NotWithdrawn],             WithTeam),
    row(WithSupplier, Ask,     Editor,   &[NotWithdrawn],             WithTeam),
    row(Answered,     Ask,     Editor,   &[NotWithdrawn],             WithTeam),
    row(New,          Inquire, Reviewer, &[NotWithdrawn, NoInterest], WithSupplier),
    row(WithTeam,     Inquire, Reviewer, &[NotWithdrawn, NoInterest], WithSupplier),
    row(WithSupplier, Inquire, Reviewer, &[NotWithdrawn, NoInterest], WithSupplier),
    row(Answered,     Inquire, Reviewer, &[NotWithdrawn, NoInterest], WithSupplier),
    row(New,          Inquire, Manager,  &[NotWithdrawn, NoInterest], WithSupplier),
    row(WithTeam,     Inquire, Manager,  &[NotWithdrawn, NoInterest], WithSupplier),
    row(WithSupplier, Inquire, Manager,  &[NotWithdrawn, NoInterest], WithSupplier),
    row(Answered,     Inquire, Manager,  &[NotWithdrawn, NoInterest], WithSupplier),
    row(WithTeam,     Reply,   Reviewer, &[NotWithdrawn, NoInterest], Answered),
    row(WithSupplier, Reply,   Reviewer, &[NotWithdrawn, NoInterest], WithSupplier),
    row(Answered,     Reply,   Reviewer, &[NotWithdrawn, NoInterest], Answered),
    row(WithTeam,     Reply,   Manager,  &[NotWithdrawn, NoInterest], Answered),
    row(WithSupplier, Reply,   Manager,  &[NotWithdrawn, NoInterest], WithSupplier),
    row(Answered,     Reply,   Manager,  &[NotWithdrawn, NoInterest], Answered),
    row(WithTeam,     Settle,  Editor,   &[NotWithdrawn],             Answered),
    row(WithTeam,     Settle,  Reviewer, &[NotWithdrawn, NoInterest, Discussed], Answered),
    row(WithSupplier, Settle,  Reviewer, &[NotWithdrawn, NoInterest], Answered),
    row(WithTeam,     Settle,  Manager,  &[NotWithdrawn, NoInterest, Discussed], Answered),
    row(WithSupplier, Settle,  Manager,  &[NotWithdrawn, NoInterest], Answered),
];

words! {
    /// Who wrote a message.
    pub enum Side {
        /// The supplier.
        Supplier = "supplier",
        /// The assurance team.
        Team = "team",
    }
}

/// A thread without its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Which.
    pub id: ThreadId,
    /// What it is about, in a few words.
    pub subject: String,
    /// State.
    pub state: ThreadState,
    /// Day on which what is waited for was asked.
    pub asked_on: NaiveDate,
    /// The promise: by when the assurance team answers; `None` while it is not waited for.
    pub reply_by: Option<NaiveDate>,
    /// The last message, and when it was written.
    pub last: (MessageId, DateTime<Utc>),
    /// How many messages it has.
    pub messages: u32,
}

/// A message that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Whose.
    pub side: Side,
    /// Its text; at most [`TEXT_MAX`] characters.
    pub text: String,
}

/// What is asked around threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadCommand {
    /// Start a thread with its first message, which has the thread's identifier.
    Start {
        /// Which; made when the form was opened, so that a form that is sent twice makes one thread.
        thread: ThreadId,
        /// What it is about.
        subject: String,
        /// The first message.
        text: String,
    },
    /// Write in a thread.
    Write {
        /// In which.
        thread: ThreadId,
        /// The last message that the writer has read.
        seen: MessageId,
        /// The new message; its identifier was made when the form was opened.
        message: (MessageId, String),
        /// Whether the assurance team waits for an answer; without meaning for a supplier.
        is_question: bool,
    },
    /// Say that no answer is needed.
    Settle {
        /// To which.
        thread: ThreadId,
        /// The last message that was read.
        seen: MessageId,
    },
}

/// Judges what is asked around the threads of a product.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
}

impl Judge<'_> {
    /// Whose side the actor is on.
    #[must_use]
    pub fn side(&self) -> Side {
        if self.actor.in_organisation(self.product.organisation).is_some() { Side::Supplier } else { Side::Team }
    }

    /// The act that writing is.
    const fn writing(side: Side, is_question: bool) -> ThreadAct {
        match (side, is_question) {
            (Side::Supplier, _) => Ask,
            (Side::Team, true) => Inquire,
            (Side::Team, false) => Reply,
        }
    }

    /// The state of a thread after an act; `None` is a thread that is not there yet.
    fn row(&self, thread: Option<&Thread>, act: ThreadAct) -> Result<ThreadState, Refusal> {
        let from = thread.map_or(New, |t| t.state);
        let asked = Asked { actor: self.actor, product: self.product, from, act };
        let is_there = self.product.state != ProductState::Withdrawn;
        let is_discussed = thread.is_some_and(|t| t.messages > 1);
        admit(THREAD, &asked, ThreadState::sentence, &|c| (c != NotWithdrawn || is_there) && (c != Discussed || is_discussed))
    }

    /// Whether a page may offer to write in a thread, or to start one.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer_writing(&self, thread: Option<&Thread>) -> Result<(), Refusal> {
        self.row(thread, Self::writing(self.side(), true)).map(|_| ())
    }

    /// Whether a page may offer to say that no answer is needed.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer_settling(&self, thread: &Thread) -> Result<(), Refusal> {
        self.row(Some(thread), Settle).map(|_| ())
    }

    fn thread(&self, id: ThreadId) -> Result<&Thread, Refusal> {
        self.product.threads.iter().find(|t| t.id == id).ok_or(Refusal::Unknown("these messages"))
    }

    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not; [`Refusal::Outdated`] when somebody wrote since the form was opened.
    pub fn decide(&self, command: &ThreadCommand) -> Result<Decision, Refusal> {
        match command {
            ThreadCommand::Start { thread, subject, text } => self.start(*thread, subject, text),
            ThreadCommand::Write { thread, seen, message, is_question } => {
                self.write(self.thread(*thread)?, *seen, message, *is_question)
            }
            ThreadCommand::Settle { thread, seen } => self.settle(self.thread(*thread)?, *seen),
        }
    }

    fn start(&self, id: ThreadId, subject: &str, text: &str) -> Result<Decision, Refusal> {
        let act = Self::writing(self.side(), true);
        let state = self.row(None, act)?;
        if self.product.threads.iter().any(|t| t.id == id) {
            return Ok(Decision::new(Vec::new()));
        }
        let first = MessageId(id.0);
        let before = Thread {
            id,
            subject: subject.to_owned(),
            state: New,
            asked_on: self.setting.today(),
            reply_by: None,
            last: (first, self.setting.now),
            messages: 0,
        };
        Ok(self.written(&before, (state, act), (first, text)))
    }

    fn write(
        &self,
        thread: &Thread,
        seen: MessageId,
        (message, text): &(MessageId, String),
        is_question: bool,
    ) -> Result<Decision, Refusal> {
        let act = Self::writing(self.side(), is_question);
        let state = self.row(Some(thread), act)?;
        if thread.last.0 == *message {
            return Ok(Decision::new(Vec::new()));
        }
        if thread.last.0 != seen {
            return Err(Refusal::Outdated(Vec::new()));
        }
        Ok(self.written(thread, (state, act), (*message, text)))
    }

    fn written(&self, before: &Thread, (state, act): (ThreadState, ThreadAct), (id, text): (MessageId, &str)) -> Decision {
        let goes_on = before.state == state;
        let promised = || self.setting.calendar.after(self.setting.today(), MESSAGE_DAYS, &[]).map(|due| due.on);
        let thread = Thread {
            state,
            asked_on: if goes_on { before.asked_on } else { self.setting.today() },
            reply_by: if goes_on { before.reply_by } else { (state == WithTeam).then(promised).flatten() },
            last: (id, self.setting.now),
            messages: before.messages + 1,
            ..before.clone()
        };
        let side = self.side();
        let kind = match side {
            Side::Supplier => EventKind::SupplierWrote,
            Side::Team => EventKind::TeamWrote,
        };
        let message = Message { id, side, text: text.to_owned() };
        let told = told(kind, &thread);
        let (subject, reply_by) = (thread.subject.clone(), thread.reply_by);
        let decision = Decision::new(vec![Change::Talked(Box::new(thread), Some(message), told)]);
        let thread = before.id;
        match act {
            // Who is waited for already has been told.
            Ask if goes_on => decision,
            Ask => {
                let news = News::Received { from: self.actor.name().to_owned(), reply_by };
                decision.telling(Audience::Staff, Notice::Message { thread, subject, news })
            }
            Inquire => decision.telling(Audience::Team, Notice::Message { thread, subject, news: News::Asked }),
            Reply | Settle => decision.telling(Audience::Team, Notice::Message { thread, subject, news: News::Answered }),
        }
    }

    fn settle(&self, thread: &Thread, seen: MessageId) -> Result<Decision, Refusal> {
        self.row(Some(thread), Settle)?;
        if thread.last.0 != seen {
            return Err(Refusal::Outdated(Vec::new()));
        }
        Ok(Decision::new(vec![settled(thread)]))
    }
}

/// What becomes of the threads of a product that is withdrawn: nobody waits any more.
pub(super) fn closed(product: &Product) -> Vec<Change> {
    product.threads.iter().filter(|t| t.state != Answered).map(settled).collect()
}

fn settled(thread: &Thread) -> Change {
    let thread = Thread { state: Answered, reply_by: None, ..thread.clone() };
    let told = told(EventKind::ThreadSettled, &thread);
    Change::Talked(Box::new(thread), None, told)
}

fn told(kind: EventKind, thread: &Thread) -> Told {
    Told { kind, detail: Detail { subject: thread.subject.clone(), reply_by: thread.reply_by, ..Detail::default() } }
}

impl Thread {
    /// The promise with its working, while it is what the days give.
    #[must_use]
    pub fn due(&self, calendar: &super::calendar::Calendar) -> Option<Due> {
        calendar.after(self.asked_on, MESSAGE_DAYS, &[]).filter(|due| Some(due.on) == self.reply_by)
    }
}
