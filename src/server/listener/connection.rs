//! A connection, as its stream, the requests on it and its worker share it: one handle of its socket.

use std::cell::{Cell, RefCell};
use std::io::ErrorKind;
use std::net::Shutdown;
use std::rc::{Rc, Weak};
use std::task::Waker;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpStream;

use crate::server::listener::framing::Seen;
use crate::server::listener::tracker::Tracker;
use crate::world::clock::Stopwatch;

/// How long a client may go on sending what nobody will read.
pub(super) const LINGER_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of a stream that its client does not take is held for it.
const STREAM_BUFFER: usize = 32 << 10;

/// How much is kept of what a request starts with.
const START: usize = 1_024;

/// A connection. Its socket closes once nobody holds it.
#[derive(Debug, Clone)]
pub(super) struct Connection(Rc<Shared>);

#[derive(Debug)]
struct Shared {
    socket: TcpStream,
    tracker: Rc<Tracker>,
    /// Whether a request is there whose answer is not yet written.
    is_busy: Cell<bool>,
    /// Whether the answer to the request that came last is written.
    is_answered: Cell<bool>,
    /// Whether that answer goes on without an end.
    is_stream: Cell<bool>,
    /// When it had nothing to do last, in the order of its worker's connections.
    idle_since: Cell<u64>,
    /// Whether nothing more is read or written.
    is_cut: Cell<bool>,
    /// Whether its close is a reset.
    resets: Cell<bool>,
    /// Since when its client takes nothing, and who waits for that.
    blocked: RefCell<Option<(Stopwatch, Waker)>>,
    /// Who waits for the end of an answer.
    next: RefCell<Option<Waker>>,
    /// Since when its client sends nothing more, and has closed its side.
    gone: Cell<Option<Stopwatch>>,
    start: RefCell<Vec<u8>>,
    /// What is known of the head of the request that came last.
    seen: Cell<Seen>,
}

impl Connection {
    /// A connection on a socket. What is written leaves at once: the last piece of an answer would else wait until its
    /// client says that it has what came before, which takes 40 ms.
    pub(super) fn new(socket: TcpStream, tracker: Rc<Tracker>) -> Self {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "the answers of a connection may come late");
        }
        let idle_since = Cell::new(tracker.tick());
        Self(Rc::new(Shared {
            socket,
            tracker,
            is_busy: Cell::default(),
            is_answered: Cell::default(),
            is_stream: Cell::default(),
            idle_since,
            is_cut: Cell::default(),
            resets: Cell::default(),
            blocked: RefCell::default(),
            next: RefCell::default(),
            gone: Cell::default(),
            start: RefCell::default(),
            seen: Cell::default(),
        }))
    }

    pub(super) fn socket(&self) -> &TcpStream {
        &self.0.socket
    }

    /// Makes the close, whenever it comes, a reset: what is not yet sent is thrown away, and the client
    /// learns of it, where a plain close would look like an end.
    pub(super) fn reset_on_close(&self) {
        self.0.resets.set(true);
        if let Err(error) = SockRef::from(&self.0.socket).set_linger(Some(Duration::ZERO)) {
            tracing::warn!(%error, "a cut connection ends with a plain close");
        }
    }

    /// Ends the connection soon, whatever its client still sends. actix reads a chunked body to its end even
    /// where nobody wants it, and a client that never ends it would keep its connection for ever.
    pub(super) fn close_soon(&self) {
        let shared = Rc::downgrade(&self.0);
        actix_rt::spawn(async move {
            tokio::time::sleep(LINGER_TIMEOUT).await;
            if let Some(shared) = shared.upgrade() {
                Self(shared).end();
            }
        });
    }

    /// Lets its client say no more: what it is still answered is written, then it closes.
    pub(super) fn end(&self) {
        // It fails where the client has closed already.
        let _ = SockRef::from(&self.0.socket).shutdown(Shutdown::Read);
    }

    /// Ends it with what is written, and throws away what comes: a close beside bytes that nobody has read would be a
    /// reset, and take the answer away.
    pub(super) async fn linger(&self) {
        let socket = &self.0.socket;
        let discard = async {
            let mut buffer = [0; 4096];
            while socket.readable().await.is_ok() {
                match socket.try_read(&mut buffer) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Ok(1..) => {}
                    _ => return,
                }
            }
        };
        if SockRef::from(socket).shutdown(Shutdown::Write).is_ok() {
            let _ = tokio::time::timeout(LINGER_TIMEOUT, discard).await;
        }
    }

    /// Ends it at once, by a reset.
    pub(super) fn cut(&self) {
        self.reset_on_close();
        self.0.is_cut.set(true);
        if let Some((_, waker)) = self.0.blocked.take() {
            waker.wake();
        }
        self.end();
    }

    pub(super) fn is_cut(&self) -> bool {
        self.0.is_cut.get()
    }

    pub(super) fn resets(&self) -> bool {
        self.0.resets.get()
    }

    /// Its client has closed its side.
    pub(super) fn client_went(&self) {
        self.0.gone.set(self.0.gone.get().or_else(|| Some(Stopwatch::start())));
    }

    /// How long ago its client closed its side, if it has.
    pub(super) fn gone_for(&self) -> Option<Duration> {
        self.0.gone.get().map(Stopwatch::elapsed)
    }

    /// A request has begun to come.
    pub(super) fn begin(&self) {
        self.0.is_answered.set(false);
        self.0.is_stream.set(false);
        self.0.start.borrow_mut().clear();
    }

    /// Keeps the first bytes of a request: they are shown where it cannot be read.
    pub(super) fn keep_start(&self, bytes: &[u8]) {
        let mut start = self.0.start.borrow_mut();
        let free = START.saturating_sub(start.len()).min(bytes.len());
        start.extend_from_slice(bytes.get(..free).unwrap_or_default());
    }

    /// What is known of the head of a request by now.
    pub(super) fn note(&self, seen: Seen) {
        self.0.seen.set(seen);
    }

    /// What is known of the head of the request that came last.
    pub(super) fn seen(&self) -> Seen {
        self.0.seen.get()
    }

    /// Whether anything came since the last request.
    pub(super) fn has_start(&self) -> bool {
        !self.0.start.borrow().is_empty()
    }

    /// The first bytes of the request that came last.
    pub(super) fn start(&self) -> Vec<u8> {
        self.0.start.borrow().clone()
    }

    /// The head of a request is there, so it will be answered.
    pub(super) fn take_request(&self) {
        self.0.is_busy.set(true);
    }

    /// The answer to a request is written to its end, as far as HTTP goes.
    pub(super) fn finish_request(&self) {
        self.0.is_busy.set(false);
        self.0.is_answered.set(true);
        self.0.idle_since.set(self.0.tracker.tick());
        if let Some(waker) = self.0.next.take() {
            waker.wake();
        }
    }

    pub(super) fn is_answered(&self) -> bool {
        self.0.is_answered.get()
    }

    /// The answer goes on until its client closes. Of what its client does not take, little is held by the system: each
    /// of many streams would else hold megabytes.
    pub(super) fn start_stream(&self) {
        if let Err(error) = SockRef::from(&self.0.socket).set_send_buffer_size(STREAM_BUFFER) {
            tracing::debug!(%error, "a stream of events keeps the system's own buffer");
        }
        self.0.is_stream.set(true);
    }

    pub(super) fn is_stream(&self) -> bool {
        self.0.is_stream.get()
    }

    /// Wakes somebody once the answer is written.
    pub(super) fn wake_when_answered(&self, waker: &Waker) {
        self.0.next.borrow_mut().get_or_insert_with(|| waker.clone()).clone_from(waker);
    }

    /// Its client has taken nothing of what is to be written; from now on, unless that is so already.
    pub(super) fn block(&self, waker: &Waker) {
        let mut blocked = self.0.blocked.borrow_mut();
        let since = blocked.take().map_or_else(Stopwatch::start, |(since, _)| since);
        *blocked = Some((since, waker.clone()));
    }

    /// Its client takes what is written.
    pub(super) fn flow(&self) {
        self.0.blocked.take();
    }

    /// How long its client has taken nothing.
    pub(super) fn blocked_for(&self) -> Option<Duration> {
        self.0.blocked.borrow().as_ref().map(|(since, _)| since.elapsed())
    }

    /// Since when it has had nothing to do, if it has not.
    pub(super) fn idle_since(&self) -> Option<u64> {
        (!self.0.is_busy.get() && self.0.blocked.borrow().is_none()).then(|| self.0.idle_since.get())
    }

    /// Whether a head has begun to come, and not ended.
    pub(super) fn is_in_head(&self) -> bool {
        !self.0.is_busy.get() && self.has_start()
    }

    pub(super) fn downgrade(&self) -> Handle {
        Handle(Rc::downgrade(&self.0))
    }
}

/// A connection that somebody else keeps open.
#[derive(Debug)]
pub(super) struct Handle(Weak<Shared>);

impl Handle {
    pub(super) fn upgrade(&self) -> Option<Connection> {
        self.0.upgrade().map(Connection)
    }
}
