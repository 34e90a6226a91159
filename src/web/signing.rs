//! The page of a signatory without an account: a link, a code to the mailbox, the agreement, the signature. P39.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::cookie::time::Duration as Span;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use chrono::TimeDelta;

use super::agreements::file_name;
use super::ctx::{Anyone, see_other, see_other_with};
use super::files::attachment;
use super::form::{Fields, Posted, Problems};
use super::frame::Frame;
use super::page::{ok, page, unprocessable};
use super::place::texts;
use super::session::said;
use super::signature::{Sender, Sent, SignatureForm};
use crate::agreement_paper::issued_text;
use crate::domain::actor::Actor;
use crate::domain::agreement::terms::Paper;
use crate::domain::agreement::{AgreementState, IssuedPaper};
use crate::domain::answer::Value;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Kind, Section};
use crate::domain::product::Product;
use crate::domain::section::ProductState;
use crate::domain::words::SigningId;
use crate::error::Error;
use crate::store::signing::{CODE_PAUSE, CODE_TIME, Link, MOST_FAILURES};
use crate::words::{counted, long_date, time};

/// Time for which a right code opens the page.
pub(super) const ENTRY_TIME: TimeDelta = TimeDelta::hours(2);
/// The cookie of somebody who gave the code.
pub(super) const ENTRY: &str = "signing";
/// What the signatory confirms, or is asked to.
const AUTHORITY: &str = "Confirm that you are an officer of the organisation with authority to accept these terms";

/// A link that is right, with the product that it is for.
struct Door {
    link: Link,
    actor: Actor,
    product: Product,
    address: String,
}

/// Why a link that is right does not open anything.
#[derive(Clone, Copy)]
enum Closed {
    /// Its time has run out.
    Expired,
    /// There is a newer link, or the agreement needs no signature any more.
    Replaced,
    /// The signed copy is being checked.
    Signed,
    /// The product is on hold or withdrawn.
    Stopped,
}

impl Door {
    /// Finds what a link is for. A link that is forged, unknown or of another kind looks like an address that is none.
    async fn find(visit: &Anyone, token: &str) -> Result<Self, Error> {
        let id = visit.app.links.verify("signing", token).ok_or(Error::NotFound)?;
        let link = visit.app.db.signing(SigningId(id)).await?.ok_or(Error::NotFound)?;
        let actor = link.actor();
        let product = visit.app.db.visible(&actor).product(&link.reference).await?;
        Ok(Self { link, actor, product, address: format!("/sign/{token}") })
    }

    fn closed(&self, visit: &Anyone) -> Option<Closed> {
        let agreement = self.product.agreement();
        if agreement.link != Some(self.link.id) {
            return Some(Closed::Replaced);
        }
        match agreement.state {
            AgreementState::Signed => Some(Closed::Signed),
            _ if self.link.expires_at <= visit.now => Some(Closed::Expired),
            AgreementState::NotIssued | AgreementState::Accepted => Some(Closed::Replaced),
            _ if self.product.state != ProductState::Active => Some(Closed::Stopped),
            AgreementState::Issued | AgreementState::Returned => None,
        }
    }

    /// The cookie's value: until when it holds, signed for this link.
    fn pass(&self, visit: &Anyone) -> String {
        let until = (visit.now + ENTRY_TIME).timestamp();
        format!("{until}.{}", visit.app.links.sign(&format!("signing-entry {until}"), self.link.id.0))
    }

    /// Whether the request carries a pass that holds.
    fn is_open(&self, visit: &Anyone, request: &HttpRequest) -> bool {
        let Some(cookie) = request.cookie(ENTRY) else { return false };
        let Some((until, signature)) = cookie.value().split_once('.') else { return false };
        let is_in_time = until.parse::<i64>().is_ok_and(|until| visit.now.timestamp() < until);
        is_in_time && visit.app.links.verify(&format!("signing-entry {until}"), signature) == Some(self.link.id.0)
    }

    fn issue(&self) -> Result<&IssuedPaper, Error> {
        self.product.agreement().issue.as_ref().ok_or(Error::NotFound)
    }

    fn organisation(&self) -> &str {
        self.product.party.legal_name(&self.product.organisation_name)
    }

    /// Whether there is a code that can still be given.
    fn has_code(&self, visit: &Anyone) -> bool {
        self.link.code_at.is_some_and(|at| visit.now < at + CODE_TIME) && self.link.failures < MOST_FAILURES
    }
}

#[derive(Template)]
#[template(path = "signing/closed.html")]
struct ClosedPage {
    frame: Frame,
    heading: &'static str,
    paragraphs: Vec<String>,
}

fn closed_page(visit: &Anyone, door: &Door, why: Closed) -> Result<HttpResponse, Error> {
    let organisation = door.organisation();
    let (status, heading, paragraphs) = match why {
        Closed::Expired => {
            let until = long_date(london_date(door.link.expires_at));
            let text = format!("It worked until {until}. Ask your colleagues at {organisation} for a new one.");
            (StatusCode::GONE, "This link has run out", vec![text])
        }
        Closed::Replaced => {
            let text = "A newer link was sent, somebody else was asked to sign, or the agreement needs no signature any more.";
            let way = format!("Look for a newer email from us, or ask your colleagues at {organisation}.");
            (StatusCode::GONE, "This link cannot be used any more", vec![text.to_owned(), way])
        }
        Closed::Signed => {
            let by = door.product.agreement().signed.as_ref().map(|s| long_date(s.check_by)).unwrap_or_default();
            let text = format!("We have the signed agreement for {} and check it by {by}.", door.product.facts.name);
            let way = format!("You do not need to do anything. We tell your colleagues at {organisation} how it went.");
            (StatusCode::OK, "The agreement is signed", vec![text, way])
        }
        Closed::Stopped => {
            let text = format!("{} {}, so nobody needs to sign now.", door.product.facts.name, door.product.state.sentence());
            (StatusCode::OK, "There is nothing to sign now", vec![text])
        }
    };
    page(status, &ClosedPage { frame: visit.frame(heading), heading, paragraphs })
}

#[derive(Template)]
#[template(path = "signing/code.html")]
struct CodePage {
    frame: Frame,
    address: String,
    organisation: String,
    product: String,
    mailbox: String,
    /// Until when the code works; empty when there is none.
    until: String,
}

/// An address of which the owner knows the rest.
fn masked(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}•••@{host}")
}

fn code_page(visit: &Anyone, door: &Door) -> CodePage {
    let until = door.link.code_at.filter(|_| door.has_code(visit)).map(|at| time(at + CODE_TIME));
    CodePage {
        frame: visit.frame("Sign the Connection Agreement"),
        address: door.address.clone(),
        organisation: door.organisation().to_owned(),
        product: door.product.facts.name.clone(),
        mailbox: masked(&door.link.email),
        until: until.unwrap_or_default(),
    }
}

/// What the product team has declared in one section.
struct Declared {
    title: String,
    status: &'static str,
    answered: String,
    statements: Vec<String>,
}

#[derive(Template)]
#[template(path = "signing/show.html")]
struct SignPage {
    frame: Frame,
    address: String,
    organisation: String,
    product: String,
    signatory: String,
    until: String,
    reason: String,
    paper: Paper,
    digest: String,
    pages: u32,
    declared: Vec<Declared>,
    form: SignatureForm,
}

fn declared(visit: &Anyone, product: &Product) -> Result<Vec<Declared>, Error> {
    let catalogue = visit.app.rules.catalogue(product.question_set)?;
    let given = product.given(catalogue, visit.today());
    let one = |section: &Section| {
        let shown = given.shown(*section);
        let is_ticked = |key: &str| product.answers.get(key).is_some_and(|a| matches!(a.value, Some(Value::Ticked)));
        let statements = shown.iter().filter(|q| q.kind == Kind::Declaration && is_ticked(&q.key));
        let (answered, of) = product.answered(&given, *section);
        Ok(Declared {
            title: texts(catalogue, *section)?.title.clone(),
            status: product.status(&given, *section).label(),
            answered: format!("{answered} of {}", counted(of, "question")),
            statements: statements.map(|q| q.text.clone()).collect(),
        })
    };
    Section::ALL.iter().map(one).collect()
}

fn sign_page(visit: &Anyone, door: &Door) -> Result<SignPage, Error> {
    let issue = door.issue()?;
    let agreement = door.product.agreement();
    let returned = agreement.state == AgreementState::Returned;
    Ok(SignPage {
        frame: visit.frame(format!("Sign the Connection Agreement – {}", door.product.facts.name)),
        address: door.address.clone(),
        organisation: door.organisation().to_owned(),
        product: door.product.facts.name.clone(),
        signatory: door.link.name.clone(),
        until: long_date(london_date(door.link.expires_at)),
        reason: if returned { agreement.reason.clone() } else { String::new() },
        paper: issued_text(&visit.app.rules, issue)?,
        digest: issue.pdf.clone(),
        pages: issue.pages,
        declared: declared(visit, &door.product)?,
        form: SignatureForm::new(issue, visit.today()),
    })
}

/// The agreement for whoever gave the code; the way to a code for others.
pub async fn show(visit: Anyone, request: HttpRequest, token: Path<String>) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if let Some(why) = door.closed(&visit) {
        return closed_page(&visit, &door, why);
    }
    if door.is_open(&visit, &request) { ok(&sign_page(&visit, &door)?) } else { ok(&code_page(&visit, &door)) }
}

/// Sends a code to the mailbox that the link was sent to, at most one a minute.
pub async fn send_code(visit: Anyone, token: Path<String>) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if let Some(why) = door.closed(&visit) {
        return closed_page(&visit, &door, why);
    }
    let until = time(visit.now + CODE_TIME);
    let flash = if visit.app.db.send_signing_code(&door.link, until, visit.now).await? {
        said("We’ve sent a code")
    } else {
        let again = door.link.code_at.map(|at| time(at + CODE_PAUSE + TimeDelta::seconds(59))).unwrap_or_default();
        super::frame::Flash {
            text: format!("If it does not arrive, ask for another from {again}."),
            ..said("We’ve just sent a code")
        }
    };
    Ok(see_other_with(&visit, &door.address, &flash))
}

/// Opens the page with the code.
pub async fn enter(visit: Anyone, token: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if let Some(why) = door.closed(&visit) {
        return closed_page(&visit, &door, why);
    }
    let typed: String = fields.raw("code").chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let is_code = typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit());
    let problem = if !is_code {
        Some("Enter the 6 digit code from your email")
    } else if is_right(&visit, &door, &typed).await? {
        None
    } else {
        Some("That code is not right or has run out. Enter the newest code, or ask for a new one")
    };
    if let Some(sentence) = problem {
        // Read again: the tries may have run out.
        let door = Door::find(&visit, &token).await?;
        let mut page = code_page(&visit, &door);
        let field = if page.until.is_empty() { "" } else { "code" };
        page.frame.problems = vec![(field.to_owned(), sentence.to_owned())];
        return unprocessable(&page);
    }
    let mut response = see_other(&door.address);
    let cookie = Cookie::build(ENTRY, door.pass(&visit))
        .path(door.address.clone())
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(visit.app.base.starts_with("https:"))
        .max_age(Span::seconds(ENTRY_TIME.num_seconds()))
        .finish();
    response.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(response)
}

/// Whether a code is the one that was sent last. Every look takes one of its tries first.
async fn is_right(visit: &Anyone, door: &Door, typed: &str) -> Result<bool, Error> {
    let Some(at) = door.link.code_at.filter(|_| door.has_code(visit)) else { return Ok(false) };
    if !visit.app.db.try_signing_code(&door.link).await? {
        return Ok(false);
    }
    let is_right = visit.app.links.signing_code(door.link.id.0, at) == typed;
    if is_right {
        visit.app.db.signing_code_was_right(&door.link).await?;
    }
    Ok(is_right)
}

/// The issued agreement as a PDF, for whoever gave the code.
pub async fn pdf(visit: Anyone, request: HttpRequest, token: Path<String>) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if door.closed(&visit).is_some() || !door.is_open(&visit, &request) {
        return Ok(see_other(&door.address));
    }
    let name = file_name(&door.product, door.product.agreement());
    attachment(&visit.app, &door.issue()?.pdf, (&name, "application/pdf")).await
}

/// Takes the signed copy.
pub async fn sign(visit: Anyone, request: HttpRequest, token: Path<String>, posted: Posted) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if let Some(why) = door.closed(&visit) {
        return closed_page(&visit, &door, why);
    }
    if !door.is_open(&visit, &request) {
        let mut page = code_page(&visit, &door);
        let sentence = "You had this page open for more than 2 hours. Enter a new code, then send the signed agreement again";
        page.frame.problems = vec![(String::new(), sentence.to_owned())];
        return unprocessable(&page);
    }
    let sender = Sender { visit: &visit, actor: &door.actor, product: &door.product, authority: AUTHORITY };
    match sender.send(posted).await? {
        Sent::Yes(_) => Ok(see_other_with(&visit, &door.address, &said("You’ve sent the signed agreement"))),
        Sent::Problems(Problems(problems), fields) => {
            let page = sign_page(&visit, &door)?;
            let frame = Frame { problems, ..page.frame };
            unprocessable(&SignPage { form: page.form.typed(&fields), frame, ..page })
        }
    }
}

#[derive(Template)]
#[template(path = "signing/refused.html")]
struct RefusedPage {
    frame: Frame,
    organisation: String,
    address: String,
}

/// Tells the supplier that somebody else has to sign. The link stays, in case it was a mistake.
pub async fn refuse(visit: Anyone, token: Path<String>) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if let Some(why) = door.closed(&visit) {
        return closed_page(&visit, &door, why);
    }
    visit.app.db.refuse_to_sign(&door.link, visit.now).await?;
    Ok(see_other(&format!("{}/refusal", door.address)))
}

/// Says that the supplier has been told.
pub async fn refused(visit: Anyone, token: Path<String>) -> Result<HttpResponse, Error> {
    let door = Door::find(&visit, &token).await?;
    if let Some(why) = door.closed(&visit) {
        return closed_page(&visit, &door, why);
    }
    let organisation = door.organisation().to_owned();
    ok(&RefusedPage { frame: visit.frame("Thank you for telling us"), organisation, address: door.address })
}
