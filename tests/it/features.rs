//! What each feature of the library costs.

use std::collections::BTreeSet;

/// How many crates a test builds that wants a server in its own process, this one included.
const SERVER_CRATES: usize = 120;

/// The crates that only features bring, those of a family by its name.
const COSTLY: [&str; 9] =
    ["actix", "anyhow", "clap", "notify", "socket2", "tokio", "toml", "tracing-subscriber", "ureq"];

/// The names and versions of all crates that are built with these features and no others.
fn crates(features: &str) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(cargo);
    command.args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    command.args(["--no-default-features", "--features", features]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // A crate that was shown before, and one that runs in the compiler, has a mark behind its version.
    let crate_of = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    String::from_utf8_lossy(&output.stdout).lines().map(crate_of).collect()
}

#[test]
fn a_feature_brings_the_crates_that_it_needs_and_no_others() {
    for (features, expected) in [
        ("", &[][..]),
        ("client", &["tokio", "ureq"]),
        ("server", &["actix", "socket2", "tokio"]),
        ("watch", &["notify"]),
        ("server,client", &["actix", "socket2", "tokio", "ureq"]),
        ("server,watch", &["actix", "notify", "socket2", "tokio"]),
        ("cli", &COSTLY),
        ("default", &COSTLY),
    ] {
        let crates = crates(features);
        let is_there = |family: &&str| crates.iter().any(|name| name.starts_with(*family));
        let found: Vec<_> = COSTLY.into_iter().filter(is_there).collect();
        assert_eq!(found, expected, "with the features {features:?}");
    }
}

#[test]
fn a_test_with_a_server_builds_few_crates() {
    let crates = crates("server");
    assert!(crates.len() <= SERVER_CRATES, "{} crates: {crates:#?}", crates.len());
}
