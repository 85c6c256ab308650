//! One row of a sandbox's data, and a page of them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// One row of a list of a provider's data, as its fixture has it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(example = json!({
    "id": "{row}", "etag": "\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"", "row": {"id": "{row}"}
}))]
#[non_exhaustive]
pub struct Row {
    /// Its id; its place, counted from 0, in a list whose rows have none.
    pub id: String,
    /// What changes with it, to be sent back as `If-Match`; in a list without ids it changes with any of its rows.
    pub etag: String,
    /// The row.
    #[schemars(with = "Map<String, Value>")]
    pub row: Box<RawValue>,
}

impl Row {
    /// The row as a value.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(self.row.get()).unwrap_or_default()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.id, self.row.get())
    }
}

/// Some rows of a list, in the order of the fixture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RowPage {
    /// The rows.
    pub rows: Vec<Row>,
    /// How many there are on all pages.
    pub total: usize,
    /// The `offset` of the page behind this one; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

impl fmt::Display for RowPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))?;
        write!(f, "{} of {}", self.rows.len(), self.total)?;
        self.next.map_or(Ok(()), |next| write!(f, "; --offset {next} shows more"))
    }
}
