//! No secret of a request is said again: by the hint of its answer, its other header fields, the journal, the HAR file, the log.
//! All three places of a hint say one sentence, whose own words stay as they are.

use std::io::Read;

use serde_json::Value;

use super::*;

/// A secret that is a secret wherever it stands, and one that is a plain word.
const SURE: &str = "SEKRET-4242-x";
const WORD: &str = "SEKRET";

/// A request, the level of its log line, and what its hint must say.
struct Case {
    asked: Asked,
    level: &'static str,
    hint: &'static str,
}

fn case(level: &'static str, hint: &'static str, asked: Asked) -> Case {
    Case { asked: asked.header("Host", "localhost"), level, hint }
}

fn asked(method: &str, target: &str) -> Asked {
    Asked::new(method, target).header("Authorization", &format!("Bearer {SURE}"))
}

const PUT: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";
const CHANGE: &str = "/v1/auth/change-password";

fn cases() -> Vec<Case> {
    let owner =
        |method: &str, target: &str| Asked::new(method, target).header("Authorization", "Bearer vijil-owner-token");
    let login = |body: &str| Asked::new("POST", "/v1/auth/jwt/login").json(body);
    vec![
        case(
            "WARN",
            "$.new_password is a number ([redacted]); expected",
            owner("POST", CHANGE).json(r#"{"current_password": "your-password", "new_password": 424242}"#),
        ),
        case(
            "WARN",
            "$.new_password is a string ([redacted]); expected a string of at least 8",
            owner("POST", CHANGE).json(r#"{"current_password": "your-password", "new_password": "SEKRET"}"#),
        ),
        case(
            "WARN",
            "$.new_password is an object; expected",
            owner("POST", CHANGE).json(r#"{"current_password": "your-password", "new_password": {"SEKRET": 1}}"#),
        ),
        case("WARN", "$.password is a number ([redacted])", login(r#"{"email": "a@b.c", "password": 424242}"#)),
        case("WARN", "$.password is a list", login(r#"{"email": "a@b.c", "password": ["SEKRET"]}"#)),
        case(
            "WARN",
            "$.intent is a string ([redacted]); expected one of",
            asked("PUT", PUT).json(&format!(r#"{{"intent": "{SURE}"}}"#)),
        ),
        case(
            "WARN",
            "$.intent is a string ([redacted])",
            asked("PUT", PUT).json(&format!(r#"{{"intent": "is {SURE} one?"}}"#)),
        ),
        case("WARN", "$.[redacted] is", asked("PUT", PUT).json(&format!(r#"{{"{SURE}": 1}}"#))),
        case(
            "WARN",
            "$.access_permissions.[redacted] is",
            asked("PUT", PUT).json(&format!(r#"{{"access_permissions": {{"allowed_tools": [], "{SURE}": 1}}}}"#)),
        ),
        case("WARN", "query.[redacted] is", asked("GET", &format!("/v1/users/me?{SURE}=1"))),
        case(
            "WARN",
            "in the credential is none",
            Asked::new("GET", "/v1/users/me").header("Authorization", "Bearer foo+sandbox.SEKRET/SEKRET"),
        ),
        case("WARN", "found [redacted]", asked("GET", "/v1/users/me").header("X-Mock-Sandbox", &format!("{SURE}/"))),
        case("WARN", "GET /v1/[redacted]", Asked::new("GET", "/v1/Bearer%20SEKRET")),
        case("WARN", "GET /v1/personas/[redacted]/x", asked("GET", &format!("/v1/personas/{SURE}/x"))),
        case(
            "WARN",
            "is a string ([redacted]); expected a UUID",
            asked("GET", &format!("/v1/personas/{SURE}?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee")),
        ),
        case("WARN", "nothing is mounted at /[redacted]", asked("GET", &format!("/{SURE}"))),
        case("WARN", "did you mean /v1/personas/[redacted]", asked("GET", &format!("/v1/v1/personas/{SURE}"))),
        case("WARN", "[redacted]", asked("GET", "/v1/users/me").header("X-Mock-Fault", SURE)),
        case(
            "WARN",
            "item 0 was refused",
            Asked::new("DELETE", "/crud/personas")
                .header("Authorization", "Bearer vm_SEKRET4242x4242")
                .json(r#"[{"id": "vm_SEKRET4242x4242"}]"#),
        ),
        case(
            "WARN",
            "$.[redacted] is",
            Asked::new("PUT", "/api/personas/188")
                .header("Authorization", "Bearer SEKRET-4242-x")
                .json(r#"{"SEKRET-4242-x": 1}"#),
        ),
        case(
            "WARN",
            "Content-Type",
            Asked::new("PATCH", "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091")
                .header("Authorization", "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a")
                .header("Content-Type", "text/1070598f-6540-4c8a-b08f-f7c33dcc726a")
                .body("{}".to_owned()),
        ),
        // A body of JSON that is said to be a form.
        case(
            "WARN",
            "the Content-Type is application/x-www-form-urlencoded",
            owner("POST", CHANGE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(r#"{"current_password":"your-password","new_password":"SEKRET"}"#.to_owned()),
        ),
        // Words of ours that are somebody's password: they stay.
        case(
            "WARN",
            "the scheme is Basic and Bearer is wanted; send Authorization: Bearer axero-owner-alice",
            Asked::new("GET", "/api/personas/188").header("Authorization", "Basic c2VuZDpCZWFyZXI="),
        ),
        case(
            "WARN",
            "$.name is 5; expected",
            Asked::new("PUT", PUT).header("Authorization", "Bearer name").json(r#"{"name": 5}"#),
        ),
        // A typo is shown, and of a long name its start.
        case("WARN", "$.nmae is ignored: send name", asked("PUT", PUT).json(r#"{"nmae": "A"}"#)),
        case(
            "WARN",
            "$.nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn... is",
            asked("PUT", PUT).json(&format!(r#"{{"{}": "A"}}"#, "n".repeat(60))),
        ),
        // What the vendor's business forbids is no mistake of a client.
        case(
            "INFO",
            "the persona is a system preset",
            asked("DELETE", "/v1/personas/201eab82-4d20-4c59-b595-01f139171119"),
        ),
    ]
}

#[test]
fn no_secret_is_said_again_and_a_hint_is_one_sentence_wherever_it_stands() {
    let (mut process, address) = Process::serve(&mut command(&["--port", "0", "--log-format", "json"]));
    let mut connection = Connection::to(address);
    let get = |connection: &mut Connection, target: &str| {
        let answer = connection.send(&Asked::new("GET", target).header("Host", "localhost"));
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        answer
    };
    let is_told = |text: &str| text.contains(WORD) || text.contains("424242") || text.contains("-f7c33dcc726a");
    let (mut hints, mut wrong) = (Vec::new(), Vec::new());
    for Case { asked, hint, .. } in &cases() {
        let reset = Asked::new("POST", "/_mock/reset").header("Host", "localhost").json(r#"{"only": "journal"}"#);
        connection.send(&reset);
        let answer = connection.send(asked);
        let told = answer.header("x-mock-hint").unwrap_or_else(|| panic!("{asked:?}: {answer:?}")).to_owned();
        if !told.contains(hint) {
            wrong.push(format!("{asked:?}: wanted {hint}, found {told}"));
        }
        for (name, value) in &answer.headers {
            assert!(!is_told(value), "{asked:?}: {name}: {value}");
        }
        let list = get(&mut connection, "/_mock/requests").json();
        let kept = list["requests"].as_array().expect("a list");
        // What names its sandbox wrongly is not kept.
        assert_eq!(kept.is_empty(), told.contains("a sandbox's name is"), "{asked:?}: {list}");
        if let Some(entry) = kept.first() {
            assert_eq!(entry["hint"]["message"], *told, "{asked:?}: {entry}");
        }
        for shown in [list.to_string(), get(&mut connection, "/_mock/requests.har").text()] {
            assert!(!is_told(&shown), "{asked:?}: {shown}");
        }
        hints.push(told);
    }
    // What the control API says is no exchange.
    for asked in [
        asked("GET", &format!("/_mock/{SURE}")),
        asked("GET", &format!("/_mock/requests/{SURE}")),
        asked("GET", &format!("/_mock/requests?{SURE}=1")),
        Asked::new("GET", "/_mock/Bearer%20SEKRET"),
        Asked::new("GET", "/_mock/settings").header("X-Mock-Sandbox", "Bearer SEKRET"),
        Asked::new("GET", "/_mock/settings").header("Authorization", "Bearer foo+sandbox.SEKRET/SEKRET"),
    ] {
        let answer = connection.send(&asked.header("Host", "localhost"));
        assert!(answer.status >= 400 && answer.header("x-mock-hint").is_some(), "{answer:?}");
        assert!(answer.headers.iter().all(|(_, value)| !is_told(value)), "{answer:?}");
    }
    drop(connection);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut stderr = process.stderr();
    process.signal("TERM");
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("UTF-8");
    process.end();
    let lines = said.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let lines: Vec<_> = lines.filter(|line| line["method"].is_string()).collect();
    for line in &lines {
        assert!(!is_told(&line.to_string()), "{line}");
    }
    let is_vendors = |line: &Value| line["path"].as_str().is_some_and(|path| !path.starts_with("/_mock"));
    let lines: Vec<_> = lines.into_iter().filter(is_vendors).collect();
    assert_eq!(lines.len(), hints.len(), "{said}");
    for ((line, hint), case) in lines.iter().zip(hints).zip(cases()) {
        assert_eq!(
            (line["level"].as_str(), line["hint"].as_str()),
            (Some(case.level), Some(&*hint)),
            "{:?}: {line}",
            case.asked
        );
    }
}
