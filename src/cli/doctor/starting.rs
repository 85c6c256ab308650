//! Whether `serve` could be set up with all that is said, found by what it runs itself before it listens. Nothing is written.

use super::args::DoctorArgs;
use super::finding::Finding;
use crate::app::SetupError;
use crate::cli::coverage::file::CoverageFiles;
use crate::cli::port_file::PortFile;
use crate::cli::serve_args::ServeArgs;
use crate::cli::{config, config_file, written};

const CHECK: &str = "setup";
const HELP: &str = "`persona-mock serve` does not start until it is mended";

/// What keeps a server from being set up. Faults of fixtures are told by a check of their own.
pub(super) fn setup(args: &DoctorArgs) -> Vec<Finding> {
    let Some(serve) = &args.beforehand.serve else { return Vec::new() };
    let contradictions = [serve.missing(), serve.conflict()].into_iter().flatten();
    let looks = [
        written::check(serve),
        serve.port_file.as_deref().map_or(Ok(()), PortFile::look),
        CoverageFiles::look(&serve.coverage.coverage),
        serve.record.look(),
        set_up(serve),
    ];
    let refused = looks.into_iter().filter_map(Result::err).map(|error| format!("{error:#}"));
    let found: Vec<_> = contradictions.chain(refused).map(|said| Finding::fault(CHECK, said, HELP)).collect();
    if !found.is_empty() {
        return found;
    }
    let is_all = args.beforehand.of_serve.is_empty() && args.beforehand.config.is_none();
    let all = if is_all { "all that" } else { "what else" };
    vec![Finding::ok(CHECK, format!("`persona-mock serve` takes {all} is said to it"))]
}

/// The config file that counts, or what is wrong with it.
pub(super) fn config(args: &DoctorArgs) -> Vec<Finding> {
    let help = "mend it; until then no subcommand that reads it runs, and --config none passes over it";
    vec![match (&args.beforehand.config, config_file::path()) {
        (Some(said), _) => Finding::fault("config", said, help),
        (None, Some(path)) => Finding::ok("config", format!("{} is read", path.display())),
        (None, None) => Finding::ok("config", "no config file is read"),
    }]
}

fn set_up(serve: &ServeArgs) -> anyhow::Result<()> {
    let build = |serve: &ServeArgs| config::app(&mut serve.setup()?).map(drop);
    let outcome = build(serve);
    let Err(error) = &outcome else { return Ok(()) };
    let is_of_fixtures =
        matches!(error.downcast_ref(), Some(SetupError::Fixture(_))) || config::world(&serve.world).is_err();
    if !is_of_fixtures {
        return outcome;
    }
    if let Some(file) = &serve.provider_states {
        config::provider_states(file, serve.world.bound)?;
    }
    // What else is wrong is seen without the fixtures, and without what is stated in terms of them.
    let mut bare = serve.clone();
    (bare.world.fixtures, bare.provider_states) = (None, None);
    build(&bare)
}
