//! The time machine of the demonstration: the same seed makes the same programme, and what it makes holds together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use assured::act::Rules;
use assured::clock::Clock;
use assured::config::Cli;
use assured::demo::weeks::{self, Plan};
use assured::document::signature::KeySet;
use assured::domain::actor::Actor;
use assured::domain::forecast::Seed;
use assured::issue::Issuer;
use assured::secret::LinkKey;
use assured::store::Db;
use assured::store::file::Files;
use assured::worker::Worker;
use assured::worker::letter::Writer;
use assured::worker::mail::Transport;
use clap::Parser as _;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::clocks::clocks_agree;
use crate::support::*;

/// A programme in a database of its own.
struct World {
    folder: PathBuf,
    place: database::Place,
    db: Db,
    refused: Vec<String>,
}

impl World {
    async fn make(plan: Plan, keys: &KeySet) -> Self {
        let folder = folder();
        let place = database::empty(&folder).await;
        let db = Db::open(&place.address).await.unwrap();
        db.migrate().await.unwrap();
        let rules = Rules::published().unwrap();
        let files = Files::open(&folder.join("files")).unwrap();
        let issuer = Issuer { db: db.clone(), rules: rules.clone(), files, keys: keys.clone(), base: BASE.to_owned() };
        let clock = Clock::fixed(start());
        let worker = Worker {
            db: db.clone(),
            clock: clock.clone(),
            writer: Writer { base: BASE.to_owned(), links: LinkKey::random().unwrap(), rules },
            transport: Transport::parse("memory", None).unwrap(),
            from: "CIS2 assurance <assurance@assured.test>".parse().unwrap(),
        };
        let made = Box::pin(weeks::make(&issuer, &worker, (clock.now(), plan), &|_| Ok(()))).await.unwrap();
        Self { folder, place, db, refused: made.refused }
    }

    async fn manager(&self) -> Actor {
        let (id, _) = self.db.person_by_email(assured::demo::cast::GRACE).await.unwrap().unwrap();
        self.db.actor(id).await.unwrap().unwrap()
    }

    /// Every row of every table as text.
    async fn content(&self) -> BTreeMap<String, BTreeSet<String>> {
        let raw = self.place.raw().await;
        let is_embedded = raw.get_database_backend() == DbBackend::Sqlite;
        let tables = if is_embedded {
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        } else {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
        };
        let mut content = BTreeMap::new();
        for table in texts(&raw, tables).await.into_iter().filter(|t| !t.starts_with("seaql") && !t.starts_with("sqlite")) {
            let row = if is_embedded {
                let columns = texts(&raw, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
                columns.iter().map(|c| format!("quote(\"{c}\")")).collect::<Vec<_>>().join(" || ',' || ")
            } else {
                format!("\"{table}\"::text")
            };
            let rows = texts(&raw, &format!("SELECT {row} FROM \"{table}\"")).await;
            content.insert(table, rows.into_iter().collect());
        }
        raw.close().await.unwrap();
        content
    }

    async fn finish(self) {
        self.db.clone().close().await.unwrap();
        self.place.drop_database().await;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn texts(raw: &DatabaseConnection, query: &str) -> Vec<String> {
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), query)).await.unwrap();
    rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect()
}

fn keys() -> KeySet {
    let folder = folder();
    let keys = KeySet::from_file(&folder.join("certificate.key")).unwrap();
    let _ = std::fs::remove_dir_all(folder);
    keys
}

/// A programme without the products of the small demonstration.
fn plan(weeks: u32, products: u32, seed: u64) -> Plan {
    Plan { products, has_stories: false, ..Plan::new(weeks, Seed::new(seed)) }
}

#[actix_web::test]
async fn the_same_seed_makes_the_same_programme_and_another_one_makes_another() {
    let keys = keys();
    let one = World::make(plan(4, 2, 1), &keys).await;
    let same = World::make(plan(4, 2, 1), &keys).await;
    let other = World::make(plan(4, 2, 2), &keys).await;
    let (first, second) = (one.content().await, same.content().await);
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (table, rows) in &first {
        assert_eq!(rows, &second[table], "{table}");
    }
    assert!(first["event"].len() > 50, "{}", first["event"].len());
    assert_ne!(first["product"], other.content().await["product"]);
    for world in [one, same, other] {
        world.finish().await;
    }
}

#[actix_web::test]
async fn what_is_made_holds_together_and_comes_to_every_state_that_matters() {
    let world = World::make(plan(16, 8, 3), &keys()).await;
    assert_eq!(world.refused, Vec::<String>::new());
    clocks_agree(&world.db, &world.place, &world.manager().await).await;
    let content = world.content().await;
    let has = |table: &str, word: &str| content[table].iter().any(|row| row.contains(word));
    for kind in ["section-sent", "section-returned", "section-accepted"] {
        assert!(has("event", kind), "no section is {kind}");
    }
    for kind in ["demonstration-booked", "test-passed", "certificate-issued", "agreement-accepted", "assured", "went-live"] {
        assert!(has("event", kind), "nothing is {kind}");
    }
    assert!(has("outbox", "we-are-late"), "nobody said sorry");
    assert!(!content["flow"].is_empty() && !content["leave"].is_empty() && !content["interest"].is_empty());
    for number in 1.. {
        let letters = world.db.all_mail(number).await.unwrap().rows;
        assert!(letters.iter().all(|l| l.sent_at.is_some() || l.how != "now"), "left in the outbox");
        if letters.is_empty() {
            break;
        }
    }
    world.finish().await;
}

#[test]
fn weeks_are_from_1_to_104_and_a_seed_needs_them() {
    let run = |arguments: &[&str]| Cli::try_parse_from(["assured", "demo"].iter().chain(arguments)).map(|_| ());
    for good in ["1", "26", "104"] {
        run(&["--weeks", good]).unwrap();
    }
    run(&["--weeks", "4", "--seed", "7"]).unwrap();
    run(&[]).unwrap();
    for bad in ["0", "105", "-1", "2.5", "half a year", "", "99999999999"] {
        let sentence = run(&[&format!("--weeks={bad}")]).unwrap_err().to_string();
        assert!(sentence.contains("Weeks must be a whole number from 1 to 104"), "{bad}: {sentence}");
    }
    assert!(run(&["--seed", "7"]).is_err(), "a seed alone makes nothing");
}
