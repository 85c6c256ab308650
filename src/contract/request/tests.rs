//! What is said of requests.

use serde_json::{Value, json};

use super::check::{Asked, Broken};
use crate::contract::Document;
use crate::world::journal::Secrets;

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
        bytes: b"",
        has_body: true,
        is_cut: false,
        passed: false,
        secrets: Box::leak(Box::default()),
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
    let found =
        document().broken(&Asked { path: "/mount/a/one", body: Some(&json!({"name": "x"})), ..asked(&query, &body) });
    let at: Vec<_> = found.iter().map(|broken| &*broken.at).collect();
    assert_eq!(at, ["query.limit", "path.id"]);
    let found = document().broken(&Asked { has_body: false, body: None, ..asked(&[], &body) });
    assert!(found.iter().any(|broken| broken.expected == "a body of JSON"));
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
fn a_secret_is_held_to_its_rules_and_not_shown() {
    let text = json!({"type": "string", "minLength": 8});
    let properties = json!({"password": text, "intent": {"enum": ["benign"]}, "name": {"type": "string"}});
    let body = json!({"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}});
    let put = json!({"x-operations": ["x.put"], "requestBody": body});
    let document = Document::settled(json!({"paths": {"/a/{id}": {"put": put}}}), &[]);
    let check = |body: &str, expected: &[(&str, &str)]| {
        let fields = [("authorization", &b"Bearer name"[..])];
        let secrets = Secrets::of("/a/1", fields.into_iter(), body.as_bytes(), &["authorization".into()]);
        let read = serde_json::from_str(body).expect("JSON");
        let asked = Asked { secrets: &secrets, ..asked(&[], &read) };
        let found: Vec<_> = document
            .broken(&asked)
            .into_iter()
            .map(|broken| (broken.at, broken.found.unwrap_or_default()))
            .chain(document.unknown(&asked).into_iter().map(|unknown| (unknown.at, unknown.name)))
            .collect();
        let found: Vec<_> = found.iter().map(|(at, found)| (&**at, &**found)).collect();
        assert_eq!(found, expected, "{body}");
    };
    check(r#"{"password": "S3k"}"#, &[("$.password", "a string ([redacted])")]);
    check(r#"{"password": 5150}"#, &[("$.password", "a number ([redacted])")]);
    check(r#"{"password": null}"#, &[("$.password", "null")]);
    check(r#"{"password": {"SEKRET": 1}}"#, &[("$.password", "an object")]);
    check(
        r#"{"password": "long-enough-1", "intent": "long-enough-1", "long-enough-1": 1}"#,
        &[("$.intent", "a string ([redacted])"), ("$.[redacted]", "[redacted]")],
    );
    // A name of the document is no secret, whatever token the client made up.
    check(r#"{"name": 5, "nmae": 5}"#, &[("$.name", "5"), ("$.nmae", "nmae")]);
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
    assert_eq!(found.len(), 1);
    assert_eq!((&*found[0].expected, found[0].found.as_deref()), ("a body of JSON", Some("no JSON")));
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
            "query.limit: a whole number; many",
            "header.content-type: application/json; text/plain",
            "$: `name` to be there; no `name`",
            "$.rows[0].rowName: a string or null; 1",
        ]
    );
}

#[test]
fn a_long_value_is_shown_in_part() {
    let query = [("limit".to_owned(), "x".repeat(5_000)), ("accountId".to_owned(), "1".to_owned())];
    let found = document().broken(&asked(&query, &json!({"name": "a"})));
    assert_eq!(found[0].found, Some(format!("{}…", "x".repeat(40))));
}

#[test]
fn a_number_out_of_its_bounds_is_not_said_to_be_no_number() {
    let may_be_null = json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"type": "null"}]});
    let parameters = json!([
        {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "format": "int64"}},
        {"in": "query", "name": "size", "schema": may_be_null},
        {"in": "query", "name": "code", "schema": {"type": "string", "minLength": 3}},
    ]);
    let get = json!({"x-operations": ["x.put"], "parameters": parameters});
    let document = Document::settled(json!({"paths": {"/a": {"get": get}}}), &[]);
    let check = |name: &str, value: &str, expected: &str| {
        let query = [(name.to_owned(), value.to_owned())];
        let asked = Asked { path: "/a", body: None, has_body: false, ..asked(&query, &Value::Null) };
        let found = document.broken(&asked);
        let said: Vec<_> = found.iter().map(|broken| (&*broken.expected, broken.found.as_deref())).collect();
        assert_eq!(said, [(expected, Some(value))], "{name}={value}");
    };
    check("limit", "0", "at least 1");
    check("limit", "9223372036854775808", "a whole number from -9223372036854775808 to 9223372036854775807");
    check("limit", "1.5", "a whole number");
    check("limit", "many", "a whole number");
    check("limit", "true", "a whole number");
    check("size", "101", "at most 100");
    check("size", "x", "a whole number");
    check("code", "12", "a string of at least 3 characters");
}
