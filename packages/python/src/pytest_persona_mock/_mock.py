"""A test's sandbox: where it is called, and how it is steered."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode

from ._http import Client
from ._report import report

# What is asked of the control API. A check holds these against /_mock/openapi.json.
VERBS = {
    "clock": "/_mock/clock",
    "diff": "/_mock/state/diff",
    "fault": "/_mock/faults/{id}",
    "faults": "/_mock/faults",
    "limits": "/_mock/limits",
    "list": "/_mock/state/{provider}/{collection}",
    "requests": "/_mock/requests",
    "reset": "/_mock/reset",
    "rewind": "/_mock/rewind",
    "row": "/_mock/state/{provider}/{collection}/{id}",
    "state": "/_mock/state/{provider}",
    "undo": "/_mock/undo",
    "verify": "/_mock/verify",
}


class Urls(dict):  # type: ignore[type-arg]
    """The base URLs of what is served; another one is an error that says so."""

    def __missing__(self, provider: str) -> str:
        raise KeyError(f"the server does not serve {provider}; it serves {', '.join(self)}")


class Mock:
    """A sandbox of one test. What another test does is not seen in it."""

    def __init__(self, client: Client, name: str, mounts: dict[str, str]) -> None:
        self._client = client
        self.name = name
        """The sandbox's name."""
        self.server = client.url
        """The server's address."""
        self.url = f"{client.url}/_sandbox/{name}"
        """The sandbox's base URL, for a client that appends `/api`, `/v2` and so on itself."""
        self.urls: dict[str, str] = Urls({provider: self.url + mount for provider, mount in mounts.items()})
        """The base URL of each vendor in this sandbox, with the vendor's own prefix such as `/v1`."""
        self.page = f"{client.url}/_mock/ui/#/{name}/calls"
        """Where people see what happened in this sandbox."""
        self.headers = {"X-Mock-Sandbox": name}
        """The header fields that name this sandbox, for a client whose base URL stays the server's."""
        self.baggage = {"baggage": f"mock.sandbox={name}"}
        """The header field by which tracing passes this sandbox on to other servers."""
        self.cookie = {"mock_sandbox": name}
        """The cookie that names this sandbox to a page's server."""
        self.clock = Clock(self)
        self.state = State(self)

    def control(self, method: str, verb: str, body: Any = None, query: dict[str, Any] | None = None, **at: Any) -> Any:
        """Asks the control API, such as `control("GET", "/_mock/history")`. The other methods are short forms of this."""
        __tracebackhide__ = True
        path = verb.format(**{name: quote(str(value), safe="") for name, value in at.items()})
        wanted = {name: _said(value) for name, value in (query or {}).items() if value is not None}
        if wanted:
            path += "?" + urlencode(wanted, doseq=True)
        return self._client.ask(method, f"/_sandbox/{self.name}{path}", body)

    def fault(self, match: dict[str, Any], action: Any, **more: Any) -> dict[str, Any]:
        """Adds a fault rule: `fault({"operation": "vijil.list_teams"}, {"refuse": {"status": 503}}, when={"first": 1})`."""
        return self.control("POST", VERBS["faults"], {"match": match, "action": action, **more})

    def remove_fault(self, id: str) -> None:
        """Takes a fault rule away."""
        self.control("DELETE", VERBS["fault"], id=id)

    def limit(self, provider: str, limit: str) -> dict[str, Any]:
        """Limits each caller of a provider to so many requests in a period, such as `2/1m`; `off` ends that."""
        return self.control("PUT", VERBS["limits"], {"limits": {provider: limit}})

    def rewind(self, *, before: int | str | None = None, after: int | str | None = None) -> dict[str, Any]:
        """Goes back to before a call or a step, or behind one."""
        ends = {"before": before, "after": after}
        return self.control("POST", VERBS["rewind"], {word: str(end) for word, end in ends.items() if end is not None})

    def undo(self) -> dict[str, Any]:
        """Goes one step back: data, ids and clock are as before the last change."""
        return self.control("POST", VERBS["undo"])

    def reset(self) -> dict[str, Any]:
        """Puts the sandbox back to the moment in which the test began."""
        return self.control("POST", VERBS["reset"])

    def requests(self, **filters: Any) -> dict[str, Any]:
        """The calls that were made, the oldest first: 100 at most, if `limit` does not say otherwise."""
        return self.control("GET", VERBS["requests"], query=filters)

    def verify(self, *calls: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Raises where the calls are not as expected: `verify({"call": {"provider": "vijil"}, "exactly": 1})`."""
        __tracebackhide__ = True
        expected = {"calls": list(calls), **more} if calls else more
        return self.control("POST", VERBS["verify"], expected)

    def nothing_ignored(self) -> dict[str, Any]:
        """Raises where a client sent what the vendor ignores, such as a misspelt member."""
        __tracebackhide__ = True
        return self.verify(nothing_ignored=True)

    def report(self) -> str:
        """What a failing test is told: the calls with their hints, what they changed, and the page's address."""
        return report(self)

    def remove(self) -> None:
        """Takes the sandbox away."""
        self._client.ask("DELETE", f"/_mock/sandboxes/{self.name}")


class Clock:
    """The clock of a sandbox."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def freeze(self, at: str | datetime = "now") -> dict[str, Any]:
        """Stands still: now, or at an instant such as `2026-01-15T12:00:00Z`."""
        return self._mock.control("PUT", VERBS["clock"], {"freeze": _instant(at)})

    def advance(self, by: str) -> dict[str, Any]:
        """Goes on by a duration such as `14d` or `90s`; `-1h` goes back."""
        return self._mock.control("PUT", VERBS["clock"], {"advance": by})

    def set(self, to: str | datetime) -> dict[str, Any]:
        """Shows another instant. A clock that stood still stands still there, one that ran runs on."""
        return self._mock.control("PUT", VERBS["clock"], {"set": _instant(to)})

    def run(self) -> dict[str, Any]:
        """Runs on from where it stands."""
        return self._mock.control("PUT", VERBS["clock"], {"run": True})

    def now(self) -> dict[str, Any]:
        """What it shows."""
        return self._mock.control("GET", VERBS["clock"])


class State:
    """The data that the vendors of a sandbox have."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def get(self, provider: str) -> dict[str, Any]:
        """A provider's data and ids, in the form of a fixture."""
        return self._mock.control("GET", VERBS["state"], provider=provider)

    def put(self, provider: str, fixture: dict[str, Any]) -> None:
        """Puts other data in place of a provider's."""
        self._mock.control("PUT", VERBS["state"], fixture, provider=provider)

    def rows(self, provider: str, collection: str, **which: Any) -> dict[str, Any]:
        """The rows of a list: 100 at most, if `limit` does not say otherwise; `search` and `offset` choose."""
        return self._mock.control("GET", VERBS["list"], query=which, provider=provider, collection=collection)

    def add(self, provider: str, collection: str, row: dict[str, Any]) -> dict[str, Any]:
        """Adds a row, as if it stood in the fixture."""
        return self._mock.control("POST", VERBS["list"], row, provider=provider, collection=collection)

    def row(self, provider: str, collection: str, id: int | str) -> dict[str, Any]:
        """One row."""
        return self._row("GET", provider, collection, id)

    def replace(self, provider: str, collection: str, id: int | str, row: dict[str, Any]) -> dict[str, Any]:
        """Puts another row in place of one, which keeps its id."""
        return self._row("PUT", provider, collection, id, row)

    def patch(self, provider: str, collection: str, id: int | str, change: dict[str, Any]) -> dict[str, Any]:
        """Changes the members of a row that `change` names, and no others."""
        return self._row("PATCH", provider, collection, id, change)

    def delete(self, provider: str, collection: str, id: int | str) -> None:
        """Deletes a row to which no other refers."""
        self._row("DELETE", provider, collection, id)

    def diff(self, since: str | None = None) -> dict[str, Any]:
        """What changed since the test began, or since a snapshot."""
        return self._mock.control("GET", VERBS["diff"], query={"since": since})

    def _row(self, method: str, provider: str, collection: str, id: int | str, body: Any = None) -> Any:
        return self._mock.control(method, VERBS["row"], body, provider=provider, collection=collection, id=id)


def _instant(at: str | datetime) -> str:
    if isinstance(at, str):
        return at
    # A time without a zone is the machine's own, as everywhere in Python.
    return at.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def _said(value: Any) -> Any:
    """As a query says it."""
    return str(value).lower() if isinstance(value, bool) else value
