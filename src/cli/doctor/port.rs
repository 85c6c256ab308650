//! Whether a server can listen where it is told to, who is there in its place, and where the others look for it.

use std::io::ErrorKind;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use serde_json::Value;

use super::args::DoctorArgs;
use super::finding::{Finding, Level};
use super::holder::{holder, who_tells};
use crate::cli::place::{at, get};
use crate::cli::sources::source;
use crate::provider::scheme;
use crate::server::addresses::{before_port, try_to_listen};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// How long a server may take to answer: several addresses may be asked within the time of a check.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// Whether the port is free, or who has it.
pub(super) fn port(args: &DoctorArgs) -> Vec<Finding> {
    let (host, port) = (&*args.place.host, args.place.port);
    let place = format!("{}:{port}", before_port(host));
    vec![match try_to_listen(host, port) {
        Ok(()) if port == 0 => Finding::ok("port", format!("{place} picks a free port")),
        Ok(()) => Finding::ok("port", format!("{place} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => taken(host, port, &place),
        Err(error) => {
            let help = match error.kind() {
                ErrorKind::PermissionDenied => format!("take one above 1023, such as --port {}", scheme::PORT),
                _ => format!("{} takes an address or a name of this machine, such as 127.0.0.1", source("host")),
            };
            Finding::fault("port", format!("cannot listen on {place}: {error}"), help)
        }
    }]
}

/// Whether a server answers where subcommands and test kits are told that it is, if that is said apart.
pub(super) fn server(args: &DoctorArgs) -> Vec<Finding> {
    let place = &args.place;
    let told = if place.url().is_some() { source("url") } else { source("port_file") };
    if place.url().is_none() && place.port_file.is_none() {
        return Vec::new();
    }
    let help = format!("start one, or take {told} away");
    vec![match place.bases() {
        Err(error) => Finding::warning("server", format!("{error:#}"), help),
        Ok(bases) => match bases.iter().find_map(|base| Some((base, version(base)?))) {
            Some((base, version)) => {
                of_version(format!("persona-mock {version} is ready at {base}"), "server", &version)
            }
            None => {
                let said = format!("no persona-mock answers at {}, where {told} says that one is", bases.join(" or "));
                Finding::warning("server", said, help)
            }
        },
    }]
}

fn taken(host: &str, port: u16, place: &str) -> Finding {
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs().into_iter().flatten().collect();
    let by = addresses.into_iter().find_map(holder);
    if let Some(version) = at(host, port).iter().find_map(|base| version(base)) {
        let by = by.map(|by| format!(", {by},")).unwrap_or_default();
        let said = format!("persona-mock {version}{by} listens on {place} and is ready");
        let help = "a second server needs another port, such as -p 0, which picks a free one";
        return match of_version(said.clone(), "port", &version) {
            found if found.level == Level::Ok => Finding::warning("port", said, help),
            found => found,
        };
    }
    let said = match by {
        Some(by) => format!("{place} is taken by {by}, which is no persona-mock that is ready"),
        None => format!("{place} is taken, and the system does not tell this user by whom: {}", who_tells(port)),
    };
    Finding::fault("port", said, "end that process, or take another port: --port 0 picks a free one")
}

/// What is said of a server that is there.
fn of_version(said: String, check: &'static str, version: &str) -> Finding {
    if version == VERSION {
        return Finding::ok(check, said);
    }
    Finding::warning(
        check,
        format!("{said}, and this is persona-mock {VERSION}"),
        "stop that one, or take both of one version",
    )
}

/// The version of the persona-mock that is ready at a base URL, if one is.
fn version(base: &str) -> Option<String> {
    let health: Value = serde_json::from_str(&get(&format!("{base}/_mock/health"), ANSWER_TIMEOUT).ok()?).ok()?;
    let version = health["version"].as_str().filter(|_| health["ready"] == true)?;
    Some(version.chars().take(40).filter(|found| !found.is_control()).collect())
}
