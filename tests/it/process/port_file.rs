//! `--port-file`: there while the server is ready, and only then.

use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::PathBuf;

use super::*;
use crate::command::stderr;

fn serve(file: &Path) -> (Process, SocketAddr) {
    Process::serve(&mut command(&["--port", "0", "--log", "off", "--port-file", file.to_str().expect("UTF-8")]))
}

fn port(file: &Path) -> u16 {
    std::fs::read_to_string(file).expect("a port file").trim().parse().expect("a port")
}

/// What a folder holds.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn it_holds_the_port_while_the_server_is_ready_and_goes_with_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    std::fs::write(&file, "1\n").expect("a stale file");
    let (process, address) = serve(&file);
    assert_eq!(port(&file), address.port());
    assert_eq!(names(dir.path()), ["port"], "nothing else is left beside it");
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    assert_eq!(names(dir.path()), [""; 0]);
}

#[test]
fn a_stale_one_is_gone_before_anything_else_is_done() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").port().to_string();
    let faulty = dir.path().join("fixtures");
    std::fs::create_dir(&faulty).expect("a folder");
    std::fs::write(faulty.join("vijil.json"), "{").expect("a file");
    for (args, code) in [
        (vec!["--fixtures", "/nowhere"], 1),
        (vec!["--fixtures", faulty.to_str().expect("UTF-8")], 1),
        (vec!["--only", "axro"], 2),
        (vec!["--port", &taken], 1),
        (vec!["--port", "x"], 2),
        (vec!["--no-such-flag"], 2),
        (vec!["--watch"], 2),
        (vec!["--cors", "on", "--cors", "off"], 2),
        (vec!["--control-token", ""], 1),
        (vec!["serve", "--clock", "noon"], 2),
    ] {
        for by_variable in [false, true] {
            std::fs::write(&file, "1\n").expect("a stale file");
            let mut command = command(&args);
            if by_variable {
                command.env("PERSONA_MOCK_PORT_FILE", &file);
            } else {
                command.arg("--port-file").arg(&file);
            }
            let output = command.output().expect("the command runs");
            assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
            assert!(!file.exists(), "{args:?}, by variable: {by_variable}");
        }
    }
}

#[test]
fn a_fixture_that_takes_long_to_read_keeps_no_stale_one_alive() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    std::fs::write(&file, "1\n").expect("a stale file");
    // A file of 40 MB is read, and refused, after the port file has gone.
    let fixtures = dir.path().join("fixtures");
    std::fs::create_dir(&fixtures).expect("a folder");
    let long = std::fs::File::create(fixtures.join("crud.json")).expect("a file");
    long.set_len(40_000_000).expect("a long file");
    let args =
        ["--port", "0", "--fixtures", fixtures.to_str().expect("UTF-8"), "--port-file", file.to_str().expect("UTF-8")];
    let mut process = Process::start(&mut command(&args));
    soon("the stale file to go", || (!file.exists()).then_some(()));
    soon("the end of a start that fails", || process.has_ended());
    assert!(!file.exists());
}

#[test]
fn what_is_no_server_keeps_the_file_of_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let path = file.to_str().expect("UTF-8");
    std::fs::write(&file, "1\n").expect("a file");
    for args in [
        &["routes"][..],
        &["rotues"],
        &["reset", "--no-such-flag"],
        &["check", "a", "b"],
        &["health", "--port-file", path],
        &["health", "--port-file", path, "--no-such-flag"],
        &["--help"],
        &["serve", "--port-file", path, "--help"],
        &["--version"],
    ] {
        command(args).env("PERSONA_MOCK_PORT_FILE", &file).output().expect("the command runs");
        assert_eq!(port(&file), 1, "{args:?}");
    }
}

#[test]
fn one_that_another_server_wrote_meanwhile_stays() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let (first, _) = serve(&file);
    let (second, address) = serve(&file);
    first.signal("TERM");
    assert_eq!(first.end().code(), Some(0));
    assert_eq!(port(&file), address.port());
    second.signal("TERM");
    assert_eq!(second.end().code(), Some(0));
    assert!(!file.exists());
}

#[test]
fn it_goes_when_the_drain_begins() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let (mut process, address) = serve(&file);
    // A request whose body does not come keeps the drain going.
    let mut busy = std::net::TcpStream::connect(address).expect("a connection");
    let head = b"POST /_mock/reset HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    std::io::Write::write_all(&mut busy, head).expect("half a request");
    busy.read_exact(&mut [0; 12]).expect("a server that waits for the body");
    process.signal("TERM");
    soon("the port file to go", || (!file.exists()).then_some(()));
    assert_eq!(process.has_ended(), None);
}

#[test]
fn a_link_is_followed_and_stays() {
    let dir = tempfile::tempdir().expect("a directory");
    let (link, folder) = (dir.path().join("link"), dir.path().join("folder"));
    std::fs::create_dir(&folder).expect("a folder");
    symlink("folder/second", &link).expect("a link");
    symlink(folder.join("port"), folder.join("second")).expect("a link");
    for stale in [true, false] {
        if stale {
            std::fs::write(folder.join("port"), "1\n").expect("a stale file");
        }
        let (process, address) = serve(&link);
        assert!(link.is_symlink() && folder.join("second").is_symlink());
        assert_eq!(port(&folder.join("port")), address.port());
        process.signal("TERM");
        assert_eq!(process.end().code(), Some(0));
        assert!(link.is_symlink() && folder.join("second").is_symlink());
        assert_eq!(names(&folder), ["second"]);
    }
}

#[test]
fn a_named_pipe_is_written_to_once_somebody_reads_it_and_stays() {
    let dir = tempfile::tempdir().expect("a directory");
    let pipe = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let is_pipe = |path: &PathBuf| std::fs::symlink_metadata(path).expect("an entry").file_type().is_fifo();
    let (process, address) = serve(&pipe);
    assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200, "nobody reads the pipe yet");
    assert_eq!(port(&pipe), address.port());
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    assert!(is_pipe(&pipe));

    let (process, _) = serve(&pipe);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0), "nobody ever read the pipe");
    assert!(is_pipe(&pipe));
}

#[test]
fn an_output_of_the_server_itself_may_be_meant() {
    let dir = tempfile::tempdir().expect("a directory");
    let lines = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for (name, script) in [
        ("/dev/stdout", r#"exec "$@" > "$OUT" 2>/dev/null"#),
        ("/dev/stderr", r#"exec "$@" 2> "$OUT" >/dev/null"#),
        ("/dev/fd/3", r#"exec "$@" 3> "$OUT" >/dev/null 2>&1"#),
    ] {
        let file = dir.path().join("out");
        let _ = std::fs::remove_file(&file);
        let mut shell = in_shell(script, &["--port", "0", "--port-file", name]);
        let process = Process::start(shell.env("OUT", &file).stdout(Stdio::null()).stderr(Stdio::null()));
        let port = soon(name, || lines(&file).first().cloned()).parse::<u16>().expect("a port");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200, "{name}");
        if name == "/dev/stdout" {
            let greeting = soon(name, || lines(&file).get(1).cloned());
            assert_eq!(greeting, format!("persona-mock listening on http://{address}"));
        }
        process.signal("TERM");
        assert_eq!(process.end().code(), Some(0), "{name}");
        assert!(file.is_file(), "{name}: it was somebody's output before it was a port file");
    }
    let mut process = Process::start(&mut command(&["--port", "0", "--port-file", "/dev/stdout"]));
    let mut lines = BufReader::new(process.0.stdout.take().expect("a pipe")).lines();
    let port = lines.next().expect("a line").expect("UTF-8");
    let greeting = lines.next().expect("a line").expect("UTF-8");
    assert_eq!(greeting, format!("persona-mock listening on http://127.0.0.1:{port}"));
}

/// As where a container mounts this one file, or where its folder is another user's.
#[test]
fn one_that_cannot_be_replaced_is_written_to_and_emptied() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    std::fs::write(&file, "1\n").expect("a stale file");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("a mode");
    mode(&file, 0o666);
    mode(dir.path(), 0o555);
    let script = r#"[ "$(id -u)" = 0 ] && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; exec "$@""#;
    let text = || std::fs::read_to_string(&file).expect("a file");
    let start = |args: &[&str]| {
        let mut shell = in_shell(script, args);
        Process::start(shell.env("PERSONA_MOCK_PORT_FILE", &file).stdout(Stdio::null()).stderr(Stdio::null()))
    };
    assert_eq!(start(&["--seed", "x"]).end().code(), Some(2));
    assert_eq!(text(), "", "what an earlier server wrote");
    let process = start(&["--port", "0"]);
    let port = soon("the port", || text().strip_suffix('\n').map(|port| port.parse::<u16>().expect("a port")));
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    assert_eq!(text(), "");
    assert_eq!(names(dir.path()), ["port"]);
    mode(dir.path(), 0o755);
}

#[test]
fn what_can_be_no_port_file_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    symlink("loop", dir.path().join("loop")).expect("a link");
    let path = |name: &str| dir.path().join(name).to_str().expect("UTF-8").to_owned();
    for (file, message) in [
        (path("."), "as the port file; expected the path of a file, such as ./persona-mock.port: is a directory"),
        (path("loop"), "as the port file; expected the path of a file, such as ./persona-mock.port: Too many levels"),
        (path("nowhere/port"), "cannot write the port file"),
    ] {
        let output = command(&["--port", "0", "--port-file", &file]).output().expect("the command runs");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("persona-mock: ") && said.contains(message) && said.contains(&file), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_file_that_holds_no_port_is_left_as_it_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("notes");
    let path = file.to_str().expect("UTF-8");
    for text in ["my notes\n", "12345678901\n"] {
        std::fs::write(&file, text).expect("a file");
        // Where the command line is wrong in something else, too.
        for (more, code) in [(&[][..], 1), (&["--no-such-flag"], 2)] {
            let output = command(&["--port", "0", "--port-file", path]).args(more).output().expect("the command runs");
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(code), "{said}");
            assert!(code == 2 || said.contains("found a file that holds no port, which is left as it is"), "{said}");
            assert_eq!(std::fs::read_to_string(&file).expect("a file"), text);
        }
    }
}
