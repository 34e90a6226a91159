//! The coach: what a careful colleague would say about answers before they are sent (decision 0023).
//!
//! It is advice: it stops nothing, is kept nowhere, and gives no marks. What the checks say, the coach does not repeat.

use chrono::NaiveDate;

use super::answer::{Given, Value};
use super::calendar::london_date;
use super::catalogue::{Kind as Asked, Question, Section};
use super::product::Product;
use crate::words;

mod addresses;
mod clash;
mod clash_rows;
mod evidence;
mod figures;
mod filler;
pub mod kinds;
mod names;
pub mod phrase;
mod points;
pub mod reading;
mod sensitive;

pub use self::points::Point;
use self::reading::Reading;

words! {
    /// What a piece of advice rests on, the weightiest first.
    pub enum Rule {
        /// A password or a key stands in the text.
        Secret = "secret",
        /// A patient can be recognised.
        Patient = "patient",
        /// Two answers do not agree.
        Contradiction = "contradiction",
        /// Something else stands in the place of the answer.
        Placeholder = "placeholder",
        /// Another product or organisation is named as if it were the supplier's own.
        OtherName = "other-name",
        /// An address that opens only inside somebody's network.
        Unreachable = "unreachable",
        /// Evidence will be out of date on the day of the test.
        OutOfDate = "out-of-date",
        /// The name of a file says that it is not the final one.
        NotFinal = "not-final",
        /// There is too little to read.
        Thin = "thin",
        /// A point is not addressed.
        Missing = "missing",
        /// Letters that only insiders can read.
        Acronyms = "acronyms",
    }
}

impl Rule {
    /// Why it matters, in a sentence.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Secret => "Everybody who reads this section would see it. If it is real, change it as well.",
            Self::Patient => "No patient may be recognised in an answer, not even in an example.",
            Self::Contradiction => "A reviewer reads the answers side by side and asks which one is right.",
            Self::Placeholder => "A reviewer can only judge what is written here.",
            Self::OtherName => "It may have come along when the text was copied.",
            Self::Unreachable => "A reviewer cannot open it from outside your network.",
            Self::OutOfDate => "The test can be held only while the evidence is in date.",
            Self::NotFinal => "A reviewer needs the approved version.",
            Self::Thin => "With so little to read, a reviewer is likely to ask for more.",
            Self::Missing => "A reviewer looks for this and asks when it is not there.",
            Self::Acronyms => "Reviewers come from several professions and may not know them.",
        }
    }
}

/// One piece of advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Key of the question.
    pub question: String,
    /// What it rests on.
    pub rule: Rule,
    /// The key of the point that is not addressed; empty for other rules.
    pub point: String,
    /// What to do, in a sentence without a full stop or in several with one.
    pub say: String,
}

impl Advice {
    fn new(question: &str, rule: Rule, say: impl Into<String>) -> Self {
        Self { question: question.to_owned(), rule, point: String::new(), say: say.into() }
    }
}

/// The answers of a product with what else the coach looks at.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// Answers, facts and the day.
    pub given: Given<'a>,
    /// Name of the supplier.
    pub organisation: &'a str,
    /// The day of a booked test.
    pub test_on: Option<NaiveDate>,
}

impl<'a> Draft<'a> {
    /// The draft of a product.
    #[must_use]
    pub fn of(product: &'a Product, given: Given<'a>) -> Self {
        let test = product.demonstration();
        let date = test.date.as_ref().filter(|_| test.state.is_open());
        Self { given, organisation: &product.organisation_name, test_on: date.map(|date| london_date(date.starts_at)) }
    }
}

/// The texts of a product as the coach reads them, each once.
struct Readings<'a>(Vec<(&'a Question, Reading<'a>)>);

impl<'a> Readings<'a> {
    /// Every text of a question that is asked.
    fn of(draft: &Draft<'a>) -> Self {
        let all = draft.given.catalogue.questions().filter_map(|(_, question)| match draft.given.value(&question.key) {
            Some(Value::Text(text)) => Some((question, Reading::new(text))),
            _ => None,
        });
        Self(all.collect())
    }

    /// The text that answers a question, if there is one.
    fn get(&self, key: &str) -> Option<&Reading<'a>> {
        self.0.iter().find(|(question, _)| question.key == key).map(|(_, reading)| reading)
    }

    /// Long texts with the keys of their questions.
    fn long(&self) -> impl Iterator<Item = (&'a str, &Reading<'a>)> {
        self.0.iter().filter(|(question, _)| question.kind == Asked::LongText).map(|(question, r)| (question.key.as_str(), r))
    }
}

/// Advice on the answers of a section, the weightiest first, then in the order of the questions.
#[must_use]
pub fn advice(draft: &Draft<'_>, section: Section) -> Vec<Advice> {
    let shown = draft.given.shown(section);
    let readings = Readings::of(draft);
    let texts = shown.iter().filter_map(|question| Some((question, readings.get(&question.key)?)));
    let mut found: Vec<Advice> = texts.flat_map(|(question, reading)| on_question(draft, question, reading)).collect();
    found.extend(clash::advice(draft, &readings));
    found.extend(figures::advice(draft, &readings));
    found.extend(evidence::advice(draft));
    let place = |advice: &Advice| shown.iter().position(|question| question.key == advice.question);
    found.retain(|advice| place(advice).is_some());
    found.sort_by_key(|advice| (advice.rule, place(advice)));
    found.dedup();
    found
}

fn on_question(draft: &Draft<'_>, question: &Question, reading: &Reading<'_>) -> Vec<Advice> {
    let mut found: Vec<Advice> = addresses::advice(question, reading).into_iter().collect();
    if matches!(question.kind, Asked::ShortText | Asked::LongText) {
        found.extend(sensitive::advice(question, reading));
        found.extend(filler::advice(draft, question, reading));
        found.extend(names::advice(draft, question, reading));
        found.extend(points::advice(question, reading));
    }
    found
}

#[cfg(test)]
mod tests;
