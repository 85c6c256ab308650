//! The id of an event: a place in a journal, or in those of all sandboxes.

use std::fmt;
use std::str::FromStr;

use crate::world::ids::Run;

/// The place of an event, as a client says it that comes again.
///
/// An event of one sandbox has `GENERATION-NUMBER-RUN-SANDBOX`: how often the journal was emptied before, the exchange's
/// number, the start of the server and the number of the sandbox in it. One of all sandboxes has `0-NUMBER-RUN`. So an
/// id of a sandbox that was made anew, or of a server before, is known for what it is. `0-0` is where everything starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventId {
    /// How often the journal was emptied before.
    pub generation: u64,
    /// The exchange's number.
    pub number: u64,
    pub(crate) of: Of,
}

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Of nothing: everything follows it.
    Nothing,
    /// Of the journals of all sandboxes of a server.
    All(Run),
    /// Of the journal of one sandbox.
    One {
        run: Run,
        /// Its number among all journals of that server.
        incarnation: u64,
    },
}

impl EventId {
    /// Before everything that is kept.
    pub(crate) const START: Self = Self { generation: 0, number: 0, of: Of::Nothing };

    /// Whether a stream can go on behind it that follows all sandboxes, or one.
    ///
    /// # Errors
    ///
    /// It is of the other kind of stream.
    pub(crate) fn check(&self, follows_all: bool) -> Result<(), String> {
        let (of, follows, own) = match (self.of, follows_all) {
            (Of::All(_), false) => ("all sandboxes", "one", ONE),
            (Of::One { .. }, true) => ("one sandbox", "all", ALL),
            _ => return Ok(()),
        };
        Err(format!(
            "`{self}` is an event of {of}, and this stream follows {follows}; send the id of one of its own events, such as \
             {own}, or 0-0 for all that is kept"
        ))
    }
}

/// What an id of each kind looks like.
const ONE: &str = "0-17-5f3a9c04-1";
const ALL: &str = "0-17-5f3a9c04";

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.generation, self.number)?;
        match self.of {
            Of::Nothing => Ok(()),
            Of::All(run) => write!(f, "-{run}"),
            Of::One { run, incarnation } => write!(f, "-{run}-{incarnation}"),
        }
    }
}

impl FromStr for EventId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("expected the id of an event as it was sent, such as {ONE}, or 0-0 for all that is kept");
        let wrong = || format!("{}, found {text:?}", expected());
        let parts: Vec<_> = text.split('-').collect();
        let (generation, number, of) = match parts[..] {
            ["0", "0"] => return Ok(Self::START),
            [generation, number] if whole(generation).is_some() && whole(number).is_some() => {
                return Err(format!(
                    "{text:?} does not say of which start of the server it is, and calls might be passed over: {}",
                    expected()
                ));
            }
            ["0", number, run] => ("0", number, self::run(run).map(Of::All)),
            [generation, number, run, incarnation] => {
                let of = self::run(run).zip(whole(incarnation)).map(|(run, incarnation)| Of::One { run, incarnation });
                (generation, number, of)
            }
            _ => return Err(wrong()),
        };
        let all = whole(generation).zip(whole(number)).zip(of);
        all.map(|((generation, number), of)| Self { generation, number, of }).ok_or_else(wrong)
    }
}

/// A number of digits alone: none has a sign.
fn whole(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn run(text: &str) -> Option<Run> {
    let is_hex = text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then(|| u32::from_str_radix(text, 16).ok().map(Run))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_says_what_it_is_of() {
        let run = Run(0x5f3a_9c04);
        for (text, of) in [("0-0", Of::Nothing), (ALL, Of::All(run)), (ONE, Of::One { run, incarnation: 1 })] {
            let id: EventId = text.parse().expect("an id");
            assert_eq!((id.of, &*id.to_string()), (of, text));
        }
        let id: EventId = format!("{0}-{0}-ffffffff-{0}", u64::MAX).parse().expect("the largest");
        assert_eq!((id.generation, id.number, id.to_string().len()), (u64::MAX, u64::MAX, 71));
    }

    #[test]
    fn what_is_no_id_says_what_one_is() {
        for text in [
            "",
            "x",
            "0",
            "-",
            "0-",
            "+1-2-5f3a9c04-1",
            "0-17-5f3a9c04-",
            "0-17-5f3a9c04-1-1",
            "1-17-5f3a9c04",
            "0-17-5F3A9C04-1",
            "0-17-5f3a9c0-1",
            "0-17-+f3a9c04-1",
            "0-99999999999999999999-5f3a9c04-1",
        ] {
            let wrong = text.parse::<EventId>().expect_err(text);
            assert!(wrong.contains("such as 0-17-5f3a9c04-1, or 0-0 for all that is kept, found"), "{wrong}");
        }
        let old = "0-17".parse::<EventId>().expect_err("an id of an older version");
        assert!(old.starts_with("\"0-17\" does not say of which start of the server it is"), "{old}");
        let (one, all): (EventId, EventId) = (ONE.parse().expect("one"), ALL.parse().expect("all"));
        assert_eq!([one.check(false), all.check(true), EventId::START.check(true)], [const { Ok(()) }; 3]);
        assert!(one.check(true).expect_err("another").contains("an event of one sandbox, and this stream follows all"));
        assert!(all.check(false).expect_err("another").contains("such as 0-17-5f3a9c04-1, or 0-0"));
    }
}
