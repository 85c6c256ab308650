//! What is wrong with a body of the control API: where, what is right at that very place, and an example of it.

use serde_json::{Value, json};

use super::example::{self, Names};
use super::schemas;
use crate::api::Problem;
use crate::app::AppState;
use crate::contract::suggestion;
use crate::provider::Descriptor;
use crate::world::objects::{self, Any, ReadError};

/// How deep a schema is followed.
const DEEPEST: usize = 12;

/// The largest body that is read a second time, as whatever it is: that takes many times its bytes of memory.
const MOST_READ: usize = 1 << 20;

/// The longest value that is repeated, in bytes of its JSON.
const LONGEST: usize = 40;

/// The problem that a body of a verb is.
pub(super) fn problem(app: &AppState, verb: &str, body: &[u8], error: &ReadError) -> Problem {
    let mut shape = schemas::read_by(verb).unwrap_or_default();
    example::fill_all(&mut shape, &Names::of(app.default_sandbox()));
    let shape = Shape(shape);
    let sent = if body.len() <= MOST_READ { objects::read::<Any>(body).ok() } else { None };
    let Some(Any(sent)) = sent else {
        let problem = Problem::new(400, format!("{}{}", error.words(), shape.example_of_all()));
        return if error.path == "$" { problem } else { problem.at(error.path.clone()) };
    };
    let (mut at, found) = place(&sent, &error.path);
    let (nodes, known) = shape.at(at);
    let mut said = worded(&error.words(), &nodes, found, known == at);
    let mut example = None;
    if let Some((around, name)) = at.rsplit_once('.').filter(|(around, name)| shape.is_text(around, name)) {
        said = format!("expected the text {name:?} alone, found an object whose member it is");
        (at, example) = (around, Some(format!("; an example of {around}: {name:?}")));
    } else if let Some(variant) = error.path[at.len()..].strip_prefix('.').filter(|_| found.is_string()) {
        let inner = shape.example(&error.path).map(|inner| json!({ variant: inner }));
        example = inner.map(|inner| format!("; an example of {at}: {inner}"));
    }
    let meant =
        setting(app, &shape, at, found).or_else(|| Some(format!("{said}; {}", meant(&said, &shape, at, found)?)));
    let detail = meant.unwrap_or_else(|| {
        let near = near(&said).map(|near| format!("; `{near}` was probably meant")).unwrap_or_default();
        let example = example.unwrap_or_else(|| shape.nearest_example(known));
        format!("{said}{near}{example}")
    });
    Problem::new(400, detail).at(at)
}

/// An example of the body that a verb reads, not yet filled in; nothing where it reads no JSON of its own.
pub(super) fn example(verb: &str) -> Option<Value> {
    Shape(schemas::read_by(verb)?).example("$")
}

/// As much of a path as leads to something in the body, and what stands there. The reader names what a text stands for as
/// a place of its own.
fn place<'p, 'v>(sent: &'v Value, path: &'p str) -> (&'p str, &'v Value) {
    let (mut rest, mut value) = (path.strip_prefix('$').unwrap_or_default(), sent);
    loop {
        let next = match value {
            Value::Object(members) => longest(rest, members.keys().map(String::as_str))
                .and_then(|(name, rest)| Some((members.get(name)?, rest))),
            Value::Array(items) => index(rest).and_then(|(number, rest)| Some((items.get(number)?, rest))),
            _ => None,
        };
        let Some((inner, behind)) = next else { break };
        (value, rest) = (inner, behind);
    }
    (&path[..path.len() - rest.len()], value)
}

/// The longest of some names with which the rest of a path goes on, and what follows: a name may have dots of its own.
fn longest<'n, 'r>(rest: &'r str, names: impl Iterator<Item = &'n str>) -> Option<(&'n str, &'r str)> {
    let rest = rest.strip_prefix('.')?;
    let ends = |behind: &str| behind.is_empty() || behind.starts_with(['.', '[']);
    let fitting = names.filter_map(|name| Some((name, rest.strip_prefix(name).filter(|behind| ends(behind))?)));
    fitting.max_by_key(|(name, _)| name.len())
}

fn index(rest: &str) -> Option<(usize, &str)> {
    let (number, rest) = rest.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, rest))
}

/// What a type is, as its schema says it.
struct Shape(Value);

impl Shape {
    /// What may stand at a place, or where that is not known at the nearest place around it; and which place that is.
    fn at<'p>(&self, path: &'p str) -> (Vec<&Value>, &'p str) {
        let mut rest = path.strip_prefix('$').unwrap_or_default();
        let mut nodes = self.alternatives(&self.0, 0);
        while let Some((inner, behind)) = self.within(&nodes, rest) {
            (nodes, rest) = (inner, behind);
        }
        (nodes, &path[..path.len() - rest.len()])
    }

    /// Whether a place may hold this text, and no object whose member it is.
    fn is_text(&self, path: &str, name: &str) -> bool {
        let nodes = self.at(path).0;
        let has_member = || nodes.iter().any(|node| node["properties"].get(name).is_some());
        nodes.iter().any(|node| node["const"] == name) && !has_member()
    }

    fn within<'s, 'r>(&'s self, nodes: &[&'s Value], rest: &'r str) -> Option<(Vec<&'s Value>, &'r str)> {
        let all = |inner: &mut dyn Iterator<Item = &'s Value>| -> Vec<_> {
            inner.flat_map(|inner| self.alternatives(inner, 0)).collect()
        };
        if let Some((_, behind)) = index(rest) {
            let inner = all(&mut nodes.iter().filter_map(|node| node.get("items")));
            return (!inner.is_empty()).then_some((inner, behind));
        }
        let members = || nodes.iter().filter_map(|node| node.get("properties")?.as_object());
        if let Some((name, behind)) = longest(rest, members().flat_map(|members| members.keys().map(String::as_str))) {
            return Some((all(&mut members().filter_map(|members| members.get(name))), behind));
        }
        let name = rest.strip_prefix('.')?;
        let behind = &name[name.find(['.', '[']).unwrap_or(name.len())..];
        let inner =
            all(&mut nodes.iter().filter_map(|node| node.get("additionalProperties").filter(|of| of.is_object())));
        (!inner.is_empty()).then_some((inner, behind))
    }

    /// What a schema may be, each with an end of its own; that nothing may stand there is left out.
    fn alternatives<'s>(&'s self, node: &'s Value, depth: usize) -> Vec<&'s Value> {
        if depth > DEEPEST || node["type"] == "null" {
            return Vec::new();
        }
        let referred =
            node.get("$ref").and_then(Value::as_str).and_then(|name| self.0.pointer(name.strip_prefix('#')?));
        let several = ["oneOf", "anyOf"].iter().find_map(|key| node.get(key)?.as_array());
        let inner = referred.into_iter().chain(several.into_iter().flatten());
        let inner: Vec<_> = inner.flat_map(|inner| self.alternatives(inner, depth + 1)).collect();
        if inner.is_empty() { vec![node] } else { inner }
    }

    /// What may stand at a place: nothing where no example is known.
    fn example(&self, path: &str) -> Option<Value> {
        match path {
            "$" => self.made(&self.0, 0),
            _ => self.at(path).0.into_iter().find_map(|node| self.made(node, 0)),
        }
    }

    /// An example of what stands at a place, or at the nearest place around it of which there is one.
    fn nearest_example(&self, path: &str) -> String {
        let around = std::iter::successors(Some(path), |path| path.rfind(['.', '[']).map(|end| &path[..end]));
        let mut inner = around.take_while(|path| *path != "$");
        let found = inner.find_map(|path| Some(format!("; an example of {path}: {}", self.example(path)?)));
        found.unwrap_or_else(|| self.example_of_all())
    }

    fn example_of_all(&self) -> String {
        self.example("$").map(|example| format!("; an example of a body: {example}")).unwrap_or_default()
    }

    /// An example that a schema shows, or that those of its parts make.
    fn made(&self, node: &Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let shown = ["examples", "enum"].iter().find_map(|key| node.get(key)?.get(0));
        if let Some(shown) = shown.or_else(|| node.get("const")) {
            return Some(shown.clone());
        }
        let inner = self.alternatives(node, depth);
        if !matches!(&inner[..], [only] if std::ptr::eq(*only, node)) {
            return inner.into_iter().find_map(|inner| self.made(inner, depth + 1));
        }
        match kind(node)? {
            "object" => {
                let required = node.get("required")?.as_array()?.iter().filter_map(Value::as_str);
                let member = |name: &str| Some((name.to_owned(), self.made(&node["properties"][name], depth + 1)?));
                required.map(member).collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
            }
            "array" => Some(json!([self.made(node.get("items")?, depth + 1)?])),
            "integer" => Some(json!(node["minimum"].as_u64().unwrap_or(1).max(1))),
            "boolean" => Some(json!(true)),
            _ => None,
        }
    }
}

/// What the reader said, in the terms of the place: its range, and whether it takes a text or an object.
fn worded(said: &str, nodes: &[&Value], found: &Value, is_known: bool) -> String {
    let shown = shown(found);
    if !is_known {
        return said.to_owned();
    }
    if said.starts_with("expected a duration") && found.is_u64() {
        return format!("{said}, which has no unit: send \"{shown}s\" or \"{shown}ms\"");
    }
    if said.starts_with("expected a whole number") {
        let bounds = nodes.iter().find_map(|node| Some((node["minimum"].as_u64()?, node.get("maximum"))));
        return match bounds {
            Some((least, Some(most))) => format!("expected a whole number from {least} to {most}, found {shown}"),
            Some((least, None)) => format!("expected a whole number from {least}, found {shown}"),
            None => said.to_owned(),
        };
    }
    let takes_text = nodes.iter().any(|node| kind(node) == Some("string") || node["const"].is_string());
    let objects: Vec<_> = nodes.iter().filter_map(|node| variant(node)).collect();
    let is_choice =
        !objects.is_empty() && objects.len() == nodes.iter().filter(|node| kind(node) == Some("object")).count();
    let names = || objects.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let is_about_form = said.starts_with("unknown name `") && found.is_string()
        || said.contains("as a text or as the one member of an object")
        || said.starts_with("expected an object whose one member it is");
    match (is_about_form, takes_text, is_choice) {
        (true, false, true) => format!("expected an object with one member out of {}, found {shown}", names()),
        (true, true, false) => said.replace(", as a text or as the one member of an object", ", as a text"),
        (true, true, true) if said.starts_with("expected an object whose one member it is") => {
            format!("expected an object whose one member is {shown}, found the text alone")
        }
        _ => said.to_owned(),
    }
}

/// The type that a schema states, beside null.
fn kind(node: &Value) -> Option<&str> {
    let kinds = node["type"].as_array().into_iter().flatten().chain([&node["type"]]);
    kinds.filter_map(Value::as_str).find(|kind| *kind != "null")
}

/// The member that an object of a choice has.
fn variant(node: &Value) -> Option<&str> {
    let [only] = &node["required"].as_array()?[..] else { return None };
    let members = node["properties"].as_object()?;
    only.as_str().filter(|only| members.len() == 1 && members.contains_key(*only))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        value => short(value),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some(_) => "...".to_owned(),
        None => text,
    }
}

/// The unknown name that is told of, and the names that are known.
fn unknown(said: &str) -> Option<(&str, &str)> {
    said.strip_prefix("unknown name `")?.split_once("`, expected ")
}

/// The known name that is like an unknown one. The part of a name behind a dot is no name of its own.
fn near(said: &str) -> Option<&str> {
    let (unknown, known) = unknown(said)?;
    suggestion::name(unknown, known.split('`').skip(1).step_by(2)).filter(|_| !unknown.contains('.'))
}

/// Where an unknown name belongs, if one of the members beside it takes it.
fn meant(said: &str, shape: &Shape, at: &str, found: &Value) -> Option<String> {
    let (name, _) = unknown(said)?;
    let around = at.strip_suffix(name)?.strip_suffix('.')?;
    let members = shape.at(around).0.into_iter().filter_map(|node| node["properties"].as_object()).flatten();
    let takes =
        |inner: &Value| shape.alternatives(inner, 0).iter().any(|inner| inner["properties"].get(name).is_some());
    let (holder, _) = members.into_iter().find(|(_, inner)| takes(inner))?;
    let example = || shape.example(&format!("{around}.{holder}.{name}"));
    let value = if short(found) == "..." { example()? } else { found.clone() };
    Some(format!("{} was probably meant", json!({holder: {name: value}})))
}

/// What is wrong with a setting or a limit of a provider that stands where none is read, or has no text as its value.
fn setting(app: &AppState, shape: &Shape, at: &str, found: &Value) -> Option<String> {
    let has = |name: &str| shape.0["properties"].get(name).is_some();
    let below = at.strip_prefix("$.")?;
    let below = below.strip_prefix("settings.").unwrap_or(below);
    let (is_in_place, below) = match below.strip_prefix("providers.") {
        Some(below) => (true, below),
        None => (false, below),
    };
    let (id, key) = below.split_once('.').map_or((below, None), |(id, key)| (id, Some(key)));
    let descriptor = app.descriptors().find(|descriptor| descriptor.id == id)?;
    if has("limits") {
        let limit = found.as_str().filter(|text| text.len() < LONGEST).unwrap_or("100/1m");
        return Some(format!("a limit stands below `limits`; {} was probably meant", json!({"limits": {id: limit}})));
    }
    if !has("providers") && !has("settings") {
        return None;
    }
    let (key, value) = match (key, found) {
        (Some(key), value) => (key, value),
        (None, Value::Object(members)) => members.iter().next().map(|(key, value)| (key.as_str(), value))?,
        (None, _) => return None,
    };
    if key == "auth" {
        return Some(format!("`auth` is of all providers; {} was probably meant", json!({"auth": "strict"})));
    }
    let values = values(descriptor, key)?;
    let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let plain = match &*plain {
        "true" => "on",
        "false" => "off",
        plain => plain,
    };
    let known = values.iter().find(|known| **known == plain).or_else(|| values.first())?;
    let meant = json!({"providers": {id: {key: known}}});
    let listed: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
    let listed = listed.join(" or ");
    Some(match is_in_place {
        true => format!("expected one of the texts {listed}, found {}; {meant} was probably meant", shown(value)),
        false => {
            format!("a provider's setting stands below `providers`; {meant} was probably meant; `{key}` takes {listed}")
        }
    })
}

/// The values of a provider's setting.
fn values<'d>(descriptor: &'d Descriptor, key: &str) -> Option<Vec<&'d str>> {
    let setting = descriptor.settings.iter().find(|setting| setting.key == key)?;
    Some(setting.values.iter().map(|value| &**value).collect())
}
