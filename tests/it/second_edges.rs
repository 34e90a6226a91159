//! Random walks through the second half in a database: what is committed, loaded, listed and told agrees with the rules.

use std::collections::{BTreeMap, BTreeSet};

use assured::domain::actor::Actor;
use assured::domain::agreement::AgreementAct;
use assured::domain::agreement::command::AgreementCommand;
use assured::domain::agreement::signing::{AgreementKind, SigningCheck};
use assured::domain::calendar::london_date;
use assured::domain::certificate::CertificateCommand;
use assured::domain::command::{By, Command};
use assured::domain::decide::{Decision, decide};
use assured::domain::demonstration::checks::{Check, CheckResult, applies as check_applies};
use assured::domain::demonstration::command::{CheckEntry, Chosen, DemonstrationCommand as D, MarkEntry};
use assured::domain::demonstration::sheet::{LINES, MarkResult};
use assured::domain::demonstration::{DemonstrationAct, DemonstrationState, Observation};
use assured::domain::facts::NamedPerson;
use assured::domain::live::LiveCommand;
use assured::domain::live::facts::{ClientAuth, LiveFacts};
use assured::domain::product::Product;
use assured::domain::words::{SigningId, SlotId};
use assured::store::visible::ProductFilter;
use chrono::{Days, Duration};

use crate::support::assurance::*;
use crate::support::*;

const CAST: [Persona; 4] = [OWNER, EDITOR, REVIEWER, MANAGER];
/// Steps of a walk.
const STEPS: usize = 130;

/// What leads towards an assured product.
const FORWARD: [&str; 17] = [
    "book",
    "ask",
    "agree",
    "describe",
    "check",
    "confirm",
    "start",
    "mark",
    "pass",
    "pass-with-observations",
    "fail",
    "prepare certificate",
    "issue certificate",
    "name-signatory agreement",
    "issue agreement",
    "sign agreement",
    "accept agreement",
];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, length: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % length
    }
}

struct Walk {
    app: TestApp,
    cast: Vec<Actor>,
    dice: Dice,
    reference: String,
    /// How often each thing was done.
    done: BTreeMap<String, usize>,
}

/// What is done, in one word.
fn act(command: &Command) -> String {
    match command {
        Command::Demonstration(c) => c.act().to_string(),
        Command::Certificate(c) => format!("{} certificate", c.act()),
        Command::Agreement(c) => format!("{} agreement", c.act()),
        Command::Live(c) => c.act().to_string(),
        Command::Hold(_) => "hold".to_owned(),
        Command::Resume(_) => "resume".to_owned(),
        Command::Change(..)
        | Command::Remind
        | Command::Withdraw(_)
        | Command::Section(..)
        | Command::Thread(_)
        | Command::Assignee(_) => {
            unreachable!("{command:?}")
        }
    }
}

impl Walk {
    async fn new(seed: u64) -> Self {
        let app = TestApp::new().await;
        let reference = app.accepted_product().await;
        let mut cast = Vec::new();
        for persona in CAST {
            cast.push(app.actor(persona).await);
        }
        Self { app, cast, dice: Dice(seed), reference, done: BTreeMap::new() }
    }

    fn decide(&self, who: usize, product: &Product, command: &Command) -> Option<Decision> {
        let setting = self.app.rules.setting(product, self.app.now()).unwrap();
        decide(&setting, &self.cast[who], product, command).ok()
    }

    /// Everything worth asking now.
    fn commands(&mut self, product: &Product, near: &Chosen, far: &Chosen) -> Vec<Command> {
        let today = london_date(self.app.now());
        let why = || "It was so.".to_owned();
        let test = product.demonstration();
        let setting = self.app.rules.setting(product, self.app.now()).unwrap();
        let given = product.given(setting.catalogue, today);
        let facts = test_facts(test.date.as_ref().map_or(today, |d| d.noticed_on));
        let checks = |result| {
            let entry = |c: &Check| CheckEntry { check: *c, result: Some(result), note: why() };
            Check::ALL.iter().filter(|c| check_applies(**c, &given)).map(entry).collect::<Vec<_>>()
        };
        let result = if self.dice.roll(97) < 40 { MarkResult::NotSeen } else { MarkResult::Seen };
        let marks = LINES.iter().map(|l| MarkEntry {
            line: l.id.to_owned(),
            result: Some(result),
            note: String::new(),
            at: None,
            was: None,
        });
        let observation =
            Observation { text: why(), owner: "Tom Bell".to_owned(), due_on: today + Days::new(20), settled: String::new() };
        let wished = test.wish.as_ref().and_then(|w| w.moments.first().copied()).unwrap_or(far.starts_at);
        let agreed = Chosen { slot: SlotId(new_uuid()), starts_at: wished, ..far.clone() };
        let edition = test.facts.edition();
        let tests = vec![
            D::Ask(vec![far.starts_at + Duration::hours(3)]),
            D::Book(near.clone()),
            D::Book(far.clone()),
            D::Agree(agreed),
            D::Decline(why()),
            D::Describe(Box::new(facts), edition),
            D::Move(far.clone()),
            D::Cancel(why()),
            D::Check(checks(CheckResult::Passed)),
            D::Check(vec![CheckEntry { check: Check::IpSeen, result: Some(CheckResult::Problem), note: why() }]),
            D::Confirm,
            D::Start,
            D::Invite(format!("https://meet.example.com/{}", self.dice.roll(3))),
            D::Mark(marks.collect()),
            D::Attach("a1".to_owned(), sheet_file(self.dice.roll(3))),
            D::Detach("a1".to_owned(), sheet_file(self.dice.roll(3)).id),
            D::Pass(why()),
            D::Observe(vec![observation], why()),
            D::Fail(why()),
            D::NotHold(why()),
            D::Settle(0, why()),
            D::Repeat(why()),
        ];
        let mut all: Vec<Command> = tests.into_iter().map(Command::Demonstration).collect();
        all.extend(self.papers(product));
        all.extend([Command::Hold(why()), Command::Resume(why())]);
        all
    }

    /// Certificates, agreements and going live.
    fn papers(&mut self, product: &Product) -> Vec<Command> {
        let today = london_date(self.app.now());
        let why = || "It was so.".to_owned();
        let number = format!("SAC-2026-EDGE-{:04}-{:04}", self.dice.roll(10_000), product.version);
        let prepared = product.prepared().map(|c| c.content.number.clone()).unwrap_or_default();
        let standing = product.certificate().map(|c| c.content.number.clone()).unwrap_or_default();
        let issue = CertificateCommand::Issue { number: prepared.clone(), signed: "a.b.c".to_owned(), pdf: "ab".repeat(32) };
        let certificates = [
            CertificateCommand::Prepare { number, address: why(), reason: why() },
            issue,
            CertificateCommand::Void(prepared),
            CertificateCommand::Keep { number: standing.clone(), reason: why() },
            CertificateCommand::Withdraw { number: standing, reason: why() },
        ];
        let other = NamedPerson { name: format!("Officer {}", self.dice.roll(100)), ..officer() };
        let link = || SigningId(new_uuid());
        let ticked: BTreeSet<SigningCheck> = SigningCheck::ALL.iter().copied().collect();
        let agreements = [
            AgreementCommand::Name(other, link()),
            AgreementCommand::Issue(paper(AgreementKind::New), link()),
            AgreementCommand::Sign(Box::new(signed_copy(today))),
            AgreementCommand::Accept(ticked),
            AgreementCommand::Return(why()),
            AgreementCommand::Renew(why()),
        ];
        let facts = LiveFacts {
            client_auth: Some(ClientAuth::PrivateKeyJwt),
            logout_url: format!("https://live.example.com/{}", self.dice.roll(100)),
            ..LiveFacts::default()
        };
        let live = [LiveCommand::Configure(Box::new(facts), product.live.edition()), LiveCommand::GoLive(today)];
        let certificates = certificates.into_iter().map(Command::Certificate);
        certificates.chain(agreements.into_iter().map(Command::Agreement)).chain(live.into_iter().map(Command::Live)).collect()
    }

    /// One of the things that somebody may do now: first what is done is chosen, then by whom.
    fn choose(&mut self, product: &Product, commands: Vec<Command>) -> (usize, Command, Decision) {
        let mut found: BTreeMap<String, Vec<(usize, Command, Decision)>> = BTreeMap::new();
        for command in commands {
            for who in 0..self.cast.len() {
                if let Some(decision) = self.decide(who, product, &command)
                    && !decision.changes().is_empty()
                {
                    found.entry(act(&command)).or_default().push((who, command.clone(), decision));
                }
            }
        }
        // A hold is left at once, so that the walk gets somewhere.
        if let Some(mut resume) = found.remove("resume") {
            return resume.swap_remove(0);
        }
        // Mostly forward, so that tests are held and papers are signed; now and then what was done least.
        if found.keys().any(|act| FORWARD.contains(&act.as_str())) && self.dice.roll(5) > 1 {
            found.retain(|act, _| FORWARD.contains(&act.as_str()));
        } else {
            let count = |act: &String| self.done.get(act).copied().unwrap_or_default();
            let least = found.keys().map(count).min().unwrap();
            found.retain(|act, _| count(act) == least);
        }
        let mut acts: Vec<_> = found.into_values().collect();
        let mut ways = acts.swap_remove(self.dice.roll(acts.len()));
        ways.swap_remove(self.dice.roll(ways.len()))
    }

    /// Carries a step out and compares all that can be read afterwards with what the rules said.
    async fn go(&self, before: &Product, (who, command, decision): (usize, Command, Decision)) -> Product {
        let actor = &self.cast[who];
        let by = By { person: actor.person(), at: self.app.now() };
        let after = decision.applied(before.clone(), by);
        let after = Product { version: before.version + 1, ..after };
        let told = self.app.try_act(CAST[who], &self.reference, &command).await;
        let told = told.unwrap_or_else(|e| panic!("{command:?} by {}: {e}", CAST[who].name));
        assert_eq!(told, after, "what was told after {command:?}");
        let seen = self.app.see(OWNER, &self.reference).await.unwrap();
        assert_eq!(seen, after, "what is seen after {command:?}");
        let filter = ProductFilter { words: self.reference.clone(), ..ProductFilter::default() };
        let (page, _) = self.app.db.visible(actor).products(&filter).await.unwrap();
        assert_eq!((page.rows[0].turn, page.rows[0].turn_by), seen.turn(), "the list after {command:?}");
        if let Some(date) = &seen.demonstration().date {
            let reviewer = self.app.db.visible(&self.cast[2]);
            let held = reviewer.published_slots(date.starts_at, date.starts_at + Duration::minutes(1)).await.unwrap();
            let mine: Vec<_> = held.iter().filter(|s| s.product.is_some()).map(|s| s.slot.id).collect();
            assert_eq!(mine, [date.slot], "the date that is held after {command:?}");
        }
        seen
    }
}

/// Walks, and returns what was done.
async fn walk(seed: u64) -> BTreeSet<String> {
    let mut walk = Walk::new(seed).await;
    let mut product = walk.app.see(OWNER, &walk.reference).await.unwrap();
    for _ in 0..STEPS {
        // Long enough that test days come, short enough that notice is kept.
        let hours = i64::try_from(walk.dice.roll(60)).unwrap();
        walk.app.advance(Duration::hours(hours) + Duration::microseconds(1));
        if product.demonstration().state == DemonstrationState::Confirmed && walk.dice.roll(3) > 0 {
            let begins = product.demonstration().date.as_ref().unwrap().starts_at;
            walk.app.clock.set(begins.max(walk.app.now()));
        }
        let near = walk.app.published(16).await;
        let far = walk.app.published(24).await;
        let commands = walk.commands(&product, &near, &far);
        let step = walk.choose(&product, commands);
        *walk.done.entry(act(&step.1)).or_default() += 1;
        product = walk.go(&product, step).await;
    }
    println!("walk {seed}: {} tests, {} certificates", product.demonstrations.len(), product.certificates.len());
    walk.app.clocks_agree().await;
    walk.app.finish().await;
    walk.done.into_keys().collect()
}

#[actix_web::test]
async fn database_and_rules_agree_on_any_path_through_the_second_half() {
    let mut done = BTreeSet::new();
    for seed in [5, 7, 23] {
        done.extend(walk(seed).await);
    }
    let tests = DemonstrationAct::ALL.iter().map(|a| a.word().to_owned());
    // An organisation that is no party yet has nothing to reissue; the portal has a test of its own.
    let signed = AgreementAct::ALL.iter().filter(|a| !matches!(a, AgreementAct::Reissue | AgreementAct::Record));
    let papers =
        signed.map(|act| format!("{act} agreement")).chain(["prepare", "issue", "void"].map(|a| format!("{a} certificate")));
    let missing: Vec<String> = tests.chain(papers).filter(|act| !done.contains(act)).collect();
    // Chance may leave one out; the walk of the model uses every row.
    assert!(missing.len() <= 1, "never done: {missing:?}");
}
