//! What a fault does to a request, and how each is written.

use std::time::Duration;

use schemars::JsonSchema;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde::{Deserialize, Serialize};

use super::delay::{Delay, LONGEST_WAIT};
use crate::world::call::Wrong;
use crate::world::duration;

/// The longest `Retry-After`.
const LONGEST_RETRY_S: u64 = 86_400;

/// What happens to a request that a rule strikes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FaultAction {
    /// Answered with a status of the operation, in the vendor's body; the vendor does nothing.
    Refuse(Refuse),
    /// Answered late; the vendor has done its work before the wait.
    Delay(Delay),
    /// Answered with a body that trickles.
    SlowBody(SlowBody),
    /// The connection is reset; the vendor has done its work before.
    Cut(Cut),
    /// Answered with a body that is not what it should be.
    Garble(Garble),
    /// A read that sees the state before the provider's last write.
    Stale,
}

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// A status that the provider's document gives the operation.
    #[schemars(example = 503, range(min = 200, max = 599))]
    pub status: u16,
    /// `Retry-After` of a 429 or 503; 30 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// Whether a status that the operation does not have is sent all the same, marked as inferred.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
}

/// A body that trickles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowBody {
    /// How long the body takes, at most 10 minutes; the head comes at once.
    #[serde(with = "duration::text")]
    #[schemars(with = "String", example = &"5s")]
    pub over: Duration,
}

/// Where the connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cut {
    /// Before the first byte of the answer.
    BeforeAnswer,
    /// Between head and body.
    AfterHeaders,
    /// After half of the body.
    HalfBody,
}

impl Cut {
    /// How many bytes of a body leave before the connection is reset.
    #[must_use]
    pub(crate) fn leaves(self, body: usize) -> usize {
        match self {
            Self::BeforeAnswer | Self::AfterHeaders => 0,
            Self::HalfBody => body.div_ceil(2),
        }
    }
}

/// How a body is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Garble {
    /// It ends in the middle.
    InvalidJson,
    /// It is empty.
    EmptyBody,
    /// It is called `text/html`.
    WrongContentType,
}

/// A way to write an action: as a flag of the command line, and in the header field `X-Mock-Fault`.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub flag: &'static str,
    /// What stands for its value in a help text, such as `STATUS`; empty where it has none.
    pub value: &'static str,
    /// What happens to a request, in one line.
    pub about: &'static str,
    /// The values that it takes; those that it can read, where none are listed.
    pub choices: &'static [&'static str],
    /// How the header field says it.
    pub words: &'static [Word],
    read: fn(&str) -> Result<FaultAction, String>,
}

/// A word of the header field `X-Mock-Fault`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// With a value: `refuse=STATUS`.
    With(&'static str, &'static str),
    /// Alone, and the value that it means.
    Alone(&'static str, &'static str),
}

/// Every way to write an action, in the order in which help texts list them.
static FORMS: [Form; 7] = [
    Form {
        flag: "refuse",
        value: "STATUS",
        about: "Answer with this status of the operation, in the vendor's body",
        choices: &[],
        words: &[Word::With("refuse", "STATUS")],
        read: |text| {
            let status = text.parse().map_err(|_| "expected a status from 200 to 599, such as 503".to_owned())?;
            Ok(FaultAction::Refuse(Refuse { status, retry_after_s: None, force: false }))
        },
    },
    Form {
        flag: "delay",
        value: "WAIT",
        about: "Answer late: always by 2s, or by 100ms..2s",
        choices: &[],
        words: &[Word::With("delay", "DURATION")],
        read: |text| {
            Ok(FaultAction::Delay(match text.split_once("..") {
                Some((min, max)) => Delay::Uniform { min: span(min)?, max: span(max)? },
                None => Delay::Fixed(span(text)?),
            }))
        },
    },
    Form {
        flag: "delay-lognormal",
        value: "MEDIAN,SIGMA",
        about: "Answer late, mostly near a median: 200ms,0.5 is median and spread",
        choices: &[],
        words: &[],
        read: |text| {
            let parts = text.split_once(',').map(|(median, sigma)| (median, sigma.trim().parse()));
            let Some((median, Ok(sigma))) = parts else {
                return Err(format!("expected median and spread, such as 200ms,0.5; found {text:?}"));
            };
            Ok(FaultAction::Delay(Delay::Lognormal { median: span(median)?, sigma }))
        },
    },
    Form {
        flag: "slow-body",
        value: "DURATION",
        about: "Let the body trickle for so long",
        choices: &[],
        words: &[Word::With("slow-body", "DURATION")],
        read: |text| Ok(FaultAction::SlowBody(SlowBody { over: span(text)? })),
    },
    Form {
        flag: "cut",
        value: "WHERE",
        about: "Reset the connection",
        choices: &["before-answer", "after-headers", "half-body"],
        words: &[
            Word::Alone("cut", "before-answer"),
            Word::Alone("cut-headers", "after-headers"),
            Word::Alone("cut-body", "half-body"),
        ],
        read: |text| choice(text).map(FaultAction::Cut),
    },
    Form {
        flag: "garble",
        value: "HOW",
        about: "Spoil the body",
        choices: &["invalid-json", "empty-body", "wrong-content-type"],
        words: &[
            Word::Alone("invalid-json", "invalid-json"),
            Word::Alone("empty-body", "empty-body"),
            Word::Alone("wrong-content-type", "wrong-content-type"),
        ],
        read: |text| choice(text).map(FaultAction::Garble),
    },
    Form {
        flag: "stale",
        value: "",
        about: "Let a read see the state before the provider's last write",
        choices: &[],
        words: &[Word::Alone("stale", "")],
        read: |_| Ok(FaultAction::Stale),
    },
];

impl Form {
    /// All of them.
    #[must_use]
    pub(crate) fn all() -> &'static [Self] {
        &FORMS
    }

    /// The action that a value says.
    ///
    /// # Errors
    ///
    /// What was expected.
    pub(crate) fn read(&self, text: &str) -> Result<FaultAction, String> {
        (self.read)(text)
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("flag", &self.flag).finish_non_exhaustive()
    }
}

fn span(text: &str) -> Result<Duration, String> {
    duration::parse(text.trim()).map_err(|error| error.to_string())
}

/// One of the values of an enumeration, with hyphens.
fn choice<'t, T: Deserialize<'t>>(text: &str) -> Result<T, String> {
    let name: serde::de::value::StringDeserializer<Error> = text.replace('-', "_").into_deserializer();
    T::deserialize(name).map_err(|error| error.to_string().replace('_', "-"))
}

impl FaultAction {
    /// Whether only a read can be struck so.
    #[must_use]
    pub fn is_for_reads(&self) -> bool {
        matches!(self, Self::Stale)
    }

    /// Whether an answer without a body stays as it is.
    #[must_use]
    pub(crate) fn is_for_bodies(&self) -> bool {
        matches!(self, Self::Garble(_) | Self::SlowBody(_))
    }

    /// Whether this can be meant.
    ///
    /// # Errors
    ///
    /// What cannot.
    pub fn check(&self) -> Result<(), Wrong> {
        match *self {
            Self::Refuse(refuse) => refuse.check(),
            Self::Delay(Delay::Fixed(wait)) => is_bearable(".action.delay.fixed", wait),
            Self::Delay(Delay::Uniform { min, max }) => {
                if min > max {
                    let [min, max] = [min, max].map(duration::show);
                    let detail = format!(
                        "expected a duration of at most `max`, which is {max}, found {min}; an example is \
                         {{\"min\": \"100ms\", \"max\": \"2s\"}}"
                    );
                    return Err(Wrong::new(".action.delay.uniform.min", detail));
                }
                is_bearable(".action.delay.uniform.max", max)
            }
            Self::Delay(Delay::Lognormal { median, sigma }) => {
                if !(0.0..=4.0).contains(&sigma) {
                    let detail = format!("expected a number from 0 to 4, such as 0.5, found {sigma}");
                    return Err(Wrong::new(".action.delay.lognormal.sigma", detail));
                }
                is_bearable(".action.delay.lognormal.median", median)
            }
            Self::SlowBody(SlowBody { over }) => is_bearable(".action.slow_body.over", over),
            Self::Cut(_) | Self::Garble(_) | Self::Stale => Ok(()),
        }
    }
}

impl Refuse {
    fn check(self) -> Result<(), Wrong> {
        if !(200..600).contains(&self.status) {
            let detail = format!("expected a status from 200 to 599, such as 503, found {}", self.status);
            return Err(Wrong::new(".action.refuse.status", detail));
        }
        match self.retry_after_s {
            Some(_) if !matches!(self.status, 429 | 503) => {
                let detail =
                    format!("only a 429 or a 503 says when to come again, found a {}; leave it out", self.status);
                Err(Wrong::new(".action.refuse.retry_after_s", detail))
            }
            Some(seconds) if seconds > LONGEST_RETRY_S => {
                let detail = format!("expected at most {LONGEST_RETRY_S} seconds, such as 30, found {seconds}");
                Err(Wrong::new(".action.refuse.retry_after_s", detail))
            }
            _ => Ok(()),
        }
    }
}

fn is_bearable(at: &str, wait: Duration) -> Result<(), Wrong> {
    if wait.is_zero() || wait > LONGEST_WAIT {
        let [longest, found] = [LONGEST_WAIT, wait].map(duration::show);
        let detail = format!("expected a duration above 0 and of at most {longest}, such as 2s, found {found}");
        return Err(Wrong::new(at, detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_and_every_word_of_a_form_can_be_read() {
        for form in Form::all() {
            for value in form.choices {
                assert!(form.read(value).is_ok(), "{form:?} {value}");
            }
            for word in form.words {
                if let Word::Alone(name, value) = word {
                    assert!(form.read(value).is_ok(), "{name}");
                }
            }
        }
        let cut = Form::all().iter().find(|form| form.flag == "cut").expect("a form");
        assert_eq!(cut.read("half-body"), Ok(FaultAction::Cut(Cut::HalfBody)));
        assert!(cut.read("third").is_err_and(|error| error.contains("before-answer")));
    }
}
