//! The journal as it is written.

use std::io::{BufRead, BufReader};

use super::error::MockError;
use crate::api::Event;

/// Events as they come; each step waits for the next. It ends with the server, or the sandbox.
pub struct Events {
    lines: BufReader<ureq::BodyReader<'static>>,
    request: String,
    ended: bool,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").field("request", &self.request).field("ended", &self.ended).finish_non_exhaustive()
    }
}

impl Events {
    pub(super) fn new(body: ureq::BodyReader<'static>, request: String) -> Self {
        Self { lines: BufReader::new(body), request, ended: false }
    }

    /// The next event's name and data.
    pub(crate) fn raw(&mut self) -> Option<Result<(String, String), MockError>> {
        let (mut name, mut data) = (String::new(), Vec::new());
        while !self.ended {
            let mut line = String::new();
            match self.lines.read_line(&mut line) {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(self.strange(error.to_string())));
                }
            }
            match line.trim_end_matches(['\n', '\r']).split_once(": ") {
                Some(("event", event)) => event.clone_into(&mut name),
                Some(("data", text)) => data.push(text.to_owned()),
                // An empty line ends an event; one that has no name is a comment and a sign of life.
                None if line.trim().is_empty() && !name.is_empty() => return Some(Ok((name, data.join("\n")))),
                _ => {}
            }
        }
        None
    }

    fn event(&self, name: &str, data: &str) -> Result<Event, MockError> {
        match Event::read(name, data) {
            Ok(Some(event)) => Ok(event),
            Ok(None) => Err(self.strange(format!("an event `{name}`"))),
            Err(error) => Err(self.strange(error.to_string())),
        }
    }

    fn strange(&self, reason: String) -> MockError {
        MockError::Strange { request: self.request.clone(), reason }
    }
}

impl Iterator for Events {
    type Item = Result<Event, MockError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (name, data) = match self.raw()? {
            Ok(raw) => raw,
            Err(error) => return Some(Err(error)),
        };
        Some(self.event(&name, &data))
    }
}
