//! Patterns of paths and of header values: one language for faults, journal filters and verification.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The longest text of a pattern, in bytes.
pub const LONGEST_PATTERN: usize = 500;

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
pub struct TextPattern(Vec<String>);

impl TextPattern {
    /// Reads a pattern. Every text is one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.split('*').map(str::to_ascii_lowercase).collect())
    }

    /// Whether a text fits.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let Some((first, others)) = self.0.split_first() else { return text.is_empty() };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        let Some((last, between)) = others.split_last() else { return rest.is_empty() };
        for part in between {
            let Some(place) = rest.find(part.as_str()) else { return false };
            rest = &rest[place + part.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(text: &str) -> PathPattern {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_star_is_one_segment_and_two_are_any_number() {
        for (text, path, expected) in [
            ("/v1/personas/*", "/v1/personas/7", true),
            ("/v1/personas/{id}", "/v1/personas/7", true),
            ("/v1/personas/{id}", "/v1/personas/", false),
            ("/v1/personas/*", "/V1/Personas/7", false),
            ("/v1/personas/*", "/v1/personas/7/x", false),
            ("/v1/personas/*", "/v1/personas", false),
            ("/v1/personas/", "/v1/personas/", true),
            ("/v1/personas/", "/v1/personas", false),
            ("/v1/**", "/v1/personas/7/x", true),
            ("/v1/**", "/v1/personas/", true),
            ("/v1/**", "/v1", true),
            ("/v1/**", "/v10", false),
            ("**/7", "/v1/personas/7", true),
            ("/**/7", "/7", true),
            ("/v1/**/7/**/x", "/v1/7/7/a/x", true),
            ("/v1/**/7/**/x", "/v1/7/7/a/y", false),
            ("/v1/*/7", "/v1/personas/7", true),
            ("/v1/*/8", "/v1/personas/7", false),
            ("/*", "/v1", true),
            ("**", "/v1/x", true),
            ("/**", "/", true),
            ("/", "/", true),
        ] {
            assert_eq!(pattern(text).fits(path, true), expected, "{text} {path}");
        }
        assert!(pattern("/API/personas/*").fits("/api/Personas/7", false));
    }

    #[test]
    fn a_pattern_meets_a_template_if_a_path_fits_both() {
        for (text, template, expected) in [
            ("/v1/personas/*", "/v1/personas/{id}", true),
            ("/v1/personas/{id}", "/v1/personas/{persona_id}", true),
            ("/v1/personas/188", "/v1/personas/{id}", true),
            ("/v1/personas/", "/v1/personas/{id}", false),
            ("/v1/*", "/v1/personas/{id}", false),
            ("/v1/**", "/v1/personas/{id}", true),
            ("/v1/*/x", "/v1/{team}/{id}", true),
            ("/v2/**", "/v1/{id}", false),
            ("/**/x/**/x", "/v1/{id}", false),
            ("/**/x/**", "/v1/{id}", true),
            ("/V1/x", "/v1/{id}", false),
        ] {
            let met = pattern(text).meets(&PathPattern::template(template), true);
            assert_eq!(met, expected, "{text} {template}");
        }
        assert!(pattern("/V1/x").meets(&PathPattern::template("/v1/{id}"), false));
        assert!(pattern("/v1/{id}").meets(&pattern("/**"), true));
    }

    #[test]
    fn what_is_no_pattern_says_what_would_be_right() {
        for (text, error) in [
            ("v1", "expected a path that starts with / or **, such as /v1/personas/* or /v1/**; found \"v1\""),
            ("*", "expected a path that starts with / or **, such as /v1/personas/* or /v1/**; found \"*\""),
            (
                "/v1/pers*/7",
                "`*`, `**` and `{name}` stand for whole segments: write /v1/*/7 for one segment or /v1/**/7 for any \
                 number; found \"/v1/pers*/7\"",
            ),
            (
                "/v1/{id",
                "`*`, `**` and `{name}` stand for whole segments: write /v1/* for one segment or /v1/** for any \
                 number; found \"/v1/{id\"",
            ),
        ] {
            assert_eq!(text.parse::<PathPattern>().expect_err(text).to_string(), error);
        }
        for text in ["/a/***", "/a/{}", "/a/b{c}", "/a/{b}c", "/a/{b*}"] {
            assert!(matches!(text.parse::<PathPattern>(), Err(PatternError::Inside { .. })), "{text}");
        }
        assert_eq!(format!("/{}", "a".repeat(500)).parse::<PathPattern>(), Err(PatternError::Long(501)));
    }

    #[test]
    fn a_star_in_a_text_is_anything() {
        for (text, found, expected) in [
            ("Bearer *", "bearer a/b", true),
            ("Bearer *", "Basic a", false),
            ("a*", "a", true),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xbxa", false),
            ("ab*ba", "aba", false),
            ("", "", true),
            ("x", "xy", false),
            ("**", "", true),
        ] {
            assert_eq!(TextPattern::new(text).fits(found), expected, "{text} {found}");
        }
    }

    /// Says by the definition whether a path fits.
    fn slowly(segments: &[Segment], path: &[&str]) -> bool {
        match (segments.split_first(), path.split_first()) {
            (None, None) => true,
            (Some((Segment::Any, rest)), first) => {
                slowly(rest, path) || first.is_some_and(|(_, behind)| slowly(segments, behind))
            }
            (Some((segment, rest)), Some((first, behind))) => segment.takes(first, true) && slowly(rest, behind),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_path_fits_as_the_definition_says(
            text in "(/(a|b|\\*|\\*\\*|\\{x\\}|)){1,6}",
            path in "(/(a|b|)){1,7}",
        ) {
            let pattern = pattern(&text);
            let expected = slowly(&pattern.segments, &path[1..].split('/').collect::<Vec<_>>());
            prop_assert_eq!(pattern.fits(&path, true), expected, "{} {}", text, path);
            // A path without stars is a pattern that only it fits.
            prop_assert_eq!(pattern.meets(&PathPattern::template(&path), true), expected, "{} {}", text, path);
        }
    }
}
