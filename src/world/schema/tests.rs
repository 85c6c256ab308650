//! What is told of a value, what a schema may not say, and what a hostile value costs.

use serde_json::{Value, json};

use super::{Checks, Formats};

fn checks(schema: &Value) -> Checks {
    Checks::compile(schema, schema, Formats::Checked(&[])).unwrap_or_else(|error| panic!("{error}"))
}

/// What is found in a value.
fn found(schema: &Value, value: &Value) -> Vec<String> {
    let checks = checks(schema);
    let found: Vec<_> = checks.findings(value, 100).iter().map(ToString::to_string).collect();
    assert_eq!(checks.accepts(value), found.is_empty(), "{value}: {found:?}");
    found
}

fn check(schema: Value, value: Value, expected: &[&str]) {
    assert_eq!(found(&schema, &value), expected, "{value} against {schema}");
}

#[test]
fn each_rule_says_what_was_found_and_what_was_expected() {
    check(json!({"type": "string"}), json!(5), &["$: found 5, expected a string"]);
    check(json!({"type": ["null", "string"]}), json!([]), &["$: found [], expected a string or null"]);
    check(json!({"enum": ["a", 1]}), json!("b"), &["$: found \"b\", expected one of \"a\", 1"]);
    check(json!({"const": {"a": 1}}), json!({}), &["$: found {}, expected {\"a\":1}"]);
    check(json!({"minimum": 1, "maximum": 3}), json!(0.5), &["$: found 0.5, expected at least 1"]);
    check(json!({"exclusiveMaximum": 3}), json!(3), &["$: found 3, expected less than 3"]);
    check(json!({"minLength": 1}), json!(""), &["$: found \"\", expected a string of at least 1 character"]);
    check(json!({"maxLength": 2}), json!("ßßß"), &["$: found \"ßßß\", expected a string of at most 2 characters"]);
    check(json!({"minItems": 2}), json!([1]), &["$: found [1], expected a list of at least 2 items"]);
    check(json!({"uniqueItems": true}), json!([1, 1.0]), &["$: found [1,1.0], expected a list with each item once"]);
    check(json!({"minProperties": 1}), json!({}), &["$: found {}, expected an object of at least 1 member"]);
    check(json!({"format": "uuid"}), json!("x"), &["$: found \"x\", expected a UUID"]);
    check(
        json!({"format": "int32"}),
        json!(2_147_483_648_u32),
        &["$: found 2147483648, expected a whole number from -2147483648 to 2147483647"],
    );
    check(json!({"format": "uint64", "minimum": 0}), json!(-1), &["$: found -1, expected at least 0"]);
    check(json!({"pattern": r"\S"}), json!(" "), &[r#"$: found " ", expected a string that is not blank"#]);
    check(json!({"properties": {"a": false}}), json!({"a": 1}), &["$.a: found 1, expected no value"]);
    let object = json!({"type": "object", "required": ["a", "b"], "additionalProperties": false,
        "properties": {"b": {"type": "integer", "minimum": 3}, "a": {"type": "string"}, "c": {}}});
    check(
        object.clone(),
        json!({"b": "x", "d": null}),
        &[
            "$.b: found \"x\", expected a whole number",
            "$.d: found an unknown name, expected one of `b`, `a`, `c`",
            "$: found no `a`, expected `a` to be there",
        ],
    );
    check(object, json!([1]), &[r#"$: found [1], expected an object such as {"a":"…","b":3}"#]);
    // An example shows a member even where none must be there; `{}` would say nothing.
    let free = json!({"type": ["object", "null"], "properties": {"name": {"type": "string"}, "b": {}}});
    check(free, json!(5), &[r#"$: found 5, expected an object such as {"name":"…"}, or null"#]);
    check(json!({"type": "object", "required": ["a"]}), json!(5), &["$: found 5, expected an object"]);
    let loose = json!({"type": ["string", "number", "boolean"]});
    let digits = json!({"type": ["string", "integer"], "pattern": "^ *[+-]?[0-9]{1,9} *$"});
    let loose = json!({"type": "object", "required": ["name", "id"], "properties": {"name": loose, "id": digits}});
    check(loose, json!(5), &[r#"$: found 5, expected an object such as {"name":"…","id":1}"#]);
    let long = json!("x".repeat(1000));
    let told = found(&json!({"type": "null"}), &long);
    assert_eq!(told, [format!("$: found \"{}…, expected null", "x".repeat(79))]);
}

#[test]
fn the_nearest_branch_speaks() {
    let user = json!({"type": "object", "required": ["id"], "additionalProperties": false,
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}});
    let may_be_null = json!({"anyOf": [{"type": "null"}, user]});
    check(may_be_null.clone(), json!({"name": "a"}), &["$: found no `id`, expected `id` to be there"]);
    check(may_be_null.clone(), json!({"id": "x"}), &["$.id: found \"x\", expected a whole number"]);
    check(may_be_null, json!(5), &[r#"$: found 5, expected an object such as {"id":1}, or null"#]);
    // The member that names a branch weighs more than any number of others.
    let page = |kind: &str, members: Value| json!({"properties": {"kind": {"const": kind}, "rows": members}});
    let tagged = json!({"oneOf": [page("a", json!({})), page("b", json!({"items": {"type": "integer"}}))]});
    check(
        tagged.clone(),
        json!({"kind": "b", "rows": ["x", "y", 1]}),
        &["$.rows[0]: found \"x\", expected a whole number", "$.rows[1]: found \"y\", expected a whole number"],
    );
    check(tagged.clone(), json!({"kind": "c", "rows": []}), &["$.kind: found \"c\", expected one of \"a\", \"b\""]);
    check(
        tagged,
        json!({"rows": []}),
        &["$: found {\"rows\":[]}, expected a value that fits one form of several, and this one fits 2 of them"],
    );
    // Values and kinds stand together, however deep the branches.
    let names =
        json!({"anyOf": [{"oneOf": [{"type": "string", "const": "Owner"}, {"const": "Admin"}]}, {"type": "null"}]});
    check(names, json!(5), &["$: found 5, expected one of \"Owner\", \"Admin\", or null"]);
}

#[test]
fn members_that_no_part_speaks_of_are_found() {
    let schema = json!({
        "allOf": [{"properties": {"a": {}}}, {"anyOf": [{"properties": {"b": {"type": "string"}}, "required": ["b"]}, true]}],
        "properties": {"c": {}}, "unevaluatedProperties": false,
    });
    check(schema.clone(), json!({"a": 1, "b": "x", "c": 1}), &[]);
    check(schema, json!({"b": 1, "c": 1}), &["$.b: found an unknown name, expected one of `c`"]);
}

#[test]
fn a_schema_that_cannot_be_held_is_refused_with_its_place() {
    let refused = |schema: Value, expected: &str| {
        let error = Checks::compile(&schema, &schema, Formats::Checked(&[])).expect_err("no checks").to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    refused(
        json!({"properties": {"a/b": {"multipleOf": 2}}}),
        "#/properties/a~1b/multipleOf: the keyword is not supported, expected one of type, enum,",
    );
    refused(json!({"$ref": "#/$defs/A", "$defs": {"A": {"if": true}}}), "#/$defs/A/if: the keyword is not supported");
    refused(json!({"nullable": true}), "#/nullable: the keyword is one of OpenAPI 3.0; expected null among the types");
    refused(json!({"pattern": "^a+$"}), "#/pattern: found \"^a+$\", expected a pattern that has a function");
    refused(
        json!({"format": "hostname"}),
        "#/format: found \"hostname\", expected a format that is checked, one of uuid,",
    );
    refused(json!({"type": "text"}), "#/type: found \"text\", expected array or boolean or");
    refused(json!({"minLength": -1}), "#/minLength: found -1, expected a whole number from 0");
    refused(json!({"anyOf": []}), "#/anyOf: found [], expected a list of one item or more");
    refused(json!({"items": [true]}), "#/items: found [true], expected a schema");
    refused(json!({"required": [1]}), "#/required: found [1], expected a list of names");
    refused(
        json!({"$ref": "#/$defs/A"}),
        "#/$ref: found \"#/$defs/A\", expected a reference to a schema that is there",
    );
    refused(json!({"$ref": "other.json"}), "#/$ref: found \"other.json\", expected a reference into this document");
    refused(json!({"$schema": "http://json-schema.org/draft-07/schema#"}), "#/$schema: found");
    for endless in [
        json!({"$ref": "#"}),
        json!({"anyOf": [{"type": "null"}, {"$ref": "#"}]}),
        json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}),
        // The circle closes only after its parts were met on another way.
        json!({"items": {"allOf": [{"$ref": "#"}]}, "allOf": [{"$ref": "#/items"}]}),
    ] {
        let error = Checks::compile(&endless, &endless, Formats::Noted).expect_err("no checks").to_string();
        assert!(error.contains("this schema refers to itself for the same value"), "{endless}: {error}");
    }
    let notes = json!({"title": "", "x-provenance": "inferred", "example": 1, "format": "password", "readOnly": true});
    check(notes, json!(1), &[]);
}

/// A value nested so often: `{"left": {"left": …}}`.
fn nested(levels: u32, innermost: Value) -> Value {
    (0..levels).fold(innermost, |value, _| json!({"left": value}))
}

#[test]
fn a_schema_that_contains_itself_judges_a_nested_value_in_reasonable_time() {
    let tree = |kind: &str| json!({"properties": {"left": {"$ref": "#"}, "kind": {"type": kind}}});
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let mut branches = vec![tree("string"), tree("integer")];
        if keyword == "oneOf" {
            branches[1]["required"] = json!(["kind"]);
        }
        let schema = json!({keyword: branches, "type": "object"});
        let deep = nested(100, json!({"left": 5}));
        let told = found(&schema, &deep);
        assert!(!told.is_empty() && told.len() <= 100, "{keyword}: {told:?}");
        assert!(told[0].contains("found 5, expected an object"), "{keyword}: {told:?}");
    }
}

#[test]
fn a_value_as_deep_as_any_is_judged_on_the_stack_of_a_thread() {
    let leaf = json!({"properties": {"left": {"$ref": "#"}}, "type": "object"});
    let wrap =
        |schema: Value| json!({"allOf": [{"oneOf": [{"anyOf": [{"type": "null"}, schema]}, {"type": "string"}]}]});
    let schema = wrap(wrap(leaf));
    check(schema.clone(), nested(190, json!(null)), &[]);
    let told = found(&schema, &nested(190, json!(5)));
    assert_eq!(told.len(), 1);
    assert!(told[0].contains(".left.left: found 5, expected "), "{told:?}");
}

#[test]
fn what_is_nested_too_deep_is_told_instead_of_followed() {
    let schema = json!({"properties": {"left": {"$ref": "#"}}});
    check(schema.clone(), nested(128, json!(1)), &[]);
    let told = found(&schema, &nested(300, json!(1)));
    assert_eq!(told.len(), 1);
    assert!(told[0].ends_with("expected at most 200 levels of lists and objects"), "{told:?}");
    // What no schema speaks of is not followed at all.
    check(json!({"type": "object"}), nested(300, json!(1)), &[]);
}

#[test]
fn large_values_cost_no_more_than_they_hold() {
    let many: Vec<Value> = (0..20_000).map(|number| json!({"a": number, "b": [number]})).collect();
    check(json!({"uniqueItems": true}), Value::Array(many.clone()), &[]);
    let wrong = json!({"items": {"anyOf": [{"type": "null"}, {"properties": {"a": {"type": "string"}}}]}});
    let (checks, value) = (checks(&wrong), Value::Array(many));
    assert_eq!(checks.findings(&value, 7).len(), 7);
    assert_eq!(checks.findings(&value, 0).len(), 0);
    let kept = checks.findings_where(&value, 2, |finding| finding.value.as_u64().is_some_and(|number| number > 10_000));
    assert_eq!(kept.iter().map(|finding| &*finding.path).collect::<Vec<_>>(), ["$[10001].a", "$[10002].a"]);
}
