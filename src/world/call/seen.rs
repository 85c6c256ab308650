//! What a pattern looks at.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::world::journal::Exchange;

/// A call, or a request that will be one.
pub trait Seen {
    /// The provider that it is for.
    fn provider(&self) -> Option<&str>;

    /// The operation that it means.
    fn operation(&self) -> Option<&str>;

    /// Its method.
    fn method(&self) -> &str;

    /// Its decoded path.
    fn path(&self) -> &str;

    /// Whether the letter case of its path counts.
    fn is_exact_case(&self) -> bool;

    /// The first request header field of this name.
    fn header(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The names and values of its query, decoded, in order.
    fn query(&self) -> &[(String, String)];

    /// Its body, where it is whole and JSON or a form.
    fn body(&self) -> Option<&Value>;

    /// What became of it; nothing where it is not answered yet.
    fn exchange(&self) -> Option<&Exchange> {
        None
    }

    /// Whether its client sent something that the vendor ignores; nothing where nobody looked.
    fn ignores(&self) -> Option<bool> {
        None
    }
}

/// The names and values of a query, decoded as a browser's form.
#[must_use]
pub(crate) fn read_query(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// A body as a value: a form by its content type, anything else if it is JSON. An object or a list of JSON is that under
/// the content type of a form too: it is the default of clients such as curl, and no form starts so.
#[must_use]
pub(crate) fn read_body(content_type: Option<&str>, body: &[u8]) -> Option<Value> {
    let is_form = content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    match body.trim_ascii_start().first() {
        _ if body.is_empty() => None,
        first if is_form && !matches!(first, Some(b'{' | b'[')) => {
            let pairs = form_urlencoded::parse(body);
            let pairs = pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
            Some(Value::Object(pairs.collect::<Map<_, _>>()))
        }
        _ => serde_json::from_slice(body).ok(),
    }
}
