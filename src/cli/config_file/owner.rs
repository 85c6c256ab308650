//! Whose config file it is. One that is found in the working directory counts if it is the user's own or root's: anybody
//! may have left another in a directory such as /tmp. Git asks the same of a repository (`safe.directory`).

use std::fs::Metadata;

/// The owner of a file, where that is neither this user, nor root, nor whoever became root by `sudo`.
#[cfg(unix)]
pub(super) fn stranger(found: &Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let sudo = std::env::var("SUDO_UID").ok().and_then(|id| id.parse().ok());
    let owner = found.uid();
    (!is_trusted(owner, user(), sudo)).then_some(owner)
}

/// Elsewhere a working directory is no place that all users write to.
#[cfg(not(unix))]
pub(super) fn stranger(_: &Metadata) -> Option<u32> {
    None
}

/// The user that this process acts for, if the system tells: a pipe belongs to whoever makes it.
#[cfg(unix)]
fn user() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let (pipe, _) = std::io::pipe().ok()?;
    let pipe = std::fs::File::from(std::os::fd::OwnedFd::from(pipe));
    pipe.metadata().ok().map(|pipe| pipe.uid())
}

/// Whether the file of an owner counts.
#[cfg(unix)]
fn is_trusted(owner: u32, user: Option<u32>, sudo: Option<u32>) -> bool {
    const ROOT: u32 = 0;
    // Anybody can set the variable for himself; it says something to root alone.
    owner == ROOT || Some(owner) == user || (user == Some(ROOT) && Some(owner) == sudo)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn a_file_counts_that_is_of_this_user_or_of_root_or_of_who_became_root() {
        for (owner, user, sudo, trusted) in [
            (1000, Some(1000), None, true),
            (0, Some(1000), None, true),
            (0, None, None, true),
            (1000, Some(0), Some(1000), true),
            (1001, Some(1000), None, false),
            (1001, Some(1000), Some(1001), false),
            (1000, Some(0), None, false),
            (1001, Some(0), Some(1000), false),
            (1000, None, None, false),
        ] {
            assert_eq!(is_trusted(owner, user, sudo), trusted, "{owner} {user:?} {sudo:?}");
        }
        let own = tempfile::tempfile().expect("a file").metadata().expect("its owner");
        assert_eq!((user(), stranger(&own)), (Some(own.uid()), None));
    }
}
