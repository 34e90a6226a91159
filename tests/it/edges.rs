//! Random walks through the published question set: the database, the lists and the history agree with the rules at every step.

use std::collections::{BTreeMap, BTreeSet};

use assured::demo::answers::evidence;
use assured::domain::actor::Actor;
use assured::domain::answer::Value;
use assured::domain::catalogue::{Kind, Question, Section};
use assured::domain::command::{By, Command, Entry, Reviewer, Ruling, SectionCommand};
use assured::domain::decide::{Decision, Setting, decide};
use assured::domain::facts::Facts;
use assured::domain::product::Product;
use assured::domain::reply::{Outcome, left};
use assured::domain::section::{ProductAct, ProductState, SectionAct, Verdict};
use assured::store::visible::ProductFilter;
use chrono::Duration;

use crate::support::*;

/// The shortest of the published sections: choices, texts and an upload, with follow-ups.
const SECTION: Section = Section::MedicalDevice;
/// Those who may do something.
const CAST: [Persona; 5] = [OWNER, EDITOR, REVIEWER, OTHER_REVIEWER, MANAGER];
/// Steps of a walk before the product is withdrawn.
const STEPS: usize = 110;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    /// A place in a list of this length.
    fn roll(&mut self, length: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % length
    }
}

/// A product on its way, and all that is tried on it.
struct Walk {
    app: TestApp,
    cast: Vec<(Persona, Actor)>,
    /// Two answers or more to each question.
    values: BTreeMap<String, Vec<Value>>,
    dice: Dice,
    reference: String,
}

/// What somebody may do, and what the rules say comes of it.
struct Step {
    who: usize,
    command: Command,
    decision: Decision,
}

impl Walk {
    async fn new(seed: u64) -> Self {
        let app = TestApp::new().await;
        let mut cast = Vec::new();
        for persona in CAST {
            cast.push((persona, app.actor(persona).await));
        }
        let mut values = BTreeMap::new();
        let texts = app.rules.catalogue(app.rules.newest()).unwrap().section(SECTION).unwrap().clone();
        for question in texts.questions() {
            values.insert(question.key.clone(), some_values(&app, question).await);
        }
        let reference = app.product(OWNER).await;
        Self { app, cast, values, dice: Dice(seed), reference }
    }

    fn setting(&self, product: &Product) -> Setting<'_> {
        self.app.rules.setting(product, self.app.now()).unwrap()
    }

    /// Everything worth asking now: one thing at a time, and a whole page at once.
    fn commands(&mut self, product: &Product) -> Vec<Command> {
        let setting = self.app.rules.setting(product, self.app.now()).unwrap();
        let shown = product.given(setting.catalogue, setting.today()).shown(SECTION);
        let keys: Vec<String> = shown.into_iter().map(|q| q.key.clone()).collect();
        let text = || "It was agreed on the telephone.".to_owned();
        let mut asked = vec![
            SectionCommand::Send(statement(SECTION)),
            SectionCommand::TakeBack,
            SectionCommand::Take,
            SectionCommand::TakeOver,
            SectionCommand::Reply(Outcome::Return, text()),
            SectionCommand::Reply(Outcome::Accept, text()),
            SectionCommand::Undo,
            SectionCommand::Return(text()),
            SectionCommand::Accept(String::new()),
        ];
        for (_, actor) in self.cast.iter().filter(|(persona, _)| [REVIEWER, OTHER_REVIEWER].contains(persona)) {
            asked.push(SectionCommand::Assign(Reviewer { person: actor.person(), name: actor.name().to_owned() }));
        }
        let ruling = |key: &String, verdict| Ruling { question: key.clone(), verdict, comment: text() };
        for verdict in [Verdict::Accept, Verdict::More] {
            asked.push(SectionCommand::Decide(keys.iter().map(|key| ruling(key, Some(verdict))).collect()));
        }
        asked.push(SectionCommand::Answer(keys.iter().map(|key| self.an_entry(product, key)).collect()));
        for key in &keys {
            asked.push(SectionCommand::Answer(vec![self.an_entry(product, key)]));
            let verdicts = [Some(Verdict::Accept), Some(Verdict::More), None];
            asked.extend(verdicts.map(|verdict| SectionCommand::Decide(vec![ruling(key, verdict)])));
            asked.push(SectionCommand::Reopen(vec![key.clone()], text()));
        }
        let number = self.dice.roll(3);
        let changed = Facts { version: number.to_string(), ..product.facts.clone() };
        let on_product = [
            Command::Change(Box::new(changed), product.facts.edition()),
            Command::Hold(text()),
            Command::Resume(text()),
            Command::Remind,
        ];
        asked.into_iter().map(|command| Command::Section(SECTION, command)).chain(on_product).collect()
    }

    fn an_entry(&mut self, product: &Product, key: &str) -> Entry {
        let values = &self.values[key];
        let value = values[self.dice.roll(values.len())].clone();
        let remark = ["", "We looked again."][self.dice.roll(2)].to_owned();
        Entry { remark, ..entry(product, key, value) }
    }

    /// One of the things that somebody may do now: first what is done is chosen, then how and by whom.
    fn choose(&mut self, product: &Product) -> Step {
        let commands = self.commands(product);
        let mut found: BTreeMap<String, Vec<Step>> = BTreeMap::new();
        for command in commands {
            for who in 0..self.cast.len() {
                let Ok(decision) = decide(&self.setting(product), &self.cast[who].1, product, &command) else { continue };
                let is_more = decision.changes().len() > 1;
                let step = Step { who, command: command.clone(), decision };
                found.entry(format!("{} {is_more}", act(&command))).or_default().push(step);
            }
        }
        // There is little time for it, so it is chosen more often.
        if let Some(mut undo) = found.remove("undo false").filter(|_| self.dice.roll(2) == 0) {
            return undo.swap_remove(0);
        }
        let mut acts: Vec<Vec<Step>> = found.into_values().collect();
        let mut steps = acts.swap_remove(self.dice.roll(acts.len()));
        steps.swap_remove(self.dice.roll(steps.len()))
    }

    /// Carries a step out and compares all that can be read afterwards with what the rules said.
    async fn go(&self, before: &Product, step: &Step) -> Product {
        let Step { who, command, decision } = step;
        let (persona, actor) = &self.cast[*who];
        let by = By { person: actor.person(), at: self.app.now() };
        let after = decision.applied(before.clone(), by);
        let after = Product { version: before.version + i64::from(!decision.changes().is_empty()), ..after };
        let (_, old) = self.history(before).await;

        let told = self.app.try_act(*persona, &self.reference, command).await.unwrap();
        assert_eq!(told, after, "what {} was told after {command:?}", persona.name);
        let seen = self.app.see(OWNER, &self.reference).await.unwrap();
        assert_eq!(seen, after, "what is seen after {command:?} by {}", persona.name);
        for section in Section::ALL.iter().filter(|_| seen.state == ProductState::Active) {
            let due = seen.due(*section, self.app.rules.calendar()).map(|d| d.on);
            assert_eq!(seen.section(*section).reply_by, due, "the promise of {section} after {command:?}");
        }
        self.is_listed(&seen).await;

        let (newest, all) = self.history(&seen).await;
        assert_eq!(all - old, u64::try_from(decision.changes().len()).unwrap(), "events after {command:?}");
        let mine = (by.at, actor.name().to_owned());
        assert!(newest.iter().take(decision.changes().len()).all(|e| *e == mine), "{newest:?} after {command:?}");
        seen
    }

    /// Lets the worker look for replies whose time has come, and compares what it did with what the rules say.
    async fn let_leave(&self, before: Product) -> Product {
        let by = before.section(SECTION).due_reply(self.app.now()).map(|reply| reply.by);
        let sender = self.cast.iter().find(|(_, actor)| Some(actor.person()) == by);
        let decision = sender.and_then(|(_, sender)| left(&self.setting(&before), sender, &before, SECTION));
        let number = self.app.worker.let_replies_leave().await.unwrap();
        assert_eq!(number, usize::from(decision.is_some()), "{:?}", before.section(SECTION).reply);
        let (Some(decision), Some(person)) = (decision, by) else { return before };
        let version = before.version + 1;
        let after = Product { version, ..decision.applied(before, By { person, at: self.app.now() }) };
        let seen = self.app.see(OWNER, &self.reference).await.unwrap();
        assert_eq!(seen, after, "what is seen when a reply has left");
        self.is_listed(&seen).await;
        seen
    }

    /// When and by whom the newest things in the history were done, and how many things there are.
    async fn history(&self, product: &Product) -> (Vec<(chrono::DateTime<chrono::Utc>, String)>, u64) {
        let (_, reviewer) = self.cast.iter().find(|(persona, _)| *persona == REVIEWER).unwrap();
        let page = self.app.db.visible(reviewer).history(product, 1).await.unwrap();
        (page.rows.into_iter().map(|happened| (happened.at, happened.by)).collect(), page.total)
    }

    /// Lists tell of the product what its own page tells.
    async fn is_listed(&self, product: &Product) {
        let filter = ProductFilter { words: self.reference.clone(), ..ProductFilter::default() };
        for (persona, actor) in &self.cast {
            let (page, _) = self.app.db.visible(actor).products(&filter).await.unwrap();
            let row = &page.rows[0];
            assert_eq!((row.turn, row.turn_by), product.turn(), "in the list of {}", persona.name);
            assert_eq!(row.state, product.state, "in the list of {}", persona.name);
            assert_eq!(row.sections[&SECTION], product.section(SECTION).state(), "in the list of {}", persona.name);
        }
    }
}

async fn some_values(app: &TestApp, question: &Question) -> Vec<Value> {
    let text = |start: &str| {
        Value::Text(format!("{start} It was agreed with our clinical safety officer on 3 March, in writing, for all."))
    };
    if question.kind == Kind::SingleChoice {
        return question.options.iter().map(|o| Value::Choice(o.value.clone())).collect();
    }
    if question.kind != Kind::File {
        return vec![text("Records care."), text("Reads records.")];
    }
    let mut values = Vec::new();
    for names in [&["one.pdf"][..], &["one.pdf", "two.png"][..]] {
        let mut files = Vec::new();
        for name in names {
            files.push(evidence(name, &question.name, &app.data.files).await.unwrap());
        }
        values.push(Value::Files { files, expires_on: None });
    }
    values
}

fn act(command: &Command) -> &'static str {
    if let Command::Section(_, command) = command { command.act().word() } else { command.product_act().unwrap().word() }
}

/// A walk that ends with a withdrawn product. Returns what was done.
async fn walk(seed: u64) -> BTreeSet<&'static str> {
    let mut walk = Walk::new(seed).await;
    let mut product = walk.app.see(OWNER, &walk.reference).await.unwrap();
    let mut done = BTreeSet::new();
    for _ in 0..STEPS {
        let is_on_its_way = product.section(SECTION).leaves_at().is_some();
        let hours = if is_on_its_way && walk.dice.roll(4) > 0 { 0 } else { i64::try_from(walk.dice.roll(40)).unwrap() };
        walk.app.advance(Duration::hours(hours) + Duration::microseconds(1));
        product = walk.let_leave(product).await;
        let step = walk.choose(&product);
        done.insert(act(&step.command));
        product = walk.go(&product, &step).await;
    }
    let command = Command::Withdraw("It was sold.".to_owned());
    let decision = decide(&walk.setting(&product), &walk.cast[0].1, &product, &command).unwrap();
    done.insert(act(&command));
    let product = walk.go(&product, &Step { who: 0, command, decision }).await;
    println!("walk {seed}: version {} in round {}, {}", product.version, product.section(SECTION).round, done.len());
    walk.app.clocks_agree().await;
    walk.app.finish().await;
    done
}

#[actix_web::test]
async fn database_lists_and_history_agree_with_the_rules_on_any_path() {
    let mut done = BTreeSet::new();
    for seed in [3, 17, 2026] {
        done.extend(walk(seed).await);
    }
    let all = SectionAct::ALL.iter().map(|a| a.word()).chain(ProductAct::ALL.iter().map(|a| a.word()));
    assert_eq!(done, all.collect(), "what the walks did");
}
