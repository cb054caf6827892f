//! What is written about the running, on standard error.

use crate::config::Log;
use crate::exit::Failure;
use tracing_subscriber::EnvFilter;

/// Begins to write.
///
/// # Errors
/// A filter that cannot be read.
pub fn start(log: &Log) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&log.filter)
        .map_err(|error| Failure::Input(format!("配置 log.filter “{}”无法识别：{error}。", log.filter)))?;
    // Colours are for eyes: a log that goes to a file or the system's journal has none.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    let started = if log.json { builder.json().try_init() } else { builder.try_init() };
    // A second start in one process keeps the first writer.
    drop(started);
    Ok(())
}
