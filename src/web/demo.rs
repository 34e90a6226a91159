//! Pages that only the demonstration has: becoming one of its people, and reading its e-mail.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::admin::{Paging, pages};
use super::ctx::{Anyone, see_other};
use super::form::Fields;
use super::frame::Frame;
use super::page::ok;
use super::parts::Pagination;
use super::session::let_in;
use crate::error::Error;
use crate::store::outbox::Letter;
use crate::words;

#[derive(Template)]
#[template(path = "demo/mail.html")]
struct MailPage {
    frame: Frame,
    letters: Vec<LetterView>,
    only_links: bool,
    pages: Pagination,
}

/// An e-mail as it would be sent.
struct LetterView {
    subject: String,
    to: String,
    when: String,
    lines: Vec<Line>,
}

/// A line of an e-mail: its words, then the link that it may end with.
struct Line {
    text: String,
    href: String,
}

impl Line {
    fn new(line: &str, base: &str) -> Self {
        match line.find(base) {
            Some(at) => {
                let (text, ending) = line.split_at(at);
                let (href, rest) = ending.split_once(' ').unwrap_or((ending, ""));
                Self { text: format!("{text}{rest}"), href: href.to_owned() }
            }
            None => Self { text: line.to_owned(), href: String::new() },
        }
    }
}

fn shown(visit: &Anyone, letter: &Letter) -> Result<LetterView, Error> {
    let text = visit.app.writer.write(letter)?;
    Ok(LetterView {
        subject: text.subject,
        to: format!("{}, {}", letter.name, letter.email),
        when: words::date_time(letter.created_at),
        lines: text.body.lines().map(|l| Line::new(l, &visit.app.writer.base)).collect(),
    })
}

/// Which e-mails.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MailQuery {
    only: String,
}

/// The e-mails that the service would have sent, newest first; or only those with a personal link or a code.
pub async fn mail(visit: Anyone, query: Query<MailQuery>, paging: Query<Paging>) -> Result<HttpResponse, Error> {
    if !visit.app.is_demo {
        return Err(Error::NotFound);
    }
    let only_links = query.only == "links";
    let db = &visit.app.db;
    let page = if only_links { db.mail_with_links(paging.number()).await? } else { db.all_mail(paging.number()).await? };
    let letters = page.rows.iter().map(|l| shown(&visit, l)).collect::<Result<_, _>>()?;
    let address = if only_links { "/demo/mail?only=links" } else { "/demo/mail" };
    ok(&MailPage { frame: visit.frame("Emails of the demonstration"), letters, only_links, pages: pages(&page, address) })
}

/// Becomes one of the demonstration's people.
pub async fn login(visit: Anyone, fields: Fields) -> Result<HttpResponse, Error> {
    if !visit.app.is_demo {
        return Err(Error::NotFound);
    }
    let chosen = fields.raw("person");
    let person = visit.app.demo_people.iter().find(|(id, ..)| id.to_string() == chosen).ok_or(Error::NotFound)?.0;
    let_in(&visit, person, see_other("/")).await
}
