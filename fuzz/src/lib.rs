//! Runs a target under the fuzzer.

#![expect(
    clippy::disallowed_methods,
    reason = "the fuzzer takes no arguments of its targets: the environment has them"
)]

pub mod cost;
pub mod documents;
pub mod targets;

use std::sync::LazyLock;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use targets::{TARGETS, Target};

/// The target that is fuzzed: `FUZZ_TARGET` names it.
static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    let target = TARGETS.iter().find(|target| target.name == name);
    target.unwrap_or_else(|| panic!("FUZZ_TARGET is {name:?}; expected one of {}", names.join(", ")))
});

/// Whether each input's cost is printed: `FUZZ_COSTS` says so by being there.
static IS_SHOWN: LazyLock<bool> = LazyLock::new(|| std::env::var_os("FUZZ_COSTS").is_some());

/// How many times as long as on an idle machine, well optimised, the program takes: `FUZZ_SLACK`.
static SLACK: LazyLock<u32> = LazyLock::new(|| match std::env::var("FUZZ_SLACK") {
    Ok(slack) => slack.parse().expect("FUZZ_SLACK is a whole number from 1"),
    Err(_) => 1,
});

fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec as u32) / *SLACK
}

/// Runs an input. Panics where a promise is broken.
pub fn fuzz(input: &[u8]) {
    if *IS_SHOWN {
        // What is made once counts for no input.
        TARGET.cost(input, cpu_time);
        let cost = TARGET.cost(input, cpu_time);
        eprintln!("cost {} {} {} {}", TARGET.name, input.len(), cost.bytes, cost.time.as_micros());
    } else {
        TARGET.hold(input, cpu_time);
    }
}
