//! From an accepted socket to the requests on it.
//!
//! actix-server accepts, and hands a socket to one of its workers; actix-http reads requests off a stream and writes
//! answers to it. The stream between the two is our own: [`socket`] is the one handle of a connection, [`gate`] lets
//! one request through at a time, [`tracker`] makes room where there is none. TLS would stand between socket and gate.

mod answer;
mod aside;
mod chunks;
mod connection;
mod departing;
mod diagnosis;
mod exchange;
mod expect;
mod faults;
mod framing;
mod gate;
mod incoming;
mod refused;
mod socket;
mod tracker;

use std::convert::Infallible;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Request};
use actix_server::GracefulShutdownSignal;
use actix_service::{Service, ServiceFactory, fn_factory, fn_service};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::net::TcpStream;

use self::answer::Body;
use self::connection::{Connection, LINGER_TIMEOUT};
#[cfg(feature = "cli")]
pub(crate) use self::diagnosis::MOST_FIELDS;
use self::gate::Gate;
use self::socket::Socket;
use self::tracker::Tracker;
use crate::app::AppState;
use crate::server::file_handles::Room;
use crate::server::pool::Pools;

/// How long a connection may be kept between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// What every connection of a server has in common.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    pub(super) state: Arc<AppState>,
    /// How many of them a worker has at most.
    pub(super) room: Room,
    /// Whether it was said that there are no more.
    pub(super) full: Arc<AtomicBool>,
    /// Where they came to.
    pub(super) address: SocketAddr,
    pub(super) stop: GracefulShutdownSignal,
    /// Who does what may take long.
    pub(super) pools: Arc<Pools>,
}

impl Connections {
    /// The service of one worker, which takes a connection and is done when that ends.
    pub(super) fn service(
        &self,
    ) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
        let (state, stop) = (self.state.clone(), self.stop.clone());
        let (room, full) = (self.room, self.full.clone());
        let (way, pools) = (self.state.clone(), self.pools.clone());
        let http = HttpService::<Gate<Socket>, _, Body>::build()
            // Hidden in its documentation, but `HttpServer` of actix-web calls it as well.
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            // The gate has a limit of its own, which every head of a connection has to keep.
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER_TIMEOUT)
            .local_addr(self.address)
            .on_connect_ext(|gate: &Gate<Socket>, data| {
                data.insert(gate.connection().clone());
            })
            .expect(expect::expect(self.state.clone(), self.pools.clone()))
            .h1(fn_service(move |request: Request| {
                exchange::serve(way.clone(), pools.clone(), request).map(Ok::<_, Infallible>)
            }));
        fn_factory(move || {
            let state = state.clone();
            let tracker = Tracker::of_this_thread(room, &full);
            http.new_service(()).map(move |http| Ok(Worker { http: http?, state, tracker }))
        })
    }
}

/// Takes the connections of one worker.
struct Worker<S> {
    http: S,
    state: Arc<AppState>,
    tracker: Rc<Tracker>,
}

impl<S> Service<TcpStream> for Worker<S>
where
    S: Service<(Gate<Socket>, Option<SocketAddr>), Response = (), Error = DispatchError>,
    S::Future: 'static,
{
    type Response = ();
    type Error = DispatchError;
    type Future = LocalBoxFuture<'static, Result<(), DispatchError>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), DispatchError>> {
        self.http.poll_ready(context)
    }

    fn call(&self, socket: TcpStream) -> Self::Future {
        let connection = Connection::new(socket, self.tracker.clone());
        let place = self.tracker.join(&connection);
        let socket = Socket::new(connection.clone(), self.state.answers.clone(), self.state.serving.unread_timeout);
        let stream = Gate::new(socket, connection.clone(), self.state.serving.head_timeout);
        let served = self.http.call((stream, None));
        async move {
            let outcome = served.await;
            if let Err(error) = &outcome {
                refused::end(&connection, error).await;
            }
            drop(place);
            outcome
        }
        .boxed_local()
    }
}
