//! The server: the addresses that it is bound to, the threads that answer, and how it stops.

use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use actix_server::ServerHandle;

use crate::app::AppState;
use crate::server::addresses::{Listener, listen};
use crate::server::file_handles::{self, Room};
use crate::server::listener::Connections;
use crate::server::pool::Pools;
use crate::server::{discards, looker, teller};

/// How long requests under way may take when a server stops of which nothing else is said.
pub(crate) const DRAIN: Duration = Duration::from_secs(5);

/// How often sandboxes that were idle for too long are taken away.
const SWEEP: Duration = Duration::from_secs(1);

/// How many threads answer at most: actix-server takes no more.
const MAX_WORKERS: usize = 512;
/// How many connections must be possible at least, whatever their number a worker.
const CONNECTIONS: usize = 8;

/// A server that is bound but does not run yet: its port is already known.
#[derive(Debug)]
pub struct Server {
    /// One or more; the first one tells the port.
    listeners: Vec<Listener>,
    address: SocketAddr,
    state: Arc<AppState>,
    workers: usize,
    drain: Duration,
}

impl Server {
    /// Binds every address that a host is on this machine; port 0 picks one that all of them have free.
    ///
    /// An IPv6 address may stand in brackets. `::` is every address of both families, or of the one that the machine
    /// has. An address of a name that this machine does not have is left out.
    ///
    /// From now on a thread lets go of what is replaced in the app state.
    ///
    /// # Errors
    ///
    /// The host is none, or is not of this machine, or one of its addresses cannot be bound.
    pub fn bind(host: &str, port: u16, state: Arc<AppState>) -> std::io::Result<Self> {
        let listeners = listen(host, port)?;
        let first = listeners.first().map(|first| first.address);
        let address = first.ok_or_else(|| std::io::Error::other("the host has no address"))?;
        discards::start(&state);
        looker::start(&state)?;
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS);
        Ok(Self { listeners, address, state, workers, drain: DRAIN })
    }

    /// Sets how many threads answer: 1 to 512.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.clamp(1, MAX_WORKERS);
        self
    }

    /// Sets how long requests under way may take once the server stops; zero cuts them off.
    #[must_use]
    pub fn drain(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    /// Where it listens; the first of its addresses, where it has more than one.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where this machine reaches it: an address of its own, where the server listens on every one.
    #[must_use]
    pub fn reachable(&self) -> SocketAddr {
        self.listeners.first().map_or(self.address, Listener::reachable)
    }

    /// Every address that it listens on, all with one port.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.listeners.iter().flat_map(Listener::addresses)
    }

    /// Checks that the process may open what its threads need, and a few connections more: without, a
    /// thread would crash in the middle of its start.
    ///
    /// # Errors
    ///
    /// The process may open too few files.
    pub fn check_handles(&self) -> std::io::Result<()> {
        let needed =
            file_handles::THE_REST + file_handles::A_CONNECTION * CONNECTIONS + file_handles::A_WORKER * self.workers;
        let sockets = self.listeners.iter().map(|listener| &listener.socket);
        let opened: Result<Vec<_>, _> = sockets.cycle().take(needed).map(TcpListener::try_clone).collect();
        opened.map(drop).map_err(|error| {
            let (workers, enough) = (self.workers, needed.next_power_of_two().max(1024));
            let detail = format!(
                "{workers} worker threads and a few connections need {needed} more open files: {error}; \
                 raise the limit, such as `ulimit -n {enough}`"
            );
            std::io::Error::new(error.kind(), detail)
        })
    }

    /// Runs until `stop` is done, then lets the requests under way end.
    ///
    /// # Errors
    ///
    /// The server cannot start.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> std::io::Result<()> {
        self.start().await?.run_until(stop, std::future::pending()).await
    }

    /// Starts every thread that answers. What comes before the first answer may fail; once this is done,
    /// requests are answered while `Started::run_until` runs.
    ///
    /// # Errors
    ///
    /// A thread cannot start.
    pub async fn start(self) -> std::io::Result<Started> {
        self.state.journals.leave_to(teller::start()?);
        let room = Room::of(self.workers, self.state.serving.max_connections);
        let full = Arc::default();
        let builder = actix_server::Server::build()
            .workers(self.workers)
            .max_concurrent_connections(room.connections)
            .shutdown_timeout(self.drain.as_secs().saturating_add(1))
            .disable_signals();
        let stop = builder.graceful_shutdown_signal();
        let pools = Arc::new(Pools::new());
        let server = self.listeners.into_iter().try_fold(builder, |builder, Listener { socket, address, .. }| {
            let (state, full, stop) = (self.state.clone(), Arc::clone(&full), stop.clone());
            let connections = Connections { state, room, full, address, stop, pools: pools.clone() };
            builder.listen(address.to_string(), socket, move || connections.service())
        })?;
        let server = server.run();
        let (handle, mut server) = (server.handle(), server);
        // The first look at it starts the threads, and waits until they are there or one of them failed.
        match std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut server).poll(context))).await {
            Poll::Ready(outcome) => outcome.and(Err(std::io::Error::other("it ended before it was asked to"))),
            Poll::Pending => Ok(Started { server, handle, state: self.state, drain: self.drain }),
        }
    }
}

/// A server whose threads run.
#[must_use = "a server that is dropped stops"]
pub struct Started {
    server: actix_server::Server,
    handle: ServerHandle,
    state: Arc<AppState>,
    drain: Duration,
}

impl Started {
    /// Runs until `stop` is done, then lets the requests under way end: as long as the drain lasts, or until
    /// `cut` is done.
    ///
    /// # Errors
    ///
    /// The server ended by itself.
    pub async fn run_until(self, stop: impl Future<Output = ()>, cut: impl Future<Output = ()>) -> std::io::Result<()> {
        let Self { server, handle, state, drain } = self;
        let stopped = async {
            stop.await;
            // Streams never end by themselves: they go first, so that the drain waits for requests alone.
            state.subscribers.close();
            if drain.is_zero() {
                handle.stop(false).await;
                return;
            }
            // actix counts whole seconds; whatever is under way after the drain ends with the server.
            let drained = tokio::time::timeout(drain, handle.stop(true));
            tokio::select! {
                _ = drained => {}
                () = cut => {}
            }
        };
        let swept = async {
            loop {
                tokio::time::sleep(SWEEP).await;
                state.sandboxes.sweep();
            }
        };
        tokio::select! {
            outcome = server => outcome,
            () = stopped => Ok(()),
            () = swept => Ok(()),
        }
    }
}

impl std::fmt::Debug for Started {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Started").field("state", &self.state).field("drain", &self.drain).finish_non_exhaustive()
    }
}
