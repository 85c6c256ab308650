//! The journal as it is written.

use std::io::{BufRead, BufReader};

use serde::Deserialize;

use super::answers::Exchange;
use super::error::MockError;

/// Something that happened in a sandbox.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request was answered.
    Exchange(Box<Exchange>),
    /// So many exchanges made room for others before they could be told.
    Lost(u64),
    /// The journal was emptied.
    Reset,
    /// There will be no more, and why.
    End(String),
}

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

#[derive(Deserialize)]
struct Lost {
    lost: u64,
}

#[derive(Deserialize)]
struct End {
    reason: String,
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
        let strange = |error: serde_json::Error| self.strange(error.to_string());
        Ok(match name {
            "exchange" => Event::Exchange(serde_json::from_str(data).map_err(strange)?),
            "lost" => Event::Lost(serde_json::from_str::<Lost>(data).map_err(strange)?.lost),
            "reset" => Event::Reset,
            "end" => Event::End(serde_json::from_str::<End>(data).map_err(strange)?.reason),
            other => return Err(self.strange(format!("an event `{other}`"))),
        })
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
