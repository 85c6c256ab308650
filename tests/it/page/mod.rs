//! The page below `/_mock/ui/`: its files as they are embedded, and who is served what.

mod packed;
mod served;

use persona_mock::internals::Setup;
use persona_mock::provider::register;

use super::support::toy::Toy;
use super::support::{TestServer, server};

fn toy(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}
