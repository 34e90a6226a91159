//! Taking answers over from another product of the same organisation: what fits, what does not, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Given, Raw, Value};
use super::catalogue::{Acceptance, Catalogue, Kind, Question, Section, SectionText};
use super::checks::{Level, findings};
use super::facts::Facts;
use super::parse::{parse, shown_tenths};
use super::words::{FileId, ProductId};

mod offer;
#[cfg(test)]
mod tests;

pub use offer::{GroupOffer, is_wanted, offers};

/// Another product of the same organisation, as far as its answers can be taken.
#[derive(Clone, Debug)]
pub struct Sibling {
    /// Identifier.
    pub id: ProductId,
    /// `C2A-` and a number.
    pub reference: String,
    /// Version of its question set.
    pub question_set: u32,
    /// Facts, its name among them.
    pub facts: Facts,
    /// Answers by question.
    pub answers: BTreeMap<String, Answer>,
}

impl Sibling {
    /// What conditions look at.
    #[must_use]
    pub fn given<'a>(&'a self, catalogue: &'a Catalogue, today: NaiveDate) -> Given<'a> {
        Given { catalogue, facts: &self.facts, answers: &self.answers, today }
    }

    /// The address of its pages.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/products/{}", self.reference.to_lowercase())
    }

    /// How the history names it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { reference: self.reference.clone(), name: self.facts.name.clone() }
    }
}

/// The product that an answer was copied from, as it was called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `C2A-` and a number.
    pub reference: String,
    /// Name.
    pub name: String,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.reference)
    }
}

/// How an answer of the other product fits a question of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// There is no answer here yet.
    Free,
    /// There is another answer here.
    Other,
    /// The same answer is here already.
    Same,
    /// It cannot be taken.
    Never(Hindrance),
}

/// Why an answer cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The other product has none.
    Unanswered,
    /// It is a declaration, which is made anew.
    Declaration,
    /// This product is not asked the question, whatever is copied.
    NotAsked,
    /// The question set of this product does not have the question.
    Gone,
    /// It is no answer to the question as it is asked now; the sentence says why.
    Unfit(String),
}

impl Hindrance {
    /// A sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Unanswered => "It has no answer there.".to_owned(),
            Self::Declaration => "A declaration is made anew for each product.".to_owned(),
            Self::NotAsked => "This product is not asked this question.".to_owned(),
            Self::Gone => "Your question set does not have this question.".to_owned(),
            Self::Unfit(why) => format!("That answer does not fit the question as it is asked now. {why}."),
        }
    }
}

/// One question, with both answers.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The question as this product is asked it; as the other one was, if this one is not.
    pub question: &'a Question,
    /// The answer here.
    pub mine: Option<&'a Answer>,
    /// The answer there.
    pub theirs: Option<&'a Answer>,
    /// The value that would be taken, with the files of the other product.
    pub value: Option<Value>,
    /// Whether it can be taken.
    pub fit: Fit,
    /// Whether the question was revised between the two question sets.
    pub is_revised: bool,
    /// What would keep it from being sent or accepted as it stands, such as evidence that ran out; empty for nothing.
    pub stale: String,
    /// Whether it is ticked unless somebody says otherwise.
    pub is_proposed: bool,
}

impl Row<'_> {
    /// Whether it may be taken.
    #[must_use]
    pub const fn can_be_taken(&self) -> bool {
        matches!(self.fit, Fit::Free | Fit::Other)
    }
}

/// Every question of a section for which there is something to say, in order; those that only the other product has come
/// last.
#[must_use]
pub fn compare<'a>(mine: &Given<'a>, theirs: &Given<'a>, section: Section) -> Vec<Row<'a>> {
    compare_some(mine, theirs, section, |_| true)
}

/// The same for some questions alone.
fn compare_some<'a>(mine: &Given<'a>, theirs: &Given<'a>, section: Section, among: impl Fn(&Question) -> bool) -> Vec<Row<'a>> {
    let of = |catalogue: &'a Catalogue| catalogue.section(section).into_iter().flat_map(SectionText::questions);
    let mut rows: Vec<Row<'a>> =
        of(mine.catalogue).filter(|q| among(q)).filter_map(|question| row(mine, theirs, question)).collect();
    settle(mine, section, &mut rows);
    let gone = of(theirs.catalogue).filter(|q| among(q) && mine.catalogue.find(&q.key).is_none());
    rows.extend(gone.filter_map(|question| {
        theirs.value(&question.key)?;
        Some(blank(question, (None, theirs.answers.get(&question.key)), Fit::Never(Hindrance::Gone)))
    }));
    rows
}

fn blank<'a>(question: &'a Question, (mine, theirs): (Option<&'a Answer>, Option<&'a Answer>), fit: Fit) -> Row<'a> {
    Row { question, mine, theirs, value: None, fit, is_revised: false, stale: String::new(), is_proposed: false }
}

fn row<'a>(mine: &Given<'a>, theirs: &Given<'a>, question: &'a Question) -> Option<Row<'a>> {
    let present = mine.answers.get(&question.key).filter(|a| a.value.is_some());
    let Some(value) = theirs.value(&question.key) else {
        let is_open = present.is_none() && mine.is_shown(question);
        return is_open.then(|| blank(question, (None, None), Fit::Never(Hindrance::Unanswered)));
    };
    let both = (present, theirs.answers.get(&question.key));
    let value = match taken(question, value, mine.today) {
        Ok(value) => value,
        Err(why) => return Some(blank(question, both, Fit::Never(Hindrance::Unfit(why)))),
    };
    let same = |a: &Answer| a.value.as_ref().is_some_and(|v| v.fingerprint(question) == value.fingerprint(question));
    let fit = match present {
        Some(answer) if same(answer) => Fit::Same,
        _ if question.kind == Kind::Declaration => Fit::Never(Hindrance::Declaration),
        Some(_) => Fit::Other,
        None => Fit::Free,
    };
    let was = theirs.catalogue.find(&question.key).map_or(0, |(_, q)| q.revision);
    Some(Row { value: Some(value), is_revised: was != question.revision, ..blank(question, both, fit) })
}

/// What a value is as an answer to a question: the rules are those of typing it.
fn taken(question: &Question, value: &Value, today: NaiveDate) -> Result<Value, String> {
    let typed = |values: Vec<String>| Raw { values, ..Raw::default() };
    let raw = match value {
        Value::Text(text) => typed(vec![text.clone()]),
        Value::Choice(word) => typed(vec![word.clone()]),
        Value::Choices(words) => typed(words.iter().cloned().collect()),
        Value::Number(tenths) => typed(vec![shown_tenths(*tenths)]),
        Value::Ticked => typed(vec!["yes".to_owned()]),
        Value::Date(date) => {
            Raw { date: [date.day().to_string(), date.month().to_string(), date.year().to_string()], ..Raw::default() }
        }
        Value::Files { files, expires_on } => {
            let rule = question.file.as_ref().ok_or("It takes no files")?;
            files.iter().try_for_each(|f| rule.admits(&f.name, f.size))?;
            if files.len() > rule.max_files as usize {
                return Err(rule.too_many());
            }
            return Ok(Value::Files { files: files.clone(), expires_on: expires_on.filter(|_| rule.expires) });
        }
    };
    parse(question, &raw, today)?.ok_or_else(|| "It has another kind of answer".to_owned())
}

/// Finds out which questions would be asked, what keeps an answer from being sent, and what is proposed.
fn settle(mine: &Given<'_>, section: Section, rows: &mut [Row<'_>]) {
    let everything = overlaid(mine, rows.iter().filter(|r| r.can_be_taken()));
    let all = Given { answers: &everything, ..*mine };
    let found = findings(&all, section);
    for row in rows.iter_mut().filter(|r| r.can_be_taken()) {
        if !mine.is_shown(row.question) && !all.is_shown(row.question) {
            row.fit = Fit::Never(Hindrance::NotAsked);
        }
        let is_dated = matches!(row.value, Some(Value::Date(_) | Value::Files { .. }));
        let against = found.iter().filter(|f| f.question == row.question.key);
        let against = against.filter(|f| f.level == Level::Error || (is_dated && f.acceptance == Acceptance::Never));
        row.stale = against.map(|f| f.text.clone()).collect::<Vec<_>>().join(" ");
        row.is_proposed = row.fit == Fit::Free && !row.is_revised && row.stale.is_empty();
    }
    // What is shown by an answer that is not proposed is not proposed either; each turn takes one off at least.
    for _ in 0..rows.len() {
        let answers = overlaid(mine, rows.iter().filter(|r| r.is_proposed));
        let then = Given { answers: &answers, ..*mine };
        let hidden = rows.iter_mut().filter(|r| r.is_proposed && !then.is_shown(r.question));
        if hidden.map(|row| row.is_proposed = false).count() == 0 {
            break;
        }
    }
}

/// The answers here, with those of some rows in their place.
fn overlaid<'r, 'a: 'r>(mine: &Given<'_>, rows: impl Iterator<Item = &'r Row<'a>>) -> BTreeMap<String, Answer> {
    let mut answers = mine.answers.clone();
    for row in rows {
        if let (Some(theirs), Some(value)) = (row.theirs, &row.value) {
            answers.insert(row.question.key.clone(), Answer { value: Some(value.clone()), ..theirs.clone() });
        }
    }
    answers
}

/// The rows that were chosen, with the questions by which they are shown: a follow-up does not come without them.
///
/// # Errors
/// For each follow-up that would stay hidden, what has to be chosen with it, because it would replace an answer.
pub fn with_what_shows_them<'r, 'a>(
    mine: &Given<'_>,
    rows: &'r [Row<'a>],
    chosen: &BTreeSet<String>,
) -> Result<Vec<&'r Row<'a>>, Vec<(&'a Question, &'a Question)>> {
    let mut keys = chosen.clone();
    let find = |key: &str| rows.iter().find(|r| r.question.key == key);
    loop {
        let picked: Vec<&Row<'a>> = rows.iter().filter(|r| r.can_be_taken() && keys.contains(&r.question.key)).collect();
        let answers = overlaid(mine, picked.iter().copied());
        let then = Given { answers: &answers, ..*mine };
        let hidden = picked.iter().filter(|r| !then.is_shown(r.question));
        let needs = hidden.filter_map(|r| Some((r.question, closed_door(&then, find, r.question)?)));
        let (free, held): (Vec<_>, Vec<_>) = needs.partition(|(_, door)| door.fit == Fit::Free);
        if !held.is_empty() {
            return Err(held.into_iter().map(|(question, door)| (question, door.question)).collect());
        }
        let before = keys.len();
        keys.extend(free.into_iter().map(|(_, door)| door.question.key.clone()));
        if keys.len() == before {
            return Ok(picked);
        }
    }
}

/// The nearest question on the way to one that is not shown whose answer would have to be taken.
fn closed_door<'r, 'a: 'r>(
    then: &Given<'_>,
    find: impl Fn(&str) -> Option<&'r Row<'a>>,
    question: &Question,
) -> Option<&'r Row<'a>> {
    let mut condition = question.show_when.as_ref();
    // A checked set has no circles; the bound keeps an unchecked one from looping.
    for _ in 0..16 {
        let key = &condition?.on;
        if let Some(row) = find(key).filter(|r| r.can_be_taken())
            && then.answers.get(key).and_then(|a| a.value.as_ref()) != row.value.as_ref()
        {
            return Some(row);
        }
        condition = then.catalogue.find(key).and_then(|(_, q)| q.show_when.as_ref());
    }
    None
}

/// A value with identifiers of its own for its files: they become files of another product with the same content.
#[must_use]
pub fn carried(value: Value, mut id: impl FnMut() -> FileId) -> Value {
    match value {
        Value::Files { mut files, expires_on } => {
            for file in &mut files {
                file.id = id();
            }
            Value::Files { files, expires_on }
        }
        Value::Text(_) | Value::Choice(_) | Value::Choices(_) | Value::Date(_) | Value::Number(_) | Value::Ticked => value,
    }
}
