//! `persona-mock requests`: what was asked of a sandbox and what it answered.

use std::io::{ErrorKind, Write};

use anyhow::Context;
use clap::Args;

use super::flags::{OfExchanges, PATTERN, PatternArgs};
use super::target::{Shown, Subcommand, TargetArgs, ask, commands};
use crate::api::{Event, Exchange, ExchangePage, Requests};
use crate::cli::print;
use crate::control::journal;
use crate::mock::{Sandbox, Typed, asked};

commands! {
    /// Show what was asked of a sandbox and what it answered
    Requests(Box<RequestsArgs>),
}

/// `requests`.
#[derive(Debug, Args)]
pub struct RequestsArgs {
    /// One exchange in full, by its id or number
    #[arg(conflicts_with_all = [PATTERN, "newest", "oldest", "limit", "cursor"])]
    id: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    filter: PatternArgs<OfExchanges>,
    /// The oldest first, and not the newest
    #[arg(long, conflicts_with_all = ["follow", "har"])]
    oldest: bool,
    /// The newest first: what is done where nothing is said
    #[arg(long, hide = true, conflicts_with_all = ["follow", "har", "oldest"])]
    newest: bool,
    /// How many, 1 to 1000
    #[arg(long, value_name = "N", conflicts_with_all = ["follow", "har"])]
    limit: Option<u64>,
    /// Where the page before ended
    #[arg(long, conflicts_with_all = ["follow", "har"])]
    cursor: Option<String>,
    /// Print new exchanges as they happen, until the server or the sandbox ends
    #[arg(long, conflicts_with = "id")]
    follow: bool,
    /// With --follow: start with those that are kept
    #[arg(long, requires = "follow")]
    kept: bool,
    /// Print a HAR 1.2 file
    #[arg(long, conflicts_with_all = ["id", "follow"])]
    har: bool,
    /// Print the calls of one provider as a Pact V4 file
    #[arg(long, conflicts_with_all = ["id", "follow", "har", "newest", "limit", "cursor"])]
    pact: bool,
    /// With --pact: who made the calls
    #[arg(long, value_name = "NAME", requires = "pact")]
    consumer: Option<String>,
    /// With --pact: the snapshot or the state of --provider-states that the calls started from
    #[arg(long, value_name = "NAME", requires = "pact")]
    state: Option<String>,
}

impl RequestsArgs {
    fn wanted(&self) -> anyhow::Result<Requests> {
        let wanted = Requests::from(self.filter.pattern()?);
        Ok(if self.target.is_of_all_sandboxes() { wanted.of_all_sandboxes() } else { wanted })
    }
}

/// A page as a person reads it, and how to see what is not on it.
fn listed(mut page: ExchangePage, oldest: bool, is_of_all: bool) -> String {
    let next = page.next.take();
    let text = match page.gone {
        _ if !is_of_all || page.requests.is_empty() => page.to_string(),
        gone => {
            let lines: Vec<_> = page.requests.iter().map(|exchange| line(exchange, true)).collect();
            let gone = if gone > 0 { format!("\n({gone} older ones made room for others)") } else { String::new() };
            lines.join("\n") + &gone
        }
    };
    let more = next.map(|next| match oldest {
        true => format!("\n(newer ones: --oldest --cursor {next})"),
        false => format!("\n(older ones: --cursor {next}; --oldest starts with the first)"),
    });
    text + &more.unwrap_or_default()
}

/// An exchange; among those of all sandboxes its own stands first, since numbers are those of a sandbox.
fn line(exchange: &Exchange, is_of_all: bool) -> String {
    if is_of_all { format!("{} {exchange}", exchange.sandbox) } else { exchange.to_string() }
}

impl Subcommand for RequestsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn sandbox(&self) -> anyhow::Result<Sandbox> {
        // A number, and an id, is of one sandbox.
        if self.id.is_some() { self.target.sandbox() } else { self.target.any_sandbox() }
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        self.filter.refuse_apart(self.id.as_deref())?;
        if let Some(id) = &self.id {
            let whole = |exchange: Exchange| format!("{exchange}\n\n{}\n{}", exchange.request, exchange.answer);
            return Ok(Shown::with(Typed::new(&journal::SHOW_REQUEST, &[id]), whole));
        }
        let wanted = self.wanted()?;
        if self.har {
            return Ok(Shown::raw(asked(&journal::SHOW_HAR, &wanted)?));
        }
        if self.pact {
            let pact = asked(&journal::SHOW_PACT, &wanted)?;
            let pact = self.consumer.iter().fold(pact, |pact, consumer| pact.query("consumer", consumer));
            return Ok(Shown::raw(self.state.iter().fold(pact, |pact, state| pact.query("state", state))));
        }
        let wanted = if self.oldest { wanted } else { wanted.newest_first() };
        let page = asked(&journal::LIST_REQUESTS, &wanted)?;
        let page = self.limit.iter().fold(page, |page, limit| page.query("limit", &limit.to_string()));
        let page = self.cursor.iter().fold(page, |page, cursor| page.query("cursor", cursor));
        let (oldest, is_of_all) = (self.oldest, self.target.is_of_all_sandboxes());
        Ok(Shown::with(page, move |page| listed(page, oldest, is_of_all)))
    }

    fn run(&self) -> anyhow::Result<()> {
        if !self.follow {
            return ask(self);
        }
        let wanted = self.wanted()?;
        let wanted = if self.kept { wanted.with_kept() } else { wanted };
        let mut events = self.sandbox()?.follow(&wanted)?;
        let mut out = std::io::stdout().lock();
        loop {
            let line = if self.target.json {
                let Some(raw) = events.raw() else { return Ok(()) };
                let (event, data) = raw?;
                format!(r#"{{"event":"{event}","data":{data}}}"#)
            } else {
                let Some(event) = events.next() else { return Ok(()) };
                match event? {
                    Event::Exchange(exchange) => line(&exchange, self.target.is_of_all_sandboxes()),
                    other => other.to_string(),
                }
            };
            match writeln!(out, "{line}").and_then(|()| out.flush()) {
                // Whoever read it, such as `head`, has enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                outcome => outcome.context(print::STDOUT)?,
            }
        }
    }
}
