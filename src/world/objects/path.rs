//! Where a reader stood in a text, as a path.

use memchr::memchr_iter;

/// What surrounds a place.
enum Around {
    /// An object, and the name whose value is read.
    Object(Option<String>),
    /// A list, and how many items are behind.
    List(usize),
}

/// The path of the value that was read when an error came up.
pub(super) fn of(json: &str, error: &serde_json::Error) -> String {
    let lines_before = error.line().saturating_sub(1);
    let line = match lines_before.checked_sub(1) {
        None => 0,
        Some(last) => memchr_iter(b'\n', json.as_bytes()).nth(last).map_or(json.len(), |end| end + 1),
    };
    before(json.as_bytes(), line + error.column())
}

/// The path of the value that ends at this byte, or in which it is.
fn before(json: &[u8], end: usize) -> String {
    let mut around = Vec::new();
    let mut at = 0;
    while at < end.min(json.len()) {
        let start = at;
        at += 1;
        match (json[start], around.last_mut()) {
            (b'{', _) => around.push(Around::Object(None)),
            (b'[', _) => around.push(Around::List(0)),
            (b'}' | b']', _) => drop(around.pop()),
            (b',', Some(Around::Object(name))) => *name = None,
            (b',', Some(Around::List(behind))) => *behind += 1,
            (b'"', within) => {
                at = text_end(json, at);
                if let Some(Around::Object(name @ None)) = within {
                    *name = serde_json::from_slice(&json[start..at]).ok();
                }
            }
            _ => {}
        }
    }
    around.into_iter().fold("$".to_owned(), |path, around| match around {
        Around::Object(Some(name)) => format!("{path}.{name}"),
        Around::Object(None) => path,
        Around::List(behind) => format!("{path}[{behind}]"),
    })
}

/// Where a text ends whose quote stands before this byte.
fn text_end(json: &[u8], mut at: usize) -> usize {
    while at < json.len() {
        match json[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::super::read_accepted;

    #[test]
    fn the_place_of_an_error_is_the_path_of_the_value() {
        for (json, path) in [
            (r#"{"a": [1, 2], "b": [3, "x"]}"#, "$.b[1]"),
            ("{\"a\": [1,\n 2],\n\n \"b\": [\"\\\"}]\", 3]}", "$.b[0]"),
            (r#"{"a\u0062": [-1]}"#, "$.ab[0]"),
            (r#"{"a": [], "b": 7}"#, "$.b"),
            (r#"{"a": [[1]]}"#, "$.a[0]"),
            (r#"{"a": [{"b": 1}]}"#, "$.a[0]"),
            ("[]", "$"),
            ("7", "$"),
        ] {
            let error = read_accepted::<IndexMap<String, Vec<u8>>>(json).expect_err(json);
            assert_eq!(error.path, path, "{json}");
        }
    }

    #[test]
    fn a_missing_member_is_told_of_its_object() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "read by the derived code alone")]
        struct Row {
            id: u8,
        }
        let error = read_accepted::<IndexMap<String, Vec<Row>>>(r#"{"rows": [{"id": 1}, {}]}"#).expect_err("no id");
        assert_eq!((error.path.as_str(), error.words()), ("$.rows[1]", "`id` is missing".to_owned()));
    }
}
