//! The address of a request: its path decoded as the vendors' servers decode it, before routing.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The percent-decoded path; bytes that are no UTF-8 become U+FFFD.
///
/// actix routes on the raw path, the vendors' servers decode first: `/v1%2Fpersonas/ID` is the item.
pub(in crate::http) fn decoded(raw_path: &str) -> Cow<'_, str> {
    if raw_path.as_bytes().contains(&b'%') {
        Cow::Owned(percent_decode_str(raw_path).decode_utf8_lossy().into_owned())
    } else {
        Cow::Borrowed(raw_path)
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_path_is_decoded_slashes_included() {
        assert_eq!(decoded("/v1%2Fpersonas/a%20b"), "/v1/personas/a b");
        assert_eq!(decoded("/x/%ff"), "/x/\u{fffd}");
        assert_eq!(decoded("/x/%zz"), "/x/%zz");
    }
}
