//! Every way in which serde could read a list by position, or hide that it does.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::{any, read};

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    x: Option<i64>,
    #[serde(default)]
    y: Option<i64>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Wrapped(Point);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(transparent)]
struct Transparent {
    point: Point,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Pair(Point, i64);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Stop,
    To(Point),
    Both(Point, i64),
    Turn { by: i64, at: Option<Point> },
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Whole {
    point: Point,
    maybe: Option<Point>,
    list: Vec<Point>,
    map: IndexMap<String, Point>,
    wrapped: Option<Wrapped>,
    transparent: Option<Transparent>,
    boxed: Option<Box<Point>>,
    pair: Option<Pair>,
    tuple: Option<(Point, i64)>,
    act: Option<Act>,
    #[serde(deserialize_with = "any")]
    free: Value,
}

fn whole(json: &str) -> Result<Whole, String> {
    read(json.as_bytes()).map_err(|error| format!("{}: {}", error.path, error.words()))
}

#[test]
fn an_object_is_an_object_wherever_it_stands() {
    for (place, path) in [
        ("@", "$"),
        (r#"{"point": @}"#, "$.point"),
        (r#"{"maybe": @}"#, "$.maybe"),
        (r#"{"list": [{}, @]}"#, "$.list[1]"),
        (r#"{"map": @}"#, "$.map"),
        (r#"{"map": {"a": @}}"#, "$.map.a"),
        (r#"{"wrapped": @}"#, "$.wrapped"),
        (r#"{"transparent": @}"#, "$.transparent"),
        (r#"{"boxed": @}"#, "$.boxed"),
        (r#"{"pair": [@, 1]}"#, "$.pair[0]"),
        (r#"{"tuple": [@, 1]}"#, "$.tuple[0]"),
        (r#"{"act": {"to": @}}"#, "$.act.to"),
        (r#"{"act": {"both": [@, 1]}}"#, "$.act.both[0]"),
        (r#"{"act": {"turn": @}}"#, "$.act.turn"),
        (r#"{"act": {"turn": {"by": 1, "at": @}}}"#, "$.act.turn.at"),
    ] {
        for list in ["[]", "[null]", "[null,null]", "[1,2]", "[[]]"] {
            let told = whole(&place.replace('@', list)).expect_err(place);
            assert!(told.starts_with(&format!("{path}: expected an object, found a list")), "{told}");
        }
        for (other, found) in [("5", "5"), ("\"x\"", "\"x\""), ("true", "true")] {
            let told = whole(&place.replace('@', other)).expect_err(place);
            assert!(told.starts_with(&format!("{path}: expected an object, found {found}")), "{told}");
        }
    }
}

#[test]
fn a_variant_is_a_text_or_the_one_member_of_an_object() {
    let told = |act: &str| whole(&format!(r#"{{"act": {act}}}"#)).expect_err(act);
    let one = "one of `stop`, `to`, `both`, `turn`, as a text or as the one member of an object";
    assert!(told("[]").starts_with(&format!("$.act: expected {one}, found a list")), "{}", told("[]"));
    assert!(told("[\"stop\"]").starts_with("$.act: expected one of"));
    assert!(told("7").starts_with(&format!("$.act: expected {one}, found 7")), "{}", told("7"));
    let members = "$.act: expected an object with one member out of `stop`, `to`, `both`, `turn`, found";
    assert!(told("{}").starts_with(&format!("{members} none")), "{}", told("{}"));
    let second = told(r#"{"to": {}, "stop": null}"#);
    assert!(second.starts_with(&format!("{members} a second, `stop`")), "{second}");
    assert!(told("\"go\"").contains("unknown name `go`"), "{}", told("\"go\""));
    assert!(told("\"to\"").contains("expected an object whose one member it is, found a text"), "{}", told("\"to\""));
}

#[test]
fn what_is_right_is_read_as_ever() {
    let point = |x| Point { x: Some(x), y: None };
    let json = r#"{
        "point": {"x": 1}, "maybe": null, "list": [{"x": 2}], "map": {"a": {"x": 3}}, "wrapped": {"x": 4},
        "transparent": {"x": 5}, "boxed": {"x": 6}, "pair": [{"x": 7}, 1], "tuple": [{"x": 8}, 1],
        "act": {"turn": {"by": 9, "at": {"x": 9}}}, "free": [[], {"a": [1.5, null]}]
    }"#;
    let expected = Whole {
        point: point(1),
        maybe: None,
        list: vec![point(2)],
        map: IndexMap::from([("a".to_owned(), point(3))]),
        wrapped: Some(Wrapped(point(4))),
        transparent: Some(Transparent { point: point(5) }),
        boxed: Some(Box::new(point(6))),
        pair: Some(Pair(point(7), 1)),
        tuple: Some((point(8), 1)),
        act: Some(Act::Turn { by: 9, at: Some(point(9)) }),
        free: serde_json::json!([[], {"a": [1.5, null]}]),
    };
    assert_eq!(whole(json), Ok(expected));
    for (json, act) in [
        (r#""stop""#, Act::Stop),
        (r#"{"stop": null}"#, Act::Stop),
        (r#"{"to": {}}"#, Act::To(Point::default())),
        (r#"{"both": [{"x": 1}, 2]}"#, Act::Both(point(1), 2)),
    ] {
        assert_eq!(read::<Act>(json.as_bytes()).map_err(|error| error.to_string()), Ok(act), "{json}");
    }
    assert!(whole("{} x").expect_err("more").starts_with("$: the text is no JSON: more follows"));
    assert!(whole(r#"{"point": {"x": 1}"#).expect_err("less").contains("it breaks off"));
}

/// serde reads these into a buffer first, and what it reads from there is out of sight: a list would
/// pass for an object. They get no object at all, so that whoever writes one sees it at once.
#[test]
fn a_type_that_serde_buffers_fails_at_its_first_use() {
    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "read by the derived code alone")]
    enum Untagged {
        Point(Point),
        Number(i64),
    }

    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    #[expect(dead_code, reason = "read by the derived code alone")]
    enum Tagged {
        To { point: Point },
    }

    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", content = "value", rename_all = "snake_case")]
    #[expect(dead_code, reason = "read by the derived code alone")]
    enum Adjacent {
        To(Point),
    }

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(flatten)]
        #[expect(dead_code, reason = "read by the derived code alone")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read by the derived code alone")]
    struct Inner {
        point: Point,
    }

    fn fails<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &str) {
        let right = json.replace('@', r#"{"x": 1}"#);
        assert!(serde_json::from_str::<T>(&right).is_ok(), "serde alone reads {right}");
        let list = json.replace('@', "[null,null]");
        assert!(serde_json::from_str::<T>(&list).is_ok(), "serde alone takes the list in {list}");
        assert!(read::<T>(list.as_bytes()).is_err(), "{list}");
    }

    fails::<Untagged>("@");
    fails::<Tagged>(r#"{"kind": "to", "point": @}"#);
    fails::<Adjacent>(r#"{"kind": "to", "value": @}"#);
    // The value before its tag goes through the buffer too.
    fails::<Adjacent>(r#"{"value": @, "kind": "to"}"#);
    fails::<Outer>(r#"{"point": @}"#);
    assert!(read::<Untagged>(br#"{"x": 1}"#).is_err(), "not even an object: its author learns of it");
    assert!(read::<Tagged>(br#"{"kind": "to", "point": {"x": 1}}"#).is_err());
    assert!(read::<Outer>(br#"{"point": {"x": 1}}"#).is_err());
    assert!(read::<Untagged>(b"5").is_ok(), "a text or a number hides nothing");
    assert!(read::<Value>(b"[]").is_err() && read::<Value>(b"{}").is_err(), "any JSON is asked for by `any`");
}

#[test]
fn any_json_of_another_type_is_told_by_its_path_and_no_line_of_its_own() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read by the derived code alone")]
    struct Holder {
        #[serde(deserialize_with = "any")]
        free: serde_json::Map<String, Value>,
    }
    let error = read::<Holder>(b"{\n  \"free\": \"x\"}").expect_err("a text is no object");
    assert_eq!(error.path, "$.free");
    assert!(!error.words().contains("line"), "{}", error.words());
}
