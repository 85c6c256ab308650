//! What one request asks for itself, in `Prefer` and `X-Mock-Fault`.

use std::fmt;
use std::time::Duration;

use super::{Delay, FaultAction, Form, Refuse, Word};

/// Stands for the request's own wish where an answer names the rules that struck.
pub(crate) const BY_REQUEST: &str = "request";

/// The faults that one request asks for itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Asked {
    /// How long the answer is held back.
    pub delay: Duration,
    /// What else is done.
    pub action: Option<FaultAction>,
    /// Whether `Prefer` asks for that.
    pub is_preferred: bool,
}

/// Why a wish is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AskedError {
    /// An unknown word.
    #[error("X-Mock-Fault knows {known}; found {0:?}", known = known_words())]
    Unknown(String),
    /// A value that does not fit.
    #[error("{found:?} in the request's wish for a fault: {reason}")]
    Value {
        /// The part.
        found: String,
        /// What would be right.
        reason: String,
    },
    /// Two wishes that cannot both be granted.
    #[error("the request asks for two faults at once, and the second is {0:?}; only a delay goes with another")]
    Two(String),
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::With(name, value) => write!(f, "{name}={value}"),
            Self::Alone(name, _) => f.write_str(name),
        }
    }
}

impl Asked {
    fn add(&mut self, part: &str, action: FaultAction) -> Result<(), AskedError> {
        action.check().map_err(|wrong| value(part, wrong.detail))?;
        match action {
            FaultAction::Delay(Delay::Fixed(delay)) if self.delay.is_zero() => self.delay = delay,
            FaultAction::Delay(Delay::Uniform { .. } | Delay::Lognormal { .. }) => {
                return Err(value(
                    part,
                    "expected one duration, such as delay=2s; a rule draws from a range".to_owned(),
                ));
            }
            action if self.action.is_none() && !matches!(action, FaultAction::Delay(_)) => self.action = Some(action),
            _ => return Err(AskedError::Two(short(part))),
        }
        Ok(())
    }
}

/// Adds what a field `X-Mock-Fault` asks for: `delay=2s, cut-body`.
///
/// # Errors
///
/// Anything that is not understood.
pub(crate) fn read_fault(asked: &mut Asked, text: &str) -> Result<(), AskedError> {
    for part in text.split(',').map(str::trim) {
        let action = meant(part)?;
        asked.add(part, action)?;
    }
    Ok(())
}

/// The action that a part of `X-Mock-Fault` says.
fn meant(part: &str) -> Result<FaultAction, AskedError> {
    let (name, given) = part.split_once('=').map_or((part, None), |(name, given)| (name, Some(given)));
    for (form, word) in words() {
        let said = match (word, given) {
            (Word::With(known, _), Some(given)) if known == name => given,
            (Word::Alone(known, means), None) if known == name => means,
            _ => continue,
        };
        return form.read(said).map_err(|reason| value(part, reason));
    }
    Err(AskedError::Unknown(short(part)))
}

fn words() -> impl Iterator<Item = (&'static Form, Word)> {
    Form::all().iter().flat_map(|form| form.words.iter().map(move |word| (form, *word)))
}

/// Every word of `X-Mock-Fault`, as a sentence lists them.
fn known_words() -> String {
    let mut words: Vec<_> = words().map(|(_, word)| word.to_string()).collect();
    let last = words.pop().unwrap_or_default();
    format!("{} and {last}", words.join(", "))
}

/// Adds what a field `Prefer` asks for: `code=429`. Other preferences are the vendor's.
///
/// # Errors
///
/// A code that is no status.
pub(crate) fn read_prefer(asked: &mut Asked, text: &str) -> Result<(), AskedError> {
    for part in text.split([',', ';']).map(str::trim) {
        let Some((name, code)) = part.split_once('=') else { continue };
        if name.trim().eq_ignore_ascii_case("code") {
            asked.add(part, refuse(part, code.trim().trim_matches('"'))?)?;
            asked.is_preferred = true;
        }
    }
    Ok(())
}

fn refuse(part: &str, status: &str) -> Result<FaultAction, AskedError> {
    let status =
        status.parse().map_err(|_| value(part, "expected a status from 200 to 599, such as 503".to_owned()))?;
    Ok(FaultAction::Refuse(Refuse { status, retry_after_s: None, force: false }))
}

fn value(part: &str, reason: String) -> AskedError {
    AskedError::Value { found: short(part), reason }
}

fn short(part: &str) -> String {
    part.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fault::Cut;

    fn fault(text: &str) -> Result<Asked, String> {
        let mut asked = Asked::default();
        read_fault(&mut asked, text).map(|()| asked).map_err(|error| error.to_string())
    }

    #[test]
    fn a_request_may_ask_for_a_delay_and_one_more() {
        let asked = fault("delay=2s, cut-body").expect("understood");
        let action = Some(FaultAction::Cut(Cut::HalfBody));
        assert_eq!(asked, Asked { delay: Duration::from_secs(2), action, is_preferred: false });
        for text in ["refuse=429", "slow-body=1s", "cut", "cut-headers", "invalid-json", "empty-body", "stale"] {
            assert!(fault(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (text, canned) in [
            ("cut-bdy", "X-Mock-Fault knows refuse=STATUS"),
            ("delay", "X-Mock-Fault knows refuse=STATUS"),
            ("delay=2", "expected whole numbers with w"),
            ("delay=11m", "at most 10m"),
            ("delay=1s..2s", "expected one duration, such as delay=2s"),
            ("cut=half-body", "X-Mock-Fault knows refuse=STATUS, delay=DURATION, slow-body=DURATION, cut, cut-headers"),
            ("stale=", "wrong-content-type and stale; found \"stale=\""),
            ("refuse=99", "expected a status from 200 to 599"),
            ("refuse=many", "expected a status from 200 to 599"),
            ("cut, stale", "two faults at once, and the second is \"stale\""),
            ("delay=1s,delay=2s", "two faults at once"),
            ("", "found \"\""),
        ] {
            let error = fault(text).expect_err(text);
            assert!(error.contains(canned), "{text}: {error}");
        }
    }

    #[test]
    fn a_preference_may_name_a_code_among_others() {
        let mut asked = Asked::default();
        read_prefer(&mut asked, "return=minimal, Code=\"404\"; wait=5").expect("understood");
        let refuse = Refuse { status: 404, retry_after_s: None, force: false };
        assert_eq!(asked.action, Some(FaultAction::Refuse(refuse)));
        assert!(read_prefer(&mut Asked::default(), "code=x").is_err());
        assert!(read_prefer(&mut asked, "code=500").is_err(), "two codes");
    }
}
