//! Templates of paths, taken apart: all of them that is the same for each path that is held against them.

use std::borrow::Cow;
use std::ops::Range;

use super::spelling::{Letters, Spelled};

/// The most segments of a path that are compared.
pub(super) const SEGMENTS: usize = 24;

/// The segments of a path that are compared.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path.trim_start_matches('/'));
    let next = move || {
        let path = rest?;
        let slash = path.bytes().position(|byte| byte == b'/');
        let (segment, behind) = match slash {
            Some(at) => (path.get(..at), path.get(at + 1..)),
            None => (Some(path), None),
        };
        rest = behind;
        segment
    };
    std::iter::from_fn(next).take(SEGMENTS)
}

/// A segment that templates have.
#[derive(Debug)]
pub(super) struct Part<'t> {
    text: Cow<'t, str>,
    letters: Letters,
    pub(super) is_parameter: bool,
}

impl Part<'_> {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn spelled(&self) -> Spelled<'_> {
        Spelled::with(&self.text, self.letters)
    }
}

/// Templates, each known by its number. They share most of their segments.
#[derive(Debug, Default)]
pub(super) struct Templates<'t> {
    /// All segments that they have.
    parts: Vec<Part<'t>>,
    /// Where the segments of each stand among those of all.
    ranges: Vec<Range<usize>>,
    /// Which of the parts these segments are.
    segments: Vec<usize>,
    /// The one that was taken in last.
    last: Cow<'t, str>,
}

impl<'t> Templates<'t> {
    /// Takes in a template: its number. Operations of one path stand side by side.
    pub(super) fn add(&mut self, template: &'t str) -> usize {
        self.take_in(template, Cow::Borrowed)
    }

    fn take_in<'p>(&mut self, template: &'p str, kept: impl Fn(&'p str) -> Cow<'t, str>) -> usize {
        if self.ranges.is_empty() || self.last != template {
            let start = self.segments.len();
            for text in segments(template) {
                let part = self.parts.iter().position(|part| part.text == text).unwrap_or_else(|| {
                    let (letters, is_parameter) = (Letters::of(text), text.as_bytes().contains(&b'{'));
                    self.parts.push(Part { text: kept(text), letters, is_parameter });
                    self.parts.len() - 1
                });
                self.segments.push(part);
            }
            self.ranges.push(start..self.segments.len());
            self.last = kept(template);
        }
        self.ranges.len() - 1
    }

    /// How many segments they have, each counted once.
    pub(super) fn parts(&self) -> usize {
        self.parts.len()
    }

    /// A segment by its number.
    pub(super) fn part(&self, number: usize) -> &Part<'t> {
        &self.parts[number]
    }

    /// The numbers of a template's segments.
    pub(super) fn segments(&self, template: usize) -> &[usize] {
        &self.segments[self.ranges[template].clone()]
    }
}

impl Templates<'static> {
    /// The same of a template that is kept with them.
    pub(super) fn keep(&mut self, template: &str) -> usize {
        self.take_in(template, |text| Cow::Owned(text.to_owned()))
    }
}
