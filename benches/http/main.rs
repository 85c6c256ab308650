//! What the server costs, side by side with programs that do less: `cargo bench --bench http`.
//!
//! Each figure stands beside one of the same run: user instructions (callgrind), CPU time, throughput, percentiles,
//! allocations, system calls, memory. What a tool is missing for is left out by name. The whole run writes
//! `docs/performance.md`; with flags it prints alone (`cargo bench --bench http -- --help`).

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark has files, sockets, processes and threads"
)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark says what it measures")]
#![expect(unreachable_pub, reason = "a program has no outside; `pub` marks what its other modules use")]

mod calls;
mod client;
mod counted;
mod data;
mod loaded;
mod options;
mod programs;
mod report;
mod server;

use anyhow::Result;
use clap::Parser;

use options::{Options, Part, Role};
use report::Report;

fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(role) = &options.role {
        return match role {
            Role::Static { bodies, port_file } => programs::fixed::serve(bodies, port_file),
            Role::Naive { fixture, port_file } => programs::naive::serve(fixture, port_file),
            Role::Typed { fixture } => programs::typed::parse(fixture),
        };
    }
    let mut report = Report::new(&options)?;
    if options.has(Part::Counts) {
        counted::measure(&options, &mut report)?;
    }
    if options.has(Part::Load) {
        loaded::measure(&options, &mut report)?;
    }
    if options.has(Part::Data) {
        data::measure(&options, &mut report)?;
    }
    report.finish(&options)
}
