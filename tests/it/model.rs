//! Walks every product that can be reached, with every command of everybody, and holds the rules to what must always be true.

pub mod second;
pub mod walk;

use std::collections::{BTreeSet, VecDeque};

use assured::domain::actor::Actor;
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, SectionCommand};
use assured::domain::machine::Who;
use assured::domain::product::{Product, Standing};
use assured::domain::section::{PRODUCT, ProductAct, ProductState, SECTION, SectionAct, SectionState, Verdict};

use crate::support::*;
use walk::{Detail, Graph, Step, World, cast, product};

/// The rows of the tables that were used.
#[derive(Default)]
struct Used {
    section: BTreeSet<(SectionState, SectionAct, Who)>,
    product: BTreeSet<(ProductState, ProductAct, Who)>,
}

fn walk(cast: Vec<(Persona, Actor)>, live: &[(Section, Detail)], used: &mut Used) -> Graph {
    let world = World::new(cast, live);
    let sections: Vec<Section> = live.iter().map(|l| l.0).collect();
    let graph = world.walk(product(&sections), &mut |step| check(&world, step, used));
    for product in &graph.products {
        promises_are_kept(&world, product);
        for section in &sections {
            states_mean_what_they_say(&world, product, *section);
        }
    }
    completion_can_be_reached(&graph);
    println!("{sections:?}: {} products, {} steps", graph.products.len(), graph.edges.len());
    graph
}

/// What must be true of a step.
fn check(world: &World, step: &Step<'_>, used: &mut Used) {
    let Step { before, who, command, .. } = step;
    let told = || format!("{} asks {command:?} of {}", who.name, world.key(before));
    let (decision, after) = match step.answer {
        Ok(answer) => answer,
        Err(refusal) => {
            assert!(!refusal.sentence().is_empty(), "{}", told());
            return;
        }
    };
    if let Command::Section(section, SectionCommand::Answer(_)) = command {
        let state = before.section(*section).state();
        assert!(matches!(state, SectionState::Draft | SectionState::Returned), "an answer changed while locked: {}", told());
    }
    assert!(![VIEWER, RIVAL, ADMINISTRATOR, INTERESTED].contains(who), "{}", told());
    row_is_followed(step, after, used);
    let is_same = decision.changes().is_empty();
    assert_eq!(is_same, *before == after, "{}", told());
    if is_same {
        assert!(decision.notices().is_empty(), "nothing changed, but somebody is told: {}", told());
        assert!(may_change_nothing(command), "{}", told());
    }
    for section in Section::ALL {
        let (old, new) = (before.section(*section), after.section(*section));
        assert!(new.round >= old.round, "the round fell: {}", told());
        let is_about = matches!(command, Command::Section(about, _) if about == section) || matches!(command, Command::Resume(_));
        assert!(is_about || old == new, "{section} changed as well: {}", told());
        accepted_stays_accepted(world, step, after, *section);
    }
}

fn may_change_nothing(command: &Command) -> bool {
    match command {
        Command::Change(..) => true,
        Command::Hold(_) | Command::Resume(_) | Command::Remind | Command::Withdraw(_) => false,
        Command::Section(_, asked) => matches!(asked.act(), SectionAct::Answer | SectionAct::Decide | SectionAct::Assign),
        Command::Demonstration(_)
        | Command::Certificate(_)
        | Command::Agreement(_)
        | Command::Live(_)
        | Command::Thread(_)
        | Command::Assignee(_) => {
            unreachable!()
        }
    }
}

/// What was done stands in a table, with the state that follows.
fn row_is_followed(step: &Step<'_>, after: &Product, used: &mut Used) {
    let home = step.before.organisation;
    if let Command::Section(section, asked) = step.command {
        let (from, to) = (step.before.section(*section).state(), after.section(*section).state());
        let rows: Vec<_> =
            SECTION.iter().filter(|r| r.from == from && r.act == asked.act() && r.who.admits(step.actor, home)).collect();
        assert!(!rows.is_empty() && rows.iter().all(|r| r.to == to), "no row from {from} by {} to {to}", asked.act());
        assert_eq!(step.before.state, ProductState::Active, "{} while the product is {}", asked.act(), step.before.state);
        if matches!(asked.act(), SectionAct::Decide | SectionAct::Return | SectionAct::Accept) {
            let holder = step.before.section(*section).reviewer;
            assert_eq!(holder, Some(step.actor.person()), "{} by somebody who does not have the review", asked.act());
        }
        used.section.extend(rows.iter().map(|r| (r.from, r.act, r.who)));
    } else {
        let (from, to, act) = (step.before.state, after.state, step.command.product_act().unwrap());
        let rows: Vec<_> = PRODUCT.iter().filter(|r| r.from == from && r.act == act && r.who.admits(step.actor, home)).collect();
        assert!(!rows.is_empty() && rows.iter().all(|r| r.to == to), "no row from {from} by {act} to {to}");
        used.product.extend(rows.iter().map(|r| (r.from, r.act, r.who)));
    }
}

/// A verdict holds until its answer changes: only the supplier's change, the reviewer's own decision and opening again undo it.
fn accepted_stays_accepted(world: &World, step: &Step<'_>, after: &Product, section: Section) {
    let undone: Vec<&str> = match step.command {
        Command::Section(_, SectionCommand::Decide(rulings)) => rulings.iter().map(|r| r.question.as_str()).collect(),
        Command::Section(_, SectionCommand::Reopen(questions, _)) => questions.iter().map(String::as_str).collect(),
        Command::Section(..)
        | Command::Change(..)
        | Command::Hold(_)
        | Command::Resume(_)
        | Command::Remind
        | Command::Withdraw(_)
        | Command::Demonstration(_)
        | Command::Certificate(_)
        | Command::Agreement(_)
        | Command::Live(_)
        | Command::Thread(_)
        | Command::Assignee(_) => Vec::new(),
    };
    for question in world.catalogue.section(section).unwrap().questions() {
        let is_same = step.before.fingerprint(question) == after.fingerprint(question);
        let was_accepted = step.before.standing(section, question) == Standing::Accepted;
        if was_accepted && is_same && !undone.contains(&question.key.as_str()) {
            assert_eq!(after.standing(section, question), Standing::Accepted, "{} after {:?}", question.key, step.command);
        }
    }
}

/// A promise stands exactly while somebody is waited for, and is the date that the calendar gives.
fn promises_are_kept(world: &World, product: &Product) {
    for section in Section::ALL {
        let record = product.section(*section);
        let is_waited_for = matches!(record.state(), SectionState::Submitted | SectionState::Returned);
        assert_eq!(record.reply_by.is_some(), is_waited_for, "{}", world.key(product));
        let due = product.due(*section, &world.calendar).map(|d| d.on);
        match product.state {
            ProductState::Active => assert_eq!(due, record.reply_by, "{}", world.key(product)),
            ProductState::OnHold => assert_eq!(due, None),
            ProductState::Withdrawn => {}
        }
    }
    assert_eq!(product.pauses.iter().any(|p| p.until.is_none()), product.state == ProductState::OnHold);
}

/// What was sent is complete; what is accepted was accepted question by question; what went back asks something.
fn states_mean_what_they_say(world: &World, product: &Product, section: Section) {
    let given = product.given(&world.catalogue, world.setting(start()).today());
    let shown = given.shown(section);
    let is_complete = shown.iter().all(|q| given.value(&q.key).is_some());
    let is_accepted = shown.iter().all(|q| product.standing(section, q) == Standing::Accepted);
    let told = || world.key(product);
    match product.section(section).state() {
        SectionState::Draft => {}
        SectionState::Submitted => assert!(is_complete, "{}", told()),
        SectionState::Returned => {
            assert!(product.section(section).decisions.values().flatten().any(|d| d.verdict == Verdict::More));
        }
        SectionState::Accepted => {
            assert!(is_complete && is_accepted && product.unacceptable(&given, section).is_empty(), "{}", told());
        }
    }
}

/// From every product that is not withdrawn, everything accepted can still be reached.
fn completion_can_be_reached(graph: &Graph) {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); graph.products.len()];
    for edge in &graph.edges {
        back[edge.to].push(edge.from);
    }
    let is_done = |p: &Product| p.state == ProductState::Active && p.is_all_accepted();
    let mut open: VecDeque<usize> = (0..graph.products.len()).filter(|n| is_done(&graph.products[*n])).collect();
    assert!(!open.is_empty());
    let mut reaches = vec![false; graph.products.len()];
    while let Some(place) = open.pop_front() {
        if !std::mem::replace(&mut reaches[place], true) {
            open.extend(&back[place]);
        }
    }
    for (product, reaches) in graph.products.iter().zip(reaches) {
        assert_eq!(reaches, product.state != ProductState::Withdrawn, "{product:#?}");
    }
}

#[test]
fn a_section_with_a_follow_up_in_every_state() {
    let mut used = Used::default();
    let graph = walk(cast(), &[(Section::DataSecurity, Detail::Full)], &mut used);
    assert!(graph.products.len() > 2_000 && graph.edges.len() > 20_000, "the walk has shrunk");
    for row in SECTION {
        assert!(used.section.contains(&(row.from, row.act, row.who)), "never used: {row:?}");
    }
    for row in PRODUCT {
        assert!(used.product.contains(&(row.from, row.act, row.who)), "never used: {row:?}");
    }
}

#[test]
fn a_technical_section_in_every_state() {
    let graph = walk(cast(), &[(Section::Cis2Conformance, Detail::Full)], &mut Used::default());
    assert!(graph.products.len() > 300 && graph.edges.len() > 3_000, "the walk has shrunk");
    for product in &graph.products {
        let was_sent = product.section(Section::Cis2Conformance).round > 0;
        assert_eq!(product.facts.int_working, was_sent.then_some(true), "sending confirms that INT works");
    }
}

#[test]
fn two_sections_in_every_combination_of_states() {
    let live = [(Section::ClinicalRisk, Detail::Plain), (Section::CoreConformance, Detail::Plain)];
    let few = cast().into_iter().filter(|(who, _)| [OWNER, REVIEWER, MANAGER].contains(who)).collect();
    let graph = walk(few, &live, &mut Used::default());
    assert!(graph.products.len() > 2_000 && graph.edges.len() > 10_000, "the walk has shrunk");
    for one in SectionState::ALL {
        for other in SectionState::ALL {
            let found =
                graph.products.iter().find(|p| [p.section(live[0].0).state(), p.section(live[1].0).state()] == [*one, *other]);
            assert!(found.is_some(), "{one} beside {other} was never reached");
        }
    }
}

#[test]
fn each_row_stands_once() {
    let rows: BTreeSet<_> = SECTION.iter().map(|r| (r.from, r.act, r.who)).collect();
    assert_eq!(rows.len(), SECTION.len());
    let rows: BTreeSet<_> = PRODUCT.iter().map(|r| (r.from, r.act, r.who)).collect();
    assert_eq!(rows.len(), PRODUCT.len());
    for state in SectionState::ALL {
        assert!(
            *state == SectionState::Draft || SECTION.iter().any(|r| r.to == *state && r.from != *state),
            "nothing leads to {state}"
        );
    }
    for act in SectionAct::ALL {
        assert!(SECTION.iter().any(|r| r.act == *act), "nobody can {act}");
    }
    for act in ProductAct::ALL {
        assert!(PRODUCT.iter().any(|r| r.act == *act), "nobody can {act}");
    }
}
