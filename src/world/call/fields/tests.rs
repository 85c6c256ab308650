//! How the fields of a pattern are written and read.

use super::*;

fn read(name: &str, texts: &[&str]) -> Result<Pattern, String> {
    let mut pattern = Pattern::default();
    let field = Field::named(name).expect("a field");
    texts.iter().try_for_each(|text| field.read(&mut pattern, text)).map(|()| pattern)
}

#[test]
fn what_is_said_twice_is_said_once_or_refused() {
    for (name, texts, expected) in [
        ("header", &["X-A", "x-a: 1"][..], Ok(&["X-A: 1"][..])),
        ("header", &["x-a: 1", "X-A"], Ok(&["x-a: 1"])),
        ("header", &["x-a:1", "x-a: 2"], Err("expected one value of `x-a`, found \"1\" and \"2\"")),
        ("query", &["a=1", "a=1", "b=c=d"], Ok(&["a=1", "b=c=d"])),
        ("query", &["a=1", "a=2"], Err("expected one value of `a`, found \"1\" and \"2\"")),
        ("body", &["$.a=1", "$.a=\"1\""], Err("expected one value of `$.a`, found two")),
        ("body", &["$.a=x", "$.b", "[1, null]"], Ok(&["[1,null]", "$.a=\"x\"", "$.b"])),
        ("body", &["1", "1"], Err("expected JSON of the body once, found it twice")),
    ] {
        let texts = read(name, texts).map(|pattern| Field::named(name).expect("a field").texts(&pattern));
        let expected = expected.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(texts, expected.map_err(str::to_owned), "{name}");
    }
}

#[test]
fn more_header_fields_than_a_request_has_are_refused() {
    let names: Vec<_> = (0..=MOST_HEADERS).map(|number| format!("X-{number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    assert_eq!(read("header", &names[1..]).map(|pattern| pattern.header.len()), Ok(MOST_HEADERS));
    let refused = "expected at most 200 header fields, found more".to_owned();
    assert_eq!(read("header", &names), Err(refused));
}

#[test]
fn a_field_that_says_nothing_has_no_text() {
    for field in Field::all() {
        assert!(field.texts(&Pattern::default()).is_empty() && !field.about.is_empty(), "{field:?}");
        assert_eq!(Field::named(field.name).map(|field| field.name), Some(field.name));
    }
}
