//! A schema, compiled: what gives verdicts on values and explains them.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::SchemaError;
use super::compile::{self, Formats};
use super::finding::Finding;
use super::nearest::Telling;
use super::node::{Id, Node};
use super::through::{self, Aside};
use super::walk::Walk;

/// A schema that is ready to judge values.
///
/// Its work is bounded by the size of the value times that of the schema; lists and objects that are nested deeper
/// than 200 levels fit no schema that speaks of those levels.
#[derive(Debug)]
pub struct Checks {
    nodes: Box<[Node]>,
    start: Id,
}

impl Checks {
    /// Compiles a schema. `root` is the document that its references lead into; it may be the schema itself.
    ///
    /// # Errors
    ///
    /// The first keyword that is not known or has no value that it can have, a pattern that has no function, and a
    /// reference that leads nowhere, out of the document or back to its own schema for the same value.
    ///
    /// # Examples
    ///
    /// ```
    /// use persona_mock::internals::{Checks, Formats};
    /// use serde_json::json;
    ///
    /// let document = json!({"components": {"schemas": {"Name": {"type": "string", "minLength": 1}}}});
    /// let schema = json!({"properties": {"name": {"$ref": "#/components/schemas/Name"}}});
    /// let checks = Checks::compile(&document, &schema, Formats::Checked(&[]))?;
    /// assert!(checks.accepts(&json!({"name": "Ada"})));
    /// let value = json!({"name": ""});
    /// assert_eq!(checks.findings(&value, 10)[0].to_string(), "$.name: found \"\", expected a string of at least 1 character");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile(root: &Value, schema: &Value, formats: Formats) -> Result<Self, SchemaError> {
        let (nodes, start) = compile::compile(root, schema, formats)?;
        Ok(Self { nodes: nodes.into(), start })
    }

    /// Whether a value fits. Nothing is allocated, unless the schema contains itself or speaks of unique items or of
    /// unevaluated properties.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        Walk::new(&self.nodes).accepts(self.start, value, 0)
    }

    /// What a type reads of a text that surely is JSON that names nothing twice and whose value fits. It is found out in one
    /// pass and without a value of the whole; where it gives nothing, the value may still fit.
    pub(crate) fn read_surely<T: DeserializeOwned>(&self, text: &str, aside: &dyn Aside) -> Option<T> {
        through::read(&self.nodes, self.start, text, aside)
    }

    /// What is wrong with a value, in its order, at most so many findings. Where a value fits none of several
    /// schemas, the nearest one speaks.
    #[must_use]
    pub fn findings<'c, 'v>(&'c self, value: &'v Value, most: usize) -> Vec<Finding<'c, 'v>> {
        self.findings_where(value, most, |_| true)
    }

    /// As [`Checks::findings`], without those that `keep` does not keep; these do not count.
    #[must_use]
    pub fn findings_where<'c, 'v>(
        &'c self,
        value: &'v Value,
        most: usize,
        mut keep: impl FnMut(&Finding<'c, 'v>) -> bool,
    ) -> Vec<Finding<'c, 'v>> {
        let mut telling = Telling { found: Vec::new(), most, keep: &mut keep };
        if most > 0 {
            // Whether it ended early is seen in the number of findings.
            let _ = Walk::new(&self.nodes).node(self.start, value, &super::place::Place::TOP, &mut telling);
        }
        telling.found
    }
}
