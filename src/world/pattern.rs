//! Patterns of paths and of header values: one language for faults, journal filters and verification.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The longest text of a pattern, in bytes.
pub(crate) const LONGEST_PATTERN: usize = 500;

/// A pattern of decoded paths, segment by segment: `*` and `{name}` stand for one segment that is not
/// empty, `**` for any number of segments, everything else for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    This(String),
    One,
    Any,
}

/// Why a text is no pattern of paths, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It starts with no slash.
    #[error("expected a path that starts with / or **, such as /v1/personas/* or /v1/**; found {0:?}")]
    Start(String),
    /// A star or a brace that is part of a segment.
    #[error(
        "`*`, `**` and `{{name}}` stand for whole segments: write {one} for one segment or {any} for any number; \
         found {found:?}"
    )]
    Inside {
        /// As written.
        found: String,
        /// With one segment there.
        one: String,
        /// With any number there.
        any: String,
    },
    /// More than a path can need.
    #[error("expected a path of at most {LONGEST_PATTERN} bytes, found {0}")]
    Long(usize),
}

impl FromStr for PathPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.len() > LONGEST_PATTERN {
            return Err(PatternError::Long(text.len()));
        }
        let inner = match text.strip_prefix('/') {
            Some(inner) => inner,
            None if text == "**" || text.starts_with("**/") => text,
            None => return Err(PatternError::Start(text.to_owned())),
        };
        let mut segments = Vec::new();
        for (number, segment) in inner.split('/').enumerate() {
            segments.push(match segment {
                "*" => Segment::One,
                "**" => Segment::Any,
                _ if is_parameter(segment) => Segment::One,
                _ if segment.contains(['*', '{', '}']) => {
                    let before: String = inner.split('/').take(number).map(|segment| format!("/{segment}")).collect();
                    let after: String =
                        inner.split('/').skip(number + 1).map(|segment| format!("/{segment}")).collect();
                    return Err(PatternError::Inside {
                        found: text.to_owned(),
                        one: format!("{before}/*{after}"),
                        any: format!("{before}/**{after}"),
                    });
                }
                _ => Segment::This(segment.to_owned()),
            });
        }
        Ok(Self { text: text.to_owned(), segments })
    }
}

/// Whether a segment is a name in braces.
fn is_parameter(segment: &str) -> bool {
    let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| !name.is_empty() && !name.contains(['*', '{', '}']))
}

impl PathPattern {
    /// The paths of an operation's template, such as `/v1/personas/{id}`.
    #[must_use]
    pub fn template(template: &str) -> Self {
        let segment = |segment: &str| match segment.contains('{') {
            true => Segment::One,
            false => Segment::This(segment.to_owned()),
        };
        let segments = template.strip_prefix('/').unwrap_or(template).split('/').map(segment).collect();
        Self { text: template.to_owned(), segments }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a decoded path fits.
    #[must_use]
    pub fn fits(&self, path: &str, exact_case: bool) -> bool {
        let mut rest = Some(path.strip_prefix('/').unwrap_or(path));
        let mut next = 0;
        // Where the last `**` stands, and the path behind the segments that it stands for.
        let mut retry: Option<(usize, Option<&str>)> = None;
        loop {
            if let Some(Segment::Any) = self.segments.get(next) {
                retry = Some((next, rest));
                next += 1;
                continue;
            }
            let fitting = match (self.segments.get(next), rest) {
                (None, None) => return true,
                (Some(sought), Some(path)) => {
                    let (segment, behind) = split(path);
                    sought.takes(segment, exact_case).then_some(behind)
                }
                _ => None,
            };
            if let Some(behind) = fitting {
                (next, rest) = (next + 1, behind);
                continue;
            }
            // The last `**` takes one segment more; an earlier one could do no better.
            let Some((any, Some(path))) = retry else { return false };
            let (_, behind) = split(path);
            retry = Some((any, behind));
            (next, rest) = (any + 1, behind);
        }
    }

    /// Whether there is a path that fits both.
    #[must_use]
    pub fn meets(&self, other: &Self, exact_case: bool) -> bool {
        let width = other.segments.len() + 1;
        // Whether the first so many segments of each can stand for the same start of a path.
        let mut reached = vec![false; (self.segments.len() + 1) * width];
        reached[0] = true;
        for here in 0..=self.segments.len() {
            for there in 0..width {
                if !reached[here * width + there] {
                    continue;
                }
                let (one, two) = (self.segments.get(here), other.segments.get(there));
                if one == Some(&Segment::Any) {
                    reached[(here + 1) * width + there] = true;
                    if two.is_some() {
                        reached[here * width + there + 1] = true;
                    }
                }
                if two == Some(&Segment::Any) {
                    reached[here * width + there + 1] = true;
                    if one.is_some() {
                        reached[(here + 1) * width + there] = true;
                    }
                }
                if let (Some(one), Some(two)) = (one, two)
                    && one.shares(two, exact_case)
                {
                    reached[(here + 1) * width + there + 1] = true;
                }
            }
        }
        reached.last().copied().unwrap_or_default()
    }
}

/// The first segment of a path, and what follows its slash.
fn split(path: &str) -> (&str, Option<&str>) {
    match path.split_once('/') {
        Some((segment, behind)) => (segment, Some(behind)),
        None => (path, None),
    }
}

impl Segment {
    fn takes(&self, segment: &str, exact_case: bool) -> bool {
        match self {
            Self::This(this) if exact_case => this == segment,
            Self::This(this) => this.eq_ignore_ascii_case(segment),
            Self::One => !segment.is_empty(),
            Self::Any => true,
        }
    }

    /// Whether one segment may stand for both.
    fn shares(&self, other: &Self, exact_case: bool) -> bool {
        match (self, other) {
            (segment, Self::This(this)) | (Self::This(this), segment) => segment.takes(this, exact_case),
            _ => true,
        }
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for PathPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A pattern of any text, in which `*` stands for anything; letter case does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPattern {
    text: String,
    parts: Vec<String>,
}

impl TextPattern {
    /// Reads a pattern. Every text is one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), parts: text.split('*').map(str::to_ascii_lowercase).collect() }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let Some((first, others)) = self.parts.split_first() else { return text.is_empty() };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        let Some((last, between)) = others.split_last() else { return rest.is_empty() };
        for part in between {
            let Some(place) = rest.find(part.as_str()) else { return false };
            rest = &rest[place + part.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

impl Serialize for TextPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for TextPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

/// A schema of texts, where the type is used.
macro_rules! is_text {
    ($($type:ident)*) => {
        $(impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string"})
            }
        })*
    };
}

is_text!(PathPattern TextPattern);

#[cfg(test)]
mod tests;
