//! `persona-mock fixtures generate PROVIDER`: a fixture of any size.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::{print, replace, values};
use crate::app::chosen;
use crate::provider::Seed;
use crate::provider::generate::{Generation, Locale};
use crate::providers;

/// The most rows: ids of Axero's children end at 2,147,483,647.
const MOST: u64 = 100_000_000;
const USUAL: u64 = 1_000;

/// `fixtures generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// The provider's id
    #[arg(value_parser = values::id)]
    pub provider: String,
    /// How many personas there are beside those of the embedded fixture
    #[arg(long, value_name = "N", default_value_t = USUAL, value_parser = values::number(1..=MOST, USUAL))]
    pub count: u64,
    /// Same seed, same file
    #[arg(long, default_value_t = 42, value_parser = values::number(0..=u64::MAX, 42_u64))]
    pub seed: u64,
    /// Whose names and words they have, such as de,ja [default: all: ar, de, en, es, fr, ja, pl, zh]
    #[arg(long, value_name = "TAGS", value_delimiter = ',', value_parser = locale)]
    pub locale: Vec<Locale>,
    /// File to write; standard output where absent
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite a file that is already there
    #[arg(long, requires = "output")]
    pub force: bool,
}

/// Reads the tag of a language.
fn locale(text: &str) -> Result<Locale, String> {
    let tag = text.trim().to_ascii_lowercase();
    Locale::of(&tag).ok_or_else(|| {
        let tags: Vec<_> = Locale::ALL.iter().map(|locale| locale.tag()).collect();
        format!("expected one of {}", tags.join(", "))
    })
}

pub(super) fn run(args: &GenerateArgs) -> anyhow::Result<()> {
    let chosen = chosen(providers::registry(), Some(std::slice::from_ref(&args.provider)))?;
    let provider = chosen.first().context("no provider is chosen")?;
    let locales = if args.locale.is_empty() { Locale::ALL.to_vec() } else { args.locale.clone() };
    let asked = Generation { count: args.count, seed: Seed(args.seed), locales };
    let write = |out: &mut dyn Write| provider.generate(&asked, out);
    if let Some(path) = &args.output {
        replace::target(path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    match &args.output {
        Some(path) if path.exists() && !args.force => {
            bail!("{} is already there; nothing was written. --force overwrites", path.display())
        }
        Some(path) => file(path, &write).with_context(|| format!("cannot write {}", path.display())),
        None => match buffered(io::stdout().lock(), &write) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            outcome => outcome.context(print::STDOUT),
        },
    }
}

/// Writes a file as a whole, or nothing.
fn file(path: &Path, write: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    replace::replace_by(path, |file: &mut File| buffered(file, write))
}

fn buffered(out: impl Write, write: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    write(&mut out)?;
    out.flush()
}
