//! Issuing survives crashes and crowds: after every step, at any moment, by two at once; no number is used twice.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assured::document::signature::{KeySet, verify};
use assured::domain::actor::Actor;
use assured::domain::catalogue::Section;
use assured::domain::certificate::CertificateState;
use assured::domain::command::SectionCommand;
use assured::domain::event::EventKind;
use assured::domain::notice::Notice;
use assured::domain::product::Product;
use assured::domain::refusal::Refusal;
use assured::error::Error;
use assured::issue::{Issuer, Replacing};
use assured::store::Db;
use assured::store::file::Files;
use chrono::Utc;
use sha2::{Digest as _, Sha256};
use tokio::sync::Barrier;

use crate::http_client::Client;
use crate::support::process::Service;
use crate::support::*;

const RACERS: usize = 8;

async fn tested(app: &TestApp) -> String {
    let reference = app.accepted_product().await;
    app.tested(&reference).await;
    reference
}

fn replacing(product: &Product) -> Replacing {
    let number = product.certificate().map(|c| c.content.number.clone()).unwrap_or_default();
    Replacing { number, reason: "A slip of the pen.".to_owned() }
}

async fn reviewed(db: &Db, reviewer: &Actor, reference: &str) -> Product {
    db.visible(reviewer).product(reference).await.unwrap()
}

async fn times(db: &Db, reviewer: &Actor, product: &Product, kind: EventKind) -> usize {
    let mut number = 0;
    for page in 1.. {
        let page = db.visible(reviewer).history(product, page).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        number += page.rows.iter().filter(|h| h.kind == kind).count();
    }
    number
}

async fn letters(db: &Db, about: &str) -> usize {
    let mut found = 0;
    for number in 1.. {
        let page = db.all_mail(number).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        found +=
            page.rows.iter().filter(|l| matches!(&l.notice, Notice::CertificateIssued { number, .. } if number == about)).count();
    }
    found
}

/// Every certificate that was ever issued is whole: file, signature, event, mail; at most one stands.
async fn assert_whole(db: &Db, reviewer: &Actor, product: &Product, (files, keys): (&Files, &KeySet)) {
    let issued: Vec<_> = product.certificates.iter().filter(|c| c.state.was_issued()).collect();
    for certificate in &issued {
        let bytes = std::fs::read(files.path(&certificate.pdf).unwrap()).unwrap();
        assert_eq!(assured::domain::answer::hex(&Sha256::digest(bytes)), certificate.pdf);
        let payload = verify(&certificate.signed, &keys.jwks()).expect("the signature is right");
        assert_eq!(payload, assured::document::certificate::json(&certificate.content).unwrap());
        assert_eq!(letters(db, &certificate.content.number).await, 3, "each of the team is told once");
    }
    assert_eq!(times(db, reviewer, product, EventKind::CertificateIssued).await, issued.len());
    assert!(product.certificates.iter().filter(|c| c.state.stands()).count() <= 1);
    let former = issued.iter().filter(|c| c.state == CertificateState::Replaced).count();
    assert_eq!(former, issued.len().saturating_sub(1));
}

#[actix_web::test]
async fn after_a_stop_behind_any_step_the_worker_finishes_the_same_certificate() {
    let app = TestApp::new().await;
    let reference = tested(&app).await;
    let (issuer, reviewer) = (app.data.issuer(), app.actor(REVIEWER).await);
    for steps in 1..=4 {
        let product = reviewed(&app.db, &reviewer, &reference).await;
        let former = product.certificate().map(|c| c.content.number.clone());
        let content = issuer.prepare(&reviewer, (&reference, &replacing(&product)), app.now()).await.unwrap();
        if steps >= 2 {
            let drawn = issuer.draw(&content).await.unwrap();
            assert_eq!(drawn, issuer.draw(&content).await.unwrap(), "drawn again, it is the same");
            if steps >= 3 {
                issuer.keep(&drawn).await.unwrap();
            }
            if steps >= 4 {
                issuer.finish(&reviewer, (&reference, &content), app.now()).await.unwrap();
            }
        }
        let address = format!("/products/{}/certificate", reference.to_lowercase());
        if steps < 4 {
            app.get(None, &format!("/certificates/{}", content.number)).await.is(404);
            app.get(OWNER, &address).await.is(200).has("A certificate is being issued").lacks(&content.number);
            app.get(REVIEWER, &format!("{address}/issue")).await.is(200).has("is being issued at this moment");
            let old = former.clone().unwrap_or_default();
            app.post(REVIEWER, &format!("{address}/issue"), &[("replaces", &old), ("reason", "x")]).await.is(409);
            assert_eq!(issuer.finish_late(app.now()).await.unwrap(), 0, "its reviewer may still be at it");
        }
        app.advance(chrono::Duration::seconds(61));
        assert_eq!(issuer.finish_late(app.now()).await.unwrap(), usize::from(steps < 4));
        assert_eq!(issuer.finish_late(app.now()).await.unwrap(), 0);
        let product = reviewed(&app.db, &reviewer, &reference).await;
        let certificate = product.certificate().unwrap();
        assert_eq!((&certificate.content, certificate.content.replaces.clone()), (&content, former));
        assert_eq!(certificate.content.issued_by, "Amina Okafor");
        app.get(None, &format!("/certificates/{}", content.number)).await.is(200).has("Valid");
        assert_whole(&app.db, &reviewer, &product, (&app.data.files, &app.data.keys)).await;
    }
    app.finish().await;
}

#[actix_web::test]
async fn what_can_no_longer_be_issued_is_voided_and_its_number_stays_used() {
    let app = TestApp::new().await;
    let reference = tested(&app).await;
    let (issuer, reviewer) = (app.data.issuer(), app.actor(REVIEWER).await);
    let first = issuer.prepare(&reviewer, (&reference, &Replacing::default()), app.now()).await.unwrap();
    let reopen = SectionCommand::Reopen(vec!["cx-signin-walkthrough".to_owned()], "Show the new screen.".to_owned());
    app.act(REVIEWER, &reference, Section::Cis2Conformance, reopen).await;
    app.advance(chrono::Duration::minutes(2));
    assert_eq!(issuer.finish_late(app.now()).await.unwrap(), 1);
    let product = reviewed(&app.db, &reviewer, &reference).await;
    assert_eq!(product.certificates[0].state, CertificateState::Voided);
    app.get(None, &format!("/certificates/{}", first.number)).await.is(404);
    app.get(None, &format!("/certificates/{}.json", first.number)).await.is(404);
    app.get(OWNER, &format!("/products/{}/certificate", reference.to_lowercase())).await.is(200).lacks(&first.number);
    assert_eq!(letters(&app.db, &first.number).await, 0);
    app.finish().await;
}

/// Everybody begins at the same moment, each on a thread of its own.
async fn race<F: Future<Output = Result<Product, Error>> + Send + 'static>(racers: Vec<F>) -> Vec<Result<Product, Error>> {
    let gate = Arc::new(Barrier::new(racers.len()));
    let run = |racer: F| {
        let gate = Arc::clone(&gate);
        tokio::spawn(async move {
            gate.wait().await;
            racer.await
        })
    };
    let running: Vec<_> = racers.into_iter().map(run).collect();
    let mut results = Vec::new();
    for task in running {
        results.push(task.await.unwrap());
    }
    results
}

fn issuing(
    issuer: &Issuer,
    actor: &Actor,
    reference: &str,
    replacing: &Replacing,
    now: chrono::DateTime<Utc>,
) -> Vec<impl Future<Output = Result<Product, Error>> + Send + 'static> {
    let one = |_| {
        let (issuer, actor, reference, replacing) = (issuer.clone(), actor.clone(), reference.to_owned(), replacing.clone());
        async move { issuer.issue(&actor, (&reference, &replacing), now).await }
    };
    (0..RACERS).map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_issue_or_replace_at_once_one_does_and_the_others_are_told() {
    let app = TestApp::new().await;
    let reference = tested(&app).await;
    let (issuer, reviewer) = (app.data.issuer(), app.actor(REVIEWER).await);
    for round in 1..=3 {
        let product = reviewed(&app.db, &reviewer, &reference).await;
        let asked = if round == 1 { Replacing::default() } else { replacing(&product) };
        let results = race(issuing(&issuer, &reviewer, &reference, &asked, app.now())).await;
        let (done, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(done.len(), 1, "round {round}: {refused:?}");
        for result in refused {
            let error = result.unwrap_err();
            assert!(assured::issue::was_late(&error), "{error}");
        }
        let product = reviewed(&app.db, &reviewer, &reference).await;
        assert_eq!(product.certificates.iter().filter(|c| c.state.was_issued()).count(), round);
        assert!(product.prepared().is_none(), "nothing is left open");
        assert_whole(&app.db, &reviewer, &product, (&app.data.files, &app.data.keys)).await;
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_finish_the_same_certificate_one_does_and_all_find_it_done() {
    let app = TestApp::new().await;
    let reference = tested(&app).await;
    let (issuer, reviewer) = (app.data.issuer(), app.actor(REVIEWER).await);
    let content = issuer.prepare(&reviewer, (&reference, &Replacing::default()), app.now()).await.unwrap();
    let now = app.now();
    let one = |_| {
        let (issuer, reference, content) = (issuer.clone(), reference.clone(), content.clone());
        async move { issuer.finish(&Actor::worker(), (&reference, &content), now).await }
    };
    for result in race((0..RACERS).map(one).collect()).await {
        assert_eq!(result.unwrap().certificate().unwrap().content, content);
    }
    let product = reviewed(&app.db, &reviewer, &reference).await;
    assert_whole(&app.db, &reviewer, &product, (&app.data.files, &app.data.keys)).await;
    let again = issuer.issue(&reviewer, (&reference, &Replacing::default()), now).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Missing(_)))));
    app.finish().await;
}

/// Replaces the certificate again and again until the service is gone; counts what was acknowledged.
fn replace(client: &mut Client, product: &str, done: &AtomicUsize) {
    let address = format!("/products/{}/certificate/issue", product.to_lowercase());
    loop {
        let Ok(page) = client.get(&address) else { return };
        assert_eq!(page.status, 200, "{}", page.body);
        let replaces = page.hidden("replaces").unwrap();
        let Ok(reply) = client.post(&address, &[("replaces", &replaces), ("reason", "Once more.")]) else { return };
        assert_eq!(reply.status, 303, "{}", reply.body);
        done.fetch_add(1, Ordering::SeqCst);
    }
}

const KILLS: u64 = 12;

#[actix_web::test]
async fn killed_at_any_moment_of_issuing_nothing_is_half_done_and_nothing_acknowledged_is_lost() {
    let app = TestApp::new().await;
    let reference = tested(&app).await;
    let reviewer = app.actor(REVIEWER).await;
    let data: PathBuf = folder();
    let done = AtomicUsize::new(0);
    let mut session = None;
    for kill in 0..=KILLS {
        let mut service = Service::serve(&app.place.address, &data);
        // What the last process left open is finished at the start of this one.
        let start = Instant::now();
        let product = loop {
            let product = reviewed(&app.db, &reviewer, &reference).await;
            if product.prepared().is_none() {
                break product;
            }
            assert!(start.elapsed() < Duration::from_mins(1), "a certificate stays open");
            std::thread::sleep(Duration::from_millis(5));
        };
        let kept = (Files::open(&data.join("files")).unwrap(), KeySet::from_file(&data.join("certificate.key")).unwrap());
        assert_whole(&app.db, &reviewer, &product, (&kept.0, &kept.1)).await;
        let issued = product.certificates.iter().filter(|c| c.state.was_issued()).count();
        assert!(issued >= done.load(Ordering::SeqCst), "an acknowledged certificate is lost");
        assert!(issued <= done.load(Ordering::SeqCst) + usize::try_from(kill).unwrap(), "one at most is open at each kill");
        if kill == KILLS {
            break;
        }
        let mut client = service.client();
        let login = client.post("/login", &[("email", REVIEWER.email), ("password", PASSWORD)]).unwrap();
        assert_eq!(login.status, 303, "{}", login.body);
        session = Some(login.status);
        let (before, goal) = (done.load(Ordering::SeqCst), 1 + kill % 3);
        std::thread::scope(|scope| {
            scope.spawn(|| replace(&mut client, &reference, &done));
            let late = Instant::now() + Duration::from_mins(1);
            while done.load(Ordering::SeqCst) < before + usize::try_from(goal).unwrap() && Instant::now() < late {
                std::thread::sleep(Duration::from_micros(200));
            }
            // Another moment of the next one each time.
            std::thread::sleep(Duration::from_millis(kill * 7));
            service.kill();
        });
    }
    assert!(session.is_some() && done.load(Ordering::SeqCst) >= usize::try_from(KILLS).unwrap());
    std::fs::remove_dir_all(&data).unwrap();
    app.finish_with_mail().await;
}
