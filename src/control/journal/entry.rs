//! An entry of the journal as it is shown.

use std::borrow::Cow;

use super::call::{Call, sorted};
use super::explain::{Explainer, hint};
use crate::api::{Body, Delivery, Exchange, ExchangeAnswer, ExchangeRequest};
use crate::world::history::StepId;

/// A call as it is shown, explained.
pub(super) fn shown(call: &Call, explainer: &mut Explainer<'_>) -> Exchange {
    let exchange = &call.entry.exchange;
    let said = &exchange.text;
    let progress = exchange.progress();
    let owned = |fields: Vec<(&str, Cow<'_, str>)>| {
        fields.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
    };
    Exchange {
        id: call.entry.id().to_string(),
        number: call.entry.number,
        sandbox: call.sandbox.name().to_string(),
        at: exchange.at,
        took_ms: (progress.took.as_secs_f64() * 1e6).round() / 1e3,
        provider: exchange.provider.clone(),
        operation: exchange.operation.clone(),
        provenance: explainer.provenance(call),
        request: ExchangeRequest {
            method: said.method().to_owned(),
            target: said.target().to_owned(),
            headers: owned(sorted(said.request_fields())),
            body: Body::of(said.request_body(), said.request_size, said.request_cut),
        },
        answer: ExchangeAnswer {
            status: exchange.status,
            headers: owned(sorted(said.answer_fields())),
            body: Body::of(said.answer_body(), said.answer_size, said.answer_cut),
        },
        delivery: Delivery::of(progress),
        changed: exchange.changed,
        step: exchange.step.is_own.then(|| StepId::name(exchange.step.step.number)),
        outcome: exchange.outcome(),
        fault: exchange.fault.as_ref().map(|struck| struck.rules.clone()),
        ignored: explainer.ignored(call),
        hint: hint(call),
    }
}
