//! Cookies: Starlette's splitting of the header field, `http.cookies`' unquoting.

/// The value of the last cookie of a name in a header field's text, unquoted.
#[must_use]
pub(crate) fn last_cookie(field: &str, name: &str) -> Option<String> {
    let mut pairs = field.split(';').filter_map(|chunk| chunk.split_once('='));
    pairs.rfind(|(known, _)| known.trim() == name).map(|(_, value)| unquote(value.trim()))
}

/// What stands between quotation marks, `\012` and `\"` resolved; any other text as it is.
fn unquote(text: &str) -> String {
    let Some(quoted) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut plain = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut behind = after.chars();
        if let Some(code) = octal(after) {
            plain.push(char::from(code));
            behind.nth(2);
        } else {
            // A last backslash stands for itself.
            plain.push(behind.next().unwrap_or('\\'));
        }
        rest = behind.as_str();
    }
    plain.push_str(rest);
    plain
}

/// The byte that three octal digits name.
fn octal(text: &str) -> Option<u8> {
    let digits = text.get(..3).filter(|digits| digits.bytes().all(|byte| matches!(byte, b'0'..=b'7')))?;
    u8::from_str_radix(digits, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_name_counts() {
        assert_eq!(last_cookie("a=1; b=2; a = 3 ;a", "a").as_deref(), Some("3"));
        assert_eq!(last_cookie("a=1;a=", "a").as_deref(), Some(""));
        assert_eq!(last_cookie("a==1", "a").as_deref(), Some("=1"));
        assert_eq!(last_cookie("A=1; a", "a"), None);
    }

    #[test]
    fn unquotes_as_python_does() {
        for (text, plain) in [
            ("\"a b\"", "a b"),
            (r#""a\"b\\c\054\777d""#, "a\"b\\c,777d"),
            (r#""\é\08""#, "é08"),
            ("\"a\\\"", "a\\"),
            ("\"", "\""),
            ("\"\"", ""),
            ("\"é", "\"é"),
            ("a\\054", "a\\054"),
        ] {
            assert_eq!(unquote(text), plain, "{text}");
        }
    }
}
