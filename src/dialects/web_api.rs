//! Habits of ASP.NET Web API that are not its JSON: media types, integers in addresses, default texts.

use std::borrow::Cow;

use serde::Serialize;

/// A `Content-Type` that the framework could parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaType<'a> {
    /// Type and subtype, in the letter case that was sent; blanks around the slash are dropped.
    pub kind: Cow<'a, str>,
    /// The first `charset` parameter, quotes and all.
    pub charset: Option<&'a str>,
}

impl<'a> MediaType<'a> {
    /// Parses a header. What does not parse, a trailing semicolon for one, counts as no header at all.
    #[must_use]
    pub(crate) fn parse(header: &'a str) -> Option<Self> {
        // What most clients send.
        if header == "application/json" {
            return Some(Self { kind: Cow::Borrowed(header), charset: None });
        }
        let mut parts = split_parameters(header);
        let kind = parts.next()?.trim();
        let (main, sub) = kind.split_once('/')?;
        let (main, sub) = (main.trim_end(), sub.trim_start());
        if !is_token(main) || !is_token(sub) {
            return None;
        }
        let unbroken = main.len() + 1 + sub.len() == kind.len();
        let kind = if unbroken { Cow::Borrowed(kind) } else { Cow::Owned(format!("{main}/{sub}")) };
        let mut charset = None;
        for parameter in parts {
            let (name, value) = match parameter.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => (parameter.trim(), None),
            };
            if !is_token(name) || !value.is_none_or(|value| is_token(value) || is_quoted(value)) {
                return None;
            }
            if name.eq_ignore_ascii_case("charset") {
                charset.get_or_insert(value);
            }
        }
        Some(Self { kind, charset: charset.flatten() })
    }

    /// Whether the JSON formatter reads it: `application/json`, `text/json`, or a range with one of them in it.
    #[must_use]
    pub(crate) fn is_json(&self) -> bool {
        ["application/json", "text/json", "application/*", "text/*", "*/*"]
            .iter()
            .any(|kind| self.kind.eq_ignore_ascii_case(kind))
    }
}

/// Splits at semicolons outside quotes.
fn split_parameters(header: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    header.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' if quoted && !was_escaped => escaped = true,
            '"' if !was_escaped => quoted = !quoted,
            _ => {}
        }
        c == ';' && !quoted
    })
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !br#"()<>@,;:\"/[]?={}"#.contains(&byte))
}

fn is_quoted(text: &str) -> bool {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.replace("\\\"", "").contains('"'))
}

/// The 32-bit integer in an address: decimal with blanks around and a sign, or hexadecimal behind `0x`,
/// `&h` or `#`, as .NET's type converter reads it.
#[must_use]
pub(crate) fn integer(text: &str) -> Option<i32> {
    let text = text.trim();
    match text.strip_prefix('#').or_else(|| behind(text, &["0x", "0X", "&h", "&H"])) {
        // Reading base 16, .NET itself takes a plus and a `0x`.
        Some(digits) => {
            let digits = digits.strip_prefix('+').unwrap_or(digits);
            let digits = behind(digits, &["0x", "0X"]).unwrap_or(digits);
            let plain = !digits.starts_with('+');
            plain.then(|| u32::from_str_radix(digits, 16).ok()).flatten().map(u32::cast_signed)
        }
        None => text.trim_end_matches('\0').trim_end().parse().ok(),
    }
}

fn behind<'t>(text: &'t str, starts: &[&str]) -> Option<&'t str> {
    starts.iter().find_map(|start| text.strip_prefix(start))
}

/// An address as .NET prints it: percent escapes of characters that are safe to show are undone, marks of
/// the writing direction dropped.
#[must_use]
pub(crate) fn shown_uri(uri: &str) -> String {
    let mut shown = String::with_capacity(uri.len());
    let mut in_query = false;
    let mut rest = uri;
    while let Some((plain, behind)) = rest.split_once('%') {
        shown.push_str(plain);
        in_query |= plain.contains('?');
        let (length, text) = escaped(behind, in_query);
        shown.push_str(&text);
        rest = behind.get(length..).unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

/// How much behind a percent sign belongs to one character's escape, and how it is shown.
fn escaped(behind: &str, in_query: bool) -> (usize, String) {
    let mut bytes = Vec::with_capacity(4);
    let mut at = 0;
    while let Some(byte) = behind.get(at..at + 2).and_then(two_digits) {
        bytes.push(byte);
        if let Some(c) = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            let escape = format!("%{}", behind.get(..at + 2).unwrap_or_default());
            return (at + 2, shown_char(c, escape, in_query));
        }
        if bytes.len() == 4 || behind.as_bytes().get(at + 2) != Some(&b'%') {
            break;
        }
        at += 3;
    }
    match behind.get(..2).filter(|_| !bytes.is_empty()) {
        Some(digits) => (2, format!("%{}", digits.to_ascii_uppercase())),
        None => (0, "%25".to_owned()),
    }
}

fn shown_char(c: char, escape: String, in_query: bool) -> String {
    match c {
        '\0'..='\u{1f}' | '\u{7f}' | '#' | '$' | '%' | '&' | '+' | ',' | '/' | ';' | '=' | '?' | '@' | '\\' => escape,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => String::new(),
        _ if c.is_ascii() || is_international(c, in_query) => c.to_string(),
        _ => escape.to_ascii_uppercase(),
    }
}

/// Whether RFC 3987 has the character in its `ucschar`, or for a query in its `iprivate`.
fn is_international(c: char, in_query: bool) -> bool {
    match c {
        '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}' => true,
        '\u{e000}'..='\u{f8ff}' => in_query,
        '\u{e0000}'..='\u{e0fff}' => false,
        '\u{10000}'.. => u32::from(c) & 0xFFFF < 0xFFFE && (in_query || c < '\u{f0000}'),
        _ => false,
    }
}

fn two_digits(text: &str) -> Option<u8> {
    // from_str_radix takes a sign.
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u8::from_str_radix(text, 16).ok()).flatten()
}

/// The framework's default error body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Message {
    message: String,
}

impl Message {
    /// A text of the host or of the vendor in the framework's form.
    #[must_use]
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// 401, and 403.
    #[must_use]
    pub(crate) fn denied() -> Self {
        Self::new("Authorization has been denied for this request.")
    }

    /// 400: something in the address does not fit the action.
    #[must_use]
    pub(crate) fn invalid() -> Self {
        Self::new("The request is invalid.")
    }

    /// 404.
    #[must_use]
    pub(crate) fn no_resource(uri: &str) -> Self {
        Self::new(format!("No HTTP resource was found that matches the request URI '{}'.", shown_uri(uri)))
    }

    /// 405, with the method as it was sent.
    #[must_use]
    pub(crate) fn no_method(method: &str) -> Self {
        Self::new(format!("The requested resource does not support http method '{method}'."))
    }

    /// 415, for this media type or for none.
    #[must_use]
    pub(crate) fn unreadable(media_type: Option<MediaType<'_>>) -> Self {
        Self::new(match media_type {
            Some(media_type) => {
                format!("The request entity's media type '{}' is not supported for this resource.", media_type.kind)
            }
            None => "The request contains an entity body but no Content-Type header. The inferred media type \
                     'application/octet-stream' is not supported for this resource."
                .to_owned(),
        })
    }

    /// 500.
    #[must_use]
    pub(crate) fn crashed() -> Self {
        Self::new("An error has occurred.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types() {
        for (header, expected) in [
            ("application/json", Some(("application/json", None))),
            ("TEXT/JSON ; charset = utf-8", Some(("TEXT/JSON", Some("utf-8")))),
            ("application/json; a=\"b;c\"; charset=UTF-16", Some(("application/json", Some("UTF-16")))),
            (" application / json ", Some(("application/json", None))),
            ("application/json; charset=utf-16; charset=utf-8", Some(("application/json", Some("utf-16")))),
            ("application/json; charset; charset=utf-8", Some(("application/json", None))),
            ("application/json; charset", Some(("application/json", None))),
            ("application/json; charset=\"\"", Some(("application/json", Some("\"\"")))),
            ("application/json; charset=", None),
            ("application/json;", None),
            ("application/json;;charset=utf-8", None),
            ("application/json, text/plain", None),
            ("application/json; a=b c", None),
            ("applic@tion/json", None),
            ("application/json/x", None),
            ("json", None),
            ("", None),
        ] {
            let parsed = MediaType::parse(header);
            let parsed = parsed.as_ref().map(|parsed| (&*parsed.kind, parsed.charset));
            assert_eq!(parsed, expected, "{header}");
        }
        assert!(MediaType::parse("*/*").unwrap().is_json());
        assert!(!MediaType::parse("application/vnd.api+json").unwrap().is_json());
    }

    #[test]
    fn integers_in_addresses() {
        for (text, expected) in [
            ("188", Some(188)),
            (" +188", Some(188)),
            ("-1", Some(-1)),
            ("0xBC", Some(188)),
            ("&hBC", Some(188)),
            ("#BC", Some(188)),
            ("#0xBC", Some(188)),
            ("0x+BC", Some(188)),
            ("188\0", Some(188)),
            ("188 \0", Some(188)),
            ("#+0xBC", Some(188)),
            ("\u{a0}188\u{2003}", Some(188)),
            ("0x++BC", None),
            ("0x-BC", None),
            ("- 188", None),
            ("2147483648", None),
            ("\u{0}188", None),
            ("0x", None),
            ("1.0", None),
            ("99999999999", None),
            ("١", None),
            ("", None),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_shown_unescaped_where_that_is_safe() {
        for (uri, expected) in [
            ("/p%C3%A9rson?x=%20y%2fz", "/pérson?x= y%2fz"),
            ("/%F0%9F%98%80", "/😀"),
            ("/%FFx%E2%82", "/%FFx%E2%82"),
            ("/%c3%28", "/%C3("),
            ("/%zz%", "/%25zz%25"),
            ("/%+f", "/%25+f"),
            ("/%ee%80%80?%ee%80%80", "/%EE%80%80?\u{e000}"),
            ("/%F3%B0%80%80?%F3%B0%80%80%f3%bf%bf%be", "/%F3%B0%80%80?\u{f0000}%F3%BF%BF%BE"),
            ("/%ef%bf%bd%c2%85%F3%A0%80%81", "/%EF%BF%BD%C2%85%F3%A0%80%81"),
            ("/a%E2%80%AEb%e2%80%8f", "/ab"),
            ("/%25%3C%22%7f", "/%25<\"%7f"),
        ] {
            assert_eq!(shown_uri(uri), expected);
        }
    }
}
