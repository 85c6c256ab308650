//! Each format's function, held against the `jsonschema` crate.

use persona_mock::internals::{Checks, Formats};
use serde_json::{Value, json};

use super::texts;

/// Texts of a format, and what they may be spoilt with.
const FORMATS: &[(&str, &str, &[&str])] = &[
    ("uuid", "[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", &["g", "-", "", "{", "}", "0", "é"]),
    ("date", "[0-9]{3}[0-9]-(0[0-9]|1[0-3])-(0[0-9]|[12][0-9]|3[01])", &["-", "0", "١", "T", "/", "", "+"]),
    (
        "date-time",
        r"(1900|2000|2023|2024)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-4]):(00|59|60):(00|59|60)(\.[0-9]{0,3})?(Z|z|[+-]([01][0-9]|2[0-4]):(00|30|59|60))",
        &["T", "t", " ", "Z", "+00:00", "-23:59", ".", ",", "é", "0", ""],
    ),
    (
        "uri",
        r"[a-z1][a-z0-9+.-]{0,3}:(//([a-z%]{0,3}@)?([a-z0-9.]{0,4}|\[(::1|v1\.a|1:2|[0-9a-f:]{0,6})\])(:[0-9]{0,3})?)?[a-z/:@%]{0,5}(\?[a-z/?=&%]{0,4})?(#[a-z/?#%]{0,3})?",
        &["%41", "%4", "%", " ", "é", "[", "]", "@", ":", "//", "?", "#", "\\", "|", "<", "'", ""],
    ),
    (
        "email",
        r#"([a-zA-Z0-9!#$%.+_-]{1,5}|"[a-z @.\\]{0,4}")@([a-z0-9.-]{1,8}|\[(1\.2\.3\.4|IPv6:::1|ipv6:1::|1\.2|[0-9.]{1,8})\])"#,
        &["@", ".", "..", "-", "--", "é", "\"", "\\\"", " ", "(", ",", "[", "]", "a", "_", ""],
    ),
];

/// What that crate gets wrong: `Ada <ada@example.com>` is no address of RFC 5321, and `+000-01-01` no date. And it looks
/// up the letters of names in Punycode.
fn is_known_to_differ(format: &str, text: &str) -> bool {
    let digits = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18];
    let odd = |byte: Option<&u8>| byte.is_some_and(|byte| (b'*'..=b'/').contains(byte));
    match format {
        "email" => text.contains(" <") || text.contains("xn--"),
        "date" | "date-time" => {
            let from_end = [1, 2, 4, 5].map(|place| text.as_bytes().iter().rev().nth(place - 1));
            let zone = format == "date-time" && from_end.into_iter().any(odd);
            zone || digits.iter().any(|place| odd(text.as_bytes().get(*place)))
        }
        _ => false,
    }
}

#[test]
fn each_format_is_that_of_the_jsonschema_crate() {
    for (format, model, edges) in FORMATS {
        let schema = json!({"format": format});
        let checks = Checks::compile(&schema, &schema, Formats::Checked(&[])).expect("a schema");
        let reference = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        texts::agree(format, model, edges, 600, |text| {
            let value = Value::from(text);
            let both = || (checks.accepts(&value), reference.is_valid(&value));
            (!is_known_to_differ(format, text)).then(both)
        });
    }
}

#[test]
fn where_formats_are_noted_none_is_checked() {
    let schema = json!({"format": "uuid"});
    let accepts = |formats| Checks::compile(&schema, &schema, formats).expect("a schema").accepts(&json!("x"));
    assert!(accepts(Formats::Noted));
    assert!(!accepts(Formats::Checked(&[])));
}
