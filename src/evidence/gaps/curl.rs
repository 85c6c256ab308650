//! A request as one line of a shell.

use std::fmt::Write;

use super::draft::Call;

/// Where the requests of one line go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    /// The address without a slash at its end; a sandbox stands in it.
    pub(super) base: &'a str,
}

/// The header field of the control API's token, which a shell takes from where the command line does.
const TOKEN: &str = r#""Authorization: Bearer $PERSONA_MOCK_CONTROL_TOKEN""#;

impl Target<'_> {
    /// The command that sends a request and prints its answer.
    pub(super) fn curl(self, call: &Call) -> String {
        match &*call.method {
            "HEAD" => self.command("curl -sS -I", call),
            _ => self.command("curl -sS -i", call),
        }
    }

    /// The command that sends a request to the control API, and prints what is wrong alone.
    pub(super) fn quiet(self, call: &Call, with_token: bool) -> String {
        let line = self.command("curl -sS -f -o /dev/null", call);
        if with_token { format!("{line} -H {TOKEN}") } else { line }
    }

    fn command(self, start: &str, Call { method, target, headers, body }: &Call) -> String {
        let mut line = start.to_owned();
        if !matches!((&**method, body), ("GET" | "HEAD", None) | ("POST", Some(_))) {
            let _ = write!(line, " -X {}", quoted(method));
        }
        let _ = write!(line, " {}", quoted(&format!("{}{target}", self.base)));
        for (name, value) in headers {
            // curl leaves a field out that ends at its colon, and sends one without a value that ends in a semicolon.
            let field = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            let _ = write!(line, " -H {}", quoted(&field));
        }
        if let Some(body) = body {
            // `--data` would read a file whose name stands behind an `@`.
            let _ = write!(line, " --data-raw {}", quoted(body));
        }
        line
    }
}

/// A text as one word of a POSIX shell, whatever it holds.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:%=,+@".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_to_a_shell_what_it_is() {
        for (text, word) in [
            ("/v1/personas/", "/v1/personas/"),
            ("", "''"),
            ("a b", "'a b'"),
            ("?limit=1", "'?limit=1'"),
            ("it's", r"'it'\''s'"),
            ("'; touch x; '", r"''\''; touch x; '\'''"),
            ("$(id) `id` \\ \" !", "'$(id) `id` \\ \" !'"),
            ("~", "'~'"),
        ] {
            assert_eq!(quoted(text), word, "{text}");
        }
    }

    #[test]
    fn a_request_is_one_line() {
        let call = |method: &str, body: Option<&str>| Call {
            method: method.to_owned(),
            target: "/v1/a?b=1".to_owned(),
            headers: vec![("X-Empty".to_owned(), String::new()), ("A".to_owned(), "b c".to_owned())],
            body: body.map(str::to_owned),
        };
        let target = Target { base: "http://127.0.0.1:8080/_sandbox/t" };
        let rest = "'http://127.0.0.1:8080/_sandbox/t/v1/a?b=1' -H 'X-Empty;' -H 'A: b c'";
        for (method, body, line) in [
            ("GET", None, format!("curl -sS -i {rest}")),
            ("HEAD", None, format!("curl -sS -I {rest}")),
            ("POST", Some("@file"), format!("curl -sS -i {rest} --data-raw @file")),
            ("POST", None, format!("curl -sS -i -X POST {rest}")),
            ("GET", Some("{}"), format!("curl -sS -i -X GET {rest} --data-raw '{{}}'")),
        ] {
            assert_eq!(target.curl(&call(method, body)), line);
        }
        let quiet = target.quiet(&call("PUT", Some("1")), true);
        assert!(quiet.starts_with("curl -sS -f -o /dev/null -X PUT ") && quiet.ends_with(TOKEN), "{quiet}");
    }
}
