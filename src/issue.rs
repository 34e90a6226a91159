//! Issues certificates so that a crash at any moment leaves nothing half done.
//!
//! | Step | What is there afterwards | After a crash here |
//! | --- | --- | --- |
//! | prepare | number and content, committed | the worker goes on, or voids it |
//! | draw | nothing new | the worker draws the same bytes |
//! | keep | the PDF, flushed to disk | the worker keeps the same file again |
//! | publish | the certificate, its event and its mail, in one commit | it is issued |
//!
//! The order is the one that certificate authorities follow: what will be signed is recorded before it is signed
//! (RFC 6962, section 3.1, calls the record a promise). The same content gives the same signature and the same PDF,
//! so two that finish the same certificate do no harm: one commit wins, the other finds it done.

use chrono::{DateTime, Datelike, Duration, Utc};

use crate::act::{Rules, act};
use crate::document::certificate::{json, pdf};
use crate::document::signature::KeySet;
use crate::domain::actor::Actor;
use crate::domain::calendar::london_date;
use crate::domain::certificate::{Certificate, CertificateCommand, CertificateState, Content};
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::secret::certificate_number;
use crate::store::Db;
use crate::store::file::Files;

/// How old a prepared certificate is before somebody else than its reviewer finishes it, in seconds.
pub const PATIENCE_SECONDS: i64 = 60;

/// What a new certificate takes the place of, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replacing {
    /// The number that the reviewer saw standing; empty when there was none.
    pub number: String,
    /// Why it is replaced.
    pub reason: String,
}

/// A certificate that is signed and drawn, and not yet public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The content signed as a compact JWS.
    pub signed: String,
    /// The bytes of the PDF.
    pub pdf: Vec<u8>,
}

/// Issues certificates, and finishes what a crash left open.
#[derive(Clone)]
pub struct Issuer {
    /// The database.
    pub db: Db,
    /// Question sets and calendar.
    pub rules: Rules,
    /// Where PDFs are kept.
    pub files: Files,
    /// What certificates are signed with.
    pub keys: KeySet,
    /// The public address, without a slash at its end.
    pub base: String,
}

impl Issuer {
    /// Issues a certificate from beginning to end. Returns the product as it is afterwards.
    ///
    /// # Errors
    /// [`Error::Refused`] with the reason; then nothing was issued.
    pub async fn issue(&self, actor: &Actor, of: (&str, &Replacing), now: DateTime<Utc>) -> Result<Product, Error> {
        let (reference, _) = of;
        let content = self.prepare(actor, of, now).await?;
        self.finish(actor, (reference, &content), now).await
    }

    /// The first step: number and content, committed.
    ///
    /// # Errors
    /// As [`Issuer::issue`].
    pub async fn prepare(&self, actor: &Actor, of: (&str, &Replacing), now: DateTime<Utc>) -> Result<Content, Error> {
        let (reference, replacing) = of;
        let number = certificate_number(london_date(now).year())?;
        let address = format!("{}/certificates/{number}", self.base);
        let prepare = CertificateCommand::Prepare { number: number.clone(), address, reason: replacing.reason.clone() };
        let product = self.act(actor, (reference, prepare), now).await?;
        let content = &numbered(&product, &number)?.content;
        if content.replaces.as_deref().unwrap_or_default() != replacing.number {
            // Another certificate came or went since the page was opened: nobody chose to replace that one.
            self.void(actor, (reference, &number), now).await?;
            return Err(Refusal::Outdated(Vec::new()).into());
        }
        Ok(content.clone())
    }

    /// The second step: signature and PDF. It changes nothing.
    ///
    /// # Errors
    /// When the content does not fit on a page.
    pub async fn draw(&self, content: &Content) -> anyhow::Result<Drawn> {
        let (keys, content) = (self.keys.clone(), content.clone());
        let draw = move || Ok(Drawn { signed: keys.current().sign(&json(&content)?), pdf: pdf(&content)? });
        tokio::task::spawn_blocking(draw).await?
    }

    /// The third step: the PDF on disk. Returns its digest.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn keep(&self, drawn: &Drawn) -> Result<String, Error> {
        let mut incoming = self.files.receive().await?;
        incoming.write(&drawn.pdf).await?;
        self.files.keep(incoming).await
    }

    /// From a prepared certificate to one that is issued, or to a void one when it can't be.
    ///
    /// # Errors
    /// The reason why it was voided.
    pub async fn finish(&self, actor: &Actor, of: (&str, &Content), now: DateTime<Utc>) -> Result<Product, Error> {
        let (reference, content) = of;
        let number = &content.number;
        let drawn = match self.draw(content).await {
            Ok(drawn) => drawn,
            Err(error) => {
                // Drawing it again would fail again.
                self.void(actor, (reference, number), now).await?;
                return Err(Error::Internal(error.context("a certificate could not be drawn")));
            }
        };
        let pdf = self.keep(&drawn).await?;
        let issue = || CertificateCommand::Issue { number: number.clone(), signed: drawn.signed.clone(), pdf: pdf.clone() };
        loop {
            match self.act(actor, (reference, issue()), now).await {
                // Something else in the product changed at the same moment.
                Err(Error::Stale) => {}
                Err(Error::Refused(refusal)) => return self.settle(actor, (reference, number, refusal), now).await,
                done => return done,
            }
        }
    }

    /// After a refusal: somebody else has issued it, or it can't be issued any more.
    async fn settle(&self, actor: &Actor, of: (&str, &str, Refusal), now: DateTime<Utc>) -> Result<Product, Error> {
        let (reference, number, refusal) = of;
        let product = self.db.visible(actor).product(reference).await?;
        match numbered(&product, number)?.state {
            CertificateState::Prepared => {
                self.void(actor, (reference, number), now).await?;
                Err(refusal.into())
            }
            CertificateState::Absent | CertificateState::Voided => Err(refusal.into()),
            CertificateState::Valid | CertificateState::AtRisk | CertificateState::Withdrawn | CertificateState::Replaced => {
                Ok(product)
            }
        }
    }

    async fn void(&self, actor: &Actor, of: (&str, &str), now: DateTime<Utc>) -> Result<(), Error> {
        let (reference, number) = of;
        loop {
            match self.act(actor, (reference, CertificateCommand::Void(number.to_owned())), now).await {
                Err(Error::Stale) => {}
                Err(Error::Refused(Refusal::Elsewhere(_))) | Ok(_) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Finishes or voids every certificate that was prepared before a moment. Returns how many there were.
    ///
    /// # Errors
    /// When the database or the disk fails; what was not reached stays open for the next time.
    #[expect(clippy::disallowed_methods, reason = "the service itself finishes what a reviewer began")]
    pub async fn finish_open(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<usize, Error> {
        let open = self.db.prepared_certificates(before).await?;
        for (reference, number) in &open {
            let worker = Actor::worker();
            let product = self.db.visible(&worker).product(reference).await?;
            let Some(certificate) = product.prepared().filter(|c| c.content.number == *number) else { continue };
            match self.finish(&worker, (reference, &certificate.content), now).await {
                Ok(_) => {
                    tracing::info!(product = reference, number, "finished a certificate that was left open");
                }
                Err(Error::Refused(why)) => {
                    tracing::warn!(product = reference, number, ?why, "voided a certificate that was left open");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(open.len())
    }

    /// Finishes what has been open for longer than issuing takes.
    ///
    /// # Errors
    /// As [`Issuer::finish_open`].
    pub async fn finish_late(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        self.finish_open(now - Duration::seconds(PATIENCE_SECONDS), now).await
    }

    async fn act(&self, actor: &Actor, of: (&str, CertificateCommand), now: DateTime<Utc>) -> Result<Product, Error> {
        let (reference, command) = of;
        act(&self.db, &self.rules, actor, (reference, &Command::Certificate(command)), now).await
    }
}

fn numbered<'a>(product: &'a Product, number: &str) -> Result<&'a Certificate, Error> {
    product.certificates.iter().find(|c| c.content.number == number).ok_or(Error::NotFound)
}

/// Whether an error says that somebody else issued a certificate at the same moment.
#[must_use]
pub const fn was_late(error: &Error) -> bool {
    matches!(
        error,
        Error::Stale | Error::Refused(Refusal::Outdated(_) | Refusal::Missing(Condition::OneAtATime) | Refusal::Elsewhere(_))
    )
}
