//! An answer as people read it: labels for choices, long dates, files as links.

use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::{Kind, Question};
use crate::domain::parse::shown_tenths;
use crate::words::{long_date, size};

/// An answer as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Paragraphs; a text that was typed is one of them, with its line breaks.
    pub lines: Vec<String>,
    /// Address, name and size of each file.
    pub files: Vec<(String, String, String)>,
}

impl Shown {
    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.files.is_empty()
    }
}

/// An answer with links to its files.
#[must_use]
pub fn shown(question: &Question, value: Option<&Value>, product_address: &str) -> Shown {
    let Some(value) = value else { return Shown::default() };
    let files = match value {
        Value::Files { files, .. } => files.iter().map(|f| file(f, product_address)).collect(),
        Value::Text(_) | Value::Choice(_) | Value::Choices(_) | Value::Date(_) | Value::Number(_) | Value::Ticked => Vec::new(),
    };
    Shown { lines: lines(question, value), files }
}

fn file(file: &Evidence, product_address: &str) -> (String, String, String) {
    (format!("{product_address}/files/{}", file.id), file.name.clone(), size(file.size))
}

/// An answer as text, a choice or the name of a file on each line; empty when there is none.
#[must_use]
pub fn plain(question: &Question, value: Option<&Value>) -> String {
    let shown = shown(question, value, "");
    let files = shown.files.into_iter().map(|(_, name, _)| name);
    shown.lines.into_iter().chain(files).collect::<Vec<_>>().join("\n")
}

/// An answer as text, without its files.
#[must_use]
pub fn without_files(question: &Question, value: Option<&Value>) -> String {
    value.map(|value| lines(question, value).join("\n")).unwrap_or_default()
}

fn lines(question: &Question, value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::Choice(word) => vec![label(question, word)],
        // In the order of the question, not of the words that are stored.
        Value::Choices(set) => {
            let known = question.options.iter().filter(|o| set.contains(&o.value)).map(|o| o.label.clone());
            let gone = set.iter().filter(|word| question.choice(word).is_none()).cloned();
            known.chain(gone).collect()
        }
        Value::Date(date) => vec![long_date(*date)],
        Value::Number(tenths) => {
            let unit = question.number.as_ref().and_then(|n| n.unit.as_deref());
            vec![unit.map_or_else(|| shown_tenths(*tenths), |unit| format!("{} {unit}", shown_tenths(*tenths)))]
        }
        Value::Files { expires_on, .. } => expires_on.iter().map(|date| format!("Expires on {}", long_date(*date))).collect(),
        Value::Ticked => vec!["Confirmed".to_owned()],
    }
}

fn label(question: &Question, word: &str) -> String {
    match (question.choice(word), question.kind, word) {
        (Some(choice), ..) => choice.label.clone(),
        (None, Kind::YesNo, "yes") => "Yes".to_owned(),
        (None, Kind::YesNo, "no") => "No".to_owned(),
        (None, ..) => word.to_owned(),
    }
}
