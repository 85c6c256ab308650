//! Where in a value a check is, as a chain on the stack: nothing is allocated until a place is told.

use std::fmt;

/// A place in a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
    /// How many steps it is below the value that is checked.
    pub(super) depth: u32,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Root,
    Name(&'p str),
    Item(usize),
}

impl Place<'static> {
    /// The top of a value.
    pub(super) const TOP: Self = Self::below(0);

    /// A top that is itself so deep in another value.
    pub(super) const fn below(depth: u32) -> Self {
        Self { parent: None, step: Step::Root, depth }
    }
}

impl<'p> Place<'p> {
    /// The member of this name.
    pub(super) fn name(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Name(name), depth: self.depth + 1 }
    }

    /// The item of this number.
    pub(super) fn item(&'p self, number: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(number), depth: self.depth + 1 }
    }
}

/// As a JSON path: `$.personas[3].team_id`.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => f.write_str("$"),
            Step::Name(name) => write!(f, ".{name}"),
            Step::Item(number) => write!(f, "[{number}]"),
        }
    }
}
