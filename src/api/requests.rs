//! Which exchanges of the journal are wanted: the query of `/_mock/requests` and its kin.

use super::EventId;
use crate::world::call::{Field, Pattern, Wrong, describes_answers, describes_requests};

/// How many exchanges a page has, unless the query says otherwise.
const LIMIT: u64 = 100;

/// The most exchanges of a page.
pub(crate) const MOST_REQUESTS: u64 = 1_000;

/// What stands for all sandboxes.
pub(crate) const EVERYWHERE: &str = "*";

/// Which exchanges of the journal are wanted; all, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests {
    pattern: Pattern,
    newest_first: Option<bool>,
    limit: Option<u64>,
    cursor: Option<u64>,
    last_event: Option<EventId>,
    everywhere: bool,
}

describes_requests!(Requests, pattern);
describes_answers!(Requests, pattern);

impl From<Pattern> for Requests {
    fn from(pattern: Pattern) -> Self {
        Self { pattern, ..Self::default() }
    }
}

impl Requests {
    /// All of them, oldest first.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// The newest first.
    #[must_use]
    pub fn newest_first(self) -> Self {
        Self { newest_first: Some(true), ..self }
    }

    /// Of events: those that are kept first.
    #[must_use]
    pub fn with_kept(self) -> Self {
        Self { last_event: Some(EventId::START), ..self }
    }

    /// Those of all sandboxes, in the order in which they were answered; each says its sandbox.
    #[must_use]
    pub fn of_all_sandboxes(self) -> Self {
        Self { everywhere: true, ..self }
    }

    /// Whether those of all sandboxes are wanted.
    #[must_use]
    pub fn is_of_all_sandboxes(&self) -> bool {
        self.everywhere
    }

    /// What each of them must be.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Whether the newest are wanted first.
    #[must_use]
    pub fn is_newest_first(&self) -> bool {
        self.newest_first.unwrap_or(false)
    }

    /// How many are wanted on a page.
    #[must_use]
    pub fn page_size(&self) -> u64 {
        self.limit.unwrap_or(LIMIT)
    }

    /// Where the page before ended.
    #[must_use]
    pub fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// The last event that was seen.
    #[must_use]
    pub fn last_event(&self) -> Option<EventId> {
        self.last_event
    }

    /// Reads a query, in which, beside the fields of a pattern, these `others` may stand.
    ///
    /// # Errors
    ///
    /// The first parameter that is wrong, and what would be right.
    pub fn read(query: &str, others: &[&str]) -> Result<Self, Wrong> {
        let mut wanted = Self::default();
        for (name, text) in form_urlencoded::parse(query.as_bytes()) {
            wanted.read_one(&name, &text, others).map_err(|detail| Wrong::new(format!(".{name}"), detail))?;
        }
        wanted.pattern.check()?;
        Ok(wanted)
    }

    fn read_one(&mut self, name: &str, text: &str, others: &[&str]) -> Result<(), String> {
        if let Some(field) = Field::named(name) {
            return field.read(&mut self.pattern, text);
        }
        let wrong = |expected: &str| format!("expected {expected}, found {text:?}");
        match name {
            unknown if !others.contains(&unknown) => {
                let known: Vec<_> = Field::all().iter().map(|field| field.name).chain(others.iter().copied()).collect();
                // A name of another length is no slip of the fingers, and to compare a long one costs.
                let is_near = |known: &&&str| known.len().abs_diff(unknown.len()) <= 8;
                let near = known.iter().filter(is_near).find(|known| strsim::osa_distance(known, unknown) <= 2);
                let near = near.map(|near| format!("`{near}` was probably meant; "));
                let near = near.unwrap_or_default();
                return Err(format!(
                    "there is no parameter `{unknown}`; {near}the parameters are {}",
                    known.join(", ")
                ));
            }
            "order" => match text {
                "oldest" | "newest" => self.newest_first = self.newest_first.or(Some(text == "newest")),
                other => return Err(format!("expected `oldest` or `newest`, found {other:?}")),
            },
            "limit" => match text.parse() {
                Ok(limit @ 1..=MOST_REQUESTS) => self.limit = self.limit.or(Some(limit)),
                _ => return Err(wrong(&format!("a whole number from 1 to {MOST_REQUESTS}, such as {LIMIT}"))),
            },
            "cursor" => match text.parse() {
                Ok(cursor) => self.cursor = self.cursor.or(Some(cursor)),
                Err(_) => return Err(wrong("the `next` of the page before, a whole number such as 100")),
            },
            "sandbox" if text == EVERYWHERE => self.everywhere = true,
            "sandbox" => {
                return Err(wrong(
                    "`*`, which is all sandboxes; one is named by the base URL, as in /_sandbox/t1/_mock/requests, or by \
                     the header X-Mock-Sandbox",
                ));
            }
            "last_event_id" => self.last_event = self.last_event.or(Some(text.parse()?)),
            _ => {}
        }
        Ok(())
    }

    /// The names and values of the query that says this.
    ///
    /// # Errors
    ///
    /// What a builder was given and could not take, or what no query can say.
    pub fn pairs(&self) -> Result<Vec<(&'static str, String)>, Wrong> {
        self.pattern.check()?;
        if let Some(path) = self.pattern.body_at.keys().chain(&self.pattern.body_has).find(|path| path.contains('=')) {
            let detail =
                format!("a filter of the journal ends a path at `=`, found {path:?}; `verify` takes such a name");
            return Err(Wrong::new(".body_at", detail));
        }
        if let Some(name) = self.pattern.query.keys().find(|name| name.contains('=')) {
            let detail = format!(
                "a filter of the journal ends a parameter's name at `=`, found {name:?}; `verify` takes such a name"
            );
            return Err(Wrong::new(".query", detail));
        }
        let is_other = |name: &&String| name.contains(':') || name.trim() != *name || name.is_empty();
        if let Some(name) = self.pattern.header.keys().find(is_other) {
            let detail = format!("expected the name of a header field, such as X-Trace, found {name:?}");
            return Err(Wrong::new(".header", detail));
        }
        let fields = Field::all().iter();
        let mut pairs: Vec<_> =
            fields.flat_map(|field| field.texts(&self.pattern).into_iter().map(|text| (field.name, text))).collect();
        let order = self.newest_first.map(|newest| if newest { "newest" } else { "oldest" });
        pairs.extend(order.map(|order| ("order", order.to_owned())));
        pairs.extend(self.limit.map(|limit| ("limit", limit.to_string())));
        pairs.extend(self.cursor.map(|cursor| ("cursor", cursor.to_string())));
        pairs.extend(self.everywhere.then(|| ("sandbox", EVERYWHERE.to_owned())));
        pairs.extend(self.last_event.map(|event| ("last_event_id", event.to_string())));
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filter_reads_back_from_its_query() {
        let wanted = Requests::all()
            .provider("p")
            .operation("p.o")
            .method("put")
            .path("/a/*")
            .status("4xx")
            .header("X-A", "a*")
            .header("X-B", "*")
            .query("a", "b=c")
            .changed(false)
            .since("2026-01-15T12:00:00Z")
            .until("2026-01-15T12:00:00.5Z")
            .body(json!({"a": [1, null]}))
            .body_at("$.t", "5")
            .body_at("$.u", json!({"x": 1.5}))
            .body_has("$.v[0]")
            .hint("invalid")
            .ignored(true)
            .of_all_sandboxes()
            .newest_first()
            .with_kept();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(wanted.pairs().expect("a query"));
        let others = ["sandbox", "order", "limit", "cursor", "last_event_id"];
        assert_eq!(Requests::read(&query.finish(), &others), Ok(wanted));
    }

    #[test]
    fn what_no_query_can_say_is_told_before_it_is_sent() {
        for (wanted, at, detail) in [
            (Requests::all().path("/v1/p*"), ".path", "stand for whole segments"),
            (Requests::all().status("x").path("v1"), ".status", "expected a status such as 404 or 4xx"),
            (Requests::all().since("noon"), ".since", "expected an RFC 3339 instant"),
            (Requests::all().hint("wrong"), ".hint", "or a reason: no_route, wrong_method, invalid"),
            (Requests::all().body_at("a", 1), ".body_at", "expected a path such as $.rows[0].name"),
            (Requests::all().body_at("$.a=b", 1), ".body_at", "`verify` takes such a name"),
            (Requests::all().query("a=b", "c"), ".query", "ends a parameter's name at `=`, found \"a=b\""),
            (Requests::all().header("X-A: 1", "*"), ".header", "such as X-Trace, found \"X-A: 1\""),
            (Requests::all().header("", "*"), ".header", "such as X-Trace, found \"\""),
        ] {
            let wrong = wanted.pairs().expect_err(detail);
            assert!(wrong.at == at && wrong.detail.contains(detail), "{wrong}");
        }
    }
}
