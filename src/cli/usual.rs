//! What a server does of which nothing is said, as the command line shows it.

use std::sync::LazyLock;

use crate::app::Setup;
use crate::server::DRAIN;
use crate::world::duration;

/// What a server does of which nothing is said.
pub(super) static USUAL: LazyLock<Setup> = LazyLock::new(Setup::default);
pub(super) static USUAL_IDLE: LazyLock<String> = LazyLock::new(|| duration::show(USUAL.bounds.idle));
/// For a head, for a body, and for a client that takes nothing.
pub(super) static USUAL_WAITS: LazyLock<[String; 3]> = LazyLock::new(|| {
    let serving = &USUAL.serving;
    [serving.head_timeout, serving.body_timeout, serving.unread_timeout].map(duration::show)
});
pub(super) static USUAL_CONTROL: LazyLock<String> = LazyLock::new(|| duration::show(USUAL.serving.control_timeout));
pub(super) static USUAL_DRAIN: LazyLock<String> = LazyLock::new(|| duration::show(DRAIN));
