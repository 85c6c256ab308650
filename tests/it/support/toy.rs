//! A fifth provider, as small as one can be: a counter at `/toy` that also knows how to crash.

use std::convert::Infallible;

use persona_mock::provider::{
    Call, Descriptor, HeaderName, Loading, Matched, Mount, Operation, Options, Provenance, Provider, Refusal, Request,
    Response, Route, Routed, Sample,
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

const fn route(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    answer: fn(&Call<'_, Count>) -> Result<Response, Infallible>,
) -> Route<Count, Infallible> {
    Route::new(Operation::new(name, method, path, "", Provenance::Extension), answer)
}

static ROUTES: [Route<Count, Infallible>; 3] = [
    route("toy.get_count", "GET", "/toy/count", get),
    route("toy.add_count", "POST", "/toy/count", add),
    route("toy.crash_count", "POST", "/toy/crash", crash),
];

impl Provider for Toy {
    type State = Count;
    type Fixture = Count;
    type Error = Infallible;

    fn descriptor(&self) -> Descriptor {
        Descriptor::new("toy", "Toy", r#"{"count": 1}"#, include_str!("toy.json"))
            .with_mounts([Mount::at("/toy"), Mount::at("/toy/inner"), Mount::at("/TOYS").in_any_case()])
            .with_credentials(["authorization"])
    }

    fn routes(&self) -> &[Route<Count, Infallible>] {
        &ROUTES
    }

    fn load(&self, fixture: Count, loading: &mut Loading<'_>) -> Count {
        if fixture.count > 9 {
            loading.report("$.count", fixture.count, "a count below 10");
        }
        fixture
    }

    fn export(&self, state: &Count) -> Count {
        state.clone()
    }

    fn route<'r>(&'r self, request: &Request<'r>, _: &Options) -> Routed<Matched<'r, Count, Infallible>> {
        let route = match (request.method, request.rest) {
            ("GET", "/count") => &ROUTES[0],
            ("POST", "/count") => &ROUTES[1],
            ("POST", "/crash") => &ROUTES[2],
            (_, "/count") => {
                return Routed::Refused(Refusal::MethodNotAllowed { allow: vec!["GET".into(), "POST".into()] });
            }
            _ => return Routed::Refused(Refusal::NoRoute),
        };
        Routed::Operation(Matched { route, params: Vec::new() })
    }

    fn refuse(&self, refusal: &Refusal, _: &Request<'_>, _: &Options) -> Response {
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

    fn sample(&self, _: &Count, _: &Options) -> Option<Sample> {
        None
    }
}

/// It says its instant and takes its time, where it is asked for that.
fn get(call: &Call<'_, Count>) -> Result<Response, Infallible> {
    if call.request.header("x-toy-slow").is_none() {
        return Ok(answer(200, call.read().count, call));
    }
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let now = HeaderName::from_static("x-toy-now");
    Ok(answer(200, call.read().count, call).header(now, call.now.to_string()))
}

/// It takes its time in the middle of its write, where it is asked for that.
fn add(call: &Call<'_, Count>) -> Result<Response, Infallible> {
    let grown = call.write(|state| {
        if let Some(time) = call.request.header_text("x-toy-write").and_then(|time| time.parse().ok()) {
            std::thread::sleep(std::time::Duration::from_millis(time));
        }
        state.count += 1;
        Ok::<_, Infallible>(state.count)
    })?;
    Ok(answer(201, grown, call))
}

fn crash(call: &Call<'_, Count>) -> Result<Response, Infallible> {
    call.write(|state| {
        state.count += 100;
        panic!("crashed on purpose");
    })
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
