//! A request as a provider sees it: read to its end, its address taken apart.

use std::borrow::Cow;

use crate::provider::{HeaderValue, Headers, Scheme, Unread};

/// One request under a provider's mount.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method as sent, whatever its case.
    pub method: &'a str,
    /// The path as sent, without the query.
    pub raw_path: &'a str,
    /// The percent-decoded path; bytes that are no UTF-8 are U+FFFD.
    pub path: &'a str,
    /// The mount that took the request, such as `/v1`.
    pub mount: &'a str,
    /// The decoded path below the mount: empty, or it starts with `/`.
    pub rest: &'a str,
    /// What stands behind `?`, as sent.
    pub query: Option<&'a str>,
    /// The header fields.
    pub headers: &'a Headers,
    /// The body, whole.
    pub body: &'a [u8],
    /// Where absolute links of this server start, without a slash at the end.
    pub base: Base<'a>,
}

impl<'a> Request<'a> {
    /// The first header field of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a HeaderValue> {
        self.headers.get(name)
    }

    /// The first header field of this name as text, each byte above 127 read as Latin-1.
    #[must_use]
    pub fn header_text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.header(name).map(|value| latin_1(value.as_bytes()))
    }

    /// The query's names and values in order, decoded as a browser's form: `+` is a blank, bytes that
    /// are no UTF-8 are U+FFFD.
    pub fn query_pairs(&self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> + Clone + use<'a> {
        let query = self.query.unwrap_or_default();
        let has_escapes = memchr::memchr2(b'%', b'+', query.as_bytes()).is_some();
        query.split('&').filter(|part| !part.is_empty()).filter_map(move |part| {
            if has_escapes {
                return form_urlencoded::parse(part.as_bytes()).next();
            }
            // Most queries stand as they are meant.
            let equals = part.bytes().position(|byte| byte == b'=').unwrap_or(part.len());
            Some((part.get(..equals)?.into(), part.get(equals + 1..).unwrap_or_default().into()))
        })
    }

    /// Notes each parameter of the query, for an operation that reads none.
    pub(crate) fn pass_over_query(&self, unread: &mut Unread) {
        for (name, _) in self.query_pairs() {
            unread.note(|| format!("query.{name}"));
        }
    }

    /// Where absolute links of this server start, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> Cow<'a, str> {
        self.base.url()
    }
}

/// Bytes of a header field as text, each above 127 read as Latin-1.
#[must_use]
pub(crate) fn latin_1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// The parameter that an unknown name of a query spells almost: in another letter case, or as many clients spell a
/// list, `status[]` and `status[0]`. No vendor here reads such a name, so that a list is not filtered by it.
#[must_use]
pub(crate) fn almost<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let bare = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    let bare = bare.filter(|(_, index)| index.len() <= 4 && index.bytes().all(|byte| byte.is_ascii_digit()));
    let bare = bare.map_or(name, |(bare, _)| bare);
    known.iter().copied().find(|known| known.eq_ignore_ascii_case(bare)).filter(|known| *known != name)
}

/// What absolute links start with.
#[derive(Debug, Clone, Copy)]
pub enum Base<'a> {
    /// An address that is known whole: the operator stated it, a proxy did, or it names a sandbox.
    Public(&'a str),
    /// The host that the client named, and what the server speaks.
    Host(Scheme, &'a str),
}

impl Base<'static> {
    /// Where no client named one.
    pub const LOCALHOST: Self = Base::Host(Scheme::Http, "localhost");
}

impl<'a> Base<'a> {
    /// The address itself.
    #[must_use]
    pub fn url(self) -> Cow<'a, str> {
        match self {
            Self::Public(url) => Cow::Borrowed(url),
            Self::Host(scheme, host) => Cow::Owned([scheme.start(), host].concat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Base, Request, almost};
    use crate::provider::Headers;

    proptest! {
        #[test]
        fn a_query_is_read_as_a_form(query in prop::option::of("([a=&é]|%[46]1|%ff|%z|[+]){0,12}")) {
            let request = Request {
                method: "GET",
                raw_path: "/",
                path: "/",
                mount: "",
                rest: "/",
                query: query.as_deref(),
                headers: &Headers::new(),
                body: b"",
                base: Base::LOCALHOST,
            };
            let form: Vec<_> = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes()).collect();
            prop_assert_eq!(request.query_pairs().collect::<Vec<_>>(), form);
        }
    }

    #[test]
    fn a_name_is_almost_one_in_another_letter_case_or_with_an_index() {
        for name in ["Status", "status[]", "STATUS[12]"] {
            assert_eq!(almost(name, &["limit", "status"]), Some("status"), "{name}");
        }
        for name in ["status", "statuses", "status[", "status[a]", "status[00000]", "[]", ""] {
            assert_eq!(almost(name, &["limit", "status"]), None, "{name}");
        }
    }
}
