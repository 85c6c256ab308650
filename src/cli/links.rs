//! Names that look like variables of ours: those that Kubernetes and Docker set for a service called `persona-mock`,
//! and those that somebody misspelt.
//!
//! A Kubernetes Service named `persona-mock` sets `PERSONA_MOCK_PORT=tcp://10.0.0.1:80` in every pod of its namespace,
//! with `PERSONA_MOCK_SERVICE_HOST`, `PERSONA_MOCK_PORT_80_TCP_ADDR` and others; a Docker link of that name sets the
//! like. <https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>

use std::ffi::OsString;

use super::print::seen;

/// What all variables of ours begin with.
const PREFIX: &str = "PERSONA_MOCK_";
/// How alike a name must be to be the one that was meant.
const ALIKE: f64 = 0.5;
/// What words in common count beside that; a name that is but misspelt is nearer than one that has its word.
const WORDS: f64 = 0.4;

/// Whether a value is one that a link sets: the address of a service, such as `tcp://10.0.0.1:80`.
pub(super) fn is_address(value: &str) -> bool {
    let scheme = value.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| ["tcp", "udp", "sctp"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// Tells the log of every variable that looks like one of ours and is none of the known ones.
pub(super) fn warn(known: &[String]) {
    unknown(known).iter().for_each(|(_, said)| tracing::warn!("{said}"));
}

/// Each variable that looks like one of ours and is none of the known ones, and what is said of it.
pub(super) fn unknown(known: &[String]) -> Vec<(String, String)> {
    let is_known =
        |name: &str| known.iter().any(|known| known == name || (cfg!(windows) && known.eq_ignore_ascii_case(name)));
    let unknown = ours().filter(|(name, value)| !is_known(name) && !is_link(name, value));
    let told = unknown.map(|(name, _)| {
        let said = say(&name, known);
        (name, said)
    });
    told.collect()
}

/// The variables that a service link set, which say nothing to us.
pub(super) fn of_services() -> Vec<String> {
    ours().filter(|(name, value)| is_link(name, value)).map(|(name, _)| seen(&name)).collect()
}

fn ours() -> impl Iterator<Item = (String, String)> {
    let text = |text: OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(move |(name, value)| (text(name), text(value))).filter(|(name, _)| is_ours(name))
}

/// Whether a name is one that only a variable of ours would have; people write small letters, too.
fn is_ours(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Whether a link set this variable.
fn is_link(name: &str, value: &str) -> bool {
    let words: Vec<_> = name.split('_').collect();
    let numbered = words.windows(3).any(|found| {
        let number = !found[1].is_empty() && found[1].bytes().all(|byte| byte.is_ascii_digit());
        found[0] == "PORT" && number && ["TCP", "UDP", "SCTP"].contains(&found[2])
    });
    // Docker names the container that is linked, and copies its environment.
    let docker = name.ends_with("_NAME") || name.contains("_ENV_");
    is_address(value) || numbered || docker || name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT")
}

/// What is said of an unknown variable. Its value may be a secret.
fn say(name: &str, known: &[String]) -> String {
    let meant = nearest(name, known);
    let name = seen(name);
    match meant {
        Some(meant) => format!("the variable {name} is unknown and has no effect; did you mean {meant}?"),
        None => format!("the variable {name} is unknown and has no effect; `persona-mock help serve` lists them all"),
    }
}

/// The variable that was probably meant: one whose words are among those of the name, or the other way round; or one
/// that the name begins with, as `LOGLEVEL` does; else the one that is spelt most alike.
pub(super) fn nearest<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let plain = |name: &str| name.to_ascii_uppercase().trim_start_matches(PREFIX).to_owned();
    let sought = plain(name);
    let within = |inner: &str, outer: &str| inner.split('_').all(|word| outer.split('_').any(|other| other == word));
    let score = |known: &str| {
        let known = plain(known);
        let alike = strsim::normalized_damerau_levenshtein(&sought, &known);
        let longer = sought.replace('_', "").starts_with(&known.replace('_', ""));
        if longer || within(&known, &sought) || within(&sought, &known) { WORDS + alike } else { alike }
    };
    let scored = known.iter().map(|known| (score(known), known.as_str()));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(score, _)| *score >= ALIKE).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::environment;

    #[test]
    fn what_a_link_sets_is_told_from_what_somebody_wrote() {
        for (name, value) in [
            ("PERSONA_MOCK_SERVICE_HOST", "10.0.0.1"),
            ("PERSONA_MOCK_SERVICE_PORT", "80"),
            ("PERSONA_MOCK_SERVICE_PORT_HTTP", "80"),
            ("PERSONA_MOCK_PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("PERSONA_MOCK_PORT_80_TCP_PROTO", "tcp"),
            ("PERSONA_MOCK_PORT_80_TCP_PORT", "80"),
            ("PERSONA_MOCK_PORT_80_TCP_ADDR", "10.0.0.1"),
            ("PERSONA_MOCK_PORT_53_UDP_ADDR", "fd00::1"),
            ("PERSONA_MOCK_PORT_9_SCTP_PORT", "9"),
            ("PERSONA_MOCK_STAGING_PORT", "tcp://[fd00::1]:80"),
            ("PERSONA_MOCK_STAGING_SERVICE_HOST", "10.0.0.1"),
            ("PERSONA_MOCK_NAME", "/web/persona-mock"),
            ("PERSONA_MOCK_1_NAME", "/web/persona-mock-1"),
            ("PERSONA_MOCK_ENV_PATH", "/usr/bin"),
            ("PERSONA_MOCK_ENV_PERSONA_MOCK_SEED", "7"),
            ("PERSONA_MOCK_1_ENV_PATH", "/usr/bin"),
        ] {
            assert!(is_link(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("PERSONA_MOCK_PROT", "8080"),
            ("PERSONA_MOCK_PORTS", "80"),
            ("PERSONA_MOCK_PORT_80", "x"),
            ("PERSONA_MOCK_PORT_X_TCP", "x"),
            ("PERSONA_MOCK_ENVIRONMENT", "x"),
            ("PERSONA_MOCK_SERVICE", "x"),
            ("PERSONA_MOCK_BASE_URL", "http://localhost"),
        ] {
            assert!(is_ours(name) && !is_link(name, value), "{name}={value}");
        }
        assert!(is_ours("persona_mock_port") && !is_ours("PERSONA_MOCKS_PORT") && !is_ours("PERSONA_MOCK"));
    }

    #[test]
    fn an_unknown_variable_is_told_with_the_one_that_was_meant() {
        let known = environment::variables();
        for (name, meant) in [
            ("PROT", "PORT"),
            ("POTR_FILE", "PORT_FILE"),
            ("FIXTURE", "FIXTURES"),
            ("FIXTURES_DIR", "FIXTURES"),
            ("LOG_LEVEL", "LOG"),
            ("LOGFORMAT", "LOG_FORMAT"),
            ("LOGLEVEL", "LOG"),
            ("SETTINGS", "SET"),
            ("TOKEN", "CONTROL_TOKEN"),
            ("TTL", "SANDBOX_TTL"),
            ("MAX_BODY_BYTES", "MAX_BODY"),
            ("REQUIRE_SANDBOXES", "REQUIRE_SANDBOX"),
            ("DOCUMENTEDONLY", "DOCUMENTED_ONLY"),
            ("RATELIMIT", "RATE_LIMIT"),
        ] {
            let name = format!("{PREFIX}{name}");
            assert_eq!(nearest(&name, &known), Some(&*format!("{PREFIX}{meant}")), "{name}");
        }
        assert_eq!(nearest("persona_mock_port", &known), Some("PERSONA_MOCK_PORT"));
        assert_eq!(nearest("PERSONA_MOCK_WRITE_DOCS", &known), None);
        let said = say("PERSONA_MOCK_QUX", &known);
        assert_eq!(
            said,
            "the variable PERSONA_MOCK_QUX is unknown and has no effect; `persona-mock help serve` lists them all"
        );
    }
}
