//! Holds an answer against a document, both ways: what is undocumented must not leave the mock.

use serde_json::{Value, json};

use super::document::{Answer, Content, Document, SchemaId};

/// The most findings about one answer.
const MOST: usize = 100;

/// A document ready to judge answers: every object schema that lists its properties is closed.
#[derive(Debug)]
pub struct Contract {
    document: Document,
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
    /// The contract that a document makes.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let mut json = document.json().clone();
        close(&mut json);
        Self { document: Document::settled(json, &[]) }
    }

    /// The document with its objects closed.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Every path, method and status that the document names.
    #[must_use]
    pub fn documented(&self) -> Vec<(String, String, u16)> {
        let statuses = self.document.endpoints().iter().flat_map(|endpoint| {
            let (path, method) = (&endpoint.path, &endpoint.method);
            endpoint.answers.keys().map(|status| (path.clone(), method.clone(), *status))
        });
        statuses.collect()
    }

    /// What is wrong with an answer; empty if nothing is.
    #[must_use]
    pub fn violations(&self, exchange: &Exchange<'_>) -> Vec<String> {
        let Exchange { path, method, status, inferred, .. } = *exchange;
        let Some(endpoint) = self.document.endpoint(path, method) else {
            return vec![format!("{method} {path} is not documented")];
        };
        let Some(answer) = endpoint.answers.get(&status) else {
            return vec![format!("{method} {path} documents no status {status}")];
        };
        let mut wrong = Vec::new();
        if answer.inferred != inferred {
            wrong.push(format!(
                "the document {} this answer inferred, its header {}",
                if answer.inferred { "calls" } else { "does not call" },
                if inferred { "does" } else { "does not" }
            ));
        }
        wrong.extend(self.judge_body(exchange, answer));
        wrong.into_iter().map(|text| format!("{method} {path} {status}: {text}")).collect()
    }

    /// The schema that an answer's body is held against, if any is.
    #[must_use]
    pub fn schema_of(&self, exchange: &Exchange<'_>) -> Option<SchemaId> {
        let answer = self.document.endpoint(exchange.path, exchange.method)?.answers.get(&exchange.status)?;
        answer.content(exchange.content_type.unwrap_or_default()).and_then(Content::json_schema)
    }

    fn judge_body(&self, exchange: &Exchange<'_>, answer: &Answer) -> Vec<String> {
        if answer.contents.is_empty() {
            let empty = exchange.body.is_empty();
            return if empty { Vec::new() } else { vec!["a body, and none is documented".to_owned()] };
        }
        let sent = exchange.content_type.unwrap_or_default();
        let Some(content) = answer.content(sent) else {
            return vec![format!("the undocumented media type {sent:?}")];
        };
        let Some(schema) = content.json_schema() else {
            return Vec::new();
        };
        let body = match read_body(exchange.body) {
            Ok(body) => body,
            Err(error) if is_beyond_reach(&error) => return Vec::new(),
            Err(error) => return vec![format!("a body that is no JSON: {error}")],
        };
        match self.document.checks(schema) {
            Ok(checks) => checks.findings(&body, MOST).iter().map(ToString::to_string).collect(),
            Err(error) => vec![format!("a schema that does not compile: {error}")],
        }
    }
}

/// An answer's body as a value. Half a surrogate pair, which JSON may hold and no Rust text can, counts as U+FFFD.
///
/// # Errors
///
/// A body that is no JSON, or JSON that is out of this reader's reach.
pub fn read_body(body: &[u8]) -> Result<Value, serde_json::Error> {
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
        contract_of(json!({
            "paths": {"/a": {"get": {"responses": {
                "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                "204": {"x-provenance": "inferred"},
            }}}},
            "components": {"schemas": {"A": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}}},
        }))
    }

    fn contract_of(json: Value) -> Contract {
        Contract::new(&Document::settled(json, &[]))
    }

    fn violations(status: u16, inferred: bool, body: &str) -> Vec<String> {
        let content_type = (!body.is_empty()).then_some("application/json; charset=utf-8");
        let exchange = Exchange { path: "/a", method: "GET", status, content_type, inferred, body: body.as_bytes() };
        contract().violations(&exchange)
    }

    #[test]
    fn a_documented_answer_passes() {
        assert_eq!(violations(200, false, r#"{"n":1}"#), [""; 0]);
        assert_eq!(violations(204, true, ""), [""; 0]);
        assert_eq!(contract().documented().len(), 2);
    }

    #[test]
    fn half_a_surrogate_pair_is_judged_as_a_replacement_character() {
        let parsed = read_body(br#"["\ud83d\ude00","\ud83dx","\\ud83d","\n\udc00"]"#).expect("JSON");
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
            contract_of(document).violations(&exchange)
        };
        assert_eq!(lacking(open.clone(), b"{}"), [""; 0]);
        let mut always = open;
        always["x-always"] = json!(["n"]);
        assert!(lacking(always.clone(), b"{}")[0].ends_with("$: found no `n`, expected `n` to be there"));
        assert_eq!(lacking(always.clone(), br#"{"n":1}"#), [""; 0]);
        always["required"] = json!(["m"]);
        assert_eq!(lacking(always, b"{}").len(), 2);
    }

    #[test]
    fn what_is_undocumented_is_found() {
        assert_eq!(violations(404, false, ""), ["GET /a documents no status 404"]);
        assert!(violations(200, false, r#"{"n":1,"m":2}"#)[0].contains("$.m: found an unknown name, expected"));
        assert!(violations(200, false, r#"{"n":"1"}"#)[0].contains("$.n: found \"1\", expected a whole number"));
        assert!(violations(204, false, "")[0].contains("calls this answer inferred"));
        assert!(violations(200, false, "{")[0].contains("no JSON"));
        assert_eq!(violations(200, false, &"[".repeat(200)), [""; 0]);
        assert!(violations(204, true, "{}")[0].contains("none is documented"));
    }
}
