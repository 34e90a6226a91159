//! Compares the macros of `templates/ui.html` and the frame of `base.html` with the design system's own fixtures: options
//! go in, and the HTML must come out that its package makes of them.
#![expect(clippy::unnecessary_wraps, reason = "every component is asked in the same way, and most can refuse")]

mod content;
mod differences;
mod fields;
mod html;
mod options;
mod page_parts;
mod ways;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use self::html::{Piece, pieces};
use self::options::Options;
use crate::golden::compare;

/// One case of the package.
#[derive(Deserialize)]
pub struct Fixture {
    name: String,
    #[serde(default)]
    context: Value,
    html: String,
}

impl Fixture {
    /// The HTML between two marks: the content of a call block, which is not among the options.
    fn inner(&self, from: &str, to: &str) -> String {
        let after = self.html.split_once(from).map_or("", |(_, after)| after);
        after.rsplit_once(to).map_or("", |(inner, _)| inner).to_owned()
    }
}

/// What our macro makes of a fixture, or why it cannot be asked.
type Made = Result<String, String>;

/// A component that we have.
struct Component {
    /// The name of its folder in the package.
    name: &'static str,
    /// The macro or template that stands for it.
    ours: &'static str,
    /// How many fixtures must be compared: as many as there are whose options our macro takes.
    compared: usize,
    make: fn(&mut Options, &Fixture) -> Made,
    /// Only the element with this class is compared, because ours stands in a page.
    part: &'static str,
}

const fn component(name: &'static str, ours: &'static str, compared: usize, make: fn(&mut Options, &Fixture) -> Made) -> Component {
    Component { name, ours, compared, make, part: "" }
}

fn components() -> Vec<Component> {
    let mut all = fields::components();
    all.extend(content::components());
    all.extend(ways::components());
    all.extend(page_parts::components());
    all.sort_by_key(|component| component.name);
    all
}

fn fixtures(name: &str) -> Vec<Fixture> {
    #[derive(Deserialize)]
    struct File {
        fixtures: Vec<Fixture>,
    }
    let path = Path::new(env!("NHSUK_FRONTEND")).join("dist/nhsuk/components").join(name).join("fixtures.json");
    let file: File = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    file.fixtures
}

/// What became of the fixtures of one component.
#[derive(Default)]
struct Tally {
    compared: usize,
    /// The option that our macro does not take, and how many fixtures have it.
    left: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

fn look_at(component: &Component) -> Tally {
    let mut tally = Tally::default();
    for fixture in fixtures(component.name) {
        let mut options = Options::new(&fixture.context);
        let made = (component.make)(&mut options, &fixture).and_then(|html| options.left().map_or(Ok(html), Err));
        match made {
            Ok(made) => {
                tally.compared += 1;
                if let Some(wrong) = difference(component, &fixture, &made) {
                    tally.wrong.push(wrong);
                }
            }
            Err(option) => *tally.left.entry(option).or_default() += 1,
        }
    }
    tally
}

fn difference(component: &Component, fixture: &Fixture, made: &str) -> Option<String> {
    let part = |html: &str| -> Vec<Piece> {
        let all = pieces(html);
        if component.part.is_empty() { all } else { html::element(&all, component.part) }
    };
    let mut expected = part(&fixture.html);
    differences::apply(component.name, &mut expected);
    let made = part(made);
    (expected != made)
        .then(|| format!("{} | {} | {}\n{}", component.name, fixture.name, fixture.context, html::difference(&expected, &made)))
}

#[test]
fn our_components_give_the_html_of_the_package() {
    let mut table = String::from("| Component | Ours | Fixtures | Compared | Not taken |\n| --- | --- | ---: | ---: | --- |\n");
    let (mut all, mut compared) = (0, 0);
    let mut faults = Vec::new();
    for component in components() {
        let tally = look_at(&component);
        let count = tally.compared + tally.left.values().sum::<usize>();
        let left: Vec<String> = tally.left.iter().map(|(option, count)| format!("`{option}` {count}")).collect();
        writeln!(
            table,
            "| {} | {} | {count} | {} | {} |",
            component.name,
            component.ours,
            tally.compared,
            if left.is_empty() { "–".to_owned() } else { left.join(", ") }
        )
        .unwrap();
        all += count;
        compared += tally.compared;
        faults.extend(tally.wrong);
        if tally.compared != component.compared {
            faults.push(format!("{}: {} fixtures compared, not {}", component.name, tally.compared, component.compared));
        }
    }
    println!("{table}\n{compared} of {all} fixtures compared");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    compare("docs/components.md", &document(&table, compared, all));
}

fn document(table: &str, compared: usize, all: usize) -> String {
    let mut page = String::from(
        "# Components and the design system\n\n\
         Made by `tests/it/components.rs`; `UPDATE=1 cargo test --test it components` writes it anew.\n\n\
         The pages are built with macros of our own (`templates/ui.html`). The package `nhsuk-frontend` brings fixtures for its\n\
         components: options, and the HTML that must come of them. Each fixture is put to our macro. HTML is compared piece by\n\
         piece, with white space as browsers show it and attributes in one order. A fixture that asks for an option that our\n\
         macro does not take is counted under the first such option.\n\n",
    );
    writeln!(page, "{compared} of the {all} fixtures of these components are compared, and equal.\n\n{table}").unwrap();
    page.push_str("## Where ours differ on purpose\n\n| Component | Difference | Why |\n| --- | --- | --- |\n");
    for difference in differences::DIFFERENCES {
        writeln!(page, "| {} | {} | {} |", difference.components.join(", "), difference.what, difference.why).unwrap();
    }
    page
}

#[test]
fn every_class_of_the_design_system_that_we_write_exists_in_it() {
    let package = Path::new(env!("NHSUK_FRONTEND")).join("dist/nhsuk");
    let mut known = std::fs::read_to_string(package.join("nhsuk-frontend.min.css")).unwrap();
    known.push_str(&std::fs::read_to_string(package.join("nhsuk-frontend.min.js")).unwrap());
    for component in std::fs::read_dir(package.join("components")).unwrap() {
        known.push_str(&std::fs::read_to_string(component.unwrap().path().join("fixtures.json")).unwrap_or_default());
    }
    let known: std::collections::BTreeSet<&str> = classes(&known).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut unknown = Vec::new();
    for file in files(&root.join("templates")).into_iter().chain(files(&root.join("src/web"))) {
        let text = std::fs::read_to_string(&file).unwrap();
        // What ends with a hyphen is put together with what a template gives.
        let strange = classes(&text).filter(|class| !class.ends_with('-') && !known.contains(class));
        unknown.extend(strange.map(|class| format!("{class} in {}", file.display())));
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

fn classes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '-' || sign == '_')).filter(|word| word.starts_with("nhsuk-"))
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}
