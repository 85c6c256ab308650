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

/// How many connections each of the workers can hold at most, of those that are asked for.
pub(super) fn connections_a_worker(workers: usize, asked: usize) -> usize {
    free().map_or(asked, |free| {
        let left = free.saturating_sub(THE_REST + A_WORKER * workers);
        (left / A_CONNECTION / workers.max(1)).clamp(1, asked)
    })
}

/// How many files this process may open beside those that are open; nothing where the system does not tell.
fn free() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let open = std::fs::read_dir("/proc/self/fd").ok()?.count();
    Some(most(&limits)?.saturating_sub(open))
}

/// What Linux says of the files that a process may open; nothing where that is unlimited.
fn most(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_soft_one() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             11                   12                   processes \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(most(limits), Some(1024));
        assert_eq!(most(&limits.replace("1024  ", "unlimited")), None);
        assert_eq!(most(""), None);
    }

    #[test]
    fn a_worker_holds_what_was_asked_for_at_most_and_one_at_least() {
        assert_eq!(connections_a_worker(1, 3), 3);
        assert_eq!(connections_a_worker(usize::MAX / 8, 3), if free().is_some() { 1 } else { 3 });
    }
}
