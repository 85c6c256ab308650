//! How Equals Money spells times.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::json::{Instant, Shape};

/// A time without milliseconds, as `createdAt` and `updatedAt` are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Second(pub(crate) Timestamp);

impl Serialize for Second {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Instant::of(whole_seconds(self.0), Shape::Seconds) {
            Some(text) => text.serialize(serializer),
            None => serializer.collect_str(&whole_seconds(self.0)),
        }
    }
}

/// A time with milliseconds, which are always zero: `inviteSentDate`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Millisecond(pub(crate) Timestamp);

impl Serialize for Millisecond {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Instant::of(whole_seconds(self.0), Shape::Zeros) {
            Some(text) => text.serialize(serializer),
            None => serializer.collect_str(&format_args!("{:.3}", whole_seconds(self.0))),
        }
    }
}

fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}
