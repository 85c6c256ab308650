//! A rule that was found right, and whether it strikes.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::plan::RuleState;
use super::{Act, FaultAction, FaultRule, FaultWhen, Told};
use crate::world::clock::Stopwatch;
use crate::world::ids::Seed;
use crate::world::pattern::TextPattern;

/// An operation that a rule may strike.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name.
    pub operation: &'static str,
    /// Whether the letter case of its path counts.
    pub exact_case: bool,
    /// What a refusing rule says there.
    pub told: Option<Arc<Told>>,
}

/// A request as a rule sees it.
pub struct Sighting<'a> {
    /// The operation that the request means.
    pub operation: &'static str,
    /// Its method.
    pub method: &'a str,
    /// Its decoded path.
    pub path: &'a str,
    /// Its header fields by name.
    pub header: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
}

impl std::fmt::Debug for Sighting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sighting").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// A rule that was found right, with all that it needs at hand.
#[derive(Debug)]
pub struct Armed {
    rule: FaultRule,
    id: String,
    targets: Vec<Target>,
    headers: Vec<(String, TextPattern)>,
    since: Stopwatch,
    fitted: u64,
    struck: u64,
}

/// What a strike does.
pub(super) enum Blow {
    Delay(Duration),
    Act(Act),
}

impl Armed {
    /// Arms a rule for the operations it may strike. Its life begins.
    #[must_use]
    pub fn new(rule: FaultRule, targets: Vec<Target>) -> Self {
        let pattern = |(name, value): (&String, &String)| (name.clone(), TextPattern::new(value));
        let headers = rule.matches.header.iter().map(pattern).collect();
        let id = rule.id.clone().unwrap_or_default();
        Self { rule, id, targets, headers, since: Stopwatch::start(), fitted: 0, struck: 0 }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn set_id(&mut self, id: String) {
        self.rule.id = Some(id.clone());
        self.id = id;
    }

    pub(super) fn is_expired(&self) -> bool {
        self.since.elapsed() >= self.rule.ttl
    }

    pub(super) fn state(&self) -> RuleState {
        let left = self.rule.ttl.saturating_sub(self.since.elapsed());
        RuleState { rule: self.rule.clone(), left, fitted: self.fitted, struck: self.struck }
    }

    /// Counts a request that fits, and says what is done to it if it is struck.
    pub(super) fn strike(&mut self, seed: Seed, sighting: &Sighting<'_>) -> Option<Blow> {
        let target = self.targets.iter().find(|target| target.operation == sighting.operation)?;
        if !self.fits(sighting, target.exact_case) {
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
        let blow = match &self.rule.action {
            FaultAction::Refuse(_) => Blow::Act(Act::Refuse(target.told.clone()?)),
            FaultAction::Delay(delay) => {
                let draw = seed.bytes(&format!("mock.delay.{}", self.id), self.fitted);
                Blow::Delay(delay.draw(even(draw, 0), even(draw, 8)))
            }
            FaultAction::SlowBody(slow) => Blow::Act(Act::SlowBody(*slow)),
            FaultAction::Cut(cut) => Blow::Act(Act::Cut(*cut)),
            FaultAction::Garble(garble) => Blow::Act(Act::Garble(*garble)),
            FaultAction::Stale => Blow::Act(Act::Stale),
        };
        self.struck += 1;
        Some(blow)
    }

    fn fits(&self, sighting: &Sighting<'_>, exact_case: bool) -> bool {
        let method = self.rule.matches.method.as_deref();
        let path = self.rule.matches.path.as_ref();
        method.is_none_or(|method| method.eq_ignore_ascii_case(sighting.method))
            && path.is_none_or(|path| path.fits(sighting.path, exact_case))
            && self.headers.iter().all(|(name, value)| (sighting.header)(name).is_some_and(|found| value.fits(&found)))
    }
}

/// A number from 0 (included) to 1 (excluded), each as likely, of eight of the bytes.
fn even(bytes: [u8; 16], from: usize) -> f64 {
    let eight = bytes.iter().skip(from).take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // The upper 53 bits: as many as a float holds.
    (eight >> 11) as f64 / (1_u64 << 53) as f64
}
