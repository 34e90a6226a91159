//! One thread: its messages in the order in which they were written, and the form that adds one.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::super::ctx::{SignedIn, see_other_with};
use super::super::due_view::DueView;
use super::super::form::{Fields, Problems};
use super::super::frame::Frame;
use super::super::page::{ok, page, unprocessable};
use super::super::parts::Pagination;
use super::super::place::Place;
use super::super::session::said;
use super::{Standing, identified, identifier, pages, sent, text};
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::reminder::promises::expected_again;
use crate::domain::thread::{Judge, Side, Thread, ThreadCommand, ThreadState};
use crate::domain::words::{MessageId, PersonId, ThreadId};
use crate::error::Error;
use crate::secret::new_id;
use crate::store::thread::Written;
use crate::words::{date_time, long_date};

/// Which page of a thread; nothing is the last one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TalkQuery {
    page: u64,
}

/// A message on the page.
struct Said {
    by: String,
    when: String,
    text: String,
    is_ours: bool,
}

#[derive(Template)]
#[template(path = "messages/thread.html")]
struct ThreadPage {
    frame: Frame,
    place: Place,
    address: String,
    /// The address of all threads of the product.
    list: String,
    subject: String,
    tag: String,
    look: &'static str,
    promise: String,
    /// The new date of a promise that was not kept.
    again: String,
    how: Vec<String>,
    said: Vec<Said>,
    pages: Pagination,
    /// Made once for each form, so that one that is sent twice writes one message.
    message: String,
    seen: String,
    text: String,
    asks: bool,
    can_write: bool,
    can_settle: bool,
    is_supplier: bool,
    /// Whether somebody wrote while the form was open.
    is_conflict: bool,
}

fn find(product: &Product, id: Uuid) -> Result<&Thread, Error> {
    product.threads.iter().find(|t| t.id == ThreadId(id)).ok_or(Error::NotFound)
}

fn heard(written: &Written, names: &BTreeMap<PersonId, String>, mine: Side) -> Said {
    let name = names.get(&written.by).map_or("", String::as_str);
    let side = match written.side {
        Side::Supplier => "supplier",
        Side::Team => "assurance team",
    };
    Said { by: format!("{name}, {side}"), when: date_time(written.at), text: written.text.clone(), is_ours: written.side == mine }
}

async fn view(
    me: &SignedIn,
    product: &Product,
    thread: &Thread,
    number: u64,
    (fields, problems): (&Fields, Problems),
) -> Result<ThreadPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let page = me.visible().messages(thread.id, number).await?;
    let names = me.visible().names(page.rows.iter().map(|m| m.by)).await?;
    let Standing { tag, look, promise } = Standing::of(me, thread);
    let again = thread.reply_by.and_then(|by| expected_again(setting.calendar, by, me.today()));
    let due = thread.due(setting.calendar);
    let how = due.map(|due| DueView::from_start(&due, setting.calendar, me.today(), "This was written on").sentences);
    let address = format!("{}/messages/{}", product.address(), thread.id);
    Ok(ThreadPage {
        frame: Frame { problems: problems.0, ..me.frame(format!("{} – {}", thread.subject, product.facts.name)) },
        place: Place::new(me, product, &product.given(setting.catalogue, me.today()), "messages"),
        list: format!("{}/messages", product.address()),
        subject: thread.subject.clone(),
        tag,
        look,
        promise,
        again: again.map(long_date).unwrap_or_default(),
        how: how.unwrap_or_default(),
        said: page.rows.iter().map(|m| heard(m, &names, judge.side())).collect(),
        pages: pages(&page, &address),
        message: identifier(fields, "message").unwrap_or_else(new_id).to_string(),
        seen: thread.last.0.to_string(),
        text: fields.text("text"),
        asks: fields.has("asks"),
        can_write: judge.offer_writing(Some(thread)).is_ok(),
        can_settle: judge.offer_settling(thread).is_ok(),
        is_supplier: judge.side() == Side::Supplier,
        is_conflict: false,
        address,
    })
}

/// A thread of a product.
pub async fn show(me: SignedIn, path: Path<(String, Uuid)>, query: Query<TalkQuery>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path.0).await?;
    let thread = find(&product, path.1)?;
    ok(&view(&me, &product, thread, query.page, (&Fields::default(), Problems::default())).await?)
}

/// Writes in a thread.
pub async fn write(me: SignedIn, path: Path<(String, Uuid)>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path.0).await?;
    let thread = find(&product, path.1)?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer_writing(Some(thread))?;
    let mut problems = Problems::default();
    let text = text(&mut problems, &fields);
    if !problems.is_empty() {
        return unprocessable(&view(&me, &product, thread, 0, (&fields, problems)).await?);
    }
    let command = ThreadCommand::Write {
        thread: thread.id,
        seen: MessageId(identified(&fields, "seen")?),
        message: (MessageId(identified(&fields, "message")?), text),
        is_question: fields.has("asks"),
    };
    match me.act(&product.reference, &Command::Thread(command)).await {
        Ok(product) => Ok(sent(&me, &product, thread.id)),
        Err(Error::Refused(Refusal::Outdated(_))) => conflict(&me, &path, &fields).await,
        Err(other) => Err(other),
    }
}

/// The thread as it is now, with what was typed in the form.
async fn conflict(me: &SignedIn, path: &(String, Uuid), fields: &Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path.0).await?;
    let thread = find(&product, path.1)?;
    let template = ThreadPage { is_conflict: true, ..view(me, &product, thread, 0, (fields, Problems::default())).await? };
    page(StatusCode::CONFLICT, &template)
}

/// Says that no answer is needed.
pub async fn settle(me: SignedIn, path: Path<(String, Uuid)>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path.0).await?;
    let thread = find(&product, path.1)?;
    let address = format!("{}/messages/{}", product.address(), thread.id);
    let is_settled = thread.state == ThreadState::Answered;
    if !is_settled {
        let setting = me.app.rules.setting(&product, me.now)?;
        Judge { setting: &setting, actor: &me.actor, product: &product }.offer_settling(thread)?;
        let command = ThreadCommand::Settle { thread: thread.id, seen: MessageId(identified(&fields, "seen")?) };
        me.act(&product.reference, &Command::Thread(command)).await?;
    }
    Ok(see_other_with(&me, &address, &said("This is marked as answered")))
}
