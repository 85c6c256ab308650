//! What is fuzzed. Each target takes any bytes, and panics where a promise of the mock is broken:
//!
//! - nothing crashes;
//! - what a provider answers is in its document;
//! - a refused request changes nothing;
//! - no secret is in the journal;
//! - no input costs the mock more than its limit, twice in a row.
//!
//! `cargo test` replays the corpora through the same functions (`tests/it/fuzzed.rs`).

use std::sync::LazyLock;
use std::time::Duration;

use persona_mock::api::{SandboxList, SandboxStart};
use persona_mock::mock::{CallRequest, CallResponse, MockError, Sandbox};
use persona_mock::{Mock, PersonaMock};

use super::cost::{Cost, Limit, Meter};
use super::documents::Documents;

/// A target.
pub struct Target {
    /// Its name, which is that of its corpus, too.
    pub name: &'static str,
    /// Runs one input, and counts what the mock does.
    pub run: fn(&[u8], &mut Meter),
    /// What an input may cost.
    limit: Limit,
}

const fn target(name: &'static str, bytes: (u64, u64), time: (u64, u64), run: fn(&[u8], &mut Meter)) -> Target {
    let ((kib, bytes), (base_micros, micros)) = (bytes, time);
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

/// What an input may take whatever it allocates: 2 ms, and 1 µs a byte.
const TIME: (u64, u64) = (2_000, 1);

/// All of them. What an input may allocate is KiB, and bytes for each byte of it: twice what inputs take that have as much of
/// one thing as they have bytes, such as a list in a list, an object that lacks members, a name that nothing has. README.md
/// says what takes that.
pub const TARGETS: &[Target] = &[
    target("read_vijil", (64, 500), TIME, |input, meter| read(&VIJIL, input, meter)),
    target("read_axero", (64, 1_200), TIME, |input, meter| read(&AXERO, input, meter)),
    target("read_equals_money", (128, 500), TIME, |input, meter| read(&EQUALS_MONEY, input, meter)),
    target("read_crud", (64, 1_900), TIME, |input, meter| read(&CRUD, input, meter)),
    target("ask_vijil", (64, 500), TIME, |input, meter| ask(&VIJIL, input, meter)),
    target("ask_axero", (64, 1_200), TIME, |input, meter| ask(&AXERO, input, meter)),
    target("ask_equals_money", (64, 500), TIME, |input, meter| ask(&EQUALS_MONEY, input, meter)),
    target("ask_crud", (64, 2_500), TIME, |input, meter| ask(&CRUD, input, meter)),
    target("control", (1_536, 160), TIME, control),
    target("fixtures", (64, 3_000), TIME, fixtures),
    target("patterns", (448, 320), TIME, patterns),
    target("secrets", (64, 300), TIME, secrets),
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

/// Their ids.
const IDS: [&str; 4] = [VIJIL.id, AXERO.id, EQUALS_MONEY.id, CRUD.id];

struct Fuzzed {
    mock: PersonaMock,
    documents: Documents,
}

/// One mock takes all inputs. Each meets the same state, as what an input changed is put back.
static FUZZED: LazyLock<Fuzzed> = LazyLock::new(|| {
    let mock = PersonaMock::builder().seed(1).clock("2026-01-15T12:00:00Z").journal(8, 16 << 10);
    let mock = mock.build().expect("a mock");
    mock.make_sandbox(CONTROL, &SandboxStart::new()).expect("a sandbox");
    makes_calls(&mock.sandbox(PATTERNS), |call| call());
    Fuzzed { mock, documents: Documents::of(&IDS) }
});

/// What no target breaks: the state behind a refusal is the state before it. A change is undone. Each has a number, so that
/// no state is read.
fn keeps_its_state(sandbox: &str, is_refused: bool) {
    if matches!(FUZZED.mock.steps(sandbox), None | Some(0)) {
        return;
    }
    let sandbox = FUZZED.mock.sandbox(sandbox);
    assert!(!is_refused, "a refusal changed the state: {:?}", sandbox.history());
    sandbox.reset().expect("a reset");
}

fn called(asked: &Asked, method: &str, request: CallRequest, target: &str, meter: &mut Meter) -> Option<CallResponse> {
    let sandbox = FUZZED.mock.sandbox(asked.id);
    let answer = match meter.count(|| sandbox.call(request)) {
        Ok(answer) => answer,
        Err(MockError::Value { .. }) => return None,
        Err(error) => panic!("{error}"),
    };
    FUZZED.documents.hold(asked.id, method, target, &answer);
    keeps_its_state(asked.id, answer.status() >= 400);
    Some(answer)
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

const CONTROL: &str = "control";

/// A whole request to the control API, in a sandbox of its own, which is made anew where it may be another afterwards.
fn control(input: &[u8], meter: &mut Meter) {
    let Some(written) = Written::read(input).filter(|written| written.target.starts_with("/_mock/")) else { return };
    let request = written.request().header("X-Mock-Sandbox", CONTROL);
    let is_refused = match meter.count(|| FUZZED.mock.call(request)) {
        Ok(answer) => answer.status() >= 400,
        Err(MockError::Value { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    if !written.steers() && (is_refused || written.method == "GET") {
        assert_eq!(FUZZED.mock.steps(CONTROL), Some(0), "a refusal or a read changed the state");
        return;
    }
    if written.target.starts_with("/_mock/sandboxes") {
        removes_sandboxes();
    }
    FUZZED.mock.make_sandbox(CONTROL, &SandboxStart::new()).expect("a sandbox");
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
    let id = IDS[usize::from(*first) % IDS.len()];
    let sandbox = FUZZED.mock.sandbox("fixtures");
    let is_refused = meter.count(|| sandbox.put_state_text(id, text)).is_err();
    if !is_refused {
        let exported = sandbox.state_text(id).expect("a state");
        sandbox.put_state_text(id, &exported).expect("what was exported loads");
        assert_eq!(sandbox.state_text(id).expect("a state"), exported, "a state is not what it was");
    }
    keeps_its_state(sandbox.name(), is_refused);
}

const PATTERNS: &str = "patterns";

/// Any bytes as a fault rule and as an expectation, over a journal of a few calls. A rule that is taken strikes them.
fn patterns(input: &[u8], meter: &mut Meter) {
    let sandbox = FUZZED.mock.sandbox(PATTERNS);
    let json = |target: &str| CallRequest::post(target).header("Content-Type", "application/json").body(input.to_vec());
    let is_taken = meter.count(|| sandbox.call(json("/_mock/faults"))).expect("an answer").status() < 400;
    if is_taken {
        sandbox.reset_only("journal").expect("an empty journal");
        makes_calls(&sandbox, |call| meter.count(call));
    } else if matches!(FUZZED.mock.steps(PATTERNS), None | Some(0)) {
        // An input of the control API took them away.
        makes_calls(&sandbox, |call| call());
    }
    meter.count(|| sandbox.call(json("/_mock/verify"))).expect("an answer");
    if is_taken {
        sandbox.reset().expect("a reset");
        makes_calls(&sandbox, |call| call());
    }
}

/// Makes a call to each provider.
fn makes_calls(sandbox: &Sandbox, mut make: impl FnMut(&dyn Fn())) {
    for asked in [&VIJIL, &AXERO, &EQUALS_MONEY, &CRUD] {
        let request = CallRequest::new(asked.method, asked.target).header("Authorization", asked.authorization);
        let request = request.json(&serde_json::json!({"name": "New name"}));
        make(&|| drop(sandbox.call(request.clone()).expect("an answer")));
    }
}

const SECRET: &str = "Tr0ub4dor-unheard-of-3";

/// A secret where secrets stand, among any bytes. The journal does not have it.
fn secrets(input: &[u8], meter: &mut Meter) {
    let sandbox = FUZZED.mock.sandbox("secrets");
    let text = String::from_utf8_lossy(input).replace('"', "'").replace('\\', "/");
    let body = format!("{{\"note\":\"{text}\",\"password\":\"{SECRET}\",\"more\":\"{text}\"}}");
    let request = CallRequest::put(VIJIL.target)
        .header("Authorization", format!("Bearer {SECRET}"))
        .header("Content-Type", "application/json")
        .body(body);
    meter.count(|| sandbox.call(request)).expect("an answer");
    let journal = sandbox.call(CallRequest::get("/_mock/requests?order=newest&limit=1")).expect("a journal");
    // Its path may not be shown: what the body calls a credential may be a word of that.
    assert!(journal.text().contains("vijil.update_persona"), "the request is not in the journal: {}", journal.text());
    assert!(!journal.text().contains(SECRET), "a secret is in the journal: {}", journal.text());
    keeps_its_state(sandbox.name(), false);
}
