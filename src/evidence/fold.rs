//! One exchange folded into the cells of its operation: which parameters, fields and values it had, and which of them a
//! rule of the vendor named when it refused.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::counts::Column;
use super::fields::{Field, text};
use super::ledger::{Ledger, Place};
use super::table::{CellNumber, OperationCells, ParameterCells};
use crate::contract::document;
use crate::provider::Headers;
use crate::world::call::{read_body, read_query};

/// The largest body that is looked at.
pub(crate) const LARGEST_BODY: usize = 1 << 20;

/// What an exchange weighs in a queue beside its bodies.
const WEIGHT: usize = 1_024;

/// An exchange as it was, before anything was taken out of it. Its bodies are shared, not copied.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) route: usize,
    pub(crate) column: Column,
    /// The path without the sandbox's prefix, as it was sent.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) request: Bytes,
    pub(crate) status: u16,
    pub(crate) answer: Bytes,
    /// The places that a rule of the vendor named.
    pub(crate) refused: Vec<String>,
}

impl Exchange {
    /// How many bytes it keeps while it waits.
    pub(crate) fn weight(&self) -> usize {
        WEIGHT + self.request.len() + self.answer.len()
    }

    /// Whether it can be looked at.
    pub(crate) fn is_bearable(&self) -> bool {
        self.request.len() <= LARGEST_BODY && self.answer.len() <= LARGEST_BODY
    }

    /// Counts what it had, where its answer is counted already.
    pub(crate) fn fold(&self, place: &Place) {
        let table = &place.table;
        let Some(operation) = table.route(self.route) else { return };
        let mut had = Found { cells: Vec::new(), ignore_case: table.ignore_case };
        self.parameters(operation, &mut had);
        let media = self.headers.get("content-type").map(|media| String::from_utf8_lossy(media.as_bytes()));
        if let Some(body) = read_body(media.as_deref(), &self.request) {
            let is_form = media.is_some_and(|media| media.starts_with("application/x-www-form-urlencoded"));
            had.sent(&operation.body, &body, is_form);
        }
        let known = operation.answers.iter().find(|(status, _)| *status == self.status);
        if let (Some((_, known)), Ok(answer)) = (known, serde_json::from_slice(&self.answer)) {
            had.answered(known, &answer);
        }
        let mut refused = Found { cells: Vec::new(), ignore_case: table.ignore_case };
        self.refused.iter().for_each(|at| refused.refused(operation, at));
        for (found, column) in [(had, self.column), (refused, Column::Refused)] {
            let cells = found.once();
            cells.iter().for_each(|cell| table.run.add(*cell, column));
            self.ledger.add(place, &cells, column);
        }
    }

    fn parameters(&self, operation: &OperationCells, had: &mut Found) {
        let query = read_query(self.query.as_deref().unwrap_or_default());
        for known in &operation.parameters {
            match known.place {
                document::Place::Path => self.segments(operation, known, had),
                document::Place::Query => {
                    let is_it = |name: &str| {
                        // `filter[a]` and `filter.a` are members of `filter`, if that is an object.
                        let head = name.split(['[', '.']).next().unwrap_or(name);
                        had.is_same(&known.name, name) || (known.is_object && had.is_same(&known.name, head))
                    };
                    let values: Vec<_> =
                        query.iter().filter(|(name, _)| is_it(name)).map(|(_, value)| &**value).collect();
                    values.into_iter().for_each(|value| had.parameter(known, value));
                }
                document::Place::Header => {
                    let values = self.headers.get_all(&*known.name);
                    values.for_each(|value| had.parameter(known, &String::from_utf8_lossy(value.as_bytes())));
                }
                document::Place::Cookie => {
                    for field in self.headers.get_all("cookie") {
                        let text = String::from_utf8_lossy(field.as_bytes());
                        let pairs = text.split(';').filter_map(|pair| pair.trim().split_once('='));
                        pairs
                            .filter(|(name, _)| *name == known.name)
                            .for_each(|(_, value)| had.parameter(known, value));
                    }
                }
            }
        }
    }

    /// A mount may put segments before the document's path, so the two are laid together at their ends.
    fn segments(&self, operation: &OperationCells, known: &ParameterCells, had: &mut Found) {
        let path = self.path.trim_end_matches('/');
        for (part, segment) in operation.path.trim_end_matches('/').rsplit('/').zip(path.rsplit('/')) {
            if part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) == Some(&known.name) {
                had.parameter(known, &percent_decode_str(segment).decode_utf8_lossy());
            }
        }
    }
}

/// The cells that an exchange fills.
struct Found {
    cells: Vec<CellNumber>,
    /// Whether names match in any letter case.
    ignore_case: bool,
}

impl Found {
    fn is_same(&self, one: &str, other: &str) -> bool {
        one == other || (self.ignore_case && one.eq_ignore_ascii_case(other))
    }

    /// Each cell once: an exchange exercises it, however often it has it.
    fn once(self) -> Vec<CellNumber> {
        let mut cells = self.cells;
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    fn parameter(&mut self, known: &ParameterCells, value: &str) {
        if value.is_empty() {
            self.cells.extend(known.null);
            return;
        }
        self.cells.push(known.sent);
        let is_it =
            |listed: &str| if known.commas { value.split(',').any(|one| one == listed) } else { value == listed };
        self.cells.extend(known.values.iter().filter(|(listed, _)| is_it(listed)).map(|(_, cell)| *cell));
    }

    /// A value that a request has at a place.
    fn sent(&mut self, field: &Field, value: &Value, is_form: bool) {
        if value.is_null() || (is_form && value.as_str() == Some("")) {
            self.cells.extend(field.null);
            return;
        }
        self.cells.extend(field.sent);
        if !field.values.is_empty() && !value.is_array() && !value.is_object() {
            let value = text(value);
            self.cells.extend(field.values.iter().filter(|(listed, _)| **listed == *value).map(|(_, cell)| *cell));
        }
        self.below(field, value, |found, field, value| found.sent(field, value, is_form));
    }

    /// A value that an answer has at a place: one that is null is there as well.
    fn answered(&mut self, field: &Field, value: &Value) {
        self.cells.extend(field.sent);
        self.below(field, value, Self::answered);
    }

    fn below(&mut self, field: &Field, value: &Value, mut look: impl FnMut(&mut Self, &Field, &Value)) {
        match value {
            Value::Array(items) => {
                if let Some(known) = &field.items {
                    items.iter().for_each(|item| look(self, known, item));
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    if let Some(known) = field.member(name, self.ignore_case) {
                        look(self, known, member);
                    }
                }
            }
            _ => {}
        }
    }

    /// A place that a rule named, such as `$.rows[0].name` or `query.limit`.
    fn refused(&mut self, operation: &OperationCells, at: &str) {
        if let Some(rest) = at.strip_prefix('$') {
            let mut field = &operation.body;
            for step in steps(rest) {
                let next = match &*step {
                    "[]" => field.items.as_deref(),
                    name => field.member(name, self.ignore_case),
                };
                match next {
                    Some(next) => field = next,
                    // A rule may name what stands in a place whose members no document names.
                    None => break,
                }
            }
            self.cells.extend(field.refused);
            return;
        }
        let Some((place, name)) = at.split_once('.') else { return };
        let place = match place {
            "path" => document::Place::Path,
            "query" => document::Place::Query,
            "header" => document::Place::Header,
            "cookie" => document::Place::Cookie,
            _ => return,
        };
        let head = name.split(['[', '.']).next().unwrap_or(name);
        let is_header = place == document::Place::Header;
        let same =
            |known: &str, name: &str| self.is_same(known, name) || (is_header && known.eq_ignore_ascii_case(name));
        let is_it =
            |known: &&ParameterCells| known.place == place && (same(&known.name, name) || same(&known.name, head));
        self.cells.extend(operation.parameters.iter().find(is_it).map(|known| known.refused));
    }
}

impl Field {
    fn member(&self, name: &str, ignore_case: bool) -> Option<&Self> {
        let named = |same: &dyn Fn(&str) -> bool| self.members.iter().find(|(known, _)| same(known));
        let found = named(&|known| known == name)
            .or_else(|| if ignore_case { named(&|known| known.eq_ignore_ascii_case(name)) } else { None });
        found.map(|(_, field)| field)
    }
}

/// The steps of a place behind `$`: names of members, and `[]` for an item of a list.
fn steps(rest: &str) -> Vec<Cow<'_, str>> {
    let mut steps = Vec::new();
    for part in rest.split('.') {
        let mut parts = part.split('[');
        steps.extend(parts.next().filter(|name| !name.is_empty()).map(Cow::Borrowed));
        for index in parts {
            let inner = index.trim_end_matches(']');
            let is_number = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
            let quoted = || inner.trim_matches(['"', '\'']);
            steps.push(if is_number || inner.is_empty() { Cow::Borrowed("[]") } else { Cow::Borrowed(quoted()) });
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_taken_apart_with_its_indices() {
        for (rest, expected) in [
            ("", &[][..]),
            (".name", &["name"][..]),
            (".rows[3].name", &["rows", "[]", "name"]),
            ("[0]", &["[]"]),
            ("[0].a[1][2]", &["[]", "a", "[]", "[]"]),
            (".a['b']", &["a", "b"]),
        ] {
            assert_eq!(steps(rest), expected, "{rest}");
        }
    }
}
