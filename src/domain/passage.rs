//! The way of a product from its first answer to assurance, and whom it waited for on every day of it.
//!
//! Nothing here is typed in: each event says what the product waits for after it, and passages, stretches and waits
//! follow from those alone. Days are calendar dates in Europe/London. A day belongs to whoever the product waited for
//! when the day began, so the day on which something is sent still counts for the sender.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::catalogue::Section;
use super::demonstration::DemonstrationState;
use super::product::Product;
use super::section::{ProductState, SectionState, Turn};
use super::waits::{Topic, Wait};
use crate::words;

words! {
    /// Whom a day belongs to.
    pub enum Party {
        /// The supplier.
        Supplier = "supplier",
        /// The assurance team.
        Team = "team",
        /// Nobody: a date that is fixed has to come.
        Nobody = "nobody",
        /// Nobody: the product was on hold, and its clocks stood still.
        OnHold = "on-hold",
    }
}

words! {
    /// How a passage ended.
    pub enum End {
        /// Everything was accepted, certified and signed.
        Assured = "assured",
        /// The product was withdrawn.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// Where a product is on its way.
    pub enum Phase {
        /// Nothing was answered yet.
        NotStarted = "not-started",
        /// On the way.
        UnderWay = "under-way",
        /// There.
        Assured = "assured",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
}

/// Days by whom the product waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// Days that it waited for the supplier.
    pub supplier: u32,
    /// Days that it waited for the assurance team.
    pub team: u32,
    /// Days on which a fixed date was waited for.
    pub nobody: u32,
    /// Days on hold.
    pub on_hold: u32,
}

impl Days {
    /// The same with days added for a party.
    #[must_use]
    pub const fn plus(mut self, party: Party, days: u32) -> Self {
        match party {
            Party::Supplier => self.supplier += days,
            Party::Team => self.team += days,
            Party::Nobody => self.nobody += days,
            Party::OnHold => self.on_hold += days,
        }
        self
    }

    /// Days of one party.
    #[must_use]
    pub const fn of(&self, party: Party) -> u32 {
        match party {
            Party::Supplier => self.supplier,
            Party::Team => self.team,
            Party::Nobody => self.nobody,
            Party::OnHold => self.on_hold,
        }
    }

    /// Days for which the clock ran: all but those on hold.
    #[must_use]
    pub const fn elapsed(&self) -> u32 {
        self.supplier + self.team + self.nobody
    }

    /// All days, those on hold too.
    #[must_use]
    pub const fn all(&self) -> u32 {
        self.elapsed() + self.on_hold
    }
}

/// One way of a product to assurance. A product that was assured and is opened again begins another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// From 1.
    pub number: u32,
    /// Day of the first answer.
    pub started_on: NaiveDate,
    /// Day up to which the days are counted, which is the last day once it has ended.
    pub counted_to: NaiveDate,
    /// Days so far.
    pub days: Days,
    /// How it ended.
    pub end: Option<End>,
}

impl Passage {
    /// The days up to a date, while it waits for a party. Once it has ended they no longer grow.
    #[must_use]
    pub fn days_to(&self, on: NaiveDate, party: Party) -> Days {
        if self.end.is_some() { self.days } else { self.days.plus(party, days_between(self.counted_to, on)) }
    }

    fn counted(self, on: NaiveDate, party: Party) -> Self {
        Self { days: self.days_to(on, party), counted_to: self.counted_to.max(on), ..self }
    }

    /// The passage after an event: what came before it, whom the product waited for until then, where it is now.
    #[must_use]
    pub fn next(previous: Option<Self>, until_now: Party, phase: Phase, on: NaiveDate) -> Option<Self> {
        let is_running = previous.is_some_and(|p| p.end.is_none());
        let end = match phase {
            Phase::NotStarted | Phase::UnderWay => None,
            Phase::Assured => Some(End::Assured),
            Phase::Withdrawn => Some(End::Withdrawn),
        };
        match previous {
            Some(running) if is_running => Some(Self { end, ..running.counted(on, until_now) }),
            ended if phase == Phase::UnderWay => {
                let number = ended.map_or(1, |p| p.number + 1);
                Some(Self { number, started_on: on, counted_to: on, days: Days::default(), end: None })
            }
            unchanged => unchanged,
        }
    }
}

fn days_between(from: NaiveDate, until: NaiveDate) -> u32 {
    u32::try_from((until - from).num_days()).unwrap_or(0)
}

/// One thing that is waited for, as an event says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Whose turn.
    pub turn: Turn,
    /// What.
    pub topic: Topic,
    /// Of which section, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// By when, if that is promised, expected or booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<NaiveDate>,
}

impl Awaited {
    /// Whether both are the same thing, whatever the date.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.turn, self.topic, self.section) == (other.turn, other.topic, other.section)
    }
}

impl From<Wait> for Awaited {
    fn from(wait: Wait) -> Self {
        Self { turn: wait.turn, topic: wait.what.topic(), section: wait.what.section(), by: wait.by }
    }
}

/// What an event says of a product after it: where it is, whom and what it waits for, the first thing first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posture {
    /// Where it is.
    pub phase: Phase,
    /// Whom it waits for.
    pub party: Party,
    /// Everything that is waited for.
    pub waits: Vec<Awaited>,
}

impl Posture {
    /// The posture of a product as it is.
    #[must_use]
    pub fn of(product: &Product) -> Self {
        let waits: Vec<Awaited> = product.waits().into_iter().map(Awaited::from).collect();
        let party = match (product.state, waits.first().map(|w| w.turn)) {
            (ProductState::OnHold, _) => Party::OnHold,
            (_, Some(Turn::Supplier)) => Party::Supplier,
            (_, Some(Turn::Team)) => Party::Team,
            (_, Some(Turn::Nobody) | None) => Party::Nobody,
        };
        let is_started = !product.answers.is_empty() || product.sections.values().any(|s| s.state() != SectionState::Draft);
        let phase = match product.state {
            ProductState::Withdrawn => Phase::Withdrawn,
            ProductState::Active | ProductState::OnHold if product.is_assured() => Phase::Assured,
            ProductState::Active | ProductState::OnHold if is_started => Phase::UnderWay,
            ProductState::Active | ProductState::OnHold => Phase::NotStarted,
        };
        Self { phase, party, waits }
    }

    /// What is waited for first.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        self.waits.first().map(|w| w.topic)
    }

    /// Whether a stretch goes on: the same party and the same thing.
    #[must_use]
    pub fn continues(&self, before: &Self) -> bool {
        self.party == before.party
            && self.waits.first().map(|w| (w.topic, w.section)) == before.waits.first().map(|w| (w.topic, w.section))
    }
}

impl Product {
    /// Whether what was waited for has come; otherwise it was called off: by a hold, a withdrawal, a change of mind.
    #[must_use]
    pub fn has_come(&self, awaited: &Awaited) -> bool {
        if self.state != ProductState::Active {
            return false;
        }
        let state = awaited.section.map(|s| self.section(s).state());
        match awaited.topic {
            Topic::Review => matches!(state, Some(SectionState::Returned | SectionState::Accepted)),
            Topic::Answers | Topic::Feedback => state != Some(SectionState::Draft),
            Topic::TestFacts | Topic::CheckProblem | Topic::Checks | Topic::Test | Topic::RunSheet => {
                !matches!(self.demonstration().state, DemonstrationState::NotBooked | DemonstrationState::NotHeld)
            }
            Topic::Booking
            | Topic::DateWish
            | Topic::Certificate
            | Topic::Doubt
            | Topic::Signatory
            | Topic::AgreementIssue
            | Topic::Signature
            | Topic::SignedCopy
            | Topic::Production
            | Topic::GoLive => true,
        }
    }

    /// The product after a decision, with its clocks: the days up to now belong to whom it waited for until now.
    #[must_use]
    pub fn turned(mut self, before: &Posture, on: NaiveDate) -> Self {
        let now = Posture::of(&self);
        if now == *before {
            return self;
        }
        self.passage = Passage::next(self.passage, before.party, now.phase, on);
        if now.party != before.party {
            self.since = on;
        }
        self
    }
}

/// Days on which a product waited for the same party and the same thing first; both dates are days of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Which passage.
    pub passage: u32,
    /// Whom it waited for.
    pub party: Party,
    /// What was waited for first.
    pub topic: Option<Topic>,
    /// Day on which it began.
    pub from: NaiveDate,
    /// Day on which it ended; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Stretch {
    /// Its length up to a date.
    #[must_use]
    pub fn days(&self, today: NaiveDate) -> u32 {
        days_between(self.from, self.until.unwrap_or(today))
    }
}

/// What the events of a product say of its way, oldest first: its passages and their stretches.
///
/// The tables that pages read hold the same, and a test compares them.
#[must_use]
pub fn told(events: &[(NaiveDate, Posture)]) -> (Vec<Passage>, Vec<Stretch>) {
    let (mut passages, mut stretches): (Vec<Passage>, Vec<Stretch>) = (Vec::new(), Vec::new());
    let mut before: Option<&Posture> = None;
    for (on, posture) in events {
        let party = before.map_or(Party::Supplier, |b| b.party);
        let passage = Passage::next(passages.last().copied(), party, posture.phase, *on);
        let Some(passage) = passage else {
            before = Some(posture);
            continue;
        };
        let was_running = passages.last().is_some_and(|p| p.end.is_none());
        if passages.last().is_some_and(|p| p.number == passage.number) {
            passages.pop();
        }
        passages.push(passage);
        let goes_on = was_running && passage.end.is_none() && before.is_some_and(|b| posture.continues(b));
        if was_running && !goes_on {
            close(&mut stretches, *on);
        }
        if passage.end.is_none() && !goes_on {
            let (party, topic) = (posture.party, posture.topic());
            stretches.push(Stretch { passage: passage.number, party, topic, from: *on, until: None });
        }
        before = Some(posture);
    }
    (passages, stretches)
}

fn close(stretches: &mut [Stretch], on: NaiveDate) {
    if let Some(last) = stretches.last_mut() {
        last.until = Some(on);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(number.into())
    }

    fn posture(phase: Phase, party: Party, topic: Option<Topic>) -> Posture {
        let turn = if party == Party::Team { Turn::Team } else { Turn::Supplier };
        Posture { phase, party, waits: topic.map(|topic| Awaited { turn, topic, section: None, by: None }).into_iter().collect() }
    }

    #[test]
    fn the_day_of_sending_counts_for_the_sender() {
        let events = [
            (day(0), posture(Phase::NotStarted, Party::Supplier, Some(Topic::Answers))),
            (day(3), posture(Phase::UnderWay, Party::Supplier, Some(Topic::Answers))),
            (day(10), posture(Phase::UnderWay, Party::Team, Some(Topic::Review))),
            (day(14), posture(Phase::UnderWay, Party::OnHold, None)),
            (day(20), posture(Phase::UnderWay, Party::Team, Some(Topic::Review))),
            (day(21), posture(Phase::UnderWay, Party::Nobody, Some(Topic::Test))),
            (day(30), posture(Phase::Assured, Party::Supplier, Some(Topic::Production))),
            (day(50), posture(Phase::UnderWay, Party::Team, Some(Topic::Doubt))),
        ];
        let (passages, stretches) = told(&events);
        let first = passages[0];
        assert_eq!((first.started_on, first.counted_to, first.end), (day(3), day(30), Some(End::Assured)));
        assert_eq!(first.days, Days { supplier: 7, team: 5, nobody: 9, on_hold: 6 });
        assert_eq!((first.days.elapsed(), first.days.all()), (21, 27));
        assert_eq!(passages[1].days_to(day(60), Party::Team), Days { team: 10, ..Days::default() });
        let lengths: Vec<u32> = stretches.iter().map(|s| s.days(day(60))).collect();
        assert_eq!(lengths, [7, 4, 6, 1, 9, 10]);
    }

    proptest! {
        /// Whatever happens, and however often on one day: every day belongs to one party, and the stretches say the same.
        #[test]
        fn the_days_of_all_add_up(steps in prop::collection::vec((0_u32..6, 0_usize..4, 0_usize..4, 0_usize..6), 1..40), rest in 0_u32..30) {
            let mut on = 0;
            let mut events = Vec::new();
            for (wait, phase, party, topic) in steps {
                on += wait;
                events.push((day(on), posture(Phase::ALL[phase], Party::ALL[party], Topic::ALL.get(topic).copied())));
            }
            let today = day(on + rest);
            let last = events.last().unwrap().1.party;
            let (passages, stretches) = told(&events);
            for passage in &passages {
                let days = passage.days_to(today, last);
                let until = if passage.end.is_some() { passage.counted_to } else { today };
                prop_assert_eq!(i64::from(days.all()), (until - passage.started_on).num_days());
                for party in Party::ALL {
                    let of = |s: &&Stretch| s.passage == passage.number && s.party == *party;
                    let sum: u32 = stretches.iter().filter(of).map(|s| s.days(today)).sum();
                    prop_assert_eq!(sum, days.of(*party), "{}", party);
                }
            }
            let numbers: Vec<u32> = passages.iter().map(|p| p.number).collect();
            prop_assert_eq!(numbers, (1..).take(passages.len()).collect::<Vec<u32>>());
        }
    }
}
