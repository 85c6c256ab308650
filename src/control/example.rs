//! Examples of bodies and parameters that can be sent as they are. A type's example is the same for every server and
//! names no vendor: what stands in braces there is filled in with what a server serves.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::api::Provenance;
use crate::app::Sandbox;
use crate::provider::records::Shown;
use crate::provider::{RowsWanted, Slot};
use crate::world::wanted;

/// A provider's id.
pub(super) const PROVIDER: &str = "{provider}";

/// A fixture of that provider.
pub(super) const FIXTURE: &str = "{fixture}";

/// A list of that fixture whose rows can be changed, the name of a row of it, and the row.
pub(super) const LIST: &str = "{list}";
pub(super) const ROW: &str = "{row}";
pub(super) const ROW_JSON: &str = "{row_json}";

/// A row that could be added to that list.
pub(super) const NEW_ROW: &str = "{new_row}";

/// Fills in the examples of a schema and of all within it.
pub(super) fn fill_all(schema: &mut Value, names: &Names<'_>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Array(examples)) = members.get_mut("examples") {
                *examples = examples.iter().filter_map(|example| names.fill(example)).collect();
                if examples.is_empty() {
                    members.shift_remove("examples");
                }
            }
            let others = members.iter_mut().filter(|(name, _)| *name != "examples");
            others.for_each(|(_, member)| fill_all(member, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill_all(item, names)),
        _ => {}
    }
}

/// What the names in braces stand for in a sandbox: all of them belong to one provider, one with a setting if there is any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'s> {
    sandbox: &'s Sandbox,
    slot: Option<&'s Arc<dyn Slot>>,
}

impl<'s> Names<'s> {
    pub(super) fn of(sandbox: &'s Sandbox) -> Self {
        let slots = sandbox.slots();
        let has_setting = |slot: &&Arc<dyn Slot>| !slot.provider().descriptor().settings.is_empty();
        Self { sandbox, slot: slots.iter().find(has_setting).or(slots.first()) }
    }

    /// An example filled in. A member or an item of which a name stands for nothing here is left out, and an example
    /// of which nothing is left is none.
    pub(super) fn fill(&self, example: &Value) -> Option<Value> {
        match example {
            Value::String(text) => match self.named(text) {
                Some(found) => found,
                None => Some(example.clone()),
            },
            Value::Array(items) => {
                let filled: Vec<_> = items.iter().filter_map(|item| self.fill(item)).collect();
                (items.is_empty() || !filled.is_empty()).then_some(Value::Array(filled))
            }
            Value::Object(members) => {
                let member = |(name, value): (&String, &Value)| {
                    let name = match self.named(name) {
                        Some(found) => found?.as_str()?.to_owned(),
                        None => name.clone(),
                    };
                    Some((name, self.fill(value)?))
                };
                let filled: Map<_, _> = members.iter().filter_map(member).collect();
                (members.is_empty() || !filled.is_empty()).then_some(Value::Object(filled))
            }
            other => Some(other.clone()),
        }
    }

    /// What a text stands for, if it is a name in braces that is known here.
    fn named(&self, text: &str) -> Option<Option<Value>> {
        let provider = self.slot.map(|slot| slot.provider());
        let setting = || provider?.descriptor().settings.first();
        Some(match text {
            PROVIDER => provider.map(|provider| json!(provider.descriptor().id)),
            "{operation}" => self.operation(),
            "{setting}" => setting().map(|setting| json!(setting.key)),
            "{value}" => setting().and_then(|setting| setting.values.first()).map(|value| json!(value)),
            FIXTURE => self.fixture(),
            LIST => self.row().map(|(list, _)| json!(list)),
            ROW => self.row().map(|(_, row)| json!(row.name)),
            NEW_ROW => self.new_row(),
            ROW_JSON => self.row().and_then(|(_, row)| wanted::value(&row.text).ok()),
            _ => return None,
        })
    }

    /// The first operation that the provider documents: it is there whatever the settings are.
    fn operation(&self) -> Option<Value> {
        let all = self.slot?.provider().operations();
        let documented = all.iter().find(|operation| operation.provenance != Provenance::Extension);
        documented.or(all.first()).map(|operation| json!(operation.name))
    }

    /// The first row of the last list whose rows have ids, and that list.
    fn row(&self) -> Option<(&'static str, Shown)> {
        let slot = self.slot?;
        let lists = slot.row_lists();
        let (list, _) = lists.iter().rev().find(|(list, id)| id.is_some() && slot.count_rows(list) > 0)?;
        let wanted = RowsWanted { offset: 0, limit: 1, bytes: usize::MAX, search: "" };
        slot.rows_page(list, &wanted).rows.pop().map(|row| (*list, row))
    }

    /// That row under another id, without what is listed in it.
    fn new_row(&self) -> Option<Value> {
        let (list, row) = self.row()?;
        let member = self.slot?.row_lists().into_iter().find(|(known, _)| *known == list)?.1?;
        let Ok(Value::Object(mut row)) = wanted::value(&row.text) else { return None };
        row.values_mut().filter(|value| value.is_array()).for_each(|value| *value = json!([]));
        let id = row.get_mut(member)?;
        *id = match id.as_str() {
            Some(text) if text.len() == 36 => json!("00000000-0000-4000-8000-000000000001"),
            Some(text) => json!(format!("{text}-2")),
            None => json!(100_001),
        };
        Some(Value::Object(row))
    }

    /// The embedded fixture with all left out that need not be there: what is left shows the form, and loads.
    fn fixture(&self) -> Option<Value> {
        let slot = self.slot?;
        let descriptor = slot.provider().descriptor();
        let now = self.sandbox.clock().now();
        let loads = |fixture: &Map<String, Value>| {
            let text = Value::Object(fixture.clone()).to_string();
            slot.clone().load(&descriptor.id, text.into(), now).is_ok()
        };
        let Ok(Value::Object(mut fixture)) = descriptor.fixture.parse() else { return None };
        let names: Vec<_> = fixture.keys().cloned().collect();
        // What stands later refers to what stands before it.
        for name in names.iter().rev() {
            let first = fixture.get(name).and_then(|value| value.get(0)).cloned();
            for less in [None, Some(json!([])), first.map(|first| json!([first]))] {
                let mut smaller = fixture.clone();
                match less {
                    Some(less) if fixture.get(name).is_some_and(Value::is_array) => smaller[name] = less,
                    Some(_) => continue,
                    None => drop(smaller.shift_remove(name)),
                }
                if loads(&smaller) {
                    fixture = smaller;
                    break;
                }
            }
        }
        Some(Value::Object(fixture))
    }
}
