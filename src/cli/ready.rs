//! What the server says once it is ready: where it listens, what is mounted, what to paste.

use std::fmt::{self, Write};
use std::net::SocketAddr;

use serde::Serialize;

use super::config_file::{self, Summary};
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
    /// The config file that was read, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// What to know of the port, in a container.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
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

/// What a container's own manager, or its image, sets in it: the name of the manager, or `oci`.
const CONTAINER: &str = "container";

/// Where those who read the greeting reach a server in a container: outside of it, where it listens on every address.
fn outside(port: u16, mut listening: impl Iterator<Item = SocketAddr>, contained: bool) -> Option<String> {
    (contained && listening.any(|address| address.ip().is_unspecified())).then(|| format!("localhost:{port}"))
}

impl Greeting {
    /// What is to be said of a server that listens on some addresses, and that this machine reaches at one.
    pub(super) fn of(app: &AppState, addresses: impl Iterator<Item = SocketAddr>, address: SocketAddr) -> Self {
        let scheme = app.serving.scheme();
        let addresses: Vec<_> = addresses.collect();
        let contained = std::env::var_os(CONTAINER).is_some_and(|name| !name.is_empty());
        let outside = outside(address.port(), addresses.iter().copied(), contained);
        let published = outside.as_ref().map(|_| {
            let port = address.port();
            format!("It listens on port {port} of a container, which may publish it as another one.")
        });
        let here = outside.unwrap_or_else(|| address.to_string());
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
            let curl = shows.then(|| curl(&sample, scheme, &here, prefix));
            let credentials = curl.is_none().then(|| credentials(&provider, scheme, &here));
            Some(Pasted { provider, title, curl, credentials })
        });
        Self {
            page: app.serving.ui.then(|| scheme.url(format_args!("{here}{PAGE}"))),
            listening: addresses.into_iter().map(|address| scheme.url(address)).collect(),
            note: note(mounts.iter().map(|mount| &*mount.provider), scheme, address),
            samples: samples.collect(),
            config: config_file::summary(),
            published,
            mounts,
        }
    }
}

/// For people: the addresses beside the first, the mounts, and what to paste.
impl fmt::Display for Greeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listening.iter().skip(1).try_for_each(|address| writeln!(f, "and on {address}"))?;
        self.config.iter().try_for_each(|config| write!(f, "{config}"))?;
        let width = self.mounts.iter().map(|mount| mount.path.len()).max().unwrap_or(0);
        for Mount { path, provider, title } in &self.mounts {
            writeln!(f, "  {path:width$}  {title} ({provider})")?;
        }
        self.page.iter().try_for_each(|page| writeln!(f, "\nSee what is asked and answered at {page}"))?;
        self.note.iter().chain(&self.published).try_for_each(|note| writeln!(f, "\n{note}"))?;
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

fn curl(sample: &Sample, scheme: Scheme, address: &str, prefix: &str) -> String {
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
fn credentials(provider: &str, scheme: Scheme, address: &str) -> String {
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
    fn only_a_container_that_listens_everywhere_is_reached_from_outside() {
        let told = |listening: &str, contained| {
            outside(80, listening.split(' ').map(|address| address.parse().expect("an address")), contained)
        };
        for listening in ["0.0.0.0:80", "[::]:80", "127.0.0.1:80 0.0.0.0:80"] {
            assert_eq!(told(listening, true).as_deref(), Some("localhost:80"));
            assert_eq!(told(listening, false), None);
        }
        assert_eq!(told("127.0.0.1:80 [::1]:80", true), None);
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
            curl(&sample, Scheme::Http, "127.0.0.1:8080", ""),
            r#"curl -sS -X PUT 'http://127.0.0.1:8080/api/personas/1' -H 'Authorization: Bearer x' -H 'Content-Type: application/json' -d '{"Name":"O'\''Hara"}'"#
        );
    }
}
