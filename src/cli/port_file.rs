//! `--port-file`: a file that is there while the server is ready, and holds its port.
//!
//! A script waits for the file and trusts it. So one that an earlier server left behind goes before
//! anything else is done, the new one comes whole and not before the server answers, and it goes with
//! the server.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::log::Log;
use super::print;
use super::replace::{followed, is_handle, replace};
use super::written::{begin, has_folder};

/// More bytes than a port and the end of its line have.
const LONGEST_PORT: u64 = 8;

/// The file that tells of the port; dropping it removes what it wrote.
#[derive(Debug)]
pub(super) struct PortFile {
    path: PathBuf,
    /// What was written, and where, if that is a file of its own.
    written: Option<(PathBuf, String)>,
    /// Whether the file can neither be removed nor replaced: a container's mount of one file, or a file in a folder
    /// that belongs to somebody else. It is empty then, where it would not be there.
    stays: bool,
}

/// What stands where the port file is to be.
#[derive(Debug)]
enum Place {
    /// A file, or nothing yet, where the links of the path lead.
    File(PathBuf),
    /// Our own standard output, such as /dev/stdout.
    Stdout,
    /// Our own standard error, such as /dev/stderr.
    Stderr,
    /// A named pipe: it takes the text when somebody reads it.
    Pipe,
    /// A device, or a file that somebody else has open: it is written to.
    Device,
}

impl PortFile {
    /// Finds out, without a change, whether a server could take it.
    pub(super) fn look(path: &Path) -> anyhow::Result<()> {
        let Place::File(file) = place(path)? else { return Ok(()) };
        refuse_others(path, &file)?;
        has_folder(&file).with_context(|| format!("cannot take {} as the port file", path.display()))
    }

    /// Removes what an earlier server left behind.
    pub(super) fn clear(path: &Path) -> anyhow::Result<Self> {
        let mut stays = false;
        if let Place::File(file) = place(path)? {
            refuse_others(path, &file)?;
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    let what = || format!("cannot remove the port file {} of an earlier server", path.display());
                    write_over(&file, "").map_err(|_| error).with_context(what)?;
                    stays = true;
                }
                _ => {}
            }
        }
        Ok(Self { path: path.to_owned(), written: None, stays })
    }

    /// Tells of the port.
    pub(super) fn write(&mut self, port: u16, log: &Log) -> anyhow::Result<()> {
        let text = format!("{port}\n");
        let place = place(&self.path)?;
        let outcome = match place {
            Place::Stdout => return print::out(&port.to_string()),
            Place::Stderr => {
                log.say(&text);
                Ok(())
            }
            Place::Pipe => told_once_read(self.path.clone(), text),
            Place::Device => {
                File::options().append(true).open(&self.path).and_then(|mut file| file.write_all(text.as_bytes()))
            }
            Place::File(file) => {
                let outcome = if self.stays { write_over(&file, &text) } else { replace(&file, text.as_bytes()) };
                self.written = outcome.is_ok().then_some((file, text));
                outcome
            }
        };
        outcome.with_context(|| format!("cannot write the port file {}", self.path.display()))
    }

    /// Removes the file, or empties it, if it is still the one that was written.
    pub(super) fn remove(&mut self) {
        let Some((file, text)) = self.written.take() else { return };
        if says(&file, &text) {
            let _ = if self.stays { write_over(&file, "") } else { std::fs::remove_file(&file) };
        }
    }
}

/// Whatever ends the server, a failed start too: nobody shall find the file of one that is gone.
impl Drop for PortFile {
    fn drop(&mut self) {
        self.remove();
    }
}

fn place(path: &Path) -> anyhow::Result<Place> {
    let place = || -> std::io::Result<Place> {
        let metadata = match std::fs::metadata(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            outcome => outcome.ok(),
        };
        let way = followed(path)?;
        let file = way.last().cloned().unwrap_or_else(|| path.to_owned());
        Ok(match metadata {
            Some(found) if found.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Some(found) if is_open_as(&found, std::io::stdout()) => Place::Stdout,
            Some(found) if is_open_as(&found, std::io::stderr()) => Place::Stderr,
            Some(found) if is_pipe(&found) => Place::Pipe,
            Some(found) if !found.is_file() || way.iter().any(|step| is_handle(step)) => Place::Device,
            _ => Place::File(file),
        })
    };
    place().with_context(|| {
        let path = path.display();
        format!("cannot take {path} as the port file; expected the path of a file, such as ./persona-mock.port")
    })
}

/// Refuses a file that is there and holds no port: no server wrote it.
fn refuse_others(path: &Path, file: &Path) -> anyhow::Result<()> {
    // What cannot be read may still be the file of an earlier server of another user.
    let Ok(found) = begin(file, LONGEST_PORT) else { return Ok(()) };
    if found.trim_ascii().iter().all(u8::is_ascii_digit) && (found.len() as u64) < LONGEST_PORT {
        return Ok(());
    }
    let path = path.display();
    bail!(
        "cannot take {path} as the port file: found a file that holds no port, which is left as it is; expected a file of its \
         own, such as ./persona-mock.port"
    )
}

/// Writes to a file that is there, in place of what it says.
fn write_over(file: &Path, text: &str) -> std::io::Result<()> {
    File::options().write(true).truncate(true).open(file)?.write_all(text.as_bytes())
}

/// Waits for a reader without making anybody wait; the end of the process ends it too.
fn told_once_read(pipe: PathBuf, text: String) -> std::io::Result<()> {
    let tell = move || {
        let outcome = File::options().write(true).open(&pipe).and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = outcome {
            tracing::warn!("cannot write the port file {}: {error}", pipe.display());
        }
    };
    std::thread::Builder::new().name("port-file".to_owned()).spawn(tell).map(drop)
}

/// Whether a file still says what was written to it.
fn says(file: &Path, text: &str) -> bool {
    let is_file = std::fs::symlink_metadata(file).is_ok_and(|found| found.is_file());
    let mut found = String::new();
    let most = text.len() as u64 + 1;
    is_file && File::open(file).and_then(|file| file.take(most).read_to_string(&mut found)).is_ok() && found == text
}

#[cfg(unix)]
fn is_open_as(found: &Metadata, handle: impl std::os::fd::AsFd) -> bool {
    use std::os::unix::fs::MetadataExt;
    let open = handle.as_fd().try_clone_to_owned().and_then(|handle| File::from(handle).metadata());
    open.is_ok_and(|open| (open.dev(), open.ino()) == (found.dev(), found.ino()))
}

#[cfg(unix)]
fn is_pipe(found: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_open_as(_: &Metadata, _: impl std::io::Write) -> bool {
    false
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}
