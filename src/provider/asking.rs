//! A provider that a unit test asks, without a server.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    AuthMode, Base, HeaderName, HeaderValue, Headers, Options, Registered, Request, Response, Routed, Slot, View,
};
use crate::world::ids::Seed;

/// A slot at the provider's embedded fixture, and the credential of who asks.
pub(crate) struct Asking {
    slot: Arc<dyn Slot>,
    credential: &'static str,
}

impl Asking {
    /// Whoever sends this `Authorization`.
    pub(crate) fn of(provider: Registered, credential: &'static str) -> Self {
        let fixture = provider.descriptor().fixture.clone();
        let options = Arc::new(Options::new(AuthMode::Any, false, &provider.descriptor().settings));
        Self { slot: provider.slot("fixture.json", fixture, now(), options).expect("a fixture"), credential }
    }

    /// What a request is answered, on a state that no other changed. A body is declared as JSON.
    pub(crate) fn ask(&self, method: &str, target: &str, body: &str) -> Response {
        let slot = self.slot.fresh(&self.slot.account().sibling());
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let descriptor = slot.provider().descriptor();
        let mount = descriptor.mounts.iter().find(|mount| mount.takes(path)).expect(target);
        let mut headers = Headers::new();
        for (name, value) in [("authorization", self.credential), ("content-type", "application/json")]
            .into_iter()
            .take(1 + usize::from(!body.is_empty()))
        {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let request = Request {
            method,
            raw_path: path,
            path,
            mount: &mount.path,
            rest: &path[mount.path.len()..],
            query,
            headers: &headers,
            body: body.as_bytes(),
            base: Base::LOCALHOST,
        };
        let nobody = Vec::new();
        let view = View::of(now(), Seed(1), slot.options(), &nobody);
        match slot.route(&request, &view.options) {
            Routed::Operation(meant) => meant.answer(request, &view),
            Routed::Answered(response) => response,
            Routed::Refused(refusal) => slot.provider().refuse(&refusal, &request, &view.options),
        }
    }

    /// Asserts the status, where the first that was passed over stands, and how many there are.
    pub(crate) fn check(&self, request: (&str, &str, &str), status: u16, passed_over: (Option<&str>, usize)) {
        let (method, target, body) = request;
        let response = self.ask(method, target, body);
        let text = String::from_utf8_lossy(response.bytes());
        assert_eq!(response.status(), status, "{request:?}: {text}");
        let unread = response.passed_over();
        assert_eq!((unread.first(), unread.count()), passed_over, "{request:?}: {text}");
    }
}

fn now() -> Timestamp {
    "2026-01-15T12:00:00Z".parse().expect("an instant")
}
