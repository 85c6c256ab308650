//! The path of a request: decoded as the vendors' servers do, and without what names a sandbox.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The first segment of a base URL that names a sandbox.
pub(crate) const PREFIX: &str = "/_sandbox/";

/// The percent-decoded path; bytes that are no UTF-8 become U+FFFD.
///
/// actix routes on the raw path, the vendors' servers decode first: `/v1%2Fpersonas/ID` is the item.
pub(crate) fn decoded(raw_path: &str) -> Cow<'_, str> {
    if raw_path.as_bytes().contains(&b'%') {
        Cow::Owned(percent_decode_str(raw_path).decode_utf8_lossy().into_owned())
    } else {
        Cow::Borrowed(raw_path)
    }
}

/// A raw path taken apart: the sandbox that its base URL names, and the path as the client means it.
pub(crate) fn split_prefix(raw_path: &str) -> (Option<&str>, &str) {
    let Some(rest) = raw_path.strip_prefix(PREFIX) else { return (None, raw_path) };
    match rest.find('/') {
        Some(slash) => (Some(&rest[..slash]), &rest[slash..]),
        None => (Some(rest), "/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_slashes_included() {
        assert_eq!(decoded("/v1%2Fpersonas/a%20b"), "/v1/personas/a b");
        assert_eq!(decoded("/x/%ff"), "/x/\u{fffd}");
        assert_eq!(decoded("/x/%zz"), "/x/%zz");
    }

    #[test]
    fn a_base_url_may_name_a_sandbox() {
        assert_eq!(split_prefix("/_sandbox/t1/v1/personas/"), (Some("t1"), "/v1/personas/"));
        assert_eq!(split_prefix("/_sandbox/t1"), (Some("t1"), "/"));
        assert_eq!(split_prefix("/v1/_sandbox/t1"), (None, "/v1/_sandbox/t1"));
    }
}
