//! The demonstration.

use crate::config::Demo;

/// Runs it.
///
/// # Errors
/// When it cannot start.
pub async fn run(_settings: &Demo) -> anyhow::Result<()> {
    Ok(())
}
