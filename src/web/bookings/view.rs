//! The parts of the page of a test: the date, the facts, the checks, what is shown, the result and earlier tests.

use super::{Subject, address, span, typographic};
use crate::domain::answer::Given;
use crate::domain::calendar::london_date;
use crate::domain::demonstration::checks::{self, Check, CheckResult};
use crate::domain::demonstration::facts::{Fact, TestFacts};
use crate::domain::demonstration::sheet::{self, Area, LINES};
use crate::domain::demonstration::{Demonstration, DemonstrationAct, DemonstrationState};
use crate::domain::product::Product;
use crate::web::run_sheet::files::{FileLink, links};
use crate::words::{long_date, short_date};

/// A row of the list about the date.
pub(super) struct Row {
    pub key: &'static str,
    pub lines: Vec<String>,
    /// Address, words, and what is read aloud after them.
    pub action: Option<(String, &'static str, &'static str)>,
}

/// One fact, with what is to be known about it.
pub(super) struct FactView {
    pub label: String,
    pub lines: Vec<String>,
    pub is_missing: bool,
    pub findings: Vec<String>,
}

/// One background check as the supplier reads it.
pub(super) struct CheckView {
    pub label: &'static str,
    pub tag: &'static str,
    pub look: &'static str,
    pub note: String,
}

/// One area of the test, and what is asked for in it.
pub(super) struct AreaView {
    pub title: &'static str,
    pub asks: Vec<String>,
    pub why_not: &'static str,
}

/// Something to be put right after a passed test.
pub(super) struct ObservationView {
    pub text: String,
    pub owner: String,
    pub due_on: String,
    pub settled: String,
}

/// How a test ended.
pub(super) struct ResultView {
    pub heading: &'static str,
    pub recorded: String,
    pub why: String,
    pub observations: Vec<ObservationView>,
    /// What was to be seen and was not.
    pub missed: Vec<MissedView>,
}

/// A line of the sheet that was not seen.
pub(super) struct MissedView {
    pub area: &'static str,
    pub see: String,
    pub note: String,
    pub files: Vec<FileLink>,
}

/// A test before the present one.
pub(super) struct Earlier {
    pub heading: String,
    pub tag: &'static str,
    pub look: &'static str,
    pub result: Option<ResultView>,
}

/// Words and look of the tag: a test that lacks facts says so, and one whose date was given back.
pub(super) fn status(test: &Demonstration) -> (&'static str, &'static str) {
    if test.state == DemonstrationState::Booked && test.lacks > 0 {
        ("Details needed", "orange")
    } else if test.state == DemonstrationState::NotBooked && test.given_back.is_some() {
        ("Cancelled", "grey")
    } else {
        test.state.tag()
    }
}

/// The date, who holds the test, where, and the ways to change it; nothing without a date.
pub(super) fn rows(subject: &Subject<'_>) -> Vec<Row> {
    let test = subject.test();
    let Some(date) = &test.date else { return Vec::new() };
    let base = subject.address();
    let to = |act, path: &str, words, about| subject.offers(act).then(|| (format!("{base}{path}"), words, about));
    let moved = to(DemonstrationAct::Move, "/reschedule", "Change date", " of the demonstration");
    let cancelled = to(DemonstrationAct::Cancel, "/cancellation", "Cancel demonstration", "");
    let who = date
        .assessor
        .as_ref()
        .map_or("The assurance team. We have not said yet who it will be.".to_owned(), |a| format!("{}, assurance team", a.name));
    let mut place = vec!["In the INT environment, with your product in a test environment".to_owned()];
    if !test.facts.test_url.is_empty() {
        place.push(test.facts.test_url.clone());
    }
    let (how, join) = match date.joining.as_str() {
        "" => ("We’ll put the link here before the demonstration.", None),
        link => (link, Some((link.to_owned(), "Join", " the demonstration"))),
    };
    let joining = Row { key: "How to join", lines: vec![how.to_owned()], action: join };
    let calendar = Some((format!("{base}.ics"), "Add to calendar", ""));
    let mut rows = vec![
        Row { key: "Date and time", lines: vec![span(date.starts_at)], action: moved },
        Row { key: "Length", lines: vec!["About 2 hours".to_owned()], action: cancelled },
        Row { key: "Who", lines: vec![who], action: None },
        Row { key: "Where", lines: place, action: calendar.filter(|_| test.state.is_open()) },
    ];
    rows.extend(test.state.is_open().then_some(joining));
    rows
}

/// The facts of a test that has a date, each with what is missing or does not fit.
pub(super) fn facts(subject: &Subject<'_>, given: &Given<'_>) -> Vec<FactView> {
    let test = subject.test();
    if test.date.is_none() {
        return Vec::new();
    }
    let judge = subject.judge();
    let context = judge.context(given, test);
    let (missing, found) = (test.facts.missing(&context), test.facts.faults(&context));
    let is_shown = |fact: &Fact| *fact != Fact::LogoutReceivedOn || fact.is_required(given);
    let view = |fact: &Fact| FactView {
        label: typographic(fact.label()).replace(" (optional)", ""),
        lines: test.facts.shown(*fact).lines().map(str::to_owned).collect(),
        is_missing: missing.iter().any(|(field, _)| *field == fact.word()),
        findings: found.iter().filter(|f| f.field == fact.word()).map(|f| typographic(&f.text)).collect(),
    };
    Fact::ALL.iter().filter(|f| is_shown(f)).map(view).collect()
}

/// The background checks of a test that has a date.
pub(super) fn checks(test: &Demonstration, given: &Given<'_>) -> Vec<CheckView> {
    if test.date.is_none() {
        return Vec::new();
    }
    let view = |check: &Check| {
        let recorded = test.checks.get(check);
        let unneeded = check.not_needed(given).filter(|_| recorded.is_none());
        let result = recorded.map(|c| c.result).or(unneeded.map(|_| CheckResult::NotNeeded));
        let (tag, look) = checks::CheckResult::tag(result);
        let note = recorded.map_or_else(|| unneeded.unwrap_or_default().to_owned(), |c| c.note.clone());
        CheckView { label: check.label(), tag, look, note }
    };
    Check::ALL.iter().map(view).collect()
}

/// What is to be shown in the test, by area, as far as it applies to this product.
pub(super) fn areas(given: &Given<'_>, facts: &TestFacts) -> Vec<AreaView> {
    let view = |area: &Area| {
        let lines = || LINES.iter().filter(|l| l.area == *area);
        let applying = lines().filter(|l| sheet::applies(l, given, facts).is_ok());
        let asks: Vec<String> = applying.map(|l| typographic(l.ask)).collect();
        let why_not = lines().find_map(|l| sheet::applies(l, given, facts).err()).filter(|_| asks.is_empty());
        AreaView { title: area.title(), asks, why_not: why_not.unwrap_or_default() }
    };
    // Nobody needs to read that a new connection is not a move.
    let is_worth = |area: &AreaView| area.title != Area::Migration.title() || !area.asks.is_empty();
    Area::ALL.iter().map(view).filter(is_worth).collect()
}

/// How to prepare, for this product.
pub(super) fn preparations(given: &Given<'_>) -> Vec<String> {
    let mut all = vec![
        "Deploy the version to be tested to a test environment that mirrors production. It cannot run on a developer’s computer.",
        "Use test data only. We do not want to see anything about real patients or staff.",
        "Sign in to INT with the test identity and the authenticator a few days before, from the device that you will use.",
        "Have somebody with you who can read the server’s logs, and hide tokens before you show them.",
    ];
    if checks::applies(Check::LogoutTokens, given) {
        all.push("Check that your server accepts logout tokens from CIS2.");
    }
    if given.facts.migrating_from_cis1 == Some(true) {
        all.push(
            "Do not use a smartcard over HSCN. A move from CIS1 is shown on a device without the Identity Agent, so that we can see that nothing depends on CIS1.",
        );
    }
    all.push("Keep the 2 hours free for everybody who joins.");
    all.into_iter().map(str::to_owned).collect()
}

/// How a test ended; nothing while it has not.
pub(super) fn result(product: &Product, test: &Demonstration, given: &Given<'_>) -> Option<ResultView> {
    let outcome = test.outcome.as_ref()?;
    let heading = match test.state {
        DemonstrationState::Passed if outcome.observations.is_empty() => "Passed",
        DemonstrationState::Passed => "Passed, with observations",
        DemonstrationState::NotPassed => "Not passed",
        DemonstrationState::NotHeld => "The demonstration did not take place",
        DemonstrationState::NotBooked
        | DemonstrationState::Asked
        | DemonstrationState::Booked
        | DemonstrationState::Confirmed
        | DemonstrationState::UnderWay => return None,
    };
    let observations = outcome.observations.iter().map(|o| ObservationView {
        text: o.text.clone(),
        owner: o.owner.clone(),
        due_on: short_date(o.due_on),
        settled: o.settled.clone(),
    });
    Some(ResultView {
        heading,
        recorded: format!("{} recorded this on {}.", outcome.by, long_date(outcome.on)),
        why: outcome.why.clone(),
        observations: observations.collect(),
        missed: missed(product, test, given),
    })
}

fn missed(product: &Product, test: &Demonstration, given: &Given<'_>) -> Vec<MissedView> {
    let line = |line: sheet::SheetLine| {
        let mark = test.marks.get(&line.id).filter(|_| test.tells_of(&line.id) && line.why_not.is_empty())?;
        let files = links(product, test, &line.id);
        Some(MissedView { area: line.area.title(), see: typographic(&line.see), note: mark.note.clone(), files })
    };
    sheet::sheet(test, given).into_iter().filter_map(line).collect()
}

/// The tests before the present one, the last first.
pub(super) fn earlier(product: &Product, given: &Given<'_>) -> Vec<Earlier> {
    let view = |test: &Demonstration| {
        let (tag, look) = test.state.tag();
        let date = test.date.as_ref().map(|d| format!(": {}", long_date(london_date(d.starts_at)))).unwrap_or_default();
        Earlier { heading: format!("Attempt {}{date}", test.attempt), tag, look, result: result(product, test, given) }
    };
    product.demonstrations.iter().rev().skip(1).map(view).collect()
}

/// The address where something about the test is done.
pub(super) fn at(product: &Product, path: &str) -> String {
    format!("{}/{path}", address(product))
}
