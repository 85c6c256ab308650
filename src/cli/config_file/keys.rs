//! What a config file says: each key is a flag of `serve` without its hyphens, and its value what that flag takes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::builder::ValueHint;
use clap::{Arg, Command};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read::text;
use crate::cli::exit::usage;
use crate::cli::links::nearest;
use crate::cli::print::seen;

/// A config file that was read.
#[derive(Debug)]
pub(in crate::cli) struct ConfigFile {
    pub(in crate::cli) path: PathBuf,
    pub(in crate::cli) entries: Vec<Entry>,
}

/// One key of it.
#[derive(Debug)]
pub(in crate::cli) struct Entry {
    pub(in crate::cli) key: String,
    pub(in crate::cli) line: usize,
    /// The variable that says the same.
    pub(in crate::cli) variable: String,
    /// What the flag would be given, each with its line.
    pub(in crate::cli) values: Vec<(OsString, usize)>,
}

impl ConfigFile {
    /// Reads the file that is named, or that of the working directory.
    pub(super) fn read(named: Option<&Path>, flags: &Command) -> anyhow::Result<Option<Self>> {
        let Some((path, text)) = text(named)? else { return Ok(None) };
        let shown = seen(&path.to_string_lossy());
        match entries(&text, path.parent().unwrap_or(Path::new("")), flags) {
            Ok(entries) => Ok(Some(Self { path, entries })),
            Err(wrong) => {
                let wrong = wrong.into_iter().map(|(line, reason)| format!("{shown}:{line}: {reason}"));
                Err(usage(wrong.collect::<Vec<_>>().join("\npersona-mock: ")))
            }
        }
    }

    /// What a message calls the place of a key.
    pub(in crate::cli) fn place(&self, entry: &Entry) -> String {
        self.place_at(entry, entry.line)
    }

    /// The same for one element of its list.
    pub(super) fn place_at(&self, entry: &Entry, line: usize) -> String {
        format!("{}:{line}: {}", seen(&self.path.to_string_lossy()), entry.key)
    }

    /// The entry that says what a variable would.
    pub(in crate::cli) fn entry(&self, arg: &Arg) -> Option<&Entry> {
        let variable = arg.get_env()?;
        self.entries.iter().find(|entry| variable == entry.variable.as_str())
    }
}

/// Why a file cannot be taken: each line with what is wrong there.
type Wrong = Vec<(usize, String)>;

fn entries(text: &str, folder: &Path, flags: &Command) -> Result<Vec<Entry>, Wrong> {
    let text = text.trim_start_matches('\u{feff}');
    let line_of = |offset: usize| {
        let before = text.as_bytes().get(..offset).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    };
    let table = DeTable::parse(text).map_err(|error| {
        let line = line_of(error.span().map_or(0, |span| span.start));
        let reason = seen(error.message().lines().next().unwrap_or_default());
        let expected = text.lines().nth(line - 1).and_then(unquoted);
        let expected = expected.unwrap_or_else(|| "expected lines such as `port = 8080`".to_owned());
        vec![(line, format!("this is no TOML: {reason}; {expected}"))]
    })?;
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for (key, value) in table.get_ref() {
        let line = line_of(key.span().start);
        match entry(flags, key.get_ref(), value, folder, &line_of) {
            Ok((variable, values)) => {
                found.push(Entry { key: key.get_ref().to_string(), line, variable, values });
            }
            Err(error) => wrong.push((line, error.to_string())),
        }
    }
    found.sort_by_key(|entry| entry.line);
    wrong.sort_by_key(|(line, _)| *line);
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// What is said of a line whose value is a text without its quotes.
fn unquoted(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let (key, value) = (key.trim(), value.split('#').next()?.trim());
    let is_bare = !value.is_empty()
        && seen(value) == value
        && !value.starts_with(['"', '\'', '[', '{'])
        && !value.contains(['"', '\\']);
    let is_wrong = DeTable::parse(&format!("x = {value}")).is_err();
    (is_bare && is_wrong).then(|| format!("a text stands in double quotes: `{} = \"{}\"`", seen(key), seen(value)))
}

/// The variable of a key, and what it says.
fn entry<'f>(
    flags: &'f Command,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    folder: &Path,
    line_of: &impl Fn(usize) -> usize,
) -> anyhow::Result<(String, Vec<(OsString, usize)>)> {
    let known = |arg: &&Arg| arg.get_long() == Some(key) && key != "config";
    let named = |arg: &'f Arg| Some((arg, arg.get_env()?.to_str()?.to_owned()));
    let Some((arg, variable)) = flags.get_arguments().find(known).and_then(named) else {
        return Err(unknown(key, flags.get_arguments().filter_map(Arg::get_long)));
    };
    let is_path = arg.get_value_hint() == ValueHint::AnyPath;
    if arg.is_hide_env_values_set() && !is_path {
        return Err(anyhow!(
            "`{key}` is a secret, and this file is for everybody who has the project: set {variable}, or name a file that \
             holds it by `{key}-file`"
        ));
    }
    let takes_several = arg.get_value_delimiter();
    let items = match value.get_ref() {
        DeValue::Array(items) if takes_several.is_none() => {
            return Err(anyhow!("`{key}` takes one value, and found a list of {}", items.len()));
        }
        DeValue::Array(items) if items.is_empty() => {
            return Err(anyhow!("`{key}` is an empty list; leave the key out"));
        }
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    let mut values = Vec::new();
    for item in items {
        let text = scalar(arg, item.get_ref()).map_err(|found| expected(arg, key, found))?;
        // No value needs one, and each is repeated in messages.
        if seen(&text) != text {
            return Err(anyhow!(
                "`{key}` holds a character that cannot be seen: \"{}\"; expected a text in one line without control \
                 characters",
                seen(&text)
            ));
        }
        let line = line_of(item.span().start);
        let parts: Vec<_> = takes_several.map_or(vec![&*text], |end| text.split(end).collect());
        // As on the command line an empty element of a list says nothing, and a path is found from where it is written.
        values.extend(parts.into_iter().map(|part| {
            let is_relative = is_path && !part.is_empty();
            (if is_relative { folder.join(part).into_os_string() } else { part.into() }, line)
        }));
    }
    Ok((variable, values))
}

/// What the command line would say for a value, or what else was found.
fn scalar(arg: &Arg, value: &DeValue<'_>) -> Result<String, &'static str> {
    let names = arg.get_value_names().unwrap_or_default();
    let is_switch = || names.iter().any(|name| name.split('|').any(|word| word == "off"));
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
        DeValue::Integer(number) => {
            let read = u64::from_str_radix(number.as_str(), number.radix());
            Ok(read.map_or_else(|_| number.to_string(), |number| number.to_string()))
        }
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        DeValue::Datetime(time) => Ok(time.to_string()),
        DeValue::Boolean(true) if is_switch() => Ok("on".to_owned()),
        DeValue::Boolean(false) if is_switch() => Ok("off".to_owned()),
        DeValue::Boolean(true) => Err("`true`"),
        DeValue::Boolean(false) => Err("`false`"),
        DeValue::Array(_) => Err("a list in the list"),
        DeValue::Table(_) => Err("a table"),
    }
}

fn expected(arg: &Arg, key: &str, found: &str) -> anyhow::Error {
    let name = arg.get_value_names().and_then(|names| names.first()).map_or("VALUE", |name| name.as_str());
    let example = if arg.get_value_delimiter().is_some() { format!("[\"{name}\"]") } else { format!("\"{name}\"") };
    anyhow!("expected `{key} = {example}`, found {found}")
}

/// What is said of a key that there is not, with the one that was probably meant.
pub(in crate::cli) fn unknown<'k>(key: &str, known: impl Iterator<Item = &'k str>) -> anyhow::Error {
    let known: Vec<_> = known.map(as_variable).collect();
    let secret = |meant: &&str| !["CONTROL_TOKEN", "CONFIG"].contains(meant);
    match nearest(&as_variable(key), &known).filter(secret) {
        Some(meant) => {
            let meant = meant.to_ascii_lowercase().replace('_', "-");
            usage(format!("there is no key `{}`; did you mean `{meant}`?", seen(key)))
        }
        None => usage(format!(
            "there is no key `{}`; a key is a flag of `persona-mock serve` without the hyphens before it, such as \
             `port`, and `persona-mock help serve` lists them",
            seen(key)
        )),
    }
}

/// As a variable spells the name of a flag, which is how names are compared.
fn as_variable(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}
