//! Following an invitation: a new person creates an account, somebody who has one joins.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::ctx::{Anyone, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::session::{let_in, new_password, said};
use crate::domain::account::{PASSWORD_MIN, Place};
use crate::domain::calendar::london_date;
use crate::error::Error;
use crate::store::invitation::Invitation;
use crate::words;

/// What somebody who follows the link can do.
enum Guest {
    /// Nobody has the address yet.
    New,
    /// The address has an account, and nobody is logged in.
    Known,
    /// The address is that of the person who is logged in.
    Here,
    /// Somebody else is logged in.
    Other,
}

#[derive(Template)]
#[template(path = "session/invitation.html")]
struct NewPersonPage {
    frame: Frame,
    invited: Invited,
    full_name: String,
    least: usize,
}

#[derive(Template)]
#[template(path = "session/invitation_known.html")]
struct KnownPage {
    frame: Frame,
    invited: Invited,
    /// Where to log in before the invitation can be accepted.
    login: Option<String>,
}

#[derive(Template)]
#[template(path = "session/invitation_closed.html")]
struct ClosedPage {
    frame: Frame,
    heading: &'static str,
    paragraphs: Vec<String>,
    link: Option<(&'static str, &'static str)>,
}

/// An invitation in words.
struct Invited {
    to: String,
    by: String,
    email: String,
    can: String,
    on: String,
    until: String,
}

impl Invited {
    fn new(invitation: &Invitation) -> Self {
        let (to, can) = match &invitation.place {
            Place::Supplier(_, role) => (invitation.organisation.clone(), role.can().to_owned()),
            Place::Staff(duties) => {
                let can: Vec<String> = duties.iter().map(|d| d.can().to_owned()).collect();
                ("the CIS2 assurance team".to_owned(), words::listed(&can))
            }
        };
        Self {
            to,
            by: invitation.invited_by.clone(),
            email: invitation.email.clone(),
            can,
            on: words::short_date(london_date(invitation.invited_at)),
            until: words::long_date(london_date(invitation.expires_at)),
        }
    }
}

async fn find(visit: &Anyone, token: &str) -> Result<(Uuid, Invitation), Error> {
    let id = visit.app.links.verify("invitation", token).ok_or(Error::NotFound)?;
    Ok((id, visit.app.db.invitation(id).await?))
}

async fn guest(visit: &Anyone, invitation: &Invitation) -> Result<Guest, Error> {
    let known = visit.app.db.person_by_email(&invitation.email).await?;
    Ok(match (&visit.actor, known) {
        (None, None) => Guest::New,
        (None, Some(_)) => Guest::Known,
        (Some(actor), Some((person, _))) if actor.person() == person => Guest::Here,
        (Some(_), _) => Guest::Other,
    })
}

/// The page of an invitation that cannot be used, if it cannot.
fn closed(visit: &Anyone, invitation: &Invitation) -> Option<ClosedPage> {
    let (heading, text) = if invitation.is_closed {
        let text = "If you used it, you can log in. If you did not, it was cancelled or a newer invitation was sent to you.";
        ("This invitation has been used or cancelled", text.to_owned())
    } else if invitation.expires_at <= visit.now {
        let text = format!("Ask {} to send you the invitation again. It takes them a moment.", invitation.invited_by);
        ("This invitation has run out", text)
    } else {
        return None;
    };
    Some(ClosedPage { frame: visit.frame(heading), heading, paragraphs: vec![text], link: Some(("/login", "Go to log in")) })
}

fn new_person(visit: &Anyone, invitation: &Invitation, full_name: String, problems: Problems) -> NewPersonPage {
    let frame = Frame { problems: problems.0, ..visit.frame("Create your account") };
    NewPersonPage { frame, invited: Invited::new(invitation), full_name, least: PASSWORD_MIN }
}

/// An invitation, as the person who follows its link can use it.
pub async fn show(visit: Anyone, token: Path<String>) -> Result<HttpResponse, Error> {
    let (_, invitation) = find(&visit, &token).await?;
    if let Some(closed) = closed(&visit, &invitation) {
        return page(StatusCode::GONE, &closed);
    }
    let guest = guest(&visit, &invitation).await?;
    show_to(&visit, &invitation, &guest)
}

fn show_to(visit: &Anyone, invitation: &Invitation, guest: &Guest) -> Result<HttpResponse, Error> {
    let login = match guest {
        Guest::New => return ok(&new_person(visit, invitation, invitation.name.clone(), Problems::default())),
        Guest::Here => None,
        Guest::Known => Some(format!("/login?next={}", visit.path)),
        Guest::Other => {
            let heading = "This invitation is for somebody else";
            let name = visit.actor.as_ref().map_or("", |a| a.name());
            let text = format!("You're logged in as {name}. The invitation was sent to {}.", invitation.email);
            let paragraphs = vec![text, "If that is you as well, log out and open the link in the email again.".to_owned()];
            return ok(&ClosedPage { frame: visit.frame(heading), heading, paragraphs, link: Some(("/", "Go to your home page")) });
        }
    };
    let invited = Invited::new(invitation);
    ok(&KnownPage { frame: visit.frame(format!("Join {}", invited.to)), invited, login })
}

/// Accepts an invitation, and logs a new person in.
pub async fn accept(visit: Anyone, token: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let (id, invitation) = find(&visit, &token).await?;
    if let Some(closed) = closed(&visit, &invitation) {
        return page(StatusCode::GONE, &closed);
    }
    let guest = guest(&visit, &invitation).await?;
    let accepted = match (guest, &visit.actor) {
        (Guest::New, _) => create(&visit, id, &invitation, &fields).await,
        (Guest::Here, Some(actor)) => join(&visit, id, &invitation, actor.name()).await,
        _ => Ok(see_other(&visit.path)),
    };
    match accepted {
        // A second press at the same moment: the page of the invitation says that it has been used.
        Err(Error::NotFound) => Ok(see_other(&visit.path)),
        other => other,
    }
}

async fn join(visit: &Anyone, id: Uuid, invitation: &Invitation, name: &str) -> Result<HttpResponse, Error> {
    visit.app.db.accept(id, name, None, visit.now).await?;
    Ok(see_other_with(visit, "/", &said(format!("You've joined {}", Invited::new(invitation).to))))
}

async fn create(visit: &Anyone, id: Uuid, invitation: &Invitation, fields: &Fields) -> Result<HttpResponse, Error> {
    let mut problems = Problems::default();
    let name = problems.line(fields, "name", ("Enter your full name", 100));
    let password = new_password(&mut problems, fields, (&name, &invitation.email));
    let Some(password) = password.filter(|_| problems.is_empty()) else {
        return unprocessable(&new_person(visit, invitation, name, problems));
    };
    let hash = visit.app.passwords.hash(password).await?;
    let person = visit.app.db.accept(id, &name, Some(hash), visit.now).await?;
    let flash = Flash { text: format!("You can {}.", Invited::new(invitation).can), ..said("Your account is ready") };
    let_in(visit, person, see_other_with(visit, "/", &flash)).await
}
