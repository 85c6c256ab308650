//! One page an operation: its query parameters and the schema of its body.

use std::collections::HashMap;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::fields::{self, Unknown};
use crate::contract::nearest;
use crate::world::journal::REDACTED;

/// The most findings of one kind about one request.
const MOST: usize = 20;

/// What a provider's document says of requests.
#[derive(Debug)]
pub struct Manual {
    document: Value,
    pages: HashMap<String, Page>,
    /// Whether names match in any letter case, which the document says with `x-ignore-case: true`.
    ignore_case: bool,
}

#[derive(Debug)]
struct Page {
    template: String,
    path: Vec<Parameter>,
    query: Vec<Parameter>,
    body: Option<Value>,
    body_is_required: bool,
    media: Vec<String>,
    validator: OnceLock<Option<Validator>>,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    required: bool,
    /// What each value must be: of a list the schema of its items.
    schema: Option<Value>,
    /// Whether one value may be several with commas between.
    commas: bool,
    /// Whether it is an object, whose members stand in the names of parameters.
    is_object: bool,
    validator: OnceLock<Option<Validator>>,
}

/// A request as a manual looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The operation that answered.
    pub operation: &'a str,
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
}

/// One rule of the document that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where: `$.name`, `query.limit`, `header.content-type`.
    pub at: String,
    /// What the document asks for.
    pub rule: String,
}

impl Manual {
    /// The manual of a document whose `x-when` are settled; nothing where it names no operation.
    #[must_use]
    pub fn of(document: Value) -> Option<Self> {
        let mut pages = HashMap::new();
        for (template, item) in document.get("paths")?.as_object()? {
            let Some(item) = item.as_object() else { continue };
            for operation in item.values() {
                for name in operation.get("x-operations").and_then(Value::as_array).into_iter().flatten() {
                    if let Some(name) = name.as_str() {
                        pages.insert(name.to_owned(), page(&document, template, item, operation));
                    }
                }
            }
        }
        let ignore_case = document.get("x-ignore-case") == Some(&Value::Bool(true));
        (!pages.is_empty()).then_some(Self { document, pages, ignore_case })
    }

    /// The fields that the document does not name, each with the name that was probably meant.
    #[must_use]
    pub fn unknown(&self, asked: &Asked<'_>) -> Vec<Unknown> {
        let Some(page) = self.pages.get(asked.operation) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, _) in asked.query {
            // `filter[a]` and `filter.a` are members of `filter`, if that is an object: `status[]` is no list `status`.
            let head = name.split(['[', '.']).next().unwrap_or(name);
            let known = |known: &Parameter| {
                self.is_same(&known.name, name) || (known.is_object && self.is_same(&known.name, head))
            };
            if page.query.iter().any(known) || found.iter().any(|unknown: &Unknown| unknown.name == *name) {
                continue;
            }
            let unsent = page.query.iter().filter(|known| asked.query.iter().all(|(sent, _)| sent != &known.name));
            let nearest = nearest::name(name, unsent.map(|known| &*known.name)).map(str::to_owned);
            let at = format!("query.{name}");
            found.push(Unknown { at, name: name.clone(), nearest, refused: false, taken_by: Vec::new() });
        }
        if let (Some(schema), Some(body)) = (&page.body, asked.body) {
            fields::walk(&self.document, schema, body, self.ignore_case, &mut found);
        }
        found.truncate(MOST);
        for unknown in &mut found {
            unknown.taken_by = self.taken_by(asked.operation, &unknown.name);
        }
        found
    }

    /// The rules that a request breaks.
    #[must_use]
    pub fn broken(&self, asked: &Asked<'_>) -> Vec<Broken> {
        let Some(page) = self.pages.get(asked.operation) else { return Vec::new() };
        let mut found = Vec::new();
        self.check_parameters(page, asked, &mut found);
        if !asked.has_body {
            if page.body_is_required {
                found.push(Broken { at: "$".to_owned(), rule: "a body is required".to_owned() });
            }
            return found;
        }
        if page.media.is_empty() {
            return found;
        }
        let plain = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let sent = plain(asked.content_type.unwrap_or_default());
        if !page.media.iter().any(|media| plain(media) == sent) {
            let rule = format!("the document takes {}, found {sent:?}", page.media.join(", "));
            found.push(Broken { at: "header.content-type".to_owned(), rule });
        }
        match (asked.body, page.validator.get_or_init(|| self.compile(page.body.as_ref()?))) {
            (Some(body), Some(validator)) => {
                let schema = page.body.as_ref().filter(|_| self.ignore_case);
                let renamed = schema.map(|schema| fields::renamed(&self.document, schema, body));
                let body = renamed.as_ref().unwrap_or(body);
                // What was redacted is no longer what the client sent.
                let errors = validator.iter_errors(body).filter(|error| error.instance().as_str() != Some(REDACTED));
                found.extend(
                    errors.take(MOST).map(|error| Broken {
                        at: fields::path(error.instance_path().as_str()),
                        rule: error.to_string(),
                    }),
                );
            }
            (None, Some(_)) => found.push(Broken { at: "$".to_owned(), rule: "is not JSON".to_owned() }),
            (_, None) => {}
        }
        found
    }

    fn check_parameters(&self, page: &Page, asked: &Asked<'_>, found: &mut Vec<Broken>) {
        for parameter in &page.query {
            let mut sent = asked.query.iter().filter(|(name, _)| self.is_same(name, &parameter.name)).peekable();
            let at = || format!("query.{}", parameter.name);
            if sent.peek().is_none() && parameter.required {
                found.push(Broken { at: at(), rule: "is required".to_owned() });
            }
            let mut values = sent.flat_map(|(_, value)| match parameter.commas {
                true => value.split(',').collect(),
                false => vec![value.as_str()],
            });
            let rule = values.find_map(|value| self.broken_rule(parameter, value));
            found.extend(rule.map(|rule| Broken { at: at(), rule }));
        }
        // A mount may put segments before the document's path, so the two are laid together at their ends.
        for (part, segment) in page.template.rsplit('/').zip(asked.path.rsplit('/')) {
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let parameter = name.and_then(|name| page.path.iter().find(|parameter| parameter.name == name));
            let rule = parameter.and_then(|parameter| self.broken_rule(parameter, segment));
            found.extend(rule.map(|rule| Broken { at: format!("path.{}", name.unwrap_or_default()), rule }));
        }
    }

    /// The rule that a parameter's value breaks, read as what its schema asks for.
    fn broken_rule(&self, parameter: &Parameter, value: &str) -> Option<String> {
        if value.is_empty() || value == REDACTED {
            return None;
        }
        let validator = parameter.validator.get_or_init(|| self.compile(parameter.schema.as_ref()?)).as_ref()?;
        let text = Value::from(value);
        let read = serde_json::from_str(value).ok().filter(|value| validator.is_valid(value));
        if read.is_some() || validator.is_valid(&text) {
            return None;
        }
        validator.iter_errors(&text).next().map(|error| error.to_string())
    }

    /// The operations whose body has this field at its top, other than `operation`.
    fn taken_by(&self, operation: &str, field: &str) -> Vec<String> {
        let takes = |page: &Page| {
            let named = page.body.as_ref().is_some_and(|schema| fields::names(&self.document, schema, field));
            named || page.query.iter().any(|known| known.name == field)
        };
        let others = self.pages.iter().filter(|(name, page)| *name != operation && takes(page));
        let mut names: Vec<_> = others.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }

    fn is_same(&self, one: &str, other: &str) -> bool {
        one == other || (self.ignore_case && one.eq_ignore_ascii_case(other))
    }

    fn compile(&self, schema: &Value) -> Option<Validator> {
        let mut root = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
        if let Some(components) = self.document.get("components") {
            root["components"] = components.clone();
        }
        jsonschema::options().build(&root).ok()
    }
}

/// A list is sent as a parameter for each value; with `explode: false`, with commas between them.
fn parameter(document: &Value, stated: &Value) -> Parameter {
    let schema = stated.get("schema").map(|schema| fields::resolved(document, schema));
    // A list may stand beside null, as pydantic writes one that need not be there.
    let branches = || schema.and_then(|schema| schema["anyOf"].as_array()).into_iter().flatten().chain(schema);
    let items = branches().filter(|schema| schema["type"] == "array").map(|schema| schema.get("items")).next();
    Parameter {
        name: stated["name"].as_str().unwrap_or_default().to_owned(),
        // A vendor's schema may let a parameter be absent that its text and its service ask for.
        required: stated["required"] == true || stated["x-always"] == true,
        commas: items.is_some() && stated["explode"] == false,
        is_object: branches().any(|schema| schema["type"] == "object"),
        schema: items.unwrap_or(schema).cloned(),
        validator: OnceLock::new(),
    }
}

fn page(document: &Value, template: &str, item: &Map<String, Value>, operation: &Value) -> Page {
    let own = operation.get("parameters").and_then(Value::as_array);
    let shared = item.get("parameters").and_then(Value::as_array);
    let all = own.into_iter().chain(shared).flatten().map(|parameter| fields::resolved(document, parameter));
    // A credential may stand in the query too.
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let all: Vec<_> = all.chain(schemes.into_iter().flat_map(Map::values)).collect();
    let place = |place: &str| {
        let there = all.iter().filter(|parameter| parameter["in"] == place);
        there.map(|stated| parameter(document, stated)).collect::<Vec<_>>()
    };
    let (path, query) = (place("path"), place("query"));
    let body = operation.get("requestBody").map(|body| fields::resolved(document, body));
    let content = body.and_then(|body| body.get("content")?.as_object());
    let media: Vec<_> = content.into_iter().flat_map(|content| content.keys().cloned()).collect();
    let schema = content.and_then(|content| content.values().find_map(|media| media.get("schema"))).cloned();
    let body_is_required = body.is_some_and(|body| body["required"] == true);
    Page {
        template: template.to_owned(),
        path,
        query,
        body: schema,
        body_is_required,
        media,
        validator: OnceLock::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manual() -> Manual {
        let document = json!({
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
        Manual::of(document).expect("a manual")
    }

    fn asked<'a>(query: &'a [(String, String)], body: &'a Value) -> Asked<'a> {
        Asked {
            operation: "x.put",
            path: "/a/1",
            query,
            content_type: Some("application/json"),
            body: Some(body),
            has_body: true,
        }
    }

    #[test]
    fn fields_that_the_document_does_not_name_are_found_with_the_nearest_name() {
        let body = json!({"nmae": "a", "team_id": "t", "meta": {"free": 1}, "rows": [{"rowName": 1}, {"row_name": 2}]});
        let query = ["limt", "ids[]", "accountId"].map(|name| (name.to_owned(), "5".to_owned()));
        let found = manual().unknown(&asked(&query, &body));
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
        let found = manual().broken(&asked(&[], &body));
        let at: Vec<_> = found.iter().map(|broken| &*broken.at).collect();
        assert_eq!(at, ["query.accountId", "$", "$.rows[0].rowName"]);
        let query = [("limit".to_owned(), "many".to_owned()), ("accountId".to_owned(), "1".to_owned())];
        let found =
            manual().broken(&Asked { path: "/mount/a/one", body: Some(&json!({"name": "x"})), ..asked(&query, &body) });
        let at: Vec<_> = found.iter().map(|broken| &*broken.at).collect();
        assert_eq!(at, ["query.limit", "path.id"]);
        let found = manual().broken(&Asked { has_body: false, body: None, ..asked(&[], &body) });
        assert!(found.iter().any(|broken| broken.rule == "a body is required"));
        let found = manual().broken(&Asked { content_type: Some("text/plain; a=b"), ..asked(&[], &body) });
        assert!(found.iter().any(|broken| broken.at == "header.content-type"));
    }

    #[test]
    fn a_list_in_a_query_is_held_to_its_rule_value_by_value() {
        let check = |pairs: &[(&str, &str)], expected: &[&str]| {
            let owned = |pair: &(&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
            let query: Vec<_> = pairs.iter().chain([&("accountId", "1")]).map(owned).collect();
            let found = manual().broken(&asked(&query, &json!({"name": "x"})));
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
        let manual = Manual::of(json!({"paths": {"/a": {"get": get}}})).expect("a manual");
        let check = |query: &[(&str, &str)]| {
            let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let asked = Asked { path: "/a", body: None, has_body: false, ..asked(&query, &Value::Null) };
            manual.broken(&asked).into_iter().map(|broken| broken.at).collect::<Vec<_>>()
        };
        assert_eq!(check(&[("c", "red"), ("c", "1"), ("team", "t")]), [""; 0]);
        assert_eq!(check(&[("c", "red"), ("c", "blue")]), ["query.c", "query.team"]);
    }

    #[test]
    fn what_was_redacted_breaks_no_rule() {
        let body = json!({"name": "a", "rows": REDACTED});
        let query = [("accountId".to_owned(), "1".to_owned())];
        assert_eq!(manual().broken(&asked(&query, &body)), []);
    }
}
