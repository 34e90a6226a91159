//! The answers of two products side by side, as they are chosen from.

use std::collections::BTreeSet;

use crate::domain::answer::Answer;
use crate::domain::catalogue::Question;
use crate::domain::parse::capitalised;
use crate::domain::product::Product;
use crate::domain::reuse::{Fit, Row, Sibling};
use crate::web::answer_view::{Shown, shown};

/// A question that can be taken, with both answers.
pub struct Line {
    /// Key of the question.
    pub key: String,
    /// The question.
    pub text: String,
    /// What is marked on it: words and look of each tag.
    pub marks: Vec<(&'static str, &'static str)>,
    /// What would keep it from being sent as it stands; empty for nothing.
    pub stale: String,
    /// The answer here.
    pub mine: Shown,
    /// The answer there.
    pub theirs: Shown,
    /// Editions of the answer here and there.
    pub editions: (u32, u32),
    /// Whether it is ticked.
    pub is_ticked: bool,
    /// Sentence about the choice that was made.
    pub error: String,
}

/// Two products side by side.
pub struct Lines {
    /// What can be taken.
    pub open: Vec<Line>,
    /// What cannot: name of the question, and why.
    pub closed: Vec<(String, String)>,
    /// How many answers are the same in both.
    pub same: usize,
}

/// What the rows say to people; `ticked` holds the keys of the boxes that are ticked.
#[must_use]
pub fn lines(product: &Product, sibling: &Sibling, rows: &[Row<'_>], ticked: &BTreeSet<String>) -> Lines {
    let open = rows.iter().filter(|r| r.can_be_taken()).map(|r| line(product, sibling, r, ticked));
    let closed = rows.iter().filter_map(|r| match &r.fit {
        Fit::Never(hindrance) => Some((capitalised(&r.question.name), hindrance.sentence())),
        Fit::Free | Fit::Other | Fit::Same => None,
    });
    let same = rows.iter().filter(|r| r.fit == Fit::Same).count();
    Lines { open: open.collect(), closed: closed.collect(), same }
}

fn line(product: &Product, sibling: &Sibling, row: &Row<'_>, ticked: &BTreeSet<String>) -> Line {
    let question: &Question = row.question;
    let edition = |answer: Option<&Answer>| answer.map_or(0, |a| a.edition);
    let mut marks = Vec::new();
    if row.fit == Fit::Other {
        marks.push(("You have another answer", "orange"));
    }
    if row.is_revised {
        marks.push(("The question has changed", "orange"));
    }
    if !row.stale.is_empty() {
        marks.push(("Needs a change", "orange"));
    }
    Line {
        key: question.key.clone(),
        text: question.text.clone(),
        marks,
        stale: row.stale.clone(),
        mine: shown(question, row.mine.and_then(|a| a.value.as_ref()), &product.address()),
        theirs: shown(question, row.value.as_ref(), &sibling.address()),
        editions: (edition(product.answers.get(&question.key)), edition(row.theirs)),
        is_ticked: ticked.contains(&question.key),
        error: String::new(),
    }
}
