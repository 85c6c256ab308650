//! `/_mock/coverage/gaps`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CoverageAxis, Provenance};

/// What nobody exercised of what the documents promise, each with a command that does: a queue of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageGaps {
    /// Whose cells they are, and where the commands send their requests; absent where it is the whole run: then each
    /// command has a new sandbox of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<String>,
    /// The empty cells: operations first, then statuses, those of the transport, parameters, fields and values.
    pub gaps: Vec<CoverageGap>,
    /// How many there are, those that a `limit` left out among them.
    pub empty: usize,
}

/// One empty cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageGap {
    /// The operation, such as `vijil.create_persona`.
    pub operation: String,
    /// Its method.
    pub method: String,
    /// What the cell is one of.
    pub axis: CoverageAxis,
    /// The cell's name: `422`, `query.limit null`, `201 $.id`, `$.status=active`.
    pub cell: String,
    /// How the mock knows of it.
    pub provenance: Provenance,
    /// One line for a shell that fills the cell; absent where no request does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The status that the last request of the command is answered with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether the mock makes that answer and no rule of the vendor: the request asks for it with `Prefer: code`.
    #[serde(default)]
    pub injected: bool,
    /// Why no request fills the cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl CoverageGap {
    /// A cell that nothing is known of yet.
    pub(crate) fn new(
        (operation, method): (&str, &str),
        axis: CoverageAxis,
        cell: &str,
        provenance: Provenance,
    ) -> Self {
        let (operation, method, cell) = (operation.to_owned(), method.to_owned(), cell.to_owned());
        Self { operation, method, axis, cell, provenance, command: None, status: None, injected: false, reason: None }
    }
}

impl fmt::Display for CoverageGap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, method, axis, cell, command, injected, reason, .. } = self;
        write!(f, "{operation} {method}")?;
        if *axis != CoverageAxis::Operations {
            write!(f, " {cell}")?;
        }
        if *injected {
            f.write_str(" (injected)")?;
        }
        let command = command.as_deref().unwrap_or("#");
        write!(f, "\t{command}")?;
        match reason {
            Some(reason) => write!(f, " {reason}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for CoverageGaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::lines(f, &self.gaps)?;
        match self.empty - self.gaps.len().min(self.empty) {
            0 => Ok(()),
            more => write!(f, "\n# and {more} more"),
        }
    }
}
