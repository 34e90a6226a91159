//! A large programme on PostgreSQL: how long a manager waits for each page that looks over all of it, and whether pages
//! of one product grow with the number of others.
//!
//! `programme.sql` puts the rows into the tables at once: commands would take hours. They are for reading only.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use assured::store::{Address, Db};
use sea_orm::{ConnectionTrait, Database};

use crate::http_client::Client;
use crate::load::{Figures, ROUNDS};
use crate::milliseconds;
use crate::service::Service;

/// The cookie of the manager who is logged in.
const TOKEN: &str = "programme";
/// Requests in a round.
const REQUESTS: usize = 200;

/// Products in progress, and of all.
struct Size {
    under_way: u32,
    all: u32,
}

const SMALL: Size = Size { under_way: 91, all: 1_000 };
const LARGE: Size = Size { under_way: 10_000, all: 110_000 };

/// What is asked for: a name and the addresses, in turn.
type Asked = (&'static str, Vec<String>);

/// Prints the table of both sizes, each in a database of its own beside the one of the address.
pub fn measure(url: &str, folder: &Path) -> anyhow::Result<()> {
    let [small, large] = [SMALL, LARGE].map(|size| on(url, folder, &size));
    let (small, large) = (small?, large?);
    println!("### A programme of {} products\n", LARGE.all);
    println!("| Page | Products | p50 (ms) | p95 (ms) | p99 (ms) |\n| --- | ---: | ---: | ---: | ---: |");
    for ((title, few), (_, many)) in small.iter().zip(&large) {
        for (size, f) in [(SMALL, few), (LARGE, many)] {
            let [p50, p95, p99] = [f.p50, f.p95, f.p99].map(milliseconds);
            println!("| {title} | {} | {p50} | {p95} | {p99} |", size.all);
        }
    }
    println!();
    Ok(())
}

fn on(url: &str, folder: &Path, size: &Size) -> anyhow::Result<Vec<(&'static str, Figures)>> {
    let start = Instant::now();
    let address = tokio::runtime::Runtime::new()?.block_on(fill(url, size))?;
    eprintln!("Programme of {}: made in {:.0} s", size.all, start.elapsed().as_secs_f64());
    let service = Service::start(&address, folder)?;
    service.rest()?;
    let mut client = service.at.client(TOKEN);
    let mut rows = Vec::new();
    for (title, addresses) in asked(size) {
        let mut best: Option<Figures> = None;
        for _ in 0..ROUNDS {
            let figures = Figures::of(1, round(&mut client, &addresses)?, None);
            if best.as_ref().is_none_or(|b| figures.p95 < b.p95) {
                best = Some(figures);
            }
        }
        let best = best.context("a round")?;
        eprintln!("Programme of {}: {title}: p95 {}", size.all, milliseconds(best.p95));
        rows.push((title, best));
    }
    Ok(rows)
}

fn round(client: &mut Client, addresses: &[String]) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(REQUESTS);
    for address in addresses.iter().cycle().take(REQUESTS) {
        let start = Instant::now();
        let answer = client.get(address)?;
        times.push(start.elapsed());
        ensure!(answer.status == 200, "{address} was answered with {}:\n{}", answer.status, answer.body);
    }
    Ok(times)
}

fn asked(size: &Size) -> Vec<Asked> {
    let one = |address: &str| vec![address.to_owned()];
    let some = |count: u32| (1..=count).map(move |n| 100_000 + 1 + n * 7 % size.under_way);
    let pages = size.under_way / 25;
    vec![
        ("Review queue", one("/queue")),
        ("Review queue, one section, overdue", one("/queue?section=clinical-risk&due=overdue")),
        ("Product page", some(50).map(|n| format!("/products/c2a-{n}")).collect()),
        ("Dashboard", one("/dashboard")),
        ("Timeline board", one("/board")),
        ("Timeline board, half way through", vec![format!("/board?page={}", pages / 2)]),
        ("Timeline board, words of a name", some(20).map(|n| format!("/board?q=product+{}", n - 100_000)).collect()),
        ("Service level", one("/reports/service-level")),
        ("Flow, 12 months", one("/reports/flow?months=12")),
        ("Cycle time, 12 months", one("/reports/cycle-time")),
        ("Bottlenecks", one("/reports/bottlenecks")),
        ("Workload", one("/reports/workload")),
        ("Forecast", one("/reports/forecast")),
        ("Messages", one("/messages")),
        ("Search, words of a name", some(20).map(|n| format!("/search?q=product+{}", n - 100_000)).collect()),
        ("Search, a word of a few answers", some(20).map(|n| format!("/search?q=ward{}", n % 90)).collect()),
        ("Search, two words of every answer", one("/search?q=access+logged")),
    ]
}

/// Makes a database beside the one of the address, and fills it.
async fn fill(url: &str, size: &Size) -> anyhow::Result<Address> {
    let name = format!("programme_{}", size.all);
    let main = Database::connect(url).await?;
    main.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    main.close().await?;
    let url = url.rsplit_once('/').map(|(host, _)| format!("{host}/{name}")).context("a database in the address")?;
    let address = Address::Postgres(url.clone());
    let db = Db::open(&address).await?;
    db.migrate().await?;
    db.close().await?;
    let db = Database::connect(&url).await?;
    let rows =
        include_str!("programme.sql").replace("{under_way}", &size.under_way.to_string()).replace("{all}", &size.all.to_string());
    db.execute_unprepared(&rows).await?;
    db.close().await?;
    Ok(address)
}
