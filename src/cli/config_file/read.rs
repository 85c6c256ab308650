//! Reading the config file: only a regular one, without waiting for anybody, and no further than a bound.
//!
//! It lies in a directory that others may have filled.

use std::fmt::Display;
use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::owner::stranger;
use crate::cli::exit::usage;
use crate::cli::print::seen;
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
    let shown = seen(&path.to_string_lossy());
    let cannot = |why: &dyn Display| anyhow!("cannot read the config file {shown}: {why}; {hint}");
    let odd = |metadata: &Metadata| match fixtures::kind(metadata) {
        Some(kind) => Err(cannot(&format_args!("it is {kind}"))),
        None => Ok(()),
    };
    // Whoever names a file means it.
    let others = |metadata: &Metadata| match stranger(metadata).filter(|_| named.is_none()) {
        Some(owner) => Err(anyhow!(
            "cannot take the config file {shown} of this directory: it belongs to another user ({owner}), who would say \
             where calls and tokens go; expected one of your own or of root; --config {shown} takes it, --config {NONE} \
             reads none"
        )),
        None => Ok(()),
    };
    // Before it is opened, since opening a device may do something; and once it is, since another may have its place.
    let link = std::fs::symlink_metadata(path).map_err(|error| cannot(&error))?;
    others(&link)?;
    odd(&std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound if link.is_symlink() => cannot(&"it is a link that leads nowhere"),
        _ => cannot(&error),
    })?)?;
    let file = fixtures::open(path).map_err(|error| cannot(&error))?;
    let metadata = file.metadata().map_err(|error| cannot(&error))?;
    odd(&metadata)?;
    others(&metadata)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(cannot(&format_args!("it has more than {LARGEST} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        usage(format!("{shown}:{line}: this is no UTF-8; save the file in that encoding"))
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
