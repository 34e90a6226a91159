//! Sample answers for every question that a typical supplier is shown, with small real files as evidence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, anyhow};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::{Kind, Question};
use crate::domain::words::FileId;
use crate::secret::new_id;
use crate::store::file::Files;

/// One answer as it is written in the file of samples.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Sample {
    Tick(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
    Day { days: i64 },
    File { file: String, expires: Option<i64> },
}

/// The samples by question.
pub struct Samples(BTreeMap<String, Sample>);

impl Samples {
    /// Reads the samples.
    ///
    /// # Errors
    /// When the file of samples has a fault.
    pub fn read() -> anyhow::Result<Self> {
        Ok(Self(toml::from_str(include_str!("answers.toml"))?))
    }

    /// The same samples with other words in their texts, each in place of what stands before it.
    #[must_use]
    pub fn with_words(mut self, words: &[(&str, &str)]) -> Self {
        for sample in self.0.values_mut() {
            if let Sample::Text(text) = sample {
                *text = words.iter().fold(std::mem::take(text), |text, (old, new)| text.replace(old, new));
            }
        }
        self
    }

    /// The sample answer to a question on a day; evidence is put into the file store. `None` for a question that a
    /// typical supplier is not shown.
    ///
    /// # Errors
    /// When evidence cannot be stored, or a sample does not fit its question.
    pub async fn answer(&self, question: &Question, today: NaiveDate, files: &Files) -> anyhow::Result<Option<Value>> {
        let Some(sample) = self.0.get(&question.key) else { return Ok(None) };
        let value = match (sample.clone(), question.kind) {
            (Sample::Tick(true), Kind::Declaration) => Value::Ticked,
            (Sample::Number(tenths), Kind::Number) => Value::Number(tenths),
            (Sample::Text(word), Kind::SingleChoice | Kind::YesNo) => Value::Choice(word),
            (Sample::Text(text), _) => Value::Text(text),
            (Sample::List(words), Kind::MultipleChoice) => Value::Choices(words.into_iter().collect()),
            (Sample::Day { days }, Kind::Date) => Value::Date(after(today, days)?),
            (Sample::File { file, expires }, Kind::File) => {
                let expires_on = expires.map(|days| after(today, days)).transpose()?;
                Value::Files { files: vec![evidence(&file, &question.name, files).await?], expires_on }
            }
            _ => return Err(anyhow!("the sample for {} does not fit", question.key)),
        };
        Ok(Some(value))
    }
}

fn after(today: NaiveDate, days: i64) -> anyhow::Result<NaiveDate> {
    let distance = Days::new(days.unsigned_abs());
    let date = if days < 0 { today.checked_sub_days(distance) } else { today.checked_add_days(distance) };
    date.context("a date out of range")
}

/// A small real file in the store.
///
/// # Errors
/// When it cannot be stored.
pub async fn evidence(name: &str, about: &str, files: &Files) -> anyhow::Result<Evidence> {
    let bytes =
        if name.to_lowercase().ends_with(".png") { PICTURE.to_vec() } else { pdf(&format!("Demonstration: {about} ({name})")) };
    let mut incoming = files.receive().await?;
    incoming.write(&bytes).await?;
    let size = incoming.size();
    let digest = files.keep(incoming).await?;
    Ok(Evidence { id: FileId(new_id()), name: name.to_owned(), digest, size })
}

/// A picture of one grey point.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00,
    0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B, 0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9C, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xCD, 0x72, 0xB6, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44,
    0xAE, 0x42, 0x60, 0x82,
];

/// A PDF of one page with one line of text.
#[must_use]
pub fn pdf(line: &str) -> Vec<u8> {
    let text: String = line.chars().filter(|c| c.is_ascii() && !matches!(c, '(' | ')' | '\\')).collect();
    let content = format!("BT /F1 14 Tf 60 760 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}
