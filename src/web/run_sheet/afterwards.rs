//! After a passed test: observations that are put right one by one, and another test where one is needed.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::address;
use crate::domain::command::Command;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::{DemonstrationAct, Observation};
use crate::domain::product::Product;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other_with};
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::{ok, unprocessable};
use crate::web::reviews::for_team;
use crate::words::{counted, long_date};

/// Longest reason and longest answer to "how", in characters.
const LONGEST: usize = 500;

/// One observation.
struct ObservationView {
    number: usize,
    text: String,
    owner: String,
    due: String,
    is_late: bool,
    settled: String,
    /// What was typed and refused.
    how: String,
}

#[derive(Template)]
#[template(path = "run_sheet/observations.html")]
struct ObservationsPage {
    frame: Frame,
    address: String,
    product_name: String,
    open: Vec<ObservationView>,
    settled: Vec<ObservationView>,
    can_settle: bool,
    why_not: String,
}

/// The observations of the present test: those that are open, then those that were dealt with.
pub async fn list(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    ok(&observations_page(&me, &product, (0, String::new()))?)
}

fn observations_page(me: &SignedIn, product: &Product, (typed_at, how): (usize, String)) -> Result<ObservationsPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let offer = Judge { setting: &setting, actor: &me.actor, product }.offer(DemonstrationAct::Settle);
    let all = product.demonstration().outcome.as_ref().map_or(&[][..], |o| &o.observations);
    let view = |(number, o): (usize, &Observation)| ObservationView {
        number,
        text: o.text.clone(),
        owner: o.owner.clone(),
        due: long_date(o.due_on),
        is_late: o.settled.is_empty() && o.due_on < me.today(),
        settled: o.settled.clone(),
        how: if number == typed_at { how.clone() } else { String::new() },
    };
    let (open, settled) = (1..).zip(all).map(view).partition(|o: &ObservationView| o.settled.is_empty());
    Ok(ObservationsPage {
        frame: me.frame(format!("Observations – {}", product.facts.name)),
        address: address(product),
        product_name: product.facts.name.clone(),
        open,
        settled,
        can_settle: offer.is_ok(),
        why_not: if all.is_empty() { String::new() } else { offer.err().map(|r| r.sentence()).unwrap_or_default() },
    })
}

/// Records how an observation was dealt with.
pub async fn settle(me: SignedIn, path: Path<(String, usize)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, number) = path.into_inner();
    let product = for_team(&me, &reference).await?;
    let field = format!("how-{number}");
    let mut problems = Problems::default();
    let how = problems.line(&fields, &field, (&format!("Say how observation {number} was put right"), LONGEST));
    let there = product.demonstration().outcome.as_ref().is_some_and(|o| (1..=o.observations.len()).contains(&number));
    if !there {
        return Err(Error::NotFound);
    }
    if !problems.is_empty() {
        let mut template = observations_page(&me, &product, (number, how))?;
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    let command = DemonstrationCommand::Settle(number - 1, how);
    let product = me.act(&product.reference, &Command::Demonstration(command)).await?;
    let left = product.demonstration().open_observations();
    let text = if left == 0 { "None is left.".to_owned() } else { format!("{} left.", counted(left, "observation")) };
    let flash = Flash { title: format!("Observation {number} is put right"), text, link: None };
    Ok(see_other_with(&me, &format!("{}/observations", address(&product)), &flash))
}

#[derive(Template)]
#[template(path = "run_sheet/repetition.html")]
struct RepetitionPage {
    frame: Frame,
    address: String,
    product_name: String,
    reason: String,
}

fn repetition_page(me: &SignedIn, product: &Product, reason: String) -> RepetitionPage {
    RepetitionPage {
        frame: me.frame(format!("Ask for another test – {}", product.facts.name)),
        address: address(product),
        product_name: product.facts.name.clone(),
        reason,
    }
}

/// Asks why another test is needed.
pub async fn ask_repetition(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(DemonstrationAct::Repeat)?;
    ok(&repetition_page(&me, &product, String::new()))
}

/// Asks the supplier for another test.
pub async fn repeat(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let mut problems = Problems::default();
    let reason = problems.line(&fields, "reason", ("Say why another test is needed", LONGEST));
    if !problems.is_empty() {
        let mut template = repetition_page(&me, &product, reason);
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    let command = DemonstrationCommand::Repeat(reason);
    let product = me.act(&product.reference, &Command::Demonstration(command)).await?;
    let title = format!("{} needs another test", product.facts.name);
    let text = format!("We’ve told {}. They can book a date.", product.organisation_name);
    Ok(see_other_with(&me, &address(&product), &Flash { title, text, link: None }))
}
