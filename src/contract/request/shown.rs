//! What was sent, as a finding may show it: no secret, and of a name or a value no more than its start.

use std::borrow::Cow;

use serde_json::Value;

use crate::world::journal::{REDACTED, Secrets, is_secret_name};

/// How much of a value or of a name is shown.
const VALUE: usize = 40;

/// What a finding may show of one request.
pub(super) struct Shown<'a> {
    pub(super) secrets: &'a Secrets<'a>,
    /// The body that places lie in.
    pub(super) body: Option<&'a Value>,
    /// Some of the document's names, which are looked at first.
    pub(super) known: &'a [String],
    /// Whether a name is one of the document's, which may be shown whatever the client's secret is.
    pub(super) is_ours: &'a dyn Fn(&str) -> bool,
}

impl Shown<'_> {
    /// A place, such as `$.rows[0].nmae` or `query.limt`.
    pub(super) fn place(&self, at: &str) -> String {
        if let Some(name) = at.strip_prefix("query.") {
            return format!("query.{}", self.name(name));
        }
        let Some(rest) = at.strip_prefix('$') else { return at.to_owned() };
        let (mut out, mut within) = ("$".to_owned(), false);
        steps(rest, self.body, |step| match step {
            Step::Item(step) => out.push_str(step),
            Step::Name(name) => {
                out.push('.');
                out.push_str(&if within { Cow::Borrowed(REDACTED) } else { self.name(name) });
                within |= is_secret_name(name);
            }
        });
        out
    }

    /// A name that was sent.
    pub(super) fn name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if self.known.iter().any(|known| known == name) {
            return name.into();
        }
        let is_long = name.len() > VALUE && name.chars().nth(VALUE).is_some();
        let is_secret = self.secrets.are_named(name);
        match is_long || is_secret {
            true if (self.is_ours)(name) => name.into(),
            _ if is_secret => REDACTED.into(),
            true => start(name).into(),
            false => name.into(),
        }
    }

    /// A value at a place, as `found` writes it: of a secret only what kind of value it is.
    pub(super) fn value(&self, at: &str, value: &Value, found: impl FnOnce() -> String) -> String {
        match value {
            Value::Array(items) if !items.is_empty() => "a list".to_owned(),
            Value::Object(members) if !members.is_empty() => "an object".to_owned(),
            Value::String(text) if !text.is_empty() && self.hides(at, text) => format!("a string ({REDACTED})"),
            Value::Number(number) if self.hides(at, &number.to_string()) => format!("a number ({REDACTED})"),
            _ => start(&found()),
        }
    }

    /// The text of a parameter or of a header field.
    pub(super) fn text(&self, at: &str, text: &str) -> String {
        if self.hides(at, text) { format!("a string ({REDACTED})") } else { start(text) }
    }

    fn hides(&self, at: &str, text: &str) -> bool {
        let mut is_secret_place = false;
        match at.strip_prefix('$') {
            Some(rest) => steps(rest, self.body, |step| {
                is_secret_place |= matches!(step, Step::Name(name) if is_secret_name(name));
            }),
            None => is_secret_place = is_secret_name(at),
        }
        is_secret_place || self.secrets.cover(text)
    }
}

/// A text that is shown in part where it is long.
fn start(text: &str) -> String {
    match text.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A step of a place.
enum Step<'s> {
    /// `[0]`.
    Item(&'s str),
    Name(&'s str),
}

/// Takes a place apart. A name may hold dots and brackets: the members of the body say where it ends.
fn steps<'s>(mut rest: &'s str, body: Option<&Value>, mut take: impl FnMut(Step<'s>)) {
    let mut value = body;
    while !rest.is_empty() {
        let (step, behind) = match rest.strip_prefix('.') {
            Some(names) => {
                let end = value.and_then(|value| known_end(names, value)).unwrap_or_else(|| plain_end(names));
                let (name, behind) = names.split_at(end);
                value = value.and_then(|value| value.get(name));
                (Step::Name(name), behind)
            }
            None => {
                let (item, behind) = rest.split_at(rest.find(']').map_or(rest.len(), |end| end + 1));
                let number = item.trim_matches(['[', ']']).parse::<usize>().ok();
                value = value.zip(number).and_then(|(value, number)| value.get(number));
                (Step::Item(item), behind)
            }
        };
        take(step);
        rest = behind;
    }
}

/// Where the longest name ends that is a member of a value and stands at the start.
fn known_end(names: &str, value: &Value) -> Option<usize> {
    let members = value.as_object()?.keys();
    let ends = |name: &&String| {
        names.strip_prefix(&***name).is_some_and(|behind| behind.is_empty() || behind.starts_with(['.', '[']))
    };
    members.filter(ends).map(String::len).max()
}

fn plain_end(names: &str) -> usize {
    names.find(['.', '[']).unwrap_or(names.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_place_names_that_are_secrets_are_not_shown() {
        let fields = [("authorization", &b"Bearer abc-4242"[..])];
        let secrets = Secrets::of("/", fields.into_iter(), b"", &["authorization".into()]);
        let body = json!({"abc-4242": 1, "a.abc-4242[0].b": 1, "password": {"SEKRET": [{"x.y": 1}]}, "x".repeat(50): 1, "a": [{"nmae": 1}]});
        let shown = Shown { secrets: &secrets, body: Some(&body), known: &[], is_ours: &|name| name == "password" };
        let long = "x".repeat(50);
        for (at, expected) in [
            ("$", "$"),
            ("$.abc-4242", "$.[redacted]"),
            ("$.a.abc-4242[0].b", "$.[redacted]"),
            ("$.password", "$.password"),
            ("$.password.SEKRET[0].x.y", "$.password.[redacted][0].[redacted]"),
            ("$.a[0].nmae", "$.a[0].nmae"),
            ("$.unknown.abc-4242", "$.unknown.[redacted]"),
            ("query.limt", "query.limt"),
            ("query.abc-4242", "query.[redacted]"),
            ("header.content-type", "header.content-type"),
        ] {
            assert_eq!(shown.place(at), expected);
        }
        assert_eq!(shown.place(&format!("$.{long}")), format!("$.{}…", "x".repeat(40)));
        // Its own names a document shows, whether they are gathered or sought.
        let gathered = ["abc-4242".to_owned()];
        for known in [&[][..], &gathered] {
            let shown = Shown { known, is_ours: &|name| name == "abc-4242", ..shown };
            assert_eq!(shown.place("$.abc-4242"), "$.abc-4242");
        }
    }
}
