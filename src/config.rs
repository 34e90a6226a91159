//! Every setting: its flag, its environment variable, its default and what it means. `docs/settings.md` is made from it.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::domain::reply::UNDO_MINUTES;
use crate::store::Address;

/// Carries products through NHS CIS2 Authentication assurance, and says whose turn it is, and by when.
///
/// To look around, run `assured demo`. For real use, run `assured migrate`, `assured admin create` and `assured serve`.
#[derive(Debug, Parser)]
#[command(name = "assured", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service.
    Serve(Settings),
    /// Run the service with demonstration data, in a database of its own.
    Demo(Demo),
    /// Bring the database up to date and stop. Safe when several do it at once.
    Migrate(DatabaseSetting),
    /// Look after accounts from the console.
    #[command(subcommand)]
    Admin(Admin),
    /// Look into the forecasts.
    #[command(subcommand)]
    Forecast(Forecast),
    /// Check the PDF on the standard input. The service starts this for itself.
    #[command(hide = true)]
    CheckPdf(CheckPdf),
}

/// What a PDF is compared with.
#[derive(Clone, Debug, Args)]
pub struct CheckPdf {
    /// The least number of pages.
    #[arg(long, value_name = "NUMBER")]
    pub pages: u32,
    /// Words to look for in the text.
    #[arg(long, value_name = "TEXT")]
    pub phrase: String,
}

/// What `assured admin` does.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Create an administrator. The password is read from the standard input.
    Create {
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseSetting,
        /// Full name.
        #[arg(long)]
        name: String,
        /// E-mail address; it is the log-in name.
        #[arg(long)]
        email: String,
    },
}

/// What `assured forecast` does.
#[derive(Debug, Subcommand)]
pub enum Forecast {
    /// Forecast invented programmes, and print how often the dates held. Needs no database.
    Backtest {
        /// A number that chance begins with; the same number gives the same tables.
        #[arg(long, default_value_t = 1, value_name = "NUMBER")]
        seed: u64,
        /// How many programmes are invented, of about 150 products each.
        #[arg(long, default_value_t = 24, value_name = "NUMBER")]
        programmes: u32,
    },
}

/// The embedded database, in the folder of data below the working folder.
const DEFAULT_DATABASE: &str = "sqlite:data/assured.db";

/// Where the database is.
#[derive(Clone, Debug, Args)]
pub struct DatabaseSetting {
    /// Address of the database: `sqlite:` and a path, or `postgres://user:password@host/database`.
    #[arg(
        long,
        env = "ASSURED_DATABASE",
        default_value = DEFAULT_DATABASE,
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    pub database: String,
}

impl DatabaseSetting {
    /// The address, checked. The folder of the embedded default is made if it is not there.
    ///
    /// # Errors
    /// When it is neither of the two forms.
    pub fn address(&self) -> anyhow::Result<Address> {
        if self.database == DEFAULT_DATABASE {
            std::fs::create_dir_all("data").context("The folder data cannot be made here. Choose a database with --database")?;
        }
        Address::parse(&self.database)
    }
}

/// Settings of the service.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSetting,
    /// Folder for uploaded files and the keys that sign links and certificates.
    #[arg(long, env = "ASSURED_DATA", default_value = "data", value_name = "FOLDER")]
    pub data: PathBuf,
    /// Address and port to listen on.
    #[arg(long, env = "ASSURED_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Address at which people reach the service; links in e-mails start with it.
    #[arg(long, env = "ASSURED_PUBLIC_ADDRESS", default_value = "http://localhost:8080", value_name = "URL")]
    pub public_address: String,
    /// Where e-mail goes: `smtp://user:password@host:587` (STARTTLS), `smtps://user:password@host:465` (TLS),
    /// `smtp-plain://host:25` (no encryption, for a relay on this machine), `folder:PATH` or `memory`.
    #[arg(long, env = "ASSURED_MAIL", default_value = "folder:data/mail", hide_env_values = true, value_name = "WHERE")]
    pub mail: String,
    /// Sender of e-mails. Replies to it must be read by somebody.
    #[arg(long, env = "ASSURED_MAIL_FROM", default_value = "CIS2 assurance <assurance@localhost>", value_name = "NAME <ADDRESS>")]
    pub mail_from: String,
    /// File with the certificate of a private authority that the mail server's certificate is checked against.
    #[arg(long, env = "ASSURED_MAIL_CA", value_name = "FILE")]
    pub mail_ca: Option<PathBuf>,
    /// From when the Connection Agreement may be issued: `non-functional` (the 4 non-functional sections are accepted),
    /// `all-sections` (all 6 are), or `certificate` (the certificate is issued).
    #[arg(
        long,
        env = "ASSURED_AGREEMENT_AFTER",
        default_value = "non-functional",
        value_parser = ["non-functional", "all-sections", "certificate"],
        value_name = "WHEN"
    )]
    pub agreement_after: String,
    /// Minutes for which a reviewer can undo the sending of a review, from 0 to 60; the supplier is told when they are over.
    #[arg(
        long,
        env = "ASSURED_UNDO_MINUTES",
        default_value_t = UNDO_MINUTES,
        value_parser = clap::value_parser!(u32).range(0..=60),
        value_name = "NUMBER"
    )]
    pub undo_minutes: u32,
    /// Threads that answer requests; 0 means one for each core.
    #[arg(long, env = "ASSURED_WORKERS", default_value_t = 0, value_name = "NUMBER")]
    pub workers: usize,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter by module.
    #[arg(long, env = "ASSURED_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
    /// How it is logged: `text` for people, `json` for programs.
    #[arg(long, env = "ASSURED_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"], value_name = "FORMAT")]
    pub log_format: String,
}

/// Settings of the demonstration.
#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// Folder for the demonstration's database and files. What is in it stays from run to run.
    #[arg(long, default_value = "data/demo", value_name = "FOLDER")]
    pub data: PathBuf,
    /// Start again with fresh data.
    #[arg(long)]
    pub fresh: bool,
    /// Make so many weeks of a lively programme as well, from 1 to 104; 26 are half a year.
    #[arg(long, value_name = "NUMBER", value_parser = weeks)]
    pub weeks: Option<u32>,
    /// A number that chance begins with; the same number gives the same programme.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "weeks")]
    pub seed: u64,
    /// Another database than the embedded one; it must be empty or hold a demonstration.
    #[arg(long, value_name = "ADDRESS")]
    pub database: Option<String>,
    /// Minutes for which a reviewer can undo the sending of a review, from 0 to 60.
    #[arg(
        long,
        default_value_t = UNDO_MINUTES,
        value_parser = clap::value_parser!(u32).range(0..=60),
        value_name = "NUMBER"
    )]
    pub undo_minutes: u32,
    /// Port to listen on, on this machine only.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Load people and suppliers, but no products: the service on its first day.
    #[arg(long)]
    pub no_products: bool,
    /// Print every state of every page as JSON and stop; browser tests read it.
    #[arg(long)]
    pub list_pages: bool,
}

/// Most weeks of a programme that is made for the demonstration: two years.
const MOST_WEEKS: u32 = 104;

fn weeks(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|weeks| (1..=MOST_WEEKS).contains(weeks));
    number.ok_or_else(|| format!("Weeks must be a whole number from 1 to {MOST_WEEKS}"))
}

impl Settings {
    /// Checks what the command line alone cannot.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn check(&self) -> anyhow::Result<()> {
        self.database.address()?;
        let url = url::Url::parse(&self.public_address).with_context(|| {
            format!("The public address {} is no address. Write it like https://assurance.example.nhs.uk", self.public_address)
        })?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || url.path() != "/" {
            bail!("The public address must be http or https, a host and nothing after it, like https://assurance.example.nhs.uk");
        }
        Ok(())
    }

    /// The public address without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        self.public_address.trim_end_matches('/')
    }
}

/// Refuses environment variables that start like a setting but are none, such as a misspelt one.
///
/// # Errors
/// A sentence with the name.
pub fn refuse_unknown(names: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let known = known_variables();
    for name in names.filter(|n| n.starts_with("ASSURED_")) {
        // Read while the program is built, not while it runs.
        if !known.contains(&name) && name != "ASSURED_NHSUK_FRONTEND" {
            bail!("There is no setting {name}. The settings are {}", known.join(", "));
        }
    }
    Ok(())
}

fn known_variables() -> Vec<String> {
    let mut names: Vec<String> = Cli::command()
        .get_subcommands()
        .flat_map(|c| c.get_arguments().filter_map(|a| a.get_env()).map(|e| e.to_string_lossy().into_owned()).collect::<Vec<_>>())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The page `docs/settings.md`.
#[must_use]
pub fn documentation() -> String {
    use std::fmt::Write as _;
    let mut page = "# Settings\n\nMade from `src/config.rs`; `UPDATE=1 cargo test --test it docs` writes it anew.\n\
        A flag wins over its environment variable. A misspelt variable that starts with `ASSURED_` stops the start.\n"
        .to_owned();
    let mut cli = Cli::command();
    cli.build();
    let shown = |c: &&clap::Command| !c.is_hide_set() && c.get_name() != "help";
    let commands = cli.get_subcommands().filter(shown).flat_map(|command| {
        let (name, below) = (command.get_name(), command.get_subcommands().filter(shown));
        let below: Vec<_> = below.map(|c| (format!("{name} {}", c.get_name()), c.clone())).collect();
        if below.is_empty() { vec![(name.to_owned(), command.clone())] } else { below }
    });
    for (name, command) in commands {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = write!(
            page,
            "\n## `assured {name}`\n\n{about}\n\n| Flag | Variable | Default | Meaning |\n| --- | --- | --- | --- |\n"
        );
        for argument in command.get_arguments().filter(|a| !matches!(a.get_id().as_str(), "help" | "version")) {
            let flag = argument.get_long().map(|l| format!("`--{l}`")).unwrap_or_default();
            let variable = argument.get_env().map(|e| format!("`{}`", e.to_string_lossy())).unwrap_or_default();
            let default: Vec<String> = argument.get_default_values().iter().map(|v| format!("`{}`", v.to_string_lossy())).collect();
            let default = if argument.get_action().takes_values() { default.join(" ") } else { String::new() };
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
            let _ = writeln!(page, "| {flag} | {variable} | {default} | {help} |");
        }
    }
    page
}
