//! What the journal must not keep: credentials in header fields, in the query, and in bodies.
//!
//! Nothing is parsed for a body that holds none of the telling words, which are searched for as bytes.

use std::sync::LazyLock;

use aho_corasick::packed::{Config, Searcher};

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Authentication schemes whose name may stay: it is what a test author looks for.
const SCHEMES: [&str; 5] = ["Bearer", "Basic", "Digest", "Token", "ApiKey"];

/// Parts of telling words; the first letter is left out because it may be a capital.
const WORDS: [&str; 14] = [
    "assw",
    "ASSW",
    "phrase",
    "ecret",
    "ECRET",
    "oken",
    "OKEN",
    "ookie",
    "redential",
    "uthoriz",
    "jwt",
    "key",
    "Key",
    "KEY",
];

/// Looks for all of them in one pass; nothing on a machine that it has no fast way for.
static SEARCHER: LazyLock<Option<Searcher>> =
    LazyLock::new(|| Config::new().heuristic_pattern_limits(false).builder().extend(WORDS).build());

fn tells(text: &[u8]) -> bool {
    SEARCHER.as_ref().is_none_or(|searcher| searcher.find(text).is_some())
}

/// Writes a header field's value.
pub(super) fn field(out: &mut Vec<u8>, name: &str, value: &[u8], credentials: &[&str]) {
    if !is_secret_field(name) && !credentials.contains(&name) {
        return out.extend_from_slice(value);
    }
    let scheme = SCHEMES.iter().find(|scheme| {
        let head = value.get(..scheme.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(scheme.as_bytes()) && value.get(scheme.len()) == Some(&b' ')
    });
    if let Some(scheme) = scheme {
        out.extend_from_slice(scheme.as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(REDACTED.as_bytes());
}

/// Writes a path and query.
pub(super) fn target(out: &mut Vec<u8>, target: &str) {
    match target.split_once('?') {
        None => out.extend_from_slice(target.as_bytes()),
        Some((path, query)) => {
            out.extend_from_slice(path.as_bytes());
            out.push(b'?');
            form(out, query.as_bytes());
        }
    }
}

/// Writes a body, or what a bound left of it.
pub(super) fn body(out: &mut Vec<u8>, body: &[u8]) {
    if !tells(body) {
        return out.extend_from_slice(body);
    }
    match body.trim_ascii_start().first() {
        Some(b'{' | b'[' | b'"') => json(out, body),
        _ if body.contains(&b'=') && !body.iter().any(|byte| byte.is_ascii_whitespace() || *byte == b'<') => {
            form(out, body);
        }
        // Of a syntax that is not known here nothing is kept.
        _ => out.extend_from_slice(REDACTED.as_bytes()),
    }
}

fn form(out: &mut Vec<u8>, text: &[u8]) {
    for (number, pair) in text.split(|byte| *byte == b'&').enumerate() {
        if number > 0 {
            out.push(b'&');
        }
        let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(equals);
        out.extend_from_slice(name);
        if value.len() > 1 && is_secret_name(name) {
            out.push(b'=');
            out.extend_from_slice(REDACTED.as_bytes());
        } else {
            out.extend_from_slice(value);
        }
    }
}

/// Reads tolerantly: the text may be cut, or no JSON after all.
fn json(out: &mut Vec<u8>, text: &[u8]) {
    let (mut at, mut kept) = (0, 0);
    while let Some(found) = memchr::memchr2(b'"', b'\'', text.get(at..).unwrap_or_default()) {
        let start = at + found;
        let end = string_end(text, start);
        let colon = blank_end(text, end);
        at = end;
        if text.get(colon) != Some(&b':') {
            if let Some(without) = text.get(start..end).and_then(without_nested) {
                out.extend_from_slice(text.get(kept..start).unwrap_or_default());
                out.extend_from_slice(&without);
                kept = end;
            }
            continue;
        }
        if !is_secret_name(text.get(start + 1..end - 1).unwrap_or_default()) {
            continue;
        }
        let value = blank_end(text, colon + 1);
        let stop = value_end(text, value);
        at = stop.max(end);
        if stop > value && text.get(value..stop) != Some(b"null") {
            out.extend_from_slice(text.get(kept..value).unwrap_or_default());
            out.extend_from_slice(b"\"[redacted]\"");
            kept = stop;
        }
    }
    out.extend_from_slice(text.get(kept..).unwrap_or_default());
}

/// A string that holds JSON itself, such as an echo of the request, without the secrets in that.
fn without_nested(string: &[u8]) -> Option<Vec<u8>> {
    let quotes = memchr::memmem::find(string, b"\\\"").is_some();
    if !quotes || !tells(string) {
        return None;
    }
    let Ok(inner) = serde_json::from_slice::<String>(string) else {
        // Cut, or quoted otherwise: what stands in it cannot be told.
        return Some(b"\"[redacted]\"".to_vec());
    };
    let mut without = Vec::new();
    json(&mut without, inner.as_bytes());
    let changed = without != inner.as_bytes();
    changed.then(|| serde_json::to_vec(&String::from_utf8_lossy(&without)).unwrap_or_default())
}

/// Behind the string that starts at `start` with its quote.
fn string_end(text: &[u8], start: usize) -> usize {
    let quote = text.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn blank_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn value_end(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"' | b'\'') => string_end(text, start),
        Some(b'{' | b'[') => {
            let (mut at, mut depth) = (start, 0_usize);
            while let Some(byte) = text.get(at) {
                match byte {
                    b'"' | b'\'' => {
                        at = string_end(text, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            text.len()
        }
        _ => {
            let rest = text.get(start..).unwrap_or_default();
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            start + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

/// A name in the spelling of header fields: the telling word is a whole part of it.
fn is_secret_field(name: &str) -> bool {
    let telling = |part: &str| {
        matches!(
            part,
            "authorization"
                | "cookie"
                | "token"
                | "secret"
                | "password"
                | "credential"
                | "credentials"
                | "apikey"
                | "jwt"
        )
    };
    name.split(['-', '_']).any(telling)
        || ["api-key", "access-key", "private-key"].iter().any(|end| name.ends_with(end))
}

/// A name in the spelling of bodies and queries. `token_type` and `max_tokens` are no secrets.
fn is_secret_name(name: &[u8]) -> bool {
    let plain: Vec<u8> = name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let ends =
        ["token", "apikey", "accesskey", "privatekey", "cookie", "credential", "credentials", "authorization", "jwt"];
    let holds = ["password", "passwd", "passphrase", "secret"];
    ends.iter().any(|end| plain.ends_with(end.as_bytes()))
        || holds.iter().any(|word| memchr::memmem::find(&plain, word.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        body(&mut out, text.as_bytes());
        assert_eq!(String::from_utf8_lossy(&out), expected, "of {text}");
    }

    #[test]
    fn secrets_in_bodies_are_not_kept() {
        check(r#"{"name":"Ann","age":3}"#, r#"{"name":"Ann","age":3}"#);
        check(r#"{"password" : "a\"b", "x":1}"#, r#"{"password" : "[redacted]", "x":1}"#);
        check(
            r#"{"access_token":"e.y","token_type":"bearer"}"#,
            r#"{"access_token":"[redacted]","token_type":"bearer"}"#,
        );
        check(r#"{"clientSecret":{"a":["}"]},"b":2}"#, r#"{"clientSecret":"[redacted]","b":2}"#);
        check(r#"{"token":12345}"#, r#"{"token":"[redacted]"}"#);
        check(r#"{"token":null,"max_tokens":5}"#, r#"{"token":null,"max_tokens":5}"#);
        check(r#"{"note":"my password is x"}"#, r#"{"note":"my password is x"}"#);
        check(r"{'PASSWORD':'x'}", r#"{'PASSWORD':"[redacted]"}"#);
        check(r#"{"password":"cut he"#, r#"{"password":"[redacted]""#);
        check(
            r#"{"echo":"{\"token\": \"x\"}","b":"a \"b\" token"}"#,
            r#"{"echo":"{\"token\": \"[redacted]\"}","b":"a \"b\" token"}"#,
        );
        check(r#"{"echo":"{\"token\": \"x"#, r#"{"echo":"[redacted]""#);
        check("user=a&password=b&x=", "user=a&password=[redacted]&x=");
        check("<Password>x</Password>", REDACTED);
    }

    #[test]
    fn secrets_in_fields_and_queries_are_not_kept() {
        let shown = |name: &str, value: &str| {
            let mut out = Vec::new();
            field(&mut out, name, value.as_bytes(), &["rest-key"]);
            String::from_utf8_lossy(&out).into_owned()
        };
        assert_eq!(shown("authorization", "Bearer abc"), "Bearer [redacted]");
        assert_eq!(shown("authorization", "abc def"), REDACTED);
        for name in ["cookie", "set-cookie", "x-api-key", "x-auth-token", "rest-key"] {
            assert_eq!(shown(name, "abc"), REDACTED, "{name}");
        }
        for name in ["idempotency-key", "content-type", "x-request-id"] {
            assert_eq!(shown(name, "abc"), "abc", "{name}");
        }
        let mut out = Vec::new();
        target(&mut out, "/a/token=1?token=abc&limit=5");
        assert_eq!(out, b"/a/token=1?token=[redacted]&limit=5");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_crash(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut text = b"{\"password\":".to_vec();
            text.extend(&bytes);
            body(&mut Vec::new(), &text);
            body(&mut Vec::new(), &bytes);
        }

        #[test]
        fn no_secret_survives(secret in "[a-z]{12}", name in "(new_?)?(password|token|api_?[kK]ey|clientSecret)", cut in 0_usize..60) {
            let text = format!(r#"{{"a":1,"{name}":"{secret}","b":{{"{name}":["{secret}"]}}}}"#);
            for text in [&text[..], &text[..text.len().min(cut)]] {
                let mut out = Vec::new();
                body(&mut out, text.as_bytes());
                prop_assert!(memchr::memmem::find(&out, &secret.as_bytes()[..6]).is_none(), "{}", String::from_utf8_lossy(&out));
            }
        }
    }
}
