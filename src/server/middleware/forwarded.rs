//! What proxies say of the address at which their client found them: `Forwarded` (RFC 7239) and the older
//! `X-Forwarded-…`. It is looked at where the operator trusts his proxies, for links alone: never for who may call.
//!
//! Of a list the first value counts, and of `Forwarded` the first element alone, which the proxy nearest to the client
//! wrote. What that element does not say, the older fields may. What is not right is passed over as if it were not
//! there, and nothing leaves as it came: scheme, host and port are written anew from what was read, and a prefix has none
//! but harmless bytes.

use percent_encoding::percent_decode_str;

use crate::app::origin::authority;
use crate::provider::Headers;

/// The longest field, and the longest prefix, that are looked at.
const LONGEST: usize = 4096;
const LONGEST_PREFIX: usize = 1024;

const FORWARDED: &str = "forwarded";
const SCHEME: &str = "x-forwarded-proto";
const HOST: &str = "x-forwarded-host";
const PORT: &str = "x-forwarded-port";
const PREFIX: &str = "x-forwarded-prefix";

/// The origin that a client sees, and the path below which it finds this server, where a proxy says anything of either.
/// `host` is the one that the request itself names; where that is none, and no proxy names another, there is no origin.
pub(super) fn origin(headers: &Headers, host: &str) -> Option<(String, String)> {
    let standard = Element::first(headers);
    let by_standard = standard.scheme.as_deref().and_then(scheme);
    let by_older = by_standard.is_none().then(|| values(headers, SCHEME).next().and_then(scheme)).flatten();
    let says_no_scheme = standard.scheme.is_none() && values(headers, SCHEME).next().is_none();
    let scheme = by_standard.or(by_older);
    let written = scheme.unwrap_or("http");
    let is_host = |host: &String| authority(host, written).is_some();
    let whole = standard.host.filter(is_host);
    // `Forwarded` names the port with the host, and a port belongs to the scheme that was named beside it.
    let port = port(headers).filter(|_| whole.is_none() && (by_older.is_some() || says_no_scheme));
    let told = whole.or_else(|| values(headers, HOST).next().map(str::to_owned).filter(is_host));
    let prefix = prefix(headers);
    if scheme.is_none() && told.is_none() && port.is_none() && prefix.is_none() {
        return None;
    }
    let host = told.as_deref().unwrap_or(host);
    let with_port = port.filter(|_| !names_port(host)).map(|port| format!("{host}:{port}"));
    let (found, _) = authority(with_port.as_deref().unwrap_or(host), written)?;
    Some((format!("{written}://{found}"), prefix.unwrap_or_default()))
}

/// The values of a field of lists, in order.
fn values<'h>(headers: &'h Headers, name: &'static str) -> impl Iterator<Item = &'h str> {
    fields(headers, name).flat_map(|field| field.split(',')).map(str::trim)
}

fn fields<'h>(headers: &'h Headers, name: &'static str) -> impl Iterator<Item = &'h str> {
    headers.get_all(name).filter(|value| value.len() <= LONGEST).filter_map(|value| value.to_str().ok())
}

fn scheme(text: &str) -> Option<&'static str> {
    ["http", "https"].into_iter().find(|known| known.eq_ignore_ascii_case(text))
}

/// The port, from the proxy that also named the scheme: Vite writes its own behind a proxy that writes none.
fn port(headers: &Headers) -> Option<u16> {
    let all = values(headers, PORT).count();
    let schemes = values(headers, SCHEME).count();
    let first = values(headers, PORT).next().filter(|_| schemes == 0 || schemes == all)?;
    let is_number = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    first.parse().ok().filter(|port| is_number && *port != 0)
}

fn names_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'))
}

/// The path below which this server is found. Each proxy that takes one away adds it at the end, Traefik as a field of
/// its own: outside, all stand one behind the other. A part of them is a place that no proxy serves, so one that is
/// wrong takes all with it.
fn prefix(headers: &Headers) -> Option<String> {
    let mut whole = None;
    for value in values(headers, PREFIX) {
        let value = value.strip_suffix('/').unwrap_or(value);
        let whole = whole.get_or_insert_with(String::new);
        if !value.is_empty() && !is_path(value) || whole.len() + value.len() > LONGEST_PREFIX {
            return None;
        }
        whole.push_str(value);
    }
    whole.filter(|whole| !whole.is_empty())
}

/// Whether a text is a path that means the same wherever it stands: absolute, no segment empty or of dots, no byte that
/// ends a path or a field.
fn is_path(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&()*+=:@%".contains(&byte);
    let is_segment = |segment: &str| {
        let decoded: Vec<u8> = percent_decode_str(segment).collect();
        let is_escape = |(at, _): (usize, _)| {
            segment.get(at + 1..at + 3).is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
        };
        segment.bytes().all(plain)
            && segment.match_indices('%').all(is_escape)
            && !matches!(&*decoded, b"" | b"." | b"..")
            && !decoded.iter().any(|byte| byte.is_ascii_control() || b"/\\".contains(byte))
    };
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment))
}

/// What the first element of `Forwarded` says.
#[derive(Default)]
struct Element {
    scheme: Option<String>,
    host: Option<String>,
}

impl Element {
    /// An element that is none says nothing: the one behind it is another proxy's.
    fn first(headers: &Headers) -> Self {
        fields(headers, FORWARDED).next().and_then(Self::read).unwrap_or_default()
    }

    /// The first element of a field, if its quotes end and its pairs are parted.
    fn read(field: &str) -> Option<Self> {
        let mut element = Self::default();
        let mut rest = field;
        while let Some(at) = rest.find(['=', ';', ',']) {
            let (name, after) = (rest[..at].trim(), &rest[at + 1..]);
            match rest.as_bytes()[at] {
                b'=' => {
                    let (value, after) = value(after)?;
                    if name.eq_ignore_ascii_case("proto") {
                        element.scheme.get_or_insert(value);
                    } else if name.eq_ignore_ascii_case("host") {
                        element.host.get_or_insert(value);
                    }
                    match after.trim_start().strip_prefix(';') {
                        Some(next) => rest = next,
                        None if after.trim_start().starts_with(',') => break,
                        None if after.trim_start().is_empty() => break,
                        None => return None,
                    }
                }
                b';' => rest = after,
                _ => break,
            }
        }
        Some(element)
    }
}

/// The value at the start of a text, quoted or not, and what follows it; none where its quotes do not end.
fn value(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_at(text.find([',', ';']).unwrap_or(text.len()));
        return Some((value.trim().to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            char => value.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{HeaderName, HeaderValue};

    fn headers(fields: &[(&'static str, &str)]) -> Headers {
        let field = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
        };
        fields.iter().map(field).collect()
    }

    fn read(fields: &[(&'static str, &str)]) -> Option<String> {
        origin(&headers(fields), "own:8080").map(|(origin, prefix)| origin + &prefix)
    }

    fn check(fields: &[(&'static str, &str)], expected: &str) {
        assert_eq!(read(fields).as_deref().unwrap_or("-"), expected, "{fields:?}");
    }

    #[test]
    fn each_part_is_taken_by_itself() {
        check(&[], "-");
        check(&[("x-forwarded-for", "192.0.2.1")], "-");
        check(&[(HOST, "app.test:5173")], "http://app.test:5173");
        check(&[(SCHEME, "HTTPS")], "https://own:8080");
        check(&[(PREFIX, "/mock")], "http://own:8080/mock");
        check(&[(HOST, "App.Test."), (SCHEME, "https"), (PREFIX, "/a/b/")], "https://app.test/a/b");
        check(&[(HOST, "[2001:DB8::1]:8443"), (SCHEME, "https")], "https://[2001:db8::1]:8443");
        check(&[(HOST, "app.test:443"), (SCHEME, "https")], "https://app.test");
    }

    #[test]
    fn the_first_of_a_list_counts_and_prefixes_add_up() {
        check(&[(HOST, "a.test, b.test"), (SCHEME, "https,http")], "https://a.test");
        check(&[(HOST, "a.test"), (HOST, "b.test")], "http://a.test");
        check(&[(PREFIX, "/a"), (PREFIX, "/b")], "http://own:8080/a/b");
        check(&[(PREFIX, "/a, /,/b/c/")], "http://own:8080/a/b/c");
        check(&[(HOST, ", b.test")], "-");
        for prefixes in ["/a, b", "b, /a", "/a, /..", "/a, /b c, /d"] {
            check(&[(PREFIX, prefixes)], "-");
        }
        let half = format!("/{}", "a".repeat(LONGEST_PREFIX / 2 - 1));
        check(&[(PREFIX, &half), (PREFIX, &half)], &format!("http://own:8080{half}{half}"));
        check(&[(PREFIX, &half), (PREFIX, &half), (PREFIX, "/b")], "-");
    }

    #[test]
    fn a_port_stands_with_a_host_that_has_none() {
        check(&[(HOST, "a.test"), (PORT, "8443"), (SCHEME, "https")], "https://a.test:8443");
        check(&[(HOST, "[::1]"), (PORT, "8443")], "http://[::1]:8443");
        check(&[(HOST, "a.test:8080"), (PORT, "80")], "http://a.test:8080");
        check(&[(HOST, "a.test"), (PORT, "443, 80"), (SCHEME, "https, http")], "https://a.test");
        check(&[(PORT, "81")], "http://own:8080");
        for port in ["0", "65536", "+81", "", "x", "8 1"] {
            check(&[(HOST, "a.test"), (PORT, port)], "http://a.test");
        }
        // A tunnel that writes no port, and Vite behind it, which adds its own.
        check(&[(HOST, "a.test"), (SCHEME, "https,http"), (PORT, "5173")], "https://a.test");
        check(&[("forwarded", "host=a.test"), (PORT, "81")], "http://a.test");
    }

    #[test]
    fn the_standard_field_counts_more_part_by_part() {
        let older = [(HOST, "b.test"), (SCHEME, "http"), (PREFIX, "/p")];
        let with = |standard: &'static str| [&[("forwarded", standard)], &older[..]].concat();
        check(&with("host=a.test;proto=https"), "https://a.test/p");
        check(&with("for=192.0.2.1;proto=https"), "https://b.test/p");
        check(&with("for=192.0.2.1"), "http://b.test/p");
        check(&with("proto=gopher;host=\"a b\""), "http://b.test/p");
    }

    #[test]
    fn no_two_elements_of_the_standard_field_are_mixed() {
        for second in ["host=b.test;proto=https", "host=b.test", "proto=https", "host=\"b.test"] {
            for first in ["host=a.test", "HOST=a.test;for=192.0.2.1", "for=\"_x,\";host=a.test"] {
                let one_field = format!("{first}, {second}");
                check(&[("forwarded", &one_field)], "http://a.test");
                check(&[("forwarded", first), ("forwarded", second)], "http://a.test");
            }
            let behind_another = format!("for=203.0.113.7, for=10.0.0.1;{second}");
            check(&[("forwarded", &behind_another), (HOST, "public.test")], "http://public.test");
            check(&[("forwarded", &behind_another)], "-");
        }
    }

    #[test]
    fn a_port_stands_with_the_scheme_that_was_named_beside_it() {
        let port = [(HOST, "a.test"), (PORT, "81")];
        let with = |fields: &[(&'static str, &'static str)], expected| check(&[fields, &port[..]].concat(), expected);
        with(&[("forwarded", "proto=https"), (SCHEME, "http")], "https://a.test");
        with(&[("forwarded", "proto=https")], "https://a.test");
        with(&[("forwarded", "proto=gopher")], "http://a.test");
        with(&[("forwarded", "proto=gopher"), (SCHEME, "https")], "https://a.test:81");
        with(&[(SCHEME, "wss")], "http://a.test");
        with(&[(SCHEME, "https")], "https://a.test:81");
        with(&[("forwarded", "for=192.0.2.1")], "http://a.test:81");
        with(&[], "http://a.test:81");
    }

    #[test]
    fn a_host_that_is_none_stands_with_nothing_that_a_proxy_says() {
        let read_at = |host: &str, fields: &[(&'static str, &str)]| {
            origin(&headers(fields), host).map(|(origin, prefix)| origin + &prefix)
        };
        for host in ["a.test@evil", "evil/a", "a b", "", "a.test:0", "[fe80::1%eth0]", "a.test:80:80"] {
            for field in [(SCHEME, "https"), (PORT, "81"), (PREFIX, "/a"), ("forwarded", "proto=https")] {
                assert_eq!(read_at(host, &[field]), None, "{host} {field:?}");
            }
            let named = read_at(host, &[(HOST, "a.test"), (SCHEME, "https")]);
            assert_eq!(named.as_deref(), Some("https://a.test"), "{host}");
        }
    }

    #[test]
    fn the_standard_field_is_read_with_quotes_lists_and_any_letter_case() {
        for (field, expected) in [
            ("For=\"[2001:db8::1]:47\" ; HOST = \"a.test:81\";Proto=HTTP", "http://a.test:81"),
            ("for=192.0.2.1;host=a.test, host=b.test;proto=https", "http://a.test"),
            ("; host=a.test;", "http://a.test"),
            ("host=a.test;host=b.test", "http://a.test"),
            (r#"for="_a,host=b.test;\"host=c.test";host="a\.test""#, "http://a.test"),
            ("host=a.test:81;by=x", "http://a.test:81"),
            ("junk;host=a.test", "http://a.test"),
            ("junk, host=a.test", "-"),
            (", host=a.test", "-"),
            ("for=\"_a\"host=a.test", "-"),
            ("host=\"a.test", "-"),
            ("host=\"a.test\\", "-"),
            ("host=", "-"),
            ("host", "-"),
            ("xhost=a.test", "-"),
            ("=;=,\"", "-"),
        ] {
            check(&[("forwarded", field)], expected);
        }
    }

    #[test]
    fn what_is_not_right_is_as_if_it_were_not_there() {
        let long = "a.".repeat(5000);
        for host in [
            "a b",
            "a/b",
            "me@a.test",
            "a.test:x",
            "a.test:",
            "a.test:0",
            "[::1]:00",
            "[fe80::1%eth0]",
            "[fe80::1%25eth0]:81",
            "a?b",
            "a\\b",
            "*",
            "http://a",
            "",
            &long,
        ] {
            check(&[(HOST, host)], "-");
            check(&[("forwarded", &format!("host=\"{}\"", host.replace('\\', "\\\\")))], "-");
        }
        for scheme in ["ftp", "javascript", "https:", "http s", "wss", ""] {
            check(&[(SCHEME, scheme)], "-");
        }
        let long = format!("/{}", "a".repeat(LONGEST_PREFIX));
        for prefix in [
            "a",
            "//a",
            "/a//b",
            "/..",
            "/a/../b",
            "/.",
            "/%2e%2E/a",
            "/a%2fb",
            "/a%5cb",
            "/a%0d%0ab",
            "/a%",
            "/a%4",
            "/a%zz",
            "/a\\b",
            "/a b",
            "/a;b",
            "/a?b",
            "/a#b",
            "/a\"b",
            "/a<b",
            "/a'b",
            "http://b.test/",
            "/",
            "",
            &long,
        ] {
            check(&[(PREFIX, prefix)], "-");
        }
        check(&[(PREFIX, "/caf%C3%A9/~me/@v1.0")], "http://own:8080/caf%C3%A9/~me/@v1.0");
        check(&[(PREFIX, &long[1..]), (HOST, "a.test")], "http://a.test");
        let mut headers = Headers::new();
        headers.append(HeaderName::from_static(HOST), HeaderValue::from_bytes(b"a\xff").expect("a value"));
        assert_eq!(origin(&headers, "own"), None);
    }
}
