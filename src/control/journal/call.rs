//! A kept exchange, taken apart: path, query, header fields and bodies as values.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::app::Sandbox;
use crate::control::explain::{Parts, first};
use crate::world::call::Seen;
use crate::world::journal::{Entry, Exchange};

/// An exchange and the sandbox whose journal keeps it.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) sandbox: Arc<Sandbox>,
    pub(super) entry: Entry,
}

/// A kept exchange, taken apart.
#[derive(Debug)]
pub(super) struct Call {
    /// Whose journal it is of.
    pub(super) sandbox: Arc<Sandbox>,
    pub(super) entry: Entry,
    pub(super) parts: Parts,
    /// Whether its client sent something that the vendor ignores, once somebody looked.
    pub(super) ignores: Option<bool>,
}

impl Call {
    pub(super) fn of(kept: Kept) -> Self {
        let Kept { sandbox, entry } = kept;
        Self { parts: Parts::of(&entry.exchange.text), sandbox, entry, ignores: None }
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
        &self.parts.path
    }

    fn is_exact_case(&self) -> bool {
        self.entry.exchange.exact_case
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.field(name)
    }

    fn query(&self) -> &[(String, String)] {
        &self.parts.query
    }

    fn body(&self) -> Option<&Value> {
        self.parts.body.as_ref()
    }

    fn exchange(&self) -> Option<&Exchange> {
        Some(&self.entry.exchange)
    }

    fn ignores(&self) -> Option<bool> {
        self.ignores
    }
}

/// All fields, sorted by name: in a hash map they have no order.
pub(super) fn sorted<'a>(fields: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<(&'a str, Cow<'a, str>)> {
    let mut all: Vec<_> = fields.map(|(name, value)| (name, String::from_utf8_lossy(value))).collect();
    all.sort_by_key(|(name, _)| *name);
    all
}
