//! A verdict survives rounds: what a reviewer has to decide is what changed or was asked, on any history of a section.

use std::collections::BTreeMap;

use assured::domain::actor::Actor;
use assured::domain::answer::{Evidence, Value};
use assured::domain::calendar::Calendar;
use assured::domain::catalogue::{Catalogue, Question, Section};
use assured::domain::command::{By, Command, Entry, Ruling, SectionCommand};
use assured::domain::decide::decide;
use assured::domain::product::{Product, Standing};
use assured::domain::refusal::Refusal;
use assured::domain::section::{Guard, SectionState, Verdict};
use assured::domain::words::FileId;
use assured::web::review_view::open_questions;
use proptest::prelude::*;
use uuid::Uuid;

use crate::model::walk::{World, cast, product};
use crate::support::*;

const SECTION: Section = Section::DataSecurity;
const KEYS: [&str; 4] = ["ds-kept", "ds-kept-how", "ds-policy", "ds-plan"];

/// A question that shows another, a text and a file.
fn catalogue() -> Catalogue {
    let question = |key: &str, more: &str| {
        format!(
            "[[section.group.question]]\nkey = \"{key}\"\nname = \"{key}\"\ntext = \"What is so?\"\nhelp = \"\"\n{more}\n\
             guidance = \"Look.\"\nbasis = \"Made up\"\n"
        )
    };
    let follow_up = "kind = \"short-text\"\nlength = [2, 40]\nshow-when = { on = \"ds-kept\", any-of = [\"yes\"] }";
    let own = [
        question("ds-kept", "kind = \"yes-no\""),
        question("ds-kept-how", follow_up),
        question("ds-policy", "kind = \"long-text\"\nlength = [2, 200]"),
        question("ds-plan", "kind = \"file\"\nfile = { kinds = [\"pdf\"], max-mb = 20, max-files = 3 }"),
    ];
    let others = ["clinical-risk", "service-management", "medical-device", "core-conformance", "cis2-conformance"];
    let prefixes = ["cr", "sm", "md", "cc", "cx"];
    let mut sections = vec![("data-security", own.concat())];
    sections.extend(others.into_iter().zip(prefixes).map(|(key, p)| (key, question(&format!("{p}-so"), "kind = \"yes-no\""))));
    let text = sections.into_iter().map(|(key, questions)| {
        format!(
            "[[section]]\nkey = \"{key}\"\ntitle = \"{key}\"\nshort = \"{key}\"\npurpose = \"\"\n[[section.group]]\ntitle = \"All\"\n{questions}"
        )
    });
    Catalogue::parse(&format!("version = 1\n{}", text.collect::<String>())).unwrap()
}

/// Something that happens to the section.
#[derive(Clone, Debug)]
enum Step {
    /// The supplier answers a question: which, with what, and how it is written or called.
    Answer(usize, usize, usize),
    /// The supplier sends, with a remark on what was asked and is the same.
    Send,
    /// The reviewer decides on everything that is open: more about those of the mask.
    Decide(u8),
    /// The review leaves.
    Leave,
    /// A question gets another revision.
    Revise(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..KEYS.len(), 0_usize..3, 0_usize..3).prop_map(|(q, what, how)| Step::Answer(q, what, how)),
        3 => Just(Step::Send),
        3 => any::<u8>().prop_map(Step::Decide),
        2 => Just(Step::Decide(0)),
        3 => Just(Step::Leave),
        1 => (0..KEYS.len()).prop_map(Step::Revise),
    ];
    prop::collection::vec(step, 20..80)
}

/// A value, and what of it counts: neither white space nor the name of a file does.
fn value(key: &str, what: usize, how: usize) -> Value {
    match key {
        "ds-kept" => Value::Choice(["yes", "no", "yes"][what].to_owned()),
        "ds-plan" => {
            let file = |n: usize| Evidence {
                id: FileId(Uuid::from_u128(n as u128 * 10 + how as u128)),
                name: format!("plan {n} as {how}.pdf"),
                digest: format!("{n:064}"),
                size: 1000,
            };
            Value::Files { files: (0..=what).map(file).collect(), expires_on: None }
        }
        _ => Value::Text(["It is written", "It is not\u{20}written", "Both are"][what].replace(' ', [" ", "  ", "\n"][how])),
    }
}

fn content(value: Option<&Value>) -> String {
    match value {
        Some(Value::Text(text)) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Some(Value::Files { files, .. }) => files.iter().map(|f| f.digest.as_str()).collect::<Vec<_>>().join(" "),
        Some(Value::Choice(word)) => word.clone(),
        other => format!("{other:?}"),
    }
}

/// A section with what the test itself remembers of it: each verdict, with the round and with what it was given on.
struct History {
    catalogue: Catalogue,
    calendar: Calendar,
    product: Product,
    supplier: Actor,
    reviewer: Actor,
    verdicts: BTreeMap<String, Vec<(u32, Verdict, String)>>,
    /// How often a verdict of an earlier round was carried into a review.
    carried: usize,
}

impl History {
    fn new() -> Self {
        let of = |who| cast().into_iter().find(|(persona, _)| *persona == who).unwrap().1;
        Self {
            catalogue: catalogue(),
            calendar: Calendar::england(),
            product: product(&[SECTION]),
            supplier: of(OWNER),
            reviewer: of(REVIEWER),
            verdicts: BTreeMap::new(),
            carried: 0,
        }
    }

    fn act(&mut self, by_supplier: bool, command: SectionCommand) -> Result<(), Refusal> {
        let world =
            World { catalogue: self.catalogue.clone(), calendar: self.calendar.clone(), cast: Vec::new(), live: Vec::new() };
        let actor = if by_supplier { &self.supplier } else { &self.reviewer };
        let decision = decide(&world.setting(start()), actor, &self.product, &Command::Section(SECTION, command))?;
        self.product = decision.applied(self.product.clone(), By { person: actor.person(), at: start() });
        Ok(())
    }

    fn shown(&self) -> Vec<Question> {
        let given = self.product.given(&self.catalogue, assured::domain::calendar::london_date(start()));
        given.shown(SECTION).into_iter().cloned().collect()
    }

    /// What a verdict on a question would be given on now.
    fn now(&self, question: &Question) -> String {
        let value = self.product.answers.get(&question.key).and_then(|a| a.value.as_ref());
        format!("{} {}", question.revision, content(value))
    }

    fn last(&self, question: &Question) -> Option<&(u32, Verdict, String)> {
        self.verdicts.get(&question.key).and_then(|all| all.last())
    }

    fn is_accepted(&self, question: &Question) -> bool {
        self.last(question).is_some_and(|(_, verdict, on)| *verdict == Verdict::Accept && *on == self.now(question))
    }

    /// What has to be decided: all but what an earlier round accepted as it is.
    fn open(&self) -> Vec<Question> {
        let round = self.product.section(SECTION).round;
        let is_carried = |q: &Question| self.is_accepted(q) && self.last(q).is_some_and(|(of, ..)| *of < round);
        self.shown().into_iter().filter(|q| !is_carried(q)).collect()
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Answer(which, what, how) => {
                let entry = entry(&self.product, KEYS[*which], value(KEYS[*which], *what, *how));
                // Refused while the section is with the reviewer.
                let _ = self.act(true, SectionCommand::Answer(vec![entry]));
            }
            Step::Send => self.send(),
            Step::Decide(mask) => self.decide(*mask),
            Step::Leave => self.leave(),
            Step::Revise(which) => {
                let questions = self.catalogue.sections.iter_mut().flat_map(|s| &mut s.groups).flat_map(|g| &mut g.questions);
                for question in questions.filter(|q| q.key == KEYS[*which]) {
                    question.revision += 1;
                }
            }
        }
        self.holds();
    }

    fn send(&mut self) {
        let remark = |q: &Question| {
            let answer = self.product.answers.get(&q.key)?;
            let (value, edition) = (answer.value.clone(), answer.edition);
            Some(Entry { question: q.key.clone(), edition, value, remark: "It is as it was.".to_owned() })
        };
        let remarks = self.shown().iter().filter_map(remark).collect();
        let _ = self.act(true, SectionCommand::Answer(remarks));
        if self.act(true, SectionCommand::Send(statement(SECTION))).is_ok() {
            self.act(false, SectionCommand::Take).unwrap();
            self.carried += self.shown().len() - self.open().len();
        }
    }

    fn decide(&mut self, mask: u8) {
        let round = self.product.section(SECTION).round;
        let rulings: Vec<Ruling> = (0..).zip(self.open()).map(|(number, q)| ruling(&q, mask >> number & 1 == 1)).collect();
        let given_on: Vec<(String, String)> = self.open().iter().map(|q| (q.key.clone(), self.now(q))).collect();
        if self.act(false, SectionCommand::Decide(rulings.clone())).is_err() {
            return;
        }
        for (ruling, (key, on)) in rulings.into_iter().zip(given_on) {
            let all = self.verdicts.entry(key).or_default();
            all.retain(|(of, ..)| *of != round);
            all.push((round, ruling.verdict.unwrap(), on));
        }
    }

    /// The review leaves exactly when everything that is open was decided on in this round, as it is now.
    fn leave(&mut self) {
        let (round, state) = (self.product.section(SECTION).round, self.product.section(SECTION).state());
        let is_asked = |q: &Question| self.last(q).is_some_and(|(of, verdict, _)| *of == round && *verdict == Verdict::More);
        let is_done = self.open().iter().all(|q| is_asked(q) || self.is_accepted(q));
        let goes_back = self.shown().iter().any(is_asked);
        let command = if goes_back { SectionCommand::Return(String::new()) } else { SectionCommand::Accept(String::new()) };
        match self.act(false, command) {
            Ok(()) => assert!(is_done, "left undecided"),
            Err(Refusal::Unmet(Guard::EveryDecided)) => assert!(!is_done, "everything was decided"),
            Err(other) => assert_ne!(state, SectionState::Submitted, "{other:?}"),
        }
    }

    /// What must be true after every step.
    fn holds(&self) {
        for question in self.shown() {
            let stands = self.product.standing(SECTION, &question) == Standing::Accepted;
            assert_eq!(stands, self.is_accepted(&question), "{} of {:#?}", question.key, self.product.section(SECTION));
        }
        let record = self.product.section(SECTION);
        if record.state() != SectionState::Submitted {
            return;
        }
        let given = self.product.given(&self.catalogue, assured::domain::calendar::london_date(start()));
        let open: Vec<&str> = open_questions(&self.product, &given, SECTION).into_iter().map(|q| q.key.as_str()).collect();
        let expected = self.open();
        assert_eq!(open, expected.iter().map(|q| q.key.as_str()).collect::<Vec<_>>(), "round {}", record.round);
        for carried in self.shown().iter().filter(|q| !open.contains(&q.key.as_str())) {
            let again = Command::Section(SECTION, SectionCommand::Decide(vec![ruling(carried, true)]));
            let world =
                World { catalogue: self.catalogue.clone(), calendar: self.calendar.clone(), cast: Vec::new(), live: Vec::new() };
            let answer = decide(&world.setting(start()), &self.reviewer, &self.product, &again);
            assert!(matches!(answer, Err(Refusal::Unknown(_))), "{} was asked again", carried.key);
        }
    }
}

fn ruling(question: &Question, is_more: bool) -> Ruling {
    let verdict = Some(if is_more { Verdict::More } else { Verdict::Accept });
    Ruling { question: question.key.clone(), verdict, comment: if is_more { "Say more.".to_owned() } else { String::new() } }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reviewer_decides_on_what_changed_or_was_asked_and_on_nothing_else(steps in steps()) {
        let mut history = History::new();
        for (key, what) in KEYS.into_iter().zip([0, 0, 0, 0]) {
            let entry = entry(&history.product, key, value(key, what, 0));
            history.act(true, SectionCommand::Answer(vec![entry])).unwrap();
        }
        for step in &steps {
            history.take(step);
        }
    }
}

/// The histories that are named in the rules, one by one.
#[test]
fn names_white_space_and_hiding_reopen_nothing_and_content_and_revisions_do() {
    let mut history = History::new();
    for key in KEYS {
        let entry = entry(&history.product, key, value(key, 0, 0));
        history.act(true, SectionCommand::Answer(vec![entry])).unwrap();
    }
    let round = |history: &mut History, before: &[Step], open: &[&str]| {
        for step in before {
            history.take(step);
        }
        history.take(&Step::Send);
        let keys: Vec<String> = history.open().into_iter().map(|q| q.key).collect();
        assert_eq!(keys, open, "after {before:?}");
        // The policy is asked about in every round, so that there is another one.
        let place = keys.iter().position(|key| key == "ds-policy").unwrap();
        history.take(&Step::Decide(1 << place));
        history.take(&Step::Leave);
        assert_eq!(history.product.section(SECTION).state(), SectionState::Returned);
    };
    round(&mut history, &[], &KEYS);
    round(&mut history, &[], &["ds-policy"]);
    round(&mut history, &[Step::Answer(3, 0, 1), Step::Answer(1, 0, 2)], &["ds-policy"]);
    round(&mut history, &[Step::Answer(3, 1, 1)], &["ds-policy", "ds-plan"]);
    round(&mut history, &[Step::Answer(0, 1, 0)], &["ds-kept", "ds-policy"]);
    round(&mut history, &[Step::Answer(0, 0, 0)], &["ds-kept", "ds-policy"]);
    round(&mut history, &[Step::Revise(1)], &["ds-kept-how", "ds-policy"]);
    round(&mut history, &[Step::Answer(1, 1, 0), Step::Answer(1, 0, 1)], &["ds-policy"]);
    assert!(history.carried > 15, "{} verdicts were carried", history.carried);
}
