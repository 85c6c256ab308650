//! The walk through a value along the nodes of its schema. What is done with a broken rule is a sink's affair.

use std::collections::HashMap;
use std::ops::ControlFlow;

use serde_json::{Map, Number, Value};

use super::equal;
use super::example::Example;
use super::kinds::Kinds;
use super::nearest::Fit;
use super::node::{Id, ListRules, Node, NumberRules, ObjectRules, Others, TextRules};
use super::place::Place;
use super::rule::{Names, Rule};
use crate::world::cancel;

/// How many levels of lists and objects are judged. What this process reads as JSON has 128 at most.
const DEEPEST: u32 = 200;

/// Whether a walk goes on.
pub(super) type Flow = ControlFlow<()>;

/// What takes the broken rules of a walk.
pub(super) trait Sink<'c, 'v> {
    /// A rule is broken at a place.
    fn broken(&mut self, rule: Rule<'c>, value: &'v Value, place: &Place<'_>) -> Flow;

    /// None of the branches of an `anyOf` or a `oneOf` fits.
    fn no_branch(&mut self, walk: &mut Walk<'c>, branches: &'c [Id], value: &'v Value, place: &Place<'_>) -> Flow;

    /// A schema that contains itself is to be walked: what is known of it and the value need not be found again.
    fn enter(&mut self, walk: &mut Walk<'c>, id: Id, value: &'v Value, place: &Place<'_>) -> Flow;
}

/// One check of one value.
pub(super) struct Walk<'c> {
    pub(super) nodes: &'c [Node],
    /// What was found of schemas that contain themselves, by schema and address of the value. It is empty, and costs
    /// nothing, where there is no such schema.
    pub(super) accepted: HashMap<(Id, *const Value), bool>,
    pub(super) fits: HashMap<(Id, *const Value), Fit>,
}

impl<'c> Walk<'c> {
    pub(super) fn new(nodes: &'c [Node]) -> Self {
        Self { nodes, accepted: HashMap::new(), fits: HashMap::new() }
    }

    /// Whether a value fits a schema.
    pub(super) fn accepts(&mut self, id: Id, value: &Value, depth: u32) -> bool {
        self.node(id, value, &Place::below(depth), &mut Verdict).is_continue()
    }

    /// Holds a value against a schema.
    pub(super) fn node<'v, S: Sink<'c, 'v>>(
        &mut self,
        id: Id,
        value: &'v Value,
        place: &Place<'_>,
        sink: &mut S,
    ) -> Flow {
        if cancel::step().is_err() {
            return Flow::Break(());
        }
        match self.nodes[id].contains_itself {
            true => sink.enter(self, id, value, place),
            false => self.rules(id, value, place, sink),
        }
    }

    /// Holds a value against the rules of a schema.
    pub(super) fn rules<'v, S: Sink<'c, 'v>>(
        &mut self,
        id: Id,
        value: &'v Value,
        place: &Place<'_>,
        sink: &mut S,
    ) -> Flow {
        let node = &self.nodes[id];
        if place.depth > DEEPEST {
            return sink.broken(Rule::Depth(DEEPEST), value, place);
        }
        // A value that is none of those asked for breaks no other rule worth telling.
        if let Some(fixed) = node.fixed.as_deref().filter(|fixed| !equal::equal(fixed, value)) {
            return sink.broken(Rule::Fixed(fixed), value, place);
        }
        if let Some(listed) = node.listed.as_deref().filter(|listed| !listed.iter().any(|one| equal::equal(one, value)))
        {
            return sink.broken(Rule::Listed(listed), value, place);
        }
        if node.kinds != Kinds::ANY && !node.kinds.hold(value) {
            return sink.broken(
                Rule::Kind(node.kinds, Example { nodes: self.nodes, of: id, shown: None, fits }),
                value,
                place,
            );
        }
        match value {
            Value::Number(number) => {
                if let Some(rules) = &node.number {
                    check_number(rules, number, value, place, sink)?;
                }
            }
            Value::String(text) => {
                if let Some(rules) = &node.text {
                    check_text(rules, text, value, place, sink)?;
                }
            }
            Value::Array(items) => {
                if let Some(rules) = &node.list {
                    self.list(rules, items, value, place, sink)?;
                }
            }
            Value::Object(members) => {
                if let Some(rules) = &node.object {
                    self.object(rules, members, value, place, sink)?;
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
        for id in &node.all {
            self.node(*id, value, place, sink)?;
        }
        let mut fits = true;
        if let Some(branches) = &node.any {
            fits &= branches.iter().any(|branch| self.accepts(*branch, value, place.depth));
            if !fits {
                sink.no_branch(self, branches, value, place)?;
            }
        }
        if let Some(branches) = &node.one {
            let fitting = branches.iter().filter(|branch| self.accepts(**branch, value, place.depth)).count();
            fits &= fitting == 1;
            match fitting {
                0 => sink.no_branch(self, branches, value, place)?,
                1 => {}
                more => sink.broken(Rule::OneOnly(more), value, place)?,
            }
        }
        match (value, &node.object) {
            // Where a part does not fit, what it would have spoken of is not known.
            (Value::Object(members), Some(rules)) if fits && rules.unevaluated != Others::Unsaid => {
                match node.all.iter().all(|part| self.accepts(*part, value, place.depth)) {
                    true => self.unevaluated(id, rules, members, value, place, sink),
                    false => Flow::Continue(()),
                }
            }
            _ => Flow::Continue(()),
        }
    }

    fn list<'v, S: Sink<'c, 'v>>(
        &mut self,
        rules: &'c ListRules,
        items: &'v [Value],
        value: &'v Value,
        place: &Place<'_>,
        sink: &mut S,
    ) -> Flow {
        if let Some(min) = rules.min.filter(|min| (items.len() as u64) < *min) {
            sink.broken(Rule::MinItems(min), value, place)?;
        }
        if let Some(max) = rules.max.filter(|max| (items.len() as u64) > *max) {
            sink.broken(Rule::MaxItems(max), value, place)?;
        }
        if let Some(schema) = rules.items {
            for (number, item) in items.iter().enumerate() {
                self.node(schema, item, &place.item(number), sink)?;
            }
        }
        if rules.unique && !equal::are_unique(items) {
            sink.broken(Rule::UniqueItems, value, place)?;
        }
        Flow::Continue(())
    }

    fn object<'v, S: Sink<'c, 'v>>(
        &mut self,
        rules: &'c ObjectRules,
        members: &'v Map<String, Value>,
        value: &'v Value,
        place: &Place<'_>,
        sink: &mut S,
    ) -> Flow {
        if let Some(min) = rules.min.filter(|min| (members.len() as u64) < *min) {
            sink.broken(Rule::MinMembers(min), value, place)?;
        }
        if let Some(max) = rules.max.filter(|max| (members.len() as u64) > *max) {
            sink.broken(Rule::MaxMembers(max), value, place)?;
        }
        let mut missing = rules.required.len();
        for (name, member) in members {
            let known = rules.member(name);
            missing -= usize::from(known.is_some_and(|known| known.required));
            match known.and_then(|known| known.schema) {
                Some(schema) => self.node(schema, member, &place.name(name), sink)?,
                None => self.other(rules, rules.others, (name, member), place, sink)?,
            }
        }
        if missing > 0 {
            let required = rules.required.iter().filter_map(|place| rules.members.get(*place));
            for known in required.filter(|known| !members.contains_key(&*known.name)) {
                sink.broken(Rule::Missing(&known.name), value, place)?;
            }
        }
        Flow::Continue(())
    }

    fn other<'v, S: Sink<'c, 'v>>(
        &mut self,
        rules: &'c ObjectRules,
        others: Others,
        (name, member): (&str, &'v Value),
        place: &Place<'_>,
        sink: &mut S,
    ) -> Flow {
        match others {
            Others::Unsaid | Others::Free => Flow::Continue(()),
            Others::Closed => sink.broken(Rule::Unknown(Names(rules)), member, &place.name(name)),
            Others::Fit(schema) => self.node(schema, member, &place.name(name), sink),
        }
    }

    /// Holds the members that no other part of the schema speaks of against `unevaluatedProperties`.
    fn unevaluated<'v, S: Sink<'c, 'v>>(
        &mut self,
        id: Id,
        rules: &'c ObjectRules,
        members: &'v Map<String, Value>,
        value: &'v Value,
        place: &Place<'_>,
        sink: &mut S,
    ) -> Flow {
        let mut parts = Vec::new();
        self.parts(id, value, place.depth, &mut parts);
        for (name, member) in members {
            let speaks = |part: &Id| {
                let said = self.nodes[*part].object.as_deref();
                said.is_some_and(|said| {
                    let own = said.others == Others::Unsaid && (*part == id || said.unevaluated == Others::Unsaid);
                    !own || said.member(name).is_some_and(|known| known.schema.is_some())
                })
            };
            if !parts.iter().any(speaks) {
                self.other(rules, rules.unevaluated, (name, member), place, sink)?;
            }
        }
        Flow::Continue(())
    }

    /// The schemas that speak of the same value, without the branches that it does not fit.
    fn parts(&mut self, id: Id, value: &Value, depth: u32, parts: &mut Vec<Id>) {
        if parts.contains(&id) {
            return;
        }
        parts.push(id);
        let node = &self.nodes[id];
        for all in &node.all {
            self.parts(*all, value, depth, parts);
        }
        for branch in node.any.iter().chain(&node.one).flatten() {
            if self.accepts(*branch, value, depth) {
                self.parts(*branch, value, depth, parts);
            }
        }
    }
}

fn fits(nodes: &[Node], of: Id, value: &Value) -> bool {
    Walk::new(nodes).accepts(of, value, 0)
}

fn check_number<'c, 'v, S: Sink<'c, 'v>>(
    rules: &'c NumberRules,
    number: &Number,
    value: &'v Value,
    place: &Place<'_>,
    sink: &mut S,
) -> Flow {
    let mut is_within = true;
    for bound in &rules.bounds {
        if !bound.holds(number) {
            is_within = false;
            sink.broken(Rule::Bound(bound), value, place)?;
        }
    }
    // Beyond a bound that is stated, that of the format tells no more.
    match rules.format.filter(|format| is_within && !format.holds(number)) {
        Some(format) => sink.broken(Rule::Whole(format), value, place),
        None => Flow::Continue(()),
    }
}

fn check_text<'c, 'v, S: Sink<'c, 'v>>(
    rules: &'c TextRules,
    text: &str,
    value: &'v Value,
    place: &Place<'_>,
    sink: &mut S,
) -> Flow {
    if let Some(min) = rules.min.filter(|_| is_too_short(rules, text)) {
        sink.broken(Rule::MinLength(min), value, place)?;
    }
    if let Some(max) = rules.max.filter(|_| is_too_long(rules, text)) {
        sink.broken(Rule::MaxLength(max), value, place)?;
    }
    if let Some(pattern) = rules.pattern.filter(|pattern| !(pattern.holds)(text)) {
        sink.broken(Rule::Pattern(pattern), value, place)?;
    }
    match rules.format.filter(|format| !(format.holds)(text)) {
        Some(format) => sink.broken(Rule::Format(format), value, place),
        None => Flow::Continue(()),
    }
}

/// Whether a number keeps to its rules.
pub(super) fn number_holds(rules: &NumberRules, number: &Number) -> bool {
    rules.bounds.iter().all(|bound| bound.holds(number)) && rules.format.is_none_or(|format| format.holds(number))
}

/// Whether a text keeps to its rules.
pub(super) fn text_holds(rules: &TextRules, text: &str) -> bool {
    !is_too_short(rules, text)
        && !is_too_long(rules, text)
        && rules.pattern.is_none_or(|pattern| (pattern.holds)(text))
        && rules.format.is_none_or(|format| (format.holds)(text))
}

// A character has a byte at least and four at most: most texts need not be counted.

fn is_too_short(rules: &TextRules, text: &str) -> bool {
    let bytes = text.len() as u64;
    rules.min.is_some_and(|min| bytes < min || (bytes < min.saturating_mul(4) && characters(text) < min))
}

fn is_too_long(rules: &TextRules, text: &str) -> bool {
    rules.max.is_some_and(|max| text.len() as u64 > max && characters(text) > max)
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}

/// The sink that wants no more than a verdict.
struct Verdict;

impl<'c, 'v> Sink<'c, 'v> for Verdict {
    fn broken(&mut self, _: Rule<'c>, _: &'v Value, _: &Place<'_>) -> Flow {
        Flow::Break(())
    }

    fn no_branch(&mut self, _: &mut Walk<'c>, _: &'c [Id], _: &'v Value, _: &Place<'_>) -> Flow {
        Flow::Break(())
    }

    fn enter(&mut self, walk: &mut Walk<'c>, id: Id, value: &'v Value, place: &Place<'_>) -> Flow {
        let key = (id, std::ptr::from_ref(value));
        let known = walk.accepted.get(&key).copied();
        let fits = known.unwrap_or_else(|| {
            let fits = walk.rules(id, value, place, self).is_continue();
            walk.accepted.insert(key, fits);
            fits
        });
        if fits { Flow::Continue(()) } else { Flow::Break(()) }
    }
}
