//! Requests as people make them, one after the other on connections that stay open, and how long each took.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use assured::domain::catalogue::Section;

use crate::http_client::{Answer, Client};
use crate::seed::{CHANGED, Plan};

/// Requests of each client, but for sends.
const REQUESTS: usize = 300;
/// Sends of each client: each needs a section of its own.
const SENDS: usize = 40;
/// How often each figure is taken; the best is kept, since other programs only ever make it worse.
const ROUNDS: usize = 3;
/// The question whose answer is changed.
const QUESTION: &str = "cr-loss-of-access";
/// A plausible answer to it.
const CHARTS: &str = "Ward staff use the printed charts that are kept at every nurse station. A charge nurse can open emergency \
    access with a second person; each use is recorded and reviewed the next morning.";
/// A question on a page with several.
const SEVERAL: &str = "cr-cso-name";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SupplierList,
    TeamList,
    Product,
    Question,
    Save,
    Queue,
    Review,
    Send,
}

impl Kind {
    /// In the order in which they are measured: sends last, for they make the queue longer.
    pub const ALL: [Self; 8] =
        [Self::SupplierList, Self::TeamList, Self::Product, Self::Question, Self::Save, Self::Queue, Self::Review, Self::Send];

    pub const fn title(self) -> &'static str {
        match self {
            Self::SupplierList => "Product list, supplier with 125 products",
            Self::TeamList => "Product list, assurance team, 1,000 products",
            Self::Product => "Product page",
            Self::Question => "Open a page of questions",
            Self::Save => "Save an answer",
            Self::Queue => "Review queue, 416 reviews",
            Self::Review => "Review page",
            Self::Send => "Send a section",
        }
    }
}

/// The figures of one kind.
pub struct Figures {
    pub clients: usize,
    pub p50: Duration,
    pub p95: Duration,
    pub p99: Duration,
    pub a_second: f64,
}

/// The service that is asked.
#[derive(Clone)]
pub struct At {
    pub port: u16,
    pub base: String,
}

impl At {
    fn client(&self, token: &str) -> Client {
        let mut client = Client::new(self.port, &self.base);
        client.cookies.insert("sid".to_owned(), token.to_owned());
        client
    }
}

/// One client: who asks, what for, and where it has got to.
struct Asker {
    kind: Kind,
    client: Client,
    number: usize,
    addresses: Vec<String>,
    /// Edition of the answer that is changed, and its text.
    edition: u32,
    last: String,
}

/// Takes the figures of one kind with so many clients at once.
pub fn measure(at: &At, plan: &mut Plan, kind: Kind, clients: usize) -> anyhow::Result<Figures> {
    let mut best: Option<Figures> = None;
    for _ in 0..ROUNDS {
        let figures = round(at, plan, kind, clients)?;
        if best.as_ref().is_none_or(|b| figures.p95 < b.p95) {
            best = Some(figures);
        }
    }
    best.context("a round")
}

fn round(at: &At, plan: &mut Plan, kind: Kind, clients: usize) -> anyhow::Result<Figures> {
    let askers: Vec<Asker> = (0..clients).map(|number| asker(at, plan, kind, number)).collect::<anyhow::Result<_>>()?;
    let requests = if kind == Kind::Send { SENDS } else { REQUESTS };
    let start = Instant::now();
    let runs: Vec<_> = askers.into_iter().map(|mut asker| std::thread::spawn(move || asker.run(requests))).collect();
    let mut times = Vec::new();
    for run in runs {
        times.extend(run.join().map_err(|_| anyhow!("a client broke down"))??);
    }
    let elapsed = start.elapsed();
    times.sort_unstable();
    let rank = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
    let count = f64::from(u32::try_from(times.len())?);
    Ok(Figures { clients, p50: rank(50), p95: rank(95), p99: rank(99), a_second: count / elapsed.as_secs_f64() })
}

fn asker(at: &At, plan: &mut Plan, kind: Kind, number: usize) -> anyhow::Result<Asker> {
    let reviewer = plan.reviewers.get(number).context("a reviewer")?.clone();
    let supplier = plan.suppliers.get_mut(number).context("a supplier")?;
    let owner = supplier.token.clone();
    let question = |reference: &String, key| format!("/products/{reference}/sections/{CHANGED}/questions/{key}");
    let (token, addresses) = match kind {
        Kind::SupplierList => (owner, vec!["/products".to_owned()]),
        Kind::TeamList => (reviewer, vec!["/products".to_owned()]),
        Kind::Product => (owner, supplier.all.iter().map(|r| format!("/products/{r}")).collect()),
        Kind::Question => (owner, supplier.open.iter().map(|r| question(r, SEVERAL)).collect()),
        Kind::Save => (owner, supplier.open.iter().take(1).map(|r| question(r, QUESTION)).collect()),
        Kind::Queue => (reviewer, vec!["/queue".to_owned()]),
        Kind::Review => (reviewer, plan.reviews.iter().map(|(r, s)| format!("/products/{r}/sections/{s}/review")).collect()),
        Kind::Send => {
            ensure!(supplier.ready.len() >= SENDS, "no sections are left to send");
            let address = |(reference, section): (String, Section)| format!("/products/{reference}/sections/{section}/submission");
            (owner, supplier.ready.drain(..SENDS).map(address).collect())
        }
    };
    let mut asker = Asker { kind, client: at.client(&token), number, addresses, edition: 0, last: String::new() };
    if kind == Kind::Save {
        let page = asker.client.get(asker.address(0)?.as_str())?;
        asker.edition = page.hidden(&format!("edition-{QUESTION}")).context("an edition")?.parse()?;
    }
    Ok(asker)
}

impl Asker {
    fn address(&self, turn: usize) -> anyhow::Result<String> {
        // Clients start at different places of the list; what is sent is sent once.
        let place = if self.kind == Kind::Send { turn } else { turn + self.number * 7 };
        Ok(self.addresses.get(place % self.addresses.len()).context("an address")?.clone())
    }

    /// Makes the requests. Every answer is checked, outside the time that is taken.
    fn run(&mut self, requests: usize) -> anyhow::Result<Vec<Duration>> {
        let mut times = Vec::with_capacity(requests);
        for turn in 0..requests {
            let address = self.address(turn)?;
            let start = Instant::now();
            let (answer, expected) = self.ask(&address, turn)?;
            times.push(start.elapsed());
            let (status, location) = (answer.status, &answer.location);
            ensure!(status == expected, "{address} was answered with {status} {location}:\n{}", answer.body);
        }
        if self.kind == Kind::Save {
            let address = self.address(0)?;
            let kept = self.client.get(&address)?.textarea(&format!("answer-{QUESTION}"));
            ensure!(kept.as_ref() == Some(&self.last), "{address} holds {kept:?}");
        }
        Ok(times)
    }

    /// One request, and the status that its answer must have.
    fn ask(&mut self, address: &str, turn: usize) -> anyhow::Result<(Answer, u16)> {
        let answer = match self.kind {
            Kind::Save => {
                self.last = format!("Change {turn} by client {}. {CHARTS}", self.number);
                let (edition, answer) = (format!("edition-{QUESTION}"), format!("answer-{QUESTION}"));
                let number = self.edition.to_string();
                self.edition += 1;
                self.client.post(address, &[(&edition, &number), (&answer, &self.last), ("go", "back")])?
            }
            Kind::Send => {
                let fields = [("complete", "yes"), ("int", "yes"), ("test-address", "https://int.supplier.example.com/")];
                self.client.post(address, &fields)?
            }
            Kind::SupplierList | Kind::TeamList | Kind::Product | Kind::Question | Kind::Queue | Kind::Review => {
                return Ok((self.client.get(address)?, 200));
            }
        };
        Ok((answer, 303))
    }
}
