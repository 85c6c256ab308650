//! What the command is told.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Measures what the server costs, beside programs that do less, and writes `docs/performance.md`.
#[derive(Parser)]
pub struct Options {
    /// Asks each thing a few times, to see that all of it runs; writes nothing.
    #[arg(long)]
    pub smoke: bool,
    /// How many records the long lists have.
    #[arg(long, value_name = "N")]
    pub records: Option<usize>,
    /// Measures this binary, and not the one that cargo built.
    #[arg(long, value_name = "FILE")]
    pub binary: Option<PathBuf>,
    /// The image's binary, whose CPU time is measured as well [default: what tools/image/prove.sh built].
    #[arg(long, value_name = "FILE")]
    pub image: Option<PathBuf>,
    /// Measures one part, and prints it.
    #[arg(long)]
    pub only: Option<Part>,
    /// Prints the report, and leaves `docs/performance.md` as it is.
    #[arg(long)]
    pub print: bool,
    /// Said by cargo.
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    pub role: Option<Role>,
}

/// A part of the report.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum Part {
    /// Instructions, calls of the allocator, system calls.
    Counts,
    /// Throughput, percentiles, CPU time.
    Load,
    /// Long lists, loading, memory, sandboxes.
    Data,
}

/// A program that this one is as well, in a process of its own.
#[derive(Subcommand)]
pub enum Role {
    /// Answers fixed bytes.
    #[command(hide = true)]
    Static { bodies: PathBuf, port_file: PathBuf },
    /// Answers from a typed map, and checks nothing.
    #[command(hide = true)]
    Naive { fixture: PathBuf, port_file: PathBuf },
    /// Reads a fixture into types, and says how long that took.
    #[command(hide = true)]
    Typed { fixture: PathBuf },
}

impl Options {
    /// The server that is measured.
    pub fn server(&self) -> PathBuf {
        self.binary.clone().unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_persona-mock")))
    }

    /// Which binary that is, without where it lies.
    pub fn shown(&self) -> &'static str {
        if self.binary.is_some() { "the binary that --binary names" } else { "cargo build --release" }
    }

    /// The image's binary, if there is one.
    pub fn image(&self) -> Option<PathBuf> {
        let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let built = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        let image = self.image.clone().unwrap_or_else(|| built.join(target).join("release/persona-mock"));
        image.exists().then_some(image)
    }

    /// Whether a part is measured.
    pub fn has(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }

    /// Whether the page is written: of a whole run alone.
    pub fn writes(&self) -> bool {
        !(self.smoke || self.print || self.only.is_some())
    }

    pub fn records(&self) -> usize {
        self.records.unwrap_or(if self.smoke { 2_000 } else { 100_000 })
    }

    /// So many in a whole run, or a few.
    pub fn times(&self, whole: usize, smoke: usize) -> usize {
        if self.smoke { smoke } else { whole }
    }
}

/// The project's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
