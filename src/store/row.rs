//! Rows to domain values and back, in one place.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow};
use chrono::NaiveDate;

use super::schema::{
    agreement, answer, assignee, certificate, decision, demonstration, interest, organisation, passage, product, section, thread,
};
use crate::domain::actor::Duty;
use crate::domain::agreement::Party;
use crate::domain::answer::Answer;
use crate::domain::calendar::Pause;
use crate::domain::catalogue::Section;
use crate::domain::facts::OrganisationFacts;
use crate::domain::product::{Decided, Product, SectionRecord};
use crate::domain::section::{ProductState, SectionState, Verdict};
use crate::domain::words::{OrganisationId, PersonId, ProductId};
use crate::error::Error;

/// A stored word that must be known: an unknown one means that an older program reads a newer database.
pub fn known<T>(word: &str, found: Option<T>) -> Result<T, Error> {
    found.ok_or_else(|| Error::Internal(anyhow!("the database holds the word {word:?}, which this version does not know")))
}

/// Duties as stored: words with spaces between.
pub fn duties(text: &str) -> BTreeSet<Duty> {
    text.split_whitespace().filter_map(Duty::from_word).collect()
}

/// Duties to store.
pub fn duties_text(duties: &BTreeSet<Duty>) -> String {
    duties.iter().map(|d| d.word()).collect::<Vec<_>>().join(" ")
}

/// A number that the database holds wider than the domain.
pub fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// A number to store.
pub fn stored(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// The rows of one product.
pub struct Rows {
    pub product: product::Model,
    pub organisation: organisation::Model,
    pub sections: Vec<section::Model>,
    pub answers: Vec<answer::Model>,
    pub decisions: Vec<decision::Model>,
    pub demonstrations: Vec<demonstration::Model>,
    pub certificates: Vec<certificate::Model>,
    pub agreements: Vec<agreement::Model>,
    pub threads: Vec<thread::Model>,
    pub passage: Option<passage::Model>,
    pub interests: Vec<interest::Model>,
    pub assignees: Vec<assignee::Model>,
}

impl Rows {
    /// The product that the rows tell of.
    pub fn product(self) -> Result<Product, Error> {
        let row = self.product;
        let mut sections = BTreeMap::new();
        for model in self.sections {
            let key = known(&model.section, Section::from_word(&model.section))?;
            sections.insert(key, section_record(&model)?);
        }
        for model in self.decisions {
            let key = known(&model.section, Section::from_word(&model.section))?;
            let record: &mut SectionRecord = sections.entry(key).or_default();
            record.decisions.entry(model.question.clone()).or_default().push(decided(model)?);
        }
        let mut answers = BTreeMap::new();
        for model in self.answers {
            answers.insert(model.question.clone(), answered(model)?);
        }
        let mut assignees = BTreeMap::new();
        for model in self.assignees {
            assignees.insert(model.question.clone(), super::assignee::assignee(model)?);
        }
        let pauses: Vec<(NaiveDate, Option<NaiveDate>)> = serde_json::from_value(row.pauses).context("pauses")?;
        Ok(Product {
            id: ProductId(row.id),
            reference: row.reference,
            organisation: OrganisationId(row.organisation_id),
            party: party(&self.organisation)?,
            organisation_name: self.organisation.name,
            version: row.version,
            question_set: count(row.question_set),
            state: known(&row.state, ProductState::from_word(&row.state))?,
            facts: serde_json::from_value(row.facts).context("product facts")?,
            added_at: row.added_at,
            pauses: pauses.into_iter().map(|(from, until)| Pause { from, until }).collect(),
            sections,
            answers,
            assignees,
            interested: self.interests.into_iter().map(|i| PersonId(i.person_id)).collect(),
            demonstrations: records(self.demonstrations.into_iter().map(|r| r.record))?,
            certificates: records(self.certificates.into_iter().map(|r| r.record))?,
            agreements: records(self.agreements.into_iter().map(|r| r.record))?,
            threads: self.threads.into_iter().map(super::thread::thread).collect::<Result<_, _>>()?,
            live: row.live.map(serde_json::from_value).transpose().context("production configuration")?.unwrap_or_default(),
            live_on: row.live_on,
            passage: self.passage.map(|row| super::passage::passage(&row)).transpose()?,
            since: row.since,
            reminded_on: row.reminded_on,
            calendar: count(row.calendar),
        })
    }
}

fn records<T: serde::de::DeserializeOwned>(rows: impl Iterator<Item = sea_orm::prelude::Json>) -> Result<Vec<T>, Error> {
    rows.map(|json| Ok(serde_json::from_value(json).context("a record of the second half")?)).collect()
}

/// What an organisation says of itself.
pub fn party(row: &organisation::Model) -> Result<Party, Error> {
    let facts: OrganisationFacts = serde_json::from_value(row.facts.clone()).context("organisation facts")?;
    Ok(Party {
        ods_code: row.ods_code.clone(),
        registered_name: facts.legal_name,
        address: facts.address,
        existing: facts.existing_agreement,
        contract_number: facts.contract_number,
        signatory: facts.signatory,
    })
}

/// A section's row.
pub fn section_record(row: &section::Model) -> Result<SectionRecord, Error> {
    Ok(SectionRecord {
        state: Some(known(&row.state, SectionState::from_word(&row.state))?),
        round: count(row.round),
        reviewer: row.reviewer_id.map(PersonId),
        sent: row.sent_at.zip(row.sent_by.map(PersonId)),
        replied_at: row.replied_at,
        reply_by: row.reply_by,
        reply: row.reply.clone().map(serde_json::from_value).transpose().context("a reply on its way")?,
        decisions: BTreeMap::new(),
    })
}

fn decided(row: decision::Model) -> Result<Decided, Error> {
    Ok(Decided {
        round: count(row.round),
        verdict: known(&row.verdict, Verdict::from_word(&row.verdict))?,
        comment: row.comment,
        fingerprint: row.fingerprint,
        by: PersonId(row.by_id),
        at: row.at,
    })
}

/// An answer.
pub fn answered(row: answer::Model) -> Result<Answer, Error> {
    Ok(Answer {
        value: row.value.map(serde_json::from_value).transpose().context("answer")?,
        remark: row.remark,
        edition: count(row.edition),
        by: PersonId(row.by_id),
        at: row.at,
    })
}
