//! A request that leads to nothing, and how a path fits what is served.

use crate::app::{AppState, Sandbox};
use crate::contract::request::Asked;
use crate::control::router;
use crate::provider::path::{decoded, split_prefix};
use crate::provider::{Headers, Refusal, Request, Routed};
use crate::world::journal::{Secrets, shown_path};

/// Longer paths, and those of more segments, are no slips of a base URL.
const LONGEST: usize = 1_024;
const MOST_SEGMENTS: usize = 24;

/// The longest part of what was sent that a sentence repeats.
const SHOWN: usize = 40;
/// The longest path that a sentence repeats.
const SHOWN_PATH: usize = 120;

/// A request whose path leads to nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lost<'a> {
    pub(crate) app: &'a AppState,
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) method: &'a str,
    /// The sandbox that the base URL names.
    pub(crate) prefix: Option<&'a str>,
    /// The path behind that, as it was sent.
    pub(crate) raw_path: &'a str,
}

/// How well a path fits what is served, from bad to good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It lies under a mount, or is the control API's.
    Place,
    /// An operation has it, with another method.
    Path,
    /// An operation has it.
    Operation,
}

impl Lost<'_> {
    pub(super) fn segments(&self) -> Option<Vec<&str>> {
        let segments: Vec<_> = self.raw_path.split('/').filter(|segment| !segment.is_empty()).collect();
        let bounded = self.raw_path.len() <= LONGEST && segments.len() <= MOST_SEGMENTS;
        (bounded && !segments.is_empty()).then_some(segments)
    }

    /// What is read of a path that was meant: all of it, or what stands behind the sandbox.
    pub(super) fn behind(path: &str) -> &str {
        split_prefix(path).1
    }

    /// The path for a sentence.
    pub(super) fn shown(&self) -> String {
        let path = shown_path(self.raw_path);
        let is_long = |path: &str| path.as_bytes().split(|byte| *byte == b'/').any(|segment| segment.len() > SHOWN);
        let path = match is_long(&path) {
            true => path.split('/').map(cut).collect::<Vec<_>>().join("/"),
            false => path.into_owned(),
        };
        if path.len() <= SHOWN_PATH {
            return path;
        }
        match path.char_indices().nth(SHOWN_PATH) {
            Some((end, _)) => format!("{}...", &path[..end]),
            None => path,
        }
    }

    /// The mounts, and where the control API is.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        let mounts = self.sandbox.mounts().map(|(mount, _)| &*mount.path);
        mounts.chain(["/_mock"])
    }

    /// A path of these segments that ends as the one that was sent.
    pub(super) fn joined(&self, segments: &[&str]) -> String {
        let mut path = String::with_capacity(self.raw_path.len() + 1);
        for segment in segments {
            path.push('/');
            path.push_str(segment);
        }
        if segments.is_empty() {
            path.push('/');
        }
        if self.raw_path.ends_with('/') {
            path.push('/');
        }
        path
    }

    pub(super) fn with_prefix(&self, path: &str) -> String {
        self.prefix.map_or_else(|| path.to_owned(), |name| format!("/_sandbox/{name}{path}"))
    }

    /// Whether the ids in a path, without a sandbox's prefix, are of the form that its operation takes.
    pub(super) fn takes(&self, raw_path: &str) -> bool {
        let path = decoded(raw_path);
        let Some(address) = self.sandbox.address(&path) else { return true };
        let headers = Headers::new();
        let request = Request { raw_path, ..address.request(self.method, &path, &headers) };
        let options = address.slot.options();
        let Routed::Operation(meant) = address.slot.route(&request, &options) else { return true };
        let Ok(document) = self.app.document(address.slot.provider(), &options) else { return true };
        let asked = Asked {
            operation: &meant.operation().name,
            method: self.method,
            path: &path,
            query: &[],
            content_type: None,
            body: None,
            bytes: b"",
            has_body: false,
            is_cut: false,
            passed: false,
            secrets: &Secrets::default(),
        };
        !document.broken(&asked).iter().any(|broken| broken.at.starts_with("path."))
    }

    /// How a path without a sandbox's prefix fits what is served.
    pub(super) fn fit(&self, raw_path: &str) -> Option<Fit> {
        let path = decoded(raw_path);
        if !router::is_nowhere(&path) {
            return match router::takes(self.method, &path, raw_path) {
                Some(true) => Some(Fit::Operation),
                Some(false) => Some(Fit::Path),
                None => (path != "/").then_some(Fit::Place),
            };
        }
        let address = self.sandbox.address(&path)?;
        let headers = Headers::new();
        let request = Request { raw_path, ..address.request(self.method, &path, &headers) };
        let routed = address.slot.route(&request, &address.slot.options());
        Some(match routed {
            Routed::Operation(..) => Fit::Operation,
            // A redirect leads to an operation; any other answer is about the caller or the method.
            Routed::Answered(answer) if (300..400).contains(&answer.status()) => Fit::Operation,
            Routed::Answered(_) | Routed::Refused(Refusal::MethodNotAllowed { .. }) => Fit::Path,
            Routed::Refused(_) => Fit::Place,
        })
    }
}

/// A part of what was sent, as a sentence repeats it.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    match text.char_indices().nth(SHOWN - 3) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
