//! One request held against the endpoint of its operation.

use serde_json::Value;

use super::fields::{self, Unknown};
use crate::contract::document::{Content, Document, Endpoint, Parameter, Place};
use crate::contract::nearest;
use crate::world::journal::REDACTED;
use crate::world::schema::{Finding, Rule};

/// The most findings of one kind about one request.
const MOST: usize = 20;

/// A request as a document looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The operation that answered.
    pub operation: &'a str,
    /// The method.
    pub method: &'a str,
    /// The decoded path.
    pub path: &'a str,
    /// The query, decoded.
    pub query: &'a [(String, String)],
    /// The media type of the body.
    pub content_type: Option<&'a str>,
    /// The body, where it is JSON or a form, and whole.
    pub body: Option<&'a Value>,
    /// Whether any body was sent.
    pub has_body: bool,
    /// Whether only a part of the body is known.
    pub is_cut: bool,
    /// Whether the vendor took it. What it reads in other forms than a `format` names is then no mistake.
    pub passed: bool,
}

/// One rule of the document that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where: `$.name`, `query.limit`, `header.content-type`.
    pub at: String,
    /// What the document asks for.
    pub expected: String,
    /// What was sent; nothing where it is missing.
    pub found: Option<String>,
}

impl Broken {
    fn missing(at: impl Into<String>, expected: &str) -> Self {
        Self { at: at.into(), expected: expected.to_owned(), found: None }
    }
}

impl Asked<'_> {
    /// Whether a finding is a mistake of the client. What was redacted is no longer what it sent.
    fn minds(&self, finding: &Finding<'_, '_>) -> bool {
        finding.value.as_str() != Some(REDACTED) && !(self.passed && is_of_a_format(&finding.rule))
    }
}

fn is_of_a_format(rule: &Rule<'_>) -> bool {
    match rule {
        Rule::Format(_) => true,
        Rule::AnyOf(rules) => rules.iter().any(is_of_a_format),
        _ => false,
    }
}

impl Document {
    /// The fields of a request that the document does not name, each with the name that was probably meant.
    #[must_use]
    pub fn unknown(&self, asked: &Asked<'_>) -> Vec<Unknown> {
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
            if known.iter().any(is_it) || found.iter().any(|unknown: &Unknown| unknown.name == *name) {
                continue;
            }
            let unsent = known.iter().filter(|known| asked.query.iter().all(|(sent, _)| sent != &known.name));
            let nearest = nearest::name(name, unsent.map(|known| &*known.name)).map(str::to_owned);
            let at = format!("query.{name}");
            found.push(Unknown { at, name: name.clone(), nearest, refused: false, taken_by: Vec::new() });
        }
        if let (Some(schema), Some(body)) = (self.body_schema(endpoint, asked.content_type), asked.body) {
            fields::walk(self.json(), schema, body, self.ignores_case(), &mut found);
        }
        found.truncate(MOST);
        for unknown in &mut found {
            unknown.taken_by = self.taken_by(endpoint, &unknown.name);
        }
        found
    }

    /// The rules of the document that a request breaks.
    #[must_use]
    pub fn broken(&self, asked: &Asked<'_>) -> Vec<Broken> {
        let Some(endpoint) = self.operation(asked.operation, asked.method) else { return Vec::new() };
        let mut found = Vec::new();
        self.check_parameters(endpoint, asked, &mut found);
        self.check_body(endpoint, asked, &mut found);
        found
    }

    fn check_body(&self, endpoint: &Endpoint, asked: &Asked<'_>, found: &mut Vec<Broken>) {
        let Some(known) = &endpoint.body else { return };
        if !asked.has_body {
            if known.required {
                found.push(Broken::missing("$", "a body"));
            }
            return;
        }
        let sent = asked.content_type.unwrap_or_default();
        if !known.contents.is_empty() && !known.contents.iter().any(|content| content.is_of(sent)) {
            let media: Vec<_> = known.contents.iter().map(|content| &*content.media).collect();
            found.push(Broken {
                at: "header.content-type".to_owned(),
                expected: media.join(" or "),
                found: asked.content_type.map(str::to_owned),
            });
        }
        let schema = known.content(sent).and_then(|content| content.schema);
        let Some((schema, Ok(checks))) = schema.map(|schema| (schema, self.checks(schema))) else { return };
        let Some(body) = asked.body else {
            if asked.is_cut {
                return;
            }
            return found.push(Broken::missing("$", "a body of JSON"));
        };
        let renamed = self.ignores_case().then(|| fields::renamed(self.json(), self.schema(schema), body));
        let body = renamed.as_ref().unwrap_or(body);
        // What was redacted is no longer what the client sent.
        let findings = checks.findings_where(body, MOST, |finding| asked.minds(finding));
        found.extend(findings.into_iter().map(|finding| Broken {
            expected: finding.rule.to_string(),
            found: Some(finding.found()),
            at: finding.path,
        }));
    }

    fn check_parameters(&self, endpoint: &Endpoint, asked: &Asked<'_>, found: &mut Vec<Broken>) {
        for parameter in endpoint.parameters_in(Place::Query) {
            let mut sent = asked.query.iter().filter(|(name, _)| self.is_same(name, &parameter.name)).peekable();
            let at = || format!("query.{}", parameter.name);
            if sent.peek().is_none() && parameter.required {
                found.push(Broken::missing(at(), "a value"));
            }
            let mut values = sent.flat_map(|(_, value)| match parameter.commas {
                true => value.split(',').collect(),
                false => vec![value.as_str()],
            });
            found.extend(values.find_map(|value| self.broken_rule(parameter, value, asked, at)));
        }
        // A mount may put segments before the document's path, so the two are laid together at their ends.
        for (part, segment) in endpoint.path.rsplit('/').zip(asked.path.rsplit('/')) {
            let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { continue };
            let parameter = endpoint.parameters_in(Place::Path).find(|parameter| parameter.name == name);
            let at = || format!("path.{name}");
            found.extend(parameter.and_then(|parameter| self.broken_rule(parameter, segment, asked, at)));
        }
    }

    /// The rule that a parameter's value breaks, read as what its schema asks for.
    fn broken_rule(
        &self,
        parameter: &Parameter,
        value: &str,
        asked: &Asked<'_>,
        at: impl Fn() -> String,
    ) -> Option<Broken> {
        if value.is_empty() {
            return None;
        }
        let checks = self.checks(parameter.schema?).ok()?;
        let text = Value::from(value);
        let is_read = || serde_json::from_str(value).is_ok_and(|value| checks.accepts(&value));
        if checks.accepts(&text) || is_read() {
            return None;
        }
        let finding = checks.findings_where(&text, 1, |finding| asked.minds(finding)).pop()?;
        Some(Broken { at: at(), expected: finding.rule.to_string(), found: Some(value.to_owned()) })
    }

    /// The operations whose body has this field at its top, or whose query has it, other than those of `endpoint`.
    fn taken_by(&self, endpoint: &Endpoint, field: &str) -> Vec<String> {
        let takes = |other: &&Endpoint| {
            let mut contents = other.body.iter().flat_map(|body| &body.contents);
            let named = |content: &Content| {
                content.schema.is_some_and(|schema| fields::names(self.json(), self.schema(schema), field))
            };
            other.parameters_in(Place::Query).any(|known| known.name == field) || contents.any(named)
        };
        let others = self.endpoints().iter().filter(takes).flat_map(|other| &other.operations);
        let mut names: Vec<_> = others.filter(|name| !endpoint.operations.contains(name)).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    fn body_schema(&self, endpoint: &Endpoint, media: Option<&str>) -> Option<&Value> {
        let content = endpoint.body.as_ref()?.content(media.unwrap_or_default())?;
        content.schema.map(|schema| self.schema(schema))
    }

    fn is_same(&self, one: &str, other: &str) -> bool {
        one == other || (self.ignores_case() && one.eq_ignore_ascii_case(other))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let json = json!({
            "paths": {
                "/a/{id}": {
                    "parameters": [
                        {"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}},
                        {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1}}, {"$ref": "#/components/parameters/Account"},
                        {"in": "query", "name": "ids", "explode": false, "schema": {"$ref": "#/components/schemas/Ids"}},
                        {"in": "query", "name": "words", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}}],
                    "put": {"x-operations": ["x.put"], "requestBody": {"required": true, "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Update"}}}}},
                },
                "/a": {"post": {"x-operations": ["x.create"], "requestBody": {"content": {"application/json": {
                    "schema": {"properties": {"team_id": {"type": "string"}}}}}}}},
            },
            "components": {
                "parameters": {"Account": {"in": "query", "name": "accountId", "required": true}},
                "schemas": {
                    "Ids": {"type": "array", "items": {"type": "integer"}},
                    "Update": {"allOf": [
                        {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "meta": {"type": "object"}}},
                        {"properties": {"rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}},
                    ]},
                    "Row": {"type": "object", "properties": {"rowName": {"type": ["string", "null"]}}},
                },
            },
        });
        Document::settled(json, &[])
    }

    fn asked<'a>(query: &'a [(String, String)], body: &'a Value) -> Asked<'a> {
        Asked {
            operation: "x.put",
            method: "PUT",
            path: "/a/1",
            query,
            content_type: Some("application/json"),
            body: Some(body),
            has_body: true,
            is_cut: false,
            passed: false,
        }
    }

    #[test]
    fn fields_that_the_document_does_not_name_are_found_with_the_nearest_name() {
        let body = json!({"nmae": "a", "team_id": "t", "meta": {"free": 1}, "rows": [{"rowName": 1}, {"row_name": 2}]});
        let query = ["limt", "ids[]", "accountId"].map(|name| (name.to_owned(), "5".to_owned()));
        let found = document().unknown(&asked(&query, &body));
        let found: Vec<_> = found.iter().map(|one| (&*one.at, one.nearest.as_deref(), one.taken_by.len())).collect();
        assert_eq!(
            found,
            [
                ("query.limt", Some("limit"), 0),
                ("query.ids[]", Some("ids"), 0),
                ("$.nmae", Some("name"), 0),
                ("$.team_id", None, 1),
                ("$.rows[1].row_name", Some("rowName"), 0),
            ]
        );
    }

    #[test]
    fn rules_that_a_request_breaks_are_found_with_their_place() {
        let body = json!({"rows": [{"rowName": 1}]});
        let found = document().broken(&asked(&[], &body));
        let at: Vec<_> = found.iter().map(|broken| &*broken.at).collect();
        assert_eq!(at, ["query.accountId", "$", "$.rows[0].rowName"]);
        let query = [("limit".to_owned(), "many".to_owned()), ("accountId".to_owned(), "1".to_owned())];
        let found = document().broken(&Asked {
            path: "/mount/a/one",
            body: Some(&json!({"name": "x"})),
            ..asked(&query, &body)
        });
        let at: Vec<_> = found.iter().map(|broken| &*broken.at).collect();
        assert_eq!(at, ["query.limit", "path.id"]);
        let found = document().broken(&Asked { has_body: false, body: None, ..asked(&[], &body) });
        assert!(found.iter().any(|broken| broken.expected == "a body"));
        let found = document().broken(&Asked { content_type: Some("text/plain; a=b"), ..asked(&[], &body) });
        assert!(found.iter().any(|broken| broken.at == "header.content-type"));
    }

    #[test]
    fn a_list_in_a_query_is_held_to_its_rule_value_by_value() {
        let check = |pairs: &[(&str, &str)], expected: &[&str]| {
            let owned = |pair: &(&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
            let query: Vec<_> = pairs.iter().chain([&("accountId", "1")]).map(owned).collect();
            let found = document().broken(&asked(&query, &json!({"name": "x"})));
            assert_eq!(found.iter().map(|broken| &*broken.at).collect::<Vec<_>>(), expected, "{pairs:?}");
        };
        check(&[("ids", "1"), ("words", "a")], &[]);
        check(&[("ids", "1,2"), ("words", "a"), ("words", "b")], &[]);
        check(&[("ids", "1"), ("ids", "2,3")], &[]);
        check(&[("ids", "1,x")], &["query.ids"]);
        check(&[("words", "a"), ("words", "c")], &["query.words"]);
        check(&[("words", "a,b")], &["query.words"]);
    }

    #[test]
    fn a_parameter_that_may_be_repeated_may_come_once() {
        let colours = json!({"anyOf": [{"type": "array", "items": {"enum": ["red", 1]}}, {"type": "null"}]});
        let parameters =
            json!([{"in": "query", "name": "c", "schema": colours}, {"in": "query", "name": "team", "x-always": true}]);
        let get = json!({"x-operations": ["x.put"], "parameters": parameters});
        let document = Document::settled(json!({"paths": {"/a": {"get": get}}}), &[]);
        let check = |query: &[(&str, &str)]| {
            let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let asked = Asked { path: "/a", body: None, has_body: false, ..asked(&query, &Value::Null) };
            document.broken(&asked).into_iter().map(|broken| broken.at).collect::<Vec<_>>()
        };
        assert_eq!(check(&[("c", "red"), ("c", "1"), ("team", "t")]), [""; 0]);
        assert_eq!(check(&[("c", "red"), ("c", "blue")]), ["query.c", "query.team"]);
    }

    #[test]
    fn what_was_redacted_breaks_no_rule() {
        let body = json!({"name": "a", "rows": REDACTED});
        let query = [("accountId".to_owned(), "1".to_owned())];
        assert_eq!(document().broken(&asked(&query, &body)), []);
    }

    #[test]
    fn what_the_vendor_reads_in_another_form_is_a_mistake_only_where_it_was_refused() {
        let id = json!({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]});
        let body =
            json!({"content": {"application/json": {"schema": {"properties": {"id": id, "n": {"type": "integer"}}}}}});
        let parameters = json!([{"in": "path", "name": "id", "schema": {"type": "string", "format": "uuid"}}]);
        let put = json!({"x-operations": ["x.put"], "parameters": parameters, "requestBody": body});
        let document = Document::settled(json!({"paths": {"/a/{id}": {"put": put}}}), &[]);
        let check = |passed: bool, expected: &[&str]| {
            let body = json!({"id": "{0F0E}", "n": "1"});
            let found = document.broken(&Asked { passed, ..asked(&[], &body) });
            assert_eq!(found.iter().map(|broken| &*broken.at).collect::<Vec<_>>(), expected, "{found:?}");
        };
        check(false, &["path.id", "$.id", "$.n"]);
        check(true, &["$.n"]);
    }

    #[test]
    fn of_a_body_that_is_known_in_part_nothing_is_said() {
        let query = [("accountId".to_owned(), "1".to_owned())];
        let cut = Asked { body: None, is_cut: true, ..asked(&query, &Value::Null) };
        assert_eq!(document().broken(&cut), []);
        let found = document().broken(&Asked { is_cut: false, ..cut });
        assert_eq!(found, [Broken::missing("$", "a body of JSON")]);
    }

    #[test]
    fn a_broken_rule_says_what_was_expected_and_what_was_found() {
        let query = [("accountId".to_owned(), "1".to_owned()), ("limit".to_owned(), "many".to_owned())];
        let body = json!({"rows": [{"rowName": 1}]});
        let found = document().broken(&Asked { content_type: Some("text/plain"), ..asked(&query, &body) });
        let said = |broken: &Broken| {
            format!("{}: {}; {}", broken.at, broken.expected, broken.found.as_deref().unwrap_or_default())
        };
        let said: Vec<_> = found.iter().map(said).collect();
        assert_eq!(
            said,
            [
                "query.limit: a value of type integer; many",
                "header.content-type: application/json; text/plain",
                "$: `name` to be there; no `name`",
                "$.rows[0].rowName: a value of type null or string; 1",
            ]
        );
    }
}
