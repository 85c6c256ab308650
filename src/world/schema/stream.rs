//! Whether a text fits a schema, found out while it is read: no value is made of it.
//!
//! The verdict errs on one side alone. What is accepted is JSON that names nothing twice and fits; what is not may still
//! fit, so [`Walk`] has the last word and says why.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::kinds::Kinds;
use super::node::{Id, ListRules, Node, ObjectRules, Others};
use super::scalar::Scalar;
use super::walk::Walk;
use crate::world::wanted::{self, Any, Looks};

/// Up to how many names of an object each is held against each.
const FEW: usize = 16;

/// How deep a text may be, wherever it stands in another: less than any reader takes.
const LEVELS: u32 = 100;

/// What a list or an object is held against.
pub(super) enum Route {
    /// It fits nothing.
    Refused,
    /// It fits whatever it holds.
    Free,
    /// The rules of this node alone.
    Rules(Id),
    /// More than can be said in passing: a value is made of it.
    Whole,
}

impl Route {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Refused, _) | (_, Self::Refused) => Self::Refused,
            (Self::Free, other) | (other, Self::Free) => other,
            _ => Self::Whole,
        }
    }
}

/// A value that is to fit a schema, or any.
pub(super) struct Fit<'s, 'c, 'de> {
    pub(super) nodes: &'c [Node],
    pub(super) to: Option<Id>,
    /// In how many others it lies.
    pub(super) level: u32,
    /// The names of the objects around that no rule knows, and of this one behind them.
    pub(super) names: &'s mut Vec<Cow<'de, str>>,
}

impl<'c, 'de> Fit<'_, 'c, 'de> {
    /// A value within.
    pub(super) fn below(&mut self, to: Option<Id>) -> Fit<'_, 'c, 'de> {
        Fit { nodes: self.nodes, to, level: self.level + 1, names: self.names }
    }

    /// What decides on this value where it is of a kind that holds others.
    pub(super) fn route_of(&self, kind: Kinds) -> Route {
        match self.to {
            _ if self.level >= LEVELS => Route::Refused,
            Some(id) => self.route(id, kind),
            None => Route::Free,
        }
    }

    fn route(&self, id: Id, kind: Kinds) -> Route {
        let node = &self.nodes[id];
        if !node.kinds.contains(kind) {
            return Route::Refused;
        }
        let unevaluated = |rules: &ObjectRules| rules.unevaluated != Others::Unsaid;
        // Of a schema that contains itself each value within is judged once too: where two could judge it, a value is made.
        if node.fixed.is_some() || node.listed.is_some() {
            return Route::Whole;
        }
        let own = match kind {
            Kinds::OBJECT => node.object.as_deref().map(|rules| !unevaluated(rules)),
            _ => node.list.as_deref().map(|rules| !rules.unique),
        };
        let own = match own {
            None => Route::Free,
            Some(true) => Route::Rules(id),
            Some(false) => Route::Whole,
        };
        let all = node.all.iter().fold(own, |route, part| route.and(self.route(*part, kind)));
        [&node.any, &node.one].into_iter().flatten().fold(all, |route, branches| route.and(self.branch(branches, kind)))
    }

    /// What decides where one of some schemas is to fit.
    fn branch(&self, branches: &[Id], kind: Kinds) -> Route {
        let routes = branches.iter().map(|branch| self.route(*branch, kind));
        let mut open = routes.filter(|route| !matches!(route, Route::Refused));
        match (open.next(), open.next()) {
            (None, _) => Route::Refused,
            (Some(one), None) => one,
            _ => Route::Whole,
        }
    }

    /// Holds a value that holds no other.
    pub(super) fn scalar<E: Error>(&self, scalar: &Scalar<'_>) -> Result<(), E> {
        held(self.to.is_none_or(|id| scalar.fits(self.nodes, id)))
    }

    /// Whether a text here is of a format, by one of the schemas that it may fit.
    pub(super) fn has_format(&self, name: &str) -> bool {
        self.to.is_some_and(|id| has_format(self.nodes, id, name))
    }

    /// Holds the text of the value.
    pub(super) fn text<E: Error>(self, text: &'de str) -> Result<(), E> {
        held(self.deserialize(&mut serde_json::Deserializer::from_str(text)).is_ok())
    }

    /// Notes a name that no rule knows.
    fn note<E: Error>(&mut self, since: usize, name: Cow<'de, str>) -> Result<(), E> {
        let known = self.names.get(since..).unwrap_or_default();
        held(known.len() >= FEW || !known.contains(&name))?;
        self.names.push(name);
        Ok(())
    }

    /// Lets go of the names of an object that ends.
    fn forget<E: Error>(&mut self, since: usize) -> Result<(), E> {
        let known = self.names.get_mut(since..).unwrap_or_default();
        if known.len() > FEW {
            known.sort_unstable();
            held(known.windows(2).all(|pair| pair.first() != pair.last()))?;
        }
        self.names.truncate(since);
        Ok(())
    }
}

fn has_format(nodes: &[Node], id: Id, name: &str) -> bool {
    let node = &nodes[id];
    let below = node.all.iter().chain(node.any.iter().flatten()).chain(node.one.iter().flatten());
    node.text.as_deref().and_then(|rules| rules.format).is_some_and(|format| format.name == name)
        || below.into_iter().any(|part| has_format(nodes, *part, name))
}

pub(super) fn held<E: Error>(holds: bool) -> Result<(), E> {
    if holds { Ok(()) } else { Err(unfit()) }
}

fn unfit<E: Error>() -> E {
    E::custom("it may not fit")
}

impl<'de> DeserializeSeed<'de> for Fit<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fit<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(&Scalar::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(&Scalar::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(&Scalar::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(&Scalar::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(&Number::from_f64(value).map_or(Scalar::Null, Scalar::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.scalar(&Scalar::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let route = self.route_of(Kinds::ARRAY);
        if matches!(route, Route::Whole) {
            let is_twice = Cell::new(false);
            let value = Any(Once(&is_twice)).visit_seq(items)?;
            return self.whole(&value, is_twice.get());
        }
        let mut list = List::of(&self, route)?;
        while items.next_element_seed(self.below(list.item()))?.is_some() {
            list.count()?;
        }
        list.end()
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let route = self.route_of(Kinds::OBJECT);
        if matches!(route, Route::Whole) {
            let is_twice = Cell::new(false);
            let value = Any(Once(&is_twice)).visit_map(members)?;
            return self.whole(&value, is_twice.get());
        }
        let mut object = Object::of(&self, route)?;
        while let Some(Name(name)) = members.next_key()? {
            let to = object.member(&mut self, &name)?;
            members.next_value_seed(self.below(to))?;
        }
        object.end(&mut self)
    }
}

/// A list whose items come one by one.
pub(super) struct List<'c> {
    rules: Option<&'c ListRules>,
    count: u64,
}

impl<'c> List<'c> {
    pub(super) fn of<E: Error>(fit: &Fit<'_, 'c, '_>, route: Route) -> Result<Self, E> {
        let rules = match route {
            Route::Refused | Route::Whole => return Err(unfit()),
            Route::Free => None,
            Route::Rules(id) => fit.nodes[id].list.as_deref(),
        };
        Ok(Self { rules, count: 0 })
    }

    /// What an item is to fit.
    pub(super) fn item(&self) -> Option<Id> {
        self.rules.and_then(|rules| rules.items)
    }

    /// Another item was there.
    pub(super) fn count<E: Error>(&mut self) -> Result<(), E> {
        self.count += 1;
        wanted::step()
    }

    pub(super) fn end<E: Error>(&self) -> Result<(), E> {
        held(self.rules.is_none_or(|rules| {
            rules.min.is_none_or(|min| self.count >= min) && rules.max.is_none_or(|max| self.count <= max)
        }))
    }
}

/// An object whose members come one by one.
pub(super) struct Object<'c> {
    rules: Option<&'c ObjectRules>,
    /// How many names there were around it.
    since: usize,
    seen: Seen,
    pub(super) count: u64,
    required: usize,
    next: usize,
}

impl<'c> Object<'c> {
    pub(super) fn of<E: Error>(fit: &Fit<'_, 'c, '_>, route: Route) -> Result<Self, E> {
        let rules = match route {
            Route::Refused | Route::Whole => return Err(unfit()),
            Route::Free => None,
            Route::Rules(id) => fit.nodes[id].object.as_deref(),
        };
        Ok(Self { rules, since: fit.names.len(), seen: Seen::default(), count: 0, required: 0, next: 0 })
    }

    /// What the member of this name is to fit.
    #[expect(clippy::ptr_arg, reason = "a name that is noted is kept as it was read, borrowed or not")]
    pub(super) fn member<'de, E: Error>(
        &mut self,
        fit: &mut Fit<'_, 'c, 'de>,
        name: &Cow<'de, str>,
    ) -> Result<Option<Id>, E> {
        wanted::step()?;
        self.count += 1;
        let Some(rules) = self.rules else { return fit.note(self.since, name.clone()).map(|()| None) };
        let others = || match rules.others {
            Others::Unsaid | Others::Free => Ok(None),
            Others::Closed => Err(unfit()),
            Others::Fit(schema) => Ok(Some(schema)),
        };
        let Some((member, behind)) = rules.place(name, self.next) else {
            let to = others()?;
            return fit.note(self.since, name.clone()).map(|()| to);
        };
        self.next = behind;
        held(self.seen.is_first(member))?;
        let known = &rules.members[member];
        self.required += usize::from(known.required);
        known.schema.map_or_else(others, |schema| Ok(Some(schema)))
    }

    pub(super) fn end<E: Error>(&self, fit: &mut Fit<'_, 'c, '_>) -> Result<(), E> {
        fit.forget(self.since)?;
        held(self.rules.is_none_or(|rules| {
            let is_within =
                rules.min.is_none_or(|min| self.count >= min) && rules.max.is_none_or(|max| self.count <= max);
            is_within && self.required == rules.required.len()
        }))
    }
}

impl Fit<'_, '_, '_> {
    /// Holds a value of which one was made.
    fn whole<E: Error>(&self, value: &Value, is_twice: bool) -> Result<(), E> {
        held(!is_twice && self.to.is_none_or(|id| Walk::new(self.nodes).accepts(id, value, 0)))
    }
}

/// Which of the members that rules name were there. Of very many none is known to be the first.
#[derive(Default)]
struct Seen(u128);

impl Seen {
    fn is_first(&mut self, member: usize) -> bool {
        let bit = u32::try_from(member).ok().and_then(|member| 1_u128.checked_shl(member)).unwrap_or_default();
        let is_first = bit != 0 && self.0 & bit == 0;
        self.0 |= bit;
        is_first
    }
}

/// A name as it stands in the text, where no escape is in it.
pub(super) struct Name<'de>(pub(super) Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taken;
        impl<'de> Visitor<'de> for Taken {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Taken)
    }
}

/// Notes whether a name stands twice.
struct Once<'n>(&'n Cell<bool>);

impl Looks for Once<'_> {
    type Within<'w>
        = Once<'w>
    where
        Self: 'w;

    fn item(&mut self, _: usize) -> Once<'_> {
        Once(self.0)
    }

    fn member(&mut self, _: &str, is_there: impl FnOnce() -> bool) -> Once<'_> {
        self.0.set(self.0.get() || is_there());
        Once(self.0)
    }
}
