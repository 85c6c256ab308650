//! What the server is held against: each does less than it, so that the difference has a meaning.

pub mod fixed;
pub mod naive;
pub mod typed;

use std::path::Path;

use anyhow::Result;

/// Says where a program listens, once it does.
fn listens(port_file: &Path, port: u16) -> Result<()> {
    let unfinished = port_file.with_extension("unfinished");
    std::fs::write(&unfinished, port.to_string())?;
    Ok(std::fs::rename(unfinished, port_file)?)
}
