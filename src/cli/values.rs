//! How the value of a flag or a variable is read.
//!
//! Blanks around it and letter case do not count in numbers, durations, switches, enumerations and ids. Tokens, paths,
//! names and URLs are taken as they are.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use crate::http::listen;
use crate::http::origin::Origin;
use crate::providers;
use crate::world::clock::Clock;
use crate::world::duration;
use crate::world::options::{AuthMode, meant};

/// Reads `on`, `off` and what people write for it.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    match meant(&["on", "off"], text) {
        Some(word) => Ok(word == "on"),
        None => Err("expected `on` or `off`, `true` or `false`, `1` or `0`".to_owned()),
    }
}

/// Reads one of the values of an enumeration.
#[derive(Debug)]
pub(super) struct Choice<E>(PhantomData<fn() -> E>);

impl<E> Choice<E> {
    /// A reader of an `E`.
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E> Clone for Choice<E> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<E: ValueEnum + Clone + Send + Sync + 'static> TypedValueParser for Choice<E> {
    type Value = E;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<E, clap::Error> {
        let values: Vec<_> = E::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
        let names: Vec<_> = values.iter().flat_map(PossibleValue::get_name_and_aliases).collect();
        let value = value.to_str().and_then(|text| meant(&names, text)).map_or(value, OsStr::new);
        EnumValueParser::<E>::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(E::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// A reader of whole numbers of a range.
pub(super) fn number<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
    example: u64,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.trim().parse().ok().filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
            format!("expected a whole number from {} to {}, such as {example}", range.start(), range.end())
        })
    }
}

/// Reads `500ms`, `5s`, `1h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    duration::parse(&text.trim().to_ascii_lowercase()).map_err(|error| error.to_string())
}

/// Reads `real` or an instant.
pub(super) fn clock(text: &str) -> Result<Clock, String> {
    text.trim().parse().map_err(|error: crate::world::clock::ClockError| error.to_string())
}

/// Reads `off`, `any` or `strict`.
pub(super) fn auth(text: &str) -> Result<AuthMode, String> {
    text.parse()
}

/// Reads a provider's id. One that is not of this crate is the server's to know, and stays as it is.
pub(super) fn id(text: &str) -> Result<String, Infallible> {
    let text = text.trim();
    let mut known = providers::registry().iter().map(|provider| provider.passport().id);
    Ok(known.find(|id| id.eq_ignore_ascii_case(text)).unwrap_or(text).to_owned())
}

/// Reads what to listen on.
pub(super) fn host(text: &str) -> Result<String, listen::HostError> {
    listen::host(text).map(str::to_owned)
}

/// Reads the origin of a page.
pub(super) fn origin(text: &str) -> Result<Origin, crate::http::origin::OriginError> {
    text.parse()
}

/// Reads where a server is.
pub(super) fn url(text: &str) -> Result<String, String> {
    match text.strip_prefix("http://") {
        Some(host) if !host.starts_with('/') && !host.is_empty() => Ok(text.to_owned()),
        _ if text.starts_with("https://") => {
            Err("the server speaks no TLS: expected its base URL, such as http://localhost:8080".to_owned())
        }
        _ => Err("expected the server's base URL, such as http://localhost:8080".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_its_range_is_told_the_range() {
        let read = number::<u16>(0..=65_535, 8080);
        assert_eq!((read("0"), read(" 65535\n")), (Ok(0), Ok(65_535)));
        for wrong in ["", "x", "-1", "65536", "1.5", "99999999999999999999999"] {
            assert_eq!(read(wrong), Err("expected a whole number from 0 to 65535, such as 8080".to_owned()), "{wrong}");
        }
    }

    #[test]
    fn a_url_has_a_scheme_and_a_host() {
        for right in ["http://localhost:8080", "http://[::1]:8080/"] {
            assert_eq!(url(right).as_deref(), Ok(right));
        }
        for wrong in ["localhost:8080", "http://", "http:///x", "HTTP//x", "tcp://10.0.0.1:80", "https://localhost"] {
            assert!(url(wrong).is_err_and(|error| error.contains("such as http://localhost:8080")), "{wrong}");
        }
    }
}
