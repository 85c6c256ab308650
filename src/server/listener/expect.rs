//! `Expect: 100-continue`: a body that is too large is refused before its client sends it.
//!
//! Any other expectation is ignored, as uvicorn, Kestrel, nginx and hyper do. RFC 9110 lets a server answer 417, which
//! Node does and IIS; but no vendor documents one, and a request that has its answer tests more than one that has none.

use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_http::body::{BoxBody, MessageBody};
use actix_http::{Request, Response};
use actix_service::{Service, ServiceFactory, fn_factory};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, ready};

use crate::app::AppState;
use crate::server::listener::exchange::announces_too_much;

/// Lets a request through whose client waits for `100 Continue`; one whose body is too large is answered by `app`.
#[derive(Debug)]
struct Expect<S> {
    app: Rc<S>,
    state: Arc<AppState>,
}

/// The service that is asked before a client gets `100 Continue`.
pub(super) fn expect<F, B>(
    app: F,
    state: Arc<AppState>,
) -> impl ServiceFactory<Request, Config = (), Response = Request, Error = Response<BoxBody>, InitError = F::InitError>
where
    F: ServiceFactory<Request, Config = (), Response = Response<B>, Error = Response<BoxBody>>,
    F::Service: 'static,
    F::Future: 'static,
    B: MessageBody + 'static,
{
    fn_factory(move || {
        let state = state.clone();
        app.new_service(()).map(|app| app.map(|app| Expect { app: Rc::new(app), state }))
    })
}

impl<S, B> Service<Request> for Expect<S>
where
    S: Service<Request, Response = Response<B>, Error = Response<BoxBody>> + 'static,
    B: MessageBody + 'static,
{
    type Response = Request;
    type Error = Response<BoxBody>;
    type Future = LocalBoxFuture<'static, Result<Request, Response<BoxBody>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.app.poll_ready(context)
    }

    fn call(&self, request: Request) -> Self::Future {
        if !announces_too_much(request.head(), &self.state) {
            return ready(Ok(request)).boxed_local();
        }
        // Only its head is looked at: nothing of its body comes as long as the client waits.
        let answer = self.app.call(request);
        async move { Err(answer.await.map_or_else(|refusal| refusal, Response::map_into_boxed_body)) }.boxed_local()
    }
}
