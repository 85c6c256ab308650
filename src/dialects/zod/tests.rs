//! What each version takes, and says of what it does not.

use super::Version::{V3, V4};
use super::*;
use crate::dialects::ecma_json::Document;

#[test]
fn a_version_has_a_name_and_the_first_is_the_default() {
    assert_eq!(Version::NAMES.map(Version::named), [V4, V3]);
    assert_eq!(Version::default(), V4);
}

#[test]
fn takes_the_uuids_that_the_regexp_takes() {
    let of_rfc_9562 = [
        "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01",
        "5C0E7D1A-2F38-4B96-A4D3-91E6B8F07C01",
        "12345678-1234-1234-8234-123456789abc",
        "12345678-1234-8234-B234-123456789abc",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ];
    let others = [
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "00000000-0000-0000-0000-000000000001",
        "12345678-1234-0234-8234-123456789abc",
        "12345678-1234-9234-8234-123456789abc",
        "12345678-1234-4234-7234-123456789abc",
        "12345678-1234-4234-c234-123456789abc",
    ];
    let read = |version: Version, text: &str| version.uuid_text(text).map(|id| id.to_string());
    for good in of_rfc_9562 {
        assert_eq!([V3, V4].map(|version| read(version, good)), [Ok(good.to_lowercase()), Ok(good.to_lowercase())]);
    }
    for good in others {
        assert_eq!([V3, V4].map(|version| read(version, good)), [Ok(good.to_lowercase()), Err("Invalid UUID".into())]);
    }
    for bad in [
        "",
        "abc",
        "5c0e7d1a2f384b96a4d391e6b8f07c01",
        "{5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01}",
        "urn:uuid:5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01",
        " 5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01",
        "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01\n",
        "g2345678-1234-4234-8234-123456789abc",
        "1234567-12345-4234-8234-123456789abc",
        "{c0e7d1a2f384b96a4d391e6b8f07c0123}}",
    ] {
        let texts = [V3, V4].map(|version| read(version, bad));
        assert_eq!(texts, [Err("Invalid uuid".into()), Err("Invalid UUID".into())], "{bad:?}");
    }
}

#[test]
fn names_the_type_that_came() {
    let check = |json: &str, received: &str| {
        let document = Document::read(json).expect(json);
        let texts = [V3, V4].map(|version| version.string(Some(document.root())).cloned());
        let [old, new] = ["Expected string, received", "Invalid input: expected string, received"];
        assert_eq!(texts, [old, new].map(|start| Err(format!("{start} {received}").into())));
    };
    check("null", "null");
    check("true", "boolean");
    check("1e400", "number");
    check("[]", "array");
    check("{}", "object");
    assert_eq!(V3.string(None), Err("Required".into()));
    assert_eq!(V4.string(None), Err("Invalid input: expected string, received undefined".into()));
    let record = |version: Version| version.record(None).map(|_| ());
    assert_eq!(record(V3), Err("Required".into()));
    assert_eq!(record(V4), Err("Invalid input: expected record, received undefined".into()));
}

#[test]
fn trims_what_javascript_calls_blank() {
    let check = |json: &str, expected: Result<&str, [&str; 2]>| {
        let document = Document::read(json).expect(json);
        for (number, version) in [V3, V4].into_iter().enumerate() {
            let trimmed = version.filled_string(Some(document.root()));
            let expected = expected.map(Text::from).map_err(|texts| texts[number].to_owned().into());
            assert_eq!(trimmed, expected, "{json}");
        }
    };
    let empty =
        Err(["String must contain at least 1 character(s)", "Too small: expected string to have >=1 characters"]);
    check(r#""""#, empty);
    check(r#"" \u00a0\u3000\ufeff\u2028\u000b""#, empty);
    check(r#""\u200b""#, Ok("\u{200b}"));
    check(r#""\u0085""#, Ok("\u{85}"));
    check(r#"" a b\u3000""#, Ok("a b"));
}

#[test]
fn coerces_query_numbers() {
    let check = |text: &str, least: u32, expected: [Result<f64, &str>; 2]| {
        let found = [V3, V4].map(|version| version.coerced_integer(text, least));
        assert_eq!(found, expected.map(|expected| expected.map_err(|text| text.to_owned().into())), "{text}");
    };
    check("1e1", 1, [Ok(10.0), Ok(10.0)]);
    check(" 0x2", 1, [Ok(2.0), Ok(2.0)]);
    check("9007199254740991", 1, [Ok(LARGEST_SAFE), Ok(LARGEST_SAFE)]);
    let above = "Too big: expected int to be <=9007199254740991";
    check("9007199254740992", 1, [Ok(9_007_199_254_740_992.0), Err(above)]);
    check("1e21", 0, [Ok(1e21), Err(above)]);
    let small = "Number must be greater than or equal to 0";
    check("-1e21", 0, [Err(small), Err("Too small: expected int to be >=-9007199254740991")]);
    check("-1", 0, [Err(small), Err("Too small: expected number to be >=0")]);
    let float = "Expected integer, received float";
    check("-1.5", 1, [Err(float), Err("Invalid input: expected int, received number")]);
    check("Infinity", 1, [Err(float), Err("Invalid input: expected number, received number")]);
    let nan = "Invalid input: expected number, received NaN";
    check("abc", 1, [Err("Expected number, received nan"), Err(nan)]);
}

#[test]
fn a_finding_may_be_of_a_field_that_no_table_names() {
    let mut findings = Findings::of(format!("items.{}", 3), "Invalid UUID");
    assert_eq!(findings.note("id", Ok(1)), Some(1));
    assert_eq!(findings.note::<u8>(String::from("name"), Err("Required".into())), None);
    assert_eq!(findings.iter().collect::<Vec<_>>(), [("items.3", "Invalid UUID"), ("name", "Required")]);
}
