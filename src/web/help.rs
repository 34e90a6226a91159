//! What anybody may read about the service: help by topic, accessibility, cookies, privacy, contact, keyboard shortcuts.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use chrono::NaiveDate;

use super::ctx::{Anyone, FLASH, session_cookie};
use super::form::MAX_FILE;
use super::frame::Frame;
use super::page::ok;
use super::signing::{ENTRY, ENTRY_TIME};
use crate::error::Error;
use crate::store::session::{IDLE_STAFF, IDLE_SUPPLIER, SESSION_HOURS};
use crate::words;
use crate::words::{long_date, size};

words! {
    /// What help is about, in the order in which it is listed.
    pub enum Topic {
        /// Answering questions and sending sections.
        Answering = "answering",
        /// What a reviewer asks, and how it is answered.
        Feedback = "feedback",
        /// The demonstration.
        Demonstration = "demonstration",
        /// The certificate.
        Certificate = "certificate",
        /// The Connection Agreement.
        Agreement = "agreement",
        /// Dates and working days.
        Dates = "dates",
        /// Files.
        Files = "files",
        /// Accounts and colleagues.
        Accounts = "accounts",
    }
}

impl Topic {
    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Answering => "Answering questions and sending sections",
            Self::Feedback => "Feedback from reviewers",
            Self::Demonstration => "The demonstration",
            Self::Certificate => "The certificate",
            Self::Agreement => "The Connection Agreement",
            Self::Dates => "Dates and working days",
            Self::Files => "Files",
            Self::Accounts => "Accounts and colleagues",
        }
    }
}

/// A link of a list.
struct Link {
    href: String,
    text: &'static str,
}

fn topics() -> Vec<Link> {
    Topic::ALL.iter().map(|t| Link { href: format!("/help/{t}"), text: t.title() }).collect()
}

#[derive(Template)]
#[template(path = "help/index.html")]
struct IndexPage {
    frame: Frame,
    topics: Vec<Link>,
}

/// P72: help, by topic.
pub async fn index(visit: Anyone) -> Result<HttpResponse, Error> {
    ok(&IndexPage { frame: visit.frame("Help"), topics: topics() })
}

#[derive(Template)]
#[template(path = "help/topic.html")]
struct TopicPage {
    frame: Frame,
    topic: Topic,
    others: Vec<Link>,
    most: String,
}

/// Help on one topic.
pub async fn topic(visit: Anyone, word: Path<String>) -> Result<HttpResponse, Error> {
    let topic = Topic::from_word(&word).ok_or(Error::NotFound)?;
    let others = topics().into_iter().filter(|link| link.text != topic.title()).collect();
    ok(&TopicPage { frame: visit.frame(format!("Help: {}", topic.title())), topic, others, most: size(MAX_FILE) })
}

/// A cookie that the service sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieFact {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// When it ends.
    pub lasts: String,
}

/// Every cookie that the service sets when it is reached at an address, and no other.
#[must_use]
pub fn cookies_at(base: &str) -> Vec<CookieFact> {
    let session = format!(
        "When you log out, after {IDLE_SUPPLIER} minutes without a page ({IDLE_STAFF} minutes for the assurance team), or after \
         {SESSION_HOURS} hours"
    );
    vec![
        CookieFact { name: session_cookie(base), purpose: "Keeps you logged in", lasts: session },
        CookieFact {
            name: FLASH,
            purpose: "Carries the message about what you have just done to the next page",
            lasts: "When the next page is shown".to_owned(),
        },
        CookieFact {
            name: ENTRY,
            purpose: "Keeps the page of somebody who signs an agreement open, after they typed the code from their email",
            lasts: format!("After {} hours", ENTRY_TIME.num_hours()),
        },
    ]
}

#[derive(Template)]
#[template(path = "help/cookies.html")]
struct CookiesPage {
    frame: Frame,
    cookies: Vec<CookieFact>,
}

/// The cookies that are set.
pub async fn cookies(visit: Anyone) -> Result<HttpResponse, Error> {
    ok(&CookiesPage { frame: visit.frame("Cookies"), cookies: cookies_at(&visit.app.base) })
}

/// The day on which the accessibility statement was written and the tests behind it ran.
const STATED_ON: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 24);

#[derive(Template)]
#[template(path = "help/accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
    address: String,
    contact: String,
    stated: String,
}

/// The accessibility statement, in the form of the UK public sector.
pub async fn accessibility(visit: Anyone) -> Result<HttpResponse, Error> {
    let template = AccessibilityPage {
        frame: visit.frame("Accessibility statement"),
        address: visit.app.base.clone(),
        contact: contact_of(&visit),
        stated: STATED_ON.map(long_date).unwrap_or_default(),
    };
    ok(&template)
}

/// The address that is read by people; empty in the demonstration.
fn contact_of(visit: &Anyone) -> String {
    if visit.app.is_demo { String::new() } else { visit.app.contact.clone() }
}

#[derive(Template)]
#[template(path = "help/privacy.html")]
struct PrivacyPage {
    frame: Frame,
    contact: String,
}

/// What is stored about people, why, and how long.
pub async fn privacy(visit: Anyone) -> Result<HttpResponse, Error> {
    ok(&PrivacyPage { frame: visit.frame("Privacy"), contact: contact_of(&visit) })
}

#[derive(Template)]
#[template(path = "help/contact.html")]
struct ContactPage {
    frame: Frame,
    contact: String,
    is_demo: bool,
}

/// Whom to ask.
pub async fn contact(visit: Anyone) -> Result<HttpResponse, Error> {
    ok(&ContactPage { frame: visit.frame("Contact"), contact: contact_of(&visit), is_demo: visit.app.is_demo })
}

/// Every keyboard shortcut: the keys, and what they do. `static/shortcuts.js` carries them out.
pub const SHORTCUTS: &[(&str, &str)] = &[
    ("j", "Go to the next question on the page"),
    ("k", "Go to the question before it"),
    ("a", "In a review: accept the answer that you are at"),
    ("m", "In a review: ask for more information about it"),
    ("n", "In a review: go to the next question without a decision"),
    ("/", "Search"),
    ("g then q", "Go to the review queue"),
    ("g then p", "Go to the products"),
    ("?", "See this list"),
];

#[derive(Template)]
#[template(path = "help/shortcuts.html")]
struct ShortcutsPage {
    frame: Frame,
    shortcuts: &'static [(&'static str, &'static str)],
    is_signed_in: bool,
    are_on: bool,
}

/// The keyboard shortcuts, and how to switch them on.
pub async fn shortcuts(visit: Anyone) -> Result<HttpResponse, Error> {
    let template = ShortcutsPage {
        frame: visit.frame("Keyboard shortcuts"),
        shortcuts: SHORTCUTS,
        is_signed_in: visit.actor.is_some(),
        are_on: visit.has_shortcuts,
    };
    ok(&template)
}
