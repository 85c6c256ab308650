//! What a request to the control API says and its verb would pass over.

use serde_json::Value;

use super::support::{Asked, TestServer, server};

#[test]
fn a_parameter_that_no_verb_takes_is_told() {
    let server = TestServer::start(&server::setup());
    let hint = |target: &str| server.send(&Asked::new("GET", target)).header("x-mock-hint").map(str::to_owned);
    let told = |target: &str, expected: &str| assert_eq!(hint(target).as_deref(), Some(expected), "{target}");
    told("/_mock/clock?x=1", "the parameter x is ignored: GET /_mock/clock reads no parameter");
    for fine in ["/_mock/credentials?provider=vijil", "/_mock/clock", "/_mock/requests?limit=1", "/_mock/health"] {
        assert_eq!(hint(fine), None, "{fine}");
    }
}

#[test]
fn no_verb_shows_another_sandbox_than_its_query_names() {
    let server = TestServer::start(&server::setup());
    let document = server.send(&Asked::new("GET", "/_mock/openapi.json")).json();
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("verbs") {
            let target = path.replace("{provider}", "vijil").replace('{', "no-").replace('}', "");
            let answer = server.send(&Asked::new(&method.to_uppercase(), &format!("{target}?a=b&sandbox=t9")));
            let problem = answer.json();
            let reads = |name: &str, place: &str| {
                let all = operation["parameters"].as_array();
                all.is_some_and(|all| all.iter().any(|one| one["name"] == name && one["in"] == place))
            };
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert_eq!(answer.status, 400, "{method} {path}: {detail}");
            if reads("sandbox", "query") {
                continue;
            }
            let is_of_server = !operation["parameters"].to_string().contains("#/components/parameters/Sandbox");
            let told = match is_of_server {
                true => "is the same for every sandbox".to_owned(),
                false => format!("as in /_sandbox/t9{target}, or by the header X-Mock-Sandbox: t9"),
            };
            assert!(detail.contains(&told) && problem["at"] == "query.sandbox", "{method} {path}: {problem}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn a_parameter_that_is_said_twice_is_refused_unless_it_is_a_list() {
    let server = TestServer::start(&server::setup());
    let document = server.send(&Asked::new("GET", "/_mock/openapi.json")).json();
    let (mut seen, mut lists) = (0, 0);
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("verbs") {
            let all = operation["parameters"].as_array().into_iter().flatten();
            for parameter in all.filter(|parameter| parameter["in"] == "query") {
                let name = parameter["name"].as_str().expect("a name");
                let target = path.replace("{provider}", "crud").replace("{collection}", "users");
                let target = format!("{target}?{name}=1&{name}=1");
                if parameter["schema"]["type"] == "array" {
                    lists += 1;
                    continue;
                }
                let answer = server.send(&Asked::new(&method.to_uppercase(), &target));
                let detail = format!("expected `{name}` once, found it 2 times");
                let problem = answer.json();
                let said = problem["detail"].as_str().unwrap_or_default();
                assert!(answer.status == 400 && said.starts_with(&detail), "{method} {target}: {problem}");
                assert_eq!(problem["at"], format!("query.{name}"));
                seen += 1;
            }
        }
    }
    assert!(seen > 60 && lists > 6, "{seen} {lists}");
    assert_eq!(server.told("GET", "/_mock/requests?header=a&header=b&query=a=1&query=b=2", "").0, 200);
}

#[test]
fn a_body_that_a_verb_would_pass_over_is_refused_unless_it_is_empty() {
    let server = TestServer::start(&server::setup());
    let document = server.send(&Asked::new("GET", "/_mock/openapi.json")).json();
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let bare = |operation: &Value| operation["requestBody"].is_null();
        for (method, _) in item.as_object().expect("verbs").iter().filter(|(_, operation)| bare(operation)) {
            let target = path.replace("{provider}", "vijil").replace("{collection}", "users").replace(['{', '}'], "");
            let (status, problem) = server.told(&method.to_uppercase(), &target, r#"{"n": 2}"#);
            let told =
                format!("{} {path} takes no body, found one of 8 bytes; send none, or {{}}", method.to_uppercase());
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(status == 400 && detail.starts_with(&told) && problem["at"] == "$", "{method} {path}: {problem}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
    let undo = |body: &str| server.told("POST", "/_mock/undo", body);
    let nothing = undo("");
    assert_eq!(nothing.0, 409);
    for empty in ["{}", " {}\n", "{\r\n\r\n}", "\n", "null", &" ".repeat(70)] {
        assert_eq!(undo(empty), nothing, "{empty:?}");
    }
    for said in ["[]", "0", "{\"n\":2}"] {
        assert_eq!(undo(said).0, 400, "{said:?}");
    }
    let detail = server.told("GET", "/_mock/history", "[2]").1["detail"].clone();
    let told = "what it reads as parameters of the query: limit, cursor";
    assert!(detail.as_str().is_some_and(|detail| detail.ends_with(told)), "{detail}");
}

#[test]
fn a_parameter_that_a_verb_would_pass_over_is_refused_where_that_would_do_something_else() {
    let server = TestServer::start(&server::setup());
    let refused = |method: &str, target: &str, expected: &str| {
        let answer = server.send(&Asked::new(method, target));
        let problem = answer.json();
        assert_eq!((answer.status, problem["detail"].as_str()), (400, Some(expected)), "{method} {target}");
        problem["at"].as_str().map(str::to_owned)
    };
    let none = "there is no parameter `foo` here:";
    let at = refused("GET", "/_mock/credentials?foo=1", &format!("{none} GET /_mock/credentials reads provider"));
    assert_eq!(at.as_deref(), Some("query.foo"));
    for (method, target) in
        [("DELETE", "coverage"), ("GET", "coverage"), ("GET", "coverage.html"), ("GET", "coverage/gaps")]
    {
        let changed = if method == "GET" { "" } else { "; nothing was changed" };
        let wrong = format!("there is no parameter `sandboxes` here: sandbox was probably meant{changed}");
        refused(method, &format!("/_mock/{target}?sandboxes=*"), &wrong);
    }
    // Whatever changes something refuses what it does not read, before it does anything.
    let document = server.send(&Asked::new("GET", "/_mock/openapi.json")).json();
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, _) in item.as_object().expect("verbs").iter().filter(|(method, _)| *method != "get") {
            let target = path.replace("{provider}", "vijil").replace('{', "no-").replace('}', "");
            let answer = server.send(&Asked::new(&method.to_uppercase(), &format!("{target}?no_such=1")));
            let problem = answer.json();
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert_eq!(answer.status, 400, "{method} {path}: {detail}");
            assert!(detail.starts_with("there is no parameter `no_such` here"), "{method} {path}: {detail}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn what_is_refused_for_what_it_says_makes_no_sandbox() {
    let server = TestServer::start(&server::setup());
    let refused = [
        ("POST", "/_mock/reset?sandbox=v9", ""),
        ("POST", "/_mock/undo", "[]"),
        ("PUT", "/_mock/seed?x=1", r#"{"seed": 1}"#),
    ];
    for (method, target, body) in refused {
        let answer = server.ask(method, &format!("/_sandbox/v9{target}"), body);
        assert_eq!((answer.status, answer.header("x-mock-sandbox-created")), (400, None), "{method} {target}");
    }
    assert_eq!(server.told("GET", "/_mock/sandboxes/v9", "").0, 404);
}
