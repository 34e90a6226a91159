//! The style sheets, scripts and icons, made by the build, kept in the program and served for ever under names with a hash.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, EntityTag, Header as _, HeaderMap, IfNoneMatch, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// What templates call it, such as `app.css`.
    pub name: &'static str,
    /// Where it is served: the name with a hash of the content in it.
    pub path: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The content as it is.
    pub plain: &'static [u8],
    /// The content packed with brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// The content packed with gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
}

/// The address of an asset, for templates. A name that does not exist gets an address that answers 404.
#[must_use]
pub fn path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/unknown", |asset| asset.path)
}

/// `GET /assets/{name}`
pub async fn serve(req: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let file = name.into_inner();
    match ASSETS.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(file.as_str())) {
        Some(asset) => answer(&req, &file, asset),
        None => HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body("Page not found"),
    }
}

fn answer(req: &HttpRequest, file: &str, asset: &Asset) -> HttpResponse {
    let (body, encoding) = match (asset.brotli, asset.gzip) {
        (Some(packed), _) if accepts(req.headers(), "br") => (packed, Some("br")),
        (_, Some(packed)) if accepts(req.headers(), "gzip") => (packed, Some("gzip")),
        _ => (asset.plain, None),
    };
    let tag = EntityTag::new_strong(match encoding {
        Some(encoding) => format!("{file}.{encoding}"),
        None => file.to_owned(),
    });

    let is_known = is_known(req, &tag);
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((ETAG, tag));
    if is_known {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.content_type(asset.content_type);
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    response.body(body)
}

fn is_known(req: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(req) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|one| one.weak_eq(tag)),
        Err(_) => false,
    }
}

/// Whether `Accept-Encoding` names this encoding with a weight above 0. `*` does not count: those who can unpack say so.
pub(super) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding)) && !parts.any(is_zero_weight)
    })
}

fn is_zero_weight(parameter: &str) -> bool {
    parameter
        .split_once('=')
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .and_then(|(_, weight)| weight.trim().parse::<f32>().ok())
        .is_some_and(|weight| weight <= 0.0)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderValue, IF_NONE_MATCH};
    use actix_web::test::TestRequest;

    use super::*;

    async fn get(address: &str, headers: &[(&'static str, &str)]) -> HttpResponse {
        let mut req = TestRequest::get();
        for &(name, value) in headers {
            req = req.insert_header((name, value));
        }
        let file = address.trim_start_matches("/assets/").to_owned();
        serve(req.to_http_request(), web::Path::from(file)).await
    }

    fn text(headers: &HeaderMap, name: impl actix_web::http::header::AsHeaderName) -> &str {
        headers.get(name).map(HeaderValue::to_str).and_then(Result::ok).unwrap_or_default()
    }

    #[actix_web::test]
    async fn the_smallest_form_that_the_browser_takes_is_sent() {
        for (offer, expected) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, BR;q=0.1", "br"),
            ("gzip, br;q=0", "gzip"),
            ("gzip;q=0.000, br; q=0", ""),
            ("identity", ""),
            ("*", ""),
            ("", ""),
        ] {
            let response = get(path("app.css"), &[("Accept-Encoding", offer)]).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(text(response.headers(), CONTENT_ENCODING), expected, "for {offer:?}");
            assert_eq!(text(response.headers(), VARY), "Accept-Encoding");
        }
    }

    #[actix_web::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let first = get(path("app.js"), &[("Accept-Encoding", "br")]).await;
        let tag = text(first.headers(), ETAG).to_owned();

        let same = get(path("app.js"), &[("Accept-Encoding", "br"), (IF_NONE_MATCH.as_str(), &tag)]).await;
        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(same.headers(), ETAG), tag);

        let other_form = get(path("app.js"), &[(IF_NONE_MATCH.as_str(), &tag)]).await;
        assert_eq!(other_form.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn unknown_names_are_not_found() {
        for name in ["app.css", "unknown", "", "../Cargo.toml"] {
            assert_eq!(get(name, &[]).await.status(), StatusCode::NOT_FOUND, "for {name:?}");
        }
    }

    #[test]
    fn nothing_is_fetched_from_another_host_or_under_a_name_without_hash() {
        for asset in ASSETS.iter().filter(|asset| asset.content_type.starts_with("text/css")) {
            let content = String::from_utf8_lossy(asset.plain);
            assert!(!content.contains("@font-face") && !content.contains("://"), "in {}", asset.name);
            for reference in content.split("url(").skip(1).filter_map(|after| after.split(')').next()) {
                assert!(ASSETS.iter().any(|asset| asset.path == reference), "{reference} in {}", asset.name);
            }
        }
    }

    #[test]
    fn what_we_add_to_the_design_system_is_small() {
        let packed = |kind: &str| -> usize {
            let own = ASSETS.iter().filter(|asset| asset.content_type.starts_with(kind) && asset.name != "nhsuk-frontend.js");
            let own = own.filter(|asset| asset.name != "nhsuk-frontend.css");
            own.map(|asset| asset.brotli.map_or(asset.plain.len(), <[u8]>::len)).sum()
        };
        assert!(packed("text/css") <= 4 * 1024, "our style has {} bytes", packed("text/css"));
        assert!(packed("text/javascript") <= 8 * 1024, "our scripts have {} bytes", packed("text/javascript"));
    }
}
