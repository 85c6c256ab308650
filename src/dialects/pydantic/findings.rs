//! What is wrong with a request: all of it, in order.

use std::borrow::Cow;

use super::Version;
use crate::dialects::python::{Unencodable, Use, Value, write, write_str};

/// Where a finding is: `["body", "tags", 1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loc {
    names: [&'static str; 3],
    index: Option<usize>,
}

impl Loc {
    /// A part of the request: `body`, `query`, `path`.
    #[must_use]
    pub(crate) const fn of(part: &'static str) -> Self {
        Self { names: [part, "", ""], index: None }
    }

    /// A name within; the third level is the deepest.
    #[must_use]
    pub(crate) fn name(mut self, name: &'static str) -> Self {
        if let Some(free) = self.names.iter_mut().find(|known| known.is_empty()) {
            *free = name;
        }
        self
    }

    /// A place in a list, or a position in a text.
    #[must_use]
    pub(crate) fn index(self, index: usize) -> Self {
        Self { index: Some(index), ..self }
    }

    fn write(self, out: &mut Vec<u8>) {
        for (number, name) in self.names.iter().take_while(|name| !name.is_empty()).enumerate() {
            out.push(if number == 0 { b'[' } else { b',' });
            write_str(name, out);
        }
        if let Some(index) = self.index {
            out.extend_from_slice(format!(",{index}").as_bytes());
        }
        out.push(b']');
    }
}

/// What a finding echoes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input<'v> {
    /// A value of the body.
    Value(&'v Value<'v>),
    /// A text from the path, the query or a body that was not read as JSON.
    Text(&'v str),
    /// `null`, where there was nothing.
    Null,
    /// `{}`, where the body is no JSON.
    Empty,
    /// Bytes that are no text, which no answer can echo.
    Bytes,
}

/// The bound or text that a finding names under `ctx`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Context {
    None,
    Number(&'static str, i64),
    Text(&'static str, String),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding<'v> {
    kind: &'static str,
    loc: Loc,
    message: Cow<'static, str>,
    input: Input<'v>,
    context: Context,
}

impl<'v> Finding<'v> {
    /// A finding without `ctx`.
    pub(crate) fn new(kind: &'static str, loc: Loc, message: impl Into<Cow<'static, str>>, input: Input<'v>) -> Self {
        Self { kind, loc, message: message.into(), input, context: Context::None }
    }

    /// A field that is not there.
    #[must_use]
    pub(crate) fn missing(loc: Loc, input: Input<'v>) -> Self {
        Self::new("missing", loc, "Field required", input)
    }

    /// A body that is no JSON.
    #[must_use]
    pub(crate) fn malformed(position: usize, message: &'static str) -> Self {
        Self::new("json_invalid", Loc::of("body").index(position), "JSON decode error", Input::Empty)
            .with(Context::Text("error", message.to_owned()))
    }

    pub(super) fn with(self, context: Context) -> Self {
        Self { context, ..self }
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        out.extend_from_slice(br#"{"type":"#);
        write_str(self.kind, out);
        out.extend_from_slice(br#","loc":"#);
        self.loc.write(out);
        out.extend_from_slice(br#","msg":"#);
        write_str(&self.message, out);
        out.extend_from_slice(br#","input":"#);
        match &self.input {
            Input::Value(value) => write(value, Use::Echo, out)?,
            Input::Text(text) => write_str(text, out),
            Input::Null => out.extend_from_slice(b"null"),
            Input::Empty => out.extend_from_slice(b"{}"),
            Input::Bytes => return Err(Unencodable),
        }
        match &self.context {
            Context::None => {}
            Context::Number(name, number) => {
                out.extend_from_slice(format!(r#","ctx":{{"{name}":{number}}}"#).as_bytes())
            }
            Context::Text(name, text) => {
                out.extend_from_slice(format!(r#","ctx":{{"{name}":"#).as_bytes());
                write_str(text, out);
                out.push(b'}');
            }
        }
        out.push(b'}');
        Ok(())
    }
}

/// Everything that is wrong with a request, in the order it was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Findings<'v> {
    version: Version,
    list: Vec<Finding<'v>>,
}

impl<'v> Findings<'v> {
    /// None yet, by this version of pydantic.
    #[must_use]
    pub(crate) fn by(version: Version) -> Self {
        Self { version, list: Vec::new() }
    }

    /// The one finding, by this version of pydantic.
    #[must_use]
    pub(crate) fn of(version: Version, finding: Finding<'v>) -> Self {
        Self { version, list: vec![finding] }
    }

    /// The version that finds them.
    pub(super) fn version(&self) -> Version {
        self.version
    }

    /// Notes a finding.
    pub(crate) fn push(&mut self, finding: Finding<'v>) {
        self.list.push(finding);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The body of the answer: `{"detail":[…]}`.
    ///
    /// # Errors
    ///
    /// [`Unencodable`], where a finding echoes what no JSON can hold.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>, Unencodable> {
        let mut out = br#"{"detail":["#.to_vec();
        for (number, finding) in self.list.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            finding.write(&mut out)?;
        }
        out.extend_from_slice(b"]}");
        Ok(out)
    }
}
