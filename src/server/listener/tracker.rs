//! The connections of one worker. Where it can take no more, those that do nothing make room.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::server::file_handles::Room;
use crate::server::listener::connection::{Connection, Handle};

/// How often a full worker looks for room, and how long a connection may do nothing at least.
const SHED_INTERVAL: Duration = Duration::from_secs(1);

/// How long a client may take nothing of its answer while others wait.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(5);

/// One in so many connections ends at once, if it does nothing.
const SHARE: usize = 2;

thread_local! {
    // A thread that answers belongs to one server, however many addresses that has.
    static TRACKER: OnceCell<Rc<Tracker>> = const { OnceCell::new() };
}

/// The connections of this thread.
#[derive(Debug)]
pub(super) struct Tracker {
    room: Room,
    /// Whether it was said, by any worker of the server, that there is no room.
    is_said: Arc<AtomicBool>,
    open: RefCell<HashMap<u64, Handle>>,
    time: Cell<u64>,
    is_full: Cell<bool>,
}

impl Tracker {
    pub(super) fn of_this_thread(room: Room, is_said: &Arc<AtomicBool>) -> Rc<Self> {
        TRACKER.with(|tracker| tracker.get_or_init(|| Rc::new(Self::new(room, is_said.clone()))).clone())
    }

    fn new(room: Room, is_said: Arc<AtomicBool>) -> Self {
        let (open, time, is_full) = (RefCell::default(), Cell::default(), Cell::default());
        Self { room, is_said, open, time, is_full }
    }

    /// A time that is later than any before.
    pub(super) fn tick(&self) -> u64 {
        let time = self.time.get();
        self.time.set(time + 1);
        time
    }

    /// Takes a connection in; it leaves where the place is dropped. Where it is the last one, room is made for others.
    pub(super) fn join(self: &Rc<Self>, connection: &Connection) -> Place {
        let key = self.tick();
        self.open.borrow_mut().insert(key, connection.downgrade());
        if self.has_no_room() && !self.is_full.replace(true) {
            actix_rt::spawn(self.clone().make_room());
        }
        Place { tracker: self.clone(), key }
    }

    fn has_no_room(&self) -> bool {
        self.open.borrow().len() >= self.room.connections
    }

    /// Ends connections that do nothing, as long as there is no room.
    async fn make_room(self: Rc<Self>) {
        while self.has_no_room() {
            let mark = self.tick();
            tokio::time::sleep(SHED_INTERVAL).await;
            if self.has_no_room() {
                let ended = self.end_idle(mark, (self.room.connections / SHARE).max(1));
                self.say(ended);
            }
        }
        self.is_full.set(false);
    }

    /// Says that connections made room for others: once to everybody, later to whoever looks for it.
    fn say(&self, ended: Ended) {
        let Ended { heads, idle, unread } = ended;
        let connections = self.room.connections;
        if self.is_said.swap(true, Ordering::Relaxed) {
            tracing::debug!(heads, idle, unread, "connections that did nothing make room for others");
            return;
        }
        match self.room.files {
            Some(files) => tracing::warn!(
                heads,
                idle,
                unread,
                "a worker thread has {connections} connections, all that {files} open files allow; closed those with half \
                 a head, then those idle longest, to make room (said once); more room gives a higher limit of open files, \
                 such as `ulimit -n {}`",
                files.saturating_mul(4).max(1024)
            ),
            None => tracing::warn!(
                heads,
                idle,
                unread,
                "a worker thread has {connections} connections, the most that one takes; closed those with half a head, \
                 then those idle longest, to make room (said once)"
            ),
        }
    }

    /// Ends at most so many connections that have done nothing since `mark`: first those of which half a head has come,
    /// then the others, and of each those first that did nothing longest. And all whose clients take nothing.
    fn end_idle(&self, mark: u64, most: usize) -> Ended {
        // A connection that is dropped leaves the map: nothing is dropped while that is borrowed.
        let open: Vec<Connection> = self.open.borrow().values().filter_map(Handle::upgrade).collect();
        let mut idle: Vec<(bool, u64, &Connection)> = Vec::new();
        let mut ended = Ended::default();
        for connection in &open {
            if connection.blocked_for().is_some_and(|blocked| blocked >= UNREAD_TIMEOUT) {
                connection.cut();
                ended.unread += 1;
            } else if let Some(since) = connection.idle_since().filter(|since| *since < mark) {
                idle.push((!connection.is_in_head(), since, connection));
            }
        }
        idle.sort_by_key(|(is_idle, since, _)| (*is_idle, *since));
        for (is_idle, _, connection) in idle.iter().take(most) {
            connection.end();
            *if *is_idle { &mut ended.idle } else { &mut ended.heads } += 1;
        }
        ended
    }
}

/// How many connections made room for others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Ended {
    /// Of which half a head had come.
    heads: usize,
    /// Of which nothing had come since the answer before.
    idle: usize,
    /// Whose clients took nothing of an answer.
    unread: usize,
}

/// The place of an open connection.
#[derive(Debug)]
pub(super) struct Place {
    tracker: Rc<Tracker>,
    key: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let left = self.tracker.open.borrow_mut().remove(&self.key);
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    fn tracker(connections: usize) -> Rc<Tracker> {
        Rc::new(Tracker::new(Room { connections, files: None }, Arc::default()))
    }

    /// Connections that are open, and their clients.
    async fn open(tracker: &Rc<Tracker>, number: usize) -> Vec<(Connection, Place, TcpStream)> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut open = Vec::new();
        for _ in 0..number {
            let client = TcpStream::connect(address).await.expect("a connection");
            let connection = Connection::new(listener.accept().await.expect("a connection").0, tracker.clone());
            let place = tracker.join(&connection);
            open.push((connection, place, client));
        }
        open
    }

    /// Whether nothing more is read of a connection.
    async fn has_ended(connection: &Connection) -> bool {
        let read = async {
            connection.socket().readable().await.expect("a socket");
            connection.socket().try_read(&mut [0]).ok()
        };
        tokio::time::timeout(Duration::from_millis(50), read).await == Ok(Some(0))
    }

    #[test]
    fn what_is_written_does_not_wait_for_the_client_to_confirm_what_came_before() {
        actix_rt::System::new().block_on(async {
            let open = open(&tracker(usize::MAX), 1).await;
            assert!(open[0].0.socket().nodelay().expect("a socket"));
        });
    }

    #[test]
    fn those_end_first_that_did_nothing_longest() {
        actix_rt::System::new().block_on(async {
            let tracker = tracker(usize::MAX);
            let mut open = open(&tracker, 4).await;
            open[0].0.take_request();
            // The second has been answered since.
            open[1].0.take_request();
            open[1].0.finish_request();
            let mark = tracker.tick();
            open[3].0.take_request();
            open[3].0.finish_request();
            assert_eq!(tracker.end_idle(mark, 1), Ended { idle: 1, ..Ended::default() });
            let mut ended = Vec::new();
            for (connection, ..) in &open {
                ended.push(has_ended(connection).await);
            }
            assert_eq!(ended, [false, false, true, false]);
            open.remove(2);
            assert_eq!(tracker.end_idle(mark, 9).idle, 1, "neither one that is busy nor one that was a moment ago");
            assert!(has_ended(&open[1].0).await);
        });
    }

    #[test]
    fn half_a_head_ends_before_what_was_idle_longer() {
        actix_rt::System::new().block_on(async {
            let tracker = tracker(usize::MAX);
            let open = open(&tracker, 4).await;
            for late in [1, 3] {
                open[late].0.keep_start(b"GET / HTTP/1.1\r\nHo");
            }
            let mark = tracker.tick();
            assert_eq!(tracker.end_idle(mark, 1), Ended { heads: 1, ..Ended::default() });
            assert!(has_ended(&open[1].0).await && !has_ended(&open[0].0).await && !has_ended(&open[3].0).await);
            assert_eq!(tracker.end_idle(mark, 3), Ended { heads: 2, idle: 1, ..Ended::default() });
            assert!(has_ended(&open[0].0).await && !has_ended(&open[2].0).await, "then the longest idle");
        });
    }

    #[test]
    fn one_whose_client_takes_nothing_is_reset_after_a_while() {
        actix_rt::System::new().block_on(async {
            let tracker = tracker(1);
            let mut open = open(&tracker, 1).await;
            let (connection, place, mut client) = open.remove(0);
            connection.take_request();
            connection.block(std::task::Waker::noop());
            assert_eq!(tracker.end_idle(tracker.tick(), 9), Ended::default(), "it may still take something");
            tokio::time::sleep(UNREAD_TIMEOUT).await;
            assert_eq!(tracker.end_idle(tracker.tick(), 9), Ended { unread: 1, ..Ended::default() });
            assert!(connection.is_cut());
            drop((connection, place));
            let error = client.read(&mut [0]).await.expect_err("a reset");
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
            assert!(!tracker.has_no_room());
        });
    }
}
