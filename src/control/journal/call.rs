//! A kept exchange, taken apart: path, query, header fields and bodies as values.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::world::call::{Seen, read_body, read_query};
use crate::world::journal::{Entry, Exchange};

/// A kept exchange, taken apart.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) entry: Entry,
    /// Percent-decoded.
    pub(super) path: String,
    /// Decoded, in order.
    pub(super) query: Vec<(String, String)>,
    /// The request's body, where it is whole and JSON or a form.
    pub(super) body: Option<Value>,
}

impl Call {
    pub(super) fn of(entry: Entry) -> Self {
        let text = &entry.exchange.text;
        let (path, query) = text.target().split_once('?').unwrap_or((text.target(), ""));
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        let query = read_query(query);
        let content_type = first(text.request_fields(), "content-type");
        let body = match text.request_cut {
            true => None,
            false => read_body(content_type.as_deref(), text.request_body()),
        };
        Self { path, query, body, entry }
    }

    /// The first request header field of this name.
    pub(super) fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        first(self.entry.exchange.text.request_fields(), name)
    }
}

impl Seen for Call {
    fn provider(&self) -> Option<&str> {
        self.entry.exchange.provider.as_deref()
    }

    fn operation(&self) -> Option<&str> {
        self.entry.exchange.operation.as_deref()
    }

    fn method(&self) -> &str {
        self.entry.exchange.text.method()
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn is_exact_case(&self) -> bool {
        self.entry.exchange.exact_case
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.field(name)
    }

    fn query(&self) -> &[(String, String)] {
        &self.query
    }

    fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    fn exchange(&self) -> Option<&Exchange> {
        Some(&self.entry.exchange)
    }
}

/// The first field of this name, in any letter case.
pub(super) fn first<'a>(mut fields: impl Iterator<Item = (&'a str, &'a [u8])>, name: &str) -> Option<Cow<'a, str>> {
    let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| String::from_utf8_lossy(value))
}

/// All fields, sorted by name: in a hash map they have no order.
pub(super) fn sorted<'a>(fields: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<(&'a str, Cow<'a, str>)> {
    let mut all: Vec<_> = fields.map(|(name, value)| (name, String::from_utf8_lossy(value))).collect();
    all.sort_by_key(|(name, _)| *name);
    all
}
