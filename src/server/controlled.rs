//! A request to the control API, which another thread answers unless it is light.

use std::sync::Arc;

use bytes::Bytes;

use crate::api::Problem;
use crate::app::AppState;
use crate::app::sandbox::Found;
use crate::control::{self, Ask, Reply};
use crate::provider::{Headers, Response};
use crate::server::aside::{Aside, NotDone};
use crate::server::message::{Answer, Sent, Told};
use crate::server::middleware::address::{Naming, Unnamed};
use crate::server::middleware::base::Start;
use crate::server::middleware::body::{Body, Unread};
use crate::server::middleware::finish::{finish, in_sandbox};
use crate::server::middleware::journal::Received;
use crate::server::middleware::{cors, explain, panics};
use crate::server::pipeline::RequestContext;
use crate::world::cancel::{self, Cancel};

impl RequestContext<'_> {
    /// An answer of the control API, which is closed to foreign pages.
    pub(super) async fn control<B: Body>(
        &self,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        incoming: &mut B,
        aside: &impl Aside,
    ) -> Box<Answer> {
        // Where every request must name a sandbox, one that is not told of must be named too.
        let is_named = found.is_some() || self.app.serving.require_sandbox;
        let found = found.unwrap_or_else(|| self.default());
        let named = is_named.then(|| found.sandbox().name());
        let sandbox = found.sandbox().clone();
        let ask = Ask {
            names: &[],
            app: self.app,
            base: &Start::of_document(self.app, self.headers, self.host(), named),
            sandbox: &sandbox,
            method: self.sent.method.as_str(),
            path: self.path,
            sent_path: self.sent.target.path(),
            query: self.sent.target.query(),
            headers: self.headers,
            body: &[],
            cancel: &Cancel::never(),
        };
        let is_public = control::is_public(&ask);
        let told = |response| explain::problem(control::protect(response, is_public), self.received(b""));
        let with = |(response, told), found, origin| finish(response, found, origin).telling(told);
        let finish = |response, found, origin| with(told(response), found, origin);
        let authority = self.sent.target.authority().map(|authority| authority.as_str());
        let own = Start::forwarded_origin(self.app, self.headers, self.host());
        let origin = match control::admit(&ask, authority, own.as_deref()) {
            Ok(origin) => origin,
            Err(problem) => return finish(problem.response(), Some(&found), None),
        };
        // As long as there is room for it beside those that other clients have not read.
        let held = |(response, told): Explained, found| match self.app.answers.hold(response.bytes().len()) {
            Ok(waiting) => {
                let mut answer = with((response, told), found, origin);
                answer.waiting = waiting;
                answer
            }
            Err(full) => finish(control::no_room_for_bytes(full), found, origin),
        };
        if let Err(error) = naming {
            return finish(Problem::new(400, error.told(&self.secrets(b""))).response(), None, origin);
        }
        if cors::is_preflight(ask.method, self.headers) {
            return finish(cors::preflight(self.headers), Some(&found), origin);
        }
        panics::probe("control");
        let read = incoming.read(self.app.serving.max_control_body).await;
        let reply = match &read {
            Ok(body) if !control::is_light(&Ask { body, ..ask }) => {
                let ask = Ask { body: &[], ..ask };
                let work = ControlWork::of(&ask, self.sent, self.raw_path, body.clone(), is_public);
                return match work.run(found, aside).await {
                    Ok((outcome, found)) => held(outcome, Some(&found)).held_by(found),
                    Err(response) => finish(in_sandbox(response, &sandbox), None, origin),
                };
            }
            Ok(body) => control::answer_in(&found, &Ask { body, ..ask }),
            Err(Unread::Refused(refusal)) => control::unread(refusal).into(),
            Err(Unread::NoRoom(full)) => control::no_room_for_bytes(*full).into(),
            Err(Unread::TooSlow(bound)) => control::too_slow(*bound).into(),
        };
        match reply {
            Reply::Whole(response) => held(told(response), Some(&found)).held_by(found),
            Reply::Events(head, mut events) => {
                let mut answer = finish(head, Some(&found), origin);
                // A stream may follow another sandbox later, and uses that then.
                events.holds(found);
                answer.events = Some(events);
                answer
            }
        }
    }
}

/// An answer with its hint, and what is to be told of it.
type Explained = (Response, Option<Told>);

/// A request to the control API with all that it needs, so that another thread can answer it.
struct ControlWork {
    app: Arc<AppState>,
    base: String,
    sent: Sent,
    /// The fields as the vendor sees them.
    headers: Headers,
    raw_path: String,
    path: String,
    body: Bytes,
    is_public: bool,
}

impl ControlWork {
    fn of(ask: &Ask<'_>, sent: &Sent, raw_path: &str, body: Bytes, is_public: bool) -> Self {
        Self {
            app: ask.app.clone(),
            base: ask.base.to_owned(),
            sent: sent.clone(),
            headers: ask.headers.clone(),
            raw_path: raw_path.to_owned(),
            path: ask.path.to_owned(),
            body,
            is_public,
        }
    }

    /// Its answer with its hint, and what is to be told of it; or the problem that it is not answered.
    async fn run(self, found: Found, aside: &impl Aside) -> Result<(Explained, Found), Response> {
        let (deadline, held) = (self.app.serving.control_timeout, self.body.len());
        let whose = found.sandbox().name().clone();
        let outcome = aside.run(&whose, deadline, held, move |cancel| (self.answer(&found, cancel), found)).await;
        outcome.map_err(|error| match error {
            NotDone::Busy { running, waiting } => control::busy(running, waiting),
            NotDone::Waited(deadline) => control::waited(deadline),
            NotDone::Cancelled(cancelled) => control::cancelled(cancelled),
            NotDone::Crashed => {
                tracing::error!("a request of the control API crashed while it was worked on");
                Problem::new(500, control::CRASHED).response()
            }
        })
    }

    fn answer(self, found: &Found, cancel: &Cancel) -> Explained {
        let ask = Ask {
            names: &[],
            app: &self.app,
            base: &self.base,
            sandbox: found.sandbox(),
            method: self.sent.method.as_str(),
            path: &self.path,
            sent_path: self.sent.target.path(),
            query: self.sent.target.query(),
            headers: &self.headers,
            body: &self.body,
            cancel,
        };
        let response = match cancel::within(cancel, || control::answer_in(found, &ask)) {
            (_, Some(cancelled)) => control::cancelled(cancelled),
            (Reply::Whole(response) | Reply::Events(response, _), None) => response,
        };
        let credentials = self.app.credential_headers();
        let received = Received { sent: &self.sent, raw_path: &self.raw_path, body: b"", credentials };
        explain::problem(control::protect(response, self.is_public), received)
    }
}
