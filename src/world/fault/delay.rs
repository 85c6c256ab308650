//! How long a fault holds an answer back.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape;
use crate::world::duration;

/// The longest that a fault may hold an answer back.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How long an answer is held back; at most 10 minutes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Delay {
    /// Always so long.
    #[schemars(example = serde_json::json!({"fixed": "2s"}))]
    Fixed(
        #[serde(with = "duration::text")]
        #[schemars(with = "String")]
        Duration,
    ),
    /// As likely one as another between two.
    #[schemars(with = "shape::Uniform")]
    Uniform {
        /// The shortest.
        #[serde(with = "duration::text")]
        #[schemars(with = "String")]
        min: Duration,
        /// The longest.
        #[serde(with = "duration::text")]
        #[schemars(with = "String")]
        max: Duration,
    },
    /// Mostly near the median, now and then far longer, as networks are.
    #[schemars(with = "shape::Lognormal")]
    Lognormal {
        /// Half of all are shorter.
        #[serde(with = "duration::text")]
        #[schemars(with = "String")]
        median: Duration,
        /// How far they spread: 0 is no spread, 1 is a long tail; at most 4.
        sigma: f64,
    },
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
