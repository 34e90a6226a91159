//! The database agrees with the model: what is committed is loaded as the rules said, with its events, its turn and its notices.

use std::collections::VecDeque;

use assured::act;
use assured::domain::actor::Actor;
use assured::domain::calendar::Calendar;
use assured::domain::catalogue::Section;
use assured::domain::command::{Change, Command, SectionCommand};
use assured::domain::event::EventKind;
use assured::domain::facts::Facts;
use assured::domain::product::Product;
use assured::domain::refusal::Refusal;
use assured::domain::section::Guard;
use assured::error::Error;
use assured::store::visible::ProductFilter;
use chrono::Duration;
use sea_orm::ConnectionTrait;

use crate::model::walk::{Detail, Graph, World, catalogue, product};
use crate::support::*;

/// A walk through the database along the edges of a graph.
struct Tour {
    app: TestApp,
    world: World,
    graph: Graph,
    /// Edges that lead from each product of the graph.
    out: Vec<Vec<usize>>,
    is_done: Vec<bool>,
    /// The same product in the database, and where it is in the graph.
    here: (Product, usize),
}

/// Few people, so that more of what they do fits into the time.
const CAST: [Persona; 4] = [OWNER, REVIEWER, OTHER_REVIEWER, MANAGER];

impl Tour {
    async fn new(live: &[(Section, Detail)]) -> Self {
        let app = TestApp::with(act::Rules::of(vec![catalogue()], Calendar::england())).await;
        let mut cast = Vec::new();
        for persona in CAST {
            cast.push((persona, app.actor(persona).await));
        }
        let world = World::new(cast, live);
        let organisation = app.organisation(OWNER).await;
        let graph = world.walk(Product { organisation, ..product(Section::ALL) }, &mut |_| {});
        let mut out = vec![Vec::new(); graph.products.len()];
        for (number, edge) in graph.edges.iter().enumerate() {
            out[edge.from].push(number);
        }
        let is_done = vec![false; graph.edges.len()];
        let here = (start_again(&app, &world.cast[0].1).await, 0);
        Self { app, world, graph, out, is_done, here }
    }

    /// The next edge that was not gone along, or the first one on the way to one.
    fn next(&self) -> Option<usize> {
        let mut seen = vec![false; self.graph.products.len()];
        let mut open: VecDeque<(usize, Option<usize>)> = VecDeque::from([(self.here.1, None)]);
        while let Some((place, first)) = open.pop_front() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            // From a different end each time, so that a walk that is cut short has seen a bit of everything.
            let turned = usize::try_from(self.here.0.version).unwrap();
            let edges = &self.out[place];
            for step in 0..edges.len() {
                let edge = edges[(step + turned) % edges.len()];
                if !self.is_done[edge] {
                    return first.or(Some(edge));
                }
                open.push_back((self.graph.edges[edge].to, first.or(Some(edge))));
            }
        }
        None
    }

    /// Goes along an edge in the database and compares all that was written with the rules' answer.
    async fn go(&mut self, number: usize) {
        let (app, edge) = (&self.app, &self.graph.edges[number]);
        let (before, actor) = (self.here.0.clone(), self.world.cast[edge.who].1.clone());
        let command = self.world.commands(&before).swap_remove(edge.command);
        let is_undone = matches!(command, Command::Section(_, SectionCommand::Undo));
        app.advance(Duration::minutes(if is_undone { 0 } else { 47 }) + Duration::microseconds(1));
        let now = app.now();
        let (decision, after) = match self.world.ask(&actor, &before, &command, now) {
            Ok(answer) => answer,
            // On the walk no time passes; here it does, and then it is too late for this edge.
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Unmet(Guard::InTime), "{command:?}");
                let late = act::act(&app.db, &app.rules, &actor, (&before.reference, &command), now).await;
                assert!(matches!(late, Err(Error::Refused(Refusal::Unmet(Guard::InTime)))), "{late:?}");
                self.is_done[number] = true;
                return;
            }
        };
        let is_same = decision.changes().is_empty();
        let expected = Product { version: before.version + i64::from(!is_same), ..after };
        assert_eq!(self.world.key(&expected), self.world.key(&self.graph.products[edge.to]), "{command:?}");
        let events = history(app, &actor, &before).await;
        let written = act::act(&app.db, &app.rules, &actor, (&before.reference, &command), now).await.unwrap();
        assert_eq!(written, expected, "what was committed by {command:?}");
        let loaded = app.db.visible(&actor).product(&before.reference).await.unwrap();
        assert_eq!(loaded, expected, "what is loaded after {command:?}");
        self.turn_is_stored(&actor, &expected).await;
        let happened = history(app, &actor, &expected).await;
        let new: Vec<EventKind> = happened[..happened.len() - events.len()].iter().rev().copied().collect();
        assert_eq!(new, decision.changes().iter().map(kind).collect::<Vec<_>>(), "{command:?}");
        self.is_done[number] = true;
        self.here = (expected, edge.to);
    }

    async fn turn_is_stored(&self, actor: &Actor, product: &Product) {
        let filter = ProductFilter { words: product.reference.clone(), ..ProductFilter::default() };
        let (page, _) = self.app.db.visible(actor).products(&filter).await.unwrap();
        let row = &page.rows[0];
        assert_eq!((row.turn, row.turn_by), product.turn());
        assert_eq!((&row.name, row.state), (&product.facts.name, product.state));
        for section in Section::ALL {
            assert_eq!(row.sections[section], product.section(*section).state());
        }
    }

    /// Goes so many steps, with a new product when the old one leads nowhere.
    async fn run(mut self, steps: usize) {
        let mut gone = 0;
        while gone < steps {
            if let Some(edge) = self.next() {
                self.go(edge).await;
                gone += 1;
            } else if self.here.1 == 0 {
                break;
            } else {
                self.here = (start_again(&self.app, &self.world.cast[0].1).await, 0);
            }
        }
        self.app.clocks_agree().await;
        let done = self.is_done.iter().filter(|d| **d).count();
        println!("{:?}: {done} of {} steps in the database, {gone} gone", self.world.live, self.is_done.len());
        assert!(done > steps / 2, "{done} of {steps} steps were new");
        self.app.finish().await;
    }
}

async fn start_again(app: &TestApp, owner: &Actor) -> Product {
    let reference = app.product(OWNER).await;
    let product = app.db.visible(owner).product(&reference).await.unwrap();
    // What a product knows about INT is part of the walk, which starts without it.
    let edition = product.facts.edition();
    let facts = Facts { int_working: None, int_working_since: None, ..product.facts };
    app.try_act(OWNER, &reference, &Command::Change(Box::new(facts), edition)).await.unwrap()
}

/// Everything that happened to a product, newest first.
async fn history(app: &TestApp, actor: &Actor, product: &Product) -> Vec<EventKind> {
    let page = app.db.visible(actor).history(product, 1).await.unwrap();
    let mut kinds: Vec<EventKind> = page.rows.iter().map(|e| e.kind).collect();
    // Older ones stay as they are; only their number matters.
    kinds.resize(usize::try_from(page.total).unwrap(), EventKind::ProductAdded);
    kinds
}

const fn kind(change: &Change) -> EventKind {
    match change {
        Change::ProductAdded => EventKind::ProductAdded,
        Change::ProductChanged(_) => EventKind::ProductChanged,
        Change::ProductHeld(_) => EventKind::ProductHeld,
        Change::ProductResumed(..) => EventKind::ProductResumed,
        Change::SupplierReminded(_) => EventKind::SupplierReminded,
        Change::ProductWithdrawn(_) => EventKind::ProductWithdrawn,
        Change::Answered(..) => EventKind::Answered,
        Change::Copied(..) => EventKind::AnswerCopied,
        Change::SectionSent { .. } => EventKind::SectionSent,
        Change::SectionTakenBack(_) => EventKind::SectionTakenBack,
        Change::ReviewAssigned(..) => EventKind::ReviewAssigned,
        Change::Decided { .. } => EventKind::Decided,
        Change::SectionReturned { .. } => EventKind::SectionReturned,
        Change::SectionAccepted(..) => EventKind::SectionAccepted,
        Change::SectionReopened { .. } => EventKind::SectionReopened,
        Change::Demonstrated(_, told)
        | Change::Certified(_, told)
        | Change::Agreed(_, told)
        | Change::Talked(_, _, told)
        | Change::Freed(_, _, told)
        | Change::Recounted(_, told) => told.kind,
        Change::Assigned(_) => EventKind::QuestionAssigned,
        Change::PartyChanged(_) => EventKind::OrganisationChanged,
        Change::ProductionGiven(_) => EventKind::ProductionGiven,
        Change::WentLive(_) => EventKind::WentLive,
        Change::SignInAltered(_) => EventKind::SignInAltered,
        Change::BecameAssured => EventKind::Assured,
        Change::ReplySent(..) => EventKind::ReplySent,
        Change::ReplyUndone(_) => EventKind::ReplyUndone,
        Change::ReplyStopped(..) => EventKind::ReplyStopped,
    }
}

#[actix_web::test]
async fn what_is_loaded_is_what_the_rules_said_for_a_technical_section() {
    Tour::new(&[(Section::Cis2Conformance, Detail::Full)]).await.run(1_000).await;
}

#[actix_web::test]
async fn what_is_loaded_is_what_the_rules_said_for_a_section_with_a_follow_up() {
    Tour::new(&[(Section::DataSecurity, Detail::Full)]).await.run(600).await;
}

#[actix_web::test]
async fn a_refused_command_leaves_everything_as_it_was() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let before = app.send(OWNER, &reference, Section::MedicalDevice).await;
    let mail = app.mail().await.len();
    for (persona, command) in [
        (VIEWER, Command::Hold("No time.".to_owned())),
        (OWNER, Command::Resume("Time again.".to_owned())),
        (EDITOR, Command::Withdraw("Sold.".to_owned())),
        (MANAGER, Command::Section(Section::MedicalDevice, assured::domain::command::SectionCommand::Take)),
    ] {
        let refused = app.try_act(persona, &reference, &command).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{command:?}");
    }
    let hold = Command::Hold("No time.".to_owned());
    assert!(matches!(app.try_act(RIVAL, &reference, &hold).await, Err(Error::NotFound)));
    assert!(matches!(app.try_act(ADMINISTRATOR, &reference, &hold).await, Err(Error::NotFound)));
    assert_eq!(app.see(OWNER, &reference).await.unwrap(), before);
    assert_eq!(app.mail().await.len(), mail);
    app.finish().await;
}

#[actix_web::test]
async fn history_cannot_be_rewritten() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let raw = app.place.raw().await;
    for statement in ["UPDATE event SET by_name = 'Nobody'", "DELETE FROM event"] {
        let refused = raw.execute_unprepared(statement).await;
        assert!(refused.unwrap_err().to_string().contains("append-only"), "{statement}");
    }
    raw.close().await.unwrap();
    app.finish().await;
}

#[actix_web::test]
async fn a_product_cannot_be_named_twice_in_an_organisation() {
    let app = TestApp::new().await;
    let (owner, of) = (app.actor(OWNER).await, app.organisation(OWNER).await);
    let add =
        |name: &str| act::add_product(&app.db, &app.rules, &owner, (of, Facts { name: name.to_owned(), ..facts() }), app.now());
    add("Ward Rounds").await.unwrap();
    let refused = add("ward  rounds").await.unwrap_err();
    assert!(matches!(refused, Error::Refused(r) if r.sentence().contains("already has a product")));
    add("Ward Rounds 2").await.unwrap();
    app.finish().await;
}

#[actix_web::test]
async fn suppliers_do_not_read_single_decisions_and_notes() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::MedicalDevice).await;
    let product = app.decide(REVIEWER, &reference, Section::MedicalDevice, &[]).await;
    let reviewer = app.actor(REVIEWER).await;
    app.db.add_note(&reviewer, &product, ("md-is-device", "Ask the clinical team."), app.now()).await.unwrap();
    let owner = app.actor(OWNER).await;
    let (ours, theirs) = (app.db.visible(&reviewer), app.db.visible(&owner));
    let (all, told) = (ours.history(&product, 1).await.unwrap(), theirs.history(&product, 1).await.unwrap());
    assert!(all.rows.iter().any(|e| e.kind == EventKind::Decided));
    assert!(!told.rows.is_empty() && told.rows.iter().all(|e| e.kind != EventKind::Decided));
    assert_eq!(ours.notes(&product).await.unwrap().len(), 1);
    assert_eq!(theirs.notes(&product).await.unwrap().len(), 0);
    app.finish().await;
}
