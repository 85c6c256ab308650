//! The config file: flags of `serve` in a file, what counts more, and what a hostile one can do.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::command::{Served, command, get, stderr, stdout};

pub(super) const NAME: &str = "persona-mock.toml";

/// A directory with a config file.
pub(super) fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a directory");
    std::fs::write(folder.path().join(NAME), text).expect("a file");
    folder
}

pub(super) fn within(folder: &Path, words: &str) -> Command {
    let words: Vec<_> = words.split_whitespace().collect();
    let mut command = command(&words);
    command.current_dir(folder);
    command
}

fn run(folder: &TempDir, words: &str) -> Output {
    within(folder.path(), words).output().expect("the command runs")
}

/// How a command ends, and what it says on standard error.
pub(super) fn ends(folder: &TempDir, words: &str) -> (Option<i32>, String) {
    let output = run(folder, words);
    (output.status.code(), stderr(&output))
}

/// What is in force of one key, and what says so.
fn in_force(command: &mut Command) -> (Value, String) {
    let output = command.output().expect("the command runs");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    let setting = &said["settings"][0];
    (setting["value"].clone(), setting["source"].as_str().expect("a source").to_owned())
}

#[test]
fn a_server_takes_its_flags_from_the_file_of_its_directory_and_says_so() {
    let folder = folder(
        "port = 0\nonly = [\"vijil\", \"crud\"]\nset = [\n  \"crud.envelope=data\",\n]\nrequire-sandbox = true\n\
         clock = 2026-01-15T12:00:00Z\nmax-body = 1_000\nseed = 0x10\n",
    );
    let served = Served::start(&mut within(folder.path(), "--seed 7"));
    let told = |path: &str| serde_json::from_str::<Value>(&get(&format!("{}{path}", served.url)).1).expect("JSON");
    assert_eq!(told("/_mock/health")["providers"], serde_json::json!(["vijil", "crud"]));
    assert_eq!(told("/_sandbox/t1/_mock/settings")["providers"]["crud"]["envelope"], "data");
    assert_eq!(told("/_sandbox/t1/_mock/seed")["seed"], 7);
    assert_eq!(told("/_sandbox/t1/_mock/clock")["now"], "2026-01-15T12:00:00Z");
    assert_eq!(get(&format!("{}/v1/teams", served.url)).0, 400, "no sandbox is named");
    let (_, said) = served.terminate();
    let file = folder.path().canonicalize().expect("a path").join(NAME);
    let greeting = format!("Taken from {}: port, only, set, require-sandbox, clock, max-body\n", file.display());
    assert!(said.contains(&greeting), "{said}");
}

#[test]
fn a_flag_counts_more_than_a_variable_and_that_more_than_the_file() {
    let folder = folder("port = 1001\n\nlog = \"warn\"\n");
    let port = |words: &str, variable: &str| {
        in_force(within(folder.path(), &format!("config --json port {words}")).env("PERSONA_MOCK_PORT", variable))
    };
    assert_eq!(port("", ""), (serde_json::json!("1001"), "persona-mock.toml:1".to_owned()));
    assert_eq!(port("", "1002"), (serde_json::json!("1002"), "PERSONA_MOCK_PORT".to_owned()));
    assert_eq!(port("-p 1003", "1002"), (serde_json::json!("1003"), "flag".to_owned()));
    assert_eq!(port("--config none", ""), (serde_json::json!("8080"), "default".to_owned()));
    assert_eq!(port("--log off", "tcp://10.0.0.1:80").1, "persona-mock.toml:1", "a link says nothing");
    std::fs::write(folder.path().join("other.toml"), "port = 1004").expect("a file");
    assert_eq!(port("--config other.toml", ""), (serde_json::json!("1004"), "other.toml:1".to_owned()));
    let mut named = within(folder.path(), "config --json port");
    assert_eq!(in_force(named.env("PERSONA_MOCK_CONFIG", "other.toml")).1, "other.toml:1");
    let mut none = within(folder.path(), "config --json port");
    assert_eq!(in_force(none.env("PERSONA_MOCK_CONFIG", "none")).1, "default");
}

#[test]
fn a_relative_path_is_found_from_the_file() {
    let folder = tempfile::tempdir().expect("a directory");
    let own = folder.path().join("mock");
    std::fs::create_dir_all(own.join("data")).expect("a directory");
    std::fs::write(own.join("data/crud.json"), r#"{"nonsense": 1}"#).expect("a file");
    std::fs::write(own.join("x.toml"), "fixtures = \"data\"\ncoverage = [\"a.json\", \"b.txt\"]\n").expect("a file");
    let (code, said) = ends(&folder, "check --config mock/x.toml");
    assert!(code == Some(3) && said.contains("crud.json: $.nonsense"), "{said}");
    let mut config = within(folder.path(), "config --json coverage --config mock/x.toml");
    assert_eq!(in_force(&mut config).0, serde_json::json!(["mock/a.json", "mock/b.txt"]));
    let mut config = within(&own, "config --json fixtures --config x.toml");
    assert_eq!(in_force(&mut config).0, serde_json::json!("data"));
    std::fs::write(own.join("x.toml"), "fixtures = \"/nowhere\"\n").expect("a file");
    let (code, said) = ends(&folder, "routes --config mock/x.toml");
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("persona-mock: mock/x.toml:1: fixtures: cannot read the fixture directory /nowhere"),
        "{said}"
    );
}

#[test]
fn an_unknown_key_is_wrong_usage_and_the_nearest_is_named() {
    let folder = folder("prot = 1\nmax_body = 2\nFixtures = \"x\"\nqux = 3\nurl = 4\nconfig = \"x\"\n");
    let line = |number: u8, key: &str, meant: &str| {
        format!("persona-mock: persona-mock.toml:{number}: there is no key `{key}`; did you mean `{meant}`?\n")
    };
    for words in ["", "routes", "health", "clock", "config"] {
        let (code, said) = ends(&folder, words);
        assert_eq!(code, Some(2), "{words}: {said}");
        let named = [line(1, "prot", "port"), line(2, "max_body", "max-body"), line(3, "Fixtures", "fixtures")];
        assert!(said.starts_with(&named.concat()), "{words}: {said}");
        assert!(said.contains("persona-mock.toml:4: there is no key `qux`; a key is a flag of"), "{said}");
        assert_eq!(said.lines().count(), 6, "{said}");
    }
    for words in ["--help", "help serve", "clock --help", "--version", "completions bash", "man"] {
        assert_eq!(ends(&folder, words).0, Some(0), "{words} needs no file");
    }
    assert_eq!(ends(&folder, "config --config none prot").0, Some(2));
}

#[test]
fn a_wrong_value_is_told_in_the_words_of_its_flag_with_file_line_and_key() {
    for (flag, shown, value, text) in [
        ("port", "--port <PORT>", "80a", "\"80a\""),
        ("port", "--port <PORT>", "65536", "65536"),
        ("port", "--port <PORT>", "1.5", "1.5"),
        ("host", "--host <HOST>", "localhost:80", "\"localhost:80\""),
        ("auth", "--auth <off|any|strict>", "yes", "\"yes\""),
        ("auth", "--auth <off|any|strict>", "on", "true"),
        ("clock", "--clock <real|RFC3339>", "2026-01-15", "2026-01-15"),
        ("watch", "--watch[=<events|poll|off>]", "often", "\"often\""),
        ("log", "--log <LEVEL>", "loud", "\"loud\""),
        ("drain", "--drain <DURATION>", "5", "5"),
        ("cors", "--cors <on|off|ORIGIN>", "*", "[\"*\"]"),
        ("documented-only", "--documented-only[=<on|off>]", "maybe", "\"maybe\""),
    ] {
        let folder = folder(&format!("# one line before it\n{flag} = {text}\n"));
        let (code, said) = ends(&folder, "");
        let (_, by_flag) = ends(&folder, &format!("--config none --{flag}={value}"));
        let expected = by_flag.replace(&format!("'{shown}'"), &format!("'persona-mock.toml:2: {flag}'"));
        assert_eq!((code, said.lines().next()), (Some(2), expected.lines().next()), "{by_flag}");
        assert!(said.contains("persona-mock.toml:2"), "{said}");
        // Whoever does not read a key is not kept by it, and what counts more is not asked about it.
        assert_eq!(ends(&folder, "check").0, Some(0), "{flag}");
    }
    let list = folder("cors = [\n  \"http://localhost:3000\",\n  \"nonsense\",\n]\n");
    assert!(ends(&list, "").1.contains("for 'persona-mock.toml:3: cors'"), "the element's own line");
    for (text, expected) in [
        ("only = [\"axro\"]", "persona-mock.toml:1: only: there is no provider `axro`"),
        ("rate-limit = [\"crud=0/m\"]", "persona-mock.toml:1: rate-limit: "),
        ("public-url = \"x\"", "persona-mock.toml:1: public-url: "),
        ("coverage = [\"x.foo\"]", "cannot take persona-mock.toml:1: coverage x.foo: "),
        ("watch = true", "persona-mock.toml:1: watch needs a directory to watch: add --fixtures DIR"),
        ("cors = [\"on\", \"off\"]", "persona-mock.toml:1: cors takes `on` or `off` alone"),
        ("port = [1, 2]", "persona-mock.toml:1: `port` takes one value, and found a list of 2"),
        ("only = []", "persona-mock.toml:1: `only` is an empty list; leave the key out"),
        ("fixtures = true", "persona-mock.toml:1: expected `fixtures = \"DIR\"`, found `true`"),
        ("[set]\ncrud.zod = \"3\"", "persona-mock.toml:1: expected `set = [\"PROVIDER.KEY=VALUE\"]`, found a table"),
        ("port = 1\nport = 2", "persona-mock.toml:2: this is no TOML: duplicate key"),
        ("port: 1", "persona-mock.toml:1: this is no TOML: "),
    ] {
        let folder = folder(text);
        let (code, said) = ends(&folder, "");
        assert!(code == Some(2) && said.contains(expected), "{text}: {code:?} {said}");
    }
    let vain = folder("port = 0\nmax-state = 1000\nmax-write = 2000\n");
    let served = Served::start(&mut within(vain.path(), ""));
    get(&format!("{}/_mock/health", served.url));
    let (_, said) = served.terminate();
    let expected = "persona-mock.toml:3: max-write 2000 has no effect, because persona-mock.toml:2: max-state is 1000";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_token_does_not_stand_in_the_file_but_its_file_may() {
    let secret = folder("control-token = \"s3cret\"\n");
    for words in ["", "clock", "config"] {
        let (code, said) = ends(&secret, words);
        assert_eq!(code, Some(2));
        let expected = "persona-mock: persona-mock.toml:1: `control-token` is a secret, and this file is for everybody who \
                        has the project: set PERSONA_MOCK_CONTROL_TOKEN, or name a file that holds it by \
                        `control-token-file`\n";
        assert_eq!(said, expected);
    }
    let folder = folder("control-token-file = \"token\"\nport = 0\nport-file = \"port\"\n");
    std::fs::write(folder.path().join("token"), "s3cret\n").expect("a file");
    let served = Served::start(&mut within(folder.path(), ""));
    assert_eq!(ends(&folder, "clock").0, Some(0), "a subcommand reads the same file");
    let token = |token: &str| {
        let mut clock = within(folder.path(), "clock");
        clock.env("PERSONA_MOCK_CONTROL_TOKEN", token).output().expect("the command runs").status.code()
    };
    assert_eq!((token("s3cret"), token("other")), (Some(0), Some(1)), "a variable counts more than the file");
    let config = run(&folder, "config --control-token s3cret");
    let config = stdout(&config);
    assert!(!config.contains("s3cret") && config.contains("# control-token is set"), "{config}");
    drop(served);
}

#[test]
fn whoever_asks_a_server_finds_the_one_of_this_directory() {
    let folder = folder("host = \"localhost\"\nport = 0\nport-file = \"port\"\nrequire-sandbox = true\n");
    let (code, said) = ends(&folder, "clock");
    assert!(code == Some(1) && said.contains("no server is ready: cannot read its port file port"), "{said}");
    let served = Served::start(&mut within(folder.path(), ""));
    for words in ["health", "clock --sandbox t1", "sandboxes list", "coverage forget"] {
        let (code, said) = ends(&folder, words);
        assert_eq!((code, &*said), (Some(0), ""), "{words}");
    }
    let port = served.url.rsplit(':').next().expect("a port").to_owned();
    let elsewhere = tempfile::tempdir().expect("a directory");
    let by_variable = |value: &str| {
        let mut clock = within(elsewhere.path(), "clock --sandbox t1");
        let output = clock.env("PERSONA_MOCK_PORT", value).output().expect("the command runs");
        (output.status.code(), stderr(&output))
    };
    let host = served.url.contains("127.0.0.1");
    assert_eq!(by_variable(&port).0, Some(if host { 0 } else { 1 }), "a variable tells where a server is, too");
    let (code, said) = by_variable("x");
    assert_eq!(code, Some(2));
    assert!(said.contains("invalid value 'x' for 'PERSONA_MOCK_PORT'"), "{said}");
    std::fs::write(folder.path().join(NAME), "\nport = \"y\"\n").expect("a file");
    let (code, said) = ends(&folder, "clock");
    assert_eq!(code, Some(2));
    assert!(said.starts_with("persona-mock: invalid value 'y' for 'persona-mock.toml:2: port'"), "{said}");
    std::fs::write(folder.path().join(NAME), "host = \"mock.invalid\"\n").expect("a file");
    let (code, said) = ends(&folder, "clock --control-token s3cret");
    assert_eq!(code, Some(2), "no token goes where a file says: {said}");
    assert!(
        said.starts_with(
            "persona-mock: persona-mock.toml:1: host mock.invalid stands for an address that is not this machine's"
        ),
        "{said}"
    );
    assert_eq!(ends(&folder, &format!("clock --url {} --sandbox t1", served.url)).0, Some(0));
}

#[test]
fn what_a_file_opens_to_others_is_said_at_the_start() {
    let folder = folder("host = \"0.0.0.0\"\nport = 0\nauth = \"off\"\ntrust-proxy = true\n");
    let served = Served::start(&mut within(folder.path(), ""));
    get(&format!("{}/_mock/health", served.url.replace("0.0.0.0", "127.0.0.1")));
    let (_, said) = served.terminate();
    for line in [
        "persona-mock.toml:1: host 0.0.0.0 lets other machines call it",
        "persona-mock.toml:3: auth off lets in who has no credential",
        "persona-mock.toml:4: trust-proxy on lets a client say where links lead",
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    let served = Served::start(&mut within(folder.path(), "--host 127.0.0.1 --log-format json"));
    get(&format!("{}/_mock/health", served.url));
    let (_, said) = served.terminate();
    let greeting = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let config = greeting.map(|line| line["config"].clone()).find(Value::is_object).expect("a greeting");
    assert_eq!(config["keys"], serde_json::json!(["port", "auth", "trust-proxy"]));
    assert_eq!(config["opens"].as_array().map(Vec::len), Some(2), "a flag says the host: {config}");
}

#[test]
fn what_is_no_small_regular_file_is_refused_and_not_waited_for() {
    let odd = |make: &dyn Fn(&Path), expected: &str| {
        let folder = tempfile::tempdir().expect("a directory");
        make(&folder.path().join(NAME));
        for words in ["", "routes", "clock"] {
            let began = Instant::now();
            let (code, said) = ends(&folder, words);
            assert!(matches!(code, Some(1 | 2)) && said.contains(expected), "{words}: {code:?} {said}");
            assert!(said.starts_with("persona-mock: ") && said.contains(NAME), "{said}");
            assert!(began.elapsed() < Duration::from_secs(30));
        }
        assert_eq!(ends(&folder, "routes --config none").0, Some(0));
    };
    odd(&|path| std::fs::create_dir(path).expect("a directory"), "it is a directory; expected a regular file");
    odd(&|path| std::fs::write(path, vec![b'#'; 65_537]).expect("a file"), "it has more than 65536 bytes");
    odd(&|path| std::fs::write(path, b"# \n\n\xff").expect("a file"), "persona-mock.toml:3: this is no UTF-8");
    odd(&|path| std::fs::write(path, "[".repeat(60_000)).expect("a file"), "persona-mock.toml:1: ");
    #[cfg(unix)]
    {
        let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
        odd(&pipe, "it is a named pipe; expected a regular file");
        odd(&|path| std::os::unix::fs::symlink("/dev/zero", path).expect("a link"), "it is a device; expected");
        odd(&|path| std::os::unix::fs::symlink("nowhere", path).expect("a link"), "cannot read the config file");
    }
    let folder = tempfile::tempdir().expect("a directory");
    let (code, said) = ends(&folder, "routes --config nowhere.toml");
    assert!(code == Some(1) && said.contains("cannot read the config file nowhere.toml"), "{said}");
    let fits = self::folder(&format!("{}\n", "#".repeat(65_535)));
    assert_eq!(ends(&fits, "routes").0, Some(0));
}

#[test]
fn what_is_in_force_is_printed_as_a_config_file() {
    let one = folder("port = 1001\nfixtures = \"a \\\"b\\\"\"\nset = [\"crud.zod=3\"]\nui = false\n");
    let printed = |folder: &TempDir, words: &str| {
        let mut config = within(folder.path(), words);
        stdout(&config.env("PERSONA_MOCK_LOG", "warn").output().expect("the command runs"))
    };
    let text = printed(&one, "config --seed 18446744073709551615");
    for line in [
        "# Read: persona-mock.toml\n",
        "port = 1001                                   # persona-mock.toml:1\n",
        "fixtures = \"a \\\"b\\\"\"                          # persona-mock.toml:2\n",
        "log = \"warn\"                                  # PERSONA_MOCK_LOG\n",
        "seed = \"18446744073709551615\"                 # flag\n",
        "ui = \"off\"                                    # persona-mock.toml:4\n",
        "# public-url is not set                       # default\n",
    ] {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.lines().any(|found| squeezed(found) == squeezed(line)), "{line} is not in\n{text}");
    }
    let other = folder(&text);
    let values = |folder: &TempDir, words: &str| {
        let said: Value = serde_json::from_str(&printed(folder, words)).expect("JSON");
        let settings = said["settings"].as_array().expect("settings").clone();
        settings.into_iter().map(|setting| (setting["key"].clone(), setting["value"].clone())).collect::<Vec<_>>()
    };
    let first = values(&one, "config --json --seed 18446744073709551615");
    assert!(first.len() > 50, "{first:?}");
    assert_eq!(first, values(&other, "config --json"));
}

#[test]
fn a_start_that_fails_by_the_file_leaves_no_port_file_of_before() {
    let folder = folder("port-file = \"port\"\nport = 70000\n");
    let port = folder.path().join("port");
    for words in ["", "--no-such-flag"] {
        std::fs::write(&port, "8080\n").expect("a file");
        assert_eq!(ends(&folder, words).0, Some(2));
        assert!(!port.exists(), "{words}");
    }
    std::fs::write(&port, "8080\n").expect("a file");
    assert_eq!(ends(&folder, "clock").0, Some(2));
    assert!(port.exists(), "whoever asks a server removes nothing");
}

#[test]
fn the_example_is_a_config_file() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let output = within(&examples, "routes --config persona-mock.toml").output().expect("the command runs");
    assert_eq!((output.status.code(), &*stderr(&output)), (Some(0), ""));
    let read = |path: &str| std::fs::read_to_string(examples.join(path)).expect("a file");
    let (_, settings) = read(NAME).split_once('\n').map(|(_, rest)| ((), rest.to_owned())).expect("a remark");
    assert!(read("../docs/cli.md").contains(&format!("```toml\n{settings}```\n")), "docs/cli.md shows another one");
}
