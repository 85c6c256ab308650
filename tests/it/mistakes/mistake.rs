//! Reading `tests/mistakes/<provider>/*.http`.

use std::path::{Path, PathBuf};

use persona_mock::internals::{FixtureText, Setup};

use super::super::support::case::{self, Exchange};
use super::super::support::server;

/// What the vendor does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Refused,
    Ignored,
    Fine,
}

/// A request, what is wrong with it, and how it must be answered.
pub struct Mistake {
    pub provider: String,
    pub file: PathBuf,
    /// The number of the line that states the status, from 0.
    pub line: usize,
    pub name: String,
    pub kind: Kind,
    pub wanted: Option<String>,
    /// What the hint must name.
    pub names: Vec<String>,
    /// What the setup was made of.
    pub options: String,
    pub setup: Setup,
    /// Whether the example of a credential may be one of the fixture.
    pub may_show_credentials: bool,
    pub before: Vec<Exchange>,
    pub exchange: Exchange,
}

impl Mistake {
    /// Whether it is a request to the control API, whose problems say all that their hints say, and more.
    pub fn is_control(&self) -> bool {
        self.provider == CONTROL
    }

    /// How the list of those that are open, and a failure, name it.
    pub fn place(&self) -> String {
        let file = self.file.file_stem().expect("a name").to_string_lossy();
        format!("{}/{file}: {}", self.provider, self.name)
    }
}

/// The folder of what the control API is asked.
const CONTROL: &str = "control";

/// The ids of the providers.
pub fn providers() -> Vec<String> {
    persona_mock::providers::registry().iter().map(|provider| provider.descriptor().id.to_string()).collect()
}

/// All mistakes, those of a file in their order.
pub fn all(folder: &Path) -> Vec<Mistake> {
    let entries = |id: String| std::fs::read_dir(folder.join(id)).expect("a folder of each provider");
    let mut files: Vec<_> = providers()
        .into_iter()
        .chain([CONTROL.to_owned()])
        .flat_map(entries)
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.iter().flat_map(|file| of_file(file)).collect()
}

fn of_file(file: &Path) -> Vec<Mistake> {
    let text = std::fs::read_to_string(file).expect("a readable file");
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|number| lines[*number].starts_with("### ")).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).map(|(start, end)| mistake(file, *start, &lines[*start..end])).collect()
}

fn mistake(file: &Path, start: usize, lines: &[&str]) -> Mistake {
    let said = |what: &str| lines.iter().find_map(|line| line.strip_prefix(what)).map(str::trim);
    let name = said("### ").expect("a name").to_owned();
    let kind = match said("# is:") {
        Some("refused") => Kind::Refused,
        Some("ignored") => Kind::Ignored,
        Some("fine") => Kind::Fine,
        other => panic!("{name}: {other:?} is none of refused, ignored and fine"),
    };
    let wanted = said("# wanted:").map(str::to_owned);
    let names = said("# names:").into_iter().flat_map(|names| names.split(", ")).map(str::to_owned).collect();
    let provider = file.parent().and_then(Path::file_name).expect("a folder").to_string_lossy().into_owned();
    let is_told = kind != Kind::Fine && provider != CONTROL;
    assert_eq!(wanted.is_some(), is_told, "{name}: a hint is wanted where something is wrong");
    assert_eq!(said("# found:").is_some(), is_told, "{name}: what is wrong is said");
    let mut setup = server::setup();
    let options = said("# options:").unwrap_or_default().to_owned();
    for option in options.split_whitespace() {
        match option {
            "own_fixtures" => setup.fixtures.push(own_fixture(&provider)),
            option => case::apply(option, &mut setup),
        }
    }
    let may_show_credentials = setup.fixtures.is_empty() && setup.guard.token.is_none();
    let status = lines.iter().rposition(|line| line.starts_with("HTTP ")).expect("a status");
    let kept: Vec<&str> = lines.iter().copied().filter(|line| !line.starts_with('#')).collect();
    let mut before: Vec<_> = kept.split(|line| *line == "---").map(case::exchange).collect();
    let exchange = before.pop().expect("an exchange");
    let (file, line) = (file.to_owned(), start + status);
    Mistake { provider, file, line, name, kind, wanted, names, options, setup, may_show_credentials, before, exchange }
}

/// The embedded fixture, as a tester who keeps a copy of it gives it.
fn own_fixture(provider: &str) -> FixtureText {
    let file = format!("{provider}.json");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(&file);
    let text = std::fs::read_to_string(path).expect("a fixture");
    FixtureText { provider: provider.to_owned(), file, text }
}
