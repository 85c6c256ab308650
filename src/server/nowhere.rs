//! A request that no mount takes and that is none of the control API's: most often its base URL is wrong.

use crate::api::Problem;
use crate::app::sandbox::{Found, Full};
use crate::control;
use crate::provider::Refusal;
use crate::server::message::Answer;
use crate::server::middleware::address::{Naming, Unnamed};
use crate::server::middleware::body::{Body, Unread};
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
    ) -> Box<Answer> {
        let found = found.unwrap_or_else(|| self.default());
        if let Err(error) = naming {
            let refused = Problem::new(400, error.told(&self.secrets(b""))).response();
            let (refused, told) = explain::problem(refused, self.received(b""));
            return finish(refused, None, self.page).telling(told);
        }
        panics::probe("nowhere");
        let mut exchange = self.open();
        let read = incoming.read(self.app.serving.max_body).await;
        if let Err(full) = found.ask_to_stay() {
            return self.no_room_nowhere(&full);
        }
        exchange.refused = Some(Refusal::NoRoute.name());
        let body = read.as_deref().unwrap_or_default();
        let explained = self.explained(&found, body);
        let response = match &read {
            Ok(_) => {
                let (response, hint) = control::nowhere(&explained.lost(self.prefix));
                steering::hinted(response.hint(hint), &self.sent.headers)
            }
            Err(unread) => {
                let problem = match unread {
                    Unread::Refused(refusal) => control::unread(refusal),
                    Unread::TooSlow(bound) => control::too_slow(*bound),
                    Unread::NoRoom(full) => {
                        exchange.refused = Some(unread.refusal().name());
                        control::no_room_for_bytes(*full)
                    }
                };
                explain::problem(problem, self.received(body)).0
            }
        };
        if let Err(full) = found.keep() {
            return self.no_room_nowhere(&full);
        }
        let (response, told) = explained.nowhere(&mut exchange, response);
        if let Some(told) = &told {
            self.note(&found, &explained, &exchange, told);
        }
        self.app.counts.count_nowhere(response.status());
        let now = found.sandbox().clock().now();
        let answer = finish_at(now, response, Some(&found), self.page).telling(told);
        let answer = self.close(now, exchange, &found, &explained, answer);
        answer.held_by(found)
    }

    fn no_room_nowhere(&self, full: &Full) -> Box<Answer> {
        let (response, told) = explain::problem(control::no_room(full).response(), self.received(&[]));
        self.app.counts.count_nowhere(response.status());
        finish(response, None, self.page).telling(told)
    }
}
