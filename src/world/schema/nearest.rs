//! Of the branches that a value does not fit, the nearest one: it says what is wrong.

use serde_json::Value;

use super::finding::Finding;
use super::node::Id;
use super::place::Place;
use super::rule::Rule;
use super::walk::{Flow, Sink, Walk};

/// How many rules of branches are told together.
const ALTERNATIVES: usize = 64;

/// How near a value comes to a schema that it does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// Where it breaks a rule first, the nearer the deeper: 0 where the value as a whole is another one, 1 where a
    /// member that names the branch is, 2 where any other member is wrong, missing or unknown, and so on below.
    rank: u32,
    /// How many rules it breaks.
    broken: u32,
}

const OTHER_VALUE: u32 = 0;
const OTHER_TAG: u32 = 1;

impl Fit {
    const WHOLE: Self = Self { rank: u32::MAX, broken: 0 };

    fn add(&mut self, other: Self, levels: u32) {
        self.rank = self.rank.min(other.rank.saturating_add(2 * levels));
        self.broken = self.broken.saturating_add(other.broken);
    }

    fn is_nearer_than(self, other: Self) -> bool {
        (self.rank, other.broken) > (other.rank, self.broken)
    }
}

/// How near a value comes to each of some branches.
struct Fits {
    /// The nearest, the first of those that are equally near.
    best: Option<(Id, Fit)>,
    all: Vec<(Id, Fit)>,
}

fn nearest<'c>(walk: &mut Walk<'c>, branches: &'c [Id], value: &Value, depth: u32) -> Fits {
    let mut fits = Fits { best: None, all: Vec::with_capacity(branches.len()) };
    for branch in branches {
        let mut fitting = Fitting { top: depth, fit: Fit::WHOLE };
        // It takes every broken rule, so the walk is never left early.
        let _ = walk.node(*branch, value, &Place::below(depth), &mut fitting);
        fits.all.push((*branch, fitting.fit));
        if fits.best.is_none_or(|(_, best)| fitting.fit.is_nearer_than(best)) {
            fits.best = Some((*branch, fitting.fit));
        }
    }
    fits
}

/// The sink that measures.
struct Fitting {
    top: u32,
    fit: Fit,
}

impl<'c, 'v> Sink<'c, 'v> for Fitting {
    fn broken(&mut self, rule: Rule<'c>, _: &'v Value, place: &Place<'_>) -> Flow {
        let rank = match (&rule, 2 * (place.depth - self.top)) {
            (Rule::Missing(_), rank) => rank + 2,
            (rule, rank) if is_tag(rule) => rank.saturating_sub(1),
            (_, rank) => rank,
        };
        self.fit.add(Fit { rank, broken: 1 }, 0);
        Flow::Continue(())
    }

    fn no_branch(&mut self, walk: &mut Walk<'c>, branches: &'c [Id], value: &'v Value, place: &Place<'_>) -> Flow {
        if let Some((_, best)) = nearest(walk, branches, value, place.depth).best {
            self.fit.add(best, place.depth - self.top);
        }
        Flow::Continue(())
    }

    fn enter(&mut self, walk: &mut Walk<'c>, id: Id, value: &'v Value, place: &Place<'_>) -> Flow {
        let key = (id, std::ptr::from_ref(value));
        let fit = match walk.fits.get(&key) {
            Some(known) => *known,
            None => {
                let mut fitting = Self { top: place.depth, fit: Fit::WHOLE };
                let _ = walk.rules(id, value, place, &mut fitting);
                walk.fits.insert(key, fitting.fit);
                fitting.fit
            }
        };
        self.fit.add(fit, place.depth - self.top);
        Flow::Continue(())
    }
}

/// Whether a rule is that of a member which names the branch, such as `"type": {"const": "page"}`.
fn is_tag(rule: &Rule<'_>) -> bool {
    matches!(rule, Rule::Fixed(_)) || matches!(rule, Rule::Listed(values) if values.len() == 1)
}

/// The sink that tells.
pub(super) struct Telling<'c, 'v, 'k> {
    pub(super) found: Vec<Finding<'c, 'v>>,
    pub(super) most: usize,
    pub(super) keep: &'k mut dyn FnMut(&Finding<'c, 'v>) -> bool,
}

impl<'c, 'v> Telling<'c, 'v, '_> {
    fn tell(&mut self, path: String, value: &'v Value, rule: Rule<'c>) -> Flow {
        let finding = Finding { path, value, rule };
        if (self.keep)(&finding) {
            self.found.push(finding);
        }
        if self.found.len() < self.most { Flow::Continue(()) } else { Flow::Break(()) }
    }
}

impl<'c, 'v> Sink<'c, 'v> for Telling<'c, 'v, '_> {
    fn broken(&mut self, rule: Rule<'c>, value: &'v Value, place: &Place<'_>) -> Flow {
        self.tell(place.to_string(), value, rule)
    }

    fn no_branch(&mut self, walk: &mut Walk<'c>, branches: &'c [Id], value: &'v Value, place: &Place<'_>) -> Flow {
        let fits = nearest(walk, branches, value, place.depth);
        let Some((branch, best)) = fits.best else { return Flow::Continue(()) };
        let tied = |rank: u32| fits.all.iter().filter(move |(_, fit)| fit.rank == rank).map(|(id, _)| *id);
        let told = match best.rank {
            OTHER_VALUE => Alternatives::of(walk, tied(OTHER_VALUE), value, place, |_| true, place.depth),
            OTHER_TAG if tied(OTHER_TAG).nth(1).is_some() => {
                Alternatives::of(walk, tied(OTHER_TAG), value, place, is_tag, place.depth + 1)
            }
            _ => None,
        };
        match told {
            Some((path, value, rules)) => self.tell(path, value, Rule::AnyOf(rules)),
            None => walk.node(branch, value, place, self),
        }
    }

    fn enter(&mut self, walk: &mut Walk<'c>, id: Id, value: &'v Value, place: &Place<'_>) -> Flow {
        // What fits has nothing to tell, however many ways lead to it.
        if walk.accepts(id, value, place.depth) { Flow::Continue(()) } else { walk.rules(id, value, place, self) }
    }
}

/// The sink that gathers the rules of several branches at one place.
struct Alternatives<'c, 'v> {
    depth: u32,
    wanted: fn(&Rule<'_>) -> bool,
    path: Option<String>,
    value: &'v Value,
    rules: Vec<Rule<'c>>,
    /// Whether they are of more than one place.
    differ: bool,
}

impl<'c, 'v> Alternatives<'c, 'v> {
    /// The place, the value there, and the rules of some branches; nothing where they are of different places.
    fn of(
        walk: &mut Walk<'c>,
        branches: impl Iterator<Item = Id>,
        value: &'v Value,
        place: &Place<'_>,
        wanted: fn(&Rule<'_>) -> bool,
        depth: u32,
    ) -> Option<(String, &'v Value, Vec<Rule<'c>>)> {
        let mut all = Self { depth, wanted, path: None, value, rules: Vec::new(), differ: false };
        for branch in branches {
            if walk.node(branch, value, place, &mut all).is_break() {
                break;
            }
        }
        let path = all.path.filter(|_| !all.differ)?;
        Some((path, all.value, all.rules))
    }
}

impl<'c, 'v> Sink<'c, 'v> for Alternatives<'c, 'v> {
    fn broken(&mut self, rule: Rule<'c>, value: &'v Value, place: &Place<'_>) -> Flow {
        if place.depth == self.depth && (self.wanted)(&rule) {
            let path = place.to_string();
            self.differ |= self.path.as_ref().is_some_and(|known| *known != path);
            (self.path, self.value) = (Some(path), value);
            self.rules.push(rule);
        }
        if self.rules.len() < ALTERNATIVES && !self.differ { Flow::Continue(()) } else { Flow::Break(()) }
    }

    fn no_branch(&mut self, walk: &mut Walk<'c>, branches: &'c [Id], value: &'v Value, place: &Place<'_>) -> Flow {
        if place.depth > self.depth {
            return Flow::Continue(());
        }
        branches.iter().try_for_each(|branch| walk.node(*branch, value, place, self))
    }

    fn enter(&mut self, walk: &mut Walk<'c>, id: Id, value: &'v Value, place: &Place<'_>) -> Flow {
        if place.depth > self.depth { Flow::Continue(()) } else { walk.rules(id, value, place, self) }
    }
}
