//! Reading the config file: only a regular one, without waiting for anybody, and no further than a bound.
//!
//! It lies in a directory that others may have filled.

use std::fmt::Display;
use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::exit::usage;
use crate::fixtures;

/// The file that is read of the working directory.
pub(in crate::cli) const NAME: &str = "persona-mock.toml";
/// What stands for no file.
pub(in crate::cli) const NONE: &str = "none";
/// How many bytes it may have.
pub(in crate::cli) const LARGEST: u64 = 65_536;

/// The file that is named, or that lies in the working directory; nothing where neither is so.
pub(super) fn text(named: Option<&Path>) -> anyhow::Result<Option<(PathBuf, String)>> {
    let path = match named {
        Some(named) if named.as_os_str() == NONE => return Ok(None),
        Some(named) => named,
        None if is_there(Path::new(NAME)) => Path::new(NAME),
        None => return Ok(None),
    };
    let hint = match named {
        Some(_) => format!("expected a regular file such as {NAME}, or `{NONE}` to read none"),
        None => format!("expected a regular file; --config {NONE} reads none"),
    };
    let cannot = |why: &dyn Display| anyhow!("cannot read the config file {}: {why}; {hint}", path.display());
    let odd = |metadata: &Metadata| match fixtures::kind(metadata) {
        Some(kind) => Err(cannot(&format_args!("it is {kind}"))),
        None => Ok(()),
    };
    // Before it is opened, since opening a device may do something; and once it is, since another may have its place.
    odd(&std::fs::metadata(path).map_err(|error| cannot(&error))?)?;
    let file = fixtures::open(path).map_err(|error| cannot(&error))?;
    odd(&file.metadata().map_err(|error| cannot(&error))?)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(cannot(&format_args!("it has more than {LARGEST} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        usage(format!("{}:{line}: this is no UTF-8; save the file in that encoding", path.display()))
    })?;
    Ok(Some((path.to_owned(), text)))
}

/// Whether something lies there, a link that leads nowhere too; where nobody may look, nothing does.
fn is_there(path: &Path) -> bool {
    match std::fs::symlink_metadata(path) {
        Ok(_) => true,
        Err(error) => {
            !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied)
        }
    }
}
