//! The handle on a mock from Rust: one suite for a server in this process and one over HTTP.

use std::io::{Read, Write};
use std::time::Duration;

use persona_mock::internals::Stopwatch;
use persona_mock::mock::{AuthMode, Builder, Mock, MockError, PersonaMock, RemoteMock};
use persona_mock::provider::register;
use serde_json::{Value, json};

use super::support::Asked;
use super::support::client::Connection;
use super::support::toy::Toy;

mod calls;
mod journal;
mod suite;
mod trouble;

fn builder() -> Builder {
    PersonaMock::builder().registry(&[register(Toy)]).seed(1).clock("2026-01-15T12:00:00Z")
}

fn vendors() -> Builder {
    PersonaMock::builder().providers(["vijil"]).seed(1).clock("2026-01-15T12:00:00Z")
}

/// A client under test: it knows a base URL and nothing of the mock.
fn call(method: &str, base: &str, path: &str) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = ureq::http::Request::builder().method(method).uri(format!("{base}{path}"));
    let mut answer = agent.run(request.body("").expect("a request")).expect("an answer");
    let text = answer.body_mut().read_to_string().expect("a body");
    (answer.status().as_u16(), serde_json::from_str(&text).expect("JSON"))
}

fn count(sandbox: &persona_mock::mock::Sandbox) -> Value {
    call("GET", sandbox.url(), "/toy/count").1["count"].clone()
}

fn add(sandbox: &persona_mock::mock::Sandbox) {
    assert_eq!(call("POST", sandbox.url(), "/toy/count").0, 201);
}

/// What a request is answered whose body ends half a second after the server began to stop.
fn answered_at_stop(builder: Builder) -> String {
    let mock = builder.start_blocking().expect("a server");
    let address = mock.url().trim_start_matches("http://").to_owned();
    let mut client = std::net::TcpStream::connect(address).expect("a connection");
    client.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let head = b"POST /toy/count HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
    client.write_all(&[head, &b"a"[..]].concat()).expect("a request");
    std::thread::sleep(Duration::from_millis(500));
    let mut answer = Vec::new();
    std::thread::scope(|threads| {
        threads.spawn(|| mock.stop());
        std::thread::sleep(Duration::from_millis(500));
        // Where nothing is waited for, nobody reads this any more.
        let _ = client.write_all(b"b");
        let _ = client.read_to_end(&mut answer);
    });
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_stop_waits_for_requests_as_long_as_it_is_told_to() {
    assert_eq!(answered_at_stop(builder().drain(Duration::from_secs(30))), "HTTP/1.1 201 Created");
    assert_eq!(answered_at_stop(builder()), "");
}

/// What the server refused, as text.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, MockError>) -> String {
    let error = outcome.expect_err("a refusal");
    assert!(matches!(error, MockError::Refused { .. }), "{error:?}");
    error.to_string()
}

/// Every claim of the suite, once against a server in this process and once over HTTP.
macro_rules! both {
    ($suite:ident, $builder:ident: $here:ident $over_http:ident $($claim:ident)*) => {
        mod $here {
            $(#[test] fn $claim() {
                super::$suite::$claim(&super::$builder().start_blocking().expect("a server"));
            })*
        }
        mod $over_http {
            use persona_mock::mock::{Mock, RemoteMock};
            $(#[test] fn $claim() {
                let server = super::$builder().start_blocking().expect("a server");
                super::$suite::$claim(&RemoteMock::connect(server.url()).expect("a server"));
            })*
        }
    };
}

both! {
    suite, builder: here over_http
    a_reset_puts_one_sandbox_back_and_no_other
    state_is_read_and_replaced
    a_diff_tells_what_changed
    time_goes_back_step_by_step_and_forward_again
    snapshots_are_saved_restored_listed_and_deleted
    a_clock_freezes_moves_and_runs
    seed_and_settings_are_the_sandboxes_own
    a_sandbox_is_made_listed_and_taken_away
    rows_are_listed_read_and_changed
    a_fork_goes_on_from_what_another_sandbox_is
    health_and_any_other_page_can_be_asked
}

both! {
    journal, vendors: journal_here journal_over_http
    requests_are_kept_filtered_and_shown
    calls_are_held_against_what_is_expected
    a_claim_that_fails_shows_the_nearest_call
    what_the_vendor_ignores_is_told
    claims_are_held_against_all_calls
    events_come_as_they_happen
    metrics_count_requests
}

both! {
    trouble, vendors: trouble_here trouble_over_http
    faults_are_armed_listed_and_disarmed
    every_kind_of_fault_is_understood
    what_no_request_can_be_is_refused
    what_a_builder_cannot_take_is_told_before_anything_is_sent
    a_fault_strikes_by_query_and_body
    limits_are_shown_and_set
}

async fn starts_is_called_and_stops() {
    let mock = builder().start().await.expect("a server");
    let remote = RemoteMock::connect(mock.url()).expect("a server");
    for sandbox in [mock.sandbox("t1"), remote.sandbox("t1")] {
        let before = count(&sandbox).as_u64();
        add(&sandbox);
        let after = sandbox.aside(|sandbox| Ok(sandbox.state_of("toy")?["count"].as_u64())).await;
        assert_eq!(after.expect("a state"), before.map(|before| before + 1));
        let error = sandbox.aside(|sandbox| sandbox.reset_only("tyo")).await;
        assert!(error.expect_err("a refusal").to_string().contains("tyo"));
    }
}

#[tokio::test]
async fn it_works_under_tokio() {
    starts_is_called_and_stops().await;
}

#[test]
fn it_works_many_times_at_once_under_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        tokio::join!(starts_is_called_and_stops(), starts_is_called_and_stops(), starts_is_called_and_stops());
    });
}

#[test]
fn it_works_under_actix() {
    actix_rt::System::new().block_on(starts_is_called_and_stops());
}

#[test]
fn it_works_where_no_runtime_is() {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Thread(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut test = std::pin::pin!(starts_is_called_and_stops());
    while test.as_mut().poll(&mut context).is_pending() {
        std::thread::park();
    }
}

#[test]
fn a_drop_ends_the_server_soon_and_its_port_is_free() {
    let mock = builder().start_blocking().expect("a server");
    let address = mock.url().trim_start_matches("http://").to_owned();
    let sandbox = mock.sandbox("t1");
    // A client that keeps its connection must not keep the server.
    let idle = std::net::TcpStream::connect(&address).expect("a connection");
    add(&sandbox);
    let watch = Stopwatch::start();
    drop(mock);
    assert!(watch.elapsed() < Duration::from_secs(3), "{:?}", watch.elapsed());
    assert!(std::net::TcpListener::bind(&address).is_ok(), "the port is free");
    assert_eq!(sandbox.state().expect("the world outlives its server"), json!({"toy": {"count": 2}}));
    drop(idle);
}

#[test]
fn a_panicking_test_stops_its_server_too() {
    let address = std::thread::spawn(|| {
        let mock = builder().start_blocking().expect("a server");
        std::panic::panic_any(mock.url().to_owned());
    });
    let url = address.join().expect_err("a panic").downcast::<String>().expect("a URL");
    let said = RemoteMock::connect(&url).expect_err("nobody there").to_string();
    assert!(said.starts_with(&format!("no persona-mock answers at {url}: ")), "{said}");
}

#[test]
fn a_static_server_serves_many_tests() {
    static MOCK: std::sync::LazyLock<PersonaMock> =
        std::sync::LazyLock::new(|| builder().start_blocking().expect("a server"));
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            scope.spawn(move || {
                let sandbox = MOCK.sandbox(name);
                add(&sandbox);
                assert_eq!(count(&sandbox), json!(2), "{name}");
            });
        }
    });
}

#[test]
fn what_cannot_start_says_why() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    for (builder, said) in [
        (builder().clock("noon"), "cannot take the clock: expected `real` or an RFC 3339 instant"),
        (builder().providers(["axro"]), "there is no provider `axro`; the providers are `toy`"),
        (builder().set("toy", "size", "1"), "cannot take the setting `toy.size=1`"),
        (builder().fixture("toy", &json!({"count": 10})), "the fixture of toy: $.count: found 10, expected"),
        (builder().fixture("tyo", &json!({})), "cannot take the fixture: there is no provider `tyo`"),
        (builder().fixtures_dir("/nowhere"), "cannot read the fixture directory /nowhere"),
        (builder().public_url("x"), "cannot take the public URL \"x\""),
        (builder().control_token(" "), "cannot take the control token: the control token is empty"),
        (builder().control_host("http://x.test"), "cannot take the control host: expected a host name or an address"),
        (builder().port(port), "cannot start the server: "),
    ] {
        let error = builder.start_blocking().expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_builder_says_what_the_command_line_says() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("toy.json"), r#"{"count": 3}"#).expect("a file");
    let mock = builder()
        .fixtures_dir(dir.path())
        .auth(AuthMode::Off)
        .documented_only()
        .public_url("https://x.test")
        .control_token("s3cret")
        .sandboxes(1, Duration::from_secs(60))
        .host("127.0.0.1")
        .workers(1)
        .max_body(10)
        .require_sandbox()
        .start_blocking()
        .expect("a server");
    let sandbox = mock.sandbox("t1");
    let (_, answer) = call("GET", sandbox.url(), "/toy/count");
    assert_eq!((&answer["count"], &answer["base"]), (&json!(3), &json!("https://x.test/_sandbox/t1")));
    assert_eq!(call("GET", mock.url(), "/toy/count").0, 400, "a sandbox must be named");
    let settings = sandbox.settings().expect("its own handles need no token");
    assert_eq!((settings.auth, settings.documented_only), (AuthMode::Off, true));
    let without = RemoteMock::connect(mock.url()).expect("health needs no token");
    assert!(refusal(without.sandbox("t1").reset()).contains("401: this server wants its control token"));
    let with = RemoteMock::with_token(mock.url(), Some("s3cret")).expect("a server");
    assert_eq!(with.sandboxes().expect("a list").len(), 2);
    let over = builder().fixture("toy", &json!({"count": 4})).fixtures_dir(dir.path()).start_blocking();
    assert_eq!(count(&over.expect("a server").default_sandbox()), json!(4), "the caller's own comes first");
}

#[test]
fn a_builder_may_name_the_server() {
    let mock = builder().control_host("mock.example.com").start_blocking().expect("a server");
    let address = mock.url()["http://".len()..].parse().expect("an address");
    let status = |host: &str| {
        let asked = Asked::new("GET", "/_mock/seed").header("Host", host);
        Connection::to(address).send(&asked).status
    };
    assert_eq!((status("mock.example.com"), status("x.example.com")), (200, 403));
}

#[test]
fn a_url_that_is_no_servers_is_refused() {
    for (url, said) in [
        ("localhost:8080", "expected the server's base URL, such as http://localhost:8080"),
        ("https://localhost:8080", "the server speaks no TLS: expected its base URL, such as http://localhost:8080"),
        ("http://localhost:8080/_sandbox/t1", "the sandbox is named beside it"),
    ] {
        let error = RemoteMock::connect(url).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_server_that_is_no_persona_mock_is_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let other = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 4_096]).expect("a request");
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").expect("an answer");
    });
    let said = RemoteMock::connect(&url).expect_err("no persona-mock").to_string();
    assert!(said.contains("answered what this version does not understand"), "{said}");
    other.join().expect("an end");
}
