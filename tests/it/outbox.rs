//! Mail is neither lost nor sent twice: servers that are down, processes that die, and messages that nobody takes.

use std::sync::{Arc, Mutex};

use assured::domain::account::Place;
use assured::domain::actor::Membership;
use assured::domain::catalogue::Section;
use assured::error::Error;
use assured::store::outbox::{LEASE_SECONDS, Letter, MAX_ATTEMPTS, backoff_seconds};
use assured::worker::Worker;
use assured::worker::mail::{Kept, Transport};
use chrono::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::support::*;

/// A mail server that is down: nobody listens at its port.
async fn down(app: &TestApp) -> Worker {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp-plain://{}", listener.local_addr().unwrap());
    drop(listener);
    Worker { transport: Transport::parse(&address, None).unwrap(), ..app.worker.clone() }
}

/// A service with three messages to send: a section was sent.
async fn with_three_letters() -> TestApp {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.mail().await;
    app.send(EDITOR, &reference, Section::MedicalDevice).await;
    app
}

fn told(mail: &[Kept]) -> Vec<(&str, &str)> {
    let mut told: Vec<_> = mail.iter().map(|m| (m.to.as_str(), m.text.subject.as_str())).collect();
    told.sort_unstable();
    told
}

const SENT: &str = "We have your medical device status answers for Wardlight 1";

/// Messages that were not sent.
async fn waiting(app: &TestApp) -> Vec<Letter> {
    let page = app.db.all_mail(1).await.unwrap();
    page.rows.into_iter().filter(|l| l.sent_at.is_none()).collect()
}

#[actix_web::test]
async fn a_mail_server_that_is_down_for_an_hour_loses_nothing() {
    let app = with_three_letters().await;
    let before = app.mail_so_far().len();
    let worker = down(&app).await;
    for _ in 0..60 {
        worker.step().await.unwrap();
        app.advance(Duration::minutes(1));
    }
    let letters = waiting(&app).await;
    assert_eq!(letters.len(), 3);
    for letter in &letters {
        assert!((5..MAX_ATTEMPTS).contains(&letter.attempts) && letter.parked_at.is_none(), "{letter:?}");
        assert!(!letter.last_error.is_empty() && !letter.last_error.contains('@'), "{}", letter.last_error);
    }
    app.advance(Duration::hours(1));
    let mail = app.mail().await;
    assert_eq!(told(&mail[before..]), [(VIEWER.email, SENT), (OWNER.email, SENT), (EDITOR.email, SENT)]);
    assert_eq!(app.mail().await.len(), mail.len(), "nothing is sent again");
    app.finish().await;
}

#[actix_web::test]
async fn a_process_that_dies_before_it_sends_leaves_the_message_to_another() {
    let app = with_three_letters().await;
    let claimed = app.db.claim_mail(app.now()).await.unwrap();
    assert_eq!(claimed.len(), 3);
    // The process dies here. Until its lease runs out nobody else sends.
    app.advance(Duration::seconds(LEASE_SECONDS - 1));
    assert_eq!(app.worker.step().await.unwrap(), 0);
    app.advance(Duration::seconds(1));
    assert_eq!(app.worker.step().await.unwrap(), 3);
    let mut ids: Vec<String> = claimed.iter().map(|l| l.id.to_string()).collect();
    let mail = app.mail().await;
    let mut sent: Vec<String> = mail[mail.len() - 3..].iter().map(|m| m.id.clone()).collect();
    ids.sort();
    sent.sort();
    assert_eq!(sent, ids);
    app.finish().await;
}

#[actix_web::test]
async fn a_message_that_goes_out_twice_is_the_same_message() {
    let app = with_three_letters().await;
    let before = app.mail_so_far().len();
    for letter in app.db.claim_mail(app.now()).await.unwrap() {
        let text = app.worker.writer.write(&letter).unwrap();
        app.worker.transport.send(&app.worker.from, &letter, &text).await.unwrap();
        // The process dies here, before it could say that it sent the message.
    }
    app.advance(Duration::seconds(LEASE_SECONDS));
    let mail = app.mail().await.split_off(before);
    let (first, second) = mail.split_at(3);
    for message in first {
        let again = second.iter().find(|m| m.id == message.id).unwrap();
        assert_eq!((&again.to, &again.text), (&message.to, &message.text));
    }
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
async fn after_ten_tries_a_message_is_parked_where_administrators_see_it() {
    let app = with_three_letters().await;
    let worker = down(&app).await;
    for attempt in 1..=MAX_ATTEMPTS {
        assert_eq!(worker.step().await.unwrap(), 3, "try {attempt}");
        app.advance(Duration::seconds(backoff_seconds(attempt)));
    }
    app.advance(Duration::days(30));
    assert_eq!(app.worker.step().await.unwrap(), 0, "nobody tries any more");
    let parked = waiting(&app).await;
    assert!(parked.len() == 3 && parked.iter().all(|l| l.parked_at.is_some()));
    let administrator = app.actor(ADMINISTRATOR).await;
    assert_eq!(app.db.visible(&administrator).parked().await.unwrap(), 3);
    let page = app.get(ADMINISTRATOR, "/admin/mail").await;
    page.is(200).has(VIEWER.email).has(OWNER.email).has(EDITOR.email);
    for persona in [OWNER, REVIEWER, MANAGER] {
        let actor = app.actor(persona).await;
        let refused = app.db.send_again(&actor, parked[0].id, app.now()).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{}", persona.name);
        assert_eq!(app.db.visible(&actor).parked().await.unwrap(), 0);
    }
    for letter in &parked {
        app.db.send_again(&administrator, letter.id, app.now()).await.unwrap();
    }
    let sent = app.mail().await;
    assert_eq!(told(&sent[sent.len() - 3..]), [(VIEWER.email, SENT), (OWNER.email, SENT), (EDITOR.email, SENT)]);
    let again = app.db.send_again(&administrator, parked[0].id, app.now()).await;
    assert!(matches!(again, Err(Error::NotFound)), "what was sent is not sent again");
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
    let mail = app.mail().await;
    assert_eq!(mail.len(), 3);
    let left = waiting(&app).await;
    assert_eq!((left.len(), left[0].attempts), (1, 1));
    app.finish_with_mail().await;
}

/// A mail server that takes everything. What it was told is kept, one text for each message.
async fn post_office() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("smtp-plain://{}", listener.local_addr().unwrap());
    let taken: Arc<Mutex<Vec<String>>> = Arc::default();
    let shelf = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, Arc::clone(&shelf)));
        }
    });
    (address, taken)
}

async fn talk(stream: TcpStream, shelf: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 here\r\n").await.unwrap();
    let mut message: Option<String> = None;
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) {
        match &mut message {
            Some(text) if line == ".\r\n" => {
                shelf.lock().unwrap().push(std::mem::take(text));
                message = None;
                stream.write_all(b"250 taken\r\n").await.unwrap();
            }
            Some(text) => text.push_str(&line),
            None if line.starts_with("DATA") => {
                message = Some(String::new());
                stream.write_all(b"354 go on\r\n").await.unwrap();
            }
            None => stream.write_all(b"250 yes\r\n").await.unwrap(),
        }
        line.clear();
    }
}

#[actix_web::test]
async fn a_mail_server_gets_the_whole_message() {
    let app = with_three_letters().await;
    let (address, taken) = post_office().await;
    let worker = Worker { transport: Transport::parse(&address, None).unwrap(), ..app.worker.clone() };
    let ids: Vec<Uuid> = waiting(&app).await.iter().map(|l| l.id).collect();
    assert_eq!(worker.step().await.unwrap(), 3);
    let messages = taken.lock().unwrap().clone();
    assert_eq!(messages.len(), 3);
    let to_owner = messages.iter().find(|m| m.contains(OWNER.email)).unwrap();
    assert!(ids.iter().any(|id| to_owner.contains(&format!("Message-ID: <{id}@assured.test>"))), "{to_owner}");
    for words in [
        "From: \"CIS2 assurance\" <assurance@assured.test>",
        "To: \"Priya Shah\" <priya.shah@wardlight.example>",
        "Subject: We have your medical device status answers for Wardlight 1",
        "Auto-Submitted: auto-generated",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "Dear Priya Shah",
        "We'll reply by Monday 13 April 2026.",
        "Reference: C2A-1001",
    ] {
        assert!(to_owner.contains(words), "{words:?} is not in\n{to_owner}");
    }
    app.finish().await;
}
