//! Every product that can be reached by commands, up to times and names: breadth first, with the rules themselves as the model.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use assured::domain::actor::{Actor, Duty, Membership};
use assured::domain::agreement::{Party, Trigger};
use assured::domain::answer::Value;
use assured::domain::calendar::{Calendar, london_date};
use assured::domain::catalogue::{Catalogue, Section};
use assured::domain::command::{By, Command, Entry, Reviewer, Ruling, SectionCommand, Statement};
use assured::domain::decide::{Decision, Setting, decide};
use assured::domain::facts::Facts;
use assured::domain::live::facts::LiveFacts;
use assured::domain::product::{Product, SectionRecord};
use assured::domain::refusal::Refusal;
use assured::domain::reply::{Outcome, UNDO_MINUTES};
use assured::domain::section::{ProductState, SectionState, Verdict};
use assured::domain::words::{OrganisationId, PersonId, ProductId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::support::*;

/// A small question set: one question in each section, one with a follow-up and with an answer that needs a reason.
pub fn catalogue() -> Catalogue {
    let question = |key: &str, more: &str| {
        format!(
            "[[section.group.question]]\nkey = \"{key}\"\nname = \"{key}\"\ntext = \"Is it so?\"\nhelp = \"\"\n{more}\n\
             guidance = \"Look.\"\nbasis = \"Made up\"\n"
        )
    };
    let no_needs_a_reason = "kind = \"yes-no\"\noptions = [{ value = \"yes\", label = \"Yes\" }, \
        { value = \"no\", label = \"No\", warning = \"Say why.\", acceptance = \"with-reason\" }]";
    let follow_up = "kind = \"short-text\"\nlength = [2, 20]\nshow-when = { on = \"ds-kept\", any-of = [\"yes\"] }";
    let mut text = "version = 1\n".to_owned();
    for (section, questions) in [
        ("data-security", question("ds-kept", no_needs_a_reason) + &question("ds-kept-how", follow_up)),
        ("clinical-risk", question("cr-safe", "kind = \"yes-no\"")),
        ("service-management", question("sm-desk", "kind = \"yes-no\"")),
        ("medical-device", question("md-device", "kind = \"yes-no\"")),
        ("core-conformance", question("cc-conforms", "kind = \"yes-no\"")),
        ("cis2-conformance", question("cx-conforms", "kind = \"yes-no\"")),
    ] {
        let _ = write!(text, "[[section]]\nkey = \"{section}\"\ntitle = \"{section}\"\nshort = \"{section}\"\npurpose = \"\"\n");
        let _ = write!(text, "[[section.group]]\ntitle = \"All\"\n{questions}");
    }
    Catalogue::parse(&text).unwrap()
}

/// How much is tried on a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every value, remark, verdict and reviewer.
    Full,
    /// Two values, plain verdicts, no handing over: for two sections at once.
    Plain,
}

/// Who does what to which sections.
pub struct World {
    pub catalogue: Catalogue,
    pub calendar: Calendar,
    pub cast: Vec<(Persona, Actor)>,
    pub live: Vec<(Section, Detail)>,
}

/// A permitted command that leads from a product to a product.
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// Place in the cast.
    pub who: usize,
    /// Place in [`World::commands`].
    pub command: usize,
}

/// All that can be reached.
pub struct Graph {
    pub products: Vec<Product>,
    pub places: HashMap<String, usize>,
    pub edges: Vec<Edge>,
}

/// One command at one product, as the rules answered it.
pub struct Step<'a> {
    pub before: &'a Product,
    pub who: Persona,
    pub actor: &'a Actor,
    pub command: &'a Command,
    pub answer: &'a Result<(Decision, Product), Refusal>,
}

const HOME: OrganisationId = OrganisationId(Uuid::from_u128(1));
const AWAY: OrganisationId = OrganisationId(Uuid::from_u128(2));

/// Everybody, as actors that no database knows.
pub fn cast() -> Vec<(Persona, Actor)> {
    let seat = |persona: Persona| match persona {
        OWNER => (BTreeMap::from([(HOME, Membership::Owner)]), BTreeSet::new()),
        EDITOR => (BTreeMap::from([(HOME, Membership::Editor)]), BTreeSet::new()),
        VIEWER => (BTreeMap::from([(HOME, Membership::Viewer)]), BTreeSet::new()),
        RIVAL => (BTreeMap::from([(AWAY, Membership::Owner)]), BTreeSet::new()),
        MANAGER => (BTreeMap::new(), BTreeSet::from([Duty::Manager])),
        ADMINISTRATOR => (BTreeMap::new(), BTreeSet::from([Duty::Administrator])),
        _ => (BTreeMap::new(), BTreeSet::from([Duty::Reviewer])),
    };
    let actor = |(number, persona): (u128, &Persona)| {
        let (memberships, duties) = seat(*persona);
        (*persona, Actor::admitted(PersonId(Uuid::from_u128(number)), persona.name.to_owned(), memberships, duties))
    };
    (10..).zip(&PEOPLE).map(actor).collect()
}

/// A product of which everything but some sections is accepted.
pub fn product(open: &[Section]) -> Product {
    let accepted = SectionRecord { state: Some(SectionState::Accepted), round: 1, ..SectionRecord::default() };
    let record = |s: &Section| if open.contains(s) { SectionRecord::default() } else { accepted.clone() };
    Product {
        id: ProductId(Uuid::from_u128(3)),
        reference: "C2A-1001".to_owned(),
        organisation: HOME,
        organisation_name: "Wardlight Health".to_owned(),
        version: 1,
        question_set: 1,
        state: ProductState::Active,
        facts: Facts { int_working: None, int_working_since: None, ..facts() },
        added_at: start(),
        pauses: Vec::new(),
        sections: Section::ALL.iter().map(|s| (*s, record(s))).collect(),
        answers: BTreeMap::new(),
        party: Party::default(),
        interested: cast().into_iter().filter(|(who, _)| *who == INTERESTED).map(|(_, actor)| actor.person()).collect(),
        demonstrations: Vec::new(),
        certificates: Vec::new(),
        agreements: Vec::new(),
        threads: Vec::new(),
        assignees: BTreeMap::new(),
        live: LiveFacts::default(),
        live_on: None,
        passage: None,
        since: london_date(start()),
        reminded_on: None,
        calendar: 0,
    }
}

fn choice(word: &str) -> Value {
    Value::Choice(word.to_owned())
}

/// Every answer that is tried.
fn answers(product: &Product, keys: &[&str], detail: Detail) -> Vec<SectionCommand> {
    let mut all = Vec::new();
    for key in keys {
        let edition = product.answers.get(*key).map_or(0, |a| a.edition);
        let mut put = |value: Option<Value>, remark: &str, edition: u32| {
            let (question, remark) = ((*key).to_owned(), remark.to_owned());
            all.push(SectionCommand::Answer(vec![Entry { question, edition, value, remark }]));
        };
        if *key == "ds-kept-how" {
            put(None, "", edition);
            put(Some(Value::Text("In a safe".to_owned())), "", edition);
            continue;
        }
        put(Some(choice("yes")), "", edition);
        put(Some(choice("no")), "", edition);
        if detail == Detail::Full {
            put(None, "", edition);
            put(Some(choice("yes")), "As we said.", edition);
            put(Some(choice("no")), "As we said.", edition);
            // A form that was opened before the last change, with a value that nobody else gives.
            put(Some(choice("late")), "", edition + 7);
        }
    }
    all
}

impl World {
    pub fn new(cast: Vec<(Persona, Actor)>, live: &[(Section, Detail)]) -> Self {
        Self { catalogue: catalogue(), calendar: Calendar::england(), cast, live: live.to_vec() }
    }

    pub fn setting(&self, now: DateTime<Utc>) -> Setting<'_> {
        Setting {
            catalogue: &self.catalogue,
            calendar: &self.calendar,
            trigger: Trigger::NonFunctional,
            undo_minutes: UNDO_MINUTES,
            now,
        }
    }

    fn reviewers(&self) -> Vec<Reviewer> {
        let reviewers = self.cast.iter().filter(|(_, actor)| actor.is(Duty::Reviewer));
        reviewers.map(|(_, a)| Reviewer { person: a.person(), name: a.name().to_owned() }).collect()
    }

    /// Everything that is tried at a product: as many for each product, in the same order.
    pub fn commands(&self, product: &Product) -> Vec<Command> {
        let version = if product.facts.version == "1" { "2" } else { "1" };
        let changed = Facts { version: version.to_owned(), ..product.facts.clone() };
        let mut all = vec![
            Command::Change(Box::new(product.facts.clone()), product.facts.edition()),
            Command::Change(Box::new(changed.clone()), product.facts.edition()),
            Command::Change(Box::new(changed), "an older edition".to_owned()),
            Command::Hold("No time.".to_owned()),
            Command::Resume("Time again.".to_owned()),
        ];
        if self.live.len() == 1 {
            all.extend([Command::Remind, Command::Withdraw("Sold.".to_owned())]);
        }
        for (section, detail) in &self.live {
            let section = *section;
            all.extend(self.of_section(product, section, *detail).into_iter().map(|c| Command::Section(section, c)));
        }
        all
    }

    fn of_section(&self, product: &Product, section: Section, detail: Detail) -> Vec<SectionCommand> {
        let keys: Vec<&str> = self.catalogue.section(section).unwrap().questions().map(|q| q.key.as_str()).collect();
        let mut all = answers(product, &keys, detail);
        let full = statement(section);
        all.extend([
            SectionCommand::Send(full.clone()),
            SectionCommand::TakeBack,
            SectionCommand::Take,
            SectionCommand::Reply(Outcome::Return, "Nearly there.".to_owned()),
            SectionCommand::Reply(Outcome::Accept, String::new()),
            SectionCommand::Undo,
            SectionCommand::Return("Nearly there.".to_owned()),
            SectionCommand::Accept(String::new()),
        ]);
        if detail == Detail::Full {
            all.extend([
                SectionCommand::Send(Statement { is_complete: false, ..full.clone() }),
                SectionCommand::Send(Statement { works_in_int: false, ..full }),
                SectionCommand::TakeOver,
                SectionCommand::Reopen(Vec::new(), "A mistake.".to_owned()),
                SectionCommand::Reopen(keys.iter().map(|k| (*k).to_owned()).collect(), "A mistake.".to_owned()),
            ]);
            all.extend(self.reviewers().into_iter().map(SectionCommand::Assign));
        }
        for key in keys {
            let ruling = |verdict, comment: &str| {
                SectionCommand::Decide(vec![Ruling { question: key.to_owned(), verdict, comment: comment.to_owned() }])
            };
            all.extend([ruling(Some(Verdict::Accept), ""), ruling(Some(Verdict::More), "Why?"), ruling(None, "")]);
            if key == "ds-kept" {
                all.push(ruling(Some(Verdict::Accept), "It is known."));
            }
            all.push(SectionCommand::Reopen(vec![key.to_owned()], "A mistake.".to_owned()));
        }
        all
    }

    /// Two products with the same key are treated alike by every command, now and later.
    pub fn key(&self, product: &Product) -> String {
        let mut key = format!("{} {:?} {}", product.state, product.facts.int_working, product.reminded_on.is_some());
        for (section, _) in &self.live {
            let record = product.section(*section);
            let reviewer = record.reviewer.and_then(|r| self.cast.iter().position(|(_, a)| a.person() == r));
            let reviewer = if record.state() == SectionState::Submitted { reviewer } else { None };
            let leaving = record.reply.as_ref().filter(|reply| reply.leaves_at.is_some()).map(|reply| reply.outcome);
            let _ = write!(key, "|{} {} {reviewer:?} {leaving:?}", record.state(), record.round.min(1));
            for question in self.catalogue.section(*section).unwrap().questions() {
                let answer = product.answers.get(&question.key);
                let _ = write!(key, ";{:?}", answer.map(|a| (&a.value, &a.remark)));
                let decisions = record.decisions.get(&question.key).map(Vec::as_slice).unwrap_or_default();
                let now = decisions.iter().find(|d| d.round == record.round);
                let before = decisions.iter().rfind(|d| d.round < record.round);
                let told = [now, before].map(|d| d.map(|d| (d.verdict, d.comment.as_str(), &d.fingerprint)));
                let _ = write!(key, ",{told:?}");
            }
        }
        key
    }

    /// The rules' answer, with the product as it would be.
    pub fn ask(
        &self,
        actor: &Actor,
        product: &Product,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Result<(Decision, Product), Refusal> {
        let decision = decide(&self.setting(now), actor, product, command)?;
        let by = By { person: actor.person(), at: now };
        let after = decision.applied(product.clone(), by);
        Ok((decision, after))
    }

    /// Walks from a product and shows every step to the visitor, refused ones too.
    pub fn walk(&self, first: Product, visitor: &mut dyn FnMut(&Step<'_>)) -> Graph {
        let places = HashMap::from([(self.key(&first), 0)]);
        let mut graph = Graph { products: vec![first], places, edges: Vec::new() };
        let mut from = 0;
        while from < graph.products.len() {
            let before = graph.products[from].clone();
            for (number, command) in self.commands(&before).iter().enumerate() {
                for (who, (persona, actor)) in self.cast.iter().enumerate() {
                    let answer = self.ask(actor, &before, command, start());
                    visitor(&Step { before: &before, who: *persona, actor, command, answer: &answer });
                    let Ok((_, after)) = answer else { continue };
                    let next = graph.products.len();
                    let to = *graph.places.entry(self.key(&after)).or_insert(next);
                    if to == next {
                        graph.products.push(after);
                    }
                    graph.edges.push(Edge { from, to, who, command: number });
                }
            }
            from += 1;
        }
        graph
    }
}
