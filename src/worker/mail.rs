//! E-mail: a notice becomes a subject and a text, and goes out by SMTP, into a folder or into memory.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::Url;

use crate::act::Rules;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::demonstration::TEST_HOURS;
use crate::domain::notice::Notice;
use crate::secret::LinkKey;
use crate::store::outbox::Letter;
use crate::words;

/// Longest wait for a mail server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What is said of a setting without a host.
const NO_HOST: &str = "The mail setting names no host. Write it like smtp://user:password@mail.example.nhs.uk:587";

/// A message as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Subject, on one line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// What makes links and texts.
#[derive(Clone)]
pub struct Writer {
    /// The public address, without a slash at its end.
    pub base: String,
    /// Signs links.
    pub links: LinkKey,
    /// Names of sections.
    pub rules: Rules,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Page<'a> {
    rules: &'a Rules,
    notice: &'a Notice,
    name: &'a str,
    product: &'a str,
    reference: &'a str,
    organisation: &'a str,
    base: &'a str,
    code: String,
    link: String,
}

impl Page<'_> {
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn date(&self, date: &NaiveDate) -> String {
        words::plain_date(*date)
    }

    /// The day of a moment, in Europe/London.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn day(&self, at: &DateTime<Utc>) -> String {
        words::plain_date(london_date(*at))
    }

    /// The time of a moment, in Europe/London.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn time(&self, at: &DateTime<Utc>) -> String {
        words::time(*at)
    }

    /// When a demonstration that begins at a moment ends.
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn end(&self, at: &DateTime<Utc>) -> String {
        words::time(*at + chrono::Duration::hours(TEST_HOURS))
    }

    /// "1 line", "3 lines".
    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn counted(&self, number: &u32, noun: &str) -> String {
        words::counted(usize::try_from(*number).unwrap_or(usize::MAX), noun)
    }

    /// Why somebody gets this e-mail about a product.
    fn why(&self) -> String {
        let is_signatory = matches!(self.notice, Notice::SignatureAsked { .. } | Notice::SigningCode { .. });
        let is_staff = matches!(
            self.notice,
            Notice::DateWanted { .. } | Notice::ChecksDue { .. } | Notice::CertificateDue { .. } | Notice::AgreementToCheck { .. }
        );
        match (is_signatory, is_staff) {
            (true, _) => format!("you were named as the officer who signs for {}", self.organisation),
            (false, true) => "you work in the assurance team".to_owned(),
            (false, false) => format!("you work on {}", self.product),
        }
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn plain(&self, text: &str) -> String {
        text.replace('\u{a0}', " ")
    }

    fn title(&self, section: &Section) -> String {
        let catalogue = self.rules.catalogue(self.rules.newest()).ok();
        catalogue.and_then(|c| c.section(*section)).map(|s| s.title.clone()).unwrap_or_default()
    }

    fn short(&self, section: &Section) -> String {
        let catalogue = self.rules.catalogue(self.rules.newest()).ok();
        catalogue.and_then(|c| c.section(*section)).map(|s| s.short.clone()).unwrap_or_default()
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn first_three<'b>(&self, sections: &'b [Section]) -> &'b [Section] {
        sections.get(..3).unwrap_or(sections)
    }

    #[expect(clippy::unused_self, reason = "the template calls it")]
    fn days_from_now(&self, days: &i64) -> String {
        match *days {
            0 => "today".to_owned(),
            1 => "1 working day from now".to_owned(),
            n if n < 0 => "which has passed".to_owned(),
            n => format!("{n} working days from now"),
        }
    }
}

impl Writer {
    /// The message for a letter. The same letter gives the same message each time.
    ///
    /// # Errors
    /// When the template fails.
    pub fn write(&self, letter: &Letter) -> anyhow::Result<Text> {
        let (reference, product) = letter.product.clone().unwrap_or_default();
        let page = Page {
            rules: &self.rules,
            notice: &letter.notice,
            name: &letter.name,
            product: &product,
            reference: &reference,
            organisation: &letter.organisation,
            base: &self.base,
            code: self.code(&letter.notice),
            link: self.link(&letter.notice, &reference),
        };
        let text = page.render()?;
        let (subject, body) = text.trim_start().split_once('\n').context("a mail template without a subject")?;
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Text { subject, body: tidy(body) })
    }

    /// The code of a signatory; empty for everything else.
    fn code(&self, notice: &Notice) -> String {
        if let Notice::SigningCode { signing, at, .. } = notice {
            return self.links.signing_code(signing.0, *at);
        }
        String::new()
    }

    fn link(&self, notice: &Notice, reference: &str) -> String {
        let base = &self.base;
        let product = format!("{base}/products/{}", reference.to_lowercase());
        match notice {
            Notice::Invitation { invitation, .. } => format!("{base}/invitations/{}", self.links.sign("invitation", invitation.0)),
            Notice::AccountReady | Notice::PasswordChanged { .. } => format!("{base}/login"),
            Notice::PasswordReset { reset, .. } => format!("{base}/reset-password/{}", self.links.sign("reset", *reset)),
            Notice::ProductAdded { .. }
            | Notice::SectionSent { .. }
            | Notice::SectionAccepted { .. }
            | Notice::Assured
            | Notice::WentLive { .. }
            | Notice::SignInAltered { .. } => product,
            Notice::ReviewAssigned { section, .. } => format!("{product}/sections/{section}/review"),
            Notice::ChangesNeeded { section, .. } | Notice::SectionReopened { section, .. } => {
                format!("{product}/sections/{section}/feedback")
            }
            Notice::SignatureAsked { signing, .. } | Notice::SigningCode { signing, .. } => {
                format!("{base}/sign/{}", self.links.sign("signing", signing.0))
            }
            Notice::CertificateIssued { .. } | Notice::CertificateWithdrawn { .. } | Notice::CertificateKept { .. } => {
                format!("{product}/certificate")
            }
            Notice::DateWanted { .. } => format!("{product}/demonstration/wish"),
            Notice::ChecksDue { .. } => format!("{product}/demonstration/checks"),
            Notice::CertificateDue { .. } => format!("{product}/certificate/issue"),
            Notice::AgreementToCheck { .. } => format!("{product}/agreement/check"),
            Notice::DetailsMissing { .. } => format!("{product}/demonstration/details"),
            Notice::DateAsked { .. }
            | Notice::NoDate
            | Notice::WishTakenBack { .. }
            | Notice::DemonstrationBooked { .. }
            | Notice::CheckProblem { .. }
            | Notice::DemonstrationConfirmed { .. }
            | Notice::DemonstrationReminder { .. }
            | Notice::DemonstrationMoved { .. }
            | Notice::DemonstrationCancelled { .. }
            | Notice::TestPassed { .. }
            | Notice::TestNotPassed { .. }
            | Notice::TestNotHeld { .. }
            | Notice::TestRepeated => format!("{product}/demonstration"),
            Notice::AgreementIssued { .. }
            | Notice::AgreementReissued
            | Notice::AgreementSigned { .. }
            | Notice::SigningReminder { .. }
            | Notice::SigningRefused { .. }
            | Notice::AgreementAccepted
            | Notice::AgreementReturned
            | Notice::AgreementRenewed => format!("{product}/agreement"),
        }
    }
}

/// At most one empty line in a row, none at the ends.
fn tidy(body: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in body.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_some_and(|l| l.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

/// The same words as HTML: one column, no pictures, links that can be pressed.
#[must_use]
pub fn html(body: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let word = |w: &str| {
        let safe = escape(w);
        if w.starts_with("http://") || w.starts_with("https://") { format!("<a href=\"{safe}\">{safe}</a>") } else { safe }
    };
    let line = |l: &str| l.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let paragraph = |p: &str| format!("<p>{}</p>", p.lines().map(line).collect::<Vec<_>>().join("<br>\n"));
    let paragraphs: Vec<String> = body.trim().split("\n\n").map(paragraph).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"></head><body>\n{}\n</body></html>\n",
        paragraphs.join("\n")
    )
}

/// A message that was put into memory.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Message-ID.
    pub id: String,
    /// Recipient.
    pub to: String,
    /// The message.
    pub text: Text,
}

/// Where messages go.
#[derive(Clone)]
pub enum Transport {
    /// A mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Files in a folder, one for each message, named by its identifier.
    Folder(PathBuf),
    /// Memory: for tests.
    Memory(Arc<Mutex<Vec<Kept>>>),
}

impl Transport {
    /// The transport of a setting.
    ///
    /// # Errors
    /// A sentence that says which forms there are.
    pub fn parse(setting: &str, authority: Option<&std::path::Path>) -> anyhow::Result<Self> {
        if setting == "memory" {
            return Ok(Self::Memory(Arc::default()));
        }
        if let Some(path) = setting.strip_prefix("folder:").filter(|p| !p.is_empty()) {
            let path = PathBuf::from(path);
            std::fs::create_dir_all(&path).with_context(|| format!("The mail folder {} cannot be made", path.display()))?;
            return Ok(Self::Folder(path));
        }
        let url = Url::parse(setting).ok().filter(|u| matches!(u.scheme(), "smtp" | "smtps" | "smtp-plain"));
        let Some(url) = url else {
            bail!("The mail setting must be smtp://, smtps:// or smtp-plain:// with a host, or folder: with a path, or memory");
        };
        let host = url.host_str().filter(|h| !h.is_empty()).context(NO_HOST)?;
        Ok(Self::Smtp(Box::new(smtp(&url, host, authority)?)))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// What went wrong, for the log and the page of mail. No recipient is named in it.
    pub async fn send(&self, from: &Mailbox, letter: &Letter, text: &Text) -> anyhow::Result<()> {
        let message = message(from, letter, text)?;
        match self {
            Self::Smtp(smtp) => {
                smtp.send(message).await?;
            }
            Self::Folder(path) => {
                let part = path.join(format!(".{}.part", letter.id));
                tokio::fs::write(&part, message.formatted()).await?;
                tokio::fs::rename(&part, path.join(format!("{}.eml", letter.id))).await?;
            }
            Self::Memory(kept) => {
                let mut kept = kept.lock().map_err(|_| anyhow::anyhow!("the mail in memory is broken"))?;
                kept.push(Kept { id: letter.id.to_string(), to: letter.email.clone(), text: text.clone() });
            }
        }
        Ok(())
    }
}

fn smtp(url: &Url, host: &str, authority: Option<&std::path::Path>) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(path) = authority {
        let pem = std::fs::read(path).with_context(|| format!("The certificate file {} cannot be read", path.display()))?;
        let certificate = Certificate::from_pem(&pem).with_context(|| format!("{} holds no certificate", path.display()))?;
        parameters = parameters.add_root_certificate(certificate);
    }
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Wrapper(parameters.build()?), 465),
        "smtp" => (Tls::Required(parameters.build()?), 587),
        _ => (Tls::None, 25),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .timeout(Some(TIMEOUT));
    if !url.username().is_empty() {
        let decode = |text: &str| {
            url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes()).next().map(|p| p.1.into_owned())
        };
        let user = decode(url.username()).unwrap_or_default();
        let password = decode(url.password().unwrap_or_default()).unwrap_or_default();
        builder = builder.credentials(Credentials::new(user, password));
    }
    Ok(builder.build())
}

fn message(from: &Mailbox, letter: &Letter, text: &Text) -> anyhow::Result<Message> {
    let to = Mailbox::new(Some(letter.name.clone()), letter.email.parse()?);
    let domain = from.email.domain();
    let mut message = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&text.subject)
        .message_id(Some(format!("<{}@{domain}>", letter.id)))
        .multipart(
            MultiPart::alternative()
                .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text.body.clone()))
                .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(html(&text.body))),
        )?;
    let name = HeaderName::new_from_ascii("Auto-Submitted".to_owned())?;
    message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Ok(message)
}
