//! What a client takes, as `Accept` and `Accept-Encoding` say it.

/// Whether a list names something by its own name. What a client takes by `*` alone it did not ask for.
pub(super) fn takes(field: &[u8], name: &str) -> bool {
    lists(field).any(|item| {
        let mut parts = item.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let is_named = parts.next().is_some_and(|part| part.eq_ignore_ascii_case(name.as_bytes()));
        // `q=0`, `q=0.000`: it is named to be refused.
        let refuses = |part: &[u8]| {
            let weight = part.strip_prefix(b"q=").or_else(|| part.strip_prefix(b"Q="));
            weight.is_some_and(|weight| !weight.is_empty() && weight.iter().all(|byte| matches!(byte, b'0' | b'.')))
        };
        is_named && !parts.any(refuses)
    })
}

/// The items of a list.
pub(super) fn lists(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    field.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_taken_unless_its_weight_is_none() {
        for field in ["gzip", "br, GZIP", "deflate,gzip;q=0.5", "gzip; q=1, *;q=0", "x;q=0, gzip"] {
            assert!(takes(field.as_bytes(), "gzip"), "{field}");
        }
        for field in ["", "*", "br", "gzip;q=0", "gzip ; q=0.000", "xgzip", "gzipx, identity", "br;gzip"] {
            assert!(!takes(field.as_bytes(), "gzip"), "{field}");
        }
        assert!(takes(b"text/html,application/xhtml+xml,*/*;q=0.8", "text/html"));
        assert!(!takes(b"*/*", "text/html") && !takes(b"application/json, text/*", "text/html"));
    }
}
