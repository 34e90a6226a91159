//! What administrators look after: the assurance team, organisations and e-mail. For others none of it is there.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::organisation::{address, is_code};
use super::page::{ok, unprocessable};
use super::parts::{Item, Pagination};
use super::people::{InvitationRow, PersonRow, invited};
use super::session::said;
use crate::domain::account::Place;
use crate::domain::actor::{Duty, Membership};
use crate::domain::matter::How;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::store::account::Member;
use crate::store::outbox::Letter;
use crate::store::visible::{PAGE, Page};
use crate::words;

/// Which page of a list.
#[derive(Default, Deserialize)]
pub struct Paging {
    page: Option<u64>,
}

impl Paging {
    /// The number of the page, from 1; absurd numbers are the first page.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.page.filter(|n| (1..=1_000_000).contains(n)).unwrap_or(1)
    }
}

/// Links to the pages of a list.
#[must_use]
pub fn pages<T>(page: &Page<T>, address: &str) -> Pagination {
    Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |number| {
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}page={number}")
    })
}

pub(super) fn administrator(me: &SignedIn) -> Result<(), Error> {
    if me.actor.is(Duty::Administrator) { Ok(()) } else { Err(Error::NotFound) }
}

/// The first page of an administrator.
pub async fn index(me: SignedIn) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    Ok(see_other("/admin/people"))
}

#[derive(Template)]
#[template(path = "admin/people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<PersonRow>,
    invitations: Vec<InvitationRow>,
    full_name: String,
    email: String,
    duties: Vec<Item>,
}

impl PeoplePage {
    async fn load(me: &SignedIn, fields: &Fields, problems: Problems) -> Result<Self, Error> {
        let people = me.app.db.team(&me.actor).await?;
        let open = me.app.db.invitations(None).await?;
        let item = |d: &Duty| {
            Item::new(d.word(), d.label())
                .hint(format!("Can {}", d.can()))
                .checked(fields.all("duties").iter().any(|w| w == d.word()))
        };
        Ok(Self {
            frame: Frame { problems: problems.0, ..me.frame("People of the assurance team") },
            people: people.into_iter().map(staff_row).collect(),
            invitations: open
                .into_iter()
                .map(|i| (i.expires_at <= me.now, i))
                .map(|(over, i)| InvitationRow::new(i, "/admin/invitations", over))
                .collect(),
            full_name: fields.text("name"),
            email: fields.text("email"),
            duties: Duty::ALL.iter().map(item).collect(),
        })
    }
}

fn staff_row(member: Member) -> PersonRow {
    let duties: Vec<String> = member.duties.iter().map(|d| d.label().to_owned()).collect();
    PersonRow { name: member.name, email: member.email, role: words::listed(&duties), href: String::new() }
}

/// The assurance team, its open invitations and a form to invite somebody.
pub async fn people(me: SignedIn) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    ok(&PeoplePage::load(&me, &Fields::default(), Problems::default()).await?)
}

/// Invites somebody to the assurance team.
pub async fn invite(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    let mut problems = Problems::default();
    let (name, email) = invited(&mut problems, &fields);
    let duties: BTreeSet<Duty> = fields.all("duties").iter().filter_map(|w| Duty::from_word(w)).collect();
    if duties.is_empty() {
        problems.add("duties", "Select what they can do");
    }
    if problems.is_empty() {
        match me.app.db.invite(&me.actor, (&name, &email), &Place::Staff(duties), me.now).await {
            Ok(()) => return Ok(see_other_with(&me, "/admin/people", &said(format!("We've sent an invitation to {name}")))),
            Err(Error::Refused(Refusal::People(sentence))) => problems.add("email", sentence),
            Err(other) => return Err(other),
        }
    }
    unprocessable(&PeoplePage::load(&me, &fields, problems).await?)
}

/// The name on an open invitation to the assurance team.
async fn staff_invitation(me: &SignedIn, id: Uuid) -> Result<String, Error> {
    administrator(me)?;
    let found = me.app.db.invitation(id).await?;
    match found.place {
        Place::Staff(_) => Ok(found.name),
        Place::Supplier(..) => Err(Error::NotFound),
    }
}

/// Sends an invitation to the assurance team again.
pub async fn renew(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    let name = staff_invitation(&me, *id).await?;
    me.app.db.renew_invitation(&me.actor, *id, me.now).await?;
    Ok(see_other_with(&me, "/admin/people", &said(format!("We've sent the invitation to {name} again"))))
}

/// Cancels an invitation to the assurance team.
pub async fn cancel(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    let name = staff_invitation(&me, *id).await?;
    me.app.db.cancel_invitation(&me.actor, *id, me.now).await?;
    Ok(see_other_with(&me, "/admin/people", &said(format!("You've cancelled the invitation to {name}"))))
}

#[derive(Template)]
#[template(path = "admin/organisations.html")]
struct OrganisationsPage {
    frame: Frame,
    /// Address, name and ODS code.
    organisations: Vec<(String, String, String)>,
    total: u64,
    pages: Pagination,
    form: NewOrganisation,
}

/// An organisation and its first owner, as typed.
#[derive(Default)]
struct NewOrganisation {
    organisation: String,
    ods_code: String,
    name: String,
    email: String,
}

impl NewOrganisation {
    fn read(problems: &mut Problems, fields: &Fields) -> Self {
        let organisation = problems.line(fields, "organisation", ("Enter the legal name of the organisation", 200));
        let ods_code = fields.text("ods-code").to_uppercase();
        if ods_code.is_empty() {
            problems.add("ods-code", "Enter the ODS code of the organisation");
        } else if !is_code(&ods_code, 3..=12) {
            problems.add("ods-code", "ODS code must be 3 to 12 letters or numbers, like X26 or Y90128");
        }
        let (name, email) = invited(problems, fields);
        let email = if email.is_empty() { fields.text("email") } else { email };
        Self { organisation, ods_code, name, email }
    }
}

impl OrganisationsPage {
    async fn load(me: &SignedIn, number: u64, form: NewOrganisation, problems: Problems) -> Result<Self, Error> {
        let page = me.app.db.organisations(&me.actor, number).await?;
        Ok(Self {
            frame: Frame { problems: problems.0, ..me.frame("Organisations") },
            pages: pages(&page, "/admin/organisations"),
            total: page.total,
            organisations: page.rows.into_iter().map(|o| (address(o.id), o.name, o.ods_code)).collect(),
            form,
        })
    }
}

/// Organisations by name and a form to add one.
pub async fn organisations(me: SignedIn, paging: Query<Paging>) -> Result<HttpResponse, Error> {
    ok(&OrganisationsPage::load(&me, paging.number(), NewOrganisation::default(), Problems::default()).await?)
}

/// Adds an organisation and invites its first owner.
pub async fn add_organisation(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    administrator(&me)?;
    let mut problems = Problems::default();
    let form = NewOrganisation::read(&mut problems, &fields);
    if !problems.is_empty() {
        return unprocessable(&OrganisationsPage::load(&me, 1, form, problems).await?);
    }
    let id = match me.app.db.add_organisation(&me.actor, &form.organisation, &form.ods_code, me.now).await {
        Ok(id) => id,
        Err(Error::Refused(Refusal::People(sentence))) => {
            problems.add("ods-code", sentence);
            return unprocessable(&OrganisationsPage::load(&me, 1, form, problems).await?);
        }
        Err(other) => return Err(other),
    };
    let place = Place::Supplier(id, Membership::Owner);
    me.app.db.invite(&me.actor, (&form.name, &form.email), &place, me.now).await?;
    let title = format!("We've added {} and sent an invitation to {}", form.organisation, form.name);
    Ok(see_other_with(&me, "/admin/organisations", &said(title)))
}

#[derive(Template)]
#[template(path = "admin/mail.html")]
struct MailPage {
    frame: Frame,
    letters: Vec<LetterRow>,
    parked: String,
    pages: Pagination,
}

/// An e-mail in the log. Its text is not shown: it may hold a link that is somebody's key.
struct LetterRow {
    id: String,
    subject: String,
    to: String,
    when: String,
    tag: &'static str,
    look: &'static str,
    about: String,
    error: String,
    is_parked: bool,
}

fn letter_row(me: &SignedIn, letter: &Letter) -> Result<LetterRow, Error> {
    let (tag, look, about) = match (letter.sent_at, letter.parked_at) {
        (Some(at), _) => ("Sent", "plain", words::date_time(at)),
        (None, Some(at)) => ("Failed", "red", format!("given up {}", words::date_time(at))),
        (None, None) if letter.how == How::Never.word() => ("Not e-mailed", "plain", "in the inbox only".to_owned()),
        (None, None) if letter.how != How::Now.word() => ("Held", "white", "for one message with others".to_owned()),
        (None, None) if letter.attempts > 0 => ("Queued", "blue", format!("next try {}", words::date_time(letter.due_at))),
        (None, None) => ("Queued", "blue", String::new()),
    };
    Ok(LetterRow {
        id: letter.id.to_string(),
        subject: me.app.writer.write(letter)?.subject,
        to: format!("{}, {}", letter.name, letter.email),
        when: words::date_time(letter.created_at),
        tag,
        look,
        about,
        error: if letter.sent_at.is_some() { String::new() } else { letter.last_error.clone() },
        is_parked: letter.sent_at.is_none() && letter.parked_at.is_some(),
    })
}

/// The log of e-mail, newest first.
pub async fn mail(me: SignedIn, paging: Query<Paging>) -> Result<HttpResponse, Error> {
    let page = me.visible().mail(paging.number()).await?;
    let parked = match me.visible().parked().await? {
        0 => String::new(),
        1 => "1 email could not be sent.".to_owned(),
        number => format!("{number} emails could not be sent."),
    };
    let letters = page.rows.iter().map(|l| letter_row(&me, l)).collect::<Result<_, _>>()?;
    ok(&MailPage { frame: me.frame("E-mail log"), letters, parked, pages: pages(&page, "/admin/mail") })
}

/// Puts an e-mail that failed back into the queue.
pub async fn resend(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    me.app.db.send_again(&me.actor, *id, me.now).await?;
    Ok(see_other_with(&me, "/admin/mail", &said("We'll send the email again within a minute")))
}
