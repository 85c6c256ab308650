//! What an operation passes over of a request is said of its answer, whether it succeeds or fails.

use super::call::Call;
use super::response::{Response, Unread};
use super::vendor::IntoResponse;

/// The answer of an operation that notes what of the request it passes over.
pub(crate) fn noting<S: Clone, E: IntoResponse>(
    call: &Call<'_, S>,
    answer: impl FnOnce(&Call<'_, S>, &mut Unread) -> Result<Response, E>,
) -> Result<Response, E> {
    let mut unread = Unread::default();
    let answer = answer(call, &mut unread);
    if unread.count() == 0 {
        return answer;
    }
    let answer = answer.unwrap_or_else(|error| error.into_hinted(&call.request, call.options));
    Ok(answer.unread(unread))
}

/// Notes the body of a request whose operation takes none. One that holds nothing, as programs send it with every
/// request, leaves nothing out.
pub(crate) fn pass_over_body(body: &[u8], unread: &mut Unread) {
    if !matches!(body.trim_ascii(), b"" | b"{}" | b"[]" | b"null" | b"\"\"") {
        unread.note(|| "$".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_holds_nothing_is_not_passed_over() {
        let noted = |body: &str| {
            let mut unread = Unread::default();
            pass_over_body(body.as_bytes(), &mut unread);
            unread.first().map(str::to_owned)
        };
        for empty in ["", " \r\n", "{}", " {}\n", "[]", "null", "\"\""] {
            assert_eq!(noted(empty), None, "{empty:?}");
        }
        for told in ["{\"limit\":1}", "limit=1", "0", "\u{feff}"] {
            assert_eq!(noted(told).as_deref(), Some("$"), "{told:?}");
        }
    }
}
