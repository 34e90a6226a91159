//! How often the coach is right, on answers that its rules were tuned with and on answers that were held out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assured::domain::catalogue::{Catalogue, Section};
use assured::domain::coach::Rule;

use super::corpus::{Case, catalogue, read, time};
use crate::golden::compare;

/// Pieces of advice: rightly given, wrongly given, and not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    right: u32,
    wrong: u32,
    left_out: u32,
}

impl Count {
    fn share(part: u32, of: u32) -> Option<f64> {
        (of > 0).then(|| f64::from(part) / f64::from(of))
    }

    /// How much of the advice is right.
    fn precision(self) -> Option<f64> {
        Self::share(self.right, self.right + self.wrong)
    }

    /// How much of what should be advised is advised.
    fn recall(self) -> Option<f64> {
        Self::share(self.right, self.right + self.left_out)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.left_out += other.left_out;
    }

    fn row(self, name: &str) -> String {
        let percent = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}%", share * 100.0));
        let (precision, recall) = (percent(self.precision()), percent(self.recall()));
        format!("| {name} | {} | {} | {} | {precision} | {recall} |\n", self.right, self.wrong, self.left_out)
    }
}

/// The counts by rule, with every difference.
fn measure(cases: &[Case], catalogue: &Catalogue) -> (BTreeMap<String, Count>, Vec<String>) {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut differences = Vec::new();
    for case in cases {
        case.check(catalogue);
        let (expected, advised) = (case.expected(), case.advised(catalogue));
        let start: String = case.text.chars().take(60).collect();
        for short in expected.union(&advised) {
            let count = counts.entry(short.0.clone()).or_default();
            match (expected.contains(short), advised.contains(short)) {
                (true, true) => count.right += 1,
                (true, false) => {
                    count.left_out += 1;
                    differences.push(format!("left out: {} {} {}: {start}", case.question, short.0, short.1));
                }
                (false, _) => {
                    count.wrong += 1;
                    differences.push(format!("wrong: {} {} {}: {start}", case.question, short.0, short.1));
                }
            }
        }
    }
    (counts, differences)
}

fn total(counts: &BTreeMap<String, Count>) -> Count {
    counts.values().fold(Count::default(), |mut all, count| {
        all.add(*count);
        all
    })
}

fn table(counts: &BTreeMap<String, Count>) -> String {
    let mut table = "| Rule | Right | Wrong | Left out | Precision | Recall |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();
    for rule in Rule::ALL {
        if let Some(count) = counts.get(rule.word()) {
            table.push_str(&count.row(rule.word()));
        }
    }
    table.push_str(&total(counts).row("all"));
    table
}

#[test]
fn advice_is_right_nine_times_out_of_ten() {
    let catalogue = catalogue();
    for (folder, precision, recall) in [("tuning", 0.95, 0.95), ("held_out", 0.9, 0.7)] {
        let (counts, differences) = measure(&read(folder), &catalogue);
        println!("{folder}\n{}", table(&counts));
        if std::env::var_os("SHOW").is_some_and(|shown| shown == folder) {
            println!("{}", differences.join("\n"));
        }
        let all = total(&counts);
        assert!(all.precision() >= Some(precision), "{folder}: precision {:?}", all.precision());
        assert!(all.recall() >= Some(recall), "{folder}: recall {:?}", all.recall());
    }
}

#[test]
fn all_advice_on_a_product_is_timed() {
    let (usual, huge) = time(&catalogue(), &read("tuning"));
    println!("all advice on a product: {usual:?}; with an answer of a megabyte: {huge:?}");
}

fn kinds(cases: &[Case]) -> String {
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for case in cases {
        *kinds.entry(&case.kind).or_default() += 1;
    }
    kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}

fn points(catalogue: &Catalogue) -> String {
    let mut table = "| Question | Points |\n| --- | --- |\n".to_owned();
    for section in Section::ALL {
        for question in catalogue.section(*section).unwrap().questions().filter(|q| !q.points.is_empty()) {
            let says: Vec<&str> = question.points.iter().map(|p| p.say.as_str()).collect();
            writeln!(table, "| `{}` | {} |", question.key, says.join("; ")).unwrap();
        }
    }
    table
}

#[test]
fn the_page_about_the_coach_says_what_was_measured() {
    let catalogue = catalogue();
    let mut page = include_str!("about.md").to_owned();
    let mut rules = String::new();
    for rule in Rule::ALL {
        writeln!(rules, "| `{rule}` | {} |", rule.why()).unwrap();
    }
    page = page.replace("{rules}\n", &rules);
    for folder in ["tuning", "held_out"] {
        let cases = read(folder);
        let (counts, _) = measure(&cases, &catalogue);
        page = page
            .replace(&format!("{{{folder}}}\n"), &format!("{} answers ({}).\n\n{}", cases.len(), kinds(&cases), table(&counts)));
    }
    page = page.replace("{points}\n", &points(&catalogue));
    compare("docs/coach.md", &page);
}
