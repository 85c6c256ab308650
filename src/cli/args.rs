//! What can be said on the command line. Every flag is also an environment variable.

use clap::{Parser, Subcommand};

use super::check::CheckArgs;
use super::completions::CompletionsArgs;
use super::coverage::verb::CoverageArgs;
use super::doctor::DoctorArgs;
use super::env::EnvArgs;
use super::exit::EXIT_CODES;
use super::export::FixturesArgs;
use super::headings;
use super::health::HealthArgs;
use super::in_force::InForceArgs;
use super::man::ManArgs;
use super::openapi::OpenapiArgs;
use super::routes::RoutesArgs;
use super::serve_args::ServeArgs;
use super::steer::Steer;

/// A stateful mock of four vendors' persona APIs.
#[derive(Debug, Parser)]
#[command(name = "persona-mock", version, args_conflicts_with_subcommands = true)]
#[command(help_template = headings::FIRST_SCREEN, mut_args = headings::at_root)]
#[command(after_help = format!("{}\n\n{EXIT_CODES}", headings::WITHOUT))]
pub struct Cli {
    /// What to do; serving, where absent.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the providers (the default)
    Serve(Box<ServeArgs>),
    /// Print every flag of `serve` with what it is and what says so, as a config file
    Config(Box<InForceArgs>),
    /// Check a directory of fixtures and report every fault
    Check(CheckArgs),
    /// List every operation that is served
    Routes(RoutesArgs),
    /// Print a provider's OpenAPI document as JSON
    Openapi(OpenapiArgs),
    /// Ask a running server whether it is ready
    Health(HealthArgs),
    /// Say what keeps a server from being started or reached here: port, proxies, fixtures, variables, limits
    Doctor(DoctorArgs),
    /// Print what completes this command in a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each subcommand
    Man(ManArgs),
    /// Work with fixture files
    Fixtures(FixturesArgs),
    /// Show what a suite exercised of what the documents promise, and hold it against thresholds
    Coverage(Box<CoverageArgs>),
    /// What a running server is asked.
    #[command(flatten)]
    Steer(Steer),
    /// Print the base URLs of the vendors as variables of a shell, a frontend or a CI job
    Env(EnvArgs),
}
