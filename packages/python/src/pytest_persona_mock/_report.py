"""What a failing test is told: its calls with their hints, what they changed, and where to see it all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._mock import Mock

# How many calls and changes are shown; the page has them all.
MOST = 20
LONGEST = 160


def report(mock: Mock) -> str:
    lines = [f"the sandbox of this test is kept: {mock.name}"]
    try:
        lines += _calls(mock.requests(limit=MOST, order="newest"))
        lines += _changes(mock.state.diff())
    except Exception as error:  # noqa: BLE001 - whatever it is, the test's own failure counts more
        lines.append(f"  what it holds cannot be shown: {error}")
    return "\n".join([*lines, f"  page: {mock.page}"])


def _calls(page: dict[str, Any]) -> list[str]:
    shown = list(reversed(page["requests"]))
    if not shown:
        others = [f"    {other['sandbox']}: {other.get('last', '')}" for other in page.get("elsewhere", [])]
        return ["  calls: none", *(["  calls to other sandboxes, the last of each:", *others] if others else [])]
    more = page["written"] > len(shown)
    lines = [f"  calls, the last {len(shown)} of {page['written']}:" if more else "  calls:"]
    for call in shown:
        fault = f" [fault {call['fault']}]" if call.get("fault") else ""
        asked = call["request"]
        lines.append(f"    #{call['number']} {asked['method']} {asked['target']} -> {call['answer']['status']}{fault}")
        if call.get("hint"):
            lines.append(f"       hint: {call['hint']['message']}")
    return lines


def _changes(difference: dict[str, Any]) -> list[str]:
    changes = [
        f"    {provider} {_line(change)}" for provider, some in difference["providers"].items() for change in some
    ]
    if not changes:
        return ["  changed: nothing"]
    more = [f"    and {len(changes) - MOST} more"] if len(changes) > MOST else []
    return ["  changed:", *changes[:MOST], *more]


def _line(change: dict[str, Any]) -> str:
    path = change["path"]
    if change["change"] == "added":
        return f"+ {path}: {_short(change['value'])}"
    if change["change"] == "removed":
        return f"- {path}: {_short(change['value'])}"
    return f"~ {path}: {_short(change['from'])} -> {_short(change['to'])}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
