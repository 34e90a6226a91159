//! The people of an organisation: who is in the team, who is invited, and one's own account.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::organisation::address;
use super::page::{ok, unprocessable};
use super::parts::Item;
use super::session::said;
use crate::domain::account::{Place, may_invite};
use crate::domain::actor::Membership;
use crate::domain::calendar::london_date;
use crate::domain::parse;
use crate::domain::refusal::Refusal;
use crate::domain::words::{OrganisationId, PersonId};
use crate::error::Error;
use crate::store::account::Member;
use crate::store::invitation::Invitation;
use crate::store::organisation::Organisation;
use crate::words;

/// A person in the table of a team.
pub struct PersonRow {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role or duties.
    pub role: String,
    /// Where it can be changed.
    pub href: String,
}

/// An invitation that waits for an answer.
pub struct InvitationRow {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role or duties.
    pub role: String,
    /// When it was sent and until when it can be used.
    pub when: String,
    /// Where it is sent again and cancelled, before the last part.
    pub address: String,
}

impl InvitationRow {
    /// A row under the address of a list of invitations.
    #[must_use]
    pub fn new(invitation: Invitation, under: &str, has_run_out: bool) -> Self {
        let role = match &invitation.place {
            Place::Supplier(_, role) => role.label().to_owned(),
            Place::Staff(duties) => words::listed(&duties.iter().map(|d| d.label().to_owned()).collect::<Vec<_>>()),
        };
        let last = words::short_date(london_date(invitation.expires_at));
        let sent = words::short_date(london_date(invitation.invited_at));
        let until = if has_run_out { format!("ran out on {last}") } else { format!("can be used until {last}") };
        Self {
            name: invitation.name,
            email: invitation.email,
            role,
            when: format!("Sent {sent}, {until}"),
            address: format!("{under}/{}", invitation.id),
        }
    }
}

#[derive(Template)]
#[template(path = "people/team.html")]
struct TeamPage {
    frame: Frame,
    organisation: String,
    address: String,
    people: Vec<PersonRow>,
    invitations: Vec<InvitationRow>,
    is_alone: bool,
    can_manage: bool,
    full_name: String,
    email: String,
    roles: Vec<Item>,
}

impl TeamPage {
    async fn load(me: &SignedIn, organisation: Organisation, fields: &Fields, problems: Problems) -> Result<Self, Error> {
        let id = organisation.id;
        let address = address(id);
        let can_manage = may_invite(&me.actor, &Place::Supplier(id, Membership::Viewer)).is_ok();
        let members = me.app.db.members(id).await?;
        let invitations = me.app.db.invitations(Some(id)).await?;
        let under = format!("{address}/invitations");
        Ok(Self {
            frame: Frame { problems: problems.0, ..me.frame(format!("Team of {}", organisation.name)) },
            organisation: organisation.name,
            is_alone: members.len() == 1 && invitations.is_empty(),
            people: members.into_iter().map(|m| person_row(m, &address)).collect(),
            invitations: invitations
                .into_iter()
                .map(|i| (i.expires_at <= me.now, i))
                .map(|(over, i)| InvitationRow::new(i, &under, over))
                .collect(),
            address,
            can_manage,
            full_name: fields.text("name"),
            email: fields.text("email"),
            roles: roles(Membership::from_word(fields.raw("role"))),
        })
    }
}

fn person_row(member: Member, address: &str) -> PersonRow {
    PersonRow {
        name: member.name,
        email: member.email,
        role: member.role.map_or("", Membership::label).to_owned(),
        href: format!("{address}/members/{}", member.person),
    }
}

fn roles(chosen: Option<Membership>) -> Vec<Item> {
    let item =
        |role: &Membership| Item::new(role.word(), role.label()).hint(format!("Can {}", role.can())).checked(chosen == Some(*role));
    Membership::ALL.iter().map(item).collect()
}

/// The team of the organisation that a product belongs to.
pub async fn product_team(me: SignedIn, product: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&product).await?;
    Ok(see_other(&format!("{}/team", address(product.organisation))))
}

/// The team of an organisation, with its open invitations.
pub async fn team(me: SignedIn, id: Path<Uuid>) -> Result<HttpResponse, Error> {
    let organisation = me.visible().organisation(OrganisationId(*id)).await?;
    ok(&TeamPage::load(&me, organisation, &Fields::default(), Problems::default()).await?)
}

/// Somebody's name and address from a form that invites.
pub fn invited(problems: &mut Problems, fields: &Fields) -> (String, String) {
    let name = problems.line(fields, "name", ("Enter their full name", 100));
    let typed = problems.line(fields, "email", ("Enter an email address", 254));
    let email = if typed.is_empty() { None } else { problems.take("email", parse::email(&typed)) };
    (name, email.unwrap_or_default())
}

/// Invites somebody to an organisation.
pub async fn invite(me: SignedIn, id: Path<Uuid>, fields: Fields) -> Result<HttpResponse, Error> {
    let organisation = me.visible().organisation(OrganisationId(*id)).await?;
    may_invite(&me.actor, &Place::Supplier(organisation.id, Membership::Viewer))?;
    let mut problems = Problems::default();
    let (name, email) = invited(&mut problems, &fields);
    let role = Membership::from_word(fields.raw("role"));
    let Some(role) = role.filter(|_| problems.is_empty()) else {
        if role.is_none() {
            problems.add("role", "Select what they can do");
        }
        return unprocessable(&TeamPage::load(&me, organisation, &fields, problems).await?);
    };
    let place = Place::Supplier(organisation.id, role);
    match me.app.db.invite(&me.actor, (&name, &email), &place, me.now).await {
        Ok(()) => Ok(see_other_with(
            &me,
            &format!("{}/team", address(organisation.id)),
            &said(format!("We've sent an invitation to {name}")),
        )),
        Err(Error::Refused(Refusal::People(sentence))) => {
            problems.add("email", sentence);
            unprocessable(&TeamPage::load(&me, organisation, &fields, problems).await?)
        }
        Err(other) => Err(other),
    }
}

/// An invitation of this organisation, or none.
async fn of_organisation(me: &SignedIn, organisation: Uuid, invitation: Uuid) -> Result<(String, String), Error> {
    let organisation = me.visible().organisation(OrganisationId(organisation)).await?;
    let found = me.app.db.invitation(invitation).await?;
    if found.organisation_id() != organisation.id {
        return Err(Error::NotFound);
    }
    Ok((found.name, format!("{}/team", address(organisation.id))))
}

/// Sends an invitation again.
pub async fn renew(me: SignedIn, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse, Error> {
    let (organisation, invitation) = path.into_inner();
    let (name, back) = of_organisation(&me, organisation, invitation).await?;
    me.app.db.renew_invitation(&me.actor, invitation, me.now).await?;
    Ok(see_other_with(&me, &back, &said(format!("We've sent the invitation to {name} again"))))
}

/// Cancels an invitation.
pub async fn cancel(me: SignedIn, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse, Error> {
    let (organisation, invitation) = path.into_inner();
    let (name, back) = of_organisation(&me, organisation, invitation).await?;
    me.app.db.cancel_invitation(&me.actor, invitation, me.now).await?;
    Ok(see_other_with(&me, &back, &said(format!("You've cancelled the invitation to {name}"))))
}

#[derive(Template)]
#[template(path = "people/member.html")]
struct MemberPage {
    frame: Frame,
    organisation: String,
    address: String,
    person: PersonRow,
    roles: Vec<Item>,
}

#[derive(Template)]
#[template(path = "people/removal.html")]
struct RemovalPage {
    frame: Frame,
    organisation: String,
    address: String,
    person: PersonRow,
    is_me: bool,
}

/// A member of an organisation, for those who may change what members can do.
async fn member(me: &SignedIn, path: Path<(Uuid, Uuid)>) -> Result<(Organisation, Member), Error> {
    let (organisation, person) = path.into_inner();
    let organisation = me.visible().organisation(OrganisationId(organisation)).await?;
    may_invite(&me.actor, &Place::Supplier(organisation.id, Membership::Viewer))?;
    let found = me.app.db.members(organisation.id).await?.into_iter().find(|m| m.person == PersonId(person));
    Ok((organisation, found.ok_or(Error::NotFound)?))
}

fn member_page(
    me: &SignedIn,
    (organisation, member): (Organisation, Member),
    chosen: Option<Membership>,
    problems: Problems,
) -> MemberPage {
    let address = address(organisation.id);
    let frame = Frame { problems: problems.0, ..me.frame(format!("What {} can do", member.name)) };
    MemberPage { frame, organisation: organisation.name, person: person_row(member, &address), address, roles: roles(chosen) }
}

fn removal_page(me: &SignedIn, (organisation, member): (Organisation, Member), problems: Problems) -> RemovalPage {
    let address = address(organisation.id);
    let frame = Frame { problems: problems.0, ..me.frame(format!("Remove {}?", member.name)) };
    let is_me = member.person == me.actor.person();
    RemovalPage { frame, organisation: organisation.name, person: person_row(member, &address), address, is_me }
}

/// What a member can do, to change it.
pub async fn member_form(me: SignedIn, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse, Error> {
    let found = member(&me, path).await?;
    let role = found.1.role;
    ok(&member_page(&me, found, role, Problems::default()))
}

/// Asks whether somebody is really to be removed.
pub async fn removal(me: SignedIn, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse, Error> {
    let found = member(&me, path).await?;
    ok(&removal_page(&me, found, Problems::default()))
}

/// Gives a member another role, or removes them.
pub async fn change(me: SignedIn, path: Path<(Uuid, Uuid)>, fields: Fields) -> Result<HttpResponse, Error> {
    let found = member(&me, path).await?;
    let (organisation, person, name) = (found.0.id, found.1.person, found.1.name.clone());
    let is_removal = fields.raw("role") == "remove";
    let role = Membership::from_word(fields.raw("role"));
    let mut problems = Problems::default();
    if role.is_none() && !is_removal {
        problems.add("role", format!("Select what {name} can do"));
        return unprocessable(&member_page(&me, found, role, problems));
    }
    match me.app.db.change_member(&me.actor, organisation, (person, role), me.now).await {
        Ok(()) => {}
        Err(Error::Refused(Refusal::People(sentence))) if is_removal => {
            problems.add("", sentence);
            return unprocessable(&removal_page(&me, found, problems));
        }
        Err(Error::Refused(Refusal::People(sentence))) => {
            problems.add("role", sentence);
            return unprocessable(&member_page(&me, found, role, problems));
        }
        Err(other) => return Err(other),
    }
    let title = match role {
        Some(role) => format!("{name} can now {}", role.can()),
        None => format!("{name} has been removed from the team"),
    };
    Ok(see_other_with(&me, &format!("{}/team", address(organisation)), &said(title)))
}

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    email: String,
    /// Where, and what one can do there.
    places: Vec<(String, String)>,
}

/// One's own account.
pub async fn account(me: SignedIn) -> Result<HttpResponse, Error> {
    let person = me.app.db.person(me.actor.person()).await?;
    let mut places = Vec::new();
    for (id, role) in me.actor.memberships() {
        let organisation = me.visible().organisation(*id).await?;
        places.push((organisation.name, format!("{}: you can {}", role.label(), role.can())));
    }
    for duty in me.actor.duties() {
        places.push(("CIS2 assurance team".to_owned(), format!("{}: you can {}", duty.label(), duty.can())));
    }
    ok(&AccountPage { frame: me.frame("Your account"), name: person.name, email: person.email, places })
}
