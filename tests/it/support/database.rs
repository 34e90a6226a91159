//! A database for each test: a copy of one that is migrated and peopled once, on SQLite or on the PostgreSQL of `TEST_DATABASE_URL`.

use std::collections::BTreeSet;
use std::path::Path;

use assured::domain::account::Place as Seat;
use assured::domain::actor::{Duty, Membership};
use assured::secret::{Passwords, new_id};
use assured::store::{Address, Db};
use chrono::Duration;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::sync::OnceCell;

use super::{ADMINISTRATOR, EDITOR, INTERESTED, MANAGER, OTHER_REVIEWER, OWNER, PASSWORD, Persona, REVIEWER, RIVAL, VIEWER, start};

/// Where a test's database is.
pub struct Place {
    pub address: Address,
    database: Option<String>,
}

impl Place {
    /// A connection beside the service's own, for what the service itself cannot do.
    pub async fn raw(&self) -> DatabaseConnection {
        let url = match &self.address {
            Address::Sqlite(path) => format!("sqlite://{}", path.display()),
            Address::Postgres(url) => url.clone(),
        };
        Database::connect(url).await.unwrap()
    }

    /// Removes the database; the files of SQLite go with the test's folder.
    pub async fn drop_database(&self) {
        if let (Some(name), Some(server)) = (&self.database, server()) {
            run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

/// The address of the PostgreSQL server to test on, if there is one.
pub fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A copy of the database that is migrated and peopled once for each process.
pub async fn fresh(folder: &Path) -> Place {
    static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
    static DATABASE: OnceCell<String> = OnceCell::const_new();
    match server() {
        None => {
            let template = FILE.get_or_init(template_file).await;
            let path = folder.join("assured.db");
            std::fs::write(&path, template).unwrap();
            Place { address: Address::Sqlite(path), database: None }
        }
        Some(server) => {
            let template = DATABASE.get_or_init(|| template_database(&server)).await;
            let name = format!("t_{}", new_id().simple());
            run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
            Place { address: Address::Postgres(named(&server, &name)), database: Some(name) }
        }
    }
}

/// A database without any table.
pub async fn empty(folder: &Path) -> Place {
    match server() {
        None => Place { address: Address::Sqlite(folder.join("empty.db")), database: None },
        Some(server) => {
            let name = format!("t_{}", new_id().simple());
            run(&server, &format!("CREATE DATABASE {name}")).await;
            Place { address: Address::Postgres(named(&server, &name)), database: Some(name) }
        }
    }
}

async fn template_file() -> Vec<u8> {
    let folder = super::folder();
    let path = folder.join("template.db");
    fill(&Address::Sqlite(path.clone())).await;
    let bytes = std::fs::read(&path).unwrap();
    let _ = std::fs::remove_dir_all(folder);
    bytes
}

async fn template_database(server: &str) -> String {
    let name = format!("assured_template_{}", build());
    let part = format!("t_{}", new_id().simple());
    run(server, &format!("CREATE DATABASE {part}")).await;
    fill(&Address::Postgres(named(server, &part))).await;
    let db = Database::connect(server).await.unwrap();
    let others = "SELECT datname FROM pg_database WHERE datname LIKE 'assured!_template!_%' ESCAPE '!'";
    for row in db.query_all_raw(Statement::from_string(DbBackend::Postgres, others)).await.unwrap() {
        let other: String = row.try_get("", "datname").unwrap();
        // Another run may be copying it; then it stays for the next run to remove.
        let _ = db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {other}")).await;
    }
    db.execute_unprepared(&format!("ALTER DATABASE {part} RENAME TO {name}")).await.unwrap();
    db.close().await.unwrap();
    name
}

/// A word for this build of the tests.
fn build() -> String {
    let changed = std::env::current_exe().and_then(|p| p.metadata()).and_then(|m| m.modified()).unwrap();
    let age = changed.duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("{}_{}", age.as_millis(), std::process::id())
}

fn named(server: &str, database: &str) -> String {
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(database);
    url.to_string()
}

async fn run(server: &str, statement: &str) {
    let db = Database::connect(server).await.unwrap();
    db.execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}

/// Name, ODS code, people.
type Supplier = (&'static str, &'static str, &'static [(Persona, Membership)]);

/// Migrates a database and adds everybody, as the service itself does it. No mail is left to send.
async fn fill(address: &Address) {
    let db = Db::open(address).await.unwrap();
    db.migrate().await.unwrap();
    let hash = Passwords::quick().hash(PASSWORD.to_owned()).await.unwrap();
    let before = start() - Duration::days(60);
    for (persona, duty) in [
        (REVIEWER, Duty::Reviewer),
        (OTHER_REVIEWER, Duty::Reviewer),
        (INTERESTED, Duty::Reviewer),
        (MANAGER, Duty::Manager),
        (ADMINISTRATOR, Duty::Administrator),
    ] {
        db.add_staff((persona.name, persona.email), hash.clone(), &BTreeSet::from([duty]), before).await.unwrap();
    }
    let id = db.person_by_email(ADMINISTRATOR.email).await.unwrap().unwrap().0;
    let administrator = db.actor(id).await.unwrap().unwrap();
    let suppliers: [Supplier; 2] = [
        ("Wardlight Health", "WL01", &[(OWNER, Membership::Owner), (EDITOR, Membership::Editor), (VIEWER, Membership::Viewer)]),
        ("Medibridge", "MB02", &[(RIVAL, Membership::Owner)]),
    ];
    for (name, ods_code, people) in suppliers {
        let organisation = db.add_organisation(&administrator, name, ods_code, before).await.unwrap();
        for (persona, role) in people {
            let seat = Seat::Supplier(organisation, *role);
            db.invite(&administrator, (persona.name, persona.email), &seat, before).await.unwrap();
            let open = db.invitations(Some(organisation)).await.unwrap();
            db.accept(open[0].id.0, persona.name, Some(hash.clone()), before).await.unwrap();
        }
    }
    let interested = db.person_by_email(INTERESTED.email).await.unwrap().unwrap().0;
    let declaring = db.actor(interested).await.unwrap().unwrap();
    let home = *db
        .actor(db.person_by_email(OWNER.email).await.unwrap().unwrap().0)
        .await
        .unwrap()
        .unwrap()
        .memberships()
        .keys()
        .next()
        .unwrap();
    db.declare_interest(&declaring, (interested, home), "I worked there until last year.", before).await.unwrap();
    loop {
        let letters = db.claim_mail(before).await.unwrap();
        for letter in &letters {
            db.mail_sent(letter.id, before).await.unwrap();
        }
        if letters.is_empty() {
            break;
        }
    }
    db.close().await.unwrap();
}
