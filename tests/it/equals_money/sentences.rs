//! Every refusal is a sentence of a person's: it names what was wrong and what is right, and no library speaks in it.

use super::super::support::{Answer, Asked, TestServer};
use super::{asked, at};

const PERSONA: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
const ROLE: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08/role?accountId=F50091";
const PERSON: &str = "/v2/people/9fcc2108-d3c4-4161-92c1-45b27a11db92";
const INVITE: &str = "/v2/people/1d6c1c5c-575c-4422-b0f4-a7509b068cb2/invite?accountId=F50091";
const WRITES: [(&str, &str); 5] =
    [("PATCH", PERSONA), ("PATCH", ROLE), ("POST", "/v2/people"), ("PATCH", PERSON), ("POST", INVITE)];

/// Words that parsers, frameworks and this program's language say, and people do not.
const FOREIGN: [&str; 24] = [
    "`",
    "\\\"",
    "line 1 column",
    "at line",
    "expected",
    "found",
    "invalid type",
    "invalid value",
    "missing field",
    "unknown field",
    "unknown variant",
    "duplicate field",
    "trailing",
    "EOF",
    "parsing",
    "parse",
    "token",
    "deserialize",
    "utf-8 sequence",
    "Some(",
    "None",
    "Err(",
    "u64",
    "f64",
];

fn check(asked: &Asked, answer: &Answer) {
    if answer.status < 400 {
        return;
    }
    let context = || format!("{} {}\n{}", asked.method, asked.target, String::from_utf8_lossy(&asked.body));
    assert_eq!(answer.header("x-mock-provenance"), Some("inferred"), "{}", context());
    let body = answer.json();
    let message = body["message"].as_str().unwrap_or_else(|| panic!("{}\n{body}", context()));
    // What the request itself said may be anything.
    let own: String = message.split('\'').step_by(2).collect();
    for foreign in FOREIGN {
        assert!(!own.contains(foreign), "{foreign:?} in {message:?} for {}", context());
    }
    assert!(message.ends_with('.') && !message.ends_with(".."), "{message:?} for {}", context());
    assert!(message.chars().all(|c| !c.is_control()), "{message:?} for {}", context());
    assert!(message.chars().count() < 1200, "{message:?} for {}", context());
}

fn send(server: &TestServer, asked: &Asked) -> u16 {
    let answer = server.send(asked);
    check(asked, &answer);
    answer.status
}

#[test]
fn malformed_bodies_of_every_kind_are_refused_in_words() {
    let server = at("2026-01-15T12:00:00Z");
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let bodies: [&[u8]; 40] = [
        b" ",
        b"\n\n",
        b"{",
        b"}",
        b"[",
        b"{]",
        b"{\"",
        b"{\"a",
        b"{\"a\"",
        b"{\"a\":",
        b"{\"a\":1",
        b"{\"a\":1,",
        b"{\"a\":1,}",
        b"{,}",
        b"{a:1}",
        b"{'a':1}",
        b"{\"a\":'b'}",
        b"{\"a\" 1}",
        b"{\"a\":1 \"b\":2}",
        b"{} {}",
        b"{}}",
        b"nul",
        b"True",
        b"undefined",
        b"NaN",
        b"-",
        b"01",
        b"1.",
        b"1e",
        b"+1",
        b".5",
        b"\xEF\xBB\xBF{}",
        b"{\"a\":\"\xFF\"}",
        b"{\"a\":\"\0\"}",
        b"{\"a\":\"\n\"}",
        b"{\"a\":\"\\q\"}",
        b"{\"a\":\"\\u12\"}",
        b"{\"\\ud800\":1}",
        b"a=1&b=2",
        b"<a/>",
    ];
    for (method, target) in WRITES {
        for body in bodies {
            let request = asked(method, target).header("Content-Type", "application/json").body(body);
            assert_eq!(send(&server, &request), 400, "{target} {}", String::from_utf8_lossy(body));
        }
        for body in ["null", "true", "7", "1e999", "\"{}\"", "[]", "[{}]", "[null]", &deep] {
            assert_eq!(send(&server, &asked(method, target).json(body)), 400, "{target} {body}");
        }
        for media in ["", "text/plain", "application/x-www-form-urlencoded", "application/json2", "\"`", "\u{e4}"] {
            let request = asked(method, target).header("Content-Type", media).body("{}");
            assert_eq!(send(&server, &request), 415, "{target} {media}");
        }
        assert_eq!(send(&server, &asked(method, target).body("{}")), 415, "{target}");
        if target != INVITE {
            assert_eq!(send(&server, &asked(method, target)), 400, "{target} without a body");
        }
    }
}

#[test]
fn a_body_that_is_no_object_is_called_what_it_is() {
    let server = at("2026-01-15T12:00:00Z");
    for (body, kind) in [
        ("\"{}\"", "a string"),
        ("\"\\ud800\"", "a string with a broken \\u escape"),
        ("[]", "an array"),
        ("7", "a number"),
        ("null", "null"),
    ] {
        let answer = server.send(&asked("PATCH", PERSON).json(body));
        assert_eq!(answer.json()["message"], format!("The body must be a JSON object, not {kind}."), "{body}");
    }
}

#[test]
fn every_property_is_refused_in_words_whatever_its_value() {
    let server = at("2026-01-15T12:00:00Z");
    let long = format!("\"{}\"", "ä".repeat(300));
    let values = [
        "null",
        "true",
        "false",
        "0",
        "-1.5e3",
        "1e999",
        "123456789012345678901234567890",
        "\"\"",
        "\" \"",
        "\"x\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\u2028\\n\"",
        "\"it is \\\"quoted\\\"\"",
        "\"1990-02-30\"",
        "\"ACTIVE\"",
        "[]",
        "[null]",
        "[true]",
        "[7]",
        "[\"XX\"]",
        "[[]]",
        "[{}]",
        "[\"\\ud800\"]",
        "{}",
        "{\"a\":1}",
        &long,
    ];
    let read: [(usize, &[&str]); 4] = [
        (
            0,
            &[
                "emailAddress",
                "employeeNumber",
                "workNumber",
                "jobTitle",
                "status",
                "transactionalEmailPreference",
                "marketingEmailsPreference",
                "securityNotificationsPreference",
                "cardTransactionPushNotificationPreference",
            ],
        ),
        (1, &["roleName"]),
        (
            2,
            &[
                "accountId",
                "firstName",
                "lastName",
                "roleName",
                "emailAddress",
                "dob",
                "nationalities",
                "address",
                "primaryMobileNumber",
                "status",
                "employeeNumber",
                "jobTitle",
                "notifyEmailTrans",
                "createdByPersonaId",
                "addToUserPool",
                "sendInvite",
                "emailTheme",
                "sessionId",
                "mfaCode",
                "customerIp",
                "locale",
            ],
        ),
        (
            3,
            &[
                "accountId",
                "firstName",
                "lastName",
                "title",
                "middleInitials",
                "dob",
                "gender",
                "nationality",
                "nationalities",
                "countryOfResidence",
                "primaryMobileNumber",
                "emailTheme",
                "locale",
                "transactionalEmailPreference",
            ],
        ),
    ];
    let mut refused = 0;
    for (write, names) in read {
        let (method, target) = WRITES[write];
        for name in names {
            let mut taken = 0;
            for value in values {
                server.reset();
                let others = match write {
                    2 => {
                        r#""accountId":"F50091","firstName":"A","lastName":"B","roleName":"User","emailAddress":"a@b.example","#
                    }
                    3 => r#""accountId":"F50091","#,
                    _ => "",
                };
                // Of a name given twice the last counts.
                let status = send(&server, &asked(method, target).json(&format!("{{{others}\"{name}\":{value}}}")));
                assert!([200, 201, 400, 404].contains(&status), "{target} {name} {value}: {status}");
                if status < 400 { taken += 1 } else { refused += 1 }
            }
            assert!(taken < values.len(), "{target} takes everything as {name}");
        }
    }
    assert!(refused > 700, "{refused} values were refused");
    for part in ["streetName", "buildingNumber", "buildingName", "postcode", "city", "region", "countryCode"] {
        let body = format!(
            r#"{{"accountId":"F50091","firstName":"A","lastName":"B","roleName":"User","emailAddress":"a@b.example","address":{{"{part}":7}}}}"#
        );
        let request = asked("POST", "/v2/people").json(&body);
        let answer = server.send(&request);
        check(&request, &answer);
        let told = format!("address.{part} must be a string or null, not a number.");
        assert_eq!((answer.status, answer.json()["message"].as_str()), (400, Some(&*told)));
    }
}

#[test]
fn queries_paths_methods_and_keys_are_refused_in_words() {
    let server = at("2026-01-15T12:00:00Z");
    let long = "x".repeat(300);
    for value in
        ["", "%20", "0", "-1", "1.5", "1e3", "x", "%00", "%FF", "%60%22", "99999999999999999999", ",", "a,b", &long]
    {
        for name in [
            "accountId",
            "limit",
            "offset",
            "search",
            "status",
            "teams",
            "addresses",
            "roles",
            "roleNames",
            "people",
            "budgetId",
            "withoutIndividualBudget",
            "include",
        ] {
            let account = if name == "accountId" { "" } else { "accountId=F50091&" };
            send(&server, &asked("GET", &format!("/v2/people?{account}{name}={value}")));
            send(&server, &asked("GET", &format!("/v2/people?{account}{name}={value}&{name}={value}")));
            send(&server, &asked("GET", &format!("/v2/roles?{name}={value}")));
        }
        if !value.is_empty() {
            assert_eq!(
                send(&server, &asked("PATCH", &format!("/v2/personas/{value}?accountId=F50091")).json("{}")),
                400
            );
            assert_eq!(send(&server, &asked("PATCH", &format!("/v2/people/{value}")).json("{}")), 400);
            assert_eq!(send(&server, &asked("GET", &format!("/v2/{value}"))), 404);
        }
        let key = Asked::new("GET", "/v2/roles").header("Authorization", &format!("ApiKey {value}"));
        send(&server, &key);
    }
    for method in ["GET", "PUT", "DELETE", "POST", "BREW"] {
        assert_eq!(send(&server, &asked(method, PERSONA)), 405);
    }
}
