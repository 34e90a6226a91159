//! Issuing a Connection Agreement, for the assurance team: what will stand on it, how it is issued, the PDF before and after.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::agreement_view::View;
use super::agreements::file_name;
use super::ctx::{SignedIn, see_other_with};
use super::files::download_of;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::parts::Item;
use crate::agreement_paper::{Made, answered_role, document, keep, make, parties, proposed, terms, without_shape};
use crate::domain::agreement::command::{AgreementCommand, Paper};
use crate::domain::agreement::judge::Judge;
use crate::domain::agreement::signing::AgreementKind;
use crate::domain::agreement::terms::{DataRole, Parties, Placeholder};
use crate::domain::agreement::{AgreementAct, IssuedPaper};
use crate::domain::answer::hex;
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::words::SigningId;
use crate::error::Error;
use crate::secret::new_id;

/// Most characters of the reason.
const LONGEST_REASON: usize = 1000;

/// What was chosen, or is proposed.
struct Choice {
    kind: Option<AgreementKind>,
    role: Option<DataRole>,
    reason: String,
}

#[derive(Template)]
#[template(path = "agreement/issue.html")]
struct IssuePage {
    frame: Frame,
    back: String,
    product: String,
    preview: String,
    /// Why it cannot be issued now; empty when it can be.
    why_not: String,
    missing: Vec<String>,
    without_shape: String,
    facts: Vec<(String, String)>,
    is_sample: bool,
    proposal: (&'static str, &'static str),
    answered: &'static str,
    kinds: Vec<Item>,
    roles: Vec<Item>,
    reason: String,
    edition: String,
}

/// Who gives what is missing.
fn missing(parties: &Parties) -> Vec<String> {
    let from = |placeholder: Placeholder| match placeholder {
        Placeholder::Organisation | Placeholder::Address | Placeholder::OdsCode => "from the details of the organisation",
        Placeholder::Product | Placeholder::Version => "from the details of the product",
        Placeholder::Signatory | Placeholder::JobTitle => "when the supplier says who will sign",
        Placeholder::Reference | Placeholder::DataRole => "from this service",
    };
    parties.missing().into_iter().map(|p| format!("{}: {}", p.label(), from(p))).collect()
}

/// A word for what the form was opened with: parties, terms and state.
fn edition(parties: &Parties, version: &str, product: &Product) -> Result<String, Error> {
    let agreement = product.agreement();
    let text = format!("{} {version} {} {}", serde_json::to_string(parties)?, agreement.number, agreement.state);
    Ok(hex(&Sha256::digest(text)).chars().take(16).collect())
}

struct Desk<'a> {
    me: &'a SignedIn,
    product: &'a Product,
}

impl Desk<'_> {
    fn offer(&self, act: AgreementAct) -> Result<(), Error> {
        let setting = self.me.app.rules.setting(self.product, self.me.now)?;
        Ok(Judge { setting: &setting, actor: &self.me.actor, product: self.product }.offer(act)?)
    }

    /// Why neither a signed nor an unsigned agreement can be issued now; empty when one can be.
    fn why_not(&self) -> Result<String, Error> {
        if self.offer(AgreementAct::Reissue).is_ok() {
            return Ok(String::new());
        }
        let setting = self.me.app.rules.setting(self.product, self.me.now)?;
        match self.offer(AgreementAct::Issue) {
            Ok(()) => Ok(String::new()),
            Err(Error::Refused(Refusal::NotYours)) => Ok("Reviewers issue agreements.".to_owned()),
            Err(Error::Refused(refusal)) => {
                let waiting = View { me: self.me, product: self.product, setting: &setting }.waits_for()?;
                Ok(waiting.unwrap_or_else(|| refusal.sentence()))
            }
            Err(error) => Err(error),
        }
    }

    fn template(&self, choice: Choice) -> Result<IssuePage, Error> {
        let (me, product) = (self.me, self.product);
        let terms = terms(&me.app.rules, me.today())?;
        let parties = parties(product, choice.role.unwrap_or(DataRole::Processor));
        let back = format!("{}/agreement", product.address());
        let is_offered = |kind: AgreementKind| kind.needs_signature() || self.offer(AgreementAct::Reissue).is_ok();
        let kinds = AgreementKind::ALL.iter().filter(|k| is_offered(**k));
        let kinds = kinds.map(|k| Item::new(k.word(), k.label()).hint(k.reason()).checked(choice.kind == Some(*k)));
        let roles = DataRole::ALL.iter().map(|r| Item::new(r.word(), r.label()).checked(choice.role == Some(*r)));
        Ok(IssuePage {
            frame: me.frame(format!("Issue the agreement – {}", product.facts.name)),
            preview: format!("{back}/preview.pdf"),
            back,
            product: product.facts.name.clone(),
            why_not: self.why_not()?,
            missing: missing(&parties),
            without_shape: without_shape(&parties),
            facts: terms.fill(&parties).facts,
            is_sample: terms.is_sample,
            proposal: {
                let (kind, why) = proposed(product, &terms.version);
                (kind.label(), why)
            },
            answered: answered_role(product).map_or("not answered", DataRole::label),
            kinds: kinds.collect(),
            roles: roles.collect(),
            reason: choice.reason,
            edition: edition(&self::parties(product, DataRole::Processor), &terms.version, product)?,
        })
    }

    fn proposed(&self) -> Result<Choice, Error> {
        let terms = terms(&self.me.app.rules, self.me.today())?;
        let (kind, why) = proposed(self.product, &terms.version);
        let reason = if kind == AgreementKind::New { String::new() } else { why.to_owned() };
        let agreement = self.product.agreement();
        let reason = if agreement.reason.is_empty() { reason } else { agreement.reason.clone() };
        Ok(Choice { kind: Some(kind), role: answered_role(self.product), reason })
    }

    async fn draw(&self, role: DataRole) -> Result<(Parties, String, Made), Error> {
        let terms = terms(&self.me.app.rules, self.me.today())?;
        let parties = parties(self.product, role);
        let made = make(document(&terms.fill(&parties), &parties, self.me.today())).await?;
        Ok((parties, terms.version.clone(), made))
    }

    /// What was chosen, with its problems.
    fn read(&self, fields: &Fields) -> (Choice, Problems) {
        let mut problems = Problems::default();
        let kind = AgreementKind::from_word(fields.raw("kind"));
        match kind {
            None => problems.add("kind", "Select how to issue the agreement"),
            Some(AgreementKind::Reissued) => {
                if let Err(Error::Refused(refusal)) = self.offer(AgreementAct::Reissue) {
                    problems.add("kind", refusal.sentence());
                }
            }
            Some(AgreementKind::New | AgreementKind::SignAgain) => {}
        }
        let role = DataRole::from_word(fields.raw("role"));
        if role.is_none() {
            problems.add("role", "Select the role in data protection");
        }
        let missing = if kind.is_some_and(|k| k != AgreementKind::New) { "Say what changed" } else { "" };
        let reason = problems.line(fields, "reason", (missing, LONGEST_REASON));
        (Choice { kind, role, reason }, problems)
    }

    async fn issue(&self, kind: AgreementKind, role: DataRole, reason: &str) -> Result<Product, Error> {
        let (parties, terms, made) = self.draw(role).await?;
        keep(&self.me.app.files, &made).await?;
        let (pdf, pages) = (made.digest, made.pages);
        let paper = Paper { terms, kind, data_role: role, parties, pdf, pages, reason: reason.to_owned() };
        let command = if kind.needs_signature() {
            AgreementCommand::Issue(paper, SigningId(new_id()))
        } else {
            AgreementCommand::Reissue(paper)
        };
        self.me.act(&self.product.reference, &Command::Agreement(command)).await
    }
}

/// The desk of a product, for the assurance team.
async fn product_of(me: &SignedIn, reference: &str) -> Result<Product, Error> {
    let product = me.visible().product(reference).await?;
    if me.actor.sees_all() { Ok(product) } else { Err(Error::NotFound) }
}

/// P50: what will be issued, and how.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    let desk = Desk { me: &me, product: &product };
    ok(&desk.template(desk.proposed()?)?)
}

/// Issues the agreement.
pub async fn issue(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    let desk = Desk { me: &me, product: &product };
    let (choice, problems) = desk.read(&fields);
    if fields.has("edition") && issued_already(&me, &product, &choice) {
        return Ok(done(&me, &product));
    }
    if !me.actor.is(crate::domain::actor::Duty::Reviewer) {
        return Err(Refusal::NotYours.into());
    }
    let reason = choice.reason.clone();
    let (kind, role) = (choice.kind, choice.role);
    let mut template = desk.template(choice)?;
    if !(template.why_not.is_empty() && template.missing.is_empty() && template.without_shape.is_empty()) {
        return page(StatusCode::CONFLICT, &template);
    }
    if fields.text("edition") != template.edition {
        let sentence = "Something on the agreement has changed since you opened this page. Check it again, then issue it";
        template.frame.problems = vec![(String::new(), sentence.to_owned())];
        return page(StatusCode::CONFLICT, &template);
    }
    let (Some(kind), Some(role), true) = (kind, role, problems.is_empty()) else {
        template.frame.problems = problems.0;
        return unprocessable(&template);
    };
    match desk.issue(kind, role, &reason).await {
        Ok(product) => Ok(done(&me, &product)),
        Err(Error::Refused(refusal @ Refusal::Elsewhere(_))) => {
            let present = me.visible().product(&product.reference).await?;
            let choice = Choice { kind: Some(kind), role: Some(role), reason };
            if issued_already(&me, &present, &choice) { Ok(done(&me, &present)) } else { Err(refusal.into()) }
        }
        Err(error) => Err(error),
    }
}

/// Whether this is what the same person issued today: a second press of the same button.
fn issued_already(me: &SignedIn, product: &Product, choice: &Choice) -> bool {
    let issue = product.agreement().issue.as_ref();
    let is_same = |i: &IssuedPaper| {
        i.on == me.today() && i.by == me.actor.name() && Some(i.kind) == choice.kind && Some(i.data_role) == choice.role
    };
    let names_same = |i: &IssuedPaper| i.parties.signatory == parties(product, i.data_role).signatory;
    issue.is_some_and(|i| is_same(i) && i.reason == choice.reason && names_same(i))
}

fn done(me: &SignedIn, product: &Product) -> HttpResponse {
    let agreement = product.agreement();
    let needs = agreement.issue.as_ref().is_some_and(|i| i.kind.needs_signature());
    let text = if needs {
        format!("{} gets an email with a link to it.", agreement.signatory.name)
    } else {
        "Nobody needs to sign it. It is in force.".to_owned()
    };
    let flash = Flash { title: "The agreement has been issued".to_owned(), text, link: None };
    see_other_with(me, &format!("{}/agreement", product.address()), &flash)
}

/// The role that a preview is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Preview {
    role: String,
}

/// The PDF as it would be issued now.
pub async fn preview(me: SignedIn, path: Path<String>, query: Query<Preview>) -> Result<HttpResponse, Error> {
    let product = product_of(&me, &path).await?;
    let role = DataRole::from_word(&query.role).or_else(|| answered_role(&product)).unwrap_or(DataRole::Processor);
    let (_, _, made) = Desk { me: &me, product: &product }.draw(role).await?;
    let name = format!("preview-{}", file_name(&product, product.agreement()));
    Ok(download_of(&name, "application/pdf").body(made.bytes))
}
