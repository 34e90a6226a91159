//! What was posted: fields as text and files on their way into the store. Handlers turn them into domain values.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use futures_util::{StreamExt, TryStreamExt};

use super::App;
use crate::error::Error;
use crate::store::file::Incoming;

/// Largest body of a form without files.
const MAX_FORM: usize = 256 * 1024;
/// Largest body with files.
const MAX_UPLOAD: u64 = 64 * 1024 * 1024;
/// Largest file; questions may set a lower limit.
pub const MAX_FILE: u64 = 20 * 1024 * 1024;
/// Most fields of a form.
const MAX_FIELDS: usize = 500;
/// Longest time that a form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(10);
/// Longest time that files may take to arrive.
const UPLOAD_TIME: Duration = Duration::from_mins(3);

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// The first value of a field, as it was typed; empty when there is none.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// The first value of a field without spaces around it and with plain line ends.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.raw(name).replace("\r\n", "\n").trim().to_owned()
    }

    /// All values of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a field was sent and is not empty: a ticked box.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// Day, month and year of a date field.
    #[must_use]
    pub fn date(&self, name: &str) -> [String; 3] {
        ["day", "month", "year"].map(|part| self.text(&format!("{name}-{part}")))
    }

    /// Adds a value, without the character that no database keeps in a text.
    pub fn push(&mut self, name: &str, mut value: String) {
        value.retain(|c| c != '\0');
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    /// Puts a value in place of what was sent.
    pub fn put(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), vec![value]);
    }

    /// Every field with each of its values, in the order of the names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
    }

    /// The fields without those whose names are to be left out.
    #[must_use]
    pub fn without(mut self, is_out: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|name, _| !is_out(name));
        self
    }

    /// The fields as a form is sent.
    #[must_use]
    pub fn encoded(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The fields of an address, for forms that only ask.
    ///
    /// # Errors
    /// [`Error::Bad`] when there are too many.
    pub fn of_query(query: &str) -> Result<Self, Error> {
        Self::parse(query.as_bytes())
    }

    fn parse(body: &[u8]) -> Result<Self, Error> {
        let mut fields = Self::default();
        for (number, (name, value)) in url::form_urlencoded::parse(body).enumerate() {
            if number >= MAX_FIELDS {
                return Err(Error::Bad("too many fields".to_owned()));
            }
            fields.push(&name, value.into_owned());
        }
        Ok(fields)
    }
}

impl FromRequest for Fields {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = Posted::from_request(req, payload);
        Box::pin(async move { Ok(posted.await?.fields) })
    }
}

/// A file that was posted.
pub struct PostedFile {
    /// The field.
    pub field: String,
    /// The name that the browser gave, cleaned.
    pub name: String,
    /// The bytes; `None` when there were more than [`MAX_FILE`].
    pub content: Option<Incoming>,
}

/// A form with files.
pub struct Posted {
    /// The fields.
    pub fields: Fields,
    /// The files that were chosen, empty choices left out.
    pub files: Vec<PostedFile>,
}

impl Posted {
    /// The names of the files.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.files.iter().map(|f| f.name.clone()).collect()
    }
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = req.app_data::<Data<App>>().cloned();
        let is_multipart = req
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.to_ascii_lowercase().starts_with("multipart/form-data"));
        let headers = req.headers().clone();
        let payload = payload.take();
        Box::pin(async move {
            let app = app.ok_or(Error::NotFound)?;
            let late = || Error::Bad("the form took too long to arrive".to_owned());
            if is_multipart {
                let multipart = Multipart::new(&headers, payload);
                return tokio::time::timeout(UPLOAD_TIME, upload(&app, multipart)).await.map_err(|_| late())?;
            }
            let body = tokio::time::timeout(FORM_TIME, body(payload)).await.map_err(|_| late())??;
            Ok(Self { fields: Fields::parse(&body)?, files: Vec::new() })
        })
    }
}

async fn body(mut payload: Payload) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::Bad(format!("the form broke off: {e}")))?;
        if body.len() + chunk.len() > MAX_FORM {
            return Err(Error::TooLarge("What you sent is larger than a form can be".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

async fn upload(app: &App, mut multipart: Multipart) -> Result<Posted, Error> {
    let broken = |e: actix_multipart::MultipartError| Error::Bad(format!("the form broke off: {e}"));
    let mut posted = Posted { fields: Fields::default(), files: Vec::new() };
    let (mut total, mut number, mut text_size) = (0_u64, 0, 0);
    while let Some(mut part) = multipart.try_next().await.map_err(broken)? {
        number += 1;
        if number > MAX_FIELDS {
            return Err(Error::Bad("too many fields".to_owned()));
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|d| d.get_filename()).map(clean_name);
        let mut text = Vec::new();
        let mut content = match &file_name {
            Some(name) if !name.is_empty() => Some(app.files.receive().await?),
            _ => None,
        };
        while let Some(chunk) = part.try_next().await.map_err(broken)? {
            total += chunk.len() as u64;
            if total > MAX_UPLOAD {
                return Err(Error::TooLarge("The selected files must be smaller than 64MB together".to_owned()));
            }
            if let Some(incoming) = &mut content {
                incoming.write(&chunk).await?;
                if incoming.size() > MAX_FILE {
                    content = None;
                }
            } else if file_name.is_none() {
                text_size += chunk.len();
                if text_size > MAX_FORM {
                    return Err(Error::TooLarge("What you sent is larger than a form can be".to_owned()));
                }
                text.extend_from_slice(&chunk);
            }
        }
        match file_name {
            None => posted.fields.push(&field, String::from_utf8_lossy(&text).into_owned()),
            Some(name) if name.is_empty() => {}
            Some(name) => posted.files.push(PostedFile { field, name, content }),
        }
    }
    Ok(posted)
}

/// A file name as data: its last part, without control characters, at most 120 characters.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && !is_direction_mark(*c)).collect();
    let kept = kept.trim().trim_start_matches('.');
    let length = kept.chars().count();
    kept.chars().skip(length.saturating_sub(120)).collect()
}

/// Characters that turn the direction of text and so can hide a file's ending.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Problems of a form by field, in the order of the page.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<(String, String)>);

impl Problems {
    /// Adds a problem.
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.push((field.to_owned(), sentence.into()));
    }

    /// Keeps a value, or adds its problem.
    pub fn take<T>(&mut self, field: &str, value: Result<T, String>) -> Option<T> {
        value.map_err(|sentence| self.add(field, sentence)).ok()
    }

    /// A text that must be there and is at most so long.
    pub fn line(&mut self, fields: &Fields, name: &str, (missing, longest): (&str, usize)) -> String {
        let text = fields.text(name);
        let length = text.chars().count();
        if text.is_empty() && !missing.is_empty() {
            self.add(name, missing);
        } else if length > longest {
            let most = super::parts::thousands(&longest);
            self.add(name, format!("This must be {most} characters or less. You have {} too many", length - longest));
        }
        text
    }

    /// What is wrong with a field; empty when it is right.
    #[must_use]
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(f, _)| f == field).map_or("", |(_, sentence)| sentence)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
