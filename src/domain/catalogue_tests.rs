//! The question set itself, a supplier who answers it well, and what a fault in it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use uuid::Uuid;

use super::answer::{Answer, Evidence, Given, Value};
use super::catalogue::{Acceptance, Catalogue, Kind, Question, Section};
use super::facts::Facts;
use super::words::{FileId, PersonId};

const SET: &str = include_str!("catalogue/v1.toml");
static PARSED: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(SET).unwrap());

/// A product with its answers, on 24 November 2026.
pub(super) struct World {
    pub catalogue: Catalogue,
    pub facts: Facts,
    pub answers: BTreeMap<String, Answer>,
    pub today: NaiveDate,
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn choice(word: &str) -> Value {
    Value::Choice(word.to_owned())
}

pub(super) fn choices(words: &[&str]) -> Value {
    Value::Choices(words.iter().map(|w| (*w).to_owned()).collect())
}

pub(super) fn date(text: &str) -> Value {
    Value::Date(day(text))
}

pub(super) fn files(expires_on: Option<&str>) -> Value {
    let file = Evidence { id: FileId(Uuid::nil()), name: "evidence.pdf".to_owned(), digest: "00".to_owned(), size: 1 };
    Value::Files { files: vec![file], expires_on: expires_on.map(day) }
}

impl World {
    /// Nothing answered.
    pub fn empty() -> Self {
        let catalogue = PARSED.clone();
        let facts = Facts { migrating_from_cis1: Some(false), ..Facts::default() };
        Self { catalogue, facts, answers: BTreeMap::new(), today: day("2026-11-24") }
    }

    /// A hosted web product used in care, answered so that nothing is to be said about it.
    pub fn typical() -> Self {
        let mut world = Self::empty();
        let questions: Vec<Question> = world.catalogue.questions().map(|(_, q)| q.clone()).collect();
        for question in questions {
            let value = plain(&question);
            world = world.with(&question.key, value);
        }
        for (key, value) in particular() {
            world = world.with(key, value);
        }
        world
    }

    /// The same with one answer changed.
    pub fn with(mut self, key: &str, value: Value) -> Self {
        assert!(self.catalogue.find(key).is_some(), "no question {key}");
        let by = PersonId(Uuid::nil());
        let answer = Answer { value: Some(value), remark: String::new(), edition: 1, by, at: DateTime::UNIX_EPOCH };
        self.answers.insert(key.to_owned(), answer);
        self
    }

    pub fn without(mut self, key: &str) -> Self {
        self.answers.remove(key);
        self
    }

    pub fn given(&self) -> Given<'_> {
        Given { catalogue: &self.catalogue, facts: &self.facts, answers: &self.answers, today: self.today }
    }

    pub fn shown(&self) -> Vec<usize> {
        Section::ALL.iter().map(|section| self.given().shown(*section).len()).collect()
    }
}

/// The first option, all options, or enough words.
fn plain(question: &Question) -> Value {
    match question.kind {
        Kind::YesNo => choice("yes"),
        Kind::SingleChoice => choice(&question.options[0].value),
        Kind::MultipleChoice => Value::Choices(question.options.iter().map(|o| o.value.clone()).collect::<BTreeSet<_>>()),
        Kind::ShortText => text("Somebody Named"),
        Kind::LongText => text(&"Weekdays, weekends and bank holidays are covered, and users choose a role. ".repeat(5)),
        Kind::Date => date("2026-10-10"),
        Kind::Email => text("service.desk@supplier.example.com"),
        Kind::Phone => text("01632 960 001"),
        Kind::Url => text("https://product.supplier.example.com/"),
        Kind::IpAddress => text("81.2.69.160"),
        Kind::Uuid => text("555012345678"),
        Kind::File => files(Some("2027-12-01")),
        Kind::Number => Value::Number(0),
        Kind::Declaration => Value::Ticked,
    }
}

fn particular() -> Vec<(&'static str, Value)> {
    vec![
        ("ds-dspt-status", choice("met")),
        ("ds-cyber-essentials-expires-on", date("2027-06-01")),
        ("cr-cso-registration", text("7123456")),
        ("md-is-device", choice("no")),
        ("cc-use-case-match", choice("yes")),
        ("cx-int-client-id", text("1234.apps.int")),
        ("cx-redirect-uris", text("https://product.supplier.example.com/callback")),
        ("cx-userinfo", text(&"We use nhsperson, professionalmemberships and organisationalmemberships to show names. ".repeat(2))),
        ("cx-inactivity-minutes", Value::Number(150)),
        ("cx-max-session-hours", Value::Number(75)),
    ]
}

#[test]
fn the_question_set_has_its_90_questions() {
    let catalogue = Catalogue::parse(SET).unwrap();
    let counts = |keep: fn(&&Question) -> bool| -> Vec<usize> {
        catalogue.sections.iter().map(|s| s.questions().filter(keep).count()).collect()
    };
    assert_eq!(counts(|_| true), [12, 11, 10, 8, 22, 27]);
    assert_eq!(counts(|q| q.show_when.is_none()), [7, 3, 10, 2, 15, 21]);
    assert_eq!(catalogue.sections.iter().map(|s| s.key).collect::<Vec<_>>(), Section::ALL);
}

#[test]
fn a_typical_supplier_sees_77_questions() {
    assert_eq!(World::typical().shown(), [11, 10, 10, 3, 19, 24]);
    assert_eq!(World::empty().shown(), [7, 3, 10, 2, 15, 21]);
}

#[test]
fn follow_ups_open_with_the_answer_that_they_follow() {
    let cases = [
        ("ds-dspt-status", choice("not-published"), "ds-dspt-plan"),
        ("cr-standard-scope", choice("neither"), "cr-scope-reason"),
        ("md-is-device", choice("yes"), "md-class"),
        ("cc-uk-only", choice("no"), "cc-offshoring"),
        ("cc-pentest-open-findings", Value::Number(10), "cc-pentest-fix-plan"),
        ("cx-client-auth", choice("client-secret"), "cx-secret-plan"),
        ("cx-bcl-used", choice("no"), "cx-bcl-reason"),
    ];
    for (key, value, opened) in cases {
        let is_shown = |world: &World| world.given().is_shown(world.catalogue.find(opened).unwrap().1);
        assert!(!is_shown(&World::typical()), "{opened} is hidden at first");
        assert!(is_shown(&World::typical().with(key, value)), "{key} opens {opened}");
    }
    let mut moving = World::typical();
    moving.facts.migrating_from_cis1 = Some(true);
    assert_eq!(moving.shown()[5], 25);
}

#[test]
fn every_group_can_be_a_page() {
    let catalogue = Catalogue::parse(SET).unwrap();
    for group in catalogue.sections.iter().flat_map(|s| &s.groups) {
        assert!((1..=5).contains(&group.questions.len()), "{}", group.title);
        assert!(!group.title.is_empty());
    }
    for (_, question) in catalogue.questions() {
        assert!(question.name.chars().count() <= 60, "{}", question.key);
        assert!(!question.basis.is_empty() && !question.text.contains('`') && !question.help.contains('`'), "{}", question.key);
        let blocked = question.options.iter().filter(|o| o.acceptance != Acceptance::Free);
        assert!(blocked.into_iter().all(|o| o.warning.is_some()), "{}: both sides are told why", question.key);
    }
}

#[test]
fn each_fault_names_the_question() {
    let cases = [
        (
            "on = \"ds-isms-basis\"",
            "on = \"ds-isms-bases\"",
            "ds-isms-certificate: its condition names ds-isms-bases, which is no question.",
        ),
        (
            "any-of = [\"iso27001\"]",
            "any-of = [\"iso9001\"]",
            "ds-isms-certificate: its condition names the option iso9001, which ds-isms-basis does not have.",
        ),
        (
            "key = \"ds-euo-dspt-check\"",
            "key = \"ds-euo-dspt-check\"\nshow-when = { on = \"ds-euo-dspt-process\", any-of = [\"yes\"] }",
            "ds-euo-dspt-check: its condition depends on itself, in a circle.",
        ),
        ("key = \"cr-plan\"", "key = \"cr-process-summary\"", "cr-process-summary: two questions have the same key."),
        ("key = \"cr-plan\"", "key = \"sm-plan\"", "sm-plan: the key must be lower case with hyphens and start with cr-."),
        ("name = \"hazard log\"", "name = \" \"", "cc-hazard-log: the name is empty."),
        (
            "[\"state\", \"discovery\"]",
            "[\"stat\", \"discovery\"]",
            "cx-request-protection: it expects the option stat, which does not exist.",
        ),
        (
            "length = [300, 4000]",
            "length = [4000, 300]",
            "cx-signin-walkthrough: a text needs a length with the fewest and the most characters.",
        ),
        ("above = 0 }", "any-of = [] }", "cc-pentest-fix-plan: its condition needs either values or a number."),
        (
            "on = \"cc-pentest-open-findings\"",
            "on = \"cc-pentest-scheme\"",
            "cc-pentest-fix-plan: its condition compares cc-pentest-scheme, which is no number.",
        ),
        (
            "migrating-from-cis1\", any-of = [\"yes\"]",
            "migrating-from-cis1\", any-of = [\"maybe\"]",
            "cx-cis1-removal: its condition names the value maybe, which product.migrating-from-cis1 does not have.",
        ),
        ("{ key = \"owners\"", "{ key = \"dates\"", "ds-dspt-plan: two points have the same key."),
        ("key = \"cis2-conformance\"", "key = \"core-conformance\"", "The section cis2-conformance must be there once."),
    ];
    for (from, to, fault) in cases {
        assert!(SET.contains(from), "{from}");
        let faults = Catalogue::parse(&SET.replacen(from, to, 1)).unwrap_err();
        assert!(faults.iter().any(|f| f == fault), "{fault} is not in {faults:#?}");
    }
    let faults = Catalogue::parse(&SET.replacen("guidance =", "guidence =", 1)).unwrap_err();
    assert!(faults[0].contains("guidence"), "{}", faults[0]);
}
