//! What a supplier answered: values, who gave them when, and when a question is shown.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::catalogue::{Catalogue, Condition, Question, Section, SectionText};
use super::facts::Facts;
use super::words::{FileId, PersonId};

/// A file as part of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Which upload.
    pub id: FileId,
    /// Name as the supplier gave it, cleaned.
    pub name: String,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub digest: String,
    /// Bytes.
    pub size: u64,
}

/// The value of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Text, one or more lines; also e-mail, telephone, address, IP address and user number.
    Text(String),
    /// One option; yes-no answers are `yes` or `no`.
    Choice(String),
    /// Several options.
    Choices(BTreeSet<String>),
    /// A date.
    Date(NaiveDate),
    /// A number in tenths.
    Number(i64),
    /// Uploads, with the expiry date where the question asks for one.
    Files {
        /// The files, in the order of upload.
        files: Vec<Evidence>,
        /// When the evidence expires.
        expires_on: Option<NaiveDate>,
    },
    /// A declaration that was ticked.
    Ticked,
}

/// An answer with its history in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The value; `None` when it was cleared.
    pub value: Option<Value>,
    /// What the supplier tells the reviewer beside the answer.
    pub remark: String,
    /// Raised by one with each change; a form carries the edition that it was opened with.
    pub edition: u32,
    /// Who changed it last.
    pub by: PersonId,
    /// When it was changed last.
    pub at: DateTime<Utc>,
}

/// What was posted for one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw {
    /// The values of the field; several for a multiple choice.
    pub values: Vec<String>,
    /// Day, month and year of a date, or of the expiry date beside an upload.
    pub date: [String; 3],
}

impl Value {
    /// A digest of the value together with its question's revision: what a verdict was given on (decision D4).
    ///
    /// Files count by their content, not by their name or upload.
    #[must_use]
    pub fn fingerprint(&self, question: &Question) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{}\n{}\n", question.key, question.revision));
        match self {
            Self::Text(text) => hash.update(format!("text\n{}", text.split_whitespace().collect::<Vec<_>>().join(" "))),
            Self::Choice(word) => hash.update(format!("choice\n{word}")),
            Self::Choices(set) => hash.update(format!("choices\n{}", set.iter().cloned().collect::<Vec<_>>().join("\n"))),
            Self::Date(date) => hash.update(format!("date\n{date}")),
            Self::Number(tenths) => hash.update(format!("number\n{tenths}")),
            Self::Files { files, expires_on } => {
                let mut digests: Vec<&str> = files.iter().map(|f| f.digest.as_str()).collect();
                digests.sort_unstable();
                hash.update(format!("files\n{}\n{expires_on:?}", digests.join("\n")));
            }
            Self::Ticked => hash.update("ticked"),
        }
        hex(&hash.finalize())
    }
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// All that a condition or a check may look at.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The question set that the product is on.
    pub catalogue: &'a Catalogue,
    /// Facts of the product.
    pub facts: &'a Facts,
    /// The answers by question key.
    pub answers: &'a BTreeMap<String, Answer>,
    /// The day on which it is asked, in Europe/London.
    pub today: NaiveDate,
}

impl<'a> Given<'a> {
    /// Whether a question is shown: its condition holds, and the question that it names is shown too.
    #[must_use]
    pub fn is_shown(&self, question: &Question) -> bool {
        let mut condition = question.show_when.as_ref();
        // A checked set has no circles; the bound keeps an unchecked one from looping.
        for _ in 0..16 {
            let Some(now) = condition else { return true };
            if !self.holds(now) {
                return false;
            }
            condition = self.catalogue.find(&now.on).and_then(|(_, q)| q.show_when.as_ref());
        }
        false
    }

    fn holds(&self, condition: &Condition) -> bool {
        if condition.on == "product.migrating-from-cis1" {
            let word = match self.facts.migrating_from_cis1 {
                Some(true) => "yes",
                Some(false) => "no",
                None => return false,
            };
            return condition.any_of.iter().any(|v| v == word);
        }
        match self.raw_value(&condition.on) {
            Some(Value::Choice(word)) => condition.any_of.contains(word),
            Some(Value::Choices(set)) => condition.any_of.iter().any(|v| set.contains(v)),
            Some(Value::Number(tenths)) => condition.above.is_some_and(|limit| *tenths > limit * 10),
            Some(Value::Text(_) | Value::Date(_) | Value::Files { .. } | Value::Ticked) | None => false,
        }
    }

    fn raw_value(&self, key: &str) -> Option<&'a Value> {
        self.answers.get(key).and_then(|a| a.value.as_ref())
    }

    /// The value of a question that is shown and answered.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&'a Value> {
        let (_, question) = self.catalogue.find(key)?;
        if self.is_shown(question) { self.raw_value(key) } else { None }
    }

    /// The chosen option of a question that is shown.
    #[must_use]
    pub fn choice(&self, key: &str) -> Option<&'a str> {
        match self.value(key) {
            Some(Value::Choice(word)) => Some(word),
            _ => None,
        }
    }

    /// Whether a shown single choice has this option.
    #[must_use]
    pub fn is_choice(&self, key: &str, option: &str) -> bool {
        self.choice(key) == Some(option)
    }

    /// The label of the chosen option of a question that is shown.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<String> {
        let (_, question) = self.catalogue.find(key)?;
        let chosen = self.choice(key)?;
        question.options.iter().find(|o| o.value == chosen).map(|o| o.label.clone())
    }

    /// Whether a shown multiple choice includes an option.
    #[must_use]
    pub fn includes(&self, key: &str, option: &str) -> bool {
        matches!(self.value(key), Some(Value::Choices(set)) if set.contains(option))
    }

    /// The text of a shown question; empty when there is none.
    #[must_use]
    pub fn text(&self, key: &str) -> &'a str {
        match self.value(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The date of a shown question.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<NaiveDate> {
        match self.value(key) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// The questions of a section that are shown, in order.
    #[must_use]
    pub fn shown(&self, section: Section) -> Vec<&'a Question> {
        let catalogue = self.catalogue;
        catalogue.section(section).into_iter().flat_map(SectionText::questions).filter(|q| self.is_shown(q)).collect()
    }
}
