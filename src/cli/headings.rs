//! How `--help` is ordered: what somebody in a hurry needs first, and the flags of `serve` under headings.

use clap::{Arg, Command};

/// The help of the command itself: what to type, the flags that are used most, all subcommands.
pub(super) const FIRST_SCREEN: &str = "\
{about-with-newline}
{usage-heading} {usage}

  persona-mock                           serve all vendors at http://127.0.0.1:8080
  persona-mock -p 0 --port-file FILE     the same at a free port, which FILE then holds
  persona-mock fixtures export DIR       write the data that they start with
  persona-mock --fixtures DIR --watch    serve data of your own, and follow its files
  persona-mock requests                  what a running server was asked and has answered
  persona-mock help serve                every flag of the server

Options:
{options}

Commands:
{subcommands}{after-help}";

/// What stands below all subcommands.
pub(super) const WITHOUT: &str = "\
Without a subcommand it serves, as `persona-mock serve` does, and takes the same flags. Each flag of `serve` is also a
variable and a key of a config file, persona-mock.toml; `persona-mock config` shows which of them says what.";

/// The flags that the help of the command itself shows.
const FIRST: [&str; 6] = ["fixtures", "watch", "only", "host", "port", "config"];

/// Every heading of `serve`, and the flags below it.
const HEADINGS: [(&str, &[&str]); 7] = [
    (
        "What is served",
        &[
            "fixtures",
            "watch",
            "watch_reset",
            "only",
            "set",
            "documented_only",
            "auth",
            "seed",
            "clock",
            "rate_limit",
            "provider_states",
            "config",
        ],
    ),
    (
        "Where it listens and when it stops",
        &["host", "port", "port_file", "public_url", "trust_proxy", "until_stdin_closes", "drain"],
    ),
    (
        "Who may call",
        &["cors", "require_sandbox", "ui", "control_token", "control_token_file", "control_origin", "control_host"],
    ),
    ("What is written down", &["log", "log_format", "record_to", "record_bytes", "coverage", "coverage_level"]),
    (
        "Sandboxes",
        &[
            "max_sandboxes",
            "sandbox_ttl",
            "when_full",
            "max_state",
            "max_sandbox_state",
            "max_write",
            "max_snapshots",
            "max_faults",
        ],
    ),
    (
        "Journal, history and events",
        &[
            "journal_size",
            "journal_body",
            "journal_bytes",
            "history_bytes",
            "history_total_bytes",
            "max_streams",
            "max_sandbox_streams",
        ],
    ),
    (
        "Requests and answers",
        &[
            "max_body",
            "max_connections",
            "head_timeout",
            "body_timeout",
            "unread_timeout",
            "max_control_body",
            "max_control_answer",
            "control_timeout",
            "max_bodies",
            "max_answers",
            "max_fixture_bytes",
        ],
    ),
];

/// A command that has the flags of `serve`.
pub(super) trait Headed {
    /// Puts each of them below its heading, all in the order of the headings.
    fn under_headings(self) -> Self;
}

impl Headed for Command {
    fn under_headings(self) -> Self {
        let flags = HEADINGS.iter().flat_map(|(heading, ids)| ids.iter().map(|id| (*heading, *id)));
        // Whichever is changed becomes the last one.
        flags.enumerate().fold(self, |command, (order, (heading, id))| {
            command.mut_arg(id, |arg| arg.help_heading(heading).display_order(order))
        })
    }
}

/// Leaves the flags that are used most, under no heading.
pub(super) fn at_root(arg: Arg) -> Arg {
    let is_hidden = !FIRST.iter().any(|id| arg.get_id() == id);
    arg.help_heading(None).hide(is_hidden)
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::*;
    use crate::cli::serve_args::ServeArgs;

    #[test]
    fn every_flag_of_serve_stands_below_one_heading() {
        let command = ServeArgs::augment_args(Command::new("serve"));
        let mut known: Vec<_> = HEADINGS.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        for arg in command.get_arguments() {
            let at = known.iter().position(|id| arg.get_id() == id);
            known.remove(at.unwrap_or_else(|| panic!("--{} has no heading", arg.get_id())));
        }
        assert_eq!(known, Vec::<&str>::new(), "they are no flags of serve, or stand there twice");
        assert!(FIRST.iter().all(|id| command.get_arguments().any(|arg| arg.get_id() == id)));
    }
}
