//! Where requests went that did not come to a sandbox: the commonest mistake is a base URL that names none, or another.

use super::made::request_line;
use crate::api::Traffic;
use crate::app::Sandbox;
use crate::control::Ask;
use crate::world::cancel::Cancelled;

/// How many other sandboxes are named.
const MOST_NAMED: usize = 5;

/// The sandboxes that requests went to, apart from one.
pub(super) struct Elsewhere {
    /// Those that were asked last, the last first.
    pub(super) most_recent: Vec<Traffic>,
    /// How many there are beside those.
    pub(super) more: usize,
}

impl Elsewhere {
    /// Those that are there, apart from the one that a request is addressed to.
    pub(super) fn of(ask: &Ask<'_>) -> Result<Self, Cancelled> {
        let mut used = Vec::new();
        for sandbox in ask.app.sandboxes.all() {
            ask.cancel.check()?;
            let requests = sandbox.journal().count();
            if requests > 0 && sandbox.name() != ask.sandbox.name() {
                used.push((sandbox.journal().last(), requests, sandbox));
            }
        }
        used.sort_by_key(|(last, ..)| std::cmp::Reverse(last.as_ref().map(|last| last.stamp)));
        let more = used.len().saturating_sub(MOST_NAMED);
        let most_recent = used.into_iter().take(MOST_NAMED).map(|(last, requests, sandbox)| Traffic {
            sandbox: sandbox.name().to_string(),
            requests,
            last: last.map(|last| format!("{} -> {}", request_line(&last.exchange), last.exchange.status)),
        });
        Ok(Self { most_recent: most_recent.collect(), more })
    }

    /// What is said of a sandbox that no request came to; nothing where one did.
    pub(super) fn said(ask: &Ask<'_>) -> Result<Option<String>, Cancelled> {
        let (generation, written) = ask.sandbox.journal().end();
        if written > 0 {
            return Ok(None);
        }
        let name = ask.sandbox.name();
        let unused = match generation {
            0 => format!("nobody has used the sandbox `{name}`"),
            _ => format!("nobody has used the sandbox `{name}` since its journal was emptied"),
        };
        let Self { most_recent, more } = Self::of(ask)?;
        if most_recent.is_empty() {
            return Ok(Some(format!("{unused}, and no other; {}", way(ask.sandbox))));
        }
        let named: Vec<_> = most_recent.iter().map(ToString::to_string).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Ok(Some(format!("{unused}; requests went to {}{more}; {}", named.join(", "), way(ask.sandbox))))
    }
}

/// How a client comes to a sandbox.
fn way(sandbox: &Sandbox) -> String {
    match sandbox.name() {
        name if name.is_default() => format!("requests that name no sandbox come to `{name}`"),
        name => format!("a client names `{name}` by the base URL /_sandbox/{name}, or by X-Mock-Sandbox: {name}"),
    }
}
