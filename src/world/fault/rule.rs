//! A rule as a test writes it.

use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::world::duration;
use crate::world::pattern::{LONGEST_PATTERN, PathPattern};

/// The longest that a fault may hold an answer back.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The longest `Retry-After`.
const LONGEST_RETRY_S: u64 = 86_400;

/// The most header fields that one rule looks at.
const MOST_HEADERS: usize = 20;

/// What shall go wrong, when, and for which requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"match": {"method": "GET"}, "action": {"delay": {"fixed": "2s"}}, "when": {"first": 2}})))]
pub struct FaultRule {
    /// Its name: 1 to 64 letters, digits, dots, underscores or hyphens. Where absent, `fault-1` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "flaky")]
    pub id: Option<String>,
    /// Which requests it may strike; all that meet an operation, where absent.
    #[serde(default, rename = "match", skip_serializing_if = "FaultMatch::is_all")]
    pub matches: FaultMatch,
    /// What happens to a request that it strikes.
    pub action: FaultAction,
    /// Which of those requests it strikes; each, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<FaultWhen>,
    /// How long it stays armed, in real time, whatever the sandbox's clock shows.
    #[serde(default = "ttl", with = "duration::text")]
    #[schema(value_type = String, example = "10m", default = "10m")]
    pub ttl: Duration,
}

/// A crashed test leaves nothing armed for longer than this.
fn ttl() -> Duration {
    Duration::from_secs(600)
}

/// Which requests a rule may strike: those that fit each of the fields that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultMatch {
    /// A provider's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "provider")]
    pub provider: Option<String>,
    /// An operation's name, as `/_mock/routes` lists it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "provider.verb_noun")]
    pub operation: Option<String>,
    /// A method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "GET")]
    pub method: Option<String>,
    /// A pattern of the decoded path: `*` or `{name}` stands for one segment, `**` for any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "/v1/personas/*")]
    pub path: Option<PathPattern>,
    /// Header fields that must be there, each with a pattern of its value: `*` stands for anything.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = Object)]
    pub header: IndexMap<String, String>,
}

impl FaultMatch {
    fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// What happens to a request that a rule strikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// A status that the provider's document gives the operation.
    #[schema(example = 429)]
    pub status: u16,
    /// `Retry-After` of a 429 or 503; 30 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// Whether a status that the operation does not have is sent all the same, marked as inferred.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
}

/// How long an answer is held back; at most 10 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Delay {
    /// Always so long.
    #[schema(value_type = String, example = json!({"fixed": "2s"}))]
    Fixed(#[serde(with = "duration::text")] Duration),
    /// As likely one as another between two.
    Uniform {
        /// The shortest.
        #[serde(with = "duration::text")]
        #[schema(value_type = String, example = "100ms")]
        min: Duration,
        /// The longest.
        #[serde(with = "duration::text")]
        #[schema(value_type = String, example = "2s")]
        max: Duration,
    },
    /// Mostly near the median, now and then far longer, as networks are.
    Lognormal {
        /// Half of all are shorter.
        #[serde(with = "duration::text")]
        #[schema(value_type = String, example = "200ms")]
        median: Duration,
        /// How far they spread: 0 is no spread, 1 is a long tail; at most 4.
        #[schema(example = 0.5)]
        sigma: f64,
    },
}

/// A body that trickles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowBody {
    /// How long the body takes, at most 10 minutes; the head comes at once.
    #[serde(with = "duration::text")]
    #[schema(value_type = String, example = "5s")]
    pub over: Duration,
}

/// Where the connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Before the first byte of the answer.
    BeforeAnswer,
    /// Between head and body.
    AfterHeaders,
    /// After half of the body.
    HalfBody,
}

/// How a body is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Garble {
    /// It ends in the middle.
    InvalidJson,
    /// It is empty.
    EmptyBody,
    /// It is called `text/html`.
    WrongContentType,
}

/// Which of the requests that fit are struck. What is random hangs on the sandbox's seed, the rule's id
/// and how many requests fitted before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultWhen {
    /// The first so many.
    First(u64),
    /// Every so manyth: 3 strikes the third, the sixth, the ninth.
    Every(u64),
    /// Each with this probability, above 0 and at most 1.
    Probability(f64),
}

/// What is wrong with a rule, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {detail}")]
pub struct Wrong {
    /// Where in the rule, as a path that starts with a dot.
    pub at: &'static str,
    /// What was found and what would be right.
    pub detail: String,
}

impl Wrong {
    fn new(at: &'static str, detail: impl Into<String>) -> Self {
        Self { at, detail: detail.into() }
    }
}

impl FaultRule {
    /// Whether the rule can be meant, whatever is served.
    ///
    /// # Errors
    ///
    /// The first thing that cannot.
    pub fn check(&self) -> Result<(), Wrong> {
        if let Some(id) = &self.id {
            let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
            if !(1..=64).contains(&id.len()) || !plain || id == super::asked::BY_REQUEST {
                let detail = "expected 1 to 64 letters, digits, dots, underscores or hyphens, and not `request`";
                return Err(Wrong::new(".id", detail));
            }
        }
        if self.ttl.is_zero() {
            return Err(Wrong::new(".ttl", "expected a duration above 0, such as 10m"));
        }
        self.matches.check()?;
        self.action.check()?;
        match self.when {
            Some(FaultWhen::First(0)) => Err(Wrong::new(".when.first", "expected 1 or more")),
            Some(FaultWhen::Every(0)) => Err(Wrong::new(".when.every", "expected 1 or more")),
            Some(FaultWhen::Probability(chance)) if !(chance > 0.0 && chance <= 1.0) => {
                Err(Wrong::new(".when.probability", format!("expected a number above 0 and at most 1, found {chance}")))
            }
            _ => Ok(()),
        }
    }
}

impl FaultMatch {
    fn check(&self) -> Result<(), Wrong> {
        let too_long = |text: &String| text.len() > LONGEST_PATTERN;
        if self.header.len() > MOST_HEADERS || self.header.iter().any(|(name, value)| too_long(name) || too_long(value))
        {
            let detail = format!("expected at most {MOST_HEADERS} fields of at most {LONGEST_PATTERN} bytes each");
            return Err(Wrong::new(".match.header", detail));
        }
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        match self.header.keys().find(|name| name.is_empty() || !name.bytes().all(is_token)) {
            Some(name) => Err(Wrong::new(".match.header", format!("no header field can be named {name:?}"))),
            None => Ok(()),
        }
    }
}

impl FaultAction {
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
                    return Err(Wrong::new(".action.delay.uniform.min", "expected a duration of at most `max`"));
                }
                is_bearable(".action.delay.uniform.max", max)
            }
            Self::Delay(Delay::Lognormal { median, sigma }) => {
                if !(0.0..=4.0).contains(&sigma) {
                    return Err(Wrong::new(".action.delay.lognormal.sigma", "expected a number from 0 to 4"));
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
            let detail = format!("expected a status from 200 to 599, found {}", self.status);
            return Err(Wrong::new(".action.refuse.status", detail));
        }
        match self.retry_after_s {
            Some(_) if !matches!(self.status, 429 | 503) => {
                let detail = format!("only a 429 or a 503 says when to come again, found a {}", self.status);
                Err(Wrong::new(".action.refuse.retry_after_s", detail))
            }
            Some(seconds) if seconds > LONGEST_RETRY_S => {
                Err(Wrong::new(".action.refuse.retry_after_s", format!("expected at most {LONGEST_RETRY_S} seconds")))
            }
            _ => Ok(()),
        }
    }
}

impl Delay {
    /// How long it is for two numbers from 0 (included) to 1 (excluded).
    #[must_use]
    pub fn draw(self, one: f64, other: f64) -> Duration {
        let wait = match self {
            Self::Fixed(wait) => wait,
            Self::Uniform { min, max } => min + max.saturating_sub(min).mul_f64(one),
            Self::Lognormal { median, sigma } => {
                // Box and Muller: two even numbers make a normal one. 1 - one is never 0.
                let normal = (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos();
                Duration::try_from_secs_f64(median.as_secs_f64() * (sigma * normal).exp()).unwrap_or(LONGEST_WAIT)
            }
        };
        wait.min(LONGEST_WAIT)
    }
}

fn is_bearable(at: &'static str, wait: Duration) -> Result<(), Wrong> {
    if wait.is_zero() || wait > LONGEST_WAIT {
        let longest = duration::show(LONGEST_WAIT);
        return Err(Wrong::new(at, format!("expected a duration above 0 and of at most {longest}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_drawn_within_its_bounds() {
        let ms = Duration::from_millis;
        let uniform = Delay::Uniform { min: ms(100), max: ms(300) };
        assert_eq!([uniform.draw(0.0, 0.9), uniform.draw(0.5, 0.1)], [ms(100), ms(200)]);
        let lognormal = |sigma| Delay::Lognormal { median: ms(100), sigma };
        assert_eq!(lognormal(0.0).draw(0.3, 0.7), ms(100));
        let draws = (0..1_000).map(|step| lognormal(1.0).draw(f64::from(step) / 1_000.0, f64::from(step % 37) / 37.0));
        let shorter = draws.filter(|draw| *draw < ms(100)).count();
        assert!((400..600).contains(&shorter), "{shorter} of 1000 are below the median");
        assert_eq!(lognormal(4.0).draw(0.999_999_999_999, 0.0), LONGEST_WAIT, "however far the tail");
    }
}
