//! The table of everything that is bounded, of which `docs/limits.md` is made.
//!
//! A bound with a flag has the default that the command line has; one without is stated here by the constant that holds it.

mod bound;

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};

use self::bound::{ANSWERS, BODIES, BOUNDS, EVENTS, EVIDENCE, HEADS, HISTORY, NO_NEED, RECORD, VERIFY, fixed};
pub use self::bound::{Limit, SetBy};
use super::Cli;
use crate::app::{MOST_GONE, record};
use crate::control::{self, gaps};
use crate::evidence::gaps::MOST_TRIED;
use crate::evidence::{LARGEST_BODY, LONGEST_NOTE, MOST_BYTES, MOST_NOTES, MOST_WAITING};
use crate::provider::kept::MOST_KEPT;
use crate::world::call::MOST_PATTERN;
use crate::world::duration;
use crate::world::fault::{LONGEST_MATCH, LONGEST_WAIT, MOST_FIELDS};
use crate::world::journal::{MOST_ENDED, MOST_SLOTS};
use crate::world::limit::MOST_CALLERS;
use crate::world::pattern::LONGEST_PATTERN;
use crate::world::table::MOST_SEARCHED;
use crate::{api, contract, server};

use SetBy::Flag;

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
            fixed(LONGEST_MATCH, NO_NEED),
            "400 with the place",
            ("tests/it/faults/rules.rs", "a_rule_that_cannot_be_meant_is_refused_when_it_is_written"),
        ),
        row(
            "header fields and parameters that a fault rule matches",
            fixed(format!("{MOST_FIELDS} of {LONGEST_PATTERN} bytes"), NO_NEED),
            "400 with the place",
            ("tests/it/faults/rules.rs", "a_rule_that_cannot_be_meant_is_refused_when_it_is_written"),
        ),
        row(
            "delay of a fault",
            fixed(duration::show(LONGEST_WAIT), "no client waits longer"),
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
            ("src/world/journal/ring/tests.rs", "a_large_body_is_cut_and_its_true_size_is_told"),
        ),
        row(
            "bytes of all journals",
            Flag("journal-bytes"),
            "the oldest exchange of all goes",
            ("src/world/journal/ring/tests.rs", "over_all_journals_the_oldest_goes_first"),
        ),
        row(
            "bytes of what a sandbox was before each change (`/_mock/history`)",
            Flag("history-bytes"),
            "the oldest step goes, and 410 says so",
            (HISTORY, "the_oldest_steps_of_a_sandbox_go_first_and_what_is_gone_is_told_with_its_flag"),
        ),
        row(
            "the same of all sandboxes",
            Flag("history-total-bytes"),
            "the oldest step of all goes",
            (HISTORY, "over_all_sandboxes_the_oldest_step_goes_first_and_one_that_goes_gives_its_bytes_back"),
        ),
        row(
            "bytes of the record (`--record-to`)",
            Flag("record-bytes"),
            "it ends, and says so: its last line, the log and a metric",
            (RECORD, "a_record_that_reaches_its_bound_says_so_and_ends"),
        ),
        row(
            "exchanges that wait for the record",
            fixed(
                format!("{}, of {} bytes together", record::MOST_WAITING, record::MOST_WAITING_BYTES),
                "a disk that is so far behind is stuck, and nobody waits for it",
            ),
            "the newest are not in it, and are counted there",
            ("src/app/record.rs", "what_finds_no_place_is_counted_where_it_is_missing"),
        ),
        row(
            "exchanges that a stream of all sandboxes is behind",
            fixed(MOST_SLOTS, "a follower that is further behind reads the pages"),
            "`lost` says how many it missed",
            ("src/world/journal/feed.rs", "what_is_kept_is_bounded_and_costs_nothing_without_a_follower"),
        ),
        row(
            "sandboxes that are gone of which a stream of events says why",
            fixed(MOST_ENDED, "a client comes again soon"),
            "the reason is `unknown`; all that is kept follows",
            ("src/world/journal/ended.rs", "so_many_ends_are_remembered_and_no_more"),
        ),
        row(
            "bytes of texts that searches keep, of all sandboxes",
            fixed(MOST_SEARCHED, "a million records have fewer"),
            "what is beyond is read anew by each search",
            ("src/world/table/texts.rs", "texts_are_kept_within_their_room"),
        ),
        row(
            "bytes of records' JSON that answers keep, for each kind of record",
            fixed(MOST_KEPT, "those that are shown often are few"),
            "the oldest goes, and is written anew when it is shown",
            ("src/provider/kept/texts.rs", "the_texts_are_bounded_and_those_of_records_that_are_gone_make_room_first"),
        ),
        row(
            "exchanges on a page of the journal",
            fixed(api::MOST_REQUESTS, "`next` leads to the rest"),
            "400; `cursor` shows more",
            ("tests/it/journal/pages.rs", "a_wrong_filter_says_what_would_be_right"),
        ),
        row(
            "calls in a pact",
            fixed(control::journal::pact::MOST_INTERACTIONS, "a verifier makes one call after another"),
            "413; a filter asks for less",
            ("tests/it/journal/pact.rs", "a_pact_has_a_bound"),
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
            fixed(MOST_CALLERS, "a test has some callers"),
            "the one that called longest ago is forgotten",
            ("src/world/limit.rs", "the_number_of_callers_is_bounded"),
        ),
        row(
            "OpenAPI documents that are kept read",
            fixed(contract::document::MOST_KEPT, "a cache, which changes no answer"),
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
            Flag("max-control-body"),
            "413",
            (ANSWERS, "bodies_and_answers_of_the_control_api_have_exact_bounds"),
        ),
        row(
            "bytes of an answer of the control API",
            Flag("max-control-answer"),
            "413; `limit`, a filter or one provider asks for less",
            (ANSWERS, "bodies_and_answers_of_the_control_api_have_exact_bounds"),
        ),
        row(
            "bytes of all bodies of requests above 64 KiB that arrive or are worked on",
            Flag("max-bodies"),
            "503 with `Retry-After` and `X-Mock-Error: bodies are full (…)`, in the vendor's form, and in place of `100 \
             Continue`; who sends less than 64 KiB in a second meanwhile is 408",
            (BODIES, "the_bound_of_all_bodies_is_exact_and_each_is_given_back"),
        ),
        row(
            "bytes of all answers above 64 KiB that wait for their clients",
            Flag("max-answers"),
            "503 with `Retry-After` and `X-Mock-Error: answers are full (…)`; a connection that has taken nothing for a \
             second is reset",
            (ANSWERS, "answers_that_nobody_reads_make_room_for_those_that_somebody_does"),
        ),
        row(
            "time of work for one request to the control API",
            Flag("control-timeout"),
            "503",
            ("tests/it/process/large.rs", "loads_and_exports_end_at_their_deadline_and_change_nothing"),
        ),
        row(
            "work of the control API that waits for a thread, of one sandbox",
            fixed(
                format!("{} requests, {} MiB of bodies", server::CONTROL.jobs, server::CONTROL.bytes >> 20),
                "who comes later would wait longer than a client does",
            ),
            "503 with `Retry-After`",
            ("src/server/pool/tests.rs", "no_more_waits_than_there_is_room_for"),
        ),
        row(
            "requests to providers that wait for a thread, of one sandbox",
            fixed(
                format!("{} requests, {} MiB of bodies", server::PROVIDERS.jobs, server::PROVIDERS.bytes >> 20),
                "each keeps a connection, and those are bounded",
            ),
            "503 with `Retry-After`, in the vendor's form",
            ("src/server/pool/tests.rs", "no_more_waits_than_there_is_room_for"),
        ),
        row(
            "bytes of a pattern of `verify` and of the journal",
            fixed(MOST_PATTERN, "every kept call is held against it"),
            "400 with the place",
            (VERIFY, "a_verify_takes_so_many_calls_and_explains_so_many_failures"),
        ),
        row(
            "calls of one `verify`, and those of them that are explained",
            fixed(format!("{}, {}", control::MOST_CALLS, control::MOST_EXPLAINED), "several requests verify more"),
            "400; the others fail without a nearest call",
            (VERIFY, "a_verify_takes_so_many_calls_and_explains_so_many_failures"),
        ),
        row(
            "names of sandboxes that are gone, and why",
            fixed(MOST_GONE, "an older one is answered as one that never was"),
            "the oldest is forgotten",
            ("src/app/sandbox/gone.rs", "so_many_names_are_remembered_and_no_more"),
        ),
        row(
            "nesting of a body to the control API and of a fixture",
            fixed("128 levels", "what the stack of a thread takes"),
            "400 with the place",
            (BOUNDS, "a_body_that_is_nested_too_deep_is_refused"),
        ),
        row(
            "head of a request",
            fixed(format!("128 KiB, {} header fields", server::MOST_FIELDS), "what the HTTP library takes"),
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
            "exchanges that wait to be looked at for the coverage of fields",
            fixed(
                format!("{MOST_WAITING} of {MOST_BYTES} bytes"),
                "what is behind is counted less finely, and nothing is lost by that",
            ),
            "they are counted by operation and status alone; `not_looked_at` says how many",
            (EVIDENCE, "what_the_queue_cannot_take_is_counted_as_not_looked_at"),
        ),
        row(
            "bytes of a body that is looked at for it",
            fixed(LARGEST_BODY, "looking at more would keep all others waiting"),
            "the same",
            (EVIDENCE, "what_the_queue_cannot_take_is_counted_as_not_looked_at"),
        ),
        row(
            "near misses that a coverage lists; ignored fields and rules that never struck as well",
            fixed(format!("{MOST_NOTES} of {LONGEST_NOTE} bytes"), "nobody reads more"),
            "the others are counted together",
            ("src/evidence/notes.rs", "a_list_counts_what_is_the_same_and_is_bounded"),
        ),
        row(
            "cells of one queue of what was left out",
            fixed(gaps::MOST_GAPS, "who has covered these asks for more"),
            "400; `empty` says how many there are",
            ("tests/it/gaps/queue.rs", "wrong_input_is_told_with_what_would_be_right"),
        ),
        row(
            "requests that are tried for one operation of it",
            fixed(MOST_TRIED, "each is answered in a copy of the data, and somebody waits"),
            "cells of it stay without a command",
            ("src/evidence/gaps/plan.rs", "no_more_is_tried_than_may_be"),
        ),
        row(
            "bytes of a config file",
            fixed(super::config_file::LARGEST, "all flags take a twentieth of it"),
            "the server does not start",
            ("tests/it/config_file.rs", "what_is_no_small_regular_file_is_refused_and_not_waited_for"),
        ),
        row(
            "bytes of log lines that wait",
            fixed(super::log::queue::MOST, "a reader that is so far behind is stuck"),
            "lines are dropped and counted",
            ("src/cli/log/queue/tests.rs", "nobody_waits_for_a_stuck_device_and_every_line_is_written_or_counted"),
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
            SetBy::Fixed(most, why) => (most, format!("none: {why}"), "–".to_owned()),
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
