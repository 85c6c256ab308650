//! Flags of which one takes the sense of another: the server starts, and its log says which of them has no effect.

use super::sources::source;
use crate::app::Setup;

/// A bound that lies within another.
struct Within {
    flag: &'static str,
    found: u64,
    usual: u64,
    wider: (&'static str, u64),
}

/// Logs each bound that can never be reached, because another is reached before it.
pub(super) fn warn(setup: &Setup) {
    for said in contradictions(setup) {
        tracing::warn!("{said}");
    }
}

fn contradictions(setup: &Setup) -> Vec<String> {
    let usual = Setup::default();
    let (state, streams) = (setup.state, setup.streams);
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let all = ("--max-state", state.total);
    let sandbox = ("--max-sandbox-state", state.sandbox);
    let within = [
        Within { flag: "--max-sandbox-state", found: state.sandbox, usual: usual.state.sandbox, wider: all },
        Within { flag: "--max-write", found: state.write, usual: usual.state.write, wider: sandbox },
        Within { flag: "--max-write", found: state.write, usual: usual.state.write, wider: all },
        Within {
            flag: "--history-bytes",
            found: setup.history.sandbox,
            usual: usual.history.sandbox,
            wider: ("--history-total-bytes", setup.history.total),
        },
        Within {
            flag: "--max-sandbox-streams",
            found: number(streams.sandbox),
            usual: number(usual.streams.sandbox),
            wider: ("--max-streams", number(streams.all)),
        },
    ];
    // What is as usual was not asked for: whoever narrows the wider bound alone means both.
    let is_vain = |bound: &Within| bound.found > bound.wider.1 && bound.found != bound.usual;
    let say = |Within { flag, found, wider: (wider, most), .. }: Within| {
        let [flag, wider] = [flag, wider].map(|flag| source(&flag.trim_start_matches('-').replace('-', "_")));
        format!("{flag} {found} has no effect, because {wider} is {most}; set it to {most} at most, or raise {wider}")
    };
    let mut vain: Vec<_> = within.into_iter().filter(is_vain).collect();
    // One flag is told of once.
    vain.dedup_by_key(|bound| bound.flag);
    vain.into_iter().map(say).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(change: impl FnOnce(&mut Setup)) -> Vec<String> {
        let mut setup = Setup::default();
        change(&mut setup);
        contradictions(&setup)
    }

    #[test]
    fn a_bound_above_the_one_around_it_is_told_and_one_that_nobody_set_is_not() {
        assert!(said(|_| ()).is_empty() && said(|setup| setup.state.total = 1_000).is_empty());
        let vain = said(|setup| (setup.state.total, setup.state.sandbox) = (1_000, 2_000));
        let expected = "--max-sandbox-state 2000 has no effect, because --max-state is 1000; set it to 1000 at most, or \
                        raise --max-state";
        assert_eq!(vain, [expected]);
        let vain = said(|setup| (setup.state.total, setup.state.sandbox, setup.state.write) = (10, 10, 11));
        assert_eq!(vain.len(), 1, "{vain:?}");
        assert!(vain[0].starts_with("--max-write 11 has no effect, because --max-sandbox-state is 10"));
        let vain = said(|setup| (setup.streams.all, setup.streams.sandbox) = (4, 5));
        assert!(vain[0].starts_with("--max-sandbox-streams 5 has no effect, because --max-streams is 4"));
        assert!(said(|setup| (setup.streams.all, setup.streams.sandbox) = (5, 5)).is_empty());
    }
}
