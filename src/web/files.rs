//! Uploaded evidence on its way to the people who may open it: as an attachment, never shown in place.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Path};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream;
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use super::App;
use super::ctx::SignedIn;
use crate::domain::words::FileId;
use crate::error::Error;

/// Bytes read at once.
pub const CHUNK: usize = 64 * 1024;

/// Sends a file. Opening a sensitive one is recorded in the history first.
pub async fn download(me: SignedIn, path: Path<(String, Uuid)>) -> Result<HttpResponse, Error> {
    let (reference, id) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let stored = me.visible().file(product.id, FileId(id)).await?;
    let catalogue = me.app.rules.catalogue(product.question_set)?;
    let rule = catalogue.find(&stored.question).and_then(|(_, q)| q.file.as_ref());
    if rule.is_some_and(|r| r.sensitive) {
        me.app.db.file_opened(&me.actor, &product, &stored, me.now).await?;
    }
    attachment(&me.app, &stored.digest, (&stored.name, &stored.content_type)).await
}

/// Sends kept bytes under a name, as an attachment that no browser opens in place.
///
/// # Errors
/// Not found when nothing is kept under the digest.
pub async fn attachment(app: &App, digest: &str, (name, content_type): (&str, &str)) -> Result<HttpResponse, Error> {
    let path = app.files.path(digest).ok_or(Error::NotFound)?;
    let file = match tokio::fs::File::open(path).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
        opened => opened?,
    };
    let size = file.metadata().await?.len();
    let body = stream::try_unfold(file, |mut file| async move {
        let mut bytes = vec![0; CHUNK];
        let read = file.read(&mut bytes).await?;
        bytes.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(bytes), file)))
    });
    Ok(download_of(name, content_type).no_chunking(size).streaming(body))
}

/// The beginning of an answer that is a download.
#[must_use]
pub fn download_of(name: &str, content_type: &str) -> HttpResponseBuilder {
    let mut builder = HttpResponse::Ok();
    builder.content_type(content_type).insert_header((header::CONTENT_DISPOSITION, disposition(name))).insert_header((
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    ));
    builder
}

/// The header that names a download, with a plain name for old browsers (RFC 6266).
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}
