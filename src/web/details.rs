//! The facts of a product: adding it, saying how it connects, changing it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::parts::{DateParts, Item};
use super::place::Place;
use super::question_view::date_parts;
use crate::act;
use crate::domain::actor::Membership;
use crate::domain::command::Command;
use crate::domain::facts::Facts;
use crate::domain::machine::Who;
use crate::domain::parse::{parse_date, secret_in};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;
use crate::domain::words::OrganisationId;
use crate::error::Error;
use crate::words::short_date;

/// What somebody typed about a product.
struct About {
    name: String,
    version: String,
    description: String,
    use_case: String,
    approved: DateParts,
    /// Edition that the form was opened with; empty for a new product.
    edition: String,
}

#[derive(Template)]
#[template(path = "products/about.html")]
struct AboutPage {
    frame: Frame,
    back: String,
    heading: &'static str,
    button: &'static str,
    is_new: bool,
    organisations: Vec<Item>,
    about: About,
    theirs: Vec<(&'static str, String)>,
}

impl About {
    fn of(facts: &Facts) -> Self {
        Self {
            name: facts.name.clone(),
            version: facts.version.clone(),
            description: facts.description.clone(),
            use_case: facts.use_case.clone(),
            approved: date_parts(facts.use_case_approved_on),
            edition: facts.edition(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let [day, month, year] = fields.date("approved");
        Self {
            name: fields.text("name"),
            version: fields.text("version"),
            description: fields.text("description"),
            use_case: fields.text("use-case"),
            approved: DateParts::new(day, month, year),
            edition: fields.text("edition"),
        }
    }
}

/// The facts with what was typed on the first page.
fn about(me: &SignedIn, fields: &Fields, facts: Facts) -> (Facts, Problems) {
    let mut problems = Problems::default();
    let name = problems.line(fields, "name", ("Enter the name of your product", 100));
    let version = problems.line(fields, "version", ("Enter the version that will be tested", 50));
    let description = problems.line(fields, "description", ("Enter what the product does", 500));
    let use_case = problems.line(fields, "use-case", ("", 2000));
    for (field, text) in [("description", &description), ("use-case", &use_case)] {
        if secret_in(text).is_some() {
            problems.add(field, "This looks like a key or a token. Remove it: nothing has been saved");
        }
    }
    let approved = parse_date("Date of approval", &fields.date("approved")).and_then(|date| match date {
        Some(date) if date > me.today() => Err("Date of approval must be today or in the past".to_owned()),
        date => Ok(date),
    });
    let approved = problems.take("approved-day", approved).flatten();
    (Facts { name, version, description, use_case, use_case_approved_on: approved, ..facts }, problems)
}

/// The organisations that the person may add a product to.
fn own_organisations(me: &SignedIn) -> Vec<OrganisationId> {
    me.actor.memberships().iter().filter(|(_, m)| **m != Membership::Viewer).map(|(id, _)| *id).collect()
}

async fn choices(me: &SignedIn, chosen: &str) -> Result<Vec<Item>, Error> {
    let mut items = Vec::new();
    for id in own_organisations(me) {
        let organisation = me.visible().organisation(id).await?;
        items.push(Item::new(id.to_string(), organisation.name).checked(chosen == id.to_string()));
    }
    Ok(items)
}

fn new_page(me: &SignedIn, organisations: Vec<Item>, about: About) -> AboutPage {
    let organisations = if organisations.len() > 1 { organisations } else { Vec::new() };
    let (heading, button) = ("Add a product", "Continue");
    AboutPage {
        frame: me.frame(heading),
        back: "/products".to_owned(),
        heading,
        button,
        is_new: true,
        organisations,
        about,
        theirs: Vec::new(),
    }
}

/// P11, empty.
pub async fn add(me: SignedIn) -> Result<HttpResponse, Error> {
    if own_organisations(&me).is_empty() {
        return Err(Error::NotFound);
    }
    ok(&new_page(&me, choices(&me, "").await?, About::of(&Facts::default())))
}

/// Adds a product and goes on to how it connects.
pub async fn create(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    let own = own_organisations(&me);
    let chosen = fields.text("organisation");
    let organisation = match own.as_slice() {
        [] => return Err(Error::NotFound),
        [only] => Some(*only),
        many => many.iter().copied().find(|id| id.to_string() == chosen),
    };
    let (facts, mut problems) = about(&me, &fields, Facts::default());
    if let (Some(organisation), true) = (organisation, problems.is_empty()) {
        let added = act::add_product(&me.app.db, &me.app.rules, &me.actor, (organisation, facts), me.now).await;
        match added {
            Ok(product) => {
                let flash = Flash { title: format!("{} has been added", product.facts.name), text: String::new(), link: None };
                return Ok(see_other_with(&me, &format!("{}/connection", product.address()), &flash));
            }
            Err(Error::Refused(refusal @ Refusal::Duplicate(_))) => problems.add("name", refusal.sentence()),
            Err(error) => return Err(error),
        }
    }
    if organisation.is_none() {
        problems.0.insert(0, ("organisation".to_owned(), "Select whose product it is".to_owned()));
    }
    let mut page = new_page(&me, choices(&me, &chosen).await?, About::typed(&fields));
    page.frame.problems = problems.0;
    unprocessable(&page)
}

fn about_page(me: &SignedIn, product: &Product, about: About) -> AboutPage {
    let heading = "What the product is";
    let frame = me.frame(format!("{heading} – {}", product.facts.name));
    AboutPage {
        frame,
        back: format!("{}/details", product.address()),
        heading,
        button: "Save",
        is_new: false,
        organisations: Vec::new(),
        about,
        theirs: Vec::new(),
    }
}

/// A product that the person may change; who may only read it is told so.
pub(super) async fn changeable(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    let product = me.visible().product(reference).await?;
    if !Who::Editor.admits(&me.actor, product.organisation) {
        return Err(Refusal::NotYours.into());
    }
    if product.state == ProductState::Withdrawn {
        return Err(Refusal::ProductNotNow(product.state).into());
    }
    Ok(product)
}

/// The first page of facts again.
pub async fn edit_about(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = changeable(&me, &path).await?;
    ok(&about_page(&me, &product, About::of(&product.facts)))
}

/// Saves the first page of facts.
pub async fn save_about(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = changeable(&me, &path).await?;
    let (facts, mut problems) = about(&me, &fields, product.facts.clone());
    if problems.is_empty() {
        match me.act(&product.reference, &Command::Change(Box::new(facts), fields.text("edition"))).await {
            Ok(product) => return Ok(saved(&me, &product)),
            Err(Error::Refused(refusal @ Refusal::Duplicate(_))) => problems.add("name", refusal.sentence()),
            Err(Error::Refused(Refusal::Outdated(_))) => return conflict(&me, &product.reference, &fields).await,
            Err(error) => return Err(error),
        }
    }
    let mut page = about_page(&me, &product, About::typed(&fields));
    page.frame.problems = problems.0;
    unprocessable(&page)
}

/// The form again with what was typed, beside what somebody else saved meanwhile. Saving once more keeps what was typed.
async fn conflict(me: &SignedIn, reference: &str, fields: &Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(reference).await?;
    let about = About { edition: product.facts.edition(), ..About::typed(fields) };
    let mut template = about_page(me, &product, about);
    template.theirs = saved_facts(&product.facts, "about");
    page(StatusCode::CONFLICT, &template)
}

/// The facts of one page as they are saved, for the page that shows two versions.
pub(super) fn saved_facts(facts: &Facts, on: &str) -> Vec<(&'static str, String)> {
    facts_of(facts).into_iter().filter(|f| f.page == on).map(|f| (f.key, f.value)).collect()
}

pub(super) fn saved(me: &SignedIn, product: &Product) -> HttpResponse {
    let flash = Flash { title: "Product details saved".to_owned(), text: String::new(), link: None };
    see_other_with(me, &format!("{}/details", product.address()), &flash)
}

/// One fact on the page of details.
pub(super) struct Fact {
    pub(super) key: &'static str,
    pub(super) value: String,
    page: &'static str,
}

#[derive(Template)]
#[template(path = "products/details.html")]
struct DetailsPage {
    frame: Frame,
    place: Place,
    facts: Vec<Fact>,
    can_change: bool,
    can_hold: bool,
    can_resume: bool,
    can_withdraw: bool,
}

/// P14: everything about a product, with ways to change it.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let is_editor = Who::Editor.admits(&me.actor, product.organisation);
    let is_owner = Who::Owner.admits(&me.actor, product.organisation);
    let is_manager = Who::Manager.admits(&me.actor, product.organisation);
    let template = DetailsPage {
        frame: me.frame(format!("Details – {}", product.facts.name)),
        place: Place::new(&me, &product, &given, "details"),
        facts: facts_of(&product.facts),
        can_change: is_editor && product.state != ProductState::Withdrawn,
        can_hold: (is_editor || is_manager) && product.state == ProductState::Active,
        can_resume: (is_editor || is_manager) && product.state == ProductState::OnHold,
        can_withdraw: is_owner && product.state != ProductState::Withdrawn,
    };
    ok(&template)
}

/// The facts as they are read, with the pages on which they are changed.
pub(super) fn facts_of(facts: &Facts) -> Vec<Fact> {
    let said = |text: String| if text.is_empty() { "Not said yet".to_owned() } else { text };
    let date = |date: Option<chrono::NaiveDate>| said(date.map(short_date).unwrap_or_default());
    let yes = |answer: Option<bool>, yes: &str, no: &str| said(answer.map_or("", |a| if a { yes } else { no }).to_owned());
    let list = |labels: Vec<&str>| said(labels.join(", "));
    let about = |key, value| Fact { key, value, page: "about" };
    let connection = |key, value| Fact { key, value, page: "connection" };
    vec![
        about("Name", said(facts.name.clone())),
        about("Version to be tested", said(facts.version.clone())),
        about("What it does", said(facts.description.clone())),
        about("Approved use case", said(facts.use_case.clone())),
        about("Date of approval", date(facts.use_case_approved_on)),
        connection("Connection", yes(facts.migrating_from_cis1, "Moving from CIS1", "A new connection")),
        connection("Where it is used", list(facts.care_settings.iter().map(|s| s.label()).collect())),
        connection("Who uses it", list(facts.users.iter().map(|s| s.label()).collect())),
        connection("National APIs", list(facts.national_apis.iter().map(|s| s.label()).collect())),
        connection("Authenticators", list(facts.authenticators.iter().map(|s| s.label()).collect())),
        connection("Works in INT", yes(facts.int_working, "Yes", "No, not yet")),
        connection("Works there since", date(facts.int_working_since)),
        connection("Planned go-live", date(facts.go_live_target)),
    ]
}
