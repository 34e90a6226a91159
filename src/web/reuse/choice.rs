//! A file that is in an answer already, chosen in place of uploading it again.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::{Catalogue, FileRule, Question, Section};
use crate::domain::command::{Command, Entry, SectionCommand};
use crate::domain::decide;
use crate::domain::parse::capitalised;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::SectionAct;
use crate::domain::words::FileId;
use crate::error::Error;
use crate::secret::new_id;
use crate::store::document::FileVersion;
use crate::store::visible::{PAGE, Page};
use crate::web::ctx::{SignedIn, see_other, see_other_with};
use crate::web::evidence;
use crate::web::form::Fields;
use crate::web::frame::{Flash, Frame};
use crate::web::page::{ok, page};
use crate::web::parts::{Item, Pagination};
use crate::web::place::texts;
use crate::web::question_view::Field;
use crate::words::{date_time, size};

/// What the address of the page may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChoiceQuery {
    /// `feedback`: back to the page on which feedback is answered.
    back: String,
    /// Page of the list.
    page: u64,
}

#[derive(Template)]
#[template(path = "reuse/files.html")]
struct ChoicePage {
    frame: Frame,
    back: String,
    caption: String,
    heading: String,
    rule: String,
    in_answer: Vec<String>,
    is_replaced: bool,
    edition: u32,
    items: Vec<Item>,
    total: u64,
    pages: Pagination,
    is_conflict: bool,
}

/// Marks the file fields of a page for which there are files to choose from.
///
/// # Errors
/// When the store fails.
pub async fn offer_files(me: &SignedIn, product: &Product, fields: &mut [Field]) -> Result<(), Error> {
    if fields.iter().any(|f| f.input == "file") {
        let are_there = me.visible().has_reusable_files(product).await?;
        fields.iter_mut().filter(|f| f.input == "file").for_each(|f| f.can_choose = are_there);
    }
    Ok(())
}

/// Where the button of a field leads that asks for a file from before.
#[must_use]
pub fn address(product: &Product, section: Section, go: &str) -> Option<String> {
    let key = go.strip_prefix("choose-")?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_key.then(|| format!("{}/sections/{section}/questions/{key}/files", product.address()))
}

/// The question that a file is chosen for.
struct Place<'a> {
    me: &'a SignedIn,
    product: &'a Product,
    section: Section,
    question: &'a Question,
    rule: &'a FileRule,
    query: &'a ChoiceQuery,
}

impl<'a> Place<'a> {
    fn new(
        (me, product): (&'a SignedIn, &'a Product),
        catalogue: &'a Catalogue,
        (section, key): (Section, &str),
        query: &'a ChoiceQuery,
    ) -> Result<Self, Error> {
        let given = product.given(catalogue, me.today());
        let question = texts(catalogue, section)?.questions().find(|q| q.key == key && given.is_shown(q));
        let question = question.ok_or(Error::NotFound)?;
        let rule = question.file.as_ref().ok_or(Error::NotFound)?;
        Ok(Self { me, product, section, question, rule, query })
    }

    fn back(&self) -> String {
        let section = format!("{}/sections/{}", self.product.address(), self.section);
        if self.query.back == "feedback" {
            format!("{section}/feedback#{}", self.question.key)
        } else {
            format!("{section}/questions/{}", self.question.key)
        }
    }

    /// The files of the answer and the day on which they run out.
    fn present(&self) -> (Vec<Evidence>, Option<chrono::NaiveDate>) {
        match self.product.answers.get(&self.question.key).and_then(|a| a.value.as_ref()) {
            Some(Value::Files { files, expires_on }) => (files.clone(), *expires_on),
            _ => (Vec::new(), None),
        }
    }

    async fn page(&self) -> Result<ChoicePage, Error> {
        let (present, _) = self.present();
        let list = self.me.visible().reusable_files(self.product, self.rule, self.query.page).await?;
        let address = format!("{}/sections/{}/questions/{}/files", self.product.address(), self.section, self.question.key);
        let numbered = |n: u64| match self.query.back.as_str() {
            "feedback" => format!("{address}?back=feedback&page={n}"),
            _ => format!("{address}?page={n}"),
        };
        Ok(ChoicePage {
            frame: self.me.frame(format!("Use a file from before – {}", self.product.facts.name)),
            back: self.back(),
            caption: format!("{} – {}", self.product.facts.name, capitalised(&self.question.name)),
            heading: "Use a file from before".to_owned(),
            rule: evidence::words(self.rule),
            is_replaced: self.rule.max_files == 1 && !present.is_empty(),
            edition: self.product.answers.get(&self.question.key).map_or(0, |a| a.edition),
            items: self.items(&list, &present),
            in_answer: present.into_iter().map(|f| f.name).collect(),
            total: list.total,
            pages: Pagination::new(list.number, list.total.div_ceil(PAGE).max(1), numbered),
            is_conflict: false,
        })
    }

    /// The files of a page that are not in the answer yet.
    fn items(&self, list: &Page<FileVersion>, present: &[Evidence]) -> Vec<Item> {
        let is_new = |file: &&FileVersion| !present.iter().any(|f| f.digest == file.digest);
        let item = |file: &FileVersion| {
            let whose =
                if file.product.reference == self.product.reference { String::new() } else { format!(" to {}", file.product.name) };
            let (bytes, at) = (size(file.size), date_time(file.at));
            Item::new(file.id.to_string(), &file.name)
                .hint(format!("Version {}, {bytes}, added{whose} by {} on {at}", file.version, file.by))
        };
        list.rows.iter().filter(is_new).map(item).collect()
    }

    /// The answer with the chosen file: in the place of the one that is there where there can be only one.
    fn with(&self, file: &FileVersion) -> Result<Value, String> {
        let (mut files, expires_on) = self.present();
        self.rule.admits(&file.name, file.size)?;
        if files.iter().any(|f| f.digest == file.digest) {
            return Err("This file is in the answer already".to_owned());
        }
        if self.rule.max_files == 1 {
            files.clear();
        }
        if files.len() >= self.rule.max_files as usize {
            return Err(self.rule.too_many());
        }
        let (name, digest) = (file.name.clone(), file.digest.clone());
        files.push(Evidence { id: FileId(new_id()), name, digest, size: file.size });
        Ok(Value::Files { files, expires_on })
    }
}

/// The files that fit a question.
pub async fn show(me: SignedIn, path: Path<(String, Section, String)>, query: Query<ChoiceQuery>) -> Result<HttpResponse, Error> {
    let (reference, section, key) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let place = Place::new((&me, &product), setting.catalogue, (section, &key), &query)?;
    if decide::offer(&setting, &me.actor, &product, section, SectionAct::Answer).is_err() {
        return Ok(see_other(&format!("{}/sections/{section}#{key}", product.address())));
    }
    ok(&place.page().await?)
}

/// Puts the chosen file into the answer.
pub async fn choose(
    me: SignedIn,
    path: Path<(String, Section, String)>,
    query: Query<ChoiceQuery>,
    fields: Fields,
) -> Result<HttpResponse, Error> {
    let (reference, section, key) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let place = Place::new((&me, &product), setting.catalogue, (section, &key), &query)?;
    decide::offer(&setting, &me.actor, &product, section, SectionAct::Answer)?;
    let chosen = fields.raw("file");
    if chosen.is_empty() {
        return wrong(place.page().await?, "Select a file");
    }
    let id = Uuid::parse_str(chosen).map_err(|_| Error::NotFound)?;
    let file = me.visible().reusable_file(&product, FileId(id)).await?;
    let value = match place.with(&file) {
        Ok(value) => value,
        Err(sentence) => return wrong(place.page().await?, &sentence),
    };
    let entry = Entry {
        question: key.clone(),
        edition: fields.raw("edition").parse().unwrap_or(0),
        value: Some(value),
        remark: product.answers.get(&key).map(|a| a.remark.clone()).unwrap_or_default(),
    };
    let asked = if file.product.reference == product.reference {
        SectionCommand::Answer(vec![entry])
    } else {
        SectionCommand::Copy(file.product.clone(), vec![entry])
    };
    match me.act(&reference, &Command::Section(section, asked)).await {
        Ok(_) => {
            let text = if place.rule.expires { "Check its expiry date." } else { "" };
            let flash = Flash { title: format!("You’ve added {}", file.name), text: text.to_owned(), link: None };
            Ok(see_other_with(&me, &place.back(), &flash))
        }
        Err(Error::Refused(Refusal::Outdated(_))) => {
            let product = me.visible().product(&reference).await?;
            let mut template = Place { product: &product, ..place }.page().await?;
            template.is_conflict = true;
            page(StatusCode::CONFLICT, &template)
        }
        Err(error) => Err(error),
    }
}

fn wrong(mut template: ChoicePage, sentence: &str) -> Result<HttpResponse, Error> {
    template.frame.problems.push(("file".to_owned(), sentence.to_owned()));
    page(StatusCode::UNPROCESSABLE_ENTITY, &template)
}
