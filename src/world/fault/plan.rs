//! The armed rules of a sandbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::armed::Effect;
use super::delay::LONGEST_WAIT;
use super::words::named;
use super::{Act, Armed, Fault, FaultAction, RequestView, Struck};
use crate::world::discard::Discarded;
use crate::world::ids::Seed;
use crate::world::refusal::counted;
use crate::world::weight::Reclaim;

/// How many rules are remembered that ended before they struck.
const MOST_ENDED: usize = 100;

/// What is done to a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// What struck.
    pub struck: Struck,
    /// How long the answer is held back.
    pub delay: Duration,
    /// What else is done.
    pub act: Option<Act>,
}

impl Verdict {
    /// Whether it makes the answer itself, in place of the vendor.
    pub(crate) fn is_canned(&self) -> bool {
        self.act.as_ref().is_some_and(|act| act.canned.is_some())
    }

    /// Whether it cuts the answer, so that the client has none of it or a part.
    pub(crate) fn cuts(&self) -> bool {
        self.act.as_ref().is_some_and(|act| matches!(act.action, FaultAction::Cut(_)))
    }

    /// Whether it cuts the answer before its head, so that the client has none of it.
    pub(crate) fn cuts_all(&self) -> bool {
        self.act.as_ref().is_some_and(|act| act.action == FaultAction::Cut(super::Cut::BeforeAnswer))
    }
}

/// A rule and what it did.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleState {
    /// The rule, with its id.
    pub rule: Fault,
    /// How long it stays armed.
    pub left: Duration,
    /// How many requests fitted.
    pub fitted: u64,
    /// How many of them it struck.
    pub struck: u64,
}

impl RuleState {
    /// The rule by its name, what it does and which requests it may strike, without a value that may be a secret.
    pub(crate) fn named(&self) -> String {
        named(&self.rule)
    }
}

/// Why a rule was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooMany {
    /// The sandbox has as many as it may.
    #[error("{}", too_many(*.0))]
    Rules(usize),
    /// Two rules of one name.
    #[error("there are two rules `{0}`; give one another `id`")]
    Alike(String),
}

fn too_many(most: usize) -> String {
    match most {
        0 => "no sandbox may have fault rules (--max-faults 0); start the server with more, such as --max-faults 100"
            .to_owned(),
        most => format!(
            "a sandbox has at most {} (--max-faults); delete one first, by DELETE /_mock/faults/ID",
            counted(most, "rule")
        ),
    }
}

/// The armed rules of a sandbox, in the order in which they are asked.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    is_armed: AtomicBool,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    armed: Vec<Armed>,
    named: u64,
    /// The names of rules that ended before they struck; of many the first.
    ended_unstruck: Vec<String>,
}

impl FaultPlan {
    /// Whether there is any rule that a request must be held against.
    #[must_use]
    pub(crate) fn is_armed(&self) -> bool {
        self.is_armed.load(Ordering::Acquire)
    }

    /// What is done to a request; nothing where no rule strikes.
    ///
    /// All rules that fit count it, up to the first that strikes with more than a delay; delays add up.
    #[must_use]
    pub(crate) fn strike(&self, seed: Seed, view: &RequestView<'_>) -> Option<Verdict> {
        if !self.is_armed() {
            return None;
        }
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        let mut verdict: Option<Verdict> = None;
        for rule in &mut rules.armed {
            let Some(effect) = rule.strike(seed, view) else { continue };
            let verdict =
                verdict.get_or_insert_with(|| Verdict { struck: Struck::default(), delay: Duration::ZERO, act: None });
            verdict.struck.add(rule.id(), || named(rule.fault()));
            if rule.has_struck_once() {
                verdict.struck.add_first(named(rule.fault()));
            }
            match effect {
                Effect::Delay(delay) => verdict.delay = LONGEST_WAIT.min(verdict.delay + delay),
                Effect::Act(act) => {
                    verdict.act = Some(act);
                    break;
                }
            }
        }
        verdict
    }

    /// Adds a rule after those that are there; its state.
    ///
    /// # Errors
    ///
    /// [`TooMany`].
    pub(crate) fn add(self: &Arc<Self>, mut rule: Armed, most: usize) -> Result<RuleState, TooMany> {
        rule.expire(self);
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        let state = rules.add(rule, most)?;
        self.is_armed.store(true, Ordering::Release);
        Ok(state)
    }

    /// Puts these rules in place of those that are there; their states.
    ///
    /// # Errors
    ///
    /// [`TooMany`]; the rules are then as before.
    pub(crate) fn replace(self: &Arc<Self>, mut with: Vec<Armed>, most: usize) -> Result<Vec<RuleState>, TooMany> {
        with.iter_mut().for_each(|rule| rule.expire(self));
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        let mut next = Rules::default();
        let states = with.into_iter().map(|rule| next.add(rule, most)).collect::<Result<_, _>>()?;
        self.is_armed.store(!next.armed.is_empty(), Ordering::Release);
        let Rules { armed, ended_unstruck, .. } = std::mem::replace(&mut *rules, next);
        rules.ended_unstruck = ended_unstruck;
        for rule in &armed {
            // One that is there again goes on, and may still strike.
            if !rules.armed.iter().any(|next| next.fault() == rule.fault()) {
                note_end(&mut rules.ended_unstruck, rule);
            }
        }
        Ok(states)
    }

    /// How many bytes the rules are charged for.
    #[must_use]
    pub(crate) fn weight(&self) -> u64 {
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        rules.armed.iter().map(Armed::weight).sum()
    }

    /// The rules that are armed.
    #[must_use]
    pub(crate) fn list(&self) -> Vec<RuleState> {
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        rules.armed.iter().map(Armed::state).collect()
    }

    /// The names of rules whose time was over, or that were replaced or taken away, before they struck; since the last reset.
    #[must_use]
    pub(crate) fn ended_unstruck(&self) -> Vec<String> {
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        rules.ended_unstruck.clone()
    }

    /// Takes a rule away; whether it was there.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut rules = self.rules.lock();
        self.forget_expired(&mut rules);
        let before = rules.armed.len();
        let Rules { armed, ended_unstruck, .. } = &mut *rules;
        armed.retain(|rule| {
            let is_it = rule.id() == id;
            if is_it {
                note_end(ended_unstruck, rule);
            }
            !is_it
        });
        self.is_armed.store(!rules.armed.is_empty(), Ordering::Release);
        rules.armed.len() < before
    }

    /// Takes all rules away.
    pub(crate) fn clear(&self) {
        let mut rules = self.rules.lock();
        let Rules { armed, ended_unstruck, .. } = std::mem::take(&mut *rules);
        rules.ended_unstruck = ended_unstruck;
        armed.iter().for_each(|rule| note_end(&mut rules.ended_unstruck, rule));
        self.is_armed.store(false, Ordering::Release);
    }

    /// Starts over, as if there had been no rule.
    pub(crate) fn reset(&self) {
        let mut rules = self.rules.lock();
        *rules = Rules::default();
        self.is_armed.store(false, Ordering::Release);
    }

    fn forget_expired(&self, rules: &mut Rules) {
        let Rules { armed, ended_unstruck, .. } = rules;
        armed.retain(|rule| {
            let is_expired = rule.is_expired();
            if is_expired {
                note_end(ended_unstruck, rule);
            }
            !is_expired
        });
        if rules.armed.is_empty() {
            self.is_armed.store(false, Ordering::Release);
        }
    }
}

/// Notes that a rule ended, if it never struck.
fn note_end(ended_unstruck: &mut Vec<String>, rule: &Armed) {
    if !rule.has_struck() && ended_unstruck.len() < MOST_ENDED {
        ended_unstruck.push(rule.id().to_owned());
    }
}

/// A rule that has expired holds no bytes, whoever looks.
impl Reclaim for FaultPlan {
    fn reclaim(&self) -> Discarded {
        self.forget_expired(&mut self.rules.lock());
        Discarded::none()
    }
}

impl Rules {
    fn add(&mut self, mut rule: Armed, most: usize) -> Result<RuleState, TooMany> {
        if self.armed.len() >= most {
            return Err(TooMany::Rules(most));
        }
        // A test may have taken the next name for a rule of its own.
        while rule.id().is_empty() {
            self.named += 1;
            let name = format!("fault-{}", self.named);
            if !self.has(&name) {
                rule.set_id(name);
            }
        }
        if self.has(rule.id()) {
            return Err(TooMany::Alike(rule.id().to_owned()));
        }
        let state = rule.state();
        self.armed.push(rule);
        Ok(state)
    }

    fn has(&self, id: &str) -> bool {
        self.armed.iter().any(|rule| rule.id() == id)
    }
}
