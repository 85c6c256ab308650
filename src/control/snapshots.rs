//! `/_mock/snapshots`: named moments of a sandbox, each its data, ids and clock.

use std::sync::Arc;

use super::ask::Ask;
use super::parameter::{Kind, Parameter};
use super::state;
use super::verb::{AnyVerb, NoBody, NoContent, Verb};
use crate::api::{self, Fixtures, Problem, SnapshotList};
use crate::app::sandbox::Snapshot;
use crate::world::clock::Clock;
use crate::world::refusal::counted;
use crate::world::sandbox::is_plain;
use crate::world::weight::RETRY_AFTER_S;

const NAME: &[Parameter] = &[Parameter::segment(
    "name",
    "The snapshot: 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone",
)
.of(Kind::Name)
.such_as("checkout")];

pub(super) static VERBS: [&dyn AnyVerb; 5] =
    [&LIST_SNAPSHOTS, &SHOW_SNAPSHOT, &SAVE_SNAPSHOT, &DELETE_SNAPSHOT, &RESTORE_SNAPSHOT];

pub(crate) static LIST_SNAPSHOTS: Verb<NoBody, SnapshotList> =
    Verb::get("/_mock/snapshots", "list_snapshots", list_snapshots).about("The snapshots of the sandbox.");

pub(crate) static SHOW_SNAPSHOT: Verb<NoBody, Fixtures> =
    Verb::get("/_mock/snapshots/{name}", "show_snapshot", show_snapshot)
        .about("The data of a snapshot, in the fixture format.")
        .takes(NAME)
        .refuses(&[400, 404]);

pub(crate) static SAVE_SNAPSHOT: Verb<NoBody, api::Snapshot> =
    Verb::put("/_mock/snapshots/{name}", "save_snapshot", save_snapshot)
        .about("Saves this moment under a name; a snapshot of that name is replaced.")
        .takes(NAME)
        .refuses(&[400, 503])
        .light();

pub(crate) static DELETE_SNAPSHOT: Verb<NoBody, NoContent> =
    Verb::delete("/_mock/snapshots/{name}", "delete_snapshot", delete_snapshot)
        .about("Forgets a snapshot.")
        .takes(NAME)
        .refuses(&[400, 404])
        .light();

pub(crate) static RESTORE_SNAPSHOT: Verb<NoBody, NoContent> =
    Verb::post("/_mock/snapshots/{name}/restore", "restore_snapshot", restore_snapshot)
        .about("Puts data, ids and clock back to a snapshot; nothing else.")
        .takes(NAME)
        .answers(204)
        .refuses(&[400, 404])
        .light();

fn list_snapshots(ask: &Ask<'_>, _: NoBody) -> Result<SnapshotList, Problem> {
    let snapshots = ask.sandbox.snapshots(|all| all.iter().map(|(name, snapshot)| entry(name, snapshot)).collect());
    Ok(SnapshotList { snapshots })
}

fn entry(name: &str, snapshot: &Snapshot) -> api::Snapshot {
    let frozen_at = match snapshot.clock {
        Clock::Frozen(instant) => Some(instant),
        _ => None,
    };
    api::Snapshot { name: name.to_owned(), frozen_at }
}

fn show_snapshot(ask: &Ask<'_>, _: NoBody) -> Result<Fixtures, Problem> {
    let mut all = Fixtures::default();
    let snapshot = named(ask, name(ask)?)?;
    for moment in &snapshot.moments {
        ask.cancel.check()?;
        all.0.insert(moment.provider().to_owned(), state::text(ask, &**moment)?);
    }
    ask.sandbox.discard(snapshot);
    Ok(all)
}

fn save_snapshot(ask: &Ask<'_>, _: NoBody) -> Result<api::Snapshot, Problem> {
    let name = name(ask)?;
    let mut snapshot = ask.sandbox.snapshot();
    let entry = entry(name, &snapshot);
    let account = ask.sandbox.account();
    snapshot.charge = Some(Arc::new(account.charge(Snapshot::weight(name))));
    let before = ask.sandbox.snapshots(|all| all.get(name).and_then(|before| before.charge.clone()));
    state::check(account, before.map_or(0, |charge| charge.bytes()))?;
    let replaced = ask.sandbox.snapshots(|all| {
        let most = ask.sandbox.account().bounds().snapshots;
        if all.len() >= most && !all.contains_key(name) {
            return Err(Problem::new(503, one_too_many(most)).retry_after(RETRY_AFTER_S));
        }
        Ok(all.insert(name.to_owned(), snapshot))
    })?;
    replaced.into_iter().for_each(|replaced| ask.sandbox.discard(replaced));
    Ok(entry)
}

/// What is said of a snapshot that a sandbox may not have beside its others.
fn one_too_many(most: usize) -> String {
    match most {
        0 => {
            "no sandbox may have snapshots (--max-snapshots 0); start the server with more, such as --max-snapshots 100"
                .to_owned()
        }
        most => format!(
            "the sandbox has {} already (--max-snapshots); delete one first, by DELETE /_mock/snapshots/NAME",
            counted(most, "snapshot")
        ),
    }
}

fn delete_snapshot(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    let name = name(ask)?;
    named(ask, name)?;
    let gone = ask.sandbox.snapshots(|all| all.remove(name));
    gone.into_iter().for_each(|gone| ask.sandbox.discard(gone));
    Ok(NoContent)
}

fn restore_snapshot(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    let snapshot = named(ask, name(ask)?)?;
    ask.sandbox.restore(&snapshot);
    ask.sandbox.discard(snapshot);
    Ok(NoContent)
}

/// The name of a snapshot in a path.
fn name<'a>(ask: &Ask<'a>) -> Result<&'a str, Problem> {
    plain(ask.names.first().copied().unwrap_or_default())
}

fn plain(name: &str) -> Result<&str, Problem> {
    if is_plain(name) {
        return Ok(name);
    }
    let rule = "a snapshot's name is 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone";
    let found: String = name.chars().take(40).collect();
    Err(Problem::new(400, format!("{rule}; found {found:?}; an example is before-1")))
}

/// The snapshot of this name.
pub(super) fn named(ask: &Ask<'_>, name: &str) -> Result<Snapshot, Problem> {
    let name = plain(name)?;
    ask.sandbox.snapshots(|all| match all.get(name) {
        Some(snapshot) => Ok(snapshot.clone()),
        None if all.is_empty() => Err(Problem::new(
            404,
            format!("no snapshot `{name}`; the sandbox has none, and PUT /_mock/snapshots/{name} saves one"),
        )),
        None => {
            let known: Vec<_> = all.keys().take(20).cloned().collect();
            Err(Problem::new(404, format!("no snapshot `{name}`; the sandbox has {}", known.join(", "))))
        }
    })
}
