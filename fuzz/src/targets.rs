//! What is fuzzed. Each target takes any bytes, and panics where a promise of the mock is broken:
//!
//! - nothing crashes;
//! - what a provider answers is in its document;
//! - a refused request changes nothing;
//! - no secret is in the journal;
//! - no input costs the mock more than its limit, twice in a row.
//!
//! `cargo test` replays the corpora through the same functions (`tests/it/fuzzed.rs`).

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use persona_mock::api::SandboxList;
use persona_mock::internals::{AppState, Contract, Document, Exchange, Setup};
use persona_mock::mock::{CallRequest, CallResponse, MockError, Sandbox};
use persona_mock::providers::registry;
use persona_mock::{Mock, PersonaMock};

use super::cost::{Cost, Limit, Meter};

/// A target.
pub struct Target {
    /// Its name, which is that of its corpus, too.
    pub name: &'static str,
    /// Runs one input, and counts what the mock does.
    pub run: fn(&[u8], &mut Meter),
    /// What an input may cost.
    limit: Limit,
}

const fn target(name: &'static str, limit: (u64, u64, u64, u64), run: fn(&[u8], &mut Meter)) -> Target {
    let (kib, bytes, base_micros, micros) = limit;
    Target { name, run, limit: Limit { kib, bytes, base_micros, micros } }
}

impl Target {
    /// Runs one input, and holds its cost: once more where it is above the limit, as what is made once counts for no
    /// input.
    pub fn hold(&self, input: &[u8], clock: fn() -> Duration) {
        let limit = self.limit.of(input.len());
        if !self.cost(input, clock).is_above(&limit) {
            return;
        }
        let again = self.cost(input, clock);
        assert!(!again.is_above(&limit), "{}: {} bytes cost {again:?}, at most {limit:?}", self.name, input.len());
    }

    /// Runs one input, and says what it cost.
    pub fn cost(&self, input: &[u8], clock: fn() -> Duration) -> Cost {
        let mut meter = Meter::new(clock);
        (self.run)(input, &mut meter);
        meter.cost()
    }
}

/// All of them. What an input may cost is, in this order: KiB allocated and bytes for each byte of it, µs and µs for each
/// byte. The base is about twice what `tools/fuzz/run.sh costs` measures of the corpora, the rest twice what inputs take
/// that have as much of one thing as they have bytes: a list in a list, a value that is not allowed, a name that nothing has.
pub const TARGETS: &[Target] = &[
    target("read_vijil", (128, 700, 5_000, 8), |input, meter| read(&VIJIL, input, meter)),
    // Each `{}` of a list lacks members, and each of those is an error of the answer.
    target("read_axero", (384, 1_300, 5_000, 20), |input, meter| read(&AXERO, input, meter)),
    // The answer has the persona's lists, whatever is changed.
    target("read_equals_money", (512, 700, 10_000, 8), |input, meter| read(&EQUALS_MONEY, input, meter)),
    target("read_crud", (128, 700, 5_000, 8), |input, meter| read(&CRUD, input, meter)),
    target("ask_vijil", (128, 1_000, 5_000, 8), |input, meter| ask(&VIJIL, input, meter)),
    target("ask_axero", (384, 1_300, 5_000, 20), |input, meter| ask(&AXERO, input, meter)),
    target("ask_equals_money", (512, 1_000, 10_000, 8), |input, meter| ask(&EQUALS_MONEY, input, meter)),
    target("ask_crud", (128, 1_000, 5_000, 8), |input, meter| ask(&CRUD, input, meter)),
    // Whole documents, schemas and states are answers.
    target("control", (2_048, 1_300, 20_000, 12), control),
    // Each row that is none, of two bytes, is a sentence of the answer.
    target("fixtures", (256, 6_000, 5_000, 100), fixtures),
    // Six requests. Of the calls that were not made, 50 are explained by the nearest one and by what hints know.
    target("patterns", (768, 1_700, 15_000, 80), patterns),
    // Each byte stands in the body twice.
    target("secrets", (160, 700, 5_000, 8), secrets),
];

/// A provider, and a change of one record whose body is anything.
struct Asked {
    id: &'static str,
    mount: &'static str,
    authorization: &'static str,
    method: &'static str,
    target: &'static str,
}

const VIJIL: Asked = Asked {
    id: "vijil",
    mount: "/v1",
    authorization: "Bearer vijil-owner-token",
    method: "PUT",
    target: "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee",
};
const AXERO: Asked = Asked {
    id: "axero",
    mount: "/api",
    authorization: "Bearer axero-owner-alice",
    method: "PUT",
    target: "/api/personas/188",
};
const EQUALS_MONEY: Asked = Asked {
    id: "equals_money",
    mount: "/v2",
    authorization: "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a",
    method: "PATCH",
    target: "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091",
};
const CRUD: Asked = Asked {
    id: "crud",
    mount: "/crud",
    authorization: "Bearer vm_RobinOwnsDevflow000000000001",
    method: "PUT",
    target: "/crud/personas",
};

struct Fuzzed {
    mock: PersonaMock,
    contracts: Vec<Documented>,
}

/// A provider's document, and the methods and templates that it has.
struct Documented {
    id: &'static str,
    contract: Contract,
    operations: BTreeSet<(String, String)>,
}

static FUZZED: LazyLock<Fuzzed> = LazyLock::new(|| {
    let mock = PersonaMock::builder().seed(1).clock("2026-01-15T12:00:00Z").journal(8, 16 << 10);
    let mock = mock.build().expect("a mock");
    let app = AppState::build(registry(), &Setup::default()).expect("the embedded fixtures");
    let known = [VIJIL.id, AXERO.id, EQUALS_MONEY.id, CRUD.id];
    let contract = |id: &'static str| {
        let slot = app.slot(id).expect("a provider");
        let contract = Contract::new(&Document::of(slot.provider(), &slot.options()).expect("a document"));
        let operations = contract.documented().into_iter().map(|(template, method, _)| (method, template)).collect();
        Documented { id, contract, operations }
    };
    Fuzzed { mock, contracts: known.into_iter().map(contract).collect() }
});

/// What no target breaks: the state behind a refusal is the state before it. A change is undone, so that each input
/// meets the same state.
fn keeps_its_state(sandbox: &Sandbox, is_refused: bool) {
    let steps = sandbox.history().expect("a history");
    assert!(steps.is_empty() || !is_refused, "a refusal changed the state: {steps:?}");
    if !steps.is_empty() {
        sandbox.reset().expect("a reset");
    }
}

fn called(asked: &Asked, method: &str, request: CallRequest, target: &str, meter: &mut Meter) -> Option<CallResponse> {
    let sandbox = FUZZED.mock.sandbox(asked.id);
    let answer = match meter.count(|| sandbox.call(request)) {
        Ok(answer) => answer,
        Err(MockError::Value { .. }) => return None,
        Err(error) => panic!("{error}"),
    };
    let document = FUZZED.contracts.iter().find(|document| document.id == asked.id).expect("a contract");
    let path = target.split('?').next().unwrap_or_default();
    let templates = document.operations.iter().filter(|(known, template)| known == method && fits(template, path));
    let template = templates.map(|(_, template)| template).min_by_key(|template| template.matches('{').count());
    if let Some(template) = template {
        let content_type = answer.header("content-type").map(|text| text.into_owned());
        let inferred = answer.header("x-mock-provenance").as_deref() == Some("inferred");
        let exchange = Exchange {
            path: template,
            method,
            status: answer.status(),
            content_type: content_type.as_deref(),
            inferred,
            body: answer.body(),
        };
        let wrong = document.contract.violations(&exchange);
        assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), answer.text());
    }
    keeps_its_state(&sandbox, answer.status() >= 400);
    Some(answer)
}

/// Whether a path without an encoded byte is one of a template.
fn fits(template: &str, path: &str) -> bool {
    let (mut parts, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), segments.next()) {
            (None, None) => return true,
            (Some(part), Some(segment))
                if part == segment || (part.starts_with('{') && !segment.is_empty() && !segment.contains('%')) => {}
            _ => return false,
        }
    }
}

/// Any bytes as the body of a change: what the provider's dialect reads.
fn read(asked: &Asked, input: &[u8], meter: &mut Meter) {
    let request = CallRequest::new(asked.method, asked.target)
        .header("Authorization", asked.authorization)
        .header("Content-Type", "application/json")
        .body(input.to_vec());
    called(asked, asked.method, request, asked.target, meter);
}

/// A request as it is written down: `METHOD target`, header fields, an empty line, the body.
struct Written<'a> {
    method: &'a str,
    target: &'a str,
    fields: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
}

impl<'a> Written<'a> {
    fn read(input: &'a [u8]) -> Option<Self> {
        let end = input.windows(2).position(|pair| pair == b"\n\n").unwrap_or(input.len());
        let (head, rest) = input.split_at_checked(end)?;
        let mut lines = std::str::from_utf8(head).ok()?.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        let fields = lines.filter_map(|line| line.split_once(": ")).collect();
        Some(Self { method, target, fields, body: rest.get(2..).unwrap_or_default() })
    }

    fn request(&self) -> CallRequest {
        let request = CallRequest::new(self.method, self.target);
        let request = self.fields.iter().fold(request, |request, (name, value)| request.header(*name, value));
        request.body(self.body.to_vec())
    }

    /// Whether the request asks for its own failure, or names a sandbox that is not looked at.
    fn steers(&self) -> bool {
        let steering = ["x-mock-", "prefer", "baggage", "cookie", "authorization"];
        let names = self.fields.iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        names.into_iter().any(|(name, value)| {
            steering.iter().any(|start| name.starts_with(start)) && (name != "authorization" || value.contains('+'))
        })
    }
}

/// A whole request to a provider: path, query, header fields and body.
fn ask(asked: &Asked, input: &[u8], meter: &mut Meter) {
    let Some(written) = Written::read(input).filter(|written| !written.steers()) else { return };
    if !written.target.starts_with(asked.mount) {
        return;
    }
    called(asked, written.method, written.request(), written.target, meter);
}

/// A whole request to the control API, in a sandbox of its own that goes afterwards.
fn control(input: &[u8], meter: &mut Meter) {
    let Some(written) = Written::read(input).filter(|written| written.target.starts_with("/_mock/")) else { return };
    let sandbox = FUZZED.mock.sandbox("control");
    let request = written.request().header("X-Mock-Sandbox", "control");
    match meter.count(|| FUZZED.mock.call(request)) {
        Ok(answer) if answer.status() >= 400 && !written.steers() => {
            let steps = sandbox.history().expect("a history");
            assert!(steps.is_empty(), "a refusal changed the state: {steps:?}");
        }
        Ok(_) | Err(MockError::Value { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    sandbox.delete().ok();
    if written.target.starts_with("/_mock/sandboxes") && written.method != "GET" {
        removes_sandboxes();
    }
}

/// Takes away what requests made, so that each input meets the same server.
fn removes_sandboxes() {
    let listed = FUZZED.mock.call(CallRequest::get("/_mock/sandboxes")).expect("a list");
    let listed: SandboxList = listed.json().expect("sandboxes");
    for state in listed.sandboxes {
        FUZZED.mock.sandbox(&state.name).delete().ok();
    }
}

/// Any text as a provider's fixture, which its first byte chooses. What was loaded is exported, and that loads again.
fn fixtures(input: &[u8], meter: &mut Meter) {
    let Some((first, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let ids = [VIJIL.id, AXERO.id, EQUALS_MONEY.id, CRUD.id];
    let id = ids[usize::from(*first) % ids.len()];
    let sandbox = FUZZED.mock.sandbox("fixtures");
    match meter.count(|| sandbox.put_state_text(id, text)) {
        Ok(()) => {
            let exported = sandbox.state_text(id).expect("a state");
            sandbox.put_state_text(id, &exported).expect("what was exported loads");
            assert_eq!(sandbox.state_text(id).expect("a state"), exported, "a state is not what it was");
            sandbox.reset().expect("a reset");
        }
        Err(_) => keeps_its_state(&sandbox, true),
    }
}

/// Any bytes as a fault rule and as an expectation, over a journal of a few calls.
fn patterns(input: &[u8], meter: &mut Meter) {
    let sandbox = FUZZED.mock.sandbox("patterns");
    sandbox.reset().expect("a reset");
    let json = |target: &str| CallRequest::post(target).header("Content-Type", "application/json").body(input.to_vec());
    meter.count(|| sandbox.call(json("/_mock/faults"))).expect("an answer");
    for asked in [&VIJIL, &AXERO, &EQUALS_MONEY, &CRUD] {
        let request = CallRequest::new(asked.method, asked.target).header("Authorization", asked.authorization);
        let request = request.json(&serde_json::json!({"name": "New name"}));
        meter.count(|| sandbox.call(request)).expect("an answer");
    }
    meter.count(|| sandbox.call(json("/_mock/verify"))).expect("an answer");
}

const SECRET: &str = "Tr0ub4dor-unheard-of-3";

/// A secret where secrets stand, among any bytes. The journal does not have it.
fn secrets(input: &[u8], meter: &mut Meter) {
    let sandbox = FUZZED.mock.sandbox("secrets");
    sandbox.reset().expect("a reset");
    let text = String::from_utf8_lossy(input).replace('"', "'").replace('\\', "/");
    let body = format!("{{\"note\":\"{text}\",\"password\":\"{SECRET}\",\"more\":\"{text}\"}}");
    let request = CallRequest::put(VIJIL.target)
        .header("Authorization", format!("Bearer {SECRET}"))
        .header("Content-Type", "application/json")
        .body(body);
    meter.count(|| sandbox.call(request)).expect("an answer");
    let journal = sandbox.call(CallRequest::get("/_mock/requests")).expect("a journal");
    assert!(!journal.text().contains(SECRET), "a secret is in the journal: {}", journal.text());
}
