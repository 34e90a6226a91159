//! The programme as it runs: from the agenda to a command, and from what the product waits for then back to the agenda.

use anyhow::Context;
use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::agenda::{Agenda, Deed, Entry};
use super::cast::VOICES;
use super::firm::Firm;
use super::hours::{after, on};
use super::rounds::Rounds;
use super::team::{Colleague, Team};
use super::work::{USUAL, Work};
use super::{Made, PRINTED, Plan};
use crate::backtest::dice::Dice;
use crate::demo::cast::actor;
use crate::demo::programme::Programme;
use crate::domain::calendar::{Calendar, london_date};
use crate::domain::catalogue::Section;
use crate::domain::live::facts::DEPLOYMENT_DAYS;
use crate::domain::product::Product;
use crate::domain::section::{SectionState, Turn};
use crate::domain::waits::{Wait, What};
use crate::domain::words::PersonId;
use crate::error::Error;

/// What somebody begins is done by then.
const LONGEST: Duration = Duration::hours(2);

/// The programme.
pub struct Simulation<'a> {
    pub(super) programme: &'a Programme<'a>,
    pub(super) firms: Vec<Firm<'a>>,
    pub(super) team: Team<'a>,
    pub(super) agenda: Agenda,
    works: Vec<Option<Work>>,
    begin: DateTime<Utc>,
    now: DateTime<Utc>,
    plan: Plan,
    made: Made,
}

impl<'a> Simulation<'a> {
    /// The programme before it begins: its people are there, and the days on which products are added are known.
    pub async fn new(
        programme: &'a Programme<'a>,
        plan: Plan,
        (since, begin, now): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
    ) -> anyhow::Result<Self> {
        let firms = Firm::all(programme, since).await?;
        let team = Team::new(programme, plan, (since, begin, now)).await?;
        let (mut agenda, mut works) = (Agenda::default(), Vec::new());
        let mut dice = Work::dice(plan.seed, u32::MAX);
        let mut earlier = [0; VOICES.len()];
        for number in 0..plan.products {
            let (place, voice) = some_supplier(&mut dice).context("a supplier")?;
            let count = earlier.get_mut(place).context("a supplier")?;
            let mut work = Work::new((place, voice), *count, Work::dice(plan.seed, number))?;
            *count += 1;
            let minutes = (now - begin).num_minutes() * i64::from(number) / i64::from(plan.products.max(1));
            let at = after(programme.rules.calendar(), begin + Duration::minutes(minutes), 0, &mut work.dice).context("a day")?;
            agenda.plan((at, works.len(), Deed::Add));
            works.push(Some(work));
        }
        Ok(Self { programme, firms, team, agenda, works, begin, now, plan, made: Made::default() })
    }

    /// Lets everything happen up to now.
    pub async fn run(mut self, rounds: &mut Rounds, tell: &dyn Fn(u32) -> anyhow::Result<()>) -> anyhow::Result<Made> {
        let step = self.plan.weeks.div_ceil(PRINTED);
        let mut told = 0;
        while let Some(entry) = self.agenda.next(self.now - LONGEST) {
            let week = u32::try_from((entry.0 - self.begin).num_weeks().max(0))? + 1;
            if week > told {
                told = week + step - 1;
                tell(week)?;
            }
            self.team.begin_days(london_date(entry.0)).await?;
            rounds.until(entry.0).await?;
            self.take_turn(entry).await?;
        }
        self.team.begin_days(london_date(self.now)).await?;
        rounds.until(self.now).await?;
        Ok(self.made)
    }

    async fn take_turn(&mut self, (at, number, deed): Entry) -> anyhow::Result<()> {
        // Out of the list while it is worked on.
        let mut work = self.works.get_mut(number).and_then(Option::take).context("a product")?;
        let is_test = deed == Deed::Awaited(What::Test);
        let from = if is_test { at } else { work.free_from(at) };
        if from > at {
            let then = after(self.calendar(), from, 0, &mut work.dice).context("a day")?;
            self.agenda.plan((then, number, deed));
        } else if Self::is_open(&work, deed) {
            work.busy = at + if is_test { LONGEST } else { USUAL };
            let done = Box::pin(self.act(&mut work, (at, number, deed))).await;
            if let Err(error) = done {
                self.refused(&mut work, error).await?;
            } else {
                self.made.acts += 1;
            }
            self.plan_next(&mut work, number, at)?;
        }
        if let Some(place) = self.works.get_mut(number) {
            *place = Some(work);
        }
        Ok(())
    }

    fn is_open(work: &Work, deed: Deed) -> bool {
        if work.patience == 0 {
            return false;
        }
        match (deed, &work.product) {
            (Deed::Awaited(what), Some(product)) => product.waits().iter().any(|w| w.what == what),
            (Deed::Add, product) => product.is_none(),
            (Deed::Hold | Deed::Resume | Deed::Withdraw | Deed::Settle | Deed::Alter | Deed::Renew, product) => product.is_some(),
            (Deed::Awaited(_), None) => false,
        }
    }

    async fn act(&mut self, work: &mut Work, (at, number, deed): Entry) -> anyhow::Result<()> {
        match deed {
            Deed::Add => self.add(work, (at, number)).await,
            Deed::Hold => self.hold(work, (at, number)).await,
            Deed::Resume => self.resume(work, at).await,
            Deed::Withdraw => self.withdraw(work, at).await,
            Deed::Settle => self.settle(work, at).await,
            Deed::Alter => self.alter(work, at).await,
            Deed::Renew => self.renew(work, at).await,
            Deed::Awaited(what) => self.awaited(work, what, (at, number)).await,
        }
    }

    async fn awaited(&mut self, work: &mut Work, what: What, (at, number): (DateTime<Utc>, usize)) -> anyhow::Result<()> {
        match what {
            What::Answers(section) => self.answers(work, section, at).await,
            What::Feedback(section) => self.feedback(work, section, at).await,
            What::Review(section) => self.review(work, section, (at, number)).await,
            What::Booking => self.booking(work, at).await,
            What::DateWish => self.wish(work, at).await,
            What::TestFacts => self.test_facts(work, at).await,
            What::CheckProblem | What::Checks => self.checks(work, at).await,
            What::Test | What::RunSheet => self.test(work, (at, number)).await,
            What::Certificate => self.certificate(work, at).await,
            What::Doubt => self.doubt(work, at).await,
            What::Signatory => self.signatory(work, at).await,
            What::AgreementIssue => self.agreement_issue(work, at).await,
            What::Signature => self.signature(work, at).await,
            What::SignedCopy => self.signed_copy(work, at).await,
            What::Production => self.production(work, at).await,
            What::GoLive => self.go_live(work, (at, number)).await,
        }
    }

    /// Plans what the product waits for now, each by its own pace.
    fn plan_next(&mut self, work: &mut Work, number: usize, at: DateTime<Utc>) -> anyhow::Result<()> {
        let waits = work.product.as_ref().map(Product::waits).unwrap_or_default();
        for wait in waits {
            let deed = Deed::Awaited(wait.what);
            if !self.agenda.is_planned(number, deed) {
                let then = self.when(work, &wait, at)?;
                self.agenda.plan((then, number, deed));
            }
        }
        Ok(())
    }

    /// When somebody will do what a product waits for.
    fn when(&self, work: &mut Work, wait: &Wait, at: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
        if let (What::Test, Some(date)) = (wait.what, work.product()?.demonstration().date.as_ref()) {
            return Ok(date.starts_at.max(at));
        }
        if let What::Review(section) = wait.what
            && let Some(holder) = work.product()?.section(section).reviewer
        {
            let pace = self.team.reviewer(holder).map_or(2.0, |c| c.own.pace);
            return self.later(&mut work.dice, at, pace);
        }
        // A production configuration takes two weeks to be deployed.
        let at = if wait.what == What::GoLive { at + Duration::days(DEPLOYMENT_DAYS) } else { at };
        let own = if wait.turn == Turn::Supplier { work.slower * self.firm(work)?.voice.slower } else { 1.0 };
        // Now and then something lies for long.
        let stalls = if work.dice.chance(0.06) { 3.0 } else { 1.0 };
        self.later(&mut work.dice, at, usual(wait.what) * own * stalls)
    }

    /// About so many working days later.
    pub(super) fn later(&self, dice: &mut Dice, at: DateTime<Utc>, usual: f64) -> anyhow::Result<DateTime<Utc>> {
        let days = dice.gamma(usual);
        after(self.calendar(), at, days, dice).context("a day")
    }

    /// Some time of the first working day from one on.
    pub(super) fn working_day(&self, dice: &mut Dice, day: NaiveDate) -> anyhow::Result<DateTime<Utc>> {
        let day = day.iter_days().find(|day| self.calendar().is_working_day(*day)).context("a day")?;
        on(day, dice).context("a time")
    }

    pub(super) fn calendar(&self) -> &'a Calendar {
        self.programme.rules.calendar()
    }

    pub(super) fn firm(&self, work: &Work) -> anyhow::Result<&Firm<'a>> {
        self.firms.get(work.firm).context("a supplier")
    }

    /// A reviewer who is at work and has the least to do, those first who know the section.
    pub(super) fn free_reviewer(&self, product: &Product, section: Option<Section>, day: NaiveDate) -> Option<&Colleague> {
        let foreign = |c: &Colleague| section.is_some_and(|s| !c.own.skills.contains(&s));
        self.team.at_work(product, day).into_iter().min_by_key(|c| self.load(c.person()) + if foreign(c) { 3 } else { 0 })
    }

    /// Reviews that somebody has.
    fn load(&self, person: PersonId) -> usize {
        let products = self.works.iter().flatten().filter_map(|w| w.product.as_ref());
        let held = products.flat_map(|p| p.sections.values());
        held.filter(|r| r.state() == SectionState::Submitted && r.reviewer == Some(person)).count()
    }

    /// After a refusal the product is read anew and goes on, a few times.
    async fn refused(&mut self, work: &mut Work, error: anyhow::Error) -> anyhow::Result<()> {
        let is_refusal = matches!(error.downcast_ref::<Error>(), Some(Error::Refused(_)));
        if !is_refusal {
            return Err(error);
        }
        self.made.refused.push(format!("{error:#}"));
        work.patience = work.patience.saturating_sub(1);
        if let Some(product) = &work.product {
            let owner = actor(self.programme.db, self.firm(work)?.owner).await?;
            work.product = Some(self.programme.db.visible(&owner).product(&product.reference).await?);
        }
        Ok(())
    }
}

/// Some supplier, each as often as its share of the programme says.
fn some_supplier(dice: &mut Dice) -> Option<(usize, &'static str)> {
    let mut left = dice.whole(VOICES.iter().map(|v| v.share).sum());
    VOICES.iter().enumerate().find_map(|(place, voice)| {
        let is_it = left < voice.share;
        left = left.saturating_sub(voice.share);
        is_it.then_some((place, voice.brand))
    })
}

/// The usual working days until it is done; half of them for what takes two sittings.
const fn usual(what: What) -> f64 {
    match what {
        What::Answers(Section::DataSecurity | Section::CoreConformance) => 2.5,
        What::Answers(Section::ServiceManagement | Section::MedicalDevice) => 1.8,
        What::Answers(Section::ClinicalRisk | Section::Cis2Conformance) | What::Feedback(_) | What::TestFacts | What::Signature => {
            3.5
        }
        What::Review(_) | What::Booking | What::Checks => 1.2,
        What::DateWish | What::CheckProblem | What::Certificate | What::AgreementIssue | What::SignedCopy => 1.9,
        What::Test | What::RunSheet => 0.0,
        What::Doubt => 3.0,
        What::Signatory | What::Production | What::GoLive => 5.0,
    }
}
