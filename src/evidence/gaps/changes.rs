//! Drafts with one thing changed.

use serde_json::Value;

use super::draft::{Body, Draft};
use super::path::{self, Path, Step};
use super::shown::{Shown, examples, text, texts};
use super::values;
use crate::contract::document::Place;

/// A path in which the last characters of each value are others, so that it names nothing.
pub(super) fn unknown<'d>(draft: &Draft<'d>) -> Vec<Draft<'d>> {
    let other = |value: &str| match value.parse::<u32>() {
        Ok(_) => "987654".to_owned(),
        Err(_) => {
            let swapped = |c: char| if c == '9' { '8' } else { '9' };
            let kept = value.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
            value[..kept].chars().chain(value[kept..].chars().map(swapped)).collect()
        }
    };
    let of_the_path = draft.path.iter().map(|(name, value)| draft.with_path(name, other(value)));
    let of_the_query = draft.query.iter().map(|(name, value)| draft.with_query(name, [other(value)]));
    of_the_path.chain(of_the_query).collect()
}

/// Drafts whose body is none that anybody takes.
pub(super) fn unreadable<'d>(draft: &Draft<'d>) -> Vec<Draft<'d>> {
    let with = |media: Option<&str>, body: &str| Draft {
        media: media.map(str::to_owned),
        body: Some(Body::Text(body.to_owned())),
        ..draft.clone()
    };
    let json = Some("application/json");
    let mut found = Vec::new();
    if let Some(body) = draft.json() {
        found.push(with(Some("text/plain"), &body.to_string()));
        found.push(with(Some("application/xml"), &body.to_string()));
    }
    let deep = format!("{}{}", "[".repeat(3_000), "]".repeat(3_000));
    let texts = ["{", "[]", "{}", "\"text\"", "null", "[null]", "[{}]", &deep, "NaN", r#"{"name": NaN}"#];
    found.extend(texts.into_iter().map(|body| with(json, body)));
    found
}

/// Drafts that lack one member of the body, or one parameter of the query.
pub(super) fn without<'d>(draft: &Draft<'d>) -> Vec<Draft<'d>> {
    let mut found = Vec::new();
    for (name, _) in &draft.query {
        found.push(draft.with_query(name, []));
    }
    for (name, _) in draft.json().and_then(Value::as_object).into_iter().flatten() {
        let mut members = draft.json().and_then(Value::as_object).cloned().unwrap_or_default();
        members.shift_remove(name);
        found.push(draft.with_body(Body::Json(Value::Object(members))));
    }
    if draft.body.is_some() {
        found.push(Draft { body: None, media: None, ..draft.clone() });
    }
    found
}

/// Drafts in which one member of the body, or of its first item, is of a wrong form or a wrong kind.
pub(super) fn broken<'d>(draft: &Draft<'d>) -> Vec<Draft<'d>> {
    let Some(body) = draft.json() else { return Vec::new() };
    let (holder, is_list) = match body.get(0) {
        Some(first) => (first, true),
        None => (body, false),
    };
    let names = holder.as_object().into_iter().flatten().map(|(name, _)| name);
    let wrong = [Value::from("?"), serde_json::json!({"wrong": true}), Value::from(-1)];
    let each = names.flat_map(|name| wrong.iter().map(move |value| (name, value)));
    let with = each.map(|(name, value)| {
        let mut holder = holder.clone();
        holder[name.as_str()] = value.clone();
        draft.with_body(Body::Json(if is_list { Value::Array(vec![holder]) } else { holder }))
    });
    with.collect()
}

/// Drafts whose body is a list of one item that is taken and one that is not.
pub(super) fn mixed<'d>(draft: &Draft<'d>) -> Vec<Draft<'d>> {
    let Some(first) = draft.json().and_then(|body| body.get(0)) else { return Vec::new() };
    let wrong = first.as_object().into_iter().flatten().map(|(name, _)| {
        let mut item = first.clone();
        item[name.as_str()] = serde_json::json!({"wrong": true});
        item
    });
    wrong.map(|item| draft.with_body(Body::Json(Value::Array(vec![first.clone(), item])))).collect()
}

/// Drafts that send a parameter with a value.
pub(super) fn parameter_sent<'d>(shown: Shown<'d>, draft: &Draft<'d>, place: Place, name: &str) -> Vec<Draft<'d>> {
    let Some(node) = shown.parameter(word(place), name) else { return Vec::new() };
    let mut sent: Vec<Value> = examples(node).map(|(_, value)| value.clone()).collect();
    let schema = node.get("schema").unwrap_or(&Value::Null);
    sent.extend(values::of(shown.document, &path::parts(shown.document.json(), schema)));
    let at = |value: &Value| match place {
        Place::Query => draft.with_query(name, texts(node, value)),
        Place::Path => draft.with_path(name, text(value)),
        Place::Header | Place::Cookie => parameter_of(draft, place, name, &text(value)),
    };
    sent.iter().map(at).collect()
}

/// A draft that sends a parameter as this text.
pub(super) fn parameter_of<'d>(draft: &Draft<'d>, place: Place, name: &str, value: &str) -> Draft<'d> {
    match place {
        Place::Query => draft.with_query(name, [value.to_owned()]),
        Place::Path => draft.with_path(name, value),
        Place::Header => draft.with_header(name, value),
        Place::Cookie => draft.with_header("Cookie", format!("{name}={value}")),
    }
}

/// Drafts that send a parameter as hardly any is taken, or leave it out.
pub(super) fn parameter_refused<'d>(draft: &Draft<'d>, place: Place, name: &str) -> Vec<Draft<'d>> {
    let long = "x".repeat(2_000);
    let wrong = values::WRONG_TEXTS.iter().copied().chain([&*long]);
    let mut found: Vec<_> = wrong.map(|value| parameter_of(draft, place, name, value)).collect();
    if place == Place::Query {
        found.push(draft.with_query(name, []));
        found.push(draft.with_query(name, ["1".to_owned(), "2".to_owned()]));
    }
    found
}

/// Drafts that send a field of the body with a value.
pub(super) fn field_sent<'d>(shown: Shown<'d>, draft: &Draft<'d>, field: &Path) -> Vec<Draft<'d>> {
    let place = Site::of(shown, draft, field);
    let elsewhere = shown.document.endpoints().iter().filter_map(|endpoint| endpoint.body.as_ref());
    let elsewhere = elsewhere.flat_map(|body| body.examples()).map(|example| shown.document.example(example));
    let mut found: Vec<Value> = Vec::new();
    let mut add = |value: &Value| {
        if !value.is_null() && !found.contains(value) {
            found.push(value.clone());
        }
    };
    elsewhere.flat_map(|example| named(example, field.name())).for_each(&mut add);
    values::of(shown.document, &place.schemas).iter().for_each(&mut add);
    found.into_iter().map(|value| place.put(value)).collect()
}

/// A draft that sends a field of the body as this value.
pub(super) fn field_of<'d>(shown: Shown<'d>, draft: &Draft<'d>, field: &Path, value: Value) -> Draft<'d> {
    Site::of(shown, draft, field).put(value)
}

/// Drafts that send a field as hardly any is taken, or leave it out.
pub(super) fn field_refused<'d>(shown: Shown<'d>, draft: &Draft<'d>, field: &Path) -> Vec<Draft<'d>> {
    let place = Site::of(shown, draft, field);
    let mut found: Vec<_> = values::wrong().into_iter().map(|value| place.put(value)).collect();
    found.extend(place.taken_out());
    found
}

/// The values of enumerations that a field may have, by the schemas of the place.
pub(super) fn listed(shown: Shown<'_>, draft: &Draft<'_>, field: &Path) -> Vec<Value> {
    values::listed(&Site::of(shown, draft, field).schemas)
}

/// Drafts that ask for every value of each parameter that has an enumeration: all at once, and each alone.
pub(super) fn asking_for_all<'d>(shown: Shown<'d>, draft: &Draft<'d>) -> Vec<Draft<'d>> {
    let mut found = Vec::new();
    for node in shown.parameters().filter(|node| node["in"] == "query") {
        let schema = node.get("schema").unwrap_or(&Value::Null);
        let items = path::at(shown.document.json(), schema, &[Step::Items]);
        let name = node["name"].as_str().unwrap_or_default();
        for (listed, is_list) in
            [(values::listed(&items), true), (values::listed(&path::parts(shown.document.json(), schema)), false)]
        {
            if is_list && !listed.is_empty() {
                found.push(draft.with_query(name, texts(node, &Value::Array(listed.clone()))));
            }
            found.extend(listed.iter().map(|value| draft.with_query(name, [text(value)])));
        }
    }
    found
}

/// A place in a draft's body.
struct Site<'s, 'd> {
    shown: Shown<'d>,
    draft: &'s Draft<'d>,
    field: &'s Path,
    schema: &'d Value,
    /// The schemas of the place itself.
    schemas: Vec<&'d Value>,
}

impl<'s, 'd> Site<'s, 'd> {
    fn of(shown: Shown<'d>, draft: &'s Draft<'d>, field: &'s Path) -> Self {
        let schema = shown.schema(draft);
        let schemas = path::at(shown.document.json(), schema, &field.0);
        Self { shown, draft, field, schema, schemas }
    }

    fn made(&self, steps: &[Step]) -> Value {
        values::made(self.shown.document, self.schema, steps)
    }

    fn start(&self) -> Value {
        self.draft.json().cloned().unwrap_or_else(|| self.made(&[]))
    }

    fn put(&self, value: Value) -> Draft<'d> {
        let mut body = self.start();
        self.field.put(&mut body, value, &|steps| self.made(steps));
        self.with(body)
    }

    /// The draft without the field.
    fn taken_out(&self) -> Option<Draft<'d>> {
        let Some((Step::Member(name), holder)) = self.field.0.split_last() else { return None };
        let mut body = self.start();
        let holder = Path(holder.to_vec());
        let mut held = (*holder.of(&body).first()?).clone();
        held.as_object_mut()?.shift_remove(name)?;
        holder.put(&mut body, held, &|steps| self.made(steps));
        Some(self.with(body))
    }

    fn with(&self, body: Value) -> Draft<'d> {
        let media =
            self.draft.media.clone().or_else(|| self.shown.contents().next().map(|(media, _)| media.to_owned()));
        Draft { media, ..self.draft.with_body(Body::Json(body)) }
    }
}

/// The values of the members of this name, at any depth.
fn named<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    match value {
        Value::Object(members) => {
            let own = members.get(name).into_iter();
            own.chain(members.values().flat_map(|member| named(member, name))).collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| named(item, name)).collect(),
        _ => Vec::new(),
    }
}

/// How a document calls a place.
pub(super) fn word(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}
