//! Mail is neither lost nor sent twice: servers that are down or slow, workers that crash, people who press "Send again".

use std::sync::Arc;

use assured::domain::account::Place;
use assured::domain::actor::Membership;
use assured::store::outbox::{LEASE_SECONDS, Letter, MAX_ATTEMPTS, backoff_seconds};
use assured::worker::Worker;
use assured::worker::mail::Transport;
use chrono::Duration;
use tokio::net::TcpListener;

use crate::page::forms;
use crate::support::mail_server::{Server, header};
use crate::support::*;

/// A port at which nobody listens.
async fn closed_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port()
}

fn worker(app: &TestApp, setting: &str) -> Worker {
    Worker { transport: Transport::parse(setting, None).unwrap(), ..app.worker.clone() }
}

fn plain(app: &TestApp, port: u16) -> Worker {
    worker(app, &format!("smtp-plain://127.0.0.1:{port}"))
}

async fn drain(worker: &Worker) {
    while worker.step().await.unwrap() > 0 {}
}

/// Every message since the test began.
async fn letters(app: &TestApp) -> Vec<Letter> {
    let mut letters = Vec::new();
    for number in 1.. {
        let page = app.db.all_mail(number).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        letters.extend(page.rows.into_iter().filter(|l| l.created_at >= start()));
    }
    letters
}

/// The Message-IDs that messages must have.
fn expected(letters: &[Letter]) -> Vec<String> {
    let mut ids: Vec<String> = letters.iter().map(|l| format!("<{}@assured.test>", l.id)).collect();
    ids.sort();
    ids
}

#[actix_web::test]
async fn an_hour_without_a_mail_server_loses_nothing() {
    let app = TestApp::new().await;
    let port = closed_port().await;
    let worker = plain(&app, port);
    let product = app.product(OWNER).await;
    let home = format!("/products/{}", product.to_lowercase());
    for _ in 0..12 {
        worker.step().await.unwrap();
        app.get(OWNER, &home).await.is(200).has("What happens next");
        app.advance(Duration::minutes(5));
    }
    app.send(OWNER, &product, assured::domain::catalogue::Section::MedicalDevice).await;
    drain(&worker).await;
    let waiting = letters(&app).await;
    assert_eq!(waiting.len(), 6, "two messages to each of three people");
    assert!(waiting.iter().all(|l| l.sent_at.is_none() && l.parked_at.is_none()), "{waiting:?}");
    app.get(ADMINISTRATOR, "/admin/mail").await.has("next try").has("Connection").lacks("could not be sent");

    let server = Server::start(port, Arc::new(|_| {})).await;
    app.advance(Duration::hours(1));
    drain(&worker).await;
    assert_eq!(server.ids(), expected(&waiting), "each message once, by its own name");
    assert!(letters(&app).await.iter().all(|l| l.sent_at.is_some()));
    app.get(ADMINISTRATOR, "/admin/mail").await.lacks("next try").lacks("Connection");
    app.finish().await;
}

#[actix_web::test]
async fn what_a_crashed_worker_had_claimed_is_sent_by_another() {
    let app = TestApp::new().await;
    let server = Server::new().await;
    let worker = plain(&app, server.port);
    app.product(OWNER).await;
    let claimed = app.db.claim_mail(app.now()).await.unwrap();
    assert_eq!(claimed.len(), 3);
    // The one that claimed them is gone. Nobody else gets them before the lease is over.
    for wait in [0, LEASE_SECONDS - 1] {
        app.advance(Duration::seconds(wait));
        assert_eq!(worker.step().await.unwrap(), 0, "after {wait} seconds");
    }
    app.advance(Duration::seconds(1));
    drain(&worker).await;
    assert_eq!(server.ids(), expected(&claimed));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_workers_send_each_message_once() {
    let app = TestApp::new().await;
    for _ in 0..8 {
        app.product(OWNER).await;
    }
    let workers: Vec<_> = (0..4).map(|_| app.worker.clone()).collect();
    let running: Vec<_> = workers.into_iter().map(|w| tokio::spawn(async move { while w.step().await.unwrap() > 0 {} })).collect();
    for task in running {
        task.await.unwrap();
    }
    let mail = app.mail().await;
    let mut ids: Vec<&str> = mail.iter().map(|m| m.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((mail.len(), ids.len()), (24, 24));
    app.finish().await;
}

#[actix_web::test]
async fn a_slow_server_gets_each_message_once() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    app.product(OWNER).await;
    // Half a minute for each message: far from all of a batch within its lease.
    let clock = app.clock.clone();
    let slow = Arc::new(move |word: &str| {
        if word == "taken" {
            clock.set(clock.now() + Duration::seconds(LEASE_SECONDS / 2));
        }
    });
    let server = Server::start(0, slow).await;
    let work = |worker: Worker| {
        let app = &app;
        async move {
            while letters(app).await.iter().any(|l| l.sent_at.is_none()) {
                worker.step().await.unwrap();
            }
        }
    };
    tokio::join!(work(plain(&app, server.port)), work(plain(&app, server.port)));
    let all = letters(&app).await;
    assert_eq!(server.ids(), expected(&all));
    assert!(all.iter().all(|l| l.sent_at.is_some() && l.attempts == 1), "what was not tried does not count as tried: {all:?}");
    app.finish().await;
}

#[actix_web::test]
async fn after_ten_failures_an_administrator_sends_again() {
    let app = TestApp::new().await;
    let worker = plain(&app, closed_port().await);
    app.product(OWNER).await;
    for number in 1..=MAX_ATTEMPTS {
        assert_eq!(worker.step().await.unwrap(), 3, "try {number}");
        assert_eq!(worker.step().await.unwrap(), 0, "it waits before the next try");
        app.advance(Duration::hours(6));
    }
    drain(&worker).await;
    assert!(letters(&app).await.iter().all(|l| l.parked_at.is_some() && l.attempts == MAX_ATTEMPTS));

    let page = app.get(ADMINISTRATOR, "/admin/mail").await;
    page.is(200).has("3 emails could not be sent.").has("Failed").has("given up").has("Connection").has(OWNER.email);
    let addresses: Vec<String> =
        forms(&page, "/admin/mail").into_iter().map(|f| f.action).filter(|a| a.ends_with("/resend")).collect();
    assert_eq!(addresses.len(), 3);
    for other in [OWNER, VIEWER, REVIEWER, MANAGER] {
        app.get(other, "/admin/mail").await.is(404).lacks("could not be sent");
        app.post(other, &addresses[0], &[]).await.is(404);
    }
    assert_eq!(app.mail().await.len(), 0, "nobody else's press counts");

    let again = app.post(ADMINISTRATOR, &addresses[0], &[]).await;
    again.goes_to("/admin/mail");
    app.follow(ADMINISTRATOR, &again)
        .await
        .has("We&#39;ll send the email again within a minute")
        .has("2 emails could not be sent.");
    app.post(ADMINISTRATOR, &addresses[0], &[]).await.is(404);
    assert_eq!(app.mail().await.len(), 1);
    for address in &addresses[1..] {
        app.post(ADMINISTRATOR, address, &[]).await.is(303);
    }
    assert_eq!(app.mail().await.len(), 3);
    app.get(ADMINISTRATOR, "/admin/mail").await.lacks("could not be sent").lacks("Send again");
    app.finish().await;
}

#[actix_web::test]
async fn a_message_that_another_worker_sent_is_not_given_up() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let mut claimed = Vec::new();
    for _ in 0..MAX_ATTEMPTS {
        claimed = app.db.claim_mail(app.now()).await.unwrap();
        app.advance(Duration::seconds(LEASE_SECONDS));
    }
    // The last one that claimed them hangs; another one sends them; then the first one gives up.
    assert_eq!(app.mail().await.len(), 3);
    for letter in &claimed {
        app.db.mail_failed(letter, "Connection lost", app.now()).await.unwrap();
    }
    app.get(ADMINISTRATOR, "/admin/mail").await.has("Sent").lacks("Failed").lacks("could not be sent").lacks("Connection lost");
    app.finish().await;
}

#[actix_web::test]
async fn a_folder_gets_one_file_for_each_message() {
    let app = TestApp::new().await;
    let path = folder();
    let worker = worker(&app, &format!("folder:{}", path.display()));
    app.product(OWNER).await;
    // A crash after the file was written and before that was noted: the file is written again, not beside itself.
    let claimed = app.db.claim_mail(app.now()).await.unwrap();
    let text = worker.writer.write(&claimed[0]).unwrap();
    worker.transport.send(&worker.from, &claimed[0], &text).await.unwrap();
    app.advance(Duration::seconds(LEASE_SECONDS));
    drain(&worker).await;
    let mut names: Vec<String> =
        std::fs::read_dir(&path).unwrap().map(|f| f.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let mut expected: Vec<String> = claimed.iter().map(|l| format!("{}.eml", l.id)).collect();
    expected.sort();
    assert_eq!(names, expected);
    for letter in &claimed {
        let file = std::fs::read_to_string(path.join(format!("{}.eml", letter.id))).unwrap().replace("\r\n", "\n");
        assert_eq!(header(&file, "Message-ID"), format!("<{}@assured.test>", letter.id));
        assert!(header(&file, "To").contains(&letter.email));
        assert_eq!(header(&file, "Subject"), "Wardlight 1 has been added");
        assert_eq!(header(&file, "Auto-Submitted"), "auto-generated");
    }
    std::fs::remove_dir_all(&path).unwrap();
    app.finish().await;
}

#[test]
fn a_wrong_mail_setting_says_what_to_write() {
    let forms = "must be smtp://, smtps:// or smtp-plain:// with a host, or folder: with a path, or memory";
    for (setting, said) in [
        ("", forms),
        ("mail.example.nhs.uk", forms),
        ("smpt://post:hush-hush@mail.example.nhs.uk", forms),
        ("https://mail.example.nhs.uk", forms),
        ("folder:", forms),
        ("smtp://", "names no host. Write it like smtp://user:password@mail.example.nhs.uk:587"),
    ] {
        let error = Transport::parse(setting, None).err().unwrap_or_else(|| panic!("{setting:?} is taken"));
        let sentence = format!("{error:#}");
        assert!(sentence.contains(said), "{setting:?}: {sentence}");
        assert!(!sentence.contains("hush-hush"), "{sentence}");
    }
    let missing = Transport::parse("smtps://mail.example.nhs.uk", Some("/nowhere/authority.pem".as_ref()));
    let sentence = format!("{:#}", missing.err().unwrap());
    assert!(sentence.contains("The certificate file /nowhere/authority.pem cannot be read"), "{sentence}");
}

#[actix_web::test]
async fn without_encryption_nothing_is_sent_to_a_server_that_must_have_it() {
    let app = TestApp::new().await;
    let server = Server::new().await;
    app.product(OWNER).await;
    drain(&worker(&app, &format!("smtp://post:secret@127.0.0.1:{}", server.port))).await;
    assert_eq!(server.ids(), [""; 0]);
    let kept = letters(&app).await;
    assert!(kept.iter().all(|l| l.sent_at.is_none() && l.parked_at.is_none() && l.attempts == 1), "{kept:?}");
    app.get(ADMINISTRATOR, "/admin/mail").await.has("STARTTLS").has("next try").lacks("post:secret");

    // The setting is mended: everything goes out.
    app.advance(Duration::minutes(1));
    drain(&plain(&app, server.port)).await;
    assert_eq!(server.ids(), expected(&kept));
    app.finish().await;
}

#[test]
fn waits_grow_and_end_at_six_hours() {
    let waits: Vec<i64> = (1..=12).map(backoff_seconds).collect();
    assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360, 21_600, 21_600]);
    assert_eq!((backoff_seconds(0), backoff_seconds(i32::MAX)), (30, 21_600));
}

#[actix_web::test]
async fn one_message_that_cannot_be_sent_stops_no_other() {
    let app = TestApp::new().await;
    let (owner, of) = (app.actor(OWNER).await, app.organisation(OWNER).await);
    let place = Place::Supplier(of, Membership::Viewer);
    app.db.invite(&owner, ("Nobody", "no address at all"), &place, app.now()).await.unwrap();
    app.product(OWNER).await;
    let server = Server::new().await;
    drain(&plain(&app, server.port)).await;
    let (sent, left): (Vec<_>, Vec<_>) = letters(&app).await.into_iter().partition(|l| l.sent_at.is_some());
    assert_eq!(server.ids(), expected(&sent));
    assert_eq!((sent.len(), left.len(), left[0].attempts), (3, 1, 1));
    app.finish_with_mail().await;
}

#[actix_web::test]
async fn a_mail_server_gets_the_whole_message() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let server = Server::new().await;
    drain(&plain(&app, server.port)).await;
    let taken = server.letters.lock().unwrap().clone();
    let to_owner = taken.iter().find(|m| m.contains(OWNER.email)).unwrap();
    for words in [
        "From: \"CIS2 assurance\" <assurance@assured.test>",
        "To: \"Priya Shah\" <priya.shah@wardlight.example>",
        "Subject: Wardlight 1 has been added",
        "Auto-Submitted: auto-generated",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "Dear Priya Shah",
        "<p>Dear Priya Shah</p>",
        "Reference: C2A-1001",
    ] {
        assert!(to_owner.contains(words), "{words:?} is not in\n{to_owner}");
    }
    app.finish().await;
}
