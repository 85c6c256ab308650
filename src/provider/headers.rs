//! The header fields of a request.

use http::header::{HeaderName, HeaderValue};

/// The header fields of a request, in any order; fields of one name keep theirs.
///
/// A request has few of them, so a search from the front is faster than a table that is built for each request.
///
/// ```
/// use persona_mock::provider::{HeaderName, HeaderValue, Headers};
///
/// let accept = HeaderName::from_static("accept");
/// let mut headers = Headers::new();
/// headers.append(accept.clone(), HeaderValue::from_static("text/html"));
/// headers.append(accept.clone(), HeaderValue::from_static("application/json"));
/// assert_eq!(headers.get("Accept").map(HeaderValue::as_bytes), Some(&b"text/html"[..]));
/// assert_eq!(headers.get_all(&accept).count(), 2);
/// assert!(!headers.contains("Host"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

/// What a header field is looked up by: a [`HeaderName`], or its text in any letter case.
pub trait HeaderKey: Copy {
    /// Whether a field of this name is meant.
    fn means(self, name: &HeaderName) -> bool;
}

impl HeaderKey for &HeaderName {
    fn means(self, name: &HeaderName) -> bool {
        self == name
    }
}

impl HeaderKey for &str {
    fn means(self, name: &HeaderName) -> bool {
        name.as_str().eq_ignore_ascii_case(self)
    }
}

impl Headers {
    /// No header fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// No header fields, and room for so many.
    #[must_use]
    pub fn with_capacity(fields: usize) -> Self {
        Self(Vec::with_capacity(fields))
    }

    /// The first field of a name.
    #[must_use]
    pub fn get(&self, name: impl HeaderKey) -> Option<&HeaderValue> {
        self.iter().find(|(known, _)| name.means(known)).map(|(_, value)| value)
    }

    /// Every field of a name, in order.
    pub fn get_all(&self, name: impl HeaderKey) -> impl Iterator<Item = &HeaderValue> {
        self.iter().filter(move |(known, _)| name.means(known)).map(|(_, value)| value)
    }

    /// Whether there is a field of a name.
    #[must_use]
    pub fn contains(&self, name: impl HeaderKey) -> bool {
        self.get(name).is_some()
    }

    /// Adds a field beside those of its name.
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// Puts a field in place of those of its name.
    pub fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.retain(|(known, _)| *known != name);
        self.append(name, value);
    }

    /// Every field.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> + Clone {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for Headers {
    fn from_iter<T: IntoIterator<Item = (HeaderName, HeaderValue)>>(fields: T) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl Extend<(Option<HeaderName>, HeaderValue)> for Headers {
    /// Adds fields as a table gives them away: one without a name has that of the field before.
    fn extend<T: IntoIterator<Item = (Option<HeaderName>, HeaderValue)>>(&mut self, fields: T) {
        for (name, value) in fields {
            let before = || self.0.last().map(|(name, _)| name.clone());
            if let Some(name) = name.or_else(before) {
                self.append(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::header::{ACCEPT, COOKIE, HOST};

    use super::*;

    #[test]
    fn fields_are_found_by_name_in_any_letter_case_and_keep_their_order() {
        let own = HeaderName::from_static("x-own");
        let mut headers = Headers::with_capacity(4);
        for (name, value) in [(&COOKIE, "a"), (&own, "b"), (&COOKIE, "c"), (&ACCEPT, "d")] {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        let all = |headers: &Headers, name: &str| {
            headers.get_all(name).map(HeaderValue::as_bytes).collect::<Vec<_>>().concat()
        };
        assert_eq!(
            (all(&headers, "Cookie"), all(&headers, "X-OWN"), all(&headers, "host")),
            (b"ac".to_vec(), b"b".to_vec(), vec![])
        );
        assert_eq!((headers.get(&COOKIE), headers.get(&HOST)), (Some(&HeaderValue::from_static("a")), None));
        headers.insert(COOKIE, HeaderValue::from_static("e"));
        assert_eq!((all(&headers, "cookie"), headers.iter().count()), (b"e".to_vec(), 3));
        assert!(headers.contains(&own) && headers.contains("accept") && !headers.contains("accep"));
    }

    #[test]
    fn a_field_without_a_name_has_that_of_the_one_before() {
        let value = HeaderValue::from_static;
        let mut headers = Headers::new();
        let fields = [(None, value("lost")), (Some(COOKIE), value("a")), (None, value("b")), (Some(HOST), value("c"))];
        headers.extend(fields);
        let found: Vec<_> = headers.iter().map(|(name, value)| (name, value.as_bytes())).collect();
        assert_eq!(found, [(&COOKIE, &b"a"[..]), (&COOKIE, b"b"), (&HOST, b"c")]);
    }
}
