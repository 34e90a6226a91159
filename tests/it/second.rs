//! Walks every product of the second half that can be reached, and holds the rules to what must always be true.

use std::collections::{BTreeSet, VecDeque};

use assured::domain::agreement::{AGREEMENT, AgreementState};
use assured::domain::calendar::london_date;
use assured::domain::catalogue::Stage;
use assured::domain::certificate::{CERTIFICATE, CertificateAct, CertificateCommand, CertificateState};
use assured::domain::command::Command;
use assured::domain::condition::Condition;
use assured::domain::demonstration::{DEMONSTRATION, DemonstrationState};
use assured::domain::facts::ExistingAgreement;
use assured::domain::live::{LIVE, LiveCommand};
use assured::domain::machine::{Row, Who};
use assured::domain::product::Product;
use assured::domain::section::{ProductState, Turn};

use crate::model::second::{Graph, Part, Second, ready};
use crate::support::*;

/// The rows that were used: what, from and act, by whom.
type Used = BTreeSet<(&'static str, String, &'static str)>;

/// The state that the row of a command begins from, and what it is about; for the coverage of rows.
fn places(product: &Product, asked: &Command) -> Option<(&'static str, String)> {
    Some(match asked {
        Command::Demonstration(d) => ("test", format!("{} {}", product.demonstration().state, d.act())),
        Command::Certificate(c) => {
            let from = match c {
                CertificateCommand::Prepare { .. } => "absent".to_owned(),
                CertificateCommand::Issue { .. } | CertificateCommand::Void(_) => "prepared".to_owned(),
                CertificateCommand::Keep { .. } | CertificateCommand::Withdraw { .. } => {
                    product.certificate().unwrap().state.to_string()
                }
            };
            ("certificate", format!("{from} {}", c.act()))
        }
        Command::Agreement(a) => ("agreement", format!("{} {}", product.agreement().state, a.act())),
        Command::Live(l) => ("live", format!("{} {}", product.state, l.act())),
        Command::Change(..)
        | Command::Hold(_)
        | Command::Resume(_)
        | Command::Remind
        | Command::Withdraw(_)
        | Command::Section(..)
        | Command::Thread(_)
        | Command::Assignee(_) => return None,
    })
}

fn walk(parts: &[Part], first: Product, used: &mut Used) -> Graph {
    let world = Second::new(parts);
    let graph = world.walk(first, &mut |before, (name, actor), asked, (decision, after)| {
        let told = || format!("{name} asks {:?} of {}", asked.command, world.key(before));
        assert!(
            ![VIEWER.name, RIVAL.name, ADMINISTRATOR.name, INTERESTED.name, "signatory of another"].contains(name),
            "{}",
            told()
        );
        assert!(*name != "signatory" || matches!(asked.command, Command::Agreement(_)), "{}", told());
        assert!(!decision.changes().is_empty() || before == after, "{}", told());
        certificates_follow_tests(before, after, &asked.command);
        if let Command::Live(LiveCommand::GoLive(_)) = asked.command {
            assert!(before.is_assured(), "{}", told());
        }
        if let Some((what, place)) = places(before, &asked.command) {
            for who in Who::ALL.iter().filter(|w| w.admits(actor, before.organisation)) {
                used.insert((what, place.clone(), who.word()));
            }
        }
    });
    println!("{parts:?}: {} products, {} steps", graph.products.len(), graph.edges.len());
    for product in &graph.products {
        states_mean_what_they_say(&world, product);
    }
    somebody_can_go_on(&world, &graph);
    assured_can_be_reached(&graph);
    graph
}

/// No certificate without a passed test and both technical sections accepted; one that stands is the only one.
fn certificates_follow_tests(before: &Product, after: &Product, command: &Command) {
    if let Command::Certificate(CertificateCommand::Prepare { .. } | CertificateCommand::Issue { .. }) = command {
        assert_eq!(before.demonstration().state, DemonstrationState::Passed);
        assert!(before.is_stage_accepted(Stage::Technical));
    }
    let standing = after.certificates.iter().filter(|c| c.state.stands()).count();
    let prepared = after.certificates.iter().filter(|c| c.state == CertificateState::Prepared).count();
    assert!(standing <= 1 && prepared <= 1, "{:?}", after.certificates);
    let numbers: BTreeSet<_> = after.certificates.iter().map(|c| &c.content.number).collect();
    assert_eq!(numbers.len(), after.certificates.len(), "a number was used twice");
}

fn states_mean_what_they_say(world: &Second, product: &Product) {
    let test = product.demonstration();
    let told = || world.key(product);
    assert_eq!(test.date.is_some(), !matches!(test.state, DemonstrationState::NotBooked | DemonstrationState::Asked), "{}", told());
    assert_eq!(test.wish.is_some(), test.state == DemonstrationState::Asked, "{}", told());
    if let Some(date) = &test.date {
        let on = london_date(date.starts_at);
        assert!(on >= world.calendar.earliest_test(date.noticed_on), "a test inside the notice: {}", told());
        assert!(world.calendar.is_working_day(on));
        assert!(date.facts_by < date.checks_by && date.checks_by < on);
    }
    if matches!(test.state, DemonstrationState::Confirmed | DemonstrationState::UnderWay | DemonstrationState::Passed) {
        assert!(test.lacks == 0 && test.problems().is_empty(), "{}", told());
    }
    let is_certified = product.certificates.iter().any(|c| c.state == CertificateState::Valid);
    let is_signed = product.agreement().state == AgreementState::Accepted;
    assert_eq!(product.is_assured(), product.is_all_accepted() && is_certified && is_signed, "{}", told());
    let agreement = product.agreement();
    let is_issued = agreement.state != AgreementState::NotIssued;
    assert!(!is_issued || agreement.issue.is_some(), "{}", told());
    assert_eq!(agreement.state == AgreementState::Accepted, agreement.accepted.is_some(), "{}", told());
}

/// No state without an owner and a next step: whoever's turn it is can do something that changes something.
fn somebody_can_go_on(world: &Second, graph: &Graph) {
    let mut movers: Vec<BTreeSet<bool>> = vec![BTreeSet::new(); graph.products.len()];
    for edge in graph.edges.iter().filter(|e| e.from != e.to) {
        movers[edge.from].insert(world.is_team(edge.who));
    }
    for (product, movers) in graph.products.iter().zip(movers) {
        if product.state != ProductState::Active {
            continue;
        }
        let waits = product.waits();
        if product.is_assured() && product.live_on.is_some() {
            continue;
        }
        let first = waits.first().unwrap_or_else(|| panic!("nobody owns {}", world.key(product)));
        match first.turn {
            Turn::Team => assert!(movers.contains(&true), "the team cannot go on: {:?} in {}", waits, world.key(product)),
            Turn::Supplier => assert!(movers.contains(&false), "the supplier cannot go on: {:?} in {}", waits, world.key(product)),
            Turn::Nobody => assert!(first.by.is_some(), "nobody until when? {}", world.key(product)),
        }
    }
}

/// From every product that is not withdrawn, assured can still be reached.
fn assured_can_be_reached(graph: &Graph) {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); graph.products.len()];
    for edge in &graph.edges {
        back[edge.to].push(edge.from);
    }
    let mut open: VecDeque<usize> = (0..graph.products.len()).filter(|n| graph.products[*n].is_assured()).collect();
    assert!(!open.is_empty(), "never assured");
    let mut reaches = vec![false; graph.products.len()];
    while let Some(place) = open.pop_front() {
        if !std::mem::replace(&mut reaches[place], true) {
            open.extend(&back[place]);
        }
    }
    for (product, reaches) in graph.products.iter().zip(reaches) {
        assert!(reaches || product.state == ProductState::Withdrawn, "a dead end: {product:#?}");
    }
}

/// A product with a signed agreement, for walks that are about something else.
fn signed() -> Product {
    let mut product = ready(None);
    let agreement = product.agreements.first_mut().unwrap();
    agreement.state = AgreementState::Accepted;
    agreement.issue_by = None;
    agreement.accepted = Some(("Amina Okafor".to_owned(), london_date(start())));
    agreement.issue = Some(assured::domain::agreement::IssuedPaper {
        terms: "2026-1".to_owned(),
        kind: assured::domain::agreement::signing::AgreementKind::New,
        data_role: assured::domain::agreement::terms::DataRole::Processor,
        parties: assured::domain::agreement::terms::Parties::unnamed(assured::domain::agreement::terms::DataRole::Processor),
        on: london_date(start()),
        sign_by: london_date(start()),
        by: "Amina Okafor".to_owned(),
        pdf: String::new(),
        pages: 4,
        reason: String::new(),
    });
    product
}

/// The same product with a passed test and a certificate, by the shortest way through the rules.
fn certified(first: Product) -> Product {
    let world = Second::new(&[Part::PlainTest, Part::Certificate]);
    let graph = world.walk(first, &mut |_, _, _, _| {});
    let is_certified = |p: &&Product| p.certificate().is_some_and(|c| c.state == CertificateState::Valid);
    graph.products.iter().find(is_certified).expect("a certificate").clone()
}

fn all_used<S: std::fmt::Display + Copy, A: std::fmt::Display + Copy>(
    what: &'static str,
    rows: &[Row<S, A, Condition>],
    used: &Used,
    but: &dyn Fn(A) -> bool,
) {
    for row in rows.iter().filter(|r| !but(r.act)) {
        let place = format!("{} {}", row.from, row.act);
        assert!(used.contains(&(what, place.clone(), row.who.word())), "never used: {what} {place} by {}", row.who);
    }
}

#[test]
fn a_test_in_every_state() {
    let mut used = Used::new();
    let graph = walk(&[Part::Test, Part::Certificate, Part::Pauses], signed(), &mut used);
    assert!(graph.products.len() > 300 && graph.edges.len() > 3_000, "the walk has shrunk");
    all_used("test", DEMONSTRATION, &used, &|_| false);
    for state in DemonstrationState::ALL {
        assert!(graph.products.iter().any(|p| p.demonstration().state == *state), "{state} was never reached");
    }
}

#[test]
fn a_certificate_beside_changes_of_sign_in() {
    let mut used = Used::new();
    let graph = walk(&[Part::PlainTest, Part::Certificate, Part::SignIn, Part::Live], signed(), &mut used);
    assert!(graph.products.len() > 300 && graph.edges.len() > 3_000, "the walk has shrunk");
    // These two follow from other commands.
    let follows = |act: CertificateAct| matches!(act, CertificateAct::Doubt | CertificateAct::Replace);
    all_used("certificate", CERTIFICATE, &used, &follows);
    all_used("live", LIVE, &used, &|_| false);
    for state in CertificateState::ALL.iter().filter(|s| **s != CertificateState::Absent) {
        let found = graph.products.iter().any(|p| p.certificates.iter().any(|c| c.state == *state));
        assert!(found, "{state} was never reached");
    }
    assert!(graph.products.iter().any(|p| p.live_on.is_some()));
}

#[test]
fn an_agreement_in_every_state() {
    let mut used = Used::new();
    for existing in [None, Some(ExistingAgreement::SamePerson)] {
        let first = certified(ready(existing));
        let graph = walk(&[Part::Agreement, Part::Live, Part::Pauses], first, &mut used);
        assert!(graph.products.len() > 80 && graph.edges.len() > 800, "the walk has shrunk");
        for state in AgreementState::ALL {
            assert!(graph.products.iter().any(|p| p.agreement().state == *state), "{state} was never reached");
        }
    }
    all_used("agreement", AGREEMENT, &used, &|_| false);
}
