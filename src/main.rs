//! The command line: reads arguments, calls the library, prints what went wrong and what to do.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context;
use assured::backtest::Measured;
use assured::clock::Clock;
use assured::config::{Admin, CheckPdf, Cli, Command, DatabaseSetting, Forecast, refuse_unknown};
use assured::domain::account::check_password;
use assured::domain::actor::Duty;
use assured::domain::forecast::Seed;
use assured::domain::parse;
use assured::error::Error;
use assured::inspect::Expected;
use assured::secret::Passwords;
use assured::store::Db;
use assured::{app, demo, inspect};
use clap::Parser as _;

#[actix_web::main]
async fn main() -> ExitCode {
    match Box::pin(run(Cli::parse())).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "assured: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    refuse_unknown(std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()))?;
    match cli.command {
        Command::Serve(settings) => {
            log(&settings.log, settings.log_format == "json")?;
            app::serve(&settings).await
        }
        Command::Demo(settings) => {
            log("warn", false)?;
            demo::run(&settings).await
        }
        Command::Migrate(database) => {
            open(&database).await?;
            say("The database is up to date.");
            Ok(())
        }
        Command::Admin(Admin::Create { database, name, email }) => create_administrator(&database, &name, &email).await,
        Command::Forecast(Forecast::Backtest { seed, programmes }) => {
            say(&Measured::new(Seed::new(seed), programmes, 2).tables());
            Ok(())
        }
        Command::CheckPdf(CheckPdf { pages, phrase }) => inspect::child::run(&Expected { min_pages: pages, phrase }),
    }
}

async fn open(database: &DatabaseSetting) -> anyhow::Result<Db> {
    let db = Db::open(&database.address()?).await?;
    db.migrate().await?;
    Ok(db)
}

async fn create_administrator(database: &DatabaseSetting, name: &str, email: &str) -> anyhow::Result<()> {
    let email = parse::email(email).map_err(anyhow::Error::msg)?;
    if std::io::stdin().is_terminal() {
        say("Type a password of 12 characters or more, then press Enter. It is shown while you type.");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("No password could be read from the standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    check_password(password, name, &email).map_err(anyhow::Error::msg)?;
    let hash = Passwords::strong().hash(password.to_owned()).await?;
    let db = open(database).await?;
    let added = db.add_staff((name, &email), hash, &[Duty::Administrator].into(), Clock::system().now()).await;
    if let Err(Error::Refused(refusal)) = &added {
        return Err(anyhow::Error::msg(refusal.sentence()));
    }
    added?;
    say(&format!("{name} can log in as {email} and is an administrator."));
    Ok(())
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn log(filter: &str, json: bool) -> anyhow::Result<()> {
    // What a reader of PDFs thinks of a file is no news: the answer to the person says what is wrong with it.
    let quiet = format!("lopdf=off,{filter}");
    let filter =
        tracing_subscriber::EnvFilter::try_new(quiet).with_context(|| format!("The log filter {filter} cannot be read"))?;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    if json {
        builder.json().init();
    } else {
        builder.init();
    }
    Ok(())
}
