//! Where there is no room for another sandbox.

use std::time::Duration;

use persona_mock::internals::{Bounds, WhenFull};
use persona_mock::{Mock, PersonaMock};

use super::super::support::{Asked, TestServer, server};
use super::{bounded, count, created, get, names, post, put};

#[test]
fn a_flood_of_names_takes_no_written_one_away() {
    let server = bounded(Bounds { sandboxes: 20, safe: Duration::ZERO, ..Bounds::default() });
    (0..19).for_each(|number| assert_eq!(post(&server, &format!("/_sandbox/w{number}/toy/count")).status, 201));
    for number in 0..200 {
        let target = if number % 2 == 0 { "toy/count" } else { "nowhere" };
        assert_eq!(created(&get(&server, &format!("/_sandbox/n{number}/{target}"))), Some("new"));
    }
    assert_eq!(names(&server).len(), 20);
    (0..19).for_each(|number| assert_eq!(count(&server, &format!("w{number}")), Some(2), "{number}"));
}

#[test]
fn a_newcomer_without_room_is_refused_in_each_vendors_form() {
    let mut setup = server::setup();
    setup.bounds.sandboxes = 1;
    let server = TestServer::start(&setup);
    assert_eq!(put(&server, "/_sandbox/a/_mock/seed", r#"{"seed": 7}"#).status, 200);
    let key = "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a";
    let mut asked: Vec<_> = [
        ("/api/personas/188", "Bearer x"),
        ("/v2/roles", key),
        ("/v1/users/me", "Bearer x"),
        ("/crud/personas", "Bearer vm_x"),
    ]
    .map(|(target, key)| Asked::new("GET", &format!("/_sandbox/b{target}")).header("Authorization", key))
    .to_vec();
    asked.push(Asked::new("GET", "/_sandbox/b/nowhere"));
    asked.push(Asked::new("PUT", "/_sandbox/b/_mock/seed").json(r#"{"seed": 7}"#));
    asked.push(Asked::new("PUT", "/_mock/sandboxes/b").json("{}"));
    for asked in asked {
        let answer = server.send(&asked);
        let retry = answer.header("retry-after").and_then(|text| text.parse::<u64>().ok());
        assert_eq!((answer.status, created(&answer)), (503, None), "{asked:?}: {}", answer.text());
        assert!(retry.is_some_and(|seconds| (1..=60).contains(&seconds)), "{asked:?}: {retry:?}");
        let said = answer.header("x-mock-error").expect("a reason");
        assert!(said.contains("--max-sandboxes 1)") && said.contains("--when-full evict"), "{said}");
        let media = answer.header("content-type").expect("a media type");
        let is_own = asked.target.contains("_mock") || asked.target.contains("nowhere");
        assert_eq!(media.starts_with("application/problem+json"), is_own, "{asked:?}: {media}");
    }
    assert_eq!((names(&server), get(&server, "/_sandbox/b/_mock/seed").status), (vec!["a".to_owned()], 200));
    assert_eq!(server.send(&Asked::new("DELETE", "/_mock/sandboxes/a")).status, 204);
    assert_eq!(created(&get(&server, "/_sandbox/b/nowhere")), Some("new"));
}

#[test]
fn a_full_server_that_refuses_keeps_what_was_written_however_old() {
    let bounds = Bounds { sandboxes: 1, safe: Duration::ZERO, when_full: WhenFull::Refuse, ..Bounds::default() };
    let server = bounded(bounds);
    assert_eq!(post(&server, "/_sandbox/a/toy/count").status, 201);
    let refused = get(&server, "/_sandbox/b/toy/count");
    assert_eq!((refused.status, count(&server, "a")), (503, Some(2)));
    assert!(refused.header("x-mock-error").is_some_and(|said| said.contains("--when-full refuse")));
}

#[test]
fn where_only_written_ones_could_go_a_read_is_answered_and_not_kept() {
    let server = bounded(Bounds { sandboxes: 1, safe: Duration::ZERO, ..Bounds::default() });
    post(&server, "/_sandbox/a/toy/count");
    let read = get(&server, "/_sandbox/b/toy/count");
    assert_eq!((read.status, created(&read), names(&server)), (200, Some("unkept"), vec!["a".to_owned()]));
    assert_eq!((created(&post(&server, "/_sandbox/b/toy/count")), names(&server)), (Some("new"), vec!["b".to_owned()]));
}

#[test]
fn each_change_by_the_control_api_is_a_write() {
    let fault = r#"{"action": {"delay": {"fixed": "1ms"}}}"#;
    for (method, target, body) in [
        ("PUT", "state/toy", r#"{"count": 5}"#),
        ("PUT", "clock", r#"{"advance": "1d"}"#),
        ("PUT", "seed", r#"{"seed": 7}"#),
        ("PUT", "settings", r#"{"auth": "off"}"#),
        ("PUT", "limits", r#"{"limits": {"toy": "100/1m"}}"#),
        ("PUT", "snapshots/s", ""),
        ("POST", "faults", fault),
    ] {
        let server = bounded(Bounds { sandboxes: 1, ..Bounds::default() });
        let change = Asked::new(method, &format!("/_sandbox/a/_mock/{target}")).json(body);
        let status = server.send(&change).status;
        assert!((200..300).contains(&status), "{method} {target}: {status}");
        assert_eq!((get(&server, "/_sandbox/b/toy/count").status, names(&server).len()), (503, 1), "{method} {target}");
    }
    let server = bounded(Bounds { sandboxes: 1, ..Bounds::default() });
    assert_eq!(post(&server, "/_sandbox/a/_mock/reset").status, 200);
    assert_eq!(put(&server, "/_sandbox/a/_mock/seed", r#"{"sed": 7}"#).status, 400);
    assert_eq!(created(&get(&server, "/_sandbox/b/toy/count")), Some("new"), "neither changed anything");
}

#[test]
fn the_handle_tells_of_a_server_that_is_full_and_of_a_sandbox_that_was_lost() {
    let mock = PersonaMock::builder().sandboxes(1, Duration::from_secs(60)).build().expect("a mock");
    mock.sandbox("a").set_seed(7).expect("room");
    let error = mock.sandbox("b").set_seed(7).expect_err("no room").to_string();
    assert!(error.contains("503: there is no room for another sandbox: there may be 1 (--max-sandboxes 1)"), "{error}");
    assert_eq!(mock.sandbox("b").seed().expect("whoever looks needs no room"), 0);
    mock.sandbox("a").delete().expect("it is there");
    mock.sandbox("c").reset().expect("room");
    mock.sandbox("d").reset().expect("one that nobody wrote makes room");
    let error = mock.sandbox("c").seed().expect_err("it is gone").to_string();
    assert!(error.contains("404: the sandbox `c` was evicted"), "{error}");
}
