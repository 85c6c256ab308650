//! Whether the text of an object is what JavaScript prints of it, seen in passing: most of a fixture's blocks are.

use memchr::memchr2;

/// Up to how many members an object may have.
const MEMBERS: usize = 16;
/// How deep it may be.
const LEVELS: usize = 16;
/// Up to how many digits a number may have: such a one is a float without loss, and is printed as it is.
const DIGITS: usize = 15;

/// Whether the text of a JSON object surely is what `JSON.stringify` prints of it, and what stands for no other text. It has
/// neither blanks nor escapes then, whole numbers alone, and names in the order in which JavaScript keeps them.
pub(super) fn is_printed(json: &str) -> bool {
    json.starts_with('{') && value(json.as_bytes(), 0).is_some_and(<[u8]>::is_empty)
}

/// What stands behind a value, where it is printed so.
fn value(json: &[u8], level: usize) -> Option<&[u8]> {
    match json {
        [b'"', ..] => text(json).map(|(_, behind)| behind),
        [b'{', b'}', behind @ ..] | [b'[', b']', behind @ ..] => Some(behind),
        [b'{', ..] if level < LEVELS => members(json, level),
        [b'[', ..] if level < LEVELS => items(json, level),
        [b't', b'r', b'u', b'e', behind @ ..]
        | [b'n', b'u', b'l', b'l', behind @ ..]
        | [b'f', b'a', b'l', b's', b'e', behind @ ..]
        | [b'0', behind @ ..] => Some(behind),
        [b'-', digits @ ..] | digits => number(digits),
    }
}

fn members(mut json: &[u8], level: usize) -> Option<&[u8]> {
    let mut names: [&[u8]; MEMBERS] = [b""; MEMBERS];
    for place in 0..MEMBERS {
        let (name, behind) = text(json.get(1..)?)?;
        // Numbers come first in JavaScript, and the others mean something else.
        if matches!(name.first(), None | Some(b'0'..=b'9' | b'$' | b'_')) || names.get(..place)?.contains(&name) {
            return None;
        }
        *names.get_mut(place)? = name;
        json = value(behind.strip_prefix(b":")?, level + 1)?;
        match json.first()? {
            b',' => {}
            b'}' => return json.get(1..),
            _ => return None,
        }
    }
    None
}

fn items(mut json: &[u8], level: usize) -> Option<&[u8]> {
    loop {
        json = value(json.get(1..)?, level + 1)?;
        match json.first()? {
            b',' => {}
            b']' => return json.get(1..),
            _ => return None,
        }
    }
}

/// A text without its quotes, and what stands behind it.
fn text(json: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = json.strip_prefix(b"\"")?;
    let end = memchr2(b'"', b'\\', text)?;
    let (text, behind) = text.split_at_checked(end)?;
    behind.strip_prefix(b"\"").map(|behind| (text, behind))
}

/// What stands behind a whole number that does not begin with a zero.
fn number(json: &[u8]) -> Option<&[u8]> {
    let count = json.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (json.first() != Some(&b'0') && (1..=DIGITS).contains(&count)).then(|| json.get(count..)).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialects::ecma_json::Document;
    use crate::dialects::zod::Record;

    /// What JavaScript prints of the object that a text is.
    fn printed(json: &str) -> Option<Box<str>> {
        let document = Document::read(json).ok()?;
        Record::of(Some(document.root())).ok()?.print().ok()
    }

    #[test]
    fn what_most_blocks_are_is_seen() {
        for json in [
            "{}",
            r#"{"a":"é","b":[1,-20,0,true,false,null,[],{}],"c":{"d":"","key_frustrations":"x"}}"#,
            r#"{"n":123456789012345}"#,
        ] {
            assert!(is_printed(json), "{json}");
            assert_eq!(printed(json).as_deref(), Some(json));
        }
    }

    #[test]
    fn what_is_printed_otherwise_is_not_taken_for_printed() {
        for json in [
            "",
            "{",
            "[]",
            "{} ",
            r#"{"a": 1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":-0}"#,
            r#"{"a":01}"#,
            r#"{"a":1e3}"#,
            r#"{"b":1,"1":2}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":"\u00e9"}"#,
            r#"{"__proto__":1}"#,
            r#"{"$json":"{}"}"#,
            r#"{"a":1,}"#,
            r#"{"a":1"b":2}"#,
            r#"{"a":12345678901234567890}"#,
            r#"{"a":[1}]"#,
            r#"{"a":tru}"#,
            r#"{"a":-}"#,
        ] {
            assert!(!is_printed(json), "{json}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_for_printed_is_printed_so(
            parts in proptest::collection::vec(
                proptest::sample::select(&["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"1\"", "1", "-0", "20", "null", " ", "\"\\n\""][..]),
                0..12,
            ),
        ) {
            let json = format!("{{{}", parts.concat());
            if is_printed(&json) {
                let shown = printed(&json);
                prop_assert_eq!(shown.as_deref(), Some(&*json));
            }
        }
    }
}
