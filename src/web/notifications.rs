//! Notifications: everything that a person was told, unread first, and how they want to hear of each matter.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::page::{ok, unprocessable};
use super::parts::{Item, Pagination};
use super::session::said;
use crate::domain::matter::{How, Matter};
use crate::error::Error;
use crate::store::inbox::{Message, Read};
use crate::store::visible::PAGE;
use crate::words::{counted, date_time};

/// What the address of the inbox may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InboxQuery {
    show: String,
    page: u64,
}

/// One message of the inbox.
struct Row {
    id: String,
    title: String,
    href: String,
    about: String,
    when: String,
    is_read: bool,
}

#[derive(Template)]
#[template(path = "notifications/index.html")]
struct InboxPage {
    frame: Frame,
    heading: String,
    rows: Vec<Row>,
    unread: u64,
    only_unread: bool,
    /// The newest message of the page: what was written later is not marked with the rest.
    until: String,
    pages: Pagination,
}

/// P70: the inbox.
pub async fn index(me: SignedIn, query: Query<InboxQuery>) -> Result<HttpResponse, Error> {
    let only_unread = query.show == "unread";
    let (page, unread) = me.visible().inbox(only_unread, query.page).await?;
    let rows = page.rows.iter().map(|m| row(&me, m)).collect::<Result<Vec<_>, Error>>()?;
    let show = if only_unread { "unread" } else { "all" };
    let template = InboxPage {
        frame: me.frame("Notifications"),
        heading: if unread == 0 { "Notifications".to_owned() } else { format!("Notifications ({unread} unread)") },
        rows,
        unread,
        only_unread,
        until: me.now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| format!("/notifications?show={show}&page={n}")),
    };
    ok(&template)
}

fn row(me: &SignedIn, message: &Message) -> Result<Row, Error> {
    let letter = &message.letter;
    let text = me.app.writer.write(letter)?;
    let link = me.app.writer.address(letter);
    let about = letter.product.as_ref().map(|(reference, name)| format!("{name}, {reference}")).unwrap_or_default();
    Ok(Row {
        id: letter.id.to_string(),
        title: text.subject,
        href: link.strip_prefix(me.app.base.as_str()).unwrap_or("/").to_owned(),
        about,
        when: date_time(letter.created_at),
        is_read: message.is_read,
    })
}

/// Marks one message as read.
pub async fn read(me: SignedIn, path: Path<Uuid>) -> Result<HttpResponse, Error> {
    let Some(person) = me.actor.account() else { return Err(Error::NotFound) };
    me.app.db.mark_read(person, Read::One(*path), me.now).await?;
    Ok(see_other("/notifications"))
}

/// Marks everything as read that was there when the page was opened.
pub async fn read_all(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    let Some(person) = me.actor.account() else { return Err(Error::NotFound) };
    let until = chrono::DateTime::parse_from_rfc3339(&fields.text("until")).map_or(me.now, |at| at.to_utc().min(me.now));
    let number = me.app.db.mark_read(person, Read::Until(until), me.now).await?;
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    Ok(see_other_with(&me, "/notifications", &said(format!("{} marked as read", counted(number, "notification")))))
}

/// One matter with its choices.
struct Choice {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "notifications/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    choices: Vec<Choice>,
    /// Keyboard shortcuts, on or off.
    shortcuts: Vec<Item>,
}

/// P09: how the person wants to hear of each matter, and whether they use keyboard shortcuts.
pub async fn preferences(me: SignedIn) -> Result<HttpResponse, Error> {
    let chosen = me.visible().preferences().await?;
    let chosen = chosen.into_iter().map(|(m, h)| (m, h.word().to_owned())).collect();
    ok(&preferences_page(&me, (&chosen, me.has_shortcuts), Problems::default()))
}

/// The matters that somebody can choose about.
fn matters(me: &SignedIn) -> impl Iterator<Item = Matter> {
    let (is_staff, is_supplier) = (me.actor.is_staff(), !me.actor.memberships().is_empty());
    let concerns = move |m: &Matter| (is_staff && m.concerns(true)) || ((is_supplier || !is_staff) && m.concerns(false));
    Matter::ALL.iter().copied().filter(|m| m.choices().len() > 1).filter(concerns)
}

fn preferences_page(
    me: &SignedIn,
    (chosen, has_shortcuts): (&BTreeMap<Matter, String>, bool),
    problems: Problems,
) -> PreferencesPage {
    let choice = |matter: Matter| {
        let present = chosen.get(&matter).map_or("", String::as_str);
        let items = matter.choices().iter().map(|how| Item::new(how.word(), how.label()).checked(how.word() == present));
        Choice { name: matter.word(), label: matter.label(), hint: matter.hint(), items: items.collect() }
    };
    let choices = matters(me).map(choice).collect();
    let shortcuts = vec![Item::new("on", "Use keyboard shortcuts").checked(has_shortcuts)];
    PreferencesPage { frame: Frame { problems: problems.0, ..me.frame("Preferences") }, choices, shortcuts }
}

/// Saves what was chosen.
pub async fn prefer(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    let Some(person) = me.actor.account() else { return Err(Error::NotFound) };
    let (mut chosen, mut typed, mut problems) = (BTreeMap::new(), BTreeMap::new(), Problems::default());
    for matter in matters(&me) {
        let word = fields.text(matter.word());
        let how = How::from_word(&word);
        typed.insert(matter, word);
        match how.filter(|how| matter.choices().contains(how)) {
            Some(how) => {
                chosen.insert(matter, how);
            }
            None => problems.add(matter.word(), format!("Select how you want to hear of “{}”", matter.label())),
        }
    }
    if !problems.is_empty() {
        return unprocessable(&preferences_page(&me, (&typed, fields.has("shortcuts")), problems));
    }
    me.app.db.prefer(person, &chosen, fields.has("shortcuts")).await?;
    Ok(see_other_with(&me, "/account/preferences", &said("Your choices have been saved")))
}
