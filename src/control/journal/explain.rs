//! What the journal can say about a call: fields that the vendor ignores, and the hint of its answer.

use std::collections::HashMap;
use std::sync::Arc;

use super::call::{Call, Kept};
use crate::api::{Hint, Ignored};
use crate::app::{AppState, Sandbox};
use crate::contract::Document;
use crate::contract::request::{Asked, Unknown};
use crate::provider::{Name, Operation, Provenance};
use crate::world::call::{Outcome, Pattern};
use crate::world::journal::Secrets;

/// Explains calls.
pub(super) struct Explainer<'a> {
    app: &'a AppState,
    /// The documents of the sandbox whose call was explained last, under its settings.
    documents: HashMap<Name, Option<Arc<Document>>>,
    sandbox: Option<Arc<Sandbox>>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(app: &'a AppState) -> Self {
        Self { app, documents: HashMap::new(), sandbox: None }
    }

    /// The operation of this name, once for each of its methods.
    pub(super) fn operations<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Operation> {
        self.app.operations().filter(move |operation| operation.name == name)
    }

    /// How the operation of a call is known.
    pub(super) fn provenance(&self, call: &Call) -> Option<Provenance> {
        let name = call.entry.exchange.operation.as_deref()?;
        let method = call.entry.exchange.text.method();
        let same = self.operations(name).find(|operation| operation.method == method);
        same.or_else(|| self.operations(name).next()).map(|operation| operation.provenance)
    }

    fn document(&mut self, call: &Call) -> Option<Arc<Document>> {
        let provider = call.entry.exchange.provider.as_ref()?;
        if !self.sandbox.as_ref().is_some_and(|sandbox| Arc::ptr_eq(sandbox, &call.sandbox)) {
            self.documents.clear();
            self.sandbox = Some(call.sandbox.clone());
        }
        if let Some(known) = self.documents.get(provider) {
            return known.clone();
        }
        let slot = call.sandbox.slot(provider)?;
        let document = self.app.document(slot.provider(), &slot.options()).ok();
        self.documents.insert(provider.clone(), document.clone());
        document
    }

    /// The fields that the provider's document does not name for the call's operation.
    pub(super) fn unknown(&mut self, call: &Call) -> Vec<Unknown> {
        let exchange = &call.entry.exchange;
        let Some(operation) = exchange.operation.as_deref() else { return Vec::new() };
        if call.parts.query.is_empty() && call.parts.body.is_none() {
            return Vec::new();
        }
        let Some(document) = self.document(call) else { return Vec::new() };
        let text = &exchange.text;
        document.unknown(&Asked {
            operation,
            method: text.method(),
            path: &call.parts.path,
            query: &call.parts.query,
            content_type: call.field("content-type").as_deref(),
            body: call.parts.body.as_ref(),
            bytes: text.request_body(),
            has_body: text.request_size > 0,
            is_cut: text.request_cut,
            passed: exchange.outcome() == Outcome::Answered,
            // What is kept has none.
            secrets: &Secrets::default(),
        })
    }

    /// A call as a pattern looks at it: what the vendor ignores is worked out where the pattern asks for it.
    pub(super) fn seen(&mut self, kept: Kept, pattern: &Pattern) -> Call {
        let mut call = Call::of(kept);
        if pattern.ignored.is_some() {
            self.look(&mut call);
        }
        call
    }

    /// Works out whether the client sent something that the vendor ignores.
    pub(super) fn look(&mut self, call: &mut Call) {
        if call.ignores.is_none() {
            call.ignores = Some(self.unknown(call).iter().any(|unknown| !unknown.refused));
        }
    }

    /// The fields that the vendor ignores.
    pub(super) fn ignored(&mut self, call: &Call) -> Vec<Ignored> {
        let unknown = self.unknown(call).into_iter().filter(|unknown| !unknown.refused);
        unknown.map(|Unknown { at, nearest, taken_by, .. }| Ignored { at, nearest, taken_by }).collect()
    }
}

/// What was probably meant, as it was said when the call was answered.
pub(super) fn hint(call: &Call) -> Option<Hint> {
    Hint::kept(call.entry.exchange.hint.as_deref()?)
}
