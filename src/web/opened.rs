//! A form as it is opened: with what is saved, or with what its reader typed on it before and did not save.

use std::collections::BTreeMap;

use super::answer_view::{Shown, shown};
use super::ctx::SignedIn;
use super::form::Fields;
use super::question_view::{Field, Source};
use crate::domain::answer::Value;
use crate::domain::catalogue::{Question, Section};
use crate::domain::draft::{Form, Place, hub};
use crate::domain::product::Product;
use crate::domain::section::Verdict;
use crate::error::Error;
use crate::store::draft::Draft;
use crate::words::{short_date, time};

/// What was saved when a draft was begun, by question: the edition and the value.
pub type StartedFrom = BTreeMap<String, (u32, Option<Value>)>;

/// What a form says about the draft of its reader.
pub struct Note {
    /// The draft's own page.
    pub address: String,
    /// When it was typed: "2.41pm on 3 April 2026".
    pub when: String,
    /// Whether the form is filled in with it; if not, it can only be read on its own page.
    pub is_filled_in: bool,
    /// Whether it holds text for questions that are not on the form any more.
    pub has_more: bool,
    /// What is saved of what it changes: question and answer.
    pub saved: Vec<(String, Shown)>,
    /// Files that were chosen and have to be chosen again.
    pub files: Vec<String>,
}

/// A form with its reader's draft, if there is one.
pub struct Opened {
    draft: Option<Draft>,
    fields: Fields,
}

/// The fields of a form, what it says about a draft, and whose answers somebody else changed meanwhile.
pub struct Filled {
    /// The fields, as typed where something was typed.
    pub fields: Vec<Field>,
    /// About the draft.
    pub note: Option<Note>,
    /// Questions that were typed on and have another answer than when that began.
    pub outdated: Vec<String>,
}

impl Opened {
    /// The reader's draft of a form.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn at(me: &SignedIn, place: &Place) -> Result<Self, Error> {
        let draft = me.visible().draft_of(&place.to_string()).await?;
        let fields = draft.as_ref().map_or_else(|| Ok(Fields::default()), |d| Fields::of_query(&d.body))?;
        Ok(Self { draft, fields })
    }

    /// What was typed.
    #[must_use]
    pub const fn typed(&self) -> &Fields {
        &self.fields
    }

    /// What was saved when the draft was begun, where that is known.
    #[must_use]
    pub fn started_from(&self) -> StartedFrom {
        self.draft.as_ref().and_then(|d| serde_json::from_str(&d.started_from).ok()).unwrap_or_default()
    }

    /// The questions of a page, filled in.
    #[must_use]
    pub fn fill(&self, source: &Source<'_>, section: Section, questions: &[&Question]) -> Filled {
        let (mut fields, mut saved, mut outdated) = (Vec::new(), Vec::new(), Vec::new());
        for question in questions {
            let field = source.field(section, question);
            let typed = is_on(&self.fields, question).then(|| source.posted(section, question, &self.fields));
            let Some(typed) = typed.filter(|t| !t.reads_as(&field)) else {
                fields.push(field);
                continue;
            };
            if typed.edition != field.edition {
                outdated.push(question.key.clone());
            }
            let answer = source.product.answers.get(&question.key).and_then(|a| a.value.as_ref());
            saved.push((question.text.clone(), shown(question, answer, &source.product.address())));
            fields.push(typed);
        }
        let has_more = keys(&self.fields).any(|key| questions.iter().all(|q| q.key != key) && has_text(&self.fields, key));
        let is_of_use = !saved.is_empty() || has_more;
        let note = self.draft.as_ref().filter(|_| is_of_use).map(|draft| note(draft, has_more, saved));
        Filled { fields, note, outdated }
    }

    /// What was typed on a review, and what its form says about it. Nothing is filled in that was typed in another round,
    /// or when the review is somebody else's.
    #[must_use]
    pub fn of_review(&self, product: &Product, section: Section, is_mine: bool) -> (Option<&Fields>, Option<Note>) {
        let Some(draft) = self.draft.as_ref().filter(|_| !is_review_saved(product, section, &self.fields)) else {
            return (None, None);
        };
        let is_filled_in = is_mine && self.fields.raw("round") == product.section(section).round.to_string();
        let note = Note { is_filled_in, ..note(draft, false, Vec::new()) };
        (is_filled_in.then_some(&self.fields), Some(note))
    }
}

fn note(draft: &Draft, has_more: bool, saved: Vec<(String, Shown)>) -> Note {
    Note {
        address: format!("/drafts/{}", draft.id),
        when: when(draft.at),
        is_filled_in: !saved.is_empty(),
        has_more,
        saved,
        files: draft.files.clone(),
    }
}

/// When something was typed: "2.41pm on 3 April 2026".
#[must_use]
pub fn when(at: chrono::DateTime<chrono::Utc>) -> String {
    format!("{} on {}", time(at), short_date(crate::domain::calendar::london_date(at)))
}

/// Whether a form that was sent had a question on it.
#[must_use]
pub fn is_on(fields: &Fields, question: &Question) -> bool {
    fields.has(&format!("edition-{}", question.key))
}

/// The questions of a form whose fields read otherwise than what is saved.
#[must_use]
pub fn changed<'a>(source: &Source<'_>, section: Section, questions: &[&'a Question], fields: &Fields) -> Vec<&'a Question> {
    let on_form = questions.iter().copied().filter(|q| is_on(fields, q));
    on_form.filter(|q| !source.posted(section, q, fields).reads_as(&source.field(section, q))).collect()
}

/// The questions that were on a form that was sent.
fn keys(fields: &Fields) -> impl Iterator<Item = &str> {
    fields.pairs().filter_map(|(name, _)| name.strip_prefix("edition-"))
}

fn has_text(fields: &Fields, key: &str) -> bool {
    fields.pairs().any(|(name, value)| {
        let of_question = name.strip_prefix("answer-").or_else(|| name.strip_prefix("remark-"));
        of_question.is_some_and(|rest| rest == key || rest.strip_prefix(key).is_some_and(|part| part.starts_with('-')))
            && !value.trim().is_empty()
    })
}

/// What is saved now of the questions of a form, or what was saved when an earlier draft of the same editions was begun.
#[must_use]
pub fn started_from(product: &Product, fields: &Fields, before: &StartedFrom) -> String {
    let known = keys(fields).filter_map(|key| {
        let edition: u32 = fields.raw(&format!("edition-{key}")).parse().ok()?;
        let answer = product.answers.get(key);
        let now = (answer.map_or(0, |a| a.edition), answer.and_then(|a| a.value.clone()));
        let earlier = || before.get(key).filter(|(of, _)| *of == edition).cloned();
        let value = if now.0 == edition { Some(now) } else { earlier() };
        value.map(|value| (key.to_owned(), value))
    });
    serde_json::to_string(&known.collect::<StartedFrom>()).unwrap_or_default()
}

/// Whether nothing was typed on a review but what is decided already.
#[must_use]
pub fn is_review_saved(product: &Product, section: Section, fields: &Fields) -> bool {
    let record = product.section(section);
    let decided = |key: &str| record.last(key).filter(|d| d.round == record.round);
    let comment = |key: &str, verdict: Verdict| {
        decided(key).filter(|d| d.verdict == verdict).map_or("", |d| d.comment.as_str()).trim().to_owned()
    };
    fields.pairs().all(|(name, value)| {
        let value = value.replace("\r\n", "\n");
        match name.split_once('-') {
            Some(("decision", key)) => decided(key).is_some_and(|d| d.verdict.word() == value),
            Some(("comment", key)) => comment(key, Verdict::More) == value.trim(),
            Some(("reason", key)) => comment(key, Verdict::Accept) == value.trim(),
            Some(("note", _)) => value.trim().is_empty(),
            Some(_) | None => true,
        }
    })
}

/// A form of a section with something that its reader typed and did not save.
pub struct Unsaved {
    /// What it is: the title of a page of questions.
    pub title: String,
    /// Where it can be seen and saved.
    pub href: String,
}

/// The reader's drafts of a section, so that nobody sends it without them by mistake.
///
/// # Errors
/// When the store fails.
pub async fn unsaved(me: &SignedIn, product: &Product, section: Section) -> Result<Vec<Unsaved>, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let groups = setting.catalogue.section(section).map(|s| s.groups.as_slice()).unwrap_or_default();
    let here = hub(&product.reference, section);
    let drafts = me.visible().drafts(me.now).await?;
    let of_section = drafts.into_iter().filter(|d| d.kept_until.is_none() && d.place.starts_with(&here));
    let named = of_section.filter_map(|draft| match Place::parse(&draft.place)?.form {
        Form::Question(key) => {
            let group = groups.iter().find(|g| g.key() == key && g.questions.iter().any(|q| given.is_shown(q)));
            Some(group.map_or_else(
                || Unsaved { title: "A question that is not asked any more".to_owned(), href: format!("/drafts/{}", draft.id) },
                |group| Unsaved { title: group.title.clone(), href: draft.place.clone() },
            ))
        }
        Form::Feedback => Some(Unsaved { title: "Your answers to what we asked".to_owned(), href: draft.place }),
        Form::Review => None,
    });
    Ok(named.collect())
}
