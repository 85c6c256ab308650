//! Writes a generated fixture.

use std::io::{self, Write};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::asked::Generation;
use super::draw::Draw;
use super::generators::Generator;
use crate::provider::vendor::{Descriptor, Provider};
use crate::world::fixture;

/// Writes the embedded fixture with further rows.
pub(in crate::provider) fn write<P: Provider>(
    provider: &P,
    descriptor: &Descriptor,
    asked: &Generation,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Descriptor { id, fixture: text, .. } = descriptor;
    let embedded =
        fixture::read::<P::Fixture>(&format!("{id}.json"), (&**text).into(), Timestamp::UNIX_EPOCH, P::fixture_schema)
            .map_err(|faults| io::Error::other(fixture::FixtureError::count(&faults)))?;
    let generators = provider.generators(&embedded.fixture);
    let members: IndexMap<&str, &RawValue> = serde_json::from_str(text)?;
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
