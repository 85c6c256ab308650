//! An answer as it was given, held against the one that a replay got: what a verifier may ask for exactly, what only by
//! its form, and where the two differ.

use serde_json::Value;

use super::file::{Matcher, Rules};
use crate::control::replay::BASE;
use crate::world::journal::REDACTED;

/// What stands before the rest of an absolute link, whichever server is asked: as the kept answer has it and as a regular
/// expression.
const ANY_BASE: &str = r"https?://[^\s]+?";

/// Why a verifier cannot ask for an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// It differs there.
    At(String),
    /// A name in it was a secret, there.
    SecretName(String),
    /// It is no JSON, and a secret was in it.
    SecretText,
}

/// Holds the body that was kept against that of a replay: without secrets, and as it came.
pub(super) fn bodies(kept: &[u8], redone: &[u8], raw: &[u8]) -> Result<Rules, Difference> {
    let mut rules = Rules::default();
    let json = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    if let (Some(kept), Some(redone)) = (json(kept), json(redone)) {
        values(&kept, &redone, json(raw).as_ref(), &mut "$".to_owned(), &mut rules)?;
        return Ok(rules);
    }
    let (kept, redone) = (String::from_utf8_lossy(kept), String::from_utf8_lossy(redone));
    if kept.contains(REDACTED) {
        return Err(Difference::SecretText);
    }
    match texts(&kept, &redone) {
        Some(rule) => rules.0.extend(rule.map(|rule| ("$".to_owned(), rule))),
        None => return Err(Difference::At("$".to_owned())),
    }
    Ok(rules)
}

/// Holds two texts against each other: nothing where they differ, a rule where only the server's address does.
pub(super) fn texts(kept: &str, redone: &str) -> Option<Option<Matcher>> {
    if !redone.contains(BASE) {
        return (kept == redone).then_some(None);
    }
    let mut parts = redone.split(BASE);
    let first = parts.next().unwrap_or_default();
    let (mut rest, mut regex) = (kept.strip_prefix(first)?, format!("^{}", escaped(first)));
    let parts: Vec<_> = parts.collect();
    for (number, part) in parts.iter().enumerate() {
        let address = rest.strip_prefix("http").filter(|rest| rest.starts_with("://") || rest.starts_with("s://"))?;
        let is_last = number + 1 == parts.len();
        let at = if is_last { address.len().checked_sub(part.len()) } else { address.find(part) };
        rest = address.get(at?..)?.strip_prefix(part)?;
        regex.push_str(ANY_BASE);
        regex.push_str(&escaped(part));
    }
    regex.push('$');
    rest.is_empty().then_some(Some(Matcher::Regex { regex }))
}

/// A text as a regular expression that fits nothing else.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn values(
    kept: &Value,
    redone: &Value,
    raw: Option<&Value>,
    path: &mut String,
    rules: &mut Rules,
) -> Result<(), Difference> {
    let differ = |path: &str| Err(Difference::At(path.to_owned()));
    match (kept, redone) {
        (Value::Object(kept), Value::Object(redone)) => {
            if let Some(name) = kept.keys().chain(redone.keys()).find(|name| !both(kept, redone, name)) {
                let place = stepped(path, name).unwrap_or_else(|| path.clone());
                return differ(&place);
            }
            for (name, value) in kept {
                if name.contains(REDACTED) {
                    return Err(Difference::SecretName(path.clone()));
                }
                let (end, within) = (path.len(), rules.0.len());
                let place = stepped(path, name);
                path.push_str(place.as_deref().and_then(|place| place.get(end..)).unwrap_or(".?"));
                let raw = raw.and_then(|raw| raw.get(name));
                values(value, redone.get(name).unwrap_or(&Value::Null), raw, path, rules)?;
                if place.is_none() && rules.0.len() > within {
                    return differ(path);
                }
                path.truncate(end);
            }
            Ok(())
        }
        (Value::Array(kept), Value::Array(redone)) => {
            if kept.len() != redone.len() {
                return differ(path);
            }
            for (number, (kept, redone)) in kept.iter().zip(redone).enumerate() {
                let end = path.len();
                path.push_str(&format!("[{number}]"));
                values(kept, redone, raw.and_then(|raw| raw.get(number)), path, rules)?;
                path.truncate(end);
            }
            Ok(())
        }
        (Value::String(kept), Value::String(redone)) if kept.contains(REDACTED) => {
            if kept != redone {
                return differ(path);
            }
            let rule = if raw.is_some_and(Value::is_number) { Matcher::Number } else { Matcher::Type };
            rules.0.push((path.clone(), rule));
            Ok(())
        }
        (Value::String(kept), Value::String(redone)) => match texts(kept, redone) {
            Some(rule) => {
                rules.0.extend(rule.map(|rule| (path.clone(), rule)));
                Ok(())
            }
            None => differ(path),
        },
        (kept, redone) if kept == redone => {
            // A verifier reads the last digits otherwise.
            if kept.is_f64() && kept.to_string().bytes().filter(u8::is_ascii_digit).count() > 15 {
                rules.0.push((path.clone(), Matcher::Number));
            }
            Ok(())
        }
        _ => differ(path),
    }
}

fn both(one: &serde_json::Map<String, Value>, other: &serde_json::Map<String, Value>, name: &str) -> bool {
    one.contains_key(name) && other.contains_key(name)
}

/// The path of a member, as Pact's paths have it; nothing where they cannot name it.
fn stepped(path: &str, name: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !name.is_empty() && name.bytes().all(is_plain) {
        return Some(format!("{path}.{name}"));
    }
    (!name.is_empty() && !name.contains(['\'', '\\', '[', ']'])).then(|| format!("{path}['{name}']"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kept: &str, redone: &str, raw: &str) -> Result<Vec<(String, String)>, Difference> {
        let rules = bodies(kept.as_bytes(), redone.as_bytes(), raw.as_bytes())?;
        let shown = |rule: &Matcher| match rule {
            Matcher::Type => "type".to_owned(),
            Matcher::Number => "number".to_owned(),
            Matcher::Regex { regex } => regex.clone(),
        };
        Ok(rules.0.iter().map(|(path, rule)| (path.clone(), shown(rule))).collect())
    }

    #[test]
    fn what_is_alike_is_asked_for_exactly_and_what_is_secret_by_its_type() {
        assert_eq!(of(r#"{"a":[1,null]}"#, r#"{"a":[1,null]}"#, "{}"), Ok(vec![]));
        let kept = r#"{"token":"[redacted]","pins":["[redacted]"],"a b":"Bearer [redacted]"}"#;
        let raw = r#"{"token":"t","pins":[12],"a b":"Bearer x"}"#;
        let rule = |path: &str, rule: &str| (path.to_owned(), rule.to_owned());
        let rules = vec![rule("$.token", "type"), rule("$.pins[0]", "number"), rule("$['a b']", "type")];
        assert_eq!(of(kept, kept, raw), Ok(rules));
    }

    #[test]
    fn a_number_with_more_digits_than_a_verifier_reads_is_asked_for_by_its_type() {
        let kept = r#"{"big":123456789012345678901234,"long":0.12345678901234567,"whole":9007199254740993,"half":0.5}"#;
        let rule = |path: &str| (path.to_owned(), "number".to_owned());
        assert_eq!(of(kept, kept, kept), Ok(vec![rule("$.big"), rule("$.long")]));
    }

    #[test]
    fn what_differs_is_named_by_its_place() {
        for (kept, redone, place) in [
            (r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, "$.a.b"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, "$.b"),
            (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, "$.b"),
            ("[1,2]", "[1]", "$"),
            (r#"[{"a":"x"}]"#, r#"[{"a":"y"}]"#, "$[0].a"),
            ("[redacted", "other", "$"),
            (r#"{"token":"[redacted]"}"#, r#"{"token":null}"#, "$.token"),
        ] {
            assert_eq!(of(kept, redone, redone), Err(Difference::At(place.to_owned())), "{kept} {redone}");
        }
        let name = r#"{"a":{"[redacted]":1}}"#;
        assert_eq!(of(name, name, name), Err(Difference::SecretName("$.a".to_owned())));
        assert_eq!(of("no [redacted]", "no [redacted]", ""), Err(Difference::SecretText));
    }

    #[test]
    fn a_link_may_lead_to_another_server() {
        let rule = |kept, redone| match texts(kept, redone) {
            Some(Some(Matcher::Regex { regex })) => Some(regex),
            _ => None,
        };
        let redone = format!("see <{BASE}/a?b=1>; {BASE}/c");
        let kept = "see <http://127.0.0.1:8080/_sandbox/t/a?b=1>; https://x.test/c";
        let any = ANY_BASE;
        assert_eq!(rule(kept, &redone), Some(format!(r"^see <{any}/a\?b=1>; {any}/c$")));
        for other in ["see <http://x/a?b=2>; http://x/c", "see </a?b=1>; http://x/c", "http://x/c", ""] {
            assert_eq!(texts(other, &redone), None, "{other}");
        }
        assert_eq!(texts("same", "same"), Some(None));
    }
}
