//! How waits that are drawn are written: shapes with names of their own, which generators of clients need.

use schemars::JsonSchema;

/// A wait that is as likely one as another between two.
#[derive(JsonSchema)]
#[schemars(rename = "UniformDelay", deny_unknown_fields)]
#[expect(dead_code, reason = "its schema alone is asked for")]
pub(super) struct Uniform {
    /// The shortest.
    #[schemars(example = &"100ms")]
    min: String,
    /// The longest.
    #[schemars(example = &"2s")]
    max: String,
}

/// A wait that is mostly near the median, now and then far longer.
#[derive(JsonSchema)]
#[schemars(rename = "LognormalDelay", deny_unknown_fields)]
#[expect(dead_code, reason = "its schema alone is asked for")]
pub(super) struct Lognormal {
    /// Half of all are shorter.
    #[schemars(example = &"200ms")]
    median: String,
    /// How far they spread: 0 is no spread, 1 is a long tail; at most 4.
    #[schemars(example = 0.5)]
    sigma: f64,
}
