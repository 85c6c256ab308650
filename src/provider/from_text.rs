//! A provider for tests that is read from a text while the program runs, as one may be that a file states.

use std::convert::Infallible;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Call, Descriptor, Loading, Matched, Mount, Name, Operation, Options, Provenance, Provider, Refusal, Request,
    Response, Route, Routed, Sample,
};

/// What it remembers, which is also its fixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Counter {
    number: u64,
}

/// A provider of a counter, whose names are those of a text.
pub(crate) struct FromText {
    id: String,
    mount: String,
    routes: Vec<Route<Counter, Infallible>>,
}

impl FromText {
    /// Reads `{"id": …, "mount": …, "operations": [{"name": …, "method": …, "path": …}]}`. A GET shows the number, any
    /// other method adds one.
    pub(crate) fn read(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).expect("JSON");
        let text = |json: &Value, key: &str| json[key].as_str().expect(key).to_owned();
        let route = |operation: &Value| {
            let name = |key| Name::Owned(text(operation, key));
            let [name, method, path] = ["name", "method", "path"].map(name);
            let answer = if method == "GET" { show } else { add };
            Route::new(Operation::of(name, method, path, "", Provenance::Documented), answer)
        };
        let routes = json["operations"].as_array().expect("operations").iter().map(route).collect();
        Self { id: text(&json, "id"), mount: text(&json, "mount"), routes }
    }

    /// One called `counter` at `/counter`.
    pub(crate) fn counter() -> Self {
        let operation = |name, method| json!({"name": name, "method": method, "path": "/counter/number"});
        let operations = [operation("counter.get_number", "GET"), operation("counter.add_number", "POST")];
        Self::read(&json!({"id": "counter", "mount": "/counter", "operations": operations}).to_string())
    }
}

fn show(call: &Call<'_, Counter>) -> Result<Response, Infallible> {
    let body = format!("{} says {}", call.operation.name, call.read().number);
    Ok(Response::new(200).body("text/plain", body))
}

fn add(call: &Call<'_, Counter>) -> Result<Response, Infallible> {
    call.write(|state| {
        state.number += 1;
        Ok::<_, Infallible>(())
    })?;
    show(call)
}

impl Provider for FromText {
    type State = Counter;
    type Fixture = Counter;
    type Error = Infallible;

    fn descriptor(&self) -> Descriptor {
        Descriptor::new(self.id.clone(), self.id.clone(), r#"{"number": 1}"#, "{}")
            .with_mounts([Mount::at(self.mount.clone())])
    }

    fn routes(&self) -> &[Route<Counter, Infallible>] {
        &self.routes
    }

    fn load(&self, fixture: Counter, _: &mut Loading<'_>) -> Counter {
        fixture
    }

    fn export(&self, state: &Counter) -> Counter {
        state.clone()
    }

    fn route<'r>(&'r self, request: &Request<'r>, _: &Options) -> Routed<Matched<'r, Counter, Infallible>> {
        let mut here = self.routes.iter().filter(|route| route.operation.path == request.path);
        match here.find(|route| route.operation.method == request.method) {
            Some(route) => Routed::Operation(Matched { route, params: Vec::new() }),
            None => Routed::Refused(Refusal::NoRoute),
        }
    }

    fn refuse(&self, _: &Refusal, _: &Request<'_>, _: &Options) -> Response {
        Response::new(404)
    }

    fn sample(&self, _: &Counter, _: &Options) -> Option<Sample> {
        None
    }
}
