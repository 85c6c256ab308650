//! `persona-mock env`: what it prints is taken up by the shell or the tool that it was printed for.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::command::{Served, command, stderr, stdout};
use super::support::{Asked, client};

/// An address of this machine where nobody listens.
const NOWHERE: [&str; 2] = ["--port", "1"];

fn env(args: &[&str], variables: &[(&str, &str)]) -> Output {
    command(&["env"]).args(args).envs(variables.iter().copied()).output().expect("the command runs")
}

/// The lines that it prints.
fn lines(args: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    let output = env(args, variables);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output).lines().map(str::to_owned).collect()
}

#[test]
fn a_running_server_tells_what_it_serves_and_a_client_calls_there() {
    let served = Served::start(&mut command(&["--port", "0", "--log", "off", "--only", "vijil,crud"]));
    let url = &*served.url;
    assert_eq!(
        lines(&["--url", url], &[("PERSONA_MOCK_ONLY", "axero")]),
        [
            format!("export PERSONA_MOCK_URL='{url}'"),
            format!("export VIJIL_URL='{url}/v1'"),
            format!("export CRUD_URL='{url}/crud'")
        ]
    );
    let sandboxed = lines(&["vijil", "--url", url, "--sandbox", "t.1", "--format", "dotenv"], &[]);
    let vijil = format!("VIJIL_URL={url}/_sandbox/t.1/v1");
    assert_eq!(sandboxed, [format!("PERSONA_MOCK_URL={url}"), "PERSONA_MOCK_SANDBOX=t.1".to_owned(), vijil.clone()]);
    let base = vijil.split_once(&*format!("={url}")).expect("a base URL").1;
    let asked =
        Asked::new("GET", &format!("{base}/users/me/teams")).header("Authorization", "Bearer vijil-owner-token");
    let address = url["http://".len()..].parse().expect("an address");
    let answer = client::Connection::to(address).send(&asked);
    assert_eq!((answer.status, answer.header("X-Mock-Sandbox")), (200, Some("t.1")));
    let output = env(&["axero", "--url", url], &[]);
    let said = format!("persona-mock: the server at {url} does not serve `axero`; it serves `vijil`, `crud`\n");
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), said));
}

#[test]
fn without_a_server_it_says_so_and_prints_where_one_will_be() {
    let output =
        env(&["--format", "github"], &[("PERSONA_MOCK_PORT", "1"), ("PERSONA_MOCK_ONLY", "equals_money,crud")]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        stderr(&output),
        "persona-mock: warning: no persona-mock answers at http://127.0.0.1:1; these are the base URLs of one that will\n"
    );
    assert_eq!(
        stdout(&output),
        "PERSONA_MOCK_URL=http://127.0.0.1:1\nEQUALS_MONEY_URL=http://127.0.0.1:1/v2\nCRUD_URL=http://127.0.0.1:1/crud\n"
    );
    for (args, code, expected) in [
        (&["acme", "--port", "1"][..], 2, "there is no provider `acme`; the providers are `axero`"),
        (&["--port", "0"], 1, "port 0 picks a free port; name the one that was picked"),
        (&["--port", "1", "--sandbox", "a b"], 2, "--sandbox"),
        (&["--format", "cmd"], 2, "[possible values: sh, fish, powershell, dotenv, vite, next, github, json]"),
        (&["vijil", "--only", "axero,crud", "--port", "1"], 1, "a server of --only axero,crud does not serve `vijil`"),
        (
            &["--url", "http://127.0.0.1:1/_sandbox/t1"],
            2,
            "expected the server's own base URL; --sandbox names the sandbox",
        ),
    ] {
        let output = env(args, &[]);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(code), ""), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn each_form_is_written_as_its_reader_wants_it() {
    let crud =
        |format: &str| lines(&[&["crud", "--format", format][..], &NOWHERE].concat(), &[]).pop().expect("a line");
    for (format, line) in [
        ("sh", "export CRUD_URL='http://127.0.0.1:1/crud'"),
        ("fish", "set -gx CRUD_URL 'http://127.0.0.1:1/crud'"),
        ("powershell", "$Env:CRUD_URL = 'http://127.0.0.1:1/crud'"),
        ("dotenv", "CRUD_URL=http://127.0.0.1:1/crud"),
        ("github", "CRUD_URL=http://127.0.0.1:1/crud"),
        // A page of a development server is on localhost, and 127.0.0.1 is another site to it.
        ("vite", "VITE_CRUD_URL=http://localhost:1/crud"),
        ("next", "NEXT_PUBLIC_CRUD_URL=http://localhost:1/crud"),
    ] {
        assert_eq!(crud(format), line);
    }
    let said = lines(&["crud", "--format", "vite", "--url", "http://127.0.0.1:1"], &[]);
    assert_eq!(said[1], "VITE_CRUD_URL=http://127.0.0.1:1/crud", "what was said is kept");
    let said = lines(&["crud", "--format", "vite"], &[("PERSONA_MOCK_URL", "http://127.0.0.1:1")]);
    assert_eq!(said[1], "VITE_CRUD_URL=http://localhost:1/crud", "a variable may be what `env` printed before");
    let object: Value =
        serde_json::from_str(&lines(&[&["crud", "--format", "json"][..], &NOWHERE].concat(), &[]).join("\n"))
            .expect("JSON");
    assert_eq!(object, json!({"PERSONA_MOCK_URL": "http://127.0.0.1:1", "CRUD_URL": "http://127.0.0.1:1/crud"}));
}

#[test]
fn a_shell_reads_back_what_was_printed_for_it_whatever_the_host() {
    for host in ["127.0.0.1", "::1", "fe80::1%eth0", "bücher.example", "my_host.lan"] {
        let url = format!("http://{}:1/crud", if host.contains(':') { format!("[{host}]") } else { host.to_owned() });
        for (shell, format, script) in [
            ("bash", "sh", r#"eval "$1"; printenv CRUD_URL"#),
            ("sh", "sh", r#"eval "$1"; printenv CRUD_URL"#),
            ("bash", "dotenv", r#"set -a; eval "$1"; printenv CRUD_URL"#),
            ("fish", "fish", "eval $argv[2..]; printenv CRUD_URL"),
            ("pwsh", "powershell", "Invoke-Expression $args[1]; printenv CRUD_URL"),
        ] {
            let printed = lines(&["crud", "--format", format, "--host", host, "--port", "1"], &[]).join("\n");
            match Command::new(shell).args(["-c", script, shell, &printed]).output() {
                Ok(output) => assert_eq!(stdout(&output).trim_end(), url, "{shell}: {}", stderr(&output)),
                // The shell of every machine is there; the text for the others is held above.
                Err(error) => assert!(!["bash", "sh"].contains(&shell), "{shell}: {error}"),
            }
        }
    }
}

/// Answers every request with this body, as some other server on that port would.
fn other_server(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().take(4) {
            let mut stream: TcpStream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    format!("http://{address}")
}

#[test]
fn nothing_that_a_shell_would_run_is_printed() {
    for url in [
        "http://h'; touch pwned; '",
        "http://h/$(touch pwned)",
        "http://h/`touch pwned`",
        "http://h\nA=B",
        "http://h#x",
    ] {
        let output = env(&[], &[("PERSONA_MOCK_URL", url)]);
        assert_eq!((output.status.code(), &*stdout(&output)), (Some(2), ""), "{url}");
        assert!(
            stderr(&output).contains("expected a base URL of letters, digits and -._~:/[]%@+,="),
            "{}",
            stderr(&output)
        );
    }
    for (provider, mount, expected) in [
        ("x;touch pwned", "/v1", "names a provider of which no variable can be made"),
        ("x", "/$(touch pwned)", "found '$', expected a base URL"),
        (
            "x",
            "@mock.example.com/v1",
            "names \"@mock.example.com/v1\" as the mount of \"x\"; expected a path, such as /v1",
        ),
        ("x", "", "expected a path, such as /v1"),
        ("x", "/v1\nPATH=/nowhere", "found '\\n', expected a base URL"),
    ] {
        let url = other_server(
            json!({"name": "persona-mock", "mounts": [{"provider": provider, "mount": mount}]}).to_string(),
        );
        let output = env(&["--url", &url], &[]);
        assert!(output.status.code() != Some(0) && stdout(&output).is_empty(), "{}", stdout(&output));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
    let output = env(&["--url", &other_server("<p>Welcome".to_owned())], &[]);
    assert_eq!((output.status.code(), &*stdout(&output)), (Some(1), ""));
    assert!(stderr(&output).contains("is not a persona-mock: its answer lists no mounts"), "{}", stderr(&output));
}
