//! `persona-mock history`, `rewind`, `undo` and `diff`: what a sandbox was before each change, and the way there.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::api::{Rewind, StateDiff};
use crate::control::history;
use crate::mock::Typed;

commands! {
    /// List the changes of a sandbox's state, the newest first
    History(HistoryArgs),
    /// Put data, ids and clock to before or behind a call or a step
    Rewind(RewindArgs),
    /// Go one step back
    Undo(UndoArgs),
    /// Show what one call changed; ends with 3 where it changed something
    Diff(DiffArgs),
}

/// `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// How many, 1 to 1000
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Where the page before ended
    #[arg(long)]
    cursor: Option<String>,
}

impl Subcommand for HistoryArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let page = Typed::new(&history::LIST_HISTORY, &[]);
        let page = self.limit.iter().fold(page, |page, limit| page.query("limit", &limit.to_string()));
        let page = self.cursor.iter().fold(page, |page, cursor| page.query("cursor", cursor));
        Ok(Shown::with(page, |page| match &page.next {
            Some(next) => format!("{page}\n(older ones: --cursor {next})"),
            None => page.to_string(),
        }))
    }
}

/// `rewind`.
#[derive(Debug, Args)]
pub struct RewindArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    place: Place,
}

/// Where to.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// To before a step such as w-3, or before the exchange of this id or number
    #[arg(long, value_name = "ID")]
    before: Option<String>,
    /// To behind a step, or behind the exchange of this id or number
    #[arg(long, value_name = "ID")]
    after: Option<String>,
}

impl Subcommand for RewindArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let to = match (&self.place.before, &self.place.after) {
            (Some(before), _) => Rewind::Before(before.clone()),
            (None, after) => Rewind::After(after.clone().unwrap_or_default()),
        };
        Ok(Shown::of(Typed::new(&history::REWIND, &[]).with(&to)?))
    }
}

/// `undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for UndoArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        Ok(Shown::of(Typed::new(&history::UNDO, &[])))
    }
}

/// `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The exchange, by its id or number, or a step such as w-3
    id: String,
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for DiffArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let diff = Typed::new(&history::SHOW_CALL_DIFF, &[&self.id]);
        Ok(Shown::of(diff).finding(|diff: &StateDiff| !diff.is_empty()))
    }
}
