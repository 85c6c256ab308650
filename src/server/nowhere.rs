//! A request that no mount takes and that is none of the control API's: most often its base URL is wrong.

use crate::api::Problem;
use crate::app::sandbox::Found;
use crate::control::{self, Lost};
use crate::provider::Refusal;
use crate::server::message::Answer;
use crate::server::middleware::address::{Naming, Unnamed};
use crate::server::middleware::body::Body;
use crate::server::middleware::finish::{finish, finish_at};
use crate::server::middleware::{explain, panics, steering};
use crate::server::pipeline::RequestContext;

impl RequestContext<'_> {
    /// The answer, which any page that may call a provider may read.
    pub(super) async fn nowhere<B: Body>(
        &self,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        incoming: &mut B,
    ) -> Answer {
        let found = found.unwrap_or_else(|| self.default());
        if let Err(error) = naming {
            let refused = explain::problem(Problem::new(400, error.to_string()).response());
            let refused = steering::hinted(refused, &self.sent.headers);
            return finish(refused, None, self.page);
        }
        panics::probe("nowhere");
        let mut exchange = self.open();
        let read = incoming.read(self.app.serving.max_body).await;
        let response = match &read {
            Ok(_) => {
                let (response, hint) = control::nowhere(&self.lost(&found));
                response.hint(hint)
            }
            Err(refusal) => explain::problem(control::unread(refusal)),
        };
        exchange.refused = Some(Refusal::NoRoute.name());
        let response = steering::hinted(response, &self.sent.headers);
        self.app.counts.count_nowhere(response.status());
        let now = found.sandbox.clock().now();
        let answer = finish_at(now, response, Some(&found), self.page);
        self.close(now, exchange, &found, read.as_deref().unwrap_or_default(), answer)
    }

    /// This request as one that leads to nothing.
    pub(super) fn lost<'v>(&'v self, found: &'v Found) -> Lost<'v> {
        let (prefix, raw_path) = (self.prefix, self.raw_path);
        Lost { app: self.app, sandbox: &found.sandbox, method: self.sent.method.as_str(), prefix, raw_path }
    }
}
