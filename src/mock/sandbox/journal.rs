//! What was asked of a sandbox and what it answered.

use super::Sandbox;
use crate::api::{Call, Exchange, ExchangePage, Requests, Verified, VerifyRequest};
use crate::control::{NoBody, Verb, journal};
use crate::mock::client::Typed;
use crate::mock::error::MockError;
#[cfg(feature = "client")]
use crate::mock::events::Events;

impl Sandbox {
    /// The exchanges of the journal that are wanted.
    ///
    /// # Errors
    ///
    /// What no exchange can be: an unknown operation, a status that is none.
    pub fn requests(&self, wanted: &Requests) -> Result<Vec<Exchange>, MockError> {
        let mut all = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let ExchangePage { requests, next, .. } = self.page(wanted, cursor.as_deref(), 1000)?;
            all.extend(requests);
            match next {
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// One page of the exchanges that are wanted, which also says how many were written and how many are gone: the
    /// first of at most `limit`, or of those behind a `cursor`, the `next` of the page before.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::requests`]; a `limit` that is not from 1 to 1000; a `cursor` that is no page's `next`.
    pub fn page(&self, wanted: &Requests, cursor: Option<&str>, limit: usize) -> Result<ExchangePage, MockError> {
        let page = asked(&journal::LIST_REQUESTS, wanted)?.query("limit", &limit.to_string());
        self.client.call(&self.name, cursor.iter().fold(page, |page, cursor| page.query("cursor", cursor)))
    }

    /// One exchange, by its id or its number.
    ///
    /// # Errors
    ///
    /// It is not kept.
    pub fn request(&self, id: &str) -> Result<Exchange, MockError> {
        self.ask_for(&journal::SHOW_REQUEST, &[id])
    }

    /// The exchanges that are wanted, as the text of a HAR 1.2 file.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::requests`].
    pub fn har(&self, wanted: &Requests) -> Result<String, MockError> {
        Ok(self.client.call(&self.name, asked(&journal::SHOW_HAR, wanted)?)?.into_text())
    }

    /// The calls that are wanted, which must be of one provider, as the text of a Pact V4 file; `consumer` is who made
    /// them. `state` names what they started from: a snapshot or a state of [`Builder::provider_states`]; without it, the
    /// sandbox's start.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::requests`]; the calls are of several providers, or none of them could be verified.
    ///
    /// [`Builder::provider_states`]: crate::mock::Builder::provider_states
    pub fn pact(&self, wanted: &Requests, consumer: &str, state: Option<&str>) -> Result<String, MockError> {
        let asked = asked(&journal::SHOW_PACT, wanted)?.query("consumer", consumer);
        let asked = state.iter().fold(asked, |asked, state| asked.query("state", state));
        Ok(self.client.call(&self.name, asked)?.into_text())
    }

    /// The exchanges that are wanted, as they happen. Asked over HTTP, even of a server in this process.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::requests`].
    #[cfg(feature = "client")]
    pub fn follow(&self, wanted: &Requests) -> Result<Events, MockError> {
        self.client.follow(&self.name, &asked(&journal::SHOW_EVENTS, wanted)?.into_request())
    }

    /// Holds the journal against what is expected; how often each call was made.
    ///
    /// # Errors
    ///
    /// [`MockError::Refused`], whose problem explains each failure by the nearest call; or says that nothing is
    /// expected: no call, or any number of one.
    pub fn verify(&self, calls: &[Call]) -> Result<Vec<u64>, MockError> {
        Ok(self.verify_all(&VerifyRequest { calls: calls.to_vec(), ..VerifyRequest::default() })?.found)
    }

    /// The same, and that the calls were made in this order; others may lie between them.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::verify`].
    pub fn verify_in_order(&self, calls: &[Call]) -> Result<Vec<u64>, MockError> {
        Ok(self.verify_all(&VerifyRequest { calls: calls.to_vec(), in_order: true, ..VerifyRequest::default() })?.found)
    }

    /// Holds the sandbox against calls and claims at once.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::verify`]; and that there is nothing to hold a claim against: nobody has used the sandbox.
    pub fn verify_all(&self, expected: &VerifyRequest) -> Result<Verified, MockError> {
        let mut calls = expected.calls.iter();
        calls.try_for_each(|call| call.pattern().stated()).map_err(|wrong| MockError::value("call", &wrong))?;
        self.ask_with(&journal::VERIFY, expected)
    }

    /// Claims that a call was made as often as it says.
    ///
    /// # Panics
    ///
    /// It was not; the message shows the nearest call, field by field, and which side is likely wrong.
    #[track_caller]
    pub fn assert_called(&self, call: &Call) {
        self.known(self.verify(std::slice::from_ref(call)));
    }

    /// Claims that calls were made in this order; others may lie between them.
    ///
    /// # Panics
    ///
    /// They were not; the message says which, and shows the nearest call.
    #[track_caller]
    pub fn assert_called_in_order(&self, calls: &[Call]) {
        self.known(self.verify_in_order(calls));
    }
}

/// A request for what is wanted of the journal.
pub(crate) fn asked<O>(verb: &Verb<NoBody, O>, wanted: &Requests) -> Result<Typed<NoBody, O>, MockError> {
    let pairs = wanted.pairs().map_err(|wrong| MockError::value("filter", &wrong))?;
    Ok(pairs.iter().fold(Typed::new(verb, &[]), |request, (name, value)| request.query(name, value)))
}
