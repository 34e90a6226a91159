//! Requests as people make them, one after the other on connections that stay open, and how long each took.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::asker::Asker;
use crate::http_client::Client;
use crate::seed::Plan;

/// Sends of each client in a round.
pub const SENDS: usize = 36;
/// How often each figure is taken; the best is kept, since other programs only ever make it worse.
pub const ROUNDS: usize = 3;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SupplierList,
    TeamList,
    Product,
    Question,
    Queue,
    Review,
    ThirdRound,
    Check,
    Copy,
    Print,
    Demonstration,
    Certificate,
    Agreement,
    PublicPage,
    Save,
    Draft,
    Conflict,
    Book,
    Mark,
    Send,
    Issue,
}

impl Kind {
    /// In the order in which they are measured: pages first, what makes lists longer last.
    pub const ALL: [Self; 21] = [
        Self::SupplierList,
        Self::TeamList,
        Self::Product,
        Self::Question,
        Self::Queue,
        Self::Review,
        Self::ThirdRound,
        Self::Check,
        Self::Copy,
        Self::Print,
        Self::Demonstration,
        Self::Certificate,
        Self::Agreement,
        Self::PublicPage,
        Self::Save,
        Self::Draft,
        Self::Conflict,
        Self::Book,
        Self::Mark,
        Self::Send,
        Self::Issue,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::SupplierList => "Product list, supplier with 125 products",
            Self::TeamList => "Product list, assurance team, 1,000 products",
            Self::Product => "Product page",
            Self::Question => "Open a page of questions",
            Self::Queue => "Review queue, 416 reviews",
            Self::Review => "Review page",
            Self::ThirdRound => "Review page, largest section, round 3",
            Self::Check => "Check page of the largest section, with the coach",
            Self::Copy => "Answers beside those of another product",
            Self::Print => "Everything about a product on one page",
            Self::Demonstration => "Page of the demonstration",
            Self::Certificate => "Page of the certificate",
            Self::Agreement => "Page of the agreement",
            Self::PublicPage => "Public page of a certificate",
            Self::Save => "Save an answer",
            Self::Draft => "Keep what is being typed",
            Self::Conflict => "Page with two versions of an answer",
            Self::Book => "Book a demonstration",
            Self::Mark => "Record a line of the run sheet",
            Self::Send => "Send a section",
            Self::Issue => "Issue a certificate",
        }
    }

    /// Whether one request follows the other at once.
    const fn is_bare(self) -> bool {
        !matches!(self, Self::Book | Self::Mark | Self::Issue)
    }

    /// Requests of each client.
    const fn requests(self) -> usize {
        match self {
            Self::SupplierList
            | Self::TeamList
            | Self::Product
            | Self::Question
            | Self::Queue
            | Self::Review
            | Self::ThirdRound
            | Self::Check
            | Self::Copy
            | Self::Print
            | Self::Demonstration
            | Self::Certificate
            | Self::Agreement
            | Self::PublicPage
            | Self::Save
            | Self::Draft
            | Self::Conflict => 300,
            Self::Mark => 100,
            // Each booking is cancelled again, which is not timed.
            Self::Book => 40,
            // Each needs a section of its own.
            Self::Send => SENDS,
            // Each takes the place of the one before.
            Self::Issue => 20,
        }
    }
}

/// The figures of one kind.
pub struct Figures {
    pub clients: usize,
    pub p50: Duration,
    pub p95: Duration,
    pub p99: Duration,
    /// Requests a second; none where something is done between them that is not timed.
    pub a_second: Option<f64>,
}

impl Figures {
    /// From the time that each request took.
    pub fn of(clients: usize, mut times: Vec<Duration>, a_second: Option<f64>) -> Self {
        times.sort_unstable();
        let rank = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
        Self { clients, p50: rank(50), p95: rank(95), p99: rank(99), a_second }
    }
}

/// The service that is asked.
#[derive(Clone)]
pub struct At {
    pub port: u16,
    pub base: String,
}

impl At {
    /// The browser of somebody who is logged in with this token.
    pub fn client(&self, token: &str) -> Client {
        let mut client = Client::new(self.port, &self.base);
        client.cookies.insert("sid".to_owned(), token.to_owned());
        client
    }
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
    let askers: Vec<Asker> = (0..clients).map(|number| Asker::new(at, plan, kind, number)).collect::<anyhow::Result<_>>()?;
    let requests = kind.requests();
    let start = Instant::now();
    let runs: Vec<_> = askers.into_iter().map(|mut asker| std::thread::spawn(move || asker.run(requests))).collect();
    let mut times = Vec::new();
    for run in runs {
        times.extend(run.join().map_err(|_| anyhow!("a client broke down"))??);
    }
    let elapsed = start.elapsed();
    let count = f64::from(u32::try_from(times.len())?);
    Ok(Figures::of(clients, times, kind.is_bare().then_some(count / elapsed.as_secs_f64())))
}
