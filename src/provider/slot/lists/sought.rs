//! A text that is sought in the values of rows.

use memchr::memmem::Finder;
use serde_json::Value;

/// A text in lower case, which a value of a row must have. The names of its members do not count.
pub(super) struct Sought<'s> {
    text: &'s str,
    finder: Finder<'s>,
    /// Whether it stands in the JSON of a row, in lower case, wherever it stands in a value.
    is_plain: bool,
}

impl<'s> Sought<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let is_escaped = |char: char| matches!(char, '"' | '\\') || char < ' ';
        // A number of a row may be spelled otherwise than its value.
        let is_of_numbers = |char: char| matches!(char, '0'..='9' | '+' | '-' | '.' | 'e');
        let is_plain = !text.contains(is_escaped) && !text.chars().all(is_of_numbers);
        Self { text, finder: Finder::new(text), is_plain }
    }

    /// Whether a value of a row has it.
    pub(super) fn is_in(&self, row: &str) -> bool {
        self.may_be_in(row) && serde_json::from_str(row).is_ok_and(|row| self.is_within(&row))
    }

    /// Whether the row must be taken apart to know. The lower case of one letter hangs on what stands around it.
    fn may_be_in(&self, row: &str) -> bool {
        let is_known = self.is_plain && !row.contains(['\\', 'Σ']);
        !is_known || self.finder.find(row.to_lowercase().as_bytes()).is_some()
    }

    fn is_within(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => text.to_lowercase().contains(self.text),
            Value::Array(items) => items.iter().any(|item| self.is_within(item)),
            Value::Object(members) => members.values().any(|value| self.is_within(value)),
            Value::Null => false,
            other => other.to_string().contains(self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of rows and of what is sought in them: letters whose lower case is longer or hangs on others, escapes, numbers.
    const PIECES: [&str; 18] =
        ["a", "B", "ΑΣ", "Σ", "ς", "σ", "İ", "é", "ß", " ", ".", "e", "1", "0", "-", "\"", "\\", "\n"];
    const VALUES: [&str; 9] = ["1.0e2", "100.0", "-0", "1E3", "true", "null", "{}", "[1.50,\"Ab\"]", "{\"bA\":\"E\"}"];

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(0usize..PIECES.len(), 0..6)
            .prop_map(|at| at.into_iter().map(|at| PIECES[at]).collect())
    }

    proptest! {
        #[test]
        fn a_row_has_what_one_of_its_values_has(
            texts in proptest::collection::vec(text(), 0..4), value in 0usize..VALUES.len(), sought in text(),
        ) {
            let texts = serde_json::to_string(&texts).expect("JSON");
            let row = format!("{{\"Name\":{texts},\"more\":{}}}", VALUES[value]);
            for sought in [sought.to_lowercase(), "true".into(), "name".into(), "100".into(), "nu".into(), "ab".into()] {
                let sought = Sought::new(&sought);
                let is_within = sought.is_within(&serde_json::from_str(&row).expect("JSON"));
                prop_assert_eq!(sought.is_in(&row), is_within, "{} in {}", sought.text, row);
            }
        }
    }
}
