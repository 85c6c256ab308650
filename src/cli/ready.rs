//! What the server says once it is ready: where it listens, what is mounted, what to paste.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::app::AppState;
use crate::provider::{Sample, Scheme};

/// The one line for standard output, which scripts wait for.
pub(super) fn line(scheme: Scheme, address: SocketAddr) -> String {
    format!("persona-mock listening on {}", scheme.url(address))
}

/// The other addresses that it listens on, for standard error; nothing where there are none.
pub(super) fn also(scheme: Scheme, more: impl Iterator<Item = SocketAddr>) -> String {
    more.map(|address| format!("and on {}\n", scheme.url(address))).collect()
}

/// The table for standard error: mounts, and one `curl` a provider that answers 200 as printed.
pub(super) fn table(app: &AppState, address: SocketAddr) -> String {
    let mut table = String::new();
    let mounts: Vec<_> = app.default_sandbox().mounts().collect();
    let scheme = app.serving.scheme();
    let width = mounts.iter().map(|(mount, _)| mount.path.len()).max().unwrap_or(0);
    for (mount, descriptor) in &mounts {
        let _ = writeln!(table, "  {:width$}  {} ({})", mount.path, descriptor.title, descriptor.id);
    }
    if let Some(note) = note(mounts.iter().map(|(_, descriptor)| &*descriptor.id), scheme, address) {
        let _ = writeln!(table, "\n{note}");
    }
    for (descriptor, sample) in app.samples() {
        if let Some(sample) = sample {
            let _ = writeln!(table, "\n# {}\n{}", descriptor.title, curl(&sample, scheme, address));
        }
    }
    table
}

/// What a page that signs in has to know: Vijil's cookie is `SameSite`, and to a page on localhost 127.0.0.1 is
/// another site.
fn note<'d>(mut providers: impl Iterator<Item = &'d str>, scheme: Scheme, address: SocketAddr) -> Option<String> {
    let here = address.ip().is_loopback() || address.ip().is_unspecified();
    (here && providers.any(|id| id == "vijil")).then(|| {
        let [name, ip] = ["localhost", "127.0.0.1"].map(|host| scheme.url(format_args!("{host}:{}", address.port())));
        format!("A page on localhost signs in at {name}; at {ip} its cookie is not sent.")
    })
}

fn curl(sample: &Sample, scheme: Scheme, address: SocketAddr) -> String {
    let mut line = "curl -sS".to_owned();
    if sample.method != "GET" {
        let _ = write!(line, " -X {}", sample.method);
    }
    let _ = write!(line, " {}", quoted(&scheme.url(format_args!("{address}{}", sample.target))));
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
    fn who_signs_in_by_a_cookie_is_told_to_say_localhost() {
        let told = |providers: &[&'static str], address: &str| {
            note(providers.iter().copied(), Scheme::Http, address.parse().expect("an address"))
        };
        for address in ["127.0.0.1:80", "0.0.0.0:80", "[::1]:80", "[::]:80"] {
            assert!(told(&["axero", "vijil"], address).is_some_and(|told| told.contains("at http://localhost:80;")));
        }
        assert_eq!(told(&["vijil"], "192.168.1.7:80"), None);
        assert_eq!(told(&["axero", "crud"], "127.0.0.1:80"), None);
    }

    #[test]
    fn a_sample_is_a_line_that_a_shell_reads_back() {
        let sample = Sample {
            method: "PUT".into(),
            target: "/api/personas/1".to_owned(),
            headers: vec![("Authorization".into(), "Bearer x".to_owned())],
            body: Some(r#"{"Name":"O'Hara"}"#.to_owned()),
        };
        assert_eq!(
            curl(&sample, Scheme::Http, SocketAddr::from(([127, 0, 0, 1], 8080))),
            r#"curl -sS -X PUT 'http://127.0.0.1:8080/api/personas/1' -H 'Authorization: Bearer x' -H 'Content-Type: application/json' -d '{"Name":"O'\''Hara"}'"#
        );
    }
}
