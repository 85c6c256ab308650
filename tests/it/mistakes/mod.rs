//! Mistakes that real clients make, and right requests in odd forms: `tests/mistakes/<provider>/*.http`, and
//! `tests/mistakes/control/*.http` for those who steer.
//!
//! Each begins with a line `### its name`. `# is:` says whether the vendor refuses it, ignores a part of it, or whether it
//! is fine; `# found:` what is wrong with it; `# wanted:` the hint that a stranger would like to read, which may be worded
//! otherwise; `# names:` what it must name in any wording; `# options:` sets the server up. Then follow exchanges as in
//! `tests/cases`, of which those before the last prepare it. `tests/mistakes/open.txt` names the mistakes whose
//! hint is not yet as it must be: it shrinks to nothing. `PERSONA_MOCK_WRITE_DOCS=1 cargo test mistakes` takes those off
//! that keep to the rules, and writes their hints and bodies into the files, to be read aloud.

mod mistake;
mod rules;
mod shown;
mod unreadable;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use persona_mock::PersonaMock;
use persona_mock::mock::{Mock as _, Requests};

use self::mistake::{Kind, Mistake};
use super::support::{Answer, called};

/// The fewest mistakes, of all providers and of one, and the fewest requests that are fine.
const FEWEST: (usize, usize, usize) = (140, 30, 20);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

/// The fewest mistakes of those who steer.
const OF_CONTROL: usize = 180;

/// What came of a mistake.
struct Outcome {
    answer: Answer,
    /// The journal's sentence; nothing where the journal does not keep such a request.
    journal: Option<Option<String>>,
}

/// Makes a mistake in a world that is as new.
fn make(mistake: &Mistake, mock: &PersonaMock) -> Outcome {
    mock.default_sandbox().reset().expect("a reset");
    let call = |asked| {
        let (status, headers, body) = called::shown(&mock.call(called::request(asked)).expect("an answer"));
        Answer { status, headers, body: body.into_bytes() }
    };
    for exchange in &mistake.before {
        let wrong = exchange.differences(&call(&exchange.asked));
        assert!(wrong.is_empty(), "{}: what prepares it: {wrong:?}", mistake.place());
    }
    let answer = call(&mistake.exchange.asked);
    // Only what names its sandbox has one, and so a journal; and no journal keeps what the control API is asked.
    let journal = answer.header("x-mock-sandbox").filter(|_| !mistake.is_control()).map(|sandbox| {
        let page = mock.sandbox(sandbox).page(&Requests::default().newest_first(), None, 1).expect("a journal");
        let entry = page.requests.into_iter().next().expect("the exchange");
        assert_eq!(entry.answer.status, answer.status, "{}: another exchange", mistake.place());
        entry.hint.map(|hint| hint.message)
    });
    Outcome { answer, journal }
}

/// Makes all mistakes, with a thread for each provider.
fn outcomes(mistakes: &[Mistake]) -> Vec<(&Mistake, Outcome)> {
    let mut by_provider: BTreeMap<&str, Vec<&Mistake>> = BTreeMap::new();
    mistakes.iter().for_each(|mistake| by_provider.entry(&mistake.provider).or_default().push(mistake));
    std::thread::scope(|scope| {
        let threads: Vec<_> = by_provider.into_values().map(|of| scope.spawn(move || of_provider(of))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// Makes mistakes, those of one setup at one mock.
fn of_provider(mistakes: Vec<&Mistake>) -> Vec<(&Mistake, Outcome)> {
    let mut mocks: BTreeMap<&str, PersonaMock> = BTreeMap::new();
    let made = mistakes.into_iter().map(|mistake| {
        let mock = mocks.entry(&mistake.options).or_insert_with(|| {
            PersonaMock::builder().setup(|setup| setup.clone_from(&mistake.setup)).build().expect("a mock")
        });
        (mistake, make(mistake, mock))
    });
    made.collect()
}

#[test]
fn every_mistake_is_hinted_and_nothing_else() {
    let mistakes = mistake::all(&folder());
    let mut open = write::open(&folder());
    let mut wrong = Vec::new();
    let mut settled = BTreeSet::new();
    let outcomes = outcomes(&mistakes);
    for (mistake, outcome) in &outcomes {
        let place = mistake.place();
        let broken = rules::broken(mistake, outcome);
        let is_open = open.remove(&place);
        match (is_open, broken.is_empty()) {
            (true, true) => wrong.push(format!("{place}: is as it must be, and still on the list")),
            (false, false) => wrong.extend(broken.iter().map(|broken| format!("{place}: {broken}"))),
            _ => {}
        }
        if broken.is_empty() {
            settled.insert(place.clone());
        }
        let hint_counts = !is_open && mistake.kind != Kind::Fine;
        if hint_counts && mistake.exchange.header("x-mock-hint").is_none() {
            wrong.push(format!("{place}: states no X-Mock-Hint, and is not on the list"));
        }
        if is_open && mistake.exchange.header("x-mock-hint").is_some() {
            wrong.push(format!("{place}: states an X-Mock-Hint, and is on the list"));
        }
        match mistake.exchange.body.as_deref() {
            None if !mistake.is_control() => wrong.push(format!("{place}: states no body")),
            Some(body) if body != "(empty)" && body != outcome.answer.text() => {
                wrong.push(format!("{place}: the body is not as it was without hints: {}", outcome.answer.text()));
            }
            _ => {}
        }
        wrong.extend(mistake.exchange.differences(&outcome.answer).iter().map(|wrong| format!("{place}: {wrong}")));
    }
    wrong.extend(open.iter().map(|place| format!("{place}: is on the list, and no such mistake")));
    if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
        write::settle(&folder(), &outcomes, &settled);
        return;
    }
    assert!(
        wrong.is_empty(),
        "{} are not as they must be; PERSONA_MOCK_WRITE_DOCS=1 cargo test mistakes writes those that keep to the \
         rules:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn there_are_enough_mistakes_of_every_provider() {
    let mistakes = mistake::all(&folder());
    let (all, of_one, fine) = FEWEST;
    let are = |kind: &dyn Fn(&&Mistake) -> bool| mistakes.iter().filter(kind).count();
    assert!(are(&|mistake| mistake.kind != Kind::Fine && !mistake.is_control()) >= all);
    assert!(are(&|mistake| mistake.is_control()) >= OF_CONTROL);
    assert!(are(&|mistake| mistake.kind == Kind::Fine) >= fine);
    for id in mistake::providers() {
        let found = are(&|mistake| mistake.kind != Kind::Fine && mistake.provider == id);
        assert!(found >= of_one, "{id} has {found} mistakes");
    }
    let places: BTreeSet<_> = mistakes.iter().map(Mistake::place).collect();
    assert_eq!(places.len(), mistakes.len(), "a name stands twice");
}

#[test]
fn what_is_wanted_keeps_to_the_rules() {
    let mistakes = mistake::all(&folder());
    let wrong: Vec<_> = mistakes
        .iter()
        .flat_map(|mistake| {
            let broken = mistake.wanted.iter().flat_map(|wanted| rules::sentence(mistake, wanted));
            broken.map(|broken| format!("{}: {broken}", mistake.place()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
