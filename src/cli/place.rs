//! Where a server listens, for those who ask it: `health`, `env` and `doctor`. Flags and variables are those of `serve`.

use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::sources::{is_flag, is_known, source};
use super::values;
use crate::provider::Scheme;
use crate::provider::scheme::{HOST, PORT};
use crate::server::addresses::before_port;
use crate::world::duration;

/// Where a server listens.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// Where the server listens [default: where --host, --port and --port-file say]
    #[arg(long, env = "PERSONA_MOCK_URL", value_parser = values::url)]
    pub url: Option<String>,
    /// The host that it was told to listen on
    #[arg(long, default_value = HOST, env = "PERSONA_MOCK_HOST", value_parser = values::host)]
    pub host: String,
    /// The port that it was told to listen on
    #[arg(short, long, default_value_t = PORT, env = "PERSONA_MOCK_PORT", value_parser = values::number(0..=65_535, PORT))]
    pub port: u16,
    /// The file that it writes its port to; it tells more than the port of a variable, and less than --port
    #[arg(long, value_name = "FILE", env = "PERSONA_MOCK_PORT_FILE")]
    pub port_file: Option<PathBuf>,
}

/// A port file holds no more than a number.
const LONGEST_PORT: u64 = 64;
/// The most that is read of an answer.
const LONGEST_ANSWER: u64 = 1 << 20;

impl PlaceArgs {
    /// The base URL, where it was said as a whole. What a flag says counts more than what a variable says.
    pub(super) fn url(&self) -> Option<&str> {
        let flags = ["host", "port", "port_file"].into_iter().any(is_flag);
        let url = self.url.as_ref().filter(|_| is_flag("url") || !flags)?;
        Some(url.trim_end_matches('/'))
    }

    /// The base URLs to ask, in order.
    ///
    /// # Errors
    ///
    /// The port file is not there yet, or nobody has said which port it is.
    pub(super) fn bases(&self) -> anyhow::Result<Vec<String>> {
        if let Some(url) = self.url() {
            return Ok(vec![url.to_owned()]);
        }
        let port = match self.told_by() {
            Some(file) => named(told(file))?.unwrap_or(self.port),
            None => self.port,
        };
        if port == 0 {
            let how = match is_known("port") {
                true => "name the one that was picked, such as --port 8080, or the server's --port-file FILE",
                false => {
                    "say where the server listens, such as --url http://127.0.0.1:8080, or name its port file by \
                     PERSONA_MOCK_PORT_FILE"
                }
            };
            bail!("port 0 picks a free port; {how}");
        }
        Ok(at(&self.host, port))
    }

    /// Whether nobody has said which port it is, and no wait tells.
    pub(super) fn is_unnamed(&self) -> bool {
        self.port == 0 && self.url().is_none() && self.told_by().is_none()
    }

    /// The port file, where it counts.
    fn told_by(&self) -> Option<&Path> {
        self.port_file.as_deref().filter(|_| is_flag("port_file") || !is_flag("port"))
    }
}

/// The base URLs that reach a server which listens on a host, in order.
pub(super) fn at(host: &str, port: u16) -> Vec<String> {
    hosts(host).into_iter().map(|host| Scheme::default().url(format_args!("{host}:{port}"))).collect()
}

/// What a URL of the server answers, within a time.
pub(super) fn get(url: &str, time: Duration) -> anyhow::Result<String> {
    // A proxy that the environment names is for the world outside, where no mock is.
    let agent = ureq::Agent::config_builder().timeout_global(Some(time)).proxy(None);
    let agent: ureq::Agent = agent.build().into();
    let late = |error: ureq::Error| match error {
        ureq::Error::Timeout(_) => anyhow!("no answer within {}", duration::show(time)),
        error => error.into(),
    };
    let answer = agent.get(url).call().map_err(late);
    let mut response = answer.with_context(|| format!("no healthy server answers at {url}"))?;
    let text = response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string().map_err(late);
    text.with_context(|| format!("cannot read the answer of {url}"))
}

/// An error of a port file with what named it. What steers a server has no flag for that, and says it itself.
fn named<T>(port: anyhow::Result<T>) -> anyhow::Result<T> {
    if is_known("port_file") { port.with_context(|| source("port_file")) } else { port }
}

/// The port that a port file tells of; nothing where it is a pipe or a device: that told its port to whoever read it,
/// and reading it again may never end.
fn told(file: &Path) -> anyhow::Result<Option<u16>> {
    let shown = file.display();
    let unread = || format!("no server is ready: cannot read its port file {shown}");
    let found = std::fs::metadata(file).with_context(unread)?;
    if !found.is_file() && !found.is_dir() {
        return Ok(None);
    }
    let mut text = String::new();
    File::open(file).and_then(|file| file.take(LONGEST_PORT).read_to_string(&mut text)).with_context(unread)?;
    let port = text.trim().parse::<u16>().ok().filter(|port| *port > 0);
    port.map(Some).with_context(|| format!("expected a port in the port file {shown}, found {text:?}"))
}

/// What reaches a server that listens on this host: of every address, this machine's own.
fn hosts(host: &str) -> Vec<String> {
    let (v4, v6) = (Ipv4Addr::LOCALHOST.to_string(), before_port(&Ipv6Addr::LOCALHOST.to_string()));
    match host.parse() {
        Ok(IpAddr::V4(ip)) if ip.is_unspecified() => vec![v4],
        Ok(IpAddr::V6(ip)) if ip.is_unspecified() => vec![v4, v6],
        _ => vec![before_port(host)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_asked_where_its_host_is_reached() {
        for (host, asked) in [
            ("127.0.0.1", &["127.0.0.1"][..]),
            ("0.0.0.0", &["127.0.0.1"]),
            ("::", &["127.0.0.1", "[::1]"]),
            ("::1", &["[::1]"]),
            ("fd00::2", &["[fd00::2]"]),
            ("localhost", &["localhost"]),
        ] {
            assert_eq!(hosts(host), asked, "{host}");
        }
    }
}
