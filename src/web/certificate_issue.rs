//! Issuing a certificate: what it will say, what stands in the way, and the press.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::certificates::{answer, facts};
use super::ctx::{SignedIn, see_other_with};
use super::due_view::left;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use crate::document::unprintable;
use crate::domain::certificate::{CertificateAct, Content, Judge};
use crate::domain::condition::Condition;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::issue::{Replacing, was_late};
use crate::words::{listed, long_date};

/// What is shown to whoever pressed second.
const LATE: &str = "A certificate was issued or changed at the same moment. Nothing was issued twice: this is how it stands now.";

#[derive(Template)]
#[template(path = "certificate/issue.html")]
struct IssuePage {
    frame: Frame,
    back: String,
    product_name: String,
    organisation: String,
    blocked: Vec<String>,
    facts: Vec<(&'static str, String)>,
    due: String,
    left: String,
    look: &'static str,
    standing: String,
    reason: String,
}

/// What in a certificate has no shape in its fonts, a sentence for each fact.
fn unshown(content: &Content) -> Vec<String> {
    let sentence = |(name, text): &(&'static str, String)| {
        let characters: Vec<String> = unprintable(text).into_iter().filter(|c| *c != '\n').map(|c| format!("“{c}”")).collect();
        let is_one = characters.len() == 1;
        let (word, them) = if is_one { ("character", "it") } else { ("characters", "them") };
        let name = name.to_lowercase();
        (!characters.is_empty()).then(|| {
            format!(
                "The certificate cannot show the {word} {} in “{name}”. Ask the supplier to write {them} with Latin, Greek or Cyrillic letters.",
                listed(&characters)
            )
        })
    };
    facts(content).iter().filter_map(sentence).collect()
}

/// Everything that stands in the way, as sentences.
fn obstacles(judge: &Judge<'_>) -> Vec<String> {
    let sentence = |condition: Condition| {
        let is_being_issued = condition == Condition::OneAtATime;
        let words =
            if is_being_issued { "A certificate is being issued at this moment. Reload this page." } else { condition.sentence() };
        words.to_owned()
    };
    let mut blocked: Vec<String> = judge.obstacles().into_iter().map(sentence).collect();
    blocked.extend(judge.would_say().map(|content| unshown(&content)).unwrap_or_default());
    blocked
}

/// A product that the person may issue a certificate for, now or later.
async fn issuable(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    let product = me.visible().product(reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product: &product };
    if matches!(judge.offer(CertificateAct::Prepare), Err(Refusal::NotYours)) {
        return Err(Refusal::NotYours.into());
    }
    Ok(product)
}

fn issue_page(me: &SignedIn, product: &Product, reason: String) -> Result<IssuePage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let standing = product.certificate().map(|c| c.content.number.clone()).unwrap_or_default();
    let heading = if standing.is_empty() { "Issue the certificate" } else { "Replace the certificate" };
    let is_first = product.certificates.iter().all(|c| !c.state.was_issued());
    let by = product.demonstration().outcome.as_ref().and_then(|o| o.certificate_by).filter(|_| is_first);
    let (left, look) = by.map(|by| left(by, setting.calendar, me.today())).unwrap_or_default();
    Ok(IssuePage {
        frame: me.frame(format!("{heading} – {}", product.facts.name)),
        back: format!("{}/certificate", product.address()),
        product_name: product.facts.name.clone(),
        organisation: product.organisation_name.clone(),
        blocked: obstacles(&judge),
        facts: judge.would_say().map(|content| facts(&content)).unwrap_or_default(),
        due: by.map(long_date).unwrap_or_default(),
        left,
        look,
        standing,
        reason,
    })
}

/// P49: what will be on the certificate, or why it can't be issued.
pub async fn ask(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = issuable(&me, &path).await?;
    ok(&issue_page(&me, &product, String::new())?)
}

/// Issues the certificate that was shown.
pub async fn issue(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = issuable(&me, &path).await?;
    let replacing = Replacing { number: fields.text("replaces"), reason: fields.text("reason") };
    let standing = product.certificate().map(|c| c.content.number.as_str()).unwrap_or_default();
    if product.prepared().is_some() || standing != replacing.number {
        return answer(&me, &product, (StatusCode::CONFLICT, LATE));
    }
    let mut template = issue_page(&me, &product, fields.text("reason"))?;
    if !template.blocked.is_empty() {
        return page(StatusCode::CONFLICT, &template);
    }
    let mut problems = Problems::default();
    let missing = if standing.is_empty() { "" } else { "Say why the certificate is replaced" };
    problems.line(&fields, "reason", (missing, 500));
    if !problems.is_empty() {
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    match me.app.issuer().issue(&me.actor, (&product.reference, &replacing), me.now).await {
        Ok(product) => {
            let title = product.certificate().map_or_else(String::new, |c| format!("Certificate {} issued", c.content.number));
            let text = format!("We’ve told {}.", product.organisation_name);
            let address = format!("{}/certificate", product.address());
            Ok(see_other_with(&me, &address, &Flash { title, text, link: None }))
        }
        Err(error) if was_late(&error) => {
            let product = me.visible().product(&product.reference).await?;
            answer(&me, &product, (StatusCode::CONFLICT, LATE))
        }
        Err(Error::Refused(Refusal::Missing(_))) => {
            let product = me.visible().product(&product.reference).await?;
            page(StatusCode::CONFLICT, &issue_page(&me, &product, replacing.reason)?)
        }
        Err(error) => Err(error),
    }
}
