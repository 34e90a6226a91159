//! Measures the service that is built: a thousand products, real requests over HTTP, on SQLite and PostgreSQL.
//!
//! `tests/bench/run` runs it; `docs/performance.md` holds the figures.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

#[path = "../it/http_client.rs"]
mod http_client;
mod load;
mod seed;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use assured::act::Rules;
use assured::clock::Clock;
use assured::store::file::Files;
use assured::store::{Address, Db};

use http_client::{Client, free_port};
use load::{At, Figures, Kind, measure};
use seed::{PRODUCTS, Plan, Seed};

const CLIENTS: [usize; 2] = [1, 8];
/// How often the start is timed; the best is kept.
const STARTS: usize = 3;

fn main() -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("assured-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut done = on("SQLite", &Address::Sqlite(folder.join("assured.db")), &folder);
    if let (Ok(()), Ok(url)) = (&done, std::env::var("TEST_DATABASE_URL")) {
        done = on("PostgreSQL", &Address::Postgres(url), &folder);
    }
    std::fs::remove_dir_all(&folder)?;
    done
}

fn on(name: &str, address: &Address, folder: &Path) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut plan = tokio::runtime::Runtime::new()?.block_on(fill(address, folder))?;
    eprintln!("{name}: {PRODUCTS} products made in {:.0} s", start.elapsed().as_secs_f64());
    let mut ready = Duration::MAX;
    for _ in 0..STARTS {
        ready = ready.min(Service::start(address, folder)?.ready);
    }
    let service = Service::start(address, folder)?;
    let before = service.resident()?;
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for clients in CLIENTS {
            let figures = measure(&service.at, &mut plan, kind, clients)?;
            eprintln!("{name}: {}, {clients} at once: p95 {}", kind.title(), milliseconds(figures.p95));
            rows.push((kind, figures));
        }
    }
    print(name, &rows);
    println!(
        "Ready {} ms after the start. Resident memory {before:.0} MB after the start, {:.0} MB after the load.\n",
        milliseconds(ready),
        service.resident()?
    );
    Ok(())
}

fn print(name: &str, rows: &[(Kind, Figures)]) {
    println!("### {name}\n");
    println!("| Request | Clients | p50 (ms) | p95 (ms) | p99 (ms) | Requests a second |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (kind, f) in rows {
        let [p50, p95, p99] = [f.p50, f.p95, f.p99].map(milliseconds);
        println!("| {} | {} | {p50} | {p95} | {p99} | {:.0} |", kind.title(), f.clients, f.a_second);
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
    let now = Clock::system().now();
    let plan = Seed::new(&db, &rules, &files, now).await?.fill().await?;
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

/// The program as it is installed, serving. Stopped when dropped.
struct Service {
    child: Child,
    at: At,
    ready: Duration,
}

impl Service {
    fn start(address: &Address, folder: &Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        let base = format!("http://127.0.0.1:{port}");
        let database = match address {
            Address::Sqlite(path) => format!("sqlite:{}", path.display()),
            Address::Postgres(url) => url.clone(),
        };
        let start = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_assured"))
            .args(["serve", "--workers", "2", "--log", "warn", "--mail", "memory", "--public-address", &base])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(folder.join("data"))
            .env("ASSURED_DATABASE", database)
            .stdout(Stdio::null())
            .spawn()
            .context("the program cannot be started")?;
        let mut service = Self { child, at: At { port, base: base.clone() }, ready: Duration::ZERO };
        while service.ready.is_zero() {
            match Client::new(port, &base).get("/health") {
                Ok(answer) if answer.status == 200 => service.ready = start.elapsed(),
                _ if start.elapsed() > Duration::from_secs(30) => bail!("the service is not ready after 30 seconds"),
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        Ok(service)
    }

    /// Resident memory in megabytes.
    fn resident(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).context("resident memory")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
