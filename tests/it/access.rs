//! Who finds what behind every address: each route is knocked at as every kind of person, and `docs/access.md` is the answer.

use std::fmt::Write as _;

use assured::domain::words::OrganisationId;
use assured::web::routes::{Door, Entry, ROUTES};

use crate::golden::compare;
use crate::support::http::Reply;
use crate::support::*;

/// The columns of the table.
const KINDS: [(&str, Option<Persona>); 9] = [
    ("nobody", None),
    ("owner", Some(OWNER)),
    ("editor", Some(EDITOR)),
    ("viewer", Some(VIEWER)),
    ("other supplier", Some(RIVAL)),
    ("reviewer", Some(REVIEWER)),
    ("reviewer with an interest", Some(INTERESTED)),
    ("manager", Some(MANAGER)),
    ("administrator", Some(ADMINISTRATOR)),
];

const MISSING: &str = "01890000-0000-7000-8000-000000000000";

fn address(path: &str, product: &str, organisation: &str) -> String {
    path.replace("{product}", product)
        .replace("{organisation}", organisation)
        .replace("{section}", "data-security")
        .replace("{question}", "ds-dspt-profile")
        .replace("{name}", "unknown.css")
        .replace("{token}", "unknown")
        .replace("{file}", MISSING)
        .replace("{line}", "a1")
        .replace("{person}", MISSING)
        .replace("{invitation}", MISSING)
        .replace("{letter}", MISSING)
        .replace("{slot}", MISSING)
        .replace("{leave}", MISSING)
        .replace("{reviewer}", MISSING)
        .replace("{interest}", MISSING)
        .replace("{view}", MISSING)
        .replace("{standard}", MISSING)
        .replace("{draft}", MISSING)
        .replace("{thread}", MISSING)
        .replace("{topic}", "answering")
        .replace("{day}", "2026-08-31")
        .replace("observations/{number}", "observations/1")
        .replace("{number}", "SAC-2026-0000-0000-0000")
        .replace("{format}", "csv")
}

async fn knock(app: &TestApp, entry: &Entry, who: Option<Persona>, address: &str) -> Reply {
    let reply = if entry.method == "GET" { app.get(who, address).await } else { app.post(who, address, &[]).await };
    if let (Some(who), "/logout") = (who, entry.path) {
        // Who logged out is logged in again for the next address.
        app.forget(who);
    }
    reply
}

fn word(reply: &Reply) -> &'static str {
    match (reply.status, reply.location.as_deref()) {
        (303, Some(to)) if to == "/login" || to.starts_with("/login?") => "log in",
        (200 | 303 | 400 | 409 | 422, _) => "yes",
        (403, _) => "no",
        (404 | 410, _) => "–",
        (status, _) => panic!("{status}: {}", reply.body),
    }
}

#[actix_web::test]
async fn every_address_answers_everybody_as_the_table_says() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await.to_lowercase();
    let organisation = app.organisation(OWNER).await.to_string();
    let reviewer = app.id(REVIEWER).await.to_string();
    let mut page = "# Who finds what\n\nMade by knocking at every address as every kind of person, on a product and an organisation of the owner's; \
        `UPDATE=1 cargo test --test it access` writes it anew.\n\n*yes*: the address answers, with a page, a redirect or the form again. \
        *no*: 403. *–*: not found, exactly as if it did not exist. *log in*: sent to the log-in page.\n\n"
        .to_owned();
    let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    writeln!(page, "| Address | {} |\n| --- |{}", names.join(" | "), " --- |".repeat(KINDS.len())).unwrap();
    for entry in ROUTES {
        let own = address(&entry.path.replace("{reviewer}", &reviewer), &reference, &organisation);
        let mut words = Vec::new();
        for (_, who) in KINDS {
            words.push(word(&knock(&app, entry, who, &own).await));
        }
        if entry.path == "/logout" {
            // Everybody has just logged out; after a while they log in again.
            app.advance(chrono::Duration::minutes(11));
        }
        let is_asked_again = words.iter().skip(1).any(|w| *w == "log in");
        assert_eq!(is_asked_again, entry.path == "/logout", "{} {} sends those away who are logged in", entry.method, entry.path);
        if entry.door == Door::SignedIn {
            assert_eq!(words[0], "log in", "{} {} lets nobody in particular in", entry.method, entry.path);
        }
        writeln!(page, "| {} `{}` | {} |", entry.method, entry.path, words.join(" | ")).unwrap();
    }
    compare("docs/access.md", &page);
    app.finish().await;
}

#[actix_web::test]
async fn what_is_somebody_elses_looks_exactly_like_what_does_not_exist() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await.to_lowercase();
    let organisation: OrganisationId = app.organisation(OWNER).await;
    for entry in ROUTES.iter().filter(|e| e.path.contains("{product}") || e.path.contains("{organisation}")) {
        let foreign = knock(&app, entry, Some(RIVAL), &address(entry.path, &reference, &organisation.to_string())).await;
        let missing = knock(&app, entry, Some(RIVAL), &address(entry.path, "c2a-9999", MISSING)).await;
        assert_eq!((foreign.status, &foreign.body), (missing.status, &missing.body), "{} {}", entry.method, entry.path);
        assert_eq!(foreign.status, 404, "{} {}", entry.method, entry.path);
        if entry.path.contains("{product}") {
            let foreign = knock(&app, entry, Some(INTERESTED), &address(entry.path, &reference, MISSING)).await;
            let missing = knock(&app, entry, Some(INTERESTED), &address(entry.path, "c2a-9999", MISSING)).await;
            assert_eq!((foreign.status, &foreign.body), (missing.status, &missing.body), "{} {}", entry.method, entry.path);
            assert_eq!(foreign.status, 404, "{} {}", entry.method, entry.path);
        }
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_post_from_another_site_changes_nothing() {
    let app = TestApp::new().await;
    for entry in ROUTES.iter().filter(|e| e.method == "POST") {
        let path = address(entry.path, "c2a-1001", MISSING);
        for headers in
            [vec![("origin", "https://evil.example")], vec![("origin", "null")], vec![("sec-fetch-site", "cross-site")], vec![]]
        {
            let mut request = actix_web::test::TestRequest::post().uri(&path);
            for header in &headers {
                request = request.insert_header(*header);
            }
            let reply = app.request(request).await;
            assert!(reply.status == 403 || entry.door == Door::Demo, "{path} {headers:?}: {}", reply.status);
        }
    }
    app.finish().await;
}

#[actix_web::test]
async fn every_answer_carries_the_headers() {
    let app = TestApp::new().await;
    for path in ["/login", "/products", "/no-such-page", "/assets/unknown.css", "/health"] {
        let reply = app.get(OWNER, path).await;
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")]
        {
            assert_eq!(reply.header(name), value, "{path}");
        }
        assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!reply.header("content-security-policy").contains("unsafe"), "{path}");
        assert!(reply.header("cache-control").contains("no-store") || path.starts_with("/assets"), "{path}");
    }
    app.finish().await;
}

#[test]
fn every_page_has_its_states_in_the_registry() {
    let states = assured::demo::pages::registry();
    for entry in ROUTES.iter().filter(|e| e.method == "GET") {
        let is_page = !assured::demo::pages::NO_PAGE.contains(&entry.path);
        let has_state = states.iter().any(|s| s.route == entry.path);
        assert_eq!(has_state, is_page, "{}: add its states to src/demo/pages.rs", entry.path);
    }
    for (number, state) in states.iter().enumerate() {
        assert!(ROUTES.iter().any(|e| e.path == state.route), "{} is no route", state.route);
        assert!(states.iter().skip(number + 1).all(|s| s.name != state.name), "two states are called {}", state.name);
    }
}
