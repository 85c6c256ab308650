//! What a request that hit nothing probably meant: most often the client's base URL is wrong.

mod lost;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::app::Sandbox;
use crate::contract::suggestion::{self, Suggestion};
use crate::provider::path::{decoded, split_prefix};
use crate::provider::{AnyProvider, Descriptor, Headers, Name, Operation, Options, Refusal, Request, Routed, Slot};

pub(crate) use lost::Lost;
use lost::{Fit, cut};

/// How far an operation of the provider itself may be, in segments, where another's is right.
const OWN: f64 = 1.5;
/// How many segments may stand before a path that is right.
const MOST_BEFORE: usize = 6;
/// How many paths are named at most.
const MOST_PATHS: usize = 4;
/// From where on a segment is a misspelling of a mount: `v3` of `v1` is. One of more than twice its letters is none.
const ALIKE: f64 = 0.5;

/// How a sentence begins that names paths.
const MEANT: &str = "did you mean ";

/// The paths that were probably meant, and what is wrong with the base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Meant {
    paths: Vec<String>,
    reason: String,
}

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MEANT)?;
        for (number, path) in self.paths.iter().enumerate() {
            let between = match number {
                0 => "",
                number if number + 1 == self.paths.len() => " or ",
                _ => ", ",
            };
            write!(f, "{between}{path}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// The operation that a request is like.
type Near<'a> = Option<&'a Suggestion<'a>>;

/// A path below another mount than the one that was tried.
struct OtherMount<'a> {
    fit: Fit,
    /// Whether its ids are of the form that the provider takes.
    takes: bool,
    /// How like its mount or provider is to what was tried.
    alike: f64,
    mount: &'a str,
    path: String,
}

impl Lost<'_> {
    /// What is wrong with the base URL of a request that no mount takes.
    fn meant(&self) -> Option<Meant> {
        let segments = self.segments()?;
        self.without_name(&segments)
            .or_else(|| self.dotted(&segments, Fit::Path))
            .or_else(|| self.doubled_slash(&segments, Fit::Place))
            .or_else(|| self.other_case(&segments))
            .or_else(|| self.misspelt_prefix(&segments))
            .or_else(|| self.missing_slash())
            .or_else(|| self.repeated(&segments, Fit::Path))
            .or_else(|| self.something_before(&segments, Fit::Path))
            .or_else(|| self.other_mount(&segments))
            .or_else(|| self.something_before(&segments, Fit::Place))
    }

    /// The same for a request that a mount takes and that is none of its provider's operations.
    fn meant_below_a_mount(&self, provider: &dyn AnyProvider, near: Option<&Suggestion<'_>>) -> Option<Meant> {
        let segments = self.segments()?;
        self.doubled_slash(&segments, Fit::Operation)
            .or_else(|| self.dotted(&segments, Fit::Operation))
            .or_else(|| self.repeated(&segments, Fit::Operation))
            .or_else(|| self.something_between_or_before(&segments))
            .or_else(|| near.is_none_or(|near| near.distance > OWN).then(|| self.of_another(provider)).flatten())
    }

    /// One sentence for a request that no mount takes, if it is like anything that is served.
    pub(crate) fn hint(&self) -> Option<String> {
        let suggestion = || {
            self.segments()?;
            suggested_operation(self.sandbox, self.method, &decoded(self.raw_path), None)
        };
        self.meant().map(|meant| self.told(&meant)).or_else(|| suggestion().map(|near| near.to_string()))
    }

    /// A sentence that names the paths that were meant where something is served there, and else what is near.
    fn told(&self, meant: &Meant) -> String {
        let behind = |path: &str| Lost::behind(path).to_owned();
        let is_served = |path: &String| {
            let behind = behind(path);
            matches!(&*behind, "" | "/") || self.fit(&behind).is_some_and(|fit| fit >= Fit::Path)
        };
        let Some(nowhere) = meant.paths.iter().find(|path| !is_served(path)) else { return meant.to_string() };
        match suggested_operation(self.sandbox, self.method, &decoded(&behind(nowhere)), None) {
            Some(near) => format!("{}; {near}", meant.reason),
            None => format!("{}, and no operation is like the rest of it", meant.reason),
        }
    }

    /// One sentence for a request whose last segment is read as an id, and which with a slash at its end, or without it,
    /// is another operation.
    pub(crate) fn at_other_end(&self, operation: &str) -> Option<String> {
        let path = match self.raw_path.strip_suffix('/') {
            Some(path) => path.to_owned(),
            None => format!("{}/", self.raw_path),
        };
        let decoded = decoded(&path);
        let address = self.sandbox.address(&decoded)?;
        let headers = Headers::new();
        let request = Request { raw_path: &path, ..address.request(self.method, &decoded, &headers) };
        let Routed::Operation(meant) = address.slot.route(&request, &address.slot.options()) else { return None };
        let last = cut(self.raw_path.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
        let which = if path.ends_with('/') { "without" } else { "with" };
        (*meant.operation().name != *operation).then(|| {
            format!("{MEANT}{}: {which} the slash at its end, {last} is read as an id", self.with_prefix(&path))
        })
    }

    /// The same, or where such a request should go, for a header field of its own.
    pub(crate) fn whole_hint(&self, hint: Option<&str>) -> String {
        match hint {
            Some(meant) if meant.starts_with(MEANT) => meant.to_owned(),
            Some(near) => format!("nothing is mounted at {}; {near}", self.shown()),
            None => format!(
                "nothing is mounted at {}; the mounts are {}",
                self.shown(),
                self.roots().collect::<Vec<_>>().join(", ")
            ),
        }
    }

    /// One sentence for a request that a provider refused because it is none of its operations: it is like the `nearest`.
    pub(crate) fn hint_below_a_mount<'o>(
        &self,
        refusal: &Refusal,
        provider: &dyn AnyProvider,
        options: &Options,
        nearest: impl FnOnce() -> Near<'o>,
    ) -> Option<String> {
        match refusal {
            Refusal::NoRoute => {}
            Refusal::MethodNotAllowed { allow } => return Some(self.no_method(allow, provider, options, nearest())),
            _ => return None,
        }
        let near = nearest();
        Some(match (self.meant_below_a_mount(provider, near), near) {
            (Some(meant), _) => meant.to_string(),
            (None, Some(near)) => {
                let nearest = near.sentence();
                [&[self.method, " ", &*self.shown(), " is no operation; "][..], &nearest].concat().concat()
            }
            (None, None) => {
                let (method, shown) = (self.method, self.shown());
                format!("{method} {shown} is no operation, and none is like it; GET /_mock/routes lists them")
            }
        })
    }

    /// One sentence for a request by a method that its path has not.
    fn no_method(&self, allow: &[Name], provider: &dyn AnyProvider, options: &Options, near: Near<'_>) -> String {
        let (method, shown, path) = (cut(self.method), self.shown(), decoded(self.raw_path));
        let is_it = |near: &Suggestion<'_>| near.differences.is_empty();
        let all = provider.operations().into_iter();
        if options.documented_only && suggestion::operation(self.method, &path, all).is_some_and(|near| is_it(&near)) {
            return format!("{method} {shown} is no documented operation, and --documented-only serves no other");
        }
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(self.method));
        match near.filter(|_| is_known) {
            Some(near) if near.differences.iter().all(|step| step.field == "method") => {
                let Operation { name, method: right, path, .. } = near.operation;
                format!("{method} is no method of {path}; send {right} ({name})")
            }
            Some(near) => format!("{method} is no method of {shown}; {near}"),
            None => {
                // Some vendors name a part of them in `Allow`.
                let takes = |method: &str| Lost { method, ..*self }.fit(self.raw_path) == Some(Fit::Operation);
                let methods: Vec<_> = known.into_iter().filter(|method| takes(method)).collect();
                let methods = if methods.is_empty() { allow.join(", ") } else { methods.join(", ") };
                format!("{method} is no method of {shown}; it takes {methods}")
            }
        }
    }

    /// `/api/v1/personas`, which is as near to `/api/personas` as to `/v1/personas`.
    fn something_between_or_before(&self, segments: &[&str]) -> Option<Meant> {
        let between = self.something_between(segments);
        let before = self.something_before(segments, Fit::Operation);
        match (between, before) {
            (Some(between), Some(before)) => {
                // An id is of the form that one of the two takes, as a number is none of a UUID's.
                let takes = |meant: &Meant| meant.paths.iter().all(|path| self.takes(Lost::behind(path)));
                match (takes(&between), takes(&before)) {
                    (true, false) => return Some(between),
                    (false, true) => return Some(before),
                    _ => {}
                }
                let reason = format!("{}, or {}", between.reason, before.reason);
                Some(Meant { paths: [between.paths, before.paths].concat(), reason })
            }
            (between, before) => between.or(before),
        }
    }

    /// `/api/rest/personas`.
    fn something_between(&self, segments: &[&str]) -> Option<Meant> {
        let path = self.joined(segments);
        self.roots().find_map(|root| {
            let (first, rest) = path.strip_prefix(root)?.strip_prefix('/')?.split_once('/')?;
            self.if_fits([root, "/", rest].concat(), Fit::Operation, || {
                format!("/{} does not belong behind {root}", cut(first))
            })
        })
    }

    /// `/v2/users/me`, which is right below the mount of another provider.
    fn of_another(&self, provider: &dyn AnyProvider) -> Option<Meant> {
        let Descriptor { title, mounts, .. } = provider.descriptor();
        let own = mounts.iter().find(|mount| mount.with_paths_below && mount.takes(self.raw_path))?;
        let found = self.at_other_mounts(None, self.raw_path.get(own.path.len()..)?).into_iter();
        let paths: Vec<_> = found.filter(|other| other.fit == Fit::Operation).map(|other| other.path).collect();
        (!paths.is_empty()).then(|| Meant { paths, reason: format!("{} is where {title} is", own.path) })
    }

    /// `/v1/users/../users/me`.
    fn dotted(&self, segments: &[&str], least: Fit) -> Option<Meant> {
        // A dot may be escaped.
        memchr::memchr2(b'.', b'%', self.raw_path.as_bytes())?;
        let mut kept = Vec::with_capacity(segments.len());
        for segment in segments {
            match &*decoded(segment) {
                "." => {}
                ".." => drop(kept.pop()),
                _ => kept.push(*segment),
            }
        }
        let path = (kept.len() < segments.len()).then(|| self.joined(&kept))?;
        self.if_fits(path, least, || "dots in a path are read as they stand".to_owned())
    }

    /// `/_sandbox/api/personas`, `/_sandbox`.
    fn without_name(&self, segments: &[&str]) -> Option<Meant> {
        let path = match self.prefix {
            Some(first) => format!("/{first}{}", self.raw_path),
            None if *segments == ["_sandbox"] => String::new(),
            None => return None,
        };
        (path.is_empty() || self.fit(&path).is_some()).then(|| Meant {
            paths: vec![format!("/_sandbox/NAME{path}")],
            reason: "the base URL names no sandbox".to_owned(),
        })
    }

    /// `//api/personas`.
    fn doubled_slash(&self, segments: &[&str], least: Fit) -> Option<Meant> {
        let path = self.raw_path.contains("//").then(|| self.joined(segments))?;
        self.if_fits(path, least, || "the base URL ends in a slash".to_owned())
    }

    /// `/V1/personas`.
    fn other_case(&self, segments: &[&str]) -> Option<Meant> {
        let path = self.joined(segments);
        self.roots().find_map(|root| {
            let head = path.get(..root.len()).filter(|head| head.eq_ignore_ascii_case(root) && *head != root)?;
            let path = format!("{root}{}", &path[head.len()..]);
            self.if_fits(path, Fit::Place, || "letter case counts".to_owned())
        })
    }

    /// `/sandbox/t1/api/personas`.
    fn misspelt_prefix(&self, segments: &[&str]) -> Option<Meant> {
        let (first, rest) = segments.split_first().filter(|(_, rest)| rest.len() > 1)?;
        let is_prefix = ["sandbox", "sandboxes"].iter().any(|word| word.eq_ignore_ascii_case(first.trim_matches('_')));
        let path = (is_prefix && self.prefix.is_none()).then(|| format!("/_sandbox{}", self.joined(rest)))?;
        self.if_fits(path, Fit::Place, || "a sandbox's base URL is /_sandbox/NAME".to_owned())
    }

    /// `/apipersonas`.
    fn missing_slash(&self) -> Option<Meant> {
        self.roots().find_map(|root| {
            let rest = self.raw_path.strip_prefix(root).filter(|rest| !rest.is_empty() && !rest.starts_with('/'))?;
            self.if_fits(format!("{root}/{rest}"), Fit::Path, || format!("a slash is missing behind {root}"))
        })
    }

    /// `/api/api/personas`.
    fn repeated(&self, segments: &[&str], least: Fit) -> Option<Meant> {
        (1..segments.len()).filter(|place| segments[place - 1] == segments[*place]).find_map(|place| {
            let rest = [&segments[..place], &segments[place + 1..]].concat();
            self.if_fits(self.joined(&rest), least, || format!("/{} stands there twice", segments[place]))
        })
    }

    /// `/index.html/api/personas`, `/undefined/api/personas`.
    fn something_before(&self, segments: &[&str], least: Fit) -> Option<Meant> {
        (1..segments.len().min(MOST_BEFORE + 1)).find_map(|count| {
            let (before, rest) = segments.split_at(count);
            self.if_fits(self.joined(rest), least, || match before {
                ["http:" | "https:", ..] => "the address stands there twice".to_owned(),
                _ => unset(before).unwrap_or_else(|| format!("/{} does not belong in the base URL", before.join("/"))),
            })
        })
    }

    /// `/personas`, `/v3/personas`, `/axero/personas`.
    fn other_mount(&self, segments: &[&str]) -> Option<Meant> {
        (0..segments.len().min(3)).find_map(|count| {
            let (before, rest) = segments.split_at(count);
            let found = self.at_other_mounts(before.last().copied(), &self.joined(rest));
            let rank = |other: &OtherMount<'_>| (other.fit, other.alike, other.takes);
            let best = found.iter().map(rank).max_by(|one, other| one.partial_cmp(other).unwrap_or(Ordering::Equal))?;
            let equal: Vec<_> = found.into_iter().filter(|other| rank(other) == best).take(MOST_PATHS).collect();
            let reason = match (count, &equal[..]) {
                (0, [one]) => format!("the base URL lacks {}", one.mount),
                (0, _) => "the base URL lacks the provider's mount".to_owned(),
                _ => unset(before).unwrap_or_else(|| format!("/{} is no mount", before.join("/"))),
            };
            Some(Meant { paths: equal.into_iter().map(|other| other.path).collect(), reason })
        })
    }

    /// The paths below other mounts than the one that was `tried`, one a provider.
    fn at_other_mounts(&self, tried: Option<&str>, rest: &str) -> Vec<OtherMount<'_>> {
        let alike = |names: &[&str]| {
            let tried = tried.unwrap_or_default().to_lowercase();
            let near = names.iter().filter(|name| tried.len() <= 8 * name.len());
            let alike = near.map(|name| strsim::normalized_damerau_levenshtein(&tried, &name.to_lowercase()));
            alike.fold(0.0_f64, |best, alike| if alike < ALIKE { best } else { best.max(alike) })
        };
        let mut found = Vec::new();
        let mut taken = Vec::new();
        let control = [("/_mock", "_mock", "admin")];
        let mounts = self.sandbox.mounts();
        let mounts = mounts.map(|(mount, descriptor)| (&*mount.path, &*descriptor.id, &*descriptor.title));
        for (mount, provider, title) in mounts.chain(control).filter(|(mount, ..)| mount.len() > 1) {
            let path = format!("{mount}{rest}");
            // `CRUD personas (VibeMap)`, but what the path itself says tells no mount from another.
            let words = title.split([' ', '(', ')']).filter(|word| !rest.contains(word));
            let Some(fit) = self.fit(&path).filter(|fit| *fit >= Fit::Path && !taken.contains(&provider)) else {
                continue;
            };
            taken.push(provider);
            let alike = alike(&[&mount[1..], provider, title].into_iter().chain(words).collect::<Vec<_>>());
            let takes = self.takes(&path);
            found.push(OtherMount { fit, takes, alike, mount, path: self.with_prefix(&path) });
        }
        found
    }

    fn if_fits(&self, path: String, least: Fit, reason: impl FnOnce() -> String) -> Option<Meant> {
        let behind = if self.prefix.is_none() { split_prefix(&path).1 } else { &path };
        let fits = self.fit(behind).is_some_and(|fit| fit >= least);
        fits.then(|| Meant { paths: vec![self.with_prefix(&path)], reason: reason() })
    }
}

/// What is to be said where a program put the name of nothing into its base URL.
fn unset(before: &[&str]) -> Option<String> {
    let last = before.last().filter(|last| matches!(**last, "undefined" | "null" | "NaN"))?;
    Some(format!("a part of the base URL is {last}"))
}

/// The operation nearest to a request, of one provider or of all.
pub(crate) fn suggested_operation<'a>(
    sandbox: &'a Sandbox,
    method: &str,
    path: &str,
    provider: Option<&str>,
) -> Option<Suggestion<'a>> {
    let is_meant = |slot: &&Arc<dyn Slot>| provider.is_none_or(|id| id == slot.provider().descriptor().id);
    let slots = sandbox.slots().iter().filter(is_meant);
    suggestion::operation(method, path, slots.flat_map(|slot| suggestion::served(slot.provider(), &slot.options())))
}
