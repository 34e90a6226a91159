//! What runs in the process of its own: limits on itself first, then the file from the standard input, then one line of JSON.

use std::io::{Read as _, Write as _};

use anyhow::Context;

use super::{Expected, MAX_BYTES, examine};

/// Memory that the process may ask for, in bytes of address space: 512 MiB.
pub const MEMORY: u64 = 512 * 1024 * 1024;

/// Time that the process may compute, in seconds.
pub const SECONDS: u64 = 5;

/// Reads a PDF from the standard input and writes what [`examine()`] says to the standard output, as JSON.
///
/// # Errors
/// When the limits cannot be set, or the input or output fails. A file with a fault is no error.
pub fn run(expected: &Expected) -> anyhow::Result<()> {
    limit().context("The limits of the check cannot be set")?;
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES)? + 1;
    std::io::stdin().lock().take(most).read_to_end(&mut bytes).context("The file cannot be read")?;
    let verdict = serde_json::to_vec(&examine(&bytes, expected))?;
    std::io::stdout().lock().write_all(&verdict).context("The result cannot be written")
}

/// Bounds memory and computing time, and takes away writing files and opening many. None of it can be taken back.
#[cfg(unix)]
fn limit() -> std::io::Result<()> {
    use rlimit::Resource;
    // Systems other than Linux map more at the start than this allows.
    if cfg!(target_os = "linux") {
        Resource::AS.set(MEMORY, MEMORY)?;
    }
    Resource::CPU.set(SECONDS, SECONDS)?;
    Resource::CORE.set(0, 0)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::NOFILE.set(32, 32)
}

#[cfg(not(unix))]
fn limit() -> std::io::Result<()> {
    Ok(())
}
