//! `urllib.parse`: how a query is read and a redirect's address is written.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// `parse_qsl(query, keep_blank_values=True)`: names and values in order, `+` a blank, an empty part
/// left out, bytes that are no UTF-8 as U+FFFD.
pub(crate) fn parse_qsl(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let has_escapes = memchr::memchr2(b'%', b'+', query.as_bytes()).is_some();
    query.split('&').filter(|part| !part.is_empty()).map(move |part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match has_escapes {
            true => (unquote_plus(name), unquote_plus(value)),
            false => (name.into(), value.into()),
        }
    })
}

fn unquote_plus(text: &str) -> Cow<'_, str> {
    Cow::Owned(percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned())
}

/// What `quote(…, safe=":/%#?=@[]!$&'()*+,;")` escapes in a redirect's address.
const UNSAFE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// The address of a redirect as Starlette sends it.
#[must_use]
pub(crate) fn quote_location(address: &str) -> String {
    utf8_percent_encode(address, UNSAFE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_query_as_parse_qsl_does() {
        let check = |query: &str, expected: &[(&str, &str)]| {
            let pairs: Vec<_> = parse_qsl(query).collect();
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
            assert_eq!(pairs, expected, "{query}");
        };
        check("", &[]);
        check("a=1&b&&=x&a=", &[("a", "1"), ("b", ""), ("", "x"), ("a", "")]);
        check("a=b=c&=&é", &[("a", "b=c"), ("", ""), ("é", "")]);
        check("a=b=c;d=+%2B%zz%FF", &[("a", "b=c;d= +%zz\u{fffd}")]);
    }

    #[test]
    fn writes_a_location_as_starlette_does() {
        assert_eq!(quote_location("http://h/a b%é{}~[x]"), "http://h/a%20b%%C3%A9%7B%7D~[x]");
    }
}
