//! How much one request may ask of the control API, and what is answered where it asks for more.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;

use crate::api::Problem;
use crate::world::cancel::{Cancel, Cancelled};
use crate::world::duration;

/// The most calls that one `verify` takes.
pub(crate) const MOST_CALLS: usize = 1_000;

/// The most calls of one `verify` that are explained by their nearest one.
pub(crate) const MOST_EXPLAINED: usize = 50;

/// After how many bytes of an answer is looked whether it is still wanted.
const STEP: usize = 64 << 10;

impl From<Cancelled> for Problem {
    fn from(cancelled: Cancelled) -> Self {
        match cancelled {
            Cancelled::Late(deadline) => {
                let deadline = duration::show(deadline);
                let detail = format!(
                    "the work for this request took longer than --control-timeout {deadline} allows; ask for less, such as \
                     a smaller `limit`, a filter, a shorter pattern or one provider, or start the server with a longer \
                     --control-timeout"
                );
                Self::new(503, detail)
            }
            Cancelled::Unwanted => {
                Self::new(503, "the client closed its side of the connection, so the work for its request was ended")
            }
        }
    }
}

/// How far one answer goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds<'c> {
    /// The most bytes that it has.
    pub(crate) most: usize,
    /// Whether it is still wanted.
    pub(crate) cancel: &'c Cancel,
}

/// What is said of an answer that would have more bytes than this.
pub(super) fn too_large(most: usize) -> Problem {
    let detail = format!(
        "the answer would have more than the {most} bytes that --max-control-answer allows; ask for less: a smaller `limit` \
         of /_mock/requests, whose `next` is the cursor of the page behind it, a filter such as `operation`, or one provider \
         such as /_mock/state/PROVIDER"
    );
    Problem::new(413, detail)
}

/// A value as JSON, as long as it is wanted and not too large.
pub(super) fn json(value: &impl Serialize, Bounds { most, cancel }: Bounds<'_>) -> Result<Bytes, Problem> {
    let mut body = Body { bytes: Vec::with_capacity(512), most, looked: 0, cancel, ended: None };
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => Ok(body.bytes.into()),
        Err(error) => {
            cancel.check()?;
            Err(body.ended.unwrap_or_else(|| Problem::new(500, error.to_string())))
        }
    }
}

/// The bytes of an answer that is being written.
struct Body<'c> {
    bytes: Vec<u8>,
    most: usize,
    /// How many bytes it had when was looked last whether it is wanted.
    looked: usize,
    cancel: &'c Cancel,
    /// Why it goes on no longer.
    ended: Option<Problem>,
}

impl Body<'_> {
    fn may_go_on(&mut self, more: usize) -> Result<(), Problem> {
        if self.bytes.len() + more > self.most {
            return Err(too_large(self.most));
        }
        if self.bytes.len() - self.looked >= STEP {
            self.looked = self.bytes.len();
            self.cancel.check()?;
        }
        Ok(())
    }
}

impl Write for Body<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(problem) = self.may_go_on(bytes.len()) {
            self.ended = Some(problem);
            return Err(io::ErrorKind::Other.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn write(most: usize, cancel: &Cancel, sizes: &[usize]) -> Option<u16> {
        let mut body = Body { bytes: Vec::new(), most, looked: 0, cancel, ended: None };
        let failed = sizes.iter().find(|size| body.write_all(&vec![b'x'; **size]).is_err());
        assert_eq!(failed.is_some(), body.ended.is_some());
        body.ended.map(|problem| problem.status)
    }

    #[test]
    fn an_answer_ends_at_its_bound_and_once_nobody_wants_it() {
        assert_eq!(write(10, &Cancel::never(), &[4, 6]), None);
        assert_eq!(write(10, &Cancel::never(), &[4, 7]), Some(413));
        let late = Cancel::after(Duration::ZERO);
        assert_eq!(write(usize::MAX, &late, &[STEP, 1]), Some(503));
        assert_eq!(write(usize::MAX, &late, &[STEP]), None);
    }

    #[test]
    fn what_is_said_names_the_bound_and_what_to_ask_for() {
        let large = too_large(7).detail;
        assert!(large.contains("7 bytes that --max-control-answer allows") && large.contains("cursor"), "{large}");
        let late = Problem::from(Cancelled::Late(Duration::from_secs(10)));
        assert!(late.detail.contains("--control-timeout 10s"), "{}", late.detail);
    }
}
