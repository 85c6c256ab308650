//! JSON in which no list passes for an object.
//!
//! A struct that derives `Deserialize` also takes a list, whose items are its fields by position: a body `[null,null]`
//! would be an object whose members are all absent. Control bodies are read by [`read`], which
//! stands between the JSON and any type and gives a struct, a struct variant or a map nothing but an
//! object. A type need not know of it. What a schema has accepted, a fixture or a row, is read by [`read_accepted`]:
//! the schema has refused such a list already.
//!
//! What serde buffers before it is read (`untagged`, `flatten`, `tag`) hides the types within from this reader, and
//! so does [`Value`]. Such a type gets no list and no object here: it fails at its first use, not in silence. A
//! member that really takes any JSON says so with `#[serde(deserialize_with = "objects::any")]`.

mod path;
mod reader;
mod words;

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use reader::Objects;

/// Why a text is no `T`: where, and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{} (at {path})", self.words())]
pub(crate) struct ReadError {
    /// The JSON path.
    pub path: String,
    /// What was found and what was expected.
    pub reason: serde_json::Error,
}

impl ReadError {
    /// What was found and what was expected, in plain words.
    #[must_use]
    pub(crate) fn words(&self) -> String {
        words::plain(&self.reason)
    }
}

/// What keeps a text from being JSON, in plain words and without its place.
#[must_use]
pub(crate) fn syntax(error: &serde_json::Error) -> String {
    words::syntax(error)
}

/// Reads JSON as a `T`.
///
/// # Errors
///
/// The first place that is no JSON, or not what `T` has there.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, ReadError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(Objects(&mut reader));
    let value = value.map_err(|error| ReadError { path: json_path(error.path()), reason: error.into_inner() })?;
    reader.end().map_err(|reason| ReadError { path: "$".to_owned(), reason })?;
    Ok(value)
}

/// Reads JSON as a `T`, whose schema has accepted it: an object stands wherever one is expected. It costs less than
/// [`read`], in time and in the program's size.
///
/// # Errors
///
/// The first place that is not what `T` has there.
pub(crate) fn read_accepted<T: DeserializeOwned>(json: &str) -> Result<T, ReadError> {
    serde_json::from_str(json).map_err(|reason| ReadError { path: path::of(json, &reason), reason })
}

/// Reads any JSON into a `T` that holds any JSON, such as [`Value`].
///
/// # Errors
///
/// What `T` says.
pub(crate) fn any<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    any_of(&Box::<RawValue>::deserialize(deserializer)?)
}

/// Reads any JSON that was taken out of a text, as [`any`] does.
///
/// # Errors
///
/// What `T` says.
pub(crate) fn any_of<T: DeserializeOwned, E: serde::de::Error>(json: &RawValue) -> Result<T, E> {
    // The line and the column are those of this value alone: its place is told by its path.
    serde_json::from_str(json.get()).map_err(|error| E::custom(words::without_place(&error)))
}

/// Any JSON, where a map holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Any(pub Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer).map(Self)
    }
}

/// The path as the rest of the program writes it: `$.rows[3].name`.
fn json_path(path: &serde_path_to_error::Path) -> String {
    // Where the text is no JSON, its last place may have no name: the line and the column tell it.
    let named = path.iter().take_while(|segment| !matches!(segment, Segment::Unknown));
    named.fold("$".to_owned(), |path, segment| match segment {
        Segment::Seq { index } => format!("{path}[{index}]"),
        Segment::Map { key } => format!("{path}.{key}"),
        Segment::Enum { variant } => format!("{path}.{variant}"),
        Segment::Unknown => path,
    })
}

#[cfg(test)]
mod tests;
