//! Every `tests/cases/<provider>/*.http`, and what they see of the documents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use persona_mock::PersonaMock;
use persona_mock::internals::AppState;
use persona_mock::internals::Contract;
use persona_mock::providers::registry;

use super::conformance;
use super::support::{TestServer, called, case, server};

/// The fewest cases that describe a vendor.
const FEWEST: usize = 40;

pub fn files(provider: &str) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(provider);
    let entries = std::fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "http"));
    files.sort();
    files
}

/// Runs a provider's cases, each through a socket and without one; returns the documented statuses they saw.
fn run(provider: &str) -> BTreeSet<(String, String, u16)> {
    let files = files(provider);
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in &files {
        let case = case::read(file);
        let server = TestServer::start(&case.setup);
        let mock = PersonaMock::builder().setup(|setup| setup.clone_from(&case.setup)).build().expect("a mock");
        for (number, exchange) in case.exchanges.iter().enumerate() {
            let answer = server.send(&exchange.asked);
            let through = called::shown_from_socket(&answer);
            let without = called::shown(&mock.call(called::request(&exchange.asked)).expect("an answer"));
            if through != without {
                let place = format!("{} exchange {}", file.display(), number + 1);
                wrong.push(format!("{place}: through a socket {through:#?}, without one {without:#?}"));
            }
            for difference in exchange.differences(&answer) {
                wrong.push(format!("{} exchange {}: {difference}", file.display(), number + 1));
            }
        }
        seen.extend(server.seen());
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(files.len() >= FEWEST, "{provider} has {} cases, {FEWEST} are the fewest", files.len());
    seen
}

#[test]
fn every_case_holds_with_and_without_a_socket_and_every_documented_status_is_seen() {
    for provider in registry() {
        let id = &*provider.descriptor().id;
        let mut seen = run(id);
        seen.extend(conformance::refused(&**provider));
        let app = AppState::build(registry(), &server::setup()).expect("the embedded fixtures load");
        let options = app.slot(id).expect("a served provider").options();
        let served = app.document(&**provider, &options).expect("a document");
        let missing: Vec<_> =
            Contract::new(&served).documented().into_iter().filter(|status| !seen.contains(status)).collect();
        assert!(missing.is_empty(), "{id} documents what no case sees: {missing:#?}");
    }
}
