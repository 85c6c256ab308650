//! What is asked of a mock without a socket, and answered, beside the same through one.

use persona_mock::mock::{CallRequest, CallResponse};

use super::client::{Answer, Asked};

/// The fields by which HTTP frames a body: a socket's business.
const FRAMING: [&str; 3] = ["connection", "content-length", "transfer-encoding"];

/// A request as the raw client sends it.
pub fn request(asked: &Asked) -> CallRequest {
    let latin_1 =
        |text: &str| -> Vec<u8> { text.chars().map(|char| u8::try_from(u32::from(char)).expect("Latin-1")).collect() };
    let mut request = CallRequest::new(&*asked.method, &*asked.target).body(asked.body.clone());
    if !asked.has("host") {
        request = request.header("Host", "mock.test");
    }
    let is_told_empty = asked.body.is_empty() && matches!(&*asked.method, "POST" | "PUT" | "PATCH");
    if is_told_empty && !asked.has("content-length") && !asked.has("transfer-encoding") {
        request = request.header("Content-Length", "0");
    }
    let fields = asked.headers.iter();
    fields.fold(request, |request, (name, value)| request.header(&**name, latin_1(value)))
}

/// An answer as it is compared.
pub fn shown(answer: &CallResponse) -> (u16, Vec<(String, String)>, String) {
    let latin_1 = |value: &[u8]| value.iter().copied().map(char::from).collect();
    let mut fields: Vec<_> = answer.headers().map(|(name, value)| (name.to_owned(), latin_1(value))).collect();
    fields.sort();
    (answer.status(), fields, answer.text().into_owned())
}

/// An answer of a socket as it is compared.
pub fn shown_from_socket(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut fields = answer.headers.clone();
    fields.retain(|(name, _)| !FRAMING.contains(&&*name.to_ascii_lowercase()));
    fields.sort();
    (answer.status, fields, answer.text())
}
