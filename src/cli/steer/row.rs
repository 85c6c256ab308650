//! `persona-mock row …`: the rows of a sandbox's data, one by one.

use std::path::PathBuf;

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands, text};
use crate::cli::values::id;
use crate::control::rows;
use crate::mock::Typed;

commands! {
    /// Read, add, change or delete one row of a sandbox's data
    Row(RowArgs),
}

/// `row`.
#[derive(Debug, Args)]
pub struct RowArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with rows.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List rows, each with its id, or its place where it has none
    List {
        #[command(flatten)]
        list: ListArgs,
        /// How many, 1 to 1000
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// How many rows to pass over
        #[arg(long, default_value_t = 0)]
        offset: u32,
        /// A text that some value of the row has, in any letter case
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Print one row
    Get {
        #[command(flatten)]
        row: OneArgs,
    },
    /// Add a row, as if it stood in the fixture
    Add {
        #[command(flatten)]
        list: ListArgs,
        /// A file with the row; `-` is standard input
        file: PathBuf,
    },
    /// Put another row in place of one, which keeps its id
    Put {
        #[command(flatten)]
        row: OneArgs,
        /// A file with the row; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        version: VersionArgs,
    },
    /// Change some members of a row (JSON Merge Patch)
    Patch {
        #[command(flatten)]
        row: OneArgs,
        /// What to change, such as '{"name":"Ada"}'
        #[arg(value_name = "JSON")]
        patch: String,
        #[command(flatten)]
        version: VersionArgs,
    },
    /// Delete a row to which no other refers
    Delete {
        #[command(flatten)]
        row: OneArgs,
        #[command(flatten)]
        version: VersionArgs,
    },
}

/// Which list is meant.
#[derive(Debug, Args)]
struct ListArgs {
    /// The provider
    #[arg(value_parser = id)]
    provider: String,
    /// The list, as the fixture names it
    list: String,
}

/// Which row is meant.
#[derive(Debug, Args)]
struct OneArgs {
    #[command(flatten)]
    list: ListArgs,
    /// The row's id, or its place in a list whose rows have none
    id: String,
}

impl OneArgs {
    fn names(&self) -> [&str; 3] {
        [&self.list.provider, &self.list.list, &self.id]
    }
}

/// Which version of the row is meant.
#[derive(Debug, Args)]
struct VersionArgs {
    /// Only if its ETag is this one, as `row list` shows it; wanted in a list whose rows have no ids
    #[arg(long, value_name = "ETAG")]
    if_match: Option<String>,
}

impl VersionArgs {
    /// As a header field has it: a shell may have taken the quotes.
    fn tag(&self) -> Option<String> {
        let tag = self.if_match.as_deref()?;
        Some(if tag == "*" || tag.contains('"') { tag.to_owned() } else { format!("\"{tag}\"") })
    }
}

impl Subcommand for RowArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        Ok(match &self.action {
            Action::List { list, limit, offset, search } => {
                let request = Typed::new(&rows::LIST_ROWS, &[&list.provider, &list.list]);
                let request = request.query("limit", &limit.to_string()).query("offset", &offset.to_string());
                Shown::of(search.iter().fold(request, |request, search| request.query("search", search)))
            }
            Action::Get { row } => Shown::raw(Typed::new(&rows::SHOW_ROW, &row.names())),
            Action::Add { list, file } => {
                Shown::raw(Typed::new(&rows::ADD_ROW, &[&list.provider, &list.list]).with_text(text(file)?))
            }
            Action::Put { row, file, version } => {
                let request = Typed::new(&rows::REPLACE_ROW, &row.names()).if_match(version.tag().as_deref());
                Shown::raw(request.with_text(text(file)?))
            }
            Action::Patch { row, patch, version } => {
                let request = Typed::new(&rows::CHANGE_ROW, &row.names()).if_match(version.tag().as_deref());
                Shown::raw(request.with_text(patch))
            }
            Action::Delete { row, version } => {
                let request = Typed::new(&rows::DELETE_ROW, &row.names()).if_match(version.tag().as_deref());
                let [provider, list, id] = row.names();
                Shown::saying(request, format!("sandbox {}: {provider}/{list}/{id} deleted", self.target.sandbox))
            }
        })
    }
}
