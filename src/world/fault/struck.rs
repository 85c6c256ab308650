//! What struck a request, in words: the hint of its answer, the journal and the log say the same.

use super::{Asked, BY_REQUEST, Delay, Fault, FaultAction, Form, Refuse, SlowBody, Word};
use crate::world::call::{Field, Pattern};
use crate::world::duration::show;

/// The most rules that a sentence names.
const MOST_NAMED: usize = 3;

/// The longest text of a rule that a sentence repeats, in characters.
const LONGEST_TEXT: usize = 40;

/// What struck a request, and who asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Struck {
    /// The rules that struck, in order, with `, ` between them; or that the request wanted it.
    pub rules: String,
    /// The rules with what each does, and where; or the request's own header fields.
    told: Vec<String>,
}

impl Struck {
    /// What a request wanted for itself.
    pub(crate) fn asked(asked: &Asked) -> Self {
        let delay = (!asked.delay.is_zero()).then_some(FaultAction::Delay(Delay::Fixed(asked.delay)));
        let (preferred, action) = match asked.action {
            Some(FaultAction::Refuse(Refuse { status, .. })) if asked.is_preferred => (Some(status), None),
            action => (None, action),
        };
        let words: Vec<_> = delay.into_iter().chain(action).map(word).collect();
        let told = preferred.map(|status| format!("Prefer: code={status}")).into_iter();
        let told = told.chain((!words.is_empty()).then(|| format!("X-Mock-Fault: {}", words.join(", "))));
        Self { rules: BY_REQUEST.to_owned(), told: told.collect() }
    }

    /// Names one more rule.
    pub(super) fn add(&mut self, rule: &Fault) {
        let id = rule.id.as_deref().unwrap_or_default();
        if !self.rules.is_empty() {
            self.rules.push_str(", ");
        }
        self.rules.push_str(id);
        self.told.push(match self.told.len() < MOST_NAMED {
            true => format!("`{}` ({}; {})", short(id), word(rule.action), brief(&rule.matches)),
            false => String::new(),
        });
    }

    /// Whether the request wanted it itself.
    pub(crate) fn is_own(&self) -> bool {
        self.rules == BY_REQUEST
    }

    /// That it answered in place of the vendor.
    pub(crate) fn made(&self, status: u16) -> String {
        match self.is_own() {
            true => format!("the request itself asked for this {status} by {}", self.list()),
            false => format!("{} made this {status} in the vendor's place; {}", self.whom(), self.see()),
        }
    }

    /// That it did something to the vendor's answer.
    pub(crate) fn changed(&self) -> String {
        match self.is_own() {
            true => format!("the request itself asked for the fault of this answer by {}", self.list()),
            false => format!("{} struck this answer; {}", self.whom(), self.see()),
        }
    }

    /// That it did nothing to an answer without a body.
    pub(crate) fn changed_nothing(&self) -> String {
        let whom = match self.is_own() {
            true => format!("the fault that the request itself asked for by {}", self.list()),
            false => self.whom(),
        };
        format!("{whom} struck an answer that has no body, and changed nothing")
    }

    fn whom(&self) -> String {
        let rules = if self.told.len() == 1 { "rule" } else { "rules" };
        format!("the fault {rules} {} of this sandbox", self.list())
    }

    fn see(&self) -> &'static str {
        if self.told.len() == 1 { "GET /_mock/faults lists it" } else { "GET /_mock/faults lists them" }
    }

    fn list(&self) -> String {
        let more = self.told.len().saturating_sub(MOST_NAMED);
        let named: Vec<_> = self.told.iter().take(MOST_NAMED).map(String::as_str).collect();
        match (&named[..], more) {
            (named, 1..) => format!("{} and {more} more", named.join(", ")),
            ([first @ .., last], 0) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            (named, 0) => named.join(", "),
        }
    }

    /// How many bytes of memory it takes.
    pub(crate) fn weight(&self) -> usize {
        let told = self.told.iter().map(|told| told.capacity() + size_of::<String>());
        size_of::<Self>() + self.rules.capacity() + told.sum::<usize>()
    }
}

/// An action as `X-Mock-Fault` or a flag writes it.
fn word(action: FaultAction) -> String {
    match action {
        FaultAction::Refuse(Refuse { status, .. }) => format!("refuse={status}"),
        FaultAction::Delay(Delay::Fixed(wait)) => format!("delay={}", show(wait)),
        FaultAction::Delay(Delay::Uniform { min, max }) => format!("delay={}..{}", show(min), show(max)),
        FaultAction::Delay(Delay::Lognormal { median, sigma }) => format!("delay-lognormal={},{sigma}", show(median)),
        FaultAction::SlowBody(SlowBody { over }) => format!("slow-body={}", show(over)),
        FaultAction::Cut(_) | FaultAction::Garble(_) | FaultAction::Stale => {
            let mut words = Form::all().iter().flat_map(|form| form.words.iter().map(move |word| (form, word)));
            let known = words.find_map(|(form, word)| match word {
                Word::Alone(name, means) if form.read(means) == Ok(action) => Some(*name),
                _ => None,
            });
            known.unwrap_or_default().to_owned()
        }
    }
}

/// Which requests a rule may strike. Of header fields, parameters and bodies their names alone: a value may be a secret.
fn brief(matches: &Pattern) -> String {
    let names = |names: Vec<&str>| names.into_iter().map(short).collect::<Vec<_>>().join(" and ");
    let parts = Field::all().iter().filter_map(|field| {
        let texts = field.texts(matches);
        let first = texts.first()?;
        Some(match field.name {
            "header" => format!("header {}", names(matches.header.keys().map(String::as_str).collect())),
            "query" => format!("query {}", names(matches.query.keys().map(String::as_str).collect())),
            "body" => "body".to_owned(),
            name => format!("{name} {}", short(first)),
        })
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { "every request".to_owned() } else { parts.join(", ") }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fault::{Cut, Garble, read_fault, read_prefer};

    fn asked(prefer: &str, fault: &str) -> Struck {
        let mut asked = Asked::default();
        read_prefer(&mut asked, prefer).expect("a preference");
        if !fault.is_empty() {
            read_fault(&mut asked, fault).expect("a fault");
        }
        Struck::asked(&asked)
    }

    #[test]
    fn a_request_that_asks_is_told_by_which_field() {
        assert_eq!(asked("code=503", "").made(503), "the request itself asked for this 503 by Prefer: code=503");
        assert_eq!(
            asked("", "refuse=429,delay=2s").made(429),
            "the request itself asked for this 429 by X-Mock-Fault: delay=2s, refuse=429"
        );
        assert_eq!(
            asked("code=404", "delay=1s").made(404),
            "the request itself asked for this 404 by Prefer: code=404 and X-Mock-Fault: delay=1s"
        );
        for fault in ["cut", "cut-headers", "cut-body", "invalid-json", "empty-body", "wrong-content-type", "stale"] {
            let told = asked("", fault).changed();
            assert_eq!(told, format!("the request itself asked for the fault of this answer by X-Mock-Fault: {fault}"));
        }
    }

    #[test]
    fn a_rule_is_named_with_what_it_does_and_where() {
        let rule = Fault::delay_between("100ms", "2s").id("slow").operation("vijil.get_user").method("GET");
        let mut struck = Struck::default();
        struck.add(&rule);
        assert_eq!(
            struck.changed(),
            "the fault rule `slow` (delay=100ms..2s; operation vijil.get_user, method GET) of this sandbox struck this \
             answer; GET /_mock/faults lists it"
        );
        struck.add(&Fault::refuse(503).id("down").header("Authorization", "Bearer hush").query("limit", "hush"));
        let told = struck.made(503);
        assert!(told.contains("the fault rules `slow` (delay="), "{told}");
        assert!(
            told.contains(" and `down` (refuse=503; header Authorization, query limit) of this sandbox made"),
            "{told}"
        );
        assert!(!told.contains("hush") && told.ends_with("GET /_mock/faults lists them"), "{told}");
        for id in ["a", "b", "c"] {
            struck.add(&Fault::garble(Garble::EmptyBody).id(id));
        }
        assert_eq!(struck.rules, "slow, down, a, b, c");
        assert!(
            struck.changed().contains("`a` (empty-body; every request) and 2 more of this"),
            "{}",
            struck.changed()
        );
    }

    #[test]
    fn no_rule_is_told_at_length() {
        let mut struck = Struck::default();
        struck.add(&Fault::cut(Cut::HalfBody).id("x".repeat(64)).path(format!("/{}", "y".repeat(200))));
        let told = struck.changed();
        assert!(!told.contains(&"x".repeat(41)) && !told.contains(&"y".repeat(41)), "{told}");
    }
}
