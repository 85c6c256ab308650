//! What the server says once it is ready: where it listens, what is mounted, what to paste.

use std::fmt::{self, Write};
use std::net::SocketAddr;

use serde::Serialize;

use crate::app::AppState;
use crate::control::PAGE;
use crate::provider::{Descriptor, Name, Sample, Scheme};

/// The one line for standard output, which scripts wait for.
pub(super) fn line(scheme: Scheme, address: SocketAddr) -> String {
    format!("persona-mock listening on {}", scheme.url(address))
}

/// What standard error is told once the server is ready.
#[derive(Debug, Serialize)]
pub(super) struct Greeting {
    /// Every address that it listens on.
    listening: Vec<String>,
    /// The page, where it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    mounts: Vec<Mount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// One request a provider that answers 200 as printed.
    samples: Vec<Pasted>,
}

#[derive(Debug, Serialize)]
struct Mount {
    path: Name,
    provider: Name,
    title: Name,
}

#[derive(Debug, Serialize)]
struct Pasted {
    provider: Name,
    #[serde(skip)]
    title: Name,
    /// A request that is answered 200; nothing where its credential is not to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<String>,
    /// What lists the credentials, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<String>,
}

/// The sandbox of what is to be pasted, where one has to be named.
const TRY: &str = "/_sandbox/try";

impl Greeting {
    /// What is to be said of a server that listens on some addresses, and that this machine reaches at one.
    pub(super) fn of(app: &AppState, addresses: impl Iterator<Item = SocketAddr>, address: SocketAddr) -> Self {
        let scheme = app.serving.scheme();
        let mounts = app.default_sandbox().mounts().map(|(mount, descriptor)| {
            let Descriptor { id, title, .. } = descriptor;
            Mount { path: mount.path.clone(), provider: id.clone(), title: title.clone() }
        });
        let mounts: Vec<_> = mounts.collect();
        let prefix = if app.serving.require_sandbox { TRY } else { "" };
        let samples = app.samples().filter_map(|(descriptor, sample)| {
            let (provider, title) = (descriptor.id.clone(), descriptor.title.clone());
            let shows = app.shows_credentials(&provider);
            let sample = sample?;
            let curl = shows.then(|| curl(&sample, scheme, address, prefix));
            let credentials = curl.is_none().then(|| credentials(&provider, scheme, address));
            Some(Pasted { provider, title, curl, credentials })
        });
        Self {
            page: app.serving.ui.then(|| scheme.url(format_args!("{address}{PAGE}"))),
            listening: addresses.map(|address| scheme.url(address)).collect(),
            note: note(mounts.iter().map(|mount| &*mount.provider), scheme, address),
            samples: samples.collect(),
            mounts,
        }
    }
}

/// For people: the addresses beside the first, the mounts, and what to paste.
impl fmt::Display for Greeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listening.iter().skip(1).try_for_each(|address| writeln!(f, "and on {address}"))?;
        let width = self.mounts.iter().map(|mount| mount.path.len()).max().unwrap_or(0);
        for Mount { path, provider, title } in &self.mounts {
            writeln!(f, "  {path:width$}  {title} ({provider})")?;
        }
        self.page.iter().try_for_each(|page| writeln!(f, "\nSee what is asked and answered at {page}"))?;
        self.note.iter().try_for_each(|note| writeln!(f, "\n{note}"))?;
        self.samples.iter().try_for_each(|Pasted { title, curl, credentials, .. }| {
            let lines = curl.iter().chain(credentials);
            write!(f, "\n# {title}\n").and_then(|()| lines.into_iter().try_for_each(|line| writeln!(f, "{line}")))
        })
    }
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

fn curl(sample: &Sample, scheme: Scheme, address: SocketAddr, prefix: &str) -> String {
    let mut line = "curl -sS".to_owned();
    if sample.method != "GET" {
        let _ = write!(line, " -X {}", sample.method);
    }
    let url = scheme.url(format_args!("{address}{prefix}{}", sample.target));
    let _ = write!(line, " {}", quoted(&url));
    for (name, value) in &sample.headers {
        let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
    }
    if let Some(body) = &sample.body {
        let _ = write!(line, " -H 'Content-Type: application/json' -d {}", quoted(body));
    }
    line
}

/// What lists the credentials of a provider. The token of the control API, where there is one, comes from its variable
/// or its flag.
fn credentials(provider: &str, scheme: Scheme, address: SocketAddr) -> String {
    format!("persona-mock credentials --provider {provider} --url {}", scheme.url(address))
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
            curl(&sample, Scheme::Http, SocketAddr::from(([127, 0, 0, 1], 8080)), ""),
            r#"curl -sS -X PUT 'http://127.0.0.1:8080/api/personas/1' -H 'Authorization: Bearer x' -H 'Content-Type: application/json' -d '{"Name":"O'\''Hara"}'"#
        );
    }
}
