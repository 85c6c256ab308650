//! A rule that was found right, and whether it strikes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde_json::Value;

use super::plan::{FaultPlan, RuleState};
use super::{Act, CannedAnswer, Fault, FaultAction, FaultWhen};
use crate::world::call::{Seen, read_body, read_query};
use crate::world::clock::Stopwatch;
use crate::world::ids::Seed;
use crate::world::name::Name;
use crate::world::weight::{Charge, Expiry};

/// The largest body that is parsed to be held against a rule.
const LARGEST_BODY: usize = 1 << 20;

/// An operation that a rule may strike.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Its name.
    pub operation: Name,
    /// What a refusing rule says there.
    pub canned: Option<Arc<CannedAnswer>>,
}

/// A request as a rule sees it.
pub(crate) struct RequestView<'a> {
    pub provider: Option<&'a str>,
    /// The operation that it means.
    pub operation: &'a str,
    pub method: &'a str,
    /// Its decoded path.
    pub path: &'a str,
    /// Whether the letter case of the path counts.
    pub exact_case: bool,
    /// Its header fields by name.
    pub header: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
    /// Its query, as sent.
    pub query: Option<&'a str>,
    /// Its body, as sent.
    pub body: &'a [u8],
    /// What rules have asked for so far.
    pub parsed: Parsed,
}

/// Query and body of a request, taken apart when the first rule asks for them.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    query: OnceCell<Vec<(String, String)>>,
    body: OnceCell<Option<Value>>,
}

impl Seen for RequestView<'_> {
    fn provider(&self) -> Option<&str> {
        self.provider
    }

    fn operation(&self) -> Option<&str> {
        Some(self.operation)
    }

    fn method(&self) -> &str {
        self.method
    }

    fn path(&self) -> &str {
        self.path
    }

    fn is_exact_case(&self) -> bool {
        self.exact_case
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        (self.header)(name)
    }

    fn query(&self) -> &[(String, String)] {
        self.parsed.query.get_or_init(|| read_query(self.query.unwrap_or_default()))
    }

    fn body(&self) -> Option<&Value> {
        let read = || match self.body.len() > LARGEST_BODY {
            true => None,
            false => read_body(self.header("content-type").as_deref(), self.body),
        };
        self.parsed.body.get_or_init(read).as_ref()
    }
}

impl std::fmt::Debug for RequestView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestView").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// A rule that was found right, with all that it needs at hand.
#[derive(Debug)]
pub(crate) struct Armed {
    rule: Fault,
    id: String,
    targets: Vec<Target>,
    charge: Charge,
    expiry: Option<Expiry>,
    since: Stopwatch,
    fitted: u64,
    struck: u64,
}

/// What a strike does.
pub(super) enum Effect {
    Delay(Duration),
    Act(Act),
}

impl Armed {
    /// Arms a rule for the operations it may strike. Its life begins.
    #[must_use]
    pub(crate) fn new(rule: Fault, targets: Vec<Target>, charge: Charge) -> Self {
        let id = rule.id.clone().unwrap_or_default();
        Self { rule, id, targets, charge, expiry: None, since: Stopwatch::start(), fitted: 0, struck: 0 }
    }

    /// How many bytes it is charged for.
    pub(super) fn weight(&self) -> u64 {
        self.charge.bytes()
    }

    /// Has a plan asked to let go of it at the end of its life.
    pub(super) fn expire(&mut self, plan: &Arc<FaultPlan>) {
        let plan: Weak<FaultPlan> = Arc::downgrade(plan);
        let left = self.rule.ttl.saturating_sub(self.since.elapsed());
        self.expiry = Some(self.charge.expire(left, plan));
    }

    pub(super) fn fault(&self) -> &Fault {
        &self.rule
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn set_id(&mut self, id: String) {
        self.rule.id = Some(id.clone());
        self.id = id;
    }

    pub(super) fn has_struck_once(&self) -> bool {
        self.struck == 1
    }

    pub(super) fn has_struck(&self) -> bool {
        self.struck > 0
    }

    pub(super) fn is_expired(&self) -> bool {
        self.since.elapsed() >= self.rule.ttl
    }

    pub(super) fn state(&self) -> RuleState {
        let left = self.rule.ttl.saturating_sub(self.since.elapsed());
        RuleState { rule: self.rule.clone(), left, fitted: self.fitted, struck: self.struck }
    }

    /// Counts a request that fits, and says what is done to it if it is struck.
    pub(super) fn strike(&mut self, seed: Seed, view: &RequestView<'_>) -> Option<Effect> {
        let target = self.targets.iter().find(|target| target.operation == view.operation)?;
        if !self.rule.matches.fits(view) {
            return None;
        }
        self.fitted += 1;
        // Each rule draws from a stream of its own, so that no fault moves a vendor's ids or another's luck.
        let draw = seed.bytes(&format!("mock.fault.{}", self.id), self.fitted);
        let strikes = match self.rule.when {
            None => true,
            Some(FaultWhen::First(many)) => self.fitted <= many,
            Some(FaultWhen::Every(step)) => self.fitted.is_multiple_of(step.max(1)),
            Some(FaultWhen::Probability(chance)) => even(draw, 0) < chance,
        };
        if !strikes {
            return None;
        }
        let effect = match self.rule.action {
            FaultAction::Delay(delay) => {
                let draw = seed.bytes(&format!("mock.delay.{}", self.id), self.fitted);
                Effect::Delay(delay.draw(even(draw, 0), even(draw, 8)))
            }
            action => Effect::Act(Act { action, canned: target.canned.clone() }),
        };
        self.struck += 1;
        Some(effect)
    }
}

/// A number from 0 (included) to 1 (excluded), each as likely, of eight of the bytes.
fn even(bytes: [u8; 16], from: usize) -> f64 {
    let eight = bytes.iter().skip(from).take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // The upper 53 bits: as many as a float holds.
    (eight >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_body_of_bearable_size_is_parsed() {
        for (size, is_parsed) in [(LARGEST_BODY, true), (LARGEST_BODY + 1, false)] {
            let body = format!("\"{}\"", "x".repeat(size - 2));
            let view = RequestView {
                provider: None,
                operation: "",
                method: "POST",
                path: "/",
                exact_case: true,
                header: &|_| None,
                query: None,
                body: body.as_bytes(),
                parsed: Parsed::default(),
            };
            assert_eq!(view.body().is_some(), is_parsed, "{size}");
        }
    }
}
