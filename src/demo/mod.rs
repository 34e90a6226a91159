//! The demonstration: a programme of products made by real commands with a moved clock, in a database of its own.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use actix_web::web::Data;
use anyhow::{Context, bail};
use chrono::Duration;

use crate::act::Rules;
use crate::app;
use crate::clock::Clock;
use crate::config::Demo;
use crate::document::signature::KeySet;
use crate::domain::forecast::Seed;
use crate::domain::words::PersonId;
use crate::inspect::Inspector;
use crate::issue::Issuer;
use crate::secret::{LinkKey, Passwords};
use crate::store::file::Files;
use crate::store::{Address, Db};
use crate::web::App;
use crate::worker::Worker;
use crate::worker::letter::Writer;
use crate::worker::mail::Transport;

pub mod answers;
pub mod cast;
pub mod pages;
mod people;
pub mod programme;
pub mod weeks;

/// The file that says that a folder holds a demonstration and may be emptied.
const MARK: &str = "demonstration";
/// The file that is there while a demonstration is being made.
const UNFINISHED: &str = "unfinished";

/// Runs the demonstration until it is told to stop.
///
/// # Errors
/// A sentence that says what to do when it cannot start.
pub async fn run(settings: &Demo) -> anyhow::Result<()> {
    if settings.list_pages {
        return say(&serde_json::to_string_pretty(&pages::registry())?);
    }
    let folder = &settings.data;
    if settings.fresh {
        empty(folder)?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("The folder {} cannot be made", folder.display()))?;
    std::fs::write(folder.join(MARK), "This folder is made anew by: assured demo --fresh\n")?;
    let address = match &settings.database {
        Some(address) => Address::parse(address)?,
        None => Address::Sqlite(folder.join("assured.db")),
    };
    let db = Db::open(&address).await?;
    db.migrate().await?;
    let rules = Rules::published()?.with_undo_minutes(settings.undo_minutes);
    rules.renew(&db.calendar().await?);
    let files = Files::open(&folder.join("files"))?;
    let clock = Clock::system();
    let base = format!("http://localhost:{}", settings.port);
    let links = LinkKey::from_file(&folder.join("link.key"))?;
    let keys = KeySet::from_file(&folder.join("certificate.key"))?;
    let issuer = Issuer { db: db.clone(), rules: rules.clone(), files: files.clone(), keys: keys.clone(), base: base.clone() };
    let writer = Writer { base: base.clone(), links: links.clone(), rules: rules.clone() };
    let worker = Worker {
        db: db.clone(),
        clock: clock.clone(),
        writer: writer.clone(),
        transport: Transport::parse(&format!("folder:{}", folder.join("mail").display()), None)?,
        from: "CIS2 assurance <assurance@localhost>".parse()?,
    };
    if !people::are_there(&db).await? {
        make(settings, &issuer, &worker).await?;
    } else if folder.join(UNFINISHED).exists() {
        bail!("The demonstration in {} was not made to its end. Start with --fresh", folder.display());
    } else if settings.weeks.is_some() {
        say("The demonstration that is there is kept as it is. Start with --fresh to make another")?;
    }
    let people = people::everybody(&db).await?;
    Box::pin(worker.forecast()).await?;
    introduce(&base, &people)?;
    let app = Data::new(App {
        db,
        rules,
        clock,
        passwords: Passwords::quick(),
        links,
        keys,
        files,
        base,
        contact: worker.from.email.to_string(),
        is_demo: true,
        demo_people: people,
        writer,
        inspector: Inspector::of_this_program()?,
        afterwards: tokio_util::task::TaskTracker::new(),
    });
    app::run(app, worker, SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port)), 0).await
}

/// Makes the programme in an empty database.
async fn make(settings: &Demo, issuer: &Issuer, worker: &Worker) -> anyhow::Result<()> {
    let now = worker.clock.now();
    let mark = settings.data.join(UNFINISHED);
    std::fs::write(&mark, "This file is taken away when the demonstration is made\n")?;
    issuer.db.write_in_haste().await?;
    if let Some(weeks) = settings.weeks {
        let plan = weeks::Plan::new(weeks, Seed::new(settings.seed));
        say(&format!("Making {weeks} weeks of a programme, with {} products beside the 25 of today", plan.products))?;
        let made = Box::pin(weeks::make(issuer, worker, (now, plan), &|week| say(&format!("  week {week} of {weeks}")))).await?;
        say(&format!("Made by {} acts of its people, {} of them refused", made.acts, made.refused.len()))?;
    } else {
        let programme = programme::Programme::new(issuer, (now, now - Duration::days(120))).await?;
        if !settings.no_products {
            Box::pin(programme.play()).await?;
        }
    }
    issuer.db.write_with_care().await?;
    std::fs::remove_file(mark).context("The mark of an unfinished demonstration cannot be taken away")
}

/// Empties the folder of a demonstration, and no other.
fn empty(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    if !folder.join(MARK).exists() && folder.read_dir()?.next().is_some() {
        bail!("The folder {} holds something else than a demonstration. Choose another with --data", folder.display());
    }
    std::fs::remove_dir_all(folder).with_context(|| format!("The folder {} cannot be emptied", folder.display()))
}

fn introduce(base: &str, people: &[(PersonId, String, String)]) -> anyhow::Result<()> {
    say(&format!(
        "\nGet your CIS2 software assured: demonstration\n\n  {base}\n\nOn the log-in page you can become any of these people with one press:\n"
    ))?;
    for (_, name, what) in people {
        say(&format!("  {name}, {what}"))?;
    }
    say(&format!("\nEmail that would have been sent: {base}/demo/mail\nPress Ctrl and C to stop.\n"))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
