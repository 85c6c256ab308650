//! What is wrong with a request: all of it, in order.

use std::borrow::Cow;

use super::Version;
use crate::dialects::python::{Unencodable, Use, Value, write, write_str};

/// Where a finding is: `["body", "tags", 1]`. A name lives as long as what the finding echoes: one of a table, or one that
/// the body itself states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loc<'v> {
    names: [&'v str; 3],
    index: Option<usize>,
}

impl<'v> Loc<'v> {
    /// A part of the request: `body`, `query`, `path`.
    #[must_use]
    pub(crate) const fn of(part: &'v str) -> Self {
        Self { names: [part, "", ""], index: None }
    }

    /// A name within; the third level is the deepest.
    #[must_use]
    pub(crate) fn name(mut self, name: &'v str) -> Self {
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
    loc: Loc<'v>,
    message: Cow<'static, str>,
    input: Input<'v>,
    context: Context,
}

impl<'v> Finding<'v> {
    /// A finding without `ctx`.
    pub(crate) fn new(
        kind: &'static str,
        loc: Loc<'v>,
        message: impl Into<Cow<'static, str>>,
        input: Input<'v>,
    ) -> Self {
        Self { kind, loc, message: message.into(), input, context: Context::None }
    }

    /// A field that is not there.
    #[must_use]
    pub(crate) fn missing(loc: Loc<'v>, input: Input<'v>) -> Self {
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

    /// The library's name of what is wrong.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn input(&self) -> &Input<'v> {
        &self.input
    }

    /// The part of the request: `body`, `query`, `path`.
    pub(super) fn part(&self) -> &'v str {
        let [part, ..] = self.loc.names;
        part
    }

    /// The part, and the names within.
    pub(super) fn names(&self) -> impl Iterator<Item = &'v str> {
        self.loc.names.into_iter().take_while(|name| !name.is_empty())
    }

    /// The place in a list, or the position in a text.
    pub(super) fn index(&self) -> Option<usize> {
        self.loc.index
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

    /// Every finding.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Finding<'v>> {
        self.list.iter()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_one_that_only_the_body_states() {
        let body = String::from("tags.colour");
        let name = body.split('.').next_back().unwrap_or_default();
        let finding = Finding::missing(Loc::of("body").name(name).index(1), Input::Null);
        let json = Findings::of(Version::V2_12, finding).to_json().map(String::from_utf8);
        let expected =
            r#"{"detail":[{"type":"missing","loc":["body","colour",1],"msg":"Field required","input":null}]}"#;
        assert_eq!(json, Ok(Ok(expected.to_owned())));
    }
}
