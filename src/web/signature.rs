//! A signed copy on its way in: looked into before it is kept, then sent for checking. P38, and shared with P39.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use chrono::NaiveDate;

use super::ctx::{Anyone, SignedIn, see_other_with};
use super::form::{Fields, Posted, PostedFile, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, unprocessable};
use super::parts::DateParts;
use crate::act;
use crate::agreement_paper::expected;
use crate::domain::actor::Actor;
use crate::domain::agreement::command::{AgreementCommand, Copy};
use crate::domain::agreement::judge::Judge;
use crate::domain::agreement::signing::signed_on;
use crate::domain::agreement::{AgreementAct, AgreementState, IssuedPaper};
use crate::domain::command::Command;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::inspect::Report;
use crate::words::{long_date, short_date};

/// The form for a signed copy, as it is shown again.
pub struct SignatureForm {
    /// The date on the copy.
    pub signed_on: DateParts,
    /// Whether authority is declared.
    pub is_authorised: bool,
    /// SHA-256 of the document that is signed.
    pub issued: String,
    /// The day of issue.
    pub issued_on: String,
    /// An example of a date.
    pub example: String,
}

impl SignatureForm {
    /// An empty form.
    #[must_use]
    pub fn new(issue: &IssuedPaper, today: NaiveDate) -> Self {
        Self {
            signed_on: DateParts::default(),
            is_authorised: false,
            issued: issue.pdf.clone(),
            issued_on: short_date(issue.on),
            example: format!("For example, {}", today.format("%-d %-m %Y")),
        }
    }

    /// The form with what was typed.
    #[must_use]
    pub fn typed(self, fields: &Fields) -> Self {
        let [day, month, year] = fields.date("signed-on");
        Self { signed_on: DateParts::new(day, month, year), is_authorised: fields.has("authorised"), ..self }
    }
}

/// How sending a signed copy ended.
pub enum Sent {
    /// It waits for the check.
    Yes(Box<Product>),
    /// The form has problems; nothing was kept.
    Problems(Problems, Fields),
}

/// Who sends a signed copy, of which product.
pub struct Sender<'a> {
    /// The request.
    pub visit: &'a Anyone,
    /// Who sends.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
    /// What is said when authority is not declared.
    pub authority: &'static str,
}

impl Sender<'_> {
    /// Looks into what was posted, keeps it and sends it for checking. What has a problem is not kept.
    ///
    /// # Errors
    /// The refusal, when the agreement does not wait for a signature.
    pub async fn send(&self, posted: Posted) -> Result<Sent, Error> {
        let Posted { fields, files } = posted;
        if self.is_sent_already(&fields) {
            return Ok(Sent::Yes(Box::new(self.product.clone())));
        }
        let setting = self.visit.app.rules.setting(self.product, self.visit.now)?;
        Judge { setting: &setting, actor: self.actor, product: self.product }.offer(AgreementAct::Sign)?;
        let issue = self.product.agreement().issue.as_ref().ok_or(Error::NotFound)?;
        let mut problems = Problems::default();
        let file = files.into_iter().find(|f| f.field == "copy");
        let file = self.looked_into(&mut problems, &fields, issue, file).await?;
        let date = problems.take("signed-on-day", signed_on(&fields.date("signed-on"), issue.on, self.visit.today()));
        if !fields.has("authorised") {
            problems.add("authorised", self.authority);
        }
        let (Some((file, report)), Some(date), true) = (file, date, problems.is_empty()) else {
            return Ok(Sent::Problems(problems, fields));
        };
        self.keep(file, report, date).await
    }

    /// Whether the same press has come before: this document was signed and waits for the check.
    fn is_sent_already(&self, fields: &Fields) -> bool {
        let agreement = self.product.agreement();
        let issued = fields.text("issued");
        let is_same = |s: &crate::domain::agreement::SignedCopy| s.issued == issued && s.sent_by == self.actor.name();
        agreement.state == AgreementState::Signed && agreement.signed.as_ref().is_some_and(is_same)
    }

    async fn looked_into(
        &self,
        problems: &mut Problems,
        fields: &Fields,
        issue: &IssuedPaper,
        file: Option<PostedFile>,
    ) -> Result<Option<(PostedFile, Report)>, Error> {
        if fields.text("issued") != issue.pdf {
            let on = long_date(issue.on);
            problems.add("copy", format!("We issued another version of the agreement on {on}. Sign and send that one"));
            return Ok(None);
        }
        let Some(mut file) = file else {
            problems.add("copy", "Select the signed agreement");
            return Ok(None);
        };
        let Some(content) = &mut file.content else {
            problems.add("copy", "The selected file must be smaller than 20MB");
            return Ok(None);
        };
        let expected = expected(&self.visit.app.rules, issue)?;
        match self.visit.app.inspector.examine(content.written().await?, &expected).await? {
            Ok(report) => Ok(Some((file, report))),
            Err(fault) => {
                problems.add("copy", fault.sentence());
                Ok(None)
            }
        }
    }

    async fn keep(&self, file: PostedFile, report: Report, date: NaiveDate) -> Result<Sent, Error> {
        let content = file.content.ok_or(Error::NotFound)?;
        let size = content.size();
        let app = &self.visit.app;
        let copy = Copy {
            signed_on: date,
            is_authorised: true,
            name: file.name,
            digest: app.files.keep(content).await?,
            size,
            pages: report.pages,
            has_signature_field: report.has_signature_field,
            has_issued_text: report.text_found,
        };
        let digest = copy.digest.clone();
        let command = Command::Agreement(AgreementCommand::Sign(Box::new(copy)));
        let target = (self.product.reference.as_str(), &command);
        match act::act(&app.db, &app.rules, self.actor, target, self.visit.now).await {
            Ok(product) => Ok(Sent::Yes(Box::new(product))),
            Err(Error::Refused(refusal @ Refusal::Elsewhere(_))) => self.same(&digest, refusal).await,
            Err(error) => Err(error),
        }
    }

    /// Of two presses at once, the second finds what the first sent.
    async fn same(&self, digest: &str, refusal: Refusal) -> Result<Sent, Error> {
        let present = self.visit.app.db.visible(self.actor).product(&self.product.reference).await?;
        let is_same = present.agreement().signed.as_ref().is_some_and(|s| s.digest == digest);
        if is_same { Ok(Sent::Yes(Box::new(present))) } else { Err(refusal.into()) }
    }
}

/// What the supplier's team confirms, or is asked to.
const AUTHORITY: &str = "Confirm that the signatory is an officer of the organisation with authority to accept these terms";

#[derive(Template)]
#[template(path = "agreement/signature.html")]
struct SignaturePage {
    frame: Frame,
    back: String,
    product: String,
    pdf: String,
    signatory: String,
    reason: String,
    pages: u32,
    form: SignatureForm,
}

fn template(me: &SignedIn, product: &Product, issue: &IssuedPaper) -> SignaturePage {
    let agreement = product.agreement();
    let back = format!("{}/agreement", product.address());
    SignaturePage {
        frame: me.frame(format!("Send the signed agreement – {}", product.facts.name)),
        pdf: format!("{back}.pdf"),
        back,
        product: product.facts.name.clone(),
        signatory: format!("{}, {}", agreement.signatory.name, agreement.signatory.job_title),
        reason: if agreement.state == AgreementState::Returned { agreement.reason.clone() } else { String::new() },
        pages: issue.pages,
        form: SignatureForm::new(issue, me.today()),
    }
}

/// P38: asks for the signed copy.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(AgreementAct::Sign)?;
    let issue = product.agreement().issue.as_ref().ok_or(Error::NotFound)?;
    ok(&template(&me, &product, issue))
}

/// Takes the signed copy.
pub async fn send(me: SignedIn, path: Path<String>, posted: Posted) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let sender = Sender { visit: &me.visit, actor: &me.actor, product: &product, authority: AUTHORITY };
    match sender.send(posted).await? {
        Sent::Yes(product) => {
            let by = product.agreement().signed.as_ref().map(|s| format!("We’ll check it by {}.", long_date(s.check_by)));
            let flash = Flash { title: "You’ve sent the signed agreement".to_owned(), text: by.unwrap_or_default(), link: None };
            Ok(see_other_with(&me, &format!("{}/agreement", product.address()), &flash))
        }
        Sent::Problems(problems, fields) => {
            let issue = product.agreement().issue.as_ref().ok_or(Error::NotFound)?;
            let page = template(&me, &product, issue);
            let frame = Frame { problems: problems.0, ..page.frame };
            unprocessable(&SignaturePage { form: page.form.typed(&fields), frame, ..page })
        }
    }
}
