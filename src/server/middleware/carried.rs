//! A sandbox that follows a request through servers: a member of W3C `baggage`, which tracing passes on by itself, or a
//! cookie, which a browser sends with each request for a page. Both are weaker than what names a sandbox at the call
//! itself, and no vendor sees them.

use crate::provider::path::decoded;
use crate::provider::{HeaderName, HeaderValue, Headers, header};
use crate::server::middleware::address::Unnamed;
use crate::world::sandbox::{COOKIE, SandboxName};

/// The header field that tracing passes on.
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// Its member that names a sandbox.
const MEMBER: &str = "mock.sandbox";

/// How a name is carried: the field, what parts its members, and the member that is meant.
const BY_BAGGAGE: (HeaderName, u8, &str) = (BAGGAGE, b',', MEMBER);
const BY_COOKIE: (HeaderName, u8, &str) = (header::COOKIE, b';', COOKIE);

/// What a request carries along, and its header fields without that.
#[derive(Debug)]
pub(in crate::server) struct Carried {
    baggage: Vec<String>,
    cookie: Vec<String>,
    pub(in crate::server) headers: Headers,
}

/// Takes the names that are carried out of the header fields, if there are any.
pub(in crate::server) fn take(headers: &Headers) -> Option<Carried> {
    let carries = |name: &HeaderName| *name == BAGGAGE || *name == header::COOKIE;
    if !headers.iter().any(|(name, _)| carries(name)) {
        return None;
    }
    let (baggage, cookie) = (members(headers, &BY_BAGGAGE), members(headers, &BY_COOKIE));
    if baggage.is_empty() && cookie.is_empty() {
        return None;
    }
    let rest = headers.iter().filter_map(|(name, value)| Some((name.clone(), without(name, value)?)));
    Some(Carried { baggage, cookie, headers: rest.collect() })
}

impl Carried {
    /// The sandbox, if one is named: by the baggage, else by the cookie where that is read.
    pub(in crate::server) fn name(&self, reads_cookie: bool) -> Result<Option<SandboxName>, Unnamed> {
        if !self.baggage.is_empty() {
            return one(&self.baggage, "header baggage", "baggage: mock.sandbox=NAME").map(Some);
        }
        if reads_cookie && !self.cookie.is_empty() {
            return one(&self.cookie, "header Cookie", "Cookie: mock_sandbox=NAME").map(Some);
        }
        Ok(None)
    }
}

fn one(names: &[String], way: &'static str, wanted: &'static str) -> Result<SandboxName, Unnamed> {
    let [name] = names else { return Err(Unnamed::Repeated { way, wanted, count: names.len() }) };
    name.parse().map_err(|error| Unnamed::Carried { error, way, wanted })
}

/// The values of a member in all fields of a name.
fn members(headers: &Headers, (name, parted_by, key): &(HeaderName, u8, &str)) -> Vec<String> {
    let fields = headers.get_all(name).map(HeaderValue::as_bytes);
    let all = fields.flat_map(|field| field.split(move |byte| byte == parted_by));
    all.filter_map(|member| value_of(member, key)).collect()
}

/// The value of a member that has a key. That of a baggage is percent-encoded, and properties may stand behind it; the
/// name of a sandbox has neither `%` nor `;`.
fn value_of(member: &[u8], key: &str) -> Option<String> {
    let equals = memchr::memchr(b'=', member)?;
    let (found, value) = (member.get(..equals)?, member.get(equals + 1..)?);
    if found.trim_ascii() != key.as_bytes() {
        return None;
    }
    let value = value.split(|byte| *byte == b';').next().unwrap_or_default();
    Some(decoded(&String::from_utf8_lossy(value.trim_ascii())).into_owned())
}

/// A field's value without the members that name a sandbox; nothing where it has no other.
fn without(name: &HeaderName, value: &HeaderValue) -> Option<HeaderValue> {
    let Some((_, parted_by, key)) = [BY_BAGGAGE, BY_COOKIE].into_iter().find(|(carries, ..)| carries == name) else {
        return Some(value.clone());
    };
    let members = value.as_bytes().split(|byte| *byte == parted_by);
    let (ours, others): (Vec<_>, Vec<_>) = members.partition(|member| value_of(member, key).is_some());
    if ours.is_empty() {
        return Some(value.clone());
    }
    let rest = others.join(&parted_by);
    let rest = rest.trim_ascii();
    if rest.is_empty() { None } else { HeaderValue::from_bytes(rest).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &'static str)]) -> Headers {
        fields.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    fn carried(fields: &[(&'static str, &'static str)]) -> Carried {
        take(&headers(fields)).expect("a name")
    }

    #[test]
    fn what_is_carried_is_found_among_others_and_taken_away() {
        let both = [
            ("baggage", "userId=al%69ce, mock.sandbox=t%2E1;ttl=1 ,serverNode=DF%2028"),
            ("cookie", "lang=en; mock_sandbox=t2; theme=mock_sandbox"),
            ("accept", "mock.sandbox=t3"),
        ];
        let found = carried(&both);
        assert_eq!(found.name(true), Ok(Some("t.1".parse().expect("a name"))));
        let rest = headers(&[
            ("baggage", "userId=al%69ce,serverNode=DF%2028"),
            ("cookie", "lang=en; theme=mock_sandbox"),
            ("accept", "mock.sandbox=t3"),
        ]);
        assert_eq!(found.headers, rest);
        assert_eq!(carried(&[("cookie", "mock_sandbox=t2"), ("baggage", "mock.sandbox=t1")]).headers, Headers::new());
    }

    #[test]
    fn a_cookie_counts_only_where_it_is_read_and_no_baggage_names_one() {
        let cookie = carried(&[("cookie", "mock_sandbox=t2")]);
        assert_eq!(cookie.name(true), Ok(Some("t2".parse().expect("a name"))));
        assert_eq!(cookie.name(false), Ok(None));
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for field in ["mock.sandbox", "mock.sandboxes=t1", "Mock.Sandbox=t1", "x=mock.sandbox", ""] {
            assert!(take(&headers(&[("baggage", field)])).is_none(), "{field}");
        }
        for field in ["mock_sandbox", "x_mock_sandbox=t1", "mock.sandbox=t1"] {
            assert!(take(&headers(&[("cookie", field)])).is_none(), "{field}");
        }
    }

    #[test]
    fn several_members_and_a_name_that_is_none_are_told_with_the_field() {
        let told = |fields: &[_]| carried(fields).name(true).expect_err("no name").to_string();
        assert_eq!(
            told(&[("baggage", "mock.sandbox=t1"), ("baggage", "a=b,mock.sandbox=t1")]),
            "the header baggage names a sandbox 2 times; expected once, as in baggage: mock.sandbox=NAME"
        );
        assert_eq!(
            told(&[("cookie", "mock_sandbox=t1; mock_sandbox=t2")]),
            "the header Cookie names a sandbox 2 times; expected once, as in Cookie: mock_sandbox=NAME"
        );
        assert_eq!(
            told(&[("cookie", "mock_sandbox=a/b")]),
            "the header Cookie names no sandbox: a sandbox's name is 1 to 64 letters, digits, dots, underscores or hyphens, \
             not dots alone; found \"a/b\"; expected Cookie: mock_sandbox=NAME"
        );
        assert!(told(&[("baggage", "mock.sandbox=")]).starts_with("the header baggage names no sandbox: "));
    }
}
