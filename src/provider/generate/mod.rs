//! Fixtures of any size: the embedded one with further rows, which are believable, in many languages, and the same for
//! the same seed.
//!
//! A row is a function of the seed and its number, and of nothing else. So rows are written as they are made, none is
//! remembered, and rows of two lists that have one number belong together.

mod draw;
mod locales;
mod words;

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

pub(crate) use self::draw::Draw;
pub(crate) use self::locales::Locale;
use super::Descriptor;
use super::vendor::Provider;
use crate::world::fixture;
use crate::world::ids::Seed;

/// What is asked of a generated fixture.
#[derive(Debug, Clone)]
pub struct Generation {
    /// How many rows more than the embedded fixture has.
    pub count: u64,
    /// Same seed, same rows.
    pub seed: Seed,
    /// Whose names and words they have: each row those of one.
    pub locales: Vec<Locale>,
}

/// What makes further rows of one list of a fixture.
pub(crate) struct Generator {
    list: &'static str,
    row: Box<dyn Fn(&Draw<'_>) -> serde_json::Result<String>>,
}

impl Generator {
    /// A list, and its row of a number.
    pub(crate) fn of<R: Serialize>(list: &'static str, row: impl Fn(&Draw<'_>) -> R + 'static) -> Self {
        Self { list, row: Box::new(move |draw| serde_json::to_string(&row(draw))) }
    }
}

/// What makes the further rows of a provider's fixture.
#[derive(Default)]
pub struct Generators {
    /// The lists that have them.
    pub(crate) lists: Vec<Generator>,
    /// The members of the embedded fixture that are not true of a longer one, and may be absent.
    pub(crate) left_out: &'static [&'static str],
}

/// Writes the embedded fixture with further rows.
pub(super) fn write<P: Provider>(
    provider: &P,
    descriptor: &Descriptor,
    asked: &Generation,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Descriptor { id, fixture: text, .. } = descriptor;
    let embedded = fixture::read::<P::Fixture>(&format!("{id}.json"), text, Timestamp::UNIX_EPOCH, P::fixture_schema)
        .map_err(|faults| io::Error::other(fixture::FixtureError::count(&faults)))?;
    let generators = provider.generators(&embedded.fixture);
    let members: indexmap::IndexMap<&str, &RawValue> = serde_json::from_str(text)?;
    let kept = members.iter().filter(|(name, _)| !name.starts_with('$') && !generators.left_out.contains(name));
    for (number, (name, value)) in kept.enumerate() {
        out.write_all(if number == 0 { b"{\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut *out, name)?;
        out.write_all(b": ")?;
        match generators.lists.iter().find(|generator| generator.list == *name) {
            Some(generator) => list(generator, value, asked, out)?,
            None => out.write_all(value.get().as_bytes())?,
        }
    }
    out.write_all(b"\n}\n")
}

/// Writes a list: what is there, then what is made, a row a line.
fn list(generator: &Generator, there: &RawValue, asked: &Generation, out: &mut dyn Write) -> io::Result<()> {
    let there: Vec<serde_json::Value> = serde_json::from_str(there.get())?;
    let there = there.into_iter().map(|row| serde_json::to_string(&row));
    let made = (0..asked.count).map(|number| (generator.row)(&Draw::of(asked, number)));
    out.write_all(b"[")?;
    for (number, row) in there.chain(made).enumerate() {
        out.write_all(if number == 0 { b"\n    " } else { b",\n    " })?;
        out.write_all(row?.as_bytes())?;
    }
    out.write_all(b"\n  ]")
}
