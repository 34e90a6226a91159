//! Messages: the threads that wait, the threads of a product, and the form that starts one.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::due_view::left;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::Pagination;
use super::place::Place;
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::domain::thread::{Judge, SUBJECT_MAX, TEXT_MAX, Thread, ThreadCommand, ThreadState};
use crate::domain::words::ThreadId;
use crate::error::Error;
use crate::secret::new_id;
use crate::store::thread::{ThreadFilter, ThreadRow};
use crate::store::visible::{PAGE, Page};
use crate::words::{counted, date_time, long_date};

pub mod talk;

/// What the address of the list may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    show: String,
    page: u64,
}

/// A thread in a list.
struct Row {
    subject: String,
    href: String,
    product: String,
    about: String,
    tag: String,
    look: &'static str,
    promise: String,
}

/// The word and the colour of a thread's state, and its promise, for the person who reads.
struct Standing {
    tag: String,
    look: &'static str,
    promise: String,
}

impl Standing {
    fn of(me: &SignedIn, thread: &Thread) -> Self {
        let is_staff = me.actor.is_staff();
        let late = thread.reply_by.is_some_and(|by| by < me.today());
        let promise = match (thread.reply_by, is_staff, late) {
            (None, ..) => String::new(),
            (Some(by), true, _) => format!("Reply by {}", long_date(by)),
            (Some(by), false, false) => format!("We reply by {}", long_date(by)),
            (Some(by), false, true) => format!("Reply was due by {}. We’re sorry", long_date(by)),
        };
        let (tag, look) = match (thread.state, thread.reply_by) {
            (ThreadState::WithTeam, Some(by)) if is_staff => left(by, me.app.rules.calendar(), me.today()),
            (ThreadState::WithTeam, _) => ("With us".to_owned(), "purple"),
            (ThreadState::WithSupplier, _) if is_staff => ("With the supplier".to_owned(), "white"),
            (ThreadState::WithSupplier, _) => ("Your turn".to_owned(), "orange"),
            (ThreadState::Answered | ThreadState::New, _) => ("Answered".to_owned(), "plain"),
        };
        Self { tag, look, promise }
    }
}

fn row(me: &SignedIn, row: &ThreadRow) -> Row {
    let Standing { tag, look, promise } = Standing::of(me, &row.thread);
    let number = counted(usize::try_from(row.thread.messages).unwrap_or_default(), "message");
    let whose = if me.actor.is_staff() { format!("{}. ", row.organisation) } else { String::new() };
    Row {
        subject: row.thread.subject.clone(),
        href: format!("/products/{}/messages/{}", row.reference.to_lowercase(), row.thread.id),
        product: format!("{}, {}", row.product, row.reference),
        about: format!("{whose}{number}, the last on {}", date_time(row.thread.last.1)),
        tag,
        look,
        promise,
    }
}

/// A tab of the list: words, address, whether it is open.
type Tab = (&'static str, String, bool);

#[derive(Template)]
#[template(path = "messages/index.html")]
struct IndexPage {
    frame: Frame,
    heading: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pages: Pagination,
    is_staff: bool,
}

const fn words_of(state: Option<ThreadState>, is_staff: bool) -> &'static str {
    match (state, is_staff) {
        (Some(ThreadState::WithTeam), true) => "Waiting for us",
        (Some(ThreadState::WithTeam), false) => "With the assurance team",
        (Some(ThreadState::WithSupplier), true) => "Waiting for suppliers",
        (Some(ThreadState::WithSupplier), false) => "Your turn",
        (Some(ThreadState::Answered | ThreadState::New), _) => "Answered",
        (None, _) => "All",
    }
}

/// P73: all threads that the person sees; for the assurance team those that wait for it come first.
pub async fn index(me: SignedIn, query: Query<ListQuery>) -> Result<HttpResponse, Error> {
    let is_staff = me.actor.sees_all();
    if !is_staff && me.actor.memberships().is_empty() {
        return Err(Error::NotFound);
    }
    let (ours, theirs, answered) = (Some(ThreadState::WithTeam), Some(ThreadState::WithSupplier), Some(ThreadState::Answered));
    let choices = if is_staff { [ours, theirs, answered, None] } else { [None, theirs, ours, answered] };
    let word = |state: &Option<ThreadState>| state.map_or("all", ThreadState::word);
    let state = choices.iter().find(|s| word(s) == query.show).or(choices.first()).copied().flatten();
    let page = me.visible().threads(&ThreadFilter { product: None, state, page: query.page }).await?;
    let address = |state: &Option<ThreadState>| format!("/messages?show={}", word(state));
    let here = address(&state);
    let template = IndexPage {
        frame: me.frame("Messages"),
        heading: if is_staff && state == Some(ThreadState::WithTeam) {
            format!("Messages ({} waiting for us)", page.total)
        } else {
            "Messages".to_owned()
        },
        tabs: choices.iter().map(|s| (words_of(*s, is_staff), address(s), *s == state)).collect(),
        rows: page.rows.iter().map(|r| row(&me, r)).collect(),
        pages: pages(&page, &here),
        is_staff,
    };
    ok(&template)
}

fn pages<T>(page: &Page<T>, address: &str) -> Pagination {
    let mark = if address.contains('?') { '&' } else { '?' };
    Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| format!("{address}{mark}page={n}"))
}

#[derive(Template)]
#[template(path = "messages/product.html")]
struct ProductPage {
    frame: Frame,
    place: Place,
    rows: Vec<Row>,
    pages: Pagination,
    /// Made once for each form, so that one that is sent twice starts one thread.
    thread: String,
    subject: String,
    text: String,
    can_write: bool,
    is_supplier: bool,
}

async fn product_page(
    me: &SignedIn,
    product: &Product,
    page: u64,
    (fields, problems): (&Fields, Problems),
) -> Result<ProductPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let page = me.visible().threads(&ThreadFilter { product: Some(product.id), state: None, page }).await?;
    let title = format!("Messages – {}", product.facts.name);
    Ok(ProductPage {
        frame: Frame { problems: problems.0, ..me.frame(title) },
        place: Place::new(me, product, &product.given(setting.catalogue, me.today()), "messages"),
        rows: page.rows.iter().map(|r| row(me, r)).collect(),
        pages: pages(&page, &format!("{}/messages", product.address())),
        thread: identifier(fields, "thread").unwrap_or_else(new_id).to_string(),
        subject: fields.text("subject"),
        text: fields.text("text"),
        can_write: judge.offer_writing(None).is_ok(),
        is_supplier: me.actor.in_organisation(product.organisation).is_some(),
    })
}

/// An identifier that a form carries.
fn identifier(fields: &Fields, name: &str) -> Option<Uuid> {
    fields.raw(name).parse().ok()
}

fn identified(fields: &Fields, name: &str) -> Result<Uuid, Error> {
    identifier(fields, name).ok_or_else(|| Error::Bad(format!("the form carries no {name}")))
}

/// The text of a message, with what is wrong with it.
fn text(problems: &mut Problems, fields: &Fields) -> String {
    problems.line(fields, "text", ("Enter your message", TEXT_MAX))
}

/// The threads of a product, and the form to start one.
pub async fn show(me: SignedIn, path: Path<String>, query: Query<ListQuery>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    ok(&product_page(&me, &product, query.page, (&Fields::default(), Problems::default())).await?)
}

/// Starts a thread.
pub async fn start(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer_writing(None)?;
    let mut problems = Problems::default();
    let subject = problems.line(&fields, "subject", ("Enter a subject", SUBJECT_MAX));
    let text = text(&mut problems, &fields);
    if !problems.is_empty() {
        return unprocessable(&product_page(&me, &product, 1, (&fields, problems)).await?);
    }
    let thread = ThreadId(identified(&fields, "thread")?);
    let command = Command::Thread(ThreadCommand::Start { thread, subject, text });
    let product = me.act(&product.reference, &command).await?;
    Ok(sent(&me, &product, thread))
}

/// Back to a thread after something was written in it.
fn sent(me: &SignedIn, product: &Product, thread: ThreadId) -> HttpResponse {
    let by = product.threads.iter().find(|t| t.id == thread).and_then(|t| t.reply_by);
    let is_ours = me.actor.in_organisation(product.organisation).is_some();
    let text = by.filter(|_| is_ours).map(|by| format!("We’ll answer by {}.", long_date(by))).unwrap_or_default();
    let flash = Flash { title: "Your message has been sent".to_owned(), text, link: None };
    see_other_with(me, &format!("{}/messages/{thread}", product.address()), &flash)
}
