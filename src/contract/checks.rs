//! A schema's compiled checks.

use jsonschema::Validator;
use serde_json::{Value, json};

/// What a schema asks of a value.
#[derive(Debug)]
pub struct Checks(Validator);

/// A rule that a value breaks.
#[derive(Debug, Clone)]
pub struct Finding<'v> {
    /// Where in the value.
    pub path: String,
    /// The value there.
    pub value: &'v Value,
    /// What was expected.
    pub rule: String,
}

impl Finding<'_> {
    /// What was found.
    #[must_use]
    pub fn found(&self) -> String {
        self.value.to_string()
    }
}

impl Checks {
    /// The checks of `schema`, which may refer to others of `root`.
    ///
    /// # Errors
    ///
    /// A schema that says what cannot be checked.
    pub fn compile(root: &Value, schema: &Value) -> Result<Self, String> {
        let mut whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
        if let Some(components) = root.get("components") {
            whole["components"] = components.clone();
        }
        let validator = jsonschema::options().should_validate_formats(true).build(&whole);
        validator.map(Self).map_err(|error| error.to_string())
    }

    /// Every rule that a value breaks.
    #[must_use]
    pub fn findings<'v>(&self, value: &'v Value) -> Vec<Finding<'v>> {
        let errors = self.0.iter_errors(value);
        let finding = |error: jsonschema::ValidationError<'_>| {
            let at = error.instance_path().as_str().to_owned();
            let value = value.pointer(&at).unwrap_or(value);
            Finding { path: path(&at), value, rule: error.to_string() }
        };
        errors.map(finding).collect()
    }

    /// Whether a value breaks none.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }
}

impl std::fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: found {}, expected {}", self.path, self.found(), self.rule)
    }
}

/// A JSON pointer as a path.
fn path(pointer: &str) -> String {
    let mut path = "$".to_owned();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() {
            path.push_str(&format!("[{part}]"));
        } else {
            path.push('.');
            path.push_str(&part.replace("~1", "/").replace("~0", "~"));
        }
    }
    path
}
