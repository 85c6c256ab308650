//! What a test expects of the calls that were made, and which exchanges it wants to see.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// A call that is expected: at least once, where nothing is said. What is not said of it may be
/// anything.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Call {
    call: Pattern,
    #[serde(skip_serializing_if = "Option::is_none")]
    exactly: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    never: bool,
    /// Whether `at_least` is what [`Call::any`] means and not what a caller said.
    #[serde(skip)]
    implied: bool,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Pattern {
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    headers: IndexMap<String, String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    query: IndexMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    body_at: IndexMap<String, Value>,
}

impl Call {
    /// Any call at all: at least one was made, or as many as is said.
    #[must_use]
    pub fn any() -> Self {
        Self { at_least: Some(1), implied: true, ..Self::default() }
    }

    /// A call that hit an operation, such as `vijil.create_persona`.
    #[must_use]
    pub fn to(operation: impl Into<String>) -> Self {
        let call = Pattern { operation: Some(operation.into()), ..Pattern::default() };
        Self { call, ..Self::default() }
    }

    /// To a provider.
    #[must_use]
    pub fn provider(mut self, id: impl Into<String>) -> Self {
        self.call.provider = Some(id.into());
        self
    }

    /// By a method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.call.method = Some(method.into());
        self
    }

    /// To a decoded path; `*` or `{name}` stands for one segment, `**` for any number.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.call.path = Some(path.into());
        self
    }

    /// Answered with a status: `201`, or `"4xx"`.
    #[must_use]
    pub fn status(mut self, status: impl ToString) -> Self {
        self.call.status = Some(status.to_string());
        self
    }

    /// With a header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.call.headers.insert(name.into(), value.into());
        self
    }

    /// With a query parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.call.query.insert(name.into(), value.into());
        self
    }

    /// With this JSON within its body: objects may have more members, lists may not.
    #[must_use]
    pub fn body(mut self, json: Value) -> Self {
        self.call.body = Some(json);
        self
    }

    /// With this JSON within its body at a path such as `$.rows[0].name`.
    #[must_use]
    pub fn body_at(mut self, path: impl Into<String>, json: impl Into<Value>) -> Self {
        self.call.body_at.insert(path.into(), json.into());
        self
    }

    /// So often and not otherwise.
    #[must_use]
    pub fn exactly(self, times: u64) -> Self {
        Self { exactly: Some(times), ..self.counted() }
    }

    /// Once and not otherwise.
    #[must_use]
    pub fn once(self) -> Self {
        self.exactly(1)
    }

    /// So often or more.
    #[must_use]
    pub fn at_least(self, times: u64) -> Self {
        Self { at_least: Some(times), ..self.counted() }
    }

    /// So often or less.
    #[must_use]
    pub fn at_most(self, times: u64) -> Self {
        Self { at_most: Some(times), ..self.counted() }
    }

    /// Not at all.
    #[must_use]
    pub fn never(self) -> Self {
        Self { never: true, ..self.counted() }
    }

    /// Without the count that nobody said.
    fn counted(self) -> Self {
        let at_least = if self.implied { None } else { self.at_least };
        Self { at_least, implied: false, ..self }
    }
}

/// What is expected of all calls.
#[derive(Serialize)]
pub(crate) struct Expectation<'a> {
    pub(crate) calls: &'a [Call],
    pub(crate) in_order: bool,
}

/// Which exchanges of the journal are wanted; all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    query: Vec<(&'static str, String)>,
}

impl Requests {
    /// All of them, oldest first.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Those of a provider.
    #[must_use]
    pub fn provider(self, id: impl Into<String>) -> Self {
        self.with("provider", id)
    }

    /// Those that hit an operation.
    #[must_use]
    pub fn operation(self, name: impl Into<String>) -> Self {
        self.with("operation", name)
    }

    /// Those answered with a status: `404`, or `"4xx"`.
    #[must_use]
    pub fn status(self, status: impl ToString) -> Self {
        self.with("status", status.to_string())
    }

    /// Those of a method.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        self.with("method", method)
    }

    /// Those to a decoded path; `*` or `{name}` stands for one segment, `**` for any number.
    #[must_use]
    pub fn path(self, path: impl Into<String>) -> Self {
        self.with("path", path)
    }

    /// Those with a header field: `name`, or `name: value`.
    #[must_use]
    pub fn header(self, field: impl Into<String>) -> Self {
        self.with("header", field)
    }

    /// Those with something in their JSON body: `$.a.b[0]`, or `$.a=value`.
    #[must_use]
    pub fn body(self, path: impl Into<String>) -> Self {
        self.with("body", path)
    }

    /// Those that wrote the state, or those that did not.
    #[must_use]
    pub fn changed(self, changed: bool) -> Self {
        self.with("changed", changed.to_string())
    }

    /// Those from an RFC 3339 instant of the sandbox's clock on.
    #[must_use]
    pub fn since(self, instant: impl ToString) -> Self {
        self.with("since", instant.to_string())
    }

    /// Those up to an RFC 3339 instant of the sandbox's clock.
    #[must_use]
    pub fn until(self, instant: impl ToString) -> Self {
        self.with("until", instant.to_string())
    }

    /// The newest first.
    #[must_use]
    pub fn newest_first(self) -> Self {
        self.with("order", "newest")
    }

    /// Of events: those that are kept first.
    #[must_use]
    pub fn with_kept(self) -> Self {
        self.with("last_event_id", "0-0")
    }

    pub(crate) fn pairs(&self) -> &[(&'static str, String)] {
        &self.query
    }
}
