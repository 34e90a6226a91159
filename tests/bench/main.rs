//! Measures the service that is built: a thousand products, real requests over HTTP, on SQLite and PostgreSQL.
//!
//! `tests/bench/run` runs it; `docs/performance.md` holds the figures.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod asker;
#[path = "../it/http_client.rs"]
mod http_client;
mod load;
mod programme;
mod seed;
mod service;
mod upload;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;
use assured::act::Rules;
use assured::clock::Clock;
use assured::document::signature::KeySet;
use assured::issue::Issuer;
use assured::store::file::Files;
use assured::store::{Address, Db};

use load::{Figures, Kind, measure};
use seed::{PRODUCTS, Plan, Seed};
use service::Service;

const CLIENTS: [usize; 2] = [1, 8];
/// How often the start is timed; the best is kept.
const STARTS: usize = 3;

fn main() -> anyhow::Result<()> {
    // What cargo passes on: `cargo bench --bench pages -- "review page|save"` takes the figures of what has these words.
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default().to_lowercase();
    let folder = std::env::temp_dir().join(format!("assured-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut done = on("SQLite", &Address::Sqlite(folder.join("assured.db")), (&folder, &only));
    if let (Ok(()), Ok(url)) = (&done, std::env::var("TEST_DATABASE_URL")) {
        done = on("PostgreSQL", &Address::Postgres(url.clone()), (&folder, &only));
        if only.is_empty() {
            done = done.and_then(|()| programme::measure(&url, &folder));
        }
    }
    std::fs::remove_dir_all(&folder)?;
    done
}

fn on(name: &str, address: &Address, (folder, only): (&Path, &str)) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut plan = tokio::runtime::Runtime::new()?.block_on(fill(address, folder))?;
    eprintln!("{name}: {PRODUCTS} products made in {:.0} s", start.elapsed().as_secs_f64());
    let mut ready = Duration::MAX;
    for _ in 0..STARTS {
        ready = ready.min(Service::start(address, folder)?.ready);
    }
    let service = Service::start(address, folder)?;
    service.rest()?;
    let before = service.resident()?;
    let mut rows = Vec::new();
    let is_wanted = |kind: &Kind| only.split('|').any(|words| kind.title().to_lowercase().contains(words));
    for kind in Kind::ALL.into_iter().filter(is_wanted) {
        for clients in CLIENTS {
            let figures = measure(&service.at, &mut plan, kind, clients)?;
            eprintln!("{name}: {}, {clients} at once: p95 {}", kind.title(), milliseconds(figures.p95));
            rows.push((kind, figures));
        }
    }
    let after = service.resident()?;
    drop(service);
    // A service that has served much has memory to spare, which would hide what an upload takes.
    let service = Service::start(address, folder)?;
    service.rest()?;
    let upload = upload::measure(&service, &plan)?;
    print(name, &rows);
    println!(
        "Ready {} ms after the start. Resident memory {before:.0} MB after the start, {after:.0} MB after the load.\n",
        milliseconds(ready)
    );
    println!(
        "Sending a signed agreement of 5 MB takes {} ms (p50) and {} ms (p95). The service’s memory rises by {:.1} MB \
         meanwhile; the process that looks into the file takes {:.1} MB.\n",
        milliseconds(upload.p50),
        milliseconds(upload.p95),
        upload.rise,
        upload.inspection
    );
    Ok(())
}

fn print(name: &str, rows: &[(Kind, Figures)]) {
    println!("### {name}\n");
    println!("| Request | Clients | p50 (ms) | p95 (ms) | p99 (ms) | Requests a second |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (kind, f) in rows {
        let [p50, p95, p99] = [f.p50, f.p95, f.p99].map(milliseconds);
        let a_second = f.a_second.map_or_else(|| "–".to_owned(), |a_second| format!("{a_second:.0}"));
        println!("| {} | {} | {p50} | {p95} | {p99} | {a_second} |", kind.title(), f.clients);
    }
    println!();
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

async fn fill(address: &Address, folder: &Path) -> anyhow::Result<Plan> {
    let db = Db::open(address).await?;
    db.migrate().await?;
    ensure!(!db.has_people().await?, "the database to measure on must be empty");
    let rules = Rules::published()?;
    let files = Files::open(&folder.join("data/files"))?;
    let keys = KeySet::from_file(&folder.join("data/certificate.key"))?;
    let issuer = Issuer { db: db.clone(), rules, files, keys, base: "http://127.0.0.1".to_owned() };
    let now = Clock::system().now();
    let plan = Seed::new(&issuer, now).await?.fill().await?;
    loop {
        let letters = db.claim_mail(now).await?;
        if letters.is_empty() {
            break;
        }
        for letter in letters {
            db.mail_sent(letter.id, now).await?;
        }
    }
    db.close().await?;
    Ok(plan)
}
