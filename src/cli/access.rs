//! Who may call: what `--cors` says as a whole, and the control token.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::sources::source;
use crate::app::origin::Origin;
use crate::app::{Cors, Token};

/// No head of a request carries more.
const LONGEST_TOKEN: u64 = 16_384;

/// One value of `--cors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsArg {
    /// Pages of all origins.
    On,
    /// None.
    Off,
    /// Pages of this one.
    Origin(Origin),
}

/// What all values of `--cors` say together.
///
/// # Errors
///
/// `on` or `off` beside something else.
pub(super) fn cors(values: &[CorsArg]) -> Result<Cors, String> {
    let mut origins = Vec::new();
    let (mut on, mut off) = (false, false);
    for value in values {
        match value {
            CorsArg::On => on = true,
            CorsArg::Off => off = true,
            CorsArg::Origin(origin) => origins.push(origin.clone()),
        }
    }
    match (on, off, origins.is_empty()) {
        (true, false, true) => Ok(Cors::On),
        (false, true, true) => Ok(Cors::Off),
        (false, false, _) => Ok(Cors::Only(origins)),
        _ => Err("takes `on` or `off` alone, or origins, such as `--cors http://localhost:3000 --cors null`; \
                  found both"
            .to_owned()),
    }
}

/// The control token of a flag or of a file.
///
/// # Errors
///
/// The file cannot be read, or what it or the flag holds is no token; the flag, variable or line that named it is told.
pub(super) fn token(text: Option<&str>, file: Option<&Path>) -> anyhow::Result<Option<Token>> {
    let Some(file) = file else {
        return text.map(str::parse).transpose().with_context(|| source("control_token"));
    };
    of_file(file).map(Some).with_context(|| source("control_token_file"))
}

fn of_file(file: &Path) -> anyhow::Result<Token> {
    let shown = file.display();
    let mut text = String::new();
    let read = File::open(file).and_then(|file| file.take(LONGEST_TOKEN + 1).read_to_string(&mut text));
    let length = read.with_context(|| format!("cannot read the control token file {shown}"))?;
    if length as u64 > LONGEST_TOKEN {
        anyhow::bail!(
            "the control token file {shown} holds more than {LONGEST_TOKEN} bytes; expected one line of text"
        );
    }
    // Some editors write a mark at the start, and all of them a line break at the end.
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    text.parse().with_context(|| format!("in the control token file {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cors_is_on_off_or_a_list_and_never_two_of_these() {
        let page = |text: &str| CorsArg::Origin(text.parse().expect("an origin"));
        assert_eq!(cors(&[CorsArg::On, CorsArg::On]), Ok(Cors::On));
        assert_eq!(cors(&[CorsArg::Off]), Ok(Cors::Off));
        let list = [page("http://localhost:3000"), page("null"), page("capacitor://localhost")];
        assert!(matches!(cors(&list), Ok(Cors::Only(origins)) if origins.len() == 3));
        for mixed in [[CorsArg::On, CorsArg::Off], [CorsArg::On, page("null")], [page("null"), CorsArg::Off]] {
            assert!(cors(&mixed).expect_err("a mixture").contains("found both"), "{mixed:?}");
        }
    }
}
