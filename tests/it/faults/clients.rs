//! What a real client makes of each fault.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use super::{TestServer, armed};

/// Asks as an application would.
fn ask<T>(server: &TestServer, look: impl AsyncFnOnce(Client, String) -> T) -> T {
    ask_within(Duration::from_secs(20), server, look)
}

/// Asks as an application would, with a bound on its patience.
fn ask_within<T>(patience: Duration, server: &TestServer, look: impl AsyncFnOnce(Client, String) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = Client::builder().timeout(patience).no_proxy().build().expect("a client");
    let url = format!("http://{}/toy/count", server.address);
    runtime.block_on(look(client, url))
}

/// How a GET fails on its way to the head, else on its way through the body.
fn failure(patience_s: u64, action: Value) -> (&'static str, String) {
    let server = armed(&json!({"action": action}));
    ask_within(Duration::from_secs(patience_s), &server, async |client, url| match client.get(url).send().await {
        Err(error) => ("head", describe(&error)),
        Ok(answer) => match answer.bytes().await {
            Err(error) => ("body", describe(&error)),
            Ok(body) => ("nothing", String::from_utf8_lossy(&body).into_owned()),
        },
    })
}

fn describe(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() { "timeout: ".to_owned() } else { String::new() };
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        text.push_str(&format!("{error}; "));
        source = error.source();
    }
    text
}

#[test]
fn a_refusal_is_an_answer_with_its_headers() {
    let server = armed(&json!({"action": {"refuse": {"status": 429, "retry_after_s": 3}}}));
    ask(&server, async |client, url| {
        let answer = client.get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers()["retry-after"], "3");
        assert_eq!(answer.text().await.expect("a body"), r#"{"toy":429}"#);
    });
}

#[test]
fn a_delay_or_a_slow_body_is_a_timeout() {
    let (place, error) = failure(1, json!({"delay": {"fixed": "30s"}}));
    assert!(place == "head" && error.starts_with("timeout"), "{place}: {error}");
    let (place, error) = failure(1, json!({"slow_body": {"over": "30s"}}));
    assert!(place == "body" && error.starts_with("timeout"), "{place}: {error}");
}

#[test]
fn a_cut_is_a_reset_in_its_place() {
    for (cut, expected) in [("before_answer", "head"), ("after_headers", "body"), ("half_body", "body")] {
        let (place, error) = failure(20, json!({"cut": cut}));
        assert!(place == expected && error.contains("onnection reset"), "{cut}: {place}: {error}");
    }
}

#[test]
fn a_garbled_body_arrives_and_cannot_be_read() {
    let (place, body) = failure(20, json!({"garble": "invalid_json"}));
    assert!(place == "nothing" && serde_json::from_str::<Value>(&body).is_err(), "{body}");
    assert_eq!(failure(20, json!({"garble": "empty_body"})), ("nothing", String::new()));
    let server = armed(&json!({"action": {"garble": "wrong_content_type"}}));
    ask(&server, async |client, url| {
        let answer = client.get(url).send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    });
}

#[test]
fn a_stale_read_misses_the_clients_own_write() {
    let server = armed(&json!({"action": "stale"}));
    ask(&server, async |client, url| {
        let made = client.post(&url).body("{}").send().await.expect("an answer");
        assert_eq!(made.status(), 201);
        let read = client.get(&url).send().await.expect("an answer").text().await.expect("a body");
        assert!(read.contains(r#""count":1"#), "{read}");
    });
}

#[test]
fn a_client_that_tries_again_gets_through() {
    let server = armed(&json!({"action": {"cut": "before_answer"}, "when": {"first": 2}}));
    let tries = ask(&server, async |client, url| {
        let mut tries = 1;
        while client.get(&url).send().await.is_err() {
            tries += 1;
        }
        tries
    });
    // hyper itself asks once more where a kept-alive connection fails; these connections are new.
    assert_eq!(tries, 3);
}
