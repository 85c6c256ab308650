//! What clients send.

use crate::dialects::json_net::{self, Charset, Fault, Finding, Model, Slot, Version};
use crate::dialects::web_api::MediaType;
use crate::provider::{Options, Request, Unread, WrongPart};
use crate::providers::axero::entities::{ActionModel, ConditionModel, PersonaModel};
use crate::providers::axero::error::{VendorError, unreadable};
use crate::world::malformed::Malformed;

/// The member that no persona can do without.
pub(crate) const NAME: &str = "Name";

/// The body of an add or an update.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) persona: PersonaModel,
    pub(crate) misplaced: Misplaced,
}

/// Members of a condition or an action that stand at the top of a body, where they bind to nothing.
///
/// The parameter tables of Axero's two pages list them there, flat beside `Name`; its sample nests them.
#[derive(Debug, Default)]
pub(crate) struct Misplaced {
    conditions: Vec<String>,
    actions: Vec<String>,
}

impl Model for Body {
    fn slot(&mut self, member: &str) -> Option<(u32, Slot<'_>)> {
        let slot = self.persona.slot(member);
        if slot.is_none() {
            self.misplaced.note(member);
        }
        slot
    }
}

impl Misplaced {
    /// Notes a member that a persona does not have, if a condition or an action has it.
    fn note(&mut self, member: &str) {
        let names = if ConditionModel::default().slot(member).is_some() {
            &mut self.conditions
        } else if ActionModel::default().slot(member).is_some() {
            &mut self.actions
        } else {
            return;
        };
        if !names.iter().any(|known| known.eq_ignore_ascii_case(member)) {
            names.push(member.to_owned());
        }
    }

    /// Where the members belong, if there are any.
    pub(crate) fn hint(&self) -> Option<String> {
        let lists = [("PersonaConditions", &self.conditions), ("PersonaActions", &self.actions)];
        let told = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let ignored: Vec<_> = told
            .clone()
            .map(|(list, names)| {
                let belong = if names.len() == 1 { "belongs" } else { "belong" };
                format!("{}, which {belong} in {list}", names.join(", "))
            })
            .collect();
        let right: Vec<_> = told
            .map(|(list, names)| {
                let members: Vec<_> = names.iter().map(|name| format!("\"{name}\": ...")).collect();
                format!("\"{list}\": [{{{}}}]", members.join(", "))
            })
            .collect();
        let (ignored, right) = (ignored.join("; "), right.join(", "));
        (!ignored.is_empty()).then(|| format!("ignored at the top of the body: {ignored}; send {{{right}}}"))
    }
}

/// The model that the framework fills; of a body without content, and of one that does not bind, what is wrong with it.
/// Each member that binds to nothing is noted.
///
/// Trouble with the body is no refusal of the framework's: the action runs without a model, and Axero
/// answers in its envelope (docs/providers/axero.md, Bodies).
///
/// # Errors
///
/// [`VendorError::Unreadable`] for a body that is not JSON by its `Content-Type`.
pub(crate) fn body(
    request: &Request<'_>,
    options: &Options,
    unread: &mut Unread,
) -> Result<Result<Body, Unbound>, VendorError> {
    if request.body.is_empty() {
        return Ok(Err(Unbound { fault: None, part: WrongPart::missing("$", BODY) }));
    }
    let header = request.header_text("content-type");
    let Some(media_type) = header.as_deref().and_then(MediaType::parse).filter(|media_type| media_type.is_json())
    else {
        return Err(VendorError::Unreadable(unreadable(request)));
    };
    let text = json_net::decode(request.body, Charset::named(media_type.charset));
    let model = text.and_then(|text| {
        json_net::read(version(options), &text, &mut |member| match member.is_repeated {
            true => unread.note_repeated(|| member.to_string()),
            false => unread.note(|| member.to_string()),
        })
    });
    Ok(match model {
        Ok(Some(model)) => Ok(model),
        Ok(None) => Err(Unbound { fault: None, part: WrongPart::told("$", "an object", "empty or null") }),
        Err(fault) => {
            tracing::debug!(%fault, "the body does not bind");
            Err(Unbound { part: wrong(&fault, media_type.charset), fault: Some(fault) })
        }
    })
}

/// What is wanted of every body.
const BODY: &str = "a body of JSON";

/// What is wrong with a body that does not bind.
fn wrong(fault: &Fault, charset: Option<&str>) -> WrongPart {
    match (&fault.member, &fault.finding, charset) {
        (Some((member, takes)), ..) => WrongPart::value(&**member, *takes),
        (None, Finding::Depth, _) => WrongPart::told("$", BODY, "nested more than 256 levels deep"),
        (None, Finding::Kind, _) => WrongPart::value("$", "an object"),
        (None, _, Some(charset)) if !charset.trim_matches('"').eq_ignore_ascii_case("utf-8") => {
            WrongPart::told("$", "UTF-8 without a charset", "no JSON in the charset that its Content-Type names")
        }
        (None, ..) => WrongPart::value("$", BODY),
    }
}

/// Why a body does not bind.
#[derive(Debug)]
pub(crate) struct Unbound {
    fault: Option<Fault>,
    /// What of the request is wrong.
    pub(crate) part: WrongPart,
}

impl Unbound {
    /// What the document cannot say of it: the vendor reads more than JSON has, and what it cannot read it finds
    /// elsewhere than a stricter reader.
    pub(crate) fn hint(&self, body: &[u8]) -> Option<String> {
        let fault = self.fault.as_ref()?;
        let Fault { finding, line, position, .. } = fault;
        if *finding == Finding::Encoding {
            return Malformed::found(body).map(|malformed| malformed.sentence());
        }
        let says_more = match Malformed::found(body) {
            Some(strict) => !strict.is_near(*line, position + 1),
            None => *finding == Finding::Depth,
        };
        fault.plain().filter(|_| says_more)
    }
}

/// The version of Json.NET that reads bodies: one for all settings.
fn version(_: &Options) -> Version {
    Version::V12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Option<&str>) {
        let body_read: Body = json_net::read(Version::V12, body, &mut |_| {}).expect("binds").expect("an object");
        assert_eq!(body_read.misplaced.hint().as_deref(), expected, "{body}");
    }

    #[test]
    fn flat_members_are_told_where_they_belong() {
        check(r#"{"Name": "x", "Unknown": 1, "PersonaConditions": [{"GroupName": "A"}]}"#, None);
        check(
            r#"{"Name": "x", "profilefieldid": 67}"#,
            Some(
                "ignored at the top of the body: profilefieldid, which belongs in PersonaConditions; \
                 send {\"PersonaConditions\": [{\"profilefieldid\": ...}]}",
            ),
        );
        check(
            r#"{"ActionValue": {"a": 1}, "ParentID": null, "ACTIONVALUE": 2, "ActionType": 1}"#,
            Some(
                "ignored at the top of the body: ParentID, which belongs in PersonaConditions; \
                 ActionValue, ActionType, which belong in PersonaActions; \
                 send {\"PersonaConditions\": [{\"ParentID\": ...}], \
                 \"PersonaActions\": [{\"ActionValue\": ..., \"ActionType\": ...}]}",
            ),
        );
    }
}
