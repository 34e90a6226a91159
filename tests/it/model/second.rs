//! The second half as a world to walk through: everything that is tried at a product between its first date and going live.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use assured::domain::actor::{Actor, Duty};
use assured::domain::agreement::command::AgreementCommand;
use assured::domain::agreement::signing::{AgreementKind, SigningCheck};
use assured::domain::agreement::{Agreement, Contract, Party, Trigger};
use assured::domain::calendar::{Calendar, london_date};
use assured::domain::catalogue::{Catalogue, Section};
use assured::domain::certificate::{CertificateCommand, CertificateState};
use assured::domain::command::{By, Command, Entry, Ruling, SectionCommand};
use assured::domain::decide::{Decision, Setting, decide};
use assured::domain::demonstration::checks::{Check, CheckResult, applies as check_applies};
use assured::domain::demonstration::command::{CheckEntry, Chosen, DemonstrationCommand, MarkEntry};
use assured::domain::demonstration::facts::TestFacts;
use assured::domain::demonstration::sheet::{LINES, MarkResult};
use assured::domain::demonstration::{Assessor, Observation};
use assured::domain::facts::{ExistingAgreement, NamedPerson};
use assured::domain::live::facts::{ClientAuth, LiveFacts};
use assured::domain::live::{Altered, LiveCommand, Touched};
use assured::domain::product::Product;
use assured::domain::refusal::Refusal;
use assured::domain::reply::UNDO_MINUTES;
use assured::domain::section::Verdict;
use assured::domain::words::{OrganisationId, SigningId, SlotId};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::walk::{cast, catalogue, product};
use crate::support::assurance::{officer, paper, sheet_file, signed_copy, test_facts};
use crate::support::*;

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The test, with every check, mark and outcome.
    Test,
    /// The shortest way through the test.
    PlainTest,
    /// Certificates.
    Certificate,
    /// Changes of sign-in and the section that they open again.
    SignIn,
    /// The agreement, with every way to accept it.
    Agreement,
    /// Going live.
    Live,
    /// Holds and withdrawal.
    Pauses,
}

/// A command and the moment at which it is tried.
pub struct Try {
    pub command: Command,
    pub at: DateTime<Utc>,
}

/// Everybody, everything.
pub struct Second {
    pub catalogue: Catalogue,
    pub calendar: Calendar,
    pub cast: Vec<(&'static str, Actor)>,
    pub parts: Vec<Part>,
}

/// A permitted step.
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub who: usize,
}

/// Is shown every permitted step: the product before, who asks what, and what comes of it.
pub type Visitor<'a> = &'a mut dyn FnMut(&Product, &(&'static str, Actor), &Try, &(Decision, Product));

/// All that can be reached.
pub struct Graph {
    pub products: Vec<Product>,
    pub edges: Vec<Edge>,
}

const HOME: OrganisationId = OrganisationId(Uuid::from_u128(1));
const SECTION: Section = Section::Cis2Conformance;

/// The day of the test and of everything that follows.
pub fn day() -> DateTime<Utc> {
    start() + Duration::days(60)
}

fn slot(number: u128, days: i64) -> Chosen {
    let person = cast().into_iter().find(|(who, _)| *who == REVIEWER).unwrap().1.person();
    Chosen {
        slot: SlotId(Uuid::from_u128(100 + number)),
        starts_at: start() + Duration::days(days),
        assessor: Some(Assessor { person, name: REVIEWER.name.to_owned() }),
        is_free: true,
    }
}

fn marked(line: &str, result: Option<MarkResult>) -> MarkEntry {
    MarkEntry { line: line.to_owned(), result, note: String::new(), at: None, was: None }
}

fn prepare(reason: &str, product: &Product) -> CertificateCommand {
    let number = format!("SAC-2026-0000-0000-{:04}", product.certificates.len());
    CertificateCommand::Prepare { number, address: "https://assured.test/".to_owned(), reason: reason.to_owned() }
}

/// A product whose sections are accepted, of an organisation that can sign.
pub fn ready(existing: Option<ExistingAgreement>) -> Product {
    let mut product = product(&[]);
    product.facts.int_working = Some(true);
    product.party = Party {
        ods_code: "X26".to_owned(),
        registered_name: "Wardlight Health Limited".to_owned(),
        address: "1 Long Row".to_owned(),
        existing,
        ..Party::default()
    };
    // What accepting the sections would have left behind.
    product.agreements = vec![Agreement { issue_by: Some(london_date(start())), ..Agreement::default() }];
    product
}

impl Second {
    pub fn new(parts: &[Part]) -> Self {
        let mut people: Vec<(&'static str, Actor)> = cast().into_iter().map(|(who, actor)| (who.name, actor)).collect();
        people.push(("signatory", Actor::signatory("Margaret Hale".to_owned(), ready(None).id, HOME)));
        people.push((
            "signatory of another",
            Actor::signatory("Somebody".to_owned(), ready(None).id, OrganisationId(Uuid::from_u128(2))),
        ));
        people.push(("worker", Actor::worker()));
        Self { catalogue: catalogue(), calendar: Calendar::england(), cast: people, parts: parts.to_vec() }
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

    /// Everything that is tried at a product.
    pub fn commands(&self, product: &Product) -> Vec<Try> {
        let mut all = Vec::new();
        for part in &self.parts {
            let commands = match part {
                Part::Test => self.of_test(product, true),
                Part::PlainTest => self.of_test(product, false),
                Part::Certificate => of_certificate(product),
                Part::SignIn => self.of_sign_in(product),
                Part::Agreement => of_agreement(product),
                Part::Live => of_live(product),
                Part::Pauses => vec![
                    Command::Hold("No time.".to_owned()),
                    Command::Resume("Time again.".to_owned()),
                    Command::Withdraw("Sold.".to_owned()),
                ],
            };
            let early = |c: &Command| {
                use DemonstrationCommand as D;
                matches!(c, Command::Demonstration(D::Ask(_) | D::Book(_) | D::Agree(_) | D::Move(_) | D::Describe(..)))
            };
            all.extend(commands.into_iter().map(|command| {
                let at = if early(&command) { start() } else { day() };
                Try { command, at }
            }));
        }
        all
    }

    fn of_test(&self, product: &Product, is_full: bool) -> Vec<Command> {
        use DemonstrationCommand as D;
        let (near, far) = (slot(1, 25), slot(2, 33));
        let edition = product.demonstration().facts.edition();
        let facts = Box::new(test_facts(london_date(start())));
        let given = product.given(&self.catalogue, london_date(day()));
        let check = |result: CheckResult, note: &str| {
            let entry = |c: &Check| CheckEntry { check: *c, result: Some(result), note: note.to_owned() };
            Check::ALL.iter().filter(|c| check_applies(**c, &given)).map(entry).collect::<Vec<_>>()
        };
        let mark = |missed: bool| {
            let result = |id: &str| if missed && id == "c4" { MarkResult::NotSeen } else { MarkResult::Seen };
            D::Mark(LINES.iter().map(|l| marked(l.id, Some(result(l.id)))).collect())
        };
        let why = || "It was so.".to_owned();
        let mut all = vec![
            D::Book(near.clone()),
            D::Describe(facts, edition.clone()),
            D::Check(check(CheckResult::Passed, "")),
            D::Confirm,
            D::Start,
            mark(false),
            D::Pass(String::new()),
            D::Fail(why()),
            D::Repeat(why()),
        ];
        if is_full {
            let observation = |due_on| Observation { text: why(), owner: "Tom Bell".to_owned(), due_on, settled: String::new() };
            let lone = |result, note: &str| D::Check(vec![CheckEntry { check: Check::Deployed, result, note: note.to_owned() }]);
            all.extend([
                D::Ask(vec![near.starts_at]),
                D::Ask(vec![start() + Duration::days(3)]),
                D::Agree(near.clone()),
                D::Agree(far.clone()),
                D::Decline(why()),
                D::Decline(String::new()),
                D::Book(slot(3, 5)),
                D::Book(Chosen { is_free: false, ..near.clone() }),
                D::Describe(Box::default(), "an older edition".to_owned()),
                D::Move(far),
                D::Move(near),
                D::Cancel(String::new()),
                D::Cancel(why()),
                lone(Some(CheckResult::Problem), "It is a laptop."),
                lone(Some(CheckResult::Waived), "It will do."),
                lone(None, ""),
                mark(true),
                D::Invite("https://meet.example.com/one".to_owned()),
                D::Attach("a1".to_owned(), sheet_file(0)),
                D::Detach("a1".to_owned(), sheet_file(0).id),
                D::Mark(vec![marked("a1", None)]),
                D::Mark(vec![marked("z9", None)]),
                D::Observe(Vec::new(), String::new()),
                D::Observe(vec![observation(london_date(day() + Duration::days(30)))], String::new()),
                D::NotHold(why()),
                D::NotHold(String::new()),
                D::Settle(0, why()),
                D::Settle(7, why()),
            ]);
        }
        all.into_iter().map(Command::Demonstration).collect()
    }

    fn of_sign_in(&self, product: &Product) -> Vec<Command> {
        let question = self.catalogue.section(SECTION).unwrap().questions().next().unwrap().key.clone();
        let edition = product.answers.get(&question).map_or(0, |a| a.edition);
        let value = Some(assured::domain::answer::Value::Choice("yes".to_owned()));
        let ruling = |verdict| Ruling { question: question.clone(), verdict: Some(verdict), comment: "Look.".to_owned() };
        let entry = Entry { question: question.clone(), edition, value, remark: "It still holds.".to_owned() };
        let mut all: Vec<Command> = [
            SectionCommand::Answer(vec![entry]),
            SectionCommand::Send(statement(SECTION)),
            SectionCommand::Take,
            SectionCommand::Decide(vec![ruling(Verdict::Accept)]),
            SectionCommand::Accept(String::new()),
            SectionCommand::Reopen(vec![question.clone()], "A mistake.".to_owned()),
        ]
        .into_iter()
        .map(|c| Command::Section(SECTION, c))
        .collect();
        let alter = |what: &str| Altered { touched: BTreeSet::from([Touched::Logout]), what: what.to_owned() };
        all.extend(["Logout has a new address.", ""].map(|what| Command::Live(LiveCommand::Alter(alter(what)))));
        all
    }

    /// Two products with the same key are treated alike by every command, now and later.
    pub fn key(&self, product: &Product) -> String {
        let test = product.demonstration();
        let mut key = format!("{} {}", product.state, test.state);
        let date = test.date.as_ref().map(|d| (d.slot, d.noticed_on));
        let _ = write!(key, "|{} {date:?} {}", test.attempt.min(2), test.wish.is_some());
        let _ = write!(key, "|{} {:?} {:?}", test.lacks, test.facts == TestFacts::default(), test.results());
        let marks: Vec<_> = test.marks.iter().map(|(l, m)| (l, m.result)).collect();
        let outcome = test.outcome.as_ref().map(|o| (o.observations.len(), test.open_observations()));
        let _ = write!(key, "|{marks:?} {outcome:?}");
        let standing = product.certificate().map(|c| c.state);
        let last = product.certificates.last().map(|c| c.state);
        let is_replaced = product.certificates.iter().any(|c| c.state == CertificateState::Replaced);
        let _ = write!(key, "|{standing:?} {last:?} {:?} {is_replaced}", product.prepared().is_some());
        let agreement = product.agreement();
        let issued = agreement.issue.as_ref().map(|i| (i.kind, i.on));
        let _ = write!(key, "|{} {} {issued:?} {}", agreement.state, agreement.signatory.name, agreement.number.min(2));
        let _ = write!(key, "|{:?} {:?}", agreement.issue_by.is_some(), agreement.contract.is_some());
        let _ = write!(key, "|{} {:?}", product.live.is_given(), product.live_on);
        if self.parts.contains(&Part::SignIn) {
            let record = product.section(SECTION);
            let reviewer = record.reviewer.filter(|_| record.state() == assured::domain::section::SectionState::Submitted);
            let _ = write!(key, "|{} {reviewer:?}", record.state());
            for question in self.catalogue.section(SECTION).unwrap().questions() {
                let answer = product.answers.get(&question.key).map(|a| (&a.value, &a.remark));
                let _ = write!(key, ";{answer:?} {:?}", product.standing(SECTION, question));
            }
        }
        key
    }

    /// The rules' answer, with the product as it would be.
    pub fn ask(&self, actor: &Actor, product: &Product, asked: &Try) -> Result<(Decision, Product), Refusal> {
        let decision = decide(&self.setting(asked.at), actor, product, &asked.command)?;
        let by = By { person: actor.person(), at: asked.at };
        let after = decision.applied(product.clone(), by);
        Ok((decision, after))
    }

    /// Walks from a product and shows every permitted step to the visitor.
    pub fn walk(&self, first: Product, visitor: Visitor<'_>) -> Graph {
        let mut places = HashMap::from([(self.key(&first), 0)]);
        let mut graph = Graph { products: vec![first], edges: Vec::new() };
        let mut from = 0;
        while from < graph.products.len() {
            let before = graph.products[from].clone();
            for asked in self.commands(&before) {
                for (who, person) in self.cast.iter().enumerate() {
                    let Ok(answer) = self.ask(&person.1, &before, &asked) else { continue };
                    visitor(&before, person, &asked, &answer);
                    let next = graph.products.len();
                    let to = *places.entry(self.key(&answer.1)).or_insert(next);
                    if to == next {
                        graph.products.push(answer.1);
                    }
                    graph.edges.push(Edge { from, to, who });
                }
            }
            from += 1;
        }
        graph
    }

    /// Whether somebody of the cast belongs to the assurance team.
    pub fn is_team(&self, who: usize) -> bool {
        let actor = &self.cast[who].1;
        actor.is(Duty::Reviewer) || actor.is(Duty::Manager)
    }
}

fn of_certificate(product: &Product) -> Vec<Command> {
    let number = product.prepared().map_or_else(|| "none".to_owned(), |c| c.content.number.clone());
    let issue = CertificateCommand::Issue { number: number.clone(), signed: "a.b.c".to_owned(), pdf: "ab".repeat(32) };
    let mut all = vec![issue, CertificateCommand::Void(number)];
    for reason in ["", "It was wrong."] {
        all.push(prepare(reason, product));
        for certificate in &product.certificates {
            let (number, reason) = (certificate.content.number.clone(), reason.to_owned());
            all.push(CertificateCommand::Keep { number: number.clone(), reason: reason.clone() });
            all.push(CertificateCommand::Withdraw { number, reason });
        }
    }
    all.into_iter().map(Command::Certificate).collect()
}

fn of_agreement(product: &Product) -> Vec<Command> {
    let link = || SigningId(Uuid::from_u128(7));
    let today = london_date(day());
    let someone_else = NamedPerson { name: "Rupert Hale".to_owned(), ..officer() };
    let other = if product.agreement().signatory.name == "Rupert Hale" { officer() } else { someone_else };
    let checks: BTreeSet<SigningCheck> = SigningCheck::ALL.iter().copied().collect();
    let mut undeclared = signed_copy(today);
    undeclared.is_authorised = false;
    let all = vec![
        AgreementCommand::Name(officer(), link()),
        AgreementCommand::Name(other, link()),
        AgreementCommand::Issue(paper(AgreementKind::New), link()),
        AgreementCommand::Reissue(paper(AgreementKind::Reissued)),
        AgreementCommand::Reissue(paper(AgreementKind::New)),
        AgreementCommand::Sign(Box::new(signed_copy(today))),
        AgreementCommand::Sign(Box::new(undeclared)),
        AgreementCommand::Sign(Box::new(signed_copy(today + chrono::Days::new(1)))),
        AgreementCommand::Accept(checks),
        AgreementCommand::Accept(BTreeSet::new()),
        AgreementCommand::Return("A page is missing.".to_owned()),
        AgreementCommand::Return(String::new()),
        AgreementCommand::Record(Contract { number: "CNTR1234567".to_owned(), starts_on: today }),
        AgreementCommand::Renew("The terms changed.".to_owned()),
        AgreementCommand::Renew(String::new()),
    ];
    all.into_iter().map(Command::Agreement).collect()
}

fn of_live(product: &Product) -> Vec<Command> {
    let facts = LiveFacts { client_auth: Some(ClientAuth::PrivateKeyJwt), ..LiveFacts::default() };
    let today = london_date(day());
    let configure = |edition: String| LiveCommand::Configure(Box::new(facts.clone()), edition);
    let all = [configure(product.live.edition()), configure("an older edition".to_owned())];
    all.into_iter().chain([today, today + chrono::Days::new(1)].map(LiveCommand::GoLive)).map(Command::Live).collect()
}
