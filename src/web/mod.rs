//! The web shows: addresses, handlers, forms and pages. It asks `domain` for rules and `store` for rows.

use std::future::Future;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App as ActixApp, Error as ActixError, body::MessageBody};
use tokio_util::task::TaskTracker;

use crate::act::Rules;
use crate::clock::Clock;
use crate::document::signature::KeySet;
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::inspect::Inspector;
use crate::issue::Issuer;
use crate::secret::{LinkKey, Passwords};
use crate::store::Db;
use crate::store::file::Files;
use crate::worker::letter::Writer;

pub mod admin;
pub mod agreement_desk;
pub mod agreement_issue;
pub mod agreement_view;
pub mod agreements;
pub mod alteration;
pub mod answer_view;
pub mod answers;
pub mod assets;
pub mod assignees;
pub mod assignment;
pub mod availability;
pub mod background_checks;
pub mod board;
pub mod bookings;
pub mod calendar;
pub mod calendar_file;
pub mod certificate_check;
pub mod certificate_end;
pub mod certificate_issue;
pub mod certificates;
pub mod chart;
pub mod check_view;
mod coach_view;
pub mod conflict;
pub mod connection;
pub mod ctx;
pub mod dashboard;
pub mod dates;
pub mod deeds;
pub mod demo;
pub mod details;
pub mod diff;
pub mod drafts;
pub mod due_view;
pub mod evidence;
pub mod export;
pub mod feedback;
pub mod files;
pub mod form;
pub mod frame;
pub mod help;
pub mod history;
pub mod home;
pub mod invitations;
pub mod kept;
pub mod live;
pub mod messages;
pub mod next;
pub mod notifications;
pub mod opened;
pub mod organisation;
pub mod outcomes;
pub mod pack;
pub mod packing;
pub mod page;
pub mod parts;
pub mod people;
pub mod place;
pub mod presence;
pub mod products;
pub mod question_view;
pub mod questions;
pub mod queue;
pub mod record;
pub mod reminder;
pub mod reports;
pub mod reuse;
pub mod review_holder;
pub mod review_view;
pub mod reviewers;
pub mod reviews;
pub mod routes;
pub mod rulings;
pub mod run_sheet;
pub mod search;
pub mod sections;
pub mod security;
pub mod sending;
pub mod session;
pub mod signatory;
pub mod signature;
pub mod signing;
pub mod sitting;
pub mod slots;
pub mod standard_replies;
pub mod strip;
pub mod tables;
pub mod tasks;
pub mod versions;
pub mod views;
pub mod wishes;
pub mod workload;
pub mod zip;

/// All that handlers share.
pub struct App {
    /// The database.
    pub db: Db,
    /// Question sets and calendar.
    pub rules: Rules,
    /// The clock.
    pub clock: Clock,
    /// Password hashing.
    pub passwords: Passwords,
    /// Signs links.
    pub links: LinkKey,
    /// Signs certificates.
    pub keys: KeySet,
    /// Uploaded bytes.
    pub files: Files,
    /// The public address, without a slash at its end.
    pub base: String,
    /// The address for people who need help: that of the sender of mail, whose replies are read.
    pub contact: String,
    /// Whether this is the demonstration: people can be chosen, mail can be read.
    pub is_demo: bool,
    /// The people who can be chosen in the demonstration: who, name, what they do.
    pub demo_people: Vec<(PersonId, String, String)>,
    /// Makes the texts of mail, for the pages that show it.
    pub writer: Writer,
    /// Looks into uploaded PDFs.
    pub inspector: Inspector,
    /// What goes on after an answer was sent.
    pub afterwards: TaskTracker,
}

impl App {
    /// Does what no page waits for. It may be lost when the service stops, so it is nothing that anybody was told.
    pub fn after_the_answer(&self, work: impl Future<Output = Result<(), Error>> + 'static) {
        self.afterwards.spawn_local(async move {
            if let Err(error) = work.await {
                tracing::error!(error = %error, "what was to be done after an answer failed");
            }
        });
    }

    /// Issues certificates.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer {
            db: self.db.clone(),
            rules: self.rules.clone(),
            files: self.files.clone(),
            keys: self.keys.clone(),
            base: self.base.clone(),
        }
    }
}

/// The service as actix serves it: routes from `ROUTES`, and around them, from the outside in, headers for every
/// answer, packing, then the pages for errors, which must see what the handlers returned, then what keeps the posts of those
/// whose log-in had run out.
pub fn service(
    app: Data<App>,
) -> ActixApp<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl MessageBody>, Error = ActixError, InitError = ()>,
> {
    ActixApp::new()
        .app_data(app)
        .configure(routes::configure)
        .default_service(actix_web::web::to(page::not_found))
        .wrap(from_fn(kept::late_posts))
        .wrap(from_fn(page::errors))
        .wrap(from_fn(packing::pages))
        .wrap(from_fn(security::headers))
}
