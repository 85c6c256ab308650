//! One request held against the endpoint of its operation.

use serde_json::Value;

use super::fields::{self, Unknown};
use super::sentence;
use super::shown::Shown;
use crate::contract::document::{Body, Content, Document, Endpoint, Parameter, Place, SchemaId};
use crate::contract::suggestion;
use crate::contract::validate::read_body;
use crate::world::journal::Secrets;
use crate::world::malformed::{Malformed, NO_JSON};
use crate::world::schema::{Finding, Rule};

/// The most findings of one kind about one request.
const MOST: usize = 20;

/// A request as a document looks at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The operation that answered.
    pub operation: &'a str,
    pub method: &'a str,
    /// The decoded path.
    pub path: &'a str,
    /// The query, decoded.
    pub query: &'a [(String, String)],
    /// The media type of the body.
    pub content_type: Option<&'a str>,
    /// The body, where it is JSON or a form, and whole.
    pub body: Option<&'a Value>,
    /// The body as it was sent, as far as it is known.
    pub bytes: &'a [u8],
    /// Whether any body was sent.
    pub has_body: bool,
    /// Whether only a part of the body is known.
    pub is_cut: bool,
    /// Whether the vendor took it. What it reads in other forms than a `format` names is then no mistake.
    pub passed: bool,
    /// What of it may not be repeated.
    pub secrets: &'a Secrets<'a>,
}

/// One rule of the document that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Where: `$.name`, `query.limit`, `header.content-type`.
    pub at: String,
    /// What the document asks for.
    pub expected: String,
    /// What was sent; nothing where it is missing.
    pub found: Option<String>,
    /// The member that is missing in the object at the place.
    pub lacks: Option<String>,
    /// Whether the name of the place is not known.
    pub is_unknown: bool,
    /// What would be right, where its form is not plain.
    pub example: Option<String>,
    /// The value or the name that was probably meant.
    pub nearest: Option<String>,
    /// Whether it is a string of JSON where the list or the object itself was wanted.
    pub is_encoded_twice: bool,
}

impl Broken {
    pub(super) fn new(at: impl Into<String>, expected: impl Into<String>, found: Option<String>) -> Self {
        let (at, expected) = (at.into(), expected.into());
        Self {
            at,
            expected,
            found,
            lacks: None,
            is_unknown: false,
            example: None,
            nearest: None,
            is_encoded_twice: false,
        }
    }

    /// An object that lacks a member.
    pub(super) fn lacking(object: &str, name: &str, expected: &str) -> Self {
        let found = Some(format!("no `{name}`"));
        Self { lacks: Some(name.to_owned()), ..Self::new(object, expected, found) }
    }

    /// A rule that a value at a place breaks.
    fn of(at: &str, finding: &Finding<'_, '_>, found: String, shown: &Shown<'_>) -> Self {
        let name = at.rsplit('.').next().unwrap_or_default();
        let (nearest, example) = (sentence::nearest(&finding.rule, finding.value, name), finding.rule.example());
        let lacks = match finding.rule {
            Rule::Missing(name) => Some(name.to_owned()),
            _ => None,
        };
        let is_unknown = matches!(finding.rule, Rule::Unknown(_));
        let place = shown.place(at);
        let is_encoded_twice = finding.rule.takes_others() && holds_json(finding.value);
        Self {
            lacks,
            is_unknown,
            example,
            nearest,
            is_encoded_twice,
            ..Self::new(place, finding.rule.to_string(), Some(found))
        }
    }
}

impl Asked<'_> {
    /// Whether a finding is a mistake of the client.
    fn minds(&self, finding: &Finding<'_, '_>) -> bool {
        !(self.passed && is_of_a_format(&finding.rule))
    }
}

fn is_of_a_format(rule: &Rule<'_>) -> bool {
    match rule {
        Rule::Format(_) => true,
        Rule::AnyOf(rules) => rules.iter().any(is_of_a_format),
        _ => false,
    }
}

/// Whether a value is a string that holds a list or an object as JSON.
fn holds_json(value: &Value) -> bool {
    let text = value.as_str().map(str::trim_ascii_start).filter(|text| text.starts_with(['{', '[']));
    text.is_some_and(|text| is_json(text.as_bytes()))
}

/// Whether it says of a value only that it is of another kind.
fn is_of_a_kind(rule: &Rule<'_>) -> bool {
    match rule {
        Rule::Kind(..) => true,
        Rule::AnyOf(rules) => rules.iter().all(is_of_a_kind),
        _ => false,
    }
}

impl Document {
    /// The fields of a request that the document does not name, each with the name that was probably meant.
    #[must_use]
    pub(crate) fn unknown(&self, asked: &Asked<'_>) -> Vec<Unknown> {
        let endpoint = self.operation(asked.operation, asked.method).filter(|_| self.states_requests());
        let Some(endpoint) = endpoint else { return Vec::new() };
        let known: Vec<_> = endpoint.parameters_in(Place::Query).collect();
        let mut found = Vec::new();
        for (name, _) in asked.query {
            // `filter[a]` and `filter.a` are members of `filter`, if that is an object: `status[]` is no list `status`.
            let head = name.split(['[', '.']).next().unwrap_or(name);
            let is_it = |known: &&Parameter| {
                self.is_same(&known.name, name) || (known.is_object && self.is_same(&known.name, head))
            };
            if found.len() >= MOST {
                break;
            }
            if known.iter().any(is_it) || found.iter().any(|unknown: &Unknown| unknown.name == *name) {
                continue;
            }
            let is_sent = |known: &str| asked.query.iter().any(|(sent, _)| sent == known);
            let (sent, unsent): (Vec<_>, Vec<_>) =
                known.iter().map(|known| &*known.name).partition(|known| is_sent(known));
            let beside = suggestion::slip(name, sent).map(str::to_owned);
            let synonym = suggestion::synonym(name, &unsent);
            let near = synonym.or_else(|| Some((suggestion::name(name, unsent.iter().copied())?, None)));
            let near = near.filter(|_| beside.is_none());
            let (nearest, note) = (near.map(|(name, _)| name.to_owned()), near.and_then(|(_, note)| note));
            let at = format!("query.{name}");
            let name = name.clone();
            let (belongs_in, taken_by) = (None, Vec::new());
            found.push(Unknown { at, name, nearest, note, beside, belongs_in, wraps: false, refused: false, taken_by });
        }
        let schema = Self::body_schema(endpoint, asked.content_type);
        if let (Some(schema), Some(body)) = (schema, asked.body)
            && !fields::are_all_of(body, self.names_of(schema), self.ignores_case())
        {
            fields::walk(self.json(), self.schema(schema), body, self.ignores_case(), MOST, &mut found);
        }
        if found.is_empty() {
            return found;
        }
        for unknown in &mut found {
            if unknown.at.strip_prefix("$.").is_some_and(|at| at == unknown.name) {
                let holder = schema.and_then(|schema| fields::holder(self.json(), self.schema(schema), &unknown.name));
                unknown.belongs_in = holder.map(str::to_owned);
            }
            unknown.taken_by = self.taken_by(asked.operation, &unknown.name);
        }
        let is_ours = |name: &str| self.has_name(name);
        let shown = Shown { secrets: asked.secrets, body: asked.body, known: &[], is_ours: &is_ours };
        for unknown in &mut found {
            unknown.at = shown.place(&unknown.at);
            unknown.name = shown.name(&unknown.name).into_owned();
        }
        found
    }

    /// The rules of the document that a request breaks.
    #[must_use]
    pub(crate) fn broken(&self, asked: &Asked<'_>) -> Vec<Broken> {
        let Some(endpoint) = self.operation(asked.operation, asked.method) else { return Vec::new() };
        let mut found = Vec::new();
        let is_ours = |name: &str| self.has_name(name);
        let schema = Self::body_schema(endpoint, asked.content_type);
        let known = schema.map_or(&[][..], |schema| self.names_of(schema));
        let shown = Shown { secrets: asked.secrets, body: asked.body, known, is_ours: &is_ours };
        self.check_parameters(endpoint, asked, &shown, &mut found);
        self.check_body(endpoint, asked, &shown, &mut found);
        found
    }

    /// A place as a reader noted it, as it may be shown.
    pub(crate) fn shown_place(&self, asked: &Asked<'_>, at: &str) -> String {
        let is_ours = |name: &str| self.has_name(name);
        Shown { secrets: asked.secrets, body: asked.body, known: &[], is_ours: &is_ours }.place(at)
    }

    fn check_body(&self, endpoint: &Endpoint, asked: &Asked<'_>, shown: &Shown<'_>, found: &mut Vec<Broken>) {
        let Some(known) = &endpoint.body else { return };
        if !asked.has_body {
            // Who refuses an operation that has a body, and got none, misses it.
            let is_missed = !asked.passed && matches!(asked.method, "POST" | "PUT" | "PATCH");
            if known.required || is_missed {
                found.push(Broken::new("$", "a body of JSON", None));
            }
            return;
        }
        let sent = asked.content_type.unwrap_or_default();
        if !known.contents.is_empty() && !known.contents.iter().any(|content| content.is_of(sent)) {
            let media: Vec<_> = known.contents.iter().map(|content| &*content.media).collect();
            let at = "header.content-type";
            let sent = asked.content_type.map(|sent| shown.text(at, sent));
            found.push(Broken::new(at, media.join(" or "), sent));
        }
        let schema = known.content(sent).and_then(|content| content.schema);
        let Some((schema, Ok(checks))) = schema.map(|schema| (schema, self.checks(schema))) else { return };
        let lenient = if asked.body.is_none() && !asked.is_cut { leniently(asked.bytes) } else { None };
        let Some(body) = asked.body.or(lenient.as_ref()) else {
            let unread = match asked.bytes {
                _ if asked.is_cut => None,
                b"" => Some(NO_JSON.to_owned()),
                // What is JSON all the same is one that is too deep or too large for this project's reader alone.
                bytes => Malformed::beyond(bytes).map(|malformed| malformed.to_text()),
            };
            found.extend(unread.map(|unread| Broken::new("$", "a body of JSON", Some(unread))));
            return;
        };
        let renamed = self.ignores_case().then(|| fields::renamed(self.json(), self.schema(schema), body));
        let body = renamed.as_ref().unwrap_or(body);
        let findings = checks.findings_where(body, MOST, |finding| asked.minds(finding));
        found.extend(findings.into_iter().map(|finding| {
            // Only a rule that a list or an object would keep shows an example.
            let takes_others = finding.rule.takes_others();
            let example = || self.example_at(known, asked.operation, &finding.path);
            let finding = match takes_others.then(example).flatten() {
                Some(example) => Finding { rule: finding.rule.showing(example), ..finding },
                None => finding,
            };
            let found = match finding.rule {
                Rule::Missing(_) | Rule::Unknown(_) => finding.found(),
                _ => shown.value(&finding.path, finding.value, || finding.found()),
            };
            Broken::of(&finding.path, &finding, found, shown)
        }));
    }

    /// What the document shows at a place of an operation's body, or else of another operation's.
    fn example_at(&self, own: &Body, operation: &str, path: &str) -> Option<&Value> {
        let others = self.endpoints().iter().filter_map(|endpoint| endpoint.body.as_ref()).filter(|_| path != "$");
        let own = own.examples().filter(|example| example.belongs_to(operation));
        own.chain(others.flat_map(Body::examples)).find_map(|example| at(self.example(example), path))
    }

    fn check_parameters(&self, endpoint: &Endpoint, asked: &Asked<'_>, shown: &Shown<'_>, found: &mut Vec<Broken>) {
        for parameter in endpoint.parameters_in(Place::Query) {
            let mut sent = asked.query.iter().filter(|(name, _)| self.is_same(name, &parameter.name)).peekable();
            let at = || format!("query.{}", parameter.name);
            if sent.peek().is_none() && parameter.required {
                found.push(Broken::new(at(), "a value", None));
            }
            let mut values = sent.flat_map(|(_, value)| match parameter.commas {
                true => value.split(',').collect(),
                false => vec![value.as_str()],
            });
            found.extend(values.find_map(|value| self.broken_rule(parameter, value, asked, shown, at)));
        }
        // A mount may put segments before the document's path, so the two are laid together at their ends.
        let (mut template, mut path) = (Some(&*endpoint.path), Some(asked.path));
        while let (Some(parts), Some(segments)) = (template.filter(|parts| parts.contains('{')), path) {
            let (part, segment);
            (template, part) = last_of(parts);
            (path, segment) = last_of(segments);
            let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { continue };
            let parameter = endpoint.parameters_in(Place::Path).find(|parameter| parameter.name == name);
            let at = || format!("path.{name}");
            found.extend(parameter.and_then(|parameter| self.broken_rule(parameter, segment, asked, shown, at)));
        }
    }

    /// The rule that a parameter's value breaks, read as what its schema asks for.
    fn broken_rule(
        &self,
        parameter: &Parameter,
        value: &str,
        asked: &Asked<'_>,
        shown: &Shown<'_>,
        at: impl Fn() -> String,
    ) -> Option<Broken> {
        if value.is_empty() {
            return None;
        }
        let checks = self.checks(parameter.schema?).ok()?;
        let text = Value::from(value);
        if checks.accepts(&text) {
            return None;
        }
        let read = serde_json::from_str::<Value>(value).ok();
        if read.as_ref().is_some_and(|read| checks.accepts(read)) {
            return None;
        }
        let finding = |value| checks.findings_where(value, 1, |finding| asked.minds(finding)).pop();
        let as_text = finding(&text)?;
        // -1 is an integer: where one is asked for, its bound says what is wrong with it.
        let number = read.as_ref().filter(|read| read.is_number() && is_of_a_kind(&as_text.rule));
        let finding = number.and_then(finding).filter(|finding| !is_of_a_kind(&finding.rule)).unwrap_or(as_text);
        let finding = Finding { rule: finding.rule.of_text(), ..finding };
        let at = at();
        let found = shown.text(&at, value);
        Some(Broken::of(&at, &finding, found, shown))
    }

    /// The operations whose body has this field at its top, or whose query has it, other than `operation`.
    fn taken_by(&self, operation: &str, field: &str) -> Vec<String> {
        let takes = |other: &&Endpoint| {
            let mut contents = other.body.iter().flat_map(|body| &body.contents);
            let named = |content: &Content| {
                content.schema.is_some_and(|schema| fields::names(self.json(), self.schema(schema), field))
            };
            other.parameters_in(Place::Query).any(|known| known.name == field) || contents.any(named)
        };
        let others = self.endpoints().iter().filter(takes).flat_map(|other| &other.operations);
        let mut names: Vec<_> = others.filter(|name| *name != operation).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    fn body_schema(endpoint: &Endpoint, media: Option<&str>) -> Option<SchemaId> {
        endpoint.body.as_ref()?.content(media.unwrap_or_default())?.schema
    }

    /// The names of the members of a schema's object.
    fn names_of(&self, schema: SchemaId) -> &[String] {
        self.names(schema, |schema| fields::all_names(self.json(), schema))
    }
}

/// What an example shows at a path such as `$.rows[3].name`; of a list that is shorter, its first item.
fn at<'v>(example: &'v Value, path: &str) -> Option<&'v Value> {
    let mut steps = path.strip_prefix('$')?.split(['.', '[']).filter(|step| !step.is_empty());
    steps.try_fold(example, |value, step| match step.strip_suffix(']') {
        Some(number) => value.get(number.parse::<usize>().ok()?).or_else(|| value.get(0)),
        None => value.get(step),
    })
}

/// What stands before the last slash of a path, and the segment behind it.
fn last_of(path: &str) -> (Option<&str>, &str) {
    path.rsplit_once('/').map_or((None, path), |(before, last)| (Some(before), last))
}

/// Whether these bytes are JSON.
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// What some vendors read that is no JSON to others: a byte order mark, bytes that are no UTF-8, half a surrogate pair.
fn leniently(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    read_body(text.trim_start_matches('\u{feff}').as_bytes()).ok()
}
