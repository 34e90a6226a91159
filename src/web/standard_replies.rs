//! The texts that reviewers start from: a list of them, adding, changing and retiring.

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
use super::session::said;
use crate::domain::catalogue::Catalogue;
use crate::domain::parse::capitalised;
use crate::domain::refusal::Refusal;
use crate::domain::standard_reply::{LONGEST, StandardReply};
use crate::domain::words::StandardReplyId;
use crate::error::Error;
use crate::store::visible::PAGE;
use crate::words::{counted, short_date};

/// The address of the list.
pub const ADDRESS: &str = "/standard-replies";

/// Which list and which page of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    show: String,
    page: u64,
}

/// One text of the list.
struct Row {
    body: String,
    about: String,
    uses: String,
    by: String,
    /// The address of its form; empty for those who may not change it.
    href: String,
}

#[derive(Template)]
#[template(path = "standard_replies/index.html")]
struct ListPage {
    frame: Frame,
    heading: String,
    is_retired: bool,
    rows: Vec<Row>,
    pages: Pagination,
    questions: Vec<Item>,
    body: String,
}

#[derive(Template)]
#[template(path = "standard_replies/show.html")]
struct ReplyPage {
    frame: Frame,
    address: String,
    questions: Vec<Item>,
    body: String,
    uses: String,
}

/// What people call a question: its section and its name.
pub(super) fn about(catalogue: &Catalogue, key: Option<&str>) -> String {
    let Some(key) = key else { return "Any question".to_owned() };
    let found = catalogue.find(key).and_then(|(section, question)| {
        let text = catalogue.section(section)?;
        Some(format!("{}: {}", capitalised(&text.short), question.name))
    });
    found.unwrap_or_else(|| key.to_owned())
}

/// All questions to choose from, any question first.
fn questions(catalogue: &Catalogue, chosen: &str) -> Vec<Item> {
    let all = catalogue.questions().map(|(_, q)| q.key.as_str());
    let item = |key: &str| Item::new(key, about(catalogue, Some(key))).checked(key == chosen);
    [Item::new("", "Any question").checked(chosen.is_empty())].into_iter().chain(all.map(item)).collect()
}

fn newest(me: &SignedIn) -> Result<&Catalogue, Error> {
    me.app.rules.catalogue(me.app.rules.newest())
}

async fn list_page(me: &SignedIn, query: &ListQuery, typed: &Fields, problems: Problems) -> Result<ListPage, Error> {
    let catalogue = newest(me)?;
    let is_retired = query.show == "retired";
    let page = me.visible().standard_replies(is_retired, query.page).await?;
    let row = |reply: StandardReply| Row {
        about: about(catalogue, reply.question.as_deref()),
        uses: counted(usize::try_from(reply.uses).unwrap_or_default(), "time"),
        by: match reply.retired_at {
            Some(at) => format!("{}, retired {}", reply.by_name, short_date(crate::domain::calendar::london_date(at))),
            None => format!("{}, {}", reply.by_name, short_date(crate::domain::calendar::london_date(reply.added_at))),
        },
        href: if !is_retired && reply.may_change(&me.actor) { format!("{ADDRESS}/{}", reply.id) } else { String::new() },
        body: reply.body,
    };
    let show = if is_retired { "show=retired&" } else { "" };
    let heading = if is_retired { "Retired standard replies" } else { "Standard replies" };
    Ok(ListPage {
        frame: Frame { problems: problems.0, ..me.frame(heading) },
        heading: format!("{heading} ({})", page.total),
        is_retired,
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| format!("{ADDRESS}?{show}page={n}")),
        rows: page.rows.into_iter().map(row).collect(),
        questions: questions(catalogue, typed.raw("question")),
        body: typed.raw("body").to_owned(),
    })
}

/// P64: the texts in use, or those that were retired.
pub async fn index(me: SignedIn, query: Query<ListQuery>) -> Result<HttpResponse, Error> {
    ok(&list_page(&me, &query, &Fields::default(), Problems::default()).await?)
}

/// The question and the text as typed, with what is wrong with them.
fn typed(catalogue: &Catalogue, fields: &Fields) -> Result<(Option<String>, String, Problems), Error> {
    let mut problems = Problems::default();
    let body = problems.line(fields, "body", ("Enter the text that reviewers start from", LONGEST));
    let question = Some(fields.text("question")).filter(|key| !key.is_empty());
    if question.as_ref().is_some_and(|key| catalogue.find(key).is_none()) {
        return Err(Error::Bad("a standard reply for a question that is not there".to_owned()));
    }
    Ok((question, body, problems))
}

/// Adds a text.
pub async fn add(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    let (question, body, mut problems) = typed(newest(&me)?, &fields)?;
    if problems.is_empty() {
        if me.app.db.add_standard_reply(&me.actor, (question.as_deref(), &body), me.now).await? {
            return Ok(see_other_with(&me, ADDRESS, &said("The standard reply is saved")));
        }
        problems.add("body", "There is a standard reply with this text already");
    }
    unprocessable(&list_page(&me, &ListQuery::default(), &fields, problems).await?)
}

async fn reply_page(me: &SignedIn, id: Uuid, typed: Option<&Fields>, problems: Problems) -> Result<ReplyPage, Error> {
    let reply = me.visible().standard_reply(StandardReplyId(id)).await?;
    if !reply.may_change(&me.actor) {
        return Err(Refusal::NotYours.into());
    }
    let question = typed.map_or_else(|| reply.question.clone().unwrap_or_default(), |t| t.text("question"));
    Ok(ReplyPage {
        frame: Frame { problems: problems.0, ..me.frame("Change a standard reply") },
        address: format!("{ADDRESS}/{id}"),
        questions: questions(newest(me)?, &question),
        body: typed.map_or(reply.body, |t| t.raw("body").to_owned()),
        uses: counted(usize::try_from(reply.uses).unwrap_or_default(), "time"),
    })
}

/// The form to change or retire a text.
pub async fn show(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    ok(&reply_page(&me, *id, None, Problems::default()).await?)
}

/// Changes a text.
pub async fn change(me: SignedIn, id: Path<Uuid>, fields: Fields) -> Result<HttpResponse, Error> {
    let page = reply_page(&me, *id, Some(&fields), Problems::default()).await?;
    let (question, body, mut problems) = typed(newest(&me)?, &fields)?;
    if problems.is_empty() {
        let of = (question.as_deref(), body.as_str());
        match me.app.db.change_standard_reply(&me.actor, StandardReplyId(*id), of, me.now).await {
            Err(Error::Refused(Refusal::People(sentence))) => problems.add("body", sentence),
            other => {
                other?;
                return Ok(see_other_with(&me, ADDRESS, &said("The standard reply is changed")));
            }
        }
    }
    unprocessable(&ReplyPage { frame: Frame { problems: problems.0, ..page.frame }, ..page })
}

/// Retires a text.
pub async fn retire(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    me.app.db.retire_standard_reply(&me.actor, StandardReplyId(*id), me.now).await?;
    Ok(see_other_with(&me, ADDRESS, &said("The standard reply is retired")))
}
