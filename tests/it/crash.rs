//! Kills the service without warning while people save and send: nothing acknowledged is lost, nothing is half done.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use assured::domain::actor::Actor;
use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::event::EventKind;
use assured::domain::notice::Notice;
use assured::domain::product::Product;
use assured::domain::section::SectionState;
use assured::store::{Address, Db};

use crate::http_client::Client;
use crate::support::process::Service;
use crate::support::{database, folder};

const ROUNDS: usize = 12;

/// Somebody who saves one answer again and again, and what they know about it.
struct Writer {
    actor: Actor,
    product: &'static str,
    section: Section,
    question: &'static str,
    /// What was acknowledged last; empty before the first time.
    text: String,
    /// What was sent and not acknowledged.
    doubtful: Option<String>,
    edition: u32,
    /// Saves of this answer that are there.
    saves: usize,
    tries: usize,
}

impl Writer {
    fn new(actor: &Actor, product: &'static str, section: Section, question: &'static str) -> Self {
        let (text, doubtful) = (String::new(), None);
        Self { actor: actor.clone(), product, section, question, text, doubtful, edition: 0, saves: 0, tries: 0 }
    }

    fn address(&self) -> String {
        format!("/products/{}/sections/{}/questions/{}", self.product, self.section, self.question)
    }

    /// Saves until the service is gone.
    fn run(&mut self, client: &mut Client, progress: &AtomicU64) {
        let question = self.question;
        loop {
            self.tries += 1;
            let text = format!(
                "Text {} of {question}. {}",
                self.tries,
                "We wrote this down for a test of what is kept. ".repeat(5).trim()
            );
            let (edition, answer) = (format!("edition-{question}"), format!("answer-{question}"));
            let number = self.edition.to_string();
            self.doubtful = Some(text.clone());
            let Ok(reply) = client.post(&self.address(), &[(&edition, &number), (&answer, &text), ("go", "back")]) else { return };
            let section = format!("/products/{}/sections/{}", self.product, self.section);
            assert_eq!((reply.status, reply.location), (303, section), "{}", reply.body);
            self.text = text;
            self.doubtful = None;
            self.edition += 1;
            self.saves += 1;
            progress.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// The answer on the page and in the store is the acknowledged one, or the one after it.
    fn check(&mut self, client: &mut Client, product: &Product) {
        let page = client.get(&self.address()).unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        let shown = page.textarea(&format!("answer-{}", self.question)).unwrap();
        let edition: u32 = page.hidden(&format!("edition-{}", self.question)).unwrap().parse().unwrap();
        if self.tries == 0 {
            self.edition = edition;
            self.text.clone_from(&shown);
        }
        if let Some(doubtful) = self.doubtful.take().filter(|d| *d == shown) {
            self.text = doubtful;
            self.edition += 1;
            self.saves += 1;
        }
        assert_eq!((&shown, edition), (&self.text, self.edition), "{} of {}", self.question, self.product);
        let kept = product.answers.get(self.question).and_then(|a| a.value.clone());
        let expected = (!self.text.is_empty()).then(|| Value::Text(self.text.clone()));
        assert_eq!(kept, expected);
    }
}

/// Somebody who sends one section and takes it back, again and again, and what they know about it.
struct Sender {
    actor: Actor,
    product: &'static str,
    section: Section,
    is_sent: bool,
    is_doubtful: bool,
    sends: usize,
    recalls: usize,
}

impl Sender {
    fn new(actor: &Actor, product: &'static str, section: Section) -> Self {
        Self { actor: actor.clone(), product, section, is_sent: false, is_doubtful: false, sends: 0, recalls: 0 }
    }

    fn address(&self) -> String {
        format!("/products/{}/sections/{}", self.product, self.section)
    }

    fn done(&mut self) {
        self.is_doubtful = false;
        self.is_sent = !self.is_sent;
        if self.is_sent { self.sends += 1 } else { self.recalls += 1 }
    }

    /// Sends and takes back until the service is gone.
    fn run(&mut self, client: &mut Client, progress: &AtomicU64) {
        loop {
            let deed = if self.is_sent { "recall" } else { "submission" };
            self.is_doubtful = true;
            let Ok(reply) = client.post(&format!("{}/{deed}", self.address()), &[("complete", "yes")]) else { return };
            assert_eq!(reply.status, 303, "{}", reply.body);
            self.done();
            progress.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// The section is as it was acknowledged, or one step on; the page and the store agree.
    fn check(&mut self, client: &mut Client, product: &Product) {
        let page = client.get(&self.address()).unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        let is_sent = page.body.contains("In review");
        if self.is_doubtful && is_sent != self.is_sent {
            self.done();
        }
        self.is_doubtful = false;
        assert_eq!(is_sent, self.is_sent, "{} of {}", self.section, self.product);
        let record = product.section(self.section);
        assert_eq!(record.state() == SectionState::Submitted, is_sent);
        assert_eq!(record.reply_by.is_some(), is_sent);
        assert_eq!(record.round as usize, self.sends);
    }
}

/// Every event of a product: what, and on which section or question.
async fn history(db: &Db, staff: &Actor, product: &Product) -> Vec<(EventKind, Option<Section>, Option<String>)> {
    let mut all = Vec::new();
    for number in 1.. {
        let page = db.visible(staff).history(product, number).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        all.extend(page.rows.into_iter().map(|h| (h.kind, h.section, h.question)));
    }
    all
}

/// How many letters of a product say that a section was sent.
async fn letters(db: &Db, product: &Product, about: Section) -> usize {
    let mut found = 0;
    for number in 1.. {
        let page = db.all_mail(number).await.unwrap();
        if page.rows.is_empty() {
            return found;
        }
        let is_it = |notice: &Notice| matches!(notice, Notice::SectionSent { section, .. } if *section == about);
        found +=
            page.rows.iter().filter(|l| is_it(&l.notice) && l.product.as_ref().is_some_and(|p| p.0 == product.reference)).count();
    }
    found
}

/// What the store holds.
struct Ledger {
    db: Db,
    staff: Actor,
}

impl Ledger {
    async fn open(address: &Address) -> Self {
        let db = Db::open(address).await.unwrap();
        let staff = actor(&db, "grace.lin@assurance.example.nhs.uk").await;
        Self { db, staff }
    }

    async fn product(&self, reference: &str) -> Product {
        self.db.visible(&self.staff).product(reference).await.unwrap()
    }

    /// As many events as saves.
    async fn check_writer(&self, writer: &Writer) {
        let product = self.product(writer.product).await;
        let events = history(&self.db, &self.staff, &product).await;
        let mine = events
            .iter()
            .filter(|(kind, _, question)| *kind == EventKind::Answered && question.as_deref() == Some(writer.question));
        assert_eq!(mine.count(), product.answers.get(writer.question).map_or(0, |a| a.edition as usize));
    }

    /// As many events, copies and letters to each of the team as sends.
    async fn check_sender(&self, sender: &Sender, team: usize) {
        let product = self.product(sender.product).await;
        let events = history(&self.db, &self.staff, &product).await;
        let of = |wanted: EventKind| {
            events.iter().filter(|(kind, section, _)| *kind == wanted && *section == Some(sender.section)).count()
        };
        assert_eq!((of(EventKind::SectionSent), of(EventKind::SectionTakenBack)), (sender.sends, sender.recalls));
        for round in 1..=u32::try_from(sender.sends).unwrap() {
            assert!(self.db.visible(&self.staff).submission(&product, sender.section, round).await.unwrap().is_some());
        }
        assert_eq!(letters(&self.db, &product, sender.section).await, sender.sends * team);
    }
}

async fn actor(db: &Db, email: &str) -> Actor {
    let (id, _) = db.person_by_email(email).await.unwrap().unwrap();
    db.actor(id).await.unwrap().unwrap()
}

/// A browser that somebody of the demonstration has logged in with.
fn client_of(service: &Service, actor: &Actor) -> Client {
    let mut client = service.client();
    let answer = client.post("/demo/login", &[("person", &actor.person().to_string())]).unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    client
}

/// Everybody works until so many requests were acknowledged, whatever the speed of the machine; then the service is killed
/// in the middle of the next ones: a different while after the last answer each time, so that no part of a write is spared.
fn work(mut service: Service, writers: &mut [Writer], senders: &mut [Sender], (requests, while_after): (u64, Duration)) {
    let mut clients: Vec<Client> =
        writers.iter().map(|w| &w.actor).chain(senders.iter().map(|s| &s.actor)).map(|a| client_of(&service, a)).collect();
    let (writing, sending) = clients.split_at_mut(writers.len());
    let progress = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for (writer, client) in writers.iter_mut().zip(writing) {
            scope.spawn(|| writer.run(client, &progress));
        }
        for (sender, client) in senders.iter_mut().zip(sending) {
            scope.spawn(|| sender.run(client, &progress));
        }
        let late = Instant::now() + Duration::from_mins(1);
        while progress.load(Ordering::SeqCst) < requests && Instant::now() < late {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(while_after);
        service.kill();
    });
}

#[actix_web::test]
async fn killed_at_any_moment() {
    let data: PathBuf = folder();
    let place = database::empty(&data).await;
    let mut service = Service::demo(&place.address, &data.join("demo"));
    let ledger = Ledger::open(&place.address).await;
    let [priya, tom, daniel] = [
        actor(&ledger.db, "priya.shah@wardlight.example.com").await,
        actor(&ledger.db, "tom.bell@wardlight.example.com").await,
        actor(&ledger.db, "daniel.osei@medibridge.example.com").await,
    ];
    let mut writers = [
        Writer::new(&priya, "c2a-1003", Section::ClinicalRisk, "cr-loss-of-access"),
        Writer::new(&tom, "c2a-1003", Section::ServiceManagement, "sm-change-notice"),
        Writer::new(&tom, "c2a-1002", Section::ServiceManagement, "sm-incident-process"),
        Writer::new(&daniel, "c2a-1008", Section::ServiceManagement, "sm-change-notice"),
    ];
    let mut senders =
        [Sender::new(&daniel, "c2a-1008", Section::DataSecurity), Sender::new(&priya, "c2a-1001", Section::ServiceManagement)];
    let teams = [1, 3];
    let mut random: u64 = 20_260_402;
    for round in 0..=ROUNDS {
        for writer in &mut writers {
            writer.check(&mut client_of(&service, &writer.actor), &ledger.product(writer.product).await);
            ledger.check_writer(writer).await;
        }
        for (sender, team) in senders.iter_mut().zip(teams) {
            sender.check(&mut client_of(&service, &sender.actor), &ledger.product(sender.product).await);
            ledger.check_sender(sender, team).await;
        }
        if round < ROUNDS {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let while_after = Duration::from_micros((random >> 20) % 40_000);
            work(service, &mut writers, &mut senders, (6 + (random >> 33) % 40, while_after));
            service = Service::demo(&place.address, &data.join("demo"));
        }
    }
    let (saves, sends) = (writers.iter().map(|w| w.saves).sum::<usize>(), senders.iter().map(|s| s.sends).sum::<usize>());
    assert!(saves > ROUNDS && sends > ROUNDS / 2, "{saves} saves and {sends} sends prove little");
    drop(service);
    ledger.db.close().await.unwrap();
    place.drop_database().await;
    std::fs::remove_dir_all(&data).unwrap();
}
