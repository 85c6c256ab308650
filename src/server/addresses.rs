//! Which addresses are listened on: all that a host is, on one port.

use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use socket2::{Domain, Protocol, Socket, Type};

/// How many connections may wait to be accepted; the system has a limit of its own.
const BACKLOG: i32 = 4096;
/// How often a port is drawn that all addresses of a name have free.
const DRAWS: usize = 16;

/// Every address of this machine, of both families.
const EVERY: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// A socket that listens.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) socket: TcpListener,
    pub(super) address: SocketAddr,
    /// Whether an IPv6 socket takes connections of IPv4 too.
    both: bool,
}

impl Listener {
    /// What it listens on: the IPv4 side of a socket of both families by its own name.
    pub(super) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        let v4 = self.both.then(|| SocketAddr::from((Ipv4Addr::UNSPECIFIED, self.address.port())));
        std::iter::once(self.address).chain(v4)
    }

    /// Where this machine reaches it: of every address, its own.
    pub(super) fn reachable(&self) -> SocketAddr {
        let ip = match self.address.ip() {
            IpAddr::V6(ip) if ip.is_unspecified() && !self.both => IpAddr::V6(Ipv6Addr::LOCALHOST),
            // A machine may have the family and no address of it: 127.0.0.1 is there always.
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        SocketAddr::new(ip, self.address.port())
    }
}

/// Why a text is no host to listen on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an address or a name, without scheme and port, such as 127.0.0.1, ::1 or localhost; found {found:?}")]
pub(crate) struct HostError {
    found: String,
}

/// Reads a host: an address, an IPv6 address in brackets, or a name.
///
/// # Errors
///
/// It has a scheme, a port, or else what no host has.
pub(crate) fn host(text: &str) -> std::result::Result<&str, HostError> {
    let error = || HostError { found: text.chars().take(200).collect() };
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').filter(|inner| inner.contains(':')).ok_or_else(error)?,
        None => text,
    };
    // An address may have a zone behind it, such as fe80::1%eth0.
    let address = bare.split('%').next().unwrap_or_default().parse::<IpAddr>().is_ok();
    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte) || !byte.is_ascii();
    let name = !bare.is_empty() && bare.bytes().all(named);
    if address || name { Ok(bare) } else { Err(error()) }
}

/// A host as it stands before a port: an IPv6 address in brackets.
#[must_use]
pub(crate) fn before_port(host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.contains(':') { format!("[{bare}]") } else { bare.to_owned() }
}

/// Whether a server can listen on every address of a host; nothing listens afterwards.
///
/// # Errors
///
/// What keeps it from that.
#[cfg(feature = "cli")]
pub(crate) fn try_to_listen(host: &str, port: u16) -> Result<()> {
    listen(host, port).map(drop)
}

/// Listens on every address of a host; with port 0 a free one of all of them.
pub(super) fn listen(text: &str, port: u16) -> Result<Vec<Listener>> {
    let host = host(text).map_err(|error| Error::new(ErrorKind::InvalidInput, error))?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for found in (host, port).to_socket_addrs()? {
        let mut address = found;
        // `::ffff:127.0.0.1` is an IPv4 address, and a socket of IPv6 alone cannot have it.
        if found.ip() != found.ip().to_canonical() {
            address = SocketAddr::new(found.ip().to_canonical(), port);
        }
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.iter().map(SocketAddr::ip).eq([EVERY]) { everywhere(port, open) } else { drawn(&addresses, open) }
}

/// How a socket is opened. Tests have their own, which lack a family.
type Open = fn(SocketAddr, bool) -> std::result::Result<Listener, Failure>;

/// Why a socket does not listen.
#[derive(Debug)]
enum Failure {
    /// The machine has no such address, or not the family.
    Absent(Error),
    /// Anything else.
    Other(Error),
}

/// One socket for both families; where the system has no such, one for each that is there.
fn everywhere(port: u16, open: Open) -> Result<Vec<Listener>> {
    match open(SocketAddr::new(EVERY, port), true) {
        Ok(listener) => Ok(vec![listener]),
        Err(Failure::Other(error)) => Err(error),
        Err(Failure::Absent(_)) => {
            let each = [EVERY, IpAddr::V4(Ipv4Addr::UNSPECIFIED)].map(|ip| SocketAddr::new(ip, port));
            drawn(&each, open)
        }
    }
}

/// All of the addresses. Where the first one draws the port, another may find it taken: then it is drawn again.
fn drawn(addresses: &[SocketAddr], open: Open) -> Result<Vec<Listener>> {
    let draws = addresses.first().is_some_and(|first| first.port() == 0);
    for _ in 1..DRAWS {
        match together(addresses, open) {
            Err(error) if draws && error.kind() == ErrorKind::AddrInUse => {}
            outcome => return outcome,
        }
    }
    together(addresses, open)
}

/// All of the addresses that are there. `localhost` is also `::1` in many a container that has no IPv6.
fn together(addresses: &[SocketAddr], open: Open) -> Result<Vec<Listener>> {
    let mut listeners: Vec<Listener> = Vec::with_capacity(addresses.len());
    let mut absent = None;
    for address in addresses {
        let mut address = *address;
        if let Some(first) = listeners.first() {
            address.set_port(first.address.port());
        }
        match open(address, false) {
            Ok(listener) => listeners.push(listener),
            Err(Failure::Absent(error)) => {
                tracing::debug!(%address, %error, "the machine has no such address to listen on");
                absent.get_or_insert(error);
            }
            Err(Failure::Other(error)) if addresses.len() > 1 => {
                return Err(Error::new(error.kind(), format!("{error} at {address}")));
            }
            Err(Failure::Other(error)) => return Err(error),
        }
    }
    match absent {
        Some(error) if listeners.is_empty() => Err(error),
        _ if listeners.is_empty() => Err(Error::new(ErrorKind::NotFound, "the name has no address")),
        _ => Ok(listeners),
    }
}

/// Opens one socket. What an IPv6 socket takes is said in either case, so that it hangs on no setting of the system.
fn open(address: SocketAddr, both: bool) -> std::result::Result<Listener, Failure> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP));
    // A machine without the family has no socket of it.
    let socket = socket.map_err(Failure::Absent)?;
    if address.is_ipv6() {
        socket.set_only_v6(!both).map_err(Failure::Absent)?;
    }
    // On Windows the same option would let two servers share a port.
    if cfg!(unix) {
        socket.set_reuse_address(true).map_err(Failure::Other)?;
    }
    socket.bind(&address.into()).map_err(|error| match error.kind() {
        ErrorKind::AddrNotAvailable => Failure::Absent(error),
        _ => Failure::Other(error),
    })?;
    socket.listen(BACKLOG).map_err(Failure::Other)?;
    let socket = TcpListener::from(socket);
    let address = socket.local_addr().map_err(Failure::Other)?;
    Ok(Listener { socket, address, both })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absent(address: SocketAddr) -> std::result::Result<Listener, Failure> {
        Err(Failure::Absent(Error::new(ErrorKind::Unsupported, format!("no family for {address}"))))
    }

    fn without_v6(address: SocketAddr, both: bool) -> std::result::Result<Listener, Failure> {
        if address.is_ipv6() { absent(address) } else { open(address, both) }
    }

    fn without_sockets_of_both(address: SocketAddr, both: bool) -> std::result::Result<Listener, Failure> {
        if both { absent(address) } else { open(address, both) }
    }

    fn ips(listeners: &[Listener]) -> Vec<String> {
        listeners.iter().map(|listener| listener.address.ip().to_string()).collect()
    }

    fn local(ip: &str) -> SocketAddr {
        SocketAddr::new(ip.parse().expect("an address"), 0)
    }

    #[test]
    fn a_host_has_neither_scheme_nor_port() {
        for (text, bare) in [
            ("127.0.0.1", "127.0.0.1"),
            ("::", "::"),
            ("[::]", "::"),
            ("[::1]", "::1"),
            ("fe80::1%eth0", "fe80::1%eth0"),
            ("localhost", "localhost"),
            ("my_host.lan", "my_host.lan"),
            ("bücher.example", "bücher.example"),
        ] {
            assert_eq!(host(text), Ok(bare));
        }
        for text in [
            "",
            " ",
            "localhost:80",
            "127.0.0.1:80",
            "[::1]:80",
            "[::1",
            "::1]",
            "[localhost]",
            "http://a",
            "*",
            "a b",
            "a/b",
        ] {
            let said = host(text).expect_err(text).to_string();
            assert!(said.ends_with(&format!("such as 127.0.0.1, ::1 or localhost; found {text:?}")), "{said}");
        }
    }

    #[test]
    fn a_host_before_a_port_has_its_brackets_once() {
        assert_eq!(["::1", "[::1]", "127.0.0.1", "a"].map(before_port), ["[::1]", "[::1]", "127.0.0.1", "a"]);
    }

    #[test]
    fn every_address_falls_back_to_the_family_that_is_there() {
        let found = everywhere(0, without_v6).expect("a port");
        assert_eq!(ips(&found), ["0.0.0.0"]);
        assert_eq!(found[0].reachable().ip().to_string(), "127.0.0.1");
        let none = everywhere(0, |address, _| absent(address)).expect_err("no family at all");
        assert_eq!(none.to_string(), "no family for [::]:0");
        let taken = everywhere(found[0].address.port(), without_v6).expect_err("a port that is taken");
        assert_eq!(taken.kind(), ErrorKind::AddrInUse);
    }

    #[test]
    fn every_address_is_two_sockets_where_none_is_of_both_families() {
        let found = everywhere(0, without_sockets_of_both).expect("a port");
        let six = open(local("::"), false).is_ok();
        assert_eq!(ips(&found), if six { &["::", "0.0.0.0"][..] } else { &["0.0.0.0"] });
        assert!(found.iter().all(|listener| listener.address.port() == found[0].address.port()));
    }

    #[test]
    fn an_address_that_is_not_there_is_left_out_and_one_that_is_taken_is_not() {
        let addresses = [local("::1"), local("127.0.0.1")];
        assert_eq!(ips(&drawn(&addresses, without_v6).expect("a port")), ["127.0.0.1"]);
        // An address of documentation, which no machine has.
        let elsewhere = [local("192.0.2.1"), local("127.0.0.1")];
        let found = drawn(&elsewhere, open).expect("a port");
        assert_eq!(ips(&found), ["127.0.0.1"]);
        assert_eq!(drawn(&elsewhere[..1], open).expect_err("no address").kind(), ErrorKind::AddrNotAvailable);
        let port = found[0].address.port();
        let both = elsewhere.map(|address| SocketAddr::new(address.ip(), port));
        let taken = drawn(&both, open).expect_err("a port that is taken");
        assert_eq!(taken.kind(), ErrorKind::AddrInUse);
        assert!(taken.to_string().ends_with(&format!(" at 127.0.0.1:{port}")), "{taken}");
    }

    #[test]
    fn a_port_that_only_the_first_address_has_free_is_drawn_again() {
        // The second address finds its port taken three times.
        fn unlucky(address: SocketAddr, both: bool) -> std::result::Result<Listener, Failure> {
            static TRIES: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
            let second = address.port() != 0;
            if second && TRIES.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3 {
                return Err(Failure::Other(ErrorKind::AddrInUse.into()));
            }
            open(if second { local("127.0.0.1") } else { address }, both)
        }
        assert_eq!(drawn(&[local("127.0.0.1"); 2], unlucky).expect("a port").len(), 2);
    }
}
