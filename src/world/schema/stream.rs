//! Whether a text fits a schema, found out while it is read: no value is made of it.
//!
//! The verdict errs on one side alone. What is accepted is JSON that names nothing twice and fits; what is not may still
//! fit, so [`Walk`] has the last word and says why.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::equal;
use super::kinds::Kinds;
use super::node::{Id, Node, ObjectRules, Others};
use super::walk::{Walk, number_holds, text_holds};
use crate::world::wanted::{self, Any, Looks};

/// Up to how many names of an object each is held against each.
const FEW: usize = 16;

/// Whether a text surely is JSON that names nothing twice and fits.
pub(super) fn surely_fits(nodes: &[Node], start: Id, text: &str) -> bool {
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut names = Vec::new();
    let seed = Fit { nodes, to: Some(start), names: &mut names };
    seed.deserialize(&mut reader).is_ok() && reader.end().is_ok()
}

/// What a list or an object is held against.
enum Route {
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
struct Fit<'s, 'c, 'de> {
    nodes: &'c [Node],
    to: Option<Id>,
    /// The names of the objects around that no rule knows, and of this one behind them.
    names: &'s mut Vec<Cow<'de, str>>,
}

impl<'c, 'de> Fit<'_, 'c, 'de> {
    /// A value within.
    fn below(&mut self, to: Option<Id>) -> Fit<'_, 'c, 'de> {
        Fit { nodes: self.nodes, to, names: self.names }
    }

    /// What decides on a value of a kind that holds others.
    fn route(&self, id: Id, kind: Kinds) -> Route {
        let node = &self.nodes[id];
        if !node.kinds.contains(kind) {
            return Route::Refused;
        }
        let unevaluated = |rules: &ObjectRules| rules.unevaluated != Others::Unsaid;
        if node.contains_itself || node.fixed.is_some() || node.listed.is_some() {
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

    fn scalar<E: Error>(self, scalar: &Scalar<'_>) -> Result<(), E> {
        wanted::step()?;
        held(self.to.is_none_or(|id| scalar.fits(self.nodes, id)))
    }

    /// Notes a name that no rule knows. There are `few` since the object began.
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

fn held<E: Error>(holds: bool) -> Result<(), E> {
    if holds { Ok(()) } else { Err(E::custom("it may not fit")) }
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
        let rules = match self.to.map_or(Route::Free, |id| self.route(id, Kinds::ARRAY)) {
            Route::Refused => return held(false),
            Route::Whole => {
                let is_twice = Cell::new(false);
                let value = Any(Once(&is_twice)).visit_seq(items)?;
                return self.whole(&value, is_twice.get());
            }
            Route::Free => None,
            Route::Rules(id) => self.nodes[id].list.as_deref(),
        };
        let (item, mut count) = (rules.and_then(|rules| rules.items), 0);
        while items.next_element_seed(self.below(item))?.is_some() {
            wanted::step()?;
            count += 1;
        }
        held(
            rules.is_none_or(|rules| {
                rules.min.is_none_or(|min| count >= min) && rules.max.is_none_or(|max| count <= max)
            }),
        )
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let rules = match self.to.map_or(Route::Free, |id| self.route(id, Kinds::OBJECT)) {
            Route::Refused => return held(false),
            Route::Whole => {
                let is_twice = Cell::new(false);
                let value = Any(Once(&is_twice)).visit_map(members)?;
                return self.whole(&value, is_twice.get());
            }
            Route::Free => None,
            Route::Rules(id) => self.nodes[id].object.as_deref(),
        };
        let Some(rules) = rules else {
            let since = self.names.len();
            while let Some(Name(name)) = members.next_key()? {
                wanted::step()?;
                self.note(since, name)?;
                members.next_value_seed(self.below(None))?;
            }
            return self.forget(since);
        };
        let (since, mut seen) = (self.names.len(), Seen::default());
        let (mut count, mut required, mut next) = (0_u64, 0, 0);
        while let Some(Name(name)) = members.next_key()? {
            wanted::step()?;
            count += 1;
            let Some((member, behind)) = rules.place(&name, next) else {
                let to = match rules.others {
                    Others::Unsaid | Others::Free => None,
                    Others::Closed => return held(false),
                    Others::Fit(schema) => Some(schema),
                };
                self.note(since, name)?;
                members.next_value_seed(self.below(to))?;
                continue;
            };
            next = behind;
            held(seen.is_first(member))?;
            let known = &rules.members[member];
            required += usize::from(known.required);
            let to = match (known.schema, rules.others) {
                (Some(schema), _) | (None, Others::Fit(schema)) => Some(schema),
                (None, Others::Unsaid | Others::Free) => None,
                (None, Others::Closed) => return held(false),
            };
            members.next_value_seed(self.below(to))?;
        }
        self.forget(since)?;
        let (min, max) = (rules.min.is_none_or(|min| count >= min), rules.max.is_none_or(|max| count <= max));
        held(required == rules.required.len() && min && max)
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
struct Name<'de>(Cow<'de, str>);

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

/// A value that holds no other.
enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'t str),
}

impl Scalar<'_> {
    fn fits(&self, nodes: &[Node], id: Id) -> bool {
        let node = &nodes[id];
        let fits = |id: &Id| self.fits(nodes, *id);
        node.fixed.as_deref().is_none_or(|fixed| self.is(fixed))
            && node.listed.as_deref().is_none_or(|listed| listed.iter().any(|value| self.is(value)))
            && (node.kinds == Kinds::ANY || self.is_of(node.kinds))
            && match self {
                Self::Number(number) => node.number.as_deref().is_none_or(|rules| number_holds(rules, number)),
                Self::Text(text) => node.text.as_deref().is_none_or(|rules| text_holds(rules, text)),
                Self::Null | Self::Bool(_) => true,
            }
            && node.all.iter().all(fits)
            && node.any.as_deref().is_none_or(|branches| branches.iter().any(fits))
            && node.one.as_deref().is_none_or(|branches| branches.iter().filter(|branch| fits(branch)).count() == 1)
    }

    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(one), Value::Bool(other)) => one == other,
            (Self::Number(one), Value::Number(_)) => equal::equal(&Value::Number(one.clone()), value),
            (Self::Text(one), Value::String(other)) => one == other,
            _ => false,
        }
    }

    fn is_of(&self, kinds: Kinds) -> bool {
        match self {
            Self::Null => kinds.contains(Kinds::NULL),
            Self::Bool(_) => kinds.contains(Kinds::BOOLEAN),
            Self::Number(number) => kinds.hold(&Value::Number(number.clone())),
            Self::Text(_) => kinds.contains(Kinds::STRING),
        }
    }
}
