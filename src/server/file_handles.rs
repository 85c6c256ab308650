//! How many connections the open files of this process are enough for.
//!
//! A connection takes one. Without a bound, a flood of connections would leave none for what else is opened, and the
//! system would turn clients away where they could wait.

/// How many open files a worker needs: its runtime's, before the first connection.
pub(super) const A_WORKER: usize = 4;
/// How many the rest needs: the main runtime, the signals, the listening thread and the connection in its hands, the
/// port file and the fixtures.
pub(super) const THE_REST: usize = 10;
/// How many a connection takes.
pub(super) const A_CONNECTION: usize = 1;
/// How many are taken to be open where the system does not tell.
const UNKNOWN: usize = 32;

/// How many connections each of the workers holds at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) connections: usize,
    /// The limit of open files that allows no more, where it is that.
    pub(super) files: Option<usize>,
}

impl Room {
    /// What the open files of this process are enough for, of the connections that are asked for.
    pub(super) fn of(workers: usize, asked: usize) -> Self {
        most().map_or(Self { connections: asked, files: None }, |most| Self::within(most, open(), workers, asked))
    }

    fn within(most: usize, open: usize, workers: usize, asked: usize) -> Self {
        let taken = A_WORKER.saturating_mul(workers).saturating_add(open + THE_REST);
        let enough = most.saturating_sub(taken) / A_CONNECTION / workers.max(1);
        Self { connections: enough.clamp(1, asked), files: (enough < asked).then_some(most) }
    }
}

/// Raises the limit of open files as far as this process may, which is the command's to do: the process is its own.
/// macOS starts with 256, and many a Linux with 1024.
#[cfg(all(unix, feature = "cli"))]
pub(crate) fn raise() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "the limit of open files"),
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it is"),
    }
}

/// There is no such limit.
#[cfg(all(not(unix), feature = "cli"))]
pub(crate) fn raise() {}

/// How many files a server on this machine may have open once it has raised its limit; nothing where that is unlimited,
/// or the system does not tell.
#[cfg(all(unix, feature = "cli"))]
pub(crate) fn hard_limit() -> Option<u64> {
    rlimit::Resource::NOFILE.get_hard().ok().filter(|limit| *limit != rlimit::INFINITY)
}

/// There is no such limit.
#[cfg(all(not(unix), feature = "cli"))]
pub(crate) fn hard_limit() -> Option<u64> {
    None
}

/// How many files a server needs to start, with a thread for each processor.
#[cfg(feature = "cli")]
pub(crate) fn least() -> u64 {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u64::try_from(THE_REST + A_WORKER * workers + UNKNOWN).unwrap_or(u64::MAX)
}

/// How many files this process may have open; nothing where that is unlimited, or the system does not tell.
#[cfg(unix)]
fn most() -> Option<usize> {
    let limit = rlimit::Resource::NOFILE.get_soft().ok().filter(|limit| *limit != rlimit::INFINITY)?;
    usize::try_from(limit).ok()
}

#[cfg(not(unix))]
fn most() -> Option<usize> {
    None
}

/// How many files this process has open, as Linux and macOS tell it. Where nobody does, it is what a server that has
/// just begun may have.
fn open() -> usize {
    let count = |folder| std::fs::read_dir(folder).ok().map(Iterator::count);
    count("/proc/self/fd").or_else(|| count("/dev/fd")).unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_may_be_open_bound_the_connections() {
        for (most, open, workers, expected) in [
            (256, 20, 2, Room { connections: 109, files: Some(256) }),
            (256, 20, 64, Room { connections: 1, files: Some(256) }),
            (0, usize::MAX / 2, usize::MAX / 8, Room { connections: 1, files: Some(0) }),
            (1_048_576, 20, 2, Room { connections: 10_000, files: None }),
        ] {
            assert_eq!(Room::within(most, open, workers, 10_000), expected, "{most} {open} {workers}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_system_tells_what_may_be_open_and_what_is() {
        let before = open();
        let files: Vec<_> = (0..9).map(|_| std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket")).collect();
        // Other tests of this process open and close files of their own.
        assert!(open() > 0 && before > 0, "{before}");
        assert!(most().is_none_or(|most| most > files.len()));
    }
}
