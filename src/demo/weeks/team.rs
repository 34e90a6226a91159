//! The assurance team of the programme: who reviews what, who is away, and the dates that it publishes.

use anyhow::Context;
use chrono::{DateTime, Datelike as _, Days, Duration, IsoWeek, NaiveDate, Utc};

use super::Plan;
use super::cast::{INTEREST, TRAITS, Trait};
use super::hours::at_hour;
use crate::demo::cast::{GRACE, actor};
use crate::demo::programme::Programme;
use crate::domain::actor::Actor;
use crate::domain::calendar::london_date;
use crate::domain::product::Product;
use crate::domain::words::PersonId;
use crate::store::reviewer::ReviewerFacts;

/// Weeks ahead for which dates of tests are published; the first time for all of them.
const AHEAD: u64 = 6;
/// Days before a leave on which it is booked.
const BOOKED: u64 = 28;
/// Weeks from one leave of somebody to the next.
const LEAVES: usize = 8;
/// Days of a week, from Monday, and hours at which tests are held, in the order in which they are published.
const TIMES: [(u64, u32); 8] = [(1, 10), (3, 14), (2, 10), (3, 10), (1, 14), (4, 10), (2, 14), (0, 14)];

/// Days on which somebody is away.
struct Away {
    from: NaiveDate,
    until: NaiveDate,
    is_booked: bool,
}

/// A reviewer.
pub struct Colleague {
    /// Who acts.
    pub actor: Actor,
    /// What is true of them.
    pub own: &'static Trait,
    away: Vec<Away>,
}

impl Colleague {
    /// Who.
    pub const fn person(&self) -> PersonId {
        self.actor.person()
    }

    /// Whether they are away on a day.
    pub fn is_away(&self, day: NaiveDate) -> bool {
        self.away.iter().any(|a| a.from <= day && day <= a.until)
    }

    /// The first day from one on at which they are not away.
    pub fn back(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().find(|day| !self.is_away(*day)).unwrap_or(day)
    }
}

/// The team.
pub struct Team<'a> {
    programme: &'a Programme<'a>,
    /// Its reviewers.
    pub reviewers: Vec<Colleague>,
    /// Dates of tests published for a week.
    a_week: usize,
    /// The day that was begun last, and the week for which dates were published last.
    begun: NaiveDate,
    published: Option<IsoWeek>,
}

impl<'a> Team<'a> {
    /// The team, as it is before the programme begins.
    pub async fn new(
        programme: &'a Programme<'a>,
        plan: Plan,
        (since, begin, now): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
    ) -> anyhow::Result<Self> {
        let db = programme.db;
        let grace = actor(db, GRACE).await?;
        let mut reviewers = Vec::new();
        for (number, own) in TRAITS.iter().enumerate() {
            let actor = actor(db, own.email).await?;
            // Those of the small demonstration say themselves what they review.
            if number > 1 {
                let facts = ReviewerFacts { skills: own.skills.iter().copied().collect(), a_week: Some(6) };
                db.set_reviewer(&grace, actor.person(), &facts, since).await?;
            }
            reviewers.push(Colleague { actor, own, away: away(number, (london_date(begin), london_date(now))) });
        }
        let (place, email, reason) = INTEREST;
        let supplier = *programme.organisations.get(place).context("a supplier")?;
        let interested = actor(db, email).await?;
        db.declare_interest(&interested, (interested.person(), supplier), reason, since).await?;
        let a_week = usize::try_from(plan.products / plan.weeks.max(1) + 2)?.min(TIMES.len());
        let eve = london_date(begin).pred_opt().context("a day")?;
        Ok(Self { programme, reviewers, a_week, begun: eve, published: None })
    }

    /// Begins each day up to one: leave is booked, and once a week dates are published.
    pub async fn begin_days(&mut self, until: NaiveDate) -> anyhow::Result<()> {
        while self.begun < until {
            self.begun = self.begun + Days::new(1);
            if self.programme.rules.calendar().is_working_day(self.begun) {
                let at = at_hour(self.begun, 8).context("a morning")? + Duration::minutes(30);
                self.book_leave(at).await?;
                self.publish(at).await?;
            }
        }
        Ok(())
    }

    async fn book_leave(&mut self, at: DateTime<Utc>) -> anyhow::Result<()> {
        for colleague in &mut self.reviewers {
            let person = colleague.actor.person();
            for away in colleague.away.iter_mut().filter(|a| !a.is_booked && a.from <= london_date(at) + Days::new(BOOKED)) {
                self.programme.db.add_leave(&colleague.actor, person, (away.from, away.until), at).await?;
                away.is_booked = true;
            }
        }
        Ok(())
    }

    async fn publish(&mut self, at: DateTime<Utc>) -> anyhow::Result<()> {
        let today = london_date(at);
        let week = today.iso_week();
        if self.published == Some(week) {
            return Ok(());
        }
        let first = if self.published.is_none() { 2 } else { AHEAD };
        let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        for ahead in first..=AHEAD {
            self.publish_week(monday + Days::new(7 * ahead), at).await?;
        }
        self.published = Some(week);
        Ok(())
    }

    async fn publish_week(&self, monday: NaiveDate, at: DateTime<Utc>) -> anyhow::Result<()> {
        let turn = usize::try_from(monday.iso_week().week())?;
        for (number, (days, hour)) in TIMES.iter().take(self.a_week).enumerate() {
            let day = monday + Days::new(*days);
            let colleague = self.reviewers.get((turn + number) % self.reviewers.len().max(1)).context("a reviewer")?;
            if self.programme.rules.calendar().is_working_day(day) && !colleague.is_away(day) {
                self.programme.publish(colleague.own.email, at_hour(day, *hour).context("a time")?, at).await?;
            }
        }
        Ok(())
    }

    /// A reviewer by who they are.
    pub fn reviewer(&self, person: PersonId) -> Option<&Colleague> {
        self.reviewers.iter().find(|c| c.person() == person)
    }

    /// Those who can do something for a product on a day.
    pub fn at_work(&self, product: &Product, day: NaiveDate) -> Vec<&Colleague> {
        self.reviewers.iter().filter(|c| !c.is_away(day) && !product.interested.contains(&c.person())).collect()
    }
}

/// When somebody is away: a week now and then, one of them now, another one soon.
fn away(number: usize, (begin, now): (NaiveDate, NaiveDate)) -> Vec<Away> {
    let monday = begin - Days::new(u64::from(begin.weekday().num_days_from_monday()));
    let away = |from: NaiveDate, days| Away { from, until: from + Days::new(days), is_booked: false };
    let weeks = (number + 2..).step_by(LEAVES).zip(0..);
    let usual = weeks.map(|(week, turn)| {
        let from = monday + Days::new(7 * u64::try_from(week).unwrap_or_default());
        away(from, if turn % 3 == 1 { 11 } else { 4 })
    });
    let mut all: Vec<Away> = usual.take_while(|a| a.until + Days::new(14) < now).collect();
    match number {
        3 => all.push(away(now + Days::new(16), 4)),
        5 => all.push(away(now - Days::new(3), 11)),
        _ => {}
    }
    all
}
