//! What requests write beside the records that they make counts too.

use persona_mock::internals::StateBounds;
use serde_json::json;

use super::super::support::Asked;
use super::{EMPTY, MAKING, control, held, is_full, settles_at, start};

#[test]
fn a_project_that_a_create_made_counts_too() {
    let server = start(EMPTY);
    let project = json!({"project_id": "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c99", "name": "Tess"}).to_string();
    let made = server.send(&Asked::new("POST", "/crud/personas").header("Authorization", "Bearer vm_x").json(&project));
    assert_eq!(made.status, 201);
    let target = MAKING[1].delete.expect("a place")(&made.json());
    assert!(server.send(&Asked::new("DELETE", &target).header("Authorization", "Bearer vm_x")).status < 300);
    // The project is still there: its texts, and its place among all and among those of its owner.
    let project = held(&server).clamp(256, 512);
    settles_at(&server, project);
    assert_eq!(control(&server, "PUT", "/_mock/snapshots/a", "").status, 200);
    assert_eq!(control(&server, "POST", "/_mock/snapshots/a/restore", "").status, 204);
    assert_eq!(control(&server, "DELETE", "/_mock/snapshots/a", "").status, 204);
    settles_at(&server, project);
}

#[test]
fn a_password_that_a_request_set_counts_and_the_next_one_takes_its_place() {
    let server = start(StateBounds { sandbox: 30_000, ..EMPTY });
    let change = |from: &str, to: &str| {
        let body = json!({"current_password": from, "new_password": to}).to_string();
        let asked = Asked::new("POST", "/v1/auth/change-password").header("Authorization", "Bearer vijil-owner-token");
        server.send(&asked.json(&body))
    };
    let (long, longer) = ("x".repeat(20_000), "y".repeat(40_000));
    assert_eq!(change("your-password", &long).status, 200);
    settles_at(&server, held(&server).max(20_000));
    is_full(&change(&long, &longer), "--max-sandbox-state 30000");
    assert_eq!(change(&long, "short-password").status, 200, "what is shorter makes room");
    assert_eq!(change("short-password", "another-one").status, 200);
    assert!(held(&server) < 1_000, "{}", held(&server));
}
