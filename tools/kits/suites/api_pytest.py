"""Every method once, against a server."""

from datetime import datetime, timezone

import pytest
from pytest_persona_mock import ControlError


@pytest.fixture
def persona_mock_start():
    return {"clock": "2026-01-15T12:00:00Z"}


def test_clock_fault_and_limit(persona_mock):
    assert persona_mock.clock.now() == {"mode": "frozen", "now": "2026-01-15T12:00:00Z"}
    assert persona_mock.clock.advance("1h")["now"] == "2026-01-15T13:00:00Z"
    assert persona_mock.clock.set(datetime(2026, 2, 1, tzinfo=timezone.utc))["now"] == "2026-02-01T00:00:00Z"
    assert persona_mock.clock.run()["mode"] != "frozen"
    assert persona_mock.clock.freeze()["mode"] == "frozen"
    fault = persona_mock.fault({"provider": "vijil"}, "stale", when={"first": 1})
    persona_mock.remove_fault(fault["id"])
    assert persona_mock.limit("vijil", "1/1h")["limits"]["vijil"]["limit"] == "1/1h"


def test_state(persona_mock):
    state = persona_mock.state
    before = state.get("crud")
    row = state.rows("crud", "projects", limit=1)["rows"][0]["row"]
    other = {**row, "id": "11111111-2222-4333-8444-555555555555", "name": "Another"}
    state.add("crud", "projects", other)
    state.patch("crud", "projects", other["id"], {"name": "Patched"})
    state.replace("crud", "projects", other["id"], other)
    assert len(state.diff()["providers"]["crud"]) == 1
    step = persona_mock.undo()["step"]
    assert state.row("crud", "projects", other["id"])["name"] == "Patched"
    persona_mock.rewind(before=step)
    assert state.row("crud", "projects", other["id"])["name"] == "Another"
    state.delete("crud", "projects", other["id"])
    state.put("crud", before)
    assert state.diff()["providers"] == {}
    with pytest.raises(ControlError, match="404"):
        state.row("crud", "projects", "a/b")
    persona_mock.reset()
    assert persona_mock.requests(changed=True)["requests"] == []
    assert persona_mock.control("GET", "/_mock/history")["steps"] == []
