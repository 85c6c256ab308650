//! `Expect: 100-continue`: a body that is too large, or that there is no room for, is refused before its client sends it.
//!
//! Any other expectation is ignored, as uvicorn, Kestrel, nginx and hyper do. RFC 9110 lets a server answer 417, which
//! Node does and IIS; but no vendor documents one, and a request that has its answer tests more than one that has none.

use std::sync::Arc;

use actix_http::body::BoxBody;
use actix_http::{HttpMessage, Request, Response};
use actix_service::{ServiceFactory, fn_service};

use crate::app::AppState;
use crate::server::listener::exchange::{ask_for_room, serve};
use crate::server::pool::Pools;

/// The service that is asked before a client gets `100 Continue`: one whose body will not be read gets its answer instead.
pub(super) fn expect(
    state: Arc<AppState>,
    pools: Arc<Pools>,
) -> impl ServiceFactory<Request, Config = (), Response = Request, Error = Response<BoxBody>, InitError = ()> {
    fn_service(move |request: Request| {
        let (state, pools) = (state.clone(), pools.clone());
        async move {
            if let Some(asked) = ask_for_room(request.head(), &state) {
                let has_room = asked.has_room();
                request.extensions_mut().insert(asked);
                if has_room {
                    return Ok(request);
                }
            }
            // Only its head is looked at: nothing of its body comes as long as the client waits.
            Err(serve(state, pools, request).await.map_into_boxed_body())
        }
    })
}
