//! The database itself: up, down and up again, by several at once, with the tables that the program expects, or a plain "no".

use std::collections::BTreeMap;
use std::path::PathBuf;

use assured::migrations::Migrator;
use assured::store::{Address, Db};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait as _;

use crate::support::database::{Place, empty};
use crate::support::*;

/// Columns in the order of the entities; `?` marks those that may be empty.
const TABLES: &[(&str, &str)] = &[
    ("agreement", "product_id number state record"),
    ("amendment", "number day act kind name reason by_id by_name at"),
    ("answer", "product_id question value? remark edition by_id at"),
    ("answer_sent", "product_id question round edition"),
    ("answer_version", "product_id question edition value? remark by_id at"),
    ("assignee", "product_id question section title person_id? email name note by_id by_name at"),
    ("certificate", "number product_id state prepared_at record"),
    ("counter", "name value"),
    ("daily", "kind day done_at"),
    ("decision", "product_id question round section verdict comment fingerprint by_id at"),
    ("demonstration", "product_id attempt state starts_at? record"),
    ("draft", "id person_id place body started_from files at kept_until? session?"),
    ("event", "id product_id? organisation_id? section? question? kind detail by_id? by_name at posture?"),
    ("feed", "token_hash person_id made_at"),
    ("file", "id product_id question name digest size content_type by_id at document_id? version"),
    ("finish_week", "week is_move party days number"),
    ("flow", "day band number"),
    ("forecast", "product_id version made_on is_move early middle late is_long basis finished drivers"),
    ("forecast_month", "month week number by_middle by_late within"),
    ("forecast_week", "product_id passage week made_on middle late"),
    ("interest", "id person_id organisation_id reason declared_by declared_at ended_by? ended_at? ended_because?"),
    ("invitation", "id email name organisation_id? role? duties invited_by invited_at expires_at closed_at? accepted_by?"),
    ("leave", "id person_id first_day last_day added_at"),
    ("membership", "organisation_id person_id role since"),
    ("message", "id thread_id side body by_id at"),
    ("note", "id product_id question body by_id at"),
    ("organisation", "id name ods_code facts added_at"),
    (
        "outbox",
        "id kind payload product_id? person_id? name email created_at due_at attempts sent_at? parked_at? last_error how read_at?",
    ),
    (
        "passage",
        "product_id number is_move started_on counted_to supplier_days team_days nobody_days held_days ended? ended_on? clock_from party? topic?",
    ),
    ("password_reset", "id person_id asked_at expires_at used_at?"),
    ("person", "id email name password_hash? duties failures locked_until? added_at reviews_a_week? shortcuts"),
    ("preference", "person_id matter how"),
    ("presence", "place person_id at"),
    (
        "product",
        "id reference organisation_id version question_set state name name_key facts pauses added_at turn turn_by? live? live_on? waits_for since calendar reminded_on?",
    ),
    ("question_month", "month question asked words"),
    ("reminder", "product_id kind part about written_at"),
    ("reply", "id product_id section round outcome message by_id at"),
    ("saved_view", "id person_id name name_key address added_at"),
    ("seaql_migrations", "version applied_at"),
    ("search", "id kind subject name organisation_id title body"),
    ("section", "product_id section state round reviewer_id? sent_at? sent_by? replied_at? reply_by? leaves_at? reply?"),
    ("session", "token_hash person_id created_at seen_at expires_at"),
    ("signing", "id product_id name email expires_at code_at? failures"),
    ("skill", "person_id section"),
    ("slot", "id starts_at assessor_id? product_id? added_by? added_at"),
    ("standard_reply", "id question? body uses by_id by_name added_at retired_at?"),
    ("step_month", "month turn topic promise days number"),
    ("stretch", "id product_id passage party topic? from_on until_on?"),
    ("submission", "product_id section round content digest by_id at"),
    ("thread", "id product_id subject state asked_on reply_by? last_message last_at messages"),
    ("wait", "id product_id turn topic section? from_on until_on? promised? due? outcome?"),
];

fn is_embedded(raw: &DatabaseConnection) -> bool {
    raw.get_database_backend() == DbBackend::Sqlite
}

async fn strings(raw: &DatabaseConnection, query: &str) -> Vec<String> {
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), query)).await.unwrap();
    rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect()
}

async fn tables(raw: &DatabaseConnection) -> Vec<String> {
    let query = if is_embedded(raw) {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_index%' AND name NOT LIKE 'search_title%' ORDER BY name"
    } else {
        "SELECT table_name::text FROM information_schema.tables \
         WHERE table_schema = 'public' ORDER BY table_name::text COLLATE \"C\""
    };
    strings(raw, query).await
}

/// The columns of a table as the database has them, those left out that it works out itself.
async fn columns(raw: &DatabaseConnection, table: &str) -> String {
    let query = if is_embedded(raw) {
        format!(
            "SELECT name || CASE WHEN \"notnull\" = 0 AND pk = 0 THEN '?' ELSE '' END FROM pragma_table_info('{table}') ORDER BY cid"
        )
    } else {
        format!(
            "SELECT column_name || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        )
    };
    strings(raw, &query).await.join(" ")
}

/// How many columns the primary key of a table has.
async fn key_columns(raw: &DatabaseConnection, table: &str) -> usize {
    let query = if is_embedded(raw) {
        format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0")
    } else {
        format!(
            "SELECT column_name::text FROM information_schema.key_column_usage JOIN information_schema.table_constraints \
             USING (constraint_schema, constraint_name) \
             WHERE constraint_type = 'PRIMARY KEY' AND table_constraints.table_name = '{table}'"
        )
    };
    strings(raw, &query).await.len()
}

/// A place without tables, in a folder of its own.
async fn nowhere() -> (Place, PathBuf) {
    let folder = folder();
    (empty(&folder).await, folder)
}

async fn remove((place, folder): (Place, PathBuf)) {
    place.drop_database().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[actix_web::test]
async fn the_schema_goes_up_down_to_nothing_and_up_again() {
    let here = nowhere().await;
    let db = Db::open(&here.0.address).await.unwrap();
    let raw = here.0.raw().await;
    assert_eq!(tables(&raw).await, [""; 0]);
    db.migrate().await.unwrap();
    let up = tables(&raw).await;
    let mut shapes = BTreeMap::new();
    for table in &up {
        shapes.insert(table.clone(), columns(&raw, table).await);
    }
    assert!(!db.has_people().await.unwrap());

    db.unmigrate().await.unwrap();
    assert_eq!(tables(&raw).await, ["seaql_migrations"], "only the list of migrations stays");
    assert_eq!(strings(&raw, "SELECT version FROM seaql_migrations").await, [""; 0]);
    db.migrate().await.unwrap();
    assert_eq!(tables(&raw).await, up);
    for (table, shape) in shapes {
        assert_eq!(columns(&raw, &table).await, shape, "{table}");
    }
    // Once more changes nothing.
    db.migrate().await.unwrap();
    assert!(!db.has_people().await.unwrap());
    raw.close().await.unwrap();
    db.close().await.unwrap();
    remove(here).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_that_start_at_once_on_a_new_database_start() {
    // More than once, because whether two meet is a matter of chance.
    for _ in 0..5 {
        eight_start_at_once().await;
    }
}

async fn eight_start_at_once() {
    let here = nowhere().await;
    let start = |address: Address| {
        tokio::spawn(async move {
            let db = Db::open(&address).await?;
            db.migrate().await?;
            db.check().await?;
            db.close().await
        })
    };
    let running: Vec<_> = (0..8).map(|_| start(here.0.address.clone())).collect();
    for task in running {
        task.await.unwrap().unwrap();
    }
    let raw = here.0.raw().await;
    assert_eq!(tables(&raw).await.len(), TABLES.len());
    let run = strings(&raw, "SELECT version FROM seaql_migrations").await.len();
    assert_eq!(run, Migrator::migrations().len(), "each migration once");
    raw.close().await.unwrap();
    remove(here).await;
}

#[actix_web::test]
async fn tables_and_columns_are_those_that_the_program_reads() {
    let app = TestApp::new().await;
    let raw = app.place.raw().await;
    assert_eq!(tables(&raw).await, TABLES.iter().map(|(table, _)| *table).collect::<Vec<_>>());
    for &(table, expected) in TABLES {
        let in_database = columns(&raw, table).await;
        assert_eq!(in_database, expected, "{table}");
        let keys = key_columns(&raw, table).await;
        assert!(keys > 0, "{table} has no primary key");
    }
    raw.close().await.unwrap();
    app.finish().await;
}

/// The tables of `src/store/schema.rs` and beside it: name, and columns as above.
fn entities() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = vec![folder.join("schema.rs")];
    files.extend(std::fs::read_dir(folder.join("schema")).unwrap().map(|f| f.unwrap().path()));
    let text = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect::<Vec<_>>().join("\n");
    let mut entities = Vec::new();
    for part in text.split("\nentity!(").skip(1) {
        let (head, fields) = part.split_once('{').unwrap();
        let table = head.split('"').nth(1).unwrap().to_owned();
        let fields = fields.split("});").next().unwrap().lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let column = |line: &str| {
            let (name, kind) = line.split_once(": ").unwrap();
            format!("{name}{}", if kind.starts_with("Option<") { "?" } else { "" })
        };
        entities.push((table, fields.map(column).collect::<Vec<_>>().join(" ")));
    }
    entities
}

#[test]
fn every_entity_is_a_table_with_the_same_columns() {
    let expected: BTreeMap<&str, &str> = TABLES.iter().copied().collect();
    let entities = entities();
    for (table, columns) in &entities {
        assert_eq!(expected.get(table.as_str()), Some(&columns.as_str()), "{table}");
    }
    assert_eq!(entities.len(), TABLES.len() - 2, "all tables but the list of migrations and the one that triggers fill");
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
fn an_address_of_another_kind_is_refused_and_says_what_to_write() {
    for text in ["postgre://user:hush-hush@host/db", "mysql://user:hush-hush@host/db", "", "data/assured.db", "sqlite"] {
        let sentence = format!("{:#}", Address::parse(text).unwrap_err());
        assert!(sentence.contains("Write sqlite:/path/to/assured.db or postgres://user:password@host/database"), "{sentence}");
        assert!(!sentence.contains("hush-hush"), "{sentence}");
    }
    for text in ["sqlite:", "sqlite://", "sqlite:assured.db?mode=memory"] {
        let sentence = format!("{:#}", Address::parse(text).unwrap_err());
        assert!(sentence.contains("names no file. Write sqlite:/path/to/assured.db"), "{sentence}");
    }
    assert_eq!(Address::parse("sqlite:data/assured.db").unwrap(), Address::Sqlite("data/assured.db".into()));
    assert_eq!(Address::parse("sqlite:///srv/assured.db").unwrap(), Address::Sqlite("/srv/assured.db".into()));
    assert!(matches!(Address::parse("postgresql://user@host/db").unwrap(), Address::Postgres(_)));
}

#[actix_web::test]
async fn a_server_that_cannot_be_reached_is_named_without_the_password() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let address = Address::parse(&format!("postgres://user:hush-hush@127.0.0.1:{port}/assured")).unwrap();
    let sentence = format!("{:#}", Db::open(&address).await.err().unwrap());
    assert!(sentence.starts_with("The database at 127.0.0.1 cannot be reached. Check the address"), "{sentence}");
    assert!(!sentence.contains("hush-hush"), "{sentence}");
}

#[actix_web::test]
async fn a_file_that_cannot_be_made_is_named() {
    let folder = folder();
    let path = folder.join("no-such-folder").join("assured.db");
    let sentence = format!("{:#}", Db::open(&Address::Sqlite(path.clone())).await.err().unwrap());
    assert!(sentence.starts_with(&format!("The database file {} cannot be opened", path.display())), "{sentence}");
    assert!(sentence.contains("Check that its folder exists and can be written"), "{sentence}");

    // A folder where the file should be.
    let sentence = format!("{:#}", Db::open(&Address::Sqlite(folder.clone())).await.err().unwrap());
    assert!(sentence.contains("cannot be opened"), "{sentence}");

    // A file that is no database.
    let other = folder.join("letter.db");
    std::fs::write(&other, "Dear Grace, this is not a database but a letter, and long enough to be read as one.").unwrap();
    let sentence = format!("{:#}", Db::open(&Address::Sqlite(other.clone())).await.err().unwrap());
    assert!(sentence.contains("cannot be opened"), "{sentence}");
    std::fs::remove_dir_all(folder).unwrap();
}
