//! `persona-mock config`: what every flag of `serve` is here and now, and what says so.
//!
//! What is printed for people is a config file itself.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::print::seen;
use super::serve_args::ServeArgs;
use super::sources::{self, Kind, Source};
use super::{config_file, print};

/// `config`. It takes the flags of `serve`, so that what these would change is seen.
#[derive(Debug, Args)]
pub struct InForceArgs {
    /// Keys to print; all, where absent
    #[arg(value_name = "KEY")]
    pub keys: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What is in force.
#[derive(Debug, Serialize)]
struct InForce {
    /// The config file that was read.
    file: Option<String>,
    settings: Vec<Setting>,
}

/// One flag.
#[derive(Debug, Serialize)]
struct Setting {
    key: &'static str,
    /// Nothing where nothing is said, and where it is a secret.
    value: Option<Value>,
    /// `default`, `flag`, the name of a variable, or a place in the config file.
    source: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Value {
    One(&'static str),
    Several(&'static [String]),
}

/// How wide the column of keys and values is at most.
const WIDEST: usize = 44;
/// What chooses the config file, and what chooses the form, is not in it.
const OURS: [&str; 3] = ["--config", "--json", "KEYS"];

pub(super) fn run(args: &InForceArgs) -> anyhow::Result<()> {
    let all = || sources::all().iter().filter(|source| !OURS.contains(&source.flag.as_str()));
    if let Some(unknown) = args.keys.iter().find(|asked| !all().any(|source| key(source) == *asked)) {
        return Err(config_file::unknown(unknown, all().map(key)).context("cannot print what is in force"));
    }
    let settings = all().filter(|source| args.keys.is_empty() || args.keys.iter().any(|asked| asked == key(source)));
    let path = config_file::path();
    if args.json {
        let file = path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string());
        let in_force = InForce { file, settings: settings.map(Setting::of).collect() };
        return print::out(&serde_json::to_string_pretty(&in_force)?);
    }
    let lines: Vec<_> = settings.map(|source| (line(source), said_by(source))).collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let lines = lines.iter().map(|(line, said_by)| format!("{line:width$}  # {said_by}"));
    print::out(&format!("{}\n{}", head(path), lines.collect::<Vec<_>>().join("\n")))
}

fn head(path: Option<&Path>) -> String {
    match path {
        Some(path) => format!("# Read: {}", seen(&path.to_string_lossy())),
        None => "# No config file is read: this directory has no persona-mock.toml, or --config says so.".to_owned(),
    }
}

impl Setting {
    fn of(source: &'static Source) -> Self {
        let value = match source.values.as_slice() {
            [] => None,
            [one] if !source.is_list => Some(Value::One(one)),
            several => Some(Value::Several(several)),
        };
        Self { key: key(source), value, source: said_by(source) }
    }
}

/// A line of a config file; where there is nothing to be said, a remark.
fn line(source: &'static Source) -> String {
    let key = key(source);
    match source.values.as_slice() {
        [] if source.is_secret && source.kind != Kind::Nobody => format!("# {key} is set"),
        [] => format!("# {key} is not set"),
        [one] if !source.is_list => format!("{key} = {}", written(one)),
        several => {
            let several: Vec<_> = several.iter().map(|value| quoted(value)).collect();
            format!("{key} = [{}]", several.join(", "))
        }
    }
}

fn said_by(source: &'static Source) -> &'static str {
    match &source.kind {
        Kind::Nobody | Kind::Default => "default",
        Kind::Flag => "flag",
        Kind::Variable(name) => name,
        // The key stands in the line itself.
        Kind::File(place) => place.rsplit_once(": ").map_or(place, |(place, _)| place),
    }
}

fn key(source: &'static Source) -> &'static str {
    source.flag.trim_start_matches('-')
}

/// A number as it is, if TOML has one that large, and any other value as a text.
fn written(value: &str) -> String {
    let is_number = value.parse::<i64>().is_ok_and(|number| number.to_string() == value);
    if is_number { value.to_owned() } else { quoted(value) }
}

/// TOML takes a text as JSON writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
