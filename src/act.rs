//! Load, decide, commit: the only way in which a product changes.

use std::sync::{Arc, OnceLock};

use anyhow::anyhow;
use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::account::Place;
use crate::domain::actor::{Actor, Membership};
use crate::domain::agreement::Trigger;
use crate::domain::agreement::terms::Terms;
use crate::domain::amendment::Amendment;
use crate::domain::assignee::{AssigneeCommand, Candidate};
use crate::domain::calendar::{Calendar, london_date};
use crate::domain::catalogue::{Catalogue, Kind, Section, SectionText};
use crate::domain::command::Command;
use crate::domain::decide::{Decision, Setting, decide};
use crate::domain::facts::Facts;
use crate::domain::live::facts::LiveFacts;
use crate::domain::product::{Product, SectionRecord};
use crate::domain::reply::{UNDO_MINUTES, left};
use crate::domain::section::ProductState;
use crate::domain::words::{OrganisationId, ProductId};
use crate::error::Error;
use crate::secret::new_id;
use crate::store::assignee::Named;
use crate::store::calendar::amendments;
use crate::store::{Db, assignee, commit, invitation, load};

/// The question sets and the calendar that rules are asked with.
#[derive(Clone)]
pub struct Rules {
    catalogues: Arc<Vec<Catalogue>>,
    calendars: Arc<Calendars>,
    terms: Arc<Vec<Terms>>,
    trigger: Trigger,
    undo_minutes: u32,
}

/// The calendar as this process has read it, and as it was read after each change; the last one counts. None is ever
/// taken out, so that whoever looks at one may go on: changes are a few in a year.
struct Calendars {
    calendar: Calendar,
    next: OnceLock<Box<Self>>,
}

impl Calendars {
    fn newest(&self) -> &Self {
        let mut newest = self;
        while let Some(next) = newest.next.get() {
            newest = next;
        }
        newest
    }
}

impl Rules {
    /// The published question sets and the calendar of England.
    ///
    /// # Errors
    /// When a question set has faults; each is named.
    pub fn published() -> anyhow::Result<Self> {
        let first = include_str!("domain/catalogue/v1.toml");
        let catalogue = Catalogue::parse(first).map_err(|faults| anyhow!("The question set has faults:\n{}", faults.join("\n")))?;
        let terms =
            Terms::built_in().map_err(|faults| anyhow!("The terms of the agreement have faults:\n{}", faults.join("\n")))?;
        Ok(Self { terms: Arc::new(terms), ..Self::of(vec![catalogue], Calendar::england()) })
    }

    /// Question sets and a calendar.
    #[must_use]
    pub fn of(catalogues: Vec<Catalogue>, calendar: Calendar) -> Self {
        let calendars = Arc::new(Calendars { calendar, next: OnceLock::new() });
        Self {
            catalogues: Arc::new(catalogues),
            calendars,
            terms: Arc::default(),
            trigger: Trigger::NonFunctional,
            undo_minutes: UNDO_MINUTES,
        }
    }

    /// The same rules with another trigger of the agreement.
    #[must_use]
    pub fn with_trigger(self, trigger: Trigger) -> Self {
        Self { trigger, ..self }
    }

    /// The same rules with another time in which the sending of a review can be undone.
    #[must_use]
    pub fn with_undo_minutes(self, undo_minutes: u32) -> Self {
        Self { undo_minutes, ..self }
    }

    /// From when an agreement may be issued.
    #[must_use]
    pub const fn trigger(&self) -> Trigger {
        self.trigger
    }

    /// The terms of agreements that are issued on a day.
    #[must_use]
    pub fn terms(&self, on: NaiveDate) -> Option<&Terms> {
        Terms::current(&self.terms, on)
    }

    /// One version of the terms, for what was issued with it.
    #[must_use]
    pub fn terms_of(&self, version: &str) -> Option<&Terms> {
        self.terms.iter().find(|terms| terms.version == version)
    }

    /// The question set of a product.
    ///
    /// # Errors
    /// When it is on a version that this program does not have.
    pub fn catalogue(&self, version: u32) -> Result<&Catalogue, Error> {
        let found = self.catalogues.iter().find(|c| c.version == version);
        found.ok_or_else(|| Error::Internal(anyhow!("question set {version} is not in this program")))
    }

    /// The questions of a section whose answers can be taken over, of all question sets: declarations are made anew.
    #[must_use]
    pub fn copied(&self, section: Section) -> Vec<&str> {
        let questions = self.catalogues.iter().filter_map(|c| c.section(section)).flat_map(SectionText::questions);
        let mut keys: Vec<&str> = questions.filter(|q| q.kind != Kind::Declaration).map(|q| q.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The version that new products start on.
    #[must_use]
    pub fn newest(&self) -> u32 {
        self.catalogues.iter().map(|c| c.version).max().unwrap_or_default()
    }

    /// Working days, as this process last read them.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendars.newest().calendar
    }

    /// Takes up the changes of the calendar that the database holds, in all copies of these rules.
    pub fn renew(&self, amendments: &[Amendment]) {
        let edition = amendments.last().map_or(0, |a| a.number);
        loop {
            let newest = self.calendars.newest();
            if edition <= newest.calendar.edition() {
                return;
            }
            let calendar = self.calendars.calendar.clone().amended(amendments.to_vec());
            // Somebody else may have been first: then theirs is looked at.
            newest.next.set(Box::new(Calendars { calendar, next: OnceLock::new() })).ok();
        }
    }

    /// What a decision on a product is asked with.
    ///
    /// # Errors
    /// As [`Rules::catalogue`].
    pub fn setting(&self, product: &Product, now: DateTime<Utc>) -> Result<Setting<'_>, Error> {
        let (catalogue, calendar) = (self.catalogue(product.question_set)?, self.calendar());
        Ok(Setting { catalogue, calendar, trigger: self.trigger, undo_minutes: self.undo_minutes, now })
    }
}

/// Loads a product, decides and commits, in one transaction. Returns the product as it is afterwards.
///
/// # Errors
/// [`Error::NotFound`] for what the actor may not see; [`Error::Refused`] with the reason.
pub async fn act(db: &Db, rules: &Rules, actor: &Actor, target: (&str, &Command), now: DateTime<Utc>) -> Result<Product, Error> {
    let (reference, command) = target;
    let write = db.begin().await?;
    rules.renew(&amendments(&write).await?);
    let product = load::product(&write, actor, reference).await?;
    let decision = decide(&rules.setting(&product, now)?, actor, &product, command)?;
    Box::pin(commit::commit(write, actor, product, decision, now)).await
}

/// A question that is given to a colleague.
pub struct Errand {
    /// In which section.
    pub section: Section,
    /// Which page of questions.
    pub question: String,
    /// To whom.
    pub to: Named,
    /// What they are told; may be empty.
    pub note: String,
}

/// Gives a question to a colleague, and invites them if they are not in the organisation; all in one transaction.
///
/// # Errors
/// As [`act`]; [`Refusal::Nameless`](crate::domain::refusal::Refusal::Nameless) when somebody would be invited without a
/// name.
pub async fn assign(
    db: &Db,
    rules: &Rules,
    actor: &Actor,
    (reference, errand): (&str, &Errand),
    now: DateTime<Utc>,
) -> Result<Product, Error> {
    let write = db.begin().await?;
    rules.renew(&amendments(&write).await?);
    let organisation = assignee::hold(&write, actor, reference).await?;
    let product = load::product(&write, actor, reference).await?;
    let to = assignee::candidate(&write, organisation, &errand.to).await?;
    let (section, question, note) = (errand.section, errand.question.clone(), errand.note.clone());
    let command = Command::Assignee(AssigneeCommand::Assign { section, question, to: to.clone(), note });
    let decision = decide(&rules.setting(&product, now)?, actor, &product, &command)?;
    if let Candidate::Stranger { email, name, .. } = &to {
        invitation::add(&write, actor, (name, email), &Place::Supplier(organisation, Membership::Editor), now).await?;
    }
    Box::pin(commit::commit(write, actor, product, decision, now)).await
}

/// Lets a reply leave whose time has come, once, whoever comes first. Returns whether this call did.
///
/// # Errors
/// Only when the database fails; a reply that the rules do not let leave any more is stopped.
pub async fn let_reply_leave(db: &Db, rules: &Rules, of: (ProductId, Section), now: DateTime<Utc>) -> Result<bool, Error> {
    let left = |product: &Product, sender: &Actor| Ok(left(&rules.setting(product, now)?, sender, product, of.1));
    Box::pin(db.let_reply_leave(of, &left, now)).await
}

/// Adds a product to an organisation of the actor.
///
/// # Errors
/// [`Error::Refused`] when the actor may not, or the name is in use.
pub async fn add_product(
    db: &Db,
    rules: &Rules,
    actor: &Actor,
    of: (OrganisationId, Facts),
    now: DateTime<Utc>,
) -> Result<Product, Error> {
    let (organisation, facts) = of;
    let write = db.begin().await?;
    rules.renew(&amendments(&write).await?);
    let product = Product {
        id: ProductId(new_id()),
        reference: commit::next_reference(&write).await?,
        organisation,
        organisation_name: String::new(),
        version: 0,
        question_set: rules.newest(),
        state: ProductState::Active,
        facts,
        added_at: now,
        pauses: Vec::new(),
        sections: Section::ALL.iter().map(|s| (*s, SectionRecord::default())).collect(),
        answers: std::collections::BTreeMap::new(),
        party: load::party(&write, organisation).await?,
        interested: load::interested(&write, organisation).await?,
        demonstrations: Vec::new(),
        certificates: Vec::new(),
        agreements: Vec::new(),
        threads: Vec::new(),
        assignees: std::collections::BTreeMap::new(),
        live: LiveFacts::default(),
        live_on: None,
        passage: None,
        since: london_date(now),
        reminded_on: None,
        calendar: rules.calendar().edition(),
    };
    let decision = Decision::add(actor, &product)?;
    Box::pin(commit::commit(write, actor, product, decision, now)).await
}
