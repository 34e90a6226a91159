//! The life of a conformance test, from the wish for a date to its outcome (NHS England, "Get your software assured":
//! at least 2 weeks' notice, background checks, about 2 hours in INT).

use super::condition::Condition;
use super::machine::{Row, Who, row};
use crate::words;
use Condition::{
    AllSeen, AmongAsked, BookingOpen, ChecksPassed, EveryLineMarked, Explained, FactsGiven, InProgress, NoInterest, Noticed,
    ObservationsOwned, OnTheDay, RoomForFile, SlotFree, SomeNotSeen,
};
use DemonstrationAct::{
    Agree, Ask, Attach, Book, Cancel, Check, Confirm, Decline, Describe, Detach, Fail, Invite, Mark, Move, NotHold, Observe, Pass,
    Repeat, Settle, Start,
};
use DemonstrationState::{Asked, Booked, Confirmed, NotBooked, NotHeld, NotPassed, Passed, UnderWay};
use Who::{Editor, Manager, Reviewer};

pub mod addresses;
pub mod checks;
pub mod command;
pub mod facts;
mod follows;
pub mod judge;
mod marking;
mod record;
pub mod sheet;

pub use self::record::{Assessor, Checked, Date, Demonstration, Marked, Observation, Outcome, Wish, edition};

/// Working days before the test by which the facts must be there.
pub const FACTS_DAYS: u32 = 5;
/// Working days before the test by which the background checks are done.
pub const CHECK_DAYS: u32 = 3;
/// Working days in which the team answers a wish for a date.
pub const ASKED_DAYS: u32 = 5;
/// Hours that a test takes.
pub const TEST_HOURS: i64 = 2;

words! {
    /// The stored states of a demonstration.
    pub enum DemonstrationState {
        /// There is no date.
        NotBooked = "not-booked",
        /// The supplier asked for a date, because no published one fits.
        Asked = "asked",
        /// There is a date.
        Booked = "booked",
        /// The checks allow the test.
        Confirmed = "confirmed",
        /// The test is being held.
        UnderWay = "under-way",
        /// Passed, perhaps with observations.
        Passed = "passed",
        /// Not passed; a new date is needed.
        NotPassed = "not-passed",
        /// It did not take place; a new date is needed.
        NotHeld = "not-held",
    }
}

impl DemonstrationState {
    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            NotBooked => "No demonstration is booked.",
            Asked => "The supplier has asked for a date.",
            Booked => "The demonstration is booked.",
            Confirmed => "The demonstration is confirmed.",
            UnderWay => "The demonstration is under way.",
            Passed => "The conformance test is passed.",
            NotPassed => "The conformance test was not passed.",
            NotHeld => "The demonstration did not take place.",
        }
    }

    /// The text and colour of the tag.
    #[must_use]
    pub const fn tag(self) -> (&'static str, &'static str) {
        match self {
            NotBooked => ("Not booked", "blue"),
            Asked => ("Date asked for", "purple"),
            Booked => ("Booked", "aqua-green"),
            Confirmed => ("Confirmed", "aqua-green"),
            UnderWay => ("Under way", "purple"),
            Passed => ("Passed", "green"),
            NotPassed => ("Not passed", "orange"),
            NotHeld => ("Not held", "orange"),
        }
    }

    /// Whether a date is held.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Booked | Confirmed | UnderWay)
    }
}

words! {
    /// What can be asked of a demonstration.
    pub enum DemonstrationAct {
        /// Ask for a date when none fits.
        Ask = "ask",
        /// Take a published date.
        Book = "book",
        /// Fix one of the dates that were asked for.
        Agree = "agree",
        /// Say that none of the dates can be.
        Decline = "decline",
        /// Give the facts of the test.
        Describe = "describe",
        /// Take another date.
        Move = "move",
        /// Give the date back.
        Cancel = "cancel",
        /// Record background checks.
        Check = "check",
        /// Say that the test can be held.
        Confirm = "confirm",
        /// Say how people join.
        Invite = "invite",
        /// Begin the test.
        Start = "start",
        /// Mark lines of the run sheet.
        Mark = "mark",
        /// Put a file beside a line.
        Attach = "attach",
        /// Take a file away from a line.
        Detach = "detach",
        /// Passed, with every line seen.
        Pass = "pass",
        /// Passed, with observations.
        Observe = "pass-with-observations",
        /// Not passed.
        Fail = "fail",
        /// It did not take place.
        NotHold = "not-hold",
        /// An observation is dealt with.
        Settle = "settle",
        /// Ask for another test of a product that had passed.
        Repeat = "repeat",
    }
}

/// The life of a demonstration.
#[rustfmt::skip]
pub const DEMONSTRATION: &[Row<DemonstrationState, DemonstrationAct, Condition>] = &[
    //  from       act       who       when                                              to
    row(NotBooked, Ask,      Editor,   &[InProgress, BookingOpen, Noticed],              Asked),
    row(NotPassed, Ask,      Editor,   &[InProgress, BookingOpen, Noticed],              Asked),
    row(NotHeld,   Ask,      Editor,   &[InProgress, BookingOpen, Noticed],              Asked),
    row(NotBooked, Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(Asked,     Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(NotPassed, Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(NotHeld,   Book,     Editor,   &[InProgress, BookingOpen, SlotFree, Noticed],    Booked),
    row(Asked,     Agree,    Reviewer, &[InProgress, NoInterest, AmongAsked, Noticed],               Booked),
    row(Asked,     Agree,    Manager,  &[InProgress, NoInterest, AmongAsked, Noticed],               Booked),
    row(Asked,     Decline,  Reviewer, &[NoInterest, Explained],                                     NotBooked),
    row(Asked,     Decline,  Manager,  &[NoInterest, Explained],                                     NotBooked),
    row(Asked,     Cancel,   Editor,   &[],                                              NotBooked),
    row(Booked,    Describe, Editor,   &[InProgress],                                    Booked),
    row(Confirmed, Describe, Editor,   &[InProgress],                                    Booked),
    row(Booked,    Move,     Editor,   &[InProgress, SlotFree, Noticed],                 Booked),
    row(Confirmed, Move,     Editor,   &[InProgress, SlotFree, Noticed],                 Booked),
    row(Booked,    Cancel,   Editor,   &[],                                              NotBooked),
    row(Booked,    Cancel,   Manager,  &[NoInterest, Explained],                                     NotBooked),
    row(Confirmed, Cancel,   Editor,   &[],                                              NotBooked),
    row(Confirmed, Cancel,   Manager,  &[NoInterest, Explained],                                     NotBooked),
    row(Booked,    Check,    Reviewer, &[InProgress, NoInterest],                                    Booked),
    row(Confirmed, Check,    Reviewer, &[InProgress, NoInterest],                                    Booked),
    row(Booked,    Confirm,  Reviewer, &[InProgress, NoInterest, FactsGiven, ChecksPassed],          Confirmed),
    row(Booked,    Invite,   Reviewer, &[NoInterest],                                              Booked),
    row(Booked,    Invite,   Manager,  &[NoInterest],                                              Booked),
    row(Confirmed, Invite,   Reviewer, &[NoInterest],                                              Confirmed),
    row(Confirmed, Invite,   Manager,  &[NoInterest],                                              Confirmed),
    row(UnderWay,  Invite,   Reviewer, &[NoInterest],                                              UnderWay),
    row(UnderWay,  Invite,   Manager,  &[NoInterest],                                              UnderWay),
    row(Confirmed, Start,    Reviewer, &[InProgress, NoInterest, OnTheDay],                          UnderWay),
    row(UnderWay,  Mark,     Reviewer, &[InProgress, NoInterest],                                    UnderWay),
    row(UnderWay,  Attach,   Reviewer, &[InProgress, NoInterest, RoomForFile],                       UnderWay),
    row(UnderWay,  Detach,   Reviewer, &[InProgress, NoInterest],                                    UnderWay),
    row(UnderWay,  Pass,     Reviewer, &[InProgress, NoInterest, EveryLineMarked, AllSeen],          Passed),
    row(UnderWay,  Observe,  Reviewer, &[InProgress, NoInterest, EveryLineMarked, ObservationsOwned], Passed),
    row(UnderWay,  Fail,     Reviewer, &[InProgress, NoInterest, SomeNotSeen],                       NotPassed),
    row(Booked,    NotHold,  Reviewer, &[NoInterest, OnTheDay, Explained],                           NotHeld),
    row(Confirmed, NotHold,  Reviewer, &[NoInterest, OnTheDay, Explained],                           NotHeld),
    row(UnderWay,  NotHold,  Reviewer, &[NoInterest, Explained],                                     NotHeld),
    row(Passed,    Settle,   Reviewer, &[NoInterest, Explained],                                     Passed),
    row(Passed,    Repeat,   Reviewer, &[InProgress, NoInterest, Explained],                         NotBooked),
];
