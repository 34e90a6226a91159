//! The only judge: a command on a product by an actor is permitted with its consequences, or refused with a reason.

use chrono::{DateTime, NaiveDate, Utc};

use super::actor::Actor;
use super::agreement::{AgreementState, Party, Trigger};
use super::calendar::{Calendar, Pause, REPLY_DAYS, london_date};
use super::catalogue::{Catalogue, Section};
use super::command::{By, Change, Command};
use super::notice::{Audience, Notice};
use super::passage::Posture;
use super::product::Product;
use super::recount::recounted;
use super::refusal::Refusal;
use super::review::Judge;
use super::section::{PRODUCT, ProductAct, SectionAct};

/// All that a decision depends on beside the product and the command.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The question set of the product.
    pub catalogue: &'a Catalogue,
    /// Working days.
    pub calendar: &'a Calendar,
    /// From when the Connection Agreement may be issued.
    pub trigger: Trigger,
    /// Minutes for which the sending of a review can be undone.
    pub undo_minutes: u32,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl Setting<'_> {
    /// The date in Europe/London.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        london_date(self.now)
    }

    /// By when the supplier is expected to answer what is asked today; `None` while the product is on hold.
    #[must_use]
    pub fn answer_by(&self, product: &Product) -> Option<NaiveDate> {
        self.calendar.after(self.today(), REPLY_DAYS, &product.pauses).map(|d| d.on)
    }
}

/// A permitted command with its consequences, not yet written.
///
/// Only [`decide`] makes one:
///
/// ```compile_fail
/// let forged = assured::domain::decide::Decision { changes: vec![], notices: vec![] };
/// ```
///
/// ```
/// fn changes(decision: &assured::domain::decide::Decision) -> usize { decision.changes().len() }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    changes: Vec<Change>,
    notices: Vec<(Audience, Notice)>,
    calendar: u32,
}

impl Decision {
    /// The facts that become true, in order.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Who is told what.
    #[must_use]
    pub fn notices(&self) -> &[(Audience, Notice)] {
        &self.notices
    }

    /// The product as it is afterwards, its clocks turned; its version is not raised.
    #[must_use]
    pub fn applied(&self, product: Product, by: By) -> Product {
        let before = Posture::of(&product);
        let mut after = self.changes.iter().fold(product, |p, c| p.after(c, by));
        after.calendar = after.calendar.max(self.calendar);
        after.turned(&before, london_date(by.at))
    }

    pub(super) fn new(changes: Vec<Change>) -> Self {
        Self { changes, notices: Vec::new(), calendar: 0 }
    }

    pub(super) fn telling(mut self, audience: Audience, notice: Notice) -> Self {
        self.notices.push((audience, notice));
        self
    }

    /// The same, with the edition of the calendar that its promises were counted with.
    #[must_use]
    pub fn counted_by(self, calendar: u32) -> Self {
        Self { calendar, ..self }
    }

    /// The same with one more fact.
    pub(super) fn and(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Both, the other after this one.
    pub(super) fn followed_by(mut self, other: Option<Self>) -> Self {
        if let Some(other) = other {
            self.changes.extend(other.changes);
            self.notices.extend(other.notices);
        }
        self
    }

    /// What follows for a product from what its organisation says of itself now; `None` when it waits for the same.
    #[must_use]
    pub fn of_party(product: &Product, party: &Party) -> Option<Self> {
        let after = Product { party: party.clone(), ..product.clone() };
        let is_moved = Posture::of(&after) != Posture::of(product);
        is_moved.then(|| Self::new(vec![Change::PartyChanged(Box::new(after.party))]))
    }

    /// A new product, by an owner or editor of its organisation.
    ///
    /// # Errors
    /// [`Refusal::NotYours`] for anybody else.
    pub fn add(actor: &Actor, product: &Product) -> Result<Self, Refusal> {
        if !super::machine::Who::Editor.admits(actor, product.organisation) {
            return Err(Refusal::NotYours);
        }
        let decision = Self::new(vec![Change::ProductAdded]);
        Ok(decision.telling(Audience::Team, Notice::ProductAdded { by: actor.name().to_owned() }))
    }
}

/// Permits or refuses a command. A product whose promises were counted with an older calendar is counted anew first.
///
/// # Errors
/// The [`Refusal`] with the sentence that people read.
pub fn decide(setting: &Setting<'_>, actor: &Actor, product: &Product, command: &Command) -> Result<Decision, Refusal> {
    let edition = setting.calendar.edition();
    let Some(recounted) = recounted(setting, product) else {
        return Ok(followed(setting, actor, product, judged(setting, actor, product, command)?).counted_by(edition));
    };
    let product = recounted.applied(product.clone(), By { person: actor.person(), at: setting.now });
    let decision = followed(setting, actor, &product, judged(setting, actor, &product, command)?);
    Ok(recounted.followed_by(Some(decision)).counted_by(edition))
}

/// Adds what becomes true of itself: the agreement can be issued, the product is assured.
fn followed(setting: &Setting<'_>, actor: &Actor, product: &Product, mut decision: Decision) -> Decision {
    if decision.changes.is_empty() {
        return decision;
    }
    let by = By { person: actor.person(), at: setting.now };
    let after = decision.applied(product.clone(), by);
    let may_be = |p: &Product| p.may_be_issued(setting.trigger);
    let waits = after.agreement().state == AgreementState::NotIssued && after.agreement().issue_by.is_none();
    if waits && may_be(&after) && !may_be(product) {
        let judge = super::agreement::judge::Judge { setting, actor, product: &after };
        decision.changes.push(judge.due());
    }
    if after.is_assured() && !product.is_assured() {
        decision.changes.push(Change::BecameAssured);
        return decision.telling(Audience::Team, Notice::Assured);
    }
    decision
}

fn judged(setting: &Setting<'_>, actor: &Actor, product: &Product, command: &Command) -> Result<Decision, Refusal> {
    match command {
        Command::Section(section, asked) => Judge { setting, actor, product, section: *section }.decide(asked),
        Command::Change(..) | Command::Hold(_) | Command::Resume(_) | Command::Remind | Command::Withdraw(_) => {
            on_product(setting, actor, product, command)
        }
        Command::Demonstration(asked) => super::demonstration::judge::Judge { setting, actor, product }.decide(asked),
        Command::Certificate(asked) => super::certificate::Judge { setting, actor, product }.decide(asked),
        Command::Agreement(asked) => super::agreement::judge::Judge { setting, actor, product }.decide(asked),
        Command::Live(asked) => super::live::Judge { setting, actor, product }.decide(asked),
        Command::Thread(asked) => super::thread::Judge { setting, actor, product }.decide(asked),
        Command::Assignee(asked) => super::assignee::Judge { setting, actor, product }.decide(asked),
    }
}

/// Whether a row of the section's table would let the actor do this now, contents aside: what a page offers.
///
/// # Errors
/// The reason why not.
pub fn offer(setting: &Setting<'_>, actor: &Actor, product: &Product, section: Section, act: SectionAct) -> Result<(), Refusal> {
    Judge { setting, actor, product, section }.row(act, &|_| true)
}

fn on_product(setting: &Setting<'_>, actor: &Actor, product: &Product, command: &Command) -> Result<Decision, Refusal> {
    let rows: Vec<_> = PRODUCT.iter().filter(|r| command.product_act() == Some(r.act)).collect();
    let admitted = |r: &&&super::machine::Row<_, _, _>| r.who.admits(actor, product.organisation);
    if !rows.iter().any(|r| admitted(&r)) {
        return Err(Refusal::NotYours);
    }
    let mut here = rows.iter().filter(admitted).filter(|r| r.from == product.state).peekable();
    if here.peek().is_none() {
        return Err(Refusal::ProductNotNow(product.state));
    }
    if command.product_act() == Some(ProductAct::Remind) {
        let conditions = here.flat_map(|r| r.when.iter().copied());
        return super::reminder::by_hand::remind(setting, actor, product, conditions);
    }
    let change = match command {
        Command::Change(facts, _) if **facts == product.facts => return Ok(Decision::new(Vec::new())),
        Command::Change(_, edition) if *edition != product.facts.edition() => return Err(Refusal::Outdated(Vec::new())),
        Command::Change(facts, _) => Change::ProductChanged(facts.clone()),
        Command::Hold(reason) => Change::ProductHeld(reason.clone()),
        Command::Resume(reason) => Change::ProductResumed(reason.clone(), promises_after_resuming(setting, product)),
        Command::Withdraw(reason) => Change::ProductWithdrawn(reason.clone()),
        Command::Remind
        | Command::Section(..)
        | Command::Demonstration(_)
        | Command::Certificate(_)
        | Command::Agreement(_)
        | Command::Live(_)
        | Command::Thread(_)
        | Command::Assignee(_) => return Err(Refusal::NotYours),
    };
    let mut decision = Decision::new(vec![change]);
    match command {
        Command::Resume(_) => decision.changes.extend(super::resumed::moved(setting, product)),
        Command::Withdraw(reason) => {
            let judge = super::demonstration::judge::Judge { setting, actor, product };
            decision = decision.followed_by(judge.withdrawn(reason));
            decision.changes.extend(super::thread::closed(product));
        }
        Command::Change(..)
        | Command::Hold(_)
        | Command::Remind
        | Command::Section(..)
        | Command::Demonstration(_)
        | Command::Certificate(_)
        | Command::Agreement(_)
        | Command::Live(_)
        | Command::Thread(_)
        | Command::Assignee(_) => {}
    }
    Ok(decision)
}

fn promises_after_resuming(setting: &Setting<'_>, product: &Product) -> Vec<(Section, Option<NaiveDate>)> {
    let mut resumed = product.clone();
    close_pause(&mut resumed.pauses, setting.today());
    let promised = |s: &Section| resumed.section(*s).reply_by.is_some();
    let moved = Section::ALL.iter().filter(|s| promised(s)).map(|s| (*s, resumed.due(*s, setting.calendar).map(|d| d.on)));
    moved.filter(|(s, by)| product.section(*s).reply_by != *by).collect()
}

/// Ends the pause that lasts.
pub fn close_pause(pauses: &mut [Pause], today: NaiveDate) {
    for pause in pauses.iter_mut().filter(|p| p.until.is_none()) {
        pause.until = Some(today);
    }
}
