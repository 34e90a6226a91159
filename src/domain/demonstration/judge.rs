//! Judges what is asked of a demonstration: rows, conditions, and nothing else.

use chrono::{DateTime, NaiveDate, Utc};

use super::checks::blocking;
use super::command::{Chosen, DemonstrationCommand};
use super::facts::TestContext;
use super::sheet::{LINES, MOST_FILES, MarkResult, applies};
use super::{DEMONSTRATION, Demonstration, DemonstrationAct, DemonstrationState, Observation};
use crate::domain::actor::Actor;
use crate::domain::answer::Given;
use crate::domain::calendar::london_date;
use crate::domain::checks::Level;
use crate::domain::condition::{Asked, Condition, admit};
use crate::domain::decide::{Decision, Setting};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;

/// Judges what is asked of a product's present demonstration.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
}

impl<'a> Judge<'a> {
    pub(super) fn today(&self) -> NaiveDate {
        self.setting.today()
    }

    pub(super) fn present(&self) -> Demonstration {
        self.product.demonstration().clone()
    }

    fn row(&self, act: DemonstrationAct, content: &dyn Fn(Condition) -> bool) -> Result<DemonstrationState, Refusal> {
        let from = self.product.demonstration().state;
        let asked = Asked { actor: self.actor, product: self.product, from, act };
        admit(DEMONSTRATION, &asked, DemonstrationState::sentence, &|c| self.stands(c) && content(c))
    }

    /// Whether a page may offer an act now, its contents aside.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer(&self, act: DemonstrationAct) -> Result<(), Refusal> {
        self.row(act, &|_| true).map(|_| ())
    }

    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not.
    pub fn decide(&self, command: &DemonstrationCommand) -> Result<Decision, Refusal> {
        let to = self.row(command.act(), &|c| self.holds(c, command))?;
        self.consequences(command, to)
    }

    /// The conditions that depend on the product and the moment alone.
    fn stands(&self, condition: Condition) -> bool {
        let present = self.product.demonstration();
        let is_day = || present.date.as_ref().is_some_and(|d| london_date(d.starts_at) <= self.today());
        let rules: [(Condition, &dyn Fn() -> bool); 8] = [
            (Condition::InProgress, &|| self.product.state == ProductState::Active),
            (Condition::BookingOpen, &|| self.product.is_booking_open()),
            (Condition::FactsGiven, &|| self.lacks(present) == 0),
            (Condition::ChecksPassed, &|| blocking(&present.results(), &self.given()).is_empty()),
            (Condition::OnTheDay, &is_day),
            (Condition::EveryLineMarked, &|| self.lines().iter().all(|l| present.marks.contains_key(*l))),
            (Condition::AllSeen, &|| self.not_seen(present).is_empty()),
            (Condition::SomeNotSeen, &|| !self.not_seen(present).is_empty()),
        ];
        rules.iter().all(|(about, holds)| *about != condition || holds())
    }

    /// The conditions that depend on what is in the command.
    fn holds(&self, condition: Condition, command: &DemonstrationCommand) -> bool {
        use DemonstrationCommand as C;
        let noticed = || match command {
            C::Ask(moments) => {
                (1..=3).contains(&moments.len()) && moments.iter().all(|m| self.keeps_notice(london_date(*m), self.today()))
            }
            C::Book(chosen) | C::Move(chosen) | C::Agree(chosen) => self.suits(command.act(), chosen.starts_at),
            C::Decline(_)
            | C::Describe(..)
            | C::Cancel(_)
            | C::Check(_)
            | C::Confirm
            | C::Invite(_)
            | C::Start
            | C::Mark(_)
            | C::Attach(..)
            | C::Detach(..)
            | C::Pass(_)
            | C::Observe(..)
            | C::Fail(_)
            | C::NotHold(_)
            | C::Settle(..)
            | C::Repeat(_) => true,
        };
        let is_apart = |chosen: &Chosen| chosen.assessor.as_ref().is_none_or(|a| !self.product.interested.contains(&a.person));
        let free = |chosen: &Chosen| chosen.is_free && is_apart(chosen) && chosen.starts_at > self.setting.now;
        let is_asked =
            |chosen: &Chosen| self.product.demonstration().wish.as_ref().is_some_and(|w| w.moments.contains(&chosen.starts_at));
        // A wish can wait so long that its moments pass.
        let asked = |chosen: &Chosen| is_asked(chosen) && chosen.starts_at > self.setting.now;
        let owned = |o: &Observation| !o.text.trim().is_empty() && !o.owner.trim().is_empty() && o.due_on >= self.today();
        let unexplained = |why: &String| why.trim().is_empty();
        let is_full = |line: &String| self.product.demonstration().files_of(line).len() >= MOST_FILES as usize;
        let rules: [(Condition, &dyn Fn() -> bool); 7] = [
            (Condition::NoInterest, &|| !matches!(command, C::Agree(c) if !is_apart(c))),
            (Condition::Noticed, &noticed),
            (Condition::RoomForFile, &|| !matches!(command, C::Attach(line, _) if is_full(line))),
            (Condition::SlotFree, &|| !matches!(command, C::Book(c) | C::Move(c) if !free(c))),
            (Condition::AmongAsked, &|| !matches!(command, C::Agree(c) if !asked(c))),
            (Condition::Explained, &|| {
                !matches!(command, C::Decline(why) | C::Cancel(why) | C::NotHold(why) | C::Settle(_, why) | C::Repeat(why)
                    if unexplained(why))
            }),
            (Condition::ObservationsOwned, &|| !matches!(command, C::Observe(all, _) if all.is_empty() || !all.iter().all(owned))),
        ];
        rules.iter().all(|(about, holds)| *about != condition || holds())
    }

    /// Whether a date that begins then keeps the notice, when it is booked, agreed or moved to.
    #[must_use]
    pub fn suits(&self, act: DemonstrationAct, starts_at: DateTime<Utc>) -> bool {
        self.keeps_notice(london_date(starts_at), self.noticed_on(act, starts_at))
    }

    pub(super) fn given(&self) -> Given<'a> {
        self.product.given(self.setting.catalogue, self.today())
    }

    fn keeps_notice(&self, on: NaiveDate, noticed_on: NaiveDate) -> bool {
        on >= self.setting.calendar.earliest_test(noticed_on) && self.setting.calendar.is_working_day(on)
    }

    /// The day from which the notice counts: asking counts for a date that was asked for; a later date keeps the notice
    /// that was given, an earlier one starts it again.
    pub(super) fn noticed_on(&self, act: DemonstrationAct, starts_at: DateTime<Utc>) -> NaiveDate {
        let present = self.product.demonstration();
        let given_before = if act == DemonstrationAct::Agree {
            present.wish.as_ref().map(|w| w.asked_on)
        } else if act == DemonstrationAct::Move {
            present.date.as_ref().filter(|d| starts_at >= d.starts_at).map(|d| d.noticed_on)
        } else {
            None
        };
        given_before.unwrap_or(self.today())
    }

    /// How many facts are missing or wrong.
    pub(super) fn lacks(&self, record: &Demonstration) -> u32 {
        let given = self.given();
        let context = self.context(&given, record);
        let wrong = record.facts.faults(&context).iter().filter(|f| f.level == Level::Error).count();
        u32::try_from(record.facts.missing(&context).len() + wrong).unwrap_or(u32::MAX)
    }

    /// What the rules of the facts look at, for a record of this product.
    #[must_use]
    pub fn context<'b>(&self, given: &'b Given<'b>, present: &Demonstration) -> TestContext<'b> {
        let date = present.date.as_ref();
        TestContext {
            given,
            booked_on: date.map_or(self.today(), |d| d.noticed_on),
            test_on: date.map(|d| london_date(d.starts_at)),
        }
    }

    /// The lines of the run sheet that apply to this product.
    fn lines(&self) -> Vec<&'static str> {
        let given = self.given();
        let facts = &self.product.demonstration().facts;
        LINES.iter().filter(|l| applies(l, &given, facts).is_ok()).map(|l| l.id).collect()
    }

    pub(super) fn not_seen(&self, present: &Demonstration) -> Vec<&'static str> {
        let missed = |l: &&'static str| present.marks.get(*l).is_some_and(|m| m.result == MarkResult::NotSeen);
        self.lines().into_iter().filter(missed).collect()
    }
}
