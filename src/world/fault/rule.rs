//! A fault as a test writes it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cut, Delay, FaultAction, Garble, Refuse, SlowBody};
use crate::world::call::{Field, Pattern, Wrong, describes_requests};
use crate::world::duration::{self, Distance};
use crate::world::pattern::LONGEST_PATTERN;
use crate::world::sandbox::is_plain;

/// The most header fields, and the most query parameters, that one fault looks at.
pub(crate) const MOST_FIELDS: usize = 20;

/// The most bytes of what one fault says of requests, as JSON.
pub(crate) const LONGEST_MATCH: usize = 65_536;

/// What shall go wrong, when, and for which requests. It stays armed for 10 minutes of real time unless it says
/// otherwise, so that a crashed test leaves nothing behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = example(), example = refusal())]
#[non_exhaustive]
pub struct Fault {
    /// Its name: 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone. Where absent, `fault-1` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"flaky")]
    pub id: Option<String>,
    /// Which requests it may strike; all that meet an operation, where absent.
    #[serde(default, rename = "match", skip_serializing_if = "Pattern::is_empty")]
    pub matches: Pattern,
    /// What happens to a request that it strikes.
    pub action: FaultAction,
    /// Which of those requests it strikes; each, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<FaultWhen>,
    /// How long it stays armed, in real time, whatever the sandbox's clock shows; `10m` where absent.
    #[serde(default = "ttl", with = "duration::text")]
    #[schemars(with = "String", example = &"10m")]
    pub ttl: Duration,
    /// What the builder was given and could not take.
    #[serde(skip)]
    misstated: Option<Wrong>,
}

fn example() -> serde_json::Value {
    serde_json::json!({"match": {"method": "GET"}, "action": {"delay": {"fixed": "2s"}}, "when": {"first": 2}})
}

fn refusal() -> serde_json::Value {
    serde_json::json!({
        "id": "flaky",
        "match": {"operation": "{operation}"},
        "action": {"refuse": {"status": 503, "force": true}},
        "when": {"first": 2},
    })
}

/// A crashed test leaves nothing armed for longer than this.
fn ttl() -> Duration {
    Duration::from_secs(600)
}

/// Which of the requests that fit are struck. What is random hangs on the sandbox's seed, the rule's id
/// and how many requests fitted before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FaultWhen {
    /// The first so many.
    #[schemars(example = serde_json::json!({"first": 2}))]
    First(#[schemars(range(min = 1))] u64),
    /// Every so manyth: 3 strikes the third, the sixth, the ninth.
    #[schemars(example = serde_json::json!({"every": 3}))]
    Every(#[schemars(range(min = 1))] u64),
    /// Each with this probability, above 0 and at most 1.
    #[schemars(example = serde_json::json!({"probability": 0.5}))]
    Probability(f64),
}

describes_requests!(Fault, matches);

impl Fault {
    /// What an action does to every request, until it is said to which.
    #[must_use]
    pub fn new(action: FaultAction) -> Self {
        Self { id: None, matches: Pattern::default(), action, when: None, ttl: ttl(), misstated: None }
    }

    /// Answered with a status of the operation, in the vendor's body; the vendor does nothing.
    ///
    /// ```
    /// use persona_mock::mock::Fault;
    ///
    /// let flaky = Fault::refuse(503).retry_after(2).operation("vijil.list_personas").first(2);
    /// let slow = Fault::delay_between("100ms", "2s").provider("axero").probability(0.5);
    /// ```
    #[must_use]
    pub fn refuse(status: u16) -> Self {
        Self::new(FaultAction::Refuse(Refuse { status, retry_after_s: None, force: false }))
    }

    /// Answered late, always by so much.
    #[must_use]
    pub fn delay(wait: impl Into<Distance>) -> Self {
        Self::waiting([(".action.delay.fixed", wait.into())], |[wait]| FaultAction::Delay(Delay::Fixed(wait)))
    }

    /// Answered late, as likely by one wait as by another between two.
    #[must_use]
    pub fn delay_between(min: impl Into<Distance>, max: impl Into<Distance>) -> Self {
        let waits = [(".action.delay.uniform.min", min.into()), (".action.delay.uniform.max", max.into())];
        Self::waiting(waits, |[min, max]| FaultAction::Delay(Delay::Uniform { min, max }))
    }

    /// Answered late, mostly near the median, now and then by far more, as networks are.
    #[must_use]
    pub fn delay_lognormal(median: impl Into<Distance>, sigma: f64) -> Self {
        let waits = [(".action.delay.lognormal.median", median.into())];
        Self::waiting(waits, |[median]| FaultAction::Delay(Delay::Lognormal { median, sigma }))
    }

    /// Answered with a body that trickles.
    #[must_use]
    pub fn slow_body(over: impl Into<Distance>) -> Self {
        let waits = [(".action.slow_body.over", over.into())];
        Self::waiting(waits, |[over]| FaultAction::SlowBody(SlowBody { over }))
    }

    /// The connection is reset; the vendor has done its work before.
    #[must_use]
    pub fn cut(cut: Cut) -> Self {
        Self::new(FaultAction::Cut(cut))
    }

    /// Answered with a body that is not what it should be.
    #[must_use]
    pub fn garble(garble: Garble) -> Self {
        Self::new(FaultAction::Garble(garble))
    }

    /// A read that sees the state before the provider's last write.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(FaultAction::Stale)
    }

    fn waiting<const N: usize>(
        waits: [(&str, Distance); N],
        action: impl FnOnce([Duration; N]) -> FaultAction,
    ) -> Self {
        let mut misstated = None;
        let waits = waits.map(|(at, wait)| read(&mut misstated, at, &wait));
        Self { misstated, ..Self::new(action(waits)) }
    }

    /// `Retry-After` of a refusal by 429 or 503, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.refusal("retry_after", |refuse| refuse.retry_after_s = Some(seconds))
    }

    /// Sends the status of a refusal even if the operation does not have it, marked as inferred.
    #[must_use]
    pub fn force(self) -> Self {
        self.refusal("force", |refuse| refuse.force = true)
    }

    fn refusal(mut self, what: &str, change: impl FnOnce(&mut Refuse)) -> Self {
        match &mut self.action {
            FaultAction::Refuse(refuse) => change(refuse),
            _ => self.misstate(".action", format!("`{what}` is part of a refusal, and this fault refuses nothing")),
        }
        self
    }

    /// Keeps what is wrong until somebody asks: a builder returns no error.
    fn misstate(&mut self, at: &str, detail: String) {
        self.misstated.get_or_insert_with(|| Wrong::new(at, detail));
    }

    /// Strikes the first so many.
    #[must_use]
    pub fn first(self, times: u64) -> Self {
        Self { when: Some(FaultWhen::First(times)), ..self }
    }

    /// Strikes every so manyth.
    #[must_use]
    pub fn every(self, nth: u64) -> Self {
        Self { when: Some(FaultWhen::Every(nth)), ..self }
    }

    /// Strikes each with this probability, drawn from the sandbox's seed.
    #[must_use]
    pub fn probability(self, probability: f64) -> Self {
        Self { when: Some(FaultWhen::Probability(probability)), ..self }
    }

    /// Its name; `fault-1` and so on where it has none.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// How long it stays armed, in real time.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Distance>) -> Self {
        self.ttl = read(&mut self.misstated, ".ttl", &ttl.into());
        self
    }
}

/// How long a builder was told to wait; what is no duration is kept as what was wrong.
fn read(misstated: &mut Option<Wrong>, at: &str, text: &Distance) -> Duration {
    duration::parse(text.as_str()).unwrap_or_else(|error| {
        misstated.get_or_insert_with(|| Wrong::new(at, error.to_string()));
        Duration::ZERO
    })
}

impl Fault {
    /// Whether the fault can be meant, whatever is served.
    ///
    /// # Errors
    ///
    /// The first thing that cannot.
    pub fn check(&self) -> Result<(), Wrong> {
        self.stated()?;
        self.meant()
    }

    fn meant(&self) -> Result<(), Wrong> {
        if let Some(id) = self.id.as_ref().filter(|id| !is_plain(id) || *id == super::asked::BY_REQUEST) {
            let found: String = id.chars().take(40).collect();
            let detail = format!(
                "expected 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone and not `request`, such as \
                 flaky; found {found:?}"
            );
            return Err(Wrong::new(".id", detail));
        }
        if self.ttl.is_zero() {
            return Err(Wrong::new(".ttl", "expected a duration above 0, such as 10m; found 0s"));
        }
        check_match(&self.matches).map_err(|wrong| wrong.within(".match"))?;
        self.action.check()?;
        match self.when {
            Some(FaultWhen::First(0)) => Err(Wrong::new(".when.first", "expected 1 or more, such as 2; found 0")),
            Some(FaultWhen::Every(0)) => Err(Wrong::new(".when.every", "expected 1 or more, such as 3; found 0")),
            Some(FaultWhen::Probability(chance)) if !(chance > 0.0 && chance <= 1.0) => {
                let detail = format!("expected a number above 0 and at most 1, such as 0.5, found {chance}");
                Err(Wrong::new(".when.probability", detail))
            }
            _ => Ok(()),
        }
    }

    /// Whether all that the builder was given could be taken, and can be sent.
    ///
    /// # Errors
    ///
    /// The first thing that could not.
    pub fn stated(&self) -> Result<(), Wrong> {
        self.matches.stated().map_err(|wrong| wrong.within(".match"))?;
        self.misstated.clone().map_or(Ok(()), Err)?;
        // JSON has no such number: it would be sent as `null`.
        let numbers = [
            self.when.and_then(|when| if let FaultWhen::Probability(chance) = when { Some(chance) } else { None }),
            if let FaultAction::Delay(Delay::Lognormal { sigma, .. }) = self.action { Some(sigma) } else { None },
        ];
        if numbers.into_iter().flatten().all(f64::is_finite) { Ok(()) } else { self.meant() }
    }
}

/// Whether a fault may look at all that it says of requests.
fn check_match(matches: &Pattern) -> Result<(), Wrong> {
    matches.check()?;
    let of_answer = Field::all().iter().filter(|field| field.is_of_answer);
    if let Some(Field { name, .. }) = of_answer.into_iter().find(|field| !field.texts(matches).is_empty()) {
        let detail = format!(
            "a fault strikes before there is an answer, and `{name}` is known of answered calls only: the journal's \
             filters and `verify` take it"
        );
        return Err(Wrong::new(format!(".{name}"), detail));
    }
    let too_long = |text: &str| text.len() > LONGEST_PATTERN;
    let mut fields = matches.header.iter().map(|(name, value)| (&**name, value.as_str()));
    if matches.header.len() > MOST_FIELDS || fields.any(|(name, value)| too_long(name) || too_long(value)) {
        let found = matches.header.len();
        let detail = format!(
            "expected at most {MOST_FIELDS} fields of at most {LONGEST_PATTERN} bytes each; found {found} fields"
        );
        return Err(Wrong::new(".header", detail));
    }
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if let Some(name) = matches.header.keys().find(|name| name.is_empty() || !name.bytes().all(is_token)) {
        return Err(Wrong::new(
            ".header",
            format!("no header field can be named {name:?}; expected a name such as X-Trace"),
        ));
    }
    if matches.query.len() > MOST_FIELDS || matches.query.iter().any(|(name, value)| too_long(name) || too_long(value))
    {
        let found = matches.query.len();
        let detail = format!(
            "expected at most {MOST_FIELDS} parameters of at most {LONGEST_PATTERN} bytes each; found {found} parameters"
        );
        return Err(Wrong::new(".query", detail));
    }
    let size = serde_json::to_string(matches).map_or(0, |json| json.len());
    if size > LONGEST_MATCH {
        return Err(Wrong::new("", format!("expected at most {LONGEST_MATCH} bytes of JSON, found {size}")));
    }
    Ok(())
}
