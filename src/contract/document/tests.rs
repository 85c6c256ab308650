//! What is read of a document.

use serde_json::json;

use super::*;
use crate::provider::Provenance;

const fn operation(name: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation::new(name, method, path, "", Provenance::Documented)
}

static OPERATIONS: [Operation; 2] = [operation("x.put", "PUT", "/a/{id}"), operation("x.put", "PATCH", "/a/{id}")];

fn document() -> Document {
    let refused = json!({
        "description": "", "x-provenance": "inferred",
        "headers": {"Retry-After": {"schema": {"type": "integer", "example": 30}}, "X-Id": {"$ref": "#/components/headers/Id"}},
        "content": {"text/plain; charset=utf-8": {"example": "no"}},
    });
    let body = json!({"required": true, "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/A"}},
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "x-form": true}}}});
    let answer = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Alias"}, "examples": {
        "one": {"$ref": "#/components/examples/One"}, "two": {"value": [2]}}}}});
    Document::settled(
        json!({
            "x-ignore-case": true,
            "paths": {"/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}, {"in": "query", "name": "q", "schema": {"type": "string"}}],
                "put": {
                    "parameters": [{"in": "query", "name": "q", "required": true, "schema": {"$ref": "#/components/schemas/A"}}],
                    "requestBody": {"$ref": "#/components/requestBodies/A"},
                    "responses": {"200": answer, "429": {"$ref": "#/components/responses/Refused"}, "default": {}},
                },
                "patch": {"responses": {"204": {}}},
            }, "/b": {"get": {"x-operations": ["x.one", "x.many"], "responses": {"200": answer, "404": {"x-operations": ["x.one"]}}}}},
            "components": {
                "parameters": {"Id": {"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}},
                "headers": {"Id": {"example": "i"}},
                "requestBodies": {"A": body},
                "responses": {"Refused": refused},
                "examples": {"One": {"x-operations": ["x.one"], "value": [1]}},
                "schemas": {"A": {"type": "object"}, "Alias": {"$ref": "#/components/schemas/A"}},
                "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "Key"}, "bearer": {"type": "http"}},
            },
        }),
        &OPERATIONS.each_ref(),
    )
}

#[test]
fn an_operation_is_found_by_its_name_and_method_with_all_references_followed() {
    let document = document();
    let put = document.operation("x.put", "PUT").expect("an endpoint");
    assert_eq!((&*put.path, &*put.method), ("/a/{id}", "PUT"));
    let shown = |parameter: &Parameter| (parameter.place, parameter.name.clone(), parameter.required);
    assert_eq!(
        put.parameters.iter().map(shown).collect::<Vec<_>>(),
        [
            (Place::Query, "q".to_owned(), true),
            (Place::Path, "id".to_owned(), true),
            (Place::Header, "Key".to_owned(), false)
        ],
        "the operation's own comes before that of its path"
    );
    assert_eq!(document.operation("x.put", "PATCH").map(|patch| &*patch.method), Some("PATCH"));
    assert_eq!(document.operation("x.put", "HEAD").map(|first| &*first.method), Some("PUT"));
    assert!(document.operation("x.no", "PUT").is_none());
    assert!(document.ignores_case());
}

#[test]
fn a_schema_is_one_however_often_it_is_referred_to() {
    let document = document();
    let put = document.operation("x.put", "PUT").expect("an endpoint");
    let body = put.body.as_ref().expect("a body");
    let answer = put.answers[&200].content("application/json; charset=utf-8").expect("a content");
    let of_a_parameter = put.parameters.first().and_then(|parameter| parameter.schema);
    assert_eq!(body.contents[0].schema, answer.schema);
    assert_eq!(body.contents[0].schema, of_a_parameter);
    let schema = answer.json_schema().expect("a schema");
    assert_eq!(document.schema(schema), &json!({"type": "object"}));
    let (one, other) = (document.checks(schema).expect("checks"), document.checks(schema).expect("checks"));
    assert!(std::ptr::eq(one, other), "checks are made once");
    assert!(one.accepts(&json!({})) && !one.accepts(&json!([])));
}

#[test]
fn a_body_has_a_schema_for_each_media_type() {
    let document = document();
    let body = document.operation("x.put", "PUT").and_then(|put| put.body.as_ref()).expect("a body");
    let schema = |media: &str| body.content(media).and_then(|content| content.schema).map(|id| document.schema(id));
    assert_eq!(schema("Application/JSON"), Some(&json!({"type": "object"})));
    assert_eq!(schema("application/x-www-form-urlencoded"), Some(&json!({"type": "object", "x-form": true})));
    assert_eq!(schema("text/plain"), Some(&json!({"type": "object"})), "of another, the first");
    assert!(body.required);
}

#[test]
fn an_answer_has_its_header_fields_its_provenance_and_the_example_of_each_operation() {
    let document = document();
    let put = document.operation("x.put", "PUT").expect("an endpoint");
    assert_eq!(put.answers.keys().copied().collect::<Vec<_>>(), [200, 429]);
    let refused = &put.answers[&429];
    let headers: Vec<_> = refused.headers.iter().map(|header| (&*header.name, header.example.as_deref())).collect();
    assert_eq!(headers, [("retry-after", Some("30")), ("x-id", Some("i"))]);
    assert!(refused.inferred && !put.answers[&200].inferred);
    assert_eq!(document.example(&refused.contents[0].examples[0]), "no");
    assert_eq!(refused.contents[0].json_schema(), None, "it is no JSON");
    let shown = |operation: &str| {
        let endpoint = document.operation(operation, "GET").expect("an endpoint");
        let (_, answer) = endpoint.answers_of(operation).next().expect("an answer");
        let example = answer.contents[0].examples.iter().find(|example| example.belongs_to(operation));
        (document.example(example.expect("an example")).clone(), endpoint.answers_of(operation).count())
    };
    assert_eq!(shown("x.one"), (json!([1]), 2));
    assert_eq!(shown("x.many"), (json!([2]), 1));
}
