//! Where a server listens, and where `health` asks for it.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use persona_mock::internals::AppState;
use persona_mock::internals::Server;
use persona_mock::providers::registry;
use persona_mock::{Mock, PersonaMock};

use super::command::{Served, command, get, stderr, stdout};
use super::support::server;

/// Whether this machine has the loopback of IPv6.
fn has_v6() -> bool {
    TcpListener::bind("[::1]:0").is_ok()
}

fn addresses(host: &str) -> (Server, Vec<String>) {
    let app = AppState::build(registry(), &server::setup()).expect("an app state");
    let server = Server::bind(host, 0, Arc::new(app)).unwrap_or_else(|error| panic!("{host}: {error}"));
    let found = server.addresses().map(|address| address.ip().to_string()).collect();
    (server, found)
}

#[test]
fn an_address_in_brackets_is_the_address() {
    if has_v6() {
        for host in ["::1", "[::1]"] {
            let (server, found) = addresses(host);
            assert_eq!((found, server.reachable()), (vec!["::1".to_owned()], server.address()));
        }
    }
    let (server, found) = addresses("::ffff:127.0.0.1");
    assert_eq!((found, server.reachable()), (vec!["127.0.0.1".to_owned()], server.address()));
}

#[test]
fn every_address_is_of_both_families_where_both_are_there() {
    for host in ["::", "[::]"] {
        let served = Served::start(&mut command(&["--host", host, "--port", "0", "--log", "off"]));
        let port = served.url.rsplit(':').next().expect("a port").to_owned();
        assert_eq!(get(&format!("http://127.0.0.1:{port}/_mock/health")).0, 200);
        if has_v6() {
            assert_eq!(served.url, format!("http://[::]:{port}"));
            assert_eq!(get(&format!("http://[::1]:{port}/_mock/health")).0, 200);
        }
        // As the image's health check asks: with the variables of the server, and a proxy that must not be asked.
        let mut health = command(&["health"]);
        health.env("PERSONA_MOCK_HOST", host).env("PERSONA_MOCK_PORT", &port).env("http_proxy", "http://127.0.0.1:1");
        let output = health.output().expect("the command runs");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let (code, said) = served.terminate();
        assert_eq!(code, Some(0), "{said}");
        if has_v6() {
            assert!(said.starts_with(&format!("and on http://0.0.0.0:{port}\n")), "{said}");
        }
        assert!(said.contains(&format!("curl -sS 'http://127.0.0.1:{port}/")), "{said}");
    }
}

#[test]
fn a_name_is_listened_on_at_all_its_addresses() {
    let (server, found) = addresses("localhost");
    let port = server.address().port();
    let resolved = std::net::ToSocketAddrs::to_socket_addrs(&("localhost", port)).expect("localhost has addresses");
    let mut expected: Vec<String> = Vec::new();
    for address in resolved.map(|address| address.ip()) {
        // Some machines name ::1 and do not have it.
        if (address.is_ipv4() || has_v6()) && !expected.contains(&address.to_string()) {
            expected.push(address.to_string());
        }
    }
    assert_eq!(found, expected);
    assert!(server.addresses().all(|address| address.port() == port));
}

#[test]
fn a_handle_reaches_a_server_on_every_address() {
    for host in ["0.0.0.0", "::"] {
        let mock = PersonaMock::builder().host(host).start_blocking().unwrap_or_else(|error| panic!("{host}: {error}"));
        assert_eq!(get(&format!("{}/_mock/health", mock.url())).0, 200);
        let address: SocketAddr = mock.url()["http://".len()..].parse().expect("an address");
        assert!(address.ip().is_loopback(), "{host}: {address}");
    }
}

#[test]
fn a_host_that_is_none_or_not_of_this_machine_says_what_would_be_right() {
    let run = |args: &[&str]| command(args).output().expect("the command runs");
    for host in ["localhost:3000", "http://localhost", "[localhost]", ""] {
        let output = run(&["--host", host]);
        assert_eq!(output.status.code(), Some(2), "{host}");
        let said = "without scheme and port, such as 127.0.0.1, ::1 or localhost";
        assert!(stderr(&output).contains(said), "{host}: {}", stderr(&output));
    }
    let output = command(&["--port", "0"]).env("PERSONA_MOCK_HOST", "192.0.2.1").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(1));
    let said = "cannot listen on 192.0.2.1:0; PERSONA_MOCK_HOST takes an address or a name of this machine";
    assert!(stderr(&output).contains(said), "{}", stderr(&output));
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let output = run(&["--host", "::", "--port", &port]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stderr(&output).contains(&format!("cannot listen on [::]:{port}; --port 0 picks a free port")));
}

#[test]
fn health_asks_where_flags_before_variables_and_the_port_file_say() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let path = file.to_str().expect("UTF-8");
    let ask = |args: &[&str], variables: &[(&str, &str)]| {
        let mut health = command(&["health"]);
        let output = health.args(args).envs(variables.iter().copied()).output().expect("the command runs");
        (output.status.code(), stderr(&output))
    };
    let (code, said) = ask(&["--port-file", path], &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("no server is ready: cannot read its port file {path}")), "{said}");
    let served = Served::start(&mut command(&["--port", "0", "--port-file", path, "--log", "off"]));
    let port = served.url.rsplit(':').next().expect("a port").to_owned();
    for (args, variables) in [
        (vec!["--port-file", path], vec![]),
        (vec![], vec![("PERSONA_MOCK_PORT_FILE", path), ("PERSONA_MOCK_PORT", "0")]),
        (vec![], vec![("PERSONA_MOCK_PORT_FILE", path), ("PERSONA_MOCK_PORT", "1")]),
        (vec![], vec![("PERSONA_MOCK_PORT_FILE", path), ("PERSONA_MOCK_PORT", "tcp://10.0.0.1:80")]),
        (
            vec!["--port", &port],
            vec![("PERSONA_MOCK_PORT_FILE", "/nowhere"), ("PERSONA_MOCK_URL", "http://127.0.0.1:1")],
        ),
        (vec!["--host", "localhost", "--port", &port], vec![("PERSONA_MOCK_HOST", "192.0.2.1")]),
        (vec!["--url", &served.url, "--port", "1"], vec![]),
        (vec![], vec![("PERSONA_MOCK_URL", &served.url), ("PERSONA_MOCK_PORT", "1")]),
    ] {
        assert_eq!(ask(&args, &variables), (Some(0), String::new()), "{args:?} {variables:?}");
    }
    // A device told its port to whoever read it, so the port itself counts.
    let device = [("PERSONA_MOCK_PORT_FILE", "/dev/zero"), ("PERSONA_MOCK_PORT", &port)];
    assert_eq!(ask(&[], if cfg!(unix) { &device } else { &device[1..] }), (Some(0), String::new()));
    let (code, said) = ask(&["--port", "0"], &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("port 0 picks a free port; name the one that was picked, such as --port 8080"), "{said}");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port().to_string();
    let (code, said) = ask(&["--port", &port, "--wait", "200ms"], &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("no server was ready within 200ms: no healthy server answers at "), "{said}");
    assert!(said.contains(": no answer within ") && !said.contains("timeout"), "{said}");
    std::fs::write(&file, "soon\n").expect("a file");
    let (code, said) = ask(&["--port-file", path], &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("expected a port in the port file {path}, found \"soon\\n\"")), "{said}");
}
