//! Which process listens on a port, as Linux tells it.

use std::fs::{read_dir, read_link, read_to_string};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The process that listens on an address, as far as this user may know.
pub(super) fn holder(address: SocketAddr) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| read_to_string(table).unwrap_or_default());
    let inodes = tables.iter().flat_map(|table| table.lines()).filter_map(|line| listening(line, address));
    let inodes: Vec<_> = inodes.map(|inode| format!("socket:[{inode}]")).collect();
    let processes = read_dir("/proc")
        .ok()?
        .flatten()
        .filter(|entry| entry.file_name().as_encoded_bytes().first().is_some_and(u8::is_ascii_digit));
    let pid = processes.map(|entry| entry.path()).find(|process| {
        let files = read_dir(process.join("fd")).into_iter().flatten().flatten();
        files
            .filter_map(|file| read_link(file.path()).ok())
            .any(|file| inodes.iter().any(|inode| file.as_os_str() == &**inode))
    })?;
    let name = read_to_string(pid.join("comm")).unwrap_or_default();
    Some(format!("process {} ({})", pid.file_name()?.display(), name.trim_end().escape_debug()))
}

/// What names the process where the system keeps that from this user.
pub(super) fn who_tells(port: u16) -> String {
    if cfg!(target_os = "linux") {
        format!("`sudo ss -ltnp 'sport = :{port}'` does")
    } else if cfg!(windows) {
        format!("`netstat -ano | findstr :{port}` does")
    } else {
        format!("`sudo lsof -nP -iTCP:{port} -sTCP:LISTEN` does")
    }
}

/// The inode of a line of `/proc/net/tcp`, where that socket listens on this address, or keeps others from it.
fn listening(line: &str, address: SocketAddr) -> Option<&str> {
    const LISTENS: &str = "0A";
    let fields: Vec<_> = line.split_ascii_whitespace().collect();
    let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    let (ip, port) = local.split_once(':')?;
    let ip = ip_of(ip)?.to_canonical();
    let same = ip == address.ip().to_canonical() || ip.is_unspecified() || address.ip().is_unspecified();
    (*state == LISTENS && u16::from_str_radix(port, 16) == Ok(address.port()) && same).then_some(inode)
}

/// An address as the kernel writes it: words of 32 bits, each in the machine's order of bytes.
fn ip_of(hex: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(hex.get(at * 8..at * 8 + 8)?, 16).ok()?.to_ne_bytes());
    match hex.len() {
        8 => Some(Ipv4Addr::from(word(0)?).into()),
        32 => {
            let words: Vec<_> = (0..4).map(word).collect::<Option<_>>()?;
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Some(Ipv6Addr::from(bytes).into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn a_line_tells_of_the_socket_that_is_in_the_way() {
        let rest = "00000000:00000000 00:00000000 00000000  0        0 4711 1 0000 100 0 0 10 0";
        for (local, state, address, found) in [
            ("0100007F:1F90 00000000:0000", "0A", "127.0.0.1:8080", true),
            ("00000000:1F90 00000000:0000", "0A", "127.0.0.1:8080", true),
            (
                "00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000",
                "0A",
                "127.0.0.1:8080",
                true,
            ),
            ("00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000", "0A", "[::1]:8080", true),
            (
                "0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000",
                "0A",
                "127.0.0.1:8080",
                true,
            ),
            ("0100007F:1F90 00000000:0000", "0A", "0.0.0.0:8080", true),
            ("0100007F:1F91 00000000:0000", "0A", "127.0.0.1:8080", false),
            ("0200007F:1F90 00000000:0000", "0A", "127.0.0.1:8080", false),
            ("0100007F:1F90 0100007F:9000", "01", "127.0.0.1:8080", false),
            ("nonsense", "0A", "127.0.0.1:8080", false),
        ] {
            let line = format!("  0: {local} {state} {rest}");
            let address = address.parse().expect("an address");
            assert_eq!(listening(&line, address), found.then_some("4711"), "{line}");
        }
        assert_eq!(listening("", "127.0.0.1:80".parse().expect("an address")), None);
    }
}
