//! Logging in and out, and choosing a new password.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, ResponseError as _};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{Anyone, cookie, see_other, see_other_with, session_cookie};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use crate::domain::account::{PASSWORD_MIN, RESET_MINUTES, check_password};
use crate::domain::parse;
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::secret::new_token;
use crate::store::account::Member;
use crate::words;

/// A wait is over when its minute is: times are shown without seconds.
const FULL_MINUTE: TimeDelta = TimeDelta::seconds(59);
/// Most bytes of a password that are worked on.
const PASSWORD_BYTES: usize = 1_024;

/// Where somebody was before they had to log in.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "session/login.html")]
struct LoginPage {
    frame: Frame,
    email: String,
    next: String,
    /// Whether what they sent waits for them to log in.
    has_kept: bool,
    /// People who can be chosen in the demonstration: identifier, name, what they do.
    people: Vec<(String, String, String)>,
}

impl LoginPage {
    async fn new(visit: &Anyone, fields: &Fields, problems: Problems) -> Result<Self, Error> {
        let has_kept = match (&visit.actor, &visit.token) {
            (None, Some(token)) => visit.app.db.has_kept(token, visit.now).await?,
            (Some(_), _) | (None, None) => false,
        };
        let people = if visit.app.is_demo { visit.app.demo_people.as_slice() } else { &[] };
        Ok(Self {
            frame: Frame { problems: problems.0, ..visit.frame("Log in") },
            email: fields.text("email"),
            next: within(fields.raw("next")).to_owned(),
            has_kept,
            people: people.iter().map(|(id, name, what)| (id.to_string(), name.clone(), what.clone())).collect(),
        })
    }
}

/// The log-in page.
pub async fn login_form(visit: Anyone, query: Query<Next>) -> Result<HttpResponse, Error> {
    if visit.actor.is_some() && !visit.app.is_demo {
        return Ok(see_other(within(&query.next)));
    }
    let mut fields = Fields::default();
    fields.push("next", query.into_inner().next);
    ok(&LoginPage::new(&visit, &fields, Problems::default()).await?)
}

/// Logs somebody in. Nobody learns whether the address or the password was wrong.
pub async fn login(visit: Anyone, fields: Fields) -> Result<HttpResponse, Error> {
    let mut problems = Problems::default();
    let email = problems.line(&fields, "email", ("Enter your email address", 254));
    let password = fields.raw("password").to_owned();
    if password.is_empty() {
        problems.add("password", "Enter your password");
    }
    if !problems.is_empty() {
        return unprocessable(&LoginPage::new(&visit, &fields, problems).await?);
    }
    match admit(&visit, &email, password).await {
        Ok(person) => let_in(&visit, person, see_other(within(fields.raw("next")))).await,
        Err(error @ Error::TooMany(until)) => {
            problems.add("", format!("You've tried too many times. Try again at {}", words::time(until + FULL_MINUTE)));
            let mut response = page(error.status_code(), &LoginPage::new(&visit, &fields, problems).await?)?;
            let moment = until.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_str(&moment).map_err(anyhow::Error::from)?);
            Ok(response)
        }
        Err(Error::NotFound) => {
            problems.add("email", "The email address or password is not right");
            unprocessable(&LoginPage::new(&visit, &fields, problems).await?)
        }
        Err(other) => Err(other),
    }
}

/// The person of an address and its password; not found for either being wrong.
async fn admit(visit: &Anyone, email: &str, password: String) -> Result<PersonId, Error> {
    let (app, now) = (&visit.app, visit.now);
    if password.len() > PASSWORD_BYTES {
        return Err(Error::NotFound);
    }
    let (person, hash) = app.db.person_by_email(email).await?.unzip();
    if let Some(person) = person
        && let Some(until) = app.db.locked_until(person, now).await?
    {
        return Err(Error::TooMany(until));
    }
    let is_right = app.passwords.matches(password, hash.flatten()).await?;
    match person {
        Some(person) if is_right => Ok(person),
        Some(person) => Err(app.db.log_in_failed(person, now).await?.map_or(Error::NotFound, Error::TooMany)),
        None => Err(Error::NotFound),
    }
}

/// Starts a session with a new token, ends the one before, and sends its cookie with an answer. Somebody for whom
/// something was kept that they had typed is sent to it.
pub async fn let_in(visit: &Anyone, person: PersonId, mut answer: HttpResponse) -> Result<HttpResponse, Error> {
    if let Some(old) = &visit.token {
        visit.app.db.log_out(old).await?;
    }
    let token = new_token()?;
    visit.app.db.log_in(person, &token, visit.now).await?;
    match visit.app.db.claim_kept(person, visit.token.as_deref(), visit.now).await?.as_slice() {
        [] => {}
        [only] => answer = see_other(only),
        [_, ..] => answer = see_other("/drafts"),
    }
    let base = &visit.app.base;
    answer.add_cookie(&cookie(base, session_cookie(base), token)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// Logs out, and has the browser forget the pages that it kept.
pub async fn logout(visit: Anyone) -> Result<HttpResponse, Error> {
    if let Some(token) = &visit.token {
        visit.app.db.log_out(token).await?;
    }
    let base = &visit.app.base;
    let mut response = see_other_with(&visit, "/login", &said("You're logged out"));
    let mut gone = cookie(base, session_cookie(base), String::new());
    gone.make_removal();
    response.add_cookie(&gone).map_err(anyhow::Error::from)?;
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// A banner of one sentence.
pub fn said(title: impl Into<String>) -> Flash {
    Flash { title: title.into(), text: String::new(), link: None }
}

/// An address within the service, or the home page.
fn within(next: &str) -> &str {
    let is_ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t', '\0']);
    if is_ours { next } else { "/" }
}

/// Whether the link has been asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    sent: bool,
}

#[derive(Template)]
#[template(path = "session/forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    email: String,
}

#[derive(Template)]
#[template(path = "session/sent.html")]
struct SentPage {
    frame: Frame,
    minutes: i64,
}

/// Asks for an address, or says that a link is on its way.
pub async fn forgotten_form(visit: Anyone, query: Query<Asked>) -> Result<HttpResponse, Error> {
    if query.sent {
        return ok(&SentPage { frame: visit.frame("Check your email"), minutes: RESET_MINUTES });
    }
    ok(&ForgottenPage { frame: visit.frame("Forgotten your password?"), email: String::new() })
}

/// Sends a link to an address, if somebody has it. The answer is the same if nobody does.
pub async fn forgotten(visit: Anyone, fields: Fields) -> Result<HttpResponse, Error> {
    let mut problems = Problems::default();
    let typed = problems.line(&fields, "email", ("Enter your email address", 254));
    let email = if problems.is_empty() { problems.take("email", parse::email(&typed)) } else { None };
    let Some(email) = email else {
        let frame = Frame { problems: problems.0, ..visit.frame("Forgotten your password?") };
        return unprocessable(&ForgottenPage { frame, email: typed });
    };
    visit.app.db.ask_reset(&email, visit.now).await?;
    Ok(see_other("/forgotten-password?sent=true"))
}

#[derive(Template)]
#[template(path = "session/reset.html")]
struct ResetPage {
    frame: Frame,
    least: usize,
    name: String,
    email: String,
}

impl ResetPage {
    fn new(visit: &Anyone, member: Member, problems: Problems) -> Self {
        let frame = Frame { problems: problems.0, ..visit.frame("Choose a new password") };
        Self { frame, least: PASSWORD_MIN, name: member.name, email: member.email }
    }
}

#[derive(Template)]
#[template(path = "session/reset_gone.html")]
struct ResetGonePage {
    frame: Frame,
}

fn reset_gone(visit: &Anyone) -> Result<HttpResponse, Error> {
    page(StatusCode::GONE, &ResetGonePage { frame: visit.frame("This link cannot be used") })
}

async fn open_reset(visit: &Anyone, token: &str) -> Result<(Uuid, Option<Member>), Error> {
    let id = visit.app.links.verify("reset", token).ok_or(Error::NotFound)?;
    Ok((id, visit.app.db.open_reset(id, visit.now).await?))
}

/// Asks for a new password.
pub async fn reset_form(visit: Anyone, token: Path<String>) -> Result<HttpResponse, Error> {
    match open_reset(&visit, &token).await? {
        (_, Some(member)) => ok(&ResetPage::new(&visit, member, Problems::default())),
        (_, None) => reset_gone(&visit),
    }
}

/// Sets a new password; the link is used up and every session of the person ends.
pub async fn reset(visit: Anyone, token: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let (id, Some(member)) = open_reset(&visit, &token).await? else { return reset_gone(&visit) };
    let mut problems = Problems::default();
    let Some(password) = new_password(&mut problems, &fields, (&member.name, &member.email)) else {
        return unprocessable(&ResetPage::new(&visit, member, problems));
    };
    let hash = visit.app.passwords.hash(password).await?;
    match visit.app.db.use_reset(id, hash, visit.now).await {
        Ok(()) => Ok(see_other_with(&visit, "/login", &said("Your password has been changed"))),
        Err(Error::NotFound) => reset_gone(&visit),
        Err(other) => Err(other),
    }
}

/// A password that may be chosen by a person, or the problem with it.
pub fn new_password(problems: &mut Problems, fields: &Fields, (name, email): (&str, &str)) -> Option<String> {
    let password = fields.raw("password").to_owned();
    let checked = if password.is_empty() { Err("Enter a password".to_owned()) } else { check_password(&password, name, email) };
    problems.take("password", checked)?;
    Some(password)
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn after_log_in_nobody_leaves_the_service() {
        for (next, goes) in [
            ("/products", "/products"),
            ("/products/c2a-1001?page=2", "/products/c2a-1001?page=2"),
            ("", "/"),
            ("//elsewhere.example", "/"),
            ("/\\elsewhere.example", "/"),
            ("/\t/elsewhere.example", "/"),
            ("https://elsewhere.example", "/"),
            ("products", "/"),
            ("/a\r\nset-cookie: b", "/"),
        ] {
            assert_eq!(within(next), goes, "{next:?}");
        }
    }
}
