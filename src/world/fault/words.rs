//! What a fault does and which requests it may strike, in a few words.

use super::{Asked, BY_REQUEST, Delay, Fault, FaultAction, Form, Refuse, SlowBody, Struck, Word};
use crate::world::call::{Field, Pattern};
use crate::world::duration::show;

/// The longest text of a rule that a sentence repeats, in characters.
const LONGEST_TEXT: usize = 40;

/// What a request wanted for itself, by the header fields that said so.
pub(crate) fn asked_for(asked: &Asked) -> Struck {
    let delay = (!asked.delay.is_zero()).then_some(FaultAction::Delay(Delay::Fixed(asked.delay)));
    let (preferred, action) = match asked.action {
        Some(FaultAction::Refuse(Refuse { status, .. })) if asked.is_preferred => (Some(status), None),
        action => (None, action),
    };
    let words: Vec<_> = delay.into_iter().chain(action).map(word).collect();
    let told = preferred.map(|status| format!("Prefer: code={status}")).into_iter();
    let told = told.chain((!words.is_empty()).then(|| format!("X-Mock-Fault: {}", words.join(", "))));
    Struck::own(BY_REQUEST, told.collect())
}

/// A rule by its name, what it does and which requests it may strike.
pub(super) fn named(rule: &Fault) -> String {
    let id = rule.id.as_deref().unwrap_or_default();
    format!("`{}` ({}; {})", short(id), word(rule.action), brief(&rule.matches))
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
        asked_for(&asked)
    }

    fn add(struck: &mut Struck, rule: &Fault) {
        struck.add(rule.id.as_deref().expect("an id"), || named(rule));
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
        let rule = Fault::delay_between("100ms", "2s").id("slow").operation("a.get_user").method("GET");
        let mut struck = Struck::default();
        add(&mut struck, &rule);
        assert_eq!(
            struck.changed(),
            "the fault rule `slow` (delay=100ms..2s; operation a.get_user, method GET) of this sandbox struck this \
             answer; GET /_mock/faults lists it"
        );
        add(&mut struck, &Fault::refuse(503).id("down").header("Authorization", "Bearer hush").query("limit", "hush"));
        let told = struck.made(503);
        assert!(told.contains("the fault rules `slow` (delay="), "{told}");
        assert!(
            told.contains(" and `down` (refuse=503; header Authorization, query limit) of this sandbox made"),
            "{told}"
        );
        assert!(!told.contains("hush") && told.ends_with("GET /_mock/faults lists them"), "{told}");
        for id in ["a", "b", "c"] {
            add(&mut struck, &Fault::garble(Garble::EmptyBody).id(id));
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
        add(&mut struck, &Fault::cut(Cut::HalfBody).id("x".repeat(64)).path(format!("/{}", "y".repeat(200))));
        let told = struck.changed();
        assert!(!told.contains(&"x".repeat(41)) && !told.contains(&"y".repeat(41)), "{told}");
    }
}
