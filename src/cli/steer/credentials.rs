//! `persona-mock credentials`.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::cli::values::id;
use crate::control::credentials;
use crate::mock::Typed;

commands! {
    /// List the credentials that a sandbox takes: who, what to send, rights, expiry
    Credentials(CredentialsArgs),
}

/// `credentials`.
#[derive(Debug, Args)]
pub struct CredentialsArgs {
    /// Of this provider alone
    #[arg(long, value_name = "PROVIDER", value_parser = id)]
    provider: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for CredentialsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let all = Typed::new(&credentials::LIST_CREDENTIALS, &[]);
        Ok(Shown::of(self.provider.iter().fold(all, |all, provider| all.query("provider", provider))))
    }
}
