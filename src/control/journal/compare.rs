//! How a call that was made differs from one that a test expects, field by field.

use std::borrow::Cow;
use std::ops::ControlFlow;

use serde_json::Value;

use super::call::Call;
use crate::api::FieldCheck;
use crate::contract::suggestion;
use crate::control::Ask;
use crate::control::ask::slot;
use crate::world::call::{Look, Part, Pattern, Shown, Wrong};
use crate::world::journal::REDACTED;

/// Texts up to this length are compared letter by letter to find the nearest call.
const LONGEST: usize = 128;

/// Every expected field beside what the call has.
pub(super) fn compare(pattern: &Pattern, call: &Call) -> Vec<FieldCheck> {
    let mut fields = Vec::new();
    let _ = pattern.look(call, &mut |look| {
        fields.push(check(look, call));
        ControlFlow::Continue(())
    });
    fields
}

/// How near a call is to what is expected of it: 1 is a hit. Nothing is written out for it: it is asked of every call.
pub(super) fn likeness(pattern: &Pattern, call: &Call) -> f64 {
    let (mut sum, mut most) = (0.0, 0.0);
    let _ = pattern.look(call, &mut |look| {
        sum += look.weight * likeness_of(look);
        most += look.weight;
        ControlFlow::Continue(())
    });
    if most > 0.0 { sum / most } else { 1.0 }
}

fn check(look: &Look<'_>, call: &Call) -> FieldCheck {
    let (expected, found) = (look.expected.value(), look.found.map(Shown::value));
    let note = if look.agrees { None } else { note(look.part, found.as_ref(), call) };
    FieldCheck { field: look.part.to_string(), agrees: look.agrees, expected, found, note }
}

/// What else is known of a field that is not as expected.
fn note(part: Part<'_>, found: Option<&Value>, call: &Call) -> Option<String> {
    let text = &call.entry.exchange.text;
    match (part, found) {
        (Part::Body(_), Some(Value::String(found))) if found == REDACTED => {
            Some("the journal keeps no secrets; expect \"[redacted]\"".to_owned())
        }
        (Part::Body(_), Some(_)) => None,
        (Part::Body(_), None) if text.request_cut => {
            let kept = text.request_body().len();
            Some(format!("only {kept} of {} bytes are kept; --journal-body keeps more", text.request_size))
        }
        (Part::Body(_), None) if call.parts.body.is_none() && text.request_size > 0 => {
            Some("the body is not JSON".to_owned())
        }
        (Part::Body(_), None) if call.parts.body.is_none() => Some("there is no body".to_owned()),
        (_, Some(Value::String(found))) if found.contains(REDACTED) => {
            Some("the journal keeps no secrets; expect what it keeps".to_owned())
        }
        _ => None,
    }
}

/// How like a field is what was expected, 0 to 1.
fn likeness_of(look: &Look<'_>) -> f64 {
    if look.agrees || !look.by_letters {
        return f64::from(u8::from(look.agrees));
    }
    let text = |shown: Shown<'_>| shown.text().filter(|text| text.len() <= LONGEST).map(Cow::into_owned);
    match (text(look.expected), look.found.and_then(text)) {
        (Some(expected), Some(found)) => strsim::normalized_damerau_levenshtein(&expected, &found),
        _ => 0.0,
    }
}

/// Refuses a provider or an operation that is not served.
pub(super) fn check_served(ask: &Ask<'_>, pattern: &Pattern) -> Result<(), Wrong> {
    if let Some(id) = &pattern.provider {
        slot(ask.sandbox.slots(), id).map_err(|detail| Wrong::new(".provider", detail))?;
    }
    let Some(name) = &pattern.operation else { return Ok(()) };
    let known = || ask.app.operations().map(|operation| &*operation.name);
    if known().any(|known| known == name) {
        return Ok(());
    }
    let near = suggestion::name(name, known());
    let near = near.map_or_else(|| "/_mock/routes lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Wrong::new(".operation", format!("there is no operation `{name}`; {near}")))
}
