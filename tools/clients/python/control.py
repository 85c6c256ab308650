from control_client import Client
from control_client.api.faults import add_fault, change_limits, clear_faults, list_faults, replace_faults
from control_client.api.journal import list_requests, verify
from control_client.api.sandboxes import delete_sandbox, make_sandbox, show_sandbox
from control_client.api.server import show_health
from control_client.api.world import replace_one, reset, restore_snapshot, save_snapshot, show_diff, show_one, show_seed
from control_client.models import (
    ExchangePage,
    Fault,
    FaultList,
    FaultState,
    FaultStates,
    Fixture,
    Health,
    Limits,
    LimitsChange,
    Problem,
    Reset,
    ResetRequest,
    SandboxStart,
    SandboxState,
    Seed,
    Snapshot,
    StateDiff,
    Verified,
    VerifyRequest,
)
from crud_client import AuthenticatedClient
from crud_client.api.personas import get_personas
from expect import answered, check, empty


def round_trip(url: str) -> None:
    server = Client(base_url=url)
    check("control: health", answered("control: health", show_health.sync_detailed(client=server), 200, Health).ready, True)
    # A sandbox is steered by a header field, or below its own base URL, as every vendor is called there.
    start = SandboxStart.from_dict({"seed": 7, "clock": "2026-01-15T12:00:00Z", "settings": {"auth": "strict"}, "ttl": "5m"})
    made = answered("control: make a sandbox", make_sandbox.sync_detailed("python", client=server, body=start), 201, SandboxState)
    check("control: make a sandbox: seed", made.seed, 7)
    by_field = show_seed.sync_detailed(client=server, x_mock_sandbox="python")
    check("control: a sandbox by its header field", answered("control: show the seed", by_field, 200, Seed).seed, 7)
    client = Client(base_url=f"{url}/_sandbox/python")
    vendor = AuthenticatedClient(base_url=f"{url}/_sandbox/python", token="vm_RobinOwnsDevflow000000000001")
    status = lambda: int(get_personas.sync_detailed(client=vendor, limit=1).status_code)

    faults(client, status)
    limits(client, status)
    verified(client)
    state(client)

    empty("control: delete the sandbox", delete_sandbox.sync_detailed("python", client=server))
    missing = answered("control: show the sandbox that is gone", show_sandbox.sync_detailed("python", client=server), 404, Problem)
    check("control: show the sandbox that is gone: status", missing.status, 404)


def faults(client: Client, status) -> None:
    busy = {"id": "busy", "match": {"provider": "crud"}, "action": {"refuse": {"status": 503}}, "when": {"first": 1}, "ttl": "1m"}
    armed = answered("control: add a fault", add_fault.sync_detailed(client=client, body=Fault.from_dict(busy)), 201, FaultState)
    check("control: add a fault: action", armed.action.refuse.status, 503)
    check("control: the fault strikes once", [status(), status()], [503, 200])
    listed = answered("control: list faults", list_faults.sync_detailed(client=client), 200, FaultStates)
    check("control: list faults: struck", [(fault.fitted, fault.struck) for fault in listed.faults], [(2, 1)])
    # Each form that an action has.
    actions = [
        {"delay": {"fixed": "1ms"}},
        {"delay": {"uniform": {"min": "1ms", "max": "2ms"}}},
        {"delay": {"lognormal": {"median": "1ms", "sigma": 0.5}}},
        {"slow_body": {"over": "1ms"}},
        {"cut": "half_body"},
        {"garble": "invalid_json"},
        "stale",
    ]
    body = FaultList(faults=[Fault.from_dict({"action": action}) for action in actions])
    replaced = answered("control: replace the faults", replace_faults.sync_detailed(client=client, body=body), 200, FaultStates)
    check("control: replace the faults: actions", [fault.to_dict()["action"] for fault in replaced.faults], actions)
    empty("control: clear the faults", clear_faults.sync_detailed(client=client))
    wrong = Fault.from_dict({**busy, "match": {"provider": "nobody"}})
    refusal = answered("control: a fault of an unknown provider", add_fault.sync_detailed(client=client, body=wrong), 400, Problem)
    check("control: a fault of an unknown provider: where", refusal.at, "$.match.provider")


def limits(client: Client, status) -> None:
    limit = lambda text: change_limits.sync_detailed(client=client, body=LimitsChange.from_dict({"limits": {"crud": text}}))
    set_to = answered("control: change the limits", limit("1/1m"), 200, Limits)
    check("control: change the limits: crud", set_to.limits["crud"].limit, "1/1m")
    check("control: beyond the limit", [status(), status()], [200, 429])
    off = answered("control: lift the limit", limit("off"), 200, Limits)
    check("control: lift the limit: crud", off.limits["crud"], None)


def verified(client: Client) -> None:
    hold = lambda *calls: verify.sync_detailed(client=client, body=VerifyRequest.from_dict({"calls": list(calls)}))
    held = hold({"call": {"operation": "crud.list_personas"}, "at_least": 2}, {"call": {"status": 429}, "exactly": 1}, {"call": {"method": "DELETE"}, "never": True})
    check("control: verify: found", answered("control: verify", held, 200, Verified).found, [3, 1, 0])
    failed = answered("control: verify what was not called", hold({"call": {"method": "POST"}, "exactly": 1}), 409, Problem)
    method = next(field for field in failed.failures[0].nearest.fields if field.field == "method")
    check("control: verify what was not called: the nearest call", (method.agrees, method.expected, method.found), (False, "POST", "GET"))
    page = answered("control: the journal", list_requests.sync_detailed(client=client, status="503"), 200, ExchangePage)
    check("control: the journal: the exchange that was struck", [(row.fault, row.outcome) for row in page.requests], [("busy", "failed")])


def state(client: Client) -> None:
    answered("control: save a snapshot", save_snapshot.sync_detailed("before", client=client), 200, Snapshot)
    fixture = answered("control: show a provider's state", show_one.sync_detailed("crud", client=client), 200, Fixture)
    fixture["personas"] = []
    empty("control: replace it", replace_one.sync_detailed("crud", client=client, body=fixture))
    diff = answered("control: what changed", show_diff.sync_detailed(client=client, since="before"), 200, StateDiff)
    check("control: what changed: personas went", {change.change for change in diff.providers["crud"]}, {"removed"})
    empty("control: restore the snapshot", restore_snapshot.sync_detailed("before", client=client))
    again = answered("control: reset", reset.sync_detailed(client=client, body=ResetRequest(only="crud")), 200, Reset)
    check("control: reset: sandbox", again.sandbox, "python")
