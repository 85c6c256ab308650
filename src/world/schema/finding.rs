//! One thing that is wrong with a value.

use std::fmt::{self, Write};

use serde_json::Value;

use super::rule::Rule;

/// How much of a value a message shows.
const LONGEST: usize = 80;

/// A rule that a value breaks, and where.
///
/// Its text reads `$.rows[0].name: found 5, expected a string`.
#[derive(Debug, Clone)]
pub struct Finding<'c, 'v> {
    /// The JSON path, such as `$.rows[0].name`. Of a name that is missing it is the path of the object.
    pub path: String,
    /// The value at the path.
    pub value: &'v Value,
    /// The rule that it breaks.
    pub rule: Rule<'c>,
}

impl Finding<'_, '_> {
    /// What was found, in words: a value is shown whole where it is short, and cut where it is long.
    #[must_use]
    pub fn found(&self) -> String {
        match &self.rule {
            Rule::Missing(name) => format!("no `{name}`"),
            Rule::Unknown(_) => "an unknown name".to_owned(),
            _ => shown(self.value),
        }
    }
}

fn shown(value: &Value) -> String {
    let mut cut = Cut { text: String::new(), left: LONGEST };
    // The one error is that no more is wanted.
    if write!(cut, "{value}").is_err() {
        cut.text.push('…');
    }
    cut.text
}

/// Takes a text up to a length, so that a large value is not written out for a short message.
struct Cut {
    text: String,
    left: usize,
}

impl Write for Cut {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let Some((end, _)) = part.char_indices().nth(self.left) else {
            self.left -= part.chars().count();
            self.text.push_str(part);
            return Ok(());
        };
        self.text.push_str(&part[..end]);
        self.left = 0;
        Err(fmt::Error)
    }
}

impl fmt::Display for Finding<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}, expected {}", self.path, self.found(), self.rule)
    }
}
