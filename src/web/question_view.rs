//! A question as a field of a form: what to show, and what was posted.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answer_view::Shown;
use super::evidence;
use super::form::Fields;
use super::parts::{DateParts, Item};
use crate::domain::answer::{Given, Raw, Value};
use crate::domain::catalogue::{Kind, Question};
use crate::domain::product::{Product, Standing};
use crate::domain::section::Verdict;
use crate::domain::words::PersonId;
use crate::words::{date_time, short_date, size};

/// A file that is part of the answer already.
pub struct Attached {
    /// Identifier, for the box that removes it.
    pub id: String,
    /// Name.
    pub name: String,
    /// Size.
    pub size: String,
    /// Address.
    pub href: String,
    /// Whether the box that removes it is ticked.
    pub is_removed: bool,
}

/// What a reviewer asked about the question.
pub struct Said {
    /// Who and when.
    pub by: String,
    /// What is needed.
    pub text: String,
}

/// One question as a field.
pub struct Field {
    /// Key of the question; also the id of its part of the page.
    pub key: String,
    /// Name of the form field.
    pub name: String,
    /// The question.
    pub text: String,
    /// Help.
    pub help: String,
    /// What a good answer looks like.
    pub guidance: String,
    /// Sentence about what was typed.
    pub error: String,
    /// Which input: `radios`, `checkboxes`, `input`, `textarea`, `date`, `file`, `tick`.
    pub input: &'static str,
    /// Kind of a one-line input: text, email, tel, url.
    pub html_kind: &'static str,
    /// Hint for on-screen keyboards.
    pub inputmode: &'static str,
    /// Token for automatic completion.
    pub autocomplete: &'static str,
    /// Width class of a one-line input.
    pub width: &'static str,
    /// Unit after a number.
    pub suffix: String,
    /// Choices.
    pub items: Vec<Item>,
    /// Whether choices stand in a row.
    pub is_inline: bool,
    /// Text.
    pub value: String,
    /// Rows of a long text.
    pub rows: usize,
    /// Most characters of a long text.
    pub maxlength: usize,
    /// Date, or expiry date beside an upload.
    pub date: DateParts,
    /// Whether an expiry date is asked beside an upload.
    pub asks_expiry: bool,
    /// Files that are there.
    pub attached: Vec<Attached>,
    /// Endings for the file chooser.
    pub accept: String,
    /// Which files, in words.
    pub file_words: String,
    /// Whether there are files to choose from in place of an upload.
    pub can_choose: bool,
    /// Whether several files may be chosen.
    pub is_multiple: bool,
    /// Edition that the form is opened with.
    pub edition: u32,
    /// What the supplier tells the reviewer.
    pub remark: String,
    /// Whether the remark answers feedback.
    pub is_reply: bool,
    /// Who saved it and when.
    pub saved: String,
    /// Its address; that of its earlier versions ends with `/history` more.
    pub address: String,
    /// What the reviewer asked.
    pub said: Option<Said>,
    /// The answer as it was when the reviewer asked.
    pub before: Option<Shown>,
    /// Whether the present answer has been accepted.
    pub is_accepted: bool,
    /// What the coach says about the saved answer.
    pub advice: Vec<String>,
}

/// What fields are made from.
pub struct Source<'a> {
    /// The product.
    pub product: &'a Product,
    /// Answers and facts.
    pub given: Given<'a>,
    /// Full names.
    pub names: &'a BTreeMap<PersonId, String>,
}

impl Source<'_> {
    fn name(&self, person: PersonId) -> &str {
        self.names.get(&person).map_or("Somebody", String::as_str)
    }

    /// The field of a question with its saved answer.
    #[must_use]
    pub fn field(&self, section: crate::domain::catalogue::Section, question: &Question) -> Field {
        let answer = self.product.answers.get(&question.key);
        let value = answer.and_then(|a| a.value.as_ref());
        let (input, html_kind, inputmode, autocomplete, width) = input_of(question);
        let decision = self.product.section(section).told(&question.key);
        let asked = decision.filter(|d| d.verdict == Verdict::More);
        let mut field = Field {
            key: question.key.clone(),
            name: format!("answer-{}", question.key),
            text: question.text.clone(),
            help: question.help.clone(),
            guidance: question.guidance.clone(),
            error: String::new(),
            input,
            html_kind,
            inputmode,
            autocomplete,
            width,
            suffix: question.number.as_ref().and_then(|n| n.unit.clone()).unwrap_or_default(),
            items: Vec::new(),
            is_inline: question.kind == Kind::YesNo,
            value: String::new(),
            rows: question.length.map_or(5, |(_, max)| if max >= 1500 { 10 } else { 6 }),
            maxlength: question.length.map_or(0, |(_, max)| max),
            date: DateParts::default(),
            asks_expiry: question.file.as_ref().is_some_and(|f| f.expires),
            attached: Vec::new(),
            accept: question.file.as_ref().map_or_else(String::new, evidence::accept),
            file_words: question.file.as_ref().map_or_else(String::new, evidence::words),
            can_choose: false,
            is_multiple: question.file.as_ref().is_some_and(|f| f.max_files > 1),
            edition: answer.map_or(0, |a| a.edition),
            remark: answer.map(|a| a.remark.clone()).unwrap_or_default(),
            is_reply: asked.is_some(),
            saved: answer.map(|a| format!("Saved by {} on {}", self.name(a.by), date_time(a.at))).unwrap_or_default(),
            address: format!("{}/sections/{section}/questions/{}", self.product.address(), question.key),
            said: asked.map(|d| Said {
                by: format!("What {} asked, {}", self.name(d.by), short_date(crate::domain::calendar::london_date(d.at))),
                text: d.comment.clone(),
            }),
            before: None,
            is_accepted: self.product.standing(section, question) == Standing::Accepted,
            advice: Vec::new(),
        };
        field.fill(question, value);
        if let Some(Value::Files { files, .. }) = value {
            let address = self.product.address();
            field.attached = files
                .iter()
                .map(|f| Attached {
                    id: f.id.to_string(),
                    name: f.name.clone(),
                    size: size(f.size),
                    href: format!("{address}/files/{}", f.id),
                    is_removed: false,
                })
                .collect();
        }
        field
    }

    /// The field of a question with what was posted in place of the saved answer.
    #[must_use]
    pub fn posted(&self, section: crate::domain::catalogue::Section, question: &Question, fields: &Fields) -> Field {
        let mut field = self.field(section, question);
        let raw = raw(question, fields);
        field.value = fields.raw(&field.name).replace("\r\n", "\n");
        let [day, month, year] = raw.date;
        field.date = DateParts::new(day, month, year);
        for item in &mut field.items {
            item.checked = raw.values.contains(&item.value);
        }
        let removed = fields.all(&format!("remove-{}", question.key));
        for file in &mut field.attached {
            file.is_removed = removed.contains(&file.id);
        }
        field.remark = fields.text(&format!("remark-{}", question.key));
        field.edition = fields.raw(&format!("edition-{}", question.key)).parse().unwrap_or(0);
        field
    }
}

impl Field {
    /// Whether people read the same in both: what was chosen, typed and told the reviewer.
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        let chosen = |field: &Self| field.items.iter().map(|i| i.checked).collect::<Vec<_>>();
        let removed = |field: &Self| field.attached.iter().map(|f| f.is_removed).collect::<Vec<_>>();
        let date = |field: &Self| [&field.date.day, &field.date.month, &field.date.year].map(|part| part.trim().to_owned());
        self.value.trim() == other.value.trim()
            && self.remark.trim() == other.remark.trim()
            && chosen(self) == chosen(other)
            && removed(self) == removed(other)
            && date(self) == date(other)
    }

    fn fill(&mut self, question: &Question, value: Option<&Value>) {
        let chosen = |v: &str| match value {
            Some(Value::Choice(word)) => word == v,
            Some(Value::Choices(set)) => set.contains(v),
            Some(Value::Ticked) => v == "yes",
            Some(Value::Text(_) | Value::Date(_) | Value::Number(_) | Value::Files { .. }) | None => false,
        };
        self.items = match question.kind {
            Kind::YesNo => [("yes", "Yes"), ("no", "No")].map(|(v, l)| Item::new(v, l).checked(chosen(v))).into(),
            Kind::Declaration => vec![Item::new("yes", question.text.clone()).checked(chosen("yes"))],
            Kind::SingleChoice
            | Kind::MultipleChoice
            | Kind::ShortText
            | Kind::LongText
            | Kind::Date
            | Kind::Email
            | Kind::Phone
            | Kind::Url
            | Kind::IpAddress
            | Kind::Uuid
            | Kind::File
            | Kind::Number => {
                question.options.iter().map(|o| Item::new(&o.value, &o.label).checked(chosen(&o.value) || o.fixed)).collect()
            }
        };
        match value {
            Some(Value::Text(text)) => self.value.clone_from(text),
            Some(Value::Number(tenths)) => self.value = number(*tenths),
            Some(Value::Date(date) | Value::Files { expires_on: Some(date), .. }) => self.date = date_parts(Some(*date)),
            _ => {}
        }
    }

    /// The id that an error summary links to.
    #[must_use]
    pub fn anchor(&self) -> String {
        if self.input == "date" {
            format!("{}-day", self.name)
        } else if self.input == "file" {
            format!("file-{}", self.key)
        } else {
            self.name.clone()
        }
    }
}

/// The parts of a date.
#[must_use]
pub fn date_parts(date: Option<NaiveDate>) -> DateParts {
    date.map_or_else(DateParts::default, |d| {
        use chrono::Datelike as _;
        DateParts::new(d.day().to_string(), d.month().to_string(), d.year().to_string())
    })
}

/// A number of tenths as people write it.
#[must_use]
pub fn number(tenths: i64) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// What was posted for a question.
#[must_use]
pub fn raw(question: &Question, fields: &Fields) -> Raw {
    let name = format!("answer-{}", question.key);
    let mut values = fields.all(&name).to_vec();
    // Options that cannot be removed are not left out by an unticked box.
    let missing: Vec<String> =
        question.options.iter().filter(|o| o.fixed && !values.contains(&o.value)).map(|o| o.value.clone()).collect();
    values.extend(missing);
    Raw { values, date: fields.date(&name) }
}

fn input_of(question: &Question) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
    match question.kind {
        Kind::YesNo | Kind::SingleChoice => ("radios", "", "", "", ""),
        Kind::MultipleChoice => ("checkboxes", "", "", "", ""),
        Kind::ShortText => ("input", "text", "", "", "two-thirds"),
        Kind::LongText => ("textarea", "", "", "", ""),
        Kind::Date => ("date", "", "", "", ""),
        Kind::Email => ("input", "email", "", "email", "two-thirds"),
        Kind::Phone => ("input", "tel", "", "tel", "20"),
        Kind::Url => ("input", "url", "", "url", "two-thirds"),
        Kind::IpAddress => ("input", "text", "", "", "20"),
        Kind::Uuid => ("input", "text", "numeric", "", "20"),
        Kind::File => ("file", "", "", "", ""),
        Kind::Number => ("input", "text", "decimal", "", "5"),
        Kind::Declaration => ("tick", "", "", "", ""),
    }
}
