//! The host that a request names, and whether a stranger could have had that name pointed at this machine.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;
use std::str::FromStr;

/// The longest name that DNS has, and its longest label.
const LONGEST: (usize, usize) = (253, 63);

/// The names that no stranger can own, where a machine is reached by more than one label.
const OWN_NAMES: [&str; 1] = ["host.docker.internal"];
const OWN_ENDS: [&str; 3] = [".localhost", ".svc", ".svc.cluster.local"];

/// A host as it is compared: in lower case, without port, brackets and the dot at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A name.
    Name(String),
}

/// Why a text names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a host name or an address, such as mock.example.com; found {found:?}")]
pub struct HostError {
    found: String,
}

impl Host {
    /// Whether no page of a stranger can have been loaded from this host: an address is no name, and these names
    /// are given by this machine, its network or its cluster. A page whose own name is pointed at this machine once
    /// it is loaded (DNS rebinding) states that name.
    pub(crate) fn is_own(&self) -> bool {
        match self {
            Self::Address(_) => true,
            Self::Name(name) => {
                !name.contains('.')
                    || OWN_NAMES.contains(&name.as_str())
                    || OWN_ENDS.iter().any(|end| name.ends_with(end))
            }
        }
    }
}

impl FromStr for Host {
    type Err = HostError;

    /// Reads `host`, `host:port` and `[address]:port`; a port is passed over.
    fn from_str(text: &str) -> Result<Self, HostError> {
        read(text).ok_or_else(|| HostError { found: text.chars().take(100).collect() })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Address(address) => write!(f, "{address}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

fn read(text: &str) -> Option<Host> {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        if !port.is_empty() && !is_port(port.strip_prefix(':')?) {
            return None;
        }
        // The zone of a link's own address, which some clients send along, tells nothing of the host.
        let address = address.split_once('%').map_or(address, |(address, _)| address);
        return address.parse().ok().map(|address: Ipv6Addr| Host::Address(address.into()));
    }
    let name = match text.split_once(':') {
        Some((name, port)) if is_port(port) => name,
        Some(_) => return None,
        None => text,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Some(Host::Address(address.into()));
    }
    let is_label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= LONGEST.1 && label.bytes().all(plain)
    };
    let is_name = name.len() <= LONGEST.0 && name.split('.').all(is_label);
    is_name.then(|| Host::Name(name.to_ascii_lowercase()))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text.is_empty() || text.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_compared_without_case_port_brackets_and_last_dot() {
        for (text, host) in [
            ("LOCALHOST:8080", "localhost"),
            ("localhost.", "localhost"),
            ("localhost.:8080", "localhost"),
            ("localhost:", "localhost"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("127.0.0.1.", "127.0.0.1"),
            ("[::1]:8080", "[::1]"),
            ("[0:0::1]", "[::1]"),
            ("[fe80::1%25eth0]:80", "[fe80::1]"),
            ("my_project_mock-1:80", "my_project_mock-1"),
            ("A.B.example", "a.b.example"),
        ] {
            assert_eq!(text.parse::<Host>().map(|host| host.to_string()), Ok(host.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_none() {
        let long = "a".repeat(64);
        for text in [
            "",
            ".",
            "..",
            "localhost..",
            ".localhost",
            "a..svc",
            "user@localhost",
            "evil.example@localhost",
            "localhost:80:80",
            "localhost:http",
            "localhost:99999",
            "localhost:+80",
            "::1",
            "[::1",
            "[::1]x",
            "[::1]80",
            "[127.0.0.1]",
            "[localhost]",
            "localhost/",
            "localhost, evil.example",
            "local host",
            "localhost\t",
            "http://localhost",
            "b\u{fc}cher.example",
            "*.example.com",
            &long,
        ] {
            assert!(text.parse::<Host>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn no_stranger_owns_an_address_a_single_label_or_a_name_of_this_machine_or_cluster() {
        let own = |text: &str| text.parse::<Host>().expect("a host").is_own();
        for text in [
            "127.0.0.1",
            "192.168.1.7:8080",
            "8.8.8.8",
            "[::1]:8080",
            "[2001:db8::1]",
            "localhost",
            "LocalHost.:8080",
            "app.localhost",
            "a.b.LOCALHOST.",
            "persona-mock",
            "host.docker.internal:8080",
            "mock.tests.svc",
            "mock.tests.svc.cluster.local:80",
        ] {
            assert!(own(text), "{text}");
        }
        for text in [
            "evil.example",
            "evil.example.",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1.nip.io",
            "xlocalhost.example",
            "a.host.docker.internal",
            "docker.internal",
            "svc.evil.example",
            "cluster.local",
            "x.cluster.local",
            "evil.xsvc",
            "1.2.3.4.5",
        ] {
            assert!(!own(text), "{text}");
        }
    }
}
