//! Where a subcommand finds the server, if nobody says its URL: where variables and the config file make one listen.

use std::net::{IpAddr, TcpListener, ToSocketAddrs};

use anyhow::Context;
use clap::parser::ValueSource;
use clap::{Args, Command, FromArgMatches};

use super::apply::{check, found, put};
use super::opens::is_of_this_machine;
use crate::cli::exit::usage;
use crate::cli::place::PlaceArgs;
use crate::cli::print::seen;
use crate::cli::variables::{counting, name_variable, show_all};

/// The URL of the server.
pub(in crate::cli) fn url() -> anyhow::Result<String> {
    let command = PlaceArgs::augment_args(Command::new("persona-mock"));
    let file = found();
    let command = match file {
        Some(file) => {
            for entry in command.get_arguments().filter_map(|arg| file.entry(arg)) {
                check(file, entry, &command).map_err(|error| usage(said(*error)))?;
            }
            put(command, &[], file)
        }
        None => command,
    };
    let command = counting(command);
    let matches = command.clone().try_get_matches_from(["persona-mock"]).map_err(|mut error| {
        name_variable(&mut error, command);
        usage(said(error))
    })?;
    let mut args = PlaceArgs::from_arg_matches(&matches).map_err(|error| usage(said(error)))?;
    let of_file = |key: &str| {
        let (file, id) = (file?, key.replace('-', "_"));
        let entry = file.entries.iter().find(|entry| entry.key == key)?;
        (matches.value_source(&id) == Some(ValueSource::DefaultValue)).then(|| file.place(entry))
    };
    if let Some(place) = of_file("host")
        && !is_of_this_machine(&args.host)
    {
        // A token may go there, and whoever wrote the file need not be its owner. The address that was looked at is asked,
        // and not the name, which may stand for another one the next time.
        let Some(address) = own(&addresses(&args.host)) else {
            return Err(usage(format!(
                "{place} {} stands for an address that is not this machine's, or for none, so nothing is sent there; --url \
                 says where a server on another machine is",
                seen(&args.host),
            )));
        };
        args.host = address.to_string();
    }
    let (key, variable) = match &args.port_file {
        Some(_) => ("port-file", "PERSONA_MOCK_PORT_FILE"),
        None => ("port", "PERSONA_MOCK_PORT"),
    };
    let bases = args.bases().with_context(|| of_file(key).unwrap_or_else(|| variable.to_owned()))?;
    bases.into_iter().next().context("there is no address to ask")
}

/// What a host stands for.
fn addresses(host: &str) -> Vec<IpAddr> {
    (host, 0).to_socket_addrs().into_iter().flatten().map(|address| address.ip()).collect()
}

/// The first of some addresses that can be listened on; nothing where one of them is another machine's.
fn own(addresses: &[IpAddr]) -> Option<IpAddr> {
    let is_free = |address: &&IpAddr| TcpListener::bind((**address, 0)).is_ok();
    // A machine without a family of addresses names its own in the hosts file all the same.
    let are_own = addresses.iter().all(|address| address.is_loopback() || is_free(&address));
    addresses.iter().find(is_free).copied().filter(|_| are_own)
}

/// The first line of an error, without what every one begins with.
fn said(mut error: clap::Error) -> String {
    show_all(&mut error);
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_if_each_of_its_addresses_is_of_this_machine() {
        for (found, asked) in [
            (&["127.0.0.1"][..], Some("127.0.0.1")),
            (&["0.0.0.0"], Some("0.0.0.0")),
            // Addresses for documentation, which nobody has.
            (&["192.0.2.1"], None),
            (&["127.0.0.1", "192.0.2.1"], None),
            (&["192.0.2.1", "127.0.0.1"], None),
            (&["127.0.0.1", "2001:db8::1"], None),
            (&[], None),
        ] {
            let addresses: Vec<IpAddr> = found.iter().map(|text| text.parse().expect("an address")).collect();
            assert_eq!(own(&addresses).map(|address| address.to_string()).as_deref(), asked, "{found:?}");
        }
        let without_v6: Vec<IpAddr> = ["::1", "127.0.0.1"].map(|text| text.parse().expect("an address")).to_vec();
        assert!(own(&without_v6).is_some_and(|address| address.is_loopback()));
        assert_eq!(addresses("127.0.0.1"), ["127.0.0.1".parse::<IpAddr>().expect("an address")]);
        assert!(addresses("mock.invalid").is_empty());
    }
}
