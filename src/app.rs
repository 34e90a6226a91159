//! Puts the parts together, starts web and worker, and stops them gracefully.

use std::net::SocketAddr;

use actix_web::HttpServer;
use actix_web::web::Data;
use anyhow::Context;
use lettre::message::Mailbox;
use tokio::sync::watch;

use crate::act::Rules;
use crate::clock::Clock;
use crate::config::Settings;
use crate::document::signature::KeySet;
use crate::domain::agreement::Trigger;
use crate::inspect::Inspector;
use crate::secret::{LinkKey, Passwords};
use crate::store::Db;
use crate::store::file::Files;
use crate::web::{self, App};
use crate::worker::Worker;
use crate::worker::finish::Finisher;
use crate::worker::letter::Writer;
use crate::worker::mail::Transport;

/// Runs the service until it is told to stop.
///
/// # Errors
/// A sentence that says what to do when it cannot start.
pub async fn serve(settings: &Settings) -> anyhow::Result<()> {
    settings.check()?;
    let from: Mailbox = settings.mail_from.parse().with_context(|| {
        format!("The sender {} is no address. Write it like CIS2 assurance <assurance@example.nhs.uk>", settings.mail_from)
    })?;
    let transport = Transport::parse(&settings.mail, settings.mail_ca.as_deref())?;
    let address = settings.database.address()?;
    std::fs::create_dir_all(&settings.data).with_context(|| format!("The folder {} cannot be made", settings.data.display()))?;
    let db = Db::open(&address).await?;
    db.migrate().await?;
    let trigger = Trigger::from_word(&settings.agreement_after).context("The setting --agreement-after has an unknown value")?;
    let rules = Rules::published()?.with_trigger(trigger).with_undo_minutes(settings.undo_minutes);
    rules.renew(&db.calendar().await?);
    let links = LinkKey::from_file(&settings.data.join("link.key"))?;
    let writer = Writer { base: settings.base().to_owned(), links: links.clone(), rules: rules.clone() };
    let keys = KeySet::from_file(&settings.data.join("certificate.key"))?;
    let app = Data::new(App {
        db: db.clone(),
        rules,
        clock: Clock::system(),
        passwords: Passwords::strong(),
        links,
        keys,
        files: Files::open(&settings.data.join("files"))?,
        base: settings.base().to_owned(),
        contact: from.email.to_string(),
        is_demo: false,
        demo_people: Vec::new(),
        writer: writer.clone(),
        inspector: Inspector::of_this_program()?,
        afterwards: tokio_util::task::TaskTracker::new(),
    });
    let worker = Worker { db, clock: Clock::system(), writer, transport, from };
    run(app, worker, settings.listen, settings.workers).await
}

/// Serves an assembled application beside its worker; ends when the process is told to stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn run(app: Data<App>, worker: Worker, listen: SocketAddr, workers: usize) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let delivery = tokio::spawn(worker.run(stopped.clone()));
    let finisher = Finisher { issuer: app.issuer(), clock: app.clock.clone() };
    let finishing = tokio::spawn(finisher.run(stopped));
    let shared = app.clone();
    let mut server = HttpServer::new(move || web::service(shared.clone()))
        .shutdown_timeout(10)
        .client_request_timeout(std::time::Duration::from_secs(5))
        .keep_alive(std::time::Duration::from_secs(15));
    if workers > 0 {
        server = server.workers(workers);
    }
    let server = server
        .bind(listen)
        .with_context(|| format!("Nothing can listen on {listen}. Another program may have the port; choose another"))?;
    tracing::info!(address = %listen, "ready");
    server.run().await?;
    stop.send(true).ok();
    delivery.await?;
    finishing.await?;
    app.db.clone().close().await
}
