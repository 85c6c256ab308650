//! What the journal can say about a call: fields that the vendor ignores, and what was probably meant.

use std::collections::HashMap;
use std::sync::Arc;

use super::call::Call;
use crate::api::{Hint, Ignored};
use crate::app::{AppState, Sandbox};
use crate::contract::Document;
use crate::contract::request::Unknown;
use crate::contract::suggestion::Suggestion;
use crate::control::Ask;
use crate::control::base_url::suggested_operation;
use crate::control::explain::{Case, explain, said};
use crate::provider::{Name, Operation, Provenance};

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
        if call.parts.query.is_empty() && call.parts.body.is_none() {
            return Vec::new();
        }
        let Some(document) = self.document(call) else { return Vec::new() };
        with_case(call, |case| case.asked().map(|asked| document.unknown(&asked))).unwrap_or_default()
    }

    /// The fields that the vendor ignores.
    pub(super) fn ignored(&mut self, call: &Call) -> Vec<Ignored> {
        let unknown = self.unknown(call).into_iter().filter(|unknown| !unknown.refused);
        unknown.map(|Unknown { at, nearest, taken_by, .. }| Ignored { at, nearest, taken_by }).collect()
    }

    /// What was probably meant, where the call hit no operation or did not pass.
    pub(super) fn hint(&mut self, call: &Call) -> Option<Hint> {
        let document = self.document(call);
        let provider = call.entry.exchange.provider.as_deref();
        with_case(call, |case| {
            explain(case, document.as_deref(), || self.suggestion(case.method, &call.parts.path, provider))
        })
    }
}

/// Looks at a call as a request and what became of it.
fn with_case<T>(call: &Call, look: impl FnOnce(&Case<'_>) -> T) -> T {
    let exchange = &call.entry.exchange;
    let text = &exchange.text;
    let content_type = call.field("content-type");
    let [told, error] = said(text);
    look(&Case {
        method: text.method(),
        parts: &call.parts,
        content_type: content_type.as_deref(),
        bytes: text.request_body(),
        has_body: text.request_size > 0,
        is_cut: text.request_cut,
        operation: exchange.operation.as_deref(),
        status: exchange.status,
        refuses: exchange.refuses,
        refused: exchange.refused,
        fault: exchange.fault.as_deref(),
        canned: exchange.canned,
        unread: None,
        wrong: &[],
        misread: exchange.misread,
        says: None,
        bounds: None,
        told: told.as_deref(),
        error: error.as_deref(),
    })
}
