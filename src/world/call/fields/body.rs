//! The body of a call, as a pattern says it: JSON, a path, or a path and its value.

use std::ops::ControlFlow;

use serde_json::Value;

use super::no;
use crate::world::call::json::{self, At};
use crate::world::call::{Look, Part, Pattern, Seen, Shown, Visit};
use crate::world::objects::Any;

pub(super) fn read_body(pattern: &mut Pattern, text: &str) -> Result<(), String> {
    if !text.starts_with('$') {
        let json = serde_json::from_str(text).map_err(|_| {
            no("a path such as $.rows[0].name, a path and its value such as $.name=Ann, or JSON such as {\"name\": \"Ann\"}", text)
        })?;
        return match pattern.body.replace(json) {
            Some(_) => Err("expected JSON of the body once, found it twice".to_owned()),
            None => Ok(()),
        };
    }
    let Some((path, value)) = text.split_once('=') else {
        json::parse(text)?;
        pattern.body_has.push(text.to_owned());
        return Ok(());
    };
    json::parse(path)?;
    // A value that is no JSON is text: `$.status=active`.
    let value = Any(serde_json::from_str(value).unwrap_or_else(|_| Value::from(value)));
    match pattern.body_at.insert(path.to_owned(), value) {
        Some(before) if Some(&before) != pattern.body_at.get(path) => {
            Err(format!("expected one value of `{path}`, found two"))
        }
        _ => Ok(()),
    }
}

pub(super) fn write_body(pattern: &Pattern) -> Vec<String> {
    let whole = pattern.body.iter().map(Value::to_string);
    let at = pattern.body_at.iter().map(|(path, value)| format!("{path}={}", value.0));
    whole.chain(at).chain(pattern.body_has.iter().cloned()).collect()
}

pub(super) fn look_body(pattern: &Pattern, call: &dyn Seen, visit: &mut Visit<'_>) -> ControlFlow<()> {
    if pattern.body.is_none() && pattern.body_at.is_empty() && pattern.body_has.is_empty() {
        return ControlFlow::Continue(());
    }
    let body = call.body();
    let mut leaf = |at: &At<'_>, expected: &Value, found: Option<&Value>| {
        let (agrees, shown) = (found == Some(expected), found.map(Shown::Json));
        let (part, expected) = (Part::Body(at), Shown::Json(expected));
        visit(&Look { part, agrees, expected, found: shown, weight: 1.0, by_letters: false })
    };
    if let Some(expected) = &pattern.body {
        json::leaves(&At::Path("$"), expected, body, &mut leaf)?;
    }
    for (path, expected) in &pattern.body_at {
        json::leaves(&At::Path(path), &expected.0, body.and_then(|body| json::look(body, path)), &mut leaf)?;
    }
    pattern.body_has.iter().try_for_each(|path| {
        let found = body.and_then(|body| json::look(body, path)).map(Shown::Json);
        let (part, agrees, expected) = (Part::Body(&At::Path(path)), found.is_some(), Shown::Text("anything"));
        visit(&Look { part, agrees, expected, found, weight: 1.0, by_letters: false })
    })
}
