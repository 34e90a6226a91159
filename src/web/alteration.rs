//! A change that alters sign-in: what it touches, what follows from it, and only then the recording.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::Item;
use crate::domain::command::{Change, Command};
use crate::domain::decide::Setting;
use crate::domain::live::{Altered, Judge, LiveAct, LiveCommand, Touched};
use crate::domain::parse::{capitalised, secret_in};
use crate::domain::product::Product;
use crate::error::Error;

#[derive(Template)]
#[template(path = "live/alteration.html")]
struct AlterationPage {
    frame: Frame,
    back: String,
    product_name: String,
    certificate: String,
    touched: Vec<Item>,
    what: String,
}

#[derive(Template)]
#[template(path = "live/alteration_check.html")]
struct CheckPage {
    frame: Frame,
    back: String,
    product_name: String,
    certificate: String,
    touched: Vec<Touched>,
    what: String,
    /// Names of the questions that are open again afterwards.
    questions: Vec<String>,
}

fn certificate(product: &Product) -> String {
    product.certificate().map(|c| c.content.number.clone()).unwrap_or_default()
}

fn form(me: &SignedIn, product: &Product, (touched, what): (&[String], String)) -> AlterationPage {
    let item = |t: &Touched| Item::new(t.word(), t.label()).checked(touched.iter().any(|w| w == t.word()));
    AlterationPage {
        frame: me.frame(format!("Record a change – {}", product.facts.name)),
        back: product.address(),
        product_name: product.facts.name.clone(),
        certificate: certificate(product),
        touched: Touched::ALL.iter().map(item).collect(),
        what,
    }
}

/// Asks what changed.
pub async fn ask(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(LiveAct::Alter)?;
    ok(&form(&me, &product, (&[], String::new())))
}

fn read(fields: &Fields) -> (Altered, Problems) {
    let mut problems = Problems::default();
    let touched: BTreeSet<Touched> = fields.all("touched").iter().filter_map(|word| Touched::from_word(word)).collect();
    if touched.is_empty() {
        problems.add("touched", "Select what the change touches");
    }
    let what = problems.line(fields, "what", ("Enter what changed", 2000));
    if secret_in(&what).is_some() {
        problems.add("what", "This looks like a key or a token. Remove it: nothing has been saved");
    }
    (Altered { touched, what }, problems)
}

/// The names of the questions that a change opens again.
fn opened(setting: &Setting<'_>, judge: &Judge<'_>, altered: &Altered) -> Result<Vec<String>, Error> {
    let decision = judge.decide(&LiveCommand::Alter(altered.clone()))?;
    let asked = decision
        .changes()
        .iter()
        .find_map(|change| if let Change::SectionReopened { asked, .. } = change { Some(asked.as_slice()) } else { None });
    let name = |key: &String| setting.catalogue.find(key).map(|(_, question)| capitalised(&question.name));
    Ok(asked.unwrap_or_default().iter().filter_map(name).collect())
}

/// Shows what follows from a change, and records it once that was confirmed.
pub async fn record(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product: &product };
    judge.offer(LiveAct::Alter)?;
    let (altered, problems) = read(&fields);
    let is_wrong = !problems.is_empty();
    if is_wrong || fields.text("step") == "change" {
        let mut page = form(&me, &product, (fields.all("touched"), fields.text("what")));
        page.frame.problems = problems.0;
        return if is_wrong { unprocessable(&page) } else { ok(&page) };
    }
    if fields.text("step") != "record" {
        let name = &product.facts.name;
        return ok(&CheckPage {
            frame: me.frame(format!("What follows – {name}")),
            back: product.address(),
            product_name: name.clone(),
            certificate: certificate(&product),
            questions: opened(&setting, &judge, &altered)?,
            touched: altered.touched.into_iter().collect(),
            what: altered.what,
        });
    }
    let product = me.act(&product.reference, &Command::Live(LiveCommand::Alter(altered))).await?;
    let text = "We’ll decide whether your certificate holds. It stands until then.".to_owned();
    let flash = Flash { title: "Your change has been recorded".to_owned(), text, link: None };
    Ok(see_other_with(&me, &product.address(), &flash))
}
