//! What is said of bodies that are no JSON.

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;

fn check(body: &[u8], expected: &str) {
    assert_eq!(Malformed::of(body).to_string(), expected, "{}", String::from_utf8_lossy(body));
    assert!(serde_json::from_slice::<serde_json::Value>(body).is_err(), "{}", String::from_utf8_lossy(body));
}

#[test]
fn every_kind_of_fault_has_a_sentence_and_a_place() {
    check(b"  \n ", "it holds only blanks, where an object should stand");
    check(b"\xEF\xBB\xBF{}", "it starts with a byte order mark, which JSON does not have");
    check(b"{\"a\": \"\xFF\"}", "it is not UTF-8 text (line 1, character 8)");
    check(b"{", "it ends before the closing } (line 1, character 2)");
    check(b"[1", "it ends before the closing ] (line 1, character 3)");
    check(b"{\"a\"", "it ends before the value of a property (line 1, character 5)");
    check(b"{\"a\":", "it ends before the value of a property (line 1, character 6)");
    check(b"{\"a\": }", "a value is missing before } (line 1, character 7)");
    check(b"[1,,2]", "a value is missing before , (line 1, character 4)");
    check(b"{\"a\": 1,}", "there is a comma too many before } (line 1, character 8)");
    check(b"[1,\n]", "there is a comma too many before ] (line 1, character 3)");
    check(b"{,}", "there is a comma too many (line 1, character 2)");
    check(b"{\"a\": 1,, \"b\": 2}", "there is a comma too many (line 1, character 9)");
    check(b"{\"a\": 1\n \"b\": 2}", "a comma or } is missing (line 2, character 2)");
    check(b"[1 2]", "a comma or ] is missing (line 1, character 4)");
    check(b"{\"a\": [1}", "] should stand here, not } (line 1, character 9)");
    check(b"{\"a\" 1}", "a colon is missing after the name of a property (line 1, character 6)");
    check(b"{a: 1}", "the name of a property stands in double quotes (line 1, character 2)");
    check(b"{'a': 1}", "the name of a property stands in double quotes (line 1, character 2)");
    check(b"{1: 1}", "the name of a property stands in double quotes (line 1, character 2)");
    check(b"{\"a\": 'b'}", "a string stands in double quotes, not in single quotes (line 1, character 7)");
    check(b"{\"a\": 1} // b", "something follows where it should end (line 1, character 10)");
    check(b"{\"a\": 1 // b", "JSON has no comments (line 1, character 9)");
    check(b"{ /* a */ }", "JSON has no comments (line 1, character 3)");
    check(b"{} {}", "something follows where it should end (line 1, character 4)");
    check("{\"ä\": \"b}".as_bytes(), "the closing quote of a string is missing (line 1, character 7)");
    check(b"\"a\nb\"", "a line break in a string must be written as \\n (line 1, character 3)");
    check(b"\"a\tb\"", "a tab in a string must be written as \\t (line 1, character 3)");
    check(b"\"a\0b\"", "a control character in a string must be written as \\u0000 (line 1, character 3)");
    check(b"\"a\\x\"", "a backslash in a string must be written as \\\\ (line 1, character 3)");
    check(b"\"\\u12g4\"", "a \\u escape in a string must have four hexadecimal digits (line 1, character 2)");
    check(b"\"\\ud800\"", "a \\u escape in a string stands for only half a character (line 1, character 2)");
    check(b"[01]", "a number has no zeros in front (line 1, character 2)");
    check(b"[-]", "a digit of a number is missing (line 1, character 3)");
    check(b"[1.]", "a digit of a number is missing (line 1, character 4)");
    check(b"[1e]", "a digit of a number is missing (line 1, character 4)");
    check(b"[+1]", "a number starts with a digit or with a minus sign (line 1, character 2)");
    check(b"[.5]", "a number starts with a digit or with a minus sign (line 1, character 2)");
    let value = "a value must be a string in double quotes, a number, true, false, null, an array or an object";
    for word in ["NaN", "undefined", "True", "None", "nul", "truest", "\u{a0}1", "\0"] {
        check(format!("[{word}]").as_bytes(), &format!("{value} (line 1, character 2)"));
    }
    check(b"firstName=Ann", &format!("{value} (line 1, character 1)"));
}

/// Texts of the characters that JSON is made of: some are JSON, most are nearly so.
fn nearly_json() -> impl Strategy<Value = String> {
    const PARTS: &[&str] =
        &["{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "-", "0", ".", "e", "true", "null", " ", "\\", "x"];
    proptest::collection::vec(proptest::sample::select(PARTS), 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn what_is_refused_is_told_a_place_and_what_is_json_has_none(text in nearly_json()) {
        let refused = serde_json::from_str::<&RawValue>(&text).is_err();
        let told = Malformed::of(text.as_bytes());
        let found = told.place.is_some() || told.reason.contains("blanks");
        prop_assert_eq!(refused, found, "{}: {}", text, told);
    }
}
