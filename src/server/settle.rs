//! The sandbox of a request that has arrived whole, and the refusal where none takes it.

use crate::app::sandbox::{Address, Found};
use crate::provider::{Refusal, Request};
use crate::server::message::Answer;
use crate::server::middleware::address::{self, Naming, Unnamed};
use crate::server::middleware::finish::finish;
use crate::server::middleware::{explain, panics, steering};
use crate::server::pipeline::RequestContext;

impl RequestContext<'_> {
    /// The sandbox of a request that has arrived whole.
    pub(super) fn settle(
        &self,
        address: &Address,
        naming: Result<Naming, Unnamed>,
        found: Option<Found>,
        request: &Request<'_>,
    ) -> Result<Found, Unnamed> {
        panics::probe("settle");
        let mut naming = naming?;
        if let Some(name) = address.slot.provider().named_sandbox(request) {
            naming.add(&name, address::BY_CREDENTIAL)?;
        }
        match (found, naming.name()) {
            // A credential in the body counts more than what is carried along.
            (Some(found), name) if name.is_none_or(|name| found.sandbox().name() == name) => Ok(found),
            (_, Some(name)) => Ok(address::enter(self.app, name, self.headers)),
            (_, None) if self.app.serving.require_sandbox => Err(Unnamed::Missing),
            (_, None) => Ok(self.default()),
        }
    }

    /// A refusal in the vendor's words of a request that no sandbox takes.
    pub(super) fn refused_without_sandbox(
        &self,
        address: &Address,
        request: &Request<'_>,
        refusal: &Refusal,
        why: &str,
    ) -> Box<Answer> {
        let provider = address.slot.provider();
        let options = address.in_sandbox(self.app.default_sandbox()).slot.options();
        let response = explain::refused(provider.refuse(refusal, request, &options), why);
        let response = steering::hinted(response, self.headers);
        self.app.counts.count(&provider.descriptor().id, None, response.status(), None);
        finish(response, None, self.page)
    }
}
