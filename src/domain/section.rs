//! The life of a section, from the first answer to acceptance, and the life of a product around it.

use super::condition::Condition;
use super::machine::{Row, Who, row};
use crate::words;
use Condition::{NotReminded, WaitsForSupplier};
use Guard::{
    Acceptable, AsDecided, Complete, Declared, EnvironmentReady, EveryDecided, HeldByOther, HeldByYou, InProgress, InTime,
    NoInterest, NoneAsked, NotOnItsWay, OnItsWay, Replied, ReviewNotStarted, SomeAsked, Unassigned,
};
use ProductAct::{Change, Hold, Remind, Resume, Withdraw};
use ProductState::{Active, OnHold, Withdrawn};
use SectionAct::{Accept, Answer, Assign, Decide, Reopen, Reply, Return, Send, Take, TakeBack, TakeOver, Undo};
use SectionState::{Accepted, Draft, Returned, Submitted};
use Who::{Editor, Manager, Owner, Reviewer};

words! {
    /// The four stored states of a section.
    pub enum SectionState {
        /// The supplier writes.
        Draft = "draft",
        /// The assurance team reviews.
        Submitted = "submitted",
        /// The supplier answers feedback.
        Returned = "returned",
        /// Done and locked.
        Accepted = "accepted",
    }
}

impl SectionState {
    /// A sentence for people, after "This section".
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Draft => "has not been sent yet",
            Self::Submitted => "has been sent and is in review",
            Self::Returned => "went back to the supplier with questions",
            Self::Accepted => "has been accepted",
        }
    }
}

words! {
    /// What can be asked of a section.
    pub enum SectionAct {
        /// Save answers.
        Answer = "answer",
        /// Send for review.
        Send = "send",
        /// Take a sent section back before its review started.
        TakeBack = "take-back",
        /// Take a review that nobody has.
        Take = "take",
        /// Take a review over from a colleague.
        TakeOver = "take-over",
        /// Give a review to somebody.
        Assign = "assign",
        /// Decide on questions.
        Decide = "decide",
        /// Send the review: it leaves in a few minutes.
        Reply = "reply",
        /// Undo the sending of a review before it leaves.
        Undo = "undo",
        /// Let the review leave with questions.
        Return = "return",
        /// Let the review leave with everything accepted.
        Accept = "accept",
        /// Open an accepted section again.
        Reopen = "reopen",
    }
}

words! {
    /// The stored states of a product.
    pub enum ProductState {
        /// Work goes on.
        Active = "active",
        /// Paused; its clocks stand still.
        OnHold = "on-hold",
        /// Ended without assurance.
        Withdrawn = "withdrawn",
    }
}

impl ProductState {
    /// A sentence for people, after "This product".
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Active => "is in progress",
            Self::OnHold => "is on hold",
            Self::Withdrawn => "has been withdrawn",
        }
    }
}

words! {
    /// What can be asked of a product.
    pub enum ProductAct {
        /// Change its details.
        Change = "change",
        /// Put it on hold.
        Hold = "hold",
        /// Go on after a hold.
        Resume = "resume",
        /// Remind the supplier of what the product waits for.
        Remind = "remind",
        /// End it.
        Withdraw = "withdraw",
    }
}

words! {
    /// A condition on a row.
    pub enum Guard {
        /// The product is neither on hold nor withdrawn.
        InProgress = "in-progress",
        /// Every shown question is answered and no error stands.
        Complete = "complete",
        /// Somebody declared that the answers are complete and accurate.
        Declared = "declared",
        /// For technical sections: the product works in INT, at a stated address.
        EnvironmentReady = "environment-ready",
        /// Every returned question has a changed answer or a reply.
        Replied = "replied",
        /// No reviewer has taken the section.
        ReviewNotStarted = "review-not-started",
        /// Nobody has the review.
        Unassigned = "unassigned",
        /// Somebody else has the review.
        HeldByOther = "held-by-other",
        /// The review is yours.
        HeldByYou = "held-by-you",
        /// Whoever has or would have the review declared no interest in the supplier.
        NoInterest = "no-interest",
        /// Each question has a decision.
        EveryDecided = "every-decided",
        /// At least one question needs more information.
        SomeAsked = "some-asked",
        /// No question needs more information.
        NoneAsked = "none-asked",
        /// Nothing accepted is of a kind that cannot be accepted.
        Acceptable = "acceptable",
        /// The outcome is the one that follows from the decisions.
        AsDecided = "as-decided",
        /// No reply was sent that has not left yet.
        NotOnItsWay = "not-on-its-way",
        /// A reply was sent and has not left yet.
        OnItsWay = "on-its-way",
        /// The reply is not due to leave yet.
        InTime = "in-time",
    }
}

impl Guard {
    /// The sentence shown when it does not hold.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            InProgress => "This product is on hold or has been withdrawn.",
            Complete => "Some questions still need an answer.",
            Declared => "Confirm that these answers are complete and accurate",
            EnvironmentReady => "Confirm that your product works in the INT environment",
            Replied => "Some questions that we asked have no new answer or reply.",
            ReviewNotStarted => "A reviewer has started, so this section cannot be taken back.",
            Unassigned => "Somebody else has just taken this review.",
            HeldByOther => "This review is not with somebody else.",
            HeldByYou => "This review is not yours. Take it first.",
            NoInterest => "Somebody who has declared an interest in this supplier cannot have this review.",
            EveryDecided => "Some questions have no decision yet.",
            SomeAsked => "Every question is accepted, so there is nothing to send back.",
            NoneAsked => "Some questions need more information, so the section cannot be accepted.",
            Acceptable => "Some answers cannot be accepted as they stand.",
            AsDecided => "The decisions have changed since this page was opened. Check them again.",
            NotOnItsWay => "The review has been sent and is about to leave. Undo that first, or wait until it has left.",
            OnItsWay => "The sending has been undone, or the review has not been sent.",
            InTime => "The time to undo is over, and the review is leaving now.",
        }
    }
}

/// The life of a section.
#[rustfmt::skip]
pub const SECTION: &[Row<SectionState, SectionAct, Guard>] = &[
    //  from       act       who       when                                                          to
    row(Draft,     Answer,   Editor,   &[InProgress],                                                Draft),
    row(Draft,     Send,     Editor,   &[InProgress, Complete, Replied, Declared, EnvironmentReady], Submitted),
    row(Returned,  Answer,   Editor,   &[InProgress],                                                Returned),
    row(Returned,  Send,     Editor,   &[InProgress, Complete, Replied, Declared, EnvironmentReady], Submitted),
    row(Submitted, TakeBack, Editor,   &[InProgress, ReviewNotStarted],                              Draft),
    row(Submitted, Take,     Reviewer, &[InProgress, NoInterest, Unassigned],                                    Submitted),
    row(Submitted, TakeOver, Reviewer, &[InProgress, NoInterest, HeldByOther, NotOnItsWay],                      Submitted),
    row(Submitted, Assign,   Manager,  &[InProgress, NoInterest, NotOnItsWay],                                   Submitted),
    row(Submitted, Decide,   Reviewer, &[InProgress, NoInterest, HeldByYou, NotOnItsWay],                        Submitted),
    row(Submitted, Reply,    Reviewer, &[InProgress, NoInterest, HeldByYou, NotOnItsWay, EveryDecided, AsDecided, Acceptable], Submitted),
    row(Submitted, Undo,     Reviewer, &[InProgress, NoInterest, HeldByYou, OnItsWay, InTime],                   Submitted),
    row(Submitted, Return,   Reviewer, &[InProgress, NoInterest, HeldByYou, EveryDecided, SomeAsked, Acceptable], Returned),
    row(Submitted, Accept,   Reviewer, &[InProgress, NoInterest, HeldByYou, EveryDecided, NoneAsked, Acceptable], Accepted),
    row(Accepted,  Reopen,   Reviewer, &[InProgress, NoInterest],                                                Returned),
];

/// The life of a product.
#[rustfmt::skip]
pub const PRODUCT: &[Row<ProductState, ProductAct, Condition>] = &[
    //  from    act       who      when                                            to
    row(Active, Change,   Editor,  &[],  Active),
    row(OnHold, Change,   Editor,  &[],  OnHold),
    row(Active, Hold,     Editor,  &[],  OnHold),
    row(Active, Hold,     Manager, &[],  OnHold),
    row(OnHold, Resume,   Editor,  &[],  Active),
    row(OnHold, Resume,   Manager, &[],  Active),
    row(Active, Remind,   Manager, &[Condition::NoInterest, WaitsForSupplier, NotReminded], Active),
    row(Active, Withdraw, Owner,   &[],  Withdrawn),
    row(OnHold, Withdraw, Owner,   &[],  Withdrawn),
];

words! {
    /// The eight statuses of a section that people see; all are derived.
    pub enum SectionStatus {
        /// A named thing must happen first.
        CannotStart = "cannot-start-yet",
        /// Nothing is answered.
        NotStarted = "not-yet-started",
        /// Some answers are saved.
        InProgress = "in-progress",
        /// All is answered.
        ReadyToSend = "ready-to-send",
        /// With the assurance team.
        InReview = "in-review",
        /// Returned with questions.
        ChangesNeeded = "changes-needed",
        /// Accepted and locked.
        Accepted = "accepted",
        /// An error that somebody must mend.
        Problem = "there-is-a-problem",
    }
}

impl SectionStatus {
    /// The text of the tag.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::CannotStart => "Cannot start yet",
            Self::NotStarted => "Not yet started",
            Self::InProgress => "In progress",
            Self::ReadyToSend => "Ready to send",
            Self::InReview => "In review",
            Self::ChangesNeeded => "Changes needed",
            Self::Accepted => "Accepted",
            Self::Problem => "There is a problem",
        }
    }

    /// The tag's colour class of the NHS design system; empty for plain text.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::CannotStart | Self::Accepted => "",
            Self::NotStarted => "blue",
            Self::InProgress => "white",
            Self::ReadyToSend => "aqua-green",
            Self::InReview => "purple",
            Self::ChangesNeeded => "orange",
            Self::Problem => "red",
        }
    }
}

words! {
    /// Whose turn it is.
    pub enum Turn {
        /// The supplier.
        Supplier = "supplier",
        /// The assurance team.
        Team = "team",
        /// Nobody for now.
        Nobody = "nobody",
    }
}

words! {
    /// A reviewer's decision on a question.
    pub enum Verdict {
        /// The answer is accepted.
        Accept = "accept",
        /// More information is needed.
        More = "more",
    }
}
