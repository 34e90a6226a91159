//! Kills the service without warning between the claim of a reminder and its sending: each is written once, and sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use assured::domain::catalogue::Section;
use assured::store::outbox::Letter;
use chrono::Utc;
use sea_orm::ConnectionTrait as _;

use crate::letters::letters;
use crate::support::mail_server::Server;
use crate::support::process::Service;
use crate::support::*;

/// A service that its own mail server can kill.
type Running = Arc<Mutex<Option<Service>>>;

/// Waits until something is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < Duration::from_mins(1), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A mail server that kills the service at the first command of a kind.
async fn deadly(at: &'static str, service: &Running) -> Server {
    let service = Arc::clone(service);
    let kill = move |word: &str| {
        if word == at
            && let Some(mut service) = service.lock().unwrap().take()
        {
            service.kill();
        }
    };
    Server::start(0, Arc::new(kill)).await
}

fn start(app: &TestApp, server: &Server, data: &std::path::Path) -> Service {
    Service::serve_mailing(&app.place.address, data, &format!("smtp-plain://127.0.0.1:{}", server.port))
}

/// Whether a message is among those that arrived.
fn is_among(arrived: &BTreeSet<String>, letter: &Letter) -> bool {
    arrived.iter().any(|id| id.contains(&letter.id.to_string()))
}

/// No recipient has the same message twice, and none is marked as sent that did not arrive.
async fn nothing_is_double_or_lost(app: &TestApp, before: &BTreeSet<uuid::Uuid>, arrived: &BTreeSet<String>) -> Vec<Letter> {
    let all: Vec<Letter> = letters(app).await.into_iter().filter(|l| !before.contains(&l.id)).collect();
    let mut of: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for letter in &all {
        *of.entry((letter.notice.word(), &letter.email)).or_default() += 1;
        assert!(letter.sent_at.is_none() || is_among(arrived, letter), "marked as sent: {letter:?}");
    }
    assert!(of.values().all(|number| *number == 1), "{of:?}");
    all
}

#[actix_web::test]
async fn a_reminder_is_written_once_and_sent_whenever_the_service_is_killed() {
    let app = TestApp::new().await;
    // The service that is killed has the real clock: what was promised then is late by now, and not given up yet.
    app.clock.set(Utc::now() - chrono::Duration::days(14));
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::DataSecurity).await;
    app.mail().await;
    let before: BTreeSet<uuid::Uuid> = letters(&app).await.iter().map(|l| l.id).collect();
    let (data, mut arrived) = (folder(), BTreeSet::new());
    for at in ["EHLO", "MAIL", "DATA", "taken"] {
        let service = Running::default();
        let server = deadly(at, &service).await;
        *service.lock().unwrap() = Some(start(&app, &server, &data));
        until("the service is killed", async || service.lock().unwrap().is_none()).await;
        arrived.extend(server.ids());
        let all = nothing_is_double_or_lost(&app, &before, &arrived).await;
        let late = all.iter().filter(|l| l.notice.word() == "we-are-late").count();
        assert_eq!(late, 3, "everybody of the supplier is told, after the death at {at}");
        // A minute passes, and nobody owns a message any more.
        let raw = app.place.raw().await;
        raw.execute_unprepared("UPDATE outbox SET due_at = created_at WHERE sent_at IS NULL AND how = 'now'").await.unwrap();
        raw.close().await.unwrap();
    }
    let server = Server::start(0, Arc::new(|_| {})).await;
    let service = start(&app, &server, &data);
    let is_sent = async || letters(&app).await.iter().all(|l| l.sent_at.is_some());
    until("everything is sent", is_sent).await;
    arrived.extend(server.ids());
    let all = nothing_is_double_or_lost(&app, &before, &arrived).await;
    assert!(all.iter().all(|l| is_among(&arrived, l)), "{arrived:?}");
    app.clock.set(Utc::now());
    let inbox = app.get(OWNER, "/notifications?show=unread").await;
    assert_eq!(inbox.body.matches(">Wardlight 1: we have not kept to our date</a>").count(), 1, "{}", inbox.body);
    drop(service);
    app.finish().await;
}
