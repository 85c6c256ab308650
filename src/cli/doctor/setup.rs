//! What a server is started with: fixtures, variables, open files.

use super::args::DoctorArgs;
use super::finding::Finding;
use crate::cli::check::{CheckArgs, look};
use crate::cli::{environment, links};
use crate::server::file_handles;

/// What the test kits read, and no server.
const OF_KITS: [&str; 3] = ["PERSONA_MOCK_BINARY", "PERSONA_MOCK_REPORT", "PERSONA_MOCK_RUN"];
/// How many faults of fixtures are told.
const MOST_FAULTS: usize = 10;
/// Fewer open files are few for a suite with many connections at once.
const ENOUGH_FILES: u64 = 1024;

/// Whether the fixtures load, as `check` finds out.
pub(super) fn fixtures(args: &DoctorArgs) -> Vec<Finding> {
    const CHECK: &str = "fixtures";
    let world = &args.world;
    let Some(dir) = &world.fixtures else {
        return vec![Finding::ok(CHECK, "those of the program are served, for no directory is named")];
    };
    let all = format!("`persona-mock check {}` lists all", dir.display());
    match look(&CheckArgs {
        dir: Some(dir.clone()),
        set: world.set.clone(),
        bound: world.bound,
        config: world.config.clone(),
    }) {
        Err(error) => {
            vec![Finding::fault(CHECK, format!("{error:#}"), "name a directory of fixture files by --fixtures DIR")]
        }
        Ok(found) if found.files.is_empty() && found.faults.is_empty() => {
            let said = format!("the directory {} has no fixture file", dir.display());
            vec![Finding::warning(CHECK, said, "`persona-mock fixtures export DIR` writes some to begin with")]
        }
        Ok(found) if found.faults.is_empty() && found.warnings.is_empty() => {
            vec![Finding::ok(CHECK, format!("{} of {} load", found.files.join(", "), dir.display()))]
        }
        Ok(found) => {
            let faults = found.faults.iter().map(|fault| Finding::fault(CHECK, fault.to_string(), &*all));
            let warnings = found.warnings.iter().map(|warning| Finding::warning(CHECK, warning.to_string(), &*all));
            faults.chain(warnings).take(MOST_FAULTS).collect()
        }
    }
}

/// Variables that say nothing, and those that say what `serve` cannot take.
pub(super) fn variables(args: &DoctorArgs) -> Vec<Finding> {
    const CHECK: &str = "variables";
    let known = environment::variables();
    let unknown = links::unknown(&known).into_iter().filter(|(name, _)| !OF_KITS.contains(&&**name));
    // What is to be done stands behind the semicolon.
    let told = unknown.map(|(_, said)| match said.split_once("; ") {
        Some((said, help)) => Finding::warning(CHECK, said, help),
        None => Finding::warning(CHECK, said, ""),
    });
    let mut found: Vec<_> = told.collect();
    let wrong = |all: &[String], who: &str| -> Vec<Finding> {
        all.iter().map(|wrong| Finding::fault(CHECK, wrong, format!("{who} with 2 until it is mended"))).collect()
    };
    found.extend(wrong(&args.beforehand.of_serve, "`persona-mock serve` ends"));
    found.extend(wrong(&args.beforehand.of_others, "subcommands that ask a server end"));
    let links = links::of_services();
    if !links.is_empty() {
        let said = format!("{}: of a service link, and passed over", links.join(", "));
        found.push(Finding::ok(CHECK, said));
    }
    if found.is_empty() {
        found.push(Finding::ok(CHECK, "each PERSONA_MOCK_… is known and can be read"));
    }
    found
}

/// How many files a server may have open: it raises its own limit as far as it may.
pub(super) fn files(_: &DoctorArgs) -> Vec<Finding> {
    let help = format!("raise it, such as `ulimit -Hn {ENOUGH_FILES}`, as root or in the container's setup");
    vec![match file_handles::hard_limit() {
        None => Finding::ok("files", "the system sets no limit of open files that a server meets"),
        Some(limit) if limit < file_handles::least() => {
            Finding::fault("files", format!("{limit} open files are too few for a server to start"), help)
        }
        Some(limit) if limit < ENOUGH_FILES => {
            let said =
                format!("{limit} open files are enough for fewer connections than that at a time, and others wait");
            Finding::warning("files", said, help)
        }
        Some(limit) => Finding::ok("files", format!("{limit} may be open, one for each connection")),
    }]
}
