//! The calls of one provider made again, in a sandbox of nobody's and in their order. What a verifier cannot get again so
//! is told apart before it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::json;

use super::super::call::Call;
use super::asked::{Form, forms, is_sent};
use super::compare::{self, Difference};
use super::file::{Answer, Asked, Matcher, Matching, Rules};
use crate::api::{Caller, EarlierCall};
use crate::app::Sandbox;
use crate::control::explain::first;
use crate::control::replay::{self, Again, Answered};
use crate::provider::{Headers, Name, Slot};
use crate::world::ids::Seed;
use crate::world::journal::{Exchange, Message, REDACTED, Text};
use crate::world::refusal::counted;

/// The calls of one provider, made again one by one.
pub(super) struct Rehearsal<'a> {
    scratch: Sandbox,
    slot: Arc<dyn Slot>,
    /// The header fields that carry a credential, beside those that everybody uses.
    credentials: &'a [Name],
    /// How much of a body the journal keeps.
    cap: usize,
    /// Who called last, and what the journal has of the credential.
    last: Option<(String, Caller)>,
    /// The first call that wrote and could not be made again, or how many calls are no longer kept.
    lost: Option<String>,
    /// Those that wrote, in order.
    pub(super) earlier: Vec<EarlierCall>,
}

/// A call that a verifier can make again.
pub(super) struct Rehearsed {
    pub(super) asked: Asked,
    pub(super) answer: Answer,
    pub(super) caller: Option<Caller>,
    /// How many of the calls that wrote came before it.
    pub(super) before: usize,
    pub(super) now: Timestamp,
    pub(super) seed: u64,
}

/// One way to make a call again.
struct Attempt<'f> {
    form: &'f Form,
    caller: Option<Caller>,
    headers: Headers,
    answered: Answered,
}

impl<'a> Rehearsal<'a> {
    /// `gone` is how many exchanges the journal no longer keeps.
    pub(super) fn new(
        scratch: Sandbox,
        slot: Arc<dyn Slot>,
        credentials: &'a [Name],
        (cap, gone): (usize, u64),
    ) -> Self {
        let lost = (gone > 0)
            .then(|| format!("{} before it left the journal; --journal-size takes more", counted(gone, "exchange")));
        Self { scratch, slot, credentials, cap, last: None, lost, earlier: Vec::new() }
    }

    /// Makes a call again; or says why no verifier could.
    pub(super) fn call(&mut self, call: &Call) -> Result<Rehearsed, String> {
        let writes = self.earlier.len();
        let rehearsed = self.rehearse(&call.entry.exchange);
        if call.entry.exchange.changed && self.earlier.len() == writes && self.lost.is_none() {
            self.lost = Some(format!("call {} before it wrote, and could not be made again", call.entry.number));
        }
        rehearsed
    }

    fn rehearse(&mut self, exchange: &Exchange) -> Result<Rehearsed, String> {
        if exchange.text.request_cut {
            return Err("the journal keeps only the start of its body; --journal-body takes more".to_owned());
        }
        if (300..400).contains(&exchange.status) && first(exchange.text.answer_fields(), "location").is_some() {
            return Err("it is a redirect, which a verifier follows; where it leads is a call of its own".to_owned());
        }
        let forms = forms(&exchange.text);
        let (mut first_difference, mut second_best) = (None, None);
        for form in &forms {
            for (caller, value) in self.callers(exchange) {
                let before = self.slot.clone().present();
                let Some(attempt) = self.attempt(exchange, form, caller, value.as_deref()) else { continue };
                match self.held(exchange, &attempt) {
                    Ok(answer) => return Ok(self.accept(exchange, attempt, answer)),
                    Err(difference) => {
                        first_difference.get_or_insert(difference);
                        if exchange.changed && attempt.answered.wrote && second_best.is_none() {
                            second_best = Some((attempt, self.slot.clone().present()));
                        }
                        drop(before.restore(&mut self.slot.account().history().turn()));
                    }
                }
            }
        }
        // What comes later may hang on what it wrote.
        if let Some((attempt, after)) = second_best {
            drop(after.restore(&mut self.slot.account().history().turn()));
            let again = self.again(exchange, &attempt);
            self.earlier.push(again);
        }
        Err(first_difference.unwrap_or_else(|| "no provider takes it any more".to_owned()))
    }

    /// Whose credentials to try: that of the last caller first, then the others, and what the journal has.
    fn callers(&self, exchange: &Exchange) -> Vec<(Option<Caller>, Option<String>)> {
        let mut all = Vec::new();
        let kept = |header: &str| first(exchange.text.request_fields(), header);
        for (caller, value) in replay::callers(&self.scratch, self.id()) {
            let Some(kept) = kept(&caller.header) else { continue };
            let Some((scheme, _)) = kept.split_once(REDACTED) else { continue };
            if value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
                let is_last = self.last.as_ref().is_some_and(|(last, who)| *last == kept && *who == caller);
                all.insert(if is_last { 0 } else { all.len() }, (Some(caller), Some(value)));
            }
        }
        all.push((None, None));
        all
    }

    fn attempt<'f>(
        &self,
        exchange: &Exchange,
        form: &'f Form,
        caller: Option<Caller>,
        value: Option<&str>,
    ) -> Option<Attempt<'f>> {
        let sent = exchange.text.request_fields().filter(|(name, _)| is_sent(name));
        let credential = caller.as_ref().map(|caller| &*caller.header).zip(value);
        let headers = replay::headers(sent, credential);
        let again = Again {
            now: exchange.at,
            seed: exchange.seed,
            method: exchange.text.method(),
            target: &form.target,
            headers: &headers,
            body: &form.body,
        };
        let answered = replay::again(&self.scratch, &again)?;
        Some(Attempt { form, caller, headers, answered })
    }

    /// What a verifier may ask of the answer, where the replay got it.
    fn held(&self, exchange: &Exchange, attempt: &Attempt<'_>) -> Result<Answer, String> {
        let Attempt { form, headers, answered, .. } = attempt;
        let kept = &exchange.text;
        let response = &answered.response;
        if answered.is_full {
            return Err("the mock has no room left to make it again; --max-state takes more".to_owned());
        }
        if response.status() != exchange.status {
            return Err(self.why(exchange, form, &format!("with status {}", response.status())));
        }
        if kept.answer_cut {
            return Err("the journal keeps only the start of its answer; --journal-body takes more".to_owned());
        }
        let raw = if kept.method() == "HEAD" { &[][..] } else { &response.bytes()[..] };
        // What is secret in it is taken out as it was taken out of the answer that was given.
        let request = Message {
            headers: headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())),
            body: &form.body,
            clean: None,
        };
        let fields = response.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let answer = Message { headers: fields, body: raw, clean: None };
        let redone = Text::write((kept.method(), &form.target), request, answer, self.cap, self.credentials, None);
        let rules =
            compare::bodies(kept.answer_body(), redone.answer_body(), raw).map_err(|difference| match difference {
                Difference::At(place) => self.why(exchange, form, &format!("at {place} of its body")),
                Difference::SecretName(place) => format!("the name of a member of {place} in its answer is a secret"),
                Difference::SecretText => "its answer is no JSON, and holds a secret".to_owned(),
            })?;
        let mut matching = Matching { body: rules, header: Rules::default() };
        let headers = answer_fields(kept, &redone, &mut matching.header);
        let media = first(kept.answer_fields(), "content-type");
        let body = super::asked::body(kept.answer_body(), media.as_deref());
        Ok(Answer { status: exchange.status, headers, body, matching_rules: matching })
    }

    /// Why the replay got another answer, as far as can be told.
    fn why(&self, exchange: &Exchange, form: &Form, what: &str) -> String {
        let target = exchange.text.target();
        if let Some(struck) = &exchange.fault {
            return format!("a fault struck it ({}), and a verifier meets none", struck.rules);
        }
        if exchange.refused == Some("rate_limited") {
            return "a rate limit refused it, and a verifier meets none".to_owned();
        }
        let has_secret = |text: &[u8]| memchr::memmem::find(text, REDACTED.as_bytes()).is_some();
        let fields = || exchange.text.request_fields().filter(|(name, value)| is_sent(name) && has_secret(value));
        let is_listed =
            |name: &str| replay::callers(&self.scratch, self.id()).iter().any(|(caller, _)| caller.header == name);
        let is_secret = has_secret(exchange.text.request_body()) || target.contains(REDACTED);
        if is_secret || fields().any(|(name, _)| !is_listed(name)) {
            return format!(
                "a replay is answered otherwise, {what}: the request had a secret, and the journal keeps none"
            );
        }
        if let Some(lost) = &self.lost {
            return format!("a replay is answered otherwise, {what}: {lost}");
        }
        if form.target != target {
            return format!(
                "a replay is answered otherwise, {what}: the answer hangs on how its query is written, and a verifier writes \
                 it in its own way"
            );
        }
        let who = if fields().next().is_some() { ", whoever of those that the data lists makes it," } else { "" };
        format!(
            "a replay{who} is answered otherwise, {what}: what changed the sandbox beside the calls that are kept, such as a \
             fixture that was loaded, a switch, or a call before the journal was emptied, is not known; save a snapshot \
             before the calls, and name it by `state`"
        )
    }

    fn id(&self) -> &str {
        &self.slot.provider().descriptor().id
    }

    fn accept(&mut self, exchange: &Exchange, attempt: Attempt<'_>, answer: Answer) -> Rehearsed {
        let before = self.earlier.len();
        if attempt.answered.wrote {
            let again = self.again(exchange, &attempt);
            self.earlier.push(again);
        }
        let Attempt { form, caller, .. } = attempt;
        if let Some(caller) = &caller {
            let kept = first(exchange.text.request_fields(), &caller.header).unwrap_or_default().into_owned();
            self.last = Some((kept, caller.clone()));
        }
        let (path, _) = form.target.split_once('?').unwrap_or((&form.target, ""));
        let generators = caller.as_ref().map(|Caller { header, .. }| {
            let expression = format!("${{{header}}}");
            json!({"header": {header: {"type": "ProviderState", "expression": expression, "dataType": "STRING"}}})
        });
        let asked = Asked {
            method: exchange.text.method().to_owned(),
            path: path.to_owned(),
            query: form.query.clone(),
            headers: grouped(exchange),
            body: form.written.clone(),
            generators,
        };
        let Seed(seed) = exchange.seed;
        Rehearsed { asked, answer, caller, before, now: exchange.at, seed }
    }

    /// The call as it is made again before another.
    fn again(&self, exchange: &Exchange, attempt: &Attempt<'_>) -> EarlierCall {
        use base64::Engine;
        let Attempt { form, caller, .. } = attempt;
        let text = std::str::from_utf8(&form.body).ok().filter(|text| !text.is_empty()).map(str::to_owned);
        let is_other = text.is_none() && !form.body.is_empty();
        let base64 = is_other.then(|| base64::engine::general_purpose::STANDARD.encode(&form.body));
        let Seed(seed) = exchange.seed;
        EarlierCall {
            now: exchange.at,
            seed,
            method: exchange.text.method().to_owned(),
            target: form.target.clone(),
            headers: grouped(exchange).into_iter().collect::<IndexMap<_, _>>(),
            text,
            base64,
            caller: caller.clone(),
        }
    }
}

/// The header fields of a request that are sent again, by name.
fn grouped(exchange: &Exchange) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in exchange.text.request_fields().filter(|(name, _)| is_sent(name)) {
        all.entry(name.to_owned()).or_default().push(String::from_utf8_lossy(value).into_owned());
    }
    all
}

/// The header fields of an answer that the vendor gave and a verifier gets again.
fn answer_fields(kept: &Text, redone: &Text, rules: &mut Rules) -> BTreeMap<String, Vec<String>> {
    let of = |text: &Text| {
        let mut all = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in text.answer_fields().filter(|(name, _)| !is_our_own(name)) {
            let (value, values) = (String::from_utf8_lossy(value), all.entry(name.to_owned()).or_default());
            // A verifier reads what comes so, and holds it against what the file states piece by piece.
            match matches!(name, "expires" | "last-modified" | "retry-after") {
                true => values.push(value.into_owned()),
                false => values.extend(value.split(',').map(|value| value.trim().to_owned())),
            }
        }
        all
    };
    let (mut kept, redone) = (of(kept), of(redone));
    kept.retain(|name, values| {
        let Some(redone) = redone.get(name).filter(|redone| redone.len() == values.len()) else { return false };
        if values.iter().any(|value| value.contains(REDACTED)) {
            return false;
        }
        match (&values[..], &redone[..]) {
            ([value], [redone]) => match compare::texts(value, redone) {
                Some(rule) => {
                    rules.0.extend(rule.map(|rule| (name.clone(), rule)));
                    true
                }
                // A path that starts with that of the sandbox's base URL.
                None if name == "location" && value.ends_with(redone.as_str()) => {
                    let regex = format!("^.*{}$", compare::escaped(redone));
                    rules.0.push((name.clone(), Matcher::Regex { regex }));
                    true
                }
                None => false,
            },
            (values, redone) => values == redone,
        }
    });
    kept
}

/// Whether the mock adds a header field itself, or it hangs on the connection.
fn is_our_own(name: &str) -> bool {
    name.starts_with("x-mock-")
        || name.starts_with("access-control-")
        || matches!(name, "date" | "set-cookie" | "content-length" | "connection" | "transfer-encoding" | "vary")
}
