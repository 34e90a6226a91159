//! Advice on answers as pages show it: by question, the weightiest first, few at once.

use super::question_view::{Field, Source};
use crate::domain::answer::Given;
use crate::domain::catalogue::{Group, Section};
use crate::domain::coach::{Advice, Draft, advice};
use crate::domain::parse::capitalised;
use crate::domain::product::Product;

/// Pieces of advice after which no further question is shown at once.
const AT_ONCE: usize = 5;

/// The advice on one question.
pub(super) struct Coached {
    /// Name of the question.
    pub(super) name: String,
    /// Address of its page.
    pub(super) href: String,
    /// What to do.
    pub(super) says: Vec<String>,
    /// Why it matters, a sentence for each rule.
    pub(super) whys: Vec<&'static str>,
}

/// The part "Before you send".
pub(super) struct BeforeSending {
    /// How many pieces of advice there are.
    pub(super) count: usize,
    /// What is shown at once.
    pub(super) first: Vec<Coached>,
    /// What is folded.
    pub(super) rest: Vec<Coached>,
    /// How many pieces are folded.
    pub(super) folded: usize,
}

impl BeforeSending {
    /// The advice on a section.
    pub(super) fn new(product: &Product, given: &Given<'_>, section: Section) -> Self {
        let found = advice(&Draft::of(product, *given), section);
        let mut coached: Vec<(String, Coached)> = Vec::new();
        for piece in &found {
            if !coached.iter().any(|(key, _)| *key == piece.question) {
                coached.push((piece.question.clone(), heading(product, given, section, &piece.question)));
            }
            if let Some((_, at)) = coached.iter_mut().find(|(key, _)| *key == piece.question) {
                at.add(piece);
            }
        }
        let mut shown = 0;
        let (first, rest): (Vec<Coached>, Vec<Coached>) = coached.into_iter().map(|(_, at)| at).partition(|at| {
            let is_shown = shown < AT_ONCE;
            shown += at.says.len();
            is_shown
        });
        let folded = rest.iter().map(|at| at.says.len()).sum();
        Self { count: found.len(), first, rest, folded }
    }
}

impl Coached {
    fn add(&mut self, piece: &Advice) {
        self.says.push(piece.say.clone());
        if !self.whys.contains(&piece.rule.why()) {
            self.whys.push(piece.rule.why());
        }
    }
}

fn heading(product: &Product, given: &Given<'_>, section: Section, key: &str) -> Coached {
    let catalogue = given.catalogue;
    let name = catalogue.find(key).map_or_else(String::new, |(_, question)| capitalised(&question.name));
    let groups = catalogue.section(section).map(|s| s.groups.as_slice()).unwrap_or_default();
    let page = groups.iter().find(|group| group.questions.iter().any(|q| q.key == key)).map_or(key, Group::key);
    let href = format!("{}/sections/{section}/questions/{page}#{key}", product.address());
    Coached { name, href, says: Vec::new(), whys: Vec::new() }
}

/// What the coach says on one question, in its order.
#[must_use]
pub(super) fn says(found: &[Advice], key: &str) -> Vec<String> {
    found.iter().filter(|piece| piece.question == key).map(|piece| piece.say.clone()).collect()
}

/// Puts advice beside the saved answers of a page.
pub(super) fn beside(fields: &mut [Field], source: &Source<'_>, section: Section) {
    let found = advice(&Draft::of(source.product, source.given), section);
    for field in fields {
        field.advice = says(&found, &field.key);
    }
}
