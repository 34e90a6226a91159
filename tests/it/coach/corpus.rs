//! Answers with the advice that a careful reader would give: the corpus, read from its files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use assured::domain::answer::{Answer, Evidence, Given, Value};
use assured::domain::catalogue::{Catalogue, Kind, Question, Section};
use assured::domain::coach::{Draft, Rule, advice};
use assured::domain::facts::Facts;
use assured::domain::words::{FileId, PersonId};
use chrono::{DateTime, NaiveDate};
use serde::Deserialize;

/// One answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub question: String,
    /// What kind of answer it is, for whoever reads the corpus.
    pub kind: String,
    pub text: String,
    /// Points that it does not address.
    pub missing: Vec<String>,
    /// Other rules that find something.
    #[serde(default)]
    pub advice: Vec<String>,
    /// Other answers.
    #[serde(default)]
    pub given: BTreeMap<String, toml::Value>,
    /// Whether the product moves from CIS1.
    #[serde(default)]
    pub migrating: bool,
}

#[derive(Deserialize)]
struct File {
    answer: Vec<Case>,
}

/// A piece of advice in short: `missing who`, or `placeholder`.
pub type Short = (String, String);

pub const PRODUCT: &str = "Wardlight Observations";
pub const SUPPLIER: &str = "Wardlight Health Ltd";

pub fn today() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

/// The answers of a folder beside this file.
pub fn read(folder: &str) -> Vec<Case> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/coach").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let text = |path| std::fs::read_to_string(path).unwrap();
    files
        .iter()
        .flat_map(|path| toml::from_str::<File>(&text(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display())).answer)
        .collect()
}

pub fn catalogue() -> Catalogue {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/catalogue/v1.toml");
    Catalogue::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn value(question: &Question, given: &toml::Value) -> Value {
    let text = || given.as_str().unwrap().to_owned();
    match question.kind {
        Kind::YesNo | Kind::SingleChoice => Value::Choice(text()),
        Kind::MultipleChoice => {
            Value::Choices(given.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>())
        }
        Kind::Number => Value::Number(given.as_integer().unwrap() * 10),
        Kind::Date => Value::Date(text().parse().unwrap()),
        Kind::File => Value::Files {
            files: vec![Evidence { id: FileId(uuid::Uuid::nil()), name: text(), digest: String::new(), size: 1 }],
            expires_on: None,
        },
        Kind::Declaration => Value::Ticked,
        Kind::ShortText | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::IpAddress | Kind::Uuid => {
            Value::Text(text())
        }
    }
}

/// An answer as it is kept.
pub fn answer(value: Value) -> Answer {
    let by = PersonId(uuid::Uuid::nil());
    Answer { value: Some(value), remark: String::new(), edition: 1, by, at: DateTime::UNIX_EPOCH }
}

impl Case {
    /// What a careful reader would advise.
    pub fn expected(&self) -> BTreeSet<Short> {
        let missing = self.missing.iter().map(|point| ("missing".to_owned(), point.clone()));
        missing.chain(self.advice.iter().map(|rule| (rule.clone(), String::new()))).collect()
    }

    /// What the coach advises on the question.
    pub fn advised(&self, catalogue: &Catalogue) -> BTreeSet<Short> {
        let (section, question) = catalogue.find(&self.question).unwrap_or_else(|| panic!("no question {}", self.question));
        let facts = Facts {
            name: PRODUCT.to_owned(),
            migrating_from_cis1: Some(self.migrating),
            go_live_target: "2027-04-30".parse().ok(),
            ..Facts::default()
        };
        let mut answers = BTreeMap::new();
        let mut chosen = self.given.clone();
        if let Some((key, option)) = assumed(question) {
            chosen.entry(key).or_insert(option);
        }
        for (key, given) in &chosen {
            answers.insert(key.clone(), answer(value(catalogue.find(key).unwrap().1, given)));
        }
        answers.insert(self.question.clone(), answer(Value::Text(self.text.clone())));
        let given = Given { catalogue, facts: &facts, answers: &answers, today: today() };
        assert!(given.is_shown(question), "{} is not shown", self.question);
        let draft = Draft { given, organisation: SUPPLIER, test_on: None };
        let found = advice(&draft, section).into_iter().filter(|a| a.question == self.question);
        found.map(|a| (a.rule.word().to_owned(), a.point)).collect()
    }

    /// Faults of the corpus itself.
    pub fn check(&self, catalogue: &Catalogue) {
        let (_, question) = catalogue.find(&self.question).unwrap();
        for point in &self.missing {
            assert!(question.points.iter().any(|p| p.key == *point), "{} has no point {point}", self.question);
        }
        for rule in &self.advice {
            assert!(Rule::from_word(rule).is_some(), "{rule} is no rule");
        }
    }
}

/// How long all advice on one product takes in this build, and with one answer of a megabyte beside: every question of
/// the corpus is answered with its longest text.
pub fn time(catalogue: &Catalogue, cases: &[Case]) -> (Duration, Duration) {
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    for case in cases {
        let (_, question) = catalogue.find(&case.question).unwrap();
        if let Some((key, option)) = assumed(question) {
            answers.insert(key.clone(), answer(value(catalogue.find(&key).unwrap().1, &option)));
        }
        let longer = |kept: &Answer| matches!(&kept.value, Some(Value::Text(text)) if text.len() >= case.text.len());
        if !answers.get(&case.question).is_some_and(longer) {
            answers.insert(case.question.clone(), answer(Value::Text(case.text.clone())));
        }
    }
    let facts = Facts { name: PRODUCT.to_owned(), migrating_from_cis1: Some(true), ..Facts::default() };
    let measure = |answers: &BTreeMap<String, Answer>| {
        let draft =
            Draft { given: Given { catalogue, facts: &facts, answers, today: today() }, organisation: SUPPLIER, test_on: None };
        let once = || {
            let start = Instant::now();
            let found: usize = Section::ALL.iter().map(|section| advice(&draft, *section).len()).sum();
            assert!(found > 0);
            start.elapsed()
        };
        (0..5).map(|_| once()).min().unwrap()
    };
    let usual = measure(&answers);
    answers.insert("sm-change-notice".to_owned(), answer(Value::Text("It is 1,000 days (10.0.0.1). ".repeat(36_000))));
    (usual, measure(&answers))
}

/// The choice that opens a follow-up.
fn assumed(question: &Question) -> Option<(String, toml::Value)> {
    let condition = question.show_when.as_ref().filter(|c| !c.on.starts_with("product."))?;
    let value = match condition.any_of.first() {
        Some(option) => toml::Value::String(option.clone()),
        None => toml::Value::Integer(condition.above.unwrap() + 1),
    };
    Some((condition.on.clone(), value))
}
