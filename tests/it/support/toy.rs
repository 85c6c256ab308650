//! A fifth provider, as small as one can be: a counter at `/toy` that also knows how to crash.

use persona_mock::provider::{
    Call, Descriptor, HeaderName, Loading, Mount, Operation, Options, Provenance, Provider, Refusal, Request, Response,
    Routed, Sample,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub struct Toy;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    count: u64,
}

const fn operation(name: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation { name, method, path, summary: "", provenance: Provenance::Extension }
}

static OPERATIONS: [Operation; 3] = [
    operation("toy.get_count", "GET", "/toy/count"),
    operation("toy.add_count", "POST", "/toy/count"),
    operation("toy.crash_count", "POST", "/toy/crash"),
];

static DESCRIPTOR: Descriptor = Descriptor {
    id: "toy",
    title: "Toy",
    mounts: &[Mount::at("/toy"), Mount::at("/toy/inner"), Mount::at("/TOYS").in_any_case()],
    operations: &OPERATIONS,
    settings: &[],
    fixture: r#"{"count": 1}"#,
    document: include_str!("toy.json"),
};

impl Provider for Toy {
    type State = Count;
    type Fixture = Count;

    fn descriptor() -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn load(fixture: Count, loading: &mut Loading<'_>) -> Count {
        if fixture.count > 9 {
            loading.report("$.count", fixture.count, "a count below 10");
        }
        fixture
    }

    fn export(state: &Count) -> Count {
        state.clone()
    }

    fn route<'r>(request: &Request<'r>, _: &Options) -> Routed<'r> {
        match (request.method, request.rest) {
            ("GET", "/count") => Routed::Operation(&OPERATIONS[0], Vec::new()),
            ("POST", "/count") => Routed::Operation(&OPERATIONS[1], Vec::new()),
            ("POST", "/crash") => Routed::Operation(&OPERATIONS[2], Vec::new()),
            (_, "/count") => Routed::Refused(Refusal::MethodNotAllowed { allow: vec!["GET", "POST"] }),
            _ => Routed::Refused(Refusal::NoRoute),
        }
    }

    fn handle(call: &Call<'_, Count>) -> Response {
        let grown = match call.operation.name {
            // It says its instant, and takes its time.
            "toy.get_count" if call.request.header("x-toy-slow").is_some() => {
                std::thread::sleep(std::time::Duration::from_millis(1_100));
                let now = HeaderName::from_static("x-toy-now");
                return answer(200, call.read().count, call).header(now, call.now.to_string());
            }
            "toy.get_count" => return answer(200, call.read().count, call),
            "toy.add_count" => call.write(|state| {
                state.count += 1;
                Ok::<_, ()>(state.count)
            }),
            _ => call.write(|state| {
                state.count += 100;
                panic!("crashed on purpose");
            }),
        };
        answer(201, grown.unwrap_or_default(), call)
    }

    fn refuse(refusal: &Refusal, _: &Request<'_>, _: &Options) -> Response {
        let (status, allow) = match refusal {
            Refusal::NoRoute => (404, None),
            Refusal::MethodNotAllowed { allow } => (405, Some(allow.join(", "))),
            Refusal::BadRequest | Refusal::MalformedBody => (400, None),
            Refusal::UnsupportedMediaType => (415, None),
            Refusal::TooLarge { .. } => (413, None),
            Refusal::Unauthorized => (401, None),
            Refusal::Forbidden => (403, None),
            Refusal::RateLimited { retry_after_s } => return later(429, *retry_after_s),
            Refusal::Unavailable { retry_after_s } => return later(503, *retry_after_s),
            Refusal::Timeout => (408, None),
            Refusal::Crashed => (500, None),
        };
        let mut response = Response::new(status).json("application/toy+json", &json!({"toy": status}));
        if let Some(allow) = allow {
            response.push(HeaderName::from_static("allow"), allow);
        }
        response
    }

    fn sample(_: &Count, _: &Options) -> Option<Sample> {
        None
    }
}

fn later(status: u16, retry_after_s: u64) -> Response {
    let retry_after = HeaderName::from_static("retry-after");
    Response::new(status)
        .header(retry_after, retry_after_s.to_string())
        .json("application/toy+json", &json!({"toy": status}))
}

fn answer(status: u16, count: u64, call: &Call<'_, Count>) -> Response {
    let text = String::from_utf8_lossy(call.request.body);
    let body = json!({"count": count, "mount": call.request.mount, "body": text, "base": call.request.base_url()});
    Response::new(status)
        .header(HeaderName::from_static("location"), "/toy/count")
        .inferred()
        .json("application/toy+json", &body)
}
