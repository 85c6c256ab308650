//! What the flags of `serve` say together: what is missing to them, and what cannot be true at once.

use super::access;
use super::args::{Cli, Command};
use super::choices::WatchMode;
use super::serve_args::ServeArgs;
use super::sources::source;

impl Cli {
    /// What else must be said, where something is missing.
    pub(super) fn missing(&self) -> Option<String> {
        self.serving()?.missing()
    }

    /// What was said that cannot be true at once.
    pub(super) fn conflict(&self) -> Option<String> {
        self.serving()?.conflict()
    }

    fn serving(&self) -> Option<&ServeArgs> {
        match &self.command {
            None => Some(&self.serve),
            Some(Command::Serve(serve)) => Some(serve),
            Some(Command::Config(config)) => Some(&config.serve),
            Some(_) => None,
        }
    }
}

impl ServeArgs {
    pub(super) fn missing(&self) -> Option<String> {
        let watch = if self.watch.is_some() { "watch" } else { "watch_reset" };
        (self.watching().is_some() && self.world.fixtures.is_none())
            .then(|| format!("{} needs a directory to watch: add --fixtures DIR", source(watch)))
    }

    pub(super) fn conflict(&self) -> Option<String> {
        if self.watch == Some(WatchMode::Off) && self.watch_reset {
            let [reset, watch] = ["watch_reset", "watch"].map(source);
            return Some(format!(
                "{reset} resets sandboxes when watched fixtures change, and {watch} says that none are watched; take one of \
                 them away"
            ));
        }
        let error = access::cors(&self.cors).err()?;
        Some(format!("{} {error}", source("cors")))
    }
}
