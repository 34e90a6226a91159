//! Defences around every answer: headers, and the question whether a post comes from our own pages.

use actix_web::Error;
use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::App;

/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

const FIXED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, nofollow"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()",
    ),
];

/// Adds the headers that every answer carries, and `no-store` where nothing else was said.
pub async fn headers(req: ServiceRequest, next: Next<impl MessageBody>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let is_secure = req.app_data::<Data<App>>().is_some_and(|a| a.base.starts_with("https:"));
    let mut res = next.call(req).await?;
    add_headers(res.headers_mut(), is_secure);
    Ok(res)
}

/// Adds the headers to an answer that is on its way.
pub fn add_headers(headers: &mut HeaderMap, is_secure: bool) {
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let defaults = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
}

/// Whether a request may change something: it comes from one of our own pages, or from no page at all by somebody's
/// own hand (`Sec-Fetch-Site: none`). Browsers that send neither header are refused.
#[must_use]
pub fn is_from_us(req: &HttpRequest, base: &str) -> bool {
    if *req.method() == Method::GET || *req.method() == Method::HEAD {
        return true;
    }
    let text = |name: HeaderName| req.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(origin) = text(header::ORIGIN) {
        return origin == base;
    }
    matches!(text(HeaderName::from_static("sec-fetch-site")), Some("same-origin" | "none"))
}
