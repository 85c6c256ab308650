//! Who may steer: what the operator allows.

use super::host::Host;
use super::origin::Origin;
use super::token::Token;
use crate::api::Problem;

/// What the operator allows.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// The token that control requests must carry as `Authorization: Bearer …`, where one is set.
    pub token: Option<Token>,
    /// Origins of pages that may steer, such as `http://localhost:3000`.
    pub origins: Vec<Origin>,
    /// Names by which this server is called, beside those that no stranger can own.
    pub hosts: Vec<Host>,
}

impl Guard {
    /// Refuses a name that a stranger could own.
    pub(crate) fn check_host(&self, stated: &str) -> Result<(), Problem> {
        let host = match stated.parse::<Host>() {
            Ok(host) if host.is_own() || self.knows(&host) => return Ok(()),
            Ok(host) => host,
            Err(error) => {
                let detail = format!(
                    "the request's `Host` names no host: {error}; `--control-host NAME` tells the server another name of its own"
                );
                return Err(Problem::new(403, detail));
            }
        };
        let detail = format!(
            "the control API does not answer to the name {host}, which a stranger's page may have had pointed here; \
             if it is this server's own, start the server with `--control-host {host}`"
        );
        Err(Problem::new(403, detail))
    }

    fn knows(&self, host: &Host) -> bool {
        self.hosts.contains(host) || self.origins.iter().any(|origin| origin.host() == Some(host))
    }
}
