//! Packs pages with gzip on their way to browsers that can unpack them.

use std::io::Write as _;

use actix_web::Error;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Bytes from which packing saves a packet.
const WORTH_PACKING: usize = 1400;

/// Packs every page that is whole. Files, tables and packs are sent as they are: many are packed already, and some are
/// sent while they are made.
pub async fn pages(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<BoxBody, impl MessageBody>>, Error> {
    let may_pack = may_pack(req.headers());
    let response = next.call(req).await?;
    if !is_page(response.headers()) {
        return Ok(response.map_into_right_body());
    }
    let (request, response) = response.into_parts();
    let (mut head, body) = response.into_parts();
    // What is sent depends on what was asked, also when it was not packed this time.
    head.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    let whole = match body.try_into_bytes() {
        Ok(whole) => whole,
        Err(body) => return Ok(ServiceResponse::new(request, head.set_body(body)).map_into_right_body()),
    };
    let packed = if may_pack && whole.len() >= WORTH_PACKING { packed(&whole) } else { None };
    if packed.is_some() {
        head.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let body = BoxBody::new(packed.map_or(whole, Bytes::from));
    Ok(ServiceResponse::new(request, head.set_body(body)).map_into_left_body())
}

/// Whether the browser can unpack gzip, and the request does not come from another site. The length of a packed page
/// tells a little of what is in it; who makes a browser ask again and again from elsewhere must not learn from it.
fn may_pack(headers: &HeaderMap) -> bool {
    let is_foreign = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    !is_foreign && super::assets::accepts(headers, "gzip")
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    kind.starts_with(b"text/html") && !headers.contains_key(CONTENT_ENCODING)
}

/// The quickest level: it halves the time of the next one and costs one tenth of the saving.
fn packed(whole: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(whole.len() / 3), Compression::fast());
    encoder.write_all(whole).ok()?;
    encoder.finish().ok()
}
