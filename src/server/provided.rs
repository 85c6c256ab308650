//! A request to a provider: one with a large body is answered on a thread that no other waits for.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;

use crate::app::AppState;
use crate::app::sandbox::{Address, Found};
use crate::provider::{HeaderValue, Headers, Refusal};
use crate::server::aside::Aside;
use crate::server::message::{Answer, Sent};
use crate::server::middleware::address::{Naming, Unnamed};
use crate::server::middleware::body::Body;
use crate::server::pipeline::{RequestContext, crashed};

/// The largest body that a worker reads itself: a vendor's answer to a wrong one may be many times as large.
const LIGHT_BODY: usize = 32 << 10;

impl RequestContext<'_> {
    /// An answer under a provider's mount.
    pub(super) async fn provided<B: Body>(
        &self,
        address: Address,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        incoming: &mut B,
        aside: &impl Aside,
    ) -> Answer {
        let mut body = Read(incoming.read(self.app.serving.max_body).await);
        let held = body.0.as_ref().map_or(0, Bytes::len);
        if held <= LIGHT_BODY {
            return self.provider(address, naming, found, &mut body).await;
        }
        let owned = Owned::of(self);
        // All of the request is there, so nothing is waited for.
        let work = move || owned.context().provider(address, naming, found, &mut body).now_or_never();
        aside.run_anyway(held, work).await.flatten().unwrap_or_else(|| crashed(self.sent, self.app))
    }
}

/// A body that was read, or why it was not.
struct Read(Result<Bytes, Refusal>);

impl Body for Read {
    async fn read(&mut self, _: usize) -> Result<Bytes, Refusal> {
        self.0.clone()
    }

    fn is_left(&self) -> bool {
        false
    }
}

/// A request context that owns what another one borrows.
struct Owned {
    app: Arc<AppState>,
    sent: Sent,
    headers: Headers,
    page: Option<HeaderValue>,
    prefix: Option<String>,
    raw_path: String,
    path: String,
}

impl Owned {
    fn of(context: &RequestContext<'_>) -> Self {
        Self {
            app: context.app.clone(),
            sent: context.sent.clone(),
            headers: context.headers.clone(),
            page: context.page.cloned(),
            prefix: context.prefix.map(str::to_owned),
            raw_path: context.raw_path.to_owned(),
            path: context.path.to_owned(),
        }
    }

    fn context(&self) -> RequestContext<'_> {
        RequestContext {
            app: &self.app,
            sent: &self.sent,
            headers: &self.headers,
            page: self.page.as_ref(),
            prefix: self.prefix.as_deref(),
            raw_path: &self.raw_path,
            path: &self.path,
        }
    }
}
