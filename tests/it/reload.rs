//! Hot reload: changed fixture files are what new and reset sandboxes start at.

use std::path::Path;
use std::time::Duration;

use persona_mock::api::Watching;
use persona_mock::internals::Setup;
use persona_mock::internals::Stopwatch;
use persona_mock::internals::{FixtureDir, Seen, Watch};
use persona_mock::provider::{Registered, register};
use persona_mock::{Mock, PersonaMock};
use serde_json::{Value, json};

use super::command::{Served, command, stderr, stdout};
use super::journal::events::Stream;
use super::support::toy::Toy;
use super::support::{Asked, TestServer, server};

struct Watched {
    server: TestServer,
    dir: tempfile::TempDir,
    _watch: Watch,
}

impl Watched {
    fn start(watching: Watching) -> Self {
        Self::with(watching, server::setup())
    }

    fn with(watching: Watching, setup: Setup) -> Self {
        let registry: &'static [Registered] = Box::leak(Box::new([register(Toy)]));
        let dir = tempfile::tempdir().expect("a directory");
        // The watched directory is a child, so that a test can put another in its place.
        std::fs::create_dir(dir.path().join("fixtures")).expect("a directory");
        write(&dir.path().join("fixtures"), r#"{"count": 2}"#);
        let fixtures = FixtureDir::new(dir.path().join("fixtures"), registry);
        let (texts, _) = fixtures.read().expect("fixtures");
        let server = TestServer::with(registry, &Setup { fixtures: texts.clone(), ..setup });
        let watch = Watch::start(fixtures, watching, server.app.clone(), Seen::of(&texts));
        Self { server, _watch: watch.expect("a watch"), dir }
    }

    fn fixtures(&self) -> std::path::PathBuf {
        self.dir.path().join("fixtures")
    }

    fn json(&self, method: &str, target: &str) -> Value {
        self.server.send(&Asked::new(method, target)).json()
    }

    fn count(&self, sandbox: &str) -> Value {
        self.json("GET", &format!("/_sandbox/{sandbox}/toy/count"))["count"].clone()
    }

    fn health(&self) -> Value {
        self.json("GET", "/_mock/health")["fixtures"].clone()
    }

    /// Waits until the last change is of this outcome and this many reloads were good; how long that took.
    fn wait_for(&self, reloads: u64, loaded: bool) -> Duration {
        let start = Stopwatch::start();
        loop {
            let health = self.health();
            if health["reloads"] == reloads && health["last"]["loaded"] == loaded {
                return start.elapsed();
            }
            assert!(start.elapsed() < Duration::from_secs(10), "no reload: {health}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Writes as an editor does: beside the file, then in its place.
fn write(dir: &Path, text: &str) {
    std::fs::write(dir.join("toy.json~"), text).expect("a file");
    std::fs::rename(dir.join("toy.json~"), dir.join("toy.json")).expect("a file");
}

#[test]
fn a_changed_file_is_where_new_and_reset_sandboxes_start() {
    for watching in [Watching::Events, Watching::Poll] {
        let watched = Watched::start(watching);
        assert_eq!((watched.count("there"), watched.health().get("last")), (json!(2), None));
        write(&watched.fixtures(), r#"{"count": 5}"#);
        watched.wait_for(1, true);
        assert_eq!((watched.count("there"), watched.count("new")), (json!(2), json!(5)), "{watching:?}");
        assert_eq!(watched.json("POST", "/_sandbox/there/_mock/reset")["reset"], "everything");
        watched.server.reset();
        assert_eq!((watched.count("there"), watched.count("default")), (json!(5), json!(5)), "{watching:?}");
    }
}

#[test]
fn a_change_is_in_force_within_a_second() {
    for watching in [Watching::Events, Watching::Poll] {
        let watched = Watched::start(watching);
        assert_in_time(&watched, &watched.fixtures());
    }
}

/// Whether changes in a directory are in force within a second. One follows at once on the other: the watch has no
/// rest behind it when it comes. The first meets the watch as it starts, and the machine may be busy once, so the
/// best of the others counts.
fn assert_in_time(watched: &Watched, dir: &Path) {
    let took = [3_u64, 4, 5, 6].map(|count| {
        write(dir, &format!(r#"{{"count": {count}}}"#));
        watched.wait_for(count - 2, true)
    });
    assert!(took[1..].iter().any(|took| *took < Duration::from_millis(950)), "{took:?}");
}

#[test]
fn an_invalid_file_changes_nothing_and_is_reported_with_file_and_path() {
    let watched = Watched::start(Watching::Events);
    let file = watched.fixtures().join("toy.json");
    for (text, fault) in [
        (r#"{"count": 10}"#, "$.count: found 10, expected a count below 10"),
        (r#"{"cuont": 1}"#, "$.cuont: found an unknown name, expected one of `$schema`, `count`"),
    ] {
        write(&watched.fixtures(), text);
        watched.wait_for(0, false);
        let expected = format!("{}: {fault}", file.display());
        let start = Stopwatch::start();
        while !watched.health()["last"]["faults"].to_string().contains(&expected) {
            assert!(start.elapsed() < Duration::from_secs(10), "expected {expected}, found {}", watched.health());
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(watched.count(&format!("new-{}", text.len())), json!(2));
    }
    write(&watched.fixtures(), r#"{"count": 3}"#);
    watched.wait_for(1, true);
    assert_eq!((watched.count("repaired"), &watched.health()["last"]["faults"]), (json!(3), &json!([])));
}

#[test]
fn a_misspelt_file_is_reported_and_its_end_is_noticed() {
    let watched = Watched::start(Watching::Events);
    let misspelt = watched.fixtures().join("tyo.json");
    std::fs::write(&misspelt, "{}").expect("a file");
    watched.wait_for(0, false);
    let fault = watched.health()["last"]["faults"][0].to_string();
    assert!(fault.contains("tyo.json: found a file of no provider, expected one of toy.json"), "{fault}");
    std::fs::remove_file(&misspelt).expect("a file");
    watched.wait_for(1, true);
}

#[test]
fn a_file_that_says_what_it_said_is_left_alone() {
    let watched = Watched::start(Watching::Events);
    write(&watched.fixtures(), r#"{"count": 2}"#);
    std::thread::sleep(Duration::from_millis(400));
    write(&watched.fixtures(), r#"{"count": 3}"#);
    watched.wait_for(1, true);
}

#[test]
fn a_file_that_is_gone_leaves_the_embedded_fixture() {
    let watched = Watched::start(Watching::Events);
    std::fs::remove_file(watched.fixtures().join("toy.json")).expect("a file");
    watched.wait_for(1, true);
    assert_eq!(watched.count("new"), json!(1));
}

#[test]
fn a_directory_put_in_place_of_the_watched_one_is_watched_on() {
    let watched = Watched::start(Watching::Events);
    let (dir, other) = (watched.fixtures(), watched.dir.path().join("other"));
    std::fs::create_dir(&other).expect("a directory");
    write(&other, r#"{"count": 6}"#);
    std::fs::rename(&dir, watched.dir.path().join("old")).expect("a rename");
    std::fs::rename(&other, &dir).expect("a rename");
    let start = Stopwatch::start();
    while watched.count(&format!("new-{}", start.elapsed().as_micros())) != json!(6) {
        assert!(start.elapsed() < Duration::from_secs(10), "{}", watched.health());
        std::thread::sleep(Duration::from_millis(20));
    }
    let reloads = watched.health()["reloads"].as_u64().expect("a number");
    write(&dir, r#"{"count": 7}"#);
    watched.wait_for(reloads + 1, true);
    assert_eq!(watched.count("newest"), json!(7));
}

#[test]
fn fixtures_of_ones_own_outlive_a_reload() {
    let watched = Watched::start(Watching::Events);
    let put = |name: &str, body: &str| {
        let asked = Asked::new("PUT", &format!("/_mock/sandboxes/{name}")).json(body);
        assert_eq!(watched.server.send(&asked).status, 201);
    };
    put("own", r#"{"fixtures": {"toy": {"count": 8}}}"#);
    put("seeded", r#"{"seed": 9}"#);
    write(&watched.fixtures(), r#"{"count": 5}"#);
    watched.wait_for(1, true);
    for name in ["own", "seeded"] {
        watched.json("POST", &format!("/_sandbox/{name}/_mock/reset"));
    }
    assert_eq!((watched.count("own"), watched.count("seeded")), (json!(8), json!(5)));
}

#[test]
fn a_mock_from_rust_watches_its_directory_and_keeps_the_fixtures_that_it_was_given() {
    let dir = tempfile::tempdir().expect("a directory");
    write(dir.path(), r#"{"count": 2}"#);
    let builder = || PersonaMock::builder().registry(&[register(Toy)]).fixtures_dir(dir.path()).watch(Watching::Events);
    let watched = builder().build().expect("a mock");
    let own = builder().fixture("toy", &json!({"count": 8})).start_blocking().expect("a server");
    write(dir.path(), r#"{"count": 5}"#);
    let start = Stopwatch::start();
    let reloads = || watched.health().expect("its health").fixtures.expect("a watch").reloads;
    while reloads() == 0 {
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", watched.health());
        std::thread::sleep(Duration::from_millis(5));
    }
    let count = |mock: &PersonaMock| mock.sandbox("new").state_of("toy").expect("a state")["count"].clone();
    assert_eq!(count(&watched), json!(5));
    let start = Stopwatch::start();
    while start.elapsed() < Duration::from_secs(1) {
        std::thread::sleep(Duration::from_millis(50));
        own.sandbox("new").delete().ok();
        assert_eq!(count(&own), json!(8), "what the test gave comes before the directory's file");
    }
    let error = PersonaMock::builder().watch(Watching::Poll).build().expect_err("there is nothing to watch");
    assert_eq!(
        error.to_string(),
        "cannot take the watch: there is no directory to watch; `Builder::fixtures_dir` names one"
    );
}

/// Puts a link in place of the file, as `mv` does.
#[cfg(unix)]
fn link(dir: &Path, name: &str, target: &str) {
    std::os::unix::fs::symlink(target, dir.join("link~")).expect("a link");
    std::fs::rename(dir.join("link~"), dir.join(name)).expect("a rename");
}

#[test]
#[cfg(unix)]
fn a_change_behind_a_link_is_seen() {
    for watching in [Watching::Events, Watching::Poll] {
        let watched = Watched::start(watching);
        let elsewhere = watched.dir.path().join("elsewhere");
        std::fs::create_dir(&elsewhere).expect("a directory");
        write(&elsewhere, r#"{"count": 2}"#);
        link(&watched.fixtures(), "toy.json", "../elsewhere/toy.json");
        // In place, as an editor without a rename does; the directory itself has no event of it.
        std::fs::write(elsewhere.join("toy.json"), r#"{"count": 5}"#).expect("a file");
        watched.wait_for(1, true);
        assert_eq!(watched.count("in-place"), json!(5), "{watching:?}");
        // And twice within one step of the file system's time, with as many bytes.
        for count in [6, 7] {
            std::fs::write(elsewhere.join("toy.json"), format!(r#"{{"count": {count}}}"#)).expect("a file");
        }
        let start = Stopwatch::start();
        while watched.count(&format!("twice-{}", start.elapsed().as_micros())) != json!(7) {
            assert!(start.elapsed() < Duration::from_secs(10), "{watching:?}: {}", watched.health());
            std::thread::sleep(Duration::from_millis(20));
        }
        write(&elsewhere, r#"{"count": 8}"#);
        let start = Stopwatch::start();
        while watched.count(&format!("moved-{}", start.elapsed().as_micros())) != json!(8) {
            assert!(start.elapsed() < Duration::from_secs(10), "{watching:?}: {}", watched.health());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
#[cfg(unix)]
fn a_change_behind_a_link_is_in_force_within_a_second() {
    let watched = Watched::start(Watching::Events);
    let elsewhere = watched.dir.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a directory");
    write(&elsewhere, r#"{"count": 2}"#);
    link(&watched.fixtures(), "toy.json", "../elsewhere/toy.json");
    assert_in_time(&watched, &elsewhere);
}

/// A sandbox may have a fixture of its own for one provider, and the server's for the others.
#[test]
fn a_sandbox_with_a_fixture_of_its_own_for_one_provider_stays_as_it_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let vijil = dir.path().join("vijil.json");
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vijil.json")).expect("a fixture");
    std::fs::write(&vijil, &text).expect("a file");
    let args = ["--port", "0", "--watch-reset", "--fixtures", dir.path().to_str().expect("UTF-8")];
    let served = Served::start(&mut command(&args));
    let steer = |words: &[&str]| {
        let output = command(&[words, &["--url", &served.url]].concat()).output().expect("the command runs");
        assert!(output.status.success(), "{words:?}: {}", stderr(&output));
        stdout(&output)
    };
    steer(&["sandboxes", "make", "own", "--fixtures", dir.path().to_str().expect("UTF-8")]);
    steer(&["sandboxes", "make", "follows"]);
    for sandbox in ["own", "follows"] {
        steer(&["fault", "add", "--sandbox", sandbox, "--operation", "vijil.list_teams", "--refuse", "503"]);
    }
    std::fs::write(&vijil, text + "\n").expect("a file");
    let faults = |sandbox: &str| steer(&["fault", "list", "--sandbox", sandbox, "--json"]).contains("list_teams");
    let began = persona_mock::internals::Stopwatch::start();
    while faults("follows") {
        assert!(began.elapsed() < std::time::Duration::from_secs(30), "the other sandbox is reset");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(faults("own"), "what was changed in it is still there");
}

/// Kubernetes mounts a config map as links to `..data/…`, and swaps the link `..data` at a change.
#[test]
#[cfg(unix)]
fn a_swap_of_a_config_map_is_seen() {
    for watching in [Watching::Events, Watching::Poll] {
        let watched = Watched::start(watching);
        let dir = watched.fixtures();
        for (version, count) in [("..2026_01", 2), ("..2026_02", 6)] {
            std::fs::create_dir(dir.join(version)).expect("a directory");
            write(&dir.join(version), &format!(r#"{{"count": {count}}}"#));
        }
        link(&dir, "..data", "..2026_01");
        link(&dir, "toy.json", "..data/toy.json");
        link(&dir, "..data", "..2026_02");
        std::fs::remove_dir_all(dir.join("..2026_01")).expect("a directory");
        watched.wait_for(1, true);
        assert_eq!(watched.count("new"), json!(6), "{watching:?}");
    }
}

#[test]
fn sandboxes_go_back_to_changed_fixtures_at_once_where_that_is_asked_for() {
    let mut setup = server::setup();
    setup.serving.watch_reset = true;
    for watching in [Watching::Events, Watching::Poll] {
        let watched = Watched::with(watching, setup.clone());
        assert_eq!((watched.count("there"), watched.count("default")), (json!(2), json!(2)));
        let own = Asked::new("PUT", "/_mock/sandboxes/own").json(r#"{"fixtures": {"toy": {"count": 9}}}"#);
        let fork = Asked::new("PUT", "/_mock/sandboxes/fork").json(r#"{"from": "there"}"#);
        for made in [own, fork] {
            assert_eq!(watched.server.send(&made).status, 201);
        }
        // A client that follows is told, and a page that does so loads anew.
        let mut events = Stream::open(&watched.server, "/_sandbox/there/_mock/events", "");
        // What is broken resets nothing.
        write(&watched.fixtures(), r#"{"count": "many"}"#);
        watched.wait_for(0, false);
        assert_eq!(watched.count("there"), json!(2), "{watching:?}");
        let kept = watched.json("GET", "/_sandbox/there/_mock/requests");
        assert_eq!(kept["requests"].as_array().map(Vec::len), Some(2), "{kept}");
        write(&watched.fixtures(), r#"{"count": 5}"#);
        watched.wait_for(1, true);
        let found = ["there", "default", "new", "own", "fork"].map(|name| watched.count(name));
        assert_eq!(found, [5, 5, 5, 9, 2].map(Value::from), "{watching:?}: those with a start of their own stay");
        events.until("event: reset\n");
        let told = events.until("\n\n");
        assert!(told.contains(r#""sandbox":"there","why":"emptied""#), "{told}");
    }
}
