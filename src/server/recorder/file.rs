//! Opening the file of a record: a regular one that holds nothing, or an earlier record.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek};
use std::path::Path;

use crate::fixtures::kind;

/// How a record begins.
const BEGIN: &[u8] = br#"{"start":{"persona_mock":"#;

/// Opens the file, empty. Whatever stands there that is no record stays as it is.
pub(super) fn open(path: &Path) -> io::Result<File> {
    is_regular(path)?;
    let mut file = options().read(true).write(true).create(true).truncate(false).open(path)?;
    // Another may have taken its place since.
    kind(&file.metadata()?).map_or(Ok(()), |kind| Err(odd(kind)))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(odd("a record that another process writes")),
        // Some file systems know no locks.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    refuse_others(&file)?;
    file.set_len(0)?;
    file.rewind()?;
    Ok(file)
}

/// Finds out whether a record may stand there. Nothing is changed.
pub(super) fn look(path: &Path) -> io::Result<()> {
    if !is_regular(path)? {
        return Ok(());
    }
    refuse_others(&options().read(true).open(path)?)
}

fn odd(found: &str) -> io::Error {
    let detail = format!("found {found}, expected a file of its own, such as ./record.ndjson");
    io::Error::new(io::ErrorKind::InvalidInput, detail)
}

/// Whether a file is there; what is another thing is an error.
fn is_regular(path: &Path) -> io::Result<bool> {
    // A link may lead to what is somebody else's: it is not followed.
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(odd("a link")),
        Ok(found) => kind(&found).map_or(Ok(true), |kind| Err(odd(kind))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Refuses a file that holds something, and no record.
fn refuse_others(file: &File) -> io::Result<()> {
    let mut begin = Vec::new();
    file.take(BEGIN.len() as u64).read_to_end(&mut begin)?;
    if begin.is_empty() || begin == BEGIN {
        Ok(())
    } else {
        Err(odd("a file that is no record, which is left as it is"))
    }
}

/// Opens no link, and waits for nobody at the other end of a pipe.
#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY);
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "they make the files that are found")]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_an_earlier_record_is_replaced() {
        let dir = tempfile::tempdir().expect("a directory");
        let at = |name: &str| dir.path().join(name);
        let said = |name: &str| open(&at(name)).expect_err(name).to_string();
        std::fs::write(at("notes"), "mine").expect("a file");
        assert!(said("notes").starts_with("found a file that is no record"), "{}", said("notes"));
        assert_eq!(std::fs::read_to_string(at("notes")).expect("a file"), "mine");
        std::fs::write(at("empty"), "").expect("a file");
        drop(open(&at("empty")).expect("an empty file is as good as none"));
        std::fs::write(at("old"), [BEGIN, b"\"0.1.0\"}}\nmore\n"].concat()).expect("a file");
        let held = open(&at("old")).expect("an earlier record");
        assert_eq!(held.metadata().expect("a file").len(), 0);
        assert!(said("old").starts_with("found a record that another process writes"), "{}", said("old"));
        drop(held);
        std::fs::create_dir(at("dir")).expect("a directory");
        assert!(said("dir").starts_with("found a directory, expected a file of its own"), "{}", said("dir"));
        assert!(open(&at("none/record")).is_err());
        drop(open(&at("new")).expect("a new file"));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_and_no_device_is_followed() {
        let dir = tempfile::tempdir().expect("a directory");
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("victim"), "").expect("a file");
        std::os::unix::fs::symlink(at("victim"), at("link")).expect("a link");
        std::os::unix::fs::symlink(at("nowhere"), at("dangling")).expect("a link");
        for name in ["link", "dangling"] {
            let said = open(&at(name)).expect_err(name).to_string();
            assert!(said.starts_with("found a link, expected a file of its own"), "{said}");
        }
        assert!(!at("nowhere").exists());
        let said = open(Path::new("/dev/null")).expect_err("a device").to_string();
        assert!(said.starts_with("found a device"), "{said}");
    }
}
