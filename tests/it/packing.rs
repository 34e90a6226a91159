//! Pages are sent packed to browsers that can unpack them, and as they are to everybody else.

use std::io::Read as _;

use actix_web::test::TestRequest;
use flate2::read::GzDecoder;

use crate::support::TestApp;
use crate::support::http::Reply;

async fn ask(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = TestRequest::get().uri(path);
    for header in headers {
        request = request.insert_header(*header);
    }
    app.request(request).await
}

#[actix_web::test]
async fn a_page_is_packed_for_those_who_can_unpack_it() {
    let app = TestApp::new().await;
    let plain = ask(&app, "/login", &[]).await;
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "accept-encoding"));

    let packed = ask(&app, "/login", &[("accept-encoding", "gzip, deflate, br")]).await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("gzip", "accept-encoding"));
    assert!(packed.bytes.len() * 2 < plain.bytes.len(), "{} of {} bytes", packed.bytes.len(), plain.bytes.len());
    let mut page = String::new();
    GzDecoder::new(packed.bytes.as_slice()).read_to_string(&mut page).unwrap();
    assert_eq!(page, plain.body);

    // Pages of errors too: they are no smaller.
    let missing = ask(&app, "/no-such-page", &[("accept-encoding", "gzip")]).await;
    assert_eq!((missing.status, missing.header("content-encoding")), (404, "gzip"));
    app.finish().await;
}

#[actix_web::test]
async fn what_another_site_makes_a_browser_ask_for_is_not_packed() {
    let app = TestApp::new().await;
    for (site, expected) in [("cross-site", ""), ("same-origin", "gzip"), ("none", "gzip")] {
        let reply = ask(&app, "/login", &[("accept-encoding", "gzip"), ("sec-fetch-site", site)]).await;
        assert_eq!(reply.header("content-encoding"), expected, "{site}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn answers_that_are_no_pages_stay_as_they_are() {
    let app = TestApp::new().await;
    for path in ["/health", "/.well-known/certificate-keys.json", "/assets/unknown"] {
        let reply = ask(&app, path, &[("accept-encoding", "gzip")]).await;
        assert_eq!((reply.header("content-encoding"), reply.header("vary")), ("", ""), "{path}");
    }
    app.finish().await;
}
