//! The connections of one worker. Where it can take no more, those that do nothing make room.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use crate::server::listener::connection::{Connection, Handle};

/// How often a full worker looks for room, and how long a connection may do nothing at least.
const SHED_INTERVAL: Duration = Duration::from_secs(1);

/// How long a client may take nothing of its answer while others wait.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(5);

/// One in so many connections ends at once, if it does nothing.
const SHARE: usize = 2;

thread_local! {
    // A thread that answers belongs to one server, however many addresses that has.
    static TRACKER: Rc<Tracker> = Rc::default();
}

/// The connections of this thread.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    open: RefCell<HashMap<u64, Handle>>,
    time: Cell<u64>,
    is_full: Cell<bool>,
}

impl Tracker {
    pub(super) fn of_this_thread() -> Rc<Self> {
        TRACKER.with(Rc::clone)
    }

    /// A time that is later than any before.
    pub(super) fn tick(&self) -> u64 {
        let time = self.time.get();
        self.time.set(time + 1);
        time
    }

    /// Takes a connection in; it leaves where the place is dropped. With `most` of them, room is made for others.
    pub(super) fn join(self: &Rc<Self>, connection: &Connection, most: usize) -> Place {
        let key = self.tick();
        self.open.borrow_mut().insert(key, connection.downgrade());
        if self.has_no_room(most) && !self.is_full.replace(true) {
            actix_rt::spawn(self.clone().make_room(most));
        }
        Place { tracker: self.clone(), key }
    }

    fn has_no_room(&self, most: usize) -> bool {
        self.open.borrow().len() >= most
    }

    /// Ends connections that do nothing, as long as there is no room.
    async fn make_room(self: Rc<Self>, most: usize) {
        while self.has_no_room(most) {
            let mark = self.tick();
            tokio::time::sleep(SHED_INTERVAL).await;
            if self.has_no_room(most) {
                let ended = self.end_idle(mark, (most / SHARE).max(1));
                tracing::debug!(ended, "connections that did nothing make room for others");
            }
        }
        self.is_full.set(false);
    }

    /// Ends at most so many connections that have done nothing since `mark`, those first that did nothing longest;
    /// and all whose clients take nothing.
    fn end_idle(&self, mark: u64, most: usize) -> usize {
        // A connection that is dropped leaves the map: nothing is dropped while that is borrowed.
        let open: Vec<Connection> = self.open.borrow().values().filter_map(Handle::upgrade).collect();
        let mut idle: Vec<(u64, &Connection)> = Vec::new();
        let mut ended = 0;
        for connection in &open {
            if connection.blocked_for().is_some_and(|blocked| blocked >= UNREAD_TIMEOUT) {
                connection.cut();
                ended += 1;
            } else if let Some(since) = connection.idle_since().filter(|since| *since < mark) {
                idle.push((since, connection));
            }
        }
        idle.sort_by_key(|(since, _)| *since);
        for (_, connection) in idle.iter().take(most) {
            connection.end();
            ended += 1;
        }
        ended
    }
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

    /// Connections that are open, and their clients.
    async fn open(tracker: &Rc<Tracker>, number: usize) -> Vec<(Connection, Place, TcpStream)> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut open = Vec::new();
        for _ in 0..number {
            let client = TcpStream::connect(address).await.expect("a connection");
            let connection = Connection::new(listener.accept().await.expect("a connection").0, tracker.clone());
            let place = tracker.join(&connection, usize::MAX);
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
    fn those_end_first_that_did_nothing_longest() {
        actix_rt::System::new().block_on(async {
            let tracker = Rc::<Tracker>::default();
            let mut open = open(&tracker, 4).await;
            open[0].0.take_request();
            // The second has been answered since.
            open[1].0.take_request();
            open[1].0.finish_request();
            let mark = tracker.tick();
            open[3].0.take_request();
            open[3].0.finish_request();
            assert_eq!(tracker.end_idle(mark, 1), 1);
            let mut ended = Vec::new();
            for (connection, ..) in &open {
                ended.push(has_ended(connection).await);
            }
            assert_eq!(ended, [false, false, true, false]);
            open.remove(2);
            assert_eq!(tracker.end_idle(mark, 9), 1, "neither one that is busy nor one that was a moment ago");
            assert!(has_ended(&open[1].0).await);
        });
    }

    #[test]
    fn one_whose_client_takes_nothing_is_reset_after_a_while() {
        actix_rt::System::new().block_on(async {
            let tracker = Rc::<Tracker>::default();
            let mut open = open(&tracker, 1).await;
            let (connection, place, mut client) = open.remove(0);
            connection.take_request();
            connection.block(std::task::Waker::noop());
            assert_eq!(tracker.end_idle(tracker.tick(), 9), 0, "it may still take something");
            tokio::time::sleep(UNREAD_TIMEOUT).await;
            assert_eq!(tracker.end_idle(tracker.tick(), 9), 1);
            assert!(connection.is_cut());
            drop((connection, place));
            let error = client.read(&mut [0]).await.expect_err("a reset");
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
            assert!(!tracker.has_no_room(1));
        });
    }
}
