//! The database's history: up on nothing, down to nothing, up again, and by several at once.

use std::collections::BTreeMap;

use assured::store::{Address, Db};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::support::database::{Place, empty};
use crate::support::*;

/// Tables and columns as the program knows them; `?` marks what may be empty.
const SCHEMA: &[(&str, &str)] = &[
    ("answer", "at by_id edition product_id question remark value?"),
    ("counter", "name value"),
    ("decision", "at by_id comment fingerprint product_id question round section verdict"),
    ("event", "at by_id? by_name detail id kind organisation_id? product_id? question? section?"),
    ("file", "at by_id content_type digest id name product_id question size"),
    ("invitation", "accepted_by? closed_at? duties email expires_at id invited_at invited_by name organisation_id? role?"),
    ("membership", "organisation_id person_id role since"),
    ("note", "at body by_id id product_id question"),
    ("organisation", "added_at facts id name ods_code"),
    ("outbox", "attempts created_at due_at email id kind last_error name parked_at? payload person_id? product_id? sent_at?"),
    ("password_reset", "asked_at expires_at id person_id used_at?"),
    ("person", "added_at duties email failures id locked_until? name password_hash?"),
    ("product", "added_at facts id name name_key organisation_id pauses question_set reference state turn turn_by? version"),
    ("reply", "at by_id id message outcome product_id round section"),
    ("section", "product_id replied_at? reply_by? reviewer_id? round section sent_at? sent_by? state"),
    ("session", "created_at expires_at person_id seen_at token_hash"),
    ("submission", "at by_id content digest product_id round section"),
];

/// The tables and columns that are there.
async fn schema(place: &Place) -> BTreeMap<String, String> {
    let raw = place.raw().await;
    let mut found = BTreeMap::new();
    let (tables, columns) = match raw.get_database_backend() {
        DbBackend::Postgres => (
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
            "SELECT column_name || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END AS name \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{}'",
        ),
        _ => (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            "SELECT name || CASE WHEN \"notnull\" = 0 AND pk = 0 THEN '?' ELSE '' END AS name FROM pragma_table_info('{}')",
        ),
    };
    for table in names(&raw, tables).await.into_iter().filter(|t| t != "seaql_migrations") {
        let mut all = names(&raw, &columns.replace("{}", &table)).await;
        all.sort();
        found.insert(table, all.join(" "));
    }
    raw.close().await.unwrap();
    found
}

async fn names(raw: &DatabaseConnection, select: &str) -> Vec<String> {
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), select)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

fn expected() -> BTreeMap<String, String> {
    SCHEMA.iter().map(|(table, columns)| ((*table).to_owned(), (*columns).to_owned())).collect()
}

#[actix_web::test]
async fn up_and_down_and_up_again() {
    let folder = folder();
    let place = empty(&folder).await;
    let db = Db::open(&place.address).await.unwrap();
    db.migrate().await.unwrap();
    assert_eq!(schema(&place).await, expected());
    db.unmigrate().await.unwrap();
    assert_eq!(schema(&place).await, BTreeMap::new());
    db.migrate().await.unwrap();
    assert_eq!(schema(&place).await, expected());
    db.migrate().await.unwrap();
    assert_eq!(schema(&place).await, expected(), "a second time changes nothing");
    assert!(!db.has_people().await.unwrap());
    db.close().await.unwrap();
    place.drop_database().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_start_at_once() {
    let folder = folder();
    let place = empty(&folder).await;
    let start = |address: Address| {
        tokio::spawn(async move {
            let db = Db::open(&address).await?;
            db.migrate().await?;
            db.check().await?;
            db.close().await
        })
    };
    let running: Vec<_> = (0..3).map(|_| start(place.address.clone())).collect();
    for task in running {
        task.await.unwrap().unwrap();
    }
    assert_eq!(schema(&place).await, expected());
    place.drop_database().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn the_database_refuses_what_the_rules_cannot_mean() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let raw = app.place.raw().await;
    for (statement, what) in [
        ("UPDATE product SET state = 'lost'", "a state that is none"),
        ("UPDATE section SET section = 'nowhere'", "a section that is none"),
        ("UPDATE membership SET role = 'king'", "a role that is none"),
        ("DELETE FROM organisation", "an organisation with products"),
        ("UPDATE organisation SET ods_code = 'WL01'", "one code for two organisations"),
        ("UPDATE person SET email = 'one@example.com'", "one address for two people"),
        ("UPDATE product SET turn_by = NULL, turn = NULL", "nobody's turn without a word"),
    ] {
        assert!(raw.execute_unprepared(statement).await.is_err(), "{what}");
    }
    raw.close().await.unwrap();
    app.finish().await;
}

#[test]
fn only_two_databases_have_addresses() {
    for wrong in ["", "mysql://localhost/x", "sqlite:", "sqlite:x?mode=rw", "assured.db", "sqlite::memory:?cache=shared"] {
        assert!(Address::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Address::parse("sqlite:/var/lib/assured.db").unwrap(), Address::Sqlite("/var/lib/assured.db".into()));
    assert_eq!(Address::parse("sqlite:///var/a.db").unwrap(), Address::Sqlite("/var/a.db".into()));
    assert!(matches!(Address::parse("postgres://u@h/d").unwrap(), Address::Postgres(_)));
}
