//! Questions that are given to colleagues: the form beside a question, and the list of those that are with somebody.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::page::{ok, unprocessable};
use super::parts::{Item, Pagination};
use super::questions::{Opening, open};
use super::session::said;
use crate::act::{Errand, assign};
use crate::domain::account::{Place, may_invite};
use crate::domain::actor::Membership;
use crate::domain::assignee::{Assignee, AssigneeCommand, Judge, NOTE_MAX, With};
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Group, Section};
use crate::domain::command::Command;
use crate::domain::decide::Setting;
use crate::domain::parse::{self, capitalised};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::store::assignee::{GivenQuestion, Named};
use crate::store::visible::PAGE;
use crate::words::{counted, listed, short_date};

/// Who is asked to answer a page of questions, and the form that gives it to somebody.
#[derive(Clone, Debug, Default)]
pub struct AssigneeForm {
    /// Where it is sent.
    pub action: String,
    /// "Tom Bell is asked to answer this, since 2 April 2026"; empty when nobody is.
    pub present: String,
    /// Who wrote a note to them.
    pub by: String,
    /// The note.
    pub said: String,
    /// Whether the reader is asked.
    pub is_mine: bool,
    /// Those it may be given to.
    pub colleagues: Vec<Item>,
    /// Who is left out of the choice, and why.
    pub left_out: String,
    /// What happens to somebody who is not in the organisation.
    pub address_hint: &'static str,
    /// The words that open the form.
    pub summary: &'static str,
    /// The address as it was typed.
    pub email: String,
    /// The full name as it was typed.
    pub full_name: String,
    /// Whether a full name is needed, because somebody would be invited.
    pub asks_name: bool,
    /// The note as it was typed.
    pub note: String,
    /// Whether the form is open: something is wrong with it.
    pub is_open: bool,
}

impl AssigneeForm {
    /// The form of a page of questions; `None` where questions cannot be given to anybody.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(
        me: &SignedIn,
        setting: &Setting<'_>,
        product: &Product,
        (section, page): (Section, &Group),
    ) -> Result<Option<Self>, Error> {
        let judge = Judge { setting, actor: &me.actor, product };
        if judge.offer(section, page.key()).is_err() {
            return Ok(None);
        }
        let members = me.app.db.members(product.organisation).await?;
        let invitations = me.app.db.invitations(Some(product.organisation)).await?;
        let present = product.assignees.get(page.key());
        let (can, cannot): (Vec<_>, Vec<_>) = members.into_iter().partition(|m| m.role != Some(Membership::Viewer));
        let may_answer = |place: &Place| matches!(place, Place::Supplier(_, role) if *role != Membership::Viewer);
        let waiting = invitations.into_iter().filter(|i| may_answer(&i.place));
        let mut colleagues = vec![Item::new("", "Choose a colleague")];
        colleagues.extend(can.into_iter().map(|m| Item::new(m.person.to_string(), m.name)));
        colleagues.extend(waiting.map(|i| Item::new(i.email, format!("{} (invited)", i.name))));
        let viewers: Vec<String> = cannot.into_iter().map(|m| m.name).collect();
        let left_out = match viewers.len() {
            0 => String::new(),
            _ => format!("{} can read but not answer, so you cannot give it to them", listed(&viewers)),
        };
        let place = Place::Supplier(product.organisation, Membership::Editor);
        Ok(Some(Self {
            action: format!("{}/sections/{section}/questions/{}/assignee", product.address(), page.key()),
            present: present.map(sentence).unwrap_or_default(),
            by: present.map(|a| a.by_name.clone()).unwrap_or_default(),
            said: present.map(|a| a.note.clone()).unwrap_or_default(),
            is_mine: present.is_some_and(|a| a.is_with(me.actor.person())),
            colleagues,
            left_out,
            address_hint: if may_invite(&me.actor, &place).is_ok() {
                "If they are not in your organisation, we’ll invite them as an editor"
            } else {
                "They must be in your organisation. An owner can invite them"
            },
            summary: if present.is_some() { "Ask somebody else to answer this" } else { "Ask a colleague to answer this" },
            ..Self::default()
        }))
    }

    /// The form as it was filled.
    fn filled(mut self, fields: &Fields, asks_name: bool) -> Self {
        let chosen = fields.raw("colleague");
        for item in &mut self.colleagues {
            item.checked = item.value == chosen;
        }
        self.email = fields.text("email");
        self.full_name = fields.text("full-name");
        self.note = fields.text("note");
        Self { asks_name, is_open: true, ..self }
    }
}

fn sentence(assignee: &Assignee) -> String {
    let since = short_date(london_date(assignee.at));
    match &assignee.with {
        With::Colleague(_) => format!("{} is asked to answer this, since {since}.", assignee.name),
        With::Invited(_) => format!("This waits for {}, who was invited and has not joined yet, since {since}.", assignee.name),
    }
}

/// Who was chosen or typed.
fn named(fields: &Fields, problems: &mut Problems) -> Option<Named> {
    let (chosen, typed) = (fields.text("colleague"), fields.text("email"));
    let name = fields.text("full-name");
    if name.chars().count() > 100 {
        problems.add("full-name", "Full name must be 100 characters or less");
    }
    match (chosen.is_empty(), typed.is_empty()) {
        (true, true) => {
            problems.add("colleague", "Choose a colleague or enter an email address");
            None
        }
        (false, false) => {
            problems.add("email", "Choose a colleague or enter an email address, not both");
            None
        }
        (true, false) => problems.take("email", parse::email(&typed)).map(|email| Named::Address(email.to_lowercase(), name)),
        // Somebody who is invited has no identifier yet.
        (false, true) => Some(match Uuid::parse_str(&chosen) {
            Ok(id) => Named::Member(PersonId(id)),
            Err(_) => Named::Address(chosen.to_lowercase(), String::new()),
        }),
    }
}

fn note(fields: &Fields, problems: &mut Problems) -> String {
    let note = fields.text("note");
    if note.chars().count() > NOTE_MAX {
        problems.add("note", format!("Your note must be {NOTE_MAX} characters or less"));
    } else if let Some(found) = parse::secret_in(&note) {
        problems.add("note", parse::secret_error(found));
    }
    note
}

/// Gives a page of questions to a colleague, or takes it back.
pub async fn change(me: SignedIn, path: Path<(String, Section, String)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section, key) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let groups = setting.catalogue.section(section).map(|s| s.groups.as_slice()).unwrap_or_default();
    let page = groups.iter().find(|g| g.key() == key).ok_or(Error::NotFound)?;
    let hub = format!("{}/sections/{section}", product.address());
    let title = capitalised(page.name());
    if fields.raw("act") == "take-back" {
        let question = key.clone();
        me.act(&reference, &Command::Assignee(AssigneeCommand::TakeBack { section, question })).await?;
        return Ok(see_other_with(&me, &hub, &said(format!("“{title}” is with nobody in particular now"))));
    }
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(section, &key)?;
    let mut problems = Problems::default();
    let to = named(&fields, &mut problems);
    let note = note(&fields, &mut problems);
    let mut asks_name = false;
    if let Some(to) = to.filter(|_| problems.is_empty()) {
        let field = if fields.text("email").is_empty() { "colleague" } else { "email" };
        let errand = Errand { section, question: key.clone(), to, note };
        match assign(&me.app.db, &me.app.rules, &me.actor, (&reference, &errand), me.now).await {
            Ok(after) => return Ok(see_other_with(&me, &hub, &said(done(&after, &key, &title)))),
            Err(Error::Refused(refusal @ Refusal::Nameless(_))) => {
                asks_name = true;
                problems.add("full-name", refusal.sentence());
            }
            Err(Error::Refused(refusal @ (Refusal::People(_) | Refusal::Unknown(_)))) => problems.add(field, refusal.sentence()),
            Err(error) => return Err(error),
        }
    }
    asks_name = asks_name || !fields.text("full-name").is_empty();
    let mut template = match open(&me, &product, section, &key).await? {
        Opening::Form(form) => form,
        Opening::Conflict(answer) => return Ok(answer),
    };
    template.assignee = template.assignee.map(|form| form.filled(&fields, asks_name));
    template.frame.problems = problems.0;
    unprocessable(&*template)
}

fn done(after: &Product, key: &str, title: &str) -> String {
    match after.assignees.get(key) {
        Some(Assignee { with: With::Colleague(_), name, .. }) => format!("{name} is asked to answer “{title}”"),
        Some(Assignee { name, .. }) => format!("{name} is invited, and “{title}” waits for them"),
        None => format!("“{title}” is with nobody in particular"),
    }
}

/// "3 questions are with you"; empty for none.
#[must_use]
pub fn with_you(number: u64) -> String {
    match usize::try_from(number).unwrap_or(usize::MAX) {
        0 => String::new(),
        1 => "1 question is with you".to_owned(),
        more => format!("{} are with you", counted(more, "question")),
    }
}

/// A question in the list.
struct Row {
    title: String,
    href: String,
    place: String,
    asked: String,
    note: String,
}

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MineQuery {
    page: u64,
}

#[derive(Template)]
#[template(path = "sections/mine.html")]
struct MinePage {
    frame: Frame,
    heading: String,
    rows: Vec<Row>,
    pages: Pagination,
}

/// The questions that are with the reader, those first that they were given first.
pub async fn mine(me: SignedIn, query: Query<MineQuery>) -> Result<HttpResponse, Error> {
    let page = me.visible().given_questions(query.page).await?;
    let catalogue = me.app.rules.catalogue(me.app.rules.newest())?;
    let row = |given: &GivenQuestion| {
        let section = Section::from_word(&given.section).and_then(|s| catalogue.section(s)).map_or("", |s| s.title.as_str());
        let address = format!("/products/{}", given.reference.to_lowercase());
        Row {
            title: capitalised(&given.title),
            href: format!("{address}/sections/{}/questions/{}", given.section, given.question),
            place: format!("{} – {section}", given.product),
            asked: format!("{} asked you on {}", given.by_name, short_date(london_date(given.at))),
            note: given.note.clone(),
        }
    };
    let template = MinePage {
        frame: me.frame("Questions given to you"),
        heading: format!("Questions given to you ({})", page.total),
        rows: page.rows.iter().map(row).collect(),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| format!("/questions/mine?page={n}")),
    };
    ok(&template)
}
