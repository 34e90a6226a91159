//! The conformance test of a product: a date is taken, moved or given back, the test prepared, held, and held again.

use anyhow::Context;
use chrono::{DateTime, Days, Duration, Utc};

use super::agenda::Deed;
use super::hours::at_hour;
use super::simulation::Simulation;
use super::team::Colleague;
use super::work::Work;
use crate::demo::cast::{GRACE, actor};
use crate::domain::calendar::london_date;
use crate::domain::demonstration::checks::{Check, CheckResult};
use crate::domain::demonstration::command::{CheckEntry, Chosen, DemonstrationCommand};
use crate::domain::demonstration::{Assessor, DemonstrationState, Observation};
use crate::domain::product::Product;
use crate::domain::slot::{SLOT_HOURS, Slot};
use crate::domain::words::SlotId;
use crate::secret::new_id;

/// Working days ahead up to which a supplier waits for a free date; later than that it asks for one.
const PATIENT_DAYS: u64 = 32;
/// The hour of a test that was asked for, so that it meets none of the published ones.
const ASKED_HOUR: u32 = 12;

/// What goes wrong in a test: lines that every product has to show, and what was seen.
const MISSED: &[&[(&str, &str)]] = &[
    &[
        ("b1", "The product’s session was still open after 10 minutes. The server had answered the logout token with an error."),
        ("c1", "Nothing happened after 15 minutes without activity."),
    ],
    &[("a3", "The request has no nonce.")],
    &[("c5", "The other tab stayed open."), ("a8", "A blank page after cancelling.")],
];

/// What is to be put right after a passed test: the line, what was seen, and the observation.
const OBSERVED: &[(&str, &str, &str)] = &[
    ("a8", "A blank page after cancelling.", "Show a helpful page when somebody cancels at CIS2."),
    ("c5", "The other tab stayed open.", "Open tabs do not follow when the user signs out in one of them."),
];

impl Simulation<'_> {
    /// The supplier takes a free date, or asks for one.
    pub(super) async fn booking(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        let writer = firm.writer(&mut work.dice);
        let free = self.free_dates(work.product()?, writer, at).await?;
        let some = free.get(..free.len().min(4)).unwrap_or_default();
        let command = match work.dice.pick(some) {
            Some(slot) if !work.dice.chance(0.06) => DemonstrationCommand::Book(self.chosen(writer, slot.id).await?),
            Some(_) | None => {
                let first = self.calendar().earliest_test(london_date(at));
                let days = first.iter_days().filter(|day| self.calendar().is_working_day(*day)).step_by(2).take(3);
                DemonstrationCommand::Ask(days.filter_map(|day| at_hour(day, ASKED_HOUR)).collect())
            }
        };
        work.product = Some(firm.programme.test(writer, work.product()?, command, at).await?);
        Ok(())
    }

    /// Dates that somebody can take now.
    async fn free_dates(&self, p: &Product, writer: &str, at: DateTime<Utc>) -> anyhow::Result<Vec<Slot>> {
        let first = self.calendar().earliest_test(london_date(at));
        let last = first + Days::new(PATIENT_DAYS);
        let supplier = actor(self.programme.db, writer).await?;
        let slots = self.programme.db.visible(&supplier).free_slots(at).await?;
        let is_apart = |s: &Slot| s.assessor.as_ref().is_none_or(|(person, _)| !p.interested.contains(person));
        Ok(slots.into_iter().filter(|s| first <= s.date() && s.date() <= last && is_apart(s)).collect())
    }

    async fn chosen(&self, writer: &str, slot: SlotId) -> anyhow::Result<Chosen> {
        let supplier = actor(self.programme.db, writer).await?;
        self.programme.db.visible(&supplier).chosen_slot(slot).await?.context("a free date")
    }

    /// The team fixes one of the dates that were asked for, or says that none can be.
    pub(super) async fn wish(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        let moments = p.demonstration().wish.as_ref().map(|w| w.moments.clone()).unwrap_or_default();
        let taken = self.dates_around(&moments).await?;
        let found = moments.into_iter().filter(|moment| *moment > at).find_map(|moment| {
            let is_near = |s: &Slot| (s.starts_at - moment).abs() < Duration::hours(SLOT_HOURS);
            let has_other = |c: &Colleague| {
                taken.iter().any(|s| is_near(s) && s.assessor.as_ref().is_some_and(|(person, _)| *person == c.person()))
            };
            Some((moment, self.team.at_work(&p, london_date(moment)).into_iter().find(|c| !has_other(c))?))
        });
        let (email, command) = match found {
            Some((starts_at, colleague)) if !work.dice.chance(0.15) => {
                let assessor = Some(Assessor { person: colleague.person(), name: colleague.actor.name().to_owned() });
                let chosen = Chosen { slot: SlotId(new_id()), starts_at, assessor, is_free: true };
                (colleague.own.email, DemonstrationCommand::Agree(chosen))
            }
            Some(_) | None => {
                let colleague = self.free_reviewer(&p, None, london_date(at)).context("a reviewer")?;
                let why = "Nobody is free on these days. There are new dates in the calendar from Monday on.".to_owned();
                (colleague.own.email, DemonstrationCommand::Decline(why))
            }
        };
        work.product = Some(self.programme.test(email, &p, command, at).await?);
        Ok(())
    }

    /// The published dates of the days of some moments.
    async fn dates_around(&self, moments: &[DateTime<Utc>]) -> anyhow::Result<Vec<Slot>> {
        let (Some(first), Some(last)) = (moments.iter().min(), moments.iter().max()) else { return Ok(Vec::new()) };
        let manager = actor(self.programme.db, GRACE).await?;
        let (from, until) = (*first - Duration::days(1), *last + Duration::days(1));
        let slots = self.programme.db.visible(&manager).published_slots(from, until).await?;
        Ok(slots.into_iter().map(|published| published.slot).collect())
    }

    /// The supplier gives the facts of the test, or moves it, or gives the date back.
    pub(super) async fn test_facts(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        if is_over(work, at) {
            return self.not_held(work, "The details for the test were not given in time.", at).await;
        }
        let firm = self.firm(work)?;
        let writer = firm.writer(&mut work.dice);
        if work.dice.chance(0.1) {
            return self.move_date(work, writer, at).await;
        }
        if work.dice.chance(0.05) {
            let why = "Our developer is ill. We book again when she is back.".to_owned();
            work.product = Some(firm.programme.test(writer, work.product()?, DemonstrationCommand::Cancel(why), at).await?);
            return Ok(());
        }
        work.product = Some(firm.programme.describe(writer, work.product()?, at).await?);
        Ok(())
    }

    /// Takes a later date in place of the present one, if there is any.
    async fn move_date(&self, work: &mut Work, writer: &str, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        let present = p.demonstration().date.as_ref().map(|d| d.starts_at).context("a date")?;
        let free = self.free_dates(p, writer, at).await?;
        if let Some(slot) = free.iter().find(|s| s.starts_at > present) {
            let command = DemonstrationCommand::Move(self.chosen(writer, slot.id).await?);
            work.product = Some(self.programme.test(writer, p, command, at).await?);
        }
        Ok(())
    }

    /// Whoever holds the test does the checks; now and then one finds a problem, which is put right.
    pub(super) async fn checks(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        if is_over(work, at) {
            return self.not_held(work, "The background checks were not finished in time.", at).await;
        }
        let p = work.product()?.clone();
        let assessor = self.assessor(&p, at)?;
        let is_first = p.demonstration().checks.is_empty();
        if is_first && work.dice.chance(0.15) {
            let note = "The client ID that you gave belongs to another product. Give the one of this product.".to_owned();
            let problem = CheckEntry { check: Check::IntConfiguration, result: Some(CheckResult::Problem), note };
            let passed = CheckEntry { check: Check::Deployed, result: Some(CheckResult::Passed), note: String::new() };
            let command = DemonstrationCommand::Check(vec![problem, passed]);
            work.product = Some(self.programme.test(assessor, &p, command, at).await?);
            return Ok(());
        }
        let link = DemonstrationCommand::Invite("https://meet.example.com/cis2-demonstration".to_owned());
        let p = self.programme.test(assessor, &p, link, at).await?;
        work.product = Some(self.programme.confirm(assessor, &p, at + Duration::minutes(20)).await?);
        Ok(())
    }

    /// The day of the test, to its end.
    pub(super) async fn test(&mut self, work: &mut Work, (at, number): (DateTime<Utc>, usize)) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        // The test was moved meanwhile: the agenda has its new day.
        if p.demonstration().date.as_ref().is_none_or(|d| d.starts_at > at) {
            return Ok(());
        }
        if work.dice.chance(0.03) {
            return self.not_held(work, "The supplier’s test environment could not be reached for an hour.", at).await;
        }
        let assessor = self.assessor(&p, at)?;
        let fails = work.dice.chance(0.08 + 0.25 * work.careless / f64::from(p.demonstration().attempt));
        let observed = if work.dice.chance(0.25) { work.dice.pick(OBSERVED) } else { None };
        let missed = match (fails, observed) {
            (true, _) => work.dice.pick(MISSED).map(|some| some.to_vec()).unwrap_or_default(),
            (false, observed) => observed.map(|(line, seen, _)| (*line, *seen)).into_iter().collect(),
        };
        let (p, began) = self.programme.hold(assessor, &p, &missed).await?;
        let then = began + Duration::minutes(i64::from(85 + work.dice.whole(35)));
        let command = match observed {
            _ if fails => {
                DemonstrationCommand::Fail("What was not seen has to be shown again. The rest is in good order.".to_owned())
            }
            Some((.., text)) => {
                let settled = self.later(&mut work.dice, then, 14.0)?;
                self.agenda.plan((settled, number, Deed::Settle));
                let due_on = london_date(then) + Days::new(30);
                let (text, owner) = ((*text).to_owned(), "The technical lead".to_owned());
                DemonstrationCommand::Observe(vec![Observation { text, owner, due_on, settled: String::new() }], String::new())
            }
            None => DemonstrationCommand::Pass("Thank you for a well prepared test.".to_owned()),
        };
        work.product = Some(self.programme.test(assessor, &p, command, then).await?);
        Ok(())
    }

    /// A reviewer records that the first open observation is dealt with.
    pub(super) async fn settle(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        let test = p.demonstration();
        let open = test.outcome.as_ref().and_then(|o| o.observations.iter().position(|o| o.settled.is_empty()));
        let (Some(number), DemonstrationState::Passed) = (open, test.state) else { return Ok(()) };
        let Some(colleague) = self.free_reviewer(p, None, london_date(at)) else { return Ok(()) };
        let command = DemonstrationCommand::Settle(number, "It is in the release that went to INT this week.".to_owned());
        work.product = Some(self.programme.test(colleague.own.email, p, command, at).await?);
        Ok(())
    }

    async fn not_held(&self, work: &mut Work, why: &str, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        let command = DemonstrationCommand::NotHold(why.to_owned());
        work.product = Some(self.programme.test(self.assessor(p, at)?, p, command, at).await?);
        Ok(())
    }

    /// Whoever holds the test.
    fn assessor(&self, p: &Product, at: DateTime<Utc>) -> anyhow::Result<&'static str> {
        let named = p.demonstration().date.as_ref().and_then(|d| d.assessor.as_ref());
        let known = named.and_then(|a| self.team.reviewer(a.person));
        let colleague = known.or_else(|| self.free_reviewer(p, None, london_date(at))).context("a reviewer")?;
        Ok(colleague.own.email)
    }
}

/// Whether the day of the test has come.
fn is_over(work: &Work, at: DateTime<Utc>) -> bool {
    let test = work.product.as_ref().map(Product::demonstration);
    test.and_then(|t| t.date.as_ref()).is_some_and(|d| d.starts_at <= at)
}
