//! `GET /_mock/state/diff`: what changed since the fixtures or a snapshot.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::ask::Ask;
use super::parameter::Parameter;
use super::verb::{AnyVerb, NoBody, Verb};
use super::{snapshots, state};
use crate::api::{Change, Problem, StateDiff};
use crate::provider::Moment;
use crate::world::cancel::{self, Cancel, Cancelled};
use crate::world::discard::Discarded;
use crate::world::wanted;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SHOW_DIFF];

pub(crate) static SHOW_DIFF: Verb<NoBody, StateDiff> = Verb::get("/_mock/state/diff", "show_diff", show_diff)
    .about("What changed since the sandbox was made (`since=fixtures`, the default) or since a snapshot.")
    .takes(&[Parameter::query("since", "`fixtures`, or the name of a snapshot")])
    .refuses(&[404]);

fn show_diff(ask: &Ask<'_>, _: NoBody) -> Result<StateDiff, Problem> {
    let since = ask.parameter("since").unwrap_or_else(|| "fixtures".to_owned());
    let snapshot = match since.as_str() {
        "fixtures" => None,
        name => Some(snapshots::named(ask, name)?.moments),
    };
    let mut before = Vec::new();
    // All providers at one moment; they are compared behind it.
    let compared: Vec<_> = ask.sandbox.still(|slots| {
        before = snapshot.unwrap_or_else(|| slots.iter().map(|slot| slot.clone().start()).collect());
        before.iter().map(|before| before.since()).collect()
    });
    // What both have is never written out: a difference costs what changed.
    let pairs: Vec<_> = compared.into_iter().filter_map(|compare| compare()).collect();
    let providers = between(ask, pairs.iter().map(|[before, now]| (&**before, &**now)));
    let compared = before.into_iter().chain(pairs.into_iter().flatten());
    ask.sandbox.discard(compared.map(Discarded::one).collect::<Discarded>());
    Ok(StateDiff { since, providers: providers? })
}

/// What lies between states, each with the later one of its provider.
pub(super) fn between<'m>(
    ask: &Ask<'_>,
    pairs: impl Iterator<Item = (&'m dyn Moment, &'m dyn Moment)>,
) -> Result<IndexMap<String, Vec<Change>>, Problem> {
    let mut providers = IndexMap::new();
    let value = |text: &str| {
        ask.cancel.check()?;
        wanted::value(text).map_err(|error| Problem::new(500, error.to_string()))
    };
    for (before, now) in pairs {
        let provider = before.provider().to_owned();
        let (before, now) = (state::text(ask, before)?, state::text(ask, now)?);
        let changes = between_values(&value(before.get())?, &value(now.get())?, ask.cancel)?;
        // Records that stand in another order are the same records.
        if !changes.is_empty() {
            providers.insert(provider, changes);
        }
    }
    Ok(providers)
}

/// How one value differs from another.
pub(super) fn between_values(before: &Value, now: &Value, cancel: &Cancel) -> Result<Vec<Change>, Cancelled> {
    let mut changes = Changes { found: Vec::new(), cancel };
    changes.compare("$", before, now)?;
    Ok(changes.found)
}

/// What changed, as far as it is found.
struct Changes<'c> {
    found: Vec<Change>,
    cancel: &'c Cancel,
}

type Records<'v> = IndexMap<String, &'v Value>;

impl Changes<'_> {
    fn compare(&mut self, path: &str, before: &Value, now: &Value) -> Result<(), Cancelled> {
        self.cancel.check()?;
        match (before, now) {
            (before, now) if before == now => {}
            (Value::Object(before), Value::Object(now)) => self.objects(path, before, now)?,
            (Value::Array(items), Value::Array(others)) => match (self.keyed(items)?, self.keyed(others)?) {
                (Some(items), Some(others)) => self.records(path, &items, &others)?,
                _ => self.changed(path, before, now),
            },
            _ => self.changed(path, before, now),
        }
        Ok(())
    }

    fn changed(&mut self, path: &str, from: &Value, to: &Value) {
        self.found.push(Change::Changed { path: path.to_owned(), from: from.clone(), to: to.clone() });
    }

    fn objects(&mut self, path: &str, before: &Map<String, Value>, now: &Map<String, Value>) -> Result<(), Cancelled> {
        for (name, value) in before {
            let path = format!("{path}.{name}");
            match now.get(name) {
                Some(now) => self.compare(&path, value, now)?,
                None => self.found.push(Change::Removed { path, value: value.clone() }),
            }
        }
        for (name, value) in now.iter().filter(|(name, _)| !before.contains_key(*name)) {
            self.found.push(Change::Added { path: format!("{path}.{name}"), value: value.clone() });
        }
        Ok(())
    }

    fn records(&mut self, path: &str, before: &Records<'_>, now: &Records<'_>) -> Result<(), Cancelled> {
        for (key, value) in before {
            let path = format!("{path}[{key}]");
            match now.get(key) {
                Some(now) => self.compare(&path, value, now)?,
                None => self.found.push(Change::Removed { path, value: (*value).clone() }),
            }
        }
        for (key, value) in now.iter().filter(|(key, _)| !before.contains_key(*key)) {
            self.cancel.check()?;
            self.found.push(Change::Added { path: format!("{path}[{key}]"), value: (*value).clone() });
        }
        Ok(())
    }

    fn keyed<'v>(&self, items: &'v [Value]) -> Result<Option<Records<'v>>, Cancelled> {
        let records = keyed(items);
        self.cancel.check().map(|()| records)
    }
}

/// The items of a list by their first member, which in every fixture is the id; nothing where that
/// does not name each item, or nobody wants to know.
fn keyed(items: &[Value]) -> Option<Records<'_>> {
    let mut records = Records::new();
    for item in items {
        cancel::step().ok()?;
        let (name, id) = item.as_object()?.iter().next()?;
        let id = match id {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => return None,
        };
        if records.insert(format!("{name}={id}"), item).is_some() {
            return None;
        }
    }
    Some(records)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_are_compared_by_their_id() {
        let before = json!({"rows": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "tags": ["x"]});
        let now = json!({"rows": [{"id": 2, "name": "B"}, {"id": 3, "name": "c"}], "tags": ["y"]});
        let cancel = Cancel::never();
        let mut changes = Changes { found: Vec::new(), cancel: &cancel };
        changes.compare("$", &before, &now).expect("time enough");
        assert_eq!(
            changes.found,
            [
                Change::Removed { path: "$.rows[id=1]".to_owned(), value: json!({"id": 1, "name": "a"}) },
                Change::Changed { path: "$.rows[id=2].name".to_owned(), from: json!("b"), to: json!("B") },
                Change::Added { path: "$.rows[id=3]".to_owned(), value: json!({"id": 3, "name": "c"}) },
                Change::Changed { path: "$.tags".to_owned(), from: json!(["x"]), to: json!(["y"]) },
            ]
        );
    }
}
