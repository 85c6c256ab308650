//! What the journal can say about a call: fields that the vendor ignores, and the hint of its answer.

use std::collections::HashMap;
use std::sync::Arc;

use super::call::Call;
use crate::api::{Hint, Ignored};
use crate::app::{AppState, Sandbox};
use crate::contract::Document;
use crate::contract::request::{Asked, Unknown};
use crate::contract::suggestion::Suggestion;
use crate::control::Ask;
use crate::control::base_url::suggested_operation;
use crate::provider::{Name, Operation, Provenance};
use crate::world::call::Outcome;
use crate::world::journal::Secrets;

/// Explains the calls of one sandbox.
pub(super) struct Explainer<'a> {
    app: &'a AppState,
    sandbox: &'a Sandbox,
    documents: HashMap<Name, Option<Arc<Document>>>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(app: &'a AppState, sandbox: &'a Sandbox) -> Self {
        Self { app, sandbox, documents: HashMap::new() }
    }

    pub(super) fn of(ask: &Ask<'a>) -> Self {
        Self::new(ask.app, ask.sandbox)
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

    /// The operation nearest to a request, of one provider or of all.
    pub(super) fn suggestion(&self, method: &str, path: &str, provider: Option<&str>) -> Option<Suggestion<'a>> {
        suggested_operation(self.sandbox, method, path, provider)
    }

    fn document(&mut self, call: &Call) -> Option<Arc<Document>> {
        let provider = call.entry.exchange.provider.as_ref()?;
        if let Some(known) = self.documents.get(provider) {
            return known.clone();
        }
        let slot = self.sandbox.slot(provider)?;
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
