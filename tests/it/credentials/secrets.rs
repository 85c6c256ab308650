//! What a hint never says: a secret that was sent, or a credential that is not everybody's.

use persona_mock::internals::{FixtureText, Guard, Setup};
use persona_mock::providers::registry;

use super::super::support::{Asked, TestServer, server};
use super::{CALLS, example, get, hint, of, strict};

#[test]
fn no_hint_repeats_a_secret_wherever_it_was_sent() {
    // What looks like a scheme, a name, a token of this mock and a key of another vendor, each with a secret in it.
    let secrets =
        ["planted-4242", "vm_planted-4242", "5a1c0c5e-planted-4242", "axero-owner-alice", "vijil-owner-token"];
    let server = TestServer::start(&strict());
    for (provider, read, _) in CALLS {
        for secret in secrets {
            let longer = format!("{secret}{}", "x".repeat(200));
            for sent in [secret, &longer, &format!("{secret}+sandbox.t1")] {
                let fields = [
                    ("Authorization", sent.to_owned()),
                    ("Authorization", format!("{sent} {sent}")),
                    ("Authorization", format!("Bearer {sent} {sent}")),
                    ("Authorization", format!("Bearer: {sent}")),
                    ("Authorization", format!("ApiKey {sent}")),
                    ("Authorization", format!("Basic {sent}")),
                    ("Proxy-Authorization", format!("Bearer {sent}")),
                    ("X-Api-Key", sent.to_owned()),
                    ("X-Unknown", sent.to_owned()),
                    ("Cookie", format!("access_token={sent}; {sent}=1")),
                    ("Cookie", format!("fastapiusersauth=; session={sent}")),
                ];
                let mut asked: Vec<_> = fields.iter().map(|(name, value)| get(read, Some((name, value)))).collect();
                let joint = if read.contains('?') { '&' } else { '?' };
                asked.push(Asked::new("GET", &format!("{read}{joint}access_token={sent}&{sent}={sent}")));
                for asked in asked {
                    let answer = server.send_unjudged(&asked);
                    if !matches!(answer.status, 401 | 403) {
                        // A token of this mock, sent as it is to be.
                        assert!(
                            secret.contains("-owner-"),
                            "{provider} {asked:?}: {} {}",
                            answer.status,
                            answer.text()
                        );
                        continue;
                    }
                    let hint = hint(&answer);
                    assert!(!hint.contains(secret) && !hint.contains("4242"), "{provider} {asked:?}: {hint}");
                }
            }
        }
    }
}

fn embedded(provider: &str) -> String {
    let known = registry().iter().find(|known| known.descriptor().id == provider).expect("a provider");
    known.descriptor().fixture.to_string()
}

#[test]
fn a_credential_is_shown_only_of_the_embedded_fixture_and_where_no_token_is_set() {
    let own = |provider: &str| FixtureText {
        provider: provider.to_owned(),
        file: format!("{provider}.json"),
        text: embedded(provider),
    };
    let shows = |server: &TestServer, prefix: &str, provider: &str| {
        let answer = server.send_unjudged(&Asked::new("GET", &format!("{prefix}{}", of(provider).0)));
        let hint = hint(&answer).to_owned();
        let names = hint.contains("persona-mock credentials (GET /_mock/credentials)");
        assert_ne!(example(&hint).is_some(), names, "{hint}");
        example(&hint).is_some()
    };
    let token = Some("control-4242".parse().expect("a token"));
    let closed = TestServer::start(&Setup { guard: Guard { token, ..server::guard() }, ..server::setup() });
    for (provider, ..) in CALLS {
        assert!(!shows(&closed, "", provider), "{provider} with a token");
        let copied = TestServer::start(&Setup { fixtures: vec![own(provider)], ..server::setup() });
        assert!(!shows(&copied, "", provider) && !shows(&copied, "/_sandbox/t1", provider), "{provider} with a copy");
        let server = TestServer::start(&server::setup());
        let steer = |method: &str, target: &str, body: &str| {
            let answer = server.send_unjudged(&Asked::new(method, target).json(body));
            assert!(answer.status < 300, "{method} {target}: {}", answer.text());
        };
        assert!(shows(&server, "", provider) && shows(&server, "/_sandbox/t1", provider), "{provider}");
        steer("PUT", "/_mock/snapshots/before", "");
        steer("PUT", &format!("/_mock/state/{provider}"), &embedded(provider));
        assert!(!shows(&server, "", provider), "{provider} with a state of its own");
        assert!(shows(&server, "/_sandbox/t1", provider), "{provider} in another sandbox");
        steer("PUT", "/_mock/snapshots/after", "");
        steer("POST", "/_mock/snapshots/before/restore", "");
        assert!(shows(&server, "", provider), "{provider} of a snapshot of the embedded fixture");
        steer("POST", "/_mock/snapshots/after/restore", "");
        assert!(!shows(&server, "", provider), "{provider} of a snapshot of another");
        steer("POST", "/_mock/reset", "");
        assert!(shows(&server, "", provider), "{provider} after a reset");
        let start = format!(r#"{{"fixtures": {{"{provider}": {}}}}}"#, embedded(provider));
        steer("PUT", "/_mock/sandboxes/t2", &start);
        assert!(!shows(&server, "/_sandbox/t2", provider), "{provider} in a sandbox with a fixture of its own");
        steer("POST", "/_sandbox/t2/_mock/reset", "");
        assert!(!shows(&server, "/_sandbox/t2", provider), "{provider} there after a reset");
    }
}
