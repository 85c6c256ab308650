//! Whether clients on this machine find the server: by `localhost`, and past the proxies of the environment.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, ToSocketAddrs};

use super::args::DoctorArgs;
use super::finding::Finding;
use crate::server::addresses::before_port;

/// What is to be called past a proxy.
const PAST_PROXIES: &str = "localhost,127.0.0.1,::1";

/// What `localhost` is, and whether a server is reached by it.
pub(super) fn localhost(args: &DoctorArgs) -> Vec<Finding> {
    let addresses = |host: &str| -> Vec<IpAddr> {
        let mut found = Vec::new();
        for address in (host, 0).to_socket_addrs().into_iter().flatten() {
            if !found.contains(&address.ip()) {
                found.push(address.ip());
            }
        }
        found
    };
    let has_v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    vec![judge(&addresses("localhost"), &addresses(&args.place.host), has_v6, &args.place.host)]
}

/// What is said of the addresses of `localhost` and of those that a server listens on.
fn judge(localhost: &[IpAddr], server: &[IpAddr], has_v6: bool, host: &str) -> Finding {
    const CHECK: &str = "localhost";
    let shown = |all: &[IpAddr]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let v6 = if has_v6 { "" } else { ", and ::1 cannot be listened on here" };
    // Of every address, this machine's own.
    let own = |address: &IpAddr| match address {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => *address,
    };
    let in_urls = |all: &[IpAddr]| {
        all.iter().map(|address| before_port(&own(address).to_string())).collect::<Vec<_>>().join(" or ")
    };
    let named = format!("localhost is {}{v6}", shown(localhost));
    // What is listened on is tried in turn by most clients, and one without the family goes on at once.
    let tried: Vec<_> = localhost.iter().filter(|address| address.is_ipv4() || has_v6).collect();
    let every = |family: IpAddr| {
        server.iter().any(|address| address.is_unspecified() && (address.is_ipv6() || family.is_ipv4()))
    };
    let reached = |address: &IpAddr| server.contains(address) || every(*address);
    match tried.as_slice() {
        [] => Finding::warning(
            CHECK,
            "localhost has no address that works here",
            format!("say {} in URLs, or write `127.0.0.1 localhost` into the hosts file", Ipv4Addr::LOCALHOST),
        ),
        [first, ..] if reached(first) => Finding::ok(CHECK, format!("{named}; a server on {host} is reached by it")),
        all if all.iter().any(|address| reached(address)) => Finding::warning(
            CHECK,
            format!(
                "{named}; a server on {host} does not listen on {}, which clients try first, and some alone",
                all[0]
            ),
            format!("say {} in URLs, or start it with --host localhost", in_urls(server)),
        ),
        _ => Finding::warning(
            CHECK,
            format!("{named}; a server on {host} is not reached by it"),
            match server {
                [] => "name an address of this machine by --host, such as 127.0.0.1".to_owned(),
                _ => format!("say {} in URLs, or start it with --host localhost", in_urls(server)),
            },
        ),
    }
}

/// Whether clients take a proxy for calls to this machine. What a proxy's variable says may hold a password: it is not
/// shown.
pub(super) fn proxies(_: &DoctorArgs) -> Vec<Finding> {
    let said = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut set: Vec<_> = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].into_iter().filter(said).collect();
    if cfg!(windows) {
        set.dedup_by_key(|name| name.to_ascii_lowercase());
    }
    if set.is_empty() {
        return vec![Finding::ok("proxies", "no variable names a proxy for http")];
    }
    let set = set.join(" and ");
    let past = |name: &'static str| Some((name, std::env::var(name).ok().filter(|text| !text.is_empty())?));
    let past = ["no_proxy", "NO_PROXY"].into_iter().find_map(past);
    let help = match &past {
        Some((name, _)) => format!("add {PAST_PROXIES} to {name}"),
        None => format!("set NO_PROXY={PAST_PROXIES}"),
    };
    let past = past.map(|(_, list)| list).unwrap_or_default();
    let missing: Vec<_> = ["localhost", "127.0.0.1"].into_iter().filter(|host| !is_past(&past, host)).collect();
    vec![match missing.is_empty() {
        true => Finding::ok("proxies", format!("{set}: set, and NO_PROXY names localhost and 127.0.0.1")),
        false => Finding::warning(
            "proxies",
            format!(
                "{set}: set, and NO_PROXY does not name {}: clients send calls to the mock to that proxy",
                missing.join(" and ")
            ),
            help,
        ),
    }]
}

/// Whether a list of NO_PROXY names a host.
fn is_past(list: &str, host: &str) -> bool {
    list.split([',', ' ']).map(str::trim).any(|entry| {
        let bare = entry.trim_start_matches('.').split(':').next().unwrap_or_default();
        entry == "*"
            || bare.eq_ignore_ascii_case(host)
            || (host.starts_with("127.") && bare.starts_with("127.") && bare.contains('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn localhost_is_judged_by_the_address_that_clients_try_first() {
        let all =
            |text: &str| -> Vec<IpAddr> { text.split_whitespace().map(|ip| ip.parse().expect("an address")).collect() };
        for (localhost, server, has_v6, level) in [
            ("127.0.0.1", "127.0.0.1", true, Level::Ok),
            ("127.0.0.1 ::1", "127.0.0.1", true, Level::Ok),
            ("::1 127.0.0.1", "127.0.0.1", true, Level::Warning),
            ("::1 127.0.0.1", "127.0.0.1", false, Level::Ok),
            ("::1 127.0.0.1", "::1 127.0.0.1", true, Level::Ok),
            ("::1 127.0.0.1", "::", true, Level::Ok),
            ("::1 127.0.0.1", "0.0.0.0", true, Level::Warning),
            ("127.0.0.1", "192.168.1.7", true, Level::Warning),
            ("127.0.0.1", "::1", true, Level::Warning),
            ("", "127.0.0.1", true, Level::Warning),
            ("::1", "127.0.0.1", false, Level::Warning),
        ] {
            let found = judge(&all(localhost), &all(server), has_v6, server);
            assert_eq!(found.level, level, "localhost {localhost}, server {server}, {has_v6}: {found}");
        }
        let said = judge(&all("127.0.0.1"), &all("::1"), true, "::1").to_string();
        assert!(said.ends_with("is not reached by it; say [::1] in URLs, or start it with --host localhost"), "{said}");
    }

    #[test]
    fn a_list_of_hosts_past_a_proxy_is_read_as_clients_do() {
        for list in ["127.0.0.1", "a, 127.0.0.1", "*", "127.0.0.0/8", "127.0.0.1:8080", "a 127.0.0.1"] {
            assert!(is_past(list, "127.0.0.1"), "{list}");
        }
        assert!(is_past(".LOCALHOST", "localhost") && !is_past("127.0.0.0/8", "localhost"));
        for list in ["", "a,b", "127.0.0.2", "10.0.0.0/8", "*.example.com"] {
            assert!(!is_past(list, "127.0.0.1"), "{list}");
        }
    }
}
