//! `persona-mock health`: what a container's HEALTHCHECK runs, where no curl is at hand.

use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::config_file::ConfigFlag;
use super::print;
use super::sources::is_flag;
use super::values;
use crate::provider::Scheme;
use crate::provider::scheme::{HOST, PORT};
use crate::server::addresses::before_port;

/// `health`. Flags and variables are those of `serve`, so that it asks where they make a server listen.
#[derive(Debug, Args)]
pub struct HealthArgs {
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
    /// What is said in a file.
    #[command(flatten)]
    pub config: ConfigFlag,
}

/// A port file holds no more than a number.
const LONGEST_PORT: u64 = 64;

pub(super) fn run(args: &HealthArgs) -> anyhow::Result<()> {
    let mut failure = None;
    // A server may listen on one family of two: whoever answers first is asked.
    for base in bases(args)? {
        match ask(&base) {
            Ok(answer) => return tell(&base, &answer),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Err(failure.unwrap_or_else(|| anyhow!("there is no address to ask")))
}

/// The base URLs to ask, in order. What a flag says counts more than what a variable says.
pub(super) fn bases(args: &HealthArgs) -> anyhow::Result<Vec<String>> {
    let flags = ["host", "port", "port_file"].into_iter().any(is_flag);
    if let Some(url) = args.url.as_ref().filter(|_| is_flag("url") || !flags) {
        return Ok(vec![url.trim_end_matches('/').to_owned()]);
    }
    let port = match &args.port_file {
        Some(file) if is_flag("port_file") || !is_flag("port") => told(file)?.unwrap_or(args.port),
        _ => args.port,
    };
    if port == 0 {
        bail!(
            "port 0 picks a free port; name the one that was picked, such as --port 8080, or the server's --port-file FILE"
        );
    }
    Ok(hosts(&args.host).into_iter().map(|host| Scheme::default().url(format_args!("{host}:{port}"))).collect())
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

fn ask(base: &str) -> anyhow::Result<String> {
    let url = format!("{base}/_mock/health");
    // A proxy that the environment names is for the world outside, where no mock is.
    let agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(3))).proxy(None);
    let agent: ureq::Agent = agent.build().into();
    let mut response = agent.get(&url).call().with_context(|| format!("no healthy server answers at {url}"))?;
    response.body_mut().read_to_string().with_context(|| format!("cannot read the answer of {url}"))
}

fn tell(base: &str, answer: &str) -> anyhow::Result<()> {
    let url = format!("{base}/_mock/health");
    let health: serde_json::Value =
        serde_json::from_str(answer).with_context(|| format!("{url} is not a persona-mock: its answer is no JSON"))?;
    if health.get("ready") != Some(&serde_json::Value::Bool(true)) {
        bail!("{url} answers, but is not ready: {answer}");
    }
    print::out(answer)
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
