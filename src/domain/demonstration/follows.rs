//! What follows from a permitted command on a demonstration: the record as it is then, and who is told.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::checks::{Check, CheckResult};
use super::command::{CheckEntry, Chosen, DemonstrationCommand};
use super::facts::TestFacts;
use super::judge::Judge;
use super::sheet::sheet;
use super::{
    ASKED_DAYS, Assessor, CHECK_DAYS, Checked, Date, Demonstration, DemonstrationAct, DemonstrationState, FACTS_DAYS, Observation,
    Outcome, Wish,
};
use crate::domain::calendar::{CERTIFICATE_DAYS, london_date};
use crate::domain::command::{Change, Told};
use crate::domain::condition::Condition;
use crate::domain::decide::Decision;
use crate::domain::event::{Detail, EventKind};
use crate::domain::notice::{Audience, Notice};
use crate::domain::refusal::Refusal;

impl Judge<'_> {
    pub(super) fn changed(mut record: Demonstration, to: DemonstrationState, kind: EventKind, detail: Detail) -> Change {
        record.state = to;
        Change::Demonstrated(Box::new(record), Told { kind, detail })
    }

    pub(super) fn consequences(&self, command: &DemonstrationCommand, to: DemonstrationState) -> Result<Decision, Refusal> {
        use DemonstrationCommand as C;
        match command {
            C::Ask(moments) => Ok(self.ask(moments, to)),
            C::Book(chosen) => Ok(self.book(chosen, command.act(), (to, EventKind::DemonstrationBooked))),
            C::Agree(chosen) => Ok(self.book(chosen, command.act(), (to, EventKind::DateAgreed))),
            C::Move(chosen) => self.move_to(chosen, to),
            C::Decline(why) => Ok(self.end(why, to, (EventKind::DateDeclined, Notice::NoDate))),
            C::Cancel(why) => Ok(self.cancel(why, to)),
            C::Describe(facts, edition) => self.describe(facts, edition, to),
            C::Check(entries) => self.check(entries, to),
            C::Confirm => Ok(self.confirm(to)),
            C::Start => {
                let record = Demonstration { started_at: Some(self.setting.now), ..self.present() };
                Ok(Decision::new(vec![Self::changed(record, to, EventKind::TestStarted, Detail::default())]))
            }
            C::Invite(link) => Ok(self.invite(link, to)),
            C::Mark(entries) => self.mark(entries, to),
            C::Attach(line, file) => self.attach(line, file, to),
            C::Detach(line, file) => Ok(self.detach(line, *file, to)),
            C::Pass(why) => Ok(self.pass((why, &[]), to)),
            C::Observe(observations, why) => Ok(self.pass((why, observations), to)),
            C::Fail(why) => Ok(self.fail(why, to)),
            C::NotHold(why) => Ok(self.not_held(why, to)),
            C::Settle(number, how) => self.settle(*number, how, to),
            C::Repeat(why) => Ok(self.repeat(why, to)),
        }
    }

    fn ask(&self, moments: &[DateTime<Utc>], to: DemonstrationState) -> Decision {
        let (today, reply_by) = (self.today(), self.working_days_after(ASKED_DAYS));
        let wish = Some(Wish { moments: moments.to_vec(), asked_on: today, reply_by });
        let record = Demonstration { wish, remark: String::new(), ..self.open() };
        let detail = Detail { reply_by: Some(reply_by), ..Detail::default() };
        Decision::new(vec![Self::changed(record, to, EventKind::DateAsked, detail)])
            .telling(Audience::Team, Notice::DateAsked { reply_by })
            .telling(Audience::Staff, Notice::DateWanted { by: self.actor.name().to_owned(), reply_by })
    }

    /// The present record if it is still open, or the next one.
    fn open(&self) -> Demonstration {
        let present = self.present();
        match present.state {
            DemonstrationState::NotPassed | DemonstrationState::NotHeld => {
                let facts = TestFacts { is_declared: false, ..present.facts };
                Demonstration { facts, ..Demonstration::next(present.attempt) }
            }
            DemonstrationState::NotBooked
            | DemonstrationState::Asked
            | DemonstrationState::Booked
            | DemonstrationState::Confirmed
            | DemonstrationState::UnderWay
            | DemonstrationState::Passed => present,
        }
    }

    fn working_days_after(&self, days: u32) -> NaiveDate {
        self.setting.calendar.after(self.today(), days, &self.product.pauses).map_or(self.today(), |d| d.on)
    }

    fn dated(&self, chosen: &Chosen, noticed_on: NaiveDate) -> Date {
        let on = london_date(chosen.starts_at);
        Date {
            slot: chosen.slot,
            starts_at: chosen.starts_at,
            assessor: chosen.assessor.clone(),
            noticed_on,
            facts_by: self.setting.calendar.before(on, FACTS_DAYS),
            checks_by: self.setting.calendar.before(on, CHECK_DAYS),
            joining: String::new(),
        }
    }

    fn book(&self, chosen: &Chosen, act: DemonstrationAct, (to, kind): (DemonstrationState, EventKind)) -> Decision {
        let date = self.dated(chosen, self.noticed_on(act, chosen.starts_at));
        let open = self.open();
        let facts = if open.facts == TestFacts::default() { TestFacts::prefill(&self.given()) } else { open.facts.clone() };
        let detail = Detail { at: Some(date.starts_at), ..Detail::default() };
        let notice = Notice::DemonstrationBooked { at: date.starts_at, assessor: assessor(&date), facts_by: date.facts_by };
        let sequence = open.sequence + 1;
        let record =
            Demonstration { wish: None, date: Some(date), facts, sequence, remark: String::new(), given_back: None, ..open };
        let record = Demonstration { lacks: self.lacks(&record), ..record };
        Decision::new(vec![Self::changed(record, to, kind, detail)])
            .telling(Audience::Team, notice.clone())
            .also_assessor(chosen, notice)
    }

    fn move_to(&self, chosen: &Chosen, to: DemonstrationState) -> Result<Decision, Refusal> {
        let present = self.present();
        let before = present.date.clone().ok_or(Refusal::Unknown("the date of the demonstration"))?;
        if chosen.slot == before.slot {
            return Ok(Decision::new(Vec::new()));
        }
        let date = self.dated(chosen, self.noticed_on(DemonstrationAct::Move, chosen.starts_at));
        let detail = Detail { at: Some(date.starts_at), ..Detail::default() };
        let notice = Notice::DemonstrationMoved {
            before: before.starts_at,
            at: date.starts_at,
            by: self.actor.name().to_owned(),
            facts_by: date.facts_by,
        };
        let sequence = present.sequence + 1;
        let record = Demonstration { date: Some(date), sequence, ..present };
        let record = Demonstration { lacks: self.lacks(&record), ..record };
        let decision = Decision::new(vec![Self::changed(record, to, EventKind::DemonstrationMoved, detail)]);
        let decision = decision.telling(Audience::Team, notice.clone()).also_assessor(chosen, notice.clone());
        Ok(decision.also_former(before.assessor.as_ref(), chosen, notice))
    }

    /// What follows for the test when its product is withdrawn: a date is given back.
    pub(crate) fn withdrawn(&self, why: &str) -> Option<Decision> {
        let is_open = matches!(
            self.product.demonstration().state,
            DemonstrationState::Asked | DemonstrationState::Booked | DemonstrationState::Confirmed | DemonstrationState::UnderWay
        );
        is_open.then(|| self.cancel(why, DemonstrationState::NotBooked))
    }

    /// The date is given back, or the wish for one taken back.
    fn cancel(&self, why: &str, to: DemonstrationState) -> Decision {
        let by = self.actor.name().to_owned();
        let told = match &self.product.demonstration().date {
            Some(date) => (EventKind::DemonstrationCancelled, Notice::DemonstrationCancelled { at: date.starts_at, by }),
            None => (EventKind::WishTakenBack, Notice::WishTakenBack { by }),
        };
        self.end(why, to, told)
    }

    /// There is no date and no wish for one any more.
    fn end(&self, why: &str, to: DemonstrationState, (kind, notice): (EventKind, Notice)) -> Decision {
        let present = self.present();
        let detail = Detail { reason: why.to_owned(), at: present.date.as_ref().map(|d| d.starts_at), ..Detail::default() };
        let former = present.date.as_ref().and_then(|d| d.assessor.clone());
        let sequence = present.sequence + u32::from(present.date.is_some());
        let given_back = detail.at.or(present.given_back);
        let (checks, remark) = (BTreeMap::new(), why.to_owned());
        let record = Demonstration { wish: None, date: None, sequence, checks, remark, given_back, ..present };
        let decision = Decision::new(vec![Self::changed(record, to, kind, detail)]).telling(Audience::Team, notice.clone());
        match former {
            Some(assessor) => decision.telling(Audience::Person(assessor.person), notice),
            None => decision,
        }
    }

    fn describe(&self, facts: &TestFacts, edition: &str, to: DemonstrationState) -> Result<Decision, Refusal> {
        let present = self.present();
        if *facts == present.facts {
            return Ok(Decision::new(Vec::new()));
        }
        if *edition != present.facts.edition() {
            return Err(Refusal::Outdated(Vec::new()));
        }
        let lacks = self.lacks(&Demonstration { facts: facts.clone(), ..present.clone() });
        let record = Demonstration { facts: facts.clone(), lacks, ..present };
        Ok(Decision::new(vec![Self::changed(record, to, EventKind::TestDescribed, Detail::default())]))
    }

    fn check(&self, entries: &[CheckEntry], to: DemonstrationState) -> Result<Decision, Refusal> {
        let mut record = self.present();
        let before = record.problems();
        for entry in entries {
            let same = record.checks.get(&entry.check).map(|c| (c.result, c.note.as_str()));
            if same == entry.result.map(|r| (r, entry.note.as_str())) {
                continue;
            }
            let Some(result) = entry.result else {
                record.checks.remove(&entry.check);
                continue;
            };
            let needs_note = matches!(result, CheckResult::Problem | CheckResult::Waived);
            if needs_note && entry.note.trim().is_empty() {
                return Err(Refusal::Missing(Condition::Explained));
            }
            if result == CheckResult::Waived && !entry.check.can_be_waived() {
                return Err(Refusal::Unknown("a way to waive that check"));
            }
            let (note, by) = (entry.note.clone(), self.actor.name().to_owned());
            record.checks.insert(entry.check, Checked { result, note, by, at: self.setting.now });
        }
        if record.checks == self.product.demonstration().checks {
            return Ok(Decision::new(Vec::new()));
        }
        let found: Vec<Check> = record.problems().into_iter().filter(|c| !before.contains(c)).collect();
        let at = record.date.as_ref().map(|d| d.starts_at);
        let detail = Detail { count: Some(record.checks.len()), ..Detail::default() };
        let decision = Decision::new(vec![Self::changed(record, to, EventKind::ChecksRecorded, detail)]);
        match at {
            Some(at) if !found.is_empty() => Ok(decision.telling(Audience::Team, Notice::CheckProblem { checks: found, at })),
            _ => Ok(decision),
        }
    }

    fn confirm(&self, to: DemonstrationState) -> Decision {
        let record = self.present();
        let at = record.date.as_ref().map(|d| d.starts_at).unwrap_or_default();
        let detail = Detail { at: Some(at), ..Detail::default() };
        Decision::new(vec![Self::changed(record, to, EventKind::DemonstrationConfirmed, detail)])
            .telling(Audience::Team, Notice::DemonstrationConfirmed { at })
    }

    /// How people join; calendars that have the test want a newer file.
    fn invite(&self, link: &str, to: DemonstrationState) -> Decision {
        let mut record = self.present();
        match &mut record.date {
            Some(date) if date.joining != link => link.clone_into(&mut date.joining),
            _ => return Decision::new(Vec::new()),
        }
        record.sequence += 1;
        Decision::new(vec![Self::changed(record, to, EventKind::JoiningGiven, Detail::default())])
    }

    /// The record of a test that ended, with the sheet as it is in the end.
    fn ended(&self, why: &str, observations: &[Observation], certificate_by: Option<NaiveDate>) -> Demonstration {
        let (on, by) = (self.today(), self.actor.name().to_owned());
        let outcome = Outcome { on, by, why: why.to_owned(), observations: observations.to_vec(), certificate_by };
        let record = Demonstration { outcome: Some(outcome), ..self.present() };
        Demonstration { sheet: sheet(&record, &self.given()), ..record }
    }

    fn pass(&self, (why, observations): (&str, &[Observation]), to: DemonstrationState) -> Decision {
        let by = self.working_days_after(CERTIFICATE_DAYS);
        let record = self.ended(why, observations, Some(by));
        let detail = Detail { count: Some(observations.len()), reply_by: Some(by), ..Detail::default() };
        let notice = Notice::TestPassed { on: self.today(), observations: observations.len(), certificate_by: by };
        Decision::new(vec![Self::changed(record, to, EventKind::TestPassed, detail)]).telling(Audience::Team, notice)
    }

    fn fail(&self, why: &str, to: DemonstrationState) -> Decision {
        let record = self.ended(why, &[], None);
        let missed = self.not_seen(&record).len();
        let detail = Detail { count: Some(missed), ..Detail::default() };
        let notice = Notice::TestNotPassed { on: self.today(), lines: missed };
        Decision::new(vec![Self::changed(record, to, EventKind::TestNotPassed, detail)]).telling(Audience::Team, notice)
    }

    fn not_held(&self, why: &str, to: DemonstrationState) -> Decision {
        let mut record = self.ended(why, &[], None);
        // Calendars take it out, for which they want a file that is newer.
        record.sequence += 1;
        let detail = Detail { reason: why.to_owned(), ..Detail::default() };
        Decision::new(vec![Self::changed(record, to, EventKind::TestNotHeld, detail)])
            .telling(Audience::Team, Notice::TestNotHeld { on: self.today() })
    }

    fn settle(&self, number: usize, how: &str, to: DemonstrationState) -> Result<Decision, Refusal> {
        let mut record = self.present();
        let observation = record.outcome.as_mut().and_then(|o| o.observations.get_mut(number));
        let observation = observation.ok_or(Refusal::Unknown("that observation"))?;
        if !observation.settled.is_empty() {
            return Ok(Decision::new(Vec::new()));
        }
        how.clone_into(&mut observation.settled);
        let detail = Detail { count: Some(record.open_observations()), ..Detail::default() };
        Ok(Decision::new(vec![Self::changed(record, to, EventKind::ObservationSettled, detail)]))
    }

    fn repeat(&self, why: &str, to: DemonstrationState) -> Decision {
        let present = self.present();
        let facts = TestFacts { is_declared: false, ..present.facts };
        let record = Demonstration { facts, remark: why.to_owned(), ..Demonstration::next(present.attempt) };
        let detail = Detail { reason: why.to_owned(), ..Detail::default() };
        Decision::new(vec![Self::changed(record, to, EventKind::TestRepeated, detail)])
            .telling(Audience::Team, Notice::TestRepeated)
    }
}

fn assessor(date: &Date) -> String {
    date.assessor.as_ref().map(|a| a.name.clone()).unwrap_or_default()
}

impl Decision {
    /// Tells the person who holds the test as well.
    fn also_assessor(self, chosen: &Chosen, notice: Notice) -> Self {
        match &chosen.assessor {
            Some(assessor) => self.telling(Audience::Person(assessor.person), notice),
            None => self,
        }
    }

    /// Tells the person who would have held it, if it is somebody else now.
    fn also_former(self, former: Option<&Assessor>, chosen: &Chosen, notice: Notice) -> Self {
        match former {
            Some(person) if chosen.assessor.as_ref() != Some(person) => self.telling(Audience::Person(person.person), notice),
            _ => self,
        }
    }
}
