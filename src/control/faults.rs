//! `/_mock/faults`: what shall go wrong in a sandbox.

use std::sync::Arc;

use super::ask::{Ask, slot};
use super::parameter::Parameter;
use super::state;
use super::verb::{AnyVerb, NoBody, NoContent, Verb};
use crate::api::{FaultList, FaultState, FaultStates, Problem};
use crate::app::Sandbox;
use crate::contract::suggestion;
use crate::provider::{Operation, Slot};
use crate::world::fault::{Armed, Fault, FaultAction, RuleState, Target, TooMany};
use crate::world::refusal::counted;
use crate::world::weight;

/// The largest body whose rules are found right in no time: each is held against every operation.
const LIGHT_RULES: usize = 1 << 10;
/// The most bytes of rules that are listed in no time.
const LIGHT_LIST: u64 = 32 << 10;

/// The most bytes of a list of what is known.
const LONGEST_LIST: usize = 260;

pub(super) static VERBS: [&dyn AnyVerb; 5] = [&LIST_FAULTS, &REPLACE_FAULTS, &ADD_FAULT, &CLEAR_FAULTS, &DELETE_FAULT];

pub(crate) static LIST_FAULTS: Verb<NoBody, FaultStates> = Verb::get("/_mock/faults", "list_faults", list_faults)
    .about("The sandbox's rules, and what each did.")
    .light_in(|sandbox| sandbox.faults().weight() <= LIGHT_LIST);

pub(crate) static REPLACE_FAULTS: Verb<FaultList, FaultStates> =
    Verb::put("/_mock/faults", "replace_faults", replace_faults)
        .about("Puts rules in place of those that are there; all of them or, if one is wrong, none.")
        .refuses(&[400, 503])
        .light_up_to(LIGHT_RULES);

pub(crate) static ADD_FAULT: Verb<Fault, FaultState> = Verb::post("/_mock/faults", "add_fault", add_fault)
    .about("Adds a rule, to be asked after those that are there.")
    .answers(201)
    .refuses(&[400, 409, 503])
    .light_up_to(LIGHT_RULES);

pub(crate) static CLEAR_FAULTS: Verb<NoBody, NoContent> =
    Verb::delete("/_mock/faults", "clear_faults", clear_faults).about("Takes all rules away.").light();

pub(crate) static DELETE_FAULT: Verb<NoBody, NoContent> =
    Verb::delete("/_mock/faults/{id}", "delete_fault", delete_fault)
        .about("Takes a rule away.")
        .takes(&[Parameter::segment("id", "The rule").such_as("flaky")])
        .refuses(&[404])
        .light();

fn list_faults(ask: &Ask<'_>, _: NoBody) -> Result<FaultStates, Problem> {
    Ok(present(ask.sandbox.faults().list()))
}

fn replace_faults(ask: &Ask<'_>, list: FaultList) -> Result<FaultStates, Problem> {
    let most = ask.sandbox.account().bounds().faults;
    if list.faults.len() > most {
        let found = list.faults.len();
        let most = counted(most, "rule");
        let detail = format!("expected at most {most} (--max-faults), found {found}");
        return Err(Problem::new(400, detail).at("$.faults"));
    }
    let ids: Vec<_> = list.faults.iter().map(|fault| fault.id.clone()).collect();
    let rules = list.faults.into_iter().enumerate();
    let armed: Vec<_> =
        rules.map(|(number, rule)| arm(ask, rule, &format!("$.faults[{number}]"))).collect::<Result<_, _>>()?;
    state::check(ask.sandbox.account(), ask.sandbox.faults().weight())?;
    let states = ask.sandbox.faults().replace(armed, most).map_err(|error| {
        let second = |name: &String| ids.iter().rposition(|id| id.as_ref() == Some(name));
        let at = match &error {
            TooMany::Alike(name) => second(name).map(|number| format!("$.faults[{number}].id")),
            TooMany::Rules(_) => None,
        };
        let at = at.unwrap_or_else(|| "$.faults".to_owned());
        Problem::new(400, error.to_string()).at(at)
    })?;
    states.iter().for_each(|state| note_armed(ask, state));
    Ok(present(states))
}

fn add_fault(ask: &Ask<'_>, fault: Fault) -> Result<FaultState, Problem> {
    let rule = arm(ask, fault, "$")?;
    state::check(ask.sandbox.account(), 0)?;
    let most = ask.sandbox.account().bounds().faults;
    let state = ask.sandbox.faults().add(rule, most).map_err(|error| match &error {
        TooMany::Alike(_) => Problem::new(409, error.to_string()).at("$.id"),
        TooMany::Rules(_) => Problem::new(503, error.to_string()).retry_after(weight::RETRY_AFTER_S),
    })?;
    note_armed(ask, &state);
    Ok(state.into())
}

/// Notes a rule that has not struck yet.
fn note_armed(ask: &Ask<'_>, state: &RuleState) {
    ask.app.run.armed(ask.sandbox.coverage(), &state.named());
}

fn clear_faults(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    ask.sandbox.faults().clear();
    Ok(NoContent)
}

fn delete_fault(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    let id = ask.name();
    if ask.sandbox.faults().remove(id) {
        return Ok(NoContent);
    }
    let known: Vec<_> = ask.sandbox.faults().list().into_iter().filter_map(|state| state.rule.id).collect();
    let detail = match known.is_empty() {
        true => format!("no rule `{id}` is armed, and none at all"),
        false => format!("no rule `{id}` is armed; those that are: {}", known.join(", ")),
    };
    Err(Problem::new(404, detail))
}

fn present(states: Vec<RuleState>) -> FaultStates {
    FaultStates { faults: states.into_iter().map(FaultState::from).collect() }
}

/// Finds a rule right, with all that it needs to strike; `at` is where it stands in the body.
fn arm(ask: &Ask<'_>, rule: Fault, at: &str) -> Result<Armed, Problem> {
    rule.check().map_err(|wrong| Problem::new(400, wrong.detail).at(format!("{at}{}", wrong.at)))?;
    let operations = operations(ask, &rule, at)?;
    let mut targets = Vec::with_capacity(operations.len());
    for (slot, operation) in operations {
        let canned = match rule.action {
            FaultAction::Refuse(refuse) => {
                let options = slot.options();
                let refuser = ask.app.refuser(slot.provider(), &options);
                let refuser = refuser.map_err(|error| Problem::new(500, error.to_string()))?;
                let canned = refuser
                    .canned(operation, refuse)
                    .map_err(|detail| Problem::new(400, format!("{detail}; \"force\": true sends it all the same")))
                    .map_err(|problem| problem.at(format!("{at}.action.refuse.status")))?;
                Some(Arc::new(canned))
            }
            _ => None,
        };
        targets.push(Target { operation: operation.name.clone(), canned });
    }
    let bytes = weight::of(&rule) + targets.len() * size_of::<Target>();
    let charge = ask.sandbox.account().charge(u64::try_from(bytes).unwrap_or(u64::MAX));
    Ok(Armed::new(rule, targets, charge))
}

/// An operation and the slot that it is in.
type Placed<'a> = (&'a dyn Slot, &'a Operation);

/// The operations that a rule may strike: at least one.
fn operations<'a>(ask: &Ask<'a>, rule: &Fault, at: &str) -> Result<Vec<Placed<'a>>, Problem> {
    let wrong = |field: &str, detail: String| Problem::new(400, detail).at(format!("{at}.match.{field}"));
    let sought = &rule.matches;
    let mut left = served(ask);
    if let Some(id) = &sought.provider {
        slot(ask.sandbox.slots(), id).map_err(|detail| wrong("provider", detail))?;
        left.retain(|(slot, _)| slot.provider().descriptor().id == *id);
    }
    if let Some(name) = &sought.operation {
        if !left.iter().any(|(_, operation)| operation.name == *name) {
            let mut known: Vec<_> = left.iter().map(|(_, operation)| &*operation.name).collect();
            known.dedup();
            let of = sought.provider.as_ref().map(|id| format!(" of `{id}`")).unwrap_or_default();
            let near = suggestion::name(name, known.iter().copied());
            // Of a name that begins as those of one provider do, the others say nothing.
            let begins = |known: &&&str| known.split('.').next() == name.split('.').next();
            let alike: Vec<_> = known.iter().filter(begins).copied().collect();
            let known = listed("the operations are", if alike.is_empty() { &known } else { &alike });
            let near = near.map(|near| format!("`{near}` was probably meant; ")).unwrap_or_default();
            return Err(wrong("operation", format!("there is no operation `{name}`{of}; {near}{known}")));
        }
        left.retain(|(_, operation)| operation.name == *name);
    }
    if let Some(method) = &sought.method {
        let meant = if method.eq_ignore_ascii_case("HEAD") { "GET" } else { method };
        let known = methods(&left);
        left.retain(|(_, operation)| operation.method.eq_ignore_ascii_case(meant));
        if left.is_empty() {
            return Err(wrong("method", format!("no operation that is meant has the method {method}, but {known}")));
        }
    }
    if let Some(path) = &sought.path {
        let known = paths(&left);
        left.retain(|(slot, operation)| ask.sandbox.can_be_at(*slot, operation, path));
        if left.is_empty() {
            let path = path.as_str();
            let near = suggestion::path(path, known.iter().copied());
            let near = near.map(|near| format!("{near} was probably meant; ")).unwrap_or_default();
            let known = listed("the paths are", &known);
            let detail = format!("the path of no operation that is meant fits {path:?}; {near}{known}");
            return Err(wrong("path", detail));
        }
    }
    if rule.action.is_for_reads() {
        left.retain(|(_, operation)| operation.is_read());
        if left.is_empty() {
            let detail = "only a read can be stale, and every operation that is meant writes; match one that reads, \
                          such as by {\"method\": \"GET\"}";
            return Err(Problem::new(400, detail).at(format!("{at}.action")));
        }
    }
    Ok(left)
}

/// Every operation that is served under the sandbox's settings.
fn served<'a>(ask: &Ask<'a>) -> Vec<Placed<'a>> {
    let sandbox: &'a Sandbox = ask.sandbox;
    let slots = sandbox.slots().iter().map(|slot| &**slot);
    let served = |slot: &'a dyn Slot| suggestion::served(slot.provider(), &slot.options());
    slots.flat_map(|slot| served(slot).map(move |operation| (slot, operation))).collect()
}

fn methods(operations: &[Placed<'_>]) -> String {
    let mut names: Vec<_> = operations.iter().map(|(_, operation)| &*operation.method).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

fn paths<'o>(operations: &[Placed<'o>]) -> Vec<&'o str> {
    let mut paths: Vec<_> = operations.iter().map(|(_, operation)| &*operation.path).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// What is known, or where it is listed where that is much.
fn listed(what: &str, known: &[&str]) -> String {
    let all = known.join(", ");
    if all.len() <= LONGEST_LIST { format!("{what} {all}") } else { "GET /_mock/routes lists them".to_owned() }
}
