//! Starts the process that checks a file, waits for it no longer than it may take, and reads what it says.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::{Expected, Fault, Report};

/// Time for one file from start to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Files that are checked at the same time.
const TURNS: usize = 2;

/// Bytes of an answer that are read. A right one has fewer than 200.
const MAX_ANSWER: usize = 64 * 1024;

/// The exit code of a Rust program that panicked.
const PANICKED: i32 = 101;

/// Checks PDFs in processes of their own, two at a time.
#[derive(Clone, Debug)]
pub struct Inspector {
    program: PathBuf,
    patience: Duration,
    turns: Arc<Semaphore>,
}

impl Inspector {
    /// An inspector that starts this program, which must know `check-pdf`.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program, patience: PATIENCE, turns: Arc::new(Semaphore::new(TURNS)) }
    }

    /// An inspector that starts the program that is running.
    ///
    /// # Errors
    /// When the system does not say where that is.
    pub fn of_this_program() -> anyhow::Result<Self> {
        Ok(Self::new(std::env::current_exe().context("The path of this program is not known")?))
    }

    /// The same with another time for one file.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Checks a file. The outer error is ours, the inner one is the file's.
    ///
    /// When this returns or is dropped, the process has ended or been killed.
    ///
    /// # Errors
    /// When the file cannot be opened, the program cannot be started, or it says what it should not.
    pub async fn examine(&self, path: &Path, expected: &Expected) -> anyhow::Result<Result<Report, Fault>> {
        let _turn = self.turns.acquire().await?;
        let file = tokio::fs::File::open(path).await.with_context(|| format!("{} cannot be opened", path.display()))?;
        let mut child = self.start(file.into_std().await, expected)?;
        let answer = tokio::time::timeout(self.patience, answer(&mut child)).await;
        if !matches!(answer, Ok(Ok(_))) {
            child.kill().await.context("The check of a PDF cannot be ended")?;
        }
        match answer {
            Err(_late) => Ok(Err(Fault::TooComplex)),
            Ok(answer) => verdict(&answer?),
        }
    }

    fn start(&self, file: std::fs::File, expected: &Expected) -> anyhow::Result<Child> {
        Command::new(&self.program)
            .arg("check-pdf")
            .arg(format!("--pages={}", expected.min_pages))
            .arg(format!("--phrase={}", expected.phrase))
            .env_clear()
            .stdin(file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("The check of a PDF cannot be started from {}", self.program.display()))
    }
}

async fn answer(child: &mut Child) -> anyhow::Result<(ExitStatus, Vec<u8>)> {
    let mut said = Vec::new();
    let stdout = child.stdout.take().context("The check of a PDF has no output")?;
    stdout.take(u64::try_from(MAX_ANSWER)? + 1).read_to_end(&mut said).await?;
    if said.len() > MAX_ANSWER {
        bail!("The check of a PDF said more than {MAX_ANSWER} bytes");
    }
    Ok((child.wait().await?, said))
}

/// What the end of the process means. One that the system ended ran into its limits.
fn verdict((status, said): &(ExitStatus, Vec<u8>)) -> anyhow::Result<Result<Report, Fault>> {
    match status.code() {
        Some(0) => serde_json::from_slice(said).context("The check of a PDF said something else than a verdict"),
        None | Some(PANICKED) => Ok(Err(Fault::TooComplex)),
        Some(code) => bail!("The check of a PDF ended with {code}"),
    }
}
