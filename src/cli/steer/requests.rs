//! `persona-mock requests`: what was asked of a sandbox and what it answered.

use std::io::{ErrorKind, Write};

use anyhow::Context;
use clap::Args;

use super::flags::{OfExchanges, PATTERN, PatternArgs};
use super::target::{Shown, Subcommand, TargetArgs, ask, commands};
use crate::api::{Exchange, Requests};
use crate::cli::print;
use crate::control::journal;
use crate::mock::{Typed, asked};

commands! {
    /// Show what was asked of a sandbox and what it answered
    Requests(Box<RequestsArgs>),
}

/// `requests`.
#[derive(Debug, Args)]
pub struct RequestsArgs {
    /// One exchange in full, by its id or number
    #[arg(conflicts_with_all = [PATTERN, "newest", "limit", "cursor"])]
    id: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    filter: PatternArgs<OfExchanges>,
    /// The newest first
    #[arg(long, conflicts_with_all = ["follow", "har"])]
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

impl Subcommand for RequestsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        if let Some(id) = &self.id {
            let whole = |exchange: Exchange| format!("{exchange}\n\n{}\n{}", exchange.request, exchange.answer);
            return Ok(Shown::with(Typed::new(&journal::SHOW_REQUEST, &[id]), whole));
        }
        let mut wanted = Requests::from(self.filter.pattern()?);
        if self.newest {
            wanted = wanted.newest_first();
        }
        if self.har {
            return Ok(Shown::raw(asked(&journal::SHOW_HAR, &wanted)?));
        }
        if self.pact {
            let pact = asked(&journal::SHOW_PACT, &wanted)?;
            let pact = self.consumer.iter().fold(pact, |pact, consumer| pact.query("consumer", consumer));
            return Ok(Shown::raw(self.state.iter().fold(pact, |pact, state| pact.query("state", state))));
        }
        let page = asked(&journal::LIST_REQUESTS, &wanted)?;
        let page = self.limit.iter().fold(page, |page, limit| page.query("limit", &limit.to_string()));
        Ok(Shown::of(self.cursor.iter().fold(page, |page, cursor| page.query("cursor", cursor))))
    }

    fn run(&self) -> anyhow::Result<()> {
        if !self.follow {
            return ask(self);
        }
        let mut wanted = Requests::from(self.filter.pattern()?);
        if self.kept {
            wanted = wanted.with_kept();
        }
        let mut events = self.target.sandbox()?.follow(&wanted)?;
        let mut out = std::io::stdout().lock();
        loop {
            let line = if self.target.json {
                let Some(raw) = events.raw() else { return Ok(()) };
                let (event, data) = raw?;
                format!(r#"{{"event":"{event}","data":{data}}}"#)
            } else {
                let Some(event) = events.next() else { return Ok(()) };
                event?.to_string()
            };
            match writeln!(out, "{line}").and_then(|()| out.flush()) {
                // Whoever read it, such as `head`, has enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                outcome => outcome.context(print::STDOUT)?,
            }
        }
    }
}
