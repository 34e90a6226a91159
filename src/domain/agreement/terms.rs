//! The terms of the Connection Agreement as versioned data, and the paper that they make for one product.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::words;

mod faults;

/// The terms that come with the service: name of the file and its text. The words are samples of our own.
pub const BUILT_IN: &[(&str, &str)] = &[("terms-2026-1.toml", include_str!("terms-2026-1.toml"))];

words! {
    /// An organisation's role for personal data; the words are the options of the question `cc-data-role`.
    pub enum DataRole {
        /// Processes on the instructions of the organisations that use the product.
        Processor = "processor",
        /// Decides by itself why and how.
        Controller = "controller",
        /// Decides together with the organisations that use the product.
        Joint = "joint",
        /// Processor for some purposes, controller for others.
        Both = "both",
    }
}

impl DataRole {
    /// The words shown, also in the agreement.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Processor => "Processor",
            Self::Controller => "Independent controller",
            Self::Joint => "Joint controller",
            Self::Both => "Processor for some purposes, independent controller for others",
        }
    }

    /// The appendices that apply, in the order of their letters. The template Connection Agreement (NHS Digital,
    /// v4.1, July 2020) chooses its data protection appendices by role in the same way.
    #[must_use]
    pub const fn appendices(self) -> &'static [Appendix] {
        use Appendix::{Controller, Joint, Organisations, ProcessingForm, Processor};
        match self {
            Self::Processor => &[ProcessingForm, Processor, Organisations],
            Self::Controller => &[ProcessingForm, Organisations, Controller],
            Self::Joint => &[ProcessingForm, Organisations, Joint],
            Self::Both => &[ProcessingForm, Processor, Organisations, Controller],
        }
    }
}

words! {
    /// An appendix about data protection.
    pub enum Appendix {
        /// What is processed, for whom, why and how long.
        ProcessingForm = "processing-form",
        /// Duties of a processor.
        Processor = "processor",
        /// The relationship with the organisations that use the product.
        Organisations = "organisations",
        /// Duties of an independent controller.
        Controller = "controller",
        /// Duties of a joint controller.
        Joint = "joint",
    }
}

impl Appendix {
    /// Its letter, the same in every agreement: one without a processor has no appendix B.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::ProcessingForm => 'A',
            Self::Processor => 'B',
            Self::Organisations => 'C',
            Self::Controller => 'D',
            Self::Joint => 'E',
        }
    }
}

words! {
    /// What terms may leave open, written in braces: `{organisation}`.
    pub enum Placeholder {
        /// Legal name of the organisation.
        Organisation = "organisation",
        /// Registered address.
        Address = "address",
        /// ODS code.
        OdsCode = "ods-code",
        /// Name of the product.
        Product = "product",
        /// Version of the product that was tested.
        Version = "version",
        /// Reference of the agreement.
        Reference = "reference",
        /// Name of the officer who signs.
        Signatory = "signatory",
        /// Job title of the officer who signs.
        JobTitle = "job-title",
        /// Role in data protection.
        DataRole = "data-role",
    }
}

impl Placeholder {
    /// Its name beside a value, and in brackets in a paper that is nobody's yet.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation",
            Self::Address => "Registered address",
            Self::OdsCode => "ODS code",
            Self::Product => "Product",
            Self::Version => "Version of the product",
            Self::Reference => "Reference",
            Self::Signatory => "Signatory",
            Self::JobTitle => "Job title of the signatory",
            Self::DataRole => "Role in data protection",
        }
    }
}

/// Numbered paragraphs under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Clause {
    /// Heading, without its number.
    pub heading: String,
    /// Paragraphs, without their numbers; may hold placeholders.
    pub paragraphs: Vec<String>,
}

/// The text of an appendix.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppendixText {
    /// Which appendix.
    pub key: Appendix,
    /// Heading, without its letter.
    pub heading: String,
    /// Paragraphs, without their numbers; may hold placeholders.
    pub paragraphs: Vec<String>,
}

/// One version of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Terms {
    /// Version, like `2026-1`: lower-case letters, digits and hyphens. Agreements that have been issued name it.
    pub version: String,
    /// Whether this is a sample that binds nobody; pages and papers say so.
    pub is_sample: bool,
    /// First day on which an agreement may be issued with these terms.
    pub effective_from: NaiveDate,
    /// Title of the agreement.
    pub title: String,
    /// What the signatory declares when signing.
    pub declaration: String,
    /// The clauses, in order.
    #[serde(rename = "clause")]
    pub clauses: Vec<Clause>,
    /// The form that names the service and what is special about it.
    pub services_form: Clause,
    /// The appendices about data protection, of which the role chooses some.
    #[serde(rename = "appendix")]
    pub appendices: Vec<AppendixText>,
}

/// Who and what an agreement is about: the values of its placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Parties {
    /// Legal name of the organisation.
    pub organisation: String,
    /// Registered address, on one or more lines.
    pub address: String,
    /// ODS code.
    pub ods_code: String,
    /// Name of the product.
    pub product: String,
    /// Version of the product that was tested.
    pub version: String,
    /// Reference of the agreement.
    pub reference: String,
    /// Name of the officer who signs.
    pub signatory: String,
    /// Job title of the officer who signs.
    pub job_title: String,
    /// Role in data protection.
    pub data_role: DataRole,
}

/// An agreement as it is read, printed, hashed and signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Paper {
    /// Title.
    pub title: String,
    /// Version of the terms.
    pub version: String,
    /// Whether the terms are a sample.
    pub is_sample: bool,
    /// Numbered headings, each with its numbered paragraphs: clauses, services form, appendices.
    pub clauses: Vec<(String, Vec<String>)>,
    /// The front page: labels and values.
    pub facts: Vec<(String, String)>,
    /// What the signatory declares when signing.
    pub declaration: String,
}

impl Terms {
    /// Reads and checks one version of the terms.
    ///
    /// # Errors
    /// A sentence for each fault, naming the clause.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let terms: Self = toml::from_str(text).map_err(|e| vec![format!("The terms cannot be read: {e}")])?;
        let faults = faults::of(&terms);
        if faults.is_empty() { Ok(terms) } else { Err(faults) }
    }

    /// The terms that come with the service.
    ///
    /// # Errors
    /// A sentence for each fault, naming the file.
    pub fn built_in() -> Result<Vec<Self>, Vec<String>> {
        Self::all(BUILT_IN)
    }

    /// Every version of the terms, from the names and texts of files.
    ///
    /// # Errors
    /// A sentence for each fault, naming the file.
    pub fn all(files: &[(&str, &str)]) -> Result<Vec<Self>, Vec<String>> {
        let (mut all, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (name, text) in files {
            match Self::parse(text) {
                Ok(terms) if seen.insert(terms.version.clone()) => all.push(terms),
                Ok(terms) => faults.push(format!("{name}: the version {} is there already.", terms.version)),
                Err(found) => faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}"))),
            }
        }
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }

    /// The terms to issue on a day: the newest in force, and never a sample once there are true ones.
    #[must_use]
    pub fn current(all: &[Self], on: NaiveDate) -> Option<&Self> {
        all.iter().filter(|t| t.effective_from <= on).max_by_key(|t| (!t.is_sample, t.effective_from, &t.version))
    }

    /// The agreement of these parties. Values are put in as they are: braces in a value mean nothing.
    #[must_use]
    pub fn fill(&self, parties: &Parties) -> Paper {
        let mut clauses = Vec::new();
        for (number, clause) in (1..).zip(&self.clauses) {
            let mark = format!("{number}.");
            clauses.push((format!("{mark} {}", clause.heading), numbered(&mark, &clause.paragraphs, parties)));
        }
        let form = &self.services_form;
        clauses.push((form.heading.clone(), numbered("S", &form.paragraphs, parties)));
        for key in parties.data_role.appendices() {
            let letter = key.letter().to_string();
            for text in self.appendices.iter().filter(|a| a.key == *key) {
                let heading = format!("Appendix {letter}: {}", text.heading);
                clauses.push((heading, numbered(&letter, &text.paragraphs, parties)));
            }
        }
        Paper {
            title: self.title.clone(),
            version: self.version.clone(),
            is_sample: self.is_sample,
            clauses,
            facts: self.facts(parties),
            declaration: filled(&self.declaration, parties),
        }
    }

    fn facts(&self, parties: &Parties) -> Vec<(String, String)> {
        let given = Placeholder::ALL.iter().map(|p| (p.label().to_owned(), parties.value(*p)));
        let letters: Vec<String> = parties.data_role.appendices().iter().map(|a| a.letter().to_string()).collect();
        let terms = if self.is_sample { format!("{} (sample)", self.version) } else { self.version.clone() };
        let own = [("Appendices that apply", letters.join(", ")), ("Version of the terms", terms)];
        given.chain(own.map(|(label, value)| (label.to_owned(), value))).collect()
    }
}

impl Parties {
    /// Parties that name nobody, to read the terms with: each value is its label in brackets.
    #[must_use]
    pub fn unnamed(data_role: DataRole) -> Self {
        let blank = |placeholder: Placeholder| format!("[{}]", placeholder.label().to_lowercase().replace("ods", "ODS"));
        Self {
            organisation: blank(Placeholder::Organisation),
            address: blank(Placeholder::Address),
            ods_code: blank(Placeholder::OdsCode),
            product: blank(Placeholder::Product),
            version: blank(Placeholder::Version),
            reference: blank(Placeholder::Reference),
            signatory: blank(Placeholder::Signatory),
            job_title: blank(Placeholder::JobTitle),
            data_role,
        }
    }

    /// What has no value yet. An agreement with gaps is not issued.
    #[must_use]
    pub fn missing(&self) -> Vec<Placeholder> {
        Placeholder::ALL.iter().copied().filter(|p| self.text(*p).trim().is_empty()).collect()
    }

    fn text(&self, placeholder: Placeholder) -> &str {
        match placeholder {
            Placeholder::Organisation => &self.organisation,
            Placeholder::Address => &self.address,
            Placeholder::OdsCode => &self.ods_code,
            Placeholder::Product => &self.product,
            Placeholder::Version => &self.version,
            Placeholder::Reference => &self.reference,
            Placeholder::Signatory => &self.signatory,
            Placeholder::JobTitle => &self.job_title,
            Placeholder::DataRole => self.data_role.label(),
        }
    }

    /// The value on one line; "not given" when there is none.
    fn value(&self, placeholder: Placeholder) -> String {
        let lines = self.text(placeholder).lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty());
        let value = lines.collect::<Vec<_>>().join(", ");
        if value.is_empty() { "not given".to_owned() } else { value }
    }
}

/// Paragraphs with their numbers: "1.1 …" after the mark "1.", "A1 …" after the mark "A".
fn numbered(mark: &str, paragraphs: &[String], parties: &Parties) -> Vec<String> {
    (1..).zip(paragraphs).map(|(number, text)| format!("{mark}{number} {}", filled(text, parties))).collect()
}

/// A piece of a text: as it stands, or what stands between braces.
enum Piece<'a> {
    Plain(&'a str),
    Braced(&'a str),
    /// A brace without its partner.
    Stray,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, next)) = after.split_once('}') else {
            found.extend([Piece::Plain(before), Piece::Stray]);
            rest = after;
            continue;
        };
        found.extend([Piece::Plain(before), Piece::Braced(name)]);
        rest = next;
    }
    found.push(Piece::Plain(rest));
    found
}

fn filled(text: &str, parties: &Parties) -> String {
    let shown = pieces(text).into_iter().map(|piece| match piece {
        Piece::Plain(plain) => plain.to_owned(),
        Piece::Braced(name) => Placeholder::from_word(name).map_or_else(|| format!("{{{name}}}"), |p| parties.value(p)),
        Piece::Stray => "{".to_owned(),
    });
    shown.collect()
}

#[cfg(test)]
mod tests;
