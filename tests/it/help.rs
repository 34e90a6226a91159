//! What the service says of itself: open to everybody, true to the code, in plain words; and shortcuts that are off until asked for.

use std::collections::BTreeSet;

use assured::web::frame::FOOTER;
use assured::web::help::{SHORTCUTS, Topic, cookies_at};

use crate::signing::{Browser, entered};
use crate::support::http::Reply;
use crate::support::*;

/// Every page of this kind.
fn addresses() -> Vec<String> {
    let mut all: Vec<String> = Topic::ALL.iter().map(|t| format!("/help/{t}")).collect();
    all.extend(["/help", "/accessibility", "/cookies", "/privacy", "/contact", "/keyboard-shortcuts"].map(str::to_owned));
    all
}

/// The words of the main part of a page.
fn words(reply: &Reply) -> String {
    let main = reply.body.split("<main").nth(1).and_then(|m| m.split("</main>").next()).unwrap();
    let text: String =
        main.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn everybody_reads_them_and_every_page_leads_there() {
    let app = TestApp::new().await;
    for address in addresses() {
        for who in [None, Some(OWNER), Some(REVIEWER)] {
            app.get(who, &address).await.is(200);
        }
    }
    app.get(None, "/help/everything").await.is(404);
    for (who, path) in [(None, "/login"), (Some(OWNER), "/products"), (Some(REVIEWER), "/queue"), (None, "/no-such-page")] {
        let page = app.get(who, path).await;
        for (href, text) in FOOTER {
            page.has(&format!("<a class=\"nhsuk-footer__list-item-link\" href=\"{href}\">{text}</a>"));
        }
    }
    let help = app.get(None, "/help").await;
    for topic in Topic::ALL {
        help.has(&format!("href=\"/help/{topic}\""));
    }
    app.finish().await;
}

#[actix_web::test]
async fn the_words_are_plain_and_figures_come_from_the_rules() {
    let app = TestApp::new().await;
    for address in addresses() {
        let text = words(&app.get(None, &address).await);
        let lower = text.to_lowercase();
        for banned in ["please", "invalid", "click here", "submit", "successfully", " sla ", "e.g.", "oops", "{{", "}}"] {
            assert!(!lower.contains(banned), "{address} says {banned:?}: {text}");
        }
        assert!(text.split_whitespace().count() > 40, "{address} says next to nothing: {text}");
    }
    // No figure of a rule is typed into a text.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/help");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for unit in [" working day", " days", " hours", " minutes", " characters"] {
            for (at, _) in text.match_indices(unit) {
                let before = text[..at].chars().last().unwrap();
                assert!(!before.is_ascii_digit(), "{} types a number before {unit:?}", path.display());
            }
        }
    }
    let dates = words(&app.get(None, "/help/dates").await);
    assert!(dates.contains(&format!("Reply to a section Assurance team {}", assured::domain::calendar::REVIEW_DAYS)), "{dates}");
    app.finish().await;
}

/// The names of the cookies that an answer sets.
fn set_by(reply: &Reply, names: &mut BTreeSet<String>) {
    for line in reply.headers.get_all("set-cookie").filter_map(|v| v.to_str().ok()) {
        let (pair, attributes) = line.split_once(';').unwrap();
        assert!(attributes.contains("HttpOnly") || attributes.contains("Max-Age=0"), "{line}");
        names.insert(pair.split_once('=').unwrap().0.to_owned());
    }
}

#[actix_web::test]
async fn the_table_names_exactly_the_cookies_that_are_set() {
    let app = TestApp::new().await;
    let mut names = BTreeSet::new();
    // Logging in, doing something, logging out, and signing without an account: all that sets cookies.
    let hash = app.data.passwords.hash(PASSWORD.to_owned()).await.unwrap();
    let (invited, now) = ("new.person@wardlight.example", app.now());
    app.db.add_staff(("New Person", invited), hash, &BTreeSet::new(), now).await.unwrap();
    let logged_in = app.post(None, "/login", &[("email", invited), ("password", PASSWORD)]).await;
    set_by(logged_in.is(303), &mut names);
    set_by(&app.post(OWNER, "/notifications/read", &[]).await, &mut names);
    set_by(&app.post(OWNER, "/logout", &[]).await, &mut names);
    app.forget(OWNER);
    for address in addresses() {
        set_by(&app.get(None, &address).await, &mut names);
    }
    let browser = Browser::new(&app);
    set_by(&entered(&app, &browser).await, &mut names);
    let named: BTreeSet<String> = cookies_at(BASE).into_iter().map(|c| c.name.to_owned()).collect();
    assert_eq!(names, named);
    let page = app.get(None, "/cookies").await;
    for name in &named {
        page.has(&format!("<code>{name}</code>"));
    }
    assert_eq!(page.body.matches("<code>").count(), named.len());
    // Whoever makes another cookie comes by here.
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut makers = Vec::new();
    let mut open = vec![source];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read_to_string(&path).unwrap().contains("Cookie::build(") {
                makers.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    makers.sort();
    assert_eq!(makers, ["ctx.rs", "signing.rs"], "name the new cookie in web/help.rs");
    app.finish().await;
}

#[actix_web::test]
async fn shortcuts_are_off_until_somebody_switches_them_on_for_themselves() {
    let app = TestApp::new().await;
    let script = " data-shortcuts>";
    for path in ["/products", "/keyboard-shortcuts", "/account/preferences"] {
        app.get(REVIEWER, path).await.is(200).lacks(script);
    }
    app.get(REVIEWER, "/keyboard-shortcuts").await.has("Keyboard shortcuts are off.").has("Switch them on");
    let matters = ["demonstration", "messages", "reminders", "late", "assigned", "new-work"];
    let mut fields: Vec<_> = matters.iter().map(|m| (*m, "now")).collect();
    app.post(REVIEWER, "/account/preferences", &[("shortcuts", "on")]).await.is(422).has("value=\"on\" checked");
    app.get(REVIEWER, "/products").await.lacks(script);
    fields.push(("shortcuts", "on"));
    app.post(REVIEWER, "/account/preferences", &fields).await.goes_to("/account/preferences");
    app.get(REVIEWER, "/account/preferences").await.has("value=\"on\" checked").has(script);
    app.get(REVIEWER, "/keyboard-shortcuts").await.has("Keyboard shortcuts are on.").has("Switch them off");
    for who in [Some(OWNER), Some(OTHER_REVIEWER), None] {
        app.get(who, "/keyboard-shortcuts").await.lacks(script);
    }
    fields.pop();
    app.post(REVIEWER, "/account/preferences", &fields).await.goes_to("/account/preferences");
    app.get(REVIEWER, "/products").await.lacks(script);
    app.finish().await;
}

#[test]
fn the_list_of_shortcuts_is_what_the_script_carries_out() {
    let script = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/shortcuts.js")).unwrap();
    let body = |name: &str| script.split(&format!("const {name} = {{")).nth(1).unwrap().split("}\n").next().unwrap().to_owned();
    let keys = body("KEYS");
    for (listed, _) in SHORTCUTS {
        let is_there = match listed.strip_prefix("g then ") {
            Some(second) => body("AFTER_G").contains(&format!("{second}: ")),
            None => {
                keys.contains(&format!("\n  {listed}: "))
                    || keys.contains(&format!("\n  {listed},"))
                    || keys.contains(&format!("'{listed}': "))
                    || (*listed == "n" && keys.contains("n: "))
            }
        };
        assert!(is_there, "{listed} is listed and not carried out: {keys}");
    }
    assert_eq!(keys.matches("\n  ").count(), SHORTCUTS.len() - 1, "the 2 that begin with g are one key: {keys}");
}
