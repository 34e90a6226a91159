//! One client: who asks, for what, and what is done before and after each request without being timed.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::http_client::{Answer, Client};
use crate::load::{At, Kind, SENDS};
use crate::seed::{CHANGED, LARGEST, Plan, Supplier};

/// The question whose answer is changed.
const QUESTION: &str = "cr-loss-of-access";
/// A plausible answer to it.
const CHARTS: &str = "Ward staff use the printed charts that are kept at every nurse station. A charge nurse can open emergency \
    access with a second person; each use is recorded and reviewed the next morning.";
/// A question on a page with several.
const SEVERAL: &str = "cr-cso-name";

/// One client.
pub struct Asker {
    kind: Kind,
    client: Client,
    number: usize,
    /// What is asked for in turn: addresses of pages, or of products.
    addresses: Vec<String>,
    /// The date that is booked.
    date: String,
    /// What the next form must carry to be up to date: the edition of an answer or a mark, the number of a certificate.
    present: String,
    /// The text that was sent last.
    last: String,
}

impl Asker {
    pub fn new(at: &At, plan: &mut Plan, kind: Kind, number: usize) -> anyhow::Result<Self> {
        let reviewer = plan.reviewers.get(number).context("a reviewer")?.clone();
        let date = plan.dates.get(number).context("a date")?.clone();
        let supplier = plan.suppliers.get_mut(number).context("a supplier")?;
        let owner = supplier.token.clone();
        let question = |key| format!("/sections/{CHANGED}/questions/{key}");
        let (token, addresses) = match kind {
            Kind::SupplierList => (owner, vec!["/products".to_owned()]),
            Kind::TeamList => (reviewer, vec!["/products".to_owned()]),
            Kind::Product => (owner, to(&supplier.all, "")),
            Kind::Question => (owner, to(&supplier.open, &question(SEVERAL))),
            Kind::Queue => (reviewer, vec!["/queue".to_owned()]),
            Kind::Review => (reviewer, plan.reviews.iter().map(|(r, s)| format!("/products/{r}/sections/{s}/review")).collect()),
            Kind::ThirdRound => (reviewer, to(&plan.third_rounds, &format!("/sections/{LARGEST}/review"))),
            Kind::Check => (owner, to(open_without_round(supplier), &format!("/sections/{LARGEST}/check"))),
            Kind::Copy => (owner, copies(supplier)?),
            Kind::Print => (owner, to(&supplier.certified, "/print?feedback=yes")),
            Kind::Demonstration => (owner, to(&supplier.certified, "/demonstration")),
            Kind::Certificate => (owner, to(&supplier.certified, "/certificate")),
            Kind::Agreement => (owner, to(&supplier.unsigned, "/agreement")),
            Kind::PublicPage => (String::new(), plan.certificates.iter().map(|n| format!("/certificates/{n}")).collect()),
            // Each has a product of their own, so that nobody is in another's way.
            Kind::Save | Kind::Draft | Kind::Conflict => {
                (owner, to(supplier.open.get(..1).context("a product")?, &question(QUESTION)))
            }
            Kind::Book => (owner, to(&supplier.bookable, "/demonstration")),
            Kind::Mark => (reviewer, to(&supplier.under_way, "/demonstration")),
            Kind::Send => (owner, unsent(supplier)?),
            Kind::Issue => (reviewer, to(&supplier.certified, "/certificate/issue")),
        };
        ensure!(!addresses.is_empty(), "nothing to ask for");
        let client = if token.is_empty() { Client::new(at.port, &at.base) } else { at.client(&token) };
        Ok(Self { kind, client, number, addresses, date, present: String::new(), last: String::new() })
    }

    fn address(&self, turn: usize) -> anyhow::Result<String> {
        // Clients start at different places of the list; what is sent is sent once.
        let place = if self.kind == Kind::Send { turn } else { turn + self.number * 7 };
        Ok(self.addresses.get(place % self.addresses.len()).context("an address")?.clone())
    }

    /// Makes the requests. Every answer is checked, outside the time that is taken.
    pub fn run(&mut self, requests: usize) -> anyhow::Result<Vec<Duration>> {
        let mut times = Vec::with_capacity(requests);
        for turn in 0..requests {
            let address = self.address(turn)?;
            self.prepare(&address, turn)?;
            let start = Instant::now();
            let (answer, expected) = self.ask(&address, turn)?;
            times.push(start.elapsed());
            let (status, location) = (answer.status, &answer.location);
            ensure!(status == expected, "{address} was answered with {status} {location}:\n{}", answer.body);
            self.clear_up(&address)?;
        }
        if self.kind == Kind::Save {
            self.holds(&self.address(0)?, &format!("answer-{QUESTION}"))?;
        } else if self.kind == Kind::Mark {
            self.holds(&format!("{}/run-sheet", self.address(0)?), "note-a1")?;
        }
        Ok(times)
    }

    /// The page holds the text that was sent last.
    fn holds(&mut self, page: &str, field: &str) -> anyhow::Result<()> {
        let kept = self.client.get(page)?.textarea(field);
        ensure!(kept.as_ref() == Some(&self.last), "{page} holds {kept:?}");
        Ok(())
    }

    /// What a person has on the screen before they press.
    fn prepare(&mut self, address: &str, turn: usize) -> anyhow::Result<()> {
        if matches!(self.kind, Kind::Save | Kind::Draft | Kind::Conflict) && turn == 0 {
            self.present = self.hidden(address, &format!("edition-{QUESTION}"))?;
        } else if self.kind == Kind::Mark {
            self.present = self.hidden(&format!("{address}/run-sheet"), "was-a1")?;
        } else if self.kind == Kind::Issue {
            self.present = self.hidden(address, "replaces")?;
        }
        Ok(())
    }

    fn hidden(&mut self, page: &str, field: &str) -> anyhow::Result<String> {
        let answer = self.client.get(page)?;
        answer.hidden(field).with_context(|| format!("{field} on {page}:\n{}", answer.body))
    }

    /// Leaves things as the next turn needs them.
    fn clear_up(&mut self, address: &str) -> anyhow::Result<()> {
        if self.kind == Kind::Book {
            let cancelled = self.client.post(&format!("{address}/cancellation"), &[("reason", "")])?;
            ensure!(cancelled.status == 303, "cancelling was answered with {}", cancelled.status);
        }
        Ok(())
    }

    /// One request, and the status that its answer must have.
    fn ask(&mut self, address: &str, turn: usize) -> anyhow::Result<(Answer, u16)> {
        let answer = match self.kind {
            Kind::Save => self.save(address, turn)?,
            Kind::Draft => return Ok((self.type_on(&format!("/drafts?place={address}"), turn)?, 200)),
            Kind::Conflict => {
                // An edition that is none any more.
                "0".clone_into(&mut self.present);
                return Ok((self.type_on(address, turn)?, 409));
            }
            Kind::Book => self.client.post(&format!("{address}/book"), &[("slot", &self.date)])?,
            Kind::Mark => {
                self.last = format!("Change {turn} by client {}", self.number);
                let fields = [("attempt", "1"), ("was-a1", &self.present), ("mark-a1", "seen"), ("note-a1", &self.last)];
                self.client.post(&format!("{address}/marks"), &fields)?
            }
            Kind::Send => {
                let fields = [("complete", "yes"), ("int", "yes"), ("test-address", "https://int.supplier.example.com/")];
                self.client.post(address, &fields)?
            }
            Kind::Issue => self.client.post(address, &[("replaces", &self.present), ("reason", "The name has changed.")])?,
            Kind::SupplierList
            | Kind::TeamList
            | Kind::Product
            | Kind::Question
            | Kind::Queue
            | Kind::Review
            | Kind::ThirdRound
            | Kind::Check
            | Kind::Copy
            | Kind::Print
            | Kind::Demonstration
            | Kind::Certificate
            | Kind::Agreement
            | Kind::PublicPage => return Ok((self.client.get(address)?, 200)),
        };
        Ok((answer, 303))
    }

    fn type_on(&mut self, target: &str, turn: usize) -> anyhow::Result<Answer> {
        self.last = format!("Typed {turn} by client {}. {CHARTS}", self.number);
        let (edition, answer) = (format!("edition-{QUESTION}"), format!("answer-{QUESTION}"));
        Ok(self.client.post(target, &[(&edition, &self.present), (&answer, &self.last)])?)
    }

    fn save(&mut self, address: &str, turn: usize) -> anyhow::Result<Answer> {
        self.last = format!("Change {turn} by client {}. {CHARTS}", self.number);
        let (edition, answer) = (format!("edition-{QUESTION}"), format!("answer-{QUESTION}"));
        let number: u32 = self.present.parse()?;
        let saved = self.client.post(address, &[(&edition, &self.present), (&answer, &self.last), ("go", "back")])?;
        self.present = (number + 1).to_string();
        Ok(saved)
    }
}

/// Addresses of products, with the same ending each.
fn to(references: &[String], ending: &str) -> Vec<String> {
    references.iter().map(|r| format!("/products/{r}{ending}")).collect()
}

/// Products whose largest section was never sent: the third is in review.
fn open_without_round(supplier: &Supplier) -> &[String] {
    supplier.open.get(..2).unwrap_or_default()
}

/// The largest section of a product beside that of each other one that can be answered.
fn copies(supplier: &Supplier) -> anyhow::Result<Vec<String>> {
    let (first, others) = supplier.open.split_first().context("a product")?;
    Ok(others.iter().map(|from| format!("/products/{first}/sections/{LARGEST}/copy?from={from}")).collect())
}

/// Sections that were not sent before.
fn unsent(supplier: &mut Supplier) -> anyhow::Result<Vec<String>> {
    ensure!(supplier.ready.len() >= SENDS, "no sections are left to send");
    let address = |(reference, section)| format!("/products/{reference}/sections/{section}/submission");
    Ok(supplier.ready.drain(..SENDS).map(address).collect())
}
