//! The program as it is installed, in a process of its own, and how much memory it takes.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use assured::store::Address;

use crate::http_client::{Client, free_port};
use crate::load::At;

/// The program, serving. Stopped when dropped.
pub struct Service {
    child: Child,
    pub at: At,
    /// How long it took to answer.
    pub ready: Duration,
}

impl Service {
    pub fn start(address: &Address, folder: &Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        let base = format!("http://127.0.0.1:{port}");
        let database = match address {
            Address::Sqlite(path) => format!("sqlite:{}", path.display()),
            Address::Postgres(url) => url.clone(),
        };
        let start = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_assured"))
            .args(["serve", "--workers", "2", "--log", "warn", "--mail", "memory", "--public-address", &base])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(folder.join("data"))
            .env("ASSURED_DATABASE", database)
            .stdout(Stdio::null())
            .spawn()
            .context("the program cannot be started")?;
        let mut service = Self { child, at: At { port, base: base.clone() }, ready: Duration::ZERO };
        while service.ready.is_zero() {
            match Client::new(port, &base).get("/health") {
                Ok(answer) if answer.status == 200 => service.ready = start.elapsed(),
                _ if start.elapsed() > Duration::from_secs(30) => bail!("the service is not ready after 30 seconds"),
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        Ok(service)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until its worker has done what was to be done: three seconds in which it takes next to no processor time.
    pub fn rest(&self) -> anyhow::Result<()> {
        let start = Instant::now();
        let mut last = self.ticks()?;
        while start.elapsed() < Duration::from_mins(10) {
            std::thread::sleep(Duration::from_secs(3));
            let now = self.ticks()?;
            if now - last <= 6 {
                return Ok(());
            }
            last = now;
        }
        bail!("the service does not come to rest")
    }

    /// Processor time that it has taken, in hundredths of a second.
    fn ticks(&self) -> anyhow::Result<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        // The name of the program, in brackets, may hold spaces; user and system time are the 12th and 13th field after it.
        let (_, after) = stat.rsplit_once(')').context("what the system says of a process")?;
        let times = after.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        Ok(times.collect::<Result<Vec<_>, _>>()?.iter().sum())
    }

    /// Resident memory in megabytes.
    pub fn resident(&self) -> anyhow::Result<f64> {
        memory(self.id(), "VmRSS:")
    }

    /// The most memory that was resident since [`Service::forget_peak`], in megabytes.
    pub fn peak(&self) -> anyhow::Result<f64> {
        memory(self.id(), "VmHWM:")
    }

    /// Begins to look for the peak anew.
    pub fn forget_peak(&self) -> anyhow::Result<()> {
        std::fs::write(format!("/proc/{}/clear_refs", self.id()), "5").context("the peak of memory")
    }
}

/// A line of what the system says about a process, in megabytes.
pub fn memory(process: u32, what: &str) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix(what)).context("memory of a process")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024.0)
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
