//! The paths of a request, called in this process without a socket: `cargo bench --bench paths`.
//!
//! Each call runs through the whole pipeline, with journal, validation and credentials. Times and calls of the allocator
//! are the server's own work; what sockets cost is in `cargo bench --bench http`.

#![expect(clippy::expect_used, reason = "a benchmark whose calls fail has nothing to measure")]

use std::sync::LazyLock;

use divan::{AllocProfiler, Bencher};
use persona_mock::mock::CallRequest;
use persona_mock::{Mock, PersonaMock};
use serde_json::json;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

static MOCK: LazyLock<PersonaMock> = LazyLock::new(|| PersonaMock::builder().build().expect("the mock is made"));

const VIJIL: (&str, &str) = ("Authorization", "Bearer vijil-owner-token");
const AXERO: (&str, &str) = ("Authorization", "Bearer axero-owner-alice");
const CRUD: (&str, &str) = ("Authorization", "Bearer vm_RobinOwnsDevflow000000000001");
const EQUALS_MONEY: (&str, &str) = ("Authorization", "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a");

const TEAM: &str = "team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee";
const VIJIL_ONE: &str = "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb";
const CRUD_ONE: &str = "/crud/personas?id=5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01";
const EQUALS_MONEY_ONE: &str = "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";

fn main() {
    divan::main();
}

/// Measures a call that is answered with this status, in a sandbox of its own.
fn calls(bencher: Bencher<'_, '_>, status: u16, request: impl Fn() -> CallRequest + Sync) {
    let sandbox = MOCK.sandbox("bench");
    let answer = sandbox.call(request()).expect("an answer");
    assert_eq!(answer.status(), status, "{}", answer.text());
    bencher.with_inputs(&request).bench_local_values(|request| sandbox.call(request).expect("an answer"));
}

mod get_one {
    use super::*;

    #[divan::bench]
    fn vijil(bencher: Bencher<'_, '_>) {
        calls(bencher, 200, || CallRequest::get(format!("{VIJIL_ONE}?{TEAM}")).header(VIJIL.0, VIJIL.1));
    }

    #[divan::bench]
    fn axero(bencher: Bencher<'_, '_>) {
        calls(bencher, 200, || CallRequest::get("/api/personas/188").header(AXERO.0, AXERO.1));
    }

    #[divan::bench]
    fn crud(bencher: Bencher<'_, '_>) {
        calls(bencher, 200, || CallRequest::get(CRUD_ONE).header(CRUD.0, CRUD.1));
    }

    #[divan::bench]
    fn equals_money(bencher: Bencher<'_, '_>) {
        let target = "/v2/people?accountId=F50091&limit=1";
        calls(bencher, 200, || CallRequest::get(target).header(EQUALS_MONEY.0, EQUALS_MONEY.1));
    }
}

mod change_one {
    use super::*;

    #[divan::bench]
    fn vijil(bencher: Bencher<'_, '_>) {
        calls(bencher, 200, || CallRequest::put(VIJIL_ONE).header(VIJIL.0, VIJIL.1).json(&json!({"name": "New name"})));
    }

    #[divan::bench]
    fn axero(bencher: Bencher<'_, '_>) {
        let body = json!({"Name": "Power user"});
        calls(bencher, 200, || CallRequest::put("/api/personas/188").header(AXERO.0, AXERO.1).json(&body));
    }

    #[divan::bench]
    fn crud(bencher: Bencher<'_, '_>) {
        let body = json!({"id": "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01", "name": "New name"});
        calls(bencher, 200, || CallRequest::put("/crud/personas").header(CRUD.0, CRUD.1).json(&body));
    }

    #[divan::bench]
    fn equals_money(bencher: Bencher<'_, '_>) {
        let body = json!({"marketingEmailsPreference": true});
        calls(bencher, 200, || CallRequest::patch(EQUALS_MONEY_ONE).header(EQUALS_MONEY.0, EQUALS_MONEY.1).json(&body));
    }
}

mod refused {
    use super::*;

    #[divan::bench]
    fn unknown_path(bencher: Bencher<'_, '_>) {
        let target = VIJIL_ONE.replace("personas", "persona");
        calls(bencher, 404, || CallRequest::get(&target).header(VIJIL.0, VIJIL.1));
    }

    #[divan::bench]
    fn wrong_body(bencher: Bencher<'_, '_>) {
        calls(bencher, 422, || CallRequest::put(VIJIL_ONE).header(VIJIL.0, VIJIL.1).json(&json!({"name": 5})));
    }
}

mod worlds {
    use super::*;

    #[divan::bench]
    fn fork(bencher: Bencher<'_, '_>) {
        let from = MOCK.sandbox("bench");
        from.reset().expect("a reset");
        bencher.bench_local(|| from.fork("fork").and_then(|fork| fork.delete()).expect("a fork"));
    }

    #[divan::bench]
    fn snapshot_and_restore(bencher: Bencher<'_, '_>) {
        let sandbox = MOCK.sandbox("bench");
        bencher.bench_local(|| {
            sandbox.save_snapshot("s").expect("a snapshot");
            sandbox.restore_snapshot("s").expect("a way back");
        });
    }

    #[divan::bench]
    fn reset(bencher: Bencher<'_, '_>) {
        let sandbox = MOCK.sandbox("bench");
        bencher.bench_local(|| sandbox.reset().expect("a reset"));
    }
}
