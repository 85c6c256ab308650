//! The table of everything that is bounded, of which `docs/limits.md` is made.
//!
//! A bound with a flag has the default that the command line has; one without is stated here by the constant that holds it.

use std::fmt::{Display, Write};

use clap::{Arg, Command, CommandFactory};

use super::Cli;
use crate::app::record::{MOST_WAITING, MOST_WAITING_BYTES};
use crate::control;
use crate::world::duration;
use crate::world::fault::{LONGEST_MATCH, LONGEST_WAIT, MOST_FIELDS};
use crate::world::journal::MOST_SLOTS;
use crate::world::limit::MOST_CALLERS;
use crate::world::pattern::LONGEST_PATTERN;
use crate::{api, contract, server};

/// A bound.
#[derive(Debug)]
pub struct Limit {
    /// What is bounded.
    pub what: &'static str,
    /// What sets it.
    pub set_by: SetBy,
    /// What happens at the bound.
    pub at: &'static str,
    /// The file and the name of the test that holds it.
    pub test: (&'static str, &'static str),
}

/// What sets a bound.
#[derive(Debug)]
pub enum SetBy {
    /// The flag of this name, and its variable.
    Flag(&'static str),
    /// Nothing: it is this.
    Fixed(String),
}

use SetBy::Flag;

fn fixed(most: impl Display) -> SetBy {
    SetBy::Fixed(most.to_string())
}

const BOUNDS: &str = "tests/it/bounds.rs";
const EVENTS: &str = "tests/it/journal/events.rs";
const RECORD: &str = "tests/it/process/record.rs";
const HEADS: &str = "tests/it/connections/heads.rs";

/// Everything that is bounded, in the order of the page.
#[must_use]
pub fn limits() -> Vec<Limit> {
    let row = |what, set_by, at, test| Limit { what, set_by, at, test };
    let full =
        "503 with `Retry-After` and `X-Mock-Error: state is full (…)`, in the vendor's form; the state stays as it was";
    vec![
        row("bytes of state in all sandboxes", Flag("max-state"), full, (BOUNDS, "the_bounds_of_state_are_exact")),
        row(
            "bytes of state in one sandbox",
            Flag("max-sandbox-state"),
            full,
            (BOUNDS, "a_full_sandbox_refuses_in_every_vendors_words_and_changes_nothing"),
        ),
        row(
            "bytes of one fixture that the control API loads, four times its text",
            Flag("max-sandbox-state"),
            "413; the state stays as it was",
            (BOUNDS, "a_state_that_is_loaded_counts_as_a_whole"),
        ),
        row(
            "bytes of records that one request writes",
            Flag("max-write"),
            "413 with `X-Mock-Error`, in the vendor's form; the state stays as it was",
            (BOUNDS, "a_batch_that_names_a_large_persona_over_and_over_is_refused_before_it_is_answered"),
        ),
        row(
            "snapshots of a sandbox",
            Flag("max-snapshots"),
            "503 with `Retry-After`",
            (BOUNDS, "a_snapshot_shares_what_it_can_and_holds_what_it_must"),
        ),
        row(
            "fault rules of a sandbox",
            Flag("max-faults"),
            "503 with `Retry-After`; 400 where one list has more",
            (BOUNDS, "fault_rules_are_bounded_in_number_and_in_bytes"),
        ),
        row(
            "bytes of a fault rule's `match`",
            fixed(LONGEST_MATCH),
            "400 with the place",
            ("tests/it/faults/rules.rs", "a_rule_that_cannot_be_meant_is_refused_when_it_is_written"),
        ),
        row(
            "header fields and parameters that a fault rule matches",
            fixed(format!("{MOST_FIELDS} of {LONGEST_PATTERN} bytes")),
            "400 with the place",
            ("tests/it/faults/rules.rs", "a_rule_that_cannot_be_meant_is_refused_when_it_is_written"),
        ),
        row(
            "delay of a fault",
            fixed(duration::show(LONGEST_WAIT)),
            "400 with the place",
            ("tests/it/faults/rules.rs", "a_rule_that_cannot_be_meant_is_refused_when_it_is_written"),
        ),
        row(
            "bytes of all fixture files of a directory",
            Flag("max-fixture-bytes"),
            "the start ends with a fault; a reload changes nothing",
            ("tests/it/odd_files.rs", "no_more_than_a_bound_is_read_of_all_files_together"),
        ),
        row(
            "sandboxes",
            Flag("max-sandboxes"),
            "one that was never written goes, or one that is unused for a minute; else 503 (`--when-full`)",
            ("tests/it/sandboxes/full.rs", "a_newcomer_without_room_is_refused_in_each_vendors_form"),
        ),
        row(
            "idle time of a sandbox",
            Flag("sandbox-ttl"),
            "it goes",
            ("tests/it/sandboxes/ends.rs", "idle_ones_go_by_themselves_whatever_their_neighbours_do"),
        ),
        row(
            "exchanges in a sandbox's journal",
            Flag("journal-size"),
            "the oldest goes",
            ("tests/it/journal/pages.rs", "the_ring_is_bounded_and_a_large_body_is_cut"),
        ),
        row(
            "bytes of a body in the journal",
            Flag("journal-body"),
            "it is cut, and its size told",
            ("src/world/journal/ring.rs", "a_large_body_is_cut_and_its_true_size_is_told"),
        ),
        row(
            "bytes of all journals",
            Flag("journal-bytes"),
            "the oldest exchange of all goes",
            ("src/world/journal/ring.rs", "over_all_journals_the_oldest_goes_first"),
        ),
        row(
            "bytes of the record (`--record-to`)",
            Flag("record-bytes"),
            "it ends, and says so: its last line, the log and a metric",
            (RECORD, "a_record_that_reaches_its_bound_says_so_and_ends"),
        ),
        row(
            "exchanges that wait for the record",
            fixed(format!("{MOST_WAITING}, of {MOST_WAITING_BYTES} bytes together")),
            "the newest are not in it, and are counted there",
            ("src/app/record.rs", "what_finds_no_place_is_counted_where_it_is_missing"),
        ),
        row(
            "exchanges that a stream of all sandboxes is behind",
            fixed(MOST_SLOTS),
            "`lost` says how many it missed",
            ("src/world/journal/feed.rs", "what_is_kept_is_bounded_and_costs_nothing_without_a_follower"),
        ),
        row(
            "exchanges on a page of the journal",
            fixed(api::MOST_REQUESTS),
            "400; `after` shows more",
            ("tests/it/journal/pages.rs", "a_wrong_filter_says_what_would_be_right"),
        ),
        row(
            "streams of events",
            Flag("max-streams"),
            "429 with `Retry-After`",
            (EVENTS, "one_stream_too_many_is_told_which_flag_allows_more"),
        ),
        row(
            "streams of events of one sandbox",
            Flag("max-sandbox-streams"),
            "429 with `Retry-After`",
            (EVENTS, "one_stream_too_many_is_told_which_flag_allows_more"),
        ),
        row(
            "callers of a provider that a rate limit counts",
            fixed(MOST_CALLERS),
            "the one that called longest ago is forgotten",
            ("src/world/limit.rs", "the_number_of_callers_is_bounded"),
        ),
        row(
            "OpenAPI documents that are kept read",
            fixed(contract::document::MOST_KEPT),
            "the longest unused is read again when it is asked for",
            ("src/contract/document/cache.rs", "the_longest_unused_goes_first"),
        ),
        row(
            "bytes of a request's body to a provider",
            Flag("max-body"),
            "413 in the vendor's form",
            ("tests/it/pipeline.rs", "a_body_of_the_limit_passes_and_one_byte_more_is_refused"),
        ),
        row(
            "bytes of a request's body to the control API",
            fixed(control::MAX_BODY),
            "413",
            ("tests/it/connections/bodies.rs", "the_control_api_has_a_bound_of_its_own"),
        ),
        row(
            "nesting of a body to the control API and of a fixture",
            fixed("128 levels"),
            "400 with the place",
            (BOUNDS, "a_body_that_is_nested_too_deep_is_refused"),
        ),
        row(
            "head of a request",
            fixed(format!("128 KiB, {} header fields", server::MOST_FIELDS)),
            "431, and the connection ends",
            (HEADS, "what_is_no_request_is_refused_whatever_comes_behind_it"),
        ),
        row(
            "time in which a head arrives",
            Flag("head-timeout"),
            "408, and the connection ends",
            (HEADS, "a_first_head_that_does_not_end_is_refused"),
        ),
        row(
            "time in which a body arrives",
            Flag("body-timeout"),
            "408 in the vendor's form, and the connection ends",
            ("tests/it/process/flood.rs", "clients_that_never_end_a_body_lock_nobody_out"),
        ),
        row(
            "time in which a client takes nothing of its answer",
            Flag("unread-timeout"),
            "the connection is reset",
            ("tests/it/connections/bodies.rs", "a_client_that_reads_nothing_is_cut_off"),
        ),
        row(
            "connections of a worker thread",
            Flag("max-connections"),
            "those that did nothing longest make room",
            (BOUNDS, "one_connection_too_many_takes_the_place_of_an_idle_one"),
        ),
        row(
            "time of requests under way when the server stops",
            Flag("drain"),
            "they are cut",
            ("tests/it/command.rs", "the_drain_ends_what_does_not"),
        ),
        row(
            "bytes of log lines that wait",
            fixed(super::log::queue::MOST),
            "lines are dropped and counted",
            ("src/cli/log/queue.rs", "nobody_waits_for_a_device_that_is_stuck_and_every_line_is_written_or_counted"),
        ),
    ]
}

/// The table of the page `docs/limits.md`.
///
/// # Errors
///
/// A flag of the table that no subcommand has.
pub fn limits_table() -> Result<String, String> {
    let command = Cli::command();
    let mut table = "| what | at most | flag | variable | at the bound |\n|---|---|---|---|---|\n".to_owned();
    for Limit { what, set_by, at, .. } in limits() {
        let (most, flag, variable) = match set_by {
            SetBy::Fixed(most) => (most, "–".to_owned(), "–".to_owned()),
            Flag(name) => {
                let arg = argument(&command, name).ok_or_else(|| format!("no subcommand has --{name}"))?;
                let most = arg.get_default_values().first().and_then(|value| value.to_str()).unwrap_or_default();
                let variable = arg.get_env().and_then(|name| name.to_str()).unwrap_or_default();
                (most.to_owned(), format!("`--{name}`"), format!("`{variable}`"))
            }
        };
        let _ = writeln!(table, "| {what} | {most} | {flag} | {variable} | {at} |");
    }
    Ok(table)
}

fn argument<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    let mut own = command.get_arguments().filter(|arg| arg.get_long() == Some(name));
    own.next().or_else(|| command.get_subcommands().find_map(|command| argument(command, name)))
}
