//! The files that a server writes: no two of them are one, however they are called.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::exit::usage;
use super::replace::followed;
use super::serve_args::ServeArgs;
use super::sources::source;

/// Finds out, before any of them is touched, that each is a file of its own.
pub(super) fn check(args: &ServeArgs) -> anyhow::Result<()> {
    let port_file = args.port_file.iter().map(|path| ("port_file", path));
    let record = args.record.record_to.iter().map(|path| ("record_to", path));
    let coverage = args.coverage.coverage.iter().map(|path| ("coverage", path));
    let all: Vec<_> = port_file.chain(record).chain(coverage).collect();
    for (at, (id, path)) in all.iter().enumerate() {
        let same = all.iter().take(at).find(|(_, other)| is_same(path, other));
        if let Some((other_id, other)) = same {
            return Err(usage(format!(
                "{} {} and {} {} are one file; name a file of its own for each, such as --port-file mock.port --record-to \
                 record.ndjson --coverage coverage.json",
                source(other_id),
                other.display(),
                source(id),
                path.display(),
            )));
        }
    }
    Ok(())
}

/// Whether two paths lead to one file, or would once it is there.
fn is_same(one: &Path, other: &Path) -> bool {
    meant(one) == meant(other) || is_one(one, other)
}

/// Where a path leads: its links are followed, those of its folder too.
fn meant(path: &Path) -> PathBuf {
    let end = followed(path).ok().and_then(|mut way| way.pop()).unwrap_or_else(|| path.to_owned());
    let folder = end.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, end.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => end,
    }
}

/// Whether both are one file that is there, by whatever name.
#[cfg(unix)]
fn is_one(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let found = |path: &Path| std::fs::metadata(path).ok().filter(|found| found.is_file());
    let found = found(one).zip(found(other));
    found.is_some_and(|(one, other)| (one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(not(unix))]
fn is_one(_: &Path, _: &Path) -> bool {
    false
}

/// Finds out whether the folder of a file is there.
pub(super) fn has_folder(file: &Path) -> std::io::Result<()> {
    let file = std::path::absolute(file)?;
    let Some(folder) = file.parent() else { return Ok(()) };
    match std::fs::metadata(folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(std::io::Error::other(format!("{} is no folder", folder.display()))),
        Err(error) => Err(std::io::Error::new(error.kind(), format!("its folder {}: {error}", folder.display()))),
    }
}

/// How a file begins, in at most so many bytes.
pub(super) fn begin(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut begin = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut begin)?;
    Ok(begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_by_any_way() {
        let dir = tempfile::tempdir().expect("a directory");
        let at = |name: &str| dir.path().join(name);
        assert!(is_same(&at("a.json"), &at("a.json")) && !is_same(&at("a.json"), &at("b.json")));
        assert!(is_same(&at("a.json"), &at("./a.json")), "neither is there");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("a.json"), at("link")).expect("a link");
            std::os::unix::fs::symlink(dir.path(), at("folder")).expect("a link");
            assert!(is_same(&at("link"), &at("a.json")) && is_same(&at("folder/a.json"), &at("link")));
            File::create(at("a.json")).expect("a file");
            std::fs::hard_link(at("a.json"), at("other")).expect("a second name");
            assert!(is_same(&at("other"), &at("link")));
        }
    }
}
