//! The control token: the one secret of this server.

use std::fmt;
use std::str::FromStr;

use ctutils::CtEq;
use http::header;
use sha2::{Digest, Sha256};

use crate::provider::Headers;
use crate::world::sandbox::CREDENTIAL_MARK;

/// The token that control requests must carry as `Authorization: Bearer TOKEN`.
#[derive(Clone)]
pub struct Token {
    text: String,
    digest: [u8; 32],
}

/// Why a text is no control token. It never shows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Nothing, or blanks.
    #[error(
        "the control token is empty: it would be no secret. Give a text such as one that `openssl rand -hex 16` prints, or leave the token out"
    )]
    Empty,
    /// A blank before or behind it.
    #[error("the control token begins or ends with a blank, which no header field keeps; take the blank away")]
    Blank,
    /// A control character.
    #[error(
        "the control token holds a line break or another control character, which no header field can carry; expected one line of text"
    )]
    Control,
    /// The ending by which a credential names a sandbox.
    #[error("the control token holds `+sandbox.`, by which a credential names a sandbox; choose another text")]
    Mark,
}

impl Token {
    /// The token as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a request carries it. How long that takes tells nothing of the token, its length included.
    pub(crate) fn is_sent(&self, headers: &Headers) -> bool {
        let Some(field) = headers.get(&header::AUTHORIZATION).map(|field| field.as_bytes()) else { return false };
        let Some(blank) = field.iter().position(|byte| *byte == b' ') else { return false };
        let (scheme, sent) = field.split_at(blank);
        scheme.eq_ignore_ascii_case(b"bearer") && digest(sent.trim_ascii()).ct_eq(&self.digest).to_bool()
    }
}

fn digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        if text.trim().is_empty() {
            Err(TokenError::Empty)
        } else if text.chars().any(char::is_control) {
            Err(TokenError::Control)
        } else if text.trim() != text {
            Err(TokenError::Blank)
        } else if text.contains(CREDENTIAL_MARK) {
            Err(TokenError::Mark)
        } else {
            Ok(Self { text: text.to_owned(), digest: digest(text.as_bytes()) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::HeaderValue;

    #[test]
    fn a_token_is_sent_by_any_spelling_of_bearer_and_by_nothing_else() {
        let token: Token = "s3cret".parse().expect("a token");
        let is_sent = |field: &'static str| {
            let mut headers = Headers::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(field));
            token.is_sent(&headers)
        };
        for field in ["Bearer s3cret", "bearer s3cret", "BEARER s3cret", "bEaReR  s3cret"] {
            assert!(is_sent(field), "{field}");
        }
        for field in [
            "",
            "Bearer",
            "Bearer ",
            "s3cret",
            " s3cret",
            "Bearers3cret",
            "Basic s3cret",
            "Bearer s3cre",
            "Bearer s3cret2",
            "Bearer S3cret",
        ] {
            assert!(!is_sent(field), "{field}");
        }
        assert!(!token.is_sent(&Headers::new()));
    }

    #[test]
    fn what_could_never_be_sent_is_no_token_and_no_message_shows_it() {
        for (text, error) in [
            ("", TokenError::Empty),
            (" \t ", TokenError::Empty),
            ("\n", TokenError::Empty),
            ("s3cret\ns3cret", TokenError::Control),
            ("s3cret\0", TokenError::Control),
            (" s3cret", TokenError::Blank),
            ("s3cret\u{a0}", TokenError::Blank),
            ("s3cret+sandbox.t1", TokenError::Mark),
        ] {
            let found = text.parse::<Token>().expect_err("no token");
            assert_eq!(found, error, "{text:?}");
            assert!(!found.to_string().contains("s3cret"));
        }
        let token: Token = "s3cret with blanks: fine".parse().expect("a token");
        assert_eq!(format!("{token:?}"), "Token");
    }
}
