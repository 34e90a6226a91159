//! Products are added, sections answered, reviewed and answered again; some products rest or end.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{DateTime, Days, Duration, Utc};

use super::agenda::Deed;
use super::feedback::{ACCEPTED, AGAIN, POINTS, Point, RETURNED, UNSEEN};
use super::simulation::Simulation;
use super::work::Work;
use crate::backtest::dice::Dice;
use crate::demo::answers::evidence;
use crate::demo::cast::GRACE;
use crate::domain::answer::Value;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, Entry, Reviewer, SectionCommand};
use crate::domain::demonstration::DemonstrationState;
use crate::domain::facts::{Authenticator, CareSetting, Facts, UserKind};
use crate::domain::product::{Product, Standing};
use crate::domain::section::ProductState;
use crate::domain::waits::What;

/// Rounds after which nothing more is asked.
const MOST_ROUNDS: u32 = 4;

/// A product's turn: when, and its number.
type Turn = (DateTime<Utc>, usize);

impl Simulation<'_> {
    /// The supplier adds the product and gives its details; some will rest or end before they are assured.
    pub(super) async fn add(&mut self, work: &mut Work, (at, number): Turn) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        let writer = firm.writer(&mut work.dice);
        let p = firm.programme.add(writer, firm.place, (&work.name, work.what), at).await?;
        let facts = details(work, &p.facts, at)?;
        let command = Command::Change(Box::new(facts), p.facts.edition());
        work.product = Some(firm.programme.act(writer, &p, command, at + Duration::minutes(25)).await?);
        if work.dice.chance(0.16) {
            let then = self.later(&mut work.dice, at, 9.0)?;
            self.agenda.plan((then, number, Deed::Hold));
        }
        if work.dice.chance(0.07) {
            let then = self.later(&mut work.dice, at, 16.0)?;
            self.agenda.plan((then, number, Deed::Withdraw));
        }
        Ok(())
    }

    /// The supplier answers a section, often in two sittings, and sends it.
    pub(super) async fn answers(&mut self, work: &mut Work, section: Section, at: DateTime<Utc>) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        let writer = firm.writer(&mut work.dice);
        let p = work.product()?.clone();
        let given = p.given(firm.programme.rules.catalogue(p.question_set)?, london_date(at));
        let (answered, of) = p.answered(&given, section);
        let is_first = answered == 0 && work.dice.chance(0.8);
        work.product = Some(if is_first {
            firm.programme.answer(writer, p, (section, of.div_ceil(2)), at).await?
        } else {
            firm.programme.fill_and_send(writer, p, section, at).await?
        });
        Ok(())
    }

    /// Somebody takes the review or is given it; who has it replies. Now and then a section is taken back before.
    pub(super) async fn review(&mut self, work: &mut Work, section: Section, (at, number): Turn) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        let record = p.section(section);
        let Some(holder) = record.reviewer else {
            if record.round == 1 && work.dice.chance(0.02) {
                let firm = self.firm(work)?;
                let taken = firm.programme.act(firm.owner, &p, Command::Section(section, SectionCommand::TakeBack), at).await?;
                work.product = Some(taken);
                return Ok(());
            }
            return self.give(work, section, at).await;
        };
        let today = london_date(at);
        let Some(colleague) = self.team.reviewer(holder) else { return self.give(work, section, at).await };
        if !colleague.is_away(today) {
            let email = colleague.own.email;
            return self.reply(work, (section, email), at).await;
        }
        // Some reviews are given to somebody else, others wait.
        if work.dice.chance(0.4) {
            return self.give(work, section, at).await;
        }
        let back = colleague.back(today);
        let then = self.working_day(&mut work.dice, back)?;
        self.agenda.plan((then, number, Deed::Awaited(What::Review(section))));
        Ok(())
    }

    /// A review is taken, or given by the manager.
    async fn give(&self, work: &mut Work, section: Section, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        let Some(colleague) = self.free_reviewer(&p, Some(section), london_date(at)) else { return Ok(()) };
        let is_held = p.section(section).reviewer.is_some();
        work.product = Some(if is_held || work.dice.chance(0.3) {
            let reviewer = Reviewer { person: colleague.person(), name: colleague.actor.name().to_owned() };
            self.programme.act(GRACE, &p, Command::Section(section, SectionCommand::Assign(reviewer)), at).await?
        } else {
            self.programme.take(colleague.own.email, &p, section, at).await?
        });
        Ok(())
    }

    /// Every open question is decided, and the section accepted or sent back.
    async fn reply(&self, work: &mut Work, (section, reviewer): (Section, &str), at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        let given = p.given(self.programme.rules.catalogue(p.question_set)?, london_date(at));
        let shown = given.shown(section).into_iter();
        let open: BTreeSet<&str> = shown.filter(|q| p.standing(section, q) != Standing::Accepted).map(|q| q.key.as_str()).collect();
        let mut asked = what_is_asked(work, &open, p.section(section).round);
        // An answer in another section can bring a question that nobody saw when this one was sent.
        let unseen = open.iter().filter(|key| given.value(key).is_none());
        asked.extend(unseen.map(|key| (*key, UNSEEN)));
        let p = self.programme.decide(reviewer, &p, section, (asked.as_slice(), at)).await?;
        let message = work.dice.pick(if asked.is_empty() { ACCEPTED } else { RETURNED }).copied().unwrap_or_default().to_owned();
        let outcome = if asked.is_empty() { SectionCommand::Accept(message) } else { SectionCommand::Return(message) };
        let then = at + Duration::minutes(i64::from(5 + work.dice.whole(40)));
        work.product = Some(self.programme.act(reviewer, &p, Command::Section(section, outcome), then).await?);
        Ok(())
    }

    /// The supplier answers each question that came back, and sends the section again.
    pub(super) async fn feedback(&mut self, work: &mut Work, section: Section, at: DateTime<Utc>) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        let writer = firm.writer(&mut work.dice);
        let p = work.product()?.clone();
        let given = p.given(firm.programme.rules.catalogue(p.question_set)?, london_date(at));
        let mut entries = Vec::new();
        for question in p.asked(&given, section).into_iter().filter(|q| given.value(&q.key).is_some()) {
            let added = answer_to(&p, &question.key);
            let present = p.answers.get(&question.key);
            let (mut value, mut remark) = (present.and_then(|a| a.value.clone()), String::new());
            match &mut value {
                Some(Value::Text(text)) => *text = format!("{text} {added}"),
                Some(Value::Files { files, .. }) => {
                    let file = format!("{}-round-{}.pdf", question.key, p.section(section).round + 1);
                    *files = vec![evidence(&file, &question.name, firm.programme.files).await?];
                    remark = added.to_owned();
                }
                Some(Value::Choice(_) | Value::Choices(_) | Value::Date(_) | Value::Number(_) | Value::Ticked) | None => {
                    remark = added.to_owned();
                }
            }
            entries.push(Entry { question: question.key.clone(), edition: present.map_or(0, |a| a.edition), value, remark });
        }
        let p = firm.programme.act(writer, &p, Command::Section(section, SectionCommand::Answer(entries)), at).await?;
        // What has no answer yet gets one as well.
        work.product = Some(firm.programme.fill_and_send(writer, p, section, at + Duration::minutes(15)).await?);
        Ok(())
    }

    /// The supplier puts the product on hold, unless it is at its test or assured.
    pub(super) async fn hold(&mut self, work: &mut Work, (at, number): Turn) -> anyhow::Result<()> {
        if !may_rest(work.product()?) {
            return Ok(());
        }
        let why = [
            "We are moving to a new hosting company and will go on when that is done.",
            "Our technical lead has left, and the new one starts next month.",
            "A customer has asked us to finish another release first.",
        ];
        let why = work.dice.pick(&why).copied().unwrap_or_default().to_owned();
        let firm = self.firm(work)?;
        work.product = Some(firm.programme.act(firm.owner, work.product()?, Command::Hold(why), at).await?);
        let then = self.later(&mut work.dice, at, 22.0)?;
        self.agenda.plan((then, number, Deed::Resume));
        Ok(())
    }

    /// The supplier goes on.
    pub(super) async fn resume(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        if work.product()?.state != ProductState::OnHold {
            return Ok(());
        }
        let firm = self.firm(work)?;
        let why = "We can go on as planned.".to_owned();
        work.product = Some(firm.programme.act(firm.owner, work.product()?, Command::Resume(why), at).await?);
        Ok(())
    }

    /// The supplier gives the product up, unless it is assured by now.
    pub(super) async fn withdraw(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        if p.state == ProductState::Withdrawn || p.is_assured() || p.live_on.is_some() {
            return Ok(());
        }
        let why = "We have decided to put its functions into another product.".to_owned();
        let firm = self.firm(work)?;
        work.product = Some(firm.programme.act(firm.owner, p, Command::Withdraw(why), at).await?);
        Ok(())
    }
}

fn may_rest(p: &Product) -> bool {
    let state = p.demonstration().state;
    let is_at_test = state.is_open() || state == DemonstrationState::Asked;
    p.state == ProductState::Active && !is_at_test && !p.is_assured() && p.live_on.is_none()
}

/// What a reviewer asks: the more careless the product, the more; less in each later round.
fn what_is_asked<'a>(work: &mut Work, open: &BTreeSet<&str>, round: u32) -> Vec<(&'a str, &'a str)> {
    let often = (1..round).fold(work.careless, |often, _| often * 0.6);
    if round >= MOST_ROUNDS || !work.dice.chance(often) {
        return Vec::new();
    }
    let mut points: Vec<&Point> = POINTS.iter().filter(|p| open.contains(p.key)).collect();
    let most = if round == 1 { 1 + work.dice.whole(3) } else { 1 };
    let mut asked = Vec::new();
    for _ in 0..most {
        let Some(place) = weighted(&mut work.dice, &points) else { break };
        let point = points.remove(place);
        let again = work.dice.pick(AGAIN).map_or(point.asked, |(asked, _)| *asked);
        asked.push((point.key, if round == 1 { point.asked } else { again }));
    }
    asked
}

/// The place of one of some points, each as often as its weight says.
fn weighted(dice: &mut Dice, points: &[&Point]) -> Option<usize> {
    let mut left = dice.whole(points.iter().map(|p| p.weight).sum());
    points.iter().position(|point| {
        let is_it = left < point.weight;
        left = left.saturating_sub(point.weight);
        is_it
    })
}

/// What the supplier says to the last thing that was asked of a question.
fn answer_to(p: &Product, key: &str) -> &'static str {
    let last = p.sections.values().find_map(|record| record.last(key)).map_or("", |d| d.comment.as_str());
    let again = AGAIN.iter().find(|(asked, _)| *asked == last).map(|(_, added)| *added);
    let first = POINTS.iter().find(|point| point.key == key && point.asked == last).map(|point| point.added);
    again.or(first).unwrap_or("This is up to date with what we have recorded.")
}

/// The details of a product: of many kinds.
fn details(work: &mut Work, named: &Facts, at: DateTime<Utc>) -> anyhow::Result<Facts> {
    let today = london_date(at);
    let dice = &mut work.dice;
    let setting = dice.pick(CareSetting::ALL).copied().context("a setting")?;
    let authenticators: &[&[Authenticator]] = &[
        &[Authenticator::InternetSmartcard, Authenticator::Passkey],
        &[Authenticator::SecurityKey, Authenticator::MicrosoftAuthenticator],
        &[Authenticator::WindowsHello, Authenticator::InternetSmartcard],
        &[Authenticator::Ipad, Authenticator::SecurityKey, Authenticator::NhsNetConnect],
    ];
    let users = if dice.chance(0.5) { UserKind::Administrators } else { UserKind::Managers };
    let before = |days| today.checked_sub_days(Days::new(days));
    Ok(Facts {
        version: format!("{}.{}", 1 + dice.whole(6), dice.whole(10)),
        use_case: format!("Staff sign in with CIS2 to do their work. {}", work.what),
        use_case_approved_on: before(u64::from(20 + dice.whole(60))),
        migrating_from_cis1: Some(work.is_move),
        care_settings: [setting].into(),
        users: [UserKind::Clinicians, users].into(),
        authenticators: dice.pick(authenticators).copied().unwrap_or_default().iter().copied().collect(),
        int_working: Some(true),
        int_working_since: before(u64::from(40 + dice.whole(60))),
        go_live_target: today.checked_add_days(Days::new(u64::from(70 + dice.whole(90)))),
        ..named.clone()
    })
}
