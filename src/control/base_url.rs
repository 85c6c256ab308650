//! What a request that hit nothing probably meant: most often the client's base URL is wrong.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::app::AppState;
use crate::contract::suggestion::{self, Suggestion};
use crate::provider::path::{decoded, split_prefix};
use crate::provider::{Base, Headers, Options, Refusal, Request, Routed};
use crate::world::sandbox::Sandbox;

/// Longer paths, and those of more segments, are no slips of a base URL.
const LONGEST: usize = 1_024;
const MOST_SEGMENTS: usize = 24;
/// How many segments may stand before a path that is right.
const MOST_BEFORE: usize = 6;
/// How many paths are named at most.
const MOST_PATHS: usize = 4;
/// From where on a segment is a misspelling of a mount: `v3` of `v1` is.
const ALIKE: f64 = 0.5;

/// A request whose path leads to nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lost<'a> {
    pub(crate) app: &'a Arc<AppState>,
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) method: &'a str,
    /// The sandbox that the base URL names.
    pub(crate) prefix: Option<&'a str>,
    /// The path behind that, as it was sent.
    pub(crate) raw_path: &'a str,
}

/// The paths that were probably meant, and what is wrong with the base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Meant {
    paths: Vec<String>,
    reason: String,
}

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("did you mean ")?;
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

/// How well a path fits what is served, from bad to good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It lies under a mount, or is the control API's.
    Place,
    /// An operation has it, with another method.
    Path,
    /// An operation has it.
    Operation,
}

/// A path below another mount than the one that was tried.
struct OtherMount {
    fit: Fit,
    /// How like its mount or provider is to what was tried.
    alike: f64,
    mount: &'static str,
    path: String,
}

impl Lost<'_> {
    /// What is wrong with the base URL of a request that no mount takes.
    fn meant(&self) -> Option<Meant> {
        let segments = self.segments()?;
        self.without_name(&segments)
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
    fn meant_below_a_mount(&self) -> Option<Meant> {
        let segments = self.segments()?;
        self.doubled_slash(&segments, Fit::Operation)
            .or_else(|| self.repeated(&segments, Fit::Operation))
            .or_else(|| self.something_before(&segments, Fit::Operation))
    }

    /// One sentence for a request that no mount takes, if it is like anything that is served.
    pub(crate) fn hint(&self) -> Option<String> {
        let suggestion = || {
            self.segments()?;
            suggested_operation(self.app, self.sandbox, self.method, &decoded(self.raw_path), None)
        };
        self.meant().map(|meant| meant.to_string()).or_else(|| suggestion().map(|near| near.to_string()))
    }

    /// One sentence for a request that is like nothing.
    pub(crate) fn mounts(&self) -> String {
        format!("the mounts are {}", self.roots().join(", "))
    }

    /// One sentence for a request that a provider refused because it is none of its operations.
    pub(crate) fn hint_below_a_mount(&self, refusal: &Refusal, provider: usize, options: &Options) -> Option<String> {
        match refusal {
            Refusal::NoRoute => {}
            Refusal::MethodNotAllowed { .. } => return self.suggestion(provider, options),
            _ => return None,
        }
        self.meant_below_a_mount().map(|meant| meant.to_string()).or_else(|| self.suggestion(provider, options))
    }

    fn suggestion(&self, provider: usize, options: &Options) -> Option<String> {
        let descriptor = self.app.descriptors().nth(provider);
        let near = suggestion::operation(self.method, &decoded(self.raw_path), suggestion::served(descriptor, options));
        near.map(|near| near.to_string())
    }

    fn segments(&self) -> Option<Vec<&str>> {
        let segments: Vec<_> = self.raw_path.split('/').filter(|segment| !segment.is_empty()).collect();
        let bounded = self.raw_path.len() <= LONGEST && segments.len() <= MOST_SEGMENTS;
        (bounded && !segments.is_empty()).then_some(segments)
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
        self.roots().into_iter().find_map(|root| {
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
        self.roots().into_iter().find_map(|root| {
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
            let rank = |other: &OtherMount| (other.fit, other.alike);
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
    fn at_other_mounts(&self, tried: Option<&str>, rest: &str) -> Vec<OtherMount> {
        let alike = |names: &[&str]| {
            let tried = tried.unwrap_or_default().to_lowercase();
            let alike = names.iter().map(|name| strsim::normalized_damerau_levenshtein(&tried, &name.to_lowercase()));
            alike.fold(0.0_f64, |best, alike| if alike < ALIKE { best } else { best.max(alike) })
        };
        let mut found = Vec::new();
        let mut taken = Vec::new();
        let control = [("/_mock", "_mock", "admin")];
        let mounts = self.app.mounts_in(self.sandbox);
        let mounts = mounts.iter().map(|(mount, descriptor)| (mount.path, descriptor.id, descriptor.title));
        for (mount, provider, title) in mounts.chain(control).filter(|(mount, ..)| mount.len() > 1) {
            let path = format!("{mount}{rest}");
            // `CRUD personas (VibeMap)`, but what the path itself says tells no mount from another.
            let words = title.split([' ', '(', ')']).filter(|word| !rest.contains(word));
            let Some(fit) = self.fit(&path).filter(|fit| *fit >= Fit::Path && !taken.contains(&provider)) else {
                continue;
            };
            taken.push(provider);
            let alike = alike(&[&mount[1..], provider, title].into_iter().chain(words).collect::<Vec<_>>());
            found.push(OtherMount { fit, alike, mount, path: self.with_prefix(&path) });
        }
        found
    }

    /// The mounts, and where the control API is.
    fn roots(&self) -> Vec<&'static str> {
        let mounts = self.app.mounts_in(self.sandbox).into_iter().map(|(mount, _)| mount.path);
        mounts.chain(["/_mock"]).collect()
    }

    /// A path of these segments that ends as the one that was sent.
    fn joined(&self, segments: &[&str]) -> String {
        let end = if self.raw_path.ends_with('/') { "/" } else { "" };
        format!("/{}{end}", segments.join("/"))
    }

    fn with_prefix(&self, path: &str) -> String {
        self.prefix.map_or_else(|| path.to_owned(), |name| format!("/_sandbox/{name}{path}"))
    }

    fn if_fits(&self, path: String, least: Fit, reason: impl FnOnce() -> String) -> Option<Meant> {
        let behind = if self.prefix.is_none() { split_prefix(&path).1 } else { &path };
        let fits = self.fit(behind).is_some_and(|fit| fit >= least);
        fits.then(|| Meant { paths: vec![self.with_prefix(&path)], reason: reason() })
    }

    /// How a path without a sandbox's prefix fits what is served.
    fn fit(&self, raw_path: &str) -> Option<Fit> {
        let path = decoded(raw_path);
        if !super::router::is_nowhere(&path) {
            return match super::router::takes(self.method, &path) {
                Some(true) => Some(Fit::Operation),
                Some(false) => Some(Fit::Path),
                None => (path != "/").then_some(Fit::Place),
            };
        }
        let address = self.app.address(&path, self.sandbox)?;
        let view = self.sandbox.view(address.provider)?;
        let request = Request {
            method: self.method,
            raw_path,
            path: &path,
            mount: address.mount,
            rest: path.get(address.mount.len()..).unwrap_or_default(),
            query: None,
            headers: &Headers::new(),
            body: &[],
            base: Base::LOCALHOST,
        };
        Some(match self.app.route(address, &request, &view) {
            Routed::Operation(..) => Fit::Operation,
            // A redirect leads to an operation; any other answer is about the caller or the method.
            Routed::Answered(answer) if (300..400).contains(&answer.status()) => Fit::Operation,
            Routed::Answered(_) | Routed::Refused(Refusal::MethodNotAllowed { .. }) => Fit::Path,
            Routed::Refused(_) => Fit::Place,
        })
    }
}

/// What is to be said where a program put the name of nothing into its base URL.
fn unset(before: &[&str]) -> Option<String> {
    let last = before.last().filter(|last| matches!(**last, "undefined" | "null" | "NaN"))?;
    Some(format!("a part of the base URL is {last}"))
}

/// The operation nearest to a request, of one provider or of all.
pub(super) fn suggested_operation(
    app: &AppState,
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    provider: Option<&str>,
) -> Option<Suggestion> {
    let mut all = Vec::new();
    for (number, descriptor) in app.descriptors().enumerate() {
        if provider.is_none_or(|id| id == descriptor.id) {
            all.extend(suggestion::served(Some(descriptor), &app.options_in(sandbox, number)));
        }
    }
    suggestion::operation(method, path, all.into_iter())
}
