//! What a server says of the config file that it read. One that lies in the working directory may come from somebody
//! else: what it opens to others is said by name.

use std::fmt;
use std::net::IpAddr;

use serde::Serialize;

use super::apply::found;
use super::keys::Entry;
use crate::cli::print::seen;
use crate::cli::sources::is_of_file;
use crate::cli::values;

/// What a server says of its config file.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Summary {
    file: String,
    /// The keys that count, since neither a flag nor a variable says them.
    keys: Vec<&'static str>,
    /// What some of them open.
    opens: Vec<String>,
}

/// What is said of the config file, where one was read.
pub(in crate::cli) fn summary() -> Option<Summary> {
    let file = found()?;
    let counts = |entry: &&Entry| is_of_file(&entry.key.replace('-', "_"));
    let entries: Vec<_> = file.entries.iter().filter(counts).collect();
    let opens = entries.iter().filter_map(|entry| {
        let values = entry.values.iter().map(|(value, _)| value.to_string_lossy()).collect::<Vec<_>>().join(", ");
        Some(format!("{} {values} {}", file.place(entry), opened(&entry.key, &values)?))
    });
    Some(Summary {
        file: std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone()).display().to_string(),
        opens: opens.collect(),
        keys: entries.iter().map(|entry| entry.key.as_str()).collect(),
    })
}

/// What a key opens to others, if it does.
fn opened(key: &str, value: &str) -> Option<&'static str> {
    match key {
        "host" if !is_of_this_machine(value) => Some("lets other machines call it"),
        "auth" if value.trim().eq_ignore_ascii_case("off") => Some("lets in who has no credential"),
        "control-origin" => Some("lets pages from there use the control API"),
        "control-host" => Some("lets the control API be called by that name"),
        "trust-proxy" if values::switch(value) != Ok(false) => Some("lets a client say where links lead"),
        _ => None,
    }
}

/// Whether this machine alone reaches a server there.
pub(super) fn is_of_this_machine(host: &str) -> bool {
    let host = host.trim();
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let ip: Result<IpAddr, _> = inner.unwrap_or(host).parse();
    ip.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |ip| ip.is_loopback())
}

/// For people.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = seen(&self.file);
        match self.keys.as_slice() {
            [] => writeln!(f, "Nothing is taken from {file}: flags and variables say it, or it is empty.")?,
            keys => writeln!(f, "Taken from {file}: {}", keys.join(", "))?,
        }
        self.opens.iter().try_for_each(|opens| writeln!(f, "  {opens}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_opens_to_others_is_known_by_key_and_value() {
        for (key, value, opens) in [
            ("host", "0.0.0.0", true),
            ("host", "::", true),
            ("host", "mock.example.com", true),
            ("host", "127.0.0.1", false),
            ("host", "::1", false),
            ("host", "[::1]", false),
            ("host", "[::]", true),
            ("host", "LocalHost", false),
            ("auth", "off", true),
            ("auth", "strict", false),
            ("control-origin", "http://localhost:3000", true),
            ("control-host", "mock.example.com", true),
            ("trust-proxy", "on", true),
            ("trust-proxy", "off", false),
            ("trust-proxy", "false", false),
            ("trust-proxy", "0", false),
            ("trust-proxy", "true", true),
            ("port", "80", false),
        ] {
            assert_eq!(opened(key, value).is_some(), opens, "{key} = {value}");
        }
    }
}
