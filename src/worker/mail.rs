//! E-mail goes out by SMTP, into a folder or into memory.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::Url;

use super::letter::Text;
use crate::store::outbox::Letter;

/// Longest wait for a mail server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What is said of a setting without a host.
const NO_HOST: &str = "The mail setting names no host. Write it like smtp://user:password@mail.example.nhs.uk:587";

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
