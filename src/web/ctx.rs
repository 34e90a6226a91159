//! All that a handler is given: who asks, when, and the way to rules, store and pages.

use std::cell::RefCell;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::LocalBoxFuture;

use super::App;
use super::frame::{Flash, Frame, NavItem};
use super::security::is_from_us;
use crate::act;
use crate::domain::actor::{Actor, Duty};
use crate::domain::calendar::london_date;
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::error::Error;
use crate::store::visible::Visible;

/// A request by anybody.
pub struct Anyone {
    /// What handlers share.
    pub app: Data<App>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    /// Who asks, if somebody is logged in.
    pub actor: Option<Actor>,
    /// How many messages they have not read.
    pub unread: u64,
    /// Whether they switched keyboard shortcuts on.
    pub has_shortcuts: bool,
    /// The session's token, if there is one.
    pub token: Option<String>,
    /// When the session ends if nothing more is asked for.
    pub ends_at: Option<DateTime<Utc>>,
    /// The address that was asked for.
    pub path: String,
    flash: RefCell<Option<Flash>>,
}

/// A request by somebody who is logged in.
pub struct SignedIn {
    /// The request.
    pub visit: Anyone,
    /// Who asks.
    pub actor: Actor,
}

impl std::ops::Deref for SignedIn {
    type Target = Anyone;

    fn deref(&self) -> &Anyone {
        &self.visit
    }
}

/// What the page of an error needs to look like the others; kept with the request.
#[derive(Clone)]
pub struct Around {
    frame: Frame,
}

impl Around {
    /// A frame with the navigation of the person who asks.
    #[must_use]
    pub fn frame(&self, title: &str) -> Frame {
        Frame { title: title.to_owned(), ..self.frame.clone() }
    }
}

impl Anyone {
    /// Today in Europe/London.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        london_date(self.now)
    }

    /// The frame of a page. The banner of the last action is shown once.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let frame = frame_of(&self.app, (self.actor.as_ref(), self.unread), &self.path);
        let session_left = self.ends_at.map(|at| (at - self.now).num_seconds());
        let (flash, has_shortcuts) = (self.flash.borrow_mut().take(), self.has_shortcuts);
        Frame { title: title.into(), flash, has_shortcuts, session_left, ..frame }
    }
}

impl SignedIn {
    /// The request of somebody who is logged in.
    ///
    /// # Errors
    /// [`Error::SignedOut`] for nobody.
    pub fn new(visit: Anyone) -> Result<Self, Error> {
        let actor = visit.actor.clone().ok_or(Error::SignedOut)?;
        Ok(Self { visit, actor })
    }

    /// What the person may see.
    #[must_use]
    pub fn visible(&self) -> Visible<'_> {
        self.app.db.visible(&self.actor)
    }

    /// Loads, decides and commits.
    ///
    /// # Errors
    /// As [`act::act`].
    pub async fn act(&self, reference: &str, command: &Command) -> Result<Product, Error> {
        act::act(&self.app.db, &self.app.rules, &self.actor, (reference, command), self.now).await
    }
}

fn frame_of(app: &App, (actor, unread): (Option<&Actor>, u64), path: &str) -> Frame {
    let links = actor.map(navigation).unwrap_or_default();
    let best = links.iter().filter(|(href, _)| path.starts_with(href)).map(|(href, _)| href.len()).max();
    let nav = links.into_iter().map(|(href, text)| {
        let is_current = path.starts_with(href) && Some(href.len()) == best;
        NavItem { text, href, count: None, is_current }
    });
    let person = actor.map(|a| a.name().to_owned());
    Frame { person, unread, nav: nav.collect(), is_demo: app.is_demo, ..Frame::default() }
}

fn navigation(actor: &Actor) -> Vec<(&'static str, &'static str)> {
    let mut links = Vec::new();
    if actor.is(Duty::Manager) {
        links.extend([("/dashboard", "Dashboard"), ("/board", "Timeline board")]);
    }
    if actor.sees_all() {
        links.push(("/queue", "Review queue"));
    }
    if actor.is(Duty::Reviewer) {
        links.push(("/queue/mine", "My reviews"));
        links.push(("/queue/sent-back", "Sent back"));
    }
    if actor.sees_all() {
        links.push(("/demonstrations", "Demonstrations"));
    }
    if actor.is(Duty::Manager) {
        links.push(("/reports/workload", "Workload"));
    }
    if actor.sees_all() || !actor.memberships().is_empty() {
        links.extend([("/products", "Products"), ("/messages", "Messages")]);
    }
    if actor.sees_all() {
        links.push(("/search", "Search"));
    }
    if !actor.memberships().is_empty() {
        links.push(("/organisation", "Your organisation"));
    }
    if actor.sees_all() {
        links.push(("/reports", "Reports"));
    }
    if actor.is(Duty::Administrator) {
        links.extend([("/admin/people", "People"), ("/admin/organisations", "Organisations")]);
        links.extend([("/admin/calendar", "Working days"), ("/admin/mail", "E-mail log")]);
    }
    links
}

/// The name of the session's cookie: bound to the host where the service is reached by https.
#[must_use]
pub fn session_cookie(base: &str) -> &'static str {
    if base.starts_with("https:") { "__Host-sid" } else { "sid" }
}

/// A cookie that scripts cannot read, for this site only.
#[must_use]
pub fn cookie(base: &str, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax).secure(base.starts_with("https:")).finish()
}

/// The cookie that carries the banner to the next page.
pub const FLASH: &str = "flash";

/// A redirect after a post, with a banner for the next page.
#[must_use]
pub fn see_other_with(visit: &Anyone, address: &str, flash: &Flash) -> HttpResponse {
    let (href, words) = flash.link.clone().unwrap_or_default();
    let json = serde_json::to_vec(&[&flash.title, &flash.text, &href, &words]).unwrap_or_default();
    let cookie = cookie(&visit.app.base, FLASH, URL_SAFE_NO_PAD.encode(json));
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).cookie(cookie).finish()
}

/// A redirect after a post.
#[must_use]
pub fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

fn read_flash(req: &HttpRequest) -> Option<Flash> {
    let bytes = URL_SAFE_NO_PAD.decode(req.cookie(FLASH)?.value()).ok()?;
    let [title, text, href, words]: [String; 4] = serde_json::from_slice(&bytes).ok()?;
    // Only addresses of our own: somebody else may have set the cookie.
    let link = (href.starts_with('/') && !href.starts_with("//")).then_some((href, words));
    Some(Flash { title, text, link })
}

/// The token of the session that a request names.
#[must_use]
pub fn token_of(req: &HttpRequest, app: &App) -> Option<String> {
    req.cookie(session_cookie(&app.base)).map(|c| c.value().to_owned())
}

async fn visit(req: HttpRequest) -> Result<Anyone, Error> {
    let app = req.app_data::<Data<App>>().cloned().ok_or(Error::NotFound)?;
    if !is_from_us(&req, &app.base) {
        return Err(Error::CrossSite);
    }
    let now = app.clock.now();
    let token = token_of(&req, &app);
    let found = match &token {
        Some(token) => app.db.session(token, now).await?,
        None => None,
    };
    let (unread, has_shortcuts) = found.as_ref().map_or((0, false), |session| (session.unread, session.has_shortcuts));
    let ends_at = found.as_ref().map(|session| session.ends_at);
    let actor = found.map(|session| session.actor);
    let path = req.path().to_owned();
    req.extensions_mut().insert(Around { frame: frame_of(&app, (actor.as_ref(), unread), &path) });
    let is_page = req.headers().get(HeaderName::from_static("sec-fetch-dest")).is_none_or(|v| v == "document");
    let flash = RefCell::new(if is_page { read_flash(&req) } else { None });
    Ok(Anyone { app, now, actor, unread, has_shortcuts, token, ends_at, path, flash })
}

impl FromRequest for Anyone {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(visit(req.clone()))
    }
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::new(visit(req).await?) })
    }
}
