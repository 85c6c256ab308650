//! Which request fills which cell.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::cell::{Cell, How, Site};
use super::changes;
use super::draft::{Body, Call, Draft};
use super::known::Known;
use super::path;
use super::shown::{Shown, text};
use super::trial::{Outcome, Scratch};
use crate::contract::Document;
use crate::contract::document::Endpoint;
use crate::provider::AuthMode;
use crate::world::cancel::{Cancel, Cancelled};

/// How many requests are tried for one operation.
pub(crate) const MOST_TRIED: usize = 3_000;

/// How many requests of one kind are changed further.
const MOST_CHANGED: usize = 4;

/// How a cell is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// By these requests, one after the other.
    Calls {
        calls: Vec<Call>,
        /// Which credentials must pass for that, where it is not those that do.
        auth: Option<AuthMode>,
        /// The status of the last answer.
        status: u16,
        /// Whether the last request asks for its answer.
        injected: bool,
    },
    /// By none, and why.
    None(&'static str),
}

/// Who finds the requests for the cells of one document.
#[derive(Debug)]
pub(crate) struct Planner<'s> {
    scratch: &'s Scratch,
    provider: &'s str,
    document: Arc<Document>,
    /// The credentials that the data lists, each as a header field; those that pass for the longest first.
    credentials: Vec<(String, String)>,
    known: OnceLock<Known>,
    /// Whether settings may be changed before a request is sent.
    may_switch: bool,
}

impl<'s> Planner<'s> {
    /// The planner for a provider's document.
    pub(crate) fn new(scratch: &'s Scratch, provider: &'s str, document: Arc<Document>, may_switch: bool) -> Self {
        let credentials = scratch.credentials(provider);
        Self { scratch, provider, document, credentials, known: OnceLock::new(), may_switch }
    }

    /// What the data holds, which is looked up when it is first asked for.
    fn known(&self, cancel: &Cancel) -> Result<&Known, Cancelled> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let known = Known::of(self.scratch, self.provider, &self.document, &self.credentials, cancel)?;
        Ok(self.known.get_or_init(|| known))
    }

    /// How each of these cells of an operation is filled, in their order; one that is no cell is by none.
    ///
    /// # Errors
    ///
    /// It is no longer wanted.
    pub(crate) fn ways(
        &self,
        operation: &str,
        method: &str,
        cells: &[Option<Cell>],
        cancel: &Cancel,
    ) -> Result<Vec<Way>, Cancelled> {
        let endpoint = self.document.operation(operation, method);
        let shown = endpoint.and_then(|endpoint| Shown::of(&self.document, endpoint));
        let Some(shown) = shown else {
            return Ok(vec![Way::None("the document has no such operation"); cells.len()]);
        };
        let wanted = cells.iter().flatten().map(|cell| Wanted { cell, found: None, second: None }).collect();
        let mut search = Search { planner: self, shown, operation, wanted, tried: 0, cancel };
        search.run()?;
        let mut found = search.wanted.into_iter().map(Wanted::way);
        let unread = || Way::None("no request is known for it");
        Ok(cells.iter().map(|cell| cell.as_ref().and_then(|_| found.next()).unwrap_or_else(unread)).collect())
    }
}

/// A cell that is looked for.
struct Wanted<'c> {
    cell: &'c Cell,
    found: Option<Way>,
    /// A way by which the vendor refuses what was to be exercised.
    second: Option<Way>,
}

impl Wanted<'_> {
    fn way(self) -> Way {
        let reason = match self.cell {
            Cell::Parameter(_, _, How::Refused) | Cell::Field(_, How::Refused) => {
                "no value was found that the vendor refuses here"
            }
            Cell::Answer(..) => "no request was found whose answer has it",
            _ => "no request was found that the vendor answers so",
        };
        self.found.or(self.second).unwrap_or(Way::None(reason))
    }
}

/// A look for the cells of one operation.
struct Search<'p, 'd> {
    planner: &'p Planner<'p>,
    shown: Shown<'d>,
    operation: &'p str,
    wanted: Vec<Wanted<'p>>,
    tried: usize,
    cancel: &'p Cancel,
}

impl<'p, 'd> Search<'p, 'd> {
    fn run(&mut self) -> Result<(), Cancelled> {
        let good = self.examples()?;
        for number in 0..self.wanted.len() {
            self.one(number, &good)?;
        }
        if self.is_open(Cell::is_of_an_answer) {
            self.refusals(&good)?;
        }
        if self.is_open(Cell::is_of_a_good_answer) {
            self.richer(&good)?;
        }
        self.preferred(&good)
    }

    fn is_open(&self, of: impl Fn(&Cell) -> bool) -> bool {
        self.wanted.iter().any(|wanted| wanted.found.is_none() && of(wanted.cell))
    }

    /// Tries what the document shows, and gives what of it the vendor answers well.
    fn examples(&mut self) -> Result<Vec<Draft<'d>>, Cancelled> {
        let credentials = self.planner.credentials.clone();
        let mut good: Vec<Draft<'d>> = Vec::new();
        for draft in self.drafts() {
            let first = self.shown.is_open().then_some(None);
            for credential in first.into_iter().chain(credentials.iter().map(Some)).chain([None]) {
                let draft = draft.by(credential);
                let outcome = self.attempt(std::slice::from_ref(&draft), None)?;
                let Some(outcome) = outcome.filter(|outcome| &*outcome.operation == self.operation) else { break };
                if !outcome.is_refusal {
                    good.push(draft);
                    break;
                }
                if !matches!(outcome.status, 401 | 403) {
                    break;
                }
            }
        }
        if good.is_empty() {
            good = self.adapted()?;
        }
        Ok(good)
    }

    /// What the document shows; and where credentials are exchanged, those of the data.
    fn drafts(&self) -> Vec<Draft<'d>> {
        let mut drafts = self.shown.drafts();
        let Endpoint { method, path, .. } = self.shown.endpoint;
        let bodies = self.planner.scratch.exchanges(self.planner.provider, method, path);
        if let Some(first) = drafts.first().cloned() {
            drafts.extend(bodies.into_iter().map(|body| first.with_body(Body::Json(body))));
        }
        drafts
    }

    /// Where the data is not that of the document's examples: the examples with what the data has in place of what it
    /// lacks; where that fails, one that is refused.
    fn adapted(&mut self) -> Result<Vec<Draft<'d>>, Cancelled> {
        let planner: &'p Planner<'p> = self.planner;
        let known = planner.known(self.cancel)?;
        for draft in self.shown.drafts() {
            for credential in planner.credentials.iter().take(MOST_CHANGED) {
                for draft in known.others_at_all(&draft.by(Some(credential))) {
                    let outcome = self.attempt(std::slice::from_ref(&draft), None)?;
                    let fits = |outcome: &Outcome| !outcome.is_refusal && &*outcome.operation == self.operation;
                    if outcome.is_some_and(|outcome| fits(&outcome)) {
                        return Ok(vec![draft]);
                    }
                }
            }
        }
        let first = self.shown.drafts().into_iter().next();
        Ok(first.map(|draft| draft.by(planner.credentials.first())).into_iter().collect())
    }

    /// Looks for what answers hold: with all that may be asked for and sent, and of other things of the data.
    fn richer(&mut self, good: &[Draft<'d>]) -> Result<(), Cancelled> {
        let planner: &'p Planner<'p> = self.planner;
        for draft in good.iter().take(MOST_CHANGED) {
            let mut rich = draft.clone();
            for more in changes::asking_for_all(self.shown, draft) {
                self.attempt(&[more], None)?;
            }
            for field in path::fields(self.shown.document.json(), self.shown.schema(draft)) {
                let Some(sent) = changes::field_sent(self.shown, &rich, &field).into_iter().next() else { continue };
                let outcome = self.attempt(std::slice::from_ref(&sent), None)?;
                if outcome.is_some_and(|outcome| !outcome.is_refusal && &*outcome.operation == self.operation) {
                    rich = sent;
                }
            }
            for mixed in changes::mixed(draft) {
                self.attempt(&[mixed], None)?;
            }
            for other in planner.known(self.cancel)?.others(draft) {
                if !self.is_open(Cell::is_of_a_good_answer) {
                    return Ok(());
                }
                self.attempt(&[other], None)?;
            }
        }
        Ok(())
    }

    /// Looks for one cell by what it asks for.
    fn one(&mut self, number: usize, good: &[Draft<'d>]) -> Result<(), Cancelled> {
        let cell = self.wanted[number].cell;
        let shown = self.shown;
        for draft in good.iter().take(MOST_CHANGED) {
            let drafts = match cell {
                Cell::Parameter(place, name, How::Sent) => changes::parameter_sent(shown, draft, *place, name),
                Cell::Parameter(place, name, How::Null) => vec![changes::parameter_of(draft, *place, name, "")],
                Cell::Parameter(place, name, How::Refused) => changes::parameter_refused(draft, *place, name),
                Cell::Field(field, How::Sent) => changes::field_sent(shown, draft, field),
                Cell::Field(field, How::Null) => vec![changes::field_of(shown, draft, field, Value::Null)],
                Cell::Field(field, How::Refused) => changes::field_refused(shown, draft, field),
                Cell::Value(Site::Parameter(place, name), value) => {
                    vec![changes::parameter_of(draft, *place, name, value)]
                }
                Cell::Value(Site::Field(field), value) => {
                    let listed = changes::listed(shown, draft, field).into_iter();
                    let same = listed.filter(|listed| text(listed) == *value);
                    same.map(|value| changes::field_of(shown, draft, field, value)).collect()
                }
                Cell::Operation | Cell::Status(_) | Cell::Answer(..) => Vec::new(),
            };
            for draft in drafts {
                if self.wanted[number].found.is_some() {
                    return Ok(());
                }
                self.attempt(&[draft], None)?;
            }
        }
        Ok(())
    }

    /// Looks for statuses, and for what answers hold: one thing of what is answered well is made wrong.
    fn refusals(&mut self, good: &[Draft<'d>]) -> Result<(), Cancelled> {
        let credentials = self.planner.credentials.clone();
        let mut rejected = credentials.clone();
        rejected.extend(credentials.first().map(|(name, value)| (name.clone(), format!("{value}x"))));
        for draft in good.iter().take(MOST_CHANGED) {
            let by = rejected.iter().map(Some).chain([None]).map(|credential| draft.by(credential));
            let mut drafts: Vec<_> = changes::unknown(draft);
            drafts.extend(changes::without(draft));
            drafts.extend(by);
            drafts.extend(changes::unreadable(draft));
            drafts.extend(changes::broken(draft));
            for draft in drafts {
                self.attempt(&[draft], None)?;
            }
            self.attempt(&[draft.clone(), draft.clone()], None)?;
            if !self.is_open(Cell::is_of_an_answer) {
                return Ok(());
            }
        }
        // Everything of one example with a part of another.
        let others = self.shown.drafts();
        for (draft, other) in good.iter().flat_map(|draft| others.iter().map(move |other| (draft, other.clone()))) {
            self.attempt(&[Draft { body: other.body, media: other.media, ..draft.clone() }], None)?;
        }
        for draft in good.iter().take(1).filter(|_| self.planner.may_switch) {
            for credential in rejected.iter().map(Some).chain([None]) {
                self.attempt(&[draft.by(credential)], Some(AuthMode::Strict))?;
            }
        }
        Ok(())
    }

    /// Asks for what no request was found for.
    fn preferred(&mut self, good: &[Draft<'d>]) -> Result<(), Cancelled> {
        let open = self.wanted.iter().filter(|wanted| wanted.found.is_none());
        let mut statuses: Vec<u16> = open
            .filter_map(|wanted| match wanted.cell {
                Cell::Status(status) | Cell::Answer(status, _) => Some(*status),
                _ => None,
            })
            .collect();
        statuses.dedup();
        let Some(draft) = good.first() else { return Ok(()) };
        for status in statuses {
            self.attempt(&[draft.with_header("Prefer", format!("code={status}"))], None)?;
        }
        Ok(())
    }

    /// Tries a request, after those that stand before it, and keeps it for each cell that it fills.
    fn attempt(&mut self, drafts: &[Draft<'d>], auth: Option<AuthMode>) -> Result<Option<Outcome>, Cancelled> {
        self.cancel.check()?;
        let Some(draft) = drafts.last().filter(|_| self.tried < MOST_TRIED) else { return Ok(None) };
        self.tried += 1;
        let calls: Vec<_> = drafts.iter().map(Draft::call).collect();
        let Planner { scratch, provider, document, .. } = self.planner;
        let Some(outcome) = scratch.run(provider, document, &calls, auth) else { return Ok(None) };
        if &*outcome.operation != self.operation {
            return Ok(Some(outcome));
        }
        let Outcome { status, is_refusal, injected, .. } = outcome;
        for wanted in &mut self.wanted {
            if wanted.found.is_some() || !wanted.cell.is_filled(draft, &outcome) {
                continue;
            }
            let way = || Way::Calls { calls: calls.clone(), auth, status, injected };
            if is_refusal && wanted.cell.wants_success() {
                wanted.second.get_or_insert_with(way);
            } else {
                wanted.found = Some(way());
            }
        }
        Ok(Some(outcome))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::from_text::FromText;
    use crate::provider::register;
    use crate::world::clock::Clock;
    use crate::world::ids::Seed;

    #[test]
    fn no_more_is_tried_than_may_be() {
        let provider = register(FromText::counter());
        let slot = provider.clone().slot("counter.json", r#"{"number": 1}"#.into(), Clock::Real.now(), Arc::default());
        let scratch = Scratch::of(&[slot.expect("a fixture")], Clock::Real, Seed(1), 1_024);
        let shown = json!({"paths": {"/counter/number": {"get": {"responses": {}}}}});
        let document = Arc::new(Document::settled(shown, &provider.operations()));
        let id = &provider.descriptor().id;
        let planner = Planner::new(&scratch, id, document.clone(), false);
        let endpoint = document.endpoints().first().expect("an operation");
        let shown = Shown::of(&document, endpoint).expect("an operation");
        let cancel = Cancel::never();
        let operation = "counter.get_number";
        let mut search = Search { planner: &planner, shown, operation, wanted: Vec::new(), tried: 0, cancel: &cancel };
        let draft = Draft::new(endpoint);
        assert!(search.attempt(std::slice::from_ref(&draft), None).is_ok_and(|outcome| outcome.is_some()));
        search.tried = MOST_TRIED;
        assert!(search.attempt(&[draft], None).is_ok_and(|outcome| outcome.is_none()));
        assert_eq!(search.tried, MOST_TRIED);
    }
}
