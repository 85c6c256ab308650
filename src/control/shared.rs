//! What all operations of the control API share: what any may refuse, the sandbox that a request names, the token.

use serde_json::{Map, Value, json};

use super::verb::AnyVerb;
use crate::api::PROBLEM_JSON;

/// The name of the parameter that names a sandbox.
pub(super) const SANDBOX: &str = "Sandbox";
pub(super) const MAKE: &str = "SandboxMake";

/// The name of the token's security scheme.
pub(super) const TOKEN: &str = "controlToken";

/// The largest body that `--max-control-body` can let the control API take.
pub(crate) const MOST_BODY: usize = 1 << 30;

/// A refusal that is no business of a verb's.
pub(super) struct Refusal {
    /// Its name in the document.
    pub(super) name: &'static str,
    pub(super) status: u16,
    about: &'static str,
}

/// Who refuses before a verb is asked: `middleware::address`, `control::guard`, the reader of bodies, `middleware::panics` and
/// `server::aside`.
const SLOW: &str =
    "The body did not arrive in time, or came slowly while others found no room beside it (`--max-bodies`).";

pub(super) static REFUSALS: [Refusal; 7] = [
    Refusal {
        name: "BadRequest",
        status: 400,
        about: "The request names a sandbox by a text that is no name, or two sandboxes; its query has a parameter that is \
                not read here, or twice one that is no list; it has a body where none is read; or its body breaks off.",
    },
    Refusal {
        name: "Unauthorized",
        status: 401,
        about: "The server has a control token, and the request does not carry it.",
    },
    Refusal {
        name: "Forbidden",
        status: 403,
        about: "The request comes from a page that may not steer, or calls the server by a name that a stranger could own.",
    },
    Refusal { name: "RequestTimeout", status: 408, about: SLOW },
    Refusal {
        name: "ContentTooLarge",
        status: 413,
        about: "The body is larger than `--max-control-body` (64 MiB) allows, or the answer would be larger than \
                `--max-control-answer` (128 MiB) allows.",
    },
    Refusal {
        name: "InternalServerError",
        status: 500,
        about: "The mock crashed while it answered; its log says more.",
    },
    Refusal {
        name: "ServiceUnavailable",
        status: 503,
        about: "Others have asked for so much at once that there is no room for this, or that it waited too long for its \
                turn (`Retry-After` says when to ask again), or the work took longer than `--control-timeout` (10s) allows.",
    },
];

impl Refusal {
    /// Whether an operation may refuse so: one that is open wants no token, and for one that is light there is always room.
    pub(super) fn is_of(&self, verb: &dyn AnyVerb) -> bool {
        match self.status {
            401 => !verb.row().is_open,
            503 => !verb.row().light.is_some_and(|light| light.is_always(verb.reads_body())),
            _ => true,
        }
    }
}

/// The answers that operations refer to. `x-status` says under which status.
pub(super) fn responses(problem: &Value) -> Map<String, Value> {
    let response = |refusal: &Refusal| {
        let content = json!({PROBLEM_JSON: {"schema": problem}});
        json!({"description": refusal.about, "x-status": refusal.status.to_string(), "content": content})
    };
    REFUSALS.iter().map(|refusal| (refusal.name.to_owned(), response(refusal))).collect()
}

/// The parameters that operations refer to.
pub(super) fn parameters() -> Value {
    json!({SANDBOX: {
        "name": "X-Mock-Sandbox",
        "in": "header",
        "description": "The sandbox that is meant, where the base URL names none; `default` where nothing does. Both may \
                        name one, if it is the same.",
        "required": false,
        "schema": name(),
    }, MAKE: {
        "name": "X-Mock-Sandbox-Make",
        "in": "header",
        "description": "`no`: where the sandbox is not there, the request is answered 404, and makes none.",
        "required": false,
        "schema": {"type": "string", "enum": ["no"]},
    }})
}

/// What a sandbox or a snapshot may be called.
pub(super) fn name() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$"})
}

/// How the token is sent. An operation can do without it, as long as the server has none.
pub(super) fn security_schemes() -> Value {
    json!({TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of `--control-token`, where the server was started with one.",
    }})
}
