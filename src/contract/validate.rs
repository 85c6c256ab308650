//! Holds an answer against a document, both ways: what is undocumented must not leave the mock.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// A document ready to judge answers.
#[derive(Debug)]
pub struct Contract {
    document: Value,
    validators: HashMap<String, Validator>,
}

/// One answer to judge.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The path template of the operation, as the document spells it.
    pub path: &'a str,
    /// The method.
    pub method: &'a str,
    /// The status code.
    pub status: u16,
    /// The media type, if the answer has one.
    pub content_type: Option<&'a str>,
    /// Whether the answer says that its shape is inferred.
    pub inferred: bool,
    /// The body.
    pub body: &'a [u8],
}

impl Contract {
    /// Takes a document whose `x-when` are already settled.
    #[must_use]
    pub fn new(document: &Value) -> Self {
        let mut document = document.clone();
        close(&mut document);
        Self { document, validators: HashMap::new() }
    }

    /// Every path, method and status that the document names.
    #[must_use]
    pub fn documented(&self) -> Vec<(String, String, u16)> {
        let mut all = Vec::new();
        let paths = self.document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let responses = operation.get("responses").and_then(Value::as_object);
                for status in responses.into_iter().flat_map(Map::keys) {
                    if let Ok(status) = status.parse() {
                        all.push((path.clone(), method.to_ascii_uppercase(), status));
                    }
                }
            }
        }
        all
    }

    /// What is wrong with an answer; empty if nothing is.
    pub fn judge(&mut self, exchange: &Exchange<'_>) -> Vec<String> {
        let mut wrong = Vec::new();
        let method = exchange.method.to_ascii_lowercase();
        let item = self.document.get("paths").and_then(|paths| paths.get(exchange.path));
        let Some(operation) = item.and_then(|item| item.get(&method)) else {
            return vec![format!("{} {} is not documented", exchange.method, exchange.path)];
        };
        let status = exchange.status.to_string();
        let Some(response) = operation.get("responses").and_then(|responses| responses.get(&status)) else {
            return vec![format!("{} {} documents no status {status}", exchange.method, exchange.path)];
        };
        let response = self.resolved(response).clone();
        let guess = matches!(response.get("x-provenance").and_then(Value::as_str), Some("inferred" | "extension"));
        if guess != exchange.inferred {
            wrong.push(format!(
                "the document {} this answer inferred, its header {}",
                if guess { "calls" } else { "does not call" },
                if exchange.inferred { "does" } else { "does not" }
            ));
        }
        wrong.extend(self.judge_body(exchange, &response));
        wrong.into_iter().map(|text| format!("{} {} {status}: {text}", exchange.method, exchange.path)).collect()
    }

    fn judge_body(&mut self, exchange: &Exchange<'_>, response: &Value) -> Vec<String> {
        let contents = response.get("content").and_then(Value::as_object).filter(|contents| !contents.is_empty());
        let Some(contents) = contents else {
            let empty = exchange.body.is_empty();
            return if empty { Vec::new() } else { vec!["a body, and none is documented".to_owned()] };
        };
        let sent = exchange.content_type.unwrap_or_default();
        let plain = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let Some((media, content)) = contents.iter().find(|(media, _)| plain(media) == plain(sent)) else {
            return vec![format!("the undocumented media type {sent:?}")];
        };
        let Some(schema) = content.get("schema").filter(|_| plain(media).ends_with("json")) else {
            return Vec::new();
        };
        let body: Value = match parse(exchange.body) {
            Ok(body) => body,
            Err(error) if is_beyond_reach(&error) => return Vec::new(),
            Err(error) => return vec![format!("a body that is no JSON: {error}")],
        };
        let key = schema.to_string();
        if !self.validators.contains_key(&key) {
            match self.compile(schema) {
                Ok(validator) => self.validators.insert(key.clone(), validator),
                Err(error) => return vec![format!("a schema that does not compile: {error}")],
            };
        }
        let Some(validator) = self.validators.get(&key) else {
            return Vec::new();
        };
        validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path().as_str())).collect()
    }

    fn compile(&self, schema: &Value) -> Result<Validator, String> {
        let mut root = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
        if let Some(components) = self.document.get("components") {
            root["components"] = components.clone();
        }
        jsonschema::options().should_validate_formats(true).build(&root).map_err(|error| error.to_string())
    }

    fn resolved<'v>(&'v self, node: &'v Value) -> &'v Value {
        let target = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(node)
    }
}

/// A body as a value. Half a surrogate pair, which JSON may hold and no Rust text can, counts as U+FFFD.
fn parse(body: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(body).or_else(|_| serde_json::from_slice(&without_half_pairs(body)))
}

fn without_half_pairs(body: &[u8]) -> Vec<u8> {
    let unit = |at: usize| {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut whole = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        let length = match (body[at], unit(at), unit(at + 6)) {
            (b'\\', Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (b'\\', Some(0xd800..=0xdfff), _) => {
                whole.extend_from_slice("\u{fffd}".as_bytes());
                at += 6;
                continue;
            }
            (b'\\', ..) => 2,
            _ => 1,
        };
        whole.extend_from_slice(&body[at..body.len().min(at + length)]);
        at += length;
    }
    whole
}

/// Whether a body is JSON that only this reader cannot hold: deeper than 128 levels, or with a number
/// beyond 64 bits of float. A vendor that echoes what it was sent answers both; no schema is asked then.
fn is_beyond_reach(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    text.starts_with("recursion limit exceeded") || text.starts_with("number out of range")
}

/// Closes every object schema that lists its properties and says nothing of others, and asks for the members of
/// `x-always` too: a vendor's own schema may let a member be absent that this mock always answers.
fn close(node: &mut Value) {
    match node {
        Value::Object(members) => {
            if let Some(Value::Array(always)) = members.get("x-always").cloned()
                && let Value::Array(required) = members.entry("required").or_insert_with(|| json!([]))
            {
                required.extend(always);
            }
            let lists = members.get("properties").is_some_and(Value::is_object)
                && (members.get("type").is_some() || members.contains_key("required"));
            let open = ["additionalProperties", "unevaluatedProperties", "allOf"];
            if lists && !open.iter().any(|name| members.contains_key(*name)) {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            for (name, member) in members.iter_mut() {
                if !matches!(name.as_str(), "example" | "examples" | "default" | "enum" | "const") {
                    close(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        Contract::new(&json!({
            "paths": {"/a": {"get": {"responses": {
                "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                "204": {"x-provenance": "inferred"},
            }}}},
            "components": {"schemas": {"A": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}}},
        }))
    }

    fn judge(status: u16, inferred: bool, body: &str) -> Vec<String> {
        let content_type = (!body.is_empty()).then_some("application/json; charset=utf-8");
        let exchange = Exchange { path: "/a", method: "GET", status, content_type, inferred, body: body.as_bytes() };
        contract().judge(&exchange)
    }

    #[test]
    fn a_documented_answer_passes() {
        assert_eq!(judge(200, false, r#"{"n":1}"#), [""; 0]);
        assert_eq!(judge(204, true, ""), [""; 0]);
        assert_eq!(contract().documented().len(), 2);
    }

    #[test]
    fn half_a_surrogate_pair_is_judged_as_a_replacement_character() {
        let parsed = parse(br#"["\ud83d\ude00","\ud83dx","\\ud83d","\n\udc00"]"#).expect("JSON");
        assert_eq!(parsed, json!(["😀", "\u{fffd}x", "\\ud83d", "\n\u{fffd}"]));
    }

    #[test]
    fn what_the_mock_always_answers_is_asked_for_where_the_vendor_lets_it_be_absent() {
        let open = json!({"type": "object", "properties": {"n": {"default": 1}, "m": {}}});
        let lacking = |schema: Value, body: &[u8]| {
            let content = json!({"application/json": {"schema": schema}});
            let document = json!({"paths": {"/a": {"get": {"responses": {"200": {"content": content}}}}}});
            let content_type = Some("application/json");
            let exchange = Exchange { path: "/a", method: "GET", status: 200, content_type, inferred: false, body };
            Contract::new(&document).judge(&exchange)
        };
        assert_eq!(lacking(open.clone(), b"{}"), [""; 0]);
        let mut always = open;
        always["x-always"] = json!(["n"]);
        assert!(lacking(always.clone(), b"{}")[0].contains("\"n\" is a required property"));
        assert_eq!(lacking(always.clone(), br#"{"n":1}"#), [""; 0]);
        always["required"] = json!(["m"]);
        assert_eq!(lacking(always, b"{}").len(), 2);
    }

    #[test]
    fn what_is_undocumented_is_found() {
        assert_eq!(judge(404, false, ""), ["GET /a documents no status 404"]);
        assert!(judge(200, false, r#"{"n":1,"m":2}"#)[0].contains("'m' was unexpected"));
        assert!(judge(200, false, r#"{"n":"1"}"#)[0].contains("not of type"));
        assert!(judge(204, false, "")[0].contains("calls this answer inferred"));
        assert!(judge(200, false, "{")[0].contains("no JSON"));
        assert_eq!(judge(200, false, &"[".repeat(200)), [""; 0]);
        assert!(judge(204, true, "{}")[0].contains("none is documented"));
    }
}
