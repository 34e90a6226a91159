//! Saving answers: what was posted on a question page or a feedback page becomes entries of one command.

use std::collections::BTreeMap;

use super::ctx::SignedIn;
use super::evidence;
use super::form::{Fields, Posted, Problems};
use super::question_view::{Field, Source, raw};
use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::{Kind, Question, Section};
use crate::domain::command::{Command, Entry, SectionCommand};
use crate::domain::draft::Place;
use crate::domain::parse::{parse, parse_date};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::words::FileId;
use crate::error::Error;
use crate::secret::new_id;

/// What became of a posted page.
pub enum Saved {
    /// Saved; the product as it is now.
    Yes(Box<Product>),
    /// Something is wrong with it: sentences by question.
    Problems(BTreeMap<String, String>),
    /// Somebody else changed these questions meanwhile.
    Conflict(Vec<String>),
}

/// Longest remark to a reviewer.
const REMARK: usize = 2000;

/// Saves the answers of the questions that were on the page: those for which it carried an edition.
///
/// # Errors
/// When the rules refuse, or the store fails.
pub async fn save(
    me: &SignedIn,
    product: &Product,
    section: Section,
    questions: &[&Question],
    posted: Posted,
) -> Result<Saved, Error> {
    let Posted { fields, files } = posted;
    let mut problems = BTreeMap::new();
    let mut entries = Vec::new();
    let mut files: Vec<_> = files.into_iter().collect();
    for question in questions {
        let Ok(edition) = fields.raw(&format!("edition-{}", question.key)).parse::<u32>() else { continue };
        let own = |f: &super::form::PostedFile| f.field == format!("file-{}", question.key);
        let (mine, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(own);
        files = rest;
        let value = if question.kind == Kind::File {
            files_value(me, product, question, &fields, mine).await?
        } else {
            parse(question, &raw(question, &fields), me.today())
        };
        let remark = fields.text(&format!("remark-{}", question.key));
        match value {
            Err(sentence) => {
                problems.insert(question.key.clone(), sentence);
            }
            Ok(_) if crate::domain::parse::secret_in(&remark).is_some() => {
                problems.insert(
                    question.key.clone(),
                    "Remove the secret from your message to the reviewer. Nothing has been saved".to_owned(),
                );
            }
            Ok(_) if remark.chars().count() > REMARK => {
                problems.insert(question.key.clone(), "Your message to the reviewer must be 2,000 characters or less".to_owned());
            }
            Ok(value) => entries.push(Entry { question: question.key.clone(), edition, value, remark }),
        }
    }
    if !problems.is_empty() {
        return Ok(Saved::Problems(problems));
    }
    let command = Command::Section(section, SectionCommand::Answer(entries));
    match me.act(&product.reference, &command).await {
        Ok(product) => Ok(Saved::Yes(Box::new(product))),
        Err(Error::Refused(Refusal::Outdated(keys))) => Ok(Saved::Conflict(keys)),
        Err(error) => Err(error),
    }
}

/// Forgets the draft of a form that has been saved; its person has finished with the page.
///
/// # Errors
/// When the store fails.
pub async fn settle(me: &SignedIn, place: &Place) -> Result<(), Error> {
    me.app.db.finish_form(&me.actor, &place.to_string()).await
}

/// The files of an answer: those that were there without those that were removed, and the new ones.
async fn files_value(
    me: &SignedIn,
    product: &Product,
    question: &Question,
    fields: &Fields,
    posted: Vec<super::form::PostedFile>,
) -> Result<Result<Option<Value>, String>, Error> {
    let Some(rule) = &question.file else { return Ok(Ok(None)) };
    let removed = fields.all(&format!("remove-{}", question.key));
    let present = match product.answers.get(&question.key).and_then(|a| a.value.as_ref()) {
        Some(Value::Files { files, .. }) => files.clone(),
        _ => Vec::new(),
    };
    let mut files: Vec<Evidence> = present.into_iter().filter(|f| !removed.contains(&f.id.to_string())).collect();
    for mut file in posted {
        if let Err(sentence) = evidence::check(rule, &mut file).await? {
            return Ok(Err(sentence));
        }
        let Some(content) = file.content else { continue };
        let size = content.size();
        let digest = me.app.files.keep(content).await?;
        if !files.iter().any(|f| f.digest == digest) {
            files.push(Evidence { id: FileId(new_id()), name: file.name, digest, size });
        }
    }
    if files.len() > rule.max_files as usize {
        return Ok(Err(rule.too_many()));
    }
    let expires_on = if rule.expires {
        let name = format!("Expiry date of the {}", question.name);
        match parse_date(&name, &fields.date(&format!("answer-{}", question.key))) {
            Ok(date) => date,
            Err(sentence) => return Ok(Err(sentence)),
        }
    } else {
        None
    };
    if files.is_empty() && expires_on.is_none() {
        return Ok(Ok(None));
    }
    Ok(Ok(Some(Value::Files { files, expires_on })))
}

/// The fields again as they were posted, with their problems, and the list for the error summary.
#[must_use]
pub fn again(
    source: &Source<'_>,
    section: Section,
    questions: &[&Question],
    fields: &Fields,
    problems: &BTreeMap<String, String>,
) -> (Vec<Field>, Problems) {
    let mut list = Problems::default();
    let on_page = questions.iter().filter(|q| fields.has(&format!("edition-{}", q.key)));
    let again = on_page.map(|question| {
        let mut field = source.posted(section, question, fields);
        if let Some(sentence) = problems.get(&question.key) {
            field.error.clone_from(sentence);
            list.add(&field.anchor(), sentence.clone());
        }
        field
    });
    (again.collect(), list)
}
