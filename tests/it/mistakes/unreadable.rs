//! Of a body that is no JSON the hint says why and where, by whatever reader the vendor has; of a name that is sent twice,
//! that the last one counts.

use persona_mock::PersonaMock;
use persona_mock::mock::Mock as _;

use super::super::support::{Asked, called, server};

const AXERO: &str = "PUT /api/personas/188";
const CRUD: &str = "PUT /crud/personas";
const EQUALS: &str = "PATCH /v2/people/c6b4c221-b0b0-4bbb-9d1c-5983217cdb9d";
const VIJIL: &str = "PUT /v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";

fn hint(mock: &PersonaMock, line: &str, body: &[u8]) -> Option<String> {
    mock.default_sandbox().reset().expect("a reset");
    let (method, target) = line.split_once(' ').expect("a method");
    let credential = match line {
        AXERO => "Bearer axero-owner-alice",
        CRUD => "Bearer vm_RobinOwnsDevflow000000000001",
        EQUALS | PERSON => "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a",
        _ => "Bearer vijil-owner-token",
    };
    let asked = Asked::new(method, target).header("Authorization", credential);
    let asked = asked.header("Content-Type", "application/json").body(body);
    let answer = mock.call(called::request(&asked)).expect("an answer");
    let hint = answer.headers().find(|(name, _)| *name == "x-mock-hint").map(|(_, value)| value.to_vec());
    hint.map(|hint| String::from_utf8(hint).expect("ASCII"))
}

fn mock() -> PersonaMock {
    PersonaMock::builder().setup(|setup| setup.clone_from(&server::setup())).build().expect("a mock")
}

#[track_caller]
fn check(mock: &PersonaMock, lines: &[&str], body: &[u8], expected: &str) {
    for line in lines {
        let found = hint(mock, line, body);
        assert_eq!(found.as_deref(), Some(expected), "{line}: {}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_body_that_is_no_json_is_told_why_and_where() {
    let mock = mock();
    let strict = [CRUD, EQUALS, VIJIL];
    let all = [AXERO, CRUD, EQUALS, VIJIL];
    let no_json = |lines: &[&str], body: &[u8], expected: &str| {
        check(&mock, lines, body, &format!("the body is no JSON: {expected}"));
    };
    no_json(&strict, br#"{"a":1,}"#, "there is a comma too many before }, at line 1, character 7, after $.a");
    no_json(&strict, br"{'a':1}", "a name stands in double quotes, not in single quotes, at line 1, character 2");
    no_json(&strict, br"{a:1}", "the name of a property stands in double quotes, at line 1, character 2");
    no_json(
        &strict,
        br#"{"a":'b'}"#,
        "a string stands in double quotes, not in single quotes, at line 1, character 6, at $.a",
    );
    no_json(&strict, b"{\"a\":1 // b\n}", "JSON has no comments, at line 1, character 8, after $.a");
    no_json(&strict, br#"{"a":{"b":[1,True]}}"#, "True is written true in JSON, at line 1, character 14, at $.a.b[1]");
    no_json(&strict, br#"{"a":"b"#, "the closing quote of a string is missing, at line 1, character 6, at $.a");
    no_json(&all, b"{\"a\":1\n \"b\":2}", "a comma or } is missing, at line 2, character 2, after $.a");
    no_json(&all, br#"{"a":{"b":1"#, "it ends before the closing }, at line 1, character 12, after $.a.b");
    no_json(&all, br#"{"Name","A"}"#, "a colon is missing after the name of a property, at line 1, character 8");
    no_json(&[AXERO, EQUALS, VIJIL], b"{\"a\":\"\xff\"}", "it is not UTF-8 text, at line 1, character 7 (byte 6)");
    no_json(&[CRUD, EQUALS], br#"{"a":NaN}"#, "NaN is no number of JSON, at line 1, character 6, at $.a");
    no_json(&[EQUALS], b"\xef\xbb\xbf{}", "it starts with a byte order mark, which JSON does not have");
    no_json(&[CRUD], b"[object Object]", "it is [object Object], which is what JavaScript prints for an object");
    no_json(&[CRUD], b"\xef\xbb\xbf", "it holds nothing but a byte order mark");
    no_json(&[CRUD, VIJIL], b"\xef\xbb\xbf{\"a\":\"\\ud800\",}", COMMA);
}

#[test]
fn what_a_vendor_reads_beyond_json_is_not_what_it_is_told_of() {
    let mock = mock();
    // Json.NET reads quotes, names and comments of JavaScript: what is wrong stands elsewhere.
    let odd = br"{/* c */ 'Name': 'A', IsEnabled: 'maybe',}";
    let told = "the body cannot be read: the value there is neither true nor false, at line 1, character 40";
    check(&mock, &[AXERO], odd, told);
    let ends = "the body cannot be read: the body ends before it is complete, at line 1, character 12";
    check(&mock, &[AXERO], br"{'Name': 'A'", ends);
    // A byte order mark is nothing to Python and to JavaScript, and bytes that are no UTF-8 are letters to the latter.
    check(&mock, &[VIJIL], b"\xef\xbb\xbf{\"name\":5}", "$.name is 5; expected a string or null");
    let id = r#"{"id":"5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c05","#;
    let told = "$.name is 5; expected a string that is not blank";
    check(&mock, &[CRUD], &[b"\xef\xbb\xbf", id.as_bytes(), b"\"tagline\":\"\xff\",\"name\":5}"].concat(), told);
    let half = format!(r#"{id}"tagline":"\ud800","name":5}}"#);
    check(&mock, &[CRUD], half.as_bytes(), told);
}

#[test]
fn a_body_that_is_nested_too_deep_is_told_how_deep() {
    let mock = mock();
    let nested = |levels: usize| format!("{{\"x\":\n{}{}}}", "[".repeat(levels), "]".repeat(levels));
    let told = "lists and objects stand 1001 levels deep in the body, at line 2, character 1000, and the vendor reads no \
                more than 968";
    check(&mock, &[VIJIL], nested(1000).as_bytes(), told);
    let told = "the body cannot be read: lists and objects are nested deeper than 256 levels, at line 2, character 256";
    check(&mock, &[AXERO], nested(300).as_bytes(), told);
    let digits = format!("{{\"name\":{}}}", "1".repeat(5000));
    let told = "a whole number of the body has more digits than the vendor reads, which is 4300";
    check(&mock, &[VIJIL], digits.as_bytes(), told);
}

#[test]
fn of_a_name_that_is_sent_twice_the_last_one_counts_and_that_is_told() {
    let mock = mock();
    let twice = "is sent more than once: the last one counts, the others are ignored";
    let told = |line: &str, body: &str, at: &str| check(&mock, &[line], body.as_bytes(), &format!("{at} {twice}"));
    told(AXERO, r#"{"Name":"A","name":"B"}"#, "$.name");
    told(AXERO, r#"{"Name":"A","PersonaActions":[{"ActionType":1,"actiontype":2}]}"#, "$.PersonaActions[0].actiontype");
    told(VIJIL, r#"{"name":"A","name":"B"}"#, "$.name");
    told(VIJIL, r#"{"name":"A","access_permissions":{"privilege_level":"x","privilege_level":"guest"}}"#, PRIVILEGE);
    let id = r#""id":"5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c05""#;
    told(CRUD, &format!(r#"{{{id},"name":"A","\u006eame":"B"}}"#), "$.\\u006eame");
    told(CRUD, &format!(r#"{{{id},"demographics":{{"age":1,"age":2}}}}"#), "$.demographics.age");
    told(CRUD, &format!(r#"[{{{id},"name":"A","name":"B"}}]"#), "$[0].name");
    told(EQUALS, r#"{"accountId":"F50091","locale":"a","locale":"en-GB"}"#, "$.locale");
    let person =
        r#""firstName":"Sally","lastName":"Jones","emailAddress":"sally.jones@example.com","roleName":"Viewer""#;
    let person = format!(r#"{{"accountId":"F50091",{person},"address":{{"city":"A","city":"B"}}}}"#);
    told(PERSON, &person, "$.address.city");
    let both = r#"{"name":"A","name":"B","nam":1}"#;
    assert!(hint(&mock, VIJIL, both.as_bytes()).is_some_and(|hint| hint.ends_with("(and 1 more)")));
    // Axero joins the lists of a name that comes twice.
    assert_eq!(hint(&mock, AXERO, br#"{"Name":"A","PersonaActions":[],"PersonaActions":[]}"#), None);
}

const COMMA: &str = "there is a comma too many before }, at line 1, character 14, after $.a";
const PERSON: &str = "POST /v2/people";
const PRIVILEGE: &str = "$.access_permissions.privilege_level";

#[test]
fn json_that_was_encoded_twice_is_told_to_be() {
    let mock = mock();
    let twice = "; the string holds JSON, so it was probably encoded twice";
    for line in [AXERO, CRUD, EQUALS, VIJIL] {
        let told = hint(&mock, line, br#""{\"name\": \"A\"}""#).expect("a hint");
        assert!(
            told.starts_with("the body is a string; expected an object such as {") && told.ends_with(twice),
            "{told}"
        );
    }
    let told = hint(&mock, VIJIL, br#"{"access_permissions":"{\"privilege_level\":\"guest\"}"}"#).expect("a hint");
    assert!(told.starts_with("$.access_permissions is \"") && told.ends_with(twice), "{told}");
    let told = hint(&mock, VIJIL, br#"{"access_permissions":"guest"}"#).expect("a hint");
    assert!(!told.contains("encoded"), "{told}");
}
