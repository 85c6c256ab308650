//! The command as a process among others: what stands behind its outputs, its signals, its port file.
#![cfg(unix)]

mod endings;
mod flood;
mod greeting;
mod held;
mod large;
mod lines;
mod log;
mod outputs;
mod places;
mod port_file;
mod record;
mod secrets;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::Duration;

use persona_mock::internals::Stopwatch;

use super::command::command;
use super::support::client::{Answer, Asked, Connection};

/// How long something may take that is there in a moment on a machine that does nothing else.
const SOON: Duration = Duration::from_secs(60);

/// Waits until something is there.
fn soon<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let stopwatch = Stopwatch::start();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(stopwatch.elapsed() < SOON, "not within {SOON:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A process that a test started, killed on drop.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("the command runs"))
    }

    /// A server with a pipe as standard output, and where it listens.
    fn serve(command: &mut Command) -> (Self, SocketAddr) {
        let mut process = Self::start(command);
        let mut line = String::new();
        BufReader::new(process.0.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
        (process, address(&line))
    }

    fn signal(&self, name: &str) {
        let killed = Command::new("kill").args(["-s", name, &self.0.id().to_string()]).status().expect("kill runs");
        assert!(killed.success());
    }

    fn stderr(&mut self) -> ChildStderr {
        self.0.stderr.take().expect("a pipe")
    }

    fn has_ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("a status")
    }

    fn end(mut self) -> ExitStatus {
        soon("the end of the process", || self.has_ended())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn address(line: &str) -> SocketAddr {
    let url = line.strip_prefix("persona-mock listening on http://").unwrap_or_else(|| panic!("{line:?}"));
    url.trim().parse().expect("an address")
}

/// Where the server of a port file listens, once it says so.
fn told(file: &Path) -> SocketAddr {
    let port = soon("a port file", || std::fs::read_to_string(file).ok());
    assert!(port.ends_with('\n'), "a port file is never there in part: {port:?}");
    SocketAddr::from(([127, 0, 0, 1], port.trim().parse().expect("a port")))
}

fn get(connection: &mut Connection, target: &str) -> Answer {
    connection.send(&Asked::new("GET", target).header("Host", "localhost"))
}

/// How many lines of its log a server says were dropped.
fn dropped(connection: &mut Connection) -> u64 {
    let metrics = get(connection, "/_mock/metrics").text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("persona_mock_log_dropped_total "));
    line.unwrap_or_else(|| panic!("{metrics}")).parse().expect("a number")
}

/// A device that takes nothing.
fn full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("a full device").into()
}

/// A pipe whose reader is gone.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

/// The command in a shell, which prepares what it is to find: `"$@"` stands for it.
fn in_shell(script: &str, args: &[&str]) -> Command {
    let plain = command(args);
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(plain.get_program()).args(plain.get_args());
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}
