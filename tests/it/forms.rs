//! Whatever is wrong with the form of a request, its hint says what, and where: the vendor's own reader says it, where the
//! document does not. No hint says that the form is right, or speaks as the vendor's libraries do.

use std::collections::BTreeMap;

use persona_mock::PersonaMock;
use persona_mock::mock::{CallRequest, Mock as _, Requests};
use serde_json::{Value, json};

/// A request that is right, whose parts are then made wrong.
struct Right {
    provider: &'static str,
    credential: &'static str,
    method: &'static str,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
    body: Option<Value>,
}

const OWNER: &str = "Bearer vijil-owner-token";
const ALICE: &str = "Bearer axero-owner-alice";
const ROBIN: &str = "Bearer vm_RobinOwnsDevflow000000000001";
const KEY: &str = "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a";
const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";
const PERSONA: &str = "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c05";
const TEAM: &str = "c58aea71-3861-4f28-b8c4-20832a2f22ee";

fn right() -> Vec<Right> {
    let of =
        |provider, credential, method, path, query, body| Right { provider, credential, method, path, query, body };
    let vijil = |method, path, query, body| of("vijil", OWNER, method, path, query, body);
    let axero = |method, path, query, body| of("axero", ALICE, method, path, query, body);
    let crud = |method, path, query, body| of("crud", ROBIN, method, path, query, body);
    let equals = |method, path, query, body| of("equals_money", KEY, method, path, query, body);
    let account = &[("accountId", "F50091")];
    let made = json!({"project_id": PROJECT, "name": "A", "tagline": "x", "demographics": {"age": 3}});
    let person = json!({"accountId": "F50091", "firstName": "A", "lastName": "B", "roleName": "Viewer",
        "emailAddress": "a@birchwood.example", "nationalities": ["GB"], "address": {"city": "x"}, "sendInvite": true,
        "createdByPersonaId": "288cf796-c1ad-4ffd-9eb9-af210bff0ea0", "emailTheme": "em-light", "dob": "1990-02-28"});
    let filters: &[_] = &[
        ("accountId", "F50091"),
        ("limit", "1"),
        ("offset", "0"),
        ("search", "x"),
        ("status", "active"),
        ("roleNames", "Owner"),
        ("people", "497f6eca-6276-4993-bfeb-53cbbbba6f08"),
        ("budgetId", "497f6eca-6276-4993-bfeb-53cbbbba6f08"),
        ("withoutIndividualBudget", "true"),
        ("include", "persona.teams"),
    ];
    let condition = json!({"ConditionID": 0, "ProfileFieldID": 67, "ConditionValue": "6", "GroupName": "A"});
    vec![
        vijil("GET", "/v1/personas/", &[("team_id", TEAM), ("limit", "1"), ("offset", "0"), ("is_preset", "on")], None),
        vijil("GET", "/v1/personas/presets/", &[("team_id", TEAM), ("limit", "1")], None),
        vijil("GET", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", &[("team_id", TEAM)], None),
        vijil(
            "POST",
            "/v1/personas/",
            &[],
            Some(json!({"team_id": TEAM, "name": "A", "role": "r", "tags": ["a"], "knowledge_level": "expert",
                "intent": "benign", "is_preset": false, "access_permissions": {"allowed_tools": ["a"]}, "id": null})),
        ),
        vijil(
            "PUT",
            "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb",
            &[],
            Some(json!({"name": "A", "skill_level": "novice", "tags": ["a"], "is_preset": false})),
        ),
        vijil("DELETE", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", &[], None),
        vijil(
            "POST",
            "/v1/personas/from-preset/201eab82-4d20-4c59-b595-01f139171119",
            &[],
            Some(json!({"name_override": "A"})),
        ),
        vijil(
            "POST",
            "/v1/auth/jwt/login",
            &[],
            Some(json!({"email": "user@example.com", "password": "your-password"})),
        ),
        vijil("POST", "/v1/auth/token", &[], Some(json!({"client_id": "a", "client_secret": "b"}))),
        vijil(
            "POST",
            "/v1/auth/change-password",
            &[],
            Some(json!({"current_password": "your-password", "new_password": "12345678"})),
        ),
        axero("GET", "/api/personas", &[("StartPage", "1"), ("PageSize", "2"), ("PageLength", "2")], None),
        axero("GET", "/api/personas/188", &[], None),
        axero("DELETE", "/api/personas/188", &[], None),
        axero(
            "POST",
            "/api/personas",
            &[],
            Some(json!({"Name": "A", "IsEnabled": true, "PersonaMatchCondition": 1, "PersonaConditions": [condition],
                "PersonaActions": [{"ActionID": 0, "ActionValue": "1", "ActionType": 1}]})),
        ),
        axero(
            "PUT",
            "/api/personas/188",
            &[],
            Some(json!({"Name": "A", "IncludeActions": null, "PersonaID": 188, "PersonaConditions": [condition]})),
        ),
        crud(
            "GET",
            "/crud/personas",
            &[("project_id", PROJECT), ("limit", "1"), ("offset", "0"), ("search", "x")],
            None,
        ),
        crud("GET", "/crud/personas", &[("id", PERSONA)], None),
        crud("DELETE", "/crud/personas", &[("id", PERSONA)], None),
        crud("DELETE", "/crud/personas", &[], Some(json!({"id": PERSONA}))),
        crud("POST", "/crud/personas", &[], Some(made.clone())),
        crud("PATCH", "/crud/personas", &[], Some(json!({"id": PERSONA, "name": "A", "demographics": {"age": 3}}))),
        crud("POST", "/crud/personas", &[], Some(json!([made]))),
        crud("PUT", "/crud/personas", &[], Some(json!([{"id": PERSONA, "tagline": "x"}]))),
        crud("DELETE", "/crud/personas", &[], Some(json!([{"id": PERSONA}]))),
        equals("GET", "/v2/people", filters, None),
        equals("GET", "/v2/roles", &[("limit", "1"), ("offset", "0")], None),
        equals(
            "PATCH",
            "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08",
            account,
            Some(json!({"emailAddress": "c@example.com", "jobTitle": "x", "status": "active", "employeeNumber": null,
                "marketingEmailsPreference": true})),
        ),
        equals(
            "PATCH",
            "/v2/personas/772c7cd7-aac8-43a2-bf8e-eb6f8abeab35/role",
            account,
            Some(json!({"roleName": "Admin"})),
        ),
        equals("POST", "/v2/people/8c2311c6-46dc-49cd-8389-27f3fcda16b3/invite", account, Some(json!({}))),
        equals(
            "PATCH",
            "/v2/people/8c2311c6-46dc-49cd-8389-27f3fcda16b3",
            &[],
            Some(json!({"accountId": "F50091", "firstName": "A", "dob": "1990-02-28", "nationalities": ["GB"],
                "emailTheme": "em-light", "title": "Mr"})),
        ),
        equals("POST", "/v2/people", &[], Some(person)),
    ]
}

/// A request as it is sent.
#[derive(Clone)]
struct Sent {
    credential: &'static str,
    method: &'static str,
    path: String,
    query: Vec<(String, String)>,
    content_type: Option<&'static str>,
    body: Vec<u8>,
}

impl Sent {
    fn of(right: &Right) -> Self {
        let query = right.query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let body = right.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let content_type = (!body.is_empty()).then_some("application/json");
        Self {
            credential: right.credential,
            method: right.method,
            path: right.path.to_owned(),
            query,
            content_type,
            body,
        }
    }

    fn target(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.query {
            query.append_pair(name, value);
        }
        match query.finish() {
            query if query.is_empty() => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    fn call(&self) -> CallRequest {
        let request = CallRequest::new(self.method, self.target()).header("Host", "mock.test");
        let request = request.header("Authorization", self.credential).body(self.body.clone());
        match self.content_type {
            Some(content_type) => request.header("Content-Type", content_type),
            None => request,
        }
    }
}

/// Texts that are mostly wrong in a path or a query.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "188.0",
    "1e2",
    "abc",
    "null",
    "true",
    "2147483648",
    "99999999999999999999999",
    "\u{e9}",
    "'; --",
    "d829a422-f29b-4a56-a473-794ce2da0eb",
    "Owner,Nobody",
];

fn values() -> Vec<Value> {
    let mut values =
        vec![json!(null), json!(true), json!(-1), json!(1.5), json!(1e300), json!(""), json!(" "), json!("x")];
    values.extend([json!([]), json!({}), json!([null]), json!([1]), json!(["x"]), json!([{}]), json!({"a": 1})]);
    values.extend([json!("x".repeat(300)), json!("it's"), json!([[]]), json!("\u{1f600}".repeat(300))]);
    values
}

/// Bodies that are mostly none.
const BODIES: [&[u8]; 17] = [
    b"",
    b" ",
    b"null",
    b"5",
    b"\"x\"",
    b"\"\"",
    b"[]",
    b"[1]",
    b"[null]",
    b"{",
    b"{\"Name\",\"A\"}",
    b"{} x",
    b"name=A",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"{\"Name\":\"\xe9\"}",
    b"/* x */ {'Name': ' '}",
];

fn wrong(right: &Right) -> Vec<Sent> {
    let sent = Sent::of(right);
    let mut all = Vec::new();
    let mut change = |change: &dyn Fn(&mut Sent)| {
        let mut changed = sent.clone();
        change(&mut changed);
        all.push(changed);
    };
    for place in 0..sent.query.len() {
        TEXTS.iter().for_each(|text| change(&|sent| sent.query[place].1 = (*text).to_owned()));
        change(&|sent| drop(sent.query.remove(place)));
        change(&|sent| sent.query.push(sent.query[place].clone()));
        change(&|sent| sent.query.push((sent.query[place].0.clone(), "other".to_owned())));
        change(&|sent| sent.query[place].1 = "x".repeat(300));
    }
    for (place, segment) in right.path.split('/').enumerate() {
        if segment.bytes().any(|byte| byte.is_ascii_digit()) && segment.len() > 2 {
            for text in TEXTS.iter().filter(|text| !text.is_empty()) {
                change(&|sent| {
                    let mut segments: Vec<_> = sent.path.split('/').map(str::to_owned).collect();
                    segments[place] =
                        form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
                    sent.path = segments.join("/");
                });
            }
        }
    }
    let Some(body) = &right.body else { return all };
    for other in BODIES {
        change(&|sent| sent.body = other.to_vec());
    }
    let deep = format!("{{\"Name\":{}1{}}}", "[".repeat(2_000), "]".repeat(2_000)).into_bytes();
    change(&|sent| sent.body.clone_from(&deep));
    change(&|sent| sent.body = format!("{{\"Name\":{}}}", "1".repeat(5_000)).into_bytes());
    for other in
        [None, Some("text/plain"), Some("application/json;"), Some("json"), Some("application/json; charset=utf-16")]
    {
        change(&|sent| sent.content_type = other);
    }
    let mut places = Vec::new();
    pointers(body, String::new(), &mut places);
    for pointer in places {
        for value in values() {
            change(&|sent| {
                let mut changed = body.clone();
                *changed.pointer_mut(&pointer).expect("a member") = value.clone();
                sent.body = changed.to_string().into_bytes();
            });
        }
        change(&|sent| {
            let mut changed = body.clone();
            let (parent, name) = pointer.rsplit_once('/').expect("a member");
            if let Some(object) = changed.pointer_mut(parent).and_then(Value::as_object_mut) {
                object.remove(name);
            }
            sent.body = changed.to_string().into_bytes();
        });
    }
    all
}

/// The place of each member and item.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    let within: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, member) in within {
        let at = format!("{at}/{name}");
        pointers(member, at.clone(), found);
        found.push(at);
    }
}

/// What no hint says of a form that is wrong: that it is right, nothing, or what a library says.
const BAD_WORDS: [&str; 15] = [
    "the form of the request is right",
    "refused this request",
    "refused the form of",
    "the vendor refused",
    "Input should",
    "Field required",
    "String should",
    "Unable to parse",
    "Invalid input",
    "Invalid U",
    "Too small",
    "received NaN",
    "JSON decode error",
    "is an object; expected an object",
    "is an object; expected a body",
];

#[test]
fn every_form_that_a_reader_refuses_is_told_in_plain_words() {
    let mock = PersonaMock::builder().build().expect("a mock");
    let sandbox = mock.default_sandbox();
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong_ones = Vec::new();
    for right in right() {
        sandbox.reset().expect("a reset");
        let sent = Sent::of(&right);
        let answer = mock.call(sent.call()).expect("an answer");
        let told = (answer.status() < 300, answer.header("x-mock-hint"));
        if !matches!(told, (true, None)) && !sent.target().contains("PageLength") {
            // What is asked here is right, so that the changes below are what is wrong.
            let is_business = answer.header("x-mock-hint").is_some_and(|hint| !hint.contains("expected"));
            assert!(is_business, "{} {}: {told:?} {}", sent.method, sent.target(), answer.text());
        }
        for sent in wrong(&right) {
            sandbox.reset().expect("a reset");
            let answer = mock.call(sent.call()).expect("an answer");
            let text = answer.text();
            if answer.status() < 400 && !text.contains("\"IsError\":true") {
                continue;
            }
            *refused.entry(right.provider).or_default() += 1;
            let body = String::from_utf8_lossy(&sent.body);
            let what = format!("{} {} {:?} {:.200}", sent.method, sent.target(), sent.content_type, body);
            let Some(hint) = answer.header("x-mock-hint") else {
                wrong_ones.push(format!("{what}: no hint for {} {text}", answer.status()));
                continue;
            };
            let bad = BAD_WORDS.iter().any(|words| hint.contains(words)) || hint.contains("expected another value");
            let page = sandbox.page(&Requests::default().newest_first(), None, 1).expect("a journal");
            let kept = page.requests.first().and_then(|entry| entry.hint.as_ref()).map(|hint| &*hint.message);
            if bad || kept != Some(&*hint) {
                wrong_ones.push(format!("{what}: {} {hint} (journal: {kept:?})", answer.status()));
            }
        }
    }
    assert!(wrong_ones.is_empty(), "{}:\n{}", wrong_ones.len(), wrong_ones.join("\n"));
    for (provider, count) in refused {
        assert!(count >= 40, "{provider}: {count} refused");
    }
}
