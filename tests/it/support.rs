//! A whole service in one value: a database of its own, a clock that is moved on purpose, mail in memory, and people.

pub mod assurance;
pub mod database;
pub mod http;
pub mod mail_server;
pub mod process;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::Data;
use assured::act::{self, Rules};
use assured::clock::Clock;
use assured::demo::answers::Samples;
use assured::document::signature::KeySet;
use assured::domain::actor::Actor;
use assured::domain::answer::Value;
use assured::domain::catalogue::{Section, Stage};
use assured::domain::command::{Command, Entry, Ruling, SectionCommand, Statement};
use assured::domain::facts::{Authenticator, CareSetting, Facts, UserKind};
use assured::domain::product::{Product, Standing};
use assured::domain::reply::UNDO_MINUTES;
use assured::domain::section::Verdict;
use assured::domain::words::{OrganisationId, PersonId};
use assured::error::Error;
use assured::inspect::Inspector;
use assured::secret::{LinkKey, Passwords};
use assured::store::Db;
use assured::store::file::Files;
use assured::web::App;
use assured::worker::Worker;
use assured::worker::letter::Writer;
use assured::worker::mail::{Kept, Transport};
use chrono::{DateTime, Duration, Utc};

/// Everybody's password.
pub const PASSWORD: &str = "seven quiet herons";
/// The public address.
pub const BASE: &str = "http://assured.test";

/// Somebody who uses the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Persona {
    pub name: &'static str,
    pub email: &'static str,
}

pub const OWNER: Persona = Persona { name: "Priya Shah", email: "priya.shah@wardlight.example" };
pub const EDITOR: Persona = Persona { name: "Tom Bell", email: "tom.bell@wardlight.example" };
pub const VIEWER: Persona = Persona { name: "Joan Price", email: "joan.price@wardlight.example" };
pub const RIVAL: Persona = Persona { name: "Daniel Osei", email: "daniel.osei@medibridge.example" };
pub const REVIEWER: Persona = Persona { name: "Amina Okafor", email: "amina.okafor@assurance.example" };
pub const OTHER_REVIEWER: Persona = Persona { name: "Sam Reed", email: "sam.reed@assurance.example" };
pub const MANAGER: Persona = Persona { name: "Grace Lin", email: "grace.lin@assurance.example" };
pub const ADMINISTRATOR: Persona = Persona { name: "Owen Davies", email: "owen.davies@assurance.example" };

/// A reviewer who declared an interest in the supplier of [`OWNER`].
pub const INTERESTED: Persona = Persona { name: "Ines Costa", email: "ines.costa@assurance.example" };

/// Everybody.
pub const PEOPLE: [Persona; 9] = [OWNER, EDITOR, VIEWER, RIVAL, REVIEWER, OTHER_REVIEWER, MANAGER, ADMINISTRATOR, INTERESTED];

/// Thursday 2 April 2026, 10am in London: the day before Good Friday.
pub fn start() -> DateTime<Utc> {
    "2026-04-02T09:00:00Z".parse().unwrap()
}

/// A service for one test. End the test with [`TestApp::finish`].
pub struct TestApp {
    pub data: Data<App>,
    pub db: Db,
    pub rules: Rules,
    pub clock: Clock,
    pub worker: Worker,
    pub place: database::Place,
    mailbox: Arc<Mutex<Vec<Kept>>>,
    jars: RefCell<BTreeMap<Persona, http::Jar>>,
    service: tokio::sync::OnceCell<http::Service>,
    products: Cell<u32>,
    is_finished: Cell<bool>,
    folder: PathBuf,
}

impl TestApp {
    /// A service with the published question set.
    pub async fn new() -> Self {
        Self::with(Rules::published().unwrap()).await
    }

    /// A service with other rules.
    pub async fn with(rules: Rules) -> Self {
        let folder = folder();
        let place = database::fresh(&folder).await;
        let db = Db::open(&place.address).await.unwrap();
        let clock = Clock::fixed(start());
        let links = LinkKey::random().unwrap();
        let writer = Writer { base: BASE.to_owned(), links: links.clone(), rules: rules.clone() };
        let mailbox: Arc<Mutex<Vec<Kept>>> = Arc::default();
        let worker = Worker {
            db: db.clone(),
            clock: clock.clone(),
            writer: writer.clone(),
            transport: Transport::Memory(Arc::clone(&mailbox)),
            from: "CIS2 assurance <assurance@assured.test>".parse().unwrap(),
        };
        let keys = KeySet::from_file(&folder.join("certificate.key")).unwrap();
        let data = Data::new(App {
            db: db.clone(),
            rules: rules.clone(),
            clock: clock.clone(),
            passwords: Passwords::quick(),
            links,
            keys,
            files: Files::open(&folder.join("files")).unwrap(),
            base: BASE.to_owned(),
            contact: "assurance@assured.test".to_owned(),
            is_demo: false,
            demo_people: Vec::new(),
            writer,
            inspector: Inspector::new(env!("CARGO_BIN_EXE_assured").into()).with_patience(std::time::Duration::from_mins(1)),
            afterwards: tokio_util::task::TaskTracker::new(),
        });
        Self {
            data,
            db,
            rules,
            clock,
            worker,
            place,
            mailbox,
            jars: RefCell::default(),
            service: tokio::sync::OnceCell::new(),
            products: Cell::new(0),
            is_finished: Cell::new(false),
            folder,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Moves the clock.
    pub fn advance(&self, by: Duration) {
        self.clock.set(self.now() + by);
    }

    pub async fn id(&self, persona: Persona) -> PersonId {
        self.db.person_by_email(persona.email).await.unwrap().unwrap().0
    }

    pub async fn actor(&self, persona: Persona) -> Actor {
        self.db.actor(self.id(persona).await).await.unwrap().unwrap()
    }

    /// The organisation that somebody belongs to.
    pub async fn organisation(&self, persona: Persona) -> OrganisationId {
        *self.actor(persona).await.memberships().keys().next().unwrap()
    }

    /// Adds a product with full details. Returns its reference.
    pub async fn product(&self, persona: Persona) -> String {
        self.products.set(self.products.get() + 1);
        let facts = Facts { name: format!("Wardlight {}", self.products.get()), ..facts() };
        let actor = self.actor(persona).await;
        let of = (self.organisation(persona).await, facts);
        act::add_product(&self.db, &self.rules, &actor, of, self.now()).await.unwrap().reference
    }

    /// A product as the persona sees it.
    pub async fn see(&self, persona: Persona, reference: &str) -> Result<Product, Error> {
        self.db.visible(&self.actor(persona).await).product(reference).await
    }

    /// Carries out a command.
    pub async fn try_act(&self, persona: Persona, reference: &str, command: &Command) -> Result<Product, Error> {
        let actor = self.actor(persona).await;
        act::act(&self.db, &self.rules, &actor, (reference, command), self.now()).await
    }

    /// Carries out a command on a section, which must be permitted.
    pub async fn act(&self, persona: Persona, reference: &str, section: Section, command: SectionCommand) -> Product {
        let act = command.act();
        let done = self.try_act(persona, reference, &Command::Section(section, command)).await;
        done.unwrap_or_else(|e| panic!("{act} of {section} by {}: {e}", persona.name))
    }

    /// Answers every shown question of a section as a typical supplier does, follow-ups included.
    pub async fn answer_all(&self, persona: Persona, reference: &str, section: Section) -> Product {
        let samples = Samples::read().unwrap();
        loop {
            let product = self.see(persona, reference).await.unwrap();
            let setting = self.rules.setting(&product, self.now()).unwrap();
            let given = product.given(setting.catalogue, setting.today());
            let mut entries = Vec::new();
            for question in given.shown(section).into_iter().filter(|q| !product.answers.contains_key(&q.key)) {
                let value = samples.answer(question, setting.today(), &self.data.files).await.unwrap();
                let value = value.unwrap_or_else(|| panic!("no sample answer to {}", question.key));
                entries.push(entry(&product, &question.key, value));
            }
            if entries.is_empty() {
                return product;
            }
            self.act(persona, reference, section, SectionCommand::Answer(entries)).await;
        }
    }

    /// Gives one question an answer and a remark.
    pub async fn answer(&self, persona: Persona, reference: &str, (question, value): (&str, Value), remark: &str) -> Product {
        let product = self.see(persona, reference).await.unwrap();
        let (section, _) = self.rules.catalogue(product.question_set).unwrap().find(question).unwrap();
        let entry = Entry { remark: remark.to_owned(), ..entry(&product, question, value) };
        self.act(persona, reference, section, SectionCommand::Answer(vec![entry])).await
    }

    /// Answers a section and sends it.
    pub async fn send(&self, persona: Persona, reference: &str, section: Section) -> Product {
        self.answer_all(persona, reference, section).await;
        self.act(persona, reference, section, SectionCommand::Send(statement(section))).await
    }

    /// Takes a review if nobody has it, and decides on every question that has no decision: more about some, the rest accepted.
    pub async fn decide(&self, persona: Persona, reference: &str, section: Section, more: &[&str]) -> Product {
        let mut product = self.see(persona, reference).await.unwrap();
        if product.section(section).reviewer.is_none() {
            product = self.act(persona, reference, section, SectionCommand::Take).await;
        }
        let setting = self.rules.setting(&product, self.now()).unwrap();
        let given = product.given(setting.catalogue, setting.today());
        let open = given.shown(section).into_iter().filter(|q| product.standing(section, q) != Standing::Accepted);
        let rulings = open.map(|q| {
            let is_asked = more.contains(&q.key.as_str());
            let verdict = Some(if is_asked { Verdict::More } else { Verdict::Accept });
            let comment = if is_asked { "Say more about this.".to_owned() } else { String::new() };
            Ruling { question: q.key.clone(), verdict, comment }
        });
        let rulings = rulings.collect();
        self.act(persona, reference, section, SectionCommand::Decide(rulings)).await
    }

    /// Reviews a section and sends it back with questions.
    pub async fn send_back(&self, persona: Persona, reference: &str, section: Section, more: &[&str]) -> Product {
        self.decide(persona, reference, section, more).await;
        self.act(persona, reference, section, SectionCommand::Return("Nearly there.".to_owned())).await
    }

    /// Reviews a section and accepts it.
    pub async fn accept(&self, persona: Persona, reference: &str, section: Section) -> Product {
        self.decide(persona, reference, section, &[]).await;
        self.act(persona, reference, section, SectionCommand::Accept(String::new())).await
    }

    /// Lets the time pass in which the sending of a review can be undone; what was sent leaves.
    pub async fn let_replies_leave(&self) {
        self.advance(Duration::minutes(UNDO_MINUTES.into()));
        self.worker.let_replies_leave().await.unwrap();
    }

    /// Delivers everything that is due. Returns all mail so far, oldest first.
    pub async fn mail(&self) -> Vec<Kept> {
        while self.worker.step().await.unwrap() > 0 {}
        self.mail_so_far()
    }

    /// All mail that was delivered so far, oldest first; delivers nothing.
    pub fn mail_so_far(&self) -> Vec<Kept> {
        self.mailbox.lock().unwrap().clone()
    }

    /// Ends a test: nothing may be left in the outbox.
    pub async fn finish(self) {
        self.mail().await;
        for number in 1.. {
            let page = self.db.all_mail(number).await.unwrap();
            for letter in &page.rows {
                assert!(letter.sent_at.is_some() || letter.how == "never", "left in the outbox: {letter:?}");
            }
            if page.rows.is_empty() {
                break;
            }
        }
        self.is_finished.set(true);
        self.db.clone().close().await.unwrap();
        self.place.drop_database().await;
    }

    /// Ends a test that leaves mail unsent on purpose.
    pub async fn finish_with_mail(self) {
        self.is_finished.set(true);
        self.db.clone().close().await.unwrap();
        self.place.drop_database().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        assert!(self.is_finished.get() || std::thread::panicking(), "end the test with app.finish().await");
    }
}

/// An entry that changes the present answer.
pub fn entry(product: &Product, question: &str, value: Value) -> Entry {
    let edition = product.answers.get(question).map_or(0, |a| a.edition);
    Entry { question: question.to_owned(), edition, value: Some(value), remark: String::new() }
}

/// What a sender confirms.
pub fn statement(section: Section) -> Statement {
    let is_technical = section.stage() == Stage::Technical;
    let test_address = if is_technical { "https://int.wardlight.example/".to_owned() } else { String::new() };
    Statement { is_complete: true, works_in_int: is_technical, test_address }
}

/// Facts that leave nothing to ask.
pub fn facts() -> Facts {
    let day = |text: &str| text.parse().ok();
    Facts {
        name: "Wardlight".to_owned(),
        version: "4.2".to_owned(),
        description: "Electronic ward rounds.".to_owned(),
        use_case: "Staff sign in with CIS2 to record and read care in hospitals.".to_owned(),
        use_case_approved_on: day("2026-02-20"),
        care_settings: [CareSetting::Hospital].into(),
        users: [UserKind::Clinicians, UserKind::Administrators].into(),
        migrating_from_cis1: Some(false),
        national_apis: [].into(),
        authenticators: [Authenticator::InternetSmartcard, Authenticator::Passkey].into(),
        int_working: Some(true),
        int_working_since: day("2026-03-02"),
        go_live_target: day("2026-09-01"),
    }
}

/// A new folder of its own.
pub fn folder() -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("assured-it-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}
