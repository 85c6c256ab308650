//! Replacing a file as a whole: a reader sees the old one or the new one, never half of it.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::fixtures;

/// How many names are tried: another process, of the same number in another container, may write beside it.
const MOST_NAMES: u32 = 100;
/// How many links are followed, as on Linux.
const MOST_LINKS: u32 = 40;

/// Writes a file beside the one meant, under a name of its own, and moves it into place. If that fails,
/// nothing is left behind. A symbolic link stays, and the file that it leads to is replaced.
pub(super) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    replace_by(path, |file| file.write_all(text))
}

/// The same with a file that is written piece by piece.
pub(super) fn replace_by(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let path = target(path)?;
    let (part, mut file) = beside(&path)?;
    let outcome = write(&mut file).and_then(|()| std::fs::rename(&part, path));
    if outcome.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    outcome
}

/// Whether a file can be replaced: that a new one can be made beside it.
pub(super) fn can_replace(path: &Path) -> io::Result<()> {
    let (part, _) = beside(&target(path)?)?;
    std::fs::remove_file(part)
}

/// The file that is replaced: where the links of the path lead, whether or not a file is there.
///
/// # Errors
///
/// What is there is no regular file, such as a device: a file in its place would take it from all who use it.
pub(super) fn target(path: &Path) -> io::Result<PathBuf> {
    let kind = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        found => fixtures::kind(&found?),
    };
    let mut way = followed(path)?;
    let kind = kind.or_else(|| way.iter().any(|step| is_handle(step)).then_some("an open file of a process"));
    match kind {
        Some(kind) => {
            Err(io::Error::other(format!("it is {kind}; expected a regular file, or a path where nothing is")))
        }
        None => Ok(way.pop().unwrap_or_else(|| path.to_owned())),
    }
}

/// Whether a path names an open file of a process by its number, such as /dev/fd/3 or /proc/self/fd/3.
pub(super) fn is_handle(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(path);
    folder.ends_with("fd") && (folder.starts_with("/proc") || folder.starts_with("/dev"))
}

/// Where a path leads once its links are followed, whether or not a file is there.
pub(super) fn followed(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut way = vec![std::path::absolute(path)?];
    for _ in 0..MOST_LINKS {
        let Some(last) = way.last() else { break };
        // What is no link, and what is not there, cannot be read as a link.
        let Ok(next) = std::fs::read_link(last) else { return Ok(way) };
        let next = last.parent().map_or(next.clone(), |folder| folder.join(&next));
        way.push(next);
    }
    Err(io::Error::other("too many symbolic links"))
}

/// A new file in the same folder.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or_else(|| io::Error::other("this path names no file"))?;
    for number in 0..MOST_NAMES {
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{}-{number}.part", std::process::id()));
        let part = path.with_file_name(part);
        match File::create_new(&part) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            outcome => return Ok((part, outcome?)),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "the names of unfinished files are all taken"))
}
