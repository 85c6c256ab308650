//! What the server says once it is ready: where it listens, what is mounted, what to paste.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::http::hall::Hall;
use crate::http::provider::Sample;

/// The one line for standard output, which scripts wait for.
pub(super) fn line(address: SocketAddr) -> String {
    format!("persona-mock listening on http://{address}")
}

/// The other addresses that it listens on, for standard error; nothing where there are none.
pub(super) fn also(more: impl Iterator<Item = SocketAddr>) -> String {
    more.map(|address| format!("and on http://{address}\n")).collect()
}

/// The table for standard error: mounts, and one `curl` a provider that answers 200 as printed.
pub(super) fn table(hall: &Hall, address: SocketAddr) -> String {
    let mut table = String::new();
    let mounts = hall.mounts();
    let width = mounts.iter().map(|entry| entry.mount.len()).max().unwrap_or(0);
    for entry in mounts {
        let _ = writeln!(table, "  {:width$}  {} ({})", entry.mount, entry.title, entry.provider);
    }
    for (passport, sample) in hall.samples() {
        if let Some(sample) = sample {
            let _ = writeln!(table, "\n# {}\n{}", passport.title, curl(&sample, address));
        }
    }
    table
}

fn curl(sample: &Sample, address: SocketAddr) -> String {
    let mut line = "curl -sS".to_owned();
    if sample.method != "GET" {
        let _ = write!(line, " -X {}", sample.method);
    }
    let _ = write!(line, " {}", quoted(&format!("http://{address}{}", sample.target)));
    for (name, value) in &sample.headers {
        let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
    }
    if let Some(body) = &sample.body {
        let _ = write!(line, " -H 'Content-Type: application/json' -d {}", quoted(body));
    }
    line
}

/// Quoted for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_line_that_a_shell_reads_back() {
        let sample = Sample {
            method: "PUT",
            target: "/api/personas/1".to_owned(),
            headers: vec![("Authorization", "Bearer x".to_owned())],
            body: Some(r#"{"Name":"O'Hara"}"#.to_owned()),
        };
        assert_eq!(
            curl(&sample, SocketAddr::from(([127, 0, 0, 1], 8080))),
            r#"curl -sS -X PUT 'http://127.0.0.1:8080/api/personas/1' -H 'Authorization: Bearer x' -H 'Content-Type: application/json' -d '{"Name":"O'\''Hara"}'"#
        );
    }
}
