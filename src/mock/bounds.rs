//! How much a server in this process holds and takes, and how long it waits.

use std::time::Duration;

use super::builder::Builder;
use crate::app::WhenFull;

impl Builder {
    /// How many sandboxes there may be, and how long one may be idle.
    #[must_use]
    pub fn sandboxes(mut self, most: usize, idle: Duration) -> Self {
        self.setup.bounds.sandboxes = most;
        self.setup.bounds.idle = idle;
        self
    }

    /// What happens where all sandboxes were written and another is named: the one that was unused longest makes room, if
    /// that is a minute or more, or all stay and the other is answered 503.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.setup.bounds.when_full = when_full;
        self
    }

    /// Resets every sandbox to the fixtures as soon as [`Builder::watch`] has reloaded them, unless it has its own.
    #[cfg(feature = "watch")]
    #[must_use]
    pub fn watch_reset(mut self, on: bool) -> Self {
        self.setup.serving.watch_reset = on;
        self
    }

    /// Takes bodies of providers' requests up to so many bytes; 1 MiB where nothing is said.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.setup.serving.max_body = bytes;
        self
    }

    /// Keeps at most so many exchanges in each sandbox's journal, and so many bytes of each body.
    #[must_use]
    pub fn journal(mut self, exchanges: usize, body: usize) -> Self {
        self.setup.journal.exchanges = exchanges;
        self.setup.journal.body = body;
        self
    }

    /// Keeps at most so many bytes in all journals together; 256 MiB where nothing is said.
    #[must_use]
    pub fn journal_bytes(mut self, bytes: usize) -> Self {
        self.setup.journal.bytes = bytes;
        self
    }

    /// Writes every exchange to this file as a line of JSON, without secrets, whatever a reset or a full journal forgets.
    /// A record that is there before is replaced, and nothing else is.
    #[cfg(feature = "server")]
    #[must_use]
    pub fn record_to(mut self, file: impl Into<std::path::PathBuf>) -> Self {
        self.record = Some(file.into());
        self
    }

    /// Lets the record have at most so many bytes; 256 MiB where nothing is said. Then it ends, and says so.
    #[cfg(feature = "server")]
    #[must_use]
    pub fn record_bytes(mut self, bytes: u64) -> Self {
        self.record_bytes = bytes;
        self
    }

    /// Keeps at most so many bytes of what was before each change of state, in each sandbox and in all together; 16 MiB and
    /// 256 MiB where nothing is said. 0 keeps nothing.
    #[must_use]
    pub fn history_bytes(mut self, of_a_sandbox: u64, all: u64) -> Self {
        (self.setup.history.sandbox, self.setup.history.total) = (of_a_sandbox, all);
        self
    }

    /// How many streams of events may be open at a time, of the whole server and of one sandbox; 256 and 16 where nothing
    /// is said. The next one is refused with a 429.
    #[must_use]
    pub fn streams(mut self, all: usize, of_a_sandbox: usize) -> Self {
        self.setup.streams.all = all;
        self.setup.streams.sandbox = of_a_sandbox;
        self
    }

    /// Holds at most so many bytes of state beyond the fixtures in all sandboxes together, and in one of them; 256 MiB and
    /// 128 MiB where nothing is said.
    #[must_use]
    pub fn max_state(mut self, total: u64, sandbox: u64) -> Self {
        (self.setup.state.total, self.setup.state.sandbox) = (total, sandbox);
        self
    }

    /// Lets one request write so many bytes of records, which a batch shows in its answer; 128 MiB where nothing is said.
    #[must_use]
    pub fn max_write(mut self, bytes: u64) -> Self {
        self.setup.state.write = bytes;
        self
    }

    /// Lets each sandbox have so many snapshots; 1,000 where nothing is said.
    #[must_use]
    pub fn max_snapshots(mut self, most: usize) -> Self {
        self.setup.state.snapshots = most;
        self
    }

    /// Lets each sandbox have so many fault rules; 100 where nothing is said.
    #[must_use]
    pub fn max_faults(mut self, most: usize) -> Self {
        self.setup.state.faults = most;
        self
    }

    /// Lets requests under way take so long when the server stops; it cuts them at once where nothing is said.
    #[must_use]
    pub fn drain(mut self, drain: Duration) -> Self {
        self.listen_on.drain = drain;
        self
    }

    /// Takes at most so many connections on each thread that answers, fewer where open files are; 10,000 where nothing is
    /// said.
    #[must_use]
    pub fn max_connections(mut self, most: usize) -> Self {
        self.setup.serving.max_connections = most;
        self
    }

    /// Cuts a connection whose request head takes longer to arrive; 30 seconds where nothing is said.
    #[must_use]
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.setup.serving.head_timeout = timeout;
        self
    }

    /// Answers 408 where a request's body takes longer to arrive; 30 seconds where nothing is said.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.setup.serving.body_timeout = timeout;
        self
    }

    /// Answers 503 to a request of the control API that the server works on for longer; 10 seconds where nothing is said.
    #[must_use]
    pub fn control_timeout(mut self, timeout: Duration) -> Self {
        self.setup.serving.control_timeout = timeout;
        self
    }

    /// Takes bodies of requests to the control API up to so many bytes; 64 MiB where nothing is said.
    #[must_use]
    pub fn max_control_body(mut self, bytes: usize) -> Self {
        self.setup.serving.max_control_body = bytes;
        self
    }

    /// Gives answers of the control API of up to so many bytes; 128 MiB where nothing is said.
    #[must_use]
    pub fn max_control_answer(mut self, bytes: usize) -> Self {
        self.setup.serving.max_control_answer = bytes;
        self
    }

    /// Holds at most so many bytes of large bodies of requests that arrive or are worked on; 256 MiB where nothing is said.
    #[must_use]
    pub fn max_bodies(mut self, bytes: u64) -> Self {
        self.setup.serving.max_bodies = bytes;
        self
    }

    /// Holds at most so many bytes of large answers that their clients have not read yet; 256 MiB where nothing is said.
    #[must_use]
    pub fn max_answers(mut self, bytes: u64) -> Self {
        self.setup.serving.max_answers = bytes;
        self
    }

    /// Cuts a connection whose client takes nothing of its answer for so long; 60 seconds where nothing is said.
    #[must_use]
    pub fn unread_timeout(mut self, timeout: Duration) -> Self {
        self.setup.serving.unread_timeout = timeout;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_set_and_no_other() {
        let of = Duration::from_secs;
        let builder = Builder::default()
            .journal(1, 2)
            .journal_bytes(3)
            .history_bytes(21, 22)
            .sandboxes(4, of(5))
            .max_body(6)
            .drain(of(7));
        let builder = builder
            .when_full(WhenFull::Refuse)
            .max_state(11, 12)
            .max_write(15)
            .max_connections(16)
            .max_snapshots(13)
            .max_faults(14)
            .head_timeout(of(8))
            .body_timeout(of(9))
            .unread_timeout(of(10))
            .control_timeout(of(17))
            .max_control_body(18)
            .max_control_answer(19)
            .max_answers(20)
            .max_bodies(21);
        let (journal, bounds, serving) = (builder.setup.journal, builder.setup.bounds, builder.setup.serving);
        assert_eq!((journal.exchanges, journal.body, journal.bytes), (1, 2, 3));
        assert_eq!((builder.setup.history.sandbox, builder.setup.history.total), (21, 22));
        assert_eq!((bounds.sandboxes, bounds.idle, serving.max_body), (4, of(5), 6));
        assert_eq!((bounds.when_full, serving.max_connections), (WhenFull::Refuse, 16));
        let state = builder.setup.state;
        assert_eq!((state.total, state.sandbox, state.snapshots, state.faults, state.write), (11, 12, 13, 14, 15));
        assert_eq!(builder.listen_on.drain, of(7));
        assert_eq!(serving.control_timeout, of(17));
        assert_eq!((serving.max_control_body, serving.max_control_answer), (18, 19));
        assert_eq!((serving.max_answers, serving.max_bodies), (20, 21));
        assert_eq!((serving.head_timeout, serving.body_timeout, serving.unread_timeout), (of(8), of(9), of(10)));
    }
}
