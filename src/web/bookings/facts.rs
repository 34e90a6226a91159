//! The facts of a test: one form, of which anything may be left for later.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::fields::{Group, Kind, Typed, groups};
use super::{Subject, address, typographic};
use crate::domain::checks::Level;
use crate::domain::command::Command;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::facts::{Fact, TestFacts, parse};
use crate::domain::demonstration::{DemonstrationAct, DemonstrationState};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other_with};
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::{ok, page, unprocessable};
use crate::words::{counted, long_date};

#[derive(Template)]
#[template(path = "demonstration/details.html")]
struct DetailsPage {
    frame: Frame,
    back: String,
    product_name: String,
    /// By when everything is needed.
    needed_by: String,
    is_confirmed: bool,
    warnings: Vec<String>,
    edition: String,
    groups: Vec<Group>,
    theirs: Vec<(String, String)>,
}

fn details_page(subject: &Subject<'_>, typed: &Typed<'_>, edition: String) -> Result<DetailsPage, Error> {
    subject.judge().offer(DemonstrationAct::Describe)?;
    let (me, test) = (subject.me, subject.test());
    let given = subject.product.given(subject.setting.catalogue, me.today());
    let judge = subject.judge();
    let context = judge.context(&given, test);
    let found = test.facts.faults(&context);
    Ok(DetailsPage {
        frame: me.frame(format!("Details for the demonstration – {}", subject.product.facts.name)),
        back: subject.address(),
        product_name: subject.product.facts.name.clone(),
        needed_by: test.date.as_ref().map(|d| long_date(d.facts_by)).unwrap_or_default(),
        is_confirmed: test.state == DemonstrationState::Confirmed,
        warnings: found.iter().map(|f| typographic(&f.text)).collect(),
        edition,
        groups: groups(typed, &given),
        theirs: Vec::new(),
    })
}

/// P32: the facts as they are known.
pub async fn form(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let test = product.demonstration();
    let edition = test.facts.edition();
    ok(&details_page(&Subject::new(&me, &product)?, &Typed::Known(&test.facts), edition)?)
}

/// Keeps the facts, if nothing about those that were given is wrong.
pub async fn save(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let subject = Subject::new(&me, &product)?;
    let (facts, problems) = read(&subject, &fields);
    if !problems.is_empty() {
        let mut page = details_page(&subject, &Typed::Fields(&fields), fields.text("edition"))?;
        page.warnings.clear();
        page.frame.problems = problems.0;
        return unprocessable(&page);
    }
    let command = DemonstrationCommand::Describe(Box::new(facts), fields.text("edition"));
    match me.act(&product.reference, &Command::Demonstration(command)).await {
        Ok(product) => Ok(saved(&me, &product)),
        Err(Error::Refused(Refusal::Outdated(_))) => conflict(&me, &product.reference, &fields).await,
        Err(error) => Err(error),
    }
}

/// The facts that were typed, and what is wrong with them: in themselves, and against the answers.
fn read(subject: &Subject<'_>, fields: &Fields) -> (TestFacts, Problems) {
    let test = subject.test();
    let given = subject.product.given(subject.setting.catalogue, subject.me.today());
    let judge = subject.judge();
    let context = judge.context(&given, test);
    let (facts, faults) = parse(&|name| fields.text(name), &|name| fields.date(name), context.booked_on, subject.me.today());
    let found = facts.faults(&context);
    let errors = found.into_iter().filter(|f| f.level == Level::Error).map(|f| (f.field, f.text));
    let mut all: Vec<(&'static str, String)> = faults.into_iter().chain(errors).collect();
    all.sort_by_key(|(field, _)| Fact::from_word(field));
    let mut problems = Problems::default();
    for (field, sentence) in all {
        let is_date = matches!(Fact::from_word(field), Some(Fact::AuthenticatorTriedOn | Fact::LogoutReceivedOn));
        let id = if is_date { format!("{field}-day") } else { field.to_owned() };
        problems.add(&id, typographic(&sentence));
    }
    (facts, problems)
}

/// The form again with what was typed, beside what somebody else saved meanwhile. Saving once more keeps what was typed.
async fn conflict(me: &SignedIn, reference: &str, fields: &Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(reference).await?;
    let test = product.demonstration();
    let mut template = details_page(&Subject::new(me, &product)?, &Typed::Fields(fields), test.facts.edition())?;
    let said = |fact: &Fact| {
        let shown = test.facts.shown(*fact).replace('\n', ", ");
        let shown = if shown.is_empty() { "Not said yet".to_owned() } else { shown };
        (typographic(fact.label()).replace(" (optional)", ""), shown)
    };
    template.theirs = Fact::ALL.iter().map(said).collect();
    template.warnings.clear();
    page(StatusCode::CONFLICT, &template)
}

fn saved(me: &SignedIn, product: &Product) -> HttpResponse {
    let record = product.demonstration();
    let by = record.date.as_ref().map(|d| long_date(d.facts_by)).unwrap_or_default();
    let text = match usize::try_from(record.lacks).unwrap_or_default() {
        0 => "We have all the details that we need. Next we do the background checks.".to_owned(),
        lacks => format!("We still need {} by {by}.", counted(lacks, "detail")),
    };
    let flash = Flash { title: "Details saved".to_owned(), text, link: None };
    see_other_with(me, &address(product), &flash)
}
