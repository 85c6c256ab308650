//! A request that no mount takes and that is none of the control API's: most often its base URL is wrong.

use super::app::Visit;
use super::layers::address::{Naming, Unnamed};
use super::layers::body::Body;
use super::layers::finish::finish;
use super::layers::house;
use super::message::Answer;
use super::problem::Problem;
use super::provider::Refusal;
use crate::control::{self, Lost};
use crate::world::sandbox::Found;

impl Visit<'_> {
    /// The answer, which any page that may call a provider may read.
    pub(super) async fn nowhere<B: Body>(
        &self,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        incoming: &mut B,
    ) -> Answer {
        let found = found.unwrap_or_else(|| self.default());
        if let Err(error) = naming {
            return finish(Problem::new(400, error.to_string()).response(), None, self.page);
        }
        house::probe("nowhere");
        let mut exchange = self.open();
        let read = incoming.read(self.hall.max_body).await;
        let response = match &read {
            Ok(_) => {
                let (response, hint) = control::nowhere(&self.lost(&found));
                response.hint(hint)
            }
            Err(refusal) => control::unread(refusal),
        };
        exchange.refused = Some(Refusal::NoRoute.name());
        self.hall.counts.count_nowhere(response.status());
        let now = found.sandbox.clock().now();
        self.close(now, exchange, &found, read.as_deref().unwrap_or_default(), response, self.page)
    }

    /// This request as one that leads to nothing.
    pub(super) fn lost<'v>(&'v self, found: &'v Found) -> Lost<'v> {
        let (prefix, raw_path) = (self.prefix, self.raw_path);
        Lost { hall: self.hall, sandbox: &found.sandbox, method: self.sent.method.as_str(), prefix, raw_path }
    }
}
