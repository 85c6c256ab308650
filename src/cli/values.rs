//! How the value of a flag or a variable is read.
//!
//! Blanks around it and letter case do not count in numbers, durations, switches, enumerations and ids. Tokens, paths,
//! names and URLs are taken as they are.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::{EnumValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use super::access::CorsArg;
use crate::api::EVERYWHERE;
use crate::app::origin::{Origin, OriginError};
use crate::app::{Host, HostError, WhenFull};
use crate::provider::Scheme;
use crate::providers;
use crate::server::addresses as listen;
use crate::world::clock::Clock;
use crate::world::duration;
use crate::world::options::{AuthMode, meant};
use crate::world::sandbox::SandboxName;

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

/// Reads one of a few words.
#[derive(Debug, Clone, Copy)]
pub(super) struct OneOf(pub(super) &'static [&'static str]);

impl TypedValueParser for OneOf {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        let value = value.to_str().and_then(|text| meant(self.0, text)).map_or(value, OsStr::new);
        PossibleValuesParser::new(self.0).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// A reader of whole numbers of a range.
pub(super) fn number<T: TryFrom<u64> + Display + Copy + Send + Sync + 'static>(
    range: RangeInclusive<u64>,
    example: T,
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

/// Reads a duration above zero.
pub(super) fn some_time(text: &str) -> Result<Duration, String> {
    let found = duration(text)?;
    if found.is_zero() {
        return Err("expected a time above 0, such as 10s: in none at all nothing can be done".to_owned());
    }
    Ok(found)
}

/// Reads `real` or an instant.
pub(super) fn clock(text: &str) -> Result<Clock, String> {
    text.trim().parse().map_err(|error: crate::world::clock::ClockError| error.to_string())
}

/// Reads `off`, `any` or `strict`.
pub(super) fn auth(text: &str) -> Result<AuthMode, String> {
    text.parse()
}

/// Reads `evict` or `refuse`.
pub(super) fn when_full(text: &str) -> Result<WhenFull, String> {
    text.parse()
}

/// Reads a provider's id. One that is not of this crate is the server's to know, and stays as it is.
pub(super) fn id(text: &str) -> Result<String, Infallible> {
    let text = text.trim();
    let mut known = providers::registry().iter().map(|provider| &*provider.descriptor().id);
    Ok(known.find(|id| id.eq_ignore_ascii_case(text)).unwrap_or(text).to_owned())
}

/// Reads the name of a snapshot, which is spelt as a sandbox's.
pub(super) fn snapshot(text: &str) -> Result<String, String> {
    let expected = "expected 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone, such as checkout";
    name(text).map_err(|_| expected.to_owned())
}

/// Reads the name of a sandbox.
pub(super) fn name(text: &str) -> Result<String, String> {
    text.parse::<SandboxName>().map(|name| name.to_string()).map_err(|error| error.to_string())
}

/// Reads the name of a sandbox, or what stands for all of them.
pub(super) fn whose(text: &str) -> Result<String, String> {
    if text == EVERYWHERE { Ok(text.to_owned()) } else { name(text) }
}

/// Reads what to listen on.
pub(super) fn host(text: &str) -> Result<String, listen::HostError> {
    listen::host(text).map(str::to_owned)
}

/// Reads the origin of pages that may steer.
///
/// `null` is refused: every sandboxed frame and every local file sends it, so it tells nobody apart.
pub(super) fn origin(text: &str) -> Result<Origin, String> {
    let origin: Origin = text.parse().map_err(|error: OriginError| error.to_string())?;
    if origin.is_null() {
        return Err("every page can have the origin `null` in a sandboxed frame, so it would let all of them steer; \
                    serve the page over http and name that origin, such as http://localhost:3000"
            .to_owned());
    }
    Ok(origin)
}

/// Reads one value of `--cors`.
pub(super) fn cors(text: &str) -> Result<CorsArg, String> {
    match switch(text) {
        Ok(true) => Ok(CorsArg::On),
        Ok(false) => Ok(CorsArg::Off),
        Err(_) if text.trim() == "*" => Err("every origin is `on`".to_owned()),
        Err(_) => {
            let wrong = |error: OriginError| format!("expected `on`, `off` or an origin: {error}");
            text.parse().map(CorsArg::Origin).map_err(wrong)
        }
    }
}

/// Reads a name of the server; a port that is copied along is passed over.
pub(super) fn control_host(text: &str) -> Result<Host, HostError> {
    text.trim().parse()
}

/// Reads where a server is.
pub(super) fn url(text: &str) -> Result<String, String> {
    Scheme::behind(text).map(|_| text.to_owned()).map_err(str::to_owned)
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
    fn cors_takes_what_people_write_for_a_switch_or_an_origin() {
        for (text, value) in [("on", true), ("ON", true), (" true ", true), ("1", true), ("Off", false), ("0", false)] {
            assert_eq!(cors(text), Ok(if value { CorsArg::On } else { CorsArg::Off }), "{text}");
        }
        for text in ["http://localhost:3000", " null", "capacitor://localhost", "file://"] {
            assert!(matches!(cors(text), Ok(CorsArg::Origin(_))), "{text}");
        }
        for (wrong, told) in
            [("*", "every origin is `on`"), ("maybe", "expected `on`, `off` or an origin"), ("", "such as")]
        {
            assert!(cors(wrong).is_err_and(|error| error.contains(told)), "{wrong:?}");
        }
    }

    #[test]
    fn the_origin_of_every_page_may_not_steer() {
        assert!(origin("null").is_err_and(|error| error.contains("let all of them steer")));
        assert!(origin("localhost:3000").is_err_and(|error| error.contains("begins with a scheme")));
        assert!(origin(" http://localhost:3000/ ").is_ok());
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
