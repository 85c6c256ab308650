//! Names in the paths of the control API that are none: what is said of them, however they are encoded.

use serde_json::Value;

use super::support::{Answer, Asked, TestServer, server};

fn ask(server: &TestServer, method: &str, target: &str) -> Answer {
    let asked = Asked::new(method, target);
    server.send(&if matches!(method, "PUT" | "POST" | "PATCH") { asked.json("{}") } else { asked })
}

const ODD: [(&str, &str); 9] = [
    ("bad%2Fx", r#""bad/x""#),
    ("bad%2fx", r#""bad/x""#),
    ("%2F", r#""/""#),
    ("%00", r#""\0""#),
    ("%2e%2e", r#""..""#),
    ("%2E", r#"".""#),
    ("%ff", "\"\u{fffd}\""),
    ("%", r#""%""#),
    ("a%5Cb", r#""a\\b""#),
];

#[test]
fn what_is_no_name_of_a_sandbox_or_a_snapshot_is_refused_with_the_rule() {
    let server = TestServer::start(&server::setup());
    for (sent, found) in ODD {
        for (method, path) in [
            ("GET", "sandboxes/NAME"),
            ("PUT", "sandboxes/NAME"),
            ("DELETE", "sandboxes/NAME"),
            ("GET", "snapshots/NAME"),
            ("PUT", "snapshots/NAME"),
            ("DELETE", "snapshots/NAME"),
            ("POST", "snapshots/NAME/restore"),
        ] {
            for prefix in ["", "/_sandbox/t1"] {
                let target = format!("{prefix}/_mock/{}", path.replace("NAME", sent));
                let answer = ask(&server, method, &target);
                let said = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
                assert_eq!(answer.status, 400, "{method} {target}: {said}");
                let rule = "name is 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone; found ";
                assert!(said.contains(&format!("{rule}{found}")), "{method} {target}: {said}");
            }
        }
    }
}

#[test]
fn a_name_that_is_odd_or_empty_leads_nowhere_and_changes_nothing() {
    let server = TestServer::start(&server::setup());
    let document = ask(&server, "GET", "/_mock/openapi.json").json();
    let state = ask(&server, "GET", "/_mock/state").text();
    for (path, item) in document["paths"].as_object().expect("paths").iter().filter(|(path, _)| path.contains('{')) {
        for (method, operation) in item.as_object().expect("methods") {
            let named: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
            let named: Vec<_> = named.into_iter().filter(|parameter| parameter["in"] == "path").collect();
            let empty = ("", "");
            for (sent, _) in ODD.iter().chain([&empty]) {
                for odd in &named {
                    let target = named.iter().fold(path.clone(), |path, parameter| {
                        let name = parameter["name"].as_str().expect("a name");
                        let example = parameter["example"].as_str().unwrap_or("nope");
                        let text = if std::ptr::eq(*odd, *parameter) { sent } else { example };
                        path.replace(&format!("{{{name}}}"), text)
                    });
                    let answer = ask(&server, &method.to_uppercase(), &target);
                    assert!(
                        matches!(answer.status, 400 | 404),
                        "{method} {target}: {} {}",
                        answer.status,
                        answer.text()
                    );
                    assert!(answer.json()["detail"].is_string(), "{method} {target}");
                }
            }
        }
    }
    assert_eq!(ask(&server, "GET", "/_mock/state").text(), state);
    let list = ask(&server, "GET", "/_mock/sandboxes").json();
    assert_eq!(list["sandboxes"].as_array().map(Vec::len), Some(1), "{list}");
}

#[test]
fn a_slash_that_was_sent_encoded_parts_segments_where_no_name_has_it() {
    let server = TestServer::start(&server::setup());
    assert_eq!(ask(&server, "GET", "/_mock%2Fclock").status, 200, "as before");
    let role = r#"{"name": "a/b", "rest_api": true, "write": false}"#;
    let made = server.send(&Asked::new("POST", "/_mock/state/axero/roles").json(role));
    assert_eq!(made.status, 201, "{}", made.text());
    for name in ["a%2Fb", "a%2fb", "a/b"] {
        let shown = ask(&server, "GET", &format!("/_mock/state/axero/roles/{name}"));
        assert_eq!((shown.status, shown.json()["name"].as_str()), (200, Some("a/b")), "{name}");
    }
}
